//! The timeline of a card (CD13, CD14, CD15): one order for all that happened, who sees what of it, whose entries come in, and who hears that he is named.

use std::time::{Duration, Instant};

use record_engine::query::timeline::{TimelineQuery, timeline};
use record_engine::{Clock, RequestContext, Role, Source};
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{App, User, expect, field_errors, for_each_app};
use crate::it::person::{company, person, with};

const NOW: i64 = 1_795_334_400_000;

fn make(user: &mut User, kind: &str, values: Json) -> Json {
    expect(&user.post(&format!("/records/{kind}"), &json!({ "values": values })), 201)["record"].clone()
}

fn note(user: &mut User, contact: &Json, text: &str, at: &str) -> Json {
    make(user, "comment", json!({ "record": contact["id"], "text": text, "happened_at": at }))
}

fn page(user: &mut User, contact: &Json, query: &str) -> Json {
    expect(&user.get(&format!("/records/contact/{}/timeline?{query}", contact["id"])), 200)
}

fn titles_of(items: &Json) -> Vec<String> {
    let title = |entry: &Json| match entry["record"].is_null() {
        true => format!("change {}", entry["change"]["operation"]["kind"].as_str().unwrap()),
        false => entry["record"]["title"].as_str().unwrap().to_owned(),
    };
    items.as_array().unwrap().iter().map(title).collect()
}

fn titles(user: &mut User, contact: &Json, query: &str) -> Vec<String> {
    titles_of(&page(user, contact, query)["items"])
}

/// All pages of so many entries, one after the other.
fn walked(user: &mut User, contact: &Json, query: &str, limit: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = page(user, contact, &format!("{query}&limit={limit}{cursor}"));
        let items = titles_of(&page["items"]);
        assert!(items.len() <= limit);
        found.extend(items);
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn everything_stands_in_one_order_and_pages_neither_repeat_nor_lose() {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        let mut user = app.administrator();
        let card = user.create_contact(person("Ковальчук"));
        let id = &card["id"];
        clock.advance(60_000);
        note(&mut user, &card, "Позавчора", "2026-11-20T09:00:00Z");
        make(&mut user, "task", json!({ "title": "Завтра", "contact": id, "deadline": "2026-11-23T09:00:00Z" }));
        make(&mut user, "event", json!({ "title": "Вчора", "contacts": [id], "starts_at": "2026-11-21T09:00:00Z" }));
        make(&mut user, "deal", json!({ "title": "Щойно", "contact": id }));
        clock.advance(60_000);
        make(&mut user, "task", json!({ "title": "Без терміну", "contact": id }));
        expect(&user.patch(&format!("/records/contact/{id}"), &json!({ "values": { "position": "Директор" } })), 200);
        // Of other cards, and of the trash, nothing is here.
        let other = user.create_contact(person("Інша"));
        note(&mut user, &other, "Чуже", "2026-11-20T10:00:00Z");
        let gone = note(&mut user, &card, "Видалене", "2026-11-20T10:00:00Z");
        expect(&user.delete(&format!("/records/comment/{}", gone["id"])), 200);

        let all = ["Завтра", "Без терміну", "Щойно", "Вчора", "Позавчора"];
        assert_eq!(titles(&mut user, &card, ""), all, "without a word: notes, tasks, deals and events");
        let kinds = "kinds=comment,task,deal,event,document,change";
        let expected = ["Завтра", "change update", "Без терміну", "Щойно", "change create", "Вчора", "Позавчора"];
        assert_eq!(titles(&mut user, &card, kinds), expected);
        for limit in 1..=8 {
            assert_eq!(walked(&mut user, &card, kinds, limit), expected, "by {limit}");
        }
        assert_eq!(titles(&mut user, &card, "kinds=task"), ["Завтра", "Без терміну"]);
        assert_eq!(titles(&mut user, &card, "kinds="), Vec::<String>::new());
        let span = "from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z";
        assert_eq!(titles(&mut user, &card, span), ["Вчора"]);

        let first = page(&mut user, &card, "")["items"][0].clone();
        assert_eq!((&first["kind"], &first["at"]), (&json!("task"), &json!("2026-11-23T09:00:00.000Z")));
        let values = &first["record"]["values"];
        assert_eq!((&values["status"], &values["responsible"]["id"]), (&json!("new"), &json!(user.id)));
        assert!(values.get("reminder").is_none(), "an entry tells what a list does: {values}");

        // A deal has its own timeline, and there one stands on it by another reference.
        let deal = page(&mut user, &card, "kinds=deal")["items"][0]["record"]["id"].clone();
        make(&mut user, "task", json!({ "title": "По угоді", "deal": deal }));
        clock.advance(60_000);
        make(&mut user, "comment", json!({ "deal": deal, "text": "Про угоду" }));
        let of_deal = expect(&user.get(&format!("/records/deal/{deal}/timeline")), 200);
        assert_eq!(titles_of(&of_deal["items"]), ["Про угоду", "По угоді"]);
        assert_eq!(of_deal["others"], 0);

        for (query, pointer) in
            [("kinds=task,tag", "/kinds"), ("category=nonsense", "/category"), ("cursor=7b7d", "/cursor")]
        {
            let refused = expect(&user.get(&format!("/records/contact/{id}/timeline?{query}")), 422);
            assert_eq!(field_errors(&refused)[0].0, pointer);
        }
    });
}

