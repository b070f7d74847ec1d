//! The audit bundle: everything that proves what was credited for one activity or to one
//! learner, in a ZIP that a third party checks from the published formats alone.
//! `docs/formats/audit.md` has the files, and `docs/formats/audit.py` is such a check.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use enduring_core::id::{ActivityId, Digest, LearnerRef, SessionId};
use enduring_core::record::{Bundle, RecordRef};
use serde::Serialize;
use thiserror::Error;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::intake::{Intake, IntakeError, Taken};
use crate::key::jwks;
use crate::ledger::chain::{Head, next};
use crate::ledger::{Fact, Found, Ledger, LedgerError};

/// The format of the bundle. Stored; never reuse.
pub const AUDIT_FORMAT: &str = "enduring-audit/1";
/// What is told to whoever opens the bundle.
const README: &str = include_str!("../../docs/formats/audit.md");
/// The check that comes along.
const SCRIPT: &str = include_str!("../../docs/formats/audit.py");

/// What is audited.
#[derive(Clone, Debug)]
pub enum Subject {
    /// Everything about an activity, in all its versions.
    Activity(ActivityId),
    /// Everything about a learner.
    Learner(LearnerRef),
}

/// Why a bundle cannot be made.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The file.
    #[error("the bundle: {0}")]
    File(#[from] io::Error),
    /// The ZIP.
    #[error("the bundle: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The intake.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// There is nothing to audit.
    #[error("expected records of {subject} in the ledger, found none")]
    Nothing {
        /// What was asked for.
        subject: String,
    },
    /// A pack is not at hand.
    #[error("expected the pack of digest {digest} at hand, found none; a record of it cannot be replayed")]
    Pack {
        /// Which.
        digest: Digest,
    },
    /// The chain was changed while it was read.
    #[error("row {n}: expected the chain to hold; run `enduring ledger verify`")]
    Chain {
        /// Where.
        n: u64,
    },
}

/// What a bundle holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// Records.
    pub records: usize,
    /// Packs.
    pub packs: usize,
    /// Rows of the ledger in full.
    pub rows: usize,
}

/// `audit.json`; never rename a member.
#[derive(Serialize)]
struct Contents<'a> {
    format: &'static str,
    activity: Option<&'a ActivityId>,
    learner: Option<LearnerRef>,
    provider: &'a str,
    records: Vec<RecordRef>,
    packs: Vec<Digest>,
    ledger: Segment,
}

/// The part of the chain that comes along.
#[derive(Serialize)]
struct Segment {
    /// The place before the first row.
    after: u64,
    /// The hash there.
    hash: Digest,
}

/// A line of `ledger.jsonl`: a row in full, or what stands for another's.
#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Text { n: u64, line: &'a str },
    Digest { n: u64, sha256: Digest },
}

struct Zip<W: Write + Seek>(ZipWriter<UntilFailure<W>>);

/// Writes until that fails once; what comes after goes nowhere. An archive is ended once more when it is let go of,
/// and would say on standard error that this fails, too.
struct UntilFailure<W> {
    out: W,
    has_failed: bool,
}

impl<W> UntilFailure<W> {
    fn seen<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        self.has_failed |= done.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::Interrupted);
        done
    }
}

impl<W: Write> Write for UntilFailure<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.has_failed {
            return Ok(bytes.len());
        }
        let written = self.out.write(bytes);
        self.seen(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.has_failed {
            return Ok(());
        }
        let flushed = self.out.flush();
        self.seen(flushed)
    }
}

impl<W: Seek> Seek for UntilFailure<W> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        if self.has_failed {
            return Ok(0);
        }
        let sought = self.out.seek(to);
        self.seen(sought)
    }
}

impl<W: Write + Seek> Zip<W> {
    fn file(&mut self, name: &str, bytes: &[u8]) -> Result<(), AuditError> {
        // The same records give the same entries: no time of today in them.
        let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o644);
        self.0.start_file(name, options)?;
        Ok(self.0.write_all(bytes)?)
    }
}

