//! `security/asvs.toml`: every requirement of ASVS 5.0.0 of levels 1 and 2 has tests that exist, or a reason.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many requirements the standard has, by level.
const LEVELS: [(&str, usize); 2] = [("1", 70), ("2", 183)];

/// A line of the list.
struct Requirement {
    id: String,
    level: String,
    tests: Vec<String>,
    reason: Option<String>,
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text behind `name = "`.
fn quoted(line: &str, name: &str) -> Option<String> {
    let (_, rest) = line.split_once(&format!("{name} = \""))?;
    rest.split_once('"').map(|(text, _)| text.to_owned())
}

fn requirements() -> Vec<Requirement> {
    let text = fs::read_to_string(root().join("security/asvs.toml")).unwrap();
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (id, rest) =
                line.strip_prefix('"').and_then(|line| line.split_once('"')).unwrap_or_else(|| panic!("{line}"));
            let level = rest.split_once("level = ").unwrap().1.chars().next().unwrap().to_string();
            assert!(quoted(rest, "asks").is_some_and(|asks| !asks.is_empty()), "{id} does not say what it asks");
            let tests = match rest.split_once("tests = [") {
                Some((_, tests)) => tests.split('"').skip(1).step_by(2).map(str::to_owned).collect(),
                None => Vec::new(),
            };
            let reason = quoted(rest, "na").or_else(|| quoted(rest, "missing"));
            Requirement { id: id.to_owned(), level, tests, reason }
        })
        .collect()
}

/// Whether a test, `path::name`, is there.
fn exists(test: &str) -> bool {
    let Some((path, name)) = test.split_once("::") else { return false };
    let Ok(text) = fs::read_to_string(root().join(path)) else { return false };
    let written = match path.rsplit('.').next() {
        Some("rs") => format!("fn {name}("),
        Some("py") => format!("def {name}("),
        _ => format!("'{name}'"),
    };
    text.contains(&written)
}

#[test]
fn every_requirement_has_tests_or_a_reason() {
    let all = requirements();
    let ids: BTreeSet<&str> = all.iter().map(|requirement| requirement.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "a number stands there twice");
    for (level, count) in LEVELS {
        assert_eq!(all.iter().filter(|requirement| requirement.level == level).count(), count, "level {level}");
    }
    for chapter in 1..=17 {
        assert!(ids.iter().any(|id| id.starts_with(&format!("{chapter}."))), "chapter {chapter} is missing");
    }
    for Requirement { id, tests, reason, .. } in &all {
        match reason {
            Some(reason) => assert!(reason.starts_with("because ") && reason.len() > 20 && tests.is_empty(), "{id}"),
            None => assert!(!tests.is_empty(), "{id} has neither tests nor a reason"),
        }
        for test in tests {
            assert!(exists(test), "{id} names {test}, which does not exist");
        }
    }
}

#[test]
fn a_test_that_is_not_there_is_found_missing() {
    assert!(exists("crates/server/tests/it/asvs.rs::a_test_that_is_not_there_is_found_missing"));
    assert!(!exists("crates/server/tests/it/asvs.rs::nobody"));
    assert!(!exists("crates/server/tests/it/nowhere.rs::nobody"));
    assert!(!exists("nonsense"));
}
