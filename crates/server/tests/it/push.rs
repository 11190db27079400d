//! Notifications of browsers: who is told what over all windows, and that it is told once, however the push service and the processes behave.

use kartoteka::installation::push_senders;
use modules::push::{Senders, prune, send_due};
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::{PushBrowser, PushMood, PushService, Pushed};

use crate::it::app::{App, PASSWORD, User, expect, field_errors, until};
use crate::it::person::person;

const PUSH: &str = "/session/push";
const SUBSCRIPTIONS: &str = "/session/push/subscriptions";
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
/// A notification waits so long for more of the same.
const DELAY_MS: i64 = 3 * SECOND_MS;

/// An application whose clock stands, and a push service that its administrator has named.
struct Office<'a> {
    app: &'a App,
    clock: &'a Clock,
    service: PushService,
    senders: Senders,
}

fn for_each_office(test: impl Fn(&Office<'_>)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let services = json!({ "push_services": ["127.0.0.1", "fcm.googleapis.com"] });
        expect(&app.administrator().patch("/installation", &services), 200);
        let senders = push_senders(&app.engine, true, Some("https://crm.example.org".into()));
        test(&Office { app: &app, clock: &clock, service: PushService::start(), senders });
    });
}

impl Office<'_> {
    /// A browser of the user that is told from now on.
    fn subscribe(&self, user: &mut User) -> PushBrowser {
        let browser = self.service.browser();
        expect(&user.post(SUBSCRIPTIONS, &browser.subscription()), 201);
        browser
    }

    /// Sends what is due when so much time has gone by.
    fn send_after(&self, pause_ms: i64) {
        self.clock.advance(pause_ms);
        while send_due(&self.senders).unwrap() {}
    }

    /// A new card that is opened to the reader.
    fn share(&self, owner: &mut User, reader: &User, name: &str) -> Json {
        let contact = owner.create_contact(person(name));
        open_to(owner, &contact, &[reader.id]);
        contact
    }

    fn open_deliveries(&self) -> i64 {
        use database::Query;
        self.app
            .engine
            .database()
            .read(|tx| tx.query_one("SELECT COUNT(*) FROM push_deliveries", &[])?.integer(0))
            .unwrap()
    }
}

fn open_to(owner: &mut User, contact: &Json, readers: &[i64]) {
    let path = format!("/records/contact/{}", contact["id"]);
    expect(&owner.patch(&path, &json!({ "values": { "readers": readers } })), 200);
}

fn listed(user: &mut User) -> Vec<Json> {
    expect(&user.get(PUSH), 200)["items"].as_array().unwrap().clone()
}

fn texts(pushed: &[Pushed]) -> Vec<&str> {
    pushed.iter().filter(|message| message.is_taken).map(|message| message.message["body"].as_str().unwrap()).collect()
}

#[test]
fn a_shared_card_is_one_push_that_only_the_browser_reads() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        let contact = office.share(&mut owner, &reader, "Марія Шевченко");
        office.send_after(DELAY_MS - 1);
        assert!(office.service.pushed().is_empty(), "more of the same would be one with it");
        office.send_after(1);
        let pushed = office.service.pushed_to(&browser);
        assert_eq!(pushed.len(), 1);
        let message = &pushed[0].message;
        let id = expect(&reader.get("/session/notifications"), 200)["items"][0]["id"].clone();
        assert_eq!(
            message,
            &json!({
                "id": id, "user_id": reader.id, "language": "uk", "body": "Марія Шевченко",
                "title": message["title"], "url": format!("/records/contact/{}", contact["id"]),
            })
        );
        assert!(message["title"].as_str().unwrap().ends_with("відкриває вам для читання картку"), "{message}");
        assert_eq!(
            (pushed[0].header("topic"), pushed[0].header("urgency")),
            (format!("notification-{id}"), "high".into())
        );
        office.send_after(HOUR_MS);
        assert_eq!((office.service.pushed().len(), office.open_deliveries()), (1, 0));
        let item = &listed(&mut reader)[0];
        assert_eq!((&item["is_here"], item["used_at"].is_string()), (&json!(true), true));
        assert_eq!(listed(&mut owner), Vec::<Json>::new());
    });
}

