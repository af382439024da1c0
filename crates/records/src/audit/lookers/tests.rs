//! Reports about made-up accesses.

use super::*;
use access::{Access, AccessWho, Touched};
use base::{Position, Problem, ResourceId};
use store::Actor;

const BASE: &str = "https://a/f/b/fhir";

fn day(day: i64) -> Time {
    Time::parse("2026-04-01T12:00:00+09:00").unwrap().plus_seconds(day * 86_400)
}

fn look(position: u64, at: Time, account: &str, practitioner: Option<&str>, action: &str) -> Accessed {
    let access = Access {
        v: 1,
        request: "r".to_owned(),
        action: action.to_owned(),
        who: AccessWho {
            occupation: Some("nurse".to_owned()),
            practitioner: practitioner.map(str::to_owned),
            ..AccessWho::default()
        },
        touched: vec![Touched { record: "Observation/1".to_owned(), version: Some(1) }],
        patients: vec!["1".to_owned()],
        decided: Decided::Permitted,
        status: 200,
        ..Access::default()
    };
    Accessed { position: Position(position), time: at, actor: Actor::new(ActorKind::Person, account), access }
}

fn treats(practitioner: &str, from: i64, until: i64) -> Relation {
    Relation {
        practitioner: practitioner.to_owned(),
        basis: Basis::Encounter,
        during: (Some(day(from)), Some(day(until))),
    }
}

fn of<'r>(report: &'r Report, account: &str) -> &'r Looker {
    report.iter().find(|looker| looker.account == account).unwrap()
}

#[test]
fn whoever_looked_outside_the_time_of_treatment_is_told_first() {
    let accesses = [
        look(1, day(1), "a", Some("pa"), "read"),
        look(2, day(2), "b", Some("pb"), "read"),
        look(3, day(3), "c", None, "search"),
        look(4, day(9), "a", Some("Practitioner/pa"), "read"),
        look(5, day(10), "d", Some("pa"), "read"),
    ];
    let report = report(&accesses, &[treats("pa", 0, 10)], None);
    let told: Vec<_> = report.iter().map(|one| (one.account.as_str(), one.treating.word())).collect();
    assert_eq!(told, [("d", "no"), ("b", "no"), ("c", "unknown"), ("a", "yes")]);
    let a = of(&report, "a");
    assert_eq!((a.first, a.last, a.shown, a.actions["read"]), (day(1), day(9), 2, 2));
    assert_eq!(a.because, BTreeSet::from([Basis::Encounter]));
    assert_eq!((of(&report, "d").not_treating, of(&report, "c").not_known), (1, 1));
}

#[test]
fn one_look_too_many_is_enough() {
    let accesses = [
        look(1, day(1), "a", Some("pa"), "read"),
        look(2, day(20), "a", Some("pa"), "read"),
        look(3, day(2), "a", Some("pa"), "read"),
    ];
    let report = report(&accesses, &[treats("pa", 0, 10)], None);
    assert_eq!((of(&report, "a").treating, of(&report, "a").not_treating), (Treating::No, 1));
}

#[test]
fn who_wrote_in_the_records_may_look_for_thirty_days() {
    let accesses = [
        look(1, day(0), "a", None, "create"),
        look(2, day(29), "a", None, "read"),
        look(3, day(31), "a", None, "read"),
    ];
    let all = report(&accesses, &[], None);
    assert_eq!(of(&all, "a").treating, Treating::Unknown, "the first write had no reason before it");
    assert_eq!(of(&all, "a").not_known, 2);
    let later = report(&accesses[..2], &[], Some(day(1)));
    assert_eq!(
        of(&later, "a").treating,
        Treating::Yes,
        "what was written before the time asked about counts"
    );
    assert_eq!((of(&later, "a").shown, of(&later, "a").first), (1, day(29)));
    let mut refused = accesses.clone();
    refused[0].access.status = 403;
    refused[0].access.decided = Decided::Refused;
    assert_eq!(of(&report(&refused, &[], Some(day(1))), "a").treating, Treating::Unknown);
}

#[test]
fn somebody_elses_writing_is_no_reason() {
    let accesses = [look(1, day(0), "a", Some("pa"), "create"), look(2, day(1), "b", Some("pb"), "read")];
    assert_eq!(of(&report(&accesses, &[], None), "b").treating, Treating::No);
}

#[test]
fn refusals_failures_and_broken_glass_are_counted_apart() {
    let mut accesses: Vec<_> = (0..4).map(|number| look(number, day(1), "a", Some("pa"), "read")).collect();
    accesses[1].access.decided = Decided::Refused;
    accesses[1].access.status = 403;
    accesses[2].access.status = 404;
    accesses[3].access.break_glass = Some("7".to_owned());
    let report = report(&accesses, &[], None);
    let a = of(&report, "a");
    assert_eq!((a.shown, a.refused, a.failed, a.broken_glass), (2, 1, 1, 1));
    assert_eq!((a.treating, a.not_treating), (Treating::No, 4));
}

