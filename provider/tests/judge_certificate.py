"""Checks a certificate with openbadgeslib, PDFium and ZXing alone.

Arguments: the folder with the .pdf, .jwt and .txt of a certificate, a JWKS, a status
list that does not revoke it, one that does.
"""

import json
import pathlib
import sys

import jwt
import pypdfium2
import zxingcpp
from cryptography.hazmat.primitives import serialization
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

folder, jwks, valid, revoked = map(pathlib.Path, sys.argv[1:])
(page,) = folder.glob("*.pdf")
token = page.with_suffix(".jwt").read_text()
text = page.with_suffix(".txt").read_text().strip()
(key,) = json.loads(jwks.read_text())["keys"]
pem = jwt.PyJWK(key).key.public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
verifier = OB3Verifier(pubkey_pem=pem)


def refused(wanted, *arguments, **options):
    try:
        verifier.verify(*arguments, **options)
    except OB3VerificationError as error:
        assert wanted in str(error), error
    else:
        raise AssertionError(f"taken, though {wanted}")


# It is an Open Badge, and says what it should.
badge = verifier.verify(token)
assert badge.issuer.name == "Example Society", badge.issuer
assert badge.issuer.id == "https://society.example", badge.issuer
assert badge.achievement.name == "Fever in a returning traveller", badge.achievement
assert badge.credits_earned == 0.75, badge.credits_earned
assert [identity.identity_hash for identity in badge.identifiers] == ["Łucja Świątek"]
assert [result.value for result in badge.results] == ["2026-11-20", "0.75"], badge.results
described = {known.id for known in badge.achievement.result_descriptions}
assert {result.result_description for result in badge.results} == described

# Not when a letter is another, nor by another's key, nor when it is revoked.
head, body, signature = token.split(".")
place = len(body) // 2
other = body[:place] + ("A" if body[place] != "A" else "B") + body[place + 1 :]
refused("Invalid signature", ".".join([head, other, signature]))
asked = []


def served(path):
    return lambda address: (asked.append(address), path.read_bytes())[1]


verifier.verify(token, check_status=True, download=served(valid))
assert asked == ["https://society.example/status/1"], asked
refused("is set at index 7", token, check_status=True, download=served(revoked))

# The page, drawn at 150 dots per inch, has the QR code; and its words can be read.
document = pypdfium2.PdfDocument(page)
assert len(document) == 1
drawn = document[0].render(scale=150 / 72, grayscale=True).to_numpy()
(code,) = zxingcpp.read_barcodes(drawn)
assert code.text == text, code.text
words = " ".join(document[0].get_textpage().get_text_range().split())
for said in [
    "Certificate of credit This certifies that Łucja Świątek Physician completed Fever in a returning traveller",
    "Provider Example Society",
    "Format Enduring material",
    "Date of completion 20 November 2026",
    "Credit claimed 0.75 practice points",
    "Accreditor Sample Accreditation Board, activity SAB-1",
]:
    assert said in words, (said, words)
metadata = document.get_metadata_dict()
assert metadata["Title"] == "Certificate of credit: Fever in a returning traveller", metadata
raw = page.read_bytes()
for mark in [b"/MarkInfo", b"/Marked true", b"/StructTreeRoot", b"pdfuaid:part", b"/Lang(en)", b"/Alt(QR code with", b"/FontFile2"]:
    assert mark in raw, mark
