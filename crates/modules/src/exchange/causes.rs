//! Why a row or a record was not taken, as a sentence in the user's language: files that say it are read outside the program.

use serde_json::{Map, Value as Json};

/// Code, then English, Russian, Ukrainian; `{name}` stands for a parameter.
const CAUSES: &[(&str, [&str; 3])] = &[
    ("required", ["must be filled in", "обязательно для заполнения", "обов’язкове для заповнення"]),
    (
        "too_long",
        [
            "is too long, at most {max} characters",
            "слишком длинное, не больше {max} знаков",
            "задовге, не більше {max} знаків",
        ],
    ),
    ("not_a_number", ["is not a number", "не число", "не число"]),
    (
        "out_of_range",
        ["is outside {minimum} – {maximum}", "вне пределов {minimum} – {maximum}", "поза межами {minimum} – {maximum}"],
    ),
    (
        "too_many_decimals",
        ["has more than {max} decimals", "больше {max} знаков после запятой", "більше {max} знаків після коми"],
    ),
    ("not_a_date", ["is not a date", "не дата", "не дата"]),
    ("not_an_instant", ["is not a date with time", "не дата со временем", "не дата з часом"]),
    ("not_a_recurrence", ["is not a rule of repetition", "не правило повторения", "не правило повторення"]),
    ("not_a_url", ["is not a web address", "не веб-адрес", "не вебадреса"]),
    ("not_a_phone", ["is not a phone number", "не номер телефона", "не номер телефону"]),
    ("not_an_email", ["is not an e-mail address", "не адрес электронной почты", "не адреса електронної пошти"]),
    (
        "wrong_number",
        [
            "has wrong digits or a wrong check digit",
            "неверные цифры или контрольная цифра",
            "хибні цифри або контрольна цифра",
        ],
    ),
    (
        "wrong_length",
        [
            "needs {lengths} characters, has {length}",
            "нужно знаков: {lengths}, а здесь {length}",
            "потрібно знаків: {lengths}, а тут {length}",
        ],
    ),
    ("not_an_id", ["is not a number of a card", "не номер карточки", "не номер картки"]),
    ("unknown_option", ["is not on the list: {value}", "нет в списке: {value}", "немає у списку: {value}"]),
    (
        "retired_option",
        ["is no longer offered: {value}", "больше не предлагается: {value}", "більше не пропонується: {value}"],
    ),
    (
        "currency_not_in_use",
        [
            "is in a currency that is not used: {value}",
            "в валюте, которую не используют: {value}",
            "у валюті, яку не використовують: {value}",
        ],
    ),
    ("sku_taken", ["belongs to another product", "уже у другого товара", "вже в іншого товару"]),
    ("tax_twice", ["names the same tax twice", "тот же налог дважды", "той самий податок двічі"]),
    ("rate_taken", ["has a rate of this day already", "на этот день курс уже есть", "на цей день курс уже є"]),
    ("rate_of_company", ["is the currency of the company", "это валюта компании", "це валюта компанії"]),
    (
        "unknown_record",
        ["there is no card with the number {id}", "нет карточки с номером {id}", "немає картки з номером {id}"],
    ),
    ("unknown_title", ["nobody is called {value}", "не найдено: {value}", "не знайдено: {value}"]),
    ("unknown_channel_kind", ["is an unknown kind of channel", "неизвестный вид связи", "невідомий вид зв’язку"]),
    ("wrong_type", ["cannot be read", "не удалось прочитать", "не вдалося прочитати"]),
    ("too_many_values", ["has more than {max} values", "больше {max} значений", "більше {max} значень"]),
    (
        "cycle",
        ["would stand above itself", "карточка подчинялась бы сама себе", "картка підпорядковувалася б сама собі"],
    ),
    ("cell_error", ["holds the error of a formula", "в ячейке ошибка формулы", "у клітинці помилка формули"]),
    (
        "duplicate",
        [
            "belongs to another card already: {title}",
            "уже есть в другой карточке: {title}",
            "вже є в іншій картці: {title}",
        ],
    ),
    (
        "undecided",
        [
            "is partly known already and nobody decided what to do",
            "частично совпадает с имеющейся карточкой, решение не принято",
            "частково збігається з наявною карткою, рішення не ухвалено",
        ],
    ),
    ("skipped_by_decision", ["was left out by decision", "пропущена по решению", "пропущено за рішенням"]),
    ("exists_already", ["exists already", "уже есть", "вже є"]),
    ("no_match", ["there is no card to change", "нет карточки для изменения", "немає картки для змінення"]),
    ("read_only", ["may not be changed", "нельзя изменять", "не можна змінювати"]),
    ("in_trash", ["the card is in the trash", "карточка в корзине", "картка в кошику"]),
    (
        "forbidden",
        ["you may not change this card", "нет права изменять эту карточку", "немає права змінювати цю картку"],
    ),
    (
        "only_for_people",
        [
            "only the card of a person can have a user account",
            "учётная запись бывает только у карточки человека",
            "обліковий запис може мати лише картка людини",
        ],
    ),
    ("not_found", ["there is no such card", "нет такой карточки", "немає такої картки"]),
    (
        "cards_not_supported",
        [
            "address book cards cannot be taken here",
            "сюда нельзя загрузить визитки",
            "сюди не можна завантажити візитки",
        ],
    ),
    (
        "duplicate_hidden",
        [
            "belongs to a card already that you may not see; responsible: {responsible}",
            "уже есть в карточке, которую вам не видно; ответственный: {responsible}",
            "вже є в картці, якої вам не видно; відповідальний: {responsible}",
        ],
    ),
    (
        "dismissed",
        [
            "the cards {left} and {right} are known to be different: decide which to merge",
            "известно, что карточки {left} и {right} разные: решите, какие объединить",
            "відомо, що картки {left} і {right} різні: вирішіть, які об’єднати",
        ],
    ),
    (
        "relation_refused",
        [
            "other cards are tied to it in a way that the remaining card does not allow: look whether it is a person or a company",
            "с ней связаны другие карточки так, как оставшаяся не допускает: проверьте, человек это или компания",
            "з нею пов’язані інші картки так, як та, що лишається, не допускає: перевірте, людина це чи компанія",
        ],
    ),
    (
        "too_many_relations",
        [
            "too much is tied to it: at most {max} tied cards can move at once",
            "с ней связано слишком много: за раз переносится не больше {max} связанных карточек",
            "з нею пов’язано забагато: за раз переноситься не більше {max} пов’язаних карток",
        ],
    ),
    (
        "kind_cannot_change",
        [
            "the kind cannot be changed while other cards depend on it",
            "вид нельзя изменить, пока от него зависят другие карточки",
            "вид не можна змінити, поки від нього залежать інші картки",
        ],
    ),
    (
        "too_deep",
        [
            "there are too many companies above one another, at most {max}",
            "слишком много компаний друг над другом, не больше {max}",
            "забагато компаній одна над одною, не більше {max}",
        ],
    ),
    ("unknown_field", ["there is no such field", "нет такого поля", "немає такого поля"]),
    ("unknown_file", ["there is no such file", "нет такого файла", "немає такого файлу"]),
    (
        "version_conflict",
        ["was changed by somebody else in the meantime", "карточку тем временем изменили", "картку тим часом змінили"],
    ),
    (
        "users_are_deactivated",
        [
            "users are deactivated, not deleted",
            "пользователей отключают, а не удаляют",
            "користувачів вимикають, а не видаляють",
        ],
    ),
    ("last_administrator", ["is the last administrator", "это последний администратор", "це останній адміністратор"]),
    (
        "service_unreachable",
        ["the address service did not answer", "сервис адресов не ответил", "сервіс адрес не відповів"],
    ),
    (
        "service_strange",
        [
            "the answer of the address service could not be read",
            "ответ сервиса адресов не удалось прочитать",
            "відповідь сервісу адрес не вдалося прочитати",
        ],
    ),
];

