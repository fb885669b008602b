"""Measures one service: its start, a batch of badges from the request to the last signature, its memory,
and how many answers a second it gives to wrk on the same machine."""

import argparse
import json
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import requests
from service import Service

ISSUER = "/api/v1/issuers/example-academy"
PUBLIC_URL = "https://badges.example.org"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("binary")
    arguments.add_argument("--database", help="another database than a file; it must be empty")
    arguments.add_argument("--badges", type=int, default=100_000, help="how many to issue in all")
    arguments.add_argument("--list", type=int, default=10_000, help="how many people are on a workshop's list")
    arguments.add_argument("--seconds", type=int, default=10, help="how long each page is asked for")
    arguments.add_argument("--connections", type=int, default=16, help="at the same time")
    arguments = arguments.parse_args()

    print(f"\n## {'PostgreSQL' if arguments.database else 'SQLite'}\n")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        service = Service(arguments.binary, folder, database=arguments.database, public_url=PUBLIC_URL)
        try:
            tell("start, with new data", f"{service.seconds_to_start * 1000:.0f} ms")
            token = service.make_token(service.sign_in())
            service.stop()
            starts = []
            for _ in range(5):
                service = Service(arguments.binary, folder, database=arguments.database, public_url=PUBLIC_URL)
                starts.append(service.seconds_to_start)
                service.stop()
            service = Service(arguments.binary, folder, database=arguments.database, public_url=PUBLIC_URL)
            tell("start, with data (median of 5)", f"{statistics.median(starts) * 1000:.0f} ms")
            tell("memory at rest", megabytes(service.kilobytes()[0]))
            send = service.program(token)
            issue(service, send, arguments)
            now, most = service.kilobytes()
            tell(f"memory after {arguments.badges:,} badges (at most)", f"{megabytes(now)} ({megabytes(most)})")
            if not arguments.database:
                size = sum(path.stat().st_size for path in (folder / "data").iterdir())
                tell(f"database of {arguments.badges:,} badges", f"{size / 1e6:.0f} MB")
            answer(service, send, folder, arguments)
            now, most = service.kilobytes()
            tell("memory after all that (at most)", f"{megabytes(now)} ({megabytes(most)})")
        finally:
            service.stop()


def issue(service, send, arguments):
    """Workshop after workshop, as their trainers do it."""
    imports, awards = [], []
    for first in range(0, arguments.badges, arguments.list):
        workshop = send("POST", f"{ISSUER}/workshops", json={"title": "Load", "starts_on": "2026-05-01", "achievements": ["workshop-participant"]})["id"]
        names = "\n".join(f"Example Volunteer {first + number}" for number in range(arguments.list))
        below = f"{ISSUER}/workshops/{workshop}"
        begin = time.monotonic()
        send("POST", f"{below}/participants", data=names.encode(), headers={"Content-Type": "text/plain"})
        imports.append(time.monotonic() - begin)
        begin = time.monotonic()
        job = send("POST", f"{below}/awards", json={"achievement": "workshop-participant"})["id"]
        while (state := send("GET", f"{ISSUER}/jobs/{job}"))["state"] != "done":
            time.sleep(0.02)
        awards.append(time.monotonic() - begin)
        assert state["done"] == arguments.list, state
    tell(f"import of {arguments.list:,} names (first, last)", f"{imports[0]:.2f} s, {imports[-1]:.2f} s")
    tell(f"badges issued per second, {arguments.list:,} in a batch (first, last)", ", ".join(f"{arguments.list / took:,.0f}" for took in (awards[0], awards[-1])))


def answer(service, send, folder, arguments):
    claim = send("GET", f"{ISSUER}/awards?limit=1")["items"][0]["claim_link"].rsplit("/", 1)[1]
    held = send("POST", f"/api/v1/claims/{claim}/accept", json={"visibility": "public", "named": "user-name"})
    page = held["held"]["badge"].replace(PUBLIC_URL, "")
    badge = requests.get(f"{service.address}{page}.json", timeout=10)
    badge.raise_for_status()
    # The list is signed for whoever asks first.
    status = json.loads(badge.text)["credentialStatus"]["statusListCredential"].replace(PUBLIC_URL, "")
    script = folder / "verify.lua"
    body = badge.text.replace("\\", "\\\\").replace("'", "\\'")
    script.write_text(f"wrk.method = 'POST'\nwrk.headers['Content-Type'] = 'application/json'\nwrk.body = '{body}'\n")
    html = ["-H", "Accept: text/html"]
    for name, path, more in [
        ("badge pages", page, html),
        ("signed badges (JSON)", f"{page}.json", []),
        ("baked pictures (PNG)", f"{page}.png", []),
        ("status lists", status, []),
        ("verifications", "/api/v1/verify", ["-s", str(script)]),
        ("achievement pages", "/issuers/example-academy/achievements/workshop-participant", html),
    ]:
        command = ["wrk", "-t1", f"-c{arguments.connections}", f"-d{arguments.seconds}s", "--latency", *more, service.address + path]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        wrong = re.search(r"Non-2xx.*|Socket errors.*", told)
        assert not wrong, f"{path}: {told}"
        rate, slowest = re.search(r"Requests/sec:\s+(\S+)", told)[1], re.search(r"99%\s+(\S+)", told)[1]
        tell(f"{name} per second (99 % within)", f"{float(rate):,.0f} ({slowest})")


def tell(what, figure):
    print(f"| {what} | {figure} |", flush=True)


def megabytes(kilobytes):
    return f"{kilobytes / 1000:.0f} MB"


if __name__ == "__main__":
    main()
