//! Cards that phones write (X38): changed, new, deleted; what they do not know stays, and nobody overwrites what he has not seen.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::address_book::{BOOK, Phone, Reply, device, path_of, reachable};
use crate::it::app::{App, User, expect, for_each_app};
use crate::it::person::{company, person, with};

/// A phone that may write.
#[track_caller]
pub(super) fn writer(app: &App, user: &mut User) -> Phone {
    device(app, user, &json!({ "name": "iPhone Олени", "may_write": true }))
}

/// The card at a path as the phone has it: its text on whole lines, and its tag.
#[track_caller]
pub(super) fn card(phone: &mut Phone, path: &str) -> (String, String) {
    let reply = phone.ask("GET", path, &[], "");
    assert_eq!(reply.status, 200, "{path}: {}", reply.text);
    (reply.text.replace("\r\n ", ""), reply.tag.unwrap())
}

pub(super) fn put(phone: &mut Phone, path: &str, tag: &str, text: &str) -> Reply {
    phone.ask("PUT", path, &[("if-match", tag)], text)
}

pub(super) fn put_new(phone: &mut Phone, path: &str, text: &str) -> Reply {
    phone.ask("PUT", path, &[("if-none-match", "*")], text)
}

pub(super) fn new_card(uid: &str, lines: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\n{lines}\r\nEND:VCARD\r\n")
}

pub(super) fn record(user: &mut User, id: &Json) -> Json {
    expect(&user.get(&format!("/records/contact/{id}")), 200)
}

pub(super) fn values(user: &mut User, id: &Json) -> Json {
    record(user, id)["values"].clone()
}

/// The newest operation.
pub(super) fn last_operation(user: &mut User) -> Json {
    expect(&user.get("/operations?limit=1"), 200)["items"][0].clone()
}

pub(super) fn undo(user: &mut User, operation: &Json) {
    expect(&user.post(&format!("/operations/{}/undo", operation["id"]), &json!({})), 200);
}

#[test]
fn a_phone_changes_what_its_owner_changed_and_nothing_else() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let firm = owner.create_contact(company("Буд Сервіс"));
        let contact = owner.create_contact(json!({
            "kind": "person", "last_name": "Шевчук", "first_name": "Тарас", "patronymic": "Григорович",
            "parent": firm["id"], "position": "Прораб", "warmth": "hot", "source": "call", "birthday": "1980-03-22",
            "remark": "Дзвонити зранку", "description": "Любить каву",
            "channels": [
                { "kind": "phone", "label": "work", "value": "+380 44 123 45 67", "comment": "секретар", "is_shared": true },
                { "kind": "phone", "label": "direct", "value": "+380 44 123 45 68", "is_primary": true },
                { "kind": "email", "value": "taras@example.com", "comment": "читає рідко" },
                { "kind": "telegram", "value": "@taras" },
                { "kind": "facebook", "value": "taras.sh" },
            ],
            "addresses": [
                { "label": "home", "city": "Львів" },
                { "label": "office", "street": "Хрещатик, 1", "city": "Київ", "is_primary": true, "latitude": 50.45, "longitude": 30.52 },
            ],
        }));
        let (id, path) = (&contact["id"], path_of(&contact));
        let before = values(&mut owner, id);
        let mut phone = writer(app, &mut owner);
        let (text, tag) = card(&mut phone, &path);
        // Sent back as it came it is no change, and leaves no trace.
        let version = record(&mut owner, id)["version"].clone();
        assert_eq!(put(&mut phone, &path, &tag, &text).status, 204);
        assert_eq!(record(&mut owner, id)["version"], version);
        assert_eq!(values(&mut owner, id), before);

        // A phone that knows names, numbers and addresses and little else, and adds words of its own.
        let poor = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Phone//EN\r\nREV:2026-01-01T00:00:00Z\r\nUID:other\r\n\
            N:Шевченко;Тарас;Григорович;;\r\nFN:Тарас Григорович Шевченко\r\nORG:Буд Сервіс;\r\nTITLE:Прораб\r\nBDAY;value=date:1980-03-22\r\n\
            TEL;type=WORK;type=VOICE;type=pref:+380 44 123-45-67\r\nTEL;type=CELL:050 765 43 21\r\nTEL;type=OTHER:+380441234568\r\n\
            EMAIL;type=INTERNET;type=HOME:taras@example.com\r\n\
            ADR;type=HOME:;;;Львів;;;\r\nitem9.ADR:;;Хрещатик\\, 2;Київ;;;\r\nNOTE:Дзвонити зранку\\nЛюбить каву і чай\r\n\
            NICKNAME:Тарасик\r\nX-ANDROID-HASH:zzz\r\nEND:VCARD\r\n";
        let reply = put(&mut phone, &path, &tag, poor);
        assert_eq!((reply.status, reply.tag), (204, None), "{}", reply.text);
        let after = values(&mut owner, id);
        for name in
            ["first_name", "patronymic", "parent", "position", "warmth", "source", "birthday", "remark", "gender"]
        {
            assert_eq!(after[name], before[name], "{name}");
        }
        assert_eq!(after["last_name"], "Шевченко");
        assert_eq!(after["description"], "Любить каву і чай\nПсевдонім: Тарасик");
        let channels = after["channels"].as_array().unwrap();
        let shown: Vec<(&str, &Json, &Json)> = channels
            .iter()
            .map(|entry| (entry["value"].as_str().unwrap(), &entry["label"], &entry["comment"]))
            .collect();
        let null = &Json::Null;
        assert_eq!(
            shown,
            [
                ("+380441234567", &json!("work"), &json!("секретар")),
                ("+380441234568", &json!("other"), null),
                ("taras@example.com", &json!("home"), &json!("читає рідко")),
                ("taras", null, null),
                ("taras.sh", null, null),
                ("+380507654321", &json!("mobile"), null),
            ]
        );
        assert_eq!((&channels[0]["is_shared"], &channels[0]["is_primary"]), (&json!(true), &json!(true)));
        let office = &after["addresses"][1];
        assert_eq!(
            (&office["street"], &office["label"], &office["latitude"]),
            (&json!("Хрещатик, 2"), &json!("office"), &json!(50.45))
        );
        assert_eq!(after["addresses"][0], before["addresses"][0]);

        let operation = last_operation(&mut owner);
        assert_eq!((&operation["source"], &operation["reason"]), (&json!("address_book"), &json!("iPhone Олени")));
        undo(&mut owner, &operation);
        assert_eq!(values(&mut owner, id), before);
    });
}

