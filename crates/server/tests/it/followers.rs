//! Followers of records, reactions to notes, teams that are mentioned: who hears what, once, and only of what he may see.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::{make_role, with_roles};
use crate::it::app::{App, User, encoded, expect, field_errors, for_each_app};
use crate::it::events::Events;
use crate::it::person::{person, with};

fn make(user: &mut User, kind: &str, values: Json) -> Json {
    expect(&user.post(&format!("/records/{kind}"), &json!({ "values": values })), 201)["record"].clone()
}

fn deal(user: &mut User, values: Json) -> Json {
    let mut all = json!({ "title": "Постачання" });
    all.as_object_mut().unwrap().extend(values.as_object().unwrap().clone());
    make(user, "deal", all)
}

fn change(user: &mut User, kind: &str, record: &Json, values: Json) -> Json {
    expect(&user.patch(&format!("/records/{kind}/{}", record["id"]), &json!({ "values": values })), 200)
}

fn note(user: &mut User, field: &str, record: &Json, text: &str) -> Json {
    make(user, "comment", json!({ field: record["id"], "text": text }))
}

fn path(kind: &str, record: &Json) -> String {
    format!("/records/{kind}/{}/followers", record["id"])
}

fn follow(user: &mut User, kind: &str, record: &Json, whom: i64, follows: bool) -> Json {
    expect(&user.post(&path(kind, record), &json!({ "user_id": whom, "follows": follows })), 200)
}

fn follow_self(user: &mut User, kind: &str, record: &Json, follows: bool) -> Json {
    let me = user.id;
    follow(user, kind, record, me, follows)
}

fn ids(list: &Json) -> Vec<i64> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
}

fn followers(user: &mut User, kind: &str, record: &Json) -> Vec<i64> {
    ids(&expect(&user.get(&path(kind, record)), 200))
}

/// The kinds of what a user was told, newest first.
fn kinds(user: &mut User) -> Vec<String> {
    let found = expect(&user.get("/session/notifications"), 200);
    let kinds = found["items"].as_array().unwrap().iter().map(|item| item["kind"].as_str().unwrap().to_owned());
    // That a card was opened to them is another matter.
    kinds.filter(|kind| !kind.starts_with("access_")).collect()
}

fn last(user: &mut User) -> Json {
    expect(&user.get("/session/notifications"), 200)["items"][0].clone()
}

fn unread(user: &mut User) -> i64 {
    expect(&user.get("/session/notifications/unread"), 200)["unread"].as_i64().unwrap()
}

fn about(id: i64) -> String {
    format!("@[Хтось](user:{id})")
}

#[test]
fn who_follows_hears_of_notes_and_of_what_matters() {
    for_each_app(|app| {
        let [mut author, mut olena] = [(); 2].map(|()| app.with_user(Role::Employee));
        let record = deal(&mut author, json!({}));
        let list = follow_self(&mut olena, "deal", &record, true);
        assert_eq!((ids(&list), &list["is_following"]), (vec![olena.id], &json!(true)));
        let again = follow_self(&mut olena, "deal", &record, true);
        assert_eq!(ids(&again), [olena.id]);
        let shown = expect(&author.get(&format!("/records/deal/{}", record["id"])), 200);
        assert_eq!(shown["version"], record["version"], "it is no change of the record");

        // Whoever writes a note follows what it is about.
        note(&mut author, "deal", &record, "Клієнт згоден");
        assert_eq!(followers(&mut author, "deal", &record), [olena.id, author.id]);
        let told = last(&mut olena);
        assert_eq!((&told["kind"], &told["records"][0]["id"]), (&json!("followed_note"), &record["id"]));
        assert_eq!(told["records"][0]["type"], "deal");
        assert_eq!(kinds(&mut author), Vec::<String>::new(), "nobody hears of what he did himself");

        // What matters is told with its value, what does not is not.
        change(&mut author, "deal", &record, json!({ "description": "Довга розмова" }));
        assert_eq!(kinds(&mut olena), ["followed_note"]);
        let moved = change(&mut author, "deal", &record, json!({ "stage": "proposal" }));
        let told = last(&mut olena);
        assert_eq!(told["kind"], "followed_change");
        let text = told["text"].as_str().unwrap();
        assert!(text.contains(": Етап — "), "{text}");
        expect(&author.post(&format!("/operations/{}/undo", moved["operation_id"]), &json!({})), 200);
        assert_eq!(kinds(&mut olena), ["followed_note"], "what was taken back unread was never said");
        change(&mut olena, "deal", &record, json!({ "stage": "proposal", "expected_close": "2026-12-24" }));
        assert!(last(&mut author)["text"].as_str().unwrap().contains("; Очікуване закриття"), "{}", last(&mut author));

        // One doing reaches a person once.
        let before = kinds(&mut olena).len();
        note(&mut author, "deal", &record, &about(olena.id));
        change(&mut author, "deal", &record, json!({ "responsible": olena.id }));
        let kinds = kinds(&mut olena);
        assert_eq!(kinds[..kinds.len() - before], ["made_responsible", "mentioned"]);

        // Switched off like every other kind.
        let quiet = json!({ "kind": "followed_note", "page": false, "mail": false, "push": false });
        expect(&olena.patch("/session/notification-settings", &quiet), 200);
        note(&mut author, "deal", &record, "Ще");
        assert_eq!(self::kinds(&mut olena).len(), kinds.len());
    });
}

