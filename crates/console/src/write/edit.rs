//! Writing a record: a new draft, a draft that goes on, an amendment of what is final.

use super::content::{self, Around, build};
use super::kinds::{Input, KINDS, Kind, named, of, shows};
use super::node;
use super::people::choices;
use super::record::{Current, current, is_stale, segment, to};
use super::state::{Is, Standing};
use super::surface::{Conflict, Faults, Page, fields};
use super::upload;
use crate::banner::{self, Banner};
use crate::codes::PAGE_UNKNOWN;
use crate::desk::{Ask, Desk, May, Refused, Told, called, look_at};
use crate::form::{Fields, encoded};
use crate::frame::{Frame, address};
use crate::shown::Shown;
use crate::visit::Visit;
use crate::words::Words;
use askama::Template;
use base::Problem;
use fhir::Node;
use fhir::readable::{changes_of, day, lines_of};
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "write/choose.html")]
struct Choose<'a> {
    frame: Frame<'a>,
    banner: Banner,
    inactive: bool,
    ways: Vec<(&'static str, String)>,
}

/// `GET /f/{facility}/console/patients/{id}/write`
pub(super) async fn choose(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let patient = segment(visit, 1);
    let banner = banner::of(visit, desk, patient).await?;
    let may = |kind: &&Kind| desk.may(May::Create(kind.of));
    let way = |kind: &Kind| (kind.key, address(desk.facility(), &["patients", patient, "write", kind.name]));
    let mut ways: Vec<(&'static str, String)> = KINDS.iter().filter(may).map(way).collect();
    if desk.may(May::Create("Observation")) {
        let to = address(desk.facility(), &["patients", patient, "write", "vital"]);
        ways.insert(ways.len().min(1), ("write-vital", to));
    }
    let page = Choose { frame: Frame::of(visit, desk), inactive: is_inactive(&banner), banner, ways };
    Ok(Shown::page(page.render().unwrap_or_default()))
}

/// Whether the registration is not in use, as after a merge.
pub(super) fn is_inactive(banner: &Banner) -> bool {
    banner.patient.get("active") == Some(&json!(false))
}

/// Everything that a form is shown with beside its fields.
struct Sheet<'v> {
    visit: &'v Visit,
    desk: &'v dyn Desk,
    kind: &'static Kind,
    patient: Option<String>,
    /// The record, where there is one already, and how far it is.
    current: Option<(Current, Standing)>,
    given: Fields,
    version: String,
    faults: Faults,
    conflict: Option<Conflict>,
}

/// `GET` and `POST /f/{facility}/console/patients/{id}/write/{kind}`
pub(super) async fn fresh(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let kind = named(segment(visit, 3)).ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let mut sheet = Sheet {
        visit,
        desk,
        kind,
        patient: Some(segment(visit, 1).to_owned()),
        current: None,
        given: visit.form.clone(),
        version: String::new(),
        faults: Faults::default(),
        conflict: None,
    };
    if !visit.sends {
        sheet.given = content::at_first(kind, &desk.now().to_string());
        return sheet.shown(200).await;
    }
    let words = Words(visit.language);
    sheet.faults = Faults::of_fields(&sheet.wrong(None), words);
    if sheet.must_name() && sheet.given.get("responsible").is_empty() {
        sheet.faults.add("responsible", "write-wrong-responsible", words);
    }
    if !sheet.faults.0.is_empty() {
        return sheet.shown(422).await;
    }
    let content = sheet.content(None);
    let mut ask = Ask::exactly("POST", format!("fhir/{}", kind.of), node::written(&content), None);
    ask.provenance = on_behalf(sheet.given.get("responsible"));
    match desk.call(ask).await {
        Ok(told) => Ok(sheet.stored(&told, "saved")),
        Err(refused) => sheet.refused(&refused, &content).await,
    }
}

