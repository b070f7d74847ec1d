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

use std::ops::Range;

use enduring_core::content::{Condition, Effect};
use enduring_core::id::{CounterId, DecisionId, EntryId, NodeId, OptionId};
use enduring_core::measure::Points;

use super::super::diagnostic::Problem;
use super::super::fields::{Fields, Text, stand_in, thousandths};
use super::super::names::{Named, Scope, a, closest, one_of};

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
        let stand = || Effect::Disclose(stand_in());
        self.fields.texts(key).iter().map(|text| self.parse(text, |p| p.effect(), stand())).collect()
    }

    fn parse<T>(&self, text: &Text, read: impl Fn(&mut Parser) -> Result<T, Flaw>, stand: T) -> T {
        let mut parser = Parser { context: self, text, at: 0, depth: 0 };
        let parsed = read(&mut parser).and_then(|parsed| match parser.peek() {
            None => Ok(parsed),
            Some(word) => Err(parser.flaw(word, "the end, `and` or `or`")),
        });
        parsed.unwrap_or_else(|flaw| {
            let message = "this cannot be understood";
            self.fields.report(
                Problem::error(&text.part(flaw.range), message)
                    .expected(flaw.expected)
                    .found(flaw.found)
                    .help(flaw.help),
            );
            stand
        })
    }
}

struct Flaw {
    range: Range<usize>,
    expected: String,
    found: String,
    help: Option<String>,
}

struct Parser<'a> {
    context: &'a Expressions<'a>,
    text: &'a Text,
    at: usize,
    depth: usize,
}

/// A word, number or sign, by its place in the text.
type Token = Range<usize>;

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

