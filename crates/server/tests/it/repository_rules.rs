//! Rules of the repository that no compiler holds: who may depend on whom, who may name which library, how long files are, and that documents
//! speak of what exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// What each crate may be built from. Tests may use more, but never a crate above.
const EDGES: &[(&str, &[&str])] = &[
    (
        "kartoteka",
        &["database", "demo-data", "filter-language", "http-api", "identity", "mail", "modules", "record-engine"],
    ),
    ("http-api", &["database", "filter-language", "gazetteer", "identity", "mail", "modules", "record-engine"]),
    ("modules", &["database", "egress", "file-formats", "filter-language", "mail", "record-engine"]),
    ("identity", &["database", "egress", "filter-language", "mail", "record-engine"]),
    ("mail", &["database", "egress", "record-engine"]),
    ("record-engine", &["database", "filter-language", "gazetteer"]),
    ("database", &[]),
    ("filter-language", &[]),
    ("file-formats", &[]),
    ("gazetteer", &[]),
    ("egress", &[]),
    ("demo-data", &[]),
    ("test-kit", &["database"]),
];

/// Libraries that only one crate may name.
const OWNED_LIBRARIES: &[(&str, &[&str])] = &[
    ("rusqlite", &["database"]),
    ("postgres", &["database"]),
    ("axum", &["http-api"]),
    ("hyper", &["http-api"]),
    ("hyper-util", &["http-api"]),
    ("tower-http", &["http-api"]),
    ("rust-embed", &["http-api"]),
    ("argon2", &["identity"]),
    ("chacha20poly1305", &["record-engine"]),
    ("calamine", &["file-formats"]),
    ("calcard", &["file-formats"]),
    ("rust_xlsxwriter", &["file-formats"]),
    ("zip", &["file-formats"]),
    ("image", &["record-engine"]),
    ("clap", &["kartoteka"]),
    ("ureq", &["egress"]),
    ("lettre", &["mail"]),
    // The stand-in of a directory speaks TLS as well.
    ("rustls", &["egress", "test-kit"]),
    ("rustls-platform-verifier", &["egress"]),
];

/// Longer files say why in a line that begins with [`REASON`].
const MAX_LINES: usize = 600;
const REASON: &str = "//! Long because ";

/// Folders that are made, not written.
const MADE: &[&str] = &["target", "node_modules", "dist", ".git", "data", "test-results", "generated"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every written file of the repository, by its path from the root.
fn files() -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !MADE.contains(&name.as_str()) {
                    walk(&path, found);
                }
            } else {
                found.push(path);
            }
        }
    }
    let root = root();
    let mut found = Vec::new();
    walk(&root, &mut found);
    let mut files: Vec<String> =
        found.iter().map(|path| path.strip_prefix(&root).unwrap().to_string_lossy().into_owned()).collect();
    files.sort();
    files
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    Path::new(path).extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known))
}

/// The packages of the workspace with their dependencies: name and whether it is for tests only.
fn packages() -> BTreeMap<String, Vec<(String, bool)>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).unwrap();
    let dependencies = |package: &Json| {
        let all = package["dependencies"].as_array().unwrap().iter();
        all.map(|dependency| (dependency["name"].as_str().unwrap().to_owned(), dependency["kind"] == "dev")).collect()
    };
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["name"].as_str().unwrap().to_owned(), dependencies(package)))
        .collect()
}

