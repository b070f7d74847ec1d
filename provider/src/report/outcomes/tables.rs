//! The tables of the outcomes, once for HTML and CSV: both show the same.

use enduring_core::session::Certain;

use super::asked::{Asked, Replies};
use super::pairs::{About, PairRow};
use super::{Figures, Outcomes, TestRow, gaps, percent};
use crate::report::ReportFile;
use crate::report::cells::{Cell, Sheet};
use crate::report::page::Table;
use crate::report::suppress::Shown;

/// A row whose figures may be hidden: what it is about, then its figures, or why there are none.
fn row<T>(
    about: Vec<Cell>,
    width: usize,
    shown: &Shown<T>,
    cells: impl FnOnce(&T) -> Vec<Cell>,
) -> Vec<Cell> {
    let mut row = about;
    match shown.figure() {
        Some(figure) => row.extend(cells(figure)),
        None => row.extend((0..width).map(|_| Cell::text(shown.instead()))),
    }
    row
}

pub(super) fn participation(outcomes: &Outcomes<'_>, figures: &Figures) -> Table {
    let mut table = Table::new("participation", "Learners and credit", &["what", "learners", "figure"]);
    let taken = &figures.participation;
    let minutes = taken.minutes.map_or(Cell::Empty, |minutes| Cell::figure(Some(minutes), 0));
    table.rows.push(vec![
        Cell::text("Learners; median active minutes"),
        Cell::count(taken.learners),
        minutes,
    ]);
    for (name, shown) in &taken.professions {
        let about = vec![Cell::text(format!("Profession: {name}"))];
        table.rows.push(row(about, 1, shown, |count| vec![Cell::count(*count), Cell::Empty]));
    }
    for (name, shown) in &taken.credits {
        let about = vec![Cell::text(format!("Credit: {name}"))];
        table.rows.push(row(about, 2, shown, |credit| {
            let total = if credit.total > 0.0 { Cell::figure(Some(credit.total), 2) } else { Cell::Empty };
            vec![Cell::count(credit.learners), total]
        }));
    }
    for (name, shown) in [
        ("Left out: completed the activity before", &outcomes.repeated),
        ("Left out: did not let the provider use their answers", &outcomes.refused),
    ] {
        table.rows.push(row(vec![Cell::text(name)], 1, shown, |count| vec![Cell::count(*count)]));
    }
    table
}

pub(super) fn pairs(outcomes: &Outcomes<'_>, rows: &[PairRow]) -> Table {
    let head = &[
        "items of",
        "learners",
        "mean before %",
        "SD before",
        "mean after %",
        "SD after",
        "Cohen's d_av",
        "95 % low",
        "95 % high",
        "normalised gain",
    ];
    let mut table = Table::new("pairs", "Before and after, paired by learner", head);
    for pair in rows {
        let about = vec![Cell::text(about(outcomes, pair.about))];
        table.rows.push(row(about, 9, &pair.shown, |paired| match paired {
            None => vec![Cell::count(0)],
            Some(paired) => vec![
                Cell::count(paired.n),
                Cell::figure(Some(paired.before), 1),
                Cell::figure(paired.before_deviation, 1),
                Cell::figure(Some(paired.after), 1),
                Cell::figure(paired.after_deviation, 1),
                Cell::figure(paired.effect.map(|effect| effect.d), 2),
                Cell::figure(paired.effect.map(|effect| effect.low), 2),
                Cell::figure(paired.effect.map(|effect| effect.high), 2),
                Cell::figure(paired.gain, 2),
            ],
        }));
    }
    table
}

/// What a comparison is about, in words.
pub(super) fn about(outcomes: &Outcomes<'_>, about: About) -> String {
    match about {
        About::All => "All items".to_owned(),
        About::Objective(place) => {
            let objective = outcomes.content.activity().objectives.get(place);
            objective.map_or_else(String::new, |objective| objective.text.clone())
        }
        About::Level(level) => level.words().to_owned(),
    }
}

pub(super) fn tests(tests: &[TestRow]) -> Table {
    let head = &["test", "learners", "mean %", "SD", "passed at first %", "KR-20 (learners, items)"];
    let mut table = Table::new("tests", "Tests, first attempts", head);
    for test in tests {
        table.rows.push(row(vec![Cell::text(&test.title)], 5, &test.figures, |figures| {
            vec![
                Cell::count(figures.learners),
                Cell::figure(figures.mean, 1),
                Cell::figure(figures.deviation, 1),
                figures.passed.map_or(Cell::text("not graded"), |share| Cell::figure(Some(share), 1)),
                Cell::text(reliability(test)),
            ]
        }));
    }
    table
}

