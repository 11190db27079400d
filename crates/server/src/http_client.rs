//! A small blocking HTTP/1.1 client that measures and tests the running server from outside: one kept-alive connection, one request at a time.
//!
//! It speaks only to this program on this machine: no TLS, no redirects, no proxies.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Longest answer that is taken into memory.
const MAX_BODY: usize = 256 * 1024 * 1024;

/// A connection with the cookie of its session.
pub struct Connection {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    /// Sent with every request: `name=value`.
    pub cookie: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header of a name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; `null` when it is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or(Json::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Connection {
    /// A connection that opens with its first request.
    pub fn new(address: SocketAddr) -> Connection {
        Connection { address, stream: None, cookie: None }
    }

    /// Logs in and keeps the cookie.
    ///
    /// # Errors
    /// `PermissionDenied` when the server does not accept the password; those of the network.
    pub fn log_in(&mut self, login: &str, password: &str) -> Result<()> {
        let body = serde_json::json!({ "login": login, "password": password });
        let answer = self.json("POST", "/api/v1/session", &body)?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(String::from);
        match cookie.filter(|_| answer.status < 300) {
            Some(cookie) => {
                self.cookie = Some(cookie);
                Ok(())
            }
            None => Err(Error::new(
                ErrorKind::PermissionDenied,
                format!("the login of {login} was answered with {}", answer.status),
            )),
        }
    }

    /// A request without a body.
    ///
    /// # Errors
    /// Those of the network; an answer that is not HTTP.
    pub fn get(&mut self, path: &str) -> Result<Answer> {
        self.send("GET", path, &[], &[])
    }

    /// A request with a JSON body.
    ///
    /// # Errors
    /// As [`Connection::get`].
    pub fn json(&mut self, method: &str, path: &str, body: &Json) -> Result<Answer> {
        self.send(method, path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    /// Any request. A kept connection that the server has closed meanwhile is opened once more.
    ///
    /// # Errors
    /// As [`Connection::get`].
    pub fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
        let is_kept = self.stream.is_some();
        match self.exchange(method, path, headers, body) {
            Err(error) if is_kept && is_closed(&error) => self.exchange(method, path, headers, body),
            other => other,
        }
    }

    /// Sends a request and hands over the connection behind the head of the answer: for streams.
    ///
    /// # Errors
    /// As [`Connection::get`].
    pub fn open_stream(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<(Answer, BufReader<TcpStream>)> {
        let mut stream = self.connect()?;
        self.write_request(&mut stream, "GET", path, headers, &[])?;
        let answer = read_head(&mut stream)?;
        Ok((answer, stream))
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(BufReader::new(stream))
    }

    fn exchange(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        let written = self.write_request(&mut stream, method, path, headers, body);
        // A server that refuses a large body answers before it has read it all.
        let mut answer = match (read_head(&mut stream), written) {
            (Ok(answer), _) => answer,
            (Err(_), Err(error)) | (Err(error), Ok(())) => return Err(error),
        };
        let has_body = method != "HEAD" && !matches!(answer.status, 204 | 304);
        if has_body {
            answer.body = read_body(&mut stream, &answer)?;
        }
        if answer.header("connection") != Some("close") {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn write_request(
        &self,
        stream: &mut BufReader<TcpStream>,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<()> {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", self.address, body.len());
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("sec-fetch-site")) {
            head.push_str("sec-fetch-site: same-origin\r\n");
        }
        if let Some(cookie) = &self.cookie {
            head.push_str(&format!("cookie: {cookie}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let out = stream.get_mut();
        out.write_all(head.as_bytes())?;
        out.write_all(body)
    }
}

fn is_closed(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::UnexpectedEof | ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}

fn broken(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("the answer is not HTTP: {what}"))
}

fn read_line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn read_head(stream: &mut impl BufRead) -> Result<Answer> {
    let line = read_line(stream)?;
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(|| broken("its first line"))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            return Ok(Answer { status, headers, body: Vec::new() });
        }
        let (name, value) = line.split_once(':').ok_or_else(|| broken("a header"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_body(stream: &mut impl BufRead, head: &Answer) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    if head.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let line = read_line(stream)?;
            let size =
                usize::from_str_radix(line.split(';').next().unwrap_or_default(), 16).map_err(|_| broken("a chunk"))?;
            read_exactly(stream, size, &mut body)?;
            read_line(stream)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match head.header("content-length") {
        Some(length) => {
            let length = length.parse().map_err(|_| broken("its length"))?;
            read_exactly(stream, length, &mut body)?;
        }
        None => {
            stream.take(MAX_BODY as u64).read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

fn read_exactly(stream: &mut impl BufRead, size: usize, body: &mut Vec<u8>) -> Result<()> {
    if body.len() + size > MAX_BODY {
        return Err(broken("it is too long"));
    }
    let start = body.len();
    body.resize(start + size, 0);
    stream.read_exact(body.get_mut(start..).unwrap_or_default())
}
