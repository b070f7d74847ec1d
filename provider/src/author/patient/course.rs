//! The course: variables, stages, rules and endings out of `patient.toml`.

use enduring_core::content::EndingQuality;
use enduring_core::content::patient::*;
use enduring_core::measure::{Amount, Seconds};

use super::super::diagnostic::Problem;
use super::super::fields::Fields;
use super::change::Standing;
use super::formula::Formulas;
use super::places::{Places, Tables, VITALS, VariablePlace};
use super::quantity::{ANY, Quantities, SOME};

const RHYTHMS: [(&str, Rhythm); 7] = [
    ("sinus", Rhythm::Sinus),
    ("atrial-fibrillation", Rhythm::AtrialFibrillation),
    ("supraventricular-tachycardia", Rhythm::SupraventricularTachycardia),
    ("ventricular-tachycardia", Rhythm::VentricularTachycardia),
    ("ventricular-fibrillation", Rhythm::VentricularFibrillation),
    ("pulseless-electrical-activity", Rhythm::PulselessElectricalActivity),
    ("asystole", Rhythm::Asystole),
];

const SPEAKERS: [(&str, Speaker); 5] = [
    ("narrator", Speaker::Narrator),
    ("patient", Speaker::Patient),
    ("nurse", Speaker::Nurse),
    ("family", Speaker::Family),
    ("colleague", Speaker::Colleague),
];

const ENDINGS: [(&str, EndingKind); 5] = [
    ("stable", EndingKind::Stable),
    ("transferred", EndingKind::Transferred),
    ("arrest", EndingKind::Arrest),
    ("time-out", EndingKind::TimeOut),
    ("learner-ends", EndingKind::LearnerEnds),
];

/// How good an ending is, and the share of the outcome that it has by itself.
const QUALITIES: [(&str, (EndingQuality, u16)); 3] = [
    ("best", (EndingQuality::Best, 1_000)),
    ("fair", (EndingQuality::Fair, 500)),
    ("poor", (EndingQuality::Poor, 0)),
];

/// Reads the tables of the course.
pub struct Course<'a> {
    /// The tables that define names.
    pub tables: &'a Tables<'a>,
    /// What they define.
    pub places: &'a Places,
}

/// A text for when something holds, out of its table.
pub fn remark(fields: &Fields, places: &Places) -> Remark {
    Remark { when: Formulas { fields, places }.condition("when"), text: fields.prose("text") }
}

impl Course<'_> {
    /// The variables.
    pub fn variables(&self) -> Vec<Variable> {
        let known = self.places.variables.iter();
        let tables = self.tables.variables.iter().zip(known).enumerate();
        tables.map(|(at, (table, known))| variable(table, self.places, known, at)).collect()
    }

    /// The stages.
    pub fn stages(&self) -> Vec<Stage> {
        let known = self.places.stages.iter();
        self.tables
            .stages
            .iter()
            .zip(known)
            .map(|(table, id)| Stage {
                id: id.clone(),
                title: table.text("title"),
                changes: Formulas { fields: table, places: self.places }
                    .changes("changes", Standing::InStage),
            })
            .collect()
    }

    /// The rules.
    pub fn rules(&self) -> Vec<PatientRule> {
        let known = self.places.rules.iter();
        self.tables
            .rules
            .iter()
            .zip(known)
            .map(|(table, id)| {
                let formulas = Formulas { fields: table, places: self.places };
                let quantities = Quantities { fields: table, places: self.places };
                PatientRule {
                    id: id.clone(),
                    when: formulas.required_condition("when"),
                    held: quantities.optional_span("held", ANY).unwrap_or(Seconds(0)),
                    again: quantities.optional_span("again", SOME),
                    speaker: table.optional_word("speaker", &SPEAKERS).unwrap_or(Speaker::Narrator),
                    text: table.prose_or_empty("text"),
                    notice: match table.optional_truth("interrupts") {
                        Some(true) => Notice::Interrupts,
                        Some(false) | None => Notice::Quiet,
                    },
                    changes: formulas.changes("changes", Standing::Elsewhere),
                }
            })
            .collect()
    }

    /// The endings, of which one is for when the time is over.
    pub fn endings(&self, fields: &Fields) -> Vec<PatientEnding> {
        let known = self.places.endings.iter();
        let tables = self.tables.endings.iter();
        let endings: Vec<PatientEnding> =
            tables.zip(known).map(|(table, id)| ending(table, self.places, id)).collect();
        let over: Vec<&Fields> = self
            .tables
            .endings
            .iter()
            .zip(&endings)
            .filter(|(_, ending)| ending.kind == EndingKind::TimeOut)
            .map(|(table, _)| table)
            .collect();
        match over.as_slice() {
            [_] => {}
            [] => fields.report(
                Problem::error(&fields.place(), "no ending for when the time is over")
                    .expected("one [[ending]] with kind = \"time-out\""),
            ),
            [_, second, ..] => fields.report(
                Problem::error(&second.place(), "two endings for when the time is over")
                    .expected("one [[ending]] with kind = \"time-out\""),
            ),
        }
        endings
    }

    /// How the patient looks or what the patient says.
    pub fn remarks(&self, fields: &Fields, key: &'static str) -> Vec<Remark> {
        fields.tables(key).iter().map(|table| remark(table, self.places)).collect()
    }

    /// How the patient looks, which is always something.
    pub fn appearance(&self, fields: &Fields) -> Vec<Remark> {
        let remarks = self.remarks(fields, "appearance");
        if !remarks.last().is_some_and(|last| last.when == Guard::Always) {
            fields.report(
                Problem::warning(&fields.place_of("appearance"), "at times the patient looks like nothing")
                    .expected("a last [[appearance]] without `when`"),
            );
        }
        remarks
    }

    /// The rhythms on the monitor.
    pub fn rhythms(&self, fields: &Fields) -> Vec<(Guard, Rhythm)> {
        fields
            .tables("rhythm")
            .iter()
            .map(|table| {
                let when = Formulas { fields: table, places: self.places }.condition("when");
                (when, table.word("rhythm", &RHYTHMS).unwrap_or(Rhythm::Sinus))
            })
            .collect()
    }
}

