//! The address book of phones (X38): CardDAV with a password of its own, as a phone speaks it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kartoteka::http_client::Connection;
use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, PASSWORD, User, expect, for_each_app};
use crate::it::person::{company, person, phone, with};
use crate::it::photos::{photo_path, picture};

pub(super) const BOOK: &str = "/dav/books/contacts/";
const TAGS: &str = "<D:prop><D:getetag/></D:prop>";

/// A phone with a password of its own.
pub(super) struct Phone {
    connection: Connection,
    authorization: String,
}

pub(super) struct Reply {
    pub status: u16,
    pub text: String,
    pub tag: Option<String>,
}

impl Phone {
    pub fn new(app: &App, login: &str, password: &str) -> Phone {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{login}:{password}")));
        Phone { connection: Connection::new(app.address), authorization }
    }

    pub fn ask(&mut self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Reply {
        let media_type = if method == "PUT" { "text/vcard; charset=utf-8" } else { "application/xml" };
        let mut headers = vec![("authorization", self.authorization.as_str()), ("content-type", media_type)];
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend_from_slice(more);
        let answer = self.connection.send(method, path, &headers, body.as_bytes()).unwrap();
        Reply { status: answer.status, tag: answer.header("etag").map(String::from), text: answer.text() }
    }

    pub fn report(&mut self, body: &str) -> Reply {
        self.ask("REPORT", BOOK, &[("depth", "1")], body)
    }

    /// What has changed since a token: the paths that changed, those that went, and the next token.
    #[track_caller]
    pub fn sync(&mut self, token: &str) -> (Vec<String>, Vec<String>, String) {
        let reply = self.report(&sync_body(token));
        assert_eq!(reply.status, 207, "{}", reply.text);
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for response in reply.text.split("<D:response>").skip(1) {
            let href = between(response, "<D:href>", "</D:href>").to_owned();
            if response.contains("404 Not Found") { gone.push(href) } else { changed.push(href) }
        }
        (changed, gone, between(&reply.text, "<D:sync-token>", "</D:sync-token>").to_owned())
    }
}

fn sync_body(token: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token>\
         <D:sync-level>1</D:sync-level>{TAGS}</D:sync-collection>"
    )
}

#[track_caller]
pub(super) fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap_or_else(|| panic!("{text}")).0
}

/// A new password of a user.
#[track_caller]
fn app_password(user: &mut User, contacts: &str) -> Json {
    expect(&user.post("/session/app-passwords", &json!({ "name": "iPhone", "contacts": contacts })), 201)
}

/// A device with these choices.
#[track_caller]
pub(super) fn device(app: &App, user: &mut User, choices: &Json) -> Phone {
    let made = expect(&user.post("/session/app-passwords", choices), 201);
    Phone::new(app, made["login"].as_str().unwrap(), made["password"].as_str().unwrap())
}

#[track_caller]
fn phone_of(app: &App, user: &mut User, contacts: &str) -> Phone {
    let made = app_password(user, contacts);
    Phone::new(app, made["login"].as_str().unwrap(), made["password"].as_str().unwrap())
}

pub(super) fn path_of(contact: &Json) -> String {
    format!("{BOOK}{}.vcf", contact["id"])
}

pub(super) fn reachable(last_name: &str, number: &str) -> Json {
    with(person(last_name), "channels", phone(number))
}

