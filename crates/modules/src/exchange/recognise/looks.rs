//! What a column is by the look of its values, when its header says nothing.

use file_formats::Cell;
use record_engine::field_types::ChannelFormat;

use super::super::importable::Look;

/// Share of the filled cells that must look alike.
const SHARE: f64 = 0.8;

/// What the values of a column look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnLook {
    /// Channels of a format.
    Channel(ChannelFormat),
    /// Something that the type knows what to do with.
    Other(Look),
}

/// The look of a column's sample.
pub(crate) fn look_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<ColumnLook> {
    let filled: Vec<(&Cell, String)> =
        cells.map(|cell| (cell, cell.to_text().trim().to_owned())).filter(|(_, text)| !text.is_empty()).collect();
    if filled.is_empty() {
        return None;
    }
    let is_mostly = |test: &dyn Fn(&Cell, &str) -> bool| {
        let count = filled.iter().filter(|(cell, text)| test(cell, text)).count();
        #[expect(clippy::cast_precision_loss, reason = "a sample has tens of cells")]
        let share = count as f64 / filled.len() as f64;
        share >= SHARE
    };
    if is_mostly(&|_, text| is_email(text)) {
        return Some(ColumnLook::Channel(ChannelFormat::Email));
    }
    if is_mostly(&|cell, text| matches!(cell, Cell::Date(_) | Cell::DateTime(_)) || is_date(text)) {
        return Some(ColumnLook::Other(Look::Date));
    }
    if is_mostly(&|_, text| is_phone(text)) {
        return Some(ColumnLook::Channel(ChannelFormat::Phone));
    }
    if is_mostly(&|_, text| text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.")) {
        return Some(ColumnLook::Channel(ChannelFormat::Url));
    }
    is_mostly(&|_, text| is_person(text)).then_some(ColumnLook::Other(Look::PersonName))
}

fn is_email(text: &str) -> bool {
    let first = text.split([',', ';', ' ']).next().unwrap_or_default();
    first.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let is_year = |part: &&str| part.len() == 4 && part.starts_with(['1', '2']);
    matches!(parts.as_slice(), [first, _, last] if is_year(first) || is_year(last))
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '/'))
}

fn is_phone(text: &str) -> bool {
    let first = text.split([',', ';', '\n']).next().unwrap_or_default();
    let digits = first.chars().filter(char::is_ascii_digit).count();
    let is_written_as_one = first.chars().all(|c| c.is_ascii_digit() || " +()-./".contains(c));
    // A plain number of seven digits may be anything; with a plus, brackets or ten digits it is hardly else than a phone.
    is_written_as_one && (10..=15).contains(&digits)
        || is_written_as_one && digits >= 7 && first.contains(['+', '(', '-'])
}

fn is_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase)
                && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '’' | '\'' | 'ʼ' | '.'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_their_values() {
        let check = |values: &[&str], expect: Option<ColumnLook>| {
            let cells: Vec<Cell> = values.iter().map(|text| Cell::from_text((*text).to_owned())).collect();
            assert_eq!(look_of(cells.iter()), expect, "{values:?}");
        };
        check(&["a@b.c", "d@e.f, g@h.i", ""], Some(ColumnLook::Channel(ChannelFormat::Email)));
        check(&["067 440 12 85", "+380674401286"], Some(ColumnLook::Channel(ChannelFormat::Phone)));
        check(&["22.03.1980", "1981-04-01"], Some(ColumnLook::Other(Look::Date)));
        check(&["Шевчук Тарас Григорович", "Іваненко Оксана"], Some(ColumnLook::Other(Look::PersonName)));
        check(&["https://a.b", "www.c.d"], Some(ColumnLook::Channel(ChannelFormat::Url)));
        check(&["12", "13"], None);
        check(&["", ""], None);
    }
}
