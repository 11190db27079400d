//! Writes cards as vCard 3.0, the version that every phone and mail program reads, or as 4.0 for who asks for it: UTF-8, escaped, folded
//! at 75 bytes.

use std::io::{self, Write};

use base64::Engine;

use super::labels::{ChannelKind, types_of_label};
use super::{Card, CardKind};

/// Bytes in one line, its end not counted (RFC 2426, 2.6).
const MAX_LINE_BYTES: usize = 75;

/// The version of a written card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardVersion {
    /// RFC 2426.
    #[default]
    V3,
    /// RFC 6350.
    V4,
}

/// Writes one card as 3.0. Reading it back gives the same card, except for `ignored`.
///
/// # Errors
/// What `out` reports.
pub fn write_card(out: &mut dyn Write, card: &Card) -> io::Result<()> {
    write_card_as(out, card, CardVersion::V3)
}

/// [`write_card`] in the version that a program asks for.
///
/// # Errors
/// What `out` reports.
pub fn write_card_as(out: &mut dyn Write, card: &Card, version: CardVersion) -> io::Result<()> {
    let mut writer = CardWriter { out, groups: 0, version };
    writer.line("BEGIN:VCARD")?;
    writer.line(match version {
        CardVersion::V3 => "VERSION:3.0",
        CardVersion::V4 => "VERSION:4.0",
    })?;
    writer.identity(card)?;
    writer.channels(card)?;
    writer.addresses(card)?;
    writer.rest(card)?;
    writer.line("END:VCARD")
}

struct CardWriter<'out> {
    out: &'out mut dyn Write,
    /// Labels are tied to their properties by groups `item1`, `item2`, ….
    groups: usize,
    version: CardVersion,
}

impl CardWriter<'_> {
    fn is_v4(&self) -> bool {
        self.version == CardVersion::V4
    }

    fn identity(&mut self, card: &Card) -> io::Result<()> {
        let name = [&card.last_name, &card.first_name, &card.additional_names, &card.prefix, &card.suffix];
        self.structured("N", &name.map(String::as_str))?;
        // FN may not be missing; a card with nothing else at all gets an empty one.
        self.line(&format!("FN:{}", escape(&display_name(card))))?;
        self.text("NICKNAME", &card.nickname)?;
        if !card.organisation.is_empty() || !card.department.is_empty() {
            self.structured("ORG", &[&card.organisation, &card.department])?;
        }
        if card.kind == CardKind::Company {
            self.line(if self.is_v4() { "KIND:org" } else { "X-ABShowAs:COMPANY" })?;
        }
        self.text("TITLE", &card.position)?;
        self.text("ROLE", &card.role)?;
        if self.is_v4() {
            // The standard took the dashes out of dates.
            self.text("BDAY", &basic_date(&card.birthday))?;
            self.text("ANNIVERSARY", &basic_date(&card.anniversary))?;
            return self.text("GENDER", &card.gender);
        }
        self.text("BDAY", &card.birthday)?;
        if !card.anniversary.is_empty() {
            self.labelled("X-ABDATE", "_$!<Anniversary>!$_", &card.anniversary)?;
        }
        self.text("X-GENDER", &card.gender)
    }

    fn channels(&mut self, card: &Card) -> io::Result<()> {
        for channel in &card.channels {
            let service = match &channel.kind {
                ChannelKind::Other(service) => format!(";X-SERVICE-TYPE={}", parameter(service)),
                _ => String::new(),
            };
            let name = match &channel.kind {
                ChannelKind::Phone => "TEL",
                ChannelKind::Email => "EMAIL",
                ChannelKind::Website => "URL",
                ChannelKind::Skype => "X-SKYPE",
                ChannelKind::Telegram => "X-TELEGRAM",
                ChannelKind::Whatsapp => "X-WHATSAPP",
                ChannelKind::Viber => "X-VIBER",
                ChannelKind::Vk => "X-VK",
                ChannelKind::Icq => "X-ICQ",
                ChannelKind::Aim => "X-AIM",
                ChannelKind::Jabber => "X-JABBER",
                ChannelKind::Other(_) => "IMPP",
            };
            let value = match &channel.kind {
                // The address needs a scheme, and the percent sign is special in one.
                ChannelKind::Other(_) => format!("x:{}", channel.value.replace('%', "%25")),
                _ => channel.value.clone(),
            };
            let pref = match (channel.is_primary, self.version) {
                (false, _) => "",
                (true, CardVersion::V3) => ";TYPE=PREF",
                (true, CardVersion::V4) => ";PREF=1",
            };
            self.with_label(&format!("{name}{service}{pref}"), &channel.label, &escape(&value))?;
        }
        Ok(())
    }

    fn addresses(&mut self, card: &Card) -> io::Result<()> {
        for address in &card.addresses {
            let parts = [
                "",
                &address.extra,
                &address.street,
                &address.city,
                &address.region,
                &address.postcode,
                &address.country,
            ];
            let value = parts.map(escape).join(";");
            self.with_label("ADR", &address.label, &value)?;
        }
        Ok(())
    }

    fn rest(&mut self, card: &Card) -> io::Result<()> {
        if !card.categories.is_empty() {
            let names: Vec<String> = card.categories.iter().map(|name| escape(name)).collect();
            self.line(&format!("CATEGORIES:{}", names.join(",")))?;
        }
        self.text("NOTE", &card.note)?;
        if let Some(photo) = &card.photo {
            let subtype = photo.media_type.rsplit('/').next().unwrap_or_default();
            let body = base64::engine::general_purpose::STANDARD.encode(&photo.bytes);
            self.line(&match self.version {
                CardVersion::V3 => format!("PHOTO;ENCODING=b;TYPE={}:{body}", subtype.to_uppercase()),
                CardVersion::V4 => format!("PHOTO:data:image/{subtype};base64,{body}"),
            })?;
        }
        self.text("LANG", &card.language)?;
        self.text("TZ", &card.timezone)?;
        if !card.geo.is_empty() {
            // The semicolon between the two numbers is a separator in 3.0, not text.
            let position = card.geo.replace(['\r', '\n'], " ");
            self.line(&match self.version {
                CardVersion::V3 => format!("GEO:{}", position.replace(',', ";")),
                CardVersion::V4 => format!("GEO:geo:{position}"),
            })?;
        }
        self.text("UID", &card.uid)?;
        for (name, value) in &card.extras {
            self.extra(name, value)?;
        }
        Ok(())
    }

    fn extra(&mut self, name: &str, value: &str) -> io::Result<()> {
        if let Some(label) = name.strip_prefix("related:") {
            return self.labelled("X-ABRELATEDNAMES", label, value);
        }
        if let Some(label) = name.strip_prefix("date:") {
            return self.labelled("X-ABDATE", label, value);
        }
        match name {
            "spouse" => self.labelled("X-ABRELATEDNAMES", "_$!<Spouse>!$_", value),
            "manager" => self.text("X-MANAGER", value),
            "assistant" => self.text("X-ASSISTANT", value),
            "photo_url" => self.text("PHOTO;VALUE=uri", value),
            "phonetic_last_name" => self.text("X-PHONETIC-LAST-NAME", value),
            "phonetic_first_name" => self.text("X-PHONETIC-FIRST-NAME", value),
            "phonetic_middle_name" => self.text("X-PHONETIC-MIDDLE-NAME", value),
            _ => match name.split_once(':') {
                Some((name, label)) => self.labelled(&property_name(name), label, value),
                None => self.text(&property_name(name), value),
            },
        }
    }

    fn text(&mut self, name: &str, value: &str) -> io::Result<()> {
        if value.is_empty() {
            return Ok(());
        }
        self.line(&format!("{name}:{}", escape(value)))
    }

    fn structured(&mut self, name: &str, parts: &[&str]) -> io::Result<()> {
        let filled = parts.iter().rposition(|part| !part.is_empty()).map_or(1, |last| last + 1);
        let parts: Vec<String> = parts.iter().take(filled).map(|part| escape(part)).collect();
        self.line(&format!("{name}:{}", parts.join(";")))
    }

    /// A property with a label: as types where the standard has words for it, else as a label property.
    fn with_label(&mut self, name: &str, label: &str, escaped: &str) -> io::Result<()> {
        match types_of_label(label) {
            Some(types) => {
                let types: String = types.iter().map(|name| format!(";TYPE={name}")).collect();
                self.line(&format!("{name}{types}:{escaped}"))
            }
            None => {
                self.groups += 1;
                let group = self.groups;
                self.line(&format!("item{group}.{name}:{escaped}"))?;
                self.line(&format!("item{group}.X-ABLabel:{}", escape(label)))
            }
        }
    }

    fn labelled(&mut self, name: &str, label: &str, value: &str) -> io::Result<()> {
        self.groups += 1;
        let group = self.groups;
        self.line(&format!("item{group}.{name}:{}", escape(value)))?;
        self.line(&format!("item{group}.X-ABLabel:{}", escape(label)))
    }

    fn line(&mut self, text: &str) -> io::Result<()> {
        folded_line(self.out, text)
    }
}

