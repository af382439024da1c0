//! One request of the load, and the texts in it: percent-encoding, escapes of FHIR search, half-width kana.

/// Stands in a request for a number that no other request has.
pub(crate) const FRESH: &str = "{{n}}";
/// Entries that a page of a search may have.
pub(crate) const COUNT: usize = 10;

/// A request; its path is below the base of the FHIR API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// Its method.
    pub(crate) method: &'static str,
    /// From its slash on, percent-encoded.
    pub(crate) path: String,
    /// A resource, or nothing.
    pub(crate) body: String,
    /// Further header fields, `Name: value`.
    pub(crate) fields: Vec<String>,
}

impl Request {
    /// `GET`
    pub(crate) fn get(path: String) -> Self {
        Self { method: "GET", path, body: String::new(), fields: Vec::new() }
    }

    /// A search by these parameters, the first page of it.
    pub(crate) fn search(kind: &str, parameters: &[(&str, &str)]) -> Self {
        let mut path = format!("/{kind}?");
        for (name, value) in parameters {
            path.push_str(name);
            path.push('=');
            encode(value, &mut path);
            path.push('&');
        }
        path.push_str("_count=");
        path.push_str(&COUNT.to_string());
        Self::get(path)
    }

    /// A request with a resource.
    pub(crate) fn with(method: &'static str, path: String, body: String) -> Self {
        Self { method, path, body, fields: Vec::new() }
    }

    /// As one line of the file that `requests.lua` reads. JSON and encoded paths hold neither tabs nor line ends.
    pub(crate) fn line(&self) -> String {
        let mut line = [self.method, &self.path, &self.body].join("\t");
        for field in &self.fields {
            line.push('\t');
            line.push_str(field);
        }
        line
    }

    /// The same with a number where a new one belongs.
    pub(crate) fn numbered(&self, number: &str) -> Self {
        let put = |text: &String| text.replace(FRESH, number);
        Self {
            method: self.method,
            path: put(&self.path),
            body: put(&self.body),
            fields: self.fields.iter().map(put).collect(),
        }
    }
}

/// Writes a text as part of a query (RFC 3986: everything but unreserved characters is encoded).
pub(crate) fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digits = [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16));
            out.push('%');
            out.extend(digits.into_iter().flatten().map(|digit| digit.to_ascii_uppercase()));
        }
    }
}

/// The characters that mean something in a search value, made to mean themselves.
pub(crate) fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for character in value.chars() {
        if matches!(character, '\\' | ',' | '$' | '|') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
/// Kana with a mark; in half width the mark is a character of its own.
const MARKED: [(&str, &str, char); 2] = [
    ("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", 'ﾞ'),
    ("パピプペポ", "ﾊﾋﾌﾍﾎ", 'ﾟ'),
];

/// Katakana as older systems write them; other characters stay.
pub(crate) fn half_width(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if let Some(half) = partner(FULL, HALF, character) {
            out.push(half);
            continue;
        }
        let marked =
            MARKED.iter().find_map(|(full, half, mark)| Some((partner(full, half, character)?, *mark)));
        match marked {
            Some((half, mark)) => out.extend([half, mark]),
            None => out.push(character),
        }
    }
    out
}

fn partner(from: &str, to: &str, wanted: char) -> Option<char> {
    from.chars().zip(to.chars()).find_map(|(one, other)| (one == wanted).then_some(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_query_is_encoded_and_its_names_are_not() {
        let request =
            Request::search("Patient", &[("identifier", "urn:x|1"), ("subject:Patient.name", "山&")]);
        let path = "/Patient?identifier=urn%3Ax%7C1&subject:Patient.name=%E5%B1%B1%26&_count=10";
        assert_eq!(request.path, path);
    }

    #[test]
    fn a_line_holds_method_path_body_and_fields_in_this_order() {
        let mut request = Request::with("POST", "/Patient".to_owned(), "{}".to_owned());
        request.fields.push("If-None-Exist: identifier=1".to_owned());
        assert_eq!(request.line(), "POST\t/Patient\t{}\tIf-None-Exist: identifier=1");
        assert_eq!(Request::get("/Patient/1".to_owned()).line(), "GET\t/Patient/1\t");
    }

    #[test]
    fn a_number_is_put_wherever_a_new_one_belongs() {
        let mut request = Request::with("POST", "/Patient".to_owned(), format!(r#"{{"id":"{FRESH}"}}"#));
        request.fields.push(format!("If-None-Exist: identifier={FRESH}"));
        let numbered = request.numbered("7-1");
        assert_eq!(numbered.body, r#"{"id":"7-1"}"#);
        assert_eq!(numbered.fields, ["If-None-Exist: identifier=7-1"]);
    }

    #[test]
    fn characters_of_the_search_syntax_mean_themselves_when_escaped() {
        assert_eq!(escaped(r"a|b$c,d\e"), r"a\|b\$c\,d\\e");
    }

    #[test]
    fn kana_become_half_width_with_their_marks_beside_them() {
        assert_eq!(half_width("ガッパーヴァン 山"), "ｶﾞｯﾊﾟｰｳﾞｧﾝ 山");
        for (full, half) in [(FULL, HALF), (MARKED[0].0, MARKED[0].1), (MARKED[1].0, MARKED[1].1)] {
            assert_eq!(full.chars().count(), half.chars().count());
        }
    }
}
