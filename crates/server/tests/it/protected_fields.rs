//! Mass assignment (S6, `unknown_and_protected_fields`): what nobody asked for is put beside what is allowed, in every operation with a JSON body.
//!
//! Made from the live description: each member name below that an operation does not describe is added to its body. The answer is a refusal that names
//! it, and nothing in any table changes. Then the fields of records: everything that the catalog
//! keeps for the system or an employee may not write is refused, or stored nowhere.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::acl_matrix::table::body_of;
use crate::it::acl_matrix::{Things, WRITTEN_BY_REFUSALS, address_of, everything_but, operations};
use crate::it::app::{App, User, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

/// Names that frameworks and other programs of this kind keep rights, owners and marks under, with values that would be worth having.
fn coveted() -> Vec<(&'static str, Json)> {
    vec![
        ("id", json!(1)),
        ("role", json!("administrator")),
        ("roles", json!([1])),
        ("role_id", json!(1)),
        ("rights", json!({ "base": "administrator" })),
        ("permissions", json!({ "administer": true })),
        ("is_administrator", json!(true)),
        ("is_admin", json!(true)),
        ("isAdmin", json!(true)),
        ("admin", json!(1)),
        ("is_superuser", json!(true)),
        ("is_active", json!(true)),
        ("created_by", json!(1)),
        ("created_at", json!("2001-01-01T00:00:00Z")),
        ("updated_at", json!("2001-01-01T00:00:00Z")),
        ("updated_by", json!(1)),
        ("owner", json!(1)),
        ("owner_id", json!(1)),
        ("user", json!(1)),
        ("user_id", json!(1)),
        ("actor_id", json!(1)),
        ("head", json!(1)),
        ("members", json!([1])),
        ("revision", json!(99)),
        ("version", json!(99)),
        ("deleted_at", json!(null)),
        ("deleted_by", json!(1)),
        ("password", json!("a long enough secret")),
        ("password_hash", json!("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA")),
        ("token", json!("x")),
        ("session_id", json!(1)),
        ("tenant_id", json!(2)),
        ("operation_id", json!(1)),
        ("source", json!("system")),
        ("search_text", json!("x")),
        ("sort_key", json!("x")),
        ("__proto__", json!({ "is_administrator": true })),
        ("constructor", json!({ "prototype": {} })),
        ("$set", json!({ "roles": [1] })),
        ("values", json!({ "roles": [1] })),
    ]
}

/// The names that a schema knows, through references and alternatives; `None` where any name may stand.
fn known_members(document: &Json, schema: &Json) -> Option<Vec<String>> {
    if let Some(path) = schema["$ref"].as_str() {
        return known_members(document, document.pointer(path.trim_start_matches('#')).unwrap());
    }
    let mut names: Vec<String> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    for key in ["anyOf", "oneOf", "allOf"] {
        for part in schema[key].as_array().into_iter().flatten() {
            names.extend(known_members(document, part).unwrap_or_default());
        }
    }
    Some(names)
}

#[test]
fn what_no_operation_asks_for_is_refused_everywhere() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let document = expect(&admin.get("/openapi.json"), 200);
        let things = Things::of(&mut admin);
        let mut employee = app.with_user(Role::Employee);
        let contact = employee.create_contact(person("Власна"))["id"].as_i64().unwrap();
        employee.create_contact(person("Друга"));
        let found = operations(&mut admin);
        let before = everything_but(app, &WRITTEN_BY_REFUSALS);
        let mut wrong = Vec::new();
        let mut asked = 0;
        for operation in found.iter().filter(|operation| operation.media_type.as_deref() == Some("application/json")) {
            let method = operation.method.to_lowercase();
            let schema =
                &document["paths"][&operation.path][&method]["requestBody"]["content"]["application/json"]["schema"];
            let known = known_members(&document, schema).unwrap();
            let path = address_of(operation, &things, contact, "x");
            for (name, value) in coveted() {
                if known.iter().any(|member| member == name) {
                    continue;
                }
                let mut body = body_of(&operation.id, contact);
                body[name] = value;
                let text = body.to_string();
                let headers = [("content-type", "application/json")];
                asked += 1;
                // The administrator may do all of it: what is refused is the name. Were it the rest, a name that is ignored would pass for refused.
                let answer = admin.connection.send(&operation.method, &path, &headers, text.as_bytes()).unwrap();
                let refused = field_errors(&answer.json());
                let is_named =
                    refused.iter().any(|(pointer, code)| code == "unknown_field" && *pointer == format!("/{name}"));
                if answer.status != 422 || !is_named {
                    wrong.push(format!("{} with {name}: {} {}", operation.id, answer.status, answer.text()));
                }
                // Whom the right is missing hears that; some of the names are enough for him.
                if !["roles", "is_administrator", "user_id", "owner"].contains(&name) {
                    continue;
                }
                let answer = employee.connection.send(&operation.method, &path, &headers, text.as_bytes()).unwrap();
                if !(400..500).contains(&answer.status) {
                    wrong.push(format!("{} takes {name} of an employee: {}", operation.id, answer.text()));
                }
            }
        }
        assert!(asked > 1_500, "{asked}");
        assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
        assert_eq!(everything_but(app, &WRITTEN_BY_REFUSALS), before);
    });
}

/// A value that the field's own kind would accept.
fn plausible(kind: &str) -> Vec<Json> {
    match kind {
        "checkbox" => vec![json!(true), json!(false)],
        "number" | "reference" | "money" => vec![json!(1), json!([1])],
        "references" => vec![json!([1])],
        "date" => vec![json!("2001-01-01")],
        "instant" => vec![json!("2001-01-01T00:00:00Z")],
        _ => vec![json!("x"), json!(1), json!([1]), json!(true)],
    }
}

