//! A resource of a cloud as a Terraform plan or state tells of it.

use serde_json::Value;
use std::collections::BTreeMap;

/// A resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its address in its plan: `module.network.aws_subnet.medical[0]`.
    pub address: String,
    /// Its type: `aws_subnet`.
    pub kind: String,
    /// The modules it lies in: `module.network`; empty at the root.
    pub module: String,
    /// The provider's name as the plan writes it; empty where it says none.
    pub provider: String,
    /// What its attributes will be, as far as the plan knows. Sensitive values are replaced by [`SENSITIVE`].
    pub values: Value,
    /// Of the same shape: `true` where a value is known only after apply.
    pub unknown: Value,
    /// Of the same shape: `true` where a value is sensitive.
    pub sensitive: Value,
    /// For each attribute that its configuration gives as an expression, the addresses of the resources that the expression
    /// names, with modules resolved. An attribute that the configuration does not give is no key.
    pub references: BTreeMap<String, Vec<String>>,
    /// The attributes that its configuration gives, by their paths (`ingress.cidr_blocks`); none where there is no
    /// configuration, as in a state.
    pub configured: Option<Vec<String>>,
    /// Which of the plans that were read it comes from.
    pub plan: usize,
}

/// What stands in place of a sensitive value. It is never printed.
pub const SENSITIVE: &str = "(sensitive)";

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
    /// What is known of a top-level attribute.
    pub fn attribute(&self, name: &str) -> Attribute<'_> {
        let is_true = |of: &Value| of.get(name) == Some(&Value::Bool(true));
        if is_true(&self.sensitive) {
            return Attribute::Sensitive;
        }
        match self.values.get(name) {
            Some(value) if !value.is_null() => Attribute::Known(value),
            _ if is_true(&self.unknown) => Attribute::Unknown,
            _ => Attribute::Unset,
        }
    }
}
