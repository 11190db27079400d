//! The accept loop: HTTP/1.1 over hyper with the limits that keep slow and greedy clients from hurting others.
//!
//! What must stay true: every connection counts against a cap of the program and of its address from its first byte to its last; a request head
//! that does not arrive in time, a client that reads nothing and an idle connection are each ended by a clock of their own; a stop lets
//! running requests end, but not for ever.

mod guarded;
mod places;

use std::net::IpAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use crate::request::Connection;
use guarded::{Guarded, HeadClock};
use places::{Place, Places};

/// Limits of the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// Open connections of the program.
    pub connections: usize,
    /// Open connections of one address; of all clients together behind a proxy, so raise it there.
    pub connections_per_address: usize,
    /// How long a request head may take, from its first byte or the opening of the connection.
    pub head_timeout: Duration,
    /// How long a connection may stay open between requests.
    pub idle_timeout: Duration,
    /// How long a client may read nothing of an answer.
    pub write_timeout: Duration,
    /// How long running requests may go on after a stop.
    pub stop_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        ServerLimits {
            connections: 2_000,
            connections_per_address: 200,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            write_timeout: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(10),
        }
    }
}

/// Most bytes of a request head.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Most header fields of a request.
const MAX_HEADERS: usize = 100;
/// After an accept that failed because the system has no more to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `shutdown` ends, then lets running requests end; event streams end at once.
///
/// # Errors
/// None at present: what goes wrong with one connection ends that connection.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    shutdown: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let graceful = GracefulShutdown::new();
    let (close, closing) = watch::channel(false);
    let places = Places::new(&limits);
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &places) => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Over the cap of its address the connection is closed without a word: an answer would cost what the cap protects.
        let Some(place) = place else { continue };
        let connection = Connection { peer, closing: closing.clone() };
        let watcher = graceful.watcher();
        let router = router.clone();
        tokio::spawn(async move {
            serve_connection(stream, router, connection, limits, watcher).await;
            drop(place);
        });
    }
    drop(listener);
    close.send_replace(true);
    let open = graceful.count();
    if tokio::time::timeout(limits.stop_timeout, graceful.shutdown()).await.is_err() {
        tracing::warn!(open, "some requests did not end in time and were cut off");
    }
    Ok(())
}

async fn serve_connection(
    stream: TcpStream,
    router: Router,
    connection: Connection,
    limits: ServerLimits,
    watcher: hyper_util::server::graceful::Watcher,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its small packets");
    }
    let head = HeadClock::new();
    let guarded = Guarded::new(stream, head.clone(), limits.head_timeout, limits.write_timeout);
    let service = service_fn(move |mut request: Request<Incoming>| {
        head.arrived();
        request.extensions_mut().insert(connection.clone());
        let (router, head) = (router.clone(), head.clone());
        async move {
            let response = router.oneshot(request.map(Body::new)).await;
            head.wait_for_next();
            response
        }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        // Between requests the guard knows no head, so this clock is the one for idle connections.
        .header_read_timeout(limits.idle_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .max_headers(MAX_HEADERS)
        .serve_connection(TokioIo::new(guarded), service);
    if let Err(error) = watcher.watch(serving).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// A connection, its peer, and its place unless its address has too many.
type Accepted = (TcpStream, IpAddr, Option<Place>);

/// Waits for a place first: when the program has too many connections, new ones wait in the system's queue.
async fn accept(listener: &TcpListener, places: &Places) -> std::io::Result<Accepted> {
    let permit = places.all.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    let address = peer.ip().to_canonical();
    Ok((stream, address, places.take(address, permit)))
}

#[cfg(test)]
mod tests;
