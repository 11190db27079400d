//! Checks that look beyond one record: versions, references, trees, duplicates. Each takes one statement for a whole batch.

mod duplicates;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use database::{Backend, Query, Row, Tx, Value, in_list, quote_identifier};
use filter_language::CheckedExpr;
use serde_json::Value as Json;

pub(super) use duplicates::duplicates;

use super::draft::{Draft, Intent};
use super::{Proposal, Writer};
use crate::access::{Action, Scope, compile};
use crate::catalog::{Field, ObjectType};
use crate::context::RequestContext;
use crate::error::{EngineError, FieldConflict, FieldError, Result};
use crate::field_types::{FieldKind, FileSettings, refused_filter};
use crate::files::{self, StoredFile};
use crate::query::Predicate;
use crate::query::load::MAX_IN_LIST;
use crate::record::Record;

/// Most records above one another in a tree.
const MAX_DEPTH: usize = 200;

/// The record must still stand at the caller's version, whatever changed.
pub(super) fn same_version(before: &Record, base: Option<i64>) -> Result<()> {
    if base.is_none_or(|base| base == before.version) { Ok(()) } else { Err(conflict(before, Vec::new())) }
}

fn conflict(before: &Record, fields: Vec<FieldConflict>) -> EngineError {
    EngineError::Conflict { version: before.version, fields }
}

/// Changes of other fields since the caller's version are merged; changes of the same fields are a conflict.
pub(super) fn version(tx: &mut Tx, object_type: &ObjectType, draft: &mut Draft) -> Result<()> {
    let Some((before, base)) = draft.before.as_ref().zip(draft.base_version) else { return Ok(()) };
    if base == before.version {
        return Ok(());
    }
    if !(1..before.version).contains(&base) {
        // The record never had this version: the caller read something else.
        return Err(conflict(before, Vec::new()));
    }
    let mut conflicts: BTreeMap<String, FieldConflict> = BTreeMap::new();
    for row in changes_since(tx, object_type, before, base)? {
        let Some(field) = object_type.field_by_id(row.integer(0)?) else { continue };
        let Some(yours) = draft.input.get(&field.name).filter(|yours| *yours != before.value(&field.name)) else {
            continue;
        };
        let base = row.optional_text(1)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null);
        let conflict = conflicts.entry(field.name.clone()).or_insert_with(|| FieldConflict {
            field: field.name.clone(),
            yours: yours.clone(),
            theirs: before.value(&field.name).clone(),
            base,
            by: None,
            at_ms: 0,
        });
        conflict.by = row.optional_integer(2)?;
        conflict.at_ms = row.integer(3)?;
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    Err(conflict(before, conflicts.into_values().collect()))
}

/// The changes that came to a record after version `base`, oldest first: field, old value, user, instant, version.
fn changes_since(tx: &mut Tx, object_type: &ObjectType, before: &Record, base: i64) -> Result<Vec<Row>> {
    let select = "SELECT c.field_id, c.old_value, o.user_id, o.at, c.record_version FROM changes c JOIN operations o ON o.id = c.operation_id \
                  WHERE c.object_type_id = ? AND c.record_id = ?";
    let place: [Value; 2] = [object_type.id.into(), before.id.into()];
    let known = tx.query(
        &format!("{select} AND c.record_version > ? ORDER BY c.record_version"),
        &[place.as_slice(), &[base.into()]].concat(),
    )?;
    let versions: BTreeSet<i64> = known.iter().map(|row| row.integer(4)).collect::<Result<_, _>>()?;
    let told = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    let behind = before.version - base;
    if told >= behind {
        return Ok(known);
    }
    // Changes of an older release do not say which version they made. The newest of their operations are the likely ones.
    let operations = tx.query(
        &format!(
            "SELECT DISTINCT operation_id FROM changes WHERE object_type_id = ? AND record_id = ? AND record_version IS NULL \
             ORDER BY operation_id DESC LIMIT {}",
            behind - told
        ),
        &place,
    )?;
    let Some(oldest) = operations.last().map(|row| row.integer(0)).transpose()? else { return Ok(known) };
    let mut rows = tx.query(
        &format!("{select} AND c.record_version IS NULL AND c.operation_id >= ? ORDER BY c.operation_id"),
        &[place.as_slice(), &[oldest.into()]].concat(),
    )?;
    rows.extend(known);
    Ok(rows)
}

