//! Values as words in the language of the interface.

use enduring_core::measure::{Credit, Millis, Timestamp, UtcOffset};
use enduring_core::session::Moment;

use crate::platform::clock;
use crate::strings::Strings;

const DAY: i64 = 86_400_000;

/// A calendar date from its ISO form: "November 22, 2026". Anything else stays as it is.
#[must_use]
pub fn iso_date(words: &Strings, iso: &str) -> String {
    days_of(iso).map_or_else(|| iso.to_owned(), |days| written(words, days))
}

/// The local date of a moment, where it happened.
#[must_use]
pub fn local_date(words: &Strings, moment: &Moment) -> String {
    written(words, local_day(moment.at, moment.offset))
}

/// The date of an instant, here.
#[must_use]
pub fn date(words: &Strings, at: Timestamp) -> String {
    written(words, local_day(at, clock::offset_at(at)))
}

fn written(words: &Strings, days: i32) -> String {
    let (year, month, day) = civil(days);
    (words.date)(year, month, day)
}

/// The credit as figures: "0.75".
#[must_use]
pub fn credit(amount: Credit) -> String {
    amount.to_string()
}

/// Whole minutes of a span, at least one.
#[must_use]
pub fn minutes(span: Millis) -> u32 {
    span.whole_minutes().0.max(1)
}

/// Days since 1970-01-01 on the clock that stands `offset` from UTC.
#[must_use]
pub fn local_day(at: Timestamp, offset: UtcOffset) -> i32 {
    let local = at.0.saturating_add(i64::from(offset.0) * 60_000);
    i32::try_from(local.div_euclid(DAY)).unwrap_or(i32::MAX)
}

/// The year of a day that is counted from 1970-01-01.
#[must_use]
pub fn year_of(days: i32) -> i32 {
    civil(days).0
}

/// The ISO form of a day that is counted from 1970-01-01.
#[must_use]
pub fn iso_of(days: i32) -> String {
    let (year, month, day) = civil(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970-01-01 of an ISO date.
/// Source of the formula: H. Hinnant, "chrono-compatible low-level date algorithms".
fn days_of(iso: &str) -> Option<i32> {
    let mut parts = iso.splitn(3, '-');
    let mut part = || parts.next()?.parse::<i32>().ok();
    let (year, month, day) = (part()?, part()?, part()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(0..=9_999).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn civil(days: i32) -> (i32, i32, i32) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i32::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        for (iso, days) in
            [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-11-22", 20_779), ("1969-12-31", -1)]
        {
            assert_eq!(days_of(iso), Some(days), "{iso}");
            assert_eq!(iso_of(days), iso);
        }
        for bad in ["", "2026", "2026-13-01", "22.11.2026", "2026-11-xx"] {
            assert_eq!(days_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_local_day_is_that_of_the_offset() {
        let just_before_midnight_utc = Timestamp(1_795_305_599_000);
        assert_eq!(iso_of(local_day(just_before_midnight_utc, UtcOffset(0))), "2026-11-21");
        assert_eq!(iso_of(local_day(just_before_midnight_utc, UtcOffset(60))), "2026-11-22");
        assert_eq!(year_of(20_779), 2_026);
    }
}