#[test]
fn what_was_said_of_a_number_or_a_place_does_not_pass_to_another() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let number = |value: &str| json!({ "kind": "phone", "label": "work", "value": value, "is_shared": true, "comment": "секретар" });
        let mut contact = reachable("Шевчук", "+380 44 123 45 67");
        contact["channels"] = json!([number("+380 44 123 45 67")]);
        contact["addresses"] =
            json!([{ "street": "Хрещатик, 1", "city": "Київ", "latitude": 50.45, "longitude": 30.52 }]);
        let contact = owner.create_contact(contact);
        owner.create_contact(reachable("Інша", "+380 44 123 45 68"));
        let (id, path) = (&contact["id"], path_of(&contact));
        let mut phone = writer(app, &mut owner);
        let (text, tag) = card(&mut phone, &path);
        // The number of somebody else: that ours was shared does not let it through.
        let before = app.content();
        let taken = put(&mut phone, &path, &tag, &text.replace("+380441234567", "+380441234568"));
        assert_eq!((taken.status, app.content()), (409, before));
        // The program sends the point back as it was.
        let moved = text.replace("+380441234567", "+380441234569").replace("Київ", "Одеса");
        assert_eq!(put(&mut phone, &path, &tag, &moved).status, 204);
        let after = values(&mut owner, id);
        let (channel, address) = (&after["channels"][0], &after["addresses"][0]);
        assert_eq!(
            (&channel["value"], &channel["is_shared"], &channel["comment"]),
            (&json!("+380441234569"), &json!(false), &json!("секретар"))
        );
        assert_eq!(
            (&address["city"], &address["latitude"], &address["longitude"]),
            (&json!("Одеса"), &Json::Null, &Json::Null)
        );
    });
}

