// Files that are dropped anywhere on the page are brought in, and the page tells how far it is.

import { ask, put, speak, tell } from "./app.js";

const PHASES = { reading: "records read", finding: "looking for duplicates" };
let busy = false;

function form() {
  return document.querySelector("form[data-import]");
}

function say(text) {
  const place = document.getElementById("import-said");
  if (place) place.textContent = text;
}

async function send(told, names) {
  busy = true;
  const panel = document.getElementById("import");
  panel?.setAttribute("aria-busy", "true");
  form()?.querySelector("button")?.setAttribute("disabled", "");
  say(`Sending ${names}…`);
  try {
    put("#overview", await ask("/import", { method: "POST", body: told }));
    document.getElementById("import")?.scrollIntoView({ block: "nearest" });
    speak("The files were brought in.");
  } catch (error) {
    tell(error.message, "problem");
    say("");
  } finally {
    busy = false;
    document.getElementById("import")?.removeAttribute("aria-busy");
    form()?.querySelector("button")?.removeAttribute("disabled");
  }
}

function named(files) {
  return files.length === 1 ? files[0].name : `${files.length} files`;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-import]")) return;
  event.preventDefault();
  if (busy) return;
  send(new FormData(event.target), named(event.target.elements.file.files));
});

document.addEventListener("news:import", (event) => {
  const { file, what, done } = event.detail;
  if (!busy || !file) return;
  say(what === "reading" ? `${file}: ${done.toLocaleString()} ${PHASES.reading}` : `${file}: ${PHASES.finding}`);
});

function over(event) {
  if (![...(event.dataTransfer?.types ?? [])].includes("Files") || !form()) return false;
  event.preventDefault();
  return true;
}
document.addEventListener("dragover", (event) => {
  if (over(event)) document.querySelector(".drop")?.classList.add("drop--over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.querySelector(".drop")?.classList.remove("drop--over");
});
document.addEventListener("drop", (event) => {
  document.querySelector(".drop")?.classList.remove("drop--over");
  if (!over(event) || busy) return;
  const told = new FormData(form());
  told.delete("file");
  for (const file of event.dataTransfer.files) told.append("file", file);
  send(told, named(event.dataTransfer.files));
});
