//! Schemas of the second step of login, and of working hours.

use serde_json::{Value as Json, json};

use super::{object, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let secret = || json!({ "type": "string", "format": "password", "maxLength": 200 });
    let password = || json!({ "type": "string", "format": "password", "maxLength": 128 });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let optional_instant = || json!({ "type": ["string", "null"], "format": "date-time" });
    let flag = || json!({ "type": "boolean" });
    [
        (
            "ProviderButton",
            object(
                &["id", "name", "is_directory"],
                json!({
                    "id": { "type": "integer" }, "name": text(),
                    "is_directory": { "type": "boolean", "description": "Its people type login and password here: it has no button" },
                }),
            ),
        ),
        (
            "ProviderRequest",
            object(&["url"], json!({ "url": { "type": "string", "description": "Where the browser goes; it holds a cookie for the way back" } })),
        ),
        (
            "ProviderAnswer",
            object(
                &["state"],
                json!({ "state": secret(), "code": { "type": "string", "format": "password", "maxLength": 8192 }, "error": text(), "iss": text() }),
            ),
        ),
        (
            "FinishedProviderLogin",
            object(
                &["result", "session", "step"],
                json!({
                    "result": { "type": "string", "enum": ["entered", "second_step", "linked", "confirmed", "confirm_second_step"] },
                    "session": { "anyOf": [reference("Session"), { "type": "null" }] },
                    "step": { "anyOf": [reference("OpenSecondStep"), { "type": "null" }] },
                }),
            ),
        ),
        (
            "LinkedIdentity",
            object(
                &["id", "provider_id", "provider", "is_directory", "email", "created_at", "last_used_at"],
                json!({
                    "id": { "type": "integer" }, "provider_id": { "type": ["integer", "null"], "description": "While the provider is open" },
                    "provider": text(), "is_directory": flag(), "email": { "type": ["string", "null"] },
                    "created_at": instant(), "last_used_at": optional_instant(),
                }),
            ),
        ),
        ("LinkedIdentityPage", page_of("LinkedIdentity")),
        (
            "IdentityProvider",
            object(
                &["id", "name", "issuer", "client_id", "has_secret", "is_active", "links_by_email", "new_user_role", "domains", "is_second_step", "directory"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "issuer": text(), "client_id": text(), "has_secret": flag(), "is_active": flag(),
                    "links_by_email": { "type": "boolean", "description": "An address that the provider stands for ties its account to a user" },
                    "new_user_role": { "type": ["integer", "null"], "description": "Whoever is no user yet becomes one with this role" },
                    "domains": { "type": "array", "items": text(), "description": "Of the addresses that count; empty for all" },
                    "is_second_step": { "type": "boolean", "description": "A login there stands for both steps" },
                    "directory": { "anyOf": [reference("Directory"), { "type": "null" }], "description": "The directory that it is; null for OpenID Connect" },
                }),
            ),
        ),
        (
            "IdentityProviderInput",
            object(
                &["name", "is_active", "links_by_email", "new_user_role", "domains", "is_second_step"],
                json!({
                    "name": { "type": "string", "maxLength": 60 }, "issuer": { "type": "string", "maxLength": 500 },
                    "client_id": { "type": "string", "maxLength": 500 },
                    "secret": { "type": "string", "format": "password", "maxLength": 500, "description": "Left out: the stored one stays; empty: none" },
                    "is_active": flag(), "links_by_email": flag(), "new_user_role": { "type": ["integer", "null"] },
                    "domains": { "type": "array", "items": text(), "maxItems": 50 }, "is_second_step": flag(),
                    "directory": { "anyOf": [reference("Directory"), { "type": "null" }], "description": "For a directory, which has neither issuer nor client id; the secret is the password of its bind entry" },
                }),
            ),
        ),
        (
            "IdentityProviderList",
            object(
                &["items", "redirect_uri"],
                json!({
                    "items": { "type": "array", "items": reference("IdentityProvider") },
                    "redirect_uri": { "type": ["string", "null"], "description": "What providers must be told; null while the address of the program is not known" },
                }),
            ),
        ),
        ("IdentityProviderOrder", object(&["ids"], json!({ "ids": { "type": "array", "items": { "type": "integer" } } }))),
        ("IdentityProviderTrial", object(&["issuer"], json!({ "issuer": text() }))),
        (
            "IdentityProviderTrialResult",
            object(
                &["code", "detail"],
                json!({
                    "code": { "type": ["string", "null"], "description": "What is wrong; null for nothing" },
                    "detail": { "type": ["string", "null"], "description": "What was found instead" },
                }),
            ),
        ),
        ("Directory", directory()),
        (
            "DirectoryTrial",
            object(
                &["directory"],
                json!({
                    "provider": { "type": ["integer", "null"], "description": "The stored one whose password is used if none is given" },
                    "directory": reference("Directory"), "secret": { "type": ["string", "null"], "format": "password", "maxLength": 500 },
                    "login": { "type": ["string", "null"], "maxLength": 200 },
                    "password": { "type": ["string", "null"], "format": "password", "maxLength": 1000 },
                }),
            ),
        ),
        (
            "DirectoryTrialResult",
            object(
                &["steps"],
                json!({ "steps": { "type": "array", "items": object(
                    &["step", "code", "detail", "person"],
                    json!({
                        "step": { "type": "string", "enum": ["connect", "tls", "bind", "find", "password"] },
                        "code": { "type": ["string", "null"], "description": "What is wrong; null for nothing" },
                        "detail": { "type": ["string", "null"] },
                        "person": { "type": ["string", "null"], "description": "Whom it has found" },
                    }),
                ) } }),
            ),
        ),
        (
            "DirectoryLogin",
            object(
                &["login", "password"],
                json!({ "login": { "type": "string", "maxLength": 200 }, "password": { "type": "string", "format": "password", "maxLength": 1000 } }),
            ),
        ),
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
        (
            "Passkey",
            object(
                &["id", "name", "created_at", "last_used_at"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "created_at": instant(), "last_used_at": optional_instant(),
                }),
            ),
        ),
        ("PasskeyPage", page_of("Passkey")),
        (
            "KeyRequest",
            object(
                &["ticket", "challenge", "site", "user", "keys", "algorithms"],
                json!({
                    "ticket": secret(), "challenge": { "type": "string", "description": "What the key signs, base64url" },
                    "site": { "type": "string", "description": "The host that keys are made for" },
                    "user": { "type": ["object", "null"], "description": "Whose key is made", "required": ["id", "login", "name"],
                        "additionalProperties": false, "properties": { "id": text(), "login": text(), "name": text() } },
                    "keys": { "type": "array", "items": text(), "description": "Those that are there already, or, at a login, those that may answer; base64url" },
                    "algorithms": { "type": "array", "items": { "type": "integer" }, "description": "Of COSE, best first" },
                }),
            ),
        ),
        (
            "NewPasskey",
            object(
                &["ticket", "name", "key"],
                json!({
                    "ticket": secret(), "name": { "type": "string", "maxLength": 100 },
                    "key": object(&["client_data", "attestation_object"], json!({ "client_data": text(), "attestation_object": text() })),
                }),
            ),
        ),
        (
            "PasskeyProof",
            object(
                &["ticket", "proof"],
                json!({
                    "ticket": secret(),
                    "proof": object(&["id", "client_data", "authenticator_data", "signature"], json!({
                        "id": text(), "client_data": text(), "authenticator_data": text(), "signature": text(),
                    })),
                }),
            ),
        ),
        ("PasskeyRemoval", object(&["password"], json!({ "password": password(), "code": { "type": ["string", "null"] } }))),
        ("SignInTicket", object(&["ticket"], json!({ "ticket": secret() }))),
        (
            "AdmissionInput",
            object(&["until", "reason"], json!({ "until": instant(), "reason": { "type": "string", "maxLength": 500 } })),
        ),
        (
            "WorkingDay",
            object(
                &["date", "hours", "cause", "name"],
                json!({
                    "date": { "type": "string", "format": "date" },
                    "hours": { "type": "array", "items": object(&["from", "to"], json!({ "from": text(), "to": text() })) },
                    "cause": { "enum": ["plan", "holiday", "own"] },
                    "name": { "type": ["string", "null"] },
                }),
            ),
        ),
        (
            "WorkingHours",
            object(
                &[
                    "schedule",
                    "is_exempt",
                    "time_zone",
                    "minutes_before",
                    "minutes_after",
                    "is_open",
                    "open_until",
                    "opens_at",
                    "admitted_until",
                    "own_days",
                    "days",
                ],
                json!({
                    "schedule": {
                        "description": "null for who always may", "type": ["object", "null"],
                        "required": ["id", "title"],
                        "properties": { "id": { "type": "integer" }, "title": text() },
                    },
                    "is_exempt": { "type": "boolean", "description": "whether he administers, so that no schedule holds him" },
                    "time_zone": text(),
                    "minutes_before": { "type": "integer" }, "minutes_after": { "type": "integer" },
                    "is_open": flag(), "open_until": optional_instant(), "opens_at": optional_instant(),
                    "admitted_until": optional_instant(),
                    "own_days": { "type": ["string", "null"], "description": "JSON, as in the field of the user" },
                    "days": { "type": "array", "items": reference("WorkingDay") },
                }),
            ),
        ),
        ("SecondStepReset", object(&[], json!({ "reason": { "type": ["string", "null"], "maxLength": 500 } }))),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}

fn directory() -> Json {
    let text = || json!({ "type": "string", "maxLength": 500 });
    object(
        &[
            "host",
            "port",
            "security",
            "base_dn",
            "filter",
            "id_attribute",
            "login_attribute",
            "name_attribute",
            "email_attribute",
        ],
        json!({
            "host": { "type": "string", "maxLength": 253 }, "port": { "type": "integer", "minimum": 1, "maximum": 65535 },
            "security": { "type": "string", "enum": ["ldaps", "start_tls", "none"] },
            "accepts_clear_text": { "type": "boolean", "description": "Passwords may go over the wire in clear text" },
            "authority": { "type": "string", "maxLength": 20000, "description": "Certificates of an own authority, PEM; empty for those of the system" },
            "bind_dn": { "type": "string", "maxLength": 500, "description": "The entry that asks; empty when anybody may" },
            "base_dn": text(),
            "filter": { "type": "string", "maxLength": 500, "description": "Who may come in, with {login} for what he has typed" },
            "id_attribute": text(), "login_attribute": text(), "name_attribute": text(), "email_attribute": text(),
        }),
    )
}
