//! Every operation of the API against a stranger, an employee and an administrator: a stranger gets 401 and nothing changes; nobody breaks
//! anything; who may not do something leaves no trace.

use record_engine::Role;
use serde_json::{Value as Json, json};

use crate::it::app::{App, User, expect, for_each_app};
use crate::it::person::person;

/// Operations that work without a login: they have tests of their own.
const PUBLIC: [&str; 18] = [
    "get_setup",
    "create_setup",
    "create_session",
    "look_at_invitation",
    "accept_invitation",
    "request_password_reset",
    "look_at_password_reset",
    "complete_password_reset",
    "finish_session",
    "begin_passkey_login",
    "log_in_with_passkey",
    "begin_passkey_step",
    "begin_provider_login",
    "finish_provider_login",
    "finish_with_passkey",
    "get_liveness",
    "get_readiness",
    "get_openapi",
];

/// An operation of the description.
struct Operation {
    id: String,
    method: String,
    path: String,
    body: Option<String>,
}

fn operations(app: &App) -> Vec<Operation> {
    let document = expect(&app.administrator().get("/openapi.json"), 200);
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let body =
                operation["requestBody"]["content"].as_object().and_then(|content| content.keys().next().cloned());
            operations.push(Operation { id: id.into(), method: method.to_uppercase(), path: path.clone(), body });
        }
    }
    assert!(operations.len() > 30, "{}", operations.len());
    operations
}

/// A path with values for its parameters: ids of records that exist and are somebody else's.
fn concrete(path: &str, id: &Json) -> String {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    path.replace("{type}", "contact")
        .replace("{field}", "remark")
        .replace("{id}", &id.to_string())
        .replace("{job_id}", &id.to_string())
}

fn call(user: &mut User, operation: &Operation, id: &Json) -> u16 {
    let path = format!("/api/v1{}", concrete(&operation.path, id));
    let content_type = operation.body.as_deref().unwrap_or("application/json");
    let body: &[u8] = if content_type == "application/json" && operation.method != "GET" { b"{}" } else { b"" };
    let headers = if operation.method == "GET" { Vec::new() } else { vec![("content-type", content_type)] };
    if operation.id == "list_events" || operation.path.ends_with("/events") {
        return user.connection.open_stream(&path, &[]).unwrap().0.status;
    }
    let answer = user.connection.send(&operation.method, &path, &headers, body).unwrap();
    assert!(answer.status < 500, "{} {path}: {}", operation.method, answer.text());
    answer.status
}

#[test]
fn a_stranger_gets_401_and_changes_nothing() {
    for_each_app(|app| {
        let contact = app.administrator().create_contact(person("Прихована"));
        let before = app.content();
        let mut stranger = app.anonymous();
        for operation in operations(app) {
            let status = call(&mut stranger, &operation, &contact["id"]);
            let is_public = PUBLIC.contains(&operation.id.as_str());
            assert!(
                is_public || status == 401,
                "{} {} answers a stranger with {status}",
                operation.method,
                operation.path
            );
        }
        assert_eq!(app.content(), before);
    });
}

#[test]
fn an_employee_leaves_no_trace_on_what_is_not_his() {
    for_each_app(|app| {
        let contact = app.administrator().create_contact(person("Прихована"));
        let mut employee = app.with_user(Role::Employee);
        let before = app.content();
        for operation in operations(app) {
            if operation.id == "delete_session" {
                continue;
            }
            let status = call(&mut employee, &operation, &contact["id"]);
            let is_about_one_record = operation.path.contains("/records/{type}/{id}");
            assert!(
                !is_about_one_record || matches!(status, 404 | 415 | 422),
                "{} {}: {status}",
                operation.method,
                operation.path
            );
            assert!(!matches!(status, 401 | 500..), "{} {}: {status}", operation.method, operation.path);
        }
        assert_eq!(app.content(), before);
    });
}

#[test]
fn requests_without_sense_break_nothing_for_an_administrator() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        for operation in operations(app) {
            if operation.id == "delete_session" {
                continue;
            }
            for id in [json!(999_999), json!(-1), json!("x"), json!("%00")] {
                let status = call(&mut administrator, &operation, &json!(id));
                assert!(status < 500, "{} {}: {status}", operation.method, operation.path);
            }
        }
    });
}
