//! Sums of a list for people: each currency by itself, and all together in the currency of the company.
//!
//! What must stay true: amounts of one currency and one day are added first and counted over once, rounded half away from zero, so the lines add up
//! to the total; a currency without a rate is named and not counted.

use std::collections::{BTreeMap, BTreeSet};

use record_engine::query::{Amounts, Summed};
use serde::Serialize;

use super::rates::Rates;

/// The sum of one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrencySum {
    /// ISO 4217.
    pub currency: String,
    /// How many amounts.
    pub count: i64,
    /// In minor units; `None` when it is beyond what JSON carries exactly.
    pub amount: Option<i64>,
}

/// All that could be counted in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Converted {
    /// That of the company.
    pub currency: String,
    /// How many amounts are in it.
    pub count: i64,
    /// In minor units; `None` when it is beyond what JSON carries exactly.
    pub amount: Option<i64>,
    /// Each amount times its chance; `None` for a field without chances, and beyond what JSON carries exactly.
    pub weighted: Option<i64>,
    /// The day of the oldest rate that was taken; `None` when none was needed.
    pub oldest_rate: Option<String>,
}

/// Amounts that are in no total, because there is no rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingRates {
    /// ISO 4217.
    pub currency: String,
    /// The first day without one: a rate of that day serves all of them.
    pub date: String,
    /// How many amounts.
    pub count: i64,
}

/// What is to be said about the amounts of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// The field.
    pub field: String,
    /// The field by whose day rates were taken; `None` for today.
    pub dated_by: Option<String>,
    /// The field that says how sure amounts are, in percent.
    pub weighted_by: Option<String>,
    /// Each currency, that with the most amounts first; `None` when adding took too long.
    pub sums: Option<Vec<CurrencySum>>,
    /// All together; `None` when there is nothing to add.
    pub converted: Option<Converted>,
    /// What is not among it.
    pub missing: Vec<MissingRates>,
}

/// Counts the sums of a field together in the currency `own`; amounts without a day by the rates of `today`.
pub fn total(field: &str, summed: Summed, rates: &Rates, own: &str, today: &str) -> Total {
    let Summed { dated_by, weighted_by, amounts } = summed;
    let Some(amounts) = amounts else {
        return Total { field: field.into(), dated_by, weighted_by, sums: None, converted: None, missing: Vec::new() };
    };
    let mut sums: BTreeMap<&str, (i64, i128)> = BTreeMap::new();
    let mut missing: BTreeMap<&str, (&str, i64)> = BTreeMap::new();
    let mut counted: Option<(i64, i128)> = Some((0, 0));
    let mut weighted_total: Option<i128> = weighted_by.as_ref().map(|_| 0);
    let mut oldest = BTreeSet::new();
    for Amounts { currency, day, count, sum, weighted } in &amounts {
        let of_currency = sums.entry(currency).or_default();
        *of_currency = (of_currency.0 + count, of_currency.1 + sum);
        let day = day.as_deref().unwrap_or(today);
        match rates.at(currency, own, day) {
            Ok(rate) => {
                let converted = rate.convert(*sum, currency, own);
                counted = counted.zip(converted).map(|((known, total), more)| (known + count, total + more));
                let more = rate.convert_parts(*weighted, 100, currency, own);
                weighted_total = weighted_total.zip(more).map(|(total, more)| total + more);
                oldest.extend(rate.date);
            }
            Err(_) => {
                let gap = missing.entry(currency).or_insert((day, 0));
                *gap = (gap.0.min(day), gap.1 + count);
            }
        }
    }
    let mut sums: Vec<CurrencySum> = sums
        .into_iter()
        .map(|(currency, (count, sum))| CurrencySum { currency: currency.into(), count, amount: exact(sum) })
        .collect();
    sums.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.currency.cmp(&other.currency)));
    let missing: Vec<MissingRates> = missing
        .into_iter()
        .map(|(currency, (date, count))| MissingRates { currency: currency.into(), date: date.into(), count })
        .collect();
    let left: i64 = missing.iter().map(|missing| missing.count).sum();
    let all: i64 = sums.iter().map(|sum| sum.count).sum();
    let converted = (all > left).then(|| Converted {
        currency: own.into(),
        count: all - left,
        amount: counted.and_then(|(_, total)| exact(total)),
        weighted: weighted_total.and_then(exact),
        oldest_rate: oldest.into_iter().next(),
    });
    Total { field: field.into(), dated_by, weighted_by, sums: Some(sums), converted, missing }
}

