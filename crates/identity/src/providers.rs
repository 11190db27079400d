//! Identity providers: logging in with an account that somebody else keeps, by OpenID Connect or in a directory.
//!
//! What must stay true: an account of a provider is its issuer and its subject, never its e-mail address; an address ties it to a user once, where an
//! administrator allows that provider to do so and it stands for the address; administrators, and who has a second step or another account tied
//! already, tie theirs themselves; a login is finished in the browser that began it, once, within ten minutes; whoever is deactivated stays out.

mod id_token;
mod linked;
mod remote;
pub(crate) mod sign_in;

use database::{Query, Row, Tx};
use record_engine::audit::{Event, Kind, record};
use record_engine::engine::Snapshot;
use record_engine::{Engine, EngineError, FieldError, RequestContext, Role};
use serde::Deserialize;
use serde_json::json;

use crate::directory::{Directory, MAX_DIRECTORIES};
use crate::error::{IdentityError, Result};
use crate::roles::built_in_role;
use crate::secret::Secret;
use crate::sessions::announce_end;

pub(crate) use id_token::Claims;
pub use linked::{LinkedIdentity, list_identities, unlink_identity};
pub use remote::{DIRECTORY_PATIENCE, ProviderClient, ProviderFault};
pub use sign_in::{FinishedSignIn, ProviderAnswer, SignInRequest, SignInWish, begin_sign_in, finish_sign_in};

/// Most providers of an installation.
const MAX_PROVIDERS: i64 = 20;
/// Longest name, in characters.
const NAME_LENGTH: usize = 60;
/// Longest issuer, client id and secret, in characters.
const TEXT_LENGTH: usize = 500;
/// Most domains of a provider, and the longest of them in characters.
const MAX_DOMAINS: usize = 50;
const DOMAIN_LENGTH: usize = 253;

const COLUMNS: &str = "id, name, issuer, client_id, sealed_secret, is_active, links_by_email, new_user_role, domains, is_second_step, directory";

/// An identity provider as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityProvider {
    /// Its id.
    pub id: i64,
    /// What its button says.
    pub name: String,
    /// Its issuer, an address; never two of one.
    pub issuer: String,
    /// How it knows this program.
    pub client_id: String,
    sealed_secret: Option<String>,
    /// Whether one may log in with it.
    pub is_active: bool,
    /// Users are found by an address that the provider stands for.
    pub links_by_email: bool,
    /// Whoever is no user yet becomes one with this role; `None` for nobody.
    pub new_user_role: Option<i64>,
    /// The domains of addresses that count, lower case; empty for all.
    pub domains: Vec<String>,
    /// A login there stands for both steps.
    pub is_second_step: bool,
    /// The directory that it is; `None` for OpenID Connect.
    pub directory: Option<Directory>,
}

impl IdentityProvider {
    /// Whether it knows this program by a secret.
    pub fn has_secret(&self) -> bool {
        self.sealed_secret.is_some()
    }

    pub(crate) fn secret(&self, engine: &Engine) -> Result<Option<String>> {
        let open = |sealed: &String| engine.vault().open_text(&purpose(self.id), sealed);
        Ok(self.sealed_secret.as_ref().map(open).transpose()?)
    }

    fn read(row: &Row) -> Result<IdentityProvider> {
        Ok(IdentityProvider {
            id: row.integer(0)?,
            name: row.text(1)?,
            issuer: row.text(2)?,
            client_id: row.text(3)?,
            sealed_secret: row.optional_text(4)?,
            is_active: row.integer(5)? == 1,
            links_by_email: row.integer(6)? == 1,
            new_user_role: row.optional_integer(7)?,
            domains: serde_json::from_str(row.text_str(8)?)
                .map_err(|_| EngineError::Stored("the domains of a provider".into()))?,
            is_second_step: row.integer(9)? == 1,
            directory: row
                .optional_text(10)?
                .map(|text| serde_json::from_str(&text))
                .transpose()
                .map_err(|_| EngineError::Stored("the directory of a provider".into()))?,
        })
    }
}

