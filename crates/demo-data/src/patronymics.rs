//! Patronymics: "son of" and "daughter of" a father's first name.
//!
//! The rules are those of school grammars; names that break them stand in a table.

/// The two forms of a patronymic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patronymic {
    pub(crate) son: String,
    pub(crate) daughter: String,
}

impl Patronymic {
    fn of(stem: &str, son: &str, daughter: &str) -> Self {
        Self { son: format!("{stem}{son}"), daughter: format!("{stem}{daughter}") }
    }
}

/// Ukrainian: Олег → Олегович, Олегівна; Андрій → Андрійович, Андріївна.
pub(crate) fn ukrainian(father: &str) -> Patronymic {
    const IRREGULAR: &[(&str, &str, &str)] = &[
        ("Григорій", "Григорович", "Григорівна"),
        ("Ілля", "Ілліч", "Іллівна"),
        ("Кузьма", "Кузьмич", "Кузьмівна"),
        ("Лев", "Львович", "Львівна"),
        ("Лука", "Лукич", "Луківна"),
        ("Микола", "Миколайович", "Миколаївна"),
        ("Прокіп", "Прокопович", "Прокопівна"),
        ("Сава", "Савич", "Савівна"),
        ("Федір", "Федорович", "Федорівна"),
        ("Яків", "Якович", "Яківна"),
    ];
    if let Some(found) = irregular(IRREGULAR, father) {
        return found;
    }
    if let Some(stem) = father.strip_suffix('й') {
        return Patronymic::of(stem, "йович", "ївна");
    }
    if let Some(stem) = father.strip_suffix('ь') {
        return Patronymic::of(stem, "ьович", "івна");
    }
    let stem = father.trim_end_matches(['о', 'а']);
    Patronymic::of(stem, "ович", "івна")
}

/// Russian: Олег → Олегович, Олеговна; Сергей → Сергеевич; Юрий → Юрьевич; Дмитрий → Дмитриевич.
pub(crate) fn russian(father: &str) -> Patronymic {
    const IRREGULAR: &[(&str, &str, &str)] = &[
        ("Илья", "Ильич", "Ильинична"),
        ("Иннокентий", "Иннокентьевич", "Иннокентьевна"),
        ("Кузьма", "Кузьмич", "Кузьминична"),
        ("Лаврентий", "Лаврентьевич", "Лаврентьевна"),
        ("Лев", "Львович", "Львовна"),
        ("Лука", "Лукич", "Лукинична"),
        ("Михаил", "Михайлович", "Михайловна"),
        ("Никита", "Никитич", "Никитична"),
        ("Павел", "Павлович", "Павловна"),
        ("Пётр", "Петрович", "Петровна"),
        ("Савва", "Саввич", "Саввична"),
        ("Яков", "Яковлевич", "Яковлевна"),
    ];
    if let Some(found) = irregular(IRREGULAR, father) {
        return found;
    }
    if let Some(stem) = father.strip_suffix("ий") {
        // A soft sign stands for the lost vowel, except after two consonants: Дмитриевич.
        let mut ending = stem.chars().rev();
        let cluster = ending.next().is_some_and(is_consonant) && ending.next().is_some_and(is_consonant);
        let link = if cluster { "и" } else { "ь" };
        return Patronymic::of(stem, &format!("{link}евич"), &format!("{link}евна"));
    }
    if let Some(stem) = father.strip_suffix('й') {
        return Patronymic::of(stem, "евич", "евна");
    }
    if let Some(stem) = father.strip_suffix('ь') {
        return Patronymic::of(stem, "евич", "евна");
    }
    if father.ends_with(['ж', 'ш', 'ч', 'щ', 'ц']) {
        return Patronymic::of(father, "евич", "евна");
    }
    Patronymic::of(father, "ович", "овна")
}

/// Kazakh: Нұрлан → Нұрланұлы, Нұрланқызы.
pub(crate) fn kazakh(father: &str) -> Patronymic {
    Patronymic::of(father, "ұлы", "қызы")
}

fn is_consonant(letter: char) -> bool {
    !"аеёиоуыэюяйьъАЕЁИОУЭЮЯ".contains(letter)
}

fn irregular(table: &[(&str, &str, &str)], father: &str) -> Option<Patronymic> {
    let (_, son, daughter) = table.iter().find(|(name, ..)| *name == father)?;
    Some(Patronymic { son: (*son).to_owned(), daughter: (*daughter).to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: fn(&str) -> Patronymic, cases: &[(&str, &str, &str)]) {
        for (father, son, daughter) in cases {
            let found = rule(father);
            assert_eq!((found.son.as_str(), found.daughter.as_str()), (*son, *daughter));
        }
    }

    #[test]
    fn ukrainian_patronymics() {
        check(
            ukrainian,
            &[
                ("Андрій", "Андрійович", "Андріївна"),
                ("Василь", "Васильович", "Василівна"),
                ("Григорій", "Григорович", "Григорівна"),
                ("Дмитро", "Дмитрович", "Дмитрівна"),
                ("Ілля", "Ілліч", "Іллівна"),
                ("Ігор", "Ігорович", "Ігорівна"),
                ("Лук'ян", "Лук'янович", "Лук'янівна"),
                ("Микита", "Микитович", "Микитівна"),
                ("Микола", "Миколайович", "Миколаївна"),
                ("Олег", "Олегович", "Олегівна"),
                ("Петро", "Петрович", "Петрівна"),
                ("Сергій", "Сергійович", "Сергіївна"),
                ("Федір", "Федорович", "Федорівна"),
                ("Юрій", "Юрійович", "Юріївна"),
                ("Яків", "Якович", "Яківна"),
            ],
        );
    }

    #[test]
    fn russian_patronymics() {
        check(
            russian,
            &[
                ("Алексей", "Алексеевич", "Алексеевна"),
                ("Валерий", "Валерьевич", "Валерьевна"),
                ("Георгий", "Георгиевич", "Георгиевна"),
                ("Григорий", "Григорьевич", "Григорьевна"),
                ("Дмитрий", "Дмитриевич", "Дмитриевна"),
                ("Игорь", "Игоревич", "Игоревна"),
                ("Илья", "Ильич", "Ильинична"),
                ("Михаил", "Михайлович", "Михайловна"),
                ("Николай", "Николаевич", "Николаевна"),
                ("Никита", "Никитич", "Никитична"),
                ("Олег", "Олегович", "Олеговна"),
                ("Пётр", "Петрович", "Петровна"),
                ("Юрий", "Юрьевич", "Юрьевна"),
                ("Яков", "Яковлевич", "Яковлевна"),
                ("Куаныш", "Куанышевич", "Куанышевна"),
                ("Нурлан", "Нурланович", "Нурлановна"),
            ],
        );
    }

    #[test]
    fn kazakh_patronymics() {
        check(kazakh, &[("Нұрлан", "Нұрланұлы", "Нұрланқызы")]);
    }
}
