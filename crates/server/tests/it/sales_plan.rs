//! Sales goals beside facts (DL14, DL15), over HTTP: who sees and sets whose, and that the amounts are exact.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::access::give;
use crate::it::app::{User, encoded, expect, field_errors};
use crate::it::deal_lines::{for_each_day, make, money};

fn plan(user: &mut User, query: &str) -> Json {
    expect(&user.get(&format!("/sales-plan?{query}")), 200)
}

fn row<'a>(plan: &'a Json, of: &str, id: i64) -> Option<&'a Json> {
    let rows = plan["rows"].as_array().unwrap();
    rows.iter().find(|row| row["of"]["type"] == of && row["of"]["id"] == json!(id))
}

fn goal(person: i64, month: &str, amount: i64) -> Json {
    json!({ "values": { "person": person, "month": month, "amount": money(amount, "UAH") } })
}

#[test]
fn a_goal_stands_beside_what_was_won_and_what_may_come() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let mut seller = app.with_user(Role::Employee);
        let deal = |user: &mut User, values: Json| make(user, "deal", values);
        deal(&mut seller, json!({ "title": "A", "stage": "won", "budget": money(10_001, "UAH") }));
        deal(&mut seller, json!({ "title": "B", "stage": "won", "budget": money(333, "USD") }));
        deal(&mut seller, json!({ "title": "C", "stage": "won", "budget": money(5, "PLN") }));
        let open = json!({ "title": "D", "stage": "qualified", "expected_close": "2026-11-30", "budget": money(10_001, "UAH") });
        deal(&mut seller, open);
        let later =
            json!({ "title": "E", "stage": "qualified", "expected_close": "2026-12-01", "budget": money(500, "UAH") });
        deal(&mut seller, later);
        deal(&mut admin, json!({ "title": "F", "stage": "won", "budget": money(7_000, "UAH") }));
        let dollar = expect(&admin.get(&format!("/records/currency?filter={}", encoded("code = \"USD\""))), 200);
        let rate = json!({ "currency": dollar["items"][0]["id"], "date": "2026-11-01", "rate": "41.255" });
        make(&mut admin, "currency_rate", rate);
        // Any day of the month is the month.
        let made = expect(&admin.post("/records/sales_goal", &goal(seller.id, "2026-11-17", 50_000)), 201);
        assert_eq!(
            (&made["record"]["values"]["month"], &made["record"]["title"]),
            (&json!("2026-11-01"), &json!("2026-11"))
        );

        let seen = plan(&mut admin, "from=2026-11&to=2026-12");
        assert_eq!((&seen["currency"], &seen["months"]), (&json!("UAH"), &json!(["2026-11", "2026-12"])));
        let months = &row(&seen, "user", seller.id).unwrap()["months"];
        assert_eq!(months[0]["planned"], json!(50_000));
        // 3.33 dollars by 41.255 are 137.37915: rounded once, half away from zero. The zloty has no rate.
        assert_eq!(months[0]["won"], json!({ "count": 3, "amount": 10_001 + 13_738 }));
        assert_eq!(months[0]["unrated"], json!(["PLN"]));
        assert_eq!(months[0]["open"], json!({ "count": 1, "amount": 10_001, "weighted": 5_001 }));
        assert_eq!((&months[1]["goal"], &months[1]["open"]["weighted"]), (&Json::Null, &json!(250)));
        assert_eq!(row(&seen, "user", admin.id).unwrap()["months"][0]["won"]["amount"], json!(7_000));

        // His own line, as on his day.
        let own = plan(&mut seller, "from=2026-11&to=2026-11&mine=true");
        assert_eq!(own["rows"].as_array().unwrap().len(), 1);
        let own = row(&own, "user", seller.id).unwrap();
        assert_eq!((&own["can_edit"], &own["months"][0]["planned"]), (&json!(false), &json!(50_000)));
        assert_eq!(own["months"][0]["won"]["count"], json!(3));

        for (query, member) in [
            ("from=2026-13&to=2026-13", "/from"),
            ("from=2026-11&to=2026-10", "/to"),
            ("from=2024-01&to=2026-01", "/to"),
        ] {
            let refused = expect(&admin.get(&format!("/sales-plan?{query}")), 422);
            assert_eq!(field_errors(&refused)[0].0, member, "{query}");
        }
    });
}

