//! What everyone in the installation shares, as an administrator changes it after the set-up.

use std::ops::RangeInclusive;

use record_engine::access::Feature;
use record_engine::audit::{Event, Kind, record};
use record_engine::formats::Formats;
use record_engine::settings::{self, Installation};
use record_engine::{Engine, EngineError, FieldError, RequestContext};
use serde::Deserialize;
use serde_json::json;

use crate::error::{IdentityError, Result};
use crate::object_type::LANGUAGES;
use crate::providers;
use crate::url_template::{self, public_address};

/// Longest name of a company, in characters.
const COMPANY_NAME_LENGTH: usize = 200;
/// Longest text that says whose the pictures of a map are, in characters.
const ATTRIBUTION_LENGTH: usize = 200;
/// What the closest zoom of the pictures of a map may be.
const TILES_ZOOM: RangeInclusive<i64> = 1..=22;
/// Most push services.
const PUSH_SERVICES_LIMIT: usize = 20;
/// Longest name of a host, in characters.
const HOST_LENGTH: usize = 253;
/// Most saved views that open first, of one person or for all; and that one person pins.
pub(crate) const VIEW_LIMIT: usize = 50;

/// What to change; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstallationChange {
    /// Name of the company.
    pub company_name: Option<String>,
    /// ISO 3166-1 alpha-2: where phone numbers without a country code belong from now on. Stored ones stay as they are.
    pub country: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Language of those who have chosen none: `ru`, `uk` or `en`.
    pub language: Option<String>,
    /// How dates, times and numbers are written for those who have chosen nothing else; the whole of it.
    pub formats: Option<Formats>,
    /// Ids of the saved views that everyone sees first who has chosen none himself; at most 50.
    pub default_views: Option<Vec<i64>>,
    /// Where browsers load the pictures of maps from: `http` or `https`, with `{z}`, `{x}` and `{y}`; empty for none.
    pub tiles_url: Option<String>,
    /// Whose pictures they are; needed with an address.
    pub tiles_attribution: Option<String>,
    /// The closest zoom that there are pictures for, 1 to 22.
    pub tiles_max_zoom: Option<i64>,
    /// The service that finds the exact place of an address: `http` or `https`, with `{query}`; empty for none.
    pub geocoder_url: Option<String>,
    /// Where browsers reach the program: scheme, host and port; empty for nowhere known. Links in letters begin with it, and passkeys are made for it.
    pub public_url: Option<String>,
    /// Nobody works without a second step of login.
    pub needs_second_step: Option<bool>,
    /// Hosts of the push services that notifications of browsers may go to; `*.` stands for any name before. None switches them off.
    pub push_services: Option<Vec<String>>,
    /// Browsers keep what was opened, to be read without a connection.
    pub allows_offline: Option<bool>,
    /// Keys of the parts of the program that are closed to everybody.
    pub closed_features: Option<Vec<String>>,
    /// Passwords and passkeys open the program to administrators alone.
    pub only_identity_providers: Option<bool>,
}

/// Changes the settings of the installation; answers them.
///
/// # Errors
/// `Forbidden` for all but administrators; `Invalid` with pointers into the change.
pub fn change_installation(
    engine: &Engine,
    context: &RequestContext,
    change: &InstallationChange,
) -> Result<Installation> {
    if !context.may(Feature::Company) {
        return Err(EngineError::Forbidden.into());
    }
    // Where links lead and what passkeys are made for, who needs them, what is closed: who may less must not open what administrators have closed. And
    // the services of maps are told what others look at.
    let is_of_administrators = change.public_url.is_some()
        || change.needs_second_step.is_some()
        || change.closed_features.is_some()
        || change.push_services.is_some()
        || change.allows_offline.is_some()
        || change.only_identity_providers.is_some()
        || change.tiles_url.is_some()
        || change.geocoder_url.is_some();
    if is_of_administrators && !context.is_administrator() {
        return Err(EngineError::Forbidden.into());
    }
    let changed = engine.write(|tx| {
        settings::lock(tx)?;
        let stored = settings::read_installation(tx)?;
        let before = stored.clone();
        let changed = Installation {
            company_name: trimmed(change.company_name.as_deref(), stored.company_name),
            country: change.country.clone().unwrap_or(stored.country),
            currency: change.currency.clone().unwrap_or(stored.currency),
            language: change.language.clone().unwrap_or(stored.language),
            formats: change.formats.unwrap_or(stored.formats),
            default_views: change.default_views.clone().unwrap_or(stored.default_views),
            tiles_url: trimmed(change.tiles_url.as_deref(), stored.tiles_url),
            tiles_attribution: trimmed(change.tiles_attribution.as_deref(), stored.tiles_attribution),
            tiles_max_zoom: change.tiles_max_zoom.unwrap_or(stored.tiles_max_zoom),
            geocoder_url: trimmed(change.geocoder_url.as_deref(), stored.geocoder_url),
            public_url: change
                .public_url
                .as_deref()
                .map_or(stored.public_url, |url| public_address(url).unwrap_or_else(|| url.trim().to_owned())),
            needs_second_step: change.needs_second_step.unwrap_or(stored.needs_second_step),
            push_services: change.push_services.as_deref().map_or(stored.push_services, host_names),
            allows_offline: change.allows_offline.unwrap_or(stored.allows_offline),
            closed_features: change.closed_features.clone().unwrap_or(stored.closed_features),
            only_identity_providers: change.only_identity_providers.unwrap_or(stored.only_identity_providers),
            currencies: stored.currencies,
        };
        let mut errors = check(&changed);
        if change.only_identity_providers == Some(true) && !providers::has_open(tx)? {
            errors.push(FieldError::new("only_identity_providers", "no_identity_provider"));
        }
        if !errors.is_empty() {
            return Err(IdentityError::invalid(errors));
        }
        settings::write_installation(tx, &changed)?;
        let fields = changed_fields(&before, &changed);
        if !fields.is_empty() {
            let event = Event::new(Kind::SettingsChanged).with("section", "installation");
            record(tx, context, event.with("fields", fields));
        }
        settings::announce(tx, context)?;
        Ok(changed)
    })?;
    engine.reload()?;
    Ok(changed)
}

