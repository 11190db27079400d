//! Names reduced to what different spellings have in common: Cyrillic and Latin, Russian and Ukrainian, ё and е, doubled letters.
//!
//! What must stay true: it is for comparing only and never shown; equal spellings in one alphabet stay equal.

use filter_language::search_fold;

/// What is replaced, in this order: first letters that several alphabets write differently, then sounds.
const SOUNDS: &[(&str, &str)] = &[
    ("shch", "s"),
    ("sch", "s"),
    ("sh", "s"),
    ("sz", "s"),
    ("ch", "c"),
    ("cz", "c"),
    ("ts", "c"),
    ("tz", "c"),
    ("zh", "z"),
    ("kh", "h"),
    ("gh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("g", "h"),
    ("q", "k"),
    ("w", "v"),
    ("x", "ks"),
    ("y", "i"),
    ("j", "i"),
];

/// After doubled letters are one.
const GLIDES: &[(&str, &str)] = &[("iu", "u"), ("ia", "a"), ("ie", "e"), ("io", "o")];

/// A word as it sounds, in plain Latin letters.
pub fn skeleton(word: &str) -> String {
    let mut latin = String::with_capacity(word.len());
    for letter in search_fold(word).chars() {
        match spelled(letter) {
            Some(text) => latin.push_str(text),
            None if letter.is_alphanumeric() => latin.push(letter),
            None => {}
        }
    }
    for (sound, letter) in SOUNDS {
        latin = latin.replace(sound, letter);
    }
    latin = single(&latin);
    for (glide, letter) in GLIDES {
        latin = latin.replace(glide, letter);
    }
    if let Some(stem) = latin.strip_suffix("ei") {
        latin = format!("{stem}i");
    }
    single(&latin)
}

/// The words of a name as they sound, in an order of their own: people write the last name first or last.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> =
        search_fold(name).split([' ', '-']).map(skeleton).filter(|word| !word.is_empty()).collect();
    words.sort();
    words
}

fn single(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for letter in text.chars() {
        if !made.ends_with(letter) || letter.is_ascii_digit() {
            made.push(letter);
        }
    }
    made
}

/// Cyrillic letters after folding; `None` for all others.
fn spelled(letter: char) -> Option<&'static str> {
    Some(match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ғ' | 'һ' | 'х' => "h",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ё' => "io",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ї' | 'й' | 'ы' => "i",
        'к' | 'қ' => "k",
        'л' => "l",
        'м' => "m",
        'н' | 'ң' => "n",
        'о' | 'ө' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' | 'ў' | 'ұ' | 'ү' => "u",
        'ф' => "f",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "iu",
        'я' => "ia",
        'ә' => "a",
        'ь' | 'ъ' => "",
        _ => return None,
    })
}

/// Whether two words differ by at most one letter that is wrong, missing, too much, or has changed places with its neighbour.
pub fn is_one_slip(one: &str, two: &str) -> bool {
    let (mut short, mut long): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    if short.len() > long.len() {
        std::mem::swap(&mut short, &mut long);
    }
    if long.len() - short.len() > 1 {
        return false;
    }
    let same_before = short.iter().zip(&long).take_while(|(a, b)| a == b).count();
    let same_behind = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    if same_before + same_behind + 1 >= long.len() {
        return true;
    }
    let swapped = || {
        let pair = |letters: &[char], at: usize| Some((*letters.get(at)?, *letters.get(at + 1)?));
        let (Some((a, b)), Some((c, d))) = (pair(&short, same_before), pair(&long, same_before)) else { return false };
        (a, b) == (d, c) && same_before + same_behind + 2 == long.len()
    };
    short.len() == long.len() && swapped()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        for group in [
            ["Щербаков", "Shcherbakov", "ЩЕРБАКОВ"].as_slice(),
            &["Юлия", "Yulia", "Julia", "Iuliia", "Юлія"],
            &["Семёнов", "Семенов"],
            &["Сергей", "Сергій", "Sergey", "Serhii", "Sergei"],
            &["Андрей", "Андрій", "Andriy", "Andrii", "Andrey"],
            &["Наталья", "Наталия", "Natalia", "Наталія"],
            &["Евгений", "Yevhenii", "Evgeniy", "Євгеній"],
            &["Ковальчук", "Kovalchuk", "Kowalczuk"],
            &["Жуков", "Zhukov"],
            &["Цой", "Tsoy", "Tsoi"],
            &["Ирина", "Ірина", "Iryna", "Irina"],
            &["Анна", "Anna", "Ana"],
        ] {
            let reduced: Vec<String> = group.iter().map(|name| skeleton(name)).collect();
            assert!(reduced.windows(2).all(|pair| pair.first() == pair.last()), "{group:?}: {reduced:?}");
        }
        for (one, two) in [("Иван", "Инна"), ("Петров", "Петрова"), ("Ольга", "Олег"), ("Ковальчук", "Коваленко")]
        {
            assert_ne!(skeleton(one), skeleton(two), "{one} {two}");
        }
        assert_eq!(words("Петров Иван"), words("Ivan  PETROV"));
        assert_eq!(words("Салтыков-Щедрин"), words("Щедрин Салтыков"));
    }

    #[test]
    fn a_slip_is_one_letter() {
        for (one, two, expect) in [
            ("kovalcuk", "kovalcuk", true),
            ("kovalcuk", "kovaltuk", true),
            ("kovalcuk", "kovalcu", true),
            ("kovalcuk", "ovalcuk", true),
            ("kovalcuk", "kovvalcuk", true),
            ("kovalcuk", "kovlacuk", true),
            ("kovalcuk", "kovlcau", false),
            ("kovalcuk", "kovalenko", false),
            ("kovalcuk", "koval", false),
            ("a", "", true),
        ] {
            assert_eq!(is_one_slip(one, two), expect, "{one} {two}");
            assert_eq!(is_one_slip(two, one), expect, "{two} {one}");
        }
    }
}
