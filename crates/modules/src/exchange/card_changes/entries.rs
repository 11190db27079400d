//! Channels and addresses of a card that came back, put into those of the record: entry by entry, so that comments, marks and points stay.

use filter_language::sort_key;
use serde_json::{Value as Json, json};

use super::super::targets::{ADDRESS_PARTS, POINT_PARTS};

/// The label that programs give to what has none.
const UNLABELLED: &str = "other";
/// Parts of an address that say where its point is: with another city it would be somewhere else.
const PLACED_BY: [&str; 3] = ["city", "region", "country"];

/// What a field of many becomes.
pub(super) struct Merged {
    /// All entries, in the order of the record; new ones behind.
    pub entries: Vec<Json>,
    /// The texts that the field refuses.
    pub unreadable: Vec<String>,
}

/// Whether an entry that came back may be one that was sent.
type Agrees<'a> = &'a dyn Fn(&Json, &Json) -> bool;

/// How an entry is stored; `None` when the field refuses it.
type Normalise<'a> = &'a dyn Fn(&Json) -> Option<Json>;

fn text_at<'a>(entry: &'a Json, part: &str) -> &'a str {
    entry.get(part).and_then(Json::as_str).unwrap_or_default()
}

fn set(entry: &mut Json, part: &str, value: Json) {
    if let Some(members) = entry.as_object_mut() {
        members.insert(part.into(), value);
    }
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Whether the label of an entry says nothing.
fn is_open(entry: &Json) -> bool {
    matches!(text_at(entry, "label"), "" | UNLABELLED)
}

/// Two lists of entries held against each other by their keys.
struct Pairs {
    /// For each entry that was sent the one that came back in its place.
    of_sent: Vec<Option<usize>>,
    /// What came back besides.
    added: Vec<usize>,
}

/// Pairs what is equal; of the rest what agrees in `kind` and label is taken for changed, where a label that one of them lacks agrees with any.
/// `is_good` says what can be added.
fn pair(
    sent: &[Json],
    back: &[Json],
    key: &dyn Fn(&Json) -> String,
    kind: &dyn Fn(&Json) -> String,
    is_good: &dyn Fn(&Json) -> bool,
) -> Pairs {
    let mut pairs = Pairs { of_sent: vec![None; sent.len()], added: Vec::new() };
    let mut open: Vec<usize> = (0..back.len()).collect();
    let same_kind = |one: &Json, other: &Json| kind(one) == kind(other);
    let same_label =
        |one: &Json, other: &Json| same_kind(one, other) && text_at(one, "label") == text_at(other, "label");
    let any_label = |one: &Json, other: &Json| same_kind(one, other) && (is_open(one) || is_open(other));
    let is_equal = |one: &Json, other: &Json| key(one) == key(other);
    let tests: [Agrees<'_>; 3] = [&is_equal, &same_label, &any_label];
    for is_meant in tests {
        open.retain(|at| {
            let Some(entry) = back.get(*at) else { return false };
            let mut places = pairs.of_sent.iter().zip(sent).enumerate();
            let found = places.find(|(_, (taken, other))| taken.is_none() && is_meant(other, entry)).map(|(at, _)| at);
            match found.and_then(|place| pairs.of_sent.get_mut(place)) {
                Some(place) => {
                    *place = Some(*at);
                    false
                }
                None => true,
            }
        });
    }
    pairs.added = open.into_iter().filter(|at| back.get(*at).is_some_and(is_good)).collect();
    pairs
}

/// The label that an entry gets: programs drop labels, and invent one for what has none.
fn label_now<'a>(sent: &Json, back: &'a Json) -> Option<&'a str> {
    let (before, now) = (text_at(sent, "label"), text_at(back, "label"));
    let is_said = !now.is_empty() && now != before && !(before.is_empty() && now == UNLABELLED);
    is_said.then_some(now)
}

