//! Roles and teams: what users may do, as records like all others.
//!
//! The built-in roles stand in every installation ([`ensure_roles`]). That of the administrator may all and never changes; of the others the rights
//! do. What must stay true: a role that somebody has does not go; who is no administrator gives nobody more than he has; whoever changes rights makes
//! every process read them again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::{Query, Row, Tx, Value, in_list};
use record_engine::access::{Access, AccessPolicy, AccessSource, Feature, Grants, Rights, RoleGrant};
use record_engine::audit::Kind;
use record_engine::catalog::{Catalog, FieldDefinition, ObjectTypeDefinition, ROLE_TYPE, TEAM_TYPE, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::field_types::{FieldKind, ReferenceSettings, TextSettings};
use record_engine::notifications::{RIGHTS_CHANGED, file};
use record_engine::write::{Change, Intent, Occasion, Operation, Proposal, Rules, apply_one};
use record_engine::{Engine, EngineError, FieldError, RequestContext, Role, Values};
use serde_json::{Value as Json, json};

use crate::audit::tell_of_records;
use crate::directory::is_gone;
use crate::employment::end_of;
use crate::sessions::session_stands;

/// Longest name, in characters.
const NAME_LENGTH: usize = 100;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 1_000;
/// Longest JSON of the rights, in characters.
const RIGHTS_LENGTH: usize = 200_000;

/// The built-in roles in the order in which they are made, with their names.
const BUILT_IN: [(Role, [&str; 3]); 3] = [
    (Role::Administrator, ["Administrator", "Администратор", "Адміністратор"]),
    (Role::Supervisor, ["Supervisor", "Руководитель", "Керівник"]),
    (Role::Employee, ["Employee", "Сотрудник", "Співробітник"]),
];

/// Roles.
pub(crate) fn role_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    let text = |max_length| FieldKind::Text(TextSettings { max_length });
    let long = |max_length| FieldKind::LongText(TextSettings { max_length });
    ObjectTypeDefinition {
        name: ROLE_TYPE,
        labels: ["Role", "Роль", "Роль"],
        labels_plural: ["Roles", "Роли", "Ролі"],
        icon: "shield",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], text(NAME_LENGTH)).required().indexed().searched(),
            field("description", ["Description", "Описание", "Опис"], long(DESCRIPTION_LENGTH)),
            field("key", ["Built-in role", "Встроенная роль", "Вбудована роль"], text(20)).read_only(),
            field("rights", ["Rights", "Права", "Права"], long(RIGHTS_LENGTH)).required(),
        ],
        sections: Vec::new(),
        default_columns: &["name", "description"],
        default_sort: "id",
        membership: None,
        done_by: None,
        part_of: &[],
        access: kept_by(Feature::Roles, &["rights"]),
        rules: &RoleRules,
    }
}

/// Teams.
pub(crate) fn team_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    ObjectTypeDefinition {
        name: TEAM_TYPE,
        labels: ["Team", "Команда", "Команда"],
        labels_plural: ["Teams", "Команды", "Команди"],
        icon: "users-group",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
                .required()
                .indexed()
                .searched(),
            field(
                "members",
                ["Members", "Участники", "Учасники"],
                FieldKind::ReferenceSet(ReferenceSettings::to(USER_TYPE)),
            ),
        ],
        sections: Vec::new(),
        default_columns: &["name", "members"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: kept_by(Feature::Users, &[]),
        rules: &TeamRules,
    }
}

/// Everyone sees the records but for `hidden`; whoever has the part of the program changes them.
pub(crate) fn kept_by(feature: Feature, hidden: &'static [&'static str]) -> AccessPolicy {
    let reader = Grants { hidden_fields: hidden, ..Grants::READ };
    AccessPolicy {
        by_feature: Some((feature, Grants { export: false, ..Grants::ALL })),
        ..AccessPolicy::fixed(Grants::ALL, reader, reader)
    }
}

