//! What is stored of passwords and tokens, and who may change them.

use identity::{IdentityError, Secret, change_password, reset_password};
use record_engine::{EngineError, RequestContext, Role, Source};
use test_kit::for_each_backend;

use super::base::{Base, PASSWORD, new_user, problem, problems, wait_of};

#[test]
fn neither_passwords_nor_tokens_are_stored_in_clear() {
    for_each_backend(|database| {
        let base = Base::fresh(database);
        let setup_token = identity::create_setup_token(&base.engine).unwrap().unwrap();
        let request = super::base::setup_request(&setup_token);
        identity::complete_setup(&base.engine, &request, &super::base::client()).unwrap();
        let session = base.log_in("olena", PASSWORD).unwrap();
        // A password typed into the field of the login.
        assert!(base.log_in("гірська річка Прут", "wrong password").is_err());
        let stored = base.stored_texts();
        assert!(stored.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
        for secret in [PASSWORD, setup_token.expose(), session.token.expose(), "гірська"] {
            assert!(!stored.contains(secret), "{secret} is stored");
            assert!(!format!("{session:?} {request:?}").contains(secret), "{secret} is shown");
        }
    });
}

#[test]
fn weak_passwords_are_refused_wherever_they_are_set() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let opened = base.log_in("maria", PASSWORD).unwrap();
        let session = base.session(&opened).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let too_long = "ж".repeat(129);
        let cases = [
            ("короткі", "password_too_short"),
            (too_long.as_str(), "password_too_long"),
            ("Пароль2026", "password_too_common"),
        ];
        for (password, code) in cases {
            let weak = Secret::new(password);
            let created = identity::NewUser { password: weak.clone(), ..new_user("petro", Role::Employee) };
            let created = identity::create_user(&base.engine, &base.administrator(), &created);
            assert_eq!(problems(created), [problem("/password", code)]);
            let changed = change_password(&base.engine, &session, &context, &Secret::new(PASSWORD), &weak);
            assert_eq!(problems(changed), [problem("/new_password", code)]);
            let reset = reset_password(&base.engine, &base.administrator(), maria, &weak);
            assert_eq!(problems(reset), [problem("/new_password", code)]);
        }
        assert!(base.is_open(&opened));
    });
}

#[test]
fn the_own_password_takes_the_old_one_and_guessing_it_is_counted() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let opened = base.log_in("olena", PASSWORD).unwrap();
        let session = base.session(&opened).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let new = Secret::new("гірська річка Прут");
        let change = |current: &str| change_password(&base.engine, &session, &context, &Secret::new(current), &new);
        for _ in 0..5 {
            assert_eq!(problems(change("wrong password")), [problem("/current_password", "wrong_password")]);
        }
        assert_eq!(wait_of(change(PASSWORD)), 180);
        // Who sits at an open screen must not get around it as an administrator either.
        let reset = reset_password(&base.engine, &context, 1, &new);
        assert!(matches!(reset, Err(IdentityError::Engine(EngineError::State("own_password")))));
    });
}

#[test]
fn only_administrators_set_the_passwords_of_others() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let new = Secret::new("гірська річка Прут");
        for role in [Role::Supervisor, Role::Employee] {
            let context = RequestContext::user(maria, role, Source::Web, &base.clock);
            let reset = reset_password(&base.engine, &context, 1, &new);
            assert!(matches!(reset, Err(IdentityError::Engine(EngineError::Forbidden))));
        }
        let reset = reset_password(&base.engine, &base.administrator(), 99, &new);
        assert!(matches!(reset, Err(IdentityError::Engine(EngineError::NotFound))));
        // The command line helps an administrator who forgot his own.
        reset_password(&base.engine, &RequestContext::system(&base.clock), 1, &new).unwrap();
    });
}
