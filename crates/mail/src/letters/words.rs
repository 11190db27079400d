//! The texts of the letters.

use record_engine::plain_text::counted;

use super::{Content, Part, compose};

/// An invitation to work here.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// Whose program it is.
    pub company: &'a str,
    /// Who is invited.
    pub name: &'a str,
    /// Who invites; empty for the program itself.
    pub invited_by: &'a str,
    /// The link.
    pub url: &'a str,
    /// For how many days it is good.
    pub days: i64,
}

/// A link to a new password.
#[derive(Clone, Copy, Debug)]
pub struct PasswordReset<'a> {
    /// Whose program it is.
    pub company: &'a str,
    /// Who asked, or somebody in his name.
    pub name: &'a str,
    /// The login that the password is for.
    pub login: &'a str,
    /// The link.
    pub url: &'a str,
    /// For how many minutes it is good.
    pub minutes: i64,
}

/// News that a password is another one.
#[derive(Clone, Copy, Debug)]
pub struct PasswordChanged<'a> {
    /// Whose program it is.
    pub company: &'a str,
    /// Whose password it is.
    pub name: &'a str,
    /// His login.
    pub login: &'a str,
    /// When, in his time zone.
    pub when: &'a str,
}

/// News of what others did.
#[derive(Clone, Debug)]
pub struct News<'a> {
    /// Whose program it is.
    pub company: &'a str,
    /// Who is told.
    pub name: &'a str,
    /// What there is, in the language of the letter.
    pub items: &'a [NewsItem],
    /// How much more there is than that.
    pub more: i64,
    /// Where he says what he wants to be told of; `None` while the program does not know its own address.
    pub settings_url: Option<String>,
}

/// One piece of news.
#[derive(Clone, Debug)]
pub struct NewsItem {
    /// A sentence.
    pub text: String,
    /// The name of the record that it is about.
    pub title: Option<String>,
    /// The page of that.
    pub url: Option<String>,
}

fn link(label: &str, url: &str) -> Part {
    Part::Link { label: label.into(), url: url.into() }
}

/// A letter that tries the settings.
pub fn trial(language: &str, company: &str) -> Content {
    let (subject, words) = match language {
        "ru" => (
            format!("Пробное письмо из картотеки: {company}"),
            "Почта настроена: это письмо дошло. Отвечать на него не нужно.",
        ),
        "uk" => (
            format!("Пробний лист із картотеки: {company}"),
            "Пошту налаштовано: цей лист дійшов. Відповідати на нього не потрібно.",
        ),
        _ => (
            format!("Trial letter from Kartoteka: {company}"),
            "Mail is set up: this letter has arrived. No answer is needed.",
        ),
    };
    compose(&subject, &[Part::Paragraph(words.into())])
}

/// An invitation.
pub fn invitation(language: &str, about: &Invitation<'_>) -> Content {
    let Invitation { company, name, invited_by, url, days } = *about;
    match language {
        "ru" => {
            let who = if invited_by.is_empty() {
                "Вас приглашают".to_owned()
            } else {
                format!("{invited_by} приглашает вас")
            };
            let days = counted("ru", days, ["день", "дня", "дней"]);
            compose(
                &format!("Приглашение в картотеку: {company}"),
                &[
                    Part::Paragraph(format!("Здравствуйте, {name}!")),
                    Part::Paragraph(format!(
                        "{who} работать в картотеке компании «{company}». Выберите логин и пароль, и вы внутри."
                    )),
                    link("Принять приглашение", url),
                    Part::Note(format!(
                        "Ссылка действует {days} и один раз. Если вы не ждали приглашения, просто удалите это письмо."
                    )),
                ],
            )
        }
        "uk" => {
            let who = if invited_by.is_empty() {
                "Вас запрошують".to_owned()
            } else {
                format!("{invited_by} запрошує вас")
            };
            let days = counted("uk", days, ["день", "дні", "днів"]);
            compose(
                &format!("Запрошення до картотеки: {company}"),
                &[
                    Part::Paragraph(format!("Вітаємо, {name}!")),
                    Part::Paragraph(format!(
                        "{who} працювати в картотеці компанії «{company}». Оберіть логін і пароль, і ви всередині."
                    )),
                    link("Прийняти запрошення", url),
                    Part::Note(format!(
                        "Посилання діє {days} й один раз. Якщо ви не чекали на запрошення, просто видаліть цей лист."
                    )),
                ],
            )
        }
        _ => {
            let who =
                if invited_by.is_empty() { "You are invited".to_owned() } else { format!("{invited_by} invites you") };
            let days = counted("en", days, ["day", "days", "days"]);
            compose(
                &format!("Invitation to Kartoteka: {company}"),
                &[
                    Part::Paragraph(format!("Hello {name},")),
                    Part::Paragraph(format!(
                        "{who} to work in the records of {company}. Choose a login and a password, and you are in."
                    )),
                    link("Accept the invitation", url),
                    Part::Note(format!(
                        "The link is good for {days} and works once. If you did not expect this, just delete the letter."
                    )),
                ],
            )
        }
    }
}

