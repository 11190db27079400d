//! What the audit log hears of requests: what was refused, and whose private card was opened.
//!
//! What must stay true: whoever asks learns nothing from how long it takes. So a refusal is written after the answer; and since a flood of them
//! must not fill the disk, only some of each asker are.

use std::sync::{Arc, OnceLock};

use axum::http::{Extensions, StatusCode};
use record_engine::audit::retention::read_settings;
use record_engine::audit::{self, Event, FLOOD, Kind};
use record_engine::query::load_records;
use record_engine::{Engine, Origin, RequestContext, Source};
use tokio::sync::Semaphore;

use crate::router::BASE_PATH;
use crate::state::ApiState;

/// The same person who opens the same card again within this time is told of once.
const VIEW_MS: i64 = 3_600 * 1_000;
/// Refusals that are being written at once; what comes on top is lost, as under any flood.
const AT_ONCE: usize = 64;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// Who asks, noted by whoever found it out, for the layer around the handlers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asker(Arc<OnceLock<RequestContext>>);

impl Asker {
    /// Notes who asks, in the request's extensions.
    pub fn note(extensions: &Extensions, context: impl FnOnce() -> RequestContext) {
        if let Some(Asker(slot)) = extensions.get::<Asker>() {
            // The first to find out is right.
            let _ = slot.set(context());
        }
    }
}

/// A request as far as the log is concerned.
pub(crate) struct Asked {
    pub asker: Asker,
    pub method: String,
    pub path: String,
    pub origin: Origin,
}

impl Asked {
    /// The type and the id of the record that the path names.
    fn record(&self) -> Option<(&str, i64)> {
        let rest = self.path.strip_prefix(BASE_PATH)?.strip_prefix("/records/")?;
        let mut parts = rest.split('/');
        Some((parts.next()?, parts.next()?.parse().ok()?))
    }
}

/// Tells of an answer that refused, if it is one that is told of: not allowed, from another site, or about a record that there is.
pub(crate) fn tell_of_refusal(state: &ApiState, asked: Asked, status: StatusCode, code: &str) {
    let is_hidden = status == StatusCode::NOT_FOUND && asked.asker.0.get().is_some() && asked.record().is_some();
    // Being asked for the password again is no refusal: whoever has it goes on.
    if (status != StatusCode::FORBIDDEN && !is_hidden) || code == "confirmation_required" {
        return;
    }
    let Ok(place) = PLACES.try_acquire() else { return };
    let (state, code) = (state.clone(), code.to_owned());
    tokio::spawn(async move {
        let told = state.run(move |engine| Ok(write_refusal(engine, &asked, &code, is_hidden)?)).await;
        if let Err(error) = told {
            tracing::warn!(%error, "a refusal could not be written into the audit log");
        }
        drop(place);
    });
}

fn write_refusal(engine: &Engine, asked: &Asked, code: &str, is_hidden: bool) -> record_engine::error::Result<()> {
    let snapshot = engine.snapshot();
    let context = asked.asker.0.get().cloned().unwrap_or_else(|| RequestContext {
        source: Source::Web,
        ..RequestContext::system(engine.clock()).through(asked.origin)
    });
    let record = asked.record().and_then(|(name, id)| Some((snapshot.catalog.object_type(name)?, id)));
    let event = Event::new(Kind::Denied).denied().with("reason", code).with("method", asked.method.as_str());
    let event = event.with("path", asked.path.as_str());
    let event = match &record {
        Some((object_type, id)) => event.on(&object_type.name, *id),
        None => event,
    };
    let is_told = engine.database().read(|tx| {
        if !audit::has_room(tx, &context, &event, FLOOD)? {
            return Ok(false);
        }
        match &record {
            // Of what is not there nobody is kept away.
            Some((object_type, id)) if is_hidden => Ok(!load_records(tx, object_type, &[*id], false)?.is_empty()),
            _ => Ok::<bool, record_engine::EngineError>(!is_hidden),
        }
    })?;
    if is_told {
        engine.write(|tx| {
            audit::record(tx, &context, event.clone());
            Ok::<(), record_engine::EngineError>(())
        })?;
    }
    Ok(())
}

/// Tells that somebody opened a private card, where administrators want to know.
pub(crate) fn tell_of_view(
    engine: &Engine,
    context: &RequestContext,
    object_type: &str,
    id: i64,
) -> record_engine::error::Result<()> {
    let event = Event::new(Kind::CardViewed).on(object_type, id);
    let is_told = engine.database().read(|tx| {
        Ok::<bool, record_engine::EngineError>(
            read_settings(tx)?.records_views && !audit::is_known(tx, context, &event, context.now_ms - VIEW_MS)?,
        )
    })?;
    if is_told {
        engine.write(|tx| {
            audit::record(tx, context, event.clone());
            Ok::<(), record_engine::EngineError>(())
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_record_of_a_path() {
        let check = |path: &str, expect: Option<(&str, i64)>| {
            let asked =
                Asked { asker: Asker::default(), method: "GET".into(), path: path.into(), origin: Origin::default() };
            assert_eq!(asked.record(), expect, "{path}");
        };
        check("/api/v1/records/contact/42", Some(("contact", 42)));
        check("/api/v1/records/contact/42/history", Some(("contact", 42)));
        check("/api/v1/records/contact", None);
        check("/api/v1/records/contact/count", None);
        check("/api/v1/jobs/42", None);
        check("/contacts/42", None);
    }
}
