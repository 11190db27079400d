//! `Idempotency-Key`: a repeated request gets the stored answer instead of a second effect.
//!
//! What must stay true: the key is taken before the work and the answer is stored after it, both in the transaction of the work. So an answer
//! stands exactly when the effect stands, a killed process leaves neither, and of two requests at once the second waits on the key's row.
//! A refused request stores nothing: it had no effect and may be sent again.

use database::{Query, Tx};
use record_engine::RequestContext;
use record_engine::error::Result as EngineResult;
use record_engine::vault::Vault;

use crate::error::Result;
use crate::problem::Problem;
use crate::response::Answer;

/// Longest key, in characters.
pub(crate) const MAX_KEY_LENGTH: usize = 128;
/// How long an answer is kept.
const KEEP_MS: i64 = 24 * 3_600 * 1_000;
/// The status of a key whose request has not ended; no other transaction ever sees it.
const UNDER_WAY: i64 = 0;

/// What a request says about being repeated.
#[derive(Clone, Debug)]
pub(crate) struct Retry {
    /// The key, when there is one.
    key: Option<String>,
    /// Method, path and body, each behind its length: what "the same request" means.
    request: Vec<u8>,
}

impl Retry {
    /// For a request with a key, or without one.
    pub fn new(key: Option<String>, method: &str, path_and_query: &str, body: &[u8]) -> Retry {
        let mut request = Vec::new();
        // Without a key there is nothing to compare.
        for part in [method.as_bytes(), path_and_query.as_bytes(), body].into_iter().filter(|_| key.is_some()) {
            // Lengths keep the parts apart.
            request.extend((part.len() as u64).to_le_bytes());
            request.extend(part);
        }
        Retry { key, request }
    }

    /// The same within the keys of one program: what it sends is apart from what its owner and his other programs send.
    #[must_use]
    pub fn of_key(self, key_id: i64) -> Retry {
        Retry { key: self.key.map(|key| format!("{key} of {key_id}")), ..self }
    }

    /// Runs the work unless its answer is stored already. What tells requests apart is stored as a mark of the vault: a body may hold a password, and a
    /// plain hash would let whoever has a copy of the database try out passwords on it, past the slow hash they are kept by.
    pub fn once(
        &self,
        tx: &mut Tx,
        vault: &Vault,
        context: &RequestContext,
        work: impl FnOnce(&mut Tx) -> Result<Answer>,
    ) -> Result<Answer> {
        let (Some(key), Some(user_id)) = (self.key.as_deref(), context.actor.user_id()) else { return work(tx) };
        let request_hash = vault.mark(&self.request);
        let taken = tx.execute(
            "INSERT INTO idempotency_keys (user_id, idempotency_key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, '', ?) \
             ON CONFLICT (user_id, idempotency_key) DO NOTHING",
            &[user_id.into(), key.into(), request_hash.as_str().into(), UNDER_WAY.into(), context.now_ms.into()],
        )?;
        if taken == 0 {
            return stored(tx, user_id, key, &request_hash);
        }
        let answer = work(tx)?;
        tx.execute(
            "UPDATE idempotency_keys SET status = ?, etag = ?, body = ? WHERE user_id = ? AND idempotency_key = ?",
            &[
                i64::from(answer.status).into(),
                answer.etag.clone().into(),
                answer.body.as_str().into(),
                user_id.into(),
                key.into(),
            ],
        )?;
        Ok(answer)
    }
}

fn stored(tx: &mut Tx, user_id: i64, key: &str, request_hash: &str) -> Result<Answer> {
    let row = tx.query_one(
        "SELECT request_hash, status, etag, body FROM idempotency_keys WHERE user_id = ? AND idempotency_key = ?",
        &[user_id.into(), key.into()],
    )?;
    if row.text_str(0)? != request_hash {
        return Err(Problem::new("idempotency_key_mismatch").into());
    }
    let status = u16::try_from(row.integer(1)?).unwrap_or_default();
    Ok(Answer { status, etag: row.optional_text(2)?, body: row.text(3)? })
}

/// Removes the answers whose time is over.
pub(crate) fn prune(tx: &mut Tx, now_ms: i64) -> EngineResult<u64> {
    Ok(tx.execute("DELETE FROM idempotency_keys WHERE created_at < ?", &[(now_ms - KEEP_MS).into()])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(method: &str, path: &str, body: &[u8]) -> Vec<u8> {
        Retry::new(Some("k".into()), method, path, body).request
    }

    #[test]
    fn method_path_and_body_are_told_apart() {
        let base = hash("POST", "/records/contact", b"{}");
        assert_eq!(base, hash("POST", "/records/contact", b"{}"));
        for other in [
            hash("PATCH", "/records/contact", b"{}"),
            hash("POST", "/records/contact?check_only=true", b"{}"),
            hash("POST", "/records/contact", b"{ }"),
            hash("POST/", "records/contact", b"{}"),
        ] {
            assert_ne!(base, other);
        }
    }
}
