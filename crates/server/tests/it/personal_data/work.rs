//! What becomes of the work for an erased person is said by who erases him, and is told by the act.

use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, for_each_app};
use crate::it::person::person;

fn made(user: &mut User, object_type: &str, values: &Json) -> i64 {
    let body = json!({ "values": values });
    expect(&user.post(&format!("/records/{object_type}"), &body), 201)["record"]["id"].as_i64().unwrap()
}

/// Erases with a choice; gives the act.
fn erase(user: &mut User, contact: i64, name: &str, work: &Json) -> Json {
    let body = json!({ "confirmation": name, "cause": "request", "work": work });
    let answer = expect(&user.post(&format!("/personal-data/subjects/{contact}/erase"), &body), 202);
    let job = user.wait_for_job(&answer["job"]);
    assert_eq!(job["state"], "done", "{job}");
    expect(&user.get(&format!("/personal-data/acts/{}", job["report"]["act_id"])), 200)
}

#[test]
fn tasks_are_cleared_deals_deleted_and_events_with_others_stay() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let client = user.create_contact(person("Забутий"));
        let (id, name) = (client["id"].as_i64().unwrap(), client["title"].as_str().unwrap().to_owned());
        let other = user.create_contact(person("Живий"))["id"].as_i64().unwrap();
        let task = json!({ "title": "Дзвінок Забутому", "description": "Забутий просив знижку", "contact": id, "category": "call" });
        let task = made(&mut user, "task", &task);
        expect(&user.patch(&format!("/records/task/{task}"), &json!({ "values": { "title": "Забутий чекає" } })), 200);
        made(&mut user, "comment", &json!({ "task": task, "text": "Забутий не бере слухавку" }));
        made(&mut user, "checklist_item", &json!({ "task": task, "text": "Номер Забутого" }));
        let of_other = made(&mut user, "task", &json!({ "title": "Лист", "contact": other }));
        let deal = made(&mut user, "deal", &json!({ "title": "Дах Забутого", "contact": id }));
        let of_deal = made(&mut user, "comment", &json!({ "deal": deal, "text": "Забутий згоден" }));
        let alone = made(
            &mut user,
            "event",
            &json!({ "title": "Обід із Забутим", "starts_at": "2026-12-01T10:00:00Z", "contacts": [id] }),
        );
        let shared = made(
            &mut user,
            "event",
            &json!({ "title": "Виставка", "starts_at": "2026-12-02T10:00:00Z", "contacts": [id, other] }),
        );

        let preview = expect(&user.get(&format!("/personal-data/subjects/{id}")), 200);
        assert_eq!(
            preview["work"],
            json!([{ "type": "task", "count": 1, "shared": 0 }, { "type": "deal", "count": 1, "shared": 0 }, { "type": "event", "count": 1, "shared": 1 }])
        );
        let wrong = json!({ "confirmation": name, "cause": "request", "work": { "task": "burn" } });
        expect(&user.post(&format!("/personal-data/subjects/{id}/erase"), &wrong), 422);
        let act = erase(&mut user, id, &name, &json!({ "task": "clear", "deal": "delete", "event": "clear" }));
        assert_eq!(
            act["goes"]["work"],
            json!([
                { "type": "deal", "treatment": "delete", "count": 1 },
                { "type": "event", "treatment": "clear", "count": 1 },
                { "type": "task", "treatment": "clear", "count": 1 },
            ]),
            "{act}"
        );
        assert!(act.get("work").is_none(), "{act}");
        let page = user.get(&format!("/personal-data/acts/{}/page", act["id"])).text();
        assert!(page.contains("Угоди: 1 (видалено)") && page.contains("стерто"), "{page}");

        let cleared = expect(&user.get(&format!("/records/task/{task}")), 200);
        assert_eq!(cleared["title"], format!("Завдання № {task}"));
        assert_eq!((&cleared["values"]["category"], &cleared["values"]["description"]), (&json!("call"), &Json::Null));
        // It is worked on as before, and its history tells nothing.
        expect(&user.patch(&format!("/records/task/{task}"), &json!({ "values": { "status": "done" } })), 200);
        expect(&user.get(&format!("/records/deal/{deal}")), 404);
        expect(&user.get(&format!("/records/comment/{of_deal}")), 404);
        assert_eq!(expect(&user.get(&format!("/records/event/{alone}")), 200)["title"], format!("Захід № {alone}"));
        assert_eq!(expect(&user.get(&format!("/records/event/{shared}")), 200)["title"], "Виставка");
        assert_eq!(expect(&user.get(&format!("/records/task/{of_other}")), 200)["title"], "Лист");
        for (path, what) in [
            (format!("/records/task/{task}/history"), "history"),
            ("/operations?limit=100".to_owned(), "operations"),
            (format!("/search?q={}", encoded("Забут")), "search"),
            ("/records/comment?limit=100".to_owned(), "notes"),
            ("/records/checklist_item?limit=100".to_owned(), "steps"),
            ("/records/deal?limit=100&trash=true".to_owned(), "the trash"),
        ] {
            let told = expect(&user.get(&path), 200).to_string();
            assert!(!told.contains("Забут"), "{what}: {told}");
        }
    });
}

#[test]
fn without_a_choice_work_stays_as_it_is() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let client = user.create_contact(person("Колишній"));
        let id = client["id"].as_i64().unwrap();
        let task = made(&mut user, "task", &json!({ "title": "Скласти звіт", "contact": id }));
        let act = erase(&mut user, id, client["title"].as_str().unwrap(), &json!({}));
        assert_eq!(act["goes"]["work"], json!([]));
        let left = expect(&user.get(&format!("/records/task/{task}")), 200);
        assert_eq!((&left["title"], &left["values"]["contact"]["id"]), (&json!("Скласти звіт"), &json!(id)));
    });
}