/// For whom something is entered, as `X-Provenance` says it.
pub(super) fn on_behalf(practitioner: &str) -> Option<String> {
    let role = json!({ "coding": [{ "code": "author",
        "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type" }] });
    let who = json!({ "reference": format!("Practitioner/{practitioner}") });
    let said = json!({ "resourceType": "Provenance", "agent": [{ "type": role, "who": who }] });
    (!practitioner.is_empty()).then(|| said.to_string())
}

/// `GET` and `POST /f/{facility}/console/records/{type}/{id}/edit`
pub(super) async fn existing(visit: &Visit, desk: &dyn Desk) -> Result<Shown, Refused> {
    let current = current(desk, segment(visit, 1), segment(visit, 2)).await?;
    let standing = Standing::of(desk, current.kind.as_str(), &current.id).await;
    let kind = if visit.sends {
        named(visit.form.get("kind")).filter(|kind| kind.of == current.kind.as_str())
    } else {
        of(&current.content)
    };
    let kind = kind.ok_or_else(|| Problem::new(&PAGE_UNKNOWN))?;
    let sheet = Sheet {
        visit,
        desk,
        kind,
        patient: current.patient.clone(),
        given: if visit.sends { visit.form.clone() } else { content::fields(kind, &current.content) },
        version: current.version.clone(),
        current: Some((current, standing)),
        faults: Faults::default(),
        conflict: None,
    };
    if visit.sends { sheet.save().await } else { sheet.shown(200).await }
}

