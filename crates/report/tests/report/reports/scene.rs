//! A facility of which something, nothing, or something hostile is known, and the papers that come of it.

use crate::material::{now, the_engine};
use base::{Language, Time};
use guideline::risk::{
    Asset, AssetKind, By, Carrier, Countermeasure, CountermeasureKind, Description, End, Flow, Grade,
    Information, Method, Place, Plan, Register, Residual, Risk, Rules, Step, TreatmentKind,
};
use guideline::{
    Actor, Day, Disclosure, Engine, Fact, Facts, Layer, Matrix, Moment, Party, Share, Side, Statement, Text,
    Value, Verdict, matrix,
};
use report::form::{DocumentLine, Form, Given, Judged, OpenPath, SiteShown};
use report::paper::Paper;
use std::collections::{BTreeMap, BTreeSet};

/// The forms of this room.
pub(crate) const FORMS: [Form; 6] =
    [Form::Gaps, Form::Director, Form::Matrix, Form::Risk, Form::ServiceSpec, Form::Inspection];

pub(crate) const LANGUAGES: [Language; 2] = [Language::Japanese, Language::English];

/// What a report is made of.
pub(crate) struct Scene {
    pub(crate) engine: Engine,
    pub(crate) facility: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) history: Vec<(Moment, BTreeMap<Verdict, usize>)>,
    pub(crate) chain: Option<Vec<Disclosure>>,
    pub(crate) own: bool,
    pub(crate) risks: Option<Register>,
    pub(crate) documents: Vec<DocumentLine>,
    pub(crate) site: Option<SiteShown>,
    pub(crate) is_past: bool,
}

impl Scene {
    /// Nothing was ever entered.
    pub(crate) fn empty() -> Self {
        Self {
            engine: the_engine(),
            facility: "あさひ診療所".to_owned(),
            facts: Vec::new(),
            history: Vec::new(),
            chain: None,
            own: false,
            risks: Some(Register::default()),
            documents: Vec::new(),
            site: None,
            is_past: false,
        }
    }

    /// The first steps are done.
    pub(crate) fn begun() -> Self {
        let engine = the_engine();
        let risks = Some(register(&engine));
        Self {
            facts: known(),
            history: history(),
            chain: Some(chain()),
            own: true,
            risks,
            documents: documents(),
            site: Some(site()),
            engine,
            ..Self::empty()
        }
    }

    /// Of everything a text that somebody means badly with.
    pub(crate) fn hostile() -> Self {
        let evil = evil();
        let mut scene = Self { facility: evil.clone(), ..Self::begun() };
        scene.facts.push(seen("runtime.software.version", Value::Text(evil.clone())));
        scene.facts.push(seen("runtime.tls.client_certificates", Value::Text("長い答え。".repeat(2_500))));
        for line in &mut scene.documents {
            line.title.clone_from(&evil);
            "=1+1".clone_into(&mut line.version);
            "@\u{0}\u{7}".clone_into(&mut line.owner);
        }
        let site = scene.site.as_mut().unwrap();
        let text = Text { ja: evil.clone(), en: evil.clone() };
        site.picture = Some(Text { ja: evil.clone(), en: "<svg onload=\"alert(1)\"/>".to_owned() });
        site.open_paths =
            Some(vec![OpenPath { title: text.clone(), hops: vec![text.clone()], cuts: vec![text.clone()] }]);
        site.sources = vec![(evil, "0".repeat(64))];
        let statements = scene.chain.as_mut().unwrap();
        for statement in statements.iter_mut().flat_map(|one| one.statements.values_mut()) {
            statement.provides = text.clone();
        }
        scene
    }

    pub(crate) fn judged(&self, edition: &str, side: Option<Side>, position: u64) -> Judged {
        let facts = Facts::gather(&self.engine.registry, self.facts.clone(), now()).unwrap();
        let assessment = self.engine.assess(edition, side, &facts).unwrap();
        Judged {
            assessment,
            facts: facts.iter().cloned().collect(),
            at: Moment(now()),
            position: Some(position),
        }
    }

