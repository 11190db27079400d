//! The kinds of notifications. A new one is a `static` here and a place in [`ALL`]; the settings, the page and the letters have it from then on.

use super::settings::Channels;
use crate::plain_text::counted;

/// A kind of notification.
#[derive(Debug)]
pub struct Kind {
    /// The stored key.
    pub key: &'static str,
    /// What it tells of, as the settings call it: English, Russian, Ukrainian.
    pub labels: [&'static str; 3],
    /// Where it goes until its receiver says otherwise.
    pub channels: Channels,
    /// Whether it is about records: it names them, and is not there for whoever may see none of them.
    pub is_about_records: bool,
    /// The sentence, without the names of records.
    pub text: fn(&Told<'_>) -> String,
}

impl Kind {
    /// The kind of a stored key; `None` for anything else.
    pub fn from_key(key: &str) -> Option<&'static Kind> {
        ALL.iter().copied().find(|kind| kind.key == key)
    }

    /// Its name in a language.
    pub fn label(&self, language: &str) -> &'static str {
        pick(language, self.labels)
    }
}

/// What a sentence is made of.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The language of the reader.
    pub language: &'a str,
    /// Who did it; `None` for the program, and for somebody whom the reader may not see.
    pub actor: Option<&'a str>,
    /// Of how many records.
    pub count: i64,
    /// Whether what has ended went wrong.
    pub is_failed: bool,
}

impl Told<'_> {
    /// A sentence with its doer, and the one without.
    fn by(&self, with: [&str; 3], without: [&str; 3]) -> String {
        match self.actor {
            Some(actor) => format!("{actor} {}", pick(self.language, with)),
            None => pick(self.language, without).to_owned(),
        }
    }

    /// "a card", "5 cards", as the object of a sentence.
    fn cards(&self) -> String {
        match (self.language, self.count) {
            ("ru", 1) => "карточку".into(),
            ("uk", 1) => "картку".into(),
            ("ru", count) => counted("ru", count, ["карточку", "карточки", "карточек"]),
            ("uk", count) => counted("uk", count, ["картку", "картки", "карток"]),
            (_, 1) => "a card".into(),
            (_, count) => counted("en", count, ["card", "cards", "cards"]),
        }
    }
}

fn pick<'t>(language: &str, [en, ru, uk]: [&'t str; 3]) -> &'t str {
    match language {
        "ru" => ru,
        "uk" => uk,
        _ => en,
    }
}

const EVERYWHERE: Channels = Channels { page: true, mail: true };
const ON_THE_PAGE: Channels = Channels { page: true, mail: false };

/// All kinds, in the order of the settings.
pub const ALL: &[&Kind] =
    &[&ACCESS_TO_READ, &ACCESS_TO_CHANGE, &MADE_RESPONSIBLE, &RIGHTS_CHANGED, &IMPORT_FINISHED, &EXPORT_FINISHED];

/// Records were opened to the receiver, to read.
pub static ACCESS_TO_READ: Kind = Kind {
    key: "access_to_read",
    labels: [
        "A card is opened to me for reading",
        "Мне открыли карточку для чтения",
        "Мені відкрили картку для читання",
    ],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        let doing = told.by(
            ["gave you access to", "открывает вам для чтения", "відкриває вам для читання"],
            ["You got access to", "Вам открыли для чтения", "Вам відкрили для читання"],
        );
        format!("{doing} {}", told.cards())
    },
};

/// Records were opened to the receiver, to change.
pub static ACCESS_TO_CHANGE: Kind = Kind {
    key: "access_to_change",
    labels: [
        "A card is opened to me for changes",
        "Мне открыли карточку для изменений",
        "Мені відкрили картку для змін",
    ],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        let doing = told.by(
            ["lets you change", "разрешает вам менять", "дозволяє вам змінювати"],
            ["You may now change", "Вам разрешили менять", "Вам дозволили змінювати"],
        );
        format!("{doing} {}", told.cards())
    },
};

/// Records are the receiver's own now.
pub static MADE_RESPONSIBLE: Kind = Kind {
    key: "made_responsible",
    labels: [
        "I am made responsible for a card",
        "Меня назначили ответственным за карточку",
        "Мене призначили відповідальним за картку",
    ],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        let doing = told.by(
            ["made you responsible for", "поручает вам", "доручає вам"],
            ["You are now responsible for", "Вам поручили", "Вам доручили"],
        );
        format!("{doing} {}", told.cards())
    },
};

/// What the receiver may do in the program has changed.
pub static RIGHTS_CHANGED: Kind = Kind {
    key: "rights_changed",
    labels: ["My rights are changed", "Мои права изменили", "Мої права змінили"],
    channels: EVERYWHERE,
    is_about_records: false,
    text: |told| {
        told.by(
            ["changed your rights", "меняет ваши права", "змінює ваші права"],
            ["Your rights were changed", "Ваши права изменены", "Ваші права змінено"],
        )
    },
};

/// An import of the receiver has ended.
pub static IMPORT_FINISHED: Kind = Kind {
    key: "import_finished",
    labels: ["My import is finished", "Мой импорт закончен", "Мій імпорт закінчено"],
    channels: ON_THE_PAGE,
    is_about_records: false,
    text: |told| {
        let words = if told.is_failed {
            ["Your import could not be finished", "Ваш импорт не удалось закончить", "Ваш імпорт не вдалося закінчити"]
        } else {
            ["Your import is finished", "Ваш импорт закончен", "Ваш імпорт закінчено"]
        };
        pick(told.language, words).to_owned()
    },
};

/// An export of the receiver has ended.
pub static EXPORT_FINISHED: Kind = Kind {
    key: "export_finished",
    labels: ["My export is ready", "Мой экспорт готов", "Мій експорт готовий"],
    channels: ON_THE_PAGE,
    is_about_records: false,
    text: |told| {
        let words = if told.is_failed {
            ["Your export could not be made", "Ваш экспорт не удался", "Ваш експорт не вдався"]
        } else {
            ["Your export is ready", "Ваш экспорт готов", "Ваш експорт готовий"]
        };
        pick(told.language, words).to_owned()
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unlike() {
        let keys: std::collections::BTreeSet<&str> = ALL.iter().map(|kind| kind.key).collect();
        assert_eq!(keys.len(), ALL.len());
        assert!(ALL.iter().all(|kind| std::ptr::eq(Kind::from_key(kind.key).unwrap_or(&RIGHTS_CHANGED), *kind)));
    }

    #[test]
    fn sentences() {
        let check = |kind: &Kind, language: &str, actor: Option<&str>, count: i64, expect: &str| {
            let told = Told { language, actor, count, is_failed: false };
            assert_eq!((kind.text)(&told).replace('\u{a0}', " "), expect);
        };
        check(&ACCESS_TO_READ, "en", Some("Olena"), 5_000, "Olena gave you access to 5,000 cards");
        check(&ACCESS_TO_READ, "en", None, 1, "You got access to a card");
        check(&ACCESS_TO_READ, "ru", Some("Олена"), 21, "Олена открывает вам для чтения 21 карточку");
        check(&ACCESS_TO_CHANGE, "uk", Some("Олена"), 5_000, "Олена дозволяє вам змінювати 5 000 карток");
        check(&MADE_RESPONSIBLE, "ru", Some("Олена"), 3, "Олена поручает вам 3 карточки");
        check(&RIGHTS_CHANGED, "uk", None, 1, "Ваші права змінено");
    }
}
