//! Pictures of address book cards: made to fit on the reader's thread, kept in the file store before the transaction, named by a row within it.
//!
//! What must stay true: a picture comes out of the file or not at all, no address in the net is asked; one that cannot be taken is a warning and
//! never costs the row; a batch that is written twice stores the same file under the same id; what stands in the record already is not replaced
//! by itself.

use std::collections::BTreeMap;

use database::Tx;
use record_engine::catalog::ObjectType;
use record_engine::error::Result;
use record_engine::field_types::{FieldKind, FileSettings};
use record_engine::files::{self, FileStore, StoredFile};
use record_engine::pictures::{Picture, PictureBox, fit};
use record_engine::write::Prepared;
use record_engine::{Record, RequestContext};
use serde_json::{Map, Value as Json, json};

use super::assemble::{Candidate, Problem, problem};
use super::importable::{CardPicture, Importable};

/// Longest piece of an address that a warning shows, in characters.
const MAX_SHOWN: usize = 200;
/// What files on their way are called by.
const PURPOSE: &str = "picture";

/// The picture of a row on its way.
#[derive(Clone, Debug)]
pub(crate) enum RowPicture {
    /// As it lies in the card.
    Raw(Vec<u8>),
    /// Made to fit.
    Fitted(Picture),
    /// As its file is or will be in the store, not yet named by a row.
    Kept(StoredFile),
}

impl Candidate {
    /// Whether it has a picture that could be taken.
    pub(crate) fn is_pictured(&self) -> bool {
        matches!(self.picture, Some(RowPicture::Kept(_)))
    }
}

/// Gives a row the picture of its card, or the warning that there is none to take.
pub(super) fn attach(candidate: &mut Candidate, picture: Option<CardPicture>, importable: &dyn Importable) {
    let Some(field) = importable.picture_field() else { return };
    match picture {
        Some(CardPicture::File(bytes)) => candidate.picture = Some(RowPicture::Raw(bytes)),
        Some(CardPicture::Link(address)) => {
            let shown = address.chars().take(MAX_SHOWN).collect();
            candidate.warnings.push(Problem { value: Some(shown), ..warning(field, "picture_not_fetched") });
        }
        Some(CardPicture::Unreadable) => candidate.warnings.push(warning(field, "picture_damaged")),
        None => {}
    }
}

fn warning(field: &str, code: &str) -> Problem {
    Problem { field: Some(field.to_owned()), ..problem(code) }
}

/// The file of a picture, by its hash and size. The same row of the same import always gets the same id, and nobody can guess it who does not have
/// the picture.
fn file_of(
    picture: &Picture,
    (hash, size): (String, i64),
    context: &RequestContext,
    import_id: i64,
    number: u64,
) -> StoredFile {
    StoredFile {
        id: format!("{}{import_id:08x}{number:08x}", hash.get(..32).unwrap_or_default()),
        hash,
        name: format!("photo.{}", picture.ending),
        size,
        media_type: picture.media_type.into(),
        user_id: context.actor.user_id(),
        pixels: Some((picture.width.into(), picture.height.into())),
    }
}

/// Puts the bytes of a picture on the disk.
///
/// # Errors
/// Those of the file system.
pub(super) fn put_down(store: &FileStore, bytes: &[u8]) -> Result<()> {
    store.keep_bytes(PURPOSE, bytes).map(|_| ())
}

/// The field of a type that takes pictures of cards.
pub(crate) struct Pictures<'a> {
    object_type: &'a ObjectType,
    field: &'a str,
    settings: &'a FileSettings,
    into: PictureBox,
}

