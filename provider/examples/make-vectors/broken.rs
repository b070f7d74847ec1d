//! Records whose integrity is broken, each in one way.

use enduring_core::content::PackFile;
use enduring_core::encode::base64url;
use enduring_core::id::{Digest, ItemId, LinkId, ProfessionId, SessionId};
use enduring_core::measure::{Credit, Millis, Points};
use enduring_core::record::{
    Bundle, EvaluationAnswer, EvaluationReply, EvaluationSheet, LearnerSheet, Payload, PublicKey, SheetText,
};
use enduring_core::session::{Entry, Event, Mode, encode};

use crate::draft::{Draft, Made};
use crate::packs::Packs;
use crate::{Given, Shelf, Verdict};

const DEFAULT: Given = Given {
    packs: None,
    at: None,
    received: None,
    enrolled: None,
    policy: None,
    accept_rehearsal: None,
    pad_to: None,
};
const RECEIVED: (&str, &str) = ("policy.received", "skipped");

/// The verdict on a record of which one check fails and ends the checking.
macro_rules! stops {
    ($code:literal) => {
        Verdict("invalid", "reject", &[($code, "failed")])
    };
}

/// The verdict on a record of which one check fails among others.
macro_rules! fails {
    ($code:literal) => {
        Verdict("invalid", "reject", &[($code, "failed"), RECEIVED])
    };
}

pub fn make(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    files(shelf, packs)?;
    documents(shelf, packs)?;
    keys(shelf, packs)?;
    payloads(shelf, packs)?;
    logs(shelf, packs)?;
    unknown_pack(shelf, packs)?;
    replays(shelf, packs)?;
    claims_of_the_record(shelf, packs)?;
    parts(shelf, packs)
}

fn files(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let text = Draft::new(&packs.full, "files")?.honest()?;
    let mut add = |name: &str, about: &str, bundle: &str| {
        shelf.add(&format!("invalid/{name}"), about, bundle, DEFAULT, stops!("bundle.shape"));
    };
    add("empty", "Nothing at all.", "");
    add("no-json", "Not JSON.", "enduring-record/1");
    add("trailing-garbage", "Something behind the bundle.", &format!("{text}x"));
    add("two-bundles", "Two bundles in one file.", &format!("{text}\n{text}"));
    add("bundle-cut", "The file ends in the middle.", &text[..text.len() / 2]);
    add(
        "bundle-doubled-member",
        "A member twice.",
        &text.replacen('{', "{\"format\":\"enduring-record/1\",", 1),
    );
    add(
        "bundle-unknown-member",
        "A member that the format does not have.",
        &text.replacen('{', "{\"score\":100,", 1),
    );
    add("bundle-missing-member", "No key came along.", &text.replacen("\"key\":", "\"clé\":", 1));
    add(
        "bundle-other-format",
        "A format of another version.",
        &text.replacen("enduring-record/1", "enduring-record/2", 1),
    );
    add(
        "key-unknown-member",
        "A key with a private member.",
        &text.replacen("\"kty\":", "\"d\":\"AA\",\"kty\":", 1),
    );
    add(
        "key-doubled-member",
        "A member of the key twice.",
        &text.replacen("\"kty\":", "\"kty\":\"EC\",\"kty\":", 1),
    );
    add("bundle-deep", "Ten thousand lists in each other.", &"[".repeat(10_000));
    Ok(())
}

