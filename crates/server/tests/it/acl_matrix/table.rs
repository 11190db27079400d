//! What each operation of the API answers to whom: a row for each. An operation without a row fails the tests.

use serde_json::{Value as Json, json};

use super::cast::{Principal, Relation};

/// Whom an operation is open to.
#[derive(Clone, Copy)]
pub(super) enum Row {
    /// Works without a login; it has tests of its own.
    Public,
    /// Everybody with a session, each about himself or about what his lists show.
    Everybody,
    /// These; all others with a session are told that it is forbidden.
    Only(fn(Principal) -> bool),
    /// About one contact.
    Contact(fn(Principal, Relation) -> Answer),
    /// About something of an administrator: an operation, a job, an import. These know of it; for others it does not exist.
    OfAdministrator(fn(Principal) -> bool),
}

/// What is expected for one contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Done or shown, or refused for another reason than rights.
    Open,
    /// 403: he knows of it.
    Forbidden,
    /// 404: he does not know of it.
    Absent,
    /// 422 before anything is looked up, whether it exists or not: no field of the type is his to write.
    Unwritable,
}

fn seeing(who: Principal, what: Relation) -> Answer {
    if who.sees(what) { Answer::Open } else { Answer::Absent }
}

fn changing(who: Principal, what: Relation) -> Answer {
    if who == Principal::NoRole { Answer::Unwritable } else { changing_by_itself(who, what) }
}

fn changing_by_itself(who: Principal, what: Relation) -> Answer {
    match (who.sees(what), who.changes(what)) {
        (false, _) => Answer::Absent,
        (true, false) => Answer::Forbidden,
        (true, true) => Answer::Open,
    }
}

fn deleting(who: Principal, what: Relation) -> Answer {
    match (who.sees(what), who.deletes(what)) {
        (false, _) => Answer::Absent,
        (true, false) => Answer::Forbidden,
        (true, true) => Answer::Open,
    }
}

fn sharing(who: Principal, what: Relation) -> Answer {
    match (who.sees(what), who.shares(what)) {
        (false, _) => Answer::Absent,
        (true, false) => Answer::Forbidden,
        (true, true) => Answer::Open,
    }
}

fn administers(who: Principal) -> bool {
    who == Principal::Administrator
}

fn supervises(who: Principal) -> bool {
    matches!(who, Principal::Administrator | Principal::Supervisor)
}

/// Whether a role opens contacts to him, and a part of the program with them.
fn has_role(who: Principal) -> bool {
    !matches!(who, Principal::NoRole | Principal::LimitedKey)
}

fn nobody(_: Principal) -> bool {
    false
}

/// Operations that change nothing though their question comes in a body.
pub(super) const READING: [&str; 4] = ["query_records", "query_counts", "preview_merge", "rehearse_role"];

