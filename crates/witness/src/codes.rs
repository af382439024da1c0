//! The problems of this room; a page for each stands under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $class:ident, $en:literal, $ja:literal;)*) => {
        $($(#[$doc])* pub(crate) static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)*

        /// Every code of this crate.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    /// What was sent to a witness is no request.
    REQUEST_WRONG = "WI-0001", Invalid,
        "This is no request to a witness. Send an old size, a consistency proof and a signed checkpoint as C2SP tlog-witness says; the old size is not larger than that of the checkpoint.",
        "ウィットネスへの要求として読めません。C2SP tlog-witness の形式で、前回の件数、一貫性証明、署名付きチェックポイントを送ってください。前回の件数はチェックポイントの件数を超えられません。";
    /// A log that this witness does not know.
    ORIGIN_UNKNOWN = "WI-0002", Absent,
        "This witness does not know the log. Whoever runs the witness adds it with `akashi witness trust`.",
        "このウィットネスには、このログが登録されていません。ウィットネスの運用者が `akashi witness trust` で登録してください。";
    /// No signature of a trusted key.
    NOT_SIGNED = "WI-0003", Refused,
        "The checkpoint carries no valid signature by a key that this witness trusts for the log.",
        "チェックポイントに、このログについて登録済みの鍵による正しい署名がありません。";
    /// The witness has cosigned another size, or another root.
    CONFLICT = "WI-0004", Conflict,
        "This witness last cosigned {size} entries of the log, and what was sent does not start there or has another root. A log that has fewer entries, or another root for as many, was rolled back or shows two faces.",
        "このウィットネスが最後に連署した件数は {size} 件で、送られた内容はその続きではないか、同じ件数で根が異なります。件数が少ない、または同じ件数で根が異なるログは、巻き戻されたか、相手によって違う内容を見せています。";
    /// The newer tree does not continue the older one.
    NOT_CONSISTENT = "WI-0005", Unprocessable,
        "The checkpoint does not continue the one that this witness cosigned last ({size} entries): the proof does not hold. The past of the log was changed, or the proof is of another log.",
        "チェックポイントは、このウィットネスが最後に連署したもの（{size} 件）の続きではありません（証明が成り立ちません）。ログの過去が変更されたか、別のログの証明です。";
    /// A folder that is no witness, or is one already.
    FOLDER = "WI-0006", Conflict,
        "{folder} cannot be used as the folder of a witness: {what}. Make one with `akashi witness init`.",
        "{folder} はウィットネスのフォルダーとして使えません（{what_ja}）。`akashi witness init` で作成してください。";
    /// A file of the witness is not as it was written.
    STATE_DAMAGED = "WI-0007", Fault,
        "{file} is missing or not as this witness wrote it. Nothing is cosigned for that log: a witness that has forgotten could sign two histories. Look into why, and make a new witness with a new key if the file cannot be explained.",
        "{file} がないか、このウィットネスが書いた内容ではありません。忘れたウィットネスは 2 つの履歴に署名しかねないため、このログには連署しません。原因を調べ、説明がつかない場合は新しい鍵で新しいウィットネスを作ってください。";
    /// The clock stands before the last cosignature.
    CLOCK_BEHIND = "WI-0008", Busy,
        "The clock of the witness is behind its last cosignature. Nothing is cosigned until it is right: set the clock.",
        "ウィットネスの時計が、最後の連署の時刻より遅れています。正しくなるまで連署しません。時計を合わせてください。";
    /// A name or key that is not well-formed.
    NAME_WRONG = "WI-0009", Invalid,
        "{name} cannot be taken: a name has no spaces and no `+`, an origin is one line, and a key is written as the log publishes it (name+id+base64).",
        "{name} は使えません。名前に空白と `+` は使えず、オリジンは 1 行、鍵は公開されている形（名前+ID+base64）で指定してください。";
    /// The address or key of a listed witness.
    LISTING_WRONG = "WI-0010", Invalid,
        "The witness {url} cannot be listed: the address is https://HOST[:PORT][/PATH] (or http:// on this machine) without a name and password, and the key is that of a witness (name+id+base64, type 4).",
        "ウィットネス {url} を登録できません。アドレスは https://ホスト[:ポート][/パス]（この端末宛てなら http:// も可、ユーザー名とパスワードなし）、鍵はウィットネスの鍵（名前+ID+base64、種類 4）を指定してください。";
    /// A witness that cannot be reached, or that does not speak the protocol.
    AWAY = "WI-0011", Busy,
        "The witness {name} did not answer as expected: {what}. Nothing is known against the journal; it is asked again.",
        "ウィットネス {name} から期待した応答がありません（{what_ja}）。ジャーナルの異常が見つかったわけではありません。後で再度問い合わせます。";
    /// A witness that does not cosign this facility.
    NOT_TAKEN = "WI-0012", Refused,
        "The witness {name} does not know this facility or its key (status {status}). Send its operator the key from /f/<facility>/log/key, and after a move the handover (/f/<facility>/log/handover/<position>) for `akashi witness trust --handover`.",
        "ウィットネス {name} に、この施設またはその鍵が登録されていません（ステータス {status}）。/f/<施設>/log/key の鍵を運用者に渡してください。移行した後であれば、引き渡しの証明（/f/<施設>/log/handover/<位置>）も渡し、`akashi witness trust --handover` で登録してもらってください。";
    /// An answer without a valid cosignature.
    ANSWER_WRONG = "WI-0013", Fault,
        "What the witness {name} answered carries no valid cosignature by its key. Check the key in akashi.toml; somebody may stand in between.",
        "ウィットネス {name} の応答に、その鍵による正しい連署がありません。akashi.toml の鍵を確認してください。通信に第三者が介在している可能性もあります。";
    /// A cosignature was demanded and is not there.
    NOT_COSIGNED = "WI-0014", Invalid,
        "The checkpoint carries no valid cosignature by the witness {name}: {what}.",
        "チェックポイントに、ウィットネス {name} による正しい連署がありません（{what_ja}）。";
    /// Two checkpoints of one log that cannot both be true.
    SPLIT = "WI-0015", Conflict,
        "These checkpoints of {origin} do not fit together: {what}. Both carry the signature of the log, so it showed two histories or was rolled back. Keep both files: they are the proof.",
        "{origin} のチェックポイントが両立しません（{what_ja}）。どちらにもログの署名があるため、ログは 2 つの履歴を見せたか、巻き戻されています。両方のファイルを証拠として保管してください。";
    /// A handover that does not lead from what was cosigned to another key.
    HANDOVER_WRONG = "WI-0016", Conflict,
        "The handover cannot be taken: {what}. Nothing was changed.",
        "この引き渡しの証明では登録できません（{what_ja}）。何も変更していません。";
    /// A key whose place another has taken.
    SUCCEEDED = "WI-0017", Conflict,
        "The key {key} was succeeded by another one of the same log, and signs nothing more: what it goes on with would be a second history. If the log really goes on with this key alone, say so with `--only`.",
        "鍵 {key} は、同じログの別の鍵に引き継がれており、以後は署名できません（この鍵で続くログは 2 つ目の履歴になります）。本当にこの鍵だけでログが続く場合は、`--only` を付けて指定してください。";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_code_has_its_own_number_and_a_page() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
        for (index, code) in CODES.iter().enumerate() {
            assert_eq!(code.id, format!("WI-{:04}", index + 1));
            let page = std::fs::read_to_string(folder.join(format!("{}.md", code.id))).unwrap();
            assert!(page.starts_with(&format!("# {} ", code.id)), "{}", code.id);
        }
    }
}
