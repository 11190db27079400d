//! What a line comes to: exact fractions of whole numbers, each amount rounded once, half away from zero.

use record_engine::decimal::{divided, power};

use super::{DISCOUNT_PLACES, QUANTITY_PLACES, TAX_PLACES};

/// A tax on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    /// Percent, as a whole number of its last place (four places).
    pub percent: i64,
    /// The price has it already.
    pub is_included: bool,
}

/// What a line is counted of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Of one piece, in minor units.
    pub price: i64,
    /// In thousandths.
    pub quantity: i64,
    /// Percent in hundredths.
    pub discount: i64,
    /// At most two.
    pub taxes: [Option<Tax>; 2],
}

/// What a line comes to, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Price times quantity less discount.
    pub amount: i64,
    /// Each tax.
    pub taxes: [Option<i64>; 2],
    /// What is to be paid: the amount and the taxes that are not in it already.
    pub total: i64,
}

/// Counts a line; `None` beyond what is counted with.
///
/// Taxes are counted on the amount without those that the price includes, each by itself: an amount `a` with included taxes of `i` percent in all has a tax
/// of `p` percent of `a × p / (100 + i)`, whether this one is included or not.
pub fn amounts(terms: Terms) -> Option<Amounts> {
    let hundred = |places: u32| power(places + 2);
    let rest = hundred(DISCOUNT_PLACES)?.checked_sub(terms.discount.into())?;
    let whole = i128::from(terms.price).checked_mul(terms.quantity.into())?.checked_mul(rest)?;
    let amount = divided(whole, power(QUANTITY_PLACES)?.checked_mul(hundred(DISCOUNT_PLACES)?)?)?;
    let included: i128 =
        terms.taxes.iter().flatten().filter(|tax| tax.is_included).map(|tax| i128::from(tax.percent)).sum();
    let over = hundred(TAX_PLACES)?.checked_add(included)?;
    let mut taxes = [None; 2];
    let mut total = amount;
    for (tax, counted) in terms.taxes.iter().zip(&mut taxes) {
        let Some(tax) = tax else { continue };
        let of_tax = divided(amount.checked_mul(tax.percent.into())?, over)?;
        if !tax.is_included {
            total = total.checked_add(of_tax)?;
        }
        *counted = Some(i64::try_from(of_tax).ok()?);
    }
    Some(Amounts { amount: i64::try_from(amount).ok()?, taxes, total: i64::try_from(total).ok()? })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::{Amounts, Tax, Terms, amounts};

    fn tax(percent: i64, is_included: bool) -> Option<Tax> {
        Some(Tax { percent: percent * 10_000, is_included })
    }

    #[test]
    fn lines_come_to() {
        let check = |price: i64,
                     quantity: i64,
                     discount: i64,
                     taxes: [Option<Tax>; 2],
                     expect: (i64, [Option<i64>; 2], i64)| {
            let got = amounts(Terms { price, quantity, discount, taxes }).unwrap();
            let expect = Amounts { amount: expect.0, taxes: expect.1, total: expect.2 };
            assert_eq!(got, expect, "{price} × {quantity} − {discount}");
        };
        check(10_000, 2_000, 0, [None, None], (20_000, [None, None], 20_000));
        // 20 % on top, and within.
        check(10_000, 1_000, 0, [tax(20, false), None], (10_000, [Some(2_000), None], 12_000));
        check(12_000, 1_000, 0, [tax(20, true), None], (12_000, [Some(2_000), None], 12_000));
        // A third less: 0.6667 of 99.99 is 66.66.
        check(9_999, 1_000, 3_333, [None, None], (6_666, [None, None], 6_666));
        // Half a kopeck goes away from zero, also below it.
        check(1, 500, 0, [None, None], (1, [None, None], 1));
        check(-1, 500, 0, [None, None], (-1, [None, None], -1));
        // One within and one on top: 100 with 20 % is 83.33 without, of which 5 % is 4.17.
        check(10_000, 1_000, 0, [tax(20, true), tax(5, false)], (10_000, [Some(1_667), Some(417)], 10_417));
        check(10_000, 1_000, 10_000, [tax(20, false), None], (0, [Some(0), None], 0));
        assert_eq!(amounts(Terms { price: i64::MAX, quantity: i64::MAX, discount: 0, taxes: [None; 2] }), None);
    }

    /// A fraction, slow and plain.
    #[derive(Clone, Copy)]
    struct Ratio(i128, i128);

    impl Ratio {
        fn times(self, other: Ratio) -> Ratio {
            let (over, under) = (self.0 * other.0, self.1 * other.1);
            let (mut a, mut b) = (over.abs(), under.abs());
            while b != 0 {
                (a, b) = (b, a % b);
            }
            Ratio(over / a.max(1), under / a.max(1))
        }

        /// The nearest whole number, of two the one further from zero.
        fn rounded(self) -> i128 {
            let floor = (2 * self.0.abs() + self.1.abs()).div_euclid(2 * self.1.abs());
            if (self.0 < 0) == (self.1 < 0) { floor } else { -floor }
        }
    }

    proptest! {
        /// The same by fractions that are carried from step to step and rounded at the end.
        #[test]
        fn a_line_is_what_fractions_say(
            price in -9_999_999_999_i64..=9_999_999_999,
            quantity in 0_i64..=999_999_999,
            discount in 0_i64..=10_000,
            first in 0_i64..=1_000_000,
            second in 0_i64..=1_000_000,
            kinds in 0_u8..9,
        ) {
            let of = |percent: i64, kind: u8| (kind > 0).then_some(Tax { percent, is_included: kind == 1 });
            let taxes = [of(first, kinds % 3), of(second, kinds / 3)];
            let got = amounts(Terms { price, quantity, discount, taxes }).unwrap();
            let amount = Ratio(price.into(), 1)
                .times(Ratio(quantity.into(), 1_000))
                .times(Ratio(10_000 - i128::from(discount), 10_000))
                .rounded();
            prop_assert_eq!(i128::from(got.amount), amount);
            let within: i128 = taxes.iter().flatten().filter(|tax| tax.is_included).map(|tax| i128::from(tax.percent)).sum();
            let base = Ratio(amount, 1).times(Ratio(1_000_000, 1_000_000 + within));
            let mut total = amount;
            for (tax, counted) in taxes.iter().zip(got.taxes) {
                let expect = tax.map(|tax| base.times(Ratio(tax.percent.into(), 1_000_000)).rounded());
                prop_assert_eq!(counted.map(i128::from), expect);
                total += expect.filter(|_| tax.is_some_and(|tax| !tax.is_included)).unwrap_or_default();
            }
            prop_assert_eq!(i128::from(got.total), total);
        }
    }
}
