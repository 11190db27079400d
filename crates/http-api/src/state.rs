//! What every handler holds: the engine, the settings of the interface, the lanes of the blocking pool, the live events.

use std::sync::Arc;
use std::time::Duration;

use identity::{DIRECTORY_PATIENCE, ProviderClient};
use modules::geocoding::Geocoder;
use modules::push;
use modules::webhooks::Senders;
use record_engine::Engine;

use crate::blocking::Lanes;
use crate::events::EventHub;
use crate::housekeeping::Housekeeping;

/// Settings of the interface.
#[derive(Clone, Debug)]
pub struct ApiConfig {
    /// Browsers reach the program over TLS (a proxy ends it): cookies get the `__Host-` prefix and `Secure`, answers HSTS.
    pub is_https: bool,
    /// A proxy of the operator stands in front: the last entry of `X-Forwarded-For` is the client's address.
    pub is_behind_proxy: bool,
    /// Largest upload, in bytes.
    pub max_upload_bytes: u64,
    /// Services outside may be in the own network: for those that one runs oneself.
    pub allows_local_services: bool,
    /// How long a login waits for a directory.
    pub directory_patience: Duration,
    /// Where browsers reach the program, such as `https://crm.example.org`; the settings say it when the operator does not.
    pub public_url: Option<String>,
    /// Version of the program, for clients.
    pub version: String,
}

impl Default for ApiConfig {
    fn default() -> Self {
        ApiConfig {
            is_https: false,
            is_behind_proxy: false,
            allows_local_services: false,
            directory_patience: DIRECTORY_PATIENCE,
            public_url: None,
            max_upload_bytes: 2 * 1024 * 1024 * 1024,
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// See the module. Cheap to clone; its background threads end with the last clone.
#[derive(Clone)]
pub struct ApiState {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    config: ApiConfig,
    lanes: Lanes,
    events: EventHub,
    geocoder: Arc<Geocoder>,
    providers: Arc<ProviderClient>,
    webhook_senders: Senders,
    push_senders: push::Senders,
    /// Ends its thread when it is dropped.
    _housekeeping: Housekeeping,
}

impl ApiState {
    /// Starts following the outbox and cleaning up behind requests.
    ///
    /// # Errors
    /// Those of the database, or of the operating system when it gives no thread.
    pub fn new(engine: Engine, config: ApiConfig) -> record_engine::error::Result<ApiState> {
        let events = EventHub::start(&engine)?;
        let user_agent = format!("Kartoteka/{}", config.version);
        let geocoder = Arc::new(Geocoder::new(&user_agent, config.allows_local_services));
        let providers = Arc::new(
            ProviderClient::new(&user_agent, config.allows_local_services)
                .with_directory_patience(config.directory_patience),
        );
        let housekeeping = Housekeeping::start(&engine, &providers)?;
        let webhook_senders = Senders::new(&engine, &user_agent, config.allows_local_services);
        let push_senders =
            push::Senders::new(&engine, &user_agent, config.allows_local_services, config.public_url.clone());
        Ok(ApiState {
            inner: Arc::new(Inner {
                engine,
                config,
                lanes: Lanes::new(),
                events,
                geocoder,
                providers,
                webhook_senders,
                push_senders,
                _housekeeping: housekeeping,
            }),
        })
    }

    /// The engine.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// The settings.
    pub(crate) fn config(&self) -> &ApiConfig {
        &self.inner.config
    }

    /// The lanes of the blocking pool.
    pub(crate) fn lanes(&self) -> &Lanes {
        &self.inner.lanes
    }

    /// Who asks the address service.
    pub(crate) fn geocoder(&self) -> Arc<Geocoder> {
        self.inner.geocoder.clone()
    }

    /// Who asks identity providers.
    pub(crate) fn providers(&self) -> Arc<ProviderClient> {
        self.inner.providers.clone()
    }

    /// Who sends to webhooks.
    pub(crate) fn webhook_senders(&self) -> Senders {
        self.inner.webhook_senders.clone()
    }

    /// Who sends to browsers.
    pub(crate) fn push_senders(&self) -> push::Senders {
        self.inner.push_senders.clone()
    }

    /// The live events.
    pub(crate) fn events(&self) -> &EventHub {
        &self.inner.events
    }
}
