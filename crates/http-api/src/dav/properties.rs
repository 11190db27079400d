//! PROPFIND: what the collections and their items say of themselves.

use modules::collections::{Collection, Item};

use super::dialect::{Dialect, Words};
use super::multistatus::{Found, Multistatus, escaped};
use super::place::{Home, Place};
use super::xml::{CALENDAR, CARD, DAV, Element, Name, SERVER};
use super::{Desk, Question, Refusal, on_shelf, reports};
use crate::problem::Problem;

/// What a request wants to know.
enum Wanted {
    /// Certain properties.
    These(Vec<Name>),
    /// What there is.
    All,
    /// The names of what there is.
    Names,
}

/// Answers a PROPFIND.
pub(super) fn answer(desk: &Desk<'_>, question: &Question) -> Result<Multistatus, Refusal> {
    let wanted = wanted(question.body.as_ref());
    let depth = question.headers.get("depth").and_then(|value| value.to_str().ok()).unwrap_or("1");
    let is_deep = depth != "0";
    let mut found = Multistatus::new();
    match &question.place {
        Place::Shelf(shelf) => {
            on_shelf!(desk, *shelf, collection => of_shelf(collection, desk, &wanted, is_deep, &mut found)?)
        }
        Place::Item(shelf, name) => on_shelf!(desk, *shelf, collection => {
            let item = collection.standing(name, Default::default())?.ok_or_else(|| Problem::new("not_found"))?;
            let may_write = desk.caller.may_write && collection.takes_new()?;
            let known = of_item(collection.words(), may_write, item.tag());
            add(&mut found, &question.place, &wanted, &known);
        }),
        place => {
            add(&mut found, place, &wanted, &of_place(place, desk));
            for child in children(place, desk).into_iter().filter(|_| is_deep) {
                match child {
                    Place::Shelf(shelf) if desk.has(shelf)? => {
                        on_shelf!(desk, shelf, collection => of_shelf(collection, desk, &wanted, false, &mut found)?);
                    }
                    Place::Shelf(_) => {}
                    child => add(&mut found, &child, &wanted, &of_place(&child, desk)),
                }
            }
        }
    }
    Ok(found)
}

/// What a collection says of itself and, where it is asked in depth, its items as they were told last.
fn of_shelf<C: Dialect>(
    collection: &C,
    desk: &Desk<'_>,
    wanted: &Wanted,
    is_deep: bool,
    found: &mut Multistatus,
) -> Result<(), Refusal> {
    let words = collection.words();
    let shelf = collection.shelf_name();
    let token = reports::token(collection, collection.refresh()?);
    // Where nothing can be put in nothing is changed either.
    let may_write = desk.caller.may_write && collection.takes_new()?;
    let mut known = of_all(may_write);
    known.push((name(DAV, "resourcetype"), format!("<D:collection/>{}", words.element(words.collection))));
    known.push((name(words.space, "max-resource-size"), words.max_bytes.to_string()));
    known.extend(collection.properties(may_write)?);
    let reports = ["<D:sync-collection/>".to_owned(), words.element(words.multiget), words.element(words.query)];
    let reports: String = reports
        .iter()
        .map(|report| format!("<D:supported-report><D:report>{report}</D:report></D:supported-report>"))
        .collect();
    known.push((name(DAV, "supported-report-set"), reports));
    known.push((name(DAV, "sync-token"), escaped(&token)));
    known.push((name(SERVER, "getctag"), escaped(&token)));
    add(found, &Place::Shelf(shelf), wanted, &known);
    if is_deep {
        for (id, tag) in collection.tags()? {
            let place = Place::Item(shelf, collection.name_of(id));
            add(found, &place, wanted, &of_item(words, may_write, &tag));
        }
    }
    Ok(())
}

fn wanted(body: Option<&Element>) -> Wanted {
    let Some(body) = body else { return Wanted::All };
    match body.child(DAV, "prop") {
        Some(prop) => Wanted::These(names(prop)),
        None if body.child(DAV, "propname").is_some() => Wanted::Names,
        None => Wanted::All,
    }
}

