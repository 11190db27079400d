//! An engine with the tables of letters, a clock that stands still, and a mail server.

use std::sync::Arc;

use database::Query;
use mail::letters::Content;
use mail::outbox::{self, Letter, Listed};
use mail::{MailChange, Security, change_settings};
use record_engine::access::Access;
use record_engine::engine::{EngineOptions, Snapshot};
use record_engine::{Clock, Engine, EngineError, RequestContext};
use test_kit::{MailSink, TestDatabase};

pub const START_MS: i64 = 1_795_334_400_000;
pub const MINUTE_MS: i64 = 60_000;

pub struct Base {
    pub engine: Engine,
    pub clock: Clock,
    pub sink: MailSink,
    folder: tempfile::TempDir,
    database: TestDatabase,
}

impl Base {
    pub fn new(database: TestDatabase) -> Base {
        let base = Base::without_mail(database);
        change_settings(&base.engine, &base.context(), &settings_of(&base.sink)).unwrap();
        base
    }

    pub fn without_mail(database: TestDatabase) -> Base {
        let (clock, folder) = (Clock::fixed(START_MS), tempfile::tempdir().unwrap());
        let engine = open(&database, &clock, &folder);
        Base { engine, clock, sink: MailSink::start(), folder, database }
    }

    /// A second process on the same database.
    pub fn other_process(&self) -> Engine {
        open(&self.database, &self.clock, &self.folder)
    }

    pub fn context(&self) -> RequestContext {
        RequestContext::system(&self.clock)
    }

    pub fn post(&self, receiver: &str) -> i64 {
        self.post_as(receiver, "Олена", "Тема").unwrap()
    }

    pub fn post_as(&self, receiver: &str, receiver_name: &str, subject: &str) -> Option<i64> {
        let content =
            Content {
                subject: subject.into(), text: "секретне слово".into(), html: "<p>секретне</p>".into()
            };
        let now = self.clock.now_ms();
        let expires_at = now + outbox::USUAL_LIFE_MS;
        let letter =
            Letter { kind: "invitation", user_id: Some(5), receiver, receiver_name, content: &content, expires_at };
        self.engine.write(|tx| outbox::post(tx, &self.engine, now, &letter)).unwrap()
    }

    /// Sends everything that is due now.
    pub fn send_all(&self) {
        while mail::send_due(&self.engine, true).unwrap() {}
    }

    pub fn letters(&self) -> Vec<Listed> {
        self.engine.database().read(|tx| outbox::list(tx, None, None, 10_000)).unwrap()
    }

    pub fn letter(&self, id: i64) -> Listed {
        self.letters().into_iter().find(|letter| letter.id == id).unwrap()
    }

    pub fn state(&self, id: i64) -> String {
        self.letter(id).state
    }

    pub fn resend(&self, id: i64) -> Result<Listed, EngineError> {
        self.engine.write(|tx| outbox::resend(tx, id, self.clock.now_ms()))
    }
}

pub fn settings_of(sink: &MailSink) -> MailChange {
    MailChange {
        host: Some("127.0.0.1".into()),
        port: Some(sink.port()),
        security: Some(Security::None),
        sender_address: Some("crm@example.org".into()),
        sender_name: Some("Карпати Буд".into()),
        ..MailChange::default()
    }
}

/// There are no users.
fn nobody(_: &mut dyn Query, _: &Snapshot, _: i64) -> Result<Option<Access>, EngineError> {
    Ok(None)
}

fn open(database: &TestDatabase, clock: &Clock, folder: &tempfile::TempDir) -> Engine {
    let options = EngineOptions {
        definitions: Vec::new(),
        access: Arc::new(nobody),
        migrations: mail::MIGRATIONS.to_vec(),
        clock: clock.clone(),
        files: folder.path().join("files"),
        secret_key: folder.path().join("secret.key"),
        backups: None,
    };
    Engine::open(database.open(), options).unwrap()
}
