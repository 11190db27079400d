//! What the audit log hears of logins, sessions, passwords and users.

use identity::{Secret, change_password, create_app_password, log_out, reset_password, revoke_app_password};
use record_engine::Role;
use record_engine::audit::{self, AuditFilter, AuditRow, Kind};
use serde_json::json;
use test_kit::for_each_backend;

use super::base::{Base, MINUTE_MS, PASSWORD, client};

/// What happened since the set-up, the newest first.
fn events(base: &Base, kinds: &[Kind]) -> Vec<AuditRow> {
    let filter = AuditFilter { kinds: kinds.to_vec(), ..AuditFilter::default() };
    base.engine.database().read(|tx| audit::list(tx, &filter, None, 100)).unwrap().rows
}

fn last(base: &Base, kind: Kind) -> AuditRow {
    events(base, &[kind]).into_iter().next().unwrap_or_else(|| panic!("nothing of {}", kind.key()))
}

#[test]
fn logins_are_told_of_right_and_wrong() {
    for_each_backend(|database| {
        let base = &Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let session = base.log_in("maria", PASSWORD).unwrap();
        let right = last(base, Kind::Login);
        assert_eq!((right.user_id, right.outcome.as_str()), (Some(maria), "success"));
        assert_eq!(right.proof_id, Some(base.session(&session).unwrap().id));
        assert_eq!(right.address.as_deref(), Some("192.0.2.7"));
        assert_eq!(right.details, json!({ "user_agent": "Firefox" }));

        assert!(base.log_in("Maria ", "not her password").is_err());
        let wrong = last(base, Kind::Login);
        assert_eq!((wrong.user_id, wrong.outcome.as_str()), (None, "failure"));
        assert_eq!((wrong.object_type.as_deref(), wrong.record_id), (Some("user"), Some(maria)));
        assert_eq!(wrong.details["reason"], "wrong_password");

        // Somebody typed a password where the login belongs.
        assert!(base.log_in(PASSWORD, "maria").is_err());
        let strange = last(base, Kind::Login);
        assert_eq!((strange.record_id, strange.details["reason"].as_str()), (None, Some("unknown_login")));
        assert!(!format!("{strange:?}").contains("чай"), "{strange:?}");
        assert_eq!(strange.details["login_hash"].as_str().map(str::len), Some(6));

        base.patch_user(&base.administrator(), maria, json!({ "is_active": false })).unwrap();
        assert!(base.log_in("maria", PASSWORD).is_err());
        assert_eq!(last(base, Kind::Login).details["reason"], "deactivated");
    });
}

#[test]
fn a_flood_of_guesses_leaves_a_few_lines() {
    for_each_backend(|database| {
        let base = &Base::new(database);
        for _ in 0..60 {
            assert!(base.log_in("olena", "guess").is_err());
        }
        let told = events(base, &[Kind::Login]);
        let failed = told.iter().filter(|row| row.outcome == "failure").count();
        assert_eq!(failed, 30);
        assert!(told.iter().any(|row| row.details["reason"] == "throttled"));
        base.clock.advance(10 * MINUTE_MS);
        assert!(base.log_in("olena", "guess").is_err());
        assert_eq!(events(base, &[Kind::Login]).iter().filter(|row| row.outcome == "failure").count(), 31);
    });
}

#[test]
fn the_end_of_a_session_is_told_with_who_ended_it() {
    for_each_backend(|database| {
        let base = &Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let one = base.log_in("maria", PASSWORD).unwrap();
        log_out(&base.engine, &one.token, &client()).unwrap();
        assert_eq!(last(base, Kind::Logout).user_id, Some(maria));
        log_out(&base.engine, &one.token, &client()).unwrap();
        assert_eq!(events(base, &[Kind::Logout]).len(), 1);

        let other = base.log_in("maria", PASSWORD).unwrap();
        let id = base.session(&other).unwrap().id;
        identity::revoke_session(&base.engine, &base.administrator(), id).unwrap();
        let ended = last(base, Kind::SessionEnded);
        assert_eq!((ended.user_id, ended.record_id), (Some(1), Some(maria)));
        assert_eq!(ended.details, json!({ "session_id": id }));
    });
}

#[test]
fn passwords_programs_and_rights_are_told_of() {
    for_each_backend(|database| {
        let base = &Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        assert_eq!(last(base, Kind::UserCreated).details, json!({ "roles": [3] }));
        let opened = base.log_in("maria", PASSWORD).unwrap();
        let session = base.session(&opened).unwrap();
        let context = session.context(record_engine::Source::Web, &base.clock);
        let new = Secret::new("інший довгий пароль");
        let wrong = change_password(&base.engine, &session, &context, &Secret::new("wrong"), &new);
        assert!(wrong.is_err());
        assert_eq!(last(base, Kind::PasswordChanged).outcome, "failure");
        change_password(&base.engine, &session, &context, &Secret::new(PASSWORD), &new).unwrap();
        assert_eq!(last(base, Kind::PasswordChanged).outcome, "success");

        let (made, secret) =
            create_app_password(&base.engine, &session, &context, "Телефон", "address_book", false).unwrap();
        let told = last(base, Kind::AppPasswordCreated);
        assert_eq!(told.details["id"], made.id);
        assert!(!told.details.to_string().contains(secret.expose()));
        base.engine.write(|tx| revoke_app_password(tx, &context, made.id)).unwrap();
        assert_eq!(last(base, Kind::AppPasswordRevoked).details, json!({ "id": made.id }));

        reset_password(&base.engine, &base.administrator(), maria, &Secret::new(PASSWORD)).unwrap();
        let reset = last(base, Kind::PasswordReset);
        assert_eq!((reset.user_id, reset.record_id), (Some(1), Some(maria)));

        base.patch_user(&base.administrator(), maria, json!({ "roles": [2], "email": "m@example.com" })).unwrap();
        let changed = last(base, Kind::UserChanged);
        assert_eq!(changed.details, json!({ "fields": ["roles", "email"], "changes": { "roles": [[3], [2]] } }));
        base.patch_user(&base.administrator(), maria, json!({ "name": "Марія" })).unwrap();
        assert_eq!(events(base, &[Kind::UserChanged]).len(), 1);

        let text = format!("{:?}", events(base, &[]));
        assert!(!text.contains("інший") && !text.contains("чай"), "{text}");
        let problems = base.engine.database().read(|tx| audit::chain::verify(tx)).unwrap().problems;
        assert_eq!(problems, Vec::<String>::new());
    });
}
