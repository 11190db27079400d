//! Who may see and do what: the one place where rights live.
//!
//! A module declares an [`AccessPolicy`] as data: for each role, which records it sees, changes and deletes (in the filter language), what it
//! may create and export, and which fields are hidden from it. A request compiles that once into a [`Scope`].
//! Every query needs a scope; there is no way to read records without one.
//!
//! What must stay true: a scope masks rows *and* fields, and the mask holds for reading, filtering, sorting, searching, counting,
//! exporting and live events alike.

use std::sync::Arc;

use filter_language::{CheckedExpr, Expr, check, matches, parse, resolve};

use crate::catalog::{Field, ObjectType};
use crate::context::{Actor, RequestContext, Role};
use crate::error::{EngineError, Result};
use crate::record::{Record, TypedRecord};

/// Which records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All.
    All,
    /// None.
    Nothing,
    /// Those that match, in the filter language.
    Matching(&'static str),
}

/// What one role may do with one object type.
#[derive(Clone, Copy, Debug)]
pub struct Grants {
    /// Which records it sees.
    pub see: Rows,
    /// Which of those it changes.
    pub change: Rows,
    /// Which of those it deletes and restores.
    pub delete: Rows,
    /// Whether it creates records.
    pub create: bool,
    /// Whether it exports lists.
    pub export: bool,
    /// Fields it does not see at all.
    pub hidden_fields: &'static [&'static str],
    /// Fields it sees but does not write.
    pub read_only_fields: &'static [&'static str],
}

impl Grants {
    /// Everything.
    pub const ALL: Grants = Grants {
        see: Rows::All,
        change: Rows::All,
        delete: Rows::All,
        create: true,
        export: true,
        hidden_fields: &[],
        read_only_fields: &[],
    };

    /// Reading everything, writing nothing.
    pub const READ: Grants = Grants {
        see: Rows::All,
        change: Rows::Nothing,
        delete: Rows::Nothing,
        create: false,
        export: false,
        hidden_fields: &[],
        read_only_fields: &[],
    };
}

/// The rights on an object type by role.
#[derive(Clone, Copy, Debug)]
pub struct AccessPolicy {
    /// Administrators.
    pub administrator: Grants,
    /// Supervisors.
    pub supervisor: Grants,
    /// Employees.
    pub employee: Grants,
}

impl AccessPolicy {
    /// What an actor may do. The program itself may do everything.
    pub fn grants(&self, actor: Actor) -> &Grants {
        match actor {
            Actor::System => &Grants::ALL,
            Actor::User { role: Role::Administrator, .. } => &self.administrator,
            Actor::User { role: Role::Supervisor, .. } => &self.supervisor,
            Actor::User { role: Role::Employee, .. } => &self.employee,
        }
    }
}

/// What is done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reading.
    See,
    /// Changing fields.
    Change,
    /// Moving to the trash and back.
    Delete,
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
    /// The field of the part that names its whole.
    pub field: String,
    /// The type of the whole.
    pub whole: Arc<ObjectType>,
    /// Which wholes the reader sees.
    pub rows: RowRule,
}

impl RowRule {
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
    hidden_fields: &'static [&'static str],
}

impl Scope {
    /// The scope of a request for an action.
    ///
    /// # Errors
    /// `Stored` when the declared rule does not fit the fields: a defect of the module.
    pub fn of(context: &RequestContext, object_type: &ObjectType, action: Action) -> Result<Scope> {
        let grants = object_type.access().grants(context.actor);
        let rows = match action {
            Action::See => grants.see,
            Action::Change => grants.change,
            Action::Delete => grants.delete,
        };
        let own = match rows {
            Rows::All => RowRule::All,
            Rows::Nothing => RowRule::Nothing,
            Rows::Matching(text) => RowRule::Matching(compile(text, object_type, context)?),
        };
        let rows = match object_type.whole().filter(|_| action == Action::See) {
            Some((field, whole)) => match Scope::of(context, whole, Action::See)?.rows {
                RowRule::All => own,
                rows => RowRule::Within(Box::new(Within { own, field: field.into(), whole: whole.clone(), rows })),
            },
            None => own,
        };
        Ok(Scope { rows, hidden_fields: grants.hidden_fields })
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
            RowRule::Within(within) => vec![within.field.as_str()],
        }
    }

    /// Whether the reader may see the field.
    pub fn shows(&self, field: &Field) -> bool {
        !self.hidden_fields.contains(&field.name.as_str())
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
                if self.hidden_fields.contains(&condition.field.field.as_str()) {
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
    let checked = check(expr, object_type).map_err(|errors| {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        EngineError::Filter(texts.join("; "))
    })?;
    Ok(resolve(&object_type.expand(checked)?, &context.filter_clock()))
}
