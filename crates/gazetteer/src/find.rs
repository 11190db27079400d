//! From what stands in an address to a town.

use crate::Town;
use crate::fold::fold;
use crate::load::Gazetteer;

/// Words before the name of a town, folded.
const BEFORE: &[&str] = &[
    "г",
    "гор",
    "город",
    "м",
    "місто",
    "с",
    "село",
    "смт",
    "пгт",
    "пос",
    "поселок",
    "п",
    "селище",
    "станица",
    "ст",
    "деревня",
    "д",
    "аул",
    "city of",
    "town of",
    "м сто",
];
/// Words behind it.
const BEHIND: &[&str] = &["г", "город", "м", "місто", "city", "town", "каласы", "қаласы"];
/// Regions that are not called after a town, by the beginning of their folded names, with a town in their middle.
const REGIONS: &[(&str, &str, &str)] = &[
    ("UA", "волин", "луцьк"),
    ("UA", "волын", "луцк"),
    ("UA", "volyn", "lutsk"),
    ("UA", "закарп", "ужгород"),
    ("UA", "zakarp", "uzhhorod"),
    ("UA", "крим", "сімферополь"),
    ("UA", "крым", "симферополь"),
    ("RU", "приморск", "владивосток"),
    ("RU", "удмурт", "ижевск"),
    ("RU", "татарстан", "казань"),
    ("RU", "башкорт", "уфа"),
    ("PL", "mazow", "warszawa"),
    ("PL", "malopol", "krakow"),
    ("PL", "dolnosl", "wroclaw"),
    ("PL", "slask", "katowice"),
    ("PL", "wielkopol", "poznan"),
    ("PL", "pomorsk", "gdansk"),
    ("PL", "zachodniopom", "szczecin"),
    ("PL", "kujaw", "bydgoszcz"),
    ("PL", "podkarp", "rzeszow"),
    ("PL", "podlas", "bialystok"),
    ("PL", "warmin", "olsztyn"),
    ("PL", "swietokrz", "kielce"),
    ("PL", "lubus", "zielona gora"),
];
/// Longest name of a city that is looked for, in bytes; what is longer is no name.
const MAX_BYTES: usize = 200;
/// Fewest letters by which a region is known.
const MIN_STEM: usize = 4;

impl Gazetteer {
    /// See [`crate::find`].
    pub(crate) fn find<'a>(&'a self, country: &str, region: &str, city: &str) -> Option<&'a Town> {
        if city.len() > MAX_BYTES || region.len() > MAX_BYTES || country.len() > MAX_BYTES {
            return None;
        }
        let code = match fold(country) {
            folded if folded.is_empty() => None,
            folded => Some(self.countries.get(&folded)?.as_str()),
        };
        spellings(city).iter().find_map(|name| {
            let named: Vec<&Town> = self.named(name, code).collect();
            self.of_region(&named, region)
        })
    }

    /// The towns of a name, the largest first.
    fn named<'a, 'n>(
        &'a self,
        name: &'n str,
        country: Option<&'n str>,
    ) -> impl Iterator<Item = &'a Town> + use<'a, 'n> {
        self.beginning_with(name)
            .take_while(move |(found, _)| *found == name)
            .map(|(_, town)| town)
            .filter(move |town| country.is_none_or(|code| town.country == code))
    }

    /// The first town, or the one that lies in the region.
    fn of_region<'a>(&'a self, towns: &[&'a Town], region: &str) -> Option<&'a Town> {
        let first = *towns.first()?;
        if towns.len() == 1 || region.trim().is_empty() {
            return Some(first);
        }
        let folded = fold(region);
        if let Some(code) = self.regions.get(&(first.country.clone(), folded.clone())) {
            return Some(towns.iter().find(|town| town.region == *code).copied().unwrap_or(first));
        }
        let Some(middle) = self.middle_of(&first.country, &folded) else { return Some(first) };
        towns.iter().min_by_key(|town| distance(town, middle)).copied()
    }

    /// The town that a region is called after: "Львівська область" begins as Львів does.
    fn middle_of<'a>(&'a self, country: &str, region: &str) -> Option<&'a Town> {
        if let Some((_, _, town)) = REGIONS.iter().find(|(code, stem, _)| *code == country && region.starts_with(stem))
        {
            return self.named(town, Some(country)).next();
        }
        let word = region.split(' ').next().unwrap_or_default();
        let mut ends: Vec<usize> = word.char_indices().map(|(at, letter)| at + letter.len_utf8()).collect();
        while ends.len() >= MIN_STEM.min(word.chars().count()).max(1) {
            let stem = word.get(..ends.pop().unwrap_or_default()).unwrap_or_default();
            let found = self.beginning_with(stem).map(|(_, town)| town).filter(|town| town.country == country);
            if let Some(largest) = found.max_by_key(|town| town.thousands) {
                return Some(largest);
            }
        }
        None
    }
}

