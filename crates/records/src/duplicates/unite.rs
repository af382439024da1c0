//! `$merge`, `$unmerge`, `$distinct` of patients: two registrations are one person, are two after all, were always two.
//!
//! After the operation `Patient/$merge` of the Patient Administration work group (FHIR R6). The one who is merged away becomes
//! inactive and leads to the other; no other record is touched. Each decision is one batch with a Provenance that says who
//! decided it and why. See `docs/decisions/045-duplicate-patients.md`.

use super::of_patients;
use crate::audit::element::{list, object, reference, text};
use crate::call::{Answer, Problems, Uniting};
use crate::codes;
use crate::facility::{Caller, Facility};
use crate::index::from_fhir;
use crate::parameters::{self, Value};
use crate::provenance::{self, United};
use crate::read;
use crate::ties;
use crate::write::{self, Stale, came_between};
use access::{Action, Permit};
use base::{Language, Problem, RecordKey, VersionNumber};
use fhir::alike::{Features, compare};
use fhir::{Checked, Node, Template};
use std::sync::Arc;
use store::{Act, Change, Expected};

/// The elements of a link.
const LINK: &str = "link";
const REPLACED_BY: &str = "replaced-by";
const REPLACES: &str = "replaces";

impl Uniting {
    /// What it is to the law.
    pub(crate) fn action(self) -> Action {
        match self {
            Self::Merge | Self::Distinct => Action::MERGE,
            Self::Unmerge => Action::UNMERGE,
        }
    }

    /// The operation's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Unmerge => "unmerge",
            Self::Distinct => "distinct",
        }
    }

    /// The parameters that it takes.
    fn known(self) -> &'static str {
        match self {
            Self::Merge => "source-patient, target-patient, reason, preview, result-patient",
            Self::Unmerge => "source-patient, target-patient, reason, preview",
            Self::Distinct => "source-patient, target-patient, reason",
        }
    }
}

pub(crate) async fn perform(
    facility: &Facility,
    caller: &Caller<'_>,
    (act, kind): (Uniting, &str),
    body: &[u8],
) -> Result<Answer, Problems> {
    of_patients(act.name(), kind)?;
    let wish = Wish::read(act, body, caller.base_url)?;
    let mut told = Stale::default();
    for _ in 0..write::TRIES_MAX {
        let planned = match plan(facility, caller, &wish) {
            Err(problems) if told.anew(&problems) => continue,
            planned => planned?,
        };
        if wish.preview {
            return Ok(preview(facility, caller, &planned));
        }
        let Planned { changes, result, .. } = planned;
        let written = caller.trail.append(facility, ties::batch(caller, changes)).await;
        match written {
            Err(problem) if came_between(&problem) => {}
            Err(problem) => return Err(ties::told(facility, caller, problem).into()),
            Ok(receipt) => {
                let stamp = receipt.written.iter().find(|one| one.key == wish.target);
                let stamp = stamp.and_then(|one| Some((one.version?, one.time)));
                let shown =
                    result.zip(stamp).map(|(template, (version, time))| template.render(version, time));
                return Ok(answer(wish.done(caller.language), shown, Vec::new()));
            }
        }
    }
    Err(write::contended().into())
}

/// What is asked for.
struct Wish {
    act: Uniting,
    source: RecordKey,
    target: RecordKey,
    reason: String,
    preview: bool,
    /// What becomes of the target beside the link.
    result: Option<Checked>,
}

impl Wish {
    fn read(act: Uniting, body: &[u8], base_url: &str) -> Result<Self, Problems> {
        let node = fhir::json::parse(body)?;
        let (mut source, mut target, mut reason, mut preview, mut result) = (None, None, None, None, None);
        let wrong = |name: &str| {
            let problem =
                Problem::new(&codes::MERGE_PARAMETER).with("operation", act.name()).with("name", name);
            problem.with("known", act.known()).at("Parameters.parameter")
        };
        for parameter in parameters::read(&node)? {
            let name = parameter.name;
            let twice = match (name, parameter.value) {
                ("source-patient", Value::Complex(to)) => {
                    source.replace(patient(to, base_url).ok_or_else(|| wrong(name))?).is_some()
                }
                ("target-patient", Value::Complex(to)) => {
                    target.replace(patient(to, base_url).ok_or_else(|| wrong(name))?).is_some()
                }
                ("reason", Value::Simple(text)) => reason.replace(text).is_some(),
                ("preview", Value::Simple(text)) if act != Uniting::Distinct => {
                    preview.replace(text.parse::<bool>().map_err(|_| wrong(name))?).is_some()
                }
                ("result-patient", Value::Resource(node)) if act == Uniting::Merge => {
                    result.replace(node.clone()).is_some()
                }
                _ => true,
            };
            if twice {
                return Err(wrong(name).into());
            }
        }
        let needs = |name: &str| {
            let problem = Problem::new(&codes::MERGE_NEEDS).with("operation", act.name());
            problem.with("name", name).at("Parameters.parameter")
        };
        let preview = preview.unwrap_or(false);
        let reason = reason.filter(|text: &String| !text.trim().is_empty());
        let wish = Self {
            act,
            source: source.ok_or_else(|| needs("source-patient"))?,
            target: target.ok_or_else(|| needs("target-patient"))?,
            reason: if preview {
                reason.unwrap_or_default()
            } else {
                reason.ok_or_else(|| needs("reason"))?
            },
            preview,
            result: result.map(checked).transpose()?,
        };
        if wish.source == wish.target {
            return Err(wish.already().into());
        }
        Ok(wish)
    }