fn reliability(test: &TestRow) -> String {
    let sets: Vec<String> = test
        .reliability
        .iter()
        .filter_map(Shown::figure)
        .filter(|set| set.learners > 0)
        .map(|set| {
            let kr20 = set.kr20.map_or_else(|| "not defined".to_owned(), |kr20| format!("{kr20:.2}"));
            format!("{kr20} ({}, {})", set.learners, set.items)
        })
        .collect();
    if sets.is_empty() { "no five learners had the same items".to_owned() } else { sets.join("; ") }
}

pub(super) fn items(tests: &[TestRow]) -> Table {
    let head = &["test", "item", "question", "learners", "right %", "point-biserial", "sure and wrong %"];
    let mut table = Table::new("items", "Items, first attempts", head);
    for test in tests {
        for item in &test.items {
            let about =
                vec![Cell::text(&test.title), Cell::text(item.id.to_string()), Cell::text(&item.stem)];
            table.rows.push(row(about, 4, &item.shown, |figures| {
                vec![
                    Cell::count(figures.learners),
                    Cell::figure(Some(figures.right), 1),
                    Cell::figure(figures.discrimination, 2),
                    figures
                        .sure_and_wrong
                        .map_or(Cell::text("not asked"), |share| Cell::figure(Some(share), 1)),
                ]
            }));
        }
    }
    table
}

pub(super) fn options(tests: &[TestRow]) -> Table {
    let head = &["test", "item", "answer", "key", "learners", "%"];
    let mut table = Table::new("options", "What was picked, first attempts", head);
    for test in tests {
        for item in &test.items {
            let Some(figures) = item.shown.figure() else { continue };
            for picked in &figures.picked {
                table.rows.push(vec![
                    Cell::text(&test.title),
                    Cell::text(item.id.to_string()),
                    Cell::text(&picked.text),
                    Cell::text(if picked.key { "key" } else { "" }),
                    Cell::count(picked.count),
                    Cell::figure(percent(picked.count, figures.learners), 1),
                ]);
            }
        }
    }
    table
}

pub(super) fn calibration(tests: &[TestRow]) -> Table {
    let head = &["test", "certainty", "answers", "right %", "right % expected"];
    let mut table = Table::new("calibration", "Certainty and being right, first attempts", head);
    for test in tests {
        for (level, shown) in &test.calibration {
            let about = vec![Cell::text(&test.title), Cell::text(certainty(*level).0)];
            table.rows.push(row(about, 2, shown, |figures| {
                vec![
                    Cell::count(figures.answers),
                    Cell::figure(Some(figures.right), 1),
                    Cell::text(certainty(*level).1),
                ]
            }));
        }
    }
    table
}

/// A certainty in words, and the share of right answers that goes with it.
/// Source: Gardner-Medwin AR, the switch points of certainty-based marking.
pub(super) fn certainty(level: Option<Certain>) -> (&'static str, &'static str) {
    match level {
        Some(Certain::C1) => ("C1, unsure", "below 67"),
        Some(Certain::C2) => ("C2, fairly sure", "67 to 80"),
        Some(Certain::C3) => ("C3, sure", "above 80"),
        None => ("not said", ""),
    }
}

pub(super) fn plays(figures: &Figures) -> Table {
    let head = &["case or patient", "what", "learners", "mean %", "SD", "median %"];
    let mut table = Table::new("plays", "Cases and simulated patients, first plays", head);
    for play in &figures.plays {
        let title = || Cell::text(&play.title);
        table.rows.push(row(vec![title(), Cell::text("All of it")], 4, &play.figures, |figures| {
            vec![
                Cell::count(figures.learners),
                Cell::figure(figures.mean, 1),
                Cell::figure(figures.deviation, 1),
                Cell::figure(figures.median, 1),
            ]
        }));
        for decision in &play.decisions {
            let about = vec![title(), Cell::text(format!("Decision: {}", decision.prompt))];
            table.rows.push(row(about, 2, &decision.shown, |(learners, mean)| {
                let mean = if *learners > 0 { Cell::figure(*mean, 1) } else { Cell::Empty };
                vec![Cell::count(*learners), mean]
            }));
        }
        let Some(figures) = play.figures.figure() else { continue };
        for (ending, count) in &figures.endings {
            table.rows.push(vec![title(), Cell::text(format!("Ended: {ending}")), Cell::count(*count)]);
        }
        if figures.again > 0 {
            table.rows.push(vec![title(), Cell::text("Played again afterwards"), Cell::count(figures.again)]);
        }
    }
    table
}

