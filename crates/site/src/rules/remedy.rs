//! How a rule is kept: a sentence, and an example in Terraform made from the rule itself.

use super::element::scalar;
use super::rule::{Op, Rule, Text};
use super::wording::listed;
use serde_json::Value;

impl Rule {
    /// What to do, in words; the example stands in [`Rule::terraform`].
    pub fn remedy(&self) -> Text {
        let mut text = self.asks();
        if let Some(best) = &self.prefer {
            text.ja = format!("{}推奨値は {} です。", text.ja, listed(Some(best), "、"));
            text.en = format!("{} Prefer {}.", text.en, listed(Some(best), ", "));
        }
        if let Some(note) = &self.note {
            text.ja.push_str(&super::wording::sentence_ja(&note.ja));
            text.en = format!("{} Note: {}.", text.en, note.en.trim_end_matches('.'));
        }
        text
    }

    /// A resource block that keeps the rule, in Terraform's language. Other attributes are left out.
    pub fn terraform(&self) -> String {
        let inside = match &self.snippet {
            Some(snippet) => snippet.trim_end().to_owned(),
            None => self.blocks(),
        };
        let mut block = format!("resource \"{}\" \"example\" {{\n", self.kind);
        for line in inside.lines() {
            block.push_str(if line.is_empty() { "" } else { "  " });
            block.push_str(line);
            block.push('\n');
        }
        block.push('}');
        block
    }

    /// The attribute in its blocks.
    fn blocks(&self) -> String {
        let Some((name, blocks)) = self.path.split_last() else { return String::new() };
        let mut lines = Vec::new();
        for (depth, block) in blocks.iter().enumerate() {
            lines.push(format!("{}{block} {{", indent(depth)));
        }
        lines.extend(self.line(name).lines().map(|line| format!("{}{line}", indent(blocks.len()))));
        lines.extend((0..blocks.len()).rev().map(|depth| format!("{}}}", indent(depth))));
        lines.join("\n")
    }

    fn line(&self, name: &str) -> String {
        match (self.op, self.safe_value()) {
            (Op::Absent, _) => format!("# no {name}"),
            (Op::KvEq, Some(Value::Object(parts))) => {
                let width = parts.keys().map(String::len).max().unwrap_or_default();
                let lines =
                    parts.iter().map(|(key, value)| format!("  {key:width$} = {}\n", expression(value)));
                format!("{name} {{\n{}}}", lines.collect::<String>())
            }
            (_, Some(value)) => format!("{name} = {}", expression(&value)),
            (_, None) => format!("{name} = var.{name}"),
        }
    }

    /// A value that keeps the rule; none where only its being set or not matters and the data names no example.
    pub fn safe_value(&self) -> Option<Value> {
        if self.example.is_some() {
            return self.example.clone();
        }
        let first = |value: Option<&Value>| match value {
            Some(Value::Array(list)) => list.first().cloned(),
            other => other.cloned(),
        };
        let best = self.prefer.as_ref().or(self.value.as_ref());
        match self.op {
            Op::Eq | Op::Gte | Op::Lte | Op::DurationGte | Op::DurationLte | Op::KvEq => self.value.clone(),
            Op::In | Op::InAny => first(best),
            Op::Ne => match self.value {
                Some(Value::Bool(flag)) => Some(Value::Bool(!flag)),
                _ => None,
            },
            Op::Subset | Op::ContainsAny | Op::Contains | Op::Superset => match best {
                Some(list @ Value::Array(_)) => Some(list.clone()),
                Some(one) => Some(Value::Array(vec![one.clone()])),
                None => None,
            },
            Op::InRangeOrZero => self.value.as_ref().and_then(|value| value.get("min")).cloned(),
            Op::Empty => Some(Value::Array(Vec::new())),
            _ => None,
        }
    }
}

fn indent(depth: usize) -> String {
    "  ".repeat(depth)
}

/// A value as Terraform writes it.
fn expression(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(list) => format!("[{}]", list.iter().map(expression).collect::<Vec<_>>().join(", ")),
        other => scalar(other).unwrap_or_else(|| "null".to_owned()),
    }
}

/// A text in quotes, in which nothing begins an expression.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for one in text.chars() {
        match one {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted.replace("${", "$${").replace("%{", "%%{")
}
