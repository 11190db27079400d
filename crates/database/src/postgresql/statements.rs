//! Prepared statements of one connection, by their text.

use std::collections::HashMap;

use postgres::{Client, Error, Statement};

use super::placeholders::number_placeholders;

/// The number of statements kept; the one that rested longest makes room.
const CAPACITY: usize = 200;

/// The statements of one connection.
#[derive(Default)]
pub(super) struct StatementCache {
    entries: HashMap<String, Entry>,
    clock: u64,
}

struct Entry {
    statement: Statement,
    last_used: u64,
}

impl StatementCache {
    /// The statement for a text with `?` placeholders, prepared when it is new.
    pub(super) fn get(&mut self, client: &mut Client, sql: &str) -> Result<Statement, Error> {
        self.clock += 1;
        if let Some(entry) = self.entries.get_mut(sql) {
            entry.last_used = self.clock;
            return Ok(entry.statement.clone());
        }
        let statement = client.prepare(&number_placeholders(sql))?;
        if is_worth_keeping(sql) {
            if self.entries.len() >= CAPACITY {
                self.drop_oldest();
            }
            self.entries.insert(sql.to_owned(), Entry { statement: statement.clone(), last_used: self.clock });
        }
        Ok(statement)
    }

    /// Forgets all statements, after the schema changed under them.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    fn drop_oldest(&mut self) {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.last_used).map(|(sql, _)| sql.clone());
        if let Some(sql) = oldest {
            self.entries.remove(&sql);
        }
    }
}

/// Definitions run once; only statements on data come again.
fn is_worth_keeping(sql: &str) -> bool {
    let word = sql.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next();
    word.is_some_and(|word| {
        ["select", "insert", "update", "delete", "with", "values", "declare"]
            .iter()
            .any(|kept| word.eq_ignore_ascii_case(kept))
    })
}
