//! Days and instants of the proleptic Gregorian calendar in UTC, years 0000 to 9999.
//!
//! Only the two spellings that filters use are read: `YYYY-MM-DD` and RFC 3339. No time zones, no
//! leap seconds. The day arithmetic counts years from March, so that the leap day is the last.

use std::ops::Range;

const MS_PER_SECOND: i64 = 1_000;
const MS_PER_DAY: i64 = 86_400 * MS_PER_SECOND;
/// Days from 1970-01-01 to 0000-01-01.
const FIRST_DAY: i64 = -719_528;
/// Days from 1970-01-01 to 9999-12-31.
const LAST_DAY: i64 = 2_932_896;
/// Days in four centuries, after which the calendar repeats.
const DAYS_PER_ERA: i64 = 146_097;

/// The UTC day `date` (`YYYY-MM-DD`) as milliseconds since 1970: from its first millisecond up to,
/// and without, the first of the next day. `None` if there is no such day.
pub fn utc_day(date: &str) -> Option<Range<i64>> {
    let start = parse_date(date)? * MS_PER_DAY;
    Some(start..start + MS_PER_DAY)
}

/// Days since 1970-01-01, if `text` is an existing day written `YYYY-MM-DD`.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else {
        return None;
    };
    let year = number(&[*y1, *y2, *y3, *y4])?;
    let month = number(&[*m1, *m2])?;
    let day = number(&[*d1, *d2])?;
    let exists = (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
    exists.then(|| days_from_civil(year, month, day))
}

/// `YYYY-MM-DD` of a day counted from 1970-01-01; days beyond the supported years become the
/// nearest supported one.
pub(crate) fn format_date(days: i64) -> String {
    let (year, month, day) = civil_from_days(days.clamp(FIRST_DAY, LAST_DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The day, counted from 1970-01-01, that contains an instant in milliseconds.
pub(crate) fn day_of_instant(ms: i64) -> i64 {
    ms.div_euclid(MS_PER_DAY)
}

/// Whether an instant in milliseconds lies within the supported years.
pub(crate) fn is_supported_instant(ms: i64) -> bool {
    (FIRST_DAY..=LAST_DAY).contains(&day_of_instant(ms))
}

/// The instant itself, or the first or last one of the supported years.
pub(crate) fn nearest_supported_instant(ms: i64) -> i64 {
    ms.clamp(FIRST_DAY * MS_PER_DAY, (LAST_DAY + 1) * MS_PER_DAY - 1)
}

/// Milliseconds since 1970 of an RFC 3339 date-time; digits beyond the millisecond are dropped.
/// `None` if the text is anything else or leaves the supported years.
pub(crate) fn parse_instant(text: &str) -> Option<i64> {
    let days = parse_date(text.get(..10)?)?;
    let time = text.get(10..)?.strip_prefix(['T', 't'])?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = time.as_bytes().get(..8)? else {
        return None;
    };
    let (hour, minute, second) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (fraction_ms, zone) = match time.get(8..)?.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let (digits, zone) = rest.split_at_checked(end)?;
            if digits.is_empty() {
                return None;
            }
            let mut thousandths = digits.bytes().chain(*b"00");
            let mut three = [b'0'; 3];
            three.fill_with(|| thousandths.next().unwrap_or(b'0'));
            (number(&three)?, zone)
        }
        None => (0, time.get(8..)?),
    };
    let seconds = (hour * 60 + minute - zone_minutes(zone)?) * 60 + second;
    let ms = days * MS_PER_DAY + seconds * MS_PER_SECOND + fraction_ms;
    is_supported_instant(ms).then_some(ms)
}

/// RFC 3339 in UTC of an instant in milliseconds; the fraction is written only if there is one.
/// Instants beyond the supported years become the nearest supported one.
pub(crate) fn format_instant(ms: i64) -> String {
    let ms = nearest_supported_instant(ms);
    let of_day = ms.rem_euclid(MS_PER_DAY);
    let (seconds, fraction) = (of_day / MS_PER_SECOND, of_day % MS_PER_SECOND);
    let date = format_date(day_of_instant(ms));
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if fraction == 0 {
        format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
    } else {
        format!("{date}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
    }
}

/// Minutes east of UTC, from `Z` or `±hh:mm`.
fn zone_minutes(zone: &str) -> Option<i64> {
    match zone.as_bytes() {
        b"Z" | b"z" => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            let east = hours * 60 + minutes;
            Some(if *sign == b'-' { -east } else { east })
        }
        _ => None,
    }
}

/// The value of a few decimal digits.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * DAYS_PER_ERA + day_of_era + FIRST_DAY + 60
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let since_march = days - FIRST_DAY - 60;
    let era = since_march.div_euclid(DAYS_PER_ERA);
    let day_of_era = since_march.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supported_days_survive_formatting() {
        // The step is coprime to the lengths of all cycles, so every day of the year comes up.
        for day in (FIRST_DAY..=LAST_DAY).step_by(17) {
            assert_eq!(parse_date(&format_date(day)), Some(day));
        }
        assert_eq!(format_date(FIRST_DAY), "0000-01-01");
        assert_eq!(format_date(0), "1970-01-01");
        assert_eq!(format_date(LAST_DAY), "9999-12-31");
        assert_eq!(format_date(i64::MAX), "9999-12-31");
    }

    #[test]
    fn only_existing_days_are_read() {
        for (text, expect) in [
            ("2024-02-29", true),
            ("2026-02-29", false),
            ("1900-02-29", false),
            ("2000-02-29", true),
            ("2026-04-31", false),
            ("2026-00-01", false),
            ("2026-13-01", false),
            ("2026-1-01", false),
            ("2026-01-01 ", false),
            ("20260101", false),
            ("２026-01-1", false),
            ("", false),
        ] {
            assert_eq!(parse_date(text).is_some(), expect, "{text}");
        }
    }

    #[test]
    fn instants_are_read_in_any_zone_and_written_in_utc() {
        for (text, expect) in [
            ("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00Z")),
            ("2026-11-22T10:00:00+02:00", Some("2026-11-22T08:00:00Z")),
            ("2026-11-22T23:30:00-05:30", Some("2026-11-23T05:00:00Z")),
            ("2026-11-22t10:00:00.5z", Some("2026-11-22T10:00:00.500Z")),
            ("1969-12-31T23:59:59.9999999Z", Some("1969-12-31T23:59:59.999Z")),
            ("0000-01-01T00:00:00+00:01", None),
            ("9999-12-31T23:59:59-00:01", None),
            ("2026-11-22T24:00:00Z", None),
            ("2026-11-22T10:00:60Z", None),
            ("2026-11-22T10:00:00", None),
            ("2026-11-22T10:00:00.Z", None),
            ("2026-11-22T10:00:00.5", None),
            ("2026-11-22 10:00:00Z", None),
            ("2026-11-22T10:00Z", None),
            ("2026-11-22T10:00:00+2:00", None),
            ("2026-11-22", None),
        ] {
            let read = parse_instant(text).map(format_instant);
            assert_eq!(read.as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn a_utc_day_is_half_open() {
        assert_eq!(utc_day("1970-01-02"), Some(86_400_000..172_800_000));
        assert_eq!(utc_day("1970-02-30"), None);
    }
}
