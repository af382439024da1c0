//! Taking a part of the tree into its form, with the place of what does not fit.
//!
//! Three words hold everywhere: `unknown` (or nothing) is what is not known, `none` is a list that is known to be empty,
//! and `yes` and `no` are what `true` and `false` are.

use super::fault::{Fault, both};
use super::place::{Id, PLACED, Place};
use super::tree::{Kind, Tree};
use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// Takes a part of the tree into its form.
pub(super) fn form<'de, T: Deserialize<'de>>(tree: &'de Tree) -> Result<T, Fault> {
    T::deserialize(tree)
}

/// How long a list within an element may be, such as the addresses of a node. Lists of two elements are compared.
const LIST_MAX: usize = 4_096;

const UNKNOWN: &str = "unknown";
const NONE: &str = "none";

impl Tree {
    fn is_unknown(&self) -> bool {
        match &self.kind {
            Kind::Nothing => true,
            Kind::Scalar(text) => text == UNKNOWN,
            Kind::List(_) | Kind::Map(_) => false,
        }
    }

    fn unexpected(&self) -> Unexpected<'_> {
        match &self.kind {
            Kind::Nothing => Unexpected::Unit,
            Kind::Scalar(text) => Unexpected::Str(text),
            Kind::List(_) => Unexpected::Seq,
            Kind::Map(_) => Unexpected::Map,
        }
    }

    fn text(&self) -> Result<&str, Fault> {
        match &self.kind {
            Kind::Scalar(text) => Ok(text),
            Kind::Nothing | Kind::List(_) | Kind::Map(_) => {
                Err(Fault::invalid_type(self.unexpected(), &"a text / 文字列").or_at(self.place))
            }
        }
    }

    fn number<'de, V: Visitor<'de>>(&self, visitor: V) -> Result<V::Value, Fault> {
        let written = self.text()?;
        let number: u64 = written.parse().map_err(|_error| {
            Fault::custom(both(
                format_args!("`{written}` is not a whole number from 0. Correct it, or write `unknown`"),
                format_args!("`{written}` は 0 以上の整数ではありません。直すか、`unknown` と書いてください"),
            ))
            .or_at(self.place)
        })?;
        visitor.visit_u64(number).map_err(|fault: Fault| fault.or_at(self.place))
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.number(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for &'de Tree {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let taken = match &self.kind {
            Kind::Nothing => visitor.visit_unit(),
            Kind::Scalar(text) => visitor.visit_borrowed_str(text),
            Kind::List(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Map(pairs) => visitor.visit_map(Pairs { pairs: pairs.iter(), value: None }),
        };
        taken.map_err(|fault| fault.or_at(self.place))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.text()? {
            "yes" | "true" => visitor.visit_bool(true),
            "no" | "false" => visitor.visit_bool(false),
            other => Err(Fault::custom(both(
                format_args!("`{other}` is neither `yes`, `no` nor `unknown`. Write one of the three"),
                format_args!("`{other}` は使えません。`yes`、`no`、`unknown` のいずれかを書いてください"),
            ))),
        }
        .map_err(|fault: Fault| fault.or_at(self.place))
    }

    numbers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_borrowed_str(self.text()?).map_err(|fault: Fault| fault.or_at(self.place))
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if self.is_unknown() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.kind {
            Kind::List(items) if items.len() > LIST_MAX => Err(Fault::custom(both(
                format_args!(
                    "this list has more than {LIST_MAX} entries. Use ranges, or describe several alike as one"
                ),
                format_args!("一覧が {LIST_MAX} 件を超えています。範囲で書くか、同じものをまとめてください"),
            ))),
            Kind::List(items) => visitor.visit_seq(Items(items.iter())),
            Kind::Scalar(text) if text == NONE => visitor.visit_seq(Items([].iter())),
            Kind::Nothing | Kind::Scalar(_) | Kind::Map(_) => Err(Fault::custom(both(
                "a list is wanted here: write `[a, b]`, or `none` where it is known that there is none",
                "一覧が必要です。`[a, b]` のように書くか、ないと分かっていれば `none` と書いてください",
            ))),
        }
        .map_err(|fault: Fault| fault.or_at(self.place))
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        if name == PLACED {
            visitor.visit_seq(Parts { tree: self, next: 0 }).map_err(|fault: Fault| fault.or_at(self.place))
        } else {
            self.deserialize_seq(visitor)
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.kind {
            Kind::Map(pairs) => visitor.visit_map(Pairs { pairs: pairs.iter(), value: None }),
            Kind::Nothing => visitor.visit_map(Pairs { pairs: [].iter(), value: None }),
            Kind::Scalar(_) | Kind::List(_) => Err(Fault::custom(both(
                "keys with values (`key: value`) are wanted here",
                "ここには「キー: 値」の形で書いてください",
            ))),
        }
        .map_err(|fault: Fault| fault.or_at(self.place))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let taken = match &self.kind {
            Kind::Scalar(word) => visitor.visit_enum(Word { text: word, place: self.place, value: None }),
            Kind::Map(pairs) => match pairs.as_slice() {
                [(key, value)] => {
                    visitor.visit_enum(Word { text: &key.value, place: key.place, value: Some(value) })
                }
                _ => Err(Fault::custom(both(
                    "one key is wanted here, as in `- tls: { … }`. Write each of them as an item of the list",
                    "ここには `- tls: { … }` のようにキーを一つだけ書きます。複数ある場合は一つずつ `-` で並べてください",
                ))),
            },
            Kind::Nothing | Kind::List(_) => {
                Err(Fault::invalid_type(self.unexpected(), &"a word / 決められた語"))
            }
        };
        taken.map_err(|fault| fault.or_at(self.place))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple map identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Tree>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        self.0.next().map(|tree| seed.deserialize(tree)).transpose()
    }
}

