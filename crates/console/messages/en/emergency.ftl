# When nothing can be written.
emergency-banner = Writing is stopped: nothing that you enter is stored.
emergency-what = What to do
emergency-title = Emergency page
emergency-halted = Writing is stopped. Nothing that is entered is stored; only records that are proven can be read.
emergency-running = Writing goes on as usual.
emergency-state = Last state whose signature was verified
emergency-time = Time (of Japan)
emergency-entries = Entries in the journal
emergency-signed = The signature of the newest checkpoint was verified just now; what was acknowledged up to there is under it. Verify the contents themselves with akashi verify once the system is back.
emergency-unknown = It cannot be verified
emergency-do = What to do
emergency-do-call = Call those who run the system at once (see error codes ST-0001 and ST-0002).
emergency-do-paper = Go on with the procedure that the facility has for this (paper forms), and note who wrote what and when.
emergency-do-read = Where earlier records are needed, look at what is proven on the page above, or use exports that were made before (PDF, documents).
emergency-do-after = Once it is back, look whether what you entered last was stored, then enter what is on paper.
emergency-why = No record is shown where the look cannot be noted in the emergency log.
emergency-home = Back to the usual pages
emergency-look = Look at a patient's record (read only)
emergency-look-note = Staff who are signed in see records that are proven by the signature, and no others. Who looked at what is noted in the emergency log, and entered in the journal once the system is back.
emergency-read-only = Emergency: read only
emergency-read-only-note = Writing is stopped: nothing can be entered. Who looks at what here is noted in the emergency log.
emergency-as-of = Records until (time of Japan)
emergency-position = Entries under the checkpoint that they are proven against
emergency-unproven = { $n ->
    [one] { $n } record could not be proven and is not shown
   *[other] { $n } records could not be proven and are not shown
}
emergency-proof = Each content shown was proven just now to be under the signed checkpoint. Which records there are, which is the newest and its state are told by the index, which this proof does not cover.
emergency-find = Find a patient
emergency-essentials = What is most needed of the record
emergency-text = Text
emergency-results = Newest results and vital signs
emergency-cut = Older records are not shown.
