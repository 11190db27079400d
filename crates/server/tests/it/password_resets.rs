//! A forgotten password, replaced by mail.

use record_engine::Clock;
use serde_json::{Value as Json, json};

use crate::it::app::{App, PASSWORD, User, expect, field_errors, for_each_app, until};
use crate::it::letters::{PUBLIC_URL, deliver, with_mail};

const NEW_PASSWORD: &str = "another long secret";

fn user(app: &App, login: &str, email: &str) -> User {
    let new =
        json!({ "name": login, "login": login, "email": email, "password": PASSWORD, "roles": [3], "language": "uk" });
    expect(&app.administrator().post("/users", &new), 201);
    app.log_in(login)
}

/// Asks, and waits until the work behind the answer is done.
fn ask(app: &App, typed: &str, letters: usize) {
    let before = count(app);
    expect(&app.anonymous().post("/password-resets", &json!({ "login_or_email": typed })), 204);
    until(|| count(app) == before + letters);
    deliver(app);
}

fn count(app: &App) -> usize {
    app.engine.database().read(|tx| mail::outbox::list(tx, None, None, 1_000)).unwrap().len()
}

fn complete(app: &App, token: &str, password: &str) -> kartoteka::http_client::Answer {
    app.anonymous().post("/password-resets/complete", &json!({ "token": token, "new_password": password }))
}

fn token_of(link: &str) -> String {
    assert!(link.starts_with(&format!("{PUBLIC_URL}/new-password#")), "{link}");
    link.split_once('#').unwrap().1.to_owned()
}

#[test]
fn a_link_sets_a_new_password_once_and_opens_no_session() {
    for_each_app(|app| {
        let sink = with_mail(app);
        assert_eq!(expect(&app.anonymous().get("/setup"), 200)["resets_by_mail"], true);
        let mut ira = user(app, "ira", "ira@example.org");
        ask(app, "IRA", 1);
        let letter = sink.wait_for("ira@example.org", 1);
        assert!(letter.text().contains("логіна ira") && letter.text().contains("30 хвилин"), "{}", letter.text());
        let token = token_of(&letter.link());
        let look = app.anonymous().post("/password-resets/look", &json!({ "token": token }));
        assert_eq!(expect(&look, 200), json!({ "login": "ira" }));
        let weak = expect(&complete(app, &token, "12345678"), 422);
        assert_eq!(field_errors(&weak), [("/new_password".to_owned(), "password_too_common".to_owned())]);
        let done = complete(app, &token, NEW_PASSWORD);
        assert_eq!((done.status, done.header("set-cookie").is_some()), (204, false));
        expect(&ira.get("/session"), 401);
        assert_eq!(expect(&complete(app, &token, NEW_PASSWORD), 403)["code"], "link_invalid");
        deliver(app);
        let news = sink.received_by("ira@example.org").pop().unwrap();
        assert!(news.text().contains("Пароль логіна ira змінено") && news.link().is_empty(), "{}", news.text());
        let mut connection = app.anonymous().connection;
        assert!(connection.log_in("ira", PASSWORD).is_err());
        connection.log_in("ira", NEW_PASSWORD).unwrap();
    });
}

#[test]
fn a_link_ends_after_half_an_hour() {
    const MINUTE_MS: i64 = 60_000;
    test_kit::for_each_backend(|database| {
        let clock = Clock::fixed(1_795_334_400_000);
        let app = App::with_clock(database, clock.clone());
        let sink = with_mail(&app);
        let [in_time, too_late] = ["ira", "petro"].map(|login| {
            let address = format!("{login}@example.org");
            user(&app, login, &address);
            ask(&app, login, 1);
            token_of(&sink.wait_for(&address, 1).link())
        });
        clock.advance(30 * MINUTE_MS - 1);
        expect(&complete(&app, &in_time, NEW_PASSWORD), 204);
        clock.advance(1);
        assert_eq!(expect(&complete(&app, &too_late, NEW_PASSWORD), 403)["code"], "link_invalid");
    });
}

