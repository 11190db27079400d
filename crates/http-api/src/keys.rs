//! What a key of a program may ask for, by the properties of the route, and what is counted of it.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;
use identity::{KeyCaller, Secret};

use crate::problem::Problem;
use crate::state::ApiState;

/// Longest key that is looked at; ours are shorter.
const MAX_LENGTH: usize = 200;

/// What a route says about keys.
#[derive(Clone, Copy)]
pub(crate) struct RouteKind {
    /// It takes the session of a person.
    pub is_session_only: bool,
    /// It changes nothing.
    pub is_reading: bool,
}

/// Travels with a request: what its route says, and the key that it turned out to come with.
#[derive(Clone)]
pub(crate) struct KeyNote {
    kind: RouteKind,
    key_id: Arc<OnceLock<i64>>,
}

impl KeyNote {
    /// Whether the route changes nothing.
    pub fn is_reading(&self) -> bool {
        self.kind.is_reading
    }

    /// Notes the key, and refuses what it is not for.
    ///
    /// # Errors
    /// `session_required`, `key_reads_only`.
    pub fn admit(&self, key: &KeyCaller) -> Result<(), Problem> {
        self.key_id.get_or_init(|| key.key_id);
        if self.kind.is_session_only {
            return Err(Problem::new("session_required"));
        }
        if !self.kind.is_reading && !key.may_write {
            return Err(Problem::new("key_reads_only"));
        }
        Ok(())
    }
}

/// Lets a request say with which key it came, and counts what it wrote or was refused.
pub(crate) async fn count_keys(
    State((state, kind)): State<(ApiState, RouteKind)>,
    mut request: Request,
    next: Next,
) -> Response {
    let key_id = Arc::new(OnceLock::new());
    request.extensions_mut().insert(KeyNote { kind, key_id: key_id.clone() });
    let response = next.run(request).await;
    let Some(key_id) = key_id.get().copied() else { return response };
    let refusal = match response.status().as_u16() {
        status @ (401 | 403 | 404 | 429) => {
            let problem = response.extensions().get::<Arc<Problem>>();
            Some(problem.map_or_else(|| status.to_string(), |problem| problem.code().to_owned()))
        }
        _ => None,
    };
    if refusal.is_none() && (kind.is_reading || !response.status().is_success()) {
        return response;
    }
    let noted = state
        .run(move |engine| match refusal {
            Some(code) => Ok(identity::note_refusal(engine, key_id, &code)?),
            None => Ok(identity::note_write(engine, key_id)?),
        })
        .await;
    if let Err(error) = noted {
        // The work is done and its answer stands.
        tracing::warn!(key_id, %error, "the use of a key could not be noted");
    }
    response
}

/// The key that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, text) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let is_key = scheme.eq_ignore_ascii_case("bearer") && text.len() <= MAX_LENGTH;
    is_key.then(|| Secret::new(text.trim()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_key_is_read_from_its_header() {
        let check = |header: &str, expect: Option<&str>| {
            let headers: HeaderMap = [(AUTHORIZATION, header.parse().unwrap())].into_iter().collect();
            assert_eq!(bearer(&headers).as_ref().map(Secret::expose), expect, "{header}");
        };
        check("Bearer ktk_1_abc", Some("ktk_1_abc"));
        check("bearer  ktk_1_abc ", Some("ktk_1_abc"));
        check("Basic YTpi", None);
        check("ktk_1_abc", None);
        check(&format!("Bearer {}", "a".repeat(201)), None);
    }
}
