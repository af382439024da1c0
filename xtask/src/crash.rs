//! `cargo xtask crash`: builds the server and the crash driver of the suite, and lets the driver kill the server.

use crate::options::{Known, Options};
use crate::packages::{self, PYTHON};
use crate::programs::{self, Profile, build, program, root, target};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask crash [--kills N] [--seed S] [--profile dev|release] [--keep]

Starts the real server, writes over TLS with 8 clients at once as a service, a clerk and two doctors, kills it with
SIGKILL after 5 to 2000 ms, starts it so that it finalises drafts whose deadline is over, kills it while it does, starts it
again and checks: ready within 5 s; every acknowledged write is there byte for byte, is found by search and has a
proof that verifier/verify.py accepts; what was not acknowledged is there wholly or not at all; reports that are entered
for a doctor, approved, returned, assigned, finalised, by a deadline too, cosigned, amended and withdrawn have their state,
who answers and what tells of it, or none of that; patients are merged and parted on both sides or on neither; the log
continues every checkpoint handed out before. After the first kill everything is exported and imported elsewhere; imports
are killed at random moments (one for four kills, three at least) and leave either no facility, so that the import can be
made once more, or all of it. Ends with one line of figures, each act counted, and fails when anything is wrong.
  --kills N     how often under load (default 20)
  --seed S      choices of an earlier run; the seed is printed at the start and at the end
  --profile P   dev (default) or release
  --keep        keep the data directory also when all is well
Evidence is written to target/evidence/DATE-crash.json.

本物のサーバーを起動し、8 つのクライアントが TLS で（サービス、医師事務作業補助者、医師 2 人として）書き込んでいる最中に
SIGKILL で強制終了し（5〜2000 ミリ秒後）、期限を過ぎた下書きを自動で確定する設定で起動して確定の最中にもう一度強制終了し、
再起動して検査します。5 秒以内に応答すること、受付済みの書き込みがすべて元のバイト列のまま残り、検索で見つかり、
verifier/verify.py がその証明を認めること、未受付のものは全部あるか全くないかのどちらかであること、代行入力・承認・差し戻し・
責任者の変更・確定（自動確定を含む）・連名の署名・訂正・取り消しの状態、責任者、それを示す Provenance は揃っているか全くないこと、
患者の統合とその取り消しは両方の患者に及ぶか、どちらにも及ばないこと、ログが以前のチェックポイントの続きであること。
最初の強制終了の後に全体を書き出して別の場所に取り込み、その取り込みも無作為な時点で強制終了します（4 回に 1 回、少なくとも 3 回）。
施設は全く存在せず取り込みをやり直せるか、すべて揃っているかのどちらかであること。
最後に操作ごとの件数などを 1 行で示し、違反があれば失敗で終わります。
  --kills N     負荷中の強制終了の回数（既定は 20）
  --seed S      以前の実行と同じ選択を繰り返す（シードは開始時と終了時に表示）
  --profile P   dev（既定）または release
  --keep        問題がなくてもデータディレクトリを残す
証跡は target/evidence/DATE-crash.json に書き出します。
";

/// What is built: package and binary.
pub(crate) const BINARIES: [(&str, &str); 2] = [("akashi", "akashi"), ("suite", "crash")];

const KNOWN: Known = Known { values: &["kills", "seed", "profile"], flags: &["keep"], free: false };

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let options = Options::parse(arguments, KNOWN)?;
    let kills: u32 = options.value("kills", 20)?;
    let profile = Profile::parse(options.text("profile").unwrap_or("dev"))?;
    let seed = options.text("seed").map(str::parse::<u64>).transpose();
    let seed = seed.map_err(|_| "`--seed` is a whole number".to_owned())?;
    let drive = Drive { kills, profile, seed, keep: options.flag("keep") };
    drive.run()
}

/// One run of the driver.
pub(crate) struct Drive {
    /// How often the server is killed.
    pub(crate) kills: u32,
    /// How server and driver are built.
    pub(crate) profile: Profile,
    /// Choices of an earlier run.
    pub(crate) seed: Option<u64>,
    /// Whether the data directory stays.
    pub(crate) keep: bool,
}

impl Drive {
    /// Builds, then drives.
    pub(crate) fn run(&self) -> Result<(), String> {
        packages::install_missing(&[PYTHON])?;
        let folder = build(self.profile, &BINARIES)?;
        let mut driver = program(folder.join("crash"));
        driver.arg("--akashi").arg(folder.join("akashi"));
        driver.arg("--verifier").arg(root().join("verifier/verify.py"));
        driver.arg("--evidence").arg(target()?.join("evidence")).arg("--work").arg(target()?.join("crash"));
        driver.args(["--kills", &self.kills.to_string(), "--profile", self.profile.name()]);
        driver.args(["--commit", &programs::commit()]);
        if let Some(seed) = self.seed {
            driver.args(["--seed", &seed.to_string()]);
        }
        if self.keep {
            driver.arg("--keep");
        }
        programs::run(&mut driver)
    }
}
