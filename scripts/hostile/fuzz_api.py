#!/usr/bin/env python3
"""schemathesis over the live OpenAPI document, all checks, as nobody, as an employee and as the administrator (R15).

Without options the short form of `make test`; `--long` the one before a release: many examples, chains of requests, `--minutes` for each person.
Fails on an answer of 5xx, on one that contradicts the document, on a panic or an error in the log, and when a session was lost on the way, for
then most questions would have been asked as nobody.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from program import REPORTS, VENV, Program

HERE = Path(__file__).parent
SEED = 20261123
PEOPLE = {"anonymous": None, "employee": "maria", "administrator": "olena"}
# These end the session that asks, change whose it is, or ask everybody for a second step: asked behind the others, with a session of their own.
APART = [
    "delete_session", "see_as_user", "stop_seeing_as_user", "revoke_session", "delete_user_session", "delete_user_sessions",
    "confirm_code_setup", "hand_over_user", "copy_user_rights", "update_password", "reset_second_step", "reset_user_password",
    "update_installation",
]
# Never ends; the stream has tests of its own.
ENDLESS = ["stream_events"]


def ask(program: Program, document: Path, name: str, session: str | None, options, chosen: list[str]) -> tuple[int, list[str]]:
    """One run of schemathesis; gives how many requests it made, and what it found."""
    report = REPORTS / f"{name}.json"
    report.unlink(missing_ok=True)
    phases = "examples,coverage,fuzzing" + (",stateful" if options.long else "")
    command = [
        VENV / "bin" / "schemathesis", "--config-file", HERE / "schemathesis.toml", "run", document, "--url", program.url,
        "--phases", phases, "--max-examples", options.examples, "--seed", options.seed, "--workers", 1,
        "--generation-database", "none", "--continue-on-failure", "--no-color", "--warnings", "off", "--request-timeout", 60,
        "--report", "json", "--report-json-path", report,
    ] + chosen
    if options.long and name in PEOPLE:
        command += ["--max-time", options.minutes * 60]
    if not options.long:
        command += ["--no-shrink"]
    environment = dict(os.environ, KARTOTEKA_SESSION=session or "none", PYTHONPATH=str(HERE))
    done = subprocess.run([str(part) for part in command], env=environment, cwd=REPORTS, capture_output=True, text=True)
    (REPORTS / f"{name}.log").write_text(done.stdout + done.stderr)
    if not report.exists():
        return 0, [f"schemathesis itself failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"]
    told = json.loads(report.read_text())
    found = [f"{failure['title']}: {', '.join(failure['operations'][:8])}" for failure in told["failures"]]
    found += [f"error: {json.dumps(error)[:500]}" for error in told.get("errors", [])]
    if done.returncode != 0 and not found:
        found = [f"schemathesis ended with {done.returncode}:\n{done.stdout[-2000:]}"]
    return told["test_cases"]["generated"], found


def attack(name: str, options) -> tuple[int, list[str]]:
    """All runs of one person on a program of his own; gives the requests and what was found."""
    started = time.monotonic()
    login = PEOPLE[name]
    with Program(contacts=60, database=options.database) as program:
        document = program.document()
        session = program.log_in(login) if login else None
        left_out = [part for operation in APART + ENDLESS for part in ("--exclude-operation-id", operation)]
        made, found = ask(program, document, name, session, options, left_out)
        if session and program.ask("GET", "/session", session)[0] != 200:
            found.append("the session was lost on the way")
        # In the short form together: the first that ends the session leaves the others to strangers, in an order that the seed decides.
        for number, group in enumerate([[operation] for operation in APART] if options.long else [APART]):
            session = program.log_in(login) if login else None
            chosen = [part for operation in group for part in ("--include-operation-id", operation)]
            more, also = ask(program, document, f"{name}-apart-{number}", session, options, chosen)
            made, found = made + more, found + also
        found += program.faults()
    print(f"schemathesis as {name}: {made} requests in {time.monotonic() - started:.0f} s, {len(found)} faults", flush=True)
    return made, found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--minutes", type=int, default=20, help="for each person, in the long form")
    parser.add_argument("--examples", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--database", help="the URL of an empty PostgreSQL database; SQLite without")
    parser.add_argument("--only", choices=PEOPLE)
    options = parser.parse_args()
    options.examples = options.examples or (300 if options.long else 2)
    REPORTS.mkdir(parents=True, exist_ok=True)
    people = [name for name in PEOPLE if options.only in (None, name)]
    # On PostgreSQL there is one base for all of them, so one after the other.
    with ThreadPoolExecutor(1 if options.database else len(people)) as pool:
        runs = list(pool.map(lambda name: attack(name, options), people))
    requests = sum(made for made, _ in runs)
    wrong = [f"{name}: {what}" for name, (_, found) in zip(people, runs) for what in found]
    for what in wrong:
        print(what)
    if wrong:
        print(f"The requests that show them stand in {REPORTS}; the seed is {options.seed}")
    if requests < (20_000 if options.only is None else 1):
        print(f"only {requests} requests were made")
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
