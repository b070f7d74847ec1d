//! Names: each defined once, each mention known. Mentions are looked up after
//! everything was read, so the order of files and tables does not matter.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use enduring_core::id::*;

use super::diagnostic::Problem;
use super::source::{Folder, Span};

/// A name of core that authors write.
pub trait Named: Sized + Clone {
    /// What it names, for people.
    const KIND: &'static str;

    /// Parses one.
    ///
    /// # Errors
    /// When the text is no name.
    fn parse(text: &str) -> Result<Self, BadName>;

    /// The name as written.
    fn as_text(&self) -> &str;
}

macro_rules! named {
    ($($name:ident $kind:literal)+) => {$(
        impl Named for $name {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Result<Self, BadName> {
                Self::new(text)
            }

            fn as_text(&self) -> &str {
                self.as_str()
            }
        }
    )+};
}

named! {
    ActionId "action"
    ActivityId "activity"
    BankId "bank"
    CounterId "counter"
    CreditId "credit"
    DecisionId "decision"
    EndingId "ending"
    EntryId "chart entry"
    FormsId "set of forms"
    GapId "gap"
    IdentifierId "identifier"
    ItemId "item"
    LineId "line"
    LinkId "link"
    NodeId "node"
    ObjectiveId "objective"
    OptionId "option"
    PartId "part"
    ProfessionId "profession"
    ReferenceId "reference"
    RouteId "route"
    RuleId "rule"
    StageId "stage"
    StatementId "statement"
    VariableId "variable"
}

/// A name in the bibliography. The model holds references in full, so this name
/// does not leave the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReferenceId(String);

impl ReferenceId {
    fn new(text: &str) -> Result<Self, BadName> {
        if is_name(text) { Ok(Self(text.to_owned())) } else { Err(BadName { found: text.to_owned() }) }
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

/// Within what a name is unique: the activity, one case, one item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope(String);

impl Scope {
    /// The whole activity.
    pub fn activity() -> Self {
        Self(String::new())
    }

    /// Something inside it, such as `item severity-a`.
    pub fn inside(what: impl Into<String>) -> Self {
        Self(what.into())
    }

    /// Something inside this scope.
    pub fn within(&self, what: &str) -> Self {
        Self(format!("{what}{}", self.phrase()))
    }

    fn phrase(&self) -> String {
        if self.0.is_empty() { String::new() } else { format!(" of {}", self.0) }
    }
}

type Key = (Scope, &'static str);

/// The names of one activity.
#[derive(Default)]
pub struct Names {
    defined: RefCell<BTreeMap<Key, BTreeMap<String, Span>>>,
    mentioned: RefCell<Vec<(Key, String, Span)>>,
    opaque: RefCell<BTreeSet<Key>>,
}

impl Names {
    /// Notes a definition.
    pub fn define<T: Named>(&self, folder: &Folder, scope: &Scope, name: &T, span: &Span) {
        let mut defined = self.defined.borrow_mut();
        let known = defined.entry((scope.clone(), T::KIND)).or_default();
        if let Some(first) = known.get(name.as_text()) {
            let (line, _) = first.position();
            folder.report(
                Problem::error(span, format!("{} `{}` is defined twice", T::KIND, name.as_text()))
                    .expected(format!("a name used once among the {}s{}", T::KIND, scope.phrase()))
                    .found(format!("the same name in {} line {line}", first.file.path)),
            );
        } else {
            known.insert(name.as_text().to_owned(), span.clone());
        }
    }

    /// Notes a mention, to be looked up at the end.
    pub fn mention<T: Named>(&self, scope: &Scope, name: &T, span: &Span) {
        self.mentioned.borrow_mut().push(((scope.clone(), T::KIND), name.as_text().to_owned(), span.clone()));
    }

    /// Says that definitions of this kind may be missing because their file could
    /// not be read, so that mentions of them are not held against the author.
    pub fn opaque<T: Named>(&self, scope: &Scope) {
        self.opaque.borrow_mut().insert((scope.clone(), T::KIND));
    }

    /// Where a name was defined.
    pub fn place<T: Named>(&self, scope: &Scope, name: &T) -> Option<Span> {
        self.defined.borrow().get(&(scope.clone(), T::KIND))?.get(name.as_text()).cloned()
    }

    /// Reports every mention of a name that is not defined.
    pub fn resolve(&self, folder: &Folder) {
        let defined = self.defined.borrow();
        let none = BTreeMap::new();
        // What is said of each kind of name: thousands of mentions may be wrong.
        let mut choices: BTreeMap<&Key, (String, Words<'_>)> = BTreeMap::new();
        for (key, name, span) in self.mentioned.borrow().iter() {
            let known = defined.get(key).unwrap_or(&none);
            if known.contains_key(name) || self.opaque.borrow().contains(key) {
                continue;
            }
            let (scope, kind) = key;
            let names = || known.keys().map(String::as_str);
            let (expected, words) = choices.entry(key).or_insert_with(|| {
                (one_of(&format!("{kind}{}", scope.phrase()), names()), Words::of(names()))
            });
            let elsewhere = defined
                .range((scope.clone(), "")..)
                .take_while(|((other, _), _)| other == scope)
                .find(|(_, names)| names.contains_key(name))
                .map(|((_, other), _)| format!("`{name}` is the name of {}", a(other)));
            folder.report(
                Problem::error(span, format!("unknown {kind} `{name}`"))
                    .expected(expected.clone())
                    .help(words.closest(name).or(elsewhere)),
            );
        }
    }
}

/// The word with its article.
pub fn a(word: &str) -> String {
    format!("{} {word}", if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" })
}

/// "an option: `a`, `b`", shortened when there are many.
pub fn one_of<'a>(what: &str, known: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = known.collect();
    let mut list: Vec<String> = all.iter().take(12).map(|name| format!("`{name}`")).collect();
    if all.len() > list.len() {
        list.push(format!("… ({} in all)", all.len()));
    }
    match list.as_slice() {
        [] => format!("{}; there is none", a(what)),
        [only] => format!("the {what} {only}"),
        _ => format!("{}: {}", a(what), list.join(", ")),
    }
}

/// "did you mean …?" when one of the known words is close.
pub fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    Words::of(known).closest(word)
}

/// Known words, among which close ones are looked for, by their letters.
pub struct Words<'a>(BTreeMap<Letters, Vec<&'a str>>);

/// The letters of a word, in whichever order.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Letters {
    length: usize,
    /// How often each is there; a few letters share a place.
    counts: [u8; PLACES],
}

/// Places of letters.
const PLACES: usize = 32;

impl<'a> Words<'a> {
    /// These words.
    pub fn of(known: impl Iterator<Item = &'a str>) -> Self {
        let mut words: BTreeMap<Letters, Vec<&str>> = BTreeMap::new();
        for word in known {
            words.entry(Letters::of(word)).or_default().push(word);
        }
        Self(words)
    }

