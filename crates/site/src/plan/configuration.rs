//! `configuration`: the expressions of every block, of outputs and of calls of modules. Constants are not kept.

use super::json::{Depth, Fault, MODULES_DEPTH_MAX, Member, Shape};
use super::reference::{self, Reference};
use super::values::Found;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// A module as it is written, once for all its instances.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// Its resource and data blocks by their addresses in it.
    pub(super) blocks: BTreeMap<String, Block>,
    pub(super) outputs: BTreeMap<String, Vec<Reference>>,
    pub(super) calls: BTreeMap<String, Call>,
    /// What its local values name; none where its sources are not known.
    pub(super) locals: Option<BTreeMap<String, Vec<Reference>>>,
}

/// A block of a resource.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// What is given, by its path (`ingress.cidr_blocks`).
    pub(super) given: BTreeMap<String, Given>,
    pub(super) for_each: Option<Vec<Reference>>,
}

/// What is given for an attribute or a nested block.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// Whether it is an expression that names something.
    pub(super) names: bool,
    pub(super) references: Vec<Reference>,
}

/// A call of a module.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) source: String,
    pub(super) given: BTreeMap<String, Given>,
    pub(super) for_each: Option<Vec<Reference>>,
    pub(super) module: Module,
}

/// The section as a whole.
pub(super) struct Configuration<'a>(pub(super) &'a mut Module);

impl Shape for Configuration<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "root_module" => of.object(&mut InModule { module: self.0, depth: 0 }),
            _ => of.skip(),
        }
    }
}

struct InModule<'a> {
    module: &'a mut Module,
    depth: usize,
}

impl Shape for InModule<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        let Module { blocks, outputs, calls, .. } = self.module;
        match of.key {
            "resources" => of.each(OneBlock::default, |one| {
                // Built from its parts: the `address` of some versions holds the module as well.
                blocks.insert(one.found.block(), one.block);
                Ok(())
            }),
            "outputs" => of.named(Output::default, |name, output| {
                outputs.insert(name, output.0);
            }),
            "module_calls" => {
                let depth = self.depth.saturating_add(1);
                if depth > MODULES_DEPTH_MAX {
                    return Err(of.watch.refuse(Fault::DeepModules));
                }
                of.named(
                    || InCall { call: Call::default(), depth },
                    |name, one| {
                        calls.insert(name, one.call);
                    },
                )
            }
            _ => of.skip(),
        }
    }
}

#[derive(Default)]
struct OneBlock {
    found: Found,
    block: Block,
}

impl Shape for OneBlock {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            // These have the names that they have in `planned_values`.
            "mode" | "type" | "name" => self.found.member(of)?,
            "expressions" => of.object(&mut Expressions(&mut self.block.given))?,
            "for_each_expression" => self.block.for_each = Some(one_expression(of)?),
            _ => of.skip()?,
        }
        Ok(())
    }
}

#[derive(Default)]
struct Output(Vec<Reference>);

impl Shape for Output {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "expression" => self.0 = one_expression(of)?,
            _ => of.skip()?,
        }
        Ok(())
    }
}

struct InCall {
    call: Call,
    depth: usize,
}

impl Shape for InCall {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        match of.key {
            "source" => self.call.source = of.plain()?,
            "expressions" => of.object(&mut Expressions(&mut self.call.given))?,
            "for_each_expression" => self.call.for_each = Some(one_expression(of)?),
            "module" => of.object(&mut InModule { module: &mut self.call.module, depth: self.depth })?,
            _ => of.skip()?,
        }
        Ok(())
    }
}

/// The references of an expression that stands by itself.
fn one_expression<'de, A: MapAccess<'de>>(of: Member<'_, A>) -> Result<Vec<Reference>, A::Error> {
    let mut given = BTreeMap::new();
    let depth = Depth::new(of.watch);
    of.by(Expression { into: &mut given, path: "", depth })?;
    Ok(given.into_values().flat_map(|given: Given| given.references).collect())
}

/// The expressions of a block, by their paths.
struct Expressions<'a>(&'a mut BTreeMap<String, Given>);

impl Shape for Expressions<'_> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        let (path, depth) = (of.key, Depth::new(of.watch));
        of.by(Expression { into: self.0, path, depth })
    }
}

/// An expression, a nested block, or a list of nested blocks. The three look alike: an expression is an object with
/// `references` (a list) or `constant_value`.
struct Expression<'a, 'p> {
    into: &'a mut BTreeMap<String, Given>,
    path: &'p str,
    depth: Depth<'a>,
}

impl Expression<'_, '_> {
    fn given(&mut self) -> &mut Given {
        self.into.entry(self.path.to_owned()).or_default()
    }
}

impl<'de> DeserializeSeed<'de> for Expression<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Expression<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an expression")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let depth = self.depth.deeper()?;
        self.given();
        loop {
            let inner = Expression { into: self.into, path: self.path, depth };
            if elements.next_element_seed(inner)?.is_none() {
                return Ok(());
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let depth = self.depth.deeper()?;
        self.given();
        while let Some(key) = members.next_key::<String>()? {
            if key == "constant_value" {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            let inner = Expression { into: self.into, path: &path, depth };
            if key == "references" {
                let named = members.next_value_seed(References(inner))?;
                if let Some(named) = named {
                    let given = self.given();
                    given.names = true;
                    given.references.extend(named);
                }
            } else {
                members.next_value_seed(inner)?;
            }
        }
        Ok(())
    }
}

/// What stands under `references`: the list of an expression, or the expression of an attribute that is called so.
struct References<'a, 'p>(Expression<'a, 'p>);

impl<'de> DeserializeSeed<'de> for References<'_, '_> {
    type Value = Option<Vec<Reference>>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for References<'_, '_> {
    type Value = Option<Vec<Reference>>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("references")
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = elements.next_element::<String>()? {
            texts.push(text);
        }
        Ok(Some(reference::of_list(&texts)))
    }
    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        self.0.visit_map(members).map(|()| None)
    }
}