/// References must point to live records that the actor may see and that fit the field.
pub(super) fn references(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    drafts: &mut [Draft],
) -> Result<()> {
    for field in object_type.value_fields() {
        let Some(settings) = field.kind.reference_target() else { continue };
        let mut wanted: BTreeSet<i64> = BTreeSet::new();
        for draft in drafts.iter().filter(|draft| draft.is_checkable()) {
            wanted.extend(new_references(draft, field));
        }
        if wanted.is_empty() {
            continue;
        }
        let known = match writer.catalog.object_type(&settings.target) {
            Some(target) => {
                let scope = Scope::of(context, target, Action::See)?;
                let filter = match &settings.target_filter {
                    Some(text) => compile(text, target, context)?,
                    None => CheckedExpr::all(),
                };
                let predicate = Predicate::new(target, scope.rows(), &filter, tx.backend()).and_sql();
                existing(tx, target, &wanted, &predicate.sql, &predicate.params)?
            }
            None => BTreeSet::new(),
        };
        for draft in drafts.iter_mut().filter(|draft| draft.is_checkable()) {
            let missing = new_references(draft, field).into_iter().find(|id| !known.contains(id));
            if let Some(id) = missing {
                draft.fail(EngineError::field(FieldError::new(&field.name, "unknown_record").with("id", id)));
            }
        }
    }
    Ok(())
}

/// Filters must fit the fields of the type that they filter. One that fitted once comes back with an undo, as it was.
pub(super) fn filters(writer: Writer<'_>, context: &RequestContext, object_type: &ObjectType, drafts: &mut [Draft]) {
    for field in object_type.value_fields() {
        let FieldKind::Filter(settings) = &field.kind else { continue };
        let Some(target) = writer.catalog.object_type(&settings.target).filter(|_| !writer.is_undo) else { continue };
        for draft in drafts.iter_mut().filter(|draft| draft.is_checkable()) {
            let Some(text) = draft.after.get(&field.name).and_then(Json::as_str) else { continue };
            let was = draft.before.as_ref().and_then(|before| before.value(&field.name).as_str());
            if was != Some(text)
                && let Err(error) = compile(text, target, context)
            {
                draft.fail(EngineError::field(refused_filter(field, &error.to_string())));
            }
        }
    }
}

/// What the rules of the module say with a look at the catalog. What stood once comes back with an undo, as it was.
pub(super) fn values(writer: Writer<'_>, object_type: &ObjectType, drafts: &mut [Draft]) {
    for draft in drafts.iter_mut().filter(|draft| draft.is_checkable() && !writer.is_undo) {
        if matches!(draft.intent, Intent::Create | Intent::Update) {
            let errors = object_type.rules().check_values(writer.catalog, &draft.proposal(writer.is_trusted));
            if !errors.is_empty() {
                draft.fail(EngineError::Invalid(errors));
            }
        }
    }
}

/// New amounts are in currencies that the installation works with; one in another stays where it stands. What stood once comes back with an undo.
pub(super) fn currencies(writer: Writer<'_>, object_type: &ObjectType, drafts: &mut [Draft]) {
    if !object_type.value_fields().any(|field| matches!(field.kind, FieldKind::Money(_))) {
        return;
    }
    let code = |value: &Json| value.get("currency").and_then(Json::as_str).map(String::from);
    for draft in drafts.iter_mut().filter(|draft| draft.is_checkable() && !writer.is_undo) {
        let mut errors = Vec::new();
        for (field, was, is) in draft.changed(object_type) {
            if !matches!(field.kind, FieldKind::Money(_)) {
                continue;
            }
            let Some(currency) = code(is).filter(|currency| !writer.normalise.currencies.contains(currency)) else {
                continue;
            };
            if code(was).as_ref() != Some(&currency) {
                let error = FieldError::new(&field.name, "currency_not_in_use").at("currency");
                errors.push(error.with("value", currency));
            }
        }
        if !errors.is_empty() {
            draft.fail(EngineError::Invalid(errors));
        }
    }
}

