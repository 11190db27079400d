//! What a rule reaches: records that match and whose time is over, less what something keeps.
//!
//! What must stay true: there is one judgement of a record, [`judge`], for the dry run and for the job, which asks it again in the transaction
//! that takes the record away.

use std::collections::{BTreeMap, BTreeSet};

use database::{Query, ReadTx, Value, in_list, quote_identifier};
use filter_language::{CheckedExpr, matches};
use record_engine::access::compile;
use record_engine::catalog::{Catalog, ObjectType};
use record_engine::context::instant_text;
use record_engine::engine::Snapshot;
use record_engine::error::Result;
use record_engine::query::page::{MAX_LIMIT, Sort};
use record_engine::query::{ListQuery, load_records};
use record_engine::record::TypedRecord;
use record_engine::{Engine, Record, RequestContext};

use super::store::Counts;
use super::{Basis, RuleInput, filter_of};
use crate::contacts::{LEGAL_HOLD, RESTRICTED_FIELD, USER_FIELD};

/// Records that a dry run looks at; behind them it says "more".
const MAX_LOOKED_AT: usize = 20_000;
/// Records that a dry run names.
const EXAMPLES: usize = 50;

/// What a rule comes to for one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It goes.
    Due,
    /// Its time is not over, or it does not match.
    NotYet,
    /// A legal hold keeps it.
    Held,
    /// It is restricted: kept as it is until somebody decides.
    Restricted,
    /// It is the card of a user.
    Staff,
}

/// A rule at a moment.
pub(super) struct Asked {
    filter: CheckedExpr,
    basis: Basis,
    /// Milliseconds UTC.
    pub cutoff_ms: i64,
}

impl Asked {
    /// # Errors
    /// `Filter` when a field that the rule asks about is gone.
    pub fn of(object_type: &ObjectType, context: &RequestContext, input: &RuleInput) -> Result<Asked> {
        let filter = compile(filter_of(&input.filter), object_type, context)?;
        Ok(Asked { filter, basis: input.basis, cutoff_ms: input.cutoff_ms(context.now_ms) })
    }

    fn begins_at(&self, record: &Record) -> i64 {
        match self.basis {
            Basis::Activity => record.updated_at,
            Basis::Creation => record.created_at,
        }
    }
}

/// The filter of the list that shows what a rule reaches, but for what is written to the records and what keeps them.
pub(super) fn list_filter(input: &RuleInput, cutoff_ms: i64) -> String {
    let field = match input.basis {
        Basis::Activity => "updated_at",
        Basis::Creation => "created_at",
    };
    let time = format!("{field} < {}", instant_text(cutoff_ms));
    match filter_of(&input.filter) {
        "all" => time,
        own => format!("({own}) and {time}"),
    }
}

/// The next records behind an id that match and whose own time is over, by their ids.
pub(super) fn candidates(
    tx: &mut ReadTx,
    context: &RequestContext,
    object_type: &ObjectType,
    input: &RuleInput,
    after: i64,
    limit: usize,
) -> Result<Vec<i64>> {
    let cutoff = input.cutoff_ms(context.now_ms);
    if cutoff == i64::MIN {
        return Ok(Vec::new());
    }
    let text = format!("{} and id > {after}", list_filter(input, cutoff));
    let query = ListQuery {
        filter: compile(&text, object_type, context)?,
        sort: Sort::parse("id"),
        fields: Some(Vec::new()),
        limit: limit.min(MAX_LIMIT),
        ..ListQuery::default()
    };
    Ok(record_engine::query::list(tx, context, object_type, &query)?.records.iter().map(|record| record.id).collect())
}

