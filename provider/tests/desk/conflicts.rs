//! Sessions that were continued in two places, as the desk lists them, and what else crosses.

use enduring_core::json;
use enduring_core::record::{Bundle, Compact, Payload, RECORD_TYP, RecordRef};
use enduring_provider::intake::Intake;
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Entry, Fact, ListState, Scope};
use enduring_provider::time;

use crate::databases::Kind;
use crate::material::bundles;
use crate::on_both;
use crate::pages::desk;

on_both! {
    what_was_continued_in_two_places_is_listed_once,
    an_appeal_that_crosses_with_an_approval_changes_nothing,
}

/// Sends a session as several copies of it that went on apart.
async fn continued(desk: &Intake, bundle: &str, players: &[&str]) -> RecordRef {
    let device = Signer::generate().expect("a key");
    let mut bundle: Bundle = json::read(bundle).expect("a bundle");
    bundle.key = device.public().jwk();
    let compact = Compact::parse(&bundle.record, RECORD_TYP).expect("a signed document");
    let mut payload: Payload = json::read_bytes(&compact.payload).expect("a payload");
    let mut records = Vec::new();
    for player in players {
        payload.signing.player = (*player).to_owned();
        bundle.record = device.sign(RECORD_TYP, payload.encode().as_bytes()).expect("signed");
        let answer = desk.submit(bundle.encode(), None).await.expect("an answer");
        records.push(answer.record.expect("a record"));
    }
    assert!(records.iter().all(|record| *record == records[0]));
    records[0]
}

async fn what_was_continued_in_two_places_is_listed_once(kind: Kind) {
    let (_fresh, desk, browser) = desk(kind).await;
    let once = continued(&desk, &bundles()[0], &["1.0.0"]).await;
    let twice = continued(&desk, &bundles()[1], &["1.0.0", "1.0.1"]).await;
    let thrice = continued(&desk, &bundles()[2], &["1.0.0", "1.0.1", "1.0.2"]).await;
    let scope = Scope { conflicted: true, ..Scope::default() };
    let listed = async |scope: &Scope| {
        let listed = desk.ledger().received(scope).await.expect("a list");
        listed.into_iter().map(|listed| listed.record).collect::<Vec<_>>()
    };
    assert_eq!(listed(&scope).await, [thrice, twice], "the newest first, each once");
    let of = |activity: &str| Scope { activity: Some(activity.to_owned()), ..scope.clone() };
    assert_eq!((listed(&of("vectors")).await.len(), listed(&of("plain")).await.len()), (2, 0));
    let after = desk.ledger().received(&scope).await.expect("a list")[0].place();
    assert_eq!(listed(&Scope { after: Some(after), ..scope.clone() }).await, [twice]);

    let rex = browser.signed_in("rex").await;
    let page = rex.page("/desk").await;
    let tile =
        "<span class=\"figure\">2</span><a href=\"/desk/search?conflict=yes\">Continued in two places</a>";
    assert!(page.contains(tile), "{page}");
    let page = rex.page("/desk/search?conflict=yes").await;
    let path = |record: &RecordRef| format!("/desk/records/{}/{}", record.kid, record.id);
    assert!(page.contains(&path(&twice)) && page.contains(&path(&thrice)) && !page.contains(&path(&once)));
    let (odd, plain) = (rex.page(&path(&twice)).await, rex.page(&path(&once)).await);
    assert!(odd.contains("The same session came with another log"), "the record's page says so");
    assert!(!plain.contains("The same session came with another log"));
}

async fn an_appeal_that_crosses_with_an_approval_changes_nothing(kind: Kind) {
    let (_fresh, desk, _) = desk(kind).await;
    let answer = desk.submit(bundles()[0].clone(), None).await.expect("an answer");
    let record = answer.record.expect("a record");
    // As another server writes it that saw the rejection before.
    let appeal = Fact::Appealed { record, note: String::new() };
    desk.ledger().add(&[Entry::new(time::now(), "learner", appeal)]).await.expect("a row");
    let taken = desk.taken(&record).await.expect("rows").expect("a record");
    assert!(!taken.appealed && taken.answer() == answer);
    let listed = desk.ledger().received(&Scope::default()).await.expect("a list");
    assert_eq!(listed[0].state, ListState::Credited);
    assert_eq!(desk.ledger().check_lists().await.expect("lists"), None);
    desk.ledger().make_lists().await.expect("made again");
    assert_eq!(desk.ledger().received(&Scope::default()).await.expect("a list"), listed);
}