    /// The paper of a form that answers its usual edition.
    pub(crate) fn paper(&self, form: Form, language: Language) -> Paper {
        self.paper_of(form, form.edition(), language)
    }

    pub(crate) fn paper_of(&self, form: Form, edition: &str, language: Language) -> Paper {
        let side = if form == Form::ServiceSpec { Side::Provider } else { Side::Facility };
        let asked = form.assessed(edition, Some(side));
        let judged: Vec<Judged> = asked
            .iter()
            .enumerate()
            .map(|(place, (edition, side))| self.judged(edition, *side, 800 + u64::try_from(place).unwrap()))
            .collect();
        let composed = self.matrix(edition);
        let own = self.own.then(|| self.own(edition));
        let method = Method::builtin(&self.engine.catalogue).unwrap();
        form.paper(&Given {
            engine: &self.engine,
            language,
            facility: &self.facility,
            edition,
            side: Some(side),
            program: "0.1.0",
            as_of: now(),
            is_past: self.is_past,
            judged: &judged,
            history: &self.history,
            matrix: composed.as_ref(),
            own: own.as_ref(),
            risks: self.risks.as_ref().map(|register| (register, &method)),
            documents: &self.documents,
            targets: &[],
            site: self.site.as_ref(),
        })
        .unwrap()
    }

    fn matrix(&self, edition: &str) -> Option<Matrix> {
        let chain = self.chain.as_ref()?;
        Some(matrix(&self.engine.catalogue, edition, chain, Day::of(now())).unwrap())
    }

    fn own(&self, edition: &str) -> Disclosure {
        let facts = Facts::gather(&self.engine.registry, self.facts.clone(), now()).unwrap();
        let party = party("akashi", "証 Akashi", "Akashi", Layer::Provider);
        self.engine.disclose(party, edition, &facts, Day::of(now())).unwrap()
    }
}

/// Markup of every kind, a formula, a sign that turns the direction, a control character.
pub(crate) fn evil() -> String {
    "=HYPERLINK(\"x\")</td></svg></style><script>alert(1)</script><img src=x onerror=alert(1)>&amp;#set text(\u{202e}\u{7}{{7*7}}`$x$`"
        .to_owned()
}

pub(crate) fn seen(key: &str, value: Value) -> Fact {
    let how = if key.starts_with("runtime.") {
        ("稼働中のシステム", "running system")
    } else {
        ("登録", "entered")
    };
    Fact { position: Some(700), ..Fact::seen(key, value, now().plus_seconds(-7_200), how) }
}

fn known() -> Vec<Fact> {
    let good = [
        "runtime.law.deny_by_default",
        "runtime.law.by_occupation",
        "runtime.audit.every_access",
        "runtime.audit.names_patient_and_actor",
        "runtime.audit.tamper_evident",
        "runtime.encryption.at_rest",
        "runtime.password.common_refused",
        "runtime.password.stored_as_hash",
        "runtime.two_factors.offered",
        "runtime.records.export_standard",
        "runtime.software.supported",
        "document.operating_rules",
        "document.organisation_chart",
        "document.backup_rules",
        "person.security_manager_appointed",
        "person.factory_passwords_changed",
    ];
    let bad = [
        "runtime.two_factors.required_for_records",
        "runtime.backup.offline_copy",
        "document.bcp",
        "person.training_held",
        "site.network.zones_separated",
    ];
    let mut facts: Vec<Fact> = good.map(|key| seen(key, Value::YesNo(true))).to_vec();
    facts.extend(bad.map(|key| seen(key, Value::YesNo(false))));
    facts.push(seen("runtime.password.minimum_length", Value::Count(8)));
    facts.push(seen("runtime.backup.last_hours", Value::Count(6)));
    facts.push(seen("runtime.backup.generations", Value::Count(7)));
    facts.push(seen("runtime.tls.versions", Value::Texts(vec!["TLS 1.2".to_owned(), "TLS 1.3".to_owned()])));
    facts.push(seen("runtime.software.version", Value::Text("0.1.0".to_owned())));
    facts.push(seen("site.network.open_paths_to_records", Value::Count(1)));
    facts
}

