//! Groups: a tree of sets of contacts. Into a manual group people put contacts, to a smart one a rule in the filter language assigns them.
//!
//! What must stay true: a group is either manual or smart (decision D6), and a contact is put into manual groups only. Membership by rule is
//! never stored: `record_engine::catalog` answers it wherever a filter is compiled.
//!
//! A role may say that somebody sees the contacts of a group. Then the group is part of the role: who does not keep the roles leaves its rule and its
//! place in the tree as they are.
//!
//! It requires no other module: the field `groups` of contacts belongs to contacts.

use std::collections::{BTreeMap, BTreeSet};

use database::Query;
use filter_language::{Literal, Operand, parse};
use record_engine::RequestContext;
use record_engine::access::{AccessPolicy, Feature, Grants, Rows, stored_rights};
use record_engine::catalog::{Catalog, FieldDefinition, Membership, ObjectTypeDefinition};
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::{ChoiceSettings, FieldKind, FilterSettings, ReferenceSettings, TextSettings};
use record_engine::record::Values;
use record_engine::write::{Intent, Occasion, Proposal, Rules};
use serde_json::Value as Json;

/// Name of the object type.
pub const GROUP_TYPE: &str = "group";
/// Longest name, in characters.
const NAME_LENGTH: usize = 120;
/// Longest description, in characters.
const DESCRIPTION_LENGTH: usize = 2_000;
/// What the members of a group depend on, beside the contacts.
const SHAPE: [&str; 3] = ["kind", "rule", "parent"];
/// The type whose records are members, and its field that names their groups.
const OF: (&str, &str) = ("contact", "groups");

/// Groups.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: GROUP_TYPE,
        labels: ["Group", "Группа", "Група"],
        labels_plural: ["Groups", "Группы", "Групи"],
        icon: "folder-tree",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "kind", "parent", "description"],
        default_sort: "name",
        membership: Some(Membership { of: OF.0, field: OF.1, rule: "rule", parent: "parent" }),
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &GroupRules,
    }
}

/// Everyone works with groups; supervisors and administrators shape them.
fn access() -> AccessPolicy {
    let keeper = Grants { change: Rows::All, delete: Rows::All, create: true, ..Grants::READ };
    AccessPolicy::fixed(Grants::ALL, keeper, Grants::READ)
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    vec![
        field("name", ["Name", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: NAME_LENGTH }))
            .required()
            .indexed()
            .searched(),
        field(
            "parent",
            ["Inside the group", "Входит в группу", "Входить до групи"],
            FieldKind::Reference(ReferenceSettings {
                target: GROUP_TYPE.into(),
                target_filter: None,
                is_hierarchy: true,
                is_unique: false,
            }),
        )
        .indexed(),
        field("kind", ["Members", "Состав", "Склад"], FieldKind::Choice(kinds())).required().default("manual"),
        field("rule", ["Rule", "Правило", "Правило"], FieldKind::Filter(FilterSettings { target: "contact".into() }))
            .shown_if("kind = smart")
            .required_if("kind = smart"),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: DESCRIPTION_LENGTH }),
        ),
    ]
}

fn kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("manual", ["Put in by hand", "Добавляют вручную", "Додають вручну"], None),
        ("smart", ["Assigned by a rule", "По правилу", "За правилом"], Some("purple")),
    ])
}

struct GroupRules;

impl Rules for GroupRules {
    /// A manual group has no rule: what stands in one would assign members unseen.
    fn apply(&self, _: Occasion<'_>, _: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        if after.get("kind").and_then(Json::as_str) != Some("smart") {
            after.remove("rule");
        }
        Vec::new()
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        _: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let shaped: Vec<(usize, &Proposal<'_>, &str)> = proposals
            .iter()
            .enumerate()
            .filter_map(|(place, proposal)| Some((place, proposal, shaped_field(proposal)?)))
            .collect();
        if shaped.is_empty() || context.may(Feature::Roles) {
            return Ok(Vec::new());
        }
        let groups = Groups::read(tx)?;
        let named = groups.named_by_roles(tx)?;
        let parent = |values: &Values| values.get("parent").and_then(Json::as_i64);
        let is_part = |proposal: &Proposal<'_>| {
            let before = proposal.before.and_then(|before| parent(&before.values));
            let around = [proposal.id, before, parent(proposal.after)];
            around.into_iter().flatten().any(|id| !groups.with_those_above(id).is_disjoint(&named))
        };
        let refused = shaped.into_iter().filter(|(_, proposal, _)| is_part(proposal));
        Ok(refused
            .map(|(place, _, field)| (place, EngineError::field(FieldError::new(field, "named_by_role"))))
            .collect())
    }
}

/// What a change of a group does to its members: the field that says so.
fn shaped_field(proposal: &Proposal<'_>) -> Option<&'static str> {
    let is_other = |field: &&str| {
        let before = proposal.before.map_or(&Json::Null, |before| before.value(field));
        proposal.after.get(*field).unwrap_or(&Json::Null) != before
    };
    match proposal.intent {
        Intent::Delete | Intent::Restore => Some("parent"),
        Intent::Create | Intent::Update => SHAPE.into_iter().rev().find(is_other),
    }
}

/// How groups stand in one another, by nesting and by rules.
struct Groups {
    parents: BTreeMap<i64, i64>,
    rules: BTreeMap<i64, String>,
}

impl Groups {
    fn read(tx: &mut dyn Query) -> Result<Groups> {
        let mut groups = Groups { parents: BTreeMap::new(), rules: BTreeMap::new() };
        for row in tx.query("SELECT id, parent, rule FROM \"group\"", &[])? {
            let id = row.integer(0)?;
            groups.parents.extend(row.optional_integer(1)?.map(|parent| (id, parent)));
            groups.rules.extend(row.optional_text(2)?.map(|rule| (id, rule)));
        }
        Ok(groups)
    }

    /// The groups that lines of roles name, and those that the rules of these name in turn.
    fn named_by_roles(&self, tx: &mut dyn Query) -> Result<BTreeSet<i64>> {
        let rights = stored_rights(tx)?;
        let lines =
            rights.iter().filter_map(|rights| rights.types.get(OF.0)).flat_map(|rights| rights.actions.values());
        let filters = lines.flatten().filter_map(|line| line.filter.as_deref());
        let mut open: Vec<i64> = filters.flat_map(groups_in).collect();
        let mut named = BTreeSet::new();
        while let Some(id) = open.pop() {
            if named.insert(id) {
                let within = self.parents.iter().filter(|(_, parent)| **parent == id).map(|(child, _)| *child);
                open.extend(within);
                open.extend(self.rules.get(&id).map(String::as_str).into_iter().flat_map(groups_in));
            }
        }
        Ok(named)
    }

    fn with_those_above(&self, id: i64) -> BTreeSet<i64> {
        let mut above = BTreeSet::new();
        let mut next = Some(id);
        while let Some(id) = next.filter(|id| above.insert(*id)) {
            next = self.parents.get(&id).copied();
        }
        above
    }
}

/// The groups that a condition names.
fn groups_in(filter: &str) -> Vec<i64> {
    let Ok(expr) = parse(filter) else { return Vec::new() };
    let conditions = expr.conditions().into_iter().filter(|condition| condition.field.field == OF.1);
    let literals = conditions.flat_map(|condition| match &condition.value {
        Operand::None => Vec::new(),
        Operand::One(literal) => vec![literal.clone()],
        Operand::Many(literals) => literals.clone(),
    });
    literals.filter_map(|literal| if let Literal::Integer(id) = literal { Some(id) } else { None }).collect()
}
