//! Tasks are found by the name of their client (VW16), and by no name that the reader may not know.

use record_engine::query::{ListQuery, list_whole};
use record_engine::{RequestContext, Role, Source};
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, for_each_app};

fn task(user: &mut User, values: &Json) -> i64 {
    expect(&user.post("/records/task", &json!({ "values": values })), 201)["record"]["id"].as_i64().unwrap()
}

fn listed(user: &mut User, text: &str) -> Vec<i64> {
    let page = expect(&user.get(&format!("/records/task?sort=id&search={}", encoded(text))), 200);
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

fn found(user: &mut User, text: &str) -> Vec<Json> {
    expect(&user.get(&format!("/search?types=task&q={}", encoded(text))), 200)["items"].as_array().unwrap().clone()
}

fn person(user: &mut User, values: &Json) -> i64 {
    let mut person = json!({ "kind": "person" });
    person.as_object_mut().unwrap().extend(values.as_object().unwrap().clone());
    user.create_contact(person)["id"].as_i64().unwrap()
}

#[test]
fn a_task_is_found_by_the_name_of_its_client_and_by_a_new_one_at_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let client = person(&mut user, &json!({ "last_name": "Гайова", "first_name": "Інна", "remark": "лісопилка" }));
        let other = person(&mut user, &json!({ "last_name": "Дзюба" }));
        let called = task(&mut user, &json!({ "title": "Подзвонити", "contact": client }));
        let written = task(&mut user, &json!({ "title": "Лист про Гайову гору", "contact": other }));
        task(&mut user, &json!({ "title": "Прибрати" }));

        assert_eq!(listed(&mut user, "гайов"), [called, written]);
        assert_eq!(listed(&mut user, "інна гайова"), [called]);
        assert_eq!(listed(&mut user, "Дзюба"), [written]);
        assert_eq!(
            listed(&mut user, "лісопилка"),
            [0_i64; 0],
            "by the name and by nothing else that stands on the card"
        );
        let by_name = found(&mut user, "Інна");
        assert_eq!((by_name.len(), &by_name[0]["id"]), (1, &json!(called)));
        assert_eq!(by_name[0]["matched"]["field"], "contact");
        assert!(by_name[0]["matched"]["text"].as_str().unwrap().contains("Гайова"), "{by_name:?}");
        // What a task is called counts more than whose it is; a wrong letter is forgiven.
        assert_eq!(found(&mut user, "гайов")[0]["id"], written);
        assert_eq!(listed(&mut user, "дзюва"), [written]);
        let counted = expect(&user.get(&format!("/records/task/count?search={}", encoded("гайова"))), 200);
        assert_eq!(counted["count"], 1);

        expect(
            &user.patch(&format!("/records/contact/{client}"), &json!({ "values": { "last_name": "Криниця" } })),
            200,
        );
        assert_eq!(listed(&mut user, "криниця"), [called]);
        assert_eq!(listed(&mut user, "інна гайова"), [0_i64; 0]);
        // Of whoever is in the trash nothing is found; the task stays.
        expect(&user.delete(&format!("/records/contact/{client}")), 200);
        assert_eq!(listed(&mut user, "криниця"), [0_i64; 0]);
        expect(&user.get(&format!("/records/task/{called}")), 200);
    });
}

#[test]
fn a_task_is_found_by_its_number_where_one_sees_it() {
    for_each_app(|app| {
        let (mut user, mut stranger) = (app.administrator(), app.with_user(Role::Employee));
        let client = person(&mut user, &json!({ "last_name": "Гайова" }));
        let first = task(&mut user, &json!({ "title": "Перша", "contact": client }));
        let second = task(&mut user, &json!({ "title": format!("Друга після {first}") }));
        assert_eq!(found(&mut user, &second.to_string())[0]["id"], second);
        assert_eq!(listed(&mut user, &format!("№ {second}")), [second]);
        assert_eq!(found(&mut user, &first.to_string())[0]["id"], first, "its number before what is written");
        assert_eq!(found(&mut stranger, &second.to_string()).len(), 0);
        assert_eq!(listed(&mut user, &format!("#{}", second + 100)), [0_i64; 0]);
        // Other records are called by their names; their numbers need the sign.
        let anything = |user: &mut User, text: &str| {
            let answer = expect(&user.get(&format!("/search?types=contact&q={}", encoded(text))), 200);
            answer["items"].as_array().unwrap().len()
        };
        assert_eq!(anything(&mut user, &client.to_string()), 0);
        assert_eq!(anything(&mut user, &format!("№{client}")), 1);
    });
}

#[test]
fn a_name_that_one_may_not_know_finds_no_task() {
    for_each_app(|app| {
        let (mut head, mut seller) = (app.with_user(Role::Supervisor), app.with_user(Role::Employee));
        let values = json!({ "last_name": "Таємничий", "visibility": "private", "managers": [head.id] });
        let client = person(&mut head, &values);
        let given = task(&mut head, &json!({ "title": "Замовити таксі", "contact": client, "responsible": seller.id }));
        expect(&seller.get(&format!("/records/contact/{client}")), 404);
        assert_eq!(listed(&mut seller, "таксі"), [given]);
        for text in ["таємничий", "таєм", "таємначий", "nf'vybxbq"] {
            assert_eq!(listed(&mut seller, text), [0_i64; 0], "{text}");
            assert_eq!(found(&mut seller, text).len(), 0, "{text}");
        }
        assert_eq!(listed(&mut head, "таємничий"), [given]);
        // Nor does a whole list, as an export reads it.
        let whole = |user: i64, role: Role| {
            let snapshot = app.engine.snapshot();
            let tasks = snapshot.object_type("task").unwrap();
            let context = RequestContext::user(user, role, Source::Web, app.engine.clock());
            let query = ListQuery { search: Some("таємничий".into()), ..ListQuery::default() };
            let page = app.engine.database().read(|tx| list_whole(tx, &context, &tasks, &query)).unwrap();
            page.records.iter().map(|record| record.id).collect::<Vec<i64>>()
        };
        assert_eq!(whole(head.id, Role::Supervisor), [given]);
        assert_eq!(whole(seller.id, Role::Employee), [0_i64; 0]);
        // It is his client from now on.
        let managers = json!({ "values": { "managers": [head.id, seller.id] } });
        expect(&head.patch(&format!("/records/contact/{client}"), &managers), 200);
        assert_eq!(listed(&mut seller, "таємничий"), [given]);
    });
}
