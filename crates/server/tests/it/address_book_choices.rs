//! What a device gets (X38): the contacts of a saved view or of a group, as long as its owner sees that.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::address_book::{BOOK, Phone, device, path_of, reachable};
use crate::it::app::{User, expect, field_errors, for_each_app};
use crate::it::person::with;

fn make(user: &mut User, of: &str, values: Json) -> i64 {
    expect(&user.post(&format!("/records/{of}"), &json!({ "values": values })), 201)["record"]["id"].as_i64().unwrap()
}

fn view(user: &mut User, name: &str, definition: &Json) -> i64 {
    let values = json!({ "name": name, "object_type": "contact", "definition": definition.to_string() });
    make(user, "saved_view", values)
}

/// What the device is told that it may do with the book.
fn privileges(phone: &mut Phone) -> String {
    let body = "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:current-user-privilege-set/></D:prop></D:propfind>";
    phone.ask("PROPFIND", BOOK, &[("depth", "0")], body).text
}

fn listed(user: &mut User) -> Json {
    expect(&user.get("/session/app-passwords"), 200)["items"][0].clone()
}

#[test]
fn a_book_of_a_group_by_hand_takes_new_cards_into_it() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let group = make(&mut admin, "group", json!({ "name": "Дилери" }));
        let inside = admin.create_contact(with(reachable("Свій", "+380 44 123 45 60"), "groups", json!([group])));
        let outside = admin.create_contact(reachable("Чужий", "+380 44 123 45 61"));
        let choices = json!({ "name": "Телефон", "contacts": "group", "contacts_id": group, "may_write": true });
        let mut phone = device(app, &mut admin, &choices);
        let (changed, _, token) = phone.sync("");
        assert_eq!(changed, [path_of(&inside)]);
        assert_eq!(phone.ask("GET", &path_of(&outside), &[], "").status, 404);
        let shown = listed(&mut admin);
        assert_eq!(
            (&shown["contacts"], &shown["contacts_id"], &shown["contacts_title"]),
            (&json!("group"), &json!(group), &json!("Дилери"))
        );

        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nN:Новий\r\nFN:Новий\r\nTEL:+380441234562\r\nEND:VCARD\r\n";
        assert_eq!(phone.ask("PUT", &format!("{BOOK}u1.vcf"), &[("if-none-match", "*")], card).status, 201);
        let (changed, _, token) = phone.sync(&token);
        assert_eq!(changed, [format!("{BOOK}u1.vcf")]);
        let members = expect(&admin.get(&format!("/records/contact?filter=groups%20has%20{group}&sort=name")), 200);
        assert_eq!(members["items"].as_array().unwrap().len(), 2);

        // The group goes: the book is empty, and the list says why. It comes back, and so does the book.
        expect(&admin.delete(&format!("/records/group/{group}")), 200);
        let (changed, gone, token) = phone.sync(&token);
        assert_eq!((changed.len(), gone.len()), (0, 2));
        let shown = listed(&mut admin);
        assert_eq!((&shown["contacts_id"], &shown["contacts_title"]), (&json!(group), &Json::Null));
        // A new card would be nowhere; the device is told that it may write none, and none is made.
        let before = app.content();
        let refused =
            phone.ask("PUT", &format!("{BOOK}u2.vcf"), &[("if-none-match", "*")], &card.replace("4562", "4563"));
        assert_eq!(refused.status, 403);
        assert!(refused.text.contains("<D:need-privileges>") && refused.text.contains("<D:bind/>"), "{}", refused.text);
        assert_eq!(app.content(), before);
        assert!(!privileges(&mut phone).contains("<D:bind/>") && !privileges(&mut phone).contains("<D:write"));
        expect(&admin.post(&format!("/records/group/{group}/restore"), &json!({})), 200);
        assert!(privileges(&mut phone).contains("<D:bind/>"));
        assert_eq!(phone.sync(&token).0.len(), 2);
    });
}

