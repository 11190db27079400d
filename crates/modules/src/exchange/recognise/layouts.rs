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
}

const PROGRAMS: &[Program] = &[
    Program { key: "google_contacts", signature: &["given name", "family name", "group membership"], words: GOOGLE },
    Program {
        key: "google_contacts",
        signature: &["first name", "last name", "phonetic first name", "labels"],
        words: GOOGLE,
    },
    Program {
        key: "outlook",
        signature: &["first name", "last name", "e-mail address", "business phone"],
        words: OUTLOOK,
    },
    Program {
        key: "outlook", signature: &["имя", "фамилия", "адрес эл почты", "рабочий телефон"], words: OUTLOOK
    },
    Program {
        key: "bitrix24", signature: &["рабочий телефон", "частный e-mail", "ответственный"], words: BITRIX
    },
    Program {
        key: "bitrix24", signature: &["рабочий e-mail", "тип контакта", "ответственный"], words: BITRIX
    },
    Program {
        key: "bitrix24", signature: &["название компании", "тип компании", "ответственный"], words: BITRIX
    },
    Program { key: "bitrix24", signature: &["work phone", "work e-mail", "responsible person"], words: BITRIX },
    Program {
        key: "amocrm", signature: &["рабочий прямой телефон", "рабочий email"], words: AMOCRM
    },
    Program {
        key: "amocrm", signature: &["ближаишая задача", "ответственный"], words: AMOCRM
    },
    Program {
        key: "amocrm", signature: &["ближайшая задача", "ответственный"], words: AMOCRM
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

/// The program that writes such headers.
pub(crate) fn program_of(headers: &[String]) -> Option<&'static Program> {
    let folded: Vec<String> = headers.iter().map(|header| search_fold(header)).collect();
    PROGRAMS.iter().find(|program| program.signature.iter().all(|wanted| folded.iter().any(|header| header == wanted)))
}
