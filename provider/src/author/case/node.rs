//! A node of a case: TOML between `+++` lines, then prose.

use std::rc::Rc;

use enduring_core::content::*;
use enduring_core::id::{NodeId, ObjectiveId};
use enduring_core::measure::Points;

use super::super::diagnostic::Problem;
use super::super::fields::{Fields, Text, stand_in, thousandths};
use super::super::front::Bibliography;
use super::super::markdown;
use super::super::names::{Named, Scope, closest};
use super::super::source::{Folder, SourceText, Span};
use super::expression::{Expressions, options_of};

const FENCE: &str = "+++\n";

/// Reads the file of a node; its name is the file's.
pub fn node(folder: &Folder, path: &str, scope: &Scope, bibliography: &Bibliography) -> Option<Node> {
    let file = folder.text(path, None)?;
    let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
    let start = Span { file: file.clone(), range: 0..0 };
    let Ok(id) = NodeId::parse(stem) else {
        folder.report(
            Problem::file(path, "the file's name is not a name for a node")
                .expected("lowercase letters, digits, '.', '_' and '-', then .md")
                .found(format!("`{stem}`")),
        );
        return None;
    };
    folder.names.define(folder, scope, &id, &start);
    let Some((head, body)) = split(&file) else {
        folder.report(
            Problem::error(&start, "a node begins with its head")
                .expected("`+++` on the first line, TOML, and `+++` on a line of its own")
                .found(format!("`{}`", file.text.lines().next().unwrap_or_default())),
        );
        return None;
    };
    let text = Text { text: body.text().to_owned(), span: body };
    let prose = markdown::prose(folder, &text);
    folder.toml_part(&file, head.range, |fields| {
        let node = Node {
            id,
            title: fields.text("title"),
            text: prose,
            effects: Expressions { fields, scope }.effects("effects"),
            step: step(fields, scope, bibliography),
        };
        if node.text.is_empty() {
            fields.report(
                Problem::error(&start, "a node without prose")
                    .expected("what happens, in Markdown, below the second `+++`"),
            );
        }
        node
    })
}

fn split(file: &Rc<SourceText>) -> Option<(Span, Span)> {
    let rest = file.text.strip_prefix(FENCE)?;
    let end = if rest.starts_with("+++") { 0 } else { rest.find("\n+++")? + 1 };
    let after = rest.get(end + 3..)?;
    let body = if after.is_empty() { after } else { after.strip_prefix('\n')? };
    let span = |range| Span { file: file.clone(), range };
    let head = FENCE.len()..FENCE.len() + end;
    Some((span(head), span(file.text.len() - body.len()..file.text.len())))
}

fn step(fields: &Fields, scope: &Scope, bibliography: &Bibliography) -> NodeStep {
    let links = fields.tables("link");
    let (decision, ending) = (fields.table("decision"), fields.table("ending"));
    match (links.is_empty(), decision, ending) {
        (false, None, None) => {
            let mut seen: Vec<String> = Vec::new();
            let links = links.iter().map(|table| link(table, scope, &mut seen)).collect();
            NodeStep::Links(links)
        }
        (true, Some(table), None) => NodeStep::Decision(decision_of(&table, scope, bibliography)),
        (true, None, Some(table)) => NodeStep::Ending(ending_of(&table, scope)),
        (true | false, decision, ending) => {
            let found = [
                (!links.is_empty()).then_some("[[link]]"),
                decision.as_ref().map(|_| "[decision]"),
                ending.as_ref().map(|_| "[ending]"),
            ];
            let found: Vec<&str> = found.into_iter().flatten().collect();
            for table in links.iter().chain(&decision).chain(&ending) {
                table.give_up();
            }
            fields.report(
                Problem::error(&fields.place(), "a node asks for one thing")
                    .expected("either [[link]] tables, or [decision], or [ending]")
                    .found(if found.is_empty() { "none of them".to_owned() } else { found.join(" and ") }),
            );
            NodeStep::Links(Vec::new())
        }
    }
}

