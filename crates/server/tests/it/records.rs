//! Contacts over the API: create, read, list, change, delete, restore, and the shapes of refusals (CB01–CB10, CB15, CB20, CB22–CB27, DD01).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{encoded, expect, field_errors, for_each_app};
use crate::it::person::{company, person, phone, with};

#[test]
fn every_kind_of_counterparty_is_a_type() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let kinds =
            ["client", "potential", "employee", "client_employee", "direction", "resource", "section", "department"];
        for kind in kinds {
            user.create_contact(with(person("Хтось"), "contact_type", json!(kind)));
        }
        let filter = encoded("contact_type = department");
        let found = expect(&user.get(&format!("/records/contact?filter={filter}")), 200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        let catalog = expect(&user.get("/catalog"), 200);
        let types = catalog["object_types"].as_array().unwrap();
        let fields = types.iter().find(|one| one["name"] == "contact").unwrap()["fields"].as_array().unwrap();
        let field = fields.iter().find(|field| field["name"] == "contact_type").unwrap();
        let options = field["settings"]["options"].as_array().unwrap();
        for kind in kinds {
            let option = options.iter().find(|option| option["key"] == kind).unwrap();
            for language in ["en", "ru", "uk"] {
                assert!(option["labels"][language].as_str().is_some_and(|label| !label.is_empty()), "{option}");
            }
        }
    });
}

#[test]
fn a_contact_is_created_read_and_listed() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let firm = user.create_contact(company("ТОВ «Карпати Буд»"));
        let answer = user.post(
            "/records/contact",
            &json!({ "values": {
                "kind": "person", "last_name": "Шевчук", "first_name": "Ірина", "patronymic": "Олегівна", "position": "головна бухгалтерка",
                "parent": firm["id"], "contact_type": "client", "warmth": "hot", "source": "call", "remark": "Просить рахунки до 5-го",
                "channels": [
                    { "kind": "phone", "label": "mobile", "value": "067 440 12 85" },
                    { "kind": "email", "label": "work", "value": " Ira@Karpaty-Bud.example " },
                ],
                "addresses": [{ "label": "office", "street": "вул. Франка, 5", "city": "Львів", "country": "UA" }],
            } }),
        );
        assert_eq!(answer.header("etag"), Some("\"1\""));
        let created = expect(&answer, 201);
        assert!(created["operation_id"].is_i64());
        let record = &created["record"];
        let values = &record["values"];
        assert_eq!(record["title"], "Шевчук Ірина Олегівна");
        assert_eq!(values["parent"], json!({ "id": firm["id"], "title": "ТОВ «Карпати Буд»", "type": "contact" }));
        assert_eq!(values["channels"][0]["value"], "+380674401285");
        assert_eq!(values["channels"][1]["value"], "ira@karpaty-bud.example");
        assert_eq!(values["managers"][0]["id"], user.id, "who creates a contact manages it");
        assert_eq!(values["visibility"], "private");
        assert_eq!(record["can_edit"], true);

        let read = expect(&user.get(&format!("/records/contact/{}", record["id"])), 200);
        assert_eq!(&read, record);
        let listed =
            user.contact_ids(&format!("filter={}", encoded("addresses.city = \"львів\" and parent is not empty")));
        assert_eq!(Some(listed[0]), record["id"].as_i64());
    });
}

#[test]
fn required_names_depend_on_the_kind() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut check = |values: Json, expected: &[&str]| {
            let body = expect(&user.post("/records/contact", &json!({ "values": values })), 422);
            assert_eq!(body["code"], "validation_failed");
            let errors = field_errors(&body);
            let pointers: Vec<&str> =
                errors.iter().filter(|(_, code)| code == "required").map(|(at, _)| at.as_str()).collect();
            assert_eq!(pointers, expected);
        };
        check(json!({ "kind": "person" }), &["/values/first_name", "/values/last_name"]);
        check(json!({ "kind": "company" }), &["/values/company_name"]);
        user.create_contact(json!({ "kind": "person", "first_name": "Ірина" }));
    });
}

