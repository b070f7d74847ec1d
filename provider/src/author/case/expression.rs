//! Conditions and effects: a small total language, parsed and checked here, shipped
//! as a tree.
//!
//! ```text
//! any       = all { "or" all }
//! all       = one { "and" one }
//! one       = "not" one | "(" any ")" | "always" | call | counter comparison number
//! call      = "visited(" node ")" | "picked(" decision "," option ")"
//!           | "earned(" decision "," points ")" | "opened(" entry ")"
//! effect    = "disclose(" entry ")" | counter ( "+=" | "-=" | "=" ) number
//! ```

use enduring_core::content::{Condition, Effect};
use enduring_core::id::{CounterId, DecisionId, EntryId, NodeId, OptionId};
use enduring_core::measure::Points;

use super::super::fields::{Fields, Text, stand_in, thousandths};
use super::super::language::{Flaw, Token, Words, in_name};
use super::super::names::{Named, Scope, closest, one_of};

/// How deep conditions may be nested.
const DEPTH_MAX: usize = 16;

const CALLS: [&str; 5] = ["always", "visited", "picked", "earned", "opened"];

/// Within what an expression looks names up.
pub struct Expressions<'a> {
    /// The table that the expression stands in.
    pub fields: &'a Fields<'a>,
    /// The names of the case.
    pub scope: &'a Scope,
}

/// The scope of a decision's options.
pub fn options_of(case: &Scope, decision: &DecisionId) -> Scope {
    case.within(&format!("decision `{decision}`"))
}

impl Expressions<'_> {
    /// The condition under a key; `always` when absent.
    pub fn condition(&self, key: &'static str) -> Condition {
        self.fields
            .raw(key)
            .map_or(Condition::Always, |text| self.parse(&text, |p| p.condition(), Condition::Always))
    }

    /// The condition under a key that must be there.
    pub fn required_condition(&self, key: &'static str) -> Condition {
        let text = self.fields.required_raw(key, "\"minutes >= 60\"");
        text.map_or(Condition::Always, |text| self.parse(&text, |p| p.condition(), Condition::Always))
    }

    /// The effects under a key; none when absent.
    pub fn effects(&self, key: &'static str) -> Vec<Effect> {
        let texts = self.fields.texts(key);
        let places = texts.iter().map(|text| (self.scope.clone(), text.span.clone()));
        self.fields.folder.effects.borrow_mut().extend(places);
        let stand = || Effect::Disclose(stand_in());
        texts.iter().map(|text| self.parse(text, |p| p.effect(), stand())).collect()
    }

    fn parse<T>(&self, text: &Text, read: impl Fn(&mut Parser) -> Result<T, Flaw>, stand: T) -> T {
        let mut parser = Parser { context: self, words: Words::new(self.fields.folder, text), depth: 0 };
        let parsed =
            read(&mut parser).and_then(|parsed| parser.words.end("the end, `and` or `or`").map(|()| parsed));
        parser.words.told(parsed, stand)
    }
}

struct Parser<'a> {
    context: &'a Expressions<'a>,
    words: Words<'a>,
    depth: usize,
}

