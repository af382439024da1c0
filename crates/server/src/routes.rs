//! What is served, as data: one row per method and path. Router, capability statement and test matrices come from it.

use crate::interactions::{IdentityCall, Interaction, OAuthCall};
use crate::route::{BodyKind, Caller, Parameters, Route, Work};
use http::Method;

const ROW: Route = Route {
    method: Method::GET,
    path: "",
    interaction: Interaction::Health,
    caller: Caller::Required,
    work: Work::Short,
    body: BodyKind::None,
    parameters: Parameters::None,
    english: "",
    japanese: "",
};

/// Something is done, by parameters in the body.
const ACT: Route = Route { method: Method::POST, body: BodyKind::Parameters, ..ROW };

/// Something is sent as JSON.
const SEND: Route = Route { method: Method::POST, body: BodyKind::Json, ..ROW };

/// Much is looked at, by parameters of its own.
const LIST: Route = Route { work: Work::Long, parameters: Parameters::Content, ..ROW };

/// The same, parameters in the body.
const LIST_FORM: Route = Route { method: Method::POST, body: BodyKind::Form, ..LIST };

/// A resource is sent.
const RESOURCE: Route = Route { method: Method::POST, body: BodyKind::Resource, ..ROW };

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
        caller: Caller::Arriving,
        english: "what this server can do",
        japanese: "このサーバーの機能一覧",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir",
        interaction: Interaction::Bundle,
        work: Work::Long,
        english: "perform a batch or a transaction",
        japanese: "バッチまたはトランザクションを実行する",
        ..RESOURCE
    },
    Route {
        path: "/f/{facility}/fhir/_history",
        interaction: Interaction::HistoryFacility,
        english: "all versions of all records",
        japanese: "すべての記録のすべての版",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir",
        interaction: Interaction::SearchFacility,
        english: "search records of several types, which `_type` names",
        japanese: "`_type` で指定した複数の型の記録を検索する",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/_search",
        interaction: Interaction::SearchFacilityForm,
        english: "the same, parameters in the body",
        japanese: "同上（条件は本文）",
        ..LIST_FORM
    },
    Route {
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::Search,
        english: "search records of a type",
        japanese: "ある型の記録を検索する",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/_search",
        interaction: Interaction::SearchForm,
        english: "search records of a type, parameters in the body",
        japanese: "ある型の記録を検索する（条件は本文）",
        ..LIST_FORM
    },
    Route {
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::Create,
        english: "create a record; the server chooses its id; with If-None-Exist only when none fulfils the criteria",
        japanese: "記録を作成する（id はサーバーが決める。If-None-Exist を付けると条件に合う記録がない場合だけ）",
        ..RESOURCE
    },
    Route {
        method: Method::PUT,
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::UpdateOnly,
        body: BodyKind::Resource,
        parameters: Parameters::Content,
        english: "write a new version of the only record that fulfils criteria, or create one when none does",
        japanese: "条件に合うただ一つの記録の新しい版を書く。なければ作成する",
        ..ROW
    },
    Route {
        method: Method::PATCH,
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::PatchOnly,
        body: BodyKind::Patch,
        parameters: Parameters::Content,
        english: "change parts of the only record that fulfils criteria",
        japanese: "条件に合うただ一つの記録の一部を変更する",
        ..ROW
    },
    Route {
        method: Method::DELETE,
        path: "/f/{facility}/fhir/{type}",
        interaction: Interaction::DeleteOnly,
        parameters: Parameters::Content,
        english: "delete the only record that fulfils criteria",
        japanese: "条件に合うただ一つの記録を削除する",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$validate",
        interaction: Interaction::Validate,
        parameters: Parameters::Content,
        english: "say what is wrong with a resource, without writing it",
        japanese: "リソースを書き込まずに検証する",
        ..RESOURCE
    },
    Route {
        path: "/f/{facility}/fhir/{type}/_history",
        interaction: Interaction::HistoryKind,
        english: "all versions of all records of a type",
        japanese: "ある型の記録のすべての版",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}",
        interaction: Interaction::Read,
        parameters: Parameters::Shape,
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
        method: Method::PATCH,
        path: "/f/{facility}/fhir/{type}/{id}",
        interaction: Interaction::Patch,
        body: BodyKind::Patch,
        english: "change parts of a record by a JSON Patch",
        japanese: "記録の一部を JSON Patch で変更する",
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
        english: "all versions of a record",
        japanese: "記録のすべての版",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/_history/{version}",
        interaction: Interaction::VersionRead,
        parameters: Parameters::Shape,
        english: "read one version of a record",
        japanese: "記録の特定の版を読む",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/{inner}",
        interaction: Interaction::SearchCompartment,
        english: "search records of a type, or of all types (`*`), in the compartment of a record",
        japanese: "記録のコンパートメントの中で、ある型またはすべての型（`*`）の記録を検索する",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/{inner}/_search",
        interaction: Interaction::SearchCompartmentForm,
        english: "the same, parameters in the body",
        japanese: "同上（条件は本文）",
        ..LIST_FORM
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$everything",
        interaction: Interaction::Everything,
        english: "a patient or an encounter with all that belongs to it",
        japanese: "患者または受診と、それに属するすべての記録",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$everything",
        interaction: Interaction::EverythingForm,
        work: Work::Long,
        parameters: Parameters::Content,
        english: "the same, parameters in the body",
        japanese: "同上（条件は本文）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$validate",
        interaction: Interaction::ValidateRecord,
        parameters: Parameters::Content,
        english: "say what is wrong with a record as it is stored",
        japanese: "保存されている記録を検証する",
        ..ROW
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$validate",
        interaction: Interaction::ValidateRecord,
        parameters: Parameters::Content,
        english: "say what is wrong with a resource as a new version of a record, without writing it",
        japanese: "記録の新しい版としてのリソースを、書き込まずに検証する",
        ..RESOURCE
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$chart",
        interaction: Interaction::Chart,
        english: "the whole record of a patient with its histories, as a page to read and print; as it stood at a moment with `_at`",
        japanese: "患者の記録の全体と履歴を、読み、印刷するためのページとして表示する（`_at` で過去の時点の記録）",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$history-diff",
        interaction: Interaction::HistoryDiff,
        english: "what differs between versions of a record, by whom, when and why; as Parameters or as a page",
        japanese: "記録の版の間の差分を、誰が、いつ、なぜ変更したかとともに、Parameters またはページで示す",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$document",
        interaction: Interaction::Document,
        english: "a final Composition with what it refers to, or the whole record of a patient, as a document Bundle",
        japanese: "確定した Composition とその参照先、または患者の記録の全体を、文書の Bundle として示す",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$finalize",
        interaction: Interaction::Finalize,
        english: "finalise a draft: whoever asks answers for it",
        japanese: "下書きを確定する（要求した人が責任を負う）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$amend",
        interaction: Interaction::Amend,
        english: "correct or add to a final record: new content and the reason, in the body",
        japanese: "確定した記録を訂正・追記する（新しい内容と理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$withdraw",
        interaction: Interaction::Withdraw,
        english: "take a record back as entered in error, for the reason in the body",
        japanese: "誤って記載した記録を取り消す（理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$approve",
        interaction: Interaction::Approve,
        english: "finish a draft that was entered for whoever asks, who answers for it",
        japanese: "代行入力された下書きを、責任者が承認して確定する",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$return",
        interaction: Interaction::Return,
        english: "give such a draft back to who entered it, for the reason in the body",
        japanese: "代行入力された下書きを、責任者が差し戻す（理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$assign",
        interaction: Interaction::Assign,
        english: "hand such a draft to another responsible person: who, and the reason, in the body",
        japanese: "代行入力された下書きの責任者を変える（責任者と理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$cosign",
        interaction: Interaction::Cosign,
        english: "sign what somebody else answers for",
        japanese: "他の人が責任を持つ記録に、連名で署名する",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$match",
        interaction: Interaction::Match,
        work: Work::Long,
        english: "patients that may be the one who is described, each with what agrees and what does not",
        japanese: "記述された患者と同じ人かもしれない患者を、一致・不一致の項目とともに探す",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$duplicates",
        interaction: Interaction::Duplicates,
        english: "pairs of patients of the facility that may be one person, page by page",
        japanese: "二重登録の候補（同じ人かもしれない患者の組）を、ページごとに一覧する",
        ..LIST
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$merge",
        interaction: Interaction::Merge,
        english: "merge a patient who was registered twice into the other registration, with the reason",
        japanese: "二重に登録された患者を、もう一方の登録に統合する（理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$unmerge",
        interaction: Interaction::Unmerge,
        english: "undo such a merge, with the reason",
        japanese: "統合を取り消す（理由を本文で送る）",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/$distinct",
        interaction: Interaction::Distinct,
        english: "say that two patients are two people, so that they are no longer listed as duplicates",
        japanese: "2 人の患者が別人であると記録し、二重登録の候補から外す",
        ..ACT
    },
    Route {
        path: "/f/{facility}/fhir/{type}/{id}/$lookers",
        interaction: Interaction::Lookers,
        english: "who looked at a patient, and who looked while not treating them",
        japanese: "患者の記録を見た人と、担当していないのに見た人",
        ..LIST
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
    Route {
        path: "/f/{facility}/session",
        interaction: Interaction::Identity(IdentityCall::Login),
        caller: Caller::Arriving,
        english: "log in",
        japanese: "ログインする",
        ..SEND
    },
    Route {
        path: "/f/{facility}/session",
        interaction: Interaction::Identity(IdentityCall::Session),
        english: "who is calling, and by which factors",
        japanese: "呼び出している人と、示された要素",
        ..ROW
    },
    Route {
        method: Method::DELETE,
        path: "/f/{facility}/session",
        interaction: Interaction::Identity(IdentityCall::Logout),
        english: "log out",
        japanese: "ログアウトする",
        ..ROW
    },
    Route {
        path: "/f/{facility}/session/step-up",
        interaction: Interaction::Identity(IdentityCall::StepUp),
        english: "show a factor once more; the session gets a new token",
        japanese: "要素をもう一度示す（セッションのトークンは新しくなる）",
        ..SEND
    },
    Route {
        path: "/f/{facility}/session/passkey",
        interaction: Interaction::Identity(IdentityCall::PasskeyChallenge),
        caller: Caller::Arriving,
        english: "a challenge for a passkey",
        japanese: "パスキーへのチャレンジ",
        ..SEND
    },
    Route {
        path: "/f/{facility}/session/code",
        interaction: Interaction::Identity(IdentityCall::SendCode),
        caller: Caller::Arriving,
        english: "have a code sent by SMS",
        japanese: "SMS でコードを送ってもらう",
        ..SEND
    },
    Route {
        path: "/f/{facility}/sessions",
        interaction: Interaction::Identity(IdentityCall::Sessions),
        english: "one's own sessions",
        japanese: "自分のセッションの一覧",
        ..ROW
    },
    Route {
        method: Method::DELETE,
        path: "/f/{facility}/sessions/{id}",
        interaction: Interaction::Identity(IdentityCall::SessionEnd),
        english: "end one of one's own sessions",
        japanese: "自分のセッションを終了する",
        ..ROW
    },
    Route {
        path: "/f/{facility}/break-glass",
        interaction: Interaction::Identity(IdentityCall::BrokenGlass),
        english: "one's own emergency accesses to restricted patients",
        japanese: "閲覧制限のある患者への自分の緊急アクセスの一覧",
        ..ROW
    },
    Route {
        path: "/f/{facility}/break-glass",
        interaction: Interaction::Identity(IdentityCall::BreakGlass),
        caller: Caller::Fresh,
        english: "break the glass for a restricted patient, for a while and for a reason",
        japanese: "閲覧制限のある患者に緊急アクセスする（理由と時間を指定）",
        ..SEND
    },
    Route {
        path: "/f/{facility}/factors",
        interaction: Interaction::Identity(IdentityCall::Factors),
        english: "one's own factors",
        japanese: "自分の要素の一覧",
        ..ROW
    },
    Route {
        path: "/f/{facility}/factors/{id}",
        interaction: Interaction::Identity(IdentityCall::FactorBegin),
        caller: Caller::Fresh,
        english: "set `password` or `recovery`, or begin to set `totp` or `passkey`",
        japanese: "`password`・`recovery` を設定する、または `totp`・`passkey` の設定を始める",
        ..SEND
    },
    Route {
        path: "/f/{facility}/factors/{id}/confirm",
        interaction: Interaction::Identity(IdentityCall::FactorConfirm),
        caller: Caller::Fresh,
        english: "confirm a new `totp` or `passkey`",
        japanese: "新しい `totp`・`passkey` を確定する",
        ..SEND
    },
    Route {
        method: Method::DELETE,
        path: "/f/{facility}/factors/{id}",
        interaction: Interaction::Identity(IdentityCall::FactorRemove),
        caller: Caller::Fresh,
        english: "take one of one's own factors away",
        japanese: "自分の要素を取り除く",
        ..ROW
    },
    Route {
        path: "/f/{facility}/invitation",
        interaction: Interaction::Identity(IdentityCall::InvitationOpen),
        caller: Caller::Arriving,
        english: "look at an invitation",
        japanese: "招待の内容を見る",
        ..SEND
    },
    Route {
        path: "/f/{facility}/invitation/accept",
        interaction: Interaction::Identity(IdentityCall::InvitationAccept),
        caller: Caller::Arriving,
        english: "set one's first factors and use the invitation up",
        japanese: "招待を使って最初の要素を設定する",
        ..SEND
    },
    Route {
        path: "/f/{facility}/invitation/{id}",
        interaction: Interaction::Identity(IdentityCall::InvitationPage),
        caller: Caller::Arriving,
        english: "the page of an invitation, for people",
        japanese: "招待のページ（人が開くもの）",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/invitation/{id}",
        interaction: Interaction::Identity(IdentityCall::InvitationForm),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "the form of that page",
        japanese: "そのページの送信",
        ..ROW
    },
    Route {
        path: "/f/{facility}/certificate/{id}",
        interaction: Interaction::Identity(IdentityCall::CertificateFile),
        caller: Caller::Open,
        english: "fetch the certificate file of a new device, once",
        japanese: "新しい端末の証明書ファイルを 1 回だけ受け取る",
        ..ROW
    },
    Route {
        path: "/f/{facility}/admin/{id}",
        interaction: Interaction::Identity(IdentityCall::Admin),
        english: "give a command of those who run the facility",
        japanese: "施設を運用する人のコマンドを実行する",
        ..SEND
    },
    Route {
        path: "/f/{facility}/fhir/.well-known/smart-configuration",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Configuration)),
        caller: Caller::Arriving,
        english: "where apps and services get their tokens (SMART App Launch 2)",
        japanese: "アプリとサービスがトークンを得る場所（SMART App Launch 2）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/oauth/authorize",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Authorize)),
        caller: Caller::Arriving,
        parameters: Parameters::Content,
        english: "a person is asked to let an app in (OAuth 2.0, authorization code with PKCE)",
        japanese: "アプリの利用を人に確かめる（OAuth 2.0、PKCE 付き認可コード）",
        ..ROW
    },
    Route {
        path: "/f/{facility}/oauth/authorize/{id}",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Page)),
        caller: Caller::Arriving,
        english: "the page on which the person logs in and decides",
        japanese: "ログインと許可のページ（人が開くもの）",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/oauth/authorize/{id}",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Decide)),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "the form of that page",
        japanese: "そのページの送信",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/oauth/token",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Token)),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "tokens for a code, a refresh token or a signed assertion",
        japanese: "認可コード・リフレッシュトークン・署名付きアサーションと引き換えにトークンを渡す",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/oauth/revoke",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Revoke)),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "end a token (RFC 7009)",
        japanese: "トークンを失効させる（RFC 7009）",
        ..ROW
    },
    Route {
        method: Method::POST,
        path: "/f/{facility}/oauth/introspect",
        interaction: Interaction::Identity(IdentityCall::OAuth(OAuthCall::Introspect)),
        caller: Caller::Arriving,
        body: BodyKind::Form,
        english: "what a token of one's own stands for (RFC 7662)",
        japanese: "自分のトークンの内容を確かめる（RFC 7662）",
        ..ROW
    },
];
