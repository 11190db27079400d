//! Roles as data: what an administrator writes into a role holds on every path, for whoever has the role, from that moment on.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app, until};
use crate::it::person::{company, person, with};

/// Makes a role; answers its id.
pub(super) fn make_role(admin: &mut User, name: &str, rights: &Json) -> i64 {
    let values = json!({ "values": { "name": name, "rights": rights.to_string() } });
    expect(&admin.post("/records/role", &values), 201)["record"]["id"].as_i64().unwrap()
}

pub(super) fn give(admin: &mut User, user: &User, values: Json) {
    expect(&admin.patch(&format!("/records/user/{}", user.id), &json!({ "values": values })), 200);
}

/// A user with these roles, logged in.
pub(super) fn with_roles(app: &App, admin: &mut User, roles: &[i64]) -> User {
    let user = app.with_user(Role::Employee);
    give(admin, &user, json!({ "roles": roles }));
    let login = expect(&admin.get(&format!("/records/user/{}", user.id)), 200)["values"]["login"].clone();
    app.log_in(login.as_str().unwrap())
}

fn on_contacts(actions: Json) -> Json {
    json!({ "base": "employee", "types": { "contact": { "actions": actions } } })
}

#[test]
fn a_user_without_a_role_sees_nothing() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let contact = admin.create_contact(with(person("Відкрита"), "visibility", json!("write")));
        let mut nobody = with_roles(app, &mut admin, &[]);
        assert_eq!(nobody.contact_ids(""), Vec::<i64>::new());
        expect(&nobody.get(&format!("/records/contact/{}", contact["id"])), 404);
        expect(&nobody.post("/records/contact", &json!({ "values": person("Нова") })), 403);
        assert_eq!(expect(&nobody.get("/session"), 200)["permissions"]["features"], json!([]));
    });
}

#[test]
fn kinds_of_cards_are_open_and_closed_by_conditions() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let client = json!([{ "level": "all", "filter": "kind = person and not (contact_type = employee)" }]);
        let all = json!([{ "level": "all" }]);
        let role =
            make_role(&mut admin, "Клієнти", &on_contacts(json!({ "see": all, "change": client, "create": client })));
        let of_client = admin.create_contact(person("Клієнт"));
        let of_employee = admin.create_contact(with(person("Колега"), "contact_type", json!("employee")));
        let mut user = with_roles(app, &mut admin, &[role]);

        let path = |contact: &Json| format!("/records/contact/{}", contact["id"]);
        let remark = json!({ "values": { "remark": "Дзвонити" } });
        expect(&user.patch(&path(&of_client), &remark), 200);
        assert_eq!(expect(&user.get(&path(&of_employee)), 200)["can_edit"], false);
        expect(&user.patch(&path(&of_employee), &remark), 403);
        // A client's card is not made an employee's through the back door, and no other kind is made.
        expect(&user.patch(&path(&of_client), &json!({ "values": { "contact_type": "employee" } })), 403);
        expect(&user.post("/records/contact", &json!({ "values": company("Фірма") })), 403);
        expect(&user.post("/records/contact", &json!({ "values": person("Новий") })), 201);
    });
}

