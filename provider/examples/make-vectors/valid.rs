//! Sound records: those that are credited, and those on which a policy has a word.

use std::fs;
use std::path::Path;

use enduring_core::encode::{base64url, unbase64url};
use enduring_core::measure::{Credit, Timestamp};
use enduring_core::record::{Assurance, BUNDLE_MAX, Bundle, Place};
use enduring_core::session::{Event, Mode};
use enduring_provider::key::jwks;
use enduring_provider::rehearse::Profile;

use crate::draft::{BEGINS, Draft, Made};
use crate::packs::Packs;
use crate::{Checks, DEFAULT, Given, RECEIVED, Shelf, Verdict};

const NO_MORE: Checks = &[RECEIVED];
const CREDIT: Verdict = Verdict("valid", "credit", NO_MORE);
const STRICT: Given = Given { policy: Some("policy-strict.toml"), ..DEFAULT };
const LENIENT: Given = Given { policy: Some("policy-lenient.toml"), ..DEFAULT };
/// The order of P-256, for the other spelling of a signature.
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

pub fn make(shelf: &mut Shelf, packs: &Packs, root: &Path) -> Made<()> {
    credited(shelf, packs)?;
    enrolled(shelf, packs, root)?;
    spelled_otherwise(shelf, packs)?;
    handled(shelf, packs)?;
    times(shelf, packs)
}

fn credited(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let full = &packs.full;
    let learner =
        |profession| Draft::played(full, profession, Profile::Good, Mode::Credit, profession, BEGINS);
    let bundle = learner("nurse")?.honest()?;
    shelf.add(
        "valid/self-identified",
        "A nurse's record; its key is known only from the bundle.",
        &bundle,
        DEFAULT,
        CREDIT,
    );
    let received = Given { received: Some("2026-11-12T00:00:00Z"), ..DEFAULT };
    let in_time = Verdict("valid", "credit", &[]);
    shelf.add("valid/received-in-time", "Received two days after it was signed.", &bundle, received, in_time);
    let bundle = learner("physician")?.honest()?;
    shelf.add("valid/two-credits", "A physician claims both kinds of credit.", &bundle, DEFAULT, CREDIT);
    let bundle = learner("other")?.honest()?;
    shelf.add(
        "valid/participation",
        "A profession that no credit is for: the list of claims is empty.",
        &bundle,
        DEFAULT,
        CREDIT,
    );

    let mut draft = Draft::new(full, "session-only")?;
    draft.signing.assurance = Assurance::SessionOnly;
    let bundle = draft.honest()?;
    shelf.add(
        "valid/session-only-key",
        "The device could not store its key; the default policy accepts that.",
        &bundle,
        DEFAULT,
        CREDIT,
    );
    let reviewed = Verdict(
        "valid",
        "review",
        &[("policy.assurance", "flagged"), ("policy.enrolled", "flagged"), RECEIVED],
    );
    shelf.add(
        "policy/session-only-key",
        "The same under a policy that reviews such keys, and those that are not enrolled.",
        &bundle,
        STRICT,
        reviewed,
    );

    let mut draft = Draft::new(full, "embedded")?;
    draft.signing.place = Place::Embedded("https://hospital.example".to_owned());
    shelf.add(
        "valid/embedded",
        "Played in a frame of another site's page.",
        &draft.honest()?,
        DEFAULT,
        CREDIT,
    );

    let nothing =
        Verdict("valid", "credit", &[("part.consent", "skipped"), ("part.evaluation", "skipped"), RECEIVED]);
    let bundle = Draft::new(&packs.plain, "nothing-asked")?.honest()?;
    shelf.add(
        "valid/nothing-asked",
        "An activity without consents and evaluation: their digests are null.",
        &bundle,
        DEFAULT,
        nothing,
    );

    let bundle = Draft::retaken(full)?.honest()?;
    shelf.add(
        "valid/retaken",
        "The post-test was failed once and passed after the wait.",
        &bundle,
        DEFAULT,
        CREDIT,
    );
    Ok(())
}

fn enrolled(shelf: &mut Shelf, packs: &Packs, root: &Path) -> Made<()> {
    if !shelf.lacks("valid/enrolled") {
        return Ok(());
    }
    let draft = Draft::new(&packs.full, "enrolled")?;
    fs::write(root.join("enrolled.json"), jwks(&[draft.signer.public()])?)?;
    let given = Given { enrolled: Some("enrolled.json"), ..STRICT };
    let trusted = Verdict("trusted", "credit", NO_MORE);
    shelf.add(
        "valid/enrolled",
        "The key is enrolled, as the strict policy wants.",
        &draft.honest()?,
        given,
        trusted,
    );
    Ok(())
}

