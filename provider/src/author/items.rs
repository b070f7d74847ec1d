//! Items, banks and parallel forms out of `items/*.toml`.

use std::collections::BTreeMap;

use enduring_core::content::*;
use enduring_core::id::{ItemId, ObjectiveId, OptionId};

use super::diagnostic::Problem;
use super::fields::Fields;
use super::front::Bibliography;
use super::names::{Named, Scope};
use super::source::{Folder, Span};

/// What the item files hold.
#[derive(Default)]
pub struct ItemFiles {
    /// All items.
    pub items: Vec<Item>,
    /// All banks.
    pub banks: Vec<Bank>,
    /// All sets of parallel forms.
    pub forms: Vec<Forms>,
    /// The place of each pair of forms, to be compared once all items are known.
    pairs: Vec<(ItemId, ItemId, Span)>,
}

#[derive(Clone, Copy)]
enum Kind {
    SingleBest,
    MultipleResponse,
    TrueFalse,
    ExtendedMatching,
    Ordering,
    Numeric,
    ScriptConcordance,
    KeyFeature,
}

const KINDS: [(&str, Kind); 8] = [
    ("single-best", Kind::SingleBest),
    ("multiple-response", Kind::MultipleResponse),
    ("true-false", Kind::TrueFalse),
    ("extended-matching", Kind::ExtendedMatching),
    ("ordering", Kind::Ordering),
    ("numeric", Kind::Numeric),
    ("script-concordance", Kind::ScriptConcordance),
    ("key-feature", Kind::KeyFeature),
];

impl ItemFiles {
    /// Reads every file.
    pub fn read(folder: &Folder, bibliography: &Bibliography) -> Self {
        let mut files = Self::default();
        for path in folder.list("items", ".toml") {
            let read = folder.toml(&path, None, |fields| files.file(fields, bibliography));
            if read.is_none() {
                folder.names.opaque::<ItemId>(&Scope::activity());
                folder.names.opaque::<enduring_core::id::BankId>(&Scope::activity());
                folder.names.opaque::<enduring_core::id::FormsId>(&Scope::activity());
            }
        }
        files.check_pairs(folder);
        files
    }

    fn file(&mut self, fields: &Fields, bibliography: &Bibliography) {
        for table in fields.tables("item") {
            self.items.extend(item(&table, bibliography));
        }
        for table in fields.tables("bank") {
            let items = table.mentions("items", &Scope::activity());
            self.banks.push(Bank { id: table.define("id", &Scope::activity()), items });
        }
        for table in fields.tables("forms") {
            let id = table.define("id", &Scope::activity());
            let (mut a, mut b): (Vec<ItemId>, Vec<ItemId>) = (Vec::new(), Vec::new());
            for (first, second) in table.pairs("pairs") {
                let pair: [ItemId; 2] = [
                    table.mentioned(&Scope::activity(), &first),
                    table.mentioned(&Scope::activity(), &second),
                ];
                let [one, other] = pair;
                if a.contains(&one)
                    || b.contains(&one)
                    || one == other
                    || a.contains(&other)
                    || b.contains(&other)
                {
                    table.report(
                        Problem::error(&first.span, "an item stands twice in these forms")
                            .expected("each item in one place of one form"),
                    );
                }
                self.pairs.push((one.clone(), other.clone(), first.span));
                a.push(one);
                b.push(other);
            }
            if a.is_empty() {
                table.report(
                    Problem::error(&table.place(), "a set of forms without items")
                        .expected("pairs = [[\"…\", \"…\"], …]"),
                );
            }
            self.forms.push(Forms { id, a, b });
        }
    }