#[test]
fn hidden_fields_are_unknown_and_read_only_ones_are_not_written() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({
            "base": "supervisor",
            "types": { "contact": { "fields": { "remark": "hidden", "position": "read" }, "blocks": { "details": "hidden" } } },
        });
        let role = make_role(&mut admin, "Без приміток", &rights);
        let values = json!({ "kind": "person", "last_name": "Шевчук", "remark": "таємниця", "position": "директор", "birthday": "1990-05-01" });
        let contact = admin.create_contact(values);
        let mut user = with_roles(app, &mut admin, &[role]);
        let path = format!("/records/contact/{}", contact["id"]);

        let seen = expect(&user.get(&path), 200)["values"].clone();
        assert_eq!(
            (&seen["position"], &seen["remark"], &seen["birthday"]),
            (&json!("директор"), &Json::Null, &Json::Null)
        );
        let catalog = expect(&user.get("/catalog"), 200);
        let contact_type =
            catalog["object_types"].as_array().unwrap().iter().find(|found| found["name"] == "contact").unwrap();
        let field = |name: &str| contact_type["fields"].as_array().unwrap().iter().find(|field| field["name"] == name);
        assert!(field("remark").is_none() && field("birthday").is_none());
        assert_eq!(field("position").unwrap()["access"], "read");
        for (query, status) in
            [("filter=remark%20is%20not%20empty", 422), ("sort=birthday", 422), ("fields=remark", 422)]
        {
            assert_eq!(user.get(&format!("/records/contact?{query}")).status, status, "{query}");
        }
        let refused = user.patch(&path, &json!({ "values": { "remark": "x", "position": "y" } }));
        let known = expect(&refused, 422);
        assert_eq!(
            field_errors(&known),
            [
                ("/values/position".to_owned(), "read_only".to_owned()),
                ("/values/remark".to_owned(), "unknown_field".to_owned())
            ]
        );
        let history = expect(&user.get(&format!("{path}/history")), 200).to_string();
        assert!(!history.contains("таємниця"), "{history}");
    });
}

#[test]
fn roles_add_up() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let reading = json!({ "types": { "contact": { "actions": { "see": [{ "level": "all", "filter": "kind = company" }] },
            "fields": { "remark": "hidden" } } } });
        let exporting = json!({ "types": { "contact": { "actions": { "see": [{ "level": "own" }], "export": [{ "level": "own" }] } } },
            "features": { "audit": true } });
        let (reading, exporting) =
            (make_role(&mut admin, "Фірми", &reading), make_role(&mut admin, "Вивантаження", &exporting));
        let firm = admin.create_contact(company("Фірма"));
        let foreign = admin.create_contact(person("Чужий"));
        let mut user = with_roles(app, &mut admin, &[reading, exporting]);
        let own = admin.create_contact(with(person("Свій"), "managers", json!([user.id])));
        let mut seen = user.contact_ids("");
        seen.sort_unstable();
        let id = |record: &Json| record["id"].as_i64().unwrap();
        assert_eq!(seen, [id(&firm), id(&own)]);
        expect(&user.get(&format!("/records/contact/{}", foreign["id"])), 404);
        // What either role shows is shown.
        expect(&user.get("/records/contact?fields=remark"), 200);
        assert_eq!(expect(&user.get("/session"), 200)["permissions"]["features"], json!(["audit"]));
        expect(&user.post("/records/contact", &json!({ "values": person("Новий") })), 403);
    });
}

#[test]
fn only_what_a_role_exports_is_exported() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = on_contacts(json!({ "see": [{ "level": "all" }], "export": [{ "level": "own" }] }));
        let role = make_role(&mut admin, "Свої", &rights);
        admin.create_contact(person("Чужий"));
        let mut user = with_roles(app, &mut admin, &[role]);
        admin.create_contact(with(person("Свій"), "managers", json!([user.id])));
        assert_eq!(user.contact_ids("").len(), 2);
        let started = expect(&user.post("/exports", &json!({ "type": "contact", "format": "csv" })), 202);
        let job = user.wait_for_job(&started["job"]);
        assert_eq!(job["state"], "done");
        let file = user.get(&format!("/exports/{}/file", job["id"])).text();
        assert!(file.contains("Свій") && !file.contains("Чужий"), "{file}");
    });
}

