/* A row of a list follows the mouse, the pen or the finger that holds its grip. Loaded when a grip is first held.
   The row itself stays in the page and its neighbours step aside, so that the pointer is never lost. */

const EDGE = 96; /* so near the edge of the window the page begins to scroll */
const STEP = 14;

export function drag(event, item, done) {
  const list = item.parentElement;
  const before = [...list.children];
  let y = event.clientY;
  let frame = 0;

  const middle = (row) => {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  };
  const place = () => {
    while (item.nextElementSibling && y > middle(item.nextElementSibling)) item.before(item.nextElementSibling);
    while (item.previousElementSibling && y < middle(item.previousElementSibling)) item.after(item.previousElementSibling);
  };
  const scroll = () => {
    const up = y < EDGE && y < event.clientY;
    if (up || (y > innerHeight - EDGE && y > event.clientY)) {
      scrollBy({ top: up ? -STEP : STEP, behavior: "instant" });
      place();
    }
    frame = requestAnimationFrame(scroll);
  };
  const ending = new AbortController();
  const end = (restored) => {
    ending.abort();
    cancelAnimationFrame(frame);
    item.classList.remove("is-dragged");
    if (restored) {
      const at = before.indexOf(item);
      before.slice(0, at).forEach((row) => item.before(row));
      list.append(...before.slice(at + 1));
    }
    done(!restored && before.some((row, i) => row !== list.children[i]));
  };
  const heard = { signal: ending.signal };
  const own = (moved) => moved.pointerId === event.pointerId;

  item.classList.add("is-dragged");
  document.addEventListener("pointermove", (moved) => {
    if (!own(moved)) return;
    y = moved.clientY;
    place();
  }, heard);
  document.addEventListener("pointerup", (moved) => own(moved) && end(false), heard);
  document.addEventListener("pointercancel", (moved) => own(moved) && end(true), heard);
  document.addEventListener("keydown", (key) => {
    if (key.key !== "Escape") return;
    key.preventDefault();
    end(true);
  }, heard);
  frame = requestAnimationFrame(scroll);
}
