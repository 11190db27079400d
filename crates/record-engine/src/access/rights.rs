//! The rights of a role as they are stored: data that an administrator edits.
//!
//! What a role does not speak of is as in its base, the declared policy of a built-in role; without a base it is nothing. So a new object type has
//! sensible rights in every role at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::policy::Rows;
use super::{Action, Feature, Level, compile_relative};
use crate::catalog::{Catalog, ObjectType};
use crate::context::Role;
use crate::error::FieldError;

/// Most lines of one action.
const MAX_LINES: usize = 20;

/// What a role may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rights {
    /// The built-in role whose rights hold where nothing else is said; none for a role that only adds.
    #[serde(default)]
    pub base: Option<Role>,
    /// By object type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub types: BTreeMap<String, TypeRights>,
    /// Parts of the program, open or closed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub features: BTreeMap<Feature, bool>,
    /// People with this role need a second step of login. It stands in each role for itself, whatever its base.
    #[serde(default, skip_serializing_if = "is_false")]
    pub needs_second_step: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What a role may do with records of one type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeRights {
    /// By action: the records for which any line holds; an empty list for none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub actions: BTreeMap<Action, Vec<Line>>,
    /// By field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, FieldRight>,
    /// By block of the card; what is said of a field goes before.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub blocks: BTreeMap<String, FieldRight>,
}

/// The records up to a level that match a condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// How far.
    pub level: Level,
    /// Only these, in the filter language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
}

/// What a role may do with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldRight {
    /// It does not know that it exists.
    Hidden,
    /// It sees it.
    Read,
    /// It sees and writes it.
    Write,
}

impl Rights {
    /// Those of a built-in role.
    pub fn of(role: Role) -> Rights {
        Rights { base: Some(role), ..Rights::default() }
    }

    /// Whether a part of the program is open.
    pub fn opens(&self, feature: Feature) -> bool {
        let stored = self.features.get(&feature).copied().filter(|_| self.base != Some(Role::Administrator));
        stored.unwrap_or_else(|| self.base.is_some_and(|base| feature.is_open_to(base)))
    }

    /// The records for an action: any line that holds is enough.
    pub fn lines(&self, object_type: &ObjectType, action: Action) -> Vec<Line> {
        let policy = object_type.access();
        let stored = self.types.get(&object_type.name).filter(|_| policy.levels.is_some());
        // What no role changes, such as names of colleagues, everyone has who has any role.
        let base = self.base.or(policy.levels.is_none().then_some(Role::Employee));
        let mut lines = match stored.and_then(|rights| rights.actions.get(&action)) {
            Some(lines) => lines.clone(),
            None => base.map(|base| lines_of(policy.of(base).rows(action))).unwrap_or_default(),
        };
        if let Some((feature, grants)) = &policy.by_feature
            && self.opens(*feature)
        {
            lines.extend(lines_of(grants.rows(action)));
        }
        lines
    }

    /// What may be done with a field.
    pub fn field(&self, object_type: &ObjectType, field: &str) -> FieldRight {
        let policy = object_type.access();
        let stored = self.types.get(&object_type.name).filter(|_| policy.levels.is_some());
        let block = || object_type.layout.blocks.iter().find(|block| block.fields.iter().any(|name| name == field));
        let of_block = |rights: &TypeRights| {
            if rights.blocks.is_empty() { None } else { rights.blocks.get(&block()?.key).copied() }
        };
        let said = stored.and_then(|rights| rights.fields.get(field).copied().or_else(|| of_block(rights)));
        let declared = self.declared_field(object_type, field);
        // The declared mask guards what gives rights itself; no stored role lifts it.
        said.map_or(declared, |said| said.min(declared))
    }

    fn declared_field(&self, object_type: &ObjectType, field: &str) -> FieldRight {
        let policy = object_type.access();
        let of = |grants: &super::Grants| {
            if grants.hidden_fields.contains(&field) {
                FieldRight::Hidden
            } else if grants.read_only_fields.contains(&field) {
                FieldRight::Read
            } else {
                FieldRight::Write
            }
        };
        let by_feature = policy.by_feature.as_ref().filter(|(feature, _)| self.opens(*feature));
        let of_base = of(policy.of(self.base.unwrap_or(Role::Employee)));
        by_feature.map_or(of_base, |(_, grants)| of(grants).max(of_base))
    }

    /// What is wrong with them, with pointers into the JSON.
    pub fn check(&self, catalog: &Catalog) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (name, rights) in &self.types {
            let at = format!("rights/types/{name}");
            match catalog.object_type(name).filter(|object_type| object_type.access().levels.is_some()) {
                None => errors.push(FieldError::new(&at, "unknown_object_type")),
                Some(object_type) => rights.check(&at, object_type, &mut errors),
            }
        }
        errors
    }
}

impl TypeRights {
    fn check(&self, at: &str, object_type: &ObjectType, errors: &mut Vec<FieldError>) {
        for (action, lines) in &self.actions {
            let at = format!("{at}/actions/{}", action.key());
            if lines.len() > MAX_LINES {
                errors.push(FieldError::new(&at, "too_many_values").with("max", MAX_LINES));
            }
            for (place, line) in lines.iter().enumerate() {
                if let Some(Err(error)) = line.filter.as_deref().map(|text| compile_relative(text, object_type)) {
                    let at = format!("{at}/{place}/filter");
                    errors.push(FieldError::new(&at, "filter_invalid").with("value", error.to_string()));
                }
            }
        }
        for name in self.fields.keys().filter(|name| object_type.field(name).is_none()) {
            errors.push(FieldError::new(&format!("{at}/fields/{name}"), "unknown_field"));
        }
        for (name, right) in &self.fields {
            let is_title = name == object_type.definition.title_field;
            if is_title && *right == FieldRight::Hidden {
                errors.push(FieldError::new(&format!("{at}/fields/{name}"), "title_must_show"));
            }
        }
    }
}

impl Line {
    /// The whole condition in the filter language; `None` for all records. A level says nothing of a record to be: its maker owns it.
    pub(super) fn filter(&self, object_type: &ObjectType, action: Action) -> Option<String> {
        let levels = object_type.access().levels.filter(|_| action != Action::Create);
        self.narrowed(levels.and_then(|levels| levels.filter(self.level, action)))
    }

    /// Like [`Line::filter`], without records that are only shared.
    pub(super) fn owned(&self, object_type: &ObjectType, _: Action) -> Option<String> {
        self.narrowed(object_type.access().levels.and_then(|levels| levels.owned(self.level)))
    }

    fn narrowed(&self, level: Option<String>) -> Option<String> {
        let own = self.filter.as_deref().map(str::trim).filter(|text| !text.is_empty());
        match (level, own) {
            (None, None) => None,
            (Some(level), None) => Some(level),
            (None, Some(own)) => Some(own.into()),
            (Some(level), Some(own)) => Some(format!("({level}) and ({own})")),
        }
    }

    /// The kind of record alone, however it came to be the user's; of types without levels a condition says whose it is.
    pub(super) fn kind(&self, object_type: &ObjectType, _: Action) -> Option<String> {
        self.filter.clone().filter(|text| !text.trim().is_empty() && object_type.access().levels.is_some())
    }
}

fn lines_of(rows: Rows) -> Vec<Line> {
    match rows {
        Rows::Nothing => Vec::new(),
        Rows::All => vec![Line { level: Level::All, filter: None }],
        Rows::Matching(text) => vec![Line { level: Level::All, filter: Some(text.into()) }],
        Rows::Level(level) => vec![Line { level, filter: None }],
    }
}
