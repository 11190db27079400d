//! Which fields of a type say when its records are and whose time they take: data of the fields, so that nobody else knows their names.

use serde_json::{Value as Json, json};

use super::ObjectType;
use crate::access::Permissions;

/// What a field says about the place of a record in a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CalendarPart {
    /// A date-time: when it begins.
    Begins,
    /// A date-time: when it ends, or when it is due.
    Ends,
    /// A checkbox: it takes whole days.
    WholeDays,
    /// A user or several: whose time it takes.
    People,
    /// A choice that colours it.
    Kind,
    /// A text: where it is.
    Place,
    /// A choice: how long before somebody is reminded.
    Reminder,
}

/// The fields of a type that stand in the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFields {
    /// When a record begins.
    pub begins: Option<&'static str>,
    /// When it ends or is due. At least one of the two is there.
    pub ends: Option<&'static str>,
    /// Whether it takes whole days.
    pub whole_days: Option<&'static str>,
    /// Whose time it takes; never empty.
    pub people: Vec<&'static str>,
    /// What colours it.
    pub kind: Option<&'static str>,
    /// Where it is.
    pub place: Option<&'static str>,
    /// How long before somebody is reminded.
    pub reminder: Option<&'static str>,
}

impl CalendarFields {
    pub(super) fn describe(&self) -> Json {
        json!({
            "begins": self.begins,
            "ends": self.ends,
            "whole_days": self.whole_days,
            "people": self.people,
            "kind": self.kind,
            "place": self.place,
            "reminder": self.reminder,
        })
    }

    /// All fields that a calendar draws by; the reminder is only chosen there.
    pub fn names(&self) -> Vec<&'static str> {
        let single = [self.begins, self.ends, self.whole_days, self.kind, self.place];
        single.into_iter().flatten().chain(self.people.iter().copied()).collect()
    }
}

impl ObjectType {
    /// The fields by which its records stand in the calendar, as far as the reader may know them; `None` for types that are not in it, and for readers
    /// who may not know when its records are or whose they are.
    pub fn calendar_of(&self, permissions: &Permissions) -> Option<CalendarFields> {
        let mut shown =
            self.definition.fields.iter().filter(|field| !permissions.hides(field.name)).collect::<Vec<_>>();
        shown.retain(|field| field.in_calendar.is_some());
        let first = |part| shown.iter().find(|field| field.in_calendar == Some(part)).map(|field| field.name);
        let of_people = shown.iter().filter(|field| field.in_calendar == Some(CalendarPart::People));
        let fields = CalendarFields {
            begins: first(CalendarPart::Begins),
            ends: first(CalendarPart::Ends),
            whole_days: first(CalendarPart::WholeDays),
            people: of_people.map(|field| field.name).collect(),
            kind: first(CalendarPart::Kind),
            place: first(CalendarPart::Place),
            reminder: first(CalendarPart::Reminder),
        };
        let is_placed = (fields.begins.is_some() || fields.ends.is_some()) && !fields.people.is_empty();
        is_placed.then_some(fields)
    }
}
