//! The grammar of JSON (RFC 8259): where values begin and end, before anything is known of their shape.

use std::borrow::Cow;

use super::flaw::Flaw;

/// Deepest nesting, as in `serde_json`.
const DEPTH_MAX: u32 = 127;
/// So many digits are a number of 64 bits, with a sign or without.
const FEW: usize = 18;

/// A document, read from its beginning to its end.
pub(super) struct Scan<'t> {
    text: &'t str,
    /// The next byte.
    at: usize,
    /// The lists that are open.
    depth: u32,
    room: Room,
}

/// Room for a string while its escapes are decoded. No string is longer than it was written, so that it is as
/// long as the first one could be, and never grows.
#[derive(Default)]
struct Room {
    bytes: Vec<u8>,
    used: usize,
}

type Step = Result<(), Flaw>;

impl Room {
    /// Without what is in it, and with room for so many bytes.
    fn emptied(mut self, most: usize) -> Self {
        if self.bytes.len() < most {
            self.bytes.resize(most, 0);
        }
        Self { bytes: self.bytes, used: 0 }
    }

    fn used(&self) -> &[u8] {
        self.bytes.get(..self.used).unwrap_or_default()
    }

    /// The next eight bytes of it.
    fn word(&mut self) -> Option<&mut [u8; 8]> {
        self.bytes.get_mut(self.used..)?.first_chunk_mut()
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.used) {
            *place = byte;
            self.used += 1;
        }
    }

    fn extend(&mut self, bytes: &[u8]) {
        let end = self.used + bytes.len();
        if let Some(place) = self.bytes.get_mut(self.used..end) {
            place.copy_from_slice(bytes);
            self.used = end;
        }
    }
}

