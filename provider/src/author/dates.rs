//! Calendar dates to instants. Release and termination are inclusive dates in the
//! provider's zone; the pack carries the instants, so that the player needs no
//! time-zone database.
//!
//! jiff does this: its database is compiled in (the same source gives the same
//! instants on every machine), and the start of a day is right also where midnight
//! was skipped.

use enduring_core::content::Dates;
use enduring_core::measure::Timestamp;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{ToSpan, Zoned};

use super::diagnostic::Problem;
use super::fields::Fields;
use super::names::closest;

/// Longest time between a review and the termination.
const REVIEW_YEARS: i16 = 3;

/// Reads the table `[dates]`.
pub fn dates(fields: &Fields) -> Dates {
    let (release, review, termination) =
        (fields.date("release"), fields.date("review"), fields.date("termination"));
    let zone = zone(fields);
    if let (Some(release), Some(termination)) = (release, termination)
        && termination < release
    {
        fields.report(
            Problem::error(&fields.place_of("termination"), "the activity ends before it begins")
                .expected(format!("{release} or later"))
                .found(termination.to_string()),
        );
    }
    if let (Some(review), Some(termination)) = (review, termination)
        && let Ok(latest) = review.checked_add(REVIEW_YEARS.years())
        && termination > latest
    {
        fields.report(
            Problem::error(&fields.place_of("termination"), "the activity outlives its review")
                .expected(format!("at most {REVIEW_YEARS} years after the review: {latest} or earlier"))
                .found(termination.to_string()),
        );
    }
    let instant = |date: Option<Date>| {
        let zoned = date.zip(zone.clone()).and_then(|(date, zone)| start(date, zone));
        zoned.map_or(Timestamp(0), |zoned| Timestamp(zoned.timestamp().as_millisecond()))
    };
    let text = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    Dates {
        release: text(release),
        review: text(review),
        termination: text(termination),
        zone: zone.as_ref().and_then(TimeZone::iana_name).unwrap_or_default().to_owned(),
        opens: instant(release),
        closes: instant(termination.and_then(|date| date.tomorrow().ok())),
    }
}

fn start(date: Date, zone: TimeZone) -> Option<Zoned> {
    date.to_zoned(zone).ok()?.start_of_day().ok()
}

fn zone(fields: &Fields) -> Option<TimeZone> {
    let text = fields.required_raw("zone", "\"America/New_York\"")?;
    let database = TimeZoneDatabase::bundled();
    let known = database.get(&text.text).ok().filter(|zone| zone.iana_name() == Some(text.text.as_str()));
    if known.is_none() {
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        fields.report(
            Problem::error(&text.span, format!("unknown time zone `{}`", text.text))
                .expected("an IANA time zone, as America/New_York")
                .help(
                    names
                        .iter()
                        .find(|name| name.eq_ignore_ascii_case(&text.text))
                        .map(|name| format!("did you mean `{name}`?"))
                        .or_else(|| closest(&text.text, names.iter().map(String::as_str))),
                ),
        );
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(year: i16, month: i8, day: i8, zone: &str) -> String {
        let zone = TimeZoneDatabase::bundled().get(zone).expect("a zone");
        start(Date::constant(year, month, day), zone).expect("a day").timestamp().to_string()
    }

    #[test]
    fn a_day_begins_where_its_zone_says() {
        assert_eq!(opens(2026, 11, 1, "America/New_York"), "2026-11-01T04:00:00Z");
        assert_eq!(opens(2026, 11, 2, "America/New_York"), "2026-11-02T05:00:00Z", "summer time has ended");
        assert_eq!(opens(2026, 11, 1, "Asia/Kolkata"), "2026-10-31T18:30:00Z");
        assert_eq!(opens(2024, 4, 26, "Africa/Cairo"), "2024-04-25T22:00:00Z", "midnight was skipped");
    }
}
