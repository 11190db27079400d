//! Turns the properties of a card into a [`Card`].
//!
//! Every property ends in exactly one of three places: a field, `extras`, or `ignored`; the last arm of the match sends what
//! is unknown to `extras`, so that a program we have never heard of loses nothing.

use super::labels::{ChannelKind, label_of, plain_label};
use super::property::Property;
use super::values::{decode_percent, media_type, normalise_date, phone_of, strip_scheme};
use super::{Card, CardAddress, CardChannel, CardKind, CardPhoto};

/// Properties that only the program which wrote them has a use for.
const TECHNICAL: &[&str] = &[
    "VERSION",
    "PRODID",
    "REV",
    "SOURCE",
    "CLASS",
    "MAILER",
    "PROFILE",
    "NAME",
    "CLIENTPIDMAP",
    "XML",
    "X-ABUID",
    "X-ABSHOWAS",
    "X-MS-OL-DESIGN",
    "X-MS-OL-DEFAULT-POSTAL-ADDRESS",
    "X-IMAGETYPE",
    "X-IMAGEHASH",
    "X-MOZILLA-HTML",
    "X-RADICALE-NAME",
    "X-EVOLUTION-WEBDAV-ETAG",
    "X-SHARED-PHOTO-DISPLAY-PREF",
    "X-APPLE-SUBADMINISTRATIVEAREA",
];

/// The labels of a card, by group.
type Labels = Vec<(String, String)>;

/// Collects the properties of one card.
pub(super) fn card_from_properties(properties: Vec<Property>) -> Card {
    let labels: Labels = properties
        .iter()
        .filter(|property| property.name == "X-ABLABEL" && !property.group.is_empty())
        .map(|property| (property.group.clone(), property.text()))
        .collect();
    let has_address = properties.iter().any(|property| property.name == "ADR");
    let mut card = Card::default();
    // The name comes first, wherever it stands, because other properties are compared with it.
    let others: Vec<&Property> = properties.iter().filter(|property| !take_identity(&mut card, property)).collect();
    for property in others {
        let label = labels.iter().find(|(group, _)| *group == property.group).map(|(_, text)| text.as_str());
        if !take_channel(&mut card, property, label) && !take_relation(&mut card, property, label) {
            take_rest(&mut card, property, label, has_address);
        }
    }
    finish(card)
}

/// Name, company, dates and the like. Returns whether the property was one of these.
fn take_identity(card: &mut Card, property: &Property) -> bool {
    match property.name.as_str() {
        "N" => {
            let mut parts = property.components().into_iter();
            let mut next = || parts.next().unwrap_or_default();
            card.last_name = next();
            card.first_name = next();
            card.additional_names = next();
            card.prefix = next();
            card.suffix = next();
        }
        "FN" => keep_first(card, property, |card| &mut card.full_name),
        "NICKNAME" => append_list(&mut card.nickname, &property.list().join(", "), ", "),
        "ORG" if card.organisation.is_empty() => {
            let parts = property.components();
            if let Some((company, departments)) = parts.split_first() {
                card.organisation.clone_from(company);
                let named: Vec<&str> = departments.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
                card.department = named.join(", ");
            }
        }
        "TITLE" => keep_first(card, property, |card| &mut card.position),
        "ROLE" => keep_first(card, property, |card| &mut card.role),
        "BDAY" => keep_first_date(card, "BDAY", date_of(property), |card| &mut card.birthday),
        "ANNIVERSARY"
        | "X-ANNIVERSARY"
        | "X-EVOLUTION-ANNIVERSARY"
        | "X-MS-ANNIVERSARY"
        | "X-KADDRESSBOOK-X-ANNIVERSARY" => {
            keep_first_date(card, "ANNIVERSARY", date_of(property), |card| &mut card.anniversary);
        }
        "GENDER" | "X-GENDER" => {
            let parts = property.components();
            let named: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            card.gender = named.join(", ");
        }
        "CATEGORIES" | "X-GROUP-MEMBERSHIP" => card.categories.extend(property.list()),
        "NOTE" => append_list(&mut card.note, &property.text(), "\n"),
        "LANG" if card.language.is_empty() || property.is_preferred() => {
            let previous = std::mem::replace(&mut card.language, property.text().trim().to_owned());
            push_extra(card, "LANG", previous);
        }
        "TZ" => keep_first(card, property, |card| &mut card.timezone),
        "GEO" => {
            let text = property.text();
            let position = text.trim();
            let position = position.strip_prefix("geo:").unwrap_or(position);
            card.geo = position.replace(';', ",");
        }
        "UID" => keep_first(card, property, |card| &mut card.uid),
        "KIND" | "X-ADDRESSBOOKSERVER-KIND" => {
            let kind = property.text().trim().to_lowercase();
            match kind.as_str() {
                "org" => card.kind = CardKind::Company,
                "individual" | "" => {}
                _ => push_extra(card, "KIND", kind),
            }
        }
        "X-ABSHOWAS" => {
            if property.text().trim().eq_ignore_ascii_case("COMPANY") {
                card.kind = CardKind::Company;
            }
        }
        _ => return false,
    }
    true
}

