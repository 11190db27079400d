//! The list of erased addresses: who was erased at his request is known when he comes back, and nobody reads from the list who was on it.

use modules::erased_addresses::{FILE_NAME, follow, settle};
use record_engine::Role;
use serde_json::{Value as Json, json};

use super::erase;
use crate::it::app::{App, User, content_of, expect, field_errors, for_each_app};
use crate::it::person::{person, phone, with};

const LIST: &str = "/personal-data/erased-addresses";

fn reachable(name: &str) -> Json {
    let channels = json!([
        { "kind": "phone", "value": "067 911 22 33" },
        { "kind": "email", "value": "Gone@Example.com" },
        { "kind": "telegram", "value": "gone_handle" },
    ]);
    with(person(name), "channels", channels)
}

fn is_listed(user: &mut User, address: &str) -> bool {
    let found = expect(&user.post(&format!("{LIST}/check"), &json!({ "address": address })), 200);
    assert_eq!(found["at"].is_string(), found["is_listed"] == true, "{found}");
    found["is_listed"] == true
}

fn count(user: &mut User) -> Json {
    expect(&user.get(LIST), 200)["count"].clone()
}

#[test]
fn an_erased_address_is_known_again_and_nobody_reads_it() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(reachable("Зниклий"));
        assert!(!is_listed(&mut user, "gone@example.com"));
        erase(&mut user, &contact);

        assert_eq!(count(&mut user), 2, "a name in a messenger is no address");
        for address in ["gone@example.com", " GONE@example.com", "+380679112233", "0679112233"] {
            assert!(is_listed(&mut user, address), "{address}");
        }
        assert!(!is_listed(&mut user, "other@example.com"));
        let wrong = expect(&user.post(&format!("{LIST}/check"), &json!({ "address": "nonsense" })), 422);
        assert_eq!(field_errors(&wrong), [("/values/address".to_owned(), "not_an_address".to_owned())]);
        let everything = content_of(&app.engine, &["idempotency_keys"]).to_lowercase();
        let file = std::fs::read_to_string(app.data.path().join(FILE_NAME)).unwrap();
        for needle in ["gone@example.com", "679112233"] {
            assert!(!everything.contains(needle) && !file.contains(needle), "{needle} is kept");
        }
        assert_eq!(file.lines().filter(|line| line.contains("\"hash\"")).count(), 2, "{file}");

        // It is said, and done all the same.
        let again = with(person("Повернений"), "channels", phone("067 911 22 33"));
        let tried = expect(&user.post("/records/contact?check_only=true", &json!({ "values": again.clone() })), 200);
        assert_eq!(tried["warnings"][0]["code"], "erased_address", "{tried}");
        let mut employee = app.with_user(Role::Employee);
        let made = expect(&employee.post("/records/contact", &json!({ "values": again })), 201);
        let warned = &made["warnings"][0];
        assert_eq!(
            (&warned["code"], &warned["field"], &warned["place"]),
            (&json!("erased_address"), &json!("channels"), &json!(0))
        );
        let path = format!("/records/contact/{}", made["record"]["id"]);
        let changed = expect(&employee.patch(&path, &json!({ "values": { "remark": "нове" } })), 200);
        assert_eq!(changed.get("warnings"), None, "what stands there already is no news: {changed}");
        let more =
            json!([{ "kind": "phone", "value": "067 911 22 33" }, { "kind": "email", "value": "gone@example.com" }]);
        let changed = expect(&employee.patch(&path, &json!({ "values": { "channels": more } })), 200);
        assert_eq!(changed["warnings"].as_array().map(Vec::len), Some(1), "{changed}");

        let removed = expect(&user.post(&format!("{LIST}/remove"), &json!({ "address": "gone@example.com" })), 200);
        assert_eq!(removed["count"], 1);
        let refused = expect(&user.post(&format!("{LIST}/remove"), &json!({ "address": "gone@example.com" })), 409);
        assert_eq!(refused["code"], "not_listed");
        let told = expect(&user.get("/audit?kinds=settings_changed"), 200);
        assert_eq!(told["items"][0]["details"], json!({ "section": "erased_addresses" }), "the log names nobody");
    });
}

