//! A login at an identity provider, from the press of its button to the session: the authorization code flow with PKCE, state and nonce.
//!
//! What must stay true: state, nonce and verifier are new for each login, stand in a ticket that the browser holds, and are used once, whatever comes of
//! it; the provider that answers is the one that was asked; who logs in is decided by [`find_account`] alone.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use database::{DatabaseError, Query, Tx};
use egress::percent_encoded;
use record_engine::audit::{Event, Kind};
use record_engine::engine::Snapshot;
use record_engine::{Engine, EngineError, RequestContext};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::id_token::Claims;
use super::linked::{NewIdentity, has_any, link, owner};
use super::remote::{CodeExchange, ProviderClient, ProviderFault};
use super::{IdentityProvider, find_open};
use crate::audit::{stranger, tell};
use crate::confirmation;
use crate::directory::is_gone_but_for;
use crate::error::{IdentityError, Result};
use crate::login::{LoggedIn, OpenSecondStep, PROVIDER, arrive_through, guesses_of};
use crate::object_type::NAME_LENGTH;
use crate::passwords::PasswordHash;
use crate::second_step::SecondStep;
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, Session, Through, end_all_sessions, renew, require_confirmed};
use crate::throttle::{self, Subject, network_of};
use crate::tickets::{self, Purpose, Ticket};
use crate::users::{NewUser, check_login, forget_password, insert_user};
use crate::working_hours::note_closed;

/// How recent a login must be that stands for giving the password again.
const FRESH_MS: i64 = 5 * 60 * 1_000;
/// Longest text that a browser brings back, in bytes.
const MAX_ANSWER: usize = 8_192;

/// What somebody wants of a provider.
#[derive(Clone, Copy, Debug)]
pub enum SignInWish<'w> {
    /// To come in.
    LogIn,
    /// To tie the account to the user of this session.
    Link(&'w Session),
    /// To show once more who he is, instead of by a password.
    Confirm(&'w Session),
}

/// What a browser needs to go to a provider.
#[derive(Clone, Debug)]
pub struct SignInRequest {
    /// For a cookie of the browser; without it the answer is worth nothing.
    pub browser: Secret,
    /// Where it goes.
    pub url: String,
    /// Until when it may come back, milliseconds UTC.
    pub expires_at: i64,
}

/// What the browser brings back.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProviderAnswer {
    /// As it was sent.
    pub state: Secret,
    /// For the token.
    pub code: Option<Secret>,
    /// Why there is no code, as a key of the standard.
    pub error: Option<String>,
    /// Who answers.
    pub iss: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum FinishedSignIn {
    /// He is in, or his second step is missing.
    LoggedIn(LoggedIn),
    /// The account is tied; the session goes on under another token.
    Linked(NewSession),
    /// He has shown who he is.
    Confirmed,
    /// He has shown it to the provider; his second step is missing.
    ConfirmSecondStep(OpenSecondStep),
}

/// What stands in the ticket.
#[derive(Serialize, Deserialize)]
struct Kept {
    provider: i64,
    state: String,
    nonce: String,
    verifier: String,
    wish: Wish,
    session: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wish {
    LogIn,
    Link,
    Confirm,
}

/// Begins a login at a provider. It may ask the provider what it publishes, so it belongs where waiting is allowed.
///
/// # Errors
/// `NotFound` for a provider that is not open; `ConfirmationRequired` for tying; `Throttled`; `Provider`; those of the system and of the database.
pub fn begin_sign_in(
    engine: &Engine,
    client: &ProviderClient,
    provider_id: i64,
    redirect_uri: &str,
    wish: SignInWish<'_>,
    device: &Client,
) -> Result<SignInRequest> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::provider_network(&network_of(device.address))];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    let (kind, session) = match wish {
        SignInWish::LogIn => (Wish::LogIn, None),
        SignInWish::Link(session) => {
            require_confirmed(session, now)?;
            (Wish::Link, Some(session))
        }
        SignInWish::Confirm(session) => (Wish::Confirm, Some(session)),
    };
    let provider = engine.database().read(|tx| find_open(tx, provider_id))?;
    let endpoint = client.authorization_endpoint(&provider.issuer, now)?;
    let [browser, state, nonce, verifier] =
        [Secret::random_token()?, Secret::random_token()?, Secret::random_token()?, Secret::random_token()?];
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose()));
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", &provider.client_id),
        ("redirect_uri", redirect_uri),
        ("scope", "openid email profile"),
        ("state", state.expose()),
        ("nonce", nonce.expose()),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    if kind == Wish::Confirm {
        parameters.extend([("prompt", "login"), ("max_age", "0")]);
    }
    let parameters: Vec<String> =
        parameters.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect();
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    let url = format!("{endpoint}{separator}{}", parameters.join("&"));
    let kept = Kept {
        provider: provider.id,
        state: state.expose().to_owned(),
        nonce: nonce.expose().to_owned(),
        verifier: verifier.expose().to_owned(),
        wish: kind,
        session: session.map(|session| session.id),
    };
    let ticket = Ticket { user_id: session.map(|session| session.user_id), data: json!(kept) };
    let expires_at = engine.database().write(|tx| tickets::issue(tx, Purpose::Provider, &browser, &ticket, now))?;
    Ok(SignInRequest { browser, url, expires_at })
}

