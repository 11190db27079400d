//! Who asks: the session behind the cookie, or the key of a program.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::Response;
use identity::{Client, IdentityError, KeyCaller, NewSession, Secret, Session};
use record_engine::{Engine, Origin, Proof, RequestContext, Source};

use crate::audit::Asker;
use crate::error::{ApiError, Result};
use crate::keys::{KeyNote, bearer};
use crate::problem::Problem;
use crate::request::client_address;
use crate::router::BASE_PATH;
use crate::routes::client;
use crate::state::{ApiConfig, ApiState};

/// Longest token that is looked at; ours are shorter.
const MAX_TOKEN_LENGTH: usize = 200;

/// A logged-in user. A handler that does not take one serves strangers.
#[derive(Clone)]
pub(crate) struct Caller {
    /// The session, as it was at the start of the request.
    pub session: Arc<Session>,
    /// The token of the cookie, or the text of the key.
    pub token: Secret,
    /// The key of a program, where one asks instead of a person.
    pub key: Option<Arc<KeyCaller>>,
    /// From where he asks.
    pub address: IpAddr,
}

impl Caller {
    /// The context of the request.
    pub fn context(&self, engine: &Engine) -> RequestContext {
        let proof = match &self.key {
            Some(key) => Proof::ApiKey(key.key_id),
            None => Proof::Session(self.session.id),
        };
        let origin = Origin {
            address: Some(self.address),
            proof: Some(proof),
            seen_by: self.session.seen_by.as_ref().map(|(id, _)| *id),
        };
        let context = match &self.key {
            Some(key) => key.context(engine),
            None => self.session.context(Source::Web, engine.clock()),
        };
        context.through(origin)
    }

    /// The same caller as he is now; `None` when his session or key is over.
    pub fn again(&self, engine: &Engine) -> Result<Option<Caller>> {
        let Some(key) = &self.key else {
            let session = identity::authenticate(engine, &self.token)?;
            return Ok(session.map(|session| Caller { session: Arc::new(session), ..self.clone() }));
        };
        let client = Client { address: self.address, user_agent: None };
        match identity::key_caller(engine, &self.token, &client) {
            Ok(found) => Ok(found
                .filter(|found| found.key_id == key.key_id)
                .map(|found| Caller::of_key(self.token.clone(), found, self.address))),
            Err(IdentityError::OutsideHours { .. } | IdentityError::AccountOver { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether the time of its key, or the working hours of its user, are over.
    pub fn is_over(&self, now_ms: i64) -> bool {
        self.key.as_ref().is_some_and(|key| key.is_over(now_ms))
            || self.session.open_until.is_some_and(|end| now_ms >= end)
    }

    fn of_key(token: Secret, key: KeyCaller, address: IpAddr) -> Caller {
        Caller { session: Arc::new(key.as_session()), token, key: Some(Arc::new(key)), address }
    }

    async fn with_key(parts: &mut Parts, state: &ApiState, text: Secret) -> Result<Caller> {
        if session_token(&parts.headers, state.config()).is_some() {
            return Err(Problem::new("two_credentials").into());
        }
        let client = client(&parts.extensions, &parts.headers, state.config());
        let (token, address) = (text.clone(), client.address);
        let key = state
            .run(move |engine| match identity::authenticate_key(engine, &text, &client) {
                Err(IdentityError::WrongCredentials) => Err(Problem::new("unauthenticated").into()),
                other => Ok(other?),
            })
            .await?;
        let caller = Caller::of_key(token, key, address);
        Asker::note(&parts.extensions, || caller.context(state.engine()));
        match (parts.extensions.get::<KeyNote>(), &caller.key) {
            (Some(note), Some(key)) => note.admit(key)?,
            _ => return Err(Problem::new("session_required").into()),
        }
        Ok(caller)
    }
}

impl FromRequestParts<ApiState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Caller> {
        let Arriving(caller) = Arriving::from_request_parts(parts, state).await?;
        let is_person = caller.key.is_none();
        if is_person && identity::must_set_up_second_step(&state.engine().snapshot(), &caller.session) {
            return Err(Problem::new("second_step_missing").into());
        }
        Ok(caller)
    }
}

/// A logged-in user who may still lack the second step that he must have: for the few handlers that lead him there.
pub(crate) struct Arriving(pub Caller);

impl FromRequestParts<ApiState> for Arriving {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Arriving> {
        if let Some(text) = bearer(&parts.headers) {
            return Caller::with_key(parts, state, text).await.map(Arriving);
        }
        let token = session_token(&parts.headers, state.config()).ok_or_else(|| Problem::new("unauthenticated"))?;
        let secret = token.clone();
        let session = state.run(move |engine| Ok(identity::authenticate(engine, &secret)?)).await?;
        let session = session.ok_or_else(|| Problem::new("unauthenticated"))?;
        let address = client_address(&parts.extensions, &parts.headers, state.config());
        let caller = Caller { session: Arc::new(session), token, key: None, address };
        Asker::note(&parts.extensions, || caller.context(state.engine()));
        if caller.session.seen_by.is_some() && !is_open_to_onlookers(parts) {
            return Err(Problem::new("seeing_as").into());
        }
        Ok(Arriving(caller))
    }
}

/// Who looks with the eyes of somebody else changes nothing but that, and what is below the session is for its owner alone.
fn is_open_to_onlookers(parts: &Parts) -> bool {
    let method = &parts.method;
    match parts.uri.path().strip_prefix(BASE_PATH).and_then(|path| path.strip_prefix("/session")) {
        Some("") => method.is_safe() || method == Method::DELETE,
        Some("/see-as") => method == Method::DELETE,
        Some(_) => false,
        None => method.is_safe() || parts.extensions.get::<KeyNote>().is_some_and(KeyNote::is_reading),
    }
}

fn cookie_name(config: &ApiConfig) -> &'static str {
    // The prefix makes browsers refuse a cookie that a neighbouring host or plain HTTP has set.
    if config.is_https { "__Host-kartoteka_session" } else { "kartoteka_session" }
}

/// The cookie of a login that is at an identity provider.
fn sign_in_cookie_name(config: &ApiConfig) -> &'static str {
    if config.is_https { "__Host-kartoteka_sign_in" } else { "kartoteka_sign_in" }
}

/// The token that a request carries.
pub(crate) fn session_token(headers: &HeaderMap, config: &ApiConfig) -> Option<Secret> {
    cookie(headers, cookie_name(config))
}

/// What a browser holds whose login is at an identity provider.
pub(crate) fn sign_in_token(headers: &HeaderMap, config: &ApiConfig) -> Option<Secret> {
    cookie(headers, sign_in_cookie_name(config))
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(';'));
    let mut values = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, value)| value);
    values.next().filter(|token| !token.is_empty() && token.len() <= MAX_TOKEN_LENGTH).map(Secret::new)
}

