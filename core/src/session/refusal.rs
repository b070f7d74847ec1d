//! Refusals, each named after the rule that it keeps. Codes are stored in the
//! corpus and in verification reports; never reuse.

use thiserror::Error;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)+) => {
        /// Why an event is not possible now.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
        pub enum Refusal {$(
            $(#[$doc])*
            #[error($text)]
            $name,
        )+}

        impl Refusal {
            /// Every refusal there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {$(Self::$name => $code),+}
            }
        }
    };
}

refusals! {
    /// The first event is not `started`, or a later one is.
    NotTheFirst = "log.first", "only the first event starts a session";
    /// The number does not follow.
    OutOfSequence = "log.sequence", "expected the next number in the log";
    /// Nothing comes after completion.
    AlreadyCompleted = "log.completed", "the session is complete; nothing can follow";
    /// The log is full, or its last places are kept for finishing.
    LogFull = "log.full", "the log is full: only finishing is still possible";
    /// Longer than a line of the log may be.
    LineTooLong = "log.line", "what is to be noted is too long for the log";
    /// Offset or zone are impossible.
    BadClock = "clock.impossible", "the time zone or offset is impossible";
    /// Active time went backwards.
    ActiveBackwards = "clock.active", "active time cannot go backwards";
    /// Another pack than the one at hand.
    OtherPack = "start.pack", "the session belongs to another pack";
    /// Rules that this core does not know, or not those of the pack.
    OtherRules = "start.rules", "the session follows rules that are not those of the pack";
    /// Before the release date.
    NotYetReleased = "dates.release", "the activity is not yet released";
    /// After the termination date.
    Terminated = "dates.termination", "the activity has ended; it gives no credit any more";
    /// Not what the page shows.
    AlreadyVisible = "page.visible", "the page is already visible";
    /// Not what the page shows.
    AlreadyHidden = "page.hidden", "the page is already hidden";
    /// Content before the front matter.
    FrontMatterFirst = "front.first", "the front matter comes first";
    /// Acknowledged before it was shown.
    FrontMatterNotShown = "front.not_shown", "the front matter was not shown yet";
    /// Shown and acknowledged already.
    FrontMatterDone = "front.done", "the front matter was acknowledged already";
    /// Another text than the pack's.
    OtherFrontMatter = "front.digest", "the front matter is not that of the pack";
    /// Not the part whose turn it is.
    NotThisPart = "part.turn", "another part comes now";
    /// The part was entered already.
    PartEntered = "part.entered", "the part was begun already";
    /// The part was not entered.
    PartNotEntered = "part.not_entered", "the part was not begun yet";
    /// The part asks for something else.
    WrongKind = "part.kind", "this part asks for something else";
    /// The part cannot be left yet.
    PartUnfinished = "part.unfinished", "something in this part is still open";
    /// No such page.
    NoSuchPage = "reading.page", "there is no such page";
    /// A page before it was passed over.
    PageSkipped = "reading.skipped", "the pages before it come first";
    /// Not the next attempt.
    AttemptNumber = "attempt.number", "expected the next attempt's number";
    /// Wait.
    CoolDown = "attempt.cool_down", "the wait after the last attempt is not over";
    /// None left.
    NoAttemptsLeft = "attempt.none_left", "no attempt is left";
    /// Passed already.
    AlreadyPassed = "attempt.passed", "the test is passed already";
    /// One is running.
    AttemptRunning = "attempt.running", "an attempt is running";
    /// None is running.
    NoAttempt = "attempt.none", "no attempt is running";
    /// Time is up.
    AttemptTimeUp = "attempt.time_up", "the time for this attempt is over";
    /// Time is not up.
    AttemptTimeLeft = "attempt.time_left", "the time for this attempt is not over";
    /// Something is unanswered.
    Unanswered = "attempt.unanswered", "an item is still unanswered";
    /// The item is not in this attempt.
    NoSuchItem = "item.unknown", "the item is not part of this";
    /// Another item is shown.
    NotShown = "item.not_shown", "another item is shown";
    /// No way back.
    BackLocked = "item.back_locked", "one cannot go back in this test";
    /// Answer this one first.
    AnswerFirst = "item.answer_first", "the item shown needs an answer first";
    /// The answer is final.
    AnswerFinal = "item.final", "the answer is final";
    /// Time is up.
    ItemTimeUp = "item.time_up", "the time for this item is over";
    /// Time is not up.
    ItemTimeLeft = "item.time_left", "the time for this item is not over";
    /// The response is of another kind, incomplete, or names unknown options.
    BadResponse = "response.shape", "the answer does not fit the item";
    /// More picks than allowed.
    TooManyPicks = "response.picks", "more was picked than allowed";
    /// Certainty is needed.
    CertaintyNeeded = "response.certainty", "say how certain the answer is";
    /// Certainty is not asked.
    CertaintyNotAsked = "response.no_certainty", "certainty is not asked here";
    /// The entry is not in the chart yet.
    NotDisclosed = "case.not_disclosed", "the chart has no such entry yet";
    /// Not a way on from here.
    NoSuchLink = "case.link", "there is no such way on from here";
    /// Not the decision at hand.
    NoSuchDecision = "case.decision", "this is not decided now";
    /// Unknown, doubled, too few or too many picks.
    BadPicks = "case.picks", "the picks do not fit the decision";
    /// The case has not ended.
    CaseRunning = "case.running", "the case has not ended yet";
    /// The case ended.
    CaseEnded = "case.ended", "the case has ended";
    /// Nothing to play again for.
    CaseGateMet = "case.gate_met", "the case reached what is needed; it is not played again";
    /// No such action.
    NoSuchAction = "patient.action", "there is no such action";
    /// Not possible now, or done already.
    ActionNotOffered = "patient.not_offered", "this cannot be done now";
    /// No dose, one too many, an unknown route or an impossible amount.
    BadDose = "patient.dose", "the dose does not fit the action";
    /// Too much is under way or acts.
    TooMuchAtOnce = "patient.too_much", "too much is under way at once; wait for some of it";
    /// No such wait.
    BadWait = "patient.wait", "a wait lasts from a second to an hour";
    /// The encounter has not ended.
    PatientRunning = "patient.running", "the encounter has not ended yet";
    /// The encounter ended.
    PatientEnded = "patient.ended", "the encounter has ended";
    /// First the learner's own view.
    ReflectFirst = "patient.reflect", "first say how it went";
    /// Said already.
    ReflectedAlready = "patient.reflected", "how it went was said already";
    /// Played often enough.
    NoPlaysLeft = "patient.plays", "the encounter cannot be played again";
    /// No such question.
    NoSuchQuestion = "evaluation.question", "there is no such question";
    /// The claim comes after all parts.
    ClaimLater = "claim.later", "the claim comes after all parts";
    /// No such profession.
    NoSuchProfession = "claim.profession", "there is no such profession to choose";
    /// No such credit, or twice.
    NoSuchCredit = "claim.credit", "there is no such credit to claim, or it is claimed twice";
    /// Not for this profession.
    NotEligible = "claim.eligible", "this credit is not for your profession";
    /// Not a multiple of the step, zero or above the maximum.
    BadAmount = "claim.amount", "the amount is not a step between the least and the maximum";
    /// More than the active time covers, where that is not allowed.
    OverActive = "claim.over_active", "more is claimed than the active time covers";
    /// This session is not for credit.
    NotForCredit = "claim.not_for_credit", "this session is not for credit";
    /// Too little active time, where an accreditor's rule demands it.
    TooShort = "claim.too_short", "the activity asks for more active time before credit";
    /// Said before the profession is.
    DescribeFirst = "claim.describe_first", "who you are comes first";
    /// Another statement than the activity's.
    OtherStatement = "claim.statement", "the statement is not that of the activity";
    /// Something of the claim is missing.
    ClaimIncomplete = "claim.incomplete", "the claim is not complete";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let codes: std::collections::BTreeSet<_> =
            Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
    }
}
