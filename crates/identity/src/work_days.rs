//! When people work, for whoever looks at their time in the calendar.
//!
//! What must stay true: it tells no more than the records do. The plan of somebody is shown to whoever may see him and which schedule he has; his own days,
//! which may tell of leave and illness, to himself and to whoever may read them in his record.

use database::Query;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record_engine::access::Action;
use record_engine::catalog::{HOLIDAY_TYPE, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::query::visible_ids;
use record_engine::{EngineError, RequestContext};

use crate::error::Result;
use crate::hours::{Cause, days_after};
use crate::object_type::OWN_DAYS;
use crate::working_hours::{holidays, stored};

/// Longest span that is told, in days.
pub const MOST_DAYS: i64 = 100;

const DAY_MS: i64 = 86_400_000;

/// When somebody works on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkDay {
    /// The day in the zone of his hours.
    pub date: Date,
    /// Beginnings and ends, milliseconds UTC, without grace; empty for a day off.
    pub hours: Vec<(i64, i64)>,
    /// Why.
    pub cause: Cause,
    /// What the holiday or the own day is called.
    pub name: Option<String>,
}

/// The days of somebody who has a schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkDays {
    /// Whose.
    pub user_id: i64,
    /// IANA name of the zone of his hours.
    pub time_zone: String,
    /// The days that the span touches.
    pub days: Vec<WorkDay>,
}

/// When these people work between two moments (milliseconds UTC), as far as the reader may know it; nothing of those who have no schedule.
///
/// # Errors
/// Those of the database.
pub fn work_days(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    users: &[i64],
    (from_ms, to_ms): (i64, i64),
) -> Result<Vec<WorkDays>> {
    let object_type = snapshot.object_type(USER_TYPE)?;
    let permissions = context.permissions(&object_type);
    let me = context.actor.user_id();
    let seen = match visible_ids(tx, context, &object_type, users) {
        Ok(seen) if !permissions.hides("schedule") => seen,
        Ok(_) | Err(EngineError::Forbidden | EngineError::NotFound) => Default::default(),
        Err(error) => return Err(error.into()),
    };
    let mut found = Vec::new();
    for &user_id in users {
        let is_own = me == Some(user_id);
        if !is_own && !seen.contains(&user_id) {
            continue;
        }
        let Some(stored) = stored(tx, user_id)? else { continue };
        let (mut calendar, time_zone) = (stored.calendar, stored.zone);
        (calendar.before_minutes, calendar.after_minutes) = (0, 0);
        if !is_own && permissions.hides(OWN_DAYS) {
            calendar.own_days.clear();
        }
        let (first, last) = (calendar.date_of(from_ms), calendar.date_of(to_ms - 1));
        let days = (0..=MOST_DAYS + 1)
            .filter_map(|distance| days_after(first, distance))
            .take_while(|date| *date <= last)
            .map(|date| {
                let day = calendar.day(date);
                WorkDay { date, hours: calendar.spans_of(date), cause: day.cause, name: day.name }
            })
            .collect();
        found.push(WorkDays { user_id, time_zone, days });
    }
    Ok(found)
}

/// A person, and spans of milliseconds UTC.
pub type AwayHours = (i64, Vec<(i64, i64)>);

/// Hours of the plan in which these people do not work all the same, because their own days say so (milliseconds UTC), for whoever may see the people: that
/// somebody cannot be had, and not why.
///
/// # Errors
/// Those of the database.
pub fn away_hours(tx: &mut dyn Query, users: &[i64], (from_ms, to_ms): (i64, i64)) -> Result<Vec<AwayHours>> {
    let mut found = Vec::new();
    for &user_id in users {
        let Some(stored) = stored(tx, user_id)? else { continue };
        let mut own = stored.calendar;
        (own.before_minutes, own.after_minutes) = (0, 0);
        let mut plan = own.clone();
        plan.own_days.clear();
        let (first, last) = (own.date_of(from_ms), own.date_of(to_ms - 1));
        let days = (0..=MOST_DAYS + 1).filter_map(|distance| days_after(first, distance));
        let mut away = Vec::new();
        for date in days.take_while(|date| *date <= last) {
            let works = own.spans_of(date);
            for (from, to) in plan.spans_of(date) {
                let mut at = from;
                for (begins, ends) in works.iter().filter(|(begins, ends)| *begins < to && *ends > from) {
                    if *begins > at {
                        away.push((at, *begins));
                    }
                    at = at.max(*ends);
                }
                if at < to {
                    away.push((at, to));
                }
            }
        }
        found.push((user_id, away));
    }
    Ok(found)
}

/// The holidays of the company between two moments (milliseconds UTC), in every zone of the world; none for whoever may not see them.
///
/// # Errors
/// Those of the database.
pub fn named_holidays(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    (from_ms, to_ms): (i64, i64),
) -> Result<Vec<(Date, String)>> {
    let object_type = snapshot.object_type(HOLIDAY_TYPE)?;
    if !context.permissions(&object_type).may(Action::See) {
        return Ok(Vec::new());
    }
    let holidays = holidays(tx)?;
    let day_of =
        |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH).to_zoned(TimeZone::UTC).date();
    let (from, to) = (day_of(from_ms - DAY_MS), day_of(to_ms + DAY_MS));
    let days = (0..=MOST_DAYS + 3).filter_map(|distance| days_after(from, distance)).take_while(|date| *date <= to);
    Ok(days.filter_map(|date| Some((date, holidays.iter().find(|one| one.is_on(date))?.name.clone()))).collect())
}