fn documents(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "documents")?;
    let honest = draft.bundle(&draft.payload()?)?;
    let good = |kid: &str| format!("{{\"alg\":\"ES256\",\"typ\":\"enduring-record+jwt\",\"kid\":\"{kid}\"}}");
    let mut add = |name: &str, about: &str, bundle: Made<String>| -> Made<()> {
        shelf.add(&format!("invalid/{name}"), about, &bundle?, DEFAULT, stops!("record.shape"));
        Ok(())
    };
    let mut headed = |name: &str, about: &str, from: &str, to: &str| {
        add(name, about, draft.headed(|kid| good(kid).replacen(from, to, 1)))
    };
    headed("alg-none", "alg none; the signature is nevertheless good.", "ES256", "none")?;
    headed("alg-hs256", "alg HS256: a public key is no secret.", "ES256", "HS256")?;
    headed("alg-es384", "Another curve's algorithm.", "ES256", "ES384")?;
    headed("alg-lowercase", "Names of algorithms have one spelling.", "ES256", "es256")?;
    headed(
        "header-jku",
        "A header that says where to get the key.",
        "}",
        ",\"jku\":\"https://example.org/keys\"}",
    )?;
    headed("header-jwk", "A header that brings its own key.", "}", ",\"jwk\":{}}")?;
    headed("header-crit", "A header with extensions.", "}", ",\"crit\":[\"b64\"],\"b64\":false}")?;
    headed("header-doubled-member", "alg twice, the second time none.", "}", ",\"alg\":\"none\"}")?;
    headed("header-no-kid", "No key is named.", "kid", "kdi")?;
    headed("typ-jwt", "A JWT of another kind.", "enduring-record+jwt", "JWT")?;
    headed("typ-pack", "A pack's manifest is no record.", "enduring-record+jwt", "enduring-pack+jwt")?;
    headed("kid-path", "A key named by a path.", "\"kid\":\"", "\"kid\":\"../../")?;
    let long = "A".repeat(600_000);
    headed("kid-long", "A key name of 600,000 characters.", "\"kid\":\"", &format!("\"kid\":\"{long}"))?;

    let signed = honest.record.rsplit_once('.').ok_or("a record has dots")?;
    let with = |signature: &[u8]| format!("{}.{}", signed.0, base64url(signature));
    let raw = draft.signer.signature(signed.0.as_bytes())?;
    add("signature-der", "The signature as ASN.1.", draft.recorded(with(&der(&raw))))?;
    add("signature-short", "A signature of 63 bytes.", draft.recorded(with(&raw[..63])))?;
    add("signature-none", "No signature.", draft.recorded(format!("{}.", signed.0)))?;
    add("record-padded", "base64url with padding.", draft.recorded(format!("{}=", honest.record)))?;
    add("record-four-parts", "Four parts.", draft.recorded(format!("{}.AA", honest.record)))?;
    add("record-two-parts", "Two parts.", draft.recorded(signed.0.to_owned()))?;
    add("record-spaced", "A space before the record.", draft.recorded(format!(" {}", honest.record)))?;
    add(
        "record-loose-bits",
        "The signature's last character has bits that stand for nothing.",
        draft.recorded(loose(&honest.record)),
    )?;

    let long = "A".repeat(1_000_000);
    let bundle = draft.headed(|kid| good(kid).replacen("\"kid\":\"", &format!("\"kid\":\"{long}"), 1))?;
    shelf.add(
        "invalid/kid-megabyte",
        "A key name of a million characters is above the cap.",
        &bundle,
        DEFAULT,
        stops!("bundle.size"),
    );
    Ok(())
}

/// r ‖ s as ASN.1.
fn der(raw: &[u8; 64]) -> Vec<u8> {
    let integer = |bytes: &[u8]| {
        let bytes: Vec<u8> = bytes.iter().copied().skip_while(|byte| *byte == 0).collect();
        let sign = bytes.first().is_some_and(|byte| *byte > 127).then_some(0);
        let body: Vec<u8> = sign.into_iter().chain(bytes).collect();
        [vec![2, body.len() as u8], body].concat()
    };
    let both = [integer(&raw[..32]), integer(&raw[32..])].concat();
    [vec![0x30, both.len() as u8], both].concat()
}

/// The same bytes to a lenient decoder: 64 bytes leave four bits of the last letter.
fn loose(record: &str) -> String {
    let (rest, last) = record.split_at(record.len() - 1);
    let next = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        _ => "x",
    };
    format!("{rest}{next}")
}

