//! Logging in and out, the own profile and password, the own sessions.

use axum::extract::State;
use axum::http::header::USER_AGENT;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use identity::{
    Client, Density, InstallationChange, LANGUAGES, LoggedIn, NewSession, OpenSecondStep, OpenSession, PasswordStep,
    ProfileChange, Secret, Session, Theme,
};
use record_engine::access::{Action, Feature};
use record_engine::context::instant_text;
use record_engine::formats::OwnFormats;
use record_engine::settings::Installation;
use record_engine::{Engine, Source};
use serde::{Deserialize, Deserializer};
use serde_json::{Value as JsonValue, json};

use crate::blocking::Lane;
use crate::error::Result;
use crate::extract::{Arriving, Caller, Json, Path, clear_session_cookie, session_token, set_session_cookie};
use crate::problem::Problem;
use crate::request::client_address;
use crate::response::Answer;
use crate::route::{Route, route};
use crate::state::{ApiConfig, ApiState};

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/session" get_session).summary("Who is logged in").answers(200, "Session"),
        route!(post "/session" create_session)
            .public()
            .summary("Logs in; who has a second step of login gets a ticket for it")
            .body("LoginInput")
            .answers(200, "Session")
            .or_answers(202, "OpenSecondStep", "The second step is missing"),
        route!(post "/session/second-step/finish" finish_session)
            .public()
            .summary("The second step of a login: a code of the app, or a recovery code")
            .body("SecondStepInput")
            .answers(200, "Session"),
        route!(delete "/session" delete_session).session_only().summary("Logs out"),
        route!(patch "/session" update_session)
            .session_only()
            .summary("Changes the own profile")
            .body("ProfileChange")
            .answers(200, "Session"),
        route!(post "/session/password" update_password)
            .session_only()
            .summary("Changes the own password and ends all other own sessions")
            .body("PasswordChange"),
        route!(get "/session/all" list_sessions)
            .session_only()
            .summary("The own sessions")
            .answers(200, "OpenSessionPage"),
        route!(delete "/session/all/{id}" revoke_session).session_only().summary("Ends an own session"),
        route!(patch "/installation" update_installation)
            .summary("Changes what everyone in the installation shares; for administrators")
            .body("InstallationChange")
            .answers(200, "Installation"),
    ]
}

