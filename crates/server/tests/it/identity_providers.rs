//! Logging in with an identity provider over HTTP (S20, S23, S26, S29, ASVS V6, V9 and V10): who comes in, what is not believed of a provider, what ties an
//! account to a user, and the way in that administrators keep.

use std::collections::BTreeMap;

use kartoteka::http_client::Answer;
use record_engine::{Clock, Role};
use serde_json::{Value as Json, json};
use test_kit::{IdentityServer, Signing, authenticator_code};

use crate::it::app::{App, PASSWORD, User, expect, field_errors};

const NOW: i64 = 1_795_334_400_000;
const MINUTE_MS: i64 = 60_000;
const EMAIL: &str = "olena@example.org";

fn for_each_app(test: impl Fn(&App, &Clock, &IdentityServer)) {
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(NOW);
        let app = App::with_clock(database, clock.clone());
        expect(&app.administrator().patch("/installation", &json!({ "public_url": "http://localhost:8080" })), 200);
        test(&app, &clock, &IdentityServer::start(NOW / 1_000));
    });
}

/// What an administrator says of a provider; `changes` say it otherwise.
fn input(server: &IdentityServer, changes: &Json) -> Json {
    let mut input = json!({
        "name": "Office", "issuer": server.issuer(), "client_id": "kartoteka", "secret": "a secret", "is_active": true,
        "links_by_email": false, "new_user_role": null, "domains": [], "is_second_step": false,
    });
    for (name, value) in changes.as_object().unwrap() {
        input[name] = value.clone();
    }
    input
}

fn add_provider(app: &App, server: &IdentityServer, changes: &Json) -> i64 {
    let made = expect(&app.administrator().post("/identity-providers", &input(server, changes)), 201);
    assert!(made.get("secret").is_none() && made["has_secret"] == true);
    made["id"].as_i64().unwrap()
}

fn take_cookies(user: &mut User, answer: &Answer) {
    let mut held: BTreeMap<String, String> = BTreeMap::new();
    let before = user.connection.cookie.clone().unwrap_or_default();
    let set = answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let set: Vec<String> = set.map(|(_, value)| value.split(';').next().unwrap().to_owned()).collect();
    for pair in before.split("; ").chain(set.iter().map(String::as_str)) {
        if let Some((name, value)) = pair.split_once('=') {
            held.insert(name.into(), value.into());
        }
    }
    let pairs: Vec<String> =
        held.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
    user.connection.cookie = (!pairs.is_empty()).then(|| pairs.join("; "));
}

/// Goes to the provider and back; answers what the browser brings.
fn go(user: &mut User, server: &IdentityServer, path: &str) -> Json {
    let begun = user.post(path, &json!({}));
    let url = expect(&begun, 200)["url"].as_str().unwrap().to_owned();
    take_cookies(user, &begun);
    json!(server.visit(&url))
}

fn finish(user: &mut User, brought: &Json) -> Answer {
    let answer = user.post("/session/providers/finish", brought);
    if answer.status == 200 {
        take_cookies(user, &answer);
    }
    answer
}

/// A whole login in a new browser.
fn log_in(app: &App, server: &IdentityServer, provider: i64) -> (User, Answer) {
    let mut browser = app.anonymous();
    let brought = go(&mut browser, server, &format!("/session/providers/{provider}/begin"));
    let answer = finish(&mut browser, &brought);
    (browser, answer)
}

fn refused(app: &App, server: &IdentityServer, provider: i64) -> String {
    let (mut browser, answer) = log_in(app, server, provider);
    assert!(answer.status >= 400, "{}", answer.json());
    expect(&browser.get("/session"), 401);
    let problem = answer.json();
    match problem["code"].as_str().unwrap() {
        "provider_failed" => problem["params"]["reason"].as_str().unwrap().to_owned(),
        code => code.to_owned(),
    }
}

