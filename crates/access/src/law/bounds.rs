//! How long and how nested a facility's policies may be. Cedar reads nested expressions by recursion, without a bound of
//! its own: what is nested a thousandfold would end the process, so that it is refused before it is read.

use super::fault::LawFault;

/// Longest text, in bytes. The default set has a third of it.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Deepest nesting of brackets in one policy, each `if` counted too.
const NESTING_MAX: usize = 32;

/// Most operators in one policy: each can make its expression one level deeper.
const OPERATORS_MAX: usize = 256;

/// What is too long or too nested.
pub(super) fn check(text: &str) -> Result<(), LawFault> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(LawFault::of(
            format!("The policies are longer than {TEXT_BYTES_MAX} bytes."),
            format!("ポリシーが {TEXT_BYTES_MAX} バイトを超えています。"),
        ));
    }
    let mut policy = Counted::default();
    for (offset, token) in (Tokens { text, offset: 0 }) {
        policy.take(token);
        if policy.too_much() {
            return Err(LawFault::at(
                text,
                offset,
                format!(
                    "One policy has more than {NESTING_MAX} nested brackets or more than {OPERATORS_MAX} operators. Make \
                     several of it."
                ),
                format!(
                    "1 つのポリシーの括弧の入れ子が {NESTING_MAX} 段、または演算子が {OPERATORS_MAX} 個を超えています。いくつかのポリシーに分けてください。"
                ),
            ));
        }
    }
    Ok(())
}

/// What a policy has so far.
#[derive(Default)]
struct Counted {
    brackets: usize,
    ifs: usize,
    operators: usize,
}

impl Counted {
    fn take(&mut self, token: &str) {
        match token {
            ";" => *self = Self::default(),
            "(" | "[" | "{" => self.brackets = self.brackets.saturating_add(1),
            ")" | "]" | "}" => self.brackets = self.brackets.saturating_sub(1),
            "if" => self.ifs = self.ifs.saturating_add(1),
            "has" | "like" | "in" | "is" | "!" | "." | "+" | "-" | "*" | "<" | ">" | "=" | "&" | "|" => {
                self.operators = self.operators.saturating_add(1);
            }
            _ => {}
        }
    }

    fn too_much(&self) -> bool {
        self.brackets.saturating_add(self.ifs) > NESTING_MAX || self.operators > OPERATORS_MAX
    }
}

/// Words and single signs, each with its offset; without texts in quotes and comments.
struct Tokens<'t> {
    text: &'t str,
    offset: usize,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = (usize, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let rest = self.text.get(self.offset..)?;
            let first = rest.chars().next()?;
            let (length, counts) = match first {
                '"' => (quoted(rest), false),
                '/' if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), false),
                _ if word(first) => (rest.find(|other| !word(other)).unwrap_or(rest.len()), true),
                // Signs of two characters are one operator.
                '=' | '<' | '>' | '!' | '&' | '|' => (signs(rest), true),
                _ => (first.len_utf8(), true),
            };
            let begin = self.offset;
            self.offset = begin.saturating_add(length);
            if counts {
                return Some((begin, rest.get(..length.min(first_sign(first, length)))?));
            }
        }
    }
}

fn word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// `&&`, `==`, `<=` are taken together; `!` and `<` may stand alone.
fn signs(rest: &str) -> usize {
    let second = rest.chars().nth(1);
    if matches!(second, Some('=' | '&' | '|')) { 2 } else { 1 }
}

/// Of an operator the first sign is told.
fn first_sign(first: char, length: usize) -> usize {
    if word(first) { length } else { first.len_utf8() }
}

/// The length of a text in quotes, to the end where it has none.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in rest.char_indices().skip(1) {
        match sign {
            '"' if !escaped => return at.saturating_add(1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}
