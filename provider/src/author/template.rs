//! Statements whose wording an accreditor prescribes: filled from locked templates,
//! versioned data under `templates/`, never free text.

use std::path::Path;
use std::rc::Rc;

use enduring_core::content::{Block, Document, Inline, Statement};
use enduring_core::id::StatementId;

use super::diagnostic::Problem;
use super::fields::{Fields, stand_in};
use super::names::{Named, closest, one_of};
use super::source::{Folder, SourceText};

const EMBEDDED: [(&str, &str); 2] = [
    (
        "templates/sample-accreditation-2026-01.toml",
        include_str!("../../templates/sample-accreditation-2026-01.toml"),
    ),
    (
        "templates/sample-designation-2026-01.toml",
        include_str!("../../templates/sample-designation-2026-01.toml"),
    ),
];

/// What a template states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By whom the provider is accredited.
    Accreditation,
    /// For how much credit the activity is designated.
    Designation,
}

struct Template {
    id: String,
    version: String,
    kind: Kind,
    sample: bool,
    text: Document,
    joint: Document,
}

impl Template {
    /// Whether its words serve joint providership. A designation names the accredited
    /// provider alone; an accreditation names both.
    fn names_joint(&self) -> bool {
        self.kind == Kind::Designation || !self.joint.is_empty()
    }
}

/// The words that replace `{name}` in a template.
pub struct Values<'a> {
    /// Placeholder and words.
    pub words: &'a [(&'static str, &'a str)],
    /// Whether there is a joint provider.
    pub joint: bool,
    /// Whether the activity is a sample.
    pub sample: bool,
}

/// Reads the keys `template` and `version` of a table and fills the statement.
pub fn statement(fields: &Fields, kind: Kind, values: &Values) -> Statement {
    let (id, version) =
        (fields.required_raw("template", "\"…\""), fields.required_raw("version", "\"2026-01\""));
    let empty = || Statement { id: stand_in(), version: String::new(), text: Document::default() };
    if fields.has("text") {
        drop(fields.raw("text"));
        fields.report(
            Problem::error(&fields.place_of("text"), "free text cannot stand in a prescribed statement")
                .expected("`template` and `version` of a locked template, which fill the statement"),
        );
    }
    let (Some(id), Some(version)) = (id, version) else { return empty() };
    let known = embedded();
    let of_kind: Vec<&Template> = known.iter().filter(|template| template.kind == kind).collect();
    let names = || of_kind.iter().map(|template| template.id.as_str());
    if !of_kind.iter().any(|template| template.id == id.text) {
        fields.report(
            Problem::error(&id.span, format!("unknown template `{}`", id.text))
                .expected(one_of("template", names()))
                .help(closest(&id.text, names())),
        );
        return empty();
    }
    let versions = of_kind.iter().filter(|template| template.id == id.text);
    let Some(template) = versions.clone().find(|template| template.version == version.text) else {
        let versions = || versions.clone().map(|template| template.version.as_str());
        fields.report(
            Problem::error(&version.span, format!("unknown version `{}` of `{}`", version.text, id.text))
                .expected(one_of("version", versions())),
        );
        return empty();
    };
    if template.sample && !values.sample {
        fields.report(
            Problem::error(&id.span, format!("`{}` is a template for samples", id.text))
                .expected("`sample` at the top of activity.toml, or a template of your accreditor"),
        );
    }
    if values.joint && !template.names_joint() {
        fields.report(
            Problem::error(&id.span, format!("`{}` has no words for joint providership", id.text))
                .expected("a template with words for it, or no `joint` in [provider]")
                .found("a statement of direct providership, which would leave out the joint provider"),
        );
    }
    let text = if values.joint && !template.joint.is_empty() { &template.joint } else { &template.text };
    Statement {
        id: StatementId::parse(&template.id).unwrap_or_else(|_| stand_in()),
        version: template.version.clone(),
        text: fill(text, values),
    }
}