/// The sentence for a code; the code itself when there is none.
pub(crate) fn cause(code: &str, params: &Map<String, Json>, language: &str) -> String {
    let at = match language {
        "ru" => 1,
        "uk" => 2,
        _ => 0,
    };
    // Whose card it is that the reader may not see is not told; who answers for it is.
    let is_hidden = params.get("is_visible").is_some_and(|is_visible| is_visible == false);
    let code = if code == "duplicate" && is_hidden { "duplicate_hidden" } else { code };
    let known = CAUSES.iter().find(|(known, _)| *known == code).and_then(|(_, texts)| texts.get(at));
    let mut text = known.map_or_else(|| code.to_owned(), |text| (*text).to_owned());
    for (name, value) in params {
        let shown = value.as_str().map_or_else(|| value.to_string(), String::from);
        text = text.replace(&format!("{{{name}}}"), &shown);
    }
    // A parameter that the reader may not know is absent.
    while let (Some(from), Some(to)) = (text.find('{'), text.find('}')) {
        if to < from {
            break;
        }
        text.replace_range(from..=to, "");
    }
    text.trim_end_matches([' ', ':', ',']).to_owned()
}

/// Says that a table holds only the first of many.
pub(crate) fn left_out(listed: i64, all: i64, language: &str) -> String {
    match language {
        "ru" => format!("Здесь первые {listed} из {all}"),
        "uk" => format!("Тут перші {listed} із {all}"),
        _ => format!("These are the first {listed} of {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::cause;
    use serde_json::json;

    #[test]
    fn causes_are_sentences() {
        let check = |code: &str, params: serde_json::Value, language: &str, expect: &str| {
            let params = params.as_object().cloned().unwrap_or_default();
            assert_eq!(cause(code, &params, language), expect);
        };
        check("too_long", json!({ "max": 200 }), "ru", "слишком длинное, не больше 200 знаков");
        check("duplicate", json!({ "title": "Шевчук" }), "uk", "вже є в іншій картці: Шевчук");
        check("duplicate", json!({}), "en", "belongs to another card already");
        check(
            "duplicate",
            json!({ "is_visible": false, "responsible": "Олена" }),
            "ru",
            "уже есть в карточке, которую вам не видно; ответственный: Олена",
        );
        check("something_new", json!({}), "en", "something_new");
    }
}
