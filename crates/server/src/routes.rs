//! What is served, as data: one row per method and path. Router, capability statement and test matrices come from it.

use http::Method;

/// What a request on a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interaction {
    /// Whether the server can do its work.
    Health,
    /// FHIR `capabilities`.
    Capabilities,
    /// FHIR `batch` and `transaction`.
    Bundle,
    /// FHIR `history-system`.
    HistoryFacility,
    /// FHIR `search-type` by query.
    Search,
    /// FHIR `search-type` by form.
    SearchForm,
    /// FHIR `create`.
    Create,
    /// FHIR `history-type`.
    HistoryKind,
    /// FHIR `read`.
    Read,
    /// FHIR `update`.
    Update,
    /// FHIR `delete`.
    Delete,
    /// FHIR `history-instance`.
    HistoryRecord,
    /// FHIR `vread`.
    VersionRead,
    /// The operation `$proof`, of the current version or of a given one.
    Proof,
    /// A file of the journal in the `tlog-tiles` layout.
    Log,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Whoever shows a valid token.
    Required,
    /// Everybody.
    Open,
}

/// What the body of a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none, and one that comes is refused.
    None,
    /// A FHIR resource in JSON.
    Resource,
    /// Search parameters as `application/x-www-form-urlencoded`.
    Form,
}

/// Which query parameters a route takes beside `_format` and `_pretty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// None; one that comes is refused.
    None,
    /// Those of a search or a history; the records check them.
    Search,
}

/// One row: a method on a path pattern.
#[derive(Debug)]
pub struct Route {
    /// The method. A `GET` row also answers `HEAD`.
    pub method: Method,
    /// The path, with `{name}` for one segment and `{*name}` for the rest.
    pub path: &'static str,
    /// What is asked for.
    pub interaction: Interaction,
    /// Who may ask.
    pub caller: Caller,
    /// What the body is.
    pub body: BodyKind,
    /// Which query parameters it takes.
    pub parameters: Parameters,
    /// What it does, in English.
    pub english: &'static str,
    /// What it does, in Japanese.
    pub japanese: &'static str,
}

const ROW: Route = Route {
    method: Method::GET,
    path: "",
    interaction: Interaction::Health,
    caller: Caller::Required,
    body: BodyKind::None,
    parameters: Parameters::None,
    english: "",
    japanese: "",
};

/// Everything that is served.
pub static ROUTES: &[Route] = &[
    Route {
        path: "/health",
        interaction: Interaction::Health,
        caller: Caller::Open,
        english: "whether the server takes writes",
        japanese: "書き込みを受け付けられる状態か",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/metadata",
        interaction: Interaction::Capabilities,
        caller: Caller::Open,
        english: "what this server can do",
        japanese: "このサーバーの機能一覧",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/fhir",
        interaction: Interaction::Bundle,
        body: BodyKind::Resource,
        english: "perform a batch or a transaction",
        japanese: "バッチまたはトランザクションを実行する",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/_history",
        interaction: Interaction::HistoryFacility,
        parameters: Parameters::Search,
        english: "all versions of all records",
        japanese: "すべての記録のすべての版",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::Search,
        parameters: Parameters::Search,
        english: "search records of a type",
        japanese: "ある型の記録を検索する",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/fhir/{type}/_search",
        interaction: Interaction::SearchForm,
        body: BodyKind::Form,
        parameters: Parameters::Search,
        english: "search records of a type, parameters in the body",
        japanese: "ある型の記録を検索する（条件は本文）",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::Create,
        body: BodyKind::Resource,
        english: "create a record; the server chooses its id",
        japanese: "記録を作成する（id はサーバーが決める）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/_history",
        interaction: Interaction::HistoryKind,
        parameters: Parameters::Search,
        english: "all versions of all records of a type",
        japanese: "ある型の記録のすべての版",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}",
        interaction: Interaction::Read,
        english: "read the current version of a record",
        japanese: "記録の現在の版を読む",
        ..ROW
    },
    Route {
        method: Method::PUT,
        path: "/f/{facility}/fhir/{type}/{id}",
        interaction: Interaction::Update,
        body: BodyKind::Resource,
        english: "write a new version of a record, or its first under this id",
        japanese: "記録の新しい版、またはこの id での最初の版を書く",
        ..ROW
    },
    Route {
        method: Method::DELETE,
        path: "/f/{facility}/fhir/{type}/{id}",
        interaction: Interaction::Delete,
        english: "delete a record; its versions stay in the journal",
        japanese: "記録を削除する（過去の版はジャーナルに残る）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/_history",
        interaction: Interaction::HistoryRecord,
        parameters: Parameters::Search,
        english: "all versions of a record",
        japanese: "記録のすべての版",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/_history/{version}",
        interaction: Interaction::VersionRead,
        english: "read one version of a record",
        japanese: "記録の特定の版を読む",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$proof",
        interaction: Interaction::Proof,
        english: "proof file of the current version of a record",
        japanese: "記録の現在の版の証明ファイル",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/_history/{version}/$proof",
        interaction: Interaction::Proof,
        english: "proof file of one version of a record",
        japanese: "記録の特定の版の証明ファイル",
        ..ROW
    },
    Route {
        path: "/f/{facility}/log/{*path}",
        interaction: Interaction::Log,
        english: "checkpoint, key, tiles and entry bundles of the journal",
        japanese: "ジャーナルのチェックポイント、鍵、タイル、エントリ",
        ..ROW
    },
];
