//! How many ids a condition has, remembered for a while: lists ask it to choose a plan, and mostly ask the same.
//!
//! What must stay true: nothing but the choice of a plan depends on it, so a stale number costs time and never a record.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use database::Query;

use super::conditions::Fragment;
use crate::error::Result;

/// How long a number is believed.
const LIFETIME: Duration = Duration::from_secs(60);
/// Numbers that are kept; then all are forgotten.
const CAPACITY: usize = 2_000;

#[derive(Clone, Copy)]
enum Known {
    Exactly(i64),
    AtLeast(i64),
}

/// What is known of the conditions of one object type.
#[derive(Default)]
pub struct Statistics(Mutex<HashMap<u64, (Instant, Known)>>);

impl Statistics {
    /// How many ids a source gives, repeated ones included, if these are fewer than `limit`.
    ///
    /// # Errors
    /// Those of the database.
    pub(super) fn count_below(&self, tx: &mut dyn Query, source: &Fragment, limit: i64) -> Result<Option<i64>> {
        let key = key(source);
        match self.known(key) {
            Some(Known::Exactly(count)) => return Ok(Some(count).filter(|count| *count < limit)),
            Some(Known::AtLeast(count)) if count >= limit => return Ok(None),
            _ => {}
        }
        let sql = format!("SELECT COUNT(*) FROM (SELECT 1 FROM ({}) s LIMIT {limit}) n", source.sql);
        let count = tx.query_one(&sql, &source.params)?.integer(0)?;
        let is_below = count < limit;
        self.remember(key, if is_below { Known::Exactly(count) } else { Known::AtLeast(count) });
        Ok(Some(count).filter(|_| is_below))
    }

    fn known(&self, key: u64) -> Option<Known> {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.get(&key).filter(|(at, _)| at.elapsed() < LIFETIME).map(|(_, known)| *known)
    }

    fn remember(&self, key: u64, known: Known) {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.len() >= CAPACITY {
            numbers.clear();
        }
        numbers.insert(key, (Instant::now(), known));
    }
}

fn key(source: &Fragment) -> u64 {
    let mut hasher = DefaultHasher::new();
    source.sql.hash(&mut hasher);
    // Values have no hash of their own because of the real numbers among them.
    format!("{:?}", source.params).hash(&mut hasher);
    hasher.finish()
}
