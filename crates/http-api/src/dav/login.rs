//! Who asks: a login and a password of a program, sent with every request (RFC 7617).

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity::{AppCaller, IdentityError, Secret};
use record_engine::access::Feature;

use super::Refusal;
use crate::audit::Asker;
use crate::routes::client;
use crate::state::ApiState;

/// Longest header that is looked at.
const MAX_LENGTH: usize = 1_000;

/// The caller of a request.
pub(super) async fn caller(state: &ApiState, parts: &Parts) -> Result<AppCaller, Refusal> {
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (login, password) = header.and_then(credentials).ok_or(Refusal::Unauthenticated)?;
    let client = client(&parts.extensions, &parts.headers, state.config());
    let found = state
        .run(move |engine| match identity::authenticate_app(engine, &login, &password, &client) {
            Ok(caller) => Ok(Some(caller)),
            Err(IdentityError::WrongCredentials) => Ok(None),
            Err(error) => Err(error.into()),
        })
        .await?;
    let caller = found.ok_or(Refusal::Unauthenticated)?;
    Asker::note(&parts.extensions, || caller.context(state.engine()));
    if caller.access.may(Feature::AddressBook) { Ok(caller) } else { Err(Refusal::Unauthenticated) }
}

fn credentials(header: &str) -> Option<(String, Secret)> {
    let (scheme, rest) = header.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") || rest.len() > MAX_LENGTH {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some((login.to_owned(), Secret::new(password)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_or_refused() {
        let check = |header: &str, expect: Option<(&str, &str)>| {
            let found = credentials(header);
            let found = found.as_ref().map(|(login, password)| (login.as_str(), password.expose()));
            assert_eq!(found, expect, "{header}");
        };
        let encoded = |text: &str| format!("Basic {}", STANDARD.encode(text));
        check(&encoded("olena:abcd-efgh"), Some(("olena", "abcd-efgh")));
        check(&encoded("olena:a:b"), Some(("olena", "a:b")));
        check(&encoded("Олена:x").replace("Basic", "basic"), Some(("Олена", "x")));
        check(&encoded("olena"), None);
        check("Bearer abc", None);
        check("Basic %%%", None);
        check(&encoded(&"a".repeat(2_000)), None);
    }
}
