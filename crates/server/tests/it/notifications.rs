//! Notifications: who is told of what, how much of it he may still know when he reads it, and what leaves by mail.

use std::cell::Cell;

use modules::notifications::write_due;
use record_engine::notifications::{NAMED, prune};
use record_engine::write::{Change, Operation, OperationKind, apply};
use record_engine::{Clock, Engine, EngineError, RequestContext, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, for_each_app};
use crate::it::events::Events;
use crate::it::letters::{PUBLIC_URL, deliver, with_mail};
use crate::it::person::{person, with};

const PAGE: &str = "/session/notifications";
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

fn unread(user: &mut User) -> i64 {
    let count = expect(&user.get(&format!("{PAGE}/unread")), 200)["unread"].as_i64().unwrap();
    let listed = expect(&user.get(&format!("{PAGE}?unread=true&limit=100")), 200);
    assert_eq!(listed["items"].as_array().unwrap().len() as i64, count, "what is counted is listed");
    count
}

fn items(user: &mut User) -> Vec<Json> {
    expect(&user.get(PAGE), 200)["items"].as_array().unwrap().clone()
}

/// Kind and number of records of each, newest first.
fn kinds(user: &mut User) -> Vec<(String, i64)> {
    let told = |item: &Json| (item["kind"].as_str().unwrap().to_owned(), item["count"].as_i64().unwrap());
    items(user).iter().map(told).collect()
}

fn told(kind: &str, count: i64) -> (String, i64) {
    (kind.to_owned(), count)
}

fn share(owner: &mut User, contact: &Json, field: &str, ids: &[i64]) -> Json {
    let path = format!("/records/contact/{}", contact["id"]);
    expect(&owner.patch(&path, &json!({ "values": { field: ids } })), 200)
}

fn team(admin: &mut User, members: &[i64]) -> Json {
    let values = json!({ "name": "Відділ продажу", "members": members });
    expect(&admin.post("/records/team", &json!({ "values": values })), 201)["record"].clone()
}

#[test]
fn who_is_given_access_is_told_and_nobody_else() {
    for_each_app(|app| {
        let [mut owner, mut reader, mut other] = [(); 3].map(|()| app.with_user(Role::Employee));
        let me = owner.id;
        let contact = owner.create_contact(person("Спільна"));
        assert_eq!((unread(&mut owner), unread(&mut reader)), (0, 0));
        share(&mut owner, &contact, "readers", &[me, reader.id]);

        assert_eq!(unread(&mut reader), 1);
        let item = &items(&mut reader)[0];
        assert_eq!(
            (&item["kind"], &item["records"][0]["id"], &item["records"][0]["title"], &item["actor"]["id"]),
            (&json!("access_to_read"), &contact["id"], &json!("Спільна"), &json!(owner.id))
        );
        let text = item["text"].as_str().unwrap();
        assert!(text.ends_with("відкриває вам для читання картку"), "{text}");
        assert_eq!((unread(&mut owner), unread(&mut other)), (0, 0), "own doings are no news, and others hear nothing");

        // More is news, the same or less is none.
        share(&mut owner, &contact, "editors", &[reader.id]);
        share(&mut owner, &contact, "readers", &[me]);
        share(&mut owner, &contact, "managers", &[me, reader.id]);
        share(&mut owner, &contact, "editors", &[]);
        let expected = [told("made_responsible", 1), told("access_to_change", 1), told("access_to_read", 1)];
        assert_eq!(kinds(&mut reader), expected);

        // A new contact with somebody else as its manager (CB13).
        owner.create_contact(with(person("Чужа"), "managers", json!([other.id])));
        assert_eq!(kinds(&mut other), [told("made_responsible", 1)]);
    });
}

#[test]
fn a_team_tells_its_members() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let [mut owner, mut one, mut two] = [(); 3].map(|()| app.with_user(Role::Employee));
        let team = team(&mut admin, &[owner.id, one.id, two.id]);
        let contact = owner.create_contact(person("Спільна"));
        share(&mut owner, &contact, "editors", &[two.id]);
        share(&mut owner, &contact, "reading_teams", &[team["id"].as_i64().unwrap()]);
        assert_eq!(kinds(&mut one), [told("access_to_read", 1)]);
        assert_eq!(kinds(&mut two), [told("access_to_change", 1)], "who may more already is told nothing");
        assert_eq!(kinds(&mut owner), []);

        // Who joins or leaves may more or less than before.
        let path = format!("/records/team/{}", team["id"]);
        expect(&admin.patch(&path, &json!({ "values": { "members": [owner.id, one.id] } })), 200);
        assert_eq!(kinds(&mut two)[0], told("rights_changed", 1));
        assert_eq!(kinds(&mut one).len(), 1);
    });
}

