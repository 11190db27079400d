//! One open event stream.

use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse;
use database::Backend;
use futures_util::{Stream, stream};
use record_engine::outbox::{self, Event};
use serde_json::json;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval, sleep};

use super::PAGE;
use super::reader::{Told, tell, tell_all};
use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::Caller;
use crate::problem::Problem;
use crate::state::ApiState;

/// A sign of life keeps proxies from closing the stream, and is when the session is looked at again.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After a break clients wait this long.
const RECONNECT: Duration = Duration::from_secs(2);
/// Events that come within this time are translated together, so that many streams cost little while much is written.
const GATHER: Duration = Duration::from_millis(100);
/// Most events that are translated together.
const BATCH: usize = 500;
/// On PostgreSQL a lower number may have appeared after a higher one was sent; a client that resumes hears of so many again.
const OVERLAP: i64 = 200;
/// So many events of the past are known to a new stream; more the hub is hardly ever behind.
const PAST: usize = 200;

/// See the module.
pub(crate) struct EventStream {
    state: ApiState,
    caller: Caller,
    receiver: broadcast::Receiver<Arc<Event>>,
    closing: Option<watch::Receiver<bool>>,
    heartbeat: Interval,
    /// The last event that was looked at for this reader.
    position: i64,
    /// Events that had happened when the stream was opened; the hub may still be about to hand them on.
    past: BTreeSet<i64>,
    ready: VecDeque<sse::Event>,
    is_over: bool,
    _place: OwnedSemaphorePermit,
}

impl EventStream {
    /// Opens a stream; `resume_from` is the `Last-Event-ID` of the client.
    pub async fn open(
        state: ApiState,
        caller: Caller,
        closing: Option<watch::Receiver<bool>>,
        resume_from: Option<i64>,
    ) -> Result<EventStream> {
        let hub = state.events();
        let place =
            hub.places.clone().try_acquire_owned().map_err(|_| Problem::new("overloaded").retry_after(HEARTBEAT))?;
        // Subscribed before the present end is read, so nothing falls between.
        let receiver = hub.sender.subscribe();
        let past: BTreeSet<i64> = state
            .run_in(Lane::Event, |engine| Ok(engine.database().read(|tx| outbox::last_ids(tx, PAST))?))
            .await?
            .into_iter()
            .collect();
        let position = past.last().copied().unwrap_or_default();
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        let greeting = sse::Event::default().id(position.to_string()).retry(RECONNECT).comment("connected");
        let ready = VecDeque::from([greeting]);
        let mut opened = EventStream {
            state,
            caller,
            receiver,
            closing,
            heartbeat,
            position,
            past,
            ready,
            is_over: false,
            _place: place,
        };
        if let Some(resume_from) = resume_from.filter(|from| *from < position) {
            let overlap = if opened.state.engine().database().backend() == Backend::Postgres { OVERLAP } else { 0 };
            opened.position = (resume_from - overlap).max(0);
            opened.catch_up().await?;
        } else {
            // It may have ended, or been given other rights, after it let the request in and before the subscription.
            opened.look_at_session().await?;
        }
        Ok(opened)
    }

    /// The events as the response body wants them.
    pub fn into_stream(self) -> impl Stream<Item = Result<sse::Event, Infallible>> {
        stream::unfold(self, async |mut stream| stream.next().await.map(|event| (Ok(event), stream)))
    }

