//! Narratives: whatever could run, load or submit something when it is shown is refused.

use crate::material::{bundle, patient, resource, versions, writes};
use testkit::Clinic;

/// Contents of a `div`, none of which may be stored.
const ACTIVE: &[&str] = &[
    // Scripts.
    "<script>alert(1)</script>",
    "<script src='https://evil.example/x.js'></script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script/>",
    "<script\u{a0}>alert(1)</script>",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<p>a<script type='text/plain'>x</script></p>",
    "<noscript><p title='&lt;/noscript&gt;'/></noscript>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<!DOCTYPE div [<!ENTITY x '<script>alert(1)</script>'>]>",
    "&lt;script&gt;<script>x</script>",
    // Event attributes.
    "<p onclick='alert(1)'>a</p>",
    "<p ONCLICK='alert(1)'>a</p>",
    "<p onmouseover=\\\"alert(1)\\\">a</p>",
    "<img src='x' onerror='alert(1)'/>",
    "<img src='x'\\nonerror='alert(1)'/>",
    "<div onfocus='alert(1)' tabindex='0'>a</div>",
    "<a href='#' onpointerenter='alert(1)'>a</a>",
    "<table onload='alert(1)'><tr><td>a</td></tr></table>",
    "<p on='x'>a</p>",
    "<p formaction='javascript:alert(1)'>a</p>",
    // Script addresses.
    "<a href='javascript:alert(1)'>a</a>",
    "<a href='JaVaScRiPt:alert(1)'>a</a>",
    "<a href=' javascript:alert(1)'>a</a>",
    "<a href='java&#9;script:alert(1)'>a</a>",
    "<a href='java&#10;script:alert(1)'>a</a>",
    "<a href='java&#13;script:alert(1)'>a</a>",
    "<a href='&#106;&#97;vascript:alert(1)'>a</a>",
    "<a href='&#x6A;avascript&#x3A;alert(1)'>a</a>",
    "<a href='javascript&#58;alert(1)'>a</a>",
    "<a href='&#32;&#9;javascript:alert(1)'>a</a>",
    "<a href='vbscript:msgbox(1)'>a</a>",
    "<a href='livescript:x'>a</a>",
    "<a href='data:text/html,%3Cscript%3Ealert(1)%3C/script%3E'>a</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD4='>a</a>",
    "<a href='data:image/svg+xml,x'>a</a>",
    "<a href='blob:https://evil.example/1'>a</a>",
    "<a href='file:///etc/passwd'>a</a>",
    "<a href='intent:x'>a</a>",
    "<img src='javascript:alert(1)'/>",
    "<img src='data:text/html,x'/>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='/>",
    "<blockquote cite='javascript:alert(1)'>a</blockquote>",
    "<q cite='data:text/html,x'>a</q>",
    "<img src='x' longdesc='javascript:alert(1)'/>",
    // Frames, forms, plug-ins, other languages.
    "<iframe src='https://evil.example'></iframe>",
    "<iframe srcdoc='&lt;script&gt;alert(1)&lt;/script&gt;'></iframe>",
    "<frameset><frame src='x'/></frameset>",
    "<object data='x'></object>",
    "<embed src='x'/>",
    "<applet code='x'></applet>",
    "<form action='https://evil.example'><p>a</p></form>",
    "<input name='x'/>",
    "<button>a</button>",
    "<textarea>a</textarea>",
    "<select><option>a</option></select>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload='alert(1)'/>",
    "<math><maction actiontype='statusline#x'>a</maction></math>",
    "<video src='x' onerror='alert(1)'></video>",
    "<audio src='x'></audio>",
    "<canvas></canvas>",
    "<template><p>a</p></template>",
    "<slot></slot>",
    "<marquee onstart='alert(1)'>a</marquee>",
    "<details ontoggle='alert(1)' open='open'>a</details>",
    "<p is='x-y'>a</p>",
    "<custom-element>a</custom-element>",
    // Head matter.
    "<base href='https://evil.example/'/>",
    "<link rel='stylesheet' href='https://evil.example/x.css'/>",
    "<meta http-equiv='refresh' content='0;url=https://evil.example'/>",
    "<style>p { background: url(x) }</style>",
    "<title>a</title>",
    "<body onload='alert(1)'>a</body>",
    // Styles that load or run something.
    "<p style='background: url(https://evil.example/x)'>a</p>",
    "<p style='background: URL(x)'>a</p>",
    "<p style='background: u\\\\72l(x)'>a</p>",
    "<p style='background: u/**/rl(x)'>a</p>",
    "<p style='width: expression(alert(1))'>a</p>",
    "<p style='behavior: url(x.htc)'>a</p>",
    "<p style='-moz-binding: url(x)'>a</p>",
    "<p style='@import \\\"x\\\"'>a</p>",
    "<p style='list-style: image(x)'>a</p>",
    "<p style='background: url(data:image/svg+xml,x)'>a</p>",
    // What is not well-formed, and what only looks closed.
    "<p title='</div><script>alert(1)</script>'>a</p>",
    "</div><script>alert(1)</script><div>",
    "<p title=\\\"a\\\"onclick=\\\"alert(1)\\\">a</p>",
    "<p title=a onclick=alert(1)>a</p>",
    "<p/onclick='alert(1)'>a</p>",
    "<p",
    "<p>a",
    "&nbsp;",
    "&undefined;",
    "<a href='#'>a</a",
    "<\u{0}script>alert(1)</script>",
    "<p xmlns='http://www.w3.org/2000/svg'>a</p>",
    "<p xlink:href='javascript:alert(1)'>a</p>",
    "<div xml:base='javascript:/*'>a</div>",
];

