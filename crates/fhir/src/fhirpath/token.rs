//! The words of an expression: names, literals, signs; white space and comments between them are skipped.

use crate::codes::fhirpath as codes;
use base::Problem;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name; `true` when it stood in backticks, so that it is never an operator.
    Name(String, bool),
    /// `$this`, `$index`, `$total`, without the `$`.
    Dollar(String),
    /// `%name`, without the `%`.
    Percent(String),
    Number(String),
    Text(String),
    /// A date; `@2026-04-01`.
    Date(String),
    /// A date with `T`, and the time behind it if there is one.
    DateTime(String),
    /// A time of day, without `@T`.
    Time(String),
    Sign(&'static str),
    End,
}

/// Signs, longer ones first.
const SIGNS: [&str; 24] = [
    "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "=", "~",
    "<", ">", "!", "?",
];

/// Reads words one after the other.
pub(super) struct Words<'t> {
    text: &'t str,
    /// Bytes read.
    at: usize,
}

/// What is expected where something else stands, in both languages.
pub(super) type Expected = (&'static str, &'static str);

impl<'t> Words<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// A problem at a place counted in bytes; people count characters from 1.
    pub(super) fn problem(&self, at: usize, expected: Expected) -> Problem {
        let characters = self.text.get(..at).unwrap_or(self.text).chars().count().saturating_add(1);
        Problem::new(&codes::SYNTAX)
            .with("at", characters)
            .with("expected_en", expected.0)
            .with("expected_ja", expected.1)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes what `belongs` accepts from here on.
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|letter| !belongs(letter)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(end);
        rest.get(..end).unwrap_or_default()
    }

    fn skip(&mut self, start: &str) -> bool {
        let found = self.rest().starts_with(start);
        if found {
            self.at = self.at.saturating_add(start.len());
        }
        found
    }

    /// The next word and where it begins, in bytes.
    pub(super) fn next(&mut self) -> Result<(Token, usize), Problem> {
        self.skip_space()?;
        let at = self.at;
        let token = match self.rest().chars().next() {
            None => Token::End,
            Some('\'') => Token::Text(self.quoted('\'')?),
            Some('`') => Token::Name(self.quoted('`')?, true),
            Some('0'..='9') => Token::Number(self.number()),
            Some('@') => self.moment(at)?,
            Some('%') => self.percent()?,
            Some('$') => {
                self.skip("$");
                Token::Dollar(self.take(is_of_name).to_owned())
            }
            Some(letter) if letter.is_ascii_alphabetic() || letter == '_' => {
                Token::Name(self.take(is_of_name).to_owned(), false)
            }
            Some(_) => {
                let sign = SIGNS.into_iter().find(|sign| self.skip(sign));
                Token::Sign(sign.ok_or_else(|| self.problem(at, ("a word of FHIRPath", "FHIRPath の語")))?)
            }
        };
        Ok((token, at))
    }

    fn skip_space(&mut self) -> Result<(), Problem> {
        loop {
            self.take(|letter| matches!(letter, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{feff}'));
            if self.rest().starts_with("//") {
                self.take(|letter| letter != '\n' && letter != '\r');
            } else if self.rest().starts_with("/*") {
                let Some(end) = self.rest().find("*/") else {
                    return Err(self.problem(
                        self.text.len(),
                        ("`*/` as the end of the comment", "コメントの終わりの `*/` "),
                    ));
                };
                self.at = self.at.saturating_add(end).saturating_add(2);
            } else {
                return Ok(());
            }
        }
    }

    fn number(&mut self) -> String {
        let mut number = self.take(|letter| letter.is_ascii_digit()).to_owned();
        let mut after = self.rest().chars();
        if after.next() == Some('.') && after.next().is_some_and(|letter| letter.is_ascii_digit()) {
            self.skip(".");
            number.push('.');
            number.push_str(self.take(|letter| letter.is_ascii_digit()));
        }
        number
    }

    fn percent(&mut self) -> Result<Token, Problem> {
        self.skip("%");
        let name = match self.rest().chars().next() {
            Some(quote @ ('\'' | '`')) => self.quoted(quote)?,
            _ => self.take(is_of_name).to_owned(),
        };
        if name.is_empty() {
            return Err(self.problem(self.at, ("the name of a variable", "変数の名前")));
        }
        Ok(Token::Percent(name))
    }

    /// What stands between two quotes, escapes resolved.
    fn quoted(&mut self, quote: char) -> Result<String, Problem> {
        self.at = self.at.saturating_add(quote.len_utf8());
        let mut text = String::new();
        loop {
            text.push_str(self.take(|letter| letter != quote && letter != '\\'));
            if self.skip("\\") {
                text.push(self.escaped()?);
            } else if self.rest().is_empty() {
                return Err(self.problem(self.at, ("the closing quote", "閉じる引用符")));
            } else {
                self.at = self.at.saturating_add(quote.len_utf8());
                return Ok(text);
            }
        }
    }

    fn escaped(&mut self) -> Result<char, Problem> {
        let at = self.at;
        let problem = (
            "one of the escapes \\' \\\" \\` \\\\ \\/ \\f \\n \\r \\t and \\u with four digits",
            "\\' \\\" \\` \\\\ \\/ \\f \\n \\r \\t または \\u と 4 桁の数字",
        );
        let letter = self.rest().chars().next().ok_or_else(|| self.problem(at, problem))?;
        self.at = self.at.saturating_add(letter.len_utf8());
        let found = match letter {
            '\'' | '"' | '`' | '\\' | '/' => Some(letter),
            'f' => Some('\u{c}'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => self.unicode(),
            _ => None,
        };
        found.ok_or_else(|| self.problem(at, problem))
    }

    /// Four hexadecimal digits, or twice four for a character beyond the basic plane.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if !self.skip("\\u") {
            return None;
        }
        let second = self.four_digits().filter(|second| (0xdc00..0xe000).contains(second))?;
        let high = first.saturating_sub(0xd800).saturating_mul(0x400);
        char::from_u32(high.saturating_add(second.saturating_sub(0xdc00)).saturating_add(0x1_0000))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits =
            self.rest().get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        self.at = self.at.saturating_add(4);
        u32::from_str_radix(digits, 16).ok()
    }

    /// What follows `@`: a date, a date with time, or `T` and a time.
    fn moment(&mut self, at: usize) -> Result<Token, Problem> {
        self.skip("@");
        if self.skip("T") {
            return Ok(Token::Time(self.clock()));
        }
        let start = self.at;
        if self.digits(4).is_none() {
            return Err(self.problem(
                at,
                (
                    "a date or time such as @2026-04-01 or @T09:30",
                    "@2026-04-01 や @T09:30 のような日付か時刻",
                ),
            ));
        }
        let _found = self.follow("-", 2) && self.follow("-", 2);
        if !self.skip("T") {
            return Ok(Token::Date(self.text.get(start..self.at).unwrap_or_default().to_owned()));
        }
        if !self.clock().is_empty() && !self.skip("Z") {
            self.zone();
        }
        Ok(Token::DateTime(self.text.get(start..self.at).unwrap_or_default().to_owned()))
    }

    /// As much of `09:30:15.123` as stands here.
    fn clock(&mut self) -> String {
        let start = self.at;
        if self.digits(2).is_some() && self.follow(":", 2) && self.follow(":", 2) {
            let mut after = self.rest().chars();
            if after.next() == Some('.') && after.next().is_some_and(|letter| letter.is_ascii_digit()) {
                self.skip(".");
                self.take(|letter| letter.is_ascii_digit());
            }
        }
        self.text.get(start..self.at).unwrap_or_default().to_owned()
    }

    /// `+09:00`, if it stands here as a whole.
    fn zone(&mut self) {
        let start = self.at;
        let whole = (self.follow("+", 2) || self.follow("-", 2)) && self.follow(":", 2);
        if !whole {
            self.at = start;
        }
    }

    fn digits(&mut self, count: usize) -> Option<()> {
        let digits = self.rest().get(..count)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| self.at = self.at.saturating_add(count))
    }

    /// A sign and so many digits, or nothing.
    fn follow(&mut self, sign: &str, count: usize) -> bool {
        let start = self.at;
        let found = self.skip(sign) && self.digits(count).is_some();
        if !found {
            self.at = start;
        }
        found
    }
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Result<Vec<Token>, Problem> {
        let mut words = Words::new(text);
        let mut found = Vec::new();
        loop {
            match words.next()? {
                (Token::End, _) => return Ok(found),
                (token, _) => found.push(token),
            }
        }
    }

    #[test]
    fn a_point_belongs_to_a_number_only_before_a_digit() {
        let name = |text: &str| Token::Name(text.to_owned(), false);
        let number = |text: &str| Token::Number(text.to_owned());
        assert_eq!(words("1.abs").unwrap(), [number("1"), Token::Sign("."), name("abs")]);
        assert_eq!(words("1.50").unwrap(), [number("1.50")]);
    }

    #[test]
    fn dates_end_where_they_are_complete() {
        let date = |text: &str| Token::Date(text.to_owned());
        let moment = |text: &str| Token::DateTime(text.to_owned());
        assert_eq!(words("@2026").unwrap(), [date("2026")]);
        assert_eq!(words("@2026-04-01").unwrap(), [date("2026-04-01")]);
        assert_eq!(words("@2026T").unwrap(), [moment("2026T")]);
        assert_eq!(words("@2026-04-01T09:30:15.5+09:00").unwrap(), [moment("2026-04-01T09:30:15.5+09:00")]);
        assert_eq!(words("@T09:30.x").unwrap()[0], Token::Time("09:30".to_owned()));
        assert_eq!(words("@2026-04-01T09-1").unwrap()[0], moment("2026-04-01T09"));
        assert!(words("@26").is_err());
    }

    #[test]
    fn escapes_are_resolved_and_unknown_ones_refused() {
        assert_eq!(words(r"'\u5c71\n\'\ud83d\ude00'").unwrap(), [Token::Text("山\n'😀".to_owned())]);
        for text in [r"'\d'", r"'\u12'", r"'\ud83d'", "'open", "`open", "/* open", "#", "%", r"'\"] {
            assert_eq!(words(text).unwrap_err().code().id, codes::SYNTAX.id, "{text}");
        }
    }

    #[test]
    fn comments_are_skipped() {
        assert_eq!(words("1 // one\n/* two * / */ 2").unwrap().len(), 2);
    }
}