    async fn next(&mut self) -> Option<sse::Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            // What cannot be told now is told after the client has come back with its `Last-Event-ID`.
            if let Err(error) = self.wait().await {
                tracing::debug!(%error, "an event stream ends early");
                return None;
            }
        }
    }

    async fn wait(&mut self) -> Result<()> {
        let closed = async {
            // An error means that nobody is left who could close: the server has ended.
            match &mut self.closing {
                Some(closing) => closing.wait_for(|is_closing| *is_closing).await.map(drop).unwrap_or_default(),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            received = self.receiver.recv() => match received {
                Ok(event) => {
                    sleep(GATHER).await;
                    match gather(&mut self.receiver, event) {
                        Some(events) => self.deliver(events).await,
                        None => self.catch_up().await,
                    }
                }
                Err(RecvError::Lagged(_)) => self.catch_up().await,
                Err(RecvError::Closed) => {
                    self.is_over = true;
                    Ok(())
                }
            },
            _ = self.heartbeat.tick() => self.look_at_session().await,
            () = closed => {
                self.is_over = true;
                Ok(())
            }
        }
    }

    async fn deliver(&mut self, mut events: Vec<Arc<Event>>) -> Result<()> {
        events.retain(|event| !self.past.contains(&event.id));
        self.position = events.iter().map(|event| event.id).fold(self.position, i64::max);
        let user_id = self.caller.session.user_id;
        let is_mine =
            |event: &Arc<Event>| event.payload.get("user_id").and_then(serde_json::Value::as_i64) == Some(user_id);
        let is_over = self.caller.is_over(self.state.engine().clock().now_ms());
        if is_over || events.iter().any(|event| event.topic == "session_ended" && is_mine(event)) {
            self.look_at_session().await?;
            if self.is_over {
                return Ok(());
            }
        } else if events.iter().any(|event| event.topic == "catalog") {
            // Rights of users are part of what everybody reads again then.
            self.look_at_session().await?;
            if self.is_over {
                return Ok(());
            }
        }
        let caller = self.caller.clone();
        let told = self
            .state
            .run_in(Lane::Event, move |engine| {
                let context = caller.context(engine);
                Ok(engine.database().read(|tx| tell(tx, &engine.snapshot(), &context, &events))?)
            })
            .await?;
        self.push(told);
        Ok(())
    }

    /// Reads the outbox behind the position; when that is too much, says that everything may have changed. The end of the session or other rights may
    /// be among what was missed, so the session is looked at first.
    async fn catch_up(&mut self) -> Result<()> {
        self.look_at_session().await?;
        if self.is_over {
            return Ok(());
        }
        let (caller, position) = (self.caller.clone(), self.position);
        let (told, position) = self
            .state
            .run_in(Lane::Event, move |engine| {
                let (snapshot, context) = (engine.snapshot(), caller.context(engine));
                engine.database().read(|tx| {
                    let last = outbox::last_id(tx)?;
                    let events = outbox::read_after(tx, position, PAGE)?;
                    let told = if events.len() == PAGE {
                        tell_all(&snapshot, &context, last)
                    } else {
                        let events: Vec<Arc<Event>> = events.into_iter().map(Arc::new).collect();
                        tell(tx, &snapshot, &context, &events)?
                    };
                    Ok((told, last))
                })
            })
            .await?;
        self.position = position;
        self.push(told);
        Ok(())
    }

    async fn look_at_session(&mut self) -> Result<()> {
        let caller = self.caller.clone();
        let again = self.state.run_in(Lane::Event, move |engine| caller.again(engine)).await?;
        match again {
            Some(caller) => {
                let may_other = !caller.session.access.allows_the_same_as(&self.caller.session.access)
                    || caller.session.open_until != self.caller.session.open_until;
                self.caller = caller;
                // Whoever may more or less than before, or longer, reads everything again.
                let event = sse::Event::default();
                self.ready.push_back(if may_other { event.event("rights").data("{}") } else { event.comment("alive") });
            }
            // It was given another token, which the browser has: it comes back with that.
            None if self.is_renewed().await? => self.is_over = true,
            None => {
                self.ready.push_back(sse::Event::default().event("session_ended").data(json!({}).to_string()));
                self.is_over = true;
            }
        }
        Ok(())
    }

    async fn is_renewed(&self) -> Result<bool> {
        let id = self.caller.session.id;
        self.state.run_in(Lane::Event, move |engine| Ok(identity::is_session_open(engine, id)?)).await
    }

    fn push(&mut self, told: Vec<Told>) {
        for Told { id, name, data } in told {
            self.ready.push_back(sse::Event::default().id(id.to_string()).event(name).data(data.to_string()));
        }
    }
}

/// What has come since `first`; `None` when the channel has dropped some of it. It says so only once, so what was missed is to be read now.
fn gather<T: Clone>(receiver: &mut broadcast::Receiver<T>, first: T) -> Option<Vec<T>> {
    let mut events = vec![first];
    while events.len() < BATCH {
        match receiver.try_recv() {
            Ok(event) => events.push(event),
            Err(TryRecvError::Lagged(_)) => return None,
            Err(TryRecvError::Empty | TryRecvError::Closed) => break,
        }
    }
    Some(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_channel_dropped_while_events_were_gathered_is_not_passed_over() {
        let (sender, mut receiver) = broadcast::channel(2);
        let send = |events: std::ops::Range<i64>| events.for_each(|event| assert!(sender.send(event).is_ok()));
        send(1..3);
        assert_eq!(gather(&mut receiver, 0), Some(vec![0, 1, 2]));
        send(3..9);
        assert_eq!(gather(&mut receiver, 2), None);
        // What is left of it is told as well: twice is better than never.
        assert_eq!(gather(&mut receiver, 6), Some(vec![6, 7, 8]));
    }
}
