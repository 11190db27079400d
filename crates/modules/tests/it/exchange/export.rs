//! Export, and the way back.

use modules::exchange::{self, ExchangeError};
use record_engine::Role;
use record_engine::catalog::{NewField, add_field};
use serde_json::{Value as Json, json};
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, counts, text};

/// Contacts with everything that a record can hold.
fn fill(base: &Base) {
    for field in [
        json!({ "labels": { "ru": "Размер обуви" }, "kind": "number", "settings": { "decimals": 1 } }),
        json!({ "labels": { "ru": "Бюджет" }, "kind": "money", "settings": {} }),
        json!({ "labels": { "ru": "Хобби" }, "kind": "choice_set", "settings": { "options": [
            { "key": "chess", "labels": { "ru": "Шахматы, шашки" } }, { "key": "ski", "labels": { "ru": "Лыжи; коньки" } }] } }),
        json!({ "labels": { "ru": "Договор" }, "kind": "checkbox" }),
        json!({ "labels": { "ru": "Встреча" }, "kind": "date_time" }),
        json!({ "labels": { "ru": "Досье" }, "kind": "link" }),
    ] {
        let labels = serde_json::from_value(field["labels"].clone()).unwrap();
        let mut kind = field;
        kind.as_object_mut().unwrap().remove("labels");
        let kind = serde_json::from_value(kind).unwrap();
        let new = NewField { labels, kind, group: None, is_required: false };
        base.engine
            .change_catalog(&base.admin(), |tx, snapshot| {
                add_field(tx, &snapshot.catalog, snapshot.object_type("contact")?.as_ref(), &new)
            })
            .unwrap();
    }
    let names: Vec<String> = base
        .engine
        .snapshot()
        .object_type("contact")
        .unwrap()
        .fields
        .iter()
        .filter(|field| field.is_custom)
        .map(|field| field.name.clone())
        .collect();
    let holding = base.create(json!({ "kind": "company", "company_name": "Холдинг «Схід»" }));
    let company = base.create(json!({ "kind": "company", "company_name": "ТОВ \"Вектор; плюс\"", "parent": holding }));
    let twin = base.create(json!({ "kind": "company", "company_name": "ТОВ \"Вектор; плюс\"" }));
    let mut values = json!({
        "last_name": "Шевчук", "first_name": "Тарас", "patronymic": "Григорович", "parent": twin, "position": "=директор",
        "birthday": "1980-03-22", "gender": "male", "managers": [2, 1], "visibility": "read", "warmth": "hot", "source": "call",
        "contact_type": "partner", "remark": "  дзвонити, після 18:00", "description": "рядок один\n\nрядок; \"три\"",
        "channels": [
            { "kind": "phone", "label": "mobile", "value": "+380674401285" },
            { "kind": "email", "label": "work", "value": "taras@example.com", "comment": "читає: рідко | іноді" },
            { "kind": "phone", "label": "дача: друга", "value": "102", "is_primary": true },
            { "kind": "phone", "value": "+380442339061;ext=12", "is_shared": true },
            { "kind": "telegram", "value": "@taras" }, { "kind": "website", "value": "https://a.example/?q=1|2" },
            { "kind": "other", "label": "home", "value": "icq: 123", "comment": "icq" }
        ],
        "addresses": [
            { "label": "office", "street": "вул. Хрещатик, 1", "city": "Київ", "postcode": "01001", "country": "UA" },
            { "city": "Львів", "is_primary": true }
        ]
    });
    let custom = [
        json!(42.5),
        json!({ "amount": -1250, "currency": "EUR" }),
        json!(["chess", "ski"]),
        json!(true),
        json!("2026-11-22T08:15:30.250Z"),
        json!("https://a.example/x"),
    ];
    for (name, value) in names.iter().zip(custom) {
        values[name.as_str()] = value;
    }
    base.create(values);
    base.create(json!({ "first_name": "+380 50 100 20 30", "parent": company, "managers": [1] }));
    base.create(
        json!({ "last_name": "Довгий", "description": format!("{} кінець", "слово ".repeat(10_000).trim_end()) }),
    );
}