/// Contents that are shown and do nothing.
const HARMLESS: &[&str] = &[
    "<p>山田 太郎</p>",
    "<p style='color: red; text-align: center'>a</p>",
    "<table border='1'><tbody><tr><td colspan='2'>a</td></tr></tbody></table>",
    "<a href='https://example.org/?a=1&amp;b=2'>a</a><a href='#top' name='top'>b</a><a href='mailto:a@example.org'>c</a>",
    "<img src='#pic' alt='x'/><img src='data:image/png;base64,AAAA' alt='x'/>",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt; &#x5c71;&#160;</p>",
    "<p>javascript:alert(1)</p>",
    "<p title='onclick=alert(1)'>a</p>",
    "<!-- a comment --><ul><li>a</li></ul>",
];

fn told(body: &str) -> String {
    format!(
        r#""text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>"}}"#
    )
}

/// Bare zero bytes are no JSON; they are tried as escapes.
fn escaped(body: &str) -> String {
    body.replace('\0', "\\u0000")
}

#[test]
fn active_content_is_refused_wherever_a_narrative_stands() {
    assert!(ACTIVE.len() >= 60);
    let clinic = Clinic::start();
    let client = clinic.client();
    for body in ACTIVE {
        let text = told(&escaped(body));
        let own = patient(&text);
        let contained = patient(&format!(r#""contained":[{{"resourceType":"Patient","id":"c",{text}}}]"#));
        let section = resource(
            "Composition",
            &format!(
                r#""status":"preliminary","type":{{"text":"x"}},"date":"2026","author":[{{"display":"x"}}],"title":"x","section":[{{{text}}}]"#
            ),
        );
        for (kind, sent) in [("Patient", own.clone()), ("Patient", contained), ("Composition", section)] {
            let reply = client.post(kind, &sent);
            let (status, code) = reply.refusal();
            let of_narrative = code.starts_with("FH-003") && status == 422;
            let of_json = body.contains('\0') && code == "FH-0008";
            assert!(of_narrative || of_json, "{body} in {kind}: {status} {code}");
        }
        let reply = client.post("", bundle("transaction", &[writes("POST", "Patient", &own)]));
        assert!(matches!(reply.status(), 400 | 422), "{body}");
    }
    assert_eq!(versions(&client), 0);
}

#[test]
fn a_narrative_is_one_div_of_xhtml() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for (div, code) in [
        ("<div>a</div>", "FH-0031"),
        ("<p xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a</p>", "FH-0031"),
        ("a", "FH-0031"),
        ("<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">a</div><p>b</p>", "FH-0031"),
        ("<div xmlns=\\\"http://www.w3.org/2000/svg\\\">a</div>", "FH-0031"),
    ] {
        let reply =
            client.post("Patient", patient(&format!(r#""text":{{"status":"generated","div":"{div}"}}"#)));
        assert_eq!(reply.refusal(), (422, code.to_owned()), "{div}");
    }
}

#[test]
fn harmless_narratives_come_back_character_for_character() {
    let clinic = Clinic::start();
    let client = clinic.client();
    for body in HARMLESS {
        client.put("Patient/p", patient(&format!(r#""id":"p",{}"#, told(body))));
        let reply = client.get("Patient/p").expect(200);
        let expected = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{body}</div>");
        assert_eq!(reply.get("text.div"), expected, "{body}");
    }
}
