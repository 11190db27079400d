//! Through which server letters leave, and in whose name: a setting of the installation.

use database::{Query, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError, FieldError, RequestContext, settings};
use serde::{Deserialize, Serialize};

use crate::address::{is_address, is_line};

/// Name of the setting.
const MAIL: &str = "mail";
/// What the password is sealed for.
const PASSWORD: &str = "mail/password";
/// Longest name of a host, in characters.
const HOST_LENGTH: usize = 253;
/// Longest user name or password, in characters.
const LOGIN_LENGTH: usize = 300;
/// Longest name of the sender, in characters.
const NAME_LENGTH: usize = 100;

/// How the connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Plain at first, then encrypted before anything is said; without that nothing is sent.
    #[default]
    Starttls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: for a server on this machine only.
    None,
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Name or address of the server; empty for no mail.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// The login there; empty for none.
    pub user: String,
    /// Its password, sealed.
    pub sealed_password: Option<String>,
    /// The address that letters come from.
    pub sender_address: String,
    /// The name that letters come from; empty for the name of the company.
    pub sender_name: String,
}

impl MailSettings {
    /// Whether letters can leave.
    pub fn is_set_up(&self) -> bool {
        !self.host.is_empty()
    }

    /// The password.
    ///
    /// # Errors
    /// `State("secret_key_changed")` when it was sealed with a key that is gone.
    pub(crate) fn password(&self, engine: &Engine) -> Result<String, EngineError> {
        self.sealed_password.as_deref().map_or(Ok(String::new()), |sealed| engine.vault().open_text(PASSWORD, sealed))
    }
}

/// What to change; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailChange {
    /// Name or address of the server; empty for no mail.
    pub host: Option<String>,
    /// Its port.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Option<Security>,
    /// The login there; empty for none.
    pub user: Option<String>,
    /// Its password; empty for none. It cannot be read again.
    pub password: Option<String>,
    /// The address that letters come from.
    pub sender_address: Option<String>,
    /// The name that letters come from; empty for the name of the company.
    pub sender_name: Option<String>,
}

/// Reads the settings.
///
/// # Errors
/// Those of the database.
pub fn read_settings(tx: &mut dyn Query) -> Result<MailSettings, EngineError> {
    Ok(settings::read(tx, MAIL)?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Changes the settings; answers them. That it is an administrator who asks is the caller's business.
///
/// # Errors
/// `Invalid` with pointers into the change; those of the database.
pub fn change_settings(
    engine: &Engine,
    context: &RequestContext,
    change: &MailChange,
) -> Result<MailSettings, EngineError> {
    engine.write(|tx| {
        settings::lock(tx)?;
        let stored = read_settings(tx)?;
        let before = stored.clone();
        let moved = change.host.as_ref().is_some_and(|host| *host != stored.host);
        let sealed_password = match change.password.as_deref() {
            Some("") => None,
            Some(password) => Some(engine.vault().seal_text(PASSWORD, password)?),
            // Whoever names another server does not get the password of this one sent there.
            None if moved => None,
            None => stored.sealed_password,
        };
        let trimmed =
            |changed: &Option<String>, stored: String| changed.as_ref().map_or(stored, |text| text.trim().into());
        let changed = MailSettings {
            host: trimmed(&change.host, stored.host),
            port: change.port.unwrap_or(stored.port),
            security: change.security.unwrap_or(stored.security),
            user: change.user.clone().unwrap_or(stored.user),
            sealed_password,
            sender_address: trimmed(&change.sender_address, stored.sender_address),
            sender_name: trimmed(&change.sender_name, stored.sender_name),
        };
        let mut errors = check(&changed);
        let length = change.password.as_ref().map_or(0, |password| password.chars().count());
        if length > LOGIN_LENGTH {
            errors.push(FieldError::new("password", "too_long").with("max", LOGIN_LENGTH));
        }
        if !errors.is_empty() {
            return Err(EngineError::Invalid(errors));
        }
        store(tx, &changed)?;
        if changed != before {
            record(
                tx,
                context,
                Event::new(Kind::SettingsChanged).with("section", "mail").with("host", changed.host.as_str()),
            );
        }
        Ok(changed)
    })
}

fn store(tx: &mut Tx, changed: &MailSettings) -> Result<(), EngineError> {
    let value = serde_json::to_value(changed).map_err(|error| EngineError::Stored(error.to_string()))?;
    settings::write(tx, MAIL, &value)
}

/// What is wrong with settings. Without a server everything else may be empty.
fn check(settings: &MailSettings) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let lines = [
        ("host", &settings.host, HOST_LENGTH),
        ("user", &settings.user, LOGIN_LENGTH),
        ("sender_name", &settings.sender_name, NAME_LENGTH),
    ];
    for (field, text, max) in lines {
        if text.chars().count() > max {
            errors.push(FieldError::new(field, "too_long").with("max", max));
        } else if !is_line(text) {
            errors.push(FieldError::new(field, "control_characters"));
        }
    }
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if errors.is_empty() && !settings.host.chars().all(is_host) {
        errors.push(FieldError::new("host", "not_a_host"));
    }
    if settings.is_set_up() || !settings.sender_address.is_empty() {
        if settings.sender_address.is_empty() {
            errors.push(FieldError::new("sender_address", "required"));
        } else if !is_address(&settings.sender_address) {
            errors.push(FieldError::new("sender_address", "not_an_email"));
        }
    }
    if settings.is_set_up() && settings.port == 0 {
        errors.push(FieldError::new("port", "required"));
    }
    errors
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let good = MailSettings {
            host: "smtp.example.org".into(),
            port: 587,
            sender_address: "crm@example.org".into(),
            ..MailSettings::default()
        };
        let check_one = |settings: MailSettings, expect: Option<(&str, &str)>| {
            let errors = check(&settings);
            let found = errors.first().map(|error| (error.pointer.as_str(), error.code.as_str()));
            assert_eq!(found, expect, "{settings:?}");
        };
        check_one(good.clone(), None);
        check_one(MailSettings::default(), None);
        check_one(MailSettings { host: "::1".into(), ..good.clone() }, None);
        check_one(MailSettings { host: "smtp.example.org/x".into(), ..good.clone() }, Some(("/host", "not_a_host")));
        check_one(MailSettings { port: 0, ..good.clone() }, Some(("/port", "required")));
        let nobody = MailSettings { sender_address: String::new(), ..good.clone() };
        check_one(nobody, Some(("/sender_address", "required")));
        let two_lines = MailSettings { sender_address: "a@example.org\r\nBcc: b@example.org".into(), ..good.clone() };
        check_one(two_lines, Some(("/sender_address", "not_an_email")));
        let name = MailSettings { sender_name: "CRM\r\nBcc: b@example.org".into(), ..good };
        check_one(name, Some(("/sender_name", "control_characters")));
    }
}
