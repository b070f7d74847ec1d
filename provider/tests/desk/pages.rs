//! The desk in the browser: who may see and do what, and what forms change.

use enduring_core::id::{Digest, LearnerRef};
use enduring_core::measure::Timestamp;
use enduring_core::record::{Birthday, Bundle, Decision, LearnerSheet, RecordRef};
use enduring_provider::intake::{Answer, AnswerStanding, DeskPolicy, Intake};
use enduring_provider::key::Signer;
use enduring_provider::ledger::{Entry, Fact, Ledger, ListState, Person, Role, Scope, Session, Staff};
use enduring_provider::time;
use reqwest::StatusCode;

use crate::browser::{Browser, PASSWORD, account, serve};
use crate::databases::{Fresh, Kind};
use crate::material::{bundles, careless, intake, told};
use crate::on_both;

on_both! {
    nobody_sees_a_page_without_a_session,
    a_reviewer_cannot_do_what_only_administrators_may,
    a_form_needs_its_token_and_its_origin,
    a_session_ends_by_age_by_rest_and_by_hand,
    a_new_password_ends_the_other_sessions,
    guessing_is_slowed_down_for_a_name_and_for_an_address,
    decisions_through_forms_change_the_ledger,
    the_queue_tells_whose_it_is_what_is_claimed_and_since_when,
    an_appeal_is_listed_and_answered,
    two_people_at_one_record_do_not_decide_blindly,
    whose_record_it_is_has_to_be_chosen,
    a_record_page_tells_the_session,
    names_are_shown_as_text,
    learners_are_found_by_the_beginnings_of_their_names,
    lists_say_what_the_rows_say_page_by_page,
    tickets_devices_and_erasure,
    a_notice_is_shown_before_it_is_published,
    credits_are_downloaded_without_formulas,
    accounts_are_made_changed_and_keep_one_administrator,
    every_act_is_in_the_audit,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// A desk with `ada`, an administrator, and `rex`, a reviewer.
pub async fn desk(kind: Kind) -> (Fresh, Intake, Browser) {
    let fresh = kind.fresh();
    let ledger = Ledger::open(&fresh.address).await.expect("a ledger");
    account(&ledger, "ada", Role::Administrator).await;
    account(&ledger, "rex", Role::Reviewer).await;
    let intake = intake(ledger, DeskPolicy::default());
    let browser = serve(intake.clone()).await;
    (fresh, intake, browser)
}

async fn send(intake: &Intake, bundle: &str) -> Answer {
    intake.submit(bundle.to_owned(), None).await.expect("an answer")
}

/// A bundle of somebody in a hurry who claims credit.
fn hurried() -> &'static str {
    let claims = |bundle: &&String| bundle.contains(r#"\"claimed\":{\"claims\":[{"#);
    careless().iter().find(claims).expect("a claim")
}

/// A record that waits for a person.
async fn waiting(intake: &Intake) -> RecordRef {
    let answer = send(intake, hurried()).await;
    assert_eq!(answer.standing, AnswerStanding::Review, "{:?}", answer.reasons);
    answer.record.expect("a record")
}

async fn credited(intake: &Intake) -> RecordRef {
    let answer = send(intake, &bundles()[0]).await;
    assert_eq!(answer.standing, AnswerStanding::Credited, "{:?}", answer.reasons);
    answer.record.expect("a record")
}

fn at(record: &RecordRef) -> String {
    format!("/desk/records/{}/{}", record.kid, record.id)
}

async fn standing(intake: &Intake, record: &RecordRef) -> Decision {
    intake.taken(record).await.expect("rows").expect("a record").decision()
}

async fn nobody_sees_a_page_without_a_session(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = at(&credited(&intake).await);
    let stale = Browser { cookie: format!("desk-plain={}", "0".repeat(64)), ..browser.clone() };
    for path in [
        "/desk",
        "/desk/queue",
        "/desk/search?q=a",
        "/desk/activities",
        "/desk/activities/vectors",
        "/desk/downloads",
        "/desk/downloads/credits.csv?from=2026-01-01&until=2027-01-01",
        "/desk/staff",
        "/desk/audit",
        "/desk/password",
        "/desk/enrol",
        &record,
        &format!("{record}/record.json"),
        &format!("{record}/receipt"),
        &format!("{record}/reverse"),
    ] {
        for browser in [&browser, &stale] {
            let seen = browser.get(path).await;
            assert_eq!((seen.status, seen.to.as_str()), (StatusCode::SEE_OTHER, "/desk/sign-in"), "{path}");
            assert!(seen.body.is_empty());
        }
    }
    let form = [("note", "x"), ("after", "1"), ("csrf", "")];
    let seen = browser.post_as(&format!("{record}/reverse"), &form, &[("origin", &browser.base)]).await;
    assert_eq!(seen.to, "/desk/sign-in");
    let seen = browser.get("/desk/sign-in").await;
    assert_eq!(seen.status, StatusCode::OK);
    assert_eq!(seen.headers["content-security-policy"], POLICY);
    assert!(!seen.body.contains("<script") && !seen.body.contains("style="));
    let style = browser.get("/desk/style.css").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

async fn a_reviewer_cannot_do_what_only_administrators_may(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = credited(&intake).await;
    let learner = intake.taken(&record).await.expect("rows").expect("a record").learner();
    let (rex, ada) = (browser.signed_in("rex").await, browser.signed_in("ada").await);
    let erase = format!("/desk/learners/{learner}/erase");
    for path in ["/desk/staff", "/desk/audit", &erase] {
        assert_eq!(rex.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(ada.get(path).await.status, StatusCode::OK, "{path}");
    }
    let new = [("name", "eve"), ("role", "administrator"), ("password", PASSWORD)];
    let notice = [("kind", "withdrawn"), ("text", "x"), ("step", "publish")];
    for (path, form) in [
        ("/desk/staff", new.as_slice()),
        ("/desk/staff/ada", &[("act", "deactivate")]),
        ("/desk/staff/rex", &[("act", "administrator")]),
        (&erase, &[("confirm", "erase")]),
        ("/desk/activities/vectors/notice", &notice),
    ] {
        assert_eq!(rex.post(path, form).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(intake.ledger().all_staff().await.expect("staff").len(), 2);
    assert!(intake.ledger().person(&learner).await.expect("a person").is_some());
    assert!(intake.notices().await.expect("notices").is_empty());
}

async fn a_form_needs_its_token_and_its_origin(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let (rex, ada) = (browser.signed_in("rex").await, browser.signed_in("ada").await);
    let path = format!("{}/approve", at(&record));
    let (csrf, other) = (rex.csrf().await, ada.csrf().await);
    let own = ("origin", rex.base.as_str());
    for (token, headers) in [
        ("", vec![own]),
        (other.as_str(), vec![own]),
        (csrf.as_str(), vec![]),
        (csrf.as_str(), vec![("origin", "https://evil.example")]),
        (csrf.as_str(), vec![("origin", "null")]),
        (csrf.as_str(), vec![own, ("sec-fetch-site", "cross-site")]),
        (csrf.as_str(), vec![own, ("sec-fetch-site", "same-site")]),
    ] {
        let seen = rex.post_as(&path, &[("after", "1"), ("csrf", token)], &headers).await;
        assert_eq!(seen.status, StatusCode::FORBIDDEN, "{token} {headers:?}");
    }
    assert_eq!(standing(&intake, &record).await, Decision::Review);
    let signing_in = [("name", "rex"), ("password", PASSWORD)];
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(rex.post_as("/desk/sign-in", &signing_in, &foreign).await.status, StatusCode::FORBIDDEN);
    let seen = rex
        .post_as(&path, &[("after", "1"), ("csrf", &csrf)], &[own, ("sec-fetch-site", "same-origin")])
        .await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    assert_eq!(standing(&intake, &record).await, Decision::Credit);
}

async fn a_session_ends_by_age_by_rest_and_by_hand(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    const HOUR: i64 = 3_600_000;
    let now = time::now().0;
    for (began, seen, good) in
        [(now - 11 * HOUR, now, true), (now - 13 * HOUR, now, false), (now - 2 * HOUR, now - HOUR - 1, false)]
    {
        let cookie = format!("{began:064}");
        let token = Digest::of(&[cookie.as_bytes()]);
        let session =
            Session { token, staff: "rex".to_owned(), began: Timestamp(began), seen: Timestamp(seen) };
        intake.ledger().begin_session(&session, Timestamp(0)).await.expect("begun");
        let browser = Browser { cookie: format!("desk-plain={cookie}"), ..browser.clone() };
        let expected = if good { StatusCode::OK } else { StatusCode::SEE_OTHER };
        assert_eq!(browser.get("/desk").await.status, expected, "{began} {seen}");
        assert_eq!(intake.ledger().session(token).await.expect("a row").is_some(), good);
    }
    let rex = browser.signed_in("rex").await;
    assert_eq!(rex.get("/desk").await.status, StatusCode::OK);
    let value = rex.cookie.split_once('=').expect("a pair").1;
    assert!(intake.ledger().session(Digest::of(&[value.as_bytes()])).await.expect("a row").is_some());
    let out = rex.post("/desk/sign-out", &[]).await;
    assert!(out.headers["set-cookie"].to_str().expect("ASCII").contains("Max-Age=0"));
    assert_eq!(rex.get("/desk").await.to, "/desk/sign-in", "the old cookie is worth nothing");
}

async fn a_new_password_ends_the_other_sessions(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let (here, there) = (browser.signed_in("rex").await, browser.signed_in("rex").await);
    let new = "another horse staple";
    for (form, words) in [
        ([("current", "wrong wrong wrong"), ("new", new), ("again", new)], "not your password"),
        ([("current", PASSWORD), ("new", "short"), ("again", "short")], "at least 12"),
        ([("current", PASSWORD), ("new", new), ("again", "something else")], "another one than above"),
        ([("current", PASSWORD), ("new", PASSWORD), ("again", PASSWORD)], "another one than before"),
    ] {
        let seen = here.post("/desk/password", &form).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(seen.body.contains(words), "{words}");
    }
    assert_eq!(there.get("/desk").await.status, StatusCode::OK);
    let form = [("current", PASSWORD), ("new", new), ("again", new)];
    assert_eq!(here.post("/desk/password", &form).await.to, "/desk");
    assert_eq!(here.get("/desk").await.status, StatusCode::OK);
    assert_eq!(there.get("/desk").await.to, "/desk/sign-in");
    let hash = intake.ledger().staff("rex").await.expect("a row").expect("an account").password;
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
}

async fn guessing_is_slowed_down_for_a_name_and_for_an_address(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    for n in 0..5 {
        let seen = browser.try_sign_in("rex", "wrong wrong wrong", &format!("198.51.100.{n}")).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(seen.body.contains("Name or password is not right"));
    }
    let slow = browser.try_sign_in("rex", PASSWORD, "198.51.100.9").await;
    assert_eq!(slow.status, StatusCode::TOO_MANY_REQUESTS, "the right password has to wait, too");
    assert!(slow.headers.contains_key("retry-after"));
    let unknown = browser.try_sign_in("nobody", "wrong wrong wrong", "198.51.100.9").await;
    assert!(unknown.body.contains("Name or password is not right"), "the same words for an unknown name");
    let mut refused = 0;
    for n in 0..40 {
        let seen = browser.try_sign_in(&format!("name{n}"), "x", "203.0.113.5").await;
        refused += usize::from(seen.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0, "one address cannot try every name");
    let mut refused = 0;
    for n in 0..40 {
        let seen = browser.try_sign_in(&format!("other{n}"), "x", &format!("2001:db8:0:7::{n:x}")).await;
        refused += usize::from(seen.status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0, "nor can one subscriber, whose addresses are a network of IPv6");
    let delayed = intake.ledger().of_kind("acted").await.expect("rows");
    let delayed = delayed.iter().filter(|row| {
        matches!(&row.entry.fact, Fact::Acted { act, about } if act == "sign_in_delayed" && about == "rex")
    });
    assert_eq!(delayed.count(), 1);
}

async fn decisions_through_forms_change_the_ledger(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let rex = browser.signed_in("rex").await;
    assert!(rex.page("/desk/queue").await.contains(&at(&record)));
    let path = |act: &str| format!("{}/{act}", at(&record));
    let unreasoned = rex.post(&path("reject"), &[("note", " "), ("after", "1")]).await;
    assert_eq!(unreasoned.status, StatusCode::BAD_REQUEST);
    assert_eq!(rex.get(&path("reverse")).await.status, StatusCode::CONFLICT, "it is not credited");
    let approved = rex.post(&path("approve"), &[("note", "Spoke to the learner."), ("after", "1")]).await;
    assert_eq!(approved.to, at(&record), "{}", approved.body);
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert_eq!((taken.decision(), taken.decisions[1].by.as_str()), (Decision::Credit, "rex"));
    assert!(!taken.credits.is_empty() && taken.decisions[1].note == "Spoke to the learner.");
    assert!(!rex.page("/desk/queue").await.contains(&at(&record)));
    let asked = rex.page(&path("reverse")).await;
    assert!(asked.contains(&taken.credits[0].name), "it is shown what is taken back");
    assert_eq!(standing(&intake, &record).await, Decision::Credit, "asking changes nothing");
    let reversed = rex.post(&path("reverse"), &[("note", "It was a colleague."), ("after", "2")]).await;
    assert_eq!(reversed.status, StatusCode::SEE_OTHER, "{}", reversed.body);
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert_eq!((taken.decision(), taken.credits.len()), (Decision::Reject, 0));
    assert!(rex.page(&at(&record)).await.contains("It was a colleague."));
    assert!(rex.get(&path("receipt")).await.body.matches('.').count() == 2, "a compact JWS");
    let kept: Bundle = serde_json::from_str(&rex.page(&path("record.json")).await).expect("a bundle");
    let sent: Bundle = serde_json::from_str(hurried()).expect("a bundle");
    assert_eq!((kept.record, kept.log), (sent.record, sent.log));
}

/// Learner, activity, claim, reason and age in a row, the record's id last; the oldest first.
async fn the_queue_tells_whose_it_is_what_is_claimed_and_since_when(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let other = careless().iter().filter(|bundle| *bundle != hurried());
    for bundle in other.take(3) {
        send(&intake, bundle).await;
    }
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    let person = intake.ledger().person(&taken.learner()).await.expect("a person").expect("known");
    let claims = intake.ledger().claims(&record).await.expect("rows").expect("a payload");
    let rex = browser.signed_in("rex").await;
    let page = rex.page("/desk/queue").await;
    let heads: Vec<&str> = page.split("<th scope=\"col\">").skip(1).collect();
    let heads: Vec<&str> = heads.iter().filter_map(|head| head.split('<').next()).collect();
    assert_eq!(heads, ["Learner", "Activity", "Claim", "Why", "Waiting since", "Record"]);
    let rows: Vec<&str> = page.split("<tr>").filter(|row| row.contains("/desk/records/")).collect();
    let row = rows.iter().find(|row| row.contains(&at(&record))).expect("its row");
    let claim = claims.first().expect("a claim");
    for words in [
        format!("{} {}", person.first_name, person.last_name),
        format!("<li>{} {}</li>", claim.amount, claim.name),
        format!("title=\"{}\"", record.id),
    ] {
        assert!(row.contains(&words), "expected {words:?} in {row}");
    }
    let waiting = intake.ledger().waiting(ListState::Review, &Scope::default()).await.expect("a list");
    assert!(waiting.len() > 1 && waiting.is_sorted_by_key(|listed| listed.at), "{waiting:?}");
    let shown: Vec<bool> =
        rows.iter().zip(&waiting).map(|(row, listed)| row.contains(&at(&listed.record))).collect();
    assert_eq!(shown, vec![true; waiting.len()], "the oldest first");
    let page = rex.page(&at(&record)).await;
    for words in ["<dd>Not credited</dd>", ", version 1.0.0</dd>", "<small class=\"flag-code\"><code>policy."]
    {
        assert!(page.contains(words), "expected {words:?} in {page}");
    }
}

async fn an_appeal_is_listed_and_answered(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let rex = browser.signed_in("rex").await;
    let reject = format!("{}/reject", at(&record));
    assert_eq!(rex.post(&reject, &[("note", "Too fast."), ("after", "1")]).await.to, at(&record));
    let again = rex.post(&reject, &[("note", "Too fast."), ("after", "2")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "nothing waits");
    let appeal = format!("{}/appeal", at(&record));
    assert!(rex.page(&at(&record)).await.contains(&appeal), "a form for who called");
    let silent = rex.post(&appeal, &[("note", " "), ("after", "2")]).await;
    assert_eq!(silent.status, StatusCode::BAD_REQUEST);
    let said = [("note", "Called: read it <before>."), ("after", "2")];
    assert_eq!(rex.post(&appeal, &said).await.to, at(&record));
    assert_eq!(rex.post(&appeal, &said).await.status, StatusCode::CONFLICT, "once");
    let page = rex.page(&at(&record)).await;
    assert!(page.contains("Called: read it &lt;before&gt;.") && page.contains("taken down by rex"), "{page}");
    assert!(rex.page("/desk/queue?state=appealed").await.contains(&at(&record)));
    assert!(rex.page(&at(&record)).await.contains("Keep it rejected"));
    assert_eq!(rex.post(&reject, &[("note", "Still."), ("after", "2")]).await.to, at(&record));
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert_eq!((taken.decision(), taken.appealed, taken.decisions.len()), (Decision::Reject, false, 3));
    assert!(!rex.page("/desk/queue?state=appealed").await.contains(&at(&record)));
}

async fn two_people_at_one_record_do_not_decide_blindly(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let (rex, ada) = (browser.signed_in("rex").await, browser.signed_in("ada").await);
    let path = |act: &str| format!("{}/{act}", at(&record));
    let first = rex.post(&path("reject"), &[("note", "Too fast."), ("after", "1")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = ada.post(&path("approve"), &[("after", "1")]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert_eq!(standing(&intake, &record).await, Decision::Reject);
}

async fn whose_record_it_is_has_to_be_chosen(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let bundle: Bundle = serde_json::from_str(&bundles()[0]).expect("a bundle");
    let sheet: LearnerSheet = serde_json::from_str(&bundle.learner.expect("a sheet")).expect("a sheet");
    let known = LearnerRef([5; 16]);
    let day = if sheet.birthday.day == 1 { 2 } else { 1 };
    let person = Person {
        learner: known,
        first_name: sheet.first_name.clone(),
        last_name: sheet.last_name.clone(),
        birthday: Some(Birthday { month: sheet.birthday.month, day }),
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    };
    intake.ledger().know(&person).await.expect("written");
    let answer = send(&intake, &bundles()[0]).await;
    assert_eq!(answer.standing, AnswerStanding::Review);
    let record = answer.record.expect("a record");
    let rex = browser.signed_in("rex").await;
    let page = rex.page(&at(&record)).await;
    assert!(page.contains("Whose record is it?") && page.contains(&known.to_string()));
    let path = format!("{}/approve", at(&record));
    let stranger = LearnerRef([6; 16]).to_string();
    for learner in ["", "nonsense", &stranger] {
        let seen = rex.post(&path, &[("learner", learner), ("after", "1")]).await;
        assert_eq!(seen.status, StatusCode::BAD_REQUEST, "{learner}");
    }
    let seen = rex.post(&path, &[("learner", &known.to_string()), ("after", "1")]).await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    let taken = intake.taken(&record).await.expect("rows").expect("a record");
    assert_eq!((taken.decision(), taken.learner()), (Decision::Credit, known));
}

async fn a_record_page_tells_the_session(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let rex = browser.signed_in("rex").await;
    let seen = rex.get(&at(&record)).await;
    assert_eq!(seen.headers["content-security-policy"], POLICY);
    assert_eq!(seen.headers["cache-control"], "no-store");
    let page = seen.body;
    for words in [
        "Front matter acknowledged",
        "Attempt 1 began",
        "Item shown",
        "Answered",
        "not correct",
        "correct",
        "Handed in",
        "Part finished",
        "Attested",
        "Record made ready",
        "What to look at",
        "Verified again now",
        "Approve",
        "Reason for rejecting",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let bundle: Bundle = serde_json::from_str(hurried()).expect("a bundle");
    let answers = bundle.log.matches("\"answered\"").count();
    assert!(answers > 0);
    assert_eq!(page.matches("Answered:").count() + page.matches("Answered, ").count(), answers);
}

async fn names_are_shown_as_text(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let evil = "<script>alert(1)</script>";
    let learner = LearnerRef([9; 16]);
    let person = Person {
        learner,
        first_name: evil.to_owned(),
        last_name: "\"><img src=x onerror=alert(1)>".to_owned(),
        birthday: None,
        profession: None,
        identifiers: Vec::new(),
        roster: true,
    };
    intake.ledger().know(&person).await.expect("written");
    let rex = browser.signed_in("rex").await;
    for path in ["/desk/search?q=script".to_owned(), format!("/desk/learners/{learner}")] {
        let page = rex.page(&path).await;
        assert!(page.contains("&lt;script&gt;"), "{path}");
        assert!(!page.contains("<script") && !page.contains("<img"), "{path}");
    }
    let page = rex.post(&format!("/desk/learners/{learner}/ticket"), &[("name", evil), ("days", "7")]).await;
    assert!(page.body.contains("&lt;script&gt;") && !page.body.contains("<script"), "{}", page.body);
    let page = rex.get("/desk/queue?reason=%22%3E%3Cscript%3E&state=%22%3E%3Cscript%3E").await.body;
    assert!(!page.contains("<script"));
}

async fn learners_are_found_by_the_beginnings_of_their_names(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    for (n, first, last) in
        [(1, "Anna-Maria", "van der Berg"), (2, "Ödön", "Ångström"), (3, "Bergljot", "Ek")]
    {
        let person = Person {
            learner: LearnerRef([n; 16]),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            birthday: None,
            profession: None,
            identifiers: Vec::new(),
            roster: true,
        };
        intake.ledger().know(&person).await.expect("written");
    }
    for (text, expected) in [
        ("berg", vec!["Anna-Maria", "Bergljot"]),
        ("BERG anna", vec!["Anna-Maria"]),
        ("ångs", vec!["Ödön"]),
        ("maria van d", vec!["Anna-Maria"]),
        ("vanderberg", vec!["Anna-Maria"]),
        ("erg", vec![]),
        ("%", vec![]),
        ("", vec![]),
    ] {
        let found = intake.ledger().people_like(text).await.expect("people");
        let names: Vec<_> = found.iter().map(|person| person.first_name.as_str()).collect();
        assert_eq!(names, expected, "{text:?}");
    }
    intake.ledger().erase(&LearnerRef([3; 16]), "ada").await.expect("erased");
    assert_eq!(intake.ledger().people_like("berg").await.expect("people").len(), 1);
    let rex = browser.signed_in("rex").await;
    assert!(rex.page("/desk/search?q=anna").await.contains("van der Berg, Anna-Maria"));
}

async fn lists_say_what_the_rows_say_page_by_page(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let mut records = Vec::new();
    let device = Signer::generate().expect("a key");
    let twice = [31, 32].map(|place| {
        told(place, &device, |sheet| {
            (sheet.first_name, sheet.last_name) = ("Ada".to_owned(), "Twice".to_owned());
            sheet.birthday = Birthday { month: 1, day: 2 };
        })
    });
    for bundle in bundles().iter().take(30).chain(careless()).chain(&twice) {
        records.push(send(&intake, bundle).await.record.expect("a record"));
    }
    assert!(records.len() > 51, "more than a page");
    let rex = browser.signed_in("rex").await;
    for activity in ["", "vectors"] {
        let (mut path, mut seen) = (format!("/desk/search?activity={activity}"), Vec::new());
        loop {
            let page = rex.page(&path).await;
            seen.extend(records.iter().filter(|record| page.contains(&at(record))).copied());
            let next = page.split_once("class=\"button\" href=\"").map(|(_, rest)| rest);
            let Some(next) = next.and_then(|rest| rest.split('"').next()) else { break };
            path = next.replace("&amp;", "&");
        }
        let mut sorted = seen.clone();
        sorted.sort_by_key(at);
        sorted.dedup();
        assert_eq!((seen.len(), sorted.len()), (records.len(), records.len()), "each once");
    }
    let waiting = intake.ledger().waiting(ListState::Review, &Default::default()).await.expect("a list");
    let mut expected = 0;
    for record in &records {
        expected += usize::from(standing(&intake, record).await == Decision::Review);
    }
    assert!(expected > 0);
    assert_eq!(waiting.len(), expected);
    assert!(waiting.iter().all(|listed| !listed.reasons.is_empty()));
    let counts = intake.counts().await.expect("counts")["vectors"];
    assert_eq!(counts, intake.counts_of("vectors").await.expect("counts"));
    assert_eq!((counts.received, counts.review), (records.len() as u64, expected as u64));
    let passes = intake.first_attempts("vectors").await.expect("rates");
    let mut learners = std::collections::BTreeSet::new();
    for record in &records {
        learners.insert(intake.taken(record).await.expect("rows").expect("a record").learner());
    }
    assert!(learners.len() < records.len(), "one came twice");
    assert!(!passes.is_empty() && passes.iter().all(|pass| pass.attempts == learners.len() as u64));
    assert_eq!(counts.completed, learners.len() as u64);
    let page = rex.page("/desk/activities/vectors").await;
    assert!(page.contains("Passed at the first attempt"));
    let id = records[0].id.to_string();
    assert_eq!(rex.get(&format!("/desk/search?q={id}")).await.to, at(&records[0]));
}

async fn tickets_devices_and_erasure(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = credited(&intake).await;
    let learner = intake.taken(&record).await.expect("rows").expect("a record").learner();
    let ada = browser.signed_in("ada").await;
    let page = format!("/desk/learners/{learner}");
    let issued = ada
        .post(&format!("{page}/ticket"), &[("name", "Dr. Fictional"), ("activity", "vectors"), ("days", "7")])
        .await;
    assert!(issued.body.contains("https://cme.example.org/play/#/enrol/ey") && issued.body.contains("<svg"));
    let ticket = issued.body.split_once("/#/enrol/").expect("a link").1;
    let ticket = ticket.split('<').next().expect("a ticket");
    let picture = ada.post("/desk/qr.svg", &[("ticket", ticket)]).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    let rows = intake.ledger().of_kind("ticketed").await.expect("rows");
    let Fact::Ticketed { ticket, .. } = &rows[0].entry.fact else { panic!("a ticket") };
    let revoked = ada.post(&format!("{page}/revoke"), &[("ticket", &ticket.to_string())]).await;
    assert_eq!(revoked.to, page);
    let strange = ada.post(&format!("{page}/lost"), &[("kid", &Digest([1; 32]).to_string())]).await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND, "not this learner's device");
    let kid = record.kid.to_string();
    assert_eq!(ada.post(&format!("{page}/lost"), &[("kid", &kid)]).await.to, page);
    assert_eq!(ada.post(&format!("{page}/shared"), &[("kid", &kid)]).await.to, page);
    let of_key = intake.ledger().of_mark(&format!("key:{kid}")).await.expect("rows");
    assert!(
        of_key.iter().any(|row| matches!(row.entry.fact, Fact::KeyRevoked { .. }) && row.entry.by == "ada")
    );
    assert!(
        of_key.iter().any(|row| matches!(row.entry.fact, Fact::KeyShared { .. }) && row.entry.by == "ada")
    );
    let erase = format!("{page}/erase");
    let untyped = ada.post(&erase, &[("confirm", "yes")]).await;
    assert_eq!(untyped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(intake.ledger().person(&learner).await.expect("a person").is_some());
    assert_eq!(ada.post(&erase, &[("confirm", "erase")]).await.to, page);
    assert!(intake.ledger().person(&learner).await.expect("a person").is_none());
    assert!(ada.page(&page).await.contains("erased on"));
    assert!(ada.page(&at(&record)).await.contains("withheld or erased"));
    let entered = ada.post("/desk/enrol", &[("first", "Nora"), ("last", "Neu"), ("days", "30")]).await;
    assert!(entered.body.contains("Ticket issued"), "{}", entered.body);
    assert_eq!(intake.ledger().people_like("neu").await.expect("people").len(), 1);
}

async fn a_notice_is_shown_before_it_is_published(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let ada = browser.signed_in("ada").await;
    let path = "/desk/activities/vectors/notice";
    let words = "The dose on page 3 is <ten> times too high.";
    let preview = ada.post(path, &[("kind", "safety"), ("text", words)]).await;
    assert!(preview.body.contains("&lt;ten&gt;"), "{}", preview.body);
    assert!(intake.notices().await.expect("notices").is_empty());
    let bad = ada
        .post(path, &[("kind", "withdrawn"), ("text", words), ("pack", &Digest([1; 32]).to_string())])
        .await;
    assert_eq!(bad.status, StatusCode::NOT_FOUND);
    let done = ada.post(path, &[("kind", "safety"), ("text", words), ("step", "publish")]).await;
    assert_eq!(done.to, "/desk/activities/vectors");
    assert_eq!(intake.notices().await.expect("notices").len(), 1);
    assert!(ada.page("/desk/activities/vectors").await.contains("&lt;ten&gt;"));
}

async fn credits_are_downloaded_without_formulas(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = credited(&intake).await;
    let learner = intake.taken(&record).await.expect("rows").expect("a record").learner();
    let mut person = intake.ledger().person(&learner).await.expect("rows").expect("a person");
    person.first_name = "=HYPERLINK(\"x\")".to_owned();
    intake.ledger().know(&person).await.expect("written");
    let rex = browser.signed_in("rex").await;
    let path = at(&record);
    assert_eq!(rex.post(&format!("{path}/reverse"), &[("note", "x"), ("after", "1")]).await.to, path);
    let seen = rex.get("/desk/downloads/credits.csv?from=2020-01-01&until=2099-12-31&activity=vectors").await;
    assert_eq!(seen.headers["content-type"], "text/csv; charset=utf-8");
    let lines: Vec<&str> = seen.body.lines().collect();
    assert!(lines[0].contains(",credit_id,credit_name,amount,"), "{}", lines[0]);
    let (given, taken_back): (Vec<&str>, Vec<&str>) =
        lines[1..].iter().partition(|line| line.contains(",given,"));
    assert!(!given.is_empty() && given.len() == taken_back.len(), "{}", seen.body);
    for line in given.iter().chain(&taken_back) {
        assert!(
            line.contains(",practice-points,practice points,")
                || line.contains(",moc-points,maintenance points,"),
            "{line}"
        );
    }
    assert!(lines[1].contains("\"'=HYPERLINK(\"\"x\"\")\""), "{}", lines[1]);
    let none = rex.page("/desk/downloads/credits.csv?from=2020-01-01&until=2020-12-31").await;
    assert_eq!(none.lines().count(), 1);
    assert_eq!(rex.get("/desk/downloads/credits.csv").await.status, StatusCode::BAD_REQUEST);
}

async fn accounts_are_made_changed_and_keep_one_administrator(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let ada = browser.signed_in("ada").await;
    for (name, password, words) in [
        ("rex", "a long enough one", "an account of this name"),
        ("rule", "a long enough one", "Expected lowercase"),
        ("No Name", "a long enough one", "Expected lowercase"),
        ("eve", "short", "at least 12"),
    ] {
        let seen =
            ada.post("/desk/staff", &[("name", name), ("role", "reviewer"), ("password", password)]).await;
        assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(seen.body.contains(words), "{name}: {}", seen.body);
    }
    let new = [("name", "eve"), ("role", "administrator"), ("password", PASSWORD)];
    assert_eq!(ada.post("/desk/staff", &new).await.to, "/desk/staff");
    let eve = browser.signed_in("eve").await;
    assert_eq!(eve.get("/desk/staff").await.to, "/desk/password", "a first password is changed first");
    let own = [("current", PASSWORD), ("new", "a password of my own"), ("again", "a password of my own")];
    assert_eq!(eve.post("/desk/password", &own).await.to, "/desk");
    assert_eq!(eve.get("/desk/staff").await.status, StatusCode::OK);
    assert_eq!(ada.post("/desk/staff/ada", &[("act", "deactivate")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(eve.post("/desk/staff/ada", &[("act", "deactivate")]).await.to, "/desk/staff");
    assert_eq!(ada.get("/desk").await.to, "/desk/sign-in");
    let refused = browser.try_sign_in("ada", PASSWORD, "192.0.2.7").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "who is deactivated does not sign in");
    let ledger = intake.ledger();
    let eva = ledger.staff("eve").await.expect("a row").expect("an account");
    let reviewer = Staff { role: Role::Reviewer, ..eva.clone() };
    let told = Entry::acted(time::now(), "ada", "staff_changed", "eva");
    assert!(!ledger.set_staff(&reviewer, &told).await.expect("an answer"), "the last administrator");
    assert!(!ledger.set_staff(&Staff { active: false, ..eva }, &told).await.expect("an answer"));
    assert_eq!(eve.post("/desk/staff/rex", &[("act", "administrator")]).await.to, "/desk/staff");
    let rex = browser.signed_in("rex").await;
    assert_eq!(rex.get("/desk/staff").await.status, StatusCode::OK);
    assert_eq!(
        eve.post("/desk/staff/rex", &[("act", "password"), ("password", "for the first time")]).await.to,
        "/desk/staff"
    );
    assert_eq!(rex.get("/desk/staff").await.to, "/desk/sign-in", "a reset ends the sessions");
}

async fn every_act_is_in_the_audit(kind: Kind) {
    let (_fresh, intake, browser) = desk(kind).await;
    let record = waiting(&intake).await;
    let (rex, ada) = (browser.signed_in("rex").await, browser.signed_in("ada").await);
    rex.page(&at(&record)).await;
    assert_eq!(
        rex.post(&format!("{}/reject", at(&record)), &[("note", "Too fast."), ("after", "1")]).await.to,
        at(&record)
    );
    let page = ada.page("/desk/audit?staff=rex").await;
    for words in ["signed in", "opened a record", "did not credit"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains(">ada</td>"));
    assert!(ada.page("/desk/audit").await.contains(">ada</td>"));
    intake.ledger().link_all().await.expect("links");
    let checked = intake.ledger().check(&[], &[]).await.expect("a ledger");
    assert_eq!((checked.waiting, checked.altered), (0, None));
    let sheet: Bundle = serde_json::from_str(hurried()).expect("a bundle");
    let sheet: LearnerSheet = serde_json::from_str(&sheet.learner.expect("a sheet")).expect("a sheet");
    for kind in ["acted", "decided", "received"] {
        for row in intake.ledger().of_kind(kind).await.expect("rows") {
            assert!(!row.entry.line().contains(&sheet.last_name), "no name in the chain");
        }
    }
}
