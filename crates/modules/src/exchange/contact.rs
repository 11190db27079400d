//! What contacts add to the general import and export: names in one column, companies by name, address book cards.

mod card;
mod sent_back;

use std::collections::BTreeMap;

use file_formats::Card;
use record_engine::catalog::ObjectType;
use record_engine::record::Values;
use serde_json::{Value as Json, json};

use crate::contacts::names;

use super::importable::{ExtraTarget, Importable, Look, RawRow};

/// See the module.
pub(crate) struct ContactExchange;

const EXTRA_TARGETS: &[ExtraTarget] =
    &[ExtraTarget { key: "full_name", labels: ["Full name", "ФИО", "ПІБ"], group: "name" }];

/// Folded headers beside the labels of the fields.
const HEADER_WORDS: &[(&str, &[&str])] = &[
    (
        "full_name",
        &[
            "фио",
            "ф и о",
            "ф и о клиента",
            "фио клиента",
            "фио контакта",
            "фамилия имя отчество",
            "фамилия имя",
            "имя фамилия",
            "имя и фамилия",
            "фамилия и имя",
            "полное имя",
            "пиб",
            "п и б",
            "пиб клиента",
            "призвище имя по батькови",
            "призвище та имя",
            "имя та призвище",
            "повне имя",
            "full name",
            "fullname",
            "name",
            "display name",
            "contact name",
            "contact",
            "контакт",
            "контактное лицо",
            "контактна особа",
            "клиент",
            "имя контакта",
            "имя клиента",
            "название",
            "наименование",
            "назва",
            "imie i nazwisko",
            "osoba kontaktowa",
            "nazwa",
            "сотрудник",
        ],
    ),
    ("last_name", &["фамилия", "призвище", "last name", "lastname", "surname", "family name", "nazwisko"]),
    ("first_name", &["имя", "first name", "firstname", "given name", "forename", "imie"]),
    ("patronymic", &["отчество", "по батькови", "middle name", "middlename", "additional name", "drugie imie"]),
    (
        "parent",
        &[
            "компания",
            "компания клиента",
            "компания контакта",
            "организация",
            "организация",
            "организация клиента",
            "фирма",
            "название компании",
            "назва компании",
            "название организации",
            "наименование организации",
            "работодатель",
            "company",
            "company name",
            "organization",
            "organisation",
            "organization name",
            "employer",
            "account name",
            "firma",
            "nazwa firmy",
            "место работы",
            "мисце роботи",
            "пидприэмство",
            "пидприемство",
        ],
    ),
    ("position", &["должность", "посада", "position", "job title", "title", "stanowisko", "роль"]),
    (
        "birthday",
        &[
            "дата рождения",
            "день рождения",
            "дата народження",
            "день народження",
            "birthday",
            "birth date",
            "date of birth",
            "birthdate",
            "data urodzenia",
            "urodziny",
            "др",
            "д р",
        ],
    ),
    ("gender", &["пол", "стать", "gender", "sex", "plec"]),
    (
        "managers",
        &[
            "ответственныи",
            "ответственный",
            "ответственный менеджер",
            "ответственный за контакт",
            "менеджер",
            "менеджеры",
            "видповидальний",
            "видповидальныи",
            "видповидальний менеджер",
            "manager",
            "managers",
            "owner",
            "responsible",
            "responsible person",
            "assigned to",
            "contact owner",
            "opiekun",
            "куратор",
        ],
    ),
    (
        "source",
        &[
            "источник",
            "источник контакта",
            "источник клиента",
            "джерело",
            "source",
            "lead source",
            "zrodlo",
            "откуда узнал",
        ],
    ),
    (
        "contact_type",
        &["тип контакта", "тип клиента", "тип", "contact type", "customer type", "type", "категория", "категория"],
    ),
    ("remark", &["примечание", "примитка", "заметка", "remark", "uwagi", "примечания"]),
    (
        "description",
        &[
            "комментарий",
            "комментарии",
            "коментар",
            "коментари",
            "описание",
            "опис",
            "заметки",
            "нотатки",
            "дополнительно",
            "дополнительная информация",
            "додаткова информация",
            "comment",
            "comments",
            "note",
            "notes",
            "description",
            "opis",
            "notatki",
        ],
    ),
];

