//! The flow: parts in order, with their settings.

use enduring_core::content::patient::Patient;
use enduring_core::content::*;
use enduring_core::id::PartId;
use enduring_core::measure::{Millis, Minutes, Percent};

use super::case::{self, Draft};
use super::diagnostic::Problem;
use super::evaluation::evaluation;
use super::fields::{Fields, Text};
use super::front::Bibliography;
use super::line::unprintable;
use super::markdown;
use super::names::Scope;
use super::patient;
use super::source::{Folder, Span};

/// The parts as read.
#[derive(Default)]
pub struct Flow {
    /// The parts, each with its place.
    pub parts: Vec<(Part, Span)>,
    /// The cases among them, to be proved.
    pub cases: Vec<Draft>,
    /// The simulated patients among them, to be rehearsed.
    pub patients: Vec<patient::Draft>,
}

#[derive(Clone, Copy)]
enum Kind {
    Reading,
    Test,
    Case,
    Patient,
    Evaluation,
}

const KINDS: [(&str, Kind); 5] = [
    ("reading", Kind::Reading),
    ("test", Kind::Test),
    ("case", Kind::Case),
    ("patient", Kind::Patient),
    ("evaluation", Kind::Evaluation),
];

impl Flow {
    /// Reads the tables `[[part]]`.
    pub fn read(fields: &Fields, bibliography: &Bibliography) -> Self {
        let mut flow = Self::default();
        for table in fields.tables("part") {
            let id: PartId = table.define("id", &Scope::activity());
            let Some(kind) = table.word("kind", &KINDS) else {
                table.give_up();
                continue;
            };
            let body = match kind {
                Kind::Reading => Some(PartBody::Reading(reading(&table))),
                Kind::Test => Some(PartBody::Test(test(&table))),
                Kind::Case => flow.case(&table, &id, bibliography).map(PartBody::Case),
                Kind::Patient => flow
                    .patient(&table, &id, bibliography)
                    .map(|patient| PartBody::Patient(Box::new(patient))),
                Kind::Evaluation => {
                    let file = table.raw("file");
                    let path = file.as_ref().map_or("evaluation.toml", |text| &text.text);
                    let mention = file.as_ref().map_or_else(|| table.place(), |text| text.span.clone());
                    table.folder.toml(path, Some(&mention), evaluation).map(PartBody::Evaluation)
                }
            };
            let title = table.text("title");
            let minutes = table.number("minutes", 0..=600).and_then(|count| count.try_into().ok());
            if let Some(body) = body {
                flow.parts
                    .push((Part { id, title, minutes: Minutes(minutes.unwrap_or(0)), body }, table.place()));
            }
        }
        flow
    }

    /// Warns where the parts take longer than the activity.
    pub fn fits(&self, fields: &Fields, planned: Minutes) {
        let minutes: u32 = self.parts.iter().map(|(part, _)| part.minutes.0).sum();
        if minutes > planned.0 {
            fields.report(
                Problem::file_warning("activity.toml", "the parts take longer than the activity")
                    .expected(format!("minutes = {minutes} or more"))
                    .found(planned.0.to_string()),
            );
        }
    }

    fn case(&mut self, fields: &Fields, id: &PartId, bibliography: &Bibliography) -> Option<Case> {
        let (gate, folder) = gate_and_folder(fields, id);
        let draft = case::read(fields, id, &folder, gate, bibliography)?;
        let case = draft.case.clone();
        self.cases.push(draft);
        Some(case)
    }

    fn patient(&mut self, fields: &Fields, id: &PartId, bibliography: &Bibliography) -> Option<Patient> {
        let (gate, folder) = gate_and_folder(fields, id);
        let draft = patient::read(fields, id, &folder, gate, bibliography)?;
        let patient = draft.patient.clone();
        self.patients.push(draft);
        Some(patient)
    }
}

/// What is needed to go on after a case or patient, and where it is written.
fn gate_and_folder(fields: &Fields, id: &PartId) -> (CaseGate, String) {
    let threshold = fields.number_or_word("gate", 0..=100, "ending").flatten();
    let gate = threshold.map_or(CaseGate::Ending, |percent| CaseGate::Threshold(whole_percent(percent)));
    (gate, fields.optional_text("folder").unwrap_or_else(|| id.to_string()))
}

