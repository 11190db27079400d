//! The rules of users, for every way in which a record changes: forms, the API, mass edits, undo.
//!
//! What must stay true: an active administrator is left; who loses his place or changes his role loses his sessions in the same transaction.

use std::collections::BTreeSet;

use database::{Backend, Query, Tx};
use record_engine::write::{Intent, Proposal, Rules};
use record_engine::{EngineError, FieldError, RequestContext, Role, Values};
use serde_json::Value as Json;

use crate::app_passwords::revoke_all;
use crate::sessions::end_all_sessions;

/// See the module.
pub(crate) struct UserRules;

impl Rules for UserRules {
    fn apply(&self, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let new = |after: &Values, field: &str| {
            let value = after.get(field).filter(|value| before.and_then(|before| before.get(field)) != Some(*value));
            value.and_then(Json::as_str).map(str::to_owned)
        };
        if let Some(email) = new(after, "email") {
            let email = email.to_lowercase();
            if !is_email(&email) {
                errors.push(FieldError::new("email", "not_an_email"));
            }
            after.insert("email".into(), Json::String(email));
        }
        if let Some(zone) = new(after, "time_zone")
            && jiff::tz::TimeZone::get(&zone).is_err()
        {
            errors.push(FieldError::new("time_zone", "unknown_time_zone").with("value", zone));
        }
        errors
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate() {
            if proposal.intent == Intent::Delete {
                refused.push((place, EngineError::State("users_are_deactivated")));
            }
        }
        refused.extend(lost_administrators(tx, proposals)?);
        for (place, proposal) in proposals.iter().enumerate() {
            if becomes_active(proposal) && is_invited(tx, proposal.id)? {
                refused.push((place, EngineError::field(FieldError::new("is_active", "user_is_invited"))));
            }
        }
        Ok(refused)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        for proposal in proposals.iter().filter(|proposal| proposal.intent == Intent::Update) {
            let (Some(id), Some(before)) = (proposal.id, proposal.before) else { continue };
            let is_closed = is_active(&before.values) && !is_active(proposal.after);
            if is_closed {
                revoke_all(tx, id)?;
            }
            let is_moved = before.value("role") != proposal.after.get("role").unwrap_or(&Json::Null);
            if is_moved || is_closed {
                end_all_sessions(tx, context, id, None)?;
            }
        }
        Ok(())
    }
}

fn is_active(values: &Values) -> bool {
    values.get("is_active") == Some(&Json::Bool(true))
}

fn becomes_active(proposal: &Proposal<'_>) -> bool {
    is_active(proposal.after) && proposal.before.is_some_and(|before| !is_active(&before.values))
}

/// Whether somebody has an invitation that he has not accepted: only his link makes him active.
fn is_invited(tx: &mut dyn Query, id: Option<i64>) -> Result<bool, EngineError> {
    const SQL: &str =
        "SELECT token_hash FROM user_links WHERE user_id = ? AND purpose = 'invitation' AND used_at IS NULL";
    Ok(tx.query_optional(SQL, &[id.into()])?.is_some())
}

fn is_administrator(values: &Values) -> bool {
    is_active(values) && values.get("role").and_then(Json::as_str) == Some(Role::Administrator.key())
}

/// The proposals that would leave the installation without an administrator.
fn lost_administrators(
    tx: &mut dyn Query,
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>, EngineError> {
    let updates = || proposals.iter().enumerate().filter(|(_, proposal)| proposal.intent == Intent::Update);
    let losing: Vec<(usize, &Proposal<'_>)> = updates()
        .filter(|(_, proposal)| proposal.before.is_some_and(|before| is_administrator(&before.values)))
        .filter(|(_, proposal)| !is_administrator(proposal.after))
        .collect();
    if losing.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = administrators(tx)?;
    for (_, proposal) in updates() {
        let id = proposal.id.unwrap_or_default();
        if is_administrator(proposal.after) {
            left.insert(id);
        } else {
            left.remove(&id);
        }
    }
    if !left.is_empty() {
        return Ok(Vec::new());
    }
    let refuse = |(place, proposal): (usize, &Proposal<'_>)| {
        let field = if is_active(proposal.after) { "role" } else { "is_active" };
        (place, EngineError::field(FieldError::new(field, "last_administrator")))
    };
    Ok(losing.into_iter().map(refuse).collect())
}

/// The active administrators. PostgreSQL locks them: two who demote each other at once must not both succeed.
fn administrators(tx: &mut dyn Query) -> Result<BTreeSet<i64>, EngineError> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql =
        format!("SELECT id FROM \"user\" WHERE role = ? AND is_active = 1 AND deleted_at IS NULL ORDER BY id{lock}");
    let rows = tx.query(&sql, &[Role::Administrator.key().into()])?;
    rows.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
}

/// One `@` with something on both sides and no blanks; the rest only the mail server knows.
fn is_email(text: &str) -> bool {
    match text.split_once('@') {
        Some((name, host)) => {
            !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emails_and_time_zones() {
        let check = |field: &str, value: &str, code: Option<&str>| {
            let mut after = Values::from([(field.to_owned(), Json::from(value))]);
            let errors = UserRules.apply(None, &mut after);
            assert_eq!(errors.first().map(|error| error.code.as_str()), code, "{field} = {value}");
        };
        check("email", "Ira@Example.com", None);
        check("email", "ира@пример.рф", None);
        check("email", "ira", Some("not_an_email"));
        check("email", "@example.com", Some("not_an_email"));
        check("email", "ira@ok@example.com", Some("not_an_email"));
        check("time_zone", "Europe/Kyiv", None);
        check("time_zone", "Asia/Almaty", None);
        check("time_zone", "UTC", None);
        check("time_zone", "Europe/Atlantis", Some("unknown_time_zone"));
    }

    #[test]
    fn an_unchanged_value_is_not_asked_about() {
        let before = Values::from([("time_zone".to_owned(), Json::from("Europe/Gone"))]);
        assert_eq!(UserRules.apply(Some(&before), &mut before.clone()), Vec::new());
    }
}
