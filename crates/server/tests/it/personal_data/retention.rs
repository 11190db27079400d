//! Retention rules: what is due by the rule and kept by nothing is gone, nothing else is, and a legal hold wins.

use std::fmt::Write as _;

use modules::personal_data::retention::start_due;
use record_engine::query::load_records;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};

use super::restricted::restrict;
use crate::it::app::{App, User, encoded, expect, field_errors, until};
use crate::it::non_interference::Dice;
use crate::it::person::{person, with};

const DAY_MS: i64 = 86_400_000;
/// 2026-11-23T08:00:00Z.
const NOW: i64 = 1_795_420_800_000;
const PATH: &str = "/personal-data/retention";

fn for_each_still_app(test: impl Fn(&App, &Clock)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        test(&App::with_clock(database, clock.clone()), &clock);
    });
}

fn rule(basis: &str, days: i64, action: &str) -> Json {
    json!({
        "name": "Давні гарячі", "object_type": "contact", "filter": "warmth = hot", "basis": basis, "period": days, "unit": "days",
        "action": action,
    })
}

/// Makes a rule, looks at what it reaches and switches it on; gives its path.
fn switched_on(user: &mut User, rule: &Json) -> String {
    let made = expect(&user.post(PATH, rule), 201);
    let path = format!("{PATH}/{}", made["id"]);
    expect(&user.post(&format!("{path}/dry-run"), &json!({})), 200);
    expect(&user.post(&format!("{path}/switch"), &json!({ "is_active": true })), 200);
    path
}

/// Lets a night come and gives the report of its only run.
fn night(app: &App, clock: &Clock, user: &mut User) -> Json {
    clock.advance(DAY_MS);
    assert_eq!(start_due(&app.engine).unwrap(), 1);
    // Another process that comes later finds the night taken.
    assert_eq!(start_due(&app.engine).unwrap(), 0);
    let mut run = Json::Null;
    until(|| {
        run = expect(&user.get(&format!("{PATH}/runs")), 200)["items"][0].clone();
        run["finished_at"].is_string()
    });
    run
}

/// A contact as the test knows it.
struct Known {
    id: i64,
    is_hot: bool,
    created_at: i64,
    active_at: i64,
    kept_by: Option<&'static str>,
}

