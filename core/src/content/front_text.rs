//! The front matter as plain text: `front-matter.txt` of a pack, whose digest the
//! record carries, so that anyone can read exactly what was shown.

use std::fmt::Write;

use super::{
    Activity, Block, CaseGate, CreditOffer, Inline, Ongoing, OverActive, PartBody, Person, Role, Statement,
    Support,
};

/// How the text has been written. Packs keep what they were built with, so each way stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontEdition {
    /// A case was "to be completed", whatever its gate.
    First,
    /// A case tells its threshold, as a patient does.
    Second,
}

impl FrontEdition {
    /// All, the one of today first.
    pub const ALL: [Self; 2] = [Self::Second, Self::First];
}

/// The text of a pack that is built today.
#[must_use]
pub fn front_text(activity: &Activity) -> String {
    front_text_of(activity, FrontEdition::Second)
}

/// The text, by lines of Markdown-like plain text, in the order in which it is shown.
#[must_use]
pub fn front_text_of(activity: &Activity, edition: FrontEdition) -> String {
    let mut text = Text::default();
    let front = &activity.front;
    text.line(&format!("{} (version {})", activity.title, activity.version));
    if let Some(sample) = &front.sample {
        text.line(sample);
    }
    text.head("Accreditation");
    let joint = front.provider.joint.as_ref().map_or_else(String::new, |joint| format!(" with {joint}"));
    text.line(&format!("Provider: {}{joint}", front.provider.name));
    text.statement(&front.accreditation);
    for credit in &front.credits {
        text.credit(credit);
    }
    text.head("Objectives");
    for objective in &activity.objectives {
        text.line(&format!("- {}", objective.text));
    }
    text.head("Audience");
    text.line(&front.audience);
    text.head("Practice gaps");
    for gap in &activity.gaps {
        text.line(&format!("- {} ({}, {}: {})", gap.text, gap.method, gap.date, gap.source));
    }
    text.head("People in control of content");
    for person in &front.people {
        text.person(person);
    }
    text.head("Mitigation of relevant financial relationships");
    text.blocks(&front.mitigation, "");
    text.head("Commercial support");
    if front.support.is_empty() {
        text.line("None.");
    }
    for Support { company, nature } in &front.support {
        text.line(&format!("- {company}: {nature}"));
    }
    text.head("Dates and time");
    let dates = &front.dates;
    text.line(&format!("Release: {}", dates.release));
    text.line(&format!("Latest review: {}", dates.review));
    text.line(&format!("Termination: {} ({})", dates.termination, dates.zone));
    text.line(&format!("Estimated time: {} minutes", front.minutes.0));
    text.head("How to take part and complete");
    text.blocks(&front.method, "");
    for part in &activity.parts {
        let needed = match &part.body {
            PartBody::Test(test) => match (test.policy.threshold, test.policy.attempts) {
                (None, _) => "not graded".to_owned(),
                (Some(threshold), None) => format!("{} percent needed, any number of attempts", threshold.0),
                (Some(threshold), Some(most)) => format!("{} percent needed, attempts: {most}", threshold.0),
            },
            PartBody::Patient(patient) => gate(patient.gate),
            PartBody::Case(case) => match edition {
                FrontEdition::First => gate(CaseGate::Ending),
                FrontEdition::Second => gate(case.gate),
            },
            PartBody::Reading(_) | PartBody::Evaluation(_) => gate(CaseGate::Ending),
        };
        text.line(&format!("- {} ({} minutes): {needed}", part.title, part.minutes.0));
    }
    match activity.policy.over_active {
        OverActive::Confirm => {
            text.line("More credit than the time taken covers is claimed only after a confirmation.")
        }
        OverActive::Refuse => text.line("No more credit can be claimed than the time taken covers."),
    }
    text.head("Needed to use it");
    text.blocks(&front.requirements, "");
    text.head("Privacy");
    text.blocks(&front.privacy, "");
    text.head("Contact");
    text.line(&front.provider.contact);
    text.head("Bibliography");
    for reference in &front.bibliography {
        let url = reference.url.as_ref().map_or_else(String::new, |url| format!(" {url}"));
        text.line(&format!("- {}{url}", reference.text));
    }
    text.out
}

