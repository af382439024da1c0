//! How far a record is, as the entry of its version says (docs/formats.md, section 15), and what may be done with it then.

use crate::desk::{Ask, Desk, May};
use crate::form::encoded;
use serde_json::Value;

/// How far a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Draft,
    Final,
    Amended,
    Withdrawn,
    /// The record has no state: of administration, or from before there were states.
    Without,
    /// Nobody could look: nothing is offered then.
    Unknown,
}

/// What the entry of the current version says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) is: Is,
    /// What was done last (`enter`, `return`, …).
    pub(super) act: String,
    /// The account that answers for it.
    pub(super) responsible: Option<String>,
    /// The account that entered it for them.
    pub(super) entered: Option<String>,
    /// The accounts that signed beside.
    pub(super) cosigned: Vec<String>,
    /// The id of the Provenance that tells of the last act.
    pub(super) provenance: Option<String>,
}

/// What may be done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Finalize,
    Approve,
    Return,
    Cosign,
    Withdraw,
}

impl Act {
    pub(super) const ALL: [Self; 5] =
        [Self::Finalize, Self::Approve, Self::Return, Self::Cosign, Self::Withdraw];

    /// Its name in addresses, operations and the law.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Finalize => "finalize",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Cosign => "cosign",
            Self::Withdraw => "withdraw",
        }
    }

    /// Whether it needs a reason.
    pub(super) fn has_reason(self) -> bool {
        matches!(self, Self::Return | Self::Withdraw)
    }

    /// The key of the text of its button.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Finalize => "write-do-finalize",
            Self::Approve => "write-do-approve",
            Self::Return => "write-do-return",
            Self::Cosign => "write-do-cosign",
            Self::Withdraw => "write-do-withdraw",
        }
    }

    /// The key of the text that says what it means.
    pub(super) fn means(self) -> &'static str {
        match self {
            Self::Finalize => "write-means-finalize",
            Self::Approve => "write-means-approve",
            Self::Return => "write-means-return",
            Self::Cosign => "write-means-cosign",
            Self::Withdraw => "write-means-withdraw",
        }
    }
}

impl Standing {
    /// Asks for the state of a record.
    pub(super) async fn of(desk: &dyn Desk, kind: &str, id: &str) -> Self {
        let path = format!("fhir/{}/{}/$proof", encoded(kind), encoded(id));
        match desk.call(Ask::get(path)).await {
            Ok(proof) => Self::read(&proof.json()),
            Err(_) => Self::empty(Is::Unknown),
        }
    }

    fn empty(is: Is) -> Self {
        let act = String::new();
        Self { is, act, responsible: None, entered: None, cosigned: Vec::new(), provenance: None }
    }

