//! Yes or no. Empty counts as no, so a new field needs no pass over the old records.

use database::{Backend, ColumnType, Row, Value};
use filter_language::{Condition, FieldType, FieldValue, Literal, Operator};
use serde_json::{Value as Json, json};

use super::{Column, FieldBehaviour, NormaliseContext};
use crate::catalog::{Field, ObjectType};
use crate::error::FieldError;
use crate::query::conditions::{Fragment, Leaf};

/// See the module.
pub struct Checkbox;

/// Words that spreadsheets use for yes and no.
const YES: [&str; 9] = ["true", "yes", "y", "1", "да", "так", "+", "истина", "x"];
const NO: [&str; 9] = ["false", "no", "n", "0", "нет", "ні", "-", "ложь", ""];

impl FieldBehaviour for Checkbox {
    fn columns(&self, field: &Field) -> Vec<Column> {
        vec![Column::new(&field.column, ColumnType::Integer)]
    }

    fn normalise(&self, field: &Field, input: &Json, _: &NormaliseContext) -> Result<Json, Vec<FieldError>> {
        let flag = match input {
            Json::Null => false,
            Json::Bool(flag) => *flag,
            Json::Number(number) => number.as_f64() == Some(1.0),
            Json::String(text) => {
                let word = text.trim().to_lowercase();
                if YES.contains(&word.as_str()) {
                    true
                } else if NO.contains(&word.as_str()) {
                    false
                } else {
                    return Err(vec![FieldError::new(&field.name, "wrong_type")]);
                }
            }
            Json::Array(_) | Json::Object(_) => return Err(vec![FieldError::new(&field.name, "wrong_type")]),
        };
        Ok(if flag { Json::Bool(true) } else { Json::Null })
    }

    fn encode(&self, _: &Field, value: &Json, out: &mut Vec<Value>) {
        out.push(if value == &Json::Bool(true) { Value::Integer(1) } else { Value::Null });
    }

    fn decode(&self, row: &mut Row, at: usize) -> Json {
        if row.optional_integer(at).ok().flatten() == Some(1) { Json::Bool(true) } else { Json::Null }
    }

    fn filter_type(&self, _: &Field, part: Option<&str>) -> Option<FieldType> {
        part.is_none().then_some(FieldType::Boolean)
    }

    fn filter_value(&self, _: &Field, value: &Json, _: Option<&str>) -> FieldValue {
        FieldValue::Boolean(value == &Json::Bool(true))
    }

    fn condition(&self, _: &ObjectType, field: &Field, condition: &Condition, _: Backend) -> Vec<Leaf> {
        let column = format!("t.{}", field.column);
        self::condition(condition, field.is_indexed, &format!("{column} = 1"), &format!("{column} IS NULL"))
    }

    fn sort_column(&self, field: &Field) -> Option<String> {
        Some(field.column.clone())
    }

    fn json_schema(&self, _: &Field) -> Json {
        json!({ "type": ["boolean", "null"] })
    }
}

/// A condition on yes or no, from what says either in SQL over a record (alias `t`); `is_indexed` says whether an index finds those of yes.
pub(super) fn condition(condition: &Condition, is_indexed: bool, yes: &str, no: &str) -> Vec<Leaf> {
    let wanted = condition.literals().first() != Some(&Literal::Boolean(false));
    let (sql, is_indexed) = match condition.operator {
        Operator::Equal | Operator::NotEqual if wanted == (condition.operator == Operator::Equal) => (yes, is_indexed),
        Operator::Equal | Operator::NotEqual => (no, false),
        // An unticked box is a value of its own, never "empty".
        Operator::IsEmpty => ("1 = 0", false),
        _ => ("1 = 1", false),
    };
    vec![Leaf::Own { condition: Fragment::new(sql, Vec::new()), is_indexed }]
}
