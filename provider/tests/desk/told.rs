//! What somebody does at the desk and the row that tells of it are written together.

use enduring_provider::intake::Intake;
use enduring_provider::ledger::{Database, Role};
use reqwest::StatusCode;

use crate::browser::PASSWORD;
use crate::databases::Kind;
use crate::on_both;
use crate::pages::desk;

on_both! {
    nothing_is_done_that_cannot_be_told,
}

async fn run(intake: &Intake, statement: &'static str) {
    let done = match intake.ledger().database() {
        Database::Sqlite { writer, .. } => sqlx::query(statement).execute(writer).await.map(|_| ()),
        Database::Postgres(pool) => sqlx::query(statement).execute(pool).await.map(|_| ()),
    };
    done.expect(statement);
}

async fn nothing_is_done_that_cannot_be_told(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let ada = browser.signed_in("ada").await;
    let hash = async || {
        let staff = intake.ledger().staff("rex").await.expect("a row").expect("an account");
        (staff.password, staff.role, staff.active)
    };
    let (before, of_ada) = (hash().await, intake.ledger().staff("ada").await.expect("a row"));
    run(&intake, "ALTER TABLE deed RENAME TO hidden").await;
    let new = "another horse staple";
    for (path, form) in [
        ("/desk/staff", [("name", "eve"), ("role", "reviewer"), ("password", PASSWORD)]),
        ("/desk/staff/rex", [("act", "password"), ("password", new), ("note", "")]),
        ("/desk/staff/rex", [("act", "administrator"), ("password", ""), ("note", "")]),
        ("/desk/staff/rex", [("act", "deactivate"), ("password", ""), ("note", "")]),
        ("/desk/password", [("current", PASSWORD), ("new", new), ("again", new)]),
        ("/desk/enrol", [("first", "Ada"), ("last", "Fictional"), ("days", "30")]),
    ] {
        assert_eq!(ada.post(path, &form).await.status, StatusCode::INTERNAL_SERVER_ERROR, "{path} {form:?}");
    }
    run(&intake, "ALTER TABLE hidden RENAME TO deed").await;
    assert!(intake.ledger().staff("eve").await.expect("a row").is_none());
    assert_eq!(hash().await, before);
    assert_eq!(intake.ledger().staff("ada").await.expect("a row"), of_ada);
    assert!(intake.ledger().people_like("Fictional").await.expect("people").is_empty());
    assert_eq!(before.1, Role::Reviewer);
    // And with the list back everything is told.
    assert_eq!(ada.post("/desk/staff/rex", &[("act", "administrator")]).await.to, "/desk/staff");
    assert!(ada.page("/desk/audit").await.contains("changed an account"));
    assert_eq!(intake.ledger().check_lists().await.expect("lists"), None);
}
