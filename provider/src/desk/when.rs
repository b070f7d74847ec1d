//! Times and amounts as the pages tell them: dates written out, in UTC, and said so.

use enduring_core::measure::{Millis, Timestamp, UtcOffset};
use enduring_core::record::Birthday;

/// `November 22, 2026, 13:18 UTC`: dates as the player writes them.
pub fn moment(time: Timestamp) -> String {
    strftime(time, "%B %-d, %Y, %H:%M UTC")
}

/// `November 22, 2026`.
pub fn day(time: Timestamp) -> String {
    strftime(time, "%B %-d, %Y")
}

/// `13:18:05` at a place so many minutes east of UTC.
pub fn clock(time: Timestamp, offset: UtcOffset) -> String {
    strftime(Timestamp(time.0.saturating_add(i64::from(offset.0) * 60_000)), "%H:%M:%S")
}

/// A local date such as 2026-11-22 written out.
pub fn written(date: &str) -> String {
    let date = date.parse::<jiff::civil::Date>();
    date.map_or_else(|error| error.to_string(), |date| date.strftime("%B %-d, %Y").to_string())
}

/// `May 4`.
pub fn birthday(day: Birthday) -> String {
    let number = |number: u8| i8::try_from(number).unwrap_or_default();
    let date = jiff::civil::Date::new(2000, number(day.month), number(day.day));
    date.map_or_else(|error| error.to_string(), |date| date.strftime("%B %-d").to_string())
}

fn strftime(time: Timestamp, format: &str) -> String {
    jiff::Timestamp::from_millisecond(time.0)
        .map_or_else(|_| format!("{} ms", time.0), |time| time.strftime(format).to_string())
}

/// `4 min 10 s`, `3 h 2 min`.
pub fn span(span: Millis) -> String {
    let seconds = span.0 / 1_000;
    match seconds {
        0 => format!("0.{} s", span.0 % 1_000 / 100),
        1..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3_600..172_800 => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// How long something waits.
pub fn since(then: Timestamp, now: Timestamp) -> String {
    span(Millis(now.0.saturating_sub(then.0).max(0).unsigned_abs()))
}

/// The first moment of a day such as 2026-11-22, UTC.
pub fn begins(day: &str) -> Option<Timestamp> {
    crate::time::parse(&format!("{day}T00:00:00Z")).ok()
}

/// The first moment after a day, UTC.
pub fn ends(day: &str) -> Option<Timestamp> {
    begins(day).map(|begin| Timestamp(begin.0.saturating_add(86_400_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out_and_spans_have_units() {
        let time = begins("2026-11-22").expect("a day");
        assert_eq!(moment(time), "November 22, 2026, 00:00 UTC");
        assert_eq!(birthday(Birthday { month: 5, day: 4 }), "May 4");
        assert_eq!(written("2026-11-02"), "November 2, 2026");
        assert_eq!(clock(time, UtcOffset(-300)), "19:00:00");
        assert_eq!(span(Millis(250_999)), "4 min 10 s");
        assert_eq!(span(Millis(400)), "0.4 s");
        assert_eq!(ends("2026-12-31"), begins("2027-01-01"));
    }
}