#[test]
fn what_was_sent_and_is_gone_is_emptied() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let firm = owner.create_contact(company("Буд Сервіс"));
        let contact = owner.create_contact(json!({
            "kind": "person", "last_name": "Шевчук", "first_name": "Тарас", "gender": "male", "parent": firm["id"], "position": "Прораб",
            "birthday": "1980-03-22", "remark": "р", "description": "о",
            "channels": [
                { "kind": "phone", "value": "+380 44 123 45 67" }, { "kind": "phone", "value": "+380 44 123 45 68", "label": "home" },
                { "kind": "telegram", "value": "one" }, { "kind": "telegram", "value": "two" }, { "kind": "viber", "value": "+380441234567" },
            ],
            "addresses": [{ "city": "Львів" }],
        }));
        let (id, path) = (&contact["id"], path_of(&contact));
        let mut phone = writer(app, &mut owner);
        let (_, tag) = card(&mut phone, &path);
        let left = new_card("x", "N:;Тарас;;;\r\nFN:Тарас\r\nTEL:+380441234567\r\nX-TELEGRAM:two");
        assert_eq!(put(&mut phone, &path, &tag, &left).status, 204);
        let after = values(&mut owner, id);
        for name in ["last_name", "parent", "position", "birthday", "remark", "description", "addresses"] {
            assert!(after[name].is_null(), "{name}: {}", after[name]);
        }
        // Who writes one Telegram name knows what Telegram is; of Viber and of the gender nobody can tell.
        let kept: Vec<&str> =
            after["channels"].as_array().unwrap().iter().map(|entry| entry["value"].as_str().unwrap()).collect();
        assert_eq!(kept, ["+380441234567", "two", "+380441234567"]);
        assert_eq!(after["gender"], "male");

        // A company that is new to the base is made with the change, and goes with it.
        let (_, tag) = card(&mut phone, &path);
        assert_eq!(put(&mut phone, &path, &tag, &left.replace("TEL:", "ORG:Новий Буд\r\nTEL:")).status, 204);
        assert_eq!(values(&mut owner, id)["parent"]["title"], "Новий Буд");
        let operation = last_operation(&mut owner);
        assert_eq!(operation["record_count"], 2);
        undo(&mut owner, &operation);
        assert!(values(&mut owner, id)["parent"].is_null());
        assert_eq!(owner.contact_ids("search=%D0%9D%D0%BE%D0%B2%D0%B8%D0%B9%20%D0%91%D1%83%D0%B4").len(), 0);
    });
}

#[test]
fn a_company_stays_one_and_is_renamed_by_its_shown_name() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let firm = owner.create_contact(with(
            company("Буд Сервіс"),
            "channels",
            json!([{ "kind": "phone", "value": "+380 44 123 45 67" }]),
        ));
        let path = path_of(&firm);
        let mut phone = writer(app, &mut owner);
        let (_, tag) = card(&mut phone, &path);
        let back = new_card(
            "x",
            "N:Сервіс;Буд;;;\r\nFN:Буд Сервіс Плюс\r\nORG:Буд Сервіс\r\nTEL:+380441234567\r\nTEL:не телефон",
        );
        assert_eq!(put(&mut phone, &path, &tag, &back).status, 204);
        let after = values(&mut owner, &firm["id"]);
        assert_eq!((&after["kind"], &after["company_name"]), (&json!("company"), &json!("Буд Сервіс Плюс")));
        // What no field takes is kept as text.
        assert_eq!(after["description"], "Телефони та пошта: не телефон");
    });
}

#[test]
fn who_has_not_seen_a_card_does_not_overwrite_it() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        let path = path_of(&contact);
        let (mut one, mut other) = (writer(app, &mut owner), writer(app, &mut owner));
        let (text, tag) = card(&mut one, &path);
        assert_eq!(card(&mut other, &path).1, tag);
        assert_eq!(put(&mut one, &path, &tag, &text.replace("Шевчук", "Перший")).status, 204);
        let before = app.content();
        let late = put(&mut other, &path, &tag, &text.replace("Шевчук", "Другий"));
        assert_eq!(late.status, 412, "{}", late.text);
        assert_eq!(other.ask("DELETE", &path, &[("if-match", &tag)], "").status, 412);
        // Nothing said, anything at all, and nothing at all are no tags of this card.
        assert_eq!(other.ask("PUT", &path, &[], &text).status, 428);
        assert_eq!(put(&mut other, &path, "*", &text).status, 428);
        assert_eq!(put_new(&mut other, &path, &text).status, 412);
        // A condition about a card that is not there: none is made by the way.
        for tag in [tag.as_str(), "*"] {
            assert_eq!(put(&mut other, &format!("{BOOK}nobody.vcf"), tag, &text).status, 412);
            let gone = other.ask("DELETE", &format!("{BOOK}nobody.vcf"), &[("if-match", tag)], "");
            assert_eq!(gone.status, 412);
        }
        assert_eq!(app.content(), before);
        let (now, tag) = card(&mut other, &path);
        assert!(now.contains("Перший"));
        assert_eq!(put(&mut other, &path, &tag, &now.replace("Перший", "Другий")).status, 204);
        assert_eq!(values(&mut owner, &contact["id"])["last_name"], "Другий");
    });
}

