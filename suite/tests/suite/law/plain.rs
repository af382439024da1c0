//! Answers made comparable: without what differs from one request to the next whoever asks.

use testkit::Reply;

/// Status, header fields and body of an answer, with times, made ids, cursors and the name of the request taken out.
pub(super) fn plain(reply: &Reply) -> String {
    let passing = ["x-request-id", "date", "content-length"];
    let out = format!("{}\n{}", reply.status(), text(reply, |name| !passing.contains(&name)));
    let out = after(&out, "_cursor=", |c| c.is_ascii_alphanumeric() || "-_.%".contains(c));
    without_words(&out)
}

/// All bytes of an answer, as text: header fields and body.
pub(super) fn whole(reply: &Reply) -> String {
    text(reply, |_| true)
}

/// The header fields of these names, and the body.
fn text(reply: &Reply, wanted: impl Fn(&str) -> bool) -> String {
    let mut out = String::new();
    for (name, value) in reply.head.headers.iter().filter(|(name, _)| wanted(name.as_str())) {
        out.extend([name.as_str(), ": ", &String::from_utf8_lossy(value.as_bytes()), "\n"]);
    }
    out + &String::from_utf8_lossy(&reply.body)
}

/// The text with what follows `mark` as long as it is `part` of it taken out.
fn after(text: &str, mark: &str, part: impl Fn(char) -> bool) -> String {
    let mut pieces = text.split(mark);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| format!("{out}{mark}…{}", piece.trim_start_matches(&part)))
}

/// Words of letters, digits and `-:.+` that are moments or ids made by the server are taken out.
fn without_words(text: &str) -> String {
    let inner = |c: char| c.is_ascii_alphanumeric() || "-:.+".contains(c);
    let (mut out, mut word) = (String::new(), String::new());
    for c in text.chars() {
        if inner(c) {
            word.push(c);
            continue;
        }
        out.push_str(known(&word));
        word.clear();
        out.push(c);
    }
    out + known(&word)
}

fn known(word: &str) -> &str {
    let moment = word.len() >= 19 && word.starts_with("2026-") && word.contains('T');
    let clock = word.len() == 8 && word.matches(':').count() == 2;
    let uuid = word.len() == 36 && word.matches('-').count() == 4;
    if moment || clock || uuid { "…" } else { word }
}

#[test]
fn moments_ids_and_cursors_are_taken_out_and_nothing_else() {
    let text = "at 2026-04-01T00:00:05.000001Z, 08:55:46 id=0196-x 01960000-0000-7000-8000-000000000000 \
                ?_cursor=ab_9%3D&x=1 Patient/p-1";
    let expected = "at …, … id=0196-x … ?_cursor=…&x=1 Patient/p-1";
    assert_eq!(
        without_words(&after(text, "_cursor=", |c| c.is_ascii_alphanumeric() || "-_.%".contains(c))),
        expected
    );
}
