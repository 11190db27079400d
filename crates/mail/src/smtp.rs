//! The dialogue with the mail server.
//!
//! What must stay true: the name is resolved once, every address is judged, and the connection goes to a judged address; nothing is said about
//! a letter before the connection is as protected as the settings want it; every read and write has a time-out.

use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use crate::settings::{MailSettings, Security};

/// Longest wait for a connection and for each answer.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Longest text of a server that is kept, in characters.
const ANSWER_LENGTH: usize = 300;

/// Why a letter did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What happened.
    pub failure: Failure,
    /// In the words of the server or of the system, in one line.
    pub text: String,
}

/// What happened, by what one must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The server leads into the own network, which is not allowed.
    Local,
    /// Without protection only a server on this machine is spoken to.
    Unprotected,
    /// No such host, no connection, nobody who speaks SMTP.
    Unreachable,
    /// The server does not offer to encrypt.
    NoStarttls,
    /// The certificate is not trusted, or TLS fails otherwise.
    Untrusted,
    /// The server does not take the login.
    Login,
    /// The password was sealed with a key that is gone.
    KeyChanged,
    /// The server does not take letters of this sender.
    Sender,
    /// The server asks to come again later.
    Later,
    /// The connection broke; the letter may have arrived.
    BrokenOff,
    /// The server refuses this letter for good.
    Refused,
    /// The letter cannot be written: its address, its name or its subject.
    Unwritable,
}

impl Failure {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Failure::Local => "mail_local",
            Failure::Unprotected => "mail_unprotected",
            Failure::Unreachable => "mail_unreachable",
            Failure::NoStarttls => "mail_no_starttls",
            Failure::Untrusted => "mail_untrusted",
            Failure::Login => "mail_login_refused",
            Failure::KeyChanged => "mail_key_changed",
            Failure::Sender => "mail_sender_refused",
            Failure::Later => "mail_later",
            Failure::BrokenOff => "mail_broken_off",
            Failure::Refused => "mail_refused",
            Failure::Unwritable => "mail_unwritable",
        }
    }

    /// Whether trying again is of no use: it is about this letter, and the answer stands.
    pub fn is_final(self) -> bool {
        matches!(self, Failure::Refused | Failure::Unwritable)
    }

    fn saying(self, text: impl std::fmt::Display) -> Refusal {
        let text = text.to_string();
        let line: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
        Refusal { failure: self, text: line.join(" ").chars().take(ANSWER_LENGTH).collect() }
    }
}

type SmtpError = lettre::transport::smtp::Error;

/// Sends one letter.
pub(crate) fn send(
    settings: &MailSettings,
    password: &str,
    allows_local: bool,
    message: &Message,
) -> Result<(), Refusal> {
    let mut connection = connect(settings, password, allows_local)?;
    let sent = hand_over(&mut connection, message);
    // The letter is with the server or it is not; how the connection ends changes nothing.
    connection.abort();
    sent
}

fn connect(settings: &MailSettings, password: &str, allows_local: bool) -> Result<SmtpConnection, Refusal> {
    let hello = hello(settings);
    let tls = match settings.security {
        Security::None => None,
        Security::Starttls | Security::Tls => {
            let built = TlsParameters::builder(settings.host.clone()).build_rustls();
            Some(built.map_err(|error| Failure::Untrusted.saying(source_of(&error)))?)
        }
    };
    let at_once = tls.as_ref().filter(|_| settings.security == Security::Tls);
    let mut last = Failure::Unreachable.saying("no address");
    for address in addresses(settings, allows_local)? {
        let opened = SmtpConnection::connect(address, Some(TIMEOUT), &hello, at_once, None);
        let mut connection = match opened {
            Ok(connection) => connection,
            Err(error) => {
                last = opening(&error);
                continue;
            }
        };
        if let Some(tls) = tls.as_ref().filter(|_| settings.security == Security::Starttls) {
            if !connection.can_starttls() {
                connection.abort();
                return Err(Failure::NoStarttls.saying("STARTTLS is not offered"));
            }
            connection.starttls(tls, &hello).map_err(|error| opening(&error))?;
        }
        if !settings.user.is_empty() {
            let credentials = Credentials::new(settings.user.clone(), password.to_owned());
            let login = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
            login.map_err(|error| match error.status() {
                Some(code) if !error.is_permanent() => Failure::Later.saying(format!("{code} {}", source_of(&error))),
                _ => Failure::Login.saying(source_of(&error)),
            })?;
        }
        return Ok(connection);
    }
    Err(last)
}

