//! Logging in, and what happens to those who guess.

use identity::{Secret, authenticate, log_out};
use record_engine::Role;
use serde_json::json;
use test_kit::for_each_backend;

use super::base::{Base, MINUTE_MS, PASSWORD, client, is_wrong, wait_of};

#[test]
fn the_right_password_opens_a_session_and_nothing_else_does() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let one = base.log_in(" OLENA ", PASSWORD).unwrap();
        let other = base.log_in("olena", PASSWORD).unwrap();
        assert_ne!(one.token.expose(), other.token.expose());
        assert_eq!(base.session(&one).unwrap().login, "olena");

        assert!(is_wrong(&base.log_in("olena", "зелений чай увечері")));
        assert!(is_wrong(&base.log_in("nobody", PASSWORD)));
        assert!(is_wrong(&base.log_in("", "")));
        assert!(authenticate(&base.engine, &Secret::new("guessed")).unwrap().is_none());

        log_out(&base.engine, &one.token, &client()).unwrap();
        log_out(&base.engine, &one.token, &client()).unwrap();
        assert!(!base.is_open(&one));
        assert!(base.is_open(&other));
        assert_eq!(base.ended(), [1]);
    });
}

#[test]
fn a_deactivated_user_is_told_what_a_stranger_is_told() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        base.patch_user(&base.administrator(), maria, json!({ "is_active": false })).unwrap();
        assert!(is_wrong(&base.log_in("maria", PASSWORD)));
    });
}

#[test]
fn an_account_is_guessed_at_slowly_and_never_closed() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        for login in ["maria", "no-such-login"] {
            // From many places, as an attacker does it.
            for guess in 0..5 {
                assert!(is_wrong(&base.log_in_from(login, "wrong password", &format!("198.51.100.{guess}"))));
            }
            assert_eq!(wait_of(base.log_in_from(login, PASSWORD, "198.51.100.9")), 180);
        }
        base.clock.advance(3 * MINUTE_MS - 1);
        assert_eq!(wait_of(base.log_in("maria", PASSWORD)), 1);
        base.clock.advance(1);
        assert!(is_wrong(&base.log_in("maria", "wrong password")));
        assert_eq!(wait_of(base.log_in("maria", PASSWORD)), 360);

        base.clock.advance(6 * MINUTE_MS);
        assert!(base.log_in("maria", PASSWORD).is_ok());
        // The right password starts anew.
        for _ in 0..5 {
            assert!(is_wrong(&base.log_in("maria", "wrong password")));
        }
        wait_of(base.log_in("maria", PASSWORD));
    });
}

#[test]
fn strangers_do_not_keep_a_user_out_of_his_own_network() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        base.log_in_from("maria", PASSWORD, "192.0.2.50").unwrap();
        for _ in 0..5 {
            assert!(is_wrong(&base.log_in_from("maria", "wrong password", "198.51.100.1")));
        }
        wait_of(base.log_in_from("maria", PASSWORD, "198.51.100.1"));
        assert!(base.log_in_from("maria", PASSWORD, "192.0.2.50").is_ok());
        // His coming in does not give the strangers new guesses.
        wait_of(base.log_in_from("maria", PASSWORD, "198.51.100.1"));
        for _ in 0..5 {
            assert!(is_wrong(&base.log_in_from("maria", "wrong password", "192.0.2.50")));
        }
        wait_of(base.log_in_from("maria", PASSWORD, "192.0.2.50"));
    });
}

#[test]
fn a_network_is_stopped_and_let_in_again() {
    for_each_backend(|database| {
        let base = Base::new(database);
        for guess in 0..60 {
            // The right logins in between do not count.
            if guess % 20 == 0 {
                base.log_in("olena", PASSWORD).unwrap();
            }
            assert!(is_wrong(&base.log_in(&format!("login-{guess}"), "wrong password")));
        }
        assert_eq!(wait_of(base.log_in("olena", PASSWORD)), 180);
        assert!(base.log_in_from("olena", PASSWORD, "192.0.2.8").is_ok());
        base.clock.advance(15 * MINUTE_MS);
        assert!(base.log_in("olena", PASSWORD).is_ok());
    });
}

#[test]
fn counted_guesses_survive_a_restart() {
    for_each_backend(|database| {
        let base = Base::new(database);
        for _ in 0..5 {
            assert!(is_wrong(&base.log_in("olena", "wrong password")));
        }
        let base = Base { engine: base.other_process(), ..base };
        wait_of(base.log_in("olena", PASSWORD));
    });
}

#[test]
fn guesses_that_arrive_at_once_are_counted_one_by_one() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let wrong = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..12).map(|_| scope.spawn(|| base.log_in("olena", "wrong password"))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).filter(is_wrong).count()
        });
        assert_eq!(wrong, 5);
    });
}
