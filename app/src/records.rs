//! Signed records as lists show them: read from the record itself, with where each one is.

use enduring_core::encode::hex;
use enduring_core::id::{ActivityId, SessionId};
use enduring_core::json;
use enduring_core::measure::{Credit, Millis, Timestamp};
use enduring_core::order::sort_by;
use enduring_core::record::{Assurance, Bundle, ClaimRecord, Compact, RECORD_TYP};
use enduring_core::session::{Mode, Moment};
use serde::{Deserialize, Serialize};

use crate::intake::{Answer, Sending, Standing as Became};
use crate::store::StoreError;
use crate::store::journal::{Backend, Change, Journal, Pins, Shelf, Summary, Witness};
use crate::words::{iso_of, local_day};

/// What a list says of a record. Other members of the payload are passed over.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Facts {
    /// The activity.
    pub activity: Activity,
    /// What the session was for.
    pub mode: Mode,
    /// When the last requirement was met.
    pub completed: Moment,
    /// When it was signed.
    pub signed: Moment,
    /// Active time that counted.
    pub active: Millis,
    /// A row per kind of credit.
    pub claims: Vec<ClaimRecord>,
    /// How it was signed.
    pub signing: Signing,
}

impl Facts {
    /// Makes the credit of a sample a kind of its own, so that it is in no sum of what is accredited.
    pub fn mark(&mut self, sample: Option<&str>) {
        let Some(sample) = sample else { return };
        for claim in &mut self.claims {
            claim.name = format!("{} ({sample})", claim.name);
        }
    }
}

/// The activity of a record.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Activity {
    /// Its id.
    pub id: ActivityId,
    /// Its version.
    pub version: String,
    /// Its provider by name.
    pub provider: String,
}

/// How a record was signed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Signing {
    /// What is known of the key.
    pub assurance: Assurance,
}

/// Where a record is, each state dated. Stored as JSON, by session; never reuse a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// When it last left this device as a file or through the share sheet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<Timestamp>,
    /// Where the learner sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Sending>,
    /// What the provider answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

impl Standing {
    /// As the journal keeps it.
    #[must_use]
    pub fn encode(&self) -> String {
        json::write(self)
    }

    /// What became of the record, where its provider has said so.
    #[must_use]
    pub fn became(&self) -> Option<Became> {
        self.answer.as_ref().map(|answer| answer.standing)
    }

    /// When it was sent, once it is known that it got there.
    #[must_use]
    pub fn sent(&self) -> Option<Timestamp> {
        let sending = self.sending.as_ref()?;
        match &self.answer {
            Some(answer) => Some(answer.received),
            None => sending.is_stopped().then_some(sending.asked),
        }
    }

    /// Whether its provider has certificates of it.
    #[must_use]
    pub fn is_certified(&self) -> bool {
        self.became() == Some(Became::Credited)
            && self.answer.as_ref().is_some_and(|answer| answer.certificate)
    }

    /// As it was read.
    pub fn decode(text: Option<&str>) -> Self {
        text.and_then(|text| json::read_part(text).ok()).unwrap_or_default()
    }

    /// Takes over what a task made of `before`, but nothing in the place of what the learner or another page wrote
    /// meanwhile: a late answer to an old question must not undo a new one.
    pub fn merge(&mut self, before: &Self, after: &Self) {
        if self.sending == before.sending {
            self.sending.clone_from(&after.sending);
        }
        if self.answer == before.answer {
            self.answer.clone_from(&after.answer);
        }
    }
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its session, which names it.
    pub session: SessionId,
    /// The activity's title.
    pub title: String,
    /// What it says.
    pub facts: Facts,
    /// Where it is.
    pub standing: Standing,
}

/// Reads what a bundle's record says.
#[must_use]
pub fn facts(bundle: &Bundle) -> Option<Facts> {
    let compact = Compact::parse(&bundle.record, RECORD_TYP).ok()?;
    json::read_part(std::str::from_utf8(&compact.payload).ok()?).ok()
}

/// Where a record is.
///
/// # Errors
/// See [`StoreError`].
pub async fn standing<B: Backend + Witness>(
    journal: &Journal<B>,
    session: SessionId,
) -> Result<Standing, StoreError> {
    let text = journal.get(Shelf::Activities, &session.to_string()).await?;
    Ok(Standing::decode(text.as_deref()))
}

