//! Which record a row means (decision D1): by id; by a full match of name, phone, e-mail and company; by further keys that the user chose.
//! A row that shares a unique channel with a record without matching it fully is a partial match, on which a person decides.
//!
//! What must stay true: one look-up of each kind for a whole batch; nothing is chosen silently where several records come into question; a
//! record that the actor may not see is never compared with a row, only that it holds a channel counts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use database::{Backend, Query, Tx};
use filter_language::sort_key;
use record_engine::access::{Action, Scope};
use record_engine::catalog::{Catalog, Field, ObjectType};
use record_engine::error::Result;
use record_engine::field_types::{ChannelFormat, FieldKind};
use record_engine::query::present::{References, Titles};
use record_engine::query::{channel_holders, ids_by_text, load_records};
use record_engine::{Record, RequestContext};
use serde_json::Value as Json;

use super::assemble::Candidate;
use super::importable::Importable;
use super::settings::MatchKey;

/// What a row means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nobody known.
    New,
    /// This record.
    Same(i64),
    /// Perhaps this record: they agree on these points, or several records come into question.
    Partial { id: i64, on: Vec<&'static str> },
}

/// How records of a type are recognised.
pub(crate) struct Matcher<'a> {
    pub catalog: &'a Catalog,
    pub object_type: &'a ObjectType,
    pub importable: &'a dyn Importable,
    pub keys: &'a [MatchKey],
    channels: Option<&'a Field>,
    company: Option<&'a Field>,
    phone_kinds: Vec<&'a str>,
    email_kinds: Vec<&'a str>,
}

