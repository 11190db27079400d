//! How large a filter may be, and the tally that every reader of filters keeps.
//!
//! A filter comes from people and programs outside, and becomes SQL with bound values; these
//! numbers bound the parser's stack, the statement's size and its parameters (SQLite takes 32,766).

/// Longest text form, and longest single text value, in bytes.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;
/// Deepest nesting: nodes from the root to a condition, both counted. Parentheses in the text form
/// count too, needed or not.
pub const MAX_DEPTH: usize = 16;
/// Most conditions in one filter.
pub const MAX_CONDITIONS: usize = 200;
/// Most values in the list of one condition.
pub const MAX_LIST_VALUES: usize = 1_000;
/// Most values in all conditions of one filter together.
pub const MAX_VALUES: usize = 10_000;
/// Farthest distance of `today ± n` and `now ± n`, in days either way: a hundred years.
pub const MAX_OFFSET_DAYS: i32 = 36_525;

/// A limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exceeded {
    #[error("at most {MAX_CONDITIONS} conditions are allowed")]
    Conditions,
    #[error("a list holds at most {MAX_LIST_VALUES} values")]
    ListValues,
    #[error("all conditions together hold at most {MAX_VALUES} values")]
    Values,
}

/// Counts what has been read of one filter so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    conditions: usize,
    values: usize,
}

impl Tally {
    /// Counts one more condition.
    pub(crate) fn add_condition(&mut self) -> Result<(), Exceeded> {
        self.conditions += 1;
        if self.conditions > MAX_CONDITIONS {
            return Err(Exceeded::Conditions);
        }
        Ok(())
    }

    /// Counts one more value, which makes the list it stands in `list_length` long.
    pub(crate) fn add_value(&mut self, list_length: usize) -> Result<(), Exceeded> {
        self.values += 1;
        if list_length > MAX_LIST_VALUES {
            return Err(Exceeded::ListValues);
        }
        if self.values > MAX_VALUES {
            return Err(Exceeded::Values);
        }
        Ok(())
    }
}
