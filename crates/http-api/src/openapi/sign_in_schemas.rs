//! Schemas of the second step of login.

use serde_json::{Value as Json, json};

use super::object;

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let secret = || json!({ "type": "string", "format": "password", "maxLength": 200 });
    let password = || json!({ "type": "string", "format": "password", "maxLength": 128 });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let flag = || json!({ "type": "boolean" });
    [
        (
            "OpenSecondStep",
            object(
                &["ticket", "expires_at", "has_codes", "has_passkeys"],
                json!({ "ticket": secret(), "expires_at": instant(), "has_codes": flag(), "has_passkeys": flag() }),
            ),
        ),
        ("SecondStepInput", object(&["ticket", "code"], json!({ "ticket": secret(), "code": secret() }))),
        ("Confirmation", object(&["password"], json!({ "password": password() }))),
        (
            "SecondStep",
            object(
                &["codes_since", "recovery_codes_left", "is_required"],
                json!({
                    "codes_since": optional_instant(), "recovery_codes_left": { "type": "integer" },
                    "is_required": { "type": "boolean", "description": "Whether one may not work without" },
                }),
            ),
        ),
        (
            "CodeSetup",
            object(
                &["ticket", "key", "uri", "picture"],
                json!({
                    "ticket": secret(), "key": { "type": "string", "description": "For who types it, base32" },
                    "uri": { "type": "string", "description": "What the picture says, otpauth" },
                    "picture": object(&["size", "path"], json!({
                        "size": { "type": "integer", "description": "Squares on each side" },
                        "path": { "type": "string", "description": "The dark squares as a path of SVG, one unit each" },
                    })),
                }),
            ),
        ),
        ("CodeRemoval", object(&["password", "code"], json!({ "password": password(), "code": secret() }))),
        (
            "RecoveryCodes",
            object(
                &["recovery_codes"],
                json!({ "recovery_codes": {
                    "type": "array", "items": text(),
                    "description": "Answered this once; empty when there were some already",
                } }),
            ),
        ),
        ("SecondStepReset", object(&[], json!({ "reason": { "type": ["string", "null"], "maxLength": 500 } }))),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
