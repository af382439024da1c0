patients-search = Find a patient
patients-search-how = By name (kanji, kana or romaji), number, or birth date (1950-04-01, S25.4.1).
patients-find = Search
patients-latest = Patients changed last
patients-found = { $n ->
    [one] One patient found
   *[other] { $n } patients found
}
patients-none = No patient fits.
patients-more = There are more. Say more to narrow it down.
banner = Patient
banner-none = No alerts recorded
banner-unknown = Alerts cannot be seen