#[test]
fn a_service_that_behaves_badly_is_asked_again_and_shows_it_once() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        let moods = [PushMood::Busy(90), PushMood::Answers(503), PushMood::DropsAfterTaking];
        office.service.expect(&browser, moods);
        office.share(&mut owner, &reader, "Перша");
        office.send_after(DELAY_MS);
        let count = || office.service.pushed_to(&browser).len();
        assert_eq!(count(), 1);
        office.send_after(89 * SECOND_MS);
        assert_eq!(count(), 1, "it was asked to wait longer");
        office.send_after(SECOND_MS);
        assert_eq!(count(), 2);
        assert!(listed(&mut reader)[0]["failing_since"].is_string());
        office.send_after(20 * SECOND_MS);
        assert_eq!(count(), 3, "it broke off without an answer");
        office.send_after(HOUR_MS);
        let pushed = office.service.pushed_to(&browser);
        assert_eq!(texts(&pushed), ["Перша", "Перша"]);
        let topics: Vec<String> = pushed.iter().map(|message| message.header("topic")).collect();
        assert!(topics.iter().all(|topic| *topic == topics[0]), "what comes twice has one tag: {topics:?}");
        assert!(listed(&mut reader)[0]["failing_since"].is_null());
        assert_eq!(office.open_deliveries(), 0);

        // What is refused for a day is no news any more.
        office.service.expect(&browser, [PushMood::Answers(500); 40]);
        office.share(&mut owner, &reader, "Друга");
        office.send_after(DELAY_MS);
        for _ in 0..30 {
            office.send_after(HOUR_MS);
        }
        assert_eq!(office.open_deliveries(), 0);
        assert!((8..30).contains(&(count() - 4)), "{}", count());
    });
}

#[test]
fn a_message_too_long_is_shortened_and_a_browser_that_is_gone_is_forgotten() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        office.service.takes_at_most(450);
        office.share(&mut owner, &reader, &"Довге імʼя ".repeat(15));
        office.send_after(DELAY_MS);
        let pushed = office.service.pushed_to(&browser);
        assert_eq!((pushed.len(), texts(&pushed)), (2, vec![""]));
        assert!(pushed[0].message["body"].as_str().unwrap().len() > 200);

        let second = {
            let mut elsewhere = office.app.log_in(&login_of(office.app, reader.id));
            office.subscribe(&mut elsewhere)
        };
        office.service.expect(&second, [PushMood::Answers(410)]);
        office.share(&mut owner, &reader, "Друга");
        office.send_after(DELAY_MS);
        assert_eq!((office.service.pushed_to(&browser).len(), listed(&mut reader).len()), (3, 1));
        office.share(&mut owner, &reader, "Третя");
        office.send_after(DELAY_MS);
        assert_eq!((office.service.pushed_to(&browser).len(), office.service.pushed_to(&second).len()), (4, 1));
    });
}

#[test]
fn two_processes_with_many_threads_send_everything_once() {
    const MANY: usize = 30;
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        for at in 0..MANY {
            office.share(&mut owner, &reader, &format!("Клієнт {at}"));
        }
        let beside = office.app.beside();
        let second = push_senders(&beside.engine, true, None);
        office.clock.advance(DELAY_MS);
        std::thread::scope(|scope| {
            for at in 0..8 {
                let senders = if at % 2 == 0 { &office.senders } else { &second };
                scope.spawn(move || while send_due(senders).unwrap() {});
            }
        });
        let pushed = office.service.pushed_to(&browser);
        let ids: std::collections::BTreeSet<i64> =
            pushed.iter().map(|message| message.message["id"].as_i64().unwrap()).collect();
        assert_eq!((pushed.len(), ids.len(), office.open_deliveries()), (MANY, MANY, 0));
    });
}

#[test]
fn what_a_process_was_sending_when_it_died_is_sent_by_another_with_the_same_tag() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        office.service.expect(&browser, [PushMood::Hangs]);
        office.share(&mut owner, &reader, "Перша");
        office.clock.advance(DELAY_MS);
        std::thread::scope(|scope| {
            // It has the claim and waits for an answer that never comes.
            let hanging = scope.spawn(|| send_due(&office.senders).unwrap());
            office.service.wait_for(&browser, 1);
            let beside = office.app.beside();
            let second = push_senders(&beside.engine, true, None);
            assert!(!send_due(&second).unwrap(), "it is in the hands of the other one");
            office.clock.advance(61 * SECOND_MS);
            assert!(send_due(&second).unwrap());
            let pushed = office.service.wait_for(&browser, 2);
            assert_eq!(texts(&pushed), ["Перша"]);
            assert_eq!(pushed[0].header("topic"), pushed[1].header("topic"));
            assert!(hanging.join().unwrap());
        });
        office.send_after(HOUR_MS);
        assert_eq!((office.service.pushed().len(), office.open_deliveries()), (2, 0));
        assert!(listed(&mut reader)[0]["failing_since"].is_null(), "who lost his claim notes nothing");
    });
}

