/** The page of `grassroots explore`: it makes controls of what the server declares, and shows its runs in the viewer. */

import { el, filled, mount } from "./viewer.js";

const LABELS = ["A", "B"];
const SLOW = 800; // milliseconds; a request for more pairs shouldn't take longer
const byId = (id) => document.getElementById(id);

/** Ask the server; reject with the line that the command would print. */
async function ask(name, body, signal) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal };
  const answer = await (await fetch(name, options)).json();
  if (answer.error) throw new InputError(answer.error);
  return answer;
}

class InputError extends Error {}

/** Return a number of any size for people. */
function shownNumber(value) {
  return value?.toLocaleString("en", { maximumFractionDigits: 8 });
}

class Page {
  constructor(start) {
    Object.assign(this, start, { language: location.hash === "#zh" ? "zh" : "en", viewer: null, moved: null, version: 0, busy: false });
    byId("language").addEventListener("click", () => this.say(this.language === "en" ? "zh" : "en"));
    byId("controls").addEventListener("submit", (event) => event.preventDefault());
  }

  // Words

  word(key, values) {
    return filled(this.words[key][this.language], values);
  }

  say(language) {
    this.language = language;
    const other = language === "en" ? "zh" : "en";
    document.documentElement.lang = this.languages[language];
    document.title = this.word("explore");
    byId("title").textContent = this.word("explore");
    byId("what").textContent = this.word("explore_what");
    Object.assign(byId("language"), { textContent: { en: "English", zh: "中文" }[other], lang: this.languages[other] });
    this.drawControls();
    this.drawFiles();
    this.drawAnswer();
    this.viewer?.say(language);
  }

  // Controls

  /** Fetch the controls anew, because other scenarios or interventions were chosen, and run. */
  async choose() {
    try {
      this.declared = await ask("controls", { state: this.state });
      this.drawControls();
    } catch (error) {
      this.fail(error);
      return;
    }
    await this.run();
  }