fn keys(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "keys")?;
    let other = Draft::new(&packs.full, "other key")?;
    let payload = draft.payload()?;
    let honest = draft.bundle(&payload)?;
    let theirs = other.bundle(&other.payload()?)?;
    let swapped = Bundle { key: theirs.key.clone(), ..honest.clone() }.encode();
    shelf.add(
        "invalid/key-swapped",
        "Another device's key came along.",
        &swapped,
        DEFAULT,
        stops!("key.match"),
    );
    let mut key = honest.key.clone();
    key.crv = "P-384".to_owned();
    let curve = Bundle { key, ..honest.clone() }.encode();
    shelf.add("invalid/key-other-curve", "A key of another curve.", &curve, DEFAULT, stops!("key.match"));
    let named = Bundle { record: theirs.record.clone(), ..honest.clone() }.encode();
    shelf.add("invalid/record-swapped", "Another device's record.", &named, DEFAULT, stops!("key.match"));

    let mut add = |name: &str, about: &str, bundle: String| {
        shelf.add(&format!("invalid/{name}"), about, &bundle, DEFAULT, stops!("record.signature"));
    };
    let (input, _) = honest.record.rsplit_once('.').ok_or("a record has dots")?;
    let raw = draft.signer.signature(input.as_bytes())?;
    let with = |signature: [u8; 64]| {
        let record = format!("{input}.{}", base64url(&signature));
        Bundle { record, ..honest.clone() }.encode()
    };
    let mut flipped = raw;
    flipped[40] ^= 1;
    add("signature-flipped", "A bit of the signature is flipped.", with(flipped));
    add("signature-zero", "r and s are zero.", with([0; 64]));
    let mut halves = raw;
    halves.rotate_left(32);
    add("signature-halves", "s comes before r.", with(halves));
    add("signature-others", "Another key signed.", with(other.signer.signature(input.as_bytes())?));
    let (header, _) = input.split_once('.').ok_or("a record has dots")?;
    let better = Payload { active: Millis(payload.active.0 + 1), ..payload.clone() };
    let record = format!("{header}.{}.{}", base64url(better.encode().as_bytes()), base64url(&raw));
    add(
        "payload-edited",
        "The payload was edited after it was signed.",
        Bundle { record, ..honest.clone() }.encode(),
    );
    // (1, 1) is no point of the curve; its thumbprint is in the header all the same.
    let mut one = [0; 32];
    one[31] = 1;
    let nowhere = PublicKey { x: one, y: one };
    let header =
        format!("{{\"alg\":\"ES256\",\"typ\":\"enduring-record+jwt\",\"kid\":\"{}\"}}", nowhere.kid());
    let input = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.encode().as_bytes()));
    let record = format!("{input}.{}", base64url(&draft.signer.signature(input.as_bytes())?));
    add(
        "key-off-the-curve",
        "A key that is no point of the curve.",
        Bundle { record, key: nowhere.jwk(), ..honest }.encode(),
    );
    Ok(())
}

fn payloads(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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
    add("missing-member", "No log is named.", text.replacen("\"log\":", "\"lgo\":", 1))?;
    add("uppercase-digest", "A digest in capitals: there is one spelling.", uppercase_head(&text))
}

fn uppercase_head(text: &str) -> String {
    let place = text.find("\"head\":\"").map_or(0, |place| place + 8);
    let (before, rest) = text.split_at(place);
    let (digest, after) = rest.split_at(64);
    format!("{before}{}{after}", digest.to_uppercase())
}

