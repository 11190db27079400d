//! One conversation with a directory: a bind, a search, the bind of a person, good-bye (RFC 4511).
//!
//! What must stay true: no password goes over a wire that others read, unless an administrator has said so in as many words; an empty password is
//! never sent, because directories take that for nobody in particular and say yes; referrals are not followed; one answer is one person.

use std::io::{self, Write};
use std::time::Duration;

use egress::{EgressError, Line, Trust};

use super::ber::{
    ENUMERATED, INTEGER, MAX_MESSAGE, OCTETS, Parts, SEQUENCE, SET, element, flag, group, number, octets, read_message,
};
use super::filter::Filter;
use super::{Directory, Security};
use crate::providers::ProviderFault;
use crate::secret::Secret;

/// Most messages that answer one question: the person, references that are left alone, the end.
const MAX_MESSAGES: usize = 50;
/// Most bytes of a conversation that are read.
const MAX_READ: usize = 4 * MAX_MESSAGE;
/// What a directory says of the time it may take, in seconds.
const TIME_LIMIT_S: u32 = 5;
/// Longest value of an attribute that is taken, in bytes.
const MAX_VALUE: usize = 400;

const BIND: u8 = 0x60;
const BIND_ANSWER: u8 = 0x61;
const UNBIND: u8 = 0x42;
const SEARCH: u8 = 0x63;
const ENTRY: u8 = 0x64;
const SEARCH_END: u8 = 0x65;
const REFERENCE: u8 = 0x73;
const EXTENDED: u8 = 0x77;
const EXTENDED_ANSWER: u8 = 0x78;
const START_TLS: &[u8] = b"1.3.6.1.4.1.1466.20037";

const SUCCESS: u32 = 0;
const SIZE_LIMIT: u32 = 4;
const REFERRAL: u32 = 10;
const NO_SUCH_OBJECT: u32 = 32;
/// The code of a fault: what came is not what was asked for.
pub(super) const UNREADABLE: &str = "bad_answer";
/// What says that somebody is not let in: wrong credentials, an account that is locked or has to be put in order first, no such name.
const REFUSALS: [u32; 6] = [19, NO_SUCH_OBJECT, 34, 48, 49, 53];

/// See the module.
pub(super) struct Conversation {
    line: Line,
    next_id: u32,
    read: usize,
}

/// A person as a directory has him.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Person {
    pub dn: String,
    /// The bytes of the attribute that never changes.
    pub unique_id: Vec<u8>,
    pub login: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The directory says so in a way that is known here.
    pub is_disabled: bool,
}

/// What a search has given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Nobody,
    One(Person),
    /// More than one, of whom none is taken.
    Several,
}

type Result<T> = std::result::Result<T, ProviderFault>;

impl Conversation {
    /// Connects, without a word of who one is.
    pub(super) fn open(directory: &Directory, allows_local: bool, timeout: Duration) -> Result<Conversation> {
        let line = Line::open(&directory.host, directory.port, allows_local, timeout)?;
        Ok(Conversation { line, next_id: 1, read: 0 })
    }

    /// Puts the conversation under TLS, as the directory wants it begun.
    pub(super) fn secure(mut self, directory: &Directory) -> Result<Conversation> {
        if directory.security == Security::None {
            return Ok(self);
        }
        if directory.security == Security::StartTls {
            let id = self.say(EXTENDED, &[element(0x80, START_TLS)])?;
            let (code, text) = outcome(&self.answer_to(id, EXTENDED_ANSWER)?)?;
            if code != SUCCESS {
                return Err(fault_of("tls_refused", code, &text));
            }
        }
        let trust = match directory.authority.as_str() {
            "" => Trust::System,
            pem => Trust::Authorities(pem),
        };
        // What came in clear text before is not believed: the line begins anew.
        let line = self.line.secure(&directory.host, trust)?;
        Ok(Conversation { line, next_id: self.next_id, read: 0 })
    }

    /// Shows who asks.
    pub(super) fn bind_asker(&mut self, directory: &Directory, password: Option<&str>) -> Result<()> {
        if directory.bind_dn.is_empty() {
            return Ok(());
        }
        let Some(password) = password.filter(|password| !password.is_empty()) else {
            return Err(ProviderFault::new("bind_refused", "no password"));
        };
        match self.bind(directory, &directory.bind_dn, password)? {
            (SUCCESS, _) => Ok(()),
            (code, text) => Err(fault_of("bind_refused", code, &text)),
        }
    }

