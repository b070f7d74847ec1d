"""Checks a record without Enduring's code, from docs/formats/record.md alone.

Usage: record.py BUNDLE PACK_FOLDER ISSUERS_JWKS < SHOWN_JSON

Signatures are PyJWT's business; everything else here is hashlib. SHOWN_JSON holds
what Enduring says it showed: per attempt the items in order, per item the options
in order. Prints what was checked; any difference is an AssertionError.
"""

import base64
import hashlib
import json
import sys

import jwt

SCALE = 2**64


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def thumbprint(jwk):
    """RFC 7638."""
    required = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    return base64url(sha256(json.dumps(required, sort_keys=True, separators=(",", ":")).encode()))


def opened(token, jwk, typ):
    """The payload of a signed document, once PyJWT has checked it."""
    assert thumbprint(jwk) == jwt.get_unverified_header(token)["kid"], "kid is the thumbprint of the key"
    key = jwt.PyJWK({"kty": "EC", "crv": jwk["crv"], "x": jwk["x"], "y": jwk["y"]}, "ES256").key
    document = jwt.PyJWS().decode_complete(token, key, algorithms=["ES256"])
    assert sorted(document["header"]) == ["alg", "kid", "typ"], "the header has no other members"
    assert document["header"]["typ"] == typ, f"typ is {typ}"
    return document["payload"]


class Chance:
    """Random words of one purpose and attempt."""

    def __init__(self, seed, purpose, attempt):
        self.head = seed + purpose.encode() + b"\0" + attempt.to_bytes(4, "big")
        self.counter = 0

    def word(self):
        digest = sha256(self.head, self.counter.to_bytes(4, "big"))
        self.counter += 1
        return int.from_bytes(digest[:8], "big")

    def below(self, bound):
        if bound < 2:
            return 0
        while True:
            word = self.word()
            if word < SCALE - SCALE % bound:
                return word % bound

    def shuffle(self, items):
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items


def drawn(activity, part, seed, attempt):
    """The items of an attempt, in order."""
    test, name = part["body"]["test"], part["id"]
    policy, selection = test["policy"], test["selection"]
    turn = attempt if policy["redraw"] == "new" else 1
    if "items" in selection:
        items = selection["items"]
    elif "draw" in selection:
        bank = next(bank for bank in activity["banks"] if bank["id"] == selection["draw"]["bank"])
        items = Chance(seed, f"{name}/draw", turn).shuffle(bank["items"])[: selection["draw"]["count"]]
    else:
        forms = next(forms for forms in activity["forms"] if forms["id"] == selection["form"]["forms"])
        swapped = Chance(seed, f"{forms['id']}/form", 0).below(2) == 1
        first = selection["form"]["turn"] == "first"
        items = forms["b"] if swapped == first else forms["a"]
    if policy["shuffle_items"] == "shuffled":
        items = Chance(seed, f"{name}/items", turn).shuffle(items)
    return items


def options(activity, part, seed, attempt, name):
    """The options of an item, in order; none for kinds that chance does not touch."""
    policy = part["body"]["test"]["policy"]
    ((kind, body),) = next(item for item in activity["items"] if item["id"] == name)["body"].items()
    place = {
        "single_best": "options",
        "multiple_response": "options",
        "key_feature": "options",
        "ordering": "steps",
        "true_false": "statements",
    }.get(kind)
    if place is None:
        return []
    ids = [option["id"] for option in body[place]]
    if policy["shuffle_options"] == "shuffled" or kind == "ordering":
        turn = attempt if policy["redraw"] == "new" else 1
        ids = Chance(seed, f"{part['id']}/options/{name}", turn).shuffle(ids)
    return ids


def main(bundle_path, pack_folder, issuers_path):
    with open(bundle_path, encoding="utf-8") as file:
        bundle = json.load(file)
    payload = json.loads(opened(bundle["record"], bundle["key"], "enduring-record+jwt"))

    with open(f"{pack_folder}/manifest.jws", encoding="ascii") as file:
        token = file.read()
    with open(issuers_path, encoding="utf-8") as file:
        issuers = json.load(file)["keys"]
    kid = jwt.get_unverified_header(token)["kid"]
    issuer = next(key for key in issuers if key["kid"] == kid)
    manifest = opened(token, issuer, "enduring-pack+jwt")
    pack = sha256(manifest)
    assert pack.hex() == payload["activity"]["digest"], "the pack is the record's"
    files = {file["path"]: file for file in json.loads(manifest)["files"]}
    for path, file in files.items():
        with open(f"{pack_folder}/{path}", "rb") as content:
            assert sha256(content.read()).hex() == file["sha256"], path
    assert files["front-matter.txt"]["sha256"] == payload["front_matter"]["digest"], "front matter"

    seed = head = sha256(pack, bytes.fromhex(payload["id"]))
    lines = bundle["log"].encode().split(b"\n")
    assert lines.pop() == b"", "every line has its LF"
    for line in lines:
        head = sha256(head, line)
    assert (head.hex(), len(lines)) == (payload["log"]["head"], payload["log"]["length"]), "the chain"

    sheets = 0
    for name in ("learner", "consent", "evaluation"):
        if name in bundle:
            assert sha256(bundle[name].encode()).hex() == payload["sheets"][name], name
            sheets += 1
    if "evaluation" in bundle:
        latest = {}
        for line in lines:
            event = json.loads(line)["event"]
            if "question_answered" in event:
                latest[event["question_answered"]["question"]] = event["question_answered"]["answer"]
        answers = json.loads(bundle["evaluation"])["answers"]
        assert [sha256(text.encode()).hex() for text in answers] == list(latest.values()), "the answers"

    with open(f"{pack_folder}/activity.json", encoding="utf-8") as file:
        activity = json.load(file)
    parts = {part["id"]: part for part in activity["parts"]}
    shown = json.load(sys.stdin)
    shuffles = 0
    for attempt in shown:
        part, number = parts[attempt["part"]], attempt["attempt"]
        found = [item["item"] for item in attempt["items"]]
        assert drawn(activity, part, seed, number) == found, f"the draw of {attempt['part']}"
        for item in attempt["items"]:
            if item["options"] is not None:
                expected = options(activity, part, seed, number, item["item"])
                assert expected == item["options"], f"the options of {item['item']}"
                shuffles += 1
    print(f"signatures 2, lines {len(lines)}, sheets {sheets}, draws {len(shown)}, shuffles {shuffles}")


main(*sys.argv[1:])
