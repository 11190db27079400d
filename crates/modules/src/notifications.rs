//! Notifications by mail: what a person has not read on the page after a short while, in one letter.
//!
//! What must stay true: a letter says what its receiver may know when it is written, and it is written in the transaction that takes its notifications
//! off the list, so that none is told twice and none is lost; ten doings of a minute are one letter. Whoever reads on the page in time gets none.
//!
//! What is told, to whom, and where it goes is decided by [`record_engine::notifications`]. The same thread gives what is due.
//!
//! It requires `reminders`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use database::Query;
use mail::letters::{self, NewsItem};
use mail::outbox::{Letter, USUAL_LIFE_MS, post};
use record_engine::error::Result;
use record_engine::notifications::inbox::Notification;
use record_engine::notifications::mailing;
use record_engine::{Engine, EngineError, RequestContext, Source};

use crate::reminders::remind;

/// How often the thread looks for what became due.
const POLL: Duration = Duration::from_secs(5);
/// Notifications that a letter spells out; of more it says how many.
const TOLD: usize = 20;
/// The page on which everybody says what he wants to be told of.
const SETTINGS_PAGE: &str = "/settings/profile#notifications";

/// The thread that writes the letters; it ends when this is dropped.
pub struct Postman {
    engine: Engine,
    is_stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Postman {
    /// Starts the thread. `public_url` is what the operator says; without one, what stands in the settings.
    ///
    /// # Errors
    /// Those of the operating system when it gives no thread.
    pub fn start(engine: &Engine, public_url: Option<String>) -> Result<Postman> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (theirs, stopping) = (engine.clone(), is_stopping.clone());
        let work = move || {
            let mut seen = theirs.generation();
            while !stopping.load(Ordering::SeqCst) {
                if let Err(error) = remind(&theirs) {
                    tracing::warn!(%error, "what is due could not be told; it is tried again");
                }
                if let Err(error) = write_due(&theirs, public_url.as_deref()) {
                    tracing::warn!(%error, "notifications could not be mailed; it is tried again");
                }
                seen = theirs.wait_for_events(seen, POLL);
            }
        };
        let thread = Builder::new().name("postman".into()).spawn(work)?;
        Ok(Postman { engine: engine.clone(), is_stopping, thread: Some(thread) })
    }
}

impl Drop for Postman {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.engine.wake();
        if let Some(thread) = self.thread.take() {
            // One that panicked has logged it; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

/// Writes the letters that are due; answers how many people were looked at.
///
/// # Errors
/// Those of the database.
pub fn write_due(engine: &Engine, public_url: Option<&str>) -> Result<usize> {
    let now_ms = engine.clock().now_ms();
    let due = engine.database().read(|tx| mailing::due(tx, now_ms))?;
    for user_id in &due {
        write_letter(engine, *user_id, public_url)?;
    }
    Ok(due.len())
}

fn write_letter(engine: &Engine, user_id: i64, public_url: Option<&str>) -> Result<()> {
    const RECEIVER: &str =
        "SELECT name, email, language FROM \"user\" WHERE id = ? AND is_active = 1 AND deleted_at IS NULL";
    let snapshot = engine.snapshot();
    let (access, receiver) = engine.database().read(|tx| {
        let access = engine.acting_access(tx, &snapshot, user_id)?;
        let row = tx.query_optional(RECEIVER, &[user_id.into()])?;
        let receiver = row.map(|row| Ok((row.text(0)?, row.optional_text(1)?, row.text(2)?))).transpose();
        Ok::<_, EngineError>((access, receiver.map_err(|error: database::DatabaseError| error)?))
    })?;
    let url = public_url.map(str::to_owned).unwrap_or_else(|| snapshot.installation.public_url.clone());
    engine.write(|tx| {
        let context = match &access {
            // Nobody looks on when it is read: what a hand has to open stays out of it.
            Some(access) => {
                RequestContext::of(user_id, Arc::new(access.leaving_restricted()), Source::System, engine.clock())
            }
            None => RequestContext::system(engine.clock()),
        };
        let news = mailing::take(tx, &context, &snapshot.catalog, user_id)?;
        let (Some(_), Some((name, Some(address), language))) = (&access, &receiver) else { return Ok(()) };
        if news.is_empty() {
            return Ok(());
        }
        let items: Vec<NewsItem> = news.iter().take(TOLD).map(|item| told(item, language, &url)).collect();
        let about = letters::News {
            company: &snapshot.installation.company_name,
            name,
            items: &items,
            more: i64::try_from(news.len() - items.len()).unwrap_or(i64::MAX),
            settings_url: (!url.is_empty()).then(|| format!("{url}{SETTINGS_PAGE}")),
        };
        let letter = Letter {
            kind: "notifications",
            user_id: Some(user_id),
            receiver: address,
            receiver_name: name,
            content: &letters::news(language, &about),
            expires_at: context.now_ms + USUAL_LIFE_MS,
        };
        post(tx, engine, context.now_ms, &letter)?;
        Ok::<_, EngineError>(())
    })
}

fn told(item: &Notification, language: &str, url: &str) -> NewsItem {
    // One record by its name; of several, the list has them.
    let title = match item.records.as_slice() {
        [(_, title)] if item.count == 1 => Some(title.clone()),
        _ => None,
    };
    NewsItem { text: item.text(language), title, url: (!url.is_empty()).then(|| format!("{url}{}", page_of(item))) }
}

/// The page of what a notification is about.
pub fn page_of(item: &Notification) -> String {
    match (&item.object_type, item.records.as_slice(), item.job) {
        (Some(object_type), [(id, _)], _) if item.count == 1 => format!("/records/{object_type}/{id}"),
        (Some(object_type), ..) => format!("/records/{object_type}"),
        (None, _, Some(job)) => job.import_id.map_or("/operations".to_owned(), |id| format!("/import/{id}")),
        (None, _, None) => "/settings/profile".to_owned(),
    }
}
