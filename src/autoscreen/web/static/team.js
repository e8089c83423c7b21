// The team's page: copies the link of an invitation, and sets a role when it is chosen.

import { announce, showMessage } from "./app.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
    announce("The link is copied");
  } catch {
    // Without HTTPS a browser gives no clipboard: the link is selected, the reader copies it.
    showMessage("The link is selected: copy it with Ctrl-C or ⌘C.");
  }
});

for (const form of document.querySelectorAll("form[data-send-on-change]")) {
  // A keyboard steps through the values, so the button stays for whoever uses one.
  form.addEventListener("change", () => form.classList.add("is-changed"));
}