#[test]
fn a_head_sees_the_cards_of_his_people() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = on_contacts(json!({ "see": [{ "level": "team" }], "change": [{ "level": "team" }] }));
        let role = make_role(&mut admin, "Керівник відділу", &rights);
        let mut head = with_roles(app, &mut admin, &[role]);
        let (middle, mut below, mut mate, mut stranger) = (
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
        );
        let of = |user: &mut User, name: &str| user.create_contact(person(name));
        let (of_below, of_mate, of_stranger) =
            (of(&mut below, "Підлеглий"), of(&mut mate, "Сусід"), of(&mut stranger, "Чужий"));
        assert_eq!(head.contact_ids(""), Vec::<i64>::new());
        give(&mut admin, &middle, json!({ "head": head.id }));
        give(&mut admin, &below, json!({ "head": middle.id }));
        let id = |record: &Json| record["id"].as_i64().unwrap();
        assert_eq!(head.contact_ids(""), [id(&of_below)]);
        let team = json!({ "values": { "name": "Продажі", "members": [head.id, mate.id] } });
        let team = expect(&admin.post("/records/team", &team), 201)["record"]["id"].clone();
        let mut seen = head.contact_ids("");
        seen.sort_unstable();
        assert_eq!(seen, [id(&of_below), id(&of_mate)]);
        expect(
            &head.patch(&format!("/records/contact/{}", of_below["id"]), &json!({ "values": { "remark": "x" } })),
            200,
        );
        expect(&head.get(&format!("/records/contact/{}", of_stranger["id"])), 404);
        // The other way it does not hold: an employee sees no cards of his head or his neighbours.
        assert_eq!(below.contact_ids(""), [id(&of_below)]);
        // What stands for his people is a condition of lists as well.
        assert_eq!(head.contact_ids(&format!("filter={}", encoded("managers has my_people"))).len(), 2);
        expect(&admin.delete(&format!("/records/team/{team}")), 200);
        assert_eq!(head.contact_ids(""), [id(&of_below)]);
        // Nobody stands above himself.
        let circle = admin.patch(&format!("/records/user/{}", head.id), &json!({ "values": { "head": below.id } }));
        assert_eq!(field_errors(&expect(&circle, 422)), [("/values/head".to_owned(), "cycle".to_owned())]);
    });
}

#[test]
fn a_card_is_shared_with_people_and_teams() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let (mut owner, mut reader, mut editor, mut mate) = (
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
            app.with_user(Role::Employee),
        );
        let team = json!({ "values": { "name": "Сервіс", "members": [mate.id] } });
        let team = expect(&admin.post("/records/team", &team), 201)["record"]["id"].clone();
        let contact = owner.create_contact(person("Спільна"));
        let path = format!("/records/contact/{}", contact["id"]);
        let remark = json!({ "values": { "remark": "x" } });
        for user in [&mut reader, &mut editor, &mut mate] {
            expect(&user.get(&path), 404);
        }
        let shares = json!({ "readers": [reader.id], "editors": [editor.id], "editing_teams": [team] });
        expect(&owner.patch(&path, &json!({ "values": shares })), 200);
        expect(&reader.patch(&path, &remark), 403);
        expect(&editor.patch(&path, &remark), 200);
        expect(&mate.patch(&path, &json!({ "values": { "remark": "y" } })), 200);
        assert_eq!(mate.contact_ids("").len(), 1);
        expect(&mate.delete(&path), 403);
        // Who may not share passes it on to nobody, in no way.
        let rights = on_contacts(json!({ "share": [] }));
        let role = make_role(&mut admin, "Без спільного доступу", &rights);
        let mut strict = with_roles(app, &mut admin, &[role]);
        let own = strict.create_contact(person("Своя"));
        let own = format!("/records/contact/{}", own["id"]);
        for values in [json!({ "visibility": "read" }), json!({ "readers": [reader.id] })] {
            let refused = expect(&strict.patch(&own, &json!({ "values": values })), 422);
            assert_eq!(refused["errors"][0]["code"], "read_only", "{refused}");
        }
        let born = with(person("Нова"), "readers", json!([reader.id]));
        expect(&strict.post("/records/contact", &json!({ "values": born })), 422);
    });
}

