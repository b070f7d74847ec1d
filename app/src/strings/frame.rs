//! Texts around the scenes.

use enduring_core::measure::Credit;
use enduring_core::session::Refusal;

pub use super::claim::{ClaimStrings, EvaluationStrings};
pub use super::front::FrontStrings;
pub use super::library::LibraryStrings;
use super::{claim, front, library};
use crate::store::StoreError;

/// Texts around the scenes.
#[derive(Debug)]
pub struct FrameStrings {
    pub shell: ShellStrings,
    pub play_bar: PlayBarStrings,
    pub home: HomeStrings,
    pub library: LibraryStrings,
    pub front: FrontStrings,
    pub evaluation: EvaluationStrings,
    pub claim: ClaimStrings,
    pub done: DoneStrings,
    pub transcript: TranscriptStrings,
    pub data: DataStrings,
    pub faults: FaultStrings,
}

/// Texts of every page.
#[derive(Debug)]
pub struct ShellStrings {
    pub product: &'static str,
    pub pages: &'static str,
    pub home: &'static str,
    pub library: &'static str,
    pub transcript: &'static str,
    pub data: &'static str,
    pub skip: &'static str,
    pub retry: &'static str,
    pub understood: &'static str,
    pub update_title: &'static str,
    pub update: &'static str,
    pub update_now: &'static str,
    pub title: fn(&str) -> String,
    pub opening: &'static str,
    pub away: &'static str,
    pub unknown: &'static str,
    pub unknown_text: fn(&str) -> String,
    pub to_home: &'static str,
    pub loss: fn(&str, &str, u32, u32) -> String,
    pub loss_title: &'static str,
    pub lost: &'static str,
    pub newer: &'static str,
    pub waiting: &'static str,
    pub released: &'static str,
    pub save_work: &'static str,
    pub saved_file: &'static str,
    pub not_saved_file: &'static str,
    pub unsaved: fn(&str) -> String,
    pub to_unsaved: &'static str,
}

/// Texts of the play page around its scene.
#[derive(Debug)]
pub struct PlayBarStrings {
    pub back: &'static str,
    pub steps: &'static str,
    pub step_of: fn(usize, usize, &str) -> String,
    pub minutes: fn(u32) -> String,
    pub minutes_left: fn(u32) -> String,
    pub done: &'static str,
    pub comes_after: fn(&str) -> String,
    pub not_passed: &'static str,
    pub not_reached: &'static str,
    pub without_credit: &'static str,
    pub front_matter: &'static str,
    pub claim: &'static str,
    pub completed: &'static str,
    pub saved: &'static str,
    pub saving: &'static str,
    pub not_saved: &'static str,
    pub not_for_credit: &'static str,
    pub not_for_credit_step: fn(&str) -> String,
    pub last_day: fn(&str) -> String,
    pub ended: fn(&str) -> String,
    pub reading_along: &'static str,
    pub reading_along_text: &'static str,
    pub take_over: &'static str,
    pub moved_on: &'static str,
    pub refused: fn(Refusal) -> String,
    pub retry: &'static str,
    pub save_session: &'static str,
    pub waiting: &'static str,
    pub gone_title: &'static str,
    pub gone: &'static str,
    pub not_opened_title: &'static str,
    pub look_back: &'static str,
    pub look_back_later: &'static str,
    pub to_record: &'static str,
    pub to_session: &'static str,
}

/// Texts of home.
#[derive(Debug)]
pub struct HomeStrings {
    pub title: &'static str,
    pub waiting: &'static str,
    pub proceed: &'static str,
    pub proceed_with: fn(&str) -> String,
    pub nothing_open: &'static str,
    pub to_library: &'static str,
    pub at: fn(&str, u32) -> String,
    pub worked_on: fn(&str) -> String,
    pub credits: &'static str,
    pub no_credits: &'static str,
    pub participation_only: &'static str,
    pub claimed: &'static str,
    pub not_credited: fn(usize) -> String,
    pub to_transcript: &'static str,
    pub standing_unsent: fn(&str, i64) -> String,
    pub standing_exported: fn(&str, i64) -> String,
    pub install_title: &'static str,
    pub install: &'static str,
    pub install_now: &'static str,
    pub install_ios: &'static str,
}

