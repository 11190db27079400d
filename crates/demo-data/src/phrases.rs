//! What stands in the cards besides names: positions, remarks, descriptions, legal forms.

mod english;
mod kazakh;
mod legal_forms;
mod polish;
mod russian;
mod ukrainian;

pub(crate) use legal_forms::LegalForms;

use crate::places::Country;

/// The texts of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// Who runs a company.
    pub(crate) heads: &'static [&'static str],
    /// A person who trades alone.
    pub(crate) owner: &'static str,
    pub(crate) accountants: &'static [&'static str],
    pub(crate) sales_heads: &'static [&'static str],
    /// All other positions.
    pub(crate) positions: &'static [&'static str],
    pub(crate) person_remarks: &'static [&'static str],
    pub(crate) company_remarks: &'static [&'static str],
    pub(crate) person_descriptions: &'static [&'static str],
    /// What a company does, without a full stop.
    pub(crate) industries: &'static [&'static str],
    /// What stands before and after the year a company was founded.
    pub(crate) founded: (&'static str, &'static str),
}

/// The texts of a culture and the legal forms of its country.
#[derive(Debug)]
pub(crate) struct Phrases {
    pub(crate) texts: &'static Texts,
    pub(crate) legal_forms: &'static LegalForms,
}

impl Phrases {
    pub(crate) fn of(country: Country, language: &str) -> Self {
        let texts = match language {
            "uk" => &ukrainian::TEXTS,
            "ru" => &russian::TEXTS,
            "kk" => &kazakh::TEXTS,
            "pl" => &polish::TEXTS,
            _ => &english::TEXTS,
        };
        Self { texts, legal_forms: legal_forms::of(country, language) }
    }
}