#[test]
fn a_mass_change_is_one_notification() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let many = i64::try_from(NAMED).unwrap() + 5;
        let ids: Vec<Json> =
            (0..many).map(|number| owner.create_contact(person(&format!("Клієнт {number}")))["id"].clone()).collect();
        let give = |owner: &mut User, ids: &[Json]| {
            let body = json!({ "action": "update", "ids": ids, "values": { "readers": [reader.id] } });
            let started = expect(&owner.post("/records/contact/bulk", &body), 202);
            owner.wait_for_job(&started["job"])
        };
        let job = give(&mut owner, &ids);
        assert_eq!(kinds(&mut reader), [told("access_to_read", many)]);
        let item = items(&mut reader)[0].clone();
        assert!(item["text"].as_str().unwrap().contains(&format!("{many} карток")), "{item}");
        assert_eq!(item["records"].as_array().unwrap().len(), NAMED);

        // Its undo takes it back while it is unread.
        let undone = owner.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({}));
        expect(&undone, 200);
        assert_eq!((unread(&mut reader), items(&mut reader)), (0, vec![]));
    });
}

#[test]
fn a_mass_change_of_several_transactions_is_one_notification_too() {
    const MANY: usize = 450;
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        create_contacts(&app.engine, MANY);
        let body = json!({ "action": "update", "filter": "kind = person", "values": { "readers": [reader.id] } });
        let started = expect(&owner.post("/records/contact/bulk", &body), 202);
        let job = owner.wait_for_job(&started["job"]);
        let many = i64::try_from(MANY).unwrap();
        assert_eq!((kinds(&mut reader), unread(&mut reader)), (vec![told("access_to_read", many)], 1));
        assert_eq!(items(&mut reader)[0]["records"].as_array().unwrap().len(), NAMED);

        // Its undo takes it back as a whole.
        expect(&owner.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({})), 200);
        assert_eq!((unread(&mut reader), items(&mut reader)), (0, vec![]));
    });
}

/// Writes them in one transaction, which is much faster than a request for each.
fn create_contacts(engine: &Engine, count: usize) {
    let (context, snapshot) = (RequestContext::system(engine.clock()), engine.snapshot());
    let contacts = snapshot.object_type("contact").unwrap();
    let create = |number: usize| {
        let values = person(&format!("Клієнт {number}")).as_object().unwrap().clone().into_iter().collect();
        Change::Create { values }
    };
    let outcomes = engine.write_batch(|tx| {
        let mut operation = Operation::new(OperationKind::Import, Some(contacts.id));
        apply(tx, snapshot.writer(), &context, &mut operation, &contacts, (0..count).map(create).collect())
    });
    assert!(outcomes.unwrap().iter().all(Result::is_ok));
}

#[test]
fn an_undo_takes_back_what_is_unread_and_what_was_read_tells_nothing() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Спільна"));
        let undo = |owner: &mut User, answer: &Json| {
            expect(&owner.post(&format!("/operations/{}/undo", answer["operation_id"]), &json!({})), 200)
        };
        let shared = share(&mut owner, &contact, "readers", &[reader.id]);
        assert_eq!(unread(&mut reader), 1);
        let undone = undo(&mut owner, &shared);
        assert_eq!(items(&mut reader), Vec::<Json>::new());

        // Taking the undo back gives access anew.
        undo(&mut owner, &undone);
        let id = items(&mut reader)[0]["id"].clone();
        assert_eq!(expect(&reader.post(&format!("{PAGE}/read"), &json!({ "ids": [id] })), 200)["unread"], 0);
        assert_eq!(items(&mut reader).len(), 1);
        share(&mut owner, &contact, "readers", &[]);
        assert_eq!(items(&mut reader), Vec::<Json>::new(), "of what he does not see any more nothing is told");
        let made = owner.create_contact(with(person("Нова"), "readers", json!([reader.id])));
        assert_eq!(unread(&mut reader), 1);
        expect(&owner.delete(&format!("/records/contact/{}", made["id"])), 200);
        assert_eq!(unread(&mut reader), 0, "nor of what is in the trash");
    });
}

