//! Legal requisites (CB19), currency and potential (CB11, CB28) over HTTP.

use serde_json::json;

use crate::it::app::{expect, field_errors, for_each_app};
use crate::it::person::{company, with};

#[test]
fn numbers_are_stored_bare_found_and_refused_at_their_field() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let values =
            with(with(company("ТОВ Ромашка"), "requisites_country", json!("UA")), "ua_edrpou", json!("1436 0570"));
        let made = user.create_contact(with(values, "iban", json!("UA21 3223 1300 0002 6007 2335 66001")));
        assert_eq!(made["values"]["ua_edrpou"], "14360570");
        assert_eq!(made["values"]["iban"], "UA213223130000026007233566001");
        let found = expect(&user.get("/search?q=14360570"), 200);
        assert_eq!(found["items"][0]["id"], made["id"]);

        let path = format!("/records/contact/{}", made["id"]);
        let refused = expect(&user.patch(&path, &json!({ "values": { "ua_edrpou": "14360571" } })), 422);
        assert_eq!(field_errors(&refused), [("/values/ua_edrpou".to_owned(), "wrong_number".to_owned())]);
        let refused = expect(&user.patch(&path, &json!({ "values": { "ua_edrpou": "14360" } })), 422);
        assert_eq!(field_errors(&refused), [("/values/ua_edrpou".to_owned(), "wrong_length".to_owned())]);
        let russian = json!({ "requisites_country": "RU", "ru_inn": "7707083893", "ru_kpp": "773601001", "ru_bik": "044525225",
            "ru_account": "40702819900000000001" });
        expect(&user.patch(&path, &json!({ "values": russian })), 200);
        let refused = expect(&user.patch(&path, &json!({ "values": { "ru_account": "40702819900000000002" } })), 422);
        assert_eq!(field_errors(&refused), [("/values/ru_account".to_owned(), "wrong_number".to_owned())]);
    });
}

#[test]
fn potential_is_money_of_a_period() {
    for_each_app(|app| {
        let mut user = app.administrator();
        let potential = json!({ "amount": 1_250_000, "currency": "UAH" });
        let values =
            with(with(company("ТОВ Ромашка"), "potential", potential.clone()), "potential_period", json!("month"));
        let made = user.create_contact(with(values, "currency", json!("UAH")));
        assert_eq!(made["values"]["potential"], potential);
        assert_eq!(
            (&made["values"]["currency"], &made["values"]["potential_period"]),
            (&json!("UAH"), &json!("month"))
        );
    });
}
