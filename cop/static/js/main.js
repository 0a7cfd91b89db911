/* The one script of every page. Each part improves something that works without it; what only
   some pages need is loaded when its element is there. Words come from data attributes. */

/* Here and not in a file of its own, as every page has this one: scripts that come later ask for nothing more. */
export function element(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
  made.append(...inside.filter(Boolean));
  return made;
}

/* Enter that confirms an input method's candidates never submits and never picks. Android's input
   methods confirm without a key event; an Enter that arrives there is the "Go" key and is meant. */
function guardInputMethods() {
  if (navigator.userAgent.includes("Android")) return;
  document.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" || event.code === "Enter" || event.code === "NumpadEnter";
    if (!enter || !(event.isComposing || event.keyCode === 229)) return;
    if (event.target instanceof HTMLInputElement) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
}

/* Words that are marked in a comment when its "quote" is pressed are what is quoted. Pressing ends the marking, so it is
   looked at before. */
const MOST_MARKED = 1500;
function quoteWhatIsMarked() {
  const marked = (link) => {
    const said = link.closest("article")?.querySelector(".prose"), chosen = getSelection();
    if (!said || !chosen.rangeCount || chosen.isCollapsed) return "";
    if (!said.contains(chosen.anchorNode) || !said.contains(chosen.focusNode)) return "";
    const words = chosen.toString().trim();
    return words.length > MOST_MARKED ? "" : words;
  };
  const point = (event) => {
    const link = event.target.closest?.("a[data-quote]");
    if (!link) return;
    const address = new URL(link.href), words = marked(link);
    if (words || event.type === "pointerdown") address.searchParams.delete("marked");
    if (words) address.searchParams.set("marked", words);
    link.href = address.href;
  };
  document.addEventListener("pointerdown", point, true);
  document.addEventListener("keydown", point, true);
}

/* A form is sent once at a time. The guard lifts by itself, so a lost request can be sent again. */
const RETRY_AFTER = 8000;
function guardDoubleSubmits() {
  const release = (form) => {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[data-held]")) {
      button.removeAttribute("aria-disabled");
      delete button.dataset.held;
    }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    for (const button of form.querySelectorAll("button:not([type=button])")) {
      button.setAttribute("aria-disabled", "true");
      button.dataset.held = "";
    }
    setTimeout(release, RETRY_AFTER, form);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) release(form);
  });
}

/* A text typed into a form that is not saved by itself is not left without a question. */
function guardTypedText() {
  const typed = new Set();
  const watched = (form) => form && form.method === "post" && !form.dataset.autosave && !("keep" in form.dataset);
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea") && watched(event.target.form)) typed.add(event.target.form);
  });
  document.addEventListener("submit", (event) => typed.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    const left = [...typed].some((form) => [...form.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue));
    if (!left) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

/* After a form came back with errors: the summary is read first, its links lead into the fields. */
function leadToErrors() {
  const summary = document.querySelector("[data-errors]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    const folded = field.closest("details:not([open])");
    if (folded) folded.open = true;
    const control = field.matches("fieldset") ? field.querySelector("input") : field;
    const shown = control.hidden ? control.parentElement.querySelector("[role=combobox]") : control;
    event.preventDefault();
    (shown || control).focus();
    field.scrollIntoView({ block: "center" });
  });
}

/* "280 / 300": every character counts one, Han or Latin; shown from four fifths of the limit. */
function countCharacters() {
  for (const field of document.querySelectorAll("[data-count]")) {
    const limit = Number(field.dataset.count);
    const line = document.createElement("output");
    line.className = "under";
    line.htmlFor = field.id;
    const show = () => {
      const used = [...field.value].length;
      line.textContent = used > limit * 0.8 ? `${used} / ${limit}` : "";
      line.classList.toggle("over", used > limit);
    };
    field.after(line);
    field.addEventListener("input", show);
    show();
  }
}

/* Text areas grow with their text where CSS cannot do it. */
function growTextareas() {
  if (CSS.supports("field-sizing", "content")) return;
  const grow = (area) => {
    if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight + 4}px`;
  };
  for (const area of document.querySelectorAll("textarea")) grow(area);
  document.addEventListener("input", (event) => {
    if (event.target.matches?.("textarea")) grow(event.target);
  });
}

/* Texts the editor kept on this device while offline: gone when their owner signs out, when
   somebody else signs in, and after a day in any case (phones are shared). */
const KEPT = "cop-draft:";
const KEEP_FOR = 24 * 3600 * 1000;
function sweepKeptTexts(everything) {
  try {
    const owner = document.body.dataset.viewer;
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(KEPT)) continue;
      const kept = JSON.parse(localStorage.getItem(key) || "{}");
      const old = !(Date.now() - kept.at < KEEP_FOR);
      if (everything || old || (owner && kept.owner !== owner)) localStorage.removeItem(key);
    }
  } catch {
    /* a browser that forbids storage has kept nothing */
  }
}

/* Short forms keep what is typed on this device, too, until a page says that it arrived. Who goes back from
   the browser's own page about a lost connection has sent nothing. */
const SENT = "cop-sent";
async function keepShortForms() {
  const owner = document.body.dataset.viewer;
  try {
    const sent = sessionStorage.getItem(SENT);
    if (sent && !document.querySelector("[data-unsent]")) {
      const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
      if (!cameBack && !document.querySelector("[data-errors]")) localStorage.removeItem(sent);
      sessionStorage.removeItem(SENT);
    }
  } catch {
    return; /* a browser that forbids storage keeps nothing */
  }
  const forms = owner ? [...document.querySelectorAll("form[data-keep]")] : [];
  if (!forms.length) return;
  const { enhance } = await import("./keep.js");
  for (const form of forms) {
    const key = `${KEPT}${owner}:${new URL(form.action, location).pathname}`;
    form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
    enhance(form, key, owner);
  }
}

/* Search boxes are comboboxes from the start; what they offer is loaded when one of them is used. One that does
   something else with what is chosen names its own script. */
const BOXES = { suggest: () => import("./suggest.js"), material: () => import("./material.js") };
function prepareSearchBoxes() {
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    const given = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${input.id}-offers` };
    for (const [name, value] of Object.entries(given)) input.setAttribute(name, value);
    const load = () => BOXES[input.dataset.with || "suggest"]().then((m) => m.enhance(input), () => {}); /* else it is a plain box */
    input.addEventListener("focus", load);
    if (document.activeElement === input) load();
  }
}

