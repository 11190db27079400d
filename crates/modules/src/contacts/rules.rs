//! Checks and derived values of contacts.

use database::Tx;
use record_engine::audit::{Event, Kind, record};
use record_engine::error::{EngineError, FieldError};
use record_engine::record::Values;
use record_engine::write::{Intent, Occasion, Operation, Proposal, Rules};
use record_engine::{Record, RequestContext};
use serde_json::{Map, Value as Json, json};

use super::employees::USER_FIELD;
use super::objects::{LEGAL_HOLD, RESTRICTED_FIELD};
use super::requisites;
use crate::sharing::{FIELDS, notify};

/// Ids that an event of many contacts names.
const NAMED: usize = 20;

/// The rules of contacts.
pub(super) struct ContactRules;

/// The name under which a contact is shown: the company's name, or last name, first name, patronymic.
pub fn display_name(values: &Values) -> Option<String> {
    let text = |field: &str| values.get(field).and_then(Json::as_str);
    if text("kind") == Some("company") {
        return text("company_name").map(String::from);
    }
    let parts: Vec<&str> = ["last_name", "first_name", "patronymic"].into_iter().filter_map(text).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The gender that a patronymic tells: `-вич` and `-вна`, Kazakh `-ұлы` and `-қызы`.
fn gender_of(patronymic: &str) -> Option<&'static str> {
    let lower = patronymic.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&["вич", "ич", "ұлы", "улы", "оглы"]) {
        Some("male")
    } else if ends(&["вна", "ична", "қызы", "кызы"]) {
        Some("female")
    } else {
        None
    }
}

impl Rules for ContactRules {
    fn apply(&self, _: Occasion<'_>, before: Option<&Values>, after: &mut Values) -> Vec<FieldError> {
        let is_company = after.get("kind").and_then(Json::as_str) == Some("company");
        // Fields of the other kind are dropped when the kind changes, so that none of them works unseen.
        let of_other_kind: &[&str] = if is_company {
            &["last_name", "first_name", "patronymic", "position", "birthday", "gender"]
        } else {
            &["company_name"]
        };
        for field in of_other_kind {
            after.remove(*field);
        }
        match display_name(after) {
            Some(name) => after.insert("name".into(), Json::String(name)),
            None => after.remove("name"),
        };
        let patronymic_of = |values: &Values| values.get("patronymic").and_then(Json::as_str).map(String::from);
        let patronymic = patronymic_of(after);
        let is_new = before.is_none_or(|before| patronymic_of(before) != patronymic);
        if is_new
            && !after.contains_key("gender")
            && let Some(gender) = patronymic.as_deref().and_then(gender_of)
        {
            after.insert("gender".into(), json!(gender));
        }
        let mut errors = requisites::apply(before, after);
        // Dropped unseen, a link would go that only administrators may take away.
        if is_company && after.contains_key(USER_FIELD) {
            let was_linked = before.is_some_and(|before| before.contains_key(USER_FIELD));
            errors.push(FieldError::new(if was_linked { "kind" } else { USER_FIELD }, "only_for_people"));
        }
        errors
    }

    /// Removed for good, a restricted record would be read again in what names it, and one under a legal hold must not be removed at all.
    fn keeps_in_trash(&self, record: &Record) -> bool {
        !record.value(RESTRICTED_FIELD).is_null() || record.value(LEGAL_HOLD).as_bool() == Some(true)
    }

    fn follow_batch(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        operation: &Operation,
        proposals: &[Proposal<'_>],
    ) -> Result<(), EngineError> {
        tell_of_sharing(tx, context, proposals);
        notify(tx, context, operation, "contact", proposals)
    }

    /// Who makes a contact is responsible for it, unless he names others.
    fn defaults(&self, context: &RequestContext, values: &mut Values) {
        if let Some(id) = context.actor.user_id().filter(|_| !values.contains_key("managers")) {
            values.insert("managers".into(), json!([id]));
        }
    }
}

/// Tells the audit log whose cards were opened to others or closed: of one what was and is, of many which ones.
fn tell_of_sharing(tx: &mut Tx, context: &RequestContext, proposals: &[Proposal<'_>]) {
    let mut shared = Vec::new();
    // Who sees and changes a contact.
    let fields = || FIELDS.into_iter().chain(["managers"]);
    for proposal in proposals.iter().filter(|proposal| proposal.intent == Intent::Update) {
        let (Some(id), Some(before)) = (proposal.id, proposal.before) else { continue };
        let changes: Map<String, Json> = fields()
            .map(|field| (field, before.value(field), proposal.after.get(field).unwrap_or(&Json::Null)))
            .filter(|(_, before, after)| before != after)
            .map(|(field, before, after)| (field.to_owned(), json!([before, after])))
            .collect();
        if !changes.is_empty() {
            shared.push((id, changes));
        }
    }
    let event = Event::new(Kind::SharingChanged);
    match shared.as_slice() {
        [] => {}
        [(id, changes)] => record(tx, context, event.on("contact", *id).with("changes", changes.clone())),
        many => {
            let ids: Vec<i64> = many.iter().map(|(id, _)| *id).take(NAMED).collect();
            record(tx, context, event.about("contact").with("count", many.len()).with("ids", ids));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{display_name, gender_of};
    use record_engine::record::Values;
    use serde_json::json;

    #[test]
    fn names() {
        let check = |fields: serde_json::Value, expect: Option<&str>| {
            let values: Values = fields.as_object().cloned().unwrap_or_default().into_iter().collect();
            assert_eq!(display_name(&values).as_deref(), expect, "{fields}");
        };
        check(
            json!({"kind": "person", "last_name": "Шевчук", "first_name": "Тарас", "patronymic": "Григорович"}),
            Some("Шевчук Тарас Григорович"),
        );
        check(json!({"kind": "person", "first_name": "Ira"}), Some("Ira"));
        check(
            json!({"kind": "company", "company_name": "ТОВ «Карпати Буд»", "last_name": "x"}),
            Some("ТОВ «Карпати Буд»"),
        );
        check(json!({"kind": "person"}), None);
    }

    #[test]
    fn genders() {
        for (patronymic, expect) in [
            ("Григорович", Some("male")),
            ("Сергіївна", Some("female")),
            ("Ильич", Some("male")),
            ("Ильинична", Some("female")),
            ("Нұрланқызы", Some("female")),
            ("James", None),
        ] {
            assert_eq!(gender_of(patronymic), expect, "{patronymic}");
        }
    }
}
