//! `akashi import`: resources from files into the records, in batches that carry a mark of how far the source is done.

use crate::arguments::Import;
use crate::configuration::Configuration;
use crate::directory::Directory;
use crate::import::{self, Document, Source};
use crate::runtime;
use crate::terminal::{self, Terminal, Unit};
use base::limits::COMMIT_WRITES_MAX;
use base::{Clock, Problem, RecordKey, SystemClock, Time};
use indicatif::ProgressBar;
use records::{Facility, Imported, Item, Problems};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Actor, ActorKind, ImportMark};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// Documents made ready at a time.
const DOCUMENTS_AT_ONCE: usize = 256;
/// Bytes of documents made ready at a time.
const BYTES_AT_ONCE: usize = 8 * 1024 * 1024;

pub(crate) fn run(terminal: &Terminal, arguments: &Import) -> Result<(), Problems> {
    if let Some(folder) = &arguments.complete {
        return super::complete::import(terminal, arguments, folder);
    }
    let directory = Directory::at(&arguments.which.folder.data);
    let _lock = directory.lock()?;
    let facility = directory.facility(arguments.which.facility.as_ref())?;
    let settings = Configuration::read(directory.path())?.identity();
    let door = directory.open_facility(&facility, settings, (&Arc::default(), None))?.records;
    let files = import::files(&arguments.paths)?;
    let total = files.iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum();
    let runtime = runtime::start()?;
    let started = SystemClock.now();
    let read = Arc::new(AtomicU64::new(0));
    let mut work = Work {
        terminal,
        runtime: &runtime,
        door,
        keep_going: arguments.keep_going,
        bar: terminal::progress(total, Unit::Bytes),
        read: Arc::clone(&read),
        started,
        writing: None,
        count: 0,
        unchanged: 0,
        refused: Vec::new(),
        passed_over: 0,
    };
    let done =
        files.iter().try_for_each(|file| import::visit(file, &read, &mut |source| work.source(source)));
    let settled = work.settle();
    work.bar.finish_and_clear();
    work.report();
    done.and(settled)?;
    let mut refused = work.refused.into_iter().flat_map(|problems| problems.all().to_vec());
    match refused.next() {
        None => Ok(()),
        Some(first) => Err(Problems::new(first, refused.collect())),
    }
}

/// A batch on its way to the disk, with the documents that it was made of.
struct Writing {
    task: JoinHandle<Result<Imported, Problem>>,
    digest: String,
    documents: Vec<Taken>,
}

/// A document whose items are in a batch.
struct Taken {
    place: String,
    bytes: Vec<u8>,
    /// How many documents of the source are done with it.
    done: u64,
}

/// An import under way.
struct Work<'a> {
    terminal: &'a Terminal,
    runtime: &'a Runtime,
    door: Facility,
    keep_going: bool,
    bar: ProgressBar,
    read: Arc<AtomicU64>,
    started: Time,
    /// The batch that is being written while the next one is made ready.
    writing: Option<Writing>,
    count: usize,
    unchanged: usize,
    refused: Vec<Problems>,
    passed_over: u64,
}

