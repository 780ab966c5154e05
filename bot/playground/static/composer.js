// The box in which one writes: drafts, completion of commands and names, shortcuts, sending.
import { $, Trouble, act, announce, h, session } from "./dom.js";
import { Choices, menuItem, openMenu } from "./lists.js";

export class Composer {
  // `world()` gives {people, commands, shortcuts}; `where()` gives {channel, thread_ts?}; `sent` and `upwards` are told.
  constructor(form, { world, where, sent, upwards }) {
    Object.assign(this, { form, world, where, sent, upwards });
    form.append($("#composer-template").content.cloneNode(true));
    this.box = $(".box", form);
    this.text = $("textarea", form);
    this.trouble = $(".trouble", form);
    this.choices = new Choices(this.text, $(".completion", form), (option) => this.complete(option));
    this.text.id = form.dataset.composer === "thread" ? "thread-composer" : "composer";
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => this.choices.hide());
    $("[data-plus]", form).addEventListener("click", (event) => this.shortcuts(event.currentTarget));
  }

  get inThread() { return this.form.dataset.composer === "thread"; }
  get place() { const { channel, thread_ts: thread } = this.where(); return `draft/${session.as}/${channel}/${thread ?? ""}`; }

  // Called when the place or the person changed: shows the draft of that place.
  open(placeholder) {
    this.text.placeholder = placeholder;
    this.text.setAttribute("aria-label", placeholder);
    this.write(sessionStorage.getItem(this.place) ?? "");
    this.say("");
    $("[data-plus]", this.form).hidden = this.inThread || !this.globals.length;
  }

  get globals() { return this.world().shortcuts.filter((shortcut) => shortcut.type === "global"); }

  write(text) {
    this.text.value = text;
    this.changed();
    this.choices.hide();
  }

  changed() {
    sessionStorage.setItem(this.place, this.text.value);
    $(".send", this.form).disabled = !this.text.value.trim();
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    this.suggest();
  }

  key(event) {
    const exact = this.world().commands.some((command) => command.name === this.text.value.trim());
    if (!(event.key === "Enter" && exact) && this.choices.key(event)) return;
    if (event.key === "ArrowUp" && !this.text.value) { event.preventDefault(); this.upwards(); }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.send(); }
  }

  suggest() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    const found = /^\/\S*$/.test(before) && !this.inThread ? this.commandOptions(before) : this.personOptions(before);
    if (found.length) {
      if (!this.choices.open) announce(`${found.length === 1 ? "1 suggestion" : `${found.length} suggestions`}. Arrow keys choose, Tab takes.`);
      this.choices.show(found);
    }
    else if (this.hint()) this.choices.show([h("p", { className: "group-label" }, this.hint())], false);
    else this.choices.hide();
  }

  commandOptions(start) {
    return this.world().commands.filter((command) => command.name.startsWith(start.toLowerCase())).map((command) => {
      const usage = h("span", { className: "usage" }, ` ${command.usage ?? ""}`);
      const option = h("div", { role: "option" }, h("code", {}, command.name), usage, h("small", {}, command.description ?? ""));
      option.dataset.insert = `${command.name} `;
      return option;
    });
  }

  personOptions(before) {
    const start = /(?:^|\s)@([\p{L}\p{N}._ -]{0,30})$/u.exec(before)?.[1]?.toLowerCase();
    if (start === undefined) return [];
    const fits = ({ name, real_name: real, deleted }) => !deleted && [name, real].some((one) => one.toLowerCase().includes(start));
    return this.world().people.filter(fits).slice(0, 8).map((person) => {
      const option = h("div", { role: "option" }, person.real_name, h("small", {}, person.title || `@${person.name}`));
      option.dataset.insert = `@${person.name} `;
      return option;
    });
  }

  // What may follow a command that has been typed, as Slack shows it.
  hint() {
    const name = /^(\/\S+)\s$/.exec(this.text.value)?.[1];
    const command = !this.inThread && this.world().commands.find((one) => one.name === name);
    return command?.usage ? `${command.name} ${command.usage}` : "";
  }

  complete(option) {
    const { value, selectionStart: at } = this.text;
    const insert = option.dataset.insert;
    const before = insert.startsWith("@") ? value.slice(0, at).replace(/@[^@]*$/, "") : "";
    this.text.value = before + insert + value.slice(at);
    this.text.selectionStart = this.text.selectionEnd = (before + insert).length;
    this.changed();
  }

  async send() {
    const text = this.text.value.trim();
    if (!text || this.text.readOnly) return;
    this.busy(true);
    try {
      await this.dispatch(text);
      this.busy(false);
      this.write("");
      this.say("");
      this.sent();
    } catch (error) {
      this.busy(false);
      if (!(error instanceof Trouble)) throw error;
      this.say(`${error.message.replace(/[^.!?]$/, "$&.")} The text is still in the box.`);
    }
    this.text.focus();
  }

  async dispatch(text) {
    const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
    if (!command) return act("message", { ...this.where(), text });
    if (this.inThread) throw new Trouble(`${command[1]} does not work in a thread. Use it in the channel, or use the shortcuts of a message.`);
    return act("command", { ...this.where(), command: command[1], text: command[2] });
  }

  busy(on) {
    this.text.readOnly = on;
    this.box.setAttribute("aria-busy", String(on));
  }

  say(sentence) {
    this.trouble.hidden = !sentence;
    this.trouble.textContent = sentence;
  }

  shortcuts(button) {
    const menu = $("#menu");
    const run = (shortcut) => act("shortcut", { callback_id: shortcut.callback_id, channel: this.where().channel })
      .catch((error) => this.say(error.message));
    menu.replaceChildren(...this.globals.map((shortcut) => menuItem(shortcut.name, () => run(shortcut), shortcut.description)));
    openMenu(button, menu);
  }
}