fn set_email(app: &App, user: i64, email: &str) {
    let changed = app.administrator().patch(&format!("/records/user/{user}"), &json!({ "values": { "email": email } }));
    expect(&changed, 200);
}

/// Ties the account that the provider has open to a user who is logged in.
fn tie(user: &mut User, server: &IdentityServer, provider: i64) -> Answer {
    let brought = go(user, server, &format!("/session/identities/link/{provider}"));
    finish(user, &brought)
}

#[test]
fn an_account_that_is_tied_opens_a_session_and_never_by_its_address() {
    for_each_app(|app, _, server| {
        let provider = add_provider(app, server, &json!({}));
        let setup = expect(&app.anonymous().get("/setup"), 200);
        assert_eq!(setup["providers"], json!([{ "id": provider, "is_directory": false, "name": "Office" }]));
        let mut employee = app.with_user(Role::Employee);
        set_email(app, employee.id, EMAIL);
        // His address alone opens nothing, because nobody has allowed that.
        assert_eq!(refused(app, server, provider), "provider_no_account");

        let before = employee.connection.cookie.clone();
        let mut elsewhere = app.log_in(expect(&employee.get("/session"), 200)["user"]["login"].as_str().unwrap());
        assert_eq!(expect(&tie(&mut employee, server, provider), 200)["result"], "linked");
        // The session goes on under another token, the others end.
        expect(&employee.get("/session"), 200);
        expect(&elsewhere.get("/session"), 401);
        let mut old = app.anonymous();
        old.connection.cookie = before;
        expect(&old.get("/session"), 401);
        let identities = expect(&employee.get("/session/identities"), 200);
        assert_eq!(
            (&identities["items"][0]["provider"], &identities["items"][0]["email"]),
            (&json!("Office"), &json!(EMAIL))
        );

        let (mut browser, answer) = log_in(app, server, provider);
        let entered = expect(&answer, 200);
        assert_eq!((&entered["result"], &entered["session"]["user"]["id"]), (&json!("entered"), &json!(employee.id)));
        assert_eq!(expect(&browser.get("/session"), 200)["user"]["id"], employee.id);
        // The address at the provider is another one now; the account is the same.
        server.conduct(|conduct| conduct.account["email"] = json!("administrator@example.org"));
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["user"]["id"], employee.id);
        // The same address under another account is somebody else.
        server
            .conduct(|conduct| conduct.account = json!({ "sub": "account-2", "email": EMAIL, "email_verified": true }));
        assert_eq!(refused(app, server, provider), "provider_no_account");
        server.conduct(|conduct| conduct.account["sub"] = json!("account-1"));

        // An account belongs to one user.
        let mut other = app.with_user(Role::Employee);
        assert_eq!(expect(&tie(&mut other, server, provider), 409)["code"], "identity_taken");
        // Who is deactivated stays out, and what is told is what strangers are told.
        let off = json!({ "values": { "is_active": false } });
        expect(&app.administrator().patch(&format!("/records/user/{}", employee.id), &off), 200);
        expect(&browser.get("/session"), 401);
        assert_eq!(refused(app, server, provider), "provider_no_account");
    });
}