impl Sheet<'_> {
    /// What is wrong with the fields and the file by themselves.
    fn wrong(&self, before: Option<&Node>) -> Vec<content::Wrong> {
        let mut all = content::wrong(self.kind, &self.given);
        all.extend(content::not_yet(self.kind, &self.given, self.desk.now()));
        if self.kind.has_file() {
            all.extend(upload::wrong(upload::sent(self.visit), before));
        }
        all
    }

    /// The content that the form says.
    fn content(&self, before: Option<&Node>) -> Node {
        let mut content = build(self.kind, &self.given, &self.around(), before);
        if let Some(file) = upload::sent(self.visit).filter(|_| self.kind.has_file()) {
            upload::attach(&mut content, file);
        }
        content
    }

    /// Whether somebody else has to answer for what this person writes.
    fn must_name(&self) -> bool {
        self.kind.has_states() && !self.desk.may(May::Act("finalize", self.kind.of))
    }

    fn around(&self) -> Around {
        let person = self.visit.person.as_ref();
        let named = Some(self.given.get("responsible").to_owned()).filter(|id| !id.is_empty());
        let now = self.desk.now().in_japan().replacen(' ', "T", 1);
        Around {
            patient: self.patient.clone().unwrap_or_default(),
            encounter: self.given.get("encounter").to_owned(),
            author: named.or_else(|| person.and_then(|person| person.practitioner.clone())),
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            now,
        }
    }

    /// How the record may be written: `edit`, `amend`, or not any more. What came into it since may be more than the form
    /// shows.
    fn way(&self) -> Option<&'static str> {
        let (current, standing) = self.current.as_ref()?;
        standing.edit(self.desk, self.kind.of).filter(|_| shows(self.kind, &current.content))
    }

    fn is_draft(&self) -> bool {
        self.current.as_ref().is_some_and(|(_, standing)| standing.is == Is::Draft)
    }

    async fn save(mut self) -> Result<Shown, Refused> {
        let words = Words(self.visit.language);
        let Some((current, _)) = &self.current else { return self.shown(404).await };
        let (before, is_current) = (current.content.clone(), self.given.get("version") == current.version);
        let amends = self.way() == Some("amend");
        let merged = !is_current && self.take_theirs().await;
        let mut content = self.content(Some(&before));
        if !is_current {
            self.conflict = self.conflict_with(&content, merged);
            self.faults.add("", "write-conflict", words);
        }
        if self.way().is_none() {
            self.faults.add("", "write-wrong-closed", words);
        }
        if !self.faults.0.is_empty() {
            return self.shown(412).await;
        }
        self.faults = Faults::of_fields(&self.wrong(Some(&before)), words);
        if amends && self.given.get("reason").is_empty() {
            self.faults.add("reason", "write-wrong-reason", words);
        }
        if !self.faults.0.is_empty() {
            return self.shown(422).await;
        }
        let amended = Some(node::text("amended")).filter(|_| amends);
        match self.kind.of {
            "Composition" | "Observation" if amends => node::put(&mut content, "status", amended),
            "DocumentReference" if amends => node::put(&mut content, "docStatus", amended),
            _ => {}
        }
        match self.desk.call(self.ask(&content, amends)).await {
            Ok(told) => Ok(self.stored(&told, if amends { "amended" } else { "saved" })),
            Err(refused) => self.refused(&refused, &content).await,
        }
    }

    fn ask(&self, content: &Node, amends: bool) -> Ask {
        let id = self.current.as_ref().map_or("", |(current, _)| current.id.as_str());
        let path = format!("fhir/{}/{}", self.kind.of, encoded(id));
        let version = Some(self.version.as_str());
        if !amends {
            return Ask::exactly("PUT", path, node::written(content), version);
        }
        let part = |name: &str, member: &'static str, value: Node| {
            node::object(vec![("name", node::text(name)), (member, value)])
        };
        let parameters = Node::Array(vec![
            part("reason", "valueString", node::text(self.given.get("reason"))),
            part("resource", "resource", content.clone()),
        ]);
        let body = node::object(vec![("resourceType", node::text("Parameters")), ("parameter", parameters)]);
        Ask::exactly("POST", format!("{path}/$amend"), node::written(&body), version)
    }

    /// On to the record, or back into its form where a script saved it by itself.
    fn stored(&self, told: &Told, done: &str) -> Shown {
        let answer = told.json();
        let known = self.current.as_ref().map(|(current, _)| current.id.clone());
        let id = answer.get("id").and_then(Value::as_str).map(str::to_owned).or(known).unwrap_or_default();
        if self.given.has("autosave") {
            return Shown::on(format!("{}?saved", to(self.desk, self.kind.of, &id, &["edit"])));
        }
        let done = if self.kind.has_states() { done } else { "kept" };
        Shown::on(format!("{}?done={done}", to(self.desk, self.kind.of, &id, &[])))
    }

    /// The form once more, with what the API says and what was typed.
    async fn refused(mut self, refused: &Refused, content: &Node) -> Result<Shown, Refused> {
        let words = Words(self.visit.language);
        self.faults = Faults::of_refusal(refused, self.kind, content, words);
        if refused.is(crate::fault::FRESH_NEEDED) {
            self.faults.add("", "write-fresh", words);
        }
        if is_stale(refused) {
            // Somebody wrote between looking and saving: with the old number the next attempt shows what.
            self.version = self.given.get("version").to_owned();
        }
        self.shown(if is_stale(refused) { 412 } else { 422 }).await
    }

    /// Fields that were not changed since the version of the form take what the record says now. Where that version cannot
    /// be seen, all stay as they were typed, and this is false.
    async fn take_theirs(&mut self) -> bool {
        let Some((current, _)) = &self.current else { return false };
        let (kind, id) = (self.kind.of, encoded(&current.id));
        let path = format!("fhir/{kind}/{id}/_history/{}", encoded(self.given.get("version")));
        let Ok(told) = self.desk.call(Ask::get(path)).await else { return false };
        let Ok(start) = fhir::json::parse(&told.bytes) else { return false };
        let start = content::fields(self.kind, &start);
        let theirs = content::fields(self.kind, &current.content);
        for slot in self.kind.slots.iter().filter(|slot| slot.input != Input::File) {
            let plain = |text: &str| text.replace("\r\n", "\n");
            let same = plain(self.given.get(slot.name)) == plain(start.get(slot.name).trim());
            if let Some((_, value)) = self.given.0.iter_mut().find(|(name, _)| same && name == slot.name) {
                theirs.get(slot.name).clone_into(value);
            }
        }
        true
    }

    fn conflict_with(&self, mine: &Node, merged: bool) -> Option<Conflict> {
        let (current, standing) = self.current.as_ref()?;
        let language = self.visit.language;
        Some(Conflict {
            merged,
            theirs: lines_of(&upload::without_data(&current.content), language).unwrap_or_default(),
            changes: changes_of(&current.content, mine, language).unwrap_or_default(),
            who: standing
                .entered
                .as_ref()
                .or(standing.responsible.as_ref())
                .map(|who| called(self.desk, Words(language), who))
                .unwrap_or_default(),
            when: day(&node::said(&current.content, &["meta", "lastUpdated"]), language).unwrap_or_default(),
        })
    }

    async fn shown(self, status: u16) -> Result<Shown, Refused> {
        let (visit, desk) = (self.visit, self.desk);
        let banner = match &self.patient {
            // What was typed is shown even where nothing more can be looked at.
            Some(patient) if visit.sends => banner::of(visit, desk, patient).await.ok(),
            Some(patient) => Some(banner::of(visit, desk, patient).await?),
            None => None,
        };
        let patient = self.patient.clone().unwrap_or_default();
        let is_new = self.current.is_none();
        let (mut encounters, mut responsibles) = (Vec::new(), Vec::new());
        if is_new {
            let paths = [
                format!("Encounter?patient={}&_sort=-date&_count=10", encoded(&patient)),
                "Practitioner?active=true&_sort=name&_count=200".to_owned(),
            ];
            // One that is refused must not let the other stand in its place.
            let mut lists = look_at(desk, &paths).await.unwrap_or_default().into_iter();
            let mut list = || lists.next().flatten().map(|list| choices(visit, &list)).unwrap_or_default();
            encounters = list();
            responsibles = list();
            let me = visit.person.as_ref().and_then(|person| person.practitioner.as_deref());
            responsibles.retain(|(id, _)| Some(id.as_str()) != me);
        }
        let way = self.way();
        let as_new = address(desk.facility(), &["patients", patient.as_str(), "write", self.kind.name]);
        let (back, action) = if let Some((current, _)) = &self.current {
            let kind = current.kind.as_str();
            (to(desk, kind, &current.id, &[]), to(desk, kind, &current.id, &["edit"]))
        } else {
            (address(desk.facility(), &["patients", patient.as_str()]), as_new.clone())
        };
        let wrong = |name: &str| self.faults.0.iter().any(|fault| fault.name == name);
        let (reason_fault, responsible_fault) = (wrong("reason"), wrong("responsible"));
        let page = Page {
            frame: Frame::of(visit, desk),
            inactive: banner.as_ref().is_some_and(is_inactive),
            banner,
            key: self.kind.key,
            kind: self.kind.name,
            action,
            back,
            fields: fields(self.kind, &self.given, &self.faults, Words(visit.language)),
            is_new,
            // What has no drafts would hold half written.
            saves_itself: self.kind.has_states() && (is_new || (self.is_draft() && self.conflict.is_none())),
            stated: self.kind.has_states(),
            uploads: self.kind.has_file(),
            amends: way == Some("amend"),
            reason: self.given.get("reason").to_owned(),
            reason_fault,
            responsible_fault,
            closed: !is_new && way.is_none(),
            encounter: self.given.get("encounter").to_owned(),
            responsible: self.given.get("responsible").to_owned(),
            for_another: is_new && self.must_name(),
            as_new,
            version: self.version,
            encounters,
            responsibles,
            conflict: self.conflict,
            faults: self.faults.0,
            saved: visit.query.has("saved"),
        };
        Ok(Shown::Page { status, html: page.render().unwrap_or_default(), cookies: Vec::new() })
    }
}
