//! How the card of a type is arranged: blocks with their fields, what a pop-up and the window of a call show, the names of sections. One
//! document for each type, which an administrator changes as a whole.
//!
//! What must stay true: a resolved layout holds every field that is in use exactly once, so a field that is new or was forgotten stays within
//! reach; a name that no longer means anything is left out, never an error.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Field, Labels, ObjectType};
use crate::access::compile;
use crate::context::RequestContext;
use crate::error::{EngineError, FieldError, Result};

/// The blocks that every type has, in their order; clients know their names.
pub const STANDARD_BLOCKS: [&str; 5] = ["name", "contact", "main", "details", "requisites"];
/// Fields that the engine keeps stand in no block.
const SYSTEM_GROUP: &str = "system";
/// Most blocks of a card.
const MAX_BLOCKS: usize = 50;
/// Most fields of a pop-up.
const MAX_SHORT_FIELDS: usize = 12;
/// Longest key of a block, in bytes.
const MAX_KEY_LENGTH: usize = 40;
/// Longest label, in characters.
const MAX_LABEL_LENGTH: usize = 120;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The blocks in the order of the card.
    #[serde(default)]
    pub blocks: Vec<Block>,
    /// Fields of the pop-up over a name.
    #[serde(default)]
    pub hover: Vec<String>,
    /// Fields of the window of an incoming call.
    #[serde(default)]
    pub call: Vec<String>,
    /// Other names of sections, by their keys.
    #[serde(default)]
    pub sections: BTreeMap<String, Labels>,
}

/// A block of a card.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// One of the standard ones, or any other word.
    pub key: String,
    /// Texts by language; without any, the client's own for a standard block.
    #[serde(default)]
    pub labels: Labels,
    /// When it shows, in the filter language.
    #[serde(default)]
    pub shown_if: Option<String>,
    /// Names of its fields, in order.
    #[serde(default)]
    pub fields: Vec<String>,
}

impl Layout {
    /// Without fields that a reader must not know.
    pub(super) fn without(&self, hidden: &BTreeSet<String>) -> Layout {
        let shown = |names: &[String]| names.iter().filter(|name| !hidden.contains(*name)).cloned().collect();
        let block = |block: &Block| Block { fields: shown(&block.fields), ..block.clone() };
        Layout {
            blocks: self.blocks.iter().map(block).collect(),
            hover: shown(&self.hover),
            call: shown(&self.call),
            sections: self.sections.clone(),
        }
    }
}

fn is_placed(field: &Field) -> bool {
    !field.is_retired && field.group != SYSTEM_GROUP
}

/// The layout with every field in its place.
pub(super) fn resolve(stored: &Layout, fields: &[Field]) -> Layout {
    let is_known = |name: &String| fields.iter().any(|field| &field.name == name && is_placed(field));
    let known = |names: &[String]| names.iter().filter(|name| is_known(name)).cloned().collect::<Vec<String>>();
    let mut blocks: Vec<Block> =
        stored.blocks.iter().map(|block| Block { fields: known(&block.fields), ..block.clone() }).collect();
    if blocks.is_empty() {
        blocks = STANDARD_BLOCKS.iter().map(|key| Block { key: (*key).into(), ..Block::default() }).collect();
    }
    let placed: BTreeSet<String> = blocks.iter().flat_map(|block| block.fields.iter().cloned()).collect();
    for field in fields.iter().filter(|field| is_placed(field) && !placed.contains(&field.name)) {
        // Its block may be one that is not stored yet: a field made while the arrangement is in progress stays with it.
        match blocks.iter_mut().find(|block| block.key == field.group) {
            Some(block) => block.fields.push(field.name.clone()),
            None => {
                blocks.push(Block { key: field.group.clone(), fields: vec![field.name.clone()], ..Block::default() })
            }
        }
    }
    Layout { blocks, hover: known(&stored.hover), call: known(&stored.call), sections: stored.sections.clone() }
}

/// What is wrong with a layout from outside, with pointers into it.
///
/// # Errors
/// `Invalid`.
pub(super) fn check(layout: &Layout, object_type: &ObjectType, context: &RequestContext) -> Result<()> {
    let mut errors = Vec::new();
    let of_block = |place: usize, member: &str, code: &str| FieldError::new(&format!("blocks/{place}/{member}"), code);
    if layout.blocks.len() > MAX_BLOCKS {
        errors.push(FieldError::new("blocks", "too_many_values").with("max", MAX_BLOCKS));
    }
    let (mut keys, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (place, block) in layout.blocks.iter().enumerate() {
        let is_word = !block.key.is_empty()
            && block.key.len() <= MAX_KEY_LENGTH
            && block.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_word || block.key == SYSTEM_GROUP || !keys.insert(block.key.as_str()) {
            errors.push(of_block(place, "key", "unknown_option").with("value", block.key.as_str()));
        }
        let is_standard = STANDARD_BLOCKS.contains(&block.key.as_str());
        if let Some(code) = wrong_label(&block.labels, is_standard) {
            errors.push(of_block(place, "labels", code).with("max", MAX_LABEL_LENGTH));
        }
        if let Some(condition) = &block.shown_if
            && let Err(error) = compile(condition, object_type, context)
        {
            errors.push(of_block(place, "shown_if", "filter_invalid").with("value", error.to_string()));
        }
        for (position, name) in block.fields.iter().enumerate() {
            let is_known = object_type.field(name).is_some_and(|field| field.group != SYSTEM_GROUP);
            let code = match names.insert(name.as_str()) {
                _ if !is_known => "unknown_field",
                true => continue,
                false => "duplicate_field",
            };
            errors.push(of_block(place, &format!("fields/{position}"), code).with("value", name.as_str()));
        }
    }
    for (list, fields) in [("hover", &layout.hover), ("call", &layout.call)] {
        if fields.len() > MAX_SHORT_FIELDS {
            errors.push(FieldError::new(list, "too_many_values").with("max", MAX_SHORT_FIELDS));
        }
        for (place, name) in fields.iter().enumerate().filter(|(_, name)| object_type.field(name).is_none()) {
            errors.push(FieldError::new(&format!("{list}/{place}"), "unknown_field").with("value", name.as_str()));
        }
    }
    for (key, labels) in &layout.sections {
        let is_known = object_type.definition.sections.iter().any(|section| section.key == key);
        let code = if is_known { wrong_label(labels, true) } else { Some("unknown_option") };
        if let Some(code) = code {
            errors.push(FieldError::new(&format!("sections/{key}"), code).with("max", MAX_LABEL_LENGTH));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(EngineError::Invalid(errors)) }
}

fn wrong_label(labels: &Labels, may_be_empty: bool) -> Option<&'static str> {
    if !may_be_empty && labels.values().all(|label| label.trim().is_empty()) {
        return Some("required");
    }
    labels.values().any(|label| label.chars().count() > MAX_LABEL_LENGTH).then_some("too_long")
}
