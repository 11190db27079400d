//! Schemas of the calendar.

use serde_json::{Value as Json, json};

use super::{list_of, object, reference};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let text = || json!({ "type": "string" });
    let optional_text = || json!({ "type": ["string", "null"] });
    let instant = || json!({ "type": "string", "format": "date-time" });
    let date = || json!({ "type": "string", "format": "date" });
    let calendar = json!({
        "items": { "type": "array", "items": reference("Record"), "description": "Records of all types that stand in the calendar; the catalog says which of their fields place them." },
        "is_capped": { "type": "boolean", "description": "Whether there are more of a type than one answer holds." },
        "people": list_of("CalendarPerson"),
        "holidays": { "type": "array", "items": object(&["date", "name"], json!({ "date": date(), "name": text() })) },
    });
    let person = json!({
        "user": reference("Reference"),
        "work": { "anyOf": [reference("WorkDays"), { "type": "null" }], "description": "Null for whoever has no schedule, and where the caller may not know it." },
    });
    let stretch = || object(&["from", "to"], json!({ "from": instant(), "to": instant() }));
    let day = json!({
        "date": date(),
        "hours": { "type": "array", "items": stretch() },
        "cause": { "type": "string", "enum": ["plan", "holiday", "own"] },
        "name": optional_text(),
    });
    let free = json!({
        "people": list_of("FreePerson"),
        "gaps": { "type": "array", "items": stretch(), "description": "The next times of the wanted length at which all of them work and nobody is busy, at most twelve, beginning on the half hour." },
        "holidays": { "type": "array", "items": object(&["date", "name"], json!({ "date": date(), "name": text() })) },
    });
    let free_person = json!({
        "user": reference("Reference"),
        "work": { "anyOf": [reference("WorkDays"), { "type": "null" }], "description": "Null for whoever has no schedule, and where the caller may not know it." },
        "hours": { "type": "array", "items": stretch(), "description": "When this person works; without a schedule the usual hours, 9 to 18 of working days." },
        "busy": { "type": "array", "items": stretch(), "description": "What of the time is taken, whatever by." },
    });
    let count = || json!({ "type": "integer" });
    let counts = object(
        &["open", "overdue", "today", "week", "none"],
        json!({ "open": count(), "overdue": count(), "today": count(), "week": count(), "none": count() }),
    );
    let load_day = json!({
        "date": date(), "planned_minutes": count(), "name": optional_text(),
        "working_minutes": { "type": ["integer", "null"], "description": "Null for whoever has no schedule, and where the caller may not know it." },
    });
    let load_person = json!({
        "user": reference("Reference"), "counts": counts, "is_capped": { "type": "boolean" }, "days": list_of("WorkLoadDay"),
    });
    let load = json!({
        "items": list_of("WorkLoadPerson"), "next_cursor": optional_text(), "from": instant(),
        "has_people": { "type": "boolean", "description": "Whether somebody is below the caller." },
    });
    [
        ("FreeTimes", object(&["people", "gaps", "holidays"], free)),
        ("FreePerson", object(&["user", "work", "hours", "busy"], free_person)),
        ("WorkLoad", object(&["items", "next_cursor", "from", "has_people"], load)),
        ("WorkLoadPerson", object(&["user", "counts", "is_capped", "days"], load_person)),
        ("WorkLoadDay", object(&["date", "planned_minutes", "working_minutes", "name"], load_day)),
        ("Calendar", object(&["items", "is_capped", "people", "holidays"], calendar)),
        ("CalendarPerson", object(&["user", "work"], person)),
        ("WorkDays", object(&["time_zone", "days"], json!({ "time_zone": text(), "days": list_of("WorkDay") }))),
        ("WorkDay", object(&["date", "hours", "cause", "name"], day)),
        (
            "CalendarFields",
            object(
                &["begins", "ends", "whole_days", "people", "kind", "place", "reminder"],
                json!({
                    "begins": optional_text(), "ends": optional_text(), "whole_days": optional_text(),
                    "people": { "type": "array", "items": text() }, "kind": optional_text(), "place": optional_text(),
                    "reminder": optional_text(),
                }),
            ),
        ),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .to_vec()
}
