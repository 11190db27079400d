//! Import over the API, from the upload to the undo (IE01–IE06, D1).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, for_each_app};
use crate::it::person::{person, phone, with};

const TABLE: &str = "Прізвище;Ім'я;Мобільний телефон;E-mail;Компанія\n\
    Шевчук;Ірина;067 440 12 85;ira@karpaty.example;ТОВ «Карпати Буд»\n\
    Ковальчук;Олена;050 111 22 33;;ТОВ «Карпати Буд»\n\
    Кривий;Іван;невідомо;;\n";

/// Uploads a table; gives the import.
fn upload(user: &mut User, name: &str, content: &[u8]) -> Json {
    expect(&user.upload(&format!("/imports?type=contact&file_name={}", encoded(name)), content), 201)
}

fn path(import: &Json) -> String {
    format!("/imports/{}", import["id"])
}

/// Runs the check or the import to its end; gives the import.
fn run(user: &mut User, import: &Json, what: &str) -> Json {
    let started = expect(&user.post(&format!("{}/{what}", path(import)), &json!({})), 202);
    let job = user.wait_for_job(&started["job"]);
    assert_eq!(job["state"], "done", "{job}");
    expect(&user.get(&path(import)), 200)
}

#[test]
fn from_the_upload_to_the_undo() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let before = user.contact_ids("").len();
        let import = upload(&mut user, "клієнти.csv", TABLE.as_bytes());
        let targets: Vec<&str> = import["columns"]
            .as_array()
            .unwrap()
            .iter()
            .map(|column| column["target"].as_str().unwrap_or("-"))
            .collect();
        assert_eq!(targets[..2], ["last_name", "first_name"], "{import}");
        assert!(
            targets[2].starts_with("channels.phone")
                && targets[3].starts_with("channels.email")
                && targets[4] == "parent",
            "{targets:?}"
        );
        assert_eq!(import["preview"][0]["values"]["last_name"], "Шевчук");

        let checked = run(&mut user, &import, "check");
        assert_eq!(
            (&checked["check"]["read"], &checked["check"]["would_create"], &checked["check"]["errors"]),
            (&json!(3), &json!(2), &json!(1))
        );
        let problems = expect(&user.get(&format!("{}/problems?kind=error", path(&import))), 200);
        assert_eq!((&problems["items"][0]["row"], &problems["items"][0]["code"]), (&json!(4), &json!("not_a_phone")));
        assert_eq!(user.contact_ids("").len(), before, "a check writes nothing");

        let done = run(&mut user, &import, "start");
        let report = &done["report"];
        let number = |key: &str| report[key].as_i64().unwrap();
        assert_eq!(
            (number("read"), number("created"), number("failed"), number("companies_created")),
            (3, 2, 1, 1),
            "{report}"
        );
        assert_eq!(
            number("read"),
            number("created") + number("updated") + number("unchanged") + number("skipped") + number("failed")
        );
        let people = user.contact_ids(&format!("filter={}", encoded("parent is not empty")));
        assert_eq!(people.len(), 2);

        let rows = user.get(&format!("{}/failed-rows?format=csv", path(&import))).text();
        assert!(rows.contains("Кривий") && !rows.contains("Шевчук"), "{rows}");

        let answer = user.post(&format!("/operations/{}/undo", done["operation_id"]), &json!({}));
        if answer.status == 202 {
            user.wait_for_job(&answer.json()["job"]);
        }
        assert_eq!(user.contact_ids("").len(), before);
    });
}

#[test]
fn an_import_undone_leaves_what_it_updated_as_it_was() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let known = with(
            json!({ "kind": "person", "last_name": "Шевчук", "first_name": "Ірина" }),
            "channels",
            phone("067 440 12 85"),
        );
        let known = user.create_contact(known);
        let table = "Прізвище;Ім'я;Мобільний телефон;Посада\nШевчук;Ірина;067 440 12 85;директорка\n";
        let import = upload(&mut user, "a.csv", table.as_bytes());
        let done = run(&mut user, &import, "start");
        assert_eq!(done["report"]["updated"], 1, "{done}");
        let record =
            |user: &mut User| expect(&user.get(&format!("/records/contact/{}", known["id"])), 200)["values"].clone();
        assert_eq!(record(&mut user)["position"], "директорка");
        expect(&user.post(&format!("/operations/{}/undo", done["operation_id"]), &json!({})), 200);
        assert_eq!(record(&mut user), known["values"]);
    });
}