fn gate(gate: CaseGate) -> String {
    match gate {
        CaseGate::Ending => "to be completed".to_owned(),
        CaseGate::Threshold(threshold) => format!("{} percent needed, can be played again", threshold.0),
    }
}

#[derive(Default)]
struct Text {
    out: String,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn head(&mut self, head: &str) {
        self.out.push('\n');
        self.line(&format!("## {head}"));
    }

    fn statement(&mut self, statement: &Statement) {
        self.blocks(&statement.text, "");
        self.line(&format!("[{} {}]", statement.id, statement.version));
    }

    fn credit(&mut self, credit: &CreditOffer) {
        let professions: Vec<&str> = credit.professions.iter().map(crate::id::ProfessionId::as_str).collect();
        let (name, accreditor, maximum) = (&credit.name, &credit.accreditor, credit.maximum);
        self.line(&format!(
            "{name}: at most {maximum}, in steps of {}, by {accreditor} ({}), for {}",
            credit.step,
            credit.accreditor_activity,
            professions.join(", "),
        ));
        self.statement(&credit.designation);
    }

    fn person(&mut self, person: &Person) {
        let roles: Vec<&str> = person
            .roles
            .iter()
            .map(|role| match role {
                Role::Planner => "planner",
                Role::Author => "author",
                Role::Reviewer => "peer reviewer",
                Role::Approver => "approver",
            })
            .collect();
        let mut relationships = String::new();
        for relationship in &person.relationships {
            let ended = match relationship.ongoing {
                Ongoing::Yes => "",
                Ongoing::Ended => ", ended",
            };
            // Writing to a String cannot fail.
            let _ = write!(relationships, " {}: {}{ended};", relationship.company, relationship.nature);
        }
        if relationships.is_empty() {
            relationships.push_str(" nothing to disclose");
        }
        let (name, credentials) = (&person.name, &person.credentials);
        let relationships = relationships.trim_end_matches(';');
        self.line(&format!("- {name}, {credentials} ({}):{relationships}", roles.join(", ")));
    }

    fn blocks(&mut self, blocks: &[Block], indent: &str) {
        for block in blocks {
            match block {
                Block::Paragraph(text) => self.line(&format!("{indent}{}", words(text))),
                Block::Heading { text, .. } => self.line(&format!("{indent}{}:", words(text))),
                Block::Bullets(entries) | Block::Numbers { entries, .. } => {
                    for entry in entries {
                        self.line(&format!("{indent}-"));
                        self.blocks(entry, &format!("{indent}  "));
                    }
                }
                Block::Quote(inner) => self.blocks(inner, &format!("{indent}> ")),
                Block::Table(table) => {
                    for row in std::iter::once(&table.head).chain(&table.rows) {
                        let cells: Vec<String> = row.iter().map(|cell| words(cell)).collect();
                        self.line(&format!("{indent}| {} |", cells.join(" | ")));
                    }
                }
                Block::Image(image) => self.line(&format!("{indent}[{}]", image.alt)),
                Block::Break => self.line(&format!("{indent}---")),
            }
        }
    }
}

/// The words of a run of text, without its emphasis.
#[must_use]
pub fn words(text: &[Inline]) -> String {
    let mut out = String::new();
    for inline in text {
        match inline {
            Inline::Text(text) | Inline::Code(text) => out.push_str(text),
            Inline::Emphasis(inner) | Inline::Strong(inner) => out.push_str(&words(inner)),
            Inline::Link { to, text } => {
                out.push_str(&words(text));
                out.push_str(" <");
                out.push_str(to);
                out.push('>');
            }
            Inline::Newline => out.push(' '),
        }
    }
    out
}
