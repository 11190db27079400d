//! Two foldings of text: one to compare and sort by, one to search in.
//!
//! Both drop what people do not mean to type: case, Latin and Greek diacritics, stress marks, kinds
//! of apostrophes, surplus space, invisible characters. Stored keys are made by these functions, so
//! a change of either needs every stored key rewritten.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The Cyrillic letters of Ukraine, Belarus, Russia, Kazakhstan and their neighbours in one
/// alphabetical order. A letter that languages place differently (і) stands where Ukrainian has it.
const ALPHABET: [char; 60] = [
    'а', 'ә', 'б', 'в', 'г', 'ґ', 'ғ', 'д', 'ѓ', 'ђ', 'е', 'є', 'ж', 'җ', 'з', 'ҙ', 'ѕ', 'и', 'і', 'ї', 'й', 'ј', 'к',
    'қ', 'ҡ', 'л', 'љ', 'м', 'н', 'ң', 'њ', 'о', 'ө', 'п', 'р', 'с', 'ҫ', 'т', 'ћ', 'ќ', 'у', 'ў', 'ұ', 'ү', 'ф', 'х',
    'ҳ', 'һ', 'ц', 'ч', 'ҷ', 'џ', 'ш', 'щ', 'ъ', 'ы', 'ь', 'э', 'ю', 'я',
];
/// Where the Cyrillic block begins. Its first 48 places are capitals, which no folded text has.
const CYRILLIC: u32 = 0x400;
const NOT_A_LETTER: u8 = u8::MAX;
/// The place in [`ALPHABET`] of the letter `CYRILLIC + index`.
const PLACES: [u8; 256] = places();

/// The key by which texts are compared, sorted and looked for by the text operators: lower case,
/// without diacritics (ł is l, ß is ss, ё is е; й and ї are letters of their own), every apostrophe
/// `'`, white space single and trimmed.
///
/// Keys are compared byte by byte, and so stand in the alphabetical order that the readers of
/// Cyrillic expect: ґ after г, і and ї between и and й, ў after у. For that each Cyrillic letter is
/// written as the character at its place in the alphabet, counted from U+0400. One letter remains
/// one character, so a part of a text has a part of its key; but the result is not meant to be
/// read, must not be compared without regard to case, and the key of a key is something else.
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut space_before = false;
    fold(text, &mut |c| {
        if c == ' ' {
            space_before = !key.is_empty();
            return;
        }
        if std::mem::take(&mut space_before) {
            key.push(' ');
        }
        let placed = place(c).and_then(|place| char::from_u32(CYRILLIC + u32::from(place)));
        key.push(placed.unwrap_or(c));
    });
    key
}

/// The text under which something is found: as [`sort_key`], but readable, and more forgiving.
/// Letters that only some keyboards have become their plain relatives (і, ї → и; ґ → г; є → е; ў →
/// у; қ → к and so on), apostrophes vanish, other signs become spaces. `@ . _ - +` stay between two
/// letters or digits, where they hold an address or a double name together.
pub fn search_fold(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    fold(text, &mut |c| {
        if c != '\'' {
            letters.push(plain_relative(c));
        }
    });

    let mut found = String::with_capacity(letters.len());
    let mut rest = letters.chars().peekable();
    while let Some(c) = rest.next() {
        let joins = matches!(c, '@' | '.' | '_' | '-' | '+')
            && found.ends_with(is_token_char)
            && rest.peek().is_some_and(|next| is_token_char(*next));
        if is_token_char(c) || joins {
            found.push(c);
        } else if !found.is_empty() && !found.ends_with(' ') {
            found.push(' ');
        }
    }
    found.truncate(found.trim_end().len());
    found
}

/// Hands every character of the folded text to `emit`: lower case, no diacritics, `'` for every
/// apostrophe, a plain space for each white space.
fn fold(text: &str, emit: &mut impl FnMut(char)) {
    let visible = text.chars().filter_map(unify);
    // Almost all texts are normalized already, and to find that out is much cheaper than to do it.
    if text.chars().all(is_everyday) || is_nfkc_quick(visible.clone()) == IsNormalized::Yes {
        visible.for_each(|c| fold_char(c, emit));
    } else {
        // The composed form, in which й and ї are single characters.
        visible.nfkc().filter_map(unify).for_each(|c| fold_char(c, emit));
    }
}

/// Whether Unicode has but one way to write the character: what most texts consist of, and told at a glance.
const fn is_everyday(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{400}'..='\u{482}' | '\u{48a}'..='\u{52f}')
}

/// Makes apostrophes and spaces alike and drops what cannot be seen. This must precede the
/// normalization, which takes ´ for a space with a mark.
fn unify(c: char) -> Option<char> {
    match c {
        '\'' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '`' | '´' | '′' => Some('\''),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => None,
        _ if c.is_whitespace() => Some(' '),
        _ if c.is_control() => None,
        _ => Some(c),
    }
}

fn fold_char(c: char, emit: &mut impl FnMut(char)) {
    if matches!(c, ' '..='@' | '['..='~' | 'а'..='я') {
        return emit(c);
    }
    for letter in c.to_lowercase() {
        if letter.is_ascii() || place(letter).is_some() {
            emit(letter);
            continue;
        }
        let mut has_diacritic = false;
        decompose_canonical(letter, |part| has_diacritic |= is_diacritic(part));
        if has_diacritic {
            decompose_canonical(letter, |part| {
                if !is_diacritic(part) {
                    emit_plain(part, emit);
                }
            });
        } else {
            emit_plain(letter, emit);
        }
    }
}

