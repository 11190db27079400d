//! Passkeys: made, asked for, and answered by keys that lie.

use identity::{
    ChangedSecondStep, IdentityError, InstallationChange, NewKey, NewSession, Proof, Secret, Session, Site,
    begin_passkey, begin_passkey_confirmation, begin_passkey_login, begin_passkey_step, change_installation,
    confirm_session, confirm_with_passkey, create_passkey, finish_login, finish_login_with_passkey, get_second_step,
    list_passkeys, log_in_with_passkey, remove_passkey, require_confirmed, reset_second_step,
};
use record_engine::audit::{self, AuditFilter, Kind};
use record_engine::{EngineError, Role, Source};
use serde_json::json;
use test_kit::{SecurityKey, for_each_backend};

use super::base::{Base, MINUTE_MS, PASSWORD, client, client_at, problem, problems, providers};

const ORIGIN: &str = "https://crm.example.org:8443";

fn site() -> Site {
    Site::of(ORIGIN).unwrap()
}

fn honest_key() -> SecurityKey {
    SecurityKey::new("crm.example.org", ORIGIN)
}

fn session_of(base: &Base, login: &str) -> Session {
    base.session(&base.log_in(login, PASSWORD).unwrap()).unwrap()
}

fn add(base: &Base, session: &Session, key: &SecurityKey) -> Result<ChangedSecondStep, IdentityError> {
    let request = begin_passkey(&base.engine, session)?;
    let (client_data, attestation_object) = key.create(request.challenge.expose());
    let made = NewKey { client_data, attestation_object };
    let context = session.context(Source::Web, &base.clock);
    create_passkey(&base.engine, session, &context, &site(), &request.ticket, " Ноутбук ", &made)
}

fn proof_of(key: &SecurityKey, challenge: &str) -> Proof {
    let (client_data, authenticator_data, signature) = key.prove(challenge);
    Proof { id: key.id_text(), client_data, authenticator_data, signature }
}

/// A login without a password.
fn enter(base: &Base, key: &SecurityKey) -> Result<NewSession, IdentityError> {
    let request = begin_passkey_login(&base.engine, &client()).unwrap();
    let proof = proof_of(key, request.challenge.expose());
    log_in_with_passkey(&base.engine, &site(), &request.ticket, &proof, &client_at("192.0.2.7"))
}

fn is_refused<T>(result: &Result<T, IdentityError>) -> bool {
    matches!(result, Err(IdentityError::WrongPasskey))
}

fn is_expired<T>(result: &Result<T, IdentityError>) -> bool {
    matches!(result, Err(IdentityError::SignInExpired))
}

#[test]
fn a_passkey_logs_in_without_a_password_and_makes_a_password_alone_too_little() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (before, key) = (base.log_in("olena", PASSWORD).unwrap(), honest_key());
        let changed = add(&base, &base.session(&before).unwrap(), &key).unwrap();
        assert_eq!(changed.recovery_codes.len(), 10);
        assert!(!base.is_open(&before) && base.session(&changed.session).unwrap().has_second_step);
        let opened = enter(&base, &key).unwrap();
        assert_eq!(base.session(&opened).unwrap().login, "olena");
        let listed = list_passkeys(&base.engine, 1).unwrap();
        assert_eq!((listed[0].name.as_str(), listed[0].last_used_at), ("Ноутбук", Some(base.clock.now_ms())));

        // After the password the key is asked for, and no other one answers.
        let step = base.first_step("olena");
        assert_eq!((step.has.passkeys, step.has.code_since), (1, None));
        let request = begin_passkey_step(&base.engine, &step.ticket).unwrap();
        assert_eq!(request.keys, [key.id_text()]);
        let proof = proof_of(&key, request.challenge.expose());
        let finish = || finish_login_with_passkey(&base.engine, &site(), &step.ticket, &proof, &client_at("192.0.2.7"));
        assert!(base.is_open(&finish().unwrap()));
        assert!(is_expired(&finish()));
        let code = changed.recovery_codes[0].clone();
        finish_login(&base.engine, &base.first_step("olena").ticket, &code, &client_at("192.0.2.7")).unwrap();
    });
}

