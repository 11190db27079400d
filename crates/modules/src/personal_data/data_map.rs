//! The data map: every text column of every table, what it holds of people, what an erasure makes of it, and how long it stays.
//!
//! What must stay true: it is complete. A test goes through the tables of an installation and fails on a column that does not stand here; so whoever
//! adds a table decides at once what becomes of a person in it.

use record_engine::Record;
use record_engine::catalog::{Catalog, ObjectType};
use record_engine::field_types::FieldKind;
use record_engine::record::Values;
use serde_json::{Value as Json, json};

use super::SUBJECT;
use super::consents::{CONSENT_TYPE, PROOF_FIELDS};
use super::purposes::PURPOSE_TYPE;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Keys, numbers as texts, hashes without a secret in them: nothing of anybody.
    Keys,
    /// What administrators and employees set up: labels, filters, layouts.
    Settings,
    /// Users of the program: their logins, sessions, preferences. It goes with the user.
    Staff,
    /// What is known of contacts: an erasure takes it out.
    People,
    /// What proves that the law was kept; it names nobody.
    Proof,
}

impl Holds {
    /// The key that clients translate.
    pub fn key(self) -> &'static str {
        match self {
            Holds::Keys => "keys",
            Holds::Settings => "settings",
            Holds::Staff => "staff",
            Holds::People => "people",
            Holds::Proof => "proof",
        }
    }
}

/// How long rows of a table stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stays {
    /// As long as the record or the installation.
    Always,
    /// So many days.
    Days(u32),
    /// Until an erasure or the deletion of what it belongs to.
    WithRecord,
}

/// A table that is no table of records.
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How long its rows stay.
    pub stays: Stays,
    /// Its text columns.
    pub columns: &'static [(&'static str, Holds)],
}

/// What the records of a type are to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// They are people.
    Subject,
    /// They are parts of a person's record and go with its data.
    Part,
    /// They are parts that prove something and stay; of their fields only these do.
    Proof(&'static [&'static str]),
    /// They are work that users do for people: an erasure tells how many name the person, and who erases him says what becomes of tasks, deals and events.
    Work,
    /// They are users.
    Staff,
    /// They are set up by users and say nothing of a person.
    Settings,
}

use Holds::{Keys, People, Proof, Settings, Staff};

/// The roles of the types.
const ROLES: &[(&str, Role)] = &[
    (SUBJECT, Role::Subject),
    ("comment", Role::Part),
    ("document", Role::Part),
    (CONSENT_TYPE, Role::Proof(&PROOF_FIELDS)),
    (PURPOSE_TYPE, Role::Settings),
    ("deal", Role::Work),
    ("deal_participant", Role::Work),
    ("line_item", Role::Work),
    ("order", Role::Work),
    ("task", Role::Work),
    ("checklist_item", Role::Work),
    ("event", Role::Work),
    ("task_template", Role::Settings),
    ("task_template_line", Role::Settings),
    ("group", Role::Settings),
    ("tag", Role::Settings),
    ("product", Role::Settings),
    ("tax", Role::Settings),
    ("currency", Role::Settings),
    ("currency_rate", Role::Settings),
    ("sales_goal", Role::Settings),
    ("saved_view", Role::Settings),
    ("role", Role::Settings),
    ("team", Role::Settings),
    ("schedule", Role::Settings),
    ("holiday", Role::Settings),
    ("user", Role::Staff),
];

