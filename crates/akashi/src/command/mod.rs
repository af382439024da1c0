//! One file per sub-command.

pub(crate) mod account;
pub(crate) mod app;
pub(crate) mod assess;
pub(crate) mod attest;
pub(crate) mod audit;
pub(crate) mod catalogue;
pub(crate) mod certificate;
pub(crate) mod check;
pub(crate) mod collecting;
pub(crate) mod demo;
pub(crate) mod disclosure;
pub(crate) mod document;
pub(crate) mod export;
pub(crate) mod facts;
pub(crate) mod glass;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod issue;
pub(crate) mod law;
pub(crate) mod policy;
pub(crate) mod proof;
pub(crate) mod reindex;
pub(crate) mod risk;
pub(crate) mod serve;
pub(crate) mod verify;
