// Whose console is walked, and which pages are visited beside those that its links lead to: one line each.

/** The accounts of the demo that sign in, one of each role. */
export const ROLES = ['doctor', 'nurse', 'clerk', 'operator', 'auditor', 'director'];

/** Role, path below `/f/{facility}/console/`, name of its screenshot, and the status that it has to have. */
export const PAGES = [
  { role: null, path: 'sign-in', name: 'sign-in', status: 200 },
  { role: null, path: 'sign-in?recovery', name: 'sign-in-recovery', status: 200 },
  { role: 'doctor', path: '', name: 'home', status: 200 },
  { role: 'doctor', path: 'patients', name: 'patients', status: 200 },
  { role: 'doctor', path: 'patients?q=%E5%B1%B1', name: 'patients-found', status: 200 },
  { role: 'doctor', path: 'patients?q=zzzzzz', name: 'patients-none', status: 200 },
  { role: 'doctor', path: 'no-such-page', name: 'fault', status: 404 },
  { role: 'doctor', path: 'confirm', name: 'confirm', status: 200 },
];

/** Kinds of pages that links lead to before they are there: only these may be answered with 404. */
export const NOT_YET = [];

/** Widths of a laptop and of a phone, in CSS pixels, with a height. */
export const WIDTHS = [
  [1280, 800],
  [390, 844],
];

/** The colours of a page. */
export const SCHEMES = ['light', 'dark'];

/** Folders whose pages differ in a name only, with those that are kinds of their own. */
export const ALIKE = {
  'guideline/documents': [],
  'guideline/forms': [],
  'guideline/questions': [],
  'guideline/risks': ['assets'],
  'operations/accounts': ['new'],
  'operations/apps': ['new'],
};
