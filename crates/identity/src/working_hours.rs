//! Who may work now: the one question that logins, sessions, keys and passwords of programs ask, and the exception that is made by hand.
//!
//! Nothing of it is kept in memory: the tables are asked each time, so that a change counts at once in every process. Who has no schedule costs one
//! read; who has one, and everybody else, is never told of it before he has shown who he is.

use database::{DatabaseError, Query, Tx};
use jiff::tz::TimeZone;
use record_engine::access::Feature;
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::USER_TYPE;
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Role, Values};
use serde_json::json;

use crate::audit::{stranger, tell};
use crate::employment;
use crate::error::{IdentityError, Result};
use crate::hours::plan::{Holiday, read_own_days, read_plan, read_spans};
use crate::hours::{Calendar, DayPlan, Hours};
use crate::object_type::ADMITTED_UNTIL;
use crate::sessions::{Client, announce_end};
use crate::throttle::{self, Subject};
use crate::users::refuse_all_but_keepers;

/// Days that are told ahead.
const TOLD_DAYS: i64 = 14;
/// The longest that somebody is let in for.
pub(crate) const LONGEST_ADMISSION_MS: i64 = 31 * 24 * 3_600 * 1_000;
/// Longest reason, in characters.
const REASON_LENGTH: usize = 500;
/// The end of a last day is told when it is nearer than this.
const NEAR_MS: i64 = 24 * 3_600 * 1_000;

/// When somebody may work.
#[derive(Clone, Debug)]
pub struct WorkingHours {
    /// Id and name of his schedule; without one he always may.
    pub schedule: Option<(i64, String)>,
    /// He administers, so no schedule holds him.
    pub is_exempt: bool,
    /// IANA name of the zone in which the hours are meant.
    pub time_zone: String,
    /// Minutes of grace before and after.
    pub grace_minutes: (i64, i64),
    /// Whether he may work now; `None` when nothing limits him.
    pub hours: Option<Hours>,
    /// The next days.
    pub days: Vec<DayPlan>,
    /// His own days as they are stored, JSON.
    pub own_days: Option<String>,
    /// Until when somebody let him in, milliseconds UTC; in the past, or `None`, for nobody did.
    pub admitted_until: Option<i64>,
}

/// An exception from the schedule.
#[derive(Clone, Debug)]
pub struct Admission {
    /// Until when, milliseconds UTC: ahead, and at most 31 days.
    pub until_ms: i64,
    /// Why, for the history and the audit log.
    pub reason: String,
}

pub(crate) struct Stored {
    schedule: (i64, String),
    pub zone: String,
    own_days: Option<String>,
    pub calendar: Calendar,
}

/// The schedule of a user with all that belongs to it; `None` when he has none.
pub(crate) fn stored(tx: &mut dyn Query, user_id: i64) -> Result<Option<Stored>> {
    const SQL: &str = "SELECT s.id, s.name, s.hours, s.time_zone, s.observes_holidays, s.minutes_before, s.minutes_after, \
        u.time_zone, u.own_days, u.admitted_until \
        FROM \"user\" u JOIN schedule s ON s.id = u.schedule AND s.deleted_at IS NULL WHERE u.id = ?";
    let Some(row) = tx.query_optional(SQL, &[user_id.into()])? else { return Ok(None) };
    let zone = match row.optional_text(3)? {
        Some(zone) => zone,
        None => row.text(7)?,
    };
    let minutes = |value: Option<f64>| {
        #[expect(clippy::cast_possible_truncation, reason = "the field takes whole numbers up to some hundreds")]
        let whole = value.unwrap_or_default() as i64;
        whole
    };
    let observes_holidays = row.optional_integer(4)? == Some(1);
    let own_days = row.optional_text(8)?;
    let calendar = Calendar {
        // A zone that the program does not know any more is better wrong than locking everybody out.
        zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        plan: read_plan(row.optional_text(2)?.as_deref().unwrap_or_default()).ok(),
        holidays: if observes_holidays { holidays(tx)? } else { Vec::new() },
        own_days: own_days.as_deref().and_then(|text| read_own_days(text).ok()).unwrap_or_default(),
        before_minutes: minutes(row.optional_real(5)?),
        after_minutes: minutes(row.optional_real(6)?),
        admitted_until: row.optional_integer(9)?,
    };
    Ok(Some(Stored { schedule: (row.integer(0)?, row.text(1)?), zone, own_days, calendar }))
}

