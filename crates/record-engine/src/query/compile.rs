//! From a checked filter to SQL, in two ways: as a predicate on a record (alias `t`), and as a *source*, a query that gives the ids of the
//! matching records by an index. Lists choose between walking the sort index with the predicate and starting from a small source.

use database::{Backend, Query, Value, quote_identifier};
use filter_language::{CheckedExpr, Expr};

use super::areas;
use super::conditions::{self, EntryIndex, Fragment, Leaf};
use crate::access::{RowRule, Within};
use crate::catalog::ObjectType;
use crate::error::Result;
use crate::followers;

/// A conjunction over the records of one type.
#[derive(Clone, Debug)]
pub struct Predicate {
    /// Terms that all must hold.
    pub terms: Vec<Term>,
}

/// One term of a conjunction.
#[derive(Clone, Debug)]
pub struct Term {
    /// The condition on a record with alias `t`.
    pub condition: Fragment,
    /// The ids of the records that satisfy it, when an index gives them; may repeat ids and include the trash.
    pub source: Option<Fragment>,
    /// The entries that satisfy it, in the order of titles, where an index has them so.
    pub in_title_order: Option<TitleWalk>,
    /// Name of the field, of a condition that asks nothing but the columns of one.
    pub field: Option<String>,
    /// The values of which that field has one, where the condition says no more than this.
    pub values: Option<Vec<Value>>,
    /// No record without a value in that field satisfies it.
    pub has_value: bool,
}

/// Entries of a child table (alias `c`) that satisfy one condition, which an index has in the order of the titles of their records.
#[derive(Clone, Debug)]
pub struct TitleWalk {
    /// The child table.
    pub table: String,
    /// The condition on an entry.
    pub condition: Fragment,
}

impl Term {
    /// A condition that is no more than that.
    pub fn of(condition: Fragment) -> Term {
        Term { condition, source: None, in_title_order: None, field: None, values: None, has_value: false }
    }
}

impl Predicate {
    /// The predicate of a filter within a row rule.
    pub fn new(object_type: &ObjectType, rule: &RowRule, filter: &CheckedExpr, backend: Backend) -> Predicate {
        let compiler = Compiler { object_type, backend };
        let mut terms = Vec::new();
        compiler.push_rule(rule, &mut terms);
        compiler.push_terms(filter.expr(), &mut terms);
        Predicate { terms }
    }

    /// [`Predicate::new`] of a filter that somebody asked for: what it says about the map is looked up first.
    ///
    /// # Errors
    /// `Invalid` for areas of the map with too many towns; those of the database.
    pub fn of_filter(
        tx: &mut dyn Query,
        object_type: &ObjectType,
        rule: &RowRule,
        filter: &CheckedExpr,
    ) -> Result<Predicate> {
        let grounded = areas::ground(tx, object_type, filter)?;
        Ok(Predicate::new(object_type, rule, &grounded, tx.backend()))
    }

    /// Leaves only what another row rule admits too.
    pub fn narrow(&mut self, object_type: &ObjectType, rule: &RowRule, backend: Backend) {
        Compiler { object_type, backend }.push_rule(rule, &mut self.terms);
    }

    /// Leaves only what another filter finds too.
    pub(super) fn add(&mut self, object_type: &ObjectType, filter: &CheckedExpr, backend: Backend) {
        Compiler { object_type, backend }.push_terms(filter.expr(), &mut self.terms);
    }

    /// All terms as one condition beginning with ` AND `; empty when there are none.
    pub fn and_sql(&self) -> Fragment {
        let mut all = Fragment::default();
        for term in &self.terms {
            all.push(" AND ");
            all.append(&term.condition);
        }
        all
    }
}

/// Whether it compares a field with values.
fn is_lookup(expr: &Expr) -> bool {
    matches!(expr, Expr::Condition(condition) if conditions::is_lookup(condition.operator))
}

struct Compiler<'a> {
    object_type: &'a ObjectType,
    backend: Backend,
}

