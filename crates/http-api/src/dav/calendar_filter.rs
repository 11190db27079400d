//! The filter of a calendar query (RFC 4791, 9.7), held against an entry.

use modules::device_calendar::{CalendarKind, DeviceCalendar, DeviceEntry, read_instant};

use super::text_match::{TextMatch, properties_of};
use super::xml::{CALENDAR, Element};

/// Most conditions of a filter.
const MAX_CONDITIONS: usize = 50;

/// A filter.
pub(super) struct CalendarFilter {
    /// Nothing for a filter that every entry fits.
    component: Option<ComponentFilter>,
}

/// What is asked of the entry itself.
struct ComponentFilter {
    name: String,
    is_absent: bool,
    span: Option<Span>,
    /// Whether there shall be an alarm or shall be none.
    has_alarm: Option<bool>,
    properties: Vec<PropertyFilter>,
}

#[derive(Clone, Copy)]
struct Span {
    from: Option<i64>,
    to: Option<i64>,
}

struct PropertyFilter {
    name: String,
    is_absent: bool,
    matches: Option<TextMatch>,
}

impl CalendarFilter {
    /// What finds every entry.
    pub fn all() -> CalendarFilter {
        CalendarFilter { component: None }
    }

    /// A filter element; `None` when it asks for what is not known here, which is refused rather than answered wrongly.
    pub fn of(filter: &Element) -> Option<CalendarFilter> {
        let [calendar] = filter.children.as_slice() else { return None };
        if !calendar.name.is(CALENDAR, "comp-filter") || calendar.attribute("name") != Some("VCALENDAR") {
            return None;
        }
        match calendar.children.as_slice() {
            [] => Some(CalendarFilter::all()),
            [component] if component.name.is(CALENDAR, "comp-filter") => {
                Some(CalendarFilter { component: Some(ComponentFilter::of(component)?) })
            }
            _ => None,
        }
    }

    /// Whether an entry fits.
    pub fn admits(&self, calendar: &DeviceCalendar<'_>, entry: &DeviceEntry) -> bool {
        let Some(filter) = &self.component else { return true };
        if filter.name != calendar.kind().component_name() {
            return filter.is_absent;
        }
        let meets = |span: Span| calendar.meets(entry, span.from, span.to);
        !filter.is_absent && filter.span.is_none_or(meets) && filter.admits_text(&entry.text, entry.has_alarm())
    }
}

impl ComponentFilter {
    fn of(element: &Element) -> Option<ComponentFilter> {
        let name = element.attribute("name")?.to_uppercase();
        let [events, tasks] = CalendarKind::ALL.map(CalendarKind::component_name);
        let known = [events, tasks, "VJOURNAL", "VFREEBUSY", "VTIMEZONE"];
        known.contains(&name.as_str()).then_some(())?;
        let mut filter =
            ComponentFilter { name, is_absent: false, span: None, has_alarm: None, properties: Vec::new() };
        for child in &element.children {
            match child.name.local.as_str() {
                "is-not-defined" => filter.is_absent = true,
                "time-range" => filter.span = Some(Span::of(child)?),
                "prop-filter" => filter.properties.push(PropertyFilter::of(child)?),
                // When an alarm rings is not asked for.
                "comp-filter" if child.attribute("name") == Some("VALARM") => {
                    let is_absent = child.child(CALENDAR, "is-not-defined").is_some();
                    (child.children.len() == usize::from(is_absent)).then_some(())?;
                    filter.has_alarm = Some(!is_absent);
                }
                _ => return None,
            }
        }
        (filter.properties.len() <= MAX_CONDITIONS).then_some(filter)
    }

    fn admits_text(&self, text: &str, has_alarm: bool) -> bool {
        if self.has_alarm.is_some_and(|wanted| wanted != has_alarm) {
            return false;
        }
        // The properties of the entry, not of its zone and its alarms.
        let whole = format!("BEGIN:{}\r\n", self.name);
        let own = text.split_once(&whole).map_or("", |(_, rest)| rest);
        let own = own.split_once("BEGIN:VALARM").map_or(own, |(own, _)| own);
        let lines = properties_of(own);
        self.properties.iter().all(|property| property.admits(&lines))
    }
}

