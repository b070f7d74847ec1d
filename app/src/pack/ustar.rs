//! The `.enduring` file: an uncompressed ustar whose first entry is `manifest.jws` and whose other entries are
//! exactly the files of the manifest, in its order. Anything else is refused.
//!
//! Pure: says which slice of the file to read next and judges it, so that a file is never read whole.

use enduring_core::content::{MANIFEST_MAX, Manifest, PACK_MAX, PackFile, is_path};
use thiserror::Error;

/// Everything in a ustar is in blocks of this many bytes.
pub const BLOCK: u64 = 512;
/// The name of the first entry.
pub const MANIFEST_FILE: &str = "manifest.jws";
/// Two blocks of zeros.
const END: u64 = 2 * BLOCK;
/// Fields of a header: offset and length.
const NAME: (usize, usize) = (0, 100);
const SIZE: (usize, usize) = (124, 12);
const CHECKSUM: (usize, usize) = (148, 8);
const KIND: (usize, usize) = (156, 1);
const LINK: (usize, usize) = (157, 100);
const MAGIC: (usize, usize) = (257, 8);
const PREFIX: (usize, usize) = (345, 155);

/// Why a file is not such an archive.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// A header block is not one of ustar.
    #[error("byte {at}: expected {expected}")]
    Header {
        /// Where the block begins.
        at: u64,
        /// What is wanted there.
        expected: &'static str,
    },
    /// An entry that does not belong here.
    #[error("byte {at}: expected the entry {expected:?}, found {found:?}")]
    Entry {
        /// Where its header begins.
        at: u64,
        /// The entry whose turn it is.
        expected: String,
        /// Its name.
        found: String,
    },
    /// An entry of another length.
    #[error("{path}: expected {expected} bytes, found {found}")]
    Length {
        /// The entry.
        path: String,
        /// As the manifest has it, or the most that is taken.
        expected: u64,
        /// As the header has it.
        found: u64,
    },
    /// The file is shorter or longer than its entries.
    #[error("expected a file of {expected} bytes, found {found}")]
    Size {
        /// What the entries make.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// Something else than zeros after an entry or at the end.
    #[error("byte {at}: expected zeros to the end of the block")]
    Padding {
        /// Where they should begin.
        at: u64,
    },
}

/// A slice of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub at: u64,
    /// How many.
    pub length: u64,
}

/// An entry: its header, then its bytes, then zeros to the end of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file of the manifest.
    pub file: &'a PackFile,
    /// The header.
    pub header: Span,
    /// The bytes.
    pub bytes: Span,
    /// The zeros.
    pub padding: Span,
}

/// The header of the first entry.
pub const FIRST: Span = Span { at: 0, length: BLOCK };

/// Where the manifest stands, from the first header of a file of `size` bytes.
///
/// # Errors
/// [`ArchiveError`] when the file does not begin with a manifest.
pub fn manifest(block: &[u8], size: u64) -> Result<Span, ArchiveError> {
    let (name, length) = header(block, 0)?;
    if name != MANIFEST_FILE {
        return Err(ArchiveError::Entry { at: 0, expected: MANIFEST_FILE.to_owned(), found: name });
    }
    let most = MANIFEST_MAX as u64;
    if length > most {
        return Err(ArchiveError::Length { path: name, expected: most, found: length });
    }
    let least = BLOCK + length + padding(length) + END;
    if size < least {
        return Err(ArchiveError::Size { expected: least, found: size });
    }
    Ok(Span { at: BLOCK, length })
}

/// Where every file of a manifest must stand, after a manifest entry of `manifest_length` bytes,
/// and the end, which must be zeros.
///
/// # Errors
/// [`ArchiveError::Size`] when the file is not exactly as long as that.
pub fn places(
    manifest: &Manifest,
    manifest_length: u64,
    size: u64,
) -> Result<(Vec<Place<'_>>, Span), ArchiveError> {
    let mut at = BLOCK + manifest_length + padding(manifest_length);
    let mut places = Vec::with_capacity(manifest.files.len());
    for file in &manifest.files {
        let length = file.length.min(PACK_MAX);
        let header = Span { at, length: BLOCK };
        let bytes = Span { at: at + BLOCK, length };
        let padding = Span { at: bytes.at + length, length: padding(length) };
        at = padding.at + padding.length;
        places.push(Place { file, header, bytes, padding });
    }
    let end = Span { at, length: END };
    let expected = at + END;
    if size != expected {
        return Err(ArchiveError::Size { expected, found: size });
    }
    Ok((places, end))
}

