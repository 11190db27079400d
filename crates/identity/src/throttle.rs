//! Counting wrong guesses, in the database, so that neither a restart nor a second process gives an attacker new ones.
//!
//! A guess is counted before the password is looked at ([`reserve`]) and taken back when it was right ([`forgive`]), so guesses that arrive at
//! once do not slip through together. An account answers at most ten guesses in any hour; after five the next ones wait for 3, 6, 12, then 15
//! minutes each. Nobody is locked out for ever, and who has logged in from his network before is counted apart from strangers, so that they
//! cannot keep him out. One network may guess at many accounts, as an office does; it has a looser limit of its own.
//!
//! What is typed as a login may well be a password, so subjects are stored as hashes.

use std::net::IpAddr;

use database::{Backend, Query, Row, Tx};

use crate::error::{IdentityError, Result};
use crate::secret::hash;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The first wait; each further wrong guess doubles it.
const FIRST_WAIT_MS: i64 = 3 * MINUTE_MS;
/// The longest wait.
const LONGEST_WAIT_MS: i64 = 15 * MINUTE_MS;
/// Counters that were left alone for so long are removed.
const KEPT_MS: i64 = 24 * HOUR_MS;
/// Leading bits of an IPv6 address that one customer of a provider has.
const IPV6_NETWORK_BITS: u32 = 64;

/// What guesses are counted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    /// The stored name.
    key: String,
    limit: &'static Limit,
    /// Whether guesses at somebody else are counted here too, which a right one does not take back.
    is_shared: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Limit {
    /// So many guesses are answered at once.
    free: i64,
    /// When the counter starts again.
    memory: Memory,
}

#[derive(Debug, PartialEq, Eq)]
enum Memory {
    /// So long after the first guess it counted.
    SinceFirst(i64),
    /// So long after the last one.
    SinceLast(i64),
}

/// 5 at once, then after 3, 9, 21, 36 and 51 minutes: ten in the first hour, four in each later one.
const ACCOUNT: Limit = Limit { free: 5, memory: Memory::SinceLast(HOUR_MS) };
/// Letters with links to a new password: enough for who mistyped, too few to fill a mailbox.
const RESET: Limit = Limit { free: 3, memory: Memory::SinceLast(HOUR_MS) };
/// Questions that cost a row each and are no guesses: an office logs in at once.
const QUESTIONS: Limit = Limit { free: 600, memory: Memory::SinceFirst(15 * MINUTE_MS) };
const NETWORK: Limit = Limit { free: 60, memory: Memory::SinceFirst(15 * MINUTE_MS) };

impl Subject {
    fn new(key: String, limit: &'static Limit) -> Subject {
        Subject { key, limit, is_shared: false }
    }

    /// The same where others are counted too.
    pub(crate) fn shared(&self) -> Subject {
        Subject { is_shared: true, ..self.clone() }
    }

    /// A login, guessed from anywhere.
    pub(crate) fn login(login_key: &str) -> Subject {
        Subject::new(hash(&["login", login_key]), &ACCOUNT)
    }

    /// A login, guessed from a network where its owner has logged in before.
    pub(crate) fn login_from(login_key: &str, network: &str) -> Subject {
        Subject::new(hash(&["login", login_key, network]), &ACCOUNT)
    }

    /// Everybody on one network.
    pub(crate) fn network(network: &str) -> Subject {
        Subject::new(hash(&["network", network]), &NETWORK)
    }

    /// The passwords of programs of a login. They cannot be guessed; what is counted here keeps the noise down.
    pub(crate) fn app_password(login_key: &str) -> Subject {
        Subject::new(hash(&["app_password", login_key]), &ACCOUNT)
    }

    /// Every program on one network, apart from the people there.
    pub(crate) fn app_network(network: &str) -> Subject {
        Subject::new(hash(&["app_network", network]), &NETWORK)
    }

    /// Keys of programs, guessed from one network.
    pub(crate) fn key_network(network: &str) -> Subject {
        Subject::new(hash(&["key_network", network]), &NETWORK)
    }

    /// Links to a new password for a user.
    pub(crate) fn reset(user_id: i64) -> Subject {
        Subject::new(hash(&["reset", &user_id.to_string()]), &RESET)
    }

    /// Everybody on one network who asks for a new password.
    pub(crate) fn reset_network(network: &str) -> Subject {
        Subject::new(hash(&["reset_network", network]), &NETWORK)
    }

