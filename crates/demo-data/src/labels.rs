//! The groups and tags of the demo base, and which contact stands in which.
//!
//! What must stay true: they follow from the contact alone, so that a contact is made by its index as before, and adding one here changes no
//! other value of a contact.

use crate::{ContactKind, DemoContact};

/// A group of the demo base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoGroup {
    /// Its name.
    pub name: &'static str,
    /// The group that it stands in, by its position in [`GROUPS`]; always an earlier one.
    pub parent: Option<usize>,
    /// The rule of one that fills itself, in the filter language.
    pub rule: Option<&'static str>,
}

/// A tag of the demo base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoTag {
    /// Its name.
    pub name: &'static str,
    /// The key of its colour.
    pub color: &'static str,
}

const KEY_CLIENTS: usize = 1;
const EXHIBITION: usize = 8;
const GREETINGS: usize = 9;

/// The groups: by hand and by rule, three trees.
pub const GROUPS: &[DemoGroup] = &[
    by_hand("Клієнти", None),
    by_hand("Ключові клієнти", Some(0)),
    by_rule("Гарячі клієнти", 0, "contact_type = client and warmth = hot"),
    by_hand("Регіони", None),
    by_rule("Україна", 3, "addresses.country = \"UA\""),
    by_rule("Казахстан", 3, "addresses.country = \"KZ\""),
    by_rule("Польща", 3, "addresses.country = \"PL\""),
    by_hand("Розсилки", None),
    by_hand("Запросити на виставку", Some(7)),
    by_hand("Привітати з Новим роком", Some(7)),
];

/// The tags.
pub const TAGS: &[DemoTag] = &[
    DemoTag { name: "VIP", color: "red" },
    DemoTag { name: "Прайс надіслано", color: "blue" },
    DemoTag { name: "Просить знижку", color: "amber" },
    DemoTag { name: "Рекомендує нас", color: "green" },
    DemoTag { name: "Лише листи", color: "grey" },
];

const fn by_hand(name: &'static str, parent: Option<usize>) -> DemoGroup {
    DemoGroup { name, parent, rule: None }
}

const fn by_rule(name: &'static str, parent: usize, rule: &'static str) -> DemoGroup {
    DemoGroup { name, parent: Some(parent), rule: Some(rule) }
}

/// The groups by hand that a contact was put into, by their position in [`GROUPS`].
#[must_use]
pub fn groups_of(contact: &DemoContact) -> Vec<usize> {
    let is_client = contact.contact_type == Some("client");
    let has_mail = contact.channels.iter().any(|channel| channel.kind == "email");
    let mut groups = Vec::new();
    if is_client && contact.index.is_multiple_of(11) {
        groups.push(KEY_CLIENTS);
    }
    if contact.source == Some("exhibition") && contact.index.is_multiple_of(3) {
        groups.push(EXHIBITION);
    }
    if contact.kind == ContactKind::Person && has_mail && contact.index % 7 == 3 {
        groups.push(GREETINGS);
    }
    groups
}

/// The tags of a contact, by their position in [`TAGS`].
#[must_use]
pub fn tags_of(contact: &DemoContact) -> Vec<usize> {
    let has_phone = contact.channels.iter().any(|channel| channel.kind == "phone");
    let is_warm = matches!(contact.warmth, Some("warm" | "hot"));
    let signs = [
        is_warm && contact.index % 19 == 4,
        is_warm && contact.index % 5 == 1,
        contact.warmth == Some("hot") && contact.index % 4 == 2,
        contact.source == Some("recommendation") && contact.index.is_multiple_of(6),
        !has_phone,
    ];
    (0..).zip(signs).filter(|(_, has)| *has).map(|(at, _)| at).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::DemoBase;

    #[test]
    fn groups_stand_behind_those_that_they_stand_in() {
        for (at, group) in GROUPS.iter().enumerate() {
            assert!(group.parent.is_none_or(|parent| parent < at && GROUPS[parent].rule.is_none()), "{}", group.name);
        }
    }

    #[test]
    fn every_tag_and_every_group_by_hand_without_others_below_has_members_but_most_contacts_have_none() {
        let contacts: Vec<DemoContact> = DemoBase { contacts: 5_000, seed: 1 }.iter().collect();
        for at in [KEY_CLIENTS, EXHIBITION, GREETINGS] {
            let count = contacts.iter().filter(|contact| groups_of(contact).contains(&at)).count();
            assert!((20..1_500).contains(&count), "{}: {count}", GROUPS[at].name);
        }
        for (at, tag) in TAGS.iter().enumerate() {
            let count = contacts.iter().filter(|contact| tags_of(contact).contains(&at)).count();
            assert!((20..1_500).contains(&count), "{}: {count}", tag.name);
        }
        assert!(contacts.iter().filter(|contact| tags_of(contact).is_empty()).count() > 2_500);
    }
}
