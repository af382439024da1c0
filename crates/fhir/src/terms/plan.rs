//! Per resource type, the routes of all its search parameters joined to one tree, so that a resource is walked once.

use crate::definitions::{self, Group, Leaf, ResourceKind, Route, SearchKind, SearchParam, Step};
use std::sync::OnceLock;

/// What to do with a resource of one type.
#[derive(Debug)]
pub(super) struct Plan {
    kind: ResourceKind,
    pub(super) root: Branch,
    /// What has to be read of a resource for that.
    pub(super) needs: Needs,
    /// Parameters that are `false` where nothing says `true`.
    pub(super) false_when_absent: Vec<&'static str>,
}

/// What to do at one place in a resource.
#[derive(Debug, Default)]
pub(super) struct Branch {
    /// Values that stand here.
    pub(super) ends: Vec<End>,
    /// Elements here whose parts make composite values.
    pub(super) groups: Vec<GroupEnd>,
    /// Where to go on, sorted by member.
    members: Vec<(String, Self)>,
    /// Where to go on without a step, when a member is a code.
    pub(super) filtered: Vec<(&'static str, &'static str, Self)>,
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
    members: Vec<(String, Self)>,
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
        let mut plan =
            Self { kind, root: Branch::default(), needs: Needs::default(), false_when_absent: Vec::new() };
        for param in definitions::params(kind).iter().filter(|param| param.index == param.name) {
            plan.add(param);
        }
        plan
    }

    fn add(&mut self, param: &'static SearchParam) {
        for route in &param.routes {
            let end = End { index: param.index, kind: param.kind, leaf: route.leaf, only: route.only };
            self.root.at(&route.steps).ends.push(end);
            self.needs.add(&route.steps);
        }
        for group in &param.groups {
            let kinds = param.components.iter().map(|component| component.kind);
            let parts = kinds.zip(group.parts.iter().map(Vec::as_slice)).collect();
            self.root.at(&group.steps).groups.push(GroupEnd { index: param.index, parts });
            self.needs.add_group(group);
        }
        if param.leaves().any(|leaf| leaf == Leaf::Marked) {
            self.false_when_absent.push(param.index);
        }
    }
}

impl Branch {
    /// The branch a route leads to, made where it does not stand yet.
    fn at(&mut self, steps: &[Step]) -> &mut Self {
        let Some((step, rest)) = steps.split_first() else { return self };
        let next = match step {
            Step::First => self.first.get_or_insert_default(),
            Step::Member(name) => member(&mut self.members, name),
            Step::Where { member, code } => filtered(&mut self.filtered, member, code),
        };
        next.at(rest)
    }

    /// Where a member leads.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let at = self.members.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.members.get(at).map(|(_, next)| next)
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
            Some((Step::Member(name), rest)) => member(&mut self.members, name).add(rest),
            Some((Step::First, rest)) => self.add(rest),
            Some((Step::Where { member: name, .. }, rest)) => {
                member(&mut self.members, name).whole = true;
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
        let at = self.members.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.members.get(at).map(|(name, needs)| (name.as_str(), needs))
    }
}

/// The entry of a member in a sorted list, made where it does not stand yet.
fn member<'m, T: Default>(members: &'m mut Vec<(String, T)>, name: &str) -> &'m mut T {
    let at = match members.binary_search_by(|(known, _)| known.as_str().cmp(name)) {
        Ok(at) => at,
        Err(at) => {
            members.insert(at, (name.to_owned(), T::default()));
            at
        }
    };
    &mut members[at].1
}

fn filtered<'f>(
    all: &'f mut Vec<(&'static str, &'static str, Branch)>,
    member: &'static str,
    code: &'static str,
) -> &'f mut Branch {
    let known = all.iter().position(|(name, value, _)| (*name, *value) == (member, code));
    let at = known.unwrap_or_else(|| {
        all.push((member, code, Branch::default()));
        all.len().saturating_sub(1)
    });
    &mut all[at].2
}
