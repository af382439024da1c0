//! `cargo xtask bench site`: how long a check of a site takes as a whole process, and how much memory, on plans and
//! descriptions of several sizes.

mod estate;
mod hospital;

use super::machine::Machine;
use crate::packages::{self, Needed};
use crate::programs::{Profile, build, output, program, say, target};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Help text.
pub(crate) const HELP: &str = "\
Usage: cargo xtask bench site [--resources LIST] [--machines LIST] [--plan FILE]... [--description FILE]... [--runs N] [--json FILE]

Measures `akashi check FILE --format json` of the release build as a whole process: the time from its start to its end, and
the most memory it ever held. Everything is worked out: reading, the network, what reaches what, attack paths, all rules.
Plans of as many resources as --resources lists are made: tenants of a hospital service, each with a public and a private
network, hosts, a database, buckets, a balancer, a VPN, all on one transit gateway. So are descriptions of as many machines
as --machines lists: a hospital with nearly all of them in one flat network, with an office behind a firewall, guests, a
vendor, the internet, a store of records, and a wanted flow for every twentieth machine. Without --resources, --machines and
files it is 400,10000,100000 resources. Of N runs (default 3) the quickest and the slowest are shown. `time` is installed
with apt-get when missing.

サイト検査 `akashi check FILE --format json`（リリース版）の開始から終了までの時間と最大メモリーを測ります。読み込み、ネットワークの構築、
到達可能性、攻撃経路、全ルールの判定を含みます。--resources の数だけリソースを持つプランを生成します：医療サービスのテナントごとに
公開・非公開ネットワーク、サーバー、データベース、バケット、負荷分散装置、VPN を置き、1 つの Transit Gateway に接続します。
--machines の数だけ機器を持つサイト記述も生成します：ほぼ全台が 1 つの平らなネットワークにある病院で、ファイアウォールの先の事務系、
患者用、事業者、インターネット、診療録の保管先があり、20 台に 1 つの通信を記載します。--resources、--machines、ファイルの指定がなければ
400,10000,100000 リソースのプランを測ります。N 回（既定は 3）実行し、最短と最長を示します。`time` がなければ apt-get でインストールします。
";

const TIME: Needed = Needed {
    program: "/usr/bin/time",
    package: "time",
    reason: "time and memory of a process / プロセスの時間とメモリーの測定",
};

struct Wanted {
    resources: Vec<usize>,
    machines: Vec<usize>,
    plans: Vec<PathBuf>,
    descriptions: Vec<PathBuf>,
    runs: usize,
    json: Option<PathBuf>,
}

/// What a file is to the check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plan,
    Description,
}

struct Measured {
    name: String,
    bytes: u64,
    seconds: Vec<f64>,
    kibibytes: u64,
    counts: Value,
}

