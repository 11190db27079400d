//! What a push says: who did what, the names of the records, and where a click leads.

use record_engine::notifications::inbox::Notification;
use serde_json::{Value as Json, json};

use crate::notifications::page_of;

use super::encryption::MAX_PLAIN_BYTES;

/// Most characters of a title and of the text below it: no system shows more.
const TITLE_LENGTH: usize = 150;
const BODY_LENGTH: usize = 300;
/// Names of records that are spelled out.
const NAMED: usize = 3;

/// The message of a notification. A short one names no records.
pub(super) fn of_notification(item: &Notification, user_id: i64, language: &str, is_short: bool) -> Json {
    let names: Vec<&str> = item.records.iter().take(NAMED).map(|(_, title)| title.as_str()).collect();
    let more = usize::try_from(item.count).is_ok_and(|count| count > names.len());
    let body = match (is_short, names.is_empty()) {
        (false, false) => format!("{}{}", names.join(", "), if more { " …" } else { "" }),
        _ => String::new(),
    };
    message(user_id, language, item.id, &item.text(language), &body, &page_of(item))
}

/// The message that tries a browser.
pub(super) fn trial(user_id: i64, language: &str, company: &str) -> Json {
    let text = match language {
        "ru" => "Уведомления приходят в этот браузер",
        "uk" => "Сповіщення надходять у цей браузер",
        _ => "Notifications reach this browser",
    };
    message(user_id, language, 0, text, company, "/settings/profile")
}

/// `id` is 0 for a trial. The user is named so that a browser in which somebody else works by now stays silent.
fn message(user_id: i64, language: &str, id: i64, title: &str, body: &str, url: &str) -> Json {
    json!({
        "id": id,
        "user_id": user_id,
        "language": language,
        "title": shortened(title, TITLE_LENGTH),
        "body": shortened(body, BODY_LENGTH),
        "url": url,
    })
}

fn shortened(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    text.chars().take(length - 1).chain(['…']).collect()
}

/// Every message fits one record, whatever its letters are.
const _: () = assert!((TITLE_LENGTH + BODY_LENGTH) * 6 + 1_000 < MAX_PLAIN_BYTES);
