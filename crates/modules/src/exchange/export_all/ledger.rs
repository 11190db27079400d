//! What is no record: the operations, the histories, the fields, the stored files.

use std::fs::File;
use std::ops::ControlFlow;

use database::ReadTx;
use file_formats::OutCell;
use record_engine::context::instant_text;
use record_engine::error::Result;
use record_engine::files::{self, StoredFile};
use record_engine::history::{StoredChange, StoredOperation, each_catalog_change, each_change, each_operation};
use serde_json::Value as Json;

use super::super::error::of_file;
use super::super::record_cells::instant_cell;
use super::super::targets::text_in;
use super::records::Users;
use super::{Book, allow_long_read, archive_names};

const WHEN: [&str; 3] = ["When", "Когда", "Коли"];
const WHO: [&str; 3] = ["Who", "Кто", "Хто"];
const WHO_ID: [&str; 3] = ["Who (ID)", "Кто (ID)", "Хто (ID)"];
const OPERATION: [&str; 3] = ["Operation", "Операция", "Операція"];
const TYPE: [&str; 3] = ["Type", "Тип", "Тип"];
const FIELD: [&str; 3] = ["Field", "Поле", "Поле"];
const BEFORE: [&str; 3] = ["Before", "Было", "Було"];
const AFTER: [&str; 3] = ["After", "Стало", "Стало"];

