//! From the tree to the structs of a config as written: a serde deserializer whose mistakes know their path.

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor, value,
};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, Spot, Step, listed};
use super::tree::{Data, Entry, Node};

/// Whole floats below this are exact integers.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl<'de> Deserializer<'de> for &'de Node {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.data {
            Data::Null => visitor.visit_unit(),
            Data::Bool(value) => visitor.visit_bool(*value),
            Data::Text(text) => visitor.visit_borrowed_str(text),
            Data::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), ..) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (.., value) => visitor.visit_f64(value.unwrap_or(f64::INFINITY)),
            },
            Data::List(list) => {
                let mut items = Items { list, next: 0 };
                let value = visitor.visit_seq(&mut items)?;
                if items.next < list.len() {
                    let words = format!("expected a list of {}, found {} values", items.next, list.len());
                    return Err(Fault::here(words));
                }
                Ok(value)
            }
            Data::Object(entries) => visitor.visit_map(Fields { entries, next: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.data {
            Data::Null => visitor.visit_none(),
            _ => visitor.visit_some(self).map_err(|mut fault| {
                if fault.steps.is_empty() && matches!(self.data, Data::Bool(_)) {
                    fault.what.push_str(" (null switches it off)");
                }
                fault
            }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    // Derived structs would also take a list of their fields, in order.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.data {
            Data::List(_) => Err(de::Error::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        if let Data::Number(number) = &self.data
            && let Some(value) = number.as_f64().filter(|v| number.is_f64() && v.fract() == 0.0)
            && (0.0..EXACT).contains(&value)
        {
            // JSON Schema calls 3.0 an integer too.
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole and in range"
            )]
            return visitor.visit_u64(value as u64);
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match &self.data {
            Data::Text(name) => visitor.visit_enum(Kind { name, content: None }),
            Data::Object(entries) => match entries.as_slice() {
                [entry] => visitor.visit_enum(Kind { name: &entry.key, content: Some(&entry.value) }),
                _ => Err(Fault::here(format!(
                    "expected an object with exactly one key, {}, found {} keys",
                    listed(variants),
                    entries.len()
                ))),
            },
            _ => Err(Fault::here(format!("expected {}, found {}", listed(variants), self.words()))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq
        tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'de> {
    list: &'de [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Fault;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Fault> {
        let Some(node) = self.list.get(self.next) else { return Ok(None) };
        let value = seed.deserialize(node).map_err(|fault| fault.inside(Step::Index(self.next)))?;
        self.next += 1;
        Ok(Some(value))
    }
}

struct Fields<'de> {
    entries: &'de [Entry],
    next: usize,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Fault> {
        let Some(entry) = self.entries.get(self.next) else { return Ok(None) };
        let key = value::BorrowedStrDeserializer::<Fault>::new(&entry.key);
        seed.deserialize(key).map(Some).map_err(|fault| {
            let spot = Spot::Key;
            Fault { spot, ..fault }.inside(Step::Key(entry.key.clone()))
        })
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Fault> {
        let Some(entry) = self.entries.get(self.next) else {
            return Err(Fault::here("expected a value"));
        };
        self.next += 1;
        seed.deserialize(&entry.value).map_err(|fault| fault.inside(Step::Key(entry.key.clone())))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len() - self.next)
    }
}

/// `"name"`, or `{"name": content}`.
struct Kind<'de> {
    name: &'de str,
    content: Option<&'de Node>,
}

impl<'de> EnumAccess<'de> for Kind<'de> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Fault> {
        let name = value::BorrowedStrDeserializer::<Fault>::new(self.name);
        let variant = seed.deserialize(name).map_err(|fault| match self.content {
            Some(_) => Fault { spot: Spot::Key, ..fault }.inside(Step::Key(self.name.to_owned())),
            None => fault,
        })?;
        Ok((variant, self))
    }
}

impl<'de> VariantAccess<'de> for Kind<'de> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Fault::here(format!("expected \"{}\", found an object", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Fault> {
        let Some(node) = self.content else {
            let what = format!("expected an object such as {{\"{0}\": {{}}}}, found \"{0}\"", self.name);
            return Err(Fault::here(what));
        };
        seed.deserialize(node).map_err(|fault| fault.inside(Step::Key(self.name.to_owned())))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.struct_variant(&[], visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.content {
            Some(node) => {
                node.deserialize_any(visitor).map_err(|fault| fault.inside(Step::Key(self.name.to_owned())))
            }
            None => Err(Fault::here(format!("expected an object such as {{\"{}\": {{}}}}", self.name))),
        }
    }
}