fn embedded() -> Vec<Template> {
    let folder = Folder::new(Path::new(""));
    let templates = EMBEDDED.iter().filter_map(|(path, text)| {
        let file = Rc::new(SourceText::new(*path, *text));
        folder.toml_part(&file, 0..text.len(), |fields| {
            // Who says so, and when: kept with the words, for whoever changes them.
            let _provenance = (fields.text("source"), fields.text("date"));
            Template {
                id: fields.text("id"),
                version: fields.text("version"),
                kind: fields
                    .word(
                        "kind",
                        &[("accreditation", Kind::Accreditation), ("designation", Kind::Designation)],
                    )
                    .unwrap_or(Kind::Accreditation),
                sample: fields.optional_truth("sample").unwrap_or(false),
                text: fields.prose("text"),
                joint: fields.prose_or_empty("joint"),
            }
        })
    });
    templates.collect()
}

/// Replaces placeholders inside text, after the Markdown was parsed: what is put in
/// is never markup.
fn fill(document: &Document, values: &Values) -> Document {
    document
        .iter()
        .map(|block| match block {
            Block::Paragraph(inlines) => {
                Block::Paragraph(inlines.iter().map(|inline| fill_inline(inline, values)).collect())
            }
            Block::Heading { .. }
            | Block::Bullets(_)
            | Block::Numbers { .. }
            | Block::Quote(_)
            | Block::Table(_)
            | Block::Image(_)
            | Block::Break => block.clone(),
        })
        .collect()
}

fn fill_inline(inline: &Inline, values: &Values) -> Inline {
    let all = |inlines: &[Inline]| inlines.iter().map(|inline| fill_inline(inline, values)).collect();
    match inline {
        Inline::Text(text) => Inline::Text(fill_text(text, values)),
        Inline::Emphasis(inlines) => Inline::Emphasis(all(inlines)),
        Inline::Strong(inlines) => Inline::Strong(all(inlines)),
        Inline::Code(_) | Inline::Link { .. } | Inline::Newline => inline.clone(),
    }
}

/// Replaces placeholders in one pass, so that words put in are not looked into.
fn fill_text(text: &str, values: &Values) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        let word = values.words.iter().find(|(key, _)| *key == name).map(|(_, word)| *word);
        filled.push_str(word.unwrap_or_default());
        filled.push_str(rest);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [(&str, &str); 6] = [
        ("provider", "Example Society {title}"),
        ("joint", "Example Hospital"),
        ("accreditor", "Sample *Board*"),
        ("format", "enduring material"),
        ("maximum", "0.50"),
        ("credit", "practice points"),
    ];

    #[test]
    fn every_template_is_sound_and_every_placeholder_known() {
        let templates = embedded();
        assert_eq!(templates.len(), EMBEDDED.len());
        let known: Vec<&str> = WORDS.iter().map(|(name, _)| *name).collect();
        for (path, text) in EMBEDDED {
            let template = templates.iter().find(|t| path.contains(&format!("{}-{}", t.id, t.version)));
            assert!(template.is_some_and(|t| !t.text.is_empty()), "{path}");
            for piece in text.split('{').skip(1) {
                let name = piece.split('}').next().expect("a piece");
                assert!(known.contains(&name), "{path}: {name}");
            }
        }
    }

    #[test]
    fn an_accreditation_without_words_for_joint_providership_does_not_serve_it() {
        for mut template in embedded() {
            assert!(template.names_joint(), "{}", template.id);
            template.joint = Document::default();
            assert_eq!(template.names_joint(), template.kind == Kind::Designation, "{}", template.id);
        }
    }

    #[test]
    fn what_is_put_in_is_never_markup_nor_a_placeholder() {
        let values = Values { words: &WORDS, joint: false, sample: true };
        let filled = fill_text("{provider} and {accreditor}.", &values);
        assert_eq!(filled, "Example Society {title} and Sample *Board*.");
    }
}
