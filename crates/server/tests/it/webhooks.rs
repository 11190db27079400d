//! Webhooks over HTTP, with receivers that are well and receivers that are not.

use kartoteka::installation::webhook_senders;
use modules::webhooks::Dispatcher;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, field_errors, for_each_app, until};
use crate::it::person::{person, with};
use crate::it::receiver::{Receiver, Reply};

const ALL: [&str; 4] = ["created", "updated", "deleted", "restored"];
const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600 * SECOND_MS;
/// 2026-11-23T08:00:00Z.
const NOW: i64 = 1_795_420_800_000;

/// Runs a test on an application whose clock stands still.
fn for_each_still_app(test: impl Fn(&App, &Clock)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        test(&App::with_clock(database, clock.clone()), &clock);
    });
}

/// A webhook for contacts; gives it with its secret.
fn webhook(user: &mut User, receiver: &Receiver, more: &Json) -> Json {
    let mut input = json!({
        "name": "Склад",
        "url": receiver.url(),
        "subscriptions": [{ "type": "contact", "actions": ALL }],
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    expect(&user.post("/webhooks", &input), 201)
}

fn path(webhook: &Json) -> String {
    format!("/webhooks/{}", webhook["id"])
}

/// The deliveries of a webhook, the oldest first.
fn deliveries(user: &mut User, webhook: &Json) -> Vec<Json> {
    let page = expect(&user.get(&format!("{}/deliveries?limit=100", path(webhook))), 200);
    let mut items = page["items"].as_array().unwrap().clone();
    items.reverse();
    items
}

/// Waits until every delivery stands in one of some states; gives them.
#[track_caller]
fn wait(user: &mut User, webhook: &Json, count: usize, is_so: impl Fn(&Json) -> bool) -> Vec<Json> {
    let mut found = Vec::new();
    until(|| {
        found = deliveries(user, webhook);
        found.len() == count && found.iter().all(&is_so)
    });
    found
}

fn is_over(delivery: &Json) -> bool {
    delivery["state"] != "waiting"
}

/// Fails and waits for its next attempt.
fn has_tried(attempts: i64) -> impl Fn(&Json) -> bool {
    move |delivery| delivery["attempts"] == attempts
}

#[test]
fn what_happens_to_a_record_is_told_in_order_and_signed() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let secret = made["secret"].as_str().unwrap();
        assert!(secret.starts_with("whsec_"));
        let contact = user.create_contact(person("Вебхученко"));
        let at = format!("/records/contact/{}", contact["id"]);
        expect(&user.patch(&at, &json!({ "values": { "position": "Директор" } })), 200);
        expect(&user.delete(&at), 200);
        expect(&user.post(&format!("{at}/restore"), &json!({})), 200);
        let received = receiver.wait_for(4);
        let kinds: Vec<&str> = received.iter().map(|message| message.kind()).collect();
        assert_eq!(kinds, ["contact.created", "contact.updated", "contact.deleted", "contact.restored"]);
        for message in &received {
            assert_eq!(message.record(), contact["id"].as_i64().unwrap());
            assert!(message.is_signed_with(secret) && !message.is_signed_with("whsec_AAAA"), "{message:?}");
        }
        let updated = &received[1].body["data"];
        assert_eq!(updated["changed_fields"], json!(["position"]));
        // What is told is the record as the API shows it.
        let shown = expect(&user.get(&at), 200);
        assert_eq!(received[3].body["data"]["record"], shown);
        assert!(received[2].body["data"]["operation_id"].as_i64().unwrap() > 0);
        let log = wait(&mut user, &made, 4, is_over);
        assert!(log.iter().all(|delivery| delivery["state"] == "done" && delivery["status"] == 200), "{log:?}");
        let one = expect(&user.get(&format!("{}/deliveries/{}", path(&made), log[1]["id"])), 200);
        assert_eq!(one["log"][0]["request"], received[1].text);
        assert_eq!(one["log"][0]["answer"], "noted");
        assert_eq!(one["message_id"], received[1].id);
        // Nobody reads the secret again.
        assert!(!expect(&user.get("/webhooks"), 200).to_string().contains(secret));
        let stored = crate::it::app::content_of(&app.engine, &["webhooks"]);
        assert!(!stored.contains(secret.trim_start_matches("whsec_")), "the secret is stored as it is");
    });
}

