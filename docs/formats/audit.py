#!/usr/bin/env python3
"""Checks an audit bundle of Enduring from its published formats, without its software.

Needs Python 3.9 and PyJWT with cryptography. Prints what was checked; exit code 1 when
something does not hold, and the first thing that does not.
"""
import argparse
import base64
import hashlib
import io
import json
import sys
import tarfile
import zipfile

import jwt


class Broken(Exception):
    pass


def need(holds, what):
    if not holds:
        raise Broken(what)


def sha256(data):
    return hashlib.sha256(data).digest()


def unbase64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def thumbprint(jwk):
    members = '{"crv":"%s","kty":"%s","x":"%s","y":"%s"}' % (jwk["crv"], jwk["kty"], jwk["x"], jwk["y"])
    return sha256(members.encode())


def payload_of(document, typ, keys, what):
    """The payload of a signed document, as bytes; keys by thumbprint."""
    header = jwt.get_unverified_header(document)
    need(header["alg"] == "ES256" and header["typ"] == typ, f"{what}: another header {header}")
    key = keys.get(unbase64url(header["kid"]))
    need(key is not None, f"{what}: signed by a key that is not at hand")
    try:
        return jwt.api_jws.PyJWS().decode(document, key=jwt.PyJWK(key, "ES256").key, algorithms=["ES256"])
    except jwt.PyJWTError as error:
        raise Broken(f"{what}: {error}") from error


def keys_by_thumbprint(text):
    keys = [{name: key[name] for name in ("kty", "crv", "x", "y")} for key in json.loads(text)["keys"]]
    return {thumbprint(key): key for key in keys}


def check_record(name, text):
    bundle = json.loads(text)
    kid = thumbprint(bundle["key"])
    payload = json.loads(payload_of(bundle["record"], "enduring-record+jwt", {kid: bundle["key"]}, name))
    lines = bundle["log"].split("\n")
    need(lines.pop() == "" and len(lines) == payload["log"]["length"], f"{name}: another number of events")
    head = sha256(bytes.fromhex(payload["activity"]["digest"]) + bytes.fromhex(payload["id"]))
    for line in lines:
        head = sha256(head + line.encode())
    need(head.hex() == payload["log"]["head"], f"{name}: the log is not the one that was signed")
    for part in ("learner", "consent", "evaluation"):
        if part in bundle:
            need(sha256(bundle[part].encode()).hex() == payload["sheets"][part], f"{name}: another {part} part")
    return (kid.hex(), payload["id"]), (payload, bundle["record"])


def check_pack(digest, files, keys):
    manifest = payload_of(files.pop("manifest.jws").decode().strip(), "enduring-pack+jwt", keys, f"pack {digest}")
    need(sha256(manifest).hex() == digest, f"pack {digest}: another digest")
    listed = {file["path"]: file for file in json.loads(manifest)["files"]}
    need(set(listed) == set(files), f"pack {digest}: other files than its manifest lists")
    for name, data in files.items():
        need(sha256(data).hex() == listed[name]["sha256"], f"pack {digest}: {name} was changed")


def check_ledger(lines, start, checkpoint):
    n, head, rows = start["after"], bytes.fromhex(start["hash"]), []
    for line in lines:
        row = json.loads(line)
        n += 1
        need(row["n"] == n, f"ledger: expected row {n}, found row {row['n']}")
        if "line" in row:
            rows.append(json.loads(row["line"]))
        head = sha256(head + (sha256(row["line"].encode()) if "line" in row else bytes.fromhex(row["sha256"])))
    need((checkpoint["n"], checkpoint["hash"]) == (n, head.hex()), "ledger: the signed head is another one")
    return rows


def check_decisions(records, rows, keys):
    facts = [next(iter(row["fact"].items())) for row in rows]
    about = lambda kind: [(fact["record"]["kid"], fact["record"]["id"], fact) for name, fact in facts if name == kind]
    received = {(kid, number): fact for kid, number, fact in about("received")}
    for name, (payload, document) in records.items():
        need(name in received, f"record {name[1]}: not received by the ledger")
        signed = sha256(document.rsplit(".", 1)[0].encode()).hex()
        need(received[name]["signed"] == signed, f"record {name[1]}: another one was received")
        held = []
        for kind, fact in facts:
            if (fact.get("record") or {}).get("id") != name[1] or fact["record"]["kid"] != name[0]:
                continue
            if kind == "credited":
                held.append(fact["credit"])
                claimed = [c for c in payload["claims"] if c["credit"] == fact["credit"]["credit"]]
                need(claimed and fact["credit"]["amount"] <= claimed[0]["amount"],
                     f"record {name[1]}: more credit than was claimed")
            if kind == "reversed":
                held = [c for c in held if c["credit"] != fact["credit"]]
            if kind == "receipted":
                receipt = json.loads(payload_of(fact["receipt"], "enduring-receipt+jwt", keys, "a receipt"))
                need(receipt["record"] == fact["record"] and receipt["credits"] == held,
                     f"record {name[1]}: the receipt says another thing than the ledger")
    once = [json.dumps([f["learner"], f["credit"]["accreditor"], f["credit"]["accreditor_activity"],
                        f["credit"]["credit"], f["after"]]) for k, f in facts if k == "credited"]
    need(len(once) == len(set(once)), "ledger: credit was given twice")


def pack_files(bundle, digest):
    whole = f"packs/{digest}.enduring"
    if whole in bundle.namelist():
        with tarfile.open(fileobj=io.BytesIO(bundle.read(whole))) as archive:
            return {member.name: archive.extractfile(member).read() for member in archive.getmembers()}
    inside = f"packs/{digest}/"
    return {name[len(inside):]: bundle.read(name) for name in bundle.namelist() if name.startswith(inside)}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("bundle")
    arguments.add_argument("--keys", help="the provider's keys, had from the provider")
    arguments.add_argument("--issuers", help="the keys that sign packs, had from the provider")
    arguments = arguments.parse_args()
    bundle = zipfile.ZipFile(arguments.bundle)
    about = json.loads(bundle.read("audit.json"))
    need(about["format"] == "enduring-audit/1", f"another format: {about['format']}")
    keys = keys_by_thumbprint(open(arguments.keys).read() if arguments.keys else bundle.read("keys.json"))
    issuers = keys_by_thumbprint(open(arguments.issuers).read() if arguments.issuers else bundle.read("issuers.json"))
    names = [name for name in bundle.namelist() if name.startswith("records/")]
    records = dict(check_record(name, bundle.read(name)) for name in names)
    listed = {(record["kid"], record["id"]) for record in about["records"]}
    need(set(records) == listed, "other records than audit.json lists")
    for digest in about["packs"]:
        check_pack(digest, pack_files(bundle, digest), issuers)
    need({payload["activity"]["digest"] for payload, _ in records.values()} == set(about["packs"]),
         "other packs than the records name")
    checkpoint = json.loads(payload_of(bundle.read("checkpoint.jws").decode().strip(),
                                       "enduring-checkpoint+jwt", keys, "checkpoint"))
    lines = bundle.read("ledger.jsonl").decode().splitlines()
    rows = check_ledger(lines, about["ledger"], checkpoint)
    check_decisions(records, rows, keys)
    print(f"holds: {len(records)} records, {len(about['packs'])} packs, {len(rows)} rows of {len(lines)}")


if __name__ == "__main__":
    try:
        main()
    except Broken as broken:
        print(f"does not hold: {broken}")
        sys.exit(1)