/// The answers to the questions of the evaluation that are not commitments.
pub(super) fn evaluation(asked: &[Asked]) -> Table {
    let head = &["question", "answer", "learners", "% or figure"];
    let mut table = Table::new("evaluation", "Evaluation", head);
    for question in asked {
        let about = |answer: &str| vec![Cell::text(&question.text), Cell::text(answer)];
        let Some(figures) = question.shown.figure() else {
            let mut hidden = about("");
            hidden.push(Cell::text(question.shown.instead()));
            table.rows.push(hidden);
            continue;
        };
        let mut counted = |counts: &[(String, usize)]| {
            for (text, count) in counts {
                let mut row = about(text);
                row.push(Cell::count(*count));
                row.push(Cell::figure(percent(*count, figures.learners), 1));
                table.rows.push(row);
            }
        };
        match &figures.replies {
            Replies::Labels(counts) => counted(counts),
            Replies::Scale { counts, mean, deviation, median } => {
                counted(counts);
                for (name, figure) in [("mean", mean), ("SD", deviation), ("median", median)] {
                    let mut row = about(name);
                    row.extend([Cell::count(figures.learners), Cell::figure(*figure, 2)]);
                    table.rows.push(row);
                }
            }
            Replies::Words(_) | Replies::Commitments(..) => {}
        }
    }
    table
}

fn own_words(question: &str, words: &Shown<Vec<String>>) -> Vec<Vec<Cell>> {
    let row = |text: &str| vec![Cell::text(question), Cell::text(text)];
    match words.figure() {
        Some(words) => words.iter().map(|text| row(text)).collect(),
        None => vec![row(words.instead())],
    }
}

pub(super) fn commitments(asked: &[Asked]) -> Table {
    let head = &["question", "commitment", "learners", "%"];
    let mut table = Table::new("commitments", "Commitments to change: intentions", head);
    for question in asked {
        let Some(figures) = question.shown.figure() else { continue };
        let Replies::Commitments(counts, _) = &figures.replies else { continue };
        for (text, count) in counts {
            table.rows.push(vec![
                Cell::text(&question.text),
                Cell::text(text),
                Cell::count(*count),
                Cell::figure(percent(*count, figures.learners), 1),
            ]);
        }
    }
    table
}

/// Own words, question by question.
pub(super) fn words(asked: &[Asked]) -> Table {
    let mut table = Table::new("words", "In their own words", &["question", "words"]);
    for question in asked {
        let words = question.shown.figure().and_then(|figures| match &figures.replies {
            Replies::Words(words) | Replies::Commitments(_, words) => Some(words),
            Replies::Labels(_) | Replies::Scale { .. } => None,
        });
        table.rows.extend(words.into_iter().flat_map(|words| own_words(&question.text, words)));
    }
    table
}

pub(super) fn needs(outcomes: &Outcomes<'_>, figures: &Figures) -> Table {
    let head = &["objective", "practice gap", "what was found"];
    let mut table = Table::new("needs", "For the next needs assessment", head);
    let activity = outcomes.content.activity();
    for finding in gaps(outcomes.content, figures) {
        let objective = finding.objective.and_then(|place| activity.objectives.get(place));
        let gap = objective.and_then(|objective| activity.gaps.iter().find(|gap| gap.id == objective.gap));
        table.rows.push(vec![
            Cell::text(objective.map_or("", |objective| objective.text.as_str())),
            Cell::text(gap.map_or("", |gap| gap.text.as_str())),
            Cell::text(finding.words),
        ]);
    }
    table
}

/// Every table of an activity; of fewer than five learners there is only the first.
fn all(outcomes: &Outcomes<'_>) -> Vec<Table> {
    let Some(figures) = outcomes.figures.figure() else {
        let mut table = Table::new("participation", "Learners and credit", &["what", "learners", "figure"]);
        table.rows.push(vec![Cell::text("Learners"), Cell::text(outcomes.figures.instead())]);
        return vec![table];
    };
    vec![
        participation(outcomes, figures),
        pairs(outcomes, &figures.pairs),
        tests(&figures.tests),
        items(&figures.tests),
        options(&figures.tests),
        calibration(&figures.tests),
        plays(figures),
        evaluation(&figures.asked),
        commitments(&figures.asked),
        words(&figures.asked),
        needs(outcomes, figures),
    ]
}

/// The tables as files, one for each kind with a row per activity.
#[must_use]
pub fn csv(all_outcomes: &[Outcomes<'_>]) -> Vec<ReportFile> {
    let mut sheets: Vec<(&'static str, Sheet)> = Vec::new();
    for outcomes in all_outcomes {
        let activity = outcomes.content.activity();
        for table in all(outcomes) {
            let place = sheets.iter().position(|(key, _)| *key == table.key).unwrap_or_else(|| {
                let mut head = vec!["activity", "version"];
                head.extend(table.head);
                sheets.push((table.key, Sheet::new(&head)));
                sheets.len() - 1
            });
            let Some((_, sheet)) = sheets.get_mut(place) else { continue };
            for row in table.rows {
                let about = [Cell::text(activity.id.to_string()), Cell::text(&activity.version)];
                sheet.row(about.into_iter().chain(row));
            }
        }
    }
    let file = |(key, sheet): (&str, Sheet)| ReportFile::new(format!("outcomes-{key}.csv"), sheet.finish());
    sheets.into_iter().map(file).collect()
}
