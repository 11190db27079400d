//! What a change of a role would do, before it is saved: whom it touches, and which records each of them would see or lose.

use std::sync::Arc;

use database::ReadTx;
use filter_language::{CheckedExpr, resolve};
use record_engine::access::{Access, Action, Feature, Rights, RoleGrant, Rule};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::query::{Count, ListQuery, count, list};
use record_engine::{Engine, EngineError, RequestContext};

/// Most people who are looked at; the others are only counted.
const MAX_PEOPLE: usize = 20;
/// Most records that are named for each of them.
const EXAMPLES: usize = 3;

/// What comes of a change.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// How many active users have the role.
    pub people_count: usize,
    /// The first of them.
    pub people: Vec<PersonAffected>,
}

/// What comes of it for one user.
#[derive(Clone, Debug)]
pub struct PersonAffected {
    /// Record id of the user.
    pub user_id: i64,
    /// By object type whose rights roles govern.
    pub types: Vec<TypeAffected>,
    /// Parts of the program that open.
    pub opened: Vec<Feature>,
    /// Parts of the program that close.
    pub closed: Vec<Feature>,
    /// What comes of it for his login; `None` when nothing does.
    pub second_step: Option<SecondStepAffected>,
}

/// What a change does to the login of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondStepAffected {
    /// He must set up a second step before he goes on.
    ToSetUp,
    /// He has one, and must keep it from now on.
    ToKeep,
    /// He may take his away.
    Free,
}

impl SecondStepAffected {
    /// Its name in JSON.
    pub fn key(self) -> &'static str {
        match self {
            SecondStepAffected::ToSetUp => "to_set_up",
            SecondStepAffected::ToKeep => "to_keep",
            SecondStepAffected::Free => "free",
        }
    }
}

/// What comes of it for one user and one type.
#[derive(Clone, Debug)]
pub struct TypeAffected {
    /// Name of the type.
    pub object_type: String,
    /// By action: how many records now and then.
    pub actions: Vec<(Action, Count, Count)>,
    /// How many records would appear, with some of them by id.
    pub gained: (Count, Vec<i64>),
    /// How many would vanish, with some of them by id.
    pub lost: (Count, Vec<i64>),
    /// Fields that would be hidden.
    pub hidden_fields: Vec<String>,
    /// Fields that would show.
    pub shown_fields: Vec<String>,
}

/// Rehearses rights for a stored role.
///
/// # Errors
/// `Forbidden` for who does not keep roles, `NotFound`, `Invalid` for rights that do not fit; those of the database.
pub fn rehearse(
    engine: &Engine,
    context: &RequestContext,
    role_id: i64,
    rights: &Rights,
) -> Result<Rehearsal, EngineError> {
    if !context.may(Feature::Roles) {
        return Err(EngineError::Forbidden);
    }
    let snapshot = engine.snapshot();
    let errors = rights.check(&snapshot.catalog);
    if !errors.is_empty() {
        return Err(EngineError::Invalid(errors));
    }
    engine.database().read(|tx| {
        let ids = holders(tx, role_id)?;
        let mut people = Vec::new();
        for user_id in ids.iter().copied().take(MAX_PEOPLE) {
            if let Some(now) = engine.access(tx, &snapshot, user_id)? {
                let then = Arc::new(with_rights(&now, role_id, rights));
                people.push(affected(tx, &snapshot, context, user_id, &now, &then)?);
            }
        }
        Ok(Rehearsal { people_count: ids.len(), people })
    })
}

fn holders(tx: &mut ReadTx, role_id: i64) -> Result<Vec<i64>, EngineError> {
    use database::Query;
    let sql = "SELECT u.id FROM user_roles r JOIN \"user\" u ON u.id = r.record_id \
               WHERE r.value = ? AND u.is_active = 1 AND u.deleted_at IS NULL ORDER BY u.id";
    tx.query(sql, &[role_id.into()])?.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}

fn with_rights(access: &Access, role_id: i64, rights: &Rights) -> Access {
    let changed = |role: &Arc<RoleGrant>| {
        if role.id == role_id {
            Arc::new(RoleGrant { rights: rights.clone(), ..(**role).clone() })
        } else {
            role.clone()
        }
    };
    let roles = access.roles().iter().map(changed).collect();
    Access::new(roles, access.my_people().clone(), access.my_teams().clone()).without(access.closed())
}

