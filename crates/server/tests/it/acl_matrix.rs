//! Every operation of the API × everybody who may ask × every relation to what is asked about (`acl_matrix_objects`, `acl_matrix_paths`,
//! `denied_means_unchanged`): made from the live description, so that an operation without a row in [`table`] fails.
//!
//! What is refused changes no row of any table but those of the audit, of guesses and of sessions. All that is refused is asked twice, in both orders:
//! what one identity is answered depends on no other.

mod cast;
pub(crate) mod table;

use database::{Backend, Query};
use serde_json::Value as Json;

use self::cast::{Cast, Principal, Relation};
use self::table::{Answer, READING, Row, body_of, row_of};
use crate::it::app::{App, User, content_of, expect, for_each_app};

/// Tables that a refusal may write: who was refused, counted guesses, when a session was last used.
pub(crate) const WRITTEN_BY_REFUSALS: [&str; 5] =
    ["audit_events", "audit_chain", "login_attempts", "sessions", "sqlite_sequence"];

/// An operation of the description.
pub(crate) struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub media_type: Option<String>,
    /// Takes an `Idempotency-Key`.
    pub is_retryable: bool,
    /// Not for keys of programs.
    is_session_only: bool,
    row: Row,
}

pub(crate) fn operations(admin: &mut User) -> Vec<Operation> {
    let document = expect(&admin.get("/openapi.json"), 200);
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else { continue };
            let content = operation["requestBody"]["content"].as_object();
            let media_type = content.and_then(|content| content.keys().next().cloned());
            let row = row_of(id).unwrap_or_else(|| {
                panic!(
                    "{} {path}: say in acl_matrix/table.rs whom the operation {id} is open to",
                    method.to_uppercase()
                )
            });
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            operations.push(Operation {
                is_retryable: parameters.any(|parameter| parameter["name"] == "Idempotency-Key"),
                id: id.into(),
                method: method.to_uppercase(),
                path: path.clone(),
                media_type,
                is_session_only: operation["security"] == serde_json::json!([{ "session": [] }]),
                row,
            });
        }
    }
    assert!(operations.len() > 60, "{}", operations.len());
    operations
}

/// A key notes besides when it was used and what it was refused.
fn written_by_refusals(principal: Principal) -> Vec<&'static str> {
    let noted = principal.is_key().then_some("api_keys");
    WRITTEN_BY_REFUSALS.into_iter().chain(noted).collect()
}

/// All rows of all tables but these, as one text: two equal texts mean that nothing changed.
pub(crate) fn everything_but(app: &App, left_out: &[&str]) -> String {
    let sql = match app.engine.database().backend() {
        Backend::Sqlite => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%search_index%' ORDER BY name"
        }
        Backend::Postgres => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1"
        }
    };
    let rows = app.engine.database().read(|tx| tx.query(sql, &[])).unwrap();
    let tables: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
    let is_kept = |table: &&str| !left_out.contains(table) && !table.contains("_index");
    let tables: Vec<&str> = tables.iter().map(String::as_str).filter(is_kept).collect();
    content_of(&app.engine, &tables)
}

/// Things of the administrator by which operations name what they are about.
pub(crate) struct Things {
    pub import: i64,
    pub job: i64,
    pub operation: i64,
}

impl Things {
    pub fn of(admin: &mut User) -> Things {
        let import = admin.upload("/imports?type=contact&file_name=a.csv", "Прізвище\nШевчук\n".as_bytes());
        let started = admin.post("/exports", &serde_json::json!({ "type": "contact", "format": "csv" }));
        let job = expect(&started, 202)["job"].clone();
        admin.wait_for_job(&job);
        let made = admin.post("/records/contact", &body_of("create_record", 0));
        Things {
            import: expect(&import, 201)["id"].as_i64().unwrap(),
            job: job["id"].as_i64().unwrap(),
            operation: expect(&made, 201)["operation_id"].as_i64().unwrap(),
        }
    }
}

/// The address of an operation on these things, below the base of the API.
pub(crate) fn address_of(operation: &Operation, things: &Things, contact: i64, file: &str) -> String {
    let id = match operation.id.as_str() {
        "get_file" => file.to_owned(),
        _ if operation.path.contains("/imports/") => things.import.to_string(),
        _ if operation.path.contains("/jobs/") || operation.path.contains("/exports/") => things.job.to_string(),
        _ if operation.path.contains("/operations/") => things.operation.to_string(),
        // Not the administrator who prepares what the others are asked about: it ends the sessions of its user.
        "reset_user_password" => "2".to_owned(),
        // Neither the one who prepares nor the one who asks: these end sessions, one's own as well.
        "reset_second_step" | "delete_user_sessions" | "delete_user_session" => "3".to_owned(),
        _ if operation.path.contains("/users/") => "1".to_owned(),
        _ if operation.path.contains("/session/") => "999999".to_owned(),
        _ => contact.to_string(),
    };
    let mut path = operation.path.replace("{type}", "contact").replace("{field}", "remark").replace("{id}", &id);
    path = path.replace("{delivery_id}", "1").replace("{session_id}", "999999");
    path.push_str(match operation.id.as_str() {
        "create_import" => "?type=contact&file_name=b.csv",
        "create_file" => "?name=b.txt",
        "search_records" => "?q=матриця",
        "list_duplicates" | "count_duplicates" => "?type=contact",
        "get_town" => "?city=x",
        _ => "",
    });
    match operation.id.as_str() {
        "list_access_people" => path = format!("{path}?type=contact&id={contact}"),
        "get_access_explanation" => path = format!("{path}?user_id=1&type=contact&id={contact}"),
        _ => {}
    }
    path.replace("матриця", &crate::it::app::encoded("матриця"))
}

