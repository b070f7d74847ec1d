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
        match u64::try_from(bound) {
            Ok(bound) if bound > 1 => usize::try_from(self.below_word(bound)).unwrap_or(0),
            Ok(_) | Err(_) => 0,
        }
    }

    /// The same in 64 bits, so that wasm and native cannot differ. `bound` is at least 2.
    fn below_word(&mut self, bound: u64) -> u64 {
        // 2^64 mod bound: so many of the greatest words are passed over.
        let spare = (u64::MAX % bound + 1) % bound;
        loop {
            let word = self.word();
            if word <= u64::MAX - spare {
                return word % bound;
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

    /// The numbers come from Python, by the words at the head of this file:
    /// `hashlib.sha256(seed + b"t/draw" + b"\0" + attempt.to_bytes(4) + i.to_bytes(4))`.
    #[test]
    fn numbers_agree_with_an_independent_sha256() {
        let zero = Digest([0; 32]);
        let mut chance = Chance::new(&zero, "t/draw", 1);
        let words: [u64; 4] = std::array::from_fn(|_| chance.word());
        let expected =
            [0x2b9d_d663_413e_08fc, 0x58c8_0195_701f_8407, 0x7bec_8587_9261_b7f4, 0x5532_7875_562f_7991];
        assert_eq!(words, expected);

        let counting = Digest(std::array::from_fn(|place| place as u8));
        let mut chance = Chance::new(&counting, "x", 0);
        let numbers: [usize; 6] = std::array::from_fn(|_| chance.below(1_000));
        assert_eq!(numbers, [573, 138, 94, 244, 204, 956]);
    }

    #[test]
    fn orders_agree_with_an_independent_sha256() {
        let zero = Digest([0; 32]);
        let shuffled = |attempt| {
            let mut list = [0, 1, 2, 3, 4, 5];
            Chance::new(&zero, "t/draw", attempt).shuffle(&mut list);
            list
        };
        assert_eq!((shuffled(1), shuffled(2)), ([1, 2, 3, 4, 5, 0], [1, 2, 0, 3, 4, 5]));

        let counting = Digest(std::array::from_fn(|place| place as u8));
        let mut options = ["a", "b", "c", "d", "e"];
        Chance::new(&counting, "post-test/options/q1", 7).shuffle(&mut options);
        assert_eq!(options, ["a", "c", "d", "b", "e"]);
    }

    /// Just above half of all words, every second word is passed over: four numbers took nine.
    #[test]
    fn words_above_the_last_whole_multiple_are_passed_over() {
        let counting = Digest(std::array::from_fn(|place| place as u8));
        let mut chance = Chance::new(&counting, "x", 0);
        let numbers: [u64; 4] = std::array::from_fn(|_| chance.below_word((1 << 63) + 1));
        let expected = [
            4_494_983_040_168_724_573,
            2_177_236_707_227_494_138,
            4_054_713_861_367_098_204,
            442_824_198_718_495_792,
        ];
        assert_eq!((numbers, chance.counter), (expected, 9));
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
