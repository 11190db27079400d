//! A letter as it goes over the wire.

use std::time::{Duration, SystemTime};

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::address::{is_line, parse};

/// What a letter is made of.
pub(crate) struct Content<'a> {
    pub message_id: &'a str,
    pub created_at_ms: i64,
    pub sender_address: &'a str,
    pub sender_name: &'a str,
    pub receiver: &'a str,
    pub receiver_name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
}

/// The letter; `None` when an address, a name or the subject may not stand in a header.
pub(crate) fn message(content: &Content<'_>) -> Option<Message> {
    let lines = [content.message_id, content.sender_name, content.receiver_name, content.subject];
    if !lines.into_iter().all(is_line) {
        return None;
    }
    let mailbox = |name: &str, address: &str| {
        let name = (!name.is_empty()).then(|| name.to_owned());
        Some(Mailbox::new(name, parse(address)?))
    };
    let created = Duration::from_millis(u64::try_from(content.created_at_ms).unwrap_or_default());
    // Programs that answer when somebody is away shall not answer this.
    let automatic = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into());
    Message::builder()
        .from(mailbox(content.sender_name, content.sender_address)?)
        .to(mailbox(content.receiver_name, content.receiver)?)
        .subject(content.subject)
        .date(SystemTime::UNIX_EPOCH + created)
        .message_id(Some(content.message_id.to_owned()))
        .raw_header(automatic)
        .multipart(MultiPart::alternative_plain_html(content.text.to_owned(), content.html.to_owned()))
        .ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const GOOD: Content<'static> = Content {
        message_id: "<abc@example.org>",
        created_at_ms: 1_795_334_400_000,
        sender_address: "crm@example.org",
        sender_name: "Карпати Буд",
        receiver: "olena@example.org",
        receiver_name: "Олена \"Лена\" Ковальчук",
        subject: "Приглашение в картотеку компании «Карпати Буд», которое не помещается в одну строку заголовка",
        text: "Добрый день",
        html: "<p>Добрый день</p>",
    };

    /// Headers as a mail program sees them: folded lines put together.
    fn headers(message: &Message) -> Vec<String> {
        let text = String::from_utf8(message.formatted()).unwrap();
        let head = text.split_once("\r\n\r\n").unwrap().0;
        head.replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n").map(String::from).collect()
    }

    #[test]
    fn a_letter_has_its_headers_and_no_others() {
        let names = |content: &Content<'_>| -> Vec<String> {
            let found = headers(&message(content).unwrap());
            found.iter().map(|line| line.split(':').next().unwrap().to_owned()).collect()
        };
        let expect = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];
        let mut found = names(&GOOD);
        found.sort();
        let mut expect: Vec<String> = expect.iter().map(|name| (*name).to_owned()).collect();
        expect.sort();
        assert_eq!(found, expect);
    }

    #[test]
    fn what_would_begin_a_header_is_refused() {
        for bad in ["a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0", "a\u{2028}b", "a\u{2029}b", "a\u{85}b"] {
            assert!(message(&Content { subject: bad, ..GOOD }).is_none(), "{bad:?}");
            assert!(message(&Content { receiver_name: bad, ..GOOD }).is_none(), "{bad:?}");
            assert!(message(&Content { sender_name: bad, ..GOOD }).is_none(), "{bad:?}");
            assert!(message(&Content { message_id: bad, ..GOOD }).is_none(), "{bad:?}");
            let address = format!("x@example.org{bad}");
            assert!(message(&Content { receiver: &address, ..GOOD }).is_none(), "{bad:?}");
            assert!(message(&Content { sender_address: &address, ..GOOD }).is_none(), "{bad:?}");
        }
    }
}
