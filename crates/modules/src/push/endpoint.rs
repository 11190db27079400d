//! Where a browser wants its messages to be sent. The browser gives the address and an administrator the hosts: what a user makes up leads nowhere else.

/// Longest address, in bytes.
const MAX_LENGTH: usize = 2_000;

/// An address of a push service that may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// Scheme, host and port: whom the key is shown to.
    pub origin: String,
    /// The host.
    pub host: String,
}

/// The endpoint of an address; `None` when its host is none of `services`, or it is not encrypted and `allows_local` does not say that this is no matter.
pub(super) fn read(url: &str, services: &[String], allows_local: bool) -> Option<Endpoint> {
    let is_safe = url.starts_with("https://") || allows_local;
    let (origin, host) = egress::origin_of(url).filter(|_| is_safe && url.len() <= MAX_LENGTH)?;
    let is_named = services.iter().any(|service| match service.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|name| name.len() > 1 && name.ends_with('.')),
        None => *service == host,
    });
    is_named.then_some(Endpoint { origin, host })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_services_are_asked() {
        let services: Vec<String> = ["fcm.googleapis.com", "*.push.apple.com", "127.0.0.1"].map(String::from).to_vec();
        let check = |url: &str, expect: Option<&str>| {
            let found = read(url, &services, false).map(|endpoint| endpoint.origin);
            assert_eq!(found.as_deref(), expect, "{url}");
        };
        check("https://fcm.googleapis.com/fcm/send/a:b", Some("https://fcm.googleapis.com"));
        check("https://FCM.googleapis.com:443/x", Some("https://fcm.googleapis.com"));
        check("https://fcm.googleapis.com:8443/x", Some("https://fcm.googleapis.com:8443"));
        check("https://web.push.apple.com/x", Some("https://web.push.apple.com"));
        check("https://push.apple.com/x", None);
        check("https://.push.apple.com/x", None);
        check("https://evilpush.apple.com/x", None);
        check("https://web.push.apple.com.evil.example/x", None);
        check("https://fcm.googleapis.com@evil.example/x", None);
        check("https://user@fcm.googleapis.com/x", None);
        check("http://fcm.googleapis.com/x", None);
        check("https://192.168.1.1/x", None);
        check("http://127.0.0.1:9/x", None);
        check("ftp://fcm.googleapis.com/x", None);
        check("", None);
        check(&format!("https://fcm.googleapis.com/{}", "x".repeat(MAX_LENGTH)), None);
        assert!(read("http://127.0.0.1:9/x", &services, true).is_some());
        assert!(read("http://127.0.0.1:9/x", &[], true).is_none());
    }
}