/// Makes the built-in roles where they are not, and gives users of a version without stored roles theirs.
///
/// # Errors
/// Those of the database.
pub fn ensure_roles(engine: &Engine) -> Result<(), EngineError> {
    let has_roles = |tx: &mut dyn Query| {
        let row = tx.query_one("SELECT COUNT(*) FROM role WHERE key IS NOT NULL", &[])?;
        Ok::<bool, EngineError>(row.integer(0)? > 0)
    };
    if engine.database().read(|tx| has_roles(tx))? {
        return Ok(());
    }
    let context = RequestContext::system(engine.clock());
    engine.change_catalog(&context, |tx, snapshot| {
        // Another process may have been first.
        if has_roles(tx)? {
            return Ok(());
        }
        let mut ids = Vec::new();
        for (role, names) in BUILT_IN {
            let values = Values::from([
                ("name".to_owned(), json!(in_language(names, &snapshot.installation.language))),
                ("key".to_owned(), json!(role.key())),
                ("rights".to_owned(), json!(text_of(&Rights::of(role)))),
            ]);
            let object_type = snapshot.object_type(ROLE_TYPE)?;
            let change = Change::Create { values };
            let (outcome, _) = apply_one(tx, snapshot.trusted_writer(), &context, &object_type, change)?;
            ids.push((role, outcome.id()));
        }
        give_former_roles(tx, snapshot, &context, &ids)
    })
}

