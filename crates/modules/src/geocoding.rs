//! Finding the exact place of an address by a service that an administrator has named.
//!
//! What must stay true: nothing is asked of the outside without such a setting; one question at a time and at most one a second goes out of
//! this process, as public services demand; one user cannot take all of them (`fair_use`). The answer is read as Nominatim gives it (`jsonv2`), or as GeoJSON. What a service answers is
//! data of a stranger: only two numbers within the world and a short name are taken from it.

mod fair_use;
mod find_job;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub use egress::EgressError;
use egress::{Client, percent_encoded};
pub use fair_use::Turn;
use fair_use::{FairUse, Memory};
pub use find_job::{FIND_PLACES_JOB, FindPlaces, FindPlacesJob, code_of};
use serde_json::Value as Json;

/// When this process has asked last, whoever asked: services count by where questions come from.
static LAST: Mutex<Option<Instant>> = Mutex::new(None);
/// Between two questions.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest name of a found place, in characters.
const NAME_LENGTH: usize = 300;
/// From this rank on a place of Nominatim is a street or a house; below it a town or a region.
const STREET_RANK: i64 = 26;
/// Where the question stands in the address of the service.
pub const QUERY_PLACE: &str = "{query}";

/// A place that a service has found.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundPlace {
    /// Degrees, WGS 84.
    pub latitude: f64,
    /// Degrees, WGS 84.
    pub longitude: f64,
    /// What the service calls it.
    pub name: Option<String>,
    /// Whether it is a street or a house; false for a town, which the program knows by itself.
    pub is_exact: bool,
}

/// The services' visitor.
pub struct Geocoder {
    client: Client,
    fair_use: Arc<FairUse>,
    memory: Memory,
}

impl Geocoder {
    /// `user_agent` tells services who asks; `allows_local` lets them be in the own network.
    pub fn new(user_agent: &str, allows_local: bool) -> Geocoder {
        Geocoder { client: Client::new(user_agent, allows_local), fair_use: Arc::default(), memory: Memory::default() }
    }

    /// What the service at `template` has answered about this address lately, also that it knows none; `None` when it must be asked.
    pub fn recall(&self, now_ms: i64, template: &str, parts: &[&str]) -> Option<Option<FoundPlace>> {
        self.memory.recall(&question(template, parts), now_ms)
    }

    /// Lets a question of a user through, who waits for the answer.
    ///
    /// # Errors
    /// In how many milliseconds he may ask again, when he has asked too often or several questions of his wait already.
    pub fn admit(&self, user_id: i64, now_ms: i64) -> Result<Turn, i64> {
        self.fair_use.admit(user_id, now_ms)
    }

    /// Asks the service at `template` about an address in words, from the street to the country, unless it has answered that lately. Waits for
    /// its turn.
    ///
    /// # Errors
    /// See [`EgressError`].
    pub fn find(&self, now_ms: i64, template: &str, parts: &[&str]) -> Result<Option<FoundPlace>, EgressError> {
        let question = question(template, parts);
        if let Some(known) = self.memory.recall(&question, now_ms) {
            return Ok(known);
        }
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = *last {
            std::thread::sleep(PAUSE.saturating_sub(before.elapsed()));
        }
        let answer = self.client.get_json(&question);
        *last = Some(Instant::now());
        let found = read(&answer?)?;
        self.memory.keep(question, &found, now_ms);
        Ok(found)
    }
}

fn question(template: &str, parts: &[&str]) -> String {
    let words: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
    template.replace(QUERY_PLACE, &percent_encoded(&words.join(", ")))
}

/// The first place of an answer.
fn read(answer: &Json) -> Result<Option<FoundPlace>, EgressError> {
    let strange = || EgressError::BadAnswer("something else than places".into());
    let features = answer.get("features").unwrap_or(answer).as_array().ok_or_else(strange)?;
    let Some(first) = features.first() else { return Ok(None) };
    let coordinates = first.pointer("/geometry/coordinates");
    let number = |value: Option<&Json>| match value? {
        Json::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let latitude: f64 = number(coordinates.map_or(first.get("lat"), |found| found.get(1))).ok_or_else(strange)?;
    let longitude: f64 = number(coordinates.map_or(first.get("lon"), |found| found.get(0))).ok_or_else(strange)?;
    if !(-90.0..=90.0).contains(&latitude) || !(-180.0..=180.0).contains(&longitude) {
        return Err(strange());
    }
    let of_place = first.get("properties").unwrap_or(first);
    let name = ["display_name", "label", "name"].iter().find_map(|key| of_place.get(*key)?.as_str());
    let is_exact = of_place.get("place_rank").and_then(Json::as_i64).is_none_or(|rank| rank >= STREET_RANK);
    let name = name.map(|name| name.chars().filter(|c| !c.is_control()).take(NAME_LENGTH).collect());
    Ok(Some(FoundPlace { latitude, longitude, name, is_exact }))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_question_holds_the_words_of_the_address() {
        let asked = question("https://geo.example/search?q={query}&limit=1", &["Сумська, 1", " ", "Харків", "UA"]);
        assert_eq!(
            asked,
            "https://geo.example/search?q=%D0%A1%D1%83%D0%BC%D1%81%D1%8C%D0%BA%D0%B0%2C%201%2C%20%D0%A5%D0%B0%D1%80%D0%BA%D1%96%D0%B2%2C%20UA&limit=1"
        );
    }

    #[test]
    fn answers_of_two_kinds_are_read_and_others_refused() {
        let house =
            read(&json!([{"lat": "50.0045", "lon": "36.2314", "display_name": "1,\u{7} Сумська", "place_rank": 30}]));
        let house = house.unwrap().unwrap();
        assert_eq!((house.latitude, house.longitude, house.is_exact), (50.0045, 36.2314, true));
        assert_eq!(house.name.as_deref(), Some("1, Сумська"));
        let town = read(&json!([{"lat": "50", "lon": "36", "place_rank": 16}])).unwrap().unwrap();
        assert!(!town.is_exact);
        let other = read(&json!({"type": "FeatureCollection", "features": [
            {"geometry": {"type": "Point", "coordinates": [36.2314, 50.0045]}, "properties": {"name": "Сумська"}}
        ]}));
        assert_eq!(other.unwrap().unwrap().latitude, 50.0045);
        assert_eq!(read(&json!([])).unwrap(), None);
        for strange in [
            json!({}),
            json!("x"),
            json!([1]),
            json!([{"lat": "x", "lon": "1"}]),
            json!([{"lat": 91, "lon": 1}]),
            json!([{"lat": "NaN", "lon": 1}]),
        ] {
            assert!(read(&strange).is_err(), "{strange}");
        }
    }
}
