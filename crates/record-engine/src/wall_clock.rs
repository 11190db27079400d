//! Moments by the clock on the wall of a time zone.
//!
//! What must stay true: a time that a change of the clock leaves out is the moment of the change; one that comes twice is the first of the two.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// What the clock on the wall shows at a moment, milliseconds UTC.
pub fn wall(at_ms: i64, zone: &TimeZone) -> Option<DateTime> {
    Some(Timestamp::from_millisecond(at_ms).ok()?.to_zoned(zone.clone()).datetime())
}

/// The moment at which the clock on the wall shows this, milliseconds UTC.
pub fn moment(wanted: DateTime, zone: &TimeZone) -> Option<i64> {
    let ambiguous = zone.to_ambiguous_timestamp(wanted);
    let at = match ambiguous.offset() {
        AmbiguousOffset::Gap { before, .. } => {
            let inside = before.to_timestamp(wanted).ok()?;
            let jump = zone.preceding(inside.checked_add(1.nanosecond()).ok()?).next();
            jump.map_or(inside, |transition| transition.timestamp())
        }
        _ => ambiguous.earlier().ok()?,
    };
    Some(at.as_millisecond())
}
