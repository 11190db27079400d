//! The cards of employees: a contact may be the card of one user.
//!
//! What must stay true: an account has one live card at most (the reference is unique); only administrators say whose card a contact is.

use database::Tx;
use record_engine::access::Feature;
use record_engine::catalog::{Field, USER_TYPE};
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::query::load_records;
use record_engine::record::Values;
use record_engine::write::{Change, apply_one};
use record_engine::{Record, RequestContext};
use serde_json::{Value as Json, json};

use super::names;

/// The field of a contact that names the user whose card it is.
pub const USER_FIELD: &str = "employee_user";
/// The type of contacts that employees get when they have none.
pub(super) const EMPLOYEE: &str = "employee";

/// Makes a card for a user, in the caller's transaction: a person of the type "employee" with his name and e-mail, that all may read.
/// Answers the contact and the operation, whose undo takes the card back. For whoever keeps the users.
///
/// # Errors
/// `Forbidden`; `NotFound` without such a user; `Invalid` with code `duplicate` at `/employee_user` when he has a card, and inside
/// `/channels` when another contact has his e-mail; those of the database.
pub fn make_employee_card(
    tx: &mut Tx,
    snapshot: &Snapshot,
    context: &RequestContext,
    user_id: i64,
) -> Result<(i64, Option<i64>)> {
    if !context.may(Feature::Users) {
        return Err(EngineError::Forbidden);
    }
    let users = snapshot.object_type(USER_TYPE)?;
    let user = load_records(tx, &users, &[user_id], false)?.remove(&user_id).ok_or(EngineError::NotFound)?;
    let contacts = snapshot.object_type("contact")?;
    let mut values = values_of(&user);
    if contacts.field("contact_type").is_some_and(is_offered) {
        values.insert("contact_type".into(), json!(EMPLOYEE));
    }
    let change = Change::Create { values };
    let (outcome, operation_id) = apply_one(tx, snapshot.writer(), context, &contacts, change)?;
    Ok((outcome.id(), operation_id))
}

fn values_of(user: &Record) -> Values {
    let text = |field: &str| user.value(field).as_str().unwrap_or_default();
    let parts = names::split(text("name"));
    let mut values = Values::from([
        ("kind".to_owned(), json!("person")),
        ("last_name".to_owned(), Json::String(parts.last_name)),
        ("first_name".to_owned(), Json::String(parts.first_name)),
        ("patronymic".to_owned(), Json::String(parts.patronymic)),
        ("visibility".to_owned(), json!("read")),
        (USER_FIELD.to_owned(), json!(user.id)),
    ]);
    if !text("email").is_empty() {
        values.insert("channels".into(), json!([{ "kind": "email", "value": text("email"), "label": "work" }]));
    }
    values
}

/// Whether the administrator still lets contacts be of the type "employee".
fn is_offered(field: &Field) -> bool {
    field
        .kind
        .options()
        .is_some_and(|options| options.iter().any(|option| option.key == EMPLOYEE && !option.is_retired))
}
