//! Registering apps: what each kind must have, and what it must not.

use super::super::accounts::{NAME_CHARS_MAX, checked_reason, well_formed};
use super::super::{Identity, Writing};
use super::show;
use crate::app::codes::{APP_EXISTS, APP_UNKNOWN, APP_WRONG};
use crate::app::scope::BESIDE;
use crate::app::{AppId, check_keys, is_https, is_offered};
use crate::command::{AppChanges, NewApp};
use crate::kept::{AccountKind, App, AppKind, State};
use crate::register::Step;
use access::Scopes;
use access::{Reach, ResourceScope};
use base::Problem;
use serde_json::{Value, json};
use store::Actor;

/// Addresses of one app, at most.
const REDIRECTS_MAX: usize = 10;
/// Longest list of scopes, in bytes.
const SCOPES_BYTES_MAX: usize = 8_000;

impl Identity {
    /// Registers an app.
    pub(in crate::door) async fn register_app(&self, by: &Actor, wanted: NewApp) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        if self.register().apps.get(&wanted.app).is_some() {
            return Err(Problem::new(&APP_EXISTS).with("app", &wanted.app));
        }
        let app = App {
            id: wanted.app,
            kind: wanted.kind,
            name: wanted.name.trim().to_owned(),
            redirects: wanted.redirects,
            launch: wanted.launch,
            scopes: wanted.scopes.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
            keys: wanted.keys,
            account: wanted.account,
            state: State::Active,
            made: self.clock.now(),
        };
        self.check_app(&app)?;
        self.write_app(by, app).await
    }

    /// Changes an app. Access tokens that were given out go on for their five minutes; the next ones grant no more than the
    /// app may by then.
    pub(in crate::door) async fn change_app(
        &self,
        by: &Actor,
        changes: AppChanges,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut app = self.app(&changes.app)?;
        if let Some(name) = changes.name {
            name.trim().clone_into(&mut app.name);
        }
        app.redirects = changes.redirects.unwrap_or(app.redirects);
        app.launch = changes.launch.or(app.launch);
        app.scopes = changes.scopes.unwrap_or(app.scopes);
        app.keys = changes.keys.or(app.keys);
        self.check_app(&app)?;
        self.write_app(by, app).await
    }

    /// Disables an app. All it was granted is over when this returns.
    pub(in crate::door) async fn disable_app(
        &self,
        by: &Actor,
        id: &AppId,
        reason: &str,
    ) -> Result<Value, Problem> {
        let _changing = self.changing.lock().await;
        let mut app = self.app(id)?;
        app.state = State::Disabled { reason: checked_reason(reason)? };
        let shown = show::app(&app);
        let over = self.grants_where(|_, grant| grant.app == *id);
        let writing = Writing { steps: vec![Step::App(app)], ..Writing::default() };
        self.end_grants(by, over, writing).await?;
        Ok(shown)
    }

    /// All apps.
    pub(in crate::door) fn list_apps(&self) -> Value {
        let register = self.register();
        let rows: Vec<Value> = register.apps.all().map(|app| show::app(app)).collect();
        json!({ "apps": rows })
    }

    /// One app with what people granted to it.
    pub(in crate::door) fn show_app(&self, id: &AppId) -> Result<Value, Problem> {
        let mut shown = show::app(&self.app(id)?);
        let register = self.register();
        let grants: Vec<Value> = register
            .apps
            .all_granted()
            .filter(|grant| grant.app == *id)
            .map(|grant| show::grant(grant))
            .collect();
        if let Some(members) = shown.as_object_mut() {
            members.insert("grants".to_owned(), json!(grants));
        }
        Ok(shown)
    }

    async fn write_app(&self, by: &Actor, app: App) -> Result<Value, Problem> {
        let shown = show::app(&app);
        self.write(by, Writing { steps: vec![Step::App(app)], ..Writing::default() }).await?;
        Ok(shown)
    }

    fn app(&self, id: &AppId) -> Result<App, Problem> {
        let register = self.register();
        let app = register.apps.get(id).ok_or_else(|| Problem::new(&APP_UNKNOWN).with("app", id))?;
        Ok((**app).clone())
    }

    /// Whether an app says what its kind must say.
    fn check_app(&self, app: &App) -> Result<(), Problem> {
        if !well_formed(&app.name, NAME_CHARS_MAX) {
            return Err(wrong("a name has 1 to 100 characters", "名前は 1〜100 文字です"));
        }
        check_addresses(app)?;
        check_scopes(app)?;
        if app.kind == AppKind::Public && app.keys.is_some() {
            return Err(wrong("a public app has no keys", "public のアプリに鍵は付けられません"));
        }
        match (&app.keys, app.kind) {
            (Some(keys), _) => check_keys(keys).map_err(|(en, ja)| wrong(en, ja))?,
            (None, AppKind::Public) => {}
            (None, _) => {
                return Err(wrong(
                    "a confidential app or a service needs its public keys",
                    "confidential のアプリとサービスには公開鍵が必要です",
                ));
            }
        }
        self.check_account(app)
    }

    fn check_account(&self, app: &App) -> Result<(), Problem> {
        let register = self.register();
        let found = app.account.as_ref().and_then(|id| register.accounts.get(id));
        let of_service = found.is_some_and(|account| account.kind == AccountKind::Service);
        match (app.kind, &app.account) {
            (AppKind::Service, _) if of_service => Ok(()),
            (AppKind::Service, _) => Err(wrong(
                "a service acts for an account of the kind `service`; make that first",
                "サービスには種類が service のアカウントが必要です。先に作成してください",
            )),
            (_, None) => Ok(()),
            (_, Some(_)) => {
                Err(wrong("only services act for an account", "アカウントを指定できるのはサービスだけです"))
            }
        }
    }
}

