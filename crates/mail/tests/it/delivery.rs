//! Nothing is lost, nothing is doubled in silence.

use std::collections::BTreeMap;
use std::time::Duration;

use database::Query;
use mail::letters::Content;
use mail::outbox::{self, Letter};
use record_engine::EngineError;
use test_kit::{Mood, for_each_backend};

use super::base::{Base, MINUTE_MS};

#[test]
fn a_letter_leaves_once_and_its_text_goes() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let id = base.post("olena@example.org");
        let stored = |base: &Base| {
            let sql = "SELECT body, message_id FROM letters";
            let row = base.engine.database().read(|tx| tx.query_one(sql, &[])).unwrap();
            (row.optional_text(0).unwrap(), row.text(1).unwrap())
        };
        let (body, message_id) = stored(&base);
        assert!(body.unwrap().starts_with("v1."), "the text waits encrypted");
        base.send_all();
        let [letter] = base.sink.received().try_into().unwrap();
        assert_eq!(letter.text().trim(), "секретне слово");
        assert_eq!(letter.sender, "crm@example.org");
        assert_eq!(letter.header("Message-ID"), [message_id]);
        assert_eq!(letter.header("Date"), ["Sun, 22 Nov 2026 08:00:00 +0000"]);
        assert_eq!((base.state(id).as_str(), stored(&base).0), ("sent", None));
        assert_eq!(base.letter(id).sent_at, Some(base.clock.now_ms()));
        assert!(matches!(base.resend(id), Err(EngineError::State("letter_is_gone"))));
        base.clock.advance(60 * 24 * 60 * MINUTE_MS);
        base.send_all();
        assert_eq!(base.sink.received().len(), 1);
    });
}

#[test]
fn what_was_rolled_back_sends_nothing_and_without_mail_nothing_is_written() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let content = Content::default();
        let letter = Letter {
            kind: "trial",
            user_id: None,
            receiver: "olena@example.org",
            receiver_name: "",
            content: &content,
            expires_at: i64::MAX,
        };
        let undone: Result<(), EngineError> = base.engine.write(|tx| {
            outbox::post(tx, &base.engine, 0, &letter)?;
            Err(EngineError::Forbidden)
        });
        assert!(undone.is_err());
        base.send_all();
        assert!(base.letters().is_empty() && base.sink.received().is_empty());
    });
    for_each_backend(|database| {
        let base = Base::without_mail(database);
        assert_eq!(base.post_as("olena@example.org", "", "Тема"), None);
        assert!(base.letters().is_empty());
    });
}

#[test]
fn what_may_come_later_is_tried_again_and_what_is_refused_is_not() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.sink.expect("later@example.org", vec![Mood::Answers("451 4.7.1 Greylisted"); 20]);
        base.sink.expect("gone@example.org", [Mood::Answers("550 5.1.1 No such user")]);
        base.sink.expect("spam@example.org", [Mood::AnswersText("554 5.7.1 Spam")]);
        let ids = ["later@example.org", "gone@example.org", "spam@example.org"].map(|to| base.post(to));
        base.send_all();
        let [later, gone, spam] = ids.map(|id| base.letter(id));
        assert_eq!((later.state.as_str(), later.error_code.as_deref()), ("waiting", Some("mail_later")));
        assert_eq!(later.error_text.as_deref(), Some("451 4.7.1 Greylisted"));
        assert_eq!((gone.state.as_str(), gone.error_code.as_deref()), ("refused", Some("mail_refused")));
        assert_eq!(spam.state, "refused");
        // 1, 5 and 30 minutes, 2, 6 and 24 hours; not a moment earlier.
        for minutes in [1, 5, 30, 120, 360, 1_440] {
            assert_eq!(base.letter(later.id).due_at, Some(base.clock.now_ms() + minutes * MINUTE_MS));
            let attempts = base.letter(later.id).attempts;
            base.clock.advance(minutes * MINUTE_MS - 1);
            base.send_all();
            assert_eq!(base.letter(later.id).attempts, attempts);
            base.clock.advance(1);
            base.send_all();
            assert_eq!(base.letter(later.id).attempts, attempts + 1);
        }
        assert_eq!((base.state(later.id).as_str(), base.letter(later.id).attempts), ("given_up", 7));
        assert_eq!(base.letter(gone.id).attempts, 1);
        // Somebody sends it once more, and now the server takes it.
        assert_eq!(base.resend(gone.id).unwrap().state, "waiting");
        base.send_all();
        assert_eq!(base.state(gone.id), "sent");
    });
}

