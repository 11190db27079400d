//! Formats of dates and numbers: what the installation says, and what one of its users has chosen instead.

use record_engine::Role;
use record_engine::context::instant_text;
use serde_json::json;

use crate::it::app::{expect, for_each_app};
use crate::it::letters::{deliver, with_mail};

#[test]
fn the_installation_says_and_a_user_chooses_otherwise() {
    for_each_app(|app| {
        let (mut administrator, mut user) = (app.administrator(), app.with_user(Role::Employee));
        let usual =
            json!({ "date": "by_language", "time": "24h", "week_start": "by_language", "numbers": "by_language" });
        let nothing = json!({ "date": null, "time": null, "week_start": null, "numbers": null });
        let session = expect(&user.get("/session"), 200);
        assert_eq!((&session["installation"]["formats"], &session["user"]["formats"]), (&usual, &nothing));

        let of_company =
            json!({ "date": "yyyy-mm-dd", "time": "24h", "week_start": "sunday", "numbers": "space_comma" });
        expect(&user.patch("/installation", &json!({ "formats": of_company })), 403);
        let changed = expect(&administrator.patch("/installation", &json!({ "formats": of_company })), 200);
        assert_eq!(changed["formats"], of_company);
        // What does not name the formats leaves them.
        assert_eq!(
            expect(&administrator.patch("/installation", &json!({ "country": "PL" })), 200)["formats"],
            of_company
        );

        let own = json!({ "date": "mm/dd/yyyy", "time": "12h", "week_start": null, "numbers": "point_comma" });
        let session = expect(&user.patch("/session", &json!({ "formats": own })), 200);
        assert_eq!((&session["installation"]["formats"], &session["user"]["formats"]), (&of_company, &own));
        expect(&user.patch("/session", &json!({ "density": "dense" })), 200);
        assert_eq!(expect(&user.get("/session"), 200)["user"]["formats"], own);
        assert_eq!(expect(&administrator.get("/session"), 200)["user"]["formats"], nothing);
        let session = expect(&user.patch("/session", &json!({ "formats": {} })), 200);
        assert_eq!(session["user"]["formats"], nothing);
    });
}

#[test]
fn unknown_formats_are_refused() {
    for_each_app(|app| {
        let mut administrator = app.administrator();
        for formats in [
            json!({ "date": "dd-mm-yyyy" }),
            json!({ "time": "by_language" }),
            json!({ "week_start": "friday" }),
            json!({ "numbers": "1,234.56" }),
            json!({ "colour": "red" }),
            json!("12h"),
        ] {
            for path in ["/session", "/installation"] {
                let refused = administrator.patch(path, &json!({ "formats": formats }));
                assert_eq!(refused.status, 422, "{path} {formats}: {}", refused.text());
            }
        }
        // Everybody has some formats: null is a choice of a user alone.
        assert_eq!(administrator.patch("/installation", &json!({ "formats": { "date": null } })).status, 400);
        assert!(expect(&administrator.get("/session"), 200)["user"]["formats"]["date"].is_null());
    });
}

#[test]
fn letters_are_in_the_formats_of_their_reader() {
    for_each_app(|app| {
        let (plain, mut other) = (app.with_user(Role::Employee), app.with_user(Role::Employee));
        let sink = with_mail(app);
        let mut administrator = app.administrator();
        for (id, address) in [(plain.id, "plain@example.org"), (other.id, "other@example.org")] {
            let values = json!({ "values": { "email": address, "time_zone": "UTC" } });
            expect(&administrator.patch(&format!("/records/user/{id}"), &values), 200);
        }
        let own = json!({ "formats": { "date": "mm/dd/yyyy", "time": "12h" } });
        expect(&other.patch("/session", &own), 200);

        let now = instant_text(app.engine.clock().now_ms());
        let (year, month, day) = (&now[..4], &now[5..7], &now[8..10]);
        let mut write = |id: i64, address: &str, count: usize| {
            let password = json!({ "new_password": format!("Ратуша-опівдні-{count}") });
            expect(&administrator.post(&format!("/users/{id}/password"), &password), 204);
            deliver(app);
            sink.wait_for(address, count).text()
        };
        let letter = write(plain.id, "plain@example.org", 1);
        assert!(letter.contains(&format!("{day}.{month}.{year}, ")) && !letter.contains("M (UTC)"), "{letter}");
        let of_company = json!({ "formats": { "date": "yyyy-mm-dd" } });
        expect(&app.administrator().patch("/installation", &of_company), 200);
        let letter = write(plain.id, "plain@example.org", 2);
        assert!(letter.contains(&format!("{year}-{month}-{day}, ")), "{letter}");
        let letter = write(other.id, "other@example.org", 1);
        assert!(letter.contains(&format!("{month}/{day}/{year}, ")) && letter.contains("M (UTC)"), "{letter}");
    });
}