#[test]
fn a_shared_phone_needs_a_decision() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let owner = user.create_contact(with(person("Бондаренко"), "channels", phone("067 440 12 85")));
        let table = "Прізвище;Мобільний телефон\nШевчук;067 440 12 85\n";
        let import = upload(&mut user, "a.csv", table.as_bytes());
        let checked = run(&mut user, &import, "check");
        assert_eq!(checked["check"]["needs_decision"], 1, "{checked}");
        let problem = expect(&user.get(&format!("{}/problems?kind=decision", path(&import))), 200)["items"][0].clone();
        assert_eq!((&problem["match"]["id"], &problem["row"]), (&owner["id"], &json!(2)));
        let decision = json!({ "rows": [{ "row": 2, "decision": "create_shared" }] });
        expect(&user.put(&format!("{}/decisions", path(&import)), &decision), 204);
        let done = run(&mut user, &import, "start");
        assert_eq!(done["report"]["created"], 1, "{done}");
        assert_eq!(user.contact_ids("search=4401285").len(), 2);
    });
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut check = |name: &str, content: &[u8], codes: &[&str]| {
            let answer = user.upload(&format!("/imports?type=contact&file_name={name}"), content);
            let body = expect(&answer, 422);
            assert!(codes.contains(&body["code"].as_str().unwrap()), "{name}: {body}");
        };
        check("empty.csv", b"", &["file_empty"]);
        check("broken.xlsx", b"PK\x03\x04 and nothing behind it", &["file_damaged", "file_wrong_kind"]);
        check("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &["file_wrong_kind"]);
    });
}

#[test]
fn an_import_is_its_owners() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let import = upload(&mut owner, "a.csv", TABLE.as_bytes());
        for refused in [
            colleague.get(&path(&import)),
            colleague.post(&format!("{}/start", path(&import)), &json!({})),
            colleague.get(&format!("{}/failed-rows", path(&import))),
        ] {
            assert_eq!(refused.status, 404, "{}", refused.text());
        }
        assert_eq!(expect(&colleague.get("/imports"), 200)["items"], json!([]));
        // What an employee brings in is his own and private.
        let done = run(&mut owner, &import, "start");
        assert_eq!(done["report"]["created"], 2, "{done}");
        assert_eq!(colleague.contact_ids(""), Vec::<i64>::new());
    });
}

#[test]
fn starting_twice_imports_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let import = upload(&mut user, "a.csv", TABLE.as_bytes());
        let start = format!("{}/start", path(&import));
        let first = expect(&user.post(&start, &json!({})), 202);
        let second = user.post(&start, &json!({}));
        assert_eq!(second.status, 409, "{}", second.text());
        user.wait_for_job(&first["job"]);
        assert_eq!(user.contact_ids(&format!("filter={}", encoded("last_name = \"Шевчук\""))).len(), 1);
    });
}

/// A user with a role of these rights, and the role.
fn with_rights(app: &App, admin: &mut User, rights: &Json) -> (User, i64) {
    let values = json!({ "name": format!("Роль {rights}"), "rights": rights.to_string() });
    let role =
        expect(&admin.post("/records/role", &json!({ "values": values })), 201)["record"]["id"].as_i64().unwrap();
    let user = app.with_user(Role::Employee);
    let path = format!("/records/user/{}", user.id);
    let changed = expect(&admin.patch(&path, &json!({ "values": { "roles": [role] } })), 200);
    (app.log_in(changed["record"]["values"]["login"].as_str().unwrap()), role)
}

