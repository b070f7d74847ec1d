//! Where a record is on its way to its provider: what the learner asked for, what the
//! tries came to, what was answered, and what is to be done next.

use enduring_core::measure::Timestamp;
use enduring_core::record::Receipt;
use serde::{Deserialize, Serialize};

use super::reply::{Outcome, Reading, Reason, Standing};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
/// The pause after the first failed try; each next one is twice as long.
const FIRST_PAUSE: i64 = 30 * SECOND;
/// No pause is longer, unless the provider asks for it.
const LONGEST_PAUSE: i64 = 6 * HOUR;
/// Nor may a provider ask for a longer one.
const LONGEST_ASKED: i64 = 24 * HOUR;
/// How long a person's decision is not asked for again, while the page stays open.
const REVIEW_PAUSE: i64 = HOUR;
/// How long a decision that was made is not asked for again: people may make another one.
const DECIDED_PAUSE: i64 = 24 * HOUR;

/// Why the last try brought no outcome. Stored; never reuse a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// There was no answer.
    NoAnswer,
    /// The answer was not that of an intake.
    NoOutcome,
    /// The provider asked to come later.
    Busy,
    /// The receipt is not the provider's, or not of this record.
    Receipt,
    /// The provider did not take it.
    Refused,
    /// The provider did not take the learner's enrolment.
    Ticket,
}

impl Trouble {
    /// Whether sending the same again may help.
    fn passes(self) -> bool {
        !matches!(self, Self::Refused | Self::Ticket)
    }
}

/// A record that the learner sends. Stored; never reuse a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// The whole address of the intake that the learner was told.
    pub to: String,
    /// When the learner said so.
    pub asked: Timestamp,
    /// Whether it goes without the learner's enrolment.
    #[serde(default)]
    pub plain: bool,
    /// Tries without an outcome.
    #[serde(default)]
    pub tries: u32,
    /// No try before.
    #[serde(default)]
    pub not_before: Timestamp,
    /// Why the last try brought none.
    #[serde(default)]
    pub trouble: Option<Trouble>,
    /// What the provider said then.
    #[serde(default)]
    pub told: String,
}

/// What a provider answered. Stored; never reuse a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What became of the record.
    pub standing: Standing,
    /// When the provider first had it.
    pub received: Timestamp,
    /// When it was last heard of.
    pub heard: Timestamp,
    /// Why it is not credited.
    #[serde(default)]
    pub reasons: Vec<Reason>,
    /// The signed receipt, as it was checked.
    #[serde(default)]
    pub receipt: Option<String>,
    /// Whether a certificate can be fetched.
    #[serde(default)]
    pub certificate: bool,
}

/// What is to be done for a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Send it.
    Send,
    /// Ask what became of it.
    Ask,
    /// Ask that a person look again, as the learner said.
    Appeal,
}

/// What a round of errands is made for; the later of two does what both are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Round {
    /// Time has passed.
    Timed,
    /// A page or a connection is new, or the learner asked for something.
    Fresh,
}

/// Whether the learner's enrolment goes with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// It does, where there is one.
    Along,
    /// It does not.
    Left,
}

/// The errand that is due. A connection that just came back, or a page that just opened,
/// is reason enough to try once more what found no connection.
#[must_use]
pub fn errand(sending: &Sending, answer: Option<&Answer>, now: Timestamp, round: Round) -> Option<Errand> {
    if sending.is_stopped() {
        return None;
    }
    // A clock that was set back must not hold a record for years.
    let waits = sending.not_before.0.saturating_sub(now.0);
    let over = waits <= 0 || waits > LONGEST_ASKED;
    let anew = round == Round::Fresh && sending.trouble == Some(Trouble::NoAnswer);
    if !(over || anew) {
        return None;
    }
    let Some(answer) = answer else { return Some(Errand::Send) };
    let pause = match (answer.standing, round) {
        (Standing::Review, Round::Fresh) => 0,
        (Standing::Review, Round::Timed) => REVIEW_PAUSE,
        (Standing::Credited | Standing::Rejected | Standing::Reversed, _) => DECIDED_PAUSE,
    };
    let silent = now.0.saturating_sub(answer.heard.0);
    (silent < 0 || silent >= pause).then_some(Errand::Ask)
}

/// The pause after so many failed tries.
fn pause(tries: u32) -> i64 {
    FIRST_PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(16)).min(LONGEST_PAUSE)
}

impl Sending {
    /// The learner sends it there.
    #[must_use]
    pub fn new(to: String, asked: Timestamp) -> Self {
        Self {
            to,
            asked,
            plain: false,
            tries: 0,
            not_before: Timestamp(0),
            trouble: None,
            told: String::new(),
        }
    }

