//! Reads the text form: recursive descent over the tokens, one function per rule of the grammar in
//! the crate documentation.
//!
//! The descent counts what it enters, so that its stack is bounded by [`MAX_DEPTH`] whatever the
//! text is.

mod error;

use std::iter::Peekable;
use std::vec::IntoIter;

use crate::ast::{Condition, Expr, FieldPath, Literal, Operand, Operator, is_name};
use crate::lexer::{Token, TokenKind, tokens};
use crate::limits::{MAX_DEPTH, MAX_TEXT_BYTES, Tally};
pub use crate::parse::error::{ParseError, ParseErrorCode};

/// Reads the text form of a filter. The grammar stands in the crate documentation. A blank text is
/// an error: what matches everything says so (`all`).
pub fn parse(text: &str) -> Result<Expr, ParseError> {
    if text.len() > MAX_TEXT_BYTES {
        let message = format!("a filter is at most {MAX_TEXT_BYTES} bytes long");
        return Err(ParseError::new(MAX_TEXT_BYTES, ParseErrorCode::TooLong, message));
    }
    let mut parser =
        Parser { tokens: tokens(text)?.into_iter().peekable(), end: text.len(), nesting: 0, tally: Tally::default() };
    let expr = parser.disjunction()?;
    let last = parser.next();
    if last.kind != TokenKind::End {
        return Err(unexpected(&last, "`and`, `or` or the end"));
    }
    // `(a and b or c)` is two levels in one pair of brackets, so the tree can be deeper than what
    // the descent counted, though not by more than a factor.
    if depth(&expr) > MAX_DEPTH {
        return Err(ParseError::too_deep(0));
    }
    Ok(expr)
}

struct Parser<'t> {
    tokens: Peekable<IntoIter<Token<'t>>>,
    end: usize,
    /// How many `not` and brackets are open.
    nesting: usize,
    tally: Tally,
}

impl<'t> Parser<'t> {
    fn disjunction(&mut self) -> Result<Expr, ParseError> {
        let mut parts = vec![self.conjunction()?];
        while self.accept_word("or") {
            parts.push(self.conjunction()?);
        }
        Ok(Expr::any_of(parts))
    }

    fn conjunction(&mut self) -> Result<Expr, ParseError> {
        let mut parts = vec![self.negation()?];
        while self.accept_word("and") {
            parts.push(self.negation()?);
        }
        Ok(Expr::all_of(parts))
    }

    fn negation(&mut self) -> Result<Expr, ParseError> {
        let offset = self.offset();
        if self.accept_word("not") {
            self.enter(offset)?;
            let inner = self.negation()?;
            self.nesting -= 1;
            Ok(Expr::Not(Box::new(inner)))
        } else if self.accept_symbol("(") {
            self.enter(offset)?;
            let inner = self.disjunction()?;
            self.expect_symbol(")", "`)`, `and` or `or`")?;
            self.nesting -= 1;
            Ok(inner)
        } else if self.accept_word("all") {
            Ok(Expr::All)
        } else {
            self.tally.add_condition().map_err(|limit| ParseError::exceeded(offset, limit))?;
            self.condition().map(Expr::Condition)
        }
    }

    fn enter(&mut self, offset: usize) -> Result<(), ParseError> {
        self.nesting += 1;
        if self.nesting > MAX_DEPTH {
            return Err(ParseError::too_deep(offset));
        }
        Ok(())
    }

    fn condition(&mut self) -> Result<Condition, ParseError> {
        let token = self.next();
        let field = match token.kind {
            TokenKind::Word(name) | TokenKind::Path(name) => name.parse::<FieldPath>().ok(),
            _ => None,
        };
        let field = field.ok_or_else(|| unexpected(&token, "a field name (lower case)"))?;
        let (operator, value) = self.test()?;
        Ok(Condition { field, operator, value })
    }

