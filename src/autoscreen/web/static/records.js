// The table of records: choosing many. Without it the boxes are ticked one by one.

import { announce } from "./app.js";
import { isTyping } from "./keys.js";

const place = document.querySelector("main");
let last = null;

function boxes() {
  return [...place.querySelectorAll('#records input[name="record"]')];
}

function count() {
  const chosen = boxes().filter((box) => box.checked).length;
  const label = place.querySelector("[data-chosen]");
  if (label) label.textContent = chosen ? `${chosen} selected` : "selected records";
  const all = place.querySelector("[data-tick-all]");
  if (all) {
    all.checked = chosen > 0 && chosen === boxes().length;
    all.indeterminate = chosen > 0 && !all.checked;
  }
  if (chosen) {
    const scope = place.querySelector('input[name="scope"][value="chosen"]');
    if (scope) scope.checked = true;
  }
  // While somebody is choosing, the table does not change.
  const table = document.getElementById("records");
  if (table && chosen) table.removeAttribute("data-live");
  else if (table) table.dataset.live = "counts import";
  return chosen;
}

place.addEventListener("click", (event) => {
  const box = event.target.closest('#records input[name="record"]');
  if (!box) return;
  const all = boxes();
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  count();
});
place.addEventListener("change", (event) => {
  if (!event.target.matches("[data-tick-all]")) return;
  for (const box of boxes()) box.checked = event.target.checked;
  announce(`${count()} selected`);
});

document.addEventListener("autoscreen:replaced", count);

// ---------------------------------------------------------------------------------------- keys

function titles() {
  return [...place.querySelectorAll("#records .records__title > a")];
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => document.activeElement.closest("#records tbody tr")?.querySelector('input[name="record"]')?.click(),
  t: () => {
    const more = document.getElementById("many-more");
    if (more) more.open = true;
    document.getElementById("m-tag")?.focus();
  },
};

function move(by) {
  const all = titles();
  const at = all.indexOf(document.activeElement.closest("#records tbody tr")?.querySelector(".records__title > a"));
  all[Math.min(all.length - 1, Math.max(0, at + by))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event) || !KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});

// On a phone the bar leaves room for the records.
if (matchMedia("(max-width: 60rem)").matches) {
  const close = () => document.getElementById("many-more")?.removeAttribute("open");
  close();
  document.addEventListener("autoscreen:replaced", close);
}