fn in_language(names: [&'static str; 3], language: &str) -> &'static str {
    let [english, russian, ukrainian] = names;
    match language {
        "ru" => russian,
        "uk" => ukrainian,
        _ => english,
    }
}

/// Calls the built-in roles by the names of a language: they are made before anybody has said which the installation speaks.
///
/// # Errors
/// Those of the database.
pub(crate) fn name_roles(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    language: &str,
) -> Result<(), EngineError> {
    let object_type = snapshot.object_type(ROLE_TYPE)?;
    for (role, names) in BUILT_IN {
        let values = Values::from([("name".to_owned(), json!(in_language(names, language)))]);
        let change = Change::Update { id: built_in_role(tx, role)?, base_version: None, values };
        apply_one(tx, snapshot.trusted_writer(), context, &object_type, change)?;
    }
    Ok(())
}

/// Before roles were records a user had one by name, in a column that still stands.
fn give_former_roles(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    ids: &[(Role, i64)],
) -> Result<(), EngineError> {
    const HAD_ROLES: &str = "SELECT 1 FROM catalog_fields f JOIN catalog_object_types t ON t.id = f.object_type_id WHERE t.name = ? AND f.name = 'role'";
    if tx.query_optional(HAD_ROLES, &[USER_TYPE.into()])?.is_none() {
        return Ok(());
    }
    let users = snapshot.object_type(USER_TYPE)?;
    for row in tx.query("SELECT id, role FROM \"user\" ORDER BY id", &[])? {
        let Some(role) = row.optional_text(1)?.as_deref().and_then(Role::from_key) else { continue };
        let given: Vec<i64> = ids.iter().filter(|(known, _)| *known == role).map(|(_, id)| *id).collect();
        let values = Values::from([("roles".to_owned(), json!(given))]);
        let change = Change::Update { id: row.integer(0)?, base_version: None, values };
        apply_one(tx, snapshot.trusted_writer(), context, &users, change)?;
    }
    Ok(())
}

/// The record of a built-in role.
///
/// # Errors
/// `NotFound` before the first start; those of the database.
pub fn built_in_role(tx: &mut dyn Query, role: Role) -> Result<i64, EngineError> {
    let row = tx.query_optional("SELECT id FROM role WHERE key = ?", &[role.key().into()])?;
    Ok(row.ok_or(EngineError::NotFound)?.integer(0)?)
}

/// The ids of the roles of a user.
pub(crate) fn role_ids(values: &Values) -> BTreeSet<i64> {
    values.get("roles").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect()
}

fn text_of(rights: &Rights) -> String {
    serde_json::to_string(rights).unwrap_or_default()
}

fn rights_of(values: &Values) -> Option<Rights> {
    serde_json::from_str(values.get("rights")?.as_str()?).ok()
}

/// Reads what a user may do from the tables of this crate.
pub struct StoredAccess;

impl AccessSource for StoredAccess {
    fn load(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Access>, EngineError> {
        let active = "SELECT 1 FROM \"user\" WHERE id = ? AND is_active = 1 AND deleted_at IS NULL";
        if tx.query_optional(active, &[user_id.into()])?.is_none() {
            return Ok(None);
        }
        let roles = "SELECT r.id, r.version, r.name, r.rights FROM user_roles u JOIN role r ON r.id = u.value \
                     WHERE u.record_id = ? AND r.deleted_at IS NULL ORDER BY r.id";
        let mut granted = Vec::new();
        for row in tx.query(roles, &[user_id.into()])? {
            granted.push(Arc::new(grant(&row)?));
        }
        let teams = teams_of(tx, user_id)?;
        let people = people_of(tx, user_id)?;
        let access = Access::new(granted, people.into_iter().collect(), teams.into_iter().collect());
        Ok(Some(access.without(&snapshot.installation.closed())))
    }

    fn may_act(&self, tx: &mut dyn Query, user_id: i64, now_ms: i64) -> Result<bool, EngineError> {
        let is_over = end_of(tx, user_id)?.is_some_and(|end| now_ms >= end);
        Ok(!is_over && !is_gone(tx, user_id)?)
    }

    fn session_stands(
        &self,
        tx: &mut dyn Query,
        session_id: i64,
        user_id: i64,
        now_ms: i64,
    ) -> Result<bool, EngineError> {
        session_stands(tx, session_id, user_id, now_ms)
    }
}

/// What somebody with this role alone, and no team, may do.
///
/// # Errors
/// `NotFound`; those of the database.
pub fn access_of_role(tx: &mut dyn Query, id: i64) -> Result<Access, EngineError> {
    let sql = "SELECT r.id, r.version, r.name, r.rights FROM role r WHERE r.id = ? AND r.deleted_at IS NULL";
    let row = tx.query_optional(sql, &[id.into()])?.ok_or(EngineError::NotFound)?;
    Ok(Access::new(vec![Arc::new(grant(&row)?)], Arc::default(), Arc::default()))
}

fn grant(row: &Row) -> Result<RoleGrant, EngineError> {
    let text = row.optional_text(3)?.unwrap_or_default();
    // What a newer program wrote and this one cannot read gives nothing.
    let rights = serde_json::from_str(&text).unwrap_or_default();
    let name = row.optional_text(2)?.unwrap_or_default();
    Ok(RoleGrant { id: row.integer(0)?, version: row.integer(1)?, name, rights })
}

fn integers(tx: &mut dyn Query, sql: &str, user_id: i64) -> Result<BTreeSet<i64>, EngineError> {
    tx.query(sql, &[user_id.into()])?.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}

fn teams_of(tx: &mut dyn Query, user_id: i64) -> Result<BTreeSet<i64>, EngineError> {
    let sql = "SELECT m.record_id FROM team_members m JOIN team t ON t.id = m.record_id WHERE m.value = ? AND t.deleted_at IS NULL";
    integers(tx, sql, user_id)
}

/// He, the members of his teams, and everybody below him.
fn people_of(tx: &mut dyn Query, user_id: i64) -> Result<BTreeSet<i64>, EngineError> {
    // UNION and not UNION ALL: a circle that slipped in ends.
    let below = "WITH RECURSIVE below(id) AS (SELECT id FROM \"user\" WHERE head = ? UNION SELECT u.id FROM \"user\" u JOIN below b ON u.head = b.id) SELECT id FROM below";
    let mates = "SELECT o.value FROM team_members m JOIN team t ON t.id = m.record_id JOIN team_members o ON o.record_id = m.record_id WHERE m.value = ? AND t.deleted_at IS NULL";
    let mut people = BTreeSet::from([user_id]);
    people.extend(integers(tx, below, user_id)?);
    people.extend(integers(tx, mates, user_id)?);
    Ok(people)
}

/// See the module.
struct RoleRules;

impl Rules for RoleRules {
    fn apply(&self, _: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let Some(text) = after.get("rights").and_then(Json::as_str) else { return Vec::new() };
        match serde_json::from_str::<Rights>(text) {
            Err(error) => vec![FieldError::new("rights", "rights_invalid").with("value", error.to_string())],
            Ok(rights) => {
                let key = after.get("key").and_then(Json::as_str).and_then(Role::from_key);
                let refused = FieldError::new("rights", "built_in_rights");
                let is_refused = match key {
                    Some(Role::Administrator) => {
                        Rights { needs_second_step: false, ..rights.clone() } != Rights::of(Role::Administrator)
                    }
                    Some(role) => rights.base != Some(role),
                    None => rights.base == Some(Role::Administrator),
                };
                let is_touched = before.is_none_or(|before| before.get("rights") != after.get("rights"));
                // One spelling, so that equal rights are equal texts.
                after.insert("rights".into(), json!(text_of(&rights)));
                if is_refused && is_touched { vec![refused] } else { Vec::new() }
            }
        }
    }

    fn check_values(&self, catalog: &Catalog, proposal: &Proposal<'_>) -> Vec<FieldError> {
        rights_of(proposal.after).map(|rights| rights.check(catalog)).unwrap_or_default()
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        let mut refused = Vec::new();
        for (place, proposal) in proposals.iter().enumerate() {
            let before = proposal.before.and_then(|before| rights_of(&before.values));
            if is_out_of_reach(catalog, context, proposal, before.as_ref()) {
                refused.push((place, EngineError::field(FieldError::new("rights", "more_than_own"))));
            } else if proposal.intent == Intent::Delete {
                let is_built_in = proposal.after.contains_key("key");
                let in_use = "SELECT 1 FROM user_roles u JOIN \"user\" o ON o.id = u.record_id WHERE u.value = ? AND o.deleted_at IS NULL LIMIT 1";
                let id = proposal.id.unwrap_or_default();
                if is_built_in {
                    refused.push((place, EngineError::State("built_in_role")));
                } else if tx.query_optional(in_use, &[id.into()])?.is_some() {
                    refused.push((place, EngineError::State("role_in_use")));
                }
            }
        }
        Ok(refused)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        tell_of_records(tx, context, Kind::RoleChanged, "role", proposals);
        let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (id, before, after) in updates(proposals) {
            if before.get("rights") != after.get("rights") {
                let holders = integers(tx, "SELECT record_id FROM user_roles WHERE value = ?", id)?;
                holders.into_iter().for_each(|user| told.entry(user).or_default().push(id));
            }
        }
        file(tx, context, operation, &RIGHTS_CHANGED, ROLE_TYPE, told)
    }

    fn announces(&self, _: &[Proposal<'_>]) -> bool {
        true
    }
}

/// The records that are changed, as they were and as they are.
fn updates<'p>(proposals: &'p [Proposal<'p>]) -> impl Iterator<Item = (i64, &'p Values, &'p Values)> {
    let updates = proposals.iter().filter(|proposal| proposal.intent == Intent::Update);
    updates.filter_map(|proposal| Some((proposal.id?, &proposal.before?.values, proposal.after)))
}

/// Whether a role is not his to change who is no administrator: one that he holds himself, and one that opens more than he has, before or after.
fn is_out_of_reach(
    catalog: &Catalog,
    context: &RequestContext,
    proposal: &Proposal<'_>,
    before: Option<&Rights>,
) -> bool {
    if context.is_administrator() {
        return false;
    }
    let after = rights_of(proposal.after);
    let is_held = context.access.roles().iter().any(|role| Some(role.id) == proposal.id);
    let is_same = proposal.intent == Intent::Update && before == after.as_ref();
    // Who needs a second step an administrator has decided; who keeps roles may ask for more and not for less.
    let needs = |rights: Option<&Rights>| rights.is_some_and(|rights| rights.needs_second_step);
    let is_looser = needs(before) && !needs(after.as_ref());
    !is_same
        && (is_held
            || is_looser
            || [before, after.as_ref()].into_iter().flatten().any(|rights| opens_more(catalog, context, rights)))
}

/// Whether a role opens anything that is closed to the one who gives it.
pub(crate) fn opens_more(catalog: &Catalog, context: &RequestContext, rights: &Rights) -> bool {
    !context.is_administrator() && (rights.base == Some(Role::Administrator) || !context.access.covers(catalog, rights))
}

/// Whether somebody oversees all records himself. Teams and heads open the records of others: who does not arranges his own people only.
pub(crate) fn oversees(catalog: &Catalog, context: &RequestContext) -> bool {
    let features = Feature::ALL.into_iter().map(|feature| (feature, false)).collect();
    !opens_more(catalog, context, &Rights { features, ..Rights::of(Role::Supervisor) })
}

/// See the module.
struct TeamRules;

impl Rules for TeamRules {
    fn check_batch(
        &self,
        _: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>, EngineError> {
        if oversees(catalog, context) {
            return Ok(Vec::new());
        }
        let members = |values: &Values| -> BTreeSet<i64> {
            values.get("members").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect()
        };
        let is_beyond = |proposal: &Proposal<'_>| {
            let before = proposal.before.map(|before| members(&before.values)).unwrap_or_default();
            let after = members(proposal.after);
            let is_his = |id: &i64| context.access.my_people().contains(id);
            before != after && !before.union(&after).all(is_his)
        };
        let refusal = || EngineError::field(FieldError::new("members", "more_than_own"));
        let refused = proposals.iter().enumerate().filter(|(_, proposal)| is_beyond(proposal));
        Ok(refused.map(|(place, _)| (place, refusal())).collect())
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        tell_of_records(tx, context, Kind::TeamChanged, "team", proposals);
        // Members see what is open to their team.
        let members = |values: &Values| -> BTreeSet<i64> {
            values.get("members").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64).collect()
        };
        let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for (id, before, after) in updates(proposals) {
            for user in members(before).symmetric_difference(&members(after)) {
                told.entry(*user).or_default().push(id);
            }
        }
        for gone in proposals.iter().filter(|proposal| proposal.intent == Intent::Delete) {
            let Some(id) = gone.id else { continue };
            members(gone.after).into_iter().for_each(|user| told.entry(user).or_default().push(id));
        }
        file(tx, context, operation, &RIGHTS_CHANGED, TEAM_TYPE, told)
    }

    fn announces(&self, _: &[Proposal<'_>]) -> bool {
        true
    }
}

/// Refuses to touch the account of somebody who may more than the one who keeps the users: he would act for him.
///
/// # Errors
/// `Forbidden`, also for all who do not keep the users; those of the database.
pub(crate) fn refuse_beyond(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    user_id: i64,
) -> Result<(), EngineError> {
    if !context.may(Feature::Users) || is_beyond(tx, catalog, context, user_id)? {
        return Err(EngineError::Forbidden);
    }
    Ok(())
}

/// Whether a user may more than another who keeps the users.
///
/// # Errors
/// Those of the database.
pub(crate) fn is_beyond(
    tx: &mut dyn Query,
    catalog: &Catalog,
    context: &RequestContext,
    user_id: i64,
) -> Result<bool, EngineError> {
    let ids = integers(tx, "SELECT value FROM user_roles WHERE record_id = ?", user_id)?;
    Ok(rights_by_id(tx, &ids)?.iter().any(|(_, rights)| opens_more(catalog, context, rights)))
}

/// The rights of stored roles, by id.
///
/// # Errors
/// Those of the database.
pub(crate) fn rights_by_id(tx: &mut dyn Query, ids: &BTreeSet<i64>) -> Result<Vec<(i64, Rights)>, EngineError> {
    let mut found = Vec::new();
    for id in ids {
        if let Some(row) = tx.query_optional("SELECT rights FROM role WHERE id = ?", &[(*id).into()])? {
            let text = row.optional_text(0)?.unwrap_or_default();
            found.push((*id, serde_json::from_str(&text).unwrap_or_default()));
        }
    }
    Ok(found)
}

/// The ids of active users: first `named` and the members of `teams`, then all others.
///
/// # Errors
/// Those of the database.
pub fn active_users(tx: &mut dyn Query, named: &[i64], teams: &[i64], limit: usize) -> Result<Vec<i64>, EngineError> {
    let is_named = format!("u.id IN {}", in_list(named.len()));
    let is_member = format!(
        "EXISTS (SELECT 1 FROM team_members m WHERE m.value = u.id AND m.record_id IN {})",
        in_list(teams.len())
    );
    let sql = format!(
        "SELECT u.id FROM \"user\" u WHERE u.is_active = 1 AND u.deleted_at IS NULL \
         ORDER BY CASE WHEN {is_named} OR {is_member} THEN 0 ELSE 1 END, u.id LIMIT {limit}"
    );
    let params: Vec<Value> = named.iter().chain(teams).map(|id| (*id).into()).collect();
    tx.query(&sql, &params)?.iter().map(|row| row.integer(0).map_err(EngineError::from)).collect()
}
