//! What serde's derive declares: the members of a struct or variant and the variants
//! of an enum, in their order. Asking for it ends each read at once, in [`Declared`].

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, VariantAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};

/// Members by name; those of tuples by number.
pub(super) fn members<T: for<'de> Deserialize<'de>>(variant: Option<u32>) -> Vec<&'static str> {
    ask::<T>(variant.map_or(Asked::Names, Asked::Members))
}

/// Variants by name.
pub(super) fn variants<T: for<'de> Deserialize<'de>>() -> Vec<&'static str> {
    ask::<T>(Asked::Names)
}

fn ask<T: for<'de> Deserialize<'de>>(asked: Asked) -> Vec<&'static str> {
    T::deserialize(asked).err().expect("nothing is read").0
}

#[derive(Clone, Copy)]
enum Asked {
    /// The members of a struct, the variants of an enum.
    Names,
    /// The members of that variant.
    Members(u32),
}

#[derive(Debug)]
struct Declared(Vec<&'static str>);

impl fmt::Display for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl std::error::Error for Declared {}

impl Error for Declared {
    fn custom<T: fmt::Display>(message: T) -> Self {
        panic!("{message}")
    }
}

fn numbered(count: usize) -> Declared {
    Declared(["0", "1", "2"].into_iter().take(count).collect())
}

impl<'de> Deserializer<'de> for Asked {
    type Error = Declared;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Declared> {
        panic!("neither a struct nor an enum")
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Declared> {
        Err(numbered(1))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        members: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Declared> {
        Err(Declared(members.to_vec()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Declared> {
        match self {
            Self::Names => Err(Declared(variants.to_vec())),
            Self::Members(variant) => visitor.visit_enum(At(variant)),
        }
    }

    forward_to_deserialize_any! { f32 f64 bool i8 i16 i32 i64 u8 u16 u32 u64 char str string bytes byte_buf
        option unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// A variant by its place.
struct At(u32);

impl<'de> EnumAccess<'de> for At {
    type Error = Declared;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Declared> {
        seed.deserialize(self.0.into_deserializer()).map(|variant| (variant, self))
    }
}

impl<'de> VariantAccess<'de> for At {
    type Error = Declared;

    fn unit_variant(self) -> Result<(), Declared> {
        Err(numbered(0))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Declared> {
        Err(numbered(1))
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, _: V) -> Result<V::Value, Declared> {
        Err(numbered(length))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        members: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Declared> {
        Err(Declared(members.to_vec()))
    }
}
