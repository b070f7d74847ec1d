//! What flags mean, and what to look at.

use enduring_core::record::Code;

use crate::intake::LedgerCode;

/// A flag in words.
pub struct Flag {
    /// What it is.
    pub title: String,
    /// What to look at; empty where there is nothing to add.
    pub look: &'static str,
}

const WORDS: &[(&str, &str, &str)] = &[
    (
        "policy.clock",
        "The device's clock went backwards, or ran too slowly",
        "Look in the timeline for the marked moments. One jump at a change of zone or after days off line is usual; many, or one at the post-test, are not.",
    ),
    (
        "policy.least_time",
        "Much faster than planned",
        "Compare the active minutes with the planned ones, and look whether readings and cases were opened or passed through.",
    ),
    (
        "policy.fast_answers",
        "Many answers came faster than the question can be read",
        "Look at the seconds beside each answer in the pre-test and the post-test, and whether the fast ones are right.",
    ),
    (
        "policy.over_active",
        "More credit is claimed than active time",
        "Compare the claim with the active minutes. They are measured on the screen and cannot show time off it, such as reading on paper: a claim above them is for you to decide, and the learner can be asked.",
    ),
    (
        "policy.received",
        "Sent after the activity had ended",
        "Compare the date of completion with the termination date: what was completed in time may still be credited.",
    ),
    (
        "policy.dates",
        "Completed before the release or after the termination date",
        "Credit cannot be given for what was completed outside these dates.",
    ),
    (
        "policy.enrolled",
        "The device was not known before",
        "Look whose the record says it is, and whether that person is expected.",
    ),
    (
        "policy.assurance",
        "The device could not keep its key",
        "Private browsing does this. Look whether the same learner sent other records from this device.",
    ),
    (
        "policy.rehearsal",
        "A rehearsal, not a learner's session",
        "Credit it only on a desk that is being tried out.",
    ),
    (
        "policy.for_credit",
        "The session was not for credit",
        "The learner chose so, or the pack was out of its dates.",
    ),
    (
        "policy.pack_trust",
        "The pack was signed by somebody this provider does not trust",
        "Look at the version and ask who made it.",
    ),
    (
        "policy.future",
        "Times lie in the future",
        "The device's clock was ahead. Look at when the record came.",
    ),
    (
        "part.learner",
        "The learner sheet is not here, or is another one",
        "Ask the learner to send the record again with everything in it.",
    ),
    (
        "part.consent",
        "The consent sheet is not here, or is another one",
        "Ask the learner to send the record again with everything in it.",
    ),
    (
        "part.evaluation",
        "The evaluation is not here, or is another one",
        "Ask the learner to send the record again with everything in it.",
    ),
    (
        "pack.known",
        "The pack is not at hand",
        "Put the pack of this version into the folder of packs; nothing can be replayed without it.",
    ),
    (
        "ledger.learner_unsure",
        "It is not sure which learner this is",
        "Compare the learner sheet with the people below, and choose before approving.",
    ),
    (
        "ledger.not_on_roster",
        "The learner is not on the roster",
        "Look for the name spelled otherwise, or ask who admitted them.",
    ),
    (
        "ledger.second_key",
        "The ticket was used on another device before",
        "A new device is the usual reason. Ask the learner; if they know nothing of it, revoke the ticket.",
    ),
    (
        "ledger.key_revoked",
        "The device was reported lost before this was signed",
        "Ask the learner whether they did this themselves.",
    ),
    (
        "ledger.learners_on_key",
        "Several learners use this device",
        "Fine for a shared tablet: mark the device as shared on the learner's page. Else ask whose it is.",
    ),
    (
        "ledger.keys_of_learner",
        "The learner uses more devices than usual",
        "Look at the devices on the learner's page.",
    ),
    (
        "ledger.same_pace",
        "Another session went on at the very same pace",
        "Two people never agree to the millisecond: one log was copied, or both were made by a program. Compare the timelines.",
    ),
    (
        "ledger.near_termination",
        "Completed shortly before the activity ended",
        "Look whether the device's clock was set back: the timeline marks such moments.",
    ),
    (
        "ledger.withdrawn",
        "The activity was withdrawn before this was completed",
        "Read the notice of the activity; credit is the provider's decision.",
    ),
    (
        "ledger.conflict",
        "The same session came with another log",
        "A copy was continued in two places; what came first stands.",
    ),
    (
        "ledger.credited_before",
        "Credit for this activity was given before",
        "It is given once: approving certifies the participation, and adds no credit.",
    ),
    ("desk.appealed", "The learner appealed", "Read what was decided and why, and decide again."),
    ("desk.person", "A person decided so", ""),
];

/// A flag by its code; one of another version tells its code.
pub fn flag(code: &str) -> Flag {
    if let Some((_, title, look)) = WORDS.iter().find(|(known, ..)| *known == code) {
        return Flag { title: (*title).to_owned(), look };
    }
    let of_record = Code::ALL.iter().find(|known| known.code() == code).map(|known| known.words());
    let of_ledger = || LedgerCode::ALL.iter().find(|known| known.code() == code).map(|known| known.words());
    let title = match of_record {
        Some(words) => format!("Not so: {words}"),
        None => of_ledger().map_or_else(|| code.to_owned(), str::to_owned),
    };
    Flag { title, look: "" }
}

/// What somebody did, in words, by the name in the row.
pub fn act(name: &str) -> &str {
    match name {
        "signed_in" => "signed in",
        "sign_in_delayed" => "sign-in delayed after failed attempts",
        "signed_out" => "signed out",
        "password_changed" => "changed the own password",
        "record_opened" => "opened a record",
        "bundle_downloaded" => "downloaded a record",
        "receipt_downloaded" => "downloaded a receipt",
        "learner_opened" => "opened a learner",
        "learners_searched" => "searched learners by name",
        "learner_entered" => "entered a learner",
        "roster_taken" => "took a roster:",
        "credits_downloaded" => "downloaded credits",
        "staff_added" => "added an account",
        "staff_changed" => "changed an account",
        "staff_deactivated" => "deactivated an account",
        "password_reset" => "reset a password",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_of_the_ledger_and_of_policy_is_explained() {
        let policy = Code::ALL.iter().map(|code| code.code()).filter(|code| code.starts_with("policy."));
        for code in policy.chain(LedgerCode::ALL.iter().map(|code| code.code())) {
            assert!(WORDS.iter().any(|(known, ..)| *known == code), "{code}");
        }
        for (code, ..) in WORDS {
            let record = Code::ALL.iter().any(|known| known.code() == *code);
            assert!(
                record || LedgerCode::ALL.iter().any(|known| known.code() == *code),
                "{code}: no such code"
            );
        }
    }
}