#[test]
fn a_new_card_keeps_its_name_and_is_renamed_deleted_and_restored() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let mut phone = writer(app, &mut owner);
        let (_, _, token) = phone.sync("");
        let path = format!("{BOOK}6F2A%20Я.vcf").replace('Я', "%D0%AF");
        let text = new_card(
            "6F2A",
            "N:Шевчук;Тарас;;;\r\nFN:Тарас Шевчук\r\nORG:Буд Сервіс\r\nTEL;TYPE=CELL:+380 44 123 45 67",
        );
        let made = put_new(&mut phone, &path, &text);
        assert_eq!((made.status, made.tag), (201, None), "{}", made.text);
        assert_eq!(put_new(&mut phone, &path, &text).status, 412, "a repeated request finds its card");
        let (changed, _, token) = phone.sync(&token);
        assert_eq!(changed, std::slice::from_ref(&path));
        let (text, tag) = card(&mut phone, &path);
        assert!(text.contains("UID:6F2A\r\n") && text.contains("+380441234567"), "{text}");
        let found = expect(&owner.get("/records/contact?filter=kind%20%3D%20person"), 200)["items"][0].clone();
        assert_eq!(
            (&found["title"], &found["values"]["managers"][0]["id"]),
            (&json!("Шевчук Тарас"), &json!(owner.id))
        );
        assert_eq!(found["values"]["parent"]["title"], "Буд Сервіс");

        // Another device of the same person has it under the name and the identifier of the program.
        let mut other = writer(app, &mut owner);
        assert_eq!(other.sync("").0, [path_of(&found)]);
        assert!(card(&mut other, &path_of(&found)).0.contains(&format!("UID:kartoteka-contact-{}", found["id"])));
        // The device itself knows it under one name only, and no second card gets its identifier.
        assert_eq!(phone.ask("GET", &path_of(&found), &[], "").status, 404);
        let copy = put_new(&mut phone, &format!("{BOOK}copy.vcf"), &text.replace("4567", "4568"));
        assert_eq!(copy.status, 409);
        assert!(
            copy.text.contains("<C:no-uid-conflict><D:href>/dav/books/contacts/6F2A%20%D0%AF.vcf"),
            "{}",
            copy.text
        );
        assert_eq!(put_new(&mut phone, &format!("{BOOK}123456.vcf"), &new_card("y", "FN:Хтось")).status, 403);

        assert_eq!(put(&mut phone, &path, &tag, &text.replace("N:Шевчук", "N:Шевченко")).status, 204);
        let (_, tag) = card(&mut phone, &path);
        let gone = phone.ask("DELETE", &path, &[("if-match", &tag)], "");
        assert_eq!(gone.status, 204, "{}", gone.text);
        assert_eq!(phone.ask("DELETE", &path, &[], "").status, 404);
        let (changed, went, token) = phone.sync(&token);
        assert_eq!((changed, went), (vec![], vec![path.clone()]));
        assert_eq!(owner.contact_ids("trash=true"), [found["id"].as_i64().unwrap()]);
        let operation = last_operation(&mut owner);
        assert_eq!((&operation["kind"], &operation["source"]), (&json!("delete"), &json!("address_book")));
        undo(&mut owner, &operation);
        let (changed, _, token) = phone.sync(&token);
        assert_eq!(changed, std::slice::from_ref(&path));
        assert!(card(&mut phone, &path).0.contains("Шевченко"));

        // A name whose card is gone is free again.
        assert_eq!(phone.ask("DELETE", &path, &[], "").status, 204);
        assert_eq!(put_new(&mut phone, &path, &new_card("6F2A", "FN:Інша Особа")).status, 201);
        assert_eq!(phone.sync(&token).0, std::slice::from_ref(&path));
        // Without a phone it would not be in the book; its own device has it.
        assert!(card(&mut phone, &path).0.contains("Інша"));
        assert_eq!(other.ask("PROPFIND", BOOK, &[("depth", "1")], "").text.matches(".vcf<").count(), 0);
    });
}

