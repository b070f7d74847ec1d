//! Logs with events that were not possible, under a chain and signature that are right.

use enduring_core::id::{Digest, ItemId, LinkId, ProfessionId};
use enduring_core::measure::{Credit, Millis};
use enduring_core::session::{Entry, Event, Mode, encode};

use super::stops;
use crate::draft::{Draft, Made};
use crate::packs::Packs;
use crate::{DEFAULT, Shelf};

/// Logs with events that were not possible, under a chain and signature that are right.
pub fn replays(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let full = &packs.full;
    let mut add =
        |name: &str, why: &str, about: &str, change: &dyn Fn(&mut Draft<'_>) -> Made<()>| -> Made<()> {
            let mut draft = Draft::new(full, name)?;
            let bundle = draft.forged(|draft| change(draft))?;
            shelf.add_because(
                &format!("invalid/replay-{name}"),
                about,
                &bundle,
                DEFAULT,
                stops!("log.replay"),
                why,
            );
            Ok(())
        };
    add("not-json", "the line is not an event", "A line that is no event.", &|draft| {
        draft.lines[6] = "…".to_owned();
        Ok(())
    })?;
    add("empty-line", "the line is not an event", "A line without anything.", &|draft| {
        draft.lines[6] = String::new();
        Ok(())
    })?;
    add("doubled-member", "duplicate field `n`", "A member of an event twice.", &|draft| {
        draft.lines[6] = draft.lines[6].replacen('{', "{\"n\":7,", 1);
        Ok(())
    })?;
    add("doubled-in-event", "duplicate field `rules`", "A member twice inside what happened.", &|draft| {
        draft.lines[0] = draft.lines[0].replacen("\"rules\":1", "\"rules\":1,\"rules\":1", 1);
        Ok(())
    })?;
    add(
        "unknown-member",
        "unknown field `score`",
        "An event with a member that the format does not have.",
        &|draft| {
            draft.lines[6] = draft.lines[6].replacen('{', "{\"score\":100,", 1);
            Ok(())
        },
    )?;
    add("unknown-event", "unknown variant `attempt_passed`", "An event that does not exist.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::AttemptSubmitted))?;
        draft.lines[place] = draft.lines[place].replacen("attempt_submitted", "attempt_passed", 1);
        Ok(())
    })?;
    add("long-line", "expected at most 4096 bytes", "A line of more than 4,096 bytes.", &|draft| {
        draft.lines[6] = draft.lines[6].replacen('{', &format!("{{{}", " ".repeat(4_096)), 1);
        Ok(())
    })?;
    add("gap", "log.sequence", "A number is left out.", &|draft| draft.change_from(9, |entry| entry.n += 1))?;
    add("dropped-front-matter", "front.first", "The front matter was never acknowledged.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::FrontMatterAcknowledged { .. }))?;
        draft.lines.remove(place);
        draft.renumber()
    })?;
    add("other-front-matter", "front.digest", "Another front matter was shown.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::FrontMatterShown { .. }))?;
        draft.change(place, |entry| entry.event = Event::FrontMatterShown { digest: Digest([7; 32]) })
    })?;
    add("other-rules", "start.rules", "Rules of another number.", &|draft| {
        draft.change(0, |entry| {
            if let Event::Started(started) = &mut entry.event {
                started.rules = 2;
            }
        })
    })?;
    add("started-twice", "log.first", "The session starts again in the middle.", &|draft| {
        let first: Entry = serde_json::from_str(&draft.lines[0])?;
        let ninth: Entry = serde_json::from_str(&draft.lines[8])?;
        draft.lines.insert(9, encode(&Entry { event: first.event, ..ninth }));
        draft.renumber()
    })?;
    add("before-release", "dates.release", "For credit, a day before the release date.", &|draft| {
        draft.change(0, |entry| entry.at.0 -= 11 * 86_400_000)
    })?;
    add(
        "after-termination",
        "dates.termination",
        "Everything happened after the termination date, for credit.",
        &|draft| draft.change_from(0, |entry| entry.at.0 += 400 * 86_400_000),
    )?;
    add(
        "claimed-after-termination",
        "dates.termination",
        "The last requirement was met after termination, and credit is claimed.",
        &|draft| {
            let place = draft.find(|event| matches!(event, Event::PartEntered { .. }))?;
            draft.change_from(place, |entry| entry.at.0 += 400 * 86_400_000)
        },
    )?;
    add("active-backwards", "clock.active", "Visible time goes backwards.", &|draft| {
        draft.change(15, |entry| entry.active = Millis(0))
    })?;
    add("impossible-offset", "clock.impossible", "A clock 24 hours from UTC.", &|draft| {
        draft.change(6, |entry| entry.offset.0 = 1_440)
    })?;
    add("long-zone", "clock.impossible", "A time zone of 65 characters.", &|draft| {
        draft.change(6, |entry| entry.zone = "z".repeat(65))
    })?;
    add("answer-not-shown", "item.not_shown", "An answer to an item that is not on the screen.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::Answered { .. }))?;
        let later = draft.find(|event| matches!(event, Event::ItemShown { .. }))?;
        draft.lines.swap(place, later);
        draft.renumber()
    })?;
    add("unknown-item", "item.unknown", "An item that is not in the attempt.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::ItemShown { .. }))?;
        let item = ItemId::new("not-drawn")?;
        draft.change(place, |entry| entry.event = Event::ItemShown { item })
    })?;
    add("unknown-link", "case.link", "A way on that the case does not have.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::LinkFollowed { .. }))?;
        let link = LinkId::new("miracle")?;
        draft.change(place, |entry| entry.event = Event::LinkFollowed { link })
    })?;
    add("skipped-part", "case.running", "The case was entered and left at once.", &|draft| {
        let case = |event: &Event| matches!(event, Event::PartEntered { part } if part.as_str() == "case");
        let (from, done) = (
            draft.find(case)?,
            draft.lines.iter().position(|line| line.contains("part_finished") && line.contains("\"case\"")),
        );
        draft.lines.drain(from + 1..done.ok_or("a case")?);
        draft.renumber()
    })?;
    add("claim-too-much", "claim.amount", "More than the maximum is claimed.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::Claimed { .. }))?;
        draft.change(place, |entry| {
            if let Event::Claimed { claims } = &mut entry.event {
                claims[0].amount = Credit(75);
            }
        })
    })?;
    add("claim-not-eligible", "claim.eligible", "A nurse claims what is for physicians.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::LearnerDescribed { .. }))?;
        let nurse = ProfessionId::new("nurse")?;
        draft.change(place, |entry| {
            if let Event::LearnerDescribed { profession, .. } = &mut entry.event {
                *profession = nurse;
            }
        })
    })?;
    add(
        "claim-not-for-credit",
        "claim.not_for_credit",
        "A session that is not for credit claims credit.",
        &|draft| {
            draft.change(0, |entry| {
                if let Event::Started(started) = &mut entry.event {
                    started.mode = Mode::NotForCredit;
                }
            })
        },
    )?;
    add("consents-missing", "claim.incomplete", "The consents were never asked.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::ConsentsAnswered { .. }))?;
        draft.lines.remove(place);
        draft.renumber()
    })?;
    add("after-completion", "log.completed", "An event after the last one.", &|draft| {
        let last = draft.lines.len() - 1;
        let entry: Entry = serde_json::from_str(&draft.lines[last])?;
        draft.lines.push(encode(&Entry { n: entry.n + 1, event: Event::Heartbeat, ..entry }));
        Ok(())
    })?;
    let mut draft = Draft::retaken(full)?;
    let bundle = draft.forged(|draft| {
        let again = draft.find(|event| matches!(event, Event::AttemptStarted { attempt: 2 }))?;
        draft.change_from(again, |entry| entry.at.0 -= 600_000)
    })?;
    let about = "A further attempt before the wait of ten minutes is over.";
    shelf.add_because(
        "invalid/replay-no-wait",
        about,
        &bundle,
        DEFAULT,
        stops!("log.replay"),
        "attempt.cool_down",
    );
    let mut draft = Draft::new(full, "incomplete")?;
    let bundle = draft.forged(|draft| {
        draft.lines.pop();
        Ok(())
    })?;
    shelf.add(
        "invalid/incomplete",
        "The log ends before completion; chain and signature are right.",
        &bundle,
        DEFAULT,
        stops!("log.complete"),
    );
    Ok(())
}
