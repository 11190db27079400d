//! The one way out: requests of the program itself to services that an administrator has named.
//!
//! What must stay true: a name is resolved once, every address is judged, and the connection goes to a judged address; no redirect is
//! followed and no proxy of the environment used; time and size of an answer are limited. What came in from outside never chooses the host:
//! it fills places of an address behind the host only.
//!
//! Every call blocks its thread for some seconds at most. What is deliberately not here: retries, caches, and any knowledge of services.

mod judge;
mod line;

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value as Json;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, DefaultConnector, NextTimeout};

pub use judge::is_public;
pub use line::{Line, Trust, check_authorities};

/// Longest time of a request, from the name to the last byte.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Largest answer, in bytes.
const MAX_ANSWER: u64 = 1024 * 1024;

/// Why there is no answer. None of the texts holds what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The host leads into the own network, which is not allowed.
    #[error("the host has no public address")]
    LocalAddress,
    /// Nobody answered: no such host, no connection, an untrusted certificate, too slow.
    #[error("the service cannot be reached: {0}")]
    Unreachable(String),
    /// An answer that is none: refused, a redirect, too large, no JSON.
    #[error("the service answered {0}")]
    BadAnswer(String),
}

/// What a caller is ready to wait for and to read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the name to the last byte.
    pub timeout: Duration,
    /// How many bytes of the answer are read; whoever sends more is not listened to any longer.
    pub answer_bytes: u64,
}

/// An answer as it came, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status; a redirect stands here as what it is.
    pub status: u16,
    /// The beginning of the body.
    pub body: Vec<u8>,
    /// When to come again, as the service said it.
    pub retry_after: Option<String>,
}

/// See the module. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    agent: ureq::Agent,
}

impl Client {
    /// A client that names itself with `user_agent`. `allows_local` lets it into the own network: for services that one runs oneself.
    pub fn new(user_agent: &str, allows_local: bool) -> Client {
        Client::with_timeout(user_agent, allows_local, TIMEOUT)
    }

    fn with_timeout(user_agent: &str, allows_local: bool, timeout: Duration) -> Client {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            .timeout_global(Some(timeout))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            // A connection that waits may be dead when it is wanted, and a request that it loses is not sent again.
            .max_idle_connections(0)
            .user_agent(user_agent)
            .tls_config(tls)
            .build();
        Client::with_parts(config, DefaultConnector::default(), DefaultResolver::default(), allows_local)
    }

    fn with_parts(config: Config, connector: impl Connector, inner: impl Resolver, allows_local: bool) -> Client {
        Client { agent: ureq::Agent::with_parts(config, connector, JudgingResolver { inner, allows_local }) }
    }

    /// Asks for a JSON document.
    ///
    /// # Errors
    /// See [`EgressError`].
    pub fn get_json(&self, url: &str) -> Result<Json, EgressError> {
        self.get_json_with(url, &[])
    }

    /// The same with further headers.
    ///
    /// # Errors
    /// See [`EgressError`].
    pub fn get_json_with(&self, url: &str, headers: &[(&str, &str)]) -> Result<Json, EgressError> {
        let mut request = self.agent.get(url).header("accept", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = request.call().map_err(refusal)?;
        if response.status().as_u16() != 200 {
            return Err(EgressError::BadAnswer(format!("with status {}", response.status().as_u16())));
        }
        let bytes = response.body_mut().with_config().limit(MAX_ANSWER).read_to_vec().map_err(refusal)?;
        serde_json::from_slice(&bytes).map_err(|_| EgressError::BadAnswer("no JSON".into()))
    }

    /// Sends a body. Every status is an answer; of its body only the beginning is read, and one that does not end in time is cut there: what was
    /// sent has arrived.
    ///
    /// # Errors
    /// See [`EgressError`].
    pub fn post(&self, url: &str, headers: &[(&str, &str)], body: &[u8], limits: Limits) -> Result<Reply, EgressError> {
        let mut request = self.agent.post(url).config().timeout_global(Some(limits.timeout)).build();
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send(body).map_err(refusal)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let retry_after = retry_after.map(str::to_owned);
        let mut body = Vec::new();
        // How much of it came is all the same: what was read until an error stays in the buffer.
        let _ = response.into_body().into_reader().take(limits.answer_bytes).read_to_end(&mut body);
        Ok(Reply { status, body, retry_after })
    }
}

fn refusal(error: ureq::Error) -> EgressError {
    match error {
        ureq::Error::Other(inner) if inner.is::<NotPublic>() => EgressError::LocalAddress,
        ureq::Error::BodyExceedsLimit(_) => EgressError::BadAnswer("too much".into()),
        ureq::Error::Protocol(_) | ureq::Error::Http(_) => EgressError::BadAnswer("no HTTP".into()),
        ureq::Error::Timeout(_) => EgressError::Unreachable("too slow".into()),
        ureq::Error::BadUri(_) => EgressError::Unreachable("no address of a service".into()),
        ureq::Error::HostNotFound => EgressError::Unreachable("no such host".into()),
        ureq::Error::Io(error) => EgressError::Unreachable(error.kind().to_string()),
        _ => EgressError::Unreachable("no connection".into()),
    }
}

/// Carried by the error of the resolver.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
struct NotPublic;

/// Resolves a name and hands over the addresses that one may go to.
#[derive(Debug)]
struct JudgingResolver<R> {
    inner: R,
    allows_local: bool,
}

impl<R: Resolver> Resolver for JudgingResolver<R> {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let mut judged = self.empty();
        for address in found.iter().filter(|address| self.allows_local || is_public(address.ip())) {
            judged.push(*address);
        }
        if judged.is_empty() { Err(ureq::Error::Other(Box::new(NotPublic))) } else { Ok(judged) }
    }
}

/// `http` or `https` of an address that a request can go to; `None` for everything else.
pub fn scheme_of(url: &str) -> Option<&'static str> {
    let uri: Uri = url.parse().ok()?;
    uri.host().filter(|host| !host.is_empty())?;
    match uri.scheme_str()? {
        "http" => Some("http"),
        "https" => Some("https"),
        _ => None,
    }
}

/// Scheme, host and port of an address that a request can go to, as browsers write an origin; and the host alone, in small letters.
pub fn origin_of(url: &str) -> Option<(String, String)> {
    let scheme = scheme_of(url)?;
    let uri: Uri = url.parse().ok()?;
    let authority = uri.authority().filter(|authority| !authority.as_str().contains('@'))?;
    let host = authority.host().to_ascii_lowercase();
    let usual = if scheme == "https" { 443 } else { 80 };
    let port = authority.port_u16().filter(|port| *port != usual);
    Some((port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")), host))
}

/// A text as a part of a path or query of an address: everything but letters, digits and a few marks is written as `%XX`.
pub fn percent_encoded(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            made.push(char::from(byte));
        } else {
            made.push_str(&format!("%{byte:02X}"));
        }
    }
    made
}

#[cfg(test)]
mod ssrf_tests;
#[cfg(test)]
mod tests;
