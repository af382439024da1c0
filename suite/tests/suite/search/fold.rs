//! Text as it is compared: NFKC, lower case, katakana as hiragana, no accents, white space as one space.
//!
//! Written out by hand for the characters that the data holds, so that it shares no library with the product. A
//! character of which nothing is said here ends the test, lest a comparison be trusted that was never made.

/// Half-width katakana from U+FF66 in their full form.
const HALF_WIDTH: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

/// Letters with accents, and characters that stand for others.
const FOLDED: &[(&str, &str)] = &[
    ("ÀÁÂÃÄÅàáâãäåĀā", "a"),
    ("Çç", "c"),
    ("ÈÉÊËèéêëĒē", "e"),
    ("ÌÍÎÏìíîïĪī", "i"),
    ("Ññ", "n"),
    ("ÒÓÔÕÖòóôõöŌō", "o"),
    ("ÙÚÛÜùúûüŪū", "u"),
    ("Ýýÿ", "y"),
    ("Йй", "и"),
    ("Ёё", "е"),
    ("µ", "μ"),
    ("²", "2"),
    ("³", "3"),
    ("℃", "°c"),
    ("㎎", "mg"),
    ("㎏", "kg"),
    ("㎝", "cm"),
    ("㎖", "ml"),
    ("㏄", "cc"),
    ("①", "1"),
    ("②", "2"),
    ("Ⅰ", "i"),
    ("Ⅱ", "ii"),
    ("Ⅲ", "iii"),
    ("㈱", "(株)"),
    ("…", "..."),
    ("™", "tm"),
    ("｡", "。"),
    ("｢", "「"),
    ("｣", "」"),
    ("､", "、"),
    ("･", "・"),
];

/// Bytes of a folded text that are kept; the product documents that the rest is cut off.
pub(crate) const TEXT_BYTES: usize = 1_024;

/// The text as it is kept: folded and cut.
pub(crate) fn kept(text: &str) -> String {
    let mut kept = folded(text);
    kept.truncate(kept.floor_char_boundary(TEXT_BYTES));
    kept
}

/// The text as it is compared.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            'ﾞ' | '\u{3099}' => voiced(&mut out, '゛'),
            'ﾟ' | '\u{309A}' => voiced(&mut out, '゜'),
            _ => push(letter, &mut out),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push(letter: char, out: &mut String) {
    let number = u32::from(letter);
    if let Some((_, plain)) = FOLDED.iter().find(|(from, _)| from.contains(letter)) {
        return out.push_str(plain);
    }
    match letter {
        _ if letter.is_ascii() => out.push(letter.to_ascii_lowercase()),
        '\u{300}'..='\u{36F}' => {}
        '\u{A0}' | '\u{3000}' => out.push(' '),
        '！'..='～' => out.push(shifted(number - 0xFEE0).to_ascii_lowercase()),
        '\u{FF66}'..='\u{FF9D}' => {
            let full = HALF_WIDTH.chars().nth(usize::try_from(number - 0xFF66).unwrap()).unwrap();
            out.push(hiragana(full));
        }
        '゛' | '゜' => panic!("a mark of its own is nowhere in the data"),
        'ァ'..='ヶ' => out.push(hiragana(letter)),
        'Α'..='Ω' | 'А'..='Я' => out.push(shifted(number + 0x20)),
        _ if stays(letter) => out.push(letter),
        _ => panic!("U+{number:04X} is new in the data: say here what it is folded to"),
    }
}

/// Characters that are compared as they are.
fn stays(letter: char) -> bool {
    matches!(letter,
        '\u{3001}'..='\u{3096}' | '・' | 'ー' | '\u{3400}'..='\u{9FFF}' | 'α'..='ω' | 'а'..='я' | '\u{2010}'..='\u{2015}'
        | '\u{80}' | '¢' | '§' | '©' | '\u{AD}' | '®' | 'ß' | '\u{200B}' | '•' | '€' | '\u{FFFD}' | '‘' | '’' | '“' | '”' | '°' | '±' | '×' | '÷' | '→' | '↑' | '↓' | '−' | '△' | '○' | '●' | '※' | '≥' | '≤')
}

fn shifted(number: u32) -> char {
    char::from_u32(number).unwrap()
}

fn hiragana(letter: char) -> char {
    if matches!(letter, 'ァ'..='ヶ') { shifted(u32::from(letter) - 0x60) } else { letter }
}

/// Puts a mark on the letter before it.
fn voiced(out: &mut String, mark: char) {
    let last = out.pop().expect("a mark stands behind a letter");
    let number = u32::from(last);
    out.push(match (last, mark) {
        ('う', '゛') => 'ゔ',
        ('か'..='と' | 'は'..='ほ', '゛') => shifted(number + 1),
        ('は'..='ほ', '゜') => shifted(number + 2),
        _ => panic!("no letter that takes a mark"),
    });
}

#[test]
fn width_case_kana_and_accents_make_no_difference() {
    for (text, expected) in [
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう"),
        ("ヤマダ　タロウ", "やまだ たろう"),
        ("ＡＢc　１２", "abc 12"),
        ("José Müller", "jose muller"),
        ("ﾊﾟﾊﾞｳﾞｰ", "ぱばゔー"),
        ("  a \n b ", "a b"),
        ("高髙", "高髙"),
    ] {
        assert_eq!(folded(text), expected);
    }
}
