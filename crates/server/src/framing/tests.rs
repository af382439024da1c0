//! The guard on requests, whole and in pieces; what the connection makes of its verdicts is tried in `tests/edge/framing.rs`.

use super::fuzz::{SIZES, verdict};
use super::*;
use proptest::prelude::*;

/// The verdict on a text whose line ends are made right.
fn of(text: &str) -> Option<Fault> {
    verdict(text.replace('\n', "\r\n").as_bytes(), usize::MAX)
}

fn get(fields: &str) -> Option<Fault> {
    of(&format!("GET / HTTP/1.1\n{fields}\n"))
}

fn chunks(text: &str) -> Option<Fault> {
    of(&format!("POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n{text}"))
}

#[test]
fn plain_requests_pass_one_after_the_other() {
    let all = [
        "GET / HTTP/1.1\nHost: h\n\n",
        "POST / HTTP/1.1\nContent-Length: 5\n\nhello",
        "PUT /a?b=c|d HTTP/1.1\nTransfer-Encoding: chunked\n\n5\nhello\nA;x=y\n0123456789\n0\nX-Sum: 1\n\n",
        "\nDELETE /a HTTP/1.0\n\n",
        "OPTIONS * HTTP/1.1\nContent-Length: 0\n\n",
        "GET https://h/a HTTP/1.1\nA:\tb\t\nB:\n\n",
        "CONNECT h:443 HTTP/1.1\n\n",
        "GET /?name=山田 HTTP/1.1\nX: 山\n\n",
    ];
    assert_eq!(of(&all.concat()), None);
    for one in all {
        let mut guard = Guard::new(SIZES);
        assert_eq!(guard.feed(one.replace('\n', "\r\n").as_bytes()), Ok(()), "{one}");
        assert_eq!(guard.state, State::Start, "{one}");
    }
}

