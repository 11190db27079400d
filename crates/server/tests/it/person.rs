//! Values of contacts for tests; each part has a default, and a test names only what it is about.

use serde_json::{Value as Json, json};

/// A person by last name.
pub fn person(last_name: &str) -> Json {
    json!({ "kind": "person", "last_name": last_name })
}

/// A company by name.
pub fn company(name: &str) -> Json {
    json!({ "kind": "company", "company_name": name })
}

/// Puts more values to some.
pub fn with(mut values: Json, field: &str, value: Json) -> Json {
    values[field] = value;
    values
}

/// One phone.
pub fn phone(number: &str) -> Json {
    json!([{ "kind": "phone", "label": "mobile", "value": number }])
}