impl Work<'_> {
    fn source(&mut self, source: Source) -> Result<(), Problems> {
        let digest = source.digest.clone();
        let done = self.door.import_done(&digest)?;
        self.passed_over = self.passed_over.saturating_add(done);
        let mut position = done;
        let mut documents = source.documents().skip(usize::try_from(done).unwrap_or(usize::MAX));
        loop {
            let chunk = take_chunk(&mut documents)?;
            if chunk.is_empty() {
                return Ok(());
            }
            self.chunk(&digest, &mut position, &chunk)?;
        }
    }

    fn chunk(&mut self, digest: &str, position: &mut u64, chunk: &[Document]) -> Result<(), Problems> {
        let mut batch = Batch::default();
        let prepared = prepare(&self.door, chunk);
        if prepared.len() != chunk.len() {
            return Err(Problem::new(&store::codes::HALTED)
                .log("a thread that reads documents has ended")
                .into());
        }
        for (document, prepared) in chunk.iter().zip(prepared) {
            match prepared {
                Ok(items) => {
                    if !batch.fits(&items) {
                        self.write(digest, *position, std::mem::take(&mut batch))?;
                    }
                    let done = position.saturating_add(1);
                    let (place, bytes) = (document.place.clone(), document.bytes.clone());
                    batch.add(items, Taken { place, bytes, done });
                }
                Err(problems) => {
                    let problems = located(&problems, &document.place);
                    if !self.keep_going {
                        self.write(digest, *position, batch)?;
                        return Err(problems);
                    }
                    self.refused.push(problems);
                }
            }
            *position = position.saturating_add(1);
        }
        self.write(digest, *position, batch)
    }

    /// Hands a batch to the writer, once the batch before is durable.
    fn write(&mut self, digest: &str, done: u64, batch: Batch) -> Result<(), Problems> {
        self.settle()?;
        let Batch { items, documents, .. } = batch;
        let (door, reason) = (self.door.clone(), reason(digest));
        let mark = ImportMark { source: digest.to_owned(), done };
        let task =
            self.runtime.spawn(async move { door.import(&importer(), &reason, items, Some(mark)).await });
        self.writing = Some(Writing { task, digest: digest.to_owned(), documents });
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Problems> {
        let Some(Writing { task, digest, documents }) = self.writing.take() else { return Ok(()) };
        let ended = self.runtime.block_on(task);
        match ended.map_err(|_| Problem::new(&store::codes::HALTED).log("import task ended"))? {
            Ok(count) => self.wrote(count),
            Err(problem) if store::is_of_two_patients(&problem) => self.one_by_one(&digest, documents)?,
            Err(problem) => return Err(problem.into()),
        }
        Ok(())
    }

    /// Writes the documents of a batch each by itself: some of them would join the records of two patients, and only those
    /// are refused.
    fn one_by_one(&mut self, digest: &str, documents: Vec<Taken>) -> Result<(), Problems> {
        for Taken { place, bytes, done } in documents {
            let items = self.door.prepare(&bytes).map_err(|problems| located(&problems, &place))?;
            let mark = ImportMark { source: digest.to_owned(), done };
            let (by, reason) = (importer(), reason(digest));
            match self.runtime.block_on(self.door.import(&by, &reason, items, Some(mark))) {
                Ok(count) => self.wrote(count),
                Err(problem) if store::is_of_two_patients(&problem) => {
                    let problems = located(&problem.into(), &place);
                    if !self.keep_going {
                        return Err(problems);
                    }
                    self.refused.push(problems);
                }
                Err(problem) => return Err(problem.into()),
            }
        }
        Ok(())
    }

    fn wrote(&mut self, imported: Imported) {
        self.count = self.count.saturating_add(imported.written);
        self.unchanged = self.unchanged.saturating_add(imported.unchanged);
        self.bar.set_position(self.read.load(Ordering::Relaxed));
        self.bar.set_message(rate(self.count, self.started));
    }

    fn report(&self) {
        let Work { terminal, count, passed_over, refused, .. } = self;
        terminal.line(&format!(
            "{} {count}  ({})",
            terminal.choose("resources imported:", "取り込んだリソース:"),
            rate(*count, self.started)
        ));
        if self.unchanged > 0 {
            terminal.line(&format!(
                "{} {}",
                terminal.choose("resources unchanged:", "変更のないリソース:"),
                self.unchanged
            ));
        }
        if *passed_over > 0 {
            terminal.line(&format!(
                "{} {passed_over}",
                terminal.choose("documents imported earlier:", "以前に取り込み済みの文書:")
            ));
        }
        if !refused.is_empty() {
            terminal.line(&format!(
                "{} {}",
                terminal.choose("documents refused:", "拒否された文書:"),
                refused.len()
            ));
        }
    }
}

/// Items that go into one commit, no record twice.
#[derive(Default)]
struct Batch {
    items: Vec<Item>,
    keys: BTreeSet<RecordKey>,
    documents: Vec<Taken>,
}

impl Batch {
    fn fits(&self, items: &[Item]) -> bool {
        let more = items.iter().map(|item| item.keys().count()).sum::<usize>();
        self.keys.is_empty()
            || (self.keys.len().saturating_add(more) <= COMMIT_WRITES_MAX
                && !items.iter().flat_map(Item::keys).any(|key| self.keys.contains(key)))
    }

    fn add(&mut self, items: Vec<Item>, document: Taken) {
        self.documents.push(document);
        self.keys.extend(items.iter().flat_map(Item::keys).cloned());
        self.items.extend(items);
    }
}

fn importer() -> Actor {
    Actor::new(ActorKind::System, "import")
}

/// Not the file's name: exports are often named after patients, and an entry can never be taken back.
fn reason(digest: &str) -> String {
    format!("import sha256:{}", digest.get(..16).unwrap_or(digest))
}

fn take_chunk(
    documents: &mut dyn Iterator<Item = Result<Document, Problem>>,
) -> Result<Vec<Document>, Problem> {
    let mut chunk = Vec::new();
    let mut bytes: usize = 0;
    while chunk.len() < DOCUMENTS_AT_ONCE && bytes < BYTES_AT_ONCE {
        let Some(document) = documents.next() else { break };
        let document = document?;
        bytes = bytes.saturating_add(document.bytes.len());
        chunk.push(document);
    }
    Ok(chunk)
}

/// Makes documents ready on all processors. A blank line is a document without items.
fn prepare(door: &Facility, chunk: &[Document]) -> Vec<Result<Vec<Item>, Problems>> {
    let one = |document: &Document| {
        if document.is_blank_line() { Ok(Vec::new()) } else { door.prepare(&document.bytes) }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = chunk.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let shares: Vec<_> = chunk
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(one).collect::<Vec<_>>()))
            .collect();
        shares.into_iter().flat_map(|share| share.join().unwrap_or_default()).collect()
    })
}

/// The same problems, with the document they are in.
fn located(problems: &Problems, place: &str) -> Problems {
    let mut all = problems.all().iter().map(|problem| {
        let inner = problem.place().map(|inner| format!("{place} {inner}"));
        problem.clone().at(inner.unwrap_or_else(|| place.to_owned()))
    });
    match all.next() {
        Some(first) => Problems::new(first, all.collect()),
        None => problems.clone(),
    }
}

fn rate(count: usize, started: Time) -> String {
    let elapsed = SystemClock.now().microseconds().saturating_sub(started.microseconds()).max(1);
    let per_second = i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(1_000_000) / elapsed;
    format!("{per_second}/s")
}
