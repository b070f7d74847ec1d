//! A document on its way into a shape: what is asked of [`Scan`] by kind of value.

use std::borrow::Cow;
use std::str::FromStr;

use super::Unknown;
use super::flaw::{Flaw, What};
use super::scan::Scan;

/// Most characters of a value in an error.
const FOUND_MAX: usize = 40;

/// A document on its way into a shape.
pub(super) struct Reader<'t> {
    scan: Scan<'t>,
    unknown: Unknown,
    /// Where the value begins that was looked at last.
    value: usize,
    /// The member that was asked for last, if it is not there.
    missing: Option<&'static str>,
}

impl<'t> Reader<'t> {
    pub(super) fn of(text: &'t str, unknown: Unknown) -> Self {
        Self { scan: Scan::of(text), unknown, value: 0, missing: None }
    }

    pub(super) fn root(&mut self) -> Node<'_, 't> {
        Node { reader: self, there: true }
    }

    pub(super) fn end(&mut self) -> Result<(), Flaw> {
        self.scan.end()
    }

    /// A flaw as it is told, and how far the document was read; found when reading stopped at it.
    pub(super) fn tell(&mut self, flaw: &Flaw, text: &str) -> (String, usize) {
        let mut what = match (flaw.what(), self.missing) {
            (What::Grammar(_), _) => return (flaw.to_string(), self.scan.at() + 1),
            (What::Length, Some(name)) => Flaw::named("missing field", name).to_string(),
            _ => flaw.to_string(),
        };
        if let What::Expected(_) = flaw.what() {
            self.scan.go(self.value);
            // Where it does not even end, the place it was read to will do.
            let _ = self.scan.skip();
            what.push_str(", found ");
            what.extend(text.get(self.value..self.scan.at()).unwrap_or_default().chars().take(FOUND_MAX));
        }
        (what, self.scan.at())
    }

    /// The first byte of the value that comes next.
    fn first(&mut self) -> Result<u8, Flaw> {
        let first = self.scan.peek().ok_or_else(|| Flaw::grammar("EOF while parsing a value"))?;
        self.value = self.scan.at();
        Ok(first)
    }
}

/// A value, or a member that is not there.
pub(super) struct Node<'r, 't> {
    reader: &'r mut Reader<'t>,
    pub(super) there: bool,
}

impl<'r, 't> Node<'r, 't> {
    /// The first byte of the value.
    fn first(&mut self) -> Result<u8, Flaw> {
        if self.there { self.reader.first() } else { Err(Flaw::length()) }
    }

    /// What is no value of that kind; or no value at all.
    fn other(self, kind: &'static str) -> Flaw {
        match self.reader.scan.skip() {
            Ok(()) => Flaw::expected(kind),
            Err(flaw) => flaw,
        }
    }

    pub(super) fn string(mut self) -> Result<Cow<'t, str>, Flaw> {
        if self.first()? == b'"' { self.reader.scan.string() } else { Err(self.other("a string")) }
    }

    pub(super) fn boolean(mut self) -> Result<bool, Flaw> {
        match self.first()? {
            b't' => self.reader.scan.word("true").map(|()| true),
            b'f' => self.reader.scan.word("false").map(|()| false),
            _ => Err(self.other("a boolean")),
        }
    }

    pub(super) fn null(mut self) -> Result<(), Flaw> {
        if self.first()? == b'n' { self.reader.scan.word("null") } else { Err(self.other("null")) }
    }

    /// Whether there is nothing: `null`, or no member.
    pub(super) fn is_none(&mut self) -> Result<bool, Flaw> {
        if !self.there {
            return Ok(true);
        }
        let none = self.first()? == b'n';
        if none {
            self.reader.scan.word("null")?;
        }
        Ok(none)
    }

    fn number<N: FromStr + TryFrom<u64>>(mut self, kind: &'static str) -> Result<N, Flaw> {
        if !matches!(self.first()?, b'-' | b'0'..=b'9') {
            return Err(self.other(kind));
        }
        if let Some(Ok(number)) = self.reader.scan.few_digits().map(N::try_from) {
            return Ok(number);
        }
        let text = self.reader.scan.number()?;
        // `-0` is a float's.
        text.parse().ok().filter(|_| text != "-0").ok_or_else(|| Flaw::expected(kind))
    }

    pub(super) fn unsigned(self) -> Result<u64, Flaw> {
        self.number("a whole number that is not negative")
    }

    pub(super) fn signed(self) -> Result<i64, Flaw> {
        self.number("a whole number")
    }

    pub(super) fn array(mut self) -> Result<List<'r, 't>, Flaw> {
        if self.first()? != b'[' {
            return Err(self.other("an array"));
        }
        let first = self.reader.scan.open()?;
        Ok(List { reader: self.reader, first, rest: Rest::Entries })
    }

    /// The members of an object in the order of `fields`. As in `serde_json`, an array of them is the same.
    pub(super) fn members(mut self, fields: &'static [&'static str]) -> Result<List<'r, 't>, Flaw> {
        match self.first()? {
            b'{' => {}
            b'[' => return self.array(),
            _ => return Err(self.other("an object")),
        }
        let first = self.reader.scan.open()?;
        let members = Members { fields, rest: fields, at: first, latest: Latest::InOrder };
        Ok(List { reader: self.reader, first, rest: Rest::Members(members) })
    }

    /// The variant of an enum by its number, and what it holds.
    pub(super) fn variant(mut self, variants: &'static [&'static str]) -> Result<Variant<'r, 't>, Flaw> {
        let (name, holds) = match self.first()? {
            b'"' => (self.reader.scan.string()?, Holds::Nothing),
            b'{' => {
                let first = self.reader.scan.open()?;
                if !self.reader.scan.more(first, b'}')? {
                    return Err(Flaw::expected("one variant"));
                }
                (self.reader.scan.name()?, Holds::Content)
            }
            _ => return Err(self.other("a variant")),
        };
        let number = variants.iter().position(|variant| *variant == name);
        match number.and_then(|number| u32::try_from(number).ok()) {
            Some(number) => Ok(Variant { reader: self.reader, number, holds }),
            None => Err(Flaw::named("unknown variant", &name)),
        }
    }
}