/// Phones, addresses on the net and on the street. Returns whether the property was one of these.
fn take_channel(card: &mut Card, property: &Property, label: Option<&str>) -> bool {
    let text = || property.text().trim().to_owned();
    let (kind, value) = match property.name.as_str() {
        "ADR" => {
            take_address(card, property, label);
            return true;
        }
        "TEL" => (ChannelKind::Phone, phone_of(&text())),
        "EMAIL" => (ChannelKind::Email, strip_scheme(&text(), "mailto:")),
        "URL" => (ChannelKind::Website, text()),
        "IMPP" => {
            let address = text();
            let (scheme, rest) = address.split_once(':').unwrap_or(("", &address));
            let service = property.param("X-SERVICE-TYPE").unwrap_or(scheme);
            (ChannelKind::from_service(service), decode_percent(rest))
        }
        "X-SOCIALPROFILE" => {
            let service = property.types().into_iter().find(|found| found != "PREF");
            let address = text();
            let user = property.param("X-USER").map(str::to_owned);
            let is_placeholder = address.is_empty() || address.starts_with("x-apple:");
            let value = if is_placeholder { user.unwrap_or(address) } else { address };
            let kind = ChannelKind::from_service(&service.unwrap_or_default());
            let label = label.map(|label| plain_label(label).to_owned()).unwrap_or_default();
            push_channel(card, kind, label, value, property.is_preferred());
            return true;
        }
        "X-EVOLUTION-BLOG-URL" | "X-EVOLUTION-VIDEO-URL" | "X-MS-OL-HOMEPAGE" => {
            let words = property.name.trim_start_matches("X-EVOLUTION-").trim_end_matches("-URL");
            push_channel(card, ChannelKind::Website, words.to_lowercase(), text(), false);
            return true;
        }
        name => match ChannelKind::from_property(name) {
            Some(kind) => (kind, text()),
            None => return false,
        },
    };
    push_channel(card, kind, label_of(property, label), value, property.is_preferred());
    true
}

fn take_address(card: &mut Card, property: &Property, label: Option<&str>) {
    let mut parts = property.components().into_iter();
    let mut next = || parts.next().unwrap_or_default();
    let (post_box, extended) = (next(), next());
    let mut address = CardAddress {
        label: label_of(property, label),
        street: next(),
        city: next(),
        region: next(),
        postcode: next(),
        country: next(),
        extra: [post_box, extended].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
    };
    if is_blank(&address) {
        address.street = property.param("LABEL").unwrap_or_default().to_owned();
    }
    if !is_blank(&address) {
        card.addresses.push(address);
    }
}

