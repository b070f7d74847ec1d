//! Reading postcard, as `activity.bin` is written, into the types of a pack.
//!
//! It takes exactly what the `postcard` crate takes (`content::wire` has the shapes
//! and compares the two) and costs the player a fraction of it. Nothing here
//! returns an error: what does not fit leaves the reader without bytes, everything
//! read after that is zero or empty, and [`take`] throws the whole away. So the
//! code of a shape is a list of reads, without a way out after each that would have
//! to free what was read before.
//!
//! Deliberately absent: floats, maps, characters, bytes. Writing is `postcard`'s.

mod reader;

use std::sync::Arc;

pub(crate) use reader::Reader;

/// A shape of postcard.
///
/// Read from no bytes it is a value that means nothing, and that has an end: the
/// first variant of an enum that holds itself holds nothing of its kind.
pub(crate) trait Wire: Sized {
    /// Reads one; what comes back means something only if the reader did not fail.
    fn read(from: &mut Reader<'_>) -> Self;
}

/// Reads one from the beginning, and says what is left; `None` when these bytes do
/// not begin with one.
pub(crate) fn take<T: Wire>(bytes: &[u8]) -> Option<(T, &[u8])> {
    let mut from = Reader::of(bytes);
    let value = T::read(&mut from);
    from.rest().map(|rest| (value, rest))
}

macro_rules! numbers {
    ($($unsigned:ident $signed:ident)+) => {$(
        impl Wire for $unsigned {
            fn read(from: &mut Reader<'_>) -> Self {
                from.varint(Self::BITS) as Self
            }
        }

        impl Wire for $signed {
            /// Zigzag: 0, -1, 1, -2 and so on.
            fn read(from: &mut Reader<'_>) -> Self {
                let number = $unsigned::read(from);
                (number >> 1) as Self ^ -((number & 1) as Self)
            }
        }
    )+};
}

numbers! {
    u16 i16
    u32 i32
    u64 i64
}

impl Wire for u8 {
    fn read(from: &mut Reader<'_>) -> Self {
        from.byte()
    }
}

impl Wire for String {
    fn read(from: &mut Reader<'_>) -> Self {
        from.text()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        match from.byte() {
            0 => None,
            1 => Some(T::read(from)),
            _ => {
                from.fail();
                None
            }
        }
    }
}

impl<T: Wire> Wire for Vec<T> {
    /// Grows with what is there, whatever length it claims.
    fn read(from: &mut Reader<'_>) -> Self {
        let mut list = Self::new();
        for _ in 0..from.length() {
            if from.failed() {
                break;
            }
            list.push(T::read(from));
        }
        list
    }
}

impl<T: Wire> Wire for Arc<[T]> {
    fn read(from: &mut Reader<'_>) -> Self {
        Vec::read(from).into()
    }
}

impl<T: Wire> Wire for Box<T> {
    fn read(from: &mut Reader<'_>) -> Self {
        Self::new(T::read(from))
    }
}

impl<T: Wire, U: Wire> Wire for (T, U) {
    fn read(from: &mut Reader<'_>) -> Self {
        (T::read(from), U::read(from))
    }
}
