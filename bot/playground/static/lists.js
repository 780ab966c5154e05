// What drops down: menus of buttons, and lists under a text field that are driven from the keyboard.
import { $$, h } from "./dom.js";

function place(floating, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = floating;
  const below = box.bottom + 4 + height <= innerHeight - 8;
  floating.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  floating.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
}

// Opens a popover menu under its button; arrows move, Escape and Tab close, the focus goes back to the button.
export function openMenu(anchor, menu) {
  const items = () => $$("[role=menuitem]", menu);
  const keys = (event) => {
    const at = items().indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) { event.preventDefault(); items().at(to % items().length).focus(); }
    if (event.key === "Tab" || event.key === "Escape") { event.preventDefault(); event.stopPropagation(); menu.hidePopover(); }
  };
  const toggled = (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    menu.removeEventListener("keydown", keys);
    menu.removeEventListener("toggle", toggled);
    if (document.activeElement === document.body || menu.contains(document.activeElement)) anchor.focus();
  };
  menu.showPopover();
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  menu.addEventListener("keydown", keys);
  menu.addEventListener("toggle", toggled);
  items()[0]?.focus();
}

export function menuItem(text, run, description) {
  const item = h("button", { type: "button", role: "menuitem", tabIndex: -1 }, text);
  if (description) item.append(h("small", {}, description));
  item.addEventListener("click", () => { item.closest("[popover]").hidePopover(); run(); });
  return item;
}

let counter = 0;

// A list of choices under (or above) a text field: the field keeps the focus, aria-activedescendant follows the arrows.
export class Choices {
  constructor(input, list, choose) {
    Object.assign(this, { input, list, choose });
    list.id ||= `list-${++counter}`;
    input.setAttribute("aria-controls", list.id);
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  get open() { return this.list.hasAttribute("popover") ? this.list.matches(":popover-open") : !this.list.hidden; }
  get options() { return $$("[role=option]", this.list); }
  get active() { return this.options.find((option) => option.getAttribute("aria-selected") === "true"); }

  show(nodes, first = true) {
    this.list.replaceChildren(...nodes);
    for (const option of this.options) option.id ||= `option-${++counter}`;
    if (this.list.hasAttribute("popover")) { this.list.showPopover(); place(this.list, this.input); } else this.list.hidden = false;
    this.expanded(true);
    this.point(first ? this.options[0] : undefined);
  }

  hide() {
    if (this.open) { if (this.list.hasAttribute("popover")) this.list.hidePopover(); else this.list.hidden = true; }
    this.expanded(false);
    this.input.removeAttribute("aria-activedescendant");
  }

  expanded(open) {
    if (this.input.getAttribute("role") === "combobox") this.input.setAttribute("aria-expanded", String(open));
  }

  point(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (!option) { this.input.removeAttribute("aria-activedescendant"); return; }
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    if (!option) return false;
    this.choose(option);
    return true;
  }

  // True when the key was for the list.
  key(event, { tab = true } = {}) {
    if (!this.open || event.isComposing) return false;
    const options = this.options;
    const at = options.indexOf(this.active);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length) return false;
      const step = event.key === "ArrowDown" ? at + 1 : Math.max(at, 0) - 1;
      this.point(options.at(step % options.length));
    } else if (event.key === "Escape") this.hide();
    else if (!((event.key === "Enter" || (tab && event.key === "Tab" && !event.shiftKey)) && this.take(this.active))) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