#[test]
fn heads_plan_for_their_people_and_others_see_their_own() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let (mut head, mut seller, stranger) =
            (app.with_user(Role::Supervisor), app.with_user(Role::Employee), app.with_user(Role::Employee));
        give(&mut admin, &seller, json!({ "head": head.id }));
        let team = json!({ "name": "Північ", "members": [seller.id, stranger.id] });
        let (team, _) = make(&mut admin, "team", team);
        make(&mut seller, "deal", json!({ "title": "A", "stage": "won", "budget": money(100, "UAH") }));

        let made = expect(&head.post("/records/sales_goal", &goal(seller.id, "2026-11-01", 1_000)), 201);
        let path = format!("/records/sales_goal/{}", made["record"]["id"]);
        expect(&head.patch(&path, &json!({ "values": { "amount": money(2_000, "UAH"), "deals": 3 } })), 200);
        assert_eq!(head.post("/records/sales_goal", &goal(stranger.id, "2026-11-01", 1)).status, 403);
        assert_eq!(seller.post("/records/sales_goal", &goal(seller.id, "2026-12-01", 1)).status, 403);
        assert_eq!(seller.patch(&path, &json!({ "values": { "deals": 1 } })).status, 403);
        let twice = expect(&admin.post("/records/sales_goal", &goal(seller.id, "2026-11-30", 1)), 422);
        assert_eq!(field_errors(&twice), [("/values/month".to_owned(), "goal_exists".to_owned())]);
        let nobody = json!({ "values": { "month": "2026-11-01", "amount": money(1, "UAH") } });
        let nobody = expect(&admin.post("/records/sales_goal", &nobody), 422);
        assert_eq!(field_errors(&nobody), [("/values/person".to_owned(), "required".to_owned())]);
        let both = json!({ "values": { "person": seller.id, "team": team["id"], "month": "2026-11-01" } });
        let both = expect(&admin.post("/records/sales_goal", &both), 422);
        assert_eq!(field_errors(&both), [("/values/team".to_owned(), "one_of_several".to_owned())]);
        let negative = expect(&admin.post("/records/sales_goal", &goal(stranger.id, "2026-11-01", -1)), 422);
        assert_eq!(field_errors(&negative)[0].1, "out_of_range");
        let of_team = json!({ "values": { "team": team["id"], "month": "2026-11-01", "amount": money(9_000, "UAH") } });
        expect(&admin.post("/records/sales_goal", &of_team), 201);

        let team_id = team["id"].as_i64().unwrap();
        let now = "from=2026-11&to=2026-11";
        let seen = plan(&mut head, now);
        let of_seller = row(&seen, "user", seller.id).unwrap();
        assert_eq!((&of_seller["can_edit"], &of_seller["months"][0]["planned"]), (&json!(true), &json!(2_000)));
        assert_eq!(of_seller["months"][0]["goal"]["deals"], json!(3));
        assert!(row(&seen, "user", stranger.id).is_none() && row(&seen, "team", team_id).is_none());

        let seen = plan(&mut seller, now);
        assert!(row(&seen, "user", seller.id).is_some() && row(&seen, "user", stranger.id).is_none());
        let of_team = row(&seen, "team", team_id).unwrap();
        assert_eq!((&of_team["can_edit"], &of_team["months"][0]["planned"]), (&json!(false), &json!(9_000)));
        assert_eq!(of_team["months"][0]["won"], json!({ "count": 1, "amount": 100 }), "of its members together");

        let seen = plan(&mut admin, &format!("{now}&team={team_id}"));
        let rows = seen["rows"].as_array().unwrap();
        assert_eq!(rows.len(), 3, "the team and its people");
        assert!(row(&seen, "user", head.id).is_none());
    });
}

/// A grid is pasted as cells of a spreadsheet are: goals that are there change, others are made, all as one operation.
#[test]
fn many_goals_are_one_operation() {
    for_each_day(|app| {
        let mut admin = app.administrator();
        let one = expect(&admin.post("/records/sales_goal", &goal(admin.id, "2026-01-01", 1)), 201);
        let cells = json!({ "rows": [
            { "id": one["record"]["id"], "values": { "amount": money(10, "UAH") } },
            { "id": -1, "values": { "person": admin.id, "month": "2026-02-01", "amount": money(20, "UAH") } },
            { "id": -2, "values": { "person": admin.id, "month": "2026-03-01", "amount": money(30, "UAH") } },
        ] });
        let written = expect(&admin.post("/records/sales_goal/cells", &cells), 200);
        assert_eq!(written["problems"], json!([]));
        let of = |plan: &Json, id: i64| -> Vec<Json> {
            let months = row(plan, "user", id).unwrap()["months"].as_array().unwrap().clone();
            months.iter().map(|month| month["planned"].clone()).collect()
        };
        let id = admin.id;
        assert_eq!(of(&plan(&mut admin, "from=2026-01&to=2026-03"), id), [json!(10), json!(20), json!(30)]);
        expect(&admin.post(&format!("/operations/{}/undo", written["operation_id"]), &json!({})), 200);
        assert_eq!(of(&plan(&mut admin, "from=2026-01&to=2026-03"), id), [json!(1), Json::Null, Json::Null]);
    });
}
