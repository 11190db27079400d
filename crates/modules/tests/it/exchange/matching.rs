//! Decision D1: which record a row means, and what becomes of it.

use modules::exchange::{self, Decisions};
use record_engine::Role;
use serde_json::{Value as Json, json};
use test_kit::{TestDatabase, for_each_backend};

use super::support::{Base, adds_up, channels, counts, text};

const HEADER: &str = "Фамилия;Имя;Телефон;E-mail;Компания;Должность";

fn taras(base: &Base) -> i64 {
    let company = base.create(json!({ "kind": "company", "company_name": "Вектор" }));
    base.create(json!({
        "last_name": "Шевчук", "first_name": "Тарас", "parent": company,
        "channels": [{ "kind": "phone", "value": "+380674401285" }, { "kind": "email", "value": "taras@example.com" }]
    }))
}

#[test]
fn the_matrix() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = taras(&base);
        let check = |row: &str, expect: Json| {
            let report = base.load(&[HEADER, row]);
            assert!(adds_up(&report), "{report}");
            assert_eq!(counts(&report), expect, "{row}");
        };
        // All that the row carries agrees.
        check("Шевчук;Тарас;067 440 12 85;taras@example.com;Вектор;", json!({ "read": 1, "unchanged": 1 }));
        check("шевчук;ТАРАС;067 440 12 85;;;", json!({ "read": 1, "updated": 1 }));
        base.update(id, json!({ "last_name": "Шевчук", "first_name": "Тарас" }));
        check("Шевчук;Тарас;067 440 12 85;TARAS@example.com;;директор", json!({ "read": 1, "updated": 1 }));
        assert_eq!(text(&base.contact(id), "position"), "директор");
        // An empty cell erases nothing.
        check("Шевчук;Тарас;067 440 12 85;;;", json!({ "read": 1, "unchanged": 1 }));
        assert_eq!(text(&base.contact(id), "position"), "директор");
        // Another name, another e-mail, another company: a person has to decide, nothing happens silently.
        check("Шевчук;Ольга;067 440 12 85;;;", json!({ "read": 1, "skipped": 1, "undecided": 1 }));
        check("Шевчук;Тарас;067 440 12 85;other@example.com;;", json!({ "read": 1, "skipped": 1, "undecided": 1 }));
        check("Шевчук;Тарас;067 440 12 85;;Гамма;", json!({ "read": 1, "skipped": 1, "undecided": 1 }));
        // The name alone, where it is the only one, is a full match of what the row carries.
        check("Шевчук;Тарас;;;;", json!({ "read": 1, "unchanged": 1 }));
        // The same name with another phone is another person.
        check("Шевчук;Тарас;050 111 22 33;;;", json!({ "read": 1, "created": 1 }));
        // Now the name alone could mean two.
        check("Шевчук;Тарас;;;;", json!({ "read": 1, "skipped": 1, "undecided": 1 }));
        check("Нова;Людина;050 111 22 44;;Дельта;", json!({ "read": 1, "created": 1, "companies_created": 1 }));
    });
}

#[test]
fn ids_come_first() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = taras(&base);
        let other = base.create(json!({ "last_name": "Інша" }));
        let report = base.load(&[
            "ID;Фамилия;Телефон",
            &format!("{id};Шевченко;050 999 88 77"),
            &format!("{other};;067 440 12 85"),
            "999999;Нова;",
            "сім;Крива;",
        ]);
        assert_eq!(counts(&report), json!({ "read": 4, "updated": 1, "created": 1, "failed": 2 }));
        let record = base.contact(id);
        assert_eq!(text(&record, "name"), "Шевченко Тарас");
        assert_eq!(channels(&record, "phone").len(), 2);
    });
}

#[test]
fn own_new_ids_are_not_taken_for_those_of_the_file() {
    for_each_backend(|database| {
        let base = Base::new(database);
        // The first row becomes record 1; the second means its own first record of another base.
        let report = base.load(&["ID;Фамилия", "2;Перша", "1;Друга", "3;Третя"]);
        assert_eq!(counts(&report), json!({ "read": 3, "created": 3 }));
        assert_eq!(base.names(), ["Друга", "Перша", "Третя"]);
    });
}

