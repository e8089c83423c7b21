// Possible duplicates by keys: y merges, n keeps both, z undoes.

document.addEventListener("keydown", (event) => {
  if (document.documentElement.dataset.keys === "off" && event.key.length === 1) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input, textarea, select") || document.querySelector("dialog[open]")) return;
  const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key.toLowerCase());
  if (!button) return;
  event.preventDefault();
  button.click();
});