    /// Reads the entry in a proof file.
    fn read(proof: &Value) -> Self {
        let entry = proof.get("entry").and_then(Value::as_str);
        let Some(entry) = entry.and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            return Self::empty(Is::Unknown);
        };
        let Some(state) = entry.get("state").filter(|state| state.is_object()) else {
            return Self::empty(Is::Without);
        };
        let text = |name: &str| state.get(name).and_then(Value::as_str).map(str::to_owned);
        let is = match text("is").as_deref() {
            Some("draft") => Is::Draft,
            Some("final") => Is::Final,
            Some("amended") => Is::Amended,
            Some("withdrawn") => Is::Withdrawn,
            _ => Is::Unknown,
        };
        let cosigned = state.get("cosigned").and_then(Value::as_array).map(Vec::as_slice);
        Self {
            is,
            act: text("act").unwrap_or_default(),
            responsible: text("responsible"),
            entered: text("entered"),
            cosigned: cosigned
                .unwrap_or_default()
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            provenance: text("provenance"),
        }
    }

    /// The key of the word for the state, and the class of its tag.
    pub(super) fn tag(&self) -> (&'static str, &'static str) {
        match self.is {
            Is::Draft if self.was_returned() => ("write-state-returned", "bad"),
            Is::Draft if self.entered.is_some() => ("write-state-waiting", "wait"),
            Is::Draft => ("write-state-draft", "wait"),
            Is::Final => ("write-state-final", "good"),
            Is::Amended => ("write-state-amended", "good"),
            Is::Withdrawn => ("write-state-withdrawn", "bad"),
            Is::Without => ("write-state-without", "none"),
            Is::Unknown => ("write-state-unknown", "wait"),
        }
    }

    /// Whether it was given back and not edited since.
    pub(super) fn was_returned(&self) -> bool {
        self.act == "return"
    }

    /// What fits the state, this person and the law.
    pub(super) fn acts(&self, desk: &dyn Desk, kind: &'static str, me: &str) -> Vec<Act> {
        Act::ALL
            .into_iter()
            .filter(|act| self.fits(*act, me) && desk.may(May::Act(act.name(), kind)))
            .collect()
    }

    /// Whether an act fits the state and what this person is to the record.
    pub(super) fn fits(&self, act: Act, me: &str) -> bool {
        let mine = self.responsible.as_deref() == Some(me);
        let settled = matches!(self.is, Is::Final | Is::Amended);
        match act {
            Act::Finalize => self.is == Is::Draft && self.entered.is_none(),
            Act::Approve => self.is == Is::Draft && self.entered.is_some() && mine,
            Act::Return => self.is == Is::Draft && self.entered.is_some() && mine && !self.was_returned(),
            Act::Cosign => settled && !mine && !self.cosigned.iter().any(|one| one == me),
            Act::Withdraw => settled,
        }
    }

    /// Whether the content may be written over, or amended.
    pub(super) fn edit(&self, desk: &dyn Desk, kind: &'static str) -> Option<&'static str> {
        let (way, law) = match self.is {
            Is::Draft => ("edit", "update"),
            Is::Final | Is::Amended => ("amend", "amend"),
            Is::Withdrawn | Is::Without | Is::Unknown => return None,
        };
        desk.may(May::Act(law, kind)).then_some(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::{Trial, wait};
    use serde_json::json;

    fn standing(state: &Value) -> Standing {
        let entry = json!({ "state": state }).to_string();
        let desk = Trial::new().told("fhir/Composition/c/$proof", json!({ "entry": entry }));
        wait(Standing::of(&desk, "Composition", "c"))
    }

    fn acts(state: &Value, me: &str) -> Vec<&'static str> {
        let of = standing(state).acts(&Trial::new(), "Composition", me);
        of.into_iter().map(Act::name).collect()
    }

    #[test]
    fn each_state_offers_what_fits_it_and_whoever_looks() {
        let draft = json!({ "is": "draft", "act": "enter", "responsible": "a" });
        assert_eq!(acts(&draft, "a"), ["finalize"]);
        let proxy = json!({ "is": "draft", "act": "enter", "responsible": "a", "entered": "b" });
        assert_eq!(acts(&proxy, "a"), ["approve", "return"]);
        assert_eq!(acts(&proxy, "b"), [""; 0]);
        let back = json!({ "is": "draft", "act": "return", "responsible": "a", "entered": "b" });
        assert_eq!(acts(&back, "a"), ["approve"]);
        let done = json!({ "is": "final", "act": "finalize", "responsible": "a", "cosigned": ["c"] });
        assert_eq!(acts(&done, "a"), ["withdraw"]);
        assert_eq!(acts(&done, "b"), ["cosign", "withdraw"]);
        assert_eq!(acts(&done, "c"), ["withdraw"]);
        assert_eq!(acts(&json!({ "is": "withdrawn", "act": "withdraw" }), "a"), [""; 0]);
    }

    #[test]
    fn what_the_law_refuses_is_not_offered() {
        let done = standing(&json!({ "is": "final", "act": "finalize", "responsible": "a" }));
        let desk = Trial::new()
            .without(May::Act("withdraw", "Composition"))
            .without(May::Act("amend", "Composition"));
        assert_eq!(done.acts(&desk, "Composition", "a"), []);
        assert_eq!(done.edit(&desk, "Composition"), None);
        assert_eq!(done.edit(&Trial::new(), "Composition"), Some("amend"));
    }

    #[test]
    fn where_nobody_could_look_nothing_is_offered() {
        let unknown = wait(Standing::of(&Trial::new(), "Composition", "c"));
        assert_eq!(unknown.is, Is::Unknown);
        assert_eq!(unknown.acts(&Trial::new(), "Composition", "a"), []);
        assert_eq!(unknown.edit(&Trial::new(), "Composition"), None);
        assert_eq!(standing(&json!({ "is": "new word" })).is, Is::Unknown);
    }
}
