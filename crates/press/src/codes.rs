//! The problems of this room; each has a page under `docs/errors/`.

use base::{Class, Code};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $class:ident { $en:literal $ja:literal })+) => {
        $($(#[$doc])* pub static $name: Code = Code { id: $id, class: Class::$class, en: $en, ja: $ja };)+

        /// Every code of the room.
        pub static CODES: &[&Code] = &[$(&$name),+];
    };
}

codes! {
    /// The fonts that are compiled in cannot be read.
    FONTS_BROKEN = "PR-0001" Fault {
        "The fonts built into this program cannot be read, so no PDF can be made. Install the program again; HTML, JSON and XLSX can be had meanwhile."
        "プログラムに組み込まれたフォントを読めないため、PDF を作成できません。プログラムを入れ直してください。その間も HTML、JSON、XLSX では出力できます。"
    }
    /// The paper cannot be set.
    NOT_SET = "PR-0002" Fault {
        "The report could not be laid out as PDF. It can be had as HTML, JSON or XLSX; report this as a bug with the kind of the report and the version of the program."
        "報告書を PDF に組版できませんでした。HTML、JSON、XLSX では出力できます。報告書の種類とプログラムの版を添えて、不具合として報告してください。"
    }
    /// A picture of the paper is none.
    PICTURE_UNREADABLE = "PR-0003" Fault {
        "A picture of the report is not a readable SVG without files or addresses of others, so no PDF can be made. The report can be had as JSON or XLSX; report this as a bug."
        "報告書の図が、外部のファイルやアドレスを参照しない SVG として読めないため、PDF を作成できません。JSON、XLSX では出力できます。不具合として報告してください。"
    }
    /// The pages cannot be written as PDF.
    NOT_WRITTEN = "PR-0004" Fault {
        "The pages of the report could not be written as PDF/A. It can be had as HTML, JSON or XLSX; report this as a bug with the kind of the report and the version of the program."
        "報告書のページを PDF/A として書き出せませんでした。HTML、JSON、XLSX では出力できます。報告書の種類とプログラムの版を添えて、不具合として報告してください。"
    }
}
