//! What a witness cosigns, what it refuses, and what it remembers (C2SP `tlog-witness`, add-checkpoint).

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod kit;

use base::{SeededEntropy, Time};
use kit::{Bench, Log, NAME, ORIGIN, request};
use merkle::cosignature::CosignerKey;
use merkle::note::{KeyName, SignedNote, VerifierKey};
use std::fs;
use std::sync::Arc;
use witness::{Refusal, Witness, origin_digest, reply_to, verify_cosigned};

fn refused(witness: &Witness, request: &str) -> (&'static str, Option<u64>) {
    let Refusal { problem, size } = witness.add_checkpoint(request.as_bytes()).unwrap_err();
    (problem.code().id, size)
}

fn status(witness: &Witness, request: &str) -> (u16, &'static str, String) {
    let reply = reply_to(witness, "POST", "/add-checkpoint", request.as_bytes());
    (reply.status, reply.media, reply.body)
}

#[test]
fn what_continues_the_last_checkpoint_is_cosigned_and_the_cosignature_verifies() {
    let bench = Bench::new(40);
    let witness = bench.witness();
    for (old, new) in [(0, 3), (3, 3), (3, 8), (8, 40)] {
        let signed = witness.add_checkpoint(bench.log.request(old, new).as_bytes()).unwrap();
        assert_eq!((signed.origin.as_str(), signed.size), (ORIGIN, u64::try_from(new).unwrap()));
        let with_line = format!("{}{}", bench.log.checkpoint(new), signed.line);
        assert_eq!(signed.note, with_line);
        let cosigned = verify_cosigned(&with_line, witness.key()).unwrap();
        assert_eq!(cosigned.time(), Time::parse("2026-11-22T09:00:00Z").unwrap());
        assert_eq!(cosigned.head.size, u64::try_from(new).unwrap());
    }
    assert_eq!(witness.known().unwrap()[0].last.unwrap().0, 40);
}

#[test]
fn the_statuses_are_those_of_the_protocol() {
    let bench = Bench::new(20);
    let witness = bench.witness();
    let log = &bench.log;
    assert_eq!(status(&witness, &log.request(0, 10)).0, 200);
    // Another size than the one that was cosigned last, also a smaller one and with a proof that holds.
    for (old, new) in [(0, 20), (0, 5), (5, 8), (12, 20)] {
        let expected = (409, "text/x.tlog.size", "10\n".to_owned());
        assert_eq!(status(&witness, &log.request(old, new)), expected, "{old} {new}");
    }
    let fork = log.forked(5, 15);
    assert_eq!(status(&witness, &fork.request(10, 10)), (409, "text/x.tlog.size", "10\n".to_owned()));
    assert_eq!(status(&witness, &fork.request(10, 20)).0, 422);
    let short = request(10, &[], &log.checkpoint(20));
    assert_eq!(status(&witness, &short).0, 422, "a proof is missing");
    let stranger = log.request(10, 20).replace(ORIGIN, "records.example.jp/f/other/1a2b");
    assert_eq!(status(&witness, &stranger).0, 404);
    let unsigned = log.request(10, 20).replace("— records", "— other");
    assert_eq!(status(&witness, &unsigned).0, 403);
    let larger = request(21, &[], &log.checkpoint(20));
    assert_eq!(status(&witness, &larger).0, 400);
    assert_eq!(status(&witness, "old 10").0, 400);
    assert_eq!(reply_to(&witness, "POST", "/add-checkpoint", &[0xff; 20]).status, 400);
    assert_eq!(reply_to(&witness, "GET", "/add-checkpoint", b"").status, 405);
    assert_eq!(reply_to(&witness, "GET", "/else", b"").status, 404);
    assert_eq!(status(&witness, &log.request(10, 20)).0, 200, "no refusal has changed anything");
}

#[test]
fn the_answer_is_in_both_languages_and_names_no_path() {
    let bench = Bench::new(4);
    let witness = bench.witness();
    let (_, _, body) = status(&witness, &bench.log.request(0, 4).replace("— records", "— other"));
    assert!(body.starts_with("WI-0003: The checkpoint") && body.contains("署名がありません"), "{body}");
    let digest = origin_digest(ORIGIN);
    fs::write(bench.path().join("cosigned").join(&digest), "damaged").unwrap();
    let reply = reply_to(&witness, "POST", "/add-checkpoint", bench.log.request(0, 4).as_bytes());
    assert_eq!((reply.status, reply.body.as_str()), (500, "WI-0007\n"));
}

