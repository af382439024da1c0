//! How far a record is, as the entry of its version says (docs/formats.md, section 15), and what may be done with it then.

use crate::desk::{Ask, Desk, May};
use crate::form::encoded;
use fhir::definitions::STATED_TYPES;
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
    /// Where the entry of this version stands in the journal; empty where nobody could look.
    pub(super) position: String,
}

/// What may be done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Finalize,
    Approve,
    Return,
    Assign,
    Cosign,
    Withdraw,
    Delete,
}

impl Act {
    pub(super) const ALL: [Self; 7] = [
        Self::Finalize,
        Self::Approve,
        Self::Return,
        Self::Assign,
        Self::Cosign,
        Self::Withdraw,
        Self::Delete,
    ];

    /// Its name in addresses, operations and the law.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Finalize => "finalize",
            Self::Approve => "approve",
            Self::Return => "return",
            Self::Assign => "assign",
            Self::Cosign => "cosign",
            Self::Withdraw => "withdraw",
            Self::Delete => "delete",
        }
    }

    /// Whether it needs a reason.
    pub(super) fn has_reason(self) -> bool {
        matches!(self, Self::Return | Self::Assign | Self::Withdraw)
    }

    /// Whether it is behind a line that has to be opened first: it needs more than a press, or cannot be undone.
    pub(super) fn asks(self) -> bool {
        self.has_reason() || self == Self::Delete
    }

    /// Whether its button warns.
    pub(super) fn warns(self) -> bool {
        matches!(self, Self::Withdraw | Self::Delete)
    }

    /// The key of the text of its button.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Finalize => "write-do-finalize",
            Self::Approve => "write-do-approve",
            Self::Return => "write-do-return",
            Self::Assign => "write-do-assign",
            Self::Cosign => "write-do-cosign",
            Self::Withdraw => "write-do-withdraw",
            Self::Delete => "write-do-delete",
        }
    }

    /// The key of the text that says what it means.
    pub(super) fn means(self) -> &'static str {
        match self {
            Self::Finalize => "write-means-finalize",
            Self::Approve => "write-means-approve",
            Self::Return => "write-means-return",
            Self::Assign => "write-means-assign",
            Self::Cosign => "write-means-cosign",
            Self::Withdraw => "write-means-withdraw",
            Self::Delete => "write-means-delete",
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
        Self {
            is,
            act: String::new(),
            responsible: None,
            entered: None,
            cosigned: Vec::new(),
            provenance: None,
            position: String::new(),
        }
    }

    /// Reads the entry in a proof file.
    fn read(proof: &Value) -> Self {
        let entry = proof.get("entry").and_then(Value::as_str);
        let Some(entry) = entry.and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            return Self::empty(Is::Unknown);
        };
        let tree = proof.get("proof").and_then(Value::as_str).unwrap_or_default();
        let position = tree.lines().find_map(|line| line.strip_prefix("index ")).unwrap_or_default();
        let Some(state) = entry.get("state").filter(|state| state.is_object()) else {
            return Self { position: position.to_owned(), ..Self::empty(Is::Without) };
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
            position: position.to_owned(),
        }
    }

    /// The key of the word for the state, and the class of its tag.
    pub(super) fn tag(&self, kind: &str) -> (&'static str, &'static str) {
        match self.is {
            Is::Draft if self.was_returned() => ("write-state-returned", "bad"),
            Is::Draft if self.entered.is_some() => ("write-state-waiting", "wait"),
            Is::Draft => ("write-state-draft", "wait"),
            Is::Final => ("write-state-final", "good"),
            Is::Amended => ("write-state-amended", "good"),
            Is::Withdrawn => ("write-state-withdrawn", "bad"),
            Is::Without if self.is_taken_over(kind) => ("write-state-taken-over", "none"),
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
        let lawful = |act: &Act| {
            // Of what is their own the law lets more people delete; it says so of the one record.
            let own = [&self.responsible, &self.entered].iter().any(|one| one.as_deref() == Some(me));
            desk.may(May::Act(act.name(), kind)) || (*act == Act::Delete && own)
        };
        Act::ALL.into_iter().filter(|act| self.fits(*act, kind, me)).filter(lawful).collect()
    }

    /// Whether an act fits the state and what this person is to the record.
    pub(super) fn fits(&self, act: Act, kind: &str, me: &str) -> bool {
        let mine = self.responsible.as_deref() == Some(me);
        let settled = matches!(self.is, Is::Final | Is::Amended);
        let draft = self.is == Is::Draft;
        let taken_over = self.is_taken_over(kind);
        match act {
            Act::Finalize => taken_over || (draft && self.entered.is_none()),
            Act::Approve => draft && self.entered.is_some() && mine,
            Act::Return => draft && self.entered.is_some() && mine && !self.was_returned(),
            Act::Assign => draft && self.entered.is_some(),
            Act::Cosign => settled && !mine && !self.cosigned.iter().any(|one| one == me),
            Act::Withdraw => settled || taken_over,
            Act::Delete => draft || (self.is == Is::Without && !taken_over),
        }
    }

    /// Whether the record could have a state and has none: it was brought in from another system (decision 051), and nobody
    /// here answers for it.
    pub(super) fn is_taken_over(&self, kind: &str) -> bool {
        self.is == Is::Without && STATED_TYPES.contains(&kind)
    }

    /// Whether the content may be written over, or amended.
    pub(super) fn edit(&self, desk: &dyn Desk, kind: &'static str) -> Option<&'static str> {
        let (way, law) = match self.is {
            Is::Draft | Is::Without => ("edit", "update"),
            Is::Final | Is::Amended => ("amend", "amend"),
            Is::Withdrawn | Is::Unknown => return None,
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
        assert_eq!(acts(&draft, "a"), ["finalize", "delete"]);
        let proxy = json!({ "is": "draft", "act": "enter", "responsible": "a", "entered": "b" });
        assert_eq!(acts(&proxy, "a"), ["approve", "return", "assign", "delete"]);
        assert_eq!(acts(&proxy, "b"), ["assign", "delete"]);
        let back = json!({ "is": "draft", "act": "return", "responsible": "a", "entered": "b" });
        assert_eq!(acts(&back, "a"), ["approve", "assign", "delete"]);
        let done = json!({ "is": "final", "act": "finalize", "responsible": "a", "cosigned": ["c"] });
        assert_eq!(acts(&done, "a"), ["withdraw"]);
        assert_eq!(acts(&done, "b"), ["cosign", "withdraw"]);
        assert_eq!(acts(&done, "c"), ["withdraw"]);
        assert_eq!(acts(&json!({ "is": "withdrawn", "act": "withdraw" }), "a"), [""; 0]);
    }

    #[test]
    fn what_was_brought_in_from_elsewhere_can_be_finalised_here_and_what_has_no_states_only_deleted() {
        let without = standing(&Value::Null);
        assert_eq!(without.is, Is::Without);
        let acts = |kind| without.acts(&Trial::new(), kind, "a");
        assert_eq!(acts("Condition"), [Act::Finalize, Act::Withdraw]);
        assert_eq!(acts("Flag"), [Act::Delete]);
        assert_eq!(
            (without.tag("Condition").0, without.tag("Flag").0),
            ("write-state-taken-over", "write-state-without")
        );
        assert_eq!(without.edit(&Trial::new(), "Flag"), Some("edit"));
    }

    #[test]
    fn who_may_not_delete_in_general_may_delete_their_own_draft() {
        let desk = Trial::new().without(May::Act("delete", "Composition"));
        let draft = standing(&json!({ "is": "draft", "act": "enter", "responsible": "a" }));
        let deletes = |me: &str| draft.acts(&desk, "Composition", me).contains(&Act::Delete);
        assert!(deletes("a") && !deletes("b"));
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
