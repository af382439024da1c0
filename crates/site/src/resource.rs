//! A resource of a cloud as a Terraform plan or state tells of it.

use serde_json::Value;
use std::collections::BTreeMap;

/// A resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its address in its plan: `module.network.aws_subnet.medical[0]`.
    pub address: String,
    /// Its type: `aws_subnet`; `data.aws_subnet` of a data resource, which exists without being managed here.
    pub kind: String,
    /// The modules it lies in: `module.network`; empty at the root.
    pub module: String,
    /// The provider's name as the plan writes it; empty where it says none.
    pub provider: String,
    /// What its attributes will be, as far as the plan knows. Sensitive values are replaced by [`SENSITIVE`]; what is null
    /// is left out.
    pub values: Value,
    /// Of the same shape: `true` where a value is known only after apply. Parts without such a place are left out.
    pub unknown: Value,
    /// Of the same shape: `true` where a value is sensitive. Parts without such a place are left out.
    pub sensitive: Value,
    /// For each attribute that its configuration gives as an expression, the addresses of the resources that the expression
    /// names, with modules resolved. An attribute that the configuration does not give is no key; neither is one that is
    /// given as a constant. What could not be decided stands among the addresses as a mark, see [`is_mark`].
    pub references: BTreeMap<String, Vec<String>>,
    /// The attributes that its configuration gives, by their paths (`ingress.cidr_blocks`); none where there is no
    /// configuration, as in a state.
    pub configured: Option<Vec<String>>,
    /// Which of the plans that were read it comes from.
    pub plan: usize,
}

/// What stands in place of a sensitive value. It is never printed.
pub const SENSITIVE: &str = "(sensitive)";

/// Stands among the references of an attribute when a plan has more references than are kept.
pub const REFERENCES_BOUND: &str = "bound.references";

/// How marks begin.
const MARKS: [&str; 6] = ["local.", "missing.", "circle.", "bound.", "count.", "each."];

/// Whether an entry of the references is no address but says why they are not decided:
///
/// - `local.azs`, or `local.azs (module.vpc)`: it passes through a local value, which plans do not hold;
/// - `missing.module.vpc`: the configuration names something that it does not have;
/// - `circle.x`: it leads to itself;
/// - `bound.names`, `bound.references`: there is more than is followed;
/// - `count.index`, `each.key`, `each.value`: of the addresses next to it, this decides which one is meant.
pub fn is_mark(reference: &str) -> bool {
    MARKS.iter().any(|mark| reference.starts_with(mark))
}

/// Whether a reference names the resource with this address. `aws_subnet.a[*]` stands for all instances of a block that has
/// very many.
pub fn names(reference: &str, address: &str) -> bool {
    match reference.strip_suffix("[*]") {
        Some(block) => address.strip_prefix(block).is_some_and(|rest| rest.starts_with('[')),
        None => reference == address,
    }
}

/// What is known of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Attribute<'a> {
    /// Its value.
    Known(&'a Value),
    /// It is known only after apply.
    Unknown,
    /// It has a value that the plan keeps secret.
    Sensitive,
    /// It is not set: the provider's default holds.
    Unset,
}

impl Resource {
    /// Whether it is a data resource.
    pub fn is_data(&self) -> bool {
        self.kind.starts_with("data.")
    }

    /// What is known of a top-level attribute. One without an expression in the configuration is unset, even where the
    /// provider will fill in what it is after apply.
    pub fn attribute(&self, name: &str) -> Attribute<'_> {
        let is_true = |of: &Value| *of == Value::Bool(true) || of.get(name) == Some(&Value::Bool(true));
        if is_true(&self.sensitive) {
            return Attribute::Sensitive;
        }
        match self.values.get(name) {
            Some(value) if !value.is_null() => Attribute::Known(value),
            _ if is_true(&self.unknown) && self.may_give(name) => Attribute::Unknown,
            _ => Attribute::Unset,
        }
    }

    /// Whether the configuration gives an attribute, or is not known.
    fn may_give(&self, name: &str) -> bool {
        self.configured.as_ref().is_none_or(|given| given.iter().any(|path| path == name))
    }
}
