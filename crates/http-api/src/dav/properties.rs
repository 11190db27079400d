//! PROPFIND: what the collections and cards say of themselves.

use identity::AppCaller;
use modules::address_book::{AddressBook, CardVersion, MAX_CARD_BYTES, MAX_CARDS};

use super::multistatus::{Found, Multistatus, escaped};
use super::place::Place;
use super::xml::{CARD, DAV, Element, Name, SERVER};
use super::{Question, Refusal, reports};
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

/// What the book says of all its cards.
struct BookState {
    token: String,
}

/// Answers a PROPFIND.
pub(super) fn answer(book: &AddressBook<'_>, caller: &AppCaller, question: &Question) -> Result<Multistatus, Refusal> {
    let wanted = wanted(question.body.as_ref());
    let depth = question.headers.get("depth").and_then(|value| value.to_str().ok()).unwrap_or("1");
    let mut found = Multistatus::new();
    let mut places = vec![question.place.clone()];
    if depth != "0" {
        places.extend(children(&question.place));
    }
    let mut tags = Vec::new();
    let state = if places.contains(&Place::Book) {
        let number = book.refresh()?;
        if question.place == Place::Book && depth != "0" {
            tags = book.tags()?;
        }
        Some(BookState { token: reports::token(caller.password_id, number) })
    } else {
        None
    };
    // Where there is no book nothing can be put into it.
    let may_write = caller.may_write && (state.is_none() || book.takes_cards()?);
    let known = |place: &Place, tag: Option<&str>| properties(place, caller, may_write, state.as_ref(), tag);
    for place in places {
        let tag = match &place {
            Place::Card(name) => {
                let id = book.id_of(name).ok_or_else(|| Problem::new("not_found"))?;
                let card = book.cards(&[id], CardVersion::V3)?.pop();
                Some(card.ok_or_else(|| Problem::new("not_found"))?.tag)
            }
            _ => None,
        };
        add(&mut found, &place, &wanted, &known(&place, tag.as_deref()));
    }
    for (id, tag) in &tags {
        let place = Place::Card(book.name_of(*id));
        add(&mut found, &place, &wanted, &known(&place, Some(tag)));
    }
    Ok(found)
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

fn children(place: &Place) -> Vec<Place> {
    match place {
        Place::Root => vec![Place::Principal, Place::Home],
        Place::Home => vec![Place::Book],
        // The cards come from what was compared last.
        Place::Principal | Place::Book | Place::Card(_) => Vec::new(),
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

/// The tag of a card, as a property.
pub(super) fn tag_property(tag: &str) -> Found {
    (name(DAV, "getetag"), format!("&quot;{}&quot;", escaped(tag)))
}

/// The media type of a card, as a property.
pub(super) fn type_property() -> Found {
    (name(DAV, "getcontenttype"), "text/vcard; charset=utf-8".to_owned())
}

/// A name.
pub(super) fn name(space: &str, local: &str) -> Name {
    Name { space: space.to_owned(), local: local.to_owned() }
}

fn properties(
    place: &Place,
    caller: &AppCaller,
    may_write: bool,
    state: Option<&BookState>,
    tag: Option<&str>,
) -> Vec<Found> {
    let dav = |local: &str, content: &str| (name(DAV, local), content.to_owned());
    let may_write = may_write && matches!(place, Place::Book | Place::Card(_));
    let privileges = ["read", "read-current-user-privilege-set", "write", "write-content", "bind", "unbind"];
    let privileges = privileges.iter().take(if may_write { 6 } else { 2 });
    let privileges: String =
        privileges.map(|privilege| format!("<D:privilege><D:{privilege}/></D:privilege>")).collect();
    let mut known = vec![
        (name(DAV, "current-user-principal"), href(&Place::Principal)),
        (name(DAV, "principal-collection-set"), href(&Place::Root)),
        (name(DAV, "owner"), href(&Place::Principal)),
        dav("current-user-privilege-set", &privileges),
    ];
    match place {
        Place::Root | Place::Home => {
            known.push(dav("resourcetype", "<D:collection/>"));
            known.push(dav("displayname", "Kartoteka"));
        }
        Place::Principal => {
            known.push(dav("resourcetype", "<D:collection/><D:principal/>"));
            known.push((name(DAV, "displayname"), escaped(&caller.name)));
            known.push((name(DAV, "principal-URL"), href(&Place::Principal)));
            known.push((name(CARD, "addressbook-home-set"), href(&Place::Home)));
        }
        Place::Book => {
            known.push(dav("resourcetype", "<D:collection/><C:addressbook/>"));
            known.push(dav("displayname", "Kartoteka"));
            let end = if may_write { "" } else { "; read only" };
            let description = format!("Contacts with a phone or an e-mail, at most {MAX_CARDS}{end}");
            known.push((name(CARD, "addressbook-description"), description));
            known.push((name(CARD, "max-resource-size"), MAX_CARD_BYTES.to_string()));
            known.push((
                name(CARD, "supported-address-data"),
                "<C:address-data-type content-type=\"text/vcard\" version=\"3.0\"/>\
                 <C:address-data-type content-type=\"text/vcard\" version=\"4.0\"/>"
                    .to_owned(),
            ));
            let reports = ["<D:sync-collection/>", "<C:addressbook-multiget/>", "<C:addressbook-query/>"];
            let reports: String = reports
                .iter()
                .map(|report| format!("<D:supported-report><D:report>{report}</D:report></D:supported-report>"))
                .collect();
            known.push((name(DAV, "supported-report-set"), reports));
            if let Some(state) = state {
                known.push((name(DAV, "sync-token"), escaped(&state.token)));
                known.push((name(SERVER, "getctag"), escaped(&state.token)));
            }
        }
        Place::Card(_) => {
            known.push(dav("resourcetype", ""));
            known.push(type_property());
            known.extend(tag.map(tag_property));
        }
    }
    known
}