impl Parser<'_> {
    fn condition(&mut self) -> Result<Condition, Flaw> {
        let mut parts = vec![self.all()?];
        while self.words.accept("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    fn all(&mut self) -> Result<Condition, Flaw> {
        let mut parts = vec![self.one()?];
        while self.words.accept("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    fn one(&mut self) -> Result<Condition, Flaw> {
        const EXPECTED: &str = "a counter with a comparison, `visited(…)`, `picked(…)`, `earned(…)`, `opened(…)`, `always`, `not` or `(`";
        self.depth += 1;
        let token = self.words.next(EXPECTED)?;
        if self.depth > DEPTH_MAX {
            return Err(self.words.flaw(token, format!("at most {DEPTH_MAX} levels")));
        }
        let condition = match self.words.word(&token) {
            "not" => Condition::Not(Box::new(self.one()?)),
            "(" => {
                let inner = self.condition()?;
                self.words.expect(")")?;
                inner
            }
            "always" => Condition::Always,
            "visited" => Condition::Visited(self.call(|parser| parser.name::<NodeId>())?),
            "opened" => Condition::Opened(self.call(|parser| parser.name::<EntryId>())?),
            "picked" => self.call(|parser| {
                let decision = parser.name::<DecisionId>()?;
                parser.words.expect(",")?;
                let scope = options_of(parser.context.scope, &decision);
                let (option, _) = parser.words.name::<OptionId>(&scope)?;
                Ok(Condition::Picked { decision, option })
            })?,
            "earned" => self.call(|parser| {
                let decision = parser.name::<DecisionId>()?;
                parser.words.expect(",")?;
                Ok(Condition::Earned { decision, points: parser.points()? })
            })?,
            word if word.starts_with(in_name) => {
                if self.words.peek().is_some_and(|next| self.words.word(&next) == "(") {
                    let help = closest(word, CALLS.into_iter());
                    return Err(Flaw {
                        help,
                        ..self.words.flaw(token, one_of("condition", CALLS.into_iter()))
                    });
                }
                self.words.go_to(token.start);
                self.comparison()?
            }
            _ => return Err(self.words.flaw(token, EXPECTED)),
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn call<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        self.words.expect("(")?;
        let value = inside(self)?;
        self.words.expect(")")?;
        Ok(value)
    }

    fn comparison(&mut self) -> Result<Condition, Flaw> {
        const SIGNS: &str = "`>=`, `>`, `<`, `<=` or `==`";
        let counter = self.name::<CounterId>()?;
        let sign = self.words.next(SIGNS)?;
        let value = |parser: &mut Self, more: i32| {
            let (number, token) = parser.number()?;
            number.checked_add(more).ok_or_else(|| parser.words.flaw(token, "a smaller number"))
        };
        let at_least = |value: i32| Condition::AtLeast { counter: counter.clone(), value };
        let below = |value: i32| Condition::Not(Box::new(at_least(value)));
        match self.words.word(&sign) {
            ">=" => Ok(at_least(value(self, 0)?)),
            ">" => Ok(at_least(value(self, 1)?)),
            "<" => Ok(below(value(self, 0)?)),
            "<=" => Ok(below(value(self, 1)?)),
            "==" => {
                let above = value(self, 1)?;
                Ok(Condition::All(vec![at_least(above - 1), below(above)]))
            }
            _ => Err(self.words.flaw(sign, SIGNS)),
        }
    }

    fn effect(&mut self) -> Result<Effect, Flaw> {
        const EXPECTED: &str = "`disclose(entry)`, or a counter with `+=`, `-=` or `=`";
        if self.words.peek().is_some_and(|token| self.words.word(&token) == "disclose") {
            self.words.next(EXPECTED)?;
            return Ok(Effect::Disclose(self.call(|parser| parser.name::<EntryId>())?));
        }
        let counter = self.name::<CounterId>()?;
        let sign = self.words.next("`+=`, `-=` or `=`")?;
        match self.words.word(&sign) {
            "+=" => Ok(Effect::Add { counter, by: self.number()?.0 }),
            "=" => Ok(Effect::Set { counter, to: self.number()?.0 }),
            "-=" => {
                let (number, token) = self.number()?;
                let by = number.checked_neg().ok_or_else(|| self.words.flaw(token, "a smaller number"))?;
                Ok(Effect::Add { counter, by })
            }
            _ => Err(self.words.flaw(sign, "`+=`, `-=` or `=`")),
        }
    }

    fn name<T: Named>(&mut self) -> Result<T, Flaw> {
        Ok(self.words.name(self.context.scope)?.0)
    }

    fn number(&mut self) -> Result<(i32, Token), Flaw> {
        const EXPECTED: &str = "a whole number";
        let token = self.words.next(EXPECTED)?;
        let number = self.words.word(&token).parse().map_err(|_| self.words.flaw(token.clone(), EXPECTED))?;
        Ok((number, token))
    }

    fn points(&mut self) -> Result<Points, Flaw> {
        const EXPECTED: &str = "points with at most three decimals, as 0.5";
        let token = self.words.next(EXPECTED)?;
        thousandths(self.words.word(&token)).map(Points).ok_or_else(|| self.words.flaw(token, EXPECTED))
    }
}