/// Changes where a record is, in one transaction with the reading of it. `change` may be asked twice.
///
/// # Errors
/// See [`StoreError`]; [`StoreError::Absent`] once the session was erased.
pub async fn change<B: Backend + Witness>(
    journal: &Journal<B>,
    session: SessionId,
    change: &dyn Fn(&mut Standing),
) -> Result<(), StoreError> {
    let decide = |text: Option<&str>| {
        let before = Standing::decode(text);
        let mut now = before.clone();
        change(&mut now);
        let pins = pins(before.answer.as_ref(), now.answer.as_ref());
        match &now.answer {
            _ if now == before => None,
            Some(_) => Some(Change::Answered(now.encode(), pins)),
            None => Some(Change::Standing(now.encode())),
        }
    };
    journal.change(session, &decide).await
}

/// The pack's files go with the first receipt. The certificates that take their place
/// stay for as long as it is credited, however often the provider says so.
fn pins(before: Option<&Answer>, now: Option<&Answer>) -> Pins {
    let settled = |answer: &Answer| answer.receipt.as_ref().map(|_| answer.standing);
    let now = now.and_then(settled);
    if now.is_some() && now != before.and_then(settled) { Pins::Remove } else { Pins::Keep }
}

/// The record has left this device.
///
/// # Errors
/// See [`StoreError`].
pub async fn exported<B: Backend + Witness>(
    journal: &Journal<B>,
    session: SessionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    change(journal, session, &|standing| standing.exported = Some(at)).await
}

/// Every record on this device, the latest first.
///
/// # Errors
/// [`StoreError`]; a record that cannot be read is an error, not a gap in the list.
pub async fn all<B: Backend + Witness>(journal: &Journal<B>) -> Result<Vec<Record>, StoreError> {
    let unreadable = || StoreError::Unreadable { store: "records" };
    let mut records = Vec::new();
    for (name, text) in journal.records().await? {
        let session = SessionId::parse(&name).ok_or_else(unreadable)?;
        let bundle: Bundle = json::read(&text).map_err(|_| unreadable())?;
        let mut facts = facts(&bundle).ok_or_else(unreadable)?;
        let Summary { title, sample, .. } = journal.session(session).await?.summary;
        facts.mark(sample.as_deref());
        records.push(Record { session, title, facts, standing: standing(journal, session).await? });
    }
    let age = |record: &Record| (record.facts.completed.at, record.session);
    sort_by(&mut records, |one, other| age(other).cmp(&age(one)));
    Ok(records)
}

/// Credit claimed by kind, in the order of first appearance, without what its provider does not give.
#[must_use]
pub fn totals<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<(String, Credit)> {
    let mut totals: Vec<(String, Credit)> = Vec::new();
    let stands =
        |record: &&Record| !matches!(record.standing.became(), Some(Became::Rejected | Became::Reversed));
    for claim in records.into_iter().filter(stands).flat_map(|record| &record.facts.claims) {
        match totals.iter_mut().find(|(name, _)| *name == claim.name) {
            Some((_, sum)) => *sum = Credit(sum.0.saturating_add(claim.amount.0)),
            None => totals.push((claim.name.clone(), claim.amount)),
        }
    }
    totals
}

/// The local date of completion, in days since 1970-01-01.
#[must_use]
pub fn completion_day(record: &Record) -> i32 {
    local_day(record.facts.completed.at, record.facts.completed.offset)
}

/// A line of the transcript as a file: one per claim, or one for participation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    completed: String,
    activity: String,
    title: String,
    version: String,
    provider: String,
    format: &'static str,
    credit: String,
    accreditor: String,
    accreditor_activity: String,
    amount: String,
    record: String,
    exported: String,
    standing: &'static str,
}

/// The names of the columns, in order.
const COLUMNS: [&str; 13] = [
    "completed",
    "activity",
    "title",
    "version",
    "provider",
    "format",
    "credit",
    "accreditor",
    "accreditor_activity",
    "amount",
    "record",
    "exported",
    "standing",
];

/// The transcript's lines.
#[must_use]
pub fn lines(records: &[Record]) -> Vec<Line> {
    records.iter().flat_map(lines_of).collect()
}

