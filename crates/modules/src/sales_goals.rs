//! Sales goals: what a person or a team shall sell in a month, and what stands beside it: what was won, and what may still come ([`plan`]).
//!
//! What must stay true: a goal is of one person or one team and of one month, and there is one for each at most; everybody sees his own and those of his
//! teams, heads those of their people, administrators all; only heads and administrators set them. A fact counts the deals that its reader sees.
//!
//! It requires `currencies` for totals and `deals` for the facts; users and teams are referred to by the names of their types.

mod plan;
mod rules;

use record_engine::access::{AccessPolicy, Grants, Level, Levels, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, TEAM_TYPE, USER_TYPE};
use record_engine::field_types::{FieldKind, MoneySettings, NumberSettings, ReferenceSettings, TextSettings};

pub use plan::{MAX_MONTHS, MAX_PEOPLE, Month, Plan, PlanQuery, PlanRow, months_between, plan};

/// Name of the object type.
pub const SALES_GOAL_TYPE: &str = "sales_goal";
/// Most deals that somebody may be asked to win in a month.
const MOST_DEALS: f64 = 1_000_000.0;

/// The object type.
pub fn object_type() -> ObjectTypeDefinition {
    let field = FieldDefinition::new;
    let to = |target: &str| FieldKind::Reference(ReferenceSettings::to(target));
    let count = NumberSettings { minimum: Some(0.0), maximum: Some(MOST_DEALS), ..NumberSettings::default() };
    ObjectTypeDefinition {
        name: SALES_GOAL_TYPE,
        labels: ["Sales goal", "План продаж", "План продажів"],
        labels_plural: ["Sales goals", "Планы продаж", "Плани продажів"],
        icon: "briefcase",
        title_field: "title",
        is_importable: true,
        is_system: true,
        fields: vec![
            field("title", ["Title", "Название", "Назва"], FieldKind::Text(TextSettings { max_length: 40 }))
                .read_only(),
            field("person", ["Person", "Сотрудник", "Співробітник"], to(USER_TYPE)).indexed(),
            field("team", ["Team", "Команда", "Команда"], to(TEAM_TYPE)).indexed(),
            field("month", ["Month", "Месяц", "Місяць"], FieldKind::Date).required().indexed(),
            field("amount", ["Amount", "Сумма", "Сума"], FieldKind::Money(MoneySettings::dated_by("month"))),
            field("deals", ["Won deals", "Выигранных сделок", "Виграних угод"], FieldKind::Number(count)),
        ],
        sections: Vec::new(),
        default_columns: &["person", "team", "month", "amount", "deals"],
        default_sort: "-month",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &rules::GoalRules,
    }
}

fn access() -> AccessPolicy {
    let head = Grants {
        see: Rows::Level(Level::Team),
        change: Rows::Level(Level::Team),
        delete: Rows::Level(Level::Team),
        ..Grants::ALL
    };
    let employee = Grants {
        see: Rows::Level(Level::Shared),
        change: Rows::Nothing,
        delete: Rows::Nothing,
        create: false,
        export: false,
        ..Grants::ALL
    };
    let levels = Levels {
        own: "person = me",
        shared: "person = me or team in (my_teams)",
        shared_for_writing: "person = me",
        team: "person in (my_people) or team in (my_teams)",
        sharing_fields: &[],
        owner_fields: &["person", "team"],
    };
    AccessPolicy { levels: Some(levels), ..AccessPolicy::fixed(Grants::ALL, head, employee) }
}