    fn already(&self) -> Problem {
        Problem::new(&codes::MERGED_ALREADY).with("record", &self.source).with("other", &self.target)
    }

    /// What is said of it once it is done.
    fn done(&self, language: Language) -> String {
        let (source, target) = (&self.source, &self.target);
        match (self.act, language) {
            (Uniting::Merge, Language::English) => {
                format!(
                    "{source} was merged into {target}: they are one person. Their records stand as they were written."
                )
            }
            (Uniting::Merge, Language::Japanese) => {
                format!(
                    "{source} を {target} に統合しました（同じ人です）。それぞれの記録は書かれたまま残っています。"
                )
            }
            (Uniting::Unmerge, Language::English) => {
                format!(
                    "{source} and {target} are two people again. What was written under either stays there: look through what was written since the merge."
                )
            }
            (Uniting::Unmerge, Language::Japanese) => {
                format!(
                    "{source} と {target} の統合を取り消しました。記録は書かれた番号のもとに残ります。統合後に書かれた記録がどちらの人のものかを確認してください。"
                )
            }
            (Uniting::Distinct, Language::English) => {
                format!("{source} and {target} are two people. They are no longer listed as duplicates.")
            }
            (Uniting::Distinct, Language::Japanese) => {
                format!(
                    "{source} と {target} は別人として記録しました。二重登録の候補の一覧には出なくなります。"
                )
            }
        }
    }
}

fn checked(node: Node) -> Result<Checked, Problems> {
    let checked = write::of_type("Patient", write::check(node)?)?;
    write::whole(&checked)?;
    Ok(checked)
}

/// The patient of this facility that a Reference names.
fn patient(to: &Node, base_url: &str) -> Option<RecordKey> {
    let to = to.get("reference")?.as_str()?;
    let local = to.strip_prefix(base_url).and_then(|rest| rest.strip_prefix('/')).unwrap_or(to);
    RecordKey::parse(local).filter(|key| *key.kind == *"Patient")
}

/// A patient as they stand, opened by whoever may do this to them and may read them.
struct Standing {
    key: RecordKey,
    version: VersionNumber,
    content: Node,
}

/// What is going to be written.
struct Planned {
    changes: Vec<Change>,
    /// The patient who stays, as shown in the answer.
    result: Option<Arc<Template>>,
    /// The version that the result is going to have.
    version: VersionNumber,
    source: Node,
    target: Node,
}

fn plan(facility: &Facility, caller: &Caller<'_>, wish: &Wish) -> Result<Planned, Problems> {
    let source = standing(facility, caller, wish.act, &wish.source)?;
    let target = standing(facility, caller, wish.act, &wish.target)?;
    let version = target.version.next();
    let (mut changes, mut permit, mut result) = (Vec::new(), None, None);
    for (after, before) in becoming(facility, caller, wish, (&source, &target))? {
        let (change, own, template) = put(facility, caller, wish.act, (before, after))?;
        if before.key == wish.target {
            result = Some(template);
        }
        changes.push(change);
        permit.get_or_insert(own);
    }
    let permit = match permit {
        Some(permit) => permit,
        // Nothing is changed of either: they are said to be two.
        None => read::current(facility, caller, wish.act.action(), &wish.source)?.1,
    };
    changes.push(telling(facility, caller, wish, (&permit, &source, &target))?);
    Ok(Planned { changes, result, version, source: source.content, target: target.content })
}