#[test]
fn modes() {
    for_each_backend(|database| {
        let base = Base::new(database);
        taras(&base);
        let rows = [HEADER, "Шевчук;Тарас;067 440 12 85;;;директор", "Нова;Людина;050 111 22 44;;;"];
        let run = |mode: &str| {
            let id = base.upload_table(&rows);
            base.change(id, json!({ "mode": mode }));
            let checked = base.check(id);
            let report = base.run(id);
            assert!(adds_up(&report), "{report}");
            (counts(&checked), counts(&report), base.problems(id, Some("skipped")))
        };
        let (checked, report, skipped) = run("update_only");
        assert_eq!(checked, json!({ "read": 2, "would_update": 1, "skipped": 1 }));
        assert_eq!(report, json!({ "read": 2, "updated": 1, "skipped": 1 }));
        assert_eq!((&skipped[0]["row"], &skipped[0]["code"]), (&json!(3), &json!("no_match")));
        let (_, report, skipped) = run("create_only");
        assert_eq!(report, json!({ "read": 2, "created": 1, "skipped": 1 }));
        assert_eq!((&skipped[0]["row"], &skipped[0]["code"]), (&json!(2), &json!("exists_already")));
        let (checked, report, _) = run("create_and_update");
        assert_eq!(checked, json!({ "read": 2, "unchanged": 2 }));
        assert_eq!(report, json!({ "read": 2, "unchanged": 2 }));
    });
}

#[test]
fn chosen_keys() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = taras(&base);
        let run = |keys: Json, row: &str| {
            let import = base.upload_table(&[HEADER, row]);
            base.change(import, json!({ "match_keys": keys }));
            counts(&base.run(import))
        };
        let row = "Шевченко;Тарас;067 440 12 85;;;";
        assert_eq!(run(json!(["id", "full"]), row), json!({ "read": 1, "skipped": 1, "undecided": 1 }));
        assert_eq!(run(json!(["phone"]), row), json!({ "read": 1, "updated": 1 }));
        assert_eq!(text(&base.contact(id), "last_name"), "Шевченко");
        let row = "Шевченко;Тарас;;new@example.com;;";
        assert_eq!(run(json!(["full", "name"]), row), json!({ "read": 1, "updated": 1 }));
        assert_eq!(channels(&base.contact(id), "email").len(), 2);
        assert_eq!(run(json!(["email"]), "Хтось;Інший;;new@example.com;;"), json!({ "read": 1, "updated": 1 }));
    });
}

#[test]
fn decisions() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = taras(&base);
        let other =
            base.create(json!({ "last_name": "Мороз", "channels": [{ "kind": "phone", "value": "0501112233" }] }));
        let import = base.upload_table(&[
            HEADER,
            "Шевчук;Ольга;067 440 12 85;;;",
            "Мороз;Дід;050 111 22 33;;;",
            "Сніг;Анна;050 111 22 33;;;",
        ]);
        let checked = base.check(import);
        assert_eq!(counts(&checked), json!({ "read": 3, "needs_decision": 3, "findings": 3 }));
        let waiting = base.problems(import, Some("decision"));
        assert_eq!(waiting.len(), 3);
        assert_eq!(waiting[0]["match"]["id"], json!(id));
        assert_eq!(waiting[0]["match"]["title"], "Шевчук Тарас");
        assert_eq!(waiting[0]["match"]["on"], json!(["phone"]));
        let answers: Decisions = serde_json::from_value(json!({
            "all": "skip", "rows": [{ "row": 2, "decision": "create_shared" }, { "row": 3, "decision": "update" }]
        }))
        .unwrap();
        exchange::decide(&base.engine, &base.admin(), import, &answers).unwrap();
        let report = base.run(import);
        assert_eq!(counts(&report), json!({ "read": 3, "created": 1, "updated": 1, "skipped": 1 }));
        assert_eq!(text(&base.contact(other), "name"), "Мороз Дід");
        let contacts = base.contacts();
        let olga = contacts.iter().find(|record| text(record, "first_name") == "Ольга").unwrap();
        assert_eq!(olga.value("channels")[0]["is_shared"], true);
        // The first owner keeps the number for himself.
        assert_eq!(base.contact(id).value("channels")[0]["is_shared"], false);
        // A row that waits for nothing cannot be decided on.
        let wrong: Decisions = serde_json::from_value(json!({ "rows": [{ "row": 77, "decision": "skip" }] })).unwrap();
        assert!(exchange::decide(&base.engine, &base.admin(), import, &wrong).is_err());
    });
}

