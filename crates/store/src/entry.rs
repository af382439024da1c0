//! Entries of the journal: what is written, exactly as hashed (formats, section 1).

use crate::actor::Actor;
use crate::state::{Is, State, StateAct};
use crate::strict;
use base::limits::{ENTRY_BYTES_MAX, JSON_DEPTH_MAX};
use base::{RecordKey, ResourceId, Time};
use merkle::note::VerifierKey;
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;

/// What an entry tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryKind {
    /// The journal begins.
    #[serde(rename = "journal.open")]
    JournalOpen,
    /// The first version of a record, or the first after its deletion.
    #[serde(rename = "record.create")]
    RecordCreate,
    /// A further version.
    #[serde(rename = "record.update")]
    RecordUpdate,
    /// A deletion.
    #[serde(rename = "record.delete")]
    RecordDelete,
    /// The first version of something that says who may come in, or the first after its deletion.
    #[serde(rename = "identity.create")]
    IdentityCreate,
    /// A further version of it.
    #[serde(rename = "identity.update")]
    IdentityUpdate,
    /// Its end.
    #[serde(rename = "identity.delete")]
    IdentityDelete,
    /// A request, whatever became of it: who asked for what. Its content says so ([`access::Access`]).
    #[serde(rename = "access")]
    Access,
    /// Another key signs from here on (formats, section 20).
    #[serde(rename = "journal.succession")]
    JournalSuccession,
}

/// What happens to a subject, in whichever realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Create,
    Update,
    Delete,
}

/// Types of identities begin with this word; those of FHIR do not.
pub const IDENTITY_PREFIX: &str = "Akashi";

/// Kinds from this number on are no records. Queries over records say `act < 4`.
const FIRST_OF_IDENTITIES: i64 = 4;

impl EntryKind {
    /// The kind for a step of a subject of this type: identities have kinds of their own.
    pub(crate) fn of(step: Step, subject_type: &str) -> Self {
        match (step, subject_type.starts_with(IDENTITY_PREFIX)) {
            (Step::Create, false) => Self::RecordCreate,
            (Step::Update, false) => Self::RecordUpdate,
            (Step::Delete, false) => Self::RecordDelete,
            (Step::Create, true) => Self::IdentityCreate,
            (Step::Update, true) => Self::IdentityUpdate,
            (Step::Delete, true) => Self::IdentityDelete,
        }
    }

    /// What it says of its subject; none where the journal begins or goes to another key, and of an access.
    pub(crate) fn step(self) -> Option<Step> {
        match self {
            Self::JournalOpen | Self::Access | Self::JournalSuccession => None,
            Self::RecordCreate | Self::IdentityCreate => Some(Step::Create),
            Self::RecordUpdate | Self::IdentityUpdate => Some(Step::Update),
            Self::RecordDelete | Self::IdentityDelete => Some(Step::Delete),
        }
    }

    /// Whether it is about somebody who may come in, not about a record.
    pub(crate) fn of_identity(self) -> bool {
        (FIRST_OF_IDENTITIES..Self::Access.number()).contains(&self.number())
    }

    /// The number that the `version` view keeps for it.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::JournalOpen => 0,
            Self::RecordCreate => 1,
            Self::RecordUpdate => 2,
            Self::RecordDelete => 3,
            Self::IdentityCreate => 4,
            Self::IdentityUpdate => 5,
            Self::IdentityDelete => 6,
            // Never in the `version` view: an access has no versions.
            Self::Access => 7,
            Self::JournalSuccession => 8,
        }
    }

    /// The kind with this number.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        let all = [
            Self::JournalOpen,
            Self::RecordCreate,
            Self::RecordUpdate,
            Self::RecordDelete,
            Self::IdentityCreate,
            Self::IdentityUpdate,
            Self::IdentityDelete,
            Self::Access,
            Self::JournalSuccession,
        ];
        all.into_iter().find(|kind| kind.number() == number)
    }
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject<'a> {
    /// Resource type, or `Facility`.
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    /// Id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Version, for records.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub version: Option<u64>,
}

/// Which key signs no more, and which does from here on: verifier keys of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The key that signed until here.
    pub from: String,
    /// The key that signs from here on.
    pub to: String,
}

impl Succession {
    /// Both keys, which must be two of one name.
    pub(crate) fn keys(&self) -> Result<(VerifierKey, VerifierKey), String> {
        let parse = |text: &str| VerifierKey::parse(text).filter(|key| key.to_string() == text);
        let keys = parse(&self.from).zip(parse(&self.to));
        keys.filter(|(from, to)| from.name == to.name && from != to)
            .ok_or_else(|| "the entry's keys are malformed, the same, or of two names".to_owned())
    }
}

