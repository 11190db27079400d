//! A row that has left the database and owns its values.
//!
//! Columns are addressed by position, because every statement of the product
//! lists its columns. Reading a column as a type that it does not have is an
//! error, never a silent conversion; only an integer may be read as a real.

use crate::{DatabaseError, Value};

/// The values of one result row, in the order of the statement's columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    /// Makes a row of values, for code that produces rows without a database.
    pub fn new(values: Vec<Value>) -> Self {
        Row { values }
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Says whether the row has no columns.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value at `index`; `Null` beyond the last column.
    pub fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    /// Takes the value at `index` out of the row and leaves `Null`.
    pub fn take_value(&mut self, index: usize) -> Value {
        self.values.get_mut(index).map_or(Value::Null, |value| std::mem::replace(value, Value::Null))
    }

    /// All values, in column order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Gives up the row for its values, in column order.
    pub fn into_values(self) -> Vec<Value> {
        self.values
    }

    /// The integer at `index`; an error when it is null or of another kind.
    pub fn integer(&self, index: usize) -> Result<i64, DatabaseError> {
        self.optional_integer(index)?.ok_or_else(|| self.mismatch(index, "integer"))
    }

    /// The integer at `index`, if it is not null; an error when it is of another kind.
    pub fn optional_integer(&self, index: usize) -> Result<Option<i64>, DatabaseError> {
        match self.value(index) {
            Value::Null => Ok(None),
            Value::Integer(value) => Ok(Some(*value)),
            _ => Err(self.mismatch(index, "integer")),
        }
    }

    /// The truth value at `index`: an integer, of which only 0 is false.
    pub fn boolean(&self, index: usize) -> Result<bool, DatabaseError> {
        self.integer(index).map(|value| value != 0)
    }

    /// The number at `index`; an integer is widened.
    pub fn real(&self, index: usize) -> Result<f64, DatabaseError> {
        self.optional_real(index)?.ok_or_else(|| self.mismatch(index, "real"))
    }

    /// The number at `index`, if it is not null; an integer is widened.
    pub fn optional_real(&self, index: usize) -> Result<Option<f64>, DatabaseError> {
        match self.value(index) {
            Value::Null => Ok(None),
            Value::Real(value) => Ok(Some(*value)),
            // Sums and averages change their kind with the data; the rounding above 2^53 is that of the databases.
            Value::Integer(value) => Ok(Some(*value as f64)),
            _ => Err(self.mismatch(index, "real")),
        }
    }

    /// A copy of the text at `index`; an error when it is null or of another kind.
    pub fn text(&self, index: usize) -> Result<String, DatabaseError> {
        self.text_str(index).map(str::to_owned)
    }

    /// The text at `index` without a copy; an error when it is null or of another kind.
    pub fn text_str(&self, index: usize) -> Result<&str, DatabaseError> {
        match self.value(index) {
            Value::Text(value) => Ok(value),
            _ => Err(self.mismatch(index, "text")),
        }
    }

    /// A copy of the text at `index`, if it is not null.
    pub fn optional_text(&self, index: usize) -> Result<Option<String>, DatabaseError> {
        match self.value(index) {
            Value::Null => Ok(None),
            _ => self.text(index).map(Some),
        }
    }

    /// Takes the text at `index` out of the row and leaves `Null`.
    pub fn take_text(&mut self, index: usize) -> Result<String, DatabaseError> {
        self.take_optional_text(index)?.ok_or_else(|| self.mismatch(index, "text"))
    }

    /// Takes the text at `index` out of the row, if it is not null.
    pub fn take_optional_text(&mut self, index: usize) -> Result<Option<String>, DatabaseError> {
        match self.value(index) {
            Value::Null => Ok(None),
            Value::Text(_) => match self.take_value(index) {
                Value::Text(value) => Ok(Some(value)),
                _ => Ok(None),
            },
            _ => Err(self.mismatch(index, "text")),
        }
    }

    /// A copy of the bytes at `index`; an error when they are null or of another kind.
    pub fn bytes(&self, index: usize) -> Result<Vec<u8>, DatabaseError> {
        self.optional_bytes(index)?.ok_or_else(|| self.mismatch(index, "bytes"))
    }

    /// A copy of the bytes at `index`, if they are not null.
    pub fn optional_bytes(&self, index: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
        match self.value(index) {
            Value::Null => Ok(None),
            Value::Bytes(value) => Ok(Some(value.clone())),
            _ => Err(self.mismatch(index, "bytes")),
        }
    }

    fn mismatch(&self, index: usize, expected: &str) -> DatabaseError {
        let found = self.values.get(index).map_or("nothing", Value::kind);
        DatabaseError::Column(format!("column {index} of a row should hold {expected} and holds {found}"))
    }
}