/// Texts of the record.
#[derive(Debug)]
pub struct DoneStrings {
    pub title: &'static str,
    pub title_not_for_credit: &'static str,
    pub title_not_opened: &'static str,
    pub lead: fn(&str) -> String,
    pub next: &'static str,
    pub next_text: fn(&str, &str, &str) -> String,
    pub save: &'static str,
    pub share: &'static str,
    pub where_is_it: &'static str,
    pub what: &'static str,
    pub not_yet: &'static str,
    pub on_device: &'static str,
    pub exported: &'static str,
    pub received: &'static str,
    pub credited: &'static str,
    pub reported: &'static str,
    pub name: &'static str,
    pub activity: &'static str,
    pub completed: &'static str,
    pub active: &'static str,
    pub minutes: fn(u32) -> String,
    pub claimed: &'static str,
    pub participation: &'static str,
    pub not_for_credit: &'static str,
    pub test: fn(&str, usize) -> String,
    pub key: &'static str,
    pub key_stored: &'static str,
    pub key_session: &'static str,
    pub record_id: &'static str,
    pub look_back: &'static str,
    pub look_back_at: fn(&str) -> String,
    pub look_back_on: fn(&str) -> String,
    pub sheet_erased: &'static str,
}

/// Texts of the transcript.
#[derive(Debug)]
pub struct TranscriptStrings {
    pub title: &'static str,
    pub lead: &'static str,
    pub waiting: &'static str,
    pub caption: &'static str,
    pub date: &'static str,
    pub activity: &'static str,
    pub activities: &'static str,
    pub claimed: &'static str,
    pub standing: &'static str,
    pub participation: &'static str,
    pub provider: fn(&str) -> String,
    pub year: &'static str,
    pub all_years: &'static str,
    pub empty: &'static str,
    pub none_in_year: &'static str,
    pub print: &'static str,
    pub csv: &'static str,
    pub json: &'static str,
    pub on_device_since: fn(&str) -> String,
    pub exported_on: fn(&str) -> String,
    pub claim: fn(Credit, &str) -> String,
    pub not_for_credit: &'static str,
}

/// Texts of the data page.
#[derive(Debug)]
pub struct DataStrings {
    pub title: &'static str,
    pub lead: &'static str,
    pub waiting: &'static str,
    pub room: &'static str,
    pub room_used: fn(&str) -> String,
    pub room_of: fn(&str, &str) -> String,
    pub persistent: &'static str,
    pub not_persistent: &'static str,
    pub persistence_unknown: &'static str,
    pub everything: &'static str,
    pub everything_text: &'static str,
    pub load: &'static str,
    pub load_text: &'static str,
    pub loaded: fn(usize) -> String,
    pub loaded_new: fn(&str) -> String,
    pub loaded_extended: fn(&str, u32) -> String,
    pub loaded_known: fn(&str) -> String,
    pub loaded_conflict: fn(&str, u32) -> String,
    pub loaded_mended: fn(&str, u32) -> String,
    pub loaded_damaged: fn(&str, u32) -> String,
    pub loaded_strays: fn(usize) -> String,
    pub not_loaded: fn(&str) -> String,
    pub sessions: &'static str,
    pub no_sessions: &'static str,
    pub session_note: fn(&str, &str) -> String,
    pub finished: &'static str,
    pub save_one: &'static str,
    pub erase: &'static str,
    pub erase_title: &'static str,
    pub erase_open: fn(&str) -> String,
    pub erase_record: fn(&str) -> String,
    pub keep: &'static str,
    pub packs: &'static str,
    pub packs_text: &'static str,
    pub no_packs: &'static str,
    pub pack_note: fn(&str, &str) -> String,
    pub remove: &'static str,
    pub remove_title: &'static str,
    pub remove_text: fn(&str) -> String,
    pub sent: &'static str,
}

/// What failed, what is safe, what to do.
#[derive(Debug)]
pub struct FaultStrings {
    pub store: fn(&StoreError) -> String,
    pub storing: fn(&StoreError) -> String,
    pub unsigned: fn(&str) -> String,
    pub broken: fn(u32, &str) -> String,
    pub pack: fn(&str) -> String,
}

fn left(minutes: u32) -> String {
    match minutes {
        1 => "about 1 minute left".to_owned(),
        minutes => format!("about {minutes} minutes left"),
    }
}