#[test]
fn whose_access_is_taken_away_is_told_nothing_of_the_card() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let [kept, lost] = ["Лишилась", "Прихована"].map(|name| owner.create_contact(person(name)));
        let body = json!({ "action": "update", "ids": [kept["id"], lost["id"]], "values": { "readers": [reader.id] } });
        let mut head = app.administrator();
        let started = expect(&head.post("/records/contact/bulk", &body), 202);
        head.wait_for_job(&started["job"]);
        assert_eq!(kinds(&mut reader), [told("access_to_read", 2)]);
        share(&mut owner, &lost, "readers", &[]);
        let left = items(&mut reader);
        assert!(!json!(left).to_string().contains("Прихована"), "{left:?}");
        assert_eq!((&left[0]["count"], left[0]["records"].as_array().unwrap().len()), (&json!(1), 1));
        share(&mut owner, &kept, "readers", &[]);
        assert_eq!((unread(&mut reader), items(&mut reader)), (0, vec![]));
    });
}

#[test]
fn a_change_that_is_refused_tells_nothing() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Спільна"));
        let path = format!("/records/contact/{}", contact["id"]);
        let wrong = json!({ "values": { "readers": [reader.id], "kind": "nonsense" } });
        expect(&owner.patch(&path, &wrong), 422);
        assert_eq!(unread(&mut reader), 0);
        // A repeated request is answered again and done once.
        for _ in 0..2 {
            let body = json!({ "values": { "readers": [reader.id] } });
            expect(&owner.send("PATCH", &path, &[("idempotency-key", "k1")], &body), 200);
        }
        assert_eq!(unread(&mut reader), 1);
        // What is written in a transaction that ends badly was never told.
        let snapshot = app.engine.snapshot();
        let contacts = snapshot.object_type("contact").unwrap();
        let context = kartoteka::installation::user_context(&app.engine, owner.id, record_engine::Source::Web).unwrap();
        let refused: Result<(), EngineError> = app.engine.write(|tx| {
            let values = person("Покинута").as_object().unwrap().clone().into_iter();
            let mut values: record_engine::Values = values.collect();
            values.insert("readers".into(), json!([reader.id]));
            record_engine::write::apply_one(
                tx,
                snapshot.writer(),
                &context,
                &contacts,
                record_engine::write::Change::Create { values },
            )?;
            Err(EngineError::State("conflict"))
        });
        assert!(refused.is_err());
        assert_eq!(unread(&mut reader), 1);
    });
}

#[test]
fn those_of_others_are_neither_read_nor_marked() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let [mut owner, mut reader, mut stranger] = [(); 3].map(|()| app.with_user(Role::Employee));
        let contact = owner.create_contact(person("Спільна"));
        share(&mut owner, &contact, "readers", &[reader.id]);
        let id = items(&mut reader)[0]["id"].clone();
        for user in [&mut stranger, &mut owner, &mut admin] {
            assert_eq!(items(user), Vec::<Json>::new());
            assert_eq!(expect(&user.post(&format!("{PAGE}/read"), &json!({ "ids": [id] })), 200)["unread"], 0);
            assert_eq!(expect(&user.post(&format!("{PAGE}/read"), &json!({ "up_to": id })), 200)["unread"], 0);
        }
        assert_eq!(unread(&mut reader), 1);
        // Not even who looks with his eyes.
        assert_eq!(admin.post("/session/see-as", &json!({ "user_id": reader.id })).status, 204);
        expect(&admin.get(PAGE), 403);
        assert_eq!(expect(&reader.post(&format!("{PAGE}/read"), &json!({ "up_to": id })), 200)["unread"], 0);
        assert!(items(&mut reader)[0]["read_at"].is_string());
    });
}

