//! Which language a caller reads (`Accept-Language`, RFC 9110, section 12.5.4), and the weights of such lists.

use base::Language;
use http::{HeaderMap, header};

/// The language of texts for this caller: Japanese, unless English is preferred to it. Without the header, and where
/// any language will do, the answer is Japanese, the language of the people the records belong to; a list that names
/// neither (`fr`) is answered in English.
pub(crate) fn preferred(headers: &HeaderMap) -> Language {
    let mut weights = Weights::default();
    for value in headers.get_all(header::ACCEPT_LANGUAGE) {
        value.to_str().unwrap_or("").split(',').for_each(|item| weights.note(item));
    }
    weights.decide()
}

/// Highest weight seen, in thousandths, for each of the languages and for any.
#[derive(Default)]
struct Weights {
    japanese: Option<u16>,
    english: Option<u16>,
    any: Option<u16>,
    other: bool,
}

impl Weights {
    fn note(&mut self, item: &str) {
        let Some((range, weight)) = weighted(item) else {
            return;
        };
        let slot = match range.split('-').next().unwrap_or("") {
            "*" => &mut self.any,
            tag if tag.eq_ignore_ascii_case("ja") => &mut self.japanese,
            tag if tag.eq_ignore_ascii_case("en") => &mut self.english,
            _ => {
                self.other = true;
                return;
            }
        };
        *slot = (*slot).max(Some(weight));
    }

    fn decide(&self) -> Language {
        let japanese = self.japanese.or(self.any);
        let english = self.english.or(self.any);
        let silent = japanese.is_none() && english.is_none();
        if silent && !self.other {
            return Language::Japanese;
        }
        if japanese.unwrap_or(0) > 0 && japanese >= english { Language::Japanese } else { Language::English }
    }
}

/// One item of a weighted list (RFC 9110, section 12.4.2): what stands before the parameters, and its `q` in
/// thousandths. None when it is empty or its weight is malformed.
pub(crate) fn weighted(item: &str) -> Option<(&str, u16)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let mut weight = 1000;
    for parameter in parts {
        if let Some(("q" | "Q", value)) = parameter.split_once('=') {
            weight = thousandths(value)?;
        }
    }
    Some((name, weight))
}

/// `0.25` as 250; at most three decimals and at most 1.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let plain = decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || !matches!(whole, "0" | "1") {
        return None;
    }
    let value = format!("{whole}{decimals:0<3}").parse().ok()?;
    (value <= 1000).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn of(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
        preferred(&headers)
    }

    #[test]
    fn the_preferred_language_decides() {
        for text in ["ja", "ja-JP, en;q=0.9", "en;q=0.5, ja;q=0.5", "*", "fr, *;q=0.5", "en;q=0, *", "", "JA"]
        {
            assert_eq!(of(text), Language::Japanese, "{text}");
        }
        for text in ["en", "en-GB", "en, ja;q=0.9", "fr", "ja;q=0", "ja;q=0, *", "en-US,en;q=0.5,ja;q=0.3"] {
            assert_eq!(of(text), Language::English, "{text}");
        }
    }

    #[test]
    fn without_the_header_texts_are_japanese() {
        assert_eq!(preferred(&HeaderMap::new()), Language::Japanese);
    }

    #[test]
    fn a_weight_has_at_most_three_decimals_and_is_at_most_one() {
        assert_eq!(weighted("a;q=0.25"), Some(("a", 250)));
        assert_eq!(weighted(" a ; x=y ; q=1.000"), Some(("a", 1000)));
        for item in ["a;q=2", "a;q=1.001", "a;q=0.1234", "a;q=-1", "a;q=x", "", ";q=1"] {
            assert_eq!(weighted(item), None, "{item}");
        }
    }
}
