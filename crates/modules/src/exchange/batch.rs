//! One batch of rows: looked up, decided, written in the caller's transaction. The check of a file and its import are this one function;
//! a check uses a writer that rehearses.
//!
//! What must stay true: a row is looked up after everything that earlier rows wrote. So rows that may meet (the same channel, name, company or
//! id) go in separate waves, in their order.

mod contents;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use database::{DatabaseError, Tx};
use filter_language::sort_key;
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::vault::Vault;
use record_engine::write::{Change, Operation, Outcome, Prepared, Writer, apply, apply_prepared, prepare};
use record_engine::{Record, RequestContext, Values};
use serde_json::{Map, Value as Json, json};

use super::assemble::{Assembler, Candidate, Problem, problem};
use super::importable::Importable;
use super::links::Links;
use super::matching::{Found, Matcher, Verdict};
use super::pictures::Pictures;
use super::seen::Seen;
use super::settings::{Decision, Mode, Settings};
use crate::erased_addresses;

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowOutcome {
    Created,
    Updated,
    Unchanged,
    /// Left out: by the mode, or by a decision. The record that stands in the way, if there is one.
    Skipped {
        code: &'static str,
        match_id: Option<i64>,
    },
    /// Waits for a decision.
    Undecided {
        match_id: Option<i64>,
        on: Vec<&'static str>,
        problem: Box<Problem>,
    },
    Failed(Vec<Problem>),
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(crate) struct BatchOutcome {
    /// By row number, in the order of the file.
    pub rows: Vec<(u64, RowOutcome)>,
    /// Records made because a row named them; in a rehearsal the keys of those that would be.
    pub made: usize,
    /// Records that have got the picture of their card.
    pub pictures: u64,
    pub would_make: Vec<u64>,
}

/// What stays the same for all batches of a run.
pub(crate) struct BatchWriter<'a> {
    pub snapshot: &'a Snapshot,
    pub object_type: &'a ObjectType,
    pub importable: &'a dyn Importable,
    pub assembler: &'a Assembler<'a>,
    pub settings: &'a Settings,
    pub writer: Writer<'a>,
    pub context: &'a RequestContext,
    /// Knows the addresses of people who were erased.
    pub vault: &'a Vault,
}

/// A row and its place in the batch.
type Placed<'c> = (usize, &'c Candidate);

/// A row on its way through a wave.
struct Planned<'c> {
    at: usize,
    candidate: &'c Candidate,
    action: Action,
}

enum Action {
    Create {
        is_sharing: bool,
    },
    /// `is_filling`: what stands in the record stays, only what it lacks comes from the row.
    Update {
        id: i64,
        is_filling: bool,
    },
}

impl Planned<'_> {
    /// The record that it changes, as it stands.
    fn before<'f>(&self, found: &'f Found) -> Option<&'f Record> {
        match self.action {
            Action::Update { id, .. } => found.records.get(&id),
            Action::Create { .. } => None,
        }
    }
}