pub(crate) fn holidays(tx: &mut dyn Query) -> Result<Vec<Holiday>> {
    const SQL: &str = "SELECT date, is_yearly, name, hours FROM holiday WHERE deleted_at IS NULL ORDER BY id";
    let mut holidays = Vec::new();
    for row in tx.query(SQL, &[])? {
        let Ok(date) = row.text_str(0)?.parse() else { continue };
        let hours = row.optional_text(3)?.and_then(|text| read_spans("hours", &text).ok()).unwrap_or_default();
        holidays.push(Holiday { date, is_yearly: row.optional_integer(1)? == Some(1), name: row.text(2)?, hours });
    }
    holidays.sort_by(Holiday::by_weight);
    Ok(holidays)
}

fn is_administrator(tx: &mut dyn Query, user_id: i64) -> Result<bool> {
    const SQL: &str = "SELECT 1 FROM user_roles u JOIN role r ON r.id = u.value WHERE u.record_id = ? AND r.key = ?";
    Ok(tx.query_optional(SQL, &[user_id.into(), Role::Administrator.key().into()])?.is_some())
}

/// Lets somebody in within his hours; answers until when, milliseconds UTC, where an end is near.
///
/// # Errors
/// `OutsideHours`, `AccountOver`; those of the database.
pub(crate) fn require_open(tx: &mut dyn Query, user_id: i64, now_ms: i64) -> Result<Option<i64>> {
    let last = match employment::end_of(tx, user_id)? {
        Some(end) if now_ms >= end => return Err(IdentityError::AccountOver { user_id }),
        last => last.filter(|end| end - now_ms <= NEAR_MS),
    };
    let Some(stored) = stored(tx, user_id)? else { return Ok(last) };
    match stored.calendar.at(now_ms) {
        Hours::Open { until } if until.is_none() || !is_administrator(tx, user_id)? => {
            Ok(until.into_iter().chain(last).min())
        }
        Hours::Closed { opens_at } if !is_administrator(tx, user_id)? => {
            Err(IdentityError::OutsideHours { user_id, opens_at })
        }
        _ => Ok(last),
    }
}

/// Why somebody who showed who he is does not come in, for the audit log, and who he is; `None` for all other errors.
pub(crate) fn closed_reason(error: &IdentityError) -> Option<(i64, &'static str)> {
    match error {
        IdentityError::OutsideHours { user_id, .. } => Some((*user_id, "outside_work_schedule")),
        IdentityError::AccountOver { user_id } => Some((*user_id, "account_over")),
        _ => None,
    }
}

/// Tells the audit log of a login that was right and came outside of working hours; it was no guess, and is not counted as one.
pub(crate) fn note_closed<T>(engine: &Engine, client: &Client, subjects: &[Subject], login: Result<T>) -> Result<T> {
    if let Some((user_id, reason)) = login.as_ref().err().and_then(closed_reason) {
        engine.database().write(|tx| throttle::forgive(tx, subjects))?;
        let event = Event::new(Kind::Login).denied().on(USER_TYPE, user_id).with("reason", reason);
        tell(engine, &stranger(client, engine.clock().now_ms()), &event)?;
    }
    login
}

/// Ends a session whose user may not work any more, for that reason.
pub(crate) fn end_session(engine: &Engine, session_id: i64, (user_id, reason): (i64, &str)) -> Result<()> {
    let context = RequestContext::system(engine.clock());
    let ended = engine.write(|tx| {
        if tx.execute("DELETE FROM sessions WHERE id = ?", &[session_id.into()])? == 1 {
            announce_end(tx, &context, user_id)?;
            let event = Event::new(Kind::SessionEnded).on(USER_TYPE, user_id).with("session_id", session_id);
            record(tx, &context, event.with("reason", reason));
        }
        Ok::<(), IdentityError>(())
    });
    match ended {
        // It opens nothing while its user may not work; whoever asks next ends it.
        Err(IdentityError::Engine(EngineError::Database(DatabaseError::Busy(_)))) => Ok(()),
        other => other,
    }
}

