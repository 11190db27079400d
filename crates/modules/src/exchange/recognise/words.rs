//! The words by which people and programs say what a column holds, in Russian, Ukrainian, Polish and English.
//!
//! All words are folded as [`filter_language::search_fold`] does it: lower case, і and ї as и, є as е, no diacritics, no apostrophes.

use filter_language::search_fold;

/// What one word of a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    /// A kind of channel.
    Kind(&'static str),
    /// What a channel or address is for.
    Label(Purpose),
    /// A part of an address.
    Part(&'static str),
    /// The word "address" itself.
    Address,
    /// The column holds the label of another column.
    Type,
    /// The column holds a whole address that stands in parts elsewhere.
    Formatted,
    /// Says nothing more.
    Filler,
}

/// What something is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Mobile,
    Work,
    Home,
    Fax,
    Direct,
    Office,
    Postal,
    Billing,
    Other,
}

impl Purpose {
    fn of_channel(self) -> &'static str {
        match self {
            Purpose::Mobile => "mobile",
            Purpose::Work | Purpose::Office => "work",
            Purpose::Home => "home",
            Purpose::Fax => "fax",
            Purpose::Direct => "direct",
            Purpose::Postal | Purpose::Billing | Purpose::Other => "other",
        }
    }

    fn of_address(self) -> &'static str {
        match self {
            Purpose::Work | Purpose::Direct | Purpose::Mobile | Purpose::Fax => "work",
            Purpose::Home => "home",
            Purpose::Office => "office",
            Purpose::Postal => "postal",
            Purpose::Billing => "billing",
            Purpose::Other => "other",
        }
    }
}

/// Several words that mean one thing, taken before single words.
const PHRASES: &[(&str, &str)] = &[
    ("почтовыи индекс", "индекс"),
    ("почтовый индекс", "индекс"),
    ("поштовый индекс", "индекс"),
    ("поштовий индекс", "индекс"),
    ("postal code", "zip"),
    ("zip code", "zip"),
    ("kod pocztowy", "zip"),
    ("населенный пункт", "город"),
    ("населений пункт", "город"),
    ("po box", "street"),
    ("extended address", "street"),
    ("street address", "street"),
    ("home page", "website"),
    ("web page", "website"),
    ("домашняя страница", "website"),
    ("личная страница", "website"),
    ("веб сторинка", "website"),
    ("электронная почта", "email"),
    ("электронной почты", "email"),
    ("электронный адрес", "email"),
    ("електронна пошта", "email"),
    ("електронной пошти", "email"),
    ("електронна адреса", "email"),
    ("эл почта", "email"),
    ("ел пошта", "email"),
    ("эл адрес", "email"),
    ("e mail", "email"),
    ("poczta elektroniczna", "email"),
    ("main number", "phone"),
    ("im account", "other"),
];

