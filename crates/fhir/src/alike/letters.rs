//! Names, numbers and addresses as they are compared: spellings that people and systems take for each other are one.

use crate::terms::text;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Kanji that names are written with in turn: the first of each row stands for all. After the table of characters for
/// general use (常用漢字表, cabinet notice of 2010, with the forms of the Kangxi dictionary in brackets) and the table of
/// old forms for given names (戸籍法施行規則 別表第二), held against the variants in Unihan; some are forms of family
/// registers that both leave out.
/// What Unicode's NFKC makes one already is not repeated. A pair that is missing makes two names differ, no more: the
/// reading in kana and the other fields still count.
const FORMS: &str = "
亜亞 悪惡 為爲 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 艶艷 応應 桜櫻 奥奧 横橫 温溫 穏穩 価價 会會 絵繪 壊壞 懐懷
覚覺 学學 楽樂 巻卷 勧勸 寛寬 関關 歓歡 観觀 気氣 帰歸 亀龜 偽僞 戯戲 旧舊 拠據 挙擧 峡峽 挟挾 狭狹 郷鄕 暁曉 尭堯
区區 駆驅駈 勲勳 薫薰 径徑 茎莖 恵惠 渓溪 経經 蛍螢 軽輕 継繼 鶏鷄 芸藝 県縣 倹儉 剣劍劔剱 険險 圏圈 検檢 献獻 権權
顕顯 験驗 厳嚴 巌巖 広廣 恒恆 黄黃 鉱鑛 国國圀 黒黑 済濟 斎齋斉齊 冊册 雑雜 参參 桟棧 蚕蠶 賛贊 残殘 糸絲 歯齒
児兒 実實 写寫 寿壽 収收 従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 将將 称稱 焼燒 証證 奨奬 条條 状狀 乗乘 浄淨 畳疊 縄繩
壌壤 嬢孃 譲讓 醸釀 触觸 真眞 寝寢 慎愼 尽盡 図圖 粋粹 酔醉 穂穗 随隨 枢樞 数數 瀬瀨 声聲 静靜 摂攝 専專 浅淺 戦戰
銭錢 潜潛 禅禪 双雙 壮壯 争爭 荘莊 捜搜 巣巢 曽曾 装裝 総總 騒騷 増增 蔵藏 臓臟 即卽 属屬 続續 対對 体體 帯帶 台臺
滝瀧 択擇 沢澤 担擔 単單 胆膽 団團 断斷 弾彈 遅遲 昼晝 鋳鑄 庁廳 徴徵 聴聽 鎮鎭 鉄鐵鐡 点點 転轉 伝傳 灯燈 当當
党黨 盗盜 稲稻 闘鬪 徳德 独獨 読讀 届屆 弐貳 悩惱 脳腦 覇霸 拝拜 売賣 麦麥 発發 髪髮 抜拔 蛮蠻 秘祕 浜濱濵
払拂 仏佛 並竝 辺邊邉 変變 弁辨瓣辯 歩步 宝寶 豊豐 毎每 万萬 満滿 黙默 弥彌 訳譯 薬藥 与與 予豫 余餘 誉譽 揺搖
様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 涙淚 礼禮 励勵 霊靈 齢齡 暦曆 歴歷 恋戀 錬鍊 炉爐 労勞 郎郞
楼樓 録錄 湾灣 亘亙 晋晉 桧檜 祢禰 遥遙 瑶瑤 凛凜 槙槇 壱壹 医醫 囲圍 圧壓
剰剩 掲揭 撃擊 叙敍 晃晄 晩晚 渉涉 渇渴 滞滯 湿濕 痩瘦 杯盃 砕碎 祷禱 禄祿 穣穰 繊纖 萌萠 虚虛 陥陷 翻飜 剥剝 填塡 頬頰
叱𠮟 彦彥 悦悅 呉吳 戸戶
高髙 崎﨑嵜 島嶋嶌 吉𠮷 橋槗𣘺 柳栁 富冨 館舘 峰峯 淵渕渊 藪薮籔 桑桒 船舩 野埜 園薗 涼凉 秋穐 昇曻 土圡
";

/// A name without spaces, marks and differences of form.
pub(super) fn name(text: &str) -> String {
    text::joined(text).chars().filter(|letter| !is_mark(*letter)).map(|letter| kana(form(letter))).collect()
}

/// The form that stands for a kanji.
fn form(letter: char) -> char {
    static STANDS: OnceLock<BTreeMap<char, char>> = OnceLock::new();
    if letter.is_ascii() || ('ぁ'..='ヿ').contains(&letter) {
        return letter;
    }
    let stands = STANDS.get_or_init(|| {
        let row = |row: &'static str| row.chars().filter_map(move |one| Some((one, row.chars().next()?)));
        FORMS.split_whitespace().flat_map(row).collect()
    });
    stands.get(&letter).copied().unwrap_or(letter)
}

