//! Walking through an activity as a learner would, by what is on the screen.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, bail, ensure};
use enduring_core::content::patient::{DoseForm, ScriptStep, Weight};
use enduring_core::content::{
    Activity, Block, Case, Decision, Document, ExpertStep, Item, ItemBody, Node, NodeStep, PartBody,
    Question, QuestionBody, Truth, words,
};
use enduring_core::id::OptionId;
use serde_json::json;

use crate::Page;

/// What a learner wants of each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The right answer.
    Right,
    /// A wrong one, where there is one.
    Wrong,
}

/// A scripted learner of one activity.
pub struct Walker {
    activity: Activity,
    /// What the learner wants of each item from here on.
    pub aim: Aim,
    /// How many steps of the expert's script were taken at the bedside.
    taken: AtomicUsize,
}

/// Where a walk stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// When something with this name can be pressed.
    CanPress(&'static str),
    /// When these words can be read.
    Reads(String),
    /// When the record is signed.
    Signed,
}

const MOST_STEPS: usize = 400;

/// What the screen shows, by which a step is known to have been taken.
const PLACE: &str = "location.hash + (document.querySelector('main') ?? document.body).innerText";
/// Which question is on.
const HEADING: &str = "document.querySelector('h1')?.innerText";

impl Walker {
    /// For the activity in `site/packs/<id>/<version>`.
    pub fn of(site: &Path, id: &str) -> Result<Self> {
        let folder = site.join("packs").join(id);
        let version = std::fs::read_dir(&folder)
            .with_context(|| format!("reading {}", folder.display()))?
            .next()
            .context("a pack has a version")??;
        let text = std::fs::read_to_string(version.path().join("activity.json"))?;
        Ok(Self { activity: serde_json::from_str(&text)?, aim: Aim::Right, taken: AtomicUsize::new(0) })
    }

    /// The activity.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// From the library to the first screen of a new session.
    pub async fn begin(&self, page: &Page) -> Result<()> {
        page.go("#/library").await?;
        page.press(&self.activity.title).await?;
        page.at("activity").await?;
        page.press("Begin").await?;
        page.at("play").await
    }

    /// Walks on until `stop`.
    pub async fn walk(&self, page: &Page, stop: &Stop) -> Result<()> {
        for _ in 0..MOST_STEPS {
            let names = self.buttons(page).await?;
            if *stop == Stop::Signed && page.has("Signed, not yet credited").await? {
                return Ok(());
            }
            if let Stop::Reads(words) = stop
                && page.has(words).await?
            {
                return Ok(());
            }
            if let Stop::CanPress(wanted) = stop
                && names.iter().any(|name| name == wanted)
            {
                return Ok(());
            }
            self.step(page, &names).await?;
        }
        bail!("expected {stop:?} within {MOST_STEPS} steps")
    }

    /// One step, whatever it is.
    pub async fn step_once(&self, page: &Page) -> Result<()> {
        let names = self.buttons(page).await?;
        self.step(page, &names).await
    }

    /// The names of what can be pressed, once the page is at rest: nothing is being saved.
    async fn buttons(&self, page: &Page) -> Result<Vec<String>> {
        let script = r#"
            if (document.querySelector("[aria-busy=true],[data-saving]")) return null;
            const main = document.querySelector("dialog[open]") ?? document.querySelector("main") ?? document.body;
            const names = [...main.querySelectorAll("button:not(:disabled), a.button")]
              .filter((e) => e.checkVisibility()).map((e) => (e.getAttribute("aria-label") ?? e.innerText).replace(/\s+/g, " ").trim());
            return names.length ? names : null;
        "#;
        page.until("something to press", script, json!([])).await
    }

    async fn step(&self, page: &Page, names: &[String]) -> Result<()> {
        let onward = self.prepare(page, names).await?;
        // An answer is saved first, and then the next question comes: two changes, one step.
        let place = if onward == "Save and go on" { HEADING } else { PLACE };
        let before: String = page.js(&format!("return {place}"), json!([])).await?;
        // What was read a moment ago may have gone on by itself: then the next step looks again.
        if !page.press_if_there(&onward).await? {
            return Ok(());
        }
        let script = format!(
            "return !document.querySelector('[aria-busy=true],[data-saving]') && {place} !== arguments[0] ? true : null"
        );
        page.until::<bool>("the screen to change", &script, json!([before])).await.map(drop)
    }

