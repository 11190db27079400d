//! A believable demo base: people and companies of Ukraine, Kazakhstan, Russia, Belarus and Poland
//! with names, phones, addresses and remarks as real cards have them, and the work that is done for them.
//!
//! What must stay true:
//! - The same seed gives the same contacts on every platform and in every release; a golden test
//!   watches it. The contacts of a small base are the beginning of a larger one.
//! - Any contact can be made by its index alone, in constant time and memory. What must be unique
//!   (phones, e-mail addresses, websites, handles) is unique by construction: permutations of the
//!   index, not sets of what was given out.
//! - A contact refers only to contacts with smaller indexes, so a base can be written in order.
//! - E-mail addresses and websites end in the reserved `.example`. Phone numbers are valid, and may
//!   belong to somebody: nothing may call or text them by itself.
//!
//! It does no input or output and knows no database: the caller turns a [`DemoContact`] into
//! records.
//!
//! ```
//! use demo_data::DemoBase;
//!
//! let base = DemoBase { contacts: 1_000, seed: 1 };
//! assert_eq!(base.iter().count(), 1_000);
//! assert_eq!(base.iter().nth(17), Some(base.contact(17)));
//! ```

mod brands;
mod companies;
mod contact;
mod cultures;
mod digits;
mod labels;
mod layout;
mod names;
mod patronymics;
mod people;
mod phones;
mod phrases;
mod places;
mod random;
mod team;
mod transliteration;
mod users;
mod work;

pub use contact::{ContactKind, DemoAddress, DemoChannel, DemoContact, Gender};
pub use labels::{DemoGroup, DemoTag, GROUPS, TAGS, groups_of, tags_of};
pub use users::{DemoUser, USERS};
pub use work::{DemoDeal, DemoEvent, DemoNote, DemoTask, DemoWork, Goods, catalogue};

use layout::{BLOCK, Block};

/// A base of a given size. Up to a hundred million contacts all of them have phones; beyond that
/// the numbers of the smaller countries run out, and later contacts have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoBase {
    /// How many contacts [`Self::iter`] gives.
    pub contacts: u64,
    /// Which of the possible bases it is.
    pub seed: u64,
}

impl DemoBase {
    /// All contacts in order of their index, made one at a time.
    pub fn iter(&self) -> impl Iterator<Item = DemoContact> + use<> {
        let base = *self;
        (0..base.contacts).map(move |index| base.contact(index))
    }

    /// The contact at an index, which may lie beyond the size of the base.
    #[must_use]
    pub fn contact(&self, index: u64) -> DemoContact {
        let made = Block::at(self.seed, index / BLOCK).and_then(|block| match index % BLOCK {
            0 => companies::company(self.seed, &block),
            position => people::person(self.seed, &block, position),
        });
        #[expect(clippy::expect_used, reason = "every look-up is by a remainder within a list")]
        made.expect("the lists of names and places are not empty")
    }
}