/// What the rule comes to for each of these records, in their order.
pub(super) fn judge(
    tx: &mut dyn Query,
    catalog: &Catalog,
    object_type: &ObjectType,
    asked: &Asked,
    ids: &[i64],
    for_update: bool,
) -> Result<Vec<(i64, Verdict)>> {
    let records = load_records(tx, object_type, ids, for_update)?;
    let busy = match asked.basis {
        Basis::Activity => busy(tx, catalog, object_type, ids, asked.cutoff_ms)?,
        Basis::Creation => BTreeSet::new(),
    };
    let verdict = |id: &i64| {
        let Some(record) = records.get(id) else { return Verdict::NotYet };
        let is_open = record.deleted_at.is_none() && record.erased_at.is_none();
        let is_over = asked.begins_at(record) < asked.cutoff_ms && !busy.contains(id);
        if !is_open || !is_over || !matches(&asked.filter, &TypedRecord { object_type, record }) {
            Verdict::NotYet
        } else if record.value(LEGAL_HOLD).as_bool() == Some(true) {
            Verdict::Held
        } else if !record.value(RESTRICTED_FIELD).is_null() {
            Verdict::Restricted
        } else if !record.value(USER_FIELD).is_null() {
            Verdict::Staff
        } else {
            Verdict::Due
        }
    };
    Ok(ids.iter().map(|id| (*id, verdict(id))).collect())
}

/// The records to which something was written or put since a moment: comments, files, consents.
fn busy(
    tx: &mut dyn Query,
    catalog: &Catalog,
    object_type: &ObjectType,
    ids: &[i64],
    since_ms: i64,
) -> Result<BTreeSet<i64>> {
    let mut busy = BTreeSet::new();
    let of_these: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    for part in &catalog.object_types {
        let Some(field) = part.part_field(object_type) else { continue };
        let (table, column) = (quote_identifier(part.table()), quote_identifier(&field.column));
        let sql = format!(
            "SELECT DISTINCT {column} FROM {table} WHERE {column} IN {} AND updated_at >= ?",
            in_list(of_these.len())
        );
        for row in tx.query(&sql, &[of_these.as_slice(), &[since_ms.into()]].concat())? {
            busy.extend(row.optional_integer(0)?);
        }
    }
    Ok(busy)
}

/// Counts what is left.
pub(super) fn count(counts: &mut Counts, verdicts: &[(i64, Verdict)]) {
    for (_, verdict) in verdicts {
        match verdict {
            Verdict::Held => counts.held += 1,
            Verdict::Restricted => counts.restricted += 1,
            Verdict::Staff => counts.staff += 1,
            Verdict::Due | Verdict::NotYet => {}
        }
    }
}

/// What a rule would do.
pub(super) struct Reach {
    /// How many would go.
    pub count: usize,
    /// Whether there may be more.
    pub is_capped: bool,
    /// How many would be left, by the reason.
    pub left: BTreeMap<&'static str, i64>,
    /// The first that would go.
    pub first: Vec<i64>,
    /// Milliseconds UTC.
    pub cutoff_ms: i64,
}

/// Goes through what a rule reaches now, and changes nothing.
///
/// # Errors
/// `Filter` when a field that the rule asks about is gone; those of the database.
pub(super) fn reach(engine: &Engine, snapshot: &Snapshot, input: &RuleInput) -> Result<Reach> {
    let context = RequestContext::system(engine.clock());
    let object_type = snapshot.object_type(&input.object_type)?;
    let asked = Asked::of(&object_type, &context, input)?;
    let (mut counts, mut due) = (Counts::default(), Vec::new());
    let (mut after, mut looked_at) = (0, 0);
    loop {
        let verdicts = engine.database().read(|tx| {
            let ids = candidates(tx, &context, &object_type, input, after, MAX_LIMIT)?;
            judge(tx, &snapshot.catalog, &object_type, &asked, &ids, false)
        })?;
        let Some((last, _)) = verdicts.last() else { break };
        after = *last;
        looked_at += verdicts.len();
        count(&mut counts, &verdicts);
        due.extend(verdicts.iter().filter(|(_, verdict)| *verdict == Verdict::Due).map(|(id, _)| *id));
        if looked_at >= MAX_LOOKED_AT {
            break;
        }
    }
    let count = due.len();
    due.truncate(EXAMPLES);
    let is_capped = looked_at >= MAX_LOOKED_AT;
    Ok(Reach { count, is_capped, left: counts.left(), first: due, cutoff_ms: asked.cutoff_ms })
}