#[test]
fn a_list_is_read_page_by_page() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contacts: Vec<Json> = (0..5).map(|at| owner.create_contact(person(&format!("Клієнт {at}")))).collect();
        contacts.iter().for_each(|contact| drop(share(&mut owner, contact, "readers", &[reader.id])));
        // The one in the middle is not his any more, and leaves no hole.
        share(&mut owner, &contacts[2], "readers", &[]);
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = expect(&reader.get(&format!("{PAGE}?limit=2{cursor}")), 200);
            let found = page["items"].as_array().unwrap();
            assert!(!found.is_empty() && found.len() <= 2);
            names.extend(found.iter().map(|item| item["records"][0]["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(names, ["Клієнт 4", "Клієнт 3", "Клієнт 1", "Клієнт 0"]);
        expect(&reader.get(&format!("{PAGE}?cursor=x")), 422);
    });
}

#[test]
fn changed_rights_are_told() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (user, mut head) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let path = format!("/records/user/{}", user.id);
        let login = expect(&admin.get(&path), 200)["values"]["login"].as_str().unwrap().to_owned();
        expect(&admin.patch(&path, &json!({ "values": { "name": "Інше ім'я" } })), 200);
        let changed = expect(&admin.patch(&path, &json!({ "values": { "roles": [2], "head": head.id } })), 200);
        let mut user = app.log_in(&login);
        assert_eq!(
            (kinds(&mut user), kinds(&mut head)),
            (vec![told("rights_changed", 1)], vec![told("rights_changed", 1)])
        );
        assert_eq!((&items(&mut user)[0]["records"], items(&mut head)[0]["records"].clone()), (&json!([]), json!([])));
        expect(&admin.post(&format!("/operations/{}/undo", changed["operation_id"]), &json!({})), 200);
        assert_eq!(kinds(&mut app.log_in(&login)), []);

        let role = expect(
            &admin
                .post("/records/role", &json!({ "values": { "name": "Кадри", "rights": "{\"base\":\"employee\"}" } })),
            201,
        );
        let role = role["record"]["id"].clone();
        expect(&admin.patch(&path, &json!({ "values": { "roles": [role] } })), 200);
        let changed = json!({ "values": { "rights": "{\"base\":\"supervisor\"}" } });
        expect(&admin.patch(&format!("/records/role/{role}"), &changed), 200);
        assert_eq!(kinds(&mut app.log_in(&login)), [told("rights_changed", 1), told("rights_changed", 1)]);
    });
}

#[test]
fn everybody_chooses_what_reaches_him_where() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let path = "/session/notification-settings";
        let of = |settings: &Json, kind: &str| {
            let found =
                settings["kinds"].as_array().unwrap().iter().find(|entry| entry["kind"] == kind).unwrap().clone();
            (found["page"].as_bool().unwrap(), found["mail"].as_bool().unwrap())
        };
        let settings = expect(&reader.get(path), 200);
        assert_eq!((of(&settings, "access_to_read"), of(&settings, "import_finished")), ((true, true), (true, false)));
        let changed = expect(&reader.patch(path, &json!({ "kind": "access_to_read", "page": false })), 200);
        assert_eq!((of(&changed, "access_to_read"), of(&changed, "access_to_change")), ((false, true), (true, true)));
        expect(&reader.patch(path, &json!({ "kind": "nonsense", "page": false })), 422);
        assert_eq!(of(&expect(&owner.get(path), 200), "access_to_read"), (true, true));

        let contact = owner.create_contact(person("Спільна"));
        share(&mut owner, &contact, "readers", &[reader.id]);
        assert_eq!(kinds(&mut reader), []);
        share(&mut owner, &contact, "editors", &[reader.id]);
        assert_eq!(kinds(&mut reader), [told("access_to_change", 1)]);
    });
}

#[test]
fn the_receiver_hears_at_once_and_nobody_else() {
    for_each_app(|app| {
        let [mut owner, mut reader, mut stranger] = [(); 3].map(|()| app.with_user(Role::Employee));
        let (mut to_reader, mut to_stranger) = (Events::open(&mut reader, &[]), Events::open(&mut stranger, &[]));
        let contact = owner.create_contact(person("Спільна"));
        share(&mut owner, &contact, "readers", &[reader.id]);
        let heard = |events: &mut Events, until: &str| loop {
            let event = events.next().expect("the stream goes on");
            if event.name == until {
                return event.data;
            }
            assert_ne!(event.name, "notification", "{:?}", event.data);
        };
        assert_eq!(heard(&mut to_reader, "notification"), json!({ "unread": 1 }));
        owner.create_contact(with(person("Для всіх"), "visibility", json!("read")));
        heard(&mut to_stranger, "records");
        // Other pages of his hear that he has read.
        let id = items(&mut reader)[0]["id"].clone();
        expect(&reader.post(&format!("{PAGE}/read"), &json!({ "up_to": id })), 200);
        assert_eq!(heard(&mut to_reader, "notification"), json!({ "unread": 0 }));
    });
}