/// The tables beside those of the records.
pub const TABLES: &[Table] = &[
    Table {
        name: "app_passwords",
        stays: Stays::WithRecord,
        columns: &[("name", Staff), ("scope", Keys), ("password_hash", Staff)],
    },
    Table {
        name: "api_keys",
        stays: Stays::WithRecord,
        columns: &[
            ("name", Staff),
            ("secret_hash", Staff),
            ("types", Settings),
            ("last_address", Staff),
            ("counted_on", Keys),
            ("last_error", Keys),
        ],
    },
    Table { name: "audit_chain", stays: Stays::Always, columns: &[("last_hash", Keys)] },
    // Events are chained and name people by number alone; they go after the time of the audit log.
    Table {
        name: "audit_events",
        stays: Stays::Always,
        columns: &[
            ("proof", Keys),
            ("source", Keys),
            ("address", Staff),
            ("kind", Keys),
            ("object_type", Keys),
            ("outcome", Keys),
            ("details", Staff),
            ("words", Staff),
            ("hash", Keys),
        ],
    },
    Table {
        name: "catalog_changes",
        stays: Stays::Always,
        columns: &[("old_value", Settings), ("new_value", Settings)],
    },
    Table {
        name: "catalog_fields",
        stays: Stays::Always,
        columns: &[
            ("name", Settings),
            ("labels", Settings),
            ("kind", Settings),
            ("field_group", Settings),
            ("default_value", Settings),
            ("shown_if", Settings),
            ("required_if", Settings),
            ("hint", Settings),
        ],
    },
    Table { name: "catalog_object_types", stays: Stays::Always, columns: &[("name", Keys), ("layout", Settings)] },
    Table { name: "changes", stays: Stays::WithRecord, columns: &[("old_value", People), ("new_value", People)] },
    Table { name: "code_generators", stays: Stays::WithRecord, columns: &[("sealed_key", Staff)] },
    Table { name: "destruction_acts", stays: Stays::Days(1_096), columns: &[("number", Keys), ("document", Proof)] },
    Table {
        name: "device_collections",
        stays: Stays::WithRecord,
        columns: &[("collection", Keys), ("contents", Settings)],
    },
    Table {
        name: "device_names",
        stays: Stays::WithRecord,
        columns: &[("collection", Keys), ("name", People), ("uid", People)],
    },
    Table { name: "device_records", stays: Stays::WithRecord, columns: &[("collection", Keys), ("tag", Keys)] },
    Table { name: "doomed_files", stays: Stays::Days(1), columns: &[("hash", Keys)] },
    Table { name: "duplicate_pairs", stays: Stays::WithRecord, columns: &[("reasons", People)] },
    Table { name: "duplicate_searches", stays: Stays::Always, columns: &[("report", Keys)] },
    // Keyed hashes, which tell nobody anything without the key of the installation.
    Table { name: "erased_addresses", stays: Stays::Always, columns: &[("hash", Proof), ("kind", Keys)] },
    Table { name: "erasures", stays: Stays::Always, columns: &[("object_type", Keys)] },
    Table {
        name: "files",
        stays: Stays::WithRecord,
        columns: &[("id", Keys), ("hash", Keys), ("name", People), ("media_type", Keys)],
    },
    Table {
        name: "idempotency_keys",
        stays: Stays::Days(1),
        columns: &[("idempotency_key", Keys), ("request_hash", Keys), ("etag", Keys), ("body", People)],
    },
    Table {
        name: "identity_providers",
        stays: Stays::Always,
        columns: &[
            ("name", Settings),
            ("issuer", Settings),
            ("client_id", Settings),
            ("sealed_secret", Settings),
            ("domains", Settings),
            ("directory", Settings),
        ],
    },
    Table {
        name: "import_mappings",
        stays: Stays::Always,
        columns: &[("object_type", Keys), ("signature", Settings), ("mapping", Settings)],
    },
    Table {
        name: "import_problems",
        stays: Stays::WithRecord,
        columns: &[
            ("stage", Keys),
            ("kind", Keys),
            ("field", Keys),
            ("code", Keys),
            ("params", People),
            ("value", People),
            ("match_on", People),
            ("decision", Keys),
        ],
    },
    Table {
        name: "imports",
        stays: Stays::WithRecord,
        columns: &[
            ("object_type", Keys),
            ("file_hash", Keys),
            ("file_name", People),
            ("state", Keys),
            ("settings", People),
            ("inspection", People),
            ("check_report", People),
            ("report", People),
        ],
    },
    Table {
        name: "job_failures",
        stays: Stays::Days(30),
        columns: &[("record_ids", Keys), ("field", Keys), ("code", Keys), ("params", People)],
    },
    Table {
        name: "jobs",
        stays: Stays::Always,
        columns: &[
            ("kind", Keys),
            ("state", Keys),
            ("role", Keys),
            ("payload", People),
            ("position", People),
            ("report", People),
            ("error", People),
            ("locked_by", Keys),
        ],
    },
    // To users alone; what a letter said goes when it has left.
    Table {
        name: "letters",
        stays: Stays::Days(30),
        columns: &[
            ("message_id", Keys),
            ("kind", Keys),
            ("receiver", Staff),
            ("receiver_name", Staff),
            ("subject", Staff),
            ("body", Staff),
            ("state", Keys),
            ("error_code", Keys),
            ("error_text", Staff),
        ],
    },
    Table { name: "login_attempts", stays: Stays::Days(1), columns: &[("subject", Staff)] },
    Table {
        name: "operations",
        stays: Stays::Always,
        columns: &[("kind", Keys), ("source", Keys), ("reason", People), ("title", People)],
    },
    // Ids alone: what a notification says is read when it is shown.
    Table { name: "notification_settings", stays: Stays::WithRecord, columns: &[("kind", Staff)] },
    Table { name: "notifications", stays: Stays::Days(365), columns: &[("kind", Keys), ("object_type", Keys)] },
    Table { name: "outbox", stays: Stays::Days(3), columns: &[("topic", Keys), ("payload", Keys)] },
    Table {
        name: "passkeys",
        stays: Stays::WithRecord,
        columns: &[("name", Staff), ("credential_id", Staff), ("public_key", Staff)],
    },
    Table { name: "push_deliveries", stays: Stays::Days(1), columns: &[] },
    // Address and keys of a browser are sealed; they go with its session.
    Table {
        name: "push_subscriptions",
        stays: Stays::WithRecord,
        columns: &[("endpoint_mark", Staff), ("host", Staff), ("sealed", Staff), ("user_agent", Staff)],
    },
    Table { name: "reactions", stays: Stays::WithRecord, columns: &[("object_type", Keys), ("reaction", Staff)] },
    Table { name: "record_followers", stays: Stays::WithRecord, columns: &[("object_type", Keys)] },
    Table { name: "recovery_codes", stays: Stays::WithRecord, columns: &[("code_hash", Staff)] },
    Table { name: "reminders", stays: Stays::WithRecord, columns: &[("object_type", Keys), ("kind", Keys)] },
    Table {
        name: "retention_rules",
        stays: Stays::Always,
        columns: &[
            ("name", Settings),
            ("object_type", Keys),
            ("filter", Settings),
            ("basis", Keys),
            ("unit", Keys),
            ("action", Keys),
        ],
    },
    Table { name: "retention_runs", stays: Stays::Always, columns: &[("name", Settings), ("action", Keys)] },
    Table {
        name: "schema_migrations",
        stays: Stays::Always,
        columns: &[("name", Keys), ("checksum", Keys), ("applied_at", Keys)],
    },
    Table { name: "sequences", stays: Stays::Always, columns: &[("name", Keys)] },
    Table {
        name: "sessions",
        stays: Stays::Days(30),
        columns: &[("token_hash", Keys), ("address", Staff), ("user_agent", Staff)],
    },
    Table { name: "settings", stays: Stays::Always, columns: &[("name", Keys), ("value", Settings)] },
    Table { name: "setup_tokens", stays: Stays::Always, columns: &[("token_hash", Keys)] },
    Table {
        name: "sign_in_tickets",
        stays: Stays::Days(1),
        columns: &[("ticket_hash", Keys), ("purpose", Keys), ("data", Staff)],
    },
    Table {
        name: "user_credentials",
        stays: Stays::WithRecord,
        columns: &[("login_key", Staff), ("password_hash", Staff)],
    },
    Table {
        name: "user_identities",
        stays: Stays::WithRecord,
        columns: &[("issuer", Settings), ("subject", Staff), ("email", Staff), ("login_key", Staff)],
    },
    Table { name: "user_links", stays: Stays::WithRecord, columns: &[("token_hash", Staff), ("purpose", Keys)] },
    Table { name: "user_networks", stays: Stays::WithRecord, columns: &[("network", Staff)] },
    Table {
        name: "user_preferences",
        stays: Stays::WithRecord,
        columns: &[
            ("theme", Staff),
            ("density", Staff),
            ("pinned_views", Staff),
            ("default_views", Staff),
            ("formats", Staff),
        ],
    },
    // What was sent and answered; of what went well the texts go after three days.
    Table {
        name: "webhook_attempts",
        stays: Stays::Days(30),
        columns: &[("error", Keys), ("request", People), ("answer", People)],
    },
    Table {
        name: "webhook_deliveries",
        stays: Stays::Days(30),
        columns: &[("object_type", Keys), ("action", Keys), ("state", Keys), ("locked_by", Keys), ("error", Keys)],
    },
    Table { name: "webhook_position", stays: Stays::Always, columns: &[("follower", Keys)] },
    Table {
        name: "webhooks",
        stays: Stays::Always,
        columns: &[
            ("name", Settings),
            ("url", Settings),
            ("subscriptions", Settings),
            ("secret", Settings),
            ("old_secret", Settings),
            ("off_reason", Keys),
        ],
    },
];