pub(super) fn minutes(minutes: u32) -> String {
    match minutes {
        1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

fn days(days: i64) -> String {
    match days {
        ..=0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    }
}

/// Said wherever a page cannot go on without what comes later.
pub const AWAY: &str = "A part of Enduring could not be fetched. Check the connection and load this page again. Work \
    that was saved on this device is untouched.";
const NEWER: &str = "A newer version of Enduring wrote what is saved here. You can read it and save it to a file; to go on \
    working, close all tabs of this site and open it again.";
const GONE: &str = "This session is not stored in this browser: it was begun on another device or in another browser, or it was removed. \
    If you saved it to a file, load that file under Your data.";

pub(super) const EN: FrameStrings = FrameStrings {
    shell: ShellStrings {
        product: "Enduring",
        pages: "Pages",
        home: "Home",
        library: "Library",
        transcript: "Transcript",
        data: "Your data",
        skip: "Skip to the page",
        retry: "Try again",
        understood: "Understood",
        update_title: "Update ready",
        update: "A new version is on this device. Nothing that you saved changes.",
        update_now: "Update now",
        title: |page| format!("{page} · Enduring"),
        opening: "Opening what is saved on this device…",
        away: AWAY,
        unknown: "No such page",
        unknown_text: |path| format!("There is nothing at {path}. The address may be incomplete."),
        to_home: "Go to home",
        loss: |title, date, known, found| {
            format!(
                "The end of your work on “{title}” was lost by this browser: of {known} steps that were saved, the last \
                 on {date}, {found} are left. If you saved it to a file, load that file under Your data."
            )
        },
        loss_title: "Some of your work was lost",
        lost: "What came before is safe. Load a saved file, or press “Understood” to go on with what is left.",
        newer: NEWER,
        waiting: "Another tab keeps your saved work busy. Close the other tabs of this site; this one goes on by itself.",
        released: "A newer version of Enduring was opened in another tab. Everything so far is saved. Close this tab \
            and go on there.",
        save_work: "Save my work to a file",
        saved_file: "Saved to a file.",
        not_saved_file: "This browser did not let the file out. Nothing on this device changed. Try again.",
        unsaved: |title| format!("Your latest answer in “{title}” is not saved yet."),
        to_unsaved: "Go to that answer",
    },
    play_bar: PlayBarStrings {
        back: "Home",
        steps: "Steps of this activity",
        step_of: |place, of, name| format!("Step {place} of {of}: {name}"),
        minutes: |minutes| format!("about {} min", minutes),
        minutes_left: |minutes| format!("{minutes} min left"),
        done: "done",
        comes_after: |before| format!("comes after {before}"),
        not_passed: "not passed",
        not_reached: "not reached",
        without_credit: "Finished without credit",
        front_matter: "Before you start",
        claim: "Claim",
        completed: "Completed",
        saved: "Saved on this device",
        saving: "Saving…",
        not_saved: "Not saved",
        not_for_credit: "Not for credit",
        not_for_credit_step: |step| format!("{step} (not for credit)"),
        last_day: |date| format!("The last day for credit is {date}."),
        ended: |date| {
            format!("The last day for credit was {date}. What you complete from here on gives no credit.")
        },
        reading_along: "Open in another tab",
        reading_along_text: "You are working on this activity in another tab. This one only follows.",
        take_over: "Take over here",
        moved_on: "This went on in another tab. Here is where it stands now; please answer again.",
        refused: |refusal| format!("That is not possible now: {refusal}."),
        retry: "Try again",
        save_session: "Save to a file",
        waiting: "Opening your session…",
        gone_title: "Session not on this device",
        gone: GONE,
        not_opened_title: "Session cannot be opened",
        look_back: "Looking back",
        look_back_later: "The answers to these questions come later, as the activity says.",
        to_record: "Back to the record",
        to_session: "Back to the activity",
    },
    home: HomeStrings {
        title: "Home",
        waiting: "Reading what is saved on this device…",
        proceed: "Continue",
        proceed_with: |title| format!("Continue: {title}"),
        nothing_open: "No activity is under way. Choose one in the library, or open a pack that you were given as a \
            file; it then works without a network.",
        to_library: "Go to the library",
        at: |step, minutes| match minutes {
            0 => step.to_owned(),
            minutes => format!("{step} · {}", left(minutes)),
        },
        worked_on: |date| format!("Last worked on {date}"),
        credits: "Credits",
        no_credits: "Credit that you claim is counted here, from the first record that you sign.",
        participation_only: "No credit claimed so far; your records show participation.",
        claimed: "Claimed so far:",
        not_credited: |count| match count {
            1 => "1 record is not yet credited".to_owned(),
            count => format!("{count} records are not yet credited"),
        },
        to_transcript: "Open the transcript",
        standing_unsent: |date, ago| format!("Signed {date} ({}), not sent", days(ago)),
        standing_exported: |date, ago| format!("Saved to a file {date} ({}), no receipt yet", days(ago)),
        install_title: "Install Enduring",
        install: "Keep Enduring on your home screen: it opens faster, and the browser is less likely to clear it.",
        install_now: "Install",
        install_ios: "Before you add Enduring to the home screen: there it starts empty, because iOS does not share what \
            Safari has saved. Save your work to a file under Your data first, and load it there.",
    },
    library: library::EN,
    front: front::EN,
    evaluation: claim::EVALUATION_EN,
    claim: claim::EN,
    done: DoneStrings {
        title: "Signed, not yet credited",
        title_not_for_credit: "Signed, not for credit",
        title_not_opened: "Record cannot be shown",
        lead: |provider| {
            format!("Your record is complete. {provider} gives credit once it has received and checked it.")
        },
        next: "What happens next",
        next_text: |provider, contact, by| {
            format!(
                "Save the record to a file and give it to {provider} ({contact}) soon, so that it can be credited and \
                 reported in time. The last day to complete this activity for credit is {by}."
            )
        },
        save: "Save the record",
        share: "Share",
        where_is_it: "Where the record is",
        what: "What was signed",
        not_yet: "not yet",
        on_device: "Signed; kept on this device",
        exported: "Saved to a file or shared",
        received: "Received by the provider",
        credited: "Credited",
        reported: "Reported",
        name: "Name",
        activity: "Activity",
        completed: "Completed",
        active: "Active time",
        minutes,
        claimed: "Claimed",
        participation: "Participation, no credit",
        not_for_credit: "Not for credit",
        test: |score, attempts| match attempts {
            1 => score.to_owned(),
            attempts => format!("{score} at attempt {attempts}"),
        },
        key: "Signed with",
        key_stored: "the key of the device that it was signed on, which cannot be read out",
        key_session: "a key made for this record only, because this browser keeps none; the record says so",
        record_id: "Record number",
        look_back: "Look back",
        look_back_at: |title| format!("{title}: questions and answers"),
        look_back_on: |title| format!("{title}: the debrief"),
        sheet_erased: "not on this device any more",
    },
    transcript: TranscriptStrings {
        title: "Transcript",
        lead: "Activities that you completed and signed. Credit is what you claimed; the provider's \
            confirmation stands beside it.",
        waiting: "Reading your records…",
        caption: "Completed activities, the latest first",
        date: "Completed",
        activity: "Activity and provider",
        activities: "Activities",
        claimed: "Claimed",
        standing: "Where the record is",
        participation: "Participation",
        provider: |provider| format!("{provider}; enduring material"),
        year: "Year",
        all_years: "All years",
        empty: "Records that you sign appear here, ready to print or to save for an audit. None is signed yet.",
        none_in_year: "Nothing was completed in that year.",
        print: "Print",
        csv: "Save as CSV",
        json: "Save as JSON",
        on_device_since: |date| format!("Signed {date}, not sent"),
        exported_on: |date| format!("Saved to a file {date}, no receipt yet"),
        claim: |amount, name| format!("{amount} {name}"),
        not_for_credit: "Not for credit",
    },
    data: DataStrings {
        title: "Your data",
        lead: "Everything that you do here stays in this browser on this device until you send it or save it to a file.",
        waiting: "Looking at what is stored…",
        room: "Room",
        room_used: |used| format!("{used} used"),
        room_of: |used, allowed| format!("{used} used of about {allowed} that this browser allows"),
        persistent: "This browser has promised not to clear it when room is short.",
        not_persistent: "This browser may clear it when room is short, or after weeks without a visit. Save your work \
            to a file from time to time.",
        persistence_unknown: "This browser does not tell whether it may clear it. Save your work to a file from time to \
            time.",
        everything: "All of your work",
        everything_text: "One file with every session, record and setting. It can be loaded on another device. The key \
            of this device is not in it, because it cannot leave.",
        load: "Load a saved file",
        load_text: "Adds what the file holds. What is here already is kept, unless it is damaged.",
        loaded: |count| match count {
            1 => "1 session was in the file:".to_owned(),
            count => format!("{count} sessions were in the file:"),
        },
        loaded_new: |title| format!("{title}: added"),
        loaded_extended: |title, events| format!("{title}: continued by {events} events"),
        loaded_known: |title| format!("{title}: was here already"),
        loaded_conflict: |title, at| {
            format!(
                "{title}: went on differently here and in the file, from event {at}. Nothing was changed here. Send \
                 both to the provider, who will review them."
            )
        },
        loaded_mended: |title, at| {
            format!("{title}: was damaged here from event {at}; what the file has stands in its place")
        },
        loaded_damaged: |title, at| {
            format!(
                "{title}: is damaged here from event {at}, and the file ends before it does. Nothing was changed."
            )
        },
        loaded_strays: |count| {
            format!("Texts and files left out because their session is not in the file: {count}")
        },
        not_loaded: |reason| format!("Nothing was loaded: {reason}. What is on this device did not change."),
        sessions: "Sessions",
        no_sessions: "No session is stored here yet.",
        session_note: |step, date| format!("{step}; last worked on {date}"),
        finished: "Signed",
        save_one: "Save to a file",
        erase: "Erase",
        erase_title: "Erase this session?",
        erase_open: |title| {
            format!("All answers in “{title}” go, and cannot be brought back. You would start again.")
        },
        erase_record: |title| {
            format!(
                "The signed record of “{title}” goes from this device. Without it you cannot prove your credit, unless \
                 you saved it to a file."
            )
        },
        keep: "Keep it",
        packs: "Activities kept for offline use",
        packs_text: "They can be fetched again. Removing one does not touch your sessions and records.",
        no_packs: "No activity is kept here yet.",
        pack_note: |version, size| format!("Version {version}; {size}"),
        remove: "Remove",
        remove_title: "Remove this activity?",
        remove_text: |title| {
            format!(
                "“{title}” is removed from this device. Sessions that you began go on without its images until you \
                 fetch it again."
            )
        },
        sent: "What was sent",
    },
    faults: FaultStrings {
        store: |error| match error {
            StoreError::Newer { .. } => NEWER.to_owned(),
            StoreError::Denied | StoreError::Unsupported => {
                "This page may not store anything here, so it cannot keep \
                your answers. Open the site in its own window, outside private browsing."
                    .to_owned()
            }
            StoreError::Corrupt { at, .. } => format!(
                "The saved work is damaged at event {at}; what comes before it is sound. Save it to a file under Your \
                 data and give it to the provider."
            ),
            StoreError::Absent => GONE.to_owned(),
            other => format!(
                "What is saved on this device could not be read: {other}. Nothing was changed. Try again."
            ),
        },
        storing: |error| match error {
            StoreError::Quota => {
                "Not saved: storage is full. Your answer is still on the screen. Free space on this \
                device or save to a file, then try again."
                    .to_owned()
            }
            StoreError::Newer { .. } => format!("Not saved: {NEWER}"),
            StoreError::ConnectionLost => {
                "Not saved: the browser has cut off its storage. Your answer is still on the \
                screen. Try again; if that fails, reload the page."
                    .to_owned()
            }
            other => format!("Not saved: {other}. Your answer is still on the screen. Try again."),
        },
        unsigned: |why| {
            format!("Not signed: {why}. Everything you did is saved, and nothing was completed. Try again.")
        },
        broken: |n, why| {
            format!(
                "The saved log cannot be continued: at event {n}, {why}. Nothing was changed. Save it to a file under \
                 Your data and give it to the provider."
            )
        },
        pack: |found| {
            format!(
                "This session cannot be opened: {found}. Its log is safe. Save it to a file under Your data, or open it \
                 with the version of Enduring that it was begun with."
            )
        },
    },
};
