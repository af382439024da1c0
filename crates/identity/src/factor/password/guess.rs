//! Whether a password is easily guessed: by `zxcvbn`, which knows what people choose, and by one rule beside it.

use super::words::JAPANESE;
use zxcvbn::matching::patterns::MatchPattern;
use zxcvbn::{Score, zxcvbn};

/// Up to how many digits and marks around a word do not hide it.
const TRIMMINGS_MAX: usize = 8;
/// What stands for which letter within a word.
const STAND_INS: [(char, char); 8] =
    [('@', 'a'), ('4', 'a'), ('0', 'o'), ('1', 'i'), ('!', 'i'), ('3', 'e'), ('$', 's'), ('5', 's')];

/// Whether a guesser who knows `words` finds the password sooner than `least` allows.
pub(super) fn is_guessable(text: &str, words: &[String], least: Score) -> bool {
    let known: Vec<&str> = words.iter().map(String::as_str).chain(JAPANESE.split_whitespace()).collect();
    zxcvbn(text, &known).score() < least || is_trimmed_word(text, &known)
}

/// Whether it is one or two common words with few digits and marks: `Sakura-2026!`. The estimate, made for English,
/// takes the trimmings of these for more than they are.
fn is_trimmed_word(text: &str, known: &[&str]) -> bool {
    let letters = letters(text);
    let trimmings = text.chars().count().saturating_sub(letters.chars().count());
    trimmings <= TRIMMINGS_MAX
        && !letters.is_empty()
        && (is_known(&letters, known) || is_common(&letters, known))
}

/// The letters in lower case, with those for which a digit or mark stands between two others.
fn letters(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_letter = |index: Option<usize>| {
        index.and_then(|index| chars.get(index)).is_some_and(|char| char.is_alphabetic())
    };
    let meant = |(index, char): (usize, &char)| {
        let within = is_letter(index.checked_sub(1)) && is_letter(index.checked_add(1));
        let stand_in = STAND_INS.iter().find(|(written, _)| within && written == char);
        stand_in.map_or(*char, |(_, letter)| *letter)
    };
    chars
        .iter()
        .enumerate()
        .map(meant)
        .filter(|char| char.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether it is one known word, or two in a row.
fn is_known(letters: &str, known: &[&str]) -> bool {
    let mut rests = known.iter().filter_map(|word| letters.strip_prefix(word));
    rests.any(|rest| rest.is_empty() || known.contains(&rest))
}

/// Whether the estimate alone finds it weak, and not because there are but few letters at random.
fn is_common(letters: &str, known: &[&str]) -> bool {
    let estimate = zxcvbn(letters, known);
    let at_random = estimate.sequence().iter().any(|part| matches!(part.pattern, MatchPattern::BruteForce));
    !at_random && estimate.score() < Score::Two
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_found_behind_what_stands_for_them() {
        assert_eq!(letters("P@ssw0rd-2026!"), "password");
        assert_eq!(letters("S4kura1234"), "sakura");
        assert_eq!(letters("2026"), "");
    }

    #[test]
    fn one_or_two_words_with_trimmings_are_guessable_and_three_are_not() {
        for text in ["hospital-2026!", "Sakura8164#", "sakura-byouin1!", "letmein-2026!!", "病院さくら!8164"]
        {
            assert!(is_guessable(text, &[], Score::Two), "{text}");
        }
        for text in ["Lamp-giraffe-9-mortar", "kT7#mQ2x", "hospital 8164#0927!5380", "青いカバンと3本の鉛筆"]
        {
            assert!(!is_guessable(text, &[], Score::Two), "{text}");
        }
    }

    #[test]
    fn known_words_make_guessing_easier() {
        assert!(is_guessable("zhongwei-7712!", &["zhongwei".to_owned()], Score::Two));
        assert!(!is_guessable("zhongwei-7712!", &[], Score::Two));
    }
}
