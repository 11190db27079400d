//! PUT and DELETE of cards (RFC 6352, 6.3.2), for devices whose owner has allowed it.
//!
//! An answer never has a tag: a card is kept as fields and written anew, so it is not what the device sent, and RFC 6352 then wants the device to
//! read it again.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use database::DatabaseError;
use identity::AppCaller;
use modules::address_book::{AddressBook, Expected, MAX_CARD_BYTES, WriteError, Written};
use record_engine::{Engine, EngineError};

use super::multistatus::escaped;
use super::place::Place;
use super::{Refusal, contacts_of};
use crate::blocking::Lane;
use crate::problem::Problem;

/// Longest name that a device may give to a card, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// What is larger than this, in bytes, takes its time to read.
const LARGE_BYTES: usize = 64 << 10;

/// Whether a method changes cards.
pub(super) fn is_write(method: &str) -> bool {
    matches!(method, "PUT" | "DELETE")
}

/// What a device wants changed.
pub(super) struct Command {
    /// The name of the card.
    pub name: String,
    pub headers: HeaderMap,
    /// The new card; `None` deletes it.
    pub card: Option<Vec<u8>>,
}

/// Pictures are decoded one at a time, and nobody who waits for a page waits for that.
pub(super) fn lane_of(card: Option<&[u8]>) -> Lane {
    let is_slow = card.is_some_and(|card| card.len() > LARGE_BYTES || may_have_picture(card));
    if is_slow { Lane::File } else { Lane::Interactive }
}

/// Whether a card has a picture, however small: its bytes say nothing about its pixels. Sometimes said of one that merely speaks of a photo or
/// a logo, never the other way round: a line may be folded within the name of its property.
fn may_have_picture(card: &[u8]) -> bool {
    let letters: Vec<u8> = card.iter().filter(|byte| !byte.is_ascii_whitespace()).map(u8::to_ascii_lowercase).collect();
    [&b"photo"[..], b"logo"].iter().any(|name| letters.windows(name.len()).any(|part| part == *name))
}

/// The name of the card that a request writes. Books are not made, changed or deleted.
pub(super) fn name_of(caller: &AppCaller, method: &str, place: &Place) -> Result<String, Refusal> {
    let privilege = if method == "PUT" { "write-content" } else { "unbind" };
    match place {
        Place::Card(name) if caller.may_write && name.len() <= MAX_NAME_BYTES => Ok(name.clone()),
        _ => Err(need_privilege(privilege)),
    }
}

/// That a right is missing, which makes programs show the account as read-only or drop their change.
pub(super) fn need_privilege(privilege: &str) -> Refusal {
    let condition = format!(
        "<D:need-privileges><D:resource><D:href>{}</D:href><D:privilege><D:{privilege}/></D:privilege></D:resource></D:need-privileges>",
        Place::Book.path()
    );
    Refusal::Condition(StatusCode::FORBIDDEN, condition)
}

/// A card that is too large, however it was found out.
pub(super) fn too_large() -> Refusal {
    Refusal::Condition(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("<C:max-resource-size>{MAX_CARD_BYTES}</C:max-resource-size>"),
    )
}

/// Does what was asked.
pub(super) fn answer(engine: &Engine, caller: &AppCaller, command: &Command) -> Result<Response, Refusal> {
    let context = caller.context(engine);
    let book = AddressBook::of(engine, &context, caller.password_id, contacts_of(caller))?;
    let expected = expected(&command.headers);
    let done = match &command.card {
        Some(card) => {
            check_type(&command.headers)?;
            book.put(&command.name, &expected, card)
        }
        None => book.remove(&command.name, &expected).map(|()| Written::Changed),
    };
    match done {
        Ok(Written::Created) => Ok(StatusCode::CREATED.into_response()),
        Ok(Written::Changed) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(error) => Err(refusal(error, command.card.is_some())),
    }
}

