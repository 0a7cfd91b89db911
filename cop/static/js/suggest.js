/* What a search box offers while one types: an editable combobox with a list, nothing chosen by itself
   (WAI-ARIA authoring practices). Enter with nothing chosen searches for what was typed, as without this.
   The server is asked after a pause, by one request at a time, and never while an input method composes. */

import { element } from "./main.js";

const PAUSE = 120;
const PATIENCE = 8000;

/** The server's answer, or nothing where the line or the server fails: then the box is a plain one. */
async function fetched(address, text) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), PATIENCE);
  try {
    const asked = new URL(address, location.href);
    asked.searchParams.set("q", text);
    const answer = await fetch(asked, { headers: { Accept: "application/json" }, signal: ending.signal });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** A list that comes while somebody stands on a row of the one before must not take it from under her. */
const same = (one, other) => one.text === other.text && one.href === other.href && one.q === other.q;

export class SearchBox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.at = -1;
    this.wanted = ""; /* what an answer is wanted for; an answer to anything else came too late */
    this.shown = "";
    this.asking = false;
    this.composing = false;
    this.build();
    this.listen();
  }

  build() {
    const { input } = this;
    this.list = element("div", { id: input.getAttribute("aria-controls"), class: "offers", role: "listbox", "aria-label": input.dataset.sayList });
    this.list.hidden = true;
    this.status = element("span", { class: "vh", role: "status" });
    input.parentElement.append(this.list, this.status);
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", (event) => {
      this.move(-1); /* Enter after typing searches for what was typed */
      if (!event.isComposing && !this.composing) this.want();
    });
    for (const began of ["compositionstart", "compositionupdate"]) {
      input.addEventListener(began, () => {
        this.composing = true;
        this.close();
      });
    }
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.want();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    window.addEventListener("pageshow", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); /* the box keeps the focus */
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.options[Number(row.dataset.i)], event.ctrlKey || event.metaKey);
    });
  }

  get open() {
    return !this.list.hidden;
  }

  /** Ask for what stands in the box, after a pause or at once. */
  want(pause = PAUSE) {
    clearTimeout(this.timer);
    this.wanted = this.input.value.trim();
    if (!this.wanted) this.close();
    else this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    const text = this.wanted;
    if (!text || this.asking || (this.open && this.shown === text)) return;
    this.asking = true;
    const answer = await fetched(this.input.dataset.suggest, text);
    this.asking = false;
    if (this.wanted !== text) this.ask();
    else if (answer && document.activeElement === this.input) this.show(text, answer);
    else this.close();
  }

  show(text, answer) {
    const { id } = this.input;
    const chosen = this.options[this.at];
    this.shown = text;
    this.options = [];
    const groups = answer.groups.map((group, g) => {
      const head = element("li", { id: `${id}-g${g}`, class: "head", role: "presentation" }, group.label);
      const part = element("ul", { role: "group", "aria-labelledby": head.id });
      part.append(head, ...group.options.map((option) => this.row(option)));
      return part;
    });
    this.list.replaceChildren(...groups);
    this.list.hidden = !groups.length;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.list.scrollTop = 0;
    this.move(this.options.findIndex((option) => chosen && same(option, chosen)));
    this.status.textContent = answer.said;
  }

  row(option) {
    const i = this.options.push(option) - 1;
    const row = element("li", { role: "option", id: `${this.input.id}-o${i}`, "data-i": String(i), "aria-selected": "false" });
    row.append(element("span", { lang: option.lang }, option.text));
    if (option.other) row.append(element("span", { class: "muted", lang: option.other_lang }, option.other));
    return row;
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return; /* the keys still belong to the input method */
    const { key } = event;
    const last = this.options.length - 1;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (event.altKey && key === "ArrowUp") this.close();
      else if (!this.open) this.want(0);
      else if (key === "ArrowDown") this.move(this.at < last ? this.at + 1 : -1);
      else this.move(this.at < 0 ? last : this.at - 1);
    } else if ((key === "Home" || key === "End") && this.at >= 0) {
      event.preventDefault();
      this.move(key === "Home" ? 0 : last);
    } else if (key === "ArrowLeft" || key === "ArrowRight") {
      this.move(-1);
    } else if (key === "Enter" && this.open && this.at >= 0) {
      event.preventDefault();
      this.choose(this.options[this.at], event.ctrlKey || event.metaKey);
    } else if (key === "Escape" && (this.open || this.input.value)) {
      event.preventDefault();
      if (!this.open) this.input.value = "";
      this.close();
    }
  }

  /** Make a row the active one; -1 is the box itself. */
  move(to) {
    this.at = to;
    this.list.querySelectorAll("[role=option]").forEach((row, i) => row.setAttribute("aria-selected", String(i === to)));
    const row = this.list.querySelector('[aria-selected="true"]');
    if (!row) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  /** Go to what has a page; search for what is a term, by the form, so that it goes where the form goes. */
  choose(option, elsewhere) {
    this.close();
    if (option.href && elsewhere) return void window.open(option.href, "_blank", "noopener");
    if (option.href) return location.assign(option.href);
    this.input.value = option.q;
    if (this.input.form.requestSubmit) this.input.form.requestSubmit();
    else this.input.form.submit();
  }

  close() {
    clearTimeout(this.timer);
    this.wanted = this.shown = "";
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.status.textContent = "";
    this.move(-1);
  }
}

const boxes = new WeakSet();

export function enhance(input) {
  if (boxes.has(input)) return;
  boxes.add(input);
  const box = new SearchBox(input);
  if (input.value !== input.defaultValue) box.want(); /* typed while this was on its way */
}
