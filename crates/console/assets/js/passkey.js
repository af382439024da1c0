
// Passkeys: signing in, confirming, registering. What stands in `data-passkey` is shown only where the browser can do it.
document.addEventListener("DOMContentLoaded", () => {
  const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON;
  if (!able || !navigator.credentials) return;

  const ask = async (path, body) => {
    const answer = await fetch(path, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify(body),
    });
    const told = answer.status === 204 ? {} : await answer.json();
    if (answer.ok) return told;
    const problem = told.issue?.[0]?.details;
    throw Object.assign(new Error(problem?.text ?? ""), { code: problem?.coding?.[0]?.code, told: true });
  };

  // An answer to a challenge, for signing in and confirming alike.
  const shown = async (api) => {
    const { handle, options } = await ask(`${api}session/passkey`, {});
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
    const credential = await navigator.credentials.get({ publicKey });
    return { handle, response: credential.toJSON() };
  };

  const ways = {
    "sign-in": async (api) => ask(`${api}session`, { carrier: "cookie", passkey: await shown(api) }),
    confirm: async (api) => ask(`${api}session/step-up`, { passkey: await shown(api) }),
    register: async (api, part) => {
      const { handle, options } = await ask(`${api}factors/passkey`, {});
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
      const credential = await navigator.credentials.create({ publicKey });
      const label = part.querySelector("input")?.value.trim();
      const body = { handle, response: credential.toJSON() };
      return ask(`${api}factors/passkey/confirm`, label ? { ...body, label } : body);
    },
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const button = part.querySelector("button");
    const fault = part.querySelector(".passkey-fault");
    const { passkey, api, next, confirm, stopped, failed } = part.dataset;
    part.hidden = false;
    button.addEventListener("click", async () => {
      fault.textContent = "";
      button.disabled = true;
      try {
        await ways[passkey](api, part);
        // What was sent before the factor was asked for goes on its way.
        const then = document.querySelector("form[data-then]");
        if (then) then.submit(); else location.assign(next);
      } catch (error) {
        button.disabled = false;
        if (error.code === "ID-0002" && confirm) return location.assign(confirm);
        const ended = ["NotAllowedError", "AbortError"].includes(error.name);
        fault.textContent = error.told && error.message ? error.message : ended ? stopped : failed;
      }
    });
  }
});
