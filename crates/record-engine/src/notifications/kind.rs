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

    /// Whether it tells of changes of fields: whoever may read none of these hears nothing.
    pub(super) fn is_of_changes(&self) -> bool {
        self.key == FOLLOWED_CHANGE.key
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
    /// Their type; empty where it is about none.
    pub object_type: &'a str,
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

    /// "a card", "5 tasks", as the object of a sentence.
    fn things(&self) -> String {
        let (one, forms) = match (self.language, self.object_type) {
            ("ru", "task") => ("задачу", ["задачу", "задачи", "задач"]),
            ("uk", "task") => ("завдання", ["завдання", "завдання", "завдань"]),
            (_, "task") => ("a task", ["task", "tasks", "tasks"]),
            ("ru", "deal") => ("сделку", ["сделку", "сделки", "сделок"]),
            ("uk", "deal") => ("угоду", ["угоду", "угоди", "угод"]),
            (_, "deal") => ("a deal", ["deal", "deals", "deals"]),
            ("ru", "event") => ("мероприятие", ["мероприятие", "мероприятия", "мероприятий"]),
            ("uk", "event") => ("захід", ["захід", "заходи", "заходів"]),
            (_, "event") => ("an event", ["event", "events", "events"]),
            ("ru", "order") => ("заказ", ["заказ", "заказа", "заказов"]),
            ("uk", "order") => ("замовлення", ["замовлення", "замовлення", "замовлень"]),
            (_, "order") => ("an order", ["order", "orders", "orders"]),
            ("ru", _) => ("карточку", ["карточку", "карточки", "карточек"]),
            ("uk", _) => ("картку", ["картку", "картки", "карток"]),
            _ => ("a card", ["card", "cards", "cards"]),
        };
        if self.count == 1 { one.to_owned() } else { counted(self.language, self.count, forms) }
    }
}

/// The text of a language among English, Russian and Ukrainian.
pub(super) fn pick<'t>(language: &str, [en, ru, uk]: [&'t str; 3]) -> &'t str {
    match language {
        "ru" => ru,
        "uk" => uk,
        _ => en,
    }
}

fn counted_or_one(told: &Told<'_>, one: &str, forms: [&str; 3]) -> String {
    if told.count == 1 { one.to_owned() } else { counted(told.language, told.count, forms) }
}

const EVERYWHERE: Channels = Channels { page: true, mail: true, push: true };
const ON_THE_SCREEN: Channels = Channels { page: true, mail: false, push: true };
const ON_THE_PAGE: Channels = Channels { page: true, mail: false, push: false };

/// All kinds, in the order of the settings.
pub const ALL: &[&Kind] = &[
    &MADE_RESPONSIBLE,
    &MADE_PARTICIPANT,
    &MENTIONED,
    &FOLLOWED_NOTE,
    &FOLLOWED_CHANGE,
    &REACTED,
    &TASK_DUE,
    &TASK_OVERDUE,
    &TASK_CLOSED,
    &TASK_REOPENED,
    &EVENT_SOON,
    &ACCESS_TO_READ,
    &ACCESS_TO_CHANGE,
    &RIGHTS_CHANGED,
    &IMPORT_FINISHED,
    &EXPORT_FINISHED,
];

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
        format!("{doing} {}", told.things())
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
        format!("{doing} {}", told.things())
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
        format!("{doing} {}", told.things())
    },
};

/// The receiver takes part in records.
pub static MADE_PARTICIPANT: Kind = Kind {
    key: "made_participant",
    labels: ["I take part in a task", "Меня добавили участником задачи", "Мене додали учасником завдання"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        let doing = told.by(
            ["asks you to take part in", "зовёт вас в", "кличе вас у"],
            ["You now take part in", "Вас добавили в", "Вас додали у"],
        );
        format!("{doing} {}", told.things())
    },
};

/// The receiver is named in a note.
pub static MENTIONED: Kind = Kind {
    key: "mentioned",
    labels: ["I am mentioned in a note", "Меня упомянули в заметке", "Мене згадали в нотатці"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        told.by(
            ["mentioned you in a note", "упоминает вас в заметке", "згадує вас у нотатці"],
            ["You are mentioned in a note", "Вас упомянули в заметке", "Вас згадали в нотатці"],
        )
    },
};

