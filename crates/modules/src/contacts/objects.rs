//! The object type of contacts: data, no logic.

use record_engine::access::{AccessPolicy, Feature, Grants, Level, Restriction, Rows};
use record_engine::catalog::{FieldDefinition, ObjectTypeDefinition, SectionDefinition, USER_TYPE};
use record_engine::field_types::{
    AddressesSettings, ChannelsSettings, ChoiceSettings, FieldKind, FileSettings, MoneySettings, ReferenceSettings,
    ReferredSettings, TextSettings,
};
use record_engine::pictures::PictureBox;
use serde_json::Value as Json;

use super::employees::{EMPLOYEE, USER_FIELD};
use super::rules::ContactRules;
use super::{channels, requisites};
use crate::sharing;

/// The field that names the purposes for which a contact has a valid consent; the module of personal data keeps it.
pub const CONSENTS_FIELD: &str = "consents";

/// The field that keeps a contact from being erased, and from every rule that removes contacts.
pub const LEGAL_HOLD: &str = "legal_hold";

/// The field that says since when a contact is only kept and not used; the module of personal data writes it.
pub const RESTRICTED_FIELD: &str = "restricted_since";

/// The field that says why.
pub const RESTRICTION_CAUSE: &str = "restriction_cause";

/// Longest part of a person's name, in characters.
const NAME_PART_LENGTH: usize = 200;

/// Largest upload of a photo, in bytes.
const PHOTO_BYTES: u64 = 1024 * 1024;
/// What a photo is made to fit into (decision D13).
const PHOTO_BOX: PictureBox = PictureBox::within(200, 300);

/// Contacts.
pub fn object_type() -> ObjectTypeDefinition {
    ObjectTypeDefinition {
        name: "contact",
        labels: ["Contact", "Контакт", "Контакт"],
        labels_plural: ["Contacts", "Контакты", "Контакти"],
        icon: "address-book",
        title_field: "name",
        is_importable: true,
        is_system: false,
        fields: fields(),
        sections: vec![
            SectionDefinition {
                key: "clients",
                labels: ["Clients", "Клиенты", "Клієнти"],
                icon: "user",
                filter: "kind = person",
            },
            SectionDefinition {
                key: "companies",
                labels: ["Companies", "Компании", "Компанії"],
                icon: "building",
                filter: "kind = company",
            },
            SectionDefinition {
                key: "employees",
                labels: ["Employees", "Сотрудники", "Співробітники"],
                icon: "users",
                filter: "kind = person and contact_type = employee",
            },
        ],
        default_columns: &[
            "name",
            "parent",
            "channels",
            "addresses",
            "contact_type",
            "warmth",
            "managers",
            "updated_at",
        ],
        default_sort: "-updated_at",
        membership: None,
        done_by: None,
        part_of: &[],
        access: access(),
        rules: &ContactRules,
    }
}

/// Private to its managers and those with whom it is shared. Only supervisors and administrators export, and only administrators say whose card a
/// contact is and what must not be erased.
fn access() -> AccessPolicy {
    let employee = Grants {
        see: Rows::Level(Level::Shared),
        change: Rows::Level(Level::Shared),
        delete: Rows::Level(Level::Own),
        create: true,
        export: false,
        hidden_fields: &[],
        read_only_fields: &[USER_FIELD, LEGAL_HOLD],
    };
    let supervisor = Grants { read_only_fields: &[USER_FIELD, LEGAL_HOLD], ..Grants::ALL };
    let restriction = Restriction { field: RESTRICTED_FIELD, feature: Feature::PersonalData };
    let levels = Some(sharing::levels());
    AccessPolicy { levels, restriction: Some(restriction), ..AccessPolicy::fixed(Grants::ALL, supervisor, employee) }
}

/// Whether a record, as it is presented, is a contact that only its managers see.
pub fn is_private(type_name: &str, record: &Json) -> bool {
    let visibility = record.get("values").and_then(|values| values.get("visibility"));
    type_name == "contact" && visibility.and_then(Json::as_str) == Some("private")
}

fn text(max_length: usize) -> FieldKind {
    FieldKind::Text(TextSettings { max_length })
}

fn fields() -> Vec<FieldDefinition> {
    let mut fields = own_fields();
    let place = fields.iter().position(|field| field.name == "visibility").map_or(fields.len(), |at| at + 1);
    fields.splice(place..place, sharing::fields());
    fields.extend(requisites::fields());
    fields
}

