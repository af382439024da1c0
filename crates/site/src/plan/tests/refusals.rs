//! What is no plan, and what is said of it.

use super::*;
use base::Language;

const SECRET: &str = "hush-hush";

fn planned_with(address: &str, values: &str) -> String {
    format!(
        r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[
        {{"address":"{address}","mode":"managed","type":"aws_x","name":"a","values":{values}}}]}}}}}}"#
    )
}

/// No message shows what the plan keeps.
fn assert_silent(problem: &Problem) {
    for text in
        [format!("{problem:?} {problem}"), problem.text(Language::English), problem.text(Language::Japanese)]
    {
        assert!(!text.contains(SECRET), "{text}");
        assert!(!text.contains('{'), "a place is left open: {text}");
    }
}

#[test]
fn what_is_cut_off_is_told_with_its_place() {
    let whole = planned_with("aws_x.a", &format!(r#"{{"s":"{SECRET}"}}"#));
    for end in 1..whole.len() {
        let problem = refused(&whole.as_bytes()[..end]);
        assert_eq!(problem.code().id, "SI-0001", "{end}");
        assert_silent(&problem);
    }
    let problem = refused(&whole.as_bytes()[..whole.len() - 1]);
    assert_eq!(problem.place().map(|place| place.starts_with("2:")), Some(true));
}

#[test]
fn no_message_quotes_a_value() {
    for values in
        [format!(r#"{{"s":"{SECRET}" x}}"#), format!(r#"{{"s":"{SECRET}\q"}}"#), format!(r#"{{"{SECRET}":1"#)]
    {
        assert_silent(&refused(planned_with("aws_x.a", &values)));
    }
    for text in [
        format!(r#"{{"format_version":"1.2","planned_values":"{SECRET}"}}"#),
        format!(r#"{{"format_version":"1.2","resource_changes":[{{"change":{{"actions":"{SECRET}"}}}}]}}"#),
        format!(r#"{{"format_version":"1.2","configuration":["{SECRET}"]}}"#),
        format!(
            r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[{{"mode":["{SECRET}"]}}]}}}}}}"#
        ),
    ] {
        let problem = refused(text);
        assert_eq!(problem.code().id, "SI-0003");
        assert_silent(&problem);
    }
}

#[test]
fn other_files_are_told_what_they_are() {
    for text in [
        &b"PK\x03\x04rest"[..],
        b"\x1f\x8brest",
        b"Terraform will perform the following actions",
        b"[1]",
        br#"{"@level":"info","@message":"Terraform 1.11.4"}"#,
        br#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"x","resources":[]}"#,
        br#"{"format_version":"1.0","provider_schemas":{}}"#,
        br#"{"planned_values":{}}"#,
        b"{}",
    ] {
        let problem = refused(text);
        assert_eq!(problem.code().id, "SI-0003", "{}", String::from_utf8_lossy(text));
        assert_silent(&problem);
    }
    assert_eq!(refused("").code().id, "SI-0001");
    assert_eq!(refused(" \n").code().id, "SI-0001");
    assert_eq!(refused(r#"{"format_version":"1.0"} {}"#).code().id, "SI-0001");
}

#[test]
fn an_unknown_format_version_is_refused() {
    for version in ["2.0", "0.3", "1", "1.x", "v1.2"] {
        let problem = refused(format!(r#"{{"format_version":"{version}","planned_values":{{}}}}"#));
        assert_eq!(problem.code().id, "SI-0002", "{version}");
        assert_silent(&problem);
    }
    assert!(Plan::read("p", &br#"{"format_version":"1.99","planned_values":{}}"#[..], 0).is_ok());
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn what_lies_too_deep_is_refused_and_what_is_skipped_may_be_deep() {
    let modules = |times| {
        let inner = nested(r#"{"child_modules":["#, "{}", "]}", times);
        format!(r#"{{"format_version":"1.2","planned_values":{{"root_module":{inner}}}}}"#)
    };
    assert!(Plan::read("p", modules(100).as_bytes(), 0).is_ok());
    assert_eq!(refused(modules(101)).code().id, "SI-0004");
    assert_eq!(refused(modules(100_000)).code().id, "SI-0004");
    let calls = |times| {
        let inner = nested(r#"{"module_calls":{"a":{"module":"#, "{}", "}}}", times);
        format!(
            r#"{{"format_version":"1.2","planned_values":{{}},"configuration":{{"root_module":{inner}}}}}"#
        )
    };
    assert!(Plan::read("p", calls(100).as_bytes(), 0).is_ok());
    assert_eq!(refused(calls(1_000)).code().id, "SI-0004");
    let deep = nested("[", "", "]", 100_000);
    assert_eq!(refused(planned_with("aws_x.a", &format!(r#"{{"a":{deep}}}"#))).code().id, "SI-0004");
    let block = format!(r#"{{"type":"aws_x","name":"a","expressions":{{"a":{deep}}}}}"#);
    let text =
        format!(r#"{{"format_version":"1.2","configuration":{{"root_module":{{"resources":[{block}]}}}}}}"#);
    assert_eq!(refused(text).code().id, "SI-0004");
    let skipped = format!(r#"{{"format_version":"1.2","planned_values":{{}},"variables":{deep}}}"#);
    assert!(Plan::read("p", skipped.as_bytes(), 0).is_ok());
}

#[test]
fn a_state_within_a_plan_holds_its_values_one_level_deeper_and_no_deeper() {
    let prior = |times| {
        let module = r#"{"root_module":{"resources":[
            {"address":"data.aws_x.a","mode":"data","type":"aws_x","name":"a","values":{}}]}}"#;
        let state = nested(r#"{"values":"#, module, "}", times);
        let text = format!(r#"{{"format_version":"1.2","planned_values":{{}},"prior_state":{state}}}"#);
        Plan::read("p", text.as_bytes(), 0).unwrap().resources.len()
    };
    assert_eq!([prior(1), prior(2), prior(100_000)], [1, 0, 0]);
}

#[test]
fn modules_that_only_an_address_tells_are_bounded_too() {
    let path = vec!["module.a"; 100_000].join(".");
    let text = format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"{path}.aws_x.a","module_address":"{path}",
        "mode":"managed","type":"aws_x","name":"a","change":{{"actions":["create"],"after":{{}}}}}}],
        "configuration":{{"root_module":{{}}}}}}"#
    );
    assert_eq!(refused(text).code().id, "SI-0004");
}

#[test]
fn more_bytes_than_are_read_are_refused() {
    let text = planned_with("aws_x.a", "{}");
    let most = u64::try_from(text.len()).unwrap();
    assert!(read_bounded("p", text.as_bytes(), 0, None, most).is_ok());
    let problem = read_bounded("p", text.as_bytes(), 0, None, most - 1).unwrap_err();
    assert_eq!(problem.code().id, "SI-0005");
    assert_silent(&problem);
    // Without an end: the reading stops by itself.
    let endless = (&b"{\"x\":\""[..]).chain(std::io::repeat(b'a'));
    assert_eq!(read_bounded("p", endless, 0, None, 1_000_000).unwrap_err().code().id, "SI-0005");
}

#[test]
fn an_address_that_stands_twice_is_refused_and_shown_without_control_characters() {
    let one = r#"{"address":"aws_x.a\u001b[31m","mode":"managed","type":"aws_x","name":"a"}"#;
    let text = format!(
        r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[{one},{one}]}}}}}}"#
    );
    let problem = refused(text);
    assert_eq!(problem.code().id, "SI-0006");
    assert!(!problem.text(Language::English).contains('\u{1b}'));
}

#[test]
fn a_broken_disk_is_told() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other(SECRET))
        }
    }
    let problem = Plan::read("p", (&b"{\"format_version\":"[..]).chain(Broken), 0).unwrap_err();
    assert_eq!(problem.code().id, "SI-0001");
    assert_silent(&problem);
}

#[test]
fn the_encodings_of_windows_are_read_and_others_refused() {
    let text = planned_with("aws_x.a", r#"{"name":"病棟"}"#);
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let with_mark = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
    for bytes in [
        with_mark(b"\xef\xbb\xbf", text.clone().into_bytes()),
        with_mark(b"\xff\xfe", wide(u16::to_le_bytes)),
        with_mark(b"\xfe\xff", wide(u16::to_be_bytes)),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ] {
        let plan = Plan::read("p", bytes.as_slice(), 0).unwrap();
        assert_eq!(plan.resources[0].values["name"], "病棟");
    }
    let marked = text.replace("病棟", "@");
    let shift_jis = marked.bytes().flat_map(|byte| match byte {
        b'@' => vec![0x95, 0x61, 0x93, 0x8f],
        other => vec![other],
    });
    assert_eq!(refused(shift_jis.collect::<Vec<_>>()).code().id, "SI-0007");
    assert_eq!(refused(b"\xff\xfe\0\0{\0\0\0").code().id, "SI-0007");
}
