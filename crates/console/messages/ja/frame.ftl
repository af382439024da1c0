# Around each page.
skip = 本文へ移動
menu = メニュー
menu-home = ホーム
menu-patients = 患者
menu-guideline = ガイドライン
sign-out = ログアウト
home-title = ホーム
home-notices = お知らせ
home-no-notices = 対応が必要なお知らせはありません。
fault-title = 表示できません
fault-lead = 次の点を確かめてください。
fault-home = ホームに戻る
home-work = 確定や承認を待っている記録、差し戻された記録を確認できます。
home-to-work = ワークリストを開く
