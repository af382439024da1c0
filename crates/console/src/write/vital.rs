//! Vital signs on one form, as they are measured at a bed: each that was filled in becomes a record of its own, all at once.

use super::content::{self, Around, build, local};
use super::edit::{is_inactive, on_behalf};
use super::kinds::{ITEMS, Item, PRESSURE, named};
use super::node;
use super::people::{Choice, choices, staff};
use super::record::segment;
use crate::banner::{self, Banner};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Ask, Desk, May, Refused, look_at};
use crate::fault::{Told, told};
use crate::form::{Fields, encoded};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Problem;
use fhir::Node;

/// What the form asks for, in the order in which it is measured.
const MEASURED: [&str; 7] =
    ["temperature", PRESSURE, "pulse", "respiration", "saturation", "weight", "height"];

/// A field: its name, the key of its label, the unit, what was typed, the key of what is wrong.
struct Field {
    name: String,
    key: String,
    unit: String,
    value: String,
    fault: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "write/vital.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    inactive: bool,
    /// Keys of what is wrong with the form as a whole.
    wrong: Vec<&'static str>,
    refused: Vec<Told>,
    fields: Vec<Field>,
    moment: String,
    moment_fault: Option<&'static str>,
    encounters: Vec<Choice>,
    encounter: String,
    responsibles: Vec<Choice>,
    responsible: String,
    /// Whether somebody else has to answer for it.
    for_another: bool,
    back: String,
}

impl Page<'_> {
    /// Whether something is wrong with what was typed.
    fn is_wrong(&self) -> bool {
        let fields = self.fields.iter().any(|field| field.fault.is_some());
        fields || self.moment_fault.is_some() || !self.wrong.is_empty()
    }
}

/// `GET` and `POST /f/{facility}/console/patients/{id}/write/vital`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    if !visit.sends {
        let form = Fields(vec![("moment".to_owned(), local(&desk.now().to_string()))]);
        return shown(visit, desk, &form, Faults::default()).await;
    }
    let form = &visit.form;
    let mut faults = Faults { fields: wrong(form, desk), ..Faults::default() };
    if taken(form).is_empty() && faults.fields.is_empty() {
        faults.whole.push("write-vital-none");
    }
    if for_another(desk) && form.get("responsible").is_empty() {
        faults.whole.push("write-wrong-responsible");
    }
    if !faults.fields.is_empty() || !faults.whole.is_empty() {
        return shown(visit, desk, form, faults).await;
    }
    let (count, bundle) = bundle(visit, desk);
    let mut ask = Ask::exactly("POST", "fhir", node::written(&bundle), None);
    ask.provenance = on_behalf(form.get("responsible"));
    match desk.call(ask).await {
        Ok(_) => {
            let to = address(desk.facility(), &["patients", segment(visit, 1), "vital-signs"]);
            Ok(Shown::on(format!("{to}?saved={count}")))
        }
        Err(refused) => {
            faults.refused = told(&refused.0, visit.language);
            shown(visit, desk, form, faults).await
        }
    }
}

/// What is wrong: fields with the key of their text, the form as a whole, what the API says.
#[derive(Default)]
struct Faults {
    fields: Vec<(String, &'static str)>,
    whole: Vec<&'static str>,
    refused: Vec<Told>,
}

fn for_another(desk: &dyn Desk) -> bool {
    !desk.may(May::Act("finalize", "Observation"))
}

/// The fields of one item as the form of a single result has them.
fn as_result(form: &Fields, name: &str) -> Fields {
    let second = if name == PRESSURE { form.get("pressure-second") } else { "" };
    let pairs =
        [("item", name), ("value", form.get(name)), ("second", second), ("moment", form.get("moment"))];
    Fields(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
}

/// The items that were filled in.
fn taken(form: &Fields) -> Vec<&'static str> {
    let filled = |name: &&'static str| {
        !form.get(name).is_empty() || (*name == PRESSURE && !form.get("pressure-second").is_empty())
    };
    MEASURED.into_iter().filter(filled).collect()
}