#[test]
fn every_wrong_field_is_named_at_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let values = json!({
            "kind": "person", "last_name": "Шевчук", "warmth": "boiling", "birthday": "31.02.2020", "parent": 999_999, "colour": "red", "name": "x",
            "channels": [{ "kind": "phone", "value": "+380674401285" }, { "kind": "email", "value": "nobody" }, { "kind": "pager", "value": "1" }],
        });
        let body = expect(&user.post("/records/contact", &json!({ "values": values })), 422);
        let errors = field_errors(&body);
        for (pointer, code) in [
            ("/values/birthday", "not_a_date"),
            ("/values/channels/1/value", "not_an_email"),
            ("/values/channels/2/kind", "unknown_channel_kind"),
            ("/values/colour", "unknown_field"),
            ("/values/name", "read_only"),
            ("/values/warmth", "unknown_option"),
        ] {
            assert!(errors.contains(&(pointer.to_owned(), code.to_owned())), "{pointer} {code} in {errors:?}");
        }
        assert_eq!(user.contact_ids(""), Vec::<i64>::new());
    });
}

#[test]
fn a_phone_belongs_to_one_card() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let owner = user.create_contact(with(person("Шевчук"), "channels", phone("067 440-12-85")));
        // The same number in another notation.
        let twin = with(person("Інша"), "channels", phone("+38 (067) 4401285"));
        let body = expect(&user.post("/records/contact", &json!({ "values": twin })), 422);
        assert_eq!(field_errors(&body), [("/values/channels/0/value".to_owned(), "duplicate".to_owned())]);
        let params = &body["errors"][0]["params"];
        assert_eq!(
            (&params["id"], &params["title"], &params["is_visible"]),
            (&owner["id"], &json!("Шевчук"), &json!(true))
        );

        // Who may not see the card learns whom to ask, and nothing else.
        let mut stranger = app.with_user(Role::Employee);
        let body = expect(&stranger.post("/records/contact", &json!({ "values": twin })), 422);
        let params = &body["errors"][0]["params"];
        assert_eq!(params["is_visible"], false);
        assert!(params.get("id").is_none() && params.get("title").is_none(), "{params}");
        assert_eq!(params["responsible"], "Олена Ковальчук");

        // A line of the whole office is shared on purpose.
        let shared = json!([{ "kind": "phone", "value": "0674401285", "is_shared": true }]);
        user.create_contact(with(person("Колега"), "channels", shared));

        // In the trash a card lets its number go.
        expect(&user.delete(&format!("/records/contact/{}", owner["id"])), 200);
        user.create_contact(twin);
        let back = expect(&user.post(&format!("/records/contact/{}/restore", owner["id"]), &json!({})), 422);
        assert_eq!(back["errors"][0]["code"], "duplicate");
    });
}

#[test]
fn companies_form_a_tree_without_circles() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let holding = user.create_contact(company("Холдинг"));
        let firm = user.create_contact(with(company("Фірма"), "parent", holding["id"].clone()));
        let employee = user.create_contact(with(person("Шевчук"), "parent", firm["id"].clone()));
        let path = format!("/records/contact/{}", holding["id"]);
        let body = expect(&user.patch(&path, &json!({ "values": { "parent": firm["id"] } })), 422);
        assert_eq!(field_errors(&body), [("/values/parent".to_owned(), "cycle".to_owned())]);
        let body = expect(
            &user.post(
                "/records/contact",
                &json!({ "values": with(person("Хтось"), "parent", employee["id"].clone()) }),
            ),
            422,
        );
        assert_eq!(body["errors"][0]["pointer"], "/values/parent");
    });
}

