/* Term picker: a combobox over a <select>, found by either name, pinyin or another name.
   The select stays in the form (hidden) and is what is sent. Pattern: WAI-ARIA combobox, list
   autocomplete, with the chosen terms as chips before the box. */

import { element } from "./main.js";

const SHOWN = 60;

/** Fold case, accents, width and spaces, so that "kai fang" finds "kāifàng" and "ＦＩＣ" finds FIC. */
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[\s’'\-_·]+/g, "");
}

function entryOf(option) {
  const { o, p, a, d } = option.dataset;
  const name = o && option.text.endsWith(` / ${o}`) ? option.text.slice(0, -o.length - 3) : option.text;
  const pinyin = p || "";
  const initials = pinyin.split(/\s+/).map((part) => part[0] || "").join("");
  const group = option.parentElement.matches("optgroup") ? option.parentElement.label : "";
  const keys = [name, o || "", pinyin, ...(a || "").split("|")].map(fold).filter(Boolean);
  const lang = option.lang || document.documentElement.lang;
  return { option, name, lang, other: o || "", otherLang: lang === "en" ? "zh-Hans" : "en", about: d || "", group, keys, initials: fold(initials) };
}

/** 0 is best, -1 is no match: exact, then beginning, then inside, then pinyin initials. */
function rank(entry, query) {
  if (!query) return 3;
  if (entry.keys.includes(query)) return 0;
  if (entry.keys.some((key) => key.startsWith(query))) return 1;
  if (entry.keys.some((key) => key.includes(query))) return 2;
  return entry.initials.length > 1 && entry.initials.startsWith(query) ? 3 : -1;
}

class Picker {
  constructor(select) {
    this.select = select;
    /* Of several pickers on a page the first holds the sentences. */
    this.say = { ...document.querySelector("select[data-say-none]")?.dataset, ...select.dataset };
    this.entries = [...select.options].filter((o) => o.value).map(entryOf);
    this.found = [];
    this.at = -1;
    this.build();
    this.listen();
    this.drawChips();
  }

  build() {
    const { select, say } = this;
    const id = select.id;
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    this.box = element("div", { class: "pick" });
    this.chips = element("div", { class: "terms" });
    this.input = element("input", {
      id: `${id}-box`, type: "text", role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`,
      "aria-autocomplete": "list", autocomplete: "off", autocapitalize: "off", spellcheck: "false", placeholder: say.sayType,
      "aria-describedby": select.getAttribute("aria-describedby"), "aria-invalid": select.getAttribute("aria-invalid"),
    });
    this.list = element("ul", { id: `${id}-list`, role: "listbox", "aria-label": say.sayList });
    if (select.multiple) this.list.setAttribute("aria-multiselectable", "true");
    this.list.hidden = true;
    this.status = element("span", { class: "vh", role: "status" });
    this.chips.append(this.input);
    this.box.append(this.chips, this.list, this.status);
    select.hidden = true;
    select.after(this.box);
    if (label) label.htmlFor = this.input.id;
  }

  listen() {
    const { input, list, box } = this;
    this.select.addEventListener("redraw", () => this.drawChips());
    input.addEventListener("input", () => this.search());
    input.addEventListener("click", () => this.search());
    input.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.found[Number(row.dataset.i)]);
    });
    box.addEventListener("focusout", (event) => {
      if (!box.contains(event.relatedTarget)) this.close();
    });
    this.chips.addEventListener("click", (event) => {
      if (event.target === this.chips) input.focus();
    });
  }

  key(event) {
    const { key } = event;
    if (event.isComposing) return; /* the keys still belong to the input method */
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.search();
      else this.move(this.at + (key === "ArrowDown" ? 1 : -1));
    } else if (key === "Enter") {
      event.preventDefault();
      if (!this.list.hidden && this.at >= 0) this.choose(this.found[this.at]);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if ((key === "Home" || key === "End") && this.at >= 0) {
      event.preventDefault();
      this.move(key === "Home" ? 0 : this.found.length - 1);
    } else if (key === "Backspace" && !this.input.value) {
      const last = [...this.select.selectedOptions].filter((o) => o.value).pop();
      if (last) this.set(last, false);
    }
  }

  search() {
    const query = fold(this.input.value);
    const ranked = this.entries.map((entry, order) => ({ entry, order, rank: rank(entry, query) })).filter((r) => r.rank >= 0);
    if (query) ranked.sort((a, b) => a.rank - b.rank || a.order - b.order);
    this.found = ranked.slice(0, SHOWN).map((r) => r.entry);
    this.drawList(!query);
    this.status.textContent = this.found.length ? this.say.sayFound.replace("{number}", ranked.length) : this.say.sayNone;
    this.move(query && this.found.length ? 0 : -1);
  }

  drawList(grouped) {
    const rows = [];
    let group = "";
    this.found.forEach((entry, i) => {
      if (grouped && entry.group && entry.group !== group) {
        group = entry.group;
        rows.push(element("li", { class: "head", role: "presentation" }, group));
      }
      const row = element("li", { role: "option", id: `${this.select.id}-o${i}`, "data-i": String(i) });
      row.setAttribute("aria-selected", String(entry.option.selected));
      row.append(element("span", { lang: entry.lang }, entry.name));
      if (entry.other) row.append(element("span", { class: "muted", lang: entry.otherLang }, entry.other));
      if (entry.about) row.append(element("small", {}, entry.about));
      rows.push(row);
    });
    if (!rows.length) rows.push(element("li", { class: "none", role: "presentation" }, this.say.sayNone));
    this.list.replaceChildren(...rows);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  move(to) {
    const rows = this.list.querySelectorAll("[role=option]");
    this.at = rows.length ? Math.max(-1, Math.min(to, rows.length - 1)) : -1;
    rows.forEach((row, i) => row.classList.toggle("on", i === this.at));
    const row = rows[this.at];
    if (!row) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  choose(entry) {
    if (!entry) return;
    const on = !(this.select.multiple && entry.option.selected);
    this.input.value = "";
    this.set(entry.option, on);
    this.close();
    this.input.focus();
  }

  set(option, on) {
    if (!this.select.multiple && !on) this.select.value = "";
    else option.selected = on;
    this.drawChips();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.select.dispatchEvent(new Event("input", { bubbles: true }));
  }

  drawChips() {
    this.chips.querySelectorAll(".term").forEach((chip) => chip.remove());
    for (const entry of this.entries.filter((e) => e.option.selected)) {
      const chip = element("span", { class: "term", "data-k": this.say.k });
      chip.append(element("span", { lang: entry.lang }, entry.name));
      if (entry.other) chip.append(element("span", { lang: entry.otherLang }, entry.other));
      const remove = element("button", { type: "button", "aria-label": this.say.sayRemove.replace("{name}", entry.name) }, "×");
      remove.addEventListener("click", () => {
        this.set(entry.option, false);
        this.input.focus();
      });
      chip.append(remove);
      this.chips.insertBefore(chip, this.input);
    }
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

export function enhance(select) {
  new Picker(select);
}
