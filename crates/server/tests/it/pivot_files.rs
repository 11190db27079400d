//! Pivot tables as files (X6): what the page shows, numbers as numbers, for those who may export, told to the audit log.

use file_formats::{Cell, ReadOptions, open};
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{User, expect, field_errors};
use crate::it::deal_lines::{for_each_day, make, money};

/// The finished job of an export of deals, and its file.
fn export(user: &mut User, format: &str, pivot: &Json) -> (Json, Vec<u8>) {
    let body = json!({ "type": "deal", "format": format, "filter": "title != \"Чужа\"", "pivot": pivot });
    let started = expect(&user.post("/exports", &body), 202);
    let job = user.wait_for_job(&started["job"]);
    assert_eq!(job["state"], "done", "{job}");
    let answer = user.get(&format!("/exports/{}/file", job["id"]));
    assert_eq!(answer.status, 200);
    (job, answer.body)
}

fn text(file: Vec<u8>) -> Vec<String> {
    let text = String::from_utf8(file).unwrap();
    text.trim_start_matches('\u{feff}').lines().map(String::from).collect()
}

fn say_in(user: &mut User, language: &str) {
    expect(&user.patch("/session", &json!({ "language": language })), 200);
}

#[test]
fn a_table_is_written_as_the_page_shows_it() {
    for_each_day(|app| {
        let mut user = app.administrator();
        say_in(&mut user, "ru");
        for (title, stage, amount, currency, close) in [
            ("A", "won", 10_050, "UAH", json!("2026-01-31")),
            ("B", "needs", 200, "UAH", json!("2026-02-28")),
            ("C", "needs", 400, "UAH", Json::Null),
            ("D", "needs", 5, "PLN", json!("2026-02-01")),
            ("Чужа", "lost", 1, "UAH", json!("2026-02-01")),
        ] {
            let mut values =
                json!({ "title": title, "stage": stage, "budget": money(amount, currency), "expected_close": close });
            values["lost_reason"] = if stage == "lost" { json!("price") } else { Json::Null };
            make(&mut user, "deal", values);
        }
        let table = json!({ "rows": "stage", "columns": "expected_close:month", "value": "budget" });
        let (job, file) = export(&mut user, "csv", &table);
        assert_eq!(
            text(file),
            [
                "Этап,\"январь 2026, UAH\",\"февраль 2026, UAH\",\"Без значения, UAH\",\"Итого, UAH\"",
                "Потребности,,2,4,6",
                "Выиграна,100.5,,,100.5",
                "Итого,100.5,2,4,106.5",
                "Часть сумм не вошла: нет курса.",
            ]
        );
        assert_eq!(job["report"]["rows"], 2);
        assert!(job["report"]["file_name"].as_str().unwrap().starts_with("Сделки, сводная таблица 2026-"));

        let table = json!({ "rows": "responsible,stage", "value": "budget", "figure": "average" });
        let (_, file) = export(&mut user, "xlsx", &table);
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), file).unwrap();
        let mut reader = open(path.path(), &ReadOptions::default()).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            rows.push(row.cells);
        }
        assert!(matches!(&rows[0][2], Cell::Number(number) if (number - 3.0).abs() < 1e-9), "{rows:?}");
        assert!(matches!(&rows[1][2], Cell::Number(number) if (number - 100.5).abs() < 1e-9), "{rows:?}");

        say_in(&mut user, "uk");
        let (_, file) = export(&mut user, "csv", &json!({ "rows": "expected_close:quarter" }));
        assert_eq!(text(file), ["Очікуване закриття,Разом", "1 кв. 2026,3", "Без значення,1", "Разом,4"]);

        let told = expect(&user.get("/audit?kinds=exported"), 200)["items"].clone();
        let told: Vec<&Json> = told.as_array().unwrap().iter().collect();
        assert_eq!(told[0]["details"]["what"], "pivot");
        assert_eq!(told[0]["details"]["pivot"]["rows"], "expected_close:quarter");
        let stages: Vec<&str> = told[..3].iter().map(|event| event["details"]["stage"].as_str().unwrap()).collect();
        assert_eq!(stages, ["downloaded", "written", "started"]);
    });
}

#[test]
fn a_name_in_a_table_is_never_a_formula() {
    for_each_day(|app| {
        let mut user = app.administrator();
        let contact = make(&mut user, "contact", json!({ "kind": "company", "company_name": "=1+1" })).0;
        make(&mut user, "deal", json!({ "title": "A", "contact": contact["id"] }));
        let (_, file) = export(&mut user, "csv", &json!({ "rows": "contact" }));
        let rows = text(file);
        assert!(rows[1].contains("=1+1") && !rows[1].starts_with('=') && !rows[1].starts_with("\"="), "{rows:?}");
    });
}

#[test]
fn a_table_is_taken_out_by_those_who_may_export() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let mut seller = app.with_user(Role::Employee);
        make(&mut admin, "deal", json!({ "title": "A" }));
        let asked = |pivot: Json| json!({ "type": "deal", "format": "csv", "pivot": pivot });
        let refused = expect(&seller.post("/exports", &asked(json!({ "rows": "stage" }))), 403);
        assert_eq!(refused["code"], "export_forbidden");

        // What he may take out is less than what he sees.
        let actions = json!({ "see": [{ "level": "all" }], "export": [{ "level": "own" }] });
        let deal = json!({ "actions": actions, "fields": { "budget": "hidden" } });
        let rights = json!({ "base": "employee", "types": { "deal": deal } });
        let role = make_role(&mut admin, "Свої", &rights);
        let mut user = with_roles(app, &mut admin, &[role]);
        say_in(&mut user, "en");
        make(
            &mut admin,
            "deal",
            json!({ "title": "B", "responsible": user.id, "stage": "won", "budget": money(1, "UAH") }),
        );
        let (_, file) = export(&mut user, "csv", &json!({ "rows": "stage" }));
        assert_eq!(text(file), ["Stage,Total", "Won,1", "Total,1"]);
        let hidden = expect(&user.post("/exports", &asked(json!({ "rows": "stage", "value": "budget" }))), 422);
        assert_eq!(field_errors(&hidden), [("/value".to_owned(), "unknown_field".to_owned())]);

        for (more, member) in [
            (json!({ "format": "vcard" }), "/format"),
            (json!({ "fields": ["title"] }), "/fields"),
            (json!({ "sort": "title" }), "/sort"),
        ] {
            let mut body = asked(json!({ "rows": "stage" }));
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let refused = expect(&admin.post("/exports", &body), 422);
            assert_eq!(field_errors(&refused), [(member.to_owned(), "not_with_pivot".to_owned())]);
        }
        let refused = expect(&admin.post("/exports", &asked(json!({ "rows": "title" }))), 422);
        assert_eq!(field_errors(&refused), [("/rows".to_owned(), "not_a_group".to_owned())]);
    });
}