/// The channels of a record after a card came back. `kept` are the kinds that every address book has: of another kind entries go only when
/// something of that kind came back, so that the program is known to understand it.
pub(super) fn channels(standing: &Json, sent: &Json, back: &Json, kept: &[&str], normalise: Normalise<'_>) -> Merged {
    let (standing, sent, back) = (list(standing), list(sent), list(back));
    let kind = |entry: &Json| text_at(entry, "kind").to_owned();
    let value_of = |entry: &Json| match normalise(entry) {
        Some(good) => text_at(&good, "value").to_owned(),
        None => text_at(entry, "value").to_owned(),
    };
    let key = |entry: &Json| format!("{}:{}", kind(entry), sort_key(&value_of(entry)));
    let is_good = |entry: &Json| normalise(entry).is_some();
    let unreadable = back.iter().filter(|entry| !is_good(entry) && !sent.iter().any(|other| key(other) == key(entry)));
    let mut merged =
        Merged { entries: Vec::new(), unreadable: unreadable.map(|e| text_at(e, "value").to_owned()).collect() };
    let pairs = pair(sent, back, &key, &kind, &is_good);
    let is_understood =
        |entry: &Json| kept.contains(&text_at(entry, "kind")) || back.iter().any(|other| kind(other) == kind(entry));
    // Every channel of the record was sent, in its order; where that is not so, nothing is known to be gone.
    let is_whole = standing.len() == sent.len();
    for (at, entry) in standing.iter().enumerate() {
        let mut entry = entry.clone();
        if let Some(before) = sent.get(at).filter(|_| is_whole) {
            match pairs.of_sent.get(at).copied().flatten().and_then(|place| back.get(place)) {
                None if is_understood(before) => continue,
                None => {}
                Some(now) => {
                    if key(before) != key(now)
                        && let Some(good) = normalise(now)
                    {
                        set(&mut entry, "value", json!(text_at(&good, "value")));
                        set(&mut entry, "display", json!(text_at(&good, "display")));
                        // It is another number: that others have it too was said of the old one, and the check for duplicates decides anew.
                        set(&mut entry, "is_shared", Json::Bool(false));
                        if is_open(before) || text_at(before, "label") != text_at(now, "label") {
                            set(&mut entry, "comment", Json::Null);
                        }
                    }
                    if let Some(label) = label_now(before, now) {
                        set(&mut entry, "label", json!(label));
                    }
                }
            }
        }
        merged.entries.push(entry);
    }
    let is_new = |entry: &&Json| is_whole || !standing.iter().any(|known| key(known) == key(entry));
    let added = pairs.added.iter().filter_map(|at| back.get(*at)).filter(is_new).filter_map(normalise);
    merged.entries.extend(added.map(|mut entry| {
        set(&mut entry, "is_primary", Json::Bool(false));
        entry
    }));
    if is_whole {
        move_primary(&mut merged.entries, sent, back, &kind, &key);
    }
    merged
}

/// The preferred one of a kind changes only where exactly one is marked on the card that came back, and another one was marked before.
fn move_primary(
    entries: &mut [Json],
    sent: &[Json],
    back: &[Json],
    kind: &dyn Fn(&Json) -> String,
    key: &dyn Fn(&Json) -> String,
) {
    let is_primary = |entry: &&Json| entry.get("is_primary") == Some(&Json::Bool(true));
    for now in back.iter().filter(is_primary) {
        let of_kind = |list: &[Json]| -> Vec<String> {
            list.iter().filter(is_primary).filter(|entry| kind(entry) == kind(now)).map(key).collect()
        };
        if of_kind(back).len() != 1 || of_kind(sent).contains(&key(now)) {
            continue;
        }
        // One that stood there and is marked now; a new or corrected one takes the mark only with the entry whose place it took.
        if !entries.iter().any(|entry| key(entry) == key(now)) || !sent.iter().any(|entry| key(entry) == key(now)) {
            continue;
        }
        for entry in entries.iter_mut().filter(|entry| kind(entry) == kind(now)) {
            let is_it = key(entry) == key(now);
            set(entry, "is_primary", Json::Bool(is_it));
        }
    }
}

