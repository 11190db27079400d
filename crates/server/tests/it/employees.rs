//! Employees are contacts: a user has one card, administrators say which, and the link goes where the card goes (CB31).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, PASSWORD, User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{company, person, phone, with};

fn new_user(name: &str, login: &str) -> Json {
    json!({ "name": name, "login": login, "password": PASSWORD, "roles": [2], "language": "uk" })
}

/// Makes a user; gives his id.
fn user_of(administrator: &mut User, input: &Json) -> i64 {
    expect(&administrator.post("/users", input), 201)["record"]["id"].as_i64().unwrap()
}

fn make_card(administrator: &mut User, user_id: i64) -> Json {
    let made = administrator.send("POST", &format!("/users/{user_id}/card"), &[], &json!({}));
    expect(&made, 201)
}

fn read(user: &mut User, card: &Json) -> Json {
    expect(&user.get(&format!("/records/contact/{}", card["id"])), 200)
}

fn link(user: &mut User, card: &Json, user_id: i64) -> kartoteka::http_client::Answer {
    user.patch(&format!("/records/contact/{}", card["id"]), &json!({ "values": { "employee_user": user_id } }))
}

fn undo(user: &mut User, operation: &Json) -> Json {
    expect(&user.send("POST", &format!("/operations/{operation}/undo"), &[], &json!({})), 200)
}

/// An administrator, and a user with a card of his own.
fn with_card(app: &App) -> (User, i64, Json) {
    let mut administrator = app.administrator();
    let user_id = user_of(&mut administrator, &new_user("Коваль Анна Петрівна", "anna"));
    let card = make_card(&mut administrator, user_id)["record"].clone();
    (administrator, user_id, card)
}

#[test]
fn a_card_is_made_of_a_user_and_taken_back() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut input = new_user("Анна Петрівна Коваль", "anna");
        input["email"] = json!("anna@karpaty.example");
        let user_id = user_of(&mut administrator, &input);
        let made = make_card(&mut administrator, user_id);
        let values = &made["record"]["values"];
        assert_eq!(made["record"]["title"], "Коваль Анна Петрівна");
        assert_eq!((&values["patronymic"], &values["gender"]), (&json!("Петрівна"), &json!("female")));
        assert_eq!((&values["contact_type"], &values["visibility"]), (&json!("employee"), &json!("read")));
        assert_eq!(values["channels"][0]["value"], "anna@karpaty.example");
        assert_eq!(values["employee_user"]["id"], user_id);

        // The section of employees, for everybody.
        let filter = encoded("kind = person and contact_type = employee");
        let card_id = made["record"]["id"].as_i64().unwrap();
        assert_eq!(app.log_in("anna").contact_ids(&format!("filter={filter}")), [card_id]);
        assert_eq!(app.with_user(Role::Employee).contact_ids(&format!("filter={filter}")), [card_id]);
        let of_user = encoded(&format!("employee_user in ({user_id}, 1)"));
        assert_eq!(administrator.contact_ids(&format!("filter={of_user}")), [card_id]);

        // One card for each user; the second is refused with the name of the first.
        let body = expect(&administrator.send("POST", &format!("/users/{user_id}/card"), &[], &json!({})), 422);
        assert!(field_errors(&body).contains(&("/values/employee_user".into(), "duplicate".into())), "{body}");

        undo(&mut administrator, &made["operation_id"]);
        assert!(read(&mut administrator, &made["record"])["deleted_at"].is_string());
        make_card(&mut administrator, user_id);
        let restored = administrator.send("POST", &format!("/records/contact/{card_id}/restore"), &[], &json!({}));
        assert_eq!(restored.status, 422, "the user has another card by now: {}", restored.text());
    });
}