    /// The learner asks to try again at once, with or without the enrolment.
    pub fn again(&mut self, enrolment: Enrolment) {
        self.plain = enrolment == Enrolment::Left;
        self.at_once();
    }

    /// Whatever kept it from going is over.
    fn at_once(&mut self) {
        self.not_before = Timestamp(0);
        self.trouble = None;
        self.told = String::new();
    }

    /// Whether the enrolment goes along.
    #[must_use]
    pub fn enrolment(&self) -> Enrolment {
        if self.plain { Enrolment::Left } else { Enrolment::Along }
    }

    /// Whether it goes on only when the learner says so.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.trouble.is_some_and(|trouble| !trouble.passes())
    }

    /// A try has brought no outcome.
    pub fn failed(&mut self, trouble: Trouble, told: String, wait: Option<u32>, now: Timestamp) {
        self.tries = self.tries.saturating_add(1);
        let asked = wait.map_or(0, |seconds| i64::from(seconds) * SECOND).min(LONGEST_ASKED);
        self.not_before = Timestamp(now.0.saturating_add(pause(self.tries).max(asked)));
        self.trouble = Some(trouble);
        self.told = told;
    }

    /// A try has brought an outcome.
    pub fn succeeded(&mut self) {
        self.tries = 0;
        self.at_once();
    }
}

/// What is known after an answer without a receipt to check, or after its check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// An outcome, to be kept once its receipt was checked.
    Keep(Outcome),
    /// The record has to be sent once more.
    SendAgain,
    /// None; the sending says why.
    Wait,
}

/// What an answer does to a sending.
pub fn step(sending: &mut Sending, reading: Reading, now: Timestamp) -> Step {
    let (trouble, told, wait) = match reading {
        Reading::Outcome(outcome) => {
            sending.succeeded();
            return Step::Keep(outcome);
        }
        Reading::Unknown => {
            sending.at_once();
            return Step::SendAgain;
        }
        Reading::Refused { ticket, words } => {
            (if ticket { Trouble::Ticket } else { Trouble::Refused }, words, None)
        }
        Reading::Busy(wait) => (Trouble::Busy, String::new(), wait),
        Reading::NoOutcome => (Trouble::NoOutcome, String::new(), None),
    };
    sending.failed(trouble, told, wait, now);
    Step::Wait
}

/// What is kept of an outcome. What a receipt says counts more than what stands beside it.
#[must_use]
pub fn answer(
    outcome: Outcome,
    receipt: Option<&Receipt>,
    before: Option<&Answer>,
    now: Timestamp,
) -> Answer {
    let first = before.map_or(now, |before| before.received);
    Answer {
        standing: receipt.map_or(outcome.standing, |receipt| receipt.standing.into()),
        received: receipt.map_or(first, |receipt| receipt.received),
        heard: now,
        reasons: outcome.reasons,
        receipt: outcome.receipt,
        certificate: outcome.certificate,
    }
}

/// What is kept of a receipt that came as a file.
#[must_use]
pub fn answer_of_file(text: String, receipt: &Receipt, now: Timestamp) -> Answer {
    Answer {
        standing: receipt.standing.into(),
        received: receipt.received,
        heard: now,
        reasons: Vec::new(),
        receipt: Some(text),
        certificate: false,
    }
}