impl Place<'_> {
    /// Judges the header block.
    ///
    /// # Errors
    /// [`ArchiveError`] when it is of another entry.
    pub fn check(&self, block: &[u8]) -> Result<(), ArchiveError> {
        let (name, length) = header(block, self.header.at)?;
        if name != self.file.path {
            let expected = self.file.path.clone();
            return Err(ArchiveError::Entry { at: self.header.at, expected, found: name });
        }
        if length != self.file.length {
            return Err(ArchiveError::Length { path: name, expected: self.file.length, found: length });
        }
        Ok(())
    }
}

/// The zeros after an entry of this length.
#[must_use]
pub fn padding(length: u64) -> u64 {
    (BLOCK - length % BLOCK) % BLOCK
}

/// Judges what must be zeros.
///
/// # Errors
/// [`ArchiveError::Padding`] when it is not.
pub fn zeros(bytes: &[u8], span: Span) -> Result<(), ArchiveError> {
    let zeros = bytes.len() as u64 == span.length && bytes.iter().all(|byte| *byte == 0);
    zeros.then_some(()).ok_or(ArchiveError::Padding { at: span.at })
}

/// Name and length of a regular file.
fn header(block: &[u8], at: u64) -> Result<(String, u64), ArchiveError> {
    let wrong = |expected| ArchiveError::Header { at, expected };
    if block.len() as u64 != BLOCK {
        return Err(wrong("a whole header of 512 bytes"));
    }
    if field(block, MAGIC) != b"ustar\x0000" {
        return Err(wrong("a ustar header"));
    }
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = field(block, CHECKSUM).iter().map(|byte| u64::from(*byte)).sum();
    let blank = u64::from(b' ') * 8;
    if octal(field(block, CHECKSUM)) != Some(sum - own + blank) {
        return Err(wrong("a header whose checksum is right"));
    }
    if field(block, KIND) != b"0" {
        return Err(wrong("a regular file"));
    }
    if field(block, LINK).iter().chain(field(block, PREFIX)).any(|byte| *byte != 0) {
        return Err(wrong("no link and no prefix"));
    }
    let name = field(block, NAME);
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let (name, rest) = name.split_at_checked(end).unwrap_or_default();
    let name = std::str::from_utf8(name).ok().filter(|name| is_path(name));
    let name = name.filter(|_| rest.iter().all(|byte| *byte == 0));
    let name = name.ok_or(wrong("a name of a-z, 0-9, '.', '_', '-' and single slashes"))?;
    let length = octal(field(block, SIZE)).ok_or(wrong("a length in octal digits"))?;
    Ok((name.to_owned(), length))
}

fn field(block: &[u8], (at, length): (usize, usize)) -> &[u8] {
    block.get(at..at + length).unwrap_or_default()
}

