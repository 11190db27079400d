//! The measurements run from beginning to end on a small base. Nothing is asserted about times.

use std::path::Path;

use kartoteka::arguments::BenchOptions;
use kartoteka::bench::measure;
use serde_json::Value as Json;

#[test]
fn a_small_base_is_measured() {
    test_kit::for_each_backend(|database| {
        let options = BenchOptions {
            events: 500,
            contacts: 1_100,
            seed: 1,
            import_rows: 100,
            runs: 3,
            keep: None,
            only: Vec::new(),
            json: true,
        };
        let url = (database.backend == database::Backend::Postgres).then_some(database.url.as_str());
        let report = measure(Path::new(env!("CARGO_BIN_EXE_kartoteka")), url, &options).unwrap();
        let report: Json = serde_json::from_str(&report).unwrap();
        let measures = report["measures"].as_array().unwrap();
        assert!(measures.len() > 25, "{report}");
        assert!(measures.iter().all(|measure| measure["ours"]["runs"].as_i64() > Some(0)), "{report}");
    });
}
