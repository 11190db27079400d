//! The description of the API is the API.

use crate::it::app::{expect, for_each_app};

#[test]
fn the_committed_description_is_that_of_a_fresh_installation() {
    for_each_app(|app| {
        let live = expect(&app.administrator().get("/openapi.json"), 200);
        let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json")).unwrap();
        let committed: serde_json::Value = serde_json::from_str(&committed).unwrap();
        assert!(live == committed, "openapi.json is stale; the test of http-api says how to renew it");
        assert_eq!(live["openapi"], "3.1.0");
    });
}