#[test]
fn who_stopped_stays_out() {
    for_each_app(|app| {
        let [mut author, mut olena, petro] = [(); 3].map(|()| app.with_user(Role::Employee));
        let card = author.create_contact(with(person("Ковальчук"), "readers", json!([olena.id, petro.id])));
        note(&mut author, "record", &card, &format!("{} і {}", about(olena.id), about(petro.id)));
        assert_eq!(followers(&mut author, "contact", &card), [author.id, olena.id, petro.id]);
        assert_eq!(ids(&follow_self(&mut olena, "contact", &card, false)), [author.id, petro.id]);
        // The owner may take a colleague away; that one follows again by what he is named in.
        assert_eq!(ids(&follow(&mut author, "contact", &card, petro.id, false)), [author.id]);
        note(&mut olena, "record", &card, "Я мимохідь");
        note(&mut author, "record", &card, &format!("{} і {}", about(olena.id), about(petro.id)));
        assert_eq!(followers(&mut author, "contact", &card), [author.id, petro.id]);
        note(&mut author, "record", &card, "Без імен");
        assert_eq!(kinds(&mut olena), ["mentioned", "mentioned"]);
        follow_self(&mut olena, "contact", &card, true);
        note(&mut author, "record", &card, "Знову");
        assert_eq!(last(&mut olena)["kind"], "followed_note");
    });
}

#[test]
fn rights_are_asked_when_something_is_told() {
    for_each_app(|app| {
        let [mut owner, mut petro, mut stranger] = [(); 3].map(|()| app.with_user(Role::Employee));
        let card = owner.create_contact(with(person("Ковальчук"), "readers", json!([petro.id])));
        // Who does not see the card neither follows it nor hears who does.
        expect(&stranger.get(&path("contact", &card)), 404);
        let me = stranger.id;
        expect(&stranger.post(&path("contact", &card), &json!({ "user_id": me, "follows": true })), 404);
        // A colleague is added by whoever may share the card, and only one who sees it.
        let add = |id: i64| json!({ "user_id": id, "follows": true });
        expect(&petro.post(&path("contact", &card), &add(owner.id)), 403);
        let refused = expect(&owner.post(&path("contact", &card), &add(stranger.id)), 422);
        assert_eq!(field_errors(&refused), [("/user_id".to_owned(), "not_a_reader".to_owned())]);
        expect(&owner.post(&path("contact", &card), &add(999_999)), 422);
        assert_eq!(ids(&follow(&mut owner, "contact", &card, petro.id, true)), [petro.id]);
        expect(&petro.post(&path("contact", &card), &json!({ "user_id": petro.id, "follows": true, "x": 1 })), 422);

        // Who lost the right hears nothing and no longer counts; what he was told is gone.
        note(&mut owner, "record", &card, "Перша");
        assert_eq!(kinds(&mut petro), ["followed_note"]);
        change(&mut owner, "contact", &card, json!({ "readers": [] }));
        note(&mut owner, "record", &card, "Друга");
        assert_eq!((unread(&mut petro), kinds(&mut petro).len()), (0, 0));
        assert_eq!(followers(&mut owner, "contact", &card), [owner.id]);
        // With the right he is there again.
        change(&mut owner, "contact", &card, json!({ "readers": [petro.id] }));
        assert_eq!(followers(&mut owner, "contact", &card), [petro.id, owner.id]);

        // Of a field that he may not read he hears neither its value nor that it was changed.
        let mut admin = app.administrator();
        let rights = json!({ "base": "employee", "types": { "deal": { "fields": { "stage": "hidden" } } } });
        let role = make_role(&mut admin, "Без етапу", &rights);
        let mut limited = with_roles(app, &mut admin, &[role]);
        let record = deal(&mut owner, json!({}));
        follow_self(&mut limited, "deal", &record, true);
        change(&mut owner, "deal", &record, json!({ "stage": "proposal" }));
        assert_eq!(kinds(&mut limited), ["rights_changed"]);
        change(&mut owner, "deal", &record, json!({ "stage": "negotiation", "expected_close": "2026-12-24" }));
        let text = last(&mut limited)["text"].as_str().unwrap().to_owned();
        assert!(text.ends_with(": Очікуване закриття"), "{text}");
        // Nobody follows what has no followers.
        let tag = make(&mut admin, "tag", json!({ "name": "Важливий" }));
        expect(&admin.get(&path("tag", &tag)), 404);
    });
}

