//! The same questions as hand-written SQL: what an expert would run on this very file if there were no engine.
//!
//! A question may have several good plans, depending on how many records match. All of them are measured and the best one counts, so the
//! comparison never flatters the engine. The rows are read and dropped: no masking, no titles beyond one look-up, no JSON.

use std::collections::BTreeSet;

use database::{Backend, Query, Value};
use record_engine::catalog::ObjectType;
use record_engine::query::load::Projection;

use crate::Result;

/// Rows of a page, and the one behind it that tells whether there is more.
pub(crate) const PAGE: usize = 50;
/// Candidates that a search ranks.
const CANDIDATES: usize = 400;
/// Results that a search shows.
pub(crate) const RESULTS: usize = 20;

/// SQL with its values.
#[derive(Clone)]
pub(crate) struct Statement {
    pub sql: String,
    pub params: Vec<Value>,
}

/// Who asks, as SQL: nothing for everyone's eyes, else an employee.
pub(crate) type Employee = Option<Eyes>;

/// What an employee sees, as SQL with his id.
#[derive(Clone, Copy)]
pub(crate) struct Eyes {
    seen: &'static str,
    seen_ids: &'static str,
    id: i64,
}

impl Eyes {
    /// The cards of a manager and those that are open to everybody.
    pub fn of_manager(id: i64) -> Eyes {
        Eyes {
            seen: "(EXISTS (SELECT 1 FROM contact_managers m WHERE m.record_id = t.id AND m.value = ?) OR t.visibility IN ('read', 'write'))",
            seen_ids: "SELECT record_id FROM contact_managers WHERE value = ? UNION SELECT id FROM contact WHERE visibility IN ('read', 'write') AND deleted_at IS NULL",
            id,
        }
    }

    /// The cards that are open to the teams of a user, and those that are open to everybody.
    pub fn of_member(id: i64) -> Eyes {
        Eyes {
            seen: "(EXISTS (SELECT 1 FROM contact_reading_teams r JOIN team_members m ON m.record_id = r.value WHERE r.record_id = t.id AND m.value = ?) OR t.visibility IN ('read', 'write'))",
            seen_ids: "SELECT r.record_id FROM team_members m JOIN contact_reading_teams r ON r.value = m.record_id WHERE m.value = ? UNION SELECT id FROM contact WHERE visibility IN ('read', 'write') AND deleted_at IS NULL",
            id,
        }
    }
}

/// What a page is restricted to.
pub(crate) enum Filter {
    /// Nothing.
    None,
    /// A city, as a sort key.
    City(String),
    /// A manager.
    Manager(i64),
}

impl Filter {
    fn condition(&self) -> Option<(&'static str, Value)> {
        match self {
            Filter::None => None,
            Filter::City(city) => Some((
                "EXISTS (SELECT 1 FROM contact_addresses c WHERE c.record_id = t.id AND c.city_key || '' = ?)",
                Value::from(city.as_str()),
            )),
            Filter::Manager(id) => Some((
                "EXISTS (SELECT 1 FROM contact_managers c WHERE c.record_id = t.id AND c.value = ?)",
                Value::Integer(*id),
            )),
        }
    }

    fn ids(&self) -> Option<(&'static str, Value)> {
        match self {
            Filter::None => None,
            Filter::City(city) => {
                Some(("SELECT record_id FROM contact_addresses WHERE city_key = ?", Value::from(city.as_str())))
            }
            Filter::Manager(id) => {
                Some(("SELECT record_id FROM contact_managers WHERE value = ?", Value::Integer(*id)))
            }
        }
    }
}