#[test]
fn a_doubt_sends_again_under_the_same_id() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.sink.expect("olena@example.org", [Mood::DropsAfterText]);
        base.sink.expect("ira@example.org", [Mood::DropsAfterAnswer]);
        let (broken, taken) = (base.post("olena@example.org"), base.post("ira@example.org"));
        base.send_all();
        assert_eq!(base.letter(broken).error_code.as_deref(), Some("mail_broken_off"));
        assert_eq!(base.state(taken), "sent");
        base.clock.advance(MINUTE_MS);
        base.send_all();
        assert_eq!(base.state(broken), "sent");
        let received = base.sink.received_by("olena@example.org");
        let ids: Vec<_> = received.iter().map(|letter| letter.header("Message-ID")).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
        assert_eq!(base.sink.received_by("ira@example.org").len(), 1);
    });
}

#[test]
fn a_letter_of_a_dead_process_is_taken_over_and_its_late_word_does_not_count() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.sink.expect("olena@example.org", [Mood::Waits]);
        let id = base.post("olena@example.org");
        let other = base.other_process();
        std::thread::scope(|scope| {
            let slow = scope.spawn(|| mail::send_due(&base.engine, true).unwrap());
            // The claim stands before anything is said to the server.
            base.sink.wait_for("olena@example.org", 1);
            assert_eq!(base.state(id), "sending");
            assert!(!mail::send_due(&other, true).unwrap(), "it has a lease");
            base.clock.advance(5 * MINUTE_MS);
            assert!(mail::send_due(&other, true).unwrap(), "the lease is over");
            base.sink.go_on();
            assert!(slow.join().unwrap());
        });
        assert_eq!((base.state(id).as_str(), base.letter(id).attempts), ("sent", 2));
        let ids: Vec<_> = base.sink.received().iter().map(|letter| letter.header("Message-ID")).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");
    });
}

/// R5, the part of letters: a thousand of them, four senders in two processes, a server that misbehaves for every fourth.
#[test]
fn a_thousand_letters_through_two_processes() {
    for_each_backend(|database| {
        let base = Base::new(database);
        let mut doubts = 0;
        for number in 0..1_000 {
            let receiver = format!("u{number}@example.org");
            match number % 20 {
                0 => base.sink.expect(&receiver, [Mood::Answers("451 Later")]),
                4 => base.sink.expect(&receiver, [Mood::DropsAfterAnswer]),
                8 => {
                    doubts += 1;
                    base.sink.expect(&receiver, [Mood::DropsAfterText]);
                }
                12 => base.sink.expect(&receiver, [Mood::Answers("550 No")]),
                16 => base.sink.expect(&receiver, [Mood::Slow(Duration::from_millis(5))]),
                _ => {}
            }
            base.post(&receiver);
        }
        let other = base.other_process();
        for _ in 0..2 {
            std::thread::scope(|scope| {
                for engine in [&base.engine, &base.engine, &other, &other] {
                    scope.spawn(|| while mail::send_due(engine, true).unwrap() {});
                }
            });
            base.clock.advance(MINUTE_MS);
        }
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for letter in base.letters() {
            *count.entry(letter.state).or_default() += 1;
        }
        assert_eq!(count, BTreeMap::from([("refused".to_owned(), 50), ("sent".to_owned(), 950)]));
        let mut ids: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for letter in base.sink.received() {
            let to = letter.receivers[0].clone();
            *ids.entry(to).or_default().entry(letter.header("Message-ID").concat()).or_default() += 1;
        }
        assert_eq!(ids.len(), 950, "nobody was forgotten");
        assert!(ids.values().all(|of_one| of_one.len() == 1), "each letter has one id");
        let doubled = ids.values().flat_map(BTreeMap::values).filter(|count| **count > 1).count();
        assert_eq!(doubled, doubts, "doubled only where the server was gone after the text");
    });
}

#[test]
fn what_is_of_no_use_any_more_leaves_nobody() {
    for_each_backend(|database| {
        let base = Base::new(database);
        base.sink.expect("olena@example.org", [Mood::Answers("451 Later"), Mood::Answers("451 Later")]);
        let late = base.post("olena@example.org");
        base.engine
            .write(|tx| {
                outbox::withdraw(tx, 6, "invitation")?;
                outbox::withdraw(tx, 5, "password_reset")
            })
            .unwrap();
        base.send_all();
        assert_eq!(base.state(late), "waiting", "what was withdrawn was another's");
        base.clock.advance(outbox::USUAL_LIFE_MS);
        base.send_all();
        assert_eq!((base.state(late).as_str(), base.letter(late).can_resend), ("expired", false));
        assert_eq!(base.sink.received_by("olena@example.org").len(), 0);
        let third = base.post("petro@example.org");
        base.engine.write(|tx| outbox::withdraw(tx, 5, "invitation")).unwrap();
        base.send_all();
        assert_eq!((base.state(third).as_str(), base.sink.received().len()), ("expired", 0));
        base.clock.advance(31 * 24 * 60 * MINUTE_MS);
        base.engine.write(|tx| outbox::prune(tx, base.clock.now_ms())).unwrap();
        assert!(base.letters().is_empty());
    });
}