/// A provider as an administrator wants it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderInput {
    /// What its button says.
    pub name: String,
    /// Its issuer; nothing for a directory.
    #[serde(default)]
    pub issuer: String,
    /// How it knows this program; nothing for a directory.
    #[serde(default)]
    pub client_id: String,
    /// Left out: the stored one stays; empty: none. That of a directory is the password of the entry that asks.
    pub secret: Option<Secret>,
    /// Whether one may log in with it.
    pub is_active: bool,
    /// Users are found by an address that the provider stands for.
    pub links_by_email: bool,
    /// Whoever is no user yet becomes one with this role.
    pub new_user_role: Option<i64>,
    /// The domains of addresses that count.
    pub domains: Vec<String>,
    /// A login there stands for both steps; never so for a directory, which sees a password alone.
    pub is_second_step: bool,
    /// The directory that it is.
    #[serde(default)]
    pub directory: Option<Directory>,
}

fn purpose(id: i64) -> String {
    format!("identity_provider/{id}")
}

/// Who names a provider decides who comes in: nobody but administrators, whatever else a role opens.
pub(crate) fn refuse_all_but_administrators(context: &RequestContext) -> Result<()> {
    if context.is_administrator() { Ok(()) } else { Err(EngineError::Forbidden.into()) }
}

/// All providers in the order of their buttons. For administrators.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn list_providers(engine: &Engine, context: &RequestContext) -> Result<Vec<IdentityProvider>> {
    refuse_all_but_administrators(context)?;
    engine.database().read(|tx| read_all(tx))
}

/// Those that one may log in with, in the order of their buttons.
///
/// # Errors
/// Those of the database.
pub fn open_providers(engine: &Engine) -> Result<Vec<IdentityProvider>> {
    let all = engine.database().read(|tx| read_all(tx))?;
    Ok(all.into_iter().filter(|provider| provider.is_active).collect())
}

fn read_all(tx: &mut dyn Query) -> Result<Vec<IdentityProvider>> {
    let sql = format!("SELECT {COLUMNS} FROM identity_providers ORDER BY place, id");
    tx.query(&sql, &[])?.iter().map(IdentityProvider::read).collect()
}

fn find(tx: &mut dyn Query, id: i64) -> Result<IdentityProvider> {
    let sql = format!("SELECT {COLUMNS} FROM identity_providers WHERE id = ?");
    IdentityProvider::read(&tx.query_optional(&sql, &[id.into()])?.ok_or(EngineError::NotFound)?)
}

/// A provider that one may log in with by OpenID Connect.
fn find_open(tx: &mut dyn Query, id: i64) -> Result<IdentityProvider> {
    let open = Some(find(tx, id)?).filter(|provider| provider.is_active && provider.directory.is_none());
    open.ok_or_else(|| EngineError::NotFound.into())
}

/// A directory that one may log in with.
pub(crate) fn find_directory(tx: &mut dyn Query, id: i64) -> Result<IdentityProvider> {
    let open = Some(find(tx, id)?).filter(|provider| provider.is_active && provider.directory.is_some());
    open.ok_or_else(|| EngineError::NotFound.into())
}

/// A provider as it is stored, whether it is open or not.
pub(crate) fn stored_provider(engine: &Engine, id: i64) -> Result<IdentityProvider> {
    engine.database().read(|tx| find(tx, id))
}

/// Refuses one directory too many: at a login each of them may have to be waited for.
fn refuse_many_directories(tx: &mut dyn Query, wanted: &IdentityProvider) -> Result<()> {
    const SQL: &str = "SELECT COUNT(*) FROM identity_providers WHERE directory IS NOT NULL";
    let is_full = usize::try_from(tx.query_one(SQL, &[])?.integer(0)?).unwrap_or_default() >= MAX_DIRECTORIES;
    if wanted.directory.is_some() && is_full { Err(EngineError::State("too_many_directories").into()) } else { Ok(()) }
}

