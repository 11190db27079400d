//! What a row puts into the record that it makes or changes: what stands there is kept where the row only fills, and many-valued fields are
//! added to.

use std::collections::BTreeSet;

use filter_language::sort_key;
use record_engine::field_types::FieldKind;
use record_engine::write::Change;
use record_engine::{Record, Values};
use serde_json::Value as Json;

use super::super::assemble::{Candidate, Problem};
use super::super::links::Links;
use super::super::matching::Found;
use super::super::merge::merged;
use super::{Action, BatchWriter, Planned};

impl BatchWriter<'_> {
    /// The fields whose titles the row does not need, for the record that it fills keeps what stands there. Sets are added to.
    pub(super) fn kept_of<'c>(&self, row: &Planned<'c>, found: &Found) -> BTreeSet<&'c str> {
        let Action::Update { id, is_filling: true } = row.action else { return BTreeSet::new() };
        let Some(before) = found.records.get(&id) else { return BTreeSet::new() };
        let stands = |name: &&str| !before.value(name).is_null() && !before.value(name).is_array();
        row.candidate.titles.keys().map(String::as_str).filter(stands).collect()
    }

    /// Puts the ids of a row's titles, but for those of `kept`, into `values`.
    ///
    /// # Errors
    /// Problems of the row, in its columns.
    pub(super) fn link(
        &self,
        candidate: &Candidate,
        links: &Links,
        kept: &BTreeSet<&str>,
        before: Option<&Record>,
        values: &mut Values,
    ) -> std::result::Result<(), Vec<Problem>> {
        links.fill(self.object_type, candidate, kept, before, self.writer.is_rehearsal, values).map_err(
            |mut problems| {
                for problem in &mut problems {
                    problem.column = problem.field.as_deref().and_then(|field| self.assembler.column_of(field));
                }
                problems
            },
        )
    }

    /// The change that a row asks for, against the record that it means as it stands.
    ///
    /// # Errors
    /// Problems of the row, in its columns.
    pub(super) fn change(
        &self,
        row: &Planned<'_>,
        links: &Links,
        found: &Found,
    ) -> std::result::Result<Change, Vec<Problem>> {
        let candidate = row.candidate;
        let before = row.before(found);
        let mut values = candidate.values.clone();
        self.link(candidate, links, &self.kept_of(row, found), before, &mut values)?;
        match row.action {
            Action::Update { id, is_filling } => {
                if let Some(before) = before {
                    if is_filling {
                        self.keep_filled(before, candidate, &mut values);
                    }
                    self.merge(before, candidate, &mut values);
                }
                Ok(Change::Update { id, base_version: None, values })
            }
            Action::Create { is_sharing } => {
                for (name, value) in &candidate.defaults {
                    values.entry(name.clone()).or_insert_with(|| value.clone());
                }
                if is_sharing {
                    self.share(found, &mut values);
                }
                Ok(Change::Create { values })
            }
        }
    }

    /// Leaves out what the record has already; sets, channels and addresses are added to, and notes go behind those that stand there.
    fn keep_filled(&self, before: &Record, candidate: &Candidate, values: &mut Values) {
        // What was kept as text is put behind them anyway.
        let notes = self.importable.notes_field();
        values.retain(|name, value| {
            let Some(field) = self.object_type.field(name) else { return true };
            let standing = before.value(name);
            if standing.is_null() || matches!(field.kind, FieldKind::Channels(_) | FieldKind::Addresses(_)) {
                return true;
            }
            match (standing, &mut *value) {
                (Json::Array(old), Json::Array(new)) => {
                    let added: Vec<Json> = new.iter().filter(|entry| !old.contains(entry)).cloned().collect();
                    *new = old.iter().cloned().chain(added).collect();
                    true
                }
                (Json::String(old), Json::String(new))
                    if notes == Some(name.as_str()) && !old.contains(new.as_str()) =>
                {
                    if candidate.has_kept_text {
                        return true;
                    }
                    *new = format!("{old}\n{new}");
                    true
                }
                _ => false,
            }
        });
    }

    /// Updates add to many-valued fields; what would change nothing is not sent at all.
    fn merge(&self, before: &Record, candidate: &Candidate, values: &mut Values) {
        self.add_kept_text(before, candidate, values);
        let names: Vec<String> = values.keys().cloned().collect();
        for name in names {
            let Some(field) = self.object_type.field(&name) else { continue };
            if !matches!(field.kind, FieldKind::Channels(_) | FieldKind::Addresses(_)) {
                continue;
            }
            let new = values.remove(&name).unwrap_or(Json::Null);
            if let Some(after) = merged(field, before.value(&name), &new, candidate.is_detailed) {
                values.insert(name, after);
            }
        }
    }

    /// What was kept as text goes behind the notes that stand there.
    fn add_kept_text(&self, before: &Record, candidate: &Candidate, values: &mut Values) {
        let Some(notes) = self.importable.notes_field().filter(|_| candidate.has_kept_text) else { return };
        let (Some(old), Some(new)) = (before.value(notes).as_str(), values.get(notes).and_then(Json::as_str)) else {
            return;
        };
        let whole = if old.contains(new) { old.to_owned() } else { format!("{old}\n{new}") };
        values.insert(notes.to_owned(), Json::String(whole));
    }

    /// Marks the channels that another record has as shared.
    fn share(&self, found: &Found, values: &mut Values) {
        for field in self.object_type.value_fields().filter(|field| matches!(field.kind, FieldKind::Channels(_))) {
            let Some(Json::Array(entries)) = values.get_mut(&field.name) else { continue };
            for entry in entries.iter_mut().filter_map(Json::as_object_mut) {
                let text = |part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default();
                if found.is_taken(text("kind"), &sort_key(text("value"))) {
                    entry.insert("is_shared".into(), Json::Bool(true));
                }
            }
        }
    }
}
