//! The second step of a login: set up, asked for, used once, guessed at, taken away.

use database::Query;
use identity::{
    ChangedSecondStep, IdentityError, InstallationChange, LoggedIn, NewSession, PasswordStep, Secret, Session,
    begin_code_setup, change_installation, change_password, confirm_code_setup, confirm_session, finish_login,
    get_second_step, log_in, must_have_second_step, remove_codes, renew_recovery_codes, require_confirmed,
    reset_second_step,
};
use record_engine::{EngineError, Role, Source};
use serde_json::json;
use test_kit::{authenticator_code, for_each_backend};

use super::base::{Base, MINUTE_MS, PASSWORD, client_at, problem, problems, providers, wait_of};

const STEP_MS: i64 = 30_000;

/// A user with an app: the key, the recovery codes, his open session.
pub struct Phone {
    key: String,
    pub recovery_codes: Vec<Secret>,
    pub session: NewSession,
}

impl Phone {
    pub fn set_up(base: &Base, login: &str) -> Phone {
        let opened = base.log_in(login, PASSWORD).unwrap();
        let (key, changed) = set_up(base, &base.session(&opened).unwrap()).unwrap();
        // The code that confirmed it is used.
        base.clock.advance(STEP_MS);
        Phone { key, recovery_codes: changed.recovery_codes, session: changed.session }
    }

    pub fn code(&self, base: &Base) -> String {
        authenticator_code(&self.key, base.clock.now_ms())
    }
}

fn set_up(base: &Base, session: &Session) -> Result<(String, ChangedSecondStep), IdentityError> {
    let setup = begin_code_setup(&base.engine, session)?;
    let key = setup.key.expose().to_owned();
    let code = Secret::new(authenticator_code(&key, base.clock.now_ms()));
    let context = session.context(Source::Web, &base.clock);
    Ok((key, confirm_code_setup(&base.engine, session, &context, &setup.ticket, &code)?))
}

fn finish(base: &Base, ticket: &Secret, code: &str) -> Result<NewSession, IdentityError> {
    finish_login(&base.engine, ticket, &Secret::new(code), &client_at("192.0.2.7"))
}

fn is_wrong_code<T: std::fmt::Debug>(result: Result<T, IdentityError>) -> bool {
    problems(result) == [problem("/code", "wrong_code")]
}

fn is_expired<T>(result: &Result<T, IdentityError>) -> bool {
    matches!(result, Err(IdentityError::SignInExpired))
}

fn state<T: std::fmt::Debug>(result: Result<T, IdentityError>) -> &'static str {
    match result {
        Err(IdentityError::Engine(EngineError::State(code))) => code,
        other => panic!("no refusal: {other:?}"),
    }
}

#[test]
fn a_password_alone_opens_nothing_once_a_second_step_is_set() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        let (other, before) = (base.log_in("maria", PASSWORD).unwrap(), base.log_in("maria", PASSWORD).unwrap());
        let session = base.session(&before).unwrap();
        let (key, changed) = set_up(&base, &session).unwrap();
        assert_eq!(changed.recovery_codes.len(), 10);
        // The session goes on under a new token; the other one is over.
        assert!(!base.is_open(&before) && !base.is_open(&other) && base.is_open(&changed.session));
        assert!(base.session(&changed.session).unwrap().has_second_step);

        base.clock.advance(STEP_MS);
        let step = base.first_step("maria");
        assert!(identity::authenticate(&base.engine, &step.ticket).unwrap().is_none());
        assert!(is_wrong_code(finish(&base, &step.ticket, "000000")));
        let opened = finish(&base, &step.ticket, &authenticator_code(&key, base.clock.now_ms())).unwrap();
        assert_ne!(opened.token.expose(), step.ticket.expose());
        assert!(base.is_open(&opened));
        assert!(!base.stored_texts().contains(step.ticket.expose()));
        assert!(!base.stored_texts().contains(&key));
    });
}

#[test]
fn a_code_and_a_ticket_work_once_in_any_process() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        let code = phone.code(&base);
        let (one, two) = (base.first_step("olena"), base.first_step("olena"));
        let other_process = base.other_process();
        let client = client_at("192.0.2.7");
        let results = std::thread::scope(|scope| {
            let here = scope.spawn(|| finish_login(&base.engine, &one.ticket, &Secret::new(&code), &client));
            let there = scope.spawn(|| finish_login(&other_process, &two.ticket, &Secret::new(&code), &client));
            [here.join().unwrap(), there.join().unwrap()]
        });
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
        // The ticket that was left takes the next code, the used one does not.
        base.clock.advance(STEP_MS);
        let again = [&one, &two].map(|step| finish(&base, &step.ticket, &phone.code(&base)));
        assert_eq!(again.iter().filter(|result| result.is_ok()).count(), 1);
        assert_eq!(again.iter().filter(|result| is_expired(result)).count(), 1);
    });
}

