"""The program under attack: the real binary over a fresh demo base on a free port, and sessions of its people."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / "target" / "hostile-venv"
# What the attackers tell: a file for each run.
REPORTS = ROOT / "target" / "hostile"
PASSWORD = "a long enough secret"
# How long a start may take, in seconds.
LONGEST_START = 60


def binary() -> Path:
    """The program; `KARTOTEKA_BINARY` names another one than the debug build."""
    path = Path(os.environ.get("KARTOTEKA_BINARY", ROOT / "target" / "debug" / "kartoteka"))
    if not path.exists():
        raise SystemExit(f"{path} is missing: build it with `cargo build --package kartoteka`")
    return path


class Program:
    """A running program; leaving the context ends it and removes its folder. `database` is a URL, else a file of its own."""

    def __init__(self, contacts: int, database: str | None = None):
        self.contacts = contacts
        self.environment = dict(os.environ)
        self.environment.pop("KARTOTEKA_DATA", None)
        self.environment.pop("KARTOTEKA_DATABASE", None)
        if database:
            self.environment["KARTOTEKA_DATABASE"] = database

    def __enter__(self) -> "Program":
        self.folder = Path(tempfile.mkdtemp(prefix="kartoteka-hostile-"))
        made = [binary(), "demo", "--data", self.folder, "--contacts", str(self.contacts), "--password", PASSWORD]
        subprocess.run(made, check=True, env=self.environment, stdout=subprocess.DEVNULL)
        self.log = open(self.folder / "log.txt", "w+")
        # A free port, and an end of its own.
        self.process = subprocess.Popen(
            [binary(), "serve", "--data", self.folder, "--listen", "127.0.0.1:0", "--behind-proxy"],
            env=self.environment, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://[^\s/]+", line)
        if not found:
            self.__exit__()
            raise SystemExit(f"the program did not start: {line}")
        self.url = found.group(0)
        return self

    def __exit__(self, *_) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def faults(self) -> list[str]:
        """Lines of its log that tell of a panic or of an answer of 500."""
        self.log.flush()
        text = (self.folder / "log.txt").read_text(errors="replace")
        return [line for line in text.splitlines() if "panicked" in line or " ERROR " in line]

    def ask(self, method: str, path: str, session: str | None, body=None) -> tuple[int, dict]:
        headers = {"content-type": "application/json"}
        if session:
            headers["cookie"] = f"kartoteka_session={session}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                text = answer.read()
                self.cookie = answer.headers.get("set-cookie")
                return answer.status, json.loads(text) if text.startswith(b"{") else {}
        except urllib.error.HTTPError as error:
            return error.code, {}

    def document(self) -> Path:
        """The live description, as the administrator sees it, in a file."""
        status, document = self.ask("GET", "/openapi.json", self.log_in("olena"))
        if status != 200:
            raise SystemExit(f"the description was answered with {status}")
        path = self.folder / "openapi.json"
        path.write_text(json.dumps(document))
        return path

    def log_in(self, login: str) -> str:
        """The session of one of the people of the demo base: olena administers, maria is an employee."""
        status, _ = self.ask("POST", "/session", None, {"login": login, "password": PASSWORD})
        if status != 200:
            raise SystemExit(f"the login of {login} was answered with {status}")
        return re.match(r"kartoteka_session=([^;]+)", self.cookie).group(1)