/// How far two towns are from each other, to compare: squared, on a flat map.
fn distance(one: &Town, other: &Town) -> i64 {
    let north = (one.latitude_e6 - other.latitude_e6) / 1_000;
    // Where most of the towns are, a degree of longitude is two thirds of one of latitude.
    let east = (one.longitude_e6 - other.longitude_e6) / 1_500;
    north * north + east * east
}

/// What a city may be called, the likeliest first: as it stands, without the word for "city", without what stands behind a comma.
fn spellings(city: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        let folded = fold(text);
        let mut bare = folded.as_str();
        for word in BEFORE {
            if let Some(rest) = bare.strip_prefix(word).and_then(|rest| rest.strip_prefix(' ')) {
                bare = rest;
                break;
            }
        }
        for word in BEHIND {
            if let Some(rest) = bare.strip_suffix(word).and_then(|rest| rest.strip_suffix(' ')) {
                bare = rest;
                break;
            }
        }
        for name in [folded.as_str(), bare] {
            if name.chars().count() > 1 && !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    };
    add(city);
    for part in city.split([',', '(', ')', '/', ';']) {
        add(part);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::{Bounds, find, largest_within};

    /// The English name of the town that is found.
    fn check(country: &str, region: &str, city: &str, expect: Option<&str>) {
        let found = find(country, region, city).map(|town| town.names[0].as_str());
        assert_eq!(found, expect, "{city}, {region}, {country}");
    }

    #[test]
    fn towns_are_found_in_three_languages() {
        for (country, city, expect) in [
            ("UA", "Киев", "Kyiv"),
            ("UA", "Київ", "Kyiv"),
            ("UA", "Kyiv", "Kyiv"),
            ("UA", "KIEV", "Kyiv"),
            ("UA", "Харьков", "Kharkiv"),
            ("UA", "харків", "Kharkiv"),
            ("UA", "Kharkov", "Kharkiv"),
            ("UA", "Львов", "Lviv"),
            ("UA", "Львів", "Lviv"),
            ("UA", "L'viv", "Lviv"),
            ("UA", "Одесса", "Odesa"),
            ("UA", "Івано-Франківськ", "Ivano-Frankivsk"),
            ("UA", "Ивано Франковск", "Ivano-Frankivsk"),
            ("UA", "Кам'янське", "Kamyanske"),
            ("UA", "Бровары", "Brovary"),
            ("RU", "Москва", "Moscow"),
            ("RU", "Орел", "Orël"),
            ("RU", "Орёл", "Orël"),
            ("RU", "санкт-петербург", "Saint Petersburg"),
            ("KZ", "Алматы", "Almaty"),
            ("KZ", "Алма-Ата", "Almaty"),
            ("BY", "Минск", "Minsk"),
            ("BY", "Мінск", "Minsk"),
            ("BY", "Мінськ", "Minsk"),
            ("PL", "Warszawa", "Warsaw"),
            ("PL", "Варшава", "Warsaw"),
            ("PL", "Lodz", "Łódź"),
            ("DE", "München", "Munich"),
            ("DE", "Мюнхен", "Munich"),
        ] {
            check(country, "", city, Some(expect));
        }
    }

    #[test]
    fn words_around_the_name_do_not_count() {
        for city in [
            "г. Киев",
            "г.Киев",
            "м. Київ",
            "м.Київ",
            "місто Київ",
            "город Киев",
            "Kyiv city",
            "Київ, Дарницький район",
            "Киев (центр)",
        ] {
            check("UA", "", city, Some("Kyiv"));
        }
    }

    #[test]
    fn countries_have_codes_and_names() {
        for country in ["UA", "ua", "Украина", "Україна", "Ukraine", "UKR", ""] {
            check(country, "", "Львів", Some("Lviv"));
        }
        check("PL", "", "Харків", None);
        check("Нарния", "", "Київ", None);
    }

    #[test]
    fn the_region_decides_between_towns_of_one_name() {
        let place = |region: &str| find("UA", region, "Миколаїв").map(|town| town.longitude_e6 / 1_000_000);
        // The large one lies at the Black Sea, a small one near Lviv.
        assert_eq!(place(""), Some(31));
        assert_eq!(place("Миколаївська область"), Some(31));
        assert_eq!(place("Львівська область"), Some(23));
        assert_eq!(place("Львовская обл."), Some(23));
        assert_eq!(find("US", "Illinois", "Springfield").map(|town| town.region.as_str()), Some("IL"));
        assert_eq!(find("US", "MA", "Springfield").map(|town| town.region.as_str()), Some("MA"));
    }

    #[test]
    fn what_is_no_town_is_not_found() {
        for city in ["", " ", "г.", "—", "Хутір Надія-Третя", &"Київ".repeat(100)] {
            check("UA", "", city, None);
        }
    }

    #[test]
    fn the_largest_towns_of_a_part_of_the_world_come_first() {
        let ukraine = Bounds { west: 22_000_000, south: 45_000_000, east: 40_000_000, north: 52_000_000 };
        let names: Vec<&str> = largest_within(&ukraine, 2).iter().map(|town| town.names[2].as_str()).collect();
        assert_eq!(names, ["Київ", "Харків"]);
    }
}