/// The addresses of a record after a card came back. The exact point goes with the place that it was set for.
pub(super) fn addresses(standing: &Json, sent: &Json, back: &Json, normalise: Normalise<'_>) -> Merged {
    let (point_before, sent) = without_point(sent, normalise);
    let (point_now, back) = without_point(back, normalise);
    let key = |entry: &Json| {
        ADDRESS_PARTS.iter().map(|(part, _)| sort_key(text_at(entry, part))).collect::<Vec<_>>().join("\n")
    };
    let pairs = pair(&sent, &back, &key, &|_| String::new(), &|_| true);
    // The one with the point is sent first, so places are found by what stands there.
    let mut places: Vec<Option<usize>> = vec![None; sent.len()];
    let mut used = vec![false; sent.len()];
    let mut made = Vec::new();
    for entry in list(standing) {
        let found = sent.iter().zip(&used).position(|(other, is_used)| !is_used && key(other) == key(entry));
        let Some((at, before)) = found.and_then(|at| Some((at, sent.get(at)?))) else {
            made.push(entry.clone());
            continue;
        };
        if let Some(used) = used.get_mut(at) {
            *used = true;
        }
        let Some(now) = pairs.of_sent.get(at).copied().flatten().and_then(|place| back.get(place)) else { continue };
        let mut entry = entry.clone();
        let is_moved = PLACED_BY.iter().any(|part| text_at(before, part) != text_at(now, part));
        for (part, _) in POINT_PARTS {
            if is_moved && entry.get(part).is_some_and(Json::is_number) {
                set(&mut entry, part, Json::Null);
            }
        }
        for (part, _) in ADDRESS_PARTS {
            if text_at(before, part) != text_at(now, part) {
                let text = text_at(now, part);
                set(&mut entry, part, if text.is_empty() { Json::Null } else { json!(text) });
            }
        }
        if let Some(label) = label_now(before, now) {
            set(&mut entry, "label", json!(label));
        }
        if let Some(place) = places.get_mut(at) {
            *place = Some(made.len());
        }
        made.push(entry);
    }
    made.extend(pairs.added.iter().filter_map(|at| back.get(*at)).cloned().map(|mut entry| {
        set(&mut entry, "is_primary", Json::Bool(false));
        entry
    }));
    // A point that is gone was perhaps not understood.
    if let Some(point) = point_now.filter(|now| Some(now) != point_before.as_ref()) {
        let primary = made.iter().position(|entry| entry.get("is_primary") == Some(&Json::Bool(true))).unwrap_or(0);
        if made.is_empty() {
            made.push(json!({ "is_primary": true }));
        }
        if let (Some(entry), [latitude, longitude]) = (made.get_mut(primary), point) {
            set(entry, "latitude", latitude);
            set(entry, "longitude", longitude);
        }
    }
    Merged { entries: made, unreadable: Vec::new() }
}

