//! The threads that send what is due, in every process that serves.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use record_engine::{Engine, EngineError};

use crate::letters::Content;
use crate::message::{self, message};
use crate::outbox::{Claimed, QUEUE, claim, finish};
use crate::settings::{MailSettings, read_settings};
use crate::smtp::{self, Failure, Refusal};

/// Letters on their way at once: a slow server of one receiver does not keep all others.
const THREADS: usize = 2;
/// How often a waiting thread looks for letters of other processes, and for those whose pause is over.
const POLL: Duration = Duration::from_secs(1);

/// The threads; they end when this is dropped, each after the letter that it is at.
pub struct Courier {
    engine: Engine,
    is_stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Courier {
    /// Starts the threads. `allows_local` lets them to servers in the own network.
    ///
    /// # Errors
    /// Those of the operating system when it gives no thread.
    pub fn start(engine: &Engine, allows_local: bool) -> Result<Courier, EngineError> {
        let is_stopping = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::with_capacity(THREADS);
        for at in 0..THREADS {
            let (engine, is_stopping) = (engine.clone(), is_stopping.clone());
            let work = move || work(&engine, allows_local, &is_stopping);
            threads.push(std::thread::Builder::new().name(format!("courier-{at}")).spawn(work)?);
        }
        Ok(Courier { engine: engine.clone(), is_stopping, threads })
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.engine.wake();
        for thread in self.threads.drain(..) {
            // A thread that panicked has logged it; there is nothing left to do.
            let _ = thread.join();
        }
    }
}

fn work(engine: &Engine, allows_local: bool, is_stopping: &AtomicBool) {
    let mut seen = engine.generation();
    while !is_stopping.load(Ordering::SeqCst) {
        match send_due(engine, allows_local) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "could not look for letters"),
        }
        seen = engine.wait_for_events(seen, POLL);
    }
}

/// Sends one letter that is due; answers whether there was one.
///
/// # Errors
/// Those of the database; how the sending went stands in the letter.
pub fn send_due(engine: &Engine, allows_local: bool) -> Result<bool, EngineError> {
    let now = engine.clock().now_ms();
    let settings = engine.database().read(|tx| {
        let is_due = QUEUE.is_any_due(tx, now)?;
        if is_due { read_settings(tx).map(Some) } else { Ok(None) }
    })?;
    let Some(settings) = settings.filter(MailSettings::is_set_up) else { return Ok(false) };
    let Some(claimed) = engine.write(|tx| claim(tx, now))? else { return Ok(false) };
    let result = send(engine, &settings, &claimed, allows_local);
    if let Err(Refusal { failure, .. }) = &result {
        tracing::info!(
            letter = claimed.claim.id,
            attempt = claimed.claim.attempt,
            code = failure.code(),
            "a letter was not sent"
        );
    }
    engine.write(|tx| finish(tx, &claimed, &result, engine.clock().now_ms()))?;
    Ok(true)
}

fn send(engine: &Engine, settings: &MailSettings, claimed: &Claimed, allows_local: bool) -> Result<(), Refusal> {
    let password = settings.password(engine).map_err(unreadable)?;
    let (text, html) =
        claimed.texts(engine).map_err(|error| Refusal { failure: Failure::Unwritable, ..unreadable(error) })?;
    let sender_name = sender_name(engine, settings);
    let content = message::Content {
        message_id: &claimed.message_id,
        created_at_ms: claimed.created_at,
        sender_address: &settings.sender_address,
        sender_name: &sender_name,
        receiver: &claimed.receiver,
        receiver_name: &claimed.receiver_name,
        subject: &claimed.subject,
        text: &text,
        html: &html,
    };
    let unwritable = || Refusal { failure: Failure::Unwritable, text: String::new() };
    let message = message(&content).ok_or_else(unwritable)?;
    smtp::send(settings, &password, allows_local, &message)
}

fn unreadable(error: EngineError) -> Refusal {
    Refusal { failure: Failure::KeyChanged, text: error.to_string() }
}

fn sender_name(engine: &Engine, settings: &MailSettings) -> String {
    let name = if settings.sender_name.is_empty() {
        engine.snapshot().installation.company_name.clone()
    } else {
        settings.sender_name.clone()
    };
    // The name of a company was checked by nobody; it is not worth losing a letter.
    name.chars().filter(|c| crate::address::is_line(&c.to_string())).collect()
}

/// Sends a letter to try the settings, at once and outside the outbox.
///
/// # Errors
/// The outer ones are those of the database; the inner one says why the letter did not leave.
pub fn send_trial(
    engine: &Engine,
    receiver: &str,
    content: &Content,
    allows_local: bool,
) -> Result<Result<(), Refusal>, EngineError> {
    let settings = engine.database().read(|tx| read_settings(tx))?;
    if !settings.is_set_up() {
        return Err(EngineError::State("no_mail"));
    }
    let password = match settings.password(engine) {
        Ok(password) => password,
        Err(error) => return Ok(Err(unreadable(error))),
    };
    let now = engine.clock().now_ms();
    let name = sender_name(engine, &settings);
    let domain = crate::address::domain_of(&settings.sender_address).unwrap_or("localhost");
    let content = message::Content {
        message_id: &format!("<trial.{now}@{domain}>"),
        created_at_ms: now,
        sender_address: &settings.sender_address,
        sender_name: &name,
        receiver,
        receiver_name: "",
        subject: &content.subject,
        text: &content.text,
        html: &content.html,
    };
    let Some(message) = message(&content) else {
        return Ok(Err(Refusal { failure: Failure::Unwritable, text: String::new() }));
    };
    Ok(smtp::send(&settings, &password, allows_local, &message))
}
