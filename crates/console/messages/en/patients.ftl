patients-search = Find a patient
patients-search-how = By name (kanji, kana or romaji), number, id, or birth date (1950-04-01, S25.4.1). Name and birth date may stand together with a blank between.
patients-find = Search
patients-latest = Patients changed last
patients-found = { $n ->
    [one] One patient found
   *[other] { $n } patients found
}
patients-none = No patient matches. Try a part of the name, kana or the patient number, or check the birth date.
patients-more = There are more. Say more to narrow it down.
banner = Patient
banner-none = No alerts recorded
banner-unknown = Alerts cannot be seen
banner-cut = There may be more alerts: too many to look at all
patients-assigned = Patients you look after
patients-recent = Patients you saw last (from your visits)
patients-none-own = No patient matches.
patients-more-own = There are more. Search above.
patients-unseen = A part of the search failed. More patients may fit than are shown.
banner-alert = { $sort }: { $about }
banner-allergy = Allergy
banner-allergy-high = Allergy (high risk)
