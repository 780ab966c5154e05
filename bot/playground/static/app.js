// The playground's page: who one is, where one is, and keeping what is shown in step with the workspace.
import { $, $$, Trouble, act, announce, fragment, h, icon, read, reconcile, session, toast } from "./dom.js";
import * as blocks from "./blocks.js";
import * as clock from "./clock.js";
import * as modals from "./modals.js";
import { Composer } from "./composer.js";
import { menuItem, openMenu } from "./lists.js";
import * as people from "./people.js";
import * as shell from "./shell.js";

const BOT = document.body.dataset.bot;
let world = { people: [], bot: { id: "", name: BOT }, channels: [], commands: [], shortcuts: [], clock: null, tour: [] };
let stream = null;

const channel = () => world.channels.find((one) => one.id === session.channel);
const chat = () => world.channels.find((one) => one.kind === "im");
const me = () => world.people.find((person) => person.id === session.as);
const nameOf = (one) => (one.kind === "im" ? BOT : `#${one.name}`);

const botAsPerson = () => ({ id: world.bot.id, name: world.bot.name.toLowerCase(), real_name: world.bot.name, title: "App" });
const composerOf = (form, where) => new Composer(form, {
  world: () => ({ ...world, people: [...world.people, botAsPerson()] }),
  where,
  sent: () => refresh("state", "messages", "thread"),
  upwards: () => shell.toLastMessage(form.parentElement),
});
const composer = composerOf($("#composer-form"), () => ({ channel: session.channel || chat()?.id }));
const threadComposer = composerOf($("#thread-form"), () => ({ channel: session.channel, thread_ts: session.thread }));

// Addresses: #as=U…&channel=C…&thread=ts, or #as=U…&home

function address({ as = session.as, channel: id = session.channel, thread = "", ts = "", home = false }) {
  const parts = [`as=${encodeURIComponent(as)}`];
  if (home) parts.push("home");
  else if (id) parts.push(`channel=${encodeURIComponent(id)}`);
  if (thread) parts.push(`thread=${encodeURIComponent(thread)}`);
  if (ts) parts.push(`ts=${encodeURIComponent(ts)}`);
  return `#${parts.join("&")}`;
}

const go = (to) => { location.hash = address(to); };

async function arrive() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const before = { ...session };
  session.as = asked.get("as") || session.as || localStorage.getItem("as") || "";
  if (session.as !== before.as || !world.people.length) await becomeSomebody();
  session.home = asked.has("home");
  session.channel = session.home ? "" : known(asked.get("channel")) || somewhere();
  session.thread = session.home ? "" : asked.get("thread") || "";
  const moved = session.as !== before.as || session.channel !== before.channel || session.home !== before.home;
  drawPlaces();
  if (moved) await enter();
  if (moved || session.thread !== before.thread) await enterThread(before.thread);
  if (asked.get("ts")) await pointAt(asked.get("ts"));
}

// Where somebody begins who did not say where: where there is something to read.
const somewhere = () => (world.channels.find((one) => one.unread) ?? world.channels[0])?.id ?? "";
const known = (id) => world.channels.find((one) => one.id === id)?.id;

async function becomeSomebody() {
  session.as ||= document.body.dataset.first;
  await loadState().catch(() => {
    session.as = document.body.dataset.first;
    return loadState();
  });
  localStorage.setItem("as", session.as);
  people.showMe(me());
  listen();
  await modals.refreshViews();
}

async function enter() {
  shell.closeDrawer();
  const here = channel();
  $("#scroll").hidden = session.home;
  $("#home").hidden = !session.home;
  $("#composer-form").hidden = session.home;
  $("#latest").hidden = true;
  $("#place-name").textContent = session.home ? "Home" : nameOf(here);
  $("#place-topic").textContent = session.home ? `What ${BOT} keeps for ${me().real_name}` : topicOf(here);
  document.title = `${$("#place-name").textContent} · ${$("h1").textContent}`;
  announce(`${$("#place-name").textContent}, acting as ${me().real_name}`);
  if (session.home) {
    $("#home-blocks").replaceChildren();
    await loadHome();
    await act("home");
    $("#place-name").focus();
    return;
  }
  $("#messages").replaceChildren();
  latest = PAGE;
  $("#scroll").setAttribute("aria-busy", "true");
  await loadMessages("entering");
  $("#scroll").removeAttribute("aria-busy");
  composer.open(here.kind === "im" ? `Message ${BOT}` : `Message #${here.name}`);
  if (!matchMedia("(hover: none)").matches && !session.thread) composer.text.focus();
  await loadState();
}

function topicOf(here) {
  return here.kind === "im" ? `Private chat: only you and ${BOT}` : here.topic || "";
}