impl BatchWriter<'_> {
    /// What becomes of pictures of cards, where the type has a place for them.
    pub(crate) fn pictures(&self) -> Option<Pictures<'_>> {
        Pictures::of(self.object_type, self.importable)
    }

    /// Makes all rows ready as new records: most of a file are. `None` leaves the work to the transaction.
    pub(crate) fn prepare(&self, candidates: &[Candidate]) -> Option<Prepared> {
        let changes = candidates.iter().map(|candidate| {
            let mut values = candidate.values.clone();
            for (name, value) in &candidate.defaults {
                values.entry(name.clone()).or_insert_with(|| value.clone());
            }
            Change::Create { values }
        });
        prepare(self.writer, self.context, self.object_type, changes.collect()).ok()
    }

    /// Writes a batch. `prepared` holds the candidates as new records, in their order. `decisions` are those of the user by row number; `seen` remembers rows for a rehearsal, which writes nothing.
    ///
    /// # Errors
    /// Those of the database; what is wrong with rows stands in their outcomes.
    pub(crate) fn write(
        &self,
        tx: &mut Tx,
        operation: &mut Operation,
        candidates: &[Candidate],
        mut prepared: Option<&mut Prepared>,
        decisions: &HashMap<u64, Decision>,
        mut seen: Option<&mut Seen>,
    ) -> Result<BatchOutcome> {
        let mut outcome = BatchOutcome::default();
        let mut rows: Vec<Option<RowOutcome>> = candidates
            .iter()
            .map(|candidate| (!candidate.problems.is_empty()).then(|| RowOutcome::Failed(candidate.problems.clone())))
            .collect();
        let mut rest: Vec<Placed<'_>> =
            candidates.iter().enumerate().filter(|(at, _)| rows.get(*at).is_some_and(Option::is_none)).collect();
        while !rest.is_empty() {
            let (wave, mut later) = split_wave(&rest);
            let deferred = self.write_wave(
                tx,
                operation,
                &wave,
                prepared.as_deref_mut(),
                decisions,
                seen.as_deref_mut(),
                &mut rows,
                &mut outcome,
            )?;
            later.extend(deferred);
            later.sort_by_key(|(at, _)| *at);
            rest = later;
        }
        outcome.rows = candidates
            .iter()
            .zip(rows)
            .map(|(candidate, row)| (candidate.number, row.unwrap_or(RowOutcome::Unchanged)))
            .collect();
        Ok(outcome)
    }

    /// [`BatchWriter::write`] with each row by itself, so that one whose number somebody else has just taken does not hold the others back.
    ///
    /// # Errors
    /// As [`BatchWriter::write`].
    pub(crate) fn write_one_by_one(
        &self,
        tx: &mut Tx,
        operation: &mut Operation,
        candidates: &[Candidate],
        decisions: &HashMap<u64, Decision>,
    ) -> Result<BatchOutcome> {
        let mut whole = BatchOutcome::default();
        for candidate in candidates {
            let mut own = operation.clone();
            let result =
                tx.savepoint(|tx| self.write(tx, &mut own, std::slice::from_ref(candidate), None, decisions, None));
            match result {
                Ok(outcome) => {
                    *operation = own;
                    whole.rows.extend(outcome.rows);
                    whole.made += outcome.made;
                    whole.pictures += outcome.pictures;
                }
                Err(EngineError::Database(DatabaseError::Unique { .. })) => {
                    whole.rows.push((candidate.number, RowOutcome::Failed(vec![problem("duplicate")])));
                }
                Err(other) => return Err(other),
            }
        }
        Ok(whole)
    }

    /// Writes rows that cannot meet; answers those that turned out to mean the same record as an earlier one.
    #[expect(clippy::too_many_arguments, reason = "the body of one loop, with the loop's variables")]
    fn write_wave<'c>(
        &self,
        tx: &mut Tx,
        operation: &mut Operation,
        wave: &[Placed<'c>],
        prepared: Option<&mut Prepared>,
        decisions: &HashMap<u64, Decision>,
        mut seen: Option<&mut Seen>,
        rows: &mut [Option<RowOutcome>],
        outcome: &mut BatchOutcome,
    ) -> Result<Vec<Placed<'c>>> {
        let candidates: Vec<&Candidate> = wave.iter().map(|(_, candidate)| *candidate).collect();
        let matcher =
            Matcher::new(&self.snapshot.catalog, self.object_type, self.importable, &self.settings.match_keys);
        let found = matcher.look_up(tx, self.context, &candidates)?;
        let mut planned: Vec<Planned<'c>> = Vec::with_capacity(wave.len());
        let mut used: HashSet<i64> = HashSet::new();
        let mut deferred = Vec::new();
        for (at, candidate) in wave.iter().copied() {
            let verdict = matcher.verdict(candidate, &found, operation.stored_id());
            match self.action(candidate, verdict, &found, decisions, seen.as_deref_mut()) {
                Ok(Action::Update { id, .. }) if !used.insert(id) => deferred.push((at, candidate)),
                Ok(action) => planned.push(Planned { at, candidate, action }),
                Err(done) => put(rows, at, done),
            }
        }
        let planned = self.without_erased(tx, planned, &found, rows)?;
        self.apply(tx, operation, planned, prepared, &found, rows, outcome)?;
        Ok(deferred)
    }

    /// Refuses rows that bring an address of somebody who was erased at his request.
    fn without_erased<'c>(
        &self,
        tx: &mut Tx,
        planned: Vec<Planned<'c>>,
        found: &Found,
        rows: &mut [Option<RowOutcome>],
    ) -> Result<Vec<Planned<'c>>> {
        if self.settings.admits_erased {
            return Ok(planned);
        }
        let values: Vec<(&Values, Option<&Values>)> =
            planned.iter().map(|row| (&row.candidate.values, row.before(found).map(|before| &before.values))).collect();
        let listed = erased_addresses::find(tx, self.vault, self.object_type, &values)?;
        let mut left = Vec::with_capacity(planned.len());
        for (row, listed) in planned.into_iter().zip(listed) {
            match listed.first() {
                None => left.push(row),
                Some(first) => {
                    let column = row.candidate.column_at(&first.field, first.at);
                    let refused =
                        Problem { column, field: Some(first.field.clone()), ..problem(erased_addresses::CODE) };
                    put(rows, row.at, RowOutcome::Failed(vec![refused]));
                }
            }
        }
        Ok(left)
    }

    /// What is to be done with a row, or what became of it already.
    fn action(
        &self,
        candidate: &Candidate,
        verdict: Verdict,
        found: &Found,
        decisions: &HashMap<u64, Decision>,
        seen: Option<&mut Seen>,
    ) -> std::result::Result<Action, RowOutcome> {
        let mode = self.settings.mode;
        let decision = decisions
            .get(&candidate.number)
            .copied()
            .or(self.settings.decide_all)
            .or(self.settings.on_partial_match.decision());
        let create = |is_sharing: bool| match mode {
            Mode::UpdateOnly => Err(RowOutcome::Skipped { code: "no_match", match_id: None }),
            Mode::CreateAndUpdate | Mode::CreateOnly => Ok(Action::Create { is_sharing }),
        };
        let shown = |id: i64| Some(id).filter(|id| found.shows(*id));
        let update = |id: i64, is_filling: bool| match mode {
            Mode::CreateOnly => Err(RowOutcome::Skipped { code: "exists_already", match_id: shown(id) }),
            // Nothing of a card that the actor may not see goes into the answer, so it is not even tried.
            Mode::CreateAndUpdate | Mode::UpdateOnly if !found.shows(id) => {
                Err(RowOutcome::Failed(vec![problem("not_found")]))
            }
            Mode::CreateAndUpdate | Mode::UpdateOnly => Ok(Action::Update { id, is_filling }),
        };
        let skipped = |match_id: Option<i64>| Err(RowOutcome::Skipped { code: "skipped_by_decision", match_id });
        match verdict {
            Verdict::Same(id) => update(id, false),
            Verdict::Partial { id, on } => match decision {
                Some(Decision::Update) => update(id, false),
                Some(Decision::Merge) => update(id, true),
                Some(Decision::Skip) => skipped(shown(id)),
                Some(Decision::CreateShared) => create(true),
                None => {
                    // Which of the row's channels a hidden card has is not told: the first stands for all.
                    let mut keys = candidate.channel_keys.iter();
                    let shared = keys.find(|key| !found.shows(id) || found.holds(key, id));
                    let mut params = row_params(candidate, shared);
                    params.insert("is_visible".into(), json!(found.shows(id)));
                    Err(RowOutcome::Undecided {
                        match_id: shown(id),
                        on,
                        problem: Box::new(Problem {
                            params,
                            value: channel_text(candidate, shared),
                            ..problem("partial_match")
                        }),
                    })
                }
            },
            Verdict::New => match seen.and_then(|seen| seen.meet(candidate)) {
                None => create(false),
                // An earlier row of the file would have made the record by then.
                Some(earlier) if earlier.is_full => match mode {
                    Mode::CreateOnly => Err(RowOutcome::Skipped { code: "exists_already", match_id: None }),
                    Mode::CreateAndUpdate => Err(RowOutcome::Updated),
                    Mode::UpdateOnly => create(false),
                },
                Some(earlier) => match decision {
                    Some(Decision::Update | Decision::Merge) => Err(RowOutcome::Updated),
                    Some(Decision::Skip) => skipped(None),
                    Some(Decision::CreateShared) => create(true),
                    None if mode == Mode::UpdateOnly => create(false),
                    None => {
                        let first = candidate.channel_keys.first();
                        let mut params = row_params(candidate, first);
                        params.insert("row".into(), json!(earlier.row));
                        Err(RowOutcome::Undecided {
                            match_id: None,
                            on: Vec::new(),
                            problem: Box::new(Problem {
                                params,
                                value: channel_text(candidate, first),
                                ..problem("same_in_file")
                            }),
                        })
                    }
                },
            },
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the body of one loop, with the loop's variables")]
    fn apply(
        &self,
        tx: &mut Tx,
        operation: &mut Operation,
        planned: Vec<Planned<'_>>,
        prepared: Option<&mut Prepared>,
        found: &Found,
        rows: &mut [Option<RowOutcome>],
        outcome: &mut BatchOutcome,
    ) -> Result<()> {
        if planned.is_empty() {
            return Ok(());
        }
        let candidates: Vec<&Candidate> = planned.iter().map(|row| row.candidate).collect();
        let catalog = &self.snapshot.catalog;
        let mut links = Links::look_up(tx, self.context, catalog, self.object_type, self.importable, &candidates)?;
        let missing: BTreeSet<(String, String)> =
            planned.iter().flat_map(|row| links.missing_of(row.candidate, &self.kept_of(row, found))).collect();
        if self.writer.is_rehearsal {
            outcome.would_make.extend(missing.iter().map(|(field, key)| Seen::hash(&[field, key])));
        } else if !missing.is_empty() {
            outcome.made +=
                links.make(tx, self.writer, self.context, operation, self.object_type, self.importable, &missing)?;
        }
        let pictures = self.pictures();
        let known = match &pictures {
            Some(pictures) => pictures.known(tx, planned.iter().filter_map(|row| row.before(found)))?,
            None => BTreeMap::new(),
        };
        if let Some(pictures) = &pictures {
            let wanted = planned.iter().filter(|row| !pictures.stands(row.candidate, row.before(found), &known));
            pictures.record(tx, self.context, wanted.map(|row| row.candidate))?;
        }
        let mut changes = Vec::with_capacity(planned.len());
        let mut places: Vec<&Planned<'_>> = Vec::with_capacity(planned.len());
        let mut ready: Vec<(&Planned<'_>, Values)> = Vec::with_capacity(planned.len());
        for row in &planned {
            if prepared.is_some() && self.is_ready(row) {
                let mut linked = Values::new();
                match self.link(row.candidate, &links, &BTreeSet::new(), None, &mut linked) {
                    Ok(()) => ready.push((row, linked)),
                    Err(problems) => put(rows, row.at, RowOutcome::Failed(problems)),
                }
                continue;
            }
            match self.change(row, &links, found) {
                Ok(mut change) => {
                    if let (Some(pictures), Change::Update { values, .. }) = (&pictures, &mut change)
                        && pictures.stands(row.candidate, row.before(found), &known)
                    {
                        values.remove(pictures.field());
                    }
                    changes.push(change);
                    places.push(row);
                }
                Err(problems) => put(rows, row.at, RowOutcome::Failed(problems)),
            }
        }
        if let Some(prepared) = prepared.filter(|_| !ready.is_empty()) {
            let chosen: Vec<usize> = ready.iter().map(|(row, _)| row.at).collect();
            for (row, linked) in &mut ready {
                for (name, value) in std::mem::take(linked) {
                    prepared.set(row.at, self.object_type, &name, value);
                }
            }
            let chosen = prepared.select(&chosen);
            let results = apply_prepared(tx, self.writer, self.context, operation, self.object_type, chosen)?;
            for ((row, _), result) in ready.into_iter().zip(results) {
                let done = self.outcome(row.candidate, result)?;
                outcome.pictures += u64::from(row.candidate.is_pictured() && done == RowOutcome::Created);
                put(rows, row.at, done);
            }
        }
        let is_with_picture = |change: &Change| match change {
            Change::Create { values } | Change::Update { values, .. } => {
                pictures.as_ref().is_some_and(|pictures| values.contains_key(pictures.field()))
            }
            _ => false,
        };
        let pictured: Vec<bool> = changes.iter().map(is_with_picture).collect();
        let results = apply(tx, self.writer, self.context, operation, self.object_type, changes)?;
        for ((row, result), is_pictured) in places.into_iter().zip(results).zip(pictured) {
            let done = self.outcome(row.candidate, result)?;
            outcome.pictures += u64::from(is_pictured && matches!(done, RowOutcome::Created | RowOutcome::Updated));
            put(rows, row.at, done);
        }
        Ok(())
    }

    /// Whether the record that was prepared ahead is the one to write: a new one, with no required field among those linked only now.
    fn is_ready(&self, row: &Planned<'_>) -> bool {
        let is_required =
            |name: &String| self.object_type.requirements().iter().any(|required| &required.field == name);
        matches!(row.action, Action::Create { is_sharing: false }) && !row.candidate.titles.keys().any(is_required)
    }

    fn outcome(&self, candidate: &Candidate, result: Result<Outcome>) -> Result<RowOutcome> {
        Ok(match result {
            Ok(Outcome::Created(_)) => RowOutcome::Created,
            Ok(Outcome::Unchanged(_)) => RowOutcome::Unchanged,
            Ok(_) => RowOutcome::Updated,
            Err(EngineError::Invalid(errors)) => {
                let problem = |error| {
                    let name: &str = error_field(error);
                    self.assembler.problem(candidate, error, candidate.values.get(name))
                };
                RowOutcome::Failed(errors.iter().map(problem).collect())
            }
            Err(
                error @ (EngineError::NotFound
                | EngineError::Forbidden
                | EngineError::State(_)
                | EngineError::Conflict { .. }),
            ) => {
                let (code, _) = error.code_and_params();
                RowOutcome::Failed(vec![problem(&code)])
            }
            Err(other) => return Err(other),
        })
    }
}

fn error_field(error: &record_engine::FieldError) -> &str {
    error.pointer.trim_start_matches('/').split('/').next().unwrap_or_default()
}

fn put(rows: &mut [Option<RowOutcome>], at: usize, outcome: RowOutcome) {
    if let Some(slot) = rows.get_mut(at) {
        *slot = Some(outcome);
    }
}

/// What the person who decides sees of the row: its name, and the kind of the channel that somebody else has too.
fn row_params(candidate: &Candidate, channel: Option<&(String, String)>) -> Map<String, Json> {
    let mut params = Map::new();
    if let Some(title) = &candidate.title {
        params.insert("title".into(), json!(title));
    }
    if let Some((kind, _)) = channel {
        params.insert("channel".into(), json!(kind));
    }
    params
}

/// A channel of the row as people read it.
fn channel_text(candidate: &Candidate, channel: Option<&(String, String)>) -> Option<String> {
    let (kind, key) = channel.or(candidate.channel_keys.first())?;
    let entries = candidate.values.values().filter_map(Json::as_array).flatten();
    let text = |entry: &Json, part: &str| entry.get(part).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut meant = entries.filter(|entry| text(entry, "kind") == *kind && sort_key(&text(entry, "value")) == *key);
    meant.find_map(|entry| entry.get("display").and_then(Json::as_str)).map(String::from)
}

/// The rows that cannot meet an earlier one of the same list, and the others.
fn split_wave<'c>(rest: &[Placed<'c>]) -> (Vec<Placed<'c>>, Vec<Placed<'c>>) {
    let mut channels: HashSet<&(String, String)> = HashSet::new();
    let mut titles: HashSet<&str> = HashSet::new();
    let mut links: HashSet<&str> = HashSet::new();
    let mut ids: HashSet<i64> = HashSet::new();
    let (mut wave, mut later) = (Vec::new(), Vec::new());
    for (at, candidate) in rest.iter().copied() {
        let own_links = || candidate.titles.values().flatten().map(|title| title.key.as_str());
        let title = candidate.title_key.as_deref();
        let meets = candidate.channel_keys.iter().any(|key| channels.contains(key))
            || candidate.id.is_some_and(|id| ids.contains(&id))
            || title.is_some_and(|title| titles.contains(title) || links.contains(title))
            || own_links().any(|link| titles.contains(link));
        channels.extend(&candidate.channel_keys);
        titles.extend(title);
        links.extend(own_links());
        ids.extend(candidate.id);
        if meets { later.push((at, candidate)) } else { wave.push((at, candidate)) }
    }
    (wave, later)
}
