//! The calendars of a phone (TK20): CalDAV with a password of its own, as phones and programs speak it; what they read.

use kartoteka::http_client::Connection;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::TestDatabase;

use crate::it::address_book::{BOOK, Phone, Reply, between, device};
use crate::it::app::{App, User, expect, for_each_app};

pub(super) const EVENTS: &str = "/dav/calendars/events/";
pub(super) const TASKS: &str = "/dav/calendars/tasks/";
/// 2026-11-23T08:00:00Z, a Monday.
pub(super) const NOW: i64 = 1_795_420_800_000;

/// Runs a test at [`NOW`], once on each kind of database.
pub(super) fn for_each_app_then(test: impl Fn(&App)) {
    for backend in test_kit::backends() {
        test(&App::with_clock(TestDatabase::new(*backend), Clock::fixed(NOW)));
    }
}

#[track_caller]
pub(super) fn create(user: &mut User, object_type: &str, values: Json) -> i64 {
    let made = expect(&user.post(&format!("/records/{object_type}"), &json!({ "values": values })), 201);
    made["record"]["id"].as_i64().unwrap()
}

#[track_caller]
pub(super) fn values(user: &mut User, object_type: &str, id: i64) -> Json {
    expect(&user.get(&format!("/records/{object_type}/{id}")), 200)["values"].clone()
}

/// Somebody in Kyiv with a phone that may write or not.
#[track_caller]
pub(super) fn owner_of(app: &App, may_write: bool) -> (User, Phone) {
    let mut owner = app.with_user(Role::Employee);
    expect(&owner.patch("/session", &json!({ "time_zone": "Europe/Kyiv" })), 200);
    let choices = json!({ "name": "iPhone Олени", "gives": "events_and_tasks", "may_write": may_write });
    let phone = device(app, &mut owner, &choices);
    (owner, phone)
}

/// An entry on whole lines, and its tag.
#[track_caller]
pub(super) fn entry(phone: &mut Phone, path: &str) -> (String, String) {
    let reply = phone.ask("GET", path, &[], "");
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    (reply.text.replace("\r\n ", ""), reply.tag.unwrap())
}

pub(super) fn report(phone: &mut Phone, path: &str, body: &str) -> Reply {
    let body = body.replacen('>', " xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">", 1);
    phone.ask("REPORT", path, &[("depth", "1")], &body)
}

/// What a query finds, as the last parts of the paths.
#[track_caller]
fn found(phone: &mut Phone, path: &str, filter: &str) -> Vec<String> {
    let body =
        format!("<C:calendar-query><D:prop><D:getetag/></D:prop><C:filter>{filter}</C:filter></C:calendar-query>");
    let reply = report(phone, path, &body);
    assert_eq!(reply.status, 207, "{}", reply.text);
    let mut names: Vec<String> = reply
        .text
        .split("<D:href>")
        .skip(1)
        .filter_map(|part| Some(part.split_once('<')?.0.replace(path, "")))
        .collect();
    names.sort();
    names
}

/// What has changed since a token: what stands, what went, and the next token.
#[track_caller]
pub(super) fn sync(phone: &mut Phone, path: &str, token: &str) -> (Vec<String>, Vec<String>, String) {
    let body = format!(
        "<D:sync-collection><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>\
         <D:prop><D:getetag/></D:prop></D:sync-collection>"
    );
    let reply = report(phone, path, &body);
    assert_eq!(reply.status, 207, "{}", reply.text);
    let (mut changed, mut gone) = (Vec::new(), Vec::new());
    for response in reply.text.split("<D:response>").skip(1) {
        let name = between(response, "<D:href>", "</D:href>").replace(path, "");
        if response.contains("404 Not Found") { gone.push(name) } else { changed.push(name) }
    }
    (changed, gone, between(&reply.text, "<D:sync-token>", "</D:sync-token>").to_owned())
}

#[test]
fn a_phone_finds_its_calendars() {
    for_each_app(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let moved = Connection::new(app.address).send("PROPFIND", "/.well-known/caldav", &[], b"").unwrap();
        assert_eq!((moved.status, moved.header("location")), (301, Some("/dav/")));
        let options = Connection::new(app.address).send("OPTIONS", EVENTS, &[], b"").unwrap();
        assert!(options.header("dav").unwrap().contains("calendar-access"));
        let ask = |names: &str| {
            format!(
                "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:S=\"http://calendarserver.org/ns/\">\
                 <D:prop>{names}</D:prop></D:propfind>"
            )
        };
        let principal = phone.ask("PROPFIND", "/dav/principal/", &[("depth", "0")], &ask("<C:calendar-home-set/>"));
        let home = "<L:calendar-home-set><D:href>/dav/calendars/</D:href></L:calendar-home-set>";
        assert!(principal.text.contains(home), "{}", principal.text);
        let names = "<D:resourcetype/><D:displayname/><C:supported-calendar-component-set/><S:getctag/><D:current-user-privilege-set/>";
        let home = phone.ask("PROPFIND", "/dav/calendars/", &[("depth", "1")], &ask(names));
        let of = |path: &str| home.text.split("<D:response>").find(|part| part.contains(path)).unwrap().to_owned();
        let (events, tasks) = (of(EVENTS), of(TASKS));
        assert!(
            events.contains("<D:collection/><L:calendar/>") && events.contains("<L:comp name=\"VEVENT\"/>"),
            "{events}"
        );
        assert!(
            events.contains("<D:displayname>Заходи</D:displayname>") && events.contains("<S:getctag>urn:"),
            "{events}"
        );
        assert!(tasks.contains("<L:comp name=\"VTODO\"/>") && tasks.contains("<D:bind/>"), "{tasks}");

        // One password opens the calendars and no book, the other a book and no calendars.
        assert_eq!(phone.ask("PROPFIND", BOOK, &[], "").status, 404);
        let mut other = device(app, &mut owner, &json!({ "name": "Книга" }));
        for path in ["/dav/calendars/", EVENTS, TASKS] {
            assert_eq!(other.ask("PROPFIND", path, &[], "").status, 404, "{path}");
        }
        let listed = expect(&owner.get("/session/app-passwords"), 200);
        let gives: Vec<&str> =
            listed["items"].as_array().unwrap().iter().map(|one| one["gives"].as_str().unwrap()).collect();
        assert_eq!(gives, ["contacts", "events_and_tasks"]);
        let refused = owner
            .post("/session/app-passwords", &json!({ "name": "x", "gives": "events_and_tasks", "contacts": "own" }));
        assert_eq!(refused.status, 422);
        // Collections are not made and not changed.
        for (method, path) in [("MKCALENDAR", "/dav/calendars/more/"), ("PROPPATCH", EVENTS), ("DELETE", EVENTS)] {
            assert!(matches!(phone.ask(method, path, &[], "").status, 403 | 404), "{method}");
        }
    });
}

