//! Texts of what goes to a provider and comes back, and of the page that checks records.

use enduring_core::measure::Credit;

/// Texts of sending, receipts, enrolments and notices.
#[derive(Debug)]
pub struct IntakeStrings {
    pub send_to: fn(&str, Option<&str>) -> String,
    pub send_text: fn(&str, &str) -> String,
    pub send_by: fn(&str) -> String,
    pub enrolled_as: fn(&str) -> String,
    pub title_credited: &'static str,
    pub title_participation: &'static str,
    pub title_review: &'static str,
    pub title_rejected: &'static str,
    pub title_reversed: &'static str,
    pub lead_credited: fn(&str) -> String,
    pub lead_review: fn(&str) -> String,
    pub lead_rejected: fn(&str) -> String,
    pub lead_reversed: fn(&str) -> String,
    pub sending: &'static str,
    pub on_its_way: fn(&str, &str) -> String,
    pub offline: &'static str,
    pub not_sent: &'static str,
    pub no_answer: fn(&str) -> String,
    pub no_outcome: fn(&str) -> String,
    pub busy: fn(&str) -> String,
    pub bad_receipt: fn(&str) -> String,
    pub refused: fn(&str, &str) -> String,
    pub ticket_refused: fn(&str, &str) -> String,
    pub goes_by_itself: &'static str,
    pub moved: fn(&str) -> String,
    pub now: &'static str,
    pub again: &'static str,
    pub plain: &'static str,
    pub credited: &'static str,
    pub credit: fn(Credit, &str, &str) -> String,
    pub participation: &'static str,
    pub decided: fn(&str) -> String,
    pub after_credit: fn(&str) -> String,
    pub not_told: &'static str,
    pub sent: &'static str,
    pub save_receipt: &'static str,
    pub certificate: &'static str,
    pub badge: &'static str,
    pub no_certificate: &'static str,
    pub review: &'static str,
    pub review_text: fn(&str) -> String,
    /// Why, by the stable code; `None` for a code whose words are the provider's.
    pub reason: fn(&str) -> Option<&'static str>,
    pub rejected: &'static str,
    pub rejected_text: fn(&str) -> String,
    pub appeal: &'static str,
    pub not_appealed: fn(&str) -> String,
    pub reversed: &'static str,
    pub reversed_text: fn(&str) -> String,
    pub load_receipt: &'static str,
    pub receipt_text: &'static str,
    pub receipt_bad: fn(&str) -> String,
    pub receipt_no_record: &'static str,
    pub shape: &'static str,
    pub stranger: fn(&str) -> String,
    pub signature: &'static str,
    pub other_record: &'static str,
    pub at_unsent: fn(&str) -> String,
    pub at_sending: fn(&str, &str) -> String,
    pub at_offline: fn(&str) -> String,
    pub at_stopped: &'static str,
    pub at_review: fn(&str) -> String,
    pub at_credited: fn(&str) -> String,
    pub at_rejected: &'static str,
    pub at_reversed: &'static str,
    pub sent_to: fn(&str, &str) -> String,
    pub sent_none: &'static str,
    pub sent_some: &'static str,
    pub enrolments: &'static str,
    pub enrolments_text: &'static str,
    pub no_enrolments: &'static str,
    pub enrolment_note: fn(&str, &str) -> String,
    pub enrol: &'static str,
    pub enrol_lead: &'static str,
    pub enrol_waiting: &'static str,
    pub enrol_refused: &'static str,
    pub enrol_bad: fn(&str) -> String,
    pub enrol_damaged: &'static str,
    pub enrol_expired: fn(&str, &str) -> String,
    pub provider: &'static str,
    pub name: &'static str,
    pub activity: &'static str,
    pub all_activities: fn(&str) -> String,
    pub expires: &'static str,
    pub use_enrolment: fn(&str) -> String,
    pub not_now: &'static str,
    pub enrolled: fn(&str) -> String,
    pub safety: &'static str,
    pub withdrawn: &'static str,
    pub withdrawn_text: &'static str,
    pub issued: fn(&str) -> String,
}

/// Texts of the page that checks records.
#[derive(Debug)]
pub struct VerifyStrings {
    pub title: &'static str,
    pub lead: &'static str,
    pub choose: &'static str,
    pub drop: &'static str,
    pub checking: &'static str,
    pub empty: &'static str,
    pub results: fn(usize) -> String,
    pub packs: fn(usize) -> String,
    pub pack_refused: fn(&str, &str) -> String,
    pub invalid: &'static str,
    pub waits: &'static str,
    pub waits_text: &'static str,
    pub no_record: &'static str,
    pub no_record_text: &'static str,
    pub valid: &'static str,
    pub credit: &'static str,
    pub review: &'static str,
    pub reject: &'static str,
    pub activity: &'static str,
    pub record: &'static str,
    pub completed: &'static str,
    pub checks: fn(usize) -> String,
    pub passed: &'static str,
    pub failed: &'static str,
    pub flagged: &'static str,
    pub skipped: &'static str,
    pub policy: &'static str,
    pub link: &'static str,
    pub link_text: &'static str,
}

