//! The exports of other programs, told by headers that only they have together.

use filter_language::search_fold;

/// A program whose export is known.
pub(crate) struct Program {
    /// Key in the API.
    pub key: &'static str,
    /// Folded headers of which all must be there.
    signature: &'static [&'static str],
    /// What its headers mean where the general words would be wrong; `""` leaves a column out.
    pub words: &'static [(&'static str, &'static [&'static str])],
    /// Where columns go that nothing is known of, fields of somebody's own above all; `None` leaves them to the user.
    pub rest: Option<&'static str>,
}

/// A line of the notes for each column that has no field.
const TO_NOTES: Option<&str> = Some("description:line");

const PROGRAMS: &[Program] = &[
    Program {
        key: "google_contacts",
        signature: &["given name", "family name", "group membership"],
        words: GOOGLE,
        rest: None,
    },
    Program {
        key: "google_contacts",
        signature: &["first name", "last name", "phonetic first name", "labels"],
        words: GOOGLE,
        rest: None,
    },
    Program {
        key: "outlook",
        signature: &["first name", "last name", "e-mail address", "business phone"],
        words: OUTLOOK,
        rest: None,
    },
    Program {
        key: "outlook",
        signature: &["имя", "фамилия", "адрес эл почты", "рабочий телефон"],
        words: OUTLOOK,
        rest: None,
    },
    Program {
        key: "bitrix24",
        signature: &["рабочий телефон", "частный e-mail", "ответственный"],
        words: BITRIX,
        rest: None,
    },
    Program {
        key: "bitrix24",
        signature: &["рабочий e-mail", "тип контакта", "ответственный"],
        words: BITRIX,
        rest: None,
    },
    Program {
        key: "bitrix24",
        signature: &["название компании", "тип компании", "ответственный"],
        words: BITRIX,
        rest: None,
    },
    Program {
        key: "bitrix24",
        signature: &["work phone", "work e-mail", "responsible person"],
        words: BITRIX,
        rest: None,
    },
    Program {
        key: "amocrm", signature: &["рабочий прямой телефон", "рабочий email"], words: AMOCRM, rest: None
    },
    Program {
        key: "amocrm", signature: &["ближаишая задача", "ответственный"], words: AMOCRM, rest: None
    },
    Program {
        key: "amocrm", signature: &["ближайшая задача", "ответственный"], words: AMOCRM, rest: None
    },
    Program {
        key: "onlyoffice",
        signature: &["first name", "last name", "company name", "job title", "phone direct"],
        words: ONLYOFFICE,
        rest: TO_NOTES,
    },
    Program {
        key: "onlyoffice",
        signature: &["first name", "last name", "company name", "job title", "email work", "phone mobile"],
        words: ONLYOFFICE,
        rest: TO_NOTES,
    },
    Program {
        key: "onlyoffice",
        signature: &["имя", "фамилия", "телефон прямой", "email рабочий"],
        words: ONLYOFFICE,
        rest: TO_NOTES,
    },
    Program {
        key: "onlyoffice",
        signature: &["имя", "фамилия", "телефон прямой", "эл почта рабочий"],
        words: ONLYOFFICE,
        rest: TO_NOTES,
    },
    Program {
        key: "onebox", signature: &["фамилия", "отчество", "телефоны", "группы"], words: ONEBOX, rest: TO_NOTES
    },
    Program {
        key: "onebox", signature: &["имя", "компания", "телефоны", "группы"], words: ONEBOX, rest: TO_NOTES
    },
    Program {
        key: "onebox",
        signature: &["призвище", "по батькови", "телефони", "групи"],
        words: ONEBOX,
        rest: TO_NOTES,
    },
    Program {
        key: "onebox", signature: &["фио", "телефоны", "группы", "компания"], words: ONEBOX, rest: TO_NOTES
    },
    Program { key: "1c", signature: &["наименование", "инн", "кпп"], words: ONE_C, rest: TO_NOTES },
    Program {
        key: "1c", signature: &["наименование", "полное наименование", "инн"], words: ONE_C, rest: TO_NOTES
    },
    Program {
        key: "1c", signature: &["наименование", "вид контрагента"], words: ONE_C, rest: TO_NOTES
    },
    Program { key: "1c", signature: &["контрагент", "инн", "кпп"], words: ONE_C, rest: TO_NOTES },
    Program {
        key: "1c", signature: &["наименование", "юридическии адрес", "инн"], words: ONE_C, rest: TO_NOTES
    },
    Program {
        key: "1c", signature: &["наименование", "юридический адрес", "инн"], words: ONE_C, rest: TO_NOTES
    },
];