#[test]
fn a_wrong_signature_of_a_known_key_is_refused_beside_a_good_one() {
    let bench = Bench::new(4);
    let mut note = bench.log.checkpoint(4);
    let mut bad = note.signatures[0].clone();
    bad.bytes[0] ^= 1;
    note.signatures.push(bad);
    assert_eq!(refused(&bench.witness(), &request(0, &[], &note)).0, "WI-0003");
}

#[test]
fn signatures_of_unknown_keys_are_ignored_and_do_not_stay() {
    let bench = Bench::new(4);
    let mut note = bench.log.checkpoint(4);
    let mut other = note.signatures[0].clone();
    other.key_id = [1; 4];
    note.signatures.push(other);
    let signed = bench.witness().add_checkpoint(request(0, &[], &note).as_bytes()).unwrap();
    assert_eq!(SignedNote::parse(&signed.note).unwrap().signatures.len(), 2);
}

#[test]
fn a_checkpoint_with_extension_lines_of_another_vendor_is_cosigned_whole() {
    let bench = Bench::new(4);
    let vendor = VerifierKey::new(KeyName::parse("vendor/key").unwrap(), bench.log.key.public());
    let origin = witness::trust(bench.path(), &vendor, Some("Vendor log of 2026"), false).unwrap();
    let text = format!("{}extension\n", bench.log.text(4).replace(ORIGIN, &origin));
    let mut note = bench.log.sign(&text);
    (note.signatures[0].name, note.signatures[0].key_id) = (vendor.name, vendor.key_id);
    let witness = bench.witness();
    let signed = witness.add_checkpoint(request(0, &[], &note).as_bytes()).unwrap();
    assert_eq!(signed.origin, "Vendor log of 2026");
    verify_cosigned(&signed.note, witness.key()).unwrap();
    let changed = signed.note.replace("extension", "Extension");
    assert_eq!(verify_cosigned(&changed, witness.key()).unwrap_err().code().id, "WI-0014");
}

#[test]
fn the_last_checkpoint_is_remembered_by_whoever_opens_the_folder_next() {
    let bench = Bench::new(20);
    let first = bench.witness().add_checkpoint(bench.log.request(0, 10).as_bytes()).unwrap();
    // A crash between the writing and the answer is this: it is on the disk, and nobody has heard of it.
    let again = bench.witness();
    assert_eq!(again.last(&origin_digest(ORIGIN)).unwrap(), Some(first.note));
    let fork = bench.log.forked(5, 15);
    assert_eq!(refused(&again, &fork.request(0, 10)), ("WI-0004", Some(10)));
    assert_eq!(refused(&again, &fork.request(10, 10)), ("WI-0004", Some(10)));
    again.add_checkpoint(bench.log.request(10, 10).as_bytes()).unwrap();
}

#[test]
fn a_file_that_was_not_finished_is_not_read() {
    let bench = Bench::new(20);
    bench.witness().add_checkpoint(bench.log.request(0, 10).as_bytes()).unwrap();
    let staged = bench.path().join("cosigned").join(format!("{}.new", origin_digest(ORIGIN)));
    fs::write(staged, "akashi-witness-last/1\nhalf").unwrap();
    bench.witness().add_checkpoint(bench.log.request(10, 20).as_bytes()).unwrap();
}

