//! Times on the command line and in reports: RFC 3339, to the millisecond.

use enduring_core::measure::{Timestamp, UtcOffset};

/// Reads a time such as `2026-11-22T10:00:00Z`.
///
/// # Errors
/// Words for the command line.
pub fn parse(text: &str) -> Result<Timestamp, String> {
    text.parse::<jiff::Timestamp>()
        .map(|time| Timestamp(time.as_millisecond()))
        .map_err(|error| format!("expected a time such as 2026-11-22T10:00:00Z: {error}"))
}

/// Writes a time in UTC; a number of milliseconds beyond the years 0 to 9999.
#[must_use]
pub fn text(time: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(time.0)
        .map_or_else(|_| format!("{} ms", time.0), |time| time.to_string())
}

/// The day in UTC, as 2026-11-22.
#[must_use]
pub fn utc_day(time: Timestamp) -> String {
    text(time).split('T').next().unwrap_or_default().to_owned()
}

/// The day at a place so many minutes east of UTC, as 2026-11-22: of a time that
/// [has a date](Timestamp::has_date), as every time of a sound record does.
#[must_use]
pub fn local_day(time: Timestamp, offset: UtcOffset) -> String {
    utc_day(Timestamp(time.0.saturating_add(i64::from(offset.0) * 60_000)))
}

/// The system's clock.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        assert_eq!(parse("2026-11-22T01:00:00.25+01:00").map(text).as_deref(), Ok("2026-11-22T00:00:00.25Z"));
        for bad in ["", "2026-11-22", "tomorrow", "1795305600"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
