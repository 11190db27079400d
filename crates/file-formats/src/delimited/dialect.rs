//! Which character separates the fields of a text and which one quotes them, by trying and comparing.

use super::parser::{Line, LineParser};
use crate::error::FormatError;
use crate::options::{Limits, ReadOptions};

/// The two characters that make up a kind of CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: Option<u8>,
}

/// In the order in which they win a tie.
const DELIMITERS: &[u8] = b";\t,|";
const QUOTES: [u8; 2] = *b"\"'";
/// Lines that are compared.
const MAX_LINES: usize = 200;

impl Dialect {
    /// The dialect that the options name, completed by what fits the sample best.
    ///
    /// # Errors
    /// [`FormatError::InvalidOption`] if a named character is not ASCII, ends a line, or both are the same.
    pub(super) fn choose(sample: &[u8], options: &ReadOptions) -> Result<Self, FormatError> {
        let delimiter = options.delimiter.map(|character| ascii(character, "delimiter")).transpose()?;
        let quote = match options.quote {
            Some('\0') => Some(None),
            Some(character) => Some(Some(ascii(character, "quote")?)),
            None => None,
        };
        if delimiter.is_some() && quote.flatten() == delimiter {
            return Err(FormatError::InvalidOption { name: "quote" });
        }
        let delimiter = delimiter.or_else(|| separator_line(sample));
        let quote = quote.unwrap_or_else(|| Some(choose_quote(sample)));
        let delimiter = delimiter.unwrap_or_else(|| choose_delimiter(sample, quote));
        Ok(Self { delimiter, quote })
    }
}

fn ascii(character: char, name: &'static str) -> Result<u8, FormatError> {
    u8::try_from(character)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, 0 | b'\n' | b'\r'))
        .ok_or(FormatError::InvalidOption { name })
}

/// The delimiter that a first line `sep=;` names.
fn separator_line(sample: &[u8]) -> Option<u8> {
    let rest = sample.strip_prefix(b"sep=").or_else(|| sample.strip_prefix(b"SEP="))?;
    match rest {
        [delimiter, b'\r' | b'\n', ..] if delimiter.is_ascii() => Some(*delimiter),
        _ => None,
    }
}

/// The double quote, unless there is none and single ones both open and close many fields. Apostrophes that only open
/// fields are what spreadsheet users put before phone numbers.
fn choose_quote(sample: &[u8]) -> u8 {
    let [double, single] = QUOTES;
    let (mut opening, mut closing) = (0_usize, 0_usize);
    for window in sample.windows(3) {
        if let [left, middle, right] = window
            && *middle == single
            && *left != single
            && *right != single
        {
            opening += usize::from(is_border(*left) && !is_border(*right));
            closing += usize::from(!is_border(*left) && is_border(*right));
        }
    }
    let is_single = closing >= 4 && opening.abs_diff(closing) <= 1 + closing / 10;
    if is_single && !sample.contains(&double) { single } else { double }
}

fn is_border(byte: u8) -> bool {
    DELIMITERS.contains(&byte) || byte == b'\n' || byte == b'\r'
}

/// The delimiter under which the most lines have the same number of fields, and among equals the one with the most fields.
/// A text in which none separates anything is one column; a character that never occurs keeps it one.
fn choose_delimiter(sample: &[u8], quote: Option<u8>) -> u8 {
    let best = DELIMITERS
        .iter()
        .rev()
        .map(|&delimiter| (score(sample, Dialect { delimiter, quote }), delimiter))
        .max_by(|(left, _), (right, _)| left.total_cmp(right));
    match best {
        Some((score, delimiter)) if score > 0.0 => delimiter,
        _ => DELIMITERS.iter().copied().find(|delimiter| !sample.contains(delimiter)).unwrap_or(b','),
    }
}

/// The share of lines with the most common number of fields, with a small bonus for more fields; 0 for a single column.
fn score(sample: &[u8], dialect: Dialect) -> f64 {
    let mut parser = LineParser::new(sample, &dialect, &Limits::default());
    let mut line = Line::default();
    let mut counts: Vec<usize> = Vec::new();
    while counts.len() < MAX_LINES {
        // The sample may end inside a quoted field; what came before is enough.
        match parser.next_line(1, &mut line) {
            Ok(true) if line.is_blank() => {}
            Ok(true) => counts.push(line.field_count()),
            Ok(false) | Err(_) => break,
        }
    }
    counts.sort_unstable();
    let Some((fields, lines)) = counts
        .chunk_by(|left, right| left == right)
        .filter_map(|run| run.first().map(|fields| (*fields, run.len())))
        .max_by_key(|(fields, lines)| (*lines, *fields))
    else {
        return 0.0;
    };
    if fields < 2 {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most a few hundred lines and a few hundred thousand fields")]
    let (share, width) = (lines as f64 / counts.len() as f64, fields as f64);
    share + (1.0 - 1.0 / width) * 0.2
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn delimiter_and_quote_are_found() {
        let check = |text: &str, delimiter: char, quote: char| {
            let dialect = Dialect::choose(text.as_bytes(), &ReadOptions::default()).unwrap();
            let found = (char::from(dialect.delimiter), dialect.quote.map(char::from));
            assert_eq!(found, (delimiter, Some(quote)), "{text:?}");
        };
        check("a,b,c\n1,2,3\n", ',', '"');
        check("a;b\n1,5;2,5\n3,5;4,5\n", ';', '"');
        check("ФИО\tАдрес\nИванов\tКиев, ул. Мира, 1\n", '\t', '"');
        check("name|city\nx|y\n", '|', '"');
        check("Имя\nИванов, Иван\nПетров\n", ';', '"');
        check("name,notes\na,\"x;y;z\"\nb,\"p;q;r\"\n", ',', '"');
        check("'a','b'\n'1','2'\n'3','4'\n", ',', '\'');
        check("name;phone\nA;'+1\nB;'+2\nC;'+3\nD;'+4\nE;'+5\n", ';', '"');
        check("sep=|\na;b|c\n", '|', '"');
        check("name;remark\nO'Brien;it's\n", ';', '"');
    }
}
