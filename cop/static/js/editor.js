/* Long forms: drafts saved by themselves, the server's own preview, no silent leaving.
   Typed text is never lost: what the server has not confirmed stays in the form, and while there
   is no connection also on this device, until it is saved. */

const PAUSE = 1500;
const LONGEST = 15000;
const KEPT = "cop-draft:";
const SENT = "cop-sent"; /* main.js lets go of this copy where the text arrived */

function token(form) {
  return form.elements.csrf_token?.value || "";
}

function post(url, body, form, accept, more = {}) {
  return fetch(url, {
    method: "POST", body, credentials: "same-origin",
    headers: { "X-CSRFToken": token(form), Accept: accept }, ...more,
  });
}

/* Whether the browser put typed text back (a reload, the Back button) that the server never sent. */
function refilled(form) {
  return [...form.elements].some((field) => {
    if (field.type === "hidden" || !field.name) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.type === "select-multiple") return [...field.options].some((o) => o.selected !== o.defaultSelected);
    return field.matches("input, textarea") && field.value !== field.defaultValue;
  });
}

/* What the form holds, as text: the same order and names as it would be sent. */
function contents(form) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
  return data;
}

function fingerprint(form) {
  const data = contents(form);
  data.delete("csrf_token");
  return data.toString();
}

/* The device's own copy, for the time without a connection. What is new goes by its draft, since all
   new texts of a kind are sent to one address; what is edited goes by its own. */
class Shelf {
  constructor(form) {
    this.form = form;
    this.owner = form.dataset.owner || document.body.dataset.viewer;
    this.place = `${form.dataset.autosave} ${form.getAttribute("action") || location.pathname}`;
  }

  get key() {
    const { base, draft } = this.form.elements;
    return `${KEPT}${this.owner}:${this.place} ${(!base?.value && draft?.value) || ""}`;
  }

  keep(text) {
    if (!this.owner) return;
    try {
      localStorage.setItem(this.key, JSON.stringify({ owner: this.owner, at: Date.now(), text }));
    } catch { /* full or forbidden: the form still holds it */ }
  }

  take() {
    try {
      return JSON.parse(localStorage.getItem(this.key) || "null");
    } catch {
      return null;
    }
  }

  clear() {
    try {
      localStorage.removeItem(this.key);
    } catch { /* nothing was kept */ }
  }
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.say = form.dataset;
    this.line = form.querySelector("[data-autosave-status]");
    this.shelf = new Shelf(form);
    this.saved = fingerprint(form);
    this.tries = 0;
    this.timer = 0;
    this.stop = null;
    this.busy = false;
    this.leaving = false;
    this.offerKept();
    if (document.querySelector("[data-errors]") || refilled(form)) {
      this.saved = "";
      this.soon();
    }
    form.addEventListener("input", () => this.soon());
    /* Enter in a line of a long form is a slip of the thumb, not the wish to publish. */
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input:not([type=submit])")) event.preventDefault();
    });
    form.addEventListener("change", () => this.soon());
    form.addEventListener("submit", () => this.submitting());
    window.addEventListener("online", () => this.save());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.save(); });
    window.addEventListener("beforeunload", (event) => this.warn(event));
  }

  get dirty() {
    return fingerprint(this.form) !== this.saved;
  }

  tell(text) {
    if (this.line && text && this.line.textContent !== text) this.line.textContent = text;
  }

  soon(wait = PAUSE) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  later() {
    this.tries += 1;
    this.soon(Math.min(PAUSE * 2 ** this.tries, 60000));
  }

  async save() {
    clearTimeout(this.timer);
    if (this.leaving || !this.dirty) return;
    if (this.busy) return this.soon();
    const sent = fingerprint(this.form);
    this.busy = true;
    this.tell(this.say.saySaving);
    this.stop = new AbortController();
    const clock = setTimeout((stop) => stop.abort(), LONGEST, this.stop);
    try {
      const body = contents(this.form);
      const keepalive = document.hidden && body.toString().length < 60000;
      await this.answered(await post(this.say.autosave, body, this.form, "application/json", { signal: this.stop.signal, keepalive }), sent);
    } catch {
      if (this.leaving) return;
      this.shelf.keep(fingerprint(this.form));
      this.tell(this.say.sayOffline);
      this.later();
    } finally {
      clearTimeout(clock);
      this.busy = false;
    }
  }

  async answered(answer, sent) {
    const isJson = (answer.headers.get("Content-Type") || "").includes("json");
    const said = isJson ? await answer.json() : {};
    if (answer.ok && isJson) {
      this.tries = 0;
      this.shelf.clear(); /* before the draft gets its name, which is part of the key */
      this.take(said, sent);
      this.tell(said.message);
      if (this.dirty) this.soon();
    } else if (answer.redirected || [400, 401, 403].includes(answer.status)) {
      this.tell(said.message || this.say.saySignedOut);
      await this.renewToken();
      this.later();
    } else {
      this.tell(said.message || said.detail || this.say.sayFailed);
      if (answer.status >= 500 || answer.status === 429) this.later();
    }
  }

  /* After the same person signed in again in another tab, this page goes on with a fresh token.
     Somebody else's session must not receive this text. */
  async renewToken() {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("input[name=csrf_token]");
    if (!fresh || page.body.dataset.viewer !== document.body.dataset.viewer) return;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = fresh.value;
    this.tries = 0;
  }

  /* The server may name the draft it made: its fields enter the form and are part of what is saved. */
  take(said, sent) {
    const before = new URLSearchParams(sent);
    for (const [name, value] of Object.entries(said.fields || {})) {
      const field = this.form.elements[name];
      if (field) field.value = value;
      if (field && name !== "csrf_token") before.set(name, value);
    }
    if (said.autosave) this.form.dataset.autosave = said.autosave;
    this.saved = before.toString();
    this.settle(sent, before);
  }

  /* Order of names may differ after a value was added: compare by content. */
  settle(sent, before) {
    const now = fingerprint(this.form);
    const sorted = (text) => { const p = new URLSearchParams(text); p.sort(); return p.toString(); };
    if (sorted(now) === sorted(before.toString())) this.saved = now;
  }

  submitting() {
    this.leaving = true;
    clearTimeout(this.timer);
    this.stop?.abort();
    if (this.dirty) this.shelf.keep(fingerprint(this.form));
    try {
      sessionStorage.setItem(SENT, this.shelf.key);
    } catch { /* what is kept stays until it is the same as the form's */ }
  }

  warn(event) {
    if (this.leaving || !this.dirty) return;
    event.preventDefault();
    event.returnValue = "";
  }

  offerKept() {
    const kept = this.shelf.take();
    const typed = (text) => {
      const data = new URLSearchParams(text);
      for (const field of this.form.querySelectorAll("input[type=hidden]")) data.delete(field.name);
      return data.toString();
    };
    const same = kept && typed(kept.text) === typed(this.saved);
    if (!kept || same || kept.owner !== this.shelf.owner) return this.shelf.clear();
    const box = document.createElement("div");
    box.className = "box warn";
    box.setAttribute("role", "status");
    const text = document.createElement("p");
    text.textContent = this.say.sayKept;
    const bar = document.createElement("div");
    bar.className = "bar";
    bar.append(
      this.choice(this.say.sayUse, () => { fill(this.form, kept.text); this.soon(0); box.remove(); }),
      this.choice(this.say.sayDrop, () => { this.shelf.clear(); box.remove(); }),
    );
    box.append(text, bar);
    (this.form.querySelector(".sheet") || this.form).before(box);
  }

  choice(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn small";
    button.textContent = text;
    button.addEventListener("click", act);
    return button;
  }
}

