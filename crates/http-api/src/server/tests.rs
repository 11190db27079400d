//! The limits against real sockets.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::net::SocketAddr;
use std::time::Instant;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::oneshot;

use super::*;

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn start(limits: ServerLimits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let slow = async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "done"
    };
    let router = Router::new().route("/", get(async || "hello")).route("/slow", get(slow));
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(serve(listener, router, limits, async {
        let _ = stopped.await;
    }));
    Running { address, stop, served }
}

fn quick() -> ServerLimits {
    ServerLimits {
        head_timeout: Duration::from_millis(200),
        idle_timeout: Duration::from_millis(600),
        ..ServerLimits::default()
    }
}

async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    // A connection that the server resets has ended too.
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut text)).await.unwrap();
    String::from_utf8_lossy(&text).into_owned()
}

#[tokio::test]
async fn a_silent_and_a_half_sent_head_are_cut_off() {
    let running = start(quick()).await;
    for sent in ["", "GET / HTTP/1.1\r\nHost: a\r\n"] {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(running.address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        read_to_end(&mut stream).await;
        let elapsed = begun.elapsed();
        assert!(elapsed < Duration::from_millis(550), "{sent:?} held a connection for {elapsed:?}");
    }
}

#[tokio::test]
async fn an_idle_connection_lives_longer_than_a_head_and_serves_again() {
    let running = start(quick()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let mut buffer = vec![0_u8; 4_096];
    for _ in 0..2 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(String::from_utf8_lossy(buffer.get(..count).unwrap()).contains("hello"));
        tokio::time::sleep(Duration::from_millis(350)).await;
    }
    let begun = Instant::now();
    assert_eq!(read_to_end(&mut stream).await, "");
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn one_address_cannot_take_all_places() {
    let running = start(ServerLimits { connections_per_address: 2, ..ServerLimits::default() }).await;
    let first = TcpStream::connect(running.address).await.unwrap();
    let _second = TcpStream::connect(running.address).await.unwrap();
    let mut third = TcpStream::connect(running.address).await.unwrap();
    assert_eq!(read_to_end(&mut third).await, "");
    drop(first);
    // The place is free once the server has seen the end of the connection.
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        let mut again = TcpStream::connect(running.address).await.unwrap();
        let _ = again.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        if read_to_end(&mut again).await.contains("hello") {
            break;
        }
        assert!(Instant::now() < deadline);
    }
}

#[tokio::test]
async fn a_stop_lets_running_requests_end() {
    let running = start(ServerLimits::default()).await;
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    assert!(read_to_end(&mut stream).await.contains("done"));
    running.served.await.unwrap().unwrap();
    assert!(TcpStream::connect(running.address).await.is_err());
}
