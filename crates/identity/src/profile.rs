//! What a user changes about himself: name, language and time zone in his record, looks in a table beside it, where they make no history.

use database::Tx;
use record_engine::catalog::USER_TYPE;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, RequestContext, Values};
use serde::Deserialize;

use crate::error::Result;
use crate::sessions::Session;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device says.
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// How close the lines of a list stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// With room.
    Comfortable,
    /// As many as fit.
    Dense,
}

impl Theme {
    fn key(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

impl Density {
    fn key(self) -> &'static str {
        match self {
            Density::Comfortable => "comfortable",
            Density::Dense => "dense",
        }
    }
}

/// A change of the own profile; `None` leaves a value as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ProfileChange {
    /// First and last name.
    pub name: Option<String>,
    /// `ru`, `uk` or `en`.
    pub language: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Density of lists.
    pub density: Option<Density>,
}

/// Changes the profile of the user of a session.
///
/// # Errors
/// `Invalid` with pointers into [`ProfileChange`]; those of the database.
pub fn update_profile(
    engine: &Engine,
    session: &Session,
    context: &RequestContext,
    change: &ProfileChange,
) -> Result<()> {
    let fields = [("name", &change.name), ("language", &change.language), ("time_zone", &change.time_zone)];
    let values: Values =
        fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value.clone()?.into()))).collect();
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        if !values.is_empty() {
            let object_type = snapshot.object_type(USER_TYPE)?;
            let change = Change::Update { id: session.user_id, base_version: None, values: values.clone() };
            // Trusted, because these three fields of one's own record are all that a user may write there.
            apply_one(tx, snapshot.trusted_writer(), context, &object_type, change)?;
        }
        store_looks(tx, session.user_id, change)
    })
}

fn store_looks(tx: &mut Tx, user_id: i64, change: &ProfileChange) -> Result<()> {
    if change.theme.is_none() && change.density.is_none() {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO user_preferences (user_id, theme, density) VALUES (?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET \
         theme = COALESCE(excluded.theme, user_preferences.theme), density = COALESCE(excluded.density, user_preferences.density)",
        &[user_id.into(), change.theme.map(Theme::key).into(), change.density.map(Density::key).into()],
    )?;
    Ok(())
}
