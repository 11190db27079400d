//! The kinds and labels of a contact's channels and addresses.

use record_engine::catalog::labels as texts;
use record_engine::field_types::{ChannelFormat, ChannelKind, ChannelLabel};

/// Kinds of channels. A website may belong to all people of a company, so it is not unique; a number or an address names one contact.
pub(super) fn kinds() -> Vec<ChannelKind> {
    let kind = |key: &str, labels: [&str; 3], format: ChannelFormat, is_unique: bool, links: &str| ChannelKind {
        key: key.into(),
        labels: texts(labels),
        format,
        is_unique,
        links: links.into(),
    };
    let same = |text: &'static str| [text; 3];
    vec![
        kind("phone", ["Phone", "Телефон", "Телефон"], ChannelFormat::Phone, true, "tel:"),
        kind("email", ["E-mail", "Эл. почта", "Ел. пошта"], ChannelFormat::Email, true, "mailto:"),
        kind("website", ["Website", "Сайт", "Сайт"], ChannelFormat::Url, false, ""),
        kind("telegram", same("Telegram"), ChannelFormat::Handle, true, "https://t.me/"),
        kind("whatsapp", same("WhatsApp"), ChannelFormat::PhoneOrHandle, true, "https://wa.me/"),
        kind("viber", same("Viber"), ChannelFormat::PhoneOrHandle, true, "viber://chat?number="),
        kind("skype", same("Skype"), ChannelFormat::Handle, true, "skype:"),
        kind("vk", ["VK", "ВКонтакте", "VK"], ChannelFormat::Handle, true, "https://vk.com/"),
        kind("facebook", same("Facebook"), ChannelFormat::Handle, true, "https://facebook.com/"),
        kind("instagram", same("Instagram"), ChannelFormat::Handle, true, "https://instagram.com/"),
        kind("other", ["Other", "Другое", "Інше"], ChannelFormat::Handle, false, ""),
    ]
}

/// What a channel is for.
pub(super) fn labels() -> Vec<ChannelLabel> {
    labels_of(&[
        ("mobile", ["Mobile", "Мобильный", "Мобільний"]),
        ("work", ["Work", "Рабочий", "Робочий"]),
        ("home", ["Home", "Домашний", "Домашній"]),
        ("fax", ["Fax", "Факс", "Факс"]),
        ("direct", ["Direct", "Прямой", "Прямий"]),
        ("other", ["Other", "Другой", "Інший"]),
    ])
}

/// What an address is for.
pub(super) fn address_labels() -> Vec<ChannelLabel> {
    labels_of(&[
        ("office", ["Office", "Офис", "Офіс"]),
        ("home", ["Home", "Домашний", "Домашня"]),
        ("postal", ["Postal", "Почтовый", "Поштова"]),
        ("billing", ["Billing", "Для счетов", "Для рахунків"]),
        ("work", ["Work", "Рабочий", "Робоча"]),
        ("other", ["Other", "Другой", "Інша"]),
    ])
}

fn labels_of(labels: &[(&str, [&str; 3])]) -> Vec<ChannelLabel> {
    labels.iter().map(|(key, words)| ChannelLabel { key: (*key).into(), labels: texts(*words) }).collect()
}
