//! Values on their way to and from PostgreSQL.
//!
//! The server names the type of every parameter and column, and a value adapts to
//! it: what has no binary form here is sent as text, which every type can read.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{Format, FromSql, IsNull, ToSql, Type, to_sql_checked};

use super::numeric;
use crate::Value;

type Failure = Box<dyn Error + Sync + Send>;

/// A value on its way into a statement.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Value);

/// A value that has come out of a row.
pub(super) struct Fetched(pub(super) Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) => integer_to_sql(*value, ty, out),
            Value::Real(value) => match *ty {
                Type::FLOAT8 => value.to_sql(ty, out),
                // Rounding to the column's precision is what the column asks for.
                Type::FLOAT4 => (*value as f32).to_sql(ty, out),
                _ => text_to_sql(&value.to_string(), out),
            },
            Value::Text(value) => text_to_sql(value, out),
            Value::Bytes(value) if *ty == Type::BYTEA => value.as_slice().to_sql(ty, out),
            Value::Bytes(_) => Err(format!("bytes cannot be bound to a parameter of type {ty}").into()),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    fn encode_format(&self, ty: &Type) -> Format {
        match (self.0, ty) {
            (Value::Null | Value::Bytes(_), _)
            | (
                Value::Integer(_),
                &(Type::BOOL | Type::INT2 | Type::INT4 | Type::INT8 | Type::OID | Type::FLOAT4 | Type::FLOAT8),
            )
            | (Value::Real(_), &(Type::FLOAT4 | Type::FLOAT8)) => Format::Binary,
            _ => Format::Text,
        }
    }

    to_sql_checked!();
}

fn integer_to_sql(value: i64, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
    match *ty {
        Type::INT8 => value.to_sql(ty, out),
        Type::INT4 => i32::try_from(value)?.to_sql(ty, out),
        Type::INT2 => i16::try_from(value)?.to_sql(ty, out),
        Type::OID => u32::try_from(value)?.to_sql(ty, out),
        Type::BOOL => (value != 0).to_sql(ty, out),
        Type::FLOAT8 => (value as f64).to_sql(ty, out),
        Type::FLOAT4 => (value as f32).to_sql(ty, out),
        _ => text_to_sql(&value.to_string(), out),
    }
}

fn text_to_sql(text: &str, out: &mut BytesMut) -> Result<IsNull, Failure> {
    out.extend_from_slice(text.as_bytes());
    Ok(IsNull::No)
}

impl<'a> FromSql<'a> for Fetched {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Fetched(match *ty {
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Integer(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Integer(i16::from_sql(ty, raw)?.into()),
            Type::OID => Value::Integer(u32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Integer(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Value::Real(f32::from_sql(ty, raw)?.into()),
            Type::NUMERIC => numeric::decode(raw).ok_or("malformed numeric value")?,
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ => Value::Text(std::str::from_utf8(raw)?.to_owned()),
        }))
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Failure> {
        Ok(Fetched(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::OID
                | Type::BOOL
                | Type::FLOAT8
                | Type::FLOAT4
                | Type::NUMERIC
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
                | Type::JSON
                | Type::XML
                | Type::UNKNOWN
                // A function without a result, such as pg_sleep, gives this: an empty text.
                | Type::VOID
        )
    }
}
