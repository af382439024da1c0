// What the pages do beyond links and forms. Each part looks for its own attribute and does nothing without it; every page
// works without this file.
"use strict";

// A fault is read out and seen first.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".faults")?.focus();
});