/// Whether a user's hours are meant in the zone that he has chosen for himself, so that choosing another one would move them.
pub(crate) fn follows_own_zone(tx: &mut dyn Query, user_id: i64) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT 1 FROM \"user\" u JOIN schedule s ON s.id = u.schedule AND s.deleted_at IS NULL \
        WHERE u.id = ? AND (s.time_zone IS NULL OR s.time_zone = '')";
    Ok(tx.query_optional(SQL, &[user_id.into()])?.is_some())
}

/// The working hours of a user. For whoever keeps the users, and for himself.
///
/// # Errors
/// `Forbidden`, `NotFound`; those of the database.
pub fn working_hours_of(tx: &mut dyn Query, context: &RequestContext, user_id: i64) -> Result<WorkingHours> {
    if context.actor.user_id() != Some(user_id) && !context.may(Feature::Users) {
        return Err(EngineError::Forbidden.into());
    }
    read(tx, user_id, context.now_ms)
}

fn read(tx: &mut dyn Query, user_id: i64, now_ms: i64) -> Result<WorkingHours> {
    let sql = "SELECT time_zone, own_days, admitted_until FROM \"user\" WHERE id = ? AND deleted_at IS NULL";
    let row = tx.query_optional(sql, &[user_id.into()])?.ok_or(EngineError::NotFound)?;
    let is_exempt = is_administrator(tx, user_id)?;
    let Some(stored) = stored(tx, user_id)? else {
        return Ok(WorkingHours {
            schedule: None,
            is_exempt,
            time_zone: row.text(0)?,
            grace_minutes: (0, 0),
            hours: None,
            days: Vec::new(),
            own_days: row.optional_text(1)?,
            admitted_until: row.optional_integer(2)?,
        });
    };
    let calendar = stored.calendar;
    Ok(WorkingHours {
        schedule: Some(stored.schedule),
        is_exempt,
        time_zone: stored.zone,
        grace_minutes: (calendar.before_minutes, calendar.after_minutes),
        hours: (!is_exempt).then(|| calendar.at(now_ms)),
        days: calendar.days(now_ms, TOLD_DAYS),
        own_days: stored.own_days,
        admitted_until: calendar.admitted_until,
    })
}

/// Lets a user in outside of his schedule, until a time. For whoever keeps the users, but not for himself; answers the operation of the history.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` at `/until` and `/reason`; those of the database.
pub fn admit_user(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    user_id: i64,
    admission: &Admission,
) -> Result<Option<i64>> {
    refuse_all_but_keepers(context)?;
    let reason = admission.reason.trim();
    let mut errors = Vec::new();
    if !(context.now_ms + 1..=context.now_ms + LONGEST_ADMISSION_MS).contains(&admission.until_ms) {
        errors.push(FieldError::new("until", "admission_time"));
    }
    match reason.chars().count() {
        0 => errors.push(FieldError::new("reason", "required")),
        length if length > REASON_LENGTH => {
            errors.push(FieldError::new("reason", "too_long").with("max", REASON_LENGTH));
        }
        _ => {}
    }
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    set_admission(tx, snapshot, context, user_id, Some(admission.until_ms), Some(reason))
}

/// Takes the exception back.
///
/// # Errors
/// As [`admit_user`].
pub fn end_admission(tx: &mut Tx, snapshot: &Snapshot, context: &RequestContext, user_id: i64) -> Result<Option<i64>> {
    refuse_all_but_keepers(context)?;
    set_admission(tx, snapshot, context, user_id, None, None)
}

fn set_admission(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    user_id: i64,
    until_ms: Option<i64>,
    reason: Option<&str>,
) -> Result<Option<i64>> {
    let object_type = snapshot.object_type(USER_TYPE)?;
    let values = Values::from([(ADMITTED_UNTIL.to_owned(), json!(until_ms.map(instant_text)))]);
    let context = RequestContext { reason: reason.map(str::to_owned), ..context.clone() };
    let change = Change::Update { id: user_id, base_version: None, values };
    // The rules of users say who may, and tell the audit log.
    let (_, operation_id) = apply_one(tx, snapshot.writer(), &context, &object_type, change)?;
    Ok(operation_id)
}
