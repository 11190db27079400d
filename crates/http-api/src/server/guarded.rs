//! A connection with two clocks of its own: for the head of a request, and for a client that does not read.
//!
//! hyper's clock for heads also runs between requests, where a connection may rest longer than a head may take. This one starts with the
//! opening of the connection or the first byte of a further request, and stops when hyper hands the request over.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// The head is awaited and the clock runs.
const AWAITED: u8 = 0;
/// A request is being served.
const SERVED: u8 = 1;
/// The connection rests; the next byte starts the clock.
const RESTING: u8 = 2;

/// Where a connection stands, shared between its bytes and its requests.
#[derive(Clone)]
pub(super) struct HeadClock(Arc<AtomicU8>);

impl HeadClock {
    /// Of a fresh connection: a head is awaited.
    pub fn new() -> HeadClock {
        HeadClock(Arc::new(AtomicU8::new(AWAITED)))
    }

    /// A head is complete.
    pub fn arrived(&self) {
        self.0.store(SERVED, Ordering::Release);
    }

    /// The request is answered.
    pub fn wait_for_next(&self) {
        self.0.store(RESTING, Ordering::Release);
    }

    fn is(&self, state: u8) -> bool {
        self.0.load(Ordering::Acquire) == state
    }
}

/// See the module.
pub(super) struct Guarded {
    stream: TcpStream,
    head: HeadClock,
    head_timeout: Duration,
    head_deadline: Pin<Box<Sleep>>,
    write_timeout: Duration,
    /// Runs while a write waits for the client.
    write_deadline: Option<Pin<Box<Sleep>>>,
}

impl Guarded {
    pub fn new(stream: TcpStream, head: HeadClock, head_timeout: Duration, write_timeout: Duration) -> Guarded {
        let head_deadline = Box::pin(sleep_until(Instant::now() + head_timeout));
        Guarded { stream, head, head_timeout, head_deadline, write_timeout, write_deadline: None }
    }

    /// Lets a waiting write wait no longer than the limit.
    fn watch_write<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_deadline = None;
            return written;
        }
        let timeout = self.write_timeout;
        let deadline = self.write_deadline.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + timeout)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(timed_out("the client reads nothing")))
    }
}

fn timed_out(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, text)
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() && buffer.filled().len() > before && self.head.is(RESTING) {
            self.head.0.store(AWAITED, Ordering::Release);
            let deadline = Instant::now() + self.head_timeout;
            self.head_deadline.as_mut().reset(deadline);
        }
        if self.head.is(AWAITED) && self.head_deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(timed_out("the request head did not arrive in time")));
        }
        read
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, data);
        self.watch_write(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.watch_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch_write(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.watch_write(context, shut)
    }
}
