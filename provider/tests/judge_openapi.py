"""Judges an OpenAPI document by its specification, and answers of a server by the document."""

import json
import re
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

document = json.load(open(sys.argv[1], encoding="utf-8"))
assert document["openapi"].startswith("3.1."), document["openapi"]
validate(document, cls=OpenAPIV31SpecValidator)


def pattern(path):
    return re.compile("^" + re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(path)) + "$")


paths = [(pattern(path), path) for path in sorted(document["paths"], key=lambda path: path.count("{"))]
judged = set()
for answer in json.load(open(sys.argv[2], encoding="utf-8")):
    name = next(path for matches, path in paths if matches.match(answer["path"]))
    place = f'{answer["method"]} {name} {answer["status"]}'
    operation = document["paths"][name][answer["method"].lower()]
    response = operation["responses"].get(str(answer["status"]))
    assert response, f"{place}: expected a status of the document, found another"
    kind = answer["type"].split(";")[0]
    assert kind in response["content"], f"{place}: expected {list(response['content'])}, found {kind}"
    for header in response.get("headers", {}):
        assert header.lower() in answer["headers"], f"{place}: expected {header}"
    body = answer["body"] if kind == "text/plain" or "openmetrics" in kind else json.loads(answer["body"])
    schema = {**response["content"][kind]["schema"], "components": document["components"]}
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
    assert not errors, f"{place}: {errors}"
    judged.add(place)

for place in sorted(judged):
    print(place)
