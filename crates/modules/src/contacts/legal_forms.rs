//! Legal forms of companies: what their names begin or end with, and what two spellings of one name differ by.

use filter_language::search_fold;

/// Forms of one word, in lower case.
const WORDS: &[&str] = &[
    "ооо",
    "тов",
    "оао",
    "зао",
    "пао",
    "ао",
    "ат",
    "прат",
    "пат",
    "фоп",
    "чп",
    "пп",
    "ип",
    "тоо",
    "жшс",
    "одо",
    "оду",
    "гуп",
    "муп",
    "нко",
    "спао",
    "чуп",
    "уп",
    "тдв",
    "llc",
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "gmbh",
    "ag",
    "sp",
    "s.a",
    "sa",
    "llp",
    "plc",
    "srl",
    "s.r.l",
    "s.r.o",
    "sro",
    "bv",
    "b.v",
];

/// Forms of several words, as [`search_fold`] leaves them.
const PHRASES: &[&str] = &[
    "общество с ограниченной ответственностью",
    "общество с дополнительной ответственностью",
    "закрытое акционерное общество",
    "открытое акционерное общество",
    "публичное акционерное общество",
    "акционерное общество",
    "индивидуальный предприниматель",
    "товарищество с ограниченной ответственностью",
    "частное предприятие",
    "товариство з обмеженою видповидальнистю",
    "приватне акционерне товариство",
    "публичне акционерне товариство",
    "акционерне товариство",
    "физична особа пидприемець",
    "физична особа-пидприемець",
    "приватне пидприемство",
    "spolka z ograniczona odpowiedzialnoscia",
    "spolka akcyjna",
    "sp z o.o",
    "sp z oo",
    "sp. z o.o",
    "sp.z o.o",
    "sp.z.o.o",
    "limited liability company",
    "joint stock company",
];

/// Whether a word alone is a legal form; dots behind it do not matter.
pub fn is_legal_form(word: &str) -> bool {
    let word = word.trim_matches('.').to_lowercase();
    WORDS.contains(&word.as_str())
}

/// The name of a company without its legal form, quotes and signs, folded; a name that is nothing else stays as it is.
pub fn without_legal_form(name: &str) -> String {
    let folded = search_fold(name);
    let mut rest = folded.trim();
    loop {
        let before = rest;
        for phrase in PHRASES {
            rest = stripped(rest, phrase);
        }
        if let Some((_, others)) = rest.split_once(' ').filter(|(first, _)| is_legal_form(first)) {
            rest = others.trim();
        }
        if let Some((others, _)) = rest.rsplit_once(' ').filter(|(_, last)| is_legal_form(last)) {
            rest = others.trim();
        }
        if rest == before {
            break;
        }
    }
    if rest.is_empty() { folded } else { rest.to_owned() }
}

/// The text without a phrase at its beginning or end, unless nothing would be left.
fn stripped<'a>(text: &'a str, phrase: &str) -> &'a str {
    let is_rest = |rest: &&str| !rest.trim().is_empty();
    let head = text.strip_prefix(phrase).filter(|rest| rest.starts_with(' ')).filter(is_rest);
    let text = head.map_or(text, str::trim);
    let tail = text.strip_suffix(phrase).filter(|rest| rest.ends_with(' ')).filter(is_rest);
    tail.map_or(text, str::trim)
}

#[cfg(test)]
mod tests {
    use super::without_legal_form;

    #[test]
    fn names_lose_their_form() {
        let check = |name: &str, expect: &str| assert_eq!(without_legal_form(name), expect, "{name}");
        check("ООО «Ромашка»", "ромашка");
        check("Ромашка, ООО", "ромашка");
        check("ТОВ \"Карпати Буд\"", "карпати буд");
        check("Товариство з обмеженою відповідальністю «Карпати Буд»", "карпати буд");
        check("Общество с ограниченной ответственностью Ромашка", "ромашка");
        check("ИП Петров", "петров");
        check("ФОП Іваненко І.", "иваненко и");
        check("АО «Каспи»", "каспи");
        check("Budimex Sp. z o.o.", "budimex");
        check("Budimex S.A.", "budimex");
        check("Acme, Inc.", "acme");
        check("ACME LLC", "acme");
        check("Müller GmbH", "muller");
        check("ООО", "ооо");
        check("Атлант", "атлант");
    }
}
