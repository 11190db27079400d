//! REPORT: some items by their addresses, those that a filter finds, and what has changed since the last time (RFC 6578).

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;
use modules::collections::Item;
use record_engine::error::EngineError;

use super::dialect::Dialect;
use super::multistatus::{Found, Multistatus, escaped};
use super::place::{Place, Shelf};
use super::properties::{name, names, pick, tag_property, type_property};
use super::xml::{DAV, Element, Name};
use super::{Desk, Question, Refusal, on_shelf};

/// What a token begins with.
const TOKEN: &str = "urn:kartoteka";
const VALID_TOKEN: &str = "<D:valid-sync-token/>";
const SUPPORTED_REPORT: &str = "<D:supported-report/>";

/// The token of a collection for a number; that of another device or another collection is none of its own.
pub(super) fn token<C: Dialect>(collection: &C, number: i64) -> String {
    let key = match collection.shelf_name() {
        Shelf::Contacts => "book",
        Shelf::Events => "events",
        Shelf::Tasks => "tasks",
    };
    format!("{TOKEN}:{key}:{}:{number}", collection.device())
}

/// The number in a token, if it is one of this collection of this device.
fn number_of<C: Dialect>(collection: &C, given: &str) -> Option<i64> {
    let number = given.rsplit(':').next()?.parse().ok()?;
    (token(collection, number) == given).then_some(number)
}

/// Answers a REPORT.
pub(super) fn answer(desk: &Desk<'_>, question: &Question) -> Result<Multistatus, Refusal> {
    match (&question.place, &question.body) {
        (Place::Shelf(shelf), Some(body)) => on_shelf!(desk, *shelf, collection => about(collection, body)),
        _ => Err(unknown()),
    }
}

fn unknown() -> Refusal {
    Refusal::Condition(StatusCode::FORBIDDEN, SUPPORTED_REPORT.into())
}

fn about<C: Dialect>(collection: &C, body: &Element) -> Result<Multistatus, Refusal> {
    let words = collection.words();
    match (body.name.space.as_str(), body.name.local.as_str()) {
        (space, local) if space == words.space && local == words.multiget => multiget(collection, body),
        (space, local) if space == words.space && local == words.query => query(collection, body),
        (DAV, "sync-collection") => sync(collection, body),
        _ => Err(unknown()),
    }
}

/// What is wanted of each item.
/// Not all of what was asked for.
const TOO_MUCH: &str = "507 Insufficient Storage";

struct Wanted<'c, C: Dialect> {
    collection: &'c C,
    names: Vec<Name>,
    form: C::Form,
    /// The items themselves and not only their tags.
    has_data: bool,
}

