//! A statement of somebody who knows nothing of ours: what the properties and roles of OSCAL say about responsibility.

use super::super::Said;
use super::super::read::{Node, Property};
use base::Problem;
use guideline::{Share, Statement, Text};
use std::collections::BTreeSet;

/// Namespaces that extend OSCAL's properties of responsibility.
const EXTENSIONS: [&str; 2] = ["https://fedramp.gov/ns/oscal", "http://fedramp.gov/ns/oscal"];

const UNSAID: Said = Said {
    en: "The component definition does not say what remains for the customer. Ask the vendor, and treat it as yours until then.",
    ja: "コンポーネント定義には、利用者に残る対応の記載がありません。提供元に確認し、それまでは自らの対応として扱ってください。",
};

/// What somebody says who knows nothing of ours, also of the single statements of the control.
pub(super) fn foreign(
    control: &Node<'_>,
    props: &[Property<'_>],
    description: String,
) -> Result<Statement, Problem> {
    let mut said = Origination::default();
    said.hear(control, props)?;
    let (mut provides, mut remains) = (vec![description], Vec::new());
    for one in control.list("statements")? {
        let mut of_this = Origination::default();
        of_this.hear(&one, &one.props()?)?;
        let text = one.need("description")?.text()?.to_owned();
        if of_this.concerns_customer() {
            remains.push(text);
        } else {
            provides.push(text);
        }
        said.0.extend(of_this.0);
    }
    let (share, provides, remains) = (said.share(), provides.join("\n"), remains.join("\n"));
    let remains = if remains.is_empty() { unsaid() } else { Text { ja: remains.clone(), en: remains } };
    Ok(Statement {
        share,
        provides: Text { ja: provides.clone(), en: provides },
        remains: (share != Share::Provided).then_some(remains),
        relies_on: None,
        evidence: Vec::new(),
        valid_until: None,
    })
}

/// What the properties of responsibility can say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Heard {
    ByProvider,
    ByCustomer,
    /// By the customer too, whoever else.
    ByCustomerToo,
    /// By somebody else, or in words that are not known to us.
    Otherwise,
    Done,
    DoneInPart,
    NotDone,
}

/// What they say of one control.
#[derive(Default)]
struct Origination(BTreeSet<Heard>);

impl Origination {
    fn hear(&mut self, node: &Node<'_>, props: &[Property<'_>]) -> Result<(), Problem> {
        for role in node.list("responsible-roles")? {
            if role.needed_text("role-id")? == "customer" {
                self.0.insert(Heard::ByCustomerToo);
            }
        }
        for prop in props {
            if prop.is_known("control-origination", &EXTENSIONS) {
                self.0.insert(match prop.value {
                    "organization" | "system-specific" | "sp-corporate" | "sp-system" => Heard::ByProvider,
                    "customer-provided" => Heard::ByCustomer,
                    _ => Heard::Otherwise,
                });
            } else if prop.is_known("responsibility", &EXTENSIONS) {
                self.0.insert(if prop.value == "customer" { Heard::ByCustomer } else { Heard::Otherwise });
            } else if prop.is_known("implementation-status", &EXTENSIONS) {
                self.0.insert(match prop.value {
                    "implemented" => Heard::Done,
                    "planned" | "not-applicable" => Heard::NotDone,
                    _ => Heard::DoneInPart,
                });
            }
        }
        Ok(())
    }

    fn concerns_customer(&self) -> bool {
        self.0.contains(&Heard::ByCustomer) || self.0.contains(&Heard::ByCustomerToo)
    }

    fn share(&self) -> Share {
        let says = |heard| self.0.contains(&heard);
        let only_customer = says(Heard::ByCustomer) && !says(Heard::ByProvider) && !says(Heard::Otherwise);
        let only_provider = says(Heard::ByProvider) && !self.concerns_customer() && !says(Heard::Otherwise);
        if says(Heard::NotDone) || only_customer {
            Share::Customer
        } else if only_provider && says(Heard::Done) && !says(Heard::DoneInPart) {
            Share::Provided
        } else {
            Share::Shared
        }
    }
}

/// That nobody said what remains.
pub(super) fn unsaid() -> Text {
    Text { ja: UNSAID.ja.to_owned(), en: UNSAID.en.to_owned() }
}
