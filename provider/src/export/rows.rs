//! The tables. Names are stored by whoever reads the files; never reuse one.
//! `docs/formats/export.md` says the same, and a test holds the two together.

use super::table::{Day, Instant, table};

table! {
    /// A record of the ledger.
    RecordRow = "records";
    /// Thumbprint of the device key; with `id`, the record
    kid: String,
    /// The session
    id: String,
    /// The learner, opaque
    learner: String,
    /// The activity
    activity: String,
    /// Its version
    version: String,
    /// Pack digest
    pack: String,
    /// The learner's profession, as the activity names it
    profession: String,
    /// `credit`, `not_for_credit` or `rehearsal`
    mode: String,
    /// When the provider had it, by the provider's clock
    received_at: Instant,
    /// First event, by the device's clock
    started_at: Instant,
    /// When the last requirement was met, by the device's clock
    completed_at: Instant,
    /// The local date of completion
    completed: Day,
    /// Active time in milliseconds
    active_ms: i64,
    /// Events of its log
    events: i32,
    /// Attempts at tests that were handed in
    attempts: i32,
    /// `credited`, `review`, `rejected` or `reversed`
    standing: String,
    /// Codes of the last decision
    reasons: Vec<String>,
    /// When that was
    decided_at: Option<Instant>,
    /// Whether the learner asked since that a person look again
    appealed: bool,
    /// Whether a copy of the session came with other content
    conflicted: bool,
}

table! {
    /// An item of an attempt that was handed in.
    AnswerRow = "answers";
    /// Thumbprint of the device key; with `id`, the record
    kid: String,
    /// The session
    id: String,
    /// The test
    part: String,
    /// `pre`, `post` or `practice`
    role: String,
    /// Number of the attempt, 1 for the first
    attempt: i32,
    /// Whether it is the first, which counts for outcomes
    first: bool,
    /// Whether the attempt passed
    passed: bool,
    /// Place of the item in the attempt, 1 for the first shown
    place: i32,
    /// The item
    item: String,
    /// What was answered, as below; null where nothing was
    answer: Option<String>,
    /// Earned, in thousandths
    points: i32,
    /// Possible, in thousandths
    possible: i32,
    /// How certain: `c1`, `c2` or `c3`; null where it was not asked or not said
    certainty: Option<String>,
    /// Active time on the item until the answer, in milliseconds
    active_ms: Option<i64>,
    /// Whether the time for the item ran out
    expired: bool,
}

table! {
    /// A decision, or credit that was given or taken back.
    DecisionRow = "decisions";
    /// Number of the row in the ledger: later ones have higher numbers
    seq: i64,
    /// Thumbprint of the device key; with `id`, the record
    kid: String,
    /// The session
    id: String,
    /// The learner, opaque, as of this row
    learner: String,
    /// `decided`, `credited` or `reversed`
    kind: String,
    /// When, by the provider's clock
    at: Instant,
    /// `rule`, or the account of a member of staff
    by: String,
    /// Of `decided`: `credit`, `review` or `reject`
    decision: Option<String>,
    /// Of `decided`: codes; else none
    reasons: Vec<String>,
    /// Of `credited` and `reversed`: which credit
    credit: Option<String>,
    /// Of `credited` and `reversed`: its accreditor
    accreditor: Option<String>,
    /// Of `credited` and `reversed`: the accreditor's number for the activity
    number: Option<String>,
    /// Of `credited` and `reversed`: how much, in hundredths
    amount: Option<i32>,
    /// Of `credited`: the local date of completion
    completed: Option<Day>,
    /// Of `decided`: decisions about the record before; of `credited`: how often the credit was taken back before
    after: Option<i32>,
}