/// Media type and body of an operation about a contact that are in order.
pub(crate) fn content_for(operation: &Operation, contact: i64) -> (&str, String) {
    let media_type = operation.media_type.as_deref().unwrap_or("application/json");
    let body = match (operation.method.as_str(), media_type) {
        ("GET", _) => String::new(),
        (_, "application/json") => body_of(&operation.id, contact).to_string(),
        _ => "Прізвище\nШевчук\n".to_owned(),
    };
    (media_type, body)
}

fn call(cast: &mut Cast, operation: &Operation, things: &Things, contact: i64, file: &str) -> (u16, Json) {
    let path = address_of(operation, things, contact, file);
    let mut headers: Vec<(&str, &str)> = cast.bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    if operation.id == "stream_events" {
        return (cast.user.connection.open_stream(&path, &headers).unwrap().0.status, Json::Null);
    }
    let (media_type, body) = content_for(operation, contact);
    if operation.method != "GET" {
        headers.push(("content-type", media_type));
    }
    let answer = cast.user.connection.send(&operation.method, &path, &headers, body.as_bytes()).unwrap();
    assert!(answer.status < 500, "{} {path}: {}", operation.method, answer.text());
    (answer.status, answer.json())
}

/// The status of a refusal; `None` where it is open.
fn refusal(operation: &Operation, who: Principal, what: Relation) -> Option<u16> {
    if matches!(operation.row, Row::Public) {
        return None;
    }
    if !who.has_session() {
        return Some(401);
    }
    if who.is_key() && operation.is_session_only || who == Principal::ReadingKey && !reads(operation) {
        return Some(403);
    }
    match operation.row {
        Row::Public | Row::Everybody => None,
        Row::Only(is_open) => (!is_open(who)).then_some(403),
        Row::OfAdministrator(knows) => (!knows(who)).then_some(404),
        Row::Contact(answer) => match answer(who, what) {
            Answer::Open => None,
            Answer::Forbidden => Some(403),
            Answer::Absent => Some(404),
            Answer::Unwritable => Some(422),
        },
    }
}

fn reads(operation: &Operation) -> bool {
    operation.method == "GET" || READING.contains(&operation.id.as_str())
}

fn is_about_contacts(operation: &Operation) -> bool {
    matches!(operation.row, Row::Contact(_))
}

fn play(app: &App, principal: Principal) {
    let mut admin = app.administrator();
    let operations = operations(&mut admin);
    let mut cast = Cast::new(app, &mut admin, principal);
    let things = Things::of(&mut admin);
    let contacts = cast.contacts.clone();
    let mut wrong: Vec<String> = Vec::new();
    let before = everything_but(app, &written_by_refusals(principal));
    let mut cells: Vec<(&Operation, usize, u16)> = Vec::new();
    for operation in &operations {
        let relations = if is_about_contacts(operation) { 0..contacts.len() } else { 0..1 };
        cells.extend(relations.filter_map(|at| Some((operation, at, refusal(operation, principal, contacts[at].0)?))));
    }
    let backwards: Vec<(&Operation, usize, u16)> = cells.iter().rev().copied().collect();
    for (operation, at, expected) in cells.iter().chain(&backwards) {
        let (relation, id, file) = &contacts[*at];
        let (status, answer) = call(&mut cast, operation, &things, *id, file);
        if status != *expected {
            wrong.push(format!(
                "{} on {relation:?} answers {principal:?} {status} for {expected}: {answer}",
                operation.id
            ));
        }
        if matches!(expected, 404 | 422) && is_about_contacts(operation) {
            // What is absent for him and what is absent for everybody are one answer.
            let (absent, other) = call(&mut cast, operation, &things, 999_999, "0".repeat(file.len()).as_str());
            if (absent, &other["code"], &other["title"]) != (status, &answer["code"], &answer["title"]) {
                wrong.push(format!("{} tells {principal:?} that {relation:?} exists: {answer} {other}", operation.id));
            }
        }
    }
    let after = everything_but(app, &written_by_refusals(principal));
    if before != after {
        let changed: Vec<&str> = after.lines().filter(|line| !before.contains(line)).take(5).collect();
        wrong.push(format!("what was refused to {principal:?} left a trace: {changed:?}"));
    }
    for operation in operations.iter().filter(|operation| !matches!(operation.row, Row::Public)) {
        for (relation, _, _) in &contacts {
            if (!is_about_contacts(operation) && *relation != Relation::Own)
                || refusal(operation, principal, *relation).is_some()
                || matches!(operation.id.as_str(), "delete_session" | "export_all" | "see_as_user" | "find_duplicates")
            {
                continue;
            }
            let (id, file) = cast.contact(&mut admin, *relation);
            let (status, answer) = call(&mut cast, operation, &things, id, &file);
            let is_missing = status == 404 && is_about_contacts(operation);
            if matches!(status, 401 | 403) || is_missing {
                wrong.push(format!("{} on {relation:?} is closed to {principal:?}: {status} {answer}", operation.id));
            }
        }
    }
    crate::it::app::until(|| !app.has_open_jobs());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

macro_rules! principals {
    ($($name:ident: $principal:ident;)*) => {
        $(#[test]
        fn $name() {
            for_each_app(|app| play(app, Principal::$principal));
        })*
    };
}

principals! {
    anonymous: Anonymous;
    without_a_role: NoRole;
    employee: Employee;
    head_of_a_team: Head;
    custom_role: Custom;
    supervisor: Supervisor;
    administrator: Administrator;
    deactivated: Deactivated;
    expired: Expired;
    key: Key;
    reading_key: ReadingKey;
    limited_key: LimitedKey;
}
