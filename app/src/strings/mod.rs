//! Texts of the interface: one typed const per language, so that a missing text does not compile.
//! Text of a pack is data and carries its own language.

mod claim;
mod frame;
mod front;
mod intake;
mod library;
mod patient;
mod play;

pub use frame::*;
pub use intake::{IntakeStrings, VerifyStrings};
pub use patient::PatientStrings;
pub use play::PlayStrings;

/// Every text of one language.
#[derive(Debug)]
pub struct Strings {
    /// BCP 47 tag.
    pub language: &'static str,
    /// A calendar date of year, month from 1 and day: "November 22, 2026". In words of our own: the first
    /// date that a browser writes is as long a wait as the whole page.
    pub date: fn(i32, i32, i32) -> String,
    /// A size in bytes in the unit that fits: "412 kB", "3.1 MB".
    pub size: fn(u64) -> String,
    /// Home, library, front matter, evaluation, claim, record, transcript, data.
    pub frame: FrameStrings,
    /// The scenes: readings, tests, cases.
    pub play: PlayStrings,
    /// The scenes of a simulated patient.
    pub patient: PatientStrings,
    /// Sending, receipts, enrolments, notices.
    pub intake: IntakeStrings,
    /// The page that checks records.
    pub verify: VerifyStrings,
}

/// English.
pub static EN: Strings = Strings {
    language: "en",
    date: english_date,
    size: english_size,
    frame: frame::EN,
    play: play::EN,
    patient: patient::EN,
    intake: intake::EN,
    verify: intake::VERIFY_EN,
};

/// English.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn english_date(year: i32, month: i32, day: i32) -> String {
    let month = usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
    format!("{month} {day}, {year}")
}

fn english_size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000_000 => return format!("{} kB", bytes.div_ceil(1_000)),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    match (bytes / (unit / 10), bytes / unit) {
        (tenths @ ..100, whole) if tenths % 10 != 0 => format!("{whole}.{} {name}", tenths % 10),
        (_, whole) => format!("{whole} {name}"),
    }
}

/// The texts of the language at hand. English is the only one so far.
#[must_use]
pub fn strings() -> &'static Strings {
    &EN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_out() {
        assert_eq!((EN.date)(2_026, 11, 22), "November 22, 2026");
        assert_eq!((EN.date)(1_970, 1, 1), "January 1, 1970");
    }

    #[test]
    fn sizes_are_in_the_unit_that_fits() {
        let sizes = [
            (0, "0 kB"),
            (1, "1 kB"),
            (411_001, "412 kB"),
            (1_000_000, "1 MB"),
            (3_149_999, "3.1 MB"),
            (42_900_000, "42 MB"),
            (10_737_418_240, "10 GB"),
            (2_500_000_000, "2.5 GB"),
        ];
        for (bytes, words) in sizes {
            assert_eq!((EN.size)(bytes), words);
        }
    }
}