    /// Everybody on one network who begins a login with a passkey.
    pub(crate) fn passkey_network(network: &str) -> Subject {
        Subject::new(hash(&["passkey_network", network]), &QUESTIONS)
    }

    /// Everybody on one network who begins a login with an identity provider.
    pub(crate) fn provider_network(network: &str) -> Subject {
        Subject::new(hash(&["provider_network", network]), &QUESTIONS)
    }

    /// The second step of a login, guessed from anywhere.
    pub(crate) fn second_step(user_id: i64) -> Subject {
        Subject::new(hash(&["second_step", &user_id.to_string()]), &ACCOUNT)
    }

    /// The second step of a login, guessed from a network where its owner has logged in before.
    pub(crate) fn second_step_from(user_id: i64, network: &str) -> Subject {
        Subject::new(hash(&["second_step", &user_id.to_string(), network]), &ACCOUNT)
    }

    /// The current password of a user who is logged in.
    pub(crate) fn current_password(user_id: i64) -> Subject {
        Subject::new(hash(&["current_password", &user_id.to_string()]), &ACCOUNT)
    }
}

/// The network of an address: the address itself for IPv4, the first 64 bits for IPv6, where each device has plenty of addresses.
pub(crate) fn network_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let network = address.to_bits() >> IPV6_NETWORK_BITS << IPV6_NETWORK_BITS;
            format!("{}/{IPV6_NETWORK_BITS}", std::net::Ipv6Addr::from_bits(network))
        }
    }
}

/// A stored counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counter {
    failures: i64,
    first_at: i64,
    last_at: i64,
    blocked_until: Option<i64>,
}

impl Counter {
    fn read(row: &Row) -> Result<Counter> {
        Ok(Counter {
            failures: row.integer(0)?,
            first_at: row.integer(1)?,
            last_at: row.integer(2)?,
            blocked_until: row.optional_integer(3)?,
        })
    }

    /// Milliseconds until the next guess.
    fn wait_ms(&self, now_ms: i64) -> Option<i64> {
        self.blocked_until.map(|until| until - now_ms).filter(|wait| *wait > 0)
    }

    fn is_forgotten(&self, limit: &Limit, now_ms: i64) -> bool {
        let end = match limit.memory {
            Memory::SinceFirst(length) => self.first_at + length,
            Memory::SinceLast(length) => self.last_at + length,
        };
        now_ms >= end
    }

    /// The counter after one more guess.
    fn add(self, limit: &Limit, now_ms: i64) -> Counter {
        let is_new = self.failures == 0 || self.is_forgotten(limit, now_ms);
        let (failures, first_at) = if is_new { (1, now_ms) } else { (self.failures + 1, self.first_at) };
        Counter { failures, first_at, last_at: now_ms, blocked_until: block(limit, failures, now_ms) }
    }

    /// The counter without the guess that turned out to be right.
    fn subtract(self, limit: &Limit) -> Counter {
        let failures = (self.failures - 1).max(0);
        let blocked_until = self.blocked_until.filter(|_| failures >= limit.free);
        Counter { failures, blocked_until, ..self }
    }
}

/// Until when nothing is answered after so many guesses.
fn block(limit: &Limit, failures: i64, now_ms: i64) -> Option<i64> {
    let beyond = u32::try_from(failures - limit.free).ok()?;
    let wait = FIRST_WAIT_MS.saturating_mul(2i64.saturating_pow(beyond)).min(LONGEST_WAIT_MS);
    Some(now_ms + wait)
}

/// Refuses when one of the subjects is blocked; writes nothing.
///
/// # Errors
/// `Throttled`; those of the database.
pub(crate) fn check(tx: &mut dyn Query, subjects: &[Subject], now_ms: i64) -> Result<()> {
    let mut longest = None;
    for subject in subjects {
        let wait = find(tx, subject, "")?.and_then(|counter| counter.wait_ms(now_ms));
        longest = longest.max(wait);
    }
    refuse(longest)
}

