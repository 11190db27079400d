//! Which fields a list shows and which it must load for that.

use std::collections::BTreeSet;

use filter_language::Expr;
use record_engine::access::{Action, RowRule, Scope};
use record_engine::catalog::ObjectType;
use record_engine::{EngineError, FieldError, RequestContext};

/// The fields that a list shows, and those that must be loaded besides: the title, and what the rights on a record depend on.
pub(super) struct Shown {
    /// The names to show.
    pub names: BTreeSet<String>,
    /// The names to load.
    pub loaded: Vec<String>,
}

impl Shown {
    /// Reads names separated by commas.
    ///
    /// # Errors
    /// `Invalid` for a field that the reader does not know.
    pub fn parse(names: &str, object_type: &ObjectType, context: &RequestContext) -> Result<Shown, EngineError> {
        let names: BTreeSet<String> =
            names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(String::from).collect();
        let scope = Scope::of(context, object_type, Action::See)?;
        for name in &names {
            if object_type.field(name).is_none_or(|field| !scope.shows(field)) {
                return Err(EngineError::field(
                    FieldError::new("fields", "unknown_field").with("value", name.as_str()),
                ));
            }
        }
        let mut loaded = names.clone();
        loaded.insert(object_type.definition.title_field.into());
        for action in [Action::Change, Action::Delete] {
            if let RowRule::Matching(rule) = Scope::of(context, object_type, action)?.rows() {
                collect_fields(rule.expr(), &mut loaded);
            }
        }
        Ok(Shown { names, loaded: loaded.into_iter().collect() })
    }
}

fn collect_fields(expr: &Expr, names: &mut BTreeSet<String>) {
    match expr {
        Expr::All => {}
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| collect_fields(part, names)),
        Expr::Not(inner) => collect_fields(inner, names),
        Expr::Condition(condition) => {
            names.insert(condition.field.field.clone());
        }
    }
}
