//! How alike two records are: a score of 0 to 100, with the reasons. Pure, and the only place that weighs them.
//!
//! What must stay true: it is symmetric, and a shared number alone does not make two different names one person: families and offices share.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::find_job::SearchKey;
use super::traits::{LONG_WORD, Traits};
use crate::contacts::likeness::is_one_slip;

/// Pairs below this score are not kept.
pub const MIN_SCORE: i64 = 50;

/// Why two records are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The same number, in whatever kind of channel.
    Phone,
    /// The same mailbox.
    Email,
    /// The same name in a messenger.
    Messenger,
    /// The same site.
    Website,
    /// The same name in whatever spelling.
    Name,
    /// The same name but for one slip.
    SimilarName,
    /// The same name of a company, whatever its legal form.
    CompanyName,
    /// The same patronymic.
    Patronymic,
    /// The same birthday.
    Birthday,
    /// They work for the same company.
    Employer,
    /// An address in the same city.
    City,
}

/// What was found of two records.
#[derive(Clone, Debug, PartialEq)]
pub struct Alike {
    /// 0 to 100.
    pub score: i64,
    /// In the order of [`Reason`].
    pub reasons: Vec<Reason>,
}

/// Compares two records by the wanted keys; `None` when they are not alike enough. With `needs_place`, equal names count only together with
/// the same company or city.
pub(super) fn compare(one: &Traits, two: &Traits, wanted: &BTreeSet<SearchKey>, needs_place: bool) -> Option<Alike> {
    if one.kind != two.kind {
        return None;
    }
    let mut reasons = BTreeSet::new();
    if wanted.contains(&SearchKey::Channel) {
        for (reason, first, second) in [
            (Reason::Phone, &one.phones, &two.phones),
            (Reason::Email, &one.emails, &two.emails),
            (Reason::Messenger, &one.handles, &two.handles),
            (Reason::Website, &one.websites, &two.websites),
        ] {
            if !first.is_disjoint(second) {
                reasons.insert(reason);
            }
        }
    }
    let is_equal = |first: &Option<String>, second: &Option<String>| first.is_some() && first == second;
    for (reason, holds) in [
        (Reason::Patronymic, is_equal(&one.patronymic, &two.patronymic)),
        (Reason::Birthday, is_equal(&one.birthday, &two.birthday)),
        (Reason::Employer, one.employer.is_some() && one.employer == two.employer),
        (Reason::City, !one.cities.is_disjoint(&two.cities)),
    ] {
        if holds {
            reasons.insert(reason);
        }
    }
    let is_company = one.company_name.is_some() || two.company_name.is_some();
    let score = if is_company {
        companies(one, two, wanted, needs_place, &mut reasons)
    } else {
        people(one, two, wanted, needs_place, &mut reasons)
    };
    let score = score.min(99);
    (score >= MIN_SCORE).then(|| Alike { score, reasons: reasons.into_iter().collect() })
}

fn is_contact(reasons: &BTreeSet<Reason>) -> bool {
    [Reason::Phone, Reason::Email, Reason::Messenger].iter().any(|reason| reasons.contains(reason))
}

fn people(
    one: &Traits,
    two: &Traits,
    wanted: &BTreeSet<SearchKey>,
    needs_place: bool,
    reasons: &mut BTreeSet<Reason>,
) -> i64 {
    let has_place = reasons.contains(&Reason::Employer) || reasons.contains(&Reason::City);
    let is_reached = is_contact(reasons);
    let counts_alone = |key: SearchKey| wanted.contains(&key) && (!needs_place || has_place);
    let is_same = !one.name.is_empty() && one.name == two.name;
    let is_similar = !is_same && is_similar(&one.name, &two.name);
    let mut score = 0;
    if is_same && (is_reached || (one.name.len() > 1 && counts_alone(SearchKey::Name))) {
        reasons.insert(Reason::Name);
        score = if is_reached { 95 } else { 60 };
    } else if is_similar && (is_reached || counts_alone(SearchKey::SimilarName)) {
        reasons.insert(Reason::SimilarName);
        score = if is_reached { 90 } else { 45 };
    } else if is_reached {
        let (short, long) =
            if one.name.len() < two.name.len() { (&one.name, &two.name) } else { (&two.name, &one.name) };
        // A card without a name, or with a part of it, contradicts nothing; two names do.
        score = if short.is_empty() || short.iter().all(|word| long.contains(word)) { 75 } else { 30 };
    }
    if score == 0 {
        return 0;
    }
    let differ =
        |first: &Option<String>, second: &Option<String>| first.is_some() && second.is_some() && first != second;
    for (reason, worth) in
        [(Reason::Birthday, 20), (Reason::Patronymic, 10), (Reason::Employer, 15), (Reason::City, 10)]
    {
        if reasons.contains(&reason) {
            score += worth;
        }
    }
    if differ(&one.patronymic, &two.patronymic) && !is_slip(&one.patronymic, &two.patronymic) {
        score -= 30;
    }
    if differ(&one.birthday, &two.birthday) {
        score -= 30;
    }
    // Without a common channel a namesake is always possible.
    if is_reached { score } else { score.min(90) }
}

