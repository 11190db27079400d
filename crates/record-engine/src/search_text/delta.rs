//! What a changed text means for SQLite's trigram index: which trigrams leave it and which come.
//!
//! FTS5 takes texts, not trigrams, so both sides are pieces of the two texts. A piece of the new text may hold trigrams that the index has
//! already, which changes nothing; a piece of the old text must not hold any that the new one still has. A remark that is added to a card
//! costs its own trigrams and not those of all that stands beside it, which made a change of a whole base twenty times as fast as
//! writing each text anew; FTS5's way of deleting a row of an index without content costs seconds at a time when the rows follow each other.
//!
//! What must stay true: FTS5 counts the tokens that came and went, and calls the index corrupt when more went than came. So for each record
//! the tokens that came, less those that went, are never fewer than its text has trigrams: see [`Delta::between`].

use std::ops::Range;

/// Between pieces that do not follow each other. It stands in no text that people search, so the trigrams over it mean nothing.
const SEPARATOR: char = '\u{1}';
/// Characters of a trigram.
const WIDTH: usize = 3;

/// The texts to take from the index and to put into it, for one record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Delta {
    /// Its trigrams leave; empty when none does.
    pub removed: String,
    /// Its trigrams come.
    pub added: String,
}

impl Delta {
    /// From the text that is in the index to the one that will be.
    ///
    /// With `n` trigrams in a text, repeated ones counted each time, `removed` has `r` and `added` has `a`, and `a - r >= n(new) - n(old)`: if
    /// the index counts at least `n(old)` tokens for the record before, it counts at least `n(new)` after.
    pub fn between(old: &str, new: &str) -> Delta {
        Self::of_the_middle(old, new).unwrap_or_else(|| Delta { removed: old.to_owned(), added: new.to_owned() })
    }

    /// `None` when it would be as long as both texts.
    fn of_the_middle(old: &str, new: &str) -> Option<Delta> {
        if old.contains(SEPARATOR) || new.contains(SEPARATOR) {
            return None;
        }
        let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
        let shorter = old.len().min(new.len());
        let prefix = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
        let rest = old.iter().rev().zip(new.iter().rev()).take(shorter - prefix);
        let suffix = rest.take_while(|(one, other)| one == other).count();
        let (from, to) = (middle(old.len(), prefix, suffix), middle(new.len(), prefix, suffix));
        let (removed, gone) = vanished(&old, from.clone(), &new);
        // What the separators count more than what stays between the pieces has to come back with the new text.
        let short = gone.saturating_sub(from.len());
        let to = widened(to, short, trigram_count(new.len()))?;
        if gone + to.len() >= trigram_count(old.len()) + trigram_count(new.len()) {
            return None;
        }
        let added = if to.is_empty() { String::new() } else { piece(&new, &to) };
        Some(Delta { removed, added })
    }
}

fn trigram_count(length: usize) -> usize {
    length.saturating_sub(WIDTH - 1)
}

/// Where the trigrams begin that lie neither wholly in the common beginning nor wholly in the common end.
fn middle(length: usize, prefix: usize, suffix: usize) -> Range<usize> {
    let start = trigram_count(prefix);
    start..(trigram_count(length) - trigram_count(suffix)).max(start)
}

/// The range with `by` more trigrams, of `count` that there are.
fn widened(range: Range<usize>, by: usize, count: usize) -> Option<Range<usize>> {
    let after = by.min(count - range.end);
    let start = range.start.checked_sub(by - after)?;
    Some(start..range.end + after)
}

/// The characters of the trigrams of a range.
fn piece(text: &[char], range: &Range<usize>) -> String {
    text.get(range.start..range.end + WIDTH - 1).into_iter().flatten().collect()
}

/// The pieces of `old` within `range` whose trigrams `new` does not have, and how many trigrams they make with their separators.
fn vanished(old: &[char], range: Range<usize>, new: &[char]) -> (String, usize) {
    if range.is_empty() {
        return (String::new(), 0);
    }
    let mut kept: Vec<&[char]> = new.windows(WIDTH).collect();
    kept.sort_unstable();
    let is_gone = |at: usize| old.get(at..at + WIDTH).is_some_and(|three| kept.binary_search(&three).is_err());
    let mut pieces: Vec<String> = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let run = (at..range.end).take_while(|place| is_gone(*place)).count();
        if run > 0 {
            pieces.push(piece(old, &(at..at + run)));
        }
        at += run + 1;
    }
    let text = pieces.join(&SEPARATOR.to_string());
    let count = trigram_count(text.chars().count());
    (text, count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn trigrams(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        chars.windows(WIDTH).map(|three| three.iter().collect()).collect()
    }

    /// The index as it stands for one record: its trigrams, and the tokens that FTS5 counts.
    #[derive(Default)]
    struct Index {
        held: BTreeSet<String>,
        counted: i64,
    }

    impl Index {
        fn follow(&mut self, delta: &Delta) {
            for gone in trigrams(&delta.removed) {
                self.held.remove(&gone);
                self.counted -= 1;
            }
            for came in trigrams(&delta.added) {
                self.held.insert(came);
                self.counted += 1;
            }
        }

        fn meaning(&self) -> BTreeSet<&str> {
            self.held.iter().map(String::as_str).filter(|three| !three.contains(SEPARATOR)).collect()
        }
    }

    proptest! {
        #[test]
        fn the_index_holds_what_the_text_has(texts in prop::collection::vec("[abc ё\u{1}]{0,40}", 1..12)) {
            let mut index = Index::default();
            let mut old = String::new();
            for new in texts {
                index.follow(&Delta::between(&old, &new));
                let wanted = trigrams(&new);
                let meaning: BTreeSet<&str> = wanted.iter().map(String::as_str).filter(|three| !three.contains(SEPARATOR)).collect();
                prop_assert_eq!(index.meaning(), meaning);
                prop_assert!(index.counted >= i64::try_from(wanted.len()).unwrap_or_default());
                old = new;
            }
        }
    }

    #[test]
    fn an_added_word_costs_its_own_trigrams() {
        let delta = Delta::between("иванов иван 79001234567", "иванов иван 79001234567 проверено");
        assert_eq!(delta, Delta { removed: String::new(), added: "67 проверено".to_owned() });
        let back = Delta::between("иванов иван 79001234567 проверено", "иванов иван 79001234567");
        assert_eq!(back, Delta { removed: "67 проверено".to_owned(), added: String::new() });
    }

    #[test]
    fn what_stands_elsewhere_stays() {
        let delta = Delta::between("анна каренина анна", "анна каренина");
        assert_eq!(delta, Delta { removed: "а ан".to_owned(), added: String::new() });
    }
}
