//! The statistics of the reports. Everything that is not defined is `None`, so that no
//! report prints a number that means nothing. `docs/reports.md` has each formula with
//! its source. Floats are fine here: nothing of this is scored or signed.

/// The 97.5th percentile of the standard normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;
/// Below this a variance is a rounding error of the sums, not a spread.
const SPREAD_MIN: f64 = 1e-12;

/// The arithmetic mean; none of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The variance of a sample, over n − 1; none below two values.
#[must_use]
pub fn variance(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| squares / (values.len() - 1) as f64)
}

/// The standard deviation of a sample, over n − 1; none below two values.
#[must_use]
pub fn deviation(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

/// The median: the middle value, or the mean of the two in the middle.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    let lower = if sorted.len().is_multiple_of(2) { *sorted.get(half.checked_sub(1)?)? } else { upper };
    Some(lower.midpoint(upper))
}

/// Pearson's correlation; none below two pairs, or where one side does not vary.
#[must_use]
pub fn correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    let (left, right): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (left_mean, right_mean) = (mean(&left)?, mean(&right)?);
    let spread = variance(&left)?.sqrt() * variance(&right)?.sqrt();
    let together: f64 = pairs.iter().map(|(one, other)| (one - left_mean) * (other - right_mean)).sum();
    (spread > SPREAD_MIN).then(|| (together / (pairs.len() - 1) as f64 / spread).clamp(-1.0, 1.0))
}

/// What paired measurements before and after say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paired {
    /// Pairs.
    pub n: usize,
    /// Mean before.
    pub before: f64,
    /// Mean after.
    pub after: f64,
    /// Standard deviation before; none below two pairs.
    pub before_deviation: Option<f64>,
    /// Standard deviation after; none below two pairs.
    pub after_deviation: Option<f64>,
    /// Cohen's d with its interval.
    pub effect: Option<Effect>,
    /// The normalised gain of the means.
    pub gain: Option<f64>,
}

/// Cohen's d_av with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// The difference of the means over the root of the mean of the two variances.
    pub d: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// What pairs of percentages (before, after) say; none of no pairs.
#[must_use]
pub fn paired(pairs: &[(f64, f64)]) -> Option<Paired> {
    let (before, after): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (before_mean, after_mean) = (mean(&before)?, mean(&after)?);
    let deviations = (deviation(&before), deviation(&after));
    let effect = match deviations {
        (Some(one), Some(other)) => {
            // Where one side does not vary there is nothing to correlate, and r counts for nothing.
            let r = correlation(pairs).unwrap_or(0.0);
            effect(after_mean - before_mean, one, other, r, pairs.len())
        }
        (_, _) => None,
    };
    Some(Paired {
        n: pairs.len(),
        before: before_mean,
        after: after_mean,
        before_deviation: deviations.0,
        after_deviation: deviations.1,
        effect,
        gain: gain(before_mean, after_mean),
    })
}

/// Cohen's d_av of a paired difference, and its interval after Bonett (2008, equation
/// for a within-subjects contrast); none below two pairs or where neither side varies.
#[must_use]
pub fn effect(difference: f64, before: f64, after: f64, r: f64, n: usize) -> Option<Effect> {
    let (one, other) = (before.powi(2), after.powi(2));
    let square = f64::midpoint(one, other);
    if n < 2 || square <= SPREAD_MIN {
        return None;
    }
    let df = (n - 1) as f64;
    let d = difference / square.sqrt();
    let of_difference = (one + other - 2.0 * r * before * after).max(0.0);
    let spreads = one.powi(2) + other.powi(2) + 2.0 * r.powi(2) * one * other;
    let error = (d.powi(2) * spreads / (8.0 * df * square.powi(2)) + of_difference / (df * square)).sqrt();
    Some(Effect { d, low: d - Z_95 * error, high: d + Z_95 * error })
}

/// Hake's normalised gain of means in percent; none at a mean of 100 before.
#[must_use]
pub fn gain(before: f64, after: f64) -> Option<f64> {
    let room = 100.0 - before;
    (room > SPREAD_MIN).then(|| (after - before) / room)
}

/// The corrected point-biserial correlation of an item: right or not, with the share of
/// the other items that were right. None where either does not vary.
#[must_use]
pub fn discrimination(answers: &[(bool, f64)]) -> Option<f64> {
    let pairs: Vec<_> = answers.iter().map(|(right, rest)| (f64::from(u8::from(*right)), *rest)).collect();
    correlation(&pairs)
}