fn companies(
    one: &Traits,
    two: &Traits,
    wanted: &BTreeSet<SearchKey>,
    needs_place: bool,
    reasons: &mut BTreeSet<Reason>,
) -> i64 {
    let (has_city, has_site) = (reasons.contains(&Reason::City), reasons.contains(&Reason::Website));
    let is_reached = is_contact(reasons);
    let is_same = one.company_name.is_some() && one.company_name == two.company_name;
    let counts_alone = wanted.contains(&SearchKey::CompanyName) && (!needs_place || has_city);
    let in_other_cities = !has_city && !one.cities.is_empty() && !two.cities.is_empty();
    if is_same && (is_reached || has_site || counts_alone) {
        reasons.insert(Reason::CompanyName);
        let found = if is_reached || has_site { 95 } else { 70 };
        return found + if has_city { 15 } else { 0 } - if in_other_cities { 15 } else { 0 };
    }
    // Branches share numbers and sites; one name only tells more.
    let is_open = one.company_name.is_none() || two.company_name.is_none();
    match (is_reached, has_site) {
        (true, _) if is_open => 75,
        (true, true) => 70,
        (true, false) => 55,
        (false, true) if has_city => 55,
        _ => 0,
    }
}

fn is_slip(one: &Option<String>, two: &Option<String>) -> bool {
    matches!((one, two), (Some(one), Some(two)) if is_one_slip(one, two))
}

/// The same words but for one slip in one long word. The order of the words may follow the slip.
fn is_similar(one: &[String], two: &[String]) -> bool {
    if one.len() != two.len() || one.len() < 2 {
        return false;
    }
    let only_in = |first: &[String], second: &[String]| -> Vec<String> {
        let mut rest = second.to_vec();
        let mut lone = Vec::new();
        for word in first {
            match rest.iter().position(|other| other == word) {
                Some(at) => {
                    rest.swap_remove(at);
                }
                None => lone.push(word.clone()),
            }
        }
        lone
    };
    match (only_in(one, two).as_slice(), only_in(two, one).as_slice()) {
        ([first], [second]) => {
            let is_long = |word: &str| word.chars().count() >= LONG_WORD;
            (is_long(first) || is_long(second)) && is_one_slip(first, second)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::likeness;

    fn person(name: &str, phone: &str) -> Traits {
        let phones = Some(phone).filter(|phone| !phone.is_empty()).map(String::from).into_iter().collect();
        Traits { kind: Some("person".into()), name: likeness::words(name), phones, ..Traits::default() }
    }

    fn found(one: &Traits, two: &Traits, needs_place: bool) -> Option<(i64, Vec<Reason>)> {
        let wanted = SearchKey::all();
        let result = compare(one, two, &wanted, needs_place);
        assert_eq!(result, compare(two, one, &wanted, needs_place), "it is symmetric");
        result.map(|alike| (alike.score, alike.reasons))
    }

    #[test]
    fn people_are_told_from_namesakes_and_families() {
        let check = |one: &Traits, two: &Traits, expect: Option<i64>| {
            assert_eq!(found(one, two, false).map(|found| found.0), expect, "{one:?} {two:?}");
        };
        let ivan = person("Петренко Іван", "380671");
        check(&ivan, &person("Ivan Petrenko", "380671"), Some(95));
        check(&ivan, &person("Иван Петрнеко", "380671"), Some(90));
        check(&ivan, &person("Іван", "380671"), Some(75));
        check(&ivan, &person("Петренко Марія", "380671"), None);
        check(&ivan, &person("Петренко Іван", "380672"), Some(60));
        check(&ivan, &person("Петрненко Іван", ""), None);
        check(&person("Іван", ""), &person("Іван", ""), None);
        let with = |patronymic: &str, birthday: &str| Traits {
            patronymic: Some(likeness::skeleton(patronymic)),
            birthday: Some(birthday.into()),
            ..person("Петренко Іван", "")
        };
        check(&with("Сергійович", "1990-01-01"), &with("Сергеевич", "1990-01-01"), Some(80));
        check(&with("Сергійович", "1990-01-01"), &with("Сергійович", "1990-01-01"), Some(90));
        check(&with("Сергійович", "1990-01-01"), &with("Іванович", "1991-01-01"), None);
    }

    #[test]
    fn a_place_makes_a_name_count() {
        let at = |city: &str| Traits {
            cities: BTreeSet::from([city.to_owned()]), ..person("Петренко Іван", "")
        };
        assert_eq!(found(&at("kiiv"), &at("lviv"), true), None);
        assert_eq!(found(&at("kiiv"), &at("kiiv"), true), Some((70, vec![Reason::Name, Reason::City])));
    }

    #[test]
    fn companies_are_known_by_name_and_place() {
        let company = |name: &str, city: &str, site: &str| Traits {
            kind: Some("company".into()),
            company_name: Some(name.into()),
            cities: Some(city).filter(|city| !city.is_empty()).map(String::from).into_iter().collect(),
            websites: Some(site).filter(|site| !site.is_empty()).map(String::from).into_iter().collect(),
            ..Traits::default()
        };
        let check = |one: &Traits, two: &Traits, expect: Option<i64>| {
            assert_eq!(found(one, two, false).map(|found| found.0), expect, "{one:?} {two:?}");
        };
        check(&company("romaska", "", ""), &company("romaska", "", ""), Some(70));
        check(&company("romaska", "kiiv", ""), &company("romaska", "kiiv", ""), Some(85));
        check(&company("romaska", "kiiv", ""), &company("romaska", "lviv", ""), Some(55));
        check(&company("romaska", "", "r.ua"), &company("romaska", "", "r.ua"), Some(95));
        check(&company("romaska", "", "r.ua"), &company("torh", "", "r.ua"), None);
        check(&company("romaska", "", ""), &person("Петренко Іван", ""), None);
    }
}
