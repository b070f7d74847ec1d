//! Quantities, each with its unit in the type. Integers only.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::{Reader, Wire};

/// An instant: milliseconds since 1970-01-01T00:00:00Z, as the device's clock had it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Millis(pub u64);

/// Whole minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Minutes(pub u32);

/// Thousandths of a point: an item that is wholly right earns 1,000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Points(pub u32);

/// An amount of credit in hundredths: 0.25 is 25.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Credit(pub u32);

/// A threshold in whole percent, 0 to 100.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Percent(pub u8);

/// Minutes east of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UtcOffset(pub i16);

/// A quantity of a simulated patient, in millionths of its unit. Every operation
/// saturates at [`Amount::MAX`] and its negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Amount(pub i64);

/// Whole seconds of a simulated patient's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seconds(pub u32);

impl Timestamp {
    /// The time from `earlier` to here; `None` when the clock went backwards.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Millis> {
        self.0.checked_sub(earlier.0).and_then(|span| u64::try_from(span).ok()).map(Millis)
    }

    /// The calendar date on a clock that stands `offset` from UTC.
    #[must_use]
    pub fn date(self, offset: UtcOffset) -> Option<chrono::NaiveDate> {
        let local = self.0.checked_add(i64::from(offset.0) * 60_000)?;
        chrono::DateTime::from_timestamp_millis(local).map(|instant| instant.date_naive())
    }

    /// Whether it is of the years 1 to 9998, so that its date is one of four digits everywhere.
    #[must_use]
    pub fn has_date(self) -> bool {
        matches!(self.0, -62_135_596_800_000..=253_370_764_799_999)
    }
}

impl Millis {
    /// From whole minutes.
    #[must_use]
    pub fn minutes(minutes: Minutes) -> Self {
        Self(u64::from(minutes.0) * 60_000)
    }

    /// Whole minutes, rounded down.
    #[must_use]
    pub fn whole_minutes(self) -> Minutes {
        Minutes(u32::try_from(self.0 / 60_000).unwrap_or(u32::MAX))
    }
}

impl Points {
    /// What a wholly right item earns.
    pub const FULL: Self = Self(1_000);

    /// `part` of `whole` of the full points, rounded half up once.
    #[must_use]
    pub fn share(part: u32, whole: u32) -> Self {
        if whole == 0 {
            return Self(0);
        }
        let (part, whole) = (u64::from(part.min(whole)), u64::from(whole));
        Self(u32::try_from((part * 2_000 + whole) / (whole * 2)).unwrap_or(0))
    }

    /// True when these points of `possible` are at least `threshold`, by
    /// cross-multiplication, so that no rounding decides a pass.
    #[must_use]
    pub fn reach(self, threshold: Percent, possible: Self) -> bool {
        u64::from(self.0) * 100 >= u64::from(threshold.0) * u64::from(possible.0)
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        Self(points.fold(0, |sum, points| sum.saturating_add(points.0)))
    }
}

impl fmt::Display for Credit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A decimal number in normal form: no exponent, no leading `+`, no leading or
/// trailing zeros, `-0` is `0`. At most 15 digits, at most 9 of them after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// The number times 10^9.
    nanos: i128,
}

const NANO: i128 = 1_000_000_000;

impl Amount {
    /// One of its unit.
    pub const ONE: Self = Self(1_000_000);
    /// The greatest, a trillion of its unit: so far from the end of 64 bits that
    /// two of them can be added.
    pub const MAX: Self = Self(1_000_000_000_000_000_000);

    /// A whole number of its unit.
    #[must_use]
    pub fn whole(number: u32) -> Self {
        Self(i64::from(number) * Self::ONE.0)
    }

    /// A decimal number of its unit, cut after six digits.
    #[must_use]
    pub fn of(number: Decimal) -> Self {
        Self::saturating(number.nanos / 1_000)
    }

    fn saturating(millionths: i128) -> Self {
        let bounds = (i128::from(-Self::MAX.0), i128::from(Self::MAX.0));
        Self(i64::try_from(millionths.clamp(bounds.0, bounds.1)).unwrap_or(0))
    }

    fn kept(millionths: i64) -> Self {
        Self(millionths.clamp(-Self::MAX.0, Self::MAX.0))
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self::kept(self.0.saturating_add(other.0))
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self::kept(self.0.saturating_sub(other.0))
    }

