//! With whom a record is shared: users and teams, for reading or for writing. Fields like all others, so that history, undo, filters and mass changes
//! have them; what they give is said by the levels of the type ([`levels`]).

use record_engine::access::Levels;
use record_engine::catalog::{FieldDefinition, TEAM_TYPE, USER_TYPE};
use record_engine::field_types::{FieldKind, ReferenceSettings};

/// The block of the card for what says who sees it.
const BLOCK: &str = "main";
/// The fields that say with whom a record is shared.
pub const FIELDS: [&str; 5] = ["visibility", "readers", "editors", "reading_teams", "editing_teams"];

/// What the levels mean for a type with managers, the field `visibility`, and the fields of [`fields`].
pub(crate) fn levels() -> Levels {
    Levels {
        own: "managers has me",
        shared: "managers has me or visibility in (read, write) or readers has me or editors has me \
                 or reading_teams has my_teams or editing_teams has my_teams",
        shared_for_writing: "managers has me or visibility = write or editors has me or editing_teams has my_teams",
        team: "managers has my_people",
        sharing_fields: &FIELDS,
        owner_fields: &["managers"],
    }
}

/// The fields beside `visibility`.
pub(crate) fn fields() -> Vec<FieldDefinition> {
    let field = |name, labels, target: &str| {
        FieldDefinition::new(name, labels, FieldKind::ReferenceSet(ReferenceSettings::to(target))).group(BLOCK)
    };
    vec![
        field("readers", ["May read", "Могут читать", "Можуть читати"], USER_TYPE),
        field("editors", ["May change", "Могут менять", "Можуть змінювати"], USER_TYPE),
        field("reading_teams", ["Teams that may read", "Команды, которые читают", "Команди, які читають"], TEAM_TYPE),
        field(
            "editing_teams",
            ["Teams that may change", "Команды, которые меняют", "Команди, які змінюють"],
            TEAM_TYPE,
        ),
    ]
}
