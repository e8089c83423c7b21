// Moves through the fields of an extraction form by keys, and saves the one that has the focus.

import { isTyping } from "./keys.js";

const fields = [...document.querySelectorAll("[data-field]")];

function current() {
  return fields.indexOf(document.activeElement.closest("[data-field]"));
}

// The page goes on with the field after the one that was saved.
if (location.hash) document.getElementById(location.hash.slice(1))?.focus();

document.addEventListener("keydown", (event) => {
  if (isTyping(event)) return;
  const at = current();
  if (event.key === "j" || event.key === "k") {
    const next = at < 0 ? 0 : at + (event.key === "j" ? 1 : -1);
    fields[Math.min(Math.max(next, 0), fields.length - 1)]?.focus();
    event.preventDefault();
  } else if (at >= 0) {
    fields[at].querySelector(`[data-act="${event.key}"]`)?.click();
  }
});