#[test]
fn what_a_provider_says_is_believed_only_if_it_holds() {
    for_each_app(|app, _, server| {
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, server, provider), 200);
        let now = NOW / 1_000;
        for lies in [
            json!({ "iss": "https://evil.example" }),
            json!({ "iss": format!("{}/", server.issuer()) }),
            json!({ "iss": null }),
            json!({ "aud": "another program" }),
            json!({ "aud": ["kartoteka", "another program"] }),
            json!({ "aud": ["kartoteka", "another program"], "azp": "another program" }),
            json!({ "aud": null }),
            json!({ "azp": "another program" }),
            json!({ "nonce": "of another login" }),
            json!({ "nonce": null }),
            json!({ "exp": now - 60 }),
            json!({ "exp": null }),
            json!({ "iat": now + 61 }),
            json!({ "iat": null }),
            json!({ "nbf": now + 61 }),
            json!({ "sub": null }),
            json!({ "sub": "" }),
            json!({ "sub": ["account-1"] }),
            json!({ "sub": "x".repeat(256) }),
        ] {
            server.conduct(|conduct| conduct.lies = lies.clone());
            assert_eq!(refused(app, server, provider), "token_refused", "{lies}");
        }
        server.conduct(|conduct| {
            conduct.lies = json!({ "aud": ["kartoteka", "another program"], "azp": "kartoteka", "exp": now - 59 })
        });
        expect(&log_in(app, server, provider).1, 200);
        server.conduct(|conduct| conduct.lies = json!({}));
        for signing in [Signing::None, Signing::PublicKeyAsPassword, Signing::ForeignKey, Signing::UnknownKey] {
            server.conduct(|conduct| conduct.signing = signing);
            assert_eq!(refused(app, server, provider), "token_refused", "{signing:?}");
        }
        for signing in [Signing::Rs256, Signing::Ps256, Signing::Es256] {
            server.conduct(|conduct| conduct.signing = signing);
            expect(&log_in(app, server, provider).1, 200);
        }
        // The wrong secret: the provider refuses the code.
        server.conduct(|conduct| conduct.secret = Some("another".into()));
        assert_eq!(refused(app, server, provider), "code_refused");
    });
}

#[test]
fn a_login_is_finished_once_in_the_browser_that_began_it() {
    for_each_app(|app, clock, server| {
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, server, provider), 200);
        let begin = format!("/session/providers/{provider}/begin");
        let expired = |answer: &Answer| assert_eq!(expect(answer, 401)["code"], "sign_in_expired");

        // What was brought is worth nothing in another browser, with or without a login of its own.
        let (mut victim, mut attacker) = (app.anonymous(), app.anonymous());
        let brought = go(&mut attacker, server, &begin);
        expired(&finish(&mut victim, &brought));
        let own = go(&mut victim, server, &begin);
        expired(&finish(&mut victim, &brought));
        // A wrong state has used it up.
        expired(&finish(&mut victim, &own));
        assert_eq!(expect(&finish(&mut attacker, &brought), 200)["result"], "entered");

        let mut again = app.anonymous();
        let brought = go(&mut again, server, &begin);
        let held = again.connection.cookie.clone();
        expect(&finish(&mut again, &brought), 200);
        again.connection.cookie.clone_from(&held);
        expired(&finish(&mut again, &brought));
        // A state that is missing, and one that nobody made.
        let mut other = app.anonymous();
        let brought = go(&mut other, server, &begin);
        expect(&finish(&mut other, &json!({ "code": brought["code"] })), 422);
        expired(&finish(&mut other, &json!({ "code": brought["code"], "state": "x" })));
        // A code of another login does not fit the verifier of this one.
        let (mut one, mut two) = (app.anonymous(), app.anonymous());
        let (first, second) = (go(&mut one, server, &begin), go(&mut two, server, &begin));
        let mixed = finish(&mut two, &json!({ "code": first["code"], "state": second["state"] }));
        assert_eq!(expect(&mixed, 502)["params"]["reason"], "code_refused");
        // Ten minutes are over.
        let mut late = app.anonymous();
        let brought = go(&mut late, server, &begin);
        clock.advance(10 * MINUTE_MS);
        expired(&finish(&mut late, &brought));
        // He changed his mind there, and another provider answers in its place.
        let mut other = app.anonymous();
        let brought = go(&mut other, server, &begin);
        let cancelled = finish(&mut other, &json!({ "state": brought["state"], "error": "access_denied" }));
        assert_eq!(expect(&cancelled, 409)["code"], "provider_cancelled");
        let mut brought = go(&mut other, server, &begin);
        brought["iss"] = json!("https://evil.example");
        assert_eq!(expect(&finish(&mut other, &brought), 502)["params"]["reason"], "other_issuer");
        // A page of somebody else begins and finishes nothing.
        for path in [begin.as_str(), "/session/providers/finish"] {
            expect(&other.send("POST", path, &[("sec-fetch-site", "cross-site")], &json!({})), 403);
        }
        expect(&other.post("/session/providers/999/begin", &json!({})), 404);
    });
}

