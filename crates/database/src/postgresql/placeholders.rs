//! From `?` to `$1`, `$2`, ….

/// Numbers the placeholders of a statement; leaves quoted text and comments alone.
///
/// Escape strings (`E'…\'…'`) and dollar quotes are not understood: the product
/// writes no literals of either kind, it binds values.
pub(super) fn number_placeholders(sql: &str) -> String {
    let mut numbered = String::with_capacity(sql.len() + 16);
    let mut state = State::Code;
    let mut count = 0_usize;
    let mut characters = sql.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied();
        state = match (state, character) {
            (State::Code, '?') => {
                count += 1;
                numbered.push_str(&format!("${count}"));
                continue;
            }
            (State::Code, '\'' | '"') => State::Quoted(character),
            (State::Code, '-') if next == Some('-') => State::LineComment,
            (State::Code, '/') if next == Some('*') => State::BlockComment,
            // A doubled quote ends and begins the text again, which comes to the same.
            (State::Quoted(quote), _) if quote == character => State::Code,
            (State::LineComment, '\n') => State::Code,
            (State::BlockComment, '*') if next == Some('/') => State::Code,
            (state, _) => state,
        };
        numbered.push(character);
    }
    numbered
}

#[derive(Clone, Copy)]
enum State {
    Code,
    Quoted(char),
    LineComment,
    BlockComment,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_placeholders_are_numbered() {
        let check = |sql: &str, expected: &str| assert_eq!(number_placeholders(sql), expected);
        check("SELECT 1", "SELECT 1");
        check("a = ? AND b IN (?,?)", "a = $1 AND b IN ($2,$3)");
        check("'?' || ? || 'it''s ?'", "'?' || $1 || 'it''s ?'");
        check("\"a?\" = ?", "\"a?\" = $1");
        check("? -- why?\n, ?", "$1 -- why?\n, $2");
        check("? /* ? ' */ - ?", "$1 /* ? ' */ - $2");
        check("'Київ?' = ?", "'Київ?' = $1");
    }
}
