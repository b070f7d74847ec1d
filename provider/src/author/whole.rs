//! What is checked of the activity as a whole, once all of it was read.

use std::collections::BTreeSet;

use enduring_core::content::*;
use enduring_core::id::ItemId;

use super::diagnostic::Problem;
use super::names::{Named, Scope};
use super::source::{Folder, Span};

/// Accreditors' phrases that a sample must not carry, in lowercase without emphasis.
/// Source: the AMA's rules on the use of its credit phrase.
const CREDIT_PHRASES: [&str; 2] = ["ama pra", "category 1 credit"];

/// Phrases that are not acceptable in any activity, with what is.
/// Source: AMA PRA rules on designation statements; compare `docs/accreditation.md`.
const MISUSED: [(&str, &str); 2] = [
    (
        "approved for credit",
        "the words of the designation statement: activities are designated, not approved",
    ),
    ("accme credit", "the name of the credit; the ACCME accredits providers and gives no credit"),
];

/// Checks the activity as a whole.
pub fn whole(folder: &Folder, activity: &Activity, parts: &[Span]) {
    let whole = Whole { folder, activity, parts };
    whole.objectives();
    whole.items();
    whole.flow();
    whole.tests();
    whole.patients();
    whole.phrases();
}

struct Whole<'a> {
    folder: &'a Folder,
    activity: &'a Activity,
    parts: &'a [Span],
}