fn logs(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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

fn unknown_pack(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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
    let head = enduring_core::session::origin(payload.activity.digest, payload.id);
    payload.log.head = draft.lines.iter().fold(head, |hash, line| enduring_core::session::chain(hash, line));
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

/// Logs with events that were not possible, under a chain and signature that are right.
fn replays(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let full = &packs.full;
    let mut add = |name: &str, about: &str, change: &dyn Fn(&mut Draft<'_>) -> Made<()>| -> Made<()> {
        let mut draft = Draft::new(full, name)?;
        let bundle = draft.forged(|draft| change(draft))?;
        shelf.add(&format!("invalid/replay-{name}"), about, &bundle, DEFAULT, stops!("log.replay"));
        Ok(())
    };
    add("not-json", "A line that is no event.", &|draft| {
        draft.lines[6] = "…".to_owned();
        Ok(())
    })?;
    add("empty-line", "A line without anything.", &|draft| {
        draft.lines[6] = String::new();
        Ok(())
    })?;
    add("doubled-member", "A member of an event twice.", &|draft| {
        draft.lines[6] = draft.lines[6].replacen('{', "{\"n\":7,", 1);
        Ok(())
    })?;
    add("doubled-in-event", "A member twice inside what happened.", &|draft| {
        draft.lines[0] = draft.lines[0].replacen("\"rules\":1", "\"rules\":1,\"rules\":1", 1);
        Ok(())
    })?;
    add("unknown-member", "An event with a member that the format does not have.", &|draft| {
        draft.lines[6] = draft.lines[6].replacen('{', "{\"score\":100,", 1);
        Ok(())
    })?;
    add("unknown-event", "An event that does not exist.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::AttemptSubmitted))?;
        draft.lines[place] = draft.lines[place].replacen("attempt_submitted", "attempt_passed", 1);
        Ok(())
    })?;
    add("long-line", "A line of more than 4,096 bytes.", &|draft| {
        draft.lines[6] = draft.lines[6].replacen('{', &format!("{{{}", " ".repeat(4_096)), 1);
        Ok(())
    })?;
    add("gap", "A number is left out.", &|draft| draft.change_from(9, |entry| entry.n += 1))?;
    add("dropped-front-matter", "The front matter was never acknowledged.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::FrontMatterAcknowledged { .. }))?;
        draft.lines.remove(place);
        draft.renumber()
    })?;
    add("other-front-matter", "Another front matter was shown.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::FrontMatterShown { .. }))?;
        draft.change(place, |entry| entry.event = Event::FrontMatterShown { digest: Digest([7; 32]) })
    })?;
    add("other-rules", "Rules of another number.", &|draft| {
        draft.change(0, |entry| {
            if let Event::Started(started) = &mut entry.event {
                started.rules = 2;
            }
        })
    })?;
    add("started-twice", "The session starts again in the middle.", &|draft| {
        let entry: Entry = serde_json::from_str(&draft.lines[0])?;
        draft.lines.insert(9, encode(&entry));
        draft.renumber()
    })?;
    add("before-release", "For credit, a day before the release date.", &|draft| {
        draft.change(0, |entry| entry.at.0 -= 11 * 86_400_000)
    })?;
    add("after-termination", "Everything happened after the termination date, for credit.", &|draft| {
        draft.change_from(0, |entry| entry.at.0 += 400 * 86_400_000)
    })?;
    add(
        "claimed-after-termination",
        "The last requirement was met after termination, and credit is claimed.",
        &|draft| {
            let place = draft.find(|event| matches!(event, Event::PartEntered { .. }))?;
            draft.change_from(place, |entry| entry.at.0 += 400 * 86_400_000)
        },
    )?;
    add("active-backwards", "Visible time goes backwards.", &|draft| {
        draft.change(15, |entry| entry.active = Millis(0))
    })?;
    add("impossible-offset", "A clock 24 hours from UTC.", &|draft| {
        draft.change(6, |entry| entry.offset.0 = 1_440)
    })?;
    add("long-zone", "A time zone of 65 characters.", &|draft| {
        draft.change(6, |entry| entry.zone = "z".repeat(65))
    })?;
    add("answer-not-shown", "An answer to an item that is not on the screen.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::Answered { .. }))?;
        let later = draft.find(|event| matches!(event, Event::ItemShown { .. }))?;
        draft.lines.swap(place, later);
        draft.renumber()
    })?;
    add("unknown-item", "An item that is not in the attempt.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::ItemShown { .. }))?;
        let item = ItemId::new("not-drawn")?;
        draft.change(place, |entry| entry.event = Event::ItemShown { item })
    })?;
    add("unknown-link", "A way on that the case does not have.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::LinkFollowed { .. }))?;
        let link = LinkId::new("miracle")?;
        draft.change(place, |entry| entry.event = Event::LinkFollowed { link })
    })?;
    add("skipped-part", "The case was entered and left at once.", &|draft| {
        let case = |event: &Event| matches!(event, Event::PartEntered { part } if part.as_str() == "case");
        let (from, done) = (
            draft.find(case)?,
            draft.lines.iter().position(|line| line.contains("part_finished") && line.contains("\"case\"")),
        );
        draft.lines.drain(from + 1..done.ok_or("a case")?);
        draft.renumber()
    })?;
    add("claim-too-much", "More than the maximum is claimed.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::Claimed { .. }))?;
        draft.change(place, |entry| {
            if let Event::Claimed { claims } = &mut entry.event {
                claims[0].amount = Credit(75);
            }
        })
    })?;
    add("claim-not-eligible", "A nurse claims what is for physicians.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::LearnerDescribed { .. }))?;
        let nurse = ProfessionId::new("nurse")?;
        draft.change(place, |entry| {
            if let Event::LearnerDescribed { profession, .. } = &mut entry.event {
                *profession = nurse;
            }
        })
    })?;
    add("claim-not-for-credit", "A session that is not for credit claims credit.", &|draft| {
        draft.change(0, |entry| {
            if let Event::Started(started) = &mut entry.event {
                started.mode = Mode::NotForCredit;
            }
        })
    })?;
    add("consents-missing", "The consents were never asked.", &|draft| {
        let place = draft.find(|event| matches!(event, Event::ConsentsAnswered { .. }))?;
        draft.lines.remove(place);
        draft.renumber()
    })?;
    add("after-completion", "An event after the last one.", &|draft| {
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
    shelf.add("invalid/replay-no-wait", about, &bundle, DEFAULT, stops!("log.replay"));
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

/// Records that say something else than their log, signed by their own key.
fn claims_of_the_record(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "facts")?;
    let mut facts = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/facts-{name}"), about, &bundle, DEFAULT, fails!("record.facts"));
        Ok(())
    };
    facts("active", "More active time than the log shows.", &|p| p.active.0 += 600_000)?;
    facts("started", "Begun earlier than the log shows.", &|p| p.started.at.0 -= 1)?;
    facts("completed", "Completed a day earlier.", &|p| p.completed.at.0 -= 86_400_000)?;
    facts("completed-zone", "Completed in another zone.", &|p| p.completed.zone = "UTC".to_owned())?;
    facts("signed", "Signed earlier.", &|p| p.signed.at.0 -= 1)?;
    facts("acknowledged", "The front matter acknowledged earlier.", &|p| {
        p.front_matter.acknowledged.at.0 -= 1
    })?;
    facts("front-matter", "Another front matter.", &|p| p.front_matter.digest = Digest([7; 32]))?;
    facts("version", "Another version of the activity.", &|p| p.activity.version = "2.0.0".to_owned())?;
    facts("provider", "Another provider.", &|p| p.activity.provider = "Somebody Else".to_owned())?;
    facts("rules", "Another rules number.", &|p| p.rules = 2)?;
    facts("attestation", "Another wording of the attestation.", &|p| {
        p.attestation.version = "2027-01".to_owned()
    })?;
    let bundle = Draft::played(
        &packs.full,
        "mode",
        enduring_provider::rehearse::Profile::Good,
        Mode::Rehearsal,
        "nurse",
        crate::draft::BEGINS,
    )?
    .claiming(|payload| payload.mode = Mode::Credit)?;
    let disguised =
        Verdict("invalid", "reject", &[("record.facts", "failed"), ("policy.rehearsal", "failed"), RECEIVED]);
    shelf.add(
        "invalid/facts-mode",
        "A rehearsal that says it is a learner's: the log knows better.",
        &bundle,
        DEFAULT,
        disguised,
    );

    let mut score = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/score-{name}"), about, &bundle, DEFAULT, fails!("record.score"));
        Ok(())
    };
    score("points", "More points than the replay computes.", &|p| {
        p.score.tests[0].attempts[0].points = Points(9_000)
    })?;
    score("right", "More items right.", &|p| p.score.tests[0].attempts[0].right += 1)?;
    score("passed", "An attempt said to be not passed.", &|p| p.score.tests[0].attempts[0].passed ^= true)?;
    score("objective", "More right on one objective.", &|p| {
        p.score.tests[0].attempts[0].objectives[0].items += 1
    })?;
    score("case", "A case said to have been played twice.", &|p| p.score.cases[0].plays = 2)?;
    score("attempt-dropped", "An attempt is left out.", &|p| p.score.tests[0].attempts.clear())?;
    score("active", "Another active time in the score.", &|p| p.score.active.0 += 1)?;

    let mut claims = |name: &str, about: &str, change: &dyn Fn(&mut Payload)| -> Made<()> {
        let bundle = draft.claiming(change)?;
        shelf.add(&format!("invalid/claims-{name}"), about, &bundle, DEFAULT, fails!("record.claims"));
        Ok(())
    };
    claims("amount", "More credit than the log claims.", &|p| p.claims[0].amount = Credit(50))?;
    claims("maximum", "Another maximum than the pack's.", &|p| p.claims[0].maximum = Credit(500))?;
    claims("name", "Credit by another name.", &|p| p.claims[0].name = "AMA PRA Category 1".to_owned())?;
    claims("accreditor", "Another accreditor.", &|p| p.claims[0].accreditor = "Somebody Else".to_owned())?;
    claims("doubled", "A claim twice.", &|p| p.claims.push(p.claims[0].clone()))?;
    claims("dropped", "A claim left out.", &|p| p.claims.clear())?;

    let bundle = draft.claiming(|payload| {
        if let Ok(nurse) = ProfessionId::new("nurse") {
            payload.profession = nurse;
        }
    })?;
    let contradicts =
        Verdict("invalid", "reject", &[("record.claims", "failed"), ("part.learner", "failed"), RECEIVED]);
    shelf.add(
        "invalid/claims-profession",
        "Another profession than the log's and the sheet's.",
        &bundle,
        DEFAULT,
        contradicts,
    );
    Ok(())
}