/// Hands a new session to the browser.
pub(crate) fn set_session_cookie(response: &mut Response, config: &ApiConfig, session: &NewSession, now_ms: i64) {
    let seconds = ((session.expires_at - now_ms) / 1_000).max(0);
    set_cookie(response, config, cookie_name(config), session.token.expose(), seconds);
}

/// Binds a login at an identity provider to the browser, until it ends; `None` lets it forget.
pub(crate) fn set_sign_in_cookie(response: &mut Response, config: &ApiConfig, kept: Option<(&Secret, i64)>) {
    let (value, seconds) = kept.map_or(("", 0), |(token, seconds)| (token.expose(), seconds));
    set_cookie(response, config, sign_in_cookie_name(config), value, seconds);
}

/// Makes the browser forget its session.
pub(crate) fn clear_session_cookie(response: &mut Response, config: &ApiConfig) {
    set_cookie(response, config, cookie_name(config), "", 0);
}

fn set_cookie(response: &mut Response, config: &ApiConfig, name: &str, value: &str, max_age_s: i64) {
    let secure = if config.is_https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}");
    if let Ok(mut header) = HeaderValue::from_str(&text) {
        header.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, header);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_over_tls_and_no_script() {
        let cookie = |is_https: bool| {
            let config = ApiConfig { is_https, ..ApiConfig::default() };
            let mut response = Response::default();
            let session = NewSession { token: Secret::new("abc"), user_id: 1, expires_at: 60_000 };
            set_session_cookie(&mut response, &config, &session, 0);
            response.headers().get(SET_COOKIE).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(cookie(true), "__Host-kartoteka_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
        assert_eq!(cookie(false), "kartoteka_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
    }

    #[test]
    fn the_token_is_read_from_the_cookie_of_the_right_name() {
        let check = |cookie: &str, is_https: bool, expect: Option<&str>| {
            let headers: HeaderMap = [(COOKIE, cookie.parse().unwrap())].into_iter().collect();
            let config = ApiConfig { is_https, ..ApiConfig::default() };
            assert_eq!(session_token(&headers, &config).as_ref().map(Secret::expose), expect, "{cookie}");
        };
        check("kartoteka_session=abc", false, Some("abc"));
        check("a=1; kartoteka_session=abc; b=2", false, Some("abc"));
        check("kartoteka_session=abc", true, None);
        check("__Host-kartoteka_session=abc", true, Some("abc"));
        check("xkartoteka_session=abc", false, None);
        check("kartoteka_session=", false, None);
        check(&format!("kartoteka_session={}", "a".repeat(300)), false, None);
    }
}
