//! Deeds, as a rubric looks for them, and the steps of a script.
//!
//! ```text
//! deed      = action [ number | [number] ".." [number] ] [route]
//! step      = "wait" span | action [ number unit [route] ]
//! ```

use enduring_core::content::patient::{ActionAt, Deed, DoseForm, Given, RouteAt, ScriptStep};
use enduring_core::measure::{Amount, Seconds};
use enduring_core::session::WAIT_MAX;

use super::super::fields::Text;
use super::super::language::Flaw;
use super::formula::{Formulas, Parser};
use super::places::ActionPlace;
use super::quantity::{self, MISFIT, Unit, amount};

const RANGE: &str = "a range of doses without unit, as `0.3..0.5`, `500..` or `..0.5`, or a route";

impl Formulas<'_> {
    /// The deeds under a key, at least one.
    pub fn deeds(&self, key: &'static str) -> Vec<Deed> {
        let texts = self.fields.texts(key);
        if texts.is_empty() {
            self.fields.report(
                super::super::diagnostic::Problem::error(
                    &self.fields.place_of(key),
                    format!("no deed under `{key}`"),
                )
                .expected(format!("{key} = [\"…\"] with at least one action")),
            );
        }
        texts.iter().map(|text| self.deed_of(text)).collect()
    }

    fn deed_of(&self, text: &Text) -> Deed {
        let stand = Deed { action: ActionAt(0), route: None, least: None, most: None };
        let parser = Parser::new(self.fields, self.places, text);
        parser.whole(stand, "the end", Parser::deed)
    }

    /// A step of a script.
    pub fn step(&self, text: &Text) -> ScriptStep {
        let parser = Parser::new(self.fields, self.places, text);
        parser.whole(ScriptStep::Wait(Seconds(1)), "the end", Parser::step_of_script)
    }
}

impl Parser<'_> {
    /// What follows the name of an action that is not known.
    fn pass_over(&mut self) {
        while let Some(token) = self.words.peek() {
            self.words.go_to(token.end);
        }
    }

    /// Nothing may follow the name of an action without a dose.
    fn no_dose(&mut self) -> Result<(), Flaw> {
        let Some(token) = self.words.peek() else { return Ok(()) };
        let flaw = self.words.flaw(token, "the end, or an action with an [action.dose]");
        Err(Flaw { message: "this action takes no dose", ..flaw })
    }

    fn deed(&mut self) -> Result<Deed, Flaw> {
        let (action, known) = self.places.action(&mut self.words)?;
        let mut deed = Deed { action, route: None, least: None, most: None };
        let Some(known) = known else {
            self.pass_over();
            return Ok(deed);
        };
        if known.dose.is_none() {
            self.no_dose()?;
            return Ok(deed);
        }
        if let Some(token) = self.words.peek() {
            let word = self.words.word(&token);
            let bounds = match word.split_once("..") {
                Some((least, most)) => Some((least, most)),
                None if amount(word).is_some() => Some((word, word)),
                None => None,
            };
            if let Some((least, most)) = bounds {
                let bound = |written: &str| match written {
                    "" => Ok(None),
                    _ => amount(written).map(Some).ok_or_else(|| self.words.flaw(token.clone(), RANGE)),
                };
                (deed.least, deed.most) = (bound(least)?, bound(most)?);
                if deed.least.is_some_and(|least| deed.most.is_some_and(|most| least > most)) {
                    return Err(self.words.flaw(token, "the lesser dose first"));
                }
                self.words.go_to(token.end);
            }
        }
        if self.words.peek().is_some() {
            deed.route = Some(self.places.route(&mut self.words, known)?);
        }
        Ok(deed)
    }

    fn step_of_script(&mut self) -> Result<ScriptStep, Flaw> {
        if self.words.accept("wait") {
            let bounds = 1..=u32::from(WAIT_MAX);
            return Ok(ScriptStep::Wait(quantity::span(&mut self.words, self.places, bounds)?));
        }
        let (start, _) = self.words.rest();
        let (action, known) = self.places.action(&mut self.words)?;
        let name = start..self.words.at();
        let Some(known) = known else {
            self.pass_over();
            return Ok(ScriptStep::Act { action, dose: None });
        };
        let Some((unit, form)) = &known.dose else {
            self.no_dose()?;
            return Ok(ScriptStep::Act { action, dose: None });
        };
        if self.words.peek().is_none() {
            let flaw = self.words.flaw(name, "the action with its dose, as `epinephrine 0.5 mg im`");
            return Err(Flaw { message: "a dose is missing", ..flaw });
        }
        let amount = self.given(unit, *form)?;
        let route = self.given_by(known)?;
        Ok(ScriptStep::Act { action, dose: Some(Given { amount, route }) })
    }

    fn given(&mut self, unit: &Unit, form: DoseForm) -> Result<Amount, Flaw> {
        let (amount, found, token) = quantity::quantity(&mut self.words, self.places)?;
        if !unit.fits(&found) {
            let flaw = self.words.flaw(token, unit.phrase());
            return Err(Flaw { message: MISFIT, ..flaw });
        }
        let (least, expected) = match form {
            DoseForm::Bolus => (1, "more than nothing"),
            DoseForm::Rate => (0, "nothing or more"),
        };
        if amount.0 < least { Err(self.words.flaw(token, expected)) } else { Ok(amount) }
    }

    fn given_by(&mut self, known: &ActionPlace) -> Result<RouteAt, Flaw> {
        if self.words.peek().is_none() && known.routes.len() < 2 {
            return Ok(RouteAt(0));
        }
        self.places.route(&mut self.words, known)
    }
}
