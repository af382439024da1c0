//! Ids of requirements as tokens: OSCAL allows no `/` in an id, and a reference is a fragment of a URI.
//!
//! Letters, digits, `-` and `.` stand for themselves, `_` stands for `/`, and anything else is `_.HEX_` with its code
//! point. Since a `.` after a `/` is written so too, no two ids become one token.

/// The token of an id.
pub(super) fn encode(id: &str) -> String {
    let mut token = String::with_capacity(id.len());
    let mut before = None;
    for one in id.chars() {
        let plain = match one {
            'a'..='z' | 'A'..='Z' => true,
            '0'..='9' | '-' => before.is_some(),
            '.' => before.is_some_and(|before| before != '/'),
            _ => false,
        };
        if one == '/' {
            token.push('_');
        } else if plain {
            token.push(one);
        } else {
            token = format!("{token}_.{:X}_", u32::from(one));
        }
        before = Some(one);
    }
    token
}

/// The id of a token; none where it is not one of ours.
pub(super) fn decode(token: &str) -> Option<String> {
    let mut id = String::with_capacity(token.len());
    let mut rest = token;
    while let Some(one) = rest.chars().next() {
        if let Some(escaped) = rest.strip_prefix("_.") {
            let (hex, after) = escaped.split_once('_')?;
            id.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
            rest = after;
        } else {
            id.push(if one == '_' { '/' } else { one });
            rest = rest.strip_prefix(one)?;
        }
    }
    Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_of_a_requirement_stays_readable() {
        assert_eq!(encode("mhlw-6.0/control/13-1"), "mhlw-6.0_control_13-1");
        assert_eq!(encode("6.0/a_b/.別"), "_.36_.0_a_.5F_b__.2E__.5225_");
    }

    proptest! {
        #[test]
        fn every_id_comes_back_from_its_token(id in "[a-zA-Z0-9/._\\-別添]{0,30}|.{0,30}") {
            let token = encode(&id);
            prop_assert!(token.chars().all(|one| one.is_ascii_alphanumeric() || "_.-".contains(one)));
            prop_assert!(!token.starts_with(|one: char| !one.is_ascii_alphabetic() && one != '_'));
            prop_assert_eq!(decode(&token), Some(id));
        }

        #[test]
        fn a_foreign_token_is_read_or_refused(token in "[_.0-9A-F]{0,20}") {
            drop(decode(&token));
        }
    }
}
