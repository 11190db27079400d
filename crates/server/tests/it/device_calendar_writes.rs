//! What phones write into calendars (TK20): changed, new, deleted; what they do not know stays, nobody overwrites what he has not seen, and what comes
//! again is written as it is or refused.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::with_roles;
use crate::it::address_book::{Phone, Reply, device};
use crate::it::app::{User, expect, for_each_app};
use crate::it::device_calendar::{EVENTS, TASKS, create, entry, for_each_app_then, owner_of, sync, values};

const TYPE: (&str, &str) = ("content-type", "text/calendar; charset=utf-8");

fn put(phone: &mut Phone, path: &str, tag: &str, text: &str) -> Reply {
    phone.ask("PUT", path, &[TYPE, ("if-match", tag)], text)
}

fn put_new(phone: &mut Phone, path: &str, text: &str) -> Reply {
    phone.ask("PUT", path, &[TYPE, ("if-none-match", "*")], text)
}

fn calendar(component: &str, lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:{component}\r\nUID:ABC-1\r\nDTSTAMP:20261123T080000Z\r\n{lines}\r\nEND:{component}\r\nEND:VCALENDAR\r\n"
    )
}

/// As an iPhone sends it: the zone described, times on the wall.
fn in_kyiv(text: &str) -> String {
    const ZONE: &str = "BEGIN:VTIMEZONE\r\nTZID:Europe/Kiev\r\nBEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0200\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nDTSTART:19960331T030000\r\nTZNAME:GMT+3\r\nTZOFFSETTO:+0300\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\nTZOFFSETFROM:+0300\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nDTSTART:19961027T040000\r\nTZNAME:GMT+2\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    text.replacen("BEGIN:VEVENT", &format!("{ZONE}BEGIN:VEVENT"), 1)
}

fn last_operation(user: &mut User) -> Json {
    expect(&user.get("/operations?limit=1"), 200)["items"][0].clone()
}

#[test]
fn a_phone_changes_what_its_owner_changed_and_nothing_else() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let colleague = app.with_user(Role::Employee).id;
        let event = create(
            &mut owner,
            "event",
            json!({
                "title": "Переговори", "place": "Київ", "description": "Взяти зразки", "kind": "seminar", "colleagues": [colleague],
                "starts_at": "2026-12-01T08:00:00.000Z", "ends_at": "2026-12-01T09:30:00.000Z", "visibility": "private",
            }),
        );
        let path = format!("{EVENTS}{event}.ics");
        let before = values(&mut owner, "event", event);
        let version = |user: &mut User| expect(&user.get(&format!("/records/event/{event}")), 200)["version"].clone();
        let (text, tag) = entry(&mut phone, &path);
        // Sent back as it came it is no change, and leaves no trace.
        let stood = version(&mut owner);
        assert_eq!(put(&mut phone, &path, &tag, &text).status, 204);
        assert_eq!((version(&mut owner), values(&mut owner, "event", event)), (stood, before.clone()));

        // A phone that writes the same times on the wall, knows no categories, and adds what it thinks of.
        let poor = in_kyiv(&calendar(
            "VEVENT",
            "DTSTART;TZID=Europe/Kiev:20261201T100000\r\nDTEND;TZID=Europe/Kiev:20261201T120000\r\nSUMMARY:Переговори з «Агро»\r\n\
             LOCATION:Київ\r\nDESCRIPTION:Взяти зразки\r\nSEQUENCE:3\r\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\n\
             ATTENDEE;CN=\"Хтось\":mailto:a@example.com\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\nEND:VALARM",
        ));
        let reply = put(&mut phone, &path, &tag, &poor);
        assert_eq!((reply.status, &reply.tag), (204, &None), "{}", reply.text);
        let after = values(&mut owner, "event", event);
        assert_eq!(
            (&after["title"], &after["ends_at"]),
            (&json!("Переговори з «Агро»"), &json!("2026-12-01T10:00:00.000Z"))
        );
        for name in ["starts_at", "place", "description", "kind", "colleagues", "visibility", "responsible", "status"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        let operation = last_operation(&mut owner);
        assert_eq!((&operation["source"], &operation["reason"]), (&json!("address_book"), &json!("iPhone Олени")));
        expect(&owner.post(&format!("/operations/{}/undo", operation["id"]), &json!({})), 200);
        assert_eq!(values(&mut owner, "event", event), before);

        // What was sent and is gone is emptied; whole days, called off, of another kind.
        let (_, tag) = entry(&mut phone, &path);
        let days = calendar(
            "VEVENT",
            "DTSTART;VALUE=DATE:20270327\r\nDTEND;VALUE=DATE:20270329\r\nSUMMARY:Переговори\r\nSTATUS:CANCELLED\r\nCATEGORIES:Выставка",
        );
        assert_eq!(put(&mut phone, &path, &tag, &days).status, 204);
        let after = values(&mut owner, "event", event);
        // The clock of Kyiv is put forward on the 28th.
        assert_eq!(
            (&after["starts_at"], &after["ends_at"], &after["is_all_day"]),
            (&json!("2027-03-26T22:00:00.000Z"), &json!("2027-03-28T20:59:00.000Z"), &json!(true))
        );
        assert_eq!((&after["place"], &after["description"]), (&Json::Null, &Json::Null));
        assert_eq!((&after["status"], &after["kind"]), (&json!("cancelled"), &json!("exhibition")));
    });
}

