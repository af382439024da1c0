//! By what versions are written and by whom, and what their entries and Provenances must say then: written from
//! docs/formats.md, section 15, and not from the table that the server asks.

use serde_json::{Map, Value, json};

/// By what a version is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    /// A plain write: of a report, a draft.
    Write,
    /// A draft that another is to answer for.
    Enter,
    Finalize,
    Approve,
    Return,
    Assign,
    Cosign,
    Amend,
    Withdraw,
    /// Finalised by the server because a deadline was over.
    Lapse,
    Merge,
    Unmerge,
}

impl By {
    /// Its name: in figures, and of an act on a record that of the operation too.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Enter => "enter",
            Self::Finalize => "finalize",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Assign => "assign",
            Self::Cosign => "cosign",
            Self::Amend => "amend",
            Self::Withdraw => "withdraw",
            Self::Lapse => "lapse",
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
        }
    }

    /// Whether it is asked for as an operation on one record.
    pub(crate) fn is_operation(self) -> bool {
        !matches!(self, Self::Write | Self::Enter | Self::Lapse | Self::Merge | Self::Unmerge)
    }

    /// Whether a reason must be given.
    pub(crate) fn needs_reason(self) -> bool {
        matches!(
            self,
            Self::Return | Self::Assign | Self::Amend | Self::Withdraw | Self::Merge | Self::Unmerge
        )
    }

    /// Whether it brings a new content; all others keep what is said.
    pub(crate) fn says_anew(self) -> bool {
        matches!(self, Self::Write | Self::Enter | Self::Amend)
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// A service that may settle what it sends.
    Tester,
    /// A medical clerk, who enters for doctors.
    Clerk,
    Doctor,
    /// Another doctor.
    Colleague,
    /// The server itself.
    Deadline,
}

impl Who {
    /// The people, who log in.
    pub(crate) const PEOPLE: [Self; 3] = [Self::Clerk, Self::Doctor, Self::Colleague];

    /// The id of the account.
    pub(crate) fn account(self) -> &'static str {
        match self {
            Self::Tester => "tester",
            Self::Clerk => "kato",
            Self::Doctor => "sato",
            Self::Colleague => "ito",
            Self::Deadline => "deadline",
        }
    }

    /// What people are at the facility.
    pub(crate) fn occupation(self) -> &'static str {
        if self == Self::Clerk { "medical-clerk" } else { "doctor" }
    }

    /// The doctor who is not this one.
    pub(crate) fn other_doctor(self) -> Self {
        if self == Self::Doctor { Self::Colleague } else { Self::Doctor }
    }

    fn is_person(self) -> bool {
        Self::PEOPLE.contains(&self)
    }

    /// As entries name them.
    fn actor(self) -> Value {
        let kind = match self {
            Self::Tester => "service",
            Self::Deadline => "system",
            _ => "person",
        };
        json!({ "kind": kind, "id": self.account() })
    }
}

/// What a version of a report is, and how it came to be that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) is: &'static str,
    /// The act in the entry.
    pub(crate) act: &'static str,
    pub(crate) who: Who,
    pub(crate) responsible: Option<Who>,
    pub(crate) entered: Option<Who>,
    pub(crate) cosigned: Vec<Who>,
}

impl Standing {
    /// What becomes of a report by an act. `to` is who is named, where somebody is.
    pub(crate) fn after(before: Option<&Self>, (by, who, to): (By, Who, Option<Who>)) -> Self {
        let is = match by {
            By::Finalize | By::Approve | By::Lapse => "final",
            By::Amend => "amended",
            By::Withdraw => "withdrawn",
            By::Cosign => before.map_or("final", |before| before.is),
            _ => "draft",
        };
        let (responsible, entered) = match (by, before) {
            (By::Enter, _) => (to, Some(who)),
            (By::Assign, before) => (to, before.and_then(|before| before.entered)),
            (By::Finalize | By::Amend | By::Withdraw, _) => (Some(who), None),
            (_, Some(before)) => (before.responsible, before.entered),
            (_, None) => (who.is_person().then_some(who), None),
        };
        let mut cosigned = Vec::new();
        if by == By::Cosign {
            cosigned.extend(before.into_iter().flat_map(|before| before.cosigned.iter().copied()));
            cosigned.push(who);
        }
        let act = match (by, before) {
            (By::Write | By::Enter, None) => "enter",
            (By::Write | By::Enter, Some(_)) => "edit",
            _ => by.name(),
        };
        Self { is, act, who, responsible, entered, cosigned }
    }

