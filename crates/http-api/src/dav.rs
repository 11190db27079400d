//! CardDAV (RFC 6352): the address book of a phone, below `/dav/`.
//!
//! What must stay true: nothing here is answered without a password of a program, and such a password opens nothing else; nothing is written but
//! cards, by devices whose owner allowed it; XML is read under limits and without document types; a card that is not in the reader's book does not
//! exist.
//!
//! There are four collections inside one another (root, principal, home, book) and the cards. It is no part of the API and stands in no OpenAPI
//! document: its description is the RFC. `properties` and `reports` answer, `writes` changes, `xml` and `multistatus` are the two directions of XML.

mod card_filter;
mod login;
mod multistatus;
mod place;
mod properties;
mod reports;
mod writes;
mod xml;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, VARY, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use identity::{AppCaller, IdentityError};
use modules::address_book::{AddressBook, CardVersion, Contacts, MAX_CARD_BYTES};
use record_engine::{Engine, EngineError};

use crate::error::{ApiError, Result};
use crate::problem::Problem;
use crate::state::ApiState;
use multistatus::Multistatus;
use place::Place;
use xml::Element;

/// Where the root is.
pub(crate) const ROOT: &str = "/dav/";
/// Largest request: some ten thousand addresses of cards.
const MAX_BODY_BYTES: usize = 1 << 20;
const ALLOWED: HeaderValue = HeaderValue::from_static("OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, REPORT");
/// What is spoken here (RFC 4918, 10.1).
const CLASSES: HeaderValue = HeaderValue::from_static("1, 3, addressbook");
const XML: HeaderValue = HeaderValue::from_static("application/xml; charset=utf-8");
/// May be kept, and is asked for anew each time.
const CACHING: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Why a request is not answered, in the words of WebDAV or in ours.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// A status with the condition that was not met, an element below `DAV:` or of CardDAV (`C:…`).
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
                    "{}<D:error xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\">{condition}</D:error>",
                    multistatus::PROLOGUE
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

/// Where phones look first (RFC 6764).
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
    let method = parts.method.as_str();
    if writes::is_write(method) {
        let name = writes::name_of(&caller, method, &place)?;
        let card = match method {
            "PUT" => Some(card_in(body).await?),
            _ => None,
        };
        let lane = writes::lane_of(card.as_deref());
        let command = writes::Command { name, headers: parts.headers, card };
        return state.run_in(lane, move |engine| Ok(writes::answer(engine, &caller, &command))).await?;
    }
    if !matches!(method, "GET" | "HEAD" | "PROPFIND" | "REPORT") {
        return Err(writes::need_privilege("write"));
    }
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await.map_err(|_| Problem::new("body_too_large"))?;
    let question = Question { method: parts.method, place, headers: parts.headers, body: xml::read(&body.to_bytes())? };
    state.run(move |engine| Ok(answer_question(engine, &caller, &question))).await?
}

/// The card in a request. What is announced as too large is not waited for.
async fn card_in(body: Body) -> Result<Vec<u8>, Refusal> {
    let body = Limited::new(body, MAX_CARD_BYTES).collect().await.map_err(|_| writes::too_large())?;
    Ok(body.to_bytes().to_vec())
}

/// What the owner of a device has chosen for it.
fn contacts_of(caller: &AppCaller) -> Contacts {
    Contacts::from_key(&caller.scope).unwrap_or(Contacts::Own)
}

fn answer_question(engine: &Engine, caller: &AppCaller, question: &Question) -> Result<Response, Refusal> {
    let context = caller.context(engine);
    let book = AddressBook::of(engine, &context, caller.password_id, contacts_of(caller))?;
    match question.method.as_str() {
        "PROPFIND" => multistatus(&properties::answer(&book, caller, question)?),
        "REPORT" => multistatus(&reports::answer(&book, question)?),
        _ => card(&book, question),
    }
}

/// A card as it is.
fn card(book: &AddressBook<'_>, question: &Question) -> Result<Response, Refusal> {
    let Place::Card(name) = &question.place else {
        let text = "This is an address book for phones and mail programs (CardDAV).\n";
        return Ok(answer(StatusCode::OK, HeaderValue::from_static("text/plain; charset=utf-8"), text.to_owned()));
    };
    let wants_v4 = question
        .headers
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.replace([' ', '"'], "").contains("text/vcard;version=4.0"));
    let version = if wants_v4 { CardVersion::V4 } else { CardVersion::V3 };
    let id = book.id_of(name).ok_or_else(|| Problem::new("not_found"))?;
    let found = book.cards(&[id], version)?.pop().ok_or_else(|| Problem::new("not_found"))?;
    let tag = format!("\"{}\"", found.tag);
    let is_known = question.headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let text = if book.has_pictures()? { book.with_picture(found)? } else { found.text };
        answer(StatusCode::OK, HeaderValue::from_static("text/vcard; charset=utf-8"), text)
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

fn multistatus(found: &Multistatus) -> Result<Response, Refusal> {
    Ok(answer(StatusCode::MULTI_STATUS, XML, found.text()))
}

fn answer(status: StatusCode, media_type: HeaderValue, body: String) -> Response {
    (status, [(CONTENT_TYPE, media_type)], Body::from(body)).into_response()
}