#[test]
fn a_webhook_tells_what_its_user_sees_now_and_nothing_else() {
    for_each_still_app(|app, clock| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let is_down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
        let down = is_down.clone();
        let receiver = Receiver::answering(move |_, _| {
            Reply::Status(if down.load(std::sync::atomic::Ordering::SeqCst) { 500 } else { 200 })
        });
        let acting = json!({ "user_id": employee.id });
        let made = webhook(&mut administrator, &receiver, &acting);
        administrator.create_contact(person("Тайный"));
        let own = employee.create_contact(person("Свій"));
        let lost = employee.create_contact(person("Втрачений"));
        let log = wait(&mut administrator, &made, 3, |one| is_over(one) || one["attempts"] == 1);
        assert_eq!((&log[0]["state"], &log[0]["error"]), (&json!("skipped"), &json!("not_visible")));
        // He loses one of them before it is told again: what counts is what he sees when it is sent.
        let change = json!({ "values": { "managers": [administrator.id] } });
        expect(&administrator.patch(&format!("/records/contact/{}", lost["id"]), &change), 200);
        is_down.store(false, std::sync::atomic::Ordering::SeqCst);
        let before = receiver.received().len();
        clock.advance(HOUR_MS);
        let log = wait(&mut administrator, &made, 4, is_over);
        let states: Vec<&str> = log.iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["skipped", "done", "skipped", "skipped"]);
        let told = receiver.received().split_off(before);
        assert_eq!(told.iter().map(|message| message.record()).collect::<Vec<_>>(), [own["id"].as_i64().unwrap()]);
        assert!(!format!("{:?}", receiver.received()).contains("Тайный"));

        // A user who is not active any more says nothing at all, and the administrator is told.
        expect(
            &administrator
                .patch(&format!("/records/user/{}", employee.id), &json!({ "values": { "is_active": false } })),
            200,
        );
        let visits = receiver.visits();
        expect(
            &administrator.patch(&format!("/records/contact/{}", own["id"]), &json!({ "values": { "position": "x" } })),
            200,
        );
        until(|| expect(&administrator.get(&path(&made)), 200)["off_reason"] == "user_inactive");
        assert_eq!(receiver.visits(), visits);
    });
}

#[test]
fn only_what_is_asked_for_is_told() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let receiver = Receiver::new();
        let subscriptions = json!([{ "type": "contact", "actions": ["created"], "filter": "warmth = hot" }]);
        let made = webhook(&mut user, &receiver, &json!({ "subscriptions": subscriptions }));
        user.create_contact(with(person("Холодний"), "warmth", json!("cold")));
        let hot = user.create_contact(with(person("Гарячий"), "warmth", json!("hot")));
        expect(&user.patch(&format!("/records/contact/{}", hot["id"]), &json!({ "values": { "position": "x" } })), 200);
        let log = wait(&mut user, &made, 2, is_over);
        assert_eq!((&log[0]["state"], &log[0]["error"]), (&json!("skipped"), &json!("not_matching")));
        assert_eq!(receiver.received().len(), 1);
        // Off says nothing, and on again tells of what happens from then on.
        expect(&user.patch(&path(&made), &json!({ "is_active": false })), 200);
        user.create_contact(with(person("Пропущений"), "warmth", json!("hot")));
        expect(&user.patch(&path(&made), &json!({ "is_active": true })), 200);
        let later = user.create_contact(with(person("Пізніший"), "warmth", json!("hot")));
        assert_eq!(receiver.wait_for(2)[1].record(), later["id"].as_i64().unwrap());
        assert_eq!(deliveries(&mut user, &made).len(), 3);
    });
}