#[test]
fn a_refused_card_changes_nothing() {
    for_each_app(|app| {
        let (mut admin, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let hidden = admin.create_contact(reachable("Прихована", "+380 44 123 45 60"));
        let open = admin.create_contact(with(reachable("Відкрита", "+380 44 123 45 61"), "visibility", json!("read")));
        let own = employee.create_contact(reachable("Своя", "+380 44 123 45 62"));
        let mail = json!([{ "kind": "email", "value": "own@example.com" }]);
        let firm = employee.create_contact(with(company("Своя фірма"), "channels", mail));
        let mut phone = writer(app, &mut employee);
        let (text, tag) = card(&mut phone, &path_of(&own));
        let mut reader = device(app, &mut employee, &json!({ "name": "Лише читає" }));
        let before = app.content();

        // A right that was not given.
        let refused = put(&mut reader, &path_of(&own), &tag, &text.replace("Своя", "Чужа"));
        assert_eq!(refused.status, 403);
        assert!(
            refused.text.contains("<D:need-privileges>") && refused.text.contains("write-content"),
            "{}",
            refused.text
        );
        assert_eq!(reader.ask("DELETE", &path_of(&own), &[], "").status, 403);
        assert_eq!(put_new(&mut reader, &format!("{BOOK}new.vcf"), &new_card("n", "FN:Нова")).status, 403);
        // Contacts that are not his are not there.
        for foreign in [&hidden, &open] {
            assert_eq!(put(&mut phone, &path_of(foreign), &tag, &text).status, 412);
            assert_eq!(phone.ask("DELETE", &path_of(foreign), &[], "").status, 404);
        }
        // Rules of the base: a number of somebody else, no name at all.
        let taken = put_new(
            &mut phone,
            &format!("{BOOK}new.vcf"),
            &new_card("n", "N:Нова\r\nFN:Нова\r\nORG:Нова фірма\r\nTEL:+380441234560"),
        );
        assert_eq!(taken.status, 409);
        assert!(taken.text.contains("<C:valid-address-data/>") && taken.text.contains("/channels/0"), "{}", taken.text);
        assert!(!taken.text.contains("Прихована"));
        let (company_text, company_tag) = card(&mut phone, &path_of(&firm));
        let nameless = company_text.replace("ORG:Своя фірма", "ORG:").replace("FN:Своя фірма", "FN:");
        let nameless = put(&mut phone, &path_of(&firm), &company_tag, &nameless);
        assert_eq!(nameless.status, 409, "{}", nameless.text);
        assert!(nameless.text.contains("/company_name"), "{}", nameless.text);
        // No card, two cards, another type, too much of it.
        for broken in ["", "FN:Нова", "BEGIN:VCARD\r\nFN:Нова", &format!("{text}{text}")] {
            let reply = put_new(&mut phone, &format!("{BOOK}new.vcf"), broken);
            assert_eq!(reply.status, 403, "{broken}");
            assert!(reply.text.contains("<C:valid-address-data/>"));
        }
        let json = phone.ask("PUT", &format!("{BOOK}new.vcf"), &[("content-type", "application/json")], &text);
        assert_eq!(json.status, 415);
        let large = new_card("l", &format!("FN:Нова\r\nNOTE:{}", "x".repeat(5 << 20)));
        assert_eq!(put_new(&mut phone, &format!("{BOOK}new.vcf"), &large).status, 413);
        for path in [BOOK, "/dav/", "/dav/books/"] {
            assert_eq!(phone.ask("DELETE", path, &[], "").status, 403);
            assert_eq!(phone.ask("PUT", path, &[], &text).status, 403);
        }
        for method in ["PROPPATCH", "MKCOL", "MOVE", "COPY", "POST", "LOCK"] {
            assert_eq!(phone.ask(method, &path_of(&own), &[], "").status, 403, "{method}");
        }
        assert_eq!(app.content(), before);
    });
}

#[test]
fn a_device_is_told_what_it_may() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let ask = |phone: &mut Phone, path: &str| {
            let body = "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:current-user-privilege-set/></D:prop></D:propfind>";
            phone.ask("PROPFIND", path, &[("depth", "0")], body).text
        };
        let mut reader = device(app, &mut owner, &json!({ "name": "Читач" }));
        let mut writer = writer(app, &mut owner);
        assert!(!ask(&mut reader, BOOK).contains("<D:write"));
        for privilege in ["write", "write-content", "bind", "unbind"] {
            assert!(ask(&mut writer, BOOK).contains(&format!("<D:privilege><D:{privilege}/></D:privilege>")));
        }
        assert!(!ask(&mut writer, "/dav/principal/").contains("<D:write"));
        let listed = expect(&owner.get("/session/app-passwords"), 200)["items"].clone();
        assert_eq!((&listed[0]["may_write"], &listed[1]["may_write"]), (&json!(true), &json!(false)));
    });
}

