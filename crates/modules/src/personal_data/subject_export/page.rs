//! The document as a page that anybody can read and print: no scripts, nothing from elsewhere.

use serde_json::Value as Json;

use super::super::acts::{STYLE, escaped};
use super::document::Document;

/// English, Russian, Ukrainian.
type Texts = [&'static str; 3];

const TITLE: Texts = ["Everything about one person", "Все сведения о человеке", "Усі відомості про людину"];
const MADE: Texts = ["Made", "Составлено", "Складено"];
const RECORD: Texts = ["Record", "Запись", "Запис"];
const CREATED: Texts = ["Created", "Создано", "Створено"];
const UPDATED: Texts = ["Changed", "Изменено", "Змінено"];
const TRASH: Texts = ["In the trash since", "В корзине с", "У кошику з"];
const FILES: Texts = ["Files", "Файлы", "Файли"];
const LINKS: Texts = ["Connected records", "Связанные записи", "Пов’язані записи"];
const HISTORY: Texts = ["History of changes", "История изменений", "Історія змін"];
const ACCESSES: Texts = ["Who opened the data", "Кто открывал данные", "Хто відкривав дані"];

/// The page.
pub(super) fn page(document: &Document, language: &str) -> String {
    let at = match language {
        "ru" => 1,
        "uk" => 2,
        _ => 0,
    };
    let say = |texts: Texts| texts.get(at).copied().unwrap_or_default();
    let json = &document.json;
    let title = say(TITLE);
    let mut body = format!(
        "<h1>{title}</h1>\n<p>{}: {} · {} {}</p>\n",
        say(MADE),
        escaped(text(json, "company")),
        escaped(&moment(text(json, "made_at"))),
        escaped(text(json, "made_by")),
    );
    for section in list(json, "sections") {
        if list(section, "records").is_empty() {
            continue;
        }
        body.push_str(&format!("<h2>{}</h2>\n", escaped(text(section, "label"))));
        for record in list(section, "records") {
            let mut rows = vec![(say(RECORD).to_owned(), number(record, "id"))];
            rows.extend(
                list(record, "fields")
                    .iter()
                    .map(|field| (text(field, "label").to_owned(), text(field, "text").to_owned())),
            );
            for (texts, when, who) in [(CREATED, "created_at", "created_by"), (UPDATED, "updated_at", "updated_by")] {
                rows.push((say(texts).to_owned(), format!("{} {}", moment(text(record, when)), text(record, who))));
            }
            if !text(record, "deleted_at").is_empty() {
                rows.push((say(TRASH).to_owned(), moment(text(record, "deleted_at"))));
            }
            body.push_str(&table(&rows));
        }
    }
    let files =
        list(json, "files").iter().map(|file| (text(file, "name").to_owned(), text(file, "in_archive").to_owned()));
    let links = list(json, "links")
        .iter()
        .map(|link| (format!("{} {}", text(link, "label"), number(link, "id")), text(link, "field_label").to_owned()));
    let history = list(json, "history").iter().map(|change| {
        let what = format!("{}\n{} → {}", text(change, "label"), text(change, "old"), text(change, "new"));
        (format!("{}\n{}", moment(text(change, "at")), text(change, "user")), what)
    });
    let accesses = list(json, "accesses")
        .iter()
        .map(|access| (moment(text(access, "at")), format!("{} {}", text(access, "user"), text(access, "action"))));
    let sections: [(Texts, Vec<(String, String)>); 4] = [
        (FILES, files.collect()),
        (LINKS, links.collect()),
        (HISTORY, history.collect()),
        (ACCESSES, accesses.collect()),
    ];
    for (heading, rows) in sections {
        if !rows.is_empty() {
            body.push_str(&format!("<h2>{}</h2>\n{}", say(heading), table(&rows)));
        }
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\n<style>{STYLE}</style></head>\n<body>{body}</body>\n</html>\n",
        escaped(language)
    )
}

fn table(rows: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| {
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), escaped(value))
    };
    format!("<table>\n{}</table>\n", rows.iter().map(row).collect::<String>())
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_str).unwrap_or_default()
}

fn number(json: &Json, key: &str) -> String {
    json.get(key).map(Json::to_string).unwrap_or_default()
}

fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// An instant to the minute.
fn moment(instant: &str) -> String {
    instant.replace('T', " ").chars().take(16).collect()
}