#[test]
fn a_phone_finds_its_book_and_reads_the_cards() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        owner.create_contact(person("Безтелефону"));
        let mut phone = phone_of(app, &mut owner, "own");

        let moved = phone.connection.send("PROPFIND", "/.well-known/carddav", &[], b"").unwrap();
        assert_eq!((moved.status, moved.header("location")), (301, Some("/dav/")));
        let options = phone.connection.send("OPTIONS", BOOK, &[], b"").unwrap();
        assert!(options.header("dav").unwrap().contains("addressbook"));
        let ask = |names: &str| {
            format!(
                "<D:propfind xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\" xmlns:S=\"http://calendarserver.org/ns/\" xmlns:X=\"urn:x\">\
                 <D:prop>{names}</D:prop></D:propfind>"
            )
        };
        let root = phone.ask("PROPFIND", "/dav/", &[("depth", "0")], &ask("<D:current-user-principal/><X:unknown/>"));
        assert_eq!(root.status, 207);
        assert!(root.text.contains("<D:current-user-principal><D:href>/dav/principal/</D:href>"), "{}", root.text);
        assert!(root.text.contains("<x:unknown xmlns:x=\"urn:x\"/></D:prop><D:status>HTTP/1.1 404"), "{}", root.text);
        let principal = phone.ask("PROPFIND", "/dav/principal/", &[("depth", "0")], &ask("<C:addressbook-home-set/>"));
        assert!(principal.text.contains("<D:href>/dav/books/</D:href></C:addressbook-home-set>"), "{}", principal.text);
        let home = phone.ask("PROPFIND", "/dav/books/", &[("depth", "1")], &ask("<D:resourcetype/><S:getctag/>"));
        assert!(home.text.contains("<D:collection/><C:addressbook/>") && home.text.contains("<S:getctag>"));

        let cards = phone.ask("PROPFIND", BOOK, &[("depth", "1")], &ask("<D:getetag/>"));
        assert_eq!(cards.text.matches(".vcf</D:href>").count(), 1, "{}", cards.text);
        let card = phone.ask("GET", &path_of(&contact), &[], "");
        assert_eq!(card.status, 200);
        assert!(card.text.starts_with("BEGIN:VCARD\r\nVERSION:3.0") && card.text.contains("+380441234567"));
        assert!(card.text.contains(&format!("UID:kartoteka-contact-{}", contact["id"])));
        let tag = card.tag.unwrap();
        assert!(cards.text.contains(&tag.replace('"', "&quot;")), "{tag} in {}", cards.text);
        assert_eq!(phone.ask("GET", &path_of(&contact), &[("if-none-match", &tag)], "").status, 304);
        let newer = phone.ask("GET", &path_of(&contact), &[("accept", "text/vcard; version=4.0")], "");
        assert!(newer.text.contains("VERSION:4.0"));

        let multiget = format!(
            "<C:addressbook-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop><D:getetag/><C:address-data/></D:prop>\
             <D:href>{}</D:href><D:href>{BOOK}999999.vcf</D:href></C:addressbook-multiget>",
            path_of(&contact)
        );
        let several = phone.report(&multiget);
        assert!(
            several.text.contains("FN:Шевчук") && several.text.contains("999999.vcf</D:href><D:status>HTTP/1.1 404")
        );
        let query = |text: &str| {
            format!(
                "<C:addressbook-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop><D:getetag/></D:prop>\
                 <C:filter><C:prop-filter name=\"FN\"><C:text-match>{text}</C:text-match></C:prop-filter></C:filter></C:addressbook-query>"
            )
        };
        assert!(phone.report(&query("шевч")).text.contains(&path_of(&contact)));
        assert!(!phone.report(&query("інший")).text.contains("<D:response>"));
    });
}

