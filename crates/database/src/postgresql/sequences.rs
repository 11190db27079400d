//! Id sequences on PostgreSQL.
//!
//! A sequence is made when it is first used, on a connection of its own: made inside
//! the caller's transaction it would vanish with a roll-back, and two transactions
//! that make the same one would wait for each other.

use postgres::error::SqlState;

use super::{connection::Server, errors::translate};
use crate::{DatabaseError, quote_identifier};

/// Up to this distance ids are skipped one by one, which cannot race with anybody.
const MOST_SKIPPED: i64 = 10_000;

/// The quoted name of the database object behind a sequence.
pub(super) fn object_name(sequence: &str) -> String {
    quote_identifier(&format!("{sequence}_id_seq"))
}

/// Makes the sequence unless it exists.
pub(super) fn ensure_exists(server: &Server, sequence: &str) -> Result<(), DatabaseError> {
    if server.knows_sequence(sequence) {
        return Ok(());
    }
    let sql = format!("CREATE SEQUENCE IF NOT EXISTS {}", object_name(sequence));
    let mut client = server.connect()?;
    match client.batch_execute(&sql) {
        Ok(()) => {}
        // Somebody else made it between the server's look and its creation.
        Err(error)
            if matches!(
                error.code(),
                Some(code) if *code == SqlState::UNIQUE_VIOLATION || *code == SqlState::DUPLICATE_TABLE
            ) => {}
        Err(error) => return Err(translate(&error)),
    }
    server.remember_sequence(sequence);
    Ok(())
}

/// Moves the sequence so that its next value is above `id`.
///
/// Concurrent calls for one sequence take turns, since a late `setval` could move it
/// back. Takers of ids do not take part: between the look at the sequence and the
/// jump they would have to take more than ten thousand ids to do harm.
pub(super) fn raise(server: &Server, sequence: &str, id: i64) -> Result<(), DatabaseError> {
    let name = object_name(sequence);
    let mut client = server.connect()?;
    let mut raise = || -> Result<(), postgres::Error> {
        let mut transaction = client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", &[&name])?;
        let last: i64 = transaction
            .query_one(&format!("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {name}"), &[])?
            .try_get(0)?;
        let missing = id.saturating_sub(last);
        if missing > MOST_SKIPPED {
            transaction.execute("SELECT setval($1::text::regclass, $2)", &[&name, &id])?;
        } else if missing > 0 {
            transaction.execute(
                "SELECT max(nextval($1::text::regclass)) FROM generate_series(1, $2::bigint)",
                &[&name, &missing],
            )?;
        }
        transaction.commit()
    };
    raise().map_err(|error| translate(&error))
}