/// Kuder and Richardson's formula 20 of learners who answered the same items, a row
/// each, with the variance over n as they wrote it. None below two learners or items,
/// or where the totals do not vary.
#[must_use]
pub fn kr20(rows: &[Vec<bool>]) -> Option<f64> {
    let (n, items) = (rows.len(), rows.first()?.len());
    if n < 2 || items < 2 || rows.iter().any(|row| row.len() != items) {
        return None;
    }
    let share = |right: usize| right as f64 / n as f64;
    let of_items: f64 = (0..items)
        .map(|at| share(rows.iter().filter(|row| row.get(at) == Some(&true)).count()))
        .map(|p| p * (1.0 - p))
        .sum();
    let totals: Vec<f64> = rows.iter().map(|row| row.iter().filter(|right| **right).count() as f64).collect();
    let of_totals = variance(&totals)? * (n - 1) as f64 / n as f64;
    (of_totals > SPREAD_MIN).then(|| items as f64 / (items - 1) as f64 * (1.0 - of_items / of_totals))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64, within: f64) {
        let found = found.expect("defined");
        assert!((found - expected).abs() < within, "expected {expected}, found {found}");
    }

    /// Lakens D. Front Psychol 2013;4:863: ten people rate two movies.
    #[test]
    fn lakens_two_movies_have_the_effect_that_he_gives() {
        let first = [9.0, 7.0, 8.0, 9.0, 8.0, 9.0, 9.0, 10.0, 9.0, 9.0];
        let second = [9.0, 6.0, 7.0, 8.0, 7.0, 9.0, 8.0, 8.0, 8.0, 7.0];
        let pairs: Vec<_> = second.into_iter().zip(first).collect();
        let found = paired(&pairs).expect("pairs");
        close(Some(found.after), 8.7, 1e-9);
        close(Some(found.before), 7.7, 1e-9);
        close(found.after_deviation, 0.82, 0.005);
        close(found.before_deviation, 0.95, 0.005);
        close(correlation(&pairs), 0.73, 0.005);
        close(found.effect.map(|effect| effect.d), 1.13, 0.005);
    }

    /// Bonett DG, statpsych, documentation of ci.stdmean.ps: unweighted standardizer.
    #[test]
    fn bonetts_worked_example_has_its_interval() {
        let found = effect(110.4 - 102.1, 15.3, 14.6, 0.75, 25).expect("defined");
        close(Some(found.d), 0.555_031_9, 1e-6);
        close(Some(found.low), 0.239_490_5, 1e-6);
        close(Some(found.high), 0.870_573_2, 1e-6);
    }

    /// Wuensch KL, StatHelp KR20, East Carolina University: sum of pq 2.18, variance 5.84.
    #[test]
    fn wuenschs_ten_students_have_their_reliability() {
        let rows: Vec<Vec<bool>> = [
            "1111110110",
            "1011011101",
            "1111011001",
            "0010001000",
            "0000010010",
            "1110111111",
            "1101110111",
            "1111111101",
            "0101111101",
            "1101101110",
        ]
        .iter()
        .map(|row| row.bytes().map(|bit| bit == b'1').collect())
        .collect();
        close(kr20(&rows), 10.0 / 9.0 * (1.0 - 2.18 / 5.84), 1e-12);
    }

    /// Hake RR. Am J Phys 1998;66:64-74: the gain that was had of the gain that there was room for.
    #[test]
    fn the_gain_is_of_the_room_that_was_left() {
        close(gain(40.0, 70.0), 0.5, 1e-12);
        close(gain(50.0, 40.0), -0.2, 1e-12);
        assert_eq!(gain(100.0, 90.0), None, "no room");
    }

    #[test]
    fn what_is_not_defined_is_none() {
        assert_eq!((mean(&[]), median(&[]), variance(&[1.0]), paired(&[])), (None, None, None, None));
        let alone = paired(&[(40.0, 60.0)]).expect("a pair");
        assert_eq!((alone.n, alone.before_deviation, alone.effect), (1, None, None));
        let same = paired(&[(50.0, 75.0); 6]).expect("pairs");
        assert_eq!((same.before_deviation, same.effect, same.gain), (Some(0.0), None, Some(0.5)));
        let perfect = paired(&[(100.0, 100.0); 6]).expect("pairs");
        assert_eq!((perfect.effect, perfect.gain), (None, None));
        assert_eq!(discrimination(&[(true, 0.3), (true, 0.6)]), None, "all right");
        assert_eq!(discrimination(&[(true, 0.5), (false, 0.5)]), None, "the rest does not vary");
        assert_eq!(kr20(&[vec![true, true], vec![true, true]]), None);
        assert_eq!(kr20(&[vec![true], vec![false]]), None, "one item");
        assert_eq!(kr20(&[vec![true, false]]), None, "one learner");
    }

    #[test]
    fn one_side_that_does_not_vary_still_has_an_effect() {
        let found = paired(&[(20.0, 100.0), (40.0, 100.0), (60.0, 100.0)]).expect("pairs");
        let effect = found.effect.expect("the other side varies");
        close(Some(effect.d), 60.0 / 200.0_f64.sqrt(), 1e-9);
        assert!(effect.low < effect.d && effect.d < effect.high);
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
