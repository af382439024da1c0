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

// A form that is on its way is not sent a second time: a double click would write the same prescription twice. After a while
// it may be sent again, as when an answer was a file or never came.
{
  const ON_ITS_WAY = 5000;
  const forget = (form) => { delete form.dataset.sent; };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(forget, ON_ITS_WAY, form);
  });
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(forget));
}