#[test]
fn dependencies_point_downwards() {
    let allowed: BTreeMap<&str, &[&str]> = EDGES.iter().copied().collect();
    let packages = packages();
    assert_eq!(
        packages.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        allowed.keys().copied().collect::<BTreeSet<_>>(),
        "a crate without a place in the house"
    );
    for (package, dependencies) in &packages {
        for (dependency, is_for_tests) in dependencies.iter().filter(|(name, _)| allowed.contains_key(name.as_str())) {
            let is_allowed = allowed[package.as_str()].contains(&dependency.as_str());
            let is_above = allowed[dependency.as_str()].contains(&package.as_str()) && dependency != "test-kit";
            assert!(
                is_allowed || (*is_for_tests && !is_above) || dependency == package,
                "{package} must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn libraries_stay_with_their_owners() {
    for (package, dependencies) in packages() {
        for (dependency, is_for_tests) in dependencies {
            let owners = OWNED_LIBRARIES.iter().find(|(library, _)| *library == dependency).map(|(_, owners)| *owners);
            assert!(
                is_for_tests || owners.is_none_or(|owners| owners.contains(&package.as_str())),
                "{package} must not name {dependency}"
            );
        }
    }
    for path in files()
        .iter()
        .filter(|path| path.starts_with("crates/") && path.contains("/src/") && has_extension(path, &["rs"]))
    {
        let text = read(path);
        assert!(path.starts_with("crates/http-api/") || !text.contains("StatusCode"), "{path} names an HTTP status");
        assert!(path.starts_with("crates/database/") || !text.contains("rusqlite::"), "{path} names the SQL driver");
    }
}

#[test]
fn modules_name_what_they_require() {
    let modules: Vec<String> = files()
        .iter()
        .filter_map(|path| path.strip_prefix("crates/modules/src/")?.strip_suffix(".rs").map(String::from))
        .filter(|name| !name.contains('/') && name != "lib")
        .collect();
    assert!(!modules.is_empty());
    for module in &modules {
        let head = read(&format!("crates/modules/src/{module}.rs"));
        let own: Vec<String> = files()
            .into_iter()
            .filter(|path| {
                path.starts_with(&format!("crates/modules/src/{module}/"))
                    || *path == format!("crates/modules/src/{module}.rs")
            })
            .collect();
        for other in modules.iter().filter(|other| *other != module) {
            let uses = |path: &String| read(path).contains(&format!("crate::{other}::"));
            let is_named = head.lines().any(|line| {
                line.starts_with("//!") && line.contains("requires") && line.contains(&format!("`{other}`"))
            });
            assert!(
                is_named || !own.iter().any(uses),
                "the module {module} uses {other} and does not say that it requires it"
            );
        }
    }
}

#[test]
fn files_are_not_too_long() {
    for path in files().iter().filter(|path| has_extension(path, &["rs", "ts", "tsx", "css"])) {
        let text = read(path);
        let lines = text.lines().count();
        assert!(
            lines <= MAX_LINES || text.lines().any(|line| line.starts_with(REASON)),
            "{path} has {lines} lines and no line that begins with {REASON:?}"
        );
    }
}

#[test]
fn every_module_opens_with_its_purpose() {
    for path in files()
        .iter()
        .filter(|path| path.starts_with("crates/") && has_extension(path, &["rs"]) && !path.contains("/fuzz/"))
    {
        assert!(!path.ends_with("/mod.rs"), "{path}: a folder has its file beside it");
        if path.ends_with("/tests.rs") {
            // The tests of a module belong to its file, which says what it is for.
            continue;
        }
        let text = read(path);
        let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
        assert!(first.starts_with("//!"), "{path} does not begin with its purpose");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let marks = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "#[ig".to_owned() + "nore"];
    for path in files().iter().filter(|path| has_extension(path, &["rs", "ts", "tsx", "sh"]) || *path == "Makefile") {
        for (number, line) in read(path).lines().enumerate() {
            let found = marks.iter().find(|mark| {
                line.split(|c: char| !c.is_alphanumeric() && !"#[".contains(c)).any(|word| word == mark.as_str())
            });
            assert!(found.is_none(), "{path}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn the_ledger_names_tests_that_exist() {
    let ledger = read("docs/features.md");
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for line in ledger.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [id, _, state, _, tests] = cells.as_slice() else { continue };
        if *id == "ID" || id.starts_with("--") {
            continue;
        }
        assert!(matches!(*state, "no" | "partly" | "yes") || state.starts_with("partly"), "{id}: {state}");
        let named: Vec<(&str, &str)> = tests.split('`').filter_map(|part| part.split_once("::")).collect();
        assert!(*state != "yes" || !named.is_empty(), "{id} is done and names no test");
        for (path, name) in named {
            let source = sources.entry(path.to_owned()).or_insert_with(|| read(path));
            assert!(!source.is_empty(), "{id}: {path} does not exist");
            let last = name.rsplit("::").next().unwrap_or(name);
            assert!(
                source.contains(&format!("fn {last}(")) || source.contains(last),
                "{id}: {path} has no test {name}"
            );
        }
    }
}

#[test]
fn documents_name_paths_that_exist() {
    let (root, files) = (root(), files());
    for document in files.iter().filter(|path| has_extension(path, &["md"]) && !path.starts_with("crates/")) {
        let text = read(document);
        let quoted = text.split('`').skip(1).step_by(2);
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for name in quoted.chain(linked) {
            let name = name.trim_end_matches('/').split("::").next().unwrap_or_default();
            let is_path = ["crates/", "docs/", "scripts/", "web/src", "web/e2e", ".ci/", "../", "decisions/"]
                .iter()
                .any(|start| name.starts_with(start));
            if !is_path || name.contains(|c: char| c.is_whitespace() || "*<{…".contains(c)) {
                continue;
            }
            let beside = root.join(document).parent().unwrap().join(name);
            assert!(root.join(name).exists() || beside.exists(), "{document} names {name}, which does not exist");
        }
    }
}

#[test]
fn the_cryptography_is_one() {
    let lock = read("Cargo.lock");
    for library in ["openssl-sys", "aws-lc-sys", "native-tls"] {
        assert!(!lock.contains(&format!("name = \"{library}\"")), "{library} came in");
    }
}

#[test]
fn dependencies_come_from_the_public_registries() {
    for line in read("Cargo.lock").lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
    assert!(!read("web/package-lock.json").contains("\"resolved\": \"http"), "the lock file names a registry");
    for configuration in ["web/.npmrc", ".cargo/config.toml", ".npmrc"] {
        assert!(!read(configuration).contains("registry"), "{configuration} names a registry");
    }
}