    /// Parallel forms measure the same: the objectives of a pair are the same.
    fn check_pairs(&self, folder: &Folder) {
        let objectives: BTreeMap<&ItemId, Vec<&ObjectiveId>> = self
            .items
            .iter()
            .map(|item| {
                let mut objectives: Vec<_> = item.objectives.iter().collect();
                objectives.sort();
                (&item.id, objectives)
            })
            .collect();
        for (one, other, span) in &self.pairs {
            let (Some(first), Some(second)) = (objectives.get(one), objectives.get(other)) else { continue };
            if first != second {
                let words = |list: &[&ObjectiveId]| {
                    list.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
                };
                folder.report(
                    Problem::error(span, format!("`{one}` and `{other}` are not parallel"))
                        .expected(format!("the objectives of `{one}`: {}", words(first)))
                        .found(format!("those of `{other}`: {}", words(second))),
                );
            }
        }
    }
}

fn item(fields: &Fields, bibliography: &Bibliography) -> Option<Item> {
    let id: ItemId = fields.define("id", &Scope::activity());
    let scope = Scope::inside(format!("item `{id}`"));
    let Some(kind) = fields.word("kind", &KINDS) else {
        fields.give_up();
        return None;
    };
    let objectives: Vec<ObjectiveId> = fields.mentions("objectives", &Scope::activity());
    if objectives.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("objectives"), format!("item `{id}` measures nothing"))
                .expected("objectives = [\"…\"] with at least one name of an [[objective]]"),
        );
    }
    Some(Item {
        id,
        objectives,
        stem: fields.prose("stem"),
        image: fields.image("image"),
        body: body(fields, kind, &scope),
        rationale: fields.prose("rationale"),
        references: bibliography.cited(fields),
        difficulty: fields.text_or_empty("difficulty"),
    })
}

fn body(fields: &Fields, kind: Kind, scope: &Scope) -> ItemBody {
    match kind {
        Kind::SingleBest => {
            let options = choices(fields, "option", scope);
            ItemBody::SingleBest { options, key: fields.mention("key", scope) }
        }
        Kind::MultipleResponse => {
            let options = choices(fields, "option", scope);
            let key = key(fields, scope);
            let max_picks = max_picks(fields, key.len(), options.len());
            ItemBody::MultipleResponse { options, key, scoring: scoring(fields), max_picks }
        }
        Kind::TrueFalse => {
            let statements = fields
                .tables("statement")
                .iter()
                .map(|table| TruthStatement {
                    id: table.define("id", scope),
                    text: table.prose("text"),
                    truth: truth(table),
                    feedback: table.prose_or_empty("feedback"),
                })
                .collect::<Vec<_>>();
            at_least(fields, "statement", statements.len(), 1);
            ItemBody::TrueFalse { statements, scoring: scoring(fields) }
        }
        Kind::ExtendedMatching => {
            let options = choices(fields, "option", scope);
            let stem_scope = Scope::inside(format!("the stems of {}", fields.place_of("id").text()));
            let stems = fields
                .tables("stem_part")
                .iter()
                .map(|table| MatchStem {
                    id: table.define("id", &stem_scope),
                    text: table.prose("text"),
                    key: table.mention("key", scope),
                    feedback: table.prose_or_empty("feedback"),
                })
                .collect::<Vec<_>>();
            at_least(fields, "stem_part", stems.len(), 1);
            ItemBody::ExtendedMatching { options, stems, scoring: scoring(fields) }
        }
        Kind::Ordering => {
            ItemBody::Ordering { steps: choices(fields, "step", scope), scoring: scoring(fields) }
        }
        Kind::Numeric => {
            let (key, tolerance) = (fields.decimal("key"), fields.decimal("tolerance"));
            if tolerance.is_negative() {
                fields.report(
                    Problem::error(&fields.place_of("tolerance"), "a tolerance below nothing")
                        .expected("0 or more")
                        .found(tolerance.to_string()),
                );
            }
            ItemBody::Numeric { unit: fields.text_or_empty("unit"), key, tolerance }
        }
        Kind::ScriptConcordance => {
            let read = |table: &Fields| {
                let votes = table.number("votes", 0..=1_000).and_then(|votes| votes.try_into().ok());
                let (id, text) = (table.define("id", scope), table.prose("text"));
                (PanelOption { id, text, votes: votes.unwrap_or(0) }, votes)
            };
            let (scale, votes): (Vec<_>, Vec<Option<u16>>) = fields.tables("scale").iter().map(read).unzip();
            at_least(fields, "scale", scale.len(), 3);
            let votes: Vec<u16> = votes.into_iter().flatten().collect();
            if votes.len() == scale.len() {
                panel(fields, &votes);
            }
            ItemBody::ScriptConcordance {
                hypothesis: fields.prose("hypothesis"),
                finding: fields.prose("finding"),
                scale,
            }
        }
        Kind::KeyFeature => {
            let options = choices(fields, "option", scope);
            let key = key(fields, scope);
            if !fields.has("max_picks") {
                fields.report(
                    Problem::error(&fields.place(), "missing key `max_picks`")
                        .expected("the stated maximum of picks, as max_picks = 3"),
                );
            }
            let max_picks = max_picks(fields, key.len(), options.len()).unwrap_or(1);
            ItemBody::KeyFeature { options, key, max_picks }
        }
    }
}