#[test]
fn a_device_that_writes_without_end_has_to_wait() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        let path = path_of(&contact);
        let mut phone = writer(app, &mut owner);
        let write = |phone: &mut Phone, number: usize| {
            let (text, tag) = card(phone, &path);
            let text = text.replace("END:VCARD", &format!("NICKNAME:{number}\r\nEND:VCARD"));
            put(phone, &path, &tag, &text)
        };
        assert_eq!(write(&mut phone, 1).status, 204);
        // As if it had written as often as it may, a moment ago.
        let count = |change: &str| {
            let sql = format!("UPDATE device_writes SET {change}");
            app.engine.write(|tx| tx.execute(&sql, &[])).unwrap()
        };
        assert_eq!(count("count = count + 299"), 1);
        let before = app.content();
        let refused = write(&mut phone, 2);
        assert_eq!(refused.status, 503);
        assert_eq!(app.content(), before);
        // Also what would be refused, before anybody reads it.
        assert_eq!(put_new(&mut phone, &format!("{BOOK}n.vcf"), "no card").status, 503);
        assert_eq!(phone.ask("DELETE", &path, &[], "").status, 503);
        // Another device writes on, and so does this one a minute later.
        let mut other = writer(app, &mut owner);
        assert_eq!(write(&mut other, 3).status, 204);
        count("since = since - 60000");
        assert_eq!(write(&mut phone, 4).status, 204);
        // What is refused is counted like what is written.
        assert_eq!(count("count = 298"), 2);
        for status in [403, 403, 503] {
            assert_eq!(put_new(&mut phone, &format!("{BOOK}n.vcf"), "no card").status, status);
        }
    });
}

#[test]
fn an_identifier_belongs_to_one_card_of_a_device() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let mut phone = writer(app, &mut owner);
        let (first, second) = (format!("{BOOK}a.vcf"), format!("{BOOK}b.vcf"));
        assert_eq!(put_new(&mut phone, &first, &new_card("U", "FN:Перша\r\nTEL:+380441234567")).status, 201);
        let (_, tag) = card(&mut phone, &first);
        assert_eq!(phone.ask("DELETE", &first, &[("if-match", &tag)], "").status, 204);
        let deletion = last_operation(&mut owner);
        assert_eq!(put_new(&mut phone, &second, &new_card("U", "FN:Друга\r\nTEL:+380441234568")).status, 201);
        undo(&mut owner, &deletion);
        // The first one is back under its name, and the identifier is that of the second one.
        assert!(card(&mut phone, &first).0.contains("UID:kartoteka-contact-"));
        assert!(card(&mut phone, &second).0.contains("UID:U\r\n"));
    });
}

#[test]
fn a_person_of_a_card_stays_one() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(with(
            person("Шевчук"),
            "channels",
            json!([{ "kind": "email", "value": "a@example.com" }]),
        ));
        let path = path_of(&contact);
        let mut phone = writer(app, &mut owner);
        let (_, tag) = card(&mut phone, &path);
        // Version 4.0, as newer programs write, and marked as an organisation.
        let back = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nUID:urn:uuid:1\r\nN:Шевчук;Тарас;;;\r\nFN:Тарас Шевчук\r\nBDAY:19800322\r\n\
            EMAIL;PREF=1:a@example.com\r\nTEL;VALUE=uri;TYPE=\"cell,voice\":tel:+380-44-123-45-67\r\nEND:VCARD\r\n";
        assert_eq!(put(&mut phone, &path, &tag, back).status, 204);
        let after = values(&mut owner, &contact["id"]);
        assert_eq!((&after["kind"], &after["first_name"]), (&json!("person"), &json!("Тарас")));
        assert_eq!(after["birthday"], "1980-03-22");
        assert_eq!(after["channels"][1]["value"], "+380441234567");
    });
}

