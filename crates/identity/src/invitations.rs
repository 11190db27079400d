//! Inviting people: the user exists from the invitation on, without login and password; he chooses both behind his link and is in.
//!
//! What must stay true: who is invited cannot log in and nobody can make him active but himself, by his link; the link is good for seven days,
//! once, and until an administrator takes it back.

use database::{Query, Tx};
use mail::letters;
use mail::outbox::{self, Letter};
use record_engine::audit::{Event, Kind, record};
use record_engine::catalog::{Catalog, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Values};
use serde::Deserialize;
use serde_json::json;

use crate::audit::stranger;
use crate::employment::Employment;
use crate::error::{IdentityError, Result};
use crate::links::{self, Purpose};
use crate::login::login_key;
use crate::object_type::time_zone_of;
use crate::passwords::{PasswordHash, check_password};
use crate::roles::is_beyond;
use crate::secret::Secret;
use crate::sessions::{Client, NewSession, open_session};
use crate::users::{CreatedUser, check_login, login_taken, refuse_all_but_keepers};
use crate::working_hours::note_closed;

/// How long an invitation is good.
const INVITATION_DAYS: i64 = 7;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A person to be invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// First and last name.
    pub name: String,
    /// Where the invitation goes.
    pub email: String,
    /// The ids of his roles.
    pub roles: Vec<i64>,
    /// `ru`, `uk` or `en`; else that of the installation.
    pub language: Option<String>,
    /// IANA name; else that of the installation's country.
    pub time_zone: Option<String>,
    /// Who he is to the company.
    pub employment: Employment,
}

/// A link to an invitation, as the administrator gets it.
#[derive(Clone, Debug)]
pub struct InvitationLink {
    /// The page below the public address.
    pub page: String,
    /// Whether a letter with the link is on its way.
    pub is_mailed: bool,
}

/// A new token for a link. It is made outside of transactions, because those may run twice.
///
/// # Errors
/// `Cryptography` when the system gives no randomness.
pub fn link_token() -> Result<Secret> {
    Secret::random_token()
}

/// What is wrong with an invitation, before anything is written.
pub fn check_invitation(invitation: &NewInvitation) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if invitation.name.trim().is_empty() {
        errors.push(FieldError::new("name", "required"));
    } else if !mail::address::is_line(&invitation.name) {
        errors.push(FieldError::new("name", "control_characters"));
    }
    if invitation.email.trim().is_empty() {
        errors.push(FieldError::new("email", "required"));
    } else if !mail::address::is_address(invitation.email.trim()) {
        errors.push(FieldError::new("email", "not_an_email"));
    }
    errors
}

/// Makes a user who is not in yet. For whoever keeps the users. The letter is another step, [`send_invitation`], in the same transaction.
///
/// # Errors
/// `Forbidden`; `Invalid` with pointers into [`NewInvitation`]; those of the database.
pub fn insert_invited(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    invitation: &NewInvitation,
) -> Result<CreatedUser> {
    refuse_all_but_keepers(context)?;
    let errors = check_invitation(invitation);
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let installation = &snapshot.installation;
    let time_zone = invitation.time_zone.as_deref().unwrap_or(time_zone_of(&installation.country));
    let mut values = Values::from([
        ("name".to_owned(), json!(invitation.name)),
        ("email".to_owned(), json!(invitation.email.trim())),
        ("roles".to_owned(), json!(invitation.roles)),
        ("language".to_owned(), json!(invitation.language.as_ref().unwrap_or(&installation.language))),
        ("time_zone".to_owned(), json!(time_zone)),
        ("is_active".to_owned(), json!(false)),
    ]);
    values.extend(invitation.employment.values());
    let object_type = snapshot.object_type(USER_TYPE)?;
    // Trusted, because the record API makes no users.
    let (outcome, operation_id) =
        apply_one(tx, snapshot.trusted_writer(), context, &object_type, Change::Create { values })?;
    Ok(CreatedUser { id: outcome.id(), operation_id })
}