    /// Does what the screen asks for, and names what leads on.
    async fn prepare(&self, page: &Page, names: &[String]) -> Result<String> {
        let has = |name: &str| names.iter().any(|known| known == name);
        let onward = if has("Finish the evaluation") {
            self.evaluate(page).await?;
            "Finish the evaluation"
        } else if has("Wait") {
            return self.at_bedside(page).await;
        } else if has("See the debrief") {
            page.choose("Well,").await?;
            "See the debrief"
        } else if has("Decide") {
            self.decide(page).await?;
            "Decide"
        } else if let Some(primary) =
            ["Check", "Save and go on", "Save answer"].into_iter().find(|primary| has(primary))
        {
            self.answer(page).await?;
            primary
        } else if page.has("First name").await? && has("Continue") {
            self.describe(page).await?;
            "Continue"
        } else if page.has("Amount claimed").await? && has("Continue") {
            self.claim(page).await?;
            "Continue"
        } else {
            let plain = [
                "This was shown to me",
                "Claim it",
                "Sign",
                "Submit",
                "Try again",
                "Go to the open question",
                "Next",
                "Next page",
                "Begin",
                "Begin reading",
                "Meet the patient",
                "Go to the patient",
                "Begin the evaluation",
                "Continue",
                "Continue without credit",
            ];
            match plain.into_iter().find(|name| has(name)) {
                Some(name) => name,
                None => return self.way_on(page).await,
            }
        };
        Ok(onward.to_owned())
    }

    /// The item on the screen.
    pub async fn item(&self, page: &Page) -> Result<&Item> {
        let script = "const clean = (t) => t.replace(/\\s+/g, ' ').trim(); const stem = document.querySelector('#stem')?.innerText; return stem ? [clean(stem), clean(document.body.innerText)] : null";
        let (shown, text): (String, String) = page.until("a stem", script, json!([])).await?;
        let is_shown = |item: &&Item| {
            let stem = first_words(&item.stem);
            // Items may share a stem, and differ in what is to be matched.
            let matched = if let ItemBody::ExtendedMatching { stems, .. } = &item.body {
                stems.as_slice()
            } else {
                &[]
            };
            !stem.is_empty()
                && shown.contains(&stem)
                && matched.iter().all(|stem| text.contains(&all_words(&stem.text)))
        };
        self.activity.items.iter().find(is_shown).with_context(|| format!("an item with the stem {shown:?}"))
    }

    /// Picks an answer to the item on the screen, without sending it.
    pub async fn answer(&self, page: &Page) -> Result<()> {
        let item = self.item(page).await?;
        let right = self.aim == Aim::Right;
        match &item.body {
            ItemBody::SingleBest { options, key } => {
                let option = options.iter().find(|option| (option.id == *key) == right);
                pick(page, &option.context("an option to pick")?.text).await?;
            }
            ItemBody::MultipleResponse { options, key, .. } | ItemBody::KeyFeature { options, key, .. } => {
                let wanted: Vec<_> =
                    options.iter().filter(|option| key.contains(&option.id) == right).collect();
                for option in wanted.iter().take(if right { wanted.len() } else { 1 }) {
                    pick(page, &option.text).await?;
                }
            }
            ItemBody::TrueFalse { statements, .. } => {
                for statement in statements {
                    let is_true = (statement.truth == Truth::True) == right;
                    let script = "const clean = (t) => t.replace(/\\s+/g, ' ').trim(); const f = [...document.querySelectorAll('fieldset')].find((f) => clean(f.querySelector('legend')?.innerText ?? '') === arguments[0]); return [...f.querySelectorAll('label')].find((l) => clean(l.innerText) === arguments[1])";
                    let word = if is_true { "True" } else { "False" };
                    let label =
                        page.wait_for(word, script, json!([all_words(&statement.text), word])).await?;
                    page.take(&label).await?;
                }
            }
            ItemBody::ExtendedMatching { options, stems, .. } => {
                for stem in stems {
                    let option = options.iter().find(|option| (option.id == stem.key) == right);
                    let option = option.context("an option to match")?;
                    let place = match_of(page, &all_words(&stem.text)).await?;
                    page.fill(&format!("Answer to {}", place + 1), option.id.as_str()).await?;
                }
            }
            ItemBody::Ordering { steps, .. } => {
                // Touched, and left as it was: an order that nobody touched is asked about.
                if let Some(step) = steps.first() {
                    let words = all_words(&step.text);
                    let ways =
                        if order_of(page, &words).await? > 0 { ["Up", "Down"] } else { ["Down", "Up"] };
                    for way in ways {
                        page.press(&format!("{way}: {words}")).await?;
                    }
                }
                for (place, step) in steps.iter().enumerate().take(if right { steps.len() } else { 0 }) {
                    let name = format!("Up: {}", all_words(&step.text));
                    while order_of(page, &all_words(&step.text)).await? > place {
                        page.press(&name).await?;
                    }
                }
            }
            ItemBody::Numeric { key, .. } => {
                let number = if right { key.to_string() } else { "987654".to_owned() };
                page.fill("Your answer", &number).await?;
            }
            ItemBody::ScriptConcordance { scale, .. } => {
                let modal = scale.iter().map(|point| point.votes).max().unwrap_or(0);
                let point = scale.iter().find(|point| (point.votes == modal) == right);
                pick(page, &point.context("a point of the scale")?.text).await?;
            }
        }
        if page.has("How certain are you?").await? {
            page.choose("Sure").await?;
        }
        Ok(())
    }

