//! Taking a full name apart. Names of the region come as "last first patronymic" or "first patronymic last", Latin ones as "first last";
//! a patronymic is told by its ending, a surname by common endings. What remains doubtful follows the usual order of its alphabet.

use super::is_legal_form;

/// The parts of a person's name; absent ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    /// Family name.
    pub last_name: String,
    /// Given name.
    pub first_name: String,
    /// Patronymic or middle names.
    pub patronymic: String,
}

const PATRONYMIC_ENDINGS: [&str; 15] = [
    "ович",
    "евич",
    "йович",
    "ьич",
    "їч",
    "івна",
    "ївна",
    "овна",
    "евна",
    "ична",
    "инична",
    "ұлы",
    "улы",
    "қызы",
    "кызы",
];
const SHORT_PATRONYMICS: [&str; 8] = ["ильич", "кузьмич", "лукич", "фомич", "ілліч", "лукіч", "хомич", "кузьмич"];
const PATRONYMIC_WORDS: [&str; 6] = ["оглы", "кызы", "оғлы", "қызы", "угли", "кизи"];

const SURNAME_ENDINGS: [&str; 34] = [
    "енко",
    "єнко",
    "ко",
    "чук",
    "щук",
    "юк",
    "як",
    "ський",
    "цький",
    "зький",
    "ська",
    "цька",
    "зька",
    "ский",
    "цкий",
    "ская",
    "цкая",
    "ов",
    "ев",
    "ёв",
    "єв",
    "ова",
    "ева",
    "ёва",
    "єва",
    "ин",
    "ін",
    "їн",
    "ина",
    "іна",
    "швили",
    "дзе",
    "ян",
    "ых",
];

fn is_patronymic(word: &str) -> bool {
    let lower = word.to_lowercase();
    SHORT_PATRONYMICS.contains(&lower.as_str())
        || (lower.chars().count() > 5 && PATRONYMIC_ENDINGS.iter().any(|ending| lower.ends_with(ending)))
}

fn is_surname(word: &str) -> bool {
    let lower = word.to_lowercase();
    // Short words and given names ("Марко", "Валентина") are no evidence.
    lower.chars().count() > 4 && !is_given_name(word) && SURNAME_ENDINGS.iter().any(|ending| lower.ends_with(ending))
}

/// Common given names, folded: they tell the order where no ending does, and some of them end like surnames.
const GIVEN_NAMES: &[&str] = &[
    "александр",
    "олександр",
    "алексеи",
    "олексии",
    "андреи",
    "андрии",
    "антон",
    "артем",
    "богдан",
    "борис",
    "вадим",
    "валентин",
    "валерии",
    "василии",
    "василь",
    "виктор",
    "виталии",
    "владимир",
    "володимир",
    "владислав",
    "вячеслав",
    "геннадии",
    "георгии",
    "григории",
    "данко",
    "даниил",
    "данило",
    "денис",
    "дмитрии",
    "дмитро",
    "евгении",
    "евген",
    "егор",
    "иван",
    "игорь",
    "игор",
    "илья",
    "илля",
    "кирилл",
    "кирило",
    "константин",
    "костянтин",
    "левко",
    "леонид",
    "максим",
    "марко",
    "мартин",
    "михаил",
    "михаило",
    "назар",
    "николаи",
    "микола",
    "олег",
    "остап",
    "павел",
    "павло",
    "петр",
    "петро",
    "роман",
    "руслан",
    "сергеи",
    "сергии",
    "станислав",
    "степан",
    "тарас",
    "тимур",
    "федор",
    "юрии",
    "ярослав",
    "аидос",
    "арман",
    "бауыржан",
    "даурен",
    "ерлан",
    "марат",
    "нурлан",
    "нурсултан",
    "саян",
    "александра",
    "олександра",
    "алена",
    "олена",
    "алина",
    "алла",
    "анастасия",
    "анастасия",
    "ангелина",
    "анна",
    "ганна",
    "валентина",
    "валерия",
    "вера",
    "вира",
    "вероника",
    "виктория",
    "галина",
    "дарья",
    "дария",
    "диана",
    "евгения",
    "екатерина",
    "катерина",
    "елена",
    "елизавета",
    "жанна",
    "зоя",
    "инна",
    "ирина",
    "карина",
    "кристина",
    "ксения",
    "лариса",
    "леся",
    "лидия",
    "любовь",
    "людмила",
    "маргарита",
    "марина",
    "мария",
    "надежда",
    "надия",
    "наталья",
    "наталия",
    "нина",
    "оксана",
    "ольга",
    "полина",
    "раиса",
    "регина",
    "светлана",
    "свитлана",
    "соломия",
    "софия",
    "тамара",
    "татьяна",
    "тетяна",
    "ульяна",
    "уляна",
    "юлия",
    "яна",
    "аигуль",
    "аинур",
    "асель",
    "гульнара",
    "динара",
    "жанар",
    "сауле",
];