impl From<enduring_core::record::Standing> for Standing {
    fn from(standing: enduring_core::record::Standing) -> Self {
        match standing {
            enduring_core::record::Standing::Credited => Self::Credited,
            enduring_core::record::Standing::Reversed => Self::Reversed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_305_599_000);

    fn after(milliseconds: i64) -> Timestamp {
        Timestamp(NOW.0 + milliseconds)
    }

    fn sending() -> Sending {
        Sending::new("https://example.org/api/".to_owned(), NOW)
    }

    fn known(standing: Standing) -> Answer {
        Answer { standing, received: NOW, heard: NOW, reasons: Vec::new(), receipt: None, certificate: false }
    }

    #[test]
    fn what_was_asked_for_is_due_at_once() {
        assert_eq!(errand(&sending(), None, NOW, Round::Timed), Some(Errand::Send));
    }

    #[test]
    fn pauses_grow_and_end() {
        let mut sending = sending();
        let mut pauses = Vec::new();
        for _ in 0..20 {
            assert_eq!(step(&mut sending, Reading::NoOutcome, NOW), Step::Wait);
            pauses.push((sending.not_before.0 - NOW.0) / SECOND);
        }
        assert_eq!(pauses[..5], [30, 60, 120, 240, 480]);
        assert_eq!(pauses[10..], [6 * 3_600; 10]);
        assert_eq!(errand(&sending, None, after(6 * HOUR - 1), Round::Timed), None);
        assert_eq!(errand(&sending, None, after(6 * HOUR), Round::Timed), Some(Errand::Send));
    }

    #[test]
    fn a_pause_that_the_provider_asks_for_is_kept() {
        let mut sending = sending();
        assert_eq!(step(&mut sending, Reading::Busy(Some(600)), NOW), Step::Wait);
        assert_eq!(errand(&sending, None, after(599 * SECOND), Round::Fresh), None);
        assert_eq!(errand(&sending, None, after(600 * SECOND), Round::Timed), Some(Errand::Send));
        // Not for years.
        assert_eq!(step(&mut sending, Reading::Busy(Some(u32::MAX)), NOW), Step::Wait);
        assert_eq!(errand(&sending, None, after(24 * HOUR), Round::Timed), Some(Errand::Send));
    }

    #[test]
    fn a_new_connection_ends_the_pause_of_a_lost_one_alone() {
        let mut lost = sending();
        lost.failed(Trouble::NoAnswer, String::new(), None, NOW);
        assert_eq!(errand(&lost, None, after(SECOND), Round::Timed), None);
        assert_eq!(errand(&lost, None, after(SECOND), Round::Fresh), Some(Errand::Send));
        let mut odd = sending();
        odd.failed(Trouble::NoOutcome, String::new(), None, NOW);
        assert_eq!(errand(&odd, None, after(SECOND), Round::Fresh), None);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nothing_for_years() {
        let mut sending = sending();
        sending.failed(Trouble::NoOutcome, String::new(), None, after(400 * 24 * HOUR));
        assert_eq!(errand(&sending, None, NOW, Round::Timed), Some(Errand::Send));
    }

    #[test]
    fn a_refusal_stands_until_the_learner_says_otherwise() {
        for (ticket, trouble) in [(false, Trouble::Refused), (true, Trouble::Ticket)] {
            let mut sending = sending();
            let refused = Reading::Refused { ticket, words: "no".to_owned() };
            assert_eq!(step(&mut sending, refused, NOW), Step::Wait);
            assert_eq!((sending.trouble, sending.told.as_str()), (Some(trouble), "no"));
            assert!(sending.is_stopped());
            assert_eq!(errand(&sending, None, after(1_000 * HOUR), Round::Fresh), None);
            let enrolment = if ticket { Enrolment::Left } else { Enrolment::Along };
            sending.again(enrolment);
            assert_eq!(sending.enrolment(), enrolment);
            assert_eq!(errand(&sending, None, NOW, Round::Timed), Some(Errand::Send));
        }
    }

    #[test]
    fn a_review_is_asked_about_with_every_page_and_once_an_hour_and_a_decision_once_a_day() {
        let mut sending = sending();
        sending.succeeded();
        let review = known(Standing::Review);
        assert_eq!(errand(&sending, Some(&review), after(SECOND), Round::Fresh), Some(Errand::Ask));
        assert_eq!(errand(&sending, Some(&review), after(HOUR - 1), Round::Timed), None);
        assert_eq!(errand(&sending, Some(&review), after(HOUR), Round::Timed), Some(Errand::Ask));
        for decided in [Standing::Credited, Standing::Rejected, Standing::Reversed].map(known) {
            assert_eq!(errand(&sending, Some(&decided), after(23 * HOUR), Round::Fresh), None);
            assert_eq!(errand(&sending, Some(&decided), after(24 * HOUR), Round::Timed), Some(Errand::Ask));
        }
    }

    #[test]
    fn a_record_that_the_provider_does_not_know_is_sent_again() {
        let mut sending = sending();
        assert_eq!(step(&mut sending, Reading::Unknown, NOW), Step::SendAgain);
        assert_eq!(errand(&sending, None, NOW, Round::Timed), Some(Errand::Send));
    }

    #[test]
    fn what_is_kept_is_read_as_it_was_written() {
        let mut sending = sending();
        sending.failed(Trouble::Ticket, "no".to_owned(), None, NOW);
        let standing = crate::records::Standing {
            exported: None,
            sending: Some(sending),
            answer: Some(known(Standing::Review)),
        };
        let read = enduring_core::json::read_part(&standing.encode());
        assert_eq!(read, Ok(standing));
        // As it was written before anything could be sent.
        let old: crate::records::Standing = enduring_core::json::read_part(r#"{"exported":5}"#).expect("old");
        assert_eq!((old.exported, old.sending, old.answer), (Some(Timestamp(5)), None, None));
    }
}
