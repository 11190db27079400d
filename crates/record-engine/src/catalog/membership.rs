//! Sets of records, such as groups: who belongs to one because he was put in, because he matches its rule, or because he belongs to a set
//! below it.
//!
//! What must stay true: nobody is a member by a stored copy of a rule. A condition on the field that names the sets is replaced by what it
//! means ([`ObjectType::expand`]) wherever a filter is compiled, so lists, counts, bulk work, exports and the evaluator in memory agree, and
//! membership follows every change at once. A set whose rule no longer fits its fields has no members by rule.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use database::{Query, Tx, quote_identifier};
use filter_language::{CheckedExpr, Condition, FieldPath, Literal, Operand, Operator, check, parse};

use super::{Catalog, Membership, ObjectType};
use crate::error::{EngineError, Result};

/// Most conditions that rules may bring into a filter: what both databases take in one statement with room to spare.
const MAX_CONDITIONS: usize = 400;
/// Most rules inside one another.
const MAX_DEPTH: usize = 12;

/// The sets that the records of a type may belong to.
#[derive(Debug, Default)]
pub(crate) struct Sets {
    by_id: BTreeMap<i64, Set>,
}

#[derive(Debug, Default)]
struct Set {
    /// Not only named by a set inside it.
    is_live: bool,
    children: Vec<i64>,
    rule: Option<CheckedExpr>,
}

/// A set to which records belong by a rule, its own or that of a set below it.
#[derive(Clone, Debug)]
pub struct SetRule {
    /// The set.
    pub id: i64,
    /// Who belongs to it without being put in; nothing in it is resolved yet.
    pub rule: CheckedExpr,
}

/// Reads the sets of all types and ties them to the types of their members. The tables must stand.
pub(super) fn attach(tx: &mut Tx, catalog: &mut Catalog) -> Result<()> {
    let declared: Vec<(Membership, Arc<ObjectType>)> = catalog
        .object_types
        .iter()
        .filter_map(|object_type| Some((object_type.definition.membership?, object_type.clone())))
        .collect();
    for (membership, sets) in declared {
        let Some(members) = catalog.object_types.iter_mut().find(|object_type| object_type.name == membership.of)
        else {
            continue;
        };
        let read = read(tx, membership, &sets, members)?;
        Arc::make_mut(members).sets.insert(membership.field.into(), Arc::new(read));
    }
    Ok(())
}

fn read(tx: &mut Tx, membership: Membership, sets: &ObjectType, members: &ObjectType) -> Result<Sets> {
    let column = |name: &str| sets.field(name).map_or_else(|| name.to_owned(), |field| field.column.clone());
    let sql = format!(
        "SELECT id, {}, {} FROM {} WHERE deleted_at IS NULL",
        quote_identifier(&column(membership.parent)),
        quote_identifier(&column(membership.rule)),
        quote_identifier(sets.table()),
    );
    let mut found = Sets::default();
    for row in tx.query(&sql, &[])? {
        let id = row.integer(0)?;
        let rule = row.optional_text(2)?.and_then(|text| check(&parse(&text).ok()?, members).ok());
        let set = found.by_id.entry(id).or_default();
        (set.is_live, set.rule) = (true, rule);
        if let Some(parent) = row.optional_integer(1)? {
            found.by_id.entry(parent).or_default().children.push(id);
        }
    }
    Ok(found)
}

impl ObjectType {
    /// A filter with every condition on a field of sets replaced by what it means to a reader: a rule about a field that is `hidden` from him assigns
    /// nobody as far as he knows, or its members would tell him the field.
    ///
    /// # Errors
    /// `Filter` when rules name other groups so often, or so deeply, that the result would be out of measure.
    pub(crate) fn expand(&self, filter: CheckedExpr, hidden: &BTreeSet<String>) -> Result<CheckedExpr> {
        if self.sets.is_empty() {
            return Ok(filter);
        }
        let mut left = MAX_CONDITIONS;
        let expanded = self.expand_within(&filter, hidden, &BTreeSet::new(), &mut left);
        if left == 0 {
            Err(EngineError::Filter("the rules of these groups are too large together".into()))
        } else {
            Ok(expanded)
        }
    }