#[test]
fn a_change_of_a_role_holds_at_once_and_streams_hear_of_it() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let role = make_role(&mut admin, "Усе", &on_contacts(json!({ "see": [{ "level": "all" }] })));
        admin.create_contact(person("Чужий"));
        let mut user = with_roles(app, &mut admin, &[role]);
        assert_eq!(user.contact_ids("").len(), 1);
        let narrow = on_contacts(json!({ "see": [{ "level": "own" }] })).to_string();
        expect(&admin.patch(&format!("/records/role/{role}"), &json!({ "values": { "rights": narrow } })), 200);
        until(|| user.contact_ids("").is_empty());
        // The undo gives it back.
        let operations = expect(&admin.get("/operations?limit=1"), 200);
        expect(&admin.post(&format!("/operations/{}/undo", operations["items"][0]["id"]), &json!({})), 200);
        until(|| user.contact_ids("").len() == 1);
    });
}

#[test]
fn bad_rights_are_refused_at_their_place() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut check = |rights: Json, pointer: &str, code: &str| {
            let answer =
                admin.post("/records/role", &json!({ "values": { "name": "Роль", "rights": rights.to_string() } }));
            assert_eq!(field_errors(&expect(&answer, 422)), [(pointer.to_owned(), code.to_owned())], "{rights}");
        };
        check(json!({ "base": "king" }), "/values/rights", "rights_invalid");
        check(json!({ "base": "administrator" }), "/values/rights", "built_in_rights");
        check(json!({ "types": { "user": {} } }), "/values/rights/types/user", "unknown_object_type");
        check(
            json!({ "types": { "contact": { "actions": { "see": [{ "level": "all", "filter": "nobody = 1" }] } } } }),
            "/values/rights/types/contact/actions/see/0/filter",
            "filter_invalid",
        );
        check(
            json!({ "types": { "contact": { "fields": { "nothing": "read" } } } }),
            "/values/rights/types/contact/fields/nothing",
            "unknown_field",
        );
        check(
            json!({ "types": { "contact": { "fields": { "name": "hidden" } } } }),
            "/values/rights/types/contact/fields/name",
            "title_must_show",
        );
        // The built-in ones stand.
        assert_eq!(expect(&admin.delete("/records/role/3"), 409)["code"], "built_in_role");
        let other = json!({ "values": { "rights": json!({ "base": "employee" }).to_string() } });
        assert_eq!(
            field_errors(&expect(&admin.patch("/records/role/1", &other), 422)),
            [("/values/rights".to_owned(), "built_in_rights".to_owned())]
        );
        let role = make_role(&mut admin, "Зайнята", &json!({}));
        let user = app.with_user(Role::Employee);
        give(&mut admin, &user, json!({ "roles": [role] }));
        assert_eq!(expect(&admin.delete(&format!("/records/role/{role}")), 409)["code"], "role_in_use");
    });
}

#[test]
fn who_keeps_the_users_gives_nobody_more_than_he_has() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let keeper = make_role(&mut admin, "Кадри", &json!({ "base": "employee", "features": { "users": true } }));
        let auditing = make_role(&mut admin, "Ревізор", &json!({ "features": { "audit": true } }));
        let mut user = with_roles(app, &mut admin, &[keeper]);
        let colleague = app.with_user(Role::Employee);
        let path = format!("/records/user/{}", colleague.id);
        expect(&user.patch(&path, &json!({ "values": { "roles": [3] } })), 200);
        for roles in [json!([1]), json!([2]), json!([auditing]), json!([3, auditing])] {
            let refused = expect(&user.patch(&path, &json!({ "values": { "roles": roles } })), 422);
            assert_eq!(field_errors(&refused), [("/values/roles".to_owned(), "more_than_own".to_owned())]);
        }
        // Neither for himself, nor over those who may more.
        expect(&user.patch(&format!("/records/user/{}", user.id), &json!({ "values": { "roles": [keeper, 2] } })), 422);
        expect(&user.patch("/records/user/1", &json!({ "values": { "is_active": false } })), 422);
        expect(&user.post("/users/1/password", &json!({ "new_password": "another long secret" })), 403);
        expect(&user.patch(&format!("/records/role/{keeper}"), &json!({ "values": { "name": "x" } })), 403);
        assert_eq!(expect(&user.get(&format!("/records/role/{keeper}")), 200)["values"]["rights"], Json::Null);
    });
}

