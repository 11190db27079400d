//! Cards that an address book sends back, held against those that it got: what such programs make of a card by themselves is told from what a
//! person changed.

use file_formats::{Card, CardKind};
use record_engine::record::Values;
use serde_json::{Value as Json, json};

/// Fields whose property every address book has.
pub(super) const FIELDS: &[&str] =
    &["last_name", "first_name", "patronymic", "company_name", "parent", "position", "birthday"];
/// Kinds of channels that every address book has.
pub(super) const CHANNELS: &[&str] = &["phone", "email", "website"];

/// Takes out of a card that came back what says nothing about the contact.
pub(super) fn align(sent: &Card, back: &mut Card) {
    // Programs know no companies, or forget which cards are some; with the kind all fields of the other one would go.
    back.kind = sent.kind;
    back.uid.clear();
    // What programs note for themselves. A property that a person has named has its label behind a colon.
    back.extras.retain(|(name, _)| !name.starts_with("X-") || name.contains(':'));
    if sent.kind == CardKind::Company {
        // Android shows a company by a name of its own, which is then what people correct.
        if back.organisation == sent.organisation && back.full_name != sent.full_name && !back.full_name.is_empty() {
            back.organisation.clone_from(&back.full_name);
        }
        let known = format!("{} {} {}", sent.full_name, back.full_name, back.organisation);
        let known = format!(" {} ", filter_language::search_fold(&known));
        let is_made_of_it = |text: &String| {
            let folded = filter_language::search_fold(text);
            folded.split(' ').all(|word| known.contains(&format!(" {word} ")))
        };
        let parts = [&mut back.last_name, &mut back.first_name, &mut back.additional_names];
        parts.into_iter().filter(|part| is_made_of_it(part)).for_each(String::clear);
    }
    let is_untouched = back.full_name == sent.full_name;
    let has_parts = [&back.last_name, &back.first_name, &back.additional_names].iter().any(|part| !part.is_empty());
    match sent.kind {
        // A program that knows no parts of names; or one that shows something else of a person without a name, and nobody is without one here.
        CardKind::Person if !has_parts && (is_untouched || is_shown_instead(back)) => {
            back.last_name.clone_from(&sent.last_name);
            back.first_name.clone_from(&sent.first_name);
            back.additional_names.clone_from(&sent.additional_names);
            back.full_name.clear();
        }
        // A displayed name that nobody touched says nothing when the parts of it were changed.
        CardKind::Person if has_parts && is_untouched => back.full_name.clear(),
        CardKind::Company if is_untouched && !back.organisation.is_empty() => back.full_name.clear(),
        CardKind::Person | CardKind::Company => {}
    }
}

/// Whether a displayed name stands for one that is missing.
fn is_shown_instead(card: &Card) -> bool {
    let others =
        [&card.nickname, &card.organisation].into_iter().chain(card.channels.iter().map(|channel| &channel.value));
    card.full_name.is_empty() || others.into_iter().any(|other| *other == card.full_name)
}

/// The note of a card is the remark, a line, and the description below it.
pub(super) fn note(values: &Values, note: &str) -> Values {
    let text = |field: &str| values.get(field).and_then(Json::as_str).unwrap_or_default();
    let remark = text("remark");
    let behind_remark = note.strip_prefix(remark).filter(|rest| rest.is_empty() || rest.starts_with('\n'));
    let (first, rest) = match behind_remark {
        _ if remark.is_empty() => ("", note),
        Some(rest) => (remark, rest.strip_prefix('\n').unwrap_or(rest)),
        None => note.split_once('\n').unwrap_or((note, "")),
    };
    let parts = [("remark", first), ("description", rest)];
    let changed = parts.into_iter().filter(|(field, now)| text(field).trim() != now.trim());
    changed
        .map(|(field, now)| (field.to_owned(), if now.trim().is_empty() { Json::Null } else { json!(now) }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_comes_apart_into_remark_and_description() {
        let check = |remark: &str, description: &str, now: &str, expect: Json| {
            let values =
                Values::from([("remark".to_owned(), json!(remark)), ("description".to_owned(), json!(description))]);
            assert_eq!(json!(note(&values, now)), expect, "{now}");
        };
        check("", "a\nb", "a\nb\nc", json!({ "description": "a\nb\nc" }));
        check("r", "a", "r\na\nb", json!({ "description": "a\nb" }));
        check("r", "a", "rest\na", json!({ "remark": "rest" }));
        check("r", "a", "r", json!({ "description": null }));
        check("r", "", "r\na", json!({ "description": "a" }));
        check("r", "a", "", json!({ "remark": null, "description": null }));
        check("r", "a", "r\na ", json!({}));
    }

    #[test]
    fn what_programs_add_is_no_change() {
        let company = Card {
            kind: CardKind::Company,
            full_name: "Буд Сервіс".into(),
            organisation: "Буд Сервіс".into(),
            ..Card::default()
        };
        let echo = Card {
            kind: CardKind::Person,
            last_name: "Сервіс".into(),
            first_name: "Буд".into(),
            uid: "x".into(),
            extras: vec![("X-ANDROID-HASH".into(), "1".into())],
            ..company.clone()
        };
        let mut back = echo.clone();
        align(&company, &mut back);
        assert_eq!(back, Card { full_name: String::new(), ..company.clone() });
        // The name under which Android shows it is its name.
        let mut renamed = Card { full_name: "Новий Буд".into(), first_name: "Новий".into(), ..echo };
        align(&company, &mut renamed);
        assert_eq!((renamed.organisation.as_str(), renamed.first_name.as_str()), ("Новий Буд", ""));
    }

    #[test]
    fn a_person_keeps_his_name_where_a_program_shows_another() {
        let sent = Card {
            last_name: "Шевчук".into(),
            first_name: "Тарас".into(),
            full_name: "Шевчук Тарас".into(),
            organisation: "Буд".into(),
            ..Card::default()
        };
        let check = |parts: [&str; 2], full_name: &str, expect: [&str; 3]| {
            let [last_name, first_name] = parts.map(String::from);
            let mut back = Card { last_name, first_name, full_name: full_name.into(), ..sent.clone() };
            align(&sent, &mut back);
            assert_eq!([back.last_name.as_str(), &back.first_name, &back.full_name], expect);
        };
        check(["", ""], "Шевчук Тарас", ["Шевчук", "Тарас", ""]);
        check(["", ""], "Буд", ["Шевчук", "Тарас", ""]);
        check(["", ""], "", ["Шевчук", "Тарас", ""]);
        check(["", ""], "Шевченко Тарас", ["", "", "Шевченко Тарас"]);
        check(["Шевченко", "Тарас"], "Шевчук Тарас", ["Шевченко", "Тарас", ""]);
        check(["Шевченко", ""], "Шевченко", ["Шевченко", "", "Шевченко"]);
    }
}
