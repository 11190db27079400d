//! What browsers are told with every answer, and what they are not allowed to do from elsewhere (S10–S12, S24).

use serde_json::json;

use crate::it::app::{expect, for_each_app};
use crate::it::person::person;

#[test]
fn every_answer_carries_the_headers() {
    for_each_app(|app| {
        let mut user = app.administrator();
        for path in [
            "/",
            "/contacts",
            "/favicon.svg",
            "/api/v1/session",
            "/api/v1/records/contact",
            "/api/v1/nowhere",
            "/api/v1/openapi.json",
            "/assets/nothing.js",
        ] {
            let answer = user.connection.get(path).unwrap();
            let header = |name: &str| answer.header(name).unwrap_or_else(|| panic!("{path} lacks {name}")).to_owned();
            let policy = header("content-security-policy");
            for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("referrer-policy"), "same-origin", "{path}");
            assert!(
                answer.header("server").is_none() && answer.header("access-control-allow-origin").is_none(),
                "{path}"
            );
            if path.starts_with("/api/") {
                assert_eq!(header("cache-control"), "no-store", "{path}");
            }
        }
    });
}

#[test]
fn another_site_writes_nothing() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let body = json!({ "values": person("Підкинута") });
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
        ] {
            let refused = user.send("POST", "/records/contact", headers, &body);
            assert_eq!(expect(&refused, 403)["code"], "cross_origin");
        }
        assert_eq!(user.contact_ids(""), Vec::<i64>::new());
        // Reading from a link in a mail is harmless and works.
        assert_eq!(
            user.connection.send("GET", "/api/v1/session", &[("sec-fetch-site", "cross-site")], &[]).unwrap().status,
            200
        );
    });
}

#[test]
fn the_web_client_answers_its_pages_and_nothing_else() {
    for_each_app(|app| {
        let mut visitor = app.anonymous();
        let page = visitor.connection.get("/contacts/1").unwrap();
        assert_eq!(page.status, 200);
        assert!(page.text().to_lowercase().contains("<!doctype html"));
        for path in ["//contacts", "/contacts//1", "/..%2fCargo.toml", "/assets/missing.js", "/.env.php", "/index.php"]
        {
            assert_eq!(visitor.connection.get(path).unwrap().status, 404, "{path}");
        }
    });
}
