//! One typed filter language for lists, saved views, access rules, smart groups and robots.
//!
//! A filter is an [`Expr`]. It has a text form for people ([`parse`] and `Display`), a JSON form
//! for programs (`serde`, [`Expr::from_json`]) and an evaluator over one record ([`matches()`],
//! [`explain`]). [`check`] types it against a [`Schema`]; [`resolve`] then puts values in the place
//! of `today`, `now` and `me`. Whoever compiles a filter to SQL consumes the resolved
//! [`CheckedExpr`] and must give the answers of [`matches()`].
//!
//! What must stay true:
//! - `parse(&e.to_string()) == e` and `from_json(to_json(e)) == e` for every well-formed `e` (see
//!   [`Expr`]) whose text fits [`MAX_TEXT_BYTES`];
//! - no input makes the crate panic or overflow the stack: every limit is checked on the way down;
//! - the logic has two values. A missing value is not "unknown", it is a value that equals nothing.
//!
//! What it does not do: no I/O, no clock, no SQL, no access decisions, no list of the choices a
//! field offers (an unknown choice is a value that no record has).
//!
//! # Text form
//!
//! ```text
//! filter      ::= disjunction
//! disjunction ::= conjunction { "or" conjunction }
//! conjunction ::= negation { "and" negation }
//! negation    ::= "not" negation | "(" disjunction ")" | "all" | condition
//! condition   ::= path test
//! path        ::= name [ "." name ]                  no space around the dot
//! test        ::= ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//!               | "between" value "and" value
//!               | [ "not" ] "in" list
//!               | ( "contains" | "starts" "with" | "ends" "with" ) value
//!               | "has" [ "all" ] ( value | list )
//!               | "is" [ "not" ] "empty"
//! list        ::= "(" [ value { "," value } ] ")"
//! value       ::= text | name | number | "true" | "false" | date | instant | "me" | "my_people" | "my_teams"
//!               | "today" [ ( "+" | "-" ) digits ( "d" | "w" ) ]
//!               | "now" [ ( "+" | "-" ) digits ( "m" | "h" | "d" | "w" ) ]
//! text        ::= '"' { any character but " and \ | '\"' | '\\' } '"'
//! name        ::= [a-z] { [a-z0-9_] }
//! number      ::= [ "-" ] digits [ "." digits ] [ "e" [ "+" | "-" ] digits ]
//! date        ::= YYYY "-" MM "-" DD
//! instant     ::= date "T" hh ":" mm ":" ss [ "." digits ] ( "Z" | ( "+" | "-" ) hh ":" mm )
//! ```
//!
//! Key words are read in any case and printed in lower case. `and`, `or`, `not` and `all` cannot
//! name a field ([`RESERVED_NAMES`]); as bare values they, and `empty`, must be quoted.
//! A number without a point or an exponent is an integer. Digits with a leading zero are refused:
//! they are a phone number or a code, and want quotes.
//!
//! ```
//! # use filter_language::parse;
//! let filter = parse(r#"warmth in (hot, warm) and not (remark contains "vip") or parent is empty"#)?;
//! assert_eq!(
//!     filter.to_string(),
//!     r#"(warmth in ("hot", "warm") and not (remark contains "vip")) or parent is empty"#,
//! );
//! # Ok::<(), filter_language::ParseError>(())
//! ```
//!
//! # JSON form
//!
//! ```json
//! {"and": [
//!   {"field": "addresses.city", "op": "=", "value": "Київ"},
//!   {"field": "warmth", "op": "in", "value": ["hot", "warm"]},
//!   {"not": {"field": "parent", "op": "is empty"}},
//!   {"or": [{"field": "managers", "op": "has", "value": {"me": true}},
//!           {"field": "created_at", "op": ">=", "value": {"today": {"offset_days": -30}}}]}
//! ]}
//! ```
//!
//! The operators are spelled as in the text form. `{"all": true}` matches everything; an empty or
//! single `and` / `or` is read as what it means. Strings, numbers and booleans stand for
//! themselves; `{"date": "2026-11-22"}`, `{"instant": "2026-11-22T10:00:00Z"}`,
//! `{"today": {"offset_days": 0}}`, `{"now": {"offset_minutes": -120}}`, `{"me": true}`, `{"my_people": true}`
//! and `{"my_teams": true}` are the other values. A plain string serves for a date or an instant too: [`check`] knows the field.
//!
//! # Meaning
//!
//! The value of a field is a set: empty, one value, or several. With `v` ranging over it:
//!
//! | test | holds when |
//! |---|---|
//! | `= x`, `in (x, …)`, `has (x, …)` | some `v` equals `x`, or one of them |
//! | `!= x`, `not in (x, …)` | no `v` does; so it holds for an empty value |
//! | `has all (x, …)` | every `x` equals some `v` |
//! | `<` `<=` `>` `>=` `between` | some `v` compares so (both ends included); never for an empty value |
//! | `contains` `starts with` `ends with` | some `v` does, on the keys of both |
//! | `is empty` | there is no `v`; a text with an empty key is no value |
//!
//! A place, such as that of an address, is asked about with `in` and `not in`, the values being parts of the map ([`Area`]): a
//! place equals an area that it lies in.
//!
//! Texts are compared by their [`sort_key`]s, byte by byte; choices exactly; integers and numbers
//! as `f64`. A date against an instant means that whole day in UTC ([`utc_day`]), and `today` the whole day of whoever asks ([`Days`]): `=` is within it,
//! `<` before its start, `<=` before its end, `>` from its end on, `>=` from its start on.
//!
//! # Fuzzing
//!
//! `cargo +nightly fuzz run round_trip`, started in this crate's folder, feeds parse → print →
//! check → evaluate with arbitrary text; it needs `cargo install cargo-fuzz`.

mod area;
mod ast;
mod calendar;
mod check;
mod evaluate;
mod explain;
mod fold;
mod json;
mod lexer;
mod limits;
mod operators;
mod parse;
mod print;
mod resolve;

pub use crate::area::{Area, MAX_CORNERS, NotAnArea, Point};
pub use crate::ast::{Condition, Expr, FieldPath, Literal, NotAFieldPath, Operand, Operator, RESERVED_NAMES};
pub use crate::calendar::utc_day;
pub use crate::check::{CheckError, CheckErrorCode, CheckedExpr, Schema, check};
pub use crate::evaluate::{FieldValue, Row, matches};
pub use crate::explain::{Explanation, ExplanationNode, explain};
pub use crate::fold::{search_fold, sort_key};
pub use crate::json::JsonError;
pub use crate::limits::{MAX_CONDITIONS, MAX_DEPTH, MAX_LIST_VALUES, MAX_OFFSET_DAYS, MAX_TEXT_BYTES, MAX_VALUES};
pub use crate::operators::FieldType;
pub use crate::parse::{ParseError, ParseErrorCode, parse};
pub use crate::resolve::{Clock, Days, resolve};
