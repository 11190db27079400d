//! Two readers whose rights come by teams and by the reporting tree: somebody in a thousand teams, and the boss of the head.

use database::Query;
use demo_data::USERS;
use identity::{NewUser, Secret};
use record_engine::catalog::{ROLE_TYPE, TEAM_TYPE, USER_TYPE};
use record_engine::write::{Change, Operation, OperationKind, apply, apply_one};
use record_engine::{Engine, EngineError, RequestContext, Role, Values, settings};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::base::{CLERK, HEAD, PASSWORD, user_id};
use crate::{Failure, Result};

/// Name of the setting that names the two.
const MARK: &str = "bench_teams";
/// Logins of the two.
pub(super) const BOSS: &str = "bench-boss";
pub(super) const MEMBER: &str = "bench-member";
/// Teams of the member.
const TEAMS: usize = 1_000;
/// Cards of one transaction.
const BATCH: usize = 500;

/// The ids of the two.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Teams {
    pub boss: i64,
    pub member: i64,
}

/// Makes the two and opens to each team of the member its share of the clerk's cards, or finds them.
pub(super) fn prepare(engine: &Engine) -> Result<Teams> {
    let found = engine.database().read(|tx| settings::read(tx, MARK))?;
    if let Some(teams) = found.and_then(|found| serde_json::from_value(found).ok()) {
        return Ok(teams);
    }
    let context = RequestContext::system(engine.clock());
    let employee = engine.database().read(|tx| identity::built_in_role(tx, Role::Employee))?;
    let rights = json!({ "base": "employee", "types": { "contact": { "actions": { "see": [{ "level": "team" }] } } } });
    let rights = rights.to_string();
    let heading = create(engine, &context, ROLE_TYPE, json!({ "name": "Bench: head of people", "rights": rights }))?;
    let boss = create_user(engine, &context, BOSS, heading)?;
    let member = create_user(engine, &context, MEMBER, employee)?;
    let head = json!({ "head": boss });
    let change = Change::Update { id: position(engine, HEAD)?, base_version: None, values: values(head) };
    write(engine, &context, USER_TYPE, change)?;
    let mut teams = Vec::with_capacity(TEAMS);
    for number in 0..TEAMS {
        let team = json!({ "name": format!("Bench {number}"), "members": [member] });
        teams.push(create(engine, &context, TEAM_TYPE, team)?);
    }
    open_cards(engine, &context, &teams)?;
    let made = Teams { boss, member };
    engine.write(|tx| settings::write(tx, MARK, &json!(made)))?;
    Ok(made)
}

fn open_cards(engine: &Engine, context: &RequestContext, teams: &[i64]) -> Result<()> {
    let snapshot = engine.snapshot();
    let contacts = snapshot.object_type("contact")?;
    let clerk = position(engine, CLERK)?;
    let cards: Vec<i64> = engine.database().read(|tx| {
        let rows =
            tx.query("SELECT record_id FROM contact_managers WHERE value = ? ORDER BY record_id", &[clerk.into()])?;
        rows.iter().map(|row| row.integer(0)).collect::<std::result::Result<_, _>>()
    })?;
    let opened: Vec<(i64, i64)> = cards.into_iter().zip(teams.iter().copied().cycle()).collect();
    for batch in opened.chunks(BATCH) {
        let change = |(id, team): &(i64, i64)| {
            let values = values(json!({ "reading_teams": [team] }));
            Change::Update { id: *id, base_version: None, values }
        };
        engine.write_batch(|tx| {
            let mut operation = Operation::new(OperationKind::Bulk, Some(contacts.id));
            let changes = batch.iter().map(change).collect();
            let results = apply(tx, snapshot.writer(), context, &mut operation, &contacts, changes)?;
            results.into_iter().collect::<std::result::Result<Vec<_>, EngineError>>().map(drop)
        })?;
    }
    Ok(())
}

fn position(engine: &Engine, place: u8) -> Result<i64> {
    let user =
        USERS.get(usize::from(place)).ok_or_else(|| Failure::refused("the team of the demo base is too small"))?;
    user_id(engine, user.name)
}

fn create_user(engine: &Engine, context: &RequestContext, login: &str, role: i64) -> Result<i64> {
    let new = NewUser {
        name: login.into(),
        login: login.into(),
        email: None,
        password: Secret::new(PASSWORD),
        roles: vec![role],
        language: None,
        time_zone: None,
        employment: identity::Employment::default(),
    };
    Ok(identity::create_user(engine, context, &new)?.id)
}

fn create(engine: &Engine, context: &RequestContext, object_type: &str, record: serde_json::Value) -> Result<i64> {
    write(engine, context, object_type, Change::Create { values: values(record) })
}

fn write(engine: &Engine, context: &RequestContext, object_type: &str, change: Change) -> Result<i64> {
    let snapshot = engine.snapshot();
    let object_type = snapshot.object_type(object_type)?;
    let (outcome, _) = engine.write(|tx| apply_one(tx, snapshot.writer(), context, &object_type, change.clone()))?;
    Ok(outcome.id())
}

fn values(record: serde_json::Value) -> Values {
    record.as_object().cloned().unwrap_or_default().into_iter().collect()
}
