# ワークリスト。
menu-work = ワークリスト
work-approve = 未承認
work-approve-note = あなたを責任者として代行入力され、承認を待っている下書きです。
work-returned = 差し戻し
work-returned-note = あなたが代行入力し、責任者から差し戻された下書きです。
work-drafts = 未確定
work-drafts-note = あなたが責任者の、まだ確定していない下書きです。
work-entered = 承認待ち
work-entered-note = あなたが代行入力し、責任者の承認を待っている下書きです。
work-number = { $n } 件
work-or-more = 以上
work-empty = ありません。
work-unknown = 一部の種類を確認できませんでした。ここにない記録があるかもしれません。
work-old = { $days } 日を超過
work-updated = 最終更新 { $when }
work-more = ほかにもあります。対応すると続きが表示されます。
