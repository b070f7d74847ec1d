//! Texts of the library and of the activity page.

use enduring_core::measure::Credit;

use crate::pack::PackFault;
use crate::pack::{ArchiveError, PackError};

/// Texts of the library and of the activity page.
#[derive(Debug)]
pub struct LibraryStrings {
    pub title: &'static str,
    pub lead: &'static str,
    pub waiting: &'static str,
    pub empty: &'static str,
    pub open_file: &'static str,
    pub opening: &'static str,
    pub offline: &'static str,
    pub stale: fn(&str) -> String,
    pub here: &'static str,
    pub there: fn(&str) -> String,
    pub minutes: fn(u32) -> String,
    pub at_most: fn(Credit, &str) -> String,
    pub granted: fn(Credit, &str, &str) -> String,
    pub audience: &'static str,
    pub time: &'static str,
    pub credit: &'static str,
    pub until: &'static str,
    pub provider: &'static str,
    pub objectives: &'static str,
    pub presence_here: fn(&str) -> String,
    pub presence_there: fn(&str) -> String,
    pub presence_partly: fn(&str, &str) -> String,
    pub begin: &'static str,
    pub begin_not_for_credit: &'static str,
    pub proceed: &'static str,
    pub to_record: &'static str,
    pub to_result: &'static str,
    pub fetch: &'static str,
    pub cancel: &'static str,
    pub progress: fn(&str, &str) -> String,
    pub no_credit: &'static str,
    pub sample: &'static str,
    pub not_yet_released: fn(&str) -> String,
    pub ended: fn(&str) -> String,
    pub from_stranger: fn(&str) -> String,
    pub gone_title: &'static str,
    pub gone: &'static str,
    pub stranger_title: &'static str,
    pub stranger: fn(&str, &str) -> String,
    pub fingerprint: &'static str,
    pub stranger_what: &'static str,
    pub stranger_accept: &'static str,
    pub stranger_refuse: &'static str,
    pub refused: fn(&PackError) -> String,
    pub not_begun: fn(&str) -> String,
}

/// The provider as the pack names it, or words for it where it does not.
fn who(error: &PackError) -> &str {
    if error.provider.is_empty() { "its provider" } else { &error.provider }
}

pub(super) const EN: LibraryStrings = LibraryStrings {
    title: "Library",
    lead: "Activities that you can keep on this device and play without a network.",
    waiting: "Looking for activities…",
    empty: "No activity is offered here yet. If you were given a pack as a file, whose name ends in .enduring, open it \
        here.",
    open_file: "Open a pack from a file",
    opening: "Checking the file…",
    offline: "Offline",
    stale: |reason| format!("The list could not be refreshed: {reason}. What was known before is shown."),
    here: "On this device",
    there: |size| format!("To download: {size}"),
    minutes: |minutes| if minutes == 1 { "1 minute".to_owned() } else { format!("{minutes} minutes") },
    at_most: |maximum, name| format!("up to {maximum} {name}"),
    granted: |maximum, name, accreditor| format!("Up to {maximum} {name}, granted by {accreditor}"),
    audience: "For",
    time: "Time",
    credit: "Credit",
    until: "For credit until",
    provider: "Provider",
    objectives: "You will be able to",
    presence_here: |size| format!("On this device, {size}; works without a network"),
    presence_there: |size| format!("Not on this device; beginning downloads {size}"),
    presence_partly: |here, whole| {
        format!("{here} of {whole} on this device; the rest is downloaded on beginning")
    },
    begin: "Begin",
    begin_not_for_credit: "Begin, not for credit",
    proceed: "Continue",
    to_record: "See your record",
    to_result: "See your result",
    fetch: "Get this activity",
    cancel: "Cancel",
    progress: |done, of| format!("{done} of {of}"),
    no_credit: "Not for credit",
    sample: "It is played, signed and checked like any other activity. The credit it names is an example, which nobody \
        grants.",
    not_yet_released: |date| {
        format!("Credit can be earned from {date} on. Until then you can only look around.")
    },
    ended: |date| format!("The last day for credit was {date}. You can still learn from it."),
    from_stranger: |fingerprint| {
        format!("The key that signed it is not known here ({fingerprint}), so it cannot be for credit.")
    },
    gone_title: "Activity not available",
    gone: "This activity, in this version, is neither on this device nor in the catalogue. Look in the library for another \
        version, or ask its provider for the pack and open it there from its file.",
    stranger_title: "An unknown signer",
    stranger: |title, provider| {
        format!(
            "“{title}” names {provider} as its provider, but the key that signed it is not among those trusted here, so \
             nobody vouches for that."
        )
    },
    fingerprint: "Fingerprint of the key:",
    stranger_what: "You can keep it and play it, not for credit. That cannot be changed later.",
    stranger_accept: "Keep it, not for credit",
    stranger_refuse: "Do not keep it",
    refused: |error| match &error.fault {
        PackFault::Changed { path } => format!(
            "This pack was changed after {} signed it ({path} differs). Nothing was stored. Ask the provider for a fresh \
             copy.",
            who(error)
        ),
        PackFault::Signature => format!(
            "The signature of {} on this pack does not match. Nothing was stored. Ask the provider for a fresh copy.",
            who(error)
        ),
        PackFault::Unknown { fingerprint } => format!(
            "The key that signed this pack is not known here ({fingerprint}). Nothing was stored. Packs of unknown signers \
             can only be opened from a file."
        ),
        PackFault::Player => super::frame::AWAY.to_owned(),
        PackFault::Offline => {
            "There is no connection to the server. What was downloaded so far is kept; try again when \
            you are online."
                .to_owned()
        }
        PackFault::Network { found } => {
            format!("The download stopped: {found}. What was downloaded so far is kept; try again.")
        }
        PackFault::Archive(ArchiveError::Header { at: 0, .. }) => {
            "This is not an Enduring file. Nothing was stored. Packs are files whose names end in .enduring."
                .to_owned()
        }
        PackFault::Archive(found) => format!(
            "This file is not a whole pack ({found}). Nothing was stored. Ask the provider for a fresh copy."
        ),
        PackFault::Malformed { found } => format!(
            "This pack cannot be read: {found}. Nothing was stored. Ask the provider for a fresh copy, or update Enduring."
        ),
        PackFault::Withdrawn => {
            "The pack on the server is not the one that the catalogue lists. Nothing was stored. Try \
            again later."
                .to_owned()
        }
        PackFault::NotKept => {
            "This browser did not keep the pack; most often room is short. What you had is untouched. \
            Free some space and try again."
                .to_owned()
        }
        PackFault::File => "The file could not be read. Nothing was stored. Choose it again.".to_owned(),
    },
    not_begun: |reason| format!("The activity could not begin: {reason}. Nothing was stored."),
};