fn own_fields() -> Vec<FieldDefinition> {
    let field = FieldDefinition::new;
    let visibilities = sharing::visibilities(["Only managers", "Только менеджеры", "Лише менеджери"]);
    vec![
        field("name", ["Full name", "Полное имя", "Повне ім’я"], text(1_000))
            .group("name")
            .read_only()
            .indexed()
            .searched(),
        field("kind", ["Kind", "Вид", "Вид"], FieldKind::Choice(kinds()))
            .group("name")
            .required()
            .indexed()
            .default("person"),
        field("last_name", ["Last name", "Фамилия", "Прізвище"], text(NAME_PART_LENGTH))
            .group("name")
            .shown_if("kind = person")
            .required_if("kind = person and first_name is empty"),
        field("first_name", ["First name", "Имя", "Ім’я"], text(NAME_PART_LENGTH))
            .group("name")
            .shown_if("kind = person")
            .required_if("kind = person and last_name is empty"),
        field("patronymic", ["Patronymic", "Отчество", "По батькові"], text(NAME_PART_LENGTH))
            .group("name")
            .shown_if("kind = person"),
        field("company_name", ["Company name", "Название компании", "Назва компанії"], text(500))
            .group("name")
            .shown_if("kind = company")
            .required_if("kind = company"),
        field(
            "parent",
            ["Company", "Компания", "Компанія"],
            FieldKind::Reference(ReferenceSettings {
                target: "contact".into(),
                target_filter: Some("kind = company".into()),
                is_hierarchy: true,
                is_unique: false,
            }),
        )
        .indexed()
        .rolled_up(),
        field(
            "has_contact_person",
            ["Has a contact person", "Есть контактное лицо", "Є контактна особа"],
            FieldKind::Referred(ReferredSettings {
                by: "parent".into(),
                only: Some(("kind".into(), "person".into())),
                of: Some(("kind".into(), "company".into())),
            }),
        )
        .group("system")
        .read_only()
        .shown_if("kind = company"),
        field(
            "photo",
            ["Photo or logo", "Фото или логотип", "Фото або логотип"],
            FieldKind::File(FileSettings::picture(PHOTO_BYTES, PHOTO_BOX)),
        )
        .group("name"),
        field("position", ["Position", "Должность", "Посада"], text(300)).shown_if("kind = person").searched(),
        field(
            USER_FIELD,
            ["User account", "Учётная запись", "Обліковий запис"],
            FieldKind::Reference(ReferenceSettings { is_unique: true, ..ReferenceSettings::to(USER_TYPE) }),
        )
        .indexed()
        .shown_if("kind = person and (contact_type = employee or employee_user is not empty)"),
        field("channels", ["Phones and e-mail", "Телефоны и почта", "Телефони та пошта"], channel_field())
            .group("contact")
            .searched(),
        field("addresses", ["Addresses", "Адреса", "Адреси"], address_field()).group("contact"),
        field("contact_type", ["Type", "Тип", "Тип"], FieldKind::Choice(contact_types())).indexed(),
        field("warmth", ["Warmth", "Теплота", "Теплота"], FieldKind::Choice(warmths())).indexed(),
        field("source", ["Source", "Источник", "Джерело"], FieldKind::Choice(sources())).indexed(),
        field(
            "groups",
            ["Groups", "Группы", "Групи"],
            FieldKind::ReferenceSet(ReferenceSettings {
                target: "group".into(),
                target_filter: Some("kind = manual".into()),
                is_hierarchy: false,
                is_unique: false,
            }),
        ),
        field("tags", ["Tags", "Теги", "Теги"], FieldKind::ReferenceSet(ReferenceSettings::to("tag"))),
        field(
            "managers",
            ["Managers", "Менеджеры", "Менеджери"],
            FieldKind::ReferenceSet(ReferenceSettings::to(USER_TYPE)),
        ),
        field("visibility", ["Access", "Доступ", "Доступ"], FieldKind::Choice(visibilities))
            .required()
            .indexed()
            .default("private"),
        field("remark", ["Remark", "Примечание", "Примітка"], text(500)).searched().group("main"),
        field("birthday", ["Birthday", "День рождения", "День народження"], FieldKind::Date)
            .group("details")
            .indexed()
            .shown_if("kind = person"),
        field("gender", ["Gender", "Пол", "Стать"], FieldKind::Choice(genders()))
            .group("details")
            .shown_if("kind = person"),
        field("currency", ["Currency", "Валюта", "Валюта"], FieldKind::Choice(currencies())).group("details"),
        field("potential", ["Potential", "Потенциал", "Потенціал"], FieldKind::Money(MoneySettings::default()))
            .group("details")
            .indexed(),
        field("potential_period", ["Potential per", "Потенциал за", "Потенціал за"], FieldKind::Choice(periods()))
            .group("details")
            .shown_if("potential is not empty"),
        field(
            CONSENTS_FIELD,
            ["Valid consents", "Действующие согласия", "Чинні згоди"],
            FieldKind::ReferenceSet(ReferenceSettings::to("processing_purpose")),
        )
        .group("details")
        .read_only(),
        field(LEGAL_HOLD, ["Legal hold", "Запрет на удаление", "Заборона видалення"], FieldKind::Checkbox)
            .group("details"),
        field(RESTRICTED_FIELD, ["Restricted since", "Обработка ограничена с", "Обробку обмежено з"], FieldKind::Date)
            .group("details")
            .read_only()
            .shown_if("restricted_since is not empty"),
        field(
            RESTRICTION_CAUSE,
            ["Ground of the restriction", "Основание ограничения", "Підстава обмеження"],
            FieldKind::Choice(restriction_causes()),
        )
        .group("details")
        .read_only()
        .shown_if("restricted_since is not empty"),
        field(
            "description",
            ["Description", "Описание", "Опис"],
            FieldKind::LongText(TextSettings { max_length: 65_000 }),
        )
        .group("details")
        .searched(),
    ]
}

