//! Settings of the installation: a small table of names and JSON values.

use database::{Query, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::access::Feature;
use crate::catalog;
use crate::context::RequestContext;
use crate::currency::FIRST;
use crate::error::{EngineError, Result};
use crate::formats::Formats;

/// What everyone in the installation shares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Installation {
    /// Name of the company.
    pub company_name: String,
    /// ISO 3166-1 alpha-2; where phone numbers without a country code belong.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// Language of those who have chosen none.
    pub language: String,
    /// How dates, times and numbers are written for those who have chosen nothing else.
    #[serde(default)]
    pub formats: Formats,
    /// Ids of the saved views that everyone sees first who has chosen none himself, one for each type and section.
    #[serde(default)]
    pub default_views: Vec<i64>,
    /// Where browsers load the pictures of maps from, with `{z}`, `{x}` and `{y}`; empty for the map that the program draws itself.
    #[serde(default)]
    pub tiles_url: String,
    /// Whose pictures they are, as the map names them.
    #[serde(default)]
    pub tiles_attribution: String,
    /// The closest zoom that there are pictures for.
    #[serde(default = "usual_tiles_zoom")]
    pub tiles_max_zoom: i64,
    /// The service that finds the exact place of an address, with `{query}`; empty for none. It may hold a key: only administrators see it.
    #[serde(default)]
    pub geocoder_url: String,
    /// Where browsers reach the program, such as `https://crm.example.org`; empty when nobody has said so. Links in letters begin with it, and passkeys are made for it.
    #[serde(default)]
    pub public_url: String,
    /// Nobody works without a second step of login.
    #[serde(default)]
    pub needs_second_step: bool,
    /// Passwords and passkeys open the program to administrators alone; all others log in with an identity provider.
    #[serde(default)]
    pub only_identity_providers: bool,
    /// Hosts of the push services that notifications of browsers may go to; `*.` stands for any name before. Without one there are none.
    #[serde(default = "usual_push_services")]
    pub push_services: Vec<String>,
    /// Browsers keep what was opened, to be read without a connection.
    #[serde(default = "yes")]
    pub allows_offline: bool,
    /// Keys of the [`Feature`]s that are closed to everybody, whatever the roles say.
    #[serde(default)]
    pub closed_features: Vec<String>,
    /// The currencies that new amounts may be in (ISO 4217). Whoever keeps them as records keeps this list with them.
    #[serde(default = "first_currencies")]
    pub currencies: Vec<String>,
}

impl Installation {
    /// The parts of the program that are closed to everybody. What only a newer program knows is left out.
    pub fn closed(&self) -> Vec<Feature> {
        self.closed_features.iter().filter_map(|key| Feature::from_key(key)).collect()
    }
}

/// What nearly all services of map pictures have.
const fn usual_tiles_zoom() -> i64 {
    19
}

/// Those of the makers of browsers: Google, Mozilla, Apple, Microsoft.
fn usual_push_services() -> Vec<String> {
    ["fcm.googleapis.com", "*.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"]
        .map(String::from)
        .to_vec()
}

const fn yes() -> bool {
    true
}

fn first_currencies() -> Vec<String> {
    FIRST.map(String::from).to_vec()
}

impl Default for Installation {
    fn default() -> Self {
        Installation {
            company_name: "Kartoteka".into(),
            country: "UA".into(),
            currency: "UAH".into(),
            language: "uk".into(),
            formats: Formats::default(),
            default_views: Vec::new(),
            tiles_url: String::new(),
            tiles_attribution: String::new(),
            tiles_max_zoom: usual_tiles_zoom(),
            geocoder_url: String::new(),
            public_url: String::new(),
            needs_second_step: false,
            push_services: usual_push_services(),
            allows_offline: true,
            closed_features: Vec::new(),
            only_identity_providers: false,
            currencies: first_currencies(),
        }
    }
}

/// The currency of a country, as a default.
pub fn currency_of(country: &str) -> &'static str {
    match country {
        "UA" => "UAH",
        "RU" => "RUB",
        "KZ" => "KZT",
        "BY" => "BYN",
        "PL" => "PLN",
        "US" => "USD",
        _ => "EUR",
    }
}

const INSTALLATION: &str = "installation";

/// Reads the installation's settings.
///
/// # Errors
/// Those of the database.
pub fn read_installation(tx: &mut dyn Query) -> Result<Installation> {
    Ok(read(tx, INSTALLATION)?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Stores the installation's settings.
///
/// # Errors
/// Those of the database.
pub fn write_installation(tx: &mut Tx, installation: &Installation) -> Result<()> {
    let value = serde_json::to_value(installation).map_err(|error| EngineError::Stored(error.to_string()))?;
    write(tx, INSTALLATION, &value)
}

/// Keeps others who change settings waiting until this transaction ends, so that nobody's change is merged into what another has replaced.
///
/// # Errors
/// Those of the database.
pub fn lock(tx: &mut Tx) -> Result<()> {
    catalog::lock(tx)
}

/// Tells this and all other processes that the settings are others. The version of the catalog counts them too, so that nobody takes an older reading
/// of both for the newer one.
///
/// # Errors
/// Those of the database.
pub fn announce(tx: &mut Tx, context: &RequestContext) -> Result<()> {
    catalog::announce(tx, context)
}

/// Reads one setting.
///
/// # Errors
/// Those of the database.
pub fn read(tx: &mut dyn Query, name: &str) -> Result<Option<Json>> {
    match tx.query_optional("SELECT value FROM settings WHERE name = ?", &[name.into()])? {
        Some(row) => Ok(serde_json::from_str(row.text_str(0)?).ok()),
        None => Ok(None),
    }
}

/// Stores one setting.
///
/// # Errors
/// Those of the database.
pub fn write(tx: &mut Tx, name: &str, value: &Json) -> Result<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        &[name.into(), value.to_string().into()],
    )?;
    Ok(())
}
