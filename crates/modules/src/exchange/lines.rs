//! Channels and addresses in one cell each, the form of our own export: a line for an entry, readable by people, exact for the way back.
//!
//! `мобильный: +380 67 440 12 85 | общий | «до 18:00»` is a channel, `офис: вул. Хрещатик 1 | Київ | | 01001 | UA` an address.
//! What must stay true: reading what was written gives the same entries. `\` escapes what would be taken for a separator.

use record_engine::catalog::Labels;
use record_engine::field_types::ChannelLabel;
use serde_json::{Map, Value as Json, json};

use super::targets::{ADDRESS_PARTS, text_in};

const PRIMARY: [&str; 3] = ["primary", "основной", "основний"];
const SHARED: [&str; 3] = ["shared", "общий", "спільний"];

fn word_in(words: [&'static str; 3], language: &str) -> &'static str {
    let [english, russian, ukrainian] = words;
    match language {
        "ru" => russian,
        "uk" => ukrainian,
        _ => english,
    }
}

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

fn is_set(entry: &Json, part: &str) -> bool {
    entry.get(part) == Some(&Json::Bool(true))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            '|' => escaped.push_str("\\|"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Splits at unescaped separators and undoes the escapes.
fn split_escaped(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('n') => part.push('\n'),
                Some('r') => part.push('\r'),
                // A colon in a label.
                Some('c') => part.push(':'),
                Some(other) => part.push(other),
                None => part.push('\\'),
            },
            '|' => parts.push(std::mem::take(&mut part)),
            _ => part.push(c),
        }
    }
    parts.push(part);
    parts.iter().map(|part| part.trim().to_owned()).collect()
}

/// `label: ` in front of a line; a label that holds a colon has it escaped.
fn write_label(labels: &[ChannelLabel], label: &str, language: &str, rest: &str) -> String {
    let known = labels.iter().find(|known| known.key == label).map(|known| text_in(&known.labels, language));
    let text = known.map_or_else(|| label.to_owned(), str::to_lowercase);
    let is_mistakable = rest.contains(": ") || rest.ends_with(':');
    if text.is_empty() && !is_mistakable {
        return rest.to_owned();
    }
    format!("{}: {rest}", escape(&text).replace(':', "\\c"))
}

fn read_label<'a>(labels: &[ChannelLabel], line: &'a str) -> (Json, &'a str) {
    let Some((label, rest)) = line.split_once(": ").or_else(|| line.strip_suffix(':').map(|label| (label, ""))) else {
        return (Json::Null, line);
    };
    // An unescaped separator in front of the colon: it belongs to a value.
    if label.replace("\\\\", "").replace("\\|", "").contains('|') {
        return (Json::Null, line);
    }
    let text = split_escaped(label).join("|");
    if text.is_empty() {
        return (Json::Null, rest);
    }
    (Json::String(label_key(labels, &text)), rest)
}

/// The key of a label by its text in any language; unknown labels stay as they are.
pub(crate) fn label_key(labels: &[ChannelLabel], text: &str) -> String {
    let wanted = filter_language::sort_key(text);
    let means = |labels: &Labels| labels.values().any(|label| filter_language::sort_key(label) == wanted);
    labels
        .iter()
        .find(|label| label.key == text)
        .or_else(|| labels.iter().find(|label| means(&label.labels)))
        .map_or_else(|| text.to_owned(), |label| label.key.clone())
}

/// The channels of a kind, a line each.
pub(crate) fn write_channels(entries: &Json, kind: &str, labels: &[ChannelLabel], language: &str) -> String {
    let of_kind: Vec<&Json> =
        entries.as_array().into_iter().flatten().filter(|entry| text_at(entry, "kind") == kind).collect();
    let lines = of_kind.iter().enumerate().map(|(at, entry)| {
        let shown = match text_at(entry, "display") {
            "" => text_at(entry, "value"),
            display => display,
        };
        let mut rest = escape(shown);
        // The first of a kind is the primary one unless another says so.
        if at > 0 && is_set(entry, "is_primary") {
            rest.push_str(" | ");
            rest.push_str(word_in(PRIMARY, language));
        }
        if is_set(entry, "is_shared") {
            rest.push_str(" | ");
            rest.push_str(word_in(SHARED, language));
        }
        let comment = text_at(entry, "comment");
        if !comment.is_empty() {
            rest.push_str(&format!(" | «{}»", escape(comment)));
        }
        write_label(labels, text_at(entry, "label"), language, &rest)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The entries of a cell written by [`write_channels`].
pub(crate) fn read_channels(text: &str, kind: &str, labels: &[ChannelLabel]) -> Vec<Json> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (label, rest) = read_label(labels, line);
            let mut parts = split_escaped(rest).into_iter();
            let mut entry = json!({ "kind": kind, "label": label, "value": parts.next().unwrap_or_default() });
            let mut set = |key: &str, value: Json| {
                if let Some(object) = entry.as_object_mut() {
                    object.insert(key.into(), value);
                }
            };
            for part in parts {
                if PRIMARY.contains(&part.as_str()) {
                    set("is_primary", Json::Bool(true));
                } else if SHARED.contains(&part.as_str()) {
                    set("is_shared", Json::Bool(true));
                } else if !part.is_empty() {
                    let quoted = part.strip_prefix('«').and_then(|inner| inner.strip_suffix('»'));
                    set("comment", Json::String(quoted.unwrap_or(&part).to_owned()));
                }
            }
            entry
        })
        .collect()
}