#[test]
fn lines_end_with_both_characters_and_hold_neither() {
    for bytes in [
        &b"GET / HTTP/1.1\nHost: h\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nHost: h\n\r\n",
        b"GET / HTTP/1.1\r\nHost: h\r\n\n",
        b"GET / HTTP/1.1\r\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
        b"GET /\rx HTTP/1.1\r\n\r\n",
        b"\n",
        b"\r\r",
    ] {
        assert_eq!(verdict(bytes, usize::MAX), Some(Fault::LineEnd), "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_request_line_has_three_parts_and_one_space_between_them() {
    for line in [
        "GET  / HTTP/1.1",
        "GET /  HTTP/1.1",
        "GET / HTTP/1.1 ",
        " GET / HTTP/1.1",
        "GET\t/ HTTP/1.1",
        "GET /",
        "GET",
        "/ HTTP/1.1",
        "GET / x HTTP/1.1",
        "G(T / HTTP/1.1",
        "GET a HTTP/1.1",
        "GET /#a HTTP/1.1",
        "GET /a\u{7f} HTTP/1.1",
        "GET /a\u{1} HTTP/1.1",
        "GET / HTTP/11",
        "GET / http/1.1",
        "GET / HTTP/1.1x",
        "GET / HTTP/1.10",
        "GET / HTTPS/1.1",
        "GET / HTTP/1,1",
        "GÉT / HTTP/1.1",
        "\nGET",
        "GET h:80 HTTP/1.1",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1",
    ] {
        assert_eq!(of(&format!("{line}\n\n")), Some(Fault::RequestLine), "{line}");
    }
    for version in ["HTTP/0.9", "HTTP/1.2", "HTTP/2.0", "HTTP/3.0", "HTTP/9.9"] {
        assert_eq!(of(&format!("GET / {version}\n\n")), Some(Fault::Version), "{version}");
    }
    assert_eq!(of("\n\nGET / HTTP/1.1\n\n"), Some(Fault::RequestLine), "two empty lines");
}

#[test]
fn a_field_has_a_name_a_colon_and_no_control_characters() {
    for field in
        [" A: b", "\tA: b", "A : b", "A\t: b", ": b", "A", "A b: c", "A(: b", "Ä: b", "A: b\n c", "A\0: b"]
    {
        assert_eq!(get(&format!("{field}\n")), Some(Fault::FieldName), "{field:?}");
    }
    for value in ["a\0b", "a\u{1}b", "a\u{b}b", "a\u{7f}b", "\u{1b}[2J"] {
        assert_eq!(get(&format!("A: {value}\n")), Some(Fault::FieldValue), "{value:?}");
    }
}

#[test]
fn a_length_is_one_plain_number() {
    for value in [
        "",
        "+1",
        "-1",
        "1,1",
        "1, 1",
        "1 1",
        "0x1",
        "1.0",
        "1e1",
        "01",
        "00",
        "１",
        "18446744073709551616",
        "99999999999999999999999",
        "1;",
        "\"1\"",
        "a",
    ] {
        let text = format!("POST / HTTP/1.1\nContent-Length: {value}\n\n");
        assert_eq!(of(&text), Some(Fault::Length), "{value:?}");
    }
    for second in ["1", "2", "0"] {
        let text = format!("POST / HTTP/1.1\nContent-Length: 1\ncontent-length: {second}\n\n");
        assert_eq!(of(&text), Some(Fault::Length), "{second}");
    }
    assert_eq!(of("POST / HTTP/1.1\nContent-Length: 18446744073709551615\n\nx"), None);
}

#[test]
fn the_one_coding_is_chunked_and_it_stands_alone() {
    let coded = |version: &str, fields: &str| of(&format!("POST / HTTP/{version}\n{fields}\n\n"));
    for fields in [
        "Transfer-Encoding: chunked\nContent-Length: 1",
        "Content-Length: 1\nTransfer-Encoding: chunked",
        "Content-Length: 0\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: chunked,",
        "Transfer-Encoding: ,chunked",
        "Transfer-Encoding:",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: chunked\u{a0}",
    ] {
        assert_eq!(coded("1.1", fields), Some(Fault::Transfer), "{fields}");
    }
    assert_eq!(coded("1.0", "Transfer-Encoding: chunked"), Some(Fault::Transfer));
    for value in ["gzip", "gzip, chunked", "identity", "xchunked", "chunkedx"] {
        assert_eq!(coded("1.1", &format!("Transfer-Encoding: {value}")), Some(Fault::Coding), "{value}");
    }
    assert_eq!(coded("1.1", "TRANSFER-ENCODING: Chunked"), None);
}

#[test]
fn chunks_say_their_size_and_keep_to_it() {
    for body in [
        "x\n",
        "\n",
        " 1\nx\n",
        "1 \nx\n",
        "+1\nx\n",
        "-1\n",
        "0x1\nx\n",
        "00\n",
        "01\nx\n",
        "100000000\n",
        "FFFFFFFFFFFFFFFF1\n",
        "1\nxy\n",
        "2\nx\n\n",
        "1x\n",
        "1;\nx\n",
        "1 ;a\nx\n",
        "1,a\nx\n",
        "1;a\u{1}\nx\n",
    ] {
        let verdict = chunks(body);
        assert_eq!(verdict, Some(Fault::Chunk), "{body:?}");
    }
    for bytes in [&b"1\nx\r\n"[..], b"1\r\nx\n", b"0\r\n\n", b"0\r\nA: b\n\r\n", b"1\rx\r\n"] {
        let all = [b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", bytes].concat();
        assert_eq!(verdict(&all, usize::MAX), Some(Fault::Chunk), "{:?}", String::from_utf8_lossy(bytes));
    }
    let extended = |length: usize| format!("1;{}\nx\n", "e".repeat(length));
    assert_eq!(chunks(&extended(63)), None);
    assert_eq!(chunks(&extended(64)), Some(Fault::Chunk));
    assert_eq!(chunks(&extended(63).repeat(16)), None);
    assert_eq!(chunks(&extended(63).repeat(17)), Some(Fault::Chunk));
}

#[test]
fn trailers_do_not_decide_anything() {
    for name in
        ["Content-Length", "transfer-encoding", "Host", "Authorization", "Connection", "If-None-Exist"]
    {
        assert_eq!(chunks(&format!("0\n{name}: x\n\n")), Some(Fault::Trailers), "{name}");
    }
    assert_eq!(chunks("0\n X: y\n\n"), Some(Fault::Trailers));
    assert_eq!(chunks(&format!("0\n{}\n", "X: y\n".repeat(16))), None);
    assert_eq!(chunks(&format!("0\n{}\n", "X: y\n".repeat(17))), Some(Fault::Trailers));
    assert_eq!(chunks(&format!("0\nX: {}\n\n", "y".repeat(5_000))), Some(Fault::Trailers));
}

#[test]
fn each_bound_holds_exactly() {
    let target = |length: usize| of(&format!("GET /{} HTTP/1.1\n\n", "a".repeat(length - 1)));
    assert_eq!((target(64), target(65)), (None, Some(Fault::TargetTooLong)));
    let fields = |count: usize| get(&"A: b\n".repeat(count));
    assert_eq!((fields(8), fields(9)), (None, Some(Fault::HeadTooLarge)));
    let bytes = |length: usize| get(&format!("A: {}\n", "b".repeat(length - 3)));
    // Line ends count too.
    assert_eq!((bytes(509), bytes(510)), (None, Some(Fault::HeadTooLarge)));
    assert_eq!(verdict(&[b'A'; 1_000], usize::MAX), Some(Fault::TargetTooLong), "a line that never ends");
}

#[test]
fn what_came_before_the_fault_is_passed_on_and_nothing_behind_it() {
    let first = "GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx";
    let all = format!("{first}GET  / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    let refused = Guard::new(SIZES).feed(all.as_bytes()).unwrap_err();
    assert_eq!(refused, Refused { fault: Fault::RequestLine, good: first.len(), at_work: false });
}

#[test]
fn a_request_whose_head_was_passed_on_may_be_at_work() {
    let head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut guard = Guard::new(SIZES);
    guard.feed(head).unwrap();
    let refused = guard.feed(b"1\r\nx\r\nxyz\r\n").unwrap_err();
    assert_eq!(refused, Refused { fault: Fault::Chunk, good: 0, at_work: true });
    let mut guard = Guard::new(SIZES);
    guard.feed(&head[..20]).unwrap();
    let refused = guard.feed(&[&head[20..], b"xyz\r\n"].concat()).unwrap_err();
    assert!(!refused.at_work, "its head came with the fault");
    let mut guard = Guard::new(SIZES);
    guard.feed(head).unwrap();
    let refused = guard.feed(b"0\r\n\r\nGET  / HTTP/1.1\r\n").unwrap_err();
    assert_eq!((refused.good, refused.at_work), (5, false), "it had ended");
}

/// Texts made of what requests consist of, so that many of them are nearly right.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let parts: Vec<&'static [u8]> = vec![
        b"GET / HTTP/1.1\r\n",
        b"POST / HTTP/1.1\r\n",
        b"POST / HTTP/1.0\r\n",
        b"Content-Length: 3\r\n",
        b"Content-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"A: b\r\n",
        b"\r\n",
        b"\r",
        b"\n",
        b"abc",
        b"3\r\nabc\r\n",
        b"0\r\n",
        b"0\r\n\r\n",
        b"1;x\r\nz\r\n",
        b" ",
        b":",
        b"\0",
    ];
    prop::collection::vec(prop::sample::select(parts), 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn the_verdict_does_not_depend_on_the_cuts(input in nearly(), pieces in 1_usize..64) {
        prop_assert_eq!(verdict(&input, pieces), verdict(&input, usize::MAX));
    }

    #[test]
    fn any_bytes_have_one_verdict(input in prop::collection::vec(any::<u8>(), 0..400)) {
        fuzz_framing(&input);
    }
}
