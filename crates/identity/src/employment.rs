//! Who a user is to the company, and until when: an employee, somebody for a time, a partner, a client.
//!
//! What must stay true: after the last day nothing of him opens any more, neither his sessions nor his keys nor his programs; the day ends by the
//! clock of the installation's country, because a user chooses his own zone. Administrators have no last day, so that nobody is locked out of an
//! installation by the calendar.

use database::Query;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use record_engine::field_types::ChoiceSettings;
use record_engine::{EngineError, FieldError, Values, settings};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::object_type::time_zone_of;

/// The field that says who he is to the company.
pub(crate) const USER_KIND: &str = "user_kind";
/// The field with his last day.
pub(crate) const ACTIVE_UNTIL: &str = "active_until";
/// What most are.
pub(crate) const EMPLOYEE: &str = "employee";
/// Somebody who has a last day from the first one on.
const TEMPORARY: &str = "temporary";

/// The choices of the field.
pub(crate) fn kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        (EMPLOYEE, ["Employee", "Сотрудник", "Співробітник"], None),
        (TEMPORARY, ["Temporary worker", "Временный работник", "Тимчасовий працівник"], Some("amber")),
        ("partner", ["Partner", "Партнёр", "Партнер"], Some("blue")),
        ("client", ["Client", "Клиент", "Клієнт"], Some("green")),
    ])
}

/// Who a user to be is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Employment {
    /// `employee`, `temporary`, `partner` or `client`; an employee without it.
    #[serde(default)]
    pub user_kind: Option<String>,
    /// His last day, `YYYY-MM-DD`; a temporary worker must have one.
    #[serde(default)]
    pub active_until: Option<String>,
}

impl Employment {
    /// The same as values of his record.
    pub(crate) fn values(&self) -> Values {
        let until = self.active_until.as_ref().map_or(Json::Null, |day| json!(day));
        Values::from([
            (USER_KIND.to_owned(), json!(self.user_kind.as_deref().unwrap_or(EMPLOYEE))),
            (ACTIVE_UNTIL.to_owned(), until),
        ])
    }
}

/// What is wrong with who a user is said to be.
pub(crate) fn check(values: &Values) -> Option<FieldError> {
    let text = |field: &str| values.get(field).and_then(Json::as_str);
    let is_missing = text(USER_KIND) == Some(TEMPORARY) && text(ACTIVE_UNTIL).is_none();
    is_missing.then(|| FieldError::new(ACTIVE_UNTIL, "required"))
}

/// When the last day of a user ends, milliseconds UTC; `None` for who has none.
///
/// # Errors
/// Those of the database.
pub(crate) fn end_of(tx: &mut dyn Query, user_id: i64) -> Result<Option<i64>, EngineError> {
    const SQL: &str = "SELECT active_until FROM \"user\" WHERE id = ? AND active_until IS NOT NULL";
    let Some(row) = tx.query_optional(SQL, &[user_id.into()])? else { return Ok(None) };
    let zone = time_zone_of(&settings::read_installation(tx)?.country);
    Ok(end_of_day(row.text_str(0)?, zone))
}

/// When a day ends in a time zone; `None` for what is no day, which the field does not take.
fn end_of_day(day: &str, zone: &str) -> Option<i64> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let next = day.parse::<Date>().ok()?.tomorrow().ok()?;
    Some(next.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_last_day_is_a_whole_day() {
        let check = |day: &str, zone: &str, expect: Option<&str>| {
            let expect = expect.and_then(|text| text.parse::<jiff::Timestamp>().ok()).map(|at| at.as_millisecond());
            assert_eq!(end_of_day(day, zone), expect, "{day} {zone}");
        };
        check("2026-11-22", "UTC", Some("2026-11-23T00:00:00Z"));
        check("2026-11-22", "Europe/Kyiv", Some("2026-11-22T22:00:00Z"));
        check("2026-12-31", "Asia/Almaty", Some("2026-12-31T19:00:00Z"));
        // The clocks are turned in that night.
        check("2026-03-28", "Europe/Kyiv", Some("2026-03-28T22:00:00Z"));
        check("2026-03-29", "Europe/Kyiv", Some("2026-03-29T21:00:00Z"));
        check("never", "UTC", None);
    }

    #[test]
    fn who_is_there_for_a_time_has_a_last_day() {
        let wrong = |kind: Option<&str>, until: Option<&str>| {
            let employment = Employment { user_kind: kind.map(Into::into), active_until: until.map(Into::into) };
            check(&employment.values()).map(|error| error.pointer)
        };
        assert_eq!(wrong(Some("temporary"), None).as_deref(), Some("/active_until"));
        assert_eq!(wrong(Some("temporary"), Some("2026-12-31")), None);
        assert_eq!(wrong(Some("partner"), None), None);
        assert_eq!(wrong(None, Some("2026-12-31")), None);
        assert_eq!(Employment::default().values().get(USER_KIND), Some(&json!("employee")));
    }
}
