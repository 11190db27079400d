//! A table for each object type: all its fields, retired ones too, all its records, those in the trash too.

use std::collections::BTreeMap;

use database::ReadTx;
use file_formats::OutCell;
use filter_language::CheckedExpr;
use record_engine::Record;
use record_engine::access::{Action, Scope};
use record_engine::catalog::{Field, ObjectType, USER_TYPE, labels};
use record_engine::context::instant_text;
use record_engine::error::Result;
use record_engine::field_types::FieldKind;
use record_engine::files;
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::present::{References, Titles};
use record_engine::query::{ListQuery, Sort, list_whole};
use serde_json::Value as Json;

use super::super::columns::{ExportColumn, export_columns, header_of};
use super::super::record_cells::{RecordCells, instant_cell};
use super::super::targets::text_in;
use super::{Book, archive_names};

/// The names of users by id.
pub(super) type Users = BTreeMap<i64, String>;

/// The columns of a type: those of every export, then the files, then what says that a record is in the trash.
struct Columns<'a> {
    shared: Vec<ExportColumn>,
    files: Vec<&'a Field>,
}

impl Book<'_> {
    /// Writes the records of all types; answers the users, whom the other tables name.
    pub(super) fn write_records(&mut self, tx: &mut ReadTx) -> Result<Users> {
        let mut users = Users::new();
        for object_type in &self.snapshot.catalog.object_types {
            self.write_type(tx, object_type, &mut users)?;
        }
        Ok(users)
    }

    fn write_type(&mut self, tx: &mut ReadTx, object_type: &ObjectType, users: &mut Users) -> Result<()> {
        let scope = Scope::of(self.context, object_type, Action::See)?;
        let language = self.context.language.clone();
        let files: Vec<&Field> = object_type
            .value_fields()
            .filter(|field| matches!(field.kind, FieldKind::File(_)) && scope.shows(field))
            .collect();
        let columns = Columns { shared: export_columns(object_type, &language, &|field| scope.shows(field)), files };
        let mut headers: Vec<String> = columns.shared.iter().map(|column| column.header.clone()).collect();
        headers.extend(columns.files.iter().map(|field| header_of(object_type, field, &language)));
        headers.push(self.text(["In the trash since", "В корзине с", "У кошику з"]));
        headers.push(self.text(["Merged into (ID)", "Объединён с (ID)", "Об’єднано з (ID)"]));
        let title = text_in(&labels(object_type.definition.labels_plural), &language).to_owned();
        self.begin_table(format!("{}.csv", object_type.name), title, &headers)?;
        for is_trash in [false, true] {
            let mut query = ListQuery {
                filter: CheckedExpr::all(),
                sort: vec![Sort { field: "id".into(), is_descending: false }],
                limit: MAX_LIMIT,
                is_trash,
                ..ListQuery::default()
            };
            loop {
                let page = list_whole(tx, self.context, object_type, &query)?;
                self.write_page(tx, object_type, &columns, &page.records)?;
                if object_type.name == USER_TYPE {
                    users.extend(page.records.iter().map(|user| (user.id, name_of(user))));
                }
                match page.next_cursor {
                    Some(cursor) => query.cursor = Some(cursor),
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn write_page(
        &mut self,
        tx: &mut ReadTx,
        object_type: &ObjectType,
        columns: &Columns<'_>,
        records: &[Record],
    ) -> Result<()> {
        let mut wanted = References::default();
        records.iter().for_each(|record| wanted.add_record(object_type, record));
        let titles = Titles::load(tx, self.context, &self.snapshot.catalog, &wanted)?;
        let file_ids = records
            .iter()
            .flat_map(|record| columns.files.iter().filter_map(|field| record.value(&field.name).as_str()));
        let stored = files::find_all(tx, file_ids)?;
        let cells = RecordCells { object_type, language: &self.context.language };
        for record in records {
            let mut row = cells.row(&columns.shared, record, &titles);
            row.extend(columns.files.iter().map(|field| {
                let file = record.value(&field.name).as_str().and_then(|id| stored.get(id));
                file.map_or(OutCell::Empty, |file| OutCell::Text(archive_names::of_file(file)))
            }));
            row.push(record.deleted_at.map_or(OutCell::Empty, |at| instant_cell(&instant_text(at))));
            row.push(record.merged_into.map_or(OutCell::Empty, OutCell::Integer));
            // It always goes on: a wish to stop is an error.
            let _ = self.row(&row)?;
        }
        Ok(())
    }
}

fn name_of(user: &Record) -> String {
    user.value("name").as_str().map(String::from).unwrap_or_else(|| Json::from(user.id).to_string())
}
