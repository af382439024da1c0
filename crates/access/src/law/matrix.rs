//! Who may do what: a law asked about every type and action, for people who look at it as a table.
//!
//! What the policies cannot tell apart is asked once: types of the same groups that no policy names, actions that the same
//! policies cover. So a table costs some thousand decisions, not some ten thousand.

use super::mentions::{self, Mentions, literals};
use super::{FACILITY, Law, read};
use crate::action::Action;
use crate::question::{Context, Facts, Resource, Who};
use cedar_policy::{EntityUid, Policy};
use std::collections::{BTreeMap, BTreeSet};

/// What stands behind the name of an action that one may only take with what one wrote oneself and what is not final.
pub const OWN: &str = "-own";

/// The patient of the question.
const PATIENT: &str = "p";

/// In which circumstances it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// Whether the patient is restricted (label `R`).
    pub restricted: bool,
    /// Whether who asks treats the patient.
    pub treating: bool,
    /// The hour of the day, and the day of the week; the purpose is care.
    pub context: Context,
}

/// What somebody may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Names of actions by the type of the records; types with none are left out.
    pub records: BTreeMap<String, BTreeSet<String>>,
    /// What is about no record: names of actions and commands.
    pub others: BTreeSet<String>,
}

/// Actions that are alike to the policies.
type Alike<'l> = Vec<&'l str>;

/// A law made ready to be asked about everything.
#[derive(Debug)]
pub struct Matrix<'l> {
    law: &'l Law,
    /// Types that are alike to the policies.
    kinds: Vec<Vec<String>>,
    /// Actions on records, and those on none.
    actions: [Vec<Alike<'l>>; 2],
}

impl<'l> Matrix<'l> {
    /// Makes a law ready.
    pub fn of(law: &'l Law) -> Self {
        let on_records = |name: &&str| Action::ALL.iter().any(|one| one.name() == *name && of_records(*one));
        let (records, others): (Vec<&str>, Vec<&str>) = law.actions().partition(|name| on_records(name));
        let actions = [records, others].map(|names| alike(law, names));
        Self { law, kinds: kinds(law), actions }
    }

