// Parts of a page that are renewed when something has changed. The server tells that something has; the page then asks for
// itself again, as its person would, and puts the new parts in their place. Without this file a page is as it was loaded.
{
  const status = document.querySelector("[data-events]");
  const parts = (page) => [...page.querySelectorAll("[data-live][id]")];

  const live = () => {
    const AGAIN = 60000; // to come back to a server that refused, so often at most
    const TRIES_MAX = 10;
    const LOST_AFTER = 10000; // a short break is nobody's business
    const EVERY = 10000; // between two renewals at least
    const SPREAD = 1000; // so that not all who hear the same news ask in the same moment

    const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
      hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Tokyo", // as all moments on the pages
    });
    let { since } = status.dataset;
    let shown = new Date(); // of when the page is
    let renewed = 0;
    let source = null;
    let tries = 0;
    let over = false;
    let state = "";
    const waiting = new Set();
    const timers = {};

    const say = (key) => {
      status.textContent = key ? status.dataset[key].replace("{time}", clock.format(shown)) : "";
      status.classList.toggle("wait-note", ["lost", "over"].includes(key));
      state = key;
    };
    const once = (name, delay, work) => { timers[name] ??= setTimeout(() => { timers[name] = undefined; work(); }, delay); };
    const never = (name) => { clearTimeout(timers[name]); timers[name] = undefined; };
    const kinds = (part) => part.dataset.live.split(" ");

    // Nothing is taken away from under whoever types.
    const chosen = ({ options, selectedIndex }) => [...options].some((one) => one.defaultSelected)
      ? [...options].some((one) => one.selected !== one.defaultSelected) : selectedIndex > 0;
    const typed = (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.options ? chosen(field)
      : field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue;
    const busy = (part) => part.contains(document.activeElement?.closest("input,textarea,select"))
      || [...part.querySelectorAll("input,textarea,select")].some(typed);

    // Where the focus was, so that it can be set again on what takes its place.
    const mark = (part) => {
      const here = document.activeElement;
      if (!here || here === part || !part.contains(here)) return () => {};
      const same = (one) => one.tagName === here.tagName && one.getAttribute("href") === here.getAttribute("href")
        && one.textContent === here.textContent;
      return (next) => {
        const found = (here.id && document.getElementById(here.id)) || [...next.querySelectorAll(here.tagName)].find(same);
        if (found) return found.focus({ preventScroll: true });
        next.tabIndex = -1;
        next.focus({ preventScroll: true });
      };
    };

    const put = (page) => {
      let changed = false;
      let held = false;
      for (const part of parts(document).filter((one) => kinds(one).some((kind) => waiting.has(kind)))) {
        const next = page.getElementById(part.id);
        if (!next || next.outerHTML === part.outerHTML) continue;
        if (busy(part)) { held = true; continue; }
        const back = mark(part);
        const fresh = document.importNode(next, true);
        part.replaceWith(fresh);
        globalThis.htmx?.process(fresh);
        back(fresh);
        changed = true;
      }
      return { changed, held };
    };

    const renew = async () => {
      const asked = [...waiting];
      try {
        const headers = { "akashi-unattended": "1" };
        const answer = await fetch(location.href, { headers, credentials: "same-origin", cache: "no-store" });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        if (answer.redirected) return stop();
        if (!answer.ok) throw new Error(String(answer.status));
        renewed = Date.now();
        const { changed, held } = put(page);
        if (held) return say("held");
        for (const kind of asked) waiting.delete(kind);
        shown = new Date();
        if (changed) say("renewed");
      } catch {
        renewed = Date.now() + AGAIN - EVERY;
        say("lost");
        soon();
      }
    };
    const soon = () => {
      if (!waiting.size || over || document.hidden) return;
      once("renew", Math.max(0, renewed + EVERY - Date.now()) + Math.random() * SPREAD, renew);
    };

    const stop = () => {
      over = true;
      close();
      say("over");
    };
    const close = () => {
      source?.close();
      source = null;
      for (const name of ["renew", "lost", "again"]) never(name);
    };
    const open = () => {
      if (source || over || document.hidden) return;
      source = new EventSource(`${status.dataset.events}?since=${encodeURIComponent(since)}`);
      const watched = new Set(parts(document).flatMap(kinds));
      for (const kind of watched) {
        source.addEventListener(kind, (event) => {
          since = event.lastEventId || since;
          waiting.add(kind);
          soon();
        });
      }
      source.addEventListener("over", stop);
      source.onopen = () => {
        tries = 0;
        never("lost");
        if (state === "lost") say("");
        soon();
      };
      source.onerror = () => {
        once("lost", LOST_AFTER, () => say("lost"));
        if (source?.readyState !== EventSource.CLOSED || tries >= TRIES_MAX) return;
        tries += 1;
        source = null;
        once("again", AGAIN, open);
      };
    };

    // A page that nobody sees listens to nothing. It catches up when it is seen again.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return close();
      tries = 0;
      open();
      soon();
    });
    addEventListener("pagehide", close);
    addEventListener("pageshow", open);
    document.addEventListener("focusout", () => setTimeout(soon, 0));
    open();
  };
  // The page knows of the kinds that its person may hear of, and of no others.
  const hears = (kind) => status.dataset.since.includes(`_${kind}-`);
  if (status && parts(document).some((part) => part.dataset.live.split(" ").some(hears)) && globalThis.EventSource) live();
}
