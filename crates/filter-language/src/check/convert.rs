//! Brings a value to the type of the field that it is compared with, or says why that cannot be.

use crate::area::Area;
use crate::ast::Literal;
use crate::calendar;
use crate::check::CheckErrorCode;
use crate::fold::sort_key;
use crate::limits::{MAX_OFFSET_DAYS, MAX_TEXT_BYTES};
use crate::operators::FieldType;

/// Integers up to this size, either way, are exact as `f64`.
const MAX_EXACT_INTEGER: u64 = 1 << 53;
const MINUTES_PER_DAY: u64 = 1_440;

/// Why a value does not suit a field.
pub(super) struct Refusal {
    pub(super) code: CheckErrorCode,
    pub(super) message: &'static str,
}

impl Refusal {
    pub(super) const EMPTY_LIST: Self = Self { code: CheckErrorCode::EmptyValue, message: "the list is empty" };
    const EMPTY_TEXT: Self =
        Self { code: CheckErrorCode::EmptyValue, message: "the text is empty; `is empty` asks for empty fields" };
    const TOO_LONG: Self = Self { code: CheckErrorCode::TooLong, message: "the text is too long" };

    const fn wrong(message: &'static str) -> Self {
        Self { code: CheckErrorCode::WrongValue, message }
    }
}

/// Brings a value to the type of the field that it is compared with.
pub(super) fn convert(field_type: FieldType, literal: &Literal) -> Result<Literal, Refusal> {
    match field_type {
        FieldType::Text => match literal {
            Literal::Text(text) if text.len() > MAX_TEXT_BYTES => Err(Refusal::TOO_LONG),
            Literal::Text(text) if sort_key(text).is_empty() => Err(Refusal::EMPTY_TEXT),
            Literal::Text(_) => Ok(literal.clone()),
            _ => Err(Refusal::wrong("a text is needed, in quotes")),
        },
        FieldType::Choice | FieldType::ChoiceSet => match literal {
            Literal::Text(key) if key.len() > MAX_TEXT_BYTES => Err(Refusal::TOO_LONG),
            Literal::Text(key) if key.is_empty() => Err(Refusal::EMPTY_TEXT),
            // No key has such characters, and PostgreSQL does not even take NUL as a value.
            Literal::Text(key) if key.contains(char::is_control) => {
                Err(Refusal::wrong("the key of a choice has no control characters"))
            }
            Literal::Text(_) => Ok(literal.clone()),
            _ => Err(Refusal::wrong("the key of a choice is needed")),
        },
        FieldType::Number => convert_number(literal),
        FieldType::Date => convert_date(literal),
        FieldType::Instant => convert_instant(literal),
        FieldType::Boolean => match literal {
            Literal::Boolean(_) => Ok(literal.clone()),
            _ => Err(Refusal::wrong("true or false is needed")),
        },
        FieldType::Reference | FieldType::ReferenceSet => match literal {
            Literal::Integer(_) | Literal::Me | Literal::MyPeople | Literal::MyTeams => Ok(literal.clone()),
            _ => Err(Refusal::wrong("the number of a record or `me` is needed")),
        },
        FieldType::Place => match literal {
            Literal::Text(text) if text.parse::<Area>().is_ok() => Ok(literal.clone()),
            _ => Err(Refusal::wrong("an area is needed, such as \"50.2 30.1, 50.6 30.9\"")),
        },
    }
}

fn convert_number(literal: &Literal) -> Result<Literal, Refusal> {
    match *literal {
        Literal::Number(number) if number.is_finite() => Ok(Literal::Number(number)),
        Literal::Integer(integer) if integer.unsigned_abs() <= MAX_EXACT_INTEGER => Ok(Literal::Number(integer as f64)),
        Literal::Integer(_) => Err(Refusal::wrong("the number is out of range")),
        _ => Err(Refusal::wrong("a number is needed")),
    }
}

fn convert_date(literal: &Literal) -> Result<Literal, Refusal> {
    match literal {
        Literal::Date(date) | Literal::Text(date) if calendar::parse_date(date).is_some() => {
            Ok(Literal::Date(date.clone()))
        }
        Literal::Day { .. } => Ok(literal.clone()),
        Literal::Today { offset_days } if is_near(i64::from(*offset_days).unsigned_abs()) => Ok(literal.clone()),
        Literal::Today { .. } => Err(Refusal::wrong("the distance is too large")),
        _ => Err(Refusal::wrong("a date is needed, such as 2026-11-22 or today - 7d")),
    }
}

fn convert_instant(literal: &Literal) -> Result<Literal, Refusal> {
    match literal {
        Literal::Instant(ms) if calendar::is_supported_instant(*ms) => Ok(literal.clone()),
        Literal::Now { offset_minutes } => {
            // A started day counts as a day.
            if is_near(offset_minutes.unsigned_abs().div_ceil(MINUTES_PER_DAY)) {
                Ok(literal.clone())
            } else {
                Err(Refusal::wrong("the distance is too large"))
            }
        }
        Literal::Text(text) if let Some(ms) = calendar::parse_instant(text) => Ok(Literal::Instant(ms)),
        Literal::Text(_) | Literal::Date(_) | Literal::Day { .. } | Literal::Today { .. } => convert_date(literal)
            .map_err(|refusal| match literal {
                Literal::Text(_) => Refusal::wrong("an instant or a date is needed, such as 2026-11-22T10:00:00Z"),
                _ => refusal,
            }),
        _ => Err(Refusal::wrong("an instant or a date is needed, such as now - 2h")),
    }
}

fn is_near(days: u64) -> bool {
    days <= u64::from(MAX_OFFSET_DAYS.unsigned_abs())
}
