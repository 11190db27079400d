//! What one reader may know of what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::Query;
use modules::webhooks;
use record_engine::access::Feature;
use record_engine::engine::Snapshot;
use record_engine::notifications::{self, inbox};
use record_engine::outbox::Event;
use record_engine::query::{lost_ids, visible_ids};
use record_engine::{EngineError, Proof, RequestContext, followers, jobs, reactions};
use serde_json::{Value as Json, json};

use crate::presence;

/// Most ids that an event names; beyond it clients read their lists again.
const MAX_IDS: usize = 100;

/// An event as a client gets it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    /// Place in the outbox.
    pub id: i64,
    /// `records`, `presence`, `followers`, `reactions`, `job`, `catalog`, `webhook`, `notification`.
    pub name: &'static str,
    /// Its JSON.
    pub data: Json,
}

/// Translates events for a reader. What he may not know of is left out; what is said twice comes once.
///
/// # Errors
/// Those of the database.
pub(super) fn tell(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    events: &[Arc<Event>],
) -> Result<Vec<Told>, EngineError> {
    let visible = visible_records(tx, snapshot, context, events)?;
    let mut told: Vec<Told> = Vec::new();
    for event in events {
        match event.topic.as_str() {
            "records" => {
                told.extend(records(event, &visible));
                told.extend(gone(tx, snapshot, context, event, &visible)?);
            }
            presence::TOPIC => told.extend(presence_at(event, &visible)),
            followers::TOPIC => told.extend(beside(event, followers::TOPIC, &visible)),
            reactions::TOPIC => told.extend(beside(event, reactions::TOPIC, &visible)),
            "job" => told.extend(job(tx, snapshot, context, event)?),
            "catalog" => told.push(Told {
                id: event.id,
                name: "catalog",
                data: json!({ "version": event.payload.get("version") }),
            }),
            webhooks::TOPIC if context.may(Feature::Webhooks) => {
                told.push(Told { id: event.id, name: webhooks::TOPIC, data: event.payload.clone() });
            }
            notifications::TOPIC if is_receiver(context, event) => told.push(Told {
                id: event.id,
                name: notifications::TOPIC,
                data: json!({ "unread": inbox::count_unread(tx, context, &snapshot.catalog)? }),
            }),
            // Sessions are asked for by the stream itself; other topics are not for clients.
            _ => {}
        }
    }
    Ok(without_repeats(told))
}

/// What a reader who missed too much is told: everything that he sees may have changed.
pub(super) fn tell_all(snapshot: &Snapshot, context: &RequestContext, id: i64) -> Vec<Told> {
    let types = snapshot.catalog.object_types.iter();
    types
        .filter(|object_type| context.permissions(object_type).may(record_engine::access::Action::See))
        .map(|object_type| {
            let data = json!({ "type": object_type.name, "ids": null, "action": "updated", "operation_id": null, "user_id": null });
            Told { id, name: "records", data }
        })
        .collect()
}

type Visible = BTreeMap<String, BTreeSet<i64>>;

/// One question for each type, however many events there are.
fn visible_records(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    events: &[Arc<Event>],
) -> Result<Visible, EngineError> {
    let mut named: Visible = BTreeMap::new();
    for event in events.iter().filter(|event| {
        ["records", presence::TOPIC, followers::TOPIC, reactions::TOPIC].contains(&event.topic.as_str())
    }) {
        if let Some(type_name) = event.payload.get("type").and_then(Json::as_str) {
            named.entry(type_name.into()).or_default().extend(ids_of(event));
        }
    }
    let mut visible = BTreeMap::new();
    for (type_name, ids) in named {
        // A type that this process does not know yet cannot be judged.
        let Some(object_type) = snapshot.catalog.object_type(&type_name) else { continue };
        let ids: Vec<i64> = ids.into_iter().collect();
        visible.insert(type_name, visible_ids(tx, context, object_type, &ids)?);
    }
    Ok(visible)
}

fn ids_of(event: &Event) -> impl Iterator<Item = i64> {
    event.payload.get("ids").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_i64)
}

fn records(event: &Event, visible: &Visible) -> Option<Told> {
    let type_name = event.payload.get("type").and_then(Json::as_str)?;
    let visible = visible.get(type_name)?;
    let ids: Vec<i64> = ids_of(event).filter(|id| visible.contains(id)).collect();
    if ids.is_empty() {
        return None;
    }
    let ids = if ids.len() > MAX_IDS { Json::Null } else { json!(ids) };
    let data = json!({
        "type": type_name,
        "ids": ids,
        "action": event.payload.get("action"),
        "operation_id": event.operation_id,
        "user_id": event.user_id,
    });
    Some(Told { id: event.id, name: "records", data })
}

