//! Narratives that are taken, and narratives that are refused with the right code.

use super::*;

fn ids(body: &str) -> Vec<&'static str> {
    let text = format!("<div xmlns=\"{XHTML}\">{body}</div>");
    check(&text).iter().map(|finding| finding.code.id).collect()
}

#[test]
fn basic_formatting_is_taken() {
    let good = [
        "",
        "山田 太郎 &amp; &lt;&#160;&#x3042;&gt; &quot;&apos;",
        "<p style=\"color: red; width: 10%\" class='a' id=\"x\">a<br/>b<br />c</p>",
        "<table border=\"1\"><thead><tr><th colspan=\"2\">A</th></tr></thead><tbody><tr><td\n align='left'>1</td></tr></tbody></table>",
        "<!-- a comment - with a dash --><ul ><li>x</li ></ul>",
        "<a name=\"top\"/><a href=\"#top\">up</a><a href=\"Patient/1\">p</a><a href=\"https://example.org/?a=b&amp;c=d\">w</a>",
        "<a href=\"mailto:a@example.org\">m</a><a href=\"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7\">u</a><a href=\"a/b:c\">c</a>",
        "<img src=\"#pic\" alt=\"x\"/><img src=\"pic.png\"/><img src=\"http://example.org/a.png\"/><img src=\"data:image/png;base64,AAAA\"/>",
        "<p xml:lang=\"ja\" lang=\"ja\">あ</p><div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>",
        "<p style=\"background: url(data: image/png;base64,AAexpressionA+/=); color: red\">a</p>",
        "a > b ]] >",
    ];
    for body in good {
        assert_eq!(ids(body), Vec::<&str>::new(), "{body}");
    }
}

#[test]
fn active_content_is_refused() {
    let bad = [
        "<script>alert(1)</script>",
        "<SCRIPT/>",
        "<svg onload=\"x()\"/>",
        "<p onclick=\"x()\">a</p>",
        "<p ONMOUSEOVER='x()'>a</p>",
        "<iframe src=\"https://example.org\"/>",
        "<form action=\"/x\"/>",
        "<object data=\"x\"/>",
        "<link rel=\"stylesheet\" href=\"x.css\"/>",
        "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\"/>",
        "<a href=\"javascript:x()\">a</a>",
        "<a href=\" JavaScript:x()\">a</a>",
        "<a href=\"java&#10;script:x()\">a</a>",
        "<a href=\"&#106;avascript&#58;x()\">a</a>",
        "<a href=\"&#x1;javascript:x()\">a</a>",
        "<a href=\"vbscript:x\">a</a>",
        "<a href=\"data:text/html,x\">a</a>",
        "<a href=\"data:image/png;base64,AAAA\">a</a>",
        "<img src=\"javascript:x()\"/>",
        "<img src=\"data:text/html,x\"/>",
        "<img src=\"data:image/svg+xml,x\"/>",
        "<p style=\"background: url(http://example.org/x)\">a</p>",
        "<p style=\"background: url(data:image/png;base64,AA); list-style: url(http://example.org/x)\">a</p>",
        "<p style=\"background: url(data:image/png;base64,AA'); x: url(x)\">a</p>",
        "<p style=\"background: url(data:image/svg+xml,AA)\">a</p>",
        "<p style=\"background: url(data:text/html,AA)\">a</p>",
        "<p style=\"background: urlurl(data:image/png,AA)(x)\">a</p>",
        "<p style=\"width: expression(x())\">a</p>",
        "<p style=\"background: u/**/rl(x)\">a</p>",
        "<p style=\"background: \\75rl(x)\">a</p>",
        "<p style=\"-moz-binding: x\">a</p>",
        "<!--><script>x()</script>-->",
        "<!---><script>x()</script>-->",
    ];
    for body in bad {
        let found = ids(body);
        let expected = if body.contains("&#x1;") { codes::NOT_XML.id } else { codes::ACTIVE.id };
        assert_eq!(found.first(), Some(&expected), "{body} {found:?}");
    }
}