/// Octal digits, ended by NUL or space, or by the end of the field.
fn octal(field: &[u8]) -> Option<u64> {
    let end = field.iter().position(|byte| matches!(byte, 0 | b' ')).unwrap_or(field.len());
    let (digits, rest) = field.split_at_checked(end)?;
    if digits.is_empty() || rest.iter().any(|byte| !matches!(byte, 0 | b' ')) {
        return None;
    }
    digits.iter().try_fold(0u64, |value, digit| match digit {
        b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use enduring_core::content::{MANIFEST_FORMAT, Summary};
    use enduring_core::id::{ActivityId, Digest};
    use enduring_core::measure::{Minutes, Timestamp};
    use proptest::prelude::*;

    use super::*;

    fn manifest_of(files: &[(String, Vec<u8>)]) -> Manifest {
        let file = |(path, bytes): &(String, Vec<u8>)| PackFile {
            path: path.clone(),
            sha256: Digest::of(&[bytes]),
            length: bytes.len() as u64,
            media_type: "image/png".to_owned(),
        };
        Manifest {
            format: MANIFEST_FORMAT.to_owned(),
            rules: 1,
            content_version: 1,
            id: ActivityId::new("a").expect("a name"),
            version: "1".to_owned(),
            summary: Summary {
                title: String::new(),
                summary: String::new(),
                language: "en".to_owned(),
                audience: String::new(),
                provider: String::new(),
                minutes: Minutes(1),
                credits: Vec::new(),
                objectives: Vec::new(),
                release: String::new(),
                review: String::new(),
                termination: String::new(),
                sample: None,
            },
            opens: Timestamp(0),
            closes: Timestamp(1),
            files: files.iter().map(file).collect(),
        }
    }

    /// As the builder writes it.
    fn entry(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut block = [0u8; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[100..108].copy_from_slice(b"0000644\0");
        block[108..116].copy_from_slice(b"0000000\0");
        block[116..124].copy_from_slice(b"0000000\0");
        block[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        block[136..148].copy_from_slice(b"00000000000\0");
        block[148..156].copy_from_slice(b"        ");
        block[156] = b'0';
        block[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut out = block.to_vec();
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
        out
    }

    fn archive(files: &[(String, Vec<u8>)]) -> Vec<u8> {
        let mut out = entry(MANIFEST_FILE, b"the manifest");
        for (name, bytes) in files {
            out.extend(entry(name, bytes));
        }
        out.extend([0; 1024]);
        out
    }

    /// Reads as the player does: only the slices asked for.
    fn read(archive: &[u8], files: &[(String, Vec<u8>)]) -> Result<Vec<Vec<u8>>, ArchiveError> {
        let size = archive.len() as u64;
        let cut = |span: Span| {
            let from = usize::try_from(span.at).expect("small").min(archive.len());
            let to = usize::try_from(span.at + span.length).expect("small").min(archive.len());
            &archive[from..to]
        };
        let found = manifest(cut(FIRST), size)?;
        zeros(
            cut(Span { at: found.at + found.length, length: padding(found.length) }),
            Span { at: found.at + found.length, length: padding(found.length) },
        )?;
        let manifest = manifest_of(files);
        let (places, end) = places(&manifest, found.length, size)?;
        let mut read = Vec::new();
        for place in places {
            place.check(cut(place.header))?;
            zeros(cut(place.padding), place.padding)?;
            read.push(cut(place.bytes).to_vec());
        }
        zeros(cut(end), end)?;
        Ok(read)
    }

    fn two() -> Vec<(String, Vec<u8>)> {
        vec![("activity.bin".to_owned(), vec![1; 700]), ("media/a.svg".to_owned(), vec![2; 512])]
    }

    #[test]
    fn every_flipped_bit_is_refused_or_stands_in_a_files_bytes() {
        let files = two();
        let good = archive(&files);
        let whole: Vec<Vec<u8>> = files.iter().map(|(_, bytes)| bytes.clone()).collect();
        assert_eq!(read(&good, &files), Ok(whole.clone()));
        for at in 0..good.len() {
            for bit in [1u8, 0x80] {
                let mut bad = good.clone();
                bad[at] ^= bit;
                // The bytes of the manifest answer to its signature, those of the files to their digests.
                match read(&bad, &files) {
                    Ok(read) => assert!(read != whole || (512..524).contains(&at), "byte {at}"),
                    Err(error) => assert!(!error.to_string().is_empty()),
                }
            }
        }
    }

    #[test]
    fn other_entries_are_refused() {
        let files = two();
        let mut swapped = files.clone();
        swapped.swap(0, 1);
        let mut more = files.clone();
        more.push(("media/b.svg".to_owned(), vec![3; 10]));
        let fewer = &files[..1];
        for bad in [swapped.as_slice(), &more, fewer] {
            assert!(read(&archive(bad), &files).is_err());
        }
        for name in ["/etc/passwd", "../a", "media//a.svg", "A.svg"] {
            let mut renamed = files.clone();
            renamed[1].0 = name.to_owned();
            let error = read(&archive(&renamed), &files).expect_err(name);
            assert!(matches!(error, ArchiveError::Header { .. }), "{name}: {error}");
        }
        let mut link = archive(&files);
        link[156] = b'2';
        assert!(read(&link, &files).is_err());
        let mut longer = archive(&files);
        longer.extend([0; 512]);
        let size = longer.len() as u64;
        assert_eq!(read(&longer, &files), Err(ArchiveError::Size { expected: size - 512, found: size }));
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read(lengths in prop::collection::vec(0usize..2_000, 0..6)) {
            let files: Vec<_> = lengths
                .iter()
                .enumerate()
                .map(|(at, length)| (format!("media/{at}"), vec![at as u8; *length]))
                .collect();
            let whole: Vec<_> = files.iter().map(|(_, bytes)| bytes.clone()).collect();
            prop_assert_eq!(read(&archive(&files), &files), Ok(whole));
        }

        #[test]
        fn no_file_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..4_096)) {
            prop_assert!(read(&bytes, &two()).is_err());
        }
    }
}
