//! The rules of users, for every way in which a record changes: forms, the API, mass edits, undo.
//!
//! What must stay true: an active administrator is left; who loses his place or changes his role loses his sessions in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use database::{Backend, Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::{Catalog, USER_TYPE};
use record_engine::context::parse_instant;
use record_engine::notifications::{RIGHTS_CHANGED, file};
use record_engine::write::{Intent, Occasion, Operation, Proposal, Rules};
use record_engine::{EngineError, FieldError, RequestContext, Role, Values};
use serde_json::{Map, Value as Json, json};

use crate::api_keys::revoke_all_keys;
use crate::app_passwords::revoke_all;
use crate::employment::{self, ACTIVE_UNTIL, USER_KIND};
use crate::hours::plan::read_own_days;
use crate::object_type::{ADMITTED_UNTIL, OWN_DAYS};
use crate::roles::{built_in_role, opens_more, oversees, rights_by_id, role_ids};
use crate::schedules::normalise;
use crate::sessions::end_all_sessions;
use crate::working_hours::{LONGEST_ADMISSION_MS, follows_own_zone};

/// The fields of a user that say what he may do and how he comes in.
const RIGHTS: [&str; 9] =
    ["roles", "head", "is_active", "login", "email", "schedule", OWN_DAYS, USER_KIND, ACTIVE_UNTIL];
/// Those of them whose values are told; of the others it is told that they have changed.
const TOLD: [&str; 6] = ["roles", "head", "is_active", "schedule", USER_KIND, ACTIVE_UNTIL];
/// Those that decide when he may come in.
const HOURS: [&str; 5] = ["schedule", OWN_DAYS, ADMITTED_UNTIL, ACTIVE_UNTIL, "time_zone"];

/// See the module.
pub(crate) struct UserRules;

impl Rules for UserRules {
    fn apply(&self, _: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        checked(before, after)
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate() {
            if proposal.intent == Intent::Delete {
                refused.push((place, EngineError::State("users_are_deactivated")));
            }
        }
        refused.extend(given_too_much(tx, catalog, context, proposals)?);
        refused.extend(own_hours_moved(tx, context, proposals)?);
        refused.extend(too_long_admissions(context, proposals));
        refused.extend(limited_administrators(tx, proposals)?);
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
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        notify_of_rights(tx, context, operation, proposals)?;
        for proposal in proposals.iter().filter(|proposal| proposal.intent == Intent::Update) {
            let (Some(id), Some(before)) = (proposal.id, proposal.before) else { continue };
            let is_closed = is_active(&before.values) && !is_active(proposal.after);
            if is_closed {
                revoke_all(tx, context, id)?;
                revoke_all_keys(tx, context, id)?;
            }
            tell_of_rights(tx, context, id, &before.values, proposal.after);
            tell_of_admission(tx, context, id, &before.values, proposal.after);
            let (had, has) = (role_ids(&before.values), role_ids(proposal.after));
            let is_moved = had != has;
            // Programs go on when their owner may more; when he may less, they start anew with what he may now.
            if is_moved && !is_closed && !had.is_subset(&has) {
                revoke_all(tx, context, id)?;
                revoke_all_keys(tx, context, id)?;
            }
            if is_moved || is_closed {
                end_all_sessions(tx, context, id, None)?;
            }
        }
        Ok(())
    }

    fn announces(&self, proposals: &[Proposal<'_>]) -> bool {
        proposals.iter().any(|proposal| {
            let is_other =
                |field: &str| proposal.before.map(|before| before.value(field)) != Some(value(proposal.after, field));
            ["roles", "head", "is_active"].into_iter().chain(HOURS).any(is_other)
        })
    }
}

/// Checks the fields of a user that are judged by themselves, and puts them into order.
fn checked(before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
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
    if new(after, OWN_DAYS).is_some() {
        errors.extend(normalise(after, OWN_DAYS, read_own_days));
        if after.get(OWN_DAYS).is_some_and(|text| text == "[]") {
            after.insert(OWN_DAYS.into(), Json::Null);
        }
    }
    let is_touched = |field: &str| before.and_then(|before| before.get(field)) != after.get(field);
    if is_touched(USER_KIND) || is_touched(ACTIVE_UNTIL) {
        errors.extend(employment::check(after));
    }
    errors
}

fn value<'v>(values: &'v Values, field: &str) -> &'v Json {
    values.get(field).unwrap_or(&Json::Null)
}