/// What was looked up for a batch.
#[derive(Default)]
pub(crate) struct Found {
    holders: HashMap<(String, String), Vec<(i64, bool)>>,
    by_title: HashMap<String, Vec<i64>>,
    /// The records that come into question, as far as the actor may see them.
    pub records: BTreeMap<i64, Record>,
    /// Further holders of channels, which the actor may not see.
    hidden: BTreeSet<i64>,
    company_keys: HashMap<i64, String>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(
        catalog: &'a Catalog,
        object_type: &'a ObjectType,
        importable: &'a dyn Importable,
        keys: &'a [MatchKey],
    ) -> Matcher<'a> {
        let channels = object_type.value_fields().find(|field| matches!(field.kind, FieldKind::Channels(_)));
        let company = object_type
            .value_fields()
            .find(|field| matches!(&field.kind, FieldKind::Reference(settings) if settings.is_hierarchy));
        let kinds = |format: ChannelFormat| match channels.map(|field| &field.kind) {
            Some(FieldKind::Channels(settings)) => settings
                .kinds
                .iter()
                .filter(|kind| kind.is_unique && kind.format == format)
                .map(|kind| kind.key.as_str())
                .collect(),
            _ => Vec::new(),
        };
        let (phone_kinds, email_kinds) = (kinds(ChannelFormat::Phone), kinds(ChannelFormat::Email));
        Matcher { catalog, object_type, importable, keys, channels, company, phone_kinds, email_kinds }
    }

    fn has(&self, key: MatchKey) -> bool {
        self.keys.contains(&key)
    }

    /// Looks everything up that the verdicts on these rows need.
    pub(crate) fn look_up(&self, tx: &mut Tx, context: &RequestContext, candidates: &[&Candidate]) -> Result<Found> {
        if tx.backend() == Backend::Postgres {
            // Tables that grow from nothing have no statistics yet, and PostgreSQL reads them from end to end for every batch.
            tx.execute("SET LOCAL enable_seqscan = off", &[])?;
        }
        let mut found = Found::default();
        let mut ids: BTreeSet<i64> = BTreeSet::new();
        if self.has(MatchKey::Id) {
            ids.extend(candidates.iter().filter_map(|candidate| candidate.id));
        }
        if let Some(field) = self.channels {
            let keys: BTreeSet<String> = candidates
                .iter()
                .flat_map(|candidate| candidate.channel_keys.iter().map(|(_, key)| key.clone()))
                .collect();
            for holder in channel_holders(tx, self.object_type, field, &keys)? {
                ids.insert(holder.record_id);
                found
                    .holders
                    .entry((holder.kind, holder.value_key))
                    .or_default()
                    .push((holder.record_id, holder.is_shared));
            }
        }
        let title = self.object_type.field(self.object_type.definition.title_field);
        let needs_title = |candidate: &&&Candidate| {
            self.has(MatchKey::Name) || candidate.channel_keys.is_empty() || self.stub_values(candidate).is_some()
        };
        let titles: BTreeSet<String> =
            candidates.iter().filter(needs_title).filter_map(|candidate| candidate.title_key.clone()).collect();
        if let Some(title) = title.filter(|_| !titles.is_empty()) {
            found.by_title = ids_by_text(tx, context, self.object_type, title, &titles, None)?;
            ids.extend(found.by_title.values().flatten());
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        found.records = load_records(tx, self.object_type, &ids, false)?;
        let scope = Scope::of(context, self.object_type, Action::See)?;
        let hidden = &mut found.hidden;
        found.records.retain(|id, record| {
            let is_visible = scope.admits(self.object_type, record);
            if !is_visible && record.deleted_at.is_none() {
                hidden.insert(*id);
            }
            is_visible && record.deleted_at.is_none()
        });
        self.look_up_companies(tx, context, &mut found)?;
        Ok(found)
    }

    fn look_up_companies(&self, tx: &mut Tx, context: &RequestContext, found: &mut Found) -> Result<()> {
        let Some(field) = self.company else { return Ok(()) };
        let Some(target) = field.kind.reference_target().map(|settings| settings.target.clone()) else { return Ok(()) };
        let ids: BTreeSet<i64> =
            found.records.values().filter_map(|record| record.value(&field.name).as_i64()).collect();
        let wanted = References::to(&target, ids.iter().copied());
        let titles = Titles::load(tx, context, self.catalog, &wanted)?;
        for id in ids {
            if let Some(title) = titles.title(&target, id) {
                found.company_keys.insert(id, sort_key(title));
            }
        }
        Ok(())
    }

    /// The values of a record that another row would have made by this row's title alone.
    fn stub_values(&self, candidate: &Candidate) -> Option<record_engine::Values> {
        self.importable.stub_like(&candidate.values)
    }

    /// The record that a row means. `operation_id` is the import's own operation: what it made itself has ids that no file can mean.
    /// A record that the actor may not see is at most a partial match, whatever stands in it: else a file could be used to ask about it.
    pub(crate) fn verdict(&self, candidate: &Candidate, found: &Found, operation_id: Option<i64>) -> Verdict {
        let is_own = |record: &Record| Some(record.created_operation) == operation_id;
        if self.has(MatchKey::Id)
            && let Some(record) = candidate.id.and_then(|id| found.records.get(&id))
            && !is_own(record)
        {
            return Verdict::Same(record.id);
        }
        let by_title = || {
            let ids = candidate.title_key.as_ref().and_then(|key| found.by_title.get(key));
            ids.map(Vec::as_slice).unwrap_or_default()
        };
        let holders = found.holders_of(candidate);
        if self.has(MatchKey::Full) {
            let in_question: Vec<i64> = if candidate.channel_keys.is_empty() {
                by_title().to_vec()
            } else {
                holders.iter().map(|(id, _)| *id).collect::<BTreeSet<i64>>().into_iter().collect()
            };
            let full: Vec<i64> = in_question
                .into_iter()
                .filter(|id| found.records.get(id).is_some_and(|record| self.is_full(candidate, record, found)))
                .filter(|id| holders.iter().all(|(holder, is_shared)| *is_shared || holder == id))
                .collect();
            match full.as_slice() {
                [] => {}
                [only] => return Verdict::Same(*only),
                [first, ..] => return Verdict::Partial { id: *first, on: vec!["name"] },
            }
        }
        for (key, kinds) in [(MatchKey::Phone, &self.phone_kinds), (MatchKey::Email, &self.email_kinds)] {
            if self.has(key) {
                let ids = found.holders_by(candidate, kinds);
                if let [only] = ids.as_slice()
                    && found.shows(*only)
                {
                    return Verdict::Same(*only);
                }
            }
        }
        if self.has(MatchKey::Name) {
            match by_title() {
                [] => {}
                [only] => return Verdict::Same(*only),
                [first, ..] => return Verdict::Partial { id: *first, on: vec!["name"] },
            }
        }
        if let Some(id) = self.stub(candidate, found, by_title(), &is_own) {
            return Verdict::Same(id);
        }
        let mut owners = holders.iter().filter(|(_, is_shared)| !is_shared);
        match owners.clone().find(|(id, _)| found.shows(*id)).or_else(|| owners.next()) {
            Some((id, _)) => Verdict::Partial { id: *id, on: self.agreement(candidate, *id, found) },
            None => Verdict::New,
        }
    }

    /// A record that an earlier row of this import made by name only: the row that describes it fills it.
    fn stub(
        &self,
        candidate: &Candidate,
        found: &Found,
        ids: &[i64],
        is_own: &impl Fn(&Record) -> bool,
    ) -> Option<i64> {
        let values = self.stub_values(candidate)?;
        let (channels, title) = (self.channels, self.object_type.definition.title_field);
        ids.iter().copied().find(|id| {
            found.records.get(id).is_some_and(|record| {
                is_own(record)
                    && channels.is_none_or(|field| record.value(&field.name).is_null())
                    && values
                        .iter()
                        .all(|(name, value)| name == title || sort_text(record.value(name)) == sort_text(value))
            })
        })
    }

    fn is_full(&self, candidate: &Candidate, record: &Record, found: &Found) -> bool {
        let of_kinds = |kinds: &[&str]| {
            let mut carried =
                candidate.channel_keys.iter().filter(|(kind, _)| kinds.contains(&kind.as_str())).peekable();
            carried.peek().is_none() || carried.any(|key| found.holds(key, record.id))
        };
        self.has_name(candidate, record)
            && of_kinds(&self.phone_kinds)
            && of_kinds(&self.email_kinds)
            && self.has_company(candidate, record, found)
    }

    fn has_name(&self, candidate: &Candidate, record: &Record) -> bool {
        let title = record.value(self.object_type.definition.title_field).as_str().unwrap_or_default();
        candidate.title_key.as_deref().is_none_or(|key| key == sort_key(title))
    }

    fn has_company(&self, candidate: &Candidate, record: &Record, found: &Found) -> bool {
        let Some(field) = self.company else { return true };
        let own = record.value(&field.name).as_i64();
        if let Some(id) = candidate.values.get(&field.name).and_then(Json::as_i64) {
            return own == Some(id);
        }
        match candidate.titles.get(&field.name).and_then(|titles| titles.first()) {
            Some(title) => own.and_then(|id| found.company_keys.get(&id)).is_some_and(|key| *key == title.key),
            None => true,
        }
    }

    /// On what a row and a record agree, for the person who decides.
    fn agreement(&self, candidate: &Candidate, id: i64, found: &Found) -> Vec<&'static str> {
        let mut on = Vec::new();
        let holds = |kinds: &[&str]| {
            candidate.channel_keys.iter().any(|key| kinds.contains(&key.0.as_str()) && found.holds(key, id))
        };
        if holds(&self.phone_kinds) {
            on.push("phone");
        }
        if holds(&self.email_kinds) {
            on.push("email");
        }
        if on.is_empty() {
            on.push("messenger");
        }
        let Some(record) = found.records.get(&id) else { return on };
        if candidate.title_key.is_some() && self.has_name(candidate, record) {
            on.push("name");
        }
        let carries_company = self.company.is_some_and(|field| candidate.titles.contains_key(&field.name));
        if carries_company && self.has_company(candidate, record, found) {
            on.push("company");
        }
        on
    }
}

