//! Notices, when there are more than a player takes.

use std::process::Command;

use enduring_core::id::ActivityId;
use enduring_core::record::{Compact, NOTICE_TYP, Notice, NoticeKind};
use enduring_provider::intake::{DeskPolicy, Intake, NOTICE_CHARS};
use enduring_provider::ledger::Ledger;

use crate::databases::Kind;
use crate::material::{Built, intake};
use crate::on_both;

on_both! {
    the_latest_notices_reach_players_however_many_there_are,
    what_can_still_be_completed_comes_before_what_is_over,
}

async fn notify(desk: &Intake, kind: NoticeKind, activity: &str, text: &str) {
    let activity = ActivityId::new(activity).expect("a name");
    desk.notify(kind, activity, Vec::new(), text.to_owned(), "ada").await.expect("signed");
}

/// The texts that a player takes, in their order.
async fn told(desk: &Intake) -> Vec<String> {
    let notices = desk.notices().await.expect("notices");
    let notices = notices.iter().map(|text| Compact::parse(text, NOTICE_TYP).expect("signed"));
    notices.map(|signed| Notice::read(&signed.payload).expect("a notice").text).collect()
}

async fn the_latest_notices_reach_players_however_many_there_are(kind: Kind) {
    let fresh = kind.fresh();
    let desk = intake(Ledger::open(&fresh.address).await.expect("a ledger"), DeskPolicy::default());
    notify(&desk, NoticeKind::Withdrawn, "vectors", "withdrawn").await;
    for n in 0..65 {
        notify(&desk, NoticeKind::Safety, "vectors", &format!("dose {n}")).await;
    }
    let expected: Vec<String> = (2..65).rev().map(|n| format!("dose {n}")).collect();
    let found = told(&desk).await;
    assert_eq!((found[..63].to_vec(), found[63..].to_vec()), (expected, vec!["withdrawn".to_owned()]));
    for n in 0..40 {
        notify(
            &desk,
            NoticeKind::Safety,
            "vectors",
            &format!("{n} {}", "\u{1fa7a}".repeat(NOTICE_CHARS - 3)),
        )
        .await;
    }
    let found = told(&desk).await;
    assert!(found[0].starts_with("39 ") && found.last().is_some_and(|text| text == "withdrawn"));
    let bytes: usize = desk.notices().await.expect("notices").iter().map(|text| text.len() + 3).sum();
    assert!((200 * 1024..256 * 1024).contains(&bytes), "{bytes}");
}

async fn what_can_still_be_completed_comes_before_what_is_over(kind: Kind) {
    let over = Built::new(|path, text| match path {
        "activity.toml" => text
            .replace("2026-11-01", "2024-11-01")
            .replace("2026-10-15", "2024-10-15")
            .replace("2027-10-31", "2025-10-31"),
        _ => text,
    });
    let fresh = kind.fresh();
    let desk = over.intake(Ledger::open(&fresh.address).await.expect("a ledger"));
    notify(&desk, NoticeKind::Safety, "elsewhere", "open").await;
    notify(&desk, NoticeKind::Withdrawn, "vectors", "withdrawn").await;
    for n in 0..64 {
        notify(&desk, NoticeKind::Safety, "vectors", &format!("over {n}")).await;
    }
    let found = told(&desk).await;
    assert_eq!((found.len(), found[0].as_str(), found[61].as_str()), (64, "over 63", "over 2"));
    assert_eq!(found[62..], ["withdrawn", "open"]);
}

#[test]
fn the_command_signs_no_text_that_is_too_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "x".repeat(NOTICE_CHARS + 1);
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .args(["notice", "safety", "--activity", "vectors", "--database", "ledger.db", "--key", "key.pem"])
        .args(["--packs", ".", "--text", &text])
        .current_dir(&folder)
        .output()
        .expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("expected 1 to 2000 characters, found 2001"), "{said}");
}
