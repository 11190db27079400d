//! The description is that of the routes.

use std::path::Path;
use std::sync::Arc;
use std::{env, fs};

use record_engine::engine::EngineOptions;
use record_engine::{Clock, Engine};
use test_kit::TestDatabase;

/// The document of a fresh installation, from which the web client's types are made.
#[test]
fn the_published_document_is_fresh() {
    let (database, folder) = (TestDatabase::sqlite(), tempfile::tempdir().unwrap());
    let mut definitions = modules::object_types();
    definitions.extend(identity::object_types().into_iter().map(Arc::new));
    let options = EngineOptions {
        definitions,
        access: Arc::new(identity::StoredAccess),
        migrations: [identity::MIGRATIONS, &modules::migrations()].concat(),
        clock: Clock::fixed(0),
        files: folder.path().join("files"),
        secret_key: folder.path().join("secret.key"),
        backups: None,
    };
    let engine = Engine::open(database.open(), options).unwrap();
    let mut document = serde_json::to_string_pretty(&http_api::openapi::document(&engine.snapshot().catalog)).unwrap();
    document.push('\n');
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(&path, &document).unwrap();
    }
    let published = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == document,
        "openapi.json is stale: run this test with UPDATE_OPENAPI=1, then `npm run generate` in web/"
    );
}
