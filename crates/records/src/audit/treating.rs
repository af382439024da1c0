//! Who treats a patient and when, as the patient's records say it.
//!
//! Only what is written down counts, in its current state: a general practitioner, the participants of encounters, care
//! teams and appointments. Whoever is not found here may still treat the patient; that is for people to find out.

use base::Time;
use fhir::Node;
use fhir::search::{TimeRange, period};

/// The types that tell who treats a patient, beside the `Patient` itself; each is searched by its parameter `patient`.
pub const RELATED: [&str; 3] = ["Encounter", "CareTeam", "Appointment"];

/// For how long after an encounter its participants still treat: reports are read, letters written.
const AFTER_ENCOUNTER_DAYS: i64 = 30;

/// How long before and after an appointment its participants treat.
const AROUND_APPOINTMENT_DAYS: i64 = 1;

const DAY_SECONDS: i64 = 86_400;

/// How somebody came to treat a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The patient's general practitioner.
    GeneralPractitioner,
    /// Takes part in an encounter.
    Encounter,
    /// A member of a care team.
    CareTeam,
    /// Takes part in an appointment.
    Appointment,
    /// Has written in the patient's records not long before.
    OwnRecord,
}

impl Basis {
    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::GeneralPractitioner => "general-practitioner",
            Self::Encounter => "encounter",
            Self::CareTeam => "care-team",
            Self::Appointment => "appointment",
            Self::OwnRecord => "own-record",
        }
    }
}

/// That a practitioner treats the patient for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Id of the `Practitioner`.
    pub practitioner: String,
    /// How.
    pub basis: Basis,
    /// When; open where nothing is said.
    pub during: (Option<Time>, Option<Time>),
}

impl Relation {
    /// Whether it holds at a moment.
    pub fn holds(&self, at: Time) -> bool {
        let (from, until) = self.during;
        from.is_none_or(|from| from <= at) && until.is_none_or(|until| at < until)
    }
}

/// What the records of a patient say: the `Patient`, and what was found of the types in [`RELATED`]. References are
/// understood relative, and by the address of this facility.
pub fn relations(records: &[Node], base_url: &str) -> Vec<Relation> {
    records.iter().flat_map(|record| of_record(record, base_url)).collect()
}

fn of_record(record: &Node, base_url: &str) -> Vec<Relation> {
    match text(record, "resourceType") {
        "Patient" => {
            let found = items(record, "generalPractitioner").iter();
            let found = found.filter_map(|one| practitioner(one, base_url));
            found.map(|id| relation(id, Basis::GeneralPractitioner, (None, None))).collect()
        }
        "Encounter" if !is_one_of(record, &["cancelled", "entered-in-error"]) => encounter(record, base_url),
        "CareTeam" if !is_one_of(record, &["proposed", "entered-in-error"]) => care_team(record, base_url),
        "Appointment" if !is_one_of(record, &["cancelled", "entered-in-error", "noshow", "waitlist"]) => {
            appointment(record, base_url)
        }
        _ => Vec::new(),
    }
}

/// An encounter that does not say when it began tells nothing.
fn encounter(record: &Node, base_url: &str) -> Vec<Relation> {
    let whole = during(record.get("period"));
    let participant = |one: &Node| {
        let own = one.get("period").map(|period| during(Some(period)));
        let (from, until) = own.unwrap_or(whole);
        let until = until.map(|until| until.plus_seconds(AFTER_ENCOUNTER_DAYS * DAY_SECONDS));
        let id = practitioner(one.get("individual")?, base_url)?;
        from.map(|from| relation(id, Basis::Encounter, (Some(from), until)))
    };
    items(record, "participant").iter().filter_map(participant).collect()
}

/// A team without a period is in charge while it is active.
fn care_team(record: &Node, base_url: &str) -> Vec<Relation> {
    let period = record.get("period");
    if period.is_none() && text(record, "status") != "active" {
        return Vec::new();
    }
    let whole = during(period);
    let participant = |one: &Node| {
        let during = one.get("period").map_or(whole, |period| during(Some(period)));
        practitioner(one.get("member")?, base_url).map(|id| relation(id, Basis::CareTeam, during))
    };
    items(record, "participant").iter().filter_map(participant).collect()
}

/// An appointment without a time tells nothing.
fn appointment(record: &Node, base_url: &str) -> Vec<Relation> {
    let around = AROUND_APPOINTMENT_DAYS * DAY_SECONDS;
    let Some(start) = moment(record, "start").and_then(|range| range.from) else { return Vec::new() };
    let end = moment(record, "end").and_then(|range| range.until).unwrap_or(start);
    let during = (Some(start.plus_seconds(-around)), Some(end.plus_seconds(around)));
    let found = items(record, "participant").iter();
    let found = found.filter_map(|one| practitioner(one.get("actor")?, base_url));
    found.map(|id| relation(id, Basis::Appointment, during)).collect()
}

fn relation(practitioner: String, basis: Basis, during: (Option<Time>, Option<Time>)) -> Relation {
    Relation { practitioner, basis, during }
}

/// The first moment of a Period and the first after it, by the precision of what is written.
fn during(period: Option<&Node>) -> (Option<Time>, Option<Time>) {
    let side = |name| period.and_then(|period| moment(period, name));
    (side("start").and_then(|range| range.from), side("end").and_then(|range| range.until))
}

