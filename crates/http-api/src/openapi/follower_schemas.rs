//! Schemas of followers and reactions.

use record_engine::reactions::REACTIONS;
use serde_json::{Value as Json, json};

use super::{list_of, object};

pub(super) fn schemas() -> Vec<(String, Json)> {
    let flag = || json!({ "type": "boolean" });
    let reaction = || json!({ "type": "string", "enum": REACTIONS.map(|(key, _)| key) });
    [
        (
            "FollowerList",
            object(
                &["items", "is_following", "may_choose"],
                json!({
                    "items": list_of("Reference"),
                    "is_following": { "type": "boolean", "description": "Whether the reader is one of them" },
                    "may_choose": { "type": "boolean", "description": "Whether he may add and take away colleagues" },
                }),
            ),
        ),
        (
            "FollowerInput",
            object(
                &["user_id", "follows"],
                json!({ "user_id": { "type": "integer", "format": "int64" }, "follows": flag() }),
            ),
        ),
        (
            "Reaction",
            object(
                &["reaction", "users", "is_own"],
                json!({
                    "reaction": reaction(), "users": list_of("Reference"),
                    "is_own": { "type": "boolean", "description": "Whether the reader is one of them" },
                }),
            ),
        ),
        ("ReactionList", object(&["items"], json!({ "items": list_of("Reaction") }))),
        ("ReactionInput", object(&["reaction", "is_on"], json!({ "reaction": reaction(), "is_on": flag() }))),
    ]
    .into_iter()
    .map(|(name, schema)| (name.to_owned(), schema))
    .collect()
}
