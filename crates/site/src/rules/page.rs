//! The page of all rules, made from their data: `docs/site-rules.md`.

use super::catalogue::{Catalogue, FactOp, Role, Topic};
use super::element::scalar;
use super::rule::{Rule, Text};
use super::wording;
use serde_json::Value;
use std::fmt::Write as _;

impl Catalogue {
    /// The page.
    ///
    /// # Errors
    /// None in practice: texts are written into memory.
    pub fn page(&self) -> Result<String, std::fmt::Error> {
        let mut page = String::new();
        self.head(&mut page)?;
        for topic in &self.topics {
            self.topic_section(topic, &mut page)?;
        }
        writeln!(page, "\n## Questions on several resources / 複数のリソースにまたがる確認\n")?;
        writeln!(page, "| id | what must be so | 内容 |\n|---|---|---|")?;
        for check in &self.cross_checks {
            writeln!(page, "| `{}` | {} | {} |", check.id, cell(&check.say.en), cell(&check.say.ja))?;
        }
        while page.contains("\n\n\n") {
            page = page.replace("\n\n\n", "\n\n");
        }
        Ok(page)
    }

    fn head(&self, page: &mut String) -> std::fmt::Result {
        writeln!(page, "# Rules on cloud resources / クラウドのリソースに関するルール\n")?;
        writeln!(
            page,
            "Made from `crates/site/catalogue/services.yaml`; a test compares (`crates/site/tests/page.rs`). {} rules on {} \
             types of resources, {} facts that no plan shows and the description of the site or people say, {} questions on several \
             resources.\n",
            self.rules.len(),
            self.kinds_known().len(),
            self.site_facts.len(),
            self.cross_checks.len()
        )?;
        writeln!(
            page,
            "**日本語の要約。** Terraform のリソースの属性ごとに、ガイドラインに沿う値、設定しない場合の扱い、重み、根拠をまとめています。\
             適用後に決まる値、プランが伏せた値、想定と種類が違う値は「判定できない」とし、安全とはみなしません。\n"
        )?;
        writeln!(
            page,
            "A value that is known only after apply, that the plan hides, or that is of another kind than the rule asks for is \
             undecided, never safe. *Unset* says what it means that an attribute is not set. *Basis* says where the values come \
             from; a `?` marks an attribute that was not found in the schema of the provider's version.\n"
        )?;
        writeln!(page, "Checked against / 確認した版:")?;
        for checked in &self.checked {
            writeln!(page, "- `{}` {}", checked.source, checked.version)?;
        }
        Ok(())
    }

    fn topic_section(&self, topic: &Topic, page: &mut String) -> std::fmt::Result {
        writeln!(page, "\n## {} / {}\n", topic.title.en, topic.title.ja)?;
        writeln!(page, "`{}`: {}\n\n{}\n", topic.id, topic.intent.en, topic.intent.ja)?;
        let requirements: Vec<String> = topic.guideline.iter().map(|id| format!("`{id}`")).collect();
        writeln!(page, "Requirements / 要求事項: {}", requirements.join(", "))?;
        for service in self.services.iter().filter(|service| service.topic == topic.id) {
            let name = if service.name.ja == service.name.en {
                service.name.en.clone()
            } else {
                format!("{} / {}", service.name.en, service.name.ja)
            };
            writeln!(page, "\n### {name}\n")?;
            if let Some(note) = &service.note {
                writeln!(page, "{}\n\n{}\n", sentence(&note.en), wording::sentence_ja(&note.ja))?;
            }
            self.kinds_section(&service.id, page)?;
            self.rules_section(&service.id, page)?;
            self.facts_section(&service.id, page)?;
        }
        Ok(())
    }

    fn kinds_section(&self, service: &str, page: &mut String) -> std::fmt::Result {
        for kind in self.kinds.iter().filter(|kind| kind.service == service) {
            if let Some(role) = kind.role {
                let role = role_text(role);
                let doubt = if kind.verified { "" } else { " ?" };
                let note = kind.note.as_ref();
                let (en, ja) = (
                    note.map(|note| format!(": {}", note.en)).unwrap_or_default(),
                    note.map(|note| format!("（{}）", note.ja.trim_end_matches('。'))).unwrap_or_default(),
                );
                writeln!(page, "- `{}`{doubt}: {}{en} / {}{ja}", kind.name, role.en, role.ja)?;
            }
            for requires in &kind.requires {
                let (own, other) = (&kind.name, &requires.kind);
                let (why, weight) = (&requires.why, wording::severity(requires.severity));
                writeln!(
                    page,
                    "- `{own}` + `{other}` ({}): {} / {}（{}）",
                    weight.en, why.en, why.ja, weight.ja
                )?;
            }
        }
        Ok(())
    }