fn whole_percent(percent: i64) -> Percent {
    Percent(u8::try_from(percent).unwrap_or(100))
}

fn reading(fields: &Fields) -> Reading {
    let pages = fields.texts("pages");
    if pages.is_empty() {
        fields.report(
            Problem::error(&fields.place_of("pages"), "a reading without pages")
                .expected("pages = [\"reading/….md\"]"),
        );
    }
    Reading { pages: pages.iter().filter_map(|page| read_page(fields.folder, page)).collect() }
}

fn read_page(folder: &Folder, path: &Text) -> Option<Page> {
    let file = folder.text(&path.text, Some(&path.span))?;
    let whole = Span { file: file.clone(), range: 0..file.text.len() };
    let Some((title, rest)) = markdown::title_and_rest(&whole) else {
        let first = whole.part(0..file.text.find('\n').unwrap_or(file.text.len()));
        folder.report(
            Problem::error(&first, "a page begins with its title")
                .expected("`# Title` on the first line")
                .found(format!("`{}`", first.text())),
        );
        return None;
    };
    if let Some(bad) = unprintable(title.text()) {
        folder.report(
            Problem::error(&title, "the title of a page cannot be shown")
                .expected("one line of printable characters")
                .found(format!("the character {bad:?}")),
        );
    }
    let text = markdown::prose(folder, &Text { text: rest.text().to_owned(), span: rest.clone() });
    if text.is_empty() {
        folder.report(Problem::error(&title, "a page without text").expected("prose below the title"));
    }
    Some(Page { title: title.text().trim().to_owned(), text })
}

fn test(fields: &Fields) -> Test {
    let roles = [("pre", TestRole::Pre), ("post", TestRole::Post), ("practice", TestRole::Practice)];
    Test {
        role: fields.word("role", &roles).unwrap_or(TestRole::Practice),
        introduction: fields.prose_or_empty("introduction"),
        selection: selection(fields),
        policy: fields.table("policy").map_or_else(TestPolicy::default, |table| test_policy(&table)),
    }
}

fn selection(fields: &Fields) -> Selection {
    let (form, draw, items) = (fields.table("form"), fields.table("draw"), fields.has("items"));
    let named = Selection::Items(fields.mentions("items", &Scope::activity()));
    let turns = [("first", FormTurn::First), ("second", FormTurn::Second)];
    match (form, draw, items) {
        (Some(form), None, false) => Selection::Form {
            forms: form.mention("set", &Scope::activity()),
            turn: form.word("turn", &turns).unwrap_or(FormTurn::First),
        },
        (None, Some(draw), false) => Selection::Draw {
            bank: draw.mention("bank", &Scope::activity()),
            count: draw.number("count", 1..=500).and_then(|count| count.try_into().ok()).unwrap_or(1),
        },
        (None, None, true) => named,
        (form, draw, _) => {
            for table in form.iter().chain(&draw) {
                table.give_up();
            }
            fields.report(
                Problem::error(&fields.place(), "a test takes its items from one place").expected(
                    "either items = [\"…\"], or draw = { bank = \"…\", count = 5 }, or form = { set = \"…\", turn = \"first\" }",
                ),
            );
            named
        }
    }
}

fn truth_or<T>(fields: &Fields, key: &'static str, yes: T, no: T, default: T) -> T {
    match fields.optional_truth(key) {
        Some(true) => yes,
        Some(false) => no,
        None => default,
    }
}

/// The share of points that passes; none for a test that is not graded.
fn threshold(fields: &Fields, default: Option<Percent>) -> Option<Percent> {
    let Some(threshold) = fields.number_or_word("threshold", 0..=100, "none") else { return default };
    if threshold == Some(0) {
        fields.report(
            Problem::warning(&fields.place_of("threshold"), "a graded test that everybody passes")
                .expected("a percent above 0, or threshold = \"none\" for a test that is not graded")
                .found("0"),
        );
    }
    threshold.map(whole_percent)
}

