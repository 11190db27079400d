//! Deals in figures over HTTP: what the open ones come to by their chance, by currency and rate, and by whose they are.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{User, encoded, expect};
use crate::it::deal_lines::{for_each_day, make, money};

fn rate(user: &mut User) {
    let found = expect(&user.get(&format!("/records/currency?filter={}", encoded("code = \"USD\""))), 200);
    let rate = json!({ "currency": found["items"][0]["id"], "date": "2026-11-01", "rate": "41.25" });
    make(user, "currency_rate", rate);
}

fn figures(user: &mut User, by: &str, filter: &str) -> Vec<Json> {
    let path = format!("/records/deal/figures?by={by}&sum=budget&filter={}", encoded(filter));
    expect(&user.get(&path), 200)["groups"].as_array().unwrap().clone()
}

#[test]
fn amounts_count_by_their_chance_and_rate() {
    for_each_day(|app| {
        let mut user = app.administrator();
        for (stage, amount, currency) in
            [("qualified", 10_001, "UAH"), ("proposal", 10_000, "USD"), ("needs", 333, "PLN")]
        {
            make(&mut user, "deal", json!({ "title": stage, "stage": stage, "budget": money(amount, currency) }));
        }
        make(&mut user, "deal", json!({ "title": "Без суми", "stage": "needs" }));
        let sums = |user: &mut User| expect(&user.get("/records/deal/sums?fields=budget"), 200)["sums"][0].clone();
        let before = sums(&mut user);
        // 50 % of 100.01; what has no rate is in neither total.
        assert_eq!((&before["converted"]["amount"], &before["converted"]["weighted"]), (&json!(10_001), &json!(5_001)));
        assert_eq!((&before["weighted_by"], before["missing"].as_array().unwrap().len()), (&json!("probability"), 2));
        rate(&mut user);
        let after = sums(&mut user);
        assert_eq!(
            (&after["converted"]["amount"], &after["converted"]["weighted"]),
            (&json!(10_001 + 412_500), &json!(5_001 + 309_375))
        );

        let stages = figures(&mut user, "stage", "all");
        let shown: Vec<(&str, &Json, &Json, &Json)> = stages
            .iter()
            .map(|group| {
                let total = &group["total"]["converted"];
                (group["option"].as_str().unwrap(), &group["count"], &total["amount"], &total["weighted"])
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("needs", &json!(2), &Json::Null, &Json::Null),
                ("proposal", &json!(1), &json!(412_500), &json!(309_375)),
                ("qualified", &json!(1), &json!(10_001), &json!(5_001)),
            ]
        );
        assert_eq!(stages[0]["total"]["missing"][0]["currency"], "PLN");
        expect(&user.get("/records/deal/figures?by=title&sum=budget"), 422);
        expect(&user.get("/records/deal/figures?by=stage&sum=title"), 422);
    });
}

#[test]
fn each_manager_has_his_figures_of_what_the_reader_sees() {
    for_each_day(|app| {
        let (mut first, mut second) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        make(&mut first, "deal", json!({ "title": "A", "stage": "won", "budget": money(100, "UAH") }));
        make(&mut first, "deal", json!({ "title": "B", "stage": "won", "budget": money(300, "UAH") }));
        let lost = json!({ "title": "C", "stage": "lost", "lost_reason": "price", "budget": money(50, "UAH") });
        make(&mut second, "deal", lost);
        make(&mut second, "deal", json!({ "title": "D", "visibility": "private", "budget": money(1_000, "UAH") }));
        let count = |user: &mut User, filter: &str| -> Vec<(Json, Json, Json)> {
            let groups = figures(user, "responsible", filter);
            let row = |group: &Json| {
                (
                    group["reference"]["id"].clone(),
                    group["count"].clone(),
                    group["total"]["converted"]["amount"].clone(),
                )
            };
            groups.iter().map(row).collect()
        };
        let (one, two) = (json!(first.id), json!(second.id));
        let period = "closed_on >= 2026-11-01 and stage.meaning = won";
        assert_eq!(count(&mut first, period), [(one.clone(), json!(2), json!(400))]);
        assert_eq!(count(&mut first, "stage.meaning = lost"), [(two.clone(), json!(1), json!(50))]);
        assert!(count(&mut first, "stage.meaning = open").is_empty(), "of a deal that he does not see nothing is told");
        assert_eq!(count(&mut second, "stage.meaning = open"), [(two, json!(1), json!(1_000))]);
        let created = count(&mut first, "created_at >= 2026-11-23");
        assert_eq!(created.len(), 2);
        assert!(figures(&mut first, "responsible", "all")[0]["reference"]["title"].is_string());
    });
}
