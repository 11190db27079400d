//! Logging in with a login and a password of a directory, after this program has not known them; tying an account of one; and giving its password again.

use database::{Query, hex, unhex};
use record_engine::audit::Event;
use record_engine::{Engine, EngineError, FieldError};

use super::session::Person;
use super::visit::Visit;
use crate::audit::{refused_login, stranger, tell};
use crate::error::{IdentityError, Result};
use crate::login::{LoggedIn, guesses_of, login_key};
use crate::providers::sign_in::{log_in, tie};
use crate::providers::{
    Claims, FinishedSignIn, IdentityProvider, ProviderClient, ProviderFault, find_directory, open_providers,
};
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, Session, require_confirmed};
use crate::throttle::{self, Subject, network_of};

/// A login that this program has not let in by itself, counted already; a directory may know it.
#[derive(Clone, Debug)]
pub struct PendingLogin {
    pub(crate) login: String,
    pub(crate) password: Secret,
    /// Who has such a login here.
    pub(crate) user_id: Option<i64>,
    /// Why he was not let in.
    pub(crate) reason: &'static str,
    pub(crate) subjects: [Subject; 2],
    pub(crate) client: Client,
}

/// Whether there is a directory that may be asked.
pub(crate) fn has_open_directory(tx: &mut dyn Query) -> Result<bool> {
    const SQL: &str = "SELECT id FROM identity_providers WHERE is_active = 1 AND directory IS NOT NULL LIMIT 1";
    Ok(tx.query_optional(SQL, &[])?.is_some())
}

fn open_directories(engine: &Engine) -> Result<Vec<IdentityProvider>> {
    Ok(open_providers(engine)?.into_iter().filter(|provider| provider.directory.is_some()).collect())
}

/// Asks the directories, one after another, for whoever has this login and this password. It waits for them, so it belongs where waiting is allowed.
///
/// # Errors
/// `WrongCredentials` also for somebody whom a directory knows and this program does not let in, which the audit log tells apart;
/// `DirectoryUnavailable` when none has let him in and one could not be asked; `OutsideHours`, `Overloaded`; those of the database.
pub fn ask_directories(engine: &Engine, providers: &ProviderClient, pending: &PendingLogin) -> Result<LoggedIn> {
    let PendingLogin { login, client, subjects, .. } = pending;
    let now = engine.clock().now_ms();
    let key = login_key(login);
    let refuse = |user_id: Option<i64>, reason: &str, provider: Option<&IdentityProvider>| {
        let event = refused_login(client, &key, user_id, reason);
        tell(engine, &stranger(client, now), &of_provider(event, provider))
    };
    let mut silent = None;
    for provider in open_directories(engine)? {
        let person = match ask(engine, providers, &provider, login, &pending.password)? {
            Ok(Some(person)) => person,
            Ok(None) => continue,
            Err(fault) => {
                silent = Some((provider, fault));
                continue;
            }
        };
        let claims = claims_of(&person, Some(key.clone()));
        return match log_in(engine, &provider, &claims, client, subjects, now) {
            Ok(entered) => Ok(entered),
            Err(IdentityError::Engine(EngineError::State(reason))) => {
                refuse(None, reason, Some(&provider))?;
                Err(IdentityError::WrongCredentials)
            }
            Err(error) => Err(error),
        };
    }
    match silent {
        Some((provider, fault)) => {
            refuse(pending.user_id, "directory_unavailable", Some(&provider))?;
            Err(IdentityError::DirectoryUnavailable(fault))
        }
        None => {
            refuse(pending.user_id, pending.reason, None)?;
            Err(IdentityError::WrongCredentials)
        }
    }
}

fn of_provider(event: Event, provider: Option<&IdentityProvider>) -> Event {
    match provider {
        Some(provider) => event.with("provider_id", provider.id),
        None => event,
    }
}

