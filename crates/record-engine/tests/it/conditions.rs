//! The SQL of every kind of field and every operator, both dialects side by side, against a snapshot that a reader can review.
//! `UPDATE_SNAPSHOTS=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use database::Backend;
use filter_language::{FieldPath, FieldType, Operator, Schema};
use record_engine::access::{RowRule, compile};
use record_engine::query::Predicate;

use crate::bench_type::for_each_bench;

fn operand(field_type: FieldType, operator: Operator) -> String {
    let one = match field_type {
        FieldType::Text => "\"Київ\"",
        FieldType::Number => "5",
        FieldType::Date => "2026-11-22",
        FieldType::Instant => "2026-11-22T10:00:00Z",
        FieldType::Boolean => "true",
        FieldType::Choice | FieldType::ChoiceSet => "red",
        FieldType::Reference | FieldType::ReferenceSet => "7",
        FieldType::Place => "\"50 30, 51 31\"",
    };
    match operator {
        Operator::IsEmpty | Operator::IsNotEmpty => String::new(),
        Operator::Between => format!(" {one} and {one}"),
        Operator::In | Operator::NotIn | Operator::HasAll => format!(" ({one}, {one})"),
        _ => format!(" {one}"),
    }
}

#[test]
fn the_sql_of_every_field_type_and_operator() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/conditions.snapshot");
    for_each_bench(|bench| {
        let thing = bench.engine.snapshot().object_type("thing").unwrap();
        let mut text = String::new();
        for field in &thing.fields {
            for part in [None, Some("phone"), Some("city"), Some("place"), Some("currency"), Some("meaning")] {
                let field_path = FieldPath { field: field.name.clone(), part: part.map(String::from) };
                let Some(field_type) = thing.field_type(&field_path) else { continue };
                for operator in field_type.operators() {
                    let name = part.map_or(field.name.clone(), |part| format!("{}.{part}", field.name));
                    let operand = operand(field_type, *operator);
                    let operand = if part == Some("meaning") { operand.replace("red", "won") } else { operand };
                    let filter = format!("{name} {}{operand}", operator.as_str());
                    let Ok(checked) = compile(&filter, &thing, &bench.admin()) else { continue };
                    let sql = |backend: Backend| Predicate::new(&thing, &RowRule::All, &checked, backend).and_sql().sql;
                    let (sqlite, postgres) = (sql(Backend::Sqlite), sql(Backend::Postgres));
                    writeln!(text, "{filter}").unwrap();
                    if sqlite == postgres {
                        writeln!(text, "  both    {sqlite}").unwrap();
                    } else {
                        writeln!(text, "  sqlite  {sqlite}\n  postgres{postgres}").unwrap();
                    }
                    // What the snapshot shows also runs.
                    bench.list(&bench.admin(), &filter, "id").unwrap();
                }
            }
        }
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == text,
            "the snapshot {} is stale; look at the difference after UPDATE_SNAPSHOTS=1",
            path.display()
        );
    });
}