/// An entry that asks shows a password, or directories take it for nobody in particular.
fn refuse_asker_without_secret(wanted: &IdentityProvider, has_secret: bool) -> Result<()> {
    let asks = wanted.directory.as_ref().is_some_and(|directory| !directory.bind_dn.is_empty());
    if asks && !has_secret {
        return Err(IdentityError::invalid(vec![FieldError::new("secret", "required")]));
    }
    Ok(())
}

/// Whether passwords open the program to administrators alone: the installation says so, and there is another way in.
pub(crate) fn are_passwords_closed(tx: &mut dyn Query, snapshot: &Snapshot) -> Result<bool> {
    Ok(snapshot.installation.only_identity_providers && has_open(tx)?)
}

/// Whether there is a provider that one may log in with.
pub(crate) fn has_open(tx: &mut dyn Query) -> Result<bool> {
    Ok(tx.query_optional("SELECT id FROM identity_providers WHERE is_active = 1 LIMIT 1", &[])?.is_some())
}

/// Adds a provider behind the others. For administrators.
///
/// # Errors
/// `Forbidden`; `Invalid` with pointers into [`ProviderInput`]; `State("too_many_providers")`; those of the database.
pub fn create_provider(engine: &Engine, context: &RequestContext, input: &ProviderInput) -> Result<IdentityProvider> {
    refuse_all_but_administrators(context)?;
    let secret = input.secret.as_ref().filter(|secret| !secret.expose().is_empty());
    let wanted = wanted(input)?;
    engine
        .write(|tx| {
            let row = tx.query_one("SELECT COUNT(*), COALESCE(MAX(place), 0) FROM identity_providers", &[])?;
            if row.integer(0)? >= MAX_PROVIDERS {
                return Err(EngineError::State("too_many_providers").into());
            }
            check_role(tx, wanted.new_user_role)?;
            refuse_many_directories(tx, &wanted)?;
            refuse_asker_without_secret(&wanted, secret.is_some())?;
            let id = tx.allocate_ids("identity_providers", 1)?.into_iter().next().unwrap_or_default();
            let seal = |secret: &Secret| engine.vault().seal_text(&purpose(id), secret.expose());
            let provider = IdentityProvider { id, sealed_secret: secret.map(seal).transpose()?, ..wanted.clone() };
            let sql = "INSERT INTO identity_providers (id, place, name, issuer, client_id, domains, is_active, \
                links_by_email, is_second_step) VALUES (?, ?, '', ?, '', '[]', 0, 0, 0)";
            tx.execute(sql, &[id.into(), (row.integer(1)? + 1).into(), provider.issuer.as_str().into()])?;
            store(tx, &provider)?;
            tell(tx, context, &provider, "created");
            Ok(provider)
        })
        .map_err(|error| taken(error, input.directory.is_some()))
}

/// Changes a provider. Accounts stay tied to the issuer that they are of; the sessions of a provider that is switched off end. For administrators.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` with pointers into [`ProviderInput`]; those of the database.
pub fn update_provider(
    engine: &Engine,
    context: &RequestContext,
    id: i64,
    input: &ProviderInput,
) -> Result<IdentityProvider> {
    refuse_all_but_administrators(context)?;
    let wanted = wanted(input)?;
    engine
        .write(|tx| {
            let stored = find(tx, id)?;
            check_role(tx, wanted.new_user_role)?;
            if stored.directory.is_some() != wanted.directory.is_some() {
                return Err(IdentityError::invalid(vec![FieldError::new("directory", "read_only")]));
            }
            let is_moved = stored.issuer != wanted.issuer;
            let is_elsewhere = match (&wanted.directory, &stored.directory) {
                (Some(wanted), Some(stored)) => !wanted.keeps_secret_of(stored),
                _ => is_moved,
            };
            let sealed_secret = match input.secret.as_ref().map(Secret::expose) {
                Some("") => None,
                Some(secret) => Some(engine.vault().seal_text(&purpose(id), secret)?),
                // Whoever names another issuer, or another server, does not get the secret of this one sent there.
                None if is_elsewhere && stored.has_secret() => {
                    return Err(IdentityError::invalid(vec![FieldError::new("secret", "required")]));
                }
                None => stored.sealed_secret,
            };
            refuse_asker_without_secret(&wanted, sealed_secret.is_some())?;
            let provider = IdentityProvider { id, sealed_secret, ..wanted.clone() };
            store(tx, &provider)?;
            if stored.is_active && (is_moved || !provider.is_active) {
                end_sessions(tx, context, id)?;
            }
            tell(tx, context, &provider, "changed");
            Ok(provider)
        })
        .map_err(|error| taken(error, input.directory.is_some()))
}

