//! What a generated contact holds.

use crate::{
    digits::{push_number, push_padded},
    places::{AddressStyle, City, Country},
    random::Draw,
    transliteration::{Script, to_latin_title},
};

/// A person or a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// A human being.
    Person,
    /// A legal entity, a holding, or a person who trades alone.
    Company,
}

/// The gender of a person, as the grammar of the name shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// One generated contact. Choices are given by their keys, texts in [`Self::language`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoContact {
    /// The position in the base, from zero.
    pub index: u64,
    /// Person or company.
    pub kind: ContactKind,
    /// ISO 3166-1 alpha-2: `UA`, `KZ`, `RU`, `BY` or `PL`.
    pub country: &'static str,
    /// The language the card is kept in: `uk`, `ru`, `pl`, `kk` or `en`.
    pub language: &'static str,
    /// Last name of a person; empty for a company.
    pub last_name: String,
    /// First name of a person; empty for a company.
    pub first_name: String,
    /// Patronymic of a person, where it is the custom and known.
    pub patronymic: Option<String>,
    /// Gender of a person.
    pub gender: Option<Gender>,
    /// Name of a company with its legal form.
    pub company_name: Option<String>,
    /// The employer of a person, the holding of a company: the index of a company that is smaller
    /// than this index.
    pub company: Option<u64>,
    /// What a person does there.
    pub position: Option<String>,
    /// Phones, e-mail addresses and the like; no value of one kind occurs twice in a base.
    pub channels: Vec<DemoChannel>,
    /// Postal addresses.
    pub addresses: Vec<DemoAddress>,
    /// `client`, `supplier`, `partner` or `competitor`.
    pub contact_type: Option<&'static str>,
    /// `cold`, `warm` or `hot`.
    pub warmth: Option<&'static str>,
    /// `website`, `call`, `recommendation`, `exhibition`, `advertising` or `social`.
    pub source: Option<&'static str>,
    /// A few words for the list.
    pub remark: Option<String>,
    /// A sentence or two for the card.
    pub description: Option<String>,
    /// `YYYY-MM-DD`.
    pub birthday: Option<String>,
    /// Positions in [`crate::USERS`], the first one is responsible; never empty.
    pub managers: Vec<u8>,
    /// What users who are not managers may do: `private` (nothing), `read` or `write`.
    pub visibility: &'static str,
    /// How many days before today the card was created.
    pub created_days_ago: u32,
}

/// A way to reach a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoChannel {
    /// `phone`, `email`, `telegram` or `website`.
    pub kind: &'static str,
    /// `mobile`, `home`, `work` or `other`.
    pub label: &'static str,
    /// As people write it. A phone without spaces and hyphens is E.164.
    pub value: String,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAddress {
    /// `home`, `office`, `postal` or `work`.
    pub label: &'static str,
    /// Street, house and flat or office.
    pub street: String,
    /// City.
    pub city: String,
    /// Province; a city that is a province of its own repeats its name.
    pub region: String,
    /// In the notation of the country.
    pub postcode: String,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
}

impl DemoChannel {
    pub(crate) const fn new(kind: &'static str, label: &'static str, value: String) -> Self {
        Self { kind, label, value }
    }
}

impl DemoAddress {
    /// An address somewhere in a city; a home has a flat, all else an office number.
    pub(crate) fn new(
        label: &'static str,
        country: Country,
        city: &City,
        style: AddressStyle,
        draw: &mut Draw,
    ) -> Self {
        let street = style.street(country, draw);
        let house = draw.between(1, 160);
        let door = draw.chance(80).then(|| draw.between(1, 120));
        let mut postcode = String::with_capacity(6);
        postcode.push_str(city.postcode_start);
        if country == Country::Poland {
            postcode.push('-');
        }
        push_padded(&mut postcode, draw.below(1_000), 3);
        Self {
            label,
            street: street_line(style, street, house, door, label == "home"),
            city: style.written(&city.name),
            region: style.written(&city.region),
            postcode,
            country: country.code(),
        }
    }
}

fn street_line(style: AddressStyle, street: &str, house: u64, door: Option<u64>, is_home: bool) -> String {
    let mut line = String::with_capacity(64);
    if style == AddressStyle::UkrainianInLatin {
        push_number(&mut line, house);
        line.push(' ');
        push_latin_street(&mut line, street);
    } else {
        line.push_str(street);
        line.push_str(match style {
            AddressStyle::Polish => " ",
            AddressStyle::Russian => ", д. ",
            _ => ", ",
        });
        push_number(&mut line, house);
    }
    let Some(door) = door else {
        return line;
    };
    let (before, after) = match (style, is_home) {
        (AddressStyle::Ukrainian | AddressStyle::Russian, true) => (", кв. ", ""),
        (AddressStyle::Ukrainian | AddressStyle::Russian, false) => (", оф. ", ""),
        (AddressStyle::Kazakh, true) => (", ", "-пәтер"),
        (AddressStyle::Kazakh, false) => (", ", "-кеңсе"),
        (AddressStyle::Polish, true) => ("/", ""),
        (AddressStyle::Polish, false) => (" lok. ", ""),
        (AddressStyle::UkrainianInLatin, true) => (", apt ", ""),
        (AddressStyle::UkrainianInLatin, false) => (", office ", ""),
    };
    line.push_str(before);
    push_number(&mut line, door);
    line.push_str(after);
    line
}

/// «вул. Лесі Українки» → "Lesi Ukrainky St".
fn push_latin_street(line: &mut String, street: &str) {
    let (kind, name) = street.split_once(' ').unwrap_or(("", street));
    line.push_str(&to_latin_title(name, Script::Ukrainian));
    line.push_str(match kind {
        "просп." => " Ave",
        "бульв." => " Blvd",
        "пров." => " Lane",
        "пл." => " Square",
        "узвіз" => " Descent",
        _ => " St",
    });
}