/// Counts a guess for each of the subjects before it is known whether it is right.
///
/// # Errors
/// `Throttled` when one of them is blocked; then nothing is counted. Those of the database.
pub(crate) fn reserve(tx: &mut Tx, subjects: &[Subject], now_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM login_attempts WHERE last_at < ?", &[(now_ms - KEPT_MS).into()])?;
    let mut counters = Vec::with_capacity(subjects.len());
    for subject in subjects {
        tx.execute(
            "INSERT INTO login_attempts (subject, failures, first_at, last_at) VALUES (?, 0, ?, ?) ON CONFLICT (subject) DO NOTHING",
            &[subject.key.as_str().into(), now_ms.into(), now_ms.into()],
        )?;
        counters.push((subject, find_locked(tx, subject)?.unwrap_or_default()));
    }
    refuse(counters.iter().filter_map(|(_, counter)| counter.wait_ms(now_ms)).max())?;
    for (subject, counter) in counters {
        store(tx, subject, counter.add(subject.limit, now_ms))?;
    }
    Ok(())
}

/// Takes back the guess that was right: an account starts anew, a network and a login of two people keep what others did wrong.
///
/// # Errors
/// Those of the database.
pub(crate) fn forgive(tx: &mut Tx, subjects: &[Subject]) -> Result<()> {
    for subject in subjects {
        if *subject.limit == ACCOUNT && !subject.is_shared {
            tx.execute("DELETE FROM login_attempts WHERE subject = ?", &[subject.key.as_str().into()])?;
        } else if let Some(counter) = find_locked(tx, subject)? {
            store(tx, subject, counter.subtract(subject.limit))?;
        }
    }
    Ok(())
}

fn refuse(wait_ms: Option<i64>) -> Result<()> {
    match wait_ms {
        Some(wait) => Err(IdentityError::Throttled { retry_after_s: (wait + 999) / 1_000 }),
        None => Ok(()),
    }
}

fn find(tx: &mut dyn Query, subject: &Subject, lock: &str) -> Result<Option<Counter>> {
    let sql = format!("SELECT failures, first_at, last_at, blocked_until FROM login_attempts WHERE subject = ?{lock}");
    tx.query_optional(&sql, &[subject.key.as_str().into()])?.map(|row| Counter::read(&row)).transpose()
}

/// Guesses that arrive at once on PostgreSQL must wait for each other; SQLite has one writer anyway.
fn find_locked(tx: &mut Tx, subject: &Subject) -> Result<Option<Counter>> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    find(tx, subject, lock)
}

fn store(tx: &mut Tx, subject: &Subject, counter: Counter) -> Result<()> {
    tx.execute(
        "UPDATE login_attempts SET failures = ?, first_at = ?, last_at = ?, blocked_until = ? WHERE subject = ?",
        &[
            counter.failures.into(),
            counter.first_at.into(),
            counter.last_at.into(),
            counter.blocked_until.into(),
            subject.key.as_str().into(),
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// When an attacker who never rests gets an answer within the first `minutes`.
    fn answered(limit: &Limit, minutes: i64) -> Vec<i64> {
        let mut counter = Counter::default();
        let mut at = Vec::new();
        for minute in 0..minutes {
            let now = minute * MINUTE_MS;
            while counter.wait_ms(now).is_none() && at.len() < 1_000 {
                counter = counter.add(limit, now);
                at.push(minute);
            }
        }
        at
    }

    #[test]
    fn an_account_answers_ten_guesses_in_an_hour() {
        assert_eq!(answered(&ACCOUNT, 60), [0, 0, 0, 0, 0, 3, 9, 21, 36, 51]);
        assert_eq!(answered(&ACCOUNT, 24 * 60).len(), 10 + 23 * 4);
    }

    #[test]
    fn a_counter_is_forgotten() {
        let full = (0..5).fold(Counter::default(), |counter, _| counter.add(&ACCOUNT, 0));
        assert_eq!(full.wait_ms(0), Some(FIRST_WAIT_MS));
        assert_eq!(full.add(&ACCOUNT, HOUR_MS - 1).failures, 6);
        assert_eq!(full.add(&ACCOUNT, HOUR_MS).failures, 1);
        assert_eq!(answered(&NETWORK, 15).len(), 62);
    }

    #[test]
    fn a_right_guess_is_taken_back() {
        let full = (0..60).fold(Counter::default(), |counter, _| counter.add(&NETWORK, 0));
        assert!(full.wait_ms(0).is_some());
        let less = full.subtract(&NETWORK);
        assert_eq!((less.failures, less.wait_ms(0)), (59, None));
    }

    #[test]
    fn networks() {
        let check = |address: &str, network: &str| assert_eq!(network_of(address.parse().unwrap()), network);
        check("192.0.2.7", "192.0.2.7");
        check("::ffff:192.0.2.7", "192.0.2.7");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64");
    }
}