#[test]
fn what_fhir_does_not_foresee_is_refused() {
    for (body, id) in [
        ("<center>x</center>", codes::ELEMENT.id),
        ("<style>p { color: red }</style>", codes::ELEMENT.id),
        ("<P>x</P>", codes::ELEMENT.id),
        ("<h:p>x</h:p>", codes::ELEMENT.id),
        ("<![CDATA[<script>x</script>]]>", codes::ELEMENT.id),
        ("<?php x ?>", codes::ELEMENT.id),
        ("<!DOCTYPE div>", codes::ELEMENT.id),
        ("<p data-x=\"1\">a</p>", codes::ATTRIBUTE.id),
        ("<p xmlns=\"http://www.w3.org/2000/svg\">a</p>", codes::ATTRIBUTE.id),
        ("<p xmlns:x=\"urn:x\">a</p>", codes::ATTRIBUTE.id),
        ("<td background=\"http://example.org/x\">a</td>", codes::ATTRIBUTE.id),
        ("<img src=\"cid:1\"/>", codes::ADDRESS.id),
        ("<a href=\"file:///etc/passwd\">a</a>", codes::ADDRESS.id),
        ("&nbsp;", codes::ENTITY.id),
        ("<p title=\"&copy;\">x</p>", codes::ENTITY.id),
    ] {
        assert_eq!(ids(body), [id], "{body}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    let bad = [
        "<p>",
        "</p>",
        "<p></b>",
        "<b><i></b></i>",
        "a & b",
        "&;",
        "&#;",
        "&#0;",
        "&#xD800;",
        "&#xFFFE;",
        "&#x110000;",
        "&amp",
        "<p a>x</p>",
        "<p class=a>x</p>",
        "<p class=\"a>x</p>",
        "<p class=\"a\"id=\"b\">x</p>",
        "<p class=\"a\" class=\"b\"/>",
        "<p class=\"<\"/>",
        "<p / >",
        "< p>x</ p>",
        "<1/>",
        "<p",
        "<",
        "</",
        "<!-- -- -->",
        "<!-- ",
        "]]>",
        "\u{ffff}",
        "<p class/>",
        "<пример/>",
    ];
    for body in bad {
        assert_eq!(ids(body).first(), Some(&codes::NOT_XML.id), "{body}");
    }
}

#[test]
fn the_root_is_one_div_in_the_xhtml_namespace() {
    let div = format!("<div xmlns=\"{XHTML}\">x</div>");
    assert_eq!(check(&format!(" \n{div}\n")), []);
    for text in [
        "x".to_owned(),
        " ".to_owned(),
        "<div>x</div>".to_owned(),
        format!("<p xmlns=\"{XHTML}\">x</p>"),
        format!("<html:div xmlns:html=\"{XHTML}\">x</html:div>"),
        format!("{div}{div}"),
        format!("{div}x"),
        format!("x{div}"),
        format!("{div}<!-- x -->"),
        "<div xmlns=\"http://www.w3.org/1999/xhtm\">x</div>".to_owned(),
    ] {
        assert_eq!(check(&text).first().map(|finding| finding.code.id), Some(codes::ROOT.id), "{text}");
    }
}

#[test]
fn a_finding_knows_its_place_and_name() {
    let text = format!("<div xmlns=\"{XHTML}\">山<p onclick=\"x\">a</p></div>");
    let findings = check(&text);
    assert_eq!((findings[0].name.as_str(), findings[0].at), ("onclick", 56));
}

#[test]
fn findings_do_not_pile_up_without_end() {
    assert_eq!(ids(&"<script/>".repeat(10_000)).len(), FINDINGS_MAX);
}

#[test]
fn only_links_and_images_are_rewritten() {
    let new = |old: &str| (old == "urn:uuid:1&2").then(|| "Patient/\"7\"".to_owned());
    let text = "<div><a class='urn:uuid:1&amp;2' href='urn:uuid:1&amp;2'>urn:uuid:1&amp;2</a><img alt=\"x\" src=\"urn:uuid:1&#38;2\"/><a href=\"#x\"/></div>";
    let expected = "<div><a class='urn:uuid:1&amp;2' href='Patient/&quot;7&quot;'>urn:uuid:1&amp;2</a><img alt=\"x\" src=\"Patient/&quot;7&quot;\"/><a href=\"#x\"/></div>";
    assert_eq!(rewrite(text, &new).as_deref(), Some(expected));
    assert_eq!(rewrite(text, &|_| None), None);
}

#[test]
fn blanks_and_comments_say_nothing() {
    let told =
        |body: &str| says_something(&format!("<div xmlns='http://www.w3.org/1999/xhtml'>{body}</div>"));
    for body in ["x", "<p>山</p>", " &#160; ", "<img src='#x'/>", "<p> </p><p>x</p>"] {
        assert!(told(body), "{body}");
    }
    for body in ["", " \n\t", "<p/>", "<p> &#32; </p>", "<!-- x -->", "<img alt='x'/>", "<p title='x'></p>"] {
        assert!(!told(body), "{body}");
    }
}