#[test]
fn a_failed_message_is_sent_again_and_the_order_of_a_record_is_kept() {
    for_each_still_app(|app, clock| {
        let mut user = app.administrator();
        // Each message of the first contact fails once.
        let receiver = Receiver::answering(|message, before| {
            Reply::Status(if before == 0 && message.body.to_string().contains("Перший") { 503 } else { 200 })
        });
        let made = webhook(&mut user, &receiver, &json!({}));
        let first = user.create_contact(person("Перший"));
        expect(
            &user.patch(&format!("/records/contact/{}", first["id"]), &json!({ "values": { "position": "x" } })),
            200,
        );
        user.create_contact(person("Другий"));
        let log = wait(&mut user, &made, 3, |one| one["record_id"] == first["id"] || one["state"] == "done");
        assert_eq!(log[1]["attempts"], 0, "the change waits for the creation");
        until(|| deliveries(&mut user, &made)[0]["attempts"] == 1);
        assert_eq!(receiver.received().len(), 2);
        clock.advance(4 * SECOND_MS);
        app.engine.wake();
        clock.advance(2 * SECOND_MS);
        let log = wait(&mut user, &made, 3, |one| one["state"] == "done" || one["attempts"] == 1);
        assert_eq!((&log[0]["state"], &log[0]["attempts"]), (&json!("done"), &json!(2)));
        until(|| deliveries(&mut user, &made)[1]["attempts"] == 1);
        clock.advance(6 * SECOND_MS);
        wait(&mut user, &made, 3, is_over);
        let kinds: Vec<String> = receiver
            .received()
            .iter()
            .filter(|message| message.record() == first["id"].as_i64().unwrap())
            .map(|message| format!("{} {}", message.kind(), message.id))
            .collect();
        assert_eq!(kinds.len(), 4);
        // Sent again it is the same message.
        assert_eq!((&kinds[0], &kinds[2]), (&kinds[1], &kinds[3]));
        assert!(kinds[0].starts_with("contact.created") && kinds[2].starts_with("contact.updated"), "{kinds:?}");
    });
}

#[test]
fn dead_letters_are_seen_and_sent_again_by_hand() {
    for_each_still_app(|app, clock| {
        let mut user = app.administrator();
        let is_well = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let well = is_well.clone();
        let receiver = Receiver::answering(move |_, _| {
            Reply::Status(if well.load(std::sync::atomic::Ordering::SeqCst) { 204 } else { 500 })
        });
        let made = webhook(&mut user, &receiver, &json!({}));
        for name in ["Лист", "Депеша"] {
            user.create_contact(person(name));
        }
        wait(&mut user, &made, 2, has_tried(1));
        // In between somebody receives something else, so the receiver is not given up.
        for attempt in 2..=10 {
            clock.advance(27 * HOUR_MS);
            app.engine.wake();
            wait(&mut user, &made, 2, has_tried(attempt));
            if attempt % 4 == 0 {
                is_well.store(true, std::sync::atomic::Ordering::SeqCst);
                expect(&user.post(&format!("{}/trial", path(&made)), &json!({})), 200);
                is_well.store(false, std::sync::atomic::Ordering::SeqCst);
                let trial = deliveries(&mut user, &made).pop().unwrap();
                assert_eq!((&trial["action"], &trial["state"]), (&json!("trial"), &json!("done")));
                return_to_two(app, &trial);
            }
        }
        let dead = wait(&mut user, &made, 2, is_over);
        assert!(dead.iter().all(|one| one["state"] == "failed" && one["error"] == "receiver_refused"), "{dead:?}");
        let list = expect(&user.get(&format!("{}/deliveries?state=failed", path(&made))), 200);
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        let log = expect(&user.get(&format!("{}/deliveries/{}", path(&made), dead[0]["id"])), 200);
        assert_eq!(log["log"].as_array().unwrap().len(), 10);

        is_well.store(true, std::sync::atomic::Ordering::SeqCst);
        let one = format!("{}/deliveries/{}/replay", path(&made), dead[0]["id"]);
        assert_eq!(expect(&user.post(&one, &json!({})), 200)["state"], "waiting");
        until(|| deliveries(&mut user, &made)[0]["state"] == "done");
        let since = |at: &str| json!({ "since": at });
        let replay = format!("{}/replay", path(&made));
        assert_eq!(expect(&user.post(&replay, &since("2030-01-01")), 200)["count"], 0);
        assert_eq!(expect(&user.post(&replay, &since("2026-01-01")), 200)["count"], 1);
        wait(&mut user, &made, 2, |one| one["state"] == "done");
        expect(&user.post(&replay, &since("yesterday")), 422);
    });
}

