//! What an amount in one currency is in another on a day: exact fractions, rounded once.
//!
//! The rate of a day is the newest on or before it. Where there is none in the wanted currency, both are counted through a third one in which there
//! are rates of both, as they are after the company has changed its currency.

use std::collections::{BTreeMap, BTreeSet};

use database::Query;
use record_engine::currency;
use record_engine::decimal::{divided, power};
use record_engine::error::Result;

/// There is no rate of a currency on a day, nor before it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Missing {
    /// ISO 4217.
    pub currency: String,
    /// `YYYY-MM-DD`.
    pub date: String,
}

/// What one major unit of a currency costs in major units of another: an exact fraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    numerator: i128,
    denominator: i128,
    /// The day of the rate, of the older one when there are two; `None` between a currency and itself.
    pub date: Option<String>,
}

impl Rate {
    /// `scaled` of the last place of a rate, for so many units.
    fn new(scaled: i64, units: i64, date: &str) -> Rate {
        Rate { numerator: scaled.into(), denominator: i128::from(units) * RATE_SCALE, date: Some(date.to_owned()) }
            .reduced()
    }

    fn one() -> Rate {
        Rate { numerator: 1, denominator: 1, date: None }
    }

    /// One after the other, the second turned around.
    fn over(&self, other: &Rate) -> Option<Rate> {
        let date = match (&self.date, &other.date) {
            (Some(own), Some(others)) => Some(own.min(others).clone()),
            (own, others) => own.clone().or_else(|| others.clone()),
        };
        Some(
            Rate {
                numerator: self.numerator.checked_mul(other.denominator)?,
                denominator: self.denominator.checked_mul(other.numerator)?,
                date,
            }
            .reduced(),
        )
    }

    /// In lowest terms, so that large amounts stay within what is counted with.
    fn reduced(self) -> Rate {
        let (mut a, mut b) = (self.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let common = i128::try_from(a.max(1)).unwrap_or(1);
        Rate { numerator: self.numerator / common, denominator: self.denominator / common, date: self.date }
    }

    /// An amount in minor units of `from` in those of `to`, half away from zero; `None` beyond what is counted with.
    pub fn convert(&self, amount: i128, from: &str, to: &str) -> Option<i128> {
        self.convert_parts(amount, 1, from, to)
    }

    /// The same of an amount in parts of a minor unit, so many of which are one: it is rounded once.
    pub fn convert_parts(&self, amount: i128, parts: i128, from: &str, to: &str) -> Option<i128> {
        let places = Rate {
            numerator: self.numerator.checked_mul(power(currency::places(to))?)?,
            denominator: self.denominator.checked_mul(power(currency::places(from))?)?.checked_mul(parts)?,
            date: None,
        }
        .reduced();
        divided(amount.checked_mul(places.numerator)?, places.denominator)
    }
}

/// Units of the last place of a rate in one.
const RATE_SCALE: i128 = 10_i128.pow(super::objects::RATE_PLACES as u32);

/// The rates of one currency in another, by their days.
type ByDay = BTreeMap<String, (i64, i64)>;

/// The rates of an installation.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// By currency and the one that it is counted in.
    known: BTreeMap<(String, String), ByDay>,
}

impl Rates {
    /// Adds the rate of a day: `scaled` of its last place for so many units.
    pub fn put(&mut self, currency: &str, base: &str, date: &str, scaled: i64, units: i64) {
        let days = self.known.entry((currency.to_owned(), base.to_owned())).or_default();
        days.insert(date.to_owned(), (scaled, units));
    }

    /// The rate of `from` in `to` on a day.
    ///
    /// # Errors
    /// [`Missing`], of whichever of the two has none.
    pub fn at(&self, from: &str, to: &str, date: &str) -> std::result::Result<Rate, Missing> {
        let missing = |currency: &str| Missing { currency: currency.to_owned(), date: date.to_owned() };
        if from == to {
            return Ok(Rate::one());
        }
        if let Some(rate) = self.stored(from, to, date) {
            return Ok(rate);
        }
        let bases: BTreeSet<&String> = self.known.keys().map(|(_, base)| base).filter(|base| *base != to).collect();
        let within = |currency: &str, base: &str| {
            if currency == base { Some(Rate::one()) } else { self.stored(currency, base, date) }
        };
        // Of several ways the one with the newest rates.
        let through = |base: &&String| within(from, base)?.over(&within(to, base)?);
        let newest = bases.iter().filter_map(through).max_by(|one, other| one.date.cmp(&other.date));
        newest.ok_or_else(|| missing(from))
    }

    fn stored(&self, currency: &str, base: &str, date: &str) -> Option<Rate> {
        let days = self.known.get(&(currency.to_owned(), base.to_owned()))?;
        let (day, (scaled, units)) = days.range(..=date.to_owned()).next_back()?;
        (*scaled > 0 && *units > 0).then(|| Rate::new(*scaled, *units, day))
    }
}

/// The ids of the currencies by their codes.
pub type Ids = BTreeMap<String, i64>;

