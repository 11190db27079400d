//! Personal data (X37): nothing of an erased person is found anywhere any more, and nothing brings him back.

mod consents;
mod erased_addresses;
mod needles;
mod restored;
mod restricted;
mod retention;
mod told;
mod work;

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, phone, with};
use needles::Needles;

/// Erases a contact through the API; gives the ended job.
pub(crate) fn erase(user: &mut User, contact: &Json) -> Json {
    let path = format!("/personal-data/subjects/{}", contact["id"]);
    let preview = expect(&user.get(&path), 200);
    let body = json!({ "confirmation": preview["title"], "cause": "request" });
    let answer = expect(&user.post(&format!("{path}/erase"), &body), 202);
    let job = user.wait_for_job(&answer["job"]);
    assert_eq!(job["state"], "done", "{job}");
    job
}

#[test]
fn no_needle_survives_an_erasure() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let other = user.create_contact(with(person("Сусід"), "channels", phone("067 000 00 01")));
        let mut needles = Needles::default();
        let contact = needles.fill(app, &mut user);
        let missing = needles.missing(app);
        assert_eq!(missing, Vec::<String>::new(), "the test itself must put a needle everywhere");

        let job = erase(&mut user, &contact);

        assert_eq!(needles.found(app), Vec::<String>::new());
        let left = expect(&user.get(&format!("/records/contact/{}", contact["id"])), 200);
        assert_eq!(left["title"], format!("Дані видалено № {}", contact["id"]));
        assert!(left["erased_at"].is_string() && left["can_edit"] == false, "{left}");
        assert_eq!(
            left["values"]["kind"]["key"].as_str().or(left["values"]["kind"].as_str()),
            Some("person"),
            "{left}"
        );
        let other = expect(&user.get(&format!("/records/contact/{}", other["id"])), 200);
        assert_eq!(other["values"]["last_name"], "Сусід");
        let act = expect(&user.get(&format!("/personal-data/acts/{}", job["report"]["act_id"])), 200);
        assert!(act["goes"]["fields"].as_array().unwrap().contains(&json!("last_name")), "{act}");
        let page = user.get(&format!("/personal-data/acts/{}/page", act["id"]));
        assert!(page.text().contains("Акт про знищення") && page.text().contains("Олена Ковальчук"));
        assert!(!page.text().contains("<script"));
        assert_eq!(needles.of_text(&page.text()), Vec::<String>::new());
    });
}

#[test]
fn an_erased_record_takes_nothing_back() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Зниклий"), "remark", json!("перше")));
        let path = format!("/records/contact/{}", contact["id"]);
        let changed = expect(&user.patch(&path, &json!({ "values": { "remark": "друге" } })), 200);
        let deleted = expect(&user.delete(&path), 200);
        let job = erase(&mut user, &contact);

        for operation in [&changed["operation_id"], &deleted["operation_id"]] {
            let refused = expect(&user.post(&format!("/operations/{operation}/undo"), &json!({})), 409);
            assert_eq!(refused["code"], "erased");
        }
        let refused = expect(&user.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({})), 409);
        assert_eq!(refused["code"], "cannot_be_undone");
        expect(&user.post(&format!("{path}/restore"), &json!({})), 200);
        let left = expect(&user.get(&path), 200);
        assert_eq!(left["values"].get("remark"), None, "{left}");
        let refused = expect(&user.patch(&path, &json!({ "values": { "remark": "третє" } })), 409);
        assert_eq!(refused["code"], "erased");
        let history = expect(&user.get(&format!("{path}/history")), 200).to_string();
        assert!(!history.contains("друге") && !history.contains("Зниклий"), "{history}");
        assert!(history.contains("\"erase\""), "{history}");
        // Nor does the past tell.
        let past = user.get(&format!("{path}?as_of={}", encoded("2026-01-01T00:00:00Z")));
        assert!(!past.text().contains("Зниклий"));
    });
}

#[test]
fn undoing_a_merge_or_an_import_keeps_the_erased() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let (one, two) = (user.create_contact(person("Злитий")), user.create_contact(person("Поглинутий")));
        let merge = json!({ "survivor": one["id"], "losers": [two["id"]], "choices": {} });
        let merged = expect(&user.post("/records/contact/merge", &merge), 200);
        erase(&mut user, &one);
        let refused = expect(&user.post(&format!("/operations/{}/undo", merged["operation_id"]), &json!({})), 409);
        assert_eq!(refused["code"], "erased");
        let loser = expect(&user.get(&format!("/records/contact/{}", two["id"])), 200);
        assert!(loser["erased_at"].is_string() && !loser.to_string().contains("Поглинутий"), "{loser}");

        let table = "Прізвище;Примітка\nІмпортований;раз\nСусідній;два\n".as_bytes();
        let import = expect(&user.upload("/imports?type=contact&file_name=two.csv", table), 201);
        let started = expect(&user.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        let job = user.wait_for_job(&started["job"]);
        let id = user.contact_ids(&format!("filter={}", encoded("last_name = \"Імпортований\"")))[0];
        erase(&mut user, &json!({ "id": id }));
        expect(&user.get(&format!("/imports/{}", import["id"])), 404);
        let undone = expect(&user.post(&format!("/operations/{}/undo", job["operation_id"]), &json!({})), 200);
        assert_eq!((&undone["undone"], &undone["kept_count"]), (&json!(1), &json!(1)), "{undone}");
        assert!(!undone.to_string().contains("Імпортований"), "{undone}");
        assert_eq!(user.contact_ids(&format!("filter={}", encoded("last_name = \"Імпортований\""))), Vec::<i64>::new());
    });
}

