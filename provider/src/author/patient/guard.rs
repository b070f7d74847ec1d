//! Conditions over the state of a patient.
//!
//! ```text
//! condition = all { "or" all }          all = one { "and" one }
//! one       = "not" one | "(" condition ")" | "always" | comparison | call
//! comparison= formula ( "<" | "<=" | ">" | ">=" | "==" ) formula
//! call      = "done(" action ")" | "underway(" action ")" | "running(" action ")"
//!           | "reported(" action ")" | "over_limit(" action ")"
//!           | "in_stage(" stage ")" | "fired(" rule ")"
//! ```

use enduring_core::content::NESTING_MAX;
use enduring_core::content::patient::{DoseForm, Guard};

use super::super::fields::Text;
use super::super::language::{Flaw, Token};
use super::super::names::closest;
use super::formula::{Formulas, Parser};
use super::places::Reports;

const CALLS: [&str; 7] = ["done", "underway", "running", "reported", "over_limit", "in_stage", "fired"];
const COMPARED: &str = "`<`, `<=`, `>`, `>=` or `==`";
const MORE: &str = "the end, `and` or `or`";

/// The levels of a condition below its first.
fn depth(guard: &Guard) -> u32 {
    match guard {
        Guard::Not(inner) => 1 + depth(inner),
        Guard::All(list) | Guard::Any(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Guard::Always
        | Guard::Less(..)
        | Guard::AtMost(..)
        | Guard::Done(_)
        | Guard::Underway(_)
        | Guard::Running(_)
        | Guard::Reported(_)
        | Guard::OverLimit(_)
        | Guard::InStage(_)
        | Guard::Fired(_) => 0,
    }
}

impl Formulas<'_> {
    /// The condition under a key, where it is there.
    pub fn optional_condition(&self, key: &'static str) -> Option<Guard> {
        self.fields.raw(key).map(|text| self.condition_of(&text))
    }

    /// The condition under a key; `always` when absent.
    pub fn condition(&self, key: &'static str) -> Guard {
        self.optional_condition(key).unwrap_or(Guard::Always)
    }

    /// The condition under a key that must be there.
    pub fn required_condition(&self, key: &'static str) -> Guard {
        let text = self.fields.required_raw(key, "\"time >= 5 min\"");
        text.map_or(Guard::Always, |text| self.condition_of(&text))
    }

    fn condition_of(&self, text: &Text) -> Guard {
        let parser = Parser::new(self.fields, self.places, text);
        parser.whole(Guard::Always, MORE, |parser| {
            let guard = parser.condition()?;
            if depth(&guard) > NESTING_MAX {
                let range = 0..parser.words.at();
                return Err(parser
                    .words
                    .flaw(range, format!("at most {NESTING_MAX} conditions in each other")));
            }
            Ok(guard)
        })
    }
}

impl Parser<'_> {
    fn condition(&mut self) -> Result<Guard, Flaw> {
        let mut parts = vec![self.all()?];
        while self.words.accept("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Guard::Any(parts) })
    }

    fn all(&mut self) -> Result<Guard, Flaw> {
        let mut parts = vec![self.one()?];
        while self.words.accept("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Guard::All(parts) })
    }

    fn one(&mut self) -> Result<Guard, Flaw> {
        const EXPECTED: &str = "a comparison, `done(…)`, `underway(…)`, `running(…)`, `reported(…)`, `over_limit(…)`, `in_stage(…)`, `fired(…)`, `always`, `not` or `(`";
        let token = self.words.next(EXPECTED)?;
        let word = self.words.word(&token);
        match word {
            "not" => Ok(Guard::Not(Box::new(self.deeper(Self::one)?))),
            "always" => Ok(Guard::Always),
            "(" => self.bracket(token),
            _ if CALLS.contains(&word) && self.words.peek_word() == "(" => self.call_of(word),
            _ => {
                self.words.go_to(token.start);
                let compared = self.comparison();
                // A name before a bracket that is neither a function nor a condition.
                compared.map_err(|flaw| match flaw.range == token && flaw.help.is_none() {
                    true => Flaw { help: closest(word, CALLS.into_iter()), ..flaw },
                    false => flaw,
                })
            }
        }
    }

    /// After `(`: a condition in brackets, or a comparison whose left side begins with one.
    fn bracket(&mut self, open: Token) -> Result<Guard, Flaw> {
        let depth = self.depth;
        let condition = self.deeper(|parser| {
            let inner = parser.condition()?;
            parser.words.expect(")")?;
            Ok(inner)
        });
        let compared =
            matches!(self.words.peek_word(), "<" | "<=" | ">" | ">=" | "==" | "+" | "-" | "*" | "/");
        let far = match condition {
            Ok(condition) if !compared => return Ok(condition),
            Ok(_) => None,
            Err(flaw) => Some(flaw),
        };
        self.depth = depth;
        self.words.go_to(open.start);
        self.comparison().map_err(|flaw| match far {
            // The reading that came further says what is wrong.
            Some(far) if far.range.start > flaw.range.start => far,
            Some(_) | None => flaw,
        })
    }

    fn comparison(&mut self) -> Result<Guard, Flaw> {
        let left = self.formula()?;
        let sign = self.words.next(COMPARED)?;
        let sign_word = self.words.word(&sign);
        if !matches!(sign_word, "<" | "<=" | ">" | ">=" | "==") {
            return Err(self.words.flaw(sign, COMPARED));
        }
        let right = self.formula()?;
        self.fits(&left.unit, &right)?;
        let (left, right) = (left.formula, right.formula);
        Ok(match sign_word {
            "<" => Guard::Less(left, right),
            "<=" => Guard::AtMost(left, right),
            ">" => Guard::Less(right, left),
            ">=" => Guard::AtMost(right, left),
            _ => Guard::All(vec![Guard::AtMost(left.clone(), right.clone()), Guard::AtMost(right, left)]),
        })
    }

    /// A fact about an action, stage or rule.
    fn call_of(&mut self, word: &str) -> Result<Guard, Flaw> {
        self.words.expect("(")?;
        let (start, _) = self.words.rest();
        let guard = match word {
            "in_stage" => Guard::InStage(self.places.stage(&mut self.words)?),
            "fired" => Guard::Fired(self.places.rule(&mut self.words)?),
            _ => {
                let (action, known) = self.places.action(&mut self.words)?;
                let range = start..self.words.at();
                let form = known.map(|known| known.dose.as_ref().map(|(_, form)| *form));
                match (word, form) {
                    ("running", Some(None | Some(DoseForm::Bolus))) => {
                        let flaw = self.words.flaw(range, "an action whose dose has form = \"rate\"");
                        return Err(Flaw { message: "this action never runs", ..flaw });
                    }
                    ("reported", _) if known.is_some_and(|known| known.reports == Reports::No) => {
                        let flaw = self.words.flaw(range, "an action with an [action.report]");
                        return Err(Flaw { message: "no report comes of this action", ..flaw });
                    }
                    ("over_limit", Some(None)) => {
                        let flaw = self.words.flaw(range, "an action with an [action.dose]");
                        return Err(Flaw { message: "this action takes no dose", ..flaw });
                    }
                    ("done", _) => Guard::Done(action),
                    ("underway", _) => Guard::Underway(action),
                    ("running", _) => Guard::Running(action),
                    ("reported", _) => Guard::Reported(action),
                    (_, _) => Guard::OverLimit(action),
                }
            }
        };
        self.words.expect(")")?;
        Ok(guard)
    }
}
