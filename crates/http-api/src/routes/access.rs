//! Rights that explain themselves: what roles can say, why somebody may do something, what a change of a role would do, and the program with the
//! eyes of somebody else.

use axum::extract::State;
use identity::{PersonAffected, TypeAffected};
use record_engine::access::{
    Action, Feature, FieldVerdict, Level, Line, Reason, Rights, Scope, Verdict, explain, explain_fields,
};
use record_engine::catalog::{ObjectType, TEAM_TYPE, USER_TYPE};
use record_engine::query::present::{References, Titles};
use record_engine::query::{self, Count};
use record_engine::{Engine, EngineError, Record, RequestContext, Role, Source};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::present_one;
use crate::error::Result;
use crate::extract::{Caller, Command, Json, Params, Path};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;
use crate::transaction::Work;

/// Most people who are listed for one record.
const MAX_PEOPLE: usize = 500;

pub(super) fn routes() -> Vec<Route> {
    let record = [Parameter::text("type").required(), Parameter::integer("id").required()];
    vec![
        route!(get "/access/options" get_access_options)
            .summary("What roles can say: types, actions, levels, parts of the program, and what the built-in roles say")
            .answers(200, "AccessOptions"),
        route!(get "/access/explanation" get_access_explanation)
            .summary("What a user may do with a record, and which line of which role says so")
            .query(&[[Parameter::integer("user_id")].as_slice(), &record].concat())
            .answers(200, "AccessExplanation"),
        route!(get "/access/people" list_access_people)
            .summary("Who sees a record, and what he may do with it")
            .query(&record)
            .answers(200, "AccessPeople"),
        route!(post "/access/rehearsal" rehearse_role)
            .reads()
            .summary("What rights for a role would change for those who have it, without saving them")
            .body("RehearsalInput")
            .answers(200, "Rehearsal"),
        route!(post "/users/{id}/copy-rights" copy_user_rights)
            .session_only()
            .summary("Gives a user the roles, teams and head of another")
            .retryable()
            .body("CopyRightsInput")
            .answers(200, "WriteAnswer"),
        route!(post "/session/see-as" see_as_user)
            .session_only()
            .summary("Shows the program as another user sees it, until it is ended; nothing can be changed meanwhile. For administrators")
            .body("SeeAsInput"),
        route!(delete "/session/see-as" stop_seeing_as_user)
            .session_only().summary("Ends seeing as another user"),
    ]
}

async fn get_access_options(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    let snapshot = state.engine().snapshot();
    let context = caller.context(state.engine());
    if !context.may(Feature::Roles) && !context.may(Feature::Users) {
        return Err(EngineError::Forbidden.into());
    }
    let governed = snapshot.catalog.object_types.iter().filter(|object_type| object_type.access().levels.is_some());
    let bases = [Role::Administrator, Role::Supervisor, Role::Employee];
    let describe = |object_type: &ObjectType| {
        let of_base = |base: Role| {
            let rights = Rights::of(base);
            let actions: serde_json::Map<String, JsonValue> = Action::ALL
                .into_iter()
                .map(|action| (action.key().to_owned(), describe_lines(&rights.lines(object_type, action))))
                .collect();
            let limited = object_type.value_fields().filter_map(|field| {
                let right = rights.field(object_type, &field.name);
                (right != record_engine::access::FieldRight::Write).then(|| (field.name.clone(), json!(right)))
            });
            json!({ "actions": actions, "fields": limited.collect::<serde_json::Map<String, JsonValue>>() })
        };
        json!({
            "type": object_type.name,
            "bases": bases.into_iter().map(|base| (base.key().to_owned(), of_base(base))).collect::<serde_json::Map<_, _>>(),
        })
    };
    let feature = |feature: Feature| {
        let open: Vec<&str> =
            bases.into_iter().filter(|base| feature.is_open_to(*base)).map(|base| base.key()).collect();
        json!({ "key": feature, "is_setting": feature.is_setting(), "open_to": open })
    };
    Ok(Answer::ok(&json!({
        "actions": Action::ALL.map(Action::key),
        "levels": Level::ALL,
        "types": governed.map(|object_type| describe(object_type)).collect::<Vec<JsonValue>>(),
        "features": Feature::ALL.map(feature),
    })))
}

