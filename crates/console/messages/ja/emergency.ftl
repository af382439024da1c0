# When nothing can be written.
emergency-banner = 記録を停止しています。入力しても保存されません。
emergency-what = 非常時の対応を見る
emergency-title = 非常時の画面
emergency-halted = 記録を停止しています。入力は保存されず、記録の閲覧もできません。
emergency-running = 記録は通常どおり動いています。
emergency-state = 署名を確認できた最後の時点
emergency-time = 日時（日本時間）
emergency-entries = ジャーナルのエントリー数
emergency-signed = 最新のチェックポイントの署名を今、確認しました。ここまでに受け付けた記録は、この署名で守られています。個々の内容は、復旧後に akashi verify で検証してください。
emergency-unknown = 確認できません
emergency-do = 対応
emergency-do-call = システムの運用担当者に直ちに連絡してください（エラーコード ST-0001、ST-0002 の対処を参照）。
emergency-do-paper = 施設で決めた非常時の手順（紙の様式など）で診療を続け、記入した人と時刻を残してください。
emergency-do-read = 過去の記録が必要なときは、事前に保存した書き出し（PDF、文書）を使うか、運用担当者に依頼してください。
emergency-do-after = 復旧したら、停止の直前に入力した記録が保存されているかを確かめてから、紙の記録を入力してください。
emergency-why = 誰が何を見たかを残せないため、記録を表示しません。
emergency-home = 通常の画面に戻る
