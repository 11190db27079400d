//! Schemas for integrators: webhooks, and keys of programs.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, page_of, reference};

const REQUIRED_OF_KEY: [&str; 14] = [
    "id",
    "name",
    "user",
    "types",
    "may_write",
    "created_at",
    "expires_at",
    "is_over",
    "last_used_at",
    "last_address",
    "written_today",
    "refused_today",
    "last_error",
    "last_error_at",
];

/// All of this file.
pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let flag = || json!({ "type": "boolean" });
    let integer = || json!({ "type": "integer" });
    let optional_integer = || json!({ "type": ["integer", "null"] });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let of_webhook = json!({
        "id": integer(), "name": text(), "url": text(), "user": reference("Reference"), "subscriptions": list_of("WebhookSubscription"),
        "is_active": flag(), "off_at": optional_text(), "failing_since": optional_text(), "old_secret_until": optional_text(),
        "off_reason": { "type": ["string", "null"], "enum": ["gone", "failing", "user_inactive", "feature_closed", null] },
        "created_by": or_null("Reference"), "created_at": instant(),
    });
    let required = [
        "id",
        "name",
        "url",
        "user",
        "subscriptions",
        "is_active",
        "off_reason",
        "off_at",
        "failing_since",
        "old_secret_until",
        "created_by",
        "created_at",
    ];
    let input = json!({
        "name": text(), "url": text(), "user_id": integer(), "subscriptions": list_of("WebhookSubscription"), "is_active": flag(),
    });
    let of_key = json!({
        "id": integer(), "name": text(), "user": reference("Reference"), "types": { "type": ["array", "null"], "items": text() },
        "may_write": flag(), "created_at": instant(), "expires_at": optional_text(), "is_over": flag(), "last_used_at": optional_text(),
        "last_address": optional_text(), "written_today": integer(), "refused_today": integer(), "last_error": optional_text(),
        "last_error_at": optional_text(),
    });
    let of_delivery = json!({
        "id": integer(), "message_id": text(), "type": optional_text(), "record_id": optional_integer(), "action": text(),
        "operation_id": optional_integer(), "event_at": instant(),
        "state": { "type": "string", "enum": ["waiting", "done", "failed", "skipped"] }, "attempts": integer(), "next_at": optional_text(),
        "status": optional_integer(), "error": optional_text(), "finished_at": optional_text(),
    });
    let required_of_delivery = [
        "id",
        "message_id",
        "type",
        "record_id",
        "action",
        "operation_id",
        "event_at",
        "state",
        "attempts",
        "next_at",
        "status",
        "error",
        "finished_at",
    ];
    [
        (
            "WebhookSubscription",
            object(
                &["type", "actions"],
                json!({
                    "type": text(),
                    "actions": { "type": "array", "items": { "type": "string", "enum": ["created", "updated", "deleted", "restored"] } },
                    "filter": optional_text(),
                }),
            ),
        ),
        ("Webhook", object(&required, of_webhook.clone())),
        ("WebhookPage", page_of("Webhook")),
        ("WebhookInput", object(&["name", "url", "subscriptions"], input.clone())),
        ("WebhookChange", object(&[], input)),
        ("NewWebhook", object(&[required.as_slice(), &["secret"]].concat(), with(&of_webhook, json!({ "secret": text() })))),
        ("WebhookSecret", object(&["secret", "old_secret_until"], json!({ "secret": text(), "old_secret_until": instant() }))),
        ("WebhookDelivery", object(&required_of_delivery, of_delivery.clone())),
        ("WebhookDeliveryPage", page_of("WebhookDelivery")),
        (
            "WebhookAttempt",
            object(
                &["at", "status", "error", "duration_ms", "request", "answer"],
                json!({
                    "at": instant(), "status": optional_integer(), "error": optional_text(), "duration_ms": integer(),
                    "request": optional_text(), "answer": optional_text(),
                }),
            ),
        ),
        (
            "WebhookDeliveryDetails",
            object(&[required_of_delivery.as_slice(), &["log"]].concat(), with(&of_delivery, json!({ "log": list_of("WebhookAttempt") }))),
        ),
        ("ApiKey", object(&REQUIRED_OF_KEY, of_key.clone())),
        ("ApiKeyPage", page_of("ApiKey")),
        ("NewApiKey", object(&[REQUIRED_OF_KEY.as_slice(), &["key"]].concat(), with(&of_key, json!({ "key": text() })))),
        (
            "ApiKeyInput",
            object(
                &["name"],
                json!({
                    "name": text(), "types": { "type": ["array", "null"], "items": text() }, "may_write": flag(),
                    "valid_days": { "type": ["integer", "null"], "minimum": 1, "maximum": 730 }, "never_expires": flag(),
                }),
            ),
        ),
        ("WebhookReplay", object(&["since"], json!({ "since": text() }))),
        ("WebhookReplayed", object(&["count"], json!({ "count": integer() }))),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}

/// Members and some more of them.
fn with(members: &Json, more: Json) -> Json {
    let mut all = members.clone();
    if let (Some(all), Json::Object(more)) = (all.as_object_mut(), more) {
        all.extend(more);
    }
    all
}