#[test]
fn a_verified_address_ties_an_account_once_and_takes_what_others_may_have_set() {
    for_each_app(|app, _, server| {
        let provider = add_provider(app, server, &json!({ "links_by_email": true, "domains": ["@Example.org"] }));
        let mut employee = app.with_user(Role::Employee);
        let login = expect(&employee.get("/session"), 200)["user"]["login"].clone();
        expect(&employee.post("/session/app-passwords", &json!({ "name": "Phone" })), 201);
        set_email(app, employee.id, EMAIL);
        for email_verified in [json!(false), json!("false"), json!(1), Json::Null] {
            server.conduct(|conduct| conduct.account["email_verified"] = email_verified);
            assert_eq!(refused(app, server, provider), "provider_email_unverified");
        }
        server.conduct(|conduct| conduct.account["email_verified"] = json!(true));
        server.conduct(|conduct| conduct.account["email"] = json!("olena@elsewhere.example"));
        assert_eq!(refused(app, server, provider), "provider_no_account");
        server.conduct(|conduct| conduct.account["email"] = json!("OLENA@example.org"));
        // The password that somebody else may have set opens nothing any more, nor do the sessions and programs of before.
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["user"]["id"], employee.id);
        expect(&employee.get("/session"), 401);
        let password = json!({ "login": login, "password": PASSWORD });
        assert_eq!(expect(&app.anonymous().post("/session", &password), 401)["code"], "wrong_credentials");
        // Another account with his address, there or at another provider, is not his.
        server.conduct(|conduct| conduct.account["sub"] = json!("account-2"));
        assert_eq!(refused(app, server, provider), "link_in_profile");
        let second = IdentityServer::start(NOW / 1_000);
        let other = add_provider(app, &second, &json!({ "name": "Second", "links_by_email": true }));
        assert_eq!(refused(app, &second, other), "link_in_profile");
        // Neither an administrator nor two people of one address are found by it.
        set_email(app, 1, "boss@example.org");
        server.conduct(|conduct| {
            conduct.account = json!({ "sub": "b", "email": "boss@example.org", "email_verified": true })
        });
        assert_eq!(refused(app, server, provider), "link_in_profile");
        for _ in 0..2 {
            set_email(app, app.with_user(Role::Employee).id, "two@example.org");
        }
        server.conduct(|conduct| {
            conduct.account = json!({ "sub": "t", "email": "two@example.org", "email_verified": true })
        });
        assert_eq!(refused(app, server, provider), "provider_no_account");
        // The address may be told by the second question alone, of the same account.
        let asked = app.with_user(Role::Employee).id;
        set_email(app, asked, "late@example.org");
        let endpoint = format!("{}/userinfo", server.issuer());
        server.conduct(|conduct| {
            conduct.account = json!({ "sub": "late" });
            conduct.metadata = json!({ "userinfo_endpoint": endpoint });
            conduct.userinfo = Some(json!({ "sub": "other", "email": "late@example.org", "email_verified": true }));
        });
        let changed = input(server, &json!({ "links_by_email": true, "secret": null }));
        let mut changed = changed;
        changed.as_object_mut().unwrap().remove("secret");
        expect(&app.administrator().put(&format!("/identity-providers/{provider}"), &changed), 200);
        expect(&app.administrator().post("/identity-providers/trial", &json!({ "issuer": server.issuer() })), 200);
        assert_eq!(refused(app, server, provider), "token_refused");
        server.conduct(|conduct| conduct.userinfo.as_mut().unwrap()["sub"] = json!("late"));
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["user"]["id"], asked);
    });
}