#[test]
fn export_and_import_change_nothing() {
    for_each_backend(|database| {
        let base = Base::new(database);
        fill(&base);
        let before = base.contacts();
        for format in ["xlsx", "csv"] {
            let bytes = base.export(json!({ "type": "contact", "format": format }));
            let id = base.upload(&format!("export.{format}"), &bytes);
            let import = base.import(id);
            assert_eq!(import["recognised"], "kartoteka");
            let report = base.check(id);
            assert_eq!(
                counts(&report),
                json!({ "read": 6, "unchanged": 6 }),
                "{format}: {:?}",
                base.problems(id, None)
            );
            let report = base.run(id);
            assert_eq!(counts(&report), json!({ "read": 6, "unchanged": 6 }), "{format}");
            assert_eq!(base.contacts(), before, "{format}");
            assert_eq!(base.import(id)["operation_id"], Json::Null);
        }
    });
}

#[test]
fn an_export_fills_an_empty_base() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.create(json!({ "kind": "company", "company_name": "Вектор", "channels": [{ "kind": "phone", "value": "0442339061" }] }));
        base.create(json!({
            "last_name": "Шевчук", "parent": 1,
            "channels": [{ "kind": "phone", "value": "0674401285" }, { "kind": "phone", "label": "work", "value": "0674401286", "is_primary": true }]
        }));
        let bytes = base.export(json!({ "type": "contact", "format": "xlsx", "sort": "-id" }));
        let other = Base::new(TestDatabase::sqlite());
        let id = other.upload("export.xlsx", &bytes);
        // Ids of another base mean nothing here, and neither does the id of the company.
        let mapping: Vec<Json> = other.import(id)["columns"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|column| column["header"].as_str().unwrap().contains("(ID)"))
            .map(|column| json!({ "index": column["index"], "target": null }))
            .collect();
        other.change(id, json!({ "mapping": mapping }));
        let report = other.run(id);
        // The person's row comes first and makes the company, whose own row fills it.
        assert_eq!(counts(&report), json!({ "read": 2, "created": 1, "updated": 1, "companies_created": 1 }));
        let channels = |base: &Base| {
            let mut all: Vec<(String, Json)> =
                base.contacts().iter().map(|record| (text(record, "name"), record.value("channels").clone())).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        assert_eq!(channels(&other), channels(&base));
    });
}

#[test]
fn only_what_was_asked_for_and_only_for_those_who_may() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.create(json!({ "last_name": "Перший", "warmth": "hot" }));
        base.create(json!({ "last_name": "Другий", "warmth": "cold", "position": "=1+1" }));
        let request = json!({ "type": "contact", "format": "csv", "filter": "warmth = cold", "fields": ["last_name", "position"] });
        let csv = String::from_utf8(base.export(request)).unwrap();
        assert_eq!(csv, "\u{feff}ID,Фамилия,Должность\r\n2,Другий,\"'=1+1\"\r\n");
        let form = json!({ "field": "warmth", "op": "=", "value": "hot" });
        let csv = base.export(json!({ "type": "contact", "format": "csv", "filter": form, "fields": ["last_name"] }));
        assert_eq!(String::from_utf8(csv).unwrap(), "\u{feff}ID,Фамилия\r\n1,Перший\r\n");
        let request = || serde_json::from_value(json!({ "type": "contact", "format": "csv" })).unwrap();
        let employee = base.user(2, Role::Employee);
        assert!(matches!(
            exchange::start_export(&base.engine, &employee, request()),
            Err(ExchangeError::ExportForbidden)
        ));
        let job = exchange::start_export(&base.engine, &base.user(2, Role::Supervisor), request()).unwrap();
        assert_eq!(base.finish(job).state, "done");
        // A file belongs to the one who asked for it.
        assert!(exchange::export_file(&base.engine, &base.admin(), job).is_err());
        let wrong =
            serde_json::from_value(json!({ "type": "contact", "format": "csv", "filter": "nonsense = 1" })).unwrap();
        assert!(exchange::start_export(&base.engine, &base.admin(), wrong).is_err());
    });
}

#[test]
fn what_is_computed_goes_out_too() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.create(json!({ "kind": "company", "company_name": "Людна" }));
        base.create(json!({ "kind": "company", "company_name": "Порожня" }));
        base.create(json!({ "last_name": "Людненко", "parent": 1 }));
        let fields = ["name", "has_contact_person"];
        let csv = base.export(json!({ "type": "contact", "format": "csv", "sort": "id", "fields": fields }));
        let rows = "1,Людна,true\r\n2,Порожня,\r\n3,Людненко,\r\n";
        assert_eq!(String::from_utf8(csv).unwrap(), format!("\u{feff}ID,Полное имя,Есть контактное лицо\r\n{rows}"));
    });
}

