//! Chance of a rehearsal: from its seed, by the same construction as a session's.

use enduring_core::id::Digest;
use enduring_core::session::Chance;

/// A stream of chance for one learner.
pub(super) struct Dice<'a>(Chance<'a>);

impl<'a> Dice<'a> {
    pub fn new(seed: &'a Digest) -> Self {
        Self(Chance::new(seed, "rehearsal", 0))
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.below(bound)
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.0.below(100) < percent
    }

    /// One of a list.
    pub fn pick<'b, T>(&mut self, list: &'b [T]) -> Option<&'b T> {
        list.get(self.0.below(list.len()))
    }

    /// `count` of a list, in its order.
    pub fn some<T: Clone>(&mut self, list: &[T], count: usize) -> Vec<T> {
        let mut places: Vec<usize> = (0..list.len()).collect();
        self.0.shuffle(&mut places);
        places.truncate(count);
        places.sort_unstable();
        places.into_iter().filter_map(|place| list.get(place).cloned()).collect()
    }

    /// 16 bytes in hexadecimal: the salt of a sheet.
    pub fn salt(&mut self) -> String {
        (0..16).map(|_| format!("{:02x}", self.0.below(256))).collect()
    }
}
