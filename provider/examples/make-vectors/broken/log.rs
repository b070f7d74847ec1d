//! Payloads of another shape, logs that are not the signed one, packs that are not at hand.

use enduring_core::content::PackFile;
use enduring_core::id::{Digest, SessionId};
use enduring_core::record::Bundle;
use enduring_core::session::{Event, chain, origin};

use super::document::without;
use super::stops;
use crate::draft::{Draft, Made};
use crate::packs::Packs;
use crate::{DEFAULT, Shelf, Verdict};

pub fn payloads(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "payloads")?;
    let text = draft.payload()?.encode();
    let mut add = |name: &str, about: &str, payload: String| -> Made<()> {
        let bundle = draft.bundle_of(&payload)?.encode();
        shelf.add(&format!("invalid/payload-{name}"), about, &bundle, DEFAULT, stops!("record.payload"));
        Ok(())
    };
    add("no-json", "The payload is no JSON.", "credit please".to_owned())?;
    add("trailing", "Something behind the payload.", format!("{text} {{}}"))?;
    add(
        "other-format",
        "A payload of another version.",
        text.replacen("enduring-record/1", "enduring-record/2", 1),
    )?;
    add(
        "unknown-member",
        "A member that the format does not have.",
        text.replacen('{', "{\"honors\":true,", 1),
    )?;
    add("doubled-member", "rules twice.", text.replacen("\"rules\":1", "\"rules\":1,\"rules\":1", 1))?;
    add(
        "doubled-in-score",
        "passed twice, three levels down.",
        text.replacen("\"passed\":true", "\"passed\":false,\"passed\":true", 1),
    )?;
    add(
        "doubled-in-claims",
        "amount twice in a row of the claims.",
        text.replacen("\"amount\":25", "\"amount\":25,\"amount\":25", 1),
    )?;
    add(
        "unknown-in-claims",
        "An unknown member in a row of the claims.",
        text.replacen("\"amount\":25", "\"amount\":25,\"bonus\":1", 1),
    )?;
    add(
        "fraction",
        "An amount that is no whole number.",
        text.replacen("\"amount\":25", "\"amount\":25.0", 1),
    )?;
    add("negative", "An amount below zero.", text.replacen("\"amount\":25", "\"amount\":-25", 1))?;
    let at = format!("\"completed\":{{\"at\":{}", draft.payload()?.completed.at.0);
    for (name, about, time) in [
        (
            "after-all-dates",
            "Completed in the year 9999, which is another one somewhere.",
            253_370_764_800_000,
        ),
        ("before-all-dates", "Completed before the year 1.", -62_135_596_800_001),
        ("no-time", "Completed at the end of all numbers.", i64::MAX),
    ] {
        add(name, about, text.replacen(&at, &format!("\"completed\":{{\"at\":{time}"), 1))?;
    }
    add("missing-member", "No log is named.", without(&text, "log")?)?;
    add("uppercase-digest", "A digest in capitals: there is one spelling.", uppercase_head(&text))
}

fn uppercase_head(text: &str) -> String {
    let place = text.find("\"head\":\"").map_or(0, |place| place + 8);
    let (before, rest) = text.split_at(place);
    let (digest, after) = rest.split_at(64);
    format!("{before}{}{after}", digest.to_uppercase())
}

