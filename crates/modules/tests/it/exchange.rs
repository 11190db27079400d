//! Import and export of contacts, on both databases.

mod check;
mod export;
mod matching;
mod photos;
mod queue;
mod recognition;
mod resume;
pub mod support;
mod together;
mod vcards;