fn parts(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
    let draft = Draft::new(&packs.full, "parts")?;
    let other = Draft::new(&packs.full, "other parts")?;
    let honest = draft.bundle(&draft.payload()?)?;
    let mut add = |name: &str, about: &str, bundle: String, verdict: Verdict| {
        shelf.add(&format!("invalid/part-{name}"), about, &bundle, DEFAULT, verdict);
    };
    let (learner, consent, evaluation) =
        (fails!("part.learner"), fails!("part.consent"), fails!("part.evaluation"));
    let with = |change: &dyn Fn(&mut Bundle)| {
        let mut bundle = honest.clone();
        change(&mut bundle);
        bundle.encode()
    };
    let text = draft.learner.clone().ok_or("a learner sheet")?;
    add(
        "learner-swapped",
        "Another learner's sheet.",
        with(&|b| b.learner.clone_from(&other.learner)),
        learner,
    );
    add(
        "learner-edited",
        "The name was edited.",
        with(&|b| b.learner = Some(text.replacen("Fictional", "Fictitious", 1))),
        learner,
    );
    add(
        "learner-spaced",
        "The same sheet with a space: the bytes are what was signed.",
        with(&|b| b.learner = Some(format!("{text} "))),
        learner,
    );
    add(
        "consent-swapped",
        "Another learner's consents.",
        with(&|b| b.consent.clone_from(&other.consent)),
        consent,
    );
    let given = draft.consent.clone().ok_or("a consent sheet")?;
    let turned = if given.contains("\"no\"") {
        given.replacen("\"no\"", "\"yes\"", 1)
    } else {
        given.replacen("\"yes\"", "\"no\"", 1)
    };
    add(
        "consent-edited",
        "A consent was turned round.",
        with(&|b| b.consent = Some(turned.clone())),
        consent,
    );
    add(
        "consent-is-learner",
        "The learner sheet in place of the consents.",
        with(&|b| b.consent = Some(text.clone())),
        consent,
    );
    add(
        "evaluation-swapped",
        "Another learner's evaluation.",
        with(&|b| b.evaluation.clone_from(&other.evaluation)),
        evaluation,
    );

    // Sheets that the record itself binds, and that are wrong all the same.
    let sheet: LearnerSheet = serde_json::from_str(&text)?;
    let mut described = |name: &str, about: &str, text: &str| -> Made<()> {
        let mut draft = Draft::new(&packs.full, name)?;
        draft.describe(text)?;
        add(&format!("learner-{name}"), about, draft.honest()?, learner);
        Ok(())
    };
    described("no-sheet", "Bound to the record, but no learner sheet.", "{\"name\":\"Maple\"}")?;
    described(
        "doubled-member",
        "A learner sheet with a member twice.",
        &text.replacen('{', "{\"salt\":\"\",", 1),
    )?;
    described(
        "unknown-member",
        "A learner sheet with the year of birth.",
        &text.replacen("\"month\"", "\"year\":1980,\"month\"", 1),
    )?;
    let mut impossible = sheet.clone();
    (impossible.birthday.month, impossible.birthday.day) = (2, 30);
    described("birthday", "Born on the 30th of February.", &SheetText::of(&impossible).text)?;
    let nurse = LearnerSheet { profession: ProfessionId::new("nurse")?, ..sheet };
    described("profession", "A sheet with another profession than the log.", &SheetText::of(&nurse).text)?;

    let mut consents = Draft::new(&packs.full, "consents")?;
    let junk = given.replacen("\"answers\"", "\"answer\"", 1);
    let place = consents.find(|event| matches!(event, Event::ConsentsAnswered { .. }))?;
    consents.change(place, |entry| {
        entry.event = Event::ConsentsAnswered { sheet: Digest::of(&[junk.as_bytes()]) }
    })?;
    consents.consent = Some(junk);
    add("consent-no-sheet", "Bound to the record, but no consent sheet.", consents.honest()?, consent);

    evaluations(&mut add, packs, evaluation)?;

    let plain = Draft::new(&packs.plain, "uninvited")?;
    let bundle = Bundle { consent: Some(given.clone()), ..plain.bundle(&plain.payload()?)? }.encode();
    let uninvited =
        Verdict("invalid", "reject", &[("part.consent", "failed"), ("part.evaluation", "skipped"), RECEIVED]);
    add("consent-uninvited", "Consents that the record does not name.", bundle, uninvited);
    Ok(())
}

