//! With whom a record is shared: users and teams, for reading or for writing. Fields like all others, so that history, undo, filters and mass changes
//! have them; what they give is said by the levels of the type ([`levels`]). Whoever gets more by a change than he had is notified ([`notify`]).

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, Tx, Value, in_list};
use record_engine::RequestContext;
use record_engine::access::{AccessPolicy, Grants, Level, Levels, Rows};
use record_engine::catalog::{FieldDefinition, TEAM_TYPE, USER_TYPE};
use record_engine::error::EngineError;
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings};
use record_engine::notifications::{ACCESS_TO_CHANGE, ACCESS_TO_READ, MADE_RESPONSIBLE, file};
use record_engine::record::Values;
use record_engine::write::{Intent, Operation, Proposal};
use serde_json::Value as Json;

/// The block of the card for what says who sees it.
const BLOCK: &str = "main";
/// The fields that say with whom a record is shared.
pub const FIELDS: [&str; 5] = ["visibility", "readers", "editors", "reading_teams", "editing_teams"];

/// What the levels mean for a type with managers, the field `visibility`, and the fields of [`fields`].
pub(crate) fn levels() -> Levels {
    Levels {
        own: "managers has me",
        shared: "managers has me or visibility in (read, write) or readers has me or editors has me \
                 or reading_teams has my_teams or editing_teams has my_teams",
        shared_for_writing: "managers has me or visibility = write or editors has me or editing_teams has my_teams",
        team: "managers has my_people",
        sharing_fields: &FIELDS,
        owner_fields: &["managers"],
    }
}

/// The same for a type with one who is responsible.
pub(crate) fn responsible_levels() -> Levels {
    Levels {
        own: "responsible = me",
        shared: "responsible = me or visibility in (read, write) or readers has me or editors has me \
                 or reading_teams has my_teams or editing_teams has my_teams",
        shared_for_writing: "responsible = me or visibility = write or editors has me or editing_teams has my_teams",
        team: "responsible in my_people",
        owner_fields: &["responsible"],
        ..levels()
    }
}

/// Everybody works on what is his or shared with him, and deletes what is his; heads and administrators may do all.
pub(crate) fn access(levels: Levels) -> AccessPolicy {
    let employee = Grants {
        see: Rows::Level(Level::Shared),
        change: Rows::Level(Level::Shared),
        delete: Rows::Level(Level::Own),
        create: true,
        export: false,
        hidden_fields: &[],
        read_only_fields: &[],
    };
    AccessPolicy { levels: Some(levels), ..AccessPolicy::fixed(Grants::ALL, Grants::ALL, employee) }
}

/// The values of `visibility`; the least is named for who still has it then.
pub(crate) fn visibilities(private: [&'static str; 3]) -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("private", private, None),
        ("read", ["Everyone may read", "Все могут читать", "Усі можуть читати"], None),
        ("write", ["Everyone may edit", "Все могут изменять", "Усі можуть змінювати"], None),
    ])
}

/// The fields beside `visibility`.
pub(crate) fn fields() -> Vec<FieldDefinition> {
    let field = |name, labels, target: &str| {
        FieldDefinition::new(name, labels, FieldKind::ReferenceSet(ReferenceSettings::to(target))).group(BLOCK)
    };
    vec![
        field("readers", ["May read", "Могут читать", "Можуть читати"], USER_TYPE),
        field("editors", ["May change", "Могут менять", "Можуть змінювати"], USER_TYPE),
        field("reading_teams", ["Teams that may read", "Команды, которые читают", "Команди, які читають"], TEAM_TYPE),
        field(
            "editing_teams",
            ["Teams that may change", "Команды, которые меняют", "Команди, які змінюють"],
            TEAM_TYPE,
        ),
    ]
}

/// What a record is to somebody, the least first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Share {
    /// Nothing by what stands in these fields.
    #[default]
    None,
    Read,
    Change,
    /// He is its manager, or responsible for it.
    Own,
}

/// The fields that give something to people, and to the members of teams.
const OF_USERS: [(&str, Share); 4] =
    [("readers", Share::Read), ("editors", Share::Change), ("managers", Share::Own), ("responsible", Share::Own)];
const OF_TEAMS: [(&str, Share); 2] = [("reading_teams", Share::Read), ("editing_teams", Share::Change)];

