//! Distinguished names as text (RFC 4514), safe to print.

use std::fmt::Write as _;
use x509_parser::der_parser::asn1_rs::{Tag, ToDer as _};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// Short names of attribute types: RFC 4514, section 3, and those registered for certificates beside them.
const SHORT: [(&str, &str); 13] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.6", "C"),
    ("2.5.4.9", "STREET"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("2.5.4.4", "SN"),
    ("2.5.4.42", "GN"),
    ("2.5.4.5", "serialNumber"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// The name as RFC 4514 text: the last part first, parts separated by commas.
pub(super) fn text(name: &X509Name<'_>) -> String {
    let mut parts: Vec<String> =
        name.iter().map(|part| part.iter().map(attribute).collect::<Vec<_>>().join("+")).collect();
    parts.reverse();
    parts.join(",")
}

/// The values of O (organisation) in the name.
pub(super) fn organisations(name: &X509Name<'_>) -> Vec<String> {
    name.iter_organization().filter_map(value).collect()
}

fn attribute(attribute: &AttributeTypeAndValue<'_>) -> String {
    let oid = attribute.attr_type().to_id_string();
    let short = SHORT.iter().find(|(id, _)| *id == oid).map(|(_, short)| *short);
    match (short, value(attribute)) {
        (Some(short), Some(value)) => format!("{short}={}", escaped(&value)),
        (short, _) => {
            let der = attribute.attr_value().to_der_vec().unwrap_or_default();
            format!("{}=#{}", short.unwrap_or(&oid), super::hex(&der))
        }
    }
}

/// The value of a string type; `None` for anything else.
fn value(attribute: &AttributeTypeAndValue<'_>) -> Option<String> {
    let bytes = attribute.as_slice();
    match attribute.attr_value().tag() {
        Tag::BmpString => {
            let units = bytes.chunks(2).map(|pair| pair.try_into().map(u16::from_be_bytes));
            String::from_utf16(&units.collect::<Result<Vec<_>, _>>().ok()?).ok()
        }
        _ => attribute.as_str().ok().map(str::to_owned),
    }
}

/// RFC 4514, section 2.4. Control characters and those that turn the direction of writing become hexadecimal pairs too,
/// so that a name cannot rearrange the line it is printed on.
fn escaped(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut text = String::with_capacity(value.len());
    for (at, character) in value.chars().enumerate() {
        let edge = (at == 0 && matches!(character, ' ' | '#')) || (at == last && character == ' ');
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.extend(['\\', character]),
            _ if edge => text.extend(['\\', character]),
            _ if hidden(character) => {
                for byte in character.to_string().bytes() {
                    // Writing to a String does not fail.
                    write!(text, "\\{byte:02X}").unwrap_or_default();
                }
            }
            _ => text.push(character),
        }
    }
    text
}

pub(super) fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_are_escaped_as_rfc_4514_says() {
        assert_eq!(escaped("Clinic, \"A\" + B"), r#"Clinic\, \"A\" \+ B"#);
        assert_eq!(escaped(" #x "), r"\ #x\ ");
        assert_eq!(escaped("#x"), r"\#x");
        assert_eq!(escaped("山田"), "山田");
        assert_eq!(escaped(" "), r"\ ");
    }

    #[test]
    fn a_name_cannot_rearrange_the_line_it_is_printed_on() {
        assert_eq!(escaped("a\nb\u{202E}c\0"), r"a\0Ab\E2\80\AEc\00");
    }
}
