//! A desk that was not told the address of the player.

use enduring_provider::intake::DeskPolicy;
use enduring_provider::ledger::{Ledger, Role};
use reqwest::StatusCode;

use crate::browser::{account, serve_for};
use crate::databases::Kind;
use crate::material::{bundles, intake};
use crate::on_both;

on_both! {
    no_ticket_is_issued_whose_link_leads_nowhere,
}

async fn no_ticket_is_issued_whose_link_leads_nowhere(kind: Kind) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    account(&ledger, "rex", Role::Reviewer).await;
    let intake = intake(ledger, DeskPolicy::default());
    let record =
        intake.submit(bundles()[0].clone(), None).await.expect("an answer").record.expect("a record");
    let learner = intake.taken(&record).await.expect("rows").expect("a record").learner();
    let rex = serve_for(intake.clone(), None).await.signed_in("rex").await;
    let ticket = [("name", "Ada Fictional"), ("activity", ""), ("days", "30")];
    let new = [("first", "Ada"), ("last", "Fictional"), ("activity", ""), ("days", "30")];
    for seen in [
        rex.get("/desk/enrol").await,
        rex.post("/desk/enrol", &new).await,
        rex.post(&format!("/desk/learners/{learner}/ticket"), &ticket).await,
        rex.post("/desk/qr.svg", &[("ticket", "a.b.c")]).await,
    ] {
        assert_eq!(seen.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(seen.body.contains("--public https://learn.example.org/"), "{}", seen.body);
    }
    let page = rex.page(&format!("/desk/learners/{learner}")).await;
    assert!(page.contains("--public https://learn.example.org/") && !page.contains("/ticket\""), "{page}");
    assert!(intake.ledger().of_kind("ticketed").await.expect("rows").is_empty());
    let entered = intake.ledger().people_like("Ada Fictional").await.expect("people");
    assert!(entered.is_empty(), "nobody was entered either: {entered:?}");
}
