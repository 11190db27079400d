//! Speaking with providers: what they publish about themselves, and turning a code into who has logged in.
//!
//! What must stay true: every request leaves through `egress`; secrets and codes go to addresses that the issuer itself has published under TLS, this
//! machine apart; what is remembered of a provider is public, and is read again after an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use egress::{Client, EgressError, Limits, percent_encoded};
use serde_json::Value as Json;

use super::id_token::{Claims, Expected, Fault, KeySet, verify};
use crate::secret::Secret;
use crate::url_template;

/// For so long what a provider has published is believed without asking again.
const KEPT_MS: i64 = 60 * 60 * 1_000;
/// A token by an unknown key lets the keys be read anew, but not more often.
const KEYS_EVERY_MS: i64 = 60 * 1_000;
/// Most providers that are remembered; more than an installation may have.
const MAX_KNOWN: usize = 100;
/// See [`ProviderClient::directory_patience`].
pub const DIRECTORY_PATIENCE: Duration = Duration::from_secs(8);
/// What is waited for and read of the answer to a code.
const ANSWER: Limits = Limits { timeout: Duration::from_secs(10), answer_bytes: 256 * 1024 };

/// What is wrong with a provider, or with what it has answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct ProviderFault {
    /// A key for texts, such as `other_issuer`.
    pub code: &'static str,
    /// What was found instead, for administrators and the log; never a secret.
    pub detail: String,
}

impl ProviderFault {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> ProviderFault {
        ProviderFault { code, detail: detail.into() }
    }
}

impl From<Fault> for ProviderFault {
    fn from(fault: Fault) -> Self {
        ProviderFault::new("token_refused", fault.to_string())
    }
}

impl From<EgressError> for ProviderFault {
    fn from(error: EgressError) -> Self {
        let code = match &error {
            EgressError::LocalAddress => "local_address",
            EgressError::Unreachable(_) => "unreachable",
            EgressError::BadAnswer(_) => "bad_answer",
        };
        ProviderFault::new(code, error.to_string())
    }
}

/// What a provider publishes about itself.
#[derive(Clone, Debug)]
struct Metadata {
    authorization_endpoint: String,
    token_endpoint: String,
    userinfo_endpoint: Option<String>,
    keys_url: String,
    /// The secret goes into the body, because the provider does not take it in the header.
    is_secret_in_body: bool,
    /// It names itself in the answer that the browser brings (RFC 9207).
    names_itself: bool,
}

#[derive(Debug)]
struct Known {
    metadata: Metadata,
    keys: KeySet,
    read_at: i64,
    keys_read_at: i64,
}

/// See the module. One for a process.
#[derive(Debug)]
pub struct ProviderClient {
    http: Client,
    allows_local: bool,
    directory_patience: Duration,
    known: Mutex<HashMap<String, Arc<Known>>>,
}

/// The login that a code belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct CodeExchange<'c> {
    pub issuer: &'c str,
    pub client_id: &'c str,
    pub secret: Option<&'c str>,
    pub redirect_uri: &'c str,
    pub code: &'c Secret,
    pub verifier: &'c str,
    pub nonce: &'c str,
    pub now_ms: i64,
}

impl ProviderClient {
    /// A client that names itself with `user_agent`. `allows_local` lets it into the own network: for providers that one runs oneself.
    pub fn new(user_agent: &str, allows_local: bool) -> ProviderClient {
        ProviderClient {
            http: Client::new(user_agent, allows_local),
            allows_local,
            directory_patience: DIRECTORY_PATIENCE,
            known: Mutex::default(),
        }
    }

    /// The same, which waits so long for a directory.
    #[must_use]
    pub fn with_directory_patience(self, directory_patience: Duration) -> ProviderClient {
        ProviderClient { directory_patience, ..self }
    }

    /// How long a login waits for a directory, from the name of its host to its last word.
    pub(crate) fn directory_patience(&self) -> Duration {
        self.directory_patience
    }

    /// Whether providers may be in the own network.
    pub(crate) fn allows_local(&self) -> bool {
        self.allows_local
    }