fn standing(
    facility: &Facility,
    caller: &Caller<'_>,
    act: Uniting,
    key: &RecordKey,
) -> Result<Standing, Problems> {
    read::current(facility, caller, act.action(), key)?;
    let (found, permit) = read::current(facility, caller, Action::READ, key)?;
    let version = found.version;
    let gone = || Problem::new(&codes::DELETED).with("record", key).with("version", version);
    let content = fhir::json::parse(&found.content.ok_or_else(gone)?.open(&permit)?)?;
    caller.trail.touched(key, Some(version.number()));
    Ok(Standing { key: key.clone(), version, content })
}

/// What becomes of both, each with what it was.
fn becoming<'s>(
    facility: &Facility,
    caller: &Caller<'_>,
    wish: &Wish,
    (source, target): (&'s Standing, &'s Standing),
) -> Result<Vec<(Checked, &'s Standing)>, Problems> {
    let taken = |one: &Standing| merged_into(&one.content, caller.base_url);
    let elsewhere = |one: &Standing, into: &RecordKey| {
        Problem::new(&codes::MERGED_ELSEWHERE).with("record", &one.key).with("into", into)
    };
    let person = caller.trail.read(facility, |snapshot| snapshot.person(&source.key))?;
    let one_person = person.contains(&target.key);
    match wish.act {
        Uniting::Distinct | Uniting::Merge if one_person => return Err(wish.already().into()),
        Uniting::Distinct => return Ok(Vec::new()),
        Uniting::Unmerge if taken(source).as_ref() != Some(&target.key) => {
            let problem = Problem::new(&codes::NOT_MERGED).with("record", &source.key);
            return Err(problem.with("other", &target.key).into());
        }
        Uniting::Merge | Uniting::Unmerge => {}
    }
    let mut known =
        [source, target].into_iter().filter(|one| wish.act == Uniting::Merge || one.key == target.key);
    if let Some((one, into)) = known.find_map(|one| Some((one, taken(one)?))) {
        return Err(elsewhere(one, &into).into());
    }
    let after = if wish.act == Uniting::Merge {
        let gone = with_link(source.content.clone(), &target.key, REPLACED_BY);
        [write::check(inactive(gone))?, whole(wish, target)?]
    } else {
        [
            parted(facility, caller, source, (&target.key, REPLACED_BY))?,
            parted(facility, caller, target, (&source.key, REPLACES))?,
        ]
    };
    Ok(after.into_iter().zip([source, target]).collect())
}

/// The patient who stays: as they are or as the caller wants them, with the new link.
fn whole(wish: &Wish, target: &Standing) -> Result<Checked, Problems> {
    let content = match &wish.result {
        None => target.content.clone(),
        Some(result) => {
            let node = result.node();
            let links = |node: &Node| node.get(LINK).cloned().unwrap_or(Node::Array(Vec::new()));
            let wrong = || Problem::new(&codes::RESULT_PATIENT).with("record", &target.key);
            if result.id() != Some(target.key.id.as_str()) || links(node) != links(&target.content) {
                return Err(wrong().at("Parameters.parameter").into());
            }
            node.clone()
        }
    };
    write::check(with_link(content, &wish.source, REPLACES))
}

/// A patient without a link: as they were before, where nothing else was written since; or else as they are without it.
fn parted(
    facility: &Facility,
    caller: &Caller<'_>,
    one: &Standing,
    link: (&RecordKey, &str),
) -> Result<Checked, Problems> {
    let linked = |node: &Node| links(node).any(|found| is_link(found, link, caller.base_url));
    if let Some(before) = one.version.previous() {
        let found = caller.trail.read(facility, |snapshot| {
            let Some(found) = snapshot.version(&one.key, before)? else { return Ok(None) };
            let seen = caller.version(snapshot, Action::VERSION_READ, &one.key, &found)?;
            let Some(((permit, _), content)) = seen.zip(found.content) else { return Ok(None) };
            content.open(&permit).map(Some)
        })?;
        let found = found.map(|content| fhir::json::parse(&content)).transpose()?;
        if let Some(before) = found.filter(|before| !linked(before)) {
            return write::check(before);
        }
    }
    write::check(without_link(one.content.clone(), link, caller.base_url))
}

fn put(
    facility: &Facility,
    caller: &Caller<'_>,
    act: Uniting,
    (before, checked): (&Standing, Checked),
) -> Result<(Change, Permit, Arc<Template>), Problems> {
    let template = Arc::new(checked.template(&before.key.id));
    let content = template.render(VersionNumber::FIRST, facility.now());
    let permit = caller.permit_content(facility, act.action(), &before.key, &content)?;
    let shared = Arc::clone(&template);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| shared.render(version, time));
    let change = Change::new(&permit, Expected::Version(before.version), Act::Put { render, terms })?;
    Ok((change, permit, template))
}

