//! CardDAV (RFC 6352) and CalDAV (RFC 4791): the address book and the calendars of a phone, below `/dav/`.
//!
//! What must stay true: nothing here is answered without a password of a program, and such a password opens nothing else, one of an address book no
//! calendar and the other way round; nothing is written but items, by devices whose owner allowed it; XML is read under limits and without document
//! types; an item that is not in the reader's collection does not exist.
//!
//! There are collections inside one another (root, principal, home, book or calendar) and the items. It is no part of the API and stands in no OpenAPI
//! document: its description is the RFC. `properties` and `reports` answer, `writes` changes, `dialect` is what differs between the two standards,
//! `xml` and `multistatus` are the two directions of XML.

mod calendar_filter;
mod card_filter;
mod dialect;
mod login;
mod multistatus;
mod place;
mod properties;
mod reports;
mod text_match;
mod writes;
mod xml;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use identity::{AppCaller, EVENTS_AND_TASKS_SCOPE, IdentityError};
use modules::address_book::{AddressBook, Contacts};
use modules::collections::Item;
use modules::device_calendar::{CalendarKind, DeviceCalendar};
use record_engine::{Engine, EngineError, RequestContext};

use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::state::ApiState;
use dialect::{Dialect, Words};
use multistatus::Multistatus;
use place::{Home, Place, Shelf};
use xml::Element;

/// Where the root is.
pub(crate) const ROOT: &str = "/dav/";
/// Largest request: some ten thousand addresses of items.
const MAX_BODY_BYTES: usize = 1 << 20;
const ALLOWED: HeaderValue = HeaderValue::from_static("OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, REPORT");
/// What is spoken here (RFC 4918, 10.1).
const CLASSES: HeaderValue = HeaderValue::from_static("1, 3, addressbook, calendar-access");
const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
/// May be kept, and is asked for anew each time.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Does something with the collection of a shelf, whichever it is.
macro_rules! on_shelf {
    ($desk:expr, $shelf:expr, $collection:ident => $work:expr) => {
        match $shelf {
            $crate::dav::Shelf::Contacts => {
                let $collection = &$desk.book()?;
                $work
            }
            $crate::dav::Shelf::Events => {
                let $collection = &$desk.calendar($crate::dav::CalendarKind::Events)?;
                $work
            }
            $crate::dav::Shelf::Tasks => {
                let $collection = &$desk.calendar($crate::dav::CalendarKind::Tasks)?;
                $work
            }
        }
    };
}
use on_shelf;

/// Why a request is not answered, in the words of WebDAV or in ours.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A status with the condition that was not met, an element below `DAV:`, of CardDAV (`C:…`) or of CalDAV (`L:…`).
    Condition(StatusCode, String),
    /// No password, or a wrong one.
    Unauthenticated,
    /// Anything else.
    Api(ApiError),
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Refusal {
        Refusal::Api(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal::Api(problem.into())
    }
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Refusal {
        Refusal::Api(error.into())
    }
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Refusal {
        Refusal::Api(error.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Refusal::Condition(status, condition) => {
                let body = format!(
                    "{}<D:error xmlns:D=\"DAV:\" xmlns:C=\"{}\" xmlns:L=\"{}\">{condition}</D:error>",
                    multistatus::PROLOGUE,
                    xml::CARD,
                    xml::CALENDAR
                );
                answer(status, XML, body)
            }
            Refusal::Unauthenticated => {
                let mut response = Problem::new("unauthenticated").into_response();
                let realm = HeaderValue::from_static("Basic realm=\"Kartoteka\", charset=\"UTF-8\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, realm);
                response
            }
            Refusal::Api(error) => error.into_response(),
        }
    }
}

/// What a request asks.
struct Question {
    method: Method,
    place: Place,
    headers: HeaderMap,
    /// Nothing for a request without a body.
    body: Option<Element>,
}

/// Where phones look first (RFC 6764), for address books and for calendars.
pub(crate) async fn redirect_to_root() -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(LOCATION, HeaderValue::from_static(ROOT))]).into_response()
}

/// Serves everything below the root.
pub(crate) async fn serve(State(state): State<ApiState>, request: Request) -> Response {
    let mut response = respond(state, request).await.unwrap_or_else(IntoResponse::into_response);
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("dav"), CLASSES);
    headers.entry(CACHE_CONTROL).or_insert(CACHING);
    response
}