fn describe_lines(lines: &[Line]) -> JsonValue {
    json!(lines.iter().map(|line| json!({ "level": line.level, "filter": line.filter })).collect::<Vec<_>>())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExplanationParams {
    user_id: Option<i64>,
    r#type: String,
    id: i64,
}

async fn get_access_explanation(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<ExplanationParams>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let own = context.actor.user_id();
            let user_id = params.user_id.or(own).ok_or(EngineError::NotFound)?;
            let is_keeper = context.may(Feature::Users) || context.may(Feature::Roles);
            if own != Some(user_id) && !is_keeper {
                return Err(EngineError::Forbidden.into());
            }
            let snapshot = engine.snapshot();
            let object_type = snapshot.object_type(&params.r#type)?;
            let explained = engine.database().read(|tx| {
                // Roles are judged by the whole record and not by what the asker sees of it.
                let record = query::get_whole(tx, &context, &object_type, params.id)?;
                let access = engine.access(tx, &snapshot, user_id)?;
                let titles = Titles::load(tx, &context, &snapshot.catalog, &References::to(USER_TYPE, [user_id]))?;
                let Some(access) = access else {
                    return Ok::<_, EngineError>(json!({
                        "user": titles.reference(USER_TYPE, user_id), "is_active": false, "is_administrator": false,
                        "actions": [], "fields": [],
                    }));
                };
                let of_user = RequestContext::of(user_id, access.clone(), Source::Web, engine.clock());
                let verdicts = explain(tx, &of_user, &object_type, &record)?;
                let known = Scope::of(&context, &object_type, Action::See)?;
                let is_told = |reason: &&Reason| is_keeper || names_known_fields(&reason.line, &known);
                Ok(json!({
                    "user": titles.reference(USER_TYPE, user_id),
                    "is_active": true,
                    "is_administrator": access.is_administrator(),
                    "actions": verdicts.iter().map(|verdict| describe_verdict(verdict, is_told)).collect::<Vec<_>>(),
                    "fields": limited_fields(&context, &of_user, &object_type),
                }))
            })?;
            Ok(Answer::ok(&explained))
        })
        .await
}

/// Fields that the asker does not know of are not spoken of.
fn limited_fields(asker: &RequestContext, of_user: &RequestContext, object_type: &ObjectType) -> Vec<JsonValue> {
    let known = asker.permissions(object_type);
    let fields = explain_fields(&of_user.access, object_type);
    fields.iter().filter(|field| !known.hides(&field.field)).map(describe_field).collect()
}

fn describe_field(verdict: &FieldVerdict) -> JsonValue {
    let by_role =
        verdict.by_role.iter().map(|(id, name, right)| json!({ "role": { "id": id, "title": name }, "right": right }));
    json!({ "field": verdict.field, "right": verdict.right, "by_role": by_role.collect::<Vec<_>>() })
}

/// Whether a line of a role tells nothing of fields that are hidden from the reader.
fn names_known_fields(line: &Line, known: &Scope) -> bool {
    let filter = line.filter.as_deref().map(filter_language::parse);
    filter.is_none_or(|filter| filter.is_ok_and(|filter| known.check_fields(&filter).is_ok()))
}

