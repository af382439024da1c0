//! The operations that are measured: what is asked, and how the right answer looks.

use super::chart::{Chart, Observation, Patient};
use super::request::{FRESH, Request, encode, half_width};
use serde_json::{Value, json};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// What one types after `--only`, and its name in the table.
    pub(crate) name: &'static str,
    /// The request in short.
    pub(crate) shape: &'static str,
    /// What a right answer holds.
    pub(crate) answer: Answer,
    /// The statuses of right answers; each of them occurs.
    pub(crate) statuses: &'static [u16],
    /// The requests that a chart gives rise to.
    pub(crate) requests: fn(&Chart) -> Vec<Request>,
}

/// What a right answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// One resource.
    Resource,
    /// A Bundle with entries.
    Page,
    /// A Bundle with entries, some of them there because others refer to them or are referred to.
    Included,
    /// A page for people with records on it.
    Chart,
    /// An OperationOutcome without errors.
    AllWell,
}

const fn get(name: &'static str, shape: &'static str, requests: fn(&Chart) -> Vec<Request>) -> Operation {
    Operation { name, shape, answer: Answer::Resource, statuses: &[200], requests }
}

const fn page(name: &'static str, shape: &'static str, requests: fn(&Chart) -> Vec<Request>) -> Operation {
    Operation { answer: Answer::Page, ..get(name, shape, requests) }
}

const fn included(
    name: &'static str,
    shape: &'static str,
    requests: fn(&Chart) -> Vec<Request>,
) -> Operation {
    Operation { answer: Answer::Included, ..get(name, shape, requests) }
}

/// In the order in which they are measured: those that write come last.
pub(crate) const OPERATIONS: [Operation; 22] = [
    get("read", "[type]/[id]", read),
    get("vread", "[type]/[id]/_history/1", vread),
    page("identifier", "Patient?identifier=…|…", identifier),
    page("code", "Observation?code=…|…", code),
    page("date", "Observation?date=ge…&date=lt… (a month)", date),
    page("birthdate", "Patient?birthdate=ge…&birthdate=lt… (a month)", birthdate),
    page("subject", "Observation?subject=Patient/…", subject),
    page("name", "Patient?name=… (kanji, kana, half width)", name),
    page("sort", "Observation?patient=…&code=…&_sort=-date", sort),
    page("chain", "Observation?subject:Patient.name=…", chain),
    page("has", "Patient?_has:Observation:patient:code=…", has),
    included("include", "Observation?code=…&_include=Observation:subject", include),
    included("revinclude", "Patient?_id=…&_revinclude=Observation:subject", revinclude),
    page("quantity", "Observation?code=…&value-quantity=gt…|…|…", quantity),
    page("composite", "Observation?code-value-quantity=…$gt…|…|…", composite),
    page("total", "Observation?patient=…&_total=accurate", total),
    page("everything", "Patient/[id]/$everything", everything),
    Operation { answer: Answer::Chart, ..get("chart", "Patient/[id]/$chart (the page)", whole) },
    Operation { answer: Answer::AllWell, ..get("validate", "POST Observation/$validate", validate) },
    Operation { statuses: &[201], ..get("create", "POST Patient", create) },
    Operation {
        statuses: &[200, 201],
        ..get("conditional-create", "POST Patient, If-None-Exist (half exist)", conditional_create)
    },
    get("update", "PUT Observation/[id]", update),
];

fn read(chart: &Chart) -> Vec<Request> {
    chart.records.iter().map(|record| Request::get(format!("/{record}"))).collect()
}

fn vread(chart: &Chart) -> Vec<Request> {
    chart.records.iter().map(|record| Request::get(format!("/{record}/_history/1"))).collect()
}

fn identifier(chart: &Chart) -> Vec<Request> {
    of_patient(chart, |patient| Request::search("Patient", &[("identifier", &patient.identifier)]))
}

fn birthdate(chart: &Chart) -> Vec<Request> {
    let months = chart.patient.iter().filter_map(|patient| month(&patient.birth));
    months.map(|(from, until)| by_range("Patient", "birthdate", &from, &until)).collect()
}

fn name(chart: &Chart) -> Vec<Request> {
    of_names(chart, |name| Request::search("Patient", &[("name", name)]))
}

fn chain(chart: &Chart) -> Vec<Request> {
    of_names(chart, |name| Request::search("Observation", &[("subject:Patient.name", name)]))
}

fn revinclude(chart: &Chart) -> Vec<Request> {
    of_observed_patient(chart, |patient| {
        Request::search("Patient", &[("_id", &patient.id), ("_revinclude", "Observation:subject")])
    })
}

fn subject(chart: &Chart) -> Vec<Request> {
    of_observed_patient(chart, |patient| {
        Request::search("Observation", &[("subject", &format!("Patient/{}", patient.id))])
    })
}