    /// Doctors who may sign beside who answers for it, and have not.
    pub(crate) fn cosigner(&self) -> Option<Who> {
        let free = |one: &Who| self.responsible != Some(*one) && !self.cosigned.contains(one);
        [Who::Doctor, Who::Colleague].into_iter().find(free)
    }

    /// The status that the content has.
    pub(crate) fn status(&self) -> &'static str {
        match self.is {
            "draft" => "preliminary",
            "withdrawn" => "entered-in-error",
            other => other,
        }
    }

    /// The members of an entry that follow from it: `actor`, and `state` without the id of the Provenance.
    pub(crate) fn said(&self) -> (Value, Value) {
        let mut state = Map::new();
        state.insert("is".to_owned(), self.is.into());
        state.insert("act".to_owned(), self.act.into());
        for (name, who) in [("responsible", self.responsible), ("entered", self.entered)] {
            state.extend(who.map(|who| (name.to_owned(), who.account().into())));
        }
        if !self.cosigned.is_empty() {
            let accounts: Vec<&str> = self.cosigned.iter().map(|who| who.account()).collect();
            state.insert("cosigned".to_owned(), json!(accounts));
        }
        (self.who.actor(), Value::Object(state))
    }

    /// Role and account of all who take part in the act, as its Provenance names them; none where nothing tells of it.
    pub(crate) fn agents(&self, by: By) -> Vec<(&'static str, &'static str)> {
        let own = match by {
            By::Write => return Vec::new(),
            By::Enter => None,
            By::Assign | By::Lapse => Some("performer"),
            By::Cosign => Some("attester"),
            _ => Some("author"),
        };
        let named = self.responsible.filter(|_| matches!(by, By::Enter | By::Assign));
        let entered =
            self.entered.filter(|_| matches!(by, By::Enter | By::Approve | By::Return | By::Assign));
        let agents = [
            named.map(|who| ("author", who.account())),
            own.map(|role| (role, self.who.account())),
            entered.map(|who| ("enterer", who.account())),
        ];
        agents.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(steps: &[(By, Who, Option<Who>)]) -> Standing {
        let mut standing = None;
        for step in steps {
            standing = Some(Standing::after(standing.as_ref(), *step));
        }
        standing.unwrap()
    }

    #[test]
    fn what_a_clerk_entered_is_answered_for_by_who_was_named_last() {
        let enter = (By::Enter, Who::Clerk, Some(Who::Doctor));
        let assign = (By::Assign, Who::Clerk, Some(Who::Colleague));
        let assigned = after(&[enter, assign]);
        assert_eq!(
            assigned.said().1,
            json!({ "is": "draft", "act": "assign", "responsible": "ito", "entered": "kato" })
        );
        assert_eq!(
            assigned.agents(By::Assign),
            [("author", "ito"), ("performer", "kato"), ("enterer", "kato")]
        );
        let approved = after(&[enter, assign, (By::Approve, Who::Colleague, None)]);
        assert_eq!((approved.is, approved.entered), ("final", Some(Who::Clerk)));
        assert_eq!(approved.agents(By::Approve), [("author", "ito"), ("enterer", "kato")]);
        assert_eq!(approved.cosigner(), Some(Who::Doctor));
    }

    #[test]
    fn an_amendment_is_signed_by_nobody_yet_and_answered_for_by_who_made_it() {
        let enter = (By::Enter, Who::Clerk, Some(Who::Doctor));
        let approve = (By::Approve, Who::Doctor, None);
        let cosign = (By::Cosign, Who::Colleague, None);
        let signed = after(&[enter, approve, cosign]);
        assert_eq!(signed.said().1["cosigned"], json!(["ito"]));
        assert_eq!((signed.is, signed.cosigner()), ("final", None));
        let amended = after(&[enter, approve, cosign, (By::Amend, Who::Tester, None)]);
        assert_eq!(amended.said().1, json!({ "is": "amended", "act": "amend", "responsible": "tester" }));
        assert_eq!(amended.said().0, json!({ "kind": "service", "id": "tester" }));
    }

    #[test]
    fn nobody_answers_for_the_draft_of_a_machine_and_its_author_for_that_of_a_person() {
        assert_eq!(after(&[(By::Write, Who::Tester, None)]).responsible, None);
        let lapsed = after(&[(By::Write, Who::Doctor, None), (By::Lapse, Who::Deadline, None)]);
        assert_eq!((lapsed.responsible, lapsed.is), (Some(Who::Doctor), "final"));
        assert_eq!(lapsed.agents(By::Lapse), [("performer", "deadline")]);
    }
}