    /// Looks at what an issuer publishes, as if for the first time; what is wrong is said.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(super) fn look_at(&self, issuer: &str, now_ms: i64) -> Result<(), ProviderFault> {
        let known = self.read(issuer, now_ms)?;
        if known.keys.is_empty() { Err(ProviderFault::new("no_keys", known.metadata.keys_url.clone())) } else { Ok(()) }
    }

    /// Where the browser goes to log in, without the parameters.
    pub(super) fn authorization_endpoint(&self, issuer: &str, now_ms: i64) -> Result<String, ProviderFault> {
        Ok(self.known(issuer, now_ms)?.metadata.authorization_endpoint.clone())
    }

    /// Whether the provider says that the answers which browsers bring from it name it.
    pub(super) fn names_itself(&self, issuer: &str, now_ms: i64) -> Result<bool, ProviderFault> {
        Ok(self.known(issuer, now_ms)?.metadata.names_itself)
    }

    /// Turns a code into who has logged in.
    pub(super) fn exchange(&self, asked: CodeExchange<'_>) -> Result<Claims, ProviderFault> {
        let known = self.known(asked.issuer, asked.now_ms)?;
        let tokens = self.ask_for_tokens(&known.metadata, asked)?;
        let token = tokens.get("id_token").and_then(Json::as_str);
        let token = token.ok_or_else(|| ProviderFault::new("no_id_token", ""))?;
        let CodeExchange { issuer, client_id, nonce, now_ms, .. } = asked;
        let expected = Expected { issuer, client_id, nonce, now_ms };
        let claims = match verify(token, &known.keys, expected) {
            // The provider may have taken new keys since.
            Err(Fault::UnknownKey) if now_ms - known.keys_read_at >= KEYS_EVERY_MS => {
                verify(token, &self.read(issuer, now_ms)?.keys, expected)?
            }
            other => other?,
        };
        match (&known.metadata.userinfo_endpoint, tokens.get("access_token").and_then(Json::as_str)) {
            (Some(url), Some(access)) if claims.email.is_none() => self.ask_more(url, access, claims),
            _ => Ok(claims),
        }
    }

    fn ask_for_tokens(&self, metadata: &Metadata, asked: CodeExchange<'_>) -> Result<Json, ProviderFault> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", asked.code.expose()),
            ("redirect_uri", asked.redirect_uri),
            ("code_verifier", asked.verifier),
        ];
        let mut headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".into()),
        ];
        match asked.secret {
            Some(secret) if !metadata.is_secret_in_body => {
                let pair = format!("{}:{}", percent_encoded(asked.client_id), percent_encoded(secret));
                headers.push(("authorization", format!("Basic {}", STANDARD.encode(pair))));
            }
            Some(secret) => form.extend([("client_id", asked.client_id), ("client_secret", secret)]),
            None => form.push(("client_id", asked.client_id)),
        }
        let body = form.iter().map(|(name, value)| format!("{name}={}", percent_encoded(value))).collect::<Vec<_>>();
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let reply = self.http.post(&metadata.token_endpoint, &headers, body.join("&").as_bytes(), ANSWER)?;
        let answer: Json = serde_json::from_slice(&reply.body).unwrap_or_default();
        if reply.status == 200 {
            return Ok(answer);
        }
        let error = answer.get("error").and_then(Json::as_str).unwrap_or_default();
        let error: String = error.chars().filter(|c| c.is_ascii_graphic()).take(50).collect();
        Err(ProviderFault::new("code_refused", format!("status {} {error}", reply.status)))
    }

    /// Some providers tell of the address only here; what they tell must be of the same account.
    fn ask_more(&self, url: &str, access_token: &str, claims: Claims) -> Result<Claims, ProviderFault> {
        let bearer = format!("Bearer {access_token}");
        let told = self.http.get_json_with(url, &[("authorization", &bearer)])?;
        if told.get("sub").and_then(Json::as_str) != Some(claims.subject.as_str()) {
            return Err(ProviderFault::new("token_refused", Fault::Subject.to_string()));
        }
        let more = Claims::read(&claims.subject, &told);
        Ok(Claims {
            email: more.email,
            is_email_verified: more.is_email_verified,
            name: claims.name.clone().or(more.name),
            ..claims
        })
    }

    fn known(&self, issuer: &str, now_ms: i64) -> Result<Arc<Known>, ProviderFault> {
        let found = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned();
        match found.filter(|known| now_ms - known.read_at < KEPT_MS) {
            Some(known) => Ok(known),
            None => self.read(issuer, now_ms),
        }
    }

    fn read(&self, issuer: &str, now_ms: i64) -> Result<Arc<Known>, ProviderFault> {
        let metadata = Metadata::read(issuer, &self.http.get_json(&discovery_url(issuer)?)?)?;
        let keys = KeySet::read(&self.http.get_json(&metadata.keys_url)?);
        let known = Arc::new(Known { metadata, keys, read_at: now_ms, keys_read_at: now_ms });
        if known.keys.is_empty() {
            // To be asked again by the next one.
            return Ok(known);
        }
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_KNOWN {
            all.clear();
        }
        all.insert(issuer.to_owned(), known.clone());
        Ok(known)
    }
}

