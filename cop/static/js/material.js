/* What a workshop can be built on is offered while one types, and becomes a row where it is chosen. It is the search
   box's own list (suggest.js); only what choosing does is another. */

import { SearchBox } from "./suggest.js";

class Material extends SearchBox {
  choose(option) {
    this.close();
    this.input.value = "";
    this.input.closest("[data-rows]").dispatchEvent(new CustomEvent("row:add", { detail: option }));
  }
}

const boxes = new WeakSet();

export function enhance(input) {
  if (boxes.has(input)) return;
  boxes.add(input);
  const box = new Material(input);
  if (input.value !== input.defaultValue) box.want(); /* typed while this was on its way */
}