const GOOGLE: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "yomi name",
            "given name yomi",
            "additional name yomi",
            "family name yomi",
            "photo",
            "file as",
            "initials",
            "short name",
            "maiden name",
        ],
    ),
    ("full_name", &["name"]),
    ("description", &["notes"]),
    (
        "description:line",
        &[
            "nickname",
            "group membership",
            "labels",
            "occupation",
            "hobby",
            "sensitivity",
            "priority",
            "subject",
            "language",
            "billing information",
            "directory server",
            "mileage",
            "location",
            "name prefix",
            "name suffix",
            "organization 1 department",
            "organization department",
            "phonetic first name",
            "phonetic middle name",
            "phonetic last name",
            "relation 1 value",
            "event 1 value",
            "custom field 1 value",
            "custom field 2 value",
        ],
    ),
    ("parent", &["organization 1 name", "organization name"]),
    ("position", &["organization 1 title", "organization title"]),
];

const OUTLOOK: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "e-mail type",
            "e-mail 2 type",
            "e-mail 3 type",
            "e-mail display name",
            "e-mail 2 display name",
            "e-mail 3 display name",
            "initials",
            "priority",
            "private",
            "sensitivity",
            "organizational id number",
            "directory server",
            "business address po box",
            "home address po box",
            "other address po box",
        ],
    ),
    ("parent", &["company", "организация"]),
    (
        "channels.phone.work",
        &[
            "company main phone",
            "business phone",
            "business phone 2",
            "callback",
            "primary phone",
            "telex",
            "isdn",
            "tty/tdd phone",
            "radio phone",
            "assistants phone",
        ],
    ),
    ("channels.phone.other", &["car phone"]),
    ("channels.phone.mobile", &["mobile phone"]),
    ("description", &["notes", "заметки"]),
    (
        "description:line",
        &[
            "title",
            "suffix",
            "department",
            "account",
            "anniversary",
            "assistants name",
            "billing information",
            "categories",
            "children",
            "government id number",
            "hobby",
            "keywords",
            "language",
            "location",
            "managers name",
            "mileage",
            "office location",
            "profession",
            "referred by",
            "spouse",
            "user 1",
            "user 2",
            "user 3",
            "user 4",
            "internet free busy",
        ],
    ),
];

const BITRIX: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "id",
            "дата создания",
            "дата изменения",
            "кем создан",
            "кем создана",
            "кем изменен",
            "кем изменена",
            "доступен для всех",
            "доступна для всех",
            "экспорт",
            "участвует в экспорте контактов",
            "фотография",
            "логотип",
            "id контакта",
        ],
    ),
    ("company_name", &["название компании", "company name"]),
    ("contact_type", &["тип контакта", "тип компании", "contact type", "company type"]),
    ("description", &["комментарий", "comment"]),
    (
        "description:line",
        &[
            "обращение",
            "дополнительно об источнике",
            "сфера деятельности",
            "кол-во сотрудников",
            "годовой оборот",
            "банковские реквизиты",
            "source information",
            "salutation",
        ],
    ),
    ("managers", &["ответственный", "responsible person"]),
];