/// Contacts of many ages; some are changed or written to later, some are kept by something.
fn people(app: &App, clock: &Clock, dice: &mut Dice) -> Vec<Known> {
    let mut known = Vec::new();
    let mut admin = app.administrator();
    let accounts = [app.with_user(Role::Employee), app.with_user(Role::Employee)];
    let users = expect(&admin.get("/records/user?sort=-id&limit=2"), 200);
    assert_eq!(accounts.len(), 2);
    let mut free: Vec<Json> = users["items"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
    for place in 0..24 {
        clock.advance(DAY_MS);
        let is_hot = !dice.one_in(4);
        let values = with(person(&format!("Особа {place}")), "warmth", json!(if is_hot { "hot" } else { "cold" }));
        let made = admin.create_contact(values);
        let path = format!("/records/contact/{}", made["id"]);
        let kept_by = match dice.below(6) {
            0 => {
                expect(&admin.patch(&path, &json!({ "values": { "legal_hold": true } })), 200);
                Some("held")
            }
            1 => {
                restrict(&mut admin, &made);
                Some("restricted")
            }
            2 if !free.is_empty() => {
                expect(&admin.patch(&path, &json!({ "values": { "employee_user": free.pop() } })), 200);
                Some("staff")
            }
            _ => None,
        };
        let at = clock.now_ms();
        known.push(Known { id: made["id"].as_i64().unwrap(), is_hot, created_at: at, active_at: at, kept_by });
    }
    for one in &mut known {
        clock.advance(DAY_MS);
        match dice.below(4) {
            0 => {
                let values = json!({ "values": { "remark": format!("оновлено {}", one.id) } });
                expect(&admin.patch(&format!("/records/contact/{}", one.id), &values), 200);
                one.active_at = clock.now_ms();
            }
            1 => {
                let values = json!({ "values": { "record": one.id, "text": "дзвонив" } });
                expect(&admin.post("/records/comment", &values), 201);
                one.active_at = clock.now_ms();
            }
            _ => {}
        }
    }
    known
}

/// Whether a contact is gone, and its version.
fn state(app: &App, id: i64) -> (bool, i64) {
    let contacts = app.engine.snapshot().object_type("contact").unwrap();
    let found =
        app.engine.database().read(|tx| load_records(tx, &contacts, &[id], false)).unwrap().remove(&id).unwrap();
    (found.deleted_at.is_some() || found.erased_at.is_some(), found.version)
}

fn what_is_due_is_gone_and_nothing_else(basis: &str, action: &str, seeds: std::ops::Range<u64>) {
    for seed in seeds {
        for_each_still_app(|app, clock| {
            let known = people(app, clock, &mut Dice::of(&[seed, 2_026]));
            let mut admin = app.administrator();
            let days = 12 + i64::try_from(seed).unwrap() * 7;
            let path = switched_on(&mut admin, &rule(basis, days, action));
            let before: Vec<(bool, i64)> = known.iter().map(|one| state(app, one.id)).collect();
            let cutoff = clock.now_ms() + DAY_MS - days * DAY_MS;
            let is_over =
                |one: &Known| one.is_hot && cutoff > if basis == "activity" { one.active_at } else { one.created_at };

            let run = night(app, clock, &mut admin);

            let mut expected = json!({ "held": 0, "restricted": 0, "staff": 0, "blocked": 0 });
            let mut done = 0;
            for (one, before) in known.iter().zip(&before) {
                let after = state(app, one.id);
                match one.kept_by {
                    None if is_over(one) => {
                        assert!(after.0, "seed {seed}: {} is due and still there", one.id);
                        done += 1;
                    }
                    kept_by => {
                        assert_eq!(after, *before, "seed {seed}: {} is not due, or kept by {kept_by:?}", one.id);
                        if let Some(why) = kept_by.filter(|_| is_over(one)) {
                            expected[why] = json!(expected[why].as_i64().unwrap() + 1);
                        }
                    }
                }
            }
            assert!(done > 0 && done < known.len(), "seed {seed} tells nothing: {done}");
            assert_eq!(
                (&run["done"], &run["left"], &run["is_complete"]),
                (&json!(done), &expected, &json!(true)),
                "{run}"
            );
            let told = expect(&admin.get("/audit?kinds=retention_applied"), 200);
            assert_eq!(told["items"][0]["details"]["count"], json!(done), "{told}");
            if action == "erase" {
                let acts = expect(&admin.get("/personal-data/acts"), 200);
                assert_eq!(acts["items"][0]["cause"], "retention");
                assert_eq!(acts["items"][0]["records"].as_array().unwrap().len(), done);
            } else {
                // A mistake can be taken back.
                let undone = expect(&admin.post(&format!("/operations/{}/undo", run["operation_id"]), &json!({})), 200);
                assert_eq!(undone["undone"], json!(done));
            }
            expect(&admin.post(&format!("{path}/switch"), &json!({ "is_active": false })), 200);
            clock.advance(DAY_MS);
            assert_eq!(start_due(&app.engine).unwrap(), 0, "a rule that is off works no more");
        });
    }
}

#[test]
fn what_is_due_goes_to_the_trash_and_nothing_else() {
    what_is_due_is_gone_and_nothing_else("activity", "trash", 0..2);
    what_is_due_is_gone_and_nothing_else("creation", "trash", 2..3);
}

#[test]
fn what_is_due_is_erased_and_nothing_else() {
    what_is_due_is_gone_and_nothing_else("activity", "erase", 1..2);
    what_is_due_is_gone_and_nothing_else("creation", "erase", 3..4);
}

#[test]
fn a_rule_is_off_until_somebody_has_seen_what_it_reaches() {
    for_each_still_app(|app, clock| {
        let mut admin = app.administrator();
        let old = admin.create_contact(with(person("Давня"), "warmth", json!("hot")));
        clock.advance(20 * DAY_MS);
        let mut admin_later = app.administrator();
        let admin = &mut admin_later;
        admin.create_contact(with(person("Нова"), "warmth", json!("hot")));
        for (field, value, code) in [
            ("name", json!(" "), "required"),
            ("period", json!(0), "out_of_range"),
            ("object_type", json!("comment"), "unknown_object_type"),
            ("filter", json!("nonsense = 1"), "filter_invalid"),
        ] {
            let mut wrong = rule("activity", 10, "trash");
            wrong[field] = value;
            let refused = expect(&admin.post(PATH, &wrong), 422);
            assert_eq!(field_errors(&refused), [(format!("/values/{field}"), code.to_owned())]);
        }
        let made = expect(&admin.post(PATH, &rule("activity", 10, "trash")), 201);
        assert_eq!((&made["is_active"], &made["checked_at"]), (&json!(false), &Json::Null));
        let path = format!("{PATH}/{}", made["id"]);
        let refused = expect(&admin.post(&format!("{path}/switch"), &json!({ "is_active": true })), 409);
        assert_eq!(refused["code"], "dry_run_missing");

        let reach = expect(&admin.post(&format!("{path}/dry-run"), &json!({})), 200);
        assert_eq!((&reach["count"], &reach["is_capped"]), (&json!(1), &json!(false)), "{reach}");
        assert_eq!(reach["examples"][0]["id"], old["id"]);
        let listed = admin.contact_ids(&format!("filter={}", encoded(reach["list_filter"].as_str().unwrap())));
        assert_eq!(json!(listed), json!([old["id"]]));
        assert!(!state(app, old["id"].as_i64().unwrap()).0, "a dry run removes nothing");
        expect(&admin.post(&format!("{path}/switch"), &json!({ "is_active": true })), 200);

        // Another name is nothing; another time is another rule.
        let mut changed = rule("activity", 10, "trash");
        changed["name"] = json!("Інша назва");
        assert_eq!(expect(&admin.put(&path, &changed), 200)["is_active"], true);
        changed["period"] = json!(5);
        let changed = expect(&admin.put(&path, &changed), 200);
        assert_eq!((&changed["is_active"], &changed["checked_at"]), (&json!(false), &Json::Null));
        expect(&admin.delete(&path), 204);
        expect(&admin.get(PATH), 200);
        let told = expect(&admin.get("/audit?kinds=settings_changed"), 200);
        let changes: Vec<&Json> =
            told["items"].as_array().unwrap().iter().map(|event| &event["details"]["change"]).collect();
        assert_eq!(changes, ["removed", "changed", "changed", "switched_on", "created"]);
        assert_eq!(told["items"][0]["details"]["section"], "retention");
    });
}

#[test]
fn a_night_has_a_budget_and_the_next_one_goes_on() {
    for_each_still_app(|app, clock| {
        let mut admin = app.administrator();
        let mut table = "Прізвище;Теплота\n".to_owned();
        for number in 0..1_030 {
            let _ = writeln!(table, "Багато{number};Гарячий");
        }
        let import = expect(&admin.upload("/imports?type=contact&file_name=many.csv", table.as_bytes()), 201);
        let started = expect(&admin.post(&format!("/imports/{}/start", import["id"]), &json!({})), 202);
        let job = admin.wait_for_job(&started["job"]);
        assert_eq!(job["report"]["created"], 1_030, "{job}");
        clock.advance(2 * DAY_MS);
        let mut all = rule("creation", 1, "trash");
        all["filter"] = json!("");
        switched_on(&mut app.administrator(), &all);

        let first = night(app, clock, &mut app.administrator());
        assert_eq!((&first["done"], &first["is_complete"]), (&json!(1_000), &json!(false)), "{first}");
        let second = night(app, clock, &mut app.administrator());
        assert_eq!((&second["done"], &second["is_complete"]), (&json!(30), &json!(true)), "{second}");
        assert_eq!(app.administrator().contact_ids(""), Vec::<i64>::new());
    });
}
