//! What one wants of a directory: who somebody is by login and password, whether it still has him, and, for administrators, what works.

use std::time::Duration;

use record_engine::{Engine, RequestContext};
use serde::Deserialize;

use super::Directory;
use super::filter::Filter;
use super::session::{Conversation, Found, Person};
use crate::error::{IdentityError, Result};
use crate::providers::{
    IdentityProvider, ProviderClient, ProviderFault, refuse_all_but_administrators, stored_provider,
};
use crate::secret::Secret;

/// Longest login that is asked for, in characters, and longest password, in bytes.
const LOGIN_LENGTH: usize = 200;
const PASSWORD_LENGTH: usize = 1_000;

/// A directory with the password of the entry that asks.
pub(super) struct Visit<'v> {
    pub directory: &'v Directory,
    pub secret: Option<&'v str>,
    pub client: &'v ProviderClient,
}

impl Visit<'_> {
    /// A conversation in which it is known who asks.
    pub(super) fn begin(&self, timeout: Duration) -> Result<Conversation, ProviderFault> {
        let mut conversation =
            Conversation::open(self.directory, self.client.allows_local(), timeout)?.secure(self.directory)?;
        conversation.bind_asker(self.directory, self.secret)?;
        Ok(conversation)
    }

    /// The person of a login whose password this is; `None` for everybody else, whatever the reason.
    pub(super) fn ask(&self, login: &str, password: &Secret) -> Result<Option<Person>, ProviderFault> {
        if !is_askable(login, password) {
            return Ok(None);
        }
        let filter = self.filter()?.of_login(login);
        self.judge(&filter, password)
    }

    /// Whether this is the password of the entry with this attribute.
    pub(super) fn is_password_of(&self, unique_id: &[u8], password: &Secret) -> Result<bool, ProviderFault> {
        if password.expose().is_empty() || password.expose().len() > PASSWORD_LENGTH {
            return Ok(false);
        }
        Ok(self.judge(&self.one(unique_id)?, password)?.is_some())
    }

    /// The entry with this attribute, if it is of those who may come in.
    pub(super) fn one(&self, unique_id: &[u8]) -> Result<Filter, ProviderFault> {
        Ok(Filter::all(vec![Filter::equal(&self.directory.id_attribute, unique_id), self.filter()?.of_anyone()]))
    }

    pub(super) fn filter(&self) -> Result<Filter, ProviderFault> {
        Filter::read(&self.directory.filter).ok_or_else(|| ProviderFault::new("search_refused", "not a filter"))
    }

    fn judge(&self, filter: &Filter, password: &Secret) -> Result<Option<Person>, ProviderFault> {
        let mut conversation = self.begin(self.client.directory_patience())?;
        let found = conversation.find(self.directory, filter)?;
        let person = match found {
            Found::One(person) if !person.is_disabled => Some(person),
            _ => None,
        };
        // Whether somebody is there is not to be seen from the time that the answer takes: an entry that nobody has is asked for in his place.
        let nobody = format!("cn=kartoteka-nobody,{}", self.directory.base_dn);
        let dn = person.as_ref().map_or(nobody.as_str(), |person| person.dn.as_str());
        let is_right = conversation.is_password(self.directory, dn, password)?;
        conversation.close();
        let Some(person) = person.filter(|_| is_right) else { return Ok(None) };
        if person.unique_id.is_empty() {
            return Err(ProviderFault::new("no_unique_id", self.directory.id_attribute.clone()));
        }
        Ok(Some(person))
    }
}

fn is_askable(login: &str, password: &Secret) -> bool {
    let length = login.chars().count();
    let password = password.expose();
    (1..=LOGIN_LENGTH).contains(&length) && !password.is_empty() && password.len() <= PASSWORD_LENGTH
}

/// A directory to be tried, stored or not.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trial {
    /// The stored one whose password is used if none is given, as long as it would go to the same server.
    pub provider: Option<i64>,
    /// Where and how.
    pub directory: Directory,
    /// The password of the entry that asks.
    pub secret: Option<Secret>,
    /// Somebody to be looked for.
    pub login: Option<String>,
    /// His password.
    pub password: Option<Secret>,
}