/// Notifies those to whom records of a type are more now than before, directly or through a team.
///
/// # Errors
/// Those of the database.
pub(crate) fn notify(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    object_type: &str,
    proposals: &[Proposal<'_>],
) -> Result<(), EngineError> {
    let nothing = Values::new();
    let before = |proposal: &Proposal<'_>| proposal.before.map(|record| record.values.clone()).unwrap_or_default();
    let is_given = |intent| matches!(intent, Intent::Create | Intent::Update);
    let of_both = || OF_USERS.iter().chain(&OF_TEAMS);
    let has_grown = |proposal: &&Proposal<'_>| {
        let was = proposal.before.map_or(&nothing, |record| &record.values);
        of_both().any(|(field, _)| !gained(was, proposal.after, field).is_empty())
    };
    let grown: Vec<&Proposal<'_>> =
        proposals.iter().filter(|proposal| is_given(proposal.intent)).filter(has_grown).collect();
    let in_teams = |values: &Values| OF_TEAMS.iter().flat_map(|(field, _)| ids(values, field)).collect::<Vec<i64>>();
    let teams = grown.iter().flat_map(|proposal| [in_teams(&before(proposal)), in_teams(proposal.after)].concat());
    let members = members(tx, &teams.collect())?;
    let mut told: BTreeMap<Share, BTreeMap<i64, Vec<i64>>> = BTreeMap::new();
    for proposal in grown {
        let Some(id) = proposal.id else { continue };
        let was = before(proposal);
        let (was, open) = (shares(&was, &members), open_to_all(&was));
        for (user, share) in shares(proposal.after, &members) {
            if share > was.get(&user).copied().unwrap_or_default().max(open) {
                told.entry(share).or_default().entry(user).or_default().push(id);
            }
        }
    }
    for (share, told) in told {
        let kind = match share {
            Share::None => continue,
            Share::Read => &ACCESS_TO_READ,
            Share::Change => &ACCESS_TO_CHANGE,
            Share::Own => &MADE_RESPONSIBLE,
        };
        file(tx, context, operation, kind, object_type, told)?;
    }
    Ok(())
}

/// The ids in a field with one or several references.
pub(crate) fn ids(values: &Values, field: &str) -> Vec<i64> {
    match values.get(field) {
        Some(Json::Array(ids)) => ids.iter().filter_map(Json::as_i64).collect(),
        Some(id) => id.as_i64().into_iter().collect(),
        None => Vec::new(),
    }
}

/// The ids that a field has now and had not.
pub(crate) fn gained(was: &Values, is: &Values, field: &str) -> Vec<i64> {
    let had = ids(was, field);
    ids(is, field).into_iter().filter(|id| !had.contains(id)).collect()
}

fn open_to_all(values: &Values) -> Share {
    match values.get("visibility").and_then(Json::as_str) {
        Some("read") => Share::Read,
        Some("write") => Share::Change,
        _ => Share::None,
    }
}

fn shares(values: &Values, members: &BTreeMap<i64, Vec<i64>>) -> BTreeMap<i64, Share> {
    let mut found: BTreeMap<i64, Share> = BTreeMap::new();
    let mut give = |user: i64, share: Share| {
        let has = found.entry(user).or_default();
        *has = share.max(*has);
    };
    for (field, share) in OF_USERS {
        ids(values, field).into_iter().for_each(|user| give(user, share));
    }
    for (field, share) in OF_TEAMS {
        ids(values, field).iter().filter_map(|team| members.get(team)).flatten().for_each(|user| give(*user, share));
    }
    found
}

/// Who is in which of some teams.
pub(crate) fn members(tx: &mut Tx, teams: &BTreeSet<i64>) -> Result<BTreeMap<i64, Vec<i64>>, EngineError> {
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let teams: Vec<Value> = teams.iter().map(|team| Value::Integer(*team)).collect();
    for chunk in teams.chunks(500) {
        let sql = format!(
            "SELECT m.record_id, m.value FROM team_members m JOIN team t ON t.id = m.record_id WHERE t.deleted_at IS NULL AND m.record_id IN {}",
            in_list(chunk.len())
        );
        for row in tx.query(&sql, chunk)? {
            found.entry(row.integer(0)?).or_default().push(row.integer(1)?);
        }
    }
    Ok(found)
}
