//! Names of people: tables per culture, built once from the lists of a language.
//!
//! Every table keeps, beside the name, its Latin spelling and (of fathers) the patronymics, so that
//! making a person joins ready words. Frequent names stand first in the lists and hold several
//! slots each; the number of the slot tells namesakes apart, see [`NameTable::at`].

mod kazakh;
mod polish;
mod russian;
mod ukrainian;

use crate::{
    Gender,
    patronymics::{self, Patronymic},
    random::Draw,
    transliteration::{Script, to_latin, to_latin_title},
};

/// Which people a table is about, and how their names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameSource {
    Ukrainian,
    UkrainianInLatin,
    UkrainianInRussian,
    Russian,
    Belarusian,
    Kazakh,
    KazakhInRussian,
    Polish,
}

#[derive(Debug)]
pub(crate) struct FirstName {
    pub(crate) text: String,
    pub(crate) latin: String,
    /// What the children of this man are called; `None` for women and where it is not the custom.
    pub(crate) children: Option<Patronymic>,
}

#[derive(Debug)]
pub(crate) struct Surname {
    pub(crate) male: Form,
    pub(crate) female: Form,
}

#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) text: String,
    pub(crate) latin: String,
}

/// All first names and surnames of one culture.
#[derive(Debug)]
pub(crate) struct NameTable {
    men: Vec<FirstName>,
    women: Vec<FirstName>,
    surnames: Vec<Surname>,
}

/// One choice from a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FullName {
    pub(crate) gender: Gender,
    pub(crate) first: &'static FirstName,
    pub(crate) last: &'static Form,
    /// Tells apart people of the same first and last name within one cycle: `0..NAMESAKES`.
    pub(crate) namesake: u64,
}

/// How many slots the most frequent eighth of a list has, and the quarter that follows it.
const SLOTS_OF_FREQUENT: usize = 6;
const SLOTS_OF_COMMON: usize = 2;
/// One more than the largest [`FullName::namesake`].
pub(crate) const NAMESAKES: u64 = (SLOTS_OF_FREQUENT * SLOTS_OF_FREQUENT) as u64;

impl NameTable {
    pub(crate) fn new(source: NameSource) -> Self {
        use NameSource as From;
        let (men, women, surnames) = match source {
            From::Ukrainian | From::UkrainianInLatin => (ukrainian::MALE, ukrainian::FEMALE, ukrainian::SURNAMES),
            From::UkrainianInRussian => (russian::MALE, russian::FEMALE, russian::UKRAINIAN_SURNAMES),
            From::Russian => (russian::MALE, russian::FEMALE, russian::SURNAMES),
            From::Belarusian => (russian::MALE, russian::FEMALE, russian::BELARUSIAN_SURNAMES),
            From::Kazakh | From::KazakhInRussian => (kazakh::MALE, kazakh::FEMALE, kazakh::SURNAMES),
            From::Polish => (polish::MALE, polish::FEMALE, polish::SURNAMES),
        };
        let spelling = |word: &'static str| spelling(source, word);
        Self {
            men: men.split_whitespace().map(|name| FirstName::new(source, spelling(name), Gender::Male)).collect(),
            women: women
                .split_whitespace()
                .map(|name| FirstName::new(source, spelling(name), Gender::Female))
                .collect(),
            surnames: surnames.split_whitespace().map(|name| Surname::new(source, spelling(name))).collect(),
        }
    }

    /// How many different slots [`Self::at`] tells apart.
    pub(crate) fn slots(&self) -> u64 {
        ((slots(self.men.len()) + slots(self.women.len())) * slots(self.surnames.len())) as u64
    }

    /// The full name in a slot, which must lie in `0..self.slots()`. Different slots give different
    /// names or different namesakes.
    pub(crate) fn at(&'static self, slot: u64) -> Option<FullName> {
        let surname_slots = slots(self.surnames.len());
        let (first_slot, last_slot) = (slot as usize / surname_slots, slot as usize % surname_slots);
        let men_slots = slots(self.men.len());
        let (gender, names, first_slot) = if first_slot < men_slots {
            (Gender::Male, &self.men, first_slot)
        } else {
            (Gender::Female, &self.women, first_slot - men_slots)
        };
        let (first, first_copy) = item_of_slot(names.len(), first_slot);
        let (last, last_copy) = item_of_slot(self.surnames.len(), last_slot);
        let surname = self.surnames.get(last)?;
        Some(FullName {
            gender,
            first: names.get(first)?,
            last: surname.form(gender),
            namesake: (first_copy * SLOTS_OF_FREQUENT + last_copy) as u64,
        })
    }