/// Writes a bundle.
///
/// # Errors
/// [`AuditError`]; the file is then not a bundle.
pub async fn write<W: Write + Seek>(intake: &Intake, subject: &Subject, out: W) -> Result<Made, AuditError> {
    let ledger = intake.ledger();
    ledger.link_all().await?;
    let Collected { rows, records } = collect(ledger, subject).await?;
    if records.is_empty() {
        let subject = match subject {
            Subject::Activity(activity) => format!("activity {activity}"),
            Subject::Learner(learner) => format!("learner {learner}"),
        };
        return Err(AuditError::Nothing { subject });
    }
    let mut zip = Zip(ZipWriter::new(UntilFailure { out, has_failed: false }));
    let (mut packs, at_hand) = (BTreeMap::new(), intake.packs());
    for (record, pack) in &records {
        let is_confidential = match packs.get(pack) {
            Some(known) => *known,
            None => intake.is_confidential(*pack).await?,
        };
        packs.insert(*pack, is_confidential);
        if let Some(mut bundle) = bundle(ledger, record).await? {
            // Beside the learner's name it would be in confidence no more; its digest is signed.
            if is_confidential {
                bundle.evaluation = None;
            }
            let name = format!("records/{}-{}.enduring-record.json", record.kid, record.id);
            zip.file(&name, bundle.encode().as_bytes())?;
        }
    }
    for digest in packs.keys() {
        let place = at_hand.place(*digest).ok_or(AuditError::Pack { digest: *digest })?;
        add_pack(&mut zip, &format!("packs/{digest}"), place)?;
    }
    let made = Made { records: records.len(), packs: packs.len(), rows: rows.len() };
    let segment = add_chain(&mut zip, intake, &rows).await?;
    zip.file("keys.json", intake.keys().as_bytes())?;
    let issuers: Vec<_> = at_hand.issuers().keys().copied().collect();
    zip.file("issuers.json", jwks(&issuers).unwrap_or_default().as_bytes())?;
    zip.file("README.md", README.as_bytes())?;
    zip.file("audit.py", SCRIPT.as_bytes())?;
    let (activity, learner) = match subject {
        Subject::Activity(activity) => (Some(activity), None),
        Subject::Learner(learner) => (None, Some(*learner)),
    };
    let contents = Contents {
        format: AUDIT_FORMAT,
        activity,
        learner,
        provider: intake.provider(),
        records: records.into_iter().map(|(record, _)| record).collect(),
        packs: packs.into_keys().collect(),
        ledger: segment,
    };
    zip.file("audit.json", &serde_json::to_vec_pretty(&contents).unwrap_or_default())?;
    // What is left in a buffer would be lost in silence where it does not fit on the disk.
    zip.0.finish()?.flush()?;
    Ok(made)
}

/// What a bundle is about. However many records there are, only their names are held at once.
#[derive(Default)]
struct Collected {
    /// The rows, by their numbers.
    rows: BTreeSet<i64>,
    /// The records, each with its pack.
    records: Vec<(RecordRef, Digest)>,
}

/// The rows that are about it, and its records.
async fn collect(ledger: &Ledger, subject: &Subject) -> Result<Collected, AuditError> {
    let mut collected = Collected::default();
    let mut names = BTreeSet::new();
    match subject {
        Subject::Learner(learner) => {
            collected.look_at(&ledger.of_learner(&learner.to_string()).await?, &mut names);
        }
        Subject::Activity(activity) => loop {
            let after = collected.rows.last().copied().unwrap_or_default();
            let some = ledger.some_received(activity, after).await?;
            if some.is_empty() {
                break;
            }
            collected.look_at(&some, &mut names);
        },
    }
    for (kid, id) in names {
        let record = RecordRef { kid, id };
        let rows = ledger.of_record(&record).await?;
        // What nobody could replay proves nothing, and its pack may be nowhere.
        let Some(taken) = Taken::fold(&rows).filter(Taken::is_shown) else { continue };
        // What was put down to the learner and is another's now holds the other's name.
        if matches!(subject, Subject::Learner(learner) if taken.learner() != *learner) {
            continue;
        }
        collected.records.push((record, taken.received.activity.digest));
        collected.rows.extend(rows.iter().map(|row| row.seq));
    }
    Ok(collected)
}

