//! Types a filter against a schema: every field exists, every operator suits its field, every value
//! is of the field's type.
//!
//! Values are brought to the field's type here, once, so that nobody downstream meets a string
//! that means a date. A [`CheckedExpr`] cannot be made in any other way.

mod convert;

use std::borrow::Cow;

use serde::Serialize;

use crate::ast::{Condition, Expr, FieldPath, Operand};
use crate::check::convert::{Refusal, convert};
use crate::limits::{Exceeded, MAX_DEPTH, Tally};
use crate::operators::FieldType;

/// What fields there are. A field that its user may not see is a field that is not there.
pub trait Schema {
    /// The type of a field or of a part of one; `None` if there is no such field.
    fn field_type(&self, path: &FieldPath) -> Option<FieldType>;
}

impl<F: Fn(&FieldPath) -> Option<FieldType>> Schema for F {
    fn field_type(&self, path: &FieldPath) -> Option<FieldType> {
        self(path)
    }
}

/// A filter that [`check`] has accepted, its values of the types of their fields:
///
/// | field | values |
/// |---|---|
/// | text | `Text` with a key that is not empty |
/// | choice, choice set | `Text`, not empty |
/// | number | `Number`, finite |
/// | date | `Date`, `Today` |
/// | instant | `Instant`, `Now`, and `Date`, `Today` for whole UTC days |
/// | boolean | `Boolean` |
/// | reference, reference set | `Integer`, `Me`; `MyPeople`, `MyTeams` after `in` and `has` |
/// | place | `Text`, an [`crate::Area`] |
///
/// After [`crate::resolve`] only values that stand for themselves are among them. Lists are never empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct CheckedExpr(Expr);

impl CheckedExpr {
    /// The filter that matches everything.
    pub const fn all() -> Self {
        Self(Expr::All)
    }

    /// The filter that matches where all of `parts` do, such as an access rule and what the user
    /// asked for. The result may be one level deeper and larger than what [`check`] accepts.
    pub fn all_of(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(Expr::all_of(parts.into_iter().map(Self::into_expr)))
    }

    /// The filter that matches where any of `parts` does; nothing, if there are none.
    pub fn any_of(parts: impl IntoIterator<Item = Self>) -> Self {
        Self(Expr::any_of(parts.into_iter().map(Self::into_expr)))
    }

    /// The filter that matches where this one does not.
    #[must_use]
    pub fn negated(self) -> Self {
        Self(Expr::Not(Box::new(self.0)))
    }

    /// The filters of which any matches where this one does: the parts of an `or`, else itself.
    pub fn alternatives(&self) -> Vec<Self> {
        match &self.0 {
            Expr::Or(parts) => parts.iter().cloned().map(Self).collect(),
            other => vec![Self(other.clone())],
        }
    }

    /// One of its own conditions, or the like of it with other values of the same type.
    pub const fn condition(condition: Condition) -> Self {
        Self(Expr::Condition(condition))
    }

    /// The same filter with other checked filters in the place of conditions; `None` leaves a condition as it is.
    /// The result may be deeper and larger than what [`check`] accepts.
    #[must_use]
    pub fn substitute(&self, replacement: &mut dyn FnMut(&Condition) -> Option<Self>) -> Self {
        Self(substitute(&self.0, replacement))
    }

    /// The tree.
    pub const fn expr(&self) -> &Expr {
        &self.0
    }

    /// The tree, for keeping or changing; what is changed must be checked again.
    pub fn into_expr(self) -> Expr {
        self.0
    }

    /// Wraps a tree that was derived from a checked one and is as well typed.
    pub(crate) const fn from_checked(expr: Expr) -> Self {
        Self(expr)
    }
}

fn substitute(expr: &Expr, replacement: &mut dyn FnMut(&Condition) -> Option<CheckedExpr>) -> Expr {
    match expr {
        Expr::All => Expr::All,
        Expr::And(parts) => Expr::all_of(parts.iter().map(|part| substitute(part, replacement)).collect::<Vec<_>>()),
        Expr::Or(parts) => Expr::any_of(parts.iter().map(|part| substitute(part, replacement)).collect::<Vec<_>>()),
        Expr::Not(inner) => Expr::Not(Box::new(substitute(inner, replacement))),
        Expr::Condition(condition) => replacement(condition).map_or_else(|| expr.clone(), CheckedExpr::into_expr),
    }
}

/// One thing wrong with a filter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message} (at {path:?})")]
pub struct CheckError {
    /// JSON pointer into the JSON form of the filter: `/and/0/value/3`, or nothing for the filter
    /// as a whole.
    pub path: String,
    /// The field of the condition at fault, as written; `None` if the error is not about one.
    pub field: Option<String>,
    /// What kind of mistake it is; stable, for programs.
    pub code: CheckErrorCode,
    /// The mistake in English.
    pub message: String,
}

/// The kinds of mistakes that [`check`] finds. Serialized in snake case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckErrorCode {
    /// The schema has no such field.
    UnknownField,
    /// The field's type does not take this operator.
    OperatorNotAllowed,
    /// The value is not of the field's type, is out of range, or is not what the operator takes.
    WrongValue,
    /// The text, pattern or list is empty; `is empty` asks for empty fields.
    EmptyValue,
    /// A text is longer than [`crate::MAX_TEXT_BYTES`].
    TooLong,
    /// There are more conditions or values than allowed.
    TooMany,
    /// The nesting is deeper than [`MAX_DEPTH`].
    TooDeep,
}