/// The plans for a page: along the index of the order, from the ids of the filter, along the index of a city in the order of names, from the ids that
/// the employee sees.
pub(crate) fn page_plans(
    object_type: &ObjectType,
    backend: Backend,
    employee: Employee,
    filter: &Filter,
    order: &str,
) -> Vec<Statement> {
    let list = Projection::new(object_type, None).select_list();
    let seen = employee.map(|eyes| (eyes.seen, Value::Integer(eyes.id)));
    let conditions: Vec<(&str, Value)> = filter.condition().into_iter().chain(seen.clone()).collect();
    // SQLite must not leave the index of the order for that of a condition.
    let keep = if backend == Backend::Sqlite { "+" } else { "" };
    let mut walk =
        Statement { sql: format!("SELECT {list} FROM contact t WHERE t.deleted_at IS NULL"), params: Vec::new() };
    for (condition, value) in conditions {
        walk.sql.push_str(&format!(" AND {keep}({condition})"));
        walk.params.push(value);
    }
    walk.sql.push_str(&format!(" ORDER BY {order} LIMIT {}", PAGE + 1));
    let mut plans = vec![walk];
    let driven = |ids: &str, value: Value, rest: Option<(&str, Value)>| {
        let (rest, rest_value) =
            rest.map_or((String::new(), None), |(condition, value)| (format!(" AND {condition}"), Some(value)));
        Statement {
            sql: format!(
                "WITH d (id) AS MATERIALIZED (SELECT DISTINCT * FROM ({ids}) s) SELECT {list} FROM d CROSS JOIN contact t \
                 WHERE t.id = d.id AND t.deleted_at IS NULL{rest} ORDER BY {order} LIMIT {}",
                PAGE + 1
            ),
            params: std::iter::once(value).chain(rest_value).collect(),
        }
    };
    if let Some((ids, value)) = filter.ids() {
        plans.push(driven(ids, value, seen.clone()));
    }
    if let Filter::City(city) = filter {
        // Each entry keeps the key of its record's title; a contact with two addresses in the city comes twice.
        let (and, value) =
            seen.map_or((String::new(), None), |(condition, value)| (format!(" AND {condition}"), Some(value)));
        plans.push(Statement {
            sql: format!(
                "SELECT {list} FROM contact_addresses a CROSS JOIN contact t WHERE t.id = a.record_id AND a.city_key = ? \
                 AND t.deleted_at IS NULL{and} ORDER BY a.title_key, a.record_id LIMIT {}",
                PAGE + 1
            ),
            params: std::iter::once(Value::from(city.as_str())).chain(value).collect(),
        });
    }
    if let Some(eyes) = employee {
        plans.push(driven(eyes.seen_ids, Value::Integer(eyes.id), filter.condition()));
    }
    plans
}

/// Runs a page with its child rows and the titles of its references.
pub(crate) fn run_page(tx: &mut dyn Query, object_type: &ObjectType, statement: &Statement) -> Result<usize> {
    let rows = tx.query(&statement.sql, &statement.params)?;
    let ids = rows.iter().take(PAGE).map(|row| row.integer(0)).collect::<Result<Vec<i64>, _>>()?;
    read_around(tx, object_type, &ids)?;
    Ok(rows.len())
}

/// A card: its row, its child rows, the titles of its references.
pub(crate) fn run_card(tx: &mut dyn Query, object_type: &ObjectType, employee: Employee, id: i64) -> Result<usize> {
    let list = Projection::new(object_type, None).select_list();
    let (seen, value) = employee.map_or(("", None), |eyes| (eyes.seen, Some(Value::Integer(eyes.id))));
    let and = if seen.is_empty() { "" } else { " AND " };
    let params: Vec<Value> = std::iter::once(Value::Integer(id)).chain(value).collect();
    let rows = tx.query(&format!("SELECT {list} FROM contact t WHERE t.id = ?{and}{seen}"), &params)?;
    read_around(tx, object_type, &[id])?;
    Ok(rows.len())
}

fn read_around(tx: &mut dyn Query, object_type: &ObjectType, ids: &[i64]) -> Result<()> {
    let params: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let marks = database::in_list(ids.len());
    let mut users: BTreeSet<i64> = BTreeSet::new();
    for field in object_type.value_fields() {
        let Some(child) = field.behaviour().child_table() else { continue };
        let columns: Vec<&str> = child.columns.iter().map(|column| column.name.as_str()).collect();
        let sql = format!(
            "SELECT record_id, {} FROM {} WHERE record_id IN {marks} ORDER BY record_id, position",
            columns.join(", "),
            object_type.child_table(field)
        );
        let rows = tx.query(&sql, &params)?;
        if field.name == "managers" {
            users.extend(rows.iter().filter_map(|row| row.integer(1).ok()));
        }
    }
    tx.query(
        &format!("SELECT p.id, p.name FROM contact t JOIN contact p ON p.id = t.parent WHERE t.id IN {marks}"),
        &params,
    )?;
    let users: Vec<Value> = users.into_iter().map(Value::Integer).collect();
    tx.query(&format!("SELECT id, name FROM \"user\" WHERE id IN {}", database::in_list(users.len())), &users)?;
    Ok(())
}

/// What is searched for.
pub(crate) enum Wanted {
    /// A part of a word, folded.
    Part(String),
    /// The end of a number, digits.
    Ending(String),
}

