"""Starts the service on a folder of its own, fills it, and lets schemathesis ask it everything."""

import argparse
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

ISSUER = "/api/v1/issuers/example-academy"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("server", help="the binary")
    arguments.add_argument("--examples", type=int, default=12, help="how many requests to make up for an operation")
    arguments.add_argument("--database", help="another database than a file")
    arguments, rest = arguments.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        server, address, link = start(Path(folder), arguments)
        try:
            session = sign_in(address, link)
            token = make_token(session, address)
            known = fill(address, token)
            code = ask(Path(folder), address, token, known, arguments.examples, rest)
        finally:
            server.terminate()
            server.wait()
    sys.exit(code)


def start(folder, arguments):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    options = ["--data", str(folder / "data"), "--listen", f"127.0.0.1:{port}", "--public-url", address]
    # What is asked here comes from one address, and nothing is to be asked of the wikis.
    options += ["--rate-limit", "0", "--wikimedia-offline"]
    if arguments.database:
        options += ["--database-url", arguments.database]
    log = open(os.environ.get("SCHEMATHESIS_LOG", folder / "log"), "wb")
    server = subprocess.Popen([arguments.server, *options], stdout=subprocess.PIPE, stderr=log, text=True)
    for line in server.stdout:
        if "/sign-in/link/" in line:
            return server, address, line.strip()
    sys.exit(f"the service has not started: {Path(log.name).read_text()}")


def csrf(page):
    return re.search(r'name="csrf" value="([^"]*)"', page.text)[1]


def sign_in(address, link):
    session = requests.Session()
    session.post(link, data={"csrf": csrf(session.get(link))}).raise_for_status()
    page = session.get(f"{address}/desk/new")
    fields = {"csrf": csrf(page), "name": "Example Academy", "url": "https://academy.example.org", "language": "en", "person": "Example Owner"}
    session.post(f"{address}/desk/new", files={name: (None, value) for name, value in fields.items()}).raise_for_status()
    return session


def make_token(session, address):
    page = session.get(f"{address}/me/tokens")
    fields = {"csrf": csrf(page), "name": "Example program", "issuer": "example-academy", "scope": ["read", "award", "manage", "administer"]}
    page = session.post(f"{address}/me/tokens", data=fields)
    page.raise_for_status()
    return re.search(r"badges_[A-Za-z0-9_-]{22,}", page.text)[0]


def fill(address, token):
    """Makes one of everything; the values that requests are likely to name."""
    api = requests.Session()
    api.headers["Authorization"] = f"Bearer {token}"

    def send(method, path, **body):
        answer = api.request(method, address + path, **body)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

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


def ask(folder, address, token, known, examples, rest):
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
    command += ["--header", f"Authorization: Bearer {token}", "--checks", "all", "--max-examples", str(examples)]
    command += ["--continue-on-failure", "--suppress-health-check", "all", *rest]
    return subprocess.run(command, cwd=folder).returncode


if __name__ == "__main__":
    main()