#[test]
fn followers_outlive_a_merge_and_end_with_the_record_and_the_user() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let [olena, petro, ivan] = [(); 3].map(|()| app.with_user(Role::Employee));
        let both = |admin: &mut User, name: &str| {
            let readers = json!([olena.id, petro.id, ivan.id]);
            admin.create_contact(with(person(name), "readers", readers))
        };
        let (stays, goes) = (both(&mut admin, "Лишається"), both(&mut admin, "Іде"));
        follow(&mut admin, "contact", &stays, olena.id, true);
        follow(&mut admin, "contact", &goes, petro.id, true);
        let merge = json!({ "survivor": stays["id"], "losers": [goes["id"]] });
        let merged = expect(&admin.post("/records/contact/merge", &merge), 200);
        assert_eq!(followers(&mut admin, "contact", &stays), [olena.id, petro.id]);
        // What lies in the trash keeps them.
        assert_eq!(followers(&mut admin, "contact", &goes), [petro.id]);
        expect(&admin.post(&format!("/operations/{}/undo", merged["operation_id"]), &json!({})), 200);
        assert_eq!(followers(&mut admin, "contact", &goes), [petro.id]);

        // Who gets the records of a colleague who leaves follows what that one followed; he himself does not count any more.
        change(&mut admin, "contact", &goes, json!({ "managers": [petro.id] }));
        let heirs = json!([{ "type": "contact", "field": "managers", "to": ivan.id }]);
        let job = expect(
            &admin.post(&format!("/users/{}/hand-over", petro.id), &json!({ "heirs": heirs, "deactivates": true })),
            202,
        );
        assert_eq!(admin.wait_for_job(&job["job"])["state"], "done", "{job}");
        assert_eq!(followers(&mut admin, "contact", &goes), [ivan.id]);
        assert_eq!(followers(&mut admin, "contact", &stays), [olena.id]);

        // What is purged leaves nothing behind.
        let engine = &app.engine;
        let rows = || {
            let sql = "SELECT COUNT(*) FROM record_followers";
            engine.database().read(|tx| database::Query::query_one(tx, sql, &[])?.integer(0)).unwrap()
        };
        let of_card = rows();
        expect(&admin.delete(&format!("/records/contact/{}", stays["id"])), 200);
        let days = record_engine::write::DEFAULT_RETENTION_DAYS;
        let before = engine.clock().now_ms() - (days + 1) * 86_400_000;
        let sql = "UPDATE contact SET deleted_at = ? WHERE deleted_at IS NOT NULL";
        engine.write(|tx| Ok::<_, record_engine::EngineError>(tx.execute(sql, &[before.into()])?)).unwrap();
        record_engine::write::purge_expired(engine).unwrap();
        assert!(rows() < of_card);
    });
}

fn react(user: &mut User, note: &Json, reaction: &str, is_on: bool) -> Json {
    let path = format!("/comments/{}/reactions", note["id"]);
    expect(&user.post(&path, &json!({ "reaction": reaction, "is_on": is_on })), 200)["items"].clone()
}