/// The plans for a search: by the trigram index or by the ends of the numbers, and from the ids that the employee sees.
pub(crate) fn search_plans(backend: Backend, employee: Employee, wanted: &Wanted) -> Vec<Statement> {
    let seen = employee.map_or(String::new(), |eyes| format!(" AND {}", eyes.seen));
    let seen_value = employee.map(|eyes| Value::Integer(eyes.id));
    let contains = if backend == Backend::Sqlite { "instr(s.text, ?) > 0" } else { "strpos(s.text, ?) > 0" };
    let mut plans = Vec::new();
    match (wanted, backend) {
        (Wanted::Part(text), Backend::Sqlite) => plans.push(Statement {
            sql: format!(
                "SELECT s.record_id, s.text FROM contact_search_index f CROSS JOIN contact_search s CROSS JOIN contact t \
                 WHERE f.contact_search_index MATCH ? AND s.record_id = f.rowid AND t.id = f.rowid AND t.deleted_at IS NULL AND {contains}{seen} \
                 ORDER BY f.rowid DESC LIMIT {CANDIDATES}"
            ),
            params: [Value::Text(trigrams(text)), Value::from(text.as_str())].into_iter().chain(seen_value.clone()).collect(),
        }),
        (Wanted::Part(text), Backend::Postgres) => plans.push(Statement {
            sql: format!(
                "SELECT s.record_id, s.text FROM contact_search s JOIN contact t ON t.id = s.record_id \
                 WHERE t.deleted_at IS NULL AND s.text LIKE ?{seen} LIMIT {CANDIDATES}"
            ),
            params: std::iter::once(Value::Text(format!("%{text}%"))).chain(seen_value.clone()).collect(),
        }),
        (Wanted::Ending(digits), _) => {
            let reversed: String = digits.chars().rev().collect();
            let end = format!("{reversed}{}", char::MAX);
            plans.push(Statement {
                sql: format!(
                    "SELECT s.record_id, s.text FROM contact_channels c CROSS JOIN contact t CROSS JOIN contact_search s \
                     WHERE c.reversed >= ? AND c.reversed < ? AND t.id = c.record_id AND s.record_id = t.id AND t.deleted_at IS NULL{seen} \
                     LIMIT {CANDIDATES}"
                ),
                params: [Value::Text(reversed), Value::Text(end)].into_iter().chain(seen_value.clone()).collect(),
            });
        }
    }
    if let Some(Eyes { seen_ids, id, .. }) = employee {
        let text = match wanted {
            Wanted::Part(text) | Wanted::Ending(text) => text.as_str(),
        };
        plans.push(Statement {
            sql: format!(
                "WITH d (id) AS MATERIALIZED ({seen_ids}) SELECT s.record_id, s.text FROM d CROSS JOIN contact t CROSS JOIN contact_search s \
                 WHERE t.id = d.id AND s.record_id = d.id AND t.deleted_at IS NULL AND {contains} ORDER BY s.record_id DESC LIMIT {CANDIDATES}"
            ),
            params: vec![Value::Integer(id), Value::from(text)],
        });
    }
    plans
}

/// Runs a search and reads what it shows.
pub(crate) fn run_search(tx: &mut dyn Query, object_type: &ObjectType, statement: &Statement) -> Result<usize> {
    let rows = tx.query(&statement.sql, &statement.params)?;
    let ids = rows.iter().take(RESULTS).map(|row| row.integer(0)).collect::<Result<Vec<i64>, _>>()?;
    let params: Vec<Value> = ids.iter().map(|id| Value::Integer(*id)).collect();
    let list = Projection::new(object_type, None).select_list();
    tx.query(&format!("SELECT {list} FROM contact t WHERE t.id IN {}", database::in_list(params.len())), &params)?;
    tx.query(
        &format!(
            "SELECT record_id, kind, value, display FROM contact_channels WHERE record_id IN {}",
            database::in_list(params.len())
        ),
        &params,
    )?;
    Ok(rows.len())
}

/// The trigrams of a text, all of which a match must have.
fn trigrams(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let parts: Vec<String> = letters
        .windows(3)
        .map(|three| format!("\"{}\"", three.iter().collect::<String>().replace('"', "\"\"")))
        .collect();
    parts.join(" AND ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trigrams_of_words() {
        assert_eq!(trigrams("шевч"), "\"шев\" AND \"евч\"");
        assert_eq!(trigrams("a\"b"), "\"a\"\"b\"");
    }
}