#[test]
fn a_card_that_the_importer_may_not_see_is_not_told() {
    for_each_backend(|database| {
        let base = Base::new(database);
        taras(&base);
        let employee = base.user(2, Role::Employee);
        let import = base
            .upload_as(&employee, "a.csv", format!("{HEADER}\nШевчук;Ольга;067 440 12 85;;;\n").as_bytes())
            .unwrap();
        let job = exchange::start_check(&base.engine, &employee, import).unwrap();
        base.finish(job);
        let (problems, _) = exchange::problems(&base.engine, &employee, import, None, None, 10).unwrap();
        assert_eq!(problems[0]["code"], "partial_match");
        assert_eq!(problems[0]["params"]["is_visible"], false);
        assert!(problems[0].get("match").is_none());
        // Others' imports are nobody's business.
        let stranger = base.user(3, Role::Supervisor);
        assert!(exchange::import_json(&base.engine, &stranger, import).is_err());
        assert!(exchange::import_json(&base.engine, &base.admin(), import).is_ok());
    });
}

#[test]
fn a_file_cannot_be_used_to_ask_about_a_card_that_one_may_not_see() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = taras(&base);
        let before = base.contact(id);
        let employee = base.user(2, Role::Employee);
        let full = "Шевчук;Тарас;067 440 12 85;taras@example.com;Вектор;";
        let try_row = |row: &str, change: Json| {
            let import = base.upload_as(&employee, "a.csv", format!("{HEADER}\n{row}\n").as_bytes()).unwrap();
            let change = serde_json::from_value(change).unwrap();
            exchange::change_import(&base.engine, &employee, import, change).unwrap();
            let mut answers = Vec::new();
            for start in [exchange::start_check, exchange::start_import] {
                let job = base.finish(start(&base.engine, &employee, import).unwrap());
                assert_eq!(job.state, "done", "{:?}", job.error);
                let (problems, _) = exchange::problems(&base.engine, &employee, import, None, None, 10).unwrap();
                assert!(problems.iter().all(|problem| problem.get("match").is_none()), "{problems:?}");
                let without_own_name = |mut problem: Json| {
                    problem["params"].as_object_mut().unwrap().remove("title");
                    problem
                };
                let problems: Vec<Json> = problems.into_iter().map(without_own_name).collect();
                answers.push((counts(job.report.as_ref().unwrap()), problems));
            }
            answers
        };
        // What stands in the hidden card makes no difference, whatever the row says and whatever the user set.
        for change in [
            json!({}),
            json!({ "mode": "create_only" }),
            json!({ "mode": "update_only" }),
            json!({ "match_keys": ["phone", "email", "name"] }),
            json!({ "on_partial_match": "update" }),
            json!({ "on_partial_match": "update", "mode": "create_only" }),
            json!({ "on_partial_match": "skip" }),
        ] {
            let right = try_row(full, change.clone());
            for wrong in [
                "Шевчук;Ольга;067 440 12 85;taras@example.com;Вектор;",
                "Шевчук;Тарас;067 440 12 85;taras@example.com;;директор",
            ] {
                assert_eq!(try_row(wrong, change.clone()), right, "{change} {wrong}");
            }
        }
        let by_id = format!("ID;Фамилия\n{id};Шевченко\n");
        let import = base.upload_as(&employee, "a.csv", by_id.as_bytes()).unwrap();
        let job = base.finish(exchange::start_import(&base.engine, &employee, import).unwrap());
        assert_eq!(counts(&job.report.unwrap()), json!({ "read": 1, "created": 1 }));
        assert_eq!(base.contact(id), before);
    });
}