/// There is a new note on what the receiver follows.
pub static FOLLOWED_NOTE: Kind = Kind {
    key: "followed_note",
    labels: ["A new note on what I follow", "Новая заметка там, за чем я слежу", "Нова нотатка там, за чим я стежу"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| {
        told.by(
            ["wrote a note", "пишет заметку", "пише нотатку"],
            ["There is a new note", "Есть новая заметка", "Є нова нотатка"],
        )
    },
};

/// What the receiver follows is changed in what matters: how far it is, whose it is, by when.
pub static FOLLOWED_CHANGE: Kind = Kind {
    key: "followed_change",
    labels: ["What I follow has changed", "Изменилось то, за чем я слежу", "Змінилося те, за чим я стежу"],
    channels: ON_THE_SCREEN,
    is_about_records: true,
    text: |told| {
        let doing = told.by(["changed", "меняет", "змінює"], ["Changed:", "Изменили", "Змінили"]);
        format!("{doing} {}", told.things())
    },
};

/// Somebody reacted to a note of the receiver.
pub static REACTED: Kind = Kind {
    key: "reacted",
    labels: ["A reaction to my note", "Реакция на мою заметку", "Реакція на мою нотатку"],
    channels: ON_THE_PAGE,
    is_about_records: true,
    text: |told| {
        told.by(
            ["reacted to your note", "реагирует на вашу заметку", "реагує на вашу нотатку"],
            ["A reaction to your note", "Реакция на вашу заметку", "Реакція на вашу нотатку"],
        )
    },
};

/// The deadline of a task of the receiver is near.
pub static TASK_DUE: Kind = Kind {
    key: "task_due",
    labels: ["A task of mine is due soon", "Скоро срок моей задачи", "Скоро термін мого завдання"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| match told.language {
        "ru" => format!("Пора: {}", counted_or_one(told, "задача", ["задача", "задачи", "задач"])),
        "uk" => format!("Час: {}", counted_or_one(told, "завдання", ["завдання", "завдання", "завдань"])),
        _ => format!("Due: {}", counted_or_one(told, "a task", ["task", "tasks", "tasks"])),
    },
};

/// The deadline of a task of the receiver has passed.
pub static TASK_OVERDUE: Kind = Kind {
    key: "task_overdue",
    labels: ["A task of mine is overdue", "Моя задача просрочена", "Моє завдання прострочене"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| match told.language {
        "ru" => format!("Срок прошёл: {}", counted_or_one(told, "задача", ["задача", "задачи", "задач"])),
        "uk" => format!("Термін минув: {}", counted_or_one(told, "завдання", ["завдання", "завдання", "завдань"])),
        _ => format!("Overdue: {}", counted_or_one(told, "a task", ["task", "tasks", "tasks"])),
    },
};

/// A task in which the receiver has a part is closed.
pub static TASK_CLOSED: Kind = Kind {
    key: "task_closed",
    labels: ["A task of mine is closed", "Мою задачу закрыли", "Моє завдання закрили"],
    channels: ON_THE_SCREEN,
    is_about_records: true,
    text: |told| {
        let doing = told.by(["closed", "закрывает", "закриває"], ["Closed:", "Закрыли", "Закрили"]);
        format!("{doing} {}", told.things())
    },
};

/// A task in which the receiver has a part is open again.
pub static TASK_REOPENED: Kind = Kind {
    key: "task_reopened",
    labels: ["A task of mine is open again", "Мою задачу вернули в работу", "Моє завдання повернули в роботу"],
    channels: ON_THE_SCREEN,
    is_about_records: true,
    text: |told| {
        let doing = told.by(
            ["reopened", "возвращает в работу", "повертає в роботу"],
            ["Reopened:", "Вернули в работу", "Повернули в роботу"],
        );
        format!("{doing} {}", told.things())
    },
};

/// An event of the receiver begins soon.
pub static EVENT_SOON: Kind = Kind {
    key: "event_soon",
    labels: ["An event of mine begins soon", "Скоро начнётся моё мероприятие", "Скоро почнеться мій захід"],
    channels: EVERYWHERE,
    is_about_records: true,
    text: |told| match told.language {
        "ru" => {
            format!("Скоро: {}", counted_or_one(told, "мероприятие", ["мероприятие", "мероприятия", "мероприятий"]))
        }
        "uk" => format!("Скоро: {}", counted_or_one(told, "захід", ["захід", "заходи", "заходів"])),
        _ => format!("Soon: {}", counted_or_one(told, "an event", ["event", "events", "events"])),
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
    channels: ON_THE_SCREEN,
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
    channels: ON_THE_SCREEN,
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
            let told = Told { language, actor, count, object_type: "contact", is_failed: false };
            assert_eq!((kind.text)(&told).replace('\u{a0}', " "), expect);
        };
        check(&ACCESS_TO_READ, "en", Some("Olena"), 5_000, "Olena gave you access to 5,000 cards");
        check(&ACCESS_TO_READ, "en", None, 1, "You got access to a card");
        check(&ACCESS_TO_READ, "ru", Some("Олена"), 21, "Олена открывает вам для чтения 21 карточку");
        check(&ACCESS_TO_CHANGE, "uk", Some("Олена"), 5_000, "Олена дозволяє вам змінювати 5 000 карток");
        check(&MADE_RESPONSIBLE, "ru", Some("Олена"), 3, "Олена поручает вам 3 карточки");
        check(&MENTIONED, "ru", Some("Олена"), 1, "Олена упоминает вас в заметке");
        check(&RIGHTS_CHANGED, "uk", None, 1, "Ваші права змінено");
    }
}
