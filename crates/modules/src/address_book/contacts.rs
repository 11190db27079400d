//! Which contacts the owner of a device has chosen for it, and what that comes to now.
//!
//! What must stay true: who may not export gets those he is responsible for, whatever he chose; a view or group that he does not see any more,
//! or that cannot be read, gives nobody at all.

use database::ReadTx;
use filter_language::CheckedExpr;
use record_engine::access::{Action, Scope, compile};
use record_engine::catalog::ObjectType;
use record_engine::engine::Snapshot;
use record_engine::error::{EngineError, Result};
use record_engine::query::page::MAX_LIMIT;
use record_engine::query::{ListQuery, Sort};
use record_engine::{Engine, Record, RequestContext, query};
use serde_json::Value as Json;

use super::{OWN, REACHABLE, TYPE};
use crate::groups::GROUP_TYPE;

const VIEW_TYPE: &str = "saved_view";
/// What conditions about the present moment are written in, in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// Which contacts a device gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// Those that the reader is responsible for.
    Own,
    /// All that he sees, his own first; for those who may export.
    All,
    /// Those of a saved view, by its id.
    View(i64),
    /// Those of a group, by its id.
    Group(i64),
}

impl Contacts {
    /// By its key: `own`, `all`, `view:5`, `group:7`.
    pub fn from_key(key: &str) -> Option<Contacts> {
        match key.split_once(':') {
            None => Contacts::of(key, None),
            Some((kind, id)) => Contacts::of(kind, Some(id.parse().ok()?)),
        }
    }

    /// By its kind, and the id of the view or group where it has one.
    pub fn of(kind: &str, id: Option<i64>) -> Option<Contacts> {
        match (kind, id) {
            ("own", None) => Some(Contacts::Own),
            ("all", None) => Some(Contacts::All),
            ("view", Some(id)) => Some(Contacts::View(id)),
            ("group", Some(id)) => Some(Contacts::Group(id)),
            _ => None,
        }
    }

    /// The key, as it is kept.
    pub fn key(self) -> String {
        match self.id() {
            Some(id) => format!("{}:{id}", self.kind()),
            None => self.kind().to_owned(),
        }
    }

    /// The first part of the key.
    pub fn kind(self) -> &'static str {
        match self {
            Contacts::Own => "own",
            Contacts::All => "all",
            Contacts::View(_) => "view",
            Contacts::Group(_) => "group",
        }
    }

    /// The view or group.
    pub fn id(self) -> Option<i64> {
        match self {
            Contacts::Own | Contacts::All => None,
            Contacts::View(id) | Contacts::Group(id) => Some(id),
        }
    }
}

/// What a choice comes to.
pub(super) struct Choice {
    /// The name of the view or group; `None` where there is none, or it is gone.
    pub title: Option<String>,
    /// What the book is made of.
    pub lists: Lists,
    /// The group that new cards are put into.
    pub joins: Option<i64>,
    /// Who is in the book changes from minute to minute without anything happening: a condition names the present moment.
    pub follows_clock: bool,
}

/// What a book is made of.
#[derive(Clone)]
pub(super) struct Lists {
    /// Whose cards there are, the most wanted first.
    pub parts: Vec<ListQuery>,
    /// What a card that the device itself made must be, to stay in the book; `None` where the book is empty in any case.
    pub own_cards: Option<CheckedExpr>,
}

impl Lists {
    /// The lists with what they say about the map looked up, once for all pages; a list that is too much for that leaves the book empty.
    ///
    /// # Errors
    /// `TooSlow` when it takes too long; those of the database.
    pub fn grounded(mut self, tx: &mut ReadTx, object_type: &ObjectType) -> Result<Lists> {
        for part in &mut self.parts {
            match part.ground(tx, object_type) {
                Ok(()) => {}
                Err(EngineError::Invalid(_)) => return Ok(Lists { parts: Vec::new(), own_cards: None }),
                Err(error) => return Err(error),
            }
        }
        Ok(self)
    }
}