/// Digits after the point; none when absent.
pub fn decimals(fields: &Fields) -> u8 {
    fields.optional_number("decimals", 0..=6).and_then(|digits| u8::try_from(digits).ok()).unwrap_or(0)
}

/// An amount without its unit.
pub fn number(amount: Amount) -> String {
    amount.decimal(6).to_string()
}

/// Values of a table, by key, of which each is to be no less than the one before.
pub fn ascending<T: Copy + PartialOrd>(
    fields: &Fields,
    message: &str,
    keys: &[(&'static str, Option<T>)],
    show: fn(T) -> String,
) {
    let there: Vec<(&str, T)> =
        keys.iter().filter_map(|(key, value)| value.map(|value| (*key, value))).collect();
    for pair in there.windows(2) {
        if let [(before, least), (key, amount)] = pair
            && amount < least
        {
            fields.report(
                Problem::error(&fields.place_of(key), message)
                    .expected(format!("at least the {} of `{before}`", show(*least)))
                    .found(show(*amount)),
            );
        }
    }
}

fn variable(fields: &Fields, places: &Places, known: &VariablePlace, at: usize) -> Variable {
    let quantities = Quantities { fields, places };
    let of = |key| quantities.amount(key, &known.unit);
    let formula = Formulas { fields, places }.of_variable("formula", &known.unit, at);
    let (min, max) = (of("min"), of("max"));
    // What a formula comes to follows once all of the patient is known.
    let initial = if formula.is_some() { min } else { of("initial") };
    let alarm = |key| quantities.optional_amount(key, &known.unit);
    let (low, high) = (alarm("alarm_low"), alarm("alarm_high"));
    let message = format!("the numbers of variable `{}` are not in order", known.id);
    ascending(fields, &message, &[("min", min), ("initial", initial), ("max", max)], number);
    ascending(fields, &message, &[("alarm_low", low), ("alarm_high", high)], number);
    begins_twice(fields);
    Variable {
        id: known.id.clone(),
        label: fields.text("label"),
        unit: fields.text_or_empty("unit"),
        vital: fields.word("vital", &VITALS).unwrap_or(Vital::Other),
        initial: initial.unwrap_or_default(),
        min: min.unwrap_or_default(),
        max: max.unwrap_or_default(),
        decimals: decimals(fields),
        formula,
        alarm_low: low,
        alarm_high: high,
    }
}

fn begins_twice(fields: &Fields) {
    if fields.has("formula") && fields.raw("initial").is_some() {
        fields.report(
            Problem::error(
                &fields.place_of("initial"),
                "a variable with a formula begins where the formula says",
            )
            .expected("no `initial` beside `formula`"),
        );
    }
}

fn ending(fields: &Fields, places: &Places, id: &enduring_core::id::EndingId) -> PatientEnding {
    let (quality, own) = fields.word("quality", &QUALITIES).unwrap_or((EndingQuality::Poor, 0));
    let share = fields.optional_number("share", 0..=1_000).and_then(|share| u16::try_from(share).ok());
    let kind = fields.word("kind", &ENDINGS).unwrap_or(EndingKind::Stable);
    let when = Formulas { fields, places }.optional_condition("when");
    if kind == EndingKind::TimeOut && when.is_some() {
        fields.report(
            Problem::error(&fields.place_of("when"), "the time is over when `limit` says so")
                .expected("no `when` for the ending with kind = \"time-out\""),
        );
    }
    PatientEnding {
        id: id.clone(),
        title: fields.text("title"),
        kind,
        quality,
        text: fields.prose("text"),
        when: when.unwrap_or(Guard::Any(Vec::new())),
        held: Quantities { fields, places }.optional_span("held", ANY).unwrap_or(Seconds(0)),
        share: share.unwrap_or(own),
    }
}