fn choices(fields: &Fields, table: &'static str, scope: &Scope) -> Vec<Choice> {
    let choices: Vec<Choice> = fields
        .tables(table)
        .iter()
        .map(|table| Choice {
            id: table.define("id", scope),
            text: table.prose("text"),
            feedback: table.prose_or_empty("feedback"),
        })
        .collect();
    at_least(fields, table, choices.len(), 2);
    choices
}

fn at_least(fields: &Fields, table: &str, found: usize, least: usize) {
    if found < least {
        fields.report(
            Problem::error(&fields.place(), format!("too few tables [[item.{table}]]"))
                .expected(format!("at least {least}"))
                .found(found.to_string()),
        );
    }
}

fn key(fields: &Fields, scope: &Scope) -> Vec<OptionId> {
    let texts = fields.texts("key");
    if texts.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("key"), "no key")
                .expected("key = [\"…\"] with the names of the right options"),
        );
    }
    let mut key: Vec<OptionId> = Vec::new();
    for text in &texts {
        let option = fields.mentioned(scope, text);
        if key.contains(&option) {
            fields.report(
                Problem::error(&text.span, format!("`{}` stands twice in the key", option.as_text()))
                    .expected("each option once"),
            );
        }
        key.push(option);
    }
    key
}

fn max_picks(fields: &Fields, key: usize, options: usize) -> Option<u16> {
    let most = i64::try_from(options.max(1)).unwrap_or(i64::MAX);
    let picks = fields.optional_number("max_picks", 1..=most)?;
    if picks < i64::try_from(key).unwrap_or(i64::MAX) {
        fields.report(
            Problem::error(&fields.place_of("max_picks"), "the key cannot be picked")
                .expected(format!("at least {key}, as many as the key has"))
                .found(picks.to_string()),
        );
    }
    u16::try_from(picks).ok()
}

fn scoring(fields: &Fields) -> PartScoring {
    let words = [("all-or-nothing", PartScoring::AllOrNothing), ("per-part", PartScoring::PerPart)];
    fields.word("scoring", &words).unwrap_or(PartScoring::AllOrNothing)
}

fn truth(fields: &Fields) -> Truth {
    if !fields.has("truth") {
        fields
            .report(Problem::error(&fields.place(), "missing key `truth`").expected("truth = true or false"));
    }
    match fields.optional_truth("truth") {
        Some(true) => Truth::True,
        Some(false) | None => Truth::False,
    }
}

/// A panel voted, and it is large enough to be believed.
/// Source: 10 to 20 panellists are advised; Gagnon et al., Med Educ 2005;39(3):284-291.
fn panel(fields: &Fields, scale: &[u16]) {
    let votes: u32 = scale.iter().copied().map(u32::from).sum();
    if votes == 0 && !scale.is_empty() {
        fields.report(
            Problem::error(&fields.place(), "nobody of the panel voted")
                .expected("votes above nothing for at least one point of the scale"),
        );
    } else if votes < 10 && !scale.is_empty() {
        fields.report(
            Problem::warning(&fields.place(), "a small panel")
                .expected("10 to 20 panellists")
                .found(votes.to_string()),
        );
    }
}