fn total(chart: &Chart) -> Vec<Request> {
    of_observed_patient(chart, |patient| {
        Request::search("Observation", &[("patient", &patient.id), ("_total", "accurate")])
    })
}

fn everything(chart: &Chart) -> Vec<Request> {
    of_patient(chart, |patient| Request::get(format!("/Patient/{}/$everything", patient.id)))
}

fn whole(chart: &Chart) -> Vec<Request> {
    of_patient(chart, |patient| Request::get(format!("/Patient/{}/$chart", patient.id)))
}

fn code(chart: &Chart) -> Vec<Request> {
    of_codes(chart, |code, _| Some(Request::search("Observation", &[("code", code)])))
}

fn has(chart: &Chart) -> Vec<Request> {
    of_codes(chart, |code, _| Some(Request::search("Patient", &[("_has:Observation:patient:code", code)])))
}

fn include(chart: &Chart) -> Vec<Request> {
    of_codes(chart, |code, _| {
        Some(Request::search("Observation", &[("code", code), ("_include", "Observation:subject")]))
    })
}

fn sort(chart: &Chart) -> Vec<Request> {
    let Some(patient) = &chart.patient else { return Vec::new() };
    of_codes(chart, |code, _| {
        let parameters = [("patient", patient.id.as_str()), ("code", code), ("_sort", "-date")];
        Some(Request::search("Observation", &parameters))
    })
}

fn quantity(chart: &Chart) -> Vec<Request> {
    of_codes(chart, |code, observation| {
        let parameters = [("code", code), ("value-quantity", &greater(observation)?)];
        Some(Request::search("Observation", &parameters))
    })
}

fn composite(chart: &Chart) -> Vec<Request> {
    of_codes(chart, |code, observation| {
        let both = format!("{code}${}", greater(observation)?);
        Some(Request::search("Observation", &[("code-value-quantity", &both)]))
    })
}

fn date(chart: &Chart) -> Vec<Request> {
    let months = chart.observations.iter().filter_map(|observation| month(&observation.date));
    months.map(|(from, until)| by_range("Observation", "date", &from, &until)).collect()
}

fn validate(chart: &Chart) -> Vec<Request> {
    one_observation(chart, |observation| {
        Request::with("POST", "/Observation/$validate".to_owned(), observation.resource.to_string())
    })
}

/// Each time with another note, so that something really changes.
fn update(chart: &Chart) -> Vec<Request> {
    one_observation(chart, |observation| {
        let mut resource = observation.resource.clone();
        if let Some(members) = resource.as_object_mut() {
            members.insert("note".to_owned(), json!([{ "text": FRESH }]));
        }
        Request::with("PUT", format!("/Observation/{}", observation.id), resource.to_string())
    })
}

fn create(chart: &Chart) -> Vec<Request> {
    of_patient(chart, |patient| {
        Request::with("POST", "/Patient".to_owned(), newcomer(patient, "create").to_string())
    })
}

/// Once for a patient who is there, once for one who is not.
fn conditional_create(chart: &Chart) -> Vec<Request> {
    let Some(patient) = &chart.patient else { return Vec::new() };
    let mut known = patient.resource.clone();
    without_id(&mut known);
    let mut condition = String::new();
    encode(&patient.identifier, &mut condition);
    let new_condition = format!("urn%3Aakashi%3Abench%7Cconditional-{FRESH}");
    [(known, condition), (newcomer(patient, "conditional"), new_condition)]
        .map(|(resource, identifier)| {
            let mut request = Request::with("POST", "/Patient".to_owned(), resource.to_string());
            request.fields.push(format!("If-None-Exist: identifier={identifier}"));
            request
        })
        .into()
}

/// Somebody like the patient, with a record number that nobody has.
fn newcomer(patient: &Patient, why: &str) -> Value {
    let mut resource = patient.resource.clone();
    without_id(&mut resource);
    if let Some(members) = resource.as_object_mut() {
        let value = format!("{why}-{FRESH}");
        members.insert("identifier".to_owned(), json!([{ "system": "urn:akashi:bench", "value": value }]));
    }
    resource
}

fn without_id(resource: &mut Value) {
    if let Some(members) = resource.as_object_mut() {
        members.remove("id");
    }
}

fn of_patient(chart: &Chart, make: impl Fn(&Patient) -> Request) -> Vec<Request> {
    chart.patient.iter().map(make).collect()
}

/// Only for a patient with observations: a search for them finds something.
fn of_observed_patient(chart: &Chart, make: impl Fn(&Patient) -> Request) -> Vec<Request> {
    if chart.observations.is_empty() { Vec::new() } else { of_patient(chart, make) }
}

/// The names of a patient who has observations, and the kana of them in half width too.
fn of_names(chart: &Chart, make: impl Fn(&str) -> Request) -> Vec<Request> {
    if chart.observations.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<String> = chart.patient.iter().flat_map(|patient| patient.names.clone()).collect();
    let halves: Vec<String> = names.iter().map(|name| half_width(name)).collect();
    names.extend(halves.into_iter().filter(|half| !names.contains(half)).collect::<Vec<_>>());
    names.iter().map(|name| make(name)).collect()
}

