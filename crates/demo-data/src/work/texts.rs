//! What a firm for building materials sells, does and writes, in the languages in which cards are kept.

/// Something that is sold by the piece. Its price tells it from all others, whatever language it is named in.
#[derive(Debug, PartialEq, Eq)]
pub struct Goods {
    /// What it is called.
    pub name: &'static str,
    /// What it is counted in.
    pub unit: &'static str,
    /// What one costs, in hryvnias.
    pub price: u64,
    /// The least that is sold at once.
    pub(super) least: u64,
}

/// What the firm sells.
#[must_use]
pub fn catalogue() -> &'static [Goods] {
    UKRAINIAN.goods
}

/// The texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) goods: &'static [Goods],
    /// The key of a category, and what such tasks are called.
    pub(super) tasks: &'static [(&'static str, &'static [&'static str])],
    /// The key of a kind, and what such an event is called.
    pub(super) events: &'static [(&'static str, &'static str)],
    pub(super) places: &'static [&'static str],
    pub(super) notes: &'static [&'static str],
}

impl Texts {
    /// Of the language in which a card is kept, else of the one that its owner writes to everybody else.
    pub(super) fn of(language: &str) -> &'static Texts {
        match language {
            "ru" | "kk" => &RUSSIAN,
            "pl" => &POLISH,
            _ => &UKRAINIAN,
        }
    }
}

const fn goods(name: &'static str, unit: &'static str, price: u64, least: u64) -> Goods {
    Goods { name, unit, price, least }
}

static UKRAINIAN: Texts = Texts {
    goods: &[
        goods("Цегла облицювальна", "палет", 9_800, 2),
        goods("Газоблок D400", "м³", 2_650, 6),
        goods("Металочерепиця", "м²", 385, 40),
        goods("Утеплювач 100 мм", "м²", 210, 60),
        goods("Суха суміш для стяжки", "мішків", 165, 30),
        goods("Бруківка «Старе місто»", "м²", 520, 25),
        goods("Вікна металопластикові", "шт.", 7_400, 3),
        goods("Двері вхідні", "шт.", 14_900, 1),
        goods("Гіпсокартон вологостійкий", "аркушів", 310, 40),
        goods("Арматура 12 мм", "т", 28_500, 1),
    ],
    tasks: &[
        (
            "call",
            &["Подзвонити щодо рахунку", "Уточнити обсяги", "Дізнатися, чи отримали товар", "Нагадати про оплату"],
        ),
        ("email", &["Надіслати комерційну пропозицію", "Надіслати оновлений прайс", "Надіслати договір на підпис"]),
        ("meeting", &["Показати зразки", "Зустрітися на об’єкті", "Обговорити умови на рік"]),
        ("control", &["Перевірити оплату", "Проконтролювати відвантаження"]),
        ("delivery", &["Замовити машину", "Узгодити дату доставки"]),
    ],
    events: &[
        ("meeting", "Переговори про поставки"),
        ("meeting", "Огляд об’єкта"),
        ("training", "Навчання монтажників"),
        ("exhibition", "Презентація новинок"),
    ],
    places: &["Офіс, вул. Городоцька, 174", "На об’єкті", "Шоурум", "Онлайн"],
    notes: &[
        "Домовилися про відстрочку на 14 днів.",
        "Рахунок отримали, передали в бухгалтерію.",
        "Просять знижку 5 % за передоплати.",
        "Порівнюють з іншим постачальником, рішення наступного тижня.",
        "Новий об’єкт стартує навесні, потрібен прорахунок.",
        "Доставкою задоволені, дякували водієві.",
    ],
};

static RUSSIAN: Texts = Texts {
    goods: &[
        goods("Кирпич облицовочный", "поддонов", 9_800, 2),
        goods("Газоблок D400", "м³", 2_650, 6),
        goods("Металлочерепица", "м²", 385, 40),
        goods("Утеплитель 100 мм", "м²", 210, 60),
        goods("Сухая смесь для стяжки", "мешков", 165, 30),
        goods("Брусчатка «Старый город»", "м²", 520, 25),
        goods("Окна металлопластиковые", "шт.", 7_400, 3),
        goods("Двери входные", "шт.", 14_900, 1),
        goods("Гипсокартон влагостойкий", "листов", 310, 40),
        goods("Арматура 12 мм", "т", 28_500, 1),
    ],
    tasks: &[
        ("call", &["Позвонить по счёту", "Уточнить объёмы", "Узнать, получили ли товар", "Напомнить об оплате"]),
        ("email", &["Отправить коммерческое предложение", "Отправить новый прайс", "Отправить договор на подпись"]),
        ("meeting", &["Показать образцы", "Встретиться на объекте", "Обсудить условия на год"]),
        ("control", &["Проверить оплату", "Проконтролировать отгрузку"]),
        ("delivery", &["Заказать машину", "Согласовать дату доставки"]),
    ],
    events: &[
        ("meeting", "Переговоры о поставках"),
        ("meeting", "Осмотр объекта"),
        ("training", "Обучение монтажников"),
        ("exhibition", "Презентация новинок"),
    ],
    places: &["Офис, ул. Городоцкая, 174", "На объекте", "Шоурум", "Онлайн"],
    notes: &[
        "Договорились об отсрочке на 14 дней.",
        "Счёт получили, передали в бухгалтерию.",
        "Просят скидку 5 % за предоплату.",
        "Сравнивают с другим поставщиком, решение на следующей неделе.",
        "Новый объект начинается весной, нужен расчёт.",
        "Доставкой довольны, благодарили водителя.",
    ],
};

static POLISH: Texts = Texts {
    goods: &[
        goods("Cegła klinkierowa", "palet", 9_800, 2),
        goods("Beton komórkowy", "m³", 2_650, 6),
        goods("Blachodachówka", "m²", 385, 40),
        goods("Wełna mineralna 100 mm", "m²", 210, 60),
        goods("Wylewka sucha", "worków", 165, 30),
        goods("Kostka brukowa", "m²", 520, 25),
        goods("Okna PCV", "szt.", 7_400, 3),
        goods("Pręty zbrojeniowe 12 mm", "t", 28_500, 1),
    ],
    tasks: &[
        ("call", &["Zadzwonić w sprawie faktury", "Doprecyzować ilości", "Przypomnieć o płatności"]),
        ("email", &["Wysłać ofertę", "Wysłać nowy cennik", "Wysłać umowę do podpisu"]),
        ("meeting", &["Pokazać próbki", "Spotkanie na budowie"]),
        ("control", &["Sprawdzić płatność", "Dopilnować wysyłki"]),
        ("delivery", &["Zamówić transport", "Uzgodnić termin dostawy"]),
    ],
    events: &[("meeting", "Rozmowy o dostawach"), ("meeting", "Wizja lokalna"), ("training", "Szkolenie ekip")],
    places: &["Biuro", "Na budowie", "Online"],
    notes: &[
        "Uzgodniono termin płatności 14 dni.",
        "Faktura trafiła do księgowości.",
        "Proszą o 5 % rabatu za przedpłatę.",
        "Porównują z innym dostawcą, decyzja w przyszłym tygodniu.",
    ],
};