#[test]
fn a_search_leaves_nothing_out() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let rows: Vec<String> = (0..430).map(|at| format!("Пошук{at:03};05011{at:05}")).collect();
        let mut lines = vec!["Фамилия;Телефон"];
        lines.extend(rows.iter().map(String::as_str));
        lines.push("Інша;0440000000");
        assert_eq!(base.load(&lines)["created"], 431);
        let lines_of = |search: &str| {
            let request = json!({ "type": "contact", "format": "csv", "search": search, "fields": ["last_name"] });
            String::from_utf8(base.export(request)).unwrap().lines().count() - 1
        };
        assert_eq!(lines_of("пошук"), 430);
        assert_eq!(lines_of("пошук пош"), 430);
        assert_eq!(lines_of("пошук00"), 10);
        assert_eq!(lines_of("по"), 430);
        assert_eq!(lines_of("050 110 04 29"), 1);
        assert_eq!(lines_of("немає"), 0);
        assert_eq!(lines_of("\"%_"), 0);
    });
}

#[test]
fn what_a_list_refuses_is_refused() {
    let base = Base::new(TestDatabase::sqlite());
    for request in [
        json!({ "type": "contact", "format": "csv", "fields": ["last_name", "shoe_size"] }),
        json!({ "type": "contact", "format": "csv", "sort": "shoe_size" }),
        json!({ "type": "contact", "format": "csv", "filter": { "field": "shoe_size", "op": "=", "value": 1 } }),
    ] {
        let parsed = serde_json::from_value(request.clone()).unwrap();
        assert!(exchange::start_export(&base.engine, &base.admin(), parsed).is_err(), "{request}");
    }
}

#[test]
fn who_may_no_longer_export_does_not_keep_the_files() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.create(json!({ "last_name": "Перший" }));
        let request = serde_json::from_value(json!({ "type": "contact", "format": "csv" })).unwrap();
        let job = exchange::start_export(&base.engine, &base.user(2, Role::Supervisor), request).unwrap();
        base.finish(job);
        assert!(exchange::export_file(&base.engine, &base.user(2, Role::Supervisor), job).is_ok());
        let demoted = exchange::export_file(&base.engine, &base.user(2, Role::Employee), job);
        assert!(matches!(demoted, Err(ExchangeError::ExportForbidden)), "{demoted:?}");
    });
}

#[test]
fn a_run_that_fails_removes_its_own_file_only() {
    let base = Base::new(TestDatabase::sqlite());
    let incoming = base.engine.files().incoming_path("");
    let files = || std::fs::read_dir(&incoming).unwrap().count();
    // Users are no address book cards, so the job fails while it writes.
    let request = serde_json::from_value(json!({ "type": "user", "format": "vcard" })).unwrap();
    let job = exchange::start_export(&base.engine, &base.admin(), request).unwrap();
    // The file of whoever took the job over.
    std::fs::write(incoming.join(format!("export-{job}")), b"half").unwrap();
    assert_eq!(base.finish(job).state, "failed");
    assert_eq!(std::fs::read(incoming.join(format!("export-{job}"))).unwrap(), b"half");
    assert_eq!(files(), 1);
    assert_ne!(base.engine.files().fresh_path("a"), base.engine.files().fresh_path("a"));
}

#[test]
fn cards_come_back_whole() {
    for_each_backend(|database| {
        let base = Base::new(database);
        fill(&base);
        let cards = base.export(json!({ "type": "contact", "format": "vcard", "filter": "last_name = \"Шевчук\"" }));
        let text_of = String::from_utf8(cards.clone()).unwrap();
        assert!(text_of.starts_with("BEGIN:VCARD"), "{text_of}");
        let other = Base::new(TestDatabase::sqlite());
        let report = other.run(other.upload("contacts.vcf", &cards));
        assert_eq!(counts(&report), json!({ "read": 1, "created": 1, "companies_created": 1 }));
        let contacts = other.contacts();
        let taras = contacts.iter().find(|record| text(record, "last_name") == "Шевчук").unwrap();
        assert_eq!(text(taras, "name"), "Шевчук Тарас Григорович");
        assert_eq!(text(taras, "birthday"), "1980-03-22");
        assert_eq!(taras.value("channels").as_array().unwrap().len(), 7);
        assert_eq!(taras.value("addresses").as_array().unwrap().len(), 2);
    });
}