pub(super) const EN: IntakeStrings = IntakeStrings {
    send_to: |provider, host| match host {
        None => format!("Send to {provider}"),
        Some(host) => format!("Send to {provider} ({host})"),
    },
    send_text: |provider, host| {
        format!(
            "{provider} takes records at {host}. What goes there is this record: your name and what you entered about \
             yourself, your claim, and every answer with its time. Nothing else goes, and nothing before you say so."
        )
    },
    send_by: |date| format!("Last day for credit: {date}"),
    enrolled_as: |name| format!("Your enrolment as {name} goes with it."),
    title_credited: "Credited",
    title_participation: "Participation certified",
    title_review: "Received, not yet credited",
    title_rejected: "Not credited",
    title_reversed: "Credit taken back",
    lead_credited: |provider| {
        format!("{provider} has received and checked your record. Its signed receipt is on this device.")
    },
    lead_review: |provider| format!("{provider} has your record. A person will look at it."),
    lead_rejected: |provider| format!("{provider} has your record and gives no credit for it."),
    lead_reversed: |provider| format!("{provider} had credited your record and has taken the credit back."),
    sending: "On its way",
    on_its_way: |host, date| format!("On {date} you chose to send it to {host}."),
    offline: "Waiting for a network; not sent yet",
    not_sent: "Not received yet",
    no_answer: |host| format!("There is no connection to {host}."),
    no_outcome: |host| {
        format!(
            "What came was not a whole answer of {host}: the connection broke, or this network asks to sign in first."
        )
    },
    busy: |host| format!("{host} has too much to do at the moment and took nothing."),
    bad_receipt: |host| {
        format!(
            "{host} answered with a receipt that its provider did not sign for this record. It is not believed."
        )
    },
    refused: |host, words| {
        format!(
            "{host} did not take it: {words}. The record is safe on this device. Ask the provider, or save the record to \
             a file and give it to them."
        )
    },
    ticket_refused: |host, words| {
        format!(
            "{host} did not take your enrolment: {words}. Ask the provider for a new one and open its link, or send the \
             record without it; a person may then have to look at it."
        )
    },
    goes_by_itself: "It will be sent again automatically, also when Enduring is opened next; you can close this page. It is safe \
        on this device.",
    moved: |host| {
        format!("You sent it to {host}, which does not take records any more. Nothing goes there now.")
    },
    now: "Try now",
    again: "Send again",
    plain: "Send without the enrolment",
    credited: "Credited",
    credit: |amount, name, accreditor| format!("{amount} {name} ({accreditor})"),
    participation: "Participation, without credit",
    decided: |date| format!("Decided on {date}."),
    after_credit: |provider| {
        format!("Nothing is left to do. {provider} reports it where you consented; when, is not told here.")
    },
    not_told: "not told here",
    sent: "Sent",
    save_receipt: "Save the receipt",
    certificate: "Certificate (PDF)",
    badge: "Certificate for programs (Open Badges)",
    no_certificate: "The certificate is not on this device, and its provider cannot be reached. Try again later.",
    review: "A person will look at it",
    review_text: |date| {
        format!(
            "Received on {date}. Nothing needs to be done; what was decided is asked for from time to time."
        )
    },
    reason,
    rejected: "Not credited",
    rejected_text: |who| {
        format!(
            "The record stays on this device. If you think that this is wrong, ask that a person look again, or write to \
             {who} and name the record number below."
        )
    },
    appeal: "Ask for another look",
    not_appealed: |host| format!("{host} could not be asked now. Try again later; nothing has changed."),
    reversed: "Credit taken back",
    reversed_text: |who| {
        format!("Do not count it any more. {who} can say why; name the record number below.")
    },
    load_receipt: "Load a receipt from a file",
    receipt_text: "Providers without a server give receipts as files, whose names end in .enduring-receipt.jws. Choose one, or \
        drop it on this page.",
    receipt_bad: |why| format!("This receipt was not taken: {why}. Nothing changed."),
    receipt_no_record: "its record is not on this device",
    shape: "it is not a document of that kind, or not a whole one",
    stranger: |print| match print {
        "" => "it is not known here which providers to trust; open the library once while online".to_owned(),
        print => format!("the key that signed it is not known here ({print})"),
    },
    signature: "the signature does not match, so it was changed after it was signed",
    other_record: "it is of another record",
    at_unsent: |by| format!("last day for credit {by}"),
    at_sending: |host, date| format!("On its way to {host} since {date}"),
    at_offline: |host| format!("Waiting for a network, then sent to {host}"),
    at_stopped: "Not taken by the provider; see why",
    at_review: |date| format!("Received {date}; a person will look at it"),
    at_credited: |date| format!("Credited {date}"),
    at_rejected: "Not credited; see why",
    at_reversed: "Credit taken back; see why",
    sent_to: |date, address| format!("Sent {date} to {address}"),
    sent_none: "Nothing. Enduring has sent nothing about you anywhere. Records leave only when you send, save or share \
        them.",
    sent_some: "These records went to the places that you sent them to, with your enrolment where there is one. Nothing else \
        was sent about you.",
    enrolments: "Enrolments",
    enrolments_text: "They tell a provider whose record it is. They go along with records that you send to that provider.",
    no_enrolments: "None. A provider that enrols learners gives you a link, which is opened here.",
    enrolment_note: |name, expires| format!("As {name}; to be used for the first time by {expires}"),
    enrol: "Enrolment",
    enrol_lead: "It tells the provider whose records these are. It stays on this device, and goes along only with records that \
        you send to that provider.",
    enrol_waiting: "Checking the signature…",
    enrol_refused: "This enrolment cannot be used",
    enrol_bad: |why| format!("Not taken: {why}. Nothing was stored. Ask the provider for a new link."),
    enrol_damaged: "This link is damaged or incomplete. Nothing was stored. Open it again from where you got it, or ask the \
        provider for a new one.",
    enrol_expired: |date, provider| {
        format!(
            "It had to be used for the first time by {date}. Ask {provider} for a new link. Nothing was stored."
        )
    },
    provider: "Provider",
    name: "Name",
    activity: "For",
    all_activities: |provider| format!("Every activity of {provider}"),
    expires: "To be used by",
    use_enrolment: |provider| format!("Link this device to your name at {provider}"),
    not_now: "Not now",
    enrolled: |provider| {
        format!("Records that you send to {provider} from this device go with this enrolment.")
    },
    safety: "Safety notice",
    withdrawn: "Withdrawn",
    withdrawn_text: "It can no longer be started. What you have begun or signed stays as it is.",
    issued: |date| format!("From its provider, {date}."),
};