async fn respond(state: ApiState, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if parts.method == Method::OPTIONS {
        return Ok((StatusCode::OK, [(ALLOW, ALLOWED)]).into_response());
    }
    let caller = login::caller(&state, &parts).await?;
    let place = Place::of(parts.uri.path()).ok_or_else(|| Problem::new("not_found"))?;
    let home = home_of(&caller);
    // What another password opens does not exist for this one.
    if place.home().is_some_and(|other| other != home) {
        return Err(Problem::new("not_found").into());
    }
    let fixed_url = state.config().public_url.clone();
    let method = parts.method.as_str();
    if writes::is_write(method) {
        let (shelf, name) = writes::item_of(&caller, method, &place)?;
        let item = match method {
            "PUT" => Some(item_in(body, Words::of(shelf)).await?),
            _ => None,
        };
        let lane = writes::lane_of(shelf, item.as_deref());
        let command = writes::Command { shelf, name, headers: parts.headers, item };
        let work =
            move |engine: &Engine| Ok(Desk::with(engine, &caller, fixed_url, |desk| writes::answer(desk, &command)));
        return state.run_in(lane, work).await?;
    }
    if !matches!(method, "GET" | "HEAD" | "PROPFIND" | "REPORT") {
        return Err(writes::need_privilege(&place, "write"));
    }
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|_| Problem::new("body_too_large"))?;
    let question = Question { method: parts.method, place, headers: parts.headers, body: xml::read(&body.to_bytes())? };
    let work =
        move |engine: &Engine| Ok(Desk::with(engine, &caller, fixed_url, |desk| answer_question(desk, &question)));
    state.run(work).await?
}

/// The item in a request. What is announced as too large is not waited for.
async fn item_in(body: Body, words: &Words) -> Result<Vec<u8>, Refusal> {
    let body = Limited::new(body, words.max_bytes).collect().await.map_err(|_| writes::too_large(words))?;
    Ok(body.to_bytes().to_vec())
}

/// What the password of a device opens.
fn home_of(caller: &AppCaller) -> Home {
    if caller.scope == EVENTS_AND_TASKS_SCOPE { Home::Calendars } else { Home::Books }
}

/// What a request is answered with: the collections of its device.
struct Desk<'a> {
    engine: &'a Engine,
    caller: &'a AppCaller,
    context: RequestContext,
    home: Home,
    /// The address of the program; empty where it is not known.
    origin: String,
}

impl Desk<'_> {
    fn with<T>(engine: &Engine, caller: &AppCaller, fixed_url: Option<String>, work: impl FnOnce(&Desk<'_>) -> T) -> T {
        let origin = fixed_url.unwrap_or_else(|| engine.snapshot().installation.public_url.clone());
        let context = caller.context(engine);
        work(&Desk { engine, caller, context, home: home_of(caller), origin })
    }

    /// The address book, with what the owner of the device has chosen for it.
    fn book(&self) -> Result<AddressBook<'_>, EngineError> {
        let contacts = Contacts::from_key(&self.caller.scope).unwrap_or(Contacts::Own);
        AddressBook::of(self.engine, &self.context, self.caller.password_id, contacts)
    }

    fn calendar(&self, kind: CalendarKind) -> Result<DeviceCalendar<'_>, EngineError> {
        DeviceCalendar::of(self.engine, &self.context, self.caller.password_id, kind, &self.origin)
    }

    /// Whether there is such a collection for the reader.
    fn has(&self, shelf: Shelf) -> Result<bool, EngineError> {
        let open = || on_shelf!(self, shelf, _collection => Ok(()));
        match open() {
            Err(EngineError::NotFound) => Ok(false),
            opened => opened.map(|()| true),
        }
    }
}

fn answer_question(desk: &Desk<'_>, question: &Question) -> Result<Response, Refusal> {
    match question.method.as_str() {
        "PROPFIND" => multistatus(properties::answer(desk, question)?),
        "REPORT" => multistatus(reports::answer(desk, question)?),
        _ => match &question.place {
            Place::Item(shelf, name) => on_shelf!(desk, *shelf, collection => item(collection, name, question)),
            _ => {
                let text = "This is an address book or a calendar for phones and mail programs (CardDAV, CalDAV).\n";
                Ok(answer(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), text.to_owned()))
            }
        },
    }
}

/// An item as it is.
fn item<C: Dialect>(collection: &C, name: &str, question: &Question) -> Result<Response, Refusal> {
    let form = C::accepted_form(&question.headers);
    let found = collection.standing(name, form)?.ok_or_else(|| Problem::new("not_found"))?;
    let tag = format!("\"{}\"", found.tag());
    let is_known = question.headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let text = collection.text(found, collection.is_whole()?)?;
        let media_type = format!("{}; charset=utf-8", collection.words().media_type);
        let media_type = HeaderValue::from_str(&media_type).unwrap_or(HeaderValue::from_static("text/plain"));
        answer(StatusCode::OK, media_type, text)
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

fn multistatus(found: Multistatus) -> Result<Response, Refusal> {
    Ok(answer(StatusCode::MULTI_STATUS, XML, found.text()))
}

fn answer(status: StatusCode, media_type: HeaderValue, body: String) -> Response {
    (status, [(CONTENT_TYPE, media_type)], Body::from(body)).into_response()
}