/// What records of a type are to a person; `None` for a type that nobody has thought of.
pub fn role_of(object_type: &str) -> Option<Role> {
    ROLES.iter().find(|(name, _)| *name == object_type).map(|(_, role)| *role)
}

/// The parts of people of a role, with the field that names the person.
pub(super) fn parts(catalog: &Catalog, is_wanted: impl Fn(Role) -> bool) -> Vec<(&ObjectType, &str)> {
    let of =
        |object_type: &'_ std::sync::Arc<ObjectType>| -> bool { role_of(&object_type.name).is_some_and(&is_wanted) };
    let found = catalog.object_types.iter().filter(|object_type| of(object_type));
    let by = |object_type: &ObjectType| Some(object_type.wholes().find(|(_, whole)| whole.name == SUBJECT)?.0);
    found.filter_map(|object_type| Some((object_type.as_ref(), by(object_type)?))).collect()
}

/// The fields of a person's record that stay: they say how the record is used, and nothing of whom it was about.
pub const KEPT_FIELDS: [&str; 4] = ["kind", "contact_type", "managers", "visibility"];

/// The name that an erased record bears.
pub fn pseudonym(id: i64, language: &str) -> String {
    match language {
        "ru" => format!("Данные удалены № {id}"),
        "uk" => format!("Дані видалено № {id}"),
        _ => format!("Erased person {id}"),
    }
}