#[test]
fn a_witness_that_forgot_or_was_changed_signs_nothing_for_that_log() {
    let bench = Bench::new(20);
    bench.witness().add_checkpoint(bench.log.request(0, 10).as_bytes()).unwrap();
    let path = bench.path().join("cosigned").join(origin_digest(ORIGIN));
    let good = fs::read_to_string(&path).unwrap();
    let older = good.replace("\n10\n", "\n1\n");
    let never = "akashi-witness-last/2\n".to_owned();
    for bad in [older, never, String::new(), good.trim_end().to_owned()] {
        fs::write(&path, bad).unwrap();
        assert_eq!(refused(&bench.witness(), &bench.log.request(10, 20)).0, "WI-0007");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(refused(&bench.witness(), &bench.log.request(0, 20)).0, "WI-0007");
    fs::write(&path, good).unwrap();
    bench.witness().add_checkpoint(bench.log.request(10, 20).as_bytes()).unwrap();
}

#[test]
fn of_requests_at_the_same_moment_one_history_is_cosigned() {
    let bench = Bench::new(60);
    let fork = bench.log.forked(0, 60);
    let witness = Arc::new(bench.witness());
    let requests: Vec<String> =
        (1..=30).flat_map(|size| [bench.log.request(0, size), fork.request(0, size)]).collect();
    let threads = requests.into_iter().map(|request| {
        let witness = Arc::clone(&witness);
        std::thread::spawn(move || witness.add_checkpoint(request.as_bytes()).is_ok())
    });
    let cosigned = threads.collect::<Vec<_>>().into_iter().map(|one| one.join().unwrap());
    assert_eq!(cosigned.filter(|good| *good).count(), 1, "all asked from nothing, so one came first");
}

#[test]
fn a_folder_is_for_one_process_at_a_time_and_logs_are_trusted_meanwhile() {
    let bench = Bench::new(4);
    let witness = bench.witness();
    let second = Witness::open(bench.path(), Arc::clone(&bench.clock) as _).unwrap_err();
    assert_eq!(second.code().class, base::Class::Conflict);
    let other = VerifierKey::new(KeyName::parse("other").unwrap(), bench.log.key.public());
    witness::trust(bench.path(), &other, None, false).unwrap();
    let origins: Vec<String> = witness.known().unwrap().into_iter().map(|known| known.origin).collect();
    assert_eq!(origins, ["other", ORIGIN]);
}

#[test]
fn a_second_key_of_a_log_is_added_and_what_was_cosigned_stays() {
    let bench = Bench::new(9);
    bench.witness().add_checkpoint(bench.log.request(0, 4).as_bytes()).unwrap();
    let mut next = Log::new(9, "entry");
    next.key = seal::SigningKey::generate(&SeededEntropy::new(8)).unwrap();
    witness::trust(bench.path(), &next.verifier(), None, false).unwrap();
    let witness = bench.witness();
    witness.add_checkpoint(next.request(4, 6).as_bytes()).unwrap();
    witness.add_checkpoint(bench.log.request(6, 9).as_bytes()).unwrap();
}

#[test]
fn what_only_a_key_signs_that_was_succeeded_is_judged_and_never_cosigned() {
    let bench = Bench::new(9);
    let (witness, path) = (bench.witness(), bench.path());
    witness.add_checkpoint(bench.log.request(0, 4).as_bytes()).unwrap();
    let mut next = Log::new(9, "entry");
    next.key = seal::SigningKey::generate(&SeededEntropy::new(8)).unwrap();
    witness::trust(path, &next.verifier(), None, true).unwrap();
    assert_eq!(witness.known().unwrap()[0].keys, [next.verifier()]);
    // As before for what has fallen behind or has another past, and no cosignature for what has not.
    assert_eq!(refused(&witness, &bench.log.request(0, 3)), ("WI-0004", Some(4)));
    assert_eq!(refused(&witness, &bench.log.forked(2, 7).request(4, 9)), ("WI-0005", None));
    assert_eq!(refused(&witness, &bench.log.request(4, 6)), ("WI-0003", None));
    assert_eq!(refused(&witness, &bench.log.request(4, 4)), ("WI-0003", None));
    assert_eq!(witness.known().unwrap()[0].last.unwrap().0, 4);
    let mut both = next.checkpoint(6);
    both.signatures.extend(bench.log.checkpoint(6).signatures);
    let hashes = merkle::consistency_proof(4, 6, &next).unwrap();
    let signed = witness.add_checkpoint(request(4, &hashes, &both).as_bytes()).unwrap();
    let lines = SignedNote::parse(&signed.note).unwrap().signatures;
    assert_eq!(lines.len(), 2, "the new key's and the witness's: {}", signed.note);
    // The former key comes back only when somebody says that it alone signs.
    let back = |only| witness::trust(path, &bench.log.verifier(), None, only);
    assert_eq!(back(false).unwrap_err().code().id, "WI-0017");
    back(true).unwrap();
    witness.add_checkpoint(bench.log.request(6, 9).as_bytes()).unwrap();
    assert_eq!(refused(&witness, &next.request(9, 9)).0, "WI-0003");
}

#[test]
fn what_is_no_handover_changes_nothing() {
    let bench = Bench::new(9);
    let trusted = || fs::read(bench.path().join("trusted").join(origin_digest(ORIGIN))).unwrap();
    let before = trusted();
    for bytes in [&b""[..], b"{}", b"akashi-proof/1", &[0xff; 40]] {
        assert_eq!(witness::succeed(bench.path(), bytes).unwrap_err().code().id, "WI-0016");
    }
    assert_eq!(trusted(), before);
}

#[test]
fn a_clock_behind_the_last_cosignature_stops_the_witness() {
    let bench = Bench::new(9);
    let witness = bench.witness();
    witness.add_checkpoint(bench.log.request(0, 4).as_bytes()).unwrap();
    bench.clock.set(Time::parse("2026-11-22T08:59:59Z").unwrap());
    assert_eq!(refused(&witness, &bench.log.request(4, 9)).0, "WI-0008");
    assert_eq!(status(&witness, &bench.log.request(4, 9)).0, 503);
    bench.clock.set(Time::parse("2026-11-22T09:00:01Z").unwrap());
    witness.add_checkpoint(bench.log.request(4, 9).as_bytes()).unwrap();
}

#[test]
fn a_key_is_made_once_and_a_folder_without_one_is_no_witness() {
    let bench = Bench::new(1);
    let again = witness::init(bench.path(), NAME, &SeededEntropy::new(2)).unwrap_err();
    assert_eq!(again.code().id, "WI-0006");
    let empty = tempfile::tempdir().unwrap();
    let clock = Arc::clone(&bench.clock);
    assert_eq!(Witness::open(empty.path(), clock).unwrap_err().code().id, "WI-0006");
    for name in ["", "a b", "a+b"] {
        let problem = witness::init(empty.path(), name, &SeededEntropy::new(2)).unwrap_err();
        assert_eq!(problem.code().id, "WI-0009", "{name}");
    }
    let public = fs::read_to_string(bench.path().join("key")).unwrap();
    assert_eq!(CosignerKey::parse(public.trim_end()).as_ref(), Some(bench.witness().key()));
    assert!(!format!("{:?}", bench.witness()).contains("seed"));
}

#[test]
fn what_was_cosigned_last_is_shown_by_the_digest_of_the_origin() {
    let bench = Bench::new(4);
    let witness = bench.witness();
    let path = format!("/cosigned/{}", origin_digest(ORIGIN));
    assert_eq!(reply_to(&witness, "GET", &path, b"").status, 404, "it never cosigned");
    let signed = witness.add_checkpoint(bench.log.request(0, 4).as_bytes()).unwrap();
    let reply = reply_to(&witness, "GET", &path, b"");
    assert_eq!((reply.status, reply.body), (200, signed.note));
    for other in ["/cosigned/", "/cosigned/../witness.key", "/cosigned/lock", "/cosigned/00"] {
        assert_eq!(reply_to(&witness, "GET", other, b"").status, 404, "{other}");
    }
}

#[test]
fn a_whole_log_on_a_medium_is_cosigned_when_it_continues_the_last_checkpoint() {
    let bench = Bench::new(200);
    let witness = bench.witness();
    let save = |log: &Log, size: usize| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("tile/0/000.p")).unwrap();
        let bytes: Vec<u8> = log.leaves[..size].iter().flat_map(|leaf| leaf.0).collect();
        fs::write(folder.path().join(format!("tile/0/000.p/{size}")), bytes).unwrap();
        fs::write(folder.path().join("checkpoint"), log.checkpoint(size).to_string()).unwrap();
        folder
    };
    assert_eq!(witness.cosign_log(save(&bench.log, 100).path()).unwrap().size, 100);
    assert_eq!(witness.cosign_log(save(&bench.log, 100).path()).unwrap().size, 100);
    let fork = bench.log.forked(99, 101);
    let code = |log: &Log, size: usize| {
        let Refusal { problem, size } = witness.cosign_log(save(log, size).path()).unwrap_err();
        (problem.code().id, size)
    };
    assert_eq!(code(&bench.log, 99), ("WI-0004", Some(100)), "rolled back");
    assert_eq!(code(&fork, 100), ("WI-0004", Some(100)), "another root");
    assert_eq!(code(&fork, 150).0, "WI-0005", "another past");
    let short = save(&bench.log, 150);
    fs::write(short.path().join("tile/0/000.p/150"), [0; 32 * 149]).unwrap();
    assert_eq!(witness.cosign_log(short.path()).unwrap_err().problem.code().id, "WI-0005");
    let swapped = save(&bench.log, 150);
    fs::write(swapped.path().join("tile/0/000.p/150"), [0; 32 * 150]).unwrap();
    assert_eq!(witness.cosign_log(swapped.path()).unwrap_err().problem.code().id, "WI-0005");
    assert_eq!(witness.cosign_log(save(&bench.log, 150).path()).unwrap().size, 150);
}