fn history() -> Vec<(Moment, BTreeMap<Verdict, usize>)> {
    let at = |days: i64, met: usize, unknown: usize| {
        let counts = BTreeMap::from([(Verdict::Met, met), (Verdict::NotMet, 4), (Verdict::Unknown, unknown)]);
        (Moment(now().plus_seconds(-days * 86_400)), counts)
    };
    vec![at(180, 2, 20), at(90, 6, 16), at(0, 9, 13)]
}

fn party(id: &str, ja: &str, en: &str, layer: Layer) -> Party {
    Party { id: id.to_owned(), name: Text { ja: ja.to_owned(), en: en.to_owned() }, layer }
}

fn statement(share: Share, relies_on: Option<&str>, valid_until: Option<&str>) -> Statement {
    let text = |ja: &str, en: &str| Text { ja: ja.to_owned(), en: en.to_owned() };
    Statement {
        share,
        provides: text("機器の設置と更新", "Sets up and updates the devices"),
        remains: (share != Share::Provided).then(|| text("利用する人の登録", "Registering who uses it")),
        relies_on: relies_on.map(str::to_owned),
        evidence: vec!["provider_contract".to_owned()],
        valid_until: valid_until.map(|day| Day::parse(day).unwrap()),
    }
}

fn chain() -> Vec<Disclosure> {
    let facility = "mhlw-checklist-2025/facility";
    let disclosure = |party: Party, statements: Vec<(&str, Statement)>| Disclosure {
        party,
        dated: "2026-10-01".to_owned(),
        valid_until: None,
        based_on: "test".to_owned(),
        statements: statements
            .into_iter()
            .map(|(item, statement)| (format!("{facility}/{item}"), statement))
            .collect(),
    };
    vec![
        disclosure(
            party("cloud", "みどりクラウド", "Midori Cloud", Layer::Infrastructure),
            vec![
                ("2-1", statement(Share::Provided, None, None)),
                ("2-2", statement(Share::Customer, None, None)),
                ("2-3", statement(Share::Provided, None, Some("2026-11-01"))),
            ],
        ),
        disclosure(
            party("vendor", "あおばシステム", "Aoba Systems", Layer::Provider),
            vec![
                ("2-1", statement(Share::Shared, Some("cloud"), Some("2027-03-31"))),
                ("2-2", statement(Share::Shared, Some("cloud"), None)),
            ],
        ),
    ]
}

fn documents() -> Vec<DocumentLine> {
    let line =
        |kind: &str, title: &str, approved: Option<(&str, &str)>, review: &str, position| DocumentLine {
            kind: kind.to_owned(),
            title: title.to_owned(),
            version: "1.2".to_owned(),
            owner: "安全管理担当".to_owned(),
            approved: approved.map(|(by, on)| (by.to_owned(), Day::parse(on).unwrap())),
            review_on: Day::parse(review).unwrap(),
            position,
        };
    vec![
        line("backup_rules", "バックアップ手順書", None, "2027-04-01", 512),
        line("operating_rules", "運用管理規程", Some(("incho", "2026-04-01")), "2027-04-01", 510),
        line("organisation_chart", "体制図", Some(("incho", "2025-04-01")), "2026-04-01", 511),
        line("facility_own_rules", "院内の決まり", Some(("incho", "2026-04-01")), "2027-04-01", 513),
    ]
}

