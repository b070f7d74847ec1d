//! Proofs that somebody changed who owns the database.

use enduring_provider::intake::DeskPolicy;
use enduring_provider::ledger::{Database, Ledger};

use crate::databases::Kind;
use crate::material::{bundles, intake};
use crate::on_both;

on_both! {
    a_changed_proof_is_named_by_the_row_of_its_record,
}

/// All records but the first.
macro_rules! of_others {
    ($statement:literal) => {
        concat!(
            $statement,
            " WHERE record <> (SELECT record FROM entry WHERE kind = 'received' ORDER BY seq LIMIT 1)"
        )
    };
}

const EDITS: [(&str, &str); 6] = [
    (of_others!("UPDATE proof SET log = replace(log, 'active', 'actine')"), "a log of head"),
    (of_others!("UPDATE proof SET log = log || 'x'"), "a log of head"),
    (of_others!("UPDATE proof SET jwk = replace(jwk, '\"x\":\"', '\"x\":\"A')"), "the key of thumbprint"),
    (of_others!("UPDATE proof SET jws = replace(jws, '.', '.A')"), "a signed record of digest"),
    (
        of_others!(
            "UPDATE proof SET jws = substr(jws, 1, length(jws) - 86) || substr(jws, length(jws) - 1) || substr(jws, length(jws) - 85, 84)"
        ),
        "the signature of the record's key",
    ),
    (of_others!("DELETE FROM proof"), "found none"),
];

async fn tamper(ledger: &Ledger, edit: &'static str) {
    match ledger.database() {
        Database::Sqlite { pool, .. } => {
            for statement in ["DROP TRIGGER proof_is_not_updated", "DROP TRIGGER proof_is_not_deleted", edit]
            {
                sqlx::query(statement).execute(pool).await.expect("tampering");
            }
        }
        Database::Postgres(pool) => {
            for statement in ["DROP TRIGGER proof_is_only_added_to ON proof", edit] {
                sqlx::query(statement).execute(pool).await.expect("tampering");
            }
        }
    }
}

/// The place of the second record that came.
async fn second(ledger: &Ledger) -> u64 {
    let rows = ledger.of_kind("received").await.expect("rows");
    ledger.place(rows[1].seq).await.expect("a place").unwrap_or(rows[1].seq.unsigned_abs())
}

async fn a_changed_proof_is_named_by_the_row_of_its_record(kind: Kind) {
    for (edit, expected) in EDITS {
        for is_linked in [true, false] {
            let fresh = kind.fresh();
            let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
            for bundle in &bundles()[..3] {
                desk.submit(bundle.clone(), None).await.expect("an answer");
            }
            let ledger = desk.ledger();
            if is_linked {
                ledger.link_all().await.expect("links");
            }
            assert_eq!(ledger.check(&[], &[]).await.expect("a ledger").altered, None);
            tamper(ledger, edit).await;
            let altered = ledger.check(&[], &[]).await.expect("a ledger").altered.expect("found out");
            assert!(altered.what.contains(expected), "{edit}: {}", altered.what);
            assert_eq!(altered.n, second(ledger).await, "{edit}: {}", altered.what);
        }
    }
}