fn exact(sum: i128) -> Option<i64> {
    i64::try_from(sum).ok().filter(|sum| sum.unsigned_abs() <= 9_007_199_254_740_991)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use record_engine::query::{Amounts, Summed};

    use super::total;
    use crate::currencies::Rates;

    const TODAY: &str = "2026-11-23";

    fn summed(amounts: &[(&str, Option<&str>, &[i64])]) -> Summed {
        let amounts = amounts.iter().map(|(currency, day, of)| Amounts {
            currency: (*currency).into(),
            day: day.map(String::from),
            count: i64::try_from(of.len()).unwrap_or_default(),
            sum: of.iter().copied().map(i128::from).sum(),
            weighted: of.iter().copied().map(|amount| i128::from(amount) * 50).sum(),
        });
        Summed { dated_by: None, weighted_by: Some("chance".into()), amounts: Some(amounts.collect()) }
    }

    fn rates(dollar: i64, yen: i64, dinar: i64) -> Rates {
        let mut rates = Rates::default();
        rates.put("USD", "UAH", "2026-11-01", dollar, 1);
        rates.put("JPY", "UAH", "2026-11-01", yen, 100);
        rates.put("KWD", "UAH", "2026-11-01", dinar, 1);
        rates
    }

    #[test]
    fn the_first_day_without_a_rate_is_named() {
        let amounts = [
            ("USD", Some("2026-10-31"), &[1][..]),
            ("USD", Some("2026-10-20"), &[2, 3]),
            ("USD", Some("2026-11-02"), &[4]),
            ("PLN", None, &[5]),
        ];
        let total = total("budget", summed(&amounts), &rates(41_000_000, 1, 1), "UAH", TODAY);
        let missing: Vec<_> =
            total.missing.iter().map(|one| (one.currency.as_str(), one.date.as_str(), one.count)).collect();
        assert_eq!(missing, [("PLN", TODAY, 1), ("USD", "2026-10-20", 3)]);
        let converted = total.converted.clone().map(|all| (all.amount, all.count, all.oldest_rate));
        assert_eq!(converted, Some((Some(164), 1, Some("2026-11-01".into()))));
        assert_eq!(total.converted.and_then(|all| all.weighted), Some(82), "half of it, and rounded once");
    }

    #[test]
    fn nothing_that_could_be_counted_is_no_total_of_nothing() {
        let total = total("budget", summed(&[("PLN", None, &[5])]), &Rates::default(), "UAH", TODAY);
        assert_eq!(total.converted, None);
        assert_eq!(total.missing.len(), 1);
    }

    #[test]
    fn a_sum_that_is_not_exact_any_more_is_none() {
        let large = [i64::MAX, i64::MAX];
        let total = total("budget", summed(&[("UAH", None, &large)]), &Rates::default(), "UAH", TODAY);
        assert_eq!(total.sums.into_iter().flatten().next().map(|sum| sum.amount), Some(None));
        assert_eq!(total.converted.map(|all| all.amount), Some(None));
    }

    proptest! {
        /// Each sum of a currency is rounded once, and each amount counted alone would be: they differ by half a unit for each rounding at most.
        #[test]
        fn a_converted_sum_is_the_sum_of_the_converted(
            dollars in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 1..20),
            yen in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 1..20),
            dinars in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 1..20),
            rate in 1_i64..100_000_000_000,
        ) {
            let rates = rates(rate, rate / 3 + 1, rate / 7 + 1);
            let of = [("USD", None, dollars.as_slice()), ("JPY", None, &yen), ("KWD", None, &dinars)];
            let total = total("budget", summed(&of), &rates, "UAH", TODAY);
            let alone: i128 = of
                .iter()
                .flat_map(|(currency, _, amounts)| amounts.iter().map(move |amount| (*currency, *amount)))
                .filter_map(|(currency, amount)| rates.at(currency, "UAH", TODAY).ok()?.convert(amount.into(), currency, "UAH"))
                .sum();
            let roundings = i128::try_from(dollars.len() + yen.len() + dinars.len() + 3).unwrap_or_default();
            match total.converted.and_then(|all| all.amount) {
                Some(together) => prop_assert!(2 * (i128::from(together) - alone).abs() <= roundings),
                // Beyond what JSON carries exactly.
                None => prop_assert!(alone.abs() > 9_007_000_000_000_000),
            }
        }
    }
}
