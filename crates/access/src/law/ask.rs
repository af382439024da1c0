//! A question in the words of Cedar.

use super::groups::{ACCOUNT, RECORD};
use super::read::Base;
use crate::question::{Context, Resource, Who, WhoKind};
use cedar_policy::{Context as Circumstances, Entities, Entity, Request, RestrictedExpression};
use std::collections::{HashMap, HashSet};

/// The word for what somebody does not have.
const NONE: &str = "none";

/// All that a decision rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) who: &'a Who,
    pub(super) on: &'a Resource<'a>,
    pub(super) context: &'a Context,
    /// The facility that the law is in force at.
    pub(super) facility: &'a str,
    /// Whether what is in between was granted it.
    pub(super) granted: bool,
}

impl Question<'_> {
    /// Whether an app or a service stands between Akashi and a person.
    pub(super) fn through_app(&self) -> bool {
        self.who.scopes.is_some() || self.who.app.is_some() || self.who.kind == WhoKind::Service
    }

    /// The labels of the record.
    pub(super) fn labels(&self) -> &[String] {
        self.on.facts.map(|facts| facts.labels.as_slice()).unwrap_or_default()
    }

    /// The state of the record.
    pub(super) fn state(&self) -> &str {
        self.on.facts.map(|facts| facts.state.as_str()).unwrap_or_default()
    }

    /// Whether it is known to be some patient's.
    pub(super) fn patient_known(&self) -> bool {
        self.on.facts.is_some_and(|facts| !facts.patients.is_empty())
    }

    /// The question with the entities it is about; none where Cedar does not take it, which is a refusal.
    pub(super) fn ask(&self, base: &Base, action: &Entity) -> Option<(Request, Entities)> {
        let principal = self.principal(base)?;
        let resource = self.resource(base)?;
        let (asking, asked) = (principal.uid(), resource.uid());
        let circumstances = Circumstances::from_pairs(self.circumstances()).ok()?;
        let request = Request::new(asking, action.uid(), asked, circumstances, None).ok()?;
        let entities = Entities::from_entities([action.clone(), principal, resource], None).ok()?;
        Some((request, entities))
    }

    fn principal(&self, base: &Base) -> Option<Entity> {
        let who = self.who;
        let occupation = who.occupation.unwrap_or(NONE);
        let attributes = HashMap::from([
            ("kind".to_owned(), text(who.kind.word())),
            ("occupation".to_owned(), text(occupation)),
            ("duties".to_owned(), texts(who.duties.iter().copied())),
            ("facility".to_owned(), text(&who.facility)),
            ("device".to_owned(), text(who.device.as_deref().unwrap_or(NONE))),
            ("zone".to_owned(), text(&who.zone)),
            ("factors".to_owned(), texts(who.factors.iter().copied())),
            ("fresh".to_owned(), RestrictedExpression::new_bool(who.fresh)),
        ]);
        let groups = match who.kind {
            WhoKind::Person => base.groups.of_occupation(occupation),
            _ => HashSet::new(),
        };
        Entity::new(ACCOUNT.uid(&who.account)?, attributes, groups).ok()
    }

    fn resource(&self, base: &Base) -> Option<Entity> {
        let patient = RestrictedExpression::new_record([
            ("known".to_owned(), RestrictedExpression::new_bool(self.patient_known())),
            ("labels".to_owned(), texts(self.on.patient_labels.iter().map(String::as_str))),
            ("treating".to_owned(), RestrictedExpression::new_bool(self.on.treating)),
        ]);
        let mut attributes = HashMap::from([
            ("labels".to_owned(), texts(self.labels().iter().map(String::as_str))),
            ("state".to_owned(), text(self.state())),
            ("facility".to_owned(), text(self.facility)),
            ("patient".to_owned(), patient.ok()?),
        ]);
        if let Some(author) = self.on.author {
            attributes
                .insert("author".to_owned(), RestrictedExpression::new_entity_uid(ACCOUNT.uid(author)?));
        }
        let groups = base.groups.of_type(self.on.kind);
        Entity::new(RECORD.uid(self.on.kind)?, attributes, groups).ok()
    }

    fn circumstances(&self) -> [(String, RestrictedExpression); 6] {
        [
            ("purpose".to_owned(), text(&self.context.purpose)),
            ("breakGlass".to_owned(), RestrictedExpression::new_bool(self.on.broken)),
            ("hour".to_owned(), RestrictedExpression::new_long(i64::from(self.context.hour))),
            ("weekday".to_owned(), RestrictedExpression::new_long(i64::from(self.context.weekday))),
            ("app".to_owned(), RestrictedExpression::new_bool(self.through_app())),
            ("granted".to_owned(), RestrictedExpression::new_bool(self.granted)),
        ]
    }
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn texts<'a>(values: impl Iterator<Item = &'a str>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.map(text))
}
