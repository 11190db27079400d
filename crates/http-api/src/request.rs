//! What the program knows about a request beside its text: its id and where it comes from.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::Extensions;
use axum::http::HeaderMap;
use database::hex;
use tokio::sync::watch;

use crate::state::ApiConfig;

/// Random bytes as lower-case hexadecimal text.
pub(crate) fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0_u8; BYTES];
    if let Err(error) = getrandom::fill(&mut bytes) {
        // Ids made of these only name things; tokens and passwords have their own source, which fails instead.
        tracing::error!(%error, "the system gave no random bytes");
    }
    hex(&bytes)
}

/// The connection of a request; put into the request's extensions by the accept loop.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    /// The other end.
    pub peer: IpAddr,
    /// Becomes true when the program ends.
    pub closing: watch::Receiver<bool>,
}

/// The address of the client, for throttling and the list of sessions; `0.0.0.0` where there is no connection.
pub(crate) fn client_address(extensions: &Extensions, headers: &HeaderMap, config: &ApiConfig) -> IpAddr {
    if config.is_behind_proxy {
        // Only the last entry was written by the operator's own proxy; everything before it may be invented.
        let last = headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .and_then(|value| value.to_str().ok()?.rsplit(',').next());
        if let Some(address) = last.and_then(|text| text.trim().parse::<IpAddr>().ok()) {
            return address;
        }
    }
    extensions
        .get::<Connection>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |connection| connection.peer.to_canonical())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn only_the_proxys_own_entry_counts_and_only_behind_a_proxy() {
        let mut extensions = Extensions::new();
        extensions.insert(Connection { peer: "::ffff:10.0.0.9".parse().unwrap(), closing: watch::channel(false).1 });
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "1.2.3.4, 5.6.7.8".parse().unwrap());
        let behind = ApiConfig { is_behind_proxy: true, ..ApiConfig::default() };
        assert_eq!(client_address(&extensions, &headers, &behind).to_string(), "5.6.7.8");
        assert_eq!(client_address(&extensions, &headers, &ApiConfig::default()).to_string(), "10.0.0.9");
        assert!(client_address(&Extensions::new(), &HeaderMap::new(), &behind).is_unspecified());
    }
}