/// Notifies those who got other roles, and those who became or were heads of somebody: they see what he sees.
fn notify_of_rights(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    proposals: &[Proposal<'_>],
) -> Result<(), EngineError> {
    let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for proposal in proposals.iter().filter(|proposal| proposal.intent == Intent::Update) {
        let (Some(id), Some(before)) = (proposal.id, proposal.before) else { continue };
        let mut touched = BTreeSet::new();
        if role_ids(&before.values) != role_ids(proposal.after) {
            touched.insert(id);
        }
        let heads = [before.value("head"), value(proposal.after, "head")];
        if heads[0] != heads[1] {
            touched.extend(heads.into_iter().filter_map(Json::as_i64));
        }
        touched.into_iter().for_each(|user| told.entry(user).or_default().push(id));
    }
    file(tx, context, operation, &RIGHTS_CHANGED, USER_TYPE, told)
}

/// Tells the audit log what has become of a user's rights.
fn tell_of_rights(tx: &mut Tx, context: &RequestContext, id: i64, before: &Values, after: &Values) {
    let of = |values: &Values, field: &str| values.get(field).cloned().unwrap_or_default();
    let changed: Vec<&str> = RIGHTS.into_iter().filter(|field| of(before, field) != of(after, field)).collect();
    if changed.is_empty() {
        return;
    }
    let told = TOLD.into_iter().filter(|field| changed.contains(field));
    let changes: Map<String, Json> =
        told.map(|field| (field.to_owned(), json!([of(before, field), of(after, field)]))).collect();
    let event = Event::new(Kind::UserChanged).on("user", id).with("fields", changed);
    record(tx, context, event.with("changes", changes));
}

/// Tells the audit log that somebody is let in outside of his working hours, or no more.
fn tell_of_admission(tx: &mut Tx, context: &RequestContext, id: i64, before: &Values, after: &Values) {
    let until = value(after, ADMITTED_UNTIL);
    if value(before, ADMITTED_UNTIL) != until {
        let event = Event::new(Kind::ScheduleExtended).on("user", id).with("until", until.clone());
        record(tx, context, event.with("reason", context.reason.clone()));
    }
}

/// The proposals that would let somebody in for too long.
fn too_long_admissions(context: &RequestContext, proposals: &[Proposal<'_>]) -> Vec<(usize, EngineError)> {
    let is_too_long = |proposal: &Proposal<'_>| {
        let until = value(proposal.after, ADMITTED_UNTIL);
        proposal.before.is_some_and(|before| before.value(ADMITTED_UNTIL) != until)
            && until.as_str().and_then(parse_instant).is_some_and(|until| until > context.now_ms + LONGEST_ADMISSION_MS)
    };
    let refuse = |place| (place, EngineError::field(FieldError::new(ADMITTED_UNTIL, "admission_time")));
    proposals.iter().enumerate().filter(|(_, proposal)| is_too_long(proposal)).map(|(place, _)| refuse(place)).collect()
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

fn is_administrator(values: &Values, role: i64) -> bool {
    is_active(values) && role_ids(values).contains(&role)
}

/// The proposals that would give an administrator a last day: the calendar must lock nobody out of an installation.
fn limited_administrators(
    tx: &mut dyn Query,
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>, EngineError> {
    let limited: Vec<(usize, &Proposal<'_>)> =
        proposals.iter().enumerate().filter(|(_, proposal)| !value(proposal.after, ACTIVE_UNTIL).is_null()).collect();
    if limited.is_empty() {
        return Ok(Vec::new());
    }
    let role = built_in_role(tx, Role::Administrator)?;
    let refuse = |place| (place, EngineError::field(FieldError::new(ACTIVE_UNTIL, "administrators_stay")));
    let of_administrators = limited.into_iter().filter(|(_, proposal)| role_ids(proposal.after).contains(&role));
    Ok(of_administrators.map(|(place, _)| refuse(place)).collect())
}

/// The proposals that would leave the installation without an administrator.
fn lost_administrators(
    tx: &mut dyn Query,
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>, EngineError> {
    let updates = || proposals.iter().enumerate().filter(|(_, proposal)| proposal.intent == Intent::Update);
    let is_touching = |proposal: &Proposal<'_>| {
        proposal.before.is_some_and(|before| {
            role_ids(&before.values) != role_ids(proposal.after)
                || is_active(&before.values) != is_active(proposal.after)
        })
    };
    if !updates().any(|(_, proposal)| is_touching(proposal)) {
        return Ok(Vec::new());
    }
    let role = built_in_role(tx, Role::Administrator)?;
    let losing: Vec<(usize, &Proposal<'_>)> = updates()
        .filter(|(_, proposal)| proposal.before.is_some_and(|before| is_administrator(&before.values, role)))
        .filter(|(_, proposal)| !is_administrator(proposal.after, role))
        .collect();
    if losing.is_empty() {
        return Ok(Vec::new());
    }
    let mut left = administrators(tx, role)?;
    for (_, proposal) in updates() {
        let id = proposal.id.unwrap_or_default();
        if is_administrator(proposal.after, role) {
            left.insert(id);
        } else {
            left.remove(&id);
        }
    }
    if !left.is_empty() {
        return Ok(Vec::new());
    }
    let refuse = |(place, proposal): (usize, &Proposal<'_>)| {
        let field = if is_active(proposal.after) { "roles" } else { "is_active" };
        (place, EngineError::field(FieldError::new(field, "last_administrator")))
    };
    Ok(losing.into_iter().map(refuse).collect())
}

/// The active administrators. PostgreSQL locks them: two who demote each other at once must not both succeed.
fn administrators(tx: &mut dyn Query, role: i64) -> Result<BTreeSet<i64>, EngineError> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT u.id FROM \"user\" u WHERE u.is_active = 1 AND u.deleted_at IS NULL \
         AND EXISTS (SELECT 1 FROM user_roles r WHERE r.record_id = u.id AND r.value = ?) ORDER BY u.id{lock}"
    );
    let rows = tx.query(&sql, &[role.into()])?;
    rows.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
}

/// The proposals by which somebody who keeps the users, but is no administrator, would give more than he has, to others or to himself.
fn given_too_much(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>, EngineError> {
    if context.is_administrator() {
        return Ok(Vec::new());
    }
    let mut refused = Vec::new();
    let oversees = oversees(catalog, context);
    for (place, proposal) in proposals.iter().enumerate() {
        if !oversees && moves_beyond(context, proposal) {
            refused.push((place, EngineError::field(FieldError::new("head", "more_than_own"))));
        }
        let had = proposal.before.map(|before| role_ids(&before.values)).unwrap_or_default();
        let has = role_ids(proposal.after);
        let is_own = proposal.id.is_some() && proposal.id == context.actor.user_id();
        // Neither what is given nor what is taken away may be beyond him, nor the person whose account he could take over.
        let touched: BTreeSet<i64> = if had == has { had } else { had.union(&has).copied().collect() };
        let is_beyond = rights_by_id(tx, &touched)?.iter().any(|(_, rights)| opens_more(catalog, context, rights));
        let is_raised =
            is_own && proposal.before.is_some_and(|before| role_ids(&before.values) != role_ids(proposal.after));
        if is_beyond && !is_own || is_raised {
            refused.push((place, EngineError::field(FieldError::new("roles", "more_than_own"))));
        }
    }
    Ok(refused)
}

/// The proposals by which somebody who is no administrator would open his own hours: by another schedule, other days, or a clock that shows otherwise.
fn own_hours_moved(
    tx: &mut dyn Query,
    context: &RequestContext,
    proposals: &[Proposal<'_>],
) -> Result<Vec<(usize, EngineError)>, EngineError> {
    let mut refused = Vec::new();
    for (place, proposal) in proposals.iter().enumerate() {
        let (Some(id), Some(before)) = (proposal.id, proposal.before) else { continue };
        if context.is_administrator() || context.actor.user_id() != Some(id) {
            continue;
        }
        let mut moved = HOURS.into_iter().filter(|field| before.value(field) != value(proposal.after, field));
        let Some(field) = moved.next() else { continue };
        // Who is not bound to hours in his own zone travels as he likes.
        if field != "time_zone" || follows_own_zone(tx, id)? {
            refused.push((place, EngineError::field(FieldError::new(field, "own_schedule"))));
        }
    }
    Ok(refused)
}

/// Whether somebody is put below another head, which opens his records to that one, and either is none of the actor's people.
fn moves_beyond(context: &RequestContext, proposal: &Proposal<'_>) -> bool {
    let head = |values: &Values| values.get("head").and_then(Json::as_i64);
    let (before, after) = (proposal.before.and_then(|before| head(&before.values)), head(proposal.after));
    let is_his = |id: i64| context.access.my_people().contains(&id);
    let is_other = |id: i64| Some(id) != context.actor.user_id();
    let is_own_person = proposal.id.is_none_or(|id| is_his(id) && is_other(id));
    before != after && !(is_own_person && after.is_none_or(is_his))
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
            let errors = checked(None, &mut after);
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
        assert_eq!(checked(Some(&before), &mut before.clone()), Vec::new());
    }
}