async function enterThread(before) {
  $("#thread").hidden = !session.thread;
  if (session.thread) {
    $("#thread-place").textContent = nameOf(channel());
    $("#thread-messages").replaceChildren();
    await loadThread();
    threadComposer.open("Reply in the thread");
    threadComposer.text.focus();
  } else if (before) {
    ($(`#messages [data-thread="${CSS.escape(before)}"]`) ?? composer.text).focus();
  }
}

// What is shown, fetched anew

async function loadState() {
  world = await (await read("/ui/state")).json();
  clock.showClock(world.clock);
  drawPlaces();
}

const PAGE = 60;
let latest = PAGE;
let messagesTurn = 0;
async function loadMessages(why = "live") {
  const here = session.channel;
  const turn = ++messagesTurn;
  const scroll = $("#scroll");
  const fresh = await fragment(`/ui/channel/${encodeURIComponent(here)}`, { latest });
  if (turn !== messagesTurn || here !== session.channel) return;
  const atBottom = why === "entering" || (why === "live" && shell.isAtBottom(scroll));
  const arrived = reconcile($("#messages"), fresh).filter((node) => node.matches(".message"));
  if (atBottom) shell.toBottom(scroll);
  if (why !== "live") return;
  for (const node of arrived) node.classList.add("arrived");
  if (arrived.length && !atBottom) $("#latest").hidden = false;
}

async function pointAt(ts) {
  const found = () => $(`.message[data-ts="${CSS.escape(ts)}"]`);
  if (!found() && !session.thread) {
    latest = Number.MAX_SAFE_INTEGER;
    await loadMessages("earlier");
  }
  if (found()) shell.point(found());
}

// Older messages come in above; what one was reading stays where it is.
async function showEarlier() {
  const scroll = $("#scroll");
  const [top, fromBottom] = [$(".message", scroll), scroll.scrollHeight - scroll.scrollTop];
  latest += PAGE;
  await loadMessages("earlier");
  scroll.scrollTop = scroll.scrollHeight - fromBottom;
  top.focus({ preventScroll: true });
}

async function loadThread() {
  const { channel: here, thread } = session;
  const fresh = await fragment(`/ui/channel/${encodeURIComponent(here)}`, { thread });
  if (thread !== session.thread) return;
  const scroll = $("#thread-scroll");
  const atBottom = shell.isAtBottom(scroll);
  reconcile($("#thread-messages"), fresh);
  if (atBottom) shell.toBottom(scroll);
}

async function loadHome() {
  const [section] = await fragment("/ui/home");
  if (!session.home) return;
  $("#home-blocks").dataset.viewId = section.dataset.viewId;
  reconcile($("#home-blocks"), [...section.children]);
}

const loaders = {
  state: loadState,
  messages: async () => { if (session.channel) await loadMessages(); },
  thread: async () => { if (session.thread) await loadThread(); },
  home: async () => { if (session.home) await loadHome(); },
  views: modals.refreshViews,
};
const waiting = new Set();

// Several changes within a moment are one redraw; a hidden page waits, so that nothing counts as read unseen.
function refresh(...what) {
  if (!waiting.size) setTimeout(redraw, 40);
  for (const one of what) waiting.add(one);
}

async function redraw() {
  if (document.hidden) return;
  const due = Object.keys(loaders).filter((one) => waiting.has(one));
  waiting.clear();
  const messages = due.includes("messages") && session.channel;
  try {
    for (const one of due.filter((name) => name !== "state")) await loaders[one]();
    if (due.includes("state") || messages) await loadState();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    $("#offline").hidden = false;
  }
}

function listen() {
  stream?.close();
  stream = new EventSource(`/ui/stream?as=${encodeURIComponent(session.as)}`);
  stream.onopen = () => { if (!$("#offline").hidden) { $("#offline").hidden = true; refresh(...Object.keys(loaders)); } };
  stream.onerror = () => { $("#offline").hidden = false; };
  for (const name of ["message", "message_changed", "message_deleted", "ephemeral"]) {
    stream.addEventListener(name, (event) => {
      refresh("state", ...(JSON.parse(event.data).channel === session.channel ? ["messages", "thread"] : []));
    });
  }
  for (const name of ["view_opened", "view_updated", "view_closed"]) stream.addEventListener(name, () => refresh("views"));
  stream.addEventListener("home", () => refresh("home"));
  stream.addEventListener("clock", (event) => { clock.setNow(JSON.parse(event.data).now); refresh("state"); });
}

// The side