impl Span {
    fn of(element: &Element) -> Option<Span> {
        let at = |name: &str| match element.attribute(name) {
            None => Some(None),
            Some(text) => read_instant(text).map(Some),
        };
        let (from, to) = (at("start")?, at("end")?);
        (from.is_some() || to.is_some()).then_some(Span { from, to })
    }
}

impl PropertyFilter {
    fn of(element: &Element) -> Option<PropertyFilter> {
        let mut filter =
            PropertyFilter { name: element.attribute("name")?.to_uppercase(), is_absent: false, matches: None };
        for child in &element.children {
            match child.name.local.as_str() {
                "is-not-defined" => filter.is_absent = true,
                "text-match" if filter.matches.is_none() => filter.matches = Some(TextMatch::of(child)?),
                _ => return None,
            }
        }
        Some(filter)
    }

    fn admits(&self, lines: &[(String, String)]) -> bool {
        let mut values = lines.iter().filter(|(name, _)| *name == self.name).map(|(_, value)| value).peekable();
        match (&self.matches, values.peek().is_some()) {
            (_, is_there) if self.is_absent => !is_there,
            (_, false) => false,
            (None, true) => true,
            (Some(wanted), true) => values.any(|value| wanted.admits(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::xml::read;
    use super::*;

    const TEXT: &str = "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:a-1\r\nSUMMARY:Рахунок\\, терм\r\n іново\r\nSTATUS:NEEDS-ACTION\r\n\
        BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";

    fn filter(inner: &str) -> Option<CalendarFilter> {
        let text = format!("<C:filter xmlns:C=\"urn:ietf:params:xml:ns:caldav\">{inner}</C:filter>");
        CalendarFilter::of(&read(text.as_bytes()).unwrap().unwrap())
    }

    fn of_task(inner: &str) -> Option<CalendarFilter> {
        filter(&format!(
            "<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VTODO\">{inner}</C:comp-filter></C:comp-filter>"
        ))
    }

    #[test]
    fn texts_are_matched() {
        let check = |inner: &str, expect: bool| {
            let found = of_task(inner).unwrap().component.unwrap();
            assert_eq!(found.admits_text(TEXT, true), expect, "{inner}");
        };
        let summary = |more: &str, text: &str| {
            format!("<C:prop-filter name=\"SUMMARY\"><C:text-match {more}>{text}</C:text-match></C:prop-filter>")
        };
        check("", true);
        check(&summary("", "РАХУНОК, терміново"), true);
        check(&summary("", "інше"), false);
        check(&summary("negate-condition=\"yes\"", "інше"), true);
        check("<C:prop-filter name=\"COMPLETED\"><C:is-not-defined/></C:prop-filter>", true);
        check("<C:prop-filter name=\"UID\"/>", true);
        check("<C:prop-filter name=\"TRIGGER\"/>", false);
        check("<C:comp-filter name=\"VALARM\"/>", true);
        check("<C:comp-filter name=\"VALARM\"><C:is-not-defined/></C:comp-filter>", false);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(filter("").is_none());
        assert!(filter("<C:comp-filter name=\"VEVENT\"/>").is_none());
        assert!(filter("<C:comp-filter name=\"VCALENDAR\"/>").is_some());
        assert!(of_task("<C:time-range start=\"20261201T000000Z\"/>").is_some());
        assert!(of_task("<C:time-range/>").is_none());
        assert!(of_task("<C:time-range start=\"2026-12-01\"/>").is_none());
        assert!(of_task("<C:prop-filter name=\"DUE\"><C:param-filter name=\"TZID\"/></C:prop-filter>").is_none());
        let of_alarm = "<C:comp-filter name=\"VALARM\"><C:time-range start=\"20261201T000000Z\"/></C:comp-filter>";
        assert!(of_task(of_alarm).is_none());
    }
}
