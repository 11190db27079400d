//! A line to a service that speaks no HTTP: one connection to a judged address, in clear text until [`Line::secure`] is called.
//!
//! What must stay true: all that happens on a line, from the name to the last byte, ends at one moment that was named at the beginning, however
//! slowly the other side speaks; a certificate is always for the name that was asked for.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_platform_verifier::BuilderVerifierExt;

use crate::{EgressError, is_public};

/// Most certificates of an own authority.
const MAX_AUTHORITIES: usize = 10;

/// Whose certificates are believed.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'t> {
    /// Those of the authorities that the operating system trusts.
    System,
    /// Those of these authorities alone, PEM.
    Authorities(&'t str),
}

/// See the module.
#[derive(Debug)]
pub struct Line {
    wire: Wire,
}

#[derive(Debug)]
enum Wire {
    Clear(TimedSocket),
    Secured(Box<StreamOwned<ClientConnection, TimedSocket>>),
}

/// A socket whose every wait ends at the same moment.
#[derive(Debug)]
struct TimedSocket {
    socket: TcpStream,
    ends_at: Instant,
}

impl Line {
    /// Connects to a host, which is a name or an address; everything on the line is over after `timeout`. `allows_local` lets it be in the own network.
    ///
    /// # Errors
    /// `LocalAddress`, `Unreachable`.
    pub fn open(host: &str, port: u16, allows_local: bool, timeout: Duration) -> Result<Line, EgressError> {
        let ends_at = Instant::now() + timeout;
        let found = resolve(host, port, timeout)?;
        let judged: Vec<SocketAddr> =
            found.into_iter().filter(|address| allows_local || is_public(address.ip())).collect();
        if judged.is_empty() {
            return Err(EgressError::LocalAddress);
        }
        let mut last = EgressError::Unreachable("too slow".into());
        for address in judged {
            let Some(left) = left(ends_at) else { break };
            match TcpStream::connect_timeout(&address, left) {
                Ok(socket) => return Ok(Line { wire: Wire::Clear(TimedSocket { socket, ends_at }) }),
                Err(error) => last = unreachable(&error),
            }
        }
        Err(last)
    }

    /// From here on everything is under TLS, with a host that has shown a certificate for its name.
    ///
    /// # Errors
    /// `Unreachable` for a certificate that is not believed; `BadAnswer` for what is no TLS, or is under TLS already.
    pub fn secure(self, host: &str, trust: Trust<'_>) -> Result<Line, EgressError> {
        let Wire::Clear(socket) = self.wire else { return Err(EgressError::BadAnswer("under TLS already".into())) };
        let name =
            ServerName::try_from(host.to_owned()).map_err(|_| EgressError::Unreachable("no name of a host".into()))?;
        let mut connection = ClientConnection::new(Arc::new(config(trust)?), name).map_err(|error| refusal(&error))?;
        let mut socket = socket;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).map_err(|error| {
                match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
                    Some(inner) => refusal(inner),
                    None => unreachable(&error),
                }
            })?;
        }
        Ok(Line { wire: Wire::Secured(Box::new(StreamOwned::new(connection, socket))) })
    }

    /// Whether what is written is read by nobody else.
    pub fn is_secured(&self) -> bool {
        matches!(self.wire, Wire::Secured(_))
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.wire {
            Wire::Clear(socket) => socket.read(buffer),
            Wire::Secured(stream) => stream.read(buffer),
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.wire {
            Wire::Clear(socket) => socket.write(bytes),
            Wire::Secured(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.wire {
            Wire::Clear(socket) => socket.flush(),
            Wire::Secured(stream) => stream.flush(),
        }
    }
}

impl Read for TimedSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(self.left()?))?;
        self.socket.read(buffer)
    }
}

impl Write for TimedSocket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(self.left()?))?;
        self.socket.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl TimedSocket {
    fn left(&self) -> io::Result<Duration> {
        left(self.ends_at).ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

fn left(ends_at: Instant) -> Option<Duration> {
    ends_at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
}

/// The addresses of a host. The resolver of the system knows no end of its own, so it is asked aside.
fn resolve(host: &str, port: u16, timeout: Duration) -> Result<Vec<SocketAddr>, EgressError> {
    let (tell, told) = mpsc::channel();
    let host = host.to_owned();
    std::thread::Builder::new()
        .name("resolve".into())
        .spawn(move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
            // Whoever asked may have left.
            let _ = tell.send(found);
        })
        .map_err(|error| unreachable(&error))?;
    match told.recv_timeout(timeout) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(_)) => Err(EgressError::Unreachable("no such host".into())),
        Err(_) => Err(EgressError::Unreachable("too slow".into())),
    }
}

/// Reads the certificates of an own authority; answers how many there are.
///
/// # Errors
/// `BadAnswer` for a text that holds none, or one that is damaged.
pub fn check_authorities(pem: &str) -> Result<usize, EgressError> {
    authorities(pem).map(|roots| roots.len())
}

fn authorities(pem: &str) -> Result<RootCertStore, EgressError> {
    let damaged = || EgressError::BadAnswer("no certificates of an authority".into());
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()).take(MAX_AUTHORITIES) {
        roots.add(certificate.map_err(|_| damaged())?).map_err(|_| damaged())?;
    }
    if roots.is_empty() { Err(damaged()) } else { Ok(roots) }
}

fn config(trust: Trust<'_>) -> Result<ClientConfig, EgressError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refusal(&error))?;
    let builder = match trust {
        Trust::System => builder.with_platform_verifier().map_err(|error| refusal(&error))?,
        Trust::Authorities(pem) => builder.with_root_certificates(authorities(pem)?),
    };
    Ok(builder.with_no_client_auth())
}

/// What the other side did under TLS.
fn refusal(error: &rustls::Error) -> EgressError {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            EgressError::Unreachable(format!("its certificate is not believed ({reason})"))
        }
        rustls::Error::NoCertificatesPresented => EgressError::Unreachable("it has no certificate".into()),
        _ => EgressError::BadAnswer("no TLS".into()),
    }
}

fn unreachable(error: &io::Error) -> EgressError {
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => EgressError::Unreachable("too slow".into()),
        kind => EgressError::Unreachable(kind.to_string()),
    }
}
