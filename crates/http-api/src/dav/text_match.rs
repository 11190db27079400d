//! A text that a filter looks for, and the properties of an item in which it does: the same for cards and entries of calendars.

use filter_language::search_fold;

use super::xml::Element;

/// A text that is looked for.
pub(super) struct TextMatch {
    text: String,
    kind: MatchKind,
    is_negated: bool,
}

enum MatchKind {
    Contains,
    Equals,
    StartsWith,
    EndsWith,
}

impl TextMatch {
    /// A `text-match` element; `None` for a way of comparing that is not known.
    pub fn of(element: &Element) -> Option<TextMatch> {
        let kind = match element.attribute("match-type").unwrap_or("contains") {
            "contains" => MatchKind::Contains,
            "equals" => MatchKind::Equals,
            "starts-with" => MatchKind::StartsWith,
            "ends-with" => MatchKind::EndsWith,
            _ => return None,
        };
        let is_negated = element.attribute("negate-condition") == Some("yes");
        Some(TextMatch { text: search_fold(&element.text), kind, is_negated })
    }

    /// Whether a value fits.
    pub fn admits(&self, value: &str) -> bool {
        let value = search_fold(value);
        let is_met = match self.kind {
            MatchKind::Contains => value.contains(&self.text),
            MatchKind::Equals => value == self.text,
            MatchKind::StartsWith => value.starts_with(&self.text),
            MatchKind::EndsWith => value.ends_with(&self.text),
        };
        is_met != self.is_negated
    }
}

/// The properties of an item that we wrote: names in capitals without group and parameters, values as text.
pub(super) fn properties_of(item: &str) -> Vec<(String, String)> {
    let unfolded = item.replace("\r\n ", "");
    unfolded
        .lines()
        .filter_map(|line| {
            let (head, value) = line.split_once(':')?;
            let name = head.split(';').next().unwrap_or_default();
            let name = name.rsplit('.').next().unwrap_or_default();
            let value = value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
            Some((name.to_uppercase(), value))
        })
        .collect()
}
