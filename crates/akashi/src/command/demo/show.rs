//! What the demo shows: who there is, with what they log in, and requests to try as they stand there.

use super::accounts::{Accounts, ROLES, Role, app_url};
use super::{FACILITY, deeds};
use crate::arguments::{Demo, DemoCertificates, DemoQr};
use crate::directory::Directory;
use crate::table::Table;
use crate::terminal::Terminal;
use base::{Clock, Problem, SystemClock};
use identity::qr;
use std::net::SocketAddr;
use std::path::Path;

/// What somebody else than the doctor tries.
struct Other {
    account: &'static str,
    english: &'static str,
    japanese: &'static str,
    /// A request that is answered.
    may: &'static str,
    /// A request that is refused.
    may_not: &'static str,
}

const OTHERS: [Other; 4] = [
    Other {
        account: "nurse",
        english: "reads allergies, but prescribes nothing",
        japanese: "アレルギーは読めますが、処方は書けません",
        may: "'{facility}/fhir/AllergyIntolerance?patient=p000000&_pretty=true'",
        may_not: r#"-H 'Content-Type: application/fhir+json' -d '{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":"X"},"subject":{"reference":"Patient/p000000"}}' '{facility}/fhir/MedicationRequest?_pretty=true'"#,
    },
    Other {
        account: "clerk",
        english: "sees the patient's insurance, but no results",
        japanese: "保険情報は見られますが、検査結果は見られません",
        may: "'{facility}/fhir/Coverage?patient=p000000&_pretty=true'",
        may_not: "'{facility}/fhir/Observation?patient=p000000&_pretty=true'",
    },
    Other {
        account: "operator",
        english: "runs the accounts, but reads no record",
        japanese: "アカウントを管理しますが、診療の記録は読めません",
        may: "-X POST '{facility}/admin/account-list'",
        may_not: "'{facility}/fhir/Patient/p000000?_pretty=true'",
    },
    Other {
        account: "auditor",
        english: "sees who looked at the patient, also without treating them, but not the record",
        japanese: "誰がその患者の記録を見たか（担当でない人も）分かりますが、記録そのものは読めません",
        may: "'{facility}/fhir/Patient/p000000/$lookers?_pretty=true'",
        may_not: "'{facility}/fhir/Patient/p000000?_pretty=true'",
    },
];

/// All that is shown.
pub(super) struct Shown<'a> {
    pub(super) directory: &'a Directory,
    pub(super) accounts: &'a Accounts,
    pub(super) address: SocketAddr,
    pub(super) arguments: &'a Demo,
}