#[test]
fn whoever_comes_from_an_allowed_domain_becomes_a_user() {
    for_each_app(|app, clock, server| {
        let mut admin = app.administrator();
        let roles = expect(&admin.get("/records/role?fields=key"), 200);
        let role = |key: &str| {
            let found = roles["items"].as_array().unwrap().iter().find(|role| role["values"]["key"] == key);
            found.unwrap()["id"].clone()
        };
        for (changes, pointer, code) in [
            (json!({ "new_user_role": role("employee") }), "/domains", "required"),
            (
                json!({ "new_user_role": role("administrator"), "domains": ["example.org"] }),
                "/new_user_role",
                "not_for_new_users",
            ),
            (json!({ "new_user_role": 999, "domains": ["example.org"] }), "/new_user_role", "unknown_record"),
            (json!({ "domains": ["example.org/x"] }), "/domains", "not_a_domain"),
            (json!({ "issuer": "http://id.example.org" }), "/issuer", "not_an_issuer"),
            (json!({ "issuer": "https://id.example.org?x" }), "/issuer", "not_an_issuer"),
            (json!({ "name": " " }), "/name", "required"),
        ] {
            let refused = expect(&admin.post("/identity-providers", &input(server, &changes)), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())], "{changes}");
        }
        let provider =
            add_provider(app, server, &json!({ "new_user_role": role("employee"), "domains": ["example.org"] }));
        let taken = expect(&admin.post("/identity-providers", &input(server, &json!({}))), 422);
        assert_eq!(field_errors(&taken), [("/issuer".to_owned(), "issuer_taken".to_owned())]);
        let (mut olena, answer) = log_in(app, server, provider);
        let session = expect(&answer, 200)["session"].clone();
        assert_eq!((&session["user"]["name"], &session["user"]["login"]), (&json!("Олена"), &json!(EMAIL)));
        assert_eq!(session["user"]["roles"][0]["id"], role("employee"));
        expect(&olena.get("/records/contact"), 200);
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["user"]["id"], session["user"]["id"]);

        // She has no password: untying her only account would lock her out. To change how she logs in she logs in there once more.
        let identity = expect(&olena.get("/session/identities"), 200)["items"][0]["id"].clone();
        assert_eq!(expect(&olena.delete(&format!("/session/identities/{identity}")), 409)["code"], "last_way_in");
        clock.advance(16 * MINUTE_MS);
        let path = format!("/session/identities/{identity}");
        assert_eq!(expect(&olena.delete(&path), 403)["code"], "confirmation_required");
        let confirm = format!("/session/confirm/{provider}");
        let now = clock.now_ms() / 1_000;
        server.conduct(|conduct| conduct.now_s = now);
        for (lies, status, code) in [
            (json!({ "auth_time": now - 400 }), 502, "provider_failed"),
            (json!({ "auth_time": null }), 502, "provider_failed"),
            (json!({ "sub": "account-2" }), 409, "other_identity"),
        ] {
            server.conduct(|conduct| conduct.lies = lies);
            let brought = go(&mut olena, server, &confirm);
            assert_eq!(expect(&finish(&mut olena, &brought), status)["code"], code);
            assert_eq!(expect(&olena.delete(&path), 403)["code"], "confirmation_required");
        }
        server.conduct(|conduct| conduct.lies = json!({}));
        let brought = go(&mut olena, server, &confirm);
        assert_eq!(expect(&finish(&mut olena, &brought), 200)["result"], "confirmed");
        assert_eq!(expect(&olena.delete(&path), 409)["code"], "last_way_in");

        // With a password that she knows there is another way in.
        let user = &session["user"]["id"];
        let password = json!({ "new_password": PASSWORD });
        expect(&admin.post(&format!("/users/{user}/password"), &password), 204);
        let mut olena = app.log_in(EMAIL);
        let answer = olena.delete(&path);
        expect(&answer, 204);
        take_cookies(&mut olena, &answer);
        assert_eq!(expect(&olena.get("/session/identities"), 200)["items"], json!([]));
        assert_eq!(refused(app, server, provider), "provider_no_account");
    });
}