/// The row of an operation.
pub(super) fn row_of(operation: &str) -> Option<Row> {
    use Row::{Contact, Everybody, OfAdministrator, Only, Public};
    Some(match operation {
        "get_setup"
        | "create_setup"
        | "create_session"
        | "get_liveness"
        | "get_readiness"
        | "finish_session"
        | "begin_passkey_login"
        | "log_in_with_passkey"
        | "begin_passkey_step"
        | "finish_with_passkey"
        | "begin_provider_login"
        | "finish_provider_login" => Public,
        "accept_invitation" | "look_at_invitation" => Public,
        "request_password_reset" | "complete_password_reset" | "look_at_password_reset" => Public,

        "get_record" | "list_record_history" | "get_timeline" | "get_explanation" | "list_sets" | "get_file" => {
            Contact(seeing)
        }
        "note_presence" | "list_followers" => Contact(seeing),
        // A colleague: oneself is another matter.
        "set_follower" => Contact(sharing),
        "list_access_people" => Contact(sharing),
        "list_consents" => Contact(seeing),
        "update_record" => Contact(changing),
        "create_consent" => Contact(changing_by_itself),
        "delete_record" | "restore_record" => Contact(deleting),

        "get_catalog" | "get_openapi_document" | "stream_events" => Everybody,
        "list_records" | "query_records" | "count_records" | "get_record_sums" | "get_record_figures" | "get_pivot"
        | "get_record_spans" | "get_sales_plan" | "query_counts" | "get_map" | "get_board" | "get_calendar"
        | "get_free_times" | "get_work_load" | "search_records" | "list_work" | "count_work" => Everybody,
        "list_duplicates" | "count_duplicates" => Everybody,
        "list_imports" | "list_jobs" | "list_operations" => Everybody,
        "get_town" | "list_towns" | "find_place" => Everybody,
        "create_file" => Everybody,
        "get_session" | "update_session" | "list_sessions" | "list_app_passwords" | "update_password" => Everybody,
        // They are one's own; of those of others nothing is said.
        "list_notifications" | "count_unread_notifications" | "mark_notifications_read" => Everybody,
        "get_notification_settings" | "update_notification_settings" => Everybody,
        "get_push_state" | "delete_push_subscription" | "try_push_subscription" => Everybody,
        "create_push_subscription" => Everybody,
        "list_api_keys" => Everybody,
        "confirm_session"
        | "confirm_with_code"
        | "begin_passkey_confirmation"
        | "confirm_with_passkey"
        | "list_passkeys"
        | "list_identities"
        | "begin_identity_link"
        | "link_directory"
        | "begin_identity_confirmation"
        | "unlink_identity"
        | "begin_passkey"
        | "create_passkey"
        | "remove_passkey"
        | "get_second_step"
        | "begin_code_setup"
        | "confirm_code_setup"
        | "remove_codes"
        | "renew_recovery_codes" => Everybody,
        // Of things of others nobody hears whether they exist; what he names here is nobody's.
        "delete_session" | "revoke_session" | "revoke_app_password" | "stop_seeing_as_user" => Everybody,
        "revoke_api_key" => Everybody,

        "create_record" | "create_for_each" | "create_import" | "create_app_password" | "create_api_key" => {
            Only(has_role)
        }
        // Each record of them is judged by itself: the job says what it may not do.
        "write_cells" | "find_places" | "merge_records" | "preview_merge" => Everybody,
        // There is no deal of this number.
        "order_deal" => Everybody,
        // Nor a note.
        "set_reaction" => Everybody,
        // Nor a template.
        "get_template_plan" | "use_task_template" => Everybody,
        "use_task_template_for_each" => Only(has_role),
        "create_export" => Only(supervises),
        "find_duplicates" => Only(supervises),
        "merge_duplicates" | "bulk_records" | "dismiss_duplicates" => Only(has_role),
        "export_all" => Only(administers),
        "create_field" | "update_field" | "index_field" | "replace_layout" | "update_installation" => Only(administers),
        "list_identity_providers"
        | "create_identity_provider"
        | "update_identity_provider"
        | "remove_identity_provider"
        | "order_identity_providers"
        | "try_identity_provider"
        | "try_directory" => Only(administers),
        "create_user"
        | "create_user_card"
        | "reset_user_password"
        | "copy_user_rights"
        | "hand_over_user"
        | "list_holdings" => Only(administers),
        "list_all_api_keys" => Only(administers),
        "get_own_hours" => Everybody,
        "get_user_hours" | "admit_user" | "end_admission" => Only(administers),
        "reset_second_step" | "list_user_sessions" | "delete_user_sessions" | "delete_user_session" => {
            Only(administers)
        }
        "list_invitations" | "create_invitation" | "delete_invitation" | "renew_invitation" => Only(administers),
        "list_letters" | "resend_letter" | "get_mail_settings" | "update_mail_settings" | "send_trial_letter" => {
            Only(administers)
        }
        "list_webhooks"
        | "create_webhook"
        | "get_webhook"
        | "update_webhook"
        | "delete_webhook"
        | "rotate_webhook_secret"
        | "try_webhook"
        | "list_webhook_deliveries"
        | "get_webhook_delivery"
        | "replay_webhook_delivery"
        | "replay_webhook" => Only(administers),
        "list_audit_events" | "get_audit_file" | "get_audit_settings" | "replace_audit_settings" => Only(administers),
        "get_access_options" | "rehearse_role" | "see_as_user" => Only(administers),
        "get_access_explanation" => Only(administers),
        "list_destruction_acts" | "get_destruction_act" | "get_destruction_act_page" | "get_data_map" => {
            Only(administers)
        }
        "get_erased_addresses" | "check_erased_address" | "remove_erased_address" => Only(administers),
        "list_retention_rules"
        | "list_retention_runs"
        | "create_retention_rule"
        | "replace_retention_rule"
        | "delete_retention_rule"
        | "try_retention_rule"
        | "switch_retention_rule" => Only(administers),
        "get_subject" | "erase_subject" | "export_subject" | "restrict_subject" | "lift_subject_restriction" => {
            Only(administers)
        }

        "get_import"
        | "update_import"
        | "check_import"
        | "decide_import"
        | "get_failed_rows"
        | "list_import_problems"
        | "load_import_queue"
        | "start_import"
        | "undo_import" => OfAdministrator(administers),
        "get_job" | "cancel_job" | "get_job_failures" => OfAdministrator(administers),
        "list_later_changes" | "undo_operation" => OfAdministrator(administers),
        "get_export_file" => OfAdministrator(nobody),
        _ => return None,
    })
}

