// What all pages share: settings, messages, dialogs, parts fetched anew, and news from the server.
// Every page works without it.

const root = document.documentElement;

export const PART = { "X-Autoscreen-Part": "1" };
/** Path of these pages: empty, or such as "/screening" behind a proxy or "/r/headache" at home. */
export const ROOT = new URL("../..", import.meta.url).pathname.slice(0, -1);
/** Path of the server, which may have many reviews; `ROOT` is that of the review. */
export const SITE = root.dataset.site ?? "";
const YEAR = 365 * 24 * 3600;

// ------------------------------------------------------------------------------------- settings

/** Read the settings that the page bears. */
export function settings() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith("autoscreen_reading="));
  return new URLSearchParams(cookie ? cookie.slice("autoscreen_reading=".length) : "");
}

/** Keep a setting and show it at once. */
export function setSetting(name, value) {
  const all = settings();
  all.set(name, value);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `autoscreen_reading=${all}; Max-Age=${YEAR}; Path=${SITE || "/"}; SameSite=Lax${secure}`;
  root.dataset[name] = value;
}

document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-settings]") && event.target.name) {
    setSetting(event.target.name, event.target.value);
  }
});

// ------------------------------------------------------------------------------------- messages

/** Announce something to users of a screen reader. */
export function announce(text) {
  const place = document.getElementById("spoken");
  if (place) place.textContent = text;
}

/** Show a message; `kind` is "done" or "problem". */
export function showMessage(text, kind = "done") {
  const places = document.getElementById("flashes");
  const flash = document.createElement("div");
  flash.className = `flash flash--${kind}`;
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "flash__close";
  close.dataset.close = ".flash";
  close.setAttribute("aria-label", "Close this message");
  close.textContent = "×";
  flash.append(paragraph, close);
  places.append(flash);
  fade(flash);
  return flash;
}

// A message that can be taken back stays; others go when they were read.
function fade(flash) {
  if (flash.querySelector("form") || flash.classList.contains("flash--problem")) return;
  setTimeout(() => flash.remove(), 8000);
}
document.querySelectorAll("#flashes .flash").forEach(fade);

// -------------------------------------------------------------------------- dialogs and menus

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.querySelector(opener.dataset.open)?.showModal();
  const closer = event.target.closest("[data-close]");
  if (closer) {
    const closed = closer.closest(closer.dataset.close);
    if (closed instanceof HTMLDialogElement) closed.close();
    else closed?.remove();
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// ------------------------------------------------------------------------- parts fetched anew

/** Ask the server for a part of a page; gives its text, or throws an Error to show. */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...PART, ...options.headers } });
  } catch {
    throw new Error("No response from the server. Is autoscreen still running?");
  }
  const text = await response.text();
  if (response.ok) return text;
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    data = { error: text.slice(0, 300) };
  }
  if (data.sign_in) location.assign(`${SITE}/sign-in`);
  throw Object.assign(new Error(data.error), { status: response.status, data });
}

/** Put the element of this id from an response in the place of the one on the page. */
export function replacePart(selector, text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  if (!fresh || !old) return;
  for (const opened of old.querySelectorAll("details[id][open]")) {
    fresh.querySelector(`details[id="${opened.id}"]`)?.setAttribute("open", "");
  }
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  old.replaceWith(document.adoptNode(fresh));
  if (focused) sameControl(fresh, focused)?.focus({ preventScroll: true });
  for (const flash of page.querySelectorAll("#flashes .flash")) {
    document.getElementById("flashes").append(flash);
    fade(flash);
  }
  fresh.dispatchEvent(new CustomEvent("autoscreen:replaced", { bubbles: true }));
}

// Who works with the keyboard finds the focus on the same control after its part was replaced.
function sameControl(fresh, focused) {
  const text = focused.textContent.trim();
  return [...fresh.querySelectorAll(focused.localName)].find((one) => focused.id
    ? one.id === focused.id
    : one.textContent.trim() === text && one.name === focused.name);
}

async function swap(selector, path, options, address) {
  const place = document.querySelector(selector);
  place?.setAttribute("aria-busy", "true");
  try {
    replacePart(selector, await ask(path, options));
    if (address) history.replaceState(null, "", address);
  } catch (error) {
    showMessage(error.message, "problem");
  } finally {
    place?.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const pressed = event.submitter;
  const data = new FormData(form, pressed);
  const action = pressed?.getAttribute("formaction") || form.getAttribute("action") || location.pathname;
  if (form.method === "get") {
    const path = `${action}?${new URLSearchParams(data)}`;
    swap(form.dataset.swap, path, {}, path);
  } else {
    const files = form.enctype === "multipart/form-data";
    swap(form.dataset.swap, action, { method: "POST", body: files ? data : new URLSearchParams(data) });
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  swap(link.dataset.swap, link.href, {}, link.href);
});
let typing;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-swap][data-as-typed]");
  if (!form) return;
  clearTimeout(typing);
  typing = setTimeout(() => form.requestSubmit(), 250);
});

// ------------------------------------------------------------------------ news from the server

let stream = null;
const KINDS = ["label", "counts", "import", "order", "conflict", "team", "protocol", "search", "preparing", "job"];

function connect() {
  if (stream || document.hidden || !document.body.dataset.live && !document.querySelector("[data-live]")) return;
  stream = new EventSource(`${ROOT}/events?after=${document.body.dataset.event}`);
  stream.addEventListener("missed", refreshAll);
  for (const kind of KINDS) {
    stream.addEventListener(kind, (event) => {
      const data = JSON.parse(event.data);
      document.dispatchEvent(new CustomEvent(`news:${kind}`, { detail: data }));
      for (const part of document.querySelectorAll(`[data-live~="${kind}"][data-src][id]`)) refresh(part);
    });
  }
}

// A browser keeps few lines open to one server, so a page that nobody sees gives its own up.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else {
    connect();
    refreshAll();
  }
});
addEventListener("pagehide", () => stream?.close());

function refreshAll() {
  document.querySelectorAll("[data-live][data-src][id]").forEach(refresh);
}

const due = new Map();
function refresh(part) {
  const id = part.id;
  if (due.has(id)) return;
  due.set(id, setTimeout(async () => {
    due.delete(id);
    const place = document.getElementById(id);
    if (!place) return;
    if (inUse(place)) return refresh(place);
    let text;
    try {
      text = await ask(place.dataset.src);
    } catch {
      return; // The next news tries again; what the page shows is only older.
    }
    // The answer took a moment, in which somebody may have begun to type.
    if (inUse(place)) refresh(place);
    else replacePart(`#${id}`, text);
  }, Number(part.dataset.wait ?? 400)));
}
// A part in which somebody types or chooses waits until they have finished.
function inUse(place) {
  const active = document.activeElement;
  return place.contains(active) && active.matches("input, select, textarea")
    || place.querySelector("details[data-hold][open]") !== null;
}
connect();
