//! Which passwords may be chosen, by the edition of the guideline that a facility follows.
//!
//! Both editions ask that easily guessed passwords be refused and kept in a form that cannot be turned back (items
//! mhlw-6.0/control/14-6, and 14 ⑥ of 7.0; meti-mic-2.0/provider/A2.p23-4-11). Neither is a password ever made to
//! change by the calendar: 7.0 has dropped that rule, and NIST SP 800-63B advises against it.

use crate::factor::codes::{
    PASSWORD_GUESSABLE, PASSWORD_NEEDS_DIGITS, PASSWORD_NEEDS_MARKS, PASSWORD_OWN_WORD, PASSWORD_PATTERN,
    PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT,
};
use crate::factor::password::folded;
use crate::factor::password::guess::is_guessable;
use crate::factor::password::pattern::mostly_pattern;
use base::{Code, Problem, Secret};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::Score;

/// The longest password, in characters (NIST SP 800-63B asks for 64 at least).
pub const LENGTH_MAX: usize = 128;
/// The shortest one with a second factor, in characters.
const LENGTH_WITH_SECOND_FACTOR: usize = 8;
/// The shortest one without, in characters.
const LENGTH_ALONE: usize = 13;

/// The edition of the guideline of the Ministry of Health, Labour and Welfare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edition {
    /// 6.0: letters, digits and marks mixed; 8 characters with a second factor, otherwise 13 (the way that its
    /// questions and answers leave open without regular change).
    #[serde(rename = "6.0")]
    V6_0,
    /// 7.0: with a second factor 8 characters with letters and digits mixed, otherwise 13 of any kind (14.1.1).
    #[serde(rename = "7.0")]
    V7_0,
}

/// Whether the account always logs in with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecondFactor {
    /// It does.
    Always,
    /// The password may stand alone.
    Never,
}

/// The rules for one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// By which edition.
    pub edition: Edition,
    /// With or without a second factor.
    pub second_factor: SecondFactor,
}

impl Rules {
    /// Judges a password that somebody wants to have. `words` are those that it must not contain: the account id, the
    /// person's name, the name and id of the facility. Slow (milliseconds): call it where waiting is allowed.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once: `ID-0201` to `ID-0207`.
    pub fn check(self, password: &Secret<String>, words: &[&str]) -> Result<(), Vec<Problem>> {
        let folded = folded(password);
        let text = folded.reveal();
        let words = own_words(words);
        let length = text.chars().count();
        let faults = [
            (length < self.length_min())
                .then(|| Problem::new(&PASSWORD_TOO_SHORT).with("min", self.length_min())),
            (length > LENGTH_MAX).then(|| Problem::new(&PASSWORD_TOO_LONG).with("max", LENGTH_MAX)),
            self.lacks_kinds(text).map(Problem::new),
            contains_any(text, &words).then(|| Problem::new(&PASSWORD_OWN_WORD)),
            mostly_pattern(text).then(|| Problem::new(&PASSWORD_PATTERN)),
            is_guessable(text, &words, self.score_min(length)).then(|| Problem::new(&PASSWORD_GUESSABLE)),
        ];
        let faults: Vec<Problem> = faults.into_iter().flatten().collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn length_min(self) -> usize {
        match self.second_factor {
            SecondFactor::Always => LENGTH_WITH_SECOND_FACTOR,
            SecondFactor::Never => LENGTH_ALONE,
        }
    }

    /// What the password lacks of the kinds of characters that the edition wants mixed.
    fn lacks_kinds(self, text: &str) -> Option<&'static Code> {
        let letters = text.chars().any(char::is_alphabetic);
        let digits = text.chars().any(char::is_numeric);
        let marks = text.chars().any(|char| !char.is_alphanumeric());
        match (self.edition, self.second_factor) {
            (Edition::V6_0, _) => (!(letters && digits && marks)).then_some(&PASSWORD_NEEDS_MARKS),
            (Edition::V7_0, SecondFactor::Always) => (!(letters && digits)).then_some(&PASSWORD_NEEDS_DIGITS),
            (Edition::V7_0, SecondFactor::Never) => None,
        }
    }

    /// The least score. Eight random characters have two, so that more cannot be asked of a password of that length;
    /// and of one that is too short no more is said than that, unless it is a known word.
    fn score_min(self, length: usize) -> Score {
        match self.second_factor {
            SecondFactor::Never if length >= LENGTH_ALONE => Score::Three,
            _ => Score::Two,
        }
    }
}

/// Words and their parts, folded, without what is too short to mean anything: less than three letters, or less than two
/// where a letter is a syllable or more.
fn own_words(words: &[&str]) -> Vec<String> {
    let whole = words.iter().map(|word| lower(word));
    let means = |part: &&str| part.chars().count() >= if part.is_ascii() { 3 } else { 2 };
    let parts = |word: String| -> Vec<String> {
        let parts = word.split(|char: char| !char.is_alphanumeric()).chain([word.as_str()]);
        parts.filter(means).map(str::to_owned).collect()
    };
    whole.flat_map(parts).collect()
}

fn contains_any(text: &str, words: &[String]) -> bool {
    let text = lower(text);
    words.iter().any(|word| text.contains(word.as_str()))
}

fn lower(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests;
