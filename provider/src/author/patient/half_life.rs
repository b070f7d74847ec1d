//! From a half-life to what the engine multiplies with, in integers alone: the same
//! source must give the same pack on every machine, and logarithms differ.

use enduring_core::measure::Seconds;

/// A half, as a fraction of 2^64.
const HALF: u64 = 1 << 63;

/// How many 2^-24 of the way are left behind every second, so that half of it is
/// after `half`: 2^24 · (1 − 2^(−1/half)), rounded to the nearest.
pub fn share_a_second(half: Seconds) -> u32 {
    // The greatest part that can stay each second so that at most half stays in all,
    // found bit by bit.
    let mut stays: u64 = 0;
    for bit in (0..u64::BITS).rev() {
        let more = stays | 1 << bit;
        if power(more, half.0) <= HALF {
            stays = more;
        }
    }
    let goes = u64::MAX - stays;
    let rounded = (goes >> 39).div_ceil(2);
    u32::try_from(rounded).unwrap_or(1 << 23)
}

/// A fraction of 2^64 to this power, cut.
fn power(fraction: u64, mut exponent: u32) -> u64 {
    let times =
        |one: u64, other: u64| u64::try_from((u128::from(one) * u128::from(other)) >> 64).unwrap_or(u64::MAX);
    let (mut square, mut product) = (fraction, None);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = Some(product.map_or(square, |product| times(product, square)));
        }
        square = times(square, square);
        exponent >>= 1;
    }
    product.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected from Python: `round(2**24 * (1 - 2 ** (-1 / seconds)))`.
    #[test]
    fn shares_agree_with_python() {
        for (seconds, share) in [
            (1, 8_388_608),
            (2, 4_913_933),
            (7, 1_581_694),
            (60, 192_703),
            (90, 128_716),
            (240, 48_385),
            (600, 19_371),
            (3_600, 3_230),
            (21_600, 538),
            (86_400, 135),
        ] {
            assert_eq!(share_a_second(Seconds(seconds)), share, "{seconds} s");
        }
    }
}
