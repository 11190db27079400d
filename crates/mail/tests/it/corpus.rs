//! S28: nothing that people type becomes a header, a receiver or a command of its own.

use test_kit::for_each_backend;

use super::base::Base;

const BREAKS: [&str; 8] = ["\r\n", "\n", "\r", "\0", "\u{2028}", "\u{2029}", "\u{85}", "\u{b}"];

#[test]
fn nothing_typed_becomes_a_header_or_a_receiver() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let mut posted = 0;
        for line_break in BREAKS {
            let name = format!("Олена{line_break}Bcc: thief@example.org");
            let subject = format!("Тема{line_break}{line_break}<b>тіло</b>");
            let address = format!("olena@example.org>{line_break}RCPT TO:<thief@example.org");
            let folded = format!("olena{line_break}@example.org");
            for (receiver, name, subject) in [
                ("a@example.org", name.as_str(), "Тема"),
                ("a@example.org", "Олена", subject.as_str()),
                (address.as_str(), "Олена", "Тема"),
                (folded.as_str(), "Олена", "Тема"),
            ] {
                let id = base.post_as(receiver, name, subject).unwrap();
                posted += 1;
                assert_eq!(base.state(id), "refused", "{receiver:?} {name:?} {subject:?}");
                assert_eq!(base.letter(id).error_code.as_deref(), Some("mail_unwritable"));
            }
        }
        // Odd, and harmless: they are quoted or encoded.
        let long = "довга тема ".repeat(30);
        for (name, subject) in [
            ("Bcc: thief@example.org", "Bcc: thief@example.org"),
            ("\"Олена\" <thief@example.org>, x", "=?utf-8?B?QmNjOiB0aGllZkBleGFtcGxlLm9yZw==?="),
            ("a@b, c@d; <e@f>", ".\u{a0}QUIT"),
            ("\u{202e}кирилиця\u{feff}", long.as_str()),
        ] {
            assert_eq!(base.state(base.post_as("olena@example.org", name, subject).unwrap()), "waiting", "{name}");
        }
        base.send_all();
        let received = base.sink.received();
        assert_eq!((received.len(), base.letters().len()), (4, posted + 4));
        for letter in received {
            assert_eq!(letter.receivers, ["olena@example.org"]);
            assert!(letter.header("Bcc").is_empty() && letter.header("Cc").is_empty());
            for header in ["From", "To", "Subject", "Message-ID", "Date", "MIME-Version", "Content-Type"] {
                assert_eq!(letter.header(header).len(), 1, "{header}: {}", letter.raw);
            }
            let head = letter.raw.split("\r\n\r\n").next().unwrap();
            let count = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).count();
            assert_eq!(count, 8, "{head}");
            assert_eq!(letter.text().trim(), "секретне слово");
        }
    });
}