/// The person of a directory; the inner error is the directory's, the outer one ours.
fn ask(
    engine: &Engine,
    providers: &ProviderClient,
    provider: &IdentityProvider,
    login: &str,
    password: &Secret,
) -> Result<std::result::Result<Option<Person>, ProviderFault>> {
    let secret = provider.secret(engine)?;
    let Some(directory) = &provider.directory else { return Ok(Ok(None)) };
    let visit = Visit { directory, secret: secret.as_deref(), client: providers };
    Ok(visit.ask(login.trim(), password))
}

/// A person of a directory in the words of the other providers. Its administrators stand for the addresses in it.
fn claims_of(person: &Person, login_key: Option<String>) -> Claims {
    Claims {
        subject: hex(&person.unique_id),
        email: person.email.clone(),
        is_email_verified: person.email.is_some(),
        name: person.name.clone(),
        authenticated_at: None,
        // A bind shows a password and nothing else.
        is_knowledge_alone: true,
        login: person.login.clone(),
        login_key,
    }
}

/// Ties the account of a directory, of which he gives login and password, to the user of a session; it goes on under another token.
///
/// # Errors
/// `ConfirmationRequired`, `NotFound`; `Invalid` at `/password`; `State("identity_taken")`; `Throttled`, `DirectoryUnavailable`; those of the database.
pub fn link_directory(
    engine: &Engine,
    providers: &ProviderClient,
    session: &Session,
    id: i64,
    login: &str,
    password: &Secret,
    client: &Client,
) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    require_confirmed(session, now)?;
    let provider = engine.database().read(|tx| find_directory(tx, id))?;
    let key = login_key(login);
    let subjects = [Subject::login(&key), Subject::network(&network_of(client.address))];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let asked = ask(engine, providers, &provider, login, password)?;
    let Some(person) = asked.map_err(IdentityError::DirectoryUnavailable)? else {
        return Err(IdentityError::invalid(vec![FieldError::new("password", "wrong_login_or_password")]));
    };
    engine.database().write(|tx| {
        let own = guesses_of(tx, Some(&key), Some(session.user_id), &subjects)?;
        throttle::forgive(tx, &own)
    })?;
    match tie(engine, &provider, &claims_of(&person, Some(key)), session, client, now)? {
        FinishedSignIn::Linked(opened) => Ok(opened),
        _ => Err(IdentityError::SignInExpired),
    }
}

/// Whether a user may give the password of a directory where he is asked for his own.
///
/// # Errors
/// Those of the database.
pub fn has_directory_account(engine: &Engine, user_id: i64) -> Result<bool> {
    Ok(!accounts(engine, user_id)?.is_empty())
}

fn accounts(engine: &Engine, user_id: i64) -> Result<Vec<(i64, String)>> {
    const SQL: &str = "SELECT p.id, i.subject FROM user_identities i JOIN identity_providers p ON p.issuer = i.issuer \
        AND p.is_active = 1 AND p.directory IS NOT NULL WHERE i.user_id = ? ORDER BY p.place, p.id";
    let rows = engine.database().read(|tx| tx.query(SQL, &[user_id.into()]))?;
    rows.iter().map(|row| Ok((row.integer(0)?, row.text(1)?))).collect()
}

/// Whether a directory takes this for the password of a user.
pub(crate) fn is_own_password(
    engine: &Engine,
    providers: &ProviderClient,
    user_id: i64,
    password: &Secret,
) -> Result<bool> {
    for (id, subject) in accounts(engine, user_id)? {
        let provider = engine.database().read(|tx| find_directory(tx, id))?;
        let secret = provider.secret(engine)?;
        let (Some(directory), Some(unique_id)) = (&provider.directory, unhex(&subject)) else { continue };
        let visit = Visit { directory, secret: secret.as_deref(), client: providers };
        if visit.is_password_of(&unique_id, password).map_err(IdentityError::DirectoryUnavailable)? {
            return Ok(true);
        }
    }
    Ok(false)
}
