//! What a record is compared by, and the keys that bring likely pairs together.
//!
//! What must stay true: two records that [`super::compare::compare`] finds alike share at least one key, or they are never looked at.

use std::collections::BTreeSet;

use filter_language::sort_key;
use record_engine::catalog::ObjectType;
use record_engine::field_types::{ChannelFormat, FieldKind, phone};
use record_engine::record::Record;
use serde_json::Value as Json;

use super::find_job::SearchKey;
use crate::contacts::{likeness, without_legal_form};

/// The object type whose fields this module knows by name.
const CONTACT: &str = "contact";
/// A word is long enough for a slip from here on, in letters.
pub(super) const LONG_WORD: usize = 6;
/// How much of a long word's beginning or end a key takes: one slip leaves one of the two as it is.
const WORD_PART: usize = 3;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Traits {
    /// Person or company; records of different kinds are never alike.
    pub kind: Option<String>,
    pub phones: BTreeSet<String>,
    pub emails: BTreeSet<String>,
    pub handles: BTreeSet<String>,
    pub websites: BTreeSet<String>,
    /// First and last name as they sound, sorted.
    pub name: Vec<String>,
    pub patronymic: Option<String>,
    /// A company's name without its legal form, or the title of another type, as it sounds.
    pub company_name: Option<String>,
    pub employer: Option<i64>,
    pub cities: BTreeSet<String>,
    pub birthday: Option<String>,
}

/// The fields that [`traits_of`] reads.
pub(super) fn fields_of(object_type: &ObjectType) -> Vec<String> {
    let mut names: Vec<String> = object_type
        .value_fields()
        .filter(|field| matches!(field.kind, FieldKind::Channels(_) | FieldKind::Addresses(_)))
        .map(|field| field.name.clone())
        .collect();
    names.push(object_type.definition.title_field.into());
    if object_type.name == CONTACT {
        let own = ["kind", "last_name", "first_name", "patronymic", "company_name", "parent", "birthday"];
        names.extend(own.map(String::from));
    }
    names
}

/// What a record is compared by.
pub(super) fn traits_of(object_type: &ObjectType, record: &Record) -> Traits {
    let text = |field: &str| record.value(field).as_str().map(str::trim).filter(|text| !text.is_empty());
    let mut traits = Traits::default();
    for field in object_type.value_fields() {
        let entries = record.value(&field.name).as_array().map(Vec::as_slice).unwrap_or_default();
        match &field.kind {
            FieldKind::Channels(settings) => {
                for entry in entries {
                    let (kind, value) = (text_at(entry, "kind"), text_at(entry, "value"));
                    let format = settings.kinds.iter().find(|known| known.key == kind).map(|known| known.format);
                    traits.add_channel(kind, format, value);
                }
            }
            FieldKind::Addresses(_) => {
                let cities = entries.iter().map(|entry| likeness::words(text_at(entry, "city")).join(" "));
                traits.cities.extend(cities.filter(|city| !city.is_empty()));
            }
            _ => {}
        }
    }
    let of_company = |name: &str| Some(likeness_of_company(name)).filter(|name| !name.is_empty());
    if object_type.name != CONTACT {
        traits.company_name = text(object_type.definition.title_field).and_then(of_company);
        return traits;
    }
    traits.kind = text("kind").map(String::from);
    if traits.kind.as_deref() == Some("company") {
        traits.company_name = text("company_name").and_then(of_company);
    } else {
        let both = format!("{} {}", text("last_name").unwrap_or_default(), text("first_name").unwrap_or_default());
        traits.name = likeness::words(&both);
        traits.patronymic = text("patronymic").map(likeness::skeleton).filter(|word| !word.is_empty());
        traits.birthday = text("birthday").map(String::from);
        traits.employer = record.value("parent").as_i64();
    }
    traits
}

