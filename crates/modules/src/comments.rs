//! Comments: what people write to one another about a contact, on its card.
//!
//! What must stay true: a comment is part of its contact, so whoever sees the contact sees its comments and nobody else does. Its author
//! changes and deletes it, an administrator too. A person is mentioned as `@[Name](user:7)` inside the text: the id says who, the name what is read.
//!
//! It is data alone. It requires no other module; the contact is referred to by the name of its type.

use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition};
use record_engine::field_types::{FieldKind, ReferenceSettings, TextSettings};
use record_engine::write::NoRules;

use crate::authorship;

/// Name of the object type.
pub const COMMENT_TYPE: &str = "comment";
/// Longest comment, in characters.
const TEXT_LENGTH: usize = 10_000;

/// Comments.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: COMMENT_TYPE,
        labels: ["Comment", "Комментарий", "Коментар"],
        labels_plural: ["Comments", "Комментарии", "Коментарі"],
        icon: "message",
        title_field: "text",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["text", "record"],
        default_sort: "-created_at",
        membership: None,
        part_of: Some("record"),
        access: authorship::access(),
        rules: &NoRules,
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    vec![
        field("record", ["Contact", "Контакт", "Контакт"], FieldKind::Reference(ReferenceSettings::to("contact")))
            .required()
            .indexed(),
        field("text", ["Text", "Текст", "Текст"], FieldKind::LongText(TextSettings { max_length: TEXT_LENGTH }))
            .required()
            .searched(),
    ]
}
