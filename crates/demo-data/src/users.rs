//! The team that works in the demo base.

/// A user of the demo base; contacts name their managers by the position in [`USERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoUser {
    /// First and last name.
    pub name: &'static str,
    /// The login, lower-case Latin letters.
    pub login: &'static str,
    /// `administrator`, `supervisor` or `employee`.
    pub role: &'static str,
    /// The language of the interface: `uk`, `ru` or `en`.
    pub language: &'static str,
}

/// The team. The last one is new and looks after one contact in a thousand.
pub const USERS: &[DemoUser] = &[
    user("Олена Ковальчук", "olena", "administrator", "uk"),
    user("Дмитро Лі", "dmytro", "supervisor", "uk"),
    user("Марія Гайда", "maria", "employee", "ru"),
    user("Андрій Соколенко", "andrii", "employee", "uk"),
    user("Айгерім Серікқызы", "aigerim", "employee", "ru"),
    user("Piotr Zieliński", "piotr", "employee", "en"),
    user("Сергей Новик", "sergey", "employee", "ru"),
    user("Христина Білик", "khrystyna", "employee", "uk"),
];

const fn user(name: &'static str, login: &'static str, role: &'static str, language: &'static str) -> DemoUser {
    DemoUser { name, login, role, language }
}
