//! What one user may do with one object type, compiled from all his roles.

use std::collections::BTreeSet;

use filter_language::{CheckedExpr, Expr};

use super::rights::{FieldRight, Line};
use super::{Access, Action, RoleGrant, compile_relative};
use crate::catalog::{Field, ObjectType};

/// Which records, before `me` and `today` are known.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Every record.
    All,
    /// No record.
    Nothing,
    /// The records that match.
    Matching(CheckedExpr),
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Permissions {
    rules: [Rule; Action::ALL.len()],
    kept: Rule,
    owned: Rule,
    hidden_fields: BTreeSet<String>,
    read_only_fields: BTreeSet<String>,
    /// What is not restricted; `None` where nothing is.
    unrestricted: Option<CheckedExpr>,
    /// Whether restricted records are open to him.
    opens_restricted: bool,
}

impl Permissions {
    /// Everything, or nothing.
    pub(super) fn same(rule: &Rule) -> Permissions {
        Permissions {
            rules: std::array::from_fn(|_| rule.clone()),
            kept: rule.clone(),
            owned: rule.clone(),
            hidden_fields: BTreeSet::new(),
            read_only_fields: BTreeSet::new(),
            unrestricted: None,
            opens_restricted: false,
        }
    }

    pub(super) fn compile(access: &Access, object_type: &ObjectType) -> Permissions {
        let limits = access.limits();
        let is_outside = limits.is_some_and(|limits| !limits.opens(object_type));
        if is_outside {
            return Permissions::same(&Rule::Nothing);
        }
        let mut made = if access.is_program() {
            Permissions::same(&Rule::All)
        } else {
            let rules = Action::ALL.map(|action| rule_of(access, object_type, action, Line::filter));
            let kept = rule_of(access, object_type, Action::Change, Line::kind);
            let owned = rule_of(access, object_type, Action::Change, Line::owned);
            let mut made = Permissions { rules, kept, owned, ..Permissions::same(&Rule::Nothing) };
            let roles = access.roles().iter();
            let seeing: Vec<&RoleGrant> = roles
                .map(|role| &**role)
                .filter(|role| !role.rights.lines(object_type, Action::See).is_empty())
                .collect();
            for field in &object_type.fields {
                match field_right(&seeing, object_type, field) {
                    FieldRight::Hidden => made.hidden_fields.insert(field.name.clone()),
                    FieldRight::Read => made.read_only_fields.insert(field.name.clone()),
                    FieldRight::Write => false,
                };
            }
            made
        };
        if let Some(restriction) = object_type.access().restriction {
            made.opens_restricted = access.opens_restricted(restriction.feature);
            match compile_relative(&format!("{} is empty", restriction.field), object_type) {
                Ok(filter) => made.unrestricted = Some(filter),
                // Nothing is better hidden than everything: without the field nothing can be told from what is restricted.
                Err(error) => {
                    tracing::error!(%error, object_type = object_type.name, "the field of the restriction cannot be asked for");
                    return Permissions::same(&Rule::Nothing);
                }
            }
        }
        if limits.is_some_and(|limits| !limits.lets_write(object_type)) {
            for (action, rule) in Action::ALL.iter().zip(&mut made.rules) {
                if !matches!(action, Action::See | Action::Export) {
                    *rule = Rule::Nothing;
                }
            }
        }
        made
    }

    /// Which records the roles open for an action; what is restricted is still among them.
    pub fn rule(&self, action: Action) -> &Rule {
        // One for each action, in their order.
        self.rules.get(action.place()).unwrap_or(&Rule::Nothing)
    }

    /// What an action leaves of the records that the roles open for it: those that are not restricted. `None` for all of them.
    pub(super) fn unrestricted(&self, action: Action) -> Option<&CheckedExpr> {
        let is_left_open = action == Action::Create || (self.opens_restricted && action.is_deliberate());
        self.unrestricted.as_ref().filter(|_| !is_left_open)
    }

    /// Whether there may be restricted records that he does not know of.
    pub(crate) fn hides_restricted(&self) -> bool {
        self.unrestricted(Action::See).is_some()
    }

    /// What a record must be after a change.
    pub(super) fn kept(&self) -> &Rule {
        &self.kept
    }

    /// The records whose owners he may name.
    pub(super) fn owned(&self) -> &Rule {
        &self.owned
    }

    /// Whether an action is open for any record.
    pub fn may(&self, action: Action) -> bool {
        *self.rule(action) != Rule::Nothing
    }

    /// Whether the roles open every record for an action, but for what is restricted.
    pub fn may_all(&self, action: Action) -> bool {
        *self.rule(action) == Rule::All
    }

    /// Whether the user does not know of the field.
    pub fn hides(&self, field: &str) -> bool {
        self.hidden_fields.contains(field)
    }

    /// Whether he writes the field, as far as his rights go.
    pub fn writes(&self, field: &str) -> bool {
        !self.hidden_fields.contains(field) && !self.read_only_fields.contains(field)
    }

    /// The fields that he does not know of.
    pub fn hidden_fields(&self) -> &BTreeSet<String> {
        &self.hidden_fields
    }
}

type Condition = fn(&Line, &ObjectType, Action) -> Option<String>;

fn rule_of(access: &Access, object_type: &ObjectType, action: Action, condition: Condition) -> Rule {
    let mut parts: Vec<CheckedExpr> = Vec::new();
    for role in access.roles() {
        for line in role.rights.lines(object_type, action) {
            let Some(text) = condition(&line, object_type, action) else { return Rule::All };
            match compile_relative(&text, object_type) {
                Ok(rule) if *rule.expr() == Expr::All => return Rule::All,
                Ok(rule) if !parts.contains(&rule) => parts.push(rule),
                Ok(_) => {}
                // A field was retired or a module is gone: the line gives nothing, and says so.
                Err(error) => {
                    tracing::warn!(%error, role = role.id, object_type = object_type.name, action = action.key(), "a line of a role cannot be read and gives nothing");
                }
            }
        }
    }
    if parts.is_empty() { Rule::Nothing } else { Rule::Matching(CheckedExpr::any_of(flat(parts))) }
}

/// Alternatives within alternatives side by side, each once: every one may be looked up by its own index.
fn flat(parts: Vec<CheckedExpr>) -> Vec<CheckedExpr> {
    let mut flat: Vec<CheckedExpr> = Vec::new();
    for part in parts {
        for alternative in part.alternatives() {
            if !flat.contains(&alternative) {
                flat.push(alternative);
            }
        }
    }
    flat
}

/// The most that any role allows, of those that see anything. Who sees no record needs no mask: his lists are empty, and well-formed.
fn field_right(seeing: &[&RoleGrant], object_type: &ObjectType, field: &Field) -> FieldRight {
    let rights = seeing.iter().map(|role| role.rights.field(object_type, &field.name));
    rights.max().unwrap_or(FieldRight::Read)
}