#[test]
fn who_may_not_erases_nothing_and_a_hold_always_wins() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(with(person("Утриманий"), "visibility", json!("write")));
        let path = format!("/personal-data/subjects/{}", contact["id"]);
        let body = json!({ "confirmation": "Утриманий", "cause": "request" });
        let mut employee = app.with_user(Role::Supervisor);
        expect(&employee.get(&path), 403);
        expect(&employee.post(&format!("{path}/erase"), &body), 403);
        expect(&employee.get("/personal-data/acts"), 403);
        let hold = json!({ "values": { "legal_hold": true } });
        expect(&employee.patch(&format!("/records/contact/{}", contact["id"]), &hold), 422);

        let wrong = json!({ "confirmation": "Утрим", "cause": "request" });
        let refused = expect(&user.post(&format!("{path}/erase"), &wrong), 422);
        assert_eq!(field_errors(&refused), [("/values/confirmation".to_owned(), "not_the_name".to_owned())]);
        expect(&user.patch(&format!("/records/contact/{}", contact["id"]), &hold), 200);
        let refused = expect(&user.post(&format!("{path}/erase"), &body), 409);
        assert_eq!(refused["code"], "legal_hold");
    });
}

/// Every text column of every table stands in the data map, and every type has a role in it.
#[test]
fn the_data_map_knows_every_text_column() {
    use modules::personal_data::data_map::{TABLES, role_of};
    for_each_app(|app: &App| {
        let catalog = app.engine.snapshot().catalog;
        for object_type in &catalog.object_types {
            assert!(role_of(&object_type.name).is_some(), "the data map does not know the type {}", object_type.name);
        }
        let of_records = needles::record_tables(app);
        let known = |table: &str, column: &str| {
            TABLES.iter().any(|known| known.name == table && known.columns.iter().any(|(name, _)| *name == column))
        };
        let mut unknown = Vec::new();
        for (table, column) in needles::text_columns(app) {
            if !of_records.contains(&table) && !known(&table, &column) {
                unknown.push(format!("{table}.{column}"));
            }
        }
        assert_eq!(unknown, Vec::<String>::new(), "say in the data map what these columns hold of people");
    });
}

/// The members of an archive of a person as one text.
fn archive(app: &App, user: &mut User, job: &Json) -> String {
    let bytes = user.get(&format!("/exports/{}/file", job["id"])).body;
    let path = app.data.path().join("person.zip");
    std::fs::write(&path, &bytes).unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let mut text = String::new();
    for at in 0..zip.len() {
        let mut member = zip.by_index(at).unwrap();
        text.push_str(&format!("\n== {}\n", member.name().unwrap()));
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut bytes).unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    std::fs::remove_file(&path).unwrap();
    text
}

#[test]
fn the_export_of_one_person_holds_all_of_him_and_nobody_else() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut others = Needles::default();
        let other = others.fill_simply(&mut user, "zqother");
        let mut needles = Needles::default();
        let contact = needles.fill(app, &mut user);
        let path = format!("/records/contact/{}", other["id"]);
        expect(&user.patch(&path, &json!({ "values": { "remark": "поряд" } })), 200);

        let started = expect(&user.post(&format!("/personal-data/subjects/{}/export", contact["id"]), &json!({})), 202);
        let job = user.wait_for_job(&started["job"]);
        assert_eq!(job["state"], "done", "{job}");
        let text = archive(app, &mut user, &job);
        let found = needles.of_text(&text);
        // What stands in somebody's import file and nowhere else is no data of the base.
        let of_file = needles.of_import_file();
        let missing: Vec<String> =
            needles.all().filter(|text| !found.contains(text) && !of_file.contains(text)).collect();
        assert_eq!(missing, Vec::<String>::new());
        assert!(!text.contains("zqother"), "somebody else is in it");
        assert!(text.contains("== index.html") && text.contains("== data.json") && !text.contains("<script"));

        let mut employee = app.with_user(Role::Supervisor);
        expect(&employee.post(&format!("/personal-data/subjects/{}/export", contact["id"]), &json!({})), 403);
        expect(&employee.get(&format!("/exports/{}/file", job["id"])), 404);
    });
}