    /// "did you mean …?" when one of them is close.
    pub fn closest(&self, word: &str) -> Option<String> {
        let lower = word.to_lowercase();
        let sought = Letters::of(&lower);
        // Comparing letter by letter is slow, and few words can be near enough for it.
        let all = self.0.iter().map(|(letters, words)| (sought.at_least(letters), letters.near(), words));
        let near = all.filter(|(least, near, _)| least <= near);
        let mut near: Vec<(usize, &str, usize)> = near
            .flat_map(|(least, near, words)| words.iter().map(move |word| (least, *word, near)))
            .collect();
        near.sort_unstable();
        let mut best: Option<(usize, &str)> = None;
        for (least, known, near) in near {
            if best.is_some_and(|best| best <= (least, known)) {
                break;
            }
            let distance = strsim::damerau_levenshtein(&lower, known);
            if distance <= near && best.is_none_or(|best| (distance, known) < best) {
                best = Some((distance, known));
            }
        }
        best.map(|(_, known)| format!("did you mean `{known}`?"))
    }
}

impl Letters {
    fn of(word: &str) -> Self {
        let mut letters = Self { length: 0, counts: [0; PLACES] };
        for letter in word.chars() {
            letters.length += 1;
            if let Some(count) = letters.counts.get_mut(letter as usize % PLACES) {
                *count = count.saturating_add(1);
            }
        }
        letters
    }

    /// With so many changes of a letter another word is close to one of these.
    fn near(&self) -> usize {
        (self.length.max(3) / 3).max(1)
    }

    /// No fewer changes make words of these letters into words of others: each takes away, puts
    /// in or replaces one letter, or changes the order only.
    fn at_least(&self, others: &Self) -> usize {
        let apart = self.length.abs_diff(others.length);
        if apart > others.near() {
            return apart;
        }
        let (mut fewer, mut more) = (0, 0);
        for (own, other) in self.counts.iter().zip(&others.counts) {
            fewer += usize::from(other.saturating_sub(*own));
            more += usize::from(own.saturating_sub(*other));
        }
        fewer.max(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_near_or_absent() {
        let known = || ["title", "summary", "single-best"].into_iter();
        assert_eq!(closest("titel", known()).as_deref(), Some("did you mean `title`?"));
        assert_eq!(closest("single_best", known()).as_deref(), Some("did you mean `single-best`?"));
        assert_eq!(closest("TITLE", known()).as_deref(), Some("did you mean `title`?"));
        assert_eq!(closest("zone", known()), None);
    }

    #[test]
    fn the_closest_is_the_one_that_comparing_each_with_each_finds() {
        let letters = ['a', 'b', '1', '-', 'é'];
        let word = |mut number: usize| {
            let mut word = String::new();
            while number > 0 {
                word.extend(letters.get(number % 6));
                number /= 6;
            }
            word
        };
        let known: Vec<String> = (0..400).map(|number| word(number * 1_237 % 46_656)).collect();
        for number in (0..46_656).step_by(53) {
            let sought = word(number);
            let near = |known: &&String| (known.chars().count().max(3) / 3).max(1);
            let each = known.iter().map(|known| (strsim::damerau_levenshtein(&sought, known), known));
            let expected = each.filter(|(distance, known)| distance <= &near(known)).min();
            let expected = expected.map(|(_, known)| format!("did you mean `{known}`?"));
            assert_eq!(closest(&sought, known.iter().map(String::as_str)), expected, "{sought}");
        }
    }
}
