//! Secrets at rest across starts and processes.

use record_engine::EngineError;
use record_engine::engine::EngineOptions;
use record_engine::{Clock, Engine};
use test_kit::for_each_backend;

use crate::bench_type::{Bench, NOW};

#[test]
fn every_process_of_an_installation_opens_what_one_has_sealed() {
    for_each_backend(|database| {
        let bench = Bench::new(database);
        let sealed = bench.engine.vault().seal_text("mail/1", "пароль почты").unwrap();
        assert_eq!(bench.reopened().vault().open_text("mail/1", &sealed).unwrap(), "пароль почты");
    });
}

#[test]
fn a_restored_database_without_its_key_file_says_so_and_works() {
    for_each_backend(|database| {
        let files = tempfile::tempdir().unwrap();
        let open = |key: &str| {
            let options = EngineOptions {
                definitions: Vec::new(),
                migrations: Vec::new(),
                clock: Clock::fixed(NOW),
                files: files.path().join("files"),
                secret_key: files.path().join(key),
                access: std::sync::Arc::new(crate::bench_type::access_of),
                backups: None,
            };
            Engine::open(database.open(), options).unwrap()
        };
        let sealed = open("secret.key").vault().seal("mail/1", b"secret").unwrap();
        let elsewhere = open("another.key");
        assert!(matches!(elsewhere.vault().open("mail/1", &sealed), Err(EngineError::State("secret_key_changed"))));
        let given_anew = elsewhere.vault().seal("mail/1", b"secret").unwrap();
        assert_eq!(elsewhere.vault().open("mail/1", &given_anew).unwrap(), b"secret");
        assert_eq!(open("secret.key").vault().open("mail/1", &sealed).unwrap(), b"secret");
    });
}
