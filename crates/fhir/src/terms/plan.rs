//! Per resource type, the routes of all its search parameters joined to one tree, so that a resource is walked once.

use super::{PATIENT, REPLACED_BY, REPLACES, TIE};
use crate::alike;
use crate::definitions::{self, Group, Leaf, ResourceKind, Route, SearchKind, SearchParam, Step};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// What to do with a resource of one type.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) kind: ResourceKind,
    pub(super) root: Branch,
    /// What has to be read of a resource for that.
    pub(super) needs: Needs,
    /// Parameters that are `false` where nothing says `true`.
    pub(super) false_when_absent: Vec<&'static str>,
    /// The names of the references by which a resource belongs to a patient's record.
    pub(super) compartment: &'static [&'static str],
}

/// What to do at one place in a resource.
#[derive(Debug, Default)]
pub(super) struct Branch {
    /// Values that stand here.
    pub(super) ends: Vec<End>,
    /// Elements here whose parts make composite values.
    pub(super) groups: Vec<GroupEnd>,
    /// Where to go on, by member.
    members: BTreeMap<String, Self>,
    /// Where to go on without a step, when a member is a code.
    pub(super) filtered: BTreeMap<(&'static str, &'static str), Self>,
    /// Where to go on with the first item of an array.
    pub(super) first: Option<Box<Self>>,
}

/// How a value is turned into terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Under which name the terms are kept.
    pub(super) index: &'static str,
    pub(super) kind: SearchKind,
    pub(super) leaf: Leaf,
    pub(super) only: Option<ResourceKind>,
}

/// How an element is turned into composite terms.
#[derive(Debug)]
pub(super) struct GroupEnd {
    pub(super) index: &'static str,
    pub(super) parts: Vec<(SearchKind, &'static [Route])>,
}

/// Which members of an object are needed.
#[derive(Debug, Default)]
pub(super) struct Needs {
    /// Everything in it.
    pub(super) whole: bool,
    members: BTreeMap<String, Self>,
}

/// The plan for a type.
pub(super) fn plan(kind: ResourceKind) -> Option<&'static Plan> {
    static PLANS: OnceLock<Vec<Plan>> = OnceLock::new();
    let plans = PLANS.get_or_init(|| definitions::resource_kinds().map(Plan::new).collect());
    let at = plans.binary_search_by(|plan| plan.kind.cmp(&kind)).ok()?;
    plans.get(at)
}

impl Plan {
    fn new(kind: ResourceKind) -> Self {
        let patient = definitions::resource_kind("Patient");
        let mut plan = Self {
            kind,
            root: Branch::default(),
            needs: Needs::default(),
            false_when_absent: Vec::new(),
            compartment: patient.map(|patient| definitions::compartment(patient, kind)).unwrap_or_default(),
        };
        for param in definitions::params(kind).iter().filter(|param| param.keeps_terms()) {
            plan.add(param);
        }
        plan.add_belonging();
        plan.add_merges();
        for member in alike::needed(kind) {
            plan.needs.add(&[Step::Member((*member).to_owned())]);
        }
        plan
    }

    /// Whose the resource is, and what ties it to others of the same patient.
    fn add_belonging(&mut self) {
        let Some(belonging) = definitions::belonging(self.kind) else { return };
        let end = |index, only| End { index, kind: SearchKind::Reference, leaf: Leaf::Reference, only };
        let steps = [belonging.patient];
        self.root.at(&steps).ends.push(end(PATIENT, None));
        self.needs.add(&steps);
        for tie in &belonging.ties {
            self.root.at(&tie.steps).ends.extend(tie.to.iter().map(|kind| end(TIE, Some(*kind))));
            self.needs.add(&tie.steps);
        }
    }

    /// Into whom a patient was merged, and who into this one.
    fn add_merges(&mut self) {
        if self.kind.as_str() != "Patient" {
            return;
        }
        for (index, code) in [(REPLACED_BY, "replaced-by"), (REPLACES, "replaces")] {
            let member = |name: &str| Step::Member(name.to_owned());
            let steps = [member("link"), Step::Where { member: "type", code }, member("other")];
            let end =
                End { index, kind: SearchKind::Reference, leaf: Leaf::Reference, only: Some(self.kind) };
            self.root.at(&steps).ends.push(end);
            self.needs.add(&steps);
        }
    }

    fn add(&mut self, param: &'static SearchParam) {
        for route in &param.routes {
            let end = End { index: param.name, kind: param.kind, leaf: route.leaf, only: route.only };
            self.root.at(&route.steps).ends.push(end);
            self.needs.add(&route.steps);
        }
        for group in &param.groups {
            let kinds = param.components.iter().map(|component| component.kind);
            let parts = kinds.zip(group.parts.iter().map(Vec::as_slice)).collect();
            self.root.at(&group.steps).groups.push(GroupEnd { index: param.name, parts });
            self.needs.add_group(group);
        }
        if param.leaves().any(|leaf| leaf == Leaf::Marked) {
            self.false_when_absent.push(param.name);
        }
    }
}

impl Branch {
    /// The branch a route leads to, made where it does not stand yet.
    fn at(&mut self, steps: &[Step]) -> &mut Self {
        let Some((step, rest)) = steps.split_first() else { return self };
        let next = match step {
            Step::First => self.first.get_or_insert_default(),
            Step::Member(name) => self.members.entry(name.clone()).or_default(),
            Step::Where { member, code } => self.filtered.entry((*member, *code)).or_default(),
        };
        next.at(rest)
    }

    /// Where a member leads.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        self.members.get(name)
    }

    /// True when nothing is to be done inside.
    pub(super) fn is_end(&self) -> bool {
        self.members.is_empty()
    }
}

impl Needs {
    fn add(&mut self, steps: &[Step]) {
        match steps.split_first() {
            None => self.whole = true,
            Some((Step::Member(name), rest)) => self.members.entry(name.clone()).or_default().add(rest),
            Some((Step::First, rest)) => self.add(rest),
            Some((Step::Where { member: name, .. }, rest)) => {
                self.members.entry((*name).to_owned()).or_default().whole = true;
                self.add(rest);
            }
        }
    }

    fn add_group(&mut self, group: &Group) {
        for route in group.parts.iter().flatten() {
            if route.from_resource {
                self.add(&route.steps);
            } else {
                let steps: Vec<Step> = group.steps.iter().chain(&route.steps).cloned().collect();
                self.add(&steps);
            }
        }
    }

    /// What is needed of a member.
    pub(super) fn member(&self, name: &str) -> Option<(&str, &Self)> {
        self.members.get_key_value(name).map(|(name, needs)| (name.as_str(), needs))
    }
}