fn reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "pack.known" => "Your record came before its activity was on the provider's server.",
        "part.learner" => "What you entered about yourself did not come with the record.",
        "part.consent" => "Your consents did not come with the record.",
        "part.evaluation" => "Your evaluation did not come with the record.",
        "policy.enrolled" => "The provider does not know this device yet, and looks whose record it is.",
        "policy.pack_trust" => "The activity was signed by somebody whom the provider does not trust.",
        "policy.assurance" => "This browser could not keep the key that signed the record.",
        "policy.rehearsal" => "It is a rehearsal.",
        "policy.for_credit" => "It was played as not for credit.",
        "policy.dates" => {
            "It was completed before the release of the activity or after its last day for credit."
        }
        "policy.future" => "A time in it lies in the future: the clock of the device was ahead.",
        "policy.received" => "It came after the last day for credit.",
        "policy.clock" => "The clock of the device was set back or ran unevenly meanwhile.",
        "policy.least_time" => "You took much less time than was planned.",
        "policy.fast_answers" => "Many answers came faster than a question can be read.",
        "policy.over_active" => "You claim more than the time on the screen covers.",
        _ => return None,
    })
}

pub(super) const VERIFY_EN: VerifyStrings = VerifyStrings {
    title: "Check records",
    lead: "Records are replayed here, event by event, by the same code as on the command line. Nothing is stored, and nothing \
        leaves this page.",
    choose: "Choose files",
    drop: "Or drop them on this page: records (.enduring-record.json, or .jsonl with one on each line) and, where the activity \
        is not on this device, its pack (.enduring).",
    checking: "Checking…",
    empty: "No record checked yet.",
    results: |count| if count == 1 { "1 record".to_owned() } else { format!("{count} records") },
    packs: |count| {
        if count == 1 { "1 pack was read.".to_owned() } else { format!("{count} packs were read.") }
    },
    pack_refused: |name, why| format!("{name} was not read: {why}"),
    invalid: "Not intact: it was changed after it was signed, or cannot have happened.",
    waits: "Signed, but not replayed: its activity is not on this device.",
    waits_text: "Whether it can have happened is seen once the activity is here. Download it from the library of the site that \
        offers it and choose the record again, or choose its pack (.enduring) on this page.",
    no_record: "This is no record.",
    no_record_text: "Records are files that end in .enduring-record.json, or .jsonl with one on each line.",
    valid: "Intact. Who holds this key was not checked.",
    credit: "Nothing in it needs a person to look.",
    review: "A person has to look at it:",
    reject: "It cannot be credited:",
    activity: "Activity",
    record: "Record number",
    completed: "Completed",
    checks: |count| if count == 1 { "1 check".to_owned() } else { format!("{count} checks") },
    passed: "Passed",
    failed: "Failed",
    flagged: "For a person",
    skipped: "Not needed",
    policy: "What needs a person follows the default policy; a provider may have another one, and knows whose a key is.",
    link: "Check a record",
    link_text: "Any record can be checked on this device, without a server and without signing in.",
};

#[cfg(test)]
mod tests {
    use enduring_core::record::Code;

    use super::reason;

    #[test]
    fn what_a_policy_decides_has_a_sentence() {
        let of_policy = |code: &&Code| code.code().starts_with("policy.");
        for code in Code::ALL.iter().filter(of_policy) {
            assert!(reason(code.code()).is_some(), "{}", code.code());
        }
        assert_eq!(reason("record.signature"), None, "said by the provider");
    }
}
