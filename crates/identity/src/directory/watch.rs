//! The hourly look: whom a directory does not have any more, his sessions end, and no other door opens to him until it has him again.
//!
//! What must stay true: only a clear answer counts. A directory that is silent, refuses to answer or shows nobody at all has said nothing.

use database::{Query, unhex};
use record_engine::audit::{Event, Kind, record};
use record_engine::{Engine, EngineError, RequestContext, Role};

use super::session::{Conversation, Found, UNREADABLE};
use super::visit::Visit;
use crate::error::{IdentityError, Result};
use crate::providers::{IdentityProvider, ProviderClient, ProviderFault, open_providers};
use crate::sessions::end_all_sessions;

/// So many people are asked for in one conversation, which may take so many times as long as that of a login.
const PEOPLE: usize = 50;
const CONVERSATION: u32 = 4;
/// So many entries of a directory may be unreadable in one look; more of them, and it is the directory that is.
const MAX_UNREAD: usize = 10;

/// What a look at one directory has given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// The directory.
    pub provider_id: i64,
    /// Users whom it does not have any more, since this look.
    pub gone: Vec<i64>,
    /// Users whom it has again.
    pub back: Vec<i64>,
    /// Why it was not asked to the end.
    pub fault: Option<ProviderFault>,
}

/// An account of a directory that is tied to a user who is active.
struct Tied {
    id: i64,
    user_id: i64,
    subject: String,
    is_gone: bool,
}

/// Whether a directory that is open does not have the user any more. Whoever administers is the way back, and never shut out by a directory.
pub(crate) fn is_gone(tx: &mut dyn Query, user_id: i64) -> Result<bool, EngineError> {
    is_gone_but_for(tx, user_id, "")
}

/// [`is_gone`], whatever the directory of this issuer has last said.
pub(crate) fn is_gone_but_for(tx: &mut dyn Query, user_id: i64, issuer: &str) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT i.id FROM user_identities i JOIN identity_providers p ON p.issuer = i.issuer AND p.is_active = 1 \
        AND p.directory IS NOT NULL WHERE i.user_id = ? AND i.gone_at IS NOT NULL AND i.issuer <> ? LIMIT 1";
    const ADMINISTERS: &str =
        "SELECT 1 FROM user_roles u JOIN role r ON r.id = u.value WHERE u.record_id = ? AND r.key = ?";
    if tx.query_optional(SQL, &[user_id.into(), issuer.into()])?.is_none() {
        return Ok(false);
    }
    Ok(tx.query_optional(ADMINISTERS, &[user_id.into(), Role::Administrator.key().into()])?.is_none())
}

/// Looks in each directory that is open for the people who are tied to it.
///
/// # Errors
/// Those of the database; what is wrong with a directory stands in its answer.
pub fn check_directories(engine: &Engine, providers: &ProviderClient) -> Result<Vec<Watched>> {
    let mut all = Vec::new();
    for provider in open_providers(engine)? {
        if provider.directory.is_some() {
            all.push(check(engine, providers, &provider)?);
        }
    }
    Ok(all)
}