/// Finds out what a choice comes to now.
///
/// # Errors
/// `NotFound` in an installation without contacts; those of the database.
pub(super) fn choose(
    tx: &mut ReadTx,
    snapshot: &Snapshot,
    context: &RequestContext,
    contacts: Contacts,
) -> Result<Choice> {
    let object_type = &*snapshot.object_type(TYPE)?;
    let may_export = context.permissions(object_type).may_all(Action::Export);
    let see = Scope::of(context, object_type, Action::See)?;
    // What is asked about fields that he does not see is not asked: no list of his would be.
    let filter = |text: &str| {
        let filter = compile(text, object_type, context)?;
        Ok::<_, EngineError>(see.check_fields(filter.expr()).is_ok().then_some(filter))
    };
    let own = filter(OWN)?;
    // A card without a number is one all the same where he sees no numbers.
    let reachable = filter(REACHABLE)?.unwrap_or_else(CheckedExpr::all);
    let limit = if may_export { Some(CheckedExpr::all()) } else { own.clone() };
    let part = |wanted: CheckedExpr, search: Option<String>| {
        let limit = limit.clone()?;
        Some(ListQuery { search, ..list_of(CheckedExpr::all_of([wanted, reachable.clone(), limit])) })
    };
    let own_cards = if may_export && contacts != Contacts::Own { Some(CheckedExpr::all()) } else { own.clone() };
    let lists = Lists { parts: Vec::new(), own_cards };
    let own_part = || own.clone().and_then(|own| part(own, None));
    let mut choice = Choice { title: None, lists, joins: None, follows_clock: false };
    match contacts {
        Contacts::All if may_export => {
            choice.lists.parts = own_part().into_iter().chain(part(CheckedExpr::all(), None)).collect();
        }
        Contacts::Own | Contacts::All => choice.lists.parts = own_part().into_iter().collect(),
        Contacts::View(id) | Contacts::Group(id) => {
            let is_view = matches!(contacts, Contacts::View(_));
            let of_type = snapshot.object_type(if is_view { VIEW_TYPE } else { GROUP_TYPE })?;
            let found = query::get(tx, context, &of_type, id)?.filter(|record| record.deleted_at.is_none());
            let wanted_at = |context: &RequestContext| {
                let wanted = match &found {
                    Some(view) if is_view => wanted_by_view(view, object_type, context),
                    Some(_) => {
                        compile(&format!("groups has {id}"), object_type, context).ok().map(|filter| (filter, None))
                    }
                    None => None,
                };
                wanted.filter(|(filter, _)| see.check_fields(filter.expr()).is_ok())
            };
            let wanted = wanted_at(context);
            // Also the rule of a group may name the moment, and a rule within it.
            let later = RequestContext { now_ms: context.now_ms.saturating_add(MINUTE_MS), ..context.clone() };
            choice.follows_clock = wanted != wanted_at(&later);
            match (&found, wanted) {
                (Some(record), Some((filter, search))) => {
                    choice.title = record.value("name").as_str().map(String::from);
                    choice.lists.parts = part(filter, search).into_iter().collect();
                    let is_manual = record.value("kind").as_str() == Some("manual");
                    choice.joins = (!is_view && is_manual).then_some(id);
                }
                _ => choice.lists.own_cards = None,
            }
        }
    }
    Ok(choice)
}

/// A list of cards, from the newest on. Its filter says nothing about the map, or has to be grounded.
pub(super) fn list_of(filter: CheckedExpr) -> ListQuery {
    let sort = vec![Sort { field: "id".into(), is_descending: true }];
    ListQuery { filter, sort, limit: MAX_LIMIT, ..ListQuery::default() }
}

/// The filter of a view with that of its section, and the words that it searches for; `None` when they cannot be read any more.
fn wanted_by_view(
    view: &Record,
    object_type: &ObjectType,
    context: &RequestContext,
) -> Option<(CheckedExpr, Option<String>)> {
    (view.value("object_type").as_str() == Some(TYPE)).then_some(())?;
    let definition: Json = serde_json::from_str(view.value("definition").as_str()?).ok()?;
    let text = |part: &str| definition.get(part).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
    let section = match text("section") {
        Some(key) => object_type.definition.sections.iter().find(|section| section.key == key)?.filter,
        None => "",
    };
    let filters = [Some(section), text("filter")].into_iter().flatten().filter(|text| !text.is_empty());
    let filters: Option<Vec<CheckedExpr>> = filters.map(|text| compile(text, object_type, context).ok()).collect();
    Some((CheckedExpr::all_of(filters?), text("search").map(String::from)))
}

/// Whether the reader may have all contacts that he sees on a device: who may export.
///
/// # Errors
/// `NotFound` in an installation without contacts.
pub fn may_have_all(engine: &Engine, context: &RequestContext) -> Result<bool> {
    Ok(context.permissions(&*engine.snapshot().object_type(TYPE)?).may_all(Action::Export))
}

/// The name of the view or group of a choice; `None` for other choices, and when it is gone, is not seen any more or cannot be read. What it says
/// about the map is not looked up for that.
///
/// # Errors
/// Those of the database.
pub fn title_of(engine: &Engine, context: &RequestContext, contacts: Contacts) -> Result<Option<String>> {
    if contacts.id().is_none() {
        return Ok(None);
    }
    let snapshot = engine.snapshot();
    engine.database().read(|tx| Ok::<_, EngineError>(choose(tx, &snapshot, context, contacts)?.title))
}
