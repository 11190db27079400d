//! The walk through the records of an operation, in batches: those that it changed by type and id, then those that it made.

use database::{Query, Value, in_list, quote_identifier};

use super::Manner;
use crate::catalog::{Catalog, ObjectType};
use crate::error::Result;

/// Records of one batch.
pub(super) const BATCH: usize = 250;

/// The next records that the operation changed: the type, and the ids of that type; `None` at the end.
pub(super) fn changed_batch(
    tx: &mut dyn Query,
    operation_id: i64,
    after: (i64, i64),
) -> Result<Option<(i64, Vec<i64>)>> {
    let rows = tx.query(
        &format!(
            "SELECT DISTINCT object_type_id, record_id FROM changes WHERE operation_id = ? AND (object_type_id, record_id) > (?, ?) \
             ORDER BY object_type_id, record_id LIMIT {BATCH}"
        ),
        &[operation_id.into(), after.0.into(), after.1.into()],
    )?;
    let places = rows.iter().map(|row| Ok((row.integer(0)?, row.integer(1)?))).collect::<Result<Vec<(i64, i64)>>>()?;
    Ok(of_first_type(places))
}

/// The next records of this type that the operation made.
pub(super) fn created_batch(
    tx: &mut dyn Query,
    operation_id: i64,
    object_type: &ObjectType,
    after_id: i64,
) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT id FROM {} WHERE created_operation = ? AND id > ? ORDER BY id LIMIT {BATCH}",
        quote_identifier(object_type.table())
    );
    tx.query(&sql, &[operation_id.into(), after_id.into()])?
        .iter()
        .map(|row| row.integer(0).map_err(Into::into))
        .collect()
}

impl Manner {
    /// [`changed_batch`], and of a rest only the records that were named.
    pub(super) fn changed_batch(
        &self,
        tx: &mut dyn Query,
        catalog: &Catalog,
        operation_id: i64,
        after: (i64, i64),
    ) -> Result<Option<(i64, Vec<i64>)>> {
        match self.choices.places(catalog).filter(|_| self.is_rest) {
            None => changed_batch(tx, operation_id, after),
            Some(places) => Ok(of_first_type(places.into_iter().filter(|place| *place > after).take(BATCH).collect())),
        }
    }

    /// [`created_batch`], and of a rest only the records that were named.
    pub(super) fn created_batch(
        &self,
        tx: &mut dyn Query,
        operation_id: i64,
        object_type: &ObjectType,
        after_id: i64,
    ) -> Result<Vec<i64>> {
        if !self.is_rest || self.choices.overwrite_all {
            return created_batch(tx, operation_id, object_type, after_id);
        }
        // All that were named are asked about at once: a batch of names of which the operation made none would look like the end.
        let mut named = self.choices.whole_records(object_type);
        named.retain(|id| *id > after_id);
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT id FROM {} WHERE created_operation = ? AND id IN {} ORDER BY id LIMIT {BATCH}",
            quote_identifier(object_type.table()),
            in_list(named.len())
        );
        let mut params: Vec<Value> = vec![operation_id.into()];
        params.extend(named.into_iter().map(Value::Integer));
        tx.query(&sql, &params)?.iter().map(|row| row.integer(0).map_err(Into::into)).collect()
    }
}

fn of_first_type(places: Vec<(i64, i64)>) -> Option<(i64, Vec<i64>)> {
    let first = places.first()?.0;
    Some((first, places.into_iter().filter(|place| place.0 == first).map(|place| place.1).collect()))
}
