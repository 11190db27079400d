//! Cultures: which people live in which country, in what language their cards are kept, and how
//! large their share of a base is.
//!
//! Cultures of one country stand next to each other in [`CULTURES`]. Each has mail providers,
//! domains and separators of its own, so that two cultures cannot give the same e-mail address. All
//! domains end in `.example`, which is reserved: nothing sent from a demo reaches a stranger.

use std::sync::LazyLock;

use crate::{
    brands::{BrandSource, BrandTable},
    names::{NameSource, NameTable},
    phrases::Phrases,
    places::{AddressStyle, Country},
};

/// Everything that people and companies of one culture are made of.
#[derive(Debug)]
pub(crate) struct Culture {
    pub(crate) id: u64,
    pub(crate) country: Country,
    pub(crate) language: &'static str,
    /// Blocks of this culture in a round.
    pub(crate) places: u64,
    /// Its first place in a round.
    pub(crate) first_place: u64,
    pub(crate) names: NameTable,
    pub(crate) brands: BrandTable,
    pub(crate) phrases: Phrases,
    pub(crate) addresses: AddressStyle,
    /// Of a hundred people, how many have their patronymic written in the card.
    pub(crate) patronymics_percent: u64,
    /// Where people have private mail.
    pub(crate) providers: &'static [&'static str],
    /// What companies' domains end with.
    pub(crate) zone: &'static str,
    /// What stands between first and last name in an address.
    pub(crate) separator: char,
}

/// The places of all cultures of one country.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CountryPlaces {
    pub(crate) first_place: u64,
    pub(crate) places: u64,
}

/// A line of the table below, before the lists of names are read.
struct Outline {
    country: Country,
    language: &'static str,
    places: u64,
    names: NameSource,
    brands: BrandSource,
    addresses: AddressStyle,
    patronymics_percent: u64,
    providers: &'static [&'static str],
    zone: &'static str,
    separator: char,
}

const OUTLINES: [Outline; 10] = [
    Outline {
        country: Country::Ukraine,
        language: "uk",
        places: 14,
        names: NameSource::Ukrainian,
        brands: BrandSource::Ukrainian,
        addresses: AddressStyle::Ukrainian,
        patronymics_percent: 60,
        providers: &["poshta.example", "lystonosha.example", "skrynka.example"],
        zone: "ua.example",
        separator: '.',
    },
    Outline {
        country: Country::Ukraine,
        language: "ru",
        places: 2,
        names: NameSource::UkrainianInRussian,
        brands: BrandSource::Russian,
        addresses: AddressStyle::Russian,
        patronymics_percent: 70,
        providers: &["konvert.example", "vestnik.example"],
        zone: "in-ua.example",
        separator: '_',
    },
    Outline {
        country: Country::Ukraine,
        language: "en",
        places: 1,
        names: NameSource::UkrainianInLatin,
        brands: BrandSource::UkrainianInLatin,
        addresses: AddressStyle::UkrainianInLatin,
        patronymics_percent: 0,
        providers: &["mailbox.example", "inbox.example"],
        zone: "com.example",
        separator: '-',
    },
    Outline {
        country: Country::Kazakhstan,
        language: "kk",
        places: 4,
        names: NameSource::Kazakh,
        brands: BrandSource::Kazakh,
        addresses: AddressStyle::Kazakh,
        patronymics_percent: 50,
        providers: &["hat.example", "poshta-kz.example"],
        zone: "kz.example",
        separator: '.',
    },
    Outline {
        country: Country::Kazakhstan,
        language: "ru",
        places: 2,
        names: NameSource::KazakhInRussian,
        brands: BrandSource::Russian,
        addresses: AddressStyle::Russian,
        patronymics_percent: 70,
        providers: &["pochta-kz.example", "step.example"],
        zone: "com-kz.example",
        separator: '_',
    },
    Outline {
        country: Country::Kazakhstan,
        language: "ru",
        places: 2,
        names: NameSource::Russian,
        brands: BrandSource::Russian,
        addresses: AddressStyle::Russian,
        patronymics_percent: 70,
        providers: &["yashchik-kz.example", "altyn.example"],
        zone: "org-kz.example",
        separator: '-',
    },
    Outline {
        country: Country::Russia,
        language: "ru",
        places: 6,
        names: NameSource::Russian,
        brands: BrandSource::Russian,
        addresses: AddressStyle::Russian,
        patronymics_percent: 80,
        providers: &["pochta.example", "yashchik.example", "pismo.example"],
        zone: "ru.example",
        separator: '.',
    },
    Outline {
        country: Country::Belarus,
        language: "ru",
        places: 4,
        names: NameSource::Belarusian,
        brands: BrandSource::Russian,
        addresses: AddressStyle::Russian,
        patronymics_percent: 75,
        providers: &["pochta-by.example", "busel.example"],
        zone: "by.example",
        separator: '.',
    },
    Outline {
        country: Country::Poland,
        language: "pl",
        places: 4,
        names: NameSource::Polish,
        brands: BrandSource::Polish,
        addresses: AddressStyle::Polish,
        patronymics_percent: 0,
        providers: &["poczta.example", "skrzynka.example", "listonosz.example"],
        zone: "pl.example",
        separator: '.',
    },
    Outline {
        country: Country::Poland,
        language: "uk",
        places: 1,
        names: NameSource::Ukrainian,
        brands: BrandSource::Polish,
        addresses: AddressStyle::Polish,
        patronymics_percent: 20,
        providers: &["poshta-pl.example"],
        zone: "com-pl.example",
        separator: '_',
    },
];