#[test]
fn the_book_follows_every_change() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let firm = owner.create_contact(company("Буд Сервіс"));
        let worker = with(reachable("Шевчук", "+380 44 123 45 67"), "parent", firm["id"].clone());
        let contact = owner.create_contact(worker);
        let mut phone = phone_of(app, &mut owner, "own");
        let (changed, gone, first) = phone.sync("");
        assert_eq!((changed, gone), (vec![path_of(&contact)], vec![]));
        assert_eq!(phone.sync(&first), (vec![], vec![], first.clone()));

        // What is not on the card is no change; a name is, and so is that of the company.
        let record = format!("/records/contact/{}", contact["id"]);
        expect(&owner.patch(&record, &json!({ "values": { "warmth": "hot" } })), 200);
        assert_eq!(phone.sync(&first), (vec![], vec![], first.clone()));
        expect(&owner.patch(&record, &json!({ "values": { "last_name": "Шевченко" } })), 200);
        let (changed, gone, second) = phone.sync(&first);
        assert_eq!((changed, gone), (vec![path_of(&contact)], vec![]));
        let firm_path = format!("/records/contact/{}", firm["id"]);
        expect(&owner.patch(&firm_path, &json!({ "values": { "company_name": "Новий Буд" } })), 200);
        assert_eq!(phone.sync(&second).0, [path_of(&contact)]);
        assert!(phone.ask("GET", &path_of(&contact), &[], "").text.contains("Новий Буд"));

        // Deleted, restored, without a phone, handed on to somebody else.
        expect(&owner.delete(&record), 200);
        let (changed, gone, third) = phone.sync(&second);
        assert_eq!((changed, gone), (vec![], vec![path_of(&contact)]));
        assert_eq!(phone.ask("GET", &path_of(&contact), &[], "").status, 404);
        expect(&owner.post(&format!("{record}/restore"), &json!({})), 200);
        let (changed, _, fourth) = phone.sync(&third);
        assert_eq!(changed, [path_of(&contact)]);
        let colleague = app.with_user(Role::Employee);
        let handed_on = json!({ "values": { "managers": [colleague.id], "visibility": "read" } });
        expect(&app.administrator().patch(&record, &handed_on), 200);
        let (changed, gone, fifth) = phone.sync(&fourth);
        assert_eq!((changed, gone), (vec![], vec![path_of(&contact)]));
        // Who comes anew is not told of what went.
        assert_eq!(phone.sync(""), (vec![], vec![], fifth));

        for token in ["urn:kartoteka:book:1:999999", "urn:kartoteka:book:77:1", "urn:other", "urn:kartoteka:book:1:-1"]
        {
            let reply = phone.report(&sync_body(token));
            assert_eq!(reply.status, 403, "{token}");
            assert!(reply.text.contains("<D:valid-sync-token/>"), "{}", reply.text);
        }
    });
}

/// The bytes of the picture on a card of version 3.0.
pub(super) fn picture_on(card: &str) -> Option<Vec<u8>> {
    let unfolded = card.replace("\r\n ", "");
    let line = unfolded.lines().find(|line| line.starts_with("PHOTO"))?;
    STANDARD.decode(line.rsplit_once(':')?.1).ok()
}

#[test]
fn a_picture_is_on_the_card_of_a_phone_and_of_an_export() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        let mut phone = phone_of(app, &mut owner, "own");
        let (_, _, token) = phone.sync("");
        assert_eq!(picture_on(&phone.ask("GET", &path_of(&contact), &[], "").text), None);

        let path = photo_path(&mut owner);
        let stored = expect(&owner.upload(&path, &picture(400, 400, image::ImageFormat::Png)), 201);
        let record = format!("/records/contact/{}", contact["id"]);
        expect(&owner.patch(&record, &json!({ "values": { "photo": { "id": stored["id"] } } })), 200);
        // The phone hears of it, though no text has changed.
        let (changed, _, second) = phone.sync(&token);
        assert_eq!(changed, [path_of(&contact)]);
        let kept = owner.get(&format!("/files/{}", stored["id"].as_str().unwrap())).body;
        let card = phone.ask("GET", &path_of(&contact), &[], "").text;
        assert_eq!(picture_on(&card).as_ref(), Some(&kept), "{card}");

        let started = expect(&owner.post("/exports", &json!({ "type": "contact", "format": "vcard" })), 202);
        let job = owner.wait_for_job(&started["job"]);
        let file = owner.get(&format!("/exports/{}/file", job["id"])).text();
        assert_eq!(picture_on(&file).as_ref(), Some(&kept), "{file}");

        expect(&owner.patch(&record, &json!({ "values": { "photo": null } })), 200);
        assert_eq!(phone.sync(&second).0, [path_of(&contact)]);
        assert_eq!(picture_on(&phone.ask("GET", &path_of(&contact), &[], "").text), None);
    });
}

