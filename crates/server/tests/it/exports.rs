//! Export (IE07, IE08): for supervisors and administrators, of what is filtered, harmless in a spreadsheet.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{User, expect, for_each_app};
use crate::it::person::{person, with};

fn export(user: &mut User, body: &serde_json::Value) -> Vec<u8> {
    let started = expect(&user.post("/exports", body), 202);
    let job = user.wait_for_job(&started["job"]);
    assert_eq!(job["state"], "done", "{job}");
    let answer = user.get(&format!("/exports/{}/file", job["id"]));
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
    answer.body
}

#[test]
fn only_supervisors_and_administrators_export() {
    for_each_app(|app| {
        let mut employee = app.with_user(Role::Employee);
        employee.create_contact(person("Своя"));
        let body = json!({ "type": "contact", "format": "csv" });
        assert_eq!(expect(&employee.post("/exports", &body), 403)["code"], "export_forbidden");
        assert_eq!(expect(&employee.get("/session"), 200)["permissions"]["export"], false);

        let mut supervisor = app.with_user(Role::Supervisor);
        assert!(String::from_utf8(export(&mut supervisor, &body)).unwrap().contains("Своя"));
    });
}

#[test]
fn the_filter_decides_and_the_file_is_its_owners() {
    for_each_app(|app| {
        let (mut one, mut two) = (app.administrator(), app.with_user(Role::Supervisor));
        one.create_contact(with(person("Гаряча"), "warmth", json!("hot")));
        one.create_contact(with(person("Холодна"), "warmth", json!("cold")));
        let started = expect(
            &one.post("/exports", &json!({ "type": "contact", "format": "csv", "filter": "warmth = hot" })),
            202,
        );
        let job = one.wait_for_job(&started["job"]);
        let path = format!("/exports/{}/file", job["id"]);
        let text = one.get(&path).text();
        assert!(text.contains("Гаряча") && !text.contains("Холодна"), "{text}");
        expect(&two.get(&path), 404);
    });
}

#[test]
fn a_cell_is_never_a_formula() {
    for_each_app(|app| {
        let mut user = app.administrator();
        user.create_contact(with(
            person("=HYPERLINK(\"http://evil.example\")"),
            "remark",
            json!("@SUM(1+1)*cmd|' /C calc'!A0"),
        ));
        let text = String::from_utf8(export(&mut user, &json!({ "type": "contact", "format": "csv" }))).unwrap();
        for cell in text.lines().skip(1).flat_map(|line| line.split(',')) {
            let first = cell.trim_matches('"').chars().next();
            assert!(!matches!(first, Some('=' | '@')), "{cell}");
        }
    });
}

#[test]
fn cards_and_workbooks_are_what_they_say() {
    for_each_app(|app| {
        let mut user = app.administrator();
        user.create_contact(person("Шевчук"));
        let cards = export(&mut user, &json!({ "type": "contact", "format": "vcard" }));
        assert!(cards.starts_with(b"BEGIN:VCARD"));
        let workbook = export(&mut user, &json!({ "type": "contact", "format": "xlsx" }));
        assert!(workbook.starts_with(b"PK"));
    });
}