/// Removes a provider; the sessions that it opened end, the accounts stay tied in case it comes back. For administrators.
///
/// # Errors
/// `Forbidden`, `NotFound`; those of the database.
pub fn remove_provider(engine: &Engine, context: &RequestContext, id: i64) -> Result<()> {
    refuse_all_but_administrators(context)?;
    engine.write(|tx| {
        let provider = find(tx, id)?;
        end_sessions(tx, context, id)?;
        tx.execute("DELETE FROM identity_providers WHERE id = ?", &[id.into()])?;
        tell(tx, context, &provider, "deleted");
        Ok(())
    })
}

/// Puts the buttons into an order; those that are not named stand behind. For administrators.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn order_providers(engine: &Engine, context: &RequestContext, ids: &[i64]) -> Result<()> {
    refuse_all_but_administrators(context)?;
    engine.write(|tx| {
        let all = read_all(tx)?;
        let place = |id: i64| ids.iter().position(|known| *known == id).unwrap_or(ids.len());
        let mut ordered: Vec<i64> = all.iter().map(|provider| provider.id).collect();
        ordered.sort_by_key(|id| place(*id));
        for (place, id) in (1_i64..).zip(ordered) {
            tx.execute("UPDATE identity_providers SET place = ? WHERE id = ?", &[place.into(), id.into()])?;
        }
        Ok(())
    })
}

/// Looks at what an issuer publishes, before or after it is stored; `Ok(Some(…))` is what is wrong. For administrators.
///
/// # Errors
/// `Forbidden`.
pub fn try_provider(
    engine: &Engine,
    context: &RequestContext,
    client: &ProviderClient,
    issuer: &str,
) -> Result<Option<ProviderFault>> {
    refuse_all_but_administrators(context)?;
    Ok(client.look_at(issuer.trim(), engine.clock().now_ms()).err())
}

/// What is asked for, looked at; it has no id and no secret yet.
fn wanted(input: &ProviderInput) -> Result<IdentityProvider> {
    let tidy = |domain: &String| domain.trim().trim_start_matches('@').to_lowercase();
    let mut domains: Vec<String> = input.domains.iter().map(tidy).filter(|domain| !domain.is_empty()).collect();
    domains.sort_unstable();
    domains.dedup();
    let directory = input.directory.as_ref().map(Directory::tidy);
    let is_directory = directory.is_some();
    let provider = IdentityProvider {
        id: 0,
        name: input.name.trim().to_owned(),
        issuer: directory.as_ref().map_or_else(|| input.issuer.trim().to_owned(), Directory::issuer),
        client_id: if is_directory { String::new() } else { input.client_id.trim().to_owned() },
        sealed_secret: None,
        is_active: input.is_active,
        links_by_email: input.links_by_email,
        new_user_role: input.new_user_role,
        domains,
        is_second_step: input.is_second_step && !is_directory,
        directory,
    };
    let mut errors = provider.directory.as_ref().map(Directory::check).unwrap_or_default();
    let secret = input.secret.as_ref().map_or("", Secret::expose);
    for (field, text, max, is_required) in [
        ("name", provider.name.as_str(), NAME_LENGTH, true),
        ("issuer", if is_directory { "" } else { &provider.issuer }, TEXT_LENGTH, !is_directory),
        ("client_id", &provider.client_id, TEXT_LENGTH, !is_directory),
        ("secret", secret, TEXT_LENGTH, false),
    ] {
        if text.is_empty() && is_required {
            errors.push(FieldError::new(field, "required"));
        } else if text.chars().count() > max {
            errors.push(FieldError::new(field, "too_long").with("max", max));
        } else if text.chars().any(char::is_control) {
            errors.push(FieldError::new(field, "control_characters"));
        } else if field == "issuer" && !text.is_empty() && !remote::is_issuer(text) {
            errors.push(FieldError::new(field, "not_an_issuer"));
        }
    }
    let is_domain = |domain: &&String| {
        domain.len() <= DOMAIN_LENGTH
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || ".-".contains(c))
    };
    if provider.domains.len() > MAX_DOMAINS {
        errors.push(FieldError::new("domains", "too_many_values").with("max", MAX_DOMAINS));
    } else if let Some(wrong) = provider.domains.iter().find(|domain| !is_domain(domain)) {
        errors.push(FieldError::new("domains", "not_a_domain").with("value", wrong.as_str()));
    } else if provider.new_user_role.is_some() && provider.domains.is_empty() && !is_directory {
        // Else everybody with an account at a large provider would become a user.
        errors.push(FieldError::new("domains", "required"));
    }
    if errors.is_empty() { Ok(provider) } else { Err(IdentityError::invalid(errors)) }
}