static CULTURES: LazyLock<Vec<Culture>> = LazyLock::new(|| {
    let mut first_place = 0;
    let mut cultures = Vec::with_capacity(OUTLINES.len());
    for (id, outline) in OUTLINES.into_iter().enumerate() {
        cultures.push(Culture {
            id: id as u64,
            country: outline.country,
            language: outline.language,
            places: outline.places,
            first_place,
            names: NameTable::new(outline.names),
            brands: BrandTable::new(outline.brands),
            phrases: Phrases::of(outline.country, outline.language),
            addresses: outline.addresses,
            patronymics_percent: outline.patronymics_percent,
            providers: outline.providers,
            zone: outline.zone,
            separator: outline.separator,
        });
        first_place += outline.places;
    }
    cultures
});

/// All cultures.
#[cfg(test)]
pub(crate) fn all() -> &'static [Culture] {
    &CULTURES
}

/// The culture that owns a place of a round, and which of its places this is.
pub(crate) fn at_place(place: u64) -> Option<(&'static Culture, u64)> {
    let cultures: &'static [Culture] = &CULTURES;
    let culture = cultures.iter().find(|culture| place < culture.first_place + culture.places)?;
    Some((culture, place - culture.first_place))
}

/// The places of a country.
pub(crate) fn of_country(country: Country) -> CountryPlaces {
    let mut found = CountryPlaces { first_place: 0, places: 0 };
    for culture in CULTURES.iter().filter(|culture| culture.country == country) {
        if found.places == 0 {
            found.first_place = culture.first_place;
        }
        found.places += culture.places;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::layout::ROUND;

    #[test]
    fn the_places_fill_a_round() {
        assert_eq!(all().iter().map(|culture| culture.places).sum::<u64>(), ROUND);
    }

    #[test]
    fn cultures_of_a_country_stand_together() {
        let mut countries: Vec<_> = all().iter().map(|culture| culture.country).collect();
        countries.dedup();
        let different: BTreeSet<_> = countries.iter().map(|country| country.code()).collect();
        assert_eq!(countries.len(), different.len());
    }

    /// E-mail addresses are unique because of this.
    #[test]
    fn cultures_share_no_domain_and_no_separator_within_a_country() {
        let mut domains = BTreeSet::new();
        let mut separators = BTreeSet::new();
        for culture in all() {
            assert!(domains.insert(culture.zone), "{}", culture.zone);
            for provider in culture.providers {
                assert!(domains.insert(provider), "{provider}");
            }
            assert!(separators.insert((culture.country.code(), culture.separator)));
        }
        assert!(domains.iter().all(|domain| domain.ends_with(".example")));
    }
}