#[test]
fn entries_of_one_moment_have_an_order_too() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let card = user.create_contact(person("Ковальчук"));
        let at = "2026-11-20T09:00:00Z";
        for number in 0..7 {
            note(&mut user, &card, &format!("Нотатка {number}"), at);
            make(
                &mut user,
                "task",
                json!({ "title": format!("Задача {number}"), "contact": card["id"], "deadline": at }),
            );
        }
        let all = titles(&mut user, &card, "limit=50");
        assert_eq!(all.len(), 14);
        for limit in [1, 2, 3, 5, 13, 14] {
            assert_eq!(walked(&mut user, &card, "", limit), all, "by {limit}");
        }
    });
}

#[test]
fn notes_have_a_category_a_time_and_a_pin() {
    test_kit::for_each_backend(|database| {
        let app = App::with_clock(database, Clock::fixed(NOW));
        let mut user = app.administrator();
        let card = user.create_contact(person("Ковальчук"));
        let plain = make(&mut user, "comment", json!({ "record": card["id"], "text": "x".repeat(65_000) }));
        assert_eq!(
            (&plain["values"]["category"], &plain["values"]["happened_at"]),
            (&json!("note"), &json!("2026-11-22T08:00:00.000Z"))
        );
        let too_long = json!({ "values": { "record": card["id"], "text": "x".repeat(65_001) } });
        assert_eq!(field_errors(&expect(&user.post("/records/comment", &too_long), 422))[0].1, "too_long");
        let long = page(&mut user, &card, "")["items"][0].clone();
        assert_eq!((long["is_cut"].clone(), long["record"]["title"].as_str().unwrap().len()), (json!(true), 2_000));

        let call = json!({ "record": card["id"], "text": "Домовились", "category": "call", "happened_at": "2026-11-29T10:00:00Z", "is_pinned": true });
        let call = make(&mut user, "comment", call);
        make(&mut user, "task", json!({ "title": "Передзвонити", "contact": card["id"], "category": "call" }));
        make(&mut user, "deal", json!({ "title": "Угода", "contact": card["id"] }));
        assert_eq!(titles(&mut user, &card, "category=call"), ["Домовились", "Передзвонити"]);
        assert_eq!(
            titles(&mut user, &card, "category=call&kinds=comment"),
            ["Домовились"],
            "a planned one is one, too"
        );
        assert_eq!(titles(&mut user, &card, "category=agreement"), Vec::<String>::new());
        assert_eq!(page(&mut user, &card, "category=note")["items"].as_array().unwrap().len(), 1);

        let first = page(&mut user, &card, "limit=1");
        assert_eq!(titles_of(&first["pinned"]), ["Домовились"]);
        let next = page(&mut user, &card, &format!("limit=1&cursor={}", first["next_cursor"].as_str().unwrap()));
        assert_eq!(next["pinned"], json!([]), "above the stream they stand once");
        assert_eq!(page(&mut user, &card, "kinds=task")["pinned"], json!([]));
        let path = format!("/records/comment/{}", call["id"]);
        expect(&user.patch(&path, &json!({ "values": { "is_pinned": false } })), 200);
        assert_eq!(page(&mut user, &card, "")["pinned"], json!([]));

        // A category of an administrator is one like the others.
        let catalog = expect(&user.get("/catalog"), 200);
        let comments = catalog["object_types"].as_array().unwrap().iter().find(|one| one["name"] == "comment").unwrap();
        let category = comments["fields"].as_array().unwrap().iter().find(|one| one["name"] == "category").unwrap();
        let mut settings = category["settings"].clone();
        settings["options"].as_array_mut().unwrap().push(json!({ "key": "visit", "labels": { "en": "Visit" } }));
        let changed = json!({ "settings": settings });
        expect(&user.patch("/catalog/comment/fields/category", &changed), 200);
        make(&mut user, "comment", json!({ "record": card["id"], "text": "Заїхали", "category": "visit" }));
        assert_eq!(titles(&mut user, &card, "category=visit"), ["Заїхали"]);
    });
}

