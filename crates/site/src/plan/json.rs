//! JSON read piece by piece: objects and lists member by member, and values and marks as bounded trees.
//!
//! What goes wrong is kept in [`Watch`] in our own words. The messages of the reader are never shown: they may quote
//! what the plan keeps secret.

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// Deepest nesting of modules; each adds a frame of several hundred bytes.
pub(super) const MODULES_DEPTH_MAX: usize = 100;
/// Deepest nesting of the values of one resource.
pub(super) const VALUES_DEPTH_MAX: usize = 100;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Modules are nested too deep.
    DeepModules,
    /// Values are nested too deep.
    DeepValues,
    /// More bytes than are read.
    Large,
    /// An address stands twice.
    Duplicate(String),
    /// An unknown format version.
    Version(String),
    /// Something else than a plan, and why, in English and Japanese.
    NotAPlan(&'static str, &'static str),
}

/// Keeps the first fault that was met.
#[derive(Debug, Default)]
pub(super) struct Watch(RefCell<Option<Fault>>);

impl Watch {
    /// Keeps a fault and gives the error that ends the reading.
    pub(super) fn refuse<E: de::Error>(&self, fault: Fault) -> E {
        self.keep(fault);
        E::custom("refused")
    }

    /// Keeps a fault, unless there is one.
    pub(super) fn keep(&self, fault: Fault) {
        let mut kept = self.0.borrow_mut();
        if kept.is_none() {
            *kept = Some(fault);
        }
    }

    /// The fault, if there was one.
    pub(super) fn take(&self) -> Option<Fault> {
        self.0.borrow_mut().take()
    }
}

/// An object whose members are taken one by one.
pub(super) trait Shape {
    /// Takes the value of a member in one of its ways, or skips it.
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error>;
}

/// A member of an object, of which the name is read and the value is not: it is taken once, or skipped.
pub(super) struct Member<'a, A> {
    pub(super) key: &'a str,
    pub(super) watch: &'a Watch,
    members: &'a mut A,
}

impl<'de, A: MapAccess<'de>> Member<'_, A> {
    /// Skips the value without keeping anything of it.
    pub(super) fn skip(self) -> Result<(), A::Error> {
        self.members.next_value::<IgnoredAny>().map(drop)
    }

    /// A text, a list of texts; null is an empty one.
    pub(super) fn plain<T: Deserialize<'de> + Default>(self) -> Result<T, A::Error> {
        self.members.next_value::<Option<T>>().map(Option::unwrap_or_default)
    }

    /// An object, into a shape; `null` leaves the shape as it is.
    pub(super) fn object(self, shape: &mut impl Shape) -> Result<(), A::Error> {
        self.members.next_value_seed(Object(shape, self.watch))
    }

    /// A list of objects: each is read into a new shape and kept. `null` is an empty list.
    pub(super) fn each<S: Shape>(
        self,
        begin: impl FnMut() -> S,
        keep: impl FnMut(S) -> Result<(), Fault>,
    ) -> Result<(), A::Error> {
        self.members.next_value_seed(List { begin, keep, watch: self.watch })
    }

    /// An object of objects: each is read into a new shape and kept by its name.
    pub(super) fn named<S: Shape>(
        self,
        begin: impl FnMut() -> S,
        keep: impl FnMut(String, S),
    ) -> Result<(), A::Error> {
        self.object(&mut Named { begin, keep })
    }

    /// A value as it is.
    pub(super) fn tree(self) -> Result<Value, A::Error> {
        self.members.next_value_seed(Tree(Depth::new(self.watch)))
    }

    /// Marks; an empty object where there are none.
    pub(super) fn marks(self) -> Result<Value, A::Error> {
        let marks = self.members.next_value_seed(Marks(Depth::new(self.watch)))?;
        Ok(marks.unwrap_or_else(|| Value::Object(Map::new())))
    }

    /// What has a reader of its own.
    pub(super) fn by<S: DeserializeSeed<'de>>(self, reader: S) -> Result<S::Value, A::Error> {
        self.members.next_value_seed(reader)
    }
}

