//! Whether what records are proved by is what was received: the chain holds digests only.

use enduring_core::id::Digest;
use enduring_core::record::{Compact, Jwk, RECORD_TYP};
use enduring_core::session;

use super::chain::Altered;
use super::database::on;
use super::fact::{Entry, Fact, Received};
use super::{Ledger, LedgerError};
use crate::key::verifies;

/// Places of the chain whose proofs are read at a time: each log has at most a mebibyte.
const PAGE: u64 = 64;

const PROOFS: &str = "SELECT l.n, e.line, p.jws, p.log, p.jwk FROM link l JOIN entry e ON e.seq = l.seq \
                      LEFT JOIN proof p ON p.record = e.record \
                      WHERE l.n > $1 AND l.n <= $2 AND e.kind = 'received' ORDER BY l.n";
const WAITING: &str = "SELECT e.seq, e.line, p.jws, p.log, p.jwk FROM entry e \
                       LEFT JOIN proof p ON p.record = e.record WHERE e.kind = 'received' AND e.seq > $1 \
                       AND NOT EXISTS (SELECT 1 FROM link l WHERE l.seq = e.seq) ORDER BY e.seq LIMIT $2";

/// A row with its proof: place, text, signed record, log, key.
type Row = (i64, String, Option<String>, Option<String>, Option<String>);

/// What is wrong with the proof of a row, if anything is.
fn altered((n, line, jws, log, jwk): Row) -> Option<Altered> {
    // A row that was changed itself is named by the chain.
    let Ok(Entry { fact: Fact::Received(received), .. }) = serde_json::from_str(&line) else { return None };
    let what = match (jws, log, jwk) {
        (Some(jws), Some(log), Some(jwk)) => differs(&received, &jws, &log, &jwk)?,
        _ => "expected the proof of its record, found none".to_owned(),
    };
    Some(Altered { n: n.unsigned_abs(), what })
}

/// What in a proof is not what was received.
fn differs(received: &Received, jws: &str, log: &str, jwk: &str) -> Option<String> {
    let record = &received.record;
    let key = serde_json::from_str::<Jwk>(jwk).ok().and_then(|jwk| jwk.key());
    let Some(key) = key.filter(|key| key.thumbprint() == record.kid) else {
        return Some(format!("expected the key of thumbprint {}, found another", record.kid));
    };
    let signed = jws.rsplit_once('.').map(|(input, _)| Digest::of(&[input.as_bytes()]));
    if signed != Some(received.signed) {
        return Some(format!("expected a signed record of digest {}, found another", received.signed));
    }
    if !Compact::parse(jws, RECORD_TYP).is_ok_and(|compact| verifies(&key, &compact)) {
        return Some("expected the signature of the record's key, found another".to_owned());
    }
    let lines = log.split_terminator('\n');
    let origin = session::origin(received.activity.digest, record.id);
    let head = lines.fold(origin, session::chain);
    if head != received.head || !log.ends_with('\n') {
        return Some(format!("expected a log of head {}, found {head}", received.head));
    }
    None
}

impl Ledger {
    /// The first row up to a place of the chain whose proof is not what was received.
    pub(super) async fn altered_proof(&self, until: u64) -> Result<Option<Altered>, LedgerError> {
        let mut after = 0;
        while after < until {
            let last = until.min(after.saturating_add(PAGE));
            let [from, to] = [after, last].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
            let rows: Vec<Row> = on!(&self.database, pool =>
                sqlx::query_as(PROOFS).bind(from).bind(to).fetch_all(pool).await)?;
            if let Some(altered) = rows.into_iter().find_map(altered) {
                return Ok(Some(altered));
            }
            after = last;
        }
        Ok(None)
    }

    /// The same of rows that wait to be linked, by their numbers.
    pub(super) async fn altered_proof_waiting(&self) -> Result<Option<Altered>, LedgerError> {
        let mut after = 0i64;
        loop {
            let most = i64::try_from(PAGE).unwrap_or(i64::MAX);
            let rows: Vec<Row> = on!(&self.database, pool =>
                sqlx::query_as(WAITING).bind(after).bind(most).fetch_all(pool).await)?;
            let Some((last, ..)) = rows.last() else { return Ok(None) };
            after = *last;
            if let Some(altered) = rows.into_iter().find_map(altered) {
                return Ok(Some(altered));
            }
        }
    }
}