#[test]
fn a_company_shows_what_happened_with_its_people() {
    for_each_app(|app| {
        let (mut owner, mut reader) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let open = |values: Json| with(values, "visibility", json!("read"));
        let firm = owner.create_contact(open(company("Зоря")));
        let member = |values: Json| with(values, "parent", firm["id"].clone());
        let (seen, hidden) =
            (owner.create_contact(member(open(person("Видна")))), owner.create_contact(member(person("Прихована"))));
        note(&mut owner, &firm, "Про фірму", "2026-11-20T09:00:00Z");
        note(&mut owner, &seen, "Про видну", "2026-11-21T09:00:00Z");
        note(&mut owner, &hidden, "Про приховану", "2026-11-22T09:00:00Z");
        let both =
            json!({ "title": "Разом", "contacts": [firm["id"], seen["id"]], "starts_at": "2026-11-19T09:00:00Z" });
        make(&mut owner, "event", both);
        let hers =
            json!({ "title": "Її захід", "contacts": [seen["id"], hidden["id"]], "starts_at": "2026-11-18T09:00:00Z" });
        make(&mut owner, "event", hers);

        let all = page(&mut owner, &firm, "");
        assert_eq!(titles_of(&all["items"]), ["Про приховану", "Про видну", "Про фірму", "Разом", "Її захід"]);
        assert_eq!(all["others"], 2);
        let of: Vec<&Json> = all["items"].as_array().unwrap().iter().map(|entry| &entry["of"]["title"]).collect();
        assert_eq!(of, [&json!("Прихована"), &json!("Видна"), &Json::Null, &Json::Null, &json!("Видна")]);
        for limit in 1..=5 {
            assert_eq!(walked(&mut owner, &firm, "", limit).len(), 5, "by {limit}");
        }
        assert_eq!(titles(&mut owner, &firm, "with_others=false"), ["Про фірму", "Разом"]);
        assert_eq!(titles(&mut owner, &seen, ""), ["Про видну", "Разом", "Її захід"], "a person has his own");

        // Who does not see a person does not see through the company what happened with him.
        let his = page(&mut reader, &firm, "");
        assert_eq!(
            (titles_of(&his["items"]), &his["others"]),
            (vec!["Про видну".to_owned(), "Про фірму".into(), "Разом".into(), "Її захід".into()], &json!(1))
        );
        // A pin of a person is none of the company.
        let pin = json!({ "record": seen["id"], "text": "Важливе", "is_pinned": true });
        make(&mut owner, "comment", pin);
        assert_eq!(page(&mut owner, &firm, "")["pinned"], json!([]));
    });
}

#[test]
fn many_people_come_in_as_few_do() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let firm = user.create_contact(company("Зоря"));
        for number in 0..55 {
            let member = user.create_contact(with(person(&format!("Особа {number}")), "parent", firm["id"].clone()));
            note(&mut user, &member, &format!("Нотатка {number}"), &format!("2026-11-20T09:{number:02}:00Z"));
        }
        let expected: Vec<String> = (0..55).rev().map(|number| format!("Нотатка {number}")).collect();
        assert_eq!(walked(&mut user, &firm, "", 20), expected);
    });
}

