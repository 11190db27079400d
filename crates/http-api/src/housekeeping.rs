//! Cleaning up behind requests: stored answers whose time is over, events that everyone has read, uploads that nobody finished,
//! events of the audit log after their time, what devices were told whose password was taken back, files of exports that are a week old, causes of what a job could not do and deliveries of webhooks after a month, notifications that were read long ago, browsers that are told nothing any more, the trash after its retention period,
//! whom a directory does not have any more,
//! what erasures and the calendar leave to be done of personal data; and the end of the audit log is noted in the log of the program.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use identity::ProviderClient;
use modules::{collections, exchange, personal_data, push, webhooks};
use record_engine::audit::chain;
use record_engine::error::Result;
use record_engine::{Engine, outbox};

use crate::idempotency;

/// How often it is done.
const EVERY: Duration = Duration::from_secs(3_600);
/// How often the thread looks whether it shall end.
const LOOK: Duration = Duration::from_secs(1);
/// How long events stay, so that a client may resume.
const KEEP_EVENTS_MS: i64 = 3 * 24 * 3_600 * 1_000;
/// After this an upload is not under way any more.
const ABANDONED: Duration = Duration::from_secs(24 * 3_600);

/// The thread; it ends when this is dropped.
pub(crate) struct Housekeeping {
    is_stopping: Arc<AtomicBool>,
}

impl Housekeeping {
    pub fn start(engine: &Engine, providers: &Arc<ProviderClient>) -> Result<Housekeeping> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let (engine, providers, stopping) = (engine.clone(), providers.clone(), is_stopping.clone());
        std::thread::Builder::new().name("housekeeping".into()).spawn(move || {
            while !stopping.load(Ordering::Relaxed) {
                if let Err(error) = clean(&engine) {
                    tracing::warn!(%error, "cleaning up failed; it is tried again later");
                }
                look_into_directories(&engine, &providers);
                let mut waited = Duration::ZERO;
                while waited < EVERY && !stopping.load(Ordering::Relaxed) {
                    std::thread::sleep(LOOK);
                    waited += LOOK;
                }
            }
        })?;
        Ok(Housekeeping { is_stopping })
    }
}

impl Drop for Housekeeping {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }
}

fn clean(engine: &Engine) -> Result<()> {
    let now_ms = engine.clock().now_ms();
    engine.write(|tx| {
        idempotency::prune(tx, now_ms)?;
        let devices = identity::app_password_ids(tx)?;
        collections::forget_all_but(tx, &devices)?;
        mail::outbox::prune(tx, now_ms)?;
        record_engine::notifications::prune(tx, now_ms)?;
        let kept_behind = webhooks::kept_behind(tx)?;
        outbox::prune(tx, now_ms - KEEP_EVENTS_MS, kept_behind)
    })?;
    record_engine::write::purge_expired(engine)?;
    exchange::remove_old_exports(engine)?;
    personal_data::maintain(engine)?;
    record_engine::jobs::remove_old_failures(engine)?;
    record_engine::audit::retention::remove_old(engine)?;
    webhooks::prune(engine)?;
    push::prune(engine)?;
    engine.database().read(|tx| chain::log_end(tx))?;
    remove_abandoned_uploads(engine)
}

/// Ends the sessions of those whom their directory does not have any more. What a directory does not say is asked again in an hour.
fn look_into_directories(engine: &Engine, providers: &ProviderClient) {
    match identity::check_directories(engine, providers) {
        Ok(watched) => {
            for (id, fault) in watched.into_iter().filter_map(|one| Some((one.provider_id, one.fault?))) {
                tracing::warn!(provider_id = id, %fault, "a directory was not asked to the end who is still in it");
            }
        }
        Err(error) => tracing::warn!(%error, "the directories were not asked who is still in them"),
    }
}

fn remove_abandoned_uploads(engine: &Engine) -> Result<()> {
    let now = SystemTime::now();
    for entry in fs::read_dir(engine.files().incoming_path(""))? {
        let entry = entry?;
        // A file from the future, after the machine's clock was put back, is not old.
        let age = now.duration_since(entry.metadata()?.modified()?).unwrap_or_default();
        if age > ABANDONED {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
