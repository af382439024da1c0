//! The policies in force, and decisions by them.

mod ask;
mod bounds;
mod cache;
mod fault;
mod groups;
mod in_force;
mod matrix;
mod mentions;
mod read;
#[cfg(test)]
mod tests;

use crate::action::Action;
use crate::permit::{Answerable, AuditPermit, Permit, Policies, Refusal};
use crate::question::{Context, Resource, Who, WhoKind};
use ask::Question;
use base::RecordKey;
use cache::{Decision, Decisions};
use cedar_policy::{
    Authorizer, Decision as Answer, Entity, EntityUid, Policy, PolicyId, PolicySet, Response,
};
pub use fault::LawFault;
pub use in_force::InForce;
pub use matrix::{Allowed, Matrix, OWN, Situation};
use mentions::Mentions;
pub use mentions::Minds;
use read::Base;
use std::collections::{BTreeMap, BTreeSet};

/// What is no record, as a type of the law.
const FACILITY: &str = "Facility";

/// The policy whose look at `treating` [`Minds`] leaves out: it matters for restricted patients only.
const RESTRICTED: &str = "restricted";

/// Policies, checked against the schema: the default set, and what a facility adds to it.
pub struct Law {
    base: Option<&'static Base>,
    extension: String,
    /// The facility it is in force at; none where that of who asks is meant.
    facility: Option<String>,
    policies: PolicySet,
    actions: BTreeMap<String, Known>,
    decisions: Decisions,
}

/// An action that the schema knows.
#[derive(Debug)]
struct Known {
    /// The action with its groups.
    entity: Entity,
    /// The policies that can apply to it.
    policies: PolicySet,
    mentions: Mentions,
    minds: Minds,
}

/// The law as it is written, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawTexts<'a> {
    /// The words that policies can use: a Cedar schema.
    pub schema: &'a str,
    /// The groups of occupations and types that policies name.
    pub groups: &'a str,
    /// The default set.
    pub builtin: &'a str,
    /// What the facility has added.
    pub extension: &'a str,
}

impl std::fmt::Debug for Law {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Law").field("policies", &self.policies.num_of_policies()).finish_non_exhaustive()
    }
}

impl Law {
    /// The default set alone.
    pub fn builtin() -> Self {
        let base = read::base();
        Self::made(base, String::new(), base.map(|base| base.policies.clone()).unwrap_or_default())
    }

    /// The default set with the policies that a facility adds. They can permit more and forbid more; a forbid of the default
    /// set holds whatever they permit. Their ids begin with `facility/`.
    pub fn with(extension: &str) -> Result<Self, Vec<LawFault>> {
        let base = read::base();
        let mut policies = base.map(|base| base.policies.clone()).unwrap_or_default();
        policies.extend(base.map_or(Ok(Vec::new()), |base| base.extension(extension))?);
        Ok(Self::made(base, extension.to_owned(), policies))
    }

    /// These policies alone.
    #[cfg(test)]
    fn of(text: &str) -> Result<Self, Vec<LawFault>> {
        let base = read::base();
        let policies = base.map_or(Ok(Vec::new()), |base| base.extension(text))?;
        Ok(Self::made(base, text.to_owned(), policies))
    }

    /// Two of one id cannot be among them: those of a facility have another beginning. Without policies all is refused.
    fn made(base: Option<&'static Base>, extension: String, policies: Vec<Policy>) -> Self {
        let policies = PolicySet::from_policies(policies).unwrap_or_default();
        let actions = base.map(|base| known(base, &policies)).unwrap_or_default();
        Self { base, extension, facility: None, policies, actions, decisions: Decisions::default() }
    }

    /// The same law in force at this facility alone: who belongs to another one is refused everything.
    #[must_use]
    pub fn at(self, facility: &str) -> Self {
        Self { facility: Some(facility.to_owned()), decisions: Decisions::default(), ..self }
    }

    /// What the facility has added.
    pub fn extension(&self) -> &str {
        &self.extension
    }