#[test]
fn the_second_step_is_asked_for_unless_the_provider_stands_for_it() {
    for_each_app(|app, clock, server| {
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, server, provider), 200);
        expect(&app.administrator().patch("/installation", &json!({ "needs_second_step": true })), 200);
        let (mut weak, answer) = log_in(app, server, provider);
        assert_eq!(expect(&answer, 200)["session"]["must_set_up_second_step"], true);
        assert_eq!(expect(&weak.get("/records/contact"), 403)["code"], "second_step_missing");
        let admin = app.administrator();
        // The administrator has none, and may not go on either; his settings change below the interface.
        drop(admin);
        let context = record_engine::RequestContext::system(app.engine.clock());
        let strong: identity::ProviderInput =
            serde_json::from_value(input(server, &json!({ "is_second_step": true }))).unwrap();
        identity::update_provider(&app.engine, &context, provider, &strong).unwrap();
        let (mut strong, answer) = log_in(app, server, provider);
        assert_eq!(expect(&answer, 200)["session"]["must_set_up_second_step"], false);
        expect(&strong.get("/records/contact"), 200);
        // The provider itself says that it has seen a password and no more.
        server.conduct(|conduct| conduct.account["amr"] = json!(["pwd"]));
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["must_set_up_second_step"], true);
        server.conduct(|conduct| conduct.account["amr"] = json!(["pwd", "otp"]));
        assert_eq!(expect(&log_in(app, server, provider).1, 200)["session"]["must_set_up_second_step"], false);
        // It stands for both steps no longer: at once, for those who came by it.
        let weak: identity::ProviderInput = serde_json::from_value(input(server, &json!({}))).unwrap();
        identity::update_provider(&app.engine, &context, provider, &weak).unwrap();
        assert_eq!(expect(&strong.get("/records/contact"), 403)["code"], "second_step_missing");

        // Who has a second step of his own shows it.
        let setup = expect(&strong.post("/session/second-step/codes", &json!({})), 200);
        let key = setup["key"].as_str().unwrap().to_owned();
        let code = authenticator_code(&key, clock.now_ms());
        let confirmation = json!({ "ticket": setup["ticket"], "code": code });
        expect(&strong.post("/session/second-step/codes/confirm", &confirmation), 200);
        clock.advance(30_000);
        let (mut browser, answer) = log_in(app, server, provider);
        let step = expect(&answer, 200);
        assert_eq!((&step["result"], &step["step"]["has_codes"]), (&json!("second_step"), &json!(true)));
        expect(&browser.get("/session"), 401);
        let code = authenticator_code(&key, clock.now_ms());
        let finished = json!({ "ticket": step["step"]["ticket"], "code": code });
        expect(&browser.post("/session/second-step/finish", &finished), 200);
    });
}

