//! Schemas of letters, invitations and links.

use serde_json::{Value as Json, json};

use super::{change, object, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let flag = || json!({ "type": "boolean" });
    let number = || json!({ "type": "integer" });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let password = || json!({ "type": "string", "format": "password", "maxLength": 128 });
    let security = || json!({ "type": "string", "enum": ["starttls", "tls", "none"] });
    let language = || json!({ "type": "string", "enum": ["ru", "uk", "en"] });
    let port = || json!({ "type": "integer", "minimum": 0, "maximum": 65535 });
    let link = || json!({ "is_mailed": flag(), "page": text(), "url": optional_text() });
    let token = || json!({ "type": "string", "format": "password" });
    let letter_state =
        || json!({ "type": "string", "enum": ["waiting", "sending", "sent", "refused", "given_up", "expired"] });
    [
        (
            "MailSettings",
            object(
                &[
                    "is_set_up", "host", "port", "security", "user", "has_password", "sender_address", "sender_name", "public_url",
                    "is_public_url_fixed",
                ],
                json!({
                    "is_set_up": flag(), "host": text(), "port": port(), "security": security(), "user": text(),
                    "has_password": flag(), "sender_address": text(), "sender_name": text(), "public_url": text(),
                    "is_public_url_fixed": { "type": "boolean", "description": "Whether the operator set it on the command line" },
                }),
            ),
        ),
        (
            "MailSettingsChange",
            change(
                json!({
                    "host": { "type": "string", "maxLength": 253 }, "port": port(), "security": security(),
                    "user": { "type": "string", "maxLength": 300 },
                    "password": { "type": "string", "format": "password", "maxLength": 300 },
                    "sender_address": { "type": "string", "maxLength": 254 }, "sender_name": { "type": "string", "maxLength": 100 },
                }),
            ),
        ),
        ("TrialLetter", object(&["address"], json!({ "address": text() }))),
        (
            "TrialResult",
            object(
                &["is_sent", "code", "text"],
                json!({ "is_sent": flag(), "code": optional_text(), "text": { "type": ["string", "null"], "description": "In the words of the server" } }),
            ),
        ),
        (
            "Letter",
            object(
                &[
                    "id", "kind", "receiver", "receiver_name", "subject", "state", "attempts", "created_at", "due_at", "sent_at",
                    "error_code", "error_text", "can_resend",
                ],
                json!({
                    "id": number(), "kind": text(), "receiver": text(), "receiver_name": text(), "subject": text(),
                    "state": letter_state(), "attempts": number(), "created_at": instant(), "due_at": optional_instant(),
                    "sent_at": optional_instant(), "error_code": optional_text(), "error_text": optional_text(), "can_resend": flag(),
                }),
            ),
        ),
        ("LetterPage", page_of("Letter")),
        (
            "InvitationInput",
            object(
                &["name", "email", "roles"],
                json!({
                    "name": text(), "email": text(), "roles": { "type": "array", "items": { "type": "integer" } },
                    "language": language(), "time_zone": optional_text(), "user_kind": { "type": ["string", "null"], "enum": ["employee", "temporary", "partner", "client", null] },
                    "active_until": { "type": ["string", "null"], "format": "date", "description": "The last day; a temporary worker must have one" },
                    "makes_card": flag(),
                }),
            ),
        ),
        ("InvitationLink", object(&["is_mailed", "page", "url"], link())),
        (
            "InvitationAnswer",
            object(
                &["record", "operation_id", "invitation"],
                json!({ "record": reference("Record"), "operation_id": { "type": ["integer", "null"] }, "invitation": reference("InvitationLink") }),
            ),
        ),
        ("RenewInput", object(&["is_mailed"], json!({ "is_mailed": flag() }))),
        (
            "OpenInvitation",
            object(
                &["user_id", "created_at", "expires_at", "is_good", "letter"],
                json!({
                    "user_id": number(), "created_at": instant(), "expires_at": instant(), "is_good": flag(),
                    "letter": { "oneOf": [reference("Letter"), { "type": "null" }] },
                }),
            ),
        ),
        ("InvitationPage", page_of("OpenInvitation")),
        ("LinkInput", object(&["token"], json!({ "token": token() }))),
        (
            "InvitationView",
            object(
                &["name", "email", "language", "company_name"],
                json!({ "name": text(), "email": optional_text(), "language": text(), "company_name": text() }),
            ),
        ),
        (
            "AcceptanceInput",
            object(&["token", "login", "password"], json!({ "token": token(), "login": text(), "password": password() })),
        ),
        ("ResetRequest", object(&["login_or_email"], json!({ "login_or_email": { "type": "string", "maxLength": 300 } }))),
        ("ResetView", object(&["login"], json!({ "login": text() }))),
        ("ResetInput", object(&["token", "new_password"], json!({ "token": token(), "new_password": password() }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
