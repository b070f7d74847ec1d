//! Typed shapes as JSON, byte for byte as `serde_json` writes them.

use std::fmt::Display;

use serde::ser::{self, Impossible, Serialize};

/// A value of a kind that is not written: a float, a map, bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected text, numbers, lists and members, found something else")]
pub(super) struct Unwritable;

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Without a space.
    Compact,
    /// A line for each member and element, indented by two spaces.
    Lines,
}

pub(super) fn text<T: Serialize + ?Sized>(value: &T, layout: Layout) -> Result<String, Unwritable> {
    let mut writer = Writer { text: String::new(), layout, depth: 0, first: true };
    value.serialize(&mut writer)?;
    Ok(writer.text)
}

/// What was written so far.
struct Writer {
    text: String,
    layout: Layout,
    /// How many lists and objects are open.
    depth: usize,
    /// Whether nothing stands yet in the innermost of them.
    first: bool,
}

// Not inlined: the places are many.
impl Writer {
    #[inline(never)]
    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.first = true;
    }

    #[inline(never)]
    fn close(&mut self, bracket: char) {
        self.depth = self.depth.saturating_sub(1);
        if !self.first {
            self.line();
        }
        self.text.push(bracket);
        self.first = false;
    }

    fn line(&mut self) {
        if self.layout == Layout::Lines {
            self.text.push('\n');
            for _ in 0..self.depth {
                self.text.push_str("  ");
            }
        }
    }

    /// Before an element.
    #[inline(never)]
    fn next(&mut self) {
        if !self.first {
            self.text.push(',');
        }
        self.first = false;
        self.line();
    }

    /// Before the value of a member.
    #[inline(never)]
    fn name(&mut self, name: &str) {
        self.next();
        self.string(name);
        self.text.push_str(if self.layout == Layout::Lines { ": " } else { ":" });
    }

    /// An object of one member, up to its value.
    #[inline(never)]
    fn variant(&mut self, name: &str) {
        self.open('{');
        self.name(name);
    }

    #[inline(never)]
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for char in text.chars() {
            match char {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\u{8}' => self.text.push_str("\\b"),
                '\t' => self.text.push_str("\\t"),
                '\n' => self.text.push_str("\\n"),
                '\u{c}' => self.text.push_str("\\f"),
                '\r' => self.text.push_str("\\r"),
                '\0'..='\u{1f}' => {
                    self.text.push_str("\\u00");
                    self.text.push_str(&crate::encode::hex(&[char as u8]));
                }
                _ => self.text.push(char),
            }
        }
        self.text.push('"');
    }

    #[inline(never)]
    fn plain(&mut self, word: &str) {
        self.text.push_str(word);
    }

    #[inline(never)]
    fn signed(&mut self, number: i64) {
        self.text.push_str(&number.to_string());
    }

    #[inline(never)]
    fn unsigned(&mut self, number: u64) {
        self.text.push_str(&number.to_string());
    }
}

type Written = Result<(), Unwritable>;

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Within<'a>;
    type SerializeMap = Impossible<(), Unwritable>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Within<'a>;

    fn serialize_bool(self, value: bool) -> Written {
        self.plain(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Written {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Written {
        self.signed(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Written {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Written {
        self.unsigned(value);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Written {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Written {
        Err(Unwritable)
    }

    fn serialize_char(self, value: char) -> Written {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Written {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(Unwritable)
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.plain("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        self.variant(variant);
        value.serialize(&mut *self)?;
        self.close('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        self.open('[');
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritable> {
        self.open('[');
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.open('[');
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Within<'a>, Unwritable> {
        self.variant(variant);
        self.open('[');
        Ok(Within(self))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Impossible<(), Unwritable>, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        self.open('{');
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Within<'a>, Unwritable> {
        self.variant(variant);
        self.open('{');
        Ok(Within(self))
    }
}

impl ser::SerializeSeq for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        self.next();
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.close(']');
        Ok(())
    }
}

impl ser::SerializeTuple for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Written {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeStruct for &mut Writer {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        self.name(name);
        value.serialize(&mut **self)
    }

    fn end(self) -> Written {
        self.close('}');
        Ok(())
    }
}

/// In the one member of a variant's object.
struct Within<'a>(&'a mut Writer);

impl ser::SerializeTupleVariant for Within<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        ser::SerializeSeq::serialize_element(&mut &mut *self.0, value)
    }

    fn end(self) -> Written {
        self.0.close(']');
        self.0.close('}');
        Ok(())
    }
}

impl ser::SerializeStructVariant for Within<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Written {
        ser::SerializeStruct::serialize_field(&mut &mut *self.0, name, value)
    }

    fn end(self) -> Written {
        self.0.close('}');
        self.0.close('}');
        Ok(())
    }
}
