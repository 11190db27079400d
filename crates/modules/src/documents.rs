//! Documents: the files of a record, on its card and in one list for all.
//!
//! What must stay true: a document is part of one record, so whoever sees that record sees and downloads its documents and nobody else does.
//! Who added it renames, replaces and deletes it, an administrator too.
//!
//! It is data alone. It requires no other module; what it may be a part of is referred to by the names of the types.

use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{FieldKind, FileSettings, ReferenceSettings, TextSettings};
use record_engine::write::NoRules;

use crate::authorship;

/// Name of the object type.
pub const DOCUMENT_TYPE: &str = "document";
/// Longest name, in characters; a file has no longer one.
const NAME_LENGTH: usize = 255;
/// Largest file, in bytes.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// Documents.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: DOCUMENT_TYPE,
        labels: ["File", "Файл", "Файл"],
        labels_plural: ["Files", "Файлы", "Файли"],
        icon: "paperclip",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "record", "file", "created_by", "created_at"],
        default_sort: "-created_at",
        membership: None,
        done_by: None,
        part_of: &["record", "task", "deal", "event"],
        access: authorship::access(),
        rules: &NoRules,
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let file = FileSettings { max_bytes: MAX_BYTES, picture: None };
    vec![
        field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
            .required()
            .searched(),
        field("record", ["Contact", "Контакт", "Контакт"], FieldKind::Reference(ReferenceSettings::to("contact")))
            .indexed()
            .on_timeline_if_asked("created_at"),
        field("task", ["Task", "Задача", "Завдання"], FieldKind::Reference(ReferenceSettings::to("task")))
            .indexed()
            .on_timeline_if_asked("created_at"),
        field("deal", ["Deal", "Сделка", "Угода"], FieldKind::Reference(ReferenceSettings::to("deal")))
            .indexed()
            .on_timeline_if_asked("created_at"),
        field("event", ["Event", "Мероприятие", "Захід"], FieldKind::Reference(ReferenceSettings::to("event")))
            .indexed()
            .on_timeline_if_asked("created_at"),
        field("file", ["File", "Файл", "Файл"], FieldKind::File(file)).required().indexed(),
        field("remark", ["Remark", "Примечание", "Примітка"], FieldKind::Text(TextSettings { max_length: 500 }))
            .searched(),
    ]
}