/// Emits a letter, or what stands for it if its diacritic is a stroke that Unicode does not take
/// off, or if it is two letters written as one.
fn emit_plain(letter: char, emit: &mut impl FnMut(char)) {
    let plain = match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ı' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        other => return emit(other),
    };
    plain.chars().for_each(emit);
}

/// Whether `c` is a mark set on Latin, Greek or Cyrillic letters. The marks of other scripts are
/// vowels and not to be dropped.
const fn is_diacritic(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
    )
}

fn is_token_char(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'а'..='я') || c.is_alphanumeric() || is_combining_mark(c)
}

const fn plain_relative(letter: char) -> char {
    match letter {
        'ә' => 'а',
        'ґ' | 'ғ' | 'ѓ' => 'г',
        'є' => 'е',
        'җ' => 'ж',
        'ҙ' => 'з',
        'і' | 'ї' => 'и',
        'қ' | 'ҡ' | 'ќ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ҫ' => 'с',
        'ў' | 'ұ' | 'ү' => 'у',
        'ҳ' | 'һ' => 'х',
        'ҷ' => 'ч',
        other => other,
    }
}

/// The place of a letter in [`ALPHABET`].
fn place(letter: char) -> Option<u8> {
    let index = u32::from(letter).checked_sub(CYRILLIC)?;
    let place = *PLACES.get(usize::try_from(index).ok()?)?;
    (place != NOT_A_LETTER).then_some(place)
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which would refuse it")]
const fn places() -> [u8; 256] {
    let mut places = [NOT_A_LETTER; 256];
    let mut place = 0;
    while place < ALPHABET.len() {
        places[(ALPHABET[place] as u32 - CYRILLIC) as usize] = place as u8;
        place += 1;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_people_take_for_equal_have_one_key() {
        for (one, other) in [
            ("Київ", "КИЇВ"),
            ("Ёлка", "елка"),
            ("Łódź", "lodz"),
            ("Straße", "STRASSE"),
            ("Ærø", "aero"),
            ("İstanbul", "istanbul"),
            ("ΟΔΟΣ", "οδός"),
            ("об’єкт", "об`єкт"),
            ("обʼєкт", "об´єкт"),
            ("за\u{301}мок", "замок"),
            ("и\u{306}", "й"),
            ("  Иван \t\n Петров\u{a0}", "иван петров"),
            ("a\u{0}b\u{200b}c\u{ad}", "abc"),
            ("ＡＢＣ１", "abc1"),
        ] {
            assert_eq!(sort_key(one), sort_key(other), "{one} {other}");
        }
        assert_eq!(sort_key(" \u{0}\u{301} "), "");
        assert_eq!(sort_key("Zażółć 42!"), "zazolc 42!");
    }

    #[test]
    fn texts_that_people_tell_apart_have_two_keys() {
        for (one, other) in [("и", "й"), ("и", "і"), ("і", "ї"), ("г", "ґ"), ("е", "э"), ("ь", "ъ"), ("が", "か")]
        {
            assert_ne!(sort_key(one), sort_key(other), "{one} {other}");
        }
    }

    #[test]
    fn keys_stand_in_alphabetical_order() {
        let orders = [
            // Ukrainian, Russian, Belarusian and Kazakh, the latter but for і, which stands
            // where Ukrainian has it.
            "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
            "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
            "а б в г д е ж з і й к л м н о п р с т у ў ф х ц ч ш ы ь э ю я",
            "а ә б в г ғ д е ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы ь э ю я",
            "1 a b l z σ а ქ",
        ];
        for order in orders {
            let keys: Vec<_> = order.split(' ').map(sort_key).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "{order}");
        }
        let names = ["Гараж", "ґанок", "ель", "Єнот", "жук", "ива", "Івасик", "їжак", "Йод"];
        assert!(names.map(sort_key).is_sorted());
    }

    #[test]
    fn a_part_has_a_part_of_the_key_and_nothing_else_has() {
        assert!(sort_key("Київ").contains(&sort_key("иї")));
        assert!(!sort_key("кіт").contains(&sort_key("ки")));
        assert!(!sort_key("їжак").starts_with(&sort_key("и")));
    }

    #[test]
    fn letters_share_a_key_only_by_losing_a_mark() {
        let mut seen = std::collections::HashMap::new();
        let letters = ('\u{400}'..='\u{52f}').filter(|c| c.is_lowercase());
        for letter in letters {
            let loses_a_mark = place(letter).is_none() && std::iter::once(letter).nfd().count() > 1;
            if !loses_a_mark {
                let other = seen.insert(sort_key(&letter.to_string()), letter);
                assert_eq!(other, None, "{letter}");
            }
        }
    }

    #[test]
    fn search_forgives() {
        for (text, expect) in [
            ("Київ", "киив"),
            ("Ґанок об'єкта", "ганок обекта"),
            ("Қазақстан, Өскемен", "казакстан оскемен"),
            ("Łódź — «Ромашка» (ТОВ)", "lodz ромашка тов"),
            ("Ivan.Petrov+crm@example.com.", "ivan.petrov+crm@example.com"),
            ("Иванов-Петров, А.Б.", "иванов-петров а.б"),
            ("+380 (67) 123-45-67", "380 67 123-45-67"),
            ("a--b -c- d_e", "a b c d_e"),
            ("नमस्ते दुनिया", "नमस्ते दुनिया"),
            ("?!", ""),
        ] {
            assert_eq!(search_fold(text), expect, "{text}");
        }
    }
}