    /// The product, cut toward zero.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        match self.0.checked_mul(other.0) {
            // A millionth of 64 bits is far from either end.
            Some(product) => Self(product / Self::ONE.0),
            None => Self::saturating(i128::from(self.0) * i128::from(other.0) / i128::from(Self::ONE.0)),
        }
    }

    /// The quotient, cut toward zero; zero where `other` is zero.
    #[must_use]
    pub fn by(self, other: Self) -> Self {
        match (other.0, self.0.checked_mul(Self::ONE.0)) {
            (0, _) => Self(0),
            (_, Some(scaled)) => Self::kept(scaled / other.0),
            (_, None) => Self::saturating(i128::from(self.0) * i128::from(Self::ONE.0) / i128::from(other.0)),
        }
    }

    /// So many parts of `whole` of it, cut toward zero; all of it where there is no whole.
    #[must_use]
    pub fn part(self, part: u32, whole: u32) -> Self {
        if whole == 0 {
            return self;
        }
        // Most doses act wholly or not at all: no division for those.
        if part == whole {
            return Self::kept(self.0);
        }
        match self.0.checked_mul(i64::from(part)) {
            Some(product) => Self::kept(product / i64::from(whole)),
            None => Self::saturating(i128::from(self.0) * i128::from(part) / i128::from(whole)),
        }
    }

    /// As a decimal with so many digits after the point (at most six), rounded half
    /// away from zero.
    #[must_use]
    pub fn decimal(self, digits: u8) -> Decimal {
        let unit = 10_i128.pow(9 - u32::from(digits.min(6)));
        let nanos = i128::from(self.0) * 1_000;
        let rounded = (nanos.abs() + unit / 2) / unit * unit;
        Decimal { nanos: if nanos < 0 { -rounded } else { rounded } }
    }
}

impl Decimal {
    /// Reads `[-]digits[.digits]`; a comma is not a decimal point here.
    /// Spaces around it are folded.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(' ');
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() && fraction.is_empty()
            || !plain(whole)
            || !plain(fraction)
            || digits.ends_with('.')
            || whole.len() + fraction.len() > 15
            || fraction.len() > 9
        {
            return None;
        }
        let mut nanos = 0i128;
        for digit in whole.bytes() {
            nanos = nanos * 10 + i128::from(digit - b'0') * NANO;
        }
        let mut place = NANO;
        for digit in fraction.bytes() {
            place /= 10;
            nanos += i128::from(digit - b'0') * place;
        }
        Some(Self { nanos: if negative { -nanos } else { nanos } })
    }

    /// Reads a number that is in normal form.
    fn normal(text: &str) -> Option<Self> {
        Self::parse(text).filter(|number| number.to_string() == text)
    }

    /// True when the two differ by at most `tolerance`.
    #[must_use]
    pub fn within(self, tolerance: Self, of: Self) -> bool {
        (self.nanos - of.nanos).abs() <= tolerance.nanos.abs()
    }

    /// True below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.nanos < 0 { "-" } else { "" };
        let (whole, mut fraction) = (self.nanos.abs() / NANO, self.nanos.abs() % NANO);
        write!(f, "{sign}{whole}")?;
        if fraction == 0 {
            return Ok(());
        }
        let mut width = 9;
        while fraction % 10 == 0 {
            fraction /= 10;
            width -= 1;
        }
        write!(f, ".{fraction:0width$}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_string())
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::normal(&text).ok_or_else(|| serde::de::Error::custom("not a decimal in normal form"))
    }
}

impl Wire for Decimal {
    fn read(from: &mut Reader<'_>) -> Self {
        let text = from.text();
        Self::normal(&text).unwrap_or_else(|| {
            from.fail();
            Self { nanos: 0 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_half_up_once() {
        assert_eq!(Points::share(1, 3), Points(333));
        assert_eq!(Points::share(2, 3), Points(667));
        assert_eq!(Points::share(1, 16), Points(63), "62.5 goes up");
        assert_eq!(Points::share(9, 3), Points::FULL);
        assert_eq!(Points::share(1, 0), Points(0));
    }

    #[test]
    fn a_threshold_is_met_exactly_and_not_by_rounding() {
        assert!(Points(7_000).reach(Percent(70), Points(10_000)));
        assert!(!Points(6_999).reach(Percent(70), Points(10_000)));
        assert!(!Points(1_999).reach(Percent(67), Points(3_000)));
        assert!(Points(2_010).reach(Percent(67), Points(3_000)));
    }

    #[test]
    fn decimals_have_one_spelling() {
        for (text, normal) in
            [("007.50", "7.5"), ("-0", "0"), (".5", "0.5"), (" 12 ", "12"), ("-3.000", "-3")]
        {
            assert_eq!(Decimal::parse(text).map(|d| d.to_string()).as_deref(), Some(normal), "{text}");
        }
        for bad in ["", "-", ".", "1.", "1,5", "1e3", "+1", "1 2", "1234567890123456", "0.0000000001"] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn tolerance_is_inclusive() {
        let decimal = |text| Decimal::parse(text).expect("a decimal");
        assert!(decimal("7.35").within(decimal("0.05"), decimal("7.4")));
        assert!(!decimal("7.34").within(decimal("0.05"), decimal("7.4")));
    }

    #[test]
    fn a_local_date_follows_the_offset() {
        let just_before_midnight_utc = Timestamp(1_795_305_599_000);
        let date = |offset| just_before_midnight_utc.date(UtcOffset(offset)).map(|d| d.to_string());
        assert_eq!(date(0).as_deref(), Some("2026-11-21"));
        assert_eq!(date(60).as_deref(), Some("2026-11-22"));
    }
}