    /// The law as it is written.
    pub fn texts(&self) -> LawTexts<'_> {
        let extension = self.extension();
        LawTexts { schema: read::SCHEMA, groups: groups::TEXT, builtin: read::DEFAULT, extension }
    }

    /// Whether there is such an action. Commands that the schema does not name are refused to everybody.
    pub fn knows(&self, action: Action) -> bool {
        self.actions.contains_key(action.name())
    }

    /// The names of all actions that the schema knows, commands among them.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }

    /// Decides about an action on a record.
    #[expect(clippy::too_many_arguments, reason = "the parts of a question, and the record that it is about")]
    pub fn permit(
        &self,
        who: &Who,
        action: Action,
        key: &RecordKey,
        on: &Resource<'_>,
        context: &Context,
    ) -> Result<Permit, Refusal> {
        let policies = self.decide(who, action, on, context)?;
        Ok(Permit::new(action, key.clone(), policies))
    }

    /// Decides whether somebody who is not asking could answer for a record: finalise and approve it. Only people can.
    pub fn answerable(
        &self,
        who: &Who,
        key: &RecordKey,
        on: &Resource<'_>,
        context: &Context,
    ) -> Result<Answerable, Refusal> {
        if who.kind != WhoKind::Person {
            return Err(Refusal::not_permitted());
        }
        for action in [Action::FINALIZE, Action::APPROVE] {
            self.decide(who, action, on, context)?;
        }
        Ok(Answerable::new(key.clone(), who.account.clone()))
    }

    /// Decides about reading access entries.
    pub fn audit(&self, who: &Who, context: &Context) -> Result<AuditPermit, Refusal> {
        self.decide(who, Action::AUDIT, &Resource::of_kind("AuditEvent"), context).map(AuditPermit::new)
    }

    /// Decides about an action on a type, or on what is no record. A policy that cannot be evaluated refuses.
    pub fn decide(
        &self,
        who: &Who,
        action: Action,
        on: &Resource<'_>,
        context: &Context,
    ) -> Result<Policies, Refusal> {
        self.decide_named(action.name(), who, action, on, context)
    }

    /// The same by a name that is known while the program runs only: that of a command.
    #[expect(clippy::too_many_arguments, reason = "the parts of a question, and the name of what is asked")]
    fn decide_named(
        &self,
        name: &str,
        who: &Who,
        action: Action,
        on: &Resource<'_>,
        context: &Context,
    ) -> Result<Policies, Refusal> {
        let (Some(base), Some(known)) = (self.base, self.actions.get(name)) else {
            return Err(Refusal::unknown_action());
        };
        let question = self.question(who, action, on, context);
        let key = cache::key(&question, name, &known.mentions);
        self.decisions.of(&key, || self.decided(base, known, &question))
    }

    fn question<'a>(
        &'a self,
        who: &'a Who,
        action: Action,
        on: &'a Resource<'a>,
        context: &'a Context,
    ) -> Question<'a> {
        let patients = on.facts.map(|facts| facts.patients.as_slice());
        let granted =
            who.scopes.as_ref().is_some_and(|scopes| scopes.grant_to(who.kind, action, on.kind, patients));
        let facility = self.facility.as_deref().unwrap_or(&who.facility);
        Question { who, on, context, facility, granted }
    }

    /// Asks Cedar.
    fn decided(&self, base: &Base, known: &Known, question: &Question<'_>) -> Decision {
        let Some((request, entities)) = question.ask(base, &known.entity) else {
            return Err(Refusal::faulty());
        };
        let response = Authorizer::new().is_authorized(&request, &known.policies, &entities);
        if response.diagnostics().errors().next().is_some() {
            return Err(Refusal::faulty());
        }
        let policies = deciding(&response);
        match response.decision() {
            Answer::Allow => Ok(policies),
            Answer::Deny => Err(self.refusal(policies)),
        }
    }

    /// Why: what the forbidding policies say, or that nothing permits it.
    fn refusal(&self, policies: Policies) -> Refusal {
        if policies.is_empty() {
            return Refusal::not_permitted();
        }
        let said = |name: &str, otherwise: &'static str| {
            let texts: Vec<&str> = policies
                .iter()
                .map(|id| self.policies.annotation(&PolicyId::new(id), name).unwrap_or(otherwise))
                .collect::<BTreeSet<&str>>()
                .into_iter()
                .collect();
            texts.join(" ")
        };
        let english = said("reason_en", "A rule of the facility forbids it.");
        let japanese = said("reason_ja", "施設の規則で禁止されています。");
        Refusal { policies, english, japanese }
    }

    /// What the policies for an action look at.
    pub fn minds(&self, action: Action) -> Minds {
        self.actions.get(action.name()).map(|known| known.minds).unwrap_or_default()
    }
}

/// The policies that decided, in the order of their ids.
fn deciding(response: &Response) -> Policies {
    let ids: BTreeSet<String> = response.diagnostics().reason().map(ToString::to_string).collect();
    ids.into_iter().collect()
}

/// All actions of the schema but the groups, each with its policies and what these look at.
fn known(base: &Base, policies: &PolicySet) -> BTreeMap<String, Known> {
    let looks: Vec<(&Policy, Mentions)> =
        policies.policies().map(|policy| (policy, Mentions::of(policy))).collect();
    let groups: BTreeSet<&EntityUid> = base.schema.action_groups().collect();
    let single = base.schema.actions().filter(|uid| !groups.contains(uid));
    let known = single.filter_map(|uid| {
        let applying = looks.iter().filter(|(policy, _)| mentions::applies(policy, uid, &base.actions));
        Some((uid.id().unescaped().to_owned(), Known::of(base.actions.get(uid)?.clone(), applying)?))
    });
    known.collect()
}

impl Known {
    fn of<'p>(entity: Entity, applying: impl Iterator<Item = &'p (&'p Policy, Mentions)>) -> Option<Self> {
        let (mut all, mut beyond, mut own) = (Mentions::default(), Mentions::default(), Vec::new());
        for (policy, look) in applying {
            own.push((*policy).clone());
            all.add(look);
            if policy.id().to_string() != RESTRICTED {
                beyond.add(look);
            }
        }
        let minds = Minds { treating: beyond.minds().treating, ..all.minds() };
        Some(Self { entity, policies: PolicySet::from_policies(own).ok()?, mentions: all, minds })
    }
}
