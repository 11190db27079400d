//! What letters say, in the language of who gets them: plain text, and simple HTML without pictures or anything else from outside.
//!
//! What must stay true: everything that is no text of the program is escaped in HTML; links are made of the public address alone.

mod words;

use record_engine::formats::Formats;

pub use words::{
    Invitation, News, NewsItem, PasswordChanged, PasswordReset, invitation, news, password_changed, password_reset,
    trial,
};

/// The words of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// A piece of a letter.
pub(crate) enum Part {
    Paragraph(String),
    /// A link on a line of its own, with what it does.
    Link {
        label: String,
        url: String,
    },
    /// Small print.
    Note(String),
}

const STYLE: &str =
    "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.5;color:#1c1b19";
const BUTTON: &str = "display:inline-block;padding:10px 18px;border-radius:6px;background:#2f5fd0;color:#ffffff;text-decoration:none;font-weight:600";

/// A moment as its reader's clock shows it, in his formats and with the zone; UTC where the zone is none.
pub fn moment(at_ms: i64, time_zone: &str, formats: Formats, language: &str) -> String {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned(zone);
    at.strftime(&format!("{} (%Z)", formats.moment_pattern(language))).to_string()
}

/// Puts a letter together. `subject` becomes one line.
pub(crate) fn compose(subject: &str, parts: &[Part]) -> Content {
    let mut text = String::new();
    let mut html = format!("<!doctype html><html><body style=\"{STYLE}\"><div style=\"max-width:560px\">");
    for part in parts {
        match part {
            Part::Paragraph(words) => {
                text.push_str(words);
                html.push_str(&format!("<p>{}</p>", escaped(words)));
            }
            Part::Link { label, url } => {
                text.push_str(&format!("{label}:\n{url}"));
                let (label, url) = (escaped(label), escaped(url));
                html.push_str(&format!("<p><a href=\"{url}\" style=\"{BUTTON}\">{label}</a></p>"));
                html.push_str(&format!("<p style=\"font-size:13px;color:#5f5d58;word-break:break-all\">{url}</p>"));
            }
            Part::Note(words) => {
                text.push_str(words);
                html.push_str(&format!("<p style=\"font-size:13px;color:#5f5d58\">{}</p>", escaped(words)));
            }
        }
        text.push_str("\n\n");
    }
    html.push_str("</div></body></html>");
    let subject = subject.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    Content { subject: subject.collect::<Vec<_>>().join(" "), text: format!("{}\n", text.trim_end()), html }
}

/// A text within HTML, or within an attribute in double quotes.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => made.push_str("&amp;"),
            '<' => made.push_str("&lt;"),
            '>' => made.push_str("&gt;"),
            '"' => made.push_str("&quot;"),
            '\'' => made.push_str("&#39;"),
            '\n' => made.push_str("<br>"),
            c => made.push(c),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use record_engine::formats::{DateFormat, TimeFormat};

    use super::*;

    #[test]
    fn what_people_wrote_is_escaped() {
        let link = Part::Link { label: "<b>".into(), url: "https://crm.example.org/x\" onclick=\"y".into() };
        let content = compose("a\r\nBcc: b", &[Part::Paragraph("<script>&'\"".into()), link]);
        assert_eq!(content.subject, "a Bcc: b");
        assert!(content.html.contains("<p>&lt;script&gt;&amp;&#39;&quot;</p>"), "{}", content.html);
        assert!(content.html.contains("href=\"https://crm.example.org/x&quot; onclick=&quot;y\""));
        assert!(content.text.starts_with("<script>&'\"\n\n<b>:\nhttps://crm"));
        assert!(!content.html.contains("<img") && !content.html.contains("src="));
    }

    #[test]
    fn moments_stand_in_the_time_of_the_reader() {
        let usual = Formats::default();
        assert_eq!(moment(1_795_334_400_000, "Europe/Kyiv", usual, "uk"), "22.11.2026, 10:00 (EET)");
        assert_eq!(moment(1_795_334_400_000, "Mars/Base", usual, "en"), "22/11/2026, 08:00 (UTC)");
        let american = Formats { date: DateFormat::MonthSlashes, time: TimeFormat::Hours12, ..usual };
        assert_eq!(moment(1_795_363_200_000, "Europe/Kyiv", american, "uk"), "11/22/2026, 6:00 PM (EET)");
        assert_eq!(moment(1_795_298_700_000, "UTC", american, "uk"), "11/21/2026, 10:05 PM (UTC)");
    }
}