impl Compiler<'_> {
    fn push_rule(&self, rule: &RowRule, terms: &mut Vec<Term>) {
        match rule {
            RowRule::All => {}
            RowRule::Nothing => terms.push(Term::of(Fragment::new("1 = 0", Vec::new()))),
            RowRule::Matching(rule) => self.push_terms(rule.expr(), terms),
            RowRule::Within(within) => {
                self.push_rule(&within.own, terms);
                terms.push(Term::of(self.within(within)));
            }
        }
    }

    /// The whole has the alias `t` as every record has, so the column of the part is named without one: no column of the whole is called
    /// so (`Catalog::attach_sets`). A whole in the trash still says who sees its parts.
    fn within(&self, within: &Within) -> Fragment {
        let mut made = Fragment::default();
        for place in &within.places {
            let Some(field) = self.object_type.field(&place.field) else { continue };
            let column = quote_identifier(&field.column);
            match place.rows {
                RowRule::Nothing => continue,
                RowRule::All => {
                    made.push(if made.sql.is_empty() { "(" } else { " OR " });
                    made.push(&format!("t.{column} IS NOT NULL"));
                }
                _ => {
                    made.push(if made.sql.is_empty() { "(" } else { " OR " });
                    let table = quote_identifier(place.whole.table());
                    made.push(&format!("EXISTS (SELECT 1 FROM {table} t WHERE t.id = {column}"));
                    made.append(
                        &Predicate::new(&place.whole, &place.rows, &CheckedExpr::all(), self.backend).and_sql(),
                    );
                    made.push(")");
                }
            }
        }
        if made.sql.is_empty() {
            return Fragment::new("1 = 0", Vec::new());
        }
        made.push(")");
        made
    }

    /// Conjunctions are taken apart, so that each part can be a source.
    fn push_terms(&self, expr: &Expr, terms: &mut Vec<Term>) {
        match expr {
            Expr::All => {}
            Expr::And(parts) => parts.iter().for_each(|part| self.push_terms(part, terms)),
            other => terms.push(Term {
                condition: self.condition(other),
                source: self.source(other),
                in_title_order: self.title_walk(other),
                field: self.only_field(other),
                values: self.only_values(other),
                has_value: self.only_field(other).is_some() && is_lookup(other),
            }),
        }
    }

    fn only_field(&self, expr: &Expr) -> Option<String> {
        let Expr::Condition(condition) = expr else { return None };
        let is_own = self.leaves(condition).iter().all(|leaf| matches!(leaf, Leaf::Own { .. }));
        is_own.then(|| condition.field.field.clone())
    }

    fn only_values(&self, expr: &Expr) -> Option<Vec<Value>> {
        let Expr::Condition(condition) = expr else { return None };
        let field = self.object_type.field(&condition.field.field)?;
        match self.leaves(condition).as_slice() {
            [Leaf::Own { condition, .. }] => conditions::values_of(&format!("t.{}", field.column), condition),
            _ => None,
        }
    }

    fn title_walk(&self, expr: &Expr) -> Option<TitleWalk> {
        let Expr::Condition(condition) = expr else { return None };
        match self.leaves(condition).pop() {
            Some(Leaf::Child { table, condition, index: EntryIndex::InTitleOrder, .. }) => {
                Some(TitleWalk { table, condition })
            }
            _ => None,
        }
    }

    fn leaves(&self, condition: &filter_language::Condition) -> Vec<Leaf> {
        match self.object_type.field(&condition.field.field) {
            Some(field) => field.behaviour().condition(self.object_type, field, condition, self.backend),
            None => match followers::asked::leaf(self.object_type, condition) {
                Some(leaf) => vec![leaf],
                // The checker has refused unknown fields; nothing matches one.
                None => vec![conditions::fixed(false)],
            },
        }
    }

    fn condition(&self, expr: &Expr) -> Fragment {
        match expr {
            Expr::All => Fragment::new("1 = 1", Vec::new()),
            Expr::And(parts) => self.joined(parts, " AND ", "1 = 1"),
            Expr::Or(parts) => self.joined(parts, " OR ", "1 = 0"),
            // A condition over an empty value is unknown in SQL but false in the language.
            Expr::Not(inner) => {
                let inner = self.condition(inner);
                Fragment::new(format!("(({}) IS NOT TRUE)", inner.sql), inner.params)
            }
            Expr::Condition(condition) => {
                let leaves = self.leaves(condition);
                let mut all = Fragment::new("(", Vec::new());
                for (at, leaf) in leaves.iter().enumerate() {
                    if at > 0 {
                        all.push(" AND ");
                    }
                    all.append(&self.leaf(leaf));
                }
                all.push(")");
                all
            }
        }
    }

    fn joined(&self, parts: &[Expr], separator: &str, of_none: &str) -> Fragment {
        if parts.is_empty() {
            return Fragment::new(of_none, Vec::new());
        }
        let mut all = Fragment::new("(", Vec::new());
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                all.push(separator);
            }
            all.append(&self.condition(part));
        }
        all.push(")");
        all
    }

    fn leaf(&self, leaf: &Leaf) -> Fragment {
        match leaf {
            Leaf::Own { condition, .. } => condition.clone(),
            Leaf::Child { table, condition, is_negated, is_by_record, .. } => {
                let not = if *is_negated { "NOT " } else { "" };
                let own = match self.backend {
                    Backend::Sqlite if *is_by_record => format!("+({})", condition.sql),
                    _ => condition.sql.clone(),
                };
                Fragment::new(
                    format!("{not}EXISTS (SELECT 1 FROM {table} c WHERE c.record_id = t.id AND {own})"),
                    condition.params.clone(),
                )
            }
        }
    }

    fn source(&self, expr: &Expr) -> Option<Fragment> {
        match expr {
            Expr::All | Expr::Not(_) => None,
            // Any one part of a conjunction narrows it; the predicate checks the rest.
            Expr::And(parts) => parts.iter().find_map(|part| self.source(part)),
            Expr::Or(parts) => {
                let sources: Option<Vec<Fragment>> = parts.iter().map(|part| self.source(part)).collect();
                let mut all = Fragment::default();
                for (at, source) in sources?.iter().enumerate() {
                    if at > 0 {
                        all.push(" UNION ALL ");
                    }
                    all.append(source);
                }
                (!all.sql.is_empty()).then_some(all)
            }
            Expr::Condition(condition) => self.leaves(condition).iter().find_map(|leaf| self.leaf_source(leaf)),
        }
    }

    fn leaf_source(&self, leaf: &Leaf) -> Option<Fragment> {
        match leaf {
            Leaf::Own { condition, is_indexed: true } => Some(Fragment::new(
                format!(
                    "SELECT t.id FROM {} t WHERE t.deleted_at IS NULL AND {}",
                    quote_identifier(self.object_type.table()),
                    condition.sql
                ),
                condition.params.clone(),
            )),
            Leaf::Own { is_indexed: false, .. } | Leaf::Child { index: EntryIndex::None, .. } => None,
            // A negated one has no index.
            Leaf::Child { table, condition, .. } => Some(Fragment::new(
                format!("SELECT c.record_id FROM {table} c WHERE {}", condition.sql),
                condition.params.clone(),
            )),
        }
    }
}
