//! Search across object types.

use axum::extract::State;
use record_engine::engine::Snapshot;
use record_engine::query::present::{References, Titles};
use record_engine::query::{self, search::Match};
use record_engine::{EngineError, RequestContext};
use serde::Deserialize;
use serde_json::{Value as JsonValue, json};

use super::record_lists::{check_length, checked_limit};
use crate::error::Result;
use crate::extract::{Caller, Params};
use crate::response::Answer;
use crate::route::{Parameter, Route, route};
use crate::state::ApiState;

const DEFAULT_LIMIT: usize = 20;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route!(get "/search" search_records)
            .summary("Records that contain a text, best first")
            .query(&[Parameter::text("q").required(), Parameter::text("types"), Parameter::integer("limit")])
            .answers(200, "SearchAnswer"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchParams {
    q: String,
    types: Option<String>,
    limit: Option<usize>,
}

async fn search_records(
    State(state): State<ApiState>,
    caller: Caller,
    Params(params): Params<SearchParams>,
) -> Result<Answer> {
    let limit = checked_limit(params.limit, DEFAULT_LIMIT, query::search::MAX_LIMIT)?;
    check_length("q", Some(&params.q))?;
    state
        .run(move |engine| {
            let snapshot = engine.snapshot();
            let context = caller.context(engine);
            let types: Vec<String> = params
                .types
                .iter()
                .flat_map(|names| names.split(','))
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(String::from)
                .collect();
            let types = Some(types.as_slice()).filter(|types| !types.is_empty());
            engine.database().read(|tx| {
                let found = query::search(tx, &context, &snapshot.catalog, types, &params.q, limit)?;
                let items = present(tx, &snapshot, &context, &found.matches, &params.q)?;
                Ok(Answer::ok(&json!({ "items": items, "has_more": found.has_more })))
            })
        })
        .await
}

fn present(
    tx: &mut dyn database::Query,
    snapshot: &Snapshot,
    context: &RequestContext,
    matches: &[Match],
    text: &str,
) -> Result<Vec<JsonValue>, EngineError> {
    let mut wanted = References::default();
    for (target, id) in matches.iter().filter_map(|found| parent(snapshot, found)) {
        wanted.add(target, id);
    }
    let titles = Titles::load(tx, context, &snapshot.catalog, &wanted)?;
    let mut items = Vec::with_capacity(matches.len());
    for found in matches {
        let title_field = snapshot.object_type(&found.object_type)?.definition.title_field;
        let subtitle = parent(snapshot, found).and_then(|(target, id)| titles.title(target, id));
        let matched = found.matched.as_ref().map(|matched| {
            let (start, end) = highlight(&matched.text, text).unwrap_or_default();
            json!({ "part": matched.part, "field": matched.field, "text": matched.text, "start": start, "end": end })
        });
        items.push(json!({
            "id": found.record.id,
            "type": found.object_type,
            "title": found.record.value(title_field).as_str().unwrap_or_default(),
            "subtitle": subtitle,
            "kind": found.record.values.get("kind"),
            "matched": matched,
        }));
    }
    Ok(items)
}

/// The record that a found one belongs to: its first reference.
fn parent<'a>(snapshot: &'a Snapshot, found: &Match) -> Option<(&'a str, i64)> {
    let object_type = snapshot.catalog.object_type(&found.object_type)?;
    object_type.value_fields().find_map(|field| {
        let target = &field.kind.reference_target()?.target;
        Some((target.as_str(), found.record.values.get(&field.name)?.as_i64()?))
    })
}

/// Where the first word of the search stands in a shown text, in UTF-16 units as browsers count them. Signs between digits do not matter.
fn highlight(shown: &str, text: &str) -> Option<(usize, usize)> {
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()./".contains(c));
    let word: Vec<char> = match is_number {
        true => text.chars().filter(char::is_ascii_digit).collect(),
        false => text.split_whitespace().next()?.chars().map(folded).collect(),
    };
    let mut letters: Vec<(char, usize, usize)> = Vec::new();
    let mut at = 0;
    for c in shown.chars() {
        let width = c.len_utf16();
        if !is_number || c.is_ascii_digit() {
            letters.push((folded(c), at, at + width));
        }
        at += width;
    }
    // A dialled trunk prefix is not part of the stored number.
    let endings = if is_number { word.len().saturating_sub(8).min(2) } else { 0 };
    (0..=endings).find_map(|skipped| {
        let word = word.get(skipped..).filter(|word| !word.is_empty())?;
        let window = letters.windows(word.len()).find(|window| window.iter().map(|(c, ..)| c).eq(word))?;
        Some((window.first()?.1, window.last()?.2))
    })
}

/// Case and the letters that people type for one another.
fn folded(c: char) -> char {
    let lower = c.to_lowercase().next().unwrap_or(c);
    match lower {
        'ё' => 'е',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::highlight;

    #[test]
    fn the_match_is_shown_where_it_stands() {
        let check = |shown: &str, text: &str, expect: Option<&str>| {
            let units: Vec<u16> = shown.encode_utf16().collect();
            let found =
                highlight(shown, text).and_then(|(start, end)| units.get(start..end)).map(String::from_utf16_lossy);
            assert_eq!(found.as_deref(), expect, "{text} in {shown}");
        };
        check("ТОВ «Карпати Буд»", "карпати", Some("Карпати"));
        check("😀 Семёнов", "семенов", Some("Семёнов"));
        check("+380 67 440 12 85", "440-12", Some("440 12"));
        check("+380 67 440 12 85", "0674401285", Some("0 67 440 12 85"));
        check("+7 495 123-45-67", "8 495 123 45 67", Some("495 123-45-67"));
        check("ira@example.com", "IRA@", Some("ira@"));
        check("Київ", "львів", None);
        check("Київ", "", None);
    }
}