fn link(fields: &Fields, scope: &Scope, seen: &mut Vec<String>) -> Link {
    let expressions = Expressions { fields, scope };
    let id = match fields.required_raw("id", "\"continue\"") {
        Some(text) => {
            if seen.contains(&text.text) {
                fields.report(
                    Problem::error(&text.span, format!("link `{}` is defined twice", text.text))
                        .expected("a name used once among the links of this node"),
                );
            }
            seen.push(text.text.clone());
            fields.as_name(&text)
        }
        None => stand_in(),
    };
    Link {
        id,
        text: fields.text("text"),
        when: expressions.condition("when"),
        effects: expressions.effects("effects"),
        to: fields.mention("to", scope),
    }
}

fn ending_of(fields: &Fields, scope: &Scope) -> Ending {
    let qualities =
        [("poor", EndingQuality::Poor), ("fair", EndingQuality::Fair), ("best", EndingQuality::Best)];
    Ending {
        id: fields.define("id", scope),
        title: fields.text("title"),
        quality: fields.word("quality", &qualities).unwrap_or(EndingQuality::Poor),
        points: fields.points("points"),
    }
}

fn decision_of(fields: &Fields, scope: &Scope, bibliography: &Bibliography) -> Decision {
    let id = fields.define("id", scope);
    let option_scope = options_of(scope, &id);
    let tables = fields.tables("option");
    let options: Vec<DecisionOption> =
        tables.iter().map(|table| option(table, scope, &option_scope)).collect();
    if options.len() < 2 {
        fields.report(
            Problem::error(&fields.place(), "too few tables [[decision.option]]")
                .expected("at least 2")
                .found(options.len().to_string()),
        );
    }
    let most = i64::try_from(options.len().max(1)).unwrap_or(i64::MAX);
    let (min, max) = (fields.number("min_picks", 0..=most), fields.number("max_picks", 1..=most));
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        fields.report(
            Problem::error(&fields.place_of("max_picks"), "fewer picks allowed than needed")
                .expected(format!("{min} or more"))
                .found(max.to_string()),
        );
    }
    let picks = |count: Option<i64>| count.and_then(|count| u16::try_from(count).ok()).unwrap_or(1);
    if !options.iter().any(|option| matches!(option.worth, Worth::Earns(points) if points.0 > 0)) {
        fields.report(
            Problem::error(&fields.place(), format!("decision `{id}` cannot be scored"))
                .expected("at least one option with worth = \"earns …\""),
        );
    }
    let objectives: Vec<ObjectiveId> = fields.mentions("objectives", &Scope::activity());
    if objectives.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("objectives"), format!("decision `{id}` measures nothing"))
                .expected("objectives = [\"…\"] with at least one name of an [[objective]]"),
        );
    }
    let branches = fields
        .tables("branch")
        .iter()
        .map(|table| Branch {
            when: Expressions { fields: table, scope }.required_condition("when"),
            to: table.mention("to", scope),
        })
        .collect();
    Decision {
        id,
        prompt: fields.prose("prompt"),
        options,
        min_picks: picks(min),
        max_picks: picks(max),
        objectives,
        rationale: fields.prose("rationale"),
        references: bibliography.cited(fields),
        branches,
        otherwise: fields.mention("otherwise", scope),
    }
}

fn option(fields: &Fields, scope: &Scope, options: &Scope) -> DecisionOption {
    DecisionOption {
        id: fields.define("id", options),
        text: fields.prose("text"),
        worth: fields
            .required_raw("worth", "\"earns 1\"")
            .map_or(Worth::Neutral, |text| worth(fields, &text)),
        consequence: fields.prose_or_empty("consequence"),
        effects: Expressions { fields, scope }.effects("effects"),
    }
}

fn worth(fields: &Fields, text: &Text) -> Worth {
    let (word, amount) = text.text.split_once(' ').unwrap_or((text.text.as_str(), ""));
    let points = thousandths(amount.trim()).map(Points);
    match (word, points, amount.is_empty()) {
        ("neutral", _, true) => Worth::Neutral,
        ("harmful", _, true) => Worth::Harmful,
        ("earns", Some(points), false) => Worth::Earns(points),
        ("costs", Some(points), false) => Worth::Costs(points),
        (_, Some(_) | None, true | false) => {
            fields.report(
                Problem::error(&text.span, "a worth that cannot be counted")
                    .expected(
                        "\"earns 1\", \"costs 0.5\", \"neutral\" or \"harmful\"; at most three decimals",
                    )
                    .found(format!("`{}`", text.text))
                    .help(closest(word, ["earns", "costs", "neutral", "harmful"].into_iter())),
            );
            Worth::Neutral
        }
    }
}
