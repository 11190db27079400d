//! Schemas of set-up, sessions, users, the catalog and problems.

use record_engine::access::Feature;
use serde_json::{Value as Json, json};

use super::{change, list_of, object, page_of, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let password = || json!({ "type": "string", "format": "password", "maxLength": 128 });
    let language = || json!({ "type": "string", "enum": ["ru", "uk", "en"] });
    let theme = || json!({ "type": ["string", "null"], "enum": ["system", "light", "dark", null] });
    let density = || json!({ "type": ["string", "null"], "enum": ["comfortable", "dense", null] });
    let ids = || json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 50 });
    let book = || json!({ "type": "string", "enum": ["own", "all", "view", "group"] });
    let given_book = || json!({ "type": ["string", "null"], "enum": ["own", "all", "view", "group", null], "description": "Null for the address of a calendar" });
    let gives = || json!({ "type": "string", "enum": ["contacts", "calendar", "events_and_tasks"] });
    let book_id = || json!({ "type": ["integer", "null"], "description": "The saved view or the group" });
    let book_title = || json!({ "type": ["string", "null"], "description": "Its name; null when it is gone or not seen any more, and the book is empty" });
    let labels = || json!({ "type": "object", "additionalProperties": { "type": "string" }, "minProperties": 1 });
    let layout = json!({
        "blocks": list_of("LayoutBlock"), "hover": { "type": "array", "items": text() }, "call": { "type": "array", "items": text() },
        "sections": { "type": "object", "additionalProperties": { "type": "object", "additionalProperties": text() } },
    });
    // Not "all of" two closed objects: nothing would be both.
    let mut changed_layout = layout.clone();
    if let Some(members) = changed_layout.as_object_mut() {
        let description = "The operation that takes the change back; null when nothing was changed.";
        let operation_id = json!({ "type": ["integer", "null"], "description": description });
        members.insert("operation_id".into(), operation_id);
    }
    let changed_layout = object(&["operation_id"], changed_layout);
    let field_error = object(
        &["pointer", "code", "params"],
        json!({ "pointer": text(), "code": text(), "params": { "type": "object" } }),
    );
    [
        ("FieldError", field_error),
        (
            "Problem",
            object(
                &["type", "title", "status", "instance", "code", "request_id"],
                json!({
                    "type": text(), "title": text(), "status": { "type": "integer" }, "detail": text(), "instance": text(),
                    "code": text(), "request_id": text(), "params": { "type": "object" }, "errors": list_of("FieldError"),
                }),
            ),
        ),
        ("Health", object(&["status"], json!({ "status": { "type": "string", "enum": ["live", "ready"] } }))),
        (
            "Setup",
            object(
                &["is_open", "resets_by_mail", "takes_passkeys", "providers", "only_providers"],
                json!({
                    "providers": { "type": "array", "description": "Identity providers that one may log in with", "items": reference("ProviderButton") },
                    "only_providers": { "type": "boolean", "description": "Passwords and passkeys are for administrators alone" },
                    "is_open": { "type": "boolean" },
                    "resets_by_mail": { "type": "boolean", "description": "Whether a forgotten password can be replaced by mail" },
                    "takes_passkeys": { "type": "boolean", "description": "Whether the address of the program is known and fit for passkeys" },
                }),
            ),
        ),
        (
            "SetupInput",
            object(
                &["token", "company_name", "country", "language", "name", "login", "password"],
                json!({
                    "token": text(), "company_name": text(), "country": { "type": "string", "pattern": "^[A-Z]{2}$" }, "language": language(),
                    "name": text(), "login": text(), "password": password(),
                }),
            ),
        ),
        ("LoginInput", object(&["login", "password"], json!({ "login": text(), "password": password() }))),
        (
            "ProfileChange",
            object(
                &[],
                json!({
                    "name": text(), "photo": { "type": ["string", "null"], "description": "The id of a picture that was uploaded for it; null takes the photo away" },
                    "language": language(), "time_zone": text(), "theme": theme(), "density": density(),
                    "formats": reference("OwnFormats"), "pinned_views": ids(), "default_views": ids(),
                }),
            ),
        ),
        ("Formats", formats("For people who have chosen nothing else; what is left out is usual", false)),
        ("OwnFormats", formats("What somebody has chosen for himself; null, or left out, follows the installation", true)),
        (
            "PasswordChange",
            object(&["current_password", "new_password"], json!({ "current_password": password(), "new_password": password() })),
        ),
        ("PasswordReset", object(&["new_password"], json!({ "new_password": password() }))),
        (
            "UserInput",
            object(
                &["name", "login", "password", "roles"],
                json!({
                    "name": text(), "login": text(), "email": optional_text(), "password": password(), "roles": ids(),
                    "language": language(), "time_zone": optional_text(),
                    "user_kind": { "type": ["string", "null"], "enum": ["employee", "temporary", "partner", "client", null] },
                    "active_until": { "type": ["string", "null"], "format": "date", "description": "The last day; a temporary worker must have one" },
                    "makes_card": { "type": "boolean", "description": "Whether he gets a card among the contacts at once" },
                }),
            ),
        ),
        (
            "SessionUser",
            object(
                &["id", "name", "login", "photo", "roles", "language", "time_zone", "theme", "density", "formats", "pinned_views", "default_views", "has_second_step"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "login": text(), "photo": optional_text(), "roles": { "type": "array", "items": object(&["id", "title"], json!({ "id": { "type": "integer" }, "title": text() })) }, "language": text(), "time_zone": text(),
                    "theme": theme(), "density": density(), "formats": reference("OwnFormats"), "pinned_views": ids(), "default_views": ids(),
                    "has_second_step": { "type": "boolean" },
                }),
            ),
        ),
        (
            "Installation",
            object(
                &[
                    "company_name", "country", "currency", "currencies", "language", "formats", "default_views", "tiles_url", "tiles_attribution", "tiles_max_zoom",
                    "has_geocoder", "geocoder_url", "public_url", "needs_second_step", "push_services", "allows_offline", "closed_features",
                    "only_identity_providers",
                    "languages", "version",
                ],
                json!({
                    "company_name": text(), "country": text(), "currency": text(), "language": text(), "formats": reference("Formats"), "default_views": ids(),
                    "currencies": { "type": "array", "items": text(), "description": "Those that new amounts may be in" },
                    "tiles_url": text(), "tiles_attribution": text(), "tiles_max_zoom": { "type": "integer" },
                    "has_geocoder": { "type": "boolean" }, "geocoder_url": optional_text(),
                    "public_url": text(),
                    "needs_second_step": { "type": "boolean", "description": "Nobody works without a second step of login" },
                    "push_services": { "type": "array", "items": text(), "description": "Hosts that notifications of browsers may go to; `*.` stands for any name before" },
                    "allows_offline": { "type": "boolean", "description": "Browsers keep what was opened, to be read without a connection" },
                    "closed_features": { "type": "array", "items": text(), "description": "Parts of the program that are closed to everybody" },
                    "only_identity_providers": { "type": "boolean", "description": "Passwords and passkeys open the program to administrators alone" },
                    "languages": { "type": "array", "items": text() }, "version": text(),
                }),
            ),
        ),
        (
            "InstallationChange",
            change(
                json!({
                    "company_name": text(), "country": { "type": "string", "pattern": "^[A-Z]{2}$" },
                    "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }, "language": language(), "formats": reference("Formats"), "default_views": ids(),
                    "tiles_url": { "type": "string", "maxLength": 500 }, "tiles_attribution": { "type": "string", "maxLength": 200 },
                    "tiles_max_zoom": { "type": "integer", "minimum": 1, "maximum": 22 },
                    "geocoder_url": { "type": "string", "maxLength": 500 }, "needs_second_step": { "type": "boolean" }, "only_identity_providers": { "type": "boolean" },
                    "closed_features": { "type": "array", "items": { "enum": Feature::ALL.into_iter().filter(|feature| feature.is_closable()).collect::<Vec<_>>() } },
                    "public_url": { "type": "string", "maxLength": 300 },
                    "push_services": { "type": "array", "items": { "type": "string", "maxLength": 253 }, "maxItems": 20 }, "allows_offline": { "type": "boolean" },
                }),
            ),
        ),
        (
            "Permissions",
            object(
                &["export", "administer", "features"],
                json!({
                    "export": { "type": "boolean" }, "administer": { "type": "boolean" },
                    "features": { "description": "Parts of the program that are open", "type": "array", "items": text() },
                }),
            ),
        ),
        (
            "Session",
            object(
                &["user", "installation", "permissions", "must_set_up_second_step", "seen_by", "working_hours"],
                json!({
                    "user": reference("SessionUser"), "installation": reference("Installation"), "permissions": reference("Permissions"),
                    "working_hours": {
                        "description": "when the working hours end, and the session with them; null when no end is near",
                        "type": ["object", "null"], "required": ["open_until", "remaining_ms"],
                        "properties": { "open_until": instant(), "remaining_ms": { "type": "integer" } },
                    },
                    "must_set_up_second_step": { "type": "boolean", "description": "Nothing else opens before" },
                    "seen_by": {
                        "description": "the administrator who looks with the eyes of this user", "type": ["object", "null"],
                        "properties": { "id": { "type": "integer" }, "title": text() },
                    },
                }),
            ),
        ),
        (
            "OpenSession",
            object(
                &["id", "created_at", "last_seen_at", "ip_address", "user_agent", "is_current"],
                json!({
                    "id": { "type": "integer" }, "created_at": instant(), "last_seen_at": instant(), "ip_address": optional_text(),
                    "user_agent": optional_text(), "is_current": { "type": "boolean" },
                }),
            ),
        ),
        ("OpenSessionPage", page_of("OpenSession")),
        (
            "AppPassword",
            object(
                &["id", "name", "gives", "contacts", "contacts_id", "contacts_title", "may_write", "created_at", "last_used_at"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "gives": gives(), "contacts": given_book(), "contacts_id": book_id(),
                    "contacts_title": book_title(), "may_write": { "type": "boolean" }, "created_at": instant(), "last_used_at": optional_text(),
                }),
            ),
        ),
        ("AppPasswordPage", page_of("AppPassword")),
        ("AppPasswordInput", object(
            &["name"],
            json!({ "name": text(), "gives": gives(), "contacts": book(), "contacts_id": book_id(), "may_write": { "type": "boolean" } }),
        )),
        (
            "NewAppPassword",
            object(
                &["id", "name", "gives", "contacts", "contacts_id", "contacts_title", "may_write", "created_at", "last_used_at", "login", "password", "address"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "gives": gives(), "contacts": given_book(), "contacts_id": book_id(),
                    "contacts_title": book_title(), "may_write": { "type": "boolean" }, "created_at": instant(), "last_used_at": optional_text(),
                    "login": text(), "password": text(), "address": { "type": ["string", "null"], "description": "Where the calendar is, below the address of the program." },
                }),
            ),
        ),
        (
            "Field",
            object(
                &["id", "name", "labels", "kind", "settings", "group", "access", "operators"],
                json!({
                    "id": { "type": "integer" }, "name": text(), "labels": labels(), "kind": text(), "settings": { "type": "object" },
                    "group": text(), "is_custom": { "type": "boolean" }, "is_read_only": { "type": "boolean" },
                    "is_required": { "type": "boolean" }, "is_retired": { "type": "boolean" }, "is_indexed": { "type": "boolean" },
                    "is_sortable": { "type": "boolean" }, "is_filterable": { "type": "boolean" },
                    "access": { "type": "string", "enum": ["write", "read"] }, "shown_if": optional_text(), "required_if": optional_text(),
                    "overdue_if": optional_text(), "timeline": { "enum": ["shown", "if_asked", null] }, "rolls_up": { "type": "boolean" }, "default": {}, "hint": { "type": "object", "additionalProperties": text() }, "operators": { "type": "array", "items": text() },
                }),
            ),
        ),
        (
            "FieldInput",
            object(
                &["labels", "kind"],
                json!({
                    "labels": labels(), "kind": text(), "settings": { "type": "object" }, "group": optional_text(),
                    "is_required": { "type": "boolean" },
                }),
            ),
        ),
        (
            "FieldChange",
            object(
                &[],
                json!({
                    "labels": labels(), "settings": { "type": "object" }, "group": text(), "is_required": { "type": "boolean" },
                    "is_retired": { "type": "boolean" }, "default": {}, "shown_if": text(), "required_if": text(),
                    "hint": { "type": "object", "additionalProperties": text() },
                }),
            ),
        ),
        (
            "Section",
            object(&["key", "labels", "icon", "filter"], json!({ "key": text(), "labels": labels(), "icon": text(), "filter": text() })),
        ),
        (
            "LayoutBlock",
            object(
                &["key"],
                json!({
                    "key": text(), "labels": { "type": "object", "additionalProperties": text() }, "shown_if": optional_text(),
                    "fields": { "type": "array", "items": text() },
                }),
            ),
        ),
        ("ChangedLayout", changed_layout),
        ("Layout", object(&[], layout)),
        (
            "ObjectType",
            object(
                &["name", "labels", "labels_plural", "title_field", "permissions", "sections", "fields"],
                json!({
                    "name": text(), "labels": labels(), "labels_plural": labels(), "icon": text(), "title_field": text(),
                    "is_importable": { "type": "boolean" }, "is_system": { "type": "boolean" }, "has_followers": { "type": "boolean" },
                    "permissions": { "type": "object", "additionalProperties": { "type": "boolean" } }, "sections": list_of("Section"),
                    "default_columns": { "type": "array", "items": text() }, "default_sort": text(), "done_by": optional_text(), "part_of": { "type": "array", "items": text() }, "fields": list_of("Field"), "layout": reference("Layout"),
                    "calendar": { "anyOf": [reference("CalendarFields"), { "type": "null" }], "description": "the fields by which its records stand in the calendar" },
                    "members": {
                        "description": "the type whose records belong to the sets of this type, and its field that names them",
                        "type": ["object", "null"], "required": ["type", "field"], "properties": { "type": text(), "field": text() },
                    },
                }),
            ),
        ),
        ("Catalog", object(&["version", "object_types"], json!({ "version": { "type": "integer" }, "object_types": list_of("ObjectType") }))),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}

/// Formats of dates and numbers. An own choice may be missing; one of the installation is usual where it is left out.
fn formats(description: &str, is_own: bool) -> Json {
    let choice = |keys: &[&str], has_language: bool| {
        let by_language = has_language.then_some("by_language");
        let mut keys: Vec<Json> = by_language.into_iter().chain(keys.iter().copied()).map(Json::from).collect();
        if is_own {
            keys.push(Json::Null);
        }
        json!({ "type": if is_own { json!(["string", "null"]) } else { json!("string") }, "enum": keys })
    };
    json!({
        "type": "object", "additionalProperties": false, "description": description,
        "properties": {
            "date": choice(&["dd.mm.yyyy", "dd/mm/yyyy", "mm/dd/yyyy", "yyyy-mm-dd"], true),
            "time": choice(&["24h", "12h"], false),
            "week_start": choice(&["monday", "sunday", "saturday"], true),
            "numbers": choice(&["space_comma", "comma_point", "point_comma"], true),
        },
    })
}