#[test]
fn a_colleagues_rights_are_copied_in_one_step_and_taken_back_in_one() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let role = make_role(&mut admin, "Продавець", &on_contacts(json!({ "see": [{ "level": "all" }] })));
        let (model, new, head) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Employee));
        give(&mut admin, &model, json!({ "roles": [3, role], "head": head.id }));
        let team = json!({ "values": { "name": "Продажі", "members": [model.id] } });
        let team = expect(&admin.post("/records/team", &team), 201)["record"]["id"].clone();
        let other = json!({ "values": { "name": "Склад", "members": [new.id] } });
        let other = expect(&admin.post("/records/team", &other), 201)["record"]["id"].clone();
        let copied = expect(&admin.post(&format!("/users/{}/copy-rights", new.id), &json!({ "from": model.id })), 200);
        let ids = |value: &Json| -> Vec<i64> {
            value.as_array().into_iter().flatten().map(|entry| entry["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(ids(&copied["record"]["values"]["roles"]), [3, role]);
        assert_eq!(copied["record"]["values"]["head"]["id"], head.id);
        let mut members =
            |team: &Json| ids(&expect(&admin.get(&format!("/records/team/{team}")), 200)["values"]["members"]);
        assert_eq!((members(&team), members(&other)), (vec![model.id, new.id], vec![]));
        expect(&admin.post(&format!("/operations/{}/undo", copied["operation_id"]), &json!({})), 200);
        let mut members =
            |team: &Json| ids(&expect(&admin.get(&format!("/records/team/{team}")), 200)["values"]["members"]);
        assert_eq!((members(&team), members(&other)), (vec![model.id], vec![new.id]));
        let mut employee = app.with_user(Role::Employee);
        expect(&employee.post(&format!("/users/{}/copy-rights", new.id), &json!({ "from": model.id })), 403);
    });
}

#[test]
fn rights_explain_themselves() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let role = make_role(
            &mut admin,
            "Продавець",
            &json!({ "base": "employee", "types": { "contact": {
            "actions": { "see": [{ "level": "own" }, { "level": "all", "filter": "kind = company" }] }, "fields": { "remark": "read" } } } }),
        );
        let firm = admin.create_contact(company("Фірма"));
        let mut user = with_roles(app, &mut admin, &[role]);
        let question = format!("/access/explanation?type=contact&id={}&user_id={}", firm["id"], user.id);
        let explained = expect(&admin.get(&question), 200);
        let of = |explained: &Json, action: &str| {
            explained["actions"].as_array().unwrap().iter().find(|found| found["action"] == action).unwrap().clone()
        };
        let see = of(&explained, "see");
        assert_eq!(see["is_allowed"], true);
        let holds: Vec<&Json> = see["reasons"].as_array().unwrap().iter().map(|reason| &reason["holds"]).collect();
        assert_eq!(holds, [false, true]);
        assert_eq!(see["reasons"][1]["role"]["title"], "Продавець");
        assert_eq!(of(&explained, "change")["is_allowed"], false);
        let remark =
            explained["fields"].as_array().unwrap().iter().find(|field| field["field"] == "remark").unwrap().clone();
        assert_eq!((&remark["right"], &remark["by_role"][0]["role"]["id"]), (&json!("read"), &json!(role)));
        // He may ask about himself, and about nobody else.
        expect(&user.get(&format!("/access/explanation?type=contact&id={}", firm["id"])), 200);
        expect(&user.get(&format!("/access/explanation?type=contact&id={}&user_id=1", firm["id"])), 403);
        let people = expect(&admin.get(&format!("/access/people?type=contact&id={}", firm["id"])), 200);
        let seeing: Vec<i64> =
            people["items"].as_array().unwrap().iter().map(|item| item["user"]["id"].as_i64().unwrap()).collect();
        assert_eq!(seeing, [1, user.id]);
        expect(&user.get(&format!("/access/people?type=contact&id={}", firm["id"])), 403);

        // Those whom the card names come first, by themselves or by a team, for not everybody is asked about.
        let [supervisor, mate, manager] =
            [Role::Supervisor, Role::Employee, Role::Employee].map(|role| app.with_user(role));
        let team = json!({ "values": { "name": "Команда", "members": [mate.id] } });
        let team = expect(&admin.post("/records/team", &team), 201)["record"]["id"].clone();
        let values = json!({ "managers": [manager.id], "reading_teams": [team] });
        expect(&admin.patch(&format!("/records/contact/{}", firm["id"]), &json!({ "values": values })), 200);
        let people = expect(&admin.get(&format!("/access/people?type=contact&id={}", firm["id"])), 200);
        let ids: Vec<&Json> = people["items"].as_array().unwrap().iter().map(|item| &item["user"]["id"]).collect();
        let place = |user: &User| ids.iter().position(|id| **id == json!(user.id));
        assert!(place(&mate) < place(&supervisor) && place(&manager) < place(&supervisor), "{ids:?}");
    });
}

