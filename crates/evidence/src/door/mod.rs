//! The evidence of a facility: everything that is asked of it goes through here.
//!
//! A change is checked, written to the journal and only then taken over in memory, one at a time.

mod answers;
mod assess;
mod changes;
mod disclosures;
mod documents;
mod exclusions;
mod facts;
mod guidelines;
mod live;
mod remembered;
mod report;
mod risks;
mod site;
mod targets;

pub use documents::digest;
pub use report::named;

use crate::codes;
use crate::command::Command;
use crate::register::{Register, Step};
use crate::rules::Rules;
use ::report::paper::Paper;
use base::{Clock, Entropy, Language, Problem};
use data_encoding::HEXLOWER;
use exclusions::Excluding;
use facts::Looked;
use guideline::{Engine, Fact};
use identity::AccountId;
use identity::kept::Duty;
use remembered::Memory;
use risks::Acting;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use store::{Actor, ActorKind, Batch, Store};
use targets::Aiming;

/// Looks at the running system: facts of the origin `runtime`, as they are at the moment.
pub type Look = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<Fact>> + Send>> + Send + Sync>;

/// Tells the duties of an account that can be used; none of any other.
pub type Duties = Box<dyn Fn(&AccountId) -> BTreeSet<Duty> + Send + Sync>;

/// Makes a PDF of a paper: what it takes is too heavy for this room.
pub type Press = Arc<dyn Fn(&Paper) -> Result<Vec<u8>, Problem> + Send + Sync>;

/// What the evidence of a facility asks of the rooms around it.
pub struct Around {
    /// Shows the running system.
    pub look: Look,
    /// Tells who may decide what.
    pub duties: Duties,
    /// Makes PDFs.
    pub press: Press,
    /// What the facility is called; none where only its id is known.
    pub name: Option<String>,
}

impl fmt::Debug for Around {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Around").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The evidence of one facility.
pub struct Evidence {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    rules: Arc<Rules>,
    look: Look,
    /// What the last look showed.
    looked: tokio::sync::Mutex<Option<Looked>>,
    memory: Memory,
    duties: Duties,
    press: Press,
    name: Option<String>,
    register: RwLock<Register>,
    /// Held from the check of a change until it is taken over.
    changing: tokio::sync::Mutex<()>,
    /// Held while a report is made: its version counts up.
    reporting: tokio::sync::Mutex<()>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence").field("facility", self.store.facility()).finish_non_exhaustive()
    }
}

impl Evidence {
    /// Opens the evidence of a facility: reads from the journal what stands.
    ///
    /// # Errors
    /// The journal cannot be read, or holds evidence that this program does not understand.
    pub fn open(
        store: Arc<Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        rules: Arc<Rules>,
        around: Around,
    ) -> Result<Self, Problem> {
        let Around { look, duties, press, name } = around;
        let register = RwLock::new(store.inspect(Register::load)?);
        let (changing, reporting) = (tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(()));
        let (looked, memory) = (tokio::sync::Mutex::new(None), Memory::default());
        Ok(Self {
            store,
            clock,
            entropy,
            rules,
            look,
            looked,
            memory,
            duties,
            press,
            name,
            register,
            changing,
            reporting,
        })
    }

