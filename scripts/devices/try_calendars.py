"""Real clients against the calendars of a phone: the library `caldav`, and vdirsyncer between this program and Radicale, in both directions.

`make test-devices` installs them (see requirements.txt beside it) and runs it with their Python. `KARTOTEKA_BINARY` names another program than the debug
build. It says what it saw and ends with an error when something was not as it should be.
"""

import datetime
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "hostile"))

import caldav  # noqa: E402
from caldav.lib.error import DAVError  # noqa: E402
from program import Program  # noqa: E402

KYIV = ZoneInfo("Europe/Kyiv")
LOGIN = "maria"


def check(what: str, is_so: bool, seen: object = "") -> None:
    print(("ok   " if is_so else "NOT  ") + what, "" if is_so else seen, flush=True)
    if not is_so:
        raise SystemExit(1)


def make(program: Program, session: str, object_type: str, **values: object) -> int:
    status, made = program.ask("POST", f"/records/{object_type}", session, {"values": values})
    check(f"a {object_type} is made", status == 201, made)
    return made["record"]["id"]


def values_of(program: Program, session: str, object_type: str, record: int) -> dict:
    return program.ask("GET", f"/records/{object_type}/{record}", session)[1]["values"]


def refuses(what: str, work) -> None:
    try:
        work()
    except DAVError as error:
        check(what, True)
        print("       ", str(error)[:160].replace("\n", " "))
        return
    check(what, False, "it was taken")


def newest(program: Program, session: str, object_type: str) -> dict:
    return program.ask("GET", f"/records/{object_type}?limit=1&sort=-id", session)[1]["items"][0]


def with_library(program: Program, session: str, password: str) -> None:
    print("— the library caldav", caldav.__version__)
    # From the bare address, as a phone is told it.
    client = caldav.DAVClient(url=f"{program.url}/.well-known/caldav", username=LOGIN, password=password)
    calendars = {tuple(calendar.get_supported_components()): calendar for calendar in client.principal().calendars()}
    check("two calendars are found", set(calendars) == {("VEVENT",), ("VTODO",)}, calendars)
    events, tasks = calendars[("VEVENT",)], calendars[("VTODO",)]

    start = datetime.datetime(2027, 3, 27, 10, 0, tzinfo=KYIV)
    event = events.save_event(dtstart=start, dtend=start + datetime.timedelta(hours=1), summary="Зустріч, «Агро»; зала", location="Львів")
    found = newest(program, session, "event")["values"]
    check("an event comes from the library", (found["title"], found["starts_at"]) == ("Зустріч, «Агро»; зала", "2027-03-27T08:00:00.000Z"), found)
    day = datetime.datetime(2027, 3, 27, tzinfo=KYIV)
    spans = [(0, 1, 1), (1, 2, 0)]
    for first, last, count in spans:
        searched = events.search(start=day + datetime.timedelta(days=first), end=day + datetime.timedelta(days=last), event=True)
        check(f"a span of time finds {count}", len(searched) == count, searched)
    event = events.event_by_url(event.url)
    event.icalendar_component["summary"] = "Нарада"
    event.save()
    check("it is changed", newest(program, session, "event")["values"]["title"] == "Нарада")
    token = events.objects_by_sync_token()
    record = newest(program, session, "event")["id"]
    program.ask("PATCH", f"/records/event/{record}", session, {"values": {"place": "Київ"}})
    token.sync()
    moved = [str(one.icalendar_component.get("location")) for one in token if one.data]
    check("a change here is told by the token", "Київ" in moved, moved)
    check("the library finds it by its identifier", events.event_by_uid(event.icalendar_component["uid"]) is not None)
    event = events.event_by_url(event.url)
    event.delete()
    check("it is deleted", program.ask("GET", f"/records/event/{record}", session)[1].get("deleted_at") is not None)
    refuses("an event that comes again is refused", lambda: events.save_event(dtstart=start, summary="Щодня", rrule={"FREQ": "DAILY"}))

    due = datetime.datetime(2027, 3, 26, 17, 0, tzinfo=KYIV)
    task = tasks.save_todo(summary="Звіт", dtstart=due - datetime.timedelta(hours=1), due=due, rrule={"FREQ": "WEEKLY", "BYDAY": "FR"})
    found = newest(program, session, "task")
    check("a task that comes again is made", found["values"]["recurrence"] == "FREQ=WEEKLY;BYDAY=FR", found["values"])
    # What was written is kept as fields, so it is read again, as the standard wants.
    task.load()
    task.complete()
    check("it is ticked", values_of(program, session, "task", found["id"])["status"] == "done")
    following = newest(program, session, "task")
    # The clock is put forward on the 28th of March.
    check("the next one is there at the same time on the wall", following["values"]["deadline"] == "2027-04-02T14:00:00.000Z", following["values"])
    check("the open ones are listed", "Звіт" in [str(one.icalendar_component["summary"]) for one in tasks.todos()])
    refuses("a rule that is not known is refused", lambda: tasks.save_todo(summary="x", due=due, rrule={"FREQ": "MONTHLY", "BYDAY": "MO", "BYSETPOS": 1}))


RADICALE = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = none
[storage]
filesystem_folder = {folder}/radicale
"""

PAIR = """[general]
status_path = "{folder}/status"

[pair {name}]
a = "{name}_here"
b = "{name}_there"
collections = [["{name}", "{name}", "{name}"]]
conflict_resolution = "a wins"

[storage {name}_here]
type = "caldav"
url = "{url}/.well-known/caldav"
username = "{login}"
password = "{password}"