#[test]
fn the_own_events_and_tasks_are_read_as_they_stand() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, false);
        let mut other = app.with_user(Role::Employee);
        let me = owner.id;
        let meeting = create(
            &mut owner,
            "event",
            json!({
                "title": "Переговори, зала 2; «Агро»", "place": "Київ", "description": "Взяти\nзразки", "kind": "seminar",
                "starts_at": "2026-12-01T08:00:00Z", "ends_at": "2026-12-01T09:30:00Z",
            }),
        );
        // Two days by the clock in Kyiv, the last of them with one hour less: 28 March 2027.
        let fair = create(
            &mut owner,
            "event",
            json!({ "title": "Виставка", "is_all_day": true, "starts_at": "2027-03-26T22:00:00Z", "ends_at": "2027-03-28T20:59:00Z" }),
        );
        let invited = create(
            &mut other,
            "event",
            json!({ "title": "Запрошення", "starts_at": "2026-12-02T08:00:00Z", "colleagues": [me] }),
        );
        create(&mut other, "event", json!({ "title": "Чуже", "starts_at": "2026-12-02T08:00:00Z" }));
        create(&mut owner, "event", json!({ "title": "Без часу" }));
        create(&mut owner, "event", json!({ "title": "Давно", "starts_at": "2024-12-02T08:00:00Z" }));
        let (text, _) = entry(&mut phone, &format!("{EVENTS}{meeting}.ics"));
        for line in [
            &format!("UID:kartoteka-event-{meeting}"),
            "DTSTART:20261201T080000Z",
            "DTEND:20261201T093000Z",
            "SUMMARY:Переговори\\, зала 2\\; «Агро»",
            "LOCATION:Київ",
            "DESCRIPTION:Взяти\\nзразки",
            "CATEGORIES:Семінар",
            "STATUS:CONFIRMED",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} in {text}");
        }
        let (text, _) = entry(&mut phone, &format!("{EVENTS}{fair}.ics"));
        assert!(text.contains("DTSTART;VALUE=DATE:20270327\r\nDTEND;VALUE=DATE:20270329\r\n"), "{text}");
        let (changed, _, _) = sync(&mut phone, EVENTS, "");
        assert_eq!(changed, [meeting, fair, invited].map(|id| format!("{id}.ics")));

        let weekly = create(
            &mut owner,
            "task",
            json!({ "title": "Звіт", "deadline": "2026-11-27T15:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=FR", "reminder": "minutes_15" }),
        );
        let plain = create(&mut owner, "task", json!({ "title": "Без строку", "category": "call" }));
        create(&mut other, "task", json!({ "title": "Чуже" }));
        // The same time on the wall behind the change of the clock: 17:00 in Kyiv.
        let (text, _) = entry(&mut phone, &format!("{TASKS}{weekly}.ics"));
        for part in [
            "BEGIN:VTIMEZONE\r\nTZID:Europe/Kyiv\r\n",
            "TZOFFSETFROM:+0300\r\nTZOFFSETTO:+0200\r\n",
            "DTSTART;TZID=Europe/Kyiv:20261127T170000\r\nDUE;TZID=Europe/Kyiv:20261127T170000\r\nRRULE:FREQ=WEEKLY;BYDAY=FR\r\n",
            "STATUS:NEEDS-ACTION\r\n",
            "TRIGGER;RELATED=END:-PT15M\r\n",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let (text, _) = entry(&mut phone, &format!("{TASKS}{plain}.ics"));
        assert!(text.contains("CATEGORIES:Дзвінок\r\n") && !text.contains("DUE") && !text.contains("VALARM"), "{text}");
        let (changed, _, _) = sync(&mut phone, TASKS, "");
        assert_eq!(changed, [format!("{weekly}.ics"), format!("{plain}.ics")]);
        // A phone that only reads is told so, and writes nothing.
        let path = format!("{TASKS}{plain}.ics");
        for (method, body) in [("PUT", text.as_str()), ("DELETE", "")] {
            let refused = phone.ask(method, &path, &[("content-type", "text/calendar")], body);
            assert_eq!(refused.status, 403);
            assert!(refused.text.contains("<D:need-privileges>"), "{}", refused.text);
        }
        assert_eq!(values(&mut owner, "task", plain)["status"], "new");
    });
}

