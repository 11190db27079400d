//! Groups and tags: manual members, rules, the tree, who may shape them (GS01–GS05, GS08–GS10, N6).

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect, field_errors, for_each_app};
use crate::it::person::{person, with};

fn group(user: &mut User, values: Json) -> i64 {
    expect(&user.post("/records/group", &json!({ "values": values })), 201)["record"]["id"].as_i64().unwrap()
}

fn smart(user: &mut User, name: &str, rule: &str) -> i64 {
    group(user, json!({ "name": name, "kind": "smart", "rule": rule }))
}

/// The names of the contacts in the groups of a filter, sorted.
fn members(user: &mut User, filter: &str) -> Vec<String> {
    let page = expect(&user.get(&format!("/records/contact?sort=name&filter={}", encoded(filter))), 200);
    page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

fn in_group(id: i64) -> String {
    format!("groups has {id}")
}

#[test]
fn a_contact_is_in_many_groups_and_a_group_has_those_of_the_groups_below() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let regions = group(&mut user, json!({ "name": "Регіони" }));
        let west = group(&mut user, json!({ "name": "Захід", "parent": regions }));
        let lviv = group(&mut user, json!({ "name": "Львів", "parent": west }));
        let dealers = group(&mut user, json!({ "name": "Дилери" }));
        user.create_contact(with(person("Антон"), "groups", json!([lviv, dealers])));
        user.create_contact(with(person("Богдан"), "groups", json!([west])));
        user.create_contact(person("Віктор"));
        assert_eq!(members(&mut user, &in_group(regions)), ["Антон", "Богдан"]);
        assert_eq!(members(&mut user, &in_group(lviv)), ["Антон"]);
        assert_eq!(members(&mut user, &format!("groups has all ({dealers}, {west})")), ["Антон"]);
        assert_eq!(members(&mut user, &format!("not groups has {regions}")), ["Віктор"]);

        // A branch that moves takes its members along; a tree stays a tree.
        expect(&user.patch(&format!("/records/group/{west}"), &json!({ "values": { "parent": null } })), 200);
        assert!(members(&mut user, &in_group(regions)).is_empty());
        expect(&user.patch(&format!("/records/group/{west}"), &json!({ "values": { "parent": lviv } })), 422);
        // A deleted group is out of the filter language's way until it comes back.
        expect(&user.delete(&format!("/records/group/{lviv}")), 200);
        assert_eq!(members(&mut user, &in_group(west)), ["Богдан"]);
        expect(&user.post(&format!("/records/group/{lviv}/restore"), &json!({})), 200);
        assert_eq!(members(&mut user, &in_group(west)), ["Антон", "Богдан"]);
    });
}

#[test]
fn a_smart_group_follows_every_change_at_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let hot = smart(&mut user, "Гарячі", "warmth = hot");
        let anton = user.create_contact(with(person("Антон"), "warmth", json!("hot")));
        let bohdan = user.create_contact(person("Богдан"));
        assert_eq!(members(&mut user, &in_group(hot)), ["Антон"]);

        let path = format!("/records/contact/{}", bohdan["id"]);
        let changed = expect(&user.patch(&path, &json!({ "values": { "warmth": "hot" } })), 200);
        assert_eq!(members(&mut user, &in_group(hot)), ["Антон", "Богдан"]);
        expect(&user.post(&format!("/operations/{}/undo", changed["operation_id"]), &json!({})), 200);
        assert_eq!(members(&mut user, &in_group(hot)), ["Антон"]);

        // Another rule has other members at once, and the old ones when it is undone.
        let group = format!("/records/group/{hot}");
        let changed = expect(&user.patch(&group, &json!({ "values": { "rule": "warmth is empty" } })), 200);
        assert_eq!(members(&mut user, &in_group(hot)), ["Богдан"]);
        expect(&user.post(&format!("/operations/{}/undo", changed["operation_id"]), &json!({})), 200);
        assert_eq!(members(&mut user, &in_group(hot)), ["Антон"]);

        // Above it, and through the rule of another group.
        let above = group_above(&mut user, hot);
        let by_group = smart(&mut user, "Через групу", &format!("groups has {above} and name contains \"анто\""));
        assert_eq!(members(&mut user, &in_group(above)), ["Антон"]);
        assert_eq!(members(&mut user, &in_group(by_group)), ["Антон"]);

        // The card says so, and why.
        let sets = expect(&user.get(&format!("/records/contact/{}/sets", anton["id"])), 200);
        let titles: Vec<&str> =
            sets["items"].as_array().unwrap().iter().map(|set| set["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Гарячі", "Усі гарячі", "Через групу"]);
        assert_eq!(expect(&user.get(&format!("{path}/sets")), 200)["items"], json!([]));
        let why =
            expect(&user.get(&format!("{path}/explain?filter={}", encoded("warmth = cold or name = \"Богдан\""))), 200);
        assert_eq!(
            (&why["holds"], &why["or"][0]["holds"], &why["or"][1]["holds"]),
            (&json!(true), &json!(false), &json!(true))
        );

        // Everything that takes a filter takes groups: bulk work too.
        let body = json!({ "action": "update", "filter": in_group(hot), "values": { "remark": "гарячий" } });
        let started = expect(&user.post("/records/contact/bulk", &body), 202);
        assert_eq!(user.wait_for_job(&started["job"])["report"]["changed"], 1);
    });
}

