//! How long sessions last and what ends them.

use identity::{IdentityError, Secret, change_password, list_sessions, reset_password, revoke_session};
use record_engine::{EngineError, RequestContext, Role, Source};
use serde_json::json;
use test_kit::for_each_backend;

use super::base::{Base, DAY_MS, MINUTE_MS, PASSWORD, START_MS, role_id};

const OTHER_PASSWORD: &str = "гірська річка Прут";

#[test]
fn an_unused_session_ends_after_two_weeks_and_any_after_ninety_days() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let unused = base.log_in("olena", PASSWORD).unwrap();
        let used = base.log_in("olena", PASSWORD).unwrap();
        for _ in 0..12 {
            base.clock.advance(7 * DAY_MS);
            assert!(base.is_open(&used));
        }
        assert!(!base.is_open(&unused));
        base.clock.advance(6 * DAY_MS - 1);
        assert!(base.is_open(&used));
        base.clock.advance(1);
        assert!(!base.is_open(&used));
        assert_eq!(used.expires_at, base.clock.now_ms());
    });
}

#[test]
fn the_last_use_is_noted_once_a_minute() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let session = base.log_in("olena", PASSWORD).unwrap();
        let id = base.session(&session).unwrap().id;
        let last_seen =
            || list_sessions(&base.engine, 1).unwrap().iter().find(|open| open.id == id).unwrap().last_seen_at;
        base.clock.advance(MINUTE_MS - 1);
        base.session(&session).unwrap();
        assert_eq!(last_seen(), START_MS);
        base.clock.advance(1);
        base.session(&session).unwrap();
        assert_eq!(last_seen(), START_MS + MINUTE_MS);
    });
}

#[test]
fn own_sessions_are_listed_and_ended_one_by_one() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let laptop = base.log_in_from("maria", PASSWORD, "2001:db8::7").unwrap();
        base.clock.advance(MINUTE_MS);
        let phone = base.log_in("maria", PASSWORD).unwrap();
        let open = list_sessions(&base.engine, maria).unwrap();
        let found: Vec<_> = open.iter().map(|open| (open.address.as_deref(), open.user_agent.as_deref())).collect();
        assert_eq!(found, [(Some("192.0.2.7"), Some("Firefox")), (Some("2001:db8::7"), Some("Firefox"))]);

        let stranger = RequestContext::user(99, Role::Supervisor, Source::Web, &base.clock);
        let refused = revoke_session(&base.engine, &stranger, open[1].id);
        assert!(matches!(refused, Err(IdentityError::Engine(EngineError::NotFound))));
        let own = base.session(&phone).unwrap().context(Source::Web, &base.clock);
        revoke_session(&base.engine, &own, open[1].id).unwrap();
        assert!(!base.is_open(&laptop));
        revoke_session(&base.engine, &base.administrator(), open[0].id).unwrap();
        assert!(!base.is_open(&phone));
        assert_eq!(base.ended(), [maria, maria]);
    });
}

#[test]
fn a_deactivated_user_is_out_at_once_and_for_good() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let session = base.log_in("maria", PASSWORD).unwrap();
        let administrator = base.log_in("olena", PASSWORD).unwrap();
        base.patch_user(&base.administrator(), maria, json!({ "is_active": false })).unwrap();
        assert!(!base.is_open(&session));
        assert_eq!(base.ended(), [maria]);
        base.patch_user(&base.administrator(), maria, json!({ "is_active": true })).unwrap();
        assert!(!base.is_open(&session));
        assert!(base.log_in("maria", PASSWORD).is_ok());
        assert!(base.is_open(&administrator));
    });
}

#[test]
fn another_role_needs_another_login_and_another_name_does_not() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let session = base.log_in("maria", PASSWORD).unwrap();
        base.patch_user(&base.administrator(), maria, json!({ "name": "Марія Гайда", "language": "en" })).unwrap();
        let now = base.session(&session).unwrap();
        assert_eq!((now.name.as_str(), now.language.as_str()), ("Марія Гайда", "en"));
        base.patch_user(&base.administrator(), maria, json!({ "roles": [2] })).unwrap();
        assert!(!base.is_open(&session));
        assert_eq!(base.ended(), [maria]);
        let again = base.log_in("maria", PASSWORD).unwrap();
        assert_eq!(base.session(&again).unwrap().access.roles()[0].id, role_id(Role::Supervisor));
    });
}

#[test]
fn a_refused_change_ends_nothing() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let session = base.log_in("olena", PASSWORD).unwrap();
        let change = json!({ "roles": [role_id(Role::Employee)], "time_zone": "Europe/Atlantis" });
        assert!(base.patch_user(&base.administrator(), 1, change).is_err());
        assert!(base.is_open(&session));
        assert!(base.ended().is_empty());
    });
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let here = base.log_in("olena", PASSWORD).unwrap();
        let elsewhere = base.log_in("olena", PASSWORD).unwrap();
        let session = base.session(&here).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let new = Secret::new(OTHER_PASSWORD);
        change_password(&base.engine, &session, &context, &Secret::new(PASSWORD), &new).unwrap();
        assert!(base.is_open(&here));
        assert!(!base.is_open(&elsewhere));
        assert!(base.log_in("olena", PASSWORD).is_err());
        assert!(base.log_in("olena", OTHER_PASSWORD).is_ok());
    });
}

#[test]
fn a_reset_password_ends_all_sessions_and_opens_a_blocked_account() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let session = base.log_in_from("maria", PASSWORD, "192.0.2.50").unwrap();
        for _ in 0..5 {
            assert!(base.log_in("maria", "wrong password").is_err());
        }
        reset_password(&base.engine, &base.administrator(), maria, &Secret::new(OTHER_PASSWORD)).unwrap();
        assert!(!base.is_open(&session));
        assert!(base.log_in("maria", OTHER_PASSWORD).is_ok());
    });
}