impl Book<'_> {
    /// Writes operations, histories and fields.
    pub(super) fn write_ledger(&mut self, tx: &mut ReadTx, users: &Users) -> Result<()> {
        allow_long_read(tx)?;
        self.begin_listed(
            "operations.csv",
            [
                "Operations: who did what and when",
                "Операции: кто, что и когда сделал",
                "Операції: хто, що і коли зробив",
            ],
            &[
                ["ID", "ID", "ID"],
                WHEN,
                WHO_ID,
                WHO,
                ["Kind", "Вид", "Вид"],
                ["From where", "Откуда", "Звідки"],
                TYPE,
                ["Records", "Записей", "Записів"],
                ["Title", "Название", "Назва"],
                ["Reason", "Причина", "Причина"],
                ["Undoes", "Отменяет", "Скасовує"],
                ["Undone by", "Отменена операцией", "Скасована операцією"],
            ],
        )?;
        let (context, catalog) = (self.context, self.snapshot.catalog.clone());
        each_operation(tx, context, &catalog, &mut |operation| {
            let row = self.operation(&operation, users);
            self.row(&row)
        })?;
        self.begin_listed(
            "history.csv",
            ["History: every change of a record", "История: каждое изменение записи", "Історія: кожна зміна запису"],
            &[TYPE, ["ID", "ID", "ID"], FIELD, BEFORE, AFTER, WHEN, WHO_ID, WHO, OPERATION],
        )?;
        allow_long_read(tx)?;
        each_change(tx, context, &catalog, &mut |change| self.row(&change_row(change, users)))?;
        self.begin_listed(
            "field_history.csv",
            ["Changes of fields and cards", "Изменения полей и карточек", "Зміни полів і карток"],
            &[TYPE, ["ID", "ID", "ID"], FIELD, BEFORE, AFTER, WHEN, WHO_ID, WHO, OPERATION],
        )?;
        allow_long_read(tx)?;
        each_catalog_change(tx, context, &catalog, &mut |change| self.row(&change_row(change, users)))?;
        self.write_fields()
    }

    fn operation(&self, operation: &StoredOperation, users: &Users) -> Vec<OutCell> {
        let catalog = &self.snapshot.catalog;
        let object_type = operation.object_type_id.and_then(|id| catalog.object_type_by_id(id));
        vec![
            OutCell::Integer(operation.id),
            instant_cell(&instant_text(operation.at_ms)),
            number(operation.user_id),
            user(operation.user_id, users),
            OutCell::Text(operation.kind.clone()),
            OutCell::Text(operation.source.clone()),
            text(object_type.map(|object_type| object_type.name.clone())),
            OutCell::Integer(operation.record_count),
            text(operation.title_for(self.context, catalog).map(str::to_owned)),
            text(operation.reason.clone()),
            number(operation.undoes),
            number(operation.undone_by),
        ]
    }

    fn write_fields(&mut self) -> Result<()> {
        self.begin_listed(
            "fields.csv",
            ["Fields of all types", "Поля всех типов", "Поля всіх типів"],
            &[
                TYPE,
                FIELD,
                ["Label", "Название", "Назва"],
                ["Kind", "Вид", "Вид"],
                ["Settings", "Настройки", "Налаштування"],
                ["Custom", "Дополнительное", "Додаткове"],
                ["Retired", "Скрытое", "Приховане"],
            ],
        )?;
        let catalog = self.snapshot.catalog.clone();
        for (object_type, field) in catalog
            .object_types
            .iter()
            .flat_map(|object_type| object_type.fields.iter().map(move |field| (object_type, field)))
        {
            let kind = serde_json::to_value(&field.kind).unwrap_or_default();
            let settings = kind.get("settings").filter(|settings| !settings.is_null()).map(Json::to_string);
            let label = text_in(&field.labels, &self.context.language).to_owned();
            let row = [
                OutCell::Text(object_type.name.clone()),
                OutCell::Text(field.name.clone()),
                OutCell::Text(label),
                OutCell::Text(field.kind.name().to_owned()),
                text(settings),
                OutCell::Boolean(field.is_custom),
                OutCell::Boolean(field.is_retired),
            ];
            // It always goes on: a wish to stop is an error.
            let _ = self.row(&row)?;
        }
        Ok(())
    }

    /// Writes the list of stored files, then the files. They come last, so that everything that a table names lies in the archive.
    pub(super) fn write_files(&mut self, tx: &mut ReadTx) -> Result<()> {
        self.begin_listed(
            "files.csv",
            ["Stored files", "Сохранённые файлы", "Збережені файли"],
            &[
                ["ID", "ID", "ID"],
                ["Name", "Имя", "Ім’я"],
                ["In the archive", "В архиве", "В архіві"],
                ["Bytes", "Байт", "Байтів"],
                ["Format", "Формат", "Формат"],
                WHEN,
                WHO_ID,
            ],
        )?;
        allow_long_read(tx)?;
        let context = self.context;
        files::each_file(tx, context, &mut |file, at_ms| {
            let place = self.open(&file)?.map(|_| archive_names::of_file(&file));
            self.row(&[
                OutCell::Text(file.id.clone()),
                OutCell::Text(file.name.clone()),
                // Nothing when the bytes are gone: the table says so instead of naming what is not there.
                text(place),
                OutCell::Integer(file.size),
                OutCell::Text(file.media_type.clone()),
                instant_cell(&instant_text(at_ms)),
                number(file.user_id),
            ])
        })?;
        allow_long_read(tx)?;
        files::each_file(tx, context, &mut |file, _| {
            self.check_stopped()?;
            if let Some(bytes) = self.open(&file)? {
                let is_packed = file.media_type.starts_with("image/") || file.media_type.contains("zip");
                let name = archive_names::of_file(&file);
                self.archive.add_file(&name, bytes, is_packed).map_err(|error| of_file(&error))?;
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn open(&self, file: &StoredFile) -> Result<Option<File>> {
        match File::open(self.engine.files().path(&file.hash)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn change_row(change: StoredChange, users: &Users) -> [OutCell; 9] {
    [
        OutCell::Text(change.object_type),
        number(change.record_id),
        OutCell::Text(change.field),
        value(change.old),
        value(change.new),
        instant_cell(&instant_text(change.at_ms)),
        number(change.user_id),
        user(change.user_id, users),
        OutCell::Integer(change.operation_id),
    ]
}

/// A stored value: texts as they are, numbers as numbers, everything else as JSON.
fn value(stored: Json) -> OutCell {
    match stored {
        Json::Null => OutCell::Empty,
        Json::Bool(value) => OutCell::Boolean(value),
        Json::String(stored) => text(Some(stored)),
        Json::Number(number) => number.as_i64().map_or_else(|| OutCell::Text(number.to_string()), OutCell::Integer),
        list => OutCell::Text(list.to_string()),
    }
}

fn number(value: Option<i64>) -> OutCell {
    value.map_or(OutCell::Empty, OutCell::Integer)
}

fn text(value: Option<String>) -> OutCell {
    value.filter(|text| !text.is_empty()).map_or(OutCell::Empty, OutCell::Text)
}

fn user(id: Option<i64>, users: &Users) -> OutCell {
    text(id.and_then(|id| users.get(&id).cloned()))
}
