// The controls of Block Kit: what is entered in them, and what the bot hears when one is used.
import { $, $$, Trouble, act, h, toast } from "./dom.js";
import { Choices, openMenu } from "./lists.js";

const option = (node) => (node?.dataset.option ? JSON.parse(node.dataset.option) : null);
const chosenOf = (element) => $$("input:checked", element);
const fields = {
  static_select: (element) => ({ selected_option: option($("select", element).selectedOptions[0]) }),
  radio_buttons: (element) => ({ selected_option: option(chosenOf(element)[0]) }),
  external_select: (element) => ({ selected_option: option($("input", element)) }),
  checkboxes: (element) => ({ selected_options: chosenOf(element).map(option) }),
  multi_static_select: (element) => ({ selected_options: chosenOf(element).map(option) }),
  multi_external_select: (element) => ({ selected_options: $$(".chip", element).map(option) }),
  users_select: (element) => ({ selected_user: $("select", element).value || null }),
  channels_select: (element) => ({ selected_channel: $("select", element).value || null }),
  conversations_select: (element) => ({ selected_conversation: $("select", element).value || null }),
  multi_users_select: (element) => ({ selected_users: chosenOf(element).map((box) => box.value) }),
  multi_channels_select: (element) => ({ selected_channels: chosenOf(element).map((box) => box.value) }),
  multi_conversations_select: (element) => ({ selected_conversations: chosenOf(element).map((box) => box.value) }),
  datepicker: (element) => ({ selected_date: $("input", element).value || null }),
  timepicker: (element) => ({ selected_time: $("input", element).value || null }),
  datetimepicker: (element) => ({ selected_date_time: secondsIn($("input", element)) }),
  plain_text_input: textOf, email_text_input: textOf, url_text_input: textOf, number_input: textOf,
};

function textOf(element) {
  return { value: $("input, textarea", element).value || null };
}

// The moment of a wall time in the member's zone: ask what that zone showed at the same reading in UTC, and correct.
function secondsIn(input) {
  if (!input.value) return null;
  const asUtc = Date.parse(`${input.value}Z`);
  const shown = new Date(asUtc).toLocaleString("sv-SE", { timeZone: input.dataset.zone }).replace(" ", "T");
  return Math.round((2 * asUtc - Date.parse(`${shown}Z`)) / 1000);
}

const valueOf = (element) => ({ type: element.dataset.type, ...fields[element.dataset.type](element) });

// {block_id: {action_id: value}} of everything that can be filled in under this root.
export function stateOf(root) {
  const values = {};
  for (const element of $$(".element", root).filter(({ dataset }) => dataset.type in fields)) {
    (values[element.dataset.blockId] ??= {})[element.dataset.actionId] = valueOf(element);
  }
  return { values };
}

function containerOf(element) {
  const view = element.closest("[data-view-id]");
  if (view) return { root: view, container: { type: "view", view_id: view.dataset.viewId } };
  const { channel, ts, ephemeral } = element.closest(".message").dataset;
  return { root: element.closest(".message"), container: { type: "message", channel, ts, is_ephemeral: ephemeral !== undefined } };
}

function confirmed(element) {
  const template = $(":scope > template[data-confirm]", element);
  if (!template) return true;
  const dialog = h("dialog", { className: "confirm" }, template.content.cloneNode(true));
  document.body.append(dialog);
  dialog.setAttribute("aria-label", $("h2", dialog).textContent);
  dialog.addEventListener("click", (event) => { const button = event.target.closest("button"); if (button) dialog.close(button.value); });
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); }));
}

async function press(element, value, control) {
  if (control.getAttribute("aria-busy") === "true" || !(await confirmed(element))) return;
  const { blockId: block_id, actionId: action_id, type } = element.dataset;
  const { root, container } = containerOf(element);
  control.setAttribute("aria-busy", "true");
  try {
    await act("press", { container, action: { block_id, action_id, type, ...value }, state: stateOf(root) });
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    toast(error.message);
  } finally {
    control.removeAttribute("aria-busy");
  }
}

function clicked(event) {
  const element = event.target.closest(".element");
  if (!element) return;
  const button = event.target.closest("[data-press]");
  const opener = event.target.closest("[data-menu]");
  const item = event.target.closest("[role=menuitem]");
  const chip = event.target.closest(".chip");
  if (button) press(element, { value: button.dataset.value }, button);
  if (opener) openMenu(opener, $(".menu", element));
  if (item) {
    $(".menu", element).hidePopover();
    if (item.dataset.url) open(item.dataset.url, "_blank", "noopener,noreferrer");
    press(element, { selected_option: option(item) }, $("[data-menu]", element));
  }
  if (chip) { chip.remove(); changed({ target: element }); }
}

const dispatches = (element, how) => (element.dataset.dispatch ?? "").split(" ").includes(how);

