//! One record of a patient as the pages hold it: its content, its state, what became of it after a past moment.

use super::element::{at, list, sorted, text};
use fhir::Node;

/// What a record is; how pages mark it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nobody answers for it yet.
    Draft,
    /// Somebody does.
    Final,
    /// It was changed after that.
    Amended,
    /// It counts no more.
    Withdrawn,
    /// It has none although its type has: it was brought in from another system, and nobody here answers for it.
    TakenOver,
    /// Nothing says it.
    Unsaid,
    /// Its type has none.
    None,
}

impl State {
    /// The key of its text.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Draft => "record-state-draft",
            Self::Final => "record-state-final",
            Self::Amended => "record-state-amended",
            Self::Withdrawn => "record-state-withdrawn",
            Self::TakenOver => "record-state-taken-over",
            Self::Unsaid | Self::None => "record-state-unsaid",
        }
    }

    /// The class of its tag.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Draft => "wait",
            Self::Final | Self::Amended => "good",
            Self::Withdrawn => "bad",
            Self::TakenOver | Self::Unsaid | Self::None => "none",
        }
    }

    /// The state of a word of the API.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "draft" => Some(Self::Draft),
            "final" => Some(Self::Final),
            "amended" => Some(Self::Amended),
            "withdrawn" => Some(Self::Withdrawn),
            _ => None,
        }
    }
}

/// The types whose state stands beside their status, of those that the record page shows.
pub(super) const BESIDE: [&str; 6] = [
    "Condition",
    "AllergyIntolerance",
    "MedicationRequest",
    "MedicationStatement",
    "Procedure",
    "Immunization",
];

/// The types that have no states.
const STATELESS: [&str; 3] = ["Patient", "Encounter", "ImagingStudy"];

/// One record.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) kind: String,
    pub(super) id: String,
    pub(super) node: Node,
    pub(super) state: State,
    /// What became of it after the past moment that is shown: `deleted`, `withdrawn`, `changed`, `left`.
    pub(super) since: Option<String>,
}

impl Item {
    /// From an entry of a Bundle; none for what is no match.
    pub(super) fn of(entry: &Node) -> Option<Self> {
        if text(entry, &["search", "mode"]).is_some_and(|mode| mode != "match") {
            return None;
        }
        let node = entry.get("resource")?;
        let kind = text(node, &["resourceType"])?.to_owned();
        let id = text(node, &["id"])?.to_owned();
        let told = version(entry);
        let state = told.and_then(|told| text(told, &["valueCode"])).and_then(State::of);
        let state = state.unwrap_or_else(|| by_content(&kind, node));
        Some(Self { kind, id, node: node.clone(), state, since: fate(entry) })
    }

    /// Whether it counts no more.
    pub(super) fn gone(&self) -> bool {
        self.state == State::Withdrawn
    }

    /// When it was, as FHIR writes it.
    pub(super) fn date(&self) -> Option<String> {
        let heading = fhir::readable::heading_of(&self.node, base::Language::English).ok()?;
        heading.date
    }

    /// By this they are sorted.
    pub(super) fn sorted_by(&self) -> String {
        self.date().map(|date| sorted(&date)).unwrap_or_default()
    }

    /// The id of the visit that it belongs to.
    pub(super) fn visit(&self) -> Option<&str> {
        let way: &[&str] =
            if self.kind == "DocumentReference" { &["context", "encounter", "0"] } else { &["encounter"] };
        let reference = text(at(&self.node, way)?, &["reference"])?;
        let (before, id) = reference.rsplit_once('/')?;
        (before.rsplit('/').next() == Some("Encounter")).then_some(id)
    }
}

/// What the API says of the version in an entry of a past moment.
const VERSION: &str = "urn:akashi:version";

fn version(entry: &Node) -> Option<&Node> {
    told(entry)?.iter().find(|part| text(part, &["url"]) == Some("state"))
}

fn told(entry: &Node) -> Option<&[Node]> {
    let own = list(entry, "extension").iter().find(|one| text(one, &["url"]) == Some(VERSION))?;
    Some(list(own, "extension"))
}

fn fate(entry: &Node) -> Option<String> {
    let since = told(entry)?.iter().find(|part| text(part, &["url"]) == Some("since"))?;
    let fate = list(since, "extension").iter().find(|part| text(part, &["url"]) == Some("fate"))?;
    text(fate, &["valueCode"]).map(str::to_owned)
}

/// The state as far as the content says it: of types whose status tells how far the documentation is, and of everything
/// that was entered in error.
fn by_content(kind: &str, node: &Node) -> State {
    if STATELESS.contains(&kind) {
        return State::None;
    }
    let status = text(node, &["status"]).unwrap_or_default();
    let verified = at(node, &["verificationStatus"]).and_then(super::element::code).unwrap_or_default();
    let documented = text(node, &["docStatus"]);
    if [status, verified, documented.unwrap_or_default()].contains(&"entered-in-error") {
        return State::Withdrawn;
    }
    if BESIDE.contains(&kind) {
        return State::Unsaid;
    }
    let word = if kind == "DocumentReference" { documented.unwrap_or_default() } else { status };
    match word {
        "registered" | "partial" | "preliminary" | "unknown" | "in-progress" => State::Draft,
        "final" | "completed" | "cancelled" => State::Final,
        "amended" | "corrected" | "appended" => State::Amended,
        _ => State::Unsaid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(entry: &str) -> Item {
        Item::of(&fhir::json::parse(entry.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_state_follows_what_the_api_says_then_the_content_and_is_never_guessed() {
        let of = |resource: &str| item(&format!(r#"{{"resource":{resource}}}"#)).state;
        assert_eq!(of(r#"{"resourceType":"Observation","id":"a","status":"preliminary"}"#), State::Draft);
        assert_eq!(of(r#"{"resourceType":"Observation","id":"a","status":"corrected"}"#), State::Amended);
        assert_eq!(of(r#"{"resourceType":"Condition","id":"a"}"#), State::Unsaid);
        let wrong = r#"{"resourceType":"Condition","id":"a","verificationStatus":{"coding":[{"code":"entered-in-error"}]}}"#;
        assert_eq!(of(wrong), State::Withdrawn);
        assert_eq!(of(r#"{"resourceType":"DocumentReference","id":"a","status":"current"}"#), State::Unsaid);
        assert_eq!(of(r#"{"resourceType":"Encounter","id":"a","status":"finished"}"#), State::None);
        let past = item(
            r#"{"extension":[{"url":"urn:akashi:version","extension":[{"url":"state","valueCode":"draft"},
                {"url":"since","extension":[{"url":"fate","valueCode":"withdrawn"}]}]}],
                "resource":{"resourceType":"Condition","id":"a"}}"#,
        );
        assert_eq!((past.state, past.since.as_deref()), (State::Draft, Some("withdrawn")));
    }

    #[test]
    fn a_record_belongs_to_its_visit_and_to_nothing_else() {
        let of = |reference: &str| {
            let entry = r#"{"resource":{"resourceType":"Condition","id":"a","encounter":{"reference":"X"}}}"#;
            item(&entry.replace('X', reference)).visit().map(str::to_owned)
        };
        assert_eq!(of("Encounter/e1").as_deref(), Some("e1"));
        assert_eq!(of("https://a/fhir/Encounter/e1").as_deref(), Some("e1"));
        assert_eq!(of("EpisodeOfCare/e1"), None);
    }
}
