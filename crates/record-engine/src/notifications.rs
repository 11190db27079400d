//! Notifications: a person is told what others did that concerns him, on the page, by mail and over all windows.
//!
//! What must stay true:
//! - a notification is written in the transaction of what it tells of ([`file`]), so there is none of what did not happen and none is lost;
//! - nobody is told what he did himself, and what the program makes up by itself is news for nobody, but for what time brings ([`file_by_program`]);
//! - one operation is one notification for each receiver and kind, however many records it is about, and its undo takes the unread ones back;
//! - it holds ids. What a notification says is read when it is shown, with the rights that its reader has then: one about records of which he may
//!   see none any more is not there, in no list and in no count ([`inbox`]);
//! - a kind is declared in one place ([`kind`]): its name, its channels, its words.
//!
//! It writes no letters and sends nothing; whoever does asks [`mailing`] and [`pushing`] for what waits.

mod details;
pub mod inbox;
mod kind;
pub mod mailing;
pub mod pushing;
mod reacting;
pub mod settings;
mod store;

pub use kind::{
    ACCESS_TO_CHANGE, ACCESS_TO_READ, ALL, EVENT_SOON, EXPORT_FINISHED, FOLLOWED_CHANGE, FOLLOWED_NOTE,
    IMPORT_FINISHED, Kind, MADE_PARTICIPANT, MADE_RESPONSIBLE, MENTIONED, REACTED, RIGHTS_CHANGED, TASK_CLOSED,
    TASK_DUE, TASK_OVERDUE, TASK_REOPENED, Told,
};
pub(crate) use reacting::{drop_reaction, file_reaction};
pub use settings::Channels;
pub use store::{file, file_by_program, prune};
pub(crate) use store::{file_end_of_job, take_back};

/// The topic of outbox events by which a receiver hears that his notifications are others than before.
pub const TOPIC: &str = "notification";

/// Of so many records a notification knows which; beyond it, only how many.
pub const NAMED: usize = 20;
