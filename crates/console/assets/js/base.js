// What the pages do beyond links and forms. Each part looks for its own attribute and does nothing without it; every page
// works without this file.
"use strict";

// A fault is read out and seen first.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".faults")?.focus();
  // What waited for a factor goes on its way, once: coming back to the page does not send it again.
  const onward = document.querySelector("form[data-onward]");
  if (onward && performance.getEntriesByType("navigation")[0]?.type !== "back_forward") onward.requestSubmit();
});
