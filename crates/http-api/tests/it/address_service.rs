//! The address service over HTTP: what one user may take of it.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use axum::http::StatusCode;
use http_api::ApiConfig;
use serde_json::json;
use tokio::task::JoinSet;

use crate::app::App;

const NOWHERE: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n[]";

/// A service that answers nobody before `begin` says so; its address.
fn slow_service(begin: Receiver<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/{{query}}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut begun = false;
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines().map_while(Result::ok);
            let _ = lines.take_while(|line| !line.is_empty()).count();
            begun = begun || begin.recv().is_ok();
            let _ = stream.write_all(NOWHERE.as_bytes());
        }
    });
    url
}

#[test]
fn questions_of_one_user_do_not_fill_the_way_out() {
    test_kit::for_each_backend(|database| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let app = Arc::new(App::new(database, ApiConfig { allows_local_services: true, ..ApiConfig::default() }));
        runtime.block_on(async {
            let (release, begin) = channel();
            let url = slow_service(begin);
            let set = app.patch(&app.administrator, "/installation", json!({ "geocoder_url": url }), &[]).await;
            assert_eq!(set.status, StatusCode::OK, "{}", set.text);
            let mut asking = JoinSet::new();
            let mut ask = |user: &crate::app::User, street: &str| {
                let (app, user, question) = (app.clone(), user.clone(), json!({ "street": street }));
                asking.spawn(async move { app.post(&user, "/places/find", question).await });
            };
            for street in ["1", "2", "3", "4", "5"] {
                ask(&app.employee, street);
            }
            ask(&app.other, "6");
            // Nothing is answered yet: who is done already was refused.
            for _ in 0..3 {
                let refused = asking.join_next().await.unwrap().unwrap();
                assert_eq!(
                    (refused.status, refused.json["code"].as_str()),
                    (StatusCode::TOO_MANY_REQUESTS, Some("too_many_questions")),
                    "{}",
                    refused.text
                );
                assert_eq!(refused.headers["retry-after"], "2");
            }
            release.send(()).unwrap();
            while let Some(answered) = asking.join_next().await {
                let answered = answered.unwrap();
                assert_eq!(
                    (answered.status, &answered.json["place"]),
                    (StatusCode::OK, &json!(null)),
                    "{}",
                    answered.text
                );
            }
        });
        drop(runtime);
    });
}
