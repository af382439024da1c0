//! What an expression names: one reference of Terraform, such as `module.vpc.private_subnets` or `aws_subnet.a[0].id`.

/// A reference, taken apart as far as the join needs it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reference {
    /// A resource or data block of the same module: all its instances, or the one with the key (`[0]`, `["a"]`).
    Block { address: String, key: Option<String> },
    /// A variable of the module: what its caller gives.
    Variable(String),
    /// A local value of the module.
    Local(String),
    /// An output of a called module, or all of them.
    Output { call: String, key: Option<String>, output: Option<String> },
    /// The element of `for_each` that the instance stands for: `each.key`, `each.value`.
    Each(&'static str),
    /// The number of the instance.
    CountIndex,
    /// The instance of a block that belongs to the instance which names it. Plans do not tell this apart from naming all
    /// instances; only sources do.
    Own { address: String, by: Own },
}

/// How an instance picks the one that belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Own {
    /// `aws_subnet.a[count.index]`, `aws_subnet.a[each.key]`: the one with its own key.
    SameKey,
    /// `element(aws_subnet.a[*].id, count.index)`: the one with its number, beginning again at the end.
    Element,
}

impl Reference {
    /// Reads one reference; `None` for what names no resource (`path.module`, `terraform.workspace`, `self`).
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut steps = Steps::new(text);
        let first = steps.next()?;
        match first.name {
            "path" | "terraform" | "self" | "tofu" => None,
            "var" => steps.next().map(|step| Self::Variable(step.name.to_owned())),
            "local" => steps.next().map(|step| Self::Local(step.name.to_owned())),
            "count" => Some(Self::CountIndex),
            "each" => Some(Self::Each(match steps.next().map(|step| step.name) {
                Some("key") => "each.key",
                _ => "each.value",
            })),
            "module" => steps.next().map(|call| Self::Output {
                call: call.name.to_owned(),
                key: call.key.map(str::to_owned),
                output: steps.next().map(|step| step.name.to_owned()),
            }),
            "data" | "ephemeral" => {
                let (kind, block) = (steps.next()?, steps.next()?);
                Some(Self::block(&[first.name, kind.name, block.name], block.key))
            }
            // `resource.aws_subnet.a` is a longer way to say `aws_subnet.a`.
            "resource" => {
                let (kind, block) = (steps.next()?, steps.next()?);
                Some(Self::block(&[kind.name, block.name], block.key))
            }
            kind => steps.next().map(|block| Self::block(&[kind, block.name], block.key)),
        }
    }

    fn block(parts: &[&str], key: Option<&str>) -> Self {
        Self::Block { address: parts.join("."), key: key.map(str::to_owned) }
    }
}

/// Reads the `references` of an expression.
///
/// Terraform lists every reference followed by its own beginnings (`aws_subnet.a[0].id`, `aws_subnet.a[0]`,
/// `aws_subnet.a`). Those are no references of their own: taken as such, the last one would name every instance.
pub(super) fn of_list(texts: &[String]) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut before: Option<&str> = None;
    for text in texts {
        if !before.is_some_and(|before| is_beginning(text, before)) {
            found.extend(Reference::parse(text));
        }
        before = Some(text);
    }
    found.sort();
    found.dedup();
    found
}

/// Whether a text is a proper beginning of the one listed before it.
fn is_beginning(text: &str, before: &str) -> bool {
    before.strip_prefix(text).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// A step of an address: a name, and the key that follows it with its brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step<'a> {
    pub(super) name: &'a str,
    pub(super) key: Option<&'a str>,
}

/// The steps of an address. Keys may hold dots, brackets and quotes.
pub(super) struct Steps<'a> {
    rest: &'a str,
}

impl<'a> Steps<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;
    fn next(&mut self) -> Option<Step<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.rest.find(['.', '[']).unwrap_or(self.rest.len());
        let (name, mut rest) = self.rest.split_at_checked(end)?;
        let mut key = None;
        while rest.starts_with('[') {
            let (one, after) = rest.split_at_checked(key_end(rest))?;
            // Of `a["x"][0]` the first key is the instance's.
            key = key.or(Some(one));
            rest = after;
        }
        self.rest = rest.strip_prefix('.').unwrap_or(rest);
        // What follows a key without a dot is no step; it ends the reading.
        if rest == self.rest && !rest.is_empty() {
            self.rest = "";
        }
        Some(Step { name, key })
    }
}

/// Where the key at the beginning of a text ends, after its bracket.
fn key_end(text: &str) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ']' if !quoted => return at.saturating_add(1),
            _ => {}
        }
    }
    text.len()
}

/// Splits the address of a module into its caller, the call and the key: `module.a[0].module.b` into `module.a[0]`, `b`, none.
pub(super) fn last_call(path: &str) -> Option<(&str, &str, Option<&str>)> {
    let mut steps = Steps::new(path);
    let mut parent_end = 0;
    loop {
        let start = path.len().saturating_sub(steps.rest.len());
        let word = steps.next()?;
        let call = steps.next()?;
        if word.name != "module" {
            return None;
        }
        if steps.rest.is_empty() {
            let parent = path.get(..parent_end)?;
            return Some((parent, call.name, call.key));
        }
        parent_end = path.len().saturating_sub(steps.rest.len()).saturating_sub(1).max(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Vec<Reference> {
        of_list(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    fn block(address: &str, key: Option<&str>) -> Reference {
        Reference::Block { address: address.into(), key: key.map(str::to_owned) }
    }

    #[test]
    fn the_beginnings_of_a_reference_are_no_references() {
        assert_eq!(
            read(&["aws_subnet.a[0].id", "aws_subnet.a[0]", "aws_subnet.a"]),
            [block("aws_subnet.a", Some("[0]"))]
        );
        assert_eq!(
            read(&["aws_subnet.a[0].id", "aws_subnet.a[0]", "aws_subnet.a", "aws_subnet.a"]),
            [block("aws_subnet.a", None), block("aws_subnet.a", Some("[0]"))]
        );
        assert_eq!(read(&["aws_subnet.ab", "aws_subnet.a"]).len(), 2);
    }

    #[test]
    fn keys_may_hold_dots_brackets_and_quotes() {
        assert_eq!(read(&[r#"aws_subnet.a["x.y]\"z"].id"#]), [block("aws_subnet.a", Some(r#"["x.y]\"z"]"#))]);
        assert_eq!(
            last_call(r#"module.a["m.n"].module.b[0]"#),
            Some((r#"module.a["m.n"]"#, "b", Some("[0]")))
        );
        assert_eq!(last_call("module.a"), Some(("", "a", None)));
        assert_eq!(last_call("aws_subnet.a"), None);
    }

    #[test]
    fn outputs_variables_and_data_are_told_apart() {
        assert_eq!(
            read(&[
                "module.vpc[0].ids",
                "module.vpc[0]",
                "data.aws_vpc.main.id",
                "data.aws_vpc.main",
                "var.x.y",
                "var.x"
            ]),
            [
                block("data.aws_vpc.main", None),
                Reference::Variable("x".into()),
                Reference::Output { call: "vpc".into(), key: Some("[0]".into()), output: Some("ids".into()) },
            ]
        );
        assert_eq!(read(&["path.module", "terraform.workspace", "self.id", "", "[", "x"]), []);
    }
}
