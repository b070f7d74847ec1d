//! Which bytes of a file are wanted (RFC 9110, section 14).

/// What a `range` header comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// All: the header is not understood, or names several ranges, which a server may
    /// answer with the whole.
    Whole,
    /// From one byte to another, both included.
    Bytes {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// None that there is.
    Beyond,
}

/// The part of a file of that length.
#[must_use]
pub fn part(range: &str, length: u64) -> Part {
    let Some((from, to)) = range.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    match (number(from), number(to)) {
        (Some(from), _) if from >= length && (to.is_empty() || number(to).is_some()) => Part::Beyond,
        (Some(from), Some(to)) if from <= to => Part::Bytes { from, to: to.min(length.saturating_sub(1)) },
        (Some(from), None) if to.is_empty() => Part::Bytes { from, to: length.saturating_sub(1) },
        (None, Some(last)) if from.is_empty() => match last.min(length) {
            0 => Part::Beyond,
            last => Part::Bytes { from: length - last, to: length - 1 },
        },
        (Some(_) | None, Some(_) | None) => Part::Whole,
    }
}

fn number(text: &str) -> Option<u64> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_a_part() {
        for (range, from, to) in [
            ("bytes=0-0", 0, 0),
            ("bytes=2-4", 2, 4),
            ("bytes=2-400", 2, 9),
            ("bytes=7-", 7, 9),
            ("bytes=-3", 7, 9),
            ("bytes=-30", 0, 9),
        ] {
            assert_eq!(part(range, 10), Part::Bytes { from, to }, "{range}");
        }
    }

    #[test]
    fn what_is_not_there_is_beyond() {
        for range in ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=99-"] {
            assert_eq!(part(range, 10), Part::Beyond, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Beyond);
        assert_eq!(part("bytes=-1", 0), Part::Beyond);
    }

    #[test]
    fn what_is_not_one_range_is_the_whole() {
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=4-2",
            "bytes=0-1,3-4",
            "items=0-1",
            "bytes=+1-2",
        ] {
            assert_eq!(part(range, 10), Part::Whole, "{range}");
        }
    }
}