/// A new link for somebody who is invited; earlier ones are void. With a public address and mail it also leaves as a letter.
///
/// # Errors
/// `Forbidden`, `NotFound`; `State("user_is_in")` for who has a password already; those of the database.
pub fn send_invitation(
    tx: &mut Tx,
    engine: &Engine,
    context: &RequestContext,
    user_id: i64,
    token: &Secret,
    public_url: Option<&str>,
) -> Result<InvitationLink> {
    let invited = find_own_invited(tx, &engine.snapshot().catalog, context, user_id)?;
    let now = context.now_ms;
    let expires_at = now + INVITATION_DAYS * DAY_MS;
    links::create(tx, user_id, Purpose::Invitation, token, now, expires_at)?;
    outbox::withdraw(tx, user_id, Purpose::Invitation.key())?;
    record(tx, context, Event::new(Kind::UserInvited).on("user", user_id));
    let page = Purpose::Invitation.page(token);
    let (Some(public_url), Some(email)) = (public_url, &invited.email) else {
        return Ok(InvitationLink { page, is_mailed: false });
    };
    let content = letters::invitation(
        &invited.language,
        &letters::Invitation {
            company: &engine.snapshot().installation.company_name,
            name: &invited.name,
            invited_by: &name_of(tx, context.actor.user_id())?,
            url: &format!("{public_url}{page}"),
            days: INVITATION_DAYS,
        },
    );
    let letter = Letter {
        kind: Purpose::Invitation.key(),
        user_id: Some(user_id),
        receiver: email,
        receiver_name: &invited.name,
        content: &content,
        expires_at,
    };
    let posted = outbox::post(tx, engine, now, &letter)?;
    Ok(InvitationLink { page, is_mailed: posted.is_some() })
}

fn name_of(tx: &mut dyn Query, user_id: Option<i64>) -> Result<String> {
    let Some(user_id) = user_id else { return Ok(String::new()) };
    let row = tx.query_optional("SELECT name FROM \"user\" WHERE id = ?", &[user_id.into()])?;
    Ok(row.map(|row| row.text(0)).transpose()?.unwrap_or_default())
}

struct Invited {
    name: String,
    email: Option<String>,
    language: String,
}

/// Somebody invited who may no more than the one who asks: a link is as good as the account.
fn find_own_invited(tx: &mut dyn Query, catalog: &Catalog, context: &RequestContext, user_id: i64) -> Result<Invited> {
    refuse_all_but_keepers(context)?;
    let invited = find_invited(tx, user_id)?;
    if is_beyond(tx, catalog, context, user_id)? { Err(EngineError::Forbidden.into()) } else { Ok(invited) }
}

fn find_invited(tx: &mut dyn Query, user_id: i64) -> Result<Invited> {
    const SQL: &str = "SELECT u.name, u.email, u.language, c.user_id, u.is_active FROM \"user\" u \
        LEFT JOIN user_credentials c ON c.user_id = u.id WHERE u.id = ? AND u.deleted_at IS NULL";
    let row = tx.query_optional(SQL, &[user_id.into()])?.ok_or(EngineError::NotFound)?;
    if !row.value(3).is_null() || row.optional_integer(4)? == Some(1) {
        return Err(EngineError::State("user_is_in").into());
    }
    Ok(Invited { name: row.text(0)?, email: row.optional_text(1)?, language: row.text(2)? })
}

/// Takes an invitation back: its link leads nowhere any more, and a letter that has not left does not leave.
///
/// # Errors
/// `Forbidden`; `State("user_is_in")`, `NotFound`; those of the database.
pub fn revoke_invitation(tx: &mut Tx, catalog: &Catalog, context: &RequestContext, user_id: i64) -> Result<()> {
    find_own_invited(tx, catalog, context, user_id)?;
    links::revoke(tx, user_id, Purpose::Invitation, context.now_ms)?;
    record(tx, context, Event::new(Kind::UserInvited).on("user", user_id).with("action", "deleted"));
    outbox::withdraw(tx, user_id, Purpose::Invitation.key())?;
    Ok(())
}

/// An invitation that nobody has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenInvitation {
    /// The user to be.
    pub user_id: i64,
    /// When it was sent last, milliseconds UTC.
    pub created_at: i64,
    /// When it ends or has ended, milliseconds UTC.
    pub expires_at: i64,
    /// What became of the letter; `None` when there was none.
    pub letter: Option<outbox::Listed>,
}

