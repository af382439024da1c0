//! What a rule is: the words of the file of rules, as types.

use super::test::Test;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// 日本語
    pub ja: String,
    /// English
    pub en: String,
}

impl Text {
    pub(crate) fn new(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}

/// How much a violated rule weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Without it the control is broken.
    Required,
    /// A weaker value, which passes only with a recorded reason.
    AcceptedWithReason,
    /// Defence in depth.
    Recommended,
    /// Neither good nor bad alone: shown to whoever reviews.
    Context,
}

/// What it means that an attribute is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unset {
    /// The default is safe.
    Safe,
    /// The default fails the rule.
    Unsafe,
    /// The default is one thing here and another there: somebody must look.
    Depends,
}

/// How the existence of an attribute was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verified {
    /// Found in the schema of the provider's version.
    Schema,
    /// Found in the documentation of another version of the provider.
    ProviderDocs,
    /// Seen in public Terraform code only.
    PublicCode,
    /// Not found: from general knowledge.
    None,
}

/// Where the safe values come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The provider's documentation of the attribute.
    ProviderDocs,
    /// Both values of a boolean attribute.
    Schema,
    /// Documentation of the cloud's operator.
    VendorDocs,
    /// A threshold that we chose.
    Policy,
    /// There are no values: only whether it is set.
    NotApplicable,
    /// General knowledge, to be checked before anybody relies on it.
    General,
}

/// What is asked of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// It equals.
    Eq,
    /// It does not equal.
    Ne,
    /// It is one of.
    In,
    /// It is none of.
    NotIn,
    /// Every element is one of.
    Subset,
    /// All of these are elements.
    Superset,
    /// This is an element.
    Contains,
    /// This is no element.
    NotContains,
    /// One of these is an element.
    ContainsAny,
    /// None of these is an element.
    NotContainsAny,
    /// At least one block or element is one of.
    InAny,
    /// The repeated blocks together have all of these.
    SupersetOfBlocks,
    /// At least.
    Gte,
    /// At most.
    Lte,
    /// At least so many elements.
    MinCount,
    /// Set, and not empty.
    Present,
    /// Not set.
    Absent,
    /// Without elements.
    Empty,
    /// No element, and not all elements together, reach one of these ranges of addresses.
    NoCidr,
    /// A regular expression finds something.
    Matches,
    /// A duration at least as long.
    DurationGte,
    /// A duration at most as long.
    DurationLte,
    /// Zero, which means for ever, or at least.
    InRangeOrZero,
    /// A block with this name and this value exists.
    KvEq,
    /// No statement permits every action on every resource.
    JsonNoWildcardAdmin,
    /// No statement permits everybody without a condition.
    JsonNoWildcardPrincipal,
    /// A statement denies requests without TLS.
    JsonDenyInsecureTransport,
    /// What stands at a path of the document equals.
    JsonPathEq,
    /// A statement denies other regions than these.
    JsonRegionAllowList,
    /// The document holds all of these words.
    JsonContains,
}

/// What a resource must be for a rule to count.
#[derive(Clone, Debug)]
pub struct When {
    /// In words.
    pub text: Text,
    /// What of it the resource itself shows: all of it must hold.
    pub all: Vec<Condition>,
    /// Whether part of it stands in no plan: then what violates the rule is undecided.
    pub words: bool,
}

/// One condition on an attribute of the same resource or block.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Its path.
    pub path: Vec<String>,
    /// What is asked.
    pub op: Op,
    /// Of which values.
    pub value: Option<Value>,
    pub(crate) test: Test,
    /// What it means that it is not set: safe means that the condition holds.
    pub unset: Unset,
}

/// A rule on one attribute of one type of resource.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Such as `aws.s3/aws_s3_bucket.force_destroy`.
    pub id: String,
    /// The id of its topic.
    pub topic: String,
    /// The id of its service.
    pub service: String,
    /// The type of resource.
    pub kind: String,
    /// The names of blocks and the attribute.
    pub path: Vec<String>,
    /// What is asked.
    pub op: Op,
    /// Of which values; none where the question needs none.
    pub value: Option<Value>,
    /// Whether one of repeated blocks is enough; otherwise all must hold.
    pub any: bool,
    /// What it means that it is not set.
    pub unset: Unset,
    /// How much it weighs.
    pub severity: Severity,
    /// How the attribute was checked.
    pub verified: Verified,
    /// Where the values come from.
    pub basis: Basis,
    /// The best of the safe values.
    pub prefer: Option<Value>,
    /// Why.
    pub why: Option<Text>,
    /// What else is to be known.
    pub note: Option<Text>,
    /// When it counts; none means always.
    pub when: Option<When>,
    /// The id of the rule of which this one names weaker values that pass with a recorded reason.
    pub instead_of: Option<String>,
    /// A value that keeps the rule, where none can be made from the rule itself.
    pub example: Option<Value>,
    /// The inside of a resource block that keeps the rule, where a generated one would read wrong.
    pub snippet: Option<String>,
    /// The requirements of guidelines that its topic serves.
    pub requirements: Vec<String>,
    pub(crate) test: Test,
}

impl Rule {
    /// Its path as Terraform writes it: `rule.default_retention.mode`.
    pub fn path_text(&self) -> String {
        self.path.join(".")
    }
}
