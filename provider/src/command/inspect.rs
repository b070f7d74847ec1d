//! `enduring inspect`: what is in a pack, who signed it, and whether it is whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use enduring_core::content::patient::Measure;
use enduring_core::content::*;
use enduring_core::id::Digest;
use enduring_core::measure::{Amount, Points};
use enduring_core::record::Compact;
use serde::Serialize;

use super::{Exit, Outcome, bytes, count};
use crate::key::{KEY_SET_MAX, KeySet, fingerprint, verifies};
use crate::pack::{Examination, examine};
use crate::time;

/// Show what is in a pack, who signed it and whether it is whole
#[derive(clap::Args)]
pub struct Args {
    /// A pack: its folder, or its one file
    pack: PathBuf,
    /// Key set of the providers to trust, as `enduring key show` prints it
    #[arg(long, value_name = "JWKS")]
    issuers: Option<PathBuf>,
    /// Print as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What can be said of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Signature {
    /// No key set was given.
    NotChecked,
    /// By a key of the set.
    Trusted,
    /// The key is not in the set.
    Unknown,
    /// It is not that key's signature.
    Invalid,
}

#[derive(Serialize)]
struct Report<'a> {
    signature: Option<Signature>,
    kid: Option<String>,
    fingerprint: Option<String>,
    digest: Option<Digest>,
    manifest: Option<&'a Manifest>,
    parts: Vec<PartLine>,
    items: BTreeMap<&'static str, usize>,
    objectives: Vec<ObjectiveLine>,
    problems: Vec<String>,
}

#[derive(Serialize)]
struct PartLine {
    id: String,
    kind: &'static str,
    title: String,
    minutes: u32,
    holds: String,
}

#[derive(Serialize)]
struct ObjectiveLine {
    id: String,
    text: String,
    items: usize,
}

/// Runs the command.
///
/// # Errors
/// When the path or the key set cannot be read.
pub fn run(args: &Args) -> Outcome {
    let issuers = args.issuers.as_ref().map(read_issuers).transpose()?;
    if !args.pack.exists() {
        return Err(format!("{}: expected a pack, found nothing", args.pack.display()).into());
    }
    let examination = examine(&args.pack);
    let report = report(&examination, issuers.as_ref());
    if args.json {
        say!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        tell(&report);
    }
    let sound = report.problems.is_empty()
        && matches!(report.signature, Some(Signature::Trusted | Signature::NotChecked));
    Ok(if sound { Exit::Fine } else { Exit::Flawed })
}

fn read_issuers(path: &PathBuf) -> Result<KeySet, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(KEY_SET_MAX).read_to_string(&mut text))
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let set = KeySet::parse(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    for warning in &set.warnings {
        remark!("warning: {}: {warning}", path.display());
    }
    Ok(set)
}

fn signature(signed: &Compact, issuers: Option<&KeySet>) -> Signature {
    match issuers.map(|set| set.get(signed.kid)) {
        None => Signature::NotChecked,
        Some(None) => Signature::Unknown,
        Some(Some(key)) if verifies(key, signed) => Signature::Trusted,
        Some(Some(_)) => Signature::Invalid,
    }
}

fn report<'a>(examination: &'a Examination, issuers: Option<&KeySet>) -> Report<'a> {
    let signed = examination.manifest.as_ref().map(|(signed, _)| signed);
    let activity = examination.pack.as_ref().map(|pack| pack.content.activity());
    let mut problems: Vec<String> = examination.problems.iter().map(ToString::to_string).collect();
    let signature = signed.map(|signed| signature(signed, issuers));
    match signature {
        Some(Signature::Invalid) => {
            problems.push(
                "manifest.jws: expected the signature of the key that it names, found another".to_owned(),
            );
        }
        Some(Signature::Unknown) => {
            problems.push(
                "manifest.jws: expected a key of the issuers, found one that is not among them".to_owned(),
            );
        }
        Some(Signature::Trusted | Signature::NotChecked) | None => {}
    }
    Report {
        signature,
        kid: signed.map(|signed| enduring_core::encode::base64url(&signed.kid.0)),
        fingerprint: signed.map(|signed| fingerprint(signed.kid)),
        digest: signed.map(|signed| Digest::of(&[&signed.payload])),
        manifest: examination.manifest.as_ref().map(|(_, manifest)| manifest),
        parts: activity.map(|activity| activity.parts.iter().map(part).collect()).unwrap_or_default(),
        items: activity.map(|activity| kinds(activity)).unwrap_or_default(),
        objectives: activity.map(|activity| objectives(activity)).unwrap_or_default(),
        problems,
    }
}