/// What is stored of a record, as the administrator sees it, without what every change moves.
fn stored(admin: &mut User, object_type: &str, id: i64) -> Json {
    expect(&admin.get(&format!("/records/{object_type}/{id}")), 200)
}

#[test]
fn an_employee_writes_no_field_that_is_kept_from_him() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let catalog = expect(&admin.get("/catalog"), 200);
        let own = employee.create_contact(with(person("Власна"), "remark", json!("лишається")))["id"].as_i64().unwrap();
        let mut tried = 0;
        for object_type in catalog["object_types"].as_array().unwrap() {
            let name = object_type["name"].as_str().unwrap();
            let is_contact = name == "contact";
            // Of other types he has nothing: the first record is the administrator's, or a role of the system, or himself.
            let id = match name {
                "contact" => own,
                "user" => employee.id,
                _ => 1,
            };
            let before = everything_but(app, &WRITTEN_BY_REFUSALS);
            let mut keys: Vec<(String, Vec<Json>)> =
                coveted().into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect();
            for field in object_type["fields"].as_array().unwrap() {
                let is_kept = field["is_read_only"] == true || field["kept_by_system"] == true;
                if is_kept || !is_contact {
                    keys.push((
                        field["name"].as_str().unwrap().into(),
                        plausible(field["kind"].as_str().unwrap_or_default()),
                    ));
                }
            }
            for (key, values) in keys {
                let known =
                    object_type["fields"].as_array().unwrap().iter().find(|field| field["name"] == key.as_str());
                let is_his = is_contact && known.is_some_and(|field| field["is_read_only"] != true);
                if is_his || (name == "user" && ["name"].contains(&key.as_str())) {
                    continue;
                }
                for value in values {
                    tried += 1;
                    let answer =
                        employee.patch(&format!("/records/{name}/{id}"), &json!({ "values": { &key: value } }));
                    assert!((400..500).contains(&answer.status), "{name}.{key}: {} {}", answer.status, answer.text());
                    if is_contact {
                        let made = json!({ "values": with(person("Підкинута"), &key, value.clone()) });
                        let answer = employee.post("/records/contact", &made);
                        assert!(
                            (400..500).contains(&answer.status),
                            "new {name}.{key}: {} {}",
                            answer.status,
                            answer.text()
                        );
                    }
                }
            }
            assert_eq!(everything_but(app, &WRITTEN_BY_REFUSALS), before, "{name}");
        }
        assert!(tried > 300, "{tried}");
        // What is his he writes: the refusals above were not for the record.
        expect(&employee.patch(&format!("/records/contact/{own}"), &json!({ "values": { "remark": "змінено" } })), 200);
        assert_eq!(stored(&mut admin, "contact", own)["values"]["remark"], "змінено");
    });
}

#[test]
fn no_way_of_changing_himself_makes_an_employee_more() {
    for_each_app(|app: &App| {
        let mut admin = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let before = stored(&mut admin, "user", employee.id)["values"]["roles"].clone();
        let me = employee.id;
        let attempts = [
            ("PATCH", "/session".to_owned(), json!({ "name": "Я", "roles": [1] })),
            ("PATCH", format!("/records/user/{me}"), json!({ "values": { "roles": [1] } })),
            (
                "POST",
                "/records/user/bulk".to_owned(),
                json!({ "action": "update", "ids": [me], "values": { "roles": [1] } }),
            ),
            (
                "POST",
                "/records/user/cells".to_owned(),
                json!({ "rows": [{ "id": me, "texts": { "roles": "Адміністратор" } }] }),
            ),
            (
                "POST",
                "/records/role".to_owned(),
                json!({ "values": { "name": "Моя", "rights": "{\"base\":\"administrator\"}" } }),
            ),
            ("PATCH", "/records/role/3".to_owned(), json!({ "values": { "rights": "{\"base\":\"administrator\"}" } })),
            ("POST", "/records/team".to_owned(), json!({ "values": { "name": "Моя", "head": me, "members": [1] } })),
            ("POST", "/records/user/merge".to_owned(), json!({ "survivor": me, "losers": [1] })),
            ("POST", format!("/users/{me}/copy-rights"), json!({ "from": 1 })),
            ("POST", "/session/see-as".to_owned(), json!({ "user_id": 1 })),
            ("POST", "/invitations".to_owned(), json!({ "name": "Я", "email": "me@example.com", "roles": [1] })),
            (
                "POST",
                "/users".to_owned(),
                json!({ "name": "Я", "login": "me.two", "password": "a long enough secret", "roles": [1] }),
            ),
        ];
        for (method, path, body) in &attempts {
            let answer = employee.send(method, path, &[], body);
            if answer.status == 202 {
                // A job judges each record by itself.
                let job = employee.wait_for_job(&answer.json()["job"]);
                assert_eq!(job["report"]["changed"].as_i64().unwrap_or_default(), 0, "{path}: {job}");
            } else if path.ends_with("/cells") && answer.status == 200 {
                assert_eq!(answer.json()["changed"].as_i64().unwrap_or_default(), 0, "{path}: {}", answer.text());
            } else {
                assert!((400..500).contains(&answer.status), "{method} {path}: {} {}", answer.status, answer.text());
            }
        }
        assert_eq!(stored(&mut admin, "user", me)["values"]["roles"], before);
        let session = expect(&employee.get("/session"), 200);
        assert_eq!(session["permissions"]["administer"], false);
        assert_eq!(expect(&employee.get("/users/1/holdings"), 403)["code"], "forbidden");
    });
}