/// The addresses of the server that one may go to.
fn addresses(settings: &MailSettings, allows_local: bool) -> Result<Vec<SocketAddr>, Refusal> {
    let found = (settings.host.as_str(), settings.port).to_socket_addrs();
    let found: Vec<SocketAddr> = found.map_err(|error| Failure::Unreachable.saying(error))?.collect();
    if settings.security == Security::None && !found.iter().all(|address| address.ip().to_canonical().is_loopback()) {
        return Err(Failure::Unprotected.saying("the server is on another machine"));
    }
    let judged: Vec<SocketAddr> =
        found.into_iter().filter(|address| allows_local || egress::is_public(address.ip())).collect();
    if judged.is_empty() { Err(Failure::Local.saying("the server has no public address")) } else { Ok(judged) }
}

/// How the program names itself: by the domain that its letters come from.
fn hello(settings: &MailSettings) -> ClientId {
    let domain = crate::address::domain_of(&settings.sender_address).filter(|domain| domain.is_ascii());
    domain.map_or_else(ClientId::default, |domain| ClientId::Domain(domain.to_owned()))
}

fn hand_over(connection: &mut SmtpConnection, message: &Message) -> Result<(), Refusal> {
    let envelope = message.envelope();
    let mut options = Vec::new();
    if !envelope.to().iter().chain(envelope.from()).all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Failure::Refused.saying("the server takes no addresses with such letters"));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let bytes = message.formatted();
    if !bytes.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let started = connection.command(Mail::new(envelope.from().cloned(), options));
    started.map_err(|error| answered(&error, Failure::Sender, Failure::Unreachable))?;
    for receiver in envelope.to() {
        let taken = connection.command(Rcpt::new(receiver.clone(), Vec::new()));
        taken.map_err(|error| answered(&error, Failure::Refused, Failure::Unreachable))?;
    }
    connection.command(Data).map_err(|error| answered(&error, Failure::Refused, Failure::Unreachable))?;
    connection.message(&bytes).map_err(|error| answered(&error, Failure::Refused, Failure::BrokenOff))?;
    Ok(())
}

fn opening(error: &SmtpError) -> Refusal {
    match error.status() {
        Some(code) => Failure::Later.saying(format!("{code} {}", source_of(error))),
        None if error.is_tls() => Failure::Untrusted.saying(source_of(error)),
        // What rustls says about a certificate comes as trouble of the connection.
        None if is_about_certificates(error) => Failure::Untrusted.saying(source_of(error)),
        None => Failure::Unreachable.saying(source_of(error)),
    }
}

fn is_about_certificates(error: &SmtpError) -> bool {
    let text = source_of(error);
    ["certificate", "TLS", "tls", "HandshakeFailure", "corrupt message"].iter().any(|word| text.contains(word))
}

/// What an answer means: `for_good` for 5xx, come again for 4xx, `silence` when there was none.
fn answered(error: &SmtpError, for_good: Failure, silence: Failure) -> Refusal {
    match error.status() {
        Some(code) if error.is_permanent() => for_good.saying(format!("{code} {}", source_of(error))),
        Some(code) => Failure::Later.saying(format!("{code} {}", source_of(error))),
        None => silence.saying(source_of(error)),
    }
}

fn source_of(error: &SmtpError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