/// Reads which currency is which record.
///
/// # Errors
/// Those of the database.
pub fn ids(tx: &mut dyn Query) -> Result<Ids> {
    let rows = tx.query("SELECT code, id FROM currency WHERE deleted_at IS NULL", &[])?;
    rows.iter().map(|row| Ok((row.text(0)?, row.integer(1)?))).collect()
}

/// Reads all rates.
///
/// # Errors
/// Those of the database.
pub fn load(tx: &mut dyn Query) -> Result<Rates> {
    const SQL: &str = "SELECT c.code, r.base, r.date, r.rate, r.units FROM currency_rate r JOIN currency c ON c.id = r.currency \
                       WHERE r.deleted_at IS NULL AND r.base IS NOT NULL AND r.rate IS NOT NULL AND r.date IS NOT NULL";
    let mut rates = Rates::default();
    for row in tx.query(SQL, &[])? {
        let units = row.optional_integer(4)?.unwrap_or(1);
        rates.put(&row.text(0)?, &row.text(1)?, &row.text(2)?, row.integer(3)?, units);
    }
    Ok(rates)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::{Missing, Rates};

    /// One dollar costs 41.25 from 2 November and 42 from 10 November; a hundred tenge 8.05; one yen 0.27; one dinar 134.5.
    fn rates() -> Rates {
        let mut rates = Rates::default();
        rates.put("USD", "UAH", "2026-11-02", 41_250_000, 1);
        rates.put("USD", "UAH", "2026-11-10", 42_000_000, 1);
        rates.put("KZT", "UAH", "2026-11-02", 8_050_000, 100);
        rates.put("JPY", "UAH", "2026-11-02", 270_000, 1);
        rates.put("KWD", "UAH", "2026-11-02", 134_500_000, 1);
        rates
    }

    #[test]
    fn the_newest_rate_on_or_before_a_day_counts() {
        let check = |from: &str, to: &str, date: &str, amount: i128, expect: Result<i128, &str>| {
            let got = rates().at(from, to, date).map(|rate| rate.convert(amount, from, to).unwrap());
            let expect = expect.map_err(|currency| Missing { currency: currency.into(), date: date.into() });
            assert_eq!(got, expect, "{amount} {from} in {to} at {date}");
        };
        check("USD", "UAH", "2026-11-02", 100, Ok(4_125));
        // A gap: the last rate before it.
        check("USD", "UAH", "2026-11-09", 100, Ok(4_125));
        check("USD", "UAH", "2026-11-10", 100, Ok(4_200));
        // A day to come.
        check("USD", "UAH", "2027-05-01", 100, Ok(4_200));
        check("USD", "UAH", "2026-11-01", 100, Err("USD"));
        check("PLN", "UAH", "2026-11-10", 100, Err("PLN"));
        check("UAH", "UAH", "2020-01-01", 1_234, Ok(1_234));
        // For a hundred units; half away from zero.
        check("KZT", "UAH", "2026-11-02", 100_000, Ok(8_050));
        check("KZT", "UAH", "2026-11-02", -100, Ok(-8));
        check("USD", "UAH", "2026-11-02", 2, Ok(83));
        check("USD", "UAH", "2026-11-02", -2, Ok(-83));
        // Other decimal places, in and out.
        check("JPY", "UAH", "2026-11-02", 1_000, Ok(27_000));
        check("KWD", "UAH", "2026-11-02", 1_000, Ok(13_450));
        check("KWD", "UAH", "2026-11-02", 1, Ok(13));
        check("UAH", "JPY", "2026-11-02", 2_700, Ok(100));
        check("UAH", "KWD", "2026-11-02", 13_450, Ok(1_000));
    }

    #[test]
    fn another_currency_of_the_company_loses_no_rate() {
        // 42 UAH for a dollar and 8.05 for a hundred tenge: a tenge in dollars by both.
        let rate = rates().at("KZT", "USD", "2026-11-10").unwrap();
        assert_eq!(rate.convert(1_000_000, "KZT", "USD"), Some(1_917));
        assert_eq!(rate.date.as_deref(), Some("2026-11-02"));
        // A rate of its own comes first.
        let mut rates = rates();
        rates.put("KZT", "USD", "2026-11-09", 2_000, 1);
        assert_eq!(rates.at("KZT", "USD", "2026-11-10").unwrap().convert(1_000_000, "KZT", "USD"), Some(2_000));
        assert_eq!(
            rates.at("PLN", "USD", "2026-11-10"),
            Err(Missing { currency: "PLN".into(), date: "2026-11-10".into() })
        );
    }

    #[test]
    fn large_sums_stay_exact_or_are_none() {
        let rate = rates().at("USD", "UAH", "2026-11-10").unwrap();
        assert_eq!(rate.convert(9_007_199_254_740_991_000_000, "USD", "UAH"), Some(378_302_368_699_121_622_000_000));
        assert_eq!(rate.convert(i128::MAX, "USD", "UAH"), None);
    }
}
