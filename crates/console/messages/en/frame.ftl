# Around each page.
skip = Skip to content
menu = Menu
menu-home = Home
menu-patients = Patients
menu-guideline = Guideline
sign-out = Sign out
home-title = Home
home-notices = Notices
home-no-notices = Nothing waits for you.
fault-title = This cannot be shown
fault-lead = Please look at this:
fault-home = Back to the first page
home-work = Records that wait to be finalised or approved, and those that were returned.
home-to-work = Open the worklists