#[test]
fn a_change_of_a_role_is_rehearsed_before_it_is_saved() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let role = make_role(&mut admin, "Продавець", &on_contacts(json!({ "see": [{ "level": "own" }] })));
        let mut user = with_roles(app, &mut admin, &[role]);
        let own = user.create_contact(person("Своя"));
        let firm = admin.create_contact(company("Фірма"));
        let rights = json!({ "base": "employee", "types": { "contact": {
            "actions": { "see": [{ "level": "all", "filter": "kind = company" }] }, "fields": { "remark": "hidden" } } },
            "features": { "import": false, "audit": true } });
        let before = app.content();
        let rehearsed = expect(&admin.post("/access/rehearsal", &json!({ "role_id": role, "rights": rights })), 200);
        assert_eq!(app.content(), before);
        let person = &rehearsed["people"][0];
        assert_eq!((&rehearsed["people_count"], &person["user"]["id"]), (&json!(1), &json!(user.id)));
        assert_eq!((&person["opened"], &person["closed"]), (&json!(["audit"]), &json!(["import"])));
        let contacts = &person["types"][0];
        assert_eq!((&contacts["gained"]["count"], &contacts["gained"]["examples"][0]["id"]), (&json!(1), &firm["id"]));
        assert_eq!((&contacts["lost"]["count"], &contacts["lost"]["examples"][0]["id"]), (&json!(1), &own["id"]));
        assert_eq!(contacts["hidden_fields"], json!(["remark"]));
        assert_eq!(user.contact_ids("").len(), 1);
        expect(&user.post("/access/rehearsal", &json!({ "role_id": role, "rights": rights })), 403);
    });
}

#[test]
fn an_administrator_sees_as_somebody_else_and_changes_nothing_meanwhile() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut user = app.with_user(Role::Employee);
        let own = user.create_contact(person("Своя"));
        admin.create_contact(person("Чужа"));
        expect(&user.post("/session/see-as", &json!({ "user_id": 1 })), 403);
        expect(&admin.post("/session/see-as", &json!({ "user_id": user.id })), 204);
        let session = expect(&admin.get("/session"), 200);
        assert_eq!((&session["user"]["id"], &session["seen_by"]["id"]), (&json!(user.id), &json!(1)));
        assert_eq!(session["permissions"]["administer"], false);
        assert_eq!(admin.contact_ids(""), [own["id"].as_i64().unwrap()]);
        let query = json!({ "filter": "kind = person" });
        assert_eq!(expect(&admin.post("/records/contact/query", &query), 200)["items"].as_array().unwrap().len(), 1);
        let before = app.content();
        let path = format!("/records/contact/{}", own["id"]);
        for refused in [
            admin.patch(&path, &json!({ "values": { "remark": "x" } })),
            admin.delete(&path),
            admin.post("/records/contact", &json!({ "values": person("Нова") })),
            admin.get("/session/app-passwords"),
            admin.get("/session/all"),
            admin.patch("/session", &json!({ "theme": "dark" })),
            admin.post("/session/see-as", &json!({ "user_id": 1 })),
        ] {
            assert_eq!(expect(&refused, 403)["code"], "seeing_as");
        }
        assert_eq!(app.content(), before);
        expect(&admin.delete("/session/see-as"), 204);
        assert_eq!(admin.contact_ids("").len(), 2);
    });
}

