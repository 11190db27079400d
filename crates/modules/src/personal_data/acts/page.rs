//! An act as a page to be printed and signed: no scripts, nothing from elsewhere, in three languages.

use record_engine::catalog::{Catalog, labels};
use serde_json::Value as Json;

use super::super::erase::Cause;
use super::Act;

/// English, Russian, Ukrainian.
type Texts = [&'static str; 3];

const TITLE: Texts = [
    "Act of destruction of personal data",
    "Акт об уничтожении персональных данных",
    "Акт про знищення персональних даних",
];
const NUMBER: Texts = ["Number", "Номер", "Номер"];
const AT: Texts = ["Date and time (UTC)", "Дата и время (UTC)", "Дата і час (UTC)"];
const COMPANY: Texts = ["Operator", "Оператор", "Володілець даних"];
const RECORDS: Texts = ["Records (IDs)", "Записи (идентификаторы)", "Записи (ідентифікатори)"];
const WHO: Texts = ["Carried out by", "Исполнитель", "Виконавець"];
const BY_RULE: Texts =
    ["the program, by a retention rule", "программа, по правилу хранения", "програма, за правилом зберігання"];
const CAUSE: Texts = ["Ground", "Основание", "Підстава"];
const GONE: Texts = ["Destroyed", "Уничтожено", "Знищено"];
const STAYED: Texts =
    ["Kept, without naming anybody", "Сохранено в обезличенном виде", "Збережено у знеособленому вигляді"];
const FIELDS: Texts = ["Values of the fields", "Значения полей", "Значення полів"];
const HISTORY: Texts = ["Entries of the history", "Записей истории", "Записів історії"];
const FILES: Texts = ["Files", "Файлов", "Файлів"];
const IMPORTS: Texts = ["Uploaded import files", "Загруженных файлов импорта", "Завантажених файлів імпорту"];
const EXPORTS: Texts = ["Files of exports", "Файлов экспорта", "Файлів експорту"];
const CLEARED: Texts =
    ["texts, notes and files cleared", "тексты, заметки и файлы стёрты", "тексти, нотатки й файли стерто"];
const DELETED: Texts = ["deleted", "удалены", "видалено"];
const HOW: Texts = ["Method", "Способ", "Спосіб"];
const METHOD: Texts = [
    "The values were overwritten in the database, the search index and the history; files were removed from the disk; the erasure was entered in the ledger, by which it is repeated when an older backup is restored. Backups are destroyed when their time is over.",
    "Значения перезаписаны в базе данных, поисковом индексе и истории; файлы удалены с диска; запись внесена в журнал уничтожений, по которому оно повторяется при восстановлении более старой резервной копии. Резервные копии уничтожаются по истечении срока хранения.",
    "Значення перезаписано в базі даних, пошуковому індексі та історії; файли видалено з диска; запис внесено до журналу знищень, за яким воно повторюється під час відновлення давнішої резервної копії. Резервні копії знищуються після завершення строку зберігання.",
];
const SIGNATURE: Texts = ["Signature", "Подпись", "Підпис"];

fn cause(cause: Cause) -> Texts {
    match cause {
        Cause::Request => {
            ["request of the person", "обращение субъекта персональных данных", "звернення суб’єкта персональних даних"]
        }
        Cause::Withdrawal => ["consent withdrawn", "отзыв согласия", "відкликання згоди"],
        Cause::Purpose => ["purpose achieved", "достижение цели обработки", "досягнення мети обробки"],
        Cause::Retention => ["retention period over", "истечение срока хранения", "завершення строку зберігання"],
        Cause::Unlawful => ["processing without a legal ground", "неправомерная обработка", "неправомірна обробка"],
    }
}

fn part_of<'a>(json: &'a Json, key: &str) -> &'a Json {
    json.get(key).unwrap_or(&Json::Null)
}

/// The page.
pub fn act_page(act: &Act, catalog: &Catalog, language: &str) -> String {
    let at = match language {
        "ru" => 1,
        "uk" => 2,
        _ => 0,
    };
    let say = |texts: Texts| texts.get(at).copied().unwrap_or_default();
    let label = |name: &str| {
        let field = catalog.object_type(&act.object_type).and_then(|object_type| object_type.field(name));
        field.and_then(|field| field.labels.get(language)).cloned().unwrap_or_else(|| name.to_owned())
    };
    let part = |name: &str| {
        let found = catalog.object_type(name).map(|object_type| labels(object_type.definition.labels_plural));
        found.and_then(|texts| texts.get(language).cloned()).unwrap_or_else(|| name.to_owned())
    };
    let names = |list: &Json| -> String {
        let names = list.as_array().into_iter().flatten().filter_map(Json::as_str);
        names.map(label).collect::<Vec<String>>().join(", ")
    };
    let mut rows: Vec<(&str, String)> = vec![
        (say(NUMBER), act.number.clone()),
        (say(AT), act.at.replace('T', " ").chars().take(19).collect()),
        (say(COMPANY), act.company.clone()),
        (say(RECORDS), act.records.iter().map(i64::to_string).collect::<Vec<String>>().join(", ")),
        (say(WHO), act.user.clone().unwrap_or_else(|| say(BY_RULE).to_owned())),
        (say(CAUSE), say(cause(act.cause)).to_owned()),
    ];
    let mut gone = vec![format!("{}: {}", say(FIELDS), names(part_of(&act.goes, "fields")))];
    for (name, count) in part_of(&act.goes, "parts").as_object().into_iter().flatten() {
        gone.push(format!("{}: {count}", part(name)));
    }
    for work in part_of(&act.goes, "work").as_array().into_iter().flatten() {
        let name = part_of(work, "type").as_str().unwrap_or_default();
        let how = if part_of(work, "treatment").as_str() == Some("delete") { DELETED } else { CLEARED };
        gone.push(format!("{}: {} ({})", part(name), part_of(work, "count"), say(how)));
    }
    for (key, texts) in [("files", FILES), ("history_entries", HISTORY), ("imports", IMPORTS), ("exports", EXPORTS)] {
        let count = part_of(&act.goes, key);
        if count.as_i64().is_some_and(|count| count > 0) {
            gone.push(format!("{}: {}", say(texts), count));
        }
    }
    let mut stayed = vec![format!("{}: {}", say(FIELDS), names(part_of(&act.stays, "fields")))];
    for (name, count) in part_of(&act.stays, "parts").as_object().into_iter().flatten() {
        stayed.push(format!("{}: {count}", part(name)));
    }
    rows.extend([(say(GONE), gone.join("\n")), (say(STAYED), stayed.join("\n")), (say(HOW), say(METHOD).to_owned())]);
    let body: String = rows
        .iter()
        .map(|(name, value)| format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escaped(name), escaped(value)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title} {number}</title>\n<style>{STYLE}</style></head>\n\
         <body><h1>{title}</h1>\n<table>\n{body}</table>\n<p class=\"sign\">{} ____________________ / ____________________ /</p>\n</body>\n</html>\n",
        escaped(language),
        say(SIGNATURE),
        title = say(TITLE),
        number = escaped(&act.number),
    )
}

/// The look of pages that are printed.
pub(in super::super) const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#1c1b19}\
h1{font-size:20px}h2{font-size:16px;margin-top:2rem}table{border-collapse:collapse;width:100%}\
th,td{text-align:left;vertical-align:top;padding:6px 12px 6px 0;border-bottom:1px solid #e8e7e4;white-space:pre-line;overflow-wrap:anywhere}\
th{width:14rem;font-weight:500;color:#5f5d58}.sign{margin-top:3rem}@media print{body{margin:0}}";

/// A text as the page shows it.
pub(in super::super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