/// One entry. Its serialised form is what is stored and hashed; it is never serialised a second time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry<'a> {
    /// Format version: 1.
    pub v: u64,
    /// What it tells of.
    pub kind: EntryKind,
    /// When, as text (see [`Time`]).
    #[serde(borrow)]
    pub time: Cow<'a, str>,
    /// Who.
    pub actor: Actor,
    /// About what.
    #[serde(borrow)]
    pub subject: Subject<'a>,
    /// Why.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub reason: Option<Cow<'a, str>>,
    /// Content digest in hexadecimal.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub digest: Option<Cow<'a, str>>,
    /// The state of the version, of records that have one (formats, section 15).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub state: Option<State>,
    /// The keys, of a `journal.succession` (formats, section 20).
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "not_null")]
    pub succession: Option<Succession>,
}

/// A member that may be missing, but is never null.
fn not_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl<'a> Entry<'a> {
    /// Reads an entry of version 1. The error says what is wrong with it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(format!("the entry is longer than {ENTRY_BYTES_MAX} bytes"));
        }
        let entry: Self = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => format!("the entry lacks its form: {error}"),
            _ => "the entry is not JSON".to_owned(),
        })?;
        // What comes out again as it went in holds nothing that readers could see differently; anything else, such as
        // members of later versions, is read once more and strictly.
        if serde_json::to_vec(&entry).map_err(|_| "the entry is not JSON")? != bytes {
            strict::check(bytes, JSON_DEPTH_MAX)?;
        }
        if entry.v != 1 {
            return Err(format!("the entry has format {}, known is 1", entry.v));
        }
        entry.moment()?;
        let step = entry.kind.step();
        if entry.actor.id.is_empty() {
            return Err("the entry's actor has no id".to_owned());
        }
        let versioned = match entry.subject.version {
            None => false,
            Some(_) if step.is_none() => true,
            // Nothing can be updated or deleted before it was created.
            Some(1) => step == Some(Step::Create),
            Some(version) => version > 1,
        };
        if step.is_some() != versioned {
            return Err("the entry's subject and kind contradict each other".to_owned());
        }
        let named = || RecordKey::parse(&format!("{}/{}", entry.subject.kind, entry.subject.id));
        if step.is_some() && named().is_none() {
            return Err("the entry's subject is malformed".to_owned());
        }
        if step.is_some_and(|step| EntryKind::of(step, &entry.subject.kind) != entry.kind) {
            return Err("the entry's kind and the type of its subject contradict each other".to_owned());
        }
        let has_content =
            matches!(step, Some(Step::Create | Step::Update)) || entry.kind == EntryKind::Access;
        if has_content != entry.digest.is_some() {
            return Err("the entry's digest and kind contradict each other".to_owned());
        }
        if entry.succession.is_some() != (entry.kind == EntryKind::JournalSuccession) {
            return Err("the entry's keys and kind contradict each other".to_owned());
        }
        entry.succession.as_ref().map(Succession::keys).transpose()?;
        entry.check_state()?;
        Ok(entry)
    }

    /// What of a state one entry shows alone.
    fn check_state(&self) -> Result<(), String> {
        let Some(state) = &self.state else { return Ok(()) };
        if !matches!(self.kind, EntryKind::RecordCreate | EntryKind::RecordUpdate) {
            return Err("the entry has a state, but no version of a record".to_owned());
        }
        let mut accounts = state.responsible.iter().chain(&state.entered).chain(&state.cosigned);
        if accounts.any(String::is_empty) {
            return Err("the entry's state names an account without an id".to_owned());
        }
        if state.provenance.as_deref().is_some_and(|id| ResourceId::parse(id).is_none()) {
            return Err("the entry's state names a malformed Provenance".to_owned());
        }
        let signer = (state.act == StateAct::Cosign).then_some(&self.actor.id);
        if state.cosigned.last() != signer {
            return Err("the entry's state names signatures that are not those of the act".to_owned());
        }
        if state.is == Is::Withdrawn && state.entered.is_some() {
            return Err("the entry's state names who entered what is withdrawn".to_owned());
        }
        Ok(())
    }

    /// Its time.
    pub fn moment(&self) -> Result<Time, String> {
        // One spelling only: other offsets and precisions, and second 60, would come back differently.
        let moment = Time::parse(&self.time).filter(|moment| moment.to_string() == self.time);
        moment.ok_or_else(|| "the entry's time is malformed".to_owned())
    }

    /// The content digest, decoded.
    pub fn digest_bytes(&self) -> Result<Option<[u8; 32]>, String> {
        let Some(text) = &self.digest else { return Ok(None) };
        merkle::Hash::from_hex(text)
            .map(|hash| Some(hash.0))
            .ok_or_else(|| "the entry's digest is malformed".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::ActorKind;

    fn sample() -> Entry<'static> {
        Entry {
            v: 1,
            kind: EntryKind::RecordDelete,
            time: "2026-04-01T00:00:00.000000Z".into(),
            actor: Actor::new(ActorKind::Service, "demo"),
            subject: Subject { kind: "Patient".into(), id: "42".into(), version: Some(2) },
            reason: None,
            digest: None,
            state: None,
            succession: None,
        }
    }

    #[test]
    fn an_entry_is_written_as_the_formats_say() {
        assert_eq!(
            serde_json::to_string(&sample()).unwrap(),
            r#"{"v":1,"kind":"record.delete","time":"2026-04-01T00:00:00.000000Z","actor":{"kind":"service","id":"demo"},"subject":{"type":"Patient","id":"42","version":2}}"#
        );
    }

    #[test]
    fn a_state_stands_at_the_end_and_only_in_versions_of_records() {
        let act = StateAct::Amend;
        let state = |is| State {
            is,
            act,
            responsible: Some("d1".to_owned()),
            entered: None,
            cosigned: Vec::new(),
            provenance: Some("p1".to_owned()),
        };
        let entry = Entry {
            kind: EntryKind::RecordUpdate,
            digest: Some("00".repeat(32).into()),
            state: Some(state(Is::Amended)),
            ..sample()
        };
        let text = serde_json::to_string(&entry).unwrap();
        let end = r#","state":{"is":"amended","act":"amend","responsible":"d1","provenance":"p1"}}"#;
        assert!(text.ends_with(end), "{text}");
        assert_eq!(Entry::parse(text.as_bytes()).unwrap(), entry);
        let deleted = Entry { state: Some(state(Is::Amended)), ..sample() };
        assert!(Entry::parse(&serde_json::to_vec(&deleted).unwrap()).is_err());
        for (from, to) in [
            (r#""is":"amended""#, r#""is":"done""#),
            (r#""act":"amend""#, r#""act":"burn""#),
            (r#""d1""#, r#""""#),
            (r#""p1""#, r#""p/1""#),
            (r#""responsible":"d1""#, r#""responsible":null"#),
        ] {
            let damaged = text.replacen(from, to, 1);
            assert_ne!(damaged, text);
            assert!(Entry::parse(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }

    #[test]
    fn members_of_later_versions_are_passed_over_but_doubles_are_refused() {
        let text = serde_json::to_string(&sample()).unwrap();
        let wider = text.replace(r#""v":1"#, r#""v":1,"colour":"red""#);
        assert_eq!(Entry::parse(wider.as_bytes()).unwrap(), sample());
        let double = text.replace(r#""v":1"#, r#""v":1,"v":1"#);
        assert!(Entry::parse(double.as_bytes()).is_err());
    }

    #[test]
    fn an_entry_that_contradicts_itself_is_refused() {
        let text = serde_json::to_string(&sample()).unwrap();
        for (from, to) in [
            (r#""v":1"#, r#""v":2"#),
            ("record.delete", "record.create"),
            ("record.delete", "journal.open"),
            ("record.delete", "access"),
            ("record.delete", "record.burn"),
            ("record.delete", "identity.delete"),
            ("Patient", "AkashiAccount"),
            (r#","version":2"#, ""),
            (r#""version":2"#, r#""version":1"#),
            (r#""version":2"#, r#""version":null"#),
            ("}}", r#"},"reason":null}"#),
            (r#""id":"42""#, r#""id":"4/2""#),
            ("00.000000Z", "60.000000Z"),
            (r#""id":"demo""#, r#""id":"""#),
            (r#""v":1"#, r#""v":1,"more":{"a":1,"a":2}"#),
            (r#""v":1"#, r#""v":1,"more":"\ud800""#),
            (r#""version":2"#, r#""version":0"#),
            ("00.000000Z", "00Z"),
            ("2026-04-01", "2026-02-30"),
        ] {
            let damaged = text.replacen(from, to, 1);
            assert_ne!(damaged, text);
            assert!(Entry::parse(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