/// The addresses, a line each.
pub(crate) fn write_addresses(entries: &Json, labels: &[ChannelLabel], language: &str) -> String {
    let lines = entries.as_array().into_iter().flatten().enumerate().map(|(at, entry)| {
        let mut parts: Vec<String> = ADDRESS_PARTS.iter().map(|(part, _)| escape(text_at(entry, part))).collect();
        while parts.last().is_some_and(String::is_empty) {
            parts.pop();
        }
        if at > 0 && is_set(entry, "is_primary") {
            parts.resize(ADDRESS_PARTS.len(), String::new());
            parts.push(word_in(PRIMARY, language).into());
        }
        if let Some(point) = point_text(entry) {
            parts.resize(parts.len().max(ADDRESS_PARTS.len()), String::new());
            parts.push(point);
        }
        write_label(labels, text_at(entry, "label"), language, &parts.join(" | "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The entries of a cell written by [`write_addresses`].
pub(crate) fn read_addresses(text: &str, labels: &[ChannelLabel]) -> Vec<Map<String, Json>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let (label, rest) = read_label(labels, line);
            let mut entry = Map::new();
            entry.insert("label".into(), label);
            let mut names = ADDRESS_PARTS.iter();
            for part in split_escaped(rest) {
                match names.next() {
                    Some((name, _)) if part.is_empty() => {
                        entry.insert((*name).into(), Json::Null);
                    }
                    Some((name, _)) => {
                        entry.insert((*name).into(), Json::String(part));
                    }
                    None => match read_point(&part) {
                        Some(point) => entry.extend(point),
                        None => {
                            entry.insert("is_primary".into(), Json::Bool(true));
                        }
                    },
                }
            }
            entry
        })
        .collect()
}

/// The exact point of an address: `50.4501,30.5234`.
fn point_text(entry: &Json) -> Option<String> {
    let degrees = |part: &str| entry.get(part).and_then(Json::as_f64);
    Some(format!("{},{}", degrees("latitude")?, degrees("longitude")?))
}

fn read_point(text: &str) -> Option<[(String, Json); 2]> {
    let (latitude, longitude) = text.split_once(',')?;
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    Some([("latitude".into(), degrees(latitude)?.into()), ("longitude".into(), degrees(longitude)?.into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use record_engine::catalog::labels;

    fn known() -> Vec<ChannelLabel> {
        vec![
            ChannelLabel {
                key: "mobile".into(), labels: labels(["Mobile", "Мобильный", "Мобільний"])
            },
            ChannelLabel { key: "work".into(), labels: labels(["Work", "Рабочий", "Робочий"]) },
        ]
    }

    #[test]
    fn channels_read_as_they_were_written() {
        let check = |label: Json, value: &str, comment: Json, is_shared: bool, expect: &str| {
            let entry = json!({ "kind": "phone", "label": label, "value": value, "display": value,
                "is_primary": true, "is_shared": is_shared, "comment": comment });
            let text = write_channels(&json!([entry]), "phone", &known(), "ru");
            assert_eq!(text, expect);
            let read = read_channels(&text, "phone", &known());
            assert_eq!(read.len(), 1, "{text}");
            for part in ["label", "value"] {
                assert_eq!(read.first().and_then(|entry| entry.get(part)), entry.get(part), "{text}");
            }
            assert_eq!(read.first().map(|read| text_at(read, "comment")), Some(text_at(&entry, "comment")), "{text}");
            assert_eq!(read.first().map(|read| is_set(read, "is_shared")), Some(is_shared), "{text}");
        };
        check(json!("mobile"), "+380 67 440 12 85", Json::Null, false, "мобильный: +380 67 440 12 85");
        check(Json::Null, "+380 67 440 12 85", Json::Null, true, "+380 67 440 12 85 | общий");
        check(json!("дача"), "102", json!("до 18:00 | потом нет"), false, "дача: 102 | «до 18:00 \\| потом нет»");
        check(json!("a: b|c\\d"), "x", json!("общий"), false, "a\\c b\\|c\\\\d: x | «общий»");
        check(Json::Null, "live: ira", Json::Null, false, ": live: ira");
        check(Json::Null, "https://a.b/c?d=e|f", Json::Null, false, "https://a.b/c?d=e\\|f");
    }

    #[test]
    fn addresses_read_as_they_were_written() {
        let entries = json!([
            { "label": "work", "street": "вул. Хрещатик, 1: кв. 2", "city": "Київ", "region": null, "postcode": "01001", "country": "UA", "is_primary": false },
            { "label": null, "street": null, "city": "Львів", "region": null, "postcode": null, "country": null, "is_primary": true, "latitude": 49.84, "longitude": -24.0 },
            { "label": null, "street": null, "city": "Одеса", "region": null, "postcode": null, "country": null, "is_primary": false, "latitude": 46.5, "longitude": 30.7 }
        ]);
        let text = write_addresses(&entries, &known(), "uk");
        assert_eq!(
            text,
            "робочий: вул. Хрещатик, 1: кв. 2 | Київ |  | 01001 | UA\n | Львів |  |  |  | основний | 49.84,-24\n | Одеса |  |  |  | 46.5,30.7"
        );
        let read = read_addresses(&text, &known());
        assert_eq!(read.len(), 3);
        for (read, entry) in read.iter().zip(entries.as_array().into_iter().flatten()) {
            for part in ["label", "street", "city", "region", "postcode", "country", "latitude", "longitude"] {
                assert_eq!(read.get(part).unwrap_or(&Json::Null), entry.get(part).unwrap_or(&Json::Null), "{text}");
            }
        }
        let is_primary = |at: usize| read.get(at).is_some_and(|entry| entry.contains_key("is_primary"));
        assert_eq!([is_primary(0), is_primary(1), is_primary(2)], [false, true, false]);
    }
}
