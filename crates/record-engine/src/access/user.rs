//! What one user may do: his roles, his people and his teams, at one version of the catalog.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use database::Query;
use serde::{Deserialize, Serialize};

use super::Feature;
use super::permissions::Permissions;
use super::rights::Rights;
use crate::catalog::ObjectType;
use crate::context::Role;
use crate::engine::Snapshot;
use crate::error::Result;
use crate::field_types::ChoiceOption;

/// A role as it was read.
#[derive(Clone, Debug)]
pub struct RoleGrant {
    /// Its record.
    pub id: i64,
    /// The version of its record.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// What it allows.
    pub rights: Rights,
}

impl RoleGrant {
    /// A built-in role as the modules declare it, without a record.
    pub fn standard(role: Role) -> RoleGrant {
        RoleGrant { id: 0, version: 0, name: role.key().into(), rights: Rights::of(role) }
    }
}

/// What a key takes away from the rights of its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Only records of these types and their parts; `None` for all. What is no section of its own, such as users and tags, stays visible.
    pub types: Option<BTreeSet<String>>,
    /// Whether it writes at all.
    pub may_write: bool,
    /// Types whose records it never writes, such as users and roles: a key gives nobody anything.
    #[serde(default)]
    pub untouched: BTreeSet<String>,
}

impl Limits {
    pub(super) fn opens(&self, object_type: &ObjectType) -> bool {
        self.names(object_type) || (object_type.definition.is_system && !object_type.is_part())
    }

    pub(super) fn lets_write(&self, object_type: &ObjectType) -> bool {
        self.may_write && !self.untouched.contains(&object_type.name) && self.names(object_type)
    }

    /// Whether they are about the type: it is named itself, or what it is a part of, as comments are of contacts.
    fn names(&self, object_type: &ObjectType) -> bool {
        let Some(types) = &self.types else { return true };
        match object_type.is_part() {
            true => object_type.wholes().any(|(_, whole)| self.names(whole)),
            false => types.contains(&object_type.name),
        }
    }

    /// Whether parts of the program stay open that are no records of one type. Accounts and what opens them are never for keys.
    fn opens_feature(&self, feature: Feature) -> bool {
        use Feature::{ApiKeys, Audit, Roles, Users, Webhooks};
        self.types.is_none() && self.may_write && ![ApiKeys, Audit, Roles, Users, Webhooks].contains(&feature)
    }

    fn takes_nothing(&self) -> bool {
        self.types.is_none() && self.may_write && self.untouched.is_empty()
    }
}

/// See the module. Rights are compiled for each type when they are first asked for.
pub struct Access {
    roles: Vec<Arc<RoleGrant>>,
    my_people: Arc<[i64]>,
    my_teams: Arc<[i64]>,
    is_program: bool,
    limits: Option<Limits>,
    closed: Arc<[Feature]>,
    leaves_restricted: bool,
    compiled: RwLock<HashMap<i64, Arc<Permissions>>>,
}

impl Access {
    /// Of a user with these roles; `people` are he, the members of his teams and everybody below him.
    pub fn new(roles: Vec<Arc<RoleGrant>>, my_people: Arc<[i64]>, my_teams: Arc<[i64]>) -> Access {
        let (limits, closed) = (None, Arc::default());
        Access {
            roles,
            my_people,
            my_teams,
            is_program: false,
            limits,
            closed,
            leaves_restricted: false,
            compiled: RwLock::default(),
        }
    }

    /// The same without the parts of the program that are closed to everybody.
    #[must_use]
    pub fn without(self, closed: &[Feature]) -> Access {
        Access { closed: closed.into(), ..self }
    }

    /// Of somebody with one built-in role, without a team.
    pub fn standard(user_id: i64, role: Role) -> Access {
        Access::new(vec![Arc::new(RoleGrant::standard(role))], [user_id].into(), Arc::default())
    }

    /// Of the program itself.
    pub fn program() -> Access {
        Access { is_program: true, ..Access::new(Vec::new(), Arc::default(), Arc::default()) }
    }

    /// The same with less.
    #[must_use]
    pub fn narrowed(&self, limits: Limits) -> Access {
        let limits = Some(limits).filter(|limits| !limits.takes_nothing());
        let (people, teams) = (self.my_people.clone(), self.my_teams.clone());
        let (closed, leaves_restricted) = (self.closed.clone(), self.leaves_restricted);
        let made = Access::new(self.roles.clone(), people, teams);
        Access { is_program: self.is_program, limits, closed, leaves_restricted, ..made }
    }

    /// The same for work that goes on without a person looking at each record: what is restricted is not there for it, whoever has started it.
    #[must_use]
    pub fn leaving_restricted(&self) -> Access {
        let made = Access::new(self.roles.clone(), self.my_people.clone(), self.my_teams.clone());
        let (limits, closed) = (self.limits.clone(), self.closed.clone());
        Access { is_program: self.is_program, limits, closed, leaves_restricted: true, ..made }
    }

    /// Whether records whose use is restricted are open to him, by a part of the program.
    pub(super) fn opens_restricted(&self, feature: Feature) -> bool {
        !self.leaves_restricted && self.may(feature)
    }

    /// The roles, which add up.
    pub fn roles(&self) -> &[Arc<RoleGrant>] {
        &self.roles
    }

    /// He, the members of his teams and everybody below him.
    pub fn my_people(&self) -> &Arc<[i64]> {
        &self.my_people
    }

    /// Whether one of his roles asks for a second step of login.
    pub fn needs_second_step(&self) -> bool {
        self.roles.iter().any(|role| role.rights.needs_second_step)
    }

    /// His teams.
    pub fn my_teams(&self) -> &Arc<[i64]> {
        &self.my_teams
    }

