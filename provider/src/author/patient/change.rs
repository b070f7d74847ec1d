//! Changes of the course.
//!
//! ```text
//! change    = variable "->" formula ( "half" span | "by" quantity "per" [number] unit of time )
//!           | variable ( "=" | "+=" | "-=" ) formula
//!           | "stage" stage | "show" variable | "hide" variable | "stop" action | "end" ending
//! ```

use enduring_core::content::patient::{Change, Pace, VariableAt, Vital};
use enduring_core::measure::{Amount, Seconds};

use super::super::fields::Text;
use super::super::language::Flaw;
use super::formula::{Formulas, Parser, negative};
use super::half_life::share_a_second;
use super::places::VariableKind;
use super::quantity::{self, MISFIT, SOME, SPAN, Unit};

const SIGNS: &str = "`->`, `=`, `+=` or `-=`";
const EXPECTED: &str =
    "a variable with `->`, `=`, `+=` or `-=`; or `stage`, `show`, `hide`, `stop` or `end` with a name";

/// Where changes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Among those of a stage, which must not name another.
    InStage,
    /// Anywhere else.
    Elsewhere,
}

impl Formulas<'_> {
    /// The changes under a key; none when absent.
    pub fn changes(&self, key: &'static str, standing: Standing) -> Vec<Change> {
        self.fields.texts(key).iter().map(|text| self.change_of(text, standing)).collect()
    }

    fn change_of(&self, text: &Text, standing: Standing) -> Change {
        let stand = Change::Show(VariableAt(0));
        let parser = Parser::new(self.fields, self.places, text);
        parser.whole(stand, "the end or a sign", |parser| parser.change(standing))
    }
}

impl Parser<'_> {
    fn change(&mut self, standing: Standing) -> Result<Change, Flaw> {
        let token = self.words.next(EXPECTED)?;
        let places = self.places;
        match self.words.word(&token) {
            "stage" if standing == Standing::InStage => {
                let flaw =
                    self.words.flaw(token, "a rule that holds `in_stage(…)`, for what follows a stage");
                Err(Flaw { message: "a stage cannot change the stage", ..flaw })
            }
            "stage" => Ok(Change::Stage(places.stage(&mut self.words)?)),
            "show" => Ok(Change::Show(self.shown()?)),
            "hide" => Ok(Change::Hide(self.shown()?)),
            "stop" => Ok(Change::Stop(places.action(&mut self.words)?.0)),
            "end" => Ok(Change::End(places.ending(&mut self.words)?)),
            _ => {
                self.words.go_to(token.start);
                self.move_variable()
            }
        }
    }

    fn shown(&mut self) -> Result<VariableAt, Flaw> {
        let (start, _) = self.words.rest();
        let (variable, known) = self.places.variable(&mut self.words)?;
        if known.is_some_and(|known| known.vital == Vital::Hidden) {
            let flaw = self.words.flaw(start..self.words.at(), "a variable whose `vital` is not \"hidden\"");
            return Err(Flaw { message: "a hidden variable is never on the monitor", ..flaw });
        }
        Ok(variable)
    }

    fn move_variable(&mut self) -> Result<Change, Flaw> {
        let (start, _) = self.words.rest();
        let (variable, known) = self.places.variable(&mut self.words)?;
        let token = start..self.words.at();
        if known.is_some_and(|known| known.kind == VariableKind::Derived) {
            let flaw = self.words.flaw(token, "a variable without `formula`");
            return Err(Flaw { message: "a variable with a formula has no course of its own", ..flaw });
        }
        let unit = known.map_or(Unit::Unknown, |known| known.unit.clone());
        let sign = self.words.next(SIGNS)?;
        match self.words.word(&sign) {
            "->" => {
                let to = self.formula_in(&unit)?;
                Ok(Change::Course { variable, to, pace: self.pace(&unit)? })
            }
            "=" => Ok(Change::Course { variable, to: self.formula_in(&unit)?, pace: Pace::Step }),
            "+=" => Ok(Change::Add { variable, by: self.formula_in(&unit)? }),
            "-=" => Ok(Change::Add { variable, by: negative(self.formula_in(&unit)?) }),
            _ => Err(self.words.flaw(sign, SIGNS)),
        }
    }

    /// How fast: `half 4 min`, `by 2 mmHg per min`.
    fn pace(&mut self, unit: &Unit) -> Result<Pace, Flaw> {
        const PACES: &str = "`half` and a span, or `by` and so much `per` span, as `by 2 mmHg per min`";
        let word = self.words.next(PACES)?;
        match self.words.word(&word) {
            "half" => {
                Ok(Pace::FirstOrder(share_a_second(quantity::span(&mut self.words, self.places, SOME)?)))
            }
            "by" => {
                let step = self.step(unit)?;
                self.words.expect("per")?;
                let (start, _) = self.words.rest();
                let span = self.every()?;
                // Rounded to the nearest millionth a second.
                let seconds = i64::from(span.0);
                let pace = Amount((step.0 + seconds / 2) / seconds);
                if pace.0 == 0 {
                    let range = start..self.words.at();
                    return Err(self.words.flaw(range, "at least a millionth a second"));
                }
                Ok(Pace::Linear(pace))
            }
            _ => Err(self.words.flaw(word, PACES)),
        }
    }

    /// So much of a variable, above nothing.
    fn step(&mut self, unit: &Unit) -> Result<Amount, Flaw> {
        let (step, found, token) = quantity::quantity(&mut self.words, self.places)?;
        if !unit.fits(&found) {
            let flaw = self.words.flaw(token, unit.phrase());
            return Err(Flaw { message: MISFIT, ..flaw });
        }
        if step.0 <= 0 {
            return Err(self.words.flaw(token, "more than nothing; the side of `->` says up or down"));
        }
        Ok(step)
    }

    /// `min`, or `10 min`.
    fn every(&mut self) -> Result<Seconds, Flaw> {
        let token = self.words.peek();
        let seconds = match self.words.peek_word() {
            "s" => 1,
            "min" => 60,
            "h" => 3_600,
            "" => {
                return Err(self
                    .words
                    .next(SPAN)
                    .map_or_else(|flaw| flaw, |token| self.words.flaw(token, SPAN)));
            }
            _ => return quantity::span(&mut self.words, self.places, SOME),
        };
        if let Some(token) = token {
            self.words.go_to(token.end);
        }
        Ok(Seconds(seconds))
    }
}
