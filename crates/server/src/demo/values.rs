//! A generated contact as the values of a record.

use demo_data::{ContactKind, DemoAddress, DemoChannel, DemoContact, Gender};
use record_engine::Values;
use serde_json::{Value as Json, json};

/// The values of a contact. `employer` is the id of the record of its company or holding, `team` the ids of the users by their position.
pub fn values_of(contact: &DemoContact, employer: Option<i64>, team: &[i64]) -> Values {
    let mut values = Values::new();
    let mut set = |field: &str, value: Json| {
        if !value.is_null() && value != "" {
            values.insert(field.to_owned(), value);
        }
    };
    match contact.kind {
        ContactKind::Person => {
            set("kind", json!("person"));
            set("last_name", json!(contact.last_name));
            set("first_name", json!(contact.first_name));
            set("patronymic", json!(contact.patronymic));
            set("gender", json!(contact.gender.map(gender_key)));
            set("birthday", json!(contact.birthday));
            set("position", json!(contact.position));
        }
        ContactKind::Company => {
            set("kind", json!("company"));
            set("company_name", json!(contact.company_name));
        }
    }
    set("parent", json!(employer));
    set("channels", Json::Array(contact.channels.iter().map(channel).collect()));
    set("addresses", Json::Array(contact.addresses.iter().map(address).collect()));
    set("contact_type", json!(contact.contact_type));
    set("warmth", json!(contact.warmth));
    set("source", json!(contact.source));
    set("remark", json!(contact.remark));
    set("description", json!(contact.description));
    set("visibility", json!(contact.visibility));
    let managers: Vec<i64> = contact.managers.iter().filter_map(|at| team.get(usize::from(*at)).copied()).collect();
    set("managers", json!(managers));
    values
}

fn gender_key(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
    }
}

fn channel(channel: &DemoChannel) -> Json {
    json!({ "kind": channel.kind, "label": channel.label, "value": channel.value })
}

fn address(address: &DemoAddress) -> Json {
    json!({
        "label": address.label, "street": address.street, "city": address.city, "region": address.region,
        "postcode": address.postcode, "country": address.country,
    })
}