fn likeness_of_company(name: &str) -> String {
    let words = without_legal_form(name);
    words.split([' ', '-']).map(likeness::skeleton).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

impl Traits {
    fn add_channel(&mut self, kind: &str, format: Option<ChannelFormat>, value: &str) {
        let handle = || format!("{kind}:{}", sort_key(value));
        match format {
            // A messenger that goes by number is the same number.
            Some(ChannelFormat::Phone | ChannelFormat::PhoneOrHandle) if value.starts_with('+') => {
                self.phones.insert(phone::search_digits(value));
            }
            Some(ChannelFormat::Phone | ChannelFormat::PhoneOrHandle | ChannelFormat::Handle) => {
                self.handles.insert(handle());
            }
            Some(ChannelFormat::Email) => {
                self.emails.insert(mailbox(value));
            }
            Some(ChannelFormat::Url) => {
                self.websites.extend(domain(value));
            }
            None => {}
        }
    }

    /// The keys of the record: records without a common one are not compared.
    pub fn keys(&self, wanted: &BTreeSet<SearchKey>) -> Vec<String> {
        let mut keys = Vec::new();
        if wanted.contains(&SearchKey::Channel) {
            keys.extend(self.phones.iter().map(|phone| format!("p {phone}")));
            keys.extend(self.emails.iter().map(|email| format!("e {email}")));
            keys.extend(self.handles.iter().map(|handle| format!("h {handle}")));
            if self.company_name.is_some() {
                keys.extend(self.websites.iter().map(|domain| format!("w {domain}")));
            }
        }
        if wanted.contains(&SearchKey::Name) && self.name.len() > 1 {
            keys.push(format!("n {}", self.name.join(" ")));
        }
        if wanted.contains(&SearchKey::SimilarName) && self.name.len() > 1 {
            for (place, word) in self.name.iter().enumerate().filter(|(_, word)| word.chars().count() >= LONG_WORD) {
                // A slip may move the word to another place, so the others stand without it.
                let others: Vec<&str> = self
                    .name
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at != place)
                    .map(|(_, word)| word.as_str())
                    .collect();
                let letters: Vec<char> = word.chars().collect();
                let head: String = letters.iter().take(WORD_PART).collect();
                let tail: String = letters.iter().skip(letters.len().saturating_sub(WORD_PART)).collect();
                keys.push(format!("s {} {head}-", others.join(" ")));
                keys.push(format!("s {} -{tail}", others.join(" ")));
            }
        }
        if let Some(name) = self.company_name.as_ref().filter(|_| wanted.contains(&SearchKey::CompanyName)) {
            keys.push(format!("c {name}"));
        }
        keys
    }
}

/// An address without what a mail service ignores: a mark behind `+`, and dots at Gmail.
fn mailbox(address: &str) -> String {
    let lower = address.to_lowercase();
    let Some((local, domain)) = lower.rsplit_once('@') else { return lower };
    let local = local.split('+').next().unwrap_or(local);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", local.replace('.', "")),
        _ => format!("{local}@{domain}"),
    }
}

/// The host of a web address.
fn domain(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?.to_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host);
    (!bare.is_empty()).then(|| bare.to_owned())
}

/// A key as it is stored: FNV-1a, stable over releases and machines. Two keys with one number only cost a comparison.
pub(super) fn key_hash(key: &str) -> i64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in key.bytes() {
        hash ^= u64::from(byte);
        hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash.cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_mailbox_and_one_site_are_one() {
        assert_eq!(mailbox("Ira.Bond+shop@GMAIL.com"), mailbox("irabond@googlemail.com"));
        assert_ne!(mailbox("ira.bond@ukr.net"), mailbox("irabond@ukr.net"));
        assert_eq!(domain("https://www.Example.ua/a?b"), domain("http://example.ua"));
        assert_eq!(domain(""), None);
    }

    #[test]
    fn a_slip_leaves_a_common_key() {
        let keys = |words: [&str; 2]| {
            let traits = Traits { name: words.map(String::from).to_vec(), ..Traits::default() };
            traits.keys(&BTreeSet::from([SearchKey::SimilarName])).into_iter().collect::<BTreeSet<_>>()
        };
        for other in ["kovalcuc", "kovlacuk", "ovalcuk", "kovalcku"] {
            assert!(!keys(["ivan", "kovalcuk"]).is_disjoint(&keys(["ivan", other])), "{other}");
        }
    }
}