/// An array, or an object in the order of a struct.
pub(super) struct List<'r, 't> {
    reader: &'r mut Reader<'t>,
    /// The place of the first entry.
    first: usize,
    rest: Rest,
}

enum Rest {
    /// Entries of an array.
    Entries,
    /// Members of an object.
    Members(Members),
    /// Nothing: the list was left.
    Nothing,
}

/// The members of an object, looked for one after the other as the struct declares them.
struct Members {
    fields: &'static [&'static str],
    /// The fields still to come.
    rest: &'static [&'static str],
    /// Everything before this place was read, in the order of the struct.
    at: usize,
    latest: Latest,
}

/// Where the member was that was looked for last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Latest {
    /// Right where it was looked for, as most writers keep the order of the struct.
    InOrder,
    Elsewhere,
}

impl<'t> List<'_, 't> {
    /// Goes to the next entry or member; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Node<'_, 't>>, Flaw> {
        let reader = &mut *self.reader;
        let there = match &mut self.rest {
            Rest::Nothing => return Ok(None),
            Rest::Entries if !reader.scan.more(self.first, b']')? => {
                self.rest = Rest::Nothing;
                reader.scan.leave(b']')?;
                return Ok(None);
            }
            Rest::Entries => true,
            Rest::Members(members) => {
                let Some((name, rest)) = members.rest.split_first() else { return Ok(None) };
                members.rest = rest;
                let there = members.find(&mut reader.scan, self.first, name)?;
                reader.missing = if there { None } else { Some(name) };
                there
            }
        };
        Ok(Some(Node { reader, there }))
    }

    /// Leaves the list, in which nothing else may be.
    pub(super) fn end(&mut self) -> Result<(), Flaw> {
        let reader = &mut *self.reader;
        match &mut self.rest {
            Rest::Nothing => Ok(()),
            Rest::Entries => reader.scan.leave(b']'),
            Rest::Members(members) => members.end(&mut reader.scan, self.first, reader.unknown),
        }
    }
}

impl Members {
    /// Goes to the value of that member, if it is there.
    fn find(&mut self, scan: &mut Scan<'_>, first: usize, name: &str) -> Result<bool, Flaw> {
        self.resume(scan);
        self.latest = Latest::InOrder;
        while scan.more(first, b'}')? {
            if scan.takes_name(name) || scan.name()? == name {
                return Ok(true);
            }
            scan.skip()?;
            self.latest = Latest::Elsewhere;
        }
        self.latest = Latest::Elsewhere;
        Ok(false)
    }

    /// Goes to where the reading in order has come.
    fn resume(&mut self, scan: &mut Scan<'_>) {
        match self.latest {
            Latest::InOrder => self.at = scan.at(),
            Latest::Elsewhere => scan.go(self.at),
        }
    }

    /// Leaves the object. Where not all of it was read in order, every name is looked at.
    fn end(&mut self, scan: &mut Scan<'_>, first: usize, unknown: Unknown) -> Result<(), Flaw> {
        self.resume(scan);
        if scan.more(first, b'}')? {
            scan.go(first);
        }
        let mut seen = Vec::new();
        while scan.more(first, b'}')? {
            let name = scan.name()?;
            match self.fields.iter().find(|field| **field == name) {
                Some(field) if seen.contains(field) => return Err(Flaw::named("duplicate field", &name)),
                Some(field) => seen.push(*field),
                None if unknown == Unknown::PassedOver => {}
                None => return Err(Flaw::named("unknown field", &name)),
            }
            scan.skip()?;
        }
        scan.leave(b'}')
    }
}

/// The variant of an enum.
pub(super) struct Variant<'r, 't> {
    reader: &'r mut Reader<'t>,
    pub(super) number: u32,
    pub(super) holds: Holds,
}

/// How a variant is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// As `"variant"`.
    Nothing,
    /// As `{"variant": content}`, of which the content comes next.
    Content,
}

impl<'t> Variant<'_, 't> {
    pub(super) fn content(&mut self) -> Result<Node<'_, 't>, Flaw> {
        match self.holds {
            Holds::Content => Ok(Node { reader: self.reader, there: true }),
            Holds::Nothing => Err(Flaw::expected("a variant with its content")),
        }
    }

    /// Leaves the object, in which nothing else may be.
    pub(super) fn end(self) -> Result<(), Flaw> {
        self.reader.scan.leave(b'}')
    }
}
