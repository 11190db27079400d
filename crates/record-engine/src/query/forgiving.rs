//! What people may have meant: the same keys under another keyboard layout, the same sounds in another alphabet, a word with one wrong letter.
//!
//! What must stay true: a reading is tried only when those before it found nothing, so a search that finds something costs what it did.

/// Fewer letters than this are not corrected: too many words are one letter apart.
pub(super) const MIN_CORRECTED: usize = 5;
/// More letters than this are no word that anybody mistyped.
pub(super) const MAX_CORRECTED: usize = 24;
/// From this many letters on, two letters may be wrong.
const TWO_ERRORS: usize = 9;

const LATIN_KEYS: &str = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN_KEYS: &str = "ёйцукенгшщзхъфывапролджэячсмитьбю";
const UKRAINIAN_KEYS: &str = "'йцукенгшщзхїфівапролджєячсмитьбю";

/// Sounds of several letters before those of one; the second spelling of a sound is tried in a reading of its own.
const FROM_LATIN: [(&str, &str, &str); 50] = [
    ("shch", "щ", "щ"),
    ("sch", "щ", "щ"),
    ("zgh", "зг", "зг"),
    ("kh", "х", "х"),
    ("zh", "ж", "ж"),
    ("ts", "ц", "ц"),
    ("tz", "ц", "ц"),
    ("ch", "ч", "ч"),
    ("sh", "ш", "ш"),
    ("yu", "ю", "ю"),
    ("iu", "ю", "ю"),
    ("ju", "ю", "ю"),
    ("ya", "я", "я"),
    ("ia", "я", "ия"),
    ("ja", "я", "я"),
    ("yo", "е", "йо"),
    ("jo", "е", "йо"),
    ("ye", "е", "е"),
    ("je", "е", "е"),
    ("yi", "и", "и"),
    ("iy", "ий", "ий"),
    ("ck", "к", "к"),
    ("ph", "ф", "ф"),
    ("th", "т", "т"),
    ("a", "а", "а"),
    ("b", "б", "б"),
    ("c", "к", "ц"),
    ("d", "д", "д"),
    ("e", "е", "э"),
    ("f", "ф", "ф"),
    ("g", "г", "г"),
    ("h", "г", "х"),
    ("i", "и", "и"),
    ("j", "й", "дж"),
    ("k", "к", "к"),
    ("q", "к", "к"),
    ("w", "в", "в"),
    ("x", "кс", "кс"),
    ("v", "в", "в"),
    ("y", "и", "ы"),
    ("z", "з", "з"),
    ("l", "л", "л"),
    ("m", "м", "м"),
    ("n", "н", "н"),
    ("o", "о", "о"),
    ("p", "п", "п"),
    ("r", "р", "р"),
    ("s", "с", "с"),
    ("t", "т", "т"),
    ("u", "у", "у"),
];
/// Cyrillic letters of the folded alphabet as they are mostly written in Latin.
const TO_LATIN: [(char, &str); 33] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "h"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "e"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "i"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
];

/// The other readings of a text, the likelier first. The text is as typed: keys that are signs in one layout are letters in the other.
pub(super) fn readings(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let has_latin = lower.chars().any(|c| c.is_ascii_alphabetic());
    let has_cyrillic = lower.chars().any(|c| ('а'..='я').contains(&c) || "ёіїєґ".contains(c));
    let mut found: Vec<String> = Vec::new();
    match (has_latin, has_cyrillic) {
        (true, false) => {
            found.push(from_latin(&lower, false));
            found.push(switched(&lower, LATIN_KEYS, RUSSIAN_KEYS));
            found.push(switched(&lower, LATIN_KEYS, UKRAINIAN_KEYS));
            found.push(from_latin(&lower, true));
        }
        (false, true) => {
            found.push(to_latin(&filter_language::search_fold(&lower)));
            found.push(switched(&lower, RUSSIAN_KEYS, LATIN_KEYS));
            found.push(switched(&lower, UKRAINIAN_KEYS, LATIN_KEYS));
        }
        _ => {}
    }
    found.retain(|reading| *reading != lower);
    found.dedup();
    found
}

fn switched(text: &str, from: &str, to: &str) -> String {
    let key = |c: char| from.chars().position(|other| other == c).and_then(|at| to.chars().nth(at));
    text.chars().map(|c| key(c).unwrap_or(c)).collect()
}

