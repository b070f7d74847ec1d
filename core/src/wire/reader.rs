//! Bytes, what is left of them, and how deep in a shape we are.

use super::Wire;
use crate::content::NESTING_MAX;
use crate::id::is_name;

/// Reads what postcard wrote, from the beginning on.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    levels: u32,
    failed: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, levels: 0, failed: false }
    }

    /// What is left; `None` when something did not fit.
    pub(super) fn rest(self) -> Option<&'a [u8]> {
        (!self.failed).then_some(self.rest)
    }

    /// From here on there is nothing to read.
    pub(crate) fn fail(&mut self) {
        self.rest = &[];
        self.failed = true;
    }

    pub(super) fn failed(&self) -> bool {
        self.failed
    }

    /// Reads what a shape holds of its own kind, one level further down.
    pub(crate) fn nested<T: Wire>(&mut self) -> T {
        self.levels += 1;
        if self.levels > NESTING_MAX {
            self.fail();
        }
        let value = T::read(self);
        self.levels -= 1;
        value
    }

    pub(super) fn byte(&mut self) -> u8 {
        let Some((byte, rest)) = self.rest.split_first() else {
            self.fail();
            return 0;
        };
        self.rest = rest;
        *byte
    }

    /// Reads a number of so many bits: seven in each byte, the lowest first, the
    /// eighth of each but the last set. Zeros may follow the highest, as far as the
    /// longest number goes.
    #[inline(never)]
    pub(super) fn varint(&mut self, bits: u32) -> u64 {
        let mut number = 0;
        for shift in (0..bits).step_by(7) {
            let byte = self.byte();
            let part = u64::from(byte & 0x7f);
            if part >> (bits - shift).min(7) != 0 {
                break;
            }
            number |= part << shift;
            if byte < 0x80 {
                return number;
            }
        }
        self.fail();
        0
    }

    /// Reads which of so many variants comes.
    pub(crate) fn variant(&mut self, of: usize) -> u32 {
        let variant = u32::read(self);
        if variant as usize >= of {
            self.fail();
            return 0;
        }
        variant
    }

    /// Reads how many come. There is nothing that takes less than a byte.
    pub(super) fn length(&mut self) -> usize {
        let length = self.varint(usize::BITS) as usize;
        if length > self.rest.len() {
            self.fail();
            return 0;
        }
        length
    }

    #[inline(never)]
    pub(crate) fn text(&mut self) -> String {
        let length = self.length();
        let text = self.rest.split_at_checked(length).and_then(|(text, rest)| {
            self.rest = rest;
            str::from_utf8(text).ok()
        });
        let Some(text) = text else {
            self.fail();
            return String::new();
        };
        text.to_owned()
    }

    /// Reads a text that is the name of something.
    #[inline(never)]
    pub(crate) fn name(&mut self) -> String {
        let text = self.text();
        if !is_name(&text) {
            self.fail();
        }
        text
    }
}