/// The point of a card, which stands at its first address, and the addresses as they are stored, those without words left out.
fn without_point(entries: &Json, normalise: Normalise<'_>) -> (Option<[Json; 2]>, Vec<Json>) {
    let mut point = None;
    let mut plain = Vec::new();
    for entry in list(entries) {
        let [latitude, longitude] = POINT_PARTS.map(|(part, _)| entry.get(part).filter(|value| value.is_number()));
        if let (Some(latitude), Some(longitude)) = (latitude, longitude) {
            point = Some([latitude.clone(), longitude.clone()]);
        }
        let mut entry = entry.clone();
        for (part, _) in POINT_PARTS {
            if let Some(members) = entry.as_object_mut() {
                members.remove(part);
            }
        }
        // A part that is too long is left to the check of the field.
        let good = normalise(&entry).unwrap_or(entry);
        if ADDRESS_PARTS.iter().any(|(part, _)| !text_at(&good, part).is_empty()) {
            plain.push(good);
        }
    }
    (point, plain)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn entry(kind: &str, label: &str, value: &str) -> Json {
        json!({ "kind": kind, "label": label, "value": value, "is_primary": false })
    }

    /// The values and labels that three lists of channels come to; what is no number is none of a phone.
    fn merged(standing: &[Json], back: &[Json]) -> (Vec<(String, String)>, Vec<String>) {
        let normalise = |entry: &Json| {
            let is_good = text_at(entry, "kind") != "phone" || text_at(entry, "value").parse::<u64>().is_ok();
            is_good.then(|| entry.clone())
        };
        let sent = json!(standing);
        let made = channels(&sent, &sent, &json!(back), &["phone", "email"], &normalise);
        let shown = made.entries.iter().map(|e| (text_at(e, "value").to_owned(), text_at(e, "label").to_owned()));
        (shown.collect(), made.unreadable)
    }

    #[test]
    fn channels_are_taken_for_changed_only_where_their_labels_agree() {
        let check = |standing: &[Json], back: &[Json], expect: &[(&str, &str)], unreadable: &[&str]| {
            let (shown, left) = merged(standing, back);
            let shown: Vec<(&str, &str)> = shown.iter().map(|(v, l)| (v.as_str(), l.as_str())).collect();
            assert_eq!(
                (shown.as_slice(), left.iter().map(String::as_str).collect::<Vec<_>>().as_slice()),
                (expect, unreadable)
            );
        };
        let (work, home) = (entry("phone", "work", "1"), entry("phone", "home", "2"));
        let both = [work.clone(), home.clone()];
        // In another order, without labels, with a label for what has none.
        check(&both, &[home.clone(), work.clone()], &[("1", "work"), ("2", "home")], &[]);
        check(&both, &[entry("phone", "", "1"), entry("phone", "", "2")], &[("1", "work"), ("2", "home")], &[]);
        check(&[entry("phone", "", "1")], &[entry("phone", "other", "1")], &[("1", "")], &[]);
        // Corrected, relabelled, replaced by another one, gone.
        check(&both, &[entry("phone", "work", "3"), home.clone()], &[("3", "work"), ("2", "home")], &[]);
        check(&both, &[work.clone(), entry("phone", "mobile", "2")], &[("1", "work"), ("2", "mobile")], &[]);
        check(&both, &[work.clone(), entry("phone", "mobile", "3")], &[("1", "work"), ("3", "mobile")], &[]);
        check(&both, std::slice::from_ref(&work), &[("1", "work")], &[]);
        check(&both, &[], &[], &[]);
        // What is no number stays a text, and the number that it was.
        check(&both, &[work.clone(), entry("phone", "home", "?")], &[("1", "work"), ("2", "home")], &["?"]);
        // Of messengers nothing goes while none of them comes back.
        let names = [work.clone(), entry("viber", "", "a"), entry("telegram", "", "b"), entry("telegram", "", "c")];
        check(&names, std::slice::from_ref(&work), &[("1", "work"), ("a", ""), ("b", ""), ("c", "")], &[]);
        check(&names, &[work, entry("telegram", "", "c")], &[("1", "work"), ("a", ""), ("c", "")], &[]);
    }

    #[test]
    fn the_preferred_one_moves_only_when_somebody_moved_it() {
        let one = |value: &str, is_primary: bool| json!({ "kind": "phone", "label": "", "value": value, "is_primary": is_primary });
        let check = |back: &[Json], expect: &[bool]| {
            let standing = json!([one("1", true), one("2", false)]);
            let made = channels(&standing, &standing, &json!(back), &["phone"], &|entry| Some(entry.clone()));
            let marks: Vec<bool> =
                made.entries.iter().map(|e| e.get("is_primary") == Some(&Json::Bool(true))).collect();
            assert_eq!(marks, expect, "{back:?}");
        };
        check(&[one("1", false), one("2", true)], &[false, true]);
        check(&[one("1", false), one("2", false)], &[true, false]);
        check(&[one("1", true), one("2", true)], &[true, false]);
        check(&[one("1", false), one("2", false), one("3", true)], &[true, false, false]);
    }

    #[test]
    fn another_number_is_not_shared_and_takes_a_comment_only_with_its_label() {
        let check = |label: &str, back: &Json, expect: (&str, bool, &Json)| {
            let mut standing = entry("phone", label, "1");
            set(&mut standing, "is_shared", json!(true));
            set(&mut standing, "comment", json!("секретар"));
            let sent = json!([entry("phone", label, "1")]);
            let made = channels(&json!([standing]), &sent, &json!([back]), &["phone"], &|entry| Some(entry.clone()));
            let found = &made.entries[0];
            let shown = (text_at(found, "value"), found["is_shared"] == json!(true), &found["comment"]);
            assert_eq!((shown, made.entries.len()), (expect, 1), "{label} {back}");
        };
        let (comment, nothing) = (json!("секретар"), Json::Null);
        check("work", &entry("phone", "home", "1"), ("1", true, &comment));
        check("work", &entry("phone", "work", "2"), ("2", false, &comment));
        check("work", &entry("phone", "", "2"), ("2", false, &nothing));
        check("", &entry("phone", "work", "2"), ("2", false, &nothing));
        check("", &entry("phone", "", "2"), ("2", false, &nothing));
        check("other", &entry("phone", "other", "2"), ("2", false, &nothing));
    }

    #[test]
    fn addresses_change_part_by_part_and_keep_their_points() {
        let standing = json!([
            { "label": "home", "city": "Львів", "is_primary": false },
            { "label": "office", "street": "Хрещатик", "city": "Київ", "is_primary": true, "latitude": 50.45, "longitude": 30.52 },
        ]);
        // The one with the point comes first on a card.
        let sent = json!([
            { "label": "office", "street": "Хрещатик", "city": "Київ", "latitude": 50.45, "longitude": 30.52 },
            { "label": "home", "city": "Львів" },
        ]);
        let check = |back: Json, expect: Json| {
            let made = addresses(&standing, &sent, &back, &|entry| Some(entry.clone()));
            assert_eq!(json!(made.entries), expect, "{back}");
        };
        check(sent.clone(), standing.clone());
        let (mut home, mut office) = (standing[0].clone(), standing[1].clone());
        check(json!([{ "label": "office", "street": "Хрещатик", "city": "Київ" }]), json!([office]));
        office["street"] = json!("Хрещатик, 1");
        home["label"] = json!("work");
        check(
            json!([{ "label": "office", "street": "Хрещатик, 1", "city": "Київ" }, { "label": "work", "city": "Львів" }]),
            json!([home, office]),
        );
        office = standing[1].clone();
        office["latitude"] = json!(50.5);
        check(
            json!([{ "label": "office", "street": "Хрещатик", "city": "Київ", "latitude": 50.5, "longitude": 30.52 }]),
            json!([office]),
        );
        check(json!([]), json!([]));
        // In another city, region or country the point would be wrong, also where the program sends it back as it was; a new one is taken.
        office = standing[1].clone();
        office["latitude"] = Json::Null;
        office["longitude"] = Json::Null;
        for (part, text) in [("city", "Одеса"), ("region", "Одеська"), ("country", "PL")] {
            let (mut moved, mut back) = (office.clone(), sent[0].clone());
            moved[part] = json!(text);
            back[part] = json!(text);
            check(json!([back, sent[1]]), json!([standing[0], moved]));
            (moved["latitude"], moved["longitude"]) = (json!(46.48), json!(30.73));
            (back["latitude"], back["longitude"]) = (json!(46.48), json!(30.73));
            check(json!([back, sent[1]]), json!([standing[0], moved]));
        }
        let home = json!({ "label": "home", "city": "Дрогобич", "is_primary": false });
        check(json!([sent[0], { "label": "home", "city": "Дрогобич" }]), json!([home, standing[1]]));
    }
}