const AMOCRM: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "id",
            "дата создания",
            "дата создания контакта",
            "кем создан",
            "дата редактирования",
            "кем редактирован",
            "ближаишая задача",
            "ближайшая задача",
        ],
    ),
    ("kind", &["тип"]),
    ("full_name", &["наименование", "полное имя", "полное имя контакта"]),
    ("parent", &["компания", "компания контакта"]),
    ("channels.phone.direct", &["рабочий прямой телефон"]),
    ("description:line", &["теги", "тэги", "примечание 2", "примечание 3", "примечание 4", "примечание 5"]),
    ("description", &["примечание", "примечание 1"]),
];

/// Columns in the form of "Phone (mobile)" and "Address (billing) street" are understood by their words.
const ONLYOFFICE: &[(&str, &[&str])] = &[
    (
        "kind",
        &[
            "company person",
            "person company",
            "company/person",
            "person/company",
            "type company or person",
            "type company/person",
            "company or person",
            "компания персона",
            "компания/персона",
            "персона/компания",
            "тип компания или персона",
            "тип персона или компания",
            "компания или персона",
        ],
    ),
    ("company_name", &["company name", "название компании", "компания"]),
    ("description", &["about", "о контакте", "описание", "дополнительная информация"]),
    (
        "warmth",
        &[
            "contact stage",
            "temperature level",
            "warmth",
            "стадия контакта",
            "температурныи уровень",
            "температурный уровень",
        ],
    ),
    ("contact_type", &["contact type", "тип контакта"]),
    ("channels.email.home", &["gmail home"]),
    ("channels.email.work", &["gmail work"]),
    ("channels.email.other", &["gmail other"]),
    (
        "description:line",
        &["tags", "tag list", "contact tag list", "contact tags", "tag", "теги", "список тегов", "теги контакта"],
    ),
];

const ONEBOX: &[(&str, &[&str])] = &[
    // Ids of another program are not ours; the line keeps them to be looked up there.
    (
        "description:line",
        &[
            "id",
            "код",
            "логин",
            "группы",
            "групи",
            "теги",
            "статус",
            "дата создания",
            "дата створення",
            "баланс",
            "скидка",
            "дата последнего контакта",
        ],
    ),
    ("channels.phone", &["телефоны", "телефони", "телефон"]),
    ("channels.email", &["email", "emails", "e-mail", "почта"]),
    ("description", &["комментарий", "комментарии", "коментар"]),
    ("managers", &["менеджер", "ответственныи", "ответственный", "видповидальний"]),
];

const ONE_C: &[(&str, &[&str])] = &[
    ("full_name", &["наименование", "контрагент", "рабочее наименование", "наименование в программе"]),
    (
        "legal_name",
        &[
            "полное наименование",
            "наименование полное",
            "сокращенное юр наименование",
            "сокращенное наименование",
            "наименование для печати",
            "юр наименование",
        ],
    ),
    (
        "kind",
        &[
            "вид контрагента",
            "юр физ лицо",
            "юр/физ лицо",
            "юридическое физическое лицо",
            "юридическое/физическое лицо",
            "тип контрагента",
            "юр физлицо",
        ],
    ),
    ("ru_ogrn", &["огрн", "огрнип", "огрн/огрнип", "огрн огрнип", "регистрационныи номер", "регистрационный номер"]),
    ("ru_account", &["расчетный счет", "расчетныи счет", "номер счета"]),
    ("bank_name", &["банк", "наименование банка"]),
    ("managers", &["менеджер", "основной менеджер", "основнои менеджер", "ответственныи", "ответственный"]),
    ("description", &["комментарий", "комментарии", "дополнительная информация"]),
    (
        "description:line",
        &[
            "код",
            "группа",
            "родитель",
            "входит в группу",
            "контактное лицо",
            "основное контактное лицо",
            "основной договор",
            "основной банковский счет",
            "тип",
            "категория",
        ],
    ),
];

/// The program that writes such headers.
pub(crate) fn program_of(headers: &[String]) -> Option<&'static Program> {
    let folded: Vec<String> = headers.iter().map(|header| search_fold(header)).collect();
    PROGRAMS.iter().find(|program| program.signature.iter().all(|wanted| folded.iter().any(|header| header == wanted)))
}