[storage {name}_there]
type = "caldav"
url = "http://127.0.0.1:{port}/olena/"
username = "olena"
password = "x"
"""


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def until_listening(port: int) -> None:
    last = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            check("Radicale listens", time.monotonic() < last)
            time.sleep(0.1)


def with_vdirsyncer(program: Program, session: str, password: str) -> None:
    print("— vdirsyncer between this program and Radicale")
    folder, port = Path(tempfile.mkdtemp(prefix="kartoteka-devices-")), free_port()
    (folder / "radicale.conf").write_text(RADICALE.format(port=port, folder=folder))
    tools = Path(sys.executable).parent
    log = open(folder / "radicale.log", "w")
    server = subprocess.Popen([tools / "radicale", "--config", folder / "radicale.conf"], stdout=log, stderr=log)
    try:
        until_listening(port)
        for name in ["events", "tasks"]:
            ways = {"folder": folder, "name": name, "url": program.url, "login": LOGIN, "password": password, "port": port}
            (folder / f"{name}.conf").write_text(PAIR.format(**ways))

        def run(name: str, *command: str, answer: str = "") -> str:
            environment = {**os.environ, "VDIRSYNCER_CONFIG": str(folder / f"{name}.conf")}
            done = subprocess.run([tools / "vdirsyncer", *command], env=environment, input=answer, capture_output=True, text=True)
            check(f"vdirsyncer {' '.join(command)} ({name})", done.returncode == 0, done.stdout + done.stderr)
            return done.stdout + done.stderr

        there = caldav.DAVClient(url=f"http://127.0.0.1:{port}/", username="olena", password="x")
        for name in ["events", "tasks"]:
            run(name, "discover", answer="y\n" * 6)
        meeting = make(program, session, "event", title="Звідси", starts_at="2027-05-03T08:00:00.000Z", ends_at="2027-05-03T09:00:00.000Z")
        task = make(program, session, "task", title="Задача звідси", deadline="2027-05-03T08:00:00.000Z", recurrence="FREQ=MONTHLY;BYMONTHDAY=-1")
        for name in ["events", "tasks"]:
            run(name, "sync")
        calendars = {calendar.url.path.rstrip("/").rsplit("/", 1)[-1]: calendar for calendar in there.principal().calendars()}
        titles = {name: [str(one.icalendar_component["summary"]) for one in calendars[name].search()] for name in calendars}
        check("what is here came there", "Звідси" in titles["events"] and "Задача звідси" in titles["tasks"], titles)

        start = datetime.datetime(2027, 5, 4, 10, 0, tzinfo=KYIV)
        calendars["events"].save_event(dtstart=start, dtend=start + datetime.timedelta(hours=2), summary="Звідти")
        calendars["tasks"].save_todo(summary="Задача звідти", due=start)
        run("events", "sync")
        run("tasks", "sync")
        check("an event of there came here", newest(program, session, "event")["values"]["starts_at"] == "2027-05-04T07:00:00.000Z")
        check("a task of there came here", newest(program, session, "task")["values"]["title"] == "Задача звідти")

        own = next(one for one in calendars["events"].search() if str(one.icalendar_component["summary"]) == "Звідси")
        own.icalendar_component["summary"] = "Звідси, змінено там"
        own.save()
        program.ask("PATCH", f"/records/task/{task}", session, {"values": {"title": "Задача звідси, змінено тут"}})
        run("events", "sync")
        run("tasks", "sync")
        check("a change of there came here", values_of(program, session, "event", meeting)["title"] == "Звідси, змінено там")
        titles = [str(one.icalendar_component["summary"]) for one in calendars["tasks"].search(include_completed=True, todo=True)]
        check("a change of here came there", "Задача звідси, змінено тут" in titles, titles)

        # What was written is read again at the next time: until then vdirsyncer takes it for changed here, and a deletion of there for a conflict.
        run("events", "sync")
        run("tasks", "sync")
        own = next(one for one in calendars["events"].search() if "змінено там" in str(one.icalendar_component["summary"]))
        own.delete()
        program.ask("DELETE", f"/records/task/{task}", session)
        said = run("events", "sync")
        run("tasks", "sync")
        check("a deletion of there came here", program.ask("GET", f"/records/event/{meeting}", session)[1].get("deleted_at") is not None, said)
        titles = [str(one.icalendar_component["summary"]) for one in calendars["tasks"].search(include_completed=True, todo=True)]
        check("a deletion of here came there", "Задача звідси, змінено тут" not in titles, titles)
        before = [newest(program, session, name)["id"] for name in ["event", "task"]]
        for name in ["events", "tasks"]:
            said = run(name, "sync")
            check(f"then nothing is left to do ({name})", "Copying" not in said and "Deleting" not in said, said)
        check("and nothing was made twice", before == [newest(program, session, name)["id"] for name in ["event", "task"]])
    finally:
        server.terminate()
        server.wait(10)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    with Program(40) as program:
        session = program.log_in(LOGIN)
        program.ask("PATCH", "/session", session, {"time_zone": "Europe/Kyiv"})
        choices = {"name": "Звірка", "gives": "events_and_tasks", "may_write": True}
        status, made = program.ask("POST", "/session/app-passwords", session, choices)
        check("a password is made", status == 201, made)
        plain = urllib.request.Request(f"{program.url}/.well-known/caldav", method="GET")
        try:
            urllib.request.urlopen(plain)
        except urllib.error.HTTPError as error:
            check("without a password nothing is told", error.code == 401, error.code)
        with_library(program, session, made["password"])
        with_vdirsyncer(program, session, made["password"])
        check("the program met no fault", not program.faults(), program.faults())


if __name__ == "__main__":
    main()