impl Shown<'_> {
    /// Shows it.
    pub(super) fn show(&self, terminal: &Terminal) -> Result<(), Problem> {
        let say = |en: &str, ja: &str| terminal.line(terminal.choose(en, ja));
        terminal.line("");
        say("Akashi is running.", "Akashi が起動しました。");
        let mut lines = Table::default();
        lines.row([terminal.choose("console", "画面").into(), self.console()]);
        lines.row([terminal.choose("listening on", "待ち受け").into(), format!("https://{}", self.address)]);
        lines.row([terminal.choose("base URL", "ベース URL").into(), self.base()]);
        terminal.table(&lines);
        self.people(terminal)?;
        self.tablet(terminal);
        self.requests(terminal)?;
        terminal.line("");
        say(
            "Ctrl-C ends it. All patients and accounts are synthetic.",
            "Ctrl-C で終了します。患者もアカウントもすべて架空です。",
        );
        Ok(())
    }

    /// The address of the server, without a slash at the end.
    pub(super) fn origin(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The address that people open in a browser.
    fn console(&self) -> String {
        format!("{}/f/{FACILITY}/console", self.origin())
    }

    fn base(&self) -> String {
        format!("{}/f/{FACILITY}/fhir", self.origin())
    }

    fn people(&self, terminal: &Terminal) -> Result<(), Problem> {
        terminal.line("");
        let mut table = Table::new(&[
            terminal.choose("account", "アカウント"),
            terminal.choose("name", "名前"),
            terminal.choose("role", "職種・役割"),
            terminal.choose("password", "パスワード"),
            terminal.choose("code now", "現在のコード"),
            terminal.choose("secret of one-time codes", "ワンタイムコードの秘密"),
        ]);
        let now = SystemClock.now();
        for role in ROLES {
            let secrets = self.accounts.of(role.account)?;
            table.row([
                role.account.to_owned(),
                role.name.to_owned(),
                said(terminal, role),
                secrets.password.reveal().clone(),
                secrets.totp.code_at(now).reveal().clone(),
                secrets.totp.text().reveal().clone(),
            ]);
        }
        terminal.table(&table);
        self.qr_codes(terminal)
    }

    fn qr_codes(&self, terminal: &Terminal) -> Result<(), Problem> {
        let wanted = match self.arguments.qr {
            DemoQr::None => return Ok(()),
            DemoQr::Doctor => ROLES.get(..1).unwrap_or_default(),
            DemoQr::All => ROLES,
        };
        for role in wanted {
            terminal.line("");
            let title = terminal.choose("one-time codes for an app:", "ワンタイムコードのアプリ登録用：");
            terminal.line(&format!("{} {title}", role.account));
            let url = app_url(role, self.accounts.of(role.account)?);
            terminal.line(qr::qr_text(url.reveal())?.trim_end_matches('\n'));
        }
        Ok(())
    }

    fn tablet(&self, terminal: &Terminal) {
        terminal.line("");
        terminal.line(match self.arguments.client_certificates {
            DemoCertificates::Verify => terminal.choose(
                "They work on a tablet whose certificate must be shown:",
                "接続には、端末（タブレット）の証明書が必要です：",
            ),
            DemoCertificates::Off => terminal.choose(
                "The tablet's certificate, which is not asked for now:",
                "端末（タブレット）の証明書（今は求めない設定です）：",
            ),
        });
        let mut files = Table::default();
        let path = |ending| self.accounts.tablet_file(ending).display().to_string();
        files.row([
            terminal.choose("  certificate, key", "  証明書、鍵").into(),
            format!("{}, {}", path("pem"), path("key")),
        ]);
        files.row([terminal.choose("  for browsers", "  ブラウザー用").into(), path("p12")]);
        let passphrase = self.accounts.passphrase().reveal().clone();
        files.row([terminal.choose("  its passphrase", "  パスフレーズ").into(), passphrase]);
        terminal.table(&files);
        self.browser(terminal);
    }

    /// How to come to the console with a browser.
    fn browser(&self, terminal: &Terminal) {
        let ca = self.directory.path().join("tls/ca.pem").display().to_string();
        let (en, ja) = match self.arguments.client_certificates {
            DemoCertificates::Verify => (
                "In a browser: install the file for browsers with its passphrase, trust {ca}, open {console} and sign in.",
                "ブラウザーで使うには、ブラウザー用のファイルをパスフレーズで取り込み、{ca} を信頼する認証局に加え、{console} を開いてログインします。",
            ),
            DemoCertificates::Off => (
                "In a browser: trust {ca}, open {console} and sign in.",
                "ブラウザーで使うには、{ca} を信頼する認証局に加え、{console} を開いてログインします。",
            ),
        };
        let text = terminal.choose(en, ja).replace("{ca}", &ca).replace("{console}", &self.console());
        terminal.line(&text);
    }

    fn requests(&self, terminal: &Terminal) -> Result<(), Problem> {
        let say = |en: &str, ja: &str| terminal.line(&format!("\n{}", terminal.choose(en, ja)));
        let (base, curl) = (self.base(), self.curl());
        let ask = |path: &str, more: &str| {
            terminal
                .line(&format!("  {curl} -H \"Authorization: Bearer $TOKEN\" \\\n    '{base}/{path}'{more}"));
        };
        say(
            "1. Log in as the doctor (a one-time code is good once; after a second try wait for the next one):",
            "1. 医師としてログインする（ワンタイムコードは 1 回限り。再試行は次のコードを待ってください）：",
        );
        let doctor = ROLES.first().map(|role| role.account).unwrap_or_default();
        terminal.line(&self.login(doctor, &curl)?);
        say("2. Read a patient:", "2. 患者を 1 人読む：");
        ask("Patient/p000000?_pretty=true", "");
        say("3. Search the patient's observations:", "3. その患者の検査・測定値を検索する：");
        ask("Observation?patient=p000000&_count=5&_pretty=true", "");
        say(
            "4. Have the record proven, and check the proof offline:",
            "4. 記録の証明を取り出し、オフラインで検証する：",
        );
        ask("Patient/p000000/$proof", " -o patient.akashi-proof.json");
        terminal.line("  python3 verifier/verify.py proof patient.akashi-proof.json");
        say(
            "5. See what became of a note that the medical clerk entered for the doctor (given back, approved, amended):",
            "5. 医師事務作業補助者が代行入力した記録の経過を見る（差し戻し、承認、訂正）：",
        );
        ask(&format!("{}/_history?_pretty=true", deeds::NOTE), "");
        self.others(terminal, &curl)?;
        say(
            "What the guidelines ask, and what this clinic shows by itself (in another terminal):",
            "ガイドラインの要求事項と、この診療所が自ら示していること（別の端末で実行）：",
        );
        let (program, data) = (program(), quoted(self.directory.path()));
        terminal.line(&format!("  {program} assess --data {data} --role facility"));
        terminal.line(&format!("  {program} document kinds --data {data} --missing"));
        Ok(())
    }

    /// What each of the others may, and what they are refused with the reason.
    fn others(&self, terminal: &Terminal, curl: &str) -> Result<(), Problem> {
        for (number, other) in (6..).zip(OTHERS) {
            let role = ROLES.iter().find(|role| role.account == other.account).map_or("", |role| role.name);
            let text = terminal.choose(other.english, other.japanese);
            terminal.line(&format!("\n{number}. {role}: {text}"));
            terminal.line(&self.login(other.account, curl)?);
            for request in [other.may, other.may_not] {
                terminal.line(&format!(
                    "  {curl} -H \"Authorization: Bearer $TOKEN\" \\\n    {}",
                    request.replace("{facility}", &format!("{}/f/{FACILITY}", self.origin()))
                ));
            }
        }
        Ok(())
    }

    fn curl(&self) -> String {
        let ca = quoted(&self.directory.path().join("tls/ca.pem"));
        let file = |ending| quoted(&self.accounts.tablet_file(ending));
        match self.arguments.client_certificates {
            DemoCertificates::Verify => {
                format!("curl -sS --cacert {ca} --cert {} --key {}", file("pem"), file("key"))
            }
            DemoCertificates::Off => format!("curl -sS --cacert {ca}"),
        }
    }

    /// The code is asked for when the line is run, so that the line works whenever it is run.
    fn login(&self, role: &str, curl: &str) -> Result<String, Problem> {
        let password = &self.accounts.of(role)?.password;
        let program = program();
        let data = quoted(self.directory.path());
        Ok(format!(
            "  TOKEN=$({curl} -H 'Content-Type: application/json' \\\n    \
             -d '{{\"account\":\"{role}\",\"password\":\"{}\",\"totp\":\"'$({program} demo --data {data} --code {role})'\"}}' \\\n    \
             {}/f/{FACILITY}/session | sed 's/.*\"token\": *\"\\([^\"]*\\)\".*/\\1/')",
            password.reveal(),
            self.origin()
        ))
    }
}

/// This program, as a shell finds it.
fn program() -> String {
    std::env::current_exe().map_or_else(|_| "akashi".to_owned(), |path| quoted(&path))
}

fn said(terminal: &Terminal, role: &Role) -> String {
    let occupation = role.occupation.name(terminal.language());
    let duties: Vec<&str> = role.duties.iter().map(|duty| duty.name(terminal.language())).collect();
    if duties.is_empty() { occupation.to_owned() } else { duties.join(terminal.choose(", ", "、")) }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |one: char| one.is_alphanumeric() || "/._-+:@%,".contains(one);
    if text.chars().all(plain) && !text.is_empty() {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell_whatever_it_holds() {
        assert_eq!(quoted(Path::new("./akashi-data/tls/ca.pem")), "./akashi-data/tls/ca.pem");
        assert_eq!(quoted(Path::new("データ/a")), "データ/a");
        assert_eq!(quoted(Path::new("my data")), "'my data'");
        assert_eq!(quoted(Path::new("it's $(x)")), r"'it'\''s $(x)'");
    }
}
