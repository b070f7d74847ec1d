//! A case out of its folder: `case.toml`, `chart.toml` and a file per node.

mod chart;
mod expert;
mod expression;
mod logic;
mod node;
mod proof;

use enduring_core::content::{Case, CaseGate, Counter, ExpertStep, Rule};
use enduring_core::id::{CounterId, DecisionId, EndingId, EntryId, LinkId, NodeId, PartId, RuleId};
pub use expert::play;
pub use proof::prove;

use self::expression::Expressions;
use super::diagnostic::Problem;
use super::fields::{Fields, stand_in};
use super::front::Bibliography;
use super::names::{Named, Scope};
use super::source::{Folder, Span};

/// A case as read, with the places that its proofs point to.
pub struct Draft {
    /// The part that it is.
    pub part: PartId,
    /// The folder that it was read from.
    pub folder: String,
    /// The case.
    pub case: Case,
    /// The names of the case.
    pub scope: Scope,
    /// Where each step of the expert's path stands.
    pub expert: Vec<Span>,
    /// Where the part's gate stands.
    pub gate: Span,
}

/// Reads the case of a part; `None` with diagnostics when there is no `case.toml`.
pub fn read(
    fields: &Fields,
    part: &PartId,
    path: &str,
    gate: CaseGate,
    bibliography: &Bibliography,
) -> Option<Draft> {
    let folder = fields.folder;
    let scope = Scope::inside(format!("the case `{part}`"));
    let mention = if fields.has("folder") { fields.place_of("folder") } else { fields.place_of("id") };
    let chart_path = format!("{path}/chart.toml");
    let chart = if folder.path(&chart_path).exists() {
        let read = folder.toml(&chart_path, None, |fields| chart::chart(fields, &scope));
        if read.is_none() {
            folder.names.opaque::<EntryId>(&scope);
        }
        read.unwrap_or_default()
    } else {
        Vec::new()
    };
    let files = folder.list(path, ".md");
    let nodes: Vec<_> =
        files.iter().filter_map(|file| node::node(folder, file, &scope, bibliography)).collect();
    if nodes.len() < files.len() {
        folder.names.opaque::<DecisionId>(&scope);
        folder.names.opaque::<EndingId>(&scope);
        folder.names.opaque::<NodeId>(&scope);
    }
    let case_path = format!("{path}/case.toml");
    let read = folder.toml(&case_path, Some(&mention), |fields| {
        let (expert, places) = expert_path(fields);
        let case = Case {
            patient: fields.text("patient"),
            start: fields.mention("start", &scope),
            nodes,
            chart,
            counters: fields.tables("counter").iter().map(|table| counter(table, &scope)).collect(),
            rules: fields.tables("rule").iter().map(|table| rule(table, &scope)).collect(),
            gate,
            expert,
            debrief: fields.prose("debrief"),
            references: bibliography.cited(fields),
        };
        (case, places)
    });
    if read.is_none() {
        folder.names.opaque::<CounterId>(&scope);
    }
    let (case, expert) = read?;
    let gate = fields.place_of("gate");
    Some(Draft { part: part.clone(), folder: path.to_owned(), case, scope, expert, gate })
}

fn counter(fields: &Fields, scope: &Scope) -> Counter {
    const BOUNDS: std::ops::RangeInclusive<i64> = -1_000_000..=1_000_000;
    let number = |key| fields.number(key, BOUNDS).and_then(|number| i32::try_from(number).ok());
    let (initial, min, max) = (number("initial"), number("min"), number("max"));
    let counter = Counter {
        id: fields.define::<CounterId>("id", scope),
        label: fields.text_or_empty("label"),
        initial: initial.unwrap_or(0),
        min: min.unwrap_or(0),
        max: max.unwrap_or(0),
    };
    let is_whole = initial.and(min).and(max).is_some();
    if is_whole && !(counter.min..=counter.max).contains(&counter.initial) {
        fields.report(
            Problem::error(
                &fields.place_of("initial"),
                format!("counter `{}` begins out of its bounds", counter.id),
            )
            .expected(format!("{} to {}", counter.min, counter.max))
            .found(counter.initial.to_string()),
        );
    }
    counter
}

fn rule(fields: &Fields, scope: &Scope) -> Rule {
    let expressions = Expressions { fields, scope };
    Rule {
        id: fields.define::<RuleId>("id", scope),
        when: expressions.required_condition("when"),
        text: fields.prose_or_empty("text"),
        effects: expressions.effects("effects"),
        divert: fields.optional_mention("divert", scope),
    }
}

/// The expert's steps and where they stand. Whether they can be done is found by
/// playing them.
fn expert_path(fields: &Fields) -> (Vec<ExpertStep>, Vec<Span>) {
    let tables = fields.tables("expert");
    if tables.is_empty() {
        fields.report(
            Problem::error(&fields.place(), "no path of the expert")
                .expected("tables [[expert]] with `follow` or `decide`, from the start to an ending"),
        );
    }
    let step = |table: &Fields| match (table.raw("follow"), table.texts("decide")) {
        (Some(link), picks) if picks.is_empty() => ExpertStep::Follow(table.as_name::<LinkId>(&link)),
        (None, picks) if !picks.is_empty() => {
            ExpertStep::Decide(picks.iter().map(|pick| table.as_name(pick)).collect())
        }
        (Some(_) | None, _) => {
            table.report(
                Problem::error(&table.place(), "a step of the expert does one thing")
                    .expected("either follow = \"link\" or decide = [\"option\", …]"),
            );
            ExpertStep::Follow(stand_in())
        }
    };
    (tables.iter().map(step).collect(), tables.iter().map(Fields::place).collect())
}

impl Draft {
    /// Where a name of the case was defined; the case's file when it is not known.
    pub fn place<T: Named>(&self, folder: &Folder, name: &T) -> Option<Span> {
        folder.names.place(&self.scope, name)
    }
}