#[test]
fn who_may_not_know_or_has_read_is_told_nothing() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        office.subscribe(&mut reader);
        office.subscribe(&mut owner);
        // Taken away before it left.
        let hidden = office.share(&mut owner, &reader, "Прихована");
        open_to(&mut owner, &hidden, &[]);
        // Read on the page.
        office.share(&mut owner, &reader, "Прочитана");
        let read = expect(&reader.get("/session/notifications"), 200)["items"][0]["id"].clone();
        expect(&reader.post("/session/notifications/read", &json!({ "ids": [read] })), 200);
        // Taken back.
        let undone = owner.create_contact(person("Скасована"));
        let path = format!("/records/contact/{}", undone["id"]);
        let shared = expect(&owner.patch(&path, &json!({ "values": { "readers": [reader.id] } })), 200);
        expect(&owner.post(&format!("/operations/{}/undo", shared["operation_id"]), &json!({})), 200);
        // Not wanted here.
        let off = json!({ "kind": "access_to_change", "push": false });
        let settings = expect(&reader.patch("/session/notification-settings", &off), 200);
        let of = |key: &str| settings["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == key).unwrap();
        assert_eq!((&of("access_to_change")["push"], &of("access_to_read")["push"]), (&json!(false), &json!(true)));
        let unwanted = owner.create_contact(person("Небажана"));
        let path = format!("/records/contact/{}", unwanted["id"]);
        expect(&owner.patch(&path, &json!({ "values": { "editors": [reader.id] } })), 200);
        office.send_after(DELAY_MS);
        assert_eq!((office.service.pushed().len(), office.open_deliveries()), (0, 0));

        // Over all windows alone: nothing stands behind the bell.
        let only = json!({ "kind": "access_to_read", "page": false, "mail": false });
        expect(&reader.patch("/session/notification-settings", &only), 200);
        office.share(&mut owner, &reader, "Лише так");
        office.send_after(DELAY_MS);
        assert_eq!(texts(&office.service.pushed()), ["Лише так"]);
        assert_eq!(
            expect(&reader.get("/session/notifications/unread"), 200)["unread"],
            1,
            "the one that reached only the page"
        );
    });
}

#[test]
fn a_browser_is_told_no_longer_than_its_session_lasts() {
    for_each_office(|office| {
        let app = office.app;
        let (mut owner, reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let login = login_of(app, reader.id);
        let [mut one, mut two, mut three] = [(); 3].map(|()| app.log_in(&login));
        let [first, second, third] = [&mut one, &mut two, &mut three].map(|session| office.subscribe(session));
        let told = |owner: &mut User, name: &str| {
            office.share(owner, &reader, name);
            office.send_after(DELAY_MS);
            [&first, &second, &third].map(|browser| {
                office.service.pushed_to(browser).iter().filter(|message| message.message["body"] == name).count()
            })
        };
        assert_eq!(told(&mut owner, "Усім"), [1, 1, 1]);
        expect_empty(&one.delete("/session"));
        assert_eq!(told(&mut owner, "Двом"), [0, 1, 1]);
        // A new password ends all other sessions.
        let change = json!({ "current_password": PASSWORD, "new_password": "another long enough secret" });
        expect_empty(&two.post("/session/password", &change));
        assert_eq!(told(&mut owner, "Одному"), [0, 1, 0]);
        prune(&app.engine).unwrap();
        assert_eq!(listed(&mut two).len(), 1);
        // What waits already does not leave either.
        office.share(&mut owner, &reader, "Нікому");
        let path = format!("/records/user/{}", reader.id);
        expect(&app.administrator().patch(&path, &json!({ "values": { "is_active": false } })), 200);
        office.send_after(DELAY_MS);
        assert!(!office.service.pushed().iter().any(|message| message.message["body"] == "Нікому"));
        prune(&app.engine).unwrap();
        use database::Query;
        let left =
            app.engine.database().read(|tx| tx.query_one("SELECT COUNT(*) FROM push_subscriptions", &[])?.integer(0));
        assert_eq!(left.unwrap(), 0);
    });
}

#[test]
fn a_browser_belongs_to_whoever_works_in_it() {
    for_each_office(|office| {
        let (mut one, mut other) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut one);
        expect(&other.post(SUBSCRIPTIONS, &browser.subscription()), 201);
        assert_eq!((listed(&mut one).len(), listed(&mut other).len()), (0, 1));
        let again = office.subscribe(&mut other);
        assert_eq!(listed(&mut other).len(), 1, "one for each session");

        let path = format!("{SUBSCRIPTIONS}/{}", listed(&mut other)[0]["id"]);
        expect(&one.delete(&path), 404);
        expect(&one.post(&format!("{path}/test"), &json!({})), 404);
        assert_eq!(expect(&other.post(&format!("{path}/test"), &json!({})), 200)["result"], "sent");
        let trial = &office.service.pushed_to(&again)[0].message;
        assert_eq!((&trial["id"], &trial["title"]), (&json!(0), &json!("Сповіщення надходять у цей браузер")));
        office.service.expect(&again, [PushMood::Answers(500), PushMood::Answers(404)]);
        assert_eq!(expect(&other.post(&format!("{path}/test"), &json!({})), 200)["result"], "refused");
        assert_eq!(expect(&other.post(&format!("{path}/test"), &json!({})), 200)["result"], "gone");
        assert_eq!(listed(&mut other), Vec::<Json>::new());

        office.subscribe(&mut other);
        let path = format!("{SUBSCRIPTIONS}/{}", listed(&mut other)[0]["id"]);
        expect_empty(&other.delete(&path));
        assert_eq!(listed(&mut other), Vec::<Json>::new());
    });
}

