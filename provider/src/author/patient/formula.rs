//! Formulas: numbers that follow from the state, with their units checked.
//!
//! ```text
//! formula   = term { ("+" | "-") term }       term = factor { ("*" | "/") factor }
//! factor    = number [unit] | variable | "time" | "(" formula ")" | "-" factor
//!           | "minutes_since(" action ")" | "seconds_since(" action ")"
//!           | "count(" action ")" | "total(" action ")"
//!           | "min(" formula "," formula ")" | "max(" formula "," formula ")"
//! ```

use enduring_core::content::patient::{Formula, Op, STACK_MAX};
use enduring_core::measure::Amount;

use super::super::fields::{Fields, Text};
use super::super::language::{Flaw, Token, Words, in_name};
use super::super::names::{closest, one_of};
use super::places::Places;
use super::quantity::{MISFIT, Unit, quantity};

/// How deep brackets may be nested.
const DEPTH_MAX: usize = 16;

const CALLS: [&str; 6] = ["minutes_since", "seconds_since", "count", "total", "min", "max"];
const FACTOR: &str = "a number with its unit, a variable, `time`, `minutes_since(…)`, `seconds_since(…)`, `count(…)`, `total(…)`, `min(…)`, `max(…)` or `(`";

/// A formula with what it counts and where it stands.
pub struct Typed {
    /// The formula.
    pub formula: Formula,
    /// What it counts.
    pub unit: Unit,
    /// Where it stands.
    pub range: Token,
}

/// Reads formulas, conditions, changes and deeds.
pub struct Parser<'a> {
    /// The text.
    pub words: Words<'a>,
    /// What can be named.
    pub places: &'a Places,
    /// The formula of a variable sees only those before it.
    pub visible: usize,
    /// How many brackets are open.
    pub depth: usize,
}

impl<'a> Parser<'a> {
    /// From the beginning of a text.
    pub fn new(fields: &'a Fields, places: &'a Places, text: &'a Text) -> Self {
        let visible = places.variables.len();
        Self { words: Words::new(fields.folder, text), places, visible, depth: 0 }
    }

