//! Comments: the notes of a timeline. What people write to one another about a record, and what they note down of a call, a meeting, a letter.
//!
//! What must stay true: a comment is part of one record, so whoever sees that record sees its comments and nobody else does. Its author
//! changes and deletes it, an administrator too. A person is mentioned as `@[Name](user:7)` inside the text: the id says who, the name what is read.
//! A team is mentioned as `@[Name](team:3)`, and its members are. Who is mentioned is told once, and hears nothing of a record that he may not see.
//! Who writes a note or is named in it himself follows its record from then on, and its followers hear of new notes.
//!
//! It requires `sharing`; what it may be a part of is referred to by the names of the types.

use std::collections::{BTreeMap, BTreeSet};

use database::Tx;
use record_engine::RequestContext;
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, TEAM_TYPE, USER_TYPE};
use record_engine::context::instant_text;
use record_engine::error::EngineError;
use record_engine::field_types::{ChoiceSettings, FieldKind, ReferenceSettings, TextSettings, mentioned};
use record_engine::followers;
use record_engine::notifications::{FOLLOWED_NOTE, MENTIONED, file};
use record_engine::record::Values;
use record_engine::write::{Intent, Operation, Proposal, Rules};
use serde_json::{Value as Json, json};

use crate::authorship;
use crate::sharing::members;

/// Name of the object type.
pub const COMMENT_TYPE: &str = "comment";
/// Longest comment, in characters.
const TEXT_LENGTH: usize = 65_000;
/// So many people and so many teams of one text are told at most: more are a crowd, which no note is for.
const MOST_TOLD: usize = 50;
/// What a note may be of: the fields, with the types of the records.
const WHOLES: [(&str, &str); 4] = [("record", "contact"), ("task", "task"), ("deal", "deal"), ("event", "event")];

/// Comments.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: COMMENT_TYPE,
        labels: ["Note", "Заметка", "Нотатка"],
        labels_plural: ["Notes", "Заметки", "Нотатки"],
        icon: "message",
        title_field: "text",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["text", "category", "happened_at", "record"],
        default_sort: "-created_at",
        membership: None,
        done_by: None,
        part_of: &["record", "task", "deal", "event"],
        access: authorship::access(),
        rules: &CommentRules,
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let of = |name, labels, target: &str| {
        let kind = FieldKind::Reference(ReferenceSettings::to(target));
        field(name, labels, kind).indexed().on_timeline("happened_at")
    };
    vec![
        of("record", ["Contact", "Контакт", "Контакт"], "contact"),
        of("task", ["Task", "Задача", "Завдання"], "task"),
        of("deal", ["Deal", "Сделка", "Угода"], "deal"),
        of("event", ["Event", "Мероприятие", "Захід"], "event"),
        field("text", ["Text", "Текст", "Текст"], FieldKind::LongText(TextSettings { max_length: TEXT_LENGTH }))
            .required()
            .searched(),
        field("category", ["Category", "Категория", "Категорія"], FieldKind::Choice(categories())).default("note"),
        field("happened_at", ["When", "Когда", "Коли"], FieldKind::DateTime),
        field("is_pinned", ["Pinned", "Закреплена", "Закріплено"], FieldKind::Checkbox),
    ]
}

fn categories() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("note", ["Note", "Заметка", "Нотатка"], Some("grey")),
        ("call", ["Call", "Звонок", "Дзвінок"], Some("green")),
        ("meeting", ["Meeting", "Встреча", "Зустріч"], Some("purple")),
        ("letter", ["Letter", "Письмо", "Лист"], Some("blue")),
        ("agreement", ["Agreement", "Договорённость", "Домовленість"], Some("amber")),
    ])
}

/// The rules of comments.
struct CommentRules;

impl Rules for CommentRules {
    /// Without another word it is of now.
    fn defaults(&self, context: &RequestContext, values: &mut Values) {
        values.entry("happened_at".into()).or_insert_with(|| json!(instant_text(context.now_ms)));
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        let told = newly_mentioned(tx, proposals)?;
        if !told.is_empty() {
            file(tx, context, operation, &MENTIONED, COMMENT_TYPE, told)?;
        }
        if operation.is_quiet { Ok(()) } else { follow(tx, context, operation, proposals) }
    }
}

/// Tells the followers of the records of new notes; then who wrote them and who is named in them follow these, too.
fn follow(
    tx: &mut Tx,
    context: &RequestContext,
    operation: &Operation,
    proposals: &[Proposal<'_>],
) -> Result<(), EngineError> {
    let Some(actor) = context.actor.user_id() else { return Ok(()) };
    let mut followed: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (field, object_type) in WHOLES {
        let mut notes: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let mut joining: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
        for proposal in proposals.iter().filter(|one| matches!(one.intent, Intent::Create | Intent::Update)) {
            let (Some(id), Some(whole)) = (proposal.id, proposal.after.get(field).and_then(Json::as_i64)) else {
                continue;
            };
            let before = proposal.before.map(|record| in_text(&record.values, USER_TYPE)).unwrap_or_default();
            let named = in_text(proposal.after, USER_TYPE);
            joining.entry(whole).or_default().extend(named.difference(&before).take(MOST_TOLD));
            if proposal.intent == Intent::Create {
                notes.entry(whole).or_default().push(id);
                joining.entry(whole).or_default().insert(actor);
            }
        }
        let wholes: Vec<i64> = notes.keys().copied().collect();
        for (user, wholes) in followers::of_records(tx, object_type, &wholes)? {
            let of_wholes = wholes.iter().filter_map(|whole| notes.get(whole)).flatten();
            followed.entry(user).or_default().extend(of_wholes);
        }
        joining.retain(|_, people| !people.is_empty());
        followers::join(tx, context, object_type, &joining)?;
    }
    followers::tell(tx, context, operation, &FOLLOWED_NOTE, COMMENT_TYPE, followed)
}

fn in_text(values: &Values, object_type: &str) -> BTreeSet<i64> {
    mentioned(values.get("text").and_then(Json::as_str).unwrap_or_default(), object_type)
}

/// Who is mentioned now and was not, by himself or as a member of a team, with the comments that do it.
fn newly_mentioned(tx: &mut Tx, proposals: &[Proposal<'_>]) -> Result<BTreeMap<i64, Vec<i64>>, EngineError> {
    let nothing = Values::new();
    let was = |proposal: &Proposal<'_>| proposal.before.map_or_else(|| nothing.clone(), |record| record.values.clone());
    let written: Vec<&Proposal<'_>> =
        proposals.iter().filter(|one| matches!(one.intent, Intent::Create | Intent::Update)).collect();
    let teams = written.iter().flat_map(|one| [in_text(&was(one), TEAM_TYPE), in_text(one.after, TEAM_TYPE)]).flatten();
    let members = members(tx, &teams.collect())?;
    let people = |values: &Values| {
        let teams = in_text(values, TEAM_TYPE);
        let of_teams = teams.iter().take(MOST_TOLD).filter_map(|team| members.get(team)).flatten().copied();
        in_text(values, USER_TYPE).into_iter().take(MOST_TOLD).chain(of_teams).collect::<BTreeSet<i64>>()
    };
    let mut told: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for proposal in written {
        let Some(id) = proposal.id else { continue };
        for user in people(proposal.after).difference(&people(&was(proposal))) {
            told.entry(*user).or_default().push(id);
        }
    }
    Ok(told)
}
