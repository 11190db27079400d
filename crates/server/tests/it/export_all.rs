//! Export of everything (IE10): one archive that has it all, for administrators.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use file_formats::{ReadOptions, inspect, open};
use record_engine::Role;
use serde_json::{Value as Json, json};
use zip::ZipArchive;

use crate::it::app::{User, expect, for_each_app};
use crate::it::person::{person, with};

/// The unpacked archive: bytes by name.
struct Unpacked(BTreeMap<String, Vec<u8>>);

/// A row by the names of its columns.
type Row = BTreeMap<String, String>;

impl Unpacked {
    fn new(archive: Vec<u8>) -> Unpacked {
        let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
        let mut members = BTreeMap::new();
        for at in 0..archive.len() {
            let mut member = archive.by_index(at).unwrap();
            let name = member.name().unwrap().into_owned();
            assert!(member.enclosed_name().is_some(), "{name}");
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            members.insert(name, bytes);
        }
        Unpacked(members)
    }

    /// The rows of a table, as a program for tables reads them.
    fn table(&self, name: &str) -> Vec<Row> {
        let bytes = &self.0[name];
        assert!(bytes.starts_with("\u{FEFF}".as_bytes()), "{name} has no byte order mark");
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let options = ReadOptions { has_header: Some(true), delimiter: Some(','), ..ReadOptions::default() };
        let headers = inspect(file.path(), &options).unwrap().headers;
        let mut reader = open(file.path(), &options).unwrap();
        let mut rows = Vec::new();
        while let Some(row) = reader.next_row().unwrap() {
            let text_of = |at: usize| row.cells.get(at).map(|cell| cell.to_text()).unwrap_or_default();
            rows.push(headers.iter().enumerate().map(|(at, header)| (header.clone(), text_of(at))).collect());
        }
        rows
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.0[name].clone()).unwrap()
    }
}

fn export_all(user: &mut User) -> Unpacked {
    let started = expect(&user.post("/exports/all", &json!({})), 202);
    let job = user.wait_for_job(&started["job"]);
    assert_eq!((&job["state"], &job["kind"]), (&json!("done"), &json!("export_all")), "{job}");
    let name = job["report"]["file_name"].as_str().unwrap();
    assert!(name.starts_with("Карпати Буд 2") && name.ends_with(".zip"), "{name}");
    let answer = user.get(&format!("/exports/{}/file", job["id"]));
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
    let unpacked = Unpacked::new(answer.body);
    let rows: usize =
        unpacked.0.keys().filter(|name| name.ends_with(".csv")).map(|name| unpacked.table(name).len()).sum();
    assert_eq!(job["report"]["rows"], json!(rows));
    unpacked
}

fn with_id<'a>(rows: &'a [Row], id: &Json) -> &'a Row {
    rows.iter()
        .find(|row| row["ID"] == id.to_string().trim_matches('"'))
        .unwrap_or_else(|| panic!("no row {id} in {rows:?}"))
}

#[test]
fn everything_lies_in_one_archive() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let file = expect(&admin.upload("/files?name=..%2FДоговір:1.txt", b"signed"), 201);
        let scan = json!({ "labels": { "uk": "Скан" }, "kind": "file", "settings": {} });
        let scan = expect(&admin.post("/catalog/contact/fields", &scan), 201)["name"].as_str().unwrap().to_owned();
        let budget = json!({ "labels": { "uk": "Бюджет" }, "kind": "number", "settings": { "decimals": 2 } });
        let budget = expect(&admin.post("/catalog/contact/fields", &budget), 201)["name"].as_str().unwrap().to_owned();
        let group = expect(&admin.post("/records/group", &json!({ "values": { "name": "Партнери" } })), 201);
        let tag = expect(&admin.post("/records/tag", &json!({ "values": { "name": "терміново" } })), 201);
        let values = json!({
            "kind": "person", "last_name": "Шевчук", "remark": "=1+1", scan.as_str(): { "id": file["id"] }, budget.as_str(): 1250.5,
            "groups": [group["record"]["id"]], "tags": [tag["record"]["id"]],
            "channels": [{ "kind": "phone", "value": "+380 44 123 45 67" }],
        });
        let kept = admin.create_contact(values);
        let path = format!("/catalog/contact/fields/{budget}");
        expect(&admin.patch(&path, &json!({ "is_retired": true })), 200);
        let changed = json!({ "values": { "last_name": "Шевченко" } });
        expect(&admin.patch(&format!("/records/contact/{}", kept["id"]), &changed), 200);
        let gone = admin.create_contact(person("Видалений"));
        expect(&admin.delete(&format!("/records/contact/{}", gone["id"])), 200);
        let comment = json!({ "values": { "record": kept["id"], "text": "Передзвонити; \"завтра\"\nо десятій" } });
        expect(&admin.post("/records/comment", &comment), 201);
        let view = json!({ "values": { "name": "Мій вигляд", "object_type": "contact", "definition": "{}" } });
        expect(&admin.post("/records/saved_view", &view), 201);

        let all = export_all(&mut admin);
        let contacts = all.table("contact.csv");
        assert_eq!(contacts.len(), 2);
        let row = with_id(&contacts, &kept["id"]);
        let holds = |row: &Row, value: &str| assert!(row.values().any(|cell| cell == value), "{value} in {row:?}");
        for value in ["Шевченко", "=1+1", "1250.5", "Партнери", "терміново"] {
            holds(row, value);
        }
        assert!(row["Телефони та пошта: Телефон"].contains("+380 44 123 45 67"), "{row:?}");
        assert!(row["У кошику з"].is_empty());
        assert!(!with_id(&contacts, &gone["id"])["У кошику з"].is_empty());

        // The bytes lie where the table says, under a name that no system minds.
        let place = &row["Скан"];
        assert!(place.starts_with("files/") && place.ends_with("-Договір_1.txt"), "{place}");
        assert_eq!(all.0[place], b"signed");
        assert_eq!(with_id(&all.table("files.csv"), &file["id"])["В архіві"], *place);

        holds(&all.table("comment.csv")[0], "Передзвонити; \"завтра\"\nо десятій");
        holds(&all.table("group.csv")[0], "Партнери");
        holds(&all.table("tag.csv")[0], "терміново");
        holds(&all.table("saved_view.csv")[0], "Мій вигляд");
        holds(&all.table("user.csv")[0], "administrator");
        let fields = all.table("fields.csv");
        let retired = fields.iter().find(|row| row["Поле"] == budget).unwrap();
        assert_eq!((retired["Назва"].as_str(), retired["Приховане"].as_str()), ("Бюджет", "true"));

        let history = all.table("history.csv");
        let change = history.iter().find(|row| row["Поле"] == "last_name").unwrap();
        assert_eq!((change["Було"].as_str(), change["Стало"].as_str()), ("Шевчук", "Шевченко"));
        assert_eq!(change["Хто"], "Олена Ковальчук");
        let deletion = history.iter().find(|row| row["Поле"] == "deleted").unwrap();
        assert_eq!(deletion["ID"], gone["id"].to_string());
        let operations = all.table("operations.csv");
        assert!(operations.iter().any(|row| row["ID"] == change["Операція"] && row["Вид"] == "update"));
        assert!(!all.table("field_history.csv").is_empty());
        let readme = all.text("README.txt");
        assert!(readme.contains("contact.csv: Контакти, рядків: 2"), "{readme}");
    });
}

