//! `kartoteka serve`: the web client and the API, the job workers, and an end that lets running requests finish.

use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::Duration;

use http_api::{ApiConfig, ApiState, ServerLimits};
use modules::notifications::Postman;
use modules::push::Pushers;
use modules::webhooks::Dispatcher;
use record_engine::audit::chain;
use record_engine::jobs::Workers;
use record_engine::{Clock, Engine};
use tokio::signal::unix::{SignalKind, signal};

use crate::arguments::ServeOptions;
use crate::installation::{Place, job_handlers, push_senders, webhook_senders};
use crate::{Failure, Result};

/// How long a stop waits for jobs that are nearly done.
const WORKER_GRACE: Duration = Duration::from_secs(3);

pub(crate) fn run(place: &Place, options: &ServeOptions) -> Result<ExitCode> {
    let public_url = options.public_url.as_deref().map(public_address).transpose()?;
    // The port first: a second start by mistake must not touch the database.
    let listener = listen(options.listen)?;
    let installation = place.open(Clock::system())?;
    let engine = &installation.engine;
    let workers = Workers::start(engine, job_handlers(options.allow_local_services), usize::from(options.jobs))?;
    let dispatcher = Dispatcher::start(&webhook_senders(engine, options.allow_local_services))?;
    let courier = mail::Courier::start(engine, options.allow_local_services)?;
    let postman = Postman::start(engine, public_url.clone())?;
    let pushers = Pushers::start(&push_senders(engine, options.allow_local_services, public_url.clone()))?;
    let config = ApiConfig {
        is_https: options.https,
        is_behind_proxy: options.behind_proxy,
        allows_local_services: options.allow_local_services,
        public_url,
        ..ApiConfig::default()
    };
    let state = ApiState::new(engine.clone(), config)?;
    greet(engine, listener.local_addr()?, options.https)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        http_api::serve(listener, http_api::router(state), ServerLimits::default(), stop_signal()?).await
    });
    runtime.shutdown_background();
    drop(dispatcher);
    drop(postman);
    stop_workers((workers, courier, pushers));
    engine.database().read(|tx| chain::log_end(tx))?;
    engine.database().close();
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Idle workers end at once. A job in the middle of its work is left where its last durable batch ended, and goes on with the next start.
fn stop_workers(workers: impl Send + 'static) {
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || {
        drop(workers);
        // Nobody waits any more when the time is over.
        let _ = done.send(());
    });
    if ended.recv_timeout(WORKER_GRACE).is_err() {
        tracing::info!("a job is interrupted; it goes on with the next start");
    }
}

fn public_address(text: &str) -> Result<String> {
    let wrong = || Failure::refused(format!("{text} is no address of a site, such as https://crm.example.org"));
    identity::public_address(text).ok_or_else(wrong)
}

fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Failure::refused(format!("{address} is in use by another program; choose another port with --listen"))
        }
        std::io::ErrorKind::PermissionDenied => {
            Failure::refused(format!("this user may not listen at {address}; choose a port above 1023 with --listen"))
        }
        _ => Failure::refused(format!("cannot listen at {address}: {error}")),
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Says where the program is, and how to make the first administrator while there is none.
fn greet(engine: &Engine, address: SocketAddr, is_https: bool) -> Result<()> {
    let host =
        if address.ip().is_unspecified() { format!("localhost:{}", address.port()) } else { address.to_string() };
    let scheme = if is_https { "https" } else { "http" };
    println!("Kartoteka {} serves {scheme}://{host}/", env!("CARGO_PKG_VERSION"));
    if let Some(token) = identity::create_setup_token(engine)? {
        println!();
        println!("There is no administrator yet. Open this link once, within 24 hours, to make one:");
        println!();
        println!("  {scheme}://{host}/setup?token={}", token.expose());
        println!();
    }
    Ok(())
}

/// Ends when the program is asked to stop.
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new requests, running ones may finish");
    })
}
