//! The audit log of a running program: what is told of, who reads it, how it is found.

use database::Query;
use kartoteka::check::{check, compare_ends};
use record_engine::Role;
use record_engine::audit::chain::End;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app, until};
use crate::it::person::person;

/// What the log says with a filter, the newest first.
fn log(administrator: &mut User, query: &str) -> Vec<Json> {
    let page = expect(&administrator.get(&format!("/audit?{query}")), 200);
    page["items"].as_array().unwrap().clone()
}

/// The newest event of a kind, which may be on its way still.
fn awaited(administrator: &mut User, kind: &str, count: usize) -> Json {
    let mut found = Vec::new();
    until(|| {
        found = log(administrator, &format!("kinds={kind}"));
        found.len() >= count
    });
    assert_eq!(found.len(), count, "{found:?}");
    found.remove(0)
}

#[test]
fn the_log_tells_administrators_who_did_what_from_where() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let logins = log(&mut administrator, &format!("kinds=login&person={}", employee.id));
        assert_eq!(logins.len(), 1);
        let login = &logins[0];
        assert_eq!(login["user"]["id"], employee.id);
        assert!(login["user"]["title"].as_str().unwrap().starts_with("Користувач"));
        assert_eq!((login["address"].as_str(), login["outcome"].as_str()), (Some("127.0.0.1"), Some("success")));
        assert_eq!(login["proof"]["kind"], "session");

        expect(&employee.get("/audit"), 403);
        expect(&employee.get("/audit/file"), 403);
        expect(&employee.get("/audit/settings"), 403);
        expect(&employee.put("/audit/settings", &json!({ "retention_days": 100, "records_views": true })), 403);
        expect(&app.anonymous().get("/audit"), 401);
        let denied = awaited(&mut administrator, "denied", 4);
        assert_eq!(denied["user"]["id"], employee.id);
        assert_eq!(denied["details"]["reason"], "forbidden");

        for (query, pointer) in
            [("kinds=nonsense", "/kinds"), ("outcome=maybe", "/outcome"), ("cursor=x", "/cursor"), ("from=x", "/from")]
        {
            let refused = expect(&administrator.get(&format!("/audit?{query}")), 422);
            assert_eq!(field_errors(&refused)[0].0, pointer);
        }
    });
}

#[test]
fn events_are_found_by_person_time_address_and_words() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let employee = app.with_user(Role::Employee);
        let reset = json!({ "new_password": "another long secret" });
        assert_eq!(administrator.post(&format!("/users/{}/password", employee.id), &reset).status, 204);
        let kinds = |events: Vec<Json>| {
            events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let mut of = |query: &str| kinds(log(&mut administrator, query));
        // What he did and what was done to him.
        let person = format!("person={}", employee.id);
        assert_eq!(of(&person), ["session_ended", "password_reset", "login", "user_created"]);
        assert_eq!(of(&format!("{person}&kinds=login,user_created")), ["login", "user_created"]);
        assert_eq!(of(&format!("{person}&from=2100-01-01")), Vec::<String>::new());
        assert_eq!(of(&format!("{person}&to=2000-01-01T00:00:00Z")), Vec::<String>::new());
        assert_eq!(of(&format!("{person}&address=127.0.0.1")), ["session_ended", "password_reset", "login"]);
        assert_eq!(of(&format!("type=user&record={}&kinds=password_reset", employee.id)), ["password_reset"]);
        assert_eq!(of(&format!("{person}&outcome=failure")), Vec::<String>::new());
        // A part of a name finds what its bearer did, a word of the details what they say.
        assert_eq!(of(&format!("kinds=login&text={}", encoded("користувач"))), ["login"]);

        let settings = json!({ "retention_days": 417, "records_views": false });
        expect(&administrator.put("/audit/settings", &settings), 200);
        let named = log(&mut administrator, &format!("text={}", encoded("AUDIT 417")));
        assert_eq!(kinds(named), ["settings_changed"]);

        let first = expect(&administrator.get(&format!("/audit?{person}&limit=3")), 200);
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = log(&mut administrator, &format!("{person}&limit=3&cursor={cursor}"));
        assert_eq!((first["items"].as_array().unwrap().len(), rest.len()), (3, 1));
        assert_eq!(rest[0]["kind"], "user_created");
    });
}