    /// Reads all of the text by a grammar; `more` says what else could follow.
    pub fn whole<T>(mut self, stand: T, more: &str, grammar: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> T {
        let parsed = grammar(&mut self).and_then(|parsed| self.words.end(more).map(|()| parsed));
        self.words.told(parsed, stand)
    }

    /// A formula that is next.
    pub fn formula(&mut self) -> Result<Typed, Flaw> {
        let typed = self.sum()?;
        if typed.formula.height().is_none_or(|height| height > STACK_MAX) {
            let expected = format!("at most {STACK_MAX} numbers that wait for their sign");
            let help = Some("let a variable with a `formula` be a part of it".to_owned());
            return Err(Flaw { help, ..self.words.flaw(typed.range, expected) });
        }
        Ok(typed)
    }

    /// A formula that counts this.
    pub fn formula_in(&mut self, unit: &Unit) -> Result<Formula, Flaw> {
        let typed = self.formula()?;
        self.fits(unit, &typed)?;
        Ok(typed.formula)
    }

    /// What stands there must count this.
    pub fn fits(&self, unit: &Unit, typed: &Typed) -> Result<(), Flaw> {
        if unit.fits(&typed.unit) {
            return Ok(());
        }
        let found = format!("{}: `{}`", typed.unit.phrase(), self.words.word(&typed.range));
        let flaw = self.words.flaw(typed.range.clone(), unit.phrase());
        Err(Flaw { message: MISFIT, found, ..flaw })
    }

    fn sum(&mut self) -> Result<Typed, Flaw> {
        let mut left = self.product()?;
        loop {
            let sign = self.words.peek_word();
            let join = match sign {
                "+" => Op::Sum,
                "-=" | "->" => return Ok(left),
                _ if sign.starts_with('-') => Op::Difference,
                _ => return Ok(left),
            };
            self.sign();
            let right = self.product()?;
            self.fits(&left.unit, &right)?;
            let unit = if left.unit == Unit::Unknown { right.unit } else { left.unit };
            let formula = left.formula.join(right.formula, join);
            left = Typed { formula, unit, range: left.range.start..right.range.end };
        }
    }

    /// Takes one sign, also where a number follows without a space.
    fn sign(&mut self) {
        if let Some(token) = self.words.peek() {
            self.words.go_to(token.start + 1);
        }
    }

    fn product(&mut self) -> Result<Typed, Flaw> {
        let mut left = self.factor()?;
        loop {
            let quotient = match self.words.peek_word() {
                "*" => false,
                "/" => true,
                _ => return Ok(left),
            };
            self.sign();
            let right = self.factor()?;
            let range = left.range.start..right.range.end;
            left = if quotient { self.quotient(left, right)? } else { self.times(left, right)? };
            left.range = range;
        }
    }

    fn times(&self, left: Typed, right: Typed) -> Result<Typed, Flaw> {
        let unit = match (&left.unit, &right.unit) {
            (Unit::Unknown, _) | (_, Unit::Unknown) => Unit::Unknown,
            (Unit::Plain, other) | (other, Unit::Plain) => other.clone(),
            (Unit::Time | Unit::Of(_), Unit::Time | Unit::Of(_)) => {
                self.fits(&Unit::Plain, &right)?;
                Unit::Plain
            }
        };
        let range = left.range.clone();
        Ok(Typed { formula: left.formula.join(right.formula, Op::Product), unit, range })
    }

    fn quotient(&self, left: Typed, right: Typed) -> Result<Typed, Flaw> {
        let unit = match (&left.unit, &right.unit) {
            (Unit::Unknown, _) | (_, Unit::Unknown) => Unit::Unknown,
            (unit, Unit::Plain) => unit.clone(),
            (one, other) if one == other => Unit::Plain,
            (Unit::Plain | Unit::Time | Unit::Of(_), Unit::Time | Unit::Of(_)) => {
                let found = format!("{}: `{}`", right.unit.phrase(), self.words.word(&right.range));
                let expected = match left.unit.phrase() {
                    plain if left.unit == Unit::Plain => plain,
                    unit => format!("a plain number or {unit}"),
                };
                return Err(Flaw { message: MISFIT, found, ..self.words.flaw(right.range, expected) });
            }
        };
        let range = left.range.clone();
        Ok(Typed { formula: left.formula.join(right.formula, Op::Quotient), unit, range })
    }

    /// One bracket deeper.
    pub fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let token = self.words.next("something")?;
            return Err(self.words.flaw(token, format!("at most {DEPTH_MAX} brackets in each other")));
        }
        let inner = inside(self);
        self.depth -= 1;
        inner
    }

    fn factor(&mut self) -> Result<Typed, Flaw> {
        let token = self.words.next(FACTOR)?;
        let word = self.words.word(&token);
        let starts = |of: fn(char) -> bool| word.chars().next().is_some_and(of);
        if word == "(" {
            let typed = self.deeper(Self::sum)?;
            self.words.expect(")")?;
            let range = token.start..self.words.at();
            return Ok(Typed { range, ..typed });
        }
        if starts(|c| c == '-') {
            self.words.go_to(token.start + 1);
            let typed = self.deeper(Self::factor)?;
            let range = token.start..typed.range.end;
            return Ok(Typed { formula: negative(typed.formula), unit: typed.unit, range });
        }
        if self.words.peek_word() == "(" && starts(in_name) {
            return self.call(token);
        }
        if word == "time" {
            return Ok(Typed { formula: one(Op::Time), unit: Unit::Time, range: token });
        }
        let named = self.places.variables.iter().any(|known| known.id.as_str() == word);
        if starts(|c| c.is_ascii_digit() || c == '.') && !named {
            self.words.go_to(token.start);
            let (amount, unit, range) = quantity(&mut self.words, self.places)?;
            return Ok(Typed { formula: one(Op::Number(amount)), unit, range });
        }
        if !starts(in_name) {
            return Err(self.words.flaw(token, FACTOR));
        }
        self.words.go_to(token.start);
        let (at, known) = self.places.variable(&mut self.words)?;
        if known.is_some() && at.at() >= self.visible {
            let flaw = self.words.flaw(token, "a variable that stands above this one");
            return Err(Flaw { message: "a formula follows from variables above it", ..flaw });
        }
        let unit = known.map_or(Unit::Unknown, |known| known.unit.clone());
        Ok(Typed { formula: one(Op::Variable(at)), unit, range: token })
    }

    /// A function, whose name was taken.
    fn call(&mut self, token: Token) -> Result<Typed, Flaw> {
        let word = self.words.word(&token);
        let pair = match word {
            "min" => Some(Op::Least),
            "max" => Some(Op::Greatest),
            "minutes_since" | "seconds_since" | "count" | "total" => None,
            _ => {
                let help = closest(word, CALLS.into_iter());
                return Err(Flaw { help, ..self.words.flaw(token, one_of("function", CALLS.into_iter())) });
            }
        };
        self.words.expect("(")?;
        let (formula, unit) = if let Some(pair) = pair {
            let left = self.deeper(Self::sum)?;
            self.words.expect(",")?;
            let right = self.deeper(Self::sum)?;
            self.fits(&left.unit, &right)?;
            (left.formula.join(right.formula, pair), left.unit)
        } else {
            self.of_action(word)?
        };
        self.words.expect(")")?;
        Ok(Typed { formula, unit, range: token.start..self.words.at() })
    }

    fn of_action(&mut self, word: &str) -> Result<(Formula, Unit), Flaw> {
        let start = self.words.rest().0;
        let (action, known) = self.places.action(&mut self.words)?;
        let minutes = || one(Op::Since(action)).join(one(Op::Number(Amount::whole(60))), Op::Quotient);
        Ok(match word {
            "minutes_since" => (minutes(), Unit::Plain),
            "seconds_since" => (one(Op::Since(action)), Unit::Plain),
            "count" => (one(Op::Count(action)), Unit::Plain),
            _ => {
                let unit = match known.map(|known| &known.dose) {
                    Some(Some((unit, _))) => unit.clone(),
                    Some(None) => {
                        let flaw = self.words.flaw(start..self.words.at(), "an action with an [action.dose]");
                        return Err(Flaw { message: "this action takes no dose", ..flaw });
                    }
                    None => Unit::Unknown,
                };
                (one(Op::Total(action)), unit)
            }
        })
    }
}