/// The names in a `prop` element.
pub(super) fn names(prop: &Element) -> Vec<Name> {
    prop.children.iter().map(|child| child.name.clone()).collect()
}

fn children(place: &Place, desk: &Desk<'_>) -> Vec<Place> {
    match place {
        Place::Root => vec![Place::Principal, Place::Home(desk.home)],
        Place::Home(home) => home.shelves().map(Place::Shelf).collect(),
        // The items come from what was compared last.
        Place::Principal | Place::Shelf(_) | Place::Item(..) => Vec::new(),
    }
}

fn add(answer: &mut Multistatus, place: &Place, wanted: &Wanted, known: &[Found]) {
    match wanted {
        Wanted::All => answer.add(place, known, &[]),
        Wanted::Names => {
            let names: Vec<Found> = known.iter().map(|(name, _)| (name.clone(), String::new())).collect();
            answer.add(place, &names, &[]);
        }
        Wanted::These(names) => {
            let (found, missing) = pick(names, known);
            answer.add(place, &found, &missing);
        }
    }
}

/// Takes the wanted ones out of what is known.
pub(super) fn pick(wanted: &[Name], known: &[Found]) -> (Vec<Found>, Vec<Name>) {
    let mut found: Vec<Found> = Vec::new();
    let mut missing = Vec::new();
    for name in wanted {
        match known.iter().find(|(known, _)| known == name) {
            Some(property) => found.push(property.clone()),
            None => missing.push(name.clone()),
        }
    }
    (found, missing)
}

fn href(place: &Place) -> String {
    format!("<D:href>{}</D:href>", place.path())
}

/// The tag of an item, as a property.
pub(super) fn tag_property(tag: &str) -> Found {
    (name(DAV, "getetag"), format!("&quot;{}&quot;", escaped(tag)))
}

/// The media type of an item, as a property.
pub(super) fn type_property(words: &Words) -> Found {
    (name(DAV, "getcontenttype"), format!("{}; charset=utf-8", words.media_type))
}

/// A name.
pub(super) fn name(space: &str, local: &str) -> Name {
    Name { space: space.to_owned(), local: local.to_owned() }
}

/// What everything says of itself.
fn of_all(may_write: bool) -> Vec<Found> {
    let privileges = ["read", "read-current-user-privilege-set", "write", "write-content", "bind", "unbind"];
    let privileges = privileges.iter().take(if may_write { 6 } else { 2 });
    let privileges: String =
        privileges.map(|privilege| format!("<D:privilege><D:{privilege}/></D:privilege>")).collect();
    vec![
        (name(DAV, "current-user-principal"), href(&Place::Principal)),
        (name(DAV, "principal-collection-set"), href(&Place::Root)),
        (name(DAV, "owner"), href(&Place::Principal)),
        (name(DAV, "current-user-privilege-set"), privileges),
    ]
}

fn of_item(words: &Words, may_write: bool, tag: &str) -> Vec<Found> {
    let mut known = of_all(may_write);
    known.extend([(name(DAV, "resourcetype"), String::new()), type_property(words), tag_property(tag)]);
    known
}

/// What the root, the principal and the homes say of themselves.
fn of_place(place: &Place, desk: &Desk<'_>) -> Vec<Found> {
    let mut known = of_all(false);
    let is_principal = *place == Place::Principal;
    let kind = if is_principal { "<D:collection/><D:principal/>" } else { "<D:collection/>" };
    known.push((name(DAV, "resourcetype"), kind.to_owned()));
    if !is_principal {
        known.push((name(DAV, "displayname"), "Kartoteka".to_owned()));
        return known;
    }
    known.push((name(DAV, "displayname"), escaped(&desk.caller.name)));
    known.push((name(DAV, "principal-URL"), href(&Place::Principal)));
    known.push(match desk.home {
        Home::Books => (name(CARD, "addressbook-home-set"), href(&Place::Home(Home::Books))),
        Home::Calendars => (name(CALENDAR, "calendar-home-set"), href(&Place::Home(Home::Calendars))),
    });
    known
}