/// The change that writes the Provenance.
fn telling(
    facility: &Facility,
    caller: &Caller<'_>,
    wish: &Wish,
    (permit, source, target): (&Permit, &Standing, &Standing),
) -> Result<Change, Problems> {
    let id = facility.new_id()?;
    let security = |one: &Standing| -> Vec<Node> {
        let found = one.content.get("meta").and_then(|meta| meta.get("security"));
        found.and_then(Node::as_array).unwrap_or_default().to_vec()
    };
    let mut labels = security(source);
    labels.extend(security(target).into_iter().filter(|label| !security(source).contains(label)));
    let told = United {
        act: wish.act,
        patients: [(&source.key, source.version), (&target.key, target.version)],
        reason: &wish.reason,
        security: labels,
    };
    let checked = write::check(provenance::united(caller, facility.now(), told))?;
    let template = checked.template(&id);
    let terms = checked.terms().into_iter().map(from_fhir).collect();
    let render = Box::new(move |version, time| template.render(version, time));
    Ok(Change::provenance(permit, id, Act::Put { render, terms })?)
}

fn links(patient: &Node) -> impl Iterator<Item = &Node> {
    patient.get(LINK).and_then(Node::as_array).unwrap_or_default().iter()
}

fn is_link(link: &Node, (to, kind): (&RecordKey, &str), base_url: &str) -> bool {
    link.get("type").and_then(Node::as_str) == Some(kind)
        && link.get("other").and_then(|other| patient(other, base_url)).as_ref() == Some(to)
}

/// Into whom a patient was merged.
fn merged_into(content: &Node, base_url: &str) -> Option<RecordKey> {
    let mut found =
        links(content).filter(|link| link.get("type").and_then(Node::as_str) == Some(REPLACED_BY));
    found.find_map(|link| patient(link.get("other")?, base_url))
}

fn with_link(content: Node, to: &RecordKey, kind: &str) -> Node {
    let link = object([("other", Some(reference(&to.to_string()))), ("type", Some(text(kind)))]);
    let mut all: Vec<Node> = links(&content).cloned().collect();
    all.push(link);
    with(content, LINK, Some(Node::Array(all)))
}

fn without_link(content: Node, link: (&RecordKey, &str), base_url: &str) -> Node {
    let left = links(&content).filter(|one| !is_link(one, link, base_url)).cloned().collect();
    with(content, LINK, list(left))
}

fn inactive(content: Node) -> Node {
    with(content, "active", Some(Node::Bool(false)))
}

/// A content with another value of a member, or without it.
fn with(content: Node, name: &str, value: Option<Node>) -> Node {
    let Node::Object(mut members) = content else { return content };
    match (members.iter().position(|(found, _)| found == name), value) {
        (Some(at), Some(value)) => {
            if let Some((_, place)) = members.get_mut(at) {
                *place = value;
            }
        }
        (Some(at), None) => drop(members.remove(at)),
        (None, Some(value)) => members.push((name.to_owned(), value)),
        (None, None) => {}
    }
    Node::Object(members)
}

/// What would be written, and how the two compare.
fn preview(facility: &Facility, caller: &Caller<'_>, planned: &Planned) -> Answer {
    let shown = planned.result.as_ref().map(|template| template.render(planned.version, facility.now()));
    let likeness = compare(&Features::of(&planned.source), &Features::of(&planned.target));
    let said = match caller.language {
        Language::English => "A preview: nothing was written.",
        Language::Japanese => "プレビューです。何も書き込んでいません。",
    };
    answer(
        said.to_owned(),
        shown,
        vec![object([
            ("extension", list(super::matched::described(&likeness))),
            ("name", Some(text("likeness"))),
            ("valueCode", Some(text(likeness.grade.code()))),
        ])],
    )
}

/// `Parameters` with the outcome in words, the patient who stays, and more.
fn answer(said: String, shown: Option<Vec<u8>>, more: Vec<Node>) -> Answer {
    let issue = object([
        ("severity", Some(text("information"))),
        ("code", Some(text("informational"))),
        ("details", Some(object([("text", Some(text(said)))]))),
    ]);
    let outcome =
        object([("resourceType", Some(text("OperationOutcome"))), ("issue", Some(Node::Array(vec![issue])))]);
    let mut all = vec![object([("name", Some(text("outcome"))), ("resource", Some(outcome))])];
    let result = shown.and_then(|content| fhir::json::parse(&content).ok());
    all.extend(result.map(|result| object([("name", Some(text("result"))), ("resource", Some(result))])));
    all.extend(more);
    let mut body = Vec::new();
    object([("resourceType", Some(text("Parameters"))), ("parameter", Some(Node::Array(all)))])
        .write(&mut body);
    Answer::found(body)
}
