//! Who looks after a card, who may see it, how and when it came into the base.

use crate::random::Draw;

/// The managers of a contact, as positions in [`crate::USERS`]: one, seldom two.
pub(crate) fn managers(draw: &mut Draw) -> Vec<u8> {
    let first = match draw.below(1_000) {
        0 => 7,
        1..20 => 0,
        20..100 => 1,
        _ => 2 + draw.below(5) as u8,
    };
    let mut managers = vec![first];
    if draw.chance(8) {
        let second = 2 + draw.below(5) as u8;
        if second != first {
            managers.push(second);
        }
    }
    managers
}

/// Most cards are private to their managers, as new ones are.
pub(crate) fn visibility(draw: &mut Draw) -> &'static str {
    draw.pick_weighted(&[(8, "read"), (2, "write")]).unwrap_or("private")
}

/// Where the contact came from, if somebody noted it.
pub(crate) fn source(draw: &mut Draw) -> Option<&'static str> {
    draw.pick_weighted(&[
        (24, "website"),
        (20, "call"),
        (18, "recommendation"),
        (9, "exhibition"),
        (8, "advertising"),
        (8, "social"),
    ])
}

/// Up to five years, the last year the busiest.
pub(crate) fn created_days_ago(draw: &mut Draw) -> u32 {
    draw.below(1_826).min(draw.below(1_826)) as u32
}