pub fn logs(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "logs")?;
    let honest = draft.bundle(&draft.payload()?)?;
    let with = |lines: &[String]| {
        let log = lines.iter().map(|line| format!("{line}\n")).collect();
        Bundle { log, ..honest.clone() }.encode()
    };
    let mut add = |name: &str, about: &str, bundle: String, verdict: Verdict| {
        shelf.add(&format!("invalid/log-{name}"), about, &bundle, DEFAULT, verdict);
    };
    let all = draft.lines.clone();
    let shape = stops!("log.shape");
    add("truncated", "The last event is missing.", with(&all[..all.len() - 1]), shape);
    add("empty", "No log.", Bundle { log: String::new(), ..honest.clone() }.encode(), shape);
    let mut longer = all.clone();
    longer.push(all[5].clone());
    add("longer", "An event behind the last one.", with(&longer), shape);
    let no_end = draft.log().trim_end().to_owned();
    add(
        "no-last-lf",
        "The last line does not end.",
        Bundle { log: no_end, ..honest.clone() }.encode(),
        shape,
    );
    let mut dropped = all.clone();
    dropped.remove(9);
    add("dropped", "An event in the middle is missing.", with(&dropped), shape);

    let chain = stops!("log.chain");
    let mut reordered = all.clone();
    reordered.swap(8, 9);
    add("reordered", "Two events changed places.", with(&reordered), chain);
    let mut replaced = all.clone();
    replaced.remove(9);
    replaced.insert(12, all[11].clone());
    add("inserted", "One event less, another one twice.", with(&replaced), chain);
    let mut edited = draft.lines.clone();
    let place = draft.find(|event| matches!(event, Event::Answered { .. }))?;
    edited[place] = edited[place].replacen("\"active\":", "\"active\":1", 1);
    add("edited", "The active time of an event was edited.", with(&edited), chain);
    let spaced: Vec<String> = all.iter().map(|line| line.replacen("\"n\":", "\"n\": ", 1)).collect();
    add(
        "respaced",
        "The same events, written with spaces: the bytes are what was signed.",
        with(&spaced),
        chain,
    );
    let crlf = Bundle { log: draft.log().replace('\n', "\r\n"), ..honest.clone() }.encode();
    add("crlf", "Lines that end as on Windows.", crlf, chain);
    let other = Draft::new(&packs.full, "another log")?;
    let head = draft.claiming(|payload| payload.log.head = Digest([7; 32]))?;
    add("other-head", "The record names another head, signed again.", head, chain);
    let id = draft.claiming(|payload| payload.id = SessionId([7; 16]))?;
    add("other-session", "The record names another session, signed again.", id, chain);
    let mut theirs = other.lines.clone();
    theirs.truncate(all.len());
    while theirs.len() < all.len() {
        theirs.push(all[all.len() - 1].clone());
    }
    add("of-another", "Another learner's log, made as long.", with(&theirs), chain);

    let mut long = Draft::new(&packs.full, "long log")?;
    let bundle = long.forged(|draft| {
        draft.lines.resize(4_097, "{}".to_owned());
        Ok(())
    })?;
    add("too-long", "One line more than a log can have.", bundle, shape);
    Ok(())
}

pub fn unknown_pack(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let bundle = Draft::new(&packs.stranger, "pack not at hand")?.honest()?;
    let missing = Verdict("invalid", "review", &[("pack.known", "flagged")]);
    shelf.add(
        "invalid/pack-not-at-hand",
        "Nothing is wrong, but without the pack nothing can be replayed: get it and verify again.",
        &bundle,
        DEFAULT,
        missing,
    );
    let PackFile { sha256, .. } = packs.full.manifest().files[0];
    let mut draft = Draft::new(&packs.full, "other pack")?;
    let mut payload = draft.payload()?;
    payload.activity.digest = packs.plain.digest();
    draft.content = &packs.plain;
    let head = origin(payload.activity.digest, payload.id);
    payload.log.head = draft.lines.iter().fold(head, |hash, line| chain(hash, line));
    let bundle = draft.bundle(&payload)?.encode();
    shelf.add(
        "invalid/pack-other",
        "The record names another pack, with a chain to match; the log begins with its own.",
        &bundle,
        DEFAULT,
        stops!("log.replay"),
    );
    payload.activity.digest = sha256;
    let bundle = draft.bundle(&payload)?.encode();
    shelf.add(
        "invalid/pack-unknown",
        "The record names a digest that is no pack's, and the chain does not match it.",
        &bundle,
        DEFAULT,
        stops!("log.chain"),
    );
    Ok(())
}