/// Words of files for what the options of the field call otherwise.
const GENDER_WORDS: [(&str, &[&str]); 2] = [
    ("male", &["м", "муж", "мужчина", "ч", "чол", "чоловик", "чоловича", "m", "man", "mezczyzna"]),
    ("female", &["ж", "жен", "женщина", "жинка", "жин", "жиноча", "f", "w", "woman", "kobieta", "k"]),
];
const KIND_WORDS: [(&str, &[&str]); 2] = [
    (
        "person",
        &[
            "person",
            "контакт",
            "контакты",
            "человек",
            "людина",
            "физлицо",
            "физ лицо",
            "физическое лицо",
            "физична особа",
            "contact",
            "клиент",
            "персона",
            "самозанятыи",
            "самозанятый",
        ],
    ),
    (
        "company",
        &[
            "company",
            "компания",
            "организация",
            "организация",
            "фирма",
            "юрлицо",
            "юр лицо",
            "юридическое лицо",
            "юридична особа",
            "organization",
            "индивидуальныи предприниматель",
            "индивидуальный предприниматель",
            "обособленное подразделение",
            "государственныи орган",
            "государственный орган",
            "юридическое лицо нерезидент",
        ],
    ),
];

impl Importable for ContactExchange {
    fn extra_targets(&self) -> &'static [ExtraTarget] {
        EXTRA_TARGETS
    }

    fn header_words(&self) -> &'static [(&'static str, &'static [&'static str])] {
        HEADER_WORDS
    }

    fn target_of_look(&self, look: Look) -> Option<&'static str> {
        match look {
            Look::Date => Some("birthday"),
            Look::PersonName => Some("full_name"),
        }
    }

    fn prepare(&self, _object_type: &ObjectType, row: &mut RawRow) {
        translate(row, "gender", &GENDER_WORDS);
        translate(row, "kind", &KIND_WORDS);
        keep_day_without_year(row);
        complete_requisites(row);
        let stated = row.text("kind").to_owned();
        let default = row.defaults.get("kind").and_then(Json::as_str).unwrap_or("person").to_owned();
        split_full_name(row, if stated.is_empty() { &default } else { &stated });
        name_the_nameless(row, &stated, &default);
        if stated.is_empty() {
            let is_person = has_person_name(row);
            let is_company = !row.text("company_name").is_empty();
            let kind = if is_company && !is_person {
                "company"
            } else if is_person && !is_company {
                "person"
            } else {
                &default
            };
            row.defaults.insert("kind".into(), json!(kind));
        }
        // A person's company is the one above him, whichever column it stood in.
        let is_person = stated == "person" || (stated.is_empty() && has_person_name(row));
        if is_person && !row.text("company_name").is_empty() {
            let company = row.text("company_name").to_owned();
            row.values.remove("company_name");
            row.titles.entry("parent".into()).or_insert_with(|| vec![company]);
        }
    }

    fn notes_field(&self) -> Option<&'static str> {
        Some("description")
    }

    fn made_by_title(&self, field: &str, title: &str) -> Option<Values> {
        (field == "parent").then(|| {
            let mut values = Values::new();
            values.insert("kind".into(), json!("company"));
            values.insert("company_name".into(), json!(title));
            values
        })
    }

    fn stub_like(&self, values: &Values) -> Option<Values> {
        let title = values.get("company_name").and_then(Json::as_str)?;
        self.made_by_title("parent", title)
    }

    fn read_card(&self, card: &Card, language: &str) -> Option<RawRow> {
        Some(card::read(card, language))
    }

    fn align_cards(&self, sent: &Card, back: &mut Card) {
        sent_back::align(sent, back);
    }

    fn fields_of_every_address_book(&self) -> &'static [&'static str] {
        sent_back::FIELDS
    }

    fn channels_of_every_address_book(&self) -> &'static [&'static str] {
        sent_back::CHANNELS
    }

    fn fields_of_note(&self, values: &Values, note: &str) -> Values {
        sent_back::note(values, note)
    }

    fn picture_field(&self) -> Option<&'static str> {
        Some("photo")
    }

    fn write_card(&self, values: &Values, titles: &BTreeMap<String, Vec<String>>) -> Option<Card> {
        Some(card::write(values, titles))
    }
}