#[test]
fn who_is_erased_without_the_tick_is_forgotten() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(reachable("Забутий"));
        let path = format!("/personal-data/subjects/{}", contact["id"]);
        let title = expect(&user.get(&path), 200)["title"].clone();
        let body = json!({ "confirmation": title, "cause": "purpose", "keeps_addresses": false });
        let started = expect(&user.post(&format!("{path}/erase"), &body), 202);
        user.wait_for_job(&started["job"]);
        assert_eq!(count(&mut user), 0);
        assert!(!app.data.path().join(FILE_NAME).exists());
    });
}

#[test]
fn an_import_leaves_out_who_was_erased_unless_somebody_says_otherwise() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(reachable("Стертий"));
        erase(&mut user, &contact);
        let table = "Прізвище;Мобільний телефон;E-mail\nСтертий;067 911 22 33;\nСусідній;067 000 00 09;\nДругий;;gone@example.com\n";
        let run = |user: &mut User, admits: bool| {
            let import = expect(&user.upload("/imports?type=contact&file_name=a.csv", table.as_bytes()), 201);
            let path = format!("/imports/{}", import["id"]);
            if admits {
                assert_eq!(expect(&user.patch(&path, &json!({ "admits_erased": true })), 200)["admits_erased"], true);
            }
            let checked = expect(&user.post(&format!("{path}/check"), &json!({})), 202);
            user.wait_for_job(&checked["job"]);
            let foreseen = expect(&user.get(&format!("{path}/problems")), 200);
            let started = expect(&user.post(&format!("{path}/start"), &json!({})), 202);
            let job = user.wait_for_job(&started["job"]);
            (foreseen, job["report"].clone(), expect(&user.get(&format!("{path}/problems")), 200))
        };
        let (foreseen, report, problems) = run(&mut user, false);
        assert_eq!((&report["created"], &report["failed"]), (&json!(1), &json!(2)), "{report}");
        for found in [&foreseen, &problems] {
            let rows: Vec<(&Json, &Json)> =
                found["items"].as_array().unwrap().iter().map(|one| (&one["row"], &one["code"])).collect();
            assert_eq!(rows, [(&json!(2), &json!("erased_address")), (&json!(4), &json!("erased_address"))], "{found}");
        }
        let (_, report, _) = run(&mut user, true);
        assert_eq!((&report["created"], &report["failed"]), (&json!(2), &json!(0)), "{report}");

        let mut employee = app.with_user(Role::Employee);
        let import = expect(&employee.upload("/imports?type=contact&file_name=a.csv", table.as_bytes()), 201);
        let refused = employee.patch(&format!("/imports/{}", import["id"]), &json!({ "admits_erased": true }));
        assert_eq!(expect(&refused, 403)["code"], "forbidden");
    });
}

/// What a backup from before all erasures knows of the list.
fn forget(app: &App) {
    app.engine
        .write(|tx| {
            tx.execute("DELETE FROM erased_addresses", &[])?;
            tx.execute("DELETE FROM settings WHERE name = 'erased_addresses_seen'", &[])?;
            Ok::<(), record_engine::EngineError>(())
        })
        .unwrap();
}

#[test]
fn an_old_backup_does_not_shorten_the_list() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(reachable("Давній"));
        erase(&mut user, &contact);
        forget(app);
        assert!(!is_listed(&mut user, "gone@example.com"), "the test itself must forget");
        follow(&app.engine).unwrap();
        assert!(is_listed(&mut user, "gone@example.com") && is_listed(&mut user, "067 911 22 33"));

        // Nor does it bring back what was taken off.
        expect(&user.post(&format!("{LIST}/remove"), &json!({ "address": "gone@example.com" })), 200);
        forget(app);
        follow(&app.engine).unwrap();
        assert!(!is_listed(&mut user, "gone@example.com") && is_listed(&mut user, "067 911 22 33"));
        let before = std::fs::read(app.data.path().join(FILE_NAME)).unwrap();
        follow(&app.engine).unwrap();
        settle(&app.engine).unwrap();
        assert_eq!(std::fs::read(app.data.path().join(FILE_NAME)).unwrap(), before, "nothing is written twice");
    });
}
