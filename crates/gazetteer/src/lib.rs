//! Towns of the world above about 5,000 people: where they lie and what they are called, to put contacts on a map without asking anyone.
//!
//! What must stay true: nothing is asked outside; the same names find the same town. The data are those of GeoNames (CC BY 4.0), made small
//! by `scripts/make-gazetteer.mjs`. Deliberately without: streets, borders, and the language of a name, which GeoNames does not keep.

mod find;
mod fold;
mod load;

use std::sync::OnceLock;

use load::Gazetteer;

/// A town.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    /// ISO 3166-1 code of its country.
    pub country: String,
    /// Code of the region, as GeoNames has it.
    pub region: String,
    /// North of the equator, in millionths of a degree (WGS 84).
    pub latitude_e6: i64,
    /// East of Greenwich, in millionths of a degree.
    pub longitude_e6: i64,
    /// People, in thousands.
    pub thousands: u32,
    /// English, Russian and Ukrainian, as well as the data tell; the last two fall back to the first.
    pub names: [String; 3],
}

/// A part of the world in millionths of a degree; its east lies east of its west.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The smallest longitude.
    pub west: i64,
    /// The smallest latitude.
    pub south: i64,
    /// The largest longitude.
    pub east: i64,
    /// The largest latitude.
    pub north: i64,
}

impl Bounds {
    /// Whether a point lies within, the border included.
    pub fn holds(&self, latitude_e6: i64, longitude_e6: i64) -> bool {
        (self.south..=self.north).contains(&latitude_e6) && (self.west..=self.east).contains(&longitude_e6)
    }
}

/// The data, unpacked when they are first asked for.
fn gazetteer() -> &'static Gazetteer {
    static LOADED: OnceLock<Gazetteer> = OnceLock::new();
    LOADED.get_or_init(Gazetteer::load)
}

/// The town that an address means: `city` in Russian, Ukrainian or English, with or without "г." and "м."; `country` a code or a name, may be
/// empty; `region` may be empty. Of several towns of one name the largest, unless the region lies nearer to another.
pub fn find(country: &str, region: &str, city: &str) -> Option<&'static Town> {
    gazetteer().find(country, region, city)
}

/// The largest towns of a part of the world, the largest first.
pub fn largest_within(bounds: &Bounds, limit: usize) -> Vec<&'static Town> {
    // The data begin with the largest.
    let all = gazetteer().towns.iter();
    all.filter(|town| bounds.holds(town.latitude_e6, town.longitude_e6)).take(limit).collect()
}