#[test]
fn who_is_kept_away_from_a_card_is_told_of_and_who_guesses_numbers_is_not() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let card = administrator.create_contact(person("Прихована"));
        let path = format!("/records/contact/{}", card["id"]);
        for attempt in [employee.get("/records/contact/999999"), employee.get(&path), employee.delete(&path)] {
            assert_eq!(attempt.status, 404);
        }
        awaited(&mut administrator, "denied", 2);
        let denied = log(&mut administrator, &format!("kinds=denied&person={}", employee.id));
        for event in &denied {
            assert_eq!(event["record"]["id"], card["id"]);
            assert_eq!(event["details"]["reason"], "not_found");
            assert_eq!(event["details"]["path"], format!("/api/v1{path}"));
        }
        // Another site that tries to write with a foreign cookie.
        let refused =
            employee.send("POST", "/records/contact", &[("sec-fetch-site", "cross-site")], &json!({ "values": {} }));
        expect(&refused, 403);
        let denied = awaited(&mut administrator, "denied", 3);
        assert_eq!((denied["details"]["reason"].as_str(), denied["user"].is_null()), (Some("cross_origin"), true));
    });
}

#[test]
fn a_flood_of_refusals_leaves_a_few_lines() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        for _ in 0..100 {
            expect(&employee.post("/exports/all", &json!({})), 403);
        }
        let mut told = || log(&mut administrator, &format!("kinds=denied&limit=500&person={}", employee.id)).len();
        until(|| told() >= 30);
        // Those that come at once may all find room.
        assert!(told() < 95, "{}", told());
    });
}

#[test]
fn exports_are_told_of_from_their_start_to_their_download() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        administrator.create_contact(person("Експортна"));
        let request = json!({ "type": "contact", "format": "csv", "filter": "kind = person", "fields": ["name"] });
        let job = expect(&administrator.post("/exports", &request), 202)["job"].clone();
        administrator.wait_for_job(&job);
        let file = administrator.get(&format!("/exports/{}/file", job["id"]));
        assert_eq!(file.status, 200);
        let told = log(&mut administrator, "kinds=exported");
        let stages: Vec<&str> = told.iter().map(|event| event["details"]["stage"].as_str().unwrap()).collect();
        assert_eq!(stages, ["downloaded", "written", "started"]);
        assert_eq!(told[1]["details"]["count"], 1);
        for event in &told {
            assert_eq!(event["details"]["filter"], "kind = person");
            assert_eq!(event["details"]["fields"], json!(["name"]));
            assert_eq!(event["record"]["type"], "contact");
            assert_eq!(event["user"]["id"], administrator.id);
        }
        let job = expect(&administrator.post("/exports/all", &json!({})), 202)["job"].clone();
        administrator.wait_for_job(&job);
        assert_eq!(log(&mut administrator, "kinds=exported")[0]["details"]["what"], "everything");
    });
}

#[test]
fn views_of_private_cards_are_told_of_where_that_is_wanted() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let private = employee.create_contact(person("Приватна"));
        let mut open = person("Відкрита");
        open["visibility"] = "read".into();
        let open = employee.create_contact(open);
        let look = |administrator: &mut User| {
            for card in [&private, &private, &open] {
                expect(&administrator.get(&format!("/records/contact/{}", card["id"])), 200);
            }
        };
        look(&mut administrator);
        assert_eq!(log(&mut administrator, "kinds=card_viewed"), Vec::<Json>::new());
        let settings = json!({ "retention_days": 400, "records_views": true });
        assert_eq!(expect(&administrator.put("/audit/settings", &settings), 200), settings);
        assert_eq!(expect(&administrator.get("/audit/settings"), 200), settings);
        look(&mut administrator);
        expect(&employee.get(&format!("/records/contact/{}", private["id"])), 200);
        let viewed = log(&mut administrator, "kinds=card_viewed");
        let seen: Vec<(Json, Json)> =
            viewed.iter().map(|event| (event["user"]["id"].clone(), event["record"]["id"].clone())).collect();
        assert_eq!(
            seen,
            [(json!(employee.id), private["id"].clone()), (json!(administrator.id), private["id"].clone())]
        );
        let changed = &log(&mut administrator, "kinds=settings_changed")[0];
        assert_eq!(changed["details"]["before"]["retention_days"], 1_095);

        let short =
            expect(&administrator.put("/audit/settings", &json!({ "retention_days": 5, "records_views": true })), 422);
        assert_eq!(field_errors(&short), [("/retention_days".to_owned(), "out_of_range".to_owned())]);
    });
}

