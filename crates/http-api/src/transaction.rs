//! The write transaction of a request.

use database::Tx;
use record_engine::RequestContext;
use record_engine::engine::Snapshot;

use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::Caller;
use crate::idempotency::Retry;
use crate::response::Answer;
use crate::state::ApiState;

/// What a handler works with inside its transaction.
pub(crate) struct Work<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// Catalog and settings, the same for the whole request.
    pub snapshot: &'a Snapshot,
    /// Who asks.
    pub context: &'a RequestContext,
}

impl ApiState {
    /// Runs the write of a request once, also when the request is repeated, and answers when it is durable.
    pub(crate) async fn write(
        &self,
        caller: Caller,
        retry: Retry,
        work: impl Fn(Work<'_>) -> Result<Answer> + Send + 'static,
    ) -> Result<Answer> {
        self.write_prepared(caller, retry, |_, _| Ok(()), move |(), transaction| work(transaction)).await
    }

    /// [`ApiState::write`] with work before the transaction, so that other writers do not wait for it.
    pub(crate) async fn write_prepared<P>(
        &self,
        caller: Caller,
        retry: Retry,
        prepare: impl FnOnce(&Snapshot, &RequestContext) -> Result<P> + Send + 'static,
        work: impl Fn(&P, Work<'_>) -> Result<Answer> + Send + 'static,
    ) -> Result<Answer> {
        self.write_prepared_in(Lane::Interactive, caller, retry, prepare, work).await
    }

    /// [`ApiState::write_prepared`] under another limit.
    pub(crate) async fn write_prepared_in<P>(
        &self,
        lane: Lane,
        caller: Caller,
        retry: Retry,
        prepare: impl FnOnce(&Snapshot, &RequestContext) -> Result<P> + Send + 'static,
        work: impl Fn(&P, Work<'_>) -> Result<Answer> + Send + 'static,
    ) -> Result<Answer> {
        let retry = match &caller.key {
            Some(key) => retry.of_key(key.key_id),
            None => retry,
        };
        self.run_in(lane, move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let prepared = prepare(&snapshot, &context)?;
            let attempt = || {
                engine.write(|tx| {
                    let run = |tx: &mut Tx| work(&prepared, Work { tx, snapshot: &snapshot, context: &context });
                    retry.once(tx, engine.vault(), &context, run)
                })
            };
            match attempt() {
                // Between check and write somebody else took the phone or e-mail; the second time the check sees it and names its owner.
                Err(error) if error.is_lost_race() => attempt(),
                result => result,
            }
        })
        .await
    }
}
