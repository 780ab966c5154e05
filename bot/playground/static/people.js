// Acting as any member: who one is, and the list to choose from.
import { $, avatar, h } from "./dom.js";
import { Choices } from "./lists.js";

let everybody = () => [];
let mine = "";
let choices = null;

// `everybody()` gives the members; `choose(id)` switches the whole view.
export function install(options) {
  everybody = options.everybody;
  const [dialog, search] = [$("#people"), $("#people-search")];
  choices = new Choices(search, $("#people-list"), (option) => { dialog.close(); options.choose(option.dataset.person); });
  $("#act-as").addEventListener("click", () => { search.value = ""; list(); dialog.showModal(); search.focus(); });
  search.addEventListener("input", list);
  search.addEventListener("keydown", (event) => { if (event.key !== "Escape") choices.key(event, { tab: false }); });
  $("[data-close]", dialog).addEventListener("click", () => dialog.close());
}

export function showMe(person) {
  mine = person.id;
  const button = $("#act-as");
  $(".avatar", button).replaceWith(avatar(person));
  $("strong", button).textContent = person.real_name;
  $(".side", button).textContent = person.title;
  $("#acting").textContent = `as ${person.real_name}`;
}

function list() {
  const words = $("#people-search").value.toLowerCase().trim().split(/\s+/);
  const fits = (person) => words.every((word) => `${person.real_name} ${person.name} ${person.title}`.toLowerCase().includes(word));
  const groups = Map.groupBy ? Map.groupBy(found(fits), label) : grouped(found(fits));
  const nodes = [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([title, members]) => h(
    "div", { role: "group", "aria-label": title }, h("p", { className: "group-label", "aria-hidden": "true" }, title), ...members.map(option),
  ));
  choices.show(nodes.length ? nodes : [h("p", { className: "empty" }, "Nobody by that name.")], Boolean(words[0]));
}

const found = (fits) => everybody().filter((person) => !person.is_bot && !person.deleted && fits(person));
const label = (person) => person.title || "Others";

function grouped(members) {
  const groups = new Map();
  for (const person of members) groups.set(label(person), [...(groups.get(label(person)) ?? []), person]);
  return groups;
}

function option(person) {
  const node = h("div", { role: "option" }, avatar(person), h("span", {}, person.real_name));
  if (person.id === mine) node.append(h("span", { className: "is-you" }, "you act as"));
  node.dataset.person = person.id;
  return node;
}