#[test]
fn a_book_of_a_group_by_rule_follows_the_rule() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let group = make(&mut admin, "group", json!({ "name": "Гарячі", "kind": "smart", "rule": "warmth = hot" }));
        let contact = admin.create_contact(reachable("Шевчук", "+380 44 123 45 60"));
        let choices = json!({ "name": "Телефон", "contacts": "group", "contacts_id": group, "may_write": true });
        let mut phone = device(app, &mut admin, &choices);
        let (changed, _, token) = phone.sync("");
        assert!(changed.is_empty());
        let record = format!("/records/contact/{}", contact["id"]);
        expect(&admin.patch(&record, &json!({ "values": { "warmth": "hot" } })), 200);
        let (changed, _, token) = phone.sync(&token);
        assert_eq!(changed, [path_of(&contact)]);
        expect(
            &admin.patch(&format!("/records/group/{group}"), &json!({ "values": { "rule": "warmth = cold" } })),
            200,
        );
        let (_, gone, token) = phone.sync(&token);
        assert_eq!(gone, [path_of(&contact)]);
        // Nobody is put into a group by rule; the device looks for its card all the same and finds it.
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Новий\r\nEND:VCARD\r\n";
        assert_eq!(phone.ask("PUT", &format!("{BOOK}u1.vcf"), &[("if-none-match", "*")], card).status, 201);
        assert_eq!(phone.sync(&token).0, [format!("{BOOK}u1.vcf")]);
    });
}

#[test]
fn a_book_of_a_view_holds_what_the_view_shows() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let kyiv = |name: &str, number: &str| {
            with(reachable(name, number), "addresses", json!([{ "city": "Київ", "country": "Україна" }]))
        };
        let hot = admin.create_contact(with(kyiv("Шевчук", "+380 44 123 45 60"), "warmth", json!("hot")));
        admin.create_contact(kyiv("Шевчук", "+380 44 123 45 61"));
        admin.create_contact(with(reachable("Шевчук", "+380 44 123 45 62"), "warmth", json!("hot")));
        admin.create_contact(with(kyiv("Інший", "+380 44 123 45 63"), "warmth", json!("hot")));
        // A filter with a place on the map, a section and words.
        let area = "addresses.place in (\"50 30, 50 31, 51 30.5\")";
        let definition =
            json!({ "filter": format!("warmth = hot and {area}"), "search": "шевчук", "section": "clients" });
        let id = view(&mut admin, "Гарячі київські", &definition);
        let mut phone = device(app, &mut admin, &json!({ "name": "Телефон", "contacts": "view", "contacts_id": id }));
        let (changed, _, token) = phone.sync("");
        assert_eq!(changed, [path_of(&hot)]);
        assert_eq!(listed(&mut admin)["contacts_title"], "Гарячі київські");

        // The view changes; then nobody can read it.
        let patch = |admin: &mut User, definition: &str| {
            expect(
                &admin.patch(&format!("/records/saved_view/{id}"), &json!({ "values": { "definition": definition } })),
                200,
            )
        };
        patch(&mut admin, &json!({ "filter": "warmth = hot" }).to_string());
        let (changed, _, token) = phone.sync(&token);
        assert_eq!(changed.len(), 2);
        patch(&mut admin, &json!({ "filter": "no_such_field = 1" }).to_string());
        let (_, gone, _) = phone.sync(&token);
        assert_eq!(gone.len(), 3);
        assert!(listed(&mut admin)["contacts_title"].is_null());
    });
}

#[test]
fn a_book_follows_the_clock_where_its_view_or_group_does() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let contact = admin.create_contact(reachable("Новий", "+380 44 123 45 60"));
        let filter = "created_at > now - 90m";
        let view = view(&mut admin, "Щойно", &json!({ "filter": filter }));
        let group = make(&mut admin, "group", json!({ "name": "Щойно", "kind": "smart", "rule": filter }));
        let mut phones = [("view", view), ("group", group)].map(|(kind, id)| {
            let mut phone = device(app, &mut admin, &json!({ "name": "Телефон", "contacts": kind, "contacts_id": id }));
            let (changed, _, token) = phone.sync("");
            assert_eq!(changed, [path_of(&contact)], "{kind}");
            (phone, token)
        });
        // Two hours later, in which nobody did anything.
        let sql = "UPDATE contact SET created_at = created_at - 7200000";
        app.engine.write(|tx| tx.execute(sql, &[])).unwrap();
        for (phone, token) in &mut phones {
            let (_, gone, _) = phone.sync(token);
            assert_eq!(gone, [path_of(&contact)]);
        }
    });
}

