// The stack of modals: one <dialog> for each open view, drawn by the server and kept in step with it.
import { $, $$, Trouble, act, announce, fragment, h, reconcile } from "./dom.js";
import { showErrors, stateOf } from "./blocks.js";

const dialogs = () => $$("dialog.modal");
const formOf = (dialog) => $("form.view", dialog);
let afterwards = () => {};
let latest = 0;

// `whenEmpty` is called when the last modal has closed and the focus has nowhere to go back to.
export function install(whenEmpty) {
  afterwards = whenEmpty;
}

export async function refreshViews() {
  const turn = ++latest;
  const forms = await fragment("/ui/views");
  if (turn !== latest) return;
  const wanted = new Map(forms.map((form) => [form.dataset.viewId, form]));
  const closing = dialogs().filter((dialog) => !wanted.has(dialog.dataset.viewId));
  for (const dialog of closing.reverse()) shut(dialog);
  for (const [id, form] of wanted) {
    const dialog = dialogs().find((one) => one.dataset.viewId === id);
    if (!dialog) open(form);
    else if (formOf(dialog).dataset.hash !== form.dataset.hash) update(dialog, form);
  }
  if (closing.length && !dialogs().length && document.activeElement === document.body) afterwards();
}

function open(form) {
  const dialog = h("dialog", { className: "modal" }, form);
  dialog.dataset.viewId = form.dataset.viewId;
  dialog.setAttribute("aria-labelledby", $("h2", form).id);
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); leave(form); });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(form, event.submitter); });
  form.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (closer) leave(form, closer.dataset.close === "all");
  });
  document.body.append(dialog);
  const blocks = [...$(".blocks", form).children];
  $(".blocks", form).replaceChildren();
  reconcile($(".blocks", form), blocks);
  dialog.showModal();
  focusFirst(form);
}

function shut(dialog) {
  dialog.close();
  dialog.remove();
}

function update(dialog, fresh) {
  const form = formOf(dialog);
  const focusWasInside = form.contains(document.activeElement);
  form.dataset.hash = fresh.dataset.hash;
  for (const part of ["header h2", "footer"]) {
    const [before, after] = [$(`:scope > ${part}`, form), $(`:scope > ${part}`, fresh)];
    if (before.innerHTML !== after.innerHTML) before.replaceChildren(...after.childNodes);
  }
  reconcile($(".blocks", form), [...$(".blocks", fresh).children]);
  if (focusWasInside && !form.contains(document.activeElement)) focusFirst(form);
}

function focusFirst(form) {
  const first = $("[data-focus]", form)
    ?? $(".blocks :is(input:not([type=checkbox], [type=radio]), textarea, select)", form)
    ?? $(".blocks :is(input, button, a)", form)
    ?? $("footer .primary", form);
  first?.focus();
}

// The close button and Escape leave one modal, the cross the whole stack, as in Slack.
async function leave(form, clear = false) {
  try {
    await act("close", { view_id: form.dataset.viewId, clear });
    await refreshViews();
  } catch (error) {
    trouble(form, error);
  }
}

async function submit(form, button = $("footer .primary", form)) {
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  say(form, "");
  try {
    const { errors = {} } = await act("submit", { view_id: form.dataset.viewId, state: stateOf(form) });
    const homeless = showErrors(form, errors);
    say(form, homeless.join(" "));
    const count = Object.keys(errors).length;
    if (count) announce(count === 1 ? "One answer needs a change." : `${count} answers need a change.`);
    else await refreshViews();
  } catch (error) {
    trouble(form, error);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

function trouble(form, error) {
  if (!(error instanceof Trouble)) throw error;
  say(form, error.message);
}

function say(form, sentence) {
  const place = $(":scope > .trouble", form);
  place.hidden = !sentence;
  place.textContent = sentence;
}