#[test]
fn a_passkey_is_the_second_step_of_giving_the_password_again() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let key = honest_key();
        let opened = add(&base, &session_of(&base, "olena"), &key).unwrap().session;
        base.clock.advance(16 * MINUTE_MS);
        let session = base.session(&opened).unwrap();
        let is_confirmed = || require_confirmed(&base.session(&opened).unwrap(), base.clock.now_ms()).is_ok();
        let ask = || confirm_session(&base.engine, &providers(), &session, &Secret::new(PASSWORD)).unwrap().unwrap();
        let show = |ticket: &Secret, proof: &Proof| {
            confirm_with_passkey(&base.engine, &session, &site(), ticket, proof, &client_at("192.0.2.7"))
        };
        let step = ask();
        assert_eq!((step.has.passkeys, is_confirmed()), (1, false));
        // A challenge must have been asked for; a login's proof is another challenge's.
        assert!(is_refused(&show(&step.ticket, &proof_of(&key, ""))));
        let step = ask();
        let request = begin_passkey_confirmation(&base.engine, &session, &step.ticket).unwrap();
        assert_eq!(request.keys, [key.id_text()]);
        assert!(is_refused(&show(&step.ticket, &proof_of(&honest_key(), request.challenge.expose()))));
        assert!(!is_confirmed());
        // A new challenge takes the place of the old one.
        let old = proof_of(&key, request.challenge.expose());
        begin_passkey_confirmation(&base.engine, &session, &step.ticket).unwrap();
        assert!(is_refused(&show(&step.ticket, &old)));
        let step = ask();
        let request = begin_passkey_confirmation(&base.engine, &session, &step.ticket).unwrap();
        let other = Session { id: session.id + 1, ..session.clone() };
        assert!(is_expired(&begin_passkey_confirmation(&base.engine, &other, &step.ticket)));
        let proof = proof_of(&key, request.challenge.expose());
        show(&step.ticket, &proof).unwrap();
        assert!(is_confirmed());
        assert!(is_expired(&show(&step.ticket, &proof)));
    });
}

#[test]
fn a_passkey_that_is_refused_is_told_of() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let key = honest_key();
        add(&base, &session_of(&base, "olena"), &key).unwrap();
        let told = |kind: Kind| {
            let filter = AuditFilter { kinds: vec![kind], ..AuditFilter::default() };
            base.engine.database().read(|tx| audit::list(tx, &filter, None, 1)).unwrap().rows.remove(0)
        };
        assert!(is_refused(&enter(&base, &honest_key())));
        let login = told(Kind::Login);
        assert_eq!((login.outcome.as_str(), login.record_id), ("failure", None));
        assert_eq!((&login.details["reason"], &login.details["method"]), (&json!("wrong_passkey"), &json!("passkey")));

        // As the second step it is known whose it should have been.
        let step = base.first_step("olena");
        let request = begin_passkey_step(&base.engine, &step.ticket).unwrap();
        let proof = proof_of(&honest_key(), request.challenge.expose());
        let finish = finish_login_with_passkey(&base.engine, &site(), &step.ticket, &proof, &client_at("192.0.2.7"));
        assert!(is_refused(&finish));
        let second = told(Kind::SecondFactor);
        assert_eq!((second.outcome.as_str(), second.record_id), ("failure", Some(1)));
        assert_eq!(second.details["method"], "passkey");
    });
}

#[test]
fn keys_that_lie_are_refused() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let mut key = honest_key();
        for change in [
            |key: &mut SecurityKey| key.origin = "https://crm.example.org".into(),
            |key: &mut SecurityKey| key.origin = "https://evil.example.org:8443".into(),
            |key: &mut SecurityKey| key.site = "example.org".into(),
            |key: &mut SecurityKey| key.flags = 1,
            |key: &mut SecurityKey| key.flags = 4,
        ] {
            let mut liar = honest_key();
            change(&mut liar);
            assert!(is_refused(&add(&base, &session_of(&base, "olena"), &liar)));
        }
        add(&base, &session_of(&base, "olena"), &key).unwrap();
        for (site, origin, flags) in [
            ("crm.example.org", "https://crm.example.org", 5),
            ("evil.example.org", ORIGIN, 5),
            ("crm.example.org", ORIGIN, 1),
            ("crm.example.org", ORIGIN, 0),
        ] {
            (key.site, key.origin, key.flags) = (site.into(), origin.into(), flags);
            assert!(is_refused(&enter(&base, &key)), "{site} {origin} {flags}");
        }
        (key.site, key.origin, key.flags) = ("crm.example.org".into(), ORIGIN.into(), 5);
        // Somebody else's key under the id of this one.
        let mut forger = honest_key();
        forger.id.clone_from(&key.id);
        assert!(is_refused(&enter(&base, &forger)));
        assert!(is_refused(&enter(&base, &honest_key())));
        enter(&base, &key).unwrap();
        // Nobody takes the id of a key for himself.
        base.add_user("maria", Role::Employee);
        assert!(is_refused(&add(&base, &session_of(&base, "maria"), &forger)));
    });
}