#[test]
fn who_has_not_seen_an_entry_does_not_overwrite_it() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let id = create(&mut owner, "event", json!({ "title": "Зустріч", "starts_at": "2026-12-01T08:00:00.000Z" }));
        let path = format!("{EVENTS}{id}.ics");
        let (text, tag) = entry(&mut phone, &path);
        expect(&owner.patch(&format!("/records/event/{id}"), &json!({ "values": { "title": "Нарада" } })), 200);
        let before = app.content();
        let mine = text.replace("Зустріч", "Моє");
        assert_eq!(put(&mut phone, &path, &tag, &mine).status, 412);
        assert_eq!(phone.ask("PUT", &path, &[TYPE], &mine).status, 428);
        assert_eq!(phone.ask("PUT", &path, &[TYPE, ("if-match", "*")], &mine).status, 428);
        assert_eq!(put_new(&mut phone, &path, &mine).status, 412);
        assert_eq!(put(&mut phone, &format!("{EVENTS}gone.ics"), &tag, &mine).status, 412);
        assert_eq!(phone.ask("DELETE", &path, &[("if-match", &tag)], "").status, 412);
        assert_eq!(phone.ask("DELETE", &format!("{EVENTS}gone.ics"), &[], "").status, 404);
        assert_eq!(app.content(), before);
        let (text, tag) = entry(&mut phone, &path);
        assert_eq!(put(&mut phone, &path, &tag, &text.replace("Нарада", "Моє")).status, 204);
        assert_eq!(values(&mut owner, "event", id)["title"], "Моє");
    });
}

#[test]
fn a_new_entry_keeps_its_name_and_goes_to_the_trash() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let (_, _, token) = sync(&mut phone, EVENTS, "");
        let path = format!("{EVENTS}ABC-1.ics");
        // Long over: it stays in the calendar of the phone that made it.
        let new = in_kyiv(&calendar(
            "VEVENT",
            "DTSTART;TZID=Europe/Kiev:20240701T100000\r\nDURATION:PT1H30M\r\nSUMMARY:З телефону\\, літо\r\nLOCATION:Львів",
        ));
        assert_eq!(put_new(&mut phone, &path, &new).status, 201);
        let (changed, _, token) = sync(&mut phone, EVENTS, &token);
        assert_eq!(changed, ["ABC-1.ics"]);
        let (text, tag) = entry(&mut phone, &path);
        assert!(
            text.contains("UID:ABC-1\r\n") && text.contains("DTSTART:20240701T070000Z\r\nDTEND:20240701T083000Z\r\n"),
            "{text}"
        );
        let listed = expect(&owner.get("/records/event?limit=1"), 200)["items"][0].clone();
        assert_eq!(
            (&listed["values"]["title"], &listed["values"]["place"]),
            (&json!("З телефону, літо"), &json!("Львів"))
        );
        assert_eq!(listed["values"]["responsible"]["id"], owner.id);
        // The identifier is taken, also under another name.
        let again = put_new(&mut phone, &format!("{EVENTS}other.ics"), &new);
        assert_eq!((again.status, again.text.contains("<L:no-uid-conflict>")), (409, true), "{}", again.text);
        assert_eq!(put_new(&mut phone, &format!("{EVENTS}77.ics"), &new.replace("ABC-1", "D-2")).status, 403);
        assert_eq!(phone.ask("DELETE", &path, &[("if-match", &tag)], "").status, 204);
        assert_eq!(phone.ask("GET", &path, &[], "").status, 404);
        let (_, gone, _) = sync(&mut phone, EVENTS, &token);
        assert_eq!(gone, ["ABC-1.ics"]);
        let operation = last_operation(&mut owner);
        assert_eq!(operation["kind"], "delete");
        expect(&owner.post(&format!("/operations/{}/undo", operation["id"]), &json!({})), 200);
        assert_eq!(entry(&mut phone, &path).0, text);
    });
}

