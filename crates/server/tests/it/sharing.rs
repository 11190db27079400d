//! Who sees what: contacts are private to their managers unless they are shared (CB14), in every way of asking.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{encoded, expect, for_each_app};
use crate::it::person::{person, phone, with};

#[test]
fn a_private_contact_does_not_exist_for_others() {
    for_each_app(|app| {
        let (mut owner, mut stranger, mut head) =
            (app.with_user(Role::Employee), app.with_user(Role::Employee), app.with_user(Role::Supervisor));
        let contact = owner.create_contact(with(person("Прихована"), "channels", phone("067 440 12 85")));
        let path = format!("/records/contact/{}", contact["id"]);

        for refused in [
            stranger.get(&path),
            stranger.patch(&path, &json!({ "values": { "remark": "x" } })),
            stranger.delete(&path),
            stranger.get(&format!("{path}/history")),
        ] {
            assert_eq!(expect(&refused, 404)["code"], "not_found");
        }
        assert_eq!(stranger.contact_ids(""), Vec::<i64>::new());
        assert_eq!(
            stranger.contact_ids(&format!("filter={}", encoded("last_name = \"Прихована\""))),
            Vec::<i64>::new()
        );
        assert_eq!(stranger.contact_ids("search=4401285"), Vec::<i64>::new());
        assert_eq!(expect(&stranger.get("/records/contact/count"), 200)["count"], 0);
        assert_eq!(expect(&stranger.get(&format!("/search?q={}", encoded("прихов"))), 200)["items"], json!([]));

        assert_eq!(expect(&owner.get(&path), 200)["id"], contact["id"]);
        assert_eq!(expect(&head.get(&path), 200)["id"], contact["id"]);
    });
}

#[test]
fn sharing_opens_reading_or_writing() {
    for_each_app(|app| {
        let (mut owner, mut colleague) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let contact = owner.create_contact(with(person("Спільна"), "visibility", json!("read")));
        let path = format!("/records/contact/{}", contact["id"]);
        assert_eq!(expect(&colleague.get(&path), 200)["can_edit"], false);
        assert_eq!(expect(&colleague.patch(&path, &json!({ "values": { "remark": "x" } })), 403)["code"], "forbidden");

        expect(&owner.patch(&path, &json!({ "values": { "visibility": "write" } })), 200);
        let changed = expect(&colleague.patch(&path, &json!({ "values": { "remark": "Дзвонити зранку" } })), 200);
        assert_eq!(changed["record"]["values"]["remark"], "Дзвонити зранку");
        expect(&colleague.delete(&path), 403);

        // A manager more is another one who may do everything.
        let managers = json!([owner.id, colleague.id]);
        expect(&owner.patch(&path, &json!({ "values": { "visibility": "private", "managers": managers } })), 200);
        expect(&colleague.delete(&path), 200);
    });
}
