//! Nobody lifts himself: not by owning what was only shared with him, not by the roles, teams and heads that he keeps, not by what a role rests on.

use kartoteka::http_client::Answer;
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{give, make_role, with_roles};
use crate::it::app::{User, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

fn shared_for_writing(admin: &mut User) -> (i64, String) {
    let stranger = json!([1]);
    let values = with(with(person("Спільна"), "visibility", json!("write")), "managers", stranger);
    let id = admin.create_contact(values)["id"].as_i64().unwrap();
    (id, format!("/records/contact/{id}"))
}

#[track_caller]
fn refused_at(answer: &Answer, pointer: &str, code: &str) {
    assert_eq!(field_errors(&expect(answer, 422)), [(pointer.to_owned(), code.to_owned())]);
}

#[test]
fn what_is_only_shared_is_made_nobodys_own() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let me = employee.id;
        let (id, path) = shared_for_writing(&mut admin);
        expect(&employee.patch(&path, &json!({ "values": { "remark": "Дзвонити" } })), 200);
        let shown = expect(&employee.get(&path), 200);
        assert_eq!((&shown["can_edit"], &shown["locked_fields"]), (&json!(true), &json!(["managers"])));
        // Whoever made himself its owner would delete it in the second step.
        refused_at(&employee.patch(&path, &json!({ "values": { "managers": [me] } })), "/values/managers", "read_only");
        let cells = json!({ "rows": [{ "id": id, "texts": { "managers": "x" } }] });
        let written = expect(&employee.post("/records/contact/cells", &cells), 200);
        assert!(!written.to_string().contains("\"changed\":1"), "{written}");
        let bulk = json!({ "action": "update", "ids": [id], "values": { "managers": [me] } });
        let started = expect(&employee.post("/records/contact/bulk", &bulk), 202);
        employee.wait_for_job(&started["job"]);
        expect(&employee.delete(&path), 403);
        assert_eq!(expect(&admin.get(&path), 200)["values"]["managers"][0]["id"], 1);
        // His own he hands over as ever.
        let own = employee.create_contact(person("Власна"))["id"].as_i64().unwrap();
        let own = format!("/records/contact/{own}");
        assert_eq!(expect(&employee.get(&own), 200)["locked_fields"], Json::Null);
        expect(&employee.patch(&own, &json!({ "values": { "managers": [me, 1] } })), 200);
    });
}

#[test]
fn who_may_not_share_shares_with_nobody_by_making_him_an_owner() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({ "base": "employee", "types": { "contact": { "actions": { "share": [] } } } });
        let role = make_role(&mut admin, "Без спільного", &rights);
        let mut user = with_roles(app, &mut admin, &[role]);
        let own = user.create_contact(person("Власна"))["id"].as_i64().unwrap();
        let shown = expect(&user.get(&format!("/records/contact/{own}")), 200);
        let locked = shown["locked_fields"].to_string();
        assert!(["visibility", "readers", "editing_teams"].iter().all(|field| locked.contains(field)), "{locked}");
    });
}