#[test]
fn a_large_book_has_no_pictures_however_it_is_asked_for() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let path = photo_path(&mut owner);
        let stored = expect(&owner.upload(&path, &picture(40, 40, image::ImageFormat::Png)), 201);
        let pictured = with(reachable("Фото", "+380 44 123 45 67"), "photo", json!({ "id": stored["id"] }));
        let contact = owner.create_contact(pictured);
        owner.create_contact(reachable("Безфото", "+380 44 123 45 68"));
        let ask = |condition: &str, limit: usize| {
            format!(
                "<C:addressbook-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop><C:address-data/></D:prop>\
                 <C:filter><C:prop-filter name=\"PHOTO\">{condition}</C:prop-filter></C:filter>\
                 <C:limit><C:nresults>{limit}</C:nresults></C:limit></C:addressbook-query>"
            )
        };
        let mut phone = phone_of(app, &mut owner, "own");
        let with_photo = phone.report(&ask("", 10)).text.replace("&#13;", "\r");
        assert!(with_photo.contains("FN:Фото") && !with_photo.contains("FN:Безфото"), "{with_photo}");
        assert!(picture_on(&with_photo).is_some_and(|bytes| !bytes.is_empty()), "{with_photo}");
        let without = phone.report(&ask("<C:is-not-defined/>", 10)).text;
        assert!(without.contains("FN:Безфото") && !without.contains("FN:Фото"), "{without}");

        let row = |at: usize| json!({ "id": -(at as i64) - 1, "version": 0, "values": reachable(&format!("Абонент {at}"), &format!("+38050{at:07}")), "texts": {} });
        let rows: Vec<Json> = (0..1_999).map(row).collect();
        let made = expect(&owner.post("/records/contact/cells", &json!({ "rows": rows })), 200);
        assert_eq!(made["created"].as_array().map(Vec::len), Some(1_999), "{}", made["problems"]);
        let everyone = "<C:addressbook-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><D:prop><C:address-data/></D:prop>\
                        </C:addressbook-query>";
        // Neither a device that has compared the book before, nor one that never has, nor one card of it.
        let mut newcomer = phone_of(app, &mut owner, "own");
        assert_eq!(made["problems"], json!([]));
        assert_eq!(newcomer.sync("").0.len(), 2_001);
        assert!(!newcomer.ask("GET", &path_of(&contact), &[], "").text.contains("PHOTO"));
        for (who, phone) in [("newcomer", phone_of(app, &mut owner, "own")), ("known", phone)] {
            let mut phone = phone;
            let text = phone.report(everyone).text;
            assert_eq!(text.matches("BEGIN:VCARD").count(), 2_001, "{who}");
            assert!(!text.contains("PHOTO"), "{who}");
        }
    });
}

#[test]
fn a_long_list_comes_in_parts() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        for number in 0..5 {
            owner.create_contact(reachable(&format!("Шевчук{number}"), &format!("+380 44 123 45 6{number}")));
        }
        let mut phone = phone_of(app, &mut owner, "own");
        let (mut token, mut seen) = (String::new(), Vec::new());
        for _ in 0..3 {
            let limit = "<D:limit><D:nresults>2</D:nresults></D:limit></D:sync-collection>";
            let reply = phone.report(&sync_body(&token).replace("</D:sync-collection>", limit));
            seen.extend(
                reply
                    .text
                    .split("<D:href>")
                    .skip(1)
                    .filter_map(|part| part.split_once(".vcf"))
                    .map(|(path, _)| path.to_owned()),
            );
            token = between(&reply.text, "<D:sync-token>", "</D:sync-token>").to_owned();
            assert_eq!(reply.text.contains("507 Insufficient Storage"), seen.len() < 5, "{}", reply.text);
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 5);
    });
}