fn of_codes(chart: &Chart, make: impl Fn(&str, &Observation) -> Option<Request>) -> Vec<Request> {
    let observations = chart.observations.iter();
    observations.flat_map(|one| one.codes.iter().filter_map(|code| make(code, one))).collect()
}

/// Another place in each chart, so that all kinds of observations have their turn.
fn one_observation(chart: &Chart, make: impl Fn(&Observation) -> Request) -> Vec<Request> {
    let place = chart.number.checked_rem(chart.observations.len()).unwrap_or(0);
    chart.observations.get(place).map(make).into_iter().collect()
}

/// A bound that the observation's own value is above; none for zero and below.
fn greater(observation: &Observation) -> Option<String> {
    let quantity = observation.quantity.as_ref().filter(|quantity| quantity.value > 0.0)?;
    Some(format!("gt{:.4}|{}", quantity.value * 0.95, quantity.unit))
}

fn by_range(kind: &str, parameter: &str, from: &str, until: &str) -> Request {
    Request::search(kind, &[(parameter, &format!("ge{from}")), (parameter, &format!("lt{until}"))])
}

/// The first days of the month that a date is in and of the next.
fn month(date: &str) -> Option<(String, String)> {
    let mut parts = date.split(['-', 'T']);
    let (year, month): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let next = if month == 12 { (year.checked_add(1)?, 1) } else { (year, month.checked_add(1)?) };
    Some((format!("{year:04}-{month:02}-01"), format!("{:04}-{:02}-01", next.0, next.1)))
}

#[cfg(test)]
mod tests {
    use super::super::chart::tests::chart;
    use super::*;

    fn paths(name: &str) -> Vec<String> {
        let operation = OPERATIONS.iter().find(|operation| operation.name == name).unwrap();
        (operation.requests)(&chart()).into_iter().map(|request| request.path).collect()
    }

    #[test]
    fn every_operation_finds_something_to_ask_in_a_chart() {
        for operation in OPERATIONS {
            assert!(!(operation.requests)(&chart()).is_empty(), "{}", operation.name);
        }
    }

    #[test]
    fn a_name_is_asked_for_in_characters_in_kana_and_in_half_width() {
        let words = ["試験", "花", "シケン", "ハナ", "ｼｹﾝ", "ﾊﾅ"];
        let expected = words.map(|word| Request::search("Patient", &[("name", word)]).path);
        assert_eq!(paths("name"), expected);
    }

    #[test]
    fn the_range_of_a_december_ends_with_the_year() {
        assert_eq!(month("1980-12-15"), Some(("1980-12-01".to_owned(), "1981-01-01".to_owned())));
        assert_eq!(paths("birthdate"), ["/Patient?birthdate=ge1980-12-01&birthdate=lt1981-01-01&_count=10"]);
        assert_eq!(paths("date")[0], "/Observation?date=ge2026-02-01&date=lt2026-03-01&_count=10");
    }

    #[test]
    fn only_numbers_are_compared_and_they_are_above_the_bound() {
        let expected = "/Observation?code=urn%3Ac%7Cw&value-quantity=gt47.9750%7Curn%3Au%7Ckg&_count=10";
        assert_eq!(paths("quantity")[0], expected);
        assert_eq!(paths("quantity").len(), 2);
        let both = "/Observation?code-value-quantity=urn%3Ac%7Cw%24gt47.9750%7Curn%3Au%7Ckg&_count=10";
        assert_eq!(paths("composite")[0], both);
    }

    #[test]
    fn a_value_of_zero_is_above_no_bound_and_is_not_asked_for() {
        let mut chart = chart();
        chart.observations[0].quantity.as_mut().unwrap().value = 0.0;
        assert!(quantity(&chart).is_empty() && composite(&chart).is_empty());
    }

    #[test]
    fn half_of_the_conditional_creates_name_somebody_who_is_there() {
        let requests = conditional_create(&chart());
        assert_eq!(requests[0].fields, ["If-None-Exist: identifier=urn%3Ax%7C01"]);
        assert!(requests[0].body.contains(r#""value":"01""#) && !requests[0].body.contains(FRESH));
        assert!(requests[1].fields[0].ends_with(FRESH) && requests[1].body.contains(FRESH));
        assert!(requests.iter().all(|request| !request.body.contains("\"id\"")));
    }

    #[test]
    fn names_and_shapes_fit_the_table_and_names_are_used_once() {
        for (place, operation) in OPERATIONS.iter().enumerate() {
            assert!(
                operation.name.len() <= 18 && operation.shape.chars().count() <= 47,
                "{}",
                operation.name
            );
            assert!(OPERATIONS.iter().skip(place + 1).all(|other| other.name != operation.name));
        }
    }
}