    /// Occupations by which the policies do not tell people apart, together. Words of no occupation are in no group.
    pub fn occupations_alike<'w>(&self, words: &[&'w str]) -> Vec<Vec<&'w str>> {
        let Some(base) = self.law.base else { return Vec::new() };
        let told_apart = self.law.policies.policies().any(|policy| Mentions::of(policy).has("occupation"));
        let mut alike: BTreeMap<(Vec<EntityUid>, Option<&str>), Vec<&str>> = BTreeMap::new();
        for word in words {
            let mut groups: Vec<EntityUid> = base.groups.of_occupation(word).into_iter().collect();
            groups.sort();
            alike.entry((groups, told_apart.then_some(*word))).or_default().push(word);
        }
        alike.into_values().collect()
    }

    /// What somebody may do in a situation.
    pub fn allowed(&self, who: &Who, at: &Situation) -> Allowed {
        if who.scopes.is_some() {
            // What an app was granted tells types and actions apart that the policies do not.
            let single = |names: &Vec<Alike<'l>>| names.iter().flatten().map(|name| vec![*name]).collect();
            let kinds: Vec<Vec<String>> =
                self.kinds.iter().flatten().map(|kind| vec![kind.clone()]).collect();
            return self.asked(who, at, &kinds, &self.actions.each_ref().map(single));
        }
        self.asked(who, at, &self.kinds, &self.actions)
    }

    fn asked(
        &self,
        who: &Who,
        at: &Situation,
        kinds: &[Vec<String>],
        actions: &[Vec<Alike<'l>>; 2],
    ) -> Allowed {
        let mut allowed = Allowed::default();
        let [records, others] = actions;
        for kinds in kinds {
            let Some(first) = kinds.first() else { continue };
            let may = self.at_records(who, first, records, at);
            for kind in kinds.iter().filter(|_| !may.is_empty()) {
                allowed.records.insert(kind.clone(), may.clone());
            }
        }
        let on = Resource::of_kind(FACILITY);
        for names in others {
            if names.first().is_some_and(|name| self.may(who, name, &on, at)) {
                allowed.others.extend(names.iter().map(|&name| name.to_owned()));
            }
        }
        allowed
    }

    /// What one may do with records of a type: with what another has finalised, and with one's own drafts.
    fn at_records(&self, who: &Who, kind: &str, actions: &[Alike<'l>], at: &Situation) -> BTreeSet<String> {
        let labels = if at.restricted { vec!["R".to_owned()] } else { Vec::new() };
        let facts = |state: &str| Facts {
            patients: vec![PATIENT.to_owned()],
            state: state.to_owned(),
            ..Facts::default()
        };
        let (settled, draft) = (facts("final"), facts("preliminary"));
        let on = Resource {
            facts: Some(&settled),
            patient_labels: &labels,
            author: Some("somebody-else"),
            treating: at.treating,
            ..Resource::of_kind(kind)
        };
        let own = Resource { facts: Some(&draft), author: Some(&who.account), ..on };
        let mut may = BTreeSet::new();
        for names in actions {
            let Some(first) = names.first() else { continue };
            let end = if self.may(who, first, &on, at) {
                ""
            } else if self.looks_at_author(first) && self.may(who, first, &own, at) {
                OWN
            } else {
                continue;
            };
            may.extend(names.iter().map(|name| format!("{name}{end}")));
        }
        may
    }

    fn may(&self, who: &Who, name: &str, on: &Resource<'_>, at: &Situation) -> bool {
        self.law.decide_named(name, who, action(name), on, &at.context).is_ok()
    }

    fn looks_at_author(&self, name: &str) -> bool {
        let minds = self.law.minds(action(name));
        minds.author || minds.state
    }
}

impl Law {
    /// What the facility's own policies look at: names of the attributes of the schema, those of patients with `patient.`
    /// before them, and `account` where they tell one account from another. A table shows what holds in one situation, so
    /// whoever reads it has to know on what else the policies rest.
    pub fn own_conditions(&self) -> BTreeSet<String> {
        let own = self.policies.policies().filter(|policy| policy.id().to_string().starts_with(read::OWN));
        let mut all = Mentions::default();
        for policy in own {
            all.add(&Mentions::of(policy));
        }
        all.told()
    }
}

/// Whether an action is about records, and asked of each type.
fn of_records(action: Action) -> bool {
    use crate::action::ActionGroup::{Look, Write};
    matches!(action.group(), Look | Write)
}

/// An action by its name; any command stands for the others.
fn action(name: &str) -> Action {
    let plain = Action::ALL.iter().copied().find(|action| action.name() == name);
    plain.unwrap_or(Action::command("command"))
}

/// The types that the groups name, and those that policies name: types of the same groups that no policy names are alike.
fn kinds(law: &Law) -> Vec<Vec<String>> {
    let Some(base) = law.base else { return Vec::new() };
    let literal = |policy: &Policy| literals(policy).into_iter().filter(|(entity, _)| entity == "Record");
    let named: BTreeSet<String> = law
        .policies
        .policies()
        .flat_map(literal)
        .map(|(_, name)| name)
        .filter(|name| name != FACILITY)
        .collect();
    let mut alike: BTreeMap<(Vec<EntityUid>, Option<String>), Vec<String>> = BTreeMap::new();
    let known: BTreeSet<String> = base.groups.types().map(str::to_owned).collect();
    for kind in known.union(&named) {
        let mut groups: Vec<EntityUid> = base.groups.of_type(kind).into_iter().collect();
        groups.sort();
        alike.entry((groups, named.get(kind).cloned())).or_default().push(kind.clone());
    }
    alike.into_values().collect()
}

/// Actions to which the same policies can apply, and of which the conditions of these name the same: alike to the law.
fn alike<'l>(law: &'l Law, names: Vec<&'l str>) -> Vec<Alike<'l>> {
    let (Some(base), mut alike) = (law.base, BTreeMap::<_, Alike<'l>>::new()) else { return Vec::new() };
    for name in names {
        let Some(known) = law.actions.get(name) else { continue };
        let uid = known.entity.uid();
        let named = |policy: &Policy| {
            let mut found: Vec<String> = literals(policy)
                .into_iter()
                .filter(|(entity, _)| entity == "Action")
                .filter(|(_, id)| mentions::names(id, &uid, &base.actions))
                .map(|(_, id)| id)
                .collect();
            found.sort();
            (policy.id().to_string(), found)
        };
        let key: BTreeSet<(String, Vec<String>)> = known.policies.policies().map(named).collect();
        alike.entry(key).or_default().push(name);
    }
    alike.into_values().collect()
}
