//! Who has a say in a deal: people and companies of the base, each with a role.
//!
//! What must stay true: somebody has one role in a deal at most; who may change the deal says who takes part in it, and who sees the deal sees them.

use std::collections::BTreeSet;

use database::{Backend, Query, Tx, Value, in_list};
use record_engine::RequestContext;
use record_engine::catalog::{Catalog, FieldDefinition, ObjectTypeDefinition};
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings, TextSettings};
use record_engine::record::Values;
use record_engine::write::{Completion, Intent, Proposal, Rules, Surroundings};
use serde_json::{Value as Json, json};

use super::DEAL_TYPE;
use crate::lines;
use crate::whole::{WholeField, refuse_without_right};

/// Name of the object type.
pub const DEAL_PARTICIPANT_TYPE: &str = "deal_participant";
/// Longest remark, in characters.
const REMARK_LENGTH: usize = 500;
/// What they are parts of.
const WHOLES: [WholeField; 1] = [("deal", DEAL_TYPE)];
/// Number of the lock under which roles are given on PostgreSQL; any that nobody else takes.
const LOCK: i64 = 7_461_041;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let text = |max_length: usize| FieldKind::Text(TextSettings { max_length });
    ObjectTypeDefinition {
        name: DEAL_PARTICIPANT_TYPE,
        labels: ["Participant", "Участник сделки", "Учасник угоди"],
        labels_plural: ["Participants of deals", "Участники сделок", "Учасники угод"],
        icon: "users",
        title_field: "title",
        is_importable: false,
        is_system: true,
        fields: vec![
            field("title", ["Title", "Название", "Назва"], text(200)).read_only(),
            field("deal", ["Deal", "Сделка", "Угода"], to(DEAL_TYPE)).required().indexed(),
            field("contact", ["Contact", "Контакт", "Контакт"], to("contact")).required().indexed(),
            field("role", ["Role", "Роль", "Роль"], FieldKind::Choice(roles())).required().indexed().default("decides"),
            field("remark", ["Remark", "Примечание", "Примітка"], text(REMARK_LENGTH)),
        ],
        sections: Vec::new(),
        default_columns: &["deal", "contact", "role", "remark"],
        default_sort: "id",
        membership: None,
        done_by: None,
        part_of: &["deal"],
        access: lines::part_access(),
        rules: &PeopleRules,
    }
}

fn roles() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("decides", ["Decides", "Принимает решение", "Ухвалює рішення"], Some("green")),
        ("influences", ["Influences", "Влияет на решение", "Впливає на рішення"], Some("blue")),
        ("uses", ["Will use it", "Будет пользоваться", "Користуватиметься"], None),
        ("pays", ["Pays", "Платит", "Платить"], Some("amber")),
        ("signs", ["Signs", "Подписывает", "Підписує"], None),
        ("assists", ["Is the contact person", "Контактное лицо", "Контактна особа"], None),
        ("opposes", ["Opposes", "Против", "Проти"], Some("red")),
    ])
}

struct PeopleRules;

fn pair(values: &Values) -> Option<(i64, i64)> {
    Some((values.get("deal")?.as_i64()?, values.get("contact")?.as_i64()?))
}

impl Rules for PeopleRules {
    fn completes(&self) -> bool {
        true
    }

    /// The title is the role in words, for the history: whose it is stands in the reference and goes with him.
    fn complete_batch(
        &self,
        _: &mut Tx,
        surroundings: Surroundings<'_>,
        completions: &mut [Completion<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let object_type = surroundings.catalog.object_type(DEAL_PARTICIPANT_TYPE);
        let Some(field) = object_type.and_then(|object_type| object_type.field("role")) else { return Ok(Vec::new()) };
        let FieldKind::Choice(roles) = &field.kind else { return Ok(Vec::new()) };
        for completion in completions {
            let default = || field.default.as_ref().filter(|_| completion.before.is_none());
            let Some(key) = completion.input.get("role").or_else(default).and_then(Json::as_str) else { continue };
            let labels = roles.option(key).map(|option| &option.labels);
            let label =
                labels.and_then(|labels| labels.get(&surroundings.context.language).or_else(|| labels.get("en")));
            let label = label.map_or_else(|| json!(key), |label| json!(label));
            completion.input.insert("title".into(), label);
        }
        Ok(Vec::new())
    }

    fn check_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        context: &RequestContext,
        proposals: &[Proposal<'_>],
    ) -> Result<Vec<(usize, EngineError)>> {
        let mut refused = refuse_without_right(tx, catalog, context, &WHOLES, proposals)?;
        let known: BTreeSet<usize> = refused.iter().map(|(place, _)| *place).collect();
        // A merge may put two roles of one person into a deal; nobody knows which of them counts.
        let kept = || {
            let kept = proposals.iter().enumerate().filter(|(place, proposal)| {
                proposal.intent != Intent::Delete && !proposal.is_trusted && !known.contains(place)
            });
            kept.filter_map(|(place, proposal)| Some((place, proposal.id, pair(proposal.after)?)))
        };
        let deals: BTreeSet<i64> = kept().map(|(_, _, (deal, _))| deal).collect();
        if deals.is_empty() {
            return Ok(refused);
        }
        if tx.backend() == Backend::Postgres {
            // Of two who add somebody at once the second waits and then sees the first.
            tx.query("SELECT 1 FROM pg_advisory_xact_lock(?)", &[LOCK.into()])?;
        }
        let params: Vec<Value> = deals.iter().map(|deal| Value::Integer(*deal)).collect();
        let sql = format!(
            "SELECT deal, contact, id FROM {DEAL_PARTICIPANT_TYPE} WHERE deleted_at IS NULL AND deal IN {}",
            in_list(params.len())
        );
        let mut taken: BTreeSet<((i64, i64), i64)> = BTreeSet::new();
        for row in tx.query(&sql, &params)? {
            taken.insert(((row.integer(0)?, row.integer(1)?), row.integer(2)?));
        }
        let mut met: BTreeSet<(i64, i64)> = BTreeSet::new();
        let mut twice = Vec::new();
        for (place, id, wanted) in kept() {
            let is_taken = taken.iter().any(|(other, holder)| *other == wanted && Some(*holder) != id);
            if is_taken || !met.insert(wanted) {
                twice.push((place, EngineError::field(FieldError::new("contact", "takes_part_already"))));
            }
        }
        refused.extend(twice);
        Ok(refused)
    }
}