#[test]
fn where_providers_alone_let_in_administrators_keep_their_passwords() {
    for_each_app(|app, _, server| {
        let mut admin = app.administrator();
        let only = json!({ "only_identity_providers": true });
        let refused = expect(&admin.patch("/installation", &only), 422);
        assert_eq!(
            field_errors(&refused),
            [("/only_identity_providers".to_owned(), "no_identity_provider".to_owned())]
        );
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        let login = expect(&employee.get("/session"), 200)["user"]["login"].clone();
        expect(&tie(&mut employee, server, provider), 200);
        expect(&employee.patch("/installation", &only), 403);
        expect(&admin.patch("/installation", &only), 200);
        assert_eq!(expect(&app.anonymous().get("/setup"), 200)["only_providers"], true);
        let password = json!({ "login": login, "password": PASSWORD });
        // The same answer as to a wrong password.
        assert_eq!(expect(&app.anonymous().post("/session", &password), 401)["code"], "wrong_credentials");
        expect(&app.anonymous().post("/session", &json!({ "login": "administrator", "password": PASSWORD })), 200);
        let (mut through, answer) = log_in(app, server, provider);
        expect(&answer, 200);
        // He has no other way in now, though he knows a password.
        let identity = expect(&through.get("/session/identities"), 200)["items"][0]["id"].clone();
        assert_eq!(expect(&through.delete(&format!("/session/identities/{identity}")), 409)["code"], "last_way_in");

        // A provider that is switched off or removed ends what it opened, and passwords work again.
        let mut off = input(server, &json!({ "is_active": false }));
        off.as_object_mut().unwrap().remove("secret");
        let path = format!("/identity-providers/{provider}");
        assert_eq!(expect(&admin.put(&path, &off), 200)["has_secret"], true);
        expect(&through.get("/session"), 401);
        expect(&app.anonymous().post(&format!("/session/providers/{provider}/begin"), &json!({})), 404);
        expect(&app.anonymous().post("/session", &password), 200);
        // Another issuer does not get the secret of this one.
        off["issuer"] = json!("https://id.example.org");
        let refused = expect(&admin.put(&path, &off), 422);
        assert_eq!(field_errors(&refused), [("/secret".to_owned(), "required".to_owned())]);
        off["secret"] = json!("");
        assert_eq!(expect(&admin.put(&path, &off), 200)["has_secret"], false);
        expect(&admin.delete(&path), 204);
        expect(&admin.delete(&path), 404);
        let told = expect(&admin.get("/audit"), 200);
        assert!(told.to_string().contains("identity_providers") && !told.to_string().contains("a secret"));
    });
}

#[test]
fn a_trial_says_what_is_wrong_and_buttons_have_an_order() {
    for_each_app(|app, clock, server| {
        let mut admin = app.administrator();
        let mut try_it = |issuer: &str| {
            let answer = expect(&admin.post("/identity-providers/trial", &json!({ "issuer": issuer })), 200);
            (answer["code"].as_str().map(str::to_owned), answer["detail"].as_str().map(str::to_owned))
        };
        assert_eq!(try_it(&server.issuer()), (None, None));
        for (metadata, code, detail) in [
            (json!({ "issuer": "https://id.example.org" }), "other_issuer", "https://id.example.org"),
            (json!({ "token_endpoint": null }), "endpoint_missing", "token_endpoint"),
            (json!({ "token_endpoint": "http://id.example.org/token" }), "endpoint_unsafe", "token_endpoint"),
            (json!({ "authorization_endpoint": "javascript:alert(1)" }), "endpoint_unsafe", "authorization_endpoint"),
            (json!({ "response_types_supported": ["id_token"] }), "no_code_flow", ""),
            (json!({ "code_challenge_methods_supported": ["plain"] }), "no_pkce", ""),
            (
                json!({ "jwks_uri": format!("{}/nowhere", server.issuer()) }),
                "bad_answer",
                "the service answered with status 404",
            ),
            (json!({ "jwks_uri": format!("{}/.well-known/openid-configuration", server.issuer()) }), "no_keys", ""),
        ] {
            server.conduct(|conduct| conduct.metadata = metadata);
            let (found, said) = try_it(&server.issuer());
            assert_eq!(found.as_deref(), Some(code));
            assert!(said.unwrap().starts_with(detail), "{code}");
        }
        server.conduct(|conduct| conduct.metadata = json!({}));
        assert_eq!(try_it("http://id.example.org").0.as_deref(), Some("not_an_issuer"));
        assert_eq!(try_it("http://127.0.0.1:1").0.as_deref(), Some("unreachable"));

        // What a provider publishes is asked once an hour; keys that nobody knows are looked for once a minute.
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, server, provider), 200);
        expect(&log_in(app, server, provider).1, 200);
        server.conduct(|conduct| conduct.asked.clear());
        expect(&log_in(app, server, provider).1, 200);
        assert_eq!(server.conduct(|conduct| conduct.asked.clone()), ["/token"]);
        server.take_other_keys();
        assert_eq!(refused(app, server, provider), "token_refused");
        clock.advance(MINUTE_MS);
        expect(&log_in(app, server, provider).1, 200);

        let second = IdentityServer::start(NOW / 1_000);
        let other = add_provider(app, &second, &json!({ "name": "Second" }));
        let mut order = |ids: &Json| {
            expect(&admin.put("/identity-providers/order", &json!({ "ids": ids })), 204);
            let list = expect(&admin.get("/identity-providers"), 200);
            assert_eq!(list["redirect_uri"], "http://localhost:8080/sign-in");
            list["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(order(&json!([other])), [other, provider]);
        assert_eq!(order(&json!([provider, other])), [provider, other]);
        let mut employee = app.with_user(Role::Supervisor);
        expect(&employee.get("/identity-providers"), 403);
        expect(&employee.post("/identity-providers/trial", &json!({ "issuer": server.issuer() })), 403);
    });
}

