//! The address of a server and the settings of its connections.

use std::{
    collections::HashSet,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use postgres::{Client, Config, NoTls};

use super::errors::translate;
use crate::DatabaseError;

/// How long a connection attempt may take when the address does not say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// After this silence on sent data the operating system gives a connection up.
const LOST_AFTER: Duration = Duration::from_secs(30);

/// What all connections to one database share.
pub(super) struct Server {
    config: Config,
    lock_timeout: Duration,
    sequences: Mutex<HashSet<String>>,
}

impl Server {
    /// Reads the address; connects to nothing.
    pub(super) fn new(url: &str, lock_timeout: Duration) -> Result<Self, DatabaseError> {
        // The driver's complaint may quote the address and with it a password.
        let mut config = Config::from_str(url).map_err(|_| {
            DatabaseError::Unsupported("the address of the PostgreSQL database is malformed".to_owned())
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(LOST_AFTER);
        }
        if config.get_application_name().is_none() {
            config.application_name("kartoteka");
        }
        config.notice_callback(|notice| {
            tracing::debug!(severity = notice.severity(), message = notice.message(), "PostgreSQL notice");
        });
        Ok(Server { config, lock_timeout, sequences: Mutex::new(HashSet::new()) })
    }

    /// Makes a connection and sets it up.
    pub(super) fn connect(&self) -> Result<Client, DatabaseError> {
        let mut client = self.config.connect(NoTls).map_err(|error| translate(&error))?;
        // A generic plan of a search leaves the trigram index after five runs, hence custom plans.
        // A cursor is always read to its end or nearly so, so it is planned like a whole query.
        let settings = format!(
            "SET plan_cache_mode = force_custom_plan; \
             SET cursor_tuple_fraction = 1.0; \
             SET standard_conforming_strings = on; \
             SET client_min_messages = warning; \
             SET TimeZone = 'UTC'; \
             SET lock_timeout = {}; \
             SET idle_in_transaction_session_timeout = '5min'",
            self.lock_timeout.as_millis()
        );
        client.batch_execute(&settings).map_err(|error| translate(&error))?;
        Ok(client)
    }

    /// Says whether a sequence has been seen to exist.
    pub(super) fn knows_sequence(&self, name: &str) -> bool {
        self.sequences.lock().unwrap_or_else(PoisonError::into_inner).contains(name)
    }

    /// Remembers that a sequence exists.
    pub(super) fn remember_sequence(&self, name: &str) {
        self.sequences.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }
}
