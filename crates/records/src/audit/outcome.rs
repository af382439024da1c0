//! How an access ended: `AuditEvent.outcome` and `outcomeDesc`.

use access::{Access, Decided, Ended};

/// The code of `audit-event-outcome`: 0 good; 4, 8 and 12 failures of growing weight. What was refused weighs more than
/// what was merely wrong, as in BALP's decisions; 12 is a fault of the server.
pub(super) fn code(access: &Access) -> &'static str {
    match (access.ended, access.status) {
        _ if !access.failed() => "0",
        (Ended::Answered, 500..) => "12",
        (Ended::TimedOut, _) | (Ended::Answered, 401 | 403) => "8",
        (Ended::Answered, _) if access.decided == Decided::Refused => "8",
        (Ended::Answered | Ended::Abandoned, _) => "4",
    }
}

/// What it was called: the code of the problem, and how the request ended where there was no answer.
pub(super) fn described(access: &Access) -> Option<String> {
    let ended = match access.ended {
        Ended::Answered => None,
        Ended::TimedOut => Some("timed out"),
        Ended::Abandoned => Some("abandoned"),
    };
    let refused = (access.decided == Decided::Refused).then_some("refused");
    let said: Vec<&str> = access.code.as_deref().into_iter().chain(refused).chain(ended).collect();
    (!said.is_empty()).then(|| said.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_answered_well_is_a_success() {
        let of = |ended, status, decided| code(&Access { ended, status, decided, ..Access::default() });
        for status in [200, 201, 204, 304] {
            assert_eq!(of(Ended::Answered, status, Decided::Permitted), "0");
        }
        assert_eq!(of(Ended::Answered, 0, Decided::Not), "4", "nobody said how it ended");
        assert_eq!(of(Ended::Answered, 404, Decided::Permitted), "4");
        assert_eq!(of(Ended::Answered, 404, Decided::Refused), "8");
        assert_eq!(of(Ended::Answered, 200, Decided::Refused), "8");
        assert_eq!(of(Ended::Answered, 403, Decided::Refused), "8");
        assert_eq!(of(Ended::Answered, 401, Decided::Not), "8");
        assert_eq!(of(Ended::Answered, 503, Decided::Permitted), "12");
        assert_eq!(of(Ended::Abandoned, 200, Decided::Permitted), "4");
        assert_eq!(of(Ended::TimedOut, 200, Decided::Permitted), "8");
    }

    #[test]
    fn the_description_names_the_problem_and_the_end() {
        let access = Access {
            code: Some("AC-0001".to_owned()),
            decided: Decided::Refused,
            ended: Ended::Abandoned,
            ..Access::default()
        };
        assert_eq!(described(&access).as_deref(), Some("AC-0001; refused; abandoned"));
        assert_eq!(described(&Access::default()), None);
    }
}
