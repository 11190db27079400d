#!/usr/bin/env python3
"""sqlmap over the running program: what an employee can put into lists, filters, sorting, groups, search, exports and JSON bodies (S8).

Without options the short form of `make test`; `--long` asks more ways, for longer. Fails when a parameter is found injectable, when the program
answers 5xx or panics, and when the same questions to a place that *is* injectable, which are asked first, find nothing.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from program import REPORTS, VENV, Program

API = "/api/v1"
# Address, JSON body or none. `*` marks a place that is asked besides the parameters.
PLACES = [
    ("/records/contact?filter=last_name%20%3D%20%22a%22&sort=name&fields=name&limit=5&search=a", None),
    ("/records/contact?trash=false&cursor=x&bbox=1,2,3,4&as_of=2026-11-01T00:00:00Z", None),
    ("/records/contact?filter=last_name%20%3D%20%22*%22", None),
    ("/records/contact?filter=tags%20has%20*", None),
    ("/records/contact?sort=*", None),
    ("/records/*", None),
    ("/records/contact/*", None),
    ("/records/contact/count?filter=position%20%3D%20%22a%22&search=a", None),
    ("/records/contact/map?filter=position%20%3D%20%22a%22&search=a&bbox=1,2,3,4&zoom=5", None),
    ("/search?q=a&types=contact&limit=5", None),
    ("/records/contact/1/history?field=name&user=1&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z", None),
    ("/records/contact/1/explain?filter=last_name%20%3D%20%22a%22", None),
    ("/duplicates?type=contact&reasons=channel&min_score=50", None),
    ("/places/town?city=a&region=b&country=UA", None),
    ("/operations?cursor=x&limit=5", None),
    ("/jobs?limit=5", None),
    ("/files/*", None),
    ("/records/contact/query", '{"filter":"last_name = \\"a\\"","sort":"name","fields":"name","search":"a","cursor":null}'),
    ("/records/contact/query", '{"filter":"last_name = \\"*\\""}'),
    ("/records/contact/counts", '{"filters":["last_name = \\"*\\""]}'),
    ("/records/contact?check_only=true", '{"values":{"kind":"person","last_name":"a","remark":"b"}}'),
    ("/records/contact?check_only=true", '{"values":{"kind":"person","last_name":"a","channels":[{"kind":"phone","value":"*"}]}}'),
    ("/records/contact/cells", '{"rows":[{"id":1,"texts":{"position":"*"}}]}'),
    ("/session", '{"login":"a","password":"b"}'),
    ("/password-resets", '{"login_or_email":"a"}'),
]
# As the administrator: what employees may not ask for.
PLACES_OF_ADMINISTRATOR = [
    ("/exports", '{"type":"contact","format":"csv","filter":"last_name = \\"*\\""}'),
    ("/audit?person=1&kinds=login&outcome=success&type=contact&record=1&address=127.0.0.1&text=a&from=2026-01-01&to=2027-01-01", None),
    ("/mail/letters?state=sent&cursor=x", None),
    ("/webhooks/1/deliveries?state=failed&cursor=x", None),
    ("/access/explanation?user_id=1&type=contact&id=1", None),
]


class Planted(BaseHTTPRequestHandler):
    """A place as nobody may write one: the parameter stands in the text of the query."""

    base = sqlite3.connect(":memory:", check_same_thread=False)
    lock = threading.Lock()

    def do_GET(self):
        wanted = parse_qs(urlsplit(self.path).query).get("name", [""])[0]
        try:
            with self.lock:
                rows = self.base.execute(f"SELECT name FROM people WHERE name = '{wanted}'").fetchall()
            status, text = 200, f"{rows}"
        except sqlite3.Error:
            status, text = 400, "[]"
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def ask(name: str, url: str, body: str | None, session: str | None, options) -> tuple[str, int, list[str]]:
    """One run of sqlmap; gives the place, how many requests it made there, and what it found."""
    folder = Path(tempfile.mkdtemp(prefix="kartoteka-sqlmap-"))
    traffic = folder / "traffic.txt"
    command = [
        VENV / "bin" / "sqlmap", "-u", url, "--batch", "--disable-coloring", "--flush-session", "--output-dir", folder / "out",
        "--level", options.level, "--risk", options.risk, "--technique", options.technique, "--threads", 1, "--timeout", 30,
        "--ignore-code", "*", "--skip-waf", "--dbms", "postgresql" if options.database else "sqlite",
        "--time-limit", options.seconds, "-t", traffic,
    ]
    # What stands in the address and the body is asked; which cookie belongs to whom is no text of a query.
    if session:
        command += ["--cookie", f"kartoteka_session={session}", "--param-exclude", "kartoteka_session"]
    if body:
        command += ["--data", body, "--headers", "content-type: application/json"]
    environment = dict(os.environ, HOME=str(folder))
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=environment)
    text = done.stdout + done.stderr
    (REPORTS / f"sqlmap-{name}.log").write_text(text)
    requests = traffic.read_text(errors="replace").count("HTTP request [#") if traffic.exists() else 0
    shutil.rmtree(folder, ignore_errors=True)
    found = [line.strip() for line in text.splitlines() if line.startswith("Parameter:") or "is vulnerable" in line]
    if not found and "do not appear to be injectable" not in text:
        found = [f"sqlmap did not end as it should: {text[-1500:]}"]
    found += [f"an answer of 5xx: {line.strip()}" for line in text.splitlines() if " - " in line and line.lstrip()[:1] == "5" and "times" in line]
    return name, requests, found


def planted(options) -> bool:
    """Whether a place that is injectable is found by the same means."""
    Planted.base.executescript("CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('olena'), ('maria');")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Planted)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = argparse.Namespace(**{**vars(options), "database": None})
    _, requests, found = ask("planted", f"http://127.0.0.1:{server.server_port}/people?name=olena", None, None, here)
    server.shutdown()
    print(f"sqlmap on a place that is injectable: {requests} requests, {found or 'nothing found'}", flush=True)
    return any(line.startswith("Parameter:") for line in found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--database", help="the URL of an empty PostgreSQL database; SQLite without")
    options = parser.parse_args()
    options.level, options.risk, options.technique = (3, 2, "BEUSTQ") if options.long else (1, 1, "BEUS")
    # For one place, in seconds.
    options.seconds = 1_800 if options.long else 90
    REPORTS.mkdir(parents=True, exist_ok=True)
    if not planted(options):
        return 1
    started = time.monotonic()
    wrong, requests = [], 0
    with Program(contacts=60, database=options.database) as program:
        employee, administrator = program.log_in("maria"), program.log_in("olena")
        status, _ = program.ask("GET", "/records/contact?filter=last_name%20%3D%20%22a%22", employee)
        assert status == 200, status
        places = [(place, employee) for place in PLACES] + [(place, administrator) for place in PLACES_OF_ADMINISTRATOR]
        with ThreadPoolExecutor(2) as pool:
            asked = [
                pool.submit(ask, f"{number:02}", f"{program.url}{API}{path}", body, session, options)
                for number, ((path, body), session) in enumerate(places)
            ]
            for ((path, _), _), run in zip(places, asked):
                name, made, found = run.result()
                requests += made
                wrong += [f"{path} ({name}): {what}" for what in found]
                if made < 10:
                    wrong.append(f"{path} ({name}): only {made} requests were made")
        if program.ask("GET", "/session", employee)[0] != 200:
            wrong.append("the session was lost on the way")
        wrong += program.faults()
    print(f"sqlmap: {requests} requests to {len(places)} places in {time.monotonic() - started:.0f} s, {len(wrong)} faults")
    for what in wrong:
        print(what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