fn is_blank(address: &CardAddress) -> bool {
    let parts = [&address.street, &address.city, &address.region, &address.postcode, &address.country, &address.extra];
    parts.iter().all(|part| part.is_empty())
}

/// People and days that belong to the contact. Returns whether the property was one of these.
fn take_relation(card: &mut Card, property: &Property, label: Option<&str>) -> bool {
    let name = match property.name.as_str() {
        "X-SPOUSE" | "X-EVOLUTION-SPOUSE" | "X-MS-SPOUSE" | "X-KADDRESSBOOK-X-SPOUSESNAME" => "spouse".to_owned(),
        "X-MANAGER" | "X-EVOLUTION-MANAGER" | "X-MS-MANAGER" | "X-KADDRESSBOOK-X-MANAGERSNAME" => "manager".to_owned(),
        "X-ASSISTANT" | "X-EVOLUTION-ASSISTANT" | "X-MS-ASSISTANT" | "X-KADDRESSBOOK-X-ASSISTANTSNAME" => {
            "assistant".to_owned()
        }
        "AGENT" => "assistant".to_owned(),
        "X-PHONETIC-LAST-NAME" => "phonetic_last_name".to_owned(),
        "X-PHONETIC-FIRST-NAME" => "phonetic_first_name".to_owned(),
        "X-PHONETIC-MIDDLE-NAME" => "phonetic_middle_name".to_owned(),
        "X-ABRELATEDNAMES" => relation_name(plain_label(label.unwrap_or_default())),
        "RELATED" => {
            let types = property.types();
            let relation = types.iter().find(|found| *found != "PREF");
            relation_name(&relation.map(|found| found.to_lowercase()).unwrap_or_default())
        }
        "X-ABDATE" => {
            let plain = plain_label(label.unwrap_or_default());
            if plain.eq_ignore_ascii_case("anniversary") {
                keep_first_date(card, plain, date_of(property), |card| &mut card.anniversary);
            } else {
                push_extra(card, &format!("date:{plain}"), date_of(property));
            }
            return true;
        }
        "X-ANDROID-CUSTOM" => return take_android(card, property),
        _ => return false,
    };
    push_extra(card, &name, property.text().trim().to_owned());
    true
}

fn relation_name(label: &str) -> String {
    match label.to_lowercase().as_str() {
        "spouse" => "spouse".to_owned(),
        "manager" => "manager".to_owned(),
        "assistant" | "agent" => "assistant".to_owned(),
        _ => format!("related:{label}"),
    }
}

/// Android's own property: a type of its contacts database, then columns of that type.
fn take_android(card: &mut Card, property: &Property) -> bool {
    let parts = property.components();
    let part = |index: usize| parts.get(index).map(String::as_str).unwrap_or_default();
    let value = part(1).to_owned();
    match part(0).rsplit('/').next().unwrap_or_default() {
        "nickname" => append_list(&mut card.nickname, &value, ", "),
        "contact_event" => match part(2) {
            "1" => keep_first_date(card, "ANNIVERSARY", normalise_date(&value), |card| &mut card.anniversary),
            "3" => keep_first_date(card, "BDAY", normalise_date(&value), |card| &mut card.birthday),
            _ => push_extra(card, &format!("date:{}", part(3)), normalise_date(&value)),
        },
        "relation" => {
            let name = match part(2) {
                "1" => "assistant".to_owned(),
                "7" => "manager".to_owned(),
                "14" => "spouse".to_owned(),
                _ => format!("related:{}", part(3)),
            };
            push_extra(card, &name, value);
        }
        _ => return false,
    }
    true
}