/// Whether a word is a common given name. The folding leaves й as it is; here it counts as и.
fn is_given_name(word: &str) -> bool {
    let folded = filter_language::search_fold(word).replace('й', "и");
    GIVEN_NAMES.contains(&folded.as_str())
}

fn is_cyrillic(text: &str) -> bool {
    text.chars().any(|c| ('\u{400}'..='\u{52f}').contains(&c))
}

/// Whether a name is rather that of a company: quotation marks or a legal form.
pub(crate) fn is_company(name: &str) -> bool {
    let has_quotes = name.contains('«') || name.matches('"').count() >= 2 || name.contains('„');
    let words =
        || name.split([' ', ',', '"', '«', '»']).map(|word| word.trim_matches('.')).filter(|word| !word.is_empty());
    let is_form = |word: &str| is_legal_form(word);
    has_quotes
        || words().next().is_some_and(is_form)
        || (words().count() > 1 && words().next_back().is_some_and(is_form))
}

/// Takes a name apart.
pub(crate) fn split(name: &str) -> Parts {
    let make = |last: &str, first: &str, patronymic: &str| Parts {
        last_name: last.into(),
        first_name: first.into(),
        patronymic: patronymic.into(),
    };
    if let Some((last, rest)) = name.split_once(',') {
        // "Smith, John Paul"
        let mut given = rest.split_whitespace();
        let first = given.next().unwrap_or_default();
        return make(last.trim(), first, &given.collect::<Vec<_>>().join(" "));
    }
    let mut words: Vec<&str> = name.split_whitespace().collect();
    // "Алиев Иса Гасан оглы": the last word belongs to the patronymic.
    let tail = words
        .last()
        .copied()
        .filter(|word| words.len() > 3 && PATRONYMIC_WORDS.contains(&word.to_lowercase().as_str()));
    if tail.is_some() {
        words.pop();
    }
    let with_tail = |patronymic: &str| match tail {
        Some(tail) => format!("{patronymic} {tail}"),
        None => patronymic.to_owned(),
    };
    match words.as_slice() {
        [] => Parts::default(),
        [only] => make("", only, ""),
        [first, patronymic] if is_patronymic(patronymic) && !is_surname(first) => make("", first, patronymic),
        [one, two] => {
            let is_first_given = match (is_given_name(one), is_given_name(two)) {
                (true, false) => true,
                (false, true) => false,
                _ => !is_cyrillic(name) || (is_surname(two) && !is_surname(one)),
            };
            if is_first_given { make(two, one, "") } else { make(one, two, "") }
        }
        [first, patronymic, last] if is_patronymic(patronymic) && !is_patronymic(last) => make(last, first, patronymic),
        [last, first, patronymic] if tail.is_some() || is_patronymic(patronymic) => {
            make(last, first, &with_tail(patronymic))
        }
        [last, first, rest @ ..] if is_cyrillic(name) => make(last, first, &with_tail(&rest.join(" "))),
        [first, middle @ .., last] => make(last, first, &middle.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let check = |name: &str, last: &str, first: &str, patronymic: &str| {
            let parts = split(name);
            let found = (parts.last_name.as_str(), parts.first_name.as_str(), parts.patronymic.as_str());
            assert_eq!(found, (last, first, patronymic), "{name}");
        };
        check("Шевчук Тарас Григорович", "Шевчук", "Тарас", "Григорович");
        check("Тарас Григорович Шевчук", "Шевчук", "Тарас", "Григорович");
        check("Іваненко Оксана Сергіївна", "Іваненко", "Оксана", "Сергіївна");
        check("Анна Ильинична", "", "Анна", "Ильинична");
        check("Анна Коваль", "Коваль", "Анна", "");
        check("Коваль Анна", "Коваль", "Анна", "");
        check("Сергій Рудь", "Рудь", "Сергій", "");
        check("Иван Петров", "Петров", "Иван", "");
        check("Петров Иван", "Петров", "Иван", "");
        check("Марко Бондаренко", "Бондаренко", "Марко", "");
        check("Ирина Сидоренко", "Сидоренко", "Ирина", "");
        check("Алиев Иса Гасан оглы", "Алиев", "Иса", "Гасан оглы");
        check("Сейткали Айгуль Нұрланқызы", "Сейткали", "Айгуль", "Нұрланқызы");
        check("John Smith", "Smith", "John", "");
        check("Smith, John Paul", "Smith", "John", "Paul");
        check("John Paul Smith", "Smith", "John", "Paul");
        check("Мама", "", "Мама", "");
        check("", "", "", "");
    }

    #[test]
    fn companies_are_told_from_people() {
        for name in ["ТОВ «Карпати Буд»", "ООО Ромашка", "ФОП Іваненко", "Acme Ltd.", "\"Ромашка\"", "Budimex S.A."]
        {
            assert!(is_company(name), "{name}");
        }
        for name in ["Шевчук Тарас Григорович", "John Smith", "Атаманов Сергей"] {
            assert!(!is_company(name), "{name}");
        }
    }
}
