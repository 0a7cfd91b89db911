/* When each row of an agenda begins, while its minutes are typed; what the days add up to, and what does not.
   The arithmetic is the server's (workshops/agenda.py, workshops/timing.py), which did it for the page as it came;
   a test holds the two together. */

const DAY = 24 * 60;

/** A whole number of minutes in either width of digits; NaN for anything else, 0 for nothing. */
function whole(typed) {
  const text = typed.normalize("NFKC").trim();
  if (!text) return 0;
  return /^[0-9]{1,6}$/.test(text) ? Number(text) : NaN;
}

/** Minutes after midnight of a time of day as people write it, or null. */
function clockOf(typed) {
  const found = /^([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])$/.exec(typed.replace(/\s+/g, ""));
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

class Agenda {
  constructor(part) {
    this.form = part.closest("form");
    this.list = part.querySelector("[data-rows-list]");
    this.timing = part.querySelector("[data-timing]");
    this.say = this.timing.dataset;
    this.sum = this.timing.querySelector("[data-sum]");
    this.off = this.timing.querySelector("[data-off]");
    this.form.addEventListener("input", () => this.count());
    this.form.addEventListener("change", () => this.count());
    this.count();
  }

  count() {
    const begins = clockOf(this.form.elements.begins?.value || "");
    const days = [];
    let wrong = false;
    for (const row of this.list.children) {
      const typed = row.querySelector("[name=agenda_minutes]");
      const minutes = whole(typed.value);
      wrong ||= Number.isNaN(minutes);
      this.markWrong(typed, Number.isNaN(minutes));
      const told = [...row.querySelectorAll("[name=agenda_title], [name=agenda_activity], [name=agenda_minutes]")].some((field) => field.value.trim());
      const starts = row.querySelector("[data-row-starts]");
      starts.textContent = "";
      if (!told || row.querySelector("[name=agenda_gone]")?.checked) continue;
      if (!days.length || this.opensDay(row)) days.push(0);
      const clock = document.createElement(begins === null ? "span" : "time");
      clock.className = "b";
      clock.textContent = this.clock(begins, days.at(-1));
      starts.append(clock);
      days[days.length - 1] += minutes || 0;
    }
    this.tell(days, wrong);
  }

  opensDay(row) {
    const field = row.querySelector("[name=agenda_day]");
    return Boolean(field && (field.checked || field.type === "hidden"));
  }

  markWrong(field, wrong) {
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  clock(begins, after) {
    const minutes = begins === null ? after : (begins + after) % DAY;
    const hours = String(Math.floor(minutes / 60));
    return `${begins === null ? hours : hours.padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  }

  lasting(minutes) {
    const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
    const said = (one, more, n) => (n === 1 ? one : more.replace("2", n));
    const whole = said(this.say.sayHour, this.say.sayHours, hours);
    const left = said(this.say.sayMinute, this.say.sayMinutes, rest);
    if (!rest) return hours ? whole : "";
    return hours ? this.say.sayBoth.replace("{hours}", whole).replace("{minutes}", left) : left;
  }

  tell(days, wrong) {
    const total = days.reduce((sum, one) => sum + one, 0);
    const said = whole(this.form.elements.minutes?.value || "") || 0;
    const parts = total ? [this.say.saySum.replace("{length}", this.lasting(total))] : [];
    if (total && days.length > 1) {
      days.forEach((one, i) => parts.push(this.say.sayDay.replace("{day}", i + 1).replace("{length}", this.lasting(one) || "0")));
    }
    this.write(this.sum, parts.join(" "));
    const off = wrong ? [this.say.sayWhole] : [];
    days.forEach((one, i) => {
      if (one > DAY) off.push(this.say.sayLong.replace("{day}", i + 1).replace("{hours}", Number((one / 60).toPrecision(4))));
    });
    if (said && total && said !== total) off.push(this.say.sayOff.replace("{length}", this.lasting(said)));
    this.write(this.off, off.join(" "));
  }

  write(place, text) {
    if (place.textContent !== text) place.textContent = text; /* said once, when it changes */
  }
}

const known = new WeakSet();

export function enhance(part) {
  if (known.has(part)) return;
  known.add(part);
  new Agenda(part);
}
