/** The viewer: it plays one or two kept runs week by week, with maps, curves and the ladder.

A module without dependencies, for reports, local pages and notebooks: `mount(root, data)` builds everything in `root`, and
several may stand in one page. The data, made by sim/page/data.py, hold the runs (sim/runs/replay.py), the curves, and every
word in each language. */

const SVG = "http://www.w3.org/2000/svg";
const WATCHING = 0, HELPING = 2, CLEAN = 4, NEWCOMER = 1, MEMBER = 2, WORTHY = 4, VOLUNTEER = 8 | 16;
const BY_MEMBER = 1, BY_CALLER = 2, LEVELS = 15;
const GLYPH = [0.22, 0.46, 0.68, 0.92];
const SMALLEST = 3; // points; smaller yards show their rung only
const PUBLIC = ["black_spot", "idle", "amenity", "works"];
/** Colour and dashes of each scenario's line. */
const LINES = [["#000", ""], ["#0072B2", "7 3"], ["#B84A00", "2 2"], ["#007A59", "9 3 2 3"], ["#9A4A7A", "12 4"]];

// Data ------------------------------------------------------------------------------------------------------------------

/** Return the bytes of a base64 text in zlib's format. */
export async function inflate(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Add up the changes in bytes of each item, one item after the other, modulo 256; in place. */
export function summed(bytes, weeks) {
  for (let k = 0; k < bytes.length; k++) if (k % weeks) bytes[k] += bytes[k - 1];
  return bytes;
}

/** Return a curve, packed as changes of 16-bit numbers, in its unit. */
export async function unpackCurve(text, scale) {
  const values = new Int16Array((await inflate(text)).buffer);
  let sum = 0;
  return Array.from(values, (change) => (sum += change) / scale);
}

/** Return the curves of an outcome with their numbers, by scenario; null where a scenario has none. */
async function unpackCurves(curves) {
  const of = curves.of.map(async (one) => one && Object.fromEntries(await Promise.all(
    Object.entries(one).map(async ([key, text]) => [key, await unpackCurve(text, curves.scale)]))));
  return { ...curves, of: await Promise.all(of) };
}

/** Return a packed run with its arrays, such as `frames[household * weeks + week]`, and each village's first rows. */
export async function unpack(run) {
  const { weeks } = run, texts = [run.frames, run.visits, run.public, run.tips, run.roles, run.party_years, run.plan];
  const [frames, visits, plots, tips, roles, years, plan] = await Promise.all(texts.map(inflate));
  const places = new Int32Array(plan.buffer);
  for (let k = 1; k < places.length; k++) places[k] += places[k - 1];
  let first = 0, plot = 0;
  const villages = run.villages.map((village) => {
    const start = { ...village, first, stop: first + village.households, plan: plot };
    first = start.stop;
    plot += village.rows * village.columns;
    return start;
  });
  const whole = { ...run, villages, households: first, plan: places, roles, years, visits: summed(visits, weeks) };
  const parts = await unpackParts(run.parts);
  return withClimbs({ ...whole, frames: summed(frames, weeks), public: summed(plots, weeks), parts }, tips);
}

/** Return parts of scores with their numbers, `values[(part * households + household) * weeks + place of the week]`. */
export async function unpackParts(parts) {
  return { ...parts, values: new Int8Array(summed(await inflate(parts.data), parts.weeks.length).buffer) };
}

/** Add where each household's climbs begin among the tips, which have a term a climb, household after household. */
function withClimbs(run, tips) {
  const starts = new Uint32Array(run.households + 1);
  for (let h = 0; h < run.households; h++) starts[h + 1] = starts[h] + climbsOf(run, h, run.weeks - 1).length;
  return { ...run, tips, starts };
}

/** Return the weeks up to `week` in which a household climbed; everybody begins on the lowest rung. */
export function climbsOf(run, household, week) {
  const weeks = [];
  let before = WATCHING;
  for (let w = 0; w <= week; w++) {
    const rung = run.frames[household * run.weeks + w] & 3;
    if (rung > before) weeks.push(w);
    before = rung;
  }
  return weeks;
}

/** Return {week, term} of a household's last climb up to `week`, or null. */
export function lastClimb(run, household, week) {
  const weeks = climbsOf(run, household, week);
  if (!weeks.length) return null;
  return { week: weeks.at(-1), term: run.terms[run.tips[run.starts[household] + weeks.length - 1]] };
}

/** Return the parts of a household's score in the last kept week up to `week`, the largest first; null before it. */
export function scoreOf(run, household, week) {
  const { names, weeks, step, values } = run.parts, at = weeks.findLastIndex((kept) => kept <= week);
  if (at < 0) return null;
  const parts = names.map((name, k) => ({
    name, value: values[(k * run.households + household) * weeks.length + at] * step,
  }));
  const sum = parts.reduce((total, part) => total + part.value, 0);
  const larger = (a, b) => Math.abs(b.value) - Math.abs(a.value);
  return { week: weeks[at], sum, parts: parts.filter((part) => part.value).sort(larger) };
}

/** Return how many households of a village, or of all (-1), are on each rung and have a clean yard. */
export function countsOf(run, week, village = -1) {
  const { first, stop } = village < 0 ? { first: 0, stop: run.households } : run.villages[village];
  const rungs = [0, 0, 0, 0];
  let clean = 0;
  for (let h = first; h < stop; h++) {
    const frame = run.frames[h * run.weeks + week];
    rungs[frame & 3]++;
    if (frame & CLEAN) clean++;
  }
  return { rungs, clean, adopted: rungs[2] + rungs[3], households: stop - first };
}

// Places ----------------------------------------------------------------------------------------------------------------

/** Return where villages' maps lie in a drawing of this width, several of them in rows: maps, and the height. */
export function layout(villages, width, chosen = -1) {
  const shown = chosen < 0 ? villages : [villages[chosen]], across = Math.ceil(Math.sqrt(shown.length));
  const gap = shown.length > 1 ? 10 : 0, head = shown.length > 1 ? 16 : 0, room = (width - gap * (across - 1)) / across;
  const cell = Math.min(22, Math.min(...shown.map((village) => room / village.columns)));
  const tallest = Math.max(...shown.map((village) => village.rows)) * cell + head + gap;
  const maps = shown.map((village, k) => ({
    village, number: chosen < 0 ? k : chosen, cell, x: (k % across) * (room + gap), y: Math.floor(k / across) * tallest + head,
  }));
  return { maps, height: Math.ceil(shown.length / across) * tallest - gap };
}

/** Return {village, household} at a point of the drawing; household is -1 beside the yards; null outside the maps. */
export function at(run, { maps }, x, y) {
  for (const { village, number, cell, x: left, y: top } of maps) {
    const column = Math.floor((x - left) / cell), row = Math.floor((y - top) / cell);
    if (column < 0 || row < 0 || column >= village.columns || row >= village.rows) continue;
    const found = run.plan[village.plan + row * village.columns + column];
    return { village: number, household: Math.max(-1, found) };
  }
  return null;
}

/** Return the ticks of an axis from 0 to at least `most`: steps of 1, 2 or 5 times a power of ten. */
export function ticks(most, wanted = 5) {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((times) => times * power >= rough * 0.999) * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, k) => Number((k * step).toPrecision(12)));
}

