//! Who asks, why and when: the first argument of everything that reads or writes records.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::access::{Access, Feature, Permissions};
use crate::catalog::ObjectType;

/// A built-in role: what the modules declare rights for. What stored roles say builds on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees and changes everything, shapes the catalog, manages users.
    Administrator,
    /// Sees everything and may export.
    Supervisor,
    /// Sees his own and shared records.
    Employee,
}

impl Role {
    /// The stored key of the role.
    pub fn key(self) -> &'static str {
        match self {
            Role::Administrator => "administrator",
            Role::Supervisor => "supervisor",
            Role::Employee => "employee",
        }
    }

    /// The role of a stored key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<Role> {
        [Role::Administrator, Role::Supervisor, Role::Employee].into_iter().find(|role| role.key() == key)
    }
}

/// The one who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person with a session.
    User {
        /// Record id of the user.
        id: i64,
    },
    /// The program itself: migrations, command line, background work.
    System,
}

impl Actor {
    /// The id of the acting user; `None` for the program itself.
    pub fn user_id(self) -> Option<i64> {
        match self {
            Actor::User { id, .. } => Some(id),
            Actor::System => None,
        }
    }
}

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person in the web client.
    Web,
    /// A program through the API.
    Api,
    /// The command line.
    CommandLine,
    /// A phone or mail program that keeps an address book or a calendar in step.
    AddressBook,
    /// An import file.
    Import,
    /// The program itself.
    System,
}

impl Source {
    /// The stored key of the source.
    pub fn key(self) -> &'static str {
        match self {
            Source::Web => "web",
            Source::Api => "api",
            Source::CommandLine => "command_line",
            Source::AddressBook => "address_book",
            Source::Import => "import",
            Source::System => "system",
        }
    }
}

/// The door through which somebody came in, for the audit log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The address of the other end, as seen behind trusted proxies.
    pub address: Option<IpAddr>,
    /// What proved who he is.
    pub proof: Option<Proof>,
    /// The administrator who looks with the eyes of the actor.
    pub seen_by: Option<i64>,
}

/// What proves to the program who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The session of this id.
    Session(i64),
    /// The password of a program of this id.
    AppPassword(i64),
    /// The API key of this id.
    ApiKey(i64),
}

impl Proof {
    /// The stored key of the kind, and the id.
    pub fn key_and_id(self) -> (&'static str, i64) {
        match self {
            Proof::Session(id) => ("session", id),
            Proof::AppPassword(id) => ("app_password", id),
            Proof::ApiKey(id) => ("api_key", id),
        }
    }
}

/// The only source of the current time; tests hold a fixed one.
#[derive(Clone, Debug)]
pub struct Clock(ClockKind);

#[derive(Clone, Debug)]
enum ClockKind {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Clock {
        Clock(ClockKind::System)
    }

    /// A clock that stands at `now_ms` until [`Clock::advance`] moves it.
    pub fn fixed(now_ms: i64) -> Clock {
        Clock(ClockKind::Fixed(Arc::new(AtomicI64::new(now_ms))))
    }

    /// Milliseconds since the epoch, UTC.
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            ClockKind::System => {
                let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
            }
            ClockKind::Fixed(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Moves a fixed clock forward; does nothing to the machine's clock.
    pub fn advance(&self, by_ms: i64) {
        if let ClockKind::Fixed(now) = &self.0 {
            now.fetch_add(by_ms, Ordering::SeqCst);
        }
    }
}

/// One request, command or job step: who, from where, why, at what time.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// Who acts.
    pub actor: Actor,
    /// What he may do.
    pub access: Arc<Access>,
    /// From where.
    pub source: Source,
    /// The moment the work started, milliseconds UTC; the same for all it writes.
    pub now_ms: i64,
    /// Why, in the user's words, when he gave a reason.
    pub reason: Option<String>,
    /// Interface language of the actor, for titles made by the program.
    pub language: String,
    /// Where the actor is: his days begin there. UTC for the program itself.
    pub zone: TimeZone,
    /// Through which door the actor came; empty for what the program does by itself.
    pub origin: Origin,
}