#[test]
fn a_new_user_gets_his_card_at_once_or_is_not_made() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mail = json!([{ "kind": "email", "value": "anna@karpaty.example" }]);
        let other = administrator.create_contact(with(person("Коваль"), "channels", mail));
        let mut input = new_user("Анна Коваль", "anna");
        input["email"] = json!("anna@karpaty.example");
        input["makes_card"] = json!(true);
        let body = expect(&administrator.post("/users", &input), 422);
        assert_eq!(field_errors(&body), [("/email".into(), "duplicate".into())]);
        assert_eq!(body["errors"][0]["params"]["id"], other["id"]);
        assert_eq!(expect(&administrator.get("/records/user"), 200)["items"].as_array().unwrap().len(), 1);

        input["email"] = json!(null);
        let user_id = user_of(&mut administrator, &input);
        let filter = encoded(&format!("employee_user = {user_id}"));
        assert_eq!(administrator.contact_ids(&format!("filter={filter}")).len(), 1);
    });
}

#[test]
fn only_administrators_say_whose_card_a_contact_is() {
    for_each_app(|app| {
        let (mut administrator, user_id, card) = with_card(app);
        for role in [Role::Supervisor, Role::Employee] {
            let mut other = app.with_user(role);
            let own = other.create_contact(person("Інша"));
            let refused = expect(&link(&mut other, &own, user_id), 422);
            assert_eq!(field_errors(&refused), [("/values/employee_user".into(), "read_only".into())]);
            expect(&other.send("POST", &format!("/users/{user_id}/card"), &[], &json!({})), 403);
            let catalog = expect(&other.get("/catalog"), 200);
            let contact = catalog["object_types"].as_array().unwrap().iter().find(|one| one["name"] == "contact");
            let fields = contact.unwrap()["fields"].as_array().unwrap();
            let field = fields.iter().find(|field| field["name"] == "employee_user").unwrap();
            assert_eq!((&field["access"], &field["settings"]["is_unique"]), (&json!("read"), &json!(true)));
            assert_eq!(read(&mut other, &card)["values"]["employee_user"]["title"], "Коваль Анна Петрівна");
        }
        // The refusal of a second card names the first.
        let second = administrator.create_contact(person("Коваленко"));
        let refused = expect(&link(&mut administrator, &second, user_id), 422);
        assert_eq!(field_errors(&refused), [("/values/employee_user".into(), "duplicate".into())]);
        let params = &refused["errors"][0]["params"];
        assert_eq!((&params["id"], &params["title"]), (&card["id"], &card["title"]));
        // A card that its user has left is free for another.
        let cleared = json!({ "values": { "employee_user": null } });
        expect(&administrator.patch(&format!("/records/contact/{}", card["id"]), &cleared), 200);
        expect(&link(&mut administrator, &second, user_id), 200);
        // A company is nobody's card, and a card that is somebody's becomes none: the link would be gone.
        let firm = administrator.create_contact(company("ТОВ"));
        let refused = expect(&link(&mut administrator, &firm, 1), 422);
        assert_eq!(field_errors(&refused), [("/values/employee_user".into(), "only_for_people".into())]);
        let as_company = json!({ "values": { "kind": "company", "company_name": "ФОП" } });
        let mut colleague = app.with_user(Role::Supervisor);
        let refused = expect(&colleague.patch(&format!("/records/contact/{}", second["id"]), &as_company), 422);
        assert_eq!(field_errors(&refused), [("/values/kind".into(), "only_for_people".into())]);
    });
}

#[test]
fn a_mass_change_gives_no_user_two_cards() {
    for_each_app(|app| {
        let (mut administrator, user_id, card) = with_card(app);
        expect(&administrator.delete(&format!("/records/contact/{}", card["id"])), 200);
        let ids: Vec<Json> =
            ["Перша", "Друга"].map(|name| administrator.create_contact(person(name))["id"].clone()).into();
        let body = json!({ "action": "update", "ids": ids, "values": { "employee_user": user_id } });
        let started = expect(&administrator.post("/records/contact/bulk", &body), 202);
        let report = administrator.wait_for_job(&started["job"])["report"].clone();
        assert_eq!((&report["changed"], &report["failed"][0]["code"]), (&json!(1), &json!("duplicate")), "{report}");
        let filter = encoded(&format!("employee_user = {user_id}"));
        assert!(administrator.contact_ids(&format!("filter={filter}")).len() == 1);
    });
}

