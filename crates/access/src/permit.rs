//! The proof that a decision was made, and what is said where it was not.

use crate::action::{Action, ActionGroup};
use base::RecordKey;
use std::sync::Arc;

/// The ids of the policies that decided, in their order.
pub type Policies = Arc<[String]>;

/// The law has permitted this action on this record. Only [`crate::Law`] makes one:
///
/// ```
/// use access::{Action, Context, Law, Resource, Who};
/// use base::{RecordKey, ResourceId};
///
/// let key = RecordKey::new("Patient", ResourceId::parse("1").unwrap());
/// let (who, on) = (Who::system("demo", "console"), Resource::of_kind("Patient"));
/// let permit = Law::builtin().permit(&who, Action::IMPORT, &key, &on, &Context::default()).unwrap();
/// assert_eq!(permit.key(), &key);
/// ```
///
/// Nobody else can, neither by its members nor by its constructor nor out of nothing:
///
/// ```compile_fail,E0451
/// use access::{Action, Permit, Policies};
/// use base::{RecordKey, ResourceId};
///
/// let key = RecordKey::new("Patient", ResourceId::parse("1").unwrap());
/// let permit = Permit { action: Action::IMPORT, key, policies: Policies::from([]) };
/// ```
///
/// ```compile_fail,E0624
/// use access::{Action, Permit, Policies};
/// use base::{RecordKey, ResourceId};
///
/// let key = RecordKey::new("Patient", ResourceId::parse("1").unwrap());
/// let permit = Permit::new(Action::IMPORT, key, Policies::from([]));
/// ```
///
/// ```compile_fail,E0277
/// let permit: access::Permit = Default::default();
/// ```
///
/// ```compile_fail,E0277
/// let permit: access::Permit = serde_json::from_str("{}").unwrap();
/// ```
///
/// What it permits cannot be changed afterwards:
///
/// ```compile_fail,E0616
/// fn widened(mut permit: access::Permit) {
///     permit.action = access::Action::DELETE;
/// }
/// ```
///
/// ```
/// fn asked(permit: access::Permit) -> access::Action {
///     permit.action()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Permit {
    action: Action,
    key: RecordKey,
    policies: Policies,
}

impl Permit {
    pub(crate) fn new(action: Action, key: RecordKey, policies: Policies) -> Self {
        Self { action, key, policies }
    }

    /// What is permitted.
    pub fn action(&self) -> Action {
        self.action
    }

    /// On which record.
    pub fn key(&self) -> &RecordKey {
        &self.key
    }

    /// By which policies.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Whether the record may be changed by it.
    pub fn writes(&self) -> bool {
        self.action.group() == ActionGroup::Write
    }

    /// Whether the state of the record may be changed by it.
    pub fn settles(&self) -> bool {
        matches!(
            self.action,
            Action::FINALIZE
                | Action::AMEND
                | Action::WITHDRAW
                | Action::APPROVE
                | Action::RETURN
                | Action::ASSIGN
                | Action::COSIGN
                | Action::LAPSE
        )
    }

    /// Whether it may change which patients are one person.
    pub fn merges(&self) -> bool {
        matches!(self.action, Action::MERGE | Action::UNMERGE)
    }
}

/// The law would let somebody who is not asking answer for a record: approve what is entered for them. It proves that the
/// account may be named as responsible and permits nothing else; to approve, the person asks themself. Only
/// [`crate::Law::answerable`] makes one:
///
/// ```
/// use access::{Context, Law, Resource, Who, WhoKind};
/// use base::{RecordKey, ResourceId};
///
/// let key = RecordKey::new("Observation", ResourceId::parse("1").unwrap());
/// let (law, on) = (Law::builtin(), Resource::of_kind("Observation"));
/// let unknown = Who::unknown("demo");
/// let doctor = Who { kind: WhoKind::Person, occupation: Some("doctor"), account: "sato".into(), ..unknown.clone() };
/// assert_eq!(law.answerable(&doctor, &key, &on, &Context::default()).unwrap().account(), "sato");
/// let clerk = Who { occupation: Some("clerk"), ..doctor };
/// assert!(law.answerable(&clerk, &key, &on, &Context::default()).is_err());
/// ```
///
/// ```compile_fail,E0451
/// fn named(key: base::RecordKey) -> access::Answerable {
///     access::Answerable { key, account: "sato".to_owned() }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Answerable {
    key: RecordKey,
    account: String,
}

impl Answerable {
    pub(crate) fn new(key: RecordKey, account: String) -> Self {
        Self { key, account }
    }

    /// For which record.
    pub fn key(&self) -> &RecordKey {
        &self.key
    }

    /// Who.
    pub fn account(&self) -> &str {
        &self.account
    }
}

/// The law has permitted reading access entries: who did what. Only [`crate::Law`] makes one:
///
/// ```
/// use access::{Context, Law, Who};
///
/// let permit = Law::builtin().audit(&Who::system("demo", "console"), &Context::default()).unwrap();
/// assert_eq!(permit.policies().to_vec(), ["console"]);
/// ```
///
/// ```compile_fail,E0451
/// let permit = access::AuditPermit { policies: access::Policies::from([]) };
/// ```
///
/// ```compile_fail,E0624
/// let permit = access::AuditPermit::new(access::Policies::from([]));
/// ```
#[derive(Clone, Debug)]
pub struct AuditPermit {
    policies: Policies,
}

impl AuditPermit {
    pub(crate) fn new(policies: Policies) -> Self {
        Self { policies }
    }

    /// By which policies.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }
}

/// The law does not permit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The policies that forbid it; empty where none permits it.
    pub policies: Policies,
    /// Why, for people, in English: from the policy's annotation `@reason_en`.
    pub english: String,
    /// The same in Japanese: `@reason_ja`.
    pub japanese: String,
}

impl Refusal {
    /// No policy permits it.
    pub(crate) fn not_permitted() -> Self {
        Self::plain(
            "No policy permits it to your occupation and duties.",
            "あなたの職種と役割に、これを許可するポリシーがありません。",
        )
    }

    /// No action of this name is known.
    pub(crate) fn unknown_action() -> Self {
        Self::plain("The law of the facility does not know this action.", "施設の規則にない操作です。")
    }

    /// A policy could not be evaluated.
    pub(crate) fn faulty() -> Self {
        Self::plain(
            "A policy of the facility could not be evaluated.",
            "施設のポリシーを評価できませんでした。",
        )
    }

    fn plain(english: &str, japanese: &str) -> Self {
        Self { policies: Policies::from([]), english: english.to_owned(), japanese: japanese.to_owned() }
    }
}