fn has_person_name(row: &RawRow) -> bool {
    ["last_name", "first_name", "patronymic"].iter().any(|field| !row.text(field).is_empty())
}

/// Replaces words that files use by the keys of the options.
fn translate(row: &mut RawRow, field: &str, words: &[(&str, &[&str])]) {
    let folded = filter_language::search_fold(row.text(field));
    if let Some((key, _)) = words.iter().find(|(_, texts)| texts.contains(&folded.as_str())) {
        row.set_text(field, key);
    }
}

/// Numbers of a register say of which country they are, and some whose they are: only organisations have a KPP, or an INN of ten digits.
fn complete_requisites(row: &mut RawRow) {
    let countries = [("ru_", "RU"), ("ua_", "UA"), ("kz_", "KZ"), ("by_", "BY"), ("pl_", "PL")];
    let is_filled = |(name, value): (&String, &Json), prefix: &str| {
        name.starts_with(prefix) && value.as_str().is_some_and(|text| !text.trim().is_empty())
    };
    let found = countries.iter().find(|(prefix, _)| row.values.iter().any(|entry| is_filled(entry, prefix)));
    if let Some((_, country)) = found.filter(|_| row.text("requisites_country").is_empty()) {
        row.defaults.insert("requisites_country".into(), json!(country));
    }
    let digits = row.text("ru_inn").chars().filter(char::is_ascii_digit).count();
    if !row.text("ru_kpp").is_empty() || digits == 10 {
        row.defaults.insert("kind".into(), json!("company"));
    }
}

/// Address books keep birthdays without a year; the field cannot, so the day goes to the description.
fn keep_day_without_year(row: &mut RawRow) {
    if let Some(day) = row.text("birthday").strip_prefix("--").map(String::from) {
        row.values.remove("birthday");
        row.append_line("description", &format!("--{day} (birthday)"));
    }
}

fn split_full_name(row: &mut RawRow, kind: &str) {
    let Some(full_name) = row.extras.remove("full_name") else { return };
    if has_person_name(row) {
        return;
    }
    if kind == "company" || (row.text("kind").is_empty() && names::is_company(&full_name)) {
        if row.text("company_name").is_empty() {
            row.set_text("company_name", &full_name);
        }
        return;
    }
    let parts = names::split(&full_name);
    row.set_text("last_name", &parts.last_name);
    row.set_text("first_name", &parts.first_name);
    row.set_text("patronymic", &parts.patronymic);
}

/// A row that names nobody is the company it mentions, or goes by its first phone or address, so that nothing is refused for its name.
fn name_the_nameless(row: &mut RawRow, stated: &str, default: &str) {
    let is_update = row.id.is_some();
    if is_update || has_person_name(row) || !row.text("company_name").is_empty() {
        return;
    }
    let company = row.titles.get("parent").and_then(|titles| titles.first()).cloned();
    if let Some(company) = company.filter(|_| stated != "person") {
        row.titles.remove("parent");
        row.set_text("company_name", &company);
        return;
    }
    let first = row.values.get("channels").and_then(Json::as_array).and_then(|entries| entries.first());
    let channel = first.and_then(|entry| entry.get("value")).and_then(Json::as_str).map(String::from);
    if let Some(channel) = channel {
        let is_company = if stated.is_empty() { default == "company" } else { stated == "company" };
        row.set_text(if is_company { "company_name" } else { "last_name" }, &channel);
    }
}