impl Collected {
    /// Notes rows, and the records that they name.
    fn look_at(&mut self, rows: &[Found], names: &mut BTreeSet<(Digest, SessionId)>) {
        for row in rows {
            match &row.entry.fact {
                Fact::Received(received) => drop(names.insert((received.record.kid, received.record.id))),
                Fact::Decided { record, .. } => drop(names.insert((record.kid, record.id))),
                _ => {}
            }
            self.rows.insert(row.seq);
        }
    }
}

/// A record with all that is still there of it.
async fn bundle(ledger: &Ledger, record: &RecordRef) -> Result<Option<Bundle>, LedgerError> {
    let Some(proof) = ledger.proof(record).await? else { return Ok(None) };
    let mut bundle = Bundle::new(proof.jws, proof.log, proof.key);
    for (part, text) in ledger.sheets(record).await? {
        match part.as_str() {
            "learner" => bundle.learner = Some(text),
            "consent" => bundle.consent = Some(text),
            "evaluation" => bundle.evaluation = Some(text),
            _ => {}
        }
    }
    Ok(Some(bundle))
}

fn add_pack<W: Write + Seek>(zip: &mut Zip<W>, name: &str, place: &Path) -> Result<(), AuditError> {
    if place.is_file() {
        return zip.file(&format!("{name}.enduring"), &fs::read(place)?);
    }
    let mut waiting: Vec<(PathBuf, String)> = vec![(place.to_owned(), name.to_owned())];
    while let Some((folder, name)) = waiting.pop() {
        let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                waiting.push((entry.path(), name));
            } else {
                zip.file(&name, &fs::read(entry.path())?)?;
            }
        }
    }
    Ok(())
}

/// The chain from the first row that is about it to the head, which is signed now: rows
/// about others as digests only.
async fn add_chain<W: Write + Seek>(
    zip: &mut Zip<W>,
    intake: &Intake,
    rows: &BTreeSet<i64>,
) -> Result<Segment, AuditError> {
    let ledger = intake.ledger();
    let mut mine = BTreeSet::new();
    for seq in rows {
        mine.extend(ledger.place(*seq).await?);
    }
    let after = mine.first().map_or(0, |first| first - 1);
    let hash = ledger.hash(after).await?.ok_or(AuditError::Chain { n: after })?;
    let mut head = Head { n: after, hash };
    let options = SimpleFileOptions::default().large_file(true).unix_permissions(0o644);
    zip.0.start_file("ledger.jsonl", options)?;
    loop {
        let texts = ledger.texts(head.n).await?;
        if texts.is_empty() {
            break;
        }
        for (n, line) in texts {
            if n != head.n + 1 {
                return Err(AuditError::Chain { n: head.n + 1 });
            }
            head = Head { n, hash: next(head.hash, &line) };
            let row = if mine.contains(&n) {
                Row::Text { n, line: &line }
            } else {
                Row::Digest { n, sha256: Digest::of(&[line.as_bytes()]) }
            };
            let text = serde_json::to_string(&row).unwrap_or_default() + "\n";
            zip.0.write_all(text.as_bytes())?;
        }
    }
    if ledger.hash(head.n).await? != Some(head.hash) {
        return Err(AuditError::Chain { n: head.n });
    }
    zip.file("checkpoint.jws", Ledger::sign_head(head, intake.signer())?.as_bytes())?;
    Ok(Segment { after, hash })
}