#[test]
fn a_reaction_is_seen_by_readers_and_told_to_the_author_once() {
    for_each_app(|app| {
        let [mut author, mut olena, mut petro, mut stranger] = [(); 4].map(|()| app.with_user(Role::Employee));
        let card = author.create_contact(with(person("Ковальчук"), "readers", json!([olena.id, petro.id])));
        let said = note(&mut author, "record", &card, "Договір підписано");
        let items = react(&mut olena, &said, "party", true);
        assert_eq!((&items[0]["reaction"], &items[0]["is_own"]), (&json!("party"), &json!(true)));
        react(&mut olena, &said, "party", true);
        let text = last(&mut author)["text"].as_str().unwrap().to_owned();
        assert!(text.ends_with("реагує на вашу нотатку: 🎉"), "{text}");
        assert_eq!(last(&mut author)["records"][0]["id"], card["id"]);

        // The timeline has it for all who see the note, with who it was.
        let page = expect(&petro.get(&format!("/records/contact/{}/timeline", card["id"])), 200);
        let shown = &page["items"][0]["reactions"][0];
        assert_eq!((&shown["users"][0]["id"], &shown["is_own"]), (&json!(olena.id), &json!(false)));
        let version =
            |user: &mut User| expect(&user.get(&format!("/records/comment/{}", said["id"])), 200)["version"].clone();
        assert_eq!(version(&mut author), said["version"]);

        // One note tells once, and what is taken back unread tells nothing.
        react(&mut petro, &said, "heart", true);
        assert_eq!(kinds(&mut author), ["reacted"]);
        react(&mut olena, &said, "party", false);
        assert!(last(&mut author)["text"].as_str().unwrap().ends_with("❤️"), "{}", last(&mut author));
        assert_eq!(react(&mut petro, &said, "heart", false), json!([]));
        assert_eq!(kinds(&mut author), Vec::<String>::new());
        react(&mut author, &said, "done", true);
        assert_eq!(kinds(&mut author), Vec::<String>::new(), "nobody hears of what he did himself");
        react(&mut petro, &said, "thumbs_up", true);
        let id = last(&mut author)["id"].clone();
        expect(&author.post("/session/notifications/read", &json!({ "ids": [id] })), 200);
        react(&mut petro, &said, "thumbs_up", false);
        react(&mut olena, &said, "eyes", true);
        assert_eq!((kinds(&mut author).len(), unread(&mut author)), (1, 0), "once for each note");

        let wrong = expect(
            &olena.post(&format!("/comments/{}/reactions", said["id"]), &json!({ "reaction": "🙂", "is_on": true })),
            422,
        );
        assert_eq!(field_errors(&wrong), [("/reaction".to_owned(), "unknown_option".to_owned())]);
        let body = json!({ "reaction": "heart", "is_on": true });
        expect(&stranger.post(&format!("/comments/{}/reactions", said["id"]), &body), 404);
        expect(&author.delete(&format!("/records/comment/{}", said["id"])), 200);
        expect(&olena.post(&format!("/comments/{}/reactions", said["id"]), &body), 404);
    });
}

#[test]
fn a_team_that_is_mentioned_hears_of_it_once_as_far_as_it_may_see() {
    for_each_app(|app| {
        let mut admin = app.administrator();
        let [mut author, mut olena, mut petro, mut other] = [(); 4].map(|()| app.with_user(Role::Employee));
        let values = json!({ "name": "Відділ продажу", "members": [author.id, olena.id, petro.id] });
        let team = make(&mut admin, "team", values)["id"].clone();
        let card = author.create_contact(with(person("Ковальчук"), "readers", json!([olena.id, other.id])));
        let said =
            note(&mut author, "record", &card, &format!("@[Відділ продажу](team:{team}) та {}", about(olena.id)));
        assert_eq!(kinds(&mut olena), ["mentioned"], "once, as one of the team and by name");
        assert_eq!(kinds(&mut petro), Vec::<String>::new(), "he may not see the card");
        assert_eq!((kinds(&mut other).len(), kinds(&mut author).len()), (0, 0));
        // A crowd does not follow: who is named himself does.
        assert_eq!(followers(&mut author, "contact", &card), [author.id, olena.id]);
        // An edit tells only whom it adds.
        let text =
            json!({ "text": format!("@[Відділ продажу](team:{team}), {} та {}", about(olena.id), about(other.id)) });
        change(&mut author, "comment", &said, text);
        assert_eq!((kinds(&mut olena).len(), kinds(&mut other).len()), (1, 1));
    });
}

