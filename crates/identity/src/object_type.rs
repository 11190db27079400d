//! The object type of users: data, no logic.

use record_engine::access::{AccessPolicy, Feature, Grants, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, ROLE_TYPE, SCHEDULE_TYPE, USER_TYPE};
use record_engine::field_types::{ChoiceSettings, FieldKind, FileSettings, ReferenceSettings, TextSettings};
use record_engine::pictures::PictureBox;

use crate::employment::{ACTIVE_UNTIL, EMPLOYEE, USER_KIND, kinds};
use crate::roles::{role_type, team_type};
use crate::rules::UserRules;
use crate::schedules::{holiday_type, schedule_type};

/// Longest name, in characters.
pub(crate) const NAME_LENGTH: usize = 200;
/// Longest login, in characters.
pub(crate) const MAX_LOGIN_LENGTH: usize = 100;
/// Longest e-mail address (RFC 5321), in characters.
const EMAIL_LENGTH: usize = 254;
/// Longest name of a time zone, in characters.
pub(crate) const TIME_ZONE_LENGTH: usize = 60;

/// The field that says whether a user has a second step of login.
pub(crate) const HAS_SECOND_STEP: &str = "has_second_step";
/// The field with the days on which a user works otherwise than by his schedule, JSON.
pub(crate) const OWN_DAYS: &str = "own_days";
/// The field that says until when somebody let a user in outside of his schedule.
pub(crate) const ADMITTED_UNTIL: &str = "admitted_until";
/// The field with the face of a user.
pub(crate) const PHOTO: &str = "photo";
/// Largest upload of a photo, in bytes: what a phone makes.
const PHOTO_BYTES: u64 = 8 * 1024 * 1024;
/// What becomes of it; faces are shown at 64 pixels at most, which is 192 on the densest screens.
const PHOTO_BOX: PictureBox = PictureBox::square(192);
/// Longest JSON of own days, in characters.
const OWN_DAYS_LENGTH: usize = 60_000;

/// Languages of the interface.
pub const LANGUAGES: [&str; 3] = ["ru", "uk", "en"];

/// The types of records of this crate, in the order of the navigation.
pub fn object_types() -> Vec<ObjectTypeDefinition> {
    vec![object_type(), role_type(), team_type(), schedule_type(), holiday_type()]
}

/// Users.
fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: USER_TYPE,
        labels: ["User", "Пользователь", "Користувач"],
        labels_plural: ["Users", "Пользователи", "Користувачі"],
        icon: "users",
        title_field: "name",
        is_importable: false,
        is_system: true,
        fields: fields(),
        sections: Vec::new(),
        default_columns: &["name", "login", "roles", "is_active", "email"],
        default_sort: "name",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &UserRules,
    }
}

/// What of a user his colleagues do not see.
const HIDDEN: &[&str] = &["login", HAS_SECOND_STEP, OWN_DAYS, ADMITTED_UNTIL, ACTIVE_UNTIL];

/// Everyone sees his colleagues; administrators and who else keeps the users change them. Nobody deletes a user, because history must keep its names; and a new one needs a
/// password, so [`crate::create_user`] makes it and not the record API. Half of a credential, the login, is shown to administrators only,
/// and so is who has a second step; who is away when, who was let in, and who goes when, is theirs to know, too.
fn access() -> AccessPolicy {
    let colleague = Grants { hidden_fields: HIDDEN, ..Grants::READ };
    let administrator = Grants { change: Rows::All, export: true, ..Grants::READ };
    AccessPolicy {
        by_feature: Some((Feature::Users, administrator)),
        ..AccessPolicy::fixed(administrator, colleague, colleague)
    }
}

fn fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let text = |max_length| FieldKind::Text(TextSettings { max_length });
    vec![
        field("name", ["Name", "Имя", "Ім’я"], text(NAME_LENGTH)).group("name").required().indexed().searched(),
        field(PHOTO, ["Photo", "Фото", "Фото"], FieldKind::File(FileSettings::picture(PHOTO_BYTES, PHOTO_BOX)))
            .group("name"),
        field("login", ["Login", "Логин", "Логін"], text(MAX_LOGIN_LENGTH)).read_only(),
        field("email", ["E-mail", "Эл. почта", "Ел. пошта"], text(EMAIL_LENGTH)),
        field("roles", ["Roles", "Роли", "Ролі"], FieldKind::ReferenceSet(ReferenceSettings::to(ROLE_TYPE))),
        field("head", ["Head", "Руководитель", "Керівник"], FieldKind::Reference(head())).indexed(),
        field("language", ["Language", "Язык", "Мова"], FieldKind::Choice(languages())).required(),
        field("time_zone", ["Time zone", "Часовой пояс", "Часовий пояс"], text(TIME_ZONE_LENGTH)).required(),
        field("is_active", ["Active", "Активен", "Активний"], FieldKind::Checkbox).default(true),
        field(USER_KIND, ["Who it is", "Кто это", "Хто це"], FieldKind::Choice(kinds())).default(EMPLOYEE).indexed(),
        field(ACTIVE_UNTIL, ["Active until", "Работает до", "Працює до"], FieldKind::Date),
        field(HAS_SECOND_STEP, ["Second step of login", "Второй шаг входа", "Другий крок входу"], FieldKind::Checkbox)
            .read_only(),
        field(
            "schedule",
            ["Work schedule", "Рабочий график", "Робочий графік"],
            FieldKind::Reference(ReferenceSettings::to(SCHEDULE_TYPE)),
        )
        .indexed(),
        field(
            OWN_DAYS,
            ["Own working days", "Особые рабочие дни", "Особливі робочі дні"],
            FieldKind::LongText(TextSettings { max_length: OWN_DAYS_LENGTH }),
        ),
        field(ADMITTED_UNTIL, ["Let in until", "Впущен до", "Впущено до"], FieldKind::DateTime),
    ]
}

/// To whom he reports: a head sees the records of his people.
fn head() -> ReferenceSettings {
    ReferenceSettings { is_hierarchy: true, ..ReferenceSettings::to(USER_TYPE) }
}

/// Languages bear their own names in every language.
fn languages() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("ru", ["Русский", "Русский", "Русский"], None),
        ("uk", ["Українська", "Українська", "Українська"], None),
        ("en", ["English", "English", "English"], None),
    ])
}

/// The time zone that most people of a country live in; `UTC` for countries the program knows nothing about.
pub fn time_zone_of(country: &str) -> &'static str {
    match country {
        "UA" => "Europe/Kyiv",
        "RU" => "Europe/Moscow",
        "KZ" => "Asia/Almaty",
        "BY" => "Europe/Minsk",
        "PL" => "Europe/Warsaw",
        _ => "UTC",
    }
}
