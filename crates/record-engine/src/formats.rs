//! How dates, times and numbers are written for people: what the installation says, and what one of them has chosen instead.
//!
//! What must stay true: only texts for people follow it. The API, the database and what spreadsheets read as dates and numbers have one form.

use serde::{Deserialize, Serialize};

/// The order and the signs of a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateFormat {
    /// As the language of the reader has it.
    #[default]
    #[serde(rename = "by_language")]
    ByLanguage,
    /// `22.11.2026`
    #[serde(rename = "dd.mm.yyyy")]
    DayDots,
    /// `22/11/2026`
    #[serde(rename = "dd/mm/yyyy")]
    DaySlashes,
    /// `11/22/2026`
    #[serde(rename = "mm/dd/yyyy")]
    MonthSlashes,
    /// `2026-11-22`
    #[serde(rename = "yyyy-mm-dd")]
    YearHyphens,
}

/// The clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// `16:05`
    #[default]
    #[serde(rename = "24h")]
    Hours24,
    /// `4:05 PM`
    #[serde(rename = "12h")]
    Hours12,
}

/// With which day a week begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekStart {
    /// As the language of the reader has it.
    #[default]
    ByLanguage,
    /// Monday.
    Monday,
    /// Sunday.
    Sunday,
    /// Saturday.
    Saturday,
}

/// The signs of a number: between thousands, and before its decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberFormat {
    /// As the language of the reader has it.
    #[default]
    ByLanguage,
    /// `1 234,56`
    SpaceComma,
    /// `1,234.56`
    CommaPoint,
    /// `1.234,56`
    PointComma,
}

/// The formats of an installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Formats {
    /// Of dates.
    pub date: DateFormat,
    /// Of times of a day.
    pub time: TimeFormat,
    /// The first day of a week.
    pub week_start: WeekStart,
    /// Of numbers.
    pub numbers: NumberFormat,
}

/// What somebody has chosen for himself; `None` follows the installation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnFormats {
    /// Of dates.
    pub date: Option<DateFormat>,
    /// Of times of a day.
    pub time: Option<TimeFormat>,
    /// The first day of a week.
    pub week_start: Option<WeekStart>,
    /// Of numbers.
    pub numbers: Option<NumberFormat>,
}

impl OwnFormats {
    /// The own choice, and where there is none that of the installation.
    pub fn over(self, installation: Formats) -> Formats {
        Formats {
            date: self.date.unwrap_or(installation.date),
            time: self.time.unwrap_or(installation.time),
            week_start: self.week_start.unwrap_or(installation.week_start),
            numbers: self.numbers.unwrap_or(installation.numbers),
        }
    }
}

impl Formats {
    /// The pattern of `strftime` for a day and a time of it, for a reader of a language.
    pub fn moment_pattern(self, language: &str) -> String {
        let date = match self.date {
            DateFormat::ByLanguage if language == "en" => "%d/%m/%Y",
            DateFormat::ByLanguage | DateFormat::DayDots => "%d.%m.%Y",
            DateFormat::DaySlashes => "%d/%m/%Y",
            DateFormat::MonthSlashes => "%m/%d/%Y",
            DateFormat::YearHyphens => "%Y-%m-%d",
        };
        let time = match self.time {
            TimeFormat::Hours24 => "%H:%M",
            TimeFormat::Hours12 => "%-I:%M %p",
        };
        format!("{date}, {time}")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn what_somebody_has_chosen_wins() {
        let own: OwnFormats = serde_json::from_value(json!({ "time": "12h", "week_start": null })).unwrap();
        let installation =
            Formats { date: DateFormat::YearHyphens, week_start: WeekStart::Sunday, ..Formats::default() };
        let expect = Formats { time: TimeFormat::Hours12, ..installation };
        assert_eq!(own.over(installation), expect);
        assert_eq!(OwnFormats::default().over(installation), installation);
    }

    #[test]
    fn every_choice_has_its_key() {
        let check = |field: &str, keys: &[&str]| {
            for key in keys {
                let formats: Formats = serde_json::from_value(json!({ field: key })).unwrap();
                assert_eq!(serde_json::to_value(formats).unwrap().get(field), Some(&Json::from(*key)), "{field}");
            }
            assert!(serde_json::from_value::<Formats>(json!({ field: "otherwise" })).is_err(), "{field}");
        };
        check("date", &["by_language", "dd.mm.yyyy", "dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd"]);
        check("time", &["24h", "12h"]);
        check("week_start", &["by_language", "monday", "sunday", "saturday"]);
        check("numbers", &["by_language", "space_comma", "comma_point", "point_comma"]);
        assert!(serde_json::from_value::<Formats>(json!({ "currency": "x" })).is_err());
    }

    #[test]
    fn moments_have_every_form() {
        let check = |date, time, language: &str, expect: &str| {
            let pattern = Formats { date, time, ..Formats::default() }.moment_pattern(language);
            assert_eq!(pattern, expect, "{date:?} {time:?} {language}");
        };
        use DateFormat::{ByLanguage, DayDots, DaySlashes, MonthSlashes, YearHyphens};
        for (date, language, day) in [
            (ByLanguage, "ru", "%d.%m.%Y"),
            (ByLanguage, "uk", "%d.%m.%Y"),
            (ByLanguage, "en", "%d/%m/%Y"),
            (DayDots, "en", "%d.%m.%Y"),
            (DaySlashes, "ru", "%d/%m/%Y"),
            (MonthSlashes, "ru", "%m/%d/%Y"),
            (YearHyphens, "ru", "%Y-%m-%d"),
        ] {
            check(date, TimeFormat::Hours24, language, &format!("{day}, %H:%M"));
            check(date, TimeFormat::Hours12, language, &format!("{day}, %-I:%M %p"));
        }
    }
}
