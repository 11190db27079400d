//! Users: made by administrators, never left without one.

use record_engine::Role;
use serde_json::json;

use crate::it::app::{PASSWORD, expect, field_errors, for_each_app};

#[test]
fn administrators_make_users() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let new =
            json!({ "name": "Марія Гайда", "login": "maria", "password": PASSWORD, "roles": [3], "language": "ru" });
        let created = expect(&administrator.post("/users", &new), 201);
        assert_eq!(created["record"]["values"]["roles"][0]["id"], 3);
        let body = expect(&administrator.post("/users", &new), 422);
        assert_eq!(field_errors(&body), [("/login".to_owned(), "login_taken".to_owned())]);
        assert_eq!(expect(&app.log_in("maria").get("/session"), 200)["user"]["name"], "Марія Гайда");

        let mut supervisor = app.with_user(Role::Supervisor);
        expect(&supervisor.post("/users", &new), 403);
    });
}

#[test]
fn the_last_administrator_stays() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let path = format!("/records/user/{}", administrator.id);
        for (field, value) in [("roles", json!([3])), ("is_active", json!(false))] {
            let refused = administrator.patch(&path, &json!({ "values": { field: value } }));
            assert!(refused.text().contains("last_administrator"), "{}", refused.text());
        }
        expect(&administrator.get("/session"), 200);
    });
}

#[test]
fn colleagues_see_names_and_no_logins() {
    for_each_app(|app| {
        let mut employee = app.with_user(Role::Employee);
        let page = expect(&employee.get("/records/user"), 200);
        assert_eq!(page["items"].as_array().unwrap().len(), 2);
        assert!(!page.to_string().contains("\"login\""), "{page}");
        let body = employee.get("/records/user?filter=login%20starts_with%20%22adm%22");
        assert_eq!(expect(&body, 422)["code"], "filter_invalid");
    });
}

#[test]
fn no_answer_ever_holds_a_password_or_its_hash() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        for path in
            ["/session", "/session/all", "/records/user", "/records/user/1", "/records/user/1/history", "/operations"]
        {
            let text = administrator.get(path).text();
            assert!(!text.contains(PASSWORD) && !text.contains("argon2"), "{path}: {text}");
        }
    });
}
