//! Whether conditions can hold: by trying every way in which their parts can stand.

use std::collections::{BTreeMap, BTreeSet};

use enduring_core::content::{Case, Condition};

/// Most ways that are tried.
const WORLDS_MAX: usize = 65_536;

/// One way in which everything that some conditions ask about can stand.
#[derive(Clone, Debug, Default)]
pub struct World {
    counters: BTreeMap<String, i32>,
    facts: BTreeMap<String, bool>,
}

/// What can be said of every world.
#[derive(Debug)]
pub enum Answer {
    /// It holds in every one.
    Always,
    /// It does not in this one, in words.
    Unless(String),
    /// There are too many to try.
    TooMany,
}

/// Whether at least one of the conditions holds, however things stand.
pub fn one_always_holds(case: &Case, conditions: &[&Condition]) -> Answer {
    let Some(worlds) = worlds(case, conditions) else { return Answer::TooMany };
    let gap = worlds.iter().find(|world| !conditions.iter().any(|condition| world.holds(condition)));
    gap.map_or(Answer::Always, |world| Answer::Unless(world.to_string()))
}

/// Whether a condition can hold at all; true when that cannot be told.
pub fn can_hold(case: &Case, condition: &Condition) -> bool {
    worlds(case, &[condition]).is_none_or(|worlds| worlds.iter().any(|world| world.holds(condition)))
}

impl World {
    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Always => true,
            Condition::Not(inner) => !self.holds(inner),
            Condition::All(list) => list.iter().all(|inner| self.holds(inner)),
            Condition::Any(list) => list.iter().any(|inner| self.holds(inner)),
            Condition::AtLeast { counter, value } => {
                self.counters.get(counter.as_str()).is_some_and(|now| now >= value)
            }
            Condition::Visited(_)
            | Condition::Picked { .. }
            | Condition::Earned { .. }
            | Condition::Opened(_) => self.facts.get(&fact(condition)).is_some_and(|holds| *holds),
        }
    }
}

impl std::fmt::Display for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let counters = self.counters.iter().map(|(counter, value)| format!("{counter} == {value}"));
        let facts =
            self.facts.iter().map(|(fact, holds)| if *holds { fact.clone() } else { format!("not {fact}") });
        f.write_str(&counters.chain(facts).collect::<Vec<_>>().join(" and "))
    }
}

fn fact(condition: &Condition) -> String {
    match condition {
        Condition::Visited(node) => format!("visited({node})"),
        Condition::Picked { decision, option } => format!("picked({decision}, {option})"),
        Condition::Earned { decision, points } => format!("earned({decision}, {} thousandths)", points.0),
        Condition::Opened(entry) => format!("opened({entry})"),
        Condition::Always
        | Condition::Not(_)
        | Condition::All(_)
        | Condition::Any(_)
        | Condition::AtLeast { .. } => String::new(),
    }
}

/// Every combination of counter values that the conditions tell apart, within the
/// counters' bounds, and of facts; `None` when there are too many.
fn worlds(case: &Case, conditions: &[&Condition]) -> Option<Vec<World>> {
    let mut steps: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    let mut facts: BTreeSet<String> = BTreeSet::new();
    for condition in conditions {
        collect(case, condition, &mut steps, &mut facts);
    }
    let combinations = steps.values().map(BTreeSet::len).chain(facts.iter().map(|_| 2));
    let count = combinations.fold(1usize, usize::saturating_mul);
    if count > WORLDS_MAX {
        return None;
    }
    let mut worlds = vec![World::default()];
    for (counter, values) in &steps {
        worlds = cross(&worlds, values.iter(), |world, value| {
            world.counters.insert(counter.clone(), *value);
        });
    }
    for fact in &facts {
        worlds = cross(&worlds, [false, true].iter(), |world, holds| {
            world.facts.insert(fact.clone(), *holds);
        });
    }
    Some(worlds)
}

fn cross<'a, T: 'a>(
    worlds: &[World],
    values: impl Iterator<Item = &'a T> + Clone,
    set: impl Fn(&mut World, &T),
) -> Vec<World> {
    let one = |world: &World, value: &T| {
        let mut world = world.clone();
        set(&mut world, value);
        world
    };
    worlds
        .iter()
        .flat_map(|world| values.clone().map(|value| one(world, value)).collect::<Vec<_>>())
        .collect()
}

fn collect(
    case: &Case,
    condition: &Condition,
    steps: &mut BTreeMap<String, BTreeSet<i32>>,
    facts: &mut BTreeSet<String>,
) {
    match condition {
        Condition::Always => {}
        Condition::Not(inner) => collect(case, inner, steps, facts),
        Condition::All(list) | Condition::Any(list) => {
            for inner in list {
                collect(case, inner, steps, facts);
            }
        }
        Condition::AtLeast { counter, value } => {
            let bounds = case.counters.iter().find(|known| known.id == *counter);
            let (min, max) = bounds.map_or((i32::MIN, i32::MAX), |known| (known.min, known.max));
            let values = steps.entry(counter.to_string()).or_default();
            values.extend([min, max]);
            values.extend([value.saturating_sub(1), *value].into_iter().filter(|v| (min..=max).contains(v)));
        }
        Condition::Visited(_)
        | Condition::Picked { .. }
        | Condition::Earned { .. }
        | Condition::Opened(_) => {
            facts.insert(fact(condition));
        }
    }
}