#[test]
fn queries_find_what_stands_in_a_span_of_time() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, false);
        let at = |user: &mut User, title: &str, starts: &str, ends: Json| {
            create(user, "event", json!({ "title": title, "starts_at": starts, "ends_at": ends }))
        };
        let one = at(&mut owner, "Зранку", "2026-12-01T08:00:00Z", json!("2026-12-01T09:00:00Z"));
        let two = at(&mut owner, "Увечері", "2026-12-01T18:00:00Z", Json::Null);
        let days = create(
            &mut owner,
            "event",
            json!({ "title": "Дні", "is_all_day": true, "starts_at": "2026-12-02T22:00:00Z", "ends_at": "2026-12-03T21:59:00Z" }),
        );
        let of = |component: &str, inner: &str| {
            format!(
                "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"{component}\">{inner}</C:comp-filter></C:comp-filter>"
            )
        };
        let span = |from: &str, to: &str| of("VEVENT", &format!("<C:time-range start=\"{from}\" end=\"{to}\"/>"));
        let mut check = |filter: &str, expect: &[i64]| {
            let expect: Vec<String> = expect.iter().map(|id| format!("{id}.ics")).collect();
            assert_eq!(found(&mut phone, EVENTS, filter), expect, "{filter}");
        };
        check("<C:comp-filter name=\"VCALENDAR\"/>", &[one, two, days]);
        check(&of("VEVENT", ""), &[one, two, days]);
        check(&of("VTODO", ""), &[]);
        check(&span("20261201T000000Z", "20261202T000000Z"), &[one, two]);
        check(&span("20261201T090000Z", "20261201T180000Z"), &[]);
        check(&span("20261201T083000Z", "20261201T084000Z"), &[one]);
        check(&span("20261201T180000Z", "20261201T190000Z"), &[two]);
        // The 3rd of December in Kyiv begins two hours earlier.
        check(&span("20261202T220000Z", "20261202T230000Z"), &[days]);
        check(&span("20261202T200000Z", "20261202T220000Z"), &[]);
        let title = "<C:prop-filter name=\"SUMMARY\"><C:text-match collation=\"i;unicode-casemap\">увеч</C:text-match></C:prop-filter>";
        check(&of("VEVENT", title), &[two]);

        let weekly = create(
            &mut owner,
            "task",
            json!({ "title": "Звіт", "deadline": "2026-11-27T15:00:00Z", "recurrence": "FREQ=WEEKLY;BYDAY=FR" }),
        );
        let plain = create(&mut owner, "task", json!({ "title": "Без строку" }));
        let span = |from: &str, to: &str| of("VTODO", &format!("<C:time-range start=\"{from}\" end=\"{to}\"/>"));
        let mut check = |filter: &str, expect: &[i64]| {
            let expect: Vec<String> = expect.iter().map(|id| format!("{id}.ics")).collect();
            assert_eq!(found(&mut phone, TASKS, filter), expect, "{filter}");
        };
        check(&span("20261127T000000Z", "20261128T000000Z"), &[weekly, plain]);
        // A Friday in summer at five in the afternoon is 14:00 UTC.
        check(&span("20270702T135900Z", "20270702T140100Z"), &[weekly, plain]);
        check(&span("20270702T140100Z", "20270708T000000Z"), &[plain]);
        let open = "<C:prop-filter name=\"COMPLETED\"><C:is-not-defined/></C:prop-filter>";
        check(&of("VTODO", open), &[weekly, plain]);
        check(&of("VTODO", "<C:comp-filter name=\"VALARM\"/>"), &[weekly]);

        let unknown = of("VEVENT", "<C:time-range start=\"tomorrow\"/>");
        let body = format!("<C:calendar-query><D:prop/><C:filter>{unknown}</C:filter></C:calendar-query>");
        let refused = report(&mut phone, EVENTS, &body);
        assert_eq!((refused.status, refused.text.contains("<L:supported-filter/>")), (403, true), "{}", refused.text);
        let busy = report(
            &mut phone,
            EVENTS,
            "<C:free-busy-query><C:time-range start=\"20261201T000000Z\"/></C:free-busy-query>",
        );
        assert_eq!((busy.status, busy.text.contains("<D:supported-report/>")), (403, true));

        let body = format!(
            "<C:calendar-multiget><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>{EVENTS}{one}.ics</D:href>\
             <D:href>{EVENTS}999.ics</D:href><D:href>{TASKS}{plain}.ics</D:href></C:calendar-multiget>"
        );
        let some = report(&mut phone, EVENTS, &body);
        assert_eq!(some.text.matches("404 Not Found").count(), 2, "{}", some.text);
        assert!(some.text.contains("<L:calendar-data>BEGIN:VCALENDAR&#13;\n"), "{}", some.text);
    });
}

