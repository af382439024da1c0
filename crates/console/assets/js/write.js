
// A draft is saved by itself after a pause. The same form goes to the same address; the answer is the form of the draft.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const PAUSE = 4000;
  // Whose it is and of which visit is said once, with the first saving.
  const ONCE = ["responsible", "encounter"];
  const field = (name) => form.elements.namedItem(name);
  const status = form.querySelector("[role=status]");
  const say = (text) => { status.textContent = text; };
  const plain = ([name, value]) => [name, value instanceof File ? [value.name, value.size, value.lastModified] : value];
  const typed = () => JSON.stringify([...new FormData(form)].map(plain).filter(([name]) => name !== "version" && !ONCE.includes(name)));
  let timer = 0;
  let running = false;
  let waiting = "";
  let kept = typed();

  const send = async () => {
    const all = new FormData(form);
    const body = form.enctype === "multipart/form-data" ? all : new URLSearchParams(all);
    const file = all.get("file");
    body.set("autosave", "1");
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("form[data-autosave]");
    if (!answer.ok || !answer.redirected || !next) throw new Error("not saved");
    field("version").value = next.elements.namedItem("version").value;
    form.setAttribute("action", next.getAttribute("action"));
    history.replaceState(null, "", answer.url);
    // A file is sent once: from then on the draft has it. One that was chosen meanwhile goes with the next saving.
    const chosen = field("file")?.files[0];
    if (file instanceof File && chosen?.name === file.name && chosen.size === file.size && chosen.lastModified === file.lastModified) {
      form.querySelector("[data-upload]").replaceWith(next.querySelector("[data-upload]"));
      kept = "";
    }
    for (const name of ONCE) if (field(name)) field(name).disabled = true;
  };

  const save = async () => {
    if (running) { waiting ||= "save"; return; }
    // What was sent with the button is on its way.
    if (form.dataset.sent || typed() === kept || !form.checkValidity()) return;
    running = true;
    say(form.dataset.saving);
    const sent = typed();
    try {
      await send();
      kept = kept ? sent : typed();
      say(form.dataset.saved);
    } catch {
      say(form.dataset.failed);
    }
    running = false;
    const then = waiting;
    waiting = "";
    if (then === "submit") form.requestSubmit();
    else if (then) later();
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(save, PAUSE); };

  form.addEventListener("input", later);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    // What is on its way makes a new version: the button waits for its number.
    if (running) { event.preventDefault(); waiting = "submit"; }
  });
}