#[test]
fn the_link_goes_with_a_merge_and_comes_back() {
    for_each_app(|app| {
        let (mut administrator, user_id, card) = with_card(app);
        let stays = administrator.create_contact(person("Коваль"));
        let merge = json!({ "survivor": stays["id"], "losers": [card["id"]] });
        let merged = expect(&administrator.post("/records/contact/merge", &merge), 200);
        assert_eq!(read(&mut administrator, &stays)["values"]["employee_user"]["id"], user_id);
        undo(&mut administrator, &merged["operation_id"]);
        assert!(read(&mut administrator, &stays)["values"]["employee_user"].is_null());
        assert_eq!(read(&mut administrator, &card)["values"]["employee_user"]["id"], user_id);
        assert!(read(&mut administrator, &card)["deleted_at"].is_null());

        // Of two cards of employees one link stands, and the preview says so.
        let other_id = user_of(&mut administrator, &new_user("Інша Ольга", "olha"));
        expect(&link(&mut administrator, &stays, other_id), 200);
        let preview = expect(&administrator.post("/records/contact/merge/preview", &merge), 200);
        let fields = preview["fields"].as_array().unwrap();
        let plan = fields.iter().find(|plan| plan["field"] == "employee_user").unwrap();
        assert_eq!((&plan["is_conflict"], &plan["from"]), (&json!(true), &stays["id"]));
        let chosen = with(merge, "choices", json!({ "employee_user": card["id"] }));
        let merged = expect(&administrator.post("/records/contact/merge", &chosen), 200);
        assert_eq!(read(&mut administrator, &stays)["values"]["employee_user"]["id"], user_id);
        undo(&mut administrator, &merged["operation_id"]);
        assert_eq!(read(&mut administrator, &stays)["values"]["employee_user"]["id"], other_id);
        assert_eq!(read(&mut administrator, &card)["values"]["employee_user"]["id"], user_id);
    });
}

#[test]
fn a_card_that_cannot_return_leaves_its_user_with_the_survivor() {
    for_each_app(|app| {
        let (mut administrator, user_id, card) = with_card(app);
        let path = format!("/records/contact/{}", card["id"]);
        expect(&administrator.patch(&path, &json!({ "values": { "channels": phone("0674401285") } })), 200);
        let stays = administrator.create_contact(person("Коваль"));
        let merge = json!({ "survivor": stays["id"], "losers": [card["id"]] });
        let merged = expect(&administrator.post("/records/contact/merge", &merge), 200);
        let path = format!("/records/contact/{}", stays["id"]);
        expect(&administrator.patch(&path, &json!({ "values": { "channels": null } })), 200);
        administrator.create_contact(with(person("Третя"), "channels", phone("0674401285")));
        undo(&mut administrator, &merged["operation_id"]);
        assert!(read(&mut administrator, &card)["deleted_at"].is_string(), "its number belongs to another");
        assert_eq!(read(&mut administrator, &stays)["values"]["employee_user"]["id"], user_id);
    });
}

#[test]
fn who_may_not_move_a_link_merges_only_into_the_card_that_has_it() {
    for_each_app(|app| {
        let (_, user_id, card) = with_card(app);
        let mut supervisor = app.with_user(Role::Supervisor);
        let other = supervisor.create_contact(person("Коваль"));
        let away = json!({ "survivor": other["id"], "losers": [card["id"]] });
        for path in ["/records/contact/merge/preview", "/records/contact/merge"] {
            let refused = expect(&supervisor.post(path, &away), 422);
            assert_eq!(field_errors(&refused), [("/losers".into(), "must_stay".into())]);
            let params = &refused["errors"][0]["params"];
            assert_eq!((&params["id"], &params["field"]), (&card["id"], &json!("employee_user")));
        }
        assert!(read(&mut supervisor, &card)["deleted_at"].is_null());

        let into = json!({ "survivor": card["id"], "losers": [other["id"]] });
        expect(&supervisor.post("/records/contact/merge", &into), 200);
        assert_eq!(read(&mut supervisor, &card)["values"]["employee_user"]["id"], user_id);
    });
}