function drawPlaces() {
  const focused = $("#places").contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const channels = world.channels.filter((one) => one.kind !== "im");
  const talk = chat();
  const unread = world.channels.some((one) => one.unread && one.id !== session.channel);
  $("#drawer-open .dot").hidden = !unread;
  $("#places").replaceChildren(
    group(BOT, [
      placeLink({ mark: icon("home"), name: "Home", to: { home: true }, here: session.home }),
      talk && placeLink({ mark: icon("chat"), name: "Private chat", to: { channel: talk.id }, here: session.channel === talk.id, unread: talk.unread }),
    ]),
    group("Channels", channels.length ? channels.map(channelLink) : [h("li", { className: "aside place" }, "In no channel yet")]),
  );
  if (focused) $$("#places a").find((link) => link.getAttribute("href") === focused)?.focus();
}

const group = (title, links) => h("section", {}, h("h2", {}, title), h("ul", {}, ...links));

function channelLink(one) {
  const mark = one.is_private ? icon("lock") : h("span", { className: "hash", "aria-hidden": "true" }, "#");
  return placeLink({ mark, name: one.name, to: { channel: one.id }, here: one.id === session.channel, unread: one.unread });
}

function placeLink({ mark, name, to, here, unread = 0 }) {
  const counted = unread && !here;
  const link = h("a", { className: `place${counted ? " unread" : ""}`, href: address(to) }, mark, h("span", { className: "name" }, name));
  if (here) link.setAttribute("aria-current", "page");
  if (counted) link.append(h("span", { className: "count" }, String(unread), h("span", { className: "visually-hidden" }, " unread")));
  return h("li", {}, link);
}

// What one does with a message

function messageTools(event) {
  const opener = event.target.closest("[data-thread]");
  const shortcuts = event.target.closest("[data-shortcuts]");
  if (opener) go({ thread: opener.dataset.thread });
  if (event.target.closest("[data-earlier]")) showEarlier();
  if (!shortcuts) return;
  const { channel: where, ts } = shortcuts.closest(".message").dataset;
  const offered = world.shortcuts.filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => act("shortcut", { callback_id: shortcut.callback_id, channel: where, ts }).catch((error) => toast(error.message));
  const reply = shortcuts.closest("#messages") && menuItem("Reply in thread", () => go({ thread: ts }));
  $("#menu").replaceChildren(...(reply ? [reply] : []), ...offered.map((shortcut) => menuItem(shortcut.name, () => run(shortcut), shortcut.description)));
  openMenu(shortcuts, $("#menu"));
}

// Links to this workspace stay in this page: mentions of channels, places at the side, permalinks of messages.
function localLinks(event) {
  const link = event.target.closest("a[href]");
  if (!link) return;
  const to = link.matches("[data-skip]") ? null : placeAt(new URL(link.href));
  if (to) go(to);
  else if (link.matches("[data-skip]")) (session.home ? $("#home") : composer.text).focus();
  else return;
  event.preventDefault();
}

function placeAt(url) {
  if (url.origin !== location.origin) return null;
  const permalink = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(url.pathname);
  if (permalink) return { channel: permalink[1], ts: `${permalink[2]}.${permalink[3]}`, thread: url.searchParams.get("thread_ts") ?? "" };
  if (url.pathname !== "/" || !url.hash) return null;
  const to = new URLSearchParams(url.hash.slice(1));
  return { channel: to.get("channel") ?? undefined, thread: to.get("thread") ?? "", ts: to.get("ts") ?? "", home: to.has("home") };
}

function keys(event) {
  if (event.key !== "Escape" || event.defaultPrevented || $("dialog[open]")) return;
  if (shell.drawerIsOpen()) shell.closeDrawer();
  else if (session.thread) go({});
}

function start() {
  blocks.install();
  modals.install(() => (session.home ? $("#place-name") : composer.text).focus());
  clock.install(() => refresh(...Object.keys(loaders)));
  people.install({ everybody: () => world.people, choose: (id) => go({ as: id, channel: session.channel, home: session.home }) });
  shell.install();
  $("#thread-close").addEventListener("click", () => go({}));
  $("#messages").addEventListener("click", messageTools);
  $("#thread-messages").addEventListener("click", messageTools);
  document.addEventListener("click", localLinks);
  document.addEventListener("keydown", keys);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(...Object.keys(loaders)); });
  const { arrival } = document.body.dataset;
  if (!location.hash && !localStorage.getItem("as") && arrival) history.replaceState(null, "", `#${arrival}`);
  addEventListener("hashchange", arriveSafely);
  return arriveSafely();
}

// One arrival after the other: a second address may come while the first is still being fetched.
let arrivals = Promise.resolve();
function arriveSafely() {
  arrivals = arrivals.catch(() => {}).then(arrive).catch((error) => {
    if (!(error instanceof Trouble)) throw error;
    toast(error.message);
  });
  return arrivals;
}

await start();
shell.showTour(world.tour ?? []);
document.body.dataset.ready = "";