/// The same record in other bytes where the format leaves a choice.
fn spelled_otherwise(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "spelled")?;
    let payload = draft.payload()?;
    let bundle = draft.bundle(&payload)?;
    let text = bundle.encode();

    let (input, signature) = bundle.record.rsplit_once('.').ok_or("a record has dots")?;
    let signature = unbase64url(signature).ok_or("base64url")?;
    let malleated =
        format!("{input}.{}", base64url(&[&signature[..32], &from_order(&signature[32..])].concat()));
    let other = Bundle { record: malleated, ..bundle.clone() }.encode();
    shelf.add("valid/other-signature", "s is replaced by n - s: ECDSA accepts both, and a record is never known by the bytes of its signature.", &other, DEFAULT, CREDIT);

    let header =
        |kid: &str| format!("{{ \"kid\": \"{kid}\", \"typ\": \"enduring-record+jwt\", \"alg\": \"ES256\" }}");
    shelf.add(
        "valid/header-spaced",
        "The header's members in another order, with spaces.",
        &draft.headed(header)?,
        DEFAULT,
        CREDIT,
    );

    let pretty: serde_json::Value = serde_json::from_str(&text)?;
    shelf.add(
        "valid/bundle-indented",
        "The bundle over several lines, its members sorted.",
        &serde_json::to_string_pretty(&pretty)?,
        DEFAULT,
        CREDIT,
    );
    let escaped = text.replace("front_matter", "front\\u005fmatter").replace('-', "\\u002d");
    shelf.add(
        "valid/bundle-escaped",
        "Characters of the bundle's strings as \\u escapes: the log's bytes are those of the string.",
        &escaped,
        DEFAULT,
        CREDIT,
    );

    let given = Given { pad_to: Some(BUNDLE_MAX - 1), ..DEFAULT };
    shelf.add("valid/below-the-cap", "A byte below the largest bundle.", &text, given, CREDIT);
    let given = Given { pad_to: Some(BUNDLE_MAX), ..DEFAULT };
    shelf.add("valid/at-the-cap", "The largest bundle.", &text, given, CREDIT);
    let given = Given { pad_to: Some(BUNDLE_MAX + 1), ..DEFAULT };
    let large = Verdict("invalid", "reject", &[("bundle.size", "failed")]);
    shelf.add("invalid/above-the-cap", "A byte above the largest bundle.", &text, given, large);
    Ok(())
}

/// `n - s`, big-endian.
fn from_order(s: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    let mut borrow = 0;
    for place in (0..32).rev() {
        let difference = i16::from(ORDER[place]) - i16::from(s[place]) - borrow;
        borrow = i16::from(difference < 0);
        out[place] = difference.rem_euclid(256) as u8;
    }
    out
}

/// What a policy has a word on.
fn handled(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let full = &packs.full;
    let draft = Draft::new(full, "withheld")?;
    let whole = draft.bundle(&draft.payload()?)?;
    let no_learner = Bundle { learner: None, ..whole.clone() }.encode();
    let flagged = Verdict("valid", "review", &[("part.learner", "flagged"), RECEIVED]);
    shelf.add("policy/learner-withheld", "The learner sheet is kept back.", &no_learner, DEFAULT, flagged);
    let nothing = Bundle { learner: None, consent: None, evaluation: None, ..whole }.encode();
    let flagged = Verdict(
        "valid",
        "review",
        &[("part.learner", "flagged"), ("part.consent", "flagged"), ("part.evaluation", "flagged"), RECEIVED],
    );
    shelf.add("policy/all-withheld", "Every separate part is kept back.", &nothing, DEFAULT, flagged);
    shelf.add("valid/all-withheld", "The same under a policy that accepts it.", &nothing, LENIENT, CREDIT);

    let given = Given { packs: Some("packs-stranger"), ..DEFAULT };
    let stranger = Verdict(
        "valid",
        "reject",
        &[
            ("part.consent", "skipped"),
            ("part.evaluation", "skipped"),
            ("policy.pack_trust", "failed"),
            RECEIVED,
        ],
    );
    let bundle = Draft::new(&packs.stranger, "stranger")?.honest()?;
    shelf.add(
        "policy/strangers-pack",
        "The pack was signed by somebody who is no issuer.",
        &bundle,
        given,
        stranger,
    );

    let bundle =
        Draft::played(full, "rehearsal", Profile::Good, Mode::Rehearsal, "nurse", BEGINS)?.honest()?;
    let rejected = Verdict("valid", "reject", &[("policy.rehearsal", "failed"), RECEIVED]);
    shelf.add("policy/rehearsal", "A scripted learner's record, which says so.", &bundle, DEFAULT, rejected);
    let given = Given { accept_rehearsal: Some(true), ..DEFAULT };
    shelf.add("valid/rehearsal-wanted", "The same where rehearsals are wanted.", &bundle, given, CREDIT);

    let bundle = Draft::played(full, "not-for-credit", Profile::Good, Mode::NotForCredit, "nurse", BEGINS)?
        .honest()?;
    let rejected = Verdict("valid", "reject", &[("policy.for_credit", "failed"), RECEIVED]);
    shelf.add(
        "policy/not-for-credit",
        "Begun as not for credit, and nothing is claimed.",
        &bundle,
        DEFAULT,
        rejected,
    );

    let bundle = Draft::played(full, "careless", Profile::Careless, Mode::Credit, "physician", BEGINS);
    let flagged = Verdict(
        "valid",
        "review",
        &[
            ("policy.least_time", "flagged"),
            ("policy.fast_answers", "flagged"),
            ("policy.over_active", "flagged"),
            RECEIVED,
        ],
    );
    shelf.add(
        "policy/careless",
        "Clicked through without reading, with the maximum claimed.",
        &bundle?.honest()?,
        DEFAULT,
        flagged,
    );
    Ok(())
}