/// What an event took out of the reader's sight: the ids that he had, and nothing of who did it or how.
fn gone(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    event: &Event,
    visible: &Visible,
) -> Result<Option<Told>, EngineError> {
    let type_name = event.payload.get("type").and_then(Json::as_str).unwrap_or_default();
    let (Some(object_type), Some(visible), Some(operation_id)) =
        (snapshot.catalog.object_type(type_name), visible.get(type_name), event.operation_id)
    else {
        return Ok(None);
    };
    let fields = event.payload.get("fields").and_then(Json::as_array).into_iter().flatten();
    let fields: BTreeSet<&str> = fields.filter_map(Json::as_str).collect();
    let unseen: Vec<i64> = ids_of(event).filter(|id| !visible.contains(id)).collect();
    let lost = lost_ids(tx, context, object_type, operation_id, &fields, &unseen)?;
    if lost.is_empty() {
        return Ok(None);
    }
    // All of them, however many: nothing is to be read again for them, and a batch has its own bound.
    let data = json!({ "type": type_name, "ids": lost, "action": "gone", "operation_id": null, "user_id": null });
    Ok(Some(Told { id: event.id, name: "records", data }))
}

/// Who has a card open is other than before, for whoever sees the record.
fn presence_at(event: &Event, visible: &Visible) -> Option<Told> {
    let type_name = event.payload.get("type").and_then(Json::as_str)?;
    let id = ids_of(event).find(|id| visible.get(type_name).is_some_and(|ids| ids.contains(id)))?;
    Some(Told {
        id: event.id,
        name: presence::TOPIC,
        data: json!({ "type": type_name, "id": id, "user_id": event.user_id }),
    })
}

/// Who follows records or reacts to notes is other than before, for whoever sees them.
fn beside(event: &Event, name: &'static str, visible: &Visible) -> Option<Told> {
    let type_name = event.payload.get("type").and_then(Json::as_str)?;
    let visible = visible.get(type_name)?;
    let ids: Vec<i64> = ids_of(event).filter(|id| visible.contains(id)).collect();
    let data = json!({ "type": type_name, "ids": ids });
    (!ids.is_empty()).then_some(Told { id: event.id, name, data })
}

/// Notifications are for their receivers alone, neither for who looks with their eyes nor for their programs.
fn is_receiver(context: &RequestContext, event: &Event) -> bool {
    let is_program = matches!(context.origin.proof, Some(Proof::ApiKey(_)));
    let me = context.actor.user_id().filter(|_| context.origin.seen_by.is_none() && !is_program);
    let named = event.payload.get("user_ids").and_then(Json::as_array);
    me.is_some_and(|me| named.is_some_and(|ids| ids.contains(&json!(me))))
}

/// A job, for the one who started it.
fn job(
    tx: &mut dyn Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    event: &Event,
) -> Result<Option<Told>, EngineError> {
    let Some(id) = event.payload.get("id").and_then(Json::as_i64) else { return Ok(None) };
    let own = jobs::find(tx, id)?.filter(|job| job.is_own(context));
    let Some(job) = own else { return Ok(None) };
    Ok(Some(Told { id: event.id, name: "job", data: job.present(tx, context, &snapshot.catalog)? }))
}

/// Of "many, read again" for the same type and of the states of one job only the last counts.
fn without_repeats(told: Vec<Told>) -> Vec<Told> {
    let subject = |told: &Told| match told.name {
        "job" => told.data.get("id").map(|id| format!("job {id}")),
        notifications::TOPIC => Some(told.name.to_owned()),
        "records" if told.data.get("ids").is_some_and(Json::is_null) => {
            told.data.get("type").map(|name| format!("records {name}"))
        }
        _ => None,
    };
    let mut later = BTreeSet::new();
    let mut kept: Vec<Told> =
        told.into_iter().rev().filter(|told| subject(told).is_none_or(|subject| later.insert(subject))).collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(id: i64, name: &'static str, data: Json) -> Told {
        Told { id, name, data }
    }

    #[test]
    fn only_the_last_state_of_a_job_is_told() {
        let left = without_repeats(vec![
            told(1, "job", json!({ "id": 5, "done": 1 })),
            told(2, "records", json!({ "type": "contact", "ids": [1] })),
            told(3, "job", json!({ "id": 6, "done": 1 })),
            told(4, "job", json!({ "id": 5, "done": 2 })),
            told(5, "records", json!({ "type": "contact", "ids": null })),
            told(6, "records", json!({ "type": "contact", "ids": null })),
            told(7, "records", json!({ "type": "user", "ids": null })),
        ]);
        assert_eq!(left.iter().map(|told| told.id).collect::<Vec<_>>(), [2, 3, 4, 6, 7]);
    }

    #[test]
    fn invisible_ids_are_left_out_and_an_event_without_visible_ids_is_not_told() {
        let event = |ids: &[i64]| Event {
            id: 9,
            operation_id: Some(3),
            user_id: Some(1),
            topic: "records".into(),
            payload: json!({ "type": "contact", "ids": ids, "action": "updated" }),
            at_ms: 0,
        };
        let visible = Visible::from([("contact".to_owned(), BTreeSet::from([2, 4]))]);
        let shown = records(&event(&[1, 2, 3]), &visible).map(|told| told.data);
        assert_eq!(
            shown,
            Some(json!({ "type": "contact", "ids": [2], "action": "updated", "operation_id": 3, "user_id": 1 }))
        );
        assert_eq!(records(&event(&[1, 3]), &visible), None);
    }
}