    fn rules_section(&self, service: &str, page: &mut String) -> std::fmt::Result {
        let mut rules = self.rules.iter().filter(|rule| rule.service == service).peekable();
        if rules.peek().is_none() {
            return Ok(());
        }
        writeln!(
            page,
            "\n| resource and attribute | severity / 重み | unset / 未設定 | basis / 根拠 | rule | ルール |"
        )?;
        writeln!(page, "|---|---|---|---|---|---|")?;
        for rule in rules {
            writeln!(page, "{}", row(rule))?;
        }
        Ok(())
    }

    fn facts_section(&self, service: &str, page: &mut String) -> std::fmt::Result {
        let mut facts = self.site_facts.iter().filter(|fact| fact.service == service).peekable();
        if facts.peek().is_none() {
            return Ok(());
        }
        writeln!(
            page,
            "| fact | severity / 重み | what | 内容 | asked / 条件 | decided by / 判定 |\n|---|---|---|---|---|---|"
        )?;
        for fact in facts {
            let weight = wording::severity(fact.severity);
            let (title, asked) = (&fact.title, asked(fact.op, fact.value.as_ref()));
            let by =
                fact.rule.as_ref().map_or("people / 人が回答".to_owned(), |rule| format!("`{rule}`"));
            writeln!(
                page,
                "| `{}` | {} / {} | {} | {} | {asked} | {by} |",
                fact.path, weight.en, weight.ja, title.en, title.ja
            )?;
        }
        Ok(())
    }
}

fn row(rule: &Rule) -> String {
    let (weight, unset, basis) =
        (wording::severity(rule.severity), wording::unset(rule.unset), wording::basis(rule.basis));
    let mut text = rule.text();
    if let Some(when) = &rule.when {
        text = Text::new(
            format!("{}：{}", when.text.ja, text.ja),
            format!("When {}: {}", when.text.en, text.en),
        );
    }
    let mark = if rule.verified == super::rule::Verified::Schema { "" } else { " ?" };
    format!(
        "| `{}.{}`{mark} | {} / {} | {} / {} | {} / {} | {} | {} |",
        rule.kind,
        rule.path_text(),
        weight.en,
        weight.ja,
        unset.en,
        unset.ja,
        basis.en,
        basis.ja,
        cell(&text.en),
        cell(&text.ja)
    )
}

fn role_text(role: Role) -> Text {
    match role {
        Role::Required => Text::new("必要です", "must exist"),
        Role::Recommended => Text::new("推奨します", "should exist"),
        Role::Review => Text::new("置く場合は理由が必要です", "needs a declared reason"),
        Role::Forbidden => Text::new("使わないでください", "must not exist"),
        Role::Allowed => Text::new("置いてもかまいません", "may exist"),
    }
}

/// What is asked of a fact of the site, in both languages.
fn asked(op: FactOp, value: Option<&Value>) -> String {
    let (one, list) = (value.and_then(scalar).unwrap_or_default(), wording::listed(value, ", "));
    match op {
        FactOp::Eq => format!("`{one}`"),
        FactOp::In => format!("one of / いずれか: {list}"),
        FactOp::NotIn => format!("none of / 使わない: {list}"),
        FactOp::Subset => format!("only / これだけ: {list}"),
        FactOp::Superset => format!("all of / すべて: {list}"),
        FactOp::MinCount => format!("at least {one} / {one} 件以上"),
        FactOp::Gte => format!("at least {one} / {one} 以上"),
        FactOp::Lte => format!("at most {one} / {one} 以下"),
        FactOp::Present => "said / 記入".to_owned(),
        FactOp::Declared => "declared / 申告".to_owned(),
        FactOp::MaxAgeDays => format!("at most {one} days ago / {one} 日以内"),
        FactOp::DateAfterNow => "in the future / 将来の日付".to_owned(),
        FactOp::Isolated => "isolated / 隔離".to_owned(),
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
