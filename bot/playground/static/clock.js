// The workspace's own clock: what time it is there, and moving it.
import { $, $$, Trouble, act, announce, toast } from "./dom.js";

let offset = 0;
let zone = "UTC";

const inZone = (moment, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", ...options }).format(moment);
const day = (moment) => inZone(moment, { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
const year = (moment) => inZone(moment, { year: "numeric" });
const time = (moment) => inZone(moment, { hour: "2-digit", minute: "2-digit" });
const city = () => zone.split("/").at(-1).replaceAll("_", " ");

export function install(moved) {
  $("#clock-moves").addEventListener("click", (event) => {
    const button = event.target.closest("[data-to]");
    if (button && button.getAttribute("aria-disabled") !== "true") move(button.dataset.to, moved);
  });
  $("#clock-toggle").addEventListener("click", () => drop(!$("#clock-moves").classList.contains("open")));
  $("#clock-moves").addEventListener("keydown", (event) => { if (event.key === "Escape") { drop(false); $("#clock-toggle").focus(); } });
  setInterval(draw, 1000);
}

// `clock` is {now, zone, next: {at, what} | null} of the state, or null where the workspace runs in real time.
export function showClock(clock) {
  $("#clock").hidden = !clock;
  if (!clock) return;
  zone = clock.zone ?? zone;
  setNow(clock.now);
  const { next } = clock;
  const at = next && new Date(next.at);
  $("#clock-next").textContent = next ? `Next: ${day(at)}, ${time(at)} · ${next.what}` : "Nothing is planned.";
  $("#clock-next").title = $("#clock-next").textContent;
  $("[data-to=next]").setAttribute("aria-disabled", String(!next));
}

export function setNow(now) {
  offset = Date.parse(now) - Date.now();
  draw();
}

function draw() {
  const now = new Date(Date.now() + offset);
  const text = `${day(now)} ${year(now)}, ${time(now)} · ${city()}`;
  if ($("#clock-now").textContent === text) return;
  $("#clock-now").textContent = text;
  $("#clock-now").dateTime = now.toISOString();
}

async function move(to, moved) {
  busy(true);
  announce("Moving the clock.");
  try {
    const { now, what } = await act("clock", { to });
    setNow(now);
    const moment = new Date(now);
    announce(`It is now ${day(moment)}, ${time(moment)}, ${city()}. ${what ?? ""}`);
    drop(false);
    moved();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    toast(error.message);
  } finally {
    busy(false);
  }
}

function busy(on) {
  $("#progress").hidden = !on;
  for (const button of $$("[data-to]")) button.setAttribute("aria-disabled", String(on));
}

function drop(open) {
  $("#clock-moves").classList.toggle("open", open);
  $("#clock-toggle").setAttribute("aria-expanded", String(open));
}