fn check_addresses(app: &App) -> Result<(), Problem> {
    if app.launch.as_deref().is_some_and(|launch| !is_https(launch)) {
        return Err(wrong("the launch address is https", "起動アドレスは https にしてください"));
    }
    if app.kind == AppKind::Service {
        return if app.redirects.is_empty() && app.launch.is_none() {
            Ok(())
        } else {
            Err(wrong("nobody is sent back to a service", "サービスに戻り先アドレスは付けられません"))
        };
    }
    if !(1..=REDIRECTS_MAX).contains(&app.redirects.len()) {
        return Err(wrong("an app has 1 to 10 addresses to go back to", "戻り先アドレスは 1〜10 個です"));
    }
    if app.redirects.iter().all(|redirect| is_offered(redirect)) {
        return Ok(());
    }
    Err(wrong(
        "an address to go back to is https, http://127.0.0.1/… or a scheme of its own with a dot, without a fragment",
        "戻り先アドレスは https、http://127.0.0.1/…、またはドットを含む独自スキームで、フラグメントなしにしてください",
    ))
}

fn check_scopes(app: &App) -> Result<(), Problem> {
    let words: Vec<&str> = app.scopes.split(' ').collect();
    let fits = |word: &&str| match ResourceScope::parse(word) {
        Some(part) => (part.reach == Reach::System) == (app.kind == AppKind::Service),
        None => BESIDE.contains(word) && app.kind != AppKind::Service,
    };
    let named = words.iter().any(|word| ResourceScope::parse(word).is_some());
    let short = app.scopes.len() <= SCOPES_BYTES_MAX;
    if short && named && words.iter().all(fits) && Scopes::parse(&app.scopes, None).is_ok() {
        return Ok(());
    }
    Err(wrong(
        "scopes are like `patient/*.rs user/Observation.cruds launch/patient offline_access` for apps, `system/*.rs` for services",
        "スコープはアプリなら `patient/*.rs user/Observation.cruds launch/patient offline_access`、サービスなら `system/*.rs` の形で指定してください",
    ))
}

fn wrong(en: &'static str, ja: &'static str) -> Problem {
    Problem::new(&APP_WRONG).with("what_en", en).with("what_ja", ja)
}