    fn case_node(&self, titles: &[String]) -> Result<(&Case, &Node)> {
        let cases = self.activity.parts.iter().filter_map(|part| match &part.body {
            PartBody::Case(case) => Some(case),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Evaluation(_) | PartBody::Patient(_) => None,
        });
        cases
            .flat_map(|case| case.nodes.iter().map(move |node| (case, node)))
            .find(|(_, node)| titles.contains(&node.title))
            .with_context(|| format!("a node among the headings {titles:?}"))
    }

    async fn headings(&self, page: &Page) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll('h1, h2, h3')].filter((e) => e.checkVisibility()).map((e) => e.innerText.replace(/\\s+/g, ' ').trim())";
        page.js(script, json!([])).await
    }

    async fn decide(&self, page: &Page) -> Result<()> {
        let (case, node) = self.case_node(&self.headings(page).await?)?;
        let NodeStep::Decision(decision) = &node.step else { bail!("expected a decision at {}", node.title) };
        let picks = expert_picks(case, decision);
        let picks: Vec<_> = if self.aim == Aim::Right {
            decision.options.iter().filter(|option| picks.contains(&option.id)).collect()
        } else {
            decision.options.iter().filter(|option| !picks.contains(&option.id)).take(1).collect()
        };
        ensure!(!picks.is_empty(), "expected something to pick at {}", node.title);
        for option in picks {
            pick(page, &option.text).await?;
        }
        Ok(())
    }

    /// The link of a case that leads on, as the expert would go.
    async fn way_on(&self, page: &Page) -> Result<String> {
        let (case, node) = self.case_node(&self.headings(page).await?)?;
        let NodeStep::Links(links) = &node.step else { bail!("expected ways on at {}", node.title) };
        let by_expert = |id: &enduring_core::id::LinkId| {
            case.expert.iter().any(|step| matches!(step, ExpertStep::Follow(link) if link == id))
        };
        let link = links.iter().find(|link| by_expert(&link.id)).or(links.first());
        Ok(link.context("a way on")?.text.clone())
    }

    /// The next step of the expert's script, made ready; names what takes it.
    async fn at_bedside(&self, page: &Page) -> Result<String> {
        let patient = self.activity.parts.iter().find_map(|part| match &part.body {
            PartBody::Patient(patient) => Some(patient),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Evaluation(_) => None,
        });
        let patient = patient.context("a patient in the activity")?;
        let at = self.taken.fetch_add(1, Ordering::Relaxed);
        let (action, dose) = match patient.expert.get(at) {
            Some(ScriptStep::Act { action, dose }) => (action, dose),
            Some(ScriptStep::Wait(seconds)) => {
                page.fill("Wait for", &seconds.0.to_string()).await?;
                return Ok("Wait".to_owned());
            }
            None => return Ok("Wait".to_owned()),
        };
        let action = patient.actions.get(action.at()).context("an action of the script")?;
        page.fill("Search actions", &action.title).await?;
        let Some(given) = dose else {
            let asked = action.weight == Weight::Irreversible;
            if asked {
                page.act(&action.title).await?;
            }
            // The name begins with the title and goes on with what it takes.
            return Ok(if asked { "Do it".to_owned() } else { action.title.clone() });
        };
        page.act(&action.title).await?;
        let is_rate = action.dose.as_ref().is_some_and(|it| it.form == DoseForm::Rate);
        let (field, onward) = if is_rate { ("Rate", "Set the rate") } else { ("Dose", "Give") };
        page.fill(field, &given.amount.decimal(6).to_string()).await?;
        if action.routes.len() > 1 {
            let route = action.routes.get(given.route.at()).context("a route of the script")?;
            page.choose(&route.title).await?;
        }
        Ok(onward.to_owned())
    }

    async fn evaluate(&self, page: &Page) -> Result<()> {
        let questions = self.activity.parts.iter().find_map(|part| match &part.body {
            PartBody::Evaluation(evaluation) => Some(&evaluation.questions),
            PartBody::Reading(_) | PartBody::Test(_) | PartBody::Case(_) | PartBody::Patient(_) => None,
        });
        for (place, question) in questions.context("an evaluation")?.iter().enumerate() {
            self.reply(page, place, question).await?;
            let rest = "return document.querySelector('[aria-busy=true],[data-saving]') ? null : true";
            page.until::<bool>("the answer to be saved", rest, json!([])).await?;
        }
        Ok(())
    }

    async fn reply(&self, page: &Page, place: usize, question: &Question) -> Result<()> {
        let text = first_words(&question.text);
        match &question.body {
            QuestionBody::Likert { labels } => {
                let label = labels.last().context("a label")?;
                page.choose_within(&text, &label.text).await?;
            }
            QuestionBody::Scale { to, .. } => {
                page.choose_within(&text, &to.to_string()).await?;
            }
            QuestionBody::FreeText { .. } => {
                let open = "return [...document.querySelectorAll('textarea')].some((t) => !t.value)";
                if page.js::<bool>(open, json!([])).await? {
                    let script = "return [...document.querySelectorAll('textarea')].find((t) => !t.value)";
                    let field = page.wait_for("a text to write", script, json!([])).await?;
                    page.set(&field, &format!("Answer {}", place + 1)).await?;
                }
            }
            QuestionBody::Commitment { statements, .. } => {
                let statement = statements.first().context("a statement")?;
                page.choose_within(&text, &statement.text).await?;
            }
        }
        Ok(())
    }

    async fn describe(&self, page: &Page) -> Result<()> {
        page.fill("First name", "Test").await?;
        page.fill("Last name", "Learner").await?;
        page.fill("Profession", &self.activity.front.professions[0].label).await?;
        page.fill("Birth month", "March").await?;
        page.fill("Birth day", "14").await
    }

    async fn claim(&self, page: &Page) -> Result<()> {
        // The least amount above nothing, in every row that can be claimed.
        let least = "return [...document.querySelectorAll('select')].map((field) => [...field.options].find((o) => Number(o.value) > 0).value)";
        let row = "return document.querySelectorAll('select')[arguments[0]]";
        for (place, least) in page.js::<Vec<String>>(least, json!([])).await?.iter().enumerate() {
            let field = page.wait_for("a row of the claim", row, json!([place])).await?;
            page.set(&field, least).await?;
        }
        Ok(())
    }
}

