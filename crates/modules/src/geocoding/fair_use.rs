//! What one user may ask the address service, and what need not be asked again.
//!
//! What must stay true: both are bounded, whatever is asked; an answer that is remembered costs nobody anything. They
//! live in this process alone, as the pause between two questions does: another process loses nothing without them.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use super::FoundPlace;

/// Questions of one user within [`WINDOW_MS`]: one every ten seconds for ten minutes is more than anybody types.
const MOST: usize = 60;
/// How long a question counts.
const WINDOW_MS: i64 = 10 * 60 * 1_000;
/// Questions of one user that may wait for their turn at once; the others keep the rest of the places.
const AT_ONCE: usize = 2;
/// How soon to try again while others of the same user wait.
const SOON_MS: i64 = 2_000;
/// Answers that are remembered; the oldest goes first.
const MOST_REMEMBERED: usize = 1_000;
/// For so long houses stay where they are.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the users of this process have asked lately.
#[derive(Debug, Default)]
pub(super) struct FairUse {
    users: Mutex<BTreeMap<i64, Asked>>,
}

#[derive(Debug, Default)]
struct Asked {
    /// When, in milliseconds UTC, the oldest first.
    at_ms: VecDeque<i64>,
    waiting: usize,
}

/// A question that was let through; it waits until this is dropped.
#[derive(Debug)]
pub struct Turn {
    fair_use: Arc<FairUse>,
    user_id: i64,
}

impl FairUse {
    /// Lets a question of a user through, or says in how many milliseconds he may ask again.
    pub(super) fn admit(self: &Arc<FairUse>, user_id: i64, now_ms: i64) -> Result<Turn, i64> {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.retain(|_, asked| {
            while asked.at_ms.front().is_some_and(|at| at + WINDOW_MS <= now_ms) {
                asked.at_ms.pop_front();
            }
            asked.waiting > 0 || !asked.at_ms.is_empty()
        });
        let asked = users.entry(user_id).or_default();
        if let Some(first) = asked.at_ms.front().filter(|_| asked.at_ms.len() >= MOST) {
            return Err(first + WINDOW_MS - now_ms);
        }
        if asked.waiting >= AT_ONCE {
            return Err(SOON_MS);
        }
        asked.at_ms.push_back(now_ms);
        asked.waiting += 1;
        Ok(Turn { fair_use: self.clone(), user_id })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut users = self.fair_use.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asked) = users.get_mut(&self.user_id) {
            asked.waiting -= 1;
        }
    }
}

/// What the service has answered lately, by the whole question with the address of the service.
#[derive(Default)]
pub(super) struct Memory {
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    by_question: HashMap<String, (i64, Option<FoundPlace>)>,
    order: VecDeque<String>,
}

impl Memory {
    /// The answer to this question, also that there is no such place; `None` when it must be asked.
    pub(super) fn recall(&self, question: &str, now_ms: i64) -> Option<Option<FoundPlace>> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let (at_ms, answer) = answers.by_question.get(question)?;
        (at_ms + REMEMBERED_MS > now_ms).then(|| answer.clone())
    }

    pub(super) fn keep(&self, question: String, answer: &Option<FoundPlace>, now_ms: i64) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.by_question.insert(question.clone(), (now_ms, answer.clone())).is_none() {
            answers.order.push_back(question);
        }
        if answers.order.len() > MOST_REMEMBERED
            && let Some(oldest) = answers.order.pop_front()
        {
            answers.by_question.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_his_share_and_the_others_theirs() {
        let fair_use = Arc::new(FairUse::default());
        let ask = |user_id: i64, now_ms: i64| fair_use.admit(user_id, now_ms).map(drop);
        for at in 0..60 {
            assert_eq!(ask(1, at), Ok(()), "{at}");
        }
        assert_eq!(ask(1, 60), Err(WINDOW_MS - 60));
        assert_eq!(ask(2, 60), Ok(()));
        // The first question counts no more.
        assert_eq!(ask(1, WINDOW_MS), Ok(()));
        assert_eq!(ask(1, WINDOW_MS), Err(1));
        assert_eq!(ask(2, 3 * WINDOW_MS), Ok(()));
        assert_eq!(
            fair_use.users.lock().unwrap_or_else(PoisonError::into_inner).len(),
            1,
            "who is silent is forgotten"
        );
    }

    #[test]
    fn few_questions_of_a_user_wait_at_once() {
        let fair_use = Arc::new(FairUse::default());
        let first = fair_use.admit(1, 0);
        let second = fair_use.admit(1, 0);
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(fair_use.admit(1, 0).map(drop), Err(SOON_MS));
        assert!(fair_use.admit(2, 0).is_ok());
        drop(first);
        assert!(fair_use.admit(1, 0).is_ok());
    }

    #[test]
    fn answers_are_remembered_for_a_day_and_not_without_end() {
        let memory = Memory::default();
        let place = Some(FoundPlace { latitude: 50.0, longitude: 36.0, name: None, is_exact: true });
        memory.keep("house".into(), &place, 0);
        memory.keep("nowhere".into(), &None, 0);
        assert_eq!(memory.recall("house", REMEMBERED_MS - 1), Some(place.clone()));
        assert_eq!(memory.recall("nowhere", 0), Some(None));
        assert_eq!((memory.recall("other", 0), memory.recall("house", REMEMBERED_MS)), (None, None));
        for at in 0..MOST_REMEMBERED {
            memory.keep(format!("question {at}"), &place, 1);
        }
        assert_eq!(memory.recall("house", 1), None);
        assert_eq!(memory.answers.lock().unwrap_or_else(PoisonError::into_inner).by_question.len(), MOST_REMEMBERED);
    }
}
