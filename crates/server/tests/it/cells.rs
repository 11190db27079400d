//! Cells of many records written at once, as a spreadsheet pastes them (VW02).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, for_each_app};
use crate::it::person::{company, person, phone, with};

fn write(user: &mut User, rows: &Json) -> Json {
    expect(&user.post("/records/contact/cells", &json!({ "rows": rows })), 200)
}

fn problems(answer: &Json) -> Vec<(i64, &str, &str)> {
    let list = answer["problems"].as_array().unwrap();
    list.iter()
        .map(|problem| {
            let field = problem["field"].as_str().unwrap_or("");
            (problem["id"].as_i64().unwrap(), field, problem["code"].as_str().unwrap())
        })
        .collect()
}

fn values(user: &mut User, id: &Json) -> Json {
    expect(&user.get(&format!("/records/contact/{id}")), 200)["values"].clone()
}

#[test]
fn texts_are_read_as_people_write_them_and_one_undo_takes_all_back() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let firm = user.create_contact(company("ТОВ Смерека"));
        let ann = user.create_contact(with(
            person("Гнатюк"),
            "channels",
            json!([
                { "kind": "phone", "value": "067 440 12 85", "label": "mobile", "comment": "до 18:00" },
            ]),
        ));
        let ben = user.create_contact(with(person("Бойко"), "position", json!("муляр")));
        let answer = write(
            &mut user,
            &json!([
                { "id": ann["id"], "version": ann["version"], "texts": {
                    "parent": "тов смерека", "birthday": "22.03.1980", "warmth": "Горячий", "position": "швачка",
                    "channels": "+380674401285; ann@example.com",
                } },
                { "id": ben["id"], "texts": { "position": "", "potential": "1 250,50 UAH" }, "values": { "parent": firm["id"] } },
            ]),
        );
        assert_eq!(problems(&answer), []);
        assert_eq!(answer["changed"], 2);
        assert_eq!(answer["records"].as_array().unwrap().len(), 2);

        let read = values(&mut user, &ann["id"]);
        assert_eq!(read["parent"]["id"], firm["id"]);
        assert_eq!(
            (&read["birthday"], &read["warmth"], &read["position"]),
            (&json!("1980-03-22"), &json!("hot"), &json!("швачка"))
        );
        let channels = read["channels"].as_array().unwrap();
        assert_eq!((&channels[0]["label"], &channels[0]["comment"]), (&json!("mobile"), &json!("до 18:00")));
        assert_eq!(channels[1]["value"], "ann@example.com");
        let read = values(&mut user, &ben["id"]);
        assert_eq!((&read["position"], &read["parent"]["id"]), (&Json::Null, &firm["id"]));
        assert_eq!(read["potential"], json!({ "amount": 125_050, "currency": "UAH" }));

        expect(&user.post(&format!("/operations/{}/undo", answer["operation_id"]), &json!({})), 200);
        assert_eq!(values(&mut user, &ann["id"])["position"], Json::Null);
        assert_eq!(values(&mut user, &ben["id"])["position"], "муляр");
    });
}

#[test]
fn a_bad_cell_is_named_and_the_others_are_written() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let ann = user.create_contact(with(person("Гнатюк"), "channels", phone("067 440 12 85")));
        let ben = user.create_contact(person("Бойко"));
        for name in ["ТОВ Двійник", "ТОВ Двійник"] {
            user.create_contact(company(name));
        }
        let (a, b) = (ann["id"].as_i64().unwrap(), ben["id"].as_i64().unwrap());
        let answer = write(
            &mut user,
            &json!([
                { "id": a, "texts": { "birthday": "коли-небудь", "position": "швачка", "parent": "ТОВ Немає", "addresses": "Київ" } },
                // The phone is another card's, and the name is required; what else stands in the row goes in.
                { "id": b, "texts": { "channels": "067 440 12 85", "last_name": "", "remark": "так", "parent": "ТОВ Двійник", "name": "x" } },
                { "id": 999_999, "texts": { "position": "ніхто" } },
            ]),
        );
        assert_eq!(
            problems(&answer),
            [
                (a, "addresses", "not_as_text"),
                (a, "birthday", "not_a_date"),
                (a, "parent", "unknown_title"),
                (b, "parent", "ambiguous_title"),
                (b, "name", "read_only"),
                (999_999, "", "not_found"),
                (b, "last_name", "required"),
                (b, "channels", "duplicate"),
            ]
        );
        assert_eq!(values(&mut user, &ann["id"])["position"], "швачка");
        let read = values(&mut user, &ben["id"]);
        assert_eq!((&read["remark"], &read["last_name"]), (&json!("так"), &json!("Бойко")));
    });
}

#[test]
fn a_channel_that_is_named_again_stays_the_one_it_was() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let channels = json!([
            { "kind": "whatsapp", "value": "+380 67 440 12 85", "comment": "до 18:00" },
            { "kind": "phone", "value": "+380 67 440 12 85", "label": "work", "is_shared": true },
            { "kind": "skype", "value": "live:ira" },
        ]);
        let ann = user.create_contact(with(person("Гнатюк"), "channels", channels));
        let before = values(&mut user, &ann["id"])["channels"].clone();
        let shown: Vec<&str> =
            before.as_array().unwrap().iter().map(|entry| entry["display"].as_str().unwrap()).collect();
        let text = format!("{}; ann@example.com", shown.join("; "));
        let answer = write(&mut user, &json!([{ "id": ann["id"], "texts": { "channels": text } }]));
        assert_eq!(problems(&answer), []);
        let after = values(&mut user, &ann["id"])["channels"].clone();
        let after = after.as_array().unwrap();
        assert_eq!(&after[..3], before.as_array().unwrap().as_slice());
        assert_eq!((&after[3]["kind"], &after[3]["value"]), (&json!("email"), &json!("ann@example.com")));
    });
}

