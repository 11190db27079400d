//! Which uploaded import files name a person, also those that came to nothing with him: a row that changed nothing, failed or was skipped.
//!
//! What must stay true: rather one file too many than one too few. Nothing is written here, and no transaction is held while files are read.

use std::collections::BTreeSet;

use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::write::erase::Traces;
use record_engine::{Engine, Record};

use super::Subjects;
use super::tables::telling;
use crate::exchange::{ImportFile, import_files};

/// The last digits of a phone number tell it, however it is written.
const PHONE_DIGITS: usize = 9;

/// What shows that a row is about somebody.
struct Marks {
    /// In lower case; one of them is enough.
    texts: Vec<String>,
    /// Ends of phone numbers.
    phones: Vec<String>,
    /// Last and first names, which must meet.
    names: Vec<(String, String)>,
}

impl Marks {
    fn of(records: &[Record], telling: &[String]) -> Marks {
        let text = |record: &Record, field: &str| record.value(field).as_str().unwrap_or_default().to_lowercase();
        let names: Vec<(String, String)> =
            records.iter().map(|record| (text(record, "last_name"), text(record, "first_name"))).collect();
        let alone: BTreeSet<&str> = names.iter().flat_map(|(last, first)| [last.as_str(), first.as_str()]).collect();
        let lower = telling.iter().map(|word| word.to_lowercase());
        let texts = lower.filter(|word| !alone.contains(word.as_str())).collect();
        let phones = telling.iter().filter_map(|word| end_of_phone(word)).collect();
        // A person with one name is looked for by that.
        let is_named = |(last, first): &(String, String)| !last.is_empty() || !first.is_empty();
        Marks { texts, phones, names: names.into_iter().filter(is_named).collect() }
    }

    fn are_in(&self, row: &str) -> bool {
        let row = row.to_lowercase();
        let digits: String = row.chars().filter(char::is_ascii_digit).collect();
        self.texts.iter().any(|text| row.contains(text.as_str()))
            || self.phones.iter().any(|phone| digits.contains(phone.as_str()))
            || self.names.iter().any(|(last, first)| row.contains(last.as_str()) && row.contains(first.as_str()))
    }
}

fn end_of_phone(word: &str) -> Option<String> {
    let digits: Vec<char> = word.chars().filter(char::is_ascii_digit).collect();
    let others = word.chars().filter(|c| c.is_alphabetic()).count();
    let end = digits.len().checked_sub(PHONE_DIGITS).filter(|_| others == 0)?;
    Some(digits.into_iter().skip(end).collect())
}

/// The imports whose uploaded files name these people.
///
/// # Errors
/// Those of the database. A file that cannot be read names nobody.
pub(in super::super) fn naming(engine: &Engine, snapshot: &Snapshot, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let (marks, files) = engine.database().read(|tx| {
        let subjects = Subjects::load(tx, snapshot, ids)?;
        let traces = Traces::of(tx, &subjects.object_type, &subjects.records)?;
        let words = telling(&subjects.object_type, &subjects.records, &traces);
        Ok::<_, record_engine::EngineError>((Marks::of(&subjects.records, &words), import_files(tx)?))
    })?;
    let mut found = BTreeSet::new();
    for file in files {
        if names_somebody(engine, &file, &marks) {
            found.insert(file.id);
        }
    }
    Ok(found)
}

fn names_somebody(engine: &Engine, file: &ImportFile, marks: &Marks) -> bool {
    let path = engine.files().path(&file.hash);
    let Ok(mut reader) = file_formats::open(&path, &file.options) else { return false };
    while let Ok(Some(row)) = reader.next_row() {
        // Its cells or its card, whatever it is made of.
        if marks.are_in(&format!("{row:?}")) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn person(last: &str, first: &str) -> Record {
        Record {
            id: 1,
            version: 1,
            created_at: 0,
            created_by: None,
            created_operation: 1,
            updated_at: 0,
            updated_by: None,
            deleted_at: None,
            merged_into: None,
            erased_at: None,
            values: BTreeMap::from([("last_name".into(), json!(last)), ("first_name".into(), json!(first))]),
        }
    }

    #[test]
    fn a_row_is_told_by_its_mail_phone_or_whole_name() {
        let telling = ["Шевчук", "Ірина", "+380674401285", "ira@karpaty.example"].map(String::from);
        let marks = Marks::of(&[person("Шевчук", "Ірина")], &telling);
        for (row, is_his) in [
            ("Шевчук; Ірина; Львів", true),
            ("ІРИНА ШЕВЧУК", true),
            ("Шевчук; Олег", false),
            ("Ірина Ковальчук", false),
            ("8 (067) 440-12-85", true),
            ("067 440 12 86", false),
            ("Ira@Karpaty.example", true),
        ] {
            assert_eq!(marks.are_in(row), is_his, "{row}");
        }
    }

    #[test]
    fn nobody_is_found_in_everything() {
        let marks = Marks::of(&[person("", "")], &[]);
        assert!(!marks.are_in("Шевчук; Ірина; 067 440 12 85"));
    }
}