fn moment(of: &Node, name: &str) -> Option<TimeRange> {
    of.get(name).and_then(Node::as_str).and_then(period)
}

/// The id of the practitioner that a Reference names.
fn practitioner(reference: &Node, base_url: &str) -> Option<String> {
    let to = text(reference, "reference");
    let local = to.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(to);
    let id = local.strip_prefix("Practitioner/")?;
    let id = id.split_once("/_history/").map_or(id, |(id, _)| id);
    base::ResourceId::parse(id).map(|id| id.as_str().to_owned())
}

fn is_one_of(record: &Node, states: &[&str]) -> bool {
    states.contains(&text(record, "status"))
}

fn text<'n>(of: &'n Node, name: &str) -> &'n str {
    of.get(name).and_then(Node::as_str).unwrap_or_default()
}

fn items<'n>(of: &'n Node, name: &str) -> &'n [Node] {
    of.get(name).and_then(Node::as_array).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://a/f/b/fhir";

    fn of(record: &str) -> Vec<Relation> {
        let node = fhir::json::parse(record.as_bytes()).unwrap();
        assert!(fhir::check(node.clone()).is_ok(), "{record}");
        relations(&[node], BASE)
    }

    fn holds(record: &str, at: &str) -> bool {
        of(record).iter().any(|one| one.practitioner == "p1" && one.holds(Time::parse(at).unwrap()))
    }

    fn encounter(more: &str) -> String {
        format!(
            r#"{{"resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},
            "subject":{{"reference":"Patient/1"}},"participant":[{{"individual":{{"reference":"Practitioner/p1"}}}}]{more}}}"#
        )
    }

    #[test]
    fn a_general_practitioner_treats_always_in_every_way_of_writing_it() {
        for to in ["Practitioner/p1", "https://a/f/b/fhir/Practitioner/p1", "Practitioner/p1/_history/2"] {
            let record =
                format!(r#"{{"resourceType":"Patient","generalPractitioner":[{{"reference":"{to}"}}]}}"#);
            assert!(holds(&record, "1999-01-01T00:00:00Z"), "{to}");
        }
        for to in ["Organization/p1", "https://elsewhere/Practitioner/p1", "PractitionerRole/p1"] {
            let record =
                format!(r#"{{"resourceType":"Patient","generalPractitioner":[{{"reference":"{to}"}}]}}"#);
            assert_eq!(of(&record), [], "{to}");
        }
    }

    #[test]
    fn an_encounter_counts_from_its_beginning_until_thirty_days_after_its_end() {
        let ended = encounter(r#","period":{"start":"2026-04-01","end":"2026-04-10"}"#);
        assert!(!holds(&ended, "2026-03-31T23:59:59+09:00"));
        assert!(holds(&ended, "2026-04-01T00:00:00+09:00"));
        assert!(holds(&ended, "2026-05-10T23:59:59+09:00"));
        assert!(!holds(&ended, "2026-05-11T00:00:00+09:00"));
        let open = encounter(r#","period":{"start":"2026-04-01"}"#);
        assert!(holds(&open, "2036-04-01T00:00:00Z"));
        assert_eq!(of(&encounter("")), [], "nobody knows when");
        assert_eq!(of(&ended.replace("finished", "cancelled")), []);
    }

    #[test]
    fn a_participant_who_left_early_treats_no_longer() {
        let record = encounter(r#","period":{"start":"2026-04-01","end":"2026-04-30"}"#).replace(
            r#""individual":"#,
            r#""period":{"start":"2026-04-01","end":"2026-04-02"},"individual":"#,
        );
        assert!(holds(&record, "2026-05-02T00:00:00+09:00"));
        assert!(!holds(&record, "2026-05-03T00:00:00+09:00"));
    }

    #[test]
    fn a_care_team_counts_in_its_period_and_without_one_while_it_is_active() {
        let team = |more: &str| {
            format!(
                r#"{{"resourceType":"CareTeam","subject":{{"reference":"Patient/1"}},
                "participant":[{{"member":{{"reference":"Practitioner/p1"}}}}]{more}}}"#
            )
        };
        assert!(holds(&team(r#","status":"active""#), "2026-04-01T00:00:00Z"));
        assert!(!holds(&team(r#","status":"inactive""#), "2026-04-01T00:00:00Z"));
        let past = team(r#","status":"inactive","period":{"start":"2026-01-01","end":"2026-01-31"}"#);
        assert!(holds(&past, "2026-01-31T23:00:00+09:00"));
        assert!(!holds(&past, "2026-02-01T00:00:00+09:00"));
    }

    #[test]
    fn an_appointment_counts_for_a_day_before_and_after() {
        let record = r#"{"resourceType":"Appointment","status":"booked","start":"2026-04-10T09:00:00+09:00",
            "end":"2026-04-10T09:30:00+09:00","participant":[{"actor":{"reference":"Practitioner/p1"},"status":"accepted"}]}"#;
        assert!(!holds(record, "2026-04-09T08:59:59+09:00"));
        assert!(holds(record, "2026-04-09T09:00:00+09:00"));
        assert!(holds(record, "2026-04-11T09:29:59+09:00"));
        assert!(!holds(record, "2026-04-11T09:31:00+09:00"));
        assert_eq!(of(&record.replace("booked", "cancelled")), []);
    }
}