/// Finishes what was begun in this browser. `session` is the one that it holds, if any. It asks the provider, so it belongs where waiting is allowed.
///
/// # Errors
/// `SignInExpired` for what was not begun here, or long ago, or is finished; `Provider`; `State("provider_cancelled")`, `State("provider_no_account")`,
/// `State("provider_email_unverified")`, `State("link_in_profile")`, `State("identity_taken")`, `State("other_identity")`; `Throttled`, `Overloaded`;
/// those of the database.
pub fn finish_sign_in(
    engine: &Engine,
    client: &ProviderClient,
    redirect_uri: &str,
    browser: &Secret,
    answer: &ProviderAnswer,
    session: Option<&Session>,
    device: &Client,
) -> Result<FinishedSignIn> {
    let now = engine.clock().now_ms();
    let subjects = [Subject::network(&network_of(device.address))];
    engine.database().write(|tx| throttle::reserve(tx, &subjects, now))?;
    // Taken for itself: what was answered wrongly is not answered again.
    let ticket = engine.database().write(|tx| tickets::take(tx, Purpose::Provider, browser, now))?;
    let kept: Kept = serde_json::from_value(ticket.data).map_err(|_| IdentityError::SignInExpired)?;
    let is_his = kept.session == session.map(|session| session.id) || kept.wish == Wish::LogIn;
    if kept.state != answer.state.expose() || !is_his {
        return Err(IdentityError::SignInExpired);
    }
    let provider = engine.database().read(|tx| find_open(tx, kept.provider))?;
    let asked = Asked { provider: &provider, kept: &kept, redirect_uri };
    let claims = match asked.claims(engine, client, answer, now) {
        Ok(claims) => claims,
        Err(error) => return refused(engine, device, &provider, now, error),
    };
    let finished = match (kept.wish, session) {
        (Wish::LogIn, _) => log_in(engine, &provider, &claims, device, &[], now).map(FinishedSignIn::LoggedIn),
        (Wish::Link, Some(session)) => tie(engine, &provider, &claims, session, device, now),
        (Wish::Confirm, Some(session)) => confirm(engine, &provider, &claims, session, now),
        (_, None) => Err(IdentityError::SignInExpired),
    };
    match finished {
        Ok(finished) => {
            engine.database().write(|tx| throttle::forgive(tx, &subjects))?;
            Ok(finished)
        }
        Err(error) => refused(engine, device, &provider, now, error),
    }
}

/// Tells of a login that was not let in.
fn refused<T>(
    engine: &Engine,
    device: &Client,
    provider: &IdentityProvider,
    now: i64,
    error: IdentityError,
) -> Result<T> {
    let reason = match &error {
        IdentityError::Provider(fault) => fault.code,
        IdentityError::Engine(EngineError::State(code)) => code,
        _ => return Err(error),
    };
    let event = Event::new(Kind::Login).failed().with("reason", reason).with("provider_id", provider.id);
    tell(engine, &stranger(device, now), &event)?;
    Err(error)
}

