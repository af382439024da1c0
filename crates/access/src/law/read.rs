//! Reading policies: parsed, named, and checked against the schema and the groups.

use super::bounds;
use super::fault::LawFault;
use super::groups::{self, Groups};
use super::mentions::literals;
use cedar_policy::{Entities, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

/// The schema as it is written.
pub(super) const SCHEMA: &str = include_str!("../../policies/akashi.cedarschema");

/// The default set as it is written.
pub(super) const DEFAULT: &str = include_str!("../../policies/default.cedar");

/// What the ids of a facility's own policies begin with.
pub(super) const OWN: &str = "facility/";

/// How far policies may look: at the attributes of who asks and of the record, not at those of what these name.
const LEVEL: u32 = 1;

/// What every law rests on.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) schema: Schema,
    pub(super) groups: Groups,
    /// The actions with their groups.
    pub(super) actions: Entities,
    /// The default set.
    pub(super) policies: Vec<Policy>,
}

/// The one that is compiled in; none if it were faulty, which tests exclude. Without it everything is refused.
pub(super) fn base() -> Option<&'static Base> {
    static BASE: LazyLock<Option<Base>> = LazyLock::new(|| Base::read(DEFAULT).ok());
    BASE.as_ref()
}

impl Base {
    /// Reads schema, groups and a default set. The default set is not checked each time the program starts: tests do.
    fn read(default: &str) -> Result<Self, Vec<LawFault>> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(|error| whole(&error))?;
        let actions = schema.action_entities().map_err(|error| whole(&error))?;
        let groups = Groups::read(groups::TEXT);
        Ok(Self { schema, groups, actions, policies: parsed(default, "")? })
    }

    /// Reads what a facility adds.
    pub(super) fn extension(&self, text: &str) -> Result<Vec<Policy>, Vec<LawFault>> {
        bounds::check(text).map_err(|fault| vec![fault])?;
        let policies = parsed(text, OWN)?;
        let faults = self.faults(text, &policies)?;
        if faults.is_empty() { Ok(policies) } else { Err(faults) }
    }

    /// What schema and groups do not allow, in the order of the text.
    pub(super) fn faults(&self, text: &str, policies: &[Policy]) -> Result<Vec<LawFault>, Vec<LawFault>> {
        let set = PolicySet::from_policies(policies.iter().cloned()).map_err(|error| whole(&error))?;
        let validator = Validator::new(self.schema.clone());
        let result = validator.validate_with_level(&set, ValidationMode::Strict, LEVEL);
        let errors = result.validation_errors().map(|error| LawFault::of_schema(text, error));
        let names = policies.iter().flat_map(|policy| self.unknown_names(policy));
        let mut faults: Vec<LawFault> = errors.chain(names).collect();
        if faults.is_empty() {
            // A policy with an error is often said to be impossible as well, which helps nobody.
            let warnings = result.validation_warnings();
            faults.extend(warnings.filter_map(|warning| LawFault::of_warning(text, warning)));
        }
        faults.sort_by(|a, b| (a.place, &a.english).cmp(&(b.place, &b.english)));
        Ok(faults)
    }

    /// Groups and types that are misspelt would never match, and nobody would notice.
    fn unknown_names(&self, policy: &Policy) -> Vec<LawFault> {
        let id = policy.id();
        let unknown = literals(policy).into_iter().filter_map(|(entity_type, name)| {
            let known = match entity_type.as_str() {
                "Staff" => groups::STAFF.uid(&name).is_some_and(|uid| self.groups.has(&uid)),
                "Types" => groups::TYPES.uid(&name).is_some_and(|uid| self.groups.has(&uid)),
                "Record" => name == super::FACILITY || !self.groups.of_type(&name).is_empty(),
                _ => true,
            };
            (!known).then(|| {
                LawFault::of(
                    format!("Policy {id} names {entity_type}::\"{name}\", which there is not."),
                    format!("ポリシー {id} にある {entity_type}::\"{name}\" は存在しません。"),
                )
            })
        });
        unknown.collect()
    }
}

/// A fault of Cedar's that has no place.
fn whole(error: &dyn std::fmt::Display) -> Vec<LawFault> {
    vec![LawFault::of(error.to_string(), error.to_string())]
}

/// The policies of a text that follows the grammar.
fn parsed(text: &str, prefix: &str) -> Result<Vec<Policy>, Vec<LawFault>> {
    let parsed = PolicySet::from_str(text).map_err(|errors| LawFault::of_grammar(text, &errors))?;
    named(&parsed, prefix)
}

/// The policies in the order of their ids, each under its `@id`, or its number where it has none.
fn named(parsed: &PolicySet, prefix: &str) -> Result<Vec<Policy>, Vec<LawFault>> {
    let mut faults = Vec::new();
    if parsed.num_of_templates() > 0 {
        faults.push(LawFault::of(
            "Templates (?principal, ?resource) are not offered.",
            "テンプレート（?principal、?resource）は使えません。",
        ));
    }
    let mut all: BTreeMap<String, Policy> = BTreeMap::new();
    for policy in parsed.policies() {
        let id = match policy.annotation("id") {
            Some(id) if proper(id) => format!("{prefix}{id}"),
            Some(id) => {
                faults.push(LawFault::of(
                    format!("The id {id:?} is none: up to 64 of a-z, 0-9 and hyphens."),
                    format!("id {id:?} は使えません。a〜z、0〜9、ハイフンで 64 文字までです。"),
                ));
                continue;
            }
            None => format!("{prefix}{}", number(policy)),
        };
        let policy = policy.new_id(PolicyId::new(&id));
        if all.insert(id.clone(), policy).is_some() {
            faults.push(LawFault::of(
                format!("Two policies have the id {id}."),
                format!("id {id} のポリシーが 2 つあります。"),
            ));
        }
    }
    if faults.is_empty() { Ok(all.into_values().collect()) } else { Err(faults) }
}

fn proper(id: &str) -> bool {
    let letters = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    letters && (1..=64).contains(&id.len())
}

/// The place of a policy without `@id` in its text, from 1: Cedar calls the first one `policy0`.
fn number(policy: &Policy) -> usize {
    let digits = policy.id().to_string();
    digits.trim_start_matches("policy").parse::<usize>().map_or(0, |number| number.saturating_add(1))
}
