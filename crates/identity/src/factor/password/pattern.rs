//! Passwords that are mostly repetition: `aaaaaaaa`, `12345678`, `qwertyui`, `abcabcabc`.

/// From how many characters on a run counts.
const RUN_CHARS_MIN: usize = 3;
/// The rows of keyboards, QWERTY and JIS kana, and the order of the kana; each also read backwards.
const ROWS: [&str; 10] = [
    "1234567890-^",
    "qwertyuiop@[",
    "asdfghjkl;:]",
    "zxcvbnm,./",
    "!\"#$%&'()=~|",
    "!@#$%^&*()_+",
    "たていすかんなにらせ",
    "ちとしはきくまのりれけむ",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん",
];

/// Whether at least half of the characters lie in runs (one character repeated, characters that follow each other,
/// neighbouring keys), or the whole is a block repeated.
pub(super) fn mostly_pattern(password: &str) -> bool {
    let chars: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    is_block_repeated(&chars) || in_runs(&chars).saturating_mul(2) >= chars.len().max(1)
}

/// How many characters lie in runs.
fn in_runs(chars: &[char]) -> usize {
    let links: Vec<Link> = chars.windows(2).map(link).collect();
    let mut covered = 0_usize;
    for run in links.chunk_by(|one, next| one == next && *one != Link::None) {
        let length = run.len().saturating_add(1);
        if run.first().is_some_and(|link| *link != Link::None) && length >= RUN_CHARS_MIN {
            covered = covered.saturating_add(length);
        }
    }
    covered
}

/// How a character follows the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    None,
    Same,
    Up,
    Down,
    KeyRight,
    KeyLeft,
}

fn link(pair: &[char]) -> Link {
    let [one, next] = *pair else { return Link::None };
    let (before, after) = (u32::from(one), u32::from(next));
    if one == next {
        Link::Same
    } else if before.checked_add(1) == Some(after) {
        Link::Up
    } else if after.checked_add(1) == Some(before) {
        Link::Down
    } else if are_neighbours(one, next) {
        Link::KeyRight
    } else if are_neighbours(next, one) {
        Link::KeyLeft
    } else {
        Link::None
    }
}

fn are_neighbours(left: char, right: char) -> bool {
    ROWS.iter().any(|row| row.chars().zip(row.chars().skip(1)).any(|pair| pair == (left, right)))
}

/// Whether the whole is one block, twice or more.
fn is_block_repeated(chars: &[char]) -> bool {
    let periodic = |period: usize| {
        chars.len().is_multiple_of(period)
            && chars.iter().zip(chars.iter().skip(period)).all(|(one, next)| one == next)
    };
    (1..=chars.len() / 2).any(periodic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_sequences_and_rows_of_keys_are_patterns() {
        for text in [
            "aaaaaaaa",
            "12345678",
            "87654321",
            "qwertyui",
            "POIUYTREWQ",
            "abcdefgh",
            "ああああああああ",
            "あいうえおかきくけこ",
            "abcabcabcabc",
            "Kaze7!Kaze7!",
            "1qaz2wsx",
            "aaaabbbbcccc",
            "111222333x",
            "ちとしはきくまの",
        ] {
            assert!(mostly_pattern(text), "{text}");
        }
    }

    #[test]
    fn a_run_within_a_longer_password_is_no_pattern() {
        for text in
            ["Kaban-to-123-enpitsu", "tomato soup at 7", "kT7#mQ2x", "青いカバンと3本の鉛筆", "x", "ab"]
        {
            assert!(!mostly_pattern(text), "{text}");
        }
    }
}