#[test]
fn a_clock_may_be_off_by_one_step() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        base.clock.advance(10 * STEP_MS);
        let at = |steps: i64| authenticator_code(&phone.key, base.clock.now_ms() + steps * STEP_MS);
        let step = base.first_step("olena");
        for wrong in [at(-2), at(2)] {
            assert!(is_wrong_code(finish(&base, &step.ticket, &wrong)));
        }
        assert!(finish(&base, &step.ticket, &at(1)).is_ok());
        // Whatever came before the last used code is used up, too.
        let step = base.first_step("olena");
        for used in [at(1), at(0), at(-1)] {
            assert!(is_wrong_code(finish(&base, &step.ticket, &used)));
        }
    });
}

#[test]
fn recovery_codes_work_once_and_are_made_anew() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        let code = phone.recovery_codes[3].expose();
        finish(&base, &base.first_step("olena").ticket, &code.replace('-', " ").to_uppercase()).unwrap();
        assert_eq!(get_second_step(&base.engine, 1).unwrap().recovery_codes, 9);
        assert!(is_wrong_code(finish(&base, &base.first_step("olena").ticket, code)));
        assert!(!base.stored_texts().contains(phone.recovery_codes[0].expose()));

        let session = base.session(&phone.session).unwrap();
        let renewed = renew_recovery_codes(&base.engine, &session, &session.context(Source::Web, &base.clock)).unwrap();
        assert_eq!(renewed.len(), 10);
        assert!(is_wrong_code(finish(&base, &base.first_step("olena").ticket, phone.recovery_codes[0].expose())));
        finish(&base, &base.first_step("olena").ticket, renewed[0].expose()).unwrap();
    });
}

#[test]
fn a_ticket_ends_after_ten_minutes_and_with_what_it_rests_on() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let phone = Phone::set_up(&base, "maria");
        let step = base.first_step("maria");
        base.clock.advance(10 * MINUTE_MS);
        assert!(is_expired(&finish(&base, &step.ticket, &phone.code(&base))));
        assert!(is_expired(&finish(&base, &Secret::new("guessed"), &phone.code(&base))));

        let step = base.first_step("maria");
        identity::reset_password(&base.engine, &base.administrator(), maria, &Secret::new("ще один довгий пароль"))
            .unwrap();
        assert!(is_expired(&finish(&base, &step.ticket, &phone.code(&base))));

        let password = Secret::new("ще один довгий пароль");
        let answer = log_in(&base.engine, "maria", &password, &client_at("192.0.2.7")).unwrap();
        let PasswordStep::Done(LoggedIn::SecondStep(step)) = answer else {
            panic!("a new password does not take the second step away");
        };
        base.patch_user(&base.administrator(), maria, json!({ "is_active": false })).unwrap();
        assert!(is_expired(&finish(&base, &step.ticket, &phone.code(&base))));
    });
}

#[test]
fn codes_are_guessed_at_slowly_across_tickets_and_restarts() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        let guess = |ticket: &Secret, address: &str| {
            finish_login(&base.engine, ticket, &Secret::new("000000"), &client_at(address))
        };
        for place in 0..5 {
            // Each with a ticket of its own, from a place of its own.
            assert!(is_wrong_code(guess(&base.first_step("olena").ticket, &format!("198.51.100.{place}"))));
        }
        let step = base.first_step("olena");
        assert_eq!(wait_of(guess(&step.ticket, "198.51.100.9")), 180);
        let other_process = base.other_process();
        let elsewhere =
            finish_login(&other_process, &step.ticket, &Secret::new(phone.code(&base)), &client_at("198.51.100.9"));
        wait_of(elsewhere);
        // Its owner comes in from where he has been before.
        finish(&base, &step.ticket, &phone.code(&base)).unwrap();
    });
}

#[test]
fn setting_up_takes_a_recent_login_and_the_right_code() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let opened = base.log_in("olena", PASSWORD).unwrap();
        base.clock.advance(15 * MINUTE_MS + 1);
        let session = base.session(&opened).unwrap();
        assert!(matches!(begin_code_setup(&base.engine, &session), Err(IdentityError::ConfirmationRequired)));
        let wrong = confirm_session(&base.engine, &providers(), &session, &Secret::new("wrong password"));
        assert_eq!(problems(wrong), [problem("/password", "wrong_password")]);
        confirm_session(&base.engine, &providers(), &session, &Secret::new(PASSWORD)).unwrap();
        let session = base.session(&opened).unwrap();
        assert!(require_confirmed(&session, base.clock.now_ms()).is_ok());

        let setup = begin_code_setup(&base.engine, &session).unwrap();
        assert!(setup.uri.expose().starts_with("otpauth://totp/"));
        let context = session.context(Source::Web, &base.clock);
        let confirm = |ticket: &Secret, code: &str| {
            confirm_code_setup(&base.engine, &session, &context, ticket, &Secret::new(code))
        };
        assert!(is_wrong_code(confirm(&setup.ticket, "000000")));
        assert!(is_expired(&confirm(&Secret::new("guessed"), "000000")));
        let code = authenticator_code(setup.key.expose(), base.clock.now_ms());
        // A ticket is its owner's.
        base.add_user("maria", Role::Employee);
        let maria = base.session(&base.log_in("maria", PASSWORD).unwrap()).unwrap();
        let foreign = maria.context(Source::Web, &base.clock);
        let stolen = confirm_code_setup(&base.engine, &maria, &foreign, &setup.ticket, &Secret::new(&code));
        assert!(is_expired(&stolen));
        // Nothing was asked for until now.
        base.log_in("olena", PASSWORD).unwrap();
        let changed = confirm(&setup.ticket, &code).unwrap();
        let session = base.session(&changed.session).unwrap();
        assert_eq!(state(begin_code_setup(&base.engine, &session)), "codes_are_set_up");
    });
}

