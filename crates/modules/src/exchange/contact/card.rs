//! Address book cards in both directions.
//!
//! What must stay true: nothing that a person could miss is dropped. What has no field becomes a line of the description.

use std::collections::BTreeMap;

use file_formats::{Card, CardAddress, CardChannel, CardKind, ChannelKind};
use record_engine::record::Values;
use serde_json::{Map, Value as Json, json};

use crate::contacts::names;

use super::super::importable::{CardPicture, RawRow};

/// Kinds of channels that contacts have; others are kept as `other` with the service in the comment.
const KINDS: [&str; 10] =
    ["phone", "email", "website", "telegram", "whatsapp", "viber", "skype", "vk", "facebook", "instagram"];

/// English, Russian, Ukrainian names of what goes to the description.
const LINES: &[(&str, [&str; 3])] = &[
    ("nickname", ["Nickname", "Псевдоним", "Псевдонім"]),
    ("prefix", ["Title", "Обращение", "Звертання"]),
    ("suffix", ["Suffix", "Суффикс", "Суфікс"]),
    ("department", ["Department", "Отдел", "Відділ"]),
    ("role", ["Role", "Роль", "Роль"]),
    ("position", ["Position", "Должность", "Посада"]),
    ("birthday", ["Birthday", "День рождения", "День народження"]),
    ("anniversary", ["Anniversary", "Годовщина", "Річниця"]),
    ("gender", ["Gender", "Пол", "Стать"]),
    ("categories", ["Categories", "Категории", "Категорії"]),
    ("full_name", ["Displayed as", "Отображается как", "Відображається як"]),
    ("organisation", ["Organisation", "Организация", "Організація"]),
    ("language", ["Language", "Язык", "Мова"]),
    ("timezone", ["Time zone", "Часовой пояс", "Часовий пояс"]),
    ("geo", ["Position on the map", "Координаты", "Координати"]),
    ("uid", ["Identifier", "Идентификатор", "Ідентифікатор"]),
    ("spouse", ["Spouse", "Супруг(а)", "Чоловік або дружина"]),
    ("manager", ["Manager", "Руководитель", "Керівник"]),
    ("assistant", ["Assistant", "Помощник", "Помічник"]),
    ("photo_url", ["Photo", "Фото", "Фото"]),
    ("phonetic_last_name", ["Last name, phonetic", "Фамилия, звучание", "Прізвище, звучання"]),
    ("phonetic_first_name", ["First name, phonetic", "Имя, звучание", "Ім’я, звучання"]),
    ("phonetic_middle_name", ["Middle name, phonetic", "Отчество, звучание", "По батькові, звучання"]),
];

fn line_label(key: &str, language: &str) -> String {
    let at = match language {
        "ru" => 1,
        "uk" => 2,
        _ => 0,
    };
    let known = LINES.iter().find(|(name, _)| *name == key).and_then(|(_, texts)| texts.get(at));
    known.map_or_else(
        || key.trim_start_matches("related:").trim_start_matches("date:").to_owned(),
        |text| (*text).to_owned(),
    )
}

/// A card as a row.
pub(super) fn read(card: &Card, language: &str) -> RawRow {
    let mut row = RawRow::default();
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut line = |key: &str, text: &str| {
        if !text.trim().is_empty() {
            lines.push((line_label(key, language), text.trim().replace('\n', " ")));
        }
    };
    let is_company = card.kind == CardKind::Company;
    row.values.insert("kind".into(), json!(if is_company { "company" } else { "person" }));
    if is_company {
        let name = if card.organisation.is_empty() { &card.full_name } else { &card.organisation };
        row.set_text("company_name", name);
        line("role", &card.role);
        line("position", &card.position);
        line("birthday", &card.birthday);
        line("gender", &card.gender);
        for part in [&card.last_name, &card.first_name, &card.additional_names] {
            line("full_name", part);
        }
    } else {
        read_person(card, &mut row, &mut line);
    }
    line("prefix", &card.prefix);
    line("suffix", &card.suffix);
    line("nickname", &card.nickname);
    line("department", &card.department);
    line("anniversary", &card.anniversary);
    line("categories", &card.categories.join(", "));
    line("language", &card.language);
    line("timezone", &card.timezone);
    let point = point_of(&card.geo);
    if point.is_none() {
        line("geo", &card.geo);
    }
    line("uid", &card.uid);
    if !is_displayed_already(card, &row) {
        line("full_name", &card.full_name);
    }
    for (name, value) in &card.extras {
        line(name, value);
    }
    row.values.insert("channels".into(), channels(card));
    row.values.insert("addresses".into(), addresses(card, point));
    row.set_text("description", &card.note);
    row.lines = lines.into_iter().map(|(label, text)| format!("{label}: {text}")).collect();
    row.picture = picture(card);
    row
}

