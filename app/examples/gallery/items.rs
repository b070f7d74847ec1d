//! Items of every kind.

use enduring_core::content::{Back, Certainty, Image, Reference, Reveal, TestRole, Truth};
use enduring_core::id::{ItemId, OptionId, PartId};
use enduring_core::measure::{Decimal, Millis, Points};
use enduring_core::score::Outcome;
use enduring_core::session::view::{
    Feedback, ItemBodyView, ItemView, KeyView, Note, OptionView, Pick, SlotView, TestRun,
};
use enduring_core::session::{Certain, Match, Response, TruthAnswer};

use super::p;

pub const PICTURE: &str = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='640' height='480'><rect width='640' height='480' fill='%23182226'/><ellipse cx='220' cy='240' rx='110' ry='180' fill='%234a5a60'/><ellipse cx='420' cy='240' rx='110' ry='180' fill='%234a5a60'/><circle cx='440' cy='320' r='60' fill='%23a9b3b5' opacity='.7'/></svg>";

pub fn id(name: &str) -> OptionId {
    OptionId::new(name).expect("a name")
}

pub fn options(texts: &[&str]) -> Vec<OptionView> {
    ["a", "b", "c", "d", "e", "f", "g"]
        .iter()
        .zip(texts)
        .map(|(name, text)| OptionView { id: id(name), text: p(text) })
        .collect()
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a decimal")
}

fn item(name: &str) -> ItemId {
    ItemId::new(name).expect("a name")
}

fn run(stem: &str, body: ItemBodyView) -> TestRun {
    let slot = |n: usize| SlotView { item: item(&format!("i{n}")), settled: n < 2, open: n != 2 };
    TestRun {
        part: PartId::new("post").expect("a name"),
        title: "Post-test".into(),
        role: TestRole::Post,
        attempt: 1,
        item: ItemView {
            item: item("i2"),
            number: 3,
            of: 8,
            stem: p(stem),
            image: None,
            body,
            response: None,
            certainty: Certainty::Off,
            certain: None,
            expired: false,
            feedback: None,
        },
        is_final: false,
        slots: (0..8).map(slot).collect(),
        previous: None,
        next: None,
        can_submit: false,
        reveal: Reveal::AfterItem,
        back: Back::Locked,
        item_left: None,
        attempt_left: None,
    }
}

pub fn single() -> TestRun {
    let mut run = run(
        "A 71-year-old woman with COPD is admitted with lobar pneumonia. She is alert, respiratory rate 24/min, blood pressure 118/70 mmHg, oxygen saturation 91 % on room air. She had no hospital stay or intravenous antibiotics in the last 90 days. Which treatment is best?",
        ItemBodyView::Options {
            options: options(&[
                "Ceftriaxone 1–2 g daily plus azithromycin 500 mg daily",
                "Vancomycin plus piperacillin–tazobactam, to be narrowed when cultures are back",
                "Azithromycin alone",
                "Amoxicillin 1 g three times daily by mouth and discharge with a review at 48 hours",
                "Meropenem",
            ]),
            pick: Pick::One,
        },
    );
    run.item.certainty = Certainty::Required;
    run
}

/// The state of that name.
pub fn named(name: &str) -> Option<TestRun> {
    Some(match name {
        "single" => single(),
        "pre" => {
            let mut run = single();
            run.role = TestRole::Pre;
            run.title = "Pre-test".into();
            run.reveal = Reveal::AfterPassing;
            run.back = Back::Free;
            run.previous = Some(item("i1"));
            run.next = Some(item("i3"));
            run.attempt_left = Some(Millis(754_000));
            run.item_left = Some(Millis(48_000));
            run
        }
        "image" => {
            let mut run = single();
            run.item.image = Some(Image {
                file: "media/chest.svg".into(),
                alt: "Chest radiograph, opacity in the left lower zone".into(),
                caption: "Chest radiograph, posteroanterior, on admission.".into(),
                width: 640,
                height: 480,
            });
            run
        }
        "multiple" => run(
            "Which findings favor admission to hospital?",
            ItemBodyView::Options {
                options: options(&[
                    "New confusion",
                    "Urea 5.2 mmol/L",
                    "Respiratory rate 32/min",
                    "Age 58",
                    "Systolic pressure 86 mmHg",
                ]),
                pick: Pick::Many(Some(3)),
            },
        ),
        "menu" => run(
            "Name the decisive next steps in the first hour.",
            ItemBodyView::Options {
                options: options(&[
                    "Blood cultures",
                    "Oxygen to 92–96 %",
                    "Sputum cytology",
                    "First antibiotic dose",
                    "Bronchoscopy",
                    "CT of the abdomen",
                    "Lactate",
                ]),
                pick: Pick::Menu(3),
            },
        ),
        "statements" => run(
            "True or false?",
            ItemBodyView::Statements(options(&[
                "Procalcitonin should decide whether antibiotics are started in a patient with clinically suspected and radiographically confirmed pneumonia.",
                "Routine follow-up chest imaging is not needed when symptoms resolve within 5 to 7 days.",
                "Corticosteroids are indicated in every pneumonia.",
            ])),
        ),
        "matching" => run(
            "For each patient, choose the most likely pathogen.",
            ItemBodyView::Matching {
                options: options(&[
                    "Streptococcus pneumoniae",
                    "Legionella pneumophila",
                    "Mycoplasma pneumoniae",
                    "Staphylococcus aureus",
                    "Influenza A",
                ]),
                stems: options(&[
                    "A 58-year-old man back from a spa hotel, with diarrhea, confusion and a sodium of 126 mmol/L.",
                    "A 19-year-old student with ten days of dry cough and bullous myringitis.",
                ]),
            },
        ),
        "steps" => run(
            "Put the steps of the first hour in order.",
            ItemBodyView::Steps(options(&[
                "Give the first antibiotic dose",
                "Measure oxygen saturation and give oxygen if needed",
                "Take blood cultures",
                "Reassess and decide on the ward",
            ])),
        ),
        "number" => run(
            "How many points does CURB-65 give this patient: aged 71, alert, urea 8.1 mmol/L, rate 24/min, 118/70 mmHg?",
            ItemBodyView::Number { unit: "points".into() },
        ),
        "concordance" => run(
            "An 80-year-old woman is admitted from home with fever and cough.",
            ItemBodyView::Concordance {
                hypothesis: p("aspiration pneumonia"),
                finding: p("witnessed vomiting two hours before, and an infiltrate in the right lower lobe"),
                scale: options(&[
                    "much less likely",
                    "less likely",
                    "neither",
                    "more likely",
                    "much more likely",
                ]),
            },
        ),
        _ => return None,
    })
}

