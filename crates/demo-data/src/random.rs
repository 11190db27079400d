//! Reproducible randomness: a stream of numbers per contact, keyed permutations, a long-tailed choice.
//!
//! Only integer arithmetic is used, so a seed gives the same base on every platform and with every
//! version of the standard library. Not for secrets.

/// One step of splitmix64: turns any number into a well mixed one.
const fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// A number that depends on the seed, on what it is for and on whom it is for.
pub(crate) const fn keyed(seed: u64, purpose: Purpose, subject: u64) -> u64 {
    mix(mix(mix(seed) ^ purpose as u64) ^ subject)
}

/// What a number is drawn for, so that two uses of one seed do not follow each other.
///
/// The values are part of what a seed means: append, never renumber.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Layout = 1,
    CompanyCore = 2,
    CompanyRest = 3,
    Person = 4,
    Names = 5,
    Brands = 6,
    BrandsWithActivity = 7,
    Mobile = 8,
    Landline = 9,
    Work = 10,
}

/// A stream of reproducible choices.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    state: u64,
}

impl Draw {
    pub(crate) const fn new(seed: u64, purpose: Purpose, subject: u64) -> Self {
        Self { state: keyed(seed, purpose, subject) }
    }

    const fn next(&mut self) -> u64 {
        let value = mix(self.state);
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        value
    }

    /// A number in `0..bound`; zero when the bound is zero.
    pub(crate) const fn below(&mut self, bound: u64) -> u64 {
        ((self.next() as u128 * bound as u128) >> 64) as u64
    }

    /// A number in `low..=high`.
    pub(crate) const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True in `percent` cases of a hundred.
    pub(crate) const fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the items, all equally likely; `None` only from an empty list.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(items.len() as u64);
        items.get(index as usize)
    }

    /// One of the texts; empty only from an empty list.
    pub(crate) fn pick_text(&mut self, items: &[&'static str]) -> &'static str {
        self.pick(items).copied().unwrap_or_default()
    }

    /// One of the choices by their weights, which are parts of a hundred; what is missing to a
    /// hundred is the chance of `None`.
    pub(crate) fn pick_weighted(&mut self, choices: &[(u64, &'static str)]) -> Option<&'static str> {
        let mut roll = self.below(100);
        for &(weight, choice) in choices {
            if roll < weight {
                return Some(choice);
            }
            roll -= weight;
        }
        None
    }

    /// A number in `0..count` where small ones are far more likely, as sizes of companies are: the
    /// chance of `k` falls like `1 / (k + q)`. The offset `q` grows with the square root of the
    /// count, which keeps the largest company at a few thousand people in a base of ten million.
    pub(crate) fn long_tailed(&mut self, count: u64) -> u64 {
        let offset = (count.isqrt() / 2).max(1);
        let mut levels = 1;
        while (offset << levels) - offset < count {
            levels += 1;
        }
        // Every level is twice as wide as the one before and equally likely. The last one may
        // reach beyond the count; drawing again keeps the shape.
        for _ in 0..16 {
            let width = offset << self.below(levels);
            let choice = width - offset + self.below(width);
            if choice < count {
                return choice;
            }
        }
        self.below(count)
    }
}

/// A keyed permutation of `0..size`: different inputs give different outputs, in no visible order.
/// This is what makes phones, names and brands unique without remembering the ones given out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permutation {
    size: u64,
    half_bits: u32,
    keys: [u64; 4],
}

impl Permutation {
    pub(crate) const fn new(seed: u64, purpose: Purpose, subject: u64, size: u64) -> Self {
        let bits = u64::BITS - size.saturating_sub(1).leading_zeros();
        let first = keyed(seed, purpose, subject);
        let (second, third, fourth) = (mix(first), mix(first ^ 1), mix(first ^ 2));
        Self { size, half_bits: if bits < 2 { 1 } else { bits.div_ceil(2) }, keys: [first, second, third, fourth] }
    }

    /// The image of `value`, which must lie in `0..size`.
    pub(crate) const fn apply(&self, value: u64) -> u64 {
        debug_assert!(value < self.size, "outside of the permuted range");
        // A Feistel network permutes a power of four that is slightly too large; walking on
        // until the value falls into the range keeps it a permutation.
        let mut value = self.round_trip(value);
        while value >= self.size {
            value = self.round_trip(value);
        }
        value
    }

    const fn round_trip(&self, value: u64) -> u64 {
        let mask = (1 << self.half_bits) - 1;
        let (mut left, mut right) = (value >> self.half_bits, value & mask);
        let [first, second, third, fourth] = self.keys;
        (left, right) = (right, left ^ (mix(right ^ first) & mask));
        (left, right) = (right, left ^ (mix(right ^ second) & mask));
        (left, right) = (right, left ^ (mix(right ^ third) & mask));
        (left, right) = (right, left ^ (mix(right ^ fourth) & mask));
        (left << self.half_bits) | right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_gives_every_value_once() {
        for size in [1, 2, 3, 40, 1_000, 4_097] {
            let permutation = Permutation::new(7, Purpose::Names, size, size);
            let mut images: Vec<u64> = (0..size).map(|value| permutation.apply(value)).collect();
            images.sort_unstable();
            assert!(images.into_iter().eq(0..size), "size {size}");
        }
    }

    #[test]
    fn a_long_tail_stays_in_range_and_prefers_the_first() {
        let mut draw = Draw::new(1, Purpose::Person, 0);
        for count in [1, 2, 3, 10, 1_000] {
            assert!((0..1_000).all(|_| draw.long_tailed(count) < count), "count {count}");
        }
        let small = (0..10_000).filter(|_| draw.long_tailed(10_000) < 100).count();
        assert!((1_500..6_000).contains(&small), "{small} of 10,000 in the first hundredth");
    }

    #[test]
    fn weights_are_parts_of_a_hundred() {
        let mut draw = Draw::new(1, Purpose::Person, 0);
        let choices = [(50, "a"), (25, "b")];
        let missing = (0..10_000).filter(|_| draw.pick_weighted(&choices).is_none()).count();
        assert!((2_200..2_800).contains(&missing), "{missing}");
    }
}