/** Return the path of a line through points. */
export function path(points) {
  return points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("");
}

/** Return places for labels near the wanted ones, in their order and at least `gap` apart. */
export function apart(wanted, gap) {
  const order = wanted.map((place, k) => [place, k]).sort((a, b) => a[0] - b[0]), places = [];
  let last = -Infinity;
  for (const [place, k] of order) places[k] = last = Math.max(place, last + gap);
  return places;
}

// Words -----------------------------------------------------------------------------------------------------------------

/** Return the text with its {names} replaced. */
export function filled(text, values = {}) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Return a number for people: shares in percent with one decimal, large numbers with commas. */
export function shown(value, unit) {
  if (unit === "share") return `${(100 * value).toFixed(1)} %`;
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(3)));
}

/** Return a number with its sign and one decimal. */
export function signed(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(1)}`;
}

/** Return the week that a key leads to. */
export function moved(week, key, weeks) {
  const to = { ArrowRight: week + 1, ArrowLeft: week - 1, Home: 0, End: weeks - 1 }[key];
  return to === undefined ? week : Math.max(0, Math.min(weeks - 1, to));
}

// Drawing ---------------------------------------------------------------------------------------------------------------

/** Make an element; `attributes` that are functions listen, `children` are elements or texts. */
export function el(name, attributes = {}, ...children) {
  const drawn = ["svg", "path", "line", "text", "title"].includes(name);
  const element = drawn ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (key === "style") element.style.cssText = value; // which strict policies of content allow
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Give a canvas so many points and return its context, sharp on any screen. */
function sized(canvas, width, height, scale = globalThis.devicePixelRatio || 1) {
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  return context;
}

function drawYard(context, x, y, c, frame, visit, round, colours) {
  const clean = frame & CLEAN, size = GLYPH[frame & 3] * c * 0.9, middle = (c - 0.06 * c) / 2;
  context.fillStyle = clean ? "#ffffff" : colours[0];
  context.fillRect(x, y, c * 0.94, c * 0.94);
  if (clean) {
    const line = Math.max(0.8, c * 0.08);
    context.strokeStyle = "#555";
    context.lineWidth = line;
    context.strokeRect(x + line / 2, y + line / 2, c * 0.94 - line, c * 0.94 - line);
  }
  context.fillStyle = frame & 3 ? colours[frame & 3] : "#9b9383";
  context.beginPath();
  if (round) context.arc(x + middle, y + middle, size / 2, 0, 7);
  else context.rect(x + middle - size / 2, y + middle - size / 2, size, size);
  context.fill();
  context.fillStyle = "#000";
  for (const [bit, corner, turn] of [[BY_MEMBER, 0, 1], [BY_CALLER, c * 0.94, -1]]) {
    if (!(visit & bit)) continue;
    context.beginPath();
    context.moveTo(x + corner, y + corner);
    context.lineTo(x + corner + turn * c * 0.42, y + corner);
    context.lineTo(x + corner, y + corner + turn * c * 0.42);
    context.fill();
  }
}

function drawPublic(context, x, y, c, kind, level) {
  const light = Math.round(95 + (150 * level) / LEVELS), m = c * 0.47, r = c * 0.26;
  context.fillStyle = `rgb(${light},${light},${Math.round(light * 0.96)})`;
  context.fillRect(x, y, c * 0.94, c * 0.94);
  context.strokeStyle = context.fillStyle = level > 5 ? "#000" : "#fff";
  context.lineWidth = Math.max(1, c * 0.11);
  const lines = (...points) => points.forEach(([a, b], k) => {
    context[k ? "lineTo" : "moveTo"](x + m + a, y + m + b);
  });
  context.beginPath();
  if (kind === 0) lines([-r, -r], [r, r]), lines([-r, r], [r, -r]);
  if (kind === 1) context.rect(x + m - r, y + m - r, 2 * r, 2 * r);
  if (kind === 2) context.arc(x + m, y + m, r * 1.1, 0, 7);
  if (kind === 3) lines([0, -r], [r, r], [-r, r], [0, -r]);
  if (kind === 2) context.fill();
  else context.stroke();
}

/** Draw the maps of a run after a week; several have their village's name and adopted share above. household : or -1. */
export function drawMaps(context, run, week, { maps }, colours, household = -1) {
  for (const map of maps) {
    if (maps.length > 1) {
      const { adopted, households } = countsOf(run, week, map.number);
      context.fillStyle = "#222";
      context.font = "11px system-ui, sans-serif";
      context.fillText(`${map.village.name} ${shown(adopted / households, "share")}`, map.x, map.y - 4);
    }
    if (map.cell < SMALLEST) drawSmall(context, run, week, map, colours);
    else drawLarge(context, run, week, map, colours, household);
  }
}

/** Draw a map on which nothing but the rungs can be told apart. */
function drawSmall(context, run, week, { village, cell, x, y }, colours) {
  for (const [rung, colour] of colours.entries()) {
    context.fillStyle = colour;
    for (let k = 0; k < village.rows * village.columns; k++) {
      const place = run.plan[village.plan + k];
      if (place < 0 || (run.frames[place * run.weeks + week] & 3) !== rung) continue;
      context.fillRect(x + (k % village.columns) * cell, y + Math.floor(k / village.columns) * cell, cell, cell);
    }
  }
}

function drawLarge(context, run, week, { village, cell, x, y }, colours, household) {
  for (let k = 0; k < village.rows * village.columns; k++) {
    const place = run.plan[village.plan + k];
    const left = x + (k % village.columns) * cell, top = y + Math.floor(k / village.columns) * cell;
    if (place >= 0) {
      const at = place * run.weeks + week;
      drawYard(context, left, top, cell, run.frames[at], run.visits[at], run.roles[place] & NEWCOMER, colours);
    } else if (place <= -2) {
      const plot = run.public[(-2 - place) * run.weeks + week];
      drawPublic(context, left, top, cell, plot >> 4, plot & 15);
    }
    if (place >= 0 && place === household) {
      context.strokeStyle = "#c2185b";
      context.lineWidth = 3;
      context.strokeRect(left - 2, top - 2, cell + 3, cell + 3);
    }
  }
}

/** Return a chart as SVG: series of {letter, number, mean, low, high}, in `unit`, with the chosen week marked. */
export function chart(series, week, unit, width, title) {
  const height = Math.max(220, Math.min(320, width * 0.5)), [left, right, top, bottom] = [58, 30, 10, 34];
  const weeks = series[0].mean.length, all = series.flatMap((one) => one.high || one.mean);
  const marks = ticks(all.reduce((most, value) => Math.max(most, value), 0)), most = marks.at(-1);
  const X = (w) => left + ((width - left - right) * w) / Math.max(1, weeks - 1);
  const Y = (value) => top + (height - top - bottom) * (1 - value / most);
  const points = (values) => values.map((value, w) => [X(w), Y(value)]);
  const text = (x, y, anchor, words) => el("text", { x, y, "text-anchor": anchor }, words);
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  for (const mark of marks) {
    const words = unit === "share" ? `${Number((100 * mark).toPrecision(6))} %` : shown(mark, unit);
    svg.append(el("line", { x1: left, x2: width - right, y1: Y(mark), y2: Y(mark), class: "grid" }));
    svg.append(text(left - 6, Y(mark) + 4, "end", words));
  }
  const step = [1, 2, 4, 13, 26, 52, 104, 520].find((each) => (weeks / each) * 40 <= width - left - right) ?? weeks;
  for (let w = step - 1; w < weeks; w += step) svg.append(text(X(w), height - 12, "middle", `${w + 1}`));
  for (const { number, mean, low, high } of series) {
    const [stroke, dashes] = LINES[number % LINES.length];
    if (low) {
      const there = path(points(high)), back = path(points(low).reverse()).replace("M", "L");
      svg.append(el("path", { d: `${there}${back}Z`, fill: stroke, class: "band" }));
    }
    svg.append(el("path", { d: path(points(mean)), stroke, "stroke-dasharray": dashes, class: "line" }));
  }
  const places = apart(series.map(({ mean }) => Y(mean.at(-1)) + 4), 15);
  for (const [k, { letter }] of series.entries()) {
    svg.append(el("text", { x: width - right + 6, y: places[k], class: "letter" }, letter));
  }
  svg.append(el("line", { x1: X(week), x2: X(week), y1: top, y2: height - bottom, class: "now" }));
  return svg;
}

// The page --------------------------------------------------------------------------------------------------------------

/** Build the viewer in an element; without runs it shows the curves only. Return it.

scores(run, week) : asks for the parts of all scores of a run in a week, packed as in the data; without it, only the weeks
that the data hold are shown. */
export async function mount(root, data, { language = "en", scores = null } = {}) {
  const viewer = new Viewer(root, language, scores);
  await viewer.load(data);
  root.dataset.ready = "true";
  return viewer;
}

class Viewer {
  constructor(root, language, scores) {
    Object.assign(this, { root, language, scores, outcome: 0, household: -1, village: 0, playing: null, week: -1 });
    this.speed = matchMedia("(prefers-reduced-motion: reduce)").matches ? 2 : 10;
    let width = root.clientWidth;
    this.observer = new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      this.draw();
    });
    this.observer.observe(root);
    root.addEventListener("keydown", (event) => this.keyed(event));
  }

  /** Show these data; what was chosen stays as far as they have it. With the same runs as before only curves change. */
  async load(data) {
    const same = data.runs === this.data?.runs;
    const runs = same ? this.runs : await Promise.all(data.runs.map(unpack));
    const curves = await Promise.all(data.curves.map(unpackCurves));
    const weeks = curves[0].of.find(Boolean).mean.length, villages = runs[0]?.villages ?? [];
    const names = (list = []) => list.map(({ name, households }) => `${name} ${households}`).join();
    if (names(villages) !== names(this.villages)) {
      this.village = villages.length > 1 ? -1 : 0;
      this.household = -1;
    }
    if (weeks !== this.weeks) this.week = weeks - 1;
    if (runs.length !== this.runs?.length) this.sides = runs.slice(0, 2).map((_, run) => run);
    Object.assign(this, { data, runs, weeks, villages });
    this.curves = [...curves, ...Object.keys(runs[0]?.flows ?? {}).map((outcome) => this.flow(outcome))];
    if (same && runs.length) this.drawChart();
    else this.build();
  }

  /** Play no more and watch the width no more, before the element is removed. */
  close() {
    clearInterval(this.playing);
    this.observer.disconnect();
  }

  // Words

  word(key, values) {
    return filled(this.data.words[key][this.language], values);
  }

  name(group, key) {
    return this.data.names[group][key]?.[this.language] ?? key.replaceAll("_", " ");
  }

  title(scenario) {
    return `${this.data.letters[scenario]}: ${this.data.scenarios[scenario].title[this.language]}`;
  }

  scenarioOf(side) {
    return this.data.scenarios.findIndex((one) => one.run === this.sides[side]);
  }

  sideTitle(side) {
    return this.title(this.scenarioOf(side));
  }

  runOf(side) {
    return this.runs[this.sides[side]];
  }

  eachSide(make) {
    return this.sides.map((_, side) => make(side));
  }

  /** Return the curves of a sum that grows in the replayed runs: without a band, since other runs aren't kept. */
  flow(outcome) {
    const of = this.data.scenarios.map(({ run }) => (run === null ? null : { mean: this.runs[run].flows[outcome] }));
    return { name: outcome, unit: outcome, pair: true, of };
  }

  // Building

  build() {
    const replay = this.runs.length ? [this.controls(), this.choices(), ...this.mapParts()] : [];
    this.root.classList.add("viewer");
    this.root.replaceChildren(...replay, this.below());
    if (this.runs.length) this.root.append((this.print = el("div", { class: "printed" })));
    this.draw();
  }

  choose(part, key, options, change) {
    const items = options.map(([value, text, selected]) => el("option", { value, selected }, text));
    const changed = (event) => {
      change(Number(event.target.value));
      this.draw();
    };
    return el("label", {}, this.word(key), " ", el("select", { "data-part": part, change: changed }, ...items));
  }

  controls() {
    const step = (key, text, arrow) => el("button", {
      type: "button", "data-part": key, "aria-label": this.word(key), title: this.word(key),
      click: () => this.go(moved(this.week, arrow, this.weeks)),
    }, text);
    this.button = el("button", {
      type: "button", "data-part": "play", class: "main", click: () => this.play(!this.playing),
    });
    this.slider = el("input", {
      type: "range", "data-part": "week", min: 1, max: this.weeks, "aria-label": this.word("week"),
      input: (event) => this.go(Number(event.target.value) - 1),
    });
    this.said = el("output");
    const speeds = [1, 2, 5, 10, 20, 40].map((each) => [each, each, each === this.speed]);
    const faster = (value) => {
      this.speed = value;
      if (this.playing) this.play(true);
    };
    return el("div", { class: "bar", role: "group", "aria-label": this.word("replay") },
      step("back", "‹", "ArrowLeft"), this.button, step("forward", "›", "ArrowRight"), this.slider, this.said,
      this.choose("speed", "speed", speeds, faster));
  }

  choices() {
    const scenarios = (side) => this.data.scenarios.flatMap(({ run }, k) =>
      run === null ? [] : [[run, this.title(k), this.sides[side] === run]]);
    const side = (key, k) => this.choose(key, key, scenarios(k), (run) => { this.sides[k] = run; });
    const places = [[-1, this.word("all_villages"), this.village < 0],
      ...this.villages.map(({ name }, k) => [k, name, this.village === k])];
    this.number = el("input", {
      type: "number", "data-part": "household", min: 1, max: this.runs[0].households,
      change: (event) => this.pick(Number(event.target.value) - 1),
    });
    return el("div", { class: "choices" },
      ...(this.runs.length > 1 ? [side("left", 0), side("right", 1)] : []),
      ...(this.villages.length > 1 ? [this.choose("village", "village", places, (k) => this.visit(k))] : []),
      el("label", {}, this.word("household_number"), " ", this.number));
  }

  mapParts() {
    this.maps = this.eachSide((side) => this.map(side));
    this.status = el("p", { class: "status", role: "status" });
    this.panel = el("div", { class: "panel", "aria-live": "polite", hidden: true });
    const figures = this.maps.map(({ caption, canvas }) => el("figure", {}, caption, canvas));
    return [
      this.status,
      el("div", { class: "two maps", tabindex: 0, role: "group", "aria-label": this.word("keys") }, ...figures),
      el("p", { class: "hint" }, this.word("keys")),
      this.legend(), this.panel,
    ];
  }

  map(side) {
    const clicked = (event) => {
      const box = canvas.getBoundingClientRect();
      const spot = at(this.runOf(side), this.maps[side].plan, event.clientX - box.left, event.clientY - box.top);
      if (!spot) return;
      if (this.village < 0) {
        this.visit(spot.village);
        this.root.querySelector("[data-part=village]").value = spot.village;
        this.draw();
      } else if (spot.household >= 0) this.pick(spot.household);
    };
    const canvas = el("canvas", { role: "img", "data-part": `map${side}`, click: clicked });
    return { canvas, caption: el("figcaption"), plan: null };
  }

  legend() {
    const sample = (paint) => {
      const canvas = el("canvas", { "aria-hidden": "true" });
      paint(sized(canvas, 17, 17));
      return canvas;
    };
    const yard = (frame, visit, round) =>
      sample((context) => drawYard(context, 0.5, 0.5, 17, frame, visit, round, this.data.colours));
    const plot = (kind) => sample((context) => drawPublic(context, 0.5, 0.5, 17, kind, kind ? 12 : 1));
    const items = [
      ...this.data.rungs.map((rung, k) => [yard(k, 0, false), this.name("rungs", rung)]),
      [yard(3, 0, false), this.word("key.local")], [yard(3, 0, true), this.word("key.newcomer")],
      [yard(CLEAN, 0, false), this.word("key.clean")], [yard(0, BY_MEMBER, false), this.word("key.visit")],
      ...PUBLIC.map((kind, k) => [plot(k), this.word(`key.${kind}`)]),
      ["", this.word("key.level")],
    ];
    const list = items.map(([drawing, text]) => el("li", {}, drawing, " ", text));
    return el("ul", { class: "legend", "aria-label": this.word("key_title") }, ...list);
  }

  below() {
    const outcomes = this.curves.map((one, k) => [k, this.name("outcomes", one.name), k === this.outcome]);
    this.chart = el("div", { class: "chart" });
    this.letters = el("p", { class: "letters" });
    this.table = el("details", { open: this.table?.open ?? false, toggle: () => this.drawTable() }, el("summary", {}, this.word("table")));
    const curves = el("div", {}, el("h3", {}, this.word("curves")),
      this.choose("outcome", "outcome_shown", outcomes, (k) => { this.outcome = k; }),
      this.chart, this.letters, this.note = el("p", { class: "hint" }), this.table);
    if (!this.runs.length) return curves;
    this.ladder = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": this.word("ladder") });
    return el("div", { class: "below" }, curves,
      el("div", {}, el("h3", {}, this.word("ladder")), this.ladder, el("p", { class: "hint" }, this.word("this_pair"))));
  }

  // Drawing

  /** Draw all that depends on the choices. */
  draw() {
    if (this.runs.length) this.drawPrinted();
    this.drawWeek();
  }

  /** Draw all that depends on the week. */
  drawWeek() {
    this.drawChart();
    if (!this.runs.length) return;
    const shares = this.eachSide((side) => this.drawMap(side));
    const week = this.week + 1, said = this.word("week_of", { week, weeks: this.weeks });
    this.slider.value = week;
    this.slider.setAttribute("aria-valuetext", said);
    this.said.textContent = said;
    this.button.textContent = this.playing ? `❚❚ ${this.word("pause")}` : `▶ ${this.word("play")}`;
    if (!this.playing && shares.length > 1) this.status.textContent = this.statusOf(week, shares);
    this.drawLadder();
    this.drawPanel();
    if (this.household >= 0 && !this.playing) this.fetchScores();
  }

  /** Ask for the scores of the week, where they aren't kept, and show them unless another week is shown by then. */
  async fetchScores() {
    const { week, runs } = this;
    const lacking = this.sides.filter((run) => !runs[run].parts.weeks.includes(week));
    if (!this.scores || !lacking.length) return;
    const found = await Promise.all([...new Set(lacking)].map(async (run) => [run, await this.scores(run, week)]));
    if (week !== this.week || runs !== this.runs) return;
    for (const [run, parts] of found) runs[run].parts = await unpackParts(parts);
    this.drawPanel();
  }

  /** Return the week in a sentence; screen readers hear it, so it keeps still while the run plays. */
  statusOf(week, [left, right]) {
    return this.word("status", {
      week, left: this.data.letters[this.scenarioOf(0)], right: this.data.letters[this.scenarioOf(1)],
      leftShare: shown(left, "share"), rightShare: shown(right, "share"), difference: signed(100 * (right - left)),
    });
  }

  /** Draw a side's map and return its share of households that have adopted. */
  drawMap(side) {
    const run = this.runOf(side), map = this.maps[side];
    const width = Math.max(200, map.canvas.parentElement.clientWidth || 500);
    map.plan = layout(run.villages, width, this.village);
    const context = sized(map.canvas, width, map.plan.height);
    drawMaps(context, run, this.week, map.plan, this.data.colours, this.household);
    map.canvas.setAttribute("aria-label", this.mapText(side, this.week));
    const share = this.adopted(side, this.week);
    map.caption.replaceChildren(el("span", {}, this.sideTitle(side)),
      el("b", { "data-part": `share${side}` }, shown(share, "share")));
    return share;
  }

  adopted(side, week) {
    const counts = countsOf(this.runOf(side), week, this.village);
    return counts.adopted / counts.households;
  }

  mapText(side, week) {
    const village = this.village < 0 ? this.word("all_villages") : this.villages[this.village].name;
    const share = shown(this.adopted(side, week), "share");
    return this.word("map", { village, title: this.sideTitle(side), week: week + 1, share });
  }

  /** Draw the maps that only print shows: both sides after each quarter of the run. */
  drawPrinted() {
    const quarters = [1, 2, 3, 4].map((k) => Math.max(0, Math.round((this.weeks * k) / 4) - 1));
    const small = (side, week) => {
      const canvas = el("canvas", { role: "img", "aria-label": this.mapText(side, week) });
      const plan = layout(this.villages, 170, this.village);
      drawMaps(sized(canvas, 170, plan.height, 3), this.runOf(side), week, plan, this.data.colours);
      return el("span", {}, canvas, `${this.word("week")} ${week + 1}`);
    };
    this.print.replaceChildren(...this.eachSide((side) => el("figure", {},
      el("figcaption", {}, this.sideTitle(side)), ...quarters.map((week) => small(side, week)))));
  }

  /** Return the series of the chosen outcome, one a scenario. */
  series() {
    return this.curves[this.outcome].of.flatMap((one, number) =>
      one === null ? [] : [{ letter: this.data.letters[number], number, ...one }]);
  }

  drawChart() {
    const { unit, name, pair } = this.curves[this.outcome], series = this.series();
    const scenarios = series.map(({ number }) => this.title(number)).join("; ");
    const label = this.word("curve", { outcome: this.name("outcomes", name), scenarios });
    const width = Math.max(280, this.chart.clientWidth || 560);
    this.chart.replaceChildren(chart(series, this.week, unit, width, label));
    this.note.textContent = series.some(({ low }) => low) ? this.word("curves_note") : "";
    const keys = series.map(({ number }) =>
      el("span", { style: `--line:${LINES[number % LINES.length][0]}` }, this.title(number)));
    this.letters.replaceChildren(...keys, ...(pair ? [el("span", { class: "hint" }, this.word("this_pair"))] : []));
    this.drawTable();
  }

  /** Draw the chosen curves as a table of some weeks, once it is open. */
  drawTable() {
    if (!this.table.open) return;
    const { unit, name } = this.curves[this.outcome], series = this.series();
    const every = Math.max(1, Math.round(this.weeks / 8)), last = this.weeks - 1;
    const weeks = Array.from({ length: this.weeks }, (_, w) => w).filter((w) => (w + 1) % every === 0 || w === last);
    const band = (one, w) => (one.low ? ` (${shown(one.low[w], unit)}–${shown(one.high[w], unit)})` : "");
    const cells = (w) => series.map((one) => el("td", {}, shown(one.mean[w], unit) + band(one, w)));
    const heads = [this.word("week"), ...series.map(({ number }) => this.title(number))];
    const caption = this.name("outcomes", name);
    const table = el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col" }, text)))),
      el("tbody", {}, ...weeks.map((w) => el("tr", {}, el("th", { scope: "row" }, `${w + 1}`), ...cells(w)))));
    this.table.querySelector(".scroll")?.remove();
    this.table.append(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
  }

  drawLadder() {
    const { rungs, colours } = this.data;
    const counts = this.eachSide((side) => countsOf(this.runOf(side), this.week, this.village));
    const bar = (share, colour) => {
      const fill = el("span", { class: "fill", style: `width:${(100 * share).toFixed(2)}%;--rung:${colour}` });
      return el("td", {}, el("span", { class: "track" }, fill), el("b", {}, shown(share, "share")));
    };
    const row = (label, cells) => el("tr", {}, el("th", { scope: "row" }, label), ...cells);
    const share = (label, numberOf, colour) =>
      row(label, counts.map((one) => bar(numberOf(one) / one.households, colour)));
    const sum = (key) => row(this.name("outcomes", key), this.eachSide((side) =>
      el("td", {}, el("b", {}, `${shown(this.runOf(side).flows[key][this.week], key)} ${this.name("units", key)}`))));
    const steps = rungs.map((rung, k) => share(this.name("rungs", rung), (one) => one.rungs[k], colours[k]));
    const heads = this.eachSide((side) => el("th", { scope: "col" }, this.sideTitle(side)));
    this.ladder.replaceChildren(el("table", { class: "ladder" },
      el("thead", {}, el("tr", {}, el("td", {}), ...heads)),
      el("tbody", {}, ...steps.reverse(),
        share(this.name("outcomes", "adopted"), (one) => one.adopted, "#333"),
        share(this.name("outcomes", "clean"), (one) => one.clean, "#555"),
        ...Object.keys(this.runs[0].flows).map(sum))));
  }

  drawPanel() {
    const h = this.household;
    this.panel.hidden = h < 0;
    this.number.value = h < 0 ? "" : h + 1;
    if (h < 0) return;
    const role = this.runs[0].roles[h], traits = [this.word(role & NEWCOMER ? "newcomer" : "local")];
    if (role & MEMBER) traits.push(this.word("member", { years: this.runs[0].years[h] }));
    if (role & WORTHY) traits.push(this.word("worthy"));
    if (role & VOLUNTEER) traits.push(this.word("volunteer"));
    const head = el("h3", {}, `${this.word("household", { number: h + 1 })} – ${traits.join(", ")}`);
    const close = el("button", { type: "button", click: () => this.pick(-1) }, this.word("close"));
    this.panel.replaceChildren(el("div", { class: "panel-head" }, head, close),
      el("div", { class: "two" }, ...this.eachSide((side) => this.why(side))));
  }

  /** Return what the chosen household does in a side's run, what tipped its last climb, and the parts of its score. */
  why(side) {
    const run = this.runOf(side), h = this.household, frame = run.frames[h * this.weeks + this.week];
    const climb = lastClimb(run, h, this.week), score = scoreOf(run, h, this.week);
    const rung = this.name("rungs", this.data.rungs[frame & 3]);
    const yard = this.word(frame & CLEAN ? "yard_clean" : "yard_cluttered");
    const tipped = climb
      ? this.word("last_climb", { week: climb.week + 1, term: this.name("parts", climb.term) })
      : this.word("no_climb");
    const kept = this.scores ? "" : run.parts.weeks.map((week) => week + 1).join(", ");
    return el("div", {}, el("h4", {}, this.sideTitle(side)),
      el("p", {}, el("b", {}, this.word("on_rung", { rung, yard }))), el("p", {}, tipped),
      ...(score ? this.scoreParts(score) : []),
      ...(kept ? [el("p", { class: "hint" }, this.word("score_weeks", { weeks: kept }))] : []));
  }

  scoreParts({ week, sum, parts }) {
    const most = Math.max(...parts.map(({ value }) => Math.abs(value)));
    const push = (value) =>
      el("span", { class: value < 0 ? "push back" : "push", style: `--size:${Math.abs(value) / most}` });
    const rows = parts.map(({ name, value }) => el("tr", {}, el("th", { scope: "row" }, this.name("parts", name)),
      el("td", {}, push(value)), el("td", {}, signed(value))));
    return [el("p", {}, this.word("score", { week: week + 1, sum: signed(sum) })),
      el("table", { class: "score" }, el("tbody", {}, ...rows))];
  }

  // Acting

  /** Speak a language. */
  say(language) {
    this.language = language;
    this.build();
  }

  go(week) {
    this.week = week;
    this.drawWeek();
  }

  play(on) {
    clearInterval(this.playing);
    if (on && this.week === this.weeks - 1) this.week = 0;
    const step = () => (this.week === this.weeks - 1 ? this.play(false) : this.go(this.week + 1));
    this.playing = on ? setInterval(step, 1000 / this.speed) : null;
    this.drawWeek();
  }

  /** Choose a household, or none (-1). */
  pick(household) {
    this.household = household >= 0 && household < this.runs[0].households ? household : -1;
    this.drawWeek();
  }

  /** Show a village's own page, or all villages (-1). */
  visit(village) {
    this.village = village;
    this.household = -1;
  }

  keyed(event) {
    const taken = ["INPUT", "SELECT", "SUMMARY"].includes(event.target.tagName);
    if (taken || event.ctrlKey || event.metaKey || event.altKey || !this.runs.length) return;
    if (event.key === " " && event.target.tagName !== "BUTTON") this.play(!this.playing);
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      this.go(moved(this.week, event.key, this.weeks));
    } else return;
    event.preventDefault();
    event.stopPropagation(); // a notebook has keys of its own
  }
}