/// What the times say.
fn times(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let full = &packs.full;
    let honest = Draft::new(full, "times")?.honest()?;
    let given = Given { at: Some("2026-11-10T12:00:00Z"), ..DEFAULT };
    let flagged = Verdict("valid", "review", &[("policy.future", "flagged"), RECEIVED]);
    shelf.add(
        "policy/from-the-future",
        "Judged three hours before it says it was signed.",
        &honest,
        given,
        flagged,
    );
    let given = Given { at: Some("2027-11-20T00:00:00Z"), received: Some("2027-11-02T00:00:00Z"), ..DEFAULT };
    let flagged = Verdict("valid", "review", &[("policy.received", "flagged")]);
    shelf.add("policy/received-late", "Signed before termination, received after.", &honest, given, flagged);
    let given = Given { policy: LENIENT.policy, ..given };
    let accepted = Verdict("valid", "credit", &[]);
    shelf.add(
        "valid/received-late-accepted",
        "The same under a policy that accepts it.",
        &honest,
        given,
        accepted,
    );
    let flagged = Verdict("valid", "review", &[("policy.fast_answers", "flagged"), RECEIVED]);
    let given = Given { policy: Some("policy-slow.toml"), ..DEFAULT };
    shelf.add(
        "policy/fast",
        "Answers within a minute, under a policy that calls that fast.",
        &honest,
        given,
        flagged,
    );

    // Eight seconds before the first instant after the termination date.
    let last = Timestamp(full.activity().front.dates.closes.0 - 8_000);
    let bundle =
        Draft::played(full, "terminated", Profile::Good, Mode::Credit, "physician", last)?.honest()?;
    let given = Given { at: Some("2027-11-20T00:00:00Z"), ..DEFAULT };
    let rejected = Verdict("valid", "reject", &[("policy.dates", "failed"), RECEIVED]);
    shelf.add(
        "policy/terminated-midway",
        "Begun before termination and completed after; nothing could be claimed.",
        &bundle,
        given,
        rejected,
    );

    let clock = Verdict("valid", "review", &[("policy.clock", "flagged"), RECEIVED]);
    let mut draft = Draft::new(full, "backwards")?;
    draft.change(12, |entry| entry.at.0 -= 3_600_000)?;
    shelf.add(
        "policy/clock-backwards",
        "At one event the wall clock stands an hour earlier.",
        &draft.honest()?,
        DEFAULT,
        clock,
    );
    let mut draft = Draft::new(full, "visible")?;
    draft.change_from(12, |entry| entry.active.0 += 60_000)?;
    shelf.add(
        "policy/visible-beyond-wall",
        "A minute more of visible time than of wall time.",
        &draft.honest()?,
        DEFAULT,
        clock,
    );

    let mut draft = Draft::new(full, "short")?;
    draft.change_from(0, |entry| entry.active.0 /= 4)?;
    let flagged = Verdict("valid", "review", &[("policy.least_time", "flagged"), RECEIVED]);
    shelf.add(
        "policy/short",
        "Less active time than a quarter of the estimate.",
        &draft.honest()?,
        DEFAULT,
        flagged,
    );

    let mut draft = Draft::new(full, "over")?;
    let place = draft.find(|event| matches!(event, Event::Claimed { .. }))?;
    draft.change(place, |entry| {
        if let Event::Claimed { claims } = &mut entry.event {
            claims[0].amount = Credit(50);
        }
    })?;
    let flagged = Verdict("valid", "review", &[("policy.over_active", "flagged"), RECEIVED]);
    shelf.add(
        "policy/over-active",
        "Half a credit claimed for less than a quarter of an hour.",
        &draft.honest()?,
        DEFAULT,
        flagged,
    );
    Ok(())
}