#[test]
fn a_calendar_follows_every_change() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, false);
        let mut other = app.with_user(Role::Employee);
        let (_, _, start) = sync(&mut phone, TASKS, "");
        let one = create(&mut owner, "task", json!({ "title": "Одна" }));
        let two = create(&mut owner, "task", json!({ "title": "Друга" }));
        let (changed, gone, token) = sync(&mut phone, TASKS, &start);
        assert_eq!((changed, gone), (vec![format!("{one}.ics"), format!("{two}.ics")], vec![]));
        // What an entry does not show changes nothing.
        expect(&owner.patch(&format!("/records/task/{one}"), &json!({ "values": { "remark": "лише тут" } })), 200);
        let (changed, gone, same) = sync(&mut phone, TASKS, &token);
        assert_eq!((changed, gone, &same), (vec![], vec![], &token));
        // Given to somebody else it goes, as it does into the trash; who keeps the old token hears of both.
        expect(&owner.patch(&format!("/records/task/{one}"), &json!({ "values": { "responsible": other.id } })), 200);
        expect(&owner.delete(&format!("/records/task/{two}")), 200);
        let (changed, mut gone, next) = sync(&mut phone, TASKS, &token);
        gone.sort();
        assert_eq!((changed, gone), (vec![], vec![format!("{one}.ics"), format!("{two}.ics")]));
        assert_eq!(sync(&mut phone, TASKS, &next).0, Vec::<String>::new());
        let operation = expect(&owner.get("/operations?limit=1"), 200)["items"][0].clone();
        expect(&owner.post(&format!("/operations/{}/undo", operation["id"]), &json!({})), 200);
        assert_eq!(sync(&mut phone, TASKS, &next).0, [format!("{two}.ics")]);

        // A token of another collection, of another device, or that was never given out is none.
        let mut second = device(app, &mut other, &json!({ "name": "x", "gives": "events_and_tasks" }));
        let body = |token: &str| {
            format!("<D:sync-collection><D:sync-token>{token}</D:sync-token><D:prop/></D:sync-collection>")
        };
        for token in [next.replace(":tasks:", ":events:"), format!("{next}9"), "x".to_owned()] {
            let refused = report(&mut phone, TASKS, &body(&token));
            assert_eq!((refused.status, refused.text.contains("valid-sync-token")), (403, true), "{token}");
        }
        assert_eq!(report(&mut second, TASKS, &body(&next)).status, 403);
    });
}
