"""Starts the service on a folder of its own, fills it, and lets schemathesis ask it everything."""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service import Service

ISSUER = "/api/v1/issuers/example-academy"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("server", help="the binary")
    arguments.add_argument("--examples", type=int, default=12, help="how many requests to make up for an operation")
    arguments.add_argument("--seed", default="1", help="what the requests grow from; the same ones for the same seed")
    arguments.add_argument("--database", help="another database than a file")
    arguments, rest = arguments.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        service = Service(arguments.server, Path(folder), database=arguments.database, log=os.environ.get("SCHEMATHESIS_LOG"))
        try:
            token = service.make_token(service.sign_in())
            known = fill(service.program(token))
            code = ask(Path(folder), service.address, token, known, arguments, rest)
        finally:
            service.stop()
    sys.exit(code)


def fill(send):
    """Makes one of everything; the values that requests are likely to name."""
    written = {"description": "Edits articles.", "criteria": "Write three articles.", "language": "en"}
    send("POST", f"{ISSUER}/achievements", json={"name": "Editor", **written, "suspendable": True})
    send("POST", f"{ISSUER}/achievements", json={"name": "Mentor", **written})
    workshop = send("POST", f"{ISSUER}/workshops", json={"title": "First Articles", "starts_on": "2026-05-01", "achievements": ["editor"]})["id"]
    below = f"{ISSUER}/workshops/{workshop}"
    names = "\n".join(f"Example Volunteer {number}" for number in range(60)) + "\nFoo@bar\n"
    send("POST", f"{below}/participants", data=names.encode(), headers={"Content-Type": "text/plain"})
    job = send("POST", f"{below}/awards", json={"achievement": "editor"})["id"]
    while send("GET", f"{ISSUER}/jobs/{job}")["state"] != "done":
        time.sleep(0.1)
    awards = send("GET", f"{ISSUER}/awards?limit=200")["items"]
    claims = [award["claim_link"].rsplit("/", 1)[1] for award in awards]
    holders = [
        send("POST", f"/api/v1/claims/{claim}/accept", json={"visibility": "public", "named": "user-name"})["secret"]
        for claim in claims[:20]
    ]
    member = send("POST", f"{ISSUER}/members", json={"name": "Example Trainer", "role": "trainer"})["member"]["person"]
    rows = send("GET", f"{below}/participants?limit=200")["items"]
    return {
        "path.issuer": ["example-academy"],
        "path.achievement": ["editor", "mentor"],
        "path.workshop": [workshop],
        "path.participant": [row["id"] for row in rows if row["outcome"] == "problem"] + [rows[0]["id"]],
        "path.job": [job],
        "path.award": [award["id"] for award in awards],
        "path.person": [member],
        "path.claim": claims[20:],
        "path.holder": holders,
        "path.name": ["Example Volunteer 1"],
        "query.achievement": ["editor"],
        "query.workshop": [workshop],
        "query.cursor": [send("GET", f"{ISSUER}/awards?limit=1")["next"]],
        # Of a version that nobody knows, and a key that was used, nearly everything is refused.
        "header.If-Match": ["*"],
        "header.Idempotency-Key": [secrets.token_hex(8) for _ in range(5000)],
    }


def ask(folder, address, token, known, arguments, rest):
    config = folder / "schemathesis.toml"
    lines = ["[parameters]"]
    # The owner's own membership stays, or nothing more could be done.
    often = {name: 1.0 if name == "path.person" else 0.8 for name in known}
    lines += [f"{json.dumps(name)} = {{ dictionary = {json.dumps(name)}, probability = {often[name]} }}" for name in known]
    for name, values in known.items():
        lines += [f"[dictionaries.{json.dumps(name)}]", f"values = {json.dumps(values)}"]
    lines += [
        # What fits the description may still be refused, because of what it means: 400, 409, 410, 412, 422.
        "[checks]",
        'positive_data_acceptance.expected-statuses = ["2xx", 304, 400, 401, 403, 404, 409, 410, 412, 422]',
        'negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422]',
        'missing_required_header.expected-statuses = [400, 401, 403, 404]',
    ]
    config.write_text("\n".join(lines) + "\n")
    command = [str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run", f"{address}/api/v1/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", "all", "--max-examples", str(arguments.examples)]
    command += ["--seed", arguments.seed]
    command += ["--continue-on-failure", "--suppress-health-check", "all", *rest]
    return subprocess.run(command, cwd=folder).returncode


if __name__ == "__main__":
    main()