    /// `open` are the sets whose rules are being expanded: a rule that leads back to itself adds nobody. `left` is how many conditions
    /// may still come in; at 0 the result is worthless.
    fn expand_within(
        &self,
        filter: &CheckedExpr,
        hidden: &BTreeSet<String>,
        open: &BTreeSet<i64>,
        left: &mut usize,
    ) -> CheckedExpr {
        if open.len() > MAX_DEPTH {
            *left = 0;
        }
        filter.substitute(&mut |condition| {
            let sets = self.sets.get(&condition.field.field).filter(|_| *left > 0)?;
            let ids = ids_of(condition)?;
            match condition.operator {
                Operator::Has => Some(self.members(&condition.field, sets, &ids, hidden, open, left)),
                Operator::HasAll => {
                    let each = ids.iter().map(|id| self.members(&condition.field, sets, &[*id], hidden, open, left));
                    Some(CheckedExpr::all_of(each))
                }
                _ => None,
            }
        })
    }

    /// Who belongs to any of these sets.
    fn members(
        &self,
        field: &FieldPath,
        sets: &Sets,
        ids: &[i64],
        hidden: &BTreeSet<String>,
        open: &BTreeSet<i64>,
        left: &mut usize,
    ) -> CheckedExpr {
        let wanted = sets.with_descendants(ids);
        let literals = wanted.iter().map(|id| Literal::Integer(*id)).collect();
        let put_in = Condition { field: field.clone(), operator: Operator::Has, value: Operand::Many(literals) };
        let by_rule = sets.rules(&wanted, hidden).filter(|(id, _)| !open.contains(id)).map(|(id, rule)| {
            *left = left.saturating_sub(rule.expr().conditions().len().max(1));
            let mut open = open.clone();
            open.insert(id);
            self.expand_within(rule, hidden, &open, left)
        });
        CheckedExpr::any_of(std::iter::once(CheckedExpr::condition(put_in)).chain(by_rule))
    }

    /// The sets of a field that have members by a rule, as far as a reader knows from whom fields are hidden.
    pub fn set_rules(&self, field: &str, hidden: &BTreeSet<String>) -> Vec<SetRule> {
        let Some(sets) = self.sets.get(field) else { return Vec::new() };
        let rule_of = |id: i64| {
            let wanted = sets.with_descendants(&[id]);
            let mut left = MAX_CONDITIONS;
            let rules: Vec<CheckedExpr> = sets
                .rules(&wanted, hidden)
                .map(|(id, rule)| self.expand_within(rule, hidden, &BTreeSet::from([id]), &mut left))
                .collect();
            (!rules.is_empty() && left > 0).then(|| SetRule { id, rule: CheckedExpr::any_of(rules) })
        };
        sets.by_id.iter().filter(|(_, set)| set.is_live).filter_map(|(id, _)| rule_of(*id)).collect()
    }
}

impl Sets {
    fn with_descendants(&self, ids: &[i64]) -> BTreeSet<i64> {
        let mut wanted = BTreeSet::new();
        let mut open = ids.to_vec();
        while let Some(id) = open.pop() {
            if wanted.insert(id) {
                open.extend(self.by_id.get(&id).into_iter().flat_map(|set| &set.children));
            }
        }
        wanted
    }

    fn rules<'a>(
        &'a self,
        ids: &'a BTreeSet<i64>,
        hidden: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = (i64, &'a CheckedExpr)> {
        let is_known = |rule: &&CheckedExpr| {
            hidden.is_empty() || rule.expr().conditions().iter().all(|asked| !hidden.contains(&asked.field.field))
        };
        ids.iter().filter_map(move |id| Some((*id, self.by_id.get(id)?.rule.as_ref().filter(is_known)?)))
    }
}

fn ids_of(condition: &Condition) -> Option<Vec<i64>> {
    let id = |literal: &Literal| match literal {
        Literal::Integer(id) => Some(*id),
        _ => None,
    };
    condition.literals().iter().map(id).collect()
}