#[test]
fn sharing_fields_and_settings_are_told_of() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let card = administrator.create_contact(person("Спільна"));
        let change = json!({ "values": { "visibility": "write" } });
        expect(&administrator.patch(&format!("/records/contact/{}", card["id"]), &change), 200);
        let shared = awaited(&mut administrator, "sharing_changed", 1);
        assert_eq!(shared["details"]["changes"], json!({ "visibility": ["private", "write"] }));
        assert_eq!(shared["record"]["title"], card["values"]["name"]);

        let field = json!({ "labels": { "en": "Shoe size" }, "kind": "number" });
        expect(&administrator.post("/catalog/contact/fields", &field), 201);
        assert!(awaited(&mut administrator, "catalog_changed", 1)["details"]["operation_id"].is_i64());

        expect(&administrator.patch("/installation", &json!({ "company_name": "Інша назва" })), 200);
        let changed = awaited(&mut administrator, "settings_changed", 1);
        assert_eq!(changed["details"], json!({ "section": "installation", "fields": ["company_name"] }));
        // The same again is no change.
        expect(&administrator.patch("/installation", &json!({ "company_name": "Інша назва" })), 200);
        awaited(&mut administrator, "settings_changed", 1);
    });
}

#[test]
fn the_log_leaves_as_a_file_that_holds_no_formula() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        expect(&administrator.patch("/session", &json!({ "name": "=HYPERLINK(1)" })), 200);
        expect(&administrator.post("/session/app-passwords", &json!({ "name": "Phone", "contacts": "own" })), 201);
        let file = administrator.get("/audit/file?kinds=app_password_created,login");
        assert_eq!(file.status, 200);
        assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(file.header("content-disposition").unwrap().starts_with("attachment"));
        let text = file.text();
        assert!(text.contains("app_password_created") && text.contains("HYPERLINK"), "{text}");
        for line in text.lines() {
            assert!(!line.split(',').any(|cell| cell.trim_start_matches('"').starts_with('=')), "{line}");
        }
        let told = awaited(&mut administrator, "exported", 1);
        assert_eq!(told["details"], json!({ "what": "audit", "stage": "downloaded", "count": 3 }));
    });
}

#[test]
fn the_check_of_a_database_follows_the_chain_of_the_log() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        expect(&administrator.get("/session"), 200);
        let found = check(&app.engine, &mut |_| {}).unwrap();
        assert!(found.problems.is_empty() && found.events >= 3, "{found:?}");
        let end = found.audit_end.unwrap();
        assert_eq!((u64::try_from(end.last_id).unwrap(), end.last_hash.len()), (found.events, 64));

        // Who cuts the end off and mends what is stored of it is found out by a line of the program's log.
        let noted = [End::find_in(&format!("INFO the audit log ends with {end}")).unwrap()];
        assert_eq!(compare_ends(&app.engine, &noted).unwrap(), Vec::<String>::new());
        let stored = |sql: &str| app.engine.database().write(|tx| tx.execute(sql, &[])).unwrap();
        let before = app
            .engine
            .database()
            .read(|tx| tx.query_one("SELECT hash FROM audit_events WHERE id = ?", &[(end.last_id - 1).into()])?.text(0))
            .unwrap();
        stored(&format!("DELETE FROM audit_events WHERE id = {}", end.last_id));
        stored(&format!("UPDATE audit_chain SET last_id = {}, last_hash = '{before}'", end.last_id - 1));
        assert_eq!(check(&app.engine, &mut |_| {}).unwrap().problems, Vec::<String>::new());
        let cut = compare_ends(&app.engine, &noted).unwrap();
        assert!(cut.len() == 1 && cut[0].contains("its end was cut off"), "{cut:?}");
        // Also when others have been put in its place.
        administrator.patch("/installation", &json!({ "company_name": "Третя назва" }));
        let other = compare_ends(&app.engine, &noted).unwrap();
        assert!(other.len() == 1 && other[0].contains("is not the one that was noted"), "{other:?}");

        let sql = "UPDATE audit_events SET address = '203.0.113.9' WHERE id = 2";
        app.engine.database().write(|tx| tx.execute(sql, &[])).unwrap();
        let found = check(&app.engine, &mut |_| {}).unwrap();
        assert_eq!(found.problems, ["audit log: event 2 or the one before it was changed"]);
    });
}

#[test]
fn who_looks_with_the_eyes_of_another_is_named_himself() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut other = app.log_in("administrator");
        let employee = app.with_user(Role::Employee);
        let hidden = administrator.create_contact(person("Невидима"));
        assert_eq!(other.post("/session/see-as", &json!({ "user_id": employee.id })).status, 204);
        let seen = awaited(&mut administrator, "seen_as", 1);
        assert_eq!((&seen["user"]["id"], &seen["record"]["id"]), (&json!(administrator.id), &json!(employee.id)));
        assert_eq!(other.get(&format!("/records/contact/{}", hidden["id"])).status, 404);
        let denied = awaited(&mut administrator, "denied", 1);
        assert_eq!(denied["user"]["id"], administrator.id);
        assert_eq!(denied["details"]["seen_as"], employee.id);
    });
}
