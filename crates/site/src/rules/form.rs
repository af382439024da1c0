//! The shapes of the file of rules. Unknown keys are refused.

use super::rule::{Basis, Op, Severity, Text, Unset, Verified};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileForm {
    pub(crate) format: u32,
    pub(crate) checked: Vec<Checked>,
    /// By provider, the regions that lie in Japan.
    pub(crate) regions_japan: BTreeMap<String, Vec<String>>,
    pub(crate) cross_checks: Vec<CrossCheck>,
    pub(crate) topics: Vec<TopicForm>,
}

/// Against which version of a provider the attributes were checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// The provider's short name.
    pub provider: String,
    /// Its source: `hashicorp/aws`.
    pub source: String,
    /// Its version, or `documentation`.
    pub version: String,
}

/// A question on several resources at once. The model answers it; here are its words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossCheck {
    /// Its id.
    pub id: String,
    /// What must be so.
    pub say: Text,
    /// The types of resources that it looks at; `*` for all.
    pub resources: Vec<String>,
    /// Subjects.
    pub topics: Vec<String>,
    /// Where it comes from; none where it follows from the guidelines.
    pub basis: Option<Basis>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TopicForm {
    pub(crate) id: String,
    pub(crate) title: Text,
    pub(crate) intent: Text,
    pub(crate) subjects: Vec<String>,
    pub(crate) guideline: Vec<String>,
    pub(crate) services: Vec<ServiceForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceForm {
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) name: Text,
    pub(crate) note: Option<Text>,
    #[serde(default)]
    pub(crate) resources: Vec<KindForm>,
    #[serde(default)]
    pub(crate) facts: Vec<FactForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindForm {
    pub(crate) kind: String,
    pub(crate) verified: bool,
    pub(crate) role: Option<Role>,
    pub(crate) note: Option<Text>,
    #[serde(default)]
    pub(crate) requires: Vec<RequiresForm>,
    #[serde(default)]
    pub(crate) rules: Vec<RuleForm>,
}

/// What it means that a resource of a type exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One must exist.
    Required,
    /// One should exist.
    Recommended,
    /// Each needs a declared reason.
    Review,
    /// None may exist.
    Forbidden,
    /// It may exist.
    Allowed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequiresForm {
    pub(crate) kind: String,
    /// Types that do as well.
    #[serde(default)]
    pub(crate) or: Vec<String>,
    pub(crate) link: Option<String>,
    pub(crate) severity: Severity,
    pub(crate) why: Text,
    pub(crate) when: Option<WhenForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleForm {
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) op: Op,
    pub(crate) value: Option<Value>,
    #[serde(default)]
    pub(crate) quantifier: Quantifier,
    pub(crate) unset: Unset,
    pub(crate) severity: Severity,
    pub(crate) verified: Verified,
    pub(crate) basis: Basis,
    pub(crate) prefer: Option<Value>,
    pub(crate) why: Option<Text>,
    pub(crate) note: Option<Text>,
    pub(crate) when: Option<WhenForm>,
    pub(crate) instead_of: Option<String>,
    pub(crate) example: Option<Value>,
    pub(crate) snippet: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Quantifier {
    #[default]
    All,
    Any,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhenForm {
    pub(crate) ja: String,
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) words: bool,
    #[serde(default)]
    pub(crate) all: Vec<ConditionForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConditionForm {
    pub(crate) path: String,
    pub(crate) op: Op,
    pub(crate) value: Option<Value>,
    pub(crate) unset: Unset,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactForm {
    pub(crate) path: String,
    pub(crate) title: Text,
    pub(crate) op: FactOp,
    pub(crate) value: Option<Value>,
    pub(crate) prefer: Option<Value>,
    pub(crate) severity: Severity,
    pub(crate) why: Option<Text>,
    /// The rule on the site that decides it, where the description can say it.
    pub(crate) rule: Option<String>,
}

/// What is asked of a fact of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactOp {
    /// It equals.
    Eq,
    /// It is one of.
    In,
    /// It is none of.
    NotIn,
    /// Every element is one of.
    Subset,
    /// All of these are elements.
    Superset,
    /// At least so many elements.
    MinCount,
    /// At least.
    Gte,
    /// At most.
    Lte,
    /// Said, and not empty.
    Present,
    /// Declared in the description of the site.
    Declared,
    /// A day not longer ago than so many days.
    MaxAgeDays,
    /// A day that is to come.
    DateAfterNow,
    /// The hosts named stand in an isolated segment.
    Isolated,
}