/// A login that has come back.
struct Asked<'a> {
    provider: &'a IdentityProvider,
    kept: &'a Kept,
    redirect_uri: &'a str,
}

impl Asked<'_> {
    fn claims(&self, engine: &Engine, client: &ProviderClient, answer: &ProviderAnswer, now: i64) -> Result<Claims> {
        let Asked { provider, kept, redirect_uri } = *self;
        // A provider that names itself must be the one that was asked, and must not forget to.
        let is_other = match &answer.iss {
            Some(named) => *named != provider.issuer,
            None => client.names_itself(&provider.issuer, now)?,
        };
        if is_other {
            return Err(ProviderFault::new("other_issuer", "in the answer that the browser brought").into());
        }
        let code = match (&answer.code, answer.error.as_deref()) {
            (_, Some("access_denied" | "interaction_required" | "login_required")) => {
                return Err(EngineError::State("provider_cancelled").into());
            }
            (Some(code), None) if code.expose().len() <= MAX_ANSWER => code,
            (_, error) => {
                let error = error.unwrap_or("no code").chars().filter(char::is_ascii_graphic).take(50);
                return Err(ProviderFault::new("code_refused", error.collect::<String>()).into());
            }
        };
        let secret = provider.secret(engine)?;
        Ok(client.exchange(CodeExchange {
            issuer: &provider.issuer,
            client_id: &provider.client_id,
            secret: secret.as_deref(),
            redirect_uri,
            code,
            verifier: &kept.verifier,
            nonce: &kept.nonce,
            now_ms: now,
        })?)
    }
}

/// Whose account it is, or whose it may become.
enum Account {
    /// Tied to this user.
    Tied(i64),
    /// The provider stands for the address of this user.
    Addressed(i64),
    /// Nobody's; a user may be made.
    New,
}

impl Account {
    fn user_id(&self) -> Option<i64> {
        match self {
            Account::Tied(user_id) | Account::Addressed(user_id) => Some(*user_id),
            Account::New => None,
        }
    }
}

/// Decides who has logged in. An account that is tied is its user's; else a verified address may tie it, once, to somebody who has nothing to lose by it:
/// an administrator, or who has a second step or another account, ties his himself.
fn find_account(
    tx: &mut dyn Query,
    engine: &Engine,
    snapshot: &Snapshot,
    provider: &IdentityProvider,
    claims: &Claims,
) -> Result<Account> {
    let none = || Err(EngineError::State("provider_no_account").into());
    if let Some(user_id) = owner(tx, &provider.issuer, &claims.subject)? {
        // Of somebody who is deactivated nothing is told.
        return if may_come(tx, provider, user_id)? { Ok(Account::Tied(user_id)) } else { none() };
    }
    if !provider.links_by_email && provider.new_user_role.is_none() {
        return none();
    }
    let Some(email) = claims.verified_email() else {
        // A directory may keep no addresses: nobody is found by one then, and somebody new needs none.
        return match provider.directory {
            Some(_) if provider.new_user_role.is_some() && provider.domains.is_empty() => Ok(Account::New),
            Some(_) => none(),
            None => Err(EngineError::State("provider_email_unverified").into()),
        };
    };
    let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    if !mail::address::is_address(email) || !(provider.domains.is_empty() || provider.domains.contains(&domain)) {
        return none();
    }
    const SQL: &str = "SELECT id FROM \"user\" WHERE email = ? AND deleted_at IS NULL ORDER BY id LIMIT 2";
    let found = tx.query(SQL, &[email.into()])?;
    let [row] = found.as_slice() else {
        // Two of one address are told apart by nobody.
        let may_be_made = found.is_empty() && provider.new_user_role.is_some();
        return if may_be_made { Ok(Account::New) } else { none() };
    };
    let user_id = row.integer(0)?;
    if !provider.links_by_email || !may_come(tx, provider, user_id)? {
        return none();
    }
    let access = engine.access(tx, snapshot, user_id)?;
    let is_guarded = access.is_none_or(|access| access.is_administrator())
        || SecondStep::read(tx, user_id)?.is_set()
        || has_any(tx, user_id)?;
    if is_guarded { Err(EngineError::State("link_in_profile").into()) } else { Ok(Account::Addressed(user_id)) }
}