#[test]
fn cards_as_programs_write_them_are_no_change() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let firm = owner.create_contact(company("Буд Сервіс"));
        let contact = owner.create_contact(json!({
            "kind": "person", "last_name": "Шевчук", "first_name": "Тарас", "patronymic": "Григорович",
            "parent": firm["id"], "position": "Прораб", "birthday": "1980-03-22", "description": "Любить каву;\nі чай, зелений",
            "channels": [
                { "kind": "phone", "label": "work", "value": "+380 44 123 45 67" },
                { "kind": "phone", "label": "direct", "value": "+380 44 123 45 68" },
                { "kind": "phone", "value": "+380 44 123 45 69" },
                { "kind": "email", "value": "taras@example.com" },
                { "kind": "website", "value": "https://example.com/a,b" },
                { "kind": "skype", "value": "live:taras" },
            ],
            "addresses": [{ "label": "office", "street": "Хрещатик, 1", "city": "Київ", "postcode": "01001", "country": "Україна" }],
        }));
        let (id, path) = (&contact["id"], path_of(&contact));
        let mut phone = writer(app, &mut owner);
        let (_, tag) = card(&mut phone, &path);
        let before = app.content();
        let uid = format!("kartoteka-contact-{id}");
        let iphone = format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 18.1//EN\r\nN:Шевчук;Тарас;Григорович;;\r\nFN:Тарас Григорович Шевчук\r\n\
             ORG:Буд Сервіс;\r\nTITLE:Прораб\r\nEMAIL;type=INTERNET;type=pref:taras@example.com\r\nTEL;type=WORK;type=VOICE;type=pref:+380441234567\r\n\
             item1.TEL:+380441234568\r\nitem1.X-ABLabel:direct\r\nTEL;type=OTHER;type=VOICE:+380 44 123-45-69\r\nitem2.ADR;type=pref:;;Хрещатик\\, 1;Київ;;010\r\n 01;Україна\r\n\
             item2.X-ABLabel:office\r\nitem2.X-ABADR:ua\r\nitem3.URL;type=pref:https\\://example.com/a\\,b\r\nIMPP;X-SERVICE-TYPE=Skype;type=pref:skype:live:taras\r\n\
             NOTE:Любить каву\\;\\nі чай\\, зелений\r\nBDAY:1980-03-22\r\nX-IMAGETYPE:MONOGRAM\r\nX-SENSITIVE-CONTENT:1\r\nREV:2026-11-23T01:02:03Z\r\nUID:{uid}\r\nEND:VCARD\r\n"
        );
        let android = format!(
            "BEGIN:VCARD\r\nVERSION:4.0\r\nPRODID:DAVx5/4.4 ez-vcard/0.12\r\nUID:{uid}\r\nFN:Шевчук Тарас Григорович\r\nN:Шевчук;Тарас;Григорович;;\r\n\
             ORG:Буд Сервіс\r\nTITLE:Прораб\r\nBDAY:19800322\r\nGENDER:M\r\nTEL;TYPE=work;PREF=1:+380441234567\r\ngroup1.TEL:+380441234568\r\ngroup1.X-ABLABEL:direct\r\n\
             TEL;TYPE=other:+380441234569\r\nEMAIL;PREF=1:taras@example.com\r\nURL:https://example.com/a\\,b\r\nIMPP:skype:live%3Ataras\r\n\
             group2.ADR;LABEL=\"Хрещатик, 1\\n01001 Київ\":;;Хрещатик\\, 1;Київ;;01001;Україна\r\ngroup2.X-ABLABEL:office\r\n\
             NOTE:Любить каву\\;\\nі чай\\, зелений\r\nREV:20261123T010203Z\r\nEND:VCARD\r\n"
        );
        // Without a name taken apart, labels and everything that is not plain.
        let plain = "BEGIN:VCARD\nVERSION:3.0\nFN:Шевчук Тарас Григорович\nORG:Буд Сервіс\nTITLE:Прораб\nBDAY:1980-03-22\n\
            TEL:+380441234567\nTEL:+380441234568\nTEL:+380441234569\nEMAIL:TARAS@example.com\nURL:https://example.com/a,b\n\
            ADR:;;Хрещатик\\, 1;Київ;;01001;Україна\nNOTE:Любить каву\\;\\nі чай\\, зелений\\n\nEND:VCARD\n";
        for (who, text) in [("iPhone", iphone.as_str()), ("Android", android.as_str()), ("a plain one", plain)] {
            let reply = put(&mut phone, &path, &tag, text);
            assert_eq!(reply.status, 204, "{who}: {}", reply.text);
            assert_eq!(app.content(), before, "{who}");
        }
    });
}
