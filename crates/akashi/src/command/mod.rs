//! One file per sub-command.

pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod proof;
pub(crate) mod reindex;
pub(crate) mod serve;
pub(crate) mod verify;