#[test]
fn a_view_of_too_many_places_is_an_empty_book() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        admin.create_contact(with(reachable("Шевчук", "+380 44 123 45 60"), "addresses", json!([{ "city": "Київ" }])));
        let areas = vec!["\"50 30, 50 31, 51 30.5\""; 101].join(", ");
        let definition = json!({ "filter": format!("addresses.place in ({areas})") });
        let id = view(&mut admin, "Забагато", &definition);
        let choices = json!({ "name": "Телефон", "contacts": "view", "contacts_id": id, "may_write": true });
        let mut phone = device(app, &mut admin, &choices);
        assert_eq!(phone.sync("").0.len(), 0);
        let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Новий\r\nTEL:+380441234562\r\nEND:VCARD\r\n";
        assert_eq!(phone.ask("PUT", &format!("{BOOK}u1.vcf"), &[("if-none-match", "*")], card).status, 403);
        // The list of passwords looks up no map for a name.
        assert_eq!(listed(&mut admin)["contacts_title"], "Забагато");
    });
}

#[test]
fn a_view_opens_no_more_than_its_reader_may_have() {
    for_each_app(|app| {
        let (mut admin, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        admin.create_contact(with(reachable("Відкрита", "+380 44 123 45 61"), "visibility", json!("read")));
        let own = employee.create_contact(reachable("Своя", "+380 44 123 45 62"));
        let everything = view(&mut employee, "Усі", &json!({ "filter": null }));
        let mut phone =
            device(app, &mut employee, &json!({ "name": "Телефон", "contacts": "view", "contacts_id": everything }));
        let (changed, _, token) = phone.sync("");
        assert_eq!(changed, [path_of(&own)], "a phone with everything is an export");

        // A view of somebody else is there as long as it is shared.
        let of_admin = view(&mut admin, "Спільний", &json!({ "filter": "kind = person" }));
        let wanted = json!({ "name": "Другий", "contacts": "view", "contacts_id": of_admin });
        let refused = expect(&employee.post("/session/app-passwords", &wanted), 422);
        assert_eq!(field_errors(&refused), [("/contacts_id".into(), "unknown_record".into())]);
        let share = |sharing: &str| json!({ "values": { "sharing": sharing } });
        expect(&admin.patch(&format!("/records/saved_view/{of_admin}"), &share("all")), 200);
        let mut other = device(app, &mut employee, &wanted);
        assert_eq!(other.sync("").0, [path_of(&own)]);
        assert_eq!(listed(&mut employee)["contacts_title"], "Спільний");
        expect(&admin.patch(&format!("/records/saved_view/{of_admin}"), &share("private")), 200);
        assert_eq!(other.sync("").0.len(), 0);
        assert!(listed(&mut employee)["contacts_title"].is_null());
        assert_eq!(phone.sync(&token).0.len(), 0);

        for (wrong, pointer) in [
            (json!({ "name": "x", "contacts": "some" }), "/contacts"),
            (json!({ "name": "x", "contacts": "view" }), "/contacts_id"),
            (json!({ "name": "x", "contacts": "own", "contacts_id": 1 }), "/contacts_id"),
            (json!({ "name": "x", "contacts": "group", "contacts_id": 999_999 }), "/contacts_id"),
        ] {
            let refused = expect(&employee.post("/session/app-passwords", &wrong), 422);
            assert_eq!(field_errors(&refused)[0].0, pointer);
        }
    });
}

#[test]
fn a_book_is_without_the_fields_that_its_owner_does_not_see() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        for (hidden, in_book) in [("managers", false), ("channels", true)] {
            let rights = json!({ "base": "employee", "types": { "contact": { "fields": { hidden: "hidden" } } } });
            let values = json!({ "name": format!("Без {hidden}"), "rights": rights.to_string() });
            let role = make(&mut admin, "role", values);
            let user = app.with_user(Role::Employee);
            let path = format!("/records/user/{}", user.id);
            let changed = expect(&admin.patch(&path, &json!({ "values": { "roles": [role] } })), 200);
            let mut user = app.log_in(changed["record"]["values"]["login"].as_str().unwrap());
            let card = with(reachable("Своя", "+380 44 123 45 60"), "managers", json!([user.id]));
            let card = with(
                card,
                "channels",
                json!([{ "kind": "phone", "value": format!("+38044123456{in_book}").replace("true", "1").replace("false", "2") }]),
            );
            let card = admin.create_contact(card);
            let mut phone = device(app, &mut user, &json!({ "name": "Телефон", "contacts": "own" }));
            let (changed, _, _) = phone.sync("");
            // Whose cards are his is what the managers say; without them his book says nothing.
            assert_eq!(changed, if in_book { vec![path_of(&card)] } else { Vec::new() }, "{hidden}");
            if in_book {
                let text = phone.ask("GET", &path_of(&card), &[], "").text;
                assert!(text.contains("FN:Своя") && !text.contains("TEL"), "{text}");
            }
        }
    });
}
