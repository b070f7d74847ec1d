//! Separate parts that are not the ones that were signed, or not what they should be.

use enduring_core::id::{Digest, ProfessionId};
use enduring_core::json;
use enduring_core::record::{
    Bundle, ConsentSheet, EvaluationAnswer, EvaluationReply, EvaluationSheet, LearnerSheet, SheetText,
};
use enduring_core::session::Event;

use super::fails;
use crate::draft::{Draft, Made};
use crate::packs::Packs;
use crate::{DEFAULT, RECEIVED, Shelf, Verdict};

/// What is done to the consents that were given.
type Change = fn(ConsentSheet) -> ConsentSheet;

/// Consent sheets that are bound to the record and do not answer what was asked.
const CONSENTS: [(&str, &str, Change); 2] = [
    ("consent-unanswered", "A consent of the activity was left out.", |mut sheet| {
        sheet.answers.pop();
        sheet
    }),
    ("consent-other-version", "An answer to another version of a consent.", |mut sheet| {
        sheet.answers.iter_mut().for_each(|answer| answer.version.push('x'));
        sheet
    }),
];

pub fn parts(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "parts")?;
    let other = Draft::new(&packs.full, "other parts")?;
    let honest = draft.bundle(&draft.payload()?)?;
    let mut add = |name: &str, about: &str, bundle: String, verdict: Verdict| {
        shelf.add(&format!("invalid/part-{name}"), about, &bundle, DEFAULT, verdict);
    };
    let (learner, consent, evaluation) =
        (fails!("part.learner"), fails!("part.consent"), fails!("part.evaluation"));
    let with = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = honest.clone();
        change(&mut bundle);
        bundle.encode()
    };
    let text = draft.learner.clone().ok_or("a learner sheet")?;
    add(
        "learner-swapped",
        "Another learner's sheet.",
        with(&|b| b.learner.clone_from(&other.learner)),
        learner,
    );
    add(
        "learner-edited",
        "The name was edited.",
        with(&|b| b.learner = Some(text.replacen("Fictional", "Fictitious", 1))),
        learner,
    );
    add(
        "learner-spaced",
        "The same sheet with a space: the bytes are what was signed.",
        with(&|b| b.learner = Some(format!("{text} "))),
        learner,
    );
    add(
        "consent-swapped",
        "Another learner's consents.",
        with(&|b| b.consent.clone_from(&other.consent)),
        consent,
    );
    let given = draft.consent.clone().ok_or("a consent sheet")?;
    let turned = if given.contains("\"no\"") {
        given.replacen("\"no\"", "\"yes\"", 1)
    } else {
        given.replacen("\"yes\"", "\"no\"", 1)
    };
    add(
        "consent-edited",
        "A consent was turned round.",
        with(&|b| b.consent = Some(turned.clone())),
        consent,
    );
    add(
        "consent-is-learner",
        "The learner sheet in place of the consents.",
        with(&|b| b.consent = Some(text.clone())),
        consent,
    );
    add(
        "evaluation-swapped",
        "Another learner's evaluation.",
        with(&|b| b.evaluation.clone_from(&other.evaluation)),
        evaluation,
    );

    // Sheets that the record itself binds, and that are wrong all the same.
    let sheet: LearnerSheet = serde_json::from_str(&text)?;
    let nobody =
        LearnerSheet { first_name: "\u{200b}".to_owned(), last_name: " . ".to_owned(), ..sheet.clone() };
    let nobody = serde_json::to_string(&nobody)?;
    let mut described = |name: &str, about: &str, text: &str| -> Made<()> {
        let mut draft = Draft::new(&packs.full, name)?;
        draft.describe(text)?;
        add(&format!("learner-{name}"), about, draft.honest()?, learner);
        Ok(())
    };
    described("nobody", "A learner sheet that names nobody.", &nobody)?;
    described("no-sheet", "Bound to the record, but no learner sheet.", "{\"name\":\"Maple\"}")?;
    described(
        "doubled-member",
        "A learner sheet with a member twice.",
        &text.replacen('{', "{\"salt\":\"\",", 1),
    )?;
    described(
        "unknown-member",
        "A learner sheet with the year of birth.",
        &text.replacen("\"month\"", "\"year\":1980,\"month\"", 1),
    )?;
    let mut impossible = sheet.clone();
    (impossible.birthday.month, impossible.birthday.day) = (2, 30);
    described("birthday", "Born on the 30th of February.", &SheetText::of(&impossible).text)?;
    let mut unkept = sheet.clone();
    unkept.last_name.push('\0');
    described("control", "A name with a character that is none.", &SheetText::of(&unkept).text)?;
    let mut long = sheet.clone();
    long.first_name = "Ash".repeat(34);
    described("long-name", "A name that no form takes.", &SheetText::of(&long).text)?;
    let nurse = LearnerSheet { profession: ProfessionId::new("nurse")?, ..sheet };
    described("profession", "A sheet with another profession than the log.", &SheetText::of(&nurse).text)?;

    let mut consents = Draft::new(&packs.full, "consents")?;
    let junk = given.replacen("\"answers\"", "\"answer\"", 1);
    let place = consents.find(|event| matches!(event, Event::ConsentsAnswered { .. }))?;
    consents.change(place, |entry| {
        entry.event = Event::ConsentsAnswered { sheet: Digest::of(&[junk.as_bytes()]) }
    })?;
    consents.consent = Some(junk);
    add("consent-no-sheet", "Bound to the record, but no consent sheet.", consents.honest()?, consent);

    for (name, about, change) in CONSENTS {
        let mut draft = Draft::new(&packs.full, name)?;
        let given: ConsentSheet = json::read(&draft.consent.clone().ok_or("a consent sheet")?)?;
        let sheet = SheetText::of(&change(given));
        let place = draft.find(|event| matches!(event, Event::ConsentsAnswered { .. }))?;
        draft.change(place, |entry| entry.event = Event::ConsentsAnswered { sheet: sheet.digest })?;
        draft.consent = Some(sheet.text);
        add(name, about, draft.honest()?, consent);
    }

    evaluations(&mut add, packs, evaluation)?;

    let plain = Draft::new(&packs.plain, "uninvited")?;
    let bundle = Bundle { consent: Some(given.clone()), ..plain.bundle(&plain.payload()?)? }.encode();
    let uninvited =
        Verdict("invalid", "reject", &[("part.consent", "failed"), ("part.evaluation", "skipped"), RECEIVED]);
    add("consent-uninvited", "Consents that the record does not name.", bundle, uninvited);
    Ok(())
}