fn expert_picks<'a>(case: &'a Case, decision: &Decision) -> &'a [OptionId] {
    let of = |picks: &&Vec<OptionId>| {
        picks.iter().all(|pick| decision.options.iter().any(|option| option.id == *pick))
    };
    let steps = case.expert.iter().filter_map(|step| match step {
        ExpertStep::Decide(picks) => Some(picks),
        ExpertStep::Follow(_) => None,
    });
    steps.into_iter().find(of).map_or(&[], Vec::as_slice)
}

async fn pick(page: &Page, text: &Document) -> Result<()> {
    let script = r#"
        const clean = (t) => t.replace(/\s+/g, " ").trim();
        const rows = [...document.querySelectorAll("label")].filter((l) => l.checkVisibility());
        const wanted = arguments[0];
        const row = rows.find((l) => clean(l.innerText) === wanted || clean(l.innerText).replace(/^[A-Z] /, "") === wanted)
          ?? rows.find((l) => clean(l.innerText).includes(wanted));
        return row ?? null;
    "#;
    let wanted = all_words(text);
    let row = page.wait_for(&format!("the option {wanted:?}"), script, json!([wanted])).await?;
    page.take(&row).await
}

async fn order_of(page: &Page, text: &str) -> Result<usize> {
    let script = "const names = [...document.querySelectorAll('button')].map((b) => (b.getAttribute('aria-label') ?? '').replace(/\\s+/g, ' ')).filter((n) => n.startsWith('Up: ')); return names.indexOf('Up: ' + arguments[0])";
    let place: i64 = page.js(script, json!([text])).await?;
    usize::try_from(place).with_context(|| format!("the step {text:?}"))
}

/// Where the page shows a stem among those to be matched; it may shuffle them.
async fn match_of(page: &Page, text: &str) -> Result<usize> {
    let script = "const clean = (t) => t.replace(/\\s+/g, ' ').trim(); return [...document.querySelectorAll('.match')].findIndex((m) => clean(m.innerText).includes(arguments[0]))";
    let place: i64 = page.js(script, json!([text])).await?;
    usize::try_from(place).with_context(|| format!("the stem {text:?}"))
}

/// All words of a document, as a page shows them.
fn all_words(document: &Document) -> String {
    let mut out = Vec::new();
    for block in document.iter() {
        if let Block::Paragraph(text) | Block::Heading { text, .. } = block {
            out.push(words(text));
        }
    }
    out.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words of a document's first paragraph.
fn first_words(document: &Document) -> String {
    let first = document.iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(words(text)),
        Block::Heading { .. }
        | Block::Bullets(_)
        | Block::Numbers { .. }
        | Block::Quote(_)
        | Block::Table(_)
        | Block::Image(_)
        | Block::Break => None,
    });
    first.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}
