//! Cuts the text form into tokens. Key words stay words here: which word is a key word depends on
//! where it stands, and the parser knows that.

use crate::calendar;
use crate::parse::{ParseError, ParseErrorCode};

/// A token and the byte offset at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token<'t> {
    pub(crate) offset: usize,
    pub(crate) kind: TokenKind<'t>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TokenKind<'t> {
    /// A run of ASCII letters, digits and `_` that begins with a letter or `_`.
    Word(&'t str),
    /// Two such runs joined by a dot.
    Path(&'t str),
    /// A quoted text, its escapes undone.
    Text(String),
    /// An unsigned number without point or exponent.
    Integer(&'t str),
    /// An unsigned number with a point or an exponent.
    Number(&'t str),
    /// Digits and a unit: `30d`.
    Duration(&'t str, char),
    /// An existing day.
    Date(&'t str),
    /// An instant in milliseconds.
    Instant(i64),
    /// A bracket, comma, sign or comparison.
    Symbol(&'static str),
    /// The end of the filter.
    End,
}

/// Longer spellings come before their own beginnings.
const SYMBOLS: [&str; 11] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-"];

/// Cuts `text` into tokens, the last of which is [`TokenKind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token<'_>>, ParseError> {
    let mut lexer = Lexer { rest: text, offset: 0 };
    let mut found = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let offset = lexer.offset;
        let kind = lexer.next_kind()?;
        let is_end = kind == TokenKind::End;
        found.push(Token { offset, kind });
        if is_end {
            return Ok(found);
        }
    }
}

struct Lexer<'t> {
    /// What is not yet read.
    rest: &'t str,
    /// Where `rest` begins, in bytes.
    offset: usize,
}

impl<'t> Lexer<'t> {
    fn next_kind(&mut self) -> Result<TokenKind<'t>, ParseError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(TokenKind::End);
        };
        if first == '"' {
            return self.text();
        }
        if first.is_ascii_digit() {
            return self.digits();
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(self.word());
        }
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| self.rest.starts_with(symbol)) {
            self.take(symbol.len());
            return Ok(TokenKind::Symbol(symbol));
        }
        let message = if first.is_alphabetic() {
            "text must stand in double quotes".to_owned()
        } else {
            format!("the character {first:?} has no meaning here")
        };
        Err(ParseError::new(self.offset, ParseErrorCode::UnexpectedCharacter, message))
    }

    fn word(&mut self) -> TokenKind<'t> {
        let is_word_char = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start = self.rest;
        let word = self.take_while(is_word_char);
        let continues = self
            .rest
            .strip_prefix('.')
            .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
        if !continues {
            return TokenKind::Word(word);
        }
        let part = self.take(1).len() + self.take_while(is_word_char).len();
        TokenKind::Path(start.get(..word.len() + part).unwrap_or(start))
    }

    fn text(&mut self) -> Result<TokenKind<'t>, ParseError> {
        let start = self.offset;
        self.take(1);
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '"' && c != '\\'));
            let mut next = self.rest.chars();
            match (next.next(), next.next()) {
                (Some('"'), _) => {
                    self.take(1);
                    return Ok(TokenKind::Text(text));
                }
                (Some(_), Some(escaped @ ('"' | '\\'))) => {
                    self.take(2);
                    text.push(escaped);
                }
                (Some(_), Some(_)) => {
                    return Err(ParseError::new(
                        self.offset,
                        ParseErrorCode::UnknownEscape,
                        r#"after a backslash only " or \ may follow"#,
                    ));
                }
                (None, _) | (_, None) => {
                    return Err(ParseError::new(
                        start,
                        ParseErrorCode::UnterminatedText,
                        "the closing quote is missing",
                    ));
                }
            }
        }
    }

    /// A token that begins with a digit. It reaches as far as characters that could belong to any
    /// such token do, so that `5abc` or `2026-11-225` is one bad token rather than two good ones.
    fn digits(&mut self) -> Result<TokenKind<'t>, ParseError> {
        let start = self.offset;
        if let [y1, y2, y3, y4, b'-', m, ..] = self.rest.as_bytes()
            && [y1, y2, y3, y4, m].iter().all(|byte| byte.is_ascii_digit())
        {
            let is_date_char = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.');
            let text = self.take_while(is_date_char);
            if calendar::parse_date(text).is_some() {
                return Ok(TokenKind::Date(text));
            }
            return calendar::parse_instant(text).map(TokenKind::Instant).ok_or_else(|| {
                ParseError::new(
                    start,
                    ParseErrorCode::InvalidDate,
                    format!("{text} is no date (2026-11-22) and no instant (2026-11-22T10:00:00Z)"),
                )
            });
        }

        let whole = self.rest;
        let digits = self.take_while(|c| c.is_ascii_digit());
        let mut length = digits.len();
        if self.rest.starts_with('.') {
            length += self.take(1).len() + self.take_while(|c| c.is_ascii_digit()).len();
        }
        let suffix = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        length += suffix.len();
        let is_exponent = matches!(suffix, "e" | "E") && self.rest.starts_with(['+', '-']);
        if is_exponent {
            length += self.take(1).len() + self.take_while(|c| c.is_ascii_alphanumeric()).len();
        }
        let text = whole.get(..length).unwrap_or(whole);

        let invalid = |message: String| Err(ParseError::new(start, ParseErrorCode::InvalidNumber, message));
        if digits.len() > 1 && digits.starts_with('0') {
            return invalid(format!("{text} begins with 0; as a text it must stand in quotes"));
        }
        if length == digits.len() {
            return Ok(TokenKind::Integer(text));
        }
        if let Some(unit @ ('m' | 'h' | 'd' | 'w')) = single_char(suffix)
            && length == digits.len() + 1
        {
            return Ok(TokenKind::Duration(digits, unit));
        }
        if is_number(text) {
            return Ok(TokenKind::Number(text));
        }
        invalid(format!("{text} is not a number"))
    }

    /// Reads `length` bytes; the rest, if that is not a border between characters.
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        self.offset += taken.len();
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        self.take(self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len()))
    }
}

fn single_char(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let only = chars.next()?;
    chars.next().is_none().then(|| only.to_ascii_lowercase())
}

/// Whether `text` is `digits [. digits] [e [±] digits]`. Rust's own reading of floats also takes
/// `1.`, `inf` and the like.
fn is_number(text: &str) -> bool {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_digits(whole) && fraction.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}