#[test]
fn who_looks_on_hears_of_followers_and_reactions_and_nobody_else() {
    for_each_app(|app: &App| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let hidden = owner.create_contact(person("Прихована"));
        let open = owner.create_contact(with(person("Видима"), "visibility", json!("read")));
        let [unheard, heard] = [&hidden, &open].map(|card| note(&mut owner, "record", card, "Подзвонив"));
        let (mut to_stranger, mut to_owner) = (Events::open(&mut stranger, &[]), Events::open(&mut owner, &[]));
        for (card, note) in [(&hidden, &unheard), (&open, &heard)] {
            react(&mut owner, note, "heart", true);
            follow_self(&mut owner, "contact", card, false);
        }
        let told = |events: &mut Events| {
            let mut told = Vec::new();
            loop {
                let event = events.next().expect("the stream goes on");
                if ["followers", "reactions"].contains(&event.name.as_str()) {
                    told.push((event.name.clone(), event.data["ids"][0].clone()));
                    if event.name == "followers" && event.data["ids"][0] == open["id"] {
                        return told;
                    }
                }
            }
        };
        let seen = [("reactions".to_owned(), heard["id"].clone()), ("followers".to_owned(), open["id"].clone())];
        assert_eq!(told(&mut to_stranger), seen);
        assert_eq!(told(&mut to_owner).len(), 4);
    });
}

/// The titles of a list.
fn listed(user: &mut User, kind: &str, filter: &str) -> Vec<String> {
    let found = expect(&user.get(&format!("/records/{kind}?sort=id&filter={}", encoded(filter))), 200);
    found["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn lists_are_asked_for_what_one_follows() {
    for_each_app(|app| {
        let [mut olena, mut taras] = [(); 2].map(|()| app.with_user(Role::Supervisor));
        let [roof, gate, fence] = ["Дах", "Ворота", "Паркан"].map(|title| deal(&mut olena, json!({ "title": title })));
        follow_self(&mut olena, "deal", &roof, true);
        follow_self(&mut olena, "deal", &fence, true);
        follow_self(&mut olena, "deal", &fence, false);
        follow_self(&mut taras, "deal", &gate, true);
        // An id of another type, which he follows, is none of a deal.
        let task = make(&mut olena, "task", json!({ "title": "Подзвонити" }));
        follow_self(&mut olena, "task", &task, true);

        assert_eq!(listed(&mut olena, "deal", "followers has me"), ["Дах"]);
        assert_eq!(listed(&mut olena, "deal", "not followers has me"), ["Ворота", "Паркан"]);
        assert_eq!(listed(&mut olena, "deal", "followers has me or title = \"Паркан\""), ["Дах", "Паркан"]);
        assert_eq!(listed(&mut olena, "task", "followers has me"), ["Подзвонити"]);
        assert_eq!(listed(&mut taras, "deal", "followers has me and title contains \"в\""), ["Ворота"]);
        let count = expect(&olena.get(&format!("/records/deal/count?filter={}", encoded("followers has me"))), 200);
        assert_eq!(count["count"], 1);

        // Of others it says nothing: whom one hears of depends on who sees the card.
        for filter in
            [format!("followers has {}", taras.id), "followers is empty".into(), "followers has my_people".into()]
        {
            let answer = olena.get(&format!("/records/deal?filter={}", encoded(&filter)));
            let text = expect(&answer, 422).to_string();
            assert!(text.contains("only `followers has me` can be asked"), "{filter}: {text}");
        }
        // What nobody follows has no followers, and no rule of the base knows them.
        expect(&olena.get(&format!("/records/product?filter={}", encoded("followers has me"))), 422);
        let mut boss = app.administrator();
        let rule = json!({ "values": { "name": "Мої", "kind": "smart", "rule": "followers has me" } });
        expect(&boss.post("/records/group", &rule), 422);
        let past = format!("/records/deal?as_of=2020-01-01T00:00:00Z&filter={}", encoded("followers has me"));
        assert_eq!(
            field_errors(&expect(&olena.get(&past), 422)),
            [("/filter".to_owned(), "not_in_the_past".to_owned())]
        );

        // All that one follows is changed at once, and only that; also what changed between the reading and the writing is judged again.
        let body = json!({ "action": "update", "filter": "followers has me", "values": { "probability": 70 } });
        let started = expect(&olena.post("/records/deal/bulk", &body), 202);
        assert_eq!(olena.wait_for_job(&started["job"])["report"]["changed"], 1);
        assert_eq!(listed(&mut olena, "deal", "probability = 70"), ["Дах"]);
        let why = expect(&olena.get(&format!("{}/explain?filter={}", card(&roof), encoded("followers has me"))), 200);
        assert_eq!(why["holds"], true, "{why}");
        let why = expect(&olena.get(&format!("{}/explain?filter={}", card(&gate), encoded("followers has me"))), 200);
        assert_eq!(why["holds"], false, "{why}");
    });
}

fn card(deal: &Json) -> String {
    format!("/records/deal/{}", deal["id"])
}
