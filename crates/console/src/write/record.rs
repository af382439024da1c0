//! One record for people: what it says, how far it is, who answers for it, what the version before said, and what may be done.

use super::people::{Choice, names, staff};
use super::state::{Act, Is, Standing};
use super::upload::{self, Kept};
use super::{kinds, node};
use crate::banner::{self, Banner};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Ask, Desk, Refused, called, look_at_as_written};
use crate::fault::{self, Told, told};
use crate::form::encoded;
use crate::frame::{Frame, address};
use crate::record::result_in_words;
use crate::shown::Shown;
use crate::spoken;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::{Class, Problem};
use fhir::definitions::STATED_TYPES;
use fhir::readable::{Change, Line, Naming, changes_of, day, heading_of, lines_of, named};
use fhir::{Node, ResourceKind};
use serde_json::json;

/// A record as it stands.
pub(super) struct Current {
    pub(super) kind: ResourceKind,
    pub(super) id: String,
    pub(super) content: Node,
    /// The number of its version.
    pub(super) version: String,
    /// The patient whom it is of; none where it is of nobody.
    pub(super) patient: Option<String>,
}

/// The record of this type and id.
///
/// # Errors
/// It is not there, or may not be seen.
pub(super) async fn current(desk: &dyn Desk, kind: &str, id: &str) -> Result<Current, Refused> {
    let unseen = || Refused::from(Problem::new(&PAGE_UNKNOWN));
    let kind = fhir::definitions::resource_kinds().find(|one| one.as_str() == kind).ok_or_else(unseen)?;
    let told = desk.call(Ask::get(format!("fhir/{}/{}", kind.as_str(), encoded(id)))).await?;
    let content = fhir::json::parse(&told.bytes).map_err(Refused::from)?;
    let version = node::said(&content, &["meta", "versionId"]);
    let mut of = ["subject", "patient"].iter().map(|name| node::said(&content, &[name, "reference"]));
    let patient = of.find_map(|one| one.strip_prefix("Patient/").map(str::to_owned));
    Ok(Current { kind, id: id.to_owned(), content, version, patient })
}

/// The segments of an address.
pub(super) fn segment(visit: &Visit, number: usize) -> &str {
    visit.path.get(number).map_or("", String::as_str)
}

/// The address of a record, or of a page of it.
pub(super) fn to(desk: &dyn Desk, kind: &str, id: &str, more: &[&str]) -> String {
    let path: Vec<&str> = ["records", kind, id].into_iter().chain(more.iter().copied()).collect();
    address(desk.facility(), &path)
}

/// An act as a form.
struct Offer {
    act: Act,
    to: String,
    /// To whom it may be handed on.
    people: Vec<Choice>,
    /// What was typed before the person had to show a factor again.
    reason: String,
}

