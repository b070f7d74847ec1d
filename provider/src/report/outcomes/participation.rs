//! Level 1: who took part, for how long, and what was credited.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::facts::Cohort;
use crate::report::stats::median;
use crate::report::suppress::{Shown, parts};

/// Who took part.
pub struct Participation {
    /// Learners.
    pub learners: usize,
    /// Median of the active time, in minutes.
    pub minutes: Option<f64>,
    /// Learners by profession, by its label.
    pub professions: Vec<(String, Shown<usize>)>,
    /// Credit by kind; those with none last.
    pub credits: Vec<(String, Shown<CreditFigures>)>,
}

/// What was credited of a kind.
pub struct CreditFigures {
    /// Learners.
    pub learners: usize,
    /// The sum, in credits.
    pub total: f64,
}

pub(super) fn participation(cohort: &Cohort<'_>) -> Participation {
    let active = |millis: u64| millis as f64 / 60_000.0;
    let minutes: Vec<f64> =
        cohort.members.iter().map(|member| active(member.completion.payload.active.0)).collect();
    let front = &cohort.content.activity().front;
    let (labels, groups): (Vec<String>, Vec<_>) = front
        .professions
        .iter()
        .map(|profession| {
            let of = |member: &&_| is_of(member, &profession.id);
            let who: BTreeSet<_> = cohort.members.iter().filter(of).map(|member| member.who).collect();
            (profession.label.clone(), (who.clone(), who.len()))
        })
        .unzip();
    Participation {
        learners: cohort.members.len(),
        minutes: median(&minutes),
        professions: labels.into_iter().zip(parts(groups)).collect(),
        credits: credits(cohort),
    }
}

fn is_of(member: &crate::report::facts::Member<'_>, profession: &enduring_core::id::ProfessionId) -> bool {
    member.completion.payload.profession == *profession
}

fn credits(cohort: &Cohort<'_>) -> Vec<(String, Shown<CreditFigures>)> {
    let mut kinds: BTreeMap<(bool, String), (BTreeSet<usize>, u64)> = BTreeMap::new();
    for member in &cohort.members {
        for credit in &member.completion.credits {
            let name = format!("{} ({})", credit.name, credit.accreditor);
            let (who, total) = kinds.entry((false, name)).or_default();
            who.insert(member.who);
            *total += u64::from(credit.amount.0);
        }
        if member.completion.credits.is_empty() {
            kinds.entry((true, "Participation, without credit".to_owned())).or_default().0.insert(member.who);
        }
    }
    let (names, groups): (Vec<String>, Vec<_>) = kinds
        .into_iter()
        .map(|((_, name), (who, total))| {
            let figures = CreditFigures { learners: who.len(), total: total as f64 / 100.0 };
            (name, (who, figures))
        })
        .unzip();
    names.into_iter().zip(parts(groups)).collect()
}
