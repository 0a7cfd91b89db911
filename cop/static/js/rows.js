/* Rows of a form are moved by buttons or dragged, added, taken out and put back where the page stands. Every row keeps
   its id, and the fields go in the order of the page: what is saved is what is seen. Without script the same buttons
   send the form and publish nothing. Words come from the section that holds the rows. */

function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn small quiet";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

class Rows {
  constructor(part) {
    this.part = part;
    this.say = part.dataset;
    this.form = part.closest("form");
    this.list = part.querySelector("[data-rows-list]");
    this.line = part.querySelector("[data-rows-said]");
    this.blank = part.querySelector("template[data-row-new]");
    part.addEventListener("click", (event) => this.clicked(event));
    part.addEventListener("row:moved", (event) => this.moved(event.target));
    part.addEventListener("row:add", (event) => this.take(event.detail));
    this.form.addEventListener("refill", (event) => this.refill(event.detail));
    for (const row of this.rows) this.prepare(row);
  }

  get rows() {
    return [...this.list.children];
  }

  prepare(row) {
    const buttons = row.querySelector("[data-row-buttons]");
    const tick = row.querySelector("[data-row-gone]");
    if (!buttons || !tick) return; /* a telling changes no rows */
    tick.hidden = true;
    buttons.append(
      Object.assign(button(this.say.sayTake, () => this.mark(row, true)), { name: "take" }),
      Object.assign(button(this.say.sayPut, () => this.mark(row, false)), { name: "put" }),
    );
    const said = document.createElement("p");
    said.className = "sm muted row-out";
    said.textContent = this.say.sayOut;
    row.querySelector(".row-bar").after(said);
    this.draw(row);
  }

  /* Whether a row is taken out is what its tick says. */
  draw(row) {
    const out = Boolean(row.querySelector("[data-row-gone] input")?.checked);
    row.classList.toggle("is-out", out);
    const name = this.nameOf(row);
    const place = row.querySelector("[data-row-name]");
    if (place) place.textContent = out ? name : this.numberOf(row);
    for (const one of row.querySelectorAll("[data-row-buttons] button")) {
      if (one.name === "take" || one.name === "put") {
        one.hidden = (one.name === "put") !== out;
        one.setAttribute("aria-label", `${one.textContent} ${name}`);
      } else {
        one.hidden = out;
        const sentence = one.dataset.rowAct === "up" ? this.say.sayUp : this.say.sayDown;
        one.setAttribute("aria-label", sentence.replace("{number}", this.rows.indexOf(row) + 1));
      }
    }
  }

  number() {
    for (const row of this.rows) this.draw(row);
  }

  numberOf(row) {
    return this.say.sayNumber.replace("{number}", this.rows.indexOf(row) + 1);
  }

  nameOf(row) {
    const typed = row.querySelector("[data-row-title]")?.value.trim();
    return row.dataset.title || typed || this.numberOf(row);
  }

  clicked(event) {
    const act = event.target.closest("[data-row-act]");
    const row = act?.closest("[data-row]");
    if (row) {
      event.preventDefault();
      this.move(row, act);
    } else if (act?.dataset.rowAct === "add" && this.blank) {
      event.preventDefault();
      const made = this.add(fresh());
      made.querySelector("input:not([type=hidden])").focus();
      this.tell(this.say.sayAdded, made);
    }
  }

  move(row, act) {
    const up = act.dataset.rowAct === "up";
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (other && up) other.before(row);
    if (other && !up) other.after(row);
    act.focus();
    row.scrollIntoView({ block: "nearest" });
    this.moved(row);
  }

  moved(row) {
    this.number();
    this.tell(this.say.sayMoved, row);
  }

  mark(row, out) {
    row.querySelector("[data-row-gone] input").checked = out;
    this.draw(row);
    row.querySelector(`button[name=${out ? "put" : "take"}]`).focus();
    this.tell(out ? this.say.sayGone : this.say.sayBack, row);
  }

  /* A new row at the end, made from the page's own empty one, or from one the server sent. */
  add(id, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html || this.blank.innerHTML.replaceAll("{id}", id);
    const row = document.importNode(holder.content.querySelector("[data-row]"), true);
    this.list.append(row);
    this.prepare(row);
    this.number();
    return row;
  }

  /* What was picked: a row that is there already is only put back. */
  take({ key, row: html }) {
    const there = this.rows.find((row) => row.dataset.row === key);
    if (there) this.mark(there, false);
    const row = there || this.add(key, html);
    row.querySelector("input:not([type=hidden])").focus();
    if (!there) this.tell(this.say.sayAdded, row);
  }

  /* What this device kept goes back to its rows by their ids, in the order it had. */
  refill(kept) {
    const { rows: group } = this.say;
    const ids = kept.getAll(group);
    const fields = new Map();
    ids.forEach((id, i) => {
      const row = this.rows.find((one) => one.dataset.row === id) || (this.blank && this.add(id));
      if (row) fields.set(row, i);
    });
    for (const row of fields.keys()) this.list.append(row);
    for (const [row, i] of fields) {
      for (const field of row.querySelectorAll("input, textarea")) {
        const values = kept.getAll(field.name);
        if (field.type === "checkbox") field.checked = values.includes(field.value);
        else if (field.type !== "hidden" && i < values.length) field.value = values[i];
      }
    }
    this.number();
  }

  tell(sentence, row) {
    const values = { title: this.nameOf(row), number: this.rows.indexOf(row) + 1, total: this.rows.length };
    this.line.textContent = sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function enhance(part) {
  return new Rows(part);
}