#[test]
fn a_task_is_ticked_reminds_and_comes_again() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let path = format!("{TASKS}T-1.ics");
        let new = calendar(
            "VTODO",
            "SUMMARY:Звіт\r\nDTSTART;TZID=Europe/Kyiv:20261127T170000\r\nDUE;TZID=Europe/Kyiv:20261127T170000\r\n\
             RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=FR;WKST=SU\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER;VALUE=DATE-TIME:20261127T143000Z\r\nEND:VALARM",
        );
        assert_eq!(put_new(&mut phone, &path, &new).status, 201);
        let (_, _, token) = sync(&mut phone, TASKS, "");
        let id = expect(&owner.get("/records/task?limit=1"), 200)["items"][0]["id"].as_i64().unwrap();
        let made = values(&mut owner, "task", id);
        assert_eq!(
            (&made["deadline"], &made["recurrence"], &made["reminder"], &made["starts_at"]),
            (&json!("2026-11-27T15:00:00.000Z"), &json!("FREQ=WEEKLY;BYDAY=FR"), &json!("minutes_30"), &Json::Null)
        );
        // Ticked on the phone: closed, and the next one is there.
        let (text, tag) = entry(&mut phone, &path);
        let done = text
            .replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261123T080000Z\r\nPERCENT-COMPLETE:100");
        assert_eq!(put(&mut phone, &path, &tag, &done).status, 204);
        let closed = values(&mut owner, "task", id);
        assert_eq!((&closed["status"], &closed["closed_at"]), (&json!("done"), &json!("2026-11-23T08:00:00.000Z")));
        let (changed, _, _) = sync(&mut phone, TASKS, &token);
        assert_eq!(changed.len(), 2, "{changed:?}");
        let next = changed.iter().find(|name| *name != "T-1.ics").unwrap();
        let (text, _) = entry(&mut phone, &format!("{TASKS}{next}"));
        assert!(
            text.contains("DUE;TZID=Europe/Kyiv:20261204T170000\r\n") && text.contains("STATUS:NEEDS-ACTION"),
            "{text}"
        );
        assert!(text.contains("TRIGGER;RELATED=END:-PT30M"), "{text}");

        // Open again, on a whole day, another rule, no alarm.
        let (text, tag) = entry(&mut phone, &path);
        assert!(text.contains("STATUS:COMPLETED\r\nCOMPLETED:20261123T080000Z\r\n"), "{text}");
        let again = calendar(
            "VTODO",
            "SUMMARY:Звіт\r\nDUE;VALUE=DATE:20270328\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=28\r\nSTATUS:IN-PROCESS",
        );
        assert_eq!(put(&mut phone, &path, &tag, &again).status, 204);
        let after = values(&mut owner, "task", id);
        assert_eq!(
            (&after["deadline"], &after["is_all_day"], &after["recurrence"], &after["reminder"], &after["status"]),
            (
                &json!("2027-03-28T20:59:00.000Z"),
                &json!(true),
                &json!("FREQ=YEARLY"),
                &json!("never"),
                &json!("in_progress")
            )
        );
        let (text, _) = entry(&mut phone, &path);
        assert!(text.contains("DUE;VALUE=DATE:20270328\r\n"), "{text}");
    });
}

