//! Reproducible chance: the same numbers give the same throws, on every machine.

/// See the module.
#[derive(Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for one purpose, told apart by numbers.
    pub fn of(numbers: &[u64]) -> Dice {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        for number in numbers {
            dice.0 ^= number.wrapping_mul(0xD6E8_FEB8_6659_FD93);
            dice.next();
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below a number.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    /// One time in so many.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}
