#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;

use super::*;
use crate::personal_data::erase::Cause;

fn line(id: i64, previous: &str) -> Line {
    let act = Act {
        work: crate::personal_data::erase::WorkChoice::default(),
        number: format!("20261123-{id}"),
        at: "2026-11-23T10:00:00.000Z".into(),
        company: "Карпати Буд".into(),
        object_type: "contact".into(),
        records: vec![id],
        user_id: Some(1),
        user: Some("Олена".into()),
        cause: Cause::Request,
        goes: json!({ "fields": ["last_name"] }),
        stays: json!({ "fields": ["kind"] }),
        database: "Sqlite".into(),
    };
    let mut line = Line {
        object_type: "contact".into(),
        id,
        created_at: 5,
        at: 7,
        act,
        previous: previous.into(),
        hash: String::new(),
    };
    line.hash = line.hash_of().unwrap();
    line
}

fn written(lines: &[String]) -> Ledger {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    fs::write(&path, lines.concat()).unwrap();
    Ledger::read(&path).unwrap()
}

#[test]
fn each_line_follows_from_the_one_before_it() {
    let one = line(1, "");
    let two = line(2, &one.hash);
    let text = |line: &Line| format!("{}\n", serde_json::to_string(line).unwrap());
    let ledger = written(&[text(&one), text(&two)]);
    assert_eq!(ledger.broken_at, None);
    assert_eq!(ledger.last_hash(), two.hash);
    assert_eq!(ledger.lines, [one.clone(), two.clone()]);

    // A line that was taken out, changed or torn shows; the others still count.
    assert_eq!(written(&[text(&two)]).broken_at, Some(1));
    let changed = text(&one).replace("\"id\":1", "\"id\":3");
    assert_eq!(written(&[changed, text(&two)]).broken_at, Some(1));
    let torn: String = text(&two).chars().take(40).collect();
    let ledger = written(&[text(&one), torn]);
    assert_eq!((ledger.broken_at, ledger.lines.len()), (Some(2), 1));
}

#[test]
fn no_ledger_is_an_empty_one() {
    let ledger = Ledger::read(Path::new("/nowhere/erasures.ledger")).unwrap();
    assert!(ledger.lines.is_empty() && ledger.broken_at.is_none());
}