/// Whether somebody is active, and no other directory has lost him; this one has just said yes.
fn may_come(tx: &mut dyn Query, provider: &IdentityProvider, user_id: i64) -> Result<bool> {
    const SQL: &str = "SELECT id FROM \"user\" WHERE id = ? AND is_active = 1 AND deleted_at IS NULL";
    let is_active = tx.query_optional(SQL, &[user_id.into()])?.is_some();
    Ok(is_active && !is_gone_but_for(tx, user_id, &provider.issuer)?)
}

/// Lets in, or makes, the user of an account; `subjects` are the login and the network for which was counted, if any, and what was counted for him is
/// taken back.
pub(crate) fn log_in(
    engine: &Engine,
    provider: &IdentityProvider,
    claims: &Claims,
    device: &Client,
    subjects: &[Subject],
    now: i64,
) -> Result<LoggedIn> {
    let snapshot = engine.snapshot();
    let (before, own) = engine.database().read(|tx| {
        let before = find_account(tx, engine, &snapshot, provider, claims)?;
        let own = guesses_of(tx, claims.login_key.as_deref(), before.user_id(), subjects)?;
        Ok::<_, IdentityError>((before, own))
    })?;
    // Whoever might have set the password before the owner of the address came shall not go on with it.
    let spare = match before {
        Account::Tied(_) => None,
        Account::Addressed(_) | Account::New => Some(PasswordHash::new(&Secret::random_token()?)?),
    };
    let token = Secret::random_token()?;
    let context = stranger(device, now);
    let through =
        Through { provider_id: provider.id, is_strong: provider.is_second_step && !claims.is_knowledge_alone };
    let opened = engine.write(|tx| {
        let user_id = match (find_account(tx, engine, &snapshot, provider, claims)?, &spare) {
            (Account::Tied(user_id), _) => user_id,
            (Account::Addressed(user_id), Some(spare)) => {
                forget_password(tx, &context, user_id, spare)?;
                link(tx, &context, account(provider, claims, user_id))?;
                user_id
            }
            (Account::New, Some(spare)) => {
                let user_id = make_user(tx, &snapshot, &context, provider, claims, spare)?;
                link(tx, &context, account(provider, claims, user_id))?;
                user_id
            }
            // Somebody has untied it just now.
            (_, None) => return Err(IdentityError::SignInExpired),
        };
        used(tx, provider, claims, now)?;
        throttle::forgive(tx, &own)?;
        let has = SecondStep::read(tx, user_id)?;
        if has.is_set() && !through.is_strong {
            let ticket = Ticket { user_id: Some(user_id), data: json!({ PROVIDER: provider.id }) };
            let expires_at = tickets::issue(tx, Purpose::SecondStep, &token, &ticket, now)?;
            return Ok(LoggedIn::SecondStep(OpenSecondStep { ticket: token.clone(), expires_at, has }));
        }
        arrive_through(tx, user_id, &token, device, now, Some(through)).map(LoggedIn::Open)
    });
    note_closed(engine, device, &own, opened).map_err(|error| match error {
        // Two browsers brought the same new account at once.
        IdentityError::Engine(EngineError::Database(DatabaseError::Unique { table, .. }))
            if table == "user_identities" || table == "user_credentials" =>
        {
            IdentityError::SignInExpired
        }
        other => other,
    })
}

fn account<'n>(provider: &'n IdentityProvider, claims: &'n Claims, user_id: i64) -> NewIdentity<'n> {
    NewIdentity { user_id, issuer: &provider.issuer, subject: &claims.subject, email: claims.verified_email() }
}

