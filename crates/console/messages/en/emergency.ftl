# When nothing can be written.
emergency-banner = Writing is stopped: nothing that you enter is stored.
emergency-what = What to do
emergency-title = Emergency page
emergency-halted = Writing is stopped. Nothing that is entered is stored, and records cannot be read.
emergency-running = Writing goes on as usual.
emergency-state = Last state whose signature was verified
emergency-time = Time (of Japan)
emergency-entries = Entries in the journal
emergency-signed = The signature of the newest checkpoint was verified just now; what was acknowledged up to there is under it. Verify the contents themselves with akashi verify once the system is back.
emergency-unknown = It cannot be verified
emergency-do = What to do
emergency-do-call = Call those who run the system at once (see error codes ST-0001 and ST-0002).
emergency-do-paper = Go on with the procedure that the facility has for this (paper forms), and note who wrote what and when.
emergency-do-read = Where earlier records are needed, use exports that were made before (PDF, documents), or ask those who run the system.
emergency-do-after = Once it is back, look whether what you entered last was stored, then enter what is on paper.
emergency-why = Records are not shown, since who looks at them could not be written down.
emergency-home = Back to the usual pages
