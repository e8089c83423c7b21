// A new review: what was typed is saved as a draft after a moment, without leaving the page.

import { announce, ask } from "./app.js";

const PAUSE = 1500;
const form = document.querySelector("form[data-draft]");
let waiting;
let saving = Promise.resolve();

async function save() {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") data.append(name, value);
  }
  data.set("go", "save");
  try {
    const answer = JSON.parse(await ask(form.action, { method: "POST", body: data }));
    if (answer.draft) form.elements.draft.value = answer.draft;
    document.getElementById("draft-state").textContent = answer.draft ? "Draft saved." : "";
  } catch (error) {
    announce(error.message);
    document.getElementById("draft-state").textContent = `Not saved: ${error.message}`;
  }
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  // One after another, so that the first save gives the draft its number.
  waiting = setTimeout(() => { saving = saving.then(save); }, PAUSE);
});
form.addEventListener("submit", () => clearTimeout(waiting));
