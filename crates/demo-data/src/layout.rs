//! Where contacts stand in a base: which one is a company, of which country, and who came before.
//!
//! Contacts stand in *blocks* of eight: a company and seven people of the same culture. Forty
//! blocks make a *round* in which every culture has a fixed number of places in an order of its
//! own. So the number of a company among those of its culture or country, and the other way round,
//! is arithmetic: any contact can be made without making those before it, and what it refers to
//! always stands before it.

use crate::{
    cultures::{self, Culture},
    random::{Draw, Purpose, keyed},
};

/// Contacts in a block: the company comes first.
pub(crate) const BLOCK: u64 = 8;
/// Blocks in a round.
pub(crate) const ROUND: u64 = 40;
/// Of so many companies of a culture one is a holding.
const COMPANIES_PER_HOLDING: u64 = 10;

/// A company with its people, by position in the base.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    pub(crate) number: u64,
    pub(crate) culture: &'static Culture,
    /// How the blocks of this culture are numbered: without gaps, not in order of appearance.
    pub(crate) rank: u64,
}

impl Block {
    pub(crate) fn at(seed: u64, number: u64) -> Option<Self> {
        let (round, position) = (number / ROUND, number % ROUND);
        let place = Order::of(seed, round).place(position);
        let (culture, rank_in_round) = cultures::at_place(place)?;
        Some(Self { number, culture, rank: round * culture.places + rank_in_round })
    }

    /// The number of this block among those of its country.
    pub(crate) fn country_rank(&self) -> u64 {
        let (round, rank) = (self.rank / self.culture.places, self.rank % self.culture.places);
        let country = cultures::of_country(self.culture.country);
        round * country.places + self.culture.first_place - country.first_place + rank
    }

    /// The index of the company.
    pub(crate) const fn company(&self) -> u64 {
        self.number * BLOCK
    }

    /// Whether the company of this block owns others.
    pub(crate) const fn is_holding(&self) -> bool {
        self.rank.is_multiple_of(COMPANIES_PER_HOLDING)
    }

    /// A block whose company may employ people of this one: any earlier one of the country, with a
    /// long tail of sizes, or this one itself in a young base.
    pub(crate) fn employer(&self, seed: u64, draw: &mut Draw) -> Option<Self> {
        let country = cultures::of_country(self.culture.country);
        let round = self.number / ROUND;
        if round > 0 {
            let rank = draw.long_tailed(round * country.places);
            let place = country.first_place + rank % country.places;
            return Self::at(seed, number_of(seed, rank / country.places, place));
        }
        let earlier = (0..=self.number)
            .filter_map(|number| Self::at(seed, number))
            .filter(|block| block.culture.country == self.culture.country);
        pick_of(draw, earlier)
    }

    /// An earlier holding of the same culture, if there is one.
    pub(crate) fn earlier_holding(&self, seed: u64, draw: &mut Draw) -> Option<Self> {
        let places = self.culture.places;
        let round = self.number / ROUND;
        let holdings = (round * places).div_ceil(COMPANIES_PER_HOLDING);
        if holdings > 0 {
            let rank = draw.long_tailed(holdings) * COMPANIES_PER_HOLDING;
            let place = self.culture.first_place + rank % places;
            return Self::at(seed, number_of(seed, rank / places, place));
        }
        let earlier = (0..self.number)
            .filter_map(|number| Self::at(seed, number))
            .filter(|block| block.is_holding() && block.culture.id == self.culture.id);
        pick_of(draw, earlier)
    }
}

fn pick_of(draw: &mut Draw, candidates: impl Iterator<Item = Block>) -> Option<Block> {
    let candidates: Vec<Block> = candidates.collect();
    draw.pick(&candidates).copied()
}

fn number_of(seed: u64, round: u64, place: u64) -> u64 {
    round * ROUND + Order::of(seed, round).position(place)
}

/// The order of the places within one round: `place = factor * position + shift`, modulo the size
/// of the round.
#[derive(Clone, Copy, Debug)]
struct Order {
    factor: u64,
    shift: u64,
}

impl Order {
    const fn of(seed: u64, round: u64) -> Self {
        /// All that share no divisor with the size of a round.
        const FACTORS: [u64; 16] = [1, 3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29, 31, 33, 37, 39];
        let key = keyed(seed, Purpose::Layout, round);
        #[expect(clippy::indexing_slicing, reason = "a remainder by the length is in range")]
        let factor = FACTORS[(key % FACTORS.len() as u64) as usize];
        Self { factor, shift: (key >> 32) % ROUND }
    }

    const fn place(self, position: u64) -> u64 {
        (self.factor * position + self.shift) % ROUND
    }

    const fn position(self, place: u64) -> u64 {
        // The fourth power of every factor is 1 modulo 40, so its cube is its inverse.
        let inverse = self.factor * self.factor * self.factor % ROUND;
        inverse * (place + ROUND - self.shift) % ROUND
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_order_of_a_round_can_be_reversed() {
        for round in 0..200 {
            let order = Order::of(5, round);
            for position in 0..ROUND {
                assert_eq!(order.position(order.place(position)), position, "{order:?}");
            }
        }
    }

    #[test]
    fn ranks_are_unique_and_without_gaps() {
        let blocks: Vec<Block> = (0..50 * ROUND).map(|number| Block::at(11, number).unwrap()).collect();
        for culture in cultures::all() {
            let of_culture = blocks.iter().filter(|block| block.culture.id == culture.id);
            let ranks: BTreeSet<u64> = of_culture.map(|block| block.rank).collect();
            assert!(ranks.into_iter().eq(0..50 * culture.places));

            let of_country = blocks.iter().filter(|block| block.culture.country == culture.country);
            let ranks: BTreeSet<u64> = of_country.map(Block::country_rank).collect();
            let places = cultures::of_country(culture.country).places;
            assert!(ranks.into_iter().eq(0..50 * places));
        }
    }

    #[test]
    fn employers_and_holdings_stand_before() {
        for number in 0..20 * ROUND {
            let block = Block::at(2, number).unwrap();
            let mut draw = Draw::new(2, Purpose::Person, number);
            let employer = block.employer(2, &mut draw).unwrap();
            assert!(employer.number <= number);
            assert_eq!(employer.culture.country, block.culture.country);
            if let Some(holding) = block.earlier_holding(2, &mut draw) {
                assert!(holding.number < number && holding.is_holding());
                assert_eq!(holding.culture.id, block.culture.id);
            }
        }
    }
}