impl Whole<'_> {
    fn at<T: Named>(&self, name: &T, problem: impl FnOnce(&Span) -> Problem) {
        if let Some(span) = self.folder.names.place(&Scope::activity(), name) {
            self.folder.report(problem(&span));
        }
    }

    fn tests_with_places(&self) -> impl Iterator<Item = (&Part, &Test, &Span)> {
        self.activity.parts.iter().zip(self.parts).filter_map(|(part, place)| match &part.body {
            PartBody::Test(test) => Some((part, test, place)),
            PartBody::Reading(_) | PartBody::Case(_) | PartBody::Patient(_) | PartBody::Evaluation(_) => None,
        })
    }

    /// The items that some test can ask.
    fn asked(&self) -> BTreeSet<&ItemId> {
        let mut asked = BTreeSet::new();
        for (_, test, _) in self.tests_with_places() {
            match &test.selection {
                Selection::Items(items) => asked.extend(items),
                Selection::Draw { bank, .. } => {
                    asked.extend(self.activity.banks.iter().filter(|b| b.id == *bank).flat_map(|b| &b.items));
                }
                Selection::Form { forms, .. } => {
                    let forms = self.activity.forms.iter().filter(|known| known.id == *forms);
                    asked.extend(forms.flat_map(|forms| forms.a.iter().chain(&forms.b)));
                }
            }
        }
        asked
    }

    fn objectives(&self) {
        let asked = self.asked();
        for objective in &self.activity.objectives {
            let measured = self
                .activity
                .items
                .iter()
                .any(|item| asked.contains(&item.id) && item.objectives.contains(&objective.id));
            if !measured {
                self.at(&objective.id, |span| {
                    Problem::error(span, format!("objective `{}` is not measured", objective.id))
                        .expected("at least one item of a test that names it under `objectives`")
                });
            }
        }
        for gap in &self.activity.gaps {
            if !self.activity.objectives.iter().any(|objective| objective.gap == gap.id) {
                self.at(&gap.id, |span| {
                    Problem::warning(span, format!("no objective addresses gap `{}`", gap.id))
                        .expected("an [[objective]] with this gap")
                });
            }
        }
    }

    fn items(&self) {
        let asked = self.asked();
        for item in self.activity.items.iter().filter(|item| !asked.contains(&item.id)) {
            self.at(&item.id, |span| {
                Problem::warning(span, format!("no test asks item `{}`", item.id))
                    .expected("the item in a test, a bank or a set of forms that a test uses")
            });
        }
    }

    fn flow(&self) {
        let parts = &self.activity.parts;
        let evaluations: Vec<usize> = parts
            .iter()
            .enumerate()
            .filter(|(_, part)| matches!(part.body, PartBody::Evaluation(_)))
            .map(|(place, _)| place)
            .collect();
        match evaluations.as_slice() {
            [_] => {}
            [] => self.folder.report(
                Problem::file("activity.toml", "the flow has no evaluation")
                    .expected("a [[part]] with kind = \"evaluation\""),
            ),
            [_, second, ..] => {
                if let Some(place) = self.parts.get(*second) {
                    self.folder.report(
                        Problem::error(place, "the flow has two evaluations").expected("one evaluation"),
                    );
                }
            }
        }
        let last_pre = parts.iter().rposition(|part| has_role(part, TestRole::Pre));
        let first_post = parts.iter().position(|part| has_role(part, TestRole::Post));
        if let (Some(pre), Some(post)) = (last_pre, first_post)
            && pre > post
            && let Some(place) = self.parts.get(pre)
        {
            self.folder.report(
                Problem::error(place, "a pre-test after the post-test").expected("the pre-test first"),
            );
        }
    }

    fn tests(&self) {
        for (_, test, place) in self.tests_with_places() {
            if let Selection::Draw { bank, count } = &test.selection
                && let Some(known) = self.activity.banks.iter().find(|known| known.id == *bank)
                && known.items.len() < usize::from(*count)
            {
                self.folder.report(
                    Problem::error(place, format!("bank `{bank}` is smaller than the draw"))
                        .expected(format!("at most {}", known.items.len()))
                        .found(count.to_string()),
                );
            }
            if test.role == TestRole::Pre && test.policy.threshold.is_some() {
                self.folder.report(
                    Problem::warning(place, "the pre-test is graded: nobody who fails it goes on")
                        .expected("threshold = \"none\" under [part.policy]"),
                );
            }
            if test.policy.cool_down.0 > 0 && test.policy.attempts == Some(1) {
                self.folder.report(
                    Problem::warning(place, "a wait after the only attempt")
                        .expected("more attempts, or no `cool_down_minutes`"),
                );
            }
        }
        for forms in &self.activity.forms {
            let turn = |wanted: FormTurn| {
                self.tests_with_places().any(|(_, test, _)| {
                    matches!(&test.selection, Selection::Form { forms: set, turn } if *set == forms.id && *turn == wanted)
                })
            };
            if turn(FormTurn::First) != turn(FormTurn::Second) {
                self.at(&forms.id, |span| {
                    Problem::warning(span, format!("only one of the forms `{}` is asked", forms.id))
                        .expected("a test with turn = \"first\" and one with turn = \"second\"")
                });
            }
        }
    }

    /// A simulation is never the only gate to credit.
    fn patients(&self) {
        let graded = self.tests_with_places().any(|(_, test, _)| {
            test.role == TestRole::Post && test.policy.threshold.is_some_and(|least| least.0 > 0)
        });
        for (part, place) in self.activity.parts.iter().zip(self.parts) {
            if matches!(part.body, PartBody::Patient(_)) && !graded {
                self.folder.report(
                    Problem::error(place, "a simulated patient is the only gate to credit").expected(
                        "a test with role = \"post\" and a `threshold` above 0 in the same activity",
                    ),
                );
            }
        }
    }

    /// No sample carries an accreditor's credit phrase, and no activity a misused one.
    fn phrases(&self) {
        let sample = self.activity.front.sample.is_some();
        for file in self.folder.texts() {
            // Emphasis hides nothing; every replaced byte is one byte, so places stay.
            let plain = file.text.to_ascii_lowercase().replace(['*', '_', '\n'], " ");
            let at = |phrase: &str| {
                plain
                    .find(phrase)
                    .map(|start| Span { file: file.clone(), range: start..start + phrase.len() })
            };
            for phrase in CREDIT_PHRASES.iter().filter(|_| sample) {
                if let Some(span) = at(phrase) {
                    self.folder.report(
                        Problem::error(&span, "a sample carries an accreditor's credit phrase")
                            .expected("another name for the credit, as `practice points`")
                            .found(format!("`{}`", span.text())),
                    );
                }
            }
            for (phrase, instead) in MISUSED {
                if let Some(span) = at(phrase) {
                    self.folder.report(
                        Problem::warning(&span, "a phrase that accreditors do not accept")
                            .expected(instead)
                            .found(format!("`{}`", span.text())),
                    );
                }
            }
        }
    }
}

fn has_role(part: &Part, role: TestRole) -> bool {
    matches!(&part.body, PartBody::Test(test) if test.role == role)
}