#[test]
fn an_address_of_two_users_gets_a_letter_for_each_login() {
    for_each_app(|app| {
        let sink = with_mail(app);
        user(app, "sales.one", "sales@example.org");
        user(app, "sales.two", "sales@example.org");
        ask(app, " Sales@example.org ", 2);
        let letters = sink.received_by("sales@example.org");
        let texts: Vec<String> = letters.iter().map(test_kit::Received::text).collect();
        assert!(texts.iter().any(|text| text.contains("sales.one")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("sales.two")), "{texts:?}");
        let tokens: Vec<String> = letters.iter().map(|letter| token_of(&letter.link())).collect();
        // A newer link makes the older one void, of the same user only.
        ask(app, "sales.one", 1);
        let of = |login: &str| texts.iter().position(|text| text.contains(login)).unwrap();
        expect(&complete(app, &tokens[of("sales.one")], NEW_PASSWORD), 403);
        expect(&complete(app, &tokens[of("sales.two")], NEW_PASSWORD), 204);
    });
}

#[test]
fn who_is_not_active_gets_nothing_and_links_come_from_the_settings_alone() {
    for_each_app(|app| {
        let sink = with_mail(app);
        let gone = user(app, "gone", "gone@example.org");
        let mut administrator = app.administrator();
        let values = json!({ "values": { "is_active": false } });
        expect(&administrator.patch(&format!("/records/user/{}", gone.id), &values), 200);
        let invited = json!({ "name": "Іра", "email": "ira@example.org", "roles": [3] });
        expect(&administrator.post("/invitations", &invited), 201);
        user(app, "petro", "petro@example.org");
        for typed in ["gone", "gone@example.org", "ira@example.org", "nobody", "", "%", "' OR 1=1 --"] {
            expect(&app.anonymous().post("/password-resets", &json!({ "login_or_email": typed })), 204);
        }
        // As the description says: this tells of the question alone, not of who there is.
        let endless = json!({ "login_or_email": "x".repeat(301) });
        let refused = expect(&app.anonymous().post("/password-resets", &endless), 422);
        assert_eq!(field_errors(&refused), [("/login_or_email".to_owned(), "too_long".to_owned())]);
        // S27: what a request says about where it goes is nobody's business.
        let mut stranger = app.anonymous();
        let headers = [("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
        let body = json!({ "login_or_email": "petro" });
        expect(&stranger.send("POST", "/password-resets", &headers, &body), 204);
        until(|| count(app) == 2);
        deliver(app);
        let received = sink.received();
        let receivers: Vec<&String> = received.iter().flat_map(|letter| &letter.receivers).collect();
        assert_eq!(receivers, ["ira@example.org", "petro@example.org"], "the invitation and one link");
        token_of(&sink.received_by("petro@example.org")[0].link());
        assert!(received.iter().all(|letter| !letter.raw.contains("evil")));

        // Of a link that is used after its user is gone nothing is left.
        let token = token_of(&sink.received_by("petro@example.org")[0].link());
        let petro = app.log_in("petro").id;
        expect(&administrator.patch(&format!("/records/user/{petro}"), &values), 200);
        expect(&complete(app, &token, NEW_PASSWORD), 403);
    });
}

#[test]
fn asking_again_and_again_fills_no_mailbox() {
    for_each_app(|app| {
        with_mail(app);
        user(app, "ira", "ira@example.org");
        let mut statuses = Vec::new();
        for _ in 0..70 {
            let answer = app.anonymous().post("/password-resets", &json!({ "login_or_email": "ira" }));
            statuses.push((answer.status, answer.text()));
        }
        assert!(statuses[..60].iter().all(|answer| *answer == (204, String::new())));
        let late: Json = serde_json::from_str(&statuses[69].1).unwrap();
        assert_eq!((statuses[69].0, &late["code"]), (429, &json!("too_many_attempts")));
        until(|| count(app) >= 3);
        assert!(count(app) <= 4, "{} letters", count(app));
    });
}