/// Reads an object into a shape; `null` leaves the shape as it is.
pub(super) struct Object<'a, S>(pub(super) &'a mut S, pub(super) &'a Watch);

impl<'de, S: Shape> DeserializeSeed<'de> for Object<'_, S> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, S: Shape> Visitor<'de> for Object<'_, S> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut key = String::new();
        while members.next_key_seed(Text(&mut key))?.is_some() {
            self.0.member(Member { key: &key, watch: self.1, members: &mut members })?;
        }
        Ok(())
    }
}

/// A list of objects, each of which begins as a new shape.
struct List<'a, B, K> {
    begin: B,
    keep: K,
    watch: &'a Watch,
}

impl<'de, S, B, K> DeserializeSeed<'de> for List<'_, B, K>
where
    S: Shape,
    B: FnMut() -> S,
    K: FnMut(S) -> Result<(), Fault>,
{
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, S, B, K> Visitor<'de> for List<'_, B, K>
where
    S: Shape,
    B: FnMut() -> S,
    K: FnMut(S) -> Result<(), Fault>,
{
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        loop {
            let mut one = (self.begin)();
            if elements.next_element_seed(Object(&mut one, self.watch))?.is_none() {
                return Ok(());
            }
            (self.keep)(one).map_err(|fault| self.watch.refuse(fault))?;
        }
    }
}

/// An object of which every member is one.
struct Named<B, K> {
    begin: B,
    keep: K,
}

impl<S: Shape, B: FnMut() -> S, K: FnMut(String, S)> Shape for Named<B, K> {
    fn member<'de, A: MapAccess<'de>>(&mut self, of: Member<'_, A>) -> Result<(), A::Error> {
        let (name, mut one) = (of.key.to_owned(), (self.begin)());
        of.object(&mut one)?;
        (self.keep)(name, one);
        Ok(())
    }
}

/// A key, read into a buffer that is used again.
struct Text<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(text);
        Ok(())
    }
}

/// How deep the reading stands in the values of a resource.
#[derive(Clone, Copy)]
pub(super) struct Depth<'a> {
    depth: usize,
    watch: &'a Watch,
}

impl<'a> Depth<'a> {
    pub(super) fn new(watch: &'a Watch) -> Self {
        Self { depth: 0, watch }
    }

    /// One deeper, up to the bound.
    pub(super) fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth >= VALUES_DEPTH_MAX {
            return Err(self.watch.refuse(Fault::DeepValues));
        }
        Ok(Self { depth: self.depth.saturating_add(1), ..self })
    }
}

/// A value; members that are null are left out of objects, since they say the same as no member.
#[derive(Clone, Copy)]
struct Tree<'a>(Depth<'a>);

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }
    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }
    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let inner = Self(self.0.deeper()?);
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            list.push(element);
        }
        list.shrink_to_fit();
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = Self(self.0.deeper()?);
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            if !value.is_null() {
                map.insert(key, value);
            }
        }
        Ok(Value::Object(map))
    }
}

/// Marks (`true` where something is unknown or sensitive); what holds no mark is left out, which is nearly all.
#[derive(Clone, Copy)]
struct Marks<'a>(Depth<'a>);

impl<'de> DeserializeSeed<'de> for Marks<'_> {
    type Value = Option<Value>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<Value>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Marks<'_> {
    type Value = Option<Value>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("marks")
    }
    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Option<Value>, E> {
        Ok(value.then_some(Value::Bool(true)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Option<Value>, A::Error> {
        let inner = Self(self.0.deeper()?);
        let mut list = Vec::new();
        let mut marked = false;
        while let Some(element) = elements.next_element_seed(inner)? {
            marked |= element.is_some();
            // The places count: what is not marked stands as `false`.
            list.push(element.unwrap_or(Value::Bool(false)));
        }
        Ok(marked.then_some(Value::Array(list)))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Option<Value>, A::Error> {
        let inner = Self(self.0.deeper()?);
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if let Some(value) = members.next_value_seed(inner)? {
                map.insert(key, value);
            }
        }
        Ok((!map.is_empty()).then_some(Value::Object(map)))
    }
}
