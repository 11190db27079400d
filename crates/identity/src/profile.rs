//! What a user changes about himself: name, photo, language and time zone in his record, looks in a table beside it, where they make no history.

use database::{Tx, Value};
use record_engine::catalog::USER_TYPE;
use record_engine::files;
use record_engine::formats::OwnFormats;
use record_engine::write::{Change, apply_one};
use record_engine::{Engine, FieldError, RequestContext, Values};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::error::{IdentityError, Result};
use crate::installation::VIEW_LIMIT;
use crate::object_type::PHOTO;
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
    /// The id of a picture that he has uploaded for it; `Some(None)` takes the photo away.
    pub photo: Option<Option<String>>,
    /// `ru`, `uk` or `en`.
    pub language: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Density of lists.
    pub density: Option<Density>,
    /// How dates, times and numbers are written for him; the whole of his choice.
    pub formats: Option<OwnFormats>,
    /// Ids of the saved views that stand in the menu, in their order; at most 50.
    pub pinned_views: Option<Vec<i64>>,
    /// Ids of the saved views that open first, one for each type and section; at most 50. What each is for only the web client knows.
    pub default_views: Option<Vec<i64>>,
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
    let mut values: Values =
        fields.into_iter().filter_map(|(field, value)| Some((field.to_owned(), value.clone()?.into()))).collect();
    values.extend(change.photo.clone().map(|photo| (PHOTO.to_owned(), photo.into())));
    let errors = check_views(change);
    if !errors.is_empty() {
        return Err(IdentityError::invalid(errors));
    }
    let snapshot = engine.snapshot();
    engine.write(|tx| {
        if let Some(Some(photo)) = &change.photo
            && files::find(tx, photo)?.is_none_or(|file| file.user_id != Some(session.user_id))
        {
            // All colleagues see it, so it must not be a way to files of others.
            return Err(IdentityError::invalid(vec![FieldError::new(PHOTO, "unknown_file")]));
        }
        if !values.is_empty() {
            let object_type = snapshot.object_type(USER_TYPE)?;
            let change = Change::Update { id: session.user_id, base_version: None, values: values.clone() };
            // Trusted, because these fields of one's own record are all that a user may write there.
            apply_one(tx, snapshot.trusted_writer(), context, &object_type, change)?;
        }
        store_looks(tx, session.user_id, change)
    })
}

fn check_views(change: &ProfileChange) -> Vec<FieldError> {
    [("pinned_views", &change.pinned_views), ("default_views", &change.default_views)]
        .into_iter()
        .filter(|(_, ids)| ids.as_ref().is_some_and(|ids| ids.len() > VIEW_LIMIT))
        .map(|(field, _)| FieldError::new(field, "too_many_values").with("max", VIEW_LIMIT))
        .collect()
}

fn store_looks(tx: &mut Tx, user_id: i64, change: &ProfileChange) -> Result<()> {
    const COLUMNS: [&str; 5] = ["theme", "density", "pinned_views", "default_views", "formats"];
    let list = |ids: &Option<Vec<i64>>| ids.as_ref().map(|ids| Json::from(ids.clone()).to_string());
    let values: [Value; 5] = [
        change.theme.map(Theme::key).into(),
        change.density.map(Density::key).into(),
        list(&change.pinned_views).into(),
        list(&change.default_views).into(),
        change.formats.map(|formats| json!(formats).to_string()).into(),
    ];
    if values.iter().all(|value| *value == Value::Null) {
        return Ok(());
    }
    let kept = COLUMNS.map(|name| format!("{name} = COALESCE(excluded.{name}, user_preferences.{name})")).join(", ");
    let sql = format!(
        "INSERT INTO user_preferences (user_id, {}) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (user_id) DO UPDATE SET {kept}",
        COLUMNS.join(", ")
    );
    tx.execute(&sql, &[&[user_id.into()], values.as_slice()].concat())?;
    Ok(())
}