    fn test(&mut self) -> Result<(Operator, Operand), ParseError> {
        let token = self.next();
        let operator = match &token.kind {
            TokenKind::Symbol("=") => Operator::Equal,
            TokenKind::Symbol("!=") => Operator::NotEqual,
            TokenKind::Symbol("<") => Operator::Less,
            TokenKind::Symbol("<=") => Operator::LessOrEqual,
            TokenKind::Symbol(">") => Operator::Greater,
            TokenKind::Symbol(">=") => Operator::GreaterOrEqual,
            TokenKind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "between" => Operator::Between,
                "in" => Operator::In,
                "not" => {
                    self.expect_word("in")?;
                    Operator::NotIn
                }
                "contains" => Operator::Contains,
                "starts" => {
                    self.expect_word("with")?;
                    Operator::StartsWith
                }
                "ends" => {
                    self.expect_word("with")?;
                    Operator::EndsWith
                }
                "has" if self.accept_word("all") => Operator::HasAll,
                "has" => Operator::Has,
                "is" => {
                    let not = self.accept_word("not");
                    self.expect_word("empty")?;
                    if not { Operator::IsNotEmpty } else { Operator::IsEmpty }
                }
                _ => return Err(unexpected(&token, "an operator")),
            },
            _ => return Err(unexpected(&token, "an operator")),
        };
        let value = match operator {
            Operator::IsEmpty | Operator::IsNotEmpty => Operand::None,
            Operator::Between => {
                let low = self.counted_value(1)?;
                self.expect_word("and")?;
                Operand::Many(vec![low, self.counted_value(2)?])
            }
            Operator::In | Operator::NotIn => {
                self.expect_symbol("(", "`(`")?;
                Operand::Many(self.list()?)
            }
            Operator::Has | Operator::HasAll if self.accept_symbol("(") => Operand::Many(self.list()?),
            _ => Operand::One(self.counted_value(1)?),
        };
        Ok((operator, value))
    }

    /// The rest of a list whose opening bracket has been read.
    fn list(&mut self) -> Result<Vec<Literal>, ParseError> {
        let mut values = Vec::new();
        if self.accept_symbol(")") {
            return Ok(values);
        }
        loop {
            values.push(self.counted_value(values.len() + 1)?);
            if !self.accept_symbol(",") {
                self.expect_symbol(")", "`,` or `)`")?;
                return Ok(values);
            }
        }
    }

    fn counted_value(&mut self, list_length: usize) -> Result<Literal, ParseError> {
        let offset = self.offset();
        self.tally.add_value(list_length).map_err(|limit| ParseError::exceeded(offset, limit))?;
        self.value()
    }

    fn value(&mut self) -> Result<Literal, ParseError> {
        let token = self.next();
        match &token.kind {
            TokenKind::Text(text) => Ok(Literal::Text(text.clone())),
            TokenKind::Date(date) => Ok(Literal::Date((*date).to_owned())),
            TokenKind::Instant(ms) => Ok(Literal::Instant(*ms)),
            TokenKind::Symbol("-") => {
                let number = self.next();
                number_literal("-", &number)
            }
            TokenKind::Integer(_) | TokenKind::Number(_) => number_literal("", &token),
            TokenKind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "true" => Ok(Literal::Boolean(true)),
                "false" => Ok(Literal::Boolean(false)),
                "me" => Ok(Literal::Me),
                "my_people" => Ok(Literal::MyPeople),
                "my_teams" => Ok(Literal::MyTeams),
                "today" => Ok(Literal::Today { offset_days: self.offset_in(1_440)? }),
                "now" => Ok(Literal::Now { offset_minutes: self.offset_in(1)? }),
                "and" | "or" | "not" | "all" | "empty" => Err(unexpected(&token, "a value")),
                _ if is_name(word) => Ok(Literal::Text((*word).to_owned())),
                _ => Err(unexpected(&token, "a value; text must stand in double quotes")),
            },
            _ => Err(unexpected(&token, "a value")),
        }
    }

    /// The distance after `today` or `now`, counted in units of `unit_minutes`; zero if there is
    /// none.
    fn offset_in<N: TryFrom<i128>>(&mut self, unit_minutes: i128) -> Result<N, ParseError> {
        let sign = if self.accept_symbol("-") {
            -1
        } else if self.accept_symbol("+") {
            1
        } else {
            0
        };
        let mut minutes = 0;
        let offset = self.offset();
        if sign != 0 {
            let token = self.next();
            let TokenKind::Duration(digits, unit) = token.kind else {
                return Err(unexpected(&token, "a distance such as 30d"));
            };
            let minutes_each: i128 = match unit {
                'm' => 1,
                'h' => 60,
                'd' => 1_440,
                _ => 10_080,
            };
            let whole = digits.parse::<i128>().ok().and_then(|n| n.checked_mul(minutes_each));
            minutes = whole
                .filter(|_| minutes_each >= unit_minutes)
                .ok_or_else(|| out_of_range(offset, "a distance in these units"))?;
        }
        N::try_from(sign * minutes / unit_minutes).map_err(|_| out_of_range(offset, "a distance in these units"))
    }

    fn next(&mut self) -> Token<'t> {
        self.tokens.next().unwrap_or(Token { offset: self.end, kind: TokenKind::End })
    }

    fn offset(&mut self) -> usize {
        self.tokens.peek().map_or(self.end, |token| token.offset)
    }

    fn accept_word(&mut self, expected: &str) -> bool {
        self.tokens.next_if(|token| is_word(token, expected)).is_some()
    }

    fn expect_word(&mut self, expected: &str) -> Result<(), ParseError> {
        let token = self.next();
        if is_word(&token, expected) {
            return Ok(());
        }
        Err(unexpected(&token, &format!("`{expected}`")))
    }

    fn accept_symbol(&mut self, expected: &str) -> bool {
        self.tokens.next_if(|token| is_symbol(token, expected)).is_some()
    }

    fn expect_symbol(&mut self, expected: &str, described: &str) -> Result<(), ParseError> {
        let token = self.next();
        if is_symbol(&token, expected) {
            return Ok(());
        }
        Err(unexpected(&token, described))
    }
}