async fn get_session(State(state): State<ApiState>, Arriving(caller): Arriving) -> Answer {
    Answer::ok(&describe(state.engine(), &caller.session, &state.config().version))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginInput {
    login: String,
    password: Secret,
}

async fn create_session(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<LoginInput>,
) -> Result<Response> {
    let client = client(&extensions, &headers, state.config());
    let earlier = session_token(&headers, state.config());
    let version = state.config().version.clone();
    let device = client.clone();
    let step = state
        .run_in(Lane::Login, move |engine| Ok(identity::log_in(engine, &input.login, &input.password, &device)?))
        .await?;
    // A slow directory keeps nobody from a password of this program.
    let lane = if matches!(step, PasswordStep::Done(_)) { Lane::Login } else { Lane::SignIn };
    let providers = state.providers();
    let logged_in = state
        .run_in(lane, move |engine| {
            let logged_in = match step {
                PasswordStep::Done(logged_in) => logged_in,
                PasswordStep::Directories(pending) => identity::ask_directories(engine, &providers, &pending)?,
            };
            // The browser forgets its earlier session, so nobody else shall go on with it.
            if let Some(earlier) = earlier {
                identity::log_out(engine, &earlier, &client)?;
            }
            let opened = match logged_in {
                LoggedIn::Open(opened) => opened,
                LoggedIn::SecondStep(step) => return Ok(Err(describe_step(&step))),
            };
            Ok(Ok(Arrival::new(engine, opened, &version)?))
        })
        .await?;
    Ok(match logged_in {
        Ok(arrival) => arrival.into_response(state.config()),
        Err(step) => {
            let mut response = Answer::accepted(&step).into_response();
            clear_session_cookie(&mut response, state.config());
            response
        }
    })
}

/// A session that begins, or goes on under another token.
pub(super) struct Arrival {
    answer: Answer,
    opened: NewSession,
    now_ms: i64,
}

impl Arrival {
    /// With the session as the answer.
    pub fn new(engine: &Engine, opened: NewSession, version: &str) -> Result<Arrival> {
        let answer = session_answer(engine, &opened.token, version, Answer::ok)?;
        Ok(Arrival::with(engine, opened, answer))
    }

    /// With another answer.
    pub fn with(engine: &Engine, opened: NewSession, answer: Answer) -> Arrival {
        Arrival { answer, opened, now_ms: engine.clock().now_ms() }
    }

    /// Hands the token to the browser.
    pub fn into_response(self, config: &ApiConfig) -> Response {
        let mut response = self.answer.into_response();
        set_session_cookie(&mut response, config, &self.opened, self.now_ms);
        response
    }
}

pub(super) fn describe_step(step: &OpenSecondStep) -> JsonValue {
    json!({
        "ticket": step.ticket.expose(),
        "expires_at": instant_text(step.expires_at),
        "has_codes": step.has.code_since.is_some(),
        "has_passkeys": step.has.passkeys > 0,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondStepInput {
    pub ticket: Secret,
    pub code: Secret,
}

async fn finish_session(
    State(state): State<ApiState>,
    headers: HeaderMap,
    extensions: Extensions,
    Json(input): Json<SecondStepInput>,
) -> Result<Response> {
    let client = client(&extensions, &headers, state.config());
    let version = state.config().version.clone();
    let arrival = state
        .run_in(Lane::Login, move |engine| {
            let opened = identity::finish_login(engine, &input.ticket, &input.code, &client)?;
            Arrival::new(engine, opened, &version)
        })
        .await?;
    Ok(arrival.into_response(state.config()))
}

async fn delete_session(State(state): State<ApiState>, Arriving(caller): Arriving) -> Result<Response> {
    let client = Client { address: caller.address, user_agent: None };
    state.run(move |engine| Ok(identity::log_out(engine, &caller.token, &client)?)).await?;
    let mut response = Answer::empty().into_response();
    clear_session_cookie(&mut response, state.config());
    // Neither cookies nor storage as a whole: neighbours on the domain have cookies of their own, and the page keeps its language and theme. What
    // people have typed the client forgets by itself.
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"cache\""));
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileInput {
    name: Option<String>,
    /// Absent leaves it, null takes it away.
    #[serde(default, deserialize_with = "given")]
    photo: Option<Option<String>>,
    language: Option<String>,
    time_zone: Option<String>,
    theme: Option<Theme>,
    density: Option<Density>,
    formats: Option<OwnFormats>,
    pinned_views: Option<Vec<i64>>,
    default_views: Option<Vec<i64>>,
}

/// What stands in the body, null too.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

async fn update_session(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<ProfileInput>,
) -> Result<Answer> {
    let ProfileInput { name, photo, language, time_zone, theme, density, formats, pinned_views, default_views } = input;
    let change =
        ProfileChange { name, photo, language, time_zone, theme, density, formats, pinned_views, default_views };
    let version = state.config().version.clone();
    state
        .run(move |engine| {
            identity::update_profile(engine, &caller.session, &caller.context(engine), &change)?;
            session_answer(engine, &caller.token, &version, Answer::ok)
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordInput {
    current_password: Secret,
    new_password: Secret,
}

async fn update_password(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<PasswordInput>,
) -> Result<Answer> {
    state
        .run_in(Lane::Login, move |engine| {
            let context = caller.context(engine);
            identity::change_password(engine, &caller.session, &context, &input.current_password, &input.new_password)?;
            Ok(Answer::empty())
        })
        .await
}

async fn list_sessions(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            let sessions = identity::list_sessions(engine, caller.session.user_id)?;
            let items: Vec<JsonValue> =
                sessions.iter().map(|session| describe_open(session, caller.session.id)).collect();
            Ok(Answer::ok(&json!({ "items": items, "next_cursor": null })))
        })
        .await
}

async fn revoke_session(State(state): State<ApiState>, caller: Caller, Path(id): Path<i64>) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::revoke_session(engine, &caller.context(engine), id)?;
            Ok(Answer::empty())
        })
        .await
}

/// The device at the other end of a request.
pub(crate) fn client(extensions: &Extensions, headers: &HeaderMap, config: &ApiConfig) -> Client {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(String::from);
    Client { address: client_address(extensions, headers, config), user_agent }
}

/// The session of a token, as it is now.
pub(super) fn session_answer(
    engine: &Engine,
    token: &Secret,
    version: &str,
    answer: fn(&JsonValue) -> Answer,
) -> Result<Answer> {
    let session = identity::authenticate(engine, token)?.ok_or_else(|| Problem::new("unauthenticated"))?;
    Ok(answer(&describe(engine, &session, version)))
}

pub(super) fn describe(engine: &Engine, session: &Session, version: &str) -> JsonValue {
    let snapshot = engine.snapshot();
    let context = session.context(Source::Web, engine.clock());
    let now_ms = context.now_ms;
    let may_export =
        snapshot.catalog.object_types.iter().any(|object_type| context.permissions(object_type).may(Action::Export));
    let roles: Vec<JsonValue> =
        session.access.roles().iter().map(|role| json!({ "id": role.id, "title": role.name })).collect();
    let features: Vec<Feature> = Feature::ALL.into_iter().filter(|feature| context.may(*feature)).collect();
    let installation = &snapshot.installation;
    json!({
        "user": {
            "id": session.user_id,
            "name": session.name,
            "login": session.login,
            "photo": session.photo,
            "roles": roles,
            "language": session.language,
            "time_zone": session.time_zone,
            "theme": session.theme,
            "density": session.density,
            "formats": session.formats,
            "pinned_views": session.pinned_views,
            "default_views": session.default_views,
            "has_second_step": session.has_second_step,
        },
        "working_hours": session.open_until.map(|until| json!({
            "open_until": instant_text(until),
            "remaining_ms": (until - now_ms).max(0),
        })),
        "must_set_up_second_step": identity::must_set_up_second_step(&snapshot, session),
        "installation": describe_installation(installation, version, context.may(Feature::Company)),
        "seen_by": session.seen_by.as_ref().map(|(id, name)| json!({ "id": id, "title": name })),
        "permissions": { "export": may_export, "administer": context.is_administrator(), "features": features },
    })
}

/// The address of the service may hold a key, so it is for administrators alone.
fn describe_installation(installation: &Installation, version: &str, is_administrator: bool) -> JsonValue {
    json!({
        "company_name": installation.company_name,
        "country": installation.country,
        "currency": installation.currency,
        "currencies": installation.currencies,
        "language": installation.language,
        "formats": installation.formats,
        "default_views": installation.default_views,
        "tiles_url": installation.tiles_url,
        "tiles_attribution": installation.tiles_attribution,
        "tiles_max_zoom": installation.tiles_max_zoom,
        "has_geocoder": !installation.geocoder_url.is_empty(),
        "geocoder_url": is_administrator.then_some(&installation.geocoder_url),
        "public_url": installation.public_url,
        "needs_second_step": installation.needs_second_step,
        "push_services": installation.push_services,
        "allows_offline": installation.allows_offline,
        "closed_features": installation.closed(),
        "only_identity_providers": installation.only_identity_providers,
        "languages": LANGUAGES,
        "version": version,
    })
}

async fn update_installation(
    State(state): State<ApiState>,
    caller: Caller,
    Json(change): Json<InstallationChange>,
) -> Result<Answer> {
    let version = state.config().version.clone();
    state
        .run(move |engine| {
            let changed = identity::change_installation(engine, &caller.context(engine), &change)?;
            Ok(Answer::ok(&describe_installation(&changed, &version, true)))
        })
        .await
}

/// A session in a list.
pub(super) fn describe_open(session: &OpenSession, current: i64) -> JsonValue {
    json!({
        "id": session.id,
        "created_at": instant_text(session.created_at),
        "last_seen_at": instant_text(session.last_seen_at),
        "ip_address": session.address,
        "user_agent": session.user_agent,
        "is_current": session.id == current,
    })
}
