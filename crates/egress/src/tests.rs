//! The client against services that behave badly, on this machine.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;

use super::*;

/// A service that does `answer` with its one visitor; gives its address.
fn service(answer: impl FnOnce(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        if let Ok((mut stream, _)) = listener.accept() {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            answer(stream);
        }
    });
    address
}

fn saying(text: impl Into<String>) -> SocketAddr {
    let text = text.into();
    service(move |mut stream| {
        let _ = stream.write_all(text.as_bytes());
    })
}

fn ask(address: SocketAddr) -> Result<Json, EgressError> {
    Client::with_timeout("test", true, Duration::from_millis(700)).get_json(&format!("http://{address}/search?q=1"))
}

#[test]
fn a_document_is_read() {
    let answer = ask(saying("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{\"a\": 1}"));
    assert_eq!(answer.unwrap(), serde_json::json!({ "a": 1 }));
}

#[test]
fn the_own_network_is_closed_unless_it_is_allowed() {
    let client = Client::new("test", false);
    for host in ["127.0.0.1:9", "localhost:9", "[::1]:9", "0.0.0.0:9", "169.254.169.254"] {
        let refused = client.get_json(&format!("http://{host}/"));
        assert!(matches!(refused, Err(EgressError::LocalAddress)), "{host}: {refused:?}");
    }
    // Odd spellings of the own machine: whether they are addresses or the names of nobody is up to the system's resolver.
    for host in ["2130706433", "0x7f.1"] {
        let refused = client.get_json(&format!("http://{host}/"));
        assert!(matches!(refused, Err(EgressError::LocalAddress | EgressError::Unreachable(_))), "{host}: {refused:?}");
    }
    // Nobody was asked.
    let (asked, was_asked) = mpsc::channel();
    let address = service(move |_| asked.send(()).unwrap());
    assert!(matches!(client.get_json(&format!("http://{address}/")), Err(EgressError::LocalAddress)));
    assert!(was_asked.try_recv().is_err());
}

#[test]
fn redirects_and_refusals_are_no_answers() {
    let (asked, was_asked) = mpsc::channel();
    let other = service(move |_| asked.send(()).unwrap());
    let redirect = ask(saying(format!("HTTP/1.1 302 Found\r\nlocation: http://{other}/\r\ncontent-length: 0\r\n\r\n")));
    assert!(matches!(redirect, Err(EgressError::BadAnswer(_))), "{redirect:?}");
    assert!(was_asked.try_recv().is_err());
    let refused = ask(saying("HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n{}"));
    assert!(matches!(refused, Err(EgressError::BadAnswer(_))), "{refused:?}");
}

#[test]
fn garbage_and_too_much_are_no_answers() {
    for text in ["\u{1}\u{2}garbage\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n<htm>"] {
        let refused = ask(saying(text));
        assert!(matches!(refused, Err(EgressError::BadAnswer(_))), "{refused:?}");
    }
    let huge = ask(service(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n[");
        while stream.write_all(&[b'1'; 65536]).is_ok() {}
    }));
    assert!(matches!(&huge, Err(EgressError::BadAnswer(what)) if what == "too much"), "{huge:?}");
}

#[test]
fn who_is_slow_is_left() {
    let (_keep, wait) = mpsc::channel::<()>();
    let silent = ask(service(move |_stream| {
        let _ = wait.recv();
    }));
    assert!(matches!(silent, Err(EgressError::Unreachable(_))), "{silent:?}");
    // A byte now and then does not buy more time.
    let dripping = ask(service(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let (_keep, never) = mpsc::channel::<()>();
        while stream.write_all(b" ").is_ok() {
            let _ = never.recv_timeout(Duration::from_millis(50));
        }
    }));
    assert!(matches!(dripping, Err(EgressError::Unreachable(_))), "{dripping:?}");
}

#[test]
fn texts_stay_within_their_place() {
    assert_eq!(
        percent_encoded("Сумська, 1&x=/../?#"),
        "%D0%A1%D1%83%D0%BC%D1%81%D1%8C%D0%BA%D0%B0%2C%201%26x%3D%2F..%2F%3F%23"
    );
}

fn post(address: SocketAddr, body: &[u8]) -> Result<Reply, EgressError> {
    let limits = Limits { timeout: Duration::from_millis(700), answer_bytes: 10 };
    Client::new("test", true).post(&format!("http://{address}/hook"), &[("webhook-id", "msg_1")], body, limits)
}

#[test]
fn what_is_sent_arrives_with_its_headers_and_every_status_is_an_answer() {
    let (asked, was_asked) = mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = String::new();
        while !text.ends_with("{\"a\": 1}") {
            let mut part = [0; 1024];
            let count = stream.read(&mut part).unwrap();
            text.push_str(&String::from_utf8_lossy(part.get(..count).unwrap()));
        }
        asked.send(text).unwrap();
        stream.write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 12\r\n\r\nhello, world").unwrap();
    });
    let reply = post(address, b"{\"a\": 1}").unwrap();
    assert_eq!((reply.status, reply.body.as_slice()), (410, b"hello, wor".as_slice()));
    let text = was_asked.recv().unwrap();
    assert!(text.starts_with("POST /hook HTTP/1.1\r\n") && text.contains("webhook-id: msg_1\r\n"), "{text}");
    let redirect =
        post(saying("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n"), b"{}");
    assert_eq!(redirect.unwrap().status, 302);
}

#[test]
fn an_answer_without_end_is_cut_and_who_hangs_is_left() {
    let huge = post(
        service(|mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'1'; 65536]).is_ok() {}
        }),
        b"{}",
    );
    assert_eq!(huge.unwrap(), Reply { status: 200, body: vec![b'1'; 10], retry_after: None });
    let (_keep, wait) = mpsc::channel::<()>();
    let half = post(
        service(move |mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf");
            let _ = wait.recv();
        }),
        b"{}",
    );
    assert_eq!(half.unwrap(), Reply { status: 200, body: b"half".to_vec(), retry_after: None });
    let (_keep, wait) = mpsc::channel::<()>();
    let silent = post(
        service(move |_stream| {
            let _ = wait.recv();
        }),
        b"{}",
    );
    assert!(matches!(silent, Err(EgressError::Unreachable(_))), "{silent:?}");
    for text in ["\u{1}\u{2}garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nx: "] {
        assert!(post(saying(text), b"{}").is_err(), "{text}");
    }
    let head = post(
        service(|mut stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
            while stream.write_all(b"x-filler: 0123456789012345678901234567890123456789\r\n").is_ok() {}
        }),
        b"{}",
    );
    assert!(head.is_err(), "{head:?}");
}

#[test]
fn addresses_of_services_are_told_from_other_texts() {
    assert_eq!(scheme_of("https://hooks.example/a?b=c"), Some("https"));
    assert_eq!(scheme_of("http://127.0.0.1:8080/"), Some("http"));
    for url in
        ["", "hooks.example", "https://", "ftp://hooks.example/", "https://приклад.укр/", "https:/x", "https://a b/"]
    {
        assert_eq!(scheme_of(url), None, "{url}");
    }
}
