//! Names of companies: words put together so that no two companies of a culture share a domain.
//!
//! Half of the companies carry one word («Агросвіт»), half two («Агросвіт Логістика»). When a list
//! is used up it starts again with a number: the company then adds its city to its name, and the
//! number stands in its domain.

mod kazakh;
mod polish;
mod russian;
mod ukrainian;

use crate::{
    digits::push_number,
    random::{Permutation, Purpose},
    transliteration::{Script, to_latin, to_latin_title},
};

/// Which words a table is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrandSource {
    Ukrainian,
    UkrainianInLatin,
    Russian,
    Kazakh,
    Polish,
}

#[derive(Debug)]
struct Word {
    text: String,
    latin: String,
}

/// The brands of one culture.
#[derive(Debug)]
pub(crate) struct BrandTable {
    words: Vec<Word>,
    activities: Vec<Word>,
}

/// A name that no other company of the culture has with the same `cycle`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brand {
    word: &'static Word,
    activity: Option<&'static Word>,
    /// How many times the list had been used up before.
    cycle: u64,
}

impl BrandTable {
    pub(crate) fn new(source: BrandSource) -> Self {
        let (whole, heads, tails, activities, script) = match source {
            BrandSource::Ukrainian | BrandSource::UkrainianInLatin => {
                (ukrainian::WHOLE, ukrainian::HEADS, ukrainian::TAILS, ukrainian::ACTIVITIES, Script::Ukrainian)
            }
            BrandSource::Russian => {
                (russian::WHOLE, russian::HEADS, russian::TAILS, russian::ACTIVITIES, Script::Russian)
            }
            BrandSource::Kazakh => (kazakh::WHOLE, kazakh::HEADS, kazakh::TAILS, kazakh::ACTIVITIES, Script::Kazakh),
            BrandSource::Polish => (polish::WHOLE, polish::HEADS, polish::TAILS, polish::ACTIVITIES, Script::Polish),
        };
        let word = |text: String| {
            let latin = to_latin(&text, script);
            let text = match source {
                BrandSource::UkrainianInLatin => to_latin_title(&text, script),
                _ => text,
            };
            Word { text, latin }
        };
        let compounds = heads.split_whitespace().flat_map(|head| {
            let tails = tails.split_whitespace();
            tails.filter(|tail| !same_root(head, tail)).map(move |tail| format!("{head}{tail}"))
        });
        Self {
            words: whole.split_whitespace().map(str::to_owned).chain(compounds).map(word).collect(),
            activities: activities.split_whitespace().map(str::to_owned).map(word).collect(),
        }
    }

    /// The brand of the company with this number within its culture.
    pub(crate) fn at(&'static self, seed: u64, culture: u64, rank: u64) -> Option<Brand> {
        let words = self.words.len() as u64;
        let (half, rank) = (rank % 2, rank / 2);
        if half == 0 {
            let permutation = Permutation::new(seed, Purpose::Brands, culture, words);
            let word = self.words.get(permutation.apply(rank % words) as usize)?;
            return Some(Brand { word, activity: None, cycle: rank / words });
        }
        let pairs = words * self.activities.len() as u64;
        let permutation = Permutation::new(seed, Purpose::BrandsWithActivity, culture, pairs);
        let pair = permutation.apply(rank % pairs);
        Some(Brand {
            word: self.words.get((pair % words) as usize)?,
            activity: self.activities.get((pair / words) as usize),
            cycle: rank / pairs,
        })
    }
}

impl Brand {
    /// The first word: what a holding gives its daughters.
    pub(crate) fn word(&self) -> &'static str {
        &self.word.text
    }

    /// Appends the whole name, without legal form and quotes.
    pub(crate) fn push_text(&self, name: &mut String) {
        name.push_str(&self.word.text);
        if let Some(activity) = self.activity {
            name.push(' ');
            name.push_str(&activity.text);
        }
    }

    /// Whether earlier companies have this name too.
    pub(crate) const fn is_repeated(&self) -> bool {
        self.cycle > 0
    }

    /// Appends the name as part of a domain: `ahrosvitlohistyka`, in later cycles
    /// `ahrosvitlohistyka2`.
    pub(crate) fn push_label(&self, domain: &mut String) {
        domain.push_str(&self.word.latin);
        if let Some(activity) = self.activity {
            domain.push_str(&activity.latin);
        }
        if self.cycle > 0 {
            push_number(domain, self.cycle + 1);
        }
    }

    /// The first word in Latin letters.
    pub(crate) fn word_label(&self) -> &'static str {
        &self.word.latin
    }
}

/// Keeps out «Агроагро» and «Техтехніка».
fn same_root(head: &str, tail: &str) -> bool {
    let start = |word: &str| word.to_lowercase().chars().take(3).collect::<String>();
    start(head) == start(tail)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Domains, and with them e-mail addresses, are unique because of this.
    #[test]
    fn no_two_brands_spell_alike_in_latin() {
        for source in [
            BrandSource::Ukrainian,
            BrandSource::UkrainianInLatin,
            BrandSource::Russian,
            BrandSource::Kazakh,
            BrandSource::Polish,
        ] {
            let table = BrandTable::new(source);
            let mut seen = BTreeSet::new();
            let alone = table.words.iter().map(|word| word.latin.clone());
            let pairs = table
                .words
                .iter()
                .flat_map(|word| table.activities.iter().map(move |second| format!("{}{}", word.latin, second.latin)));
            let repeated: Vec<_> = alone.chain(pairs).filter(|label| !seen.insert(label.clone())).collect();
            assert!(repeated.is_empty(), "{source:?}: {repeated:?}");
            assert!(table.words.len() > 1_000, "{source:?}: {}", table.words.len());
            assert!(seen.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_lowercase())));
        }
    }
}
