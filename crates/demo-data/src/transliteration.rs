//! Names in Latin letters, for e-mail addresses, handles, websites and cards kept in Latin.
//!
//! Ukrainian follows the official table (KMU-55), Russian and Kazakh the spelling that people use
//! in addresses; Polish loses its diacritics. Two different names of one list never become the
//! same Latin word: the uniqueness of e-mail addresses rests on that, and a test of `names`
//! watches it.

/// The language whose letters are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Ukrainian,
    Russian,
    Kazakh,
    Polish,
}

/// Lower-case Latin letters and digits; spaces, apostrophes and signs are dropped.
pub(crate) fn to_latin(text: &str, script: Script) -> String {
    let mut latin = String::with_capacity(text.len() + 4);
    let mut at_start = true;
    let mut previous = ' ';
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter == ' ' || letter == '-' {
            at_start = true;
            previous = ' ';
            continue;
        }
        let spelled = match script {
            Script::Ukrainian => ukrainian(letter, previous, at_start),
            Script::Russian => russian(letter),
            Script::Kazakh => kazakh(letter),
            Script::Polish => polish(letter),
        };
        match spelled {
            Some(spelled) => latin.push_str(spelled),
            None if letter.is_ascii_alphanumeric() => latin.push(letter),
            None => {}
        }
        at_start = false;
        previous = letter;
    }
    latin
}

/// Latin letters with every word capitalised, as on a business card; keeps spaces and hyphens.
pub(crate) fn to_latin_title(text: &str, script: Script) -> String {
    let mut title = String::with_capacity(text.len() + 4);
    for part in text.split_inclusive([' ', '-']) {
        let word = part.trim_end_matches([' ', '-']);
        let latin = to_latin(word, script);
        let mut letters = latin.chars();
        title.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        title.push_str(letters.as_str());
        title.push_str(part.get(word.len()..).unwrap_or_default());
    }
    title
}

fn ukrainian(letter: char, previous: char, at_start: bool) -> Option<&'static str> {
    Some(match letter {
        // "зг" is "zgh", lest it be read as the single letter "ж".
        'г' if previous == 'з' => "gh",
        'г' => "h",
        'ґ' => "g",
        'е' => "e",
        'є' if at_start => "ye",
        'є' => "ie",
        'и' => "y",
        'і' => "i",
        'ї' if at_start => "yi",
        'ї' => "i",
        'й' if at_start => "y",
        'й' => "i",
        'х' => "kh",
        'щ' => "shch",
        'ю' if at_start => "yu",
        'ю' => "iu",
        'я' if at_start => "ya",
        'я' => "ia",
        other => return common_cyrillic(other),
    })
}

fn russian(letter: char) -> Option<&'static str> {
    Some(match letter {
        'г' => "g",
        'е' | 'э' => "e",
        'ё' => "yo",
        'и' => "i",
        'й' | 'ы' => "y",
        'х' => "kh",
        'щ' => "shch",
        'ъ' => "",
        'ю' => "yu",
        'я' => "ya",
        other => return common_cyrillic(other),
    })
}

fn kazakh(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ә' => "a",
        'ғ' => "g",
        'қ' => "q",
        'ң' => "n",
        'ө' => "o",
        'ұ' | 'ү' => "u",
        'һ' => "h",
        'і' => "i",
        other => return russian(other),
    })
}

/// Letters that the languages spell alike.
fn common_cyrillic(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'д' => "d",
        'ж' => "zh",
        'з' => "z",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        _ => return None,
    })
}

fn polish(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ą' => "a",
        'ć' => "c",
        'ę' => "e",
        'ł' => "l",
        'ń' => "n",
        'ó' => "o",
        'ś' => "s",
        'ź' | 'ż' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: Script, text: &str, expected: &str) {
        assert_eq!(to_latin(text, script), expected, "{text}");
    }

    #[test]
    fn names_become_latin_as_people_write_them() {
        check(Script::Ukrainian, "Згурський", "zghurskyi");
        check(Script::Ukrainian, "Євген", "yevhen");
        check(Script::Ukrainian, "Соловйов", "soloviov");
        check(Script::Ukrainian, "В'ячеслав", "viacheslav");
        check(Script::Ukrainian, "Юрій Яремчук", "yuriiyaremchuk");
        check(Script::Russian, "Фёдор Щукин", "fyodorshchukin");
        check(Script::Kazakh, "Нұрғалиев", "nurgaliev");
        check(Script::Polish, "Wiśniewski-Żak", "wisniewskizak");
    }

    #[test]
    fn titles_keep_words_and_hyphens() {
        assert_eq!(to_latin_title("Івано-Франківськ", Script::Ukrainian), "Ivano-Frankivsk");
        assert_eq!(to_latin_title("вулиця Шевченка", Script::Ukrainian), "Vulytsia Shevchenka");
    }
}