fn used(tx: &mut Tx, provider: &IdentityProvider, claims: &Claims, now: i64) -> Result<()> {
    let sql =
        "UPDATE user_identities SET last_used_at = ?, login_key = ?, gone_at = NULL WHERE issuer = ? AND subject = ?";
    tx.execute(
        sql,
        &[now.into(), claims.login_key.clone().into(), provider.issuer.as_str().into(), claims.subject.as_str().into()],
    )?;
    Ok(())
}

/// Makes the user of an account that nobody has; his login is his address, or that of the directory, his password nobody knows.
fn make_user(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    provider: &IdentityProvider,
    claims: &Claims,
    spare: &PasswordHash,
) -> Result<i64> {
    let none = || IdentityError::from(EngineError::State("provider_no_account"));
    let email = claims.verified_email();
    let login = if provider.directory.is_some() { claims.login.as_deref() } else { email };
    let (Some(role), Some(login)) = (provider.new_user_role, login) else { return Err(none()) };
    const ROLE: &str = "SELECT id FROM role WHERE id = ? AND deleted_at IS NULL";
    let has_role = tx.query_optional(ROLE, &[role.into()])?.is_some();
    if !has_role || check_login(login).is_some() {
        return Err(none());
    }
    let name = claims.name.as_deref().filter(|name| mail::address::is_line(name)).unwrap_or(login);
    let user = NewUser {
        name: name.chars().take(NAME_LENGTH).collect(),
        login: login.to_owned(),
        email: email.map(str::to_owned),
        password: Secret::new(""),
        roles: vec![role],
        language: None,
        time_zone: None,
        employment: crate::employment::Employment::default(),
    };
    let made = insert_user(tx, snapshot, context, &user, spare).map_err(|error| match error {
        // Somebody has this login and another address.
        IdentityError::Engine(EngineError::Invalid(_)) => none(),
        other => other,
    })?;
    tx.execute("UPDATE user_credentials SET is_unknown = 1 WHERE user_id = ?", &[made.id.into()])?;
    Ok(made.id)
}

pub(crate) fn tie(
    engine: &Engine,
    provider: &IdentityProvider,
    claims: &Claims,
    session: &Session,
    device: &Client,
    now: i64,
) -> Result<FinishedSignIn> {
    let token = Secret::random_token()?;
    let context = crate::audit::holder(device, session.id, now);
    let taken = || IdentityError::from(EngineError::State("identity_taken"));
    let tied = engine.write(|tx| {
        match owner(tx, &provider.issuer, &claims.subject)? {
            Some(owner) if owner == session.user_id => {}
            Some(_) => return Err(taken()),
            None => link(tx, &context, account(provider, claims, session.user_id))?,
        }
        end_all_sessions(tx, &context, session.user_id, Some(session.id))?;
        renew(tx, session, &token)
    });
    match tied {
        Err(IdentityError::Engine(EngineError::Database(DatabaseError::Unique { table, .. })))
            if table == "user_identities" =>
        {
            Err(taken())
        }
        other => other.map(FinishedSignIn::Linked),
    }
}

fn confirm(
    engine: &Engine,
    provider: &IdentityProvider,
    claims: &Claims,
    session: &Session,
    now: i64,
) -> Result<FinishedSignIn> {
    let is_his = engine.database().read(|tx| owner(tx, &provider.issuer, &claims.subject))? == Some(session.user_id);
    if !is_his {
        return Err(EngineError::State("other_identity").into());
    }
    // A provider that was asked for a new login and gave an old one has confirmed nothing.
    if claims.authenticated_at.is_none_or(|at| now - at.saturating_mul(1_000) > FRESH_MS) {
        return Err(ProviderFault::new("login_too_old", "").into());
    }
    let token = Secret::random_token()?;
    let is_strong = provider.is_second_step && !claims.is_knowledge_alone;
    let missing = engine.database().write(|tx| confirmation::go_on(tx, session, is_strong, &token, now))?;
    Ok(missing.map_or(FinishedSignIn::Confirmed, FinishedSignIn::ConfirmSecondStep))
}
