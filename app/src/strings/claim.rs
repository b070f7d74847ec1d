//! Texts of the evaluation and of the claim.

use enduring_core::measure::Credit;
use enduring_core::session::Refusal;

use super::MONTHS;

/// Texts of the evaluation.
#[derive(Debug)]
pub struct EvaluationStrings {
    pub named: &'static str,
    pub confidential: &'static str,
    pub number: fn(usize, usize) -> String,
    pub optional: &'static str,
    pub your_words: &'static str,
    pub own_words: &'static str,
    pub still_open: fn(&[usize]) -> String,
    pub finish: &'static str,
}

pub(super) const EVALUATION_EN: EvaluationStrings = EvaluationStrings {
    named: "The provider sees these answers together with your name.",
    confidential: "The provider keeps these answers apart from your name. They travel in your record; at the \
        provider's desk they are shown without it.",
    number: |number, of| format!("Question {number} of {of}"),
    optional: " (optional)",
    your_words: "In your own words",
    own_words: "What exactly, in your own words (optional)",
    still_open: |open| {
        let numbers: Vec<String> = open.iter().map(usize::to_string).collect();
        match open {
            [_] => format!("Question {} is still open.", numbers.join(", ")),
            _ => format!("Questions {} are still open.", numbers.join(", ")),
        }
    },
    finish: "Finish the evaluation",
};

/// Texts of the claim.
#[derive(Debug)]
pub struct ClaimStrings {
    pub title: &'static str,
    pub time_spent: fn(u32, u32) -> String,
    pub not_for_credit: &'static str,
    pub change: &'static str,
    pub change_who: &'static str,
    pub change_credit: &'static str,
    pub change_consents: &'static str,
    pub go_on: &'static str,
    pub go_on_participation: &'static str,
    pub who: &'static str,
    pub who_why: &'static str,
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub profession: &'static str,
    pub choose: &'static str,
    pub birth_month: &'static str,
    pub birth_day: &'static str,
    pub birthday_why: &'static str,
    pub birthday_wrong: &'static str,
    pub months: [&'static str; 12],
    pub optional: fn(&str) -> String,
    pub needed: &'static str,
    pub incomplete: &'static str,
    pub credit: &'static str,
    pub credit_why: &'static str,
    pub row_facts: fn(Credit, &str) -> String,
    pub amount: &'static str,
    pub amount_of: fn(Credit, &str) -> String,
    pub up_to: fn(&str, Credit) -> String,
    pub larger: &'static str,
    pub none: &'static str,
    pub only_for: fn(&str) -> String,
    pub amount_needed: &'static str,
    pub participation_only: &'static str,
    pub closed: fn(Refusal) -> String,
    pub over_active_title: &'static str,
    pub over_active: &'static str,
    pub change_amount: &'static str,
    pub claim_anyway: &'static str,
    pub consents: &'static str,
    pub consents_why: &'static str,
    pub consent_to: fn(&str) -> String,
    pub agree: &'static str,
    pub given: &'static str,
    pub not_given: &'static str,
    pub attest: &'static str,
    pub attest_whose: fn(&str) -> String,
    pub sign_what: &'static str,
    pub sign: &'static str,
}

pub(super) const EN: ClaimStrings = ClaimStrings {
    title: "Claim",
    time_spent: |minutes, planned| match minutes {
        1 => format!("1 active minute of {planned} planned"),
        minutes => format!("{minutes} active minutes of {planned} planned"),
    },
    not_for_credit: "This session is not for credit. You can still sign a record that you took part.",
    change: "Change",
    change_who: "Change who you are",
    change_credit: "Change what you claim",
    change_consents: "Change your consents",
    go_on: "Continue",
    go_on_participation: "Continue without credit",
    who: "Who you are",
    who_why: "The provider needs this to give you credit. It stays on this device until you send or save your record.",
    first_name: "First name",
    last_name: "Last name",
    profession: "Profession",
    choose: "Choose",
    birth_month: "Birth month",
    birth_day: "Birth day",
    birthday_why: "Month and day tell apart people of the same name. The year is never asked.",
    birthday_wrong: "Choose a month and a day that exist.",
    months: MONTHS,
    optional: |label| format!("{label} (optional)"),
    needed: "This is needed.",
    incomplete: "Something above is still missing.",
    credit: "What you claim",
    credit_why: "Claim only the credit commensurate with the extent of your participation.",
    row_facts: |maximum, accreditor| format!("At most {maximum}, granted by {accreditor}"),
    amount: "Amount claimed",
    amount_of: |amount, name| format!("{amount} {name}"),
    up_to: |spent, covered| format!("{spent}: up to {covered}, rounded up."),
    larger: " A person at the provider may look at a larger claim.",
    none: "0, no claim",
    only_for: |professions| format!("Only for: {professions}"),
    amount_needed: "Choose an amount in every row; zero is an answer.",
    participation_only: "No credit: a certificate of participation",
    closed: |refusal| {
        match refusal {
        Refusal::NotForCredit => "This session is not for credit, so nothing can be claimed.".to_owned(),
        Refusal::NotYetReleased => {
            "This activity was not yet released when you completed it, so nothing can be claimed.".to_owned()
        }
        Refusal::Terminated => {
            "The last day for credit had passed when you completed this, so nothing can be claimed.".to_owned()
        }
        Refusal::TooShort => {
            "The accreditor asks for more active time than you have spent so far. Go back over what you learned and \
             try again."
                .to_owned()
        }
        other => format!("Nothing can be claimed: {other}."),
    }
    },
    over_active_title: "More than your active time",
    over_active: "You claim more than your active time supports. It is measured on the screen and does not count time \
        away from it, such as reading on paper. Claim this amount only if you spent that time on this activity; a \
        person at the provider may look at it.",
    change_amount: "Change the amount",
    claim_anyway: "Claim it",
    consents: "Consents",
    consents_why: "Your credit does not depend on these. Leave a box empty to refuse.",
    consent_to: |recipient| format!("Data for {recipient}"),
    agree: "I consent",
    given: "yes",
    not_given: "no",
    attest: "Attestation",
    attest_whose: |provider| format!("In the words of {provider}:"),
    sign_what: "Signing closes this session. Your answers, your claim and this statement are sealed with the key of \
        this device and can no longer be changed.",
    sign: "Sign",
};
