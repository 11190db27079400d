//! The base that is measured: demo contacts with rights that bite as the budgets ask for.
//!
//! What must stay true: of three readers one sees everything, one exactly a third, one exactly every thousandth card; nothing is shared with
//! everyone, so that the rights cannot be passed by.

use demo_data::{DemoBase, DemoContact, USERS};
use record_engine::query::ids_by_text;
use record_engine::{Engine, EngineError, RequestContext, Source, settings};
use serde_json::json;

use super::grow::grow;
use super::{bare, teams};
use crate::demo::{Loader, create_team};
use crate::installation::user_context;
use crate::progress::Progress;
use crate::{Failure, Result};

/// Name of the setting that tells a base of an earlier run.
const MARK: &str = "bench_base";
/// How many contacts the write path makes; more than these are copies of them.
const MADE: u64 = 1_000_000;
/// About how many tasks a base with work has.
const TASKS: u64 = 1_000_000;
/// Fewer contacts are for tests of the bench itself.
const SMALL: u64 = 10_000;
/// Position in the team of the employee who answers for a third.
pub(super) const HEAD: u8 = 2;
/// Position in the team of the employee who answers for every thousandth card.
pub(super) const CLERK: u8 = 7;
/// One card of so many is the clerk's.
const CLERK_SHARE: u64 = 1_000;
/// The place of the clerk's card among them.
const CLERK_REST: u64 = 7;
/// One card of so many is the head's.
const HEAD_SHARE: u64 = 3;
/// The password of the team: the base is made for the measurement and serves nobody else.
pub(crate) const PASSWORD: &str = "measure-what-matters";

/// Whose eyes a measurement looks through.
#[derive(Clone)]
pub(crate) struct Reader {
    /// In the words of the report.
    pub name: &'static str,
    /// His login.
    pub login: &'static str,
    /// His context.
    pub context: RequestContext,
    /// The same rights as hand-written SQL; nothing for who sees all.
    pub eyes: bare::Employee,
    /// Of the contacts by their index, he sees those that leave `rest` divided by `share`.
    share: u64,
    rest: u64,
}

impl Reader {
    /// The index of some contact that he sees.
    pub fn some_index(&self, base: DemoBase, random: u64) -> u64 {
        let visible = (base.contacts / self.share).max(1);
        (random % visible) * self.share + self.rest
    }
}

/// The base and its readers.
pub(crate) struct Base {
    pub demo: DemoBase,
    pub readers: Vec<Reader>,
}

/// Builds the base, with the work that is done for its contacts or without, or finds that of an earlier run.
pub(crate) fn prepare(engine: &Engine, demo: DemoBase, has_work: bool) -> Result<Base> {
    let mark = match has_work {
        true => json!({ "contacts": demo.contacts, "seed": demo.seed, "work": true }),
        false => json!({ "contacts": demo.contacts, "seed": demo.seed }),
    };
    let found = engine.database().read(|tx| settings::read(tx, MARK))?;
    let of_the_made = json!({ "contacts": MADE, "seed": demo.seed });
    match found {
        Some(found) if found == mark => {}
        Some(found) if found == of_the_made && demo.contacts > MADE => {
            // Half grown it is of no use to any run.
            engine.write(|tx| settings::write(tx, MARK, &json!("growing")))?;
            grow(engine, MADE, demo.contacts)?;
            engine.write(|tx| settings::write(tx, MARK, &mark))?;
        }
        Some(found) => return Err(Failure::refused(format!("there is a base of another run: {found}"))),
        None => {
            let team = create_team(engine, PASSWORD)?;
            let made = DemoBase { contacts: demo.contacts.min(MADE), ..demo };
            let mut progress = Progress::new("contacts");
            let loader = Loader::new(engine, made, team).adjusted(restrict);
            let loader = if has_work { loader.with_work(rounds(made.contacts)) } else { loader };
            loader.load(&mut |done| progress.show(done, Some(made.contacts)))?;
            progress.end();
            if made.contacts < demo.contacts && !has_work {
                grow(engine, made.contacts, demo.contacts)?;
            }
            engine.write(|tx| settings::write(tx, MARK, &mark))?;
        }
    }
    let teams = teams::prepare(engine)?;
    let mut readers = readers(engine)?;
    // The same cards by other rights: of the clerk's each is open to one of a thousand teams, and the head reports to somebody.
    if let [_, head, clerk] = readers.as_slice() {
        let boss = user_context(engine, teams.boss, Source::Web)?;
        let member = user_context(engine, teams.member, Source::Web)?;
        let by_rights = [
            Reader { name: "boss of the head", login: teams::BOSS, context: boss, ..head.clone() },
            Reader {
                name: "member of 1,000 teams, sees 1 in 1,000",
                login: teams::MEMBER,
                context: member,
                eyes: Some(bare::Eyes::of_member(teams.member)),
                ..clerk.clone()
            },
        ];
        readers.extend(by_rights);
    }
    Ok(Base { demo, readers })
}

/// How often work is done for each contact. A base that is too small to be measured has little of it.
fn rounds(contacts: u64) -> u64 {
    if contacts < SMALL { 1 } else { TASKS / contacts }
}

fn restrict(contact: &mut DemoContact) {
    contact.visibility = "private";
    contact.managers.retain(|manager| !matches!(*manager, HEAD | CLERK));
    if contact.index.is_multiple_of(HEAD_SHARE) {
        contact.managers.push(HEAD);
    }
    if contact.index % CLERK_SHARE == CLERK_REST {
        contact.managers.push(CLERK);
    }
    if contact.managers.is_empty() {
        contact.managers.push(HEAD + 1);
    }
}

fn readers(engine: &Engine) -> Result<Vec<Reader>> {
    let reader = |name, position: u8, share, rest| {
        let user = USERS
            .get(usize::from(position))
            .ok_or_else(|| Failure::refused("the team of the demo base is too small"))?;
        let id = user_id(engine, user.name)?;
        let context = user_context(engine, id, Source::Web)?;
        let eyes = (share > 1).then(|| bare::Eyes::of_manager(id));
        Ok::<_, Failure>(Reader { name, login: user.login, context, eyes, share, rest })
    };
    Ok(vec![
        reader("administrator, sees all", 0, 1, 0)?,
        reader("head, sees a third", HEAD, HEAD_SHARE, 0)?,
        reader("employee, sees 1 in 1,000", CLERK, CLERK_SHARE, CLERK_REST)?,
    ])
}

/// The user of a name; the names of the team are unique.
pub(crate) fn user_id(engine: &Engine, name: &str) -> Result<i64> {
    let users = engine.snapshot().object_type(record_engine::catalog::USER_TYPE)?;
    let context = RequestContext::system(engine.clock());
    let keys = std::collections::BTreeSet::from([filter_language::sort_key(name)]);
    let found = engine.database().read(|tx| {
        let field = users.field("name").ok_or(EngineError::NotFound)?;
        ids_by_text(tx, &context, &users, field, &keys, None)
    })?;
    let id = found.into_values().flatten().next();
    id.ok_or_else(|| Failure::refused(format!("the base has no user {name}")))
}