fn check(engine: &Engine, providers: &ProviderClient, provider: &IdentityProvider) -> Result<Watched> {
    const SQL: &str = "SELECT i.id, i.user_id, i.subject, i.gone_at FROM user_identities i JOIN \"user\" u ON u.id = i.user_id \
        WHERE i.issuer = ? AND u.is_active = 1 AND u.deleted_at IS NULL ORDER BY i.id";
    let mut watched = Watched { provider_id: provider.id, gone: Vec::new(), back: Vec::new(), fault: None };
    let rows = engine.database().read(|tx| tx.query(SQL, &[provider.issuer.as_str().into()]))?;
    let tied = |row: &database::Row| {
        Ok::<_, IdentityError>(Tied {
            id: row.integer(0)?,
            user_id: row.integer(1)?,
            subject: row.text(2)?,
            is_gone: row.optional_integer(3)?.is_some(),
        })
    };
    let people = rows.iter().map(tied).collect::<Result<Vec<Tied>>>()?;
    let secret = provider.secret(engine)?;
    let Some(directory) = &provider.directory else { return Ok(watched) };
    let visit = Visit { directory, secret: secret.as_deref(), client: providers };
    let mut unread = 0;
    for some in people.chunks(PEOPLE) {
        let mut rest = some;
        while !rest.is_empty() {
            let answers = ask_for(&visit, rest);
            for (person, has) in rest.iter().zip(answers.has) {
                match (has, person.is_gone) {
                    (Some(false), false) => {
                        shut(engine, provider, person)?;
                        watched.gone.push(person.user_id);
                    }
                    (Some(true), true) => {
                        open(engine, person)?;
                        watched.back.push(person.user_id);
                    }
                    _ => {}
                }
            }
            let Some((at, fault)) = answers.fault else { break };
            // An entry that cannot be read ends the conversation, and keeps nobody behind it from being looked for.
            unread += 1;
            let at = at.filter(|_| fault.code == UNREADABLE && unread <= MAX_UNREAD);
            watched.fault.get_or_insert(fault);
            let Some(at) = at else { return Ok(watched) };
            rest = rest.get(at + 1..).unwrap_or_default();
        }
    }
    Ok(watched)
}

/// What one conversation has given.
struct Answers {
    /// For each person that was asked for, in their order.
    has: Vec<Option<bool>>,
    /// At whom it broke off, if it has begun at all, and why.
    fault: Option<(Option<usize>, ProviderFault)>,
}

fn ask_for(visit: &Visit<'_>, people: &[Tied]) -> Answers {
    let mut answers = Answers { has: Vec::new(), fault: None };
    let mut conversation = match begin(visit) {
        Ok(conversation) => conversation,
        Err(fault) => return Answers { fault: Some((None, fault)), ..answers },
    };
    for (at, person) in people.iter().enumerate() {
        match has(visit, &mut conversation, person) {
            Ok(has) => answers.has.push(has),
            Err(fault) => return Answers { fault: Some((Some(at), fault)), ..answers },
        }
    }
    conversation.close();
    answers
}

/// A conversation with a directory that shows anybody at all.
fn begin(visit: &Visit<'_>) -> std::result::Result<Conversation, ProviderFault> {
    let mut conversation = visit.begin(visit.client.directory_patience() * CONVERSATION)?;
    if conversation.shows_anybody(visit.directory, &visit.filter()?.of_anyone())? {
        Ok(conversation)
    } else {
        Err(ProviderFault::new("shows_nobody", ""))
    }
}

/// Whether the directory has somebody; `None` when it does not say so clearly.
fn has(
    visit: &Visit<'_>,
    conversation: &mut Conversation,
    person: &Tied,
) -> std::result::Result<Option<bool>, ProviderFault> {
    let Some(unique_id) = unhex(&person.subject) else { return Ok(None) };
    Ok(match conversation.find(visit.directory, &visit.one(&unique_id)?)? {
        Found::Nobody => Some(false),
        Found::One(found) => Some(!found.is_disabled),
        Found::Several => None,
    })
}

fn shut(engine: &Engine, provider: &IdentityProvider, person: &Tied) -> Result<()> {
    let context = RequestContext::system(engine.clock());
    engine.write(|tx| {
        let sql = "UPDATE user_identities SET gone_at = ? WHERE id = ? AND gone_at IS NULL";
        // Of two processes that look at once, one tells of it.
        if tx.execute(sql, &[context.now_ms.into(), person.id.into()])? == 1 {
            // Not so of an administrator, whose sessions go on.
            if is_gone(tx, person.user_id)? {
                let event = Event::new(Kind::SessionEnded).on("user", person.user_id);
                record(tx, &context, event.with("reason", "gone_from_directory").with("provider_id", provider.id));
                end_all_sessions(tx, &context, person.user_id, None)?;
            }
        }
        Ok(())
    })
}

fn open(engine: &Engine, person: &Tied) -> Result<()> {
    let sql = "UPDATE user_identities SET gone_at = NULL WHERE id = ?";
    engine.database().write(|tx| tx.execute(sql, &[person.id.into()]))?;
    Ok(())
}
