//! Documents: the files of a contact, on its card and in one list for all.
//!
//! What must stay true: a document is part of its contact, so whoever sees the contact sees and downloads its documents and nobody else does.
//! Who added it renames, replaces and deletes it, an administrator too.
//!
//! It is data alone. It requires no other module; the contact is referred to by the name of its type.

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
        part_of: Some("record"),
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
            .required()
            .indexed(),
        field("file", ["File", "Файл", "Файл"], FieldKind::File(file)).required().indexed(),
        field("remark", ["Remark", "Примечание", "Примітка"], FieldKind::Text(TextSettings { max_length: 500 }))
            .searched(),
    ]
}