fn picture(card: &Card) -> Option<CardPicture> {
    if let Some(photo) = &card.photo {
        return Some(CardPicture::File(photo.bytes.clone()));
    }
    let link = card.extras.iter().find(|(name, _)| name == "photo_url");
    match link {
        Some((_, address)) => Some(CardPicture::Link(address.clone())),
        None => card.ignored.iter().any(|name| name == "PHOTO").then_some(CardPicture::Unreadable),
    }
}

fn read_person(card: &Card, row: &mut RawRow, line: &mut impl FnMut(&str, &str)) {
    let has_parts = [&card.last_name, &card.first_name, &card.additional_names].iter().any(|part| !part.is_empty());
    if has_parts {
        row.set_text("last_name", &card.last_name);
        row.set_text("first_name", &card.first_name);
        row.set_text("patronymic", &card.additional_names);
    } else if !card.full_name.is_empty() {
        let parts = names::split(&card.full_name);
        row.set_text("last_name", &parts.last_name);
        row.set_text("first_name", &parts.first_name);
        row.set_text("patronymic", &parts.patronymic);
    } else {
        // Somebody known by nothing but a nickname or a company.
        let name = if card.nickname.is_empty() { &card.organisation } else { &card.nickname };
        row.set_text("last_name", name);
    }
    if !card.organisation.is_empty() {
        row.titles.insert("parent".into(), vec![card.organisation.clone()]);
    }
    match (card.position.is_empty(), card.role.is_empty()) {
        (false, _) => {
            row.set_text("position", &card.position);
            line("role", &card.role);
        }
        (true, _) => row.set_text("position", &card.role),
    }
    if card.birthday.starts_with("--") {
        line("birthday", card.birthday.trim_start_matches('-'));
    } else {
        row.set_text("birthday", &card.birthday);
    }
    match card.gender.to_lowercase().as_str() {
        "m" | "male" => row.set_text("gender", "male"),
        "f" | "female" => row.set_text("gender", "female"),
        _ => line("gender", &card.gender),
    }
}

/// Whether all words of the displayed name stand in the fields or in other lines.
fn is_displayed_already(card: &Card, row: &RawRow) -> bool {
    let known = format!(
        "{} {} {} {} {} {} {} {}",
        card.last_name,
        card.first_name,
        card.additional_names,
        card.prefix,
        card.suffix,
        card.organisation,
        row.text("last_name"),
        row.text("company_name"),
    );
    let fold = |text: &str| filter_language::search_fold(text);
    let known = format!(" {} {} {} ", fold(&known), fold(row.text("first_name")), fold(row.text("patronymic")));
    fold(&card.full_name).split(' ').all(|word| known.contains(&format!(" {word} ")))
}

fn channels(card: &Card) -> Json {
    card.channels
        .iter()
        .map(|channel| {
            let service = channel.kind.as_str();
            let (kind, service) = if KINDS.contains(&service) { (service, None) } else { ("other", Some(service)) };
            let (label, detail) = label_of(channel, kind);
            let comment: Vec<&str> = [service, detail].into_iter().flatten().collect();
            let comment = (!comment.is_empty()).then(|| comment.join(", "));
            json!({ "kind": kind, "label": label, "value": channel.value, "is_primary": channel.is_primary, "comment": comment })
        })
        .collect()
}

/// The label of a channel, and what of it no label says.
fn label_of<'a>(channel: &'a CardChannel, kind: &str) -> (Option<&'a str>, Option<&'a str>) {
    match channel.label.as_str() {
        "" => (None, None),
        "work_fax" => (Some("fax"), Some("work")),
        "home_fax" => (Some("fax"), Some("home")),
        "work_mobile" => (Some("mobile"), Some("work")),
        "home_mobile" => (Some("mobile"), Some("home")),
        "pager" | "work_pager" | "home_pager" if kind == "phone" => (Some("other"), Some("pager")),
        label => (Some(label), None),
    }
}

