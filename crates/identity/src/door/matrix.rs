//! Who may do what by the law of the facility, as a table: by the law in force, or as it would be by a proposal.

use super::Identity;
use crate::codes;
use crate::command::Situated;
use crate::kept::{Duty, Occupation};
use crate::words::FactorKind;
use crate::zone::ELSEWHERE;
use access::{Allowed, Context, Law, Matrix, Situation, Who, WhoKind};
use base::Problem;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Tables that are kept: making one takes thousands of decisions, and the same few are looked at again and again.
const TABLES_MAX: usize = 16;

/// What a table is made of: the policies that the facility adds, and the circumstances.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Question {
    text: String,
    facility: String,
    zone: String,
    at: Situation,
}

/// Who may do what.
#[derive(Debug)]
struct Table {
    /// Roles with what they may do, in their order.
    roles: Vec<(Role, Allowed)>,
    /// On what the facility's own policies rest.
    conditions: BTreeSet<String>,
}

/// Tables that were made, shared with the threads that make them: who asked may be gone by then, the table is not.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables(Arc<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    kept: Mutex<Vec<(Question, Arc<Table>)>>,
    /// One is made at a time.
    making: Mutex<()>,
}

/// As what somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Role {
    /// `occupation`, `duty`, or `kind` for accounts of no person of the facility.
    is: &'static str,
    /// Its word; none of a person without occupation and duty.
    word: &'static str,
}

impl Identity {
    /// Who may do what, and what is otherwise than by what it is compared with: the default set, or for a proposal the law
    /// in force.
    pub(super) async fn matrix(&self, wanted: &Situated) -> Result<Value, Problem> {
        let in_force = self.law.law().extension().to_owned();
        let proposed = wanted.proposal.as_deref().map(|id| self.proposal(id)).transpose()?;
        let (text, before) = match &proposed {
            Some(proposal) => (proposal.text.clone(), in_force),
            None => (in_force, String::new()),
        };
        let zones: Vec<String> = self.register().zones.names().into_iter().map(str::to_owned).collect();
        let (zone, at) = situation(wanted, &zones)?;
        let question =
            |text| Question { text, facility: self.facility.to_string(), zone: zone.clone(), at: at.clone() };
        let (asked, compared) = (question(text), question(before));
        let (after, before) = (self.table(&asked).await?, self.table(&compared).await?);
        let both = after.roles.iter().zip(before.roles.iter());
        Ok(json!({
            "proposal": wanted.proposal,
            "compared_with": if wanted.proposal.is_some() { "in-force" } else { "default" },
            "own_policies": !asked.text.trim().is_empty(),
            "conditions": after.conditions,
            "zones": zones,
            "situation": {
                "restricted": at.restricted, "treating": at.treating, "zone": zone,
                "hour": at.context.hour, "weekday": at.context.weekday,
            },
            "roles": both.map(|((role, now), (_, then))| shown(*role, now, then)).collect::<Vec<_>>(),
        }))
    }

    /// A table, made beside the threads that answer where it is not kept.
    async fn table(&self, question: &Question) -> Result<Arc<Table>, Problem> {
        if let Some(table) = self.tables.kept(question) {
            return Ok(table);
        }
        let (tables, asked) = (self.tables.clone(), question.clone());
        let made_beside = tokio::task::spawn_blocking(move || tables.made(&asked)).await;
        // Where no thread can be had, it is made on this one.
        made_beside.unwrap_or_else(|_| self.tables.made(question))
    }
}

impl Tables {
    fn kept(&self, question: &Question) -> Option<Arc<Table>> {
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == question).map(|(_, table)| Arc::clone(table))
    }

    /// Makes a table, unless another has made it meanwhile.
    fn made(&self, question: &Question) -> Result<Arc<Table>, Problem> {
        let _turn = self.0.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = self.kept(question) {
            return Ok(table);
        }
        let table = Arc::new(made(question)?);
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= TABLES_MAX {
            kept.remove(0);
        }
        kept.push((question.clone(), Arc::clone(&table)));
        Ok(table)
    }
}

fn law_of(text: &str) -> Result<Law, Problem> {
    // It was checked before it was kept.
    Law::with(text).map_err(|faults| super::law::told(&codes::LAW_UNREADABLE, &faults))
}