#[test]
fn a_book_holds_what_its_reader_may_have() {
    for_each_app(|app| {
        let (mut admin, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let hidden = admin.create_contact(reachable("Прихована", "+380 44 123 45 60"));
        let open = with(reachable("Відкрита", "+380 44 123 45 61"), "visibility", json!("read"));
        let open = admin.create_contact(open);
        let own = employee.create_contact(reachable("Своя", "+380 44 123 45 62"));

        assert_eq!(phone_of(app, &mut employee, "own").sync("").0, [path_of(&own)]);
        // A phone with everything is an export, and employees have no right to that.
        let all = json!({ "name": "iPhone", "contacts": "all" });
        assert_eq!(expect(&employee.post("/session/app-passwords", &all), 403)["code"], "export_forbidden");
        let mut of_admin = phone_of(app, &mut admin, "all");
        assert_eq!(of_admin.sync("").0.len(), 3);
        assert_eq!(phone_of(app, &mut admin, "own").sync("").0.len(), 2);
        let mut of_employee = phone_of(app, &mut employee, "own");
        for foreign in [&hidden, &open] {
            assert_eq!(of_employee.ask("GET", &path_of(foreign), &[], "").status, 404);
        }

        // Who is no supervisor any more connects his device anew, and gets no longer everything.
        let mut head = app.with_user(Role::Supervisor);
        let mut of_head = phone_of(app, &mut head, "all");
        assert_eq!(of_head.sync("").0.len(), 3);
        let role = json!({ "values": { "roles": [3] } });
        expect(&admin.patch(&format!("/records/user/{}", head.id), &role), 200);
        assert_eq!(of_head.ask("PROPFIND", "/dav/books/contacts/", &[("depth", "0")], "").status, 401);
        let login = expect(&admin.get(&format!("/records/user/{}", head.id)), 200)["values"]["login"].clone();
        let mut head = app.log_in(login.as_str().unwrap());
        assert_eq!(phone_of(app, &mut head, "own").sync("").0.len(), 0);
    });
}

#[test]
fn nothing_can_be_written_unless_the_owner_allowed_it() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let contact = owner.create_contact(reachable("Шевчук", "+380 44 123 45 67"));
        let mut phone = phone_of(app, &mut owner, "own");
        let before = app.content();
        for method in ["PUT", "DELETE", "PROPPATCH", "MKCOL", "MOVE", "COPY", "POST", "LOCK"] {
            let reply = phone.ask(method, &path_of(&contact), &[], "BEGIN:VCARD\r\nEND:VCARD");
            assert_eq!(reply.status, 403, "{method}");
            assert!(reply.text.contains("<D:need-privileges>"), "{method}: {}", reply.text);
        }
        assert_eq!(app.content(), before);
    });
}

#[test]
fn a_password_opens_the_book_and_nothing_else() {
    for_each_app(|app| {
        let mut owner = app.administrator();
        let made = app_password(&mut owner, "own");
        let (login, password) = (made["login"].as_str().unwrap(), made["password"].as_str().unwrap());
        let listed = expect(&owner.get("/session/app-passwords"), 200);
        assert_eq!(listed["items"][0]["name"], "iPhone");
        assert!(listed["items"][0].get("password").is_none() && listed["items"][0]["last_used_at"].is_null());

        let ask = |phone: &mut Phone| phone.ask("PROPFIND", "/dav/", &[("depth", "0")], "").status;
        // It may be typed in any way, and is noted as used.
        assert_eq!(ask(&mut Phone::new(app, login, &password.replace('-', " ").to_uppercase())), 207);
        assert!(!expect(&owner.get("/session/app-passwords"), 200)["items"][0]["last_used_at"].is_null());
        let mut stranger = app.anonymous();
        let session = stranger.post("/session", &json!({ "login": login, "password": password }));
        assert_eq!(session.status, 401);
        let header = format!("Basic {}", STANDARD.encode(format!("{login}:{password}")));
        let contacts = stranger.send("GET", "/records/contact", &[("authorization", &header)], &json!({}));
        assert_eq!(contacts.status, 401);

        // The password of the person opens no book, nor does another person's.
        assert_eq!(ask(&mut Phone::new(app, login, PASSWORD)), 401);
        let mut other = app.with_user(Role::Employee);
        let of_other = app_password(&mut other, "own");
        assert_eq!(ask(&mut Phone::new(app, login, of_other["password"].as_str().unwrap())), 401);
        let log = expect(&owner.get("/audit?kinds=login&outcome=failure"), 200);
        let reasons: Vec<&Json> =
            log["items"].as_array().unwrap().iter().map(|event| &event["details"]["reason"]).collect();
        assert_eq!(reasons, ["wrong_app_password", "wrong_app_password", "wrong_password"]);
        assert_eq!(log["items"][0]["record"]["id"], owner.id);
        let refused = Connection::new(app.address).send("PROPFIND", "/dav/", &[], b"").unwrap();
        assert!(refused.header("www-authenticate").unwrap().starts_with("Basic realm="));

        let mut phone = Phone::new(app, login, password);
        assert_eq!(ask(&mut phone), 207);
        expect(&other.delete(&format!("/session/app-passwords/{}", made["id"])), 404);
        assert_eq!(owner.delete(&format!("/session/app-passwords/{}", made["id"])).status, 204);
        assert_eq!(ask(&mut phone), 401);
    });
}