impl<'a> Pictures<'a> {
    pub(super) fn of(object_type: &'a ObjectType, importable: &dyn Importable) -> Option<Pictures<'a>> {
        let field = object_type.field(importable.picture_field()?)?;
        let FieldKind::File(settings) = &field.kind else { return None };
        Some(Pictures { object_type, field: &field.name, settings, into: settings.picture? })
    }

    /// The name of the field.
    pub(super) fn field(&self) -> &str {
        self.field
    }

    /// Makes the pictures of rows fit, as those that people upload; what is no picture becomes a warning.
    pub(crate) fn fit(&self, candidates: &mut [Candidate]) {
        for candidate in candidates {
            let Some(RowPicture::Raw(bytes)) = &candidate.picture else { continue };
            let refused = |code: &str, name: &str, value: Json| Problem {
                params: Map::from_iter([(name.to_owned(), value)]),
                ..warning(self.field, code)
            };
            let made = if bytes.len() as u64 > self.settings.max_bytes {
                Err(refused("file_over_limit", "max_megabytes", json!(self.settings.max_megabytes())))
            } else {
                fit(bytes, self.into).map_err(|error| match error.max_megapixels() {
                    Some(max) => refused(error.code(), "max_megapixels", json!(max)),
                    None => warning(self.field, error.code()),
                })
            };
            match made {
                Ok(picture) => candidate.picture = Some(RowPicture::Fitted(picture)),
                Err(problem) => {
                    candidate.picture = None;
                    candidate.warnings.push(problem);
                }
            }
        }
    }

    /// Puts fitted pictures on the disk and their ids into the rows; bytes are there before any row of the database names them.
    ///
    /// # Errors
    /// Those of the file system.
    pub(crate) fn keep(
        &self,
        store: &FileStore,
        context: &RequestContext,
        import_id: i64,
        candidates: &mut [Candidate],
        mut prepared: Option<&mut Prepared>,
    ) -> Result<()> {
        for (at, candidate) in candidates.iter_mut().enumerate() {
            let Some(RowPicture::Fitted(picture)) = &candidate.picture else { continue };
            let kept = store.keep_bytes(PURPOSE, &picture.bytes)?;
            let file = file_of(picture, kept, context, import_id, candidate.number);
            let value = Json::String(file.id.clone());
            if let Some(prepared) = prepared.as_deref_mut() {
                prepared.set(at, self.object_type, self.field, value.clone());
            }
            candidate.values.insert(self.field.to_owned(), value);
            candidate.picture = Some(RowPicture::Kept(file));
        }
        Ok(())
    }

    /// Gives the fitted picture of a row its file without writing it; answers the bytes for [`put_down`].
    pub(super) fn name(&self, context: &RequestContext, import_id: i64, candidate: &mut Candidate) -> Option<Vec<u8>> {
        let Some(RowPicture::Fitted(picture)) = &candidate.picture else { return None };
        let size = i64::try_from(picture.bytes.len()).unwrap_or(i64::MAX);
        let kept = (FileStore::hash_of(&picture.bytes), size);
        let (file, bytes) = (file_of(picture, kept, context, import_id, candidate.number), picture.bytes.clone());
        candidate.values.insert(self.field.to_owned(), Json::String(file.id.clone()));
        candidate.picture = Some(RowPicture::Kept(file));
        Some(bytes)
    }

    /// The files that records hold, by id.
    pub(super) fn known<'r>(
        &self,
        tx: &mut Tx,
        records: impl Iterator<Item = &'r Record>,
    ) -> Result<BTreeMap<String, StoredFile>> {
        let ids: Vec<&str> = records.filter_map(|record| record.value(self.field).as_str()).collect();
        files::find_all(tx, ids)
    }

    /// Whether the record has the very picture of the row already.
    pub(super) fn stands(
        &self,
        candidate: &Candidate,
        before: Option<&Record>,
        known: &BTreeMap<String, StoredFile>,
    ) -> bool {
        let Some(RowPicture::Kept(file)) = &candidate.picture else { return false };
        let standing = before.and_then(|record| known.get(record.value(self.field).as_str()?));
        standing.is_some_and(|standing| standing.hash == file.hash)
    }

    /// Names the files of rows in the database, once.
    pub(super) fn record<'c>(
        &self,
        tx: &mut Tx,
        context: &RequestContext,
        candidates: impl Iterator<Item = &'c Candidate>,
    ) -> Result<()> {
        let wanted: Vec<&StoredFile> = candidates
            .filter_map(|candidate| match &candidate.picture {
                Some(RowPicture::Kept(file)) => Some(file),
                _ => None,
            })
            .collect();
        let known = files::find_all(tx, wanted.iter().map(|file| file.id.as_str()))?;
        for file in wanted.into_iter().filter(|file| !known.contains_key(&file.id)) {
            files::insert(tx, context, file)?;
        }
        Ok(())
    }
}