/// With an answer, as the kind takes it.
pub fn answered(mut run: TestRun) -> TestRun {
    run.item.response = Some(match &run.item.body {
        ItemBodyView::Options { pick: Pick::One, .. } | ItemBodyView::Concordance { .. } => {
            Response::Choice(id("b"))
        }
        ItemBodyView::Options { .. } => Response::Choices(vec![id("a"), id("b")]),
        ItemBodyView::Statements(rows) => Response::Truths(
            rows.iter().map(|row| TruthAnswer { statement: row.id.clone(), truth: Truth::False }).collect(),
        ),
        ItemBodyView::Matching { stems, .. } => Response::Matches(
            stems.iter().map(|stem| Match { stem: stem.id.clone(), option: id("b") }).collect(),
        ),
        ItemBodyView::Steps(steps) => Response::Order(steps.iter().map(|step| step.id.clone()).collect()),
        ItemBodyView::Number { .. } => Response::Number(decimal("3")),
    });
    if run.item.certainty != Certainty::Off {
        run.item.certain = Some(Certain::C2);
    }
    revealed(run)
}

/// With its key.
pub fn revealed(mut run: TestRun) -> TestRun {
    let key = match &run.item.body {
        ItemBodyView::Options { pick: Pick::One, .. } => KeyView::Options(vec![id("a")]),
        ItemBodyView::Options { .. } => KeyView::Options(vec![id("a"), id("c"), id("d")]),
        ItemBodyView::Statements(_) => KeyView::Truths(vec![
            TruthAnswer { statement: id("a"), truth: Truth::False },
            TruthAnswer { statement: id("b"), truth: Truth::True },
            TruthAnswer { statement: id("c"), truth: Truth::False },
        ]),
        ItemBodyView::Matching { .. } => KeyView::Matches(vec![
            Match { stem: id("a"), option: id("b") },
            Match { stem: id("b"), option: id("c") },
        ]),
        ItemBodyView::Steps(_) => KeyView::Order(vec![id("b"), id("c"), id("a"), id("d")]),
        ItemBodyView::Number { .. } => KeyView::Number { key: decimal("2"), tolerance: decimal("0") },
        ItemBodyView::Concordance { .. } => {
            KeyView::Panel(vec![(id("a"), 0), (id("b"), 0), (id("c"), 1), (id("d"), 8), (id("e"), 6)])
        }
    };
    let right = run.item.response == Some(Response::Choice(id("a")));
    let partly = matches!(run.item.response, Some(Response::Truths(_) | Response::Matches(_)));
    let note = |option: &str, text: &str| Note { option: id(option), text: p(text) };
    run.item.feedback = Some(Feedback {
        outcome: if right { Outcome::Correct } else if partly { Outcome::Partly } else { Outcome::NotCorrect },
        points: Points(if right { 1_000 } else if partly { 667 } else { 0 }),
        key,
        rationale: p("Without risk factors for MRSA or Pseudomonas aeruginosa, a β-lactam with a macrolide covers pneumococcus and the atypical pathogens. Broader treatment adds harm and no benefit."),
        notes: vec![
            note("b", "Broad treatment is for those with risk factors that were validated locally."),
            note("c", "Alone it leaves resistant pneumococci untreated."),
        ],
        references: vec![Reference {
            text: "Metlay JP, Waterer GW, Long AC, et al. Diagnosis and treatment of adults with community-acquired pneumonia. Am J Respir Crit Care Med 2019;200:e45–e67.".into(),
            url: Some("mailto:desk@example.org".into()),
        }],
    });
    run.is_final = true;
    run.next = Some(item("i3"));
    run
}
