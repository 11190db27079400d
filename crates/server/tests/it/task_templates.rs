//! Templates of tasks: what is shown is what is made, for one record, for many and for none, and one undo takes it back.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, expect, for_each_app};

fn made(client: &mut User, object_type: &str, values: &Json) -> i64 {
    let body = json!({ "values": values });
    expect(&client.post(&format!("/records/{object_type}"), &body), 201)["record"]["id"].as_i64().unwrap()
}

fn line(client: &mut User, template: i64, values: &Json) -> i64 {
    let mut values = values.clone();
    values["template"] = json!(template);
    made(client, "task_template_line", &values)
}

fn tasks(client: &mut User, filter: &str) -> Vec<Json> {
    let path = format!("/records/task?filter={}&sort=id", filter.replace(' ', "%20"));
    expect(&client.get(&path), 200)["items"].as_array().unwrap().clone()
}

/// A new client: a call within two hours, a letter on the next working day, a reminder of whoever is responsible a day before a date.
fn new_client(head: &mut User, colleague: i64) -> (i64, [i64; 3]) {
    let template = made(head, "task_template", &json!({ "name": "Новий клієнт" }));
    let call =
        json!({ "title": "Подзвонити", "category": "call", "deadline_offset": 2, "deadline_unit": "hour", "place": 1 });
    let letter = json!({ "title": "Надіслати лист", "deadline_offset": 1, "deadline_time": "9:30", "place": 3,
        "responsible_role": "user", "responsible": colleague, "checklist": "Текст\n\n Вкладення ", "reminder": "hour" });
    let visit = json!({ "title": "Підготувати візит", "counts_from": "date", "deadline_offset": -1, "deadline_unit": "day", "place": 2,
        "starts_offset": -2, "starts_unit": "day", "responsible_role": "record" });
    let lines = [call, letter, visit].map(|values| line(head, template, &values));
    (template, lines)
}

