//! The first start.

use identity::{IdentityError, Secret, SetupRequest};
use test_kit::for_each_backend;

use super::base::{Base, DAY_MS, PASSWORD, client, problem, problems, setup_request};

#[test]
fn the_link_makes_the_first_administrator_once() {
    for_each_backend(|database| {
        let base = Base::fresh(database);
        assert!(!base.engine.database().read(|tx| identity::is_set_up(tx)).unwrap());
        let token = identity::create_setup_token(&base.engine).unwrap().expect("the set-up is open");
        let opened = identity::complete_setup(&base.engine, &setup_request(&token), &client()).unwrap();

        let session = base.session(&opened).expect("logged in at once");
        assert_eq!((session.name.as_str(), session.access.is_administrator()), ("Олена Ковальчук", true));
        assert_eq!((session.language.as_str(), session.time_zone.as_str()), ("ru", "Europe/Warsaw"));
        let installation = base.engine.snapshot().installation;
        assert_eq!((installation.company_name.as_str(), installation.currency.as_str()), ("Карпати Буд", "PLN"));
        assert!(base.log_in("Olena", PASSWORD).is_ok());

        assert!(base.engine.database().read(|tx| identity::is_set_up(tx)).unwrap());
        assert!(identity::create_setup_token(&base.engine).unwrap().is_none());
        let again = identity::complete_setup(&base.engine, &setup_request(&token), &client());
        assert!(matches!(again, Err(IdentityError::SetupClosed)));
    });
}

#[test]
fn two_requests_with_one_link_make_one_administrator() {
    for_each_backend(|database| {
        let base = Base::fresh(database);
        let token = identity::create_setup_token(&base.engine).unwrap().unwrap();
        let results = std::thread::scope(|scope| {
            let run = |login: &'static str| {
                let request = SetupRequest { login: login.into(), ..setup_request(&token) };
                let engine = base.engine.clone();
                scope.spawn(move || identity::complete_setup(&engine, &request, &client()))
            };
            [run("olena"), run("mykola")].map(|thread| thread.join().unwrap())
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        assert!(results.iter().any(|result| matches!(result, Err(IdentityError::SetupClosed))));
    });
}

#[test]
fn wrong_old_and_replaced_links_are_refused() {
    for_each_backend(|database| {
        let base = Base::fresh(database);
        let refused = |token: &Secret| {
            let result = identity::complete_setup(&base.engine, &setup_request(token), &client());
            matches!(result, Err(IdentityError::WrongSetupToken))
        };
        let first = identity::create_setup_token(&base.engine).unwrap().unwrap();
        assert!(refused(&Secret::new("")));
        assert!(refused(&Secret::new("guessed")));
        let second = identity::create_setup_token(&base.engine).unwrap().unwrap();
        assert!(refused(&first));
        base.clock.advance(DAY_MS);
        assert!(refused(&second));
    });
}

#[test]
fn all_that_is_wrong_is_said_at_once_and_the_link_stays_good() {
    for_each_backend(|database| {
        let base = Base::fresh(database);
        let token = identity::create_setup_token(&base.engine).unwrap().unwrap();
        let request = SetupRequest {
            company_name: " ".into(),
            country: "Ukraine".into(),
            language: "de".into(),
            name: String::new(),
            login: "o".into(),
            password: Secret::new("пароль1"),
            ..setup_request(&token)
        };
        let found = problems(identity::complete_setup(&base.engine, &request, &client()));
        let expected = [
            problem("/company_name", "required"),
            problem("/country", "unknown_option"),
            problem("/language", "unknown_option"),
            problem("/name", "required"),
            problem("/login", "too_short"),
            problem("/password", "password_too_short"),
        ];
        assert_eq!(found, expected);
        assert!(identity::complete_setup(&base.engine, &setup_request(&token), &client()).is_ok());
    });
}