/// Runs the command.
pub(crate) fn run(arguments: &[String]) -> Result<(), String> {
    let wanted = parse(arguments)?;
    packages::install_missing(&[TIME])?;
    let akashi = build(Profile::Release, &[("akashi", "akashi")])?.join("akashi");
    let place = target()?.join("bench").join("site");
    std::fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    let (plans, descriptions) = files(&wanted, &place)?;
    say(&format!("{}\n", Machine::here()));
    say(
        "| file | size | time | memory | findings | attack paths |\n| --- | ---: | ---: | ---: | ---: | ---: |",
    );
    let mut all = Vec::new();
    let plans = plans.iter().map(|plan| (plan, Kind::Plan));
    let descriptions = descriptions.iter().map(|description| (description, Kind::Description));
    for (file, kind) in plans.chain(descriptions) {
        let measured = measure(&akashi, file, kind, wanted.runs)?;
        say(&measured.row());
        all.push(measured.json());
    }
    if let Some(file) = &wanted.json {
        let text = format!("{:#}\n", json!({ "machine": Machine::here().json(), "files": all }));
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// The plans and the descriptions that are measured, with those that are made for it.
fn files(wanted: &Wanted, place: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), String> {
    let (mut plans, mut descriptions) = (wanted.plans.clone(), wanted.descriptions.clone());
    for resources in &wanted.resources {
        let file = place.join(format!("plan-{resources}.json"));
        estate::write(&file, *resources).map_err(|error| format!("{}: {error}", file.display()))?;
        plans.push(file);
    }
    for machines in &wanted.machines {
        let file = place.join(format!("hospital-{machines}.yaml"));
        hospital::write(&file, *machines).map_err(|error| format!("{}: {error}", file.display()))?;
        descriptions.push(file);
    }
    Ok((plans, descriptions))
}

fn parse(arguments: &[String]) -> Result<Wanted, String> {
    let mut wanted = Wanted {
        resources: Vec::new(),
        machines: Vec::new(),
        plans: Vec::new(),
        descriptions: Vec::new(),
        runs: 3,
        json: None,
    };
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let value = rest.next().ok_or_else(|| format!("{option} needs a value\n\n{HELP}"))?;
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is no number\n\n{HELP}"));
        match option.as_str() {
            "--resources" => wanted.resources = value.split(',').map(number).collect::<Result<_, _>>()?,
            "--machines" => wanted.machines = value.split(',').map(number).collect::<Result<_, _>>()?,
            "--description" => wanted.descriptions.push(PathBuf::from(value)),
            "--plan" => wanted.plans.push(PathBuf::from(value)),
            "--runs" => wanted.runs = number(value)?.max(1),
            "--json" => wanted.json = Some(PathBuf::from(value)),
            _ => return Err(format!("{option} is not known\n\n{HELP}")),
        }
    }
    let is_none = wanted.resources.is_empty() && wanted.machines.is_empty();
    if is_none && wanted.plans.is_empty() && wanted.descriptions.is_empty() {
        wanted.resources = vec![400, 10_000, 100_000];
    }
    Ok(wanted)
}

fn measure(akashi: &Path, file: &Path, kind: Kind, runs: usize) -> Result<Measured, String> {
    let bytes = std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    let told = file.with_extension("told");
    let (mut seconds, mut kibibytes) = (Vec::new(), 0);
    let result = file.with_extension("check");
    for _ in 0..runs {
        let line = once(akashi, kind, [file, &told, &result])?;
        let (time, memory) = line.split_once(' ').ok_or("time told nothing")?;
        seconds.push(time.parse::<f64>().map_err(|error| error.to_string())?);
        kibibytes = memory.trim().parse::<u64>().map_or(kibibytes, |memory| memory.max(kibibytes));
    }
    let text = std::fs::read_to_string(&result).map_err(|error| error.to_string())?;
    let check: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let count = |pointer: &str| check.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    let counts = json!({ "findings": count("/findings"), "chains": count("/attacks/chains") });
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Measured { name, bytes, seconds, kibibytes, counts })
}

/// One run. Findings end it with another status than 0, which `time` then tells on a line of its own.
fn once(akashi: &Path, kind: Kind, [file, told, result]: [&Path; 3]) -> Result<String, String> {
    let script = "told=\"$1\"; result=\"$2\"; shift 2; /usr/bin/time -f '%e %M' -o \"$told\" \"$@\" --format json > \
                  \"$result\"; code=$?; [ $code -ne 1 ] || exit 1; tail -n 1 \"$told\"";
    let mut shell = program("sh");
    shell.args(["-c", script, "sh"]).args([told, result, akashi]).arg("check");
    match kind {
        Kind::Plan => shell.arg("--plan").arg(file),
        Kind::Description => shell.arg(file),
    };
    output(&mut shell)
}

impl Measured {
    fn row(&self) -> String {
        let Self { name, bytes, kibibytes, counts, .. } = self;
        let (quick, slow) = self.ends();
        #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
        let (size, memory) = (*bytes as f64 / 1e6, *kibibytes as f64 / 1024.0);
        let time = format!("{quick:.2} to {slow:.2} s");
        let of = |key: &str| counts.get(key).cloned().unwrap_or_default();
        format!(
            "| {name} | {size:.1} MB | {time} | {memory:.0} MiB | {} | {} |",
            of("findings"),
            of("chains")
        )
    }

    fn ends(&self) -> (f64, f64) {
        let first = self.seconds.first().copied().unwrap_or_default();
        let least = self.seconds.iter().copied().fold(first, f64::min);
        (least, self.seconds.iter().copied().fold(first, f64::max))
    }

    fn json(&self) -> Value {
        json!({
            "file": self.name, "bytes": self.bytes, "seconds": self.seconds, "kibibytes": self.kibibytes,
            "counts": self.counts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_options_three_sizes_are_measured_and_a_plan_stands_alone() {
        assert_eq!(parse(&[]).unwrap().resources, [400, 10_000, 100_000]);
        let given = parse(&["--plan".to_owned(), "p.json".to_owned()]).unwrap();
        assert!(given.resources.is_empty());
        let given = parse(&["--machines".to_owned(), "100,4000".to_owned()]).unwrap();
        assert!(given.resources.is_empty() && given.machines == [100, 4_000]);
        assert!(parse(&["--runs".to_owned()]).is_err());
    }
}
