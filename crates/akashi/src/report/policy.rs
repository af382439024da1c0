//! The policy and the facts.

use super::{list, text};
use crate::table::Table;
use crate::terminal::Terminal;
use identity::door::POLICY_VALUES;
use serde_json::Value;

/// Every value with its name and meaning.
pub(crate) fn policy(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[
        terminal.choose("name", "名前"),
        terminal.choose("value", "値"),
        terminal.choose("meaning", "意味"),
    ]);
    for (name, en, ja) in POLICY_VALUES {
        let value = reply.get("policy").map(|policy| value_of(terminal, policy, name)).unwrap_or_default();
        table.row([(*name).to_owned(), value, terminal.choose(en, ja).to_owned()]);
    }
    terminal.table(&table);
}

/// A value as `akashi policy set` takes it.
fn value_of(terminal: &Terminal, policy: &Value, name: &str) -> String {
    if name == "sms-headers" {
        // A gateway's key stands in them.
        return terminal.choose("(not shown)", "（非表示）").to_owned();
    }
    let member = name.replace('-', "_");
    let inner = |group: &str| {
        member.strip_prefix(group).map(|rest| (group.trim_end_matches('_').to_owned(), rest.to_owned()))
    };
    let pointer = match inner("from_proxy_").or_else(|| inner("sms_")) {
        Some((group, rest)) => format!("/{group}/{rest}"),
        None => format!("/{member}"),
    };
    policy.pointer(&pointer).map(plain).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Every fact with its value.
pub(crate) fn facts(terminal: &Terminal, reply: &Value) {
    let mut table = Table::new(&[terminal.choose("fact", "事実"), terminal.choose("value", "値")]);
    for fact in list(reply, "facts") {
        table.row([text(fact, "name").to_owned(), fact.get("value").map(plain).unwrap_or_default()]);
    }
    terminal.table(&table);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::Language;
    use identity::kept::{FromProxy, Policy};

    #[test]
    fn every_value_of_the_policy_is_found_under_its_name() {
        let terminal = Terminal::new(Some(Language::En));
        let policy = Policy {
            from_proxy: FromProxy {
                addresses: vec!["10.0.0.1".to_owned(), "10.0.1.0/24".to_owned()],
                verified_header: Some("x-verified".to_owned()),
                address_header: Some("x-address".to_owned()),
                ..FromProxy::default()
            },
            zones: vec!["ward=10.1.0.0/16".to_owned()],
            ..Policy::default()
        };
        let mut policy = serde_json::to_value(policy).unwrap();
        policy["sms"] = serde_json::json!({ "url": "https://sms.example.jp", "body": "{}" });
        for (name, _, _) in POLICY_VALUES {
            assert!(!value_of(&terminal, &policy, name).is_empty(), "{name}");
        }
        assert_eq!(value_of(&terminal, &policy, "from-proxy-addresses"), "10.0.0.1,10.0.1.0/24");
        assert_eq!(value_of(&terminal, &policy, "session-idle-seconds"), "1800");
        assert_eq!(value_of(&terminal, &policy, "sms-headers"), "(not shown)");
    }
}