#[test]
fn what_a_role_closes_is_closed() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({
            "base": "supervisor",
            "types": { "contact": { "actions": { "bulk": [], "merge": [], "export": [] } } },
            "features": { "import": false, "duplicates": false, "address_book": false },
        });
        let role = make_role(&mut admin, "Обмежена", &rights);
        let (one, two) = (admin.create_contact(person("Перша")), admin.create_contact(person("Друга")));
        let mut user = with_roles(app, &mut admin, &[role]);
        let bulk = json!({ "action": "update", "ids": [one["id"]], "values": { "remark": "x" } });
        expect(&user.post("/records/contact/bulk", &bulk), 403);
        let merge = json!({ "survivor": one["id"], "losers": [two["id"]] });
        expect(&user.post("/records/contact/merge", &merge), 403);
        expect(&user.post("/exports", &json!({ "type": "contact", "format": "csv" })), 403);
        expect(&user.post("/session/app-passwords", &json!({ "name": "Телефон", "contacts": "own" })), 403);
        assert_eq!(user.upload("/imports?type=contact&file_name=a.csv", "Прізвище\nНовий".as_bytes()).status, 403);
        expect(&user.post("/duplicates/search", &json!({ "type": "contact", "keys": ["name"] })), 403);
    });
}

#[test]
fn hidden_fields_are_unknown_wherever_a_request_names_one() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let rights = json!({ "base": "supervisor",
            "types": { "contact": { "fields": { "remark": "hidden", "groups": "hidden" } } } });
        let role = make_role(&mut admin, "Без приміток", &rights);
        let group = json!({ "values": { "name": "Гарячі", "kind": "smart", "rule": "warmth = hot" } });
        expect(&admin.post("/records/group", &group), 201);
        let contact = admin.create_contact(with(person("Шевчук"), "warmth", json!("hot")));
        let mut user = with_roles(app, &mut admin, &[role]);
        let ids = json!([contact["id"]]);
        for (values, add) in [(json!({ "FIELD": "x" }), json!({})), (json!({}), json!({ "FIELD": [1] }))] {
            let mut ask = |hidden: &str, name: &str| {
                let body = json!({ "action": "update", "ids": ids, "values": values, "add": add });
                let refused = user.post(
                    "/records/contact/bulk",
                    &serde_json::from_str(&body.to_string().replace("FIELD", name)).unwrap(),
                );
                expect(&refused, 422).to_string().replace(name, hidden).replace("request_id", "")
            };
            let name = if add == json!({}) { "remark" } else { "groups" };
            let (of_hidden, of_unknown) = (ask("it", name), ask("it", "no_such_field"));
            assert!(of_hidden.contains("unknown_field") && of_unknown.contains("unknown_field"), "{of_hidden}");
        }
        let sets = format!("/records/contact/{}/sets", contact["id"]);
        assert_eq!(expect(&admin.get(&sets), 200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(expect(&user.get(&sets), 200)["items"], json!([]));

        let table = "Прізвище;Примітка\nШевчук;x\n";
        let upload = "/imports?type=contact&file_name=a.csv";
        let import = expect(&user.upload(upload, table.as_bytes()), 201);
        assert!(!import["columns"].to_string().contains("remark"), "{import}");
        assert!(!import["targets"].to_string().contains("remark"), "{import}");
        let at = format!("/imports/{}", import["id"]);
        for change in
            [json!({ "mapping": [{ "index": 1, "target": "remark" }] }), json!({ "defaults": { "remark": "x" } })]
        {
            let refused = expect(&user.patch(&at, &change), 422);
            assert_eq!(field_errors(&refused)[0].1, "unknown_field", "{refused}");
        }
    });
}