    /// Somebody's father; the frequent names are more likely.
    pub(crate) fn father(&self, draw: &mut Draw) -> Option<&FirstName> {
        let count = self.men.len() as u64;
        let index = draw.below(count).min(draw.below(count));
        self.men.get(index as usize)
    }
}

impl FirstName {
    fn new(source: NameSource, text: &str, gender: Gender) -> Self {
        let children = match source {
            _ if gender == Gender::Female => None,
            NameSource::Ukrainian => Some(patronymics::ukrainian(text)),
            NameSource::Kazakh => Some(patronymics::kazakh(text)),
            NameSource::Polish | NameSource::UkrainianInLatin => None,
            NameSource::Russian
            | NameSource::Belarusian
            | NameSource::KazakhInRussian
            | NameSource::UkrainianInRussian => Some(patronymics::russian(text)),
        };
        let Form { text, latin } = Form::new(source, text);
        Self { text, latin, children }
    }
}

impl Surname {
    fn new(source: NameSource, male: &str) -> Self {
        let female = match source {
            NameSource::Ukrainian | NameSource::UkrainianInLatin => ukrainian_woman(male),
            NameSource::Polish => polish_woman(male),
            _ => russian_woman(male),
        };
        Self { male: Form::new(source, male), female: Form::new(source, &female) }
    }

    fn form(&self, gender: Gender) -> &Form {
        match gender {
            Gender::Male => &self.male,
            Gender::Female => &self.female,
        }
    }
}

impl Form {
    fn new(source: NameSource, text: &str) -> Self {
        let script = match source {
            NameSource::Ukrainian | NameSource::UkrainianInLatin => Script::Ukrainian,
            NameSource::Kazakh => Script::Kazakh,
            NameSource::Polish => Script::Polish,
            NameSource::Russian
            | NameSource::Belarusian
            | NameSource::KazakhInRussian
            | NameSource::UkrainianInRussian => Script::Russian,
        };
        let latin = to_latin(text, script);
        let text = match source {
            NameSource::UkrainianInLatin => to_latin_title(text, script),
            _ => text.to_owned(),
        };
        Self { text, latin }
    }
}

/// The spelling that a table uses, of a word that may carry two: `Серік/Серик`.
fn spelling(source: NameSource, word: &str) -> &str {
    match word.split_once('/') {
        Some((_, russian)) if source == NameSource::KazakhInRussian => russian,
        Some((own, _)) => own,
        None => word,
    }
}

/// Ковальський → Ковальська, Білий → Біла, Репін → Репіна; Шевченко stays.
fn ukrainian_woman(surname: &str) -> String {
    if let Some(stem) = surname.strip_suffix("ий") {
        return format!("{stem}а");
    }
    let declines = ["ов", "ев", "єв", "ін", "їн"].iter().any(|ending| surname.ends_with(ending));
    if declines { format!("{surname}а") } else { surname.to_owned() }
}

/// Иванов → Иванова, Вишневский → Вишневская; Шевчук and Черных stay.
fn russian_woman(surname: &str) -> String {
    if let Some(stem) = surname.strip_suffix("ский") {
        return format!("{stem}ская");
    }
    if let Some(stem) = surname.strip_suffix("цкий") {
        return format!("{stem}цкая");
    }
    if let Some(stem) = surname.strip_suffix("ый") {
        return format!("{stem}ая");
    }
    let declines = ["ов", "ев", "ёв", "ин", "ын"].iter().any(|ending| surname.ends_with(ending));
    if declines { format!("{surname}а") } else { surname.to_owned() }
}

/// Kowalski → Kowalska, Sadowy → Sadowa; Nowak stays.
fn polish_woman(surname: &str) -> String {
    for ending in ["ski", "cki", "dzki"] {
        if surname.ends_with(ending) {
            let stem = surname.strip_suffix('i').unwrap_or(surname);
            return format!("{stem}a");
        }
    }
    match surname.strip_suffix('y') {
        Some(stem) => format!("{stem}a"),
        None => surname.to_owned(),
    }
}

/// The slots of a list of `length` names: several for those at its beginning.
const fn slots(length: usize) -> usize {
    let (frequent, common) = (length / 8, length / 4);
    frequent * SLOTS_OF_FREQUENT + common * SLOTS_OF_COMMON + (length - frequent - common)
}