/// A body that is in order, so that a refusal is one of rights.
pub(crate) fn body_of(operation: &str, contact: i64) -> Json {
    match operation {
        "create_record" => json!({ "values": { "kind": "person", "last_name": "Нова" } }),
        "create_for_each" => {
            json!({ "field": "parent", "ids": [contact], "values": { "kind": "person", "last_name": "Нова" } })
        }
        "use_task_template_for_each" => json!({ "record_type": "contact", "ids": [contact] }),
        "update_record" => json!({ "values": { "last_name": "Інша" } }),
        "set_follower" => json!({ "user_id": 1, "follows": true }),
        "set_reaction" => json!({ "reaction": "heart", "is_on": true }),
        "note_presence" => json!({ "view": "matrix", "doing": "viewing" }),
        "query_counts" => json!({ "filters": ["all"] }),
        "bulk_records" => json!({ "action": "update", "ids": [contact], "values": { "warmth": "hot" } }),
        "write_cells" => json!({ "rows": [{ "id": contact, "texts": { "position": "x" } }] }),
        "find_places" => json!({ "ids": [contact] }),
        "merge_records" | "preview_merge" => json!({ "survivor": contact, "losers": [contact + 1] }),
        "dismiss_duplicates" => json!({ "type": "contact", "ids": [contact, contact + 1] }),
        "find_duplicates" => json!({ "type": "contact" }),
        "merge_duplicates" => json!({ "type": "contact", "min_score": 95, "rule": "oldest" }),
        "create_export" => json!({ "type": "contact", "format": "csv" }),
        "create_field" => json!({ "labels": { "en": "X", "ru": "X", "uk": "X" }, "kind": "text" }),
        "replace_layout" => json!({}),
        "create_user" => json!({ "name": "Новий", "login": "novyi", "password": "a long enough secret", "roles": [] }),
        "reset_user_password" => json!({ "new_password": "another long enough secret" }),
        "copy_user_rights" => json!({ "from": 1 }),
        "admit_user" => json!({ "until": "2100-01-01T00:00:00Z", "reason": "matrix" }),
        "create_consent" => json!({ "purpose": 1, "state": "given", "source": "phone" }),
        "create_retention_rule" | "replace_retention_rule" => json!({
            "name": "Давні", "object_type": "contact", "basis": "activity", "period": 5, "unit": "months", "action": "trash",
        }),
        "switch_retention_rule" => json!({ "is_active": false }),
        "check_erased_address" | "remove_erased_address" => json!({ "address": "nobody@example.com" }),
        "restrict_subject" => json!({ "cause": "demand" }),
        "lift_subject_restriction" => json!({ "reason": "matrix" }),
        "erase_subject" => json!({ "confirmation": "x", "cause": "request" }),
        "rehearse_role" => json!({ "role_id": 3, "rights": { "base": "employee" } }),
        "replace_audit_settings" => json!({ "retention_days": 400, "records_views": false }),
        "hand_over_user" => json!({ "heirs": [], "deactivates": false }),
        "see_as_user" => json!({ "user_id": 1 }),
        "create_app_password" => json!({ "name": "Pixel" }),
        "update_notification_settings" => json!({ "kind": "rights_changed", "mail": true }),
        // The example of RFC 8291.
        "create_push_subscription" => json!({
            "endpoint": "https://fcm.googleapis.com/fcm/send/matrix",
            "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
        }),
        "create_invitation" => json!({ "name": "Запрошений", "email": "new@example.com", "roles": [3] }),
        "renew_invitation" => json!({ "is_mailed": false }),
        "send_trial_letter" => json!({ "address": "new@example.com" }),
        "create_identity_provider" | "update_identity_provider" => json!({
            "name": "Пошта", "issuer": "https://id.example", "client_id": "x", "is_active": false, "links_by_email": false,
            "new_user_role": null, "domains": [], "is_second_step": false,
        }),
        "order_identity_providers" => json!({ "ids": [] }),
        "try_directory" => json!({ "directory": {
            "host": "127.0.0.1", "port": 1, "security": "none", "base_dn": "dc=x", "filter": "(uid={login})", "id_attribute": "entryUUID",
            "login_attribute": "uid", "name_attribute": "cn", "email_attribute": "mail",
        } }),
        "link_directory" => json!({ "login": "x", "password": "x" }),
        "try_identity_provider" => json!({ "issuer": "https://id.example" }),
        "create_api_key" => json!({ "name": "Склад" }),
        "create_webhook" => json!({
            "name": "Склад", "url": "http://127.0.0.1:1/", "is_active": false,
            "subscriptions": [{ "type": "contact", "actions": ["created"] }],
        }),
        "replay_webhook" => json!({ "since": "2026-01-01" }),
        "update_password" => {
            json!({ "current_password": "wrong wrong wrong", "new_password": "another long enough secret" })
        }
        "find_place" => json!({ "street": "Хрещатик 1" }),
        _ => json!({}),
    }
}