const WORDS: &[(Word, &[&str])] = &[
    (
        Word::Kind("phone"),
        &[
            "телефон",
            "телефоны",
            "телефони",
            "телефона",
            "телефону",
            "тел",
            "phone",
            "phones",
            "telephone",
            "tel",
            "telefon",
            "telefony",
            "telefonu",
            "пейджера",
            "пейджер",
            "pager",
        ],
    ),
    (
        Word::Label(Purpose::Mobile),
        &[
            "моб",
            "мобильный",
            "мобильныи",
            "мобильного",
            "мобильний",
            "мобилка",
            "мобильник",
            "сотовый",
            "сот",
            "mobile",
            "cell",
            "cellphone",
            "iphone",
            "komorka",
            "komorkowy",
            "kom",
            "мобильні",
        ],
    ),
    (
        Word::Label(Purpose::Work),
        &[
            "раб",
            "рабочий",
            "рабочии",
            "рабочая",
            "работа",
            "робочий",
            "робоча",
            "роб",
            "служебный",
            "службовий",
            "корпоративный",
            "корпоративний",
            "work",
            "business",
            "sluzbowy",
            "sluzbowa",
            "firmowy",
            "company",
            "компании",
            "компания",
            "фирмы",
            "job",
        ],
    ),
    (
        Word::Label(Purpose::Home),
        &[
            "дом",
            "домашний",
            "домашнии",
            "домашняя",
            "домашня",
            "домашний",
            "личный",
            "личная",
            "частный",
            "особистий",
            "home",
            "private",
            "personal",
            "domowy",
            "prywatny",
            "prywatna",
        ],
    ),
    (Word::Label(Purpose::Fax), &["факс", "факса", "fax", "faks"]),
    (Word::Label(Purpose::Direct), &["прямой", "прямий", "direct"]),
    (
        Word::Label(Purpose::Office),
        &["офис", "офиса", "office", "biuro", "фактический", "фактичний", "фактична", "actual"],
    ),
    (Word::Label(Purpose::Postal), &["почтовый", "поштова", "поштовий", "postal", "mailing", "доставки", "shipping"]),
    (
        Word::Label(Purpose::Billing),
        &["юридический", "юридична", "юридичний", "юр", "legal", "billing", "счетов", "рахункив", "регистрации"],
    ),
    (
        Word::Label(Purpose::Other),
        &[
            "другой",
            "другое",
            "инший",
            "инше",
            "инша",
            "other",
            "inny",
            "доп",
            "дополнительный",
            "додатковий",
            "additional",
            "рассылок",
        ],
    ),
    (
        Word::Kind("email"),
        &["email", "e-mail", "mail", "майл", "имейл", "емейл", "почта", "пошта", "emails", "e-mails", "mailto"],
    ),
    (
        Word::Kind("website"),
        &[
            "сайт",
            "веб-сайт",
            "вебсайт",
            "site",
            "website",
            "url",
            "web",
            "www",
            "strona",
            "страница",
            "homepage",
            "блог",
            "blog",
        ],
    ),
    (Word::Kind("telegram"), &["telegram", "телеграм", "телеграмм", "tg"]),
    (Word::Kind("whatsapp"), &["whatsapp", "вотсап", "ватсап", "вайтсап"]),
    (Word::Kind("viber"), &["viber", "вайбер"]),
    (Word::Kind("skype"), &["skype", "скайп"]),
    (Word::Kind("vk"), &["vk", "вк", "вконтакте", "vkontakte"]),
    (Word::Kind("facebook"), &["facebook", "фейсбук"]),
    (Word::Kind("instagram"), &["instagram", "инстаграм", "инстаграмм"]),
    (Word::Kind("other"), &["icq", "jabber", "msn", "aim", "мессенджер", "месенджер", "messenger"]),
    (Word::Part("street"), &["улица", "вулиця", "street", "ulica", "вул", "ул"]),
    (Word::Part("city"), &["город", "мисто", "city", "town", "locality", "miasto", "городе"]),
    (
        Word::Part("region"),
        &["область", "обл", "край", "регион", "регион", "штат", "state", "province", "region", "oblast", "wojewodztwo"],
    ),
    (Word::Part("postcode"), &["индекс", "zip", "postcode", "indeks"]),
    (Word::Part("latitude"), &["широта", "latitude", "lat", "szerokosc"]),
    (Word::Part("longitude"), &["долгота", "довгота", "longitude", "lon", "lng", "dlugosc"]),
    (Word::Part("country"), &["страна", "краина", "country", "kraj", "country/region"]),
    (Word::Address, &["адрес", "адреса", "address", "adres", "аддрес"]),
    (Word::Type, &["type", "label", "тип"]),
    (Word::Formatted, &["formatted"]),
    (
        Word::Filler,
        &[
            "value",
            "значение",
            "номер",
            "number",
            "no",
            "numer",
            "основной",
            "основний",
            "main",
            "primary",
            "glowny",
            "account",
            "название",
            "контакта",
            "контакт",
            "контакту",
            "gps",
            "geo",
        ],
    ),
];

fn word(text: &str) -> Option<Word> {
    WORDS.iter().find(|(_, words)| words.contains(&text)).map(|(word, _)| *word)
}

/// What a header says about channels and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Kind of channel.
    pub kind: Option<&'static str>,
    /// Part of an address; a whole address counts as its street.
    pub part: Option<&'static str>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The number in the header.
    pub number: Option<usize>,
    /// The column holds labels.
    pub is_type: bool,
    /// The column repeats others.
    pub is_repetition: bool,
    /// Every word was understood.
    pub is_sure: bool,
}

impl Meaning {
    /// The label key for a channel.
    pub(crate) fn channel_label(&self) -> Option<&'static str> {
        self.purpose.map(Purpose::of_channel)
    }

    /// The label key for an address.
    pub(crate) fn address_label(&self) -> Option<&'static str> {
        self.purpose.map(Purpose::of_address)
    }
}

