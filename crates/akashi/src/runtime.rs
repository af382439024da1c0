//! The threads that serve, the log, and the signal that ends it all.

use crate::configuration::LogLevel;
use base::Problem;
use std::io::IsTerminal;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;

/// Starts the worker threads.
pub(crate) fn start() -> Result<Runtime, Problem> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::new(&store::codes::BUSY).log(format!("worker threads: {error}")))
}

/// Sends the log to standard error, from this level on.
pub(crate) fn log(level: LogLevel) {
    let filter = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let built = tracing_subscriber::fmt()
        .with_max_level(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal());
    // A second call finds the log set up already, which is what it wants.
    if built.try_init().is_err() {
        tracing::debug!("the log was set up before");
    }
}

/// Ends when the operator asks for it, by Ctrl-C or SIGTERM.
pub(crate) async fn stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return wait_for_interrupt().await;
    };
    tokio::select! {
        () = wait_for_interrupt() => {}
        _ = terminate.recv() => {}
    }
}

async fn wait_for_interrupt() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals the process can only be killed, which the journal survives.
        std::future::pending::<()>().await;
    }
}