#[test]
fn repetitions_within_a_file() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let rows = [
            HEADER,
            "Шевчук;Тарас;067 440 12 85;;;",
            "Шевчук;Тарас;067 440 12 85;;;",
            "Шевчук;Ольга;067 440 12 85;;;",
            "Шевчук;Тарас;067 440 12 85;new@example.com;;",
            "Мороз;Дід;;;;",
            "Мороз;Дід;;;;",
        ];
        let id = base.upload_table(&rows);
        let checked = base.check(id);
        assert_eq!(
            counts(&checked),
            json!({ "read": 6, "would_create": 2, "would_update": 3, "needs_decision": 1, "findings": 1 })
        );
        let waiting = base.problems(id, Some("decision"));
        assert_eq!((&waiting[0]["row"], &waiting[0]["params"]["row"]), (&json!(4), &json!(2)));
        let report = base.run(id);
        assert!(adds_up(&report));
        assert_eq!(base.names(), ["Мороз Дід", "Шевчук Тарас"]);
        assert_eq!(report["created"], 2);
        assert_eq!(report["failed"], 0);
    });
}

#[test]
fn companies_named_in_rows() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let known = base.create(json!({ "kind": "company", "company_name": "ТОВ «Вектор»" }));
        let rows = [HEADER, "Один;А;;;ТОВ «Вектор»;", "Два;Б;;;Гамма;", "Три;В;;;гамма;", ";;;;Дельта;"];
        let id = base.upload_table(&rows);
        assert_eq!(counts(&base.check(id)), json!({ "read": 4, "would_create": 4, "companies": 1 }));
        let report = base.run(id);
        assert_eq!(counts(&report), json!({ "read": 4, "created": 4, "companies_created": 1 }));
        let contacts = base.contacts();
        let parent_of = |name: &str| {
            contacts.iter().find(|record| text(record, "last_name") == name).unwrap().value("parent").as_i64().unwrap()
        };
        assert_eq!(parent_of("Один"), known);
        assert_eq!(parent_of("Два"), parent_of("Три"));
        let delta = contacts.iter().find(|record| text(record, "name") == "Дельта").unwrap();
        assert_eq!(text(delta, "kind"), "company");
        // All of it is one operation: the companies go with the people.
        base.undo_import(id);
        assert_eq!(base.names(), ["ТОВ «Вектор»"]);
        assert_eq!(base.import(id)["state"], "undone");
    });
}

#[test]
fn addresses_and_channels_are_added_not_replaced() {
    let base = Base::new(TestDatabase::sqlite());
    let id = base.create(json!({
        "last_name": "Шевчук",
        "channels": [{ "kind": "phone", "label": "work", "value": "0674401285" }],
        "addresses": [{ "label": "office", "city": "Київ", "street": "Хрещатик 1" }]
    }));
    let report = base.load(&[
        "ID;Фамилия;Мобильный;Рабочий адрес;Адрес офиса, город",
        &format!("{id};Шевчук;067 440 12 85, 050 111 22 33;Львів, Ринок 1;Харків"),
    ]);
    assert_eq!(counts(&report), json!({ "read": 1, "updated": 1 }));
    let record = base.contact(id);
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    assert_eq!(channels(&record, "phone"), [pair("+380674401285", "work"), pair("+380501112233", "mobile")]);
    let addresses = record.value("addresses").as_array().unwrap();
    assert_eq!(addresses.len(), 2);
    assert_eq!((&addresses[0]["city"], &addresses[0]["street"]), (&json!("Харків"), &json!("Хрещатик 1")));
    assert_eq!(addresses[1]["street"], "Львів, Ринок 1");
}
