//! Why somebody may do something with a record, or may not: every line of every role of his, and whether it holds.

use filter_language::{matches, resolve};

use super::rights::{FieldRight, Line};
use super::{Access, Action, Scope, compile_relative};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::Result;
use crate::query::admitted;
use crate::record::{Record, TypedRecord};

/// A line of a role, held against a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The role's record; 0 for what the program declares.
    pub role_id: i64,
    /// Its name.
    pub role: String,
    /// What it says.
    pub line: Line,
    /// Whether the record is among those that it names.
    pub holds: bool,
}

/// What comes of all lines for one action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which action.
    pub action: Action,
    /// Whether it is allowed. Nothing is that is not seen.
    pub is_allowed: bool,
    /// Why; empty when no role says anything.
    pub reasons: Vec<Reason>,
}

/// A field that is not open for writing, and what each role says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldVerdict {
    /// Name of the field.
    pub field: String,
    /// What comes of it: the most that any role gives.
    pub right: FieldRight,
    /// What each role that sees anything gives, by id and name.
    pub by_role: Vec<(i64, String, FieldRight)>,
}

/// Every action, for the user of a context and a record as it stands.
///
/// # Errors
/// Those of the database.
pub fn explain(
    tx: &mut dyn database::Query,
    context: &RequestContext,
    object_type: &ObjectType,
    record: &Record,
) -> Result<Vec<Verdict>> {
    let see = Scope::of(context, object_type, Action::See)?;
    let is_seen = !admitted(tx, &see, object_type, [record])?.is_empty();
    let verdict = |action: Action| {
        let is_open = action == Action::See || Scope::of(context, object_type, action)?.admits(object_type, record);
        Ok(Verdict { action, is_allowed: is_seen && is_open, reasons: reasons(context, object_type, action, record) })
    };
    Action::ALL.into_iter().map(verdict).collect()
}

fn reasons(context: &RequestContext, object_type: &ObjectType, action: Action, record: &Record) -> Vec<Reason> {
    let clock = context.filter_clock();
    let row = TypedRecord { object_type, record };
    let holds = |line: &Line| match line.filter(object_type, action) {
        None => true,
        Some(text) => compile_relative(&text, object_type).is_ok_and(|rule| matches(&resolve(&rule, &clock), &row)),
    };
    let mut reasons = Vec::new();
    for role in context.access.roles() {
        for line in role.rights.lines(object_type, action) {
            reasons.push(Reason { role_id: role.id, role: role.name.clone(), holds: holds(&line), line });
        }
    }
    reasons
}

/// The fields that are hidden or not to be written, with what each role says.
pub fn explain_fields(access: &Access, object_type: &ObjectType) -> Vec<FieldVerdict> {
    let permissions = access.permissions(object_type);
    let seeing = |role: &&std::sync::Arc<super::RoleGrant>| !role.rights.lines(object_type, Action::See).is_empty();
    let limited = object_type.value_fields().filter(|field| !permissions.writes(&field.name));
    limited
        .map(|field| FieldVerdict {
            field: field.name.clone(),
            right: if permissions.hides(&field.name) { FieldRight::Hidden } else { FieldRight::Read },
            by_role: access
                .roles()
                .iter()
                .filter(seeing)
                .map(|role| (role.id, role.name.clone(), role.rights.field(object_type, &field.name)))
                .collect(),
        })
        .collect()
}
