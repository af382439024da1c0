//! “Did you mean …”: the known name closest to one that is not known.

/// Names longer than this are not compared: nobody mistypes that much, and the work grows with the square.
const COMPARED_CHARS_MAX: usize = 64;

/// The closest of `known` to `name`, if one is close enough to be meant. Upper and lower case count as equal.
pub(crate) fn closest<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let length = name.chars().count();
    if length > COMPARED_CHARS_MAX {
        return None;
    }
    let near = (length / 3).clamp(1, 3);
    let (distance, found) = known.map(|candidate| (distance(name, candidate), candidate)).min()?;
    (distance <= near).then_some(found)
}

/// Edits (insert, remove, replace) from one text to the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, letter) in left.chars().flat_map(char::to_lowercase).enumerate() {
        let mut corner = at;
        let mut before = at.saturating_add(1);
        let mut next = vec![before];
        for (other, above) in right.iter().zip(row.iter().skip(1)) {
            let replaced = corner.saturating_add(usize::from(letter != *other));
            before = replaced.min(above.saturating_add(1)).min(before.saturating_add(1));
            corner = *above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        for (left, right, expected) in [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "", 3),
            ("same", "same", 0),
            ("Same", "sAME", 0),
        ] {
            assert_eq!(distance(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = || ["birthDate", "gender", "name", "telecom"].into_iter();
        assert_eq!(closest("birthdate", known()), Some("birthDate"));
        assert_eq!(closest("gendre", known()), Some("gender"));
        assert_eq!(closest("nam", known()), Some("name"));
        assert_eq!(closest("occupation", known()), None);
        assert_eq!(closest(&"x".repeat(10_000), known()), None);
    }
}
