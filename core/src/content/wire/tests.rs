//! The judges are serde's derive, which says what a shape is made of, and postcard,
//! which says what bytes are.

use std::fmt::Debug;

use proptest::prelude::*;
use serde::Deserialize;

use super::super::nested::NESTING_MAX;
use super::declared::{members, variants};
use super::*;
use crate::wire::take;

type Agree = fn(&[u8]) -> Taken;

/// A struct as it is read, and what tells whether that is right.
pub(super) struct Struct {
    name: &'static str,
    read: Vec<&'static str>,
    declared: Vec<&'static str>,
    agree: Agree,
}

/// An enum as it is read: its variants with their members.
pub(super) struct Enum {
    name: &'static str,
    read: Vec<(String, Vec<&'static str>)>,
    declared: Vec<(String, Vec<&'static str>)>,
    agree: Agree,
}

impl Struct {
    pub(super) fn of<T: Shape>(name: &'static str, read: &[&'static str]) -> Self {
        Self { name, read: read.to_vec(), declared: members::<T>(None), agree: agree::<T> }
    }
}

impl Enum {
    pub(super) fn of<T: Shape>(name: &'static str, read: &[(&'static str, &[&'static str])]) -> Self {
        let read = read.iter().map(|(variant, members)| (snake(variant), members.to_vec())).collect();
        let declared = (0..).zip(variants::<T>());
        let declared = declared.map(|(place, name)| (name.to_owned(), members::<T>(Some(place)))).collect();
        Self { name, read, declared, agree: agree::<T> }
    }
}

/// The name of a variant as serde's derive has it.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// What is read from `activity.bin`.
pub(super) trait Shape: Wire + for<'de> Deserialize<'de> + PartialEq + Debug {}
impl<T: Wire + for<'de> Deserialize<'de> + PartialEq + Debug> Shape for T {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    Yes,
    No,
}

/// What the two make of these bytes, which must be the same: value and rest.
fn agree<T: Shape>(bytes: &[u8]) -> Taken {
    let ours = take::<T>(bytes);
    let theirs = postcard::take_from_bytes::<T>(bytes).ok();
    assert_eq!(ours, theirs, "{bytes:?}");
    if ours.is_some() { Taken::Yes } else { Taken::No }
}

macro_rules! packs {
    ($($name:literal)+) => {
        [$(include_bytes!(concat!("../../../../tests/corpus/packs/", $name, "/activity.bin"))),+]
    };
}

/// Every pack of the corpus.
const PACKS: [&[u8]; 8] = packs!["bedside" "clinic" "draws" "journey" "kinds" "limits" "small" "strict"];

#[test]
fn shapes_are_read_as_they_are_declared() {
    for shape in structs() {
        assert_eq!(shape.read, shape.declared, "{}", shape.name);
    }
    for shape in enums() {
        assert_eq!(shape.read, shape.declared, "{}", shape.name);
    }
}

#[test]
fn packs_are_taken_whole() {
    for pack in PACKS {
        assert_eq!(agree::<Activity>(pack), Taken::Yes);
        let (activity, rest) = take::<Activity>(pack).expect("an activity");
        assert_eq!((postcard::to_allocvec(&activity), rest), (Ok(pack.to_vec()), &[][..]));
    }
}

#[test]
fn packs_cut_off_anywhere_are_refused() {
    for pack in PACKS {
        for length in 0..pack.len() {
            assert_eq!(agree::<Activity>(&pack[..length]), Taken::No, "{length}");
        }
    }
}

#[test]
fn packs_with_any_byte_changed_are_taken_as_postcard_takes_them() {
    let mut taken = 0;
    for pack in PACKS {
        let mut bytes = pack.to_vec();
        for (at, byte) in pack.iter().copied().enumerate() {
            for other in [byte ^ 1 << (at % 8), !byte] {
                bytes[at] = other;
                taken += usize::from(agree::<Activity>(&bytes) == Taken::Yes);
            }
            bytes[at] = byte;
        }
    }
    assert!(taken > 1_000, "only {taken} were taken");
}

#[test]
fn numbers_are_taken_as_postcard_takes_them() {
    let edges = [0, 1, 2, 3, 4, 7, 8, 0xf, 0x10, 0x3f, 0x40, 0x7f];
    for last in edges.into_iter().flat_map(|low| [low, low | 0x80]) {
        for (before, length) in
            [0x80, 0x81, 0xff].into_iter().flat_map(|byte| (0..12).map(move |n| (byte, n)))
        {
            let bytes = [vec![before; length], vec![last, 0]].concat();
            agree::<u8>(&bytes);
            agree::<u16>(&bytes);
            agree::<i16>(&bytes);
            agree::<u32>(&bytes);
            agree::<i32>(&bytes);
            agree::<u64>(&bytes);
            agree::<i64>(&bytes);
            agree::<String>(&bytes);
            agree::<Option<u8>>(&bytes);
            agree::<Vec<Role>>(&bytes);
            agree::<Role>(&bytes);
        }
    }
}

#[test]
fn nesting_ends_where_it_ends_for_postcard() {
    let most = NESTING_MAX as usize;
    let levels: [(&str, Agree, &[u8], &[u8]); 12] = [
        ("not", agree::<Condition>, &[1], &[0]),
        ("all", agree::<Condition>, &[2, 1], &[0]),
        ("any", agree::<Condition>, &[3, 1], &[0]),
        ("bullets", agree::<Block>, &[2, 1, 1], &[7]),
        ("numbers", agree::<Block>, &[3, 1, 1, 1], &[7]),
        ("quote", agree::<Block>, &[4, 1], &[7]),
        ("emphasis", agree::<Inline>, &[1, 1], &[5]),
        ("strong", agree::<Inline>, &[2, 1], &[5]),
        ("link", agree::<Inline>, &[4, 0, 1], &[5]),
        ("no guard", agree::<Guard>, &[1], &[0]),
        ("all guards", agree::<Guard>, &[2, 1], &[0]),
        ("any guard", agree::<Guard>, &[3, 1], &[4, 1, 2, 1, 2]),
    ];
    for (name, agree, level, end) in levels {
        let bytes = |levels: usize| [&level.repeat(levels), end].concat();
        for levels in 0..=most {
            assert_eq!(agree(&bytes(levels)), Taken::Yes, "{name} {levels}");
        }
        assert_eq!(agree(&bytes(most + 1)), Taken::No, "{name}");
        assert_eq!(agree(&level.repeat(100_000)), Taken::No, "{name} without end");
    }
    // Levels are counted over shapes that hold one another.
    let quoted = |emphases: usize| [[4, 1].repeat(10), vec![0, 1], [1, 1].repeat(emphases), vec![5]].concat();
    assert_eq!(agree::<Block>(&quoted(most - 10)), Taken::Yes);
    assert_eq!(agree::<Block>(&quoted(most - 9)), Taken::No);
}

/// Bytes of which shapes are made: small numbers, and the letters of names.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![8 => 0..4u8, 4 => 4..16u8, 2 => Just(b'1'), 1 => any::<u8>()];
    proptest::collection::vec(byte, 0..200)
}

proptest! {
    #[test]
    fn bytes_by_chance_are_taken_by_every_shape_as_postcard_takes_them(bytes in likely()) {
        for agree in structs().iter().map(|shape| shape.agree).chain(enums().iter().map(|shape| shape.agree)) {
            agree(&bytes);
        }
    }

    #[test]
    fn packs_with_a_piece_replaced_are_taken_as_postcard_takes_them(
        pack in proptest::sample::select(&PACKS[..]),
        at in any::<proptest::sample::Index>(),
        length in 0..20usize,
        piece in likely(),
        kept in 0..20usize,
    ) {
        let mut bytes = pack.to_vec();
        let at = at.index(bytes.len());
        let end = bytes.len().min(at + length);
        bytes.splice(at..end, piece.into_iter().take(kept));
        agree::<Activity>(&bytes);
    }
}
