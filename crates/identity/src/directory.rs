//! Directories (LDAP): a login and a password that a server of the company judges, beside the passwords of this program.
//!
//! What must stay true: a person is the attribute of his entry that never changes, never his login or his address; what a directory does not know is
//! answered like a wrong password; a directory that does not answer says nothing about anybody, neither at the login nor at the hourly look.
//! Messages, filters and the conversation are by hand (decision 0034): few are needed, and each has its limit.

mod ber;
mod filter;
mod login;
mod session;
mod visit;
mod watch;

use record_engine::FieldError;
use serde::{Deserialize, Serialize};

use filter::{Filter, is_attribute};
use session::STATE_ATTRIBUTES;

pub use login::{PendingLogin, ask_directories, has_directory_account, link_directory};
pub(crate) use login::{has_open_directory, is_own_password};
pub use visit::{Trial, TrialStep, try_directory};
pub use watch::{Watched, check_directories};
pub(crate) use watch::{is_gone, is_gone_but_for};

/// Most directories of an installation: each may be waited for at a login.
pub(crate) const MAX_DIRECTORIES: usize = 3;
/// Longest name of a host, in characters.
const HOST_LENGTH: usize = 253;
/// Longest name of an entry, and longest filter, in characters.
const TEXT_LENGTH: usize = 500;
/// Longest text of certificates, in characters.
const AUTHORITY_LENGTH: usize = 20_000;

/// How the conversation is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Under TLS from the first byte, usually at port 636.
    Ldaps,
    /// In clear text at first, then under TLS before anybody says who he is, usually at port 389.
    StartTls,
    /// Not at all.
    None,
}

/// Where a directory is and how people are found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Directory {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the conversation is protected.
    pub security: Security,
    /// An administrator has said that passwords may go over the wire in clear text.
    #[serde(default)]
    pub accepts_clear_text: bool,
    /// Certificates of an own authority, PEM; empty for those that the operating system trusts.
    #[serde(default)]
    pub authority: String,
    /// The entry that asks; empty when anybody may.
    #[serde(default)]
    pub bind_dn: String,
    /// Below which entry people are.
    pub base_dn: String,
    /// Who may come in, with `{login}` for what he has typed.
    pub filter: String,
    /// The attribute that never changes.
    pub id_attribute: String,
    /// The attribute of the login.
    pub login_attribute: String,
    /// The attribute of the name.
    pub name_attribute: String,
    /// The attribute of the e-mail address.
    pub email_attribute: String,
}

impl Directory {
    /// Under which name accounts of it are tied: one entry is the same person, wherever the server moves.
    pub(crate) fn issuer(&self) -> String {
        format!("ldap:{}?{}", self.base_dn.to_lowercase(), self.id_attribute.to_lowercase())
    }

    /// Without surplus blanks.
    pub(crate) fn tidy(&self) -> Directory {
        let tidy = |text: &String| text.trim().to_owned();
        Directory {
            host: tidy(&self.host).to_lowercase(),
            authority: tidy(&self.authority),
            bind_dn: tidy(&self.bind_dn),
            base_dn: tidy(&self.base_dn),
            filter: tidy(&self.filter),
            id_attribute: tidy(&self.id_attribute),
            login_attribute: tidy(&self.login_attribute),
            name_attribute: tidy(&self.name_attribute),
            email_attribute: tidy(&self.email_attribute),
            ..*self
        }
    }