/// Latitude and longitude of a card, as far as they are two numbers within the world; a height behind them is no part of an address.
fn point_of(geo: &str) -> Option<(f64, f64)> {
    let geo = geo.split(';').next().unwrap_or_default();
    let mut numbers = geo.split(',').map(|part| part.trim().parse::<f64>().ok());
    let (latitude, longitude) = (numbers.next()??, numbers.next()??);
    ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then_some((latitude, longitude))
}

/// The addresses of a card; its point is that of the first one.
fn addresses(card: &Card, point: Option<(f64, f64)>) -> Json {
    let mut made = written_addresses(card);
    if let Some((latitude, longitude)) = point {
        if made.is_empty() {
            made.push(json!({}));
        }
        if let Some(first) = made.first_mut().and_then(Json::as_object_mut) {
            first.insert("latitude".into(), json!(latitude));
            first.insert("longitude".into(), json!(longitude));
        }
    }
    Json::Array(made)
}

fn written_addresses(card: &Card) -> Vec<Json> {
    card.addresses
        .iter()
        .map(|address| {
            let street: Vec<&str> =
                [address.street.as_str(), address.extra.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
            json!({
                "label": if address.label.is_empty() { None } else { Some(&address.label) },
                "street": street.join(", "), "city": address.city, "region": address.region,
                "postcode": address.postcode, "country": address.country,
            })
        })
        .collect()
}

/// A record as a card.
pub(super) fn write(values: &Values, titles: &BTreeMap<String, Vec<String>>) -> Card {
    let text = |field: &str| values.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
    let is_company = text("kind") == "company";
    let mut card = Card {
        kind: if is_company { CardKind::Company } else { CardKind::Person },
        last_name: text("last_name"),
        first_name: text("first_name"),
        additional_names: text("patronymic"),
        full_name: text("name"),
        position: text("position"),
        birthday: text("birthday"),
        note: [text("remark"), text("description")]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        gender: match text("gender").as_str() {
            "male" => "M".into(),
            "female" => "F".into(),
            _ => String::new(),
        },
        ..Card::default()
    };
    let parent = titles.get("parent").and_then(|titles| titles.first()).cloned().unwrap_or_default();
    if is_company {
        card.organisation = text("company_name");
        if !parent.is_empty() {
            card.extras.push(("related:holding".into(), parent));
        }
    } else {
        card.organisation = parent;
    }
    for entry in values.get("channels").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object) {
        card.channels.push(channel_of(entry));
    }
    for entry in values.get("addresses").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object) {
        let part = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let address = CardAddress {
            label: part("label"),
            street: part("street"),
            city: part("city"),
            region: part("region"),
            postcode: part("postcode"),
            country: part("country"),
            extra: String::new(),
        };
        let point = ["latitude", "longitude"].map(|part| entry.get(part).and_then(Json::as_f64));
        match point {
            // A card has one point, which is that of its first address on the way back.
            [Some(latitude), Some(longitude)] if entry.get("is_primary") == Some(&Json::Bool(true)) => {
                card.geo = format!("{latitude},{longitude}");
                card.addresses.insert(0, address);
            }
            _ => card.addresses.push(address),
        }
    }
    card
}

fn channel_of(entry: &Map<String, Json>) -> CardChannel {
    let part = |name: &str| entry.get(name).and_then(Json::as_str).unwrap_or_default();
    let kind = match part("kind") {
        "phone" => ChannelKind::Phone,
        "email" => ChannelKind::Email,
        "website" => ChannelKind::Website,
        "telegram" => ChannelKind::Telegram,
        "whatsapp" => ChannelKind::Whatsapp,
        "viber" => ChannelKind::Viber,
        "skype" => ChannelKind::Skype,
        "vk" => ChannelKind::Vk,
        other => ChannelKind::Other(if part("comment").is_empty() { other.into() } else { part("comment").into() }),
    };
    CardChannel {
        label: part("label").into(),
        value: part("value").into(),
        is_primary: entry.get("is_primary") == Some(&Json::Bool(true)),
        kind,
    }
}
