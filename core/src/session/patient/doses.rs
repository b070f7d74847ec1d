//! What was given, and how it acts in this second.

use serde::{Deserialize, Serialize};

use super::known::Variables;
use super::state::Bedside;
use crate::content::patient::{ActionAt, DoseEffect, DoseForm, Patient, Route, RouteAt};
use crate::measure::{Amount, Seconds};

/// A dose that acts, or a rate that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acting {
    /// Of which action.
    pub action: ActionAt,
    /// By which way.
    pub route: RouteAt,
    /// How much; for a rate, at which.
    pub amount: Amount,
    /// When it was given or set.
    pub from: Seconds,
    /// A dose, or a rate.
    pub form: DoseForm,
    /// When a rate was stopped; `None` while it runs, and for a dose.
    pub stopped: Option<Seconds>,
    /// When nothing of it acts any more, once that can be known.
    pub gone: Option<Seconds>,
}

/// How much of the way between two moments is behind: 0 to the span.
fn behind(now: u32, from: u32, to: u32) -> (u32, u32) {
    let span = to.saturating_sub(from);
    (now.saturating_sub(from).min(span), span)
}

impl Acting {
    /// Whether nothing of it acts any more.
    pub(super) fn is_gone(&self, time: Seconds) -> bool {
        self.gone.is_some_and(|gone| time >= gone)
    }

    /// What of it acts on this effect's variable.
    fn acts(&self, effect: &DoseEffect, time: Seconds) -> Amount {
        let age = time.0.saturating_sub(self.from.0);
        if age < effect.onset.0 {
            return Amount(0);
        }
        let (part, whole) = behind(age, effect.onset.0, effect.peak.0);
        let risen = self.amount.part(part, whole);
        let wanes = match (self.form, self.stopped) {
            (DoseForm::Bolus, _) => effect.wanes.0,
            (DoseForm::Rate, Some(stopped)) => stopped.0.saturating_sub(self.from.0),
            (DoseForm::Rate, None) => return risen,
        };
        let fade = effect.gone.0.saturating_sub(effect.wanes.0);
        let (part, whole) = behind(age, wanes, wanes.saturating_add(fade));
        if whole == 0 {
            return if age < wanes { risen } else { Amount(0) };
        }
        risen.part(whole - part, whole)
    }
}

impl Route {
    /// How long the longest of its effects lasts, by this measure.
    pub(super) fn longest(&self, span: impl Fn(&DoseEffect) -> u32) -> u32 {
        self.effects.iter().map(span).max().unwrap_or(0)
    }
}

impl Bedside {
    /// What runs of an action is stopped; it fades from now on.
    pub(super) fn stop(&mut self, patient: &Patient, action: ActionAt) {
        let Some(routes) = patient.actions.get(action.at()).map(|action| &action.routes) else { return };
        let time = self.time;
        for acting in &mut self.acting {
            if acting.action == action && acting.form == DoseForm::Rate && acting.stopped.is_none() {
                let fades = |effect: &DoseEffect| effect.gone.0.saturating_sub(effect.wanes.0);
                let fade = routes.get(acting.route.at()).map_or(0, |route| route.longest(fades));
                acting.stopped = Some(time);
                acting.gone = Some(Seconds(time.0.saturating_add(fade)));
            }
        }
    }

    /// Adds up what shifts every variable, and says which it shifts.
    pub(super) fn shift(&self, patient: &Patient, shifts: &mut [Amount]) -> Variables {
        let mut shifted = Variables::NONE;
        for (place, first) in self.acting.iter().enumerate() {
            let same = |other: &&Acting| (other.action, other.route) == (first.action, first.route);
            // The first of its kind answers for all.
            if self.acting.iter().take(place).any(|earlier| same(&earlier)) {
                continue;
            }
            let action = patient.actions.get(first.action.at());
            let Some(route) = action.and_then(|action| action.routes.get(first.route.at())) else { continue };
            let further = || self.acting.iter().skip(place + 1).filter(same);
            let alone = further().next().is_none();
            for effect in &route.effects {
                let mut sum = Amount(0).plus(first.acts(effect, self.time));
                if !alone {
                    sum = further().fold(sum, |sum, one| sum.plus(one.acts(effect, self.time)));
                }
                if sum.0 <= 0 {
                    continue;
                }
                let share = sum.by(sum.plus(effect.half));
                let shift = effect.most.times(share);
                let shift = effect.factor.as_ref().map_or(shift, |factor| shift.times(self.value_of(factor)));
                if let Some(total) = shifts.get_mut(effect.variable.at()) {
                    *total = total.plus(shift);
                    shifted = shifted.with(effect.variable);
                }
            }
        }
        shifted
    }
}
