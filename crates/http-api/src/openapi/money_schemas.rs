//! Schemas of sums in several currencies.

use serde_json::{Value as Json, json};

use super::{list_of, object, or_null, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let code = || json!({ "type": "string", "pattern": "^[A-Z]{3}$" });
    let amount = || json!({ "type": ["integer", "null"], "description": "In minor units; null when it is beyond what JSON carries exactly." });
    let count = || json!({ "type": "integer" });
    let converted = object(
        &["currency", "count", "amount", "weighted", "oldest_rate"],
        json!({
            "currency": code(), "count": count(), "amount": amount(),
            "weighted": { "type": ["integer", "null"], "description": "Each amount times its chance, in minor units; null for a field without chances." },
            "oldest_rate": { "type": ["string", "null"], "format": "date", "description": "The day of the oldest rate that was taken." },
        }),
    );
    let total = json!({
        "field": { "type": "string" },
        "dated_by": { "type": ["string", "null"], "description": "The field by whose day rates were taken; null for today." },
        "weighted_by": { "type": ["string", "null"], "description": "The field that says how sure amounts are, in percent." },
        "sums": { "anyOf": [list_of("CurrencySum"), { "type": "null" }], "description": "Null when adding took too long." },
        "converted": { "anyOf": [converted, { "type": "null" }], "description": "All that could be counted in the currency of the company." },
        "missing": list_of("MissingRates"),
    });
    [
        (
            "RecordFigures",
            object(
                &["groups"],
                json!({ "groups": { "anyOf": [list_of("RecordFigure"), { "type": "null" }], "description": "Null when adding took too long." } }),
            ),
        ),
        (
            "RecordFigure",
            object(
                &["option", "reference", "count", "total"],
                json!({
                    "option": { "type": ["string", "null"], "description": "The key of the option, by a choice field." },
                    "reference": or_null("Reference"), "count": count(), "total": reference("RecordSum"),
                }),
            ),
        ),
        ("RecordPivot", object(&["table"], json!({ "table": { "anyOf": [pivot_table(), { "type": "null" }], "description": "Null when it took too long, or came to more groups than can be read." } }))),
        ("PivotFigure", object(&["count", "sum", "average", "is_partial"], figure())),
        (
            "PivotKey",
            object(
                &["option", "reference", "period"],
                json!({
                    "option": { "type": ["string", "null"] }, "reference": or_null("Reference"),
                    "period": { "type": ["string", "null"], "description": "`2026-11`, `2026-Q4` or `2026`." },
                }),
            ),
        ),
        (
            "SalesPlan",
            object(
                &["currency", "months", "has_facts", "rows"],
                json!({
                    "currency": code(), "months": { "type": "array", "items": { "type": "string" } },
                    "has_facts": { "type": "boolean", "description": "False where the reader may not see what facts are made of, and where counting took too long." },
                    "rows": list_of("SalesPlanRow"),
                }),
            ),
        ),
        (
            "SalesPlanRow",
            object(
                &["of", "people", "can_edit", "months"],
                json!({ "of": reference("Reference"), "people": { "type": "array", "items": { "type": "integer" } }, "can_edit": { "type": "boolean" }, "months": list_of("SalesPlanMonth") }),
            ),
        ),
        ("SalesPlanMonth", object(&["goal", "planned", "won", "open", "unrated"], plan_month())),
        ("RecordSums", object(&["sums"], json!({ "sums": list_of("RecordSum") }))),
        ("RecordSum", object(&["field", "dated_by", "weighted_by", "sums", "converted", "missing"], total)),
        (
            "CurrencySum",
            object(&["currency", "count", "amount"], json!({ "currency": code(), "count": count(), "amount": amount() })),
        ),
        (
            "MissingRates",
            object(
                &["currency", "date", "count", "currency_id"],
                json!({
                    "currency": code(), "count": count(), "currency_id": { "type": ["integer", "null"] },
                    "date": { "type": "string", "format": "date", "description": "The first day without a rate; a rate of that day serves all." },
                }),
            ),
        ),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}

/// What stands in a cell of a table of groups.
fn figure() -> Json {
    let number = |text: &str| json!({ "type": ["number", "null"], "description": text });
    json!({
        "count": { "type": "integer" },
        "sum": number("Of money in minor units of the currency of the company; null where nothing is added up."),
        "average": number("The same for one of them."),
        "is_partial": { "type": "boolean", "description": "Some amounts are left out: there is no rate for them." },
    })
}

fn pivot_table() -> Json {
    let cell = {
        let mut members = figure();
        if let Some(members) = members.as_object_mut() {
            members.insert("row".into(), json!({ "type": "integer" }));
            members.insert("column".into(), json!({ "type": "integer" }));
        }
        object(&["row", "column", "count", "sum", "average", "is_partial"], members)
    };
    let lines = || json!({ "type": "array", "items": list_of("PivotKey") });
    object(
        &[
            "currency",
            "rows",
            "columns",
            "cells",
            "row_totals",
            "column_totals",
            "total",
            "has_more_rows",
            "has_more_columns",
        ],
        json!({
            "currency": { "type": ["string", "null"] },
            "rows": lines(), "columns": lines(), "cells": { "type": "array", "items": cell },
            "row_totals": list_of("PivotFigure"), "column_totals": list_of("PivotFigure"),
            "total": reference("PivotFigure"),
            "has_more_rows": { "type": "boolean", "description": "Only the rows with the most records are here; the others are in no total." },
            "has_more_columns": { "type": "boolean" },
        }),
    )
}

fn plan_month() -> Json {
    let amount = || json!({ "type": ["integer", "null"] });
    let goal = object(
        &["id", "version", "amount", "deals"],
        json!({
            "id": { "type": "integer" }, "version": { "type": "integer" },
            "amount": { "type": ["object", "null"] }, "deals": { "type": ["number", "null"] },
        }),
    );
    json!({
        "goal": { "anyOf": [goal, { "type": "null" }] },
        "planned": { "type": ["integer", "null"], "description": "The amount of the goal in minor units of the currency of the company, by the rate of the month." },
        "won": object(&["count", "amount"], json!({ "count": { "type": "integer" }, "amount": amount() })),
        "open": object(&["count", "amount", "weighted"], json!({ "count": { "type": "integer" }, "amount": amount(), "weighted": amount() })),
        "unrated": { "type": "array", "items": { "type": "string" }, "description": "Currencies without a rate; amounts in them are in no number here." },
    })
}