/// The invitations that nobody has accepted, also those whose time is over. For whoever keeps the users.
///
/// # Errors
/// `Forbidden`; those of the database.
pub fn list_invitations(tx: &mut dyn Query, context: &RequestContext) -> Result<Vec<OpenInvitation>> {
    refuse_all_but_keepers(context)?;
    const SQL: &str = "SELECT user_id, created_at, expires_at FROM user_links \
        WHERE purpose = 'invitation' AND used_at IS NULL ORDER BY user_id";
    let rows = tx.query(SQL, &[])?;
    let mut invitations = Vec::with_capacity(rows.len());
    for row in rows {
        let user_id = row.integer(0)?;
        let letter = outbox::last_to(tx, user_id, Purpose::Invitation.key())?;
        let (created_at, expires_at) = (row.integer(1)?, row.integer(2)?);
        invitations.push(OpenInvitation { user_id, created_at, expires_at, letter });
    }
    Ok(invitations)
}

/// What the one behind the link sees first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationView {
    /// His name.
    pub name: String,
    /// His address.
    pub email: Option<String>,
    /// The language he was invited in.
    pub language: String,
}

/// Looks at an invitation.
///
/// # Errors
/// `WrongLink`; those of the database.
pub fn look_at_invitation(engine: &Engine, token: &Secret) -> Result<InvitationView> {
    let now = engine.clock().now_ms();
    engine.database().read(|tx| {
        let user_id = links::find(tx, Purpose::Invitation, token, now)?;
        let Invited { name, email, language } = find_invited(tx, user_id).map_err(|_| IdentityError::WrongLink)?;
        Ok(InvitationView { name, email, language })
    })
}

/// What the one who was invited chooses.
#[derive(Clone, Debug, Deserialize)]
pub struct Acceptance {
    /// The token of the link.
    pub token: Secret,
    /// His login.
    pub login: String,
    /// His password.
    pub password: Secret,
}

/// Accepts an invitation and opens the first session.
///
/// # Errors
/// `WrongLink`; `Invalid` with pointers into [`Acceptance`]; `OutsideHours`; those of hashing and of the database.
pub fn accept_invitation(engine: &Engine, acceptance: &Acceptance, client: &Client) -> Result<NewSession> {
    let now = engine.clock().now_ms();
    // Whoever has no link learns nothing, and costs no hashing.
    look_at_invitation(engine, &acceptance.token)?;
    let login = acceptance.login.trim();
    let errors: Vec<FieldError> =
        check_login(login).into_iter().chain(check_password("password", &acceptance.password, login)).collect();
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let hash = PasswordHash::new(&acceptance.password)?;
    let session = Secret::random_token()?;
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type(USER_TYPE)?;
    let context = stranger(client, now);
    let key = login_key(login);
    let opened = engine
        .write(|tx| {
            let user_id = links::consume(tx, Purpose::Invitation, &acceptance.token, now)?;
            find_invited(tx, user_id).map_err(|_| IdentityError::WrongLink)?;
            let sql = "SELECT user_id FROM user_credentials WHERE login_key = ?";
            if tx.query_optional(sql, &[key.as_str().into()])?.is_some() {
                return Err(login_taken());
            }
            tx.execute(
                "INSERT INTO user_credentials (user_id, login_key, password_hash, changed_at) VALUES (?, ?, ?, ?)",
                &[user_id.into(), key.as_str().into(), hash.as_str().into(), now.into()],
            )?;
            let values = Values::from([("login".to_owned(), json!(login)), ("is_active".to_owned(), json!(true))]);
            let change = Change::Update { id: user_id, base_version: None, values };
            // Trusted, because a login is nothing that the record API writes.
            apply_one(tx, snapshot.trusted_writer(), &context, &object_type, change)?;
            outbox::withdraw(tx, user_id, Purpose::Invitation.key())?;
            record(tx, &context, Event::new(Kind::UserCreated).by(user_id).on("user", user_id));
            open_session(tx, user_id, &session, client, now)
        })
        .map_err(|error| if error.is_taken_login() { login_taken() } else { error });
    // The link stays good until he may come in.
    note_closed(engine, client, &[], opened)
}