#[test]
fn who_keeps_the_roles_lifts_neither_himself_nor_others_above_himself() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let keeping = json!({ "base": "employee", "features": { "roles": true, "users": true } });
        let keeper = make_role(&mut admin, "Хранитель", &keeping);
        let wide =
            json!({ "base": "employee", "types": { "contact": { "actions": { "see": [{ "level": "all" }] } } } });
        let wider = make_role(&mut admin, "Ширша", &wide);
        let mut user = with_roles(app, &mut admin, &[keeper]);
        let rights = |rights: &Json| json!({ "values": { "rights": rights.to_string() } });
        let at = |role: i64| format!("/records/role/{role}");
        // Neither the role that he holds, not even to take something from it, nor one beyond him, nor a new one beyond him.
        refused_at(&user.patch(&at(keeper), &rights(&wide)), "/values/rights", "more_than_own");
        refused_at(
            &user.patch(&at(keeper), &rights(&json!({ "base": "employee" }))),
            "/values/rights",
            "more_than_own",
        );
        refused_at(&user.patch(&at(wider), &rights(&json!({ "base": "employee" }))), "/values/rights", "more_than_own");
        for beyond in [
            &wide,
            &json!({ "base": "supervisor" }),
            &json!({ "base": "employee", "types": { "contact": { "actions": { "export": [{ "level": "own" }] } } } }),
        ] {
            let values = json!({ "values": { "name": "Нова", "rights": beyond.to_string() } });
            refused_at(&user.post("/records/role", &values), "/values/rights", "more_than_own");
        }
        // Less than his own, he gives.
        let narrow = json!({ "base": "employee", "types": { "contact": { "actions": {
            "see": [{ "level": "own", "filter": "kind = person" }] } } } });
        let narrower = make_role(&mut user, "Вужча", &narrow);
        let colleague = app.with_user(Role::Employee);
        give(&mut user, &colleague, json!({ "roles": [narrower] }));
        // Those above him are out of his reach: their accounts, sessions and keys.
        let above = app.with_user(Role::Supervisor);
        expect(
            &user.post(&format!("/users/{}/password", above.id), &json!({ "new_password": "another long secret" })),
            403,
        );
        expect(&user.get(&format!("/users/{}/sessions", above.id)), 403);
        expect(&user.delete(&format!("/users/{}/sessions", above.id)), 403);
        let key = expect(&admin.post("/session/api-keys", &json!({ "name": "Склад" })), 201);
        assert_eq!(expect(&user.get("/api-keys"), 200)["items"], json!([]));
        expect(&user.delete(&format!("/api-keys/{}", key["id"])), 404);
    });
}

#[test]
fn teams_and_heads_open_nothing_to_who_keeps_them() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let keeping = json!({ "base": "employee", "features": { "users": true } });
        let keeper = make_role(&mut admin, "Кадри", &keeping);
        let mut user = with_roles(app, &mut admin, &[keeper]);
        let me = user.id;
        let (his, stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        give(&mut admin, &his, json!({ "head": me }));
        let head_of = |user: &mut User, id: i64, head: Json| {
            user.patch(&format!("/records/user/{id}"), &json!({ "values": { "head": head } }))
        };
        refused_at(&head_of(&mut user, stranger.id, json!(me)), "/values/head", "more_than_own");
        refused_at(&head_of(&mut user, stranger.id, json!(his.id)), "/values/head", "more_than_own");
        refused_at(&head_of(&mut user, me, json!(stranger.id)), "/values/head", "more_than_own");
        let team = |members: Json| json!({ "values": { "name": "Нова", "members": members } });
        refused_at(&user.post("/records/team", &team(json!([me, stranger.id]))), "/values/members", "more_than_own");
        let made = expect(&admin.post("/records/team", &team(json!([stranger.id]))), 201);
        let path = format!("/records/team/{}", made["record"]["id"]);
        let join = json!({ "values": { "members": [stranger.id, me] } });
        refused_at(&user.patch(&path, &join), "/values/members", "more_than_own");
        // Nor by the rights of a colleague.
        assert_eq!(user.post(&format!("/users/{me}/copy-rights"), &json!({ "from": stranger.id })).status, 422);
        // His own people he arranges.
        expect(&user.post("/records/team", &json!({ "values": { "name": "Свої", "members": [me, his.id] } })), 201);
        // Who oversees all records anyway arranges everybody.
        let overseeing = json!({ "base": "supervisor", "features": { "users": true } });
        let overseer = make_role(&mut admin, "Керівник кадрів", &overseeing);
        let mut overseer = with_roles(app, &mut admin, &[overseer]);
        expect(&head_of(&mut overseer, stranger.id, json!(his.id)), 200);
        expect(&overseer.patch(&path, &json!({ "values": { "members": [stranger.id, his.id] } })), 200);
    });
}

