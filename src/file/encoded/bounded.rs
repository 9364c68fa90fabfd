//! Decoding of bytes that are not trusted: neither their nesting nor their lists exceed bounds.
//!
//! Postcard has no such bounds. The bytes of a recursive type could be nested until the stack
//! overflows, and those of a `Vec<()>` could claim 2⁶⁴ elements. So everything that takes part in
//! decoding is wrapped in [`Bounded`], which counts levels, and elements that take no bytes.

use std::cell::Cell;
use std::fmt;

use postcard::de_flavors::Flavor;
use serde_core::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

/// The most levels of nested values. Each takes some hundred bytes of the stack.
const LEVELS: u32 = 128;

/// The most elements of all lists and maps of a value that take no bytes.
const EMPTY_ELEMENTS: usize = 65_536;

/// Returns the value that `bytes` are, all of them.
pub(super) fn decode<V: DeserializeOwned>(bytes: &[u8]) -> postcard::Result<V> {
    let (left, empty) = (Cell::new(bytes.len()), Cell::new(0));
    let bounds = Bounds { left: &left, empty: &empty, depth: 0 };
    let mut inner = postcard::Deserializer::from_flavor(Counted { bytes, left: &left });
    let value = V::deserialize(Bounded { inner: &mut inner, bounds })?;
    if left.get() > 0 {
        return Err(Error::custom("bytes are left"));
    }
    Ok(value)
}

/// Bytes that are decoded, and the number of those that are left.
struct Counted<'de> {
    bytes: &'de [u8],
    left: &'de Cell<usize>,
}

impl<'de> Flavor<'de> for Counted<'de> {
    type Remainder = ();
    type Source = &'de [u8];

    #[inline]
    fn pop(&mut self) -> postcard::Result<u8> {
        Ok(self.try_take_n(1)?[0])
    }
    #[inline]
    fn size_hint(&self) -> Option<usize> {
        Some(self.bytes.len())
    }
    #[inline]
    fn try_take_n(&mut self, n: usize) -> postcard::Result<&'de [u8]> {
        let (taken, left) =
            self.bytes.split_at_checked(n).ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.bytes = left;
        self.left.set(left.len());
        Ok(taken)
    }
    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// What is known of the value that is being decoded.
#[derive(Clone, Copy)]
struct Bounds<'b> {
    /// The number of bytes that are left.
    left: &'b Cell<usize>,
    /// The number of elements that took none.
    empty: &'b Cell<usize>,
    depth: u32,
}

impl Bounds<'_> {
    /// The bounds one level below.
    #[inline]
    fn below<E: Error>(self) -> Result<Self, E> {
        if self.depth == LEVELS {
            return Err(E::custom("a value is nested too deeply"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }

    /// Counts an element, before which there were `left` bytes.
    #[inline]
    fn count<E: Error>(self, left: usize) -> Result<(), E> {
        if left == self.left.get() {
            self.empty.set(self.empty.get() + 1);
            if self.empty.get() > EMPTY_ELEMENTS {
                return Err(E::custom("a value has too many elements without bytes"));
            }
        }
        Ok(())
    }
}

/// A part of serde's machinery, within bounds.
struct Bounded<'b, T> {
    inner: T,
    bounds: Bounds<'b>,
}

impl<'b, T> Bounded<'b, T> {
    /// Another part within the same bounds.
    #[inline]
    fn with<U>(&self, inner: U) -> Bounded<'b, U> {
        Bounded { inner, bounds: self.bounds }
    }
}