fn is_word(token: &Token<'_>, expected: &str) -> bool {
    matches!(token.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(expected))
}

fn is_symbol(token: &Token<'_>, expected: &str) -> bool {
    matches!(token.kind, TokenKind::Symbol(symbol) if symbol == expected)
}

fn number_literal(sign: &str, token: &Token<'_>) -> Result<Literal, ParseError> {
    match token.kind {
        TokenKind::Integer(digits) => {
            let parsed = format!("{sign}{digits}").parse().map(Literal::Integer);
            parsed.map_err(|_| out_of_range(token.offset, "a number"))
        }
        TokenKind::Number(digits) => {
            let parsed = format!("{sign}{digits}").parse().ok().filter(|n: &f64| n.is_finite());
            parsed.map(Literal::Number).ok_or_else(|| out_of_range(token.offset, "a number"))
        }
        _ => Err(unexpected(token, "a number")),
    }
}

fn out_of_range(offset: usize, what: &str) -> ParseError {
    ParseError::new(offset, ParseErrorCode::InvalidNumber, format!("{what} is out of range"))
}

fn unexpected(token: &Token<'_>, expected: &str) -> ParseError {
    let code = match token.kind {
        TokenKind::End => ParseErrorCode::UnexpectedEnd,
        _ => ParseErrorCode::UnexpectedToken,
    };
    ParseError::new(token.offset, code, format!("expected {expected}"))
}

fn depth(expr: &Expr) -> usize {
    1 + match expr {
        Expr::All | Expr::Condition(_) => 0,
        Expr::And(parts) | Expr::Or(parts) => parts.iter().map(depth).max().unwrap_or(0),
        Expr::Not(inner) => depth(inner),
    }
}

#[cfg(test)]
mod tests;