/// Writes a logical line of a card or a calendar, folded between characters.
pub(crate) fn folded_line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let mut rest = text;
    let mut room = MAX_LINE_BYTES;
    while rest.len() > room {
        let mut at = room;
        while !rest.is_char_boundary(at) {
            at -= 1;
        }
        let (head, tail) = rest.split_at(at);
        out.write_all(head.as_bytes())?;
        out.write_all(b"\r\n ")?;
        rest = tail;
        // The blank that marks a continuation counts.
        room = MAX_LINE_BYTES - 1;
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\r\n")
}

/// The name to display: the card's own, else its parts in the order of speech, else the company or the first channel.
fn display_name(card: &Card) -> String {
    let parts = [&card.prefix, &card.first_name, &card.additional_names, &card.last_name, &card.suffix];
    let named: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    let channel = card.channels.first().map(|channel| channel.value.clone());
    [card.full_name.clone(), named.join(" "), card.organisation.clone()]
        .into_iter()
        .find(|name| !name.is_empty())
        .or(channel)
        .unwrap_or_default()
}

/// `1980-03-22` as `19800322`, `--03-22` as `--0322`; what is no date stays as it is.
fn basic_date(text: &str) -> String {
    let is_date = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let (unknown_year, rest) = text.strip_prefix("--").map_or(("", text), |rest| ("--", rest));
    if is_date { format!("{unknown_year}{}", rest.replace('-', "")) } else { text.to_owned() }
}

/// A text as a value of a card or a calendar.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            ';' => escaped.push_str("\\;"),
            ',' => escaped.push_str("\\,"),
            '\n' => escaped.push_str("\\n"),
            // A return is a line break of its own unless a line feed follows.
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' => escaped.push_str("\\n"),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A parameter value: quotes protect separators, and a quote itself cannot be written in 3.0.
fn parameter(value: &str) -> String {
    format!("\"{}\"", value.replace(['"', '\r', '\n'], ""))
}

/// A name that is valid in a card.
fn property_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_uppercase() } else { '-' })
        .collect();
    if clean.is_empty() { "X-OTHER".to_owned() } else { clean }
}
