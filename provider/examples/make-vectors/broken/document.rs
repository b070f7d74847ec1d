//! Files, signed documents, keys and signatures that are not what they should be.

use enduring_core::encode::base64url;
use enduring_core::measure::Millis;
use enduring_core::record::{Bundle, Payload, PublicKey};

use super::stops;
use crate::draft::{Draft, Made};
use crate::packs::Packs;
use crate::{DEFAULT, Shelf};

pub fn files(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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
    add("bundle-missing-member", "No key came along.", &without(&text, "key")?);
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

/// An object without one of its members.
pub fn without(text: &str, member: &str) -> Made<String> {
    let mut object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text)?;
    object.remove(member).ok_or("no such member")?;
    Ok(serde_json::to_string(&object)?)
}

pub fn documents(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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
    headed("typ-jwt", "A JWT of another kind.", "enduring-record+jwt", "JWT")?;
    headed("typ-pack", "A pack's manifest is no record.", "enduring-record+jwt", "enduring-pack+jwt")?;
    headed("kid-path", "A key named by a path.", "\"kid\":\"", "\"kid\":\"../../")?;
    let long = "A".repeat(600_000);
    headed("kid-long", "A key name of 600,000 characters.", "\"kid\":\"", &format!("\"kid\":\"{long}"))?;

    let nameless = draft.headed(|_| "{\"alg\":\"ES256\",\"typ\":\"enduring-record+jwt\"}".to_owned());
    add("header-no-kid", "No key is named.", nameless)?;

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

pub fn keys(shelf: &mut Shelf, packs: &Packs) -> Made<()> {
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