fn lines_of(record: &Record) -> Vec<Line> {
    let Activity { id, version, provider } = &record.facts.activity;
    let participation = Line {
        completed: iso_of(completion_day(record)),
        activity: id.to_string(),
        title: record.title.clone(),
        version: version.clone(),
        provider: provider.clone(),
        format: "enduring material",
        credit: String::new(),
        accreditor: String::new(),
        accreditor_activity: String::new(),
        amount: String::new(),
        record: hex(&record.session.0),
        exported: record
            .standing
            .exported
            .map_or_else(String::new, |at| iso_of(local_day(at, record.facts.completed.offset))),
        standing: match (record.standing.became(), &record.standing.sending) {
            (Some(Became::Credited), _) => "credited",
            (Some(Became::Review), _) => "review",
            (Some(Became::Rejected), _) => "rejected",
            (Some(Became::Reversed), _) => "reversed",
            (None, Some(_)) => "sent",
            (None, None) => "signed",
        },
    };
    if record.facts.claims.is_empty() {
        return vec![participation];
    }
    let claimed = |claim: &ClaimRecord| Line {
        credit: claim.name.clone(),
        accreditor: claim.accreditor.clone(),
        accreditor_activity: claim.accreditor_activity.clone(),
        amount: claim.amount.to_string(),
        ..participation.clone()
    };
    record.facts.claims.iter().map(claimed).collect()
}

/// The transcript as CSV (RFC 4180).
#[must_use]
pub fn csv(lines: &[Line]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for line in lines {
        let fields = [
            &line.completed,
            &line.activity,
            &line.title,
            &line.version,
            &line.provider,
            line.format,
            &line.credit,
            &line.accreditor,
            &line.accreditor_activity,
            &line.amount,
            &line.record,
            &line.exported,
            line.standing,
        ];
        text.push_str(&fields.map(quoted).join(","));
        text.push_str("\r\n");
    }
    text
}

/// A field as CSV has it; one that a spreadsheet would run begins with an apostrophe.
fn quoted(field: &str) -> String {
    let runs =
        field.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let guard = if runs { "'" } else { "" };
    if field.contains([',', '"', '\r', '\n']) {
        format!("\"{guard}{}\"", field.replace('"', "\"\""))
    } else {
        format!("{guard}{field}")
    }
}

#[cfg(test)]
mod tests {
    use enduring_core::id::{CreditId, StatementId};
    use enduring_core::measure::UtcOffset;

    use super::*;

    fn record(claims: &[(&str, u32)]) -> Record {
        let moment = Moment {
            at: Timestamp(1_795_305_599_000),
            offset: UtcOffset(60),
            zone: "Europe/Zurich".to_owned(),
        };
        let claim = |(name, amount): &(&str, u32)| ClaimRecord {
            credit: CreditId::new("points").expect("a name"),
            name: (*name).to_owned(),
            accreditor: "Board".to_owned(),
            accreditor_activity: "B-1".to_owned(),
            maximum: Credit(100),
            step: Credit(25),
            amount: Credit(*amount),
            statement: StatementId::new("s").expect("a name"),
            statement_version: "1".to_owned(),
        };
        Record {
            session: SessionId([1; 16]),
            title: "Fever, \"acute\"".to_owned(),
            facts: Facts {
                activity: Activity {
                    id: ActivityId::new("fever").expect("a name"),
                    version: "1.0.0".to_owned(),
                    provider: "Society".to_owned(),
                },
                mode: Mode::Credit,
                completed: moment.clone(),
                signed: moment,
                active: Millis(1),
                claims: claims.iter().map(claim).collect(),
                signing: Signing { assurance: Assurance::Stored },
            },
            standing: Standing::default(),
        }
    }

    #[test]
    fn credit_is_summed_by_kind() {
        let records = [record(&[("points", 50)]), record(&[("points", 25), ("hours", 75)]), record(&[])];
        let expected = vec![("points".to_owned(), Credit(75)), ("hours".to_owned(), Credit(75))];
        assert_eq!(totals(&records), expected);
    }

    #[test]
    fn credit_of_a_sample_is_a_kind_of_its_own() {
        let mut records = [record(&[("points", 50)]), record(&[("points", 25)])];
        records[0].facts.mark(None);
        records[1].facts.mark(Some("Sample, not accredited"));
        let kinds = [("points", 50), ("points (Sample, not accredited)", 25)];
        assert_eq!(totals(&records), kinds.map(|(name, amount)| (name.to_owned(), Credit(amount))));
    }

