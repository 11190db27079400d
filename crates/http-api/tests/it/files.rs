//! Files up and down, with the rights of their records.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::app::{Answer, App, User, for_each_app, read};

async fn upload(app: &App, user: &User, name: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post(format!("/api/v1/files?name={name}"))
        .header("cookie", &user.cookie)
        .header("content-type", "application/octet-stream")
        .body(Body::from(bytes))
        .unwrap();
    read(app.send(request).await).await
}

#[test]
fn a_file_is_for_its_uploader_and_for_who_sees_its_record() {
    for_each_app(async |app| {
        let stored = upload(&app, &app.employee, "page.html", b"<script>alert(1)</script>".to_vec()).await;
        assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.text);
        let path = format!("/files/{}", stored.json["id"].as_str().unwrap());
        let own = app.get(&app.employee, &path).await;
        assert_eq!((own.status, own.text.as_str()), (StatusCode::OK, "<script>alert(1)</script>"));
        assert_eq!(own.headers["content-type"], "application/octet-stream");
        assert!(own.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert!(own.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
        assert_eq!(own.headers["x-content-type-options"], "nosniff");
        assert_eq!(app.get(&app.other, &path).await.status, StatusCode::NOT_FOUND);

        app.card(&app.employee, json!({ "name": "held", "shared": "read", "contract": stored.json["id"] })).await;
        assert_eq!(app.get(&app.other, &path).await.status, StatusCode::OK);
        assert_eq!(app.get(&app.other, "/files/0000000000000000").await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.get(&app.other, "/files/..%2f..%2fetc%2fpasswd").await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn an_upload_leaves_nothing_behind_when_it_fails() {
    test_kit::for_each_backend(|database| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let config = http_api::ApiConfig { max_upload_bytes: 1_000, ..http_api::ApiConfig::default() };
        let app = App::new(database, config);
        runtime.block_on(async {
            assert_eq!(upload(&app, &app.employee, "a", vec![1; 1_000]).await.status, StatusCode::CREATED);
            let too_large = upload(&app, &app.employee, "a", vec![1; 1_001]).await;
            assert_eq!((too_large.status.as_u16(), &too_large.json["code"]), (413, &json!("body_too_large")));
            let pieces = [Ok(vec![1_u8; 10]), Err(std::io::Error::other("gone"))];
            let request = Request::post("/api/v1/files?name=a")
                .header("cookie", &app.employee.cookie)
                .header("content-type", "application/octet-stream")
                .body(Body::from_stream(futures_util::stream::iter(pieces)))
                .unwrap();
            assert_eq!(read(app.send(request).await).await.status, StatusCode::BAD_REQUEST);
            let left = std::fs::read_dir(app.engine.files().incoming_path("")).unwrap().count();
            assert_eq!(left, 0);
        });
    });
}
