// Uploads PDFs dropped anywhere on the page, also those in a folder.

const form = document.querySelector("form[data-pdfs]");

function say(text) {
  form.querySelector("[data-pdfs-status]").textContent = text;
}

function entriesOf(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function filesOf(entry) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return file.name.toLowerCase().endsWith(".pdf") ? [file] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await entriesOf(reader); // a browser lists a hundred at a time
    if (!some.length) return found;
    for (const one of some) found.push(...(await filesOf(one)));
  }
}

function holdsFiles(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

if (form) {
  const area = form.querySelector(".full-text__drop");
  form.addEventListener("submit", () => say("Uploading…"));
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    area.classList.add("full-text__drop--over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) area.classList.remove("full-text__drop--over");
  });
  document.addEventListener("drop", async (event) => {
    area.classList.remove("full-text__drop--over");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    // The list is empty once the event is over.
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry());
    try {
      const files = (await Promise.all(entries.filter(Boolean).map(filesOf))).flat();
      if (!files.length) {
        say("There is no PDF among the files.");
        return;
      }
      const chosen = new DataTransfer();
      for (const file of files) chosen.items.add(file);
      form.elements.file.files = chosen.files;
      form.requestSubmit();
    } catch (error) {
      say(`The files could not be read (${error.message}).`);
    }
  });
}