    #[test]
    fn what_is_not_given_is_not_counted() {
        let with = |standing| {
            let mut record = record(&[("points", 25)]);
            let at = record.facts.completed.at;
            let (reasons, receipt) = (Vec::new(), None);
            record.standing.answer =
                Some(Answer { standing, received: at, heard: at, reasons, receipt, certificate: false });
            record
        };
        let records = [Became::Credited, Became::Review, Became::Rejected, Became::Reversed].map(with);
        assert_eq!(totals(&records), [("points".to_owned(), Credit(50))]);
    }

    #[test]
    fn certificates_stay_while_it_is_credited() {
        let answer = |standing, receipt: Option<&str>| Answer {
            standing,
            received: Timestamp(1),
            heard: Timestamp(2),
            reasons: Vec::new(),
            receipt: receipt.map(str::to_owned),
            certificate: true,
        };
        let review = answer(Became::Review, None);
        let credited = answer(Became::Credited, Some("a.b.c"));
        let again = answer(Became::Credited, Some("a.b.d"));
        let reversed = answer(Became::Reversed, Some("a.b.e"));
        for (before, now, expected) in [
            (None, None, Pins::Keep),
            (None, Some(&review), Pins::Keep),
            (None, Some(&credited), Pins::Remove),
            (Some(&review), Some(&credited), Pins::Remove),
            (Some(&credited), Some(&again), Pins::Keep),
            (Some(&credited), None, Pins::Keep),
            (Some(&credited), Some(&reversed), Pins::Remove),
        ] {
            assert_eq!(pins(before, now), expected, "{before:?} {now:?}");
        }
    }

    #[test]
    fn a_record_is_sent_once_it_got_there() {
        let sending = Some(Sending::new("https://example.org/api/".to_owned(), Timestamp(1)));
        let waits = Standing { sending, ..Standing::default() };
        assert_eq!(waits.sent(), None);
        let (reasons, receipt) = (Vec::new(), None);
        let (received, heard) = (Timestamp(2), Timestamp(3));
        let answer =
            Answer { standing: Became::Review, received, heard, reasons, receipt, certificate: false };
        assert_eq!(Standing { answer: Some(answer), ..waits }.sent(), Some(received));
    }

    /// A receipt that came as a file while a question was on its way stays, whatever becomes of the question; and what
    /// the learner asked for meanwhile is not undone.
    #[test]
    fn a_late_answer_undoes_nothing() {
        let at = Timestamp(1_795_305_599_000);
        let answer = |standing| {
            let (reasons, receipt) = (Vec::new(), Some("a.b.c".to_owned()));
            Some(Answer { standing, received: at, heard: at, reasons, receipt, certificate: false })
        };
        let sending =
            |tries| Some(Sending { tries, ..Sending::new("https://example.org/api/".to_owned(), at) });
        let elsewhere = Some(Sending::new("https://example.net/api/".to_owned(), at));
        let of = |sending, answer| Standing { exported: None, sending, answer };
        let before = of(sending(0), answer(Became::Review));
        let late = of(sending(1), answer(Became::Rejected));
        let merged = |now: Standing| {
            let mut merged = now;
            merged.merge(&before, &late);
            merged
        };
        assert_eq!(merged(before.clone()), late);
        assert_eq!(merged(late.clone()), late, "asked twice");
        let credited = of(sending(0), answer(Became::Credited));
        assert_eq!(merged(credited), of(sending(1), answer(Became::Credited)));
        assert_eq!(merged(of(elsewhere.clone(), before.answer.clone())), of(elsewhere, late.answer.clone()));
        let exported = Standing { exported: Some(at), ..before.clone() };
        assert_eq!(merged(exported).exported, Some(at));
    }

    #[test]
    fn no_cell_becomes_a_formula() {
        for field in ["=1", "+1", "-1", "@a", " =1", "\t=1", "\u{ff1d}1"] {
            assert_eq!(quoted(field), format!("'{field}"));
        }
        assert_eq!(quoted("=1,2"), "\"'=1,2\"");
        assert_eq!(quoted("1-2"), "1-2");
    }

    #[test]
    fn the_file_has_a_line_per_claim_and_quotes_what_needs_it() {
        let text = csv(&lines(&[record(&[("points", 50), ("hours", 25)]), record(&[])]));
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 4);
        assert!(
            lines[1].starts_with(
                "2026-11-22,fever,\"Fever, \"\"acute\"\"\",1.0.0,Society,enduring material,points"
            )
        );
        assert!(lines[3].contains(",,,,"), "{}", lines[3]);
        assert_eq!(lines[0].split(',').count(), COLUMNS.len());
    }
}
