# Worklists.
menu-work = Worklist
work-approve = To approve
work-approve-note = Drafts that were entered for you and wait for your approval.
work-returned = Returned
work-returned-note = Drafts that you entered for somebody and that came back.
work-drafts = To finalise
work-drafts-note = Drafts that you answer for and that are not final yet.
work-entered = Waiting for others
work-entered-note = Drafts that you entered for somebody and that they have not approved yet.
work-number = { $n }
work-or-more = {" "}or more
work-empty = None.
work-unknown = Some kinds could not be looked at. There may be records that are not listed here.
work-old = more than { $days } days
work-updated = last changed { $when }
work-more = There are more. They appear as these are done.