#[expect(clippy::struct_excessive_bools, reason = "what a page shows or leaves out")]
#[derive(Template)]
#[template(path = "write/record.html")]
struct Page<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    /// What kind of record it is.
    what: String,
    title: String,
    when: Option<String>,
    /// What an Observation found.
    found: Option<String>,
    tag: (&'static str, &'static str),
    /// Key of what is told, and what.
    facts: Vec<(&'static str, String)>,
    lines: Vec<Line>,
    /// The same with all codes and identifiers.
    coded: Vec<Line>,
    /// Of a document of plain text: titles and texts, which then are not among the lines.
    sections: Vec<(String, String)>,
    /// The file that belongs to it, and where it is handed out.
    file: Option<(Kept, String)>,
    changes: Vec<Change>,
    /// Whether there is a version before.
    has_before: bool,
    /// Whether the version before could be seen.
    compared: bool,
    /// Whether records of this type have states.
    stated: bool,
    edit: Option<(&'static str, String)>,
    /// Whether it could be changed but for want of a form.
    no_form: bool,
    offers: Vec<Offer>,
    version: String,
    /// The patient whom it is of; empty where it is of nobody.
    patient: String,
    /// The key of what was just done.
    done: Option<String>,
    history: String,
    /// The page that proves this version.
    proof: String,
    /// What is stored, for those who look after systems.
    raw: String,
    /// Whether it was brought in from another system.
    taken_over: bool,
    /// Where its entry stands in the journal; empty where nobody could look.
    position: String,
}

/// `GET /f/{facility}/console/records/{type}/{id}`
pub(super) async fn page(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let current = current(desk, segment(visit, 1), segment(visit, 2)).await?;
    let kind = current.kind.as_str();
    let standing = Standing::of(desk, kind, &current.id).await;
    let banner = match &current.patient {
        Some(patient) => Some(banner::of(visit, desk, patient).await?),
        None => None,
    };
    let beside = Beside::of(desk, &current, &standing).await?;
    let names = names(visit, desk, &[&current.content]).await?;
    let words = Words(visit.language);
    let readable = spoken::in_words(&named(&current.content, &names, Naming::Name), words);
    let heading = heading_of(&readable, visit.language).map_err(Refused::from)?;
    let frame = Frame::of(visit, desk);
    let me = visit.person.as_ref().map_or("", |person| person.account.as_str());
    let what = spoken::kind(current.kind, words);
    let form = kinds::of(&current.content);
    let way = standing.edit(desk, kind);
    let acts = standing.acts(desk, kind, me);
    let people = if acts.contains(&Act::Assign) { staff(visit, desk).await? } else { Vec::new() };
    let offer = |act: Act| Offer {
        act,
        people: if act == Act::Assign { people.clone() } else { Vec::new() },
        to: to(desk, kind, &current.id, &["do", act.name()]),
        reason: if visit.query.get("act") == act.name() { visit.query.get("reason") } else { "" }.to_owned(),
    };
    let changes = beside.before.as_ref().map(|before| {
        let before = spoken::in_words(&named(before, &names, Naming::Name), words);
        changes_of(&before, &readable, visit.language).unwrap_or_default()
    });
    let sections = kinds::sections(&readable);
    let mut rest = upload::without_data(&readable);
    if sections.is_some() {
        node::put(&mut rest, "section", None);
    }
    let done = visit.query.get("done");
    let page = Page {
        title: title(&current, heading.title, &what),
        what,
        when: heading.date.and_then(|date| day(&date, visit.language)),
        found: result_in_words(&readable, words),
        tag: standing.tag(kind),
        facts: facts(visit, desk, (&current, &standing), beside.reason),
        file: upload::kept(&current.content).map(|file| (file, to(desk, kind, &current.id, &["file"]))),
        lines: lines_of(&spoken::plain(&rest, words), visit.language).map_err(Refused::from)?,
        coded: lines_of(&rest, visit.language).map_err(Refused::from)?,
        sections: sections.unwrap_or_default(),
        has_before: before_of(&current.version).is_some(),
        compared: changes.is_some(),
        changes: changes.unwrap_or_default(),
        stated: STATED_TYPES.contains(&kind),
        edit: way.filter(|_| form.is_some()).map(|way| (way, to(desk, kind, &current.id, &["edit"]))),
        no_form: way.is_some() && form.is_none(),
        offers: acts.into_iter().map(offer).collect(),
        done: [format!("write-done-{done}")].into_iter().find(|key| frame.words.knows(key)),
        history: to(desk, kind, &current.id, &["history"]),
        proof: to(desk, kind, &current.id, &["proof", &current.version]),
        raw: raw(desk, &current),
        taken_over: standing.is_taken_over(kind),
        position: standing.position,
        patient: current.patient.unwrap_or_default(),
        version: current.version,
        banner,
        frame,
    };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// The heading of a record; what a document from elsewhere is about says more than what kind it is.
fn title(current: &Current, heading: Option<String>, what: &str) -> String {
    let about = Some(node::said(&current.content, &["description"]));
    let about = about.filter(|about| current.kind.as_str() == "DocumentReference" && !about.is_empty());
    about.or(heading).unwrap_or_else(|| what.to_owned())
}

/// The address of what is stored.
fn raw(desk: &dyn Desk, current: &Current) -> String {
    let [facility, id] = [desk.facility(), &current.id].map(encoded);
    format!("/f/{facility}/fhir/{}/{id}?_format=json&_pretty=true", current.kind.as_str())
}

/// The number of the version before.
fn before_of(version: &str) -> Option<u64> {
    version.parse::<u64>().ok()?.checked_sub(1).filter(|number| *number > 0)
}

/// What stands beside the record itself.
struct Beside {
    before: Option<Node>,
    /// Why it is as it is.
    reason: Option<String>,
}

impl Beside {
    async fn of(desk: &dyn Desk, current: &Current, standing: &Standing) -> Result<Self, Refused> {
        let (kind, id) = (current.kind.as_str(), encoded(&current.id));
        let before = before_of(&current.version).map(|number| format!("{kind}/{id}/_history/{number}"));
        let reason = standing.provenance.as_ref().map(|id| format!("Provenance/{}", encoded(id)));
        let paths: Vec<String> = before.iter().chain(&reason).cloned().collect();
        let answers = if paths.is_empty() { Vec::new() } else { look_at_as_written(desk, &paths).await? };
        let mut answers = answers.into_iter();
        let before = before.and_then(|_| answers.next().flatten());
        let reason = reason.and_then(|_| answers.next().flatten());
        let reason =
            reason.map(|told| node::said(&told, &["reason", "text"])).filter(|told| !told.is_empty());
        Ok(Self { before, reason })
    }
}

fn facts(
    visit: &Visit,
    desk: &dyn Desk,
    (current, standing): (&Current, &Standing),
    reason: Option<String>,
) -> Vec<(&'static str, String)> {
    let updated = node::said(&current.content, &["meta", "lastUpdated"]);
    let mut all = vec![("write-version", current.version.clone())];
    all.extend(day(&updated, visit.language).map(|when| ("write-updated", when)));
    let called = |account: &String| called(desk, Words(visit.language), account);
    all.extend(standing.responsible.as_ref().map(|who| ("write-responsible", called(who))));
    all.extend(standing.entered.as_ref().map(|who| ("write-entered", called(who))));
    let signers: Vec<String> = standing.cosigned.iter().map(called).collect();
    let signed = (!signers.is_empty()).then(|| signers.join(", "));
    all.extend(signed.map(|who| ("write-cosigned", who)));
    all.extend(reason.map(|reason| ("write-reason-told", reason)));
    let nobody = standing.responsible.is_none() && standing.is == Is::Draft;
    all.extend(nobody.then(|| ("write-responsible", Words(visit.language).say("write-nobody"))));
    all
}

/// What stands around an act that was not done.
struct About {
    act: Act,
    banner: Option<Banner>,
    people: Vec<Choice>,
}

impl About {
    async fn of(visit: &Visit, desk: &dyn Desk, act: Act) -> Self {
        let patient = visit.form.get("patient");
        let banner = if patient.is_empty() { None } else { banner::of(visit, desk, patient).await.ok() };
        let people =
            if act == Act::Assign { staff(visit, desk).await.unwrap_or_default() } else { Vec::new() };
        Self { act, banner, people }
    }
}

/// Why an act was not done.
enum Wrong {
    Reason,
    Responsible,
    Refused(Vec<Told>),
}

#[derive(Template)]
#[template(path = "write/act.html")]
struct Again<'a> {
    frame: Frame<'a>,
    banner: Option<Banner>,
    act: Act,
    to: String,
    back: String,
    version: &'a str,
    patient: &'a str,
    reason: &'a str,
    people: Vec<Choice>,
    responsible: &'a str,
    wrong: Wrong,
}

/// `POST /f/{facility}/console/records/{type}/{id}/do/{act}`
pub(super) async fn act(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let (kind, id) = (segment(visit, 1), segment(visit, 2));
    let unknown = || Problem::new(&PAGE_UNKNOWN);
    let act = Act::ALL.into_iter().find(|act| act.name() == segment(visit, 4)).ok_or_else(unknown)?;
    let reason = visit.form.get("reason");
    let responsible = visit.form.get("responsible");
    let mut parameter = Vec::new();
    if act.has_reason() {
        parameter.push(json!({ "name": "reason", "valueString": reason }));
    }
    // After a write nothing more can be looked at: who it is about is looked up before.
    let about = About::of(visit, desk, act).await;
    if act.has_reason() && reason.is_empty() {
        return Ok(again(visit, desk, about, Wrong::Reason));
    }
    if act == Act::Assign {
        if responsible.is_empty() {
            return Ok(again(visit, desk, about, Wrong::Responsible));
        }
        parameter
            .push(json!({ "name": "responsible", "valueString": format!("Practitioner/{responsible}") }));
    }
    let path = format!("fhir/{}/{}/${}", encoded(kind), encoded(id), act.name());
    let version = Some(visit.form.get("version")).filter(|version| !version.is_empty());
    let ask = if act == Act::Delete {
        let plain = format!("fhir/{}/{}", encoded(kind), encoded(id));
        let if_match = version.map(|version| format!("W/\"{version}\""));
        Ask { if_match, ..Ask::delete(plain) }
    } else if parameter.is_empty() {
        Ask::exactly("POST", path, String::new(), version)
    } else {
        let body = json!({ "resourceType": "Parameters", "parameter": parameter });
        Ask::exactly("POST", path, body.to_string(), version)
    };
    match desk.call(ask).await {
        // What is deleted has no page any more, but a history.
        Ok(_) if act == Act::Delete => {
            Ok(Shown::on(format!("{}?done=delete", to(desk, kind, id, &["history"]))))
        }
        Ok(_) => Ok(Shown::on(format!("{}?done={}", to(desk, kind, id, &[]), act.name()))),
        Err(refused) if refused.is(fault::FRESH_NEEDED) => {
            let query = format!("?act={}&reason={}", act.name(), encoded(reason));
            let back = encoded(&format!("{}{query}", to(desk, kind, id, &[])));
            Ok(Shown::on(format!("{}?next={back}", address(desk.facility(), &["confirm"]))))
        }
        Err(refused) => Ok(again(visit, desk, about, Wrong::Refused(told(&refused.0, visit.language)))),
    }
}

/// The same form once more, with what was typed and what is wrong.
fn again(visit: &Visit, desk: &dyn Desk, about: About, wrong: Wrong) -> Shown {
    let (kind, id) = (segment(visit, 1), segment(visit, 2));
    let page = Again {
        frame: Frame::of(visit, desk),
        to: to(desk, kind, id, &["do", about.act.name()]),
        back: to(desk, kind, id, &[]),
        version: visit.form.get("version"),
        patient: visit.form.get("patient"),
        reason: visit.form.get("reason"),
        responsible: visit.form.get("responsible"),
        act: about.act,
        banner: about.banner,
        people: about.people,
        wrong,
    };
    Shown::Page { status: 422, html: page.render().unwrap_or_default(), cookies: Vec::new() }
}

/// Whether somebody else wrote in between.
pub(super) fn is_stale(refused: &Refused) -> bool {
    refused.0.first().is_some_and(|problem| problem.class() == Class::Stale)
}