fn situation(wanted: &Situated, zones: &[String]) -> Result<(String, Situation), Problem> {
    let wrong = |what: String| Problem::new(&codes::BODY_WRONG).with("what", what);
    let zone = wanted.zone.clone().unwrap_or_else(|| ELSEWHERE.to_owned());
    if !zones.contains(&zone) {
        return Err(wrong(format!("zone: {}", zones.join(", "))));
    }
    let (hour, weekday) = (wanted.hour.unwrap_or(12), wanted.weekday.unwrap_or(1));
    if hour > 23 {
        return Err(wrong("hour: 0–23".to_owned()));
    }
    if !(1..=7).contains(&weekday) {
        return Err(wrong("weekday: 1–7 (1 = Monday / 月曜日)".to_owned()));
    }
    let context = Context { hour, weekday, ..Context::default() };
    Ok((zone, Situation { restricted: wanted.restricted, treating: wanted.treating, context }))
}

/// Asks the law about everybody.
fn made(question: &Question) -> Result<Table, Problem> {
    let law = law_of(&question.text)?.at(&question.facility);
    let matrix = Matrix::of(&law);
    let words: Vec<&'static str> = Occupation::ALL.iter().map(|one| one.word()).collect();
    let mut by_occupation = BTreeMap::new();
    for alike in matrix.occupations_alike(&words) {
        let allowed = alike
            .first()
            .map(|word| matrix.allowed(&who(question, Role { is: "occupation", word }), &question.at));
        by_occupation.extend(alike.into_iter().zip(std::iter::repeat(allowed.unwrap_or_default())));
    }
    let asked = |role: Role| match by_occupation.get(role.word) {
        Some(allowed) if role.is == "occupation" => (role, allowed.clone()),
        _ => (role, matrix.allowed(&who(question, role), &question.at)),
    };
    Ok(Table { roles: roles(&words).map(asked).collect(), conditions: law.own_conditions() })
}

/// Everybody who can ask, but for services and apps: those may do what they were granted.
fn roles(occupations: &[&'static str]) -> impl Iterator<Item = Role> {
    let of = |is| move |word: &&'static str| Role { is, word };
    let duties: Vec<&'static str> = Duty::ALL.iter().map(|one| one.word()).collect();
    let occupations: Vec<Role> = occupations.iter().chain(&["none"]).map(of("occupation")).collect();
    let duties: Vec<Role> = duties.iter().map(of("duty")).collect();
    let kinds = ["device", "maintenance"].iter().map(of("kind"));
    occupations.into_iter().chain(duties).chain(kinds)
}

/// Somebody who has just shown two factors.
fn who(question: &Question, role: Role) -> Who {
    let person = Who {
        kind: WhoKind::Person,
        account: "anybody".to_owned(),
        zone: question.zone.clone(),
        factors: vec![FactorKind::Password.word(), FactorKind::Totp.word()],
        fresh: true,
        ..Who::unknown(&question.facility)
    };
    match (role.is, role.word) {
        ("duty", word) => Who { duties: [word].into(), ..person },
        ("kind", "device") => Who {
            kind: WhoKind::Device,
            factors: vec![FactorKind::Key.word(), FactorKind::Certificate.word()],
            ..person
        },
        ("kind", _) => Who { kind: WhoKind::Maintenance, ..person },
        (_, "none") => person,
        (_, word) => Who { occupation: Some(word), ..person },
    }
}

fn shown(role: Role, now: &Allowed, then: &Allowed) -> Value {
    let kinds: BTreeSet<&String> = now.records.keys().chain(then.records.keys()).collect();
    let none = BTreeSet::new();
    let mut records: BTreeMap<&BTreeSet<String>, Vec<&String>> = BTreeMap::new();
    let mut changes: BTreeMap<(Vec<&String>, Vec<&String>), Vec<&String>> = BTreeMap::new();
    for kind in kinds {
        let (may, might) = (now.records.get(kind).unwrap_or(&none), then.records.get(kind).unwrap_or(&none));
        if !may.is_empty() {
            records.entry(may).or_default().push(kind);
        }
        if may != might {
            let change = (may.difference(might).collect(), might.difference(may).collect());
            changes.entry(change).or_default().push(kind);
        }
    }
    let records = records.into_iter().map(|(actions, types)| json!({ "types": types, "actions": actions }));
    let changes = changes
        .into_iter()
        .map(|((gained, lost), types)| json!({ "types": types, "gained": gained, "lost": lost }));
    json!({
        "role": role.word,
        "is": role.is,
        "records": records.collect::<Vec<_>>(),
        "others": now.others,
        "changes": changes.collect::<Vec<_>>(),
        "others_gained": now.others.difference(&then.others).collect::<Vec<_>>(),
        "others_lost": then.others.difference(&now.others).collect::<Vec<_>>(),
    })
}