/// Nobody becomes an administrator by logging in.
fn check_role(tx: &mut dyn Query, role: Option<i64>) -> Result<()> {
    let Some(role) = role else { return Ok(()) };
    let sql = "SELECT id FROM role WHERE id = ? AND deleted_at IS NULL";
    let code = if tx.query_optional(sql, &[role.into()])?.is_none() {
        "unknown_record"
    } else if built_in_role(tx, Role::Administrator)? == role {
        "not_for_new_users"
    } else {
        return Ok(());
    };
    Err(IdentityError::invalid(vec![FieldError::new("new_user_role", code).with("value", role)]))
}

fn store(tx: &mut Tx, provider: &IdentityProvider) -> Result<()> {
    let IdentityProvider { id, is_active, links_by_email, new_user_role, is_second_step, .. } = *provider;
    tx.execute(
        "UPDATE identity_providers SET name = ?, issuer = ?, client_id = ?, sealed_secret = ?, is_active = ?, \
         links_by_email = ?, new_user_role = ?, domains = ?, is_second_step = ?, directory = ? WHERE id = ?",
        &[
            provider.name.as_str().into(),
            provider.issuer.as_str().into(),
            provider.client_id.as_str().into(),
            provider.sealed_secret.clone().into(),
            i64::from(is_active).into(),
            i64::from(links_by_email).into(),
            new_user_role.into(),
            json!(provider.domains).to_string().into(),
            i64::from(is_second_step).into(),
            provider.directory.as_ref().map(|directory| json!(directory).to_string()).into(),
            id.into(),
        ],
    )?;
    Ok(())
}

fn end_sessions(tx: &mut Tx, context: &RequestContext, id: i64) -> Result<()> {
    let owners = tx.query("SELECT DISTINCT user_id FROM sessions WHERE provider_id = ?", &[id.into()])?;
    tx.execute("DELETE FROM sessions WHERE provider_id = ?", &[id.into()])?;
    for owner in owners {
        let owner = owner.integer(0)?;
        announce_end(tx, context, owner)?;
        record(tx, context, Event::new(Kind::SessionEnded).on("user", owner).with("provider_id", id));
    }
    Ok(())
}

fn tell(tx: &mut Tx, context: &RequestContext, provider: &IdentityProvider, action: &str) {
    let event = Event::new(Kind::SettingsChanged).with("section", "identity_providers").with("action", action);
    record(tx, context, event.with("provider_id", provider.id).with("issuer", provider.issuer.as_str()));
}

/// Another provider has the issuer already.
fn taken(error: IdentityError, is_directory: bool) -> IdentityError {
    let field = if is_directory { "directory/base_dn" } else { "issuer" };
    match error {
        IdentityError::Engine(EngineError::Database(database::DatabaseError::Unique { table, .. }))
            if table == "identity_providers" =>
        {
            IdentityError::invalid(vec![FieldError::new(field, "issuer_taken")])
        }
        other => other,
    }
}
