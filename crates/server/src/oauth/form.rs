//! The parameters of OAuth requests: one that stands twice counts as absent, since it cannot be told which is meant
//! (RFC 6749, section 3.1), and unknown ones are passed over.

use crate::{codes, decode};
use base::Problem;
use identity::Hidden;
use identity::door::ClientShown;
use std::collections::BTreeMap;

/// Parameters by their names.
pub(super) struct Form(BTreeMap<String, Option<String>>);

impl Form {
    /// Reads a query or a body.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Problem> {
        let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(&codes::ENCODING_WRONG))?;
        let mut values = BTreeMap::new();
        for (name, value) in decode::pairs(text)? {
            // A parameter without a value counts as absent too.
            let value = (!value.is_empty() && !values.contains_key(&name)).then_some(value);
            values.insert(name, value);
        }
        Ok(Self(values))
    }

    /// A value; none when it is absent or doubled.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned().flatten()
    }

    /// A value that nobody else may see.
    pub(super) fn hidden(&self, name: &str) -> Option<Hidden> {
        self.get(name).map(Hidden::new)
    }

    /// Whether a parameter is there, once or more.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// What the client shows of itself.
    pub(super) fn client(&self) -> ClientShown {
        ClientShown {
            id: self.get("client_id"),
            assertion_type: self.get("client_assertion_type"),
            assertion: self.hidden("client_assertion"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_or_is_empty_is_absent() {
        let form = Form::read(b"a=1&b=2&b=3&c=&d=x%20y").unwrap();
        assert_eq!((form.get("a"), form.get("d")), (Some("1".to_owned()), Some("x y".to_owned())));
        assert_eq!((form.get("b"), form.get("c"), form.get("e")), (None, None, None));
        assert!(form.has("b") && form.has("c") && !form.has("e"));
    }
}