#[test]
fn a_finished_import_is_not_for_who_sees_only_a_part_of_its_records() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let table = "Прізвище;Примітка;Мобільний телефон\nШевчук;таємниця;невідомо\n";
        let import = upload(&mut admin, "a.csv", table.as_bytes());
        run(&mut admin, &import, "start");
        let masked = json!({ "base": "supervisor", "types": { "contact": { "fields": { "remark": "hidden" } } } });
        let (mut masked, _) = with_rights(app, &mut admin, &masked);
        for what in ["", "/problems", "/failed-rows?format=csv"] {
            let answer = masked.get(&format!("{}{what}", path(&import)));
            assert_eq!(answer.status, 404, "{what}: {}", answer.text());
        }
        assert_eq!(expect(&masked.get("/imports"), 200)["items"], json!([]));
        // Who makes and sees all of it works through it as before.
        let mut supervisor = app.with_user(Role::Supervisor);
        assert!(supervisor.get(&format!("{}/failed-rows?format=csv", path(&import))).text().contains("таємниця"));
        assert_eq!(expect(&supervisor.get("/imports"), 200)["items"][0]["id"], import["id"]);
    });
}

#[test]
fn what_was_uploaded_is_not_loaded_by_who_may_no_longer_import() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (mut user, role) = with_rights(app, &mut admin, &json!({ "base": "employee" }));
        let import = upload(&mut user, "a.csv", TABLE.as_bytes());
        let shared = upload(&mut admin, "b.csv", TABLE.as_bytes());
        run(&mut admin, &shared, "start");
        let closed = json!({ "base": "supervisor", "features": { "import": false } });
        let change = json!({ "values": { "rights": closed.to_string() } });
        expect(&admin.patch(&format!("/records/role/{role}"), &change), 200);
        let at = path(&import);
        for (method, path, body) in [
            ("POST", format!("{at}/start"), json!({})),
            ("POST", format!("{at}/check"), json!({})),
            ("PATCH", at.clone(), json!({ "mode": "create_and_update" })),
            ("PUT", format!("{at}/decisions"), json!({ "all": "skip" })),
            ("POST", format!("{at}/queue"), json!({})),
        ] {
            assert_eq!(expect(&user.send(method, &path, &[], &body), 403)["code"], "forbidden", "{method} {path}");
        }
        // What others loaded is for those who load files.
        expect(&user.get(&path(&shared)), 404);
        expect(&user.get(&at), 200);
    });
}

#[test]
fn files_of_others_are_not_opened_by_the_right_to_their_operations() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let import = upload(&mut admin, "a.csv", TABLE.as_bytes());
        let done = run(&mut admin, &import, "start");
        let rights = json!({ "base": "employee", "features": { "operations": true } });
        let (mut keeper, _) = with_rights(app, &mut admin, &rights);
        expect(&keeper.get(&path(&import)), 404);
        expect(&keeper.get(&format!("{}/failed-rows?format=csv", path(&import))), 404);
        assert_eq!(expect(&keeper.get("/imports"), 200)["items"], json!([]));
        // That there was an import, and its job, he knows.
        let job = expect(&keeper.get(&format!("/jobs/{}", done["job"]["id"])), 200);
        assert_eq!((&job["kind"], &job["state"]), (&json!("import"), &json!("done")));
        // What could not be done is told in numbers, not in records and values as their author saw them.
        let known = admin.create_contact(person("Відома"))["id"].clone();
        let body = json!({ "action": "update", "ids": [known, 999_999], "values": { "remark": "x" } });
        let started = expect(&admin.post("/records/contact/bulk", &body), 202);
        let of_author = admin.wait_for_job(&started["job"]);
        assert_eq!(of_author["report"]["failed"].as_array().unwrap().len(), 1, "{of_author}");
        let told = expect(&keeper.get(&format!("/jobs/{}", of_author["id"])), 200);
        assert_eq!((&told["report"]["failed"], &told["report"]["failed_count"]), (&json!([]), &json!(1)));
        expect(&keeper.get(&format!("/jobs/{}/failures?format=csv", of_author["id"])), 404);
    });
}