fn from_latin(text: &str, is_second: bool) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match FROM_LATIN.iter().find(|(sound, _, _)| rest.starts_with(sound)) {
            Some((sound, one, other)) => {
                made.push_str(if is_second { other } else { one });
                sound.len()
            }
            None => {
                made.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    made
}

fn to_latin(text: &str) -> String {
    let mut made = String::new();
    for c in text.chars() {
        match TO_LATIN.iter().find(|(cyrillic, _)| *cyrillic == c) {
            Some((_, latin)) => made.push_str(latin),
            None => made.push(c),
        }
    }
    made
}

/// The groups of trigrams one of which a text with the word, but for one wrong, missing, surplus or exchanged letter, still has whole.
pub(super) fn surviving_trigrams(word: &str) -> Vec<Vec<String>> {
    let letters: Vec<char> = word.chars().collect();
    let trigrams: Vec<String> = letters.windows(3).map(|three| three.iter().collect()).collect();
    let mut groups: Vec<Vec<String>> = Vec::new();
    for error in 0..letters.len() {
        // An exchange touches the next letter too.
        let is_whole = |at: &usize| error + 1 < *at || error > at + 2;
        let group: Vec<String> =
            (0..trigrams.len()).filter(is_whole).filter_map(|at| trigrams.get(at).cloned()).collect();
        if !group.is_empty() && !groups.contains(&group) {
            groups.push(group);
        }
    }
    groups
}

/// The word, or the beginning of one, that was most likely meant among the words of texts that were found: the one with the fewest wrong
/// letters, then the one that stands there most often.
pub(super) fn correction<'t>(word: &str, texts: impl IntoIterator<Item = &'t str>) -> Option<String> {
    let typed: Vec<char> = word.chars().collect();
    let most = if typed.len() >= TWO_ERRORS { 2 } else { 1 };
    let mut counts: std::collections::HashMap<String, (usize, usize)> = std::collections::HashMap::new();
    for candidate in texts.into_iter().flat_map(|text| text.split(' ')) {
        let letters: Vec<char> = candidate.chars().collect();
        if letters.len() + most < typed.len() {
            continue;
        }
        // Whoever is still typing has typed a beginning; a whole word that fits as well is likelier.
        let ends = [letters.len(), typed.len(), typed.len() + 1, typed.len().saturating_sub(1)];
        let best = ends
            .into_iter()
            .filter(|end| *end > 0 && *end <= letters.len())
            .filter_map(|end| letters.get(..end).map(|part| (distance(&typed, part, most), part)))
            .filter(|(errors, _)| *errors <= most)
            .min_by_key(|(errors, _)| *errors);
        if let Some((errors, part)) = best {
            let entry = counts.entry(part.iter().collect()).or_insert((errors, 0));
            entry.1 += 1;
        }
    }
    let likeliest = counts.into_iter().min_by(|(a, (errors, count)), (b, (other_errors, other_count))| {
        errors.cmp(other_errors).then(other_count.cmp(count)).then(a.cmp(b))
    });
    likeliest.map(|(word, _)| word).filter(|made| made != word)
}

/// How many letters are wrong, missing, surplus or exchanged with their neighbour; more than `most` is `most + 1`.
fn distance(a: &[char], b: &[char], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(&last, j + 1) + 1).min(at(&row, j) + 1).min(at(&last, j) + usize::from(x != y));
            let is_exchange = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if is_exchange {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or_default().min(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_keyboards_and_alphabets() {
        let check = |text: &str, meant: &str| {
            assert!(readings(text).iter().any(|reading| reading == meant), "{text}: {:?}", readings(text))
        };
        check("ghbdtn", "привет");
        check("ghbdsn", "привіт");
        check("Rjdfkmxer", "ковальчук");
        check("руддщ", "hello");
        check("ivanov", "иванов");
        check("Shevchenko", "шевченко");
        check("shcherbakov", "щербаков");
        check("Halyna", "галина");
        check("Khrystyna", "христина");
        check("иванов", "ivanov");
        check("шевчук", "shevchuk");
        assert!(readings("12345").is_empty());
        assert!(readings("Ivan Петров").is_empty());
    }

    #[test]
    fn one_wrong_letter_leaves_trigrams() {
        let survivors = surviving_trigrams("иванов");
        assert!(
            survivors.contains(&vec!["нов".to_owned()])
                || survivors.iter().any(|group| group.contains(&"нов".to_owned()))
        );
        assert!(surviving_trigrams("ива").iter().all(Vec::is_empty));
        // Whatever single letter is replaced, one group is whole in the result.
        for at in 0..6 {
            let broken: String =
                "иванов".chars().enumerate().map(|(place, c)| if place == at { 'щ' } else { c }).collect();
            assert!(
                survivors.iter().any(|group| group.iter().all(|trigram| broken.contains(trigram.as_str()))),
                "{broken}"
            );
        }
    }

    #[test]
    fn the_word_that_was_meant() {
        let check = |typed: &str, texts: &[&str], meant: Option<&str>| {
            assert_eq!(correction(typed, texts.iter().copied()).as_deref(), meant, "{typed}");
        };
        check("ковалчук", &["ковальчук олена", "шевчук тарас"], Some("ковальчук"));
        check("ивонов", &["иванов иван", "иванов петр", "ивонин"], Some("иванов"));
        check("ианвов", &["иванов"], None);
        check("иавнов", &["иванов"], Some("иванов"));
        check("шефч", &["шевченко"], Some("шевч"));
        check("абдулаевв", &["абдуллаев рустам"], Some("абдуллаев"));
        check("иванов", &["иванов"], None);
        check("иванов", &["сидоров"], None);
    }
}
