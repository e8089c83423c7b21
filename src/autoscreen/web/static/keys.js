// Keys of a page: a letter presses the button or follows the link that bears it (data-key), and
// "?" opens the list of keys. While somebody types, letters are letters.

export function isTyping(event) {
  const off = document.documentElement.dataset.keys === "off" && event.key.length === 1;
  return off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat
    || event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")
    || document.querySelector("dialog[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches("input, textarea, select")) event.target.blur();
  if (isTyping(event) || event.defaultPrevented) return;
  if (event.key === "?") {
    document.getElementById("help")?.showModal();
    return;
  }
  const key = event.key.toLowerCase();
  if (key === "z" && !document.querySelector('[data-key="z"]')) {
    // A message with Undo is the newest thing that was done on this page.
    [...document.querySelectorAll("#flashes form button")].at(-1)?.click();
    return;
  }
  const wanted = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (!wanted) return;
  event.preventDefault();
  if (wanted.matches("button, a")) wanted.click();
  else wanted.focus();
});