#[test]
fn who_may_not_see_a_record_does_not_see_its_entry() {
    for_each_app(|app| {
        let (mut admin, mut reader) = (app.administrator(), app.with_user(Role::Employee));
        let card = admin.create_contact(with(person("Ковальчук"), "visibility", json!("read")));
        let id = &card["id"];
        make(&mut admin, "deal", json!({ "title": "Таємна", "contact": id, "visibility": "private" }));
        make(
            &mut admin,
            "deal",
            json!({ "title": "Відкрита", "contact": id, "budget": { "amount": 100, "currency": "UAH" } }),
        );
        make(&mut admin, "task", json!({ "title": "Чужа задача", "contact": id }));
        let event = json!({ "title": "Закрита зустріч", "contacts": [id], "visibility": "private" });
        make(&mut admin, "event", event);
        let said = note(&mut admin, &card, "Нотатка", "2020-01-01T00:00:00Z");
        assert_eq!(titles(&mut reader, &card, ""), ["Відкрита", "Нотатка"]);
        assert_eq!(walked(&mut reader, &card, "", 1), ["Відкрита", "Нотатка"], "no page betrays what is left out");
        let entry = page(&mut reader, &card, "kinds=comment")["items"][0].clone();
        assert_eq!((&entry["record"]["can_edit"], &entry["record"]["can_delete"]), (&json!(false), &json!(false)));
        let pinned = json!({ "values": { "is_pinned": true } });
        expect(&reader.patch(&format!("/records/comment/{}", said["id"]), &pinned), 403);

        // Nor is there a timeline of what he does not see.
        let hidden = admin.create_contact(person("Прихована"));
        expect(&reader.get(&format!("/records/contact/{}/timeline", hidden["id"])), 404);
        expect(&reader.get("/records/contact/999999/timeline"), 404);

        // A role that hides the field by which deals name their client hides the deals of the client, and the field itself is in no entry.
        let mut limited = |fields: Json| {
            let rights = json!({ "base": "employee", "types": { "deal": { "fields": fields } } });
            let role = make_role(&mut admin, &format!("Обмежена {fields}"), &rights);
            with_roles(app, &mut admin, &[role])
        };
        assert_eq!(titles(&mut limited(json!({ "contact": "hidden" })), &card, ""), ["Нотатка"]);
        let mut other = limited(json!({ "budget": "hidden" }));
        let entry = page(&mut other, &card, "kinds=deal")["items"][0].clone();
        assert!(entry["record"]["values"].get("budget").is_none(), "{entry}");
    });
}

