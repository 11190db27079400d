//! Working hours at the door: whoever has not shown all that he must is told nothing of them.

use identity::{IdentityError, Secret, finish_login};
use record_engine::Role;
use record_engine::write::{Change, apply_one};
use serde_json::json;
use test_kit::for_each_backend;

use super::base::{Base, PASSWORD, client_at, values_of};
use super::second_step::Phone;

/// Gives a user a schedule that is open never but on one day long ago.
fn close(base: &Base, user_id: i64) {
    let hours = json!({ "kind": "week", "days": [[], [], [], [], [], [], [{ "from": "03:00", "to": "03:05" }]] });
    let values = values_of(&json!({ "name": "Неділя", "hours": hours.to_string() }));
    let snapshot = base.engine.snapshot();
    let object_type = snapshot.object_type("schedule").unwrap();
    let made = base.engine.write(|tx| {
        let change = Change::Create { values: values.clone() };
        apply_one(tx, snapshot.writer(), &base.administrator(), &object_type, change)
    });
    let schedule = made.unwrap().0.id();
    base.patch_user(&base.administrator(), user_id, json!({ "schedule": schedule })).unwrap();
}

fn opens_at<T>(result: &Result<T, IdentityError>) -> Option<i64> {
    match result {
        Err(IdentityError::OutsideHours { opens_at, .. }) => *opens_at,
        _ => None,
    }
}

#[test]
fn the_hours_are_told_behind_the_last_step_of_a_login() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        base.add_user("ivan", Role::Employee);
        let phone = Phone::set_up(&base, "maria");
        close(&base, maria);
        assert!(!base.is_open(&phone.session));
        // The password leads on to the second step; only that tells.
        let step = base.first_step("maria");
        let finish = |code: &str| finish_login(&base.engine, &step.ticket, &Secret::new(code), &client_at("192.0.2.7"));
        assert!(opens_at(&finish("000000")).is_none());
        let told = finish(&phone.code(&base));
        // Sunday, 2023-11-19, at three in Warsaw.
        assert_eq!(opens_at(&told), Some(1_700_359_200_000));
        // A recovery code that opened nothing is not used up.
        let code = phone.recovery_codes[0].expose();
        assert!(opens_at(&finish(code)).is_some() && opens_at(&finish(code)).is_some());
        assert!(matches!(base.log_in("maria", "wrong"), Err(IdentityError::WrongCredentials)));
        assert!(base.log_in("ivan", PASSWORD).is_ok());
    });
}