/// Types `expr` against `schema`. All errors are reported, at most one for each condition, in the
/// order of the filter; an exceeded limit ends the search.
pub fn check(expr: &Expr, schema: &dyn Schema) -> Result<CheckedExpr, Vec<CheckError>> {
    let mut checker = Checker { schema, path: String::new(), depth: 0, tally: Tally::default(), errors: Vec::new() };
    match checker.expr(expr) {
        Ok(checked) if checker.errors.is_empty() => Ok(CheckedExpr(checked)),
        Ok(_) | Err(Stop) => Err(checker.errors),
    }
}

struct Checker<'s> {
    schema: &'s dyn Schema,
    path: String,
    /// How many nodes of the tree are open.
    depth: usize,
    tally: Tally,
    errors: Vec<CheckError>,
}

/// A limit was exceeded and reported; the rest of the filter is not looked at.
struct Stop;

impl Checker<'_> {
    fn expr(&mut self, expr: &Expr) -> Result<Expr, Stop> {
        if self.depth == MAX_DEPTH {
            let message = format!("at most {MAX_DEPTH} levels of nesting are allowed");
            self.refuse(None, "", CheckErrorCode::TooDeep, message);
            return Err(Stop);
        }
        self.depth += 1;
        let checked = match expr {
            Expr::All => Expr::All,
            Expr::And(parts) => Expr::all_of(self.parts("/and", parts)?),
            Expr::Or(parts) => Expr::any_of(self.parts("/or", parts)?),
            Expr::Not(inner) => Expr::Not(Box::new(self.step("/not", inner)?)),
            Expr::Condition(condition) => Expr::Condition(self.condition(condition)?),
        };
        self.depth -= 1;
        Ok(checked)
    }

    fn parts(&mut self, name: &str, parts: &[Expr]) -> Result<Vec<Expr>, Stop> {
        let parts = parts.iter().enumerate();
        parts.map(|(index, part)| self.step(&format!("{name}/{index}"), part)).collect()
    }

    fn step(&mut self, step: &str, expr: &Expr) -> Result<Expr, Stop> {
        let length = self.path.len();
        self.path.push_str(step);
        let checked = self.expr(expr);
        self.path.truncate(length);
        checked
    }

    /// The condition with its values brought to the field's type; unchanged, if it is refused.
    fn condition(&mut self, condition: &Condition) -> Result<Condition, Stop> {
        if let Err(exceeded) = self.tally.add_condition() {
            return self.stop(condition, exceeded);
        }
        for length in 1..=condition.literals().len() {
            if let Err(exceeded) = self.tally.add_value(length) {
                return self.stop(condition, exceeded);
            }
        }

        let Condition { field, operator, value } = condition;
        let Some(field_type) = self.schema.field_type(field) else {
            let message = format!("there is no field {field}");
            self.refuse(Some(field), "/field", CheckErrorCode::UnknownField, message);
            return Ok(condition.clone());
        };
        if !field_type.operators().contains(operator) {
            let message = format!("{operator} does not apply to {field}");
            self.refuse(Some(field), "/op", CheckErrorCode::OperatorNotAllowed, message);
            return Ok(condition.clone());
        }
        if !operator.takes(value) {
            let message = format!("this is not what {operator} takes");
            self.refuse(Some(field), "/value", CheckErrorCode::WrongValue, message);
            return Ok(condition.clone());
        }
        if condition.misplaces_a_group() {
            let message = format!("{operator} takes one record and not several; ask with `in` or `has`");
            self.refuse(Some(field), "/value", CheckErrorCode::WrongValue, message);
            return Ok(condition.clone());
        }
        let converted = match value {
            Operand::None => Ok(Operand::None),
            Operand::One(literal) => {
                convert(field_type, literal).map(Operand::One).map_err(|refusal| (Cow::Borrowed("/value"), refusal))
            }
            Operand::Many(literals) if literals.is_empty() => Err((Cow::Borrowed("/value"), Refusal::EMPTY_LIST)),
            Operand::Many(literals) => {
                let literals = literals.iter().enumerate().map(|(index, literal)| {
                    convert(field_type, literal).map_err(|refusal| (Cow::Owned(format!("/value/{index}")), refusal))
                });
                literals.collect::<Result<_, _>>().map(Operand::Many)
            }
        };
        match converted {
            Ok(value) => Ok(Condition { field: field.clone(), operator: *operator, value }),
            Err((suffix, refusal)) => {
                self.refuse(Some(field), &suffix, refusal.code, refusal.message.to_owned());
                Ok(condition.clone())
            }
        }
    }

    fn stop(&mut self, condition: &Condition, exceeded: Exceeded) -> Result<Condition, Stop> {
        let suffix = match exceeded {
            Exceeded::Conditions => "",
            Exceeded::ListValues | Exceeded::Values => "/value",
        };
        let message = exceeded.to_string();
        self.refuse(Some(&condition.field), suffix, CheckErrorCode::TooMany, message);
        Err(Stop)
    }

    fn refuse(&mut self, field: Option<&FieldPath>, suffix: &str, code: CheckErrorCode, message: String) {
        let path = format!("{}{suffix}", self.path);
        self.errors.push(CheckError { path, field: field.map(FieldPath::to_string), code, message });
    }
}

#[cfg(test)]
mod tests;