#[test]
fn whoever_begins_logins_without_end_is_made_to_wait_by_his_network() {
    for_each_app(|app, clock, server| {
        let provider = add_provider(app, server, &json!({}));
        let begin = format!("/session/providers/{provider}/begin");
        let mut stranger = app.anonymous();
        for _ in 0..600 {
            expect(&stranger.post(&begin, &json!({})), 200);
        }
        assert_eq!(expect(&stranger.post(&begin, &json!({})), 429)["code"], "too_many_attempts");
        // Passwords of the same network are counted apart, and after a while it goes on.
        app.administrator();
        clock.advance(15 * MINUTE_MS);
        expect(&stranger.post(&begin, &json!({})), 200);
    });
}

#[test]
fn showing_at_the_provider_who_one_is_takes_the_second_step_as_well() {
    for_each_app(|app, clock, server| {
        let provider = add_provider(app, server, &json!({}));
        let mut employee = app.with_user(Role::Employee);
        expect(&tie(&mut employee, server, provider), 200);
        let setup = expect(&employee.post("/session/second-step/codes", &json!({})), 200);
        let key = setup["key"].as_str().unwrap().to_owned();
        let shown = json!({ "ticket": setup["ticket"], "code": authenticator_code(&key, clock.now_ms()) });
        let answer = employee.post("/session/second-step/codes/confirm", &shown);
        expect(&answer, 200);
        take_cookies(&mut employee, &answer);
        clock.advance(16 * MINUTE_MS);
        server.conduct(|conduct| conduct.now_s = clock.now_ms() / 1_000);
        let confirm = format!("/session/confirm/{provider}");
        let brought = go(&mut employee, server, &confirm);
        let finished = expect(&finish(&mut employee, &brought), 200);
        assert_eq!(finished["result"], "confirm_second_step");
        let renew = |user: &mut User| user.post("/session/second-step/recovery-codes", &json!({}));
        assert_eq!(expect(&renew(&mut employee), 403)["code"], "confirmation_required");
        let code = authenticator_code(&key, clock.now_ms());
        let shown = json!({ "ticket": finished["step"]["ticket"], "code": code });
        expect(&employee.post("/session/confirm/second-step", &shown), 204);
        expect(&renew(&mut employee), 200);

        // A provider that stands for both steps does so here.
        clock.advance(16 * MINUTE_MS);
        server.conduct(|conduct| conduct.now_s = clock.now_ms() / 1_000);
        let strong = input(server, &json!({ "is_second_step": true }));
        expect(&app.administrator().put(&format!("/identity-providers/{provider}"), &strong), 200);
        let brought = go(&mut employee, server, &confirm);
        assert_eq!(expect(&finish(&mut employee, &brought), 200)["result"], "confirmed");
    });
}
