//! Names inside the archive: such that every system can unpack them, and found again from the tables.

use record_engine::files::StoredFile;

/// Longest name of a stored file, in characters; what comes before stays below the 260 of old systems.
const MAX_NAME_LENGTH: usize = 80;
/// Endings are kept when a name is cut.
const MAX_ENDING_LENGTH: usize = 12;

/// Where a stored file lies. The id in front keeps apart what is called alike, and what a system reserves.
pub(crate) fn of_file(file: &StoredFile) -> String {
    format!("files/{}-{}", file.id, clean(&file.name))
}

/// A name without what some file system refuses: separators, marks, control characters, blanks and dots at the ends.
pub(super) fn clean(name: &str) -> String {
    let is_refused = |c: char| c.is_control() || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let kept: String = name.chars().map(|c| if is_refused(c) { '_' } else { c }).collect();
    let kept = kept.trim_matches([' ', '.']);
    if kept.chars().count() <= MAX_NAME_LENGTH {
        return kept.to_owned();
    }
    let ending = kept.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ending.chars().count() <= MAX_ENDING_LENGTH);
    let room = MAX_NAME_LENGTH - ending.map_or(0, |ending| ending.chars().count() + 1);
    let head: String = kept.chars().take(room).collect();
    ending.map_or_else(|| head.clone(), |ending| format!("{}.{ending}", head.trim_end_matches([' ', '.'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        let check = |name: &str, kept: &str| assert_eq!(clean(name), kept);
        check("Договор № 7.pdf", "Договор № 7.pdf");
        check("../../etc/passwd", "_.._etc_passwd");
        check("a:b*c?.txt. ", "a_b_c_.txt");
        check("line\nbreak", "line_break");
        let long = format!("{}.jpeg", "я".repeat(200));
        assert_eq!(clean(&long), format!("{}.jpeg", "я".repeat(75)));
        assert_eq!(clean(&"х".repeat(200)).chars().count(), 80);
    }
}
