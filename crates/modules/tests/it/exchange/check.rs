//! The check of a file, its findings, the file of failed rows, and files that cannot be read.

use modules::exchange::{self, ExchangeError, TableFormat};
use record_engine::{EngineError, Role};
use serde_json::json;
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, adds_up, counts, text};

#[test]
fn every_bad_cell_is_named() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload_table(&[
            "Фамилия;Телефон;E-mail;День рождения;Ответственный;Вид",
            "Перший;067 440 12 85;a@b.example;1.2.1980;Олена Ковальчук;человек",
            "Другий;немає;a-b;32.13.1980;Хтось;дракон",
            "Третій;;;;igor;",
        ]);
        let report = base.check(id);
        assert_eq!(counts(&report), json!({ "read": 3, "would_create": 2, "errors": 1, "findings": 4 }));
        // Nothing was written.
        assert!(base.contacts().is_empty());
        let found: Vec<(u64, u64, String)> = base
            .problems(id, Some("error"))
            .iter()
            .map(|problem| {
                let number = |name: &str| problem[name].as_u64().unwrap();
                (number("row"), number("column"), problem["code"].as_str().unwrap().to_owned())
            })
            .collect();
        let expect = [(3, 1, "not_a_phone"), (3, 2, "not_an_email"), (3, 3, "not_a_date"), (3, 5, "unknown_option")];
        let mut sorted = found.clone();
        sorted.sort();
        assert_eq!(sorted, expect.map(|(row, column, code)| (row, column, code.to_owned())));
        let import = base.import(id);
        assert_eq!(import["state"], "checked");
        assert_eq!(import["check"]["errors"], 1);
        let preview = &import["preview"][1];
        assert_eq!(preview["row"], 3);
        assert_eq!(preview["problems"].as_array().unwrap().len(), 4);
        assert_eq!(import["preview"][0]["values"]["managers"][0]["title"], "Олена Ковальчук");
    });
}

#[test]
fn two_columns_are_the_point_of_an_address() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload_table(&[
            "Фамилия;Город;Широта;Долгота;Доставка: широта",
            "Перший;Київ;50,4501;30.5234;",
            "Другий;;-33.9° ;18.4;",
            "Третій;Львів;;;",
            "Четвертий;Львів;49.8;;",
            "П’ятий;Львів;північ;24;",
            "Шостий;Львів;91;24;",
        ]);
        let import = base.import(id);
        let targets: Vec<&str> =
            import["columns"].as_array().unwrap().iter().filter_map(|column| column["target"].as_str()).collect();
        assert_eq!(targets.get(1..4), Some(&["addresses.city", "addresses.latitude", "addresses.longitude"][..]));
        let report = base.check(id);
        assert_eq!((&report["would_create"], &report["errors"]), (&json!(3), &json!(3)), "{report}");
        let codes: Vec<String> = base
            .problems(id, Some("error"))
            .iter()
            .map(|problem| problem["code"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(codes, ["required", "wrong_type", "out_of_range"]);
        base.run(id);
        let contacts = base.contacts();
        let point = |at: usize| {
            let address = &contacts[at].values["addresses"][0];
            (address["latitude"].clone(), address["longitude"].clone())
        };
        assert_eq!(point(0), (json!(50.4501), json!(30.5234)));
        assert_eq!(point(1), (json!(-33.9), json!(18.4)));
        assert_eq!(contacts[2].values["addresses"][0].get("latitude"), None);

        // An export says it in two columns as well, and reads its own cells back.
        let bytes = base.export(json!({ "type": "contact", "format": "csv" }));
        let table = String::from_utf8(bytes.clone()).unwrap();
        assert!(table.lines().next().unwrap().contains("широта"), "{table}");
        assert!(table.contains("50.4501") || table.contains("50,4501"), "{table}");
        let back = base.upload("back.csv", &bytes);
        assert_eq!(counts(&base.check(back)), json!({ "read": 3, "unchanged": 3 }));
    });
}

#[test]
fn what_cannot_be_read_may_stay_as_text() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let load = |row: &str| {
            let id = base.upload_table(&["Фамилия;Телефон;E-mail;Теплота", row]);
            base.change(id, json!({ "keep_unreadable": true }));
            assert_eq!(base.check(id)["errors"], 0);
            counts(&base.run(id))
        };
        assert_eq!(load("Другий;067 440 12 85;a-b;дракон"), json!({ "read": 1, "created": 1 }));
        let contact = &base.contacts()[0];
        assert_eq!(text(contact, "description").lines().count(), 2);
        assert!(text(contact, "description").contains("a-b") && text(contact, "description").contains("дракон"));

        // It stands behind what is there, and comes but once.
        assert_eq!(load("Другий;067 440 12 85;;вогонь"), json!({ "read": 1, "updated": 1 }));
        assert_eq!(load("Другий;067 440 12 85;;вогонь"), json!({ "read": 1, "unchanged": 1 }));
        let contact = &base.contacts()[0];
        assert_eq!(text(contact, "description").lines().count(), 3, "{}", text(contact, "description"));
    });
}

