//! Chance: random words from the session's seed, so that anyone's SHA-256 can
//! check a draw.
//!
//! Word `i` of a purpose is the first eight bytes, big-endian, of
//! `SHA-256(seed ‖ purpose ‖ 0x00 ‖ attempt ‖ i)`, where the seed is the 32 bytes of
//! h0, the purpose is ASCII text such as `post-test/draw`, and attempt and `i` are
//! 32-bit big-endian. A number below `n` is a word modulo `n`; words at or above
//! the greatest multiple of `n` are passed over. Shuffles are Fisher and Yates's,
//! from the last place to the second.

use crate::id::Digest;

/// A stream of random words for one purpose.
pub struct Chance<'a> {
    seed: &'a Digest,
    purpose: &'a str,
    attempt: u32,
    counter: u32,
}

impl<'a> Chance<'a> {
    /// The stream for a purpose and attempt.
    #[must_use]
    pub fn new(seed: &'a Digest, purpose: &'a str, attempt: u32) -> Self {
        Self { seed, purpose, attempt, counter: 0 }
    }

    fn word(&mut self) -> u64 {
        let digest = Digest::of(&[
            &self.seed.0,
            self.purpose.as_bytes(),
            &[0],
            &self.attempt.to_be_bytes(),
            &self.counter.to_be_bytes(),
        ]);
        self.counter = self.counter.wrapping_add(1);
        digest.0.iter().take(8).fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    /// A number below `bound`; 0 when there is nothing to choose from.
    pub fn below(&mut self, bound: usize) -> usize {
        let Some(bound) = u64::try_from(bound).ok().filter(|bound| *bound > 1) else { return 0 };
        // 2^64 mod bound: so many of the greatest words are passed over.
        let spare = (u64::MAX % bound + 1) % bound;
        loop {
            let word = self.word();
            if word <= u64::MAX - spare {
                return usize::try_from(word % bound).unwrap_or(0);
            }
        }
    }

    /// The list in an order of chance.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = self.below(last + 1);
            list.swap(last, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_with_an_independent_sha256() {
        // printf '%064x' 0 | xxd -r -p; then "t/draw", 00, 00000001, 00000000 | sha256sum
        let seed = Digest([0; 32]);
        let mut chance = Chance::new(&seed, "t/draw", 1);
        let mut list: Vec<u8> = (0..6).collect();
        chance.shuffle(&mut list);
        let mut sorted = list.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
        let again = {
            let mut list: Vec<u8> = (0..6).collect();
            Chance::new(&seed, "t/draw", 1).shuffle(&mut list);
            list
        };
        assert_eq!(list, again);
    }

    #[test]
    fn every_number_below_the_bound_comes() {
        let seed = Digest([7; 32]);
        let mut chance = Chance::new(&seed, "t/items", 1);
        let mut seen = [0u32; 5];
        for _ in 0..1_000 {
            seen[chance.below(5)] += 1;
        }
        assert!(seen.iter().all(|count| (150..250).contains(count)), "{seen:?}");
        assert_eq!(Chance::new(&seed, "t/items", 1).below(1), 0);
        assert_eq!(Chance::new(&seed, "t/items", 1).below(0), 0);
    }
}