#[test]
fn the_trash_keeps_and_gives_back() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let contact = user.create_contact(person("Шевчук"));
        let path = format!("/records/contact/{}", contact["id"]);
        expect(&user.delete(&path), 200);
        assert_eq!(user.contact_ids(""), Vec::<i64>::new());
        assert_eq!(user.contact_ids("trash=true"), [contact["id"].as_i64().unwrap()]);
        assert_eq!(expect(&user.patch(&path, &json!({ "values": { "remark": "x" } })), 409)["code"], "in_trash");
        let back = expect(&user.post(&format!("{path}/restore"), &json!({})), 200);
        assert_eq!(back["record"]["deleted_at"], Json::Null);
        assert_eq!(user.contact_ids("trash=true"), Vec::<i64>::new());
    });
}

#[test]
fn pages_follow_each_other_without_gaps() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut expected: Vec<i64> = (0..25)
            .map(|number| {
                user.create_contact(person(&format!("Особа {:02}", (number * 7) % 25)))["id"].as_i64().unwrap()
            })
            .collect();
        expected.sort_unstable();
        let (mut found, mut names, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let more = cursor.map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
            let page = expect(&user.get(&format!("/records/contact?sort=-name&limit=4{more}")), 200);
            for item in page["items"].as_array().unwrap() {
                found.push(item["id"].as_i64().unwrap());
                names.push(item["title"].as_str().unwrap().to_owned());
            }
            cursor = page["next_cursor"].as_str().map(String::from);
            if cursor.is_none() {
                break;
            }
        }
        assert!(names.is_sorted_by(|a, b| a >= b), "{names:?}");
        found.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(expect(&user.get("/records/contact/count"), 200), json!({ "count": 25, "is_capped": false }));
    });
}

#[test]
fn a_wrong_question_is_refused_with_its_reason() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for (query, code) in [
            ("filter=colour%20%3D%20red", "filter_invalid"),
            ("filter=%28%28", "filter_invalid"),
            ("sort=colour", "validation_failed"),
            ("sort=channels", "validation_failed"),
            ("cursor=zzz", "validation_failed"),
            ("limit=0", "validation_failed"),
            ("limit=201", "validation_failed"),
            ("fields=colour", "validation_failed"),
        ] {
            let body = expect(&user.get(&format!("/records/contact?{query}")), 422);
            assert_eq!(body["code"], code, "{query}");
        }
        assert_eq!(expect(&user.get("/records/spaceship"), 404)["code"], "not_found");
        assert_eq!(expect(&user.get("/records/contact/999999"), 404)["code"], "not_found");
    });
}

#[test]
fn only_checking_writes_nothing() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let before = app.content();
        expect(&user.post("/records/contact?check_only=true", &json!({ "values": person("Шевчук") })), 200);
        expect(&user.post("/records/contact?check_only=true", &json!({ "values": { "kind": "person" } })), 422);
        assert_eq!(app.content(), before);
    });
}

#[test]
fn a_problem_document_has_its_shape() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let answer = user.get("/records/contact/999999");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let body = answer.json();
        for member in ["type", "title", "status", "instance", "code", "request_id"] {
            assert!(body.get(member).is_some(), "{member} in {body}");
        }
        assert_eq!(body["status"], 404);
        assert_eq!(answer.header("x-request-id"), body["request_id"].as_str());
    });
}

#[test]
fn a_deleted_card_with_the_same_phone_is_named_and_refuses_nothing() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let create = |user: &mut crate::it::app::User, name: &str| {
            let values = with(person(name), "channels", phone("067 440 12 85"));
            expect(&user.post("/records/contact", &json!({ "values": values })), 201)
        };
        let first = create(&mut owner, "Шевчук");
        assert_eq!(first.get("in_trash"), None);
        expect(&owner.delete(&format!("/records/contact/{}", first["record"]["id"])), 200);
        // Who could not see the card hears nothing of it.
        let hidden = create(&mut colleague, "Мельник");
        assert_eq!(hidden.get("in_trash"), None, "{hidden}");
        expect(&colleague.delete(&format!("/records/contact/{}", hidden["record"]["id"])), 200);

        let again = create(&mut owner, "Шевчук");
        let expected = json!([{
            "id": first["record"]["id"], "title": "Шевчук", "field": "channels", "display": "+380 67 440 12 85"
        }]);
        assert_eq!(again["in_trash"], expected);
    });
}
