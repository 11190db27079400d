//! The commands as an operator types them: exit codes, refusals, and the same results as over the API.

use std::path::Path;
use std::process::{Command, Output};

use kartoteka::bench::Server;
use tempfile::TempDir;

use crate::it::app::{expect, for_each_app};
use crate::it::person::person;

/// Runs the program in a folder.
fn run(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kartoteka")).arg("--data").arg(data).args(arguments).output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

#[test]
fn a_first_start_prints_a_link_that_works_once() {
    let folder = TempDir::new().unwrap();
    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_kartoteka")), folder.path(), None).unwrap();
    let token = server.greeting.split("/setup?token=").nth(1).unwrap().split_whitespace().next().unwrap();
    let mut browser = kartoteka::http_client::Connection::new(server.address);
    let request = serde_json::json!({
        "token": token, "company_name": "Карпати Буд", "country": "UA", "language": "uk", "name": "Олена", "login": "olena", "password": "a long enough secret",
    });
    assert_eq!(browser.json("POST", "/api/v1/setup", &request).unwrap().status, 201);
    assert_eq!(browser.json("POST", "/api/v1/setup", &request).unwrap().status, 409);

    // A second start on the same port says so, and the running one goes on.
    let address = server.address.to_string();
    let text = check(&run(folder.path(), &["serve", "--listen", &address]), 2);
    assert!(text.contains("is in use by another program"), "{text}");
    assert_eq!(browser.get("/api/v1/health/ready").unwrap().status, 200);
    drop(server);

    // The next start has nothing to set up.
    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_kartoteka")), folder.path(), None).unwrap();
    assert_eq!(server.greeting, "");
}

#[test]
fn demo_export_import_and_check() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("contacts.xlsx");
    let file = file.to_str().unwrap();
    let text = check(&run(&data, &["demo", "--contacts", "120", "--seed", "3"]), 0);
    assert!(text.contains("olena") && text.contains("password"), "{text}");
    let text = check(&run(&data, &["demo", "--contacts", "10"]), 2);
    assert!(text.contains("in use"), "{text}");

    check(&run(&data, &["export", "--format", "xlsx", "--output", file]), 0);
    check(&run(&data, &["export", "--format", "xlsx", "--output", file]), 2);
    let text = check(&run(&data, &["import", file, "--as-user", "dmytro"]), 0);
    assert!(text.contains("unchanged            120"), "{text}");
    let text = check(&run(&data, &["import", file, "--as-user", "nobody"]), 2);
    assert!(text.contains("nobody"), "{text}");
    check(&run(&data, &["import", "missing.csv"]), 1);
    let text = check(&run(&data, &["check"]), 0);
    assert!(text.contains(" 0 problems"), "{text}");
}

#[test]
fn rows_that_stay_out_have_an_exit_code_and_a_file() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    check(&run(&data, &["demo", "--contacts", "8"]), 0);
    let table = folder.path().join("table.csv");
    std::fs::write(&table, "Прізвище;Телефон\nШевчук;067 440 12 85\nКривий;невідомо\n").unwrap();
    let failed = folder.path().join("failed.csv");
    let (table, failed) = (table.to_str().unwrap(), failed.to_str().unwrap());
    let text = check(&run(&data, &["import", table, "--check"]), 3);
    assert!(text.contains("row 3") && text.contains("not_a_phone"), "{text}");
    check(&run(&data, &["import", table, "--failed-rows", failed]), 3);
    let rows = std::fs::read_to_string(failed).unwrap();
    assert!(rows.contains("Кривий") && !rows.contains("Шевчук"), "{rows}");
}

#[test]
fn a_backup_comes_back_and_nothing_is_overwritten() {
    let folder = TempDir::new().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let backup = folder.path().join("backup.db");
    let backup = backup.to_str().unwrap();
    check(&run(&data, &["backup", backup]), 2);
    check(&run(&data, &["demo", "--contacts", "40"]), 0);
    check(&run(&data, &["backup", backup]), 0);
    check(&run(&data, &["backup", backup]), 1);
    check(&run(&other, &["restore", backup]), 0);
    check(&run(&other, &["check"]), 0);
    let text = check(&run(&other, &["restore", backup]), 2);
    assert!(text.contains("--force"), "{text}");
    check(&run(&other, &["restore", backup, "--force"]), 0);
    assert!(other.join("kartoteka.db.before-restore-1").exists());

    let foreign = folder.path().join("foreign.db");
    std::fs::write(&foreign, "not a database at all, only a long enough text to be mistaken for one".repeat(20))
        .unwrap();
    let text = check(&run(&other, &["restore", foreign.to_str().unwrap(), "--force"]), 1);
    assert!(text.contains("foreign.db"), "{text}");
    check(&run(&other, &["check"]), 0);

    let server = Server::start(Path::new(env!("CARGO_BIN_EXE_kartoteka")), &other, None).unwrap();
    let text = check(&run(&other, &["restore", backup, "--force"]), 2);
    assert!(text.contains("stop it first"), "{text}");
    drop(server);
}

#[test]
fn a_newer_database_is_refused() {
    let folder = TempDir::new().unwrap();
    check(&run(folder.path(), &["demo", "--contacts", "8"]), 0);
    {
        let file = folder.path().join("kartoteka.db");
        let database =
            database::Database::open(&format!("sqlite:{}", file.display()), database::OpenOptions::default()).unwrap();
        let sql =
            "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (9999, 'tomorrow', 'x', 'y')";
        database.write(|tx| tx.execute(sql, &[])).unwrap();
        database.close();
    }
    let text = check(&run(folder.path(), &["check"]), 1);
    assert!(text.contains("version 9999"), "{text}");
}

#[test]
fn the_check_finds_what_disagrees() {
    for_each_app(|app| {
        let contact = app.administrator().create_contact(person("Шевчук"));
        let id = contact["id"].as_i64().unwrap();
        let found = |engine: &record_engine::Engine| kartoteka::check::check(engine, &mut |_| {}).unwrap().problems;
        assert_eq!(found(&app.engine), Vec::<String>::new());
        let key = filter_language::sort_key("Шевчук");
        let renamed = "UPDATE contact SET last_name_key = ? WHERE id = ?";
        let moved = "UPDATE contact_managers SET record_id = ? WHERE record_id = ?";
        let changes: [(&str, [database::Value; 2], [database::Value; 2]); 2] = [
            (renamed, ["x".into(), id.into()], [key.into(), id.into()]),
            (moved, [77.into(), id.into()], [id.into(), 77.into()]),
        ];
        for (sql, broken, mended) in changes {
            app.engine.write(|tx| tx.execute(sql, &broken)).unwrap();
            assert!(!found(&app.engine).is_empty(), "{sql}");
            app.engine.write(|tx| tx.execute(sql, &mended)).unwrap();
            assert_eq!(found(&app.engine), Vec::<String>::new());
        }
        expect(&app.administrator().get(&format!("/records/contact/{id}")), 200);
    });
}
