patients-search = 患者を探す
patients-search-how = 氏名（漢字・かな・ローマ字）、患者番号、生年月日（1950-04-01、昭和25年4月1日、S25.4.1）で探せます。
patients-find = 検索
patients-latest = 最近更新された患者
patients-found = { $n } 人見つかりました
patients-none = 該当する患者はいません。
patients-more = ほかにもいます。条件を加えて絞り込んでください。