fn sort_text(value: &Json) -> Option<String> {
    value.as_str().map(sort_key)
}

impl Found {
    /// Whether the actor may see a record that was looked up.
    pub(crate) fn shows(&self, id: i64) -> bool {
        self.records.contains_key(&id)
    }

    fn is_live(&self, id: i64) -> bool {
        self.records.contains_key(&id) || self.hidden.contains(&id)
    }

    /// The records that have one of the row's channels, and whether they only share it.
    fn holders_of(&self, candidate: &Candidate) -> Vec<(i64, bool)> {
        let of_key = |key: &(String, String)| self.holders.get(key).map(Vec::as_slice).unwrap_or_default();
        let live = |(id, _): &&(i64, bool)| self.is_live(*id);
        candidate.channel_keys.iter().flat_map(of_key).filter(live).copied().collect()
    }

    fn holders_by(&self, candidate: &Candidate, kinds: &[&str]) -> Vec<i64> {
        let keys = candidate.channel_keys.iter().filter(|(kind, _)| kinds.contains(&kind.as_str()));
        let ids: BTreeSet<i64> = keys
            .filter_map(|key| self.holders.get(key))
            .flatten()
            .map(|(id, _)| *id)
            .filter(|id| self.is_live(*id))
            .collect();
        ids.into_iter().collect()
    }

    /// Whether the record has the channel.
    pub(crate) fn holds(&self, key: &(String, String), id: i64) -> bool {
        self.holders.get(key).is_some_and(|holders| holders.iter().any(|(holder, _)| *holder == id))
    }

    /// Whether a channel belongs to a record that does not share it.
    pub(crate) fn is_taken(&self, kind: &str, value_key: &str) -> bool {
        let key = (kind.to_owned(), value_key.to_owned());
        self.holders.get(&key).is_some_and(|holders| holders.iter().any(|(_, is_shared)| !is_shared))
    }
}