/// Takes a trial out of the log, so that the test goes on counting what it is about.
fn return_to_two(app: &App, trial: &Json) {
    let id = trial["id"].as_i64().unwrap();
    let sql = "DELETE FROM webhook_deliveries WHERE id = ?";
    app.engine.database().write(|tx| tx.execute(sql, &[id.into()])).unwrap();
}

#[test]
fn a_receiver_that_is_gone_or_fails_for_a_week_is_switched_off() {
    for_each_still_app(|app, clock| {
        let mut user = app.administrator();
        let gone = Receiver::answering(|_, _| Reply::Status(410));
        let failing = Receiver::answering(|_, _| Reply::Status(301));
        let first = webhook(&mut user, &gone, &json!({}));
        user.create_contact(person("Один"));
        until(|| expect(&user.get(&path(&first)), 200)["off_reason"] == "gone");
        let second = webhook(&mut user, &failing, &json!({}));
        user.create_contact(person("Два"));
        assert_eq!(gone.received().len(), 1);
        wait(&mut user, &second, 1, has_tried(1));
        let at = |user: &mut User| expect(&user.get(&path(&second)), 200);
        assert!(at(&mut user)["failing_since"].is_string());
        for day in 1..=6 {
            clock.advance(24 * HOUR_MS);
            user.create_contact(person("Ще"));
            until(|| {
                // After some failures in a row the receiver is left alone for a while.
                clock.advance(20 * SECOND_MS);
                deliveries(&mut user, &second).get(day).is_some_and(|one| one["attempts"] != 0)
            });
        }
        assert_eq!(at(&mut user)["is_active"], true);
        clock.advance(24 * HOUR_MS);
        until(|| at(&mut user)["off_reason"] == "failing");
        assert_eq!(at(&mut user)["is_active"], false);
        // Whoever switches it on again gives it a new chance: another week, whatever still fails.
        let on = expect(&user.patch(&path(&second), &json!({ "is_active": true })), 200);
        assert_eq!((&on["off_reason"], &on["is_active"]), (&Json::Null, &json!(true)));
    });
}

#[test]
fn a_receiver_that_hangs_holds_up_nobody_else() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let (hanging, well) = (Receiver::answering(|_, _| Reply::Silence), Receiver::new());
        let slow = webhook(&mut user, &hanging, &json!({}));
        webhook(&mut user, &well, &json!({}));
        for at in 0..12 {
            user.create_contact(person(&format!("Людина{at}")));
        }
        well.wait_for(12);
        assert!(hanging.visits() <= 4, "{}", hanging.visits());
        expect(&user.delete(&path(&slow)), 204);
    });
}