#[test]
fn a_challenge_is_answered_once_and_in_time() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let key = honest_key();
        add(&base, &session_of(&base, "olena"), &key).unwrap();
        let enter_with = |ticket: &Secret, proof: &Proof| {
            log_in_with_passkey(&base.engine, &site(), ticket, proof, &client_at("192.0.2.7"))
        };
        let one = begin_passkey_login(&base.engine, &client()).unwrap();
        let proof = proof_of(&key, one.challenge.expose());
        enter_with(&one.ticket, &proof).unwrap();
        assert!(is_expired(&enter_with(&one.ticket, &proof)));
        // The answer to one challenge is none to another.
        let two = begin_passkey_login(&base.engine, &client()).unwrap();
        assert!(is_refused(&enter_with(&two.ticket, &proof)));
        assert!(is_expired(&enter_with(&two.ticket, &proof_of(&key, two.challenge.expose()))));
        let three = begin_passkey_login(&base.engine, &client()).unwrap();
        base.clock.advance(10 * MINUTE_MS);
        assert!(is_expired(&enter_with(&three.ticket, &proof_of(&key, three.challenge.expose()))));
    });
}

#[test]
fn a_copied_key_that_counts_is_noticed() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let mut key = honest_key();
        key.count = 7;
        add(&base, &session_of(&base, "olena"), &key).unwrap();
        assert!(is_refused(&enter(&base, &key)));
        key.count = 8;
        enter(&base, &key).unwrap();
        for copied in [8, 7, 0] {
            key.count = copied;
            assert!(is_refused(&enter(&base, &key)), "{copied}");
        }
    });
}

#[test]
fn the_second_step_takes_the_keys_of_its_user_only() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        let (own, foreign) = (honest_key(), honest_key());
        add(&base, &session_of(&base, "olena"), &own).unwrap();
        add(&base, &session_of(&base, "maria"), &foreign).unwrap();
        let step = base.first_step("olena");
        let finish = |proof: &Proof| {
            finish_login_with_passkey(&base.engine, &site(), &step.ticket, proof, &client_at("192.0.2.7"))
        };
        // Before it was asked, there is no challenge to answer.
        assert!(is_refused(&finish(&proof_of(&own, ""))));
        let request = begin_passkey_step(&base.engine, &step.ticket).unwrap();
        assert!(is_refused(&finish(&proof_of(&foreign, request.challenge.expose()))));
        finish(&proof_of(&own, request.challenge.expose())).unwrap();
        // The ticket of a second step begins no login without a password.
        let step = base.first_step("olena");
        let request = begin_passkey_step(&base.engine, &step.ticket).unwrap();
        let proof = proof_of(&foreign, request.challenge.expose());
        let entered = log_in_with_passkey(&base.engine, &site(), &step.ticket, &proof, &client_at("192.0.2.7"));
        assert!(is_expired(&entered));
    });
}