    /// Whether this is the password of a person.
    pub(super) fn is_password(&mut self, directory: &Directory, dn: &str, password: &Secret) -> Result<bool> {
        if dn.is_empty() || password.expose().is_empty() {
            return Ok(false);
        }
        match self.bind(directory, dn, password.expose())? {
            (SUCCESS, _) => Ok(true),
            (code, _) if REFUSALS.contains(&code) => Ok(false),
            (REFERRAL, _) => Err(ProviderFault::new("referral", "")),
            (code, text) => Err(fault_of("bind_refused", code, &text)),
        }
    }

    fn bind(&mut self, directory: &Directory, dn: &str, password: &str) -> Result<(u32, String)> {
        if !self.line.is_secured() && !directory.may_speak_clearly() {
            return Err(ProviderFault::new("clear_text", ""));
        }
        let id = self.say(BIND, &[number(INTEGER, 3), octets(dn.as_bytes()), element(0x80, password.as_bytes())])?;
        let answer = self.answer_to(id, BIND_ANSWER)?;
        outcome(&answer)
    }

    /// The person whom a filter finds.
    pub(super) fn find(&mut self, directory: &Directory, filter: &Filter) -> Result<Found> {
        match self.search(directory, filter)? {
            (SUCCESS, people, _) => Ok(match <[Person; 1]>::try_from(people) {
                Ok([person]) => Found::One(person),
                Err(people) if people.is_empty() => Found::Nobody,
                Err(_) => Found::Several,
            }),
            (SIZE_LIMIT, ..) => Ok(Found::Several),
            (code, _, text) => Err(refused_search(code, &text)),
        }
    }

    /// Whether a filter finds anybody: a directory that shows nobody at all says nothing of a single one.
    pub(super) fn shows_anybody(&mut self, directory: &Directory, filter: &Filter) -> Result<bool> {
        match self.search(directory, filter)? {
            (SUCCESS | SIZE_LIMIT, people, _) => Ok(!people.is_empty()),
            (code, _, text) => Err(refused_search(code, &text)),
        }
    }

    fn search(&mut self, directory: &Directory, filter: &Filter) -> Result<(u32, Vec<Person>, String)> {
        let names = directory.attributes().map(|name| octets(name.as_bytes()));
        let id = self.say(
            SEARCH,
            &[
                octets(directory.base_dn.as_bytes()),
                // The whole tree below; aliases are not followed; two at most; the values too.
                number(ENUMERATED, 2),
                number(ENUMERATED, 0),
                number(INTEGER, 2),
                number(INTEGER, TIME_LIMIT_S),
                flag(false),
                filter.encode(),
                group(SEQUENCE, &names.collect::<Vec<_>>()),
            ],
        )?;
        let mut people = Vec::new();
        for _ in 0..MAX_MESSAGES {
            let (tag, content) = self.answer(id)?;
            match tag {
                ENTRY => people.push(read_person(directory, &content).map_err(|_| malformed())?),
                REFERENCE => {}
                SEARCH_END => {
                    let (code, text) = outcome(&content)?;
                    return Ok((code, people, text));
                }
                _ => return Err(malformed()),
            }
            // It was asked for two.
            if people.len() > 2 {
                return Err(malformed());
            }
        }
        Err(malformed())
    }

    /// Ends it in the polite way; nobody minds when that fails.
    pub(super) fn close(mut self) {
        if self.say_as(&element(UNBIND, &[])).is_ok() {
            let _ = self.line.flush();
        }
    }

    fn say(&mut self, tag: u8, parts: &[Vec<u8>]) -> Result<u32> {
        self.say_as(&group(tag, parts))
    }

    fn say_as(&mut self, operation: &[u8]) -> Result<u32> {
        let id = self.next_id;
        self.next_id += 1;
        let message = element(SEQUENCE, &[number(INTEGER, id).as_slice(), operation].concat());
        self.line.write_all(&message).and_then(|()| self.line.flush()).map_err(|error| broken(&error))?;
        Ok(id)
    }

    fn answer_to(&mut self, id: u32, wanted: u8) -> Result<Vec<u8>> {
        let (tag, content) = self.answer(id)?;
        if tag == wanted { Ok(content) } else { Err(malformed()) }
    }

