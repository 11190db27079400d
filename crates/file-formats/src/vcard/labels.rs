//! The words by which programs say what kind of channel something is and where it belongs, in both directions.

use super::property::Property;

/// What a channel of a card is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A telephone or fax number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web page.
    Website,
    /// A Skype name.
    Skype,
    /// A Telegram name or number.
    Telegram,
    /// A WhatsApp number.
    Whatsapp,
    /// A Viber number.
    Viber,
    /// A VK profile.
    Vk,
    /// An ICQ number.
    Icq,
    /// An AIM name.
    Aim,
    /// A Jabber (XMPP) address.
    Jabber,
    /// Any other service, by its name in lower case.
    Other(String),
}

impl ChannelKind {
    /// The name in lower case, for `Other` the name of the service.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Website => "website",
            Self::Skype => "skype",
            Self::Telegram => "telegram",
            Self::Whatsapp => "whatsapp",
            Self::Viber => "viber",
            Self::Vk => "vk",
            Self::Icq => "icq",
            Self::Aim => "aim",
            Self::Jabber => "jabber",
            Self::Other(service) => service,
        }
    }

    /// The kind for the name of a messenger or network, in any spelling; unknown ones become `Other`.
    pub(super) fn from_service(name: &str) -> Self {
        let name: String =
            name.to_lowercase().chars().filter(|character| character.is_alphanumeric() || *character == '_').collect();
        match name.as_str() {
            "skype" | "skypeusername" => Self::Skype,
            "telegram" | "tg" => Self::Telegram,
            "whatsapp" => Self::Whatsapp,
            "viber" => Self::Viber,
            "vk" | "vkontakte" => Self::Vk,
            "icq" => Self::Icq,
            "aim" => Self::Aim,
            "jabber" | "xmpp" => Self::Jabber,
            _ => Self::Other(name),
        }
    }

    /// The property of version 2.1 and 3.0 that has this name, if it is one of a messenger: `X-SKYPE`, `X-ICQ`, ….
    pub(super) fn from_property(name: &str) -> Option<Self> {
        let service = name
            .strip_prefix("X-EVOLUTION-")
            .or_else(|| name.strip_prefix("X-KADDRESSBOOK-X-"))
            .or_else(|| name.strip_prefix("X-"))?;
        match service {
            "AIM" | "ICQ" | "JABBER" | "SKYPE" | "SKYPE-USERNAME" | "TELEGRAM" | "WHATSAPP" | "VIBER" | "VK" => {
                Some(Self::from_service(service))
            }
            "MSN" | "YAHOO" | "GADUGADU" | "GROUPWISE" | "QQ" | "GOOGLE-TALK" | "GTALK" | "TWITTER" | "FACEBOOK"
            | "INSTAGRAM" | "LINKEDIN" | "SIGNAL" | "MATRIX" | "WECHAT" | "LINE" | "SIP" => {
                Some(Self::Other(service.to_lowercase().replace('-', "_")))
            }
            "IMADDRESS" | "MS-IMADDRESS" => Some(Self::Other("im".to_owned())),
            _ => None,
        }
    }
}

/// Types that say nothing which a contact could hold: transport, media and defaults.
const SILENT_TYPES: &[&str] = &[
    "PREF",
    "VOICE",
    "MSG",
    "TEXT",
    "VIDEO",
    "INTERNET",
    "X400",
    "DOM",
    "INTL",
    "POSTAL",
    "PARCEL",
    "BBS",
    "MODEM",
    "ISDN",
    "TEXTPHONE",
    "MAIN-NUMBER",
    "URI",
    "JPEG",
    "PNG",
    "GIF",
    "BASE64",
    "UNKNOWN",
];

/// The label of a channel or address from its types, or the user's own words if a label property belongs to it.
pub(super) fn label_of(property: &Property, custom: Option<&str>) -> String {
    if let Some(custom) = custom {
        return known_label(custom);
    }
    let types = property.types();
    let has = |wanted: &[&str]| types.iter().any(|found| wanted.contains(&found.as_str()));
    let place = if has(&["WORK", "BUSINESS"]) {
        Some("work")
    } else if has(&["HOME"]) {
        Some("home")
    } else {
        None
    };
    let device = if has(&["FAX"]) {
        Some("fax")
    } else if has(&["PAGER"]) {
        Some("pager")
    } else if has(&["CELL", "MOBILE", "IPHONE", "PCS"]) {
        Some("mobile")
    } else {
        None
    };
    match (place, device) {
        (Some(place), Some(device)) => format!("{place}_{device}"),
        (Some(label), None) | (None, Some(label)) => label.to_owned(),
        (None, None) => types
            .iter()
            .find(|found| !SILENT_TYPES.contains(&found.as_str()))
            .map(|found| found.strip_prefix("X-").unwrap_or(found).to_lowercase())
            .unwrap_or_default(),
    }
}

/// The text of a label property; Apple marks its own words as `_$!<Anniversary>!$_`.
pub(super) fn plain_label(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix("_$!<").and_then(|inner| inner.strip_suffix(">!$_")).unwrap_or(text)
}

fn known_label(custom: &str) -> String {
    let plain = plain_label(custom);
    let known = match plain.to_lowercase().as_str() {
        "home" => "home",
        "work" => "work",
        "mobile" => "mobile",
        "fax" => "fax",
        "pager" => "pager",
        "other" => "other",
        "homefax" => "home_fax",
        "workfax" => "work_fax",
        _ => return plain.to_owned(),
    };
    known.to_owned()
}

/// The types that stand for a label, `None` if only a label property can carry it.
pub(super) fn types_of_label(label: &str) -> Option<Vec<&'static str>> {
    if label.is_empty() {
        return Some(Vec::new());
    }
    label
        .split('_')
        .map(|word| match word {
            "home" => Some("HOME"),
            "work" => Some("WORK"),
            "mobile" => Some("CELL"),
            "fax" => Some("FAX"),
            "pager" => Some("PAGER"),
            "other" => Some("OTHER"),
            _ => None,
        })
        .collect()
}