/// Methods of a deserializer that hand on the visitor, and what comes before it.
macro_rules! deserialize {
    ($($method:ident($($argument:ident: $type:ty),*);)*) => {$(
        #[inline]
        fn $method<W: Visitor<'de>>(self, $($argument: $type,)* visitor: W) -> Result<W::Value, D::Error> {
            let visitor = self.with(visitor);
            self.inner.$method($($argument,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Bounded<'_, D> {
    type Error = D::Error;

    deserialize! {
        deserialize_any(); deserialize_bool(); deserialize_char();
        deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
        deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
        deserialize_f32(); deserialize_f64();
        deserialize_str(); deserialize_string(); deserialize_bytes(); deserialize_byte_buf();
        deserialize_option(); deserialize_unit(); deserialize_seq(); deserialize_map();
        deserialize_identifier(); deserialize_ignored_any();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_struct(name: &'static str, fields: &'static [&'static str]);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Methods of a visitor that take a plain value.
macro_rules! visit {
    ($($method:ident($($type:ty)?);)*) => {$(
        #[inline]
        fn $method<E: Error>(self, $(value: $type)?) -> Result<W::Value, E> {
            self.inner.$method($(value as $type)?)
        }
    )*};
}

impl<'de, W: Visitor<'de>> Visitor<'de> for Bounded<'_, W> {
    type Value = W::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool(bool); visit_char(char); visit_f32(f32); visit_f64(f64);
        visit_i8(i8); visit_i16(i16); visit_i32(i32); visit_i64(i64); visit_i128(i128);
        visit_u8(u8); visit_u16(u16); visit_u32(u32); visit_u64(u64); visit_u128(u128);
        visit_str(&str); visit_borrowed_str(&'de str);
        visit_bytes(&[u8]); visit_borrowed_bytes(&'de [u8]);
        visit_none(); visit_unit();
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<W::Value, D::Error> {
        self.inner.visit_some(Bounded { inner, bounds: self.bounds.below()? })
    }
    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<W::Value, D::Error> {
        self.inner.visit_newtype_struct(Bounded { inner, bounds: self.bounds.below()? })
    }
    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, inner: A) -> Result<W::Value, A::Error> {
        self.inner.visit_seq(Bounded { inner, bounds: self.bounds.below()? })
    }
    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, inner: A) -> Result<W::Value, A::Error> {
        self.inner.visit_map(Bounded { inner, bounds: self.bounds.below()? })
    }
    #[inline]
    fn visit_enum<A: EnumAccess<'de>>(self, inner: A) -> Result<W::Value, A::Error> {
        self.inner.visit_enum(Bounded { inner, bounds: self.bounds.below()? })
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Bounded<'_, S> {
    type Value = S::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        let inner = self.with(inner);
        self.inner.deserialize(inner)
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Bounded<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let (seed, left) = (self.with(seed), self.bounds.left.get());
        let element = self.inner.next_element_seed(seed)?;
        if element.is_some() {
            self.bounds.count(left)?;
        }
        Ok(element)
    }
    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint().map(|hint| hint.min(self.bounds.left.get()))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Bounded<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        let (seed, left) = (self.with(seed), self.bounds.left.get());
        let key = self.inner.next_key_seed(seed)?;
        if key.is_some() {
            self.bounds.count(left)?;
        }
        Ok(key)
    }
    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.with(seed);
        self.inner.next_value_seed(seed)
    }
    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint().map(|hint| hint.min(self.bounds.left.get()))
    }
}

impl<'de, 'b, A: EnumAccess<'de>> EnumAccess<'de> for Bounded<'b, A> {
    type Error = A::Error;
    type Variant = Bounded<'b, A::Variant>;

    #[inline]
    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        let seed = self.with(seed);
        let (value, variant) = self.inner.variant_seed(seed)?;
        Ok((value, Bounded { inner: variant, bounds: self.bounds }))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Bounded<'_, A> {
    type Error = A::Error;

    #[inline]
    fn unit_variant(self) -> Result<(), A::Error> {
        self.inner.unit_variant()
    }
    #[inline]
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        let seed = self.with(seed);
        self.inner.newtype_variant_seed(seed)
    }
    #[inline]
    fn tuple_variant<W: Visitor<'de>>(self, len: usize, visitor: W) -> Result<W::Value, A::Error> {
        let visitor = self.with(visitor);
        self.inner.tuple_variant(len, visitor)
    }
    #[inline]
    fn struct_variant<W: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: W,
    ) -> Result<W::Value, A::Error> {
        let visitor = self.with(visitor);
        self.inner.struct_variant(fields, visitor)
    }
}
