//! A reader for the XML a narrative may be written in: elements, attributes in quotes, text, comments, references to
//! characters. No declarations, no processing instructions, no CDATA sections, no entities of one's own.

use std::borrow::Cow;

/// One piece of the text.
#[derive(Debug)]
pub(super) enum Token<'t> {
    Open { name: &'t str, attributes: Vec<Attribute<'t>>, closed: bool },
    Close(&'t str),
    Text(&'t str),
    Comment,
}

/// An attribute as written: references in the value are not resolved.
#[derive(Debug)]
pub(super) struct Attribute<'t> {
    pub(super) name: &'t str,
    pub(super) value: &'t str,
    /// Byte offset of the value in the text.
    pub(super) start: usize,
}

/// Why reading stopped, with the byte offset.
#[derive(Debug)]
pub(super) enum Fault<'t> {
    /// Not well-formed.
    Malformed(usize),
    /// A reference to an entity XML does not define.
    Entity(&'t str, usize),
    /// Markup that is XML but has no place in a narrative: `<!…` or `<?…`.
    Markup(&'static str, usize),
    /// A comment that an HTML reader would end earlier.
    Comment(usize),
}

/// Reads a text token by token.
pub(super) struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, rest: text }
    }

    /// Byte offset of the next token.
    pub(super) fn offset(&self) -> usize {
        self.text.len().saturating_sub(self.rest.len())
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token<'t>>, Fault<'t>> {
        if self.rest.is_empty() {
            Ok(None)
        } else if self.took("<!--") {
            self.comment().map(Some)
        } else if self.rest.starts_with("<!") {
            Err(Fault::Markup("<!", self.offset()))
        } else if self.rest.starts_with("<?") {
            Err(Fault::Markup("<?", self.offset()))
        } else if self.took("</") {
            self.close().map(Some)
        } else if self.took("<") {
            self.open().map(Some)
        } else {
            self.text().map(Some)
        }
    }

    fn malformed<T>(&self) -> Result<T, Fault<'t>> {
        Err(Fault::Malformed(self.offset()))
    }

    fn took(&mut self, start: &str) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes everything before the first character `stop` wants, or all there is.
    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'t str {
        let (taken, rest) =
            self.rest.split_at_checked(self.rest.find(stop).unwrap_or(self.rest.len())).unwrap_or_default();
        self.rest = rest;
        taken
    }

    fn space(&mut self) -> bool {
        !self.until(|letter| !matches!(letter, ' ' | '\t' | '\r' | '\n')).is_empty()
    }

    fn comment(&mut self) -> Result<Token<'t>, Fault<'t>> {
        if self.rest.starts_with('>') || self.rest.starts_with("->") {
            return Err(Fault::Comment(self.offset()));
        }
        match self.rest.split_once("--") {
            Some((body, rest)) if rest.starts_with('>') && well_formed(body) => {
                self.rest = rest;
                self.took(">");
                Ok(Token::Comment)
            }
            _ => self.malformed(),
        }
    }

    fn close(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let name = self.name()?;
        self.space();
        if self.took(">") { Ok(Token::Close(name)) } else { self.malformed() }
    }

    fn open(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let name = self.name()?;
        let mut attributes: Vec<Attribute<'t>> = Vec::new();
        loop {
            let spaced = self.space();
            if self.took(">") {
                return Ok(Token::Open { name, attributes, closed: false });
            }
            if self.took("/>") {
                return Ok(Token::Open { name, attributes, closed: true });
            }
            let at = self.offset();
            if !spaced {
                return self.malformed();
            }
            let attribute = self.attribute()?;
            if attributes.iter().any(|known| known.name == attribute.name) {
                return Err(Fault::Malformed(at));
            }
            attributes.push(attribute);
        }
    }

    fn attribute(&mut self) -> Result<Attribute<'t>, Fault<'t>> {
        let name = self.name()?;
        self.space();
        if !self.took("=") {
            return self.malformed();
        }
        self.space();
        let quote = if self.took("\"") { '"' } else { '\'' };
        if quote == '\'' && !self.took("'") {
            return self.malformed();
        }
        let start = self.offset();
        let value = self.until(|letter| letter == quote || letter == '<');
        if !self.rest.starts_with(quote) || !well_formed(value) {
            return self.malformed();
        }
        references(value, start)?;
        self.rest = self.rest.strip_prefix(quote).unwrap_or_default();
        Ok(Attribute { name, value, start })
    }

    fn name(&mut self) -> Result<&'t str, Fault<'t>> {
        let at = self.offset();
        let name =
            self.until(|letter| !letter.is_ascii_alphanumeric() && !matches!(letter, ':' | '-' | '_' | '.'));
        if name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
            Ok(name)
        } else {
            Err(Fault::Malformed(at))
        }
    }

    fn text(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let start = self.offset();
        let text = self.until(|letter| letter == '<');
        if text.contains("]]>") || !well_formed(text) {
            return Err(Fault::Malformed(start));
        }
        references(text, start)?;
        Ok(Token::Text(text))
    }
}

/// True when all characters are characters of XML (control characters are refused before).
fn well_formed(text: &str) -> bool {
    !text.contains(['\u{fffe}', '\u{ffff}'])
}

/// Checks every `&…;` of a piece of text that begins at byte `start`.
fn references(text: &str, start: usize) -> Result<(), Fault<'_>> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('&') {
        let at = start.saturating_add(text.len()).saturating_sub(after.len()).saturating_sub(1);
        let Some((name, next)) = after.split_once(';') else { return Err(Fault::Malformed(at)) };
        if character(name).is_none() {
            let named = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric());
            return Err(if named { Fault::Entity(name, at) } else { Fault::Malformed(at) });
        }
        rest = next;
    }
    Ok(())
}

/// The character a reference stands for: the five of XML, or a number.
fn character(name: &str) -> Option<char> {
    let number = |digits: &str, radix: u32| {
        let plain =
            !digits.is_empty() && digits.len() <= 8 && digits.chars().all(|digit| digit.is_digit(radix));
        let character =
            plain.then(|| u32::from_str_radix(digits, radix).ok()).flatten().and_then(char::from_u32)?;
        let allowed = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
        allowed.then_some(character)
    };
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        },
    }
}

/// `text` with its references resolved.
pub(super) fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, next) = after.split_once(';').unwrap_or((after, ""));
        out.extend(character(name));
        rest = next;
    }
    out.push_str(rest);
    Cow::Owned(out)
}