#[test]
fn several_processes_send_each_message_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let secret = made["secret"].as_str().unwrap().to_owned();
        // Another program over the same database, and a second thread of this one.
        let other = app.beside();
        let second = Dispatcher::start(&webhook_senders(&app.engine, true)).unwrap();
        for at in 0..40 {
            let contact = user.create_contact(person(&format!("Людина{at}")));
            let change = json!({ "values": { "position": "x" } });
            expect(&user.patch(&format!("/records/contact/{}", contact["id"]), &change), 200);
        }
        let log = wait(&mut user, &made, 80, is_over);
        assert!(log.iter().all(|one| one["state"] == "done" && one["attempts"] == 1), "{log:?}");
        let received = receiver.received();
        assert_eq!(received.len(), 80);
        assert!(received.iter().all(|message| message.is_signed_with(&secret)));
        let mut last = std::collections::BTreeMap::new();
        for message in &received {
            let before = last.insert(message.record(), message.kind().to_owned());
            let is_first = message.kind() == "contact.created";
            assert_eq!(before.is_none(), is_first, "{message:?}");
        }
        drop(second);
        drop(other);
    });
}

#[test]
fn a_new_secret_signs_beside_the_old_one_for_a_day() {
    for_each_still_app(|app, clock| {
        let mut user = app.administrator();
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let old = made["secret"].as_str().unwrap();
        let rotated = expect(&user.post(&format!("{}/secret", path(&made)), &json!({})), 200);
        let new = rotated["secret"].as_str().unwrap();
        assert_ne!(old, new);
        let mut send = |count: usize| {
            user.create_contact(person("Ключник"));
            receiver.wait_for(count).pop().unwrap()
        };
        let both = send(1);
        assert!(both.is_signed_with(old) && both.is_signed_with(new));
        clock.advance(24 * HOUR_MS);
        let one = send(2);
        assert!(!one.is_signed_with(old) && one.is_signed_with(new));
    });
}

#[test]
fn a_trial_says_at_once_how_it_went() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let receiver = Receiver::answering(|_, before| Reply::Status(if before == 0 { 418 } else { 200 }));
        let made = webhook(&mut user, &receiver, &json!({ "is_active": false }));
        let trial = format!("{}/trial", path(&made));
        let refused = expect(&user.post(&trial, &json!({})), 200);
        assert_eq!((&refused["state"], &refused["status"]), (&json!("failed"), &json!(418)));
        assert_eq!(receiver.received()[0].kind(), "webhook.trial");
        assert!(receiver.received()[0].is_signed_with(made["secret"].as_str().unwrap()));
        let again = format!("{}/deliveries/{}/replay", path(&made), refused["id"]);
        assert_eq!(expect(&user.post(&again, &json!({})), 409)["code"], "delivery_is_trial");
        let nowhere = json!({ "url": "http://127.0.0.1:1/hook" });
        expect(&user.patch(&path(&made), &nowhere), 200);
        let lost = expect(&user.post(&trial, &json!({})), 200);
        assert_eq!((&lost["state"], &lost["error"]), (&json!("failed"), &json!("receiver_unreachable")));
    });
}

