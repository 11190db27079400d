//! Makes texts harmless that a spreadsheet would run as a formula when it opens a CSV file, and takes the mark off again.
//!
//! A spreadsheet runs a field that begins with `=`, `+`, `-` or `@` (or their full-width forms), also behind spaces; and one
//! that splits at another delimiter than ours finds such a beginning inside a text. Every such place gets an apostrophe in
//! front, which spreadsheets show or swallow but never run. The apostrophe is added in front of any that are already there,
//! so taking exactly one away restores every text: `unguard(guard(text)) == text`.
//!
//! Texts of digits and phone punctuation only (`+380 44 123-45-67`, `-10,5`) stay as they are: without a letter, an equals
//! sign or an at sign they can name no function, cell, sheet or program, so the worst that they compute is a number.

use std::borrow::Cow;

/// Whether a text can be left alone although it begins like a formula.
fn is_inert(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '+' | '-' | '.' | ',' | ';' | '/'))
}

/// Characters that begin a formula anywhere.
fn begins_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Characters behind which another reader of the file may see the beginning of a field.
fn ends_field(character: char) -> bool {
    matches!(character, ',' | ';' | '\t' | '|' | '\r' | '\n' | '"')
}

/// Byte offsets at which a field could begin and, after apostrophes and spaces, a formula does, with whether an apostrophe
/// stands there already.
fn formula_starts(text: &str) -> impl Iterator<Item = (usize, bool)> {
    let starts = std::iter::once(0).chain(
        text.char_indices()
            .filter(|(_, character)| ends_field(*character))
            .map(|(at, character)| at + character.len_utf8()),
    );
    starts.filter_map(|at| {
        let rest = text.get(at..)?;
        let behind_marks = rest.trim_start_matches('\'');
        let first = behind_marks.trim_start_matches(' ').chars().next()?;
        let is_formula = begins_formula(first) || (at == 0 && matches!(first, '\t' | '\r'));
        is_formula.then_some((at, behind_marks.len() < rest.len()))
    })
}

/// The text as it may stand in a CSV file.
pub(crate) fn guard(text: &str) -> Cow<'_, str> {
    if is_inert(text) {
        return Cow::Borrowed(text);
    }
    edit(text, formula_starts(text).map(|(at, _)| at), |out| out.push('\''), 0)
}

/// The text that [`guard`] was given.
pub(crate) fn unguard(text: &str) -> Cow<'_, str> {
    if !text.contains('\'') {
        return Cow::Borrowed(text);
    }
    let marked = formula_starts(text).filter_map(|(at, is_marked)| is_marked.then_some(at));
    edit(text, marked, |_| {}, 1)
}

/// Copies the text, calling `insert` at every offset and leaving out `skipped` bytes there.
fn edit(
    text: &str,
    offsets: impl Iterator<Item = usize>,
    insert: impl Fn(&mut String),
    skipped: usize,
) -> Cow<'_, str> {
    let mut edited = String::new();
    let mut copied = 0;
    for at in offsets {
        edited.push_str(text.get(copied..at).unwrap_or_default());
        insert(&mut edited);
        copied = at + skipped;
    }
    if copied == 0 && edited.is_empty() {
        return Cow::Borrowed(text);
    }
    edited.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(edited)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_marked_and_phones_are_not() {
        let check = |text: &str, expect: &str| {
            assert_eq!(guard(text), expect);
            assert_eq!(unguard(&guard(text)), text);
        };
        check("=1+1", "'=1+1");
        check("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2+3+cmd|'x'!A0", "'-2+3+cmd|'x'!A0");
        check("＝HYPERLINK(\"x\")", "'＝HYPERLINK(\"x\")");
        check("\t=1", "'\t'=1");
        check("\r", "'\r");
        check("Иванов;=1+A1", "Иванов;'=1+A1");
        check("'=1", "''=1");
        check("+380 (44) 123-45-67", "+380 (44) 123-45-67");
        check("+7 701 1234567, +7 701 1234568", "+7 701 1234567, +7 701 1234568");
        check("-10,5", "-10,5");
        check("it's O'Brien", "it's O'Brien");
        check("скидка -10", "скидка -10");
        check("+380 доб. 12", "'+380 доб. 12");
    }

    proptest! {
        #[test]
        fn taking_the_mark_off_restores_every_text(text in "[-=+@＝'\";,\t\r\n |0-9a-zё]{0,24}") {
            let guarded = guard(&text).into_owned();
            let restored = unguard(&guarded);
            prop_assert_eq!(restored, text);
        }

        #[test]
        fn no_guarded_text_begins_like_a_formula(text in "[-=+@＝'\"; \ta-z0-9]{0,12}") {
            let guarded = guard(&text).into_owned();
            let first = guarded.trim_start_matches(' ').chars().next();
            prop_assert!(is_inert(&guarded) || !first.is_some_and(begins_formula));
        }
    }
}