#[test]
fn failed_rows_come_back_corrected() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.upload_table(&[
            "Фамилия;Телефон;Заметка для себя;Ответственный",
            "Перший;067 440 12 85;так;",
            "Другий;немає;\"=1+1; \"\"так\"\"\";",
            "Третій;050 111 22 33;;Хтось",
        ]);
        let report = base.run(id);
        assert!(adds_up(&report));
        assert_eq!(counts(&report), json!({ "read": 3, "created": 1, "failed": 2 }));
        let csv = String::from_utf8(base.failed_rows(id, TableFormat::Csv)).unwrap();
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines[0], "Строка,Причина,Фамилия,Телефон,Заметка для себя,Ответственный");
        assert_eq!(lines[1], "3,Телефон: «немає» не номер телефона,Другий,немає,\"'=1+1; \"\"так\"\"\",");
        assert_eq!(lines[2], "4,Ответственный: «Хтось» не найдено: Хтось,Третій,050 111 22 33,,Хтось");
        // Corrected and loaded again, the two added columns are left out by themselves.
        let corrected = csv.replace("Другий,немає", "Другий,050 111 22 44").replace(",Хтось", ",olena");
        let again = base.upload("again.csv", corrected.as_bytes());
        let targets: Vec<_> =
            base.import(again)["columns"].as_array().unwrap().iter().map(|c| c["target"].clone()).collect();
        assert_eq!(targets[..2], [json!(null), json!(null)]);
        assert_eq!(counts(&base.run(again)), json!({ "read": 2, "created": 2 }));
        let workbook = base.failed_rows(id, TableFormat::Xlsx);
        assert_eq!(base.import(base.upload("failed.xlsx", &workbook))["row_estimate"], 2);
    });
}

#[test]
fn files_that_cannot_be_read_are_refused_at_once() {
    let base = Base::new(TestDatabase::sqlite());
    let code = |name: &str, bytes: &[u8]| match base.upload_as(&base.admin(), name, bytes) {
        Ok(id) => panic!("{name} was taken as import {id}"),
        Err(error) => error.code_and_params().0,
    };
    assert_eq!(code("a.xlsx", b"PK\x03\x04 this is no archive"), "file_damaged");
    assert_eq!(code("a.pdf", b"%PDF-1.7\n..."), "file_wrong_kind");
    assert_eq!(code("a.csv", b""), "file_empty");
    // Nothing of them stays behind.
    let left = std::fs::read_dir(base.engine.files().incoming_path("")).unwrap().count();
    assert_eq!(left, 0);
    assert!(matches!(base.upload_as(&base.user(2, Role::Employee), "a.csv", b""), Err(ExchangeError::File(_))));
}

#[test]
fn a_file_damaged_in_the_middle_is_not_imported_by_half() {
    let base = Base::new(TestDatabase::sqlite());
    let mut text = String::from("Фамилия;Телефон\n");
    for number in 0..2_000 {
        text.push_str(&format!("Людина {number};067{number:07}\n"));
    }
    text.push_str("\"не закрито;1\n");
    text.push_str(&"x".repeat(300_000));
    let id = base.upload("broken.csv", text.as_bytes());
    let job = exchange::start_import(&base.engine, &base.admin(), id).unwrap();
    let job = base.finish(job);
    assert_eq!(job.state, "failed");
    assert!(base.contacts().is_empty());
    assert_eq!(base.import(id)["state"], "failed");
}

#[test]
fn formulas_and_spreadsheet_oddities() {
    let base = Base::new(TestDatabase::sqlite());
    // A text that a spreadsheet would run is a text; a repeated header is left out with a doubt; a blank column does no harm.
    let id = base.upload_table(&[
        "Фамилия;Фамилия;;Телефон;Описание;День рождения",
        "=HYPERLINK(\"http://x\");друга;;380674401285;@SUM(1+1);22/03/1980",
    ]);
    let import = base.import(id);
    assert_eq!(import["columns"][1]["target"], json!(null));
    assert_eq!(counts(&base.run(id)), json!({ "read": 1, "created": 1 }));
    let record = &base.contacts()[0];
    assert_eq!(text(record, "last_name"), "=HYPERLINK(\"http://x\")");
    assert_eq!(text(record, "description"), "@SUM(1+1)");
}

#[test]
fn settings_of_a_running_import_stand() {
    let base = Base::new(TestDatabase::sqlite());
    let id = base.upload_table(&["Фамилия", "Перший"]);
    let change = |change: serde_json::Value| {
        exchange::change_import(&base.engine, &base.admin(), id, serde_json::from_value(change).unwrap())
    };
    assert!(change(json!({ "mapping": [{ "index": 0, "target": "no_such_field" }] })).is_err());
    assert!(change(json!({ "mapping": [{ "index": 9, "target": "last_name" }] })).is_err());
    let import = change(json!({ "defaults": { "kind": "company", "country": "PL" }, "mapping": [{ "index": 0, "target": "full_name" }] }))
        .unwrap();
    assert_eq!(import["preview"][0]["values"]["company_name"], "Перший");
    base.run(id);
    let busy = change(json!({ "mode": "create_only" }));
    assert!(matches!(busy, Err(ExchangeError::Engine(EngineError::State("import_is_busy")))));
    assert!(matches!(
        exchange::start_import(&base.engine, &base.admin(), id),
        Err(ExchangeError::Engine(EngineError::State("import_is_busy")))
    ));
    assert_eq!(text(&base.contacts()[0], "kind"), "company");
    let (listed, _) = exchange::list_imports(&base.engine, &base.admin(), None, 10).unwrap();
    assert_eq!(listed[0]["report"]["created"], 1);
}

#[test]
fn numbers_without_a_country_code_belong_to_the_chosen_country() {
    let base = Base::new(TestDatabase::sqlite());
    let id = base.upload_table(&["Фамилия;Телефон", "Kowalski;22 518 90 04"]);
    base.change(id, json!({ "defaults": { "country": "PL" } }));
    base.run(id);
    assert_eq!(super::support::channels(&base.contacts()[0], "phone")[0].0, "+48225189004");
}