    /// What is wrong with it.
    pub(crate) fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        for (field, text, max, is_required) in [
            ("host", self.host.as_str(), HOST_LENGTH, true),
            ("bind_dn", &self.bind_dn, TEXT_LENGTH, false),
            ("base_dn", &self.base_dn, TEXT_LENGTH, true),
            ("filter", &self.filter, TEXT_LENGTH, true),
            ("id_attribute", &self.id_attribute, TEXT_LENGTH, true),
            ("login_attribute", &self.login_attribute, TEXT_LENGTH, true),
            ("name_attribute", &self.name_attribute, TEXT_LENGTH, true),
            ("email_attribute", &self.email_attribute, TEXT_LENGTH, true),
        ] {
            let pointer = format!("directory/{field}");
            if text.is_empty() && is_required {
                errors.push(FieldError::new(&pointer, "required"));
            } else if text.chars().count() > max {
                errors.push(FieldError::new(&pointer, "too_long").with("max", max));
            } else if text.chars().any(char::is_control) {
                errors.push(FieldError::new(&pointer, "control_characters"));
            } else if let Some(code) = self.wrong(field, text) {
                errors.push(FieldError::new(&pointer, code));
            }
        }
        if self.port == 0 {
            errors.push(FieldError::new("directory/port", "required"));
        }
        if self.authority.chars().count() > AUTHORITY_LENGTH {
            errors.push(FieldError::new("directory/authority", "too_long").with("max", AUTHORITY_LENGTH));
        } else if !self.authority.is_empty() && egress::check_authorities(&self.authority).is_err() {
            errors.push(FieldError::new("directory/authority", "not_a_certificate"));
        }
        if self.security == Security::None && !self.may_speak_clearly() {
            errors.push(FieldError::new("directory/security", "clear_text"));
        }
        errors
    }

    fn wrong(&self, field: &str, text: &str) -> Option<&'static str> {
        match field {
            "host" => {
                let is_host = text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:".contains(c));
                (!is_host).then_some("not_a_host")
            }
            "filter" => match Filter::read(text) {
                None => Some("not_a_filter"),
                Some(filter) => (!filter.asks_for_login()).then_some("filter_without_login"),
            },
            "bind_dn" | "base_dn" => (!text.is_empty() && !text.contains('=')).then_some("not_an_entry"),
            _ => (!is_attribute(text.as_bytes())).then_some("not_an_attribute"),
        }
    }

    /// Whether a password may go to it in clear text: it is this machine, or an administrator has said so.
    pub(crate) fn may_speak_clearly(&self) -> bool {
        let is_here = self.host == "localhost"
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
        is_here || self.accepts_clear_text
    }

    /// Whether a stored password may go on to where this one says: not to another server, nor under a weaker protection.
    pub(crate) fn keeps_secret_of(&self, stored: &Directory) -> bool {
        (&self.host, self.port, self.security, &self.authority, &self.bind_dn)
            == (&stored.host, stored.port, stored.security, &stored.authority, &stored.bind_dn)
    }

    /// What is asked for of a person.
    fn attributes(&self) -> impl Iterator<Item = &str> {
        let own = [&self.id_attribute, &self.login_attribute, &self.name_attribute, &self.email_attribute];
        own.into_iter().map(String::as_str).chain(STATE_ATTRIBUTES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        Directory {
            host: "dc.example.org".into(),
            port: 636,
            security: Security::Ldaps,
            accepts_clear_text: false,
            authority: String::new(),
            bind_dn: "cn=kartoteka,dc=example,dc=org".into(),
            base_dn: "DC=example,DC=org".into(),
            filter: "(&(objectClass=person)(uid={login}))".into(),
            id_attribute: "entryUUID".into(),
            login_attribute: "uid".into(),
            name_attribute: "cn".into(),
            email_attribute: "mail".into(),
        }
    }

    #[test]
    fn a_directory_is_looked_at_before_it_is_stored() {
        let check = |change: fn(&mut Directory), expect: Option<(&str, &str)>| {
            let mut changed = directory();
            change(&mut changed);
            let errors = changed.check();
            let found: Vec<(&str, &str)> =
                errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
            assert_eq!(found, Vec::from_iter(expect), "{changed:?}");
        };
        check(|_| {}, None);
        check(|d| d.host = "dc example".into(), Some(("/directory/host", "not_a_host")));
        check(|d| d.host = String::new(), Some(("/directory/host", "required")));
        check(|d| d.filter = "(uid={login}".into(), Some(("/directory/filter", "not_a_filter")));
        check(|d| d.filter = "(uid=x)".into(), Some(("/directory/filter", "filter_without_login")));
        check(|d| d.base_dn = "example".into(), Some(("/directory/base_dn", "not_an_entry")));
        check(|d| d.bind_dn = String::new(), None);
        check(|d| d.id_attribute = "a b".into(), Some(("/directory/id_attribute", "not_an_attribute")));
        check(|d| d.authority = "x".into(), Some(("/directory/authority", "not_a_certificate")));
        check(|d| d.security = Security::None, Some(("/directory/security", "clear_text")));
        check(|d| (d.security, d.accepts_clear_text) = (Security::None, true), None);
        check(|d| (d.security, d.host) = (Security::None, "127.0.0.1".into()), None);
        check(
            |d| (d.security, d.host) = (Security::None, "127.evil.example".into()),
            Some(("/directory/security", "clear_text")),
        );
    }

    #[test]
    fn a_password_stays_with_its_server() {
        let check = |change: fn(&mut Directory), expect: bool| {
            let mut changed = directory();
            change(&mut changed);
            assert_eq!(changed.keeps_secret_of(&directory()), expect, "{changed:?}");
        };
        check(|d| d.filter = "(cn={login})".into(), true);
        check(|d| d.host = "evil.example".into(), false);
        check(|d| d.port = 637, false);
        check(|d| d.security = Security::StartTls, false);
        check(|d| d.authority = "other".into(), false);
    }
}
