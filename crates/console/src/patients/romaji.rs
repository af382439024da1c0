//! Romaji to kana, as names are typed: Hepburn (ISO 3602 strict and the form in passports) and Kunrei.

/// Syllables; those that begin the same way stand longest first by the search, not by the table.
const SYLLABLES: &[(&str, &str)] = &[
    ("a", "ア"),
    ("i", "イ"),
    ("u", "ウ"),
    ("e", "エ"),
    ("o", "オ"),
    ("ka", "カ"),
    ("ki", "キ"),
    ("ku", "ク"),
    ("ke", "ケ"),
    ("ko", "コ"),
    ("kya", "キャ"),
    ("kyu", "キュ"),
    ("kyo", "キョ"),
    ("sa", "サ"),
    ("si", "シ"),
    ("shi", "シ"),
    ("su", "ス"),
    ("se", "セ"),
    ("so", "ソ"),
    ("sha", "シャ"),
    ("shu", "シュ"),
    ("sho", "ショ"),
    ("she", "シェ"),
    ("sya", "シャ"),
    ("syu", "シュ"),
    ("syo", "ショ"),
    ("ta", "タ"),
    ("ti", "チ"),
    ("chi", "チ"),
    ("tu", "ツ"),
    ("tsu", "ツ"),
    ("te", "テ"),
    ("to", "ト"),
    ("cha", "チャ"),
    ("chu", "チュ"),
    ("cho", "チョ"),
    ("che", "チェ"),
    ("tya", "チャ"),
    ("tyu", "チュ"),
    ("tyo", "チョ"),
    ("na", "ナ"),
    ("ni", "ニ"),
    ("nu", "ヌ"),
    ("ne", "ネ"),
    ("no", "ノ"),
    ("nya", "ニャ"),
    ("nyu", "ニュ"),
    ("nyo", "ニョ"),
    ("ha", "ハ"),
    ("hi", "ヒ"),
    ("fu", "フ"),
    ("hu", "フ"),
    ("he", "ヘ"),
    ("ho", "ホ"),
    ("hya", "ヒャ"),
    ("hyu", "ヒュ"),
    ("hyo", "ヒョ"),
    ("fa", "ファ"),
    ("fi", "フィ"),
    ("fe", "フェ"),
    ("fo", "フォ"),
    ("ma", "マ"),
    ("mi", "ミ"),
    ("mu", "ム"),
    ("me", "メ"),
    ("mo", "モ"),
    ("mya", "ミャ"),
    ("myu", "ミュ"),
    ("myo", "ミョ"),
    ("ya", "ヤ"),
    ("yu", "ユ"),
    ("yo", "ヨ"),
    ("ra", "ラ"),
    ("ri", "リ"),
    ("ru", "ル"),
    ("re", "レ"),
    ("ro", "ロ"),
    ("rya", "リャ"),
    ("ryu", "リュ"),
    ("ryo", "リョ"),
    ("wa", "ワ"),
    ("wo", "ヲ"),
    ("ga", "ガ"),
    ("gi", "ギ"),
    ("gu", "グ"),
    ("ge", "ゲ"),
    ("go", "ゴ"),
    ("gya", "ギャ"),
    ("gyu", "ギュ"),
    ("gyo", "ギョ"),
    ("za", "ザ"),
    ("zi", "ジ"),
    ("ji", "ジ"),
    ("zu", "ズ"),
    ("ze", "ゼ"),
    ("zo", "ゾ"),
    ("ja", "ジャ"),
    ("ju", "ジュ"),
    ("jo", "ジョ"),
    ("je", "ジェ"),
    ("zya", "ジャ"),
    ("zyu", "ジュ"),
    ("zyo", "ジョ"),
    ("jya", "ジャ"),
    ("jyu", "ジュ"),
    ("jyo", "ジョ"),
    ("da", "ダ"),
    ("di", "ヂ"),
    ("du", "ヅ"),
    ("de", "デ"),
    ("do", "ド"),
    ("ba", "バ"),
    ("bi", "ビ"),
    ("bu", "ブ"),
    ("be", "ベ"),
    ("bo", "ボ"),
    ("bya", "ビャ"),
    ("byu", "ビュ"),
    ("byo", "ビョ"),
    ("pa", "パ"),
    ("pi", "ピ"),
    ("pu", "プ"),
    ("pe", "ペ"),
    ("po", "ポ"),
    ("pya", "ピャ"),
    ("pyu", "ピュ"),
    ("pyo", "ピョ"),
    ("va", "ヴァ"),
    ("vi", "ヴィ"),
    ("vu", "ヴ"),
    ("ve", "ヴェ"),
    ("vo", "ヴォ"),
];