#[test]
fn what_is_shown_is_made_and_taken_back_at_once() {
    for_each_app(|app| {
        let mut head = app.with_user(Role::Supervisor);
        let (mut seller, colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let (template, [call, letter, visit]) = new_client(&mut head, colleague.id);
        let deal_values = json!({ "title": "Стенд", "responsible": colleague.id });
        let deal = made(&mut seller, "deal", &deal_values);

        let path = format!("/task-templates/{template}/plan?record_type=deal&record={deal}");
        let waiting = expect(&seller.get(&path), 200);
        assert_eq!((waiting["needs_date"].as_bool(), waiting["tasks"].as_array().unwrap().len()), (Some(true), 0));
        let plan = expect(&seller.get(&format!("{path}&date=2026-12-24")), 200)["tasks"].clone();
        let titles: Vec<&str> = plan.as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Подзвонити", "Підготувати візит", "Надіслати лист"], "in their order");
        assert_eq!(plan[0]["responsible"]["id"], seller.id);
        assert_eq!(plan[1]["responsible"]["id"], colleague.id, "who is responsible for the deal");
        assert_eq!(plan[2]["checklist"], json!(["Текст", "Вкладення"]));

        let body = json!({ "record_type": "deal", "record": deal, "date": "2026-12-24", "left_out": [letter] });
        let used = expect(&seller.post(&format!("/task-templates/{template}/use"), &body), 201);
        let found = tasks(&mut seller, &format!("deal = {deal}"));
        assert_eq!(found.len(), 2);
        for (task, planned) in found.iter().zip([&plan[0], &plan[1]]) {
            for field in ["title", "starts_at", "category"] {
                assert_eq!(task["values"].get(field).cloned().unwrap_or_default(), planned[field], "{field}");
            }
            assert_eq!(task["values"]["author"]["id"], seller.id);
        }
        // Hours count from the minute of use, which may be another one by now.
        assert_eq!(found[1]["values"]["deadline"], plan[1]["deadline"]);
        assert!(found[0]["values"]["deadline"].as_str().unwrap().ends_with(":00.000Z"), "{}", found[0]);
        assert_eq!([call, visit], [plan[0]["line"].as_i64().unwrap(), plan[1]["line"].as_i64().unwrap()]);
        expect(&seller.post(&format!("/operations/{}/undo", used["operation_id"]), &json!({})), 200);
        assert_eq!(tasks(&mut seller, &format!("deal = {deal}")).len(), 0);

        // For nothing at all, with its steps.
        let body = json!({ "left_out": [visit, call] });
        let used = expect(&seller.post(&format!("/task-templates/{template}/use"), &body), 201);
        let task = used["task_ids"][0].as_i64().unwrap();
        let mut colleague = colleague;
        let steps =
            expect(&colleague.get(&format!("/records/checklist_item?filter=task%20=%20{task}&sort=place")), 200);
        assert_eq!(steps["items"].as_array().unwrap().len(), 2);
        expect(&seller.post(&format!("/operations/{}/undo", used["operation_id"]), &json!({})), 200);
        let gone = expect(&colleague.get(&format!("/records/task/{task}")), 200);
        assert!(gone["deleted_at"].is_string(), "{gone}");
    });
}

#[test]
fn each_of_the_ticked_contacts_gets_its_tasks_in_one_operation() {
    for_each_app(|app| {
        let mut head = app.with_user(Role::Supervisor);
        let colleague = app.with_user(Role::Employee);
        let (template, [_, _, visit]) = new_client(&mut head, colleague.id);
        let person = |head: &mut User, name: &str, manager: i64| {
            made(head, "contact", &json!({ "kind": "person", "last_name": name, "managers": [manager] }))
        };
        let own = head.id;
        let contacts = [person(&mut head, "Перша", own), person(&mut head, "Друга", colleague.id)];
        let gone = person(&mut head, "Третя", own);
        expect(&head.delete(&format!("/records/contact/{gone}")), 200);

        let ids = json!([contacts[0], contacts[1], gone]);
        let path = format!("/task-templates/{template}/use-for-each");
        let body = json!({ "record_type": "contact", "ids": ids, "date": "2026-12-24T15:00" });
        let job = expect(&head.post(&path, &body), 202)["job"].clone();
        let done = head.wait_for_job(&job);
        assert_eq!((&done["report"]["created"], &done["report"]["failed_count"]), (&json!(6), &json!(1)), "{done}");
        for (contact, manager) in contacts.into_iter().zip([own, colleague.id]) {
            let found = tasks(&mut head, &format!("contact = {contact}"));
            assert_eq!(found.len(), 3);
            let visits = found.iter().find(|task| task["title"] == "Підготувати візит").unwrap();
            assert_eq!(visits["values"]["responsible"]["id"], manager);
        }
        expect(&head.post(&format!("/operations/{}/undo", done["report"]["operation_id"]), &json!({})), 200);
        assert_eq!(tasks(&mut head, &format!("contact in ({}, {})", contacts[0], contacts[1])).len(), 0);

        let nothing = json!({ "record_type": "contact", "ids": ids });
        let refused = expect(&head.post(&path, &nothing), 422);
        assert_eq!(refused["errors"][0]["code"], "required", "{refused}");
        let strange = json!({ "record_type": "user", "ids": ids, "left_out": [visit] });
        assert_eq!(expect(&head.post(&path, &strange), 422)["errors"][0]["code"], "unknown_option");
    });
}

#[test]
fn templates_are_made_by_whoever_may_and_used_by_all() {
    for_each_app(|app| {
        let (mut head, mut seller) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        expect(&seller.post("/records/task_template", &json!({ "values": { "name": "Моє" } })), 403);
        let template = made(&mut head, "task_template", &json!({ "name": "Договір" }));
        let values = json!({ "title": "Підписати", "template": template });
        expect(&seller.post("/records/task_template_line", &json!({ "values": values })), 403);
        let id = line(&mut head, template, &values);
        let stored = expect(&seller.get(&format!("/records/task_template_line/{id}")), 200)["values"].clone();
        assert_eq!((&stored["deadline_time"], &stored["deadline_unit"]), (&json!("18:00"), &json!("working_day")));
        expect(
            &seller.patch(&format!("/records/task_template_line/{id}"), &json!({ "values": { "title": "Ні" } })),
            403,
        );
        expect(&seller.delete(&format!("/records/task_template_line/{id}")), 403);

        let refused = |head: &mut User, values: &Json, code: &str| {
            let answer =
                expect(&head.patch(&format!("/records/task_template_line/{id}"), &json!({ "values": values })), 422);
            assert_eq!(answer["errors"][0]["code"], code, "{answer}");
        };
        refused(&mut head, &json!({ "deadline_time": "25:00" }), "not_a_time");
        refused(&mut head, &json!({ "category": "nothing" }), "unknown_option");
        refused(&mut head, &json!({ "starts_offset": 2 }), "after_deadline");
        refused(&mut head, &json!({ "responsible_role": "user" }), "required");
        refused(&mut head, &json!({ "checklist": "x".repeat(501) }), "too_long");

        expect(&seller.get(&format!("/task-templates/{template}/plan?record=1")), 422);
        expect(&seller.get(&format!("/task-templates/{template}/plan?record_type=contact&record=999999")), 404);
        expect(&seller.get("/task-templates/999999/plan"), 404);
        let none = json!({ "left_out": [id] });
        let answer = expect(&seller.post(&format!("/task-templates/{template}/use"), &none), 422);
        assert_eq!(answer["errors"][0]["code"], "nothing_left");
        let used = expect(&seller.post(&format!("/task-templates/{template}/use"), &json!({})), 201);
        assert_eq!(used["task_ids"].as_array().unwrap().len(), 1);
    });
}
