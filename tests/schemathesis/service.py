"""The service in a process of its own, with data of its own, for tests and measurements in Python."""

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import requests


class Service:
    """A service that has just started: `address`, where it is; `link`, which signs its owner in."""

    def __init__(self, binary, folder, *, database=None, public_url=None, log=None):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://localhost:{port}"
        self.public_url = public_url or self.address
        # All visitors here have one address, and nothing is to be asked of the wikis.
        options = ["--data", str(folder / "data"), "--listen", f"127.0.0.1:{port}", "--public-url", self.public_url]
        options += ["--rate-limit", "0", "--wikimedia-offline"]
        if database:
            options += ["--database-url", database]
        log = Path(log or folder / "log")
        begin = time.monotonic()
        with log.open("wb") as stream:
            self.process = subprocess.Popen([binary, *options], stdout=subprocess.PIPE, stderr=stream, text=True)
        self.link = None
        while not self.is_ready():
            if self.process.poll() is not None:
                sys.exit(f"the service has not started: {log.read_text()}")
            time.sleep(0.001)
        self.seconds_to_start = time.monotonic() - begin

    def is_ready(self):
        try:
            return requests.get(f"{self.address}/readyz", timeout=5).ok
        except requests.ConnectionError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def kilobytes(self):
        """How much memory it has now, and had at most."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) for name in ("VmRSS", "VmHWM"))

    def sign_in(self):
        """Signs the owner in and makes an issuer; the owner's session."""
        link = next(line.strip() for line in self.process.stdout if "/sign-in/link/" in line)
        link = link.replace(self.public_url, self.address)
        session = requests.Session()
        answer = session.post(link, data={"csrf": csrf(session.get(link))}, allow_redirects=False)
        answer.raise_for_status()
        # At an https address the cookie is for https only.
        session.headers["Cookie"] = answer.headers["Set-Cookie"].split(";")[0]
        page = session.get(f"{self.address}/desk/new")
        fields = {"csrf": csrf(page), "name": "Example Academy", "url": "https://academy.example.org", "language": "en", "person": "Example Owner"}
        files = {name: (None, value) for name, value in fields.items()}
        session.post(f"{self.address}/desk/new", files=files, allow_redirects=False).raise_for_status()
        return session

    def make_token(self, session):
        """A token with all scopes for the issuer."""
        page = session.get(f"{self.address}/me/tokens")
        scopes = ["read", "award", "manage", "administer"]
        fields = {"csrf": csrf(page), "name": "Example program", "issuer": "example-academy", "scope": scopes}
        page = session.post(f"{self.address}/me/tokens", data=fields)
        page.raise_for_status()
        return re.search(r"badges_[A-Za-z0-9_-]{22,}", page.text)[0]

    def program(self, token):
        """What sends requests to the API, and gives what they answer."""
        api = requests.Session()
        api.headers["Authorization"] = f"Bearer {token}"

        def send(method, path, **body):
            answer = api.request(method, self.address + path, **body)
            assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
            return answer.json() if answer.content else None

        return send


def csrf(page):
    return re.search(r'name="csrf" value="([^"]*)"', page.text)[1]
