//! The rows of a file that a check has passed: it writes nothing, so it has to remember what an import would have made by then.
//!
//! What must stay true: memory is bounded. Beyond [`MAX_KEYS`] channels later repetitions within the file are no longer announced by the
//! check; the import, which looks into the database, still meets them.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::assemble::Candidate;

/// Most remembered keys: about 48 MB.
const MAX_KEYS: usize = 1_500_000;

/// See the module.
#[derive(Default)]
pub(crate) struct Seen {
    rows: HashMap<u64, (u32, u32)>,
}

/// An earlier row with one of the same channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Earlier {
    /// Its number.
    pub row: u32,
    /// Whether the name agrees too.
    pub is_full: bool,
}

impl Seen {
    /// A hash of texts.
    pub(crate) fn hash(parts: &[&str]) -> u64 {
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        hasher.finish()
    }

    /// The first earlier row that a new record of this row would meet; without one the row is remembered.
    pub(crate) fn meet(&mut self, candidate: &Candidate) -> Option<Earlier> {
        let title = candidate.title_key.as_deref().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "half of the hash is enough to compare two names")]
        let name = Seen::hash(&[title]) as u32;
        let mut keys: Vec<u64> =
            candidate.channel_keys.iter().map(|(kind, value)| Seen::hash(&[kind, value])).collect();
        let by_title = Seen::hash(&["", title]);
        let looked_up = if keys.is_empty() && !title.is_empty() { std::slice::from_ref(&by_title) } else { &keys };
        let met = looked_up.iter().find_map(|key| self.rows.get(key)).copied();
        let own = u32::try_from(candidate.number).unwrap_or(u32::MAX);
        // A transaction that is tried again meets the rows of its first try.
        if let Some((row, other)) = met.filter(|(row, _)| *row != own) {
            return Some(Earlier { row, is_full: other == name });
        }
        keys.push(by_title);
        for key in keys {
            if self.rows.len() < MAX_KEYS {
                self.rows.entry(key).or_insert((own, name));
            }
        }
        None
    }
}
