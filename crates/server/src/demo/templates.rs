//! Three templates of tasks that a newcomer of a demo base can use at once.

use modules::task_templates::{LINE_TYPE, TEMPLATE_TYPE};
use record_engine::Engine;
use serde_json::{Value as Json, json};

use super::labels::create;
use crate::Result;
use crate::installation::administrator;

/// A task of a template: title, what else it says.
type Line = (&'static str, &'static [(&'static str, Part)]);

/// A value of a line.
enum Part {
    Text(&'static str),
    Number(i64),
}

use Part::{Number, Text};

const TEMPLATES: [(&str, &str, &[Line]); 3] = [
    (
        "Новий клієнт",
        "Перші два тижні після того, як клієнт з’явився в базі.",
        &[
            (
                "Подзвонити й познайомитися",
                &[("category", Text("call")), ("deadline_offset", Number(2)), ("deadline_unit", Text("hour"))],
            ),
            (
                "Надіслати презентацію й прайс",
                &[
                    ("category", Text("email")),
                    ("deadline_time", Text("12:00")),
                    ("checklist", Text("Презентація компанії\nПрайс\nКонтакти менеджера")),
                ],
            ),
            (
                "Провести зустріч",
                &[
                    ("category", Text("meeting")),
                    ("deadline_offset", Number(5)),
                    ("responsible_role", Text("record")),
                    ("reminder", Text("hours_2")),
                ],
            ),
            (
                "Запитати, чи все зрозуміло",
                &[("category", Text("call")), ("deadline_offset", Number(10)), ("responsible_role", Text("record"))],
            ),
        ],
    ),
    (
        "Підготовка заходу",
        "Рахується від дати заходу: до неї і після неї.",
        &[
            (
                "Забронювати зал",
                &[
                    ("counts_from", Text("date")),
                    ("deadline_offset", Number(-15)),
                    ("starts_offset", Number(-20)),
                    ("category", Text("control")),
                ],
            ),
            (
                "Розіслати запрошення",
                &[
                    ("counts_from", Text("date")),
                    ("deadline_offset", Number(-10)),
                    ("category", Text("email")),
                    ("checklist", Text("Список гостей\nТекст запрошення\nНагадування за день")),
                ],
            ),
            (
                "Перевірити зал і техніку",
                &[
                    ("counts_from", Text("date")),
                    ("deadline_offset", Number(-2)),
                    ("deadline_unit", Text("hour")),
                    ("reminder", Text("hour")),
                ],
            ),
            (
                "Подякувати гостям",
                &[("counts_from", Text("date")), ("deadline_offset", Number(1)), ("category", Text("thanks"))],
            ),
        ],
    ),
    (
        "Підписання договору",
        "Від погодження умов до підписаного примірника.",
        &[
            ("Підготувати договір", &[("category", Text("deal")), ("deadline_offset", Number(1))]),
            (
                "Погодити з юристом",
                &[("category", Text("control")), ("deadline_offset", Number(3)), ("starts_offset", Number(1))],
            ),
            (
                "Отримати підписаний примірник",
                &[
                    ("category", Text("control")),
                    ("deadline_offset", Number(7)),
                    ("deadline_unit", Text("day")),
                    ("responsible_role", Text("record")),
                ],
            ),
        ],
    ),
];

/// Makes the templates, as the administrator `author`.
///
/// # Errors
/// Those of the engine; a template that breaks a rule is a defect of the demo data.
pub(super) fn create_templates(engine: &Engine, author: i64) -> Result<()> {
    let context = administrator(author, engine);
    for (name, description, lines) in TEMPLATES {
        let values = vec![("name", json!(name)), ("description", json!(description))];
        let template = create(engine, &context, TEMPLATE_TYPE, values)?;
        for ((title, parts), place) in lines.iter().zip(1..) {
            let of = |(field, part): &(&'static str, Part)| {
                let value: Json = match part {
                    Text(text) => json!(text),
                    Number(number) => json!(number),
                };
                (*field, value)
            };
            let own = [("title", json!(title)), ("template", json!(template)), ("place", json!(place))];
            create(engine, &context, LINE_TYPE, own.into_iter().chain(parts.iter().map(of)).collect())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use record_engine::Clock;

    use super::*;
    use crate::installation::Place;

    #[test]
    fn the_templates_of_a_demo_base_break_no_rule() {
        let folder = tempfile::tempdir().unwrap();
        let installation = Place::new(folder.path(), None).open(Clock::system()).unwrap();
        let team = super::super::create_team(&installation.engine, "a-long-password-of-tests").unwrap();
        create_templates(&installation.engine, team[0]).unwrap();
        installation.engine.database().close();
    }
}
