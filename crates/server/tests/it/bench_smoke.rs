//! The measurements run from beginning to end on a small base. Nothing is asserted about times.

use std::path::Path;

use kartoteka::arguments::{BenchOptions, BenchPart};
use kartoteka::bench::measure;
use serde_json::Value as Json;

fn measured(database: &test_kit::TestDatabase, runs: u64, only: Vec<BenchPart>) -> Json {
    let options =
        BenchOptions { events: 500, contacts: 1_100, seed: 1, import_rows: 100, runs, keep: None, only, json: true };
    let url = (database.backend == database::Backend::Postgres).then_some(database.url.as_str());
    let report = measure(Path::new(env!("CARGO_BIN_EXE_kartoteka")), url, &options).unwrap();
    let report: Json = serde_json::from_str(&report).unwrap();
    let measures = report["measures"].as_array().unwrap();
    assert!(measures.iter().all(|measure| measure["ours"]["runs"].as_i64() > Some(0)), "{report}");
    report
}

#[test]
fn a_small_base_is_measured() {
    test_kit::for_each_backend(|database| {
        let report = measured(&database, 3, Vec::new());
        assert!(report["measures"].as_array().unwrap().len() > 25, "{report}");
    });
}

#[test]
fn the_work_of_a_small_base_is_measured() {
    test_kit::for_each_backend(|database| {
        let report = measured(&database, 1, vec![BenchPart::Work]);
        let measures = report["measures"].as_array().unwrap();
        let of =
            |what: &str| measures.iter().filter(|measure| measure["name"].as_str().unwrap().starts_with(what)).count();
        assert_eq!((of("calendar"), of("my day"), of("workload")), (80, 10, 5), "{report}");
        assert!(of("timeline") >= 12 && of("board") >= 25, "{report}");
    });
}