/// Pictures, properties without meaning for people, and everything else.
fn take_rest(card: &mut Card, property: &Property, label: Option<&str>, has_address: bool) {
    let name = property.name.as_str();
    match name {
        "PHOTO" | "LOGO" => match property.binary() {
            Some(bytes) if card.photo.is_none() && !bytes.is_empty() => {
                card.photo = Some(CardPhoto { media_type: media_type(&bytes).to_owned(), bytes });
            }
            // A second picture, or one that cannot be decoded.
            Some(_) => card.ignored.push(property.name.clone()),
            None if property.is_base64() || property.is_data_address() => card.ignored.push(property.name.clone()),
            None if name == "PHOTO" => push_extra(card, "photo_url", property.text()),
            None => push_extra(card, name, property.text()),
        },
        // The address as it is printed; what it says stands in ADR already.
        "LABEL" if has_address => card.ignored.push(property.name.clone()),
        "LABEL" => card.addresses.push(CardAddress {
            label: label_of(property, None),
            street: property.text().trim().to_owned(),
            ..CardAddress::default()
        }),
        // Apple's two letters that choose the order of the lines; some programs put a text there.
        "X-ABADR" if property.text().trim().chars().count() <= 2 => card.ignored.push(property.name.clone()),
        "X-ABLABEL" => {}
        "X-EVOLUTION-FILE-AS" | "SORT-STRING" | "X-FILE-AS" if repeats_name(card, &property.text()) => {
            card.ignored.push(property.name.clone());
        }
        _ if TECHNICAL.contains(&name) || name.starts_with("X-COUCHDB-") || name.starts_with("X-APPLE-") => {
            card.ignored.push(property.name.clone());
        }
        _ => {
            let name = match label {
                Some(label) => format!("{name}:{}", plain_label(label)),
                None => property.name.clone(),
            };
            push_extra(card, &name, property.text().trim().to_owned());
        }
    }
}

/// Whether a text consists of words of the name only: "Doe, John".
fn repeats_name(card: &Card, text: &str) -> bool {
    let known = [&card.last_name, &card.first_name, &card.additional_names, &card.full_name, &card.organisation];
    text.split([' ', ',']).filter(|word| !word.is_empty()).all(|word| known.iter().any(|name| name.contains(word)))
}

/// What can only be decided when all properties are known.
fn finish(mut card: Card) -> Card {
    let has_name = !card.last_name.is_empty() || !card.first_name.is_empty();
    if !has_name && !card.organisation.is_empty() && card.full_name == card.organisation {
        card.kind = CardKind::Company;
    }
    card.ignored.sort_unstable();
    card.ignored.dedup();
    card
}

/// Fills a field with the first property of its name; further ones become extras.
fn keep_first(card: &mut Card, property: &Property, field: fn(&mut Card) -> &mut String) {
    let text = property.text().trim().to_owned();
    let slot = field(card);
    if slot.is_empty() {
        *slot = text;
    } else if *slot != text {
        push_extra(card, &property.name, text);
    }
}

/// The same for a date; further ones keep the name of the first as their label.
fn keep_first_date(card: &mut Card, name: &str, date: String, field: fn(&mut Card) -> &mut String) {
    let slot = field(card);
    if slot.is_empty() {
        *slot = date;
    } else if *slot != date {
        push_extra(card, &format!("date:{name}"), date);
    }
}

fn append_list(target: &mut String, text: &str, separator: &str) {
    if !target.is_empty() && !text.is_empty() {
        target.push_str(separator);
    }
    target.push_str(text);
}

fn push_extra(card: &mut Card, name: &str, value: String) {
    if !value.is_empty() {
        card.extras.push((name.to_owned(), value));
    }
}

fn push_channel(card: &mut Card, kind: ChannelKind, label: String, value: String, is_primary: bool) {
    if !value.is_empty() {
        card.channels.push(CardChannel { kind, label, value, is_primary });
    }
}

/// A date without the year that Apple puts in where there is none.
fn date_of(property: &Property) -> String {
    let date = normalise_date(property.text().trim());
    match property.param("X-APPLE-OMIT-YEAR") {
        Some(year) => match date.strip_prefix(year) {
            Some(rest) => format!("-{rest}"),
            None => date,
        },
        None => date,
    }
}