/// An application whose clock stands, with mail.
fn for_each_mailing_app(test: impl Fn(&App, &Clock, &test_kit::MailSink)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let sink = with_mail(&app);
        test(&app, &clock, &sink);
    });
}

fn give_address(app: &App, user: &User, address: &str) {
    let path = format!("/records/user/{}", user.id);
    expect(&app.administrator().patch(&path, &json!({ "values": { "email": address } })), 200);
}

#[test]
fn ten_doings_of_a_minute_are_one_letter() {
    for_each_mailing_app(|app, clock, sink| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        give_address(app, &reader, "reader@example.org");
        let sent = Cell::new(0);
        let letters = || {
            write_due(&app.engine, None).unwrap();
            deliver(app);
            let all = sink.received_by("reader@example.org");
            let new = all.len() - sent.replace(all.len());
            (
                new,
                all.last()
                    .map(|letter| format!("{:?} {}", letter.header("subject"), letter.text()))
                    .unwrap_or_default(),
            )
        };
        for at in 0..3 {
            let contact = owner.create_contact(person(&format!("Клієнт{at}")));
            share(&mut owner, &contact, "readers", &[reader.id]);
            clock.advance(MINUTE_MS / 10);
        }
        let lost = owner.create_contact(person("Прихована"));
        share(&mut owner, &lost, "readers", &[reader.id]);
        share(&mut owner, &lost, "readers", &[]);
        assert_eq!(letters().0, 0, "it waits for more");
        clock.advance(2 * MINUTE_MS);
        let (count, letter) = letters();
        assert_eq!(count, 1);
        for text in ["Клієнт0", "Клієнт2", PUBLIC_URL, "/settings/profile#notifications"] {
            assert!(letter.contains(text), "{text} is not in {letter}");
        }
        assert!(!letter.contains("Прихована"), "{letter}");
        clock.advance(10 * MINUTE_MS);
        assert_eq!(letters().0, 0, "nothing is told twice");

        // What was read on the page, what is not wanted, and what is taken back does not leave.
        let contact = owner.create_contact(person("Ще"));
        share(&mut owner, &contact, "readers", &[reader.id]);
        let id = items(&mut reader)[0]["id"].clone();
        expect(&reader.post(&format!("{PAGE}/read"), &json!({ "up_to": id })), 200);
        let undone = share(&mut owner, &contact, "editors", &[reader.id]);
        expect(&owner.post(&format!("/operations/{}/undo", undone["operation_id"]), &json!({})), 200);
        let me = owner.id;
        share(&mut owner, &contact, "managers", &[me, reader.id]);
        let off = json!({ "kind": "made_responsible", "mail": false });
        expect(&reader.patch("/session/notification-settings", &off), 200);
        clock.advance(10 * MINUTE_MS);
        assert_eq!(letters().0, 0);
    });
}

#[test]
fn what_was_read_goes_after_its_time() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let [read, unread] = ["Прочитана", "Нова"].map(|name| owner.create_contact(person(name)));
        share(&mut owner, &read, "readers", &[reader.id]);
        let id = items(&mut reader)[0]["id"].clone();
        expect(&reader.post(&format!("{PAGE}/read"), &json!({ "up_to": id })), 200);
        share(&mut owner, &unread, "readers", &[reader.id]);
        let left = |days: i64| {
            let now_ms = clock.now_ms() + days * DAY_MS;
            app.engine.write(|tx| prune(tx, now_ms)).unwrap();
            items(&mut app.log_in(&login_of(&app, reader.id))).len()
        };
        assert_eq!((left(89), left(91), left(366)), (2, 1, 0));
    });
}

fn login_of(app: &App, id: i64) -> String {
    let user = expect(&app.administrator().get(&format!("/records/user/{id}")), 200);
    user["values"]["login"].as_str().unwrap().to_owned()
}