impl Metadata {
    fn read(issuer: &str, document: &Json) -> Result<Metadata, ProviderFault> {
        let text = |name: &str| document.get(name).and_then(Json::as_str);
        let lists = |name: &str, wanted: &str| {
            let list = document.get(name).and_then(Json::as_array);
            list.map(|list| list.iter().any(|entry| entry.as_str() == Some(wanted)))
        };
        let found = text("issuer").unwrap_or_default();
        if found != issuer {
            return Err(ProviderFault::new("other_issuer", found.chars().take(200).collect::<String>()));
        }
        let endpoint = |name: &str| {
            let url = text(name).ok_or_else(|| ProviderFault::new("endpoint_missing", name))?;
            if is_service(url) { Ok(url.to_owned()) } else { Err(ProviderFault::new("endpoint_unsafe", name)) }
        };
        // A list that is not there says what the standard says.
        if lists("response_types_supported", "code") == Some(false) {
            return Err(ProviderFault::new("no_code_flow", ""));
        }
        if lists("code_challenge_methods_supported", "S256") == Some(false) {
            return Err(ProviderFault::new("no_pkce", ""));
        }
        let methods = "token_endpoint_auth_methods_supported";
        let userinfo = text("userinfo_endpoint").filter(|url| is_service(url)).map(str::to_owned);
        Ok(Metadata {
            authorization_endpoint: endpoint("authorization_endpoint")?,
            token_endpoint: endpoint("token_endpoint")?,
            userinfo_endpoint: userinfo,
            keys_url: endpoint("jwks_uri")?,
            is_secret_in_body: lists(methods, "client_secret_basic") == Some(false)
                && lists(methods, "client_secret_post") == Some(true),
            names_itself: document.get("authorization_response_iss_parameter_supported") == Some(&Json::Bool(true)),
        })
    }
}

fn discovery_url(issuer: &str) -> Result<String, ProviderFault> {
    if !is_issuer(issuer) {
        return Err(ProviderFault::new("not_an_issuer", ""));
    }
    Ok(format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')))
}

/// Whether a text can be the issuer of a provider: an address under TLS, or on this machine, without a query.
pub(super) fn is_issuer(url: &str) -> bool {
    is_service(url) && !url.contains(['?', '{', '}'])
}

/// Whether secrets may go to an address: under TLS, or on this machine.
fn is_service(url: &str) -> bool {
    let Some(origin) = url_template::origin(url).filter(|_| !url.contains('#')) else { return false };
    let local = origin.strip_prefix("http://").map(|rest| rest.split(':').next().unwrap_or_default());
    local.is_none_or(|host| {
        host == "localhost" || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_under_tls_or_nowhere() {
        let check = |url: &str, expect: bool| assert_eq!(is_issuer(url), expect, "{url}");
        check("https://id.example.org", true);
        check("https://id.example.org/realms/office/", true);
        check("http://127.0.0.1:9000", true);
        check("http://localhost:9000/x", true);
        check("http://id.example.org", false);
        check("http://127.evil.example@id.example.org", false);
        check("https://user@id.example.org", false);
        check("https://id.example.org?tenant=1", false);
        check("https://id.example.org#x", false);
        check("ftp://id.example.org", false);
        check("javascript:alert(1)", false);
    }
}