#[test]
fn a_group_that_a_role_names_is_shaped_by_who_keeps_the_roles() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let group = |admin: &mut User, values: Json| {
            let made = expect(&admin.post("/records/group", &json!({ "values": values })), 201);
            made["record"]["id"].as_i64().unwrap()
        };
        let inner = group(&mut admin, json!({ "name": "Регіони" }));
        let rule = format!("groups has {inner}");
        let named = group(&mut admin, json!({ "name": "Дилери", "kind": "smart", "rule": rule }));
        let free = group(&mut admin, json!({ "name": "Інші" }));
        let rights = json!({ "base": "supervisor", "types": { "contact": { "actions": {
            "see": [{ "level": "all", "filter": format!("groups has {named}") }] } } } });
        let role = make_role(&mut admin, "Дилерський", &rights);
        let mut user = with_roles(app, &mut admin, &[role]);
        admin.create_contact(person("Прихована"));
        assert_eq!(user.contact_ids(""), Vec::<i64>::new());
        let at = |group: i64| format!("/records/group/{group}");
        let everything = json!({ "values": { "kind": "smart", "rule": "id > 0" } });
        refused_at(&user.patch(&at(named), &everything), "/values/rule", "named_by_role");
        refused_at(&user.patch(&at(inner), &everything), "/values/rule", "named_by_role");
        refused_at(
            &user.patch(&at(free), &json!({ "values": { "parent": inner } })),
            "/values/parent",
            "named_by_role",
        );
        let within = json!({ "values": { "name": "Під", "kind": "smart", "rule": "id > 0", "parent": named } });
        refused_at(&user.post("/records/group", &within), "/values/parent", "named_by_role");
        assert_eq!(user.contact_ids(""), Vec::<i64>::new());
        // Names, and groups that no role names, are free; who keeps the roles changes all.
        expect(&user.patch(&at(named), &json!({ "values": { "name": "Дилери України" } })), 200);
        expect(&user.patch(&at(free), &everything), 200);
        expect(&admin.patch(&at(named), &everything), 200);
        assert_eq!(user.contact_ids("").len(), 1);
    });
}

#[test]
fn rights_are_judged_by_what_is_hidden_and_tell_nothing_of_it() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let plain = json!([{ "level": "all", "filter": "remark is empty" }]);
        let rights = json!({ "base": "employee", "types": { "contact": {
            "actions": { "see": [{ "level": "all" }], "change": plain }, "fields": { "remark": "hidden" } } } });
        let role = make_role(&mut admin, "Обережний", &rights);
        let mut user = with_roles(app, &mut admin, &[role]);
        let purpose = json!({ "values": { "name": "Новини", "text": "Я згоден отримувати новини." } });
        let purpose = expect(&admin.post("/records/processing_purpose", &purpose), 201)["record"]["id"].clone();
        let remarked = admin.create_contact(with(person("Позначена"), "remark", json!("Не дзвонити")));
        let bare = admin.create_contact(person("Проста"));
        let consent = json!({ "purpose": purpose, "state": "given", "source": "phone" });
        let path = |contact: &Json| format!("/personal-data/subjects/{}/consents", contact["id"]);
        expect(&user.post(&path(&remarked), &consent), 403);
        expect(&user.post(&path(&bare), &consent), 201);
        // Which line of his role closed the card would tell of the remark.
        let ask = |user: &mut User, of: i64, contact: &Json| {
            let path = format!("/access/explanation?user_id={of}&type=contact&id={}", contact["id"]);
            expect(&user.get(&path), 200)["actions"].to_string()
        };
        let me = user.id;
        assert!(!ask(&mut user, me, &remarked).contains("remark"));
        assert!(ask(&mut admin, me, &remarked).contains("remark is empty"));
        // The services of maps hear what others look at: administrators name them.
        let company = make_role(&mut admin, "Офіс", &json!({ "base": "employee", "features": { "company": true } }));
        let mut office = with_roles(app, &mut admin, &[company]);
        expect(&office.patch("/installation", &json!({ "company_name": "Нова назва" })), 200);
        for service in ["geocoder_url", "tiles_url"] {
            let change = json!({ service: "http://collector.example/{query}{z}{x}{y}" });
            expect(&office.patch("/installation", &change), 403);
        }
    });
}
