//! What a record takes over from others before it is worked out, and what follows from it for others once it is stored.
//!
//! What must stay true: both belong to the operation of the change, so that they are undone with it.

use database::Tx;

use super::draft::{Draft, Intent, Leniency};
use super::operation::Operation;
use super::rules::{Completion, Surroundings};
use super::{Change, Rights, Writer, apply};
use crate::catalog::ObjectType;
use crate::context::RequestContext;
use crate::error::{EngineError, Result};

/// Lets the rules of the type complete what was given, and works out the new records that have waited for that.
pub(super) fn complete(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    object_type: &ObjectType,
    rights: &Rights,
    drafts: &mut [Draft],
) -> Result<()> {
    if !object_type.rules().completes() {
        return Ok(());
    }
    let is_strict = rights.leniency == Leniency::Strict;
    let mut places = Vec::new();
    let mut completions = Vec::new();
    for (place, draft) in drafts.iter_mut().enumerate() {
        if draft.is_open() && matches!(draft.intent, Intent::Create | Intent::Update) {
            places.push(place);
            completions.push(Completion { before: draft.before.as_ref(), input: &mut draft.input, is_strict });
        }
    }
    let surroundings = Surroundings { catalog: writer.catalog, installation: writer.normalise, context };
    let refused = object_type.rules().complete_batch(tx, surroundings, &mut completions)?;
    drop(completions);
    for (place, error) in refused {
        if let Some(draft) = places.get(place).and_then(|at| drafts.get_mut(*at)) {
            draft.fail(error);
        }
    }
    for draft in drafts.iter_mut().filter(|draft| draft.intent == Intent::Create && draft.is_open()) {
        if let Err(error) = draft.make_new(writer, context, object_type, rights) {
            draft.fail(error);
        }
    }
    Ok(())
}

/// Writes what follows for other records, as the program's own work within the same operation.
pub(super) fn follow(
    tx: &mut Tx,
    writer: Writer<'_>,
    context: &RequestContext,
    operation: &mut Operation,
    consequences: Vec<(&'static str, Change)>,
) -> Result<()> {
    let own = Writer { is_trusted: true, is_bulk: false, ..writer };
    for (name, change) in consequences {
        let object_type = writer.catalog.object_type(name).ok_or_else(|| EngineError::Stored(name.to_owned()))?;
        for result in apply(tx, own, context, operation, object_type, vec![change])? {
            match result {
                // What is gone follows nothing any more.
                Ok(_) | Err(EngineError::NotFound | EngineError::State(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
