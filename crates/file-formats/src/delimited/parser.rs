//! Splits decoded text into lines of fields.
//!
//! Tolerant where programs differ (a quote inside an unquoted field, text behind a closing quote, lone carriage returns) and
//! strict where tolerance would lose rows: a quote that is never closed is an error at its row, not a field with half the
//! file in it.

use std::io::BufRead;

use super::dialect::Dialect;
use crate::error::FormatError;
use crate::options::Limits;

/// The fields of one line, in one buffer that is used again for the next.
#[derive(Debug, Default)]
pub(super) struct Line {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Line {
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter().copied()).map(|(start, end)| self.bytes.get(start..end).unwrap_or_default())
    }

    pub(super) fn field_count(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is not even a delimiter in the line.
    pub(super) fn is_blank(&self) -> bool {
        self.bytes.is_empty() && self.ends.len() <= 1
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn end_field(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the start of a field, behind any number of spaces.
    FieldStart {
        spaces: usize,
    },
    Plain,
    Quoted,
    /// Behind a quote inside a quoted field: the end of the field or half of a doubled quote.
    QuoteInQuoted,
    /// Behind the closing quote and spaces.
    AfterQuoted {
        spaces: usize,
    },
}

/// A stream of lines.
pub(super) struct LineParser<R> {
    source: R,
    delimiter: u8,
    quote: Option<u8>,
    max_line_bytes: usize,
    /// The last byte was a carriage return that ended a line; a line feed behind it belongs to it.
    is_after_return: bool,
    is_at_start: bool,
    bytes_taken: u64,
}

impl<R: BufRead> LineParser<R> {
    pub(super) fn new(source: R, dialect: &Dialect, limits: &Limits) -> Self {
        Self {
            source,
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            max_line_bytes: limits.max_line_bytes,
            is_after_return: false,
            is_at_start: true,
            bytes_taken: 0,
        }
    }

    /// Decoded bytes that were taken from the source so far.
    pub(super) fn bytes_taken(&self) -> u64 {
        self.bytes_taken
    }

    /// Reads the line that is row `number`; `false` at the end of the text. The line `sep=;`, by which Excel is told the
    /// delimiter, is no row.
    pub(super) fn next_line(&mut self, number: u64, line: &mut Line) -> Result<bool, FormatError> {
        let found = self.read_line(number, line)?;
        if found && std::mem::take(&mut self.is_at_start) && is_separator_line(line) {
            return self.read_line(number, line);
        }
        Ok(found)
    }

    fn read_line(&mut self, number: u64, line: &mut Line) -> Result<bool, FormatError> {
        line.clear();
        let mut state = State::FieldStart { spaces: 0 };
        let mut has_bytes = false;
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                if state == State::Quoted {
                    return Err(FormatError::UnclosedQuote { row: number });
                }
                if has_bytes {
                    line.end_field();
                }
                return Ok(has_bytes);
            }
            let mut used = 0;
            let mut is_complete = false;
            for &byte in chunk {
                used += 1;
                if std::mem::take(&mut self.is_after_return) && byte == b'\n' && !has_bytes {
                    continue;
                }
                has_bytes = true;
                let is_line_end = byte == b'\n' || byte == b'\r';
                if is_line_end && state != State::Quoted {
                    self.is_after_return = byte == b'\r';
                    line.end_field();
                    is_complete = true;
                    break;
                }
                state = step(state, byte, self.delimiter, self.quote, line);
                if line.bytes.len() + line.ends.len() > self.max_line_bytes {
                    break;
                }
            }
            self.source.consume(used);
            self.bytes_taken += used as u64;
            if is_complete {
                return Ok(true);
            }
            if line.bytes.len() + line.ends.len() > self.max_line_bytes {
                return Err(FormatError::LineTooLong { row: number, limit: self.max_line_bytes as u64 });
            }
        }
    }
}