/* The bell counts anew while its page is looked at, once a minute at most. */
const BELL_EVERY = 60 * 1000;
function keepBell() {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  let last = Date.now();
  const look = async () => {
    if (document.visibilityState !== "visible" || Date.now() - last < BELL_EVERY) return;
    last = Date.now();
    try {
      const answer = await fetch(bell.dataset.bell, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { text, label } = await answer.json();
      bell.setAttribute("aria-label", label);
      for (const badge of document.querySelectorAll("[data-bell-count]")) {
        badge.textContent = text;
        badge.hidden = !text;
      }
    } catch {
      /* no connection: the number stays as it was */
    }
  };
  setInterval(look, BELL_EVERY / 4);
  document.addEventListener("visibilitychange", look);
}

function loadWhatIsNeeded() {
  const pickers = document.querySelectorAll("select[data-pick]");
  if (pickers.length) import("./picker.js").then((m) => pickers.forEach(m.enhance));
  const forms = document.querySelectorAll("form[data-autosave], form[data-preview]");
  if (forms.length) import("./editor.js").then((m) => forms.forEach(m.enhance));
  /* Where people can be mentioned and pages linked to, the list is loaded when somebody types the sign for it. */
  for (const form of document.querySelectorAll("form[data-mentions]")) {
    const asked = form.elements.mentions_asked;
    if (asked) asked.value = "1"; /* whom a name means is said while it is typed, and need not be asked */
    for (const area of form.querySelectorAll("textarea")) area.setAttribute("aria-haspopup", "listbox");
    const begin = ({ target }) => {
      if (!target.matches("textarea") || !/[@＠]|\[\[|【【/.test(target.value)) return;
      form.removeEventListener("input", begin);
      import("./mention.js").then((m) => {
        m.enhance(form);
        target.dispatchEvent(new Event("input", { bubbles: true }));
      }, () => {}); /* else "@" is a plain sign */
    };
    form.addEventListener("input", begin);
  }
}

/* The entries of a collection are put in order here, and by the server without script. */
function prepareCollections() {
  const list = document.querySelector("[data-collection]");
  if (list) import("./collection.js").then((m) => m.enhance(list), () => {}); /* else its buttons send the form */
}

/* A row follows the pointer that holds its grip, and says where it came to lie. The buttons do the same for the keyboard. */
function prepareGrips() {
  document.addEventListener("pointerdown", (event) => {
    const row = event.button ? null : event.target.closest?.(".grip")?.closest("li");
    if (!row) return;
    event.preventDefault();
    const done = (moved) => moved && row.dispatchEvent(new Event("row:moved", { bubbles: true }));
    import("./dragging.js").then((m) => m.drag(event, row, done), () => {});
  });
}

/* The rows of a form are put in order here, and by the server without script; minutes are counted anew from the first
   that are typed, as the page comes with those it was sent with. */
function prepareRows() {
  const parts = document.querySelectorAll("[data-rows]");
  if (!parts.length) return;
  import("./rows.js").then((m) => parts.forEach(m.enhance), () => {}); /* else its buttons send the form */
  const agenda = document.querySelector("[data-timing]")?.closest("[data-rows]");
  agenda?.closest("form").addEventListener("input", () => {
    import("./agenda.js").then((m) => m.enhance(agenda), () => {});
  }, { once: true });
}

/* Images and files are chosen, pasted or dropped by some who write: what that needs is loaded when one begins. */
function prepareImages() {
  for (const form of document.querySelectorAll("form")) {
    const fields = form.querySelectorAll("[data-images]");
    if (!fields.length) continue;
    const begun = new AbortController();
    const once = { signal: begun.signal };
    const load = (pasted) => {
      begun.abort();
      import("./images.js").then((m) => m.enhance(form, pasted), () => {}); /* else it is a plain form */
    };
    for (const field of fields) {
      field.addEventListener("focusin", () => load([]), once);
      field.addEventListener("change", () => load([]), once);
    }
    form.addEventListener("dragenter", () => load([]), once);
    form.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files || [])].filter((file) => file.type.startsWith("image/"));
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      load(files);
    }, once);
  }
}

/* On phones the main menu and tabs are lines that scroll: where one is stands in view. */
function showWhereOneIs() {
  for (const here of document.querySelectorAll(".nav [aria-current], .tabs [aria-current]")) {
    const line = here.closest("ul, .tabs");
    const most = line.getBoundingClientRect().right - 48;
    const beyond = here.getBoundingClientRect().right - most;
    if (line.scrollWidth > line.clientWidth && beyond > 0) line.scrollLeft = beyond;
  }
}

guardInputMethods();
guardDoubleSubmits();
quoteWhatIsMarked();
guardTypedText();
leadToErrors();
countCharacters();
growTextareas();
sweepKeptTexts(false);
keepBell();
showWhereOneIs();
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) sweepKeptTexts(true);
});
prepareSearchBoxes();
prepareImages();
prepareCollections();
prepareGrips();
prepareRows();
keepShortForms().catch(() => {}).then(loadWhatIsNeeded); /* pickers show what was put back */