fn channel_field() -> FieldKind {
    FieldKind::Channels(ChannelsSettings { kinds: channels::kinds(), channel_labels: channels::labels() })
}

fn address_field() -> FieldKind {
    FieldKind::Addresses(AddressesSettings { address_labels: channels::address_labels() })
}

fn kinds() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("person", ["Person", "Человек", "Людина"], None),
        ("company", ["Company", "Компания", "Компанія"], None),
    ])
}

fn contact_types() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("client", ["Client", "Клиент", "Клієнт"], Some("green")),
        ("potential", ["Potential buyer", "Потенциальный покупатель", "Потенційний покупець"], Some("amber")),
        ("supplier", ["Supplier", "Поставщик", "Постачальник"], Some("blue")),
        ("partner", ["Partner", "Партнёр", "Партнер"], Some("purple")),
        ("competitor", ["Competitor", "Конкурент", "Конкурент"], Some("grey")),
        (EMPLOYEE, ["Employee", "Сотрудник", "Співробітник"], Some("blue")),
        ("client_employee", ["Client’s employee", "Сотрудник клиента", "Співробітник клієнта"], Some("green")),
        ("direction", ["Direction", "Направление", "Напрям"], Some("grey")),
        ("section", ["Section", "Подразделение", "Підрозділ"], Some("grey")),
        ("department", ["Department", "Отдел", "Відділ"], Some("grey")),
        ("resource", ["Resource", "Ресурс", "Ресурс"], Some("grey")),
    ])
}

fn warmths() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("cold", ["Cold", "Холодный", "Холодний"], Some("blue")),
        ("warm", ["Warm", "Тёплый", "Теплий"], Some("amber")),
        ("hot", ["Hot", "Горячий", "Гарячий"], Some("red")),
    ])
}

fn sources() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("website", ["Website", "Сайт", "Сайт"], None),
        ("call", ["Incoming call", "Входящий звонок", "Вхідний дзвінок"], None),
        ("email", ["E-mail", "Электронная почта", "Електронна пошта"], None),
        ("recommendation", ["Recommendation", "Рекомендация", "Рекомендація"], None),
        ("exhibition", ["Exhibition", "Выставка", "Виставка"], None),
        ("advertising", ["Advertising", "Реклама", "Реклама"], None),
        ("social", ["Social networks", "Социальные сети", "Соціальні мережі"], None),
        ("cold_call", ["Cold call", "Холодный звонок", "Холодний дзвінок"], None),
        ("import", ["Import", "Импорт", "Імпорт"], None),
        ("other", ["Other", "Другое", "Інше"], None),
    ])
}

/// The currencies of the region and those in which it trades.
const CURRENCIES: [(&str, [&str; 3]); 7] = [
    ("UAH", ["Hryvnia, UAH", "Гривна, UAH", "Гривня, UAH"]),
    ("RUB", ["Rouble, RUB", "Рубль, RUB", "Рубль, RUB"]),
    ("KZT", ["Tenge, KZT", "Тенге, KZT", "Теньге, KZT"]),
    ("BYN", ["Belarusian rouble, BYN", "Белорусский рубль, BYN", "Білоруський рубль, BYN"]),
    ("PLN", ["Zloty, PLN", "Злотый, PLN", "Злотий, PLN"]),
    ("EUR", ["Euro, EUR", "Евро, EUR", "Євро, EUR"]),
    ("USD", ["US dollar, USD", "Доллар США, USD", "Долар США, USD"]),
];

fn currencies() -> ChoiceSettings {
    ChoiceSettings::of(&CURRENCIES.map(|(key, labels)| (key, labels, None)))
}

fn periods() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("month", ["Month", "Месяц", "Місяць"], None),
        ("quarter", ["Quarter", "Квартал", "Квартал"], None),
        ("year", ["Year", "Год", "Рік"], None),
    ])
}

/// What article 18 of the GDPR names, and the demand to stop of other laws.
fn restriction_causes() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("accuracy", ["Accuracy is contested", "Оспорена точность", "Оскаржено точність"], None),
        (
            "unlawful",
            [
                "Unlawful, kept on request",
                "Неправомерно, хранится по просьбе",
                "Неправомірно, зберігається на прохання",
            ],
            None,
        ),
        ("claims", ["Needed for a legal claim", "Нужны для правового спора", "Потрібні для правового спору"], None),
        ("objection", ["Objection is examined", "Рассматривается возражение", "Розглядається заперечення"], None),
        (
            "demand",
            ["The person demanded to stop", "Требование прекратить обработку", "Вимога припинити обробку"],
            None,
        ),
    ])
}

fn genders() -> ChoiceSettings {
    ChoiceSettings::of(&[
        ("male", ["Male", "Мужской", "Чоловіча"], None),
        ("female", ["Female", "Женский", "Жіноча"], None),
    ])
}