    /// Does what is asked for. Whether they may is decided before.
    ///
    /// # Errors
    /// What cannot be done, in words that say what to do instead.
    #[expect(clippy::cognitive_complexity, reason = "one arm for each command")]
    pub async fn perform(&self, by: &Actor, command: Command) -> Result<Value, Problem> {
        match command {
            Command::Assess { edition, side, at, page } => {
                let told = self.assess(by, &edition, side, at).await?;
                self.with_page(told, page)
            }
            Command::GuidelineList {} => self.list_guidelines(),
            Command::GuidelineShow { edition } => self.show_guideline(&edition),
            Command::RequirementShow { requirement } => self.show_requirement(&requirement).await,
            Command::FactList { recent } => self.list_facts(recent).await,
            Command::DocumentKinds {} => self.list_kinds().await,
            Command::DocumentList {} => self.list_documents().await,
            Command::DocumentTemplate { kind, facility_name } => {
                self.template(&kind, facility_name.as_deref()).await
            }
            Command::DocumentAdd(wanted) => self.add_document(by, wanted).await,
            Command::DocumentApprove { document, name, on } => {
                self.approve_document(by, &document, &name, on).await
            }
            Command::DocumentWithdraw { document, reason } => {
                self.withdraw_document(by, &document, &reason).await
            }
            Command::QuestionList {} => self.list_questions(),
            Command::Attest { question, answer, name, note, until } => {
                let said = answers::Said { question, answer, name, note, until };
                self.attest(by, said).await
            }
            Command::RequirementExclude { requirement, reason, name, until } => {
                let said = Excluding { requirement: &requirement, reason: &reason, name: &name, until };
                self.exclude(by, said).await
            }
            Command::RequirementInclude { requirement } => self.include(by, &requirement).await,
            Command::GuidelineForm { edition, part, chapter } => {
                self.show_form(&edition, (part.as_deref(), chapter.as_deref())).await
            }
            Command::GuidelineChanges { edition, from, to } => self.show_changes(&edition, (from, to)),
            Command::RequirementTarget { requirement, owner, due, note } => {
                self.aim(by, Aiming { requirement, owner, due, note }).await
            }
            Command::RequirementTargetRemove { requirement } => self.drop_target(by, &requirement).await,
            Command::DisclosureList {} => self.list_disclosures(),
            Command::DisclosureImport { name, text, edition } => {
                self.import_disclosures(by, &name, text.as_deref(), edition.as_deref()).await
            }
            Command::DisclosureRemove { party } => self.remove_disclosure(by, &party).await,
            Command::DisclosureExport { edition, form } => self.export_disclosure(&edition, form).await,
            Command::DisclosureMatrix { edition, with } => self.matrix(&edition, &with).await,
            Command::Report(wanted) => self.report(by, wanted).await,
            Command::ReportPreview(wanted) => self.preview(by, wanted).await,
            Command::ReportList {} => self.list_reports(),
            Command::SiteKeep(check) => self.keep_site(by, check).await,
            Command::SiteShow {} => Ok(self.show_site()),
            Command::RiskList {} => self.list_risks(),
            Command::RiskExport { form, english } => self.export_risks(form, language(english)),
            Command::RiskAsset { asset } => self.put_asset(by, asset).await,
            Command::RiskAssetRemove { asset } => self.remove_asset(by, &asset).await,
            Command::RiskFlow { flow } => self.put_flow(by, flow).await,
            Command::RiskFlowRemove { flow } => self.remove_flow(by, &flow).await,
            Command::RiskPropose { english } => self.propose_risks(by, language(english)).await,
            Command::RiskAdd { risk, description } => self.add_risk(by, &risk, description).await,
            Command::RiskStep { risk, step, by: person } => {
                self.take_step(by, &risk, &step, (person.as_ref(), Acting::Running)).await
            }
            Command::RiskDecide { risk, step, by: person } => {
                self.take_step(by, &risk, &step, (person.as_ref(), Acting::Deciding)).await
            }
        }
    }

    fn engine(&self) -> Result<&Engine, Problem> {
        self.rules.engine()
    }

    fn register(&self) -> RwLockReadGuard<'_, Register> {
        self.register.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes to the journal, then takes over. The caller holds `changing`.
    async fn write(&self, by: &Actor, steps: Vec<Step>) -> Result<(), Problem> {
        let changes = steps.iter().map(Step::change).collect::<Result<Vec<_>, _>>()?;
        let receipt = self.store.append_identities(Batch::new(by.clone(), changes)).await?;
        let mut register = self.register.write().unwrap_or_else(PoisonError::into_inner);
        for (step, written) in steps.into_iter().zip(receipt.written) {
            if let (Some(version), Some(position)) = (written.version, written.position) {
                register.apply(step, (version, position, written.time));
            }
        }
        Ok(())
    }

    /// A new id, such as `0f3a…`: nothing can be read from it.
    fn new_id(&self) -> Result<String, Problem> {
        let mut bytes = [0; 8];
        self.entropy.fill(&mut bytes).map_err(|_| Problem::new(&codes::NOT_KEPT).log("no random bytes"))?;
        Ok(HEXLOWER.encode(&bytes))
    }
}

/// Machines say nothing about a facility. The console counts as a person.
fn people_only(by: &Actor) -> Result<(), Problem> {
    match by.kind {
        ActorKind::Person | ActorKind::System => Ok(()),
        ActorKind::Device | ActorKind::Service | ActorKind::Unknown => {
            Err(Problem::new(&codes::PEOPLE_ONLY).with("account", &by.id))
        }
    }
}

fn language(english: bool) -> Language {
    if english { Language::English } else { Language::Japanese }
}