/// What the device knows of the card. Several tags are none that it has.
fn expected(headers: &HeaderMap) -> Expected {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default().trim());
    match (text(IF_MATCH), text(IF_NONE_MATCH)) {
        (Some("*"), _) => Expected::Any,
        (None, None) => Expected::Unsaid,
        (Some(tag), _) => Expected::Tag(tag.trim_start_matches("W/").trim_matches('"').to_owned()),
        (None, Some(_)) => Expected::Nothing,
    }
}

fn check_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(found) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let media_type = found.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim().to_lowercase();
    if matches!(media_type.as_str(), "text/vcard" | "text/x-vcard" | "text/directory") {
        return Ok(());
    }
    Err(Refusal::Condition(StatusCode::UNSUPPORTED_MEDIA_TYPE, "<C:supported-address-data/>".into()))
}

fn refusal(error: WriteError, is_put: bool) -> Refusal {
    let condition = |status: StatusCode, text: String| Refusal::Condition(status, text);
    match error {
        WriteError::TagMismatch => condition(StatusCode::PRECONDITION_FAILED, reason("changed_meanwhile", "")),
        WriteError::NoTag => condition(StatusCode::PRECONDITION_REQUIRED, reason("tag_required", "")),
        WriteError::NotACard(_) => condition(StatusCode::FORBIDDEN, "<C:valid-address-data/>".into()),
        WriteError::UidTaken(name) => {
            let href = escaped(&Place::Card(name).path());
            condition(StatusCode::CONFLICT, format!("<C:no-uid-conflict><D:href>{href}</D:href></C:no-uid-conflict>"))
        }
        WriteError::ReservedName => condition(StatusCode::FORBIDDEN, reason("reserved_name", "")),
        WriteError::NoBook => need_privilege("bind"),
        WriteError::TooMany { retry_after_s } => {
            Problem::new("overloaded").retry_after(Duration::from_secs(retry_after_s)).into()
        }
        WriteError::Engine(EngineError::Forbidden) => need_privilege(if is_put { "write-content" } else { "unbind" }),
        WriteError::Engine(EngineError::Conflict { .. }) => refusal(WriteError::TagMismatch, is_put),
        // A rule that the card breaks: whoever corrects it may send it again.
        WriteError::Engine(EngineError::Invalid(errors)) => {
            let reasons: String = errors.iter().map(|error| reason(&error.code, &error.pointer)).collect();
            condition(StatusCode::CONFLICT, format!("<C:valid-address-data/>{reasons}"))
        }
        WriteError::Engine(EngineError::State(code)) => condition(StatusCode::CONFLICT, reason(code, "")),
        WriteError::Engine(EngineError::Database(DatabaseError::Unique { .. })) => {
            condition(StatusCode::CONFLICT, reason("conflict", ""))
        }
        WriteError::Engine(error) => error.into(),
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
            assert_eq!(lane_of(card.map(str::as_bytes)), expect, "{:?}", card.map(|card| card.get(..40)));
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
        let check = |error: WriteError, status: u16, part: &str| match refusal(error, true) {
            Refusal::Condition(found, text) => {
                assert_eq!(found.as_u16(), status, "{text}");
                assert!(text.contains(part), "{text}");
            }
            other => assert_eq!(other.into_response().status().as_u16(), status),
        };
        check(WriteError::TagMismatch, 412, "");
        check(WriteError::NoTag, 428, "");
        check(WriteError::NoBook, 403, "<D:bind/>");
        check(EngineError::Forbidden.into(), 403, "<D:need-privileges>");
        check(EngineError::NotFound.into(), 404, "");
        check(EngineError::Conflict { version: 3, fields: Vec::new() }.into(), 412, "");
        let duplicate = FieldError::new("channels", "duplicate").at("0/value");
        check(EngineError::field(duplicate).into(), 409, "field=\"/channels/0/value\">duplicate<");
        check(EngineError::State("in_trash").into(), 409, "in_trash");
        check(WriteError::UidTaken("a b.vcf".into()), 409, "/dav/books/contacts/a%20b.vcf");
        check(WriteError::TooMany { retry_after_s: 7 }, 503, "");
        let waiting = refusal(WriteError::TooMany { retry_after_s: 7 }, true).into_response();
        assert_eq!(waiting.headers().get("retry-after").unwrap(), "7");
    }
}