#[test]
fn a_passkey_goes_with_the_password_and_the_last_one_with_a_recovery_code() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let (first, second) = (honest_key(), honest_key());
        let changed = add(&base, &session_of(&base, "olena"), &first).unwrap();
        let session = base.session(&changed.session).unwrap();
        let more = add(&base, &session, &second).unwrap();
        assert!(more.recovery_codes.is_empty());
        let ids: Vec<i64> = list_passkeys(&base.engine, 1).unwrap().iter().map(|key| key.id).collect();
        let session = base.session(&more.session).unwrap();
        let context = session.context(Source::Web, &base.clock);
        let remove = |session: &Session, id: i64, password: &str, code: Option<&Secret>| {
            remove_passkey(&base.engine, session, &context, id, &Secret::new(password), code)
        };
        let missing = remove(&session, 99, PASSWORD, None);
        assert!(matches!(missing, Err(IdentityError::Engine(EngineError::NotFound))));
        assert_eq!(
            problems(remove(&session, ids[0], "wrong password", None)),
            [problem("/password", "wrong_password")]
        );
        let session = base.session(&remove(&session, ids[0], PASSWORD, None).unwrap().session).unwrap();
        assert!(is_refused(&enter(&base, &second)));
        assert_eq!(problems(remove(&session, ids[1], PASSWORD, None)), [problem("/code", "wrong_code")]);

        let required = InstallationChange { needs_second_step: Some(true), ..InstallationChange::default() };
        change_installation(&base.engine, &base.administrator(), &required).unwrap();
        let code = &changed.recovery_codes[0];
        let refused = remove(&session, ids[1], PASSWORD, Some(code));
        assert!(matches!(refused, Err(IdentityError::Engine(EngineError::State("second_step_is_required")))));
        let free = InstallationChange { needs_second_step: Some(false), ..InstallationChange::default() };
        change_installation(&base.engine, &base.administrator(), &free).unwrap();
        let gone = remove(&session, ids[1], PASSWORD, Some(code)).unwrap();
        assert!(!base.session(&gone.session).unwrap().has_second_step);
        assert_eq!(get_second_step(&base.engine, 1).unwrap().recovery_codes, 0);
        base.log_in("olena", PASSWORD).unwrap();
    });
}

#[test]
fn of_two_keys_removed_at_once_one_stays() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let session = session_of(&base, "olena");
        let first = base.session(&add(&base, &session, &honest_key()).unwrap().session).unwrap();
        let session = base.session(&add(&base, &first, &honest_key()).unwrap().session).unwrap();
        let ids: Vec<i64> = list_passkeys(&base.engine, 1).unwrap().iter().map(|key| key.id).collect();
        let context = session.context(Source::Web, &base.clock);
        std::thread::scope(|scope| {
            for id in ids {
                let (base, session, context) = (&base, &session, &context);
                scope.spawn(move || remove_passkey(&base.engine, session, context, id, &Secret::new(PASSWORD), None));
            }
        });
        assert_eq!(list_passkeys(&base.engine, 1).unwrap().len(), 1);
    });
}

#[test]
fn who_is_deactivated_or_reset_comes_in_with_no_key() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let maria = base.add_user("maria", Role::Employee);
        let key = honest_key();
        add(&base, &session_of(&base, "maria"), &key).unwrap();
        base.patch_user(&base.administrator(), maria, json!({ "is_active": false })).unwrap();
        assert!(is_refused(&enter(&base, &key)));
        base.patch_user(&base.administrator(), maria, json!({ "is_active": true })).unwrap();
        enter(&base, &key).unwrap();
        reset_second_step(&base.engine, &base.administrator(), maria, None).unwrap();
        assert!(is_refused(&enter(&base, &key)));
        base.log_in("maria", PASSWORD).unwrap();
    });
}

#[test]
fn making_one_takes_a_recent_login_a_name_and_the_own_challenge() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.add_user("maria", Role::Employee);
        let (olena, maria) = (session_of(&base, "olena"), session_of(&base, "maria"));
        let create = |session: &Session, ticket: &Secret, challenge: &Secret, name: &str| {
            let (client_data, attestation_object) = honest_key().create(challenge.expose());
            let context = session.context(Source::Web, &base.clock);
            let made = NewKey { client_data, attestation_object };
            create_passkey(&base.engine, session, &context, &site(), ticket, name, &made)
        };
        let request = begin_passkey(&base.engine, &olena).unwrap();
        assert_eq!(problems(create(&olena, &request.ticket, &request.challenge, " ")), [problem("/name", "required")]);
        assert!(is_expired(&create(&maria, &request.ticket, &request.challenge, "Чужий")));
        assert!(is_refused(&create(&olena, &request.ticket, &Secret::new("another"), "Ключ")));
        create(&olena, &request.ticket, &request.challenge, "Ключ").unwrap();
        base.clock.advance(15 * MINUTE_MS + 1);
        assert!(matches!(begin_passkey(&base.engine, &maria), Err(IdentityError::ConfirmationRequired)));
    });
}
