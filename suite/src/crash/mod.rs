//! The crash driver: clients write, the server is killed, and after the restart everything that was promised is
//! checked. Each round is load, SIGKILL, a start that finalises drafts whose deadline is over, SIGKILL, restart, check; the next
//! round loads the server just checked. What the first round leaves is exported and imported elsewhere, and imports are killed.

mod acts;
pub(crate) mod chance;
mod check;
mod entries;
mod lapsing;
mod ledger;
mod past;
mod people;
mod pools;
mod report;
mod round;
mod site;
mod states;
mod taking;
mod verifier;
mod watch;
mod write;
mod writer;

pub use report::{Imports, Summary};

use round::Stage;
use std::path::PathBuf;

/// Rounds on one data directory; then a new one begins, so that checking all of it stays quick.
const ROUNDS_PER_SITE: u32 = 100;

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How often the server is killed.
    pub kills: u32,
    /// Where all choices come from.
    pub seed: u64,
    /// The server's binary.
    pub akashi: PathBuf,
    /// `verifier/verify.py`
    pub verifier: PathBuf,
    /// Folder for the data directories; it must not exist.
    pub folder: PathBuf,
    /// Told about the end of each round.
    pub progress: fn(&str),
}

/// Runs until the last kill, or until a round has found something wrong.
///
/// # Errors
/// A text when the run itself cannot go on: the server does not start, a file cannot be written.
pub async fn run(plan: &Plan) -> Result<Summary, String> {
    let mut summary = Summary::new(plan.seed);
    let mut round = 0;
    while round < plan.kills && summary.violations.is_empty() {
        let mut stage = Stage::open(plan, round).await?;
        let last = plan.kills.min(round + ROUNDS_PER_SITE);
        while round < last && summary.violations.is_empty() {
            round += 1;
            let line = stage.round(round, &mut summary).await?;
            (plan.progress)(&line);
            if round == 1 {
                taking::kill_imports(plan, stage.site(), &mut summary).await?;
            }
        }
        stage.close(&mut summary).await?;
    }
    Ok(summary)
}