/// Takes one byte that does not end the line.
fn step(state: State, byte: u8, delimiter: u8, quote: Option<u8>, line: &mut Line) -> State {
    let is_quote = Some(byte) == quote;
    match state {
        State::Quoted if is_quote => State::QuoteInQuoted,
        State::Quoted => {
            line.bytes.push(byte);
            State::Quoted
        }
        State::QuoteInQuoted if is_quote => {
            line.bytes.push(byte);
            State::Quoted
        }
        _ if byte == delimiter => {
            line.end_field();
            State::FieldStart { spaces: 0 }
        }
        State::FieldStart { spaces } if is_quote => {
            // Spaces between a delimiter and an opening quote belong to neither.
            line.bytes.truncate(line.bytes.len().saturating_sub(spaces));
            State::Quoted
        }
        State::FieldStart { spaces } if byte == b' ' => {
            line.bytes.push(byte);
            State::FieldStart { spaces: spaces + 1 }
        }
        State::FieldStart { .. } | State::Plain => {
            line.bytes.push(byte);
            State::Plain
        }
        State::QuoteInQuoted if byte == b' ' => State::AfterQuoted { spaces: 1 },
        State::AfterQuoted { spaces } if byte == b' ' => State::AfterQuoted { spaces: spaces + 1 },
        State::QuoteInQuoted | State::AfterQuoted { .. } => {
            // The quote did not close the field after all ("ООО "Ромашка""): keep it, and read on without quoting, so that
            // the damage ends with the field.
            if let State::AfterQuoted { spaces } = state {
                line.bytes.extend(quote);
                line.bytes.resize(line.bytes.len() + spaces, b' ');
            } else {
                line.bytes.extend(quote);
            }
            line.bytes.push(byte);
            State::Plain
        }
    }
}

fn is_separator_line(line: &Line) -> bool {
    let text = line.bytes.as_slice();
    let rest = text.strip_prefix(b"sep=").or_else(|| text.strip_prefix(b"SEP="));
    // The delimiter itself splits the line, so nothing is left behind the sign, or one character of another delimiter.
    rest.is_some_and(|rest| rest.len() <= 1 && line.field_count() == 2 - rest.len())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn parse(text: &str) -> Result<Vec<Vec<String>>, FormatError> {
        let dialect = Dialect { delimiter: b';', quote: Some(b'"') };
        // A source of one byte at a time meets every state at a border between two chunks.
        let source = std::io::BufReader::with_capacity(1, text.as_bytes());
        let mut parser = LineParser::new(source, &dialect, &Limits::default());
        let mut line = Line::default();
        let mut lines = Vec::new();
        while parser.next_line(lines.len() as u64 + 1, &mut line)? {
            lines.push(line.fields().map(|field| String::from_utf8_lossy(field).into_owned()).collect());
        }
        Ok(lines)
    }

    #[test]
    fn lines_split_into_fields() {
        let check = |text: &str, expect: &[&[&str]]| {
            assert_eq!(parse(text).unwrap(), expect, "{text:?}");
        };
        check("a;b\nc;d", &[&["a", "b"], &["c", "d"]]);
        check("a;b\r\nc\rd\n", &[&["a", "b"], &["c"], &["d"]]);
        check("a;\n;b\n", &[&["a", ""], &["", "b"]]);
        check("a\n\nb\n", &[&["a"], &[""], &["b"]]);
        check("\"a;\"\"b\"\"\n\r\nc\";d", &[&["a;\"b\"\n\r\nc", "d"]]);
        check("ООО \"Ромашка\";x", &[&["ООО \"Ромашка\"", "x"]]);
        check("\"ООО \"Ромашка\"\";x", &[&["ООО \"Ромашка\"\"", "x"]]);
        check("a; \"b;c\" ;d", &[&["a", "b;c", "d"]]);
        check("a;  b ;c", &[&["a", "  b ", "c"]]);
        check("sep=;\na;b", &[&["a", "b"]]);
        check("\"\";\"\"", &[&["", ""]]);
        check("", &[]);
    }

    #[test]
    fn an_open_quote_is_named_by_its_row() {
        assert!(matches!(parse("a;b\n\"c;d\ne;f\n"), Err(FormatError::UnclosedQuote { row: 2 })));
    }
}