impl<'t> Scan<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, room: Room::default() }
    }

    /// The place of the next byte.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes on from another place of the same document.
    pub(super) fn go(&mut self, at: usize) {
        self.at = at;
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn slice(&self, from: usize) -> &'t str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    /// The next byte that is not space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    /// Takes this byte if it is next.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.byte() == Some(byte)).then(|| self.at += 1)
    }

    /// The end of the document.
    pub(super) fn end(&mut self) -> Step {
        if self.peek().is_none() { Ok(()) } else { Err(Flaw::grammar("expected nothing more")) }
    }

    /// Enters the list that begins here, and gives the place of its first entry.
    pub(super) fn open(&mut self) -> Result<usize, Flaw> {
        if self.depth == DEPTH_MAX {
            return Err(Flaw::grammar("expected at most 127 levels"));
        }
        self.depth += 1;
        self.at += 1;
        self.peek();
        Ok(self.at)
    }

    /// Whether another entry follows in the list whose first entry is at `first`.
    pub(super) fn more(&mut self, first: usize, close: u8) -> Result<bool, Flaw> {
        let next = self.peek();
        if next == Some(close) {
            return Ok(false);
        }
        if self.at > first {
            self.take(b',').ok_or_else(|| Flaw::grammar("expected a comma or the end of the list"))?;
        }
        Ok(true)
    }

    /// Leaves the list, which must end here.
    pub(super) fn leave(&mut self, close: u8) -> Step {
        self.peek();
        self.take(close).ok_or_else(|| Flaw::grammar("expected the end of the list"))?;
        self.depth -= 1;
        Ok(())
    }

    /// Takes this name and its colon, if they are next and written as our writers do.
    pub(super) fn takes_name(&mut self, name: &str) -> bool {
        let after = self.rest().strip_prefix(b"\"").and_then(|rest| rest.strip_prefix(name.as_bytes()));
        let taken = after.is_some_and(|rest| rest.starts_with(b"\":"));
        if taken {
            self.at += name.len() + 3;
        }
        taken
    }

    /// The name of a member, up to its colon.
    pub(super) fn name(&mut self) -> Result<Cow<'t, str>, Flaw> {
        if self.peek() != Some(b'"') {
            return Err(Flaw::grammar("expected a name in quotes"));
        }
        let name = self.string()?;
        self.peek();
        self.take(b':').ok_or_else(|| Flaw::grammar("expected a colon"))?;
        Ok(name)
    }

    /// Passes over a value of any shape.
    pub(super) fn skip(&mut self) -> Step {
        let close = match self.peek() {
            Some(b'n') => return self.word("null"),
            Some(b't') => return self.word("true"),
            Some(b'f') => return self.word("false"),
            Some(b'"') => return self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => return self.number().map(|_| ()),
            Some(b'[') => b']',
            Some(b'{') => b'}',
            Some(_) => return Err(Flaw::grammar("expected value")),
            None => return Err(Flaw::grammar("EOF while parsing a value")),
        };
        let first = self.open()?;
        while self.more(first, close)? {
            if close == b'}' {
                self.name()?;
            }
            self.skip()?;
        }
        self.leave(close)
    }

    pub(super) fn word(&mut self, word: &str) -> Step {
        for byte in word.bytes() {
            self.take(byte).ok_or_else(|| Flaw::grammar("expected value"))?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Step {
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        if digits > 0 { Ok(()) } else { Err(Flaw::grammar("expected a digit")) }
    }

    /// A whole number of few digits, if that is next; nothing is taken of any other.
    pub(super) fn few_digits(&mut self) -> Option<u64> {
        let (value, digits) = few_digits(self.rest())?;
        self.at += digits;
        Some(value)
    }

    /// A number as written.
    pub(super) fn number(&mut self) -> Result<&'t str, Flaw> {
        let first = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        } else if let Some(b'0'..=b'9') = self.byte() {
            return Err(Flaw::grammar("expected no digit after a leading zero"));
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if self.take(b'+').is_none() {
                let _ = self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.slice(first))
    }

    /// A string, from its quote on.
    pub(super) fn string(&mut self) -> Result<Cow<'t, str>, Flaw> {
        self.at += 1;
        let first = self.at;
        self.at += plain(self.rest());
        if self.take(b'"').is_some() {
            return Ok(Cow::Borrowed(self.text.get(first..self.at - 1).unwrap_or_default()));
        }
        let mut decoded = std::mem::take(&mut self.room).emptied(self.text.len() - first);
        decoded.extend(self.slice(first).as_bytes());
        loop {
            self.copy_plain(&mut decoded);
            match self.byte() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut decoded)?,
                Some(..=0x1f) => return Err(Flaw::grammar("control character in a string")),
                Some(_) => {}
                None => return Err(Flaw::grammar("EOF while parsing a string")),
            }
        }
        self.at += 1;
        let text = str::from_utf8(decoded.used()).map(|text| Cow::Owned(text.to_owned()));
        self.room = decoded;
        text.map_err(|_| Flaw::grammar("not UTF-8"))
    }

    /// Copies what comes of a string before its end, a control character or an escape other than that of a quote,
    /// of which a log within a record is full. Near the end of the document, a byte at most.
    fn copy_plain(&mut self, into: &mut Room) {
        let mut rest = self.rest();
        let before = rest.len();
        while let (Some(word), Some(room)) = (rest.first_chunk(), into.word()) {
            // All eight in one step; what is too much is overwritten.
            *room = *word;
            let plain = plain_of_word(*word);
            into.used += plain;
            rest = rest.get(plain..).unwrap_or_default();
            if plain < word.len() {
                let Some(after) = rest.strip_prefix(b"\\\"") else { break };
                into.push(b'"');
                rest = after;
            }
        }
        self.at += before - rest.len();
        if let Some(byte) = self.byte().filter(|byte| is_plain(*byte)) {
            into.push(byte);
            self.at += 1;
        }
    }

    /// Takes an escape, from its backslash on.
    fn escape(&mut self, into: &mut Room) -> Step {
        self.at += 1;
        let letter = self.byte().ok_or_else(|| Flaw::grammar("EOF while parsing a string"))?;
        self.at += 1;
        into.push(match letter {
            b'"' | b'\\' | b'/' => letter,
            b'b' => 0x8,
            b'f' => 0xc,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                into.extend(self.unicode()?.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err(Flaw::grammar("invalid escape")),
        });
        Ok(())
    }

    /// `\uXXXX`, or two of them for a character beyond the first plane.
    fn unicode(&mut self) -> Result<char, Flaw> {
        const LONE: &str = "lone surrogate";
        let mut code = self.hex()?;
        if let 0xd800..=0xdbff = code {
            let low = self.take(b'\\').and_then(|()| self.take(b'u')).map(|()| self.hex());
            let Some(low @ 0xdc00..=0xdfff) = low.transpose()? else { return Err(Flaw::grammar(LONE)) };
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or_else(|| Flaw::grammar(LONE))
    }

    fn hex(&mut self) -> Result<u32, Flaw> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            code = code << 4 | digit.ok_or_else(|| Flaw::grammar("invalid escape"))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// The whole number of few digits with which a text begins, and how many they are; `None` for any other.
pub(crate) fn few_digits(text: &[u8]) -> Option<(u64, usize)> {
    let (mut value, mut digits) = (0, 0);
    for byte in text.iter().take(FEW + 1) {
        match byte {
            b'0'..=b'9' => value = value * 10 + u64::from(byte - b'0'),
            b'.' | b'e' | b'E' => return None,
            _ => break,
        }
        digits += 1;
    }
    let few = matches!((text.first(), digits), (Some(b'0'), 1) | (Some(b'1'..=b'9'), ..=FEW));
    few.then_some((value, digits))
}

/// Whether a string holds the byte as it is.
fn is_plain(byte: u8) -> bool {
    !matches!(byte, b'"' | b'\\' | ..=0x1f)
}

/// How many bytes come before the next quote, escape or control character.
pub(crate) fn plain(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let plain = plain_of_word(*word);
        if plain < 8 {
            return at * 8 + plain;
        }
    }
    words.len() * 8 + rest.iter().take_while(|byte| is_plain(**byte)).count()
}

/// How many of eight bytes come before a quote, escape or control character: looked at all
/// at once, since most of a record is strings.
fn plain_of_word(word: [u8; 8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = EACH << 7;
    let word = u64::from_le_bytes(word);
    // The top bit of each byte below `least`. What a byte borrows can only mark bytes after it.
    let below = |word: u64, least: u64| word.wrapping_sub(EACH * least) & !word & TOP;
    let quote = below(word ^ (EACH * 0x22), 1);
    let escape = below(word ^ (EACH * 0x5c), 1);
    let control = below(word, 0x20);
    (quote | escape | control).trailing_zeros() as usize / 8
}
