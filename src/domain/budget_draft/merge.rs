//! Changes of a draft: merge patches, and two changes of the same draft at once.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Applies a merge patch (RFC 7396): members of objects are replaced one by one, null removes one, and everything else is
/// replaced as a whole.
pub fn apply_patch(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(object) = target else { return };
    for (name, value) in members {
        if value.is_null() {
            object.remove(name);
        } else {
            apply_patch(object.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Brings two changes of the same draft together: what only one of them changed is taken from it. Lines of a list are known by
/// their `key`. Returns the paths of what both changed, each in another way, if there are any.
pub fn three_way(base: &Value, mine: &Value, theirs: &Value) -> Result<Value, Vec<String>> {
    let mut conflicts = Vec::new();
    let merged = merged(base, mine, theirs, "", &mut conflicts);
    if conflicts.is_empty() { Ok(merged) } else { Err(conflicts) }
}

/// The parts of two drafts that differ, as the draft before and after. Both hold nothing but the differences.
pub fn difference(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let (mut was, mut is) = (Map::new(), Map::new());
    for name in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (old, new) = (member(old, name), member(new, name));
        if old == new {
            continue;
        }
        let (old, new) = match (lines(old), lines(new)) {
            // Lines by their keys, so that the log shows the one that was changed.
            (Some(old), Some(new)) if old.iter().map(|line| line.0).eq(new.iter().map(|line| line.0)) => {
                difference(&by_key(&old), &by_key(&new))
            }
            _ if old.is_object() && new.is_object() => difference(old, new),
            _ => (old.clone(), new.clone()),
        };
        was.insert(name.clone(), old);
        is.insert(name.clone(), new);
    }
    (Value::Object(was), Value::Object(is))
}

fn merged(base: &Value, mine: &Value, theirs: &Value, path: &str, conflicts: &mut Vec<String>) -> Value {
    if mine == theirs || mine == base {
        return theirs.clone();
    }
    if theirs == base {
        return mine.clone();
    }
    if let (Value::Object(base), Value::Object(mine), Value::Object(theirs)) = (base, mine, theirs) {
        return merged_objects([base, mine, theirs], path, conflicts);
    }
    if let (Some(base), Some(mine), Some(theirs)) = (lines(base), lines(mine), lines(theirs)) {
        return merged_lines([&base, &mine, &theirs], path, conflicts);
    }
    conflicts.push(path.to_owned());
    theirs.clone()
}

fn merged_objects(versions: [&Map<String, Value>; 3], path: &str, conflicts: &mut Vec<String>) -> Value {
    let mut result = Map::new();
    for name in versions.iter().flat_map(|version| version.keys()).collect::<BTreeSet<_>>() {
        let [base, mine, theirs] = versions.map(|version| member(version, name));
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let value = merged(base, mine, theirs, &path, conflicts);
        if !value.is_null() {
            result.insert(name.clone(), value);
        }
    }
    Value::Object(result)
}

type Lines<'a> = Vec<(&'a str, &'a Value)>;

fn merged_lines(versions: [&Lines; 3], path: &str, conflicts: &mut Vec<String>) -> Value {
    let line = |version: &Lines, key: &str| {
        version.iter().find(|(own, _)| *own == key).map_or(Value::Null, |(_, value)| (*value).clone())
    };
    let Some(order) = merged_order(versions) else {
        conflicts.push(path.to_owned());
        return Value::Null;
    };
    let mut result = Vec::with_capacity(order.len());
    for key in order {
        let [base, mine, theirs] = versions.map(|version| line(version, key));
        let value = merged(&base, &mine, &theirs, &format!("{path}.{key}"), conflicts);
        if !value.is_null() {
            result.push(value);
        }
    }
    Value::Array(result)
}

/// The keys of all versions in an order that both changes agree with: that of the one which moved lines, and what the other
/// one added behind it. `None` if both moved lines.
fn merged_order<'a>([base, mine, theirs]: [&Lines<'a>; 3]) -> Option<Vec<&'a str>> {
    let keys = |version: &Lines<'a>| version.iter().map(|(key, _)| *key).collect::<Vec<_>>();
    let (base, mine, theirs) = (keys(base), keys(mine), keys(theirs));
    let among = |keys: &[&'a str], others: &[&str]| -> Vec<&'a str> {
        keys.iter().copied().filter(|key| others.contains(key)).collect()
    };
    let is_moved = |version: &[&'a str]| among(version, &base) != among(&base, version);
    let (first, second) = match (is_moved(&mine), is_moved(&theirs)) {
        (true, true) if among(&mine, &theirs) != among(&theirs, &mine) => return None,
        (true, _) => (mine, theirs),
        (false, _) => (theirs, mine),
    };
    // Lines that the second one has and the first one removed come too: whether they stay is decided line by line.
    let added: Vec<&str> = second.into_iter().filter(|key| !first.contains(key)).collect();
    Some(first.into_iter().chain(added).collect())
}

fn member<'a>(object: &'a Map<String, Value>, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

/// The items of a list by their keys, if each has one of its own.
fn lines(value: &Value) -> Option<Lines<'_>> {
    let items = value.as_array()?;
    let lines: Lines = items.iter().filter_map(|item| Some((item.get("key")?.as_str()?, item))).collect();
    let keys: BTreeSet<&str> = lines.iter().map(|(key, _)| *key).collect();
    (keys.len() == items.len()).then_some(lines)
}

fn by_key(lines: &Lines) -> Value {
    Value::Object(lines.iter().map(|(key, line)| ((*key).to_owned(), (*line).clone())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn line(key: &str, label: &str) -> Value {
        json!({ "key": key, "label": label })
    }

    fn draft(title: &str, lines: &[Value]) -> Value {
        json!({ "title": title, "categories": lines })
    }

    #[test]
    fn a_patch_replaces_members_and_null_removes_them() {
        // RFC 7396, section 3.
        let mut target = json!({
            "title": "Goodbye!",
            "author": { "givenName": "John", "familyName": "Doe" },
            "tags": ["example", "sample"],
            "content": "This will be unchanged"
        });
        let patch = json!({
            "title": "Hello!", "phoneNumber": "+01-123-456-7890", "author": { "familyName": null }, "tags": ["example"]
        });
        apply_patch(&mut target, &patch);
        let expected = json!({
            "title": "Hello!",
            "author": { "givenName": "John" },
            "tags": ["example"],
            "content": "This will be unchanged",
            "phoneNumber": "+01-123-456-7890"
        });
        assert_eq!(target, expected);
    }

    #[test]
    fn changes_of_different_lines_and_texts_come_together() {
        let base = draft("Old", &[line("a", "A"), line("b", "B")]);
        let mine = draft("Old", &[line("a", "Mine"), line("b", "B"), line("m", "M")]);
        let theirs = draft("New", &[line("b", "Theirs"), line("a", "A"), line("t", "T")]);
        let merged = three_way(&base, &mine, &theirs).unwrap();
        assert_eq!(merged, draft("New", &[line("b", "Theirs"), line("a", "Mine"), line("t", "T"), line("m", "M")]));
    }

    #[test]
    fn what_both_changed_in_another_way_is_a_conflict_with_its_path() {
        let base = draft("Old", &[line("a", "A"), line("b", "B"), line("c", "C")]);
        let conflicts = |mine: &Value, theirs: &Value| three_way(&base, mine, theirs).unwrap_err();
        let lines = base["categories"].as_array().unwrap();
        assert_eq!(conflicts(&draft("Mine", lines), &draft("Theirs", lines)), ["title"]);
        let mine = draft("Old", &[line("a", "Mine"), line("b", "B"), line("c", "C")]);
        let theirs = draft("Old", &[line("a", "Theirs"), line("b", "B"), line("c", "C")]);
        assert_eq!(conflicts(&mine, &theirs), ["categories.a.label"]);
        let removed = draft("Old", &[line("b", "B"), line("c", "C")]);
        assert_eq!(conflicts(&mine, &removed), ["categories.a"]);
        let moved = draft("Old", &[line("b", "B"), line("a", "A"), line("c", "C")]);
        let moved_too = draft("Old", &[line("a", "A"), line("c", "C"), line("b", "B")]);
        assert_eq!(conflicts(&moved, &moved_too), ["categories"]);
    }

    #[test]
    fn a_line_that_one_removed_and_nobody_changed_is_gone() {
        let base = draft("Old", &[line("a", "A"), line("b", "B"), line("c", "C")]);
        let mine = draft("Old", &[line("a", "A"), line("c", "C")]);
        let theirs = draft("Old", &[line("a", "A"), line("b", "B"), line("c", "Theirs")]);
        assert_eq!(three_way(&base, &mine, &theirs), Ok(draft("Old", &[line("a", "A"), line("c", "Theirs")])));
    }

    #[test]
    fn the_difference_holds_both_texts_and_nothing_else() {
        let before = draft("Old", &[line("a", "A"), line("b", "B")]);
        let after = draft("Old", &[line("a", "A"), line("b", "New")]);
        let (was, is) = difference(&before, &after);
        assert_eq!(was, json!({ "categories": { "b": { "label": "B" } } }));
        assert_eq!(is, json!({ "categories": { "b": { "label": "New" } } }));
    }

    fn lines_of(labels: &[(u8, u8)]) -> Value {
        let mut seen = BTreeSet::new();
        let lines = labels.iter().filter(|(key, _)| seen.insert(*key));
        draft("T", &lines.map(|(key, label)| line(&key.to_string(), &label.to_string())).collect::<Vec<_>>())
    }

    proptest! {
        /// Who changed nothing loses nothing and hinders nobody.
        #[test]
        fn one_change_alone_is_taken_as_it_is(a in prop::collection::vec((0u8..6, 0u8..3), 0..6), b in prop::collection::vec((0u8..6, 0u8..3), 0..6)) {
            let (base, changed) = (lines_of(&a), lines_of(&b));
            prop_assert_eq!(three_way(&base, &changed, &base), Ok(changed.clone()));
            prop_assert_eq!(three_way(&base, &base, &changed), Ok(changed.clone()));
            prop_assert_eq!(three_way(&base, &changed, &changed), Ok(changed));
        }

        /// What is merged has each line once, and the label of whoever changed it.
        #[test]
        fn no_change_of_either_is_lost(
            base in prop::collection::vec((0u8..6, 0u8..3), 0..6),
            mine in prop::collection::vec((0u8..6, 0u8..3), 0..6),
            theirs in prop::collection::vec((0u8..6, 0u8..3), 0..6),
        ) {
            let (base, mine, theirs) = (lines_of(&base), lines_of(&mine), lines_of(&theirs));
            if let Ok(merged) = three_way(&base, &mine, &theirs) {
                let label = |draft: &Value, key: &str| {
                    lines(&draft["categories"]).unwrap().iter().find(|line| line.0 == key).map(|line| line.1["label"].clone())
                };
                for key in 0u8..6 {
                    let key = key.to_string();
                    let [base, mine, theirs, merged] = [&base, &mine, &theirs, &merged].map(|draft| label(draft, &key));
                    prop_assert!(merged == mine || mine == base, "{key}: {base:?} {mine:?} {theirs:?} {merged:?}");
                    prop_assert!(merged == theirs || theirs == base, "{key}: {base:?} {mine:?} {theirs:?} {merged:?}");
                }
            }
        }
    }
}