/// A formula of one step.
fn one(op: Op) -> Formula {
    Formula::of(vec![op])
}

/// The other side of zero.
pub fn negative(formula: Formula) -> Formula {
    match formula.ops() {
        [Op::Number(amount)] => one(Op::Number(Amount(-amount.0))),
        _ => zero().join(formula, Op::Difference),
    }
}

/// Reads formulas, conditions and changes out of a table.
#[derive(Clone, Copy)]
pub struct Formulas<'a> {
    /// The table.
    pub fields: &'a Fields<'a>,
    /// What can be named.
    pub places: &'a Places,
}

impl Formulas<'_> {
    /// The formula of the variable at this place, which must be there.
    pub fn of_variable(&self, key: &'static str, unit: &Unit, own: usize) -> Option<Formula> {
        let text = self.fields.raw(key)?;
        let parser = Parser { visible: own, ..Parser::new(self.fields, self.places, &text) };
        Some(parser.whole(zero(), "the end or a sign", |parser| parser.formula_in(unit)))
    }

    /// A formula that must be there.
    pub fn required(&self, key: &'static str, unit: &Unit) -> Formula {
        let text = self.fields.required_raw(key, "\"a formula\"");
        text.map_or_else(zero, |text| self.parse(&text, unit))
    }

    /// A formula, where the key is there.
    pub fn optional(&self, key: &'static str, unit: &Unit) -> Option<Formula> {
        self.fields.raw(key).map(|text| self.parse(&text, unit))
    }

    fn parse(&self, text: &Text, unit: &Unit) -> Formula {
        let parser = Parser::new(self.fields, self.places, text);
        parser.whole(zero(), "the end or a sign", |parser| parser.formula_in(unit))
    }
}

/// Nothing; stands also where a formula cannot be read, which never leaves the builder.
fn zero() -> Formula {
    one(Op::Number(Amount(0)))
}