/// The kinds of what a user was told, with the titles of what they are about, newest first.
fn told(user: &mut User) -> Vec<(String, String)> {
    let found = expect(&user.get("/session/notifications"), 200);
    let one = |item: &Json| {
        (item["kind"].as_str().unwrap().to_owned(), item["records"][0]["title"].as_str().unwrap().to_owned())
    };
    found["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "mentioned").map(one).collect()
}

#[test]
fn who_is_mentioned_hears_of_it_once_and_only_of_what_he_may_see() {
    for_each_app(|app| {
        let [mut author, mut olena, mut petro] = [(); 3].map(|()| app.with_user(Role::Employee));
        let card = author.create_contact(with(person("Ковальчук"), "readers", json!([olena.id, petro.id])));
        let secret = author.create_contact(person("Прихована"));
        let about = |id: i64| format!("@[Хтось](user:{id})");
        let text = format!("{} подивіться, {0}, і я, {}", about(olena.id), about(author.id));
        let said = note(&mut author, &card, &text, "2026-11-20T09:00:00Z");
        let mentioned = |title: &str| vec![("mentioned".to_owned(), title.to_owned())];
        assert_eq!(told(&mut olena), mentioned("Ковальчук"), "the card opens, not the note");
        let item = expect(&olena.get("/session/notifications"), 200)["items"][0].clone();
        assert_eq!((&item["records"][0]["type"], &item["records"][0]["id"]), (&json!("contact"), &card["id"]));
        assert!(item["text"].as_str().unwrap().ends_with("згадує вас у нотатці"), "{item}");
        assert_eq!((told(&mut author), told(&mut petro)), (vec![], vec![]), "nobody is told what he did himself");

        // An edit tells only whom it adds.
        let path = format!("/records/comment/{}", said["id"]);
        let text = format!("{} і {}", about(olena.id), about(petro.id));
        let edited = expect(&author.patch(&path, &json!({ "values": { "text": text } })), 200);
        assert_eq!((told(&mut olena).len(), told(&mut petro).len()), (1, 1));
        expect(&author.patch(&path, &json!({ "values": { "category": "call" } })), 200);
        assert_eq!((told(&mut olena).len(), told(&mut petro).len()), (1, 1));
        expect(&author.post(&format!("/operations/{}/undo", edited["operation_id"]), &json!({})), 200);
        assert_eq!(told(&mut petro), vec![], "what was taken back unread was never said");

        // Who may not see the card hears nothing, not even how many there are; nor of a note that is gone.
        note(&mut author, &secret, &about(petro.id), "2026-11-20T09:00:00Z");
        assert_eq!(told(&mut petro), vec![]);
        assert_eq!(expect(&petro.get("/session/notifications/unread"), 200)["unread"], 1, "of the card that is shared");
        expect(&author.delete(&path), 200);
        assert_eq!(told(&mut olena), vec![]);

        // Of a task, the task opens.
        let task = make(&mut author, "task", json!({ "title": "Звіт", "participants": [olena.id], "notifies": false }));
        make(&mut author, "comment", json!({ "task": task["id"], "text": about(olena.id) }));
        assert_eq!(told(&mut olena), mentioned("Звіт"));
        // Who does not want to hear of it does not.
        let quiet = json!({ "kind": "mentioned", "page": false, "mail": false, "push": false });
        expect(&olena.patch("/session/notification-settings", &quiet), 200);
        make(&mut author, "comment", json!({ "task": task["id"], "text": about(olena.id) }));
        assert_eq!(told(&mut olena).len(), 1);
    });
}

/// So many notes, and a tenth as many tasks and events, on one card, written past the engine.
fn fill(app: &App, card: i64, count: i64) {
    let engine = &app.engine;
    let insert = |sql: &str, params: &[database::Value]| {
        engine.write(|tx| Ok::<_, record_engine::EngineError>(tx.execute(sql, params)?)).unwrap();
    };
    let numbers = "WITH RECURSIVE n (i) AS (SELECT CAST(? AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
    let from = 1_000_000;
    let common = "1, ? - i * 60000, 1, 1, ? - i * 60000, 1";
    let params = |to: i64| vec![(from + 1).into(), (from + to).into(), NOW.into(), NOW.into(), card.into()];
    insert(
        &format!(
            "{numbers} INSERT INTO comment (id, version, created_at, created_by, created_operation, updated_at, updated_by, record, text, category) \
             SELECT i, {common}, ?, 'Нотатка', 'note' FROM n"
        ),
        &params(count),
    );
    insert(
        &format!(
            "{numbers} INSERT INTO task (id, version, created_at, created_by, created_operation, updated_at, updated_by, contact, title, responsible, author, status, visibility) \
             SELECT i, {common}, ?, 'Задача', 1, 1, 'new', 'private' FROM n"
        ),
        &params(count / 10),
    );
    let of_events = params(count / 10);
    insert(
        &format!(
            "{numbers} INSERT INTO event (id, version, created_at, created_by, created_operation, updated_at, updated_by, title, responsible, kind, status, visibility) \
             SELECT i, {common}, 'Захід', 1, 'meeting', 'planned', 'write' FROM n"
        ),
        &of_events[..4],
    );
    insert(
        &format!(
            "{numbers} INSERT INTO event_contacts (record_id, position, value) SELECT i, 0, CAST(? AS BIGINT) FROM n"
        ),
        &[(from + 1).into(), (from + count / 10).into(), card.into()],
    );
    if engine.database().backend() == database::Backend::Postgres {
        insert("ANALYZE", &[]);
    }
}

/// The shortest and the 95th of a hundred times that a page takes: the first one, and one far behind it.
fn times(app: &App, user: &User, card: i64) -> [(Duration, Duration); 2] {
    let engine = &app.engine;
    let snapshot = engine.snapshot();
    let contacts = snapshot.object_type("contact").unwrap();
    let access = engine.database().read(|tx| engine.acting_access(tx, &snapshot, user.id)).unwrap().unwrap();
    let context = RequestContext::of(user.id, access, Source::Web, engine.clock());
    let read = |cursor: Option<String>| {
        let query = TimelineQuery { with_others: true, limit: 30, cursor, ..TimelineQuery::default() };
        let page =
            engine.database().read(|tx| timeline(tx, &context, &snapshot.catalog, &contacts, card, &query)).unwrap();
        assert_eq!(page.items.len(), 30);
        page.next_cursor
    };
    let mut far = None;
    for _ in 0..8 {
        far = read(far);
    }
    [None, far].map(|cursor| {
        let mut taken: Vec<Duration> = (0..100)
            .map(|_| {
                let begun = Instant::now();
                read(cursor.clone());
                begun.elapsed()
            })
            .collect();
        taken.sort();
        (taken[0], taken[94])
    })
}

#[test]
fn a_page_costs_what_it_holds_and_not_what_stands_on_the_card() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let [small, large] = ["Мала", "Велика"]
            .map(|name| with(company(name), "visibility", json!("read")))
            .map(|one| admin.create_contact(one));
        let id = |card: &Json| card["id"].as_i64().unwrap();
        note(&mut admin, &small, "Перша", "2026-11-20T09:00:00Z");
        for number in 0..300 {
            make(&mut admin, "comment", json!({ "record": small["id"], "text": format!("Нотатка {number}") }));
        }
        fill(app, id(&large), 100_000);
        for user in [&mut admin, &mut employee] {
            let (few, many) = (times(app, user, id(&small)), times(app, user, id(&large)));
            let backend = app.engine.database().backend();
            println!("{backend:?}: 300 entries {few:?}, 120,000 entries {many:?}");
            for (few, many) in few.iter().zip(&many) {
                // Each of three sources gives a page where one did; what stands behind them is no part of it.
                let most = few.0 * 8 + Duration::from_millis(10);
                assert!(many.0 < most, "{backend:?}: {few:?} became {many:?}");
            }
        }
    });
}
