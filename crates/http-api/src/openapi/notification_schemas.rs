//! Schemas of notifications.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let flag = || json!({ "type": "boolean" });
    let integer = || json!({ "type": "integer" });
    let instant = || json!({ "type": "string", "format": "date-time" });
    [
        (
            "Notification",
            object(
                &["id", "kind", "text", "actor", "records", "count", "job", "created_at", "read_at"],
                json!({
                    "id": integer(), "kind": text(),
                    "text": { "type": "string", "description": "The sentence in the language of the reader, without the names of records" },
                    "actor": or_null("Reference"),
                    "records": {
                        "type": "array", "items": reference("Reference"), "maxItems": 20,
                        "description": "The first of its records, as far as the reader may see them",
                    },
                    "count": { "type": "integer", "description": "How many records it is about" },
                    "job": or_null("NotificationJob"), "created_at": instant(),
                    "read_at": { "type": ["string", "null"], "format": "date-time" },
                }),
            ),
        ),
        (
            "NotificationJob",
            object(&["id", "import_id"], json!({ "id": integer(), "import_id": { "type": ["integer", "null"] } })),
        ),
        ("NotificationPage", page_of("Notification")),
        (
            "UnreadNotifications",
            object(&["unread"], json!({ "unread": { "type": "integer", "minimum": 0, "maximum": 100, "description": "100 stands for more too" } })),
        ),
        (
            "NotificationsToMark",
            object(
                &[],
                json!({
                    "ids": { "type": "array", "items": integer(), "maxItems": 200 },
                    "up_to": { "type": ["integer", "null"], "description": "All of this id and before it" },
                }),
            ),
        ),
        (
            "NotificationSettings",
            object(
                &["kinds", "is_mail_set_up", "has_address"],
                json!({
                    "kinds": list_of("NotificationSetting"),
                    "is_mail_set_up": { "type": "boolean", "description": "Whether the program can send letters at all" },
                    "has_address": { "type": "boolean", "description": "Whether the reader has an address of mail" },
                }),
            ),
        ),
        (
            "NotificationSetting",
            object(
                &["kind", "label", "page", "mail", "push"],
                json!({ "kind": text(), "label": text(), "page": flag(), "mail": flag(), "push": flag() }),
            ),
        ),
        (
            "NotificationSettingChange",
            object(&["kind"], json!({ "kind": text(), "page": flag(), "mail": flag(), "push": flag() })),
        ),
        (
            "PushState",
            object(
                &["public_key", "items"],
                json!({
                    "public_key": { "type": ["string", "null"], "description": "What browsers subscribe with; null when notifications of browsers are switched off" },
                    "items": list_of("PushSubscription"),
                }),
            ),
        ),
        (
            "PushSubscription",
            object(
                &["id", "user_agent", "created_at", "used_at", "failing_since", "is_here"],
                json!({
                    "id": integer(), "user_agent": { "type": ["string", "null"] }, "created_at": instant(),
                    "used_at": { "type": ["string", "null"], "format": "date-time", "description": "When its push service last took a message" },
                    "failing_since": { "type": ["string", "null"], "format": "date-time" },
                    "is_here": { "type": "boolean", "description": "It is the browser of this session" },
                }),
            ),
        ),
        (
            "PushSubscriptionInput",
            object(
                &["endpoint", "p256dh", "auth"],
                json!({
                    "endpoint": { "type": "string", "maxLength": 2000, "description": "Where messages go: at a push service that an administrator has named" },
                    "p256dh": { "type": "string", "description": "The public key of the browser, base64url" },
                    "auth": { "type": "string", "description": "The secret that it shares, base64url" },
                }),
            ),
        ),
        (
            "PushTrial",
            object(&["result"], json!({ "result": { "type": "string", "enum": ["sent", "gone", "refused", "unreachable"] } })),
        ),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