/// What is left of a person's record.
pub(super) fn remains(record: &Record, language: &str) -> Values {
    let kept = KEPT_FIELDS.into_iter().filter_map(|field| Some((field.to_owned(), record.values.get(field)?.clone())));
    let mut values: Values = kept.collect();
    let name = if record.value("kind").as_str() == Some("company") { "company_name" } else { "last_name" };
    values.insert(name.into(), Json::String(pseudonym(record.id, language)));
    values
}

/// The data map as administrators read it: tables of records with their fields, then the others.
pub fn describe(catalog: &Catalog, language: &str) -> Json {
    let records: Vec<Json> =
        catalog.object_types.iter().map(|object_type| describe_type(object_type, language)).collect();
    let tables: Vec<Json> = TABLES
        .iter()
        .map(|table| {
            let columns: Vec<Json> =
                table.columns.iter().map(|(name, holds)| json!({ "name": name, "holds": holds.key() })).collect();
            let days = if let Stays::Days(days) = table.stays { Some(days) } else { None };
            json!({ "name": table.name, "days": days, "columns": columns })
        })
        .collect();
    json!({ "types": records, "tables": tables })
}

fn describe_type(object_type: &ObjectType, language: &str) -> Json {
    let role = role_of(&object_type.name);
    let (key, kept): (&str, &[&str]) = match role {
        Some(Role::Subject) => ("subject", &KEPT_FIELDS),
        Some(Role::Part) => ("part", &[]),
        Some(Role::Proof(kept)) => ("proof", kept),
        Some(Role::Work) => ("work", &[]),
        Some(Role::Staff) => ("staff", &[]),
        Some(Role::Settings) | None => ("settings", &[]),
    };
    let text = |labels: &record_engine::catalog::Labels| labels.get(language).or_else(|| labels.get("en")).cloned();
    let fields: Vec<Json> = object_type
        .value_fields()
        .filter(|field| !field.is_computed())
        .map(|field| {
            let is_kept = !matches!(role, Some(Role::Subject | Role::Part | Role::Proof(_))) || kept.contains(&field.name.as_str());
            json!({ "name": field.name, "label": text(&field.labels), "is_file": matches!(field.kind, FieldKind::File(_)), "is_erased": !is_kept })
        })
        .collect();
    let labels = record_engine::catalog::labels(object_type.definition.labels_plural);
    json!({ "name": object_type.name, "label": text(&labels), "role": key, "fields": fields })
}
