//! Calendars (RFC 5545): written for programs that only read, and written and read one entry at a time for those that keep one in step.
//!
//! What must stay true: what is written here and read here again is unchanged; nothing panics, whatever comes; a time that cannot be told for sure is an
//! error and never a guess, and what comes again in a way that was not understood is refused by whoever asks for [`CalendarEntry::rule`].
//!
//! Reading is our own: see `docs/decisions/0044-calendars-of-phones.md`. Folding, escaping and the taking apart of a line are those of cards.

mod read;
mod write;
mod zones;

use jiff::civil::{Date, DateTime};

pub use read::{MAX_CALENDAR_BYTES, read_calendar};
pub use write::{write_calendar, write_calendar_object};

/// A time of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A moment, milliseconds UTC.
    Instant(i64),
    /// A whole day.
    Day(Date),
    /// What the clock on the wall shows, wherever it hangs.
    Wall(DateTime),
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Component {
    /// `VEVENT`: something that happens.
    #[default]
    Event,
    /// `VTODO`: something to do.
    Task,
}

impl Component {
    /// Its name in a calendar.
    pub fn name(self) -> &'static str {
        match self {
            Component::Event => "VEVENT",
            Component::Task => "VTODO",
        }
    }
}

/// A length of time with its sign: days of the calendar, and seconds beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Days, whatever the clock does in them.
    pub days: i64,
    /// Seconds.
    pub seconds: i64,
}

/// When an alarm rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// So long after the beginning.
    FromStart(Span),
    /// So long after the end, or after a task is due.
    FromEnd(Span),
    /// At a moment, milliseconds UTC.
    At(i64),
}

/// An entry of a calendar. Absent texts are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarEntry {
    /// What it is.
    pub component: Component,
    /// The same for the same entry for ever.
    pub uid: String,
    /// When it was made or changed last, milliseconds UTC; not read.
    pub stamp_ms: i64,
    /// How often it was changed, for who cares; not read.
    pub sequence: Option<i64>,
    /// When it begins.
    pub begins: Option<When>,
    /// When it ends, of days the day behind the last; of a task when it is due, of days that day.
    pub ends: Option<When>,
    /// Its title.
    pub summary: String,
    /// Where it is.
    pub location: String,
    /// Words about it.
    pub description: String,
    /// Where its card is; not read.
    pub url: String,
    /// What kinds it is of.
    pub categories: Vec<String>,
    /// `CONFIRMED`, `NEEDS-ACTION` and the like, in capitals.
    pub status: String,
    /// When a task was done, milliseconds UTC.
    pub completed_ms: Option<i64>,
    /// How it comes again, as written (`FREQ=…`).
    pub rule: String,
    /// Its alarms.
    pub alarms: Vec<Alarm>,
    /// It takes no time: who looks for a free hour passes it by. Not read.
    pub is_transparent: bool,
}

/// Why a calendar cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// It is no calendar, or a value in it is none of its kind.
    #[error("no calendar: {0}")]
    Damaged(&'static str),
    /// It is larger than a calendar is.
    #[error("the calendar is too large")]
    TooLarge,
    /// It is a calendar, but not one of one entry.
    #[error("not one entry: {0}")]
    NotOneEntry(&'static str),
    /// Its entry is of a kind that is not known here.
    #[error("no event and no task")]
    OtherComponent,
    /// It comes again with exceptions, which no rule says.
    #[error("exceptions of a series: {0}")]
    Exceptions(&'static str),
    /// A time stands in a zone that nothing tells of.
    #[error("the time zone {0} is not known")]
    UnknownZone(String),
}
