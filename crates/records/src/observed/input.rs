//! What is wrong with an input is refused: tried with the check that every write goes through.

use crate::write;

/// A good resource, so that a check which refuses everything does not pass for one that works.
const GOOD: &str = r#"{"resourceType":"Patient","gender":"female","birthDate":"1950-01-01"}"#;

/// One fault each: an element that there is not, a date that is none, a code outside of its list, and a reference to
/// something that the resource should contain and does not.
const BROKEN: [&str; 4] = [
    r#"{"resourceType":"Patient","gender":"female","birthDay":"1950-01-01"}"#,
    r#"{"resourceType":"Patient","gender":"female","birthDate":"1950-02-30"}"#,
    r#"{"resourceType":"Patient","gender":"lady","birthDate":"1950-01-01"}"#,
    r##"{"resourceType":"Patient","gender":"female","managingOrganization":{"reference":"#none"}}"##,
];

/// Whether each of some broken resources is refused, and one that is not broken is taken. Nothing is written.
pub fn refuses_broken_input() -> bool {
    let taken = |body: &str| write::checked("Patient", body.as_bytes()).is_ok();
    taken(GOOD) && !BROKEN.into_iter().any(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_alone_is_refused_and_what_has_none_is_taken() {
        assert!(refuses_broken_input());
        for body in BROKEN {
            assert!(write::checked("Patient", body.as_bytes()).is_err(), "{body}");
        }
    }
}