/// Files must exist and be what the field takes. One that was taken once comes back with an undo, as it was.
pub(super) fn files(tx: &mut Tx, writer: Writer<'_>, object_type: &ObjectType, drafts: &mut [Draft]) -> Result<()> {
    for field in object_type.value_fields().filter(|_| !writer.is_undo) {
        let FieldKind::File(settings) = &field.kind else { continue };
        let wanted: BTreeSet<String> = drafts
            .iter()
            .filter(|draft| draft.is_checkable())
            .filter_map(|draft| new_file(draft, field))
            .map(String::from)
            .collect();
        if wanted.is_empty() {
            continue;
        }
        let known = files::find_all(tx, wanted.iter().map(String::as_str))?;
        // What a record of this field holds was taken once, and moves on though the field takes less today.
        let mut held = BTreeSet::new();
        for id in wanted.iter().filter(|id| misfit(field, settings, known.get(*id)).is_some()) {
            let holder = format!(
                "SELECT 1 FROM {} WHERE {} = ? LIMIT 1",
                quote_identifier(object_type.table()),
                quote_identifier(&field.column)
            );
            if known.contains_key(id) && tx.query_optional(&holder, &[id.as_str().into()])?.is_some() {
                held.insert(id.clone());
            }
        }
        for draft in drafts.iter_mut().filter(|draft| draft.is_checkable()) {
            let id = new_file(draft, field).filter(|id| !held.contains(*id));
            let refused = id.and_then(|id| misfit(field, settings, known.get(id)));
            if let Some(error) = refused {
                draft.fail(EngineError::field(error));
            }
        }
    }
    Ok(())
}

/// The file that the draft brings in, if it is another than before.
fn new_file<'a>(draft: &'a Draft, field: &Field) -> Option<&'a str> {
    let id = draft.after.get(&field.name)?.as_str()?;
    let was = draft.before.as_ref().and_then(|before| before.value(&field.name).as_str());
    (was != Some(id)).then_some(id)
}

/// Why a file is not for a field.
fn misfit(field: &Field, settings: &FileSettings, file: Option<&StoredFile>) -> Option<FieldError> {
    let Some(file) = file else { return Some(FieldError::new(&field.name, "unknown_file")) };
    if u64::try_from(file.size).is_ok_and(|size| size > settings.max_bytes) {
        return Some(FieldError::new(&field.name, "file_over_limit").with("max_megabytes", settings.max_megabytes()));
    }
    let is_fitting = settings.picture.is_none_or(|into| file.pixels.is_some_and(|pixels| into.holds(pixels)));
    (!is_fitting).then(|| FieldError::new(&field.name, "not_a_picture"))
}

/// References that the draft brings in; those it already had are not asked about again.
fn new_references(draft: &Draft, field: &Field) -> Vec<i64> {
    let ids = |value: Option<&Json>| -> Vec<i64> {
        match value {
            Some(Json::Array(ids)) => ids.iter().filter_map(Json::as_i64).collect(),
            Some(other) => other.as_i64().into_iter().collect(),
            None => Vec::new(),
        }
    };
    let old = ids(draft.before.as_ref().and_then(|record| record.values.get(&field.name)));
    ids(draft.after.get(&field.name)).into_iter().filter(|id| !old.contains(id)).collect()
}

