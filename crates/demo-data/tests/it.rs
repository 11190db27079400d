//! The promises of the crate, checked from outside: reproducible, unique, ordered, fast to reach.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    path::Path,
};

use demo_data::{ContactKind, DemoBase, DemoContact, USERS};

const MANY: DemoBase = DemoBase { contacts: 200_000, seed: 42 };

/// What one seed means is part of what users see; see the text of the failure.
#[test]
fn a_seed_gives_the_same_base_in_every_release() {
    let base = DemoBase { contacts: 64, seed: 1 };
    let mut text = String::new();
    for contact in base.iter().chain((5_000_000..5_000_008).map(|index| base.contact(index))) {
        writeln!(text, "{}", line(&contact)).unwrap();
    }
    let mut fingerprint = 0xcbf2_9ce4_8422_2325_u64;
    for contact in (DemoBase { contacts: 20_000, seed: 7 }).iter() {
        for byte in format!("{contact:?}").bytes() {
            fingerprint = (fingerprint ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    writeln!(text, "fingerprint of 20,000 with seed 7: {fingerprint:016x}").unwrap();

    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap();
    for (found, expected) in text.lines().zip(expected.lines()) {
        assert_eq!(
            found, expected,
            "the generator changed, and with it every demo base and benchmark; if that is meant, \
             run this test once with UPDATE_GOLDEN=1"
        );
    }
    assert_eq!(text.lines().count(), expected.lines().count());
}

/// Everything of a contact that a reader of the golden file wants to see.
fn line(contact: &DemoContact) -> String {
    let name = match &contact.company_name {
        Some(name) => name.clone(),
        None => [contact.last_name.as_str(), contact.first_name.as_str(), contact.patronymic.as_deref().unwrap_or("-")]
            .join(" "),
    };
    let channels: Vec<_> =
        contact.channels.iter().map(|channel| format!("{} {}", channel.label, channel.value)).collect();
    let addresses: Vec<_> = contact
        .addresses
        .iter()
        .map(|address| [address.street.as_str(), &address.city, &address.region, &address.postcode].join(", "))
        .collect();
    format!(
        "{} {}-{} | {name} | {:?} {} | {} | {}",
        contact.index,
        contact.country,
        contact.language,
        contact.company,
        contact.position.as_deref().unwrap_or("-"),
        channels.join("; "),
        addresses.join("; "),
    )
}

#[test]
fn contacts_can_be_made_in_any_order() {
    let base = DemoBase { contacts: 3_000, seed: 3 };
    let in_order: Vec<_> = base.iter().collect();
    assert_eq!(in_order.len(), 3_000);
    for index in (0..3_000).rev().step_by(7) {
        assert_eq!(Some(&base.contact(index)), in_order.get(index as usize));
    }
    let smaller = DemoBase { contacts: 100, seed: 3 };
    assert!(smaller.iter().eq(in_order.into_iter().take(100)), "a small base begins a large one");
    assert_ne!(DemoBase { contacts: 1, seed: 4 }.contact(0), smaller.contact(0));
}

#[test]
fn no_channel_occurs_twice() {
    let mut seen = HashSet::new();
    for contact in MANY.iter() {
        for channel in contact.channels {
            let value = match channel.kind {
                "phone" => channel.value.replace([' ', '-'], ""),
                _ => channel.value,
            };
            assert!(seen.insert((channel.kind, value.clone())), "{} {value}", channel.kind);
        }
    }
    assert!(seen.len() > 400_000, "{} channels", seen.len());
}

/// The same far behind in a large base, where the lists of names have been used up many times.
#[test]
fn no_channel_occurs_twice_far_behind() {
    let mut seen = HashSet::new();
    let near = 0..30_000;
    let far = 60_000_000..60_030_000;
    for contact in near.chain(far).map(|index| MANY.contact(index)) {
        for channel in contact.channels {
            assert!(seen.insert((channel.kind, channel.value)), "contact {}", contact.index);
        }
    }
}

#[test]
fn channels_have_the_form_of_their_kind() {
    for contact in MANY.iter().take(50_000) {
        for channel in &contact.channels {
            let value = channel.value.as_str();
            let is_valid = match channel.kind {
                "phone" => {
                    let digits = value.bytes().filter(u8::is_ascii_digit).count();
                    value.starts_with('+') && (11..=12).contains(&digits)
                }
                "email" => value
                    .split_once('@')
                    .is_some_and(|(mailbox, domain)| !mailbox.is_empty() && is_domain(domain) && mailbox.len() <= 64),
                "website" => value.strip_prefix("https://").is_some_and(is_domain),
                "telegram" => value.strip_prefix('@').is_some_and(|name| {
                    (5..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                }),
                other => panic!("unknown kind {other}"),
            };
            assert!(is_valid, "{} {value}", channel.kind);
        }
    }
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    domain.ends_with(".example") && domain.split('.').all(is_label)
}

#[test]
fn references_point_to_companies_that_come_before() {
    let mut companies = HashMap::new();
    let (mut employed, mut daughters, mut deep) = (0, 0, 0);
    for contact in MANY.iter() {
        if let Some(company) = contact.company {
            assert!(company < contact.index);
            let country = match companies.get(&company) {
                Some((country, holding)) => {
                    let is_deep: &Option<u64> = holding;
                    deep += usize::from(is_deep.is_some());
                    *country
                }
                None => panic!("{} refers to {company}, which is not a company", contact.index),
            };
            assert_eq!(country, contact.country);
            match contact.kind {
                ContactKind::Person => employed += 1,
                ContactKind::Company => daughters += 1,
            }
        }
        if contact.kind == ContactKind::Company {
            companies.insert(contact.index, (contact.country, contact.company));
        }
    }
    assert_eq!(companies.len(), 25_000);
    assert!((100_000..150_000).contains(&employed), "{employed} people have an employer");
    assert!((2_000..8_000).contains(&daughters), "{daughters} companies have a holding");
    assert!(deep > 10_000, "{deep} contacts stand two or more levels deep");
}

#[test]
fn cards_look_like_cards() {
    let keys = |allowed: &'static [&'static str]| move |key: &str| allowed.contains(&key);
    let types = keys(&["client", "supplier", "partner", "competitor"]);
    let mut shares: HashMap<(&str, &str), u32> = HashMap::new();
    let mut newcomer = 0;
    for contact in MANY.iter() {
        *shares.entry((contact.country, contact.language)).or_default() += 1;
        assert!(contact.contact_type.is_none_or(&types));
        assert!(contact.created_days_ago < 1_826);
        assert!(!contact.managers.is_empty());
        assert!(contact.managers.iter().all(|&manager| usize::from(manager) < USERS.len()));
        newcomer += u32::from(contact.managers.contains(&7));
        match contact.kind {
            ContactKind::Person => {
                assert!(!contact.last_name.is_empty() && !contact.first_name.is_empty());
                assert!(contact.gender.is_some() && contact.company_name.is_none());
            }
            ContactKind::Company => {
                assert!(contact.last_name.is_empty() && contact.birthday.is_none());
                assert!(contact.company_name.is_some_and(|name| name.chars().count() > 4));
            }
        }
    }
    assert_eq!(shares.len(), 9, "{shares:?}");
    assert!((100..400).contains(&newcomer), "one in a thousand, found {newcomer}");
}

/// The last contact of a huge base is as near as the first: nothing is remembered on the way.
#[test]
fn a_contact_of_a_huge_base_is_made_alone() {
    let base = DemoBase { contacts: 100_000_000, seed: 1 };
    assert!(size_of_val(&base.iter()) <= 64, "the iterator keeps a position, not a history");
    for index in 99_999_000..100_000_000 {
        let contact = base.contact(index);
        assert_eq!(contact.index, index);
        assert!(contact.company.is_none_or(|company| company < index));
    }
}
