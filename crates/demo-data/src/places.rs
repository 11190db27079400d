//! Cities with their regions, postcodes and dialling codes, and the streets in them.

mod belarus;
mod kazakhstan;
mod poland;
mod russia;
mod ukraine;

use crate::{
    random::Draw,
    transliteration::{Script, to_latin_title},
};

/// A country of the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Country {
    Ukraine,
    Russia,
    Belarus,
    Kazakhstan,
    Poland,
}

impl Country {
    /// ISO 3166-1 alpha-2.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Ukraine => "UA",
            Self::Russia => "RU",
            Self::Belarus => "BY",
            Self::Kazakhstan => "KZ",
            Self::Poland => "PL",
        }
    }

    pub(crate) const fn cities(self) -> &'static [City] {
        match self {
            Self::Ukraine => ukraine::CITIES,
            Self::Russia => russia::CITIES,
            Self::Belarus => belarus::CITIES,
            Self::Kazakhstan => kazakhstan::CITIES,
            Self::Poland => poland::CITIES,
        }
    }

    /// A city; the first ones of the list, which are the large ones, are more likely.
    pub(crate) fn city(self, draw: &mut Draw) -> &'static City {
        const NOWHERE: City = city(["", ""], ["", ""], "", "");
        let cities = self.cities();
        let count = cities.len() as u64;
        let index = draw.below(count).min(draw.below(count));
        cities.get(index as usize).unwrap_or(&NOWHERE)
    }
}

/// A city. The names are in the first language of the country and in Russian where people there
/// write in Russian too; a country with one language repeats the name.
#[derive(Debug)]
pub(crate) struct City {
    pub(crate) name: [&'static str; 2],
    pub(crate) region: [&'static str; 2],
    /// The first digits of the postcodes; three more follow.
    pub(crate) postcode_start: &'static str,
    /// The dialling code within the country, with the fixed first digits of numbers if there are any.
    pub(crate) dialling_code: &'static str,
}

const fn city(
    name: [&'static str; 2],
    region: [&'static str; 2],
    postcode_start: &'static str,
    dialling_code: &'static str,
) -> City {
    City { name, region, postcode_start, dialling_code }
}

/// A city of a country where addresses are written in one language.
const fn city_in_one_language(
    name: &'static str,
    region: &'static str,
    postcode_start: &'static str,
    dialling_code: &'static str,
) -> City {
    city([name, name], [region, region], postcode_start, dialling_code)
}

/// The language an address is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressStyle {
    Ukrainian,
    UkrainianInLatin,
    Russian,
    Kazakh,
    Polish,
}

impl AddressStyle {
    /// The name of a city or a region, of which both spellings are given, as this language writes it.
    pub(crate) fn written(self, spellings: &[&str; 2]) -> String {
        let [own, russian] = *spellings;
        match self {
            Self::Russian => russian.to_owned(),
            Self::UkrainianInLatin => to_latin_title(own, Script::Ukrainian),
            Self::Ukrainian | Self::Kazakh | Self::Polish => own.to_owned(),
        }
    }

    /// A street of a country in this language, as it stands before the house number.
    pub(crate) fn street(self, country: Country, draw: &mut Draw) -> &'static str {
        let streets = match self {
            Self::Ukrainian | Self::UkrainianInLatin => ukraine::STREETS,
            Self::Russian => match country {
                Country::Ukraine => ukraine::STREETS_IN_RUSSIAN,
                Country::Kazakhstan => kazakhstan::STREETS_IN_RUSSIAN,
                _ => russia::STREETS,
            },
            Self::Kazakh => kazakhstan::STREETS,
            Self::Polish => poland::STREETS,
        };
        draw.pick_text(streets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postcodes_and_dialling_codes_have_the_length_of_their_country() {
        for (country, postcode_digits, dialling_digits) in [
            (Country::Ukraine, 5, 2..=5),
            (Country::Russia, 6, 3..=5),
            (Country::Belarus, 6, 2..=4),
            (Country::Kazakhstan, 6, 3..=5),
            (Country::Poland, 5, 2..=2),
        ] {
            for city in country.cities() {
                let digits = city.postcode_start.len() + 3;
                assert_eq!(digits, postcode_digits, "{}", city.name[0]);
                assert!(dialling_digits.contains(&city.dialling_code.len()), "{}", city.name[0]);
            }
        }
    }
}