/// Line, column and value of a placed value.
struct Parts<'de> {
    tree: &'de Tree,
    next: u8,
}

impl<'de> SeqAccess<'de> for Parts<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let number = |value: u64| -> U64Deserializer<Fault> { value.into_deserializer() };
        let part = match self.next {
            0 => seed.deserialize(number(self.tree.place.line)),
            1 => seed.deserialize(number(self.tree.place.column)),
            _ => seed.deserialize(self.tree),
        };
        self.next = self.next.saturating_add(1);
        part.map(Some)
    }
}

struct Pairs<'de> {
    pairs: std::slice::Iter<'de, (Id, Tree)>,
    value: Option<&'de Tree>,
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.pairs.next() else { return Ok(None) };
        self.value = Some(value);
        let name: StrDeserializer<'_, Fault> = key.value.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|fault| fault.or_at(key.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        let value = self.value.take().ok_or_else(|| Fault::custom("a value without a key"))?;
        seed.deserialize(value)
    }
}

/// A word of a choice, with what stands behind it.
struct Word<'de> {
    text: &'de str,
    place: Place,
    value: Option<&'de Tree>,
}

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.text.into_deserializer();
        let variant = seed.deserialize(name).map_err(|fault| fault.or_at(self.place))?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.value {
            None => Ok(()),
            Some(tree) => Err(Fault::custom(both(
                format_args!("nothing can stand behind `{}`", self.text),
                format_args!("`{}` の後には何も書けません", self.text),
            ))
            .or_at(tree.place)),
        }
    }

    /// A word alone, such as `- ipsec`, is one of whose parameters nothing is known.
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        match self.value {
            Some(tree) => seed.deserialize(tree),
            None => seed.deserialize(&Nothing { place: self.place }),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}

/// What stands behind a word that stands alone: no key.
struct Nothing {
    place: Place,
}

impl<'de> Deserializer<'de> for &Nothing {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor
            .visit_map(Pairs { pairs: [].iter(), value: None })
            .map_err(|fault: Fault| fault.or_at(self.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
