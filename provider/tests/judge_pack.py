"""Checks a pack by its published format, with PyJWT, hashlib and tarfile alone.

Arguments: the folder of a pack, the same pack as one file, a JWKS.
"""

import base64
import hashlib
import json
import pathlib
import sys
import tarfile

import jwt

folder, archive, jwks = map(pathlib.Path, sys.argv[1:])
signed = (folder / "manifest.jws").read_text()

# Whose it is: the key of that thumbprint, and no other algorithm.
header = jwt.get_unverified_header(signed)
assert list(header) == ["alg", "typ", "kid"], header
assert (header["alg"], header["typ"]) == ("ES256", "enduring-pack+jwt"), header
(key,) = [key for key in json.loads(jwks.read_text())["keys"] if key["kid"] == header["kid"]]
members = json.dumps({name: key[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
thumbprint = base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()
assert thumbprint == header["kid"], thumbprint
payload = jwt.api_jws.PyJWS().decode(signed, key=jwt.PyJWK(key).key, algorithms=["ES256"])

# What it holds: every file of the manifest, and nothing else.
manifest = json.loads(payload)
for file in manifest["files"]:
    bytes_ = (folder / file["path"]).read_bytes()
    assert len(bytes_) == file["length"], file
    assert hashlib.sha256(bytes_).hexdigest() == file["sha256"], file
named = [file["path"] for file in manifest["files"]]
found = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
assert sorted(found) == sorted(named + ["manifest.jws"]), found

# The one file holds the same, in the manifest's order.
with tarfile.open(archive, "r:") as tar:
    assert tar.getnames() == ["manifest.jws"] + named, tar.getnames()
    for member in tar.getmembers():
        assert member.isreg() and member.mode == 0o644 and member.mtime == 0, member
        assert tar.extractfile(member).read() == (folder / member.name).read_bytes(), member

print(hashlib.sha256(payload).hexdigest())