impl Parser<'_> {
    fn peek(&self) -> Option<Token> {
        let text = &self.text.text;
        let rest = &text[self.at..];
        let start = self.at + (rest.len() - rest.trim_start().len());
        let rest = &text[start..];
        let first = rest.chars().next()?;
        let length = if in_name(first) && !rest.starts_with("-=") {
            rest.find(|c| !in_name(c)).unwrap_or(rest.len())
        } else {
            let signs = [">=", "<=", "==", "+=", "-="];
            if signs.iter().any(|sign| rest.starts_with(sign)) { 2 } else { first.len_utf8() }
        };
        Some(start..start + length)
    }

    fn word(&self, token: &Token) -> &str {
        &self.text.text[token.clone()]
    }

    fn flaw(&self, token: Token, expected: impl Into<String>) -> Flaw {
        let found = format!("`{}`", self.word(&token));
        Flaw { range: token, expected: expected.into(), found, help: None }
    }

    fn next(&mut self, expected: &str) -> Result<Token, Flaw> {
        let Some(token) = self.peek() else {
            let end = self.text.text.len();
            let (range, found) = (end.saturating_sub(1)..end, "the end".to_owned());
            return Err(Flaw { range, expected: expected.to_owned(), found, help: None });
        };
        self.at = token.end;
        Ok(token)
    }

    fn accept(&mut self, word: &str) -> bool {
        let token = self.peek().filter(|token| self.word(token) == word);
        if let Some(token) = &token {
            self.at = token.end;
        }
        token.is_some()
    }

    fn expect(&mut self, sign: &str) -> Result<(), Flaw> {
        let token = self.next(&format!("`{sign}`"))?;
        if self.word(&token) == sign { Ok(()) } else { Err(self.flaw(token, format!("`{sign}`"))) }
    }

    fn condition(&mut self) -> Result<Condition, Flaw> {
        let mut parts = vec![self.all()?];
        while self.accept("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::Any(parts) })
    }

    fn all(&mut self) -> Result<Condition, Flaw> {
        let mut parts = vec![self.one()?];
        while self.accept("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Condition::All(parts) })
    }

    fn one(&mut self) -> Result<Condition, Flaw> {
        const EXPECTED: &str = "a counter with a comparison, `visited(…)`, `picked(…)`, `earned(…)`, `opened(…)`, `always`, `not` or `(`";
        self.depth += 1;
        let token = self.next(EXPECTED)?;
        if self.depth > DEPTH_MAX {
            return Err(self.flaw(token, format!("at most {DEPTH_MAX} levels")));
        }
        let condition = match self.word(&token) {
            "not" => Condition::Not(Box::new(self.one()?)),
            "(" => {
                let inner = self.condition()?;
                self.expect(")")?;
                inner
            }
            "always" => Condition::Always,
            "visited" => Condition::Visited(self.call(|parser| parser.name::<NodeId>())?),
            "opened" => Condition::Opened(self.call(|parser| parser.name::<EntryId>())?),
            "picked" => self.call(|parser| {
                let decision = parser.name::<DecisionId>()?;
                parser.expect(",")?;
                let scope = options_of(parser.context.scope, &decision);
                let option = parser.name_in::<OptionId>(&scope)?;
                Ok(Condition::Picked { decision, option })
            })?,
            "earned" => self.call(|parser| {
                let decision = parser.name::<DecisionId>()?;
                parser.expect(",")?;
                Ok(Condition::Earned { decision, points: parser.points()? })
            })?,
            word if word.starts_with(in_name) => {
                if self.peek().is_some_and(|next| self.word(&next) == "(") {
                    let help = closest(word, CALLS.into_iter());
                    return Err(Flaw { help, ..self.flaw(token, one_of("condition", CALLS.into_iter())) });
                }
                self.at = token.start;
                self.comparison()?
            }
            _ => return Err(self.flaw(token, EXPECTED)),
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn call<T>(&mut self, inside: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        self.expect("(")?;
        let value = inside(self)?;
        self.expect(")")?;
        Ok(value)
    }

    fn comparison(&mut self) -> Result<Condition, Flaw> {
        const SIGNS: &str = "`>=`, `>`, `<`, `<=` or `==`";
        let counter = self.name::<CounterId>()?;
        let sign = self.next(SIGNS)?;
        let value = |parser: &mut Self, more: i32| {
            let (number, token) = parser.number()?;
            number.checked_add(more).ok_or_else(|| parser.flaw(token, "a smaller number"))
        };
        let at_least = |value: i32| Condition::AtLeast { counter: counter.clone(), value };
        let below = |value: i32| Condition::Not(Box::new(at_least(value)));
        match self.word(&sign) {
            ">=" => Ok(at_least(value(self, 0)?)),
            ">" => Ok(at_least(value(self, 1)?)),
            "<" => Ok(below(value(self, 0)?)),
            "<=" => Ok(below(value(self, 1)?)),
            "==" => {
                let above = value(self, 1)?;
                Ok(Condition::All(vec![at_least(above - 1), below(above)]))
            }
            _ => Err(self.flaw(sign, SIGNS)),
        }
    }

    fn effect(&mut self) -> Result<Effect, Flaw> {
        const EXPECTED: &str = "`disclose(entry)`, or a counter with `+=`, `-=` or `=`";
        if self.peek().is_some_and(|token| self.word(&token) == "disclose") {
            self.next(EXPECTED)?;
            return Ok(Effect::Disclose(self.call(|parser| parser.name::<EntryId>())?));
        }
        let counter = self.name::<CounterId>()?;
        let sign = self.next("`+=`, `-=` or `=`")?;
        match self.word(&sign) {
            "+=" => Ok(Effect::Add { counter, by: self.number()?.0 }),
            "=" => Ok(Effect::Set { counter, to: self.number()?.0 }),
            "-=" => {
                let (number, token) = self.number()?;
                let by = number.checked_neg().ok_or_else(|| self.flaw(token, "a smaller number"))?;
                Ok(Effect::Add { counter, by })
            }
            _ => Err(self.flaw(sign, "`+=`, `-=` or `=`")),
        }
    }

    fn name<T: Named>(&mut self) -> Result<T, Flaw> {
        let scope = self.context.scope;
        self.name_in(scope)
    }

    fn name_in<T: Named>(&mut self, scope: &Scope) -> Result<T, Flaw> {
        let expected = format!("the name of {}", a(T::KIND));
        let token = self.next(&expected)?;
        let name = T::parse(self.word(&token)).map_err(|_| self.flaw(token.clone(), expected))?;
        self.context.fields.folder.names.mention(scope, &name, &self.text.part(token));
        Ok(name)
    }

    fn number(&mut self) -> Result<(i32, Token), Flaw> {
        const EXPECTED: &str = "a whole number";
        let token = self.next(EXPECTED)?;
        let number = self.word(&token).parse().map_err(|_| self.flaw(token.clone(), EXPECTED))?;
        Ok((number, token))
    }

    fn points(&mut self) -> Result<Points, Flaw> {
        const EXPECTED: &str = "points with at most three decimals, as 0.5";
        let token = self.next(EXPECTED)?;
        thousandths(self.word(&token)).map(Points).ok_or_else(|| self.flaw(token, EXPECTED))
    }
}