fn affected(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    asker: &RequestContext,
    user_id: i64,
    now: &Arc<Access>,
    then: &Arc<Access>,
) -> Result<PersonAffected, EngineError> {
    let of = |access: &Arc<Access>| RequestContext { access: access.clone(), ..asker.clone() };
    let of = |access: &Arc<Access>| RequestContext { actor: record_engine::Actor::User { id: user_id }, ..of(access) };
    let (before, after) = (of(now), of(then));
    let mut types = Vec::new();
    for object_type in snapshot.catalog.object_types.iter().filter(|object_type| object_type.access().levels.is_some())
    {
        let affected = type_affected(tx, object_type, asker, &before, &after)?;
        types.extend(affected);
    }
    let opened = Feature::ALL.into_iter().filter(|feature| after.may(*feature) && !before.may(*feature)).collect();
    let closed = Feature::ALL.into_iter().filter(|feature| before.may(*feature) && !after.may(*feature)).collect();
    let second_step = second_step_affected(tx, snapshot, user_id, now, then)?;
    Ok(PersonAffected { user_id, types, opened, closed, second_step })
}

/// `None` when nothing is other than before, also because the installation asks everybody.
fn second_step_affected(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    user_id: i64,
    now: &Access,
    then: &Access,
) -> Result<Option<SecondStepAffected>, EngineError> {
    use database::Query;
    let (was_asked, is_asked) = (now.needs_second_step(), then.needs_second_step());
    if snapshot.installation.needs_second_step || was_asked == is_asked {
        return Ok(None);
    }
    if !is_asked {
        return Ok(Some(SecondStepAffected::Free));
    }
    let row = tx.query_one("SELECT has_second_step FROM \"user\" WHERE id = ?", &[user_id.into()])?;
    let has_one = row.optional_integer(0)? == Some(1);
    Ok(Some(if has_one { SecondStepAffected::ToKeep } else { SecondStepAffected::ToSetUp }))
}

/// `None` when nothing is other than before.
fn type_affected(
    tx: &mut ReadTx,
    object_type: &ObjectType,
    asker: &RequestContext,
    before: &RequestContext,
    after: &RequestContext,
) -> Result<Option<TypeAffected>, EngineError> {
    let (had, has) = (before.permissions(object_type), after.permissions(object_type));
    let fields = |hidden_by: &RequestContext, shown_by: &RequestContext| {
        let (hides, shows) = (hidden_by.permissions(object_type), shown_by.permissions(object_type));
        let is_hidden = |name: &str| hides.hides(name) && !shows.hides(name);
        object_type.fields.iter().filter(|field| is_hidden(&field.name)).map(|field| field.name.clone()).collect()
    };
    let (hidden_fields, shown_fields): (Vec<String>, Vec<String>) = (fields(after, before), fields(before, after));
    let changed: Vec<Action> =
        Action::ALL.into_iter().filter(|action| had.rule(*action) != has.rule(*action)).collect();
    if changed.is_empty() && hidden_fields.is_empty() && shown_fields.is_empty() {
        return Ok(None);
    }
    let mut actions = Vec::new();
    // What is seen at all narrows every action; a new record is no record yet.
    for action in changed.into_iter().filter(|action| *action != Action::Create) {
        let mut number = |of: &RequestContext| {
            let both = CheckedExpr::all_of([rows(of, object_type, Action::See), rows(of, object_type, action)]);
            counted(tx, asker, object_type, &both)
        };
        actions.push((action, number(before)?, number(after)?));
    }
    let mut difference = |more: &RequestContext, less: &RequestContext| {
        let rest = rows(less, object_type, Action::See).negated();
        let filter = CheckedExpr::all_of([rows(more, object_type, Action::See), rest]);
        let number = counted(tx, asker, object_type, &filter)?;
        let query = ListQuery { filter, limit: EXAMPLES, fields: Some(Vec::new()), ..ListQuery::default() };
        let found = list(tx, asker, object_type, &query);
        // Who gives rights over fields that he does not see himself gets the numbers and no examples.
        let examples = found.map(|page| page.records.iter().map(|record| record.id).collect()).unwrap_or_default();
        Ok::<_, EngineError>((number, examples))
    };
    let gained = difference(after, before)?;
    let lost = difference(before, after)?;
    Ok(Some(TypeAffected { object_type: object_type.name.clone(), actions, gained, lost, hidden_fields, shown_fields }))
}

/// The records of an action as a filter.
fn rows(context: &RequestContext, object_type: &ObjectType, action: Action) -> CheckedExpr {
    match context.permissions(object_type).rule(action) {
        Rule::All => CheckedExpr::all(),
        Rule::Nothing => CheckedExpr::any_of([]),
        Rule::Matching(rule) => resolve(rule, &context.filter_clock()),
    }
}

fn counted(
    tx: &mut ReadTx,
    asker: &RequestContext,
    object_type: &ObjectType,
    filter: &CheckedExpr,
) -> Result<Count, EngineError> {
    match count(tx, asker, object_type, filter, None, false, false) {
        Err(EngineError::Filter(_)) => Ok(Count { count: None, is_capped: false }),
        other => other,
    }
}
