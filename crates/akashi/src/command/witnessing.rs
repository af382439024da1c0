//! Has the listed witnesses cosign the journals, beside the server, and shows what they say against them.

use crate::codes;
use crate::configuration::{Configuration, WITNESSES_LISTED};
use crate::directory::{self, Opened};
use crate::terminal::Terminal;
use access::Action;
use base::{Clock, Problem, SystemClock};
use merkle::cosignature::CosignerKey;
use serde_json::{Value, json};
use server::Metrics;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use store::{Actor, ActorKind, Batch, Store};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{sleep, timeout};
use witness::{Asked, Asker, Contradiction, Cosigned, Kept, Listed, Says};

/// Time that whoever is being asked has left when the server stops.
const CLOSING: Duration = Duration::from_secs(5);

/// As whom the notes are kept.
const ACTOR: &str = "witnesses";

/// The tasks that ask, one for each facility.
pub(crate) struct Witnessing {
    stop: watch::Sender<bool>,
    running: Vec<JoinHandle<()>>,
}

impl Witnessing {
    /// Starts them, when witnesses are listed: each asks at once, then at the configured interval. What was said against
    /// a journal before is shown now. Must be called within the runtime.
    ///
    /// # Errors
    /// The settings cannot be used, or a journal cannot be read.
    pub(crate) fn begin(
        terminal: &Terminal,
        configuration: &Configuration,
        facilities: &[Opened],
        metrics: &Metrics,
    ) -> Result<Self, Problem> {
        let listed: Arc<[Listed]> = configuration.witnesses.listed()?.into();
        let asker = Arc::new(configuration.witnesses.asker()?);
        let interval = configuration.witnesses.interval();
        let (stop, stopped) = watch::channel(false);
        let mut running = Vec::new();
        for facility in facilities {
            for problem in contradictions(&facility.store, &keys_of(&listed))? {
                tracing::error!(%problem, "a witness contradicted the journal earlier");
                terminal.note(&format!("!!! {} !!!", terminal.text_of(&problem)));
            }
            if !listed.is_empty() {
                let task = Task {
                    facility: facility.clone(),
                    asker: Arc::clone(&asker),
                    listed: Arc::clone(&listed),
                    metrics: metrics.clone(),
                };
                running.push(tokio::spawn(task.run(interval, stopped.clone())));
            }
        }
        Ok(Self { stop, running })
    }

    /// Ends them. Who is being asked has a moment left for the answer.
    pub(crate) async fn end(self) {
        self.stop.send_replace(true);
        for task in self.running {
            if let Err(error) = task.await {
                tracing::error!(panicked = error.is_panic(), "asking the witnesses ended in a fault");
            }
        }
    }
}

struct Task {
    facility: Opened,
    asker: Arc<Asker>,
    listed: Arc<[Listed]>,
    metrics: Metrics,
}

impl Task {
    async fn run(self, interval: Duration, mut stop: watch::Receiver<bool>) {
        loop {
            let mut asking = pin!(round(&self.facility, &self.asker, &self.listed));
            tokio::select! {
                _ = stop.changed() => {
                    if timeout(CLOSING, asking).await.is_err() {
                        tracing::warn!("asking the witnesses was cut off at the end");
                    }
                    return;
                }
                _ = &mut asking => {}
            }
            self.tell();
            tokio::select! {
                _ = stop.changed() => return,
                () = sleep(interval) => {}
            }
        }
    }

    /// Keeps the figures up to what is kept.
    fn tell(&self) {
        let Ok(kept) = witness::of_store(&self.facility.store, &keys_of(&self.listed)) else { return };
        let standing = kept.iter().filter(|kept| stands(kept)).count();
        let now = SystemClock.now().microseconds();
        let age = newest(&kept).map(|cosigned| now.saturating_sub(cosigned.time().microseconds()));
        let age = age.map(|age| Duration::from_micros(u64::try_from(age).unwrap_or_default()));
        let standing = u64::try_from(standing).unwrap_or(u64::MAX);
        self.metrics.witnessed(self.facility.store.facility(), age, standing);
    }
}

/// Asks all witnesses of a facility once, in their order, and keeps what they say.
pub(crate) async fn round(
    facility: &Opened,
    asker: &Arc<Asker>,
    listed: &[Listed],
) -> Vec<Result<Cosigned, Problem>> {
    let mut said = Vec::new();
    for one in listed {
        let answer = ask(facility, asker, one).await;
        match &answer {
            Ok(cosigned) => tracing::debug!(witness = %one.key.name, size = cosigned.head.size, "cosigned"),
            Err(problem) if problem.code() == &codes::WITNESS_CONTRADICTS => {
                tracing::error!(witness = %one.key.name, %problem, "a witness contradicts the journal");
            }
            Err(problem) => tracing::warn!(witness = %one.key.name, %problem, "no cosignature"),
        }
        said.push(answer);
    }
    said
}

async fn ask(facility: &Opened, asker: &Arc<Asker>, listed: &Listed) -> Result<Cosigned, Problem> {
    let (store, asker, one) = (Arc::clone(&facility.store), Arc::clone(asker), listed.clone());
    let asked = spawn_blocking(move || asker.ask(&store, &one)).await;
    let asked = asked.map_err(|error| Problem::new(&store::codes::BUSY).log(error.to_string()))??;
    keep(facility, listed, &asked).await?;
    match asked {
        Asked::Cosigned { cosigned, .. } => Ok(cosigned),
        Asked::Contradicted { .. } => {
            let kept = witness::of_store(&facility.store, std::slice::from_ref(&listed.key))?;
            let kept = kept.into_iter().find(|kept| kept.witness == listed.key.id());
            let contradiction = kept.and_then(|kept| kept.contradiction);
            let lost = || Problem::new(&store::codes::CORRUPT).with("what", "a note");
            Err(problem(&facility.store, &listed.key.id(), &contradiction.ok_or_else(lost)?))
        }
    }
}

