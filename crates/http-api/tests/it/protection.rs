//! Foreign origins, odd paths, headers, large and slow bodies.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use http_api::{ApiConfig, router};
use serde_json::json;

use crate::app::{App, for_each_app, read};

#[test]
fn writes_from_other_sites_and_forms_are_refused() {
    for_each_app(async |app| {
        let body = || Some(json!({ "values": { "name": "a" } }));
        for (headers, status) in [
            (vec![("sec-fetch-site", "cross-site")], 403),
            (vec![("sec-fetch-site", "same-site")], 403),
            (vec![("host", "crm.example"), ("origin", "https://evil.example")], 403),
            (vec![("host", "crm.example"), ("origin", "null")], 403),
            (vec![("host", "crm.example"), ("origin", "https://crm.example")], 201),
            (vec![("sec-fetch-site", "same-origin")], 201),
        ] {
            let answer = app.call(Some(&app.administrator), Method::POST, "/records/card", body(), &headers).await;
            assert_eq!(answer.status, status, "{headers:?}: {}", answer.text);
        }
        for media_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "",
        ] {
            let request = Request::post("/api/v1/records/card")
                .header("cookie", &app.administrator.cookie)
                .header("content-type", media_type)
                .body(Body::from(r#"{"values":{"name":"a"}}"#))
                .unwrap();
            let answer = read(app.send(request).await).await;
            assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media_type}");
        }
        assert_eq!(app.get(&app.administrator, "/records/card").await.json["items"].as_array().unwrap().len(), 2);
    });
}

#[test]
fn every_answer_forbids_what_no_page_needs() {
    for_each_app(async |app| {
        for path in
            ["/", "/contacts/1", "/api/v1/session", "/api/v1/health/live", "/api/nothing", "//", "/assets/none.js"]
        {
            let answer = read(app.send(Request::get(path).body(Body::empty()).unwrap()).await).await;
            let header = |name: &str| {
                answer.headers.get(name).unwrap_or_else(|| panic!("{path} has no {name}")).to_str().unwrap().to_owned()
            };
            assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
            assert_eq!(header("x-content-type-options"), "nosniff");
            assert_eq!(header("referrer-policy"), "same-origin");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin");
            if path.starts_with("/api/") {
                assert_eq!(header("cache-control"), "no-store", "{path}");
            }
            assert!(!answer.headers.contains_key("strict-transport-security"));
        }
        let secure = router(
            http_api::ApiState::new(app.engine.clone(), ApiConfig { is_https: true, ..ApiConfig::default() }).unwrap(),
        );
        let response =
            tower::ServiceExt::oneshot(secure, Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000");
    });
}

#[test]
fn odd_paths_and_methods_are_answered() {
    for_each_app(async |app| {
        for (method, path, status) in [
            ("GET", "//", 404),
            ("GET", "//api/v1/session", 404),
            ("GET", "/api/v1//session", 404),
            ("GET", "/api/v1/session/", 404),
            ("GET", "/api/v1/records/%ff%fe", 401),
            ("GET", "/api/v1/records/card/%00", 401),
            ("GET", "/api/v1/../v1/session", 404),
            ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
            ("GET", "/assets/missing.js", 404),
            ("GET", "/favicon-missing.png", 404),
            ("POST", "/", 405),
            ("PUT", "/api/v1/session", 405),
            ("TRACE", "/api/v1/session", 405),
            ("GET", "/some/page", 200),
            ("HEAD", "/", 200),
        ] {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            let response = app.send(request).await;
            assert_eq!(response.status().as_u16(), status, "{method} {path}");
        }
        for path in ["/records/%ff%fe", "/records/card/%00", "/records/card/1%2F..", "/records/..%2f..%2fetc"] {
            assert_eq!(app.get(&app.administrator, path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn a_body_has_limits() {
    for_each_app(async |app: std::sync::Arc<App>| {
        let long = "x".repeat(3 * 1024 * 1024);
        let answer = app.post(&app.administrator, "/records/card", json!({ "values": { "name": long } })).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (413, &json!("body_too_large")));
        let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
        let request = Request::post("/api/v1/records/card")
            .header("cookie", &app.administrator.cookie)
            .header("content-type", "application/json")
            .body(Body::from(format!(r#"{{"values":{{"name":{deep}}}}}"#)))
            .unwrap();
        assert_eq!(read(app.send(request).await).await.status, StatusCode::BAD_REQUEST);
    });
}

#[test]
fn a_service_in_the_own_network_is_not_asked_unless_the_operator_allows_it() {
    for_each_app(async |app: std::sync::Arc<App>| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/{{query}}", listener.local_addr().unwrap());
        let change = json!({ "geocoder_url": url });
        assert_eq!(app.patch(&app.administrator, "/installation", change, &[]).await.status, StatusCode::OK);
        let answer = app.post(&app.employee, "/places/find", json!({ "street": "Сумська, 1" })).await;
        assert_eq!((answer.status.as_u16(), &answer.json["code"]), (409, &json!("service_is_local")));
        assert!(listener.accept().is_err(), "somebody came");
    });
}
