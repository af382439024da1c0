//! The clock of this machine against its time source: asked of whatever keeps it, where that is there. A container sees
//! neither, and then nothing is known.

use super::Sight;
use guideline::{Fact, Value};
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::sleep;

/// How often it is looked whether a program has ended, and how many times.
const PAUSE: Duration = Duration::from_millis(5);
const LOOKS: u32 = 40;
/// Most that a program may say, in bytes: less than a pipe holds.
const SAID_BYTES_MAX: u64 = 4_096;

const CHRONY: [&str; 2] = ["/usr/bin/chronyc", "/usr/sbin/chronyc"];
const TIMEDATE: &str = "/usr/bin/timedatectl";

pub(super) async fn look(sight: &Sight<'_>) -> Vec<Fact> {
    for program in CHRONY {
        if let Some(said) = said(program, &["-c", "tracking"]).await
            && let Some((offset, synchronised)) = tracking(&said)
        {
            let how = ("chronyc tracking で確認", "chronyc tracking");
            return vec![
                sight.yes_no("runtime.clock.synchronised", synchronised, how),
                sight.fact("runtime.clock.offset_seconds", Value::Number(offset), how),
            ];
        }
    }
    let said = said(TIMEDATE, &["show", "--property=NTPSynchronized", "--value"]).await;
    let synchronised = match said.as_deref().map(str::trim) {
        Some("yes") => true,
        Some("no") => false,
        _ => return Vec::new(),
    };
    vec![sight.yes_no(
        "runtime.clock.synchronised",
        synchronised,
        ("timedatectl（カーネルの状態）で確認", "timedatectl, as the kernel has it"),
    )]
}

/// Reads the line of `chronyc -c tracking`: the fifth field is the offset in seconds, the last one says whether there is
/// a source at all.
fn tracking(line: &str) -> Option<(f64, bool)> {
    let fields: Vec<&str> = line.trim().split(',').collect();
    let [_, _, _, _, offset, .., leap] = fields.as_slice() else { return None };
    let offset = offset.parse().ok().filter(|offset: &f64| offset.is_finite())?;
    Some((offset, *leap != "Not synchronised"))
}

/// What a program says that ends well and soon; none of one that is not there.
async fn said(program: &str, arguments: &[&str]) -> Option<String> {
    if !Path::new(program).is_file() {
        return None;
    }
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    if !ended_well(&mut child).await {
        return None;
    }
    let mut said = String::new();
    child.stdout.take()?.take(SAID_BYTES_MAX).read_to_string(&mut said).ok()?;
    Some(said)
}

/// Waits for the end of a program, and ends it itself when that takes too long.
async fn ended_well(child: &mut Child) -> bool {
    for _ in 0..LOOKS {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => sleep(PAUSE).await,
            Err(_) => break,
        }
    }
    let ended = child.kill().and_then(|()| child.wait());
    tracing::debug!(ended = ended.is_ok(), "a program about the clock took too long");
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_chrony_says_is_read_and_what_it_does_not_say_is_not() {
        let line = "A29FC87B,time.example,3,1700000000.1,-0.000024,0.0001,0.0002,1.5,0.001,0.02,0.01,0.001,64.2,Normal\n";
        assert_eq!(tracking(line), Some((-0.000_024, true)));
        assert_eq!(tracking(&line.replace("Normal", "Not synchronised")), Some((-0.000_024, false)));
        for other in ["", "506 Cannot talk to daemon", "a,b,c,d,nan,Normal", "a,b,c,d,soon,Normal"] {
            assert_eq!(tracking(other), None, "{other}");
        }
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_or_fails_says_nothing() {
        assert_eq!(said("/nowhere/chronyc", &[]).await, None);
        assert_eq!(said("/bin/false", &[]).await, None);
        assert_eq!(said("/bin/echo", &["yes"]).await.as_deref(), Some("yes\n"));
    }
}
