// The frame around it all: theme, the drawer on a phone, scrolling, hints for a newcomer.
import { $, $$, icon } from "./dom.js";

const THEMES = { system: ["auto", "Colours: as the system"], light: ["sun", "Colours: light"], dark: ["moon", "Colours: dark"] };

export function install() {
  $("#theme").addEventListener("click", nextTheme);
  drawTheme();
  $("#drawer-open").addEventListener("click", openDrawer);
  $("#drawer-close").addEventListener("click", () => closeDrawer(true));
  $("#shade").addEventListener("click", () => closeDrawer(true));
  $("#latest").addEventListener("click", () => { toBottom($("#scroll")); $("#latest").hidden = true; });
  $("#scroll").addEventListener("scroll", () => { if (isAtBottom($("#scroll"))) $("#latest").hidden = true; }, { passive: true });
  for (const scroll of [$("#scroll"), $("#thread-scroll")]) { stayAtBottom(scroll); walkable(scroll); }
}

function nextTheme() {
  const names = Object.keys(THEMES);
  const next = names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length];
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
  drawTheme();
}

function drawTheme() {
  const [drawing, label] = THEMES[document.documentElement.dataset.theme];
  const button = $("#theme");
  button.replaceChildren(icon(drawing));
  button.setAttribute("aria-label", label);
  button.title = label;
}

export const drawerIsOpen = () => $("#sidebar").classList.contains("open");

function openDrawer() {
  $("#sidebar").classList.add("open");
  $("#shade").hidden = false;
  $("#drawer-open").setAttribute("aria-expanded", "true");
  $("#main").inert = true;
  $("#drawer-close").focus();
}

export function closeDrawer(focus = drawerIsOpen()) {
  $("#sidebar").classList.remove("open");
  $("#shade").hidden = true;
  $("#drawer-open").setAttribute("aria-expanded", "false");
  $("#main").inert = false;
  if (focus) $("#drawer-open").focus();
}

export const isAtBottom = (scroll) => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;

export function toBottom(scroll) {
  scroll.scrollTop = scroll.scrollHeight;
}

// Shows one message among the others.
export function point(message) {
  message.scrollIntoView({ block: "center" });
  message.classList.add("arrived");
  message.focus({ preventScroll: true });
}

// Arrow keys go from message to message; only the message one is at lends its tools to the Tab key.
function walkable(scroll) {
  const tools = (event, index) => { for (const button of $$(".tools button", event.target.closest(".message") ?? $("#toasts"))) button.tabIndex = index; };
  scroll.addEventListener("focusin", (event) => tools(event, 0));
  scroll.addEventListener("focusout", (event) => tools(event, -1));
  scroll.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches(".message, .scroll")) return;
    event.preventDefault();
    walk(scroll, event.target, step);
  });
}

function walk(scroll, from, step) {
  const all = $$(".message", scroll);
  const at = all.indexOf(from);
  (at < 0 ? all.at(-1) : all[at + step])?.focus();
}

export function toLastMessage(scroll) {
  $$(".message", scroll).at(-1)?.focus();
}

// Who reads the newest message keeps seeing it when the box below grows or a keyboard appears.
function stayAtBottom(scroll) {
  let atBottom = true;
  scroll.addEventListener("scroll", () => { atBottom = isAtBottom(scroll); }, { passive: true });
  new ResizeObserver(() => { if (atBottom) toBottom(scroll); }).observe(scroll);
}

// `hints` have a title and a text; dismissed once, they stay away.
export function showTour(hints) {
  const tour = $("#tour");
  let at = 0;
  const draw = () => {
    const { title, text } = hints[at];
    $("strong", tour).textContent = title;
    $("p span", tour).textContent = text;
    $(".aside", tour).textContent = `${at + 1} of ${hints.length}`;
    $("[data-next]", tour).hidden = at === hints.length - 1;
  };
  const dismiss = () => { localStorage.setItem("tour", "seen"); tour.hidden = true; };
  if (!hints.length || localStorage.getItem("tour")) return;
  $("[data-next]", tour).addEventListener("click", () => { at += 1; draw(); if (at === hints.length - 1) $("[data-dismiss]", tour).focus(); });
  $("[data-dismiss]", tour).addEventListener("click", dismiss);
  draw();
  tour.hidden = false;
}
