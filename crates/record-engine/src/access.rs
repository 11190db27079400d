//! Who may see and do what: the one place where rights live.
//!
//! A module declares an [`AccessPolicy`] as data: for each built-in role, which records it sees, changes and deletes (in the filter language), what
//! it may create and export, and which fields are hidden from it. A stored role ([`Rights`]) says otherwise where it says anything. The roles of a user
//! add up to an [`Access`], which stands in the context of everything that is done for him, and compiles into [`Permissions`] for each type once.
//! A request takes a [`Scope`] of them. Every query needs a scope; there is no way to read records without one.
//!
//! What must stay true: a scope masks rows *and* fields, and the mask holds for reading, filtering, sorting, searching, counting,
//! exporting and live events alike; what cannot be read gives nothing.

mod covers;
mod explain;
mod feature;
mod locks;
#[cfg(debug_assertions)]
pub mod mutants;
mod permissions;
mod policy;
mod rights;
mod user;

use std::collections::BTreeSet;
use std::sync::Arc;

use filter_language::{CheckedExpr, Expr, FieldPath, FieldValue, Schema, check, matches, parse, resolve};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

pub use explain::{FieldVerdict, Reason, Verdict, explain, explain_fields};
pub use feature::Feature;
pub(crate) use locks::Locks;
pub use permissions::{Permissions, Rule};
pub use policy::{AccessPolicy, Grants, Level, Levels, Restriction, Rows};
pub use rights::{FieldRight, Line, Rights, TypeRights};
pub(crate) use user::limits_of;
pub use user::{Access, AccessSource, Limits, RoleGrant, stored_rights};

use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, Result};
use crate::followers::asked;
use crate::record::{Record, TypedRecord, Values};

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Reading.
    See,
    /// Making a new one.
    Create,
    /// Changing fields.
    Change,
    /// Moving to the trash and back.
    Delete,
    /// Taking lists out in files.
    Export,
    /// Changing many at once.
    Bulk,
    /// Making one of two.
    Merge,
    /// Letting others see or change it.
    Share,
}

impl Action {
    /// All, in the order in which they are shown.
    pub const ALL: [Action; 8] = [
        Action::See,
        Action::Create,
        Action::Change,
        Action::Delete,
        Action::Export,
        Action::Bulk,
        Action::Merge,
        Action::Share,
    ];

    /// Its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Action::See => "see",
            Action::Create => "create",
            Action::Change => "change",
            Action::Delete => "delete",
            Action::Export => "export",
            Action::Bulk => "bulk",
            Action::Merge => "merge",
            Action::Share => "share",
        }
    }

    pub(crate) fn place(self) -> usize {
        self as usize
    }

    /// Whether what is shared for reading alone is out of its reach.
    pub(crate) fn writes(self) -> bool {
        !matches!(self, Action::See | Action::Export)
    }

    /// Whether it is done to one record by somebody who looks at it. Nothing else is done to a restricted one.
    fn is_deliberate(self) -> bool {
        matches!(self, Action::See | Action::Change | Action::Delete)
    }
}

/// A compiled row rule.
#[derive(Clone)]
pub enum RowRule {
    /// Every record.
    All,
    /// No record.
    Nothing,
    /// The records that match.
    Matching(CheckedExpr),
    /// The records that are part of one which the reader sees, see [`crate::catalog::ObjectTypeDefinition::part_of`].
    Within(Box<Within>),
}

/// The rule of parts: only some of the wholes are seen.
#[derive(Clone)]
pub struct Within {
    /// The rule of the type itself, which must hold too.
    pub own: RowRule,
    /// Where a part may belong.
    pub places: Vec<Place>,
}

/// A field that may name the whole of a part.
#[derive(Clone)]
pub struct Place {
    /// The field of the part.
    pub field: String,
    /// The type of the whole.
    pub whole: Arc<ObjectType>,
    /// Which wholes the reader sees.
    pub rows: RowRule,
}

impl RowRule {
    /// The records of both.
    fn and(self, other: Option<&CheckedExpr>) -> RowRule {
        match (self, other) {
            (rule, None) => rule,
            (RowRule::All, Some(other)) => RowRule::Matching(other.clone()),
            (RowRule::Matching(rule), Some(other)) => RowRule::Matching(CheckedExpr::all_of([rule, other.clone()])),
            (rule @ (RowRule::Nothing | RowRule::Within(_)), Some(_)) => rule,
        }
    }

    /// Whether it holds for a loaded record, as far as the record alone tells.
    pub(crate) fn admits(&self, object_type: &ObjectType, record: &Record) -> bool {
        match self {
            RowRule::All => true,
            RowRule::Nothing | RowRule::Within(_) => false,
            RowRule::Matching(rule) => matches(rule, &TypedRecord { object_type, record }),
        }
    }
}

/// What one request may see of one object type.
#[derive(Clone)]
pub struct Scope {
    rows: RowRule,
    permissions: Arc<Permissions>,
}

impl Scope {
    /// The scope of a request for an action.
    ///
    /// # Errors
    /// `Stored` when the declared rule does not fit the fields: a defect of the module.
    #[cfg_attr(debug_assertions, track_caller)]
    pub fn of(context: &RequestContext, object_type: &ObjectType, action: Action) -> Result<Scope> {
        let permissions = context.permissions(object_type);
        let own = match permissions.rule(action) {
            Rule::All => RowRule::All,
            Rule::Nothing => RowRule::Nothing,
            Rule::Matching(rule) => RowRule::Matching(resolve(rule, &context.filter_clock())),
        };
        let own = own.and(permissions.unrestricted(action));
        let mut places = Vec::new();
        for (field, whole) in object_type.wholes().filter(|_| action == Action::See) {
            let rows = Scope::of(context, whole, Action::See)?.rows;
            places.push(Place { field: field.into(), whole: whole.clone(), rows });
        }
        let rows = match places.iter().all(|place| matches!(place.rows, RowRule::All)) {
            true => own,
            false => RowRule::Within(Box::new(Within { own, places })),
        };
        let scope = Scope { rows, permissions };
        #[cfg(debug_assertions)]
        let scope = mutants::altered(scope, std::panic::Location::caller());
        Ok(scope)
    }