  drawControls() {
    if (!this.declared) return;
    const open = new Set([...document.querySelectorAll("#controls details[open]")].map((one) => one.dataset.of));
    const focused = document.activeElement?.dataset?.key;
    byId("controls").replaceChildren(
      ...LABELS.map((label, side) => this.sideControls(label, side)), this.runControls(), this.worldControls());
    for (const one of document.querySelectorAll("#controls details")) one.open = open.has(one.dataset.of);
    if (focused) document.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  /** Change a side's part of the state. */
  change(side, parts) {
    Object.assign(this.state.sides[side], parts);
    this.moved = null;
    this.choose();
  }

  sideControls(label, side) {
    const chosen = this.state.sides[side], programme = this.declared.programmes[side];
    const groups = { package: "package", files: "own_files", results: "results" };
    const options = Object.entries(groups).flatMap(([group, key]) => this.groups[group].length
      ? [el("optgroup", { label: this.word(key) }, ...this.groups[group].map((name) => el("option", {
        value: `${group}:${name}`, selected: group === chosen.group && name === chosen.name,
      }, name)))] : []);
    const legend = this.word(side ? "side" : "reference_side", { label });
    const pick = (event) => {
      const [group, ...name] = event.target.value.split(":");
      this.change(side, { group, name: name.join(":"), add: {}, drop: [], values: {} });
    };
    const free = (kind) => {
      const taken = programme.map(({ name }) => name);
      return [kind, ...Array.from({ length: 30 }, (_, k) => `${kind}_${k + 2}`)].find((name) => !taken.includes(name));
    };
    const add = (event) => this.change(side, { add: { ...chosen.add, [free(event.target.value)]: event.target.value } });
    return el("fieldset", { "data-side": label }, el("legend", {}, legend),
      el("select", { "aria-label": legend, "data-key": `side${label}`, change: pick }, ...options),
      ...programme.map((one) => this.intervention(side, one)),
      el("select", { "aria-label": `${legend}: ${this.word("add")}`, "data-key": `add${label}`, change: add },
        el("option", { value: "" }, this.word("add")),
        ...this.kinds.map(({ kind, title }) => el("option", { value: kind }, title[this.language]))));
  }

  intervention(side, { name, title, meaning, controls, dropped, added }) {
    const { add, drop, values } = this.state.sides[side];
    const without = (key) => Object.fromEntries(Object.entries(values).filter(([one]) => !one.startsWith(`interventions.${key}.`)));
    const leave = () => {
      const { [name]: _, ...others } = add;
      this.change(side, added ? { add: others, values: without(name) } : { drop: [...drop, name], values: without(name) });
    };
    const back = () => this.change(side, { drop: drop.filter((one) => one !== name) });
    const shared = ["start", "stop", "ramp", "strength", "where", "who", "cost"];
    const own = (control) => !shared.includes(control.key.split(".")[2]);
    const label = name === title.en.replaceAll(" ", "_") ? title[this.language] : `${title[this.language]} (${name})`;
    const place = `${LABELS[side]} ${name}`, here = (control) => this.control(control, values, LABELS[side]);
    return el("div", { class: "intervention" },
      el("div", { class: "head" },
        el("h2", {}, dropped ? el("s", {}, label) : label, dropped ? ` (${this.word("left_out")})` : ""),
        el("button", { type: "button", "data-key": `drop ${place}`, "aria-label": `${this.word(dropped ? "put_back" : "drop")}: ${label}`,
          click: dropped ? back : leave }, this.word(dropped ? "put_back" : "drop"))),
      el("p", { lang: "en-GB" }, meaning),
      ...(dropped ? [] : [...controls.filter(own).map(here),
        el("details", { "data-of": place }, el("summary", {}, this.word("more_values")),
          ...controls.filter((one) => !own(one)).map(here))]));
  }

  runControls() {
    const weeks = { key: "weeks", name: this.word("weeks"), value: this.declared.weeks, low: 1, high: 5200, slider: { low: 1, high: 312, step: 1 } };
    const seed = { key: "seed", name: this.word("seed"), value: 0, low: 0 };
    const parts = { kind: "number", whole: true, unit: "", meaning: "", records: [], evidence: "", place: "", symbol: "" };
    return el("fieldset", {}, el("legend", {}, this.word("runs")),
      ...[weeks, seed].map((one) => this.control({ ...parts, ...one }, this.state, "runs")));
  }

  worldControls() {
    const here = (control) => this.control(control, this.state.world, "world");
    const group = (key, controls) => el("details", { "data-of": key }, el("summary", {}, this.word(key)), ...controls.map(here));
    return el("fieldset", {}, el("legend", {}, this.word("world")),
      group("uncertain", this.declared.world.filter(({ uncertain }) => uncertain)),
      group("all_values", this.declared.world.filter(({ uncertain }) => !uncertain)));
  }

  /** Return the control of a value, which writes into `values` what differs from the scenario's own. */
  control(control, values, place) {
    const { key, kind, unit, slider, records, optional } = control, id = `${place} ${key}`;
    const value = () => (values[key] === undefined || values[key] === null && key === "weeks" ? control.value : values[key]);
    const box = el("div", { class: "control" }), line = el("p", { class: "error", hidden: true });
    const inputs = [];
    const usual = el("button", { type: "button", class: "usual", "data-key": `usual ${id}`, click: () => set(control.value) });
    const show = (source) => {
      for (const input of inputs) {
        if (input === source) continue;
        if (input.type === "checkbox") input.checked = value();
        else if (input.type === "range") input.value = value() ?? slider.high;
        else input.value = Array.isArray(value()) ? value().join(", ") : (value() ?? "");
      }
      const same = JSON.stringify(value()) === JSON.stringify(control.value);
      usual.hidden = same;
      box.classList.toggle("moved", !same);
    };
    const set = (to, source) => {
      if (JSON.stringify(to) === JSON.stringify(control.value)) delete values[key];
      else values[key] = to;
      if (key === "seed") values[key] = to;
      show(source);
      this.moved = line;
      this.run();
    };
    const number = (event) => set(event.target.value === "" ? null : Number(event.target.value), event.target);
    const named = (attributes) => ({ "data-key": id, "aria-label": `${control.name}: ${control.meaning}`, ...attributes });
    if (slider) inputs.push(el("input", named({ type: "range", min: slider.low, max: slider.high, step: slider.step, "data-key": `slider ${id}`, input: number })));
    if (kind === "number") inputs.push(el("input", named({ type: "number", min: control.low ?? undefined, max: control.high ?? undefined, step: control.whole ? 1 : "any", change: number })));
    if (kind === "switch") inputs.push(el("input", named({ type: "checkbox", change: (event) => set(event.target.checked) })));
    if (kind === "word") inputs.push(el("select", named({ change: (event) => set(event.target.value) }), ...control.options.map((one) => el("option", { value: one }, one))));
    if (kind === "list") inputs.push(el("input", named({ type: "text", change: (event) => set(event.target.value.split(",").map((one) => one.trim()).filter(Boolean)) })));
    usual.textContent = this.word("usual", { value: control.value === null || control.value?.length === 0 ? this.word("none") : control.value });
    const ends = { low: shownNumber(control.low), high: shownNumber(control.high) };
    const range = control.low === null ? "" : this.word(optional ? "accepts_none" : "accepts", ends);
    box.append(el("div", { class: "name" }, control.name + (control.symbol ? ` (${control.symbol})` : "")),
      el("div", { class: "row" }, ...inputs, el("span", { class: "unit" }, unit)), line, usual);
    if (control.meaning) box.append(el("p", { lang: "en-GB" }, control.meaning));
    if (control.evidence) {
      const about = [control.evidence, control.place, range].filter(Boolean).join(" · ");
      box.append(records.length
        ? el("details", { "data-of": id }, el("summary", { lang: "en-GB" }, about), ...records.map((text) => el("p", { lang: "en-GB" }, text)))
        : el("p", { lang: "en-GB" }, about));
    }
    show();
    return box;
  }

  // Running

  /** Run the first pair, then more of them. While a control is dragged, one request at a time runs, with the newest state. */
  async run() {
    this.version += 1;
    this.filling?.abort();
    if (this.busy) return;
    this.busy = true;
    byId("progress").textContent = this.word("working");
    for (let done = 0; done !== this.version; ) {
      done = this.version;
      try {
        await this.runPair(structuredClone(this.state));
        await this.fill(done);
      } catch (error) {
        if (done === this.version) this.fail(error);
      }
    }
    this.busy = false;
  }

  async runPair(state) {
    const answer = await ask("pair", { state });
    this.clear();
    Object.assign(this, { answer, shown: 1, ran: state });
    await this.show();
  }

  /** Run more pairs, twice as many each time unless that is slow, until a control moves. */
  async fill(version) {
    const { signal } = (this.filling = new AbortController());
    for (let step = 1; this.shown < this.pairs && version === this.version; ) {
      const began = performance.now(), pairs = Math.min(this.pairs, this.shown + step);
      const band = await ask("band", { state: this.ran, pairs }, signal);
      this.answer = { ...this.answer, ...band, data: { ...this.answer.data, curves: band.curves } };
      this.shown = pairs;
      await this.show();
      step = performance.now() - began < SLOW ? 2 * step : Math.max(1, step >> 1);
    }
  }

  async show() {
    const options = { language: this.language, scores: (run, week) => ask("scores", { state: this.ran, side: run, week }) };
    if (this.viewer) await this.viewer.load(this.answer.data);
    else this.viewer = await mount(byId("viewer"), this.answer.data, options);
    this.drawAnswer();
  }

  /** Draw what the last answer says in words. */
  drawAnswer() {
    if (!this.answer) return;
    const { finding, remark, notes, failures, files } = this.answer;
    byId("finding").textContent = finding[this.language];
    const pairs = this.word("pairs_of", { pairs: this.shown, all: this.pairs });
    byId("progress").textContent = `${pairs} – ${this.word("first_pair")} ${remark?.[this.language] ?? ""}`;
    byId("progress").dataset.pairs = this.shown;
    byId("notes").replaceChildren(...[...notes, ...failures].map((text) => el("li", {}, text)));
    files.forEach((text, side) => { this.texts[side].textContent = text; });
  }

  clear() {
    for (const one of document.querySelectorAll("#error, .control .error")) one.hidden = true;
  }

  /** Show a mistake beside the control that was moved, or above the page. */
  fail(error) {
    this.clear();
    byId("progress").textContent = "";
    const line = this.moved?.isConnected ? this.moved : byId("error");
    line.textContent = this.textOf(error);
    line.hidden = false;
  }

  textOf(error) {
    return error instanceof InputError ? error.message : this.word("unreachable");
  }

  // Files

  /** Build what saves the sides and downloads the report; `drawAnswer` fills in the files' text. */
  drawFiles() {
    this.texts = LABELS.map((label) => el("pre", { tabindex: 0, "aria-label": `${label}: ${this.word("file_text")}` }));
    const said = el("span", { role: "status", class: "hint" });
    const download = () => this.saying(said, async () => {
      said.textContent = this.word("working");
      const { html } = await ask("report", { state: this.state });
      const href = URL.createObjectURL(new Blob([html], { type: "text/html" }));
      el("a", { href, download: "report.html" }).click();
      URL.revokeObjectURL(href);
      said.textContent = "";
    });
    byId("files").replaceChildren(...LABELS.map((label, side) => this.saving(label, side)),
      el("p", {}, el("button", { type: "button", "data-key": "report", click: download }, this.word("download")), " ", said));
  }

  /** Do something whose mistakes are told in an element. */
  async saying(said, work) {
    try {
      await work();
    } catch (error) {
      said.replaceChildren(el("span", { class: "error" }, this.textOf(error)));
    }
  }

  saving(label, side) {
    const name = el("input", { type: "text", "data-key": `name ${label}`, size: 16 });
    const said = el("p", { role: "status", class: "hint" });
    const save = (overwrite) => this.saying(said, async () => {
      const { saved, exists } = await ask("save", { state: this.state, side, name: name.value, overwrite });
      said.replaceChildren(this.word(saved ? "saved" : "exists", { path: saved ?? exists }));
      if (exists) said.append(" ", el("button", { type: "button", click: () => save(true) }, this.word("overwrite")));
      else this.groups = (await ask("start", {})).groups;
    });
    return el("details", {}, el("summary", {}, `${this.word("side", { label })}: ${this.word("save")}`), this.texts[side],
      el("div", { class: "saving" }, el("label", {}, `${this.word("file_name")} `, name, ".yaml"),
        el("button", { type: "button", "data-key": `save ${label}`, click: () => save(false) }, this.word("save"))), said);
  }
}

const page = new Page(await ask("start", {}));
page.say(page.language);
await page.choose();
document.documentElement.dataset.ready = "true";