impl RequestContext {
    /// A context of the program itself.
    pub fn system(clock: &Clock) -> RequestContext {
        RequestContext {
            actor: Actor::System,
            access: Arc::new(Access::program()),
            source: Source::System,
            now_ms: clock.now_ms(),
            reason: None,
            language: "en".into(),
            zone: TimeZone::UTC,
            origin: Origin::default(),
        }
    }

    /// A context of a user with one built-in role, as the modules declare it.
    pub fn user(id: i64, role: Role, source: Source, clock: &Clock) -> RequestContext {
        RequestContext::of(id, Arc::new(Access::standard(id, role)), source, clock)
    }

    /// A context of a user.
    pub fn of(id: i64, access: Arc<Access>, source: Source, clock: &Clock) -> RequestContext {
        RequestContext {
            actor: Actor::User { id },
            access,
            source,
            now_ms: clock.now_ms(),
            reason: None,
            language: "en".into(),
            zone: TimeZone::UTC,
            origin: Origin::default(),
        }
    }

    /// The same, through a door.
    #[must_use]
    pub fn through(self, origin: Origin) -> RequestContext {
        RequestContext { origin, ..self }
    }

    /// The same for somebody in a time zone of this IANA name; one that is not known is UTC.
    #[must_use]
    pub fn in_zone(self, name: &str) -> RequestContext {
        RequestContext { zone: TimeZone::get(name).unwrap_or(TimeZone::UTC), ..self }
    }

    /// The day that the actor has now, written `YYYY-MM-DD`.
    pub fn today(&self) -> Date {
        let now = jiff::Timestamp::from_millisecond(self.now_ms).unwrap_or_default();
        now.to_zoned(self.zone.clone()).date()
    }

    /// Whether the actor administers the installation.
    pub fn is_administrator(&self) -> bool {
        self.access.is_administrator()
    }

    /// Whether a part of the program is open to the actor.
    pub fn may(&self, feature: Feature) -> bool {
        self.access.may(feature)
    }

    /// What the actor may do with records of a type.
    pub fn permissions(&self, object_type: &ObjectType) -> Arc<Permissions> {
        self.access.permissions(object_type)
    }

    /// The clock that the filter language resolves `today`, `me` and their like with.
    pub fn filter_clock(&self) -> filter_language::Clock {
        filter_language::Clock {
            now_ms: self.now_ms,
            today: self.today().to_string(),
            days: (self.zone != TimeZone::UTC)
                .then(|| Arc::new(DaysOf(self.zone.clone())) as Arc<dyn filter_language::Days>),
            me: self.actor.user_id(),
            my_people: self.access.my_people().clone(),
            my_teams: self.access.my_teams().clone(),
        }
    }
}

/// The days of a time zone: some are an hour longer or shorter, and one may begin at one o'clock.
#[derive(Debug)]
struct DaysOf(TimeZone);

impl filter_language::Days for DaysOf {
    fn span(&self, date: &str) -> Option<(i64, i64)> {
        let date: Date = date.parse().ok()?;
        let begins = |day: Date| Some(day.to_zoned(self.0.clone()).ok()?.timestamp().as_millisecond());
        Some((begins(date)?, begins(date.tomorrow().ok()?)?))
    }
}

/// The UTC day of an instant, `YYYY-MM-DD`.
pub fn date_of(now_ms: i64) -> String {
    instant_text(now_ms).chars().take(10).collect()
}

/// An instant as RFC 3339 UTC with milliseconds.
pub fn instant_text(ms: i64) -> String {
    match jiff::Timestamp::from_millisecond(ms) {
        Ok(at) => format!("{at:.3}"),
        Err(_) => String::new(),
    }
}

/// Parses an RFC 3339 instant to milliseconds UTC; `None` when it is not one.
pub fn parse_instant(text: &str) -> Option<i64> {
    text.parse::<jiff::Timestamp>().ok().map(|at| at.as_millisecond())
}