fn test_policy(fields: &Fields) -> TestPolicy {
    let default = TestPolicy::default();
    let span = |key, most: i64, unit: u64| {
        let count = fields.optional_number(key, 1..=most)?;
        u64::try_from(count).ok().map(|count| Millis(count * unit))
    };
    let redraw = [("same", Redraw::Same), ("new", Redraw::New)];
    let reveal = [
        ("never", Reveal::Never),
        ("after-item", Reveal::AfterItem),
        ("after-attempt", Reveal::AfterAttempt),
        ("after-passing", Reveal::AfterPassing),
    ];
    let back = [("free", Back::Free), ("locked", Back::Locked)];
    let certainty =
        [("off", Certainty::Off), ("optional", Certainty::Optional), ("required", Certainty::Required)];
    let unanswered = [("refuse", Unanswered::Refuse), ("allow", Unanswered::Allow)];
    let wait = fields.optional_number("cool_down_minutes", 0..=525_600);
    TestPolicy {
        threshold: threshold(fields, default.threshold),
        attempts: match fields.number_or_word("attempts", 1..=100, "unlimited") {
            Some(attempts) => attempts.and_then(|count| u16::try_from(count).ok()),
            None => default.attempts,
        },
        cool_down: wait.and_then(|n| u64::try_from(n).ok()).map_or(default.cool_down, |n| Millis(n * 60_000)),
        redraw: fields.optional_word("redraw", &redraw).unwrap_or(default.redraw),
        shuffle_items: truth_or(
            fields,
            "shuffle_items",
            Order::Shuffled,
            Order::Fixed,
            default.shuffle_items,
        ),
        shuffle_options: truth_or(
            fields,
            "shuffle_options",
            Order::Shuffled,
            Order::Fixed,
            default.shuffle_options,
        ),
        reveal: fields.optional_word("reveal", &reveal).unwrap_or(default.reveal),
        back: fields.optional_word("back", &back).unwrap_or(default.back),
        certainty: fields.optional_word("certainty", &certainty).unwrap_or(default.certainty),
        item_limit: span("item_limit_seconds", 86_400, 1_000),
        attempt_limit: span("attempt_limit_minutes", 1_440, 60_000),
        unanswered: fields.optional_word("unanswered", &unanswered).unwrap_or(default.unanswered),
    }
}

/// Reads the settings of the whole activity, whose planned minutes are known unless they were told to be wrong.
pub fn policy(fields: &Fields, planned: Option<Minutes>) -> Policy {
    let mut policy = Policy::default();
    let Some(table) = fields.table("policy") else { return policy };
    if let Some(seconds) = table.optional_number("idle_cutoff_seconds", 10..=3_600) {
        policy.idle_cutoff = Millis(u64::try_from(seconds).unwrap_or(0) * 1_000);
    }
    if let Some(minimum) = table.table("minimum_minutes") {
        let minutes = |key| {
            let count = minimum.optional_number(key, 1..=1_440)?;
            u32::try_from(count).ok().map(Minutes)
        };
        policy.minimum_time = match (minutes("review"), minutes("block")) {
            (Some(review), None) => MinimumTime::Review(review),
            (None, Some(block)) => MinimumTime::Block(block),
            (None, None) | (Some(_), Some(_)) => {
                // What is there and no number was told already.
                if minimum.has("review") == minimum.has("block") {
                    table.report(
                        Problem::error(
                            &table.place_of("minimum_minutes"),
                            "a minimum time has one consequence",
                        )
                        .expected("either { review = 8 } or { block = 8 }"),
                    );
                }
                MinimumTime::None
            }
        };
    }
    if let Some(planned) = planned {
        fulfillable(&table, &policy.minimum_time, planned);
    }
    let over = [("confirm", OverActive::Confirm), ("refuse", OverActive::Refuse)];
    policy.over_active = table.optional_word("over_active", &over).unwrap_or(policy.over_active);
    policy
}

/// Says where who needs the planned time, and no more, does not come to the minimum.
fn fulfillable(fields: &Fields, minimum: &MinimumTime, planned: Minutes) {
    let place = fields.place_of("minimum_minutes");
    let (least, problem) = match minimum {
        MinimumTime::Block(least) if least.0 > planned.0 => {
            (least, Problem::error(&place, "nobody can claim credit within the planned time"))
        }
        MinimumTime::Review(least) if least.0 > planned.0 => {
            (least, Problem::warning(&place, "every claim within the planned time goes to a person"))
        }
        MinimumTime::None | MinimumTime::Block(_) | MinimumTime::Review(_) => return,
    };
    fields.report(
        problem
            .expected(format!("at most {}, the `minutes` of the activity", planned.0))
            .found(least.0.to_string()),
    );
}
