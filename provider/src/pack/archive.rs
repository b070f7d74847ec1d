//! A pack as one file: an uncompressed ustar archive of exactly one spelling, so
//! that every byte of it is determined by the manifest, or is a file's.

use std::io::{self, Read, Write};

use super::error::PackError;
use super::{Assembled, MANIFEST_FILE};

/// Size of a block.
pub const BLOCK: usize = 512;

/// The header of a regular file: mode 644, no owner, no time.
///
/// `name` is at most 100 bytes and `length` below 8 GiB, as the caps of packs ensure.
pub fn header(name: &str, length: u64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{length:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// How many zero bytes follow a file of this length.
pub fn padding(length: u64) -> usize {
    let over = (length % BLOCK as u64) as usize;
    if over == 0 { 0 } else { BLOCK - over }
}

/// Writes a pack as one file.
///
/// # Errors
/// When writing fails.
pub fn write_archive(out: &mut impl Write, manifest: &str, pack: &Assembled) -> io::Result<()> {
    let files = pack.files.iter().map(|(file, bytes)| (file.path.as_str(), bytes.as_slice()));
    for (name, bytes) in [(MANIFEST_FILE, manifest.as_bytes())].into_iter().chain(files) {
        out.write_all(&header(name, bytes.len() as u64))?;
        out.write_all(bytes)?;
        out.write_all(&[0; BLOCK][..padding(bytes.len() as u64)])?;
    }
    out.write_all(&[0; 2 * BLOCK])
}

/// Reads an archive from its start, counting bytes.
pub struct Archive<R> {
    inner: R,
    at: u64,
}

impl<R: Read> Archive<R> {
    /// An archive to read.
    pub fn new(inner: R) -> Self {
        Self { inner, at: 0 }
    }

    fn refuse(&self, expected: impl Into<String>, found: impl Into<String>) -> PackError {
        PackError::Archive { at: self.at, expected: expected.into(), found: found.into() }
    }

    fn block(&mut self, expected: &str) -> Result<[u8; BLOCK], PackError> {
        let mut block = [0; BLOCK];
        self.fill(&mut block, expected)?;
        Ok(block)
    }

    fn fill(&mut self, into: &mut [u8], expected: &str) -> Result<(), PackError> {
        match self.inner.read_exact(into) {
            Ok(()) => {
                self.at += into.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(self.refuse(expected, "the end of the file"))
            }
            Err(source) => Err(PackError::Unreadable { path: "archive".to_owned(), source }),
        }
    }

    /// Reads the header of the manifest, whose length only the archive knows.
    pub fn manifest_length(&mut self, most: u64) -> Result<u64, PackError> {
        let block = self.block("an entry manifest.jws")?;
        let octal = block[124..135].iter().try_fold(0u64, |sum, digit| match digit {
            b'0'..=b'7' => Some(sum << 3 | u64::from(digit - b'0')),
            _ => None,
        });
        let length = octal.filter(|length| header(MANIFEST_FILE, *length) == block);
        let Some(length) = length else {
            self.at -= BLOCK as u64;
            return Err(self.refuse("an entry manifest.jws", describe(&block)));
        };
        if length > most {
            let (most, found) = (format!("{most} bytes"), format!("{length} bytes"));
            return Err(PackError::TooLarge { path: MANIFEST_FILE.to_owned(), most, found });
        }
        Ok(length)
    }

    /// Reads the header that the manifest determines.
    pub fn entry(&mut self, name: &str, length: u64) -> Result<(), PackError> {
        let expected = format!("an entry {name} of {length} bytes, as the format spells it");
        let block = self.block(&expected)?;
        if block != header(name, length) {
            self.at -= BLOCK as u64;
            return Err(self.refuse(expected, describe(&block)));
        }
        Ok(())
    }

    /// Reads the bytes of an entry in slices and gives each to `take`.
    pub fn contents(
        &mut self,
        name: &str,
        length: u64,
        mut take: impl FnMut(&[u8]),
    ) -> Result<(), PackError> {
        let mut slice = [0; 64 * 1024];
        let mut left = length;
        while left > 0 {
            let size = usize::try_from(left).unwrap_or(usize::MAX).min(slice.len());
            self.fill(&mut slice[..size], &format!("{left} more bytes of {name}"))?;
            take(&slice[..size]);
            left -= size as u64;
        }
        let mut rest = [0; BLOCK];
        let padding = padding(length);
        self.fill(&mut rest[..padding], "zero bytes up to the next block")?;
        if rest.iter().any(|byte| *byte != 0) {
            self.at -= padding as u64;
            return Err(self.refuse("zero bytes up to the next block", "other bytes"));
        }
        Ok(())
    }

    /// Reads the two zero blocks and makes sure that nothing follows.
    pub fn end(mut self) -> Result<(), PackError> {
        for _ in 0..2 {
            let block = self.block("two blocks of zero bytes")?;
            if block != [0; BLOCK] {
                self.at -= BLOCK as u64;
                return Err(self.refuse("two blocks of zero bytes", describe(&block)));
            }
        }
        match self.inner.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.refuse("the end of the file", "more bytes")),
            Err(source) => Err(PackError::Unreadable { path: "archive".to_owned(), source }),
        }
    }
}

/// What a block is, in words.
fn describe(block: &[u8; BLOCK]) -> String {
    if block.iter().all(|byte| *byte == 0) {
        return "a block of zero bytes".to_owned();
    }
    if &block[257..262] != b"ustar" {
        return "a block that is no ustar header".to_owned();
    }
    let name: Vec<u8> = block[..100].iter().copied().take_while(|byte| *byte != 0).collect();
    let name = String::from_utf8_lossy(&name);
    let kind = match block[156] {
        b'0' | 0 => "a file",
        b'1' => "a hard link",
        b'2' => "a symbolic link",
        b'3' | b'4' => "a device",
        b'5' => "a folder",
        b'6' => "a pipe",
        b'g' | b'x' => "an extended header",
        _ => "an entry of another type",
    };
    format!("{kind} named {name:?}, or a header spelled otherwise")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_what_gnu_tar_calls_ustar() {
        let block = header("media/a.svg", 1_234);
        assert_eq!(&block[124..136], b"00000002322\0");
        assert_eq!(&block[257..265], b"ustar\x0000");
        let sum: u32 = block
            .iter()
            .enumerate()
            .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) })
            .sum();
        assert_eq!(&block[148..156], format!("{sum:06o}\0 ").as_bytes());
    }

    #[test]
    fn blocks_are_whole() {
        for (length, zeros) in [(0, 0), (1, 511), (511, 1), (512, 0), (513, 511)] {
            assert_eq!(padding(length), zeros);
        }
    }
}