#[test]
fn what_another_changed_meanwhile_stays() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let ann = user.create_contact(with(person("Гнатюк"), "position", json!("муляр")));
        expect(
            &user.patch(&format!("/records/contact/{}", ann["id"]), &json!({ "values": { "position": "тесля" } })),
            200,
        );
        let rows =
            json!([{ "id": ann["id"], "version": ann["version"], "texts": { "position": "швець", "remark": "так" } }]);
        let answer = write(&mut user, &rows);
        assert_eq!(problems(&answer), [(ann["id"].as_i64().unwrap(), "position", "changed_meanwhile")]);
        let read = values(&mut user, &ann["id"]);
        assert_eq!((&read["position"], &read["remark"]), (&json!("тесля"), &json!("так")));

        let rows = json!([{ "id": ann["id"], "version": 77, "texts": { "position": "швець" } }]);
        let answer = write(&mut user, &rows);
        assert_eq!(problems(&answer), [(ann["id"].as_i64().unwrap(), "", "version_conflict")]);
    });
}

#[test]
fn the_rights_of_whoever_pastes_hold() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let hidden = owner.create_contact(person("Прихована"));
        let shown = owner.create_contact(with(person("Показана"), "visibility", json!("read")));
        let rows = json!([
            { "id": hidden["id"], "texts": { "position": "x", "channels": "067 440 12 85" } },
            { "id": shown["id"], "texts": { "position": "x" } },
        ]);
        let answer = write(&mut colleague, &rows);
        let (a, b) = (hidden["id"].as_i64().unwrap(), shown["id"].as_i64().unwrap());
        assert_eq!(problems(&answer), [(a, "", "not_found"), (b, "", "forbidden")]);
        assert_eq!((&answer["operation_id"], &answer["records"]), (&Json::Null, &json!([])));
        assert_eq!(values(&mut owner, &hidden["id"])["position"], Json::Null);

        let many: Vec<Json> = (1..=2_001).map(|id| json!({ "id": id, "texts": { "position": "x" } })).collect();
        expect(&owner.post("/records/contact/cells", &json!({ "rows": many })), 422);
    });
}

#[test]
fn rows_below_the_last_become_records_in_the_same_operation() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let known = user.create_contact(with(person("Гнатюк"), "position", json!("муляр")));
        let answer = write(
            &mut user,
            &json!([
                { "id": known["id"], "version": known["version"], "texts": { "position": "швачка" } },
                // The name is taken apart; what cannot be read is named, and the record is made without it.
                { "id": -1, "values": { "kind": "person" }, "texts": { "name": "Лисенко Марта Петрівна", "birthday": "колись", "channels": "067 440 99 11" } },
                { "id": -2, "values": { "kind": "company" }, "texts": { "name": "ТОВ Ялиця" } },
                // Nobody: what it must have is said at its cell, and nothing is made.
                { "id": -3, "values": { "kind": "company" }, "texts": { "position": "склад" } },
            ]),
        );
        let created = answer["created"].as_array().unwrap();
        assert_eq!(created.iter().map(|made| made["row"].as_i64().unwrap()).collect::<Vec<_>>(), [-1, -2]);
        assert_eq!((&answer["changed"], answer["records"].as_array().unwrap().len()), (&json!(3), 3));
        let told = problems(&answer);
        assert!(told.iter().any(|problem| problem.0 == -1 && problem.1 == "birthday"), "{told:?}");
        assert!(told.contains(&(-3, "company_name", "required")), "{told:?}");
        let martha = values(&mut user, &created[0]["id"]);
        assert_eq!(
            (&martha["last_name"], &martha["first_name"], &martha["patronymic"]),
            (&json!("Лисенко"), &json!("Марта"), &json!("Петрівна"))
        );
        assert_eq!(values(&mut user, &created[1]["id"])["company_name"], "ТОВ Ялиця");

        expect(&user.post(&format!("/operations/{}/undo", answer["operation_id"]), &json!({})), 200);
        assert_eq!(values(&mut user, &known["id"])["position"], "муляр");
        for made in created {
            assert!(expect(&user.get(&format!("/records/contact/{}", made["id"])), 200)["deleted_at"].is_string());
        }
    });
}

#[test]
fn who_may_not_change_many_at_once_writes_the_cells_of_one_record() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({ "base": "supervisor", "types": { "contact": { "actions": { "bulk": [] } } } });
        let role = json!({ "values": { "name": "По одному", "rights": rights.to_string() } });
        let role = expect(&admin.post("/records/role", &role), 201)["record"]["id"].clone();
        let user = app.with_user(Role::Employee);
        let at = format!("/records/user/{}", user.id);
        let changed = expect(&admin.patch(&at, &json!({ "values": { "roles": [role] } })), 200);
        let mut user = app.log_in(changed["record"]["values"]["login"].as_str().unwrap());
        let (one, two) = (admin.create_contact(person("Гнатюк")), admin.create_contact(person("Бойко")));
        let row = |record: &Json, text: &str| json!({ "id": record["id"], "texts": { "position": text } });

        let answer = write(&mut user, &json!([row(&one, "швачка"), row(&two, "муляр")]));
        let ids = [&one, &two].map(|record| record["id"].as_i64().unwrap());
        assert_eq!(problems(&answer), ids.map(|id| (id, "", "forbidden")), "{answer}");
        assert_eq!(values(&mut user, &one["id"])["position"], Json::Null);
        // Two rows of one record are one record.
        let answer = write(&mut user, &json!([row(&one, "швачка"), { "id": one["id"], "texts": { "remark": "x" } }]));
        assert_eq!(problems(&answer), []);
        assert_eq!(values(&mut user, &one["id"])["position"], "швачка");
    });
}