fn part(part: &Part) -> PartLine {
    let (kind, holds) = match &part.body {
        PartBody::Reading(reading) => ("reading", count(reading.pages.len(), "page")),
        PartBody::Test(test) => {
            let items = match &test.selection {
                Selection::Items(items) => count(items.len(), "item"),
                Selection::Draw { bank, count: drawn } => {
                    format!("{} of bank {bank}", count(usize::from(*drawn), "item"))
                }
                Selection::Form { forms, turn: FormTurn::First } => format!("first form of {forms}"),
                Selection::Form { forms, turn: FormTurn::Second } => format!("second form of {forms}"),
            };
            let graded = test
                .policy
                .threshold
                .map_or_else(|| "not graded".to_owned(), |threshold| format!("{} % to pass", threshold.0));
            ("test", format!("{items}, {graded}"))
        }
        PartBody::Case(case) => {
            let (mut decisions, mut endings) = (0, 0);
            for node in &case.nodes {
                match node.step {
                    NodeStep::Decision(_) => decisions += 1,
                    NodeStep::Ending(_) => endings += 1,
                    NodeStep::Links(_) => {}
                }
            }
            let (nodes, entries) = (count(case.nodes.len(), "node"), case.chart.len());
            let holds = format!(
                "{nodes}, {}, {}, {entries} chart entries",
                count(decisions, "decision"),
                count(endings, "ending")
            );
            ("case", holds)
        }
        PartBody::Patient(patient) => {
            let possible = (patient.rubric.lines.iter())
                .filter(|line| !matches!(line.measure, Measure::Harm { .. }))
                .map(|line| line.points)
                .sum::<Points>();
            let holds = format!(
                "{}, {}, {}, {}, {} rubric points",
                count(patient.variables.len(), "variable"),
                count(patient.actions.len(), "action"),
                count(patient.rules.len(), "rule"),
                count(patient.endings.len(), "ending"),
                thousandths(possible)
            );
            ("patient", holds)
        }
        PartBody::Evaluation(evaluation) => ("evaluation", count(evaluation.questions.len(), "question")),
    };
    PartLine { id: part.id.to_string(), kind, title: part.title.clone(), minutes: part.minutes.0, holds }
}

/// Points as authors write them: `12`, or `0.5`.
fn thousandths(points: Points) -> String {
    Amount(i64::from(points.0) * 1_000).decimal(3).to_string()
}

fn kinds(activity: &Activity) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for item in &activity.items {
        let kind = match item.body {
            ItemBody::SingleBest { .. } => "single best answer",
            ItemBody::MultipleResponse { .. } => "multiple response",
            ItemBody::TrueFalse { .. } => "true/false set",
            ItemBody::ExtendedMatching { .. } => "extended matching",
            ItemBody::Ordering { .. } => "ordering",
            ItemBody::Numeric { .. } => "numeric",
            ItemBody::ScriptConcordance { .. } => "script concordance",
            ItemBody::KeyFeature { .. } => "key-feature menu",
        };
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

fn objectives(activity: &Activity) -> Vec<ObjectiveLine> {
    let line = |objective: &Objective| ObjectiveLine {
        id: objective.id.to_string(),
        text: objective.text.clone(),
        items: activity.items.iter().filter(|item| item.objectives.contains(&objective.id)).count(),
    };
    activity.objectives.iter().map(line).collect()
}

fn tell(report: &Report) {
    if let Some(manifest) = report.manifest {
        let summary = &manifest.summary;
        say!("{} {}: {}", manifest.id, manifest.version, summary.title);
        if let Some(sample) = &summary.sample {
            say!("  {sample}");
        }
        say!("provider    {}", summary.provider);
        for credit in &summary.credits {
            say!("credit      {} {} ({})", credit.maximum, credit.name, credit.accreditor);
        }
        say!("time        {} minutes", summary.minutes.0);
        say!("released    {}, reviewed {}, ends {}", summary.release, summary.review, summary.termination);
        say!("credit from {} until {}", time::text(manifest.opens), time::text(manifest.closes));
    }
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    if let (Some(signature), Some(digest)) = (report.signature, report.digest) {
        say!("digest      {digest}");
        let words = match signature {
            Signature::NotChecked => "not checked (give --issuers)",
            Signature::Trusted => "trusted: by a key of the issuers",
            Signature::Unknown => "by a key that is not among the issuers",
            Signature::Invalid => "INVALID: not by the key that it names",
        };
        say!("signed by   {}", said(&report.kid));
        say!("fingerprint {}", said(&report.fingerprint));
        say!("signature   {words}");
    }
    for part in &report.parts {
        say!(
            "part        {} ({}, {} min): {} [{}]",
            part.title,
            part.kind,
            part.minutes,
            part.holds,
            part.id
        );
    }
    for (kind, number) in &report.items {
        say!("items       {number} {kind}");
    }
    for objective in &report.objectives {
        say!("objective   {} [{}]: {}", objective.text, objective.id, count(objective.items, "item"));
    }
    for file in report.manifest.iter().flat_map(|manifest| &manifest.files) {
        say!("file        {} ({}, {})", file.path, file.media_type, bytes(file.length));
    }
    if report.problems.is_empty() {
        say!("whole       every file is there with its digest, and they agree");
    }
    for problem in &report.problems {
        say!("PROBLEM     {problem}");
    }
}