impl<'c, C: Dialect> Wanted<'c, C> {
    fn of(collection: &'c C, body: &Element) -> Result<Wanted<'c, C>, Refusal> {
        let words = collection.words();
        let prop = body.child(DAV, "prop");
        let data = prop.and_then(|prop| prop.child(words.space, words.data));
        let refused = || Refusal::Condition(StatusCode::FORBIDDEN, words.element(words.supported_data));
        let form = match data {
            None => C::Form::default(),
            Some(data) => C::form_of(data).ok_or_else(refused)?,
        };
        Ok(Wanted { collection, names: prop.map(names).unwrap_or_default(), form, has_data: data.is_some() })
    }

    /// Whether the items are told with their pictures.
    fn is_whole(&self) -> Result<bool, Refusal> {
        Ok(self.has_data && self.collection.is_whole()?)
    }

    fn add(&self, answer: &mut Multistatus, item: C::Item, is_whole: bool) -> Result<(), EngineError> {
        let words = self.collection.words();
        let (id, tag) = (item.id(), tag_property(item.tag()));
        let text = self.collection.text(item, is_whole)?;
        let known = vec![tag, type_property(words), (name(words.space, words.data), escaped(&text))];
        self.add_known(answer, id, &known);
        Ok(())
    }

    fn add_known(&self, answer: &mut Multistatus, id: i64, known: &[Found]) {
        let (found, missing) = pick(&self.names, known);
        answer.add(&self.place(id), &found, &missing);
    }

    fn place(&self, id: i64) -> Place {
        Place::Item(self.collection.shelf_name(), self.collection.name_of(id))
    }
}

fn multiget<C: Dialect>(collection: &C, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(collection, body)?;
    let hrefs: Vec<&str> = body.children_of(DAV, "href").map(|href| href.text.trim()).collect();
    let id_of = |href: &str| match Place::of_href(href) {
        Some(Place::Item(shelf, name)) if shelf == collection.shelf_name() => collection.id_of(&name),
        _ => None,
    };
    let ids: Vec<i64> = hrefs.iter().filter_map(|href| id_of(href)).collect();
    let mut items = by_id(collection.items(&ids, wanted.form)?);
    let is_whole = wanted.is_whole()?;
    let mut answer = Multistatus::new();
    let mut told = BTreeSet::new();
    for href in hrefs {
        // Each is told once, however often and in how many spellings it is asked for.
        match id_of(href) {
            Some(id) if told.contains(&id) => {}
            Some(id) if items.contains_key(&id) && answer.is_full() => answer.add_status(href, TOO_MUCH),
            Some(id) => match items.remove(&id) {
                Some(item) => {
                    told.insert(id);
                    wanted.add(&mut answer, item, is_whole)?;
                }
                None => answer.add_status(href, "404 Not Found"),
            },
            None => answer.add_status(href, "404 Not Found"),
        }
    }
    Ok(answer)
}

fn query<C: Dialect>(collection: &C, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(collection, body)?;
    let words = collection.words();
    let filter = match body.child(words.space, "filter") {
        Some(filter) => C::filter_of(filter)
            .ok_or_else(|| Refusal::Condition(StatusCode::FORBIDDEN, words.element("supported-filter")))?,
        None => C::no_filter(),
    };
    let limit = limit_of(collection, body, words.space);
    let mut answer = Multistatus::new();
    let mut count = 0;
    // How many items there are decides about their pictures: it is not what was told long ago that counts.
    if wanted.has_data {
        collection.refresh()?;
    }
    let is_whole = wanted.is_whole()?;
    collection.each_item(wanted.form, &mut |item| {
        if collection.admits(&filter, &item, is_whole) {
            if count < limit && !answer.is_full() {
                wanted.add(&mut answer, item, is_whole)?;
            }
            count += 1;
        }
        Ok(())
    })?;
    if count > limit || answer.is_full() {
        answer.add_status(collection.shelf_name().path(), TOO_MUCH);
    }
    Ok(answer)
}

fn sync<C: Dialect>(collection: &C, body: &Element) -> Result<Multistatus, Refusal> {
    let wanted = Wanted::of(collection, body)?;
    let invalid = || Refusal::Condition(StatusCode::FORBIDDEN, VALID_TOKEN.into());
    let after = match body.child(DAV, "sync-token").map(|token| token.text.trim()).filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => number_of(collection, token).ok_or_else(invalid)?,
    };
    collection.refresh()?;
    let changes = collection.changes(after, limit_of(collection, body, DAV))?.ok_or_else(invalid)?;
    let mut answer = Multistatus::new();
    let standing: Vec<i64> = changes.records.iter().filter(|(_, tag)| tag.is_some()).map(|(id, _)| *id).collect();
    let items = by_id(if wanted.has_data { collection.items(&standing, wanted.form)? } else { Vec::new() });
    let is_whole = wanted.is_whole()?;
    for (id, tag) in &changes.records {
        match (tag, wanted.has_data) {
            (None, _) => answer.add_status(&wanted.place(*id).path(), "404 Not Found"),
            (Some(tag), false) => {
                wanted.add_known(&mut answer, *id, &[tag_property(tag), type_property(collection.words())]);
            }
            (Some(_), true) => match items.get(id) {
                Some(item) => wanted.add(&mut answer, item.clone(), is_whole)?,
                // It went in this very moment.
                None => answer.add_status(&wanted.place(*id).path(), "404 Not Found"),
            },
        }
    }
    if changes.is_cut {
        answer.add_status(collection.shelf_name().path(), "507 Insufficient Storage");
    }
    answer.add_token(&token(collection, changes.number));
    Ok(answer)
}

fn by_id<I: Item>(items: Vec<I>) -> BTreeMap<i64, I> {
    items.into_iter().map(|item| (item.id(), item)).collect()
}

/// The most that a client wants at once.
fn limit_of<C: Dialect>(collection: &C, body: &Element, space: &str) -> usize {
    let limit = body.child(space, "limit").and_then(|limit| limit.child(space, "nresults"));
    limit
        .and_then(|limit| limit.text.trim().parse().ok())
        .filter(|limit| *limit > 0)
        .unwrap_or_else(|| collection.most())
}
