//! A backup that is older than an erasure does not bring the person back.

use kartoteka::installation::Place;
use record_engine::Clock;
use record_engine::query::load_records;
use serde_json::json;

use super::erase;
use super::needles::database_file;
use crate::it::app::{App, expect};
use crate::it::person::person;

/// The title of a contact in a database that is opened as every command opens it.
fn title_in(place: &Place, id: i64) -> String {
    let installation = place.open(Clock::system()).unwrap();
    let engine = &installation.engine;
    let contacts = engine.snapshot().object_type("contact").unwrap();
    let record = engine.database().read(|tx| load_records(tx, &contacts, &[id], false)).unwrap().remove(&id).unwrap();
    let title = record.value("name").as_str().unwrap().to_owned();
    engine.database().close();
    title
}

#[test]
fn an_old_backup_does_not_bring_the_person_back() {
    test_kit::for_each_backend(|database| {
        let url = database.url.clone();
        let app = App::new(database);
        let mut user = app.administrator();
        let contact = user.create_contact(person("Повернений"));
        let id = contact["id"].as_i64().unwrap();
        let other = user.create_contact(person("Живий"))["id"].as_i64().unwrap();
        let saved = app.data.path().join("saved.db");
        let of_sqlite = database_file(&app);
        match &of_sqlite {
            Some(_) => app.engine.database().backup_to(&saved).unwrap(),
            None => remember(&app),
        }
        erase(&mut user, &contact);
        let after = user.create_contact(person("Пізній"))["id"].as_i64().unwrap();
        assert!(app.data.path().join("erasures.ledger").exists());

        // The documented command puts the backup of SQLite in its place; PostgreSQL's own tools do the same to its tables.
        if of_sqlite.is_some() {
            let folder = app.data.path().join("restored");
            let place = Place::new(&folder, None);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::copy(app.data.path().join("erasures.ledger"), folder.join("erasures.ledger")).unwrap();
            let arguments = ["--data", folder.to_str().unwrap(), "restore", saved.to_str().unwrap()];
            let status = std::process::Command::new(env!("CARGO_BIN_EXE_kartoteka")).args(arguments).status().unwrap();
            assert!(status.success());
            assert_eq!(title_in(&place, id), format!("Дані видалено № {id}"));
            assert_eq!(title_in(&place, other), "Живий");
            // An id that the restored base gives out again belongs to somebody else.
            let engine = place.open(Clock::system()).unwrap().engine;
            let acts = engine.database().read(|tx| {
                use database::Query;
                tx.query_one("SELECT COUNT(*) FROM destruction_acts", &[])?.integer(0)
            });
            assert_eq!(acts.unwrap(), 1, "the act is there again");
            engine.database().close();
            assert_eq!(title_in(&place, id), format!("Дані видалено № {id}"));
        } else {
            bring_back(&app);
            let restored = expect(&user.get(&format!("/records/contact/{id}")), 200);
            assert_eq!(restored["title"], "Повернений", "the test itself must bring him back");
            assert_eq!(title_in(&Place::new(app.data.path(), Some(&url)), id), format!("Дані видалено № {id}"));
        }
        let _ = (after, json!(null));
    });
}

/// Keeps copies of all tables of a PostgreSQL database, as a dump does.
fn remember(app: &App) {
    copy_tables(app, "CREATE TABLE saved.{table} AS TABLE {table};", "CREATE SCHEMA saved;");
}

/// Puts the copies back, as the restore of a dump does.
fn bring_back(app: &App) {
    copy_tables(app, "TRUNCATE {table}; INSERT INTO {table} SELECT * FROM saved.{table};", "");
}

fn copy_tables(app: &App, each: &str, first: &str) {
    use database::Query;
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";
    app.engine
        .database()
        .write_alone(|tx| {
            let mut statements = first.to_owned();
            for row in tx.query(sql, &[])? {
                statements.push_str(&each.replace("{table}", &database::quote_identifier(row.text_str(0)?)));
            }
            tx.execute_batch(&statements)
        })
        .unwrap();
}
