//! Consents that learners take back, through the pages of the desk.

use std::process::Command;

use enduring_core::id::StatementId;
use enduring_core::record::{Decision, RecordRef};
use enduring_provider::intake::{AnswerStanding, DecideError, Intake};
use enduring_provider::ledger::Fact;
use reqwest::StatusCode;

use crate::databases::Kind;
use crate::material::{allows, bundles, consenting};
use crate::on_both;
use crate::pages::desk;

on_both! {
    a_consent_is_withdrawn_once_and_the_credit_stays,
    what_was_not_given_cannot_be_withdrawn,
    a_consent_is_withdrawn_from_the_command_line,
}

async fn send(intake: &Intake, bundle: &str) -> RecordRef {
    let answer = intake.submit(bundle.to_owned(), None).await.expect("an answer");
    assert_eq!(answer.standing, AnswerStanding::Credited, "{:?}", answer.reasons);
    answer.record.expect("a record")
}

fn at(record: &RecordRef) -> String {
    format!("/desk/records/{}/{}", record.kid, record.id)
}

async fn withdrawn(intake: &Intake) -> Vec<(StatementId, String)> {
    let rows = intake.ledger().of_kind("consent_withdrawn").await.expect("rows");
    rows.into_iter()
        .map(|row| match row.entry.fact {
            Fact::ConsentWithdrawn { statement, .. } => (statement, row.entry.by),
            other => panic!("another row: {other:?}"),
        })
        .collect()
}

async fn a_consent_is_withdrawn_once_and_the_credit_stays(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = send(&intake, &consenting(1)[0]).await;
    let (rex, ada) = (browser.signed_in("rex").await, browser.signed_in("ada").await);
    let path = format!("{}/consents/reporting", at(&record));
    let page = rex.page(&at(&record)).await;
    assert!(page.contains(&path) && page.contains(">given</span>"), "{page}");
    let asked = rex.page(&path).await;
    assert!(
        asked.contains("The credit stays") && withdrawn(&intake).await.is_empty(),
        "asking changes nothing"
    );
    for _ in 0..2 {
        let done = rex.post(&path, &[]).await;
        assert_eq!(done.to, at(&record), "{}", done.body);
    }
    let statement = StatementId::new("reporting").expect("a name");
    assert_eq!(withdrawn(&intake).await, [(statement, "rex".to_owned())]);
    let page = rex.page(&at(&record)).await;
    assert!(!page.contains(&path) && page.contains(">withdrawn</span>"), "{page}");
    assert_eq!(rex.get(&path).await.status, StatusCode::CONFLICT, "it is withdrawn");
    assert!(ada.page("/desk/audit?staff=rex").await.contains("withdrew a consent for a learner"));
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert!(taken.decision() == Decision::Credit && !taken.credits.is_empty());
}

async fn what_was_not_given_cannot_be_withdrawn(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let refusing = bundles().iter().find(|text| !allows(text)).expect("a learner who refuses");
    let record = send(&intake, refusing).await;
    let rex = browser.signed_in("rex").await;
    let path = |statement: &str| format!("{}/consents/{statement}", at(&record));
    let page = rex.page(&at(&record)).await;
    assert!(page.contains(">refused</span>") && !page.contains(&path("reporting")), "{page}");
    assert_eq!(rex.get(&path("reporting")).await.status, StatusCode::CONFLICT);
    assert_eq!(rex.post(&path("reporting"), &[]).await.status, StatusCode::CONFLICT);
    for unknown in ["other", "Not%20a%20name"] {
        assert_eq!(rex.get(&path(unknown)).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }

    let given = send(&intake, &consenting(1)[0]).await;
    let learner = intake.taken(&given).await.expect("rows").expect("a record").learner();
    intake.ledger().erase(&learner, "ada").await.expect("erased");
    let statement = StatementId::new("reporting").expect("a name");
    let erased = intake.withdraw_consent(&given, &statement, "ada").await;
    assert!(matches!(erased, Err(DecideError::Standing { .. })), "{erased:?}");
    assert!(rex.page(&at(&given)).await.contains("withheld or erased"));
    assert!(withdrawn(&intake).await.is_empty());
}

async fn a_consent_is_withdrawn_from_the_command_line(kind: Kind) {
    let (fresh, intake, _) = desk(kind).await;
    let record = send(&intake, &consenting(1)[0]).await;
    let refusing = bundles().iter().find(|text| !allows(text)).expect("a learner who refuses");
    let refused = send(&intake, refusing).await;
    let withdraw = |record: String, statement: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_enduring"));
        command.args(["consent", "withdraw", &record, statement, "--database", &fresh.address]);
        let output = command.output().expect("the command runs");
        let told = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&told).into_owned())
    };
    for (record, statement, expected) in [
        ("12".to_owned(), "reporting", (Some(2), "expected 32 lowercase hexadecimal digits")),
        ("0".repeat(32), "reporting", (Some(1), "expected a record that was taken, found no 0000")),
        (refused.id.to_string(), "reporting", (Some(1), "expected a consent that was given: reporting")),
        (record.id.to_string(), "other", (Some(1), "expected a consent that was given: other")),
    ] {
        let (code, told) = withdraw(record, statement);
        assert!(code == expected.0 && told.contains(expected.1), "{code:?} {told}");
    }
    assert!(withdrawn(&intake).await.is_empty());
    for named in [record.id.to_string(), format!("{}:{}", record.kid, record.id)] {
        let (code, told) = withdraw(named, "reporting");
        assert!(code == Some(0) && told.contains("the credit stays"), "{told}");
    }
    let statement = StatementId::new("reporting").expect("a name");
    assert_eq!(withdrawn(&intake).await, [(statement, "command".to_owned())], "once");
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert!(taken.decision() == Decision::Credit && !taken.credits.is_empty());
}
