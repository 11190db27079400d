//! What browsers are told with every answer, and what they are not allowed to do from elsewhere (S10–S12, S24).

use record_engine::Role;
use serde_json::json;

use crate::it::app::{App, expect, field_errors, for_each_app};
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

/// `img-src` of the policy that a page comes with.
fn picture_sources(app: &App) -> String {
    let page = app.anonymous().connection.get("/contacts").unwrap();
    let policy = page.header("content-security-policy").unwrap().to_owned();
    policy.rsplit_once("img-src ").unwrap().1.to_owned()
}

#[test]
fn the_host_of_map_pictures_is_the_only_one_that_pages_may_load_from() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        let mut employee = app.with_user(Role::Employee);
        let own = "'self' data: blob:";
        assert_eq!(picture_sources(app), own);
        let tiles = json!({ "tiles_url": " https://tiles.example:8443/{z}/{x}/{y}.png?key=1 ", "tiles_attribution": "© Мапа", "tiles_max_zoom": 17 });
        expect(&employee.patch("/installation", &tiles), 403);
        assert_eq!(picture_sources(app), own);

        expect(&administrator.patch("/installation", &tiles), 200);
        assert_eq!(picture_sources(app), format!("{own} https://tiles.example:8443"));
        let installation = expect(&employee.get("/session"), 200)["installation"].clone();
        assert_eq!(installation["tiles_url"], "https://tiles.example:8443/{z}/{x}/{y}.png?key=1");
        assert_eq!(installation["tiles_attribution"], "© Мапа");
        assert_eq!(installation["tiles_max_zoom"], 17);

        for (change, pointer, code) in [
            (json!({ "tiles_url": "tiles.example/{z}/{x}/{y}.png" }), "/tiles_url", "not_a_url"),
            (json!({ "tiles_url": "https://tiles.example;script-src */{z}/{x}/{y}" }), "/tiles_url", "not_a_url"),
            (json!({ "tiles_url": "https://tiles.example/{z}/{x}.png" }), "/tiles_url", "missing_place"),
            (json!({ "tiles_url": "https://tiles.example/{z}/{x}/{y}{r}.png" }), "/tiles_url", "unknown_place"),
            (json!({ "tiles_attribution": "" }), "/tiles_attribution", "required"),
            (json!({ "tiles_max_zoom": 30 }), "/tiles_max_zoom", "out_of_range"),
        ] {
            let refused = expect(&administrator.patch("/installation", &change), 422);
            assert_eq!(field_errors(&refused), [(pointer.to_owned(), code.to_owned())], "{change}");
        }
        assert_eq!(picture_sources(app), format!("{own} https://tiles.example:8443"));
        expect(&administrator.patch("/installation", &json!({ "tiles_url": "", "tiles_attribution": "" })), 200);
        assert_eq!(picture_sources(app), own);
    });
}
