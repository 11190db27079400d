//! Exact places of many cards as a job: for each, its primary address is asked of the address service, one question a second.
//!
//! What must stay true: an answer and the position behind it are one transaction, so a job killed anywhere goes on behind its last answer and
//! asks nothing twice but the question it was killed in; only cards that whoever started it may change are asked about; a point that stands there is never
//! replaced; all of it is one operation, and so one undo. A service that answers nothing several times in a row ends the job.

use std::sync::Arc;

use database::Tx;
use record_engine::access::{Action, Scope};
use record_engine::bulk::{Selection, Walk};
use record_engine::catalog::{Field, ObjectType};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, FieldError, Result};
use record_engine::field_types::FieldKind;
use record_engine::jobs::{Failure, JobHandler, JobRun, NewJob};
use record_engine::query::{admitted, get_many, list};
use record_engine::write::{Change, Operation, OperationKind, Outcome, apply};
use record_engine::{Record, RequestContext, Values};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{EgressError, FoundPlace, Geocoder};

/// Kind of the job.
pub const FIND_PLACES_JOB: &str = "find_places";
/// Cards that are read at once.
const PAGE: usize = 100;
/// Questions in a row without an answer after which a service counts as away.
const MOST_IN_VAIN: usize = 5;

/// What such a job is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindPlaces {
    /// Name of the object type.
    pub object_type: String,
    /// Which cards.
    pub selection: Selection,
}

impl FindPlaces {
    /// Checks what can be checked before the first question, and makes the job.
    ///
    /// # Errors
    /// `NotFound` for an unknown type, `Invalid` for one without addresses, `Filter`, `State("no_address_service")` when none is named.
    pub fn into_job(mut self, snapshot: &Snapshot, context: &RequestContext) -> Result<NewJob> {
        let object_type = snapshot.object_type(&self.object_type)?;
        address_field(&object_type)?;
        template_of(snapshot)?;
        let total = self.selection.checked(&object_type, context)?;
        let payload = serde_json::to_value(&self).map_err(|error| EngineError::Stored(error.to_string()))?;
        Ok(NewJob { kind: FIND_PLACES_JOB, payload, total })
    }
}

impl FindPlaces {
    /// Whether it is a change of many: the right to that is asked too then.
    fn is_mass(&self) -> bool {
        !matches!(&self.selection, Selection::Ids(ids) if ids.len() < 2)
    }
}

fn address_field(object_type: &ObjectType) -> Result<&Field> {
    let field = object_type.value_fields().find(|field| matches!(field.kind, FieldKind::Addresses(_)));
    field.ok_or_else(|| EngineError::field(FieldError::new("type", "wrong_type")))
}

fn template_of(snapshot: &Snapshot) -> Result<String> {
    let template = &snapshot.installation.geocoder_url;
    if template.is_empty() { Err(EngineError::State("no_address_service")) } else { Ok(template.clone()) }
}

/// Where the job stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Position {
    /// Of a filter: the cursor of the page that is being worked on.
    cursor: Option<String>,
    /// The last card that is done with.
    last_id: i64,
    done: i64,
    found: i64,
    not_found: i64,
    already_exact: i64,
    without_street: i64,
    failed_count: i64,
    operation_id: Option<i64>,
    in_vain: usize,
}

impl Position {
    /// Goes behind a card.
    fn pass(&mut self, id: i64) {
        self.last_id = id;
        self.done += 1;
    }
}

/// See the module.
pub struct FindPlacesJob {
    geocoder: Geocoder,
}

impl FindPlacesJob {
    /// `geocoder` asks; its pause is that of the whole process.
    pub fn new(geocoder: Geocoder) -> FindPlacesJob {
        FindPlacesJob { geocoder }
    }
}