#[test]
fn secrets_stay_at_home() {
    for_each_app(|app| {
        let mut employee = app.with_user(Role::Employee);
        let secret = json!({ "name": "Моя таємниця", "object_type": "contact", "definition": "{}" });
        let view = expect(&employee.post("/records/saved_view", &json!({ "values": secret })), 201)["record"].clone();
        let change = json!({ "values": { "name": "Моя таємниця друга" } });
        expect(&employee.patch(&format!("/records/saved_view/{}", view["id"]), &change), 200);

        let all = export_all(&mut app.administrator());
        let hash = app.engine.database().read(|tx| {
            use database::Query;
            tx.query_one("SELECT password_hash FROM user_credentials ORDER BY user_id LIMIT 1", &[])?.text(0)
        });
        let hash = hash.unwrap();
        for (name, bytes) in &all.0 {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains(&hash) && !text.contains("argon2"), "{name} tells a password");
            assert!(!text.contains("таємниця"), "{name} tells a private view");
        }
    });
}

#[test]
fn only_administrators_take_everything() {
    for_each_app(|app| {
        for role in [Role::Employee, Role::Supervisor] {
            let mut user = app.with_user(role);
            assert_eq!(expect(&user.post("/exports/all", &json!({})), 403)["code"], "forbidden");
        }
        let mut admin = app.administrator();
        admin.create_contact(with(person("Шевчук"), "warmth", json!("hot")));
        let started = expect(&admin.post("/exports/all", &json!({})), 202);
        let job = admin.wait_for_job(&started["job"]);
        let path = format!("/exports/{}/file", job["id"]);
        expect(&app.with_user(Role::Supervisor).get(&path), 404);
        assert_eq!(admin.get(&path).status, 200);
    });
}

#[test]
fn an_archive_goes_after_a_week() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let started = expect(&admin.post("/exports/all", &json!({})), 202);
        let job = admin.wait_for_job(&started["job"]);
        let path = format!("/exports/{}/file", job["id"]);
        let position = app.engine.database().read(|tx| {
            use database::Query;
            tx.query_one("SELECT position FROM jobs WHERE kind = 'export_all'", &[])?.text(0)
        });
        let position: Json = serde_json::from_str(&position.unwrap()).unwrap();
        let file = app.engine.files().path(position["hash"].as_str().unwrap());
        assert_eq!(modules::exchange::remove_old_exports(&app.engine).unwrap(), 0);
        assert_eq!(admin.get(&path).status, 200);
        assert!(file.exists());

        let week = 7 * 24 * 3_600 * 1_000_i64 + 1;
        app.engine
            .write(|tx| {
                tx.execute(
                    "UPDATE jobs SET finished_at = finished_at - ? WHERE finished_at IS NOT NULL",
                    &[week.into()],
                )
            })
            .unwrap();
        assert_eq!(modules::exchange::remove_old_exports(&app.engine).unwrap(), 1);
        expect(&admin.get(&path), 404);
        assert!(!file.exists());
    });
}