/// A group with another one inside.
fn group_above(user: &mut User, inner: i64) -> i64 {
    let above = group(user, json!({ "name": "Усі гарячі" }));
    expect(&user.patch(&format!("/records/group/{inner}"), &json!({ "values": { "parent": above } })), 200);
    above
}

#[test]
fn rules_that_lead_nowhere_are_refused_or_have_no_members() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for (rule, code) in [("warmth =", "filter_invalid"), ("colour = red", "filter_invalid"), ("", "required")] {
            let values = json!({ "name": "Група", "kind": "smart", "rule": rule });
            let refused = expect(&user.post("/records/group", &json!({ "values": values })), 422);
            assert_eq!(field_errors(&refused), [("/values/rule".to_owned(), code.to_owned())], "{rule}");
        }
        // A group that is its own condition adds nobody, and neither do two that lead to each other.
        user.create_contact(with(person("Антон"), "warmth", json!("hot")));
        let first = smart(&mut user, "Перша", "warmth = cold");
        let second = smart(&mut user, "Друга", &format!("groups has {first}"));
        let rule = json!({ "values": { "rule": format!("groups has {second} or groups has {first}") } });
        expect(&user.patch(&format!("/records/group/{first}"), &rule), 200);
        assert!(members(&mut user, &in_group(first)).is_empty());
        assert!(members(&mut user, &in_group(second)).is_empty());
        // Nobody is put into a group that a rule fills.
        let values = with(person("Богдан"), "groups", json!([first]));
        let refused = expect(&user.post("/records/contact", &json!({ "values": values })), 422);
        assert_eq!(field_errors(&refused), [("/values/groups".to_owned(), "unknown_record".to_owned())]);
    });
}

#[test]
fn employees_use_groups_and_make_tags_but_do_not_shape_them() {
    for_each_app(|app| {
        let (mut administrator, mut employee) = (app.administrator(), app.with_user(Role::Employee));
        let hot = smart(&mut administrator, "Гарячі", "warmth = hot");
        administrator.create_contact(with(person("Чужий"), "warmth", json!("hot")));
        employee.create_contact(with(person("Свій"), "warmth", json!("hot")));
        // A rule opens nothing that is private.
        assert_eq!(members(&mut employee, &in_group(hot)), ["Свій"]);
        expect(&employee.post("/records/group", &json!({ "values": { "name": "Нова" } })), 403);
        expect(&employee.patch(&format!("/records/group/{hot}"), &json!({ "values": { "name": "Інша" } })), 403);

        let tag =
            expect(&employee.post("/records/tag", &json!({ "values": { "name": "VIP" } })), 201)["record"].clone();
        let refused = expect(&employee.post("/records/tag", &json!({ "values": { "name": " vip" } })), 422);
        assert_eq!(field_errors(&refused), [("/values/name".to_owned(), "name_taken".to_owned())]);
        expect(&employee.patch(&format!("/records/tag/{}", tag["id"]), &json!({ "values": { "name": "x" } })), 403);
        employee.create_contact(with(person("Важливий"), "tags", json!([tag["id"]])));
        assert_eq!(members(&mut employee, &format!("tags has {}", tag["id"])), ["Важливий"]);
        assert_eq!(members(&mut employee, &format!("not tags has {}", tag["id"])), ["Свій"]);
    });
}