/// A link to a new password.
pub fn password_reset(language: &str, about: &PasswordReset<'_>) -> Content {
    let PasswordReset { company, name, login, url, minutes } = *about;
    match language {
        "ru" => {
            let minutes = counted("ru", minutes, ["минуту", "минуты", "минут"]);
            compose(
                &format!("Новый пароль для картотеки: {company}"),
                &[
                    Part::Paragraph(format!("Здравствуйте, {name}!")),
                    Part::Paragraph(format!("Кто-то, вероятно вы, просит новый пароль для логина {login}.")),
                    link("Выбрать новый пароль", url),
                    Part::Note(format!(
                        "Ссылка действует {minutes} и один раз. Если это были не вы, ничего не делайте: прежний пароль остаётся в силе."
                    )),
                ],
            )
        }
        "uk" => {
            let minutes = counted("uk", minutes, ["хвилину", "хвилини", "хвилин"]);
            compose(
                &format!("Новий пароль для картотеки: {company}"),
                &[
                    Part::Paragraph(format!("Вітаємо, {name}!")),
                    Part::Paragraph(format!("Хтось, імовірно ви, просить новий пароль для логіна {login}.")),
                    link("Обрати новий пароль", url),
                    Part::Note(format!(
                        "Посилання діє {minutes} й один раз. Якщо це були не ви, нічого не робіть: попередній пароль лишається чинним."
                    )),
                ],
            )
        }
        _ => {
            let minutes = counted("en", minutes, ["minute", "minutes", "minutes"]);
            compose(
                &format!("New password for Kartoteka: {company}"),
                &[
                    Part::Paragraph(format!("Hello {name},")),
                    Part::Paragraph(format!("Somebody, probably you, asks for a new password for the login {login}.")),
                    link("Choose a new password", url),
                    Part::Note(format!(
                        "The link is good for {minutes} and works once. If it was not you, do nothing: the old password stays."
                    )),
                ],
            )
        }
    }
}

/// News that a password is another one: whoever did not change it himself must hear of it.
pub fn password_changed(language: &str, about: &PasswordChanged<'_>) -> Content {
    let PasswordChanged { company, name, login, when } = *about;
    let (subject, hello, words, note) = match language {
        "ru" => (
            format!("Пароль изменён: {company}"),
            format!("Здравствуйте, {name}!"),
            format!("Пароль логина {login} изменён {when}. Открытые сеансы и пароли приложений больше не действуют."),
            "Если это были не вы, сразу скажите администратору.",
        ),
        "uk" => (
            format!("Пароль змінено: {company}"),
            format!("Вітаємо, {name}!"),
            format!("Пароль логіна {login} змінено {when}. Відкриті сеанси й паролі застосунків більше не діють."),
            "Якщо це були не ви, одразу скажіть адміністратору.",
        ),
        _ => (
            format!("Password changed: {company}"),
            format!("Hello {name},"),
            format!(
                "The password of the login {login} was changed on {when}. Open sessions and app passwords have ended."
            ),
            "If it was not you, tell an administrator at once.",
        ),
    };
    compose(&subject, &[Part::Paragraph(hello), Part::Paragraph(words), Part::Note(note.into())])
}

/// What others did that concerns somebody. One piece of news is the subject itself.
pub fn news(language: &str, about: &News<'_>) -> Content {
    let News { company, name, items, more, settings_url } = about;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX).saturating_add(*more);
    let (many, hello, open, note) = match language {
        "ru" => (
            counted("ru", count, ["уведомление", "уведомления", "уведомлений"]),
            format!("Здравствуйте, {name}!"),
            "Открыть",
            "О чём сообщать письмами, выбирают в профиле, в разделе «Уведомления»",
        ),
        "uk" => (
            counted("uk", count, ["сповіщення", "сповіщення", "сповіщень"]),
            format!("Вітаємо, {name}!"),
            "Відкрити",
            "Про що повідомляти листами, обирають у профілі, у розділі «Сповіщення»",
        ),
        _ => (
            counted("en", count, ["notification", "notifications", "notifications"]),
            format!("Hello {name},"),
            "Open",
            "What you get letters about is chosen in your profile, under Notifications",
        ),
    };
    let subject = match items {
        [item] if *more == 0 => format!("{}: {company}", item.text),
        _ => format!("{many}: {company}"),
    };
    let mut parts = vec![Part::Paragraph(hello)];
    for item in *items {
        let title = item.title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
        parts.push(Part::Paragraph(format!("{}{title}.", item.text)));
        if let Some(url) = &item.url {
            parts.push(link(open, url));
        }
    }
    if *more > 0 {
        parts.push(Part::Paragraph(match language {
            "ru" => format!("И ещё {more}."),
            "uk" => format!("І ще {more}."),
            _ => format!("And {more} more."),
        }));
    }
    match settings_url {
        Some(url) => {
            parts.push(Part::Note(format!("{note}:\n{url}")));
        }
        None => parts.push(Part::Note(format!("{note}."))),
    }
    compose(&subject, &parts)
}