#[test]
fn what_cannot_be_said_here_is_refused_and_changes_nothing() {
    for_each_app_then(|app| {
        let (mut owner, mut phone) = owner_of(app, true);
        let event = create(&mut owner, "event", json!({ "title": "Зустріч", "starts_at": "2026-12-01T08:00:00.000Z" }));
        let task = create(&mut owner, "task", json!({ "title": "Звіт", "deadline": "2026-11-27T15:00:00.000Z" }));
        let (event, task) = (format!("{EVENTS}{event}.ics"), format!("{TASKS}{task}.ics"));
        let before = app.content();
        let mut check = |path: &str, component: &str, lines: &str, status: u16, part: &str| {
            let (_, tag) = entry(&mut phone, path);
            let reply = put(&mut phone, path, &tag, &calendar(component, lines));
            assert_eq!(reply.status, status, "{lines}: {}", reply.text);
            assert!(reply.text.contains(part), "{lines}: {}", reply.text);
            let reply = put_new(&mut phone, &path.replace(".ics", "-new.ics"), &calendar(component, lines));
            assert_eq!((reply.status, reply.text.contains(part)), (status, true), "{lines}: {}", reply.text);
        };
        let begins = "SUMMARY:A\r\nDTSTART:20261201T080000Z\r\n";
        let due = "SUMMARY:A\r\nDUE:20261127T150000Z\r\n";
        check(&event, "VEVENT", &format!("{begins}RRULE:FREQ=DAILY"), 403, "<L:max-instances>");
        check(&event, "VEVENT", &format!("{begins}RECURRENCE-ID:20261201T080000Z"), 403, "<L:max-instances>");
        check(&task, "VTODO", &format!("{due}RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1"), 403, "<L:max-instances>");
        check(&task, "VTODO", &format!("{due}RRULE:FREQ=DAILY\r\nEXDATE:20261128T150000Z"), 403, "EXDATE");
        check(&task, "VEVENT", begins, 403, "<L:supported-calendar-component/>");
        check(&event, "VTODO", due, 403, "<L:supported-calendar-component/>");
        check(&event, "VEVENT", "SUMMARY:A\r\nDTSTART;TZID=Nowhere:20261201T080000", 403, "<L:valid-calendar-data/>");
        check(&event, "VEVENT", "SUMMARY:A\r\nDTSTART:tomorrow", 403, "<L:valid-calendar-data/>");
        check(&event, "VEVENT", "SUMMARY:A", 403, "<L:valid-calendar-data/>");
        check(&event, "VEVENT", &format!("{begins}DTEND:20261201T070000Z"), 409, "after_end");
        check(&event, "VEVENT", &format!("DTSTART:20261201T080000Z\r\nSUMMARY:{}", "x".repeat(400)), 409, "too_long");
        check(&task, "VTODO", "SUMMARY:A\r\nRRULE:FREQ=DAILY", 409, "required");
        let (_, tag) = entry(&mut phone, &event);
        let reply = phone.ask("PUT", &event, &[("if-match", &tag), ("content-type", "text/vcard")], "x");
        assert_eq!((reply.status, reply.text.contains("<L:supported-calendar-data/>")), (415, true));
        let large = calendar("VEVENT", &format!("{begins}DESCRIPTION:{}", "x".repeat(600_000)));
        assert_eq!(put(&mut phone, &event, &tag, &large).status, 413);
        assert_eq!(app.content(), before);
    });
}

#[test]
fn who_may_not_change_an_event_keeps_it() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut owner = app.with_user(Role::Employee);
        let none = json!({ "create": [], "change": [], "delete": [] });
        let rights = json!({ "base": "employee", "types": { "event": { "actions": none } } });
        let role = create(&mut admin, "role", json!({ "name": "Читач", "rights": rights.to_string() }));
        let mut guest = with_roles(app, &mut admin, &[role]);
        let choices = json!({ "name": "x", "gives": "events_and_tasks", "may_write": true });
        let mut phone = device(app, &mut guest, &choices);
        let colleagues = json!({ "title": "Нарада", "starts_at": "2027-12-01T08:00:00.000Z", "colleagues": [guest.id], "visibility": "read" });
        let id = create(&mut owner, "event", colleagues);
        let path = format!("{EVENTS}{id}.ics");
        let (text, tag) = entry(&mut phone, &path);
        let before = app.content();
        let refused = put(&mut phone, &path, &tag, &text.replace("Нарада", "Моє"));
        assert_eq!((refused.status, refused.text.contains("<D:need-privileges>")), (403, true), "{}", refused.text);
        let refused = phone.ask("DELETE", &path, &[("if-match", &tag)], "");
        assert_eq!((refused.status, refused.text.contains("<D:unbind/>")), (403, true), "{}", refused.text);
        let new = calendar("VEVENT", "DTSTART:20271201T080000Z\r\nSUMMARY:A");
        let refused = put_new(&mut phone, &format!("{EVENTS}new.ics"), &new);
        assert_eq!((refused.status, refused.text.contains("<D:bind/>")), (403, true), "{}", refused.text);
        assert_eq!((entry(&mut phone, &path).1, app.content()), (tag, before));
    });
}
