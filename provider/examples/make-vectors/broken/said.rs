//! Records that say something else than their log, signed by their own key.

use enduring_core::id::{Digest, ProfessionId};
use enduring_core::measure::{Credit, Points};
use enduring_core::record::Payload;
use enduring_core::session::Mode;
use enduring_provider::rehearse::Profile;

use super::fails;
use crate::draft::{BEGINS, Draft, Made};
use crate::packs::Packs;
use crate::{DEFAULT, RECEIVED, Shelf, Verdict};

/// Records that say something else than their log, signed by their own key.
pub fn claims_of_the_record(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "facts")?;
    let mut facts = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/facts-{name}"), about, &bundle, DEFAULT, fails!("record.facts"));
        Ok(())
    };
    facts("active", "More active time than the log shows.", &|p| p.active.0 += 600_000)?;
    facts("started", "Begun earlier than the log shows.", &|p| p.started.at.0 -= 1)?;
    facts("completed", "Completed a day earlier.", &|p| p.completed.at.0 -= 86_400_000)?;
    facts("completed-zone", "Completed in another zone.", &|p| p.completed.zone = "UTC".to_owned())?;
    facts("signed", "Signed earlier.", &|p| p.signed.at.0 -= 1)?;
    facts("acknowledged", "The front matter acknowledged earlier.", &|p| {
        p.front_matter.acknowledged.at.0 -= 1
    })?;
    facts("front-matter", "Another front matter.", &|p| p.front_matter.digest = Digest([7; 32]))?;
    facts("version", "Another version of the activity.", &|p| p.activity.version = "2.0.0".to_owned())?;
    facts("provider", "Another provider.", &|p| p.activity.provider = "Somebody Else".to_owned())?;
    facts("rules", "Another rules number.", &|p| p.rules = 2)?;
    facts("attestation", "Another wording of the attestation.", &|p| {
        p.attestation.version = "2027-01".to_owned()
    })?;
    let bundle = Draft::played(&packs.full, "mode", Profile::Good, Mode::Rehearsal, "nurse", BEGINS)?
        .claiming(|payload| payload.mode = Mode::Credit)?;
    let disguised =
        Verdict("invalid", "reject", &[("record.facts", "failed"), ("policy.rehearsal", "failed"), RECEIVED]);
    shelf.add(
        "invalid/facts-mode",
        "A rehearsal that says it is a learner's: the log knows better.",
        &bundle,
        DEFAULT,
        disguised,
    );

    let mut score = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/score-{name}"), about, &bundle, DEFAULT, fails!("record.score"));
        Ok(())
    };
    score("points", "More points than the replay computes.", &|p| {
        p.score.tests[0].attempts[0].points = Points(9_000)
    })?;
    score("right", "More items right.", &|p| p.score.tests[0].attempts[0].right += 1)?;
    score("passed", "An attempt said to be not passed.", &|p| p.score.tests[0].attempts[0].passed ^= true)?;
    score("objective", "More right on one objective.", &|p| {
        p.score.tests[0].attempts[0].objectives[0].items += 1
    })?;
    score("case", "A case said to have been played twice.", &|p| p.score.cases[0].plays = 2)?;
    score("attempt-dropped", "An attempt is left out.", &|p| p.score.tests[0].attempts.clear())?;
    score("active", "Another active time in the score.", &|p| p.score.active.0 += 1)?;

    let mut claims = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/claims-{name}"), about, &bundle, DEFAULT, fails!("record.claims"));
        Ok(())
    };
    claims("amount", "More credit than the log claims.", &|p| p.claims[0].amount = Credit(50))?;
    claims("maximum", "Another maximum than the pack's.", &|p| p.claims[0].maximum = Credit(500))?;
    claims("name", "Credit by another name.", &|p| p.claims[0].name = "AMA PRA Category 1".to_owned())?;
    claims("accreditor", "Another accreditor.", &|p| p.claims[0].accreditor = "Somebody Else".to_owned())?;
    claims("doubled", "A claim twice.", &|p| p.claims.push(p.claims[0].clone()))?;
    claims("dropped", "A claim left out.", &|p| p.claims.clear())?;

    let bundle = draft.claiming(|payload| {
        if let Ok(nurse) = ProfessionId::new("nurse") {
            payload.profession = nurse;
        }
    })?;
    let contradicts =
        Verdict("invalid", "reject", &[("record.claims", "failed"), ("part.learner", "failed"), RECEIVED]);
    shelf.add(
        "invalid/claims-profession",
        "Another profession than the log's and the sheet's.",
        &bundle,
        DEFAULT,
        contradicts,
    );
    Ok(())
}
