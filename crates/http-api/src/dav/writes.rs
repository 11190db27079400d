//! PUT and DELETE of items (RFC 6352, 6.3.2; RFC 4791, 5.3.2), for devices whose owner has allowed it.
//!
//! An answer never has a tag: an item is kept as fields and written anew, so it is not what the device sent, and the standards then want the device to
//! read it again.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use database::DatabaseError;
use identity::AppCaller;
use modules::collections::{Expected, Unfit, WriteError, Written};
use record_engine::EngineError;

use super::dialect::{Dialect, Words};
use super::multistatus::escaped;
use super::place::{Place, Shelf};
use super::{Desk, Refusal, on_shelf};
use crate::blocking::Lane;
use crate::problem::Problem;

/// Longest name that a device may give to an item, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// What is larger than this, in bytes, takes its time to read.
const LARGE_BYTES: usize = 64 << 10;

/// Whether a method changes items.
pub(super) fn is_write(method: &str) -> bool {
    matches!(method, "PUT" | "DELETE")
}

/// What a device wants changed.
pub(super) struct Command {
    /// Where.
    pub shelf: Shelf,
    /// The name of the item.
    pub name: String,
    pub headers: HeaderMap,
    /// The new item; `None` deletes it.
    pub item: Option<Vec<u8>>,
}

/// Pictures are decoded one at a time, and nobody who waits for a page waits for that.
pub(super) fn lane_of(shelf: Shelf, item: Option<&[u8]>) -> Lane {
    let card = item.filter(|_| shelf == Shelf::Contacts);
    let is_slow = card.is_some_and(|card| card.len() > LARGE_BYTES || may_have_picture(card));
    if is_slow { Lane::File } else { Lane::Interactive }
}

/// Whether a card has a picture, however small: its bytes say nothing about its pixels. Sometimes said of one that merely speaks of a photo or
/// a logo, never the other way round: a line may be folded within the name of its property.
fn may_have_picture(card: &[u8]) -> bool {
    let letters: Vec<u8> = card.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    [&b"photo"[..], b"logo"].iter().any(|name| letters.windows(name.len()).any(|part| part == *name))
}

/// The item that a request writes. Collections are not made, changed or deleted.
pub(super) fn item_of(caller: &AppCaller, method: &str, place: &Place) -> Result<(Shelf, String), Refusal> {
    let privilege = if method == "PUT" { "write-content" } else { "unbind" };
    match place {
        Place::Item(shelf, name) if caller.may_write && name.len() <= MAX_NAME_BYTES => Ok((*shelf, name.clone())),
        _ => Err(need_privilege(place, privilege)),
    }
}

/// That a right is missing, which makes programs show the account as read-only or drop their change.
pub(super) fn need_privilege(place: &Place, privilege: &str) -> Refusal {
    let place = match place {
        Place::Item(shelf, _) => &Place::Shelf(*shelf),
        other => other,
    };
    let condition = format!(
        "<D:need-privileges><D:resource><D:href>{}</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource></D:need-privileges>",
        place.path()
    );
    Refusal::Condition(StatusCode::FORBIDDEN, condition)
}

/// An item that is too large, however it was found out.
pub(super) fn too_large(words: &Words) -> Refusal {
    let condition = words.with("max-resource-size", &words.max_bytes.to_string());
    Refusal::Condition(StatusCode::PAYLOAD_TOO_LARGE, condition)
}

/// Does what was asked.
pub(super) fn answer(desk: &Desk<'_>, command: &Command) -> Result<Response, Refusal> {
    on_shelf!(desk, command.shelf, collection => write_to(collection, command))
}

fn write_to<C: Dialect>(collection: &C, command: &Command) -> Result<Response, Refusal> {
    let expected = expected(&command.headers);
    let words = collection.words();
    let done = match &command.item {
        Some(item) => {
            check_type(words, &command.headers)?;
            collection.put(&command.name, &expected, item)
        }
        None => collection.remove(&command.name, &expected).map(|()| Written::Changed),
    };
    match done {
        Ok(Written::Created) => Ok(StatusCode::CREATED.into_response()),
        Ok(Written::Changed) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(refusal(error, collection.shelf_name(), command.item.is_some())),
    }
}

/// What the device knows of the item. Several tags are none that it has.
fn expected(headers: &HeaderMap) -> Expected {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    match (text(IF_MATCH), text(IF_NONE_MATCH)) {
        (Some("*"), _) => Expected::Any,
        (None, None) => Expected::Unsaid,
        (Some(tag), _) => Expected::Tag(tag.trim_start_matches("W/").trim_matches('"').to_owned()),
        (None, Some(_)) => Expected::Nothing,
    }
}

fn check_type(words: &Words, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(found) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let media_type = found.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase();
    if words.accepted.contains(&media_type.as_str()) {
        return Ok(());
    }
    Err(Refusal::Condition(StatusCode::UNSUPPORTED_MEDIA_TYPE, words.element(words.supported_data)))
}