fn wrong(form: &Fields, desk: &dyn Desk) -> Vec<(String, &'static str)> {
    let Some(kind) = named("result") else { return Vec::new() };
    let mut all: Vec<(String, &'static str)> = Vec::new();
    for name in taken(form) {
        let result = as_result(form, name);
        let not_yet = content::not_yet(kind, &result, desk.now());
        for (field, key) in content::wrong(kind, &result).into_iter().chain(not_yet) {
            let place = match field {
                "second" => "pressure-second",
                "moment" => "moment",
                _ => name,
            };
            all.push((place.to_owned(), key));
        }
    }
    all.sort();
    all.dedup();
    all
}

/// How many records, and the transaction that writes all or none of them.
fn bundle(visit: &Visit, desk: &dyn Desk) -> (usize, Node) {
    let form = &visit.form;
    let named_one = Some(form.get("responsible").to_owned()).filter(|id| !id.is_empty());
    let person = visit.person.as_ref();
    let around = Around {
        patient: segment(visit, 1).to_owned(),
        encounter: form.get("encounter").to_owned(),
        author: named_one.or_else(|| person.and_then(|person| person.practitioner.clone())),
        name: person.map(|person| person.name.clone()).unwrap_or_default(),
        now: desk.now().in_japan().replacen(' ', "T", 1),
    };
    let Some(kind) = named("result") else { return (0, Node::Null) };
    let request = || node::object(vec![("method", node::text("POST")), ("url", node::text("Observation"))]);
    let entry = |name: &str| {
        let resource = build(kind, &as_result(form, name), &around, None);
        node::object(vec![("resource", resource), ("request", request())])
    };
    let entries: Vec<Node> = taken(form).into_iter().map(entry).collect();
    let count = entries.len();
    let bundle = vec![
        ("resourceType", node::text("Bundle")),
        ("type", node::text("transaction")),
        ("entry", Node::Array(entries)),
    ];
    (count, node::object(bundle))
}

async fn shown(visit: &Visit, desk: &dyn Desk, form: &Fields, faults: Faults) -> Result<Shown, Refused> {
    let patient = segment(visit, 1);
    if !desk.may(May::Create("Observation")) {
        return Err(Problem::new(&PAGE_UNKNOWN).into());
    }
    let banner = if visit.sends {
        // What was typed is shown even where nothing more can be looked at.
        banner::of(visit, desk, patient).await.ok()
    } else {
        Some(banner::of(visit, desk, patient).await?)
    };
    let visits = [format!("Encounter?patient={}&_sort=-date&_count=10", encoded(patient))];
    let visits = look_at(desk, &visits).await.unwrap_or_default().into_iter().next().flatten();
    let mut responsibles = staff(visit, desk).await.unwrap_or_default();
    let me = visit.person.as_ref().and_then(|person| person.practitioner.as_deref());
    responsibles.retain(|(id, _)| Some(id.as_str()) != me);
    let fault = |name: &str| faults.fields.iter().find(|(place, _)| place == name).map(|(_, key)| *key);
    let field = |name: &str, key: String, item: &Item| Field {
        fault: fault(name),
        value: form.get(name).to_owned(),
        name: name.to_owned(),
        key,
        unit: item.unit_in(Words(visit.language)),
    };
    let of_item = |item: &Item| {
        if item.name == PRESSURE {
            let two = [(PRESSURE, "write-systolic"), ("pressure-second", "write-diastolic")];
            return two.map(|(name, key)| field(name, key.to_owned(), item)).into();
        }
        vec![field(item.name, format!("write-item-{}", item.name), item)]
    };
    let items = MEASURED.iter().filter_map(|name| ITEMS.iter().find(|item| item.name == *name));
    let bad = !(faults.fields.is_empty() && faults.whole.is_empty() && faults.refused.is_empty());
    let fields: Vec<Field> = items.flat_map(of_item).collect();
    let moment_fault = fault("moment");
    let page = Page {
        frame: Frame::of(visit, desk),
        inactive: banner.as_ref().is_some_and(is_inactive),
        banner,
        wrong: faults.whole,
        refused: faults.refused,
        fields,
        moment: form.get("moment").to_owned(),
        moment_fault,
        encounters: visits.map(|list| choices(visit, &list)).unwrap_or_default(),
        encounter: form.get("encounter").to_owned(),
        responsibles,
        responsible: form.get("responsible").to_owned(),
        for_another: for_another(desk),
        back: address(desk.facility(), &["patients", patient]),
    };
    let html = page.render().unwrap_or_default();
    Ok(Shown::Page { status: if bad { 422 } else { 200 }, html, cookies: Vec::new() })
}