/// The names alone: an address of a service may hold a key.
fn changed_fields(before: &Installation, after: &Installation) -> Vec<String> {
    let of = |installation: &Installation| json!(installation).as_object().cloned().unwrap_or_default();
    let (before, after) = (of(before), of(after));
    after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name).collect()
}

fn trimmed(changed: Option<&str>, stored: String) -> String {
    changed.map_or(stored, |text| text.trim().to_owned())
}

/// Hosts as they are compared, each once.
fn host_names(given: &[String]) -> Vec<String> {
    let mut hosts: Vec<String> = given.iter().map(|host| host.trim().to_ascii_lowercase()).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// A name or address of a host, perhaps with `*.` before it; without scheme, port and path. `*.` before a name of one part would be half the world.
fn is_push_host(text: &str) -> bool {
    let host = text.strip_prefix("*.").unwrap_or(text);
    let is_name = host.split('.').all(|part| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !part.starts_with('-')
    });
    is_name && text.len() <= HOST_LENGTH && (host == text || host.contains('.'))
}

/// What is wrong with the settings.
pub(crate) fn check(installation: &Installation) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let is_code = |text: &str, length: usize| text.len() == length && text.bytes().all(|c| c.is_ascii_uppercase());
    if installation.company_name.is_empty() {
        errors.push(FieldError::new("company_name", "required"));
    } else if installation.company_name.chars().count() > COMPANY_NAME_LENGTH {
        errors.push(FieldError::new("company_name", "too_long").with("max", COMPANY_NAME_LENGTH));
    }
    if installation.default_views.len() > VIEW_LIMIT {
        errors.push(FieldError::new("default_views", "too_many_values").with("max", VIEW_LIMIT));
    }
    let is_closable = |key: &str| Feature::from_key(key).is_some_and(Feature::is_closable);
    let kept = installation.closed_features.iter().enumerate().filter(|(_, key)| !is_closable(key));
    errors.extend(
        kept.map(|(at, key)| FieldError::new("closed_features", "unknown_option").at(at).with("value", key.as_str())),
    );
    if !is_code(&installation.country, 2) {
        errors.push(FieldError::new("country", "unknown_option").with("value", installation.country.as_str()));
    }
    // Whatever is in it must be in use: amounts without a currency are in this one.
    if !installation.currencies.contains(&installation.currency) {
        errors.push(FieldError::new("currency", "unknown_option").with("value", installation.currency.as_str()));
    }
    if !LANGUAGES.contains(&installation.language.as_str()) {
        errors.push(FieldError::new("language", "unknown_option").with("value", installation.language.as_str()));
    }
    if installation.push_services.len() > PUSH_SERVICES_LIMIT {
        errors.push(FieldError::new("push_services", "too_many_values").with("max", PUSH_SERVICES_LIMIT));
    }
    let strange = installation.push_services.iter().enumerate().filter(|(_, host)| !is_push_host(host));
    errors.extend(
        strange.map(|(at, host)| FieldError::new("push_services", "not_a_host").at(at).with("value", host.as_str())),
    );
    errors.extend(check_tiles(installation));
    if !installation.geocoder_url.is_empty() {
        errors.extend(check_geocoder_url(&installation.geocoder_url));
    }
    if !installation.public_url.is_empty() && public_address(&installation.public_url).is_none() {
        errors.push(FieldError::new("public_url", "not_an_origin"));
    }
    errors
}

/// What is wrong with the address of an address service; `None` when it may be asked.
pub fn check_geocoder_url(url: &str) -> Option<FieldError> {
    url_template::check("geocoder_url", url, &["query"])
}

fn check_tiles(installation: &Installation) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if !installation.tiles_url.is_empty() {
        errors.extend(url_template::check("tiles_url", &installation.tiles_url, &["z", "x", "y"]));
        if installation.tiles_attribution.is_empty() {
            errors.push(FieldError::new("tiles_attribution", "required"));
        }
    }
    if installation.tiles_attribution.chars().count() > ATTRIBUTION_LENGTH {
        errors.push(FieldError::new("tiles_attribution", "too_long").with("max", ATTRIBUTION_LENGTH));
    }
    if !TILES_ZOOM.contains(&installation.tiles_max_zoom) {
        let error = FieldError::new("tiles_max_zoom", "out_of_range");
        errors.push(error.with("minimum", *TILES_ZOOM.start()).with("maximum", *TILES_ZOOM.end()));
    }
    errors
}
