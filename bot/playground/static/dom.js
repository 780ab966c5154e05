// Small tools: elements, requests, announcements, and replacing a list of keyed children without losing what was typed.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && name !== "role") element[name] = value;
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

export function avatar(person) {
  const words = person.real_name.split(/\s+/).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0]?.[0] ?? "?", words.length > 1 ? words.at(-1)[0] : ""].join("");
  return h("span", { className: `avatar hue-${hue(person.id)}`, "aria-hidden": "true" }, letters.toUpperCase());
}

// The same colour as the server gives (renderer.py).
const hue = (id) => [...id].reduce((sum, letter, index) => sum + letter.charCodeAt(0) * (index + 1), 0) % 10;

export const session = { as: "", channel: "", thread: "" };

const OFFLINE = "The playground does not answer. Is it still running?";

export class Trouble extends Error {}

async function ask(url, options) {
  const response = await fetch(url, options).catch(() => { throw new Trouble(OFFLINE); });
  return response;
}

// One act of the person; gives the answer or throws a Trouble with a sentence for that person.
export async function act(kind, fields = {}) {
  const response = await ask("/ui/act", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ as: session.as, kind, ...fields }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || !answer.ok) throw new Trouble(answer.error ?? "That did not work. Please try again.");
  if (answer.failed) throw new Trouble(answer.failed);
  return answer;
}

export async function read(path, parameters = {}) {
  const query = new URLSearchParams({ as: session.as, ...parameters });
  const response = await ask(`${path}?${query}`);
  if (!response.ok) throw new Trouble("This cannot be shown.");
  return response;
}

export const fragment = async (path, parameters) => parse(await (await read(path, parameters)).text());

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

export function announce(sentence) {
  const status = $("#status");
  status.textContent = "";
  requestAnimationFrame(() => { status.textContent = sentence; });
}

export function toast(sentence) {
  const close = h("button", { type: "button", className: "icon-button", "aria-label": "Dismiss" }, icon("close"));
  const note = h("div", { className: "toast" }, h("span", {}, sentence), close);
  close.addEventListener("click", () => note.remove());
  $("#toasts").append(note);
  setTimeout(() => note.remove(), 12_000);
}

const sources = new WeakMap();

// Puts the fresh children in place of the old ones: the unchanged stay as they are, the changed keep what was typed.
export function reconcile(container, fresh) {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const arrived = [];
  const wanted = fresh.map((node) => {
    const existing = known.get(node.dataset.key);
    if (existing && sources.get(existing) === node.outerHTML) return existing;
    sources.set(node, node.outerHTML);
    if (existing) carryOver(existing, node);
    else arrived.push(node);
    return node;
  });
  const keep = new Set(wanted);
  const refocus = focused && !wanted.some((node) => node.contains(focused)) ? counterpart(container, focused) : null;
  for (const child of [...container.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, index) => {
    if (container.children[index] !== node) container.insertBefore(node, container.children[index] ?? null);
  });
  if (refocus) refocus();
  return arrived;
}

const CONTROLS = "input, textarea, select";

function same(element, root) {
  const { blockId, actionId } = element.dataset;
  return $$(".element", root).find((other) => other.dataset.blockId === blockId && other.dataset.actionId === actionId);
}

function carryOver(from, to) {
  for (const element of $$(".element[data-touched]", from)) {
    const target = same(element, to);
    if (target?.dataset.type !== element.dataset.type) continue;
    target.dataset.touched = "";
    const values = new Map($$(CONTROLS, element).map((control) => [control.type + control.name + optionOf(control), control]));
    for (const control of $$(CONTROLS, target)) copyControl(values.get(control.type + control.name + optionOf(control)), control);
    if ($(".chosen", target)) $(".chosen", target).replaceChildren(...$(".chosen", element).cloneNode(true).childNodes);
  }
}

const choosable = (control) => control.type === "checkbox" || control.type === "radio";
const optionOf = (control) => (choosable(control) ? control.value : "");

function copyControl(from, to) {
  if (!from) return;
  if (choosable(to)) to.checked = from.checked;
  else if (to.tagName !== "SELECT" || [...to.options].some((option) => option.value === from.value)) to.value = from.value;
  if (from.dataset.option && !choosable(to)) to.dataset.option = from.dataset.option;
}

// Where the focus goes when the focused element is drawn anew: the same control, else what it stood in.
function counterpart(container, focused) {
  const key = focused.closest("[data-key]")?.dataset.key;
  const message = focused.closest(".message")?.dataset.key ?? key;
  const element = focused.closest(".element");
  const selection = "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const label = focused.getAttribute("aria-label");
  return () => {
    const home = $$("[data-key]", container).find((node) => node.dataset.key === message) ?? container;
    const twin = element && same(element, container);
    const target = (twin && ((focused.id && document.getElementById(focused.id)) || $("input, textarea, select, button, a", twin)))
      || (label && $$("button", home).find((button) => button.getAttribute("aria-label") === label)) || home;
    target.focus({ preventScroll: true });
    if (selection && selection[0] !== null && target.setSelectionRange && target.tagName === "TEXTAREA") target.setSelectionRange(...selection);
  };
}
