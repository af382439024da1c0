//! The problems of the command line: one code each, with a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub(crate) static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*
    };
}

codes! {
    /// Nobody made a data directory here.
    NOT_MADE = "AK-0001", Absent,
        "{folder} is no data directory with a facility. Make one with `akashi init`, or try `akashi demo`.",
        "{folder} は施設のあるデータディレクトリではありません。`akashi init` で作成するか、`akashi demo` で試してください。";
    /// Another seed would make other patients under the same ids.
    OTHER_SEED = "AK-0002", Conflict,
        "This directory was made with --seed {there}, not {asked}. Use that seed, or another --data.",
        "このディレクトリは --seed {there} で作られています（指定は {asked}）。同じ値を使うか、別の --data を指定してください。";
    /// An export never mixes with what is there already.
    NOT_EMPTY = "AK-0003", Conflict,
        "{folder} is not empty. Name a new folder, so that nothing is mixed or overwritten.",
        "{folder} は空ではありません。混在や上書きを避けるため、新しいフォルダーを指定してください。";
    /// A file of a kind that cannot be imported.
    NOT_IMPORTABLE = "AK-0004", Invalid,
        "{file} is not .json, .ndjson, .ndjson.gz or .tgz (an archive inside an archive is not read).",
        "{file} は .json、.ndjson、.ndjson.gz、.tgz のいずれでもありません（アーカイブの中のアーカイブは読めません）。";
    /// Neither a verifier key nor a file with one.
    NOT_A_KEY = "AK-0005", Invalid,
        "{file} holds no verifier key. A facility's key is served under /f/<facility>/log/key.",
        "{file} に検証用の公開鍵がありません。施設の公開鍵は /f/<施設>/log/key で配布されています。";
}