#[test]
fn rules_that_multiply_each_other_are_refused_at_once() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let mut inner = smart(&mut user, "0", "warmth = hot");
        for level in 1..4 {
            let rule = vec![format!("groups has {inner}"); 10].join(" or ");
            let values = json!({ "name": level.to_string(), "kind": "smart", "rule": rule });
            let answer = user.post("/records/group", &json!({ "values": values }));
            if level == 3 {
                let refused = expect(&answer, 422);
                assert_eq!(field_errors(&refused), [("/values/rule".to_owned(), "filter_invalid".to_owned())]);
            } else {
                inner = expect(&answer, 201)["record"]["id"].as_i64().unwrap();
            }
        }
        // A parent above many honest rules says so too, instead of breaking the list.
        let above = group(&mut user, json!({ "name": "Усі міста" }));
        for number in 0..3 {
            let rule: Vec<String> = (0..150).map(|at| format!("addresses.city = \"{number}-{at}\"")).collect();
            let values =
                json!({ "name": format!("М{number}"), "kind": "smart", "rule": rule.join(" or "), "parent": above });
            group(&mut user, values);
        }
        let refused = user.get(&format!("/records/contact?filter={}", encoded(&in_group(above))));
        assert_eq!(expect(&refused, 422)["code"], "filter_invalid");
        expect(&user.get("/records/contact"), 200);
    });
}

#[test]
fn many_groups_are_counted_in_one_request_by_the_rights_of_who_asks() {
    for_each_app(|app| {
        let (mut owner, mut stranger) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        owner.create_contact(with(person("Відкрита"), "visibility", json!("read")));
        owner.create_contact(person("Прихована"));
        let filters = json!(["kind = person", "kind = company", "last_name = \"Прихована\""]);
        let counts = |user: &mut User, filters: &Json| -> Vec<Json> {
            let answer = expect(&user.post("/records/contact/counts", &json!({ "filters": filters })), 200);
            answer["counts"].as_array().unwrap().clone()
        };
        let numbers = |counts: &[Json]| counts.iter().map(|count| count["count"].as_i64().unwrap()).collect::<Vec<_>>();
        let own = counts(&mut owner, &filters);
        assert_eq!(numbers(&own), [2, 0, 1]);
        assert!(own.iter().all(|count| count["is_capped"] == false));
        assert_eq!(numbers(&counts(&mut stranger, &filters)), [1, 0, 0]);
        assert_eq!(counts(&mut owner, &json!([])), Vec::<Json>::new());

        // What he may read he may not delete yet.
        owner.create_contact(with(person("Спільна"), "visibility", json!("write")));
        for (may, expected) in [("see", 2), ("change", 1), ("delete", 0)] {
            let asked = json!({ "filters": ["kind = person"], "may": may });
            let answer = expect(&stranger.post("/records/contact/counts", &asked), 200);
            assert_eq!(answer["counts"][0]["count"], expected, "{may}");
            let answer = expect(&owner.post("/records/contact/counts", &asked), 200);
            assert_eq!(answer["counts"][0]["count"], 3, "{may}");
        }

        let wrong = owner.post("/records/contact/counts", &json!({ "filters": ["kind = person", "shoe = 1"] }));
        assert_eq!(expect(&wrong, 422)["code"], "filter_invalid");
        let too_many: Vec<&str> = vec!["kind = person"; 101];
        let refused = expect(&owner.post("/records/contact/counts", &json!({ "filters": too_many })), 422);
        assert_eq!(refused["errors"][0]["code"], "too_many_values");
    });
}