fn existing(
    tx: &mut Tx,
    target: &ObjectType,
    wanted: &BTreeSet<i64>,
    extra_sql: &str,
    extra_params: &[Value],
) -> Result<BTreeSet<i64>> {
    let ids: Vec<Value> = wanted.iter().map(|id| Value::Integer(*id)).collect();
    let mut known = BTreeSet::new();
    for chunk in ids.chunks(MAX_IN_LIST) {
        let mut params = chunk.to_vec();
        params.extend_from_slice(extra_params);
        // What is referred to must not be merged away or deleted before this transaction ends.
        let lock = if tx.backend() == Backend::Postgres { " ORDER BY t.id FOR KEY SHARE OF t" } else { "" };
        let sql = format!(
            "SELECT t.id FROM {} t WHERE t.id IN {} AND t.deleted_at IS NULL{extra_sql}{lock}",
            quote_identifier(target.table()),
            in_list(chunk.len())
        );
        for row in tx.query(&sql, &params)? {
            known.insert(row.integer(0)?);
        }
    }
    Ok(known)
}

/// Nothing may stand above itself in a tree. This check comes last, because what it allows one draft rests on others being written too.
pub(super) fn hierarchies(tx: &mut Tx, object_type: &ObjectType, drafts: &mut [Draft]) -> Result<()> {
    for field in object_type.value_fields() {
        if !matches!(&field.kind, FieldKind::Reference(settings) if settings.is_hierarchy) {
            continue;
        }
        let mut moved: HashMap<i64, Option<i64>> = drafts
            .iter()
            .filter(|draft| draft.is_written() && draft.intent == Intent::Update)
            .filter_map(|draft| Some((draft.id?, draft.after.get(&field.name).and_then(Json::as_i64))))
            .collect();
        // A draft that is refused stays where it was, which may close a ring above one that was let through before.
        let mut refused = BTreeSet::new();
        loop {
            let count_before = refused.len();
            for draft in drafts.iter_mut().filter(|draft| draft.is_checkable() && draft.intent == Intent::Update) {
                let Some((id, above)) = draft.id.zip(new_references(draft, field).first().copied()) else { continue };
                if refused.contains(&id) {
                    continue;
                }
                if let Some(error) = misplaced(tx, object_type, field, id, above, &moved)? {
                    moved.remove(&id);
                    refused.insert(id);
                    draft.fail(EngineError::field(error));
                }
            }
            if refused.len() == count_before {
                break;
            }
        }
    }
    Ok(())
}

/// Why a record may not come to stand below `above`. PostgreSQL locks the chain, so that two moves at once do not make a ring together.
fn misplaced(
    tx: &mut Tx,
    object_type: &ObjectType,
    field: &Field,
    id: i64,
    mut above: i64,
    moved: &HashMap<i64, Option<i64>>,
) -> Result<Option<FieldError>> {
    let lock = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    let sql = format!(
        "SELECT {} FROM {} WHERE id = ?{lock}",
        quote_identifier(&field.column),
        quote_identifier(object_type.table())
    );
    for _ in 0..MAX_DEPTH {
        if above == id {
            return Ok(Some(FieldError::new(&field.name, "cycle")));
        }
        let stored =
            tx.query_optional(&sql, &[above.into()])?.map(|row| row.optional_integer(0)).transpose()?.flatten();
        match moved.get(&above).copied().unwrap_or(stored) {
            Some(next) => above = next,
            None => return Ok(None),
        }
    }
    Ok(Some(FieldError::new(&field.name, "too_deep").with("max", MAX_DEPTH)))
}

/// What the module has to say about the batch as a whole.
pub(super) fn batch_rules(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    drafts: &mut [Draft],
) -> Result<()> {
    let (places, proposals): (Vec<usize>, Vec<Proposal<'_>>) = drafts
        .iter()
        .enumerate()
        .filter(|(_, draft)| draft.is_checkable())
        .map(|(at, draft)| (at, draft.proposal(writer.is_trusted)))
        .unzip();
    let refused = object_type.rules().check_batch(tx, writer.catalog, context, &proposals)?;
    for (place, error) in refused {
        if let Some(draft) = places.get(place).and_then(|at| drafts.get_mut(*at)) {
            draft.fail(error);
        }
    }
    Ok(())
}
