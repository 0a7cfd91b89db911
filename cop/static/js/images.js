/* Images and files of a form: chosen, pasted or dropped they are sent at once, one by one, with progress and a way to
   stop; each comes back as its part of the form, made by the server. Taken away, it can be brought back until
   the form is sent. Without script the form sends the chosen files itself. */

import { element } from "./main.js";

function button(text, act, cls = "btn small quiet") {
  const made = element("button", { type: "button", class: cls }, text);
  made.addEventListener("click", act);
  return made;
}

class Images {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    this.say = field.dataset;
    this.list = field.querySelector("[data-image-list]");
    this.input = field.querySelector("input[type=file]");
    this.line = element("p", { class: "sm muted", role: "status" });
    this.list.after(this.line);
    this.waiting = [];
    this.sending = null;
    /* The other fields of the form that take files. */
    this.beside = [];
    /* Off as well as out of sight: Enter in a line must not press it. */
    const add = field.querySelector("[data-add-images]");
    if (add === document.activeElement) this.input.focus(); /* who tabbed to it stays in the field */
    add.hidden = add.disabled = true;
    this.input.addEventListener("change", () => this.take(this.input.files));
    /* What is dropped on a text goes where it belongs; without a place for files, images take it and say what to do. */
    if (this.takesImages) for (const area of form.querySelectorAll("textarea")) this.listen(area);
    this.listen(field);
    for (const item of this.list.querySelectorAll("[data-image]")) this.prepare(item);
    form.addEventListener("submit", (event) => this.submitting(event), true);
  }

  begin() {
    if (this.input.files.length) this.take(this.input.files);
  }

  get takesImages() {
    return this.say.takes !== "files";
  }

  get busy() {
    return Boolean(this.sending || this.waiting.length);
  }

  listen(place) {
    place.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files || [])].filter((file) => this.isOf(file));
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      this.take(files);
    });
    place.addEventListener("dragover", (event) => {
      if (event.dataTransfer.types.includes("Files")) event.preventDefault();
    });
    place.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      this.take(event.dataTransfer.files);
    });
  }

  take(files) {
    const given = [...files];
    this.input.value = "";
    for (const one of this.beside) {
      const theirs = given.filter((file) => one.isOf(file) && !this.isOf(file));
      if (theirs.length) one.keep(theirs);
    }
    this.keep(given.filter((file) => this.isOf(file) || !this.beside.some((one) => one.isOf(file))));
  }

  isOf(file) {
    return file.type.startsWith("image/") === this.takesImages;
  }

  keep(files) {
    if (!files.length) return;
    this.field.closest("details")?.setAttribute("open", "");
    for (const file of files) this.queue(file);
    this.next();
  }

  queue(file) {
    const bar = element("progress", { max: "1", value: "0", "aria-label": file.name });
    const job = { file, bar };
    job.item = element("li", { class: "pic-item sending" },
      element("span", { class: "thumb" }),
      element("div", {}, element("p", { class: "sm break" }, file.name), bar, button(this.say.sayStop, () => this.stop(job))));
    this.list.append(job.item);
    if (file.size > Number(this.say.limit)) return this.refuse(job, this.say.sayHeavy.replace("{name}", file.name));
    this.waiting.push(job);
  }

  next() {
    if (this.sending) return;
    const job = this.waiting.shift();
    if (!job) return this.changed();
    this.sending = job;
    this.prepared(job.file).then((file) => {
      if (this.sending === job) this.send(job, file); /* else it was stopped meanwhile */
    });
  }

  /** What is sent of a file: photographs no larger than they are kept. */
  async prepared(file) {
    if (file.type !== "image/jpeg") return file;
    try {
      return await (await import("./shrinking.js")).shrunk(file);
    } catch {
      return file; /* the line was lost before the module came: the server makes it smaller */
    }
  }

  send(job, file) {
    const body = new FormData();
    body.append(this.input.name, file, job.file.name || "image");
    for (const box of this.field.querySelectorAll("[data-goes-along]:checked")) body.append(box.name, box.value);
    body.append("lang", this.form.elements.lang?.value || "");
    const request = new XMLHttpRequest();
    job.request = request;
    request.open("POST", this.say.images);
    request.setRequestHeader("X-CSRFToken", this.form.elements.csrf_token.value);
    request.setRequestHeader("Accept", "text/html, application/json;q=0.9");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) job.bar.value = event.loaded / event.total;
      if (event.loaded === event.total) job.bar.removeAttribute("value");
    });
    request.addEventListener("load", () => this.answered(job, request));
    request.addEventListener("error", () => this.failed(job, this.say.sayOffline));
    request.send(body);
  }

  answered(job, request) {
    if (request.status === 201) {
      const part = new DOMParser().parseFromString(`<ol>${request.responseText}</ol>`, "text/html");
      const item = document.importNode(part.querySelector("[data-image]"), true);
      job.item.replaceWith(item);
      this.prepare(item);
      if ([document.body, this.input].includes(document.activeElement)) item.querySelector("input.in").focus();
      this.done();
      return;
    }
    let said = "";
    try {
      said = JSON.parse(request.responseText).message;
    } catch { /* a page, not a sentence */ }
    this.failed(job, said || (request.status === 413 ? this.say.sayHeavy.replace("{name}", job.file.name) : this.say.sayFailed));
  }

  failed(job, text) {
    this.refuse(job, text);
    this.done();
  }

  done() {
    this.sending = null;
    this.next();
  }

  /* The sentence stays, with a way to try again, until it is put away. */
  refuse(job, text) {
    const again = button(this.say.sayAgain, () => { job.item.remove(); this.take([job.file]); });
    const away = button(this.say.sayClose, () => job.item.remove());
    job.item.className = "pic-item";
    job.item.replaceChildren(element("span", { class: "thumb" }),
      element("div", {}, element("p", { class: "err-msg" }, text), element("div", { class: "bar" }, again, away)));
    this.line.textContent = text;
  }

  stop(job) {
    this.waiting = this.waiting.filter((one) => one !== job);
    job.item.remove();
    if (this.sending === job) {
      job.request?.abort();
      this.done();
    }
    this.input.focus();
  }

  /* Taking away is a button, and so is bringing back. */
  prepare(item) {
    const tick = item.querySelector("[data-take-away]");
    const box = tick.querySelector("input");
    const label = tick.textContent.trim();
    const body = item.lastElementChild;
    const gone = element("p", { class: "bar sm muted" }, element("span", {}, this.say.sayGone));
    const back = button(this.say.sayUndo, () => this.show(false, { box, body, gone, focus: away }));
    gone.append(back);
    const away = button(label, () => this.show(true, { box, body, gone, focus: back }));
    tick.hidden = true;
    tick.after(away);
    body.after(gone);
    this.show(box.checked, { box, body, gone });
  }

  show(isGone, { box, body, gone, focus }) {
    box.checked = isGone;
    body.hidden = isGone;
    gone.hidden = !isGone;
    if (!focus) return;
    focus.focus();
    this.changed();
  }

  changed() {
    this.line.textContent = "";
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  submitting(event) {
    if (!this.busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.line.textContent = this.say.sayWait;
    this.line.scrollIntoView({ block: "center" });
  }
}

/* Lets the form take images; `pasted` are those that made it begin. */
export function enhance(form, pasted) {
  const made = [...form.querySelectorAll("[data-images]")].map((field) => new Images(form, field));
  for (const one of made) one.beside = made.filter((other) => other !== one);
  for (const one of made) one.begin();
  if (pasted.length) made.find((one) => one.takesImages).take(pasted);
}
