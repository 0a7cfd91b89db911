/* Mentions: "@" and the beginning of a name offer people in a list at the caret; what is picked stands in the text as
   @[name](person:12), which means her whatever she is called. What is not picked stays text. "[[" and the beginning of
   a name offer pages to link to in the same way. The server is asked after a pause, by one request at a time, and never
   while an input method composes. */

import { element } from "./main.js";

const PAUSE = 120;
const PATIENCE = 8000;
const LONGEST = 40;
/* What no name in double brackets can hold. */
const UNNAMEABLE = /[[\]【】|｜\n]/;

async function fetched(address, text) {
  const url = new URL(address, location.href);
  url.searchParams.set("q", text);
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin", signal: ending.signal });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** What is being typed after an "@", or nothing. In Chinese no space stands before it; in an e-mail address a letter does. */
export function begun(text, caret) {
  const before = text.slice(Math.max(0, caret - LONGEST - 1), caret);
  const at = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  if (at < 0) return null;
  const typed = before.slice(at + 1);
  if (/[[\]()\n]/.test(typed) || /^\s/.test(typed) || /\s\s$/.test(typed)) return null;
  if (at > 0 && /[A-Za-z0-9._\\-]/.test(before[at - 1])) return null;
  return { from: caret - typed.length - 1, typed };
}

/** What is being typed after "[[", or after 【【 as a Chinese keyboard has it, or nothing. */
export function linking(text, caret) {
  const before = text.slice(Math.max(0, caret - LONGEST - 2), caret);
  const at = Math.max(before.lastIndexOf("[["), before.lastIndexOf("【【"));
  const typed = before.slice(at + 2);
  if (at < 0 || !typed.trim() || UNNAMEABLE.test(typed)) return null;
  return { from: caret - typed.length - 2, typed, page: true };
}

/** The pages among the suggestions of a search box, as options that stand in the text as links, by the name being typed. */
function pages(answer, typed) {
  const has = (name) => name?.toLowerCase().includes(typed.trim().toLowerCase());
  const found = answer.groups.flatMap((group) => group.options).filter((one) => !one.href?.startsWith("/organisations/"));
  const named = found.map(({ text, other }) => (!has(text) && has(other) ? { text: other, other: text } : { text, other }));
  const options = named.filter(({ text }) => !UNNAMEABLE.test(text)).map((one) => ({ ...one, source: `[[${one.text}]]` }));
  return { said: options.length ? answer.said : "", options };
}

/** Where the caret stands inside the text area, from its upper left corner: measured in a copy of it. */
function caretPlace(area, position) {
  const copy = element("div");
  const style = getComputedStyle(area);
  for (const name of ["font", "letterSpacing", "lineHeight", "padding", "border", "boxSizing", "textIndent", "tabSize"]) copy.style[name] = style[name];
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", width: `${area.offsetWidth}px` });
  copy.textContent = area.value.slice(0, position);
  const mark = element("span", {}, "@");
  copy.append(mark);
  document.body.append(copy);
  const place = { left: mark.offsetLeft, top: mark.offsetTop + mark.offsetHeight - area.scrollTop };
  copy.remove();
  return place;
}

class Mentions {
  constructor(area, say) {
    this.area = area;
    this.say = say;
    this.options = [];
    this.at = -1;
    this.wanted = null; /* what an answer is wanted for; an answer to anything else came too late */
    this.refused = -1; /* the "@" at which the list was closed by hand */
    this.asking = false;
    this.composing = false;
    this.build();
    this.listen();
  }

  build() {
    const { area } = this;
    const list = `${area.id}-people`;
    this.list = element("ul", { id: list, class: "offers at-caret", role: "listbox", "aria-label": this.say.sayPeople });
    this.list.hidden = true;
    this.status = element("span", { class: "vh", role: "status" });
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-haspopup", "listbox");
    area.setAttribute("aria-controls", list);
    area.parentElement.classList.add("holds-offers");
    area.after(this.list, this.status);
  }

  listen() {
    const { area, list } = this;
    area.addEventListener("input", (event) => {
      if (!event.isComposing && !this.composing) this.look();
    });
    for (const began of ["compositionstart", "compositionupdate"]) {
      area.addEventListener(began, () => {
        this.composing = true;
        this.close();
      });
    }
    area.addEventListener("compositionend", () => {
      this.composing = false;
      this.look();
    });
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("click", () => this.close());
    area.addEventListener("blur", () => this.close());
    area.form.addEventListener("submit", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); /* the text area keeps the focus */
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.options[Number(row.dataset.i)]);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  found() {
    const { area } = this;
    if (area.selectionStart !== area.selectionEnd) return null;
    return (this.say.pages && linking(area.value, area.selectionStart)) || begun(area.value, area.selectionStart);
  }

  look() {
    clearTimeout(this.timer);
    const found = this.found();
    if (!found || found.from === this.refused) {
      if (!found) this.refused = -1;
      return this.close();
    }
    this.wanted = found.typed;
    this.linking = Boolean(found.page);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const { wanted: typed, linking: toPages } = this;
    if (typed === null || this.asking) return;
    this.asking = true;
    const told = await fetched(toPages ? this.say.pages : this.say.mentions, typed);
    const answer = told && toPages ? pages(told, typed) : told;
    this.asking = false;
    if (this.wanted !== typed || this.linking !== toPages) this.ask();
    else if (answer && document.activeElement === this.area && !this.composing) this.show(answer, typed);
    else this.close();
  }

  show(answer, typed) {
    const found = this.found();
    if (!found) return this.close();
    this.options = answer.options;
    this.list.replaceChildren(...this.options.map((option, i) => {
      const row = element("li", { role: "option", id: `${this.area.id}-p${i}`, "data-i": String(i), "aria-selected": "false" });
      row.append(element("span", {}, option.text));
      if (option.other) row.append(element("span", { class: "muted" }, option.other));
      return row;
    }));
    this.list.setAttribute("aria-label", found.page ? this.say.sayPages : this.say.sayPeople);
    this.list.hidden = !this.options.length;
    if (this.open) this.place(found.from);
    this.move(this.open && typed ? 0 : -1);
    this.status.textContent = answer.said;
  }

  place(from) {
    const { area, list } = this;
    const { left, top } = caretPlace(area, from);
    const room = area.offsetWidth - list.offsetWidth;
    list.style.left = `${area.offsetLeft + Math.max(0, Math.min(left, room))}px`;
    list.style.top = `${area.offsetTop + Math.min(Math.max(0, top), area.offsetHeight) + 4}px`;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229 || !this.open) return; /* the keys belong to the input method, or to the text */
    const { key } = event;
    const last = this.options.length - 1;
    if (key === "ArrowDown") this.move(this.at < last ? this.at + 1 : 0);
    else if (key === "ArrowUp") this.move(this.at > 0 ? this.at - 1 : last);
    else if (key === "Enter" && this.at >= 0 && !event.shiftKey && !event.ctrlKey && !event.metaKey) this.choose(this.options[this.at]);
    else if (key === "Escape") {
      this.refused = this.found()?.from ?? -1;
      this.close();
    } else {
      if (key.startsWith("Arrow") || key === "Home" || key === "End") this.close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  move(to) {
    this.at = to;
    this.list.querySelectorAll("[role=option]").forEach((row, i) => row.setAttribute("aria-selected", String(i === to)));
    const row = this.list.querySelector('[aria-selected="true"]');
    if (!row) return this.area.removeAttribute("aria-activedescendant");
    this.area.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    const { area } = this;
    const found = this.found();
    this.close();
    if (!option || !found) return;
    const closed = found.page && /^(\]\]|】】)/.test(area.value.slice(area.selectionStart)) ? 2 : 0;
    const after = !found.page && /[\x20-\x7e]$/.test(option.text) ? " " : ""; /* Chinese sets no space after a name */
    area.focus();
    area.setSelectionRange(found.from, area.selectionStart + closed);
    /* As if typed, so that it can be undone; where the browser cannot, it is simply set. */
    if (!document.execCommand("insertText", false, option.source + after)) {
      area.setRangeText(option.source + after, found.from, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.wanted = null;
    this.list.hidden = true;
    this.status.textContent = "";
    this.move(-1);
  }
}

const known = new WeakSet();

export function enhance(form) {
  for (const area of form.querySelectorAll("textarea[data-markdown]")) {
    if (known.has(area)) continue;
    known.add(area);
    new Mentions(area, form.dataset);
  }
}
