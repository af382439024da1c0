//! JSON read piece by piece: objects and lists member by member, and values and marks as bounded trees.
//!
//! What goes wrong is kept in [`Watch`] in our own words. The messages of the reader are never shown: they may quote
//! what the plan keeps secret.

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
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
    /// Takes the value of a member, or skips it with [`skip`].
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        watch: &Watch,
        members: &mut A,
    ) -> Result<(), A::Error>;
}

/// Skips a value without keeping anything of it.
pub(super) fn skip<'de, A: MapAccess<'de>>(members: &mut A) -> Result<(), A::Error> {
    members.next_value::<IgnoredAny>().map(drop)
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
            self.0.member(&key, self.1, &mut members)?;
        }
        Ok(())
    }
}

/// A list whose elements are taken one by one.
pub(super) trait Row {
    /// Takes an element; false at the end.
    fn element<'de, A: SeqAccess<'de>>(&mut self, watch: &Watch, elements: &mut A) -> Result<bool, A::Error>;
}

/// Reads a list; `null` is an empty one.
pub(super) struct List<'a, R>(pub(super) R, pub(super) &'a Watch);

impl<'de, R: Row> DeserializeSeed<'de> for List<'_, R> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, R: Row> Visitor<'de> for List<'_, R> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while self.0.element(self.1, &mut elements)? {}
        Ok(())
    }
}

/// A key, read into a buffer that is used again.
pub(super) struct Text<'a>(pub(super) &'a mut String);

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

/// A value; members that are null are left out of objects, since they say the same as no member.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    depth: usize,
    watch: &'a Watch,
}

impl<'a> Tree<'a> {
    pub(super) fn new(watch: &'a Watch) -> Self {
        Self { depth: 0, watch }
    }

    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        deeper(self.depth, self.watch).map(|depth| Self { depth, ..self })
    }
}

fn deeper<E: de::Error>(depth: usize, watch: &Watch) -> Result<usize, E> {
    if depth >= VALUES_DEPTH_MAX {
        return Err(watch.refuse(Fault::DeepValues));
    }
    Ok(depth.saturating_add(1))
}

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
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(inner)? {
            list.push(element);
        }
        list.shrink_to_fit();
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
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
pub(super) struct Marks<'a> {
    depth: usize,
    watch: &'a Watch,
}

impl<'a> Marks<'a> {
    pub(super) fn new(watch: &'a Watch) -> Self {
        Self { depth: 0, watch }
    }

    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        deeper(self.depth, self.watch).map(|depth| Self { depth, ..self })
    }
}

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
        let inner = self.deeper()?;
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
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if let Some(value) = members.next_value_seed(inner)? {
                map.insert(key, value);
            }
        }
        Ok((!map.is_empty()).then_some(Value::Object(map)))
    }
}
