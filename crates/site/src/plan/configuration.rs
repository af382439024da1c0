//! `configuration`: the expressions of every block, of outputs and of calls of modules. Constants are not kept.

use super::json::{Fault, List, MODULES_DEPTH_MAX, Object, Row, Shape, VALUES_DEPTH_MAX, Watch, skip};
use super::reference::{self, Reference};
use super::values::text;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "root_module" => {
                members.next_value_seed(Object(&mut InModule { module: self.0, depth: 0 }, watch))
            }
            _ => skip(members),
        }
    }
}

struct InModule<'a> {
    module: &'a mut Module,
    depth: usize,
}

impl Shape for InModule<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "resources" => members.next_value_seed(List(Blocks(&mut self.module.blocks), watch)),
            "outputs" => members.next_value_seed(Object(&mut Outputs(&mut self.module.outputs), watch)),
            "module_calls" => {
                let depth = self.depth.saturating_add(1);
                if depth > MODULES_DEPTH_MAX {
                    return Err(watch.refuse(Fault::DeepModules));
                }
                members.next_value_seed(Object(&mut Calls { calls: &mut self.module.calls, depth }, watch))
            }
            _ => skip(members),
        }
    }
}

struct Blocks<'a>(&'a mut BTreeMap<String, Block>);

impl Row for Blocks<'_> {
    fn element<'de, A: SeqAccess<'de>>(&mut self, watch: &Watch, elements: &mut A) -> Result<bool, A::Error> {
        let mut one = OneBlock::default();
        if elements.next_element_seed(Object(&mut one, watch))?.is_none() {
            return Ok(false);
        }
        let data = if one.mode == "data" { "data." } else { "" };
        // Built from its parts: the `address` of some versions holds the module as well.
        self.0.insert(format!("{data}{}.{}", one.kind, one.name), one.block);
        Ok(true)
    }
}

#[derive(Default)]
struct OneBlock {
    mode: String,
    kind: String,
    name: String,
    block: Block,
}

impl Shape for OneBlock {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "mode" => self.mode = text(members)?,
            "type" => self.kind = text(members)?,
            "name" => self.name = text(members)?,
            "expressions" => {
                members.next_value_seed(Object(&mut Expressions::new(&mut self.block.given), watch))?;
            }
            "for_each_expression" => self.block.for_each = Some(one_expression(watch, members)?),
            _ => skip(members)?,
        }
        Ok(())
    }
}

struct Outputs<'a>(&'a mut BTreeMap<String, Vec<Reference>>);

impl Shape for Outputs<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        let mut output = Output::default();
        members.next_value_seed(Object(&mut output, watch))?;
        self.0.insert(key.to_owned(), output.0);
        Ok(())
    }
}

#[derive(Default)]
struct Output(Vec<Reference>);

impl Shape for Output {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "expression" => self.0 = one_expression(watch, members)?,
            _ => skip(members)?,
        }
        Ok(())
    }
}

struct Calls<'a> {
    calls: &'a mut BTreeMap<String, Call>,
    depth: usize,
}

impl Shape for Calls<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        let mut call = Call::default();
        members.next_value_seed(Object(&mut InCall { call: &mut call, depth: self.depth }, watch))?;
        self.calls.insert(key.to_owned(), call);
        Ok(())
    }
}

struct InCall<'a> {
    call: &'a mut Call,
    depth: usize,
}

impl Shape for InCall<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "source" => self.call.source = text(members)?,
            "expressions" => {
                members.next_value_seed(Object(&mut Expressions::new(&mut self.call.given), watch))?;
            }
            "for_each_expression" => self.call.for_each = Some(one_expression(watch, members)?),
            "module" => {
                let mut inner = InModule { module: &mut self.call.module, depth: self.depth };
                members.next_value_seed(Object(&mut inner, watch))?;
            }
            _ => skip(members)?,
        }
        Ok(())
    }
}

/// The references of an expression that stands by itself.
fn one_expression<'de, A: MapAccess<'de>>(
    watch: &Watch,
    members: &mut A,
) -> Result<Vec<Reference>, A::Error> {
    let mut given = BTreeMap::new();
    members.next_value_seed(Expression { into: &mut given, path: "", depth: 0, watch })?;
    Ok(given.into_values().flat_map(|given: Given| given.references).collect())
}

/// The expressions of a block, by their paths.
struct Expressions<'a> {
    into: &'a mut BTreeMap<String, Given>,
}

impl<'a> Expressions<'a> {
    fn new(into: &'a mut BTreeMap<String, Given>) -> Self {
        Self { into }
    }
}

impl Shape for Expressions<'_> {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error> {
        members.next_value_seed(Expression { into: self.into, path: key, depth: 0, watch })
    }
}

/// An expression, a nested block, or a list of nested blocks. The three look alike: an expression is an object with
/// `references` (a list) or `constant_value`.
struct Expression<'a, 'p> {
    into: &'a mut BTreeMap<String, Given>,
    path: &'p str,
    depth: usize,
    watch: &'a Watch,
}

impl Expression<'_, '_> {
    fn given(&mut self) -> &mut Given {
        self.into.entry(self.path.to_owned()).or_default()
    }

    fn deeper<E: de::Error>(&self) -> Result<usize, E> {
        if self.depth >= VALUES_DEPTH_MAX {
            return Err(self.watch.refuse(Fault::DeepValues));
        }
        Ok(self.depth.saturating_add(1))
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
        let depth = self.deeper()?;
        self.given();
        loop {
            let inner = Expression { into: self.into, path: self.path, depth, watch: self.watch };
            if elements.next_element_seed(inner)?.is_none() {
                return Ok(());
            }
        }
    }
    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        self.given();
        while let Some(key) = members.next_key::<String>()? {
            if key == "constant_value" {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            let inner = Expression { into: self.into, path: &path, depth, watch: self.watch };
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