    /// What a record must be after a change, when stored roles narrow changes to kinds of records: who may change the cards of clients makes no other
    /// kind of card of them.
    pub(crate) fn of_kinds_kept(context: &RequestContext, object_type: &ObjectType) -> Scope {
        Scope::of_rule(context, object_type, Permissions::kept)
    }

    /// The records whose owners the actor may name: not those that are only shared with him.
    pub(crate) fn of_owned(context: &RequestContext, object_type: &ObjectType) -> Scope {
        Scope::of_rule(context, object_type, Permissions::owned)
    }

    fn of_rule(context: &RequestContext, object_type: &ObjectType, rule: fn(&Permissions) -> &Rule) -> Scope {
        let permissions = context.permissions(object_type);
        let rows = match rule(&permissions) {
            Rule::All => RowRule::All,
            Rule::Nothing => RowRule::Nothing,
            Rule::Matching(rule) => RowRule::Matching(resolve(rule, &context.filter_clock())),
        };
        Scope { rows, permissions }
    }

    /// Whether a record with these values would be within the scope. Like [`Scope::admits`].
    pub fn admits_values(&self, object_type: &ObjectType, values: &Values) -> bool {
        let RowRule::Matching(rule) = &self.rows else { return !matches!(self.rows, RowRule::Nothing) };
        let value_of = |path: &FieldPath| match object_type.field(&path.field) {
            Some(field) => {
                let value = values.get(&field.name).unwrap_or(&Json::Null);
                field.behaviour().filter_value(field, value, path.part.as_deref())
            }
            None => FieldValue::Empty,
        };
        matches(rule, &value_of)
    }

    /// The row rule.
    pub fn rows(&self) -> &RowRule {
        &self.rows
    }

    /// The fields that the row rule asks about.
    pub fn asked_fields(&self) -> Vec<&str> {
        match &self.rows {
            RowRule::All | RowRule::Nothing => Vec::new(),
            RowRule::Matching(rule) => {
                rule.expr().conditions().into_iter().map(|condition| condition.field.field.as_str()).collect()
            }
            RowRule::Within(within) => within.places.iter().map(|place| place.field.as_str()).collect(),
        }
    }

    /// Whether the reader may see the field.
    pub fn shows(&self, field: &Field) -> bool {
        !self.permissions.hides(&field.name)
    }

    /// Whether a loaded record is within the scope. Of a part that is not known without its whole, so the answer is no;
    /// [`crate::query::admitted`] looks.
    pub fn admits(&self, object_type: &ObjectType, record: &Record) -> bool {
        self.rows.admits(object_type, record)
    }

    /// Refuses a filter that names a hidden field.
    ///
    /// # Errors
    /// `Filter`, with the same text as for a field that does not exist.
    pub fn check_fields(&self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::All => Ok(()),
            Expr::And(parts) | Expr::Or(parts) => parts.iter().try_for_each(|part| self.check_fields(part)),
            Expr::Not(inner) => self.check_fields(inner),
            Expr::Condition(condition) => {
                if self.permissions.hides(&condition.field.field) {
                    Err(EngineError::Filter(format!("unknown field {}", condition.field.field)))
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// Parses, checks and resolves a filter of an object type.
///
/// # Errors
/// `Filter` with what is wrong with it.
pub fn compile(text: &str, object_type: &ObjectType, context: &RequestContext) -> Result<CheckedExpr> {
    let expr = parse(text).map_err(|error| EngineError::Filter(error.to_string()))?;
    compile_expr(&expr, object_type, context)
}

/// Checks and resolves a filter of an object type.
///
/// # Errors
/// `Filter` with what is wrong with it.
pub fn compile_expr(expr: &Expr, object_type: &ObjectType, context: &RequestContext) -> Result<CheckedExpr> {
    let permissions = context.permissions(object_type);
    Ok(resolve(&checked(expr, object_type, object_type, permissions.hidden_fields())?, &context.filter_clock()))
}

/// [`compile_expr`] of what somebody asks a list for: beside the fields he may ask for what he follows.
///
/// # Errors
/// `Filter` with what is wrong with it.
pub fn compile_asked(expr: &Expr, object_type: &ObjectType, context: &RequestContext) -> Result<CheckedExpr> {
    let permissions = context.permissions(object_type);
    let checked = checked(expr, &asked::Asked(object_type), object_type, permissions.hidden_fields())?;
    asked::check(object_type, &checked)?;
    Ok(resolve(&checked, &context.filter_clock()))
}

/// Parses and checks a filter of an object type; what is relative in it stays so.
///
/// # Errors
/// `Filter` with what is wrong with it.
pub(crate) fn compile_relative(text: &str, object_type: &ObjectType) -> Result<CheckedExpr> {
    let expr = parse(text).map_err(|error| EngineError::Filter(error.to_string()))?;
    checked(&expr, object_type, object_type, &BTreeSet::new())
}

/// Checked, with what groups mean to one from whom fields are hidden.
fn checked(
    expr: &Expr,
    schema: &dyn Schema,
    object_type: &ObjectType,
    hidden: &BTreeSet<String>,
) -> Result<CheckedExpr> {
    let checked = check(expr, schema).map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        EngineError::Filter(texts.join("; "))
    })?;
    object_type.expand(checked, hidden)
}