    /// Whether an option is offered to him for new records; the program itself takes any.
    pub fn is_offered(&self, option: &ChoiceOption) -> bool {
        self.is_program || option.is_offered(&self.my_teams)
    }

    pub(super) fn limits(&self) -> Option<&Limits> {
        self.limits.as_ref()
    }

    pub(super) fn is_program(&self) -> bool {
        self.is_program
    }

    /// Whether the limits, where there are any, leave the type open.
    pub fn opens(&self, object_type: &ObjectType) -> bool {
        self.limits.as_ref().is_none_or(|limits| limits.opens(object_type))
    }

    /// Whether the limits leave only some types open.
    pub fn is_for_some_types(&self) -> bool {
        self.limits.as_ref().is_some_and(|limits| limits.types.is_some())
    }

    /// Whether he administers, but for limits.
    pub fn is_everything(&self) -> bool {
        self.is_program || self.roles.iter().any(|role| role.rights.base == Some(Role::Administrator))
    }

    /// Whether he administers the installation: he may all.
    pub fn is_administrator(&self) -> bool {
        self.is_everything() && self.limits.is_none()
    }

    /// Whether a part of the program is open to him. A key that is limited to some types or to reading opens none.
    pub fn may(&self, feature: Feature) -> bool {
        let is_kept = self.limits.as_ref().is_none_or(|limits| limits.opens_feature(feature));
        let is_closed = self.closed.contains(&feature);
        is_kept && !is_closed && (self.is_everything() || self.roles.iter().any(|role| role.rights.opens(feature)))
    }

    /// What he may do with records of a type.
    pub fn permissions(&self, object_type: &ObjectType) -> Arc<Permissions> {
        let known = self.compiled.read().unwrap_or_else(PoisonError::into_inner).get(&object_type.id).cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(Permissions::compile(self, object_type));
            let mut compiled = self.compiled.write().unwrap_or_else(PoisonError::into_inner);
            compiled.insert(object_type.id, made.clone());
            made
        })
    }

    /// The parts of the program that are closed to everybody.
    pub fn closed(&self) -> &[Feature] {
        &self.closed
    }

    /// Whether another takes nothing away of it: the same roles and limits, and no fewer people and teams.
    pub(crate) fn is_kept_by(&self, other: &Access) -> bool {
        let is_within = |some: &[i64], more: &[i64]| some.iter().all(|id| more.contains(id));
        self.fingerprint() == other.fingerprint()
            && is_within(&self.my_people, &other.my_people)
            && is_within(&self.my_teams, &other.my_teams)
    }

    /// Whether another gives the same: roles, people, teams, limits and parts of the program.
    pub fn allows_the_same_as(&self, other: &Access) -> bool {
        self.fingerprint() == other.fingerprint()
            && self.closed == other.closed
            && self.my_people == other.my_people
            && self.my_teams == other.my_teams
    }

    /// The roles with their versions, then the limits as JSON: two with the same text may the same, but for people and teams. So work that goes on for
    /// hours knows whether it still may, see `limits_of`.
    pub fn fingerprint(&self) -> String {
        let key = |role: &Arc<RoleGrant>| match role.id {
            0 => role.name.clone(),
            id => format!("{id}:{}", role.version),
        };
        let mut roles: Vec<String> = self.roles.iter().map(key).collect();
        roles.sort();
        match self.limits_text() {
            Some(limits) => format!("{} {limits}", roles.join(",")),
            None => roles.join(","),
        }
    }

    /// The limits as they stand in a fingerprint.
    pub(crate) fn limits_text(&self) -> Option<String> {
        self.limits.as_ref().and_then(|limits| serde_json::to_string(limits).ok())
    }
}

/// The rights of all stored roles.
///
/// # Errors
/// Those of the database.
pub fn stored_rights(tx: &mut dyn Query) -> Result<Vec<Rights>> {
    let rows = tx.query("SELECT rights FROM role WHERE deleted_at IS NULL", &[])?;
    let texts = rows.iter().map(|row| Ok(row.optional_text(0)?.unwrap_or_default()));
    let rights = texts.map(|text: Result<String>| Ok(serde_json::from_str(&text?).unwrap_or_default()));
    rights.collect()
}

/// The limits in a fingerprint.
pub(crate) fn limits_of(fingerprint: &str) -> Option<Limits> {
    fingerprint.split_once(' ').and_then(|(_, limits)| serde_json::from_str(limits).ok())
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access")
            .field("roles", &self.fingerprint())
            .field("teams", &self.my_teams)
            .finish_non_exhaustive()
    }
}

/// Where rights of users are read from: the crate that knows users.
pub trait AccessSource: Send + Sync {
    /// What a user may do now; `None` when there is no such active user.
    ///
    /// # Errors
    /// Those of the database; `Stored` for a role that cannot be read.
    fn load(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Access>>;

    /// Whether what a user left behind may still act for him: work under way, webhooks, letters. Whoever lets him in asks for himself.
    ///
    /// # Errors
    /// Those of the database.
    fn may_act(&self, _tx: &mut dyn Query, _user_id: i64, _now_ms: i64) -> Result<bool> {
        Ok(true)
    }

    /// Whether a session of a user goes on and his hours are open: what was left in its browser may speak to him.
    ///
    /// # Errors
    /// Those of the database.
    fn session_stands(&self, _tx: &mut dyn Query, _session_id: i64, _user_id: i64, _now_ms: i64) -> Result<bool> {
        Ok(true)
    }
}

impl<F> AccessSource for F
where
    F: Fn(&mut dyn Query, &Snapshot, i64) -> Result<Option<Access>> + Send + Sync,
{
    fn load(&self, tx: &mut dyn Query, snapshot: &Snapshot, user_id: i64) -> Result<Option<Access>> {
        self(tx, snapshot, user_id)
    }
}