/// The kana that a word in romaji may stand for; none where it is no romaji. Passports write long vowels as `oh` or not at
/// all: such a word has several readings.
pub(super) fn kana(word: &str) -> Vec<String> {
    let word = plain(word);
    if word.is_empty() || !word.chars().all(|one| one.is_ascii_lowercase() || one == '\'') {
        return Vec::new();
    }
    let mut readings = Vec::new();
    for (long, written) in [("oh", "oo"), ("oh", "ou"), ("oh", "o")] {
        readings.extend(syllables(&lengthened(&word, long, written)));
    }
    // Ono and Ono: 小野 and 大野.
    if let Some(rest) =
        word.strip_prefix('o').filter(|rest| rest.len() > 1 && !rest.starts_with(['h', 'o', 'u']))
    {
        readings.extend(syllables(&format!("oo{rest}")));
    }
    readings.dedup();
    let mut seen = std::collections::BTreeSet::new();
    readings.retain(|one| seen.insert(one.clone()));
    readings
}

/// Lower case, vowels with a bar or a roof without it, hyphens away.
fn plain(word: &str) -> String {
    let letter = |one: char| match one {
        'ā' | 'â' | 'á' => Some('a'),
        'ī' | 'î' | 'í' => Some('i'),
        'ū' | 'û' | 'ú' => Some('u'),
        'ē' | 'ê' | 'é' => Some('e'),
        'ō' | 'ô' | 'ó' => Some('o'),
        '’' => Some('\''),
        '-' => None,
        other => Some(other),
    };
    word.to_lowercase().chars().filter_map(letter).collect()
}

/// `oh` is a long o where no vowel follows.
fn lengthened(word: &str, long: &str, written: &str) -> String {
    let mut parts = word.split(long);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let vowel = part.starts_with(['a', 'i', 'u', 'e', 'o', 'y']);
        whole.push_str(if vowel { long } else { written });
        whole.push_str(part);
    }
    whole
}

fn syllables(word: &str) -> Option<String> {
    let mut kana = String::new();
    let mut rest = word;
    while !rest.is_empty() {
        let whole = (1..=3).rev().find_map(|length| {
            let (head, tail) = rest.split_at_checked(length)?;
            SYLLABLES.iter().find(|(roman, _)| *roman == head).map(|(_, kana)| (*kana, tail))
        });
        let (found, tail) = whole.or_else(|| consonant(rest))?;
        kana.push_str(found);
        rest = tail;
    }
    Some(kana)
}

/// A consonant by itself: ン, or the first of a doubled one.
fn consonant(rest: &str) -> Option<(&'static str, &str)> {
    let mut letters = rest.chars();
    let (first, second) = (letters.next()?, letters.next());
    let tail = letters_after(rest);
    match (first, second) {
        ('n', Some('\'')) => Some(("ン", letters.as_str())),
        // A doubled n before a consonant or at the end is one ン, typed as keyboards want it.
        ('n', Some('n')) if !letters.as_str().starts_with(['a', 'i', 'u', 'e', 'o', 'y']) => {
            Some(("ン", letters.as_str()))
        }
        ('n', _) | ('m', Some('b' | 'm' | 'p')) => Some(("ン", tail)),
        ('t', Some('c')) => Some(("ッ", tail)),
        (one, Some(two)) if one == two && !"aiueo'".contains(one) => Some(("ッ", tail)),
        _ => None,
    }
}

fn letters_after(rest: &str) -> &str {
    rest.split_at_checked(1).map_or("", |(_, tail)| tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_romaji_are_read_in_each_way_of_writing() {
        for (word, expected) in [
            ("yamada", "ヤマダ"),
            ("YAMADA", "ヤマダ"),
            ("ueno", "ウエノ"),
            ("shinbashi", "シンバシ"),
            ("shimbashi", "シンバシ"),
            ("simbasi", "シンバシ"),
            ("hattori", "ハットリ"),
            ("kitchou", "キッチョウ"),
            ("jun'ichi", "ジュンイチ"),
            ("shin-ichi", "シニチ"),
            ("kenji", "ケンジ"),
            ("tsuchiya", "ツチヤ"),
            ("tutiya", "ツチヤ"),
            ("homma", "ホンマ"),
            ("anna", "アンナ"),
            ("kannda", "カンダ"),
            ("ryouko", "リョウコ"),
            ("fujii", "フジイ"),
            ("yūko", "ユコ"),
        ] {
            assert!(kana(word).contains(&expected.to_owned()), "{word}: {:?}", kana(word));
        }
    }

    #[test]
    fn a_long_o_has_several_readings() {
        assert_eq!(kana("ohno"), ["オオノ", "オウノ", "オノ"]);
        assert_eq!(kana("ono"), ["オノ", "オオノ"]);
        assert_eq!(kana("kohei"), ["コヘイ"]);
    }

    #[test]
    fn what_is_no_romaji_has_no_reading() {
        for word in ["", "smith", "山田", "xx", "1234", "k", "a b", "yamada%"] {
            assert!(kana(word).is_empty(), "{word}: {:?}", kana(word));
        }
    }

    #[test]
    fn no_syllable_stands_twice() {
        let mut seen = std::collections::BTreeSet::new();
        assert!(SYLLABLES.iter().all(|(roman, _)| seen.insert(*roman)));
    }
}