#[test]
fn only_services_that_an_administrator_has_named_are_asked() {
    for_each_office(|office| {
        let app = office.app;
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let good = office.service.browser().subscription();
        let with = |member: &str, value: &str| {
            let mut body = good.clone();
            body[member] = json!(value);
            body
        };
        let mut check = |body: Json, pointer: &str, code: &str| {
            let answer = expect(&reader.post(SUBSCRIPTIONS, &body), 422);
            assert_eq!(field_errors(&answer), [(pointer.to_owned(), code.to_owned())], "{body}");
        };
        for url in ["https://evil.example/x", "http://localhost:1/x", "https://fcm.googleapis.com@evil.example/", "x"] {
            check(with("endpoint", url), "/endpoint", "unknown_push_service");
        }
        check(with("p256dh", "AAAA"), "/p256dh", "not_a_push_key");
        check(with("auth", "AAAA"), "/p256dh", "not_a_push_key");

        // The key is one for all, and stays.
        let key = expect(&reader.get(PUSH), 200)["public_key"].clone();
        assert_eq!(expect(&owner.get(PUSH), 200)["public_key"], key);
        let stored = app.engine.database().read(|tx| record_engine::settings::read(tx, "web_push_keys")).unwrap();
        assert_eq!(stored.unwrap()["public"], key);

        let mut administrator = app.administrator();
        office.subscribe(&mut reader);
        office.share(&mut owner, &reader, "Перша");
        expect(&administrator.patch("/installation", &json!({ "push_services": [] })), 200);
        office.send_after(DELAY_MS);
        assert_eq!(office.service.pushed().len(), 0);
        assert_eq!(expect(&reader.get(PUSH), 200), json!({ "public_key": null, "items": [] }));
        for (host, is_good) in
            [("*.push.apple.com", true), ("*.com", false), ("https://x.example", false), ("a b", false)]
        {
            let answer = administrator.patch("/installation", &json!({ "push_services": [host] }));
            assert_eq!(answer.status == 200, is_good, "{host}: {}", answer.text());
        }
        expect(&reader.patch("/installation", &json!({ "push_services": ["evil.example"] })), 403);
        expect(&reader.patch("/installation", &json!({ "allows_offline": false })), 403);
        let off = expect(&administrator.patch("/installation", &json!({ "allows_offline": false })), 200);
        assert_eq!(off["allows_offline"], false);
        assert_eq!(expect(&reader.get("/session"), 200)["installation"]["allows_offline"], false);
    });
}

#[test]
fn the_program_sends_by_itself() {
    for_each_office(|office| {
        let (mut owner, mut reader) = (office.app.with_user(Role::Employee), office.app.with_user(Role::Employee));
        let browser = office.subscribe(&mut reader);
        let pushers = modules::push::Pushers::start(&office.senders).unwrap();
        office.share(&mut owner, &reader, "Перша");
        office.clock.advance(DELAY_MS);
        office.app.engine.wake();
        office.service.wait_for(&browser, 1);
        until(|| office.open_deliveries() == 0);
        drop(pushers);
        assert_eq!(office.service.pushed().len(), 1);
    });
}

fn expect_empty(answer: &kartoteka::http_client::Answer) {
    assert!((200..300).contains(&answer.status), "{}", answer.text());
}

fn login_of(app: &App, id: i64) -> String {
    let user = expect(&app.administrator().get(&format!("/records/user/{id}")), 200);
    user["values"]["login"].as_str().unwrap().to_owned()
}