fn refusal(error: WriteError, shelf: Shelf, is_put: bool) -> Refusal {
    let words = Words::of(shelf);
    let condition = |status: StatusCode, text: String| Refusal::Condition(status, text);
    let unprivileged = |privilege: &str| need_privilege(&Place::Shelf(shelf), privilege);
    match error {
        WriteError::TagMismatch => condition(StatusCode::PRECONDITION_FAILED, reason("changed_meanwhile", "")),
        WriteError::NoTag => condition(StatusCode::PRECONDITION_REQUIRED, reason("tag_required", "")),
        WriteError::Unfit(unfit, why) => {
            condition(StatusCode::FORBIDDEN, unfit_condition(words, unfit) + &reason(&why, ""))
        }
        WriteError::UidTaken(name) => {
            let href = format!("<D:href>{}</D:href>", escaped(&Place::Item(shelf, name).path()));
            condition(StatusCode::CONFLICT, words.with("no-uid-conflict", &href))
        }
        WriteError::ReservedName => condition(StatusCode::FORBIDDEN, reason("reserved_name", "")),
        WriteError::TakesNothing => unprivileged("bind"),
        WriteError::TooMany { retry_after_s } => {
            Problem::new("overloaded").retry_after(Duration::from_secs(retry_after_s)).into()
        }
        WriteError::Engine(EngineError::Forbidden) => unprivileged(if is_put { "write-content" } else { "unbind" }),
        WriteError::Engine(EngineError::Conflict { .. }) => refusal(WriteError::TagMismatch, shelf, is_put),
        // A rule that the item breaks: whoever corrects it may send it again.
        WriteError::Engine(EngineError::Invalid(errors)) => {
            let reasons: String = errors.iter().map(|error| reason(&error.code, &error.pointer)).collect();
            condition(StatusCode::CONFLICT, words.element(words.valid_data) + &reasons)
        }
        WriteError::Engine(EngineError::State(code)) => condition(StatusCode::CONFLICT, reason(code, "")),
        WriteError::Engine(EngineError::Database(DatabaseError::Unique { .. })) => {
            condition(StatusCode::CONFLICT, reason("conflict", ""))
        }
        WriteError::Engine(error) => error.into(),
    }
}

/// The condition of a standard that an item does not meet.
fn unfit_condition(words: &Words, unfit: Unfit) -> String {
    match unfit {
        Unfit::Data => words.element(words.valid_data),
        Unfit::Object => words.element("valid-calendar-object-resource"),
        Unfit::Component => words.element("supported-calendar-component"),
        Unfit::Repetition => words.with("max-instances", "1"),
        Unfit::Size => words.with("max-resource-size", &words.max_bytes.to_string()),
    }
}

/// Our own word for what is wrong, for whoever reads the log of his program.
fn reason(code: &str, pointer: &str) -> String {
    format!("<K:reason xmlns:K=\"urn:kartoteka\" field=\"{}\">{}</K:reason>", escaped(pointer), escaped(code))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use axum::http::{HeaderName, HeaderValue};
    use record_engine::FieldError;

    use super::*;

    #[test]
    fn what_a_device_knows_of_a_card() {
        let check = |given: &[(HeaderName, &'static str)], expect: Expected| {
            let headers = given.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
            assert_eq!(super::expected(&headers), expect, "{given:?}");
        };
        check(&[], Expected::Unsaid);
        check(&[(IF_MATCH, "*")], Expected::Any);
        check(&[(IF_MATCH, "\"abc\"")], Expected::Tag("abc".into()));
        check(&[(IF_MATCH, "W/\"abc\"")], Expected::Tag("abc".into()));
        check(&[(IF_NONE_MATCH, "*")], Expected::Nothing);
    }

    #[test]
    fn cards_with_pictures_wait_apart() {
        let check = |card: Option<&str>, expect: Lane| {
            assert_eq!(
                lane_of(Shelf::Contacts, card.map(str::as_bytes)),
                expect,
                "{:?}",
                card.map(|card| card.get(..40))
            );
        };
        let large = format!("BEGIN:VCARD\r\nNOTE:{}", "x".repeat(LARGE_BYTES));
        check(None, Lane::Interactive);
        check(Some("BEGIN:VCARD\r\nFN:A\r\nEND:VCARD"), Lane::Interactive);
        check(Some(&large), Lane::File);
        for picture in ["PHOTO;ENCODING=b:iVBORw0", "item1.photo:data:x", "PHO\r\n TO:x", "LOGO:x"] {
            check(Some(&format!("BEGIN:VCARD\r\n{picture}\r\nEND:VCARD")), Lane::File);
        }
    }

    #[test]
    fn every_refusal_has_its_status() {
        let check = |error: WriteError, status: u16, part: &str| match refusal(error, Shelf::Contacts, true) {
            Refusal::Condition(found, text) => {
                assert_eq!(found.as_u16(), status, "{text}");
                assert!(text.contains(part), "{text}");
            }
            other => assert_eq!(other.into_response().status().as_u16(), status),
        };
        check(WriteError::TagMismatch, 412, "");
        check(WriteError::NoTag, 428, "");
        check(WriteError::TakesNothing, 403, "<D:bind/>");
        check(EngineError::Forbidden.into(), 403, "<D:need-privileges>");
        check(EngineError::NotFound.into(), 404, "");
        check(EngineError::Conflict { version: 3, fields: Vec::new() }.into(), 412, "");
        let duplicate = FieldError::new("channels", "duplicate").at("0/value");
        check(EngineError::field(duplicate).into(), 409, "field=\"/channels/0/value\">duplicate<");
        check(EngineError::State("in_trash").into(), 409, "in_trash");
        check(WriteError::UidTaken("a b.vcf".into()), 409, "/dav/books/contacts/a%20b.vcf");
        check(WriteError::TooMany { retry_after_s: 7 }, 503, "");
        let waiting = refusal(WriteError::TooMany { retry_after_s: 7 }, Shelf::Events, true).into_response();
        assert_eq!(waiting.headers().get("retry-after").unwrap(), "7");
    }
}