function changed(event) {
  const element = event.target.closest(".element");
  if (!element || event.target.closest("[data-filter], [data-external]")) return;
  element.dataset.touched = "";
  const most = Number(element.dataset.most ?? Infinity);
  if (event.target.checked && chosenOf(element).length > most) {
    event.target.checked = false;
    toast(`At most ${most} can be chosen here.`);
    return;
  }
  if (dispatches(element, "change")) press(element, valueOf(element), element);
}

function typed(event) {
  const element = event.target.closest(".element");
  if (!element) return;
  element.dataset.touched = "";
  clearError(element.closest(".field"));
  if (event.target.matches("[data-filter]")) filter(element, event.target.value);
  else if (event.target.matches("[data-external]")) search(element, event.target);
  else { count(event.target); if (dispatches(element, "on_character_entered")) soon(element, () => press(element, valueOf(element), element)); }
}

const timers = new WeakMap();
function soon(key, run) {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(run, 250));
}

function filter(element, words) {
  for (const choice of $$(".choice", element)) choice.hidden = !choice.textContent.toLowerCase().includes(words.toLowerCase());
}

// How many characters are left, said when it begins to matter; nothing is cut off.
function count(control) {
  const limit = Number(control.dataset.limit ?? 0);
  if (!limit) return;
  const left = limit - control.value.length;
  const counter = $(".counter", control.parentElement) ?? h("div", { className: "counter" });
  if (left > Math.max(20, limit / 10)) { counter.remove(); return; }
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
  counter.classList.toggle("near", left < 0);
  control.parentElement.append(counter);
}

const finders = new WeakMap();
function finder(element, input) {
  if (!finders.has(input)) {
    finders.set(input, new Choices(input, $(".listbox", element), (node) => { choose(element, input, node); finders.get(input).hide(); }));
    input.addEventListener("keydown", (event) => finders.get(input).key(event));
    input.addEventListener("blur", () => finders.get(input).hide());
  }
  return finders.get(input);
}

function choose(element, input, node) {
  const chosen = option(node);
  if (element.dataset.type === "external_select") {
    input.value = chosen.text.text;
    input.dataset.option = node.dataset.option;
  } else {
    input.value = "";
    const chip = h("button", { type: "button", className: "chip", "aria-label": `Remove ${chosen.text.text}` }, chosen.text.text, " ×");
    chip.dataset.option = node.dataset.option;
    $(".chosen", element).append(chip);
  }
  changed({ target: element });
}

function search(element, input) {
  delete input.dataset.option;
  const words = input.value.trim();
  if (words.length < Number(input.dataset.least)) { finder(element, input).hide(); return; }
  soon(element, async () => {
    const { container } = containerOf(element);
    const { blockId: block_id, actionId: action_id } = element.dataset;
    try {
      const where = container.type === "view" ? { view_id: container.view_id } : { message: container };
      show(element, input, await act("options", { ...where, block_id, action_id, value: words }));
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      toast(error.message);
    }
  });
}

function show(element, input, { options = [], option_groups: groups = [] }) {
  const node = (one) => {
    const item = h("div", { role: "option" }, one.text.text);
    item.dataset.option = JSON.stringify(one);
    return item;
  };
  const grouped = groups.flatMap((group) => [h("p", { className: "group-label" }, group.label.text), ...group.options.map(node)]);
  const nodes = [...options.map(node), ...grouped];
  finder(element, input).show(nodes.length ? nodes : [h("p", { className: "group-label" }, "Nothing found.")]);
}

function clearError(field) {
  $(".field-error", field ?? document.createElement("div"))?.remove();
  for (const control of field ? $$("[aria-invalid]", field) : []) control.removeAttribute("aria-invalid");
}

const MAIN_CONTROL = ".choices, .chosen, select, textarea, input:not([data-filter])";

// A sentence beside each field that was refused; gives those for which there is no field.
export function showErrors(form, errors) {
  for (const field of $$(".field", form)) clearError(field);
  const homeless = [];
  for (const field of $$(".field", form)) {
    const sentence = errors[field.dataset.field];
    if (!sentence) continue;
    const control = $(MAIN_CONTROL, field);
    control.setAttribute("aria-invalid", "true");
    field.append(h("p", { className: "field-error", id: `${control.id}-error` }, sentence));
  }
  const known = $$(".field", form).map((field) => field.dataset.field);
  for (const [block, sentence] of Object.entries(errors)) if (!known.includes(block)) homeless.push(sentence);
  const first = $("[aria-invalid]", form);
  (first?.matches(".choices, .chosen") ? $("input, button", first) ?? $("input", first.parentElement) : first)?.focus();
  return homeless;
}

export function install() {
  document.addEventListener("click", clicked);
  document.addEventListener("change", changed);
  document.addEventListener("input", typed);
  document.addEventListener("keydown", (event) => {
    const element = event.target.closest?.(".element");
    if (!element || event.key !== "Enter" || event.isComposing || event.target.tagName === "TEXTAREA" && !(event.ctrlKey || event.metaKey)) return;
    if (event.target.matches("input") && dispatches(element, "on_enter_pressed")) { event.preventDefault(); press(element, valueOf(element), element); }
  });
}
