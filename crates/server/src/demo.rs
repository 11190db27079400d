//! `kartoteka demo`: an empty installation becomes a believable one, with a team, groups, tags, companies, people, and the work
//! that is done for them.
//!
//! What must stay true: the contacts take the engine's write path, so that search, history, uniqueness and undo know them like any others; the
//! same number and seed on the same day give the same base; the password of the team is never one that stands in this program.

mod labels;
mod load;
mod orders;
mod team;
mod templates;
mod values;
mod work;

pub use labels::Labels;
pub use load::{Loaded, Loader};
pub use team::create_team;
pub use values::values_of;

use std::process::ExitCode;

use database::Query;
use demo_data::{DemoBase, USERS};
use record_engine::{Clock, Engine, EngineError};

use crate::arguments::DemoOptions;
use crate::installation::{Place, is_set_up};
use crate::progress::Progress;
use crate::{Failure, Result};

/// Letters and digits of random passwords, without those that are read for each other.
const PASSWORD_LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
/// Characters of a random password: 80 bits.
const PASSWORD_LENGTH: usize = 16;

pub(crate) fn run(place: &Place, options: &DemoOptions) -> Result<ExitCode> {
    let installation = place.open(Clock::system())?;
    let engine = &installation.engine;
    refuse_unless_empty(engine)?;
    let password = match &options.password {
        Some(password) => password.clone(),
        None => random_password()?,
    };
    let team = create_team(engine, &password)?;
    let labels = Labels::create(engine, team.first().copied().unwrap_or_default())?;
    templates::create_templates(engine, team.first().copied().unwrap_or_default())?;
    let mut progress = Progress::new("contacts");
    let base = DemoBase { contacts: options.contacts, seed: options.seed };
    let loaded = Loader::new(engine, base, team)
        .labelled(labels)
        .with_work(1)
        .load(&mut |done| progress.show(done, Some(base.contacts)))?;
    progress.end();
    println!(
        "{} contacts and {} deals, orders, tasks, events and notes in {:.1} s",
        loaded.contacts,
        loaded.work,
        progress.seconds()
    );
    println!();
    for user in USERS {
        println!("  {:<10} {:<14} {}", user.login, user.role, user.name);
    }
    println!();
    println!("  password   {password}");
    engine.database().close();
    Ok(ExitCode::SUCCESS)
}

/// A demo base beside real data would be hard to tell from it.
fn refuse_unless_empty(engine: &Engine) -> Result<()> {
    let contacts =
        engine.database().read(|tx| Ok::<_, EngineError>(tx.query_optional("SELECT id FROM contact LIMIT 1", &[])?))?;
    if is_set_up(engine)? || contacts.is_some() {
        return Err(Failure::refused(
            "this installation is in use; demo data goes only into an empty one (choose another folder with --data)",
        ));
    }
    Ok(())
}

fn random_password() -> Result<String> {
    let mut bytes = [0_u8; PASSWORD_LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::refused(format!("the system gives no randomness: {error}")))?;
    let letter = |byte: &u8| PASSWORD_LETTERS.get(usize::from(byte % 32)).map_or('a', |letter| char::from(*letter));
    Ok(bytes.iter().map(letter).collect())
}