/// The name that holds a slot, and which of its slots this is.
const fn item_of_slot(length: usize, slot: usize) -> (usize, usize) {
    let (frequent, common) = (length / 8, length / 4);
    if slot < frequent * SLOTS_OF_FREQUENT {
        return (slot / SLOTS_OF_FREQUENT, slot % SLOTS_OF_FREQUENT);
    }
    let slot = slot - frequent * SLOTS_OF_FREQUENT;
    if slot < common * SLOTS_OF_COMMON {
        return (frequent + slot / SLOTS_OF_COMMON, slot % SLOTS_OF_COMMON);
    }
    (frequent + common + (slot - common * SLOTS_OF_COMMON), 0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ALL: [NameSource; 8] = [
        NameSource::Ukrainian,
        NameSource::UkrainianInLatin,
        NameSource::UkrainianInRussian,
        NameSource::Russian,
        NameSource::Belarusian,
        NameSource::Kazakh,
        NameSource::KazakhInRussian,
        NameSource::Polish,
    ];

    /// E-mail addresses are unique because of this.
    #[test]
    fn latin_spellings_tell_names_apart() {
        for source in ALL {
            let table = NameTable::new(source);
            let all_first = table.men.iter().chain(&table.women).map(|name| &name.latin);
            assert_all_different(source, all_first);
            assert_all_different(source, table.surnames.iter().map(|name| &name.male.latin));
            assert_all_different(source, table.surnames.iter().map(|name| &name.female.latin));
        }
    }

    fn assert_all_different<'a>(source: NameSource, words: impl Iterator<Item = &'a String>) {
        let mut seen = BTreeSet::new();
        let repeated: Vec<_> = words.filter(|word| !seen.insert(word.as_str())).collect();
        assert!(repeated.is_empty(), "{source:?}: {repeated:?}");
        let foreign: Vec<_> = seen.iter().filter(|word| !word.bytes().all(|byte| byte.is_ascii_lowercase())).collect();
        assert!(foreign.is_empty(), "{source:?}: not Latin: {foreign:?}");
    }

    #[test]
    fn names_use_the_letters_of_their_language() {
        let alphabet = |source, letter: char| match source {
            NameSource::Ukrainian => !"ёыэъ".contains(letter),
            NameSource::Russian | NameSource::Belarusian | NameSource::KazakhInRussian => {
                !"іїєґәғқңөұүһ".contains(letter)
            }
            NameSource::Polish | NameSource::UkrainianInLatin => letter.is_ascii() || "ąćęłńóśźż".contains(letter),
            NameSource::UkrainianInRussian | NameSource::Kazakh => !"їєґ".contains(letter),
        };
        for source in ALL {
            let table = NameTable::new(source);
            let first = table.men.iter().chain(&table.women).map(|name| &name.text);
            let last = table.surnames.iter().flat_map(|name| [&name.male.text, &name.female.text]);
            for name in first.chain(last) {
                let foreign = name.to_lowercase().chars().find(|&letter| !alphabet(source, letter));
                assert_eq!(foreign, None, "{source:?}: {name}");
            }
        }
    }

    #[test]
    fn surnames_of_women() {
        let cases = [
            (ukrainian_woman as fn(&str) -> String, "Ковальський", "Ковальська"),
            (ukrainian_woman, "Білий", "Біла"),
            (ukrainian_woman, "Шевченко", "Шевченко"),
            (ukrainian_woman, "Волошин", "Волошин"),
            (russian_woman, "Соловьёв", "Соловьёва"),
            (russian_woman, "Синицын", "Синицына"),
            (russian_woman, "Троицкий", "Троицкая"),
            (russian_woman, "Черных", "Черных"),
            (russian_woman, "Нұрғалиев", "Нұрғалиева"),
            (polish_woman, "Zawadzki", "Zawadzka"),
            (polish_woman, "Nowak", "Nowak"),
        ];
        for (rule, man, woman) in cases {
            assert_eq!(rule(man), woman);
        }
    }

    #[test]
    fn every_slot_is_a_name_of_its_own() {
        for length in [1, 7, 8, 100, 333] {
            let mut seen = BTreeSet::new();
            for slot in 0..slots(length) {
                let (item, copy) = item_of_slot(length, slot);
                assert!(item < length && copy < SLOTS_OF_FREQUENT);
                assert!(seen.insert((item, copy)), "{length}: slot {slot}");
            }
        }
    }
}
