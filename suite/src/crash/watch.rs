//! Somebody who keeps checkpoints: each one handed out must be continued by all later ones.

use crate::client::Client;
use crate::load::checkpoint_size;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// What was seen in one round.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The newest checkpoint.
    pub(crate) newest: Option<Vec<u8>>,
    /// What should not have happened.
    pub(crate) violations: Vec<String>,
}

/// Fetches checkpoints until the connection breaks.
pub(crate) async fn checkpoints(mut client: Client, killed: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    let mut size = 0;
    while !killed.load(Ordering::SeqCst) {
        let Ok(answer) = client.get("log/checkpoint").await else { break };
        match checkpoint_size(&answer.body).filter(|_| answer.status == 200) {
            Some(next) if next >= size => {
                size = next;
                seen.newest = Some(answer.body);
            }
            Some(next) => {
                seen.violations.push(format!("a checkpoint of size {next} came after one of {size}"));
            }
            None => {
                seen.violations.push(format!("the checkpoint was answered with status {}", answer.status));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
    seen
}