#[test]
fn webhooks_are_for_administrators_and_their_settings_are_checked() {
    for_each_app(|app| {
        let (mut user, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let input =
            json!({ "name": "Мій", "url": receiver.url(), "subscriptions": [{ "type": "contact", "actions": ALL }] });
        expect(&employee.post("/webhooks", &input), 403);
        expect(&employee.get("/webhooks"), 403);
        expect(&employee.get(&path(&made)), 403);
        expect(&employee.patch(&path(&made), &json!({ "is_active": false })), 403);
        expect(&employee.delete(&path(&made)), 403);
        for verb in ["secret", "trial"] {
            expect(&employee.post(&format!("{}/{verb}", path(&made)), &json!({})), 403);
        }
        expect(&employee.get(&format!("{}/deliveries", path(&made))), 403);
        let wrong = json!({
            "name": " ",
            "url": "ftp://receiver.example/",
            "user_id": 99_999,
            "subscriptions": [],
        });
        let errors = field_errors(&expect(&user.post("/webhooks", &wrong), 422));
        let expected = [("/name", "required"), ("/url", "not_a_url"), ("/user_id", "unknown_record")];
        assert_eq!(errors, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
        let wrong = json!({ "subscriptions": [
            { "type": "contact", "actions": [], "filter": "warmth = " },
            { "type": "nobody", "actions": ["created"] },
            { "type": "contact", "actions": ["created"] },
        ] });
        let errors = field_errors(&expect(&user.patch(&path(&made), &wrong), 422));
        let expected = [
            ("/subscriptions/0/actions", "required"),
            ("/subscriptions/0/filter", "filter_invalid"),
            ("/subscriptions/1/type", "unknown_option"),
            ("/subscriptions/2/type", "repeated"),
        ];
        assert_eq!(errors, expected.map(|(at, code)| (at.to_owned(), code.to_owned())));
        expect(&user.patch(&path(&made), &json!({ "secret": "mine" })), 422);
        expect(&user.delete(&path(&made)), 204);
        expect(&user.get(&path(&made)), 404);
        user.create_contact(person("Ніхто"));
        assert_eq!(receiver.visits(), 0);
    });
}

#[test]
fn whoever_does_not_administer_has_webhooks_in_his_own_name_only() {
    for_each_app(|app| {
        let (mut administrator, mut user) = (app.administrator(), app.with_user(Role::Employee));
        let rights = json!({ "base": "employee", "features": { "webhooks": true } }).to_string();
        let role = expect(
            &administrator.post("/records/role", &json!({ "values": { "name": "Інтегратор", "rights": rights } })),
            201,
        );
        let change = json!({ "values": { "roles": [role["record"]["id"]] } });
        let changed = expect(&administrator.patch(&format!("/records/user/{}", user.id), &change), 200);
        // Other roles end the sessions.
        user = app.log_in(changed["record"]["values"]["login"].as_str().unwrap());
        let receiver = Receiver::new();
        let others = webhook(&mut administrator, &receiver, &json!({}));
        expect(&user.get(&path(&others)), 404);
        expect(&user.get(&format!("{}/deliveries", path(&others))), 404);
        expect(&user.patch(&path(&others), &json!({ "is_active": false })), 404);
        expect(&user.delete(&path(&others)), 404);
        expect(&user.post(&format!("{}/secret", path(&others)), &json!({})), 404);
        expect(&user.post(&format!("{}/trial", path(&others)), &json!({})), 404);
        assert_eq!(expect(&user.get("/webhooks"), 200)["items"], json!([]));
        let own = webhook(&mut user, &receiver, &json!({}));
        assert_eq!(own["user"]["id"], user.id);
        let as_other = json!({ "user_id": administrator.id });
        let refused = field_errors(&expect(&user.patch(&path(&own), &as_other), 422));
        assert_eq!(refused, [("/user_id".to_owned(), "unknown_record".to_owned())]);
        assert_eq!(receiver.visits(), 0);
    });
}

#[test]
fn the_log_forgets_whoever_is_erased() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let contact = user.create_contact(person("Забутько"));
        let log = wait(&mut user, &made, 1, is_over);
        let details = format!("{}/deliveries/{}", path(&made), log[0]["id"]);
        assert!(expect(&user.get(&details), 200)["log"][0]["request"].as_str().unwrap().contains("Забутько"));
        let body = json!({ "confirmation": contact["title"], "cause": "request" });
        let started = expect(&user.post(&format!("/personal-data/subjects/{}/erase", contact["id"]), &body), 202);
        assert_eq!(user.wait_for_job(&started["job"])["state"], "done");
        assert_eq!(expect(&user.get(&details), 200)["log"][0]["request"], Json::Null);
        let stored = crate::it::app::content_of(&app.engine, &["webhook_attempts", "webhook_deliveries"]);
        assert!(!stored.contains("Забутько"), "{stored}");
    });
}

/// A user with a role of these rights, and the role.
fn with_rights(app: &App, admin: &mut User, rights: &Json) -> (User, Json) {
    let values = json!({ "name": "Інтеграції", "rights": rights.to_string() });
    let role = expect(&admin.post("/records/role", &json!({ "values": values })), 201)["record"]["id"].clone();
    let user = app.with_user(Role::Employee);
    let path = format!("/records/user/{}", user.id);
    let changed = expect(&admin.patch(&path, &json!({ "values": { "roles": [role] } })), 200);
    (app.log_in(changed["record"]["values"]["login"].as_str().unwrap()), role)
}