#[test]
fn it_is_switched_off_by_who_knows_the_password_and_has_the_phone() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        let session = base.session(&phone.session).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let remove = |password: &str, code: &str| {
            remove_codes(&base.engine, &session, &context, &Secret::new(password), &Secret::new(code))
        };
        assert_eq!(problems(remove("wrong password", &phone.code(&base))), [problem("/password", "wrong_password")]);
        assert!(is_wrong_code(remove(PASSWORD, "000000")));
        let changed = remove(PASSWORD, &phone.code(&base)).unwrap();
        assert!(!base.is_open(&phone.session));
        let session = base.session(&changed.session).unwrap();
        assert!(!session.has_second_step);
        assert_eq!(get_second_step(&base.engine, 1).unwrap().recovery_codes, 0);
        assert!(base.log_in("olena", PASSWORD).is_ok());
        assert_eq!(
            state(renew_recovery_codes(&base.engine, &session, &session.context(Source::Web, &base.clock))),
            "no_second_step"
        );
    });
}

#[test]
fn an_administrator_takes_it_away_with_a_reason_and_every_session_with_it() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let phone = Phone::set_up(&base, "maria");
        let administrator = base.administrator();
        let own = base.session(&phone.session).unwrap().context(Source::Web, &base.clock);
        let too_long = "я".repeat(501);
        let reset = |context, id, reason| reset_second_step(&base.engine, context, id, reason);
        assert!(matches!(reset(&own, 1, None), Err(IdentityError::Engine(EngineError::Forbidden))));
        assert_eq!(state(reset(&administrator, 1, None)), "own_second_step");
        assert!(matches!(reset(&administrator, 99, None), Err(IdentityError::Engine(EngineError::NotFound))));
        assert_eq!(problems(reset(&administrator, maria, Some(too_long.as_str()))), [problem("/reason", "too_long")]);

        let step = base.first_step("maria");
        reset(&administrator, maria, Some(" Загубила телефон ")).unwrap();
        assert!(!base.is_open(&phone.session));
        assert!(is_expired(&finish(&base, &step.ticket, &phone.code(&base))));
        assert!(base.log_in("maria", PASSWORD).is_ok());
        assert_eq!(state(reset(&administrator, maria, None)), "no_second_step");

        let sql = "SELECT user_id, reason FROM operations ORDER BY id DESC LIMIT 1";
        let last = base.engine.database().read(|tx| tx.query_one(sql, &[])).unwrap();
        assert_eq!((last.integer(0).unwrap(), last.text(1).unwrap().as_str()), (1, "Загубила телефон"));
    });
}

#[test]
fn where_one_is_required_the_last_one_stays() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let change = InstallationChange { needs_second_step: Some(true), ..InstallationChange::default() };
        change_installation(&base.engine, &base.administrator(), &change).unwrap();
        let opened = base.log_in("olena", PASSWORD).unwrap();
        let session = base.session(&opened).unwrap();
        assert!(must_have_second_step(&base.engine.snapshot(), &session) && !session.has_second_step);
        let phone = Phone::set_up(&base, "olena");
        let session = base.session(&phone.session).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let (password, code) = (Secret::new(PASSWORD), Secret::new(phone.code(&base)));
        let removed = remove_codes(&base.engine, &session, &context, &password, &code);
        assert_eq!(state(removed), "second_step_is_required");
    });
}

#[test]
fn a_lost_key_file_leaves_the_recovery_codes() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        std::fs::remove_file(base.files.path().join("secret.key")).unwrap();
        let base = Base { engine: base.other_process(), ..base };
        let step = base.first_step("olena");
        assert_eq!(state(finish(&base, &step.ticket, &phone.code(&base))), "secret_key_changed");
        finish(&base, &step.ticket, phone.recovery_codes[0].expose()).unwrap();
    });
}

#[test]
fn a_new_password_keeps_the_second_step() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let phone = Phone::set_up(&base, "olena");
        let session = base.session(&phone.session).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let new = Secret::new("ще один довгий пароль");
        change_password(&base.engine, &session, &context, &Secret::new(PASSWORD), &new).unwrap();
        let answer = log_in(&base.engine, "olena", &new, &client_at("192.0.2.7")).unwrap();
        assert!(matches!(answer, PasswordStep::Done(LoggedIn::SecondStep(_))));
    });
}
