// Imports files dropped anywhere on the page and shows the progress.

import { ROOT, ask, replacePart, announce, showMessage } from "./app.js";

const PHASES = {
  waiting: "waiting for another import to end",
  finding: "checking for duplicates",
};
let busy = false;
let sent = new Set(); // Names of the files of this page: others may import at the same time

function form() {
  return document.querySelector("form[data-import]");
}

function setStatus(text) {
  const place = document.getElementById("import-status");
  if (place) place.textContent = text;
}

async function send(data, files) {
  busy = true;
  sent = new Set([...files].map((file) => file.name));
  const panel = document.getElementById("import");
  panel?.setAttribute("aria-busy", "true");
  form()?.querySelector("button")?.setAttribute("disabled", "");
  setStatus(`Uploading ${nameOf(files)}…`);
  try {
    const answer = await ask(`${ROOT}/import`, { method: "POST", body: data });
    const before = panelTop();
    replacePart("#overview", answer);
    // More is above the panel now; it stays where the reader looks, with the report at its top.
    scrollBy({ top: panelTop() - Math.max(before, 0), behavior: "instant" });
    announce("The files were imported.");
  } catch (error) {
    showMessage(error.message, "problem");
    setStatus("");
  } finally {
    busy = false;
    document.getElementById("import")?.removeAttribute("aria-busy");
    form()?.querySelector("button")?.removeAttribute("disabled");
  }
}

function panelTop() {
  return document.getElementById("import")?.getBoundingClientRect().top ?? 0;
}

function nameOf(files) {
  return files.length === 1 ? files[0].name : `${files.length} files`;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-import]")) return;
  event.preventDefault();
  if (busy) return;
  send(new FormData(event.target), event.target.elements.file.files);
});

document.addEventListener("news:import", (event) => {
  const { file, what, done } = event.detail;
  if (!busy || !sent.has(file)) return;
  const phase = PHASES[what] ?? `${done.toLocaleString()} records read`;
  setStatus(`${file}: ${phase}`);
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
  const data = new FormData(form());
  data.delete("file");
  for (const file of event.dataTransfer.files) data.append("file", file);
  send(data, event.dataTransfer.files);
});
