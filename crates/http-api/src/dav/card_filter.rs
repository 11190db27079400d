//! The filter of an address book query (RFC 6352, 10.5), held against the text of a card.

use super::text_match::{TextMatch, properties_of};
use super::xml::{CARD, Element};

/// Most conditions of a filter.
const MAX_CONDITIONS: usize = 50;

/// A filter.
pub(super) struct CardFilter {
    needs_all: bool,
    properties: Vec<PropertyFilter>,
}

/// What is asked of one property.
struct PropertyFilter {
    name: String,
    needs_all: bool,
    /// It must not be there.
    is_absent: bool,
    matches: Vec<TextMatch>,
}

impl CardFilter {
    /// What finds every card.
    pub fn all() -> CardFilter {
        CardFilter { needs_all: true, properties: Vec::new() }
    }

    /// A filter element; `None` when it asks for what is not known here, which is refused rather than answered wrongly.
    pub fn of(filter: &Element) -> Option<CardFilter> {
        let mut properties = Vec::new();
        for element in &filter.children {
            if !element.name.is(CARD, "prop-filter") {
                return None;
            }
            properties.push(PropertyFilter::of(element)?);
        }
        let count: usize = properties.iter().map(|property| 1 + property.matches.len()).sum();
        (count <= MAX_CONDITIONS).then_some(())?;
        Some(CardFilter { needs_all: needs_all(filter)?, properties })
    }

    /// Whether a card fits.
    pub fn admits(&self, card: &str) -> bool {
        if self.properties.is_empty() {
            return true;
        }
        let lines = properties_of(card);
        let mut answers = self.properties.iter().map(|property| property.admits(&lines));
        if self.needs_all { answers.all(|is_met| is_met) } else { answers.any(|is_met| is_met) }
    }
}

impl PropertyFilter {
    fn of(element: &Element) -> Option<PropertyFilter> {
        let mut matches = Vec::new();
        let mut is_absent = false;
        for child in &element.children {
            match child.name.local.as_str() {
                "is-not-defined" => is_absent = true,
                "text-match" => matches.push(TextMatch::of(child)?),
                _ => return None,
            }
        }
        let name = element.attribute("name")?.to_uppercase();
        Some(PropertyFilter { name, needs_all: needs_all(element)?, is_absent, matches })
    }

    fn admits(&self, lines: &[(String, String)]) -> bool {
        let mut values =
            lines.iter().filter(|(name, _)| *name == self.name).map(|(_, value)| value.as_str()).peekable();
        if self.is_absent || values.peek().is_none() {
            return self.is_absent && values.peek().is_none();
        }
        let values: Vec<&str> = values.collect();
        let mut answers = self.matches.iter().map(|wanted| values.iter().any(|value| wanted.admits(value)));
        match (self.matches.is_empty(), self.needs_all) {
            (true, _) => true,
            (false, true) => answers.all(|is_met| is_met),
            (false, false) => answers.any(|is_met| is_met),
        }
    }
}

fn needs_all(element: &Element) -> Option<bool> {
    match element.attribute("test").unwrap_or("anyof") {
        "anyof" => Some(false),
        "allof" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::xml::read;
    use super::*;

    const CARD_TEXT: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Шевчук;Тарас\r\nFN:Шевчук Тарас Григо\r\n рович\r\n\
        TEL;TYPE=CELL:+380 44 123 45 67\r\nitem1.EMAIL:taras@example.com\r\nitem1.X-ABLabel:дача\r\nEND:VCARD\r\n";

    fn filter(inner: &str, test: &str) -> Option<CardFilter> {
        let text = format!("<C:filter xmlns:C=\"urn:ietf:params:xml:ns:carddav\" test=\"{test}\">{inner}</C:filter>");
        CardFilter::of(&read(text.as_bytes()).unwrap().unwrap())
    }

    #[test]
    fn properties_are_matched() {
        let check = |inner: &str, test: &str, expect: bool| {
            assert_eq!(filter(inner, test).unwrap().admits(CARD_TEXT), expect, "{inner}");
        };
        let name = |text: &str, more: &str| {
            format!("<C:prop-filter name=\"fn\"><C:text-match {more}>{text}</C:text-match></C:prop-filter>")
        };
        check("", "anyof", true);
        check(&name("григорович", ""), "anyof", true);
        check(&name("шевчук", "match-type=\"starts-with\""), "anyof", true);
        check(&name("тарас", "match-type=\"starts-with\""), "anyof", false);
        check(&name("тарас", "negate-condition=\"yes\""), "anyof", false);
        check("<C:prop-filter name=\"EMAIL\"/>", "anyof", true);
        check("<C:prop-filter name=\"NICKNAME\"/>", "anyof", false);
        check("<C:prop-filter name=\"NICKNAME\"><C:is-not-defined/></C:prop-filter>", "anyof", true);
        check(&format!("{}<C:prop-filter name=\"NICKNAME\"/>", name("тарас", "")), "anyof", true);
        check(&format!("{}<C:prop-filter name=\"NICKNAME\"/>", name("тарас", "")), "allof", false);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(
            filter("<C:prop-filter name=\"TEL\"><C:param-filter name=\"TYPE\"/></C:prop-filter>", "anyof").is_none()
        );
        assert!(filter("<C:prop-filter name=\"TEL\"/>", "someof").is_none());
        assert!(filter("<C:prop-filter/>", "anyof").is_none());
        assert!(filter(&"<C:prop-filter name=\"TEL\"/>".repeat(60), "anyof").is_none());
    }
}