    /// The next message, which must answer this question.
    fn answer(&mut self, id: u32) -> Result<(u8, Vec<u8>)> {
        let message = read_message(&mut self.line).map_err(|error| broken(&error))?.map_err(|_| malformed())?;
        self.read += message.len();
        if self.read > MAX_READ {
            return Err(malformed());
        }
        let mut parts = Parts::of(&message);
        let found = parts.take_number(INTEGER).map_err(|_| malformed())?;
        let (tag, content) = parts.next().map_err(|_| malformed())?;
        if found == 0 && tag == EXTENDED_ANSWER {
            return Err(ProviderFault::new("unreachable", "the directory ends the conversation"));
        }
        if found == id { Ok((tag, content.to_vec())) } else { Err(malformed()) }
    }
}

/// Code and text of an answer.
fn outcome(content: &[u8]) -> Result<(u32, String)> {
    let mut parts = Parts::of(content);
    let mut read = || {
        let code = parts.take_number(ENUMERATED)?;
        parts.take(OCTETS)?;
        let text = parts.take(OCTETS)?;
        Ok::<_, super::ber::Malformed>((code, readable(text)))
    };
    read().map_err(|_| malformed())
}

/// What a directory says, for administrators: short, and without what could confuse a log.
fn readable(text: &[u8]) -> String {
    String::from_utf8_lossy(text).chars().filter(|c| !c.is_control()).take(200).collect()
}

fn read_person(directory: &Directory, content: &[u8]) -> std::result::Result<Person, super::ber::Malformed> {
    let mut parts = Parts::of(content);
    let dn = std::str::from_utf8(parts.take(OCTETS)?).map_err(|_| super::ber::Malformed)?.to_owned();
    let mut person = Person { dn, ..Person::default() };
    let mut attributes = Parts::of(parts.take(SEQUENCE)?);
    while !attributes.is_over() {
        let mut attribute = Parts::of(attributes.take(SEQUENCE)?);
        let name = readable(attribute.take(OCTETS)?);
        let mut values = Parts::of(attribute.take(SET)?);
        if values.is_over() {
            continue;
        }
        let first = values.take(OCTETS)?;
        if first.len() > MAX_VALUE {
            continue;
        }
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        let text = || {
            let text = std::str::from_utf8(first).ok()?.trim();
            (!text.is_empty() && !text.chars().any(char::is_control)).then(|| text.to_owned())
        };
        // One attribute may serve for several of them.
        if is(&directory.id_attribute) && values.is_over() {
            person.unique_id = first.to_vec();
        }
        if is(&directory.login_attribute) {
            person.login = text();
        }
        if is(&directory.name_attribute) {
            person.name = text();
        }
        if is(&directory.email_attribute) {
            person.email = text().map(|email| email.to_lowercase());
        }
        person.is_disabled |= text().is_some_and(|value| is_disabling(&name, &value));
    }
    Ok(person)
}

/// What says of an account that it is switched off: Active Directory, 389 and FreeIPA, the password policy of OpenLDAP.
pub(super) const STATE_ATTRIBUTES: [&str; 3] = ["userAccountControl", "nsAccountLock", "pwdAccountLockedTime"];

fn is_disabling(name: &str, value: &str) -> bool {
    let [control, lock, locked] = STATE_ATTRIBUTES;
    if name.eq_ignore_ascii_case(control) {
        value.parse::<u32>().is_ok_and(|bits| bits & 2 != 0)
    } else if name.eq_ignore_ascii_case(lock) {
        value.eq_ignore_ascii_case("true")
    } else {
        // This moment means for ever; others are locks after wrong guesses.
        name.eq_ignore_ascii_case(locked) && value == "000001010000Z"
    }
}

fn malformed() -> ProviderFault {
    ProviderFault::new(UNREADABLE, "no LDAP, or too much of it")
}

fn fault_of(code: &'static str, number: u32, text: &str) -> ProviderFault {
    ProviderFault::new(code, format!("{number} {text}").trim_end().to_owned())
}

fn refused_search(code: u32, text: &str) -> ProviderFault {
    match code {
        REFERRAL => ProviderFault::new("referral", ""),
        NO_SUCH_OBJECT => fault_of("no_base", code, text),
        _ => fault_of("search_refused", code, text),
    }
}

fn broken(error: &io::Error) -> ProviderFault {
    let detail = match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => "too slow".to_owned(),
        kind => kind.to_string(),
    };
    EgressError::Unreachable(detail).into()
}
