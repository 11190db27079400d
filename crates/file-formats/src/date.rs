//! Days between spreadsheet serial numbers and calendar dates, in the proleptic Gregorian calendar and without zones.

use crate::cell::Cell;

/// What a number format shows of a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateStyle {
    /// Not a date at all.
    None,
    /// Day, month or year without a time of day.
    Date,
    /// A date together with a time of day.
    DateTime,
    /// Hours, minutes or seconds only, possibly above 24 hours.
    Time,
}

/// The last day that spreadsheets know, 9999-12-31, as a serial number of the 1900 system.
const LAST_SERIAL: f64 = 2_958_466.0;
const SECONDS_PER_DAY: i64 = 86_400;
/// 1899-12-30 in days since 1970-01-01.
const EPOCH_1900: i64 = -25_569;
/// 1904-01-01 in days since 1970-01-01.
const EPOCH_1904: i64 = -24_107;

/// The cell for a number under a date format. Numbers outside the calendar stay numbers: the value is then visible and
/// correctable, which a made-up date would not be.
pub(crate) fn serial_to_cell(serial: f64, style: DateStyle, is_1904: bool) -> Cell {
    if style == DateStyle::None || !(0.0..LAST_SERIAL).contains(&serial) {
        return Cell::Number(serial);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range check above bounds the product")]
    let total_seconds = (serial * 86_400.0).round() as i64;
    let days = total_seconds.div_euclid(SECONDS_PER_DAY);
    let seconds = total_seconds.rem_euclid(SECONDS_PER_DAY);
    match style {
        DateStyle::None => Cell::Number(serial),
        DateStyle::Time => Cell::Text(clock_text(total_seconds)),
        DateStyle::Date if days == 0 && !is_1904 => Cell::Number(serial),
        DateStyle::DateTime if days == 0 && !is_1904 => Cell::Text(clock_text(total_seconds)),
        DateStyle::Date => Cell::Date(date_text(calendar_day(days, is_1904))),
        DateStyle::DateTime => {
            Cell::DateTime(format!("{}T{}", date_text(calendar_day(days, is_1904)), clock_text(seconds)))
        }
    }
}

/// Serial 60 of the 1900 system is 29 February 1900, which never was: serials before it lie one day later than the epoch says.
fn calendar_day(serial_day: i64, is_1904: bool) -> i64 {
    if is_1904 {
        EPOCH_1904 + serial_day
    } else if serial_day < 60 {
        EPOCH_1900 + serial_day + 1
    } else {
        EPOCH_1900 + serial_day
    }
}

fn clock_text(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `YYYY-MM-DD` of a day counted from 1970-01-01.
fn date_text(day: i64) -> String {
    let (year, month, day) = civil_from_days(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of a day counted from 1970-01-01 (the well-known algorithm over 400-year eras from March).
fn civil_from_days(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_month)
}

/// Splits `YYYY-MM-DD` with valid ranges; `None` for anything else.
pub(crate) fn parse_date(text: &str) -> Option<(u16, u8, u8)> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let all_digits = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let (year, month, day): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    (all_digits && (1..=12).contains(&month) && day >= 1 && day <= days_in_month(year, month))
        .then_some((year, month, day))
}

fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Splits `HH:MM` or `HH:MM:SS` (a fraction of a second is dropped); `None` for anything else.
pub(crate) fn parse_clock(text: &str) -> Option<(u8, u8, u8)> {
    let whole = text.split('.').next()?;
    let mut parts = whole.split(':');
    let hour: u8 = parts.next()?.parse().ok()?;
    let minute: u8 = parts.next()?.parse().ok()?;
    let second: u8 = parts.next().map_or(Some(0), |part| part.parse().ok())?;
    (parts.next().is_none() && hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

/// The cell for an ISO 8601 date or date with time, as OOXML (`t="d"`) and ODF store them; anything else stays text.
pub(crate) fn iso_to_cell(text: &str) -> Cell {
    let text = text.trim();
    let (date, clock) = match text.split_once(['T', ' ']) {
        Some((date, clock)) => (date, Some(clock.trim_end_matches('Z'))),
        None => (text, None),
    };
    match (parse_date(date), clock) {
        (Some(_), None) => Cell::Date(date.to_owned()),
        (Some(_), Some(clock)) => match parse_clock(clock) {
            Some((hour, minute, second)) => Cell::DateTime(format!("{date}T{hour:02}:{minute:02}:{second:02}")),
            None => Cell::from_text(text.to_owned()),
        },
        (None, _) => Cell::from_text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_become_dates() {
        let check = |serial: f64, style, is_1904, expect: &str| {
            assert_eq!(serial_to_cell(serial, style, is_1904).to_text(), expect, "{serial}");
        };
        check(1.0, DateStyle::Date, false, "1900-01-01");
        check(59.0, DateStyle::Date, false, "1900-02-28");
        check(61.0, DateStyle::Date, false, "1900-03-01");
        check(36_526.0, DateStyle::Date, false, "2000-01-01");
        check(45_351.0, DateStyle::Date, false, "2024-02-29");
        check(35_064.0, DateStyle::Date, true, "2000-01-01");
        check(36_526.5, DateStyle::DateTime, false, "2000-01-01T12:00:00");
        // Half a second before midnight rounds into the next day, as a spreadsheet shows it.
        check(36_526.999_999, DateStyle::DateTime, false, "2000-01-02T00:00:00");
        check(0.75, DateStyle::DateTime, false, "18:00:00");
        check(1.5, DateStyle::Time, false, "36:00:00");
        check(2_958_465.0, DateStyle::Date, false, "9999-12-31");
        check(-3.0, DateStyle::Date, false, "-3");
        check(3e9, DateStyle::Date, false, "3000000000");
    }

    #[test]
    fn iso_text_is_checked() {
        assert_eq!(iso_to_cell("2024-02-29"), Cell::Date("2024-02-29".into()));
        assert_eq!(iso_to_cell("2023-02-29"), Cell::Text("2023-02-29".into()));
        assert_eq!(iso_to_cell("2024-05-06T07:08:09.5Z"), Cell::DateTime("2024-05-06T07:08:09".into()));
    }
}