fn site() -> SiteShown {
    let text = |ja: &str, en: &str| Text { ja: ja.to_owned(), en: en.to_owned() };
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 10\"><title>図</title><rect width=\"20\" height=\"10\"/></svg>";
    SiteShown {
        at: Moment(now().plus_seconds(-86_400)),
        position: 640,
        sources: vec![("site.yaml".to_owned(), "ab".repeat(32))],
        violated: 2,
        undecided: 1,
        picture: Some(text(svg, svg)),
        open_paths: Some(vec![OpenPath {
            title: text("インターネット → 電子カルテ", "internet → records"),
            hops: vec![
                text("VPN 機器で 443/tcp を受け付ける", "the VPN device answers on 443/tcp"),
                text("院内 LAN を通る", "through the LAN"),
            ],
            cuts: vec![text("VPN 機器の管理画面を閉じる", "close the console of the VPN device")],
        }]),
    }
}

fn by(person: &str, role: Actor, at: &str) -> By {
    By { person: person.to_owned(), role, at: Moment(Time::parse(at).unwrap()) }
}

/// One risk that is accepted by plan and waits for its approval, one in force and overdue for its review, one only named.
fn register(engine: &Engine) -> Register {
    let method = Method::builtin(&engine.catalogue).unwrap();
    let rules = Rules { catalogue: &engine.catalogue, method: &method };
    let asset = Asset {
        id: "emr-server".to_owned(),
        name: "電子カルテサーバー".to_owned(),
        kind: AssetKind::Server,
        holds: BTreeSet::from([Information::ClinicalRecord, Information::Credentials]),
        place: Place::Facility,
        owner: "システム担当".to_owned(),
    };
    let flow = Flow {
        id: "backup-out".to_owned(),
        name: "バックアップの送付".to_owned(),
        from: End::Asset("emr-server".to_owned()),
        to: End::Outside("保管業者".to_owned()),
        carries: BTreeSet::new(),
        by: Carrier::Internet,
        crosses_boundary: true,
    };
    let mut register = Register::read(vec![asset], vec![flow], Vec::new()).unwrap();
    let planner = by("tanaka", Actor::Planner, "2026-04-01T09:00:00+09:00");
    for (id, title) in [("r-1", "VPN からの侵入"), ("r-2", "媒体の紛失"), ("r-3", "停電")] {
        let description = Description {
            title: title.to_owned(),
            scenario: None,
            assets: BTreeSet::from(["emr-server".to_owned()]),
            flows: BTreeSet::from(["backup-out".to_owned()]),
            threat: "弱点を突かれる".to_owned(),
        };
        let risk = register.identify(Risk::named(id, description), &planner, rules).unwrap();
        register.put_risk(risk).unwrap();
    }
    let grade = |grade: u8| Grade::new(grade).unwrap();
    let assess = |likelihood, impact, review_by: &str| Step::Assess {
        likelihood: grade(likelihood),
        impact: grade(impact),
        why: "近隣で起きた".to_owned(),
        review_by: Day::parse(review_by).unwrap(),
    };
    let plan = |kind, measure: CountermeasureKind, left: (u8, u8)| {
        Step::Plan(Plan {
            kind,
            why: "診療を止めずにできる".to_owned(),
            countermeasures: vec![Countermeasure {
                what: "毎週点検する".to_owned(),
                kind: measure,
                requirement: None,
            }],
            cost: "作業一日".to_owned(),
            owner: "sato".to_owned(),
            due: Day::parse("2026-04-20").unwrap(),
            residual: Residual {
                likelihood: grade(left.0),
                impact: grade(left.1),
                why: "見つけやすくなる".to_owned(),
            },
        })
    };
    let steps = [
        ("r-1", assess(2, 2, "2026-04-20")),
        ("r-1", plan(TreatmentKind::Accept, CountermeasureKind::Detective, (2, 2))),
        ("r-2", assess(3, 3, "2026-04-20")),
        ("r-2", plan(TreatmentKind::Reduce, CountermeasureKind::Preventive, (1, 3))),
        ("r-2", Step::PutInForce { why: "点検した".to_owned() }),
    ];
    for (id, step) in steps {
        let risk = register.take(id, &step, &planner, rules).unwrap();
        register.put_risk(risk).unwrap();
    }
    register
}