/// What was tried, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialStep {
    /// `connect`, `tls`, `bind`, `find` or `password`.
    pub step: &'static str,
    /// What is wrong; `None` when it worked.
    pub fault: Option<ProviderFault>,
    /// Whom it has found, for the step `find`: his entry, name and address.
    pub person: Option<String>,
}

impl TrialStep {
    fn good(step: &'static str) -> TrialStep {
        TrialStep { step, fault: None, person: None }
    }

    fn bad(step: &'static str, fault: ProviderFault) -> TrialStep {
        TrialStep { step, fault: Some(fault), person: None }
    }
}

/// Tries a directory step by step, up to the first that does not work. For administrators.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` with pointers into [`Directory`]; those of the database.
pub fn try_directory(
    engine: &Engine,
    context: &RequestContext,
    client: &ProviderClient,
    trial: &Trial,
) -> Result<Vec<TrialStep>> {
    refuse_all_but_administrators(context)?;
    let directory = trial.directory.tidy();
    let errors = directory.check();
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let given = trial.secret.as_ref().map(Secret::expose).filter(|secret| !secret.is_empty());
    let secret = match (given, trial.provider) {
        (Some(secret), _) => Some(secret.to_owned()),
        (None, Some(id)) => kept_secret(engine, &directory, &stored_provider(engine, id)?)?,
        (None, None) => None,
    };
    let visit = Visit { directory: &directory, secret: secret.as_deref(), client };
    let mut steps = Vec::new();
    if let Err(bad) = walk(&visit, trial, &mut steps) {
        steps.push(bad);
    }
    Ok(steps)
}

fn kept_secret(engine: &Engine, directory: &Directory, stored: &IdentityProvider) -> Result<Option<String>> {
    let keeps = stored.directory.as_ref().is_some_and(|stored| directory.keeps_secret_of(stored));
    if keeps { stored.secret(engine) } else { Ok(None) }
}

fn walk(visit: &Visit<'_>, trial: &Trial, steps: &mut Vec<TrialStep>) -> Result<(), TrialStep> {
    let directory = visit.directory;
    let at = |step: &'static str| move |fault: ProviderFault| TrialStep::bad(step, fault);
    let open = Conversation::open(directory, visit.client.allows_local(), visit.client.directory_patience());
    let open = open.map_err(at("connect"))?;
    steps.push(TrialStep::good("connect"));
    let mut conversation = open.secure(directory).map_err(at("tls"))?;
    if directory.security != super::Security::None {
        steps.push(TrialStep::good("tls"));
    }
    conversation.bind_asker(directory, visit.secret).map_err(at("bind"))?;
    steps.push(TrialStep::good("bind"));
    let login = trial.login.as_deref().map(str::trim).filter(|login| !login.is_empty());
    let filter = visit.filter().map_err(at("find"))?;
    let Some(login) = login else {
        let shows = conversation.shows_anybody(directory, &filter.of_anyone()).map_err(at("find"))?;
        let nobody = || TrialStep::bad("find", ProviderFault::new("shows_nobody", ""));
        steps.push(if shows { TrialStep::good("find") } else { nobody() });
        return Ok(());
    };
    let fault = |code: &'static str| Err(TrialStep::bad("find", ProviderFault::new(code, "")));
    let person = match conversation.find(directory, &filter.of_login(login)).map_err(at("find"))? {
        Found::Nobody => return fault("found_nobody"),
        Found::Several => return fault("found_several"),
        Found::One(person) if person.unique_id.is_empty() => return fault("no_unique_id"),
        Found::One(person) if person.is_disabled => return fault("person_disabled"),
        Found::One(person) => person,
    };
    let shown = [Some(&person.dn), person.name.as_ref(), person.email.as_ref()];
    let shown = shown.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" · ");
    steps.push(TrialStep { person: Some(shown), ..TrialStep::good("find") });
    let Some(password) = trial.password.as_ref().filter(|password| is_askable(login, password)) else { return Ok(()) };
    let is_right = conversation.is_password(directory, &person.dn, password).map_err(at("password"))?;
    let wrong = || TrialStep::bad("password", ProviderFault::new("wrong_password", ""));
    steps.push(if is_right { TrialStep::good("password") } else { wrong() });
    conversation.close();
    Ok(())
}
