/* The entries of a collection in their form: moved by buttons or dragged, taken out and put back, found and added
   without leaving the page. Without script the same buttons send the form and publish nothing. */

class Collection {
  constructor(part) {
    this.part = part;
    this.say = part.dataset;
    this.form = part.closest("form");
    this.list = part.querySelector("[data-items]");
    this.line = part.querySelector("[data-items-said]");
    this.find = this.form.querySelector("[data-find]");
    this.offers = this.form.querySelector("[data-offers]");
    this.form.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("row:moved", (event) => this.moved(event.target));
    this.find?.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && event.keyCode !== 229) this.look();
    });
  }

  get items() {
    return [...this.list.children];
  }

  clicked(event) {
    const button = event.target.closest("button[name=act]");
    if (!button) return;
    const at = button.value.indexOf(":");
    const act = at < 0 ? button.value : button.value.slice(0, at);
    const item = button.closest("[data-item]");
    if (act === "look") {
      event.preventDefault();
      this.look();
    } else if (act === "add") {
      event.preventDefault();
      this.add(button);
    } else if (item && ["up", "down", "out", "back"].includes(act)) {
      event.preventDefault();
      if (act === "up" || act === "down") this.move(item, act, button);
      else this.mark(item, act === "out");
    }
  }

  move(item, act, button) {
    const other = act === "up" ? item.previousElementSibling : item.nextElementSibling;
    if (other && act === "up") this.list.insertBefore(item, other);
    if (other && act === "down") this.list.insertBefore(other, item);
    button.focus();
    item.scrollIntoView({ block: "nearest" });
    this.moved(item);
  }

  moved(item) {
    const said = this.say.sayUp.replace("{number}", this.items.indexOf(item) + 1).replace("{total}", this.items.length);
    this.tell(said, item);
  }

  mark(item, out) {
    item.classList.toggle("is-out", out);
    item.querySelector("[data-item-out]").hidden = !out;
    item.querySelector("[data-item-reason]").hidden = out;
    for (const button of item.querySelectorAll("[data-item-buttons] button")) button.hidden = button.value.startsWith("back:") !== out;
    item.querySelector("input[name=left_out]")?.remove();
    if (out) {
      const mark = document.createElement("input");
      Object.assign(mark, { type: "hidden", name: "left_out", value: item.dataset.item });
      item.append(mark);
    }
    item.querySelector(out ? "button[value^='back:']" : "button[value^='out:']").focus();
    this.tell(out ? this.say.sayOut : this.say.sayBack, item);
  }

  async look() {
    const words = this.find.value.trim();
    const url = new URL(this.say.collection, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(answer.status);
      this.offers.innerHTML = await answer.text();
      const there = new Set(this.items.filter((item) => !item.matches(".is-out")).map((item) => item.dataset.item));
      for (const button of this.offers.querySelectorAll("button[name=act]")) {
        if (there.has(button.value.slice("add:".length))) button.closest("li").remove();
      }
    } catch {
      this.offers.textContent = this.say.sayFailed;
    }
  }

  add(button) {
    const key = button.value.slice("add:".length);
    let item = this.items.find((one) => one.dataset.item === key);
    if (item) {
      this.mark(item, false);
    } else {
      const made = button.parentElement.querySelector("template")?.content.querySelector("[data-item]");
      if (!made) return;
      item = document.importNode(made, true);
      this.list.append(item);
    }
    button.closest("li").remove();
    this.part.querySelector("[data-items-none]").hidden = true;
    item.querySelector("input[name=reasons]").focus();
    this.tell(this.say.sayAdded, item);
  }

  tell(sentence, item) {
    this.line.textContent = sentence.replace("{title}", item.dataset.title);
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function enhance(part) {
  return new Collection(part);
}