impl JobHandler for FindPlacesJob {
    fn kind(&self) -> &'static str {
        FIND_PLACES_JOB
    }

    fn run(&self, run: &JobRun<'_>) -> Result<Json> {
        let wanted = wanted_by(run)?;
        let context = run.context();
        let mut position: Position = match run.position()? {
            Some(position) => position,
            None => {
                run.show(0, wanted.selection.total(run, &context, &wanted.object_type, false)?, None)?;
                Position::default()
            }
        };
        let mut walk = Walk::new(PAGE, false);
        loop {
            run.check_cancelled()?;
            let snapshot = run.engine().snapshot();
            let object_type = snapshot.object_type(&wanted.object_type)?;
            let search = Search {
                run,
                context: &context,
                snapshot: &snapshot,
                is_mass: wanted.is_mass(),
                field: address_field(&object_type)?,
                object_type: object_type.clone(),
            };
            let page = search.page(&wanted, &position, &mut walk)?;
            for id in &page.ids {
                position = match page.records.iter().find(|record| record.id == *id) {
                    None => search.fail(*id, &EngineError::NotFound, position)?,
                    Some(record) => search.one(&self.geocoder, record, page.may_change.contains(id), position)?,
                };
            }
            position.cursor = page.next.clone();
            run.engine().write(|tx| run.checkpoint(tx, &position, position.done))?;
            if page.is_last {
                break;
            }
        }
        report(run, &wanted, &position)
    }

    fn report_so_far(&self, run: &JobRun<'_>) -> Result<Option<Json>> {
        let Some(position) = run.position()? else { return Ok(None) };
        report(run, &wanted_by(run)?, &position).map(Some)
    }
}

fn wanted_by(run: &JobRun<'_>) -> Result<FindPlaces> {
    FindPlaces::deserialize(run.payload()).map_err(|error| EngineError::Stored(error.to_string()))
}

fn report(run: &JobRun<'_>, wanted: &FindPlaces, position: &Position) -> Result<Json> {
    Ok(json!({
        "type": wanted.object_type, "changed": position.found, "not_found": position.not_found, "already_exact": position.already_exact,
        "without_street": position.without_street, "failed_count": position.failed_count, "failed": run.first_failures()?,
        "operation_id": position.operation_id,
    }))
}

/// Some of the cards.
struct Page {
    ids: Vec<i64>,
    records: Vec<Record>,
    may_change: std::collections::BTreeSet<i64>,
    next: Option<String>,
    is_last: bool,
}

/// What one page is searched with.
struct Search<'a> {
    run: &'a JobRun<'a>,
    context: &'a RequestContext,
    snapshot: &'a Snapshot,
    object_type: Arc<ObjectType>,
    field: &'a Field,
    /// More than one card: the right to mass changes is asked too.
    is_mass: bool,
}

/// What a card's primary address leaves to do.
enum Task {
    IsExact,
    HasNoStreet,
    /// Ask about these words for the entry at this place.
    Ask(usize, Vec<String>),
}

