//! Addresses of services outside with places to fill in, such as `https://tiles.example/{z}/{x}/{y}.png`.
//!
//! What must stay true: the origin of an accepted address can stand in a header as it is; it holds no name, password, quote or separator.

use record_engine::FieldError;

/// Longest address, in characters.
pub(crate) const URL_LENGTH: usize = 500;

/// What is wrong with an address in which each of `places` must stand once, and nothing else in braces; `None` when it is good.
pub(crate) fn check(pointer: &str, url: &str, places: &[&str]) -> Option<FieldError> {
    if url.chars().count() > URL_LENGTH {
        return Some(FieldError::new(pointer, "too_long").with("max", URL_LENGTH));
    }
    if origin(url).is_none() {
        return Some(FieldError::new(pointer, "not_a_url"));
    }
    let mut rest = url.to_owned();
    for place in places {
        let mark = format!("{{{place}}}");
        if rest.matches(&mark).count() != 1 {
            return Some(FieldError::new(pointer, "missing_place").with("value", mark));
        }
        rest = rest.replace(&mark, "");
    }
    let open = rest.find(['{', '}'])?;
    let unknown: String = rest.get(open..)?.chars().take_while(|c| *c != '/').take(20).collect();
    Some(FieldError::new(pointer, "unknown_place").with("value", unknown))
}

/// Scheme, host and port of an address, if it is one that a browser may be allowed to load from: `https://tiles.example:8443`.
pub fn origin(url: &str) -> Option<&str> {
    let after = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    if url.chars().any(|c| !c.is_ascii_graphic() || "\"'<>\\^`|".contains(c)) {
        return None;
    }
    let host_length = after.find(['/', '?', '#']).unwrap_or(after.len());
    let authority = after.get(..host_length)?;
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    // An address of version 6 is no host of a security policy.
    let is_host = host.bytes().all(|c| c.is_ascii_alphanumeric() || b".-".contains(&c))
        && host.split('.').all(|part| !part.is_empty() && !part.starts_with('-'));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    (is_host && is_port).then(|| url.get(..url.len() - after.len() + host_length))?
}

/// The public address of an installation as it is stored: scheme, host and port; `None` for anything else.
pub fn public_address(text: &str) -> Option<String> {
    let bare = text.trim().trim_end_matches('/');
    (origin(bare)? == bare).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_told_from_what_is_none() {
        let checks = |url: &str, expect: Option<&str>| assert_eq!(origin(url), expect, "{url}");
        checks("https://tiles.example/{z}/{x}/{y}.png", Some("https://tiles.example"));
        checks("http://127.0.0.1:8080/{z}", Some("http://127.0.0.1:8080"));
        checks("https://tiles.example?key=1", Some("https://tiles.example"));
        for wrong in [
            "",
            "tiles.example",
            "ftp://tiles.example/",
            "javascript:alert(1)",
            "https://",
            "https:///a",
            "http://[::1]:8080/",
            "https://user:secret@tiles.example/",
            "https://{s}.tiles.example/",
            "https://tiles.example;script-src *",
            "https://tiles.example /a",
            "https://tiles..example/",
            "https://tiles.example:0/",
            "https://tiles.example:99999/",
            "https://*/",
            "https://tiles.example/a\"b",
            "https://карта.example/",
        ] {
            checks(wrong, None);
        }
    }

    #[test]
    fn every_place_stands_once_and_no_other() {
        let checks = |url: &str, expect: Option<&str>| {
            let code = check("url", url, &["z", "x", "y"]).map(|error| error.code);
            assert_eq!(code.as_deref(), expect, "{url}");
        };
        checks("https://tiles.example/{z}/{x}/{y}.png?key=abc", None);
        checks("https://tiles.example/{z}/{x}.png", Some("missing_place"));
        checks("https://tiles.example/{z}/{z}/{x}/{y}.png", Some("missing_place"));
        checks("https://tiles.example/{z}/{x}/{y}{r}.png", Some("unknown_place"));
        checks("tiles.example/{z}/{x}/{y}.png", Some("not_a_url"));
        checks(&format!("https://tiles.example/{}{{z}}/{{x}}/{{y}}.png", "a".repeat(URL_LENGTH)), Some("too_long"));
    }
}
