// Moves through the fields of an extraction form by keys, and saves the one that has the focus.

import { isTyping } from "./keys.js";

const fields = [...document.querySelectorAll("[data-field]")];

function current() {
  return fields.indexOf(document.activeElement.closest("[data-field]"));
}

// On a narrow screen the text lies above the fields: it is closed at first, and then stays as chosen.
const texts = document.querySelector(".extraction__texts");
if (matchMedia("(max-width: 60rem)").matches) {
  texts.open = sessionStorage.getItem("extraction-texts") === "open";
  texts.addEventListener("toggle", () =>
    sessionStorage.setItem("extraction-texts", texts.open ? "open" : "closed"),
  );
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
