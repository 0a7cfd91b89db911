/* What somebody types into a short form stays on her device until it is sent, so that a closed tab costs no words.
   Only what she changed is kept, and it goes back into a field only where that still says what she began from;
   elsewhere her words are shown above the form. Gone when sent, when she signs out, and after a day. */

const TYPED = "textarea:not([hidden]), select, input:not([type]), input[type=text], input[type=url], input[type=radio], input[type=checkbox]";

const isTick = (one) => one.matches("input[type=radio], input[type=checkbox]");
const nameOf = (one) => (isTick(one) ? `${one.name}=${one.value}` : one.name);

function now(one) {
  if (isTick(one)) return one.checked;
  return one.matches("select") ? [...one.selectedOptions].map((option) => option.value).join("\n") : one.value;
}

function given(one) {
  if (isTick(one)) return one.defaultChecked;
  if (!one.matches("select")) return one.defaultValue;
  const chosen = [...one.options].filter((option) => option.defaultSelected);
  if (!chosen.length && !one.multiple) return one.options[0]?.value ?? "";
  return chosen.map((option) => option.value).join("\n");
}

function put(one, value) {
  if (isTick(one)) one.checked = value;
  else if (one.matches("select")) {
    const chosen = value.split("\n");
    for (const option of one.options) option.selected = chosen.includes(option.value);
  } else one.value = value;
}

class Keeper {
  constructor(form, key, owner) {
    this.form = form;
    this.key = key;
    this.owner = owner;
    this.fields = this.read();
    const early = this.controls.some((one) => now(one) !== given(one)); /* typed while this was on its way */
    if (!document.querySelector("[data-errors]")) this.putBack();
    form.addEventListener("input", () => this.keep());
    form.addEventListener("change", () => this.keep());
    if (early) this.keep();
  }

  get controls() {
    return [...this.form.querySelectorAll(TYPED)].filter((one) => one.name);
  }

  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) || "null");
      return kept && kept.owner === this.owner ? kept.fields || {} : {};
    } catch {
      return {};
    }
  }

  keep() {
    const fields = {};
    for (const one of this.controls) {
      const name = nameOf(one);
      const began = this.fields[name] ? this.fields[name][0] : given(one);
      if (now(one) !== began) fields[name] = [began, now(one)];
    }
    try {
      if (Object.keys(fields).length) localStorage.setItem(this.key, JSON.stringify({ owner: this.owner, at: Date.now(), fields }));
      else localStorage.removeItem(this.key);
    } catch { /* full or forbidden: the form still holds it */ }
  }

  putBack() {
    const left = [];
    let back = false;
    for (const one of this.controls) {
      const [began, typed] = this.fields[nameOf(one)] || [];
      if (typed === undefined || typed === now(one)) continue;
      if (began === given(one) && now(one) === given(one)) {
        put(one, typed);
        back = true;
      } else if (typeof typed === "string" && typed.trim()) left.push(typed);
    }
    this.fields = {};
    if (back || left.length) this.tell(back, left);
  }

  tell(back, left) {
    const say = this.form.dataset;
    const box = document.createElement("div");
    box.className = "box no-print";
    box.setAttribute("role", "status");
    const line = (text, tag = "p") => {
      const made = document.createElement(tag);
      made.textContent = text;
      box.append(made);
      return made;
    };
    if (back) line(say.sayBack);
    if (left.length) {
      line(say.sayChanged);
      for (const words of left) line(words, "blockquote").className = "prose";
    }
    const button = line(say.sayForget, "button");
    button.type = "button";
    button.className = "btn small quiet";
    button.addEventListener("click", () => {
      try {
        localStorage.removeItem(this.key);
      } catch { /* nothing was kept */ }
      for (const one of this.controls) put(one, given(one));
      this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
      box.remove();
    });
    this.form.prepend(box);
  }
}

export function enhance(form, key, owner) {
  new Keeper(form, key, owner);
}
