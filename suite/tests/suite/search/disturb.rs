//! Values as they are asked for: taken from a resource, and then written otherwise or changed a little.

use super::amount::Amount;
use super::chance::Chance;
use super::implied;
use super::moment::{self, DAY, MINUTE, Precision, SECOND};
use super::parameters::{Kind, Parameter};
use super::value::{Form, TRUTH, Value};
use super::wanted::{Modifier, PREFIXES, Wanted};

/// Longer numbers are written with an exponent.
const NUMBER_CHARS_MOST: usize = 30;

/// What is drawn from, beside chance.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) chance: &'a Chance,
    pub(crate) base: &'a str,
    /// Type and code of the parameter.
    pub(crate) name: &'a str,
    pub(crate) parameter: &'a Parameter,
}

impl Source<'_> {
    /// A modifier that fits some of the values, which are those of all resources.
    pub(crate) fn modifier(self, values: &[&[Value]]) -> Modifier {
        let chance = self.chance;
        let has = |test: fn(&Value) -> bool| values.iter().any(|values| values.iter().any(test));
        match self.parameter.kind {
            Kind::Token => match chance.below(8) {
                0 => Modifier::Not,
                1 | 2 if has(|value| matches!(value, Value::Text(_))) => Modifier::Text,
                3 | 4 if has(|value| matches!(value, Value::Typed { .. })) => Modifier::OfType,
                _ => Modifier::None,
            },
            Kind::String => match chance.below(5) {
                0 => Modifier::Contains,
                1 => Modifier::Exact,
                _ => Modifier::None,
            },
            Kind::Uri if has(|value| matches!(value, Value::Address(text) if text.contains("://"))) => {
                match chance.below(3) {
                    0 => Modifier::Above,
                    1 => Modifier::Below,
                    _ => Modifier::None,
                }
            }
            Kind::Reference => match chance.below(6) {
                0 | 1 if has(|value| matches!(value, Value::Logical { .. })) => Modifier::Identifier,
                2 => self.type_of(chance.one(values)),
                _ => Modifier::None,
            },
            _ => Modifier::None,
        }
    }

    fn type_of(self, values: &[Value]) -> Modifier {
        let mut kinds = values.iter().filter_map(|value| match value {
            Value::Local { kind, .. } if self.parameter.targets.contains(kind) => Some(kind.clone()),
            _ => None,
        });
        kinds.next_back().map_or(Modifier::None, Modifier::Type)
    }

    /// What could be asked for to find one of the values with the modifier; none when no value is of that sort.
    pub(crate) fn wanted(self, values: &[Value], modifier: &Modifier) -> Option<Wanted> {
        let found: Vec<Wanted> = values.iter().filter_map(|value| self.of_value(value, modifier)).collect();
        (!found.is_empty()).then(|| found[self.chance.below(found.len())].clone())
    }

    fn of_value(self, value: &Value, modifier: &Modifier) -> Option<Wanted> {
        let texts = *modifier == Modifier::Text;
        Some(match (value, modifier) {
            (Value::Typed { system, code, value }, Modifier::OfType) => {
                let value = self.perhaps(value);
                Wanted::Typed { system: system.clone(), code: code.clone(), value }
            }
            (Value::Text(text), _) if texts => Wanted::Text(self.beginning(text)?),
            (Value::Logical { system, value }, Modifier::Identifier) => self.pair(system, value, system),
            (_, Modifier::OfType | Modifier::Text | Modifier::Identifier) => return None,
            (Value::Code { system, code, form }, _) => self.code(system, code, *form),
            (Value::System(system), _) => Wanted::Token { system: Some(system.clone()), code: None },
            (Value::Local { kind, id, .. }, _) => Wanted::Text(self.local(kind, id, modifier)?),
            (Value::Absolute(text), Modifier::None) => Wanted::Text(self.perhaps(text)),
            (Value::Words(text) | Value::Name(text) | Value::Whole(text), _) => {
                Wanted::Text(self.words(text, modifier)?)
            }
            (Value::Address(text), _) => Wanted::Text(self.address(text, modifier)?),
            (Value::Span { from, until }, _) => self.date(*from, *until),
            (Value::Number { amount, text }, _) => {
                let (prefix, text) = self.number(*amount, text);
                Wanted::Number { prefix, text }
            }
            (Value::Quantity { .. }, _) => self.quantity(value)?,
            (Value::Tuple(parts), _) => {
                let plain = |part: &Vec<Value>| self.wanted(part, &Modifier::None);
                Wanted::Tuple(parts.iter().map(plain).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    /// Mostly the text itself, sometimes one that stands nowhere.
    fn perhaps(self, text: &str) -> String {
        if self.chance.once_in(8) { format!("{text}x") } else { text.to_owned() }
    }

    fn code(self, system: &str, code: &str, form: Form) -> Wanted {
        match form {
            Form::Open => self.pair(system, code, system),
            // Anything but these is refused.
            Form::Truth => {
                let code = self.chance.one(&["true", "false"]);
                let system = self.chance.one(&[None, None, Some(""), Some(TRUTH), Some("urn:other")]);
                Wanted::Token { system: system.map(str::to_owned), code: Some(code.to_owned()) }
            }
            Form::Element => match implied::system(self.name) {
                Some(implied) => self.pair("", code, implied),
                None => Wanted::Token { system: None, code: Some(self.perhaps(code)) },
            },
        }
    }

    /// One of the four forms; `asked` is the system to be named.
    fn pair(self, own: &str, code: &str, asked: &str) -> Wanted {
        let code = if self.chance.once_in(12) { flipped(code) } else { self.perhaps(code) };
        let (system, code) = match self.chance.below(8) {
            0 | 1 => (None, Some(code)),
            2 => (Some(String::new()), Some(code)),
            3 if !asked.is_empty() => (Some(asked.to_owned()), None),
            4 => (Some(format!("{own}x")), Some(code)),
            _ => (Some(asked.to_owned()), Some(code)),
        };
        Wanted::Token { system, code }
    }

    fn local(self, kind: &str, id: &str, modifier: &Modifier) -> Option<String> {
        let kind = match modifier {
            Modifier::Type(wanted) => wanted,
            _ if self.parameter.targets.iter().any(|target| target == kind) => kind,
            _ => return None,
        };
        let id = if self.chance.once_in(8) { "nobody" } else { id };
        Some(match self.chance.below(4) {
            0 => id.to_owned(),
            1 => format!("{}/{kind}/{id}", self.base),
            2 => format!("https://elsewhere.example.org/fhir/{kind}/{id}"),
            _ => format!("{kind}/{id}"),
        })
    }

    /// The beginning of a text, written in another way.
    fn beginning(self, text: &str) -> Option<String> {
        let letters: Vec<char> = text.chars().collect();
        let length = 1 + self.chance.below(letters.len().min(12));
        let part: String = letters.into_iter().take(length).collect();
        self.rewritten(&part)
    }

    fn words(self, text: &str, modifier: &Modifier) -> Option<String> {
        match modifier {
            Modifier::Exact if self.chance.once_in(3) => self.rewritten(text),
            Modifier::Exact => Some(text.to_owned()),
            Modifier::Contains => {
                let letters: Vec<char> = text.chars().collect();
                let from = self.chance.below(letters.len());
                let length = 1 + self.chance.below(5);
                self.rewritten(&letters.iter().skip(from).take(length).collect::<String>())
            }
            _ if self.chance.once_in(4) => {
                self.rewritten(&format!("{text}{}", self.chance.one(&["", " ", "x"])))
            }
            _ => self.beginning(text),
        }
    }

    /// The text with its letters exchanged for others that should be as good; none when nothing is left of it.
    fn rewritten(self, text: &str) -> Option<String> {
        let text = match self.chance.below(7) {
            5 if !text.contains(is_mark) => {
                text.chars().flat_map(|letter| [letter, ' ']).skip(self.chance.below(2)).take(5).collect()
            }
            0 => text.to_uppercase(),
            1 => text.to_lowercase(),
            2 => text.chars().map(wide).collect(),
            3 => text.chars().map(other_kana).collect(),
            4 => text.replace('a', "á").replace('o', "Ö").replace('e', "é"),
            _ => text.to_owned(),
        };
        let has_letter = text.chars().any(|letter| !letter.is_whitespace() && !is_mark(letter));
        let begins_well = text.chars().next().is_some_and(|letter| !is_mark(letter));
        (has_letter && begins_well).then_some(text)
    }

    fn address(self, text: &str, modifier: &Modifier) -> Option<String> {
        let slash =
            |from: &str| from.rfind('/').filter(|at| from.find("://").is_some_and(|host| *at > host + 2));
        let upper = slash(text).map(|at| text[..at + self.chance.below(2)].to_owned());
        match modifier {
            Modifier::Below if text.contains("://") => match self.chance.below(4) {
                0 => Some(text.to_owned()),
                1 => Some(text[..text.len() - 1].to_owned()),
                _ => upper,
            },
            Modifier::Above if text.contains("://") => match self.chance.below(4) {
                0 => Some(text.to_owned()),
                1 => Some(format!("{text}x")),
                _ => Some(format!("{}/more/parts", text.trim_end_matches('/'))),
            },
            Modifier::None => Some(if self.chance.once_in(8) { flipped(text) } else { self.perhaps(text) }),
            _ => None,
        }
    }

    /// A date near one end of a span.
    pub(crate) fn date(self, from: i64, until: i64) -> Wanted {
        let (prefix, text) = self.date_text(from, until);
        Wanted::Date { prefix, text }
    }

    /// Prefix and date near one end of a span.
    pub(crate) fn date_text(self, from: i64, until: i64) -> (&'static str, String) {
        let chance = self.chance;
        let mut ends = vec![from, until, until.saturating_sub(1)];
        ends.retain(|end| (i64::MIN / 2..i64::MAX / 2).contains(end));
        let mut moment = chance.one(&ends);
        if chance.once_in(3) {
            moment +=
                chance.between(-3, 3) * chance.one(&[SECOND, MINUTE, 60 * MINUTE, DAY, 30 * DAY, 365 * DAY]);
        }
        let precision = chance.one(&[
            Precision::Year,
            Precision::Month,
            Precision::Day,
            Precision::Day,
            Precision::Minute,
            Precision::Second,
            Precision::Fraction,
        ]);
        let zone = chance.one(&[None, Some(0), Some(moment::JAPAN), Some(-300), Some(330)]);
        (chance.one(&PREFIXES), moment::text(moment, precision, zone))
    }

    /// Prefix and number near one that is kept.
    fn number(self, amount: Amount, text: &str) -> (&'static str, String) {
        let chance = self.chance;
        let text = match chance.below(8) {
            0 => amount.moved(chance.between(-2, 2)).text(),
            1 => amount.coarser(1).text(),
            2 => amount.coarser(2).text(),
            3 => amount.scientific(),
            4 if !text.contains(['e', 'E']) => {
                format!("{text}{}", if text.contains('.') { "0" } else { ".0" })
            }
            5 => amount.coarser(1).scientific(),
            _ => text.to_owned(),
        };
        // Numbers of more digits are refused.
        let text = if text.len() > NUMBER_CHARS_MOST { amount.scientific() } else { text };
        (chance.one(&PREFIXES), text)
    }

    fn quantity(self, value: &Value) -> Option<Wanted> {
        let Value::Quantity { amount, text, system, code, unit } = value else { return None };
        let (prefix, text) = self.number(*amount, text);
        let unit = match self.chance.below(6) {
            0 | 1 => Some((system.clone(), code.clone())),
            2 => Some((String::new(), code.clone())),
            3 => Some((String::new(), unit.clone())),
            4 => Some((format!("{system}x"), code.clone())),
            _ => None,
        };
        Some(Wanted::Quantity { prefix, text, unit: unit.filter(|(_, unit)| !unit.is_empty()) })
    }
}

/// The same letters, large ones small and small ones large.
fn flipped(text: &str) -> String {
    let flip = |letter: char| {
        if letter.is_ascii_lowercase() { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() }
    };
    text.chars().map(flip).collect()
}

/// The full-width form of a letter of ASCII.
fn wide(letter: char) -> char {
    match letter {
        '!'..='~' => char::from_u32(u32::from(letter) + 0xFEE0).unwrap(),
        ' ' => '\u{3000}',
        other => other,
    }
}

/// Hiragana as katakana and the other way round.
fn other_kana(letter: char) -> char {
    match letter {
        'ぁ'..='ゖ' => char::from_u32(u32::from(letter) + 0x60).unwrap(),
        'ァ'..='ヶ' => char::from_u32(u32::from(letter) - 0x60).unwrap(),
        other => other,
    }
}

/// Marks that belong to the letter before them.
fn is_mark(letter: char) -> bool {
    matches!(letter, 'ﾞ' | 'ﾟ' | '\u{3099}' | '\u{309A}' | '\u{300}'..='\u{36F}')
}
