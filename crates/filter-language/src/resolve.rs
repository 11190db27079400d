//! Puts values in the place of `today`, `now`, `me`, `my_people` and `my_teams`.
//!
//! This is done once for each evaluation or compilation, never when a filter is stored: a saved
//! view of "this week's tasks of mine" moves with the week and its reader.

use std::fmt::Debug;
use std::sync::Arc;

use crate::ast::{Condition, Expr, Literal, Operand};
use crate::calendar;
use crate::check::CheckedExpr;

const MS_PER_MINUTE: i64 = 60_000;

/// When the days of somebody begin and end, by the clock on his wall.
pub trait Days: Debug + Send + Sync {
    /// The first millisecond of a day (`YYYY-MM-DD`) and that of the next, since 1970-01-01T00:00:00Z; `None` for a day beyond the supported years.
    fn span(&self, date: &str) -> Option<(i64, i64)>;
}

/// When and for whom a filter is evaluated.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub now_ms: i64,
    /// The current day, `YYYY-MM-DD`, where the user is. If it is no day, the UTC day of `now_ms`
    /// is taken.
    pub today: String,
    /// When his days begin, which an instant is compared with; those of UTC if nothing is said.
    pub days: Option<Arc<dyn Days>>,
    /// The id of the user, if there is one.
    pub me: Option<i64>,
    /// The user, the members of his teams and everybody below him.
    pub my_people: Arc<[i64]>,
    /// The teams of the user.
    pub my_teams: Arc<[i64]>,
}

/// The filter with every `today`, `now`, `me`, `my_people` and `my_teams` replaced by its value. Days and instants that
/// would leave the supported years become the nearest supported ones.
///
/// Without a user, a condition that mentions `me` can never be the reason for a match: it does not
/// hold, and where it is negated by `not`, its negation does not hold either. A condition on teams of somebody who has none
/// simply does not hold.
pub fn resolve(expr: &CheckedExpr, now: &Clock) -> CheckedExpr {
    CheckedExpr::from_checked(resolve_expr(expr.expr(), now, false))
}

/// `negated` says whether an odd number of `not` stand around `expr`.
fn resolve_expr(expr: &Expr, now: &Clock, negated: bool) -> Expr {
    match expr {
        Expr::All => Expr::All,
        Expr::And(parts) => Expr::And(parts.iter().map(|part| resolve_expr(part, now, negated)).collect()),
        Expr::Or(parts) => {
            // What cannot hold is left out, so that each of the rest may be looked up by its index.
            let parts = parts.iter().map(|part| resolve_expr(part, now, negated));
            Expr::any_of(parts.filter(|part| !part.is_nothing()))
        }
        Expr::Not(inner) => Expr::Not(Box::new(resolve_expr(inner, now, !negated))),
        Expr::Condition(condition) => match resolve_operand(&condition.value, now) {
            Some(Operand::Many(values)) if values.is_empty() && !condition.literals().is_empty() => Expr::nothing(),
            Some(value) => {
                Expr::Condition(Condition { field: condition.field.clone(), operator: condition.operator, value })
            }
            None if negated => Expr::All,
            None => Expr::nothing(),
        },
    }
}

/// `None` if `me` is mentioned and there is no user.
fn resolve_operand(operand: &Operand, now: &Clock) -> Option<Operand> {
    Some(match operand {
        Operand::None => Operand::None,
        Operand::One(literal) => match group(literal, now) {
            Some(ids) => Operand::Many(ids.collect()),
            None => Operand::One(resolve_literal(literal, now)?),
        },
        Operand::Many(literals) => {
            let mut resolved = Vec::with_capacity(literals.len());
            for literal in literals {
                match group(literal, now) {
                    Some(ids) => resolved.extend(ids),
                    None => resolved.push(resolve_literal(literal, now)?),
                }
            }
            Operand::Many(resolved)
        }
    })
}

/// What stands for several ids.
fn group<'c>(literal: &Literal, now: &'c Clock) -> Option<impl Iterator<Item = Literal> + use<'c>> {
    let ids = match literal {
        Literal::MyPeople => &now.my_people,
        Literal::MyTeams => &now.my_teams,
        _ => return None,
    };
    Some(ids.iter().map(|id| Literal::Integer(*id)))
}

fn resolve_literal(literal: &Literal, now: &Clock) -> Option<Literal> {
    Some(match literal {
        Literal::Today { offset_days } => {
            let today = calendar::parse_date(&now.today).unwrap_or_else(|| calendar::day_of_instant(now.now_ms));
            let date = calendar::format_date(today + i64::from(*offset_days));
            match now.days.as_ref().and_then(|days| days.span(&date)) {
                Some((from_ms, to_ms)) => Literal::Day { date, from_ms, to_ms },
                None => Literal::Date(date),
            }
        }
        Literal::Now { offset_minutes } => {
            let ms = now.now_ms.saturating_add(offset_minutes.saturating_mul(MS_PER_MINUTE));
            Literal::Instant(calendar::nearest_supported_instant(ms))
        }
        Literal::Me => Literal::Integer(now.me?),
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests;