/* Put a kept text back into the form; hidden fields (token, base revision) stay the server's. */
function fill(form, text) {
  const data = new URLSearchParams(text);
  form.dispatchEvent(new CustomEvent("refill", { detail: data })); /* rows know which of them is which */
  for (const field of form.elements) {
    if (field.closest("[data-row]") || !field.name || field.type === "hidden" || field.type === "file") continue;
    const values = data.getAll(field.name);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length && field.matches("input, textarea, select")) field.value = values[0];
    if (field.matches("select[data-pick]")) field.dispatchEvent(new Event("redraw"));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/* A button under each Markdown field shows what the server makes of it. */
function previewing(form, area) {
  const say = form.dataset;
  const line = document.createElement("div");
  line.className = "under";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "lk";
  button.textContent = say.sayPreview;
  const label = form.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  if (label) {
    label.id ||= `${area.id}-label`;
    button.setAttribute("aria-describedby", label.id);
  }
  const pane = document.createElement("div");
  pane.className = "preview prose";
  pane.tabIndex = -1;
  pane.hidden = true;
  line.append(button);
  area.after(pane, line);

  const back = () => {
    pane.hidden = true;
    area.hidden = false;
    button.textContent = say.sayPreview;
  };
  const show = async () => {
    button.setAttribute("aria-disabled", "true");
    try {
      const body = new URLSearchParams({ csrf_token: token(form), text: area.value });
      const answer = await post(say.preview, body, form, "text/html");
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      pane.innerHTML = await answer.text();
    } catch {
      pane.textContent = say.sayNoPreview;
    }
    button.removeAttribute("aria-disabled");
    pane.hidden = false;
    area.hidden = true;
    button.textContent = say.sayWrite;
    pane.focus();
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled")) return;
    if (pane.hidden) show();
    else { back(); area.focus(); }
  });
  area.addEventListener("focus", back);
}

/* What is written is set in the fonts of the language it is written in. */
function followLanguage(form) {
  form.addEventListener("change", (event) => {
    if (event.target.name !== "lang") return;
    const tongue = event.target.value === "zh" ? "zh-Hans" : event.target.value;
    form.querySelectorAll("textarea[lang], input[lang]").forEach((field) => { field.lang = tongue; });
  });
}

/* While a title is typed: what was discussed already, as a piece of page made by the server. Without
   script it is shown with the preview. */
function findingSimilar(form, title) {
  const place = form.querySelector("[data-similar-found]");
  let timer = 0;
  let asked = title.value.trim();
  const ask = async () => {
    const typed = title.value.trim();
    if (typed === asked) return;
    asked = typed;
    try {
      const address = `${title.dataset.similar}?title=${encodeURIComponent(typed)}`;
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" } });
      if (answer.ok && asked === typed) place.innerHTML = await answer.text();
    } catch { /* no connection: what was found before stays */ }
  };
  const soon = (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE / 3);
  };
  title.addEventListener("input", soon);
  title.addEventListener("compositionend", () => { timer = setTimeout(ask, PAUSE / 3); });
}

export function enhance(form) {
  followLanguage(form);
  if (form.dataset.preview) form.querySelectorAll("textarea[data-markdown]").forEach((area) => previewing(form, area));
  if (form.dataset.autosave) new Autosave(form);
  form.querySelectorAll("[data-similar]").forEach((title) => findingSimilar(form, title));
}