/// Evaluation sheets that are signed and do not hold the answers of the log.
fn evaluations(
    add: &mut impl FnMut(&str, &str, String, Verdict),
    packs: &Packs,
    verdict: Verdict,
) -> Made<()> {
    let mut change = |name: &str, about: &str, change: &dyn Fn(&mut Vec<String>) -> Made<()>| -> Made<()> {
        let mut draft = Draft::new(&packs.full, name)?;
        let text = draft.evaluation.clone().ok_or("an evaluation")?;
        let mut sheet: EvaluationSheet = serde_json::from_str(&text)?;
        change(&mut sheet.answers)?;
        draft.evaluation = Some(SheetText::of(&sheet).text);
        add(&format!("evaluation-{name}"), about, draft.honest()?, verdict);
        Ok(())
    };
    change("edited", "An answer was edited before the record was signed.", &|answers| {
        let mut answer: EvaluationAnswer = serde_json::from_str(&answers[0])?;
        answer.reply = EvaluationReply::Number(5);
        answers[0] = SheetText::of(&answer).text;
        Ok(())
    })?;
    change("reordered", "The answers in another order than the log's.", &|answers| {
        answers.swap(0, 1);
        Ok(())
    })?;
    change("dropped", "An answer is missing.", &|answers| {
        answers.pop();
        Ok(())
    })?;
    change("added", "An answer that the log does not have.", &|answers| {
        answers.push(answers[0].clone());
        Ok(())
    })
}