/// Kana that systems of other capacities write for each other: small ones large, `ぢ` and `づ` as they sound.
fn kana(letter: char) -> char {
    match letter {
        'ぁ' => 'あ',
        'ぃ' | 'ゐ' => 'い',
        'ぅ' => 'う',
        'ぇ' | 'ゑ' => 'え',
        'ぉ' | 'を' => 'お',
        'っ' => 'つ',
        'ゃ' => 'や',
        'ゅ' => 'ゆ',
        'ょ' => 'よ',
        'ゎ' => 'わ',
        'ゕ' => 'か',
        'ゖ' => 'け',
        'ぢ' => 'じ',
        'づ' => 'ず',
        other => other,
    }
}

/// What stands between parts of names.
fn is_mark(letter: char) -> bool {
    matches!(letter, '・' | '･' | '.' | ',' | '\'' | '’' | '-' | '‐' | '゠' | '=')
}

/// The words of a name in Latin letters, in one order whichever comes first.
pub(super) fn roman(text: &str) -> String {
    let plain = text::normalised(text);
    let mut words: Vec<&str> = plain.split(|letter: char| !letter.is_alphanumeric()).collect();
    words.retain(|word| !word.is_empty());
    words.sort_unstable();
    words.concat()
}

/// The symbol or number of an insurance card, without what is put between its parts.
pub(super) fn number(text: &str) -> String {
    text::joined(text).chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// The digits of a telephone number as it is dialled in Japan; none where there are too few for one.
pub(super) fn phone(text: &str) -> Option<String> {
    let plain = text::joined(text);
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    let own = match (plain.starts_with('+'), digits.strip_prefix("81")) {
        (true, Some(rest)) => format!("0{}", rest.trim_start_matches('0')),
        _ => digits,
    };
    (own.len() >= 9).then_some(own)
}

/// The seven digits of a postal code.
pub(super) fn postal_code(text: &str) -> Option<String> {
    let digits: String = text::joined(text).chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 7).then_some(digits)
}

/// An address, with its numbers parted in one way (`1丁目2番地3号`, `1-2-3`).
pub(super) fn address(text: &str) -> String {
    let mut plain = text::joined(text);
    for parting in ["丁目", "番地の", "番地", "番", "号室", "号", "の", "ノ"] {
        plain = plain.replace(parting, "-");
    }
    let mut out = String::with_capacity(plain.len());
    for letter in plain.chars() {
        let letter = if is_dash(letter) { '-' } else { form(letter) };
        if letter != '-' || !out.ends_with('-') {
            out.push(letter);
        }
    }
    out.trim_matches('-').to_owned()
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '－' | 'ー' | 'ｰ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kanji_stands_in_one_row_and_nfkc_leaves_it_alone() {
        let mut seen: BTreeMap<char, &str> = BTreeMap::new();
        for row in FORMS.split_whitespace() {
            for letter in row.chars() {
                let other = seen.insert(letter, row);
                assert!(other.is_none_or(|other| other == row), "{letter} in {row} and {other:?}");
                assert_eq!(text::normalised(&letter.to_string()), letter.to_string(), "{row}");
            }
        }
    }

    #[test]
    fn spellings_of_one_name_are_one() {
        for (left, right) in [
            ("髙橋 一郎", "高橋　一郎"),
            ("山﨑", "山崎"),
            ("渡邊 辺", "渡邉 邊"),
            ("齋藤", "斉藤"),
            ("ﾀｶﾊｼ ｲﾁﾛｳ", "たかはし いちろう"),
            ("キヨウコ", "きょうこ"),
            ("シズク", "しづく"),
            ("\u{20BB7}田", "吉田"),
            ("神\u{FA19}", "神神"),
            ("ジョン・スミス", "ジョン スミス"),
        ] {
            assert_eq!(name(left), name(right), "{left} {right}");
        }
        for (left, right) in [("山田", "山本"), ("さとし", "さとじ"), ("かな", "がな"), ("太郎", "次郎")]
        {
            assert_ne!(name(left), name(right), "{left} {right}");
        }
        assert_eq!(roman("TARO Yamada"), roman("Yamada, Taro"));
    }

    #[test]
    fn numbers_and_addresses_are_compared_without_what_parts_them() {
        assert_eq!(phone("03-1234-5678"), phone("０３（１２３４）５６７８"));
        assert_eq!(phone("+81 90 1234 5678").as_deref(), Some("09012345678"));
        assert_eq!(phone("119"), None);
        assert_eq!(postal_code("〒100-0001"), postal_code("1000001"));
        assert_eq!(postal_code("100"), None);
        assert_eq!(number("１２－３４"), "1234");
        assert_eq!(address("霞が関１丁目２番地３号"), address("霞が関1-2-3"));
    }
}