fn describe_verdict(verdict: &Verdict, is_told: impl Fn(&&Reason) -> bool) -> JsonValue {
    let reasons = verdict.reasons.iter().filter(is_told).map(|reason| {
        json!({
            "role": { "id": reason.role_id, "title": reason.role },
            "level": reason.line.level,
            "filter": reason.line.filter,
            "holds": reason.holds,
        })
    });
    json!({ "action": verdict.action, "is_allowed": verdict.is_allowed, "reasons": reasons.collect::<Vec<_>>() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordParams {
    r#type: String,
    id: i64,
}

async fn list_access_people(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<RecordParams>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let context = caller.context(engine);
            let snapshot = engine.snapshot();
            let object_type = snapshot.object_type(&params.r#type)?;
            let people = engine.database().read(|tx| {
                let record = query::get_whole(tx, &context, &object_type, params.id)?;
                let share = Scope::of(&context, &object_type, Action::Share)?;
                let may_ask = context.may(Feature::Users)
                    || context.may(Feature::Roles)
                    || !query::admitted(tx, &share, &object_type, [&record])?.is_empty();
                if !may_ask {
                    return Err(EngineError::Forbidden);
                }
                people_of(tx, engine, &context, &object_type, &record)
            })?;
            Ok(Answer::ok(&people))
        })
        .await
}

fn people_of(
    tx: &mut database::ReadTx,
    engine: &Engine,
    context: &RequestContext,
    object_type: &ObjectType,
    record: &Record,
) -> std::result::Result<JsonValue, EngineError> {
    let snapshot = engine.snapshot();
    let mut named = References::default();
    named.add_record(object_type, record);
    // Of more people than are asked about, those whom the card names must be among them.
    let users = identity::active_users(tx, &named.ids(USER_TYPE), &named.ids(TEAM_TYPE), MAX_PEOPLE + 1)?;
    let titles = Titles::load(tx, context, &snapshot.catalog, &References::to(USER_TYPE, users.iter().copied()))?;
    let mut items = Vec::new();
    for user_id in users.iter().copied().take(MAX_PEOPLE) {
        let Some(access) = engine.access(tx, &snapshot, user_id)? else { continue };
        let of_user = RequestContext::of(user_id, access, Source::Web, engine.clock());
        let mut allowed = Vec::new();
        // Rights are compiled once for each user; the lines behind them are for the explanation of one.
        for action in Action::ALL {
            let scope = Scope::of(&of_user, object_type, action)?;
            let is_open = match action {
                Action::See => !query::admitted(tx, &scope, object_type, [record])?.is_empty(),
                _ => scope.admits(object_type, record),
            };
            if !is_open && action == Action::See {
                break;
            }
            allowed.extend(is_open.then_some(action));
        }
        if !allowed.is_empty() {
            let is_administrator = of_user.is_administrator();
            items.push(json!({ "user": titles.reference(USER_TYPE, user_id), "actions": allowed, "is_administrator": is_administrator }));
        }
    }
    Ok(json!({ "items": items, "is_capped": users.len() > MAX_PEOPLE }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RehearsalInput {
    role_id: i64,
    rights: Rights,
}

async fn rehearse_role(
    State(state): State<ApiState>,
    caller: Caller,
    Json(input): Json<RehearsalInput>,
) -> Result<Answer> {
    state
        .run(move |engine| {
            let (context, snapshot) = (caller.context(engine), engine.snapshot());
            let rehearsal = identity::rehearse(engine, &context, input.role_id, &input.rights)?;
            let mut wanted = References::default();
            for person in &rehearsal.people {
                wanted.add_user(Some(person.user_id));
                for affected in &person.types {
                    let examples = affected.gained.1.iter().chain(&affected.lost.1);
                    examples.for_each(|id| wanted.add(&affected.object_type, *id));
                }
            }
            let titles = engine.database().read(|tx| Titles::load(tx, &context, &snapshot.catalog, &wanted))?;
            let people: Vec<JsonValue> =
                rehearsal.people.iter().map(|person| describe_person(person, &titles)).collect();
            Ok(Answer::ok(&json!({ "people_count": rehearsal.people_count, "people": people })))
        })
        .await
}

fn describe_person(person: &PersonAffected, titles: &Titles) -> JsonValue {
    let types: Vec<JsonValue> = person.types.iter().map(|affected| describe_type(affected, titles)).collect();
    json!({
        "user": titles.reference(USER_TYPE, person.user_id),
        "types": types,
        "opened": person.opened,
        "closed": person.closed,
        "second_step": person.second_step.map(identity::SecondStepAffected::key),
    })
}

fn describe_type(affected: &TypeAffected, titles: &Titles) -> JsonValue {
    let count = |count: &Count| json!({ "count": count.count, "is_capped": count.is_capped });
    let some = |(number, ids): &(Count, Vec<i64>)| {
        let examples: Vec<JsonValue> = ids.iter().map(|id| titles.reference(&affected.object_type, *id)).collect();
        json!({ "count": number.count, "is_capped": number.is_capped, "examples": examples })
    };
    let actions: Vec<JsonValue> = affected
        .actions
        .iter()
        .map(|(action, now, then)| json!({ "action": action, "now": count(now), "then": count(then) }))
        .collect();
    json!({
        "type": affected.object_type,
        "actions": actions,
        "gained": some(&affected.gained),
        "lost": some(&affected.lost),
        "hidden_fields": affected.hidden_fields,
        "shown_fields": affected.shown_fields,
    })
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct CopyRightsInput {
    from: i64,
}

async fn copy_user_rights(
    State(state): State<ApiState>,
    caller: Caller,
    Path(id): Path<i64>,
    command: Command<CopyRightsInput>,
) -> Result<Answer> {
    let from = command.body.from;
    state
        .write(caller, command.retry, move |Work { tx, snapshot, context }| {
            let operation_id = identity::copy_rights(tx, snapshot, context, id, from)?;
            let users = snapshot.object_type(USER_TYPE)?;
            let record = present_one(tx, context, &snapshot.catalog, &users, id)?.unwrap_or_default();
            Ok(Answer::ok(&json!({ "record": record, "operation_id": operation_id })).tagged(&record))
        })
        .await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeeAsInput {
    user_id: i64,
}

async fn see_as_user(State(state): State<ApiState>, caller: Caller, Json(input): Json<SeeAsInput>) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::see_as(engine, &caller.session, &caller.context(engine), input.user_id)?;
            Ok(Answer::empty())
        })
        .await
}

async fn stop_seeing_as_user(State(state): State<ApiState>, caller: Caller) -> Result<Answer> {
    state
        .run(move |engine| {
            identity::stop_seeing_as(engine, &caller.session)?;
            Ok(Answer::empty())
        })
        .await
}