/// Evaluation sheets that are signed and do not hold the answers of the log.
fn evaluations(
    add: &mut impl FnMut(&str, &str, String, Verdict),
    packs: &Packs,
    verdict: Verdict,
) -> Made<()> {
    let mut change = |name: &str, about: &str, change: &dyn Fn(&mut Vec<String>) -> Made<()>| -> Made<()> {
        let mut draft = Draft::new(&packs.full, name)?;
        let text = draft.evaluation.clone().ok_or("an evaluation")?;
        let mut sheet: EvaluationSheet = serde_json::from_str(&text)?;
        change(&mut sheet.answers)?;
        draft.evaluation = Some(SheetText::of(&sheet).text);
        add(&format!("evaluation-{name}"), about, draft.honest()?, verdict);
        Ok(())
    };
    change("edited", "An answer was edited before the record was signed.", &|answers| {
        let mut answer: EvaluationAnswer = serde_json::from_str(&answers[0])?;
        answer.reply = EvaluationReply::Number(5);
        answers[0] = SheetText::of(&answer).text;
        Ok(())
    })?;
    change("reordered", "The answers in another order than the log's.", &|answers| {
        answers.swap(0, 1);
        Ok(())
    })?;
    change("dropped", "An answer is missing.", &|answers| {
        answers.pop();
        Ok(())
    })?;
    change("added", "An answer that the log does not have.", &|answers| {
        answers.push(answers[0].clone());
        Ok(())
    })
}
