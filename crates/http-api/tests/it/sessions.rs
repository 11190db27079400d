//! Set-up, login, sessions and users over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::app::{PASSWORD, User, for_each_app};

fn cookie_of(answer: &crate::app::Answer) -> String {
    let header = answer.headers["set-cookie"].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(header.contains(part), "{header}");
    }
    header.split(';').next().unwrap().to_owned()
}

#[test]
fn logging_in_and_out() {
    for_each_app(async |app| {
        let log_in = |password: &'static str| {
            app.call(None, Method::POST, "/session", Some(json!({ "login": "taras", "password": password })), &[])
        };
        let refused = log_in("wrong password").await;
        assert_eq!((refused.status.as_u16(), &refused.json["code"]), (401, &json!("wrong_credentials")));
        assert!(!refused.headers.contains_key("set-cookie"));
        let answer = log_in(PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json["user"]["roles"][0]["id"], 3);
        assert_eq!(
            answer.json["permissions"],
            json!({ "export": false, "administer": false, "features": ["import", "duplicates", "address_book", "api_keys"] })
        );
        let user = User { id: app.employee.id, cookie: cookie_of(&answer) };

        let sessions = app.get(&user, "/session/all").await;
        let items = sessions.json["items"].as_array().unwrap();
        assert_eq!(items.iter().filter(|item| item["is_current"] == true).count(), 1, "{}", sessions.text);
        let changed = app.patch(&user, "/session", json!({ "language": "ru", "theme": "dark" }), &[]).await;
        assert_eq!(
            (&changed.json["user"]["language"], &changed.json["user"]["theme"]),
            (&json!("ru"), &json!("dark")),
            "{}",
            changed.text
        );
        let invalid = app.patch(&user, "/session", json!({ "time_zone": "Mars/Base" }), &[]).await;
        assert_eq!(invalid.json["errors"][0]["pointer"], "/time_zone", "{}", invalid.text);

        let wrong = app
            .post(&user, "/session/password", json!({ "current_password": "no", "new_password": "another good one" }))
            .await;
        assert_eq!(wrong.json["errors"][0]["pointer"], "/current_password", "{}", wrong.text);
        let right = app
            .post(
                &user,
                "/session/password",
                json!({ "current_password": PASSWORD, "new_password": "another good one" }),
            )
            .await;
        assert_eq!(right.status, StatusCode::NO_CONTENT, "{}", right.text);
        assert_eq!(app.get(&app.employee, "/session").await.status, StatusCode::UNAUTHORIZED);

        let ended = app.call(Some(&user), Method::DELETE, "/session", None, &[]).await;
        assert_eq!(ended.status, StatusCode::NO_CONTENT);
        assert!(ended.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
        assert_eq!(app.get(&user, "/session").await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn guessing_is_slowed_down() {
    for_each_app(async |app| {
        let mut last = None;
        for _ in 0..20 {
            let answer = app
                .call(None, Method::POST, "/session", Some(json!({ "login": "iryna", "password": "guess" })), &[])
                .await;
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                last = Some(answer);
                break;
            }
        }
        let refused = last.expect("guessing never ends");
        assert_eq!(refused.json["code"], "too_many_attempts");
        assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u64>().unwrap() > 0);
    });
}

#[test]
fn a_new_user_logs_in_and_a_deactivated_one_is_out_at_once() {
    for_each_app(async |app| {
        let new = json!({ "name": "Новий", "login": "novyi", "password": PASSWORD, "roles": [3], "language": "uk" });
        let created = app.post(&app.administrator, "/users", new.clone()).await;
        assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
        let taken = app.post(&app.administrator, "/users", new).await;
        assert_eq!(
            taken.json["errors"][0],
            json!({ "pointer": "/login", "code": "login_taken", "params": {} }),
            "{}",
            taken.text
        );
        let answer = app
            .call(None, Method::POST, "/session", Some(json!({ "login": "novyi", "password": PASSWORD })), &[])
            .await;
        let user = User { id: created.json["record"]["id"].as_i64().unwrap(), cookie: cookie_of(&answer) };
        assert_eq!(app.get(&user, "/records/card").await.status, StatusCode::OK);
        let path = format!("/records/user/{}", user.id);
        let off = app.patch(&app.administrator, &path, json!({ "values": { "is_active": false } }), &[]).await;
        assert_eq!(off.status, StatusCode::OK, "{}", off.text);
        assert_eq!(app.get(&user, "/records/card").await.status, StatusCode::UNAUTHORIZED);
        let last = app
            .patch(
                &app.administrator,
                &format!("/records/user/{}", app.administrator.id),
                json!({ "values": { "roles": [3] } }),
                &[],
            )
            .await;
        let refused = json!([{ "pointer": "/values/roles", "code": "last_administrator", "params": {} }]);
        assert_eq!((last.status.as_u16(), &last.json["errors"]), (422, &refused), "{}", last.text);
    });
}

#[test]
fn set_up_is_closed_once_there_is_an_administrator() {
    for_each_app(async |app| {
        assert_eq!(
            app.call(None, Method::GET, "/setup", None, &[]).await.json,
            json!({ "is_open": false, "resets_by_mail": false, "takes_passkeys": false, "providers": [], "only_providers": false })
        );
        let body = json!({ "token": "t", "company_name": "c", "country": "UA", "language": "uk", "name": "n", "login": "login", "password": PASSWORD });
        let answer = app.call(None, Method::POST, "/setup", Some(body), &[]).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (409, &json!("setup_closed")));
    });
}