impl Search<'_> {
    /// The cards behind the position, by id; a page of a filter that was begun is read again without those that are done.
    fn page(&self, wanted: &FindPlaces, position: &Position, walk: &mut Walk) -> Result<Page> {
        let database = self.run.engine().database();
        let (ids, next, is_last) = match &wanted.selection {
            Selection::Ids(ids) => {
                let mut rest = ids.iter().copied().filter(|id| *id > position.last_id);
                let page: Vec<i64> = rest.by_ref().take(PAGE).collect();
                (page, None, rest.next().is_none())
            }
            Selection::Filter(text) => {
                let page = database.read(|tx| {
                    let query = walk.query(tx, self.context, self.snapshot, &self.object_type, text)?;
                    query.cursor.clone_from(&position.cursor);
                    list(tx, self.context, &self.object_type, query)
                })?;
                let ids = page.records.iter().map(|record| record.id).filter(|id| *id > position.last_id).collect();
                let is_last = page.next_cursor.is_none();
                (ids, page.next_cursor, is_last)
            }
        };
        let scope = |action| Scope::of(self.context, &self.object_type, action);
        let (change, bulk) = (scope(Action::Change)?, scope(Action::Bulk)?);
        let (records, may_change) = database.read(|tx| {
            let records = get_many(tx, self.context, &self.object_type, &ids)?;
            let mut may_change = admitted(tx, &change, &self.object_type, &records)?;
            if self.is_mass {
                // Asked before the service is: of what may not be written nobody is told.
                let may_bulk = admitted(tx, &bulk, &self.object_type, &records)?;
                may_change.retain(|id| may_bulk.contains(id));
            }
            Ok::<_, EngineError>((records, may_change))
        })?;
        Ok(Page { ids, records, may_change, next, is_last })
    }

    /// One card: asked about if there is something to ask, and written with the position behind it.
    fn one(&self, geocoder: &Geocoder, record: &Record, may_change: bool, mut position: Position) -> Result<Position> {
        let task = task(record.value(&self.field.name));
        let (at, parts) = match task {
            Task::IsExact => {
                position.already_exact += 1;
                position.pass(record.id);
                return Ok(position);
            }
            Task::HasNoStreet => {
                position.without_street += 1;
                position.pass(record.id);
                return Ok(position);
            }
            Task::Ask(..) if !may_change => {
                return self.fail(record.id, &EngineError::Forbidden, position);
            }
            Task::Ask(at, parts) => (at, parts),
        };
        self.run.check_cancelled()?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let found = match geocoder.find(self.run.engine().clock().now_ms(), &template_of(self.snapshot)?, &parts) {
            Ok(found) => {
                position.in_vain = 0;
                found.filter(|place| place.is_exact)
            }
            Err(error) => {
                tracing::warn!(%error, "the address service gave no answer");
                let refusal = EngineError::State(code_of(&error));
                position.in_vain += 1;
                if position.in_vain >= MOST_IN_VAIN || matches!(error, EgressError::LocalAddress) {
                    return Err(refusal);
                }
                return self.fail(record.id, &refusal, position);
            }
        };
        self.run.engine().write(|tx| self.store(tx, record, at, found.as_ref(), position.clone()))
    }

    /// Goes behind a card with which it did not work.
    fn fail(&self, id: i64, error: &EngineError, mut position: Position) -> Result<Position> {
        position.failed_count += 1;
        position.pass(id);
        self.run.engine().write(|tx| {
            self.run.note_failures(tx, &[Failure::new(id, error)])?;
            self.run.checkpoint(tx, &position, position.done)
        })?;
        Ok(position)
    }

    fn store(
        &self,
        tx: &mut Tx,
        record: &Record,
        at: usize,
        found: Option<&FoundPlace>,
        mut position: Position,
    ) -> Result<Position> {
        match found {
            None => position.not_found += 1,
            Some(place) => {
                let mut operation = match position.operation_id {
                    Some(id) => Operation::resume(OperationKind::Bulk, Some(self.object_type.id), id),
                    None => Operation::new(OperationKind::Bulk, Some(self.object_type.id)),
                };
                let mut entries = record.value(&self.field.name).clone();
                if let Some(entry) = entries.get_mut(at).and_then(Json::as_object_mut) {
                    entry.insert("latitude".into(), json!(place.latitude));
                    entry.insert("longitude".into(), json!(place.longitude));
                }
                let values = Values::from_iter([(self.field.name.clone(), entries)]);
                // Who has changed the address meanwhile knows better.
                let change = Change::Update { id: record.id, base_version: Some(record.version), values };
                let writer = if self.is_mass { self.snapshot.bulk_writer() } else { self.snapshot.writer() };
                let results = apply(tx, writer, self.context, &mut operation, &self.object_type, vec![change])?;
                match results.into_iter().next().unwrap_or(Err(EngineError::NotFound)) {
                    Ok(Outcome::Unchanged(_)) => position.already_exact += 1,
                    Ok(_) => position.found += 1,
                    Err(trouble @ (EngineError::Database(_) | EngineError::Stored(_) | EngineError::File(_))) => {
                        return Err(trouble);
                    }
                    Err(refused) => {
                        position.failed_count += 1;
                        self.run.note_failures(tx, &[Failure::new(record.id, &refused)])?;
                    }
                }
                if let (None, Some(id)) = (position.operation_id, operation.stored_id()) {
                    position.operation_id = Some(id);
                    self.run.set_operation(tx, id)?;
                }
            }
        }
        position.pass(record.id);
        self.run.checkpoint(tx, &position, position.done)?;
        Ok(position)
    }
}

/// The stable code of what a service did.
pub fn code_of(error: &EgressError) -> &'static str {
    match error {
        EgressError::LocalAddress => "service_is_local",
        EgressError::Unreachable(_) => "service_unreachable",
        EgressError::BadAnswer(_) => "service_strange",
    }
}

/// The primary address, else the first, as the card asks about it.
fn task(addresses: &Json) -> Task {
    let entries = addresses.as_array().map(Vec::as_slice).unwrap_or_default();
    let at = entries.iter().position(|entry| entry.get("is_primary") == Some(&Json::Bool(true))).unwrap_or(0);
    let Some(entry) = entries.get(at) else { return Task::HasNoStreet };
    let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
    if entry.get("latitude").is_some_and(Json::is_number) && entry.get("longitude").is_some_and(Json::is_number) {
        return Task::IsExact;
    }
    if text("street").is_empty() {
        return Task::HasNoStreet;
    }
    Task::Ask(at, ["street", "city", "region", "postcode", "country"].map(text).into())
}