/// Reads a header word by word; `None` when it speaks of neither a channel nor an address.
pub(crate) fn meaning(header: &str) -> Option<Meaning> {
    let mut text = format!(" {} ", search_fold(header));
    for (phrase, short) in PHRASES {
        text = text.replace(&format!(" {phrase} "), &format!(" {short} "));
    }
    let mut made = Meaning { is_sure: true, ..Meaning::default() };
    let mut has_address = false;
    for token in text.split_whitespace() {
        if let Ok(number) = token.parse::<usize>() {
            made.number = Some(number).filter(|number| (1..100).contains(number));
            continue;
        }
        match word(token) {
            // "Mobile" alone is a phone already; a messenger's number is no phone.
            Some(Word::Kind(kind)) => {
                if made.kind.is_none() || made.kind == Some("phone") {
                    made.kind = Some(kind);
                }
            }
            Some(Word::Label(purpose)) => {
                made.purpose = made.purpose.filter(|known| *known == Purpose::Fax).or(Some(purpose))
            }
            Some(Word::Part(part)) => made.part = made.part.or(Some(part)),
            Some(Word::Address) => has_address = true,
            Some(Word::Type) => made.is_type = true,
            Some(Word::Formatted) => made.is_repetition = true,
            Some(Word::Filler) => {}
            None => made.is_sure = false,
        }
    }
    if made.kind.is_none() && made.part.is_none() && !has_address {
        let is_phone = matches!(made.purpose, Some(Purpose::Mobile | Purpose::Fax));
        made.kind = is_phone.then_some("phone");
    }
    if made.kind.is_some() {
        // "E-mail address", "адрес сайта": the address is not a postal one.
        made.part = None;
    } else if has_address && made.part.is_none() {
        made.part = Some("street");
        // "Address 1 - Type" labels the whole address.
    }
    (made.kind.is_some() || made.part.is_some()).then_some(made)
}

/// The key of the label that a text such as `Work` or `рабочий` means for a channel.
pub(crate) fn channel_label_of(text: &str) -> Option<&'static str> {
    purpose_of(text).map(Purpose::of_channel)
}

/// The key of the label that a text means for an address.
pub(crate) fn address_label_of(text: &str) -> Option<&'static str> {
    purpose_of(text).map(Purpose::of_address)
}

/// A label is understood only when every word of it is: `Mobile`, `work fax`; a person's own words stay as they are.
fn purpose_of(text: &str) -> Option<Purpose> {
    let folded = search_fold(text);
    let mut purpose = None;
    for token in folded.split([' ', '_']).filter(|token| !token.is_empty()) {
        match word(token)? {
            Word::Label(found) => purpose = purpose.filter(|known| *known == Purpose::Fax).or(Some(found)),
            Word::Kind("phone") | Word::Filler => {}
            _ => return None,
        }
    }
    purpose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_understood() {
        let check = |header: &str, kind: Option<&str>, part: Option<&str>, label: Option<&str>, is_sure: bool| {
            let found = meaning(header).unwrap_or_default();
            let label_found = if found.kind.is_some() { found.channel_label() } else { found.address_label() };
            assert_eq!((found.kind, found.part, label_found, found.is_sure), (kind, part, label, is_sure), "{header}");
        };
        check("Телефон", Some("phone"), None, None, true);
        check("Моб. телефон", Some("phone"), None, Some("mobile"), true);
        check("Мобільний", Some("phone"), None, Some("mobile"), true);
        check("Рабочий телефон 2", Some("phone"), None, Some("work"), true);
        check("Номер факса", Some("phone"), None, Some("fax"), true);
        check("Business Fax", Some("phone"), None, Some("fax"), true);
        check("Phone 1 - Value", Some("phone"), None, None, true);
        check("Адрес электронной почты", Some("email"), None, None, true);
        check("E-mail Address", Some("email"), None, None, true);
        check("E-mail 2 Address", Some("email"), None, None, true);
        check("Частный e-mail", Some("email"), None, Some("home"), true);
        check("Эл. почта", Some("email"), None, None, true);
        check("Контакт Telegram", Some("telegram"), None, None, true);
        check("Сайт компании", Some("website"), None, Some("work"), true);
        check("Город", None, Some("city"), None, true);
        check("Широта", None, Some("latitude"), None, true);
        check("Довгота", None, Some("longitude"), None, true);
        check("GPS Longitude", None, Some("longitude"), None, true);
        check("Адреса 2: широта", None, Some("latitude"), None, true);
        check("Business Postal Code", None, Some("postcode"), Some("work"), true);
        check("Юридический адрес", None, Some("street"), Some("billing"), true);
        check("Address 1 - Region", None, Some("region"), None, true);
        check("Номер телефону", Some("phone"), None, None, true);
        check("Телефон бабушки", Some("phone"), None, None, false);
        check("telefon komórkowy", Some("phone"), None, Some("mobile"), true);
        check("Примечание", None, None, None, false);
    }

    #[test]
    fn labels_are_understood() {
        let check = |text: &str, expect: Option<&str>| assert_eq!(channel_label_of(text), expect, "{text}");
        check("Work", Some("work"));
        check("Home Fax", Some("fax"));
        check("work_fax", Some("fax"));
        check("мобильный", Some("mobile"));
        check("дача", None);
        check("iPhone", Some("mobile"));
    }
}
