//! A line of the log as our own writer makes it. Most of every line is the same head; here it is read without
//! asking for its members one by one.

use super::event::Entry;
use crate::json;
use crate::measure::{Millis, Timestamp, UtcOffset};

/// The entry of a line, if its members are where and as our writer puts them. Any other line, sound or not, is
/// for [`json::read`], which also knows what is wrong with it.
pub(super) fn as_written(line: &str, room: &mut String) -> Option<Entry> {
    let mut head = Head(line);
    let n = u32::try_from(head.number("{\"n\":")?).ok()?;
    let at = Timestamp(i64::try_from(head.number(",\"at\":")?).ok()?);
    let offset = UtcOffset(head.signed(",\"offset\":")?);
    let zone = head.text(",\"zone\":\"")?;
    let active = Millis(head.number(",\"active\":")?);
    let event = json::read(head.after(",\"event\":")?.strip_suffix('}')?).ok()?;
    // Nearly always that of the line before.
    if room != zone {
        zone.clone_into(room);
    }
    Some(Entry { n, at, offset, zone: std::mem::take(room), active, event })
}

/// What is left of a line.
struct Head<'t>(&'t str);

impl<'t> Head<'t> {
    /// Goes behind this text.
    fn after(&mut self, text: &str) -> Option<&'t str> {
        self.0 = self.0.strip_prefix(text)?;
        Some(self.0)
    }

    /// A number of few digits behind this text.
    fn number(&mut self, name: &str) -> Option<u64> {
        let rest = self.after(name)?;
        let (number, digits) = json::few_digits(rest.as_bytes())?;
        self.0 = rest.get(digits..)?;
        Some(number)
    }

    /// A number behind this text that may be negative.
    fn signed(&mut self, name: &str) -> Option<i16> {
        let number = |number| i16::try_from(number).ok();
        if !self.after(name)?.starts_with('-') {
            return number(self.number("")?);
        }
        number(self.number("-")?).filter(|number| *number != 0).map(|number| -number)
    }

    /// A string without escapes behind this text, which takes the quote with it.
    fn text(&mut self, name: &str) -> Option<&'t str> {
        let rest = self.after(name)?;
        let end = json::plain(rest.as_bytes());
        self.0 = rest.get(end..)?.strip_prefix('"')?;
        rest.get(..end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: [&str; 4] = [
        r#"{"n":3,"at":1793512104000,"offset":330,"zone":"Asia/Kolkata","active":60000,"event":"heartbeat"}"#,
        r#"{"n":4294967295,"at":0,"offset":-300,"zone":"","active":0,"event":{"page_shown":{"page":0}}}"#,
        r#"{"n":7,"at":1,"offset":0,"zone":"Straße","active":5,"event":{"answered":{"item":"a","response":{"choices":["b","c"]},"certainty":"c1"}}}"#,
        r#"{"n":1,"at":2,"offset":0,"zone":"UTC","active":9,"event":{"attested":{"statement":"s","version":"\"}\n"}}}"#,
    ];

    /// What is read here, once that is seen to be what everything else is read as.
    fn seen(line: &str, room: &mut String) -> Option<Entry> {
        let entry = as_written(line, room);
        if entry.is_some() {
            assert_eq!(entry, json::read(line).ok(), "{line}");
        }
        entry
    }

    #[test]
    fn a_line_as_our_writer_makes_it_is_read_at_once_whatever_zone_was_before_it() {
        for line in LINES {
            for before in ["", "UTC", "Asia/Kolkata", "Asia/Kolkata/"] {
                let entry = seen(line, &mut before.to_owned()).expect(line);
                assert_eq!(json::write(&entry), line);
            }
        }
    }

    #[test]
    fn a_line_with_a_change_anywhere_is_read_as_elsewhere_or_not_at_all() {
        for line in LINES {
            let bytes = line.as_bytes();
            for at in 0..=bytes.len() {
                let (before, after) = bytes.split_at(at);
                let rest = after.get(1..).unwrap_or_default();
                let mut changed = vec![before.to_vec(), [before, rest].concat()];
                for byte in *b"\"\\{}[]:, \n\x01-+.0159enu" {
                    changed.push([before, &[byte], rest].concat());
                    changed.push([before, &[byte], after].concat());
                }
                for text in changed.iter().filter_map(|text| str::from_utf8(text).ok()) {
                    let _ = seen(text, &mut String::new());
                }
            }
        }
    }

    #[test]
    fn what_is_written_in_any_other_way_is_left_to_the_reader_of_everything() {
        let [line, ..] = LINES;
        for (from, to) in [
            ("3,", "03,"),
            ("3,", "3.0,"),
            ("3,", "-3,"),
            ("3,", "4294967296,"),
            ("\"n\":", "\"n\": "),
            (":1793512104000", ":1000000000000000000"),
            (":1793512104000", ":-1"),
            ("330", "-0"),
            ("330", "--1"),
            ("330", "32768"),
            ("Asia/", "Asia\\/"),
            ("Asia/", "Asia\t"),
            ("60000", "6e4"),
            ("60000", "null"),
            ("heartbeat", "heartbeet"),
            ("t\"}", "t\"}}"),
            ("t\"}", "t\""),
            ("t\"}", "t\"} "),
            ("t\"}", "t\",\"n\":3}"),
            ("\"n\":3,\"at\":1793512104000", "\"at\":1793512104000,\"n\":3"),
        ] {
            let other = line.replacen(from, to, 1);
            assert_ne!(other, line, "{from}");
            assert_eq!(as_written(&other, &mut String::new()), None, "{other}");
        }
    }
}