#[test]
fn machines_have_a_line_of_their_own_and_are_never_called_good() {
    let mut service = look(1, day(1), "lab", None, "read");
    service.actor.kind = ActorKind::Service;
    let report = report(&[service, look(2, day(1), "lab", None, "read")], &[], None);
    let told: Vec<_> = report.iter().map(|one| (one.kind, one.treating.word())).collect();
    assert_eq!(told, [("person", "unknown"), ("service", "not-a-person")]);
}

/// Accesses and records in memory.
struct Kept(Vec<Accessed>, Vec<&'static str>);

impl crate::audit::Accesses for Kept {
    fn newest(
        &self,
        filter: &crate::audit::AccessFilter<'_>,
        count: usize,
    ) -> Result<Vec<Accessed>, Problem> {
        assert_eq!(filter.patient, Some("1"));
        let fits = |one: &&Accessed| {
            filter.from.is_none_or(|from| from <= one.time)
                && filter.until.is_none_or(|until| one.time < until)
                && filter.before.is_none_or(|before| one.position < before)
        };
        Ok(self.0.iter().rev().filter(fits).take(count).cloned().collect())
    }

    fn at(&self, _position: Position) -> Result<Option<Accessed>, Problem> {
        Ok(None)
    }
}

impl Charts for Kept {
    fn with_merged(&self, patient: &ResourceId) -> Result<Vec<ResourceId>, Problem> {
        Ok(vec![patient.clone()])
    }

    fn relations(&self, _patient: &ResourceId) -> Result<Vec<Relation>, Problem> {
        let parsed = |content: &&str| fhir::json::parse(content.as_bytes()).unwrap();
        Ok(crate::audit::relations(&self.1.iter().map(parsed).collect::<Vec<_>>(), BASE))
    }
}

fn told(kept: &Kept, query: &[(&str, &str)]) -> Result<serde_json::Value, &'static str> {
    let desk =
        crate::audit::Desk { source: kept, names: &crate::audit::Unnamed, base_url: BASE, now: day(100) };
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let id = ResourceId::parse("1").unwrap();
    let answer = lookers(&desk, kept, &id, &query).map_err(|problems| problems.all()[0].code().id)?;
    let checked = fhir::check(fhir::json::parse(&answer.body).unwrap());
    assert!(checked.is_ok(), "{checked:?}");
    let of_console = json(&desk, kept, &id, Span::read(&query).unwrap()).unwrap();
    let parameters: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let count = parameters["parameter"].as_array().unwrap().len() - 1;
    assert_eq!(of_console["lookers"].as_array().unwrap().len(), count);
    Ok(of_console)
}

#[test]
fn the_operation_reads_the_chart_and_every_access_in_the_time_asked_about() {
    let accesses: Vec<_> = (0..1_500)
        .map(|number| {
            let account = ["a", "b", "c"][usize::try_from(number).unwrap() % 3];
            let practitioner = [Some("pa"), Some("pb"), None][usize::try_from(number).unwrap() % 3];
            look(
                number,
                day(0).plus_seconds(i64::try_from(number).unwrap() * 3_600),
                account,
                practitioner,
                "read",
            )
        })
        .collect();
    let patient =
        r#"{"resourceType":"Patient","id":"1","generalPractitioner":[{"reference":"Practitioner/pa"}]}"#;
    let kept = Kept(accesses, vec![patient]);
    let all = told(&kept, &[]).unwrap();
    let shown = |told: &serde_json::Value, row: usize| told["lookers"][row]["shown"].as_u64().unwrap();
    assert_eq!([shown(&all, 0), shown(&all, 1), shown(&all, 2)], [500, 500, 500]);
    assert_eq!(all["lookers"][0]["account"], "b");
    assert_eq!(all["lookers"][2]["because"], serde_json::json!(["general-practitioner"]));
    let one_day = told(&kept, &[("from", "2026-04-03"), ("until", "2026-04-03")]).unwrap();
    assert_eq!([shown(&one_day, 0), shown(&one_day, 1), shown(&one_day, 2)], [8, 8, 8]);
    for wrong in [("since", "2026-04-03"), ("from", "yesterday")] {
        assert_eq!(told(&kept, &[wrong]), Err("RC-0064"));
    }
    assert_eq!(told(&kept, &[("from", "2026"), ("from", "2026")]), Err("RC-0064"));
}

#[test]
fn reading_the_trail_is_no_look_at_the_patient() {
    assert_eq!(report(&[look(1, day(1), "auditor", None, "audit")], &[], None), []);
}