/// Keeps what a witness said. That it contradicted the journal is entered in the journal too, the first time.
async fn keep(facility: &Opened, listed: &Listed, asked: &Asked) -> Result<(), Problem> {
    let now = directory::world().clock.now();
    let (notes, is_new) = witness::answered(&facility.store, listed, asked, now)?;
    let actor = Actor::new(ActorKind::System, ACTOR);
    let batch = Batch { notes, ..Batch::new(actor, Vec::new()) };
    facility.store.append_identities(batch).await?;
    if is_new {
        let told = format!("witness contradicts {}", listed.key.id());
        let nothing = async { Ok(()) };
        facility.records.at_the_console(Action::command("facts"), &told, nothing).await?;
    }
    Ok(())
}

/// What witnesses said against a journal and what nothing has refuted since.
///
/// # Errors
/// The store cannot be read.
pub(crate) fn contradictions(store: &Store, keys: &[CosignerKey]) -> Result<Vec<Problem>, Problem> {
    let kept = witness::of_store(store, keys)?;
    let standing = kept.iter().filter(|kept| stands(kept));
    Ok(standing
        .filter_map(|kept| Some(problem(store, &kept.witness, kept.contradiction.as_ref()?)))
        .collect())
}

fn problem(store: &Store, witness: &str, contradiction: &Contradiction) -> Problem {
    let size = contradiction.size;
    let (says, says_ja) = match contradiction.says {
        Says::Larger => (
            format!(
                "it has seen {size} entries, which are more than there are. The journal was rolled back."
            ),
            format!(
                "{size} 件を確認済みですが、現在の件数はそれより少なく、ジャーナルが巻き戻されています。"
            ),
        ),
        Says::OtherRoot => (
            format!("it has seen another root for the same {size} entries. The journal has two histories."),
            format!("同じ {size} 件について異なる根を確認しています。ジャーナルに 2 つの履歴があります。"),
        ),
        Says::NotContinued => (
            format!(
                "the {size} entries it has seen are not the beginning of what there is. The journal was rolled back or has two histories."
            ),
            format!(
                "確認済みの {size} 件が現在の内容の先頭部分と一致しません。ジャーナルが巻き戻されたか、2 つの履歴があります。"
            ),
        ),
    };
    let (proven, proven_ja) = if contradiction.is_proven() {
        (
            "It is proven: the witness showed a checkpoint that this facility signed.",
            "この施設が署名したチェックポイントをウィットネスが示しており、証明されています。",
        )
    } else {
        (
            "The witness showed no checkpoint that proves it.",
            "ウィットネスは、証明となるチェックポイントを示していません。",
        )
    };
    Problem::new(&codes::WITNESS_CONTRADICTS)
        .with("witness", witness)
        .with("facility", store.facility())
        .with("says", says)
        .with("says_ja", says_ja)
        .with("proven", proven)
        .with("proven_ja", proven_ja)
        .log(format!("{:?}, size {size}", contradiction.says))
}

fn stands(kept: &Kept) -> bool {
    kept.contradiction.as_ref().is_some_and(Contradiction::stands)
}

/// The newest cosignature of a witness that is listed.
pub(crate) fn newest(kept: &[Kept]) -> Option<&Cosigned> {
    kept.iter().filter_map(|kept| kept.cosigned.as_ref()).max_by_key(|cosigned| cosigned.seconds)
}

fn keys_of(listed: &[Listed]) -> Vec<CosignerKey> {
    listed.iter().map(|one| one.key.clone()).collect()
}

/// The keys of the witnesses that are listed, as the facts of the configuration name them.
pub(crate) fn listed_keys(facts: &[(&'static str, Value)]) -> Vec<CosignerKey> {
    let listed = facts.iter().find(|(name, _)| *name == WITNESSES_LISTED);
    let keys = listed.and_then(|(_, value)| value.as_array()).map(Vec::as_slice).unwrap_or_default();
    keys.iter().filter_map(|key| CosignerKey::parse(key.as_str()?)).collect()
}

/// What is kept of witnesses, as facts: of each what it cosigned last, and what it said against the journal.
pub(crate) fn facts(store: &Store, keys: &[CosignerKey]) -> Vec<(&'static str, Value)> {
    let Ok(kept) = witness::of_store(store, keys) else { return Vec::new() };
    let told: Vec<Value> = kept.iter().map(told).collect();
    let standing = kept.iter().filter(|kept| stands(kept)).count();
    vec![("journal.witnesses", json!(told)), ("journal.witnesses.contradicting", json!(standing))]
}

fn told(kept: &Kept) -> Value {
    let cosigned = kept.cosigned.as_ref();
    json!({
        "witness": kept.witness,
        "cosigned_size": cosigned.map(|cosigned| cosigned.head.size),
        "cosigned": cosigned.map(|cosigned| cosigned.time().to_string()),
        "contradicted": kept.contradiction.as_ref().map(|one| json!({
            "says": one.says,
            "size": one.size,
            "first": one.first,
            "last": one.last,
            "proven": one.is_proven(),
            "cosigned_since": one.since,
            "own": one.own,
            "theirs": one.theirs,
        })),
    })
}