#[test]
fn who_loses_his_login_loses_his_devices() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut user = app.with_user(Role::Employee);
        let mut phone = phone_of(app, &mut user, "own");
        let ask = |phone: &mut Phone| phone.ask("PROPFIND", "/dav/", &[("depth", "0")], "").status;
        let new = json!({ "current_password": PASSWORD, "new_password": "another long secret" });
        assert_eq!(user.post("/session/password", &new).status, 204);
        assert_eq!(ask(&mut phone), 401);

        let mut phone = phone_of(app, &mut user, "own");
        assert_eq!(ask(&mut phone), 207);
        let path = format!("/records/user/{}", user.id);
        expect(&admin.patch(&path, &json!({ "values": { "is_active": false } })), 200);
        assert_eq!(ask(&mut phone), 401);
        expect(&admin.patch(&path, &json!({ "values": { "is_active": true } })), 200);
        assert_eq!(ask(&mut phone), 401);
    });
}

#[test]
fn guesses_are_counted_and_the_right_one_is_not_kept_out() {
    for_each_app(|app| {
        let mut owner = app.with_user(Role::Employee);
        let made = app_password(&mut owner, "own");
        let (login, password) = (made["login"].as_str().unwrap(), made["password"].as_str().unwrap());
        let mut wrong = Phone::new(app, login, "aaaa-aaaa-aaaa-aaaa-aaaa");
        let answers: Vec<u16> = (0..8).map(|_| wrong.ask("PROPFIND", "/dav/", &[("depth", "0")], "").status).collect();
        assert_eq!((answers[0], answers[7]), (401, 429), "{answers:?}");
        let mut right = Phone::new(app, login, password);
        assert_eq!(right.ask("PROPFIND", "/dav/", &[("depth", "0")], "").status, 207);
        // The person is not locked out by his forgotten device.
        app.log_in(login);
    });
}

#[test]
fn hostile_xml_is_refused() {
    for_each_app(|app| {
        let mut phone = phone_of(app, &mut app.administrator(), "own");
        let check = |phone: &mut Phone, body: &str, status: u16| {
            let reply = phone.ask("PROPFIND", BOOK, &[("depth", "1")], body);
            assert_eq!(reply.status, status, "{body:.60}: {}", reply.text);
        };
        let bomb = "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><propfind xmlns=\"DAV:\"><prop>&b;</prop></propfind>";
        check(&mut phone, bomb, 400);
        check(&mut phone, "<!DOCTYPE a SYSTEM \"http://evil.example/\"><propfind xmlns=\"DAV:\"/>", 400);
        check(&mut phone, "<propfind xmlns=\"DAV:\">", 400);
        check(&mut phone, &"<a>".repeat(10_000), 400);
        check(&mut phone, &format!("<propfind xmlns=\"DAV:\">{}</propfind>", " ".repeat(2 << 20)), 413);
        assert_eq!(phone.report("<D:expand-property xmlns:D=\"DAV:\"/>").status, 403);
        assert_eq!(phone.ask("GET", "/dav/books/contacts/..%2f..%2fetc.vcf", &[], "").status, 404);
        assert_eq!(phone.ask("GET", "/dav/elsewhere", &[], "").status, 404);
    });
}