#[test]
fn who_may_have_no_webhooks_any_more_sends_nothing_by_his_own() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({ "base": "supervisor", "features": { "webhooks": true } });
        let (mut user, role) = with_rights(app, &mut admin, &rights);
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        let contact = admin.create_contact(person("Перший"));
        receiver.wait_for(1);
        let rights = json!({ "base": "supervisor", "features": { "webhooks": false } });
        let change = json!({ "values": { "rights": rights.to_string() } });
        expect(&admin.patch(&format!("/records/role/{role}"), &change), 200);
        let change = json!({ "values": { "position": "x" } });
        expect(&admin.patch(&format!("/records/contact/{}", contact["id"]), &change), 200);
        until(|| expect(&admin.get(&path(&made)), 200)["off_reason"] == "feature_closed");
        assert_eq!(receiver.received().len(), 1);
        // A trial says why nothing goes out.
        let tried = expect(&admin.post(&format!("{}/trial", path(&made)), &json!({})), 200);
        assert_eq!((&tried["state"], &tried["error"]), (&json!("failed"), &json!("feature_closed")));
    });
}

#[test]
fn the_log_of_a_webhook_tells_who_sees_less_of_no_hidden_record() {
    for_each_still_app(|app, _| {
        let mut admin = app.administrator();
        let rights = json!({ "base": "employee", "features": { "webhooks": true } });
        let (mut user, _) = with_rights(app, &mut admin, &rights);
        let receiver = Receiver::new();
        let made = webhook(&mut user, &receiver, &json!({}));
        admin.create_contact(person("Прихована"));
        let log = wait(&mut admin, &made, 1, is_over);
        assert_eq!(log[0]["error"], "not_visible");
        assert_eq!(deliveries(&mut user, &made), Vec::<Json>::new());
        expect(&user.get(&format!("{}/deliveries/{}", path(&made), log[0]["id"])), 404);
        expect(&user.post(&format!("{}/deliveries/{}/replay", path(&made), log[0]["id"]), &json!({})), 404);
        assert_eq!(expect(&user.get(&format!("{}/deliveries?state=skipped", path(&made))), 200)["items"], json!([]));
        user.create_contact(person("Своя"));
        wait(&mut user, &made, 1, |one| one["state"] == "done");
        // Nor of one that waits for its first attempt.
        let waiting = "UPDATE webhook_deliveries SET state = 'waiting', error = NULL, next_at = next_at + 3600000 WHERE record_id = ?";
        let hidden = log[0]["record_id"].as_i64().unwrap();
        app.engine.write(|tx| Ok::<_, record_engine::EngineError>(tx.execute(waiting, &[hidden.into()])?)).unwrap();
        assert_eq!(deliveries(&mut admin, &made).len(), 2);
        assert_eq!(deliveries(&mut user, &made).len(), 1);
    });
}

#[test]
fn two_changes_of_a_webhook_at_once_both_stay() {
    for_each_app(|app| {
        let (mut one, mut other) = (app.administrator(), app.administrator());
        let receiver = Receiver::new();
        let made = webhook(&mut one, &receiver, &json!({ "is_active": false }));
        let at = path(&made);
        for round in 0..20 {
            let (name, url) = (format!("Склад {round}"), format!("{}?round={round}", receiver.url()));
            std::thread::scope(|scope| {
                scope.spawn(|| expect(&one.patch(&at, &json!({ "name": name })), 200));
                scope.spawn(|| expect(&other.patch(&at, &json!({ "url": url })), 200));
            });
            let stands = expect(&one.get(&at), 200);
            assert_eq!((&stands["name"], &stands["url"]), (&json!(name), &json!(url)), "round {round}");
        }
    });
}
