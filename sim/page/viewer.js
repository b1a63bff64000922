/** The viewer: it plays one or two kept runs week by week, with maps, curves and the ladder.

A module without dependencies, for reports, local pages and notebooks: `mount(root, data)` builds everything in `root`. The
data, made by sim/page/data.py, hold the runs (sim/runs/replay.py), the curves, and every word in each language. */

const SVG = "http://www.w3.org/2000/svg";
const WATCHING = 0, HELPING = 2, CLEAN = 4, NEWCOMER = 1, MEMBER = 2, WORTHY = 4, VOLUNTEER = 8 | 16;
const BY_MEMBER = 1, BY_CALLER = 2, LEVELS = 15;
const GLYPH = [0.22, 0.46, 0.68, 0.92];
const PUBLIC = ["black_spot", "idle", "amenity", "works"];
const LINES = [["#000000", ""], ["#0072B2", "7 3"], ["#B84A00", "2 2"], ["#007A59", "9 3 2 3"], ["#9A4A7A", "12 4"]];

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

/** Return a packed run with its arrays: `frames[household * weeks + week]` and so on, and each village's first rows. */
export async function unpack(run) {
  const { weeks } = run, texts = [run.frames, run.visits, run.public, run.tips, run.roles, run.party_years, run.plan];
  const [frames, visits, plots, tips, roles, years, plan] = await Promise.all(texts.map(inflate));
  const places = new Int32Array(plan.buffer);
  for (let k = 1; k < places.length; k++) places[k] += places[k - 1];
  const kept = run.parts.weeks.length, parts = new Int8Array(summed(await inflate(run.parts.data), kept).buffer);
  let first = 0, plot = 0;
  const villages = run.villages.map((village) => {
    const start = { ...village, first, stop: first + village.households, plan: plot };
    first = start.stop;
    plot += village.rows * village.columns;
    return start;
  });
  const whole = { ...run, villages, households: first, plan: places, roles, years, visits: summed(visits, weeks) };
  return withClimbs({ ...whole, frames: summed(frames, weeks), public: summed(plots, weeks), values: parts }, tips);
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

/** Return the parts of a household's score at the last kept week up to `week`, the largest first; null before the first. */
export function scoreOf(run, household, week) {
  const { names, weeks, step } = run.parts, at = weeks.findLastIndex((kept) => kept <= week);
  if (at < 0) return null;
  const parts = names.map((name, k) => ({
    name, value: run.values[(k * run.households + household) * weeks.length + at] * step,
  }));
  const sum = parts.reduce((total, part) => total + part.value, 0);
  return { week: weeks[at], sum, parts: parts.filter((part) => part.value).sort((a, b) => Math.abs(b.value) - Math.abs(a.value)) };
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

/** Return where villages' maps lie in a drawing of this width: [{village, x, y, cell}], and the height. Several lie in rows. */
export function layout(villages, width, chosen = -1) {
  const shown = chosen < 0 ? villages : [villages[chosen]], across = Math.ceil(Math.sqrt(shown.length));
  const gap = shown.length > 1 ? 10 : 0, head = shown.length > 1 ? 16 : 0, room = (width - gap * (across - 1)) / across;
  const cell = Math.min(22, Math.min(...shown.map((village) => room / village.columns)));
  const tallest = Math.max(...shown.map((village) => village.rows)) * cell + head + gap;
  const maps = shown.map((village, k) => ({
    village, cell, x: (k % across) * (room + gap), y: Math.floor(k / across) * tallest + head,
  }));
  return { maps, height: Math.ceil(shown.length / across) * tallest - gap };
}

/** Return {village, household} at a point of the drawing; household is -1 beside the yards; null outside the maps. */
export function at(run, { maps }, x, y) {
  for (const { village, cell, x: left, y: top } of maps) {
    const column = Math.floor((x - left) / cell), row = Math.floor((y - top) / cell);
    if (column < 0 || row < 0 || column >= village.columns || row >= village.rows) continue;
    const found = run.plan[village.plan + row * village.columns + column];
    return { village: run.villages.indexOf(village), household: Math.max(-1, found) };
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

/** Return the week after an action: a key's name, or a number of weeks to go to. */
export function moved(week, key, weeks) {
  const to = { ArrowRight: week + 1, ArrowLeft: week - 1, Home: 0, End: weeks - 1 }[key];
  return to === undefined ? week : Math.max(0, Math.min(weeks - 1, to));
}

// Drawing ---------------------------------------------------------------------------------------------------------------

/** Make an element; `attributes` that are functions listen, `children` are elements or texts. */
function el(name, attributes = {}, ...children) {
  const drawn = ["svg", "path", "line", "text", "title"].includes(name);
  const element = drawn ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
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
    context.strokeStyle = "#555";
    context.lineWidth = Math.max(0.8, c * 0.08);
    context.strokeRect(x + context.lineWidth / 2, y + context.lineWidth / 2, c * 0.94 - context.lineWidth, c * 0.94 - context.lineWidth);
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
  context.beginPath();
  if (kind === 0) for (const [a, b] of [[-r, r], [r, -r]]) context.moveTo(x + m - r, y + m + a), context.lineTo(x + m + r, y + m + b);
  if (kind === 1) context.rect(x + m - r, y + m - r, 2 * r, 2 * r);
  if (kind === 2) context.arc(x + m, y + m, r * 1.1, 0, 7);
  if (kind === 3) context.moveTo(x + m, y + m - r), context.lineTo(x + m + r, y + m + r), context.lineTo(x + m - r, y + m + r), context.closePath();
  if (kind === 2) context.fill();
  else context.stroke();
}

/** Draw the maps of a run after a week. household : the chosen one, or -1. */
export function drawMaps(context, run, week, { maps }, colours, household = -1) {
  for (const { village, cell, x, y } of maps) {
    if (maps.length > 1) {
      context.fillStyle = "#222";
      context.font = "11px system-ui, sans-serif";
      context.fillText(village.name, x, y - 4, village.columns * cell);
    }
    for (let k = 0; k < village.rows * village.columns; k++) {
      const place = run.plan[village.plan + k];
      const left = x + (k % village.columns) * cell, top = y + Math.floor(k / village.columns) * cell;
      if (place >= 0) {
        const frame = place * run.weeks + week;
        drawYard(context, left, top, cell, run.frames[frame], run.visits[frame], run.roles[place] & NEWCOMER, colours);
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
}

/** Return a chart as SVG: series of {letter, mean, low, high}, in `unit`, with the chosen week marked. */
export function chart(series, week, unit, width, title) {
  const height = Math.max(220, Math.min(320, width * 0.5)), [left, right, top, bottom] = [58, 30, 10, 34];
  const weeks = series[0].mean.length, all = series.flatMap((one) => one.high || one.mean);
  const marks = ticks(all.reduce((most, value) => Math.max(most, value), 0)), most = marks.at(-1);
  const X = (w) => left + ((width - left - right) * w) / Math.max(1, weeks - 1);
  const Y = (value) => top + (height - top - bottom) * (1 - value / most);
  const svg = el("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": title });
  for (const mark of marks) {
    svg.append(el("line", { x1: left, x2: width - right, y1: Y(mark), y2: Y(mark), class: "grid" }));
    const text = unit === "share" ? `${Number((100 * mark).toPrecision(6))} %` : shown(mark, unit);
    svg.append(el("text", { x: left - 6, y: Y(mark) + 4, "text-anchor": "end" }, text));
  }
  const step = Math.max(1, [1, 2, 4, 13, 26, 52, 104, 520].find((each) => (weeks / each) * 40 <= width - left - right));
  for (let w = step - 1; w < weeks; w += step) svg.append(el("text", { x: X(w), y: height - 12, "text-anchor": "middle" }, `${w + 1}`));
  for (const [k, one] of series.entries()) {
    const colour = LINES[one.number % LINES.length];
    const line = (values) => values.map((value, w) => [X(w), Y(value)]);
    if (one.low) svg.append(el("path", { d: path(line(one.high)) + path(line(one.low).reverse()).replace("M", "L") + "Z", fill: colour[0], class: "band" }));
    svg.append(el("path", { d: path(line(one.mean)), stroke: colour[0], "stroke-dasharray": colour[1], class: "line", "data-series": k }));
  }
  const places = apart(series.map((one) => Y(one.mean.at(-1)) + 4), 15);
  series.forEach((one, k) => svg.append(el("text", { x: width - right + 6, y: places[k], fill: LINES[one.number % LINES.length][0], class: "letter" }, one.letter)));
  svg.append(el("line", { x1: X(week), x2: X(week), y1: top, y2: height - bottom, class: "now" }));
  return svg;
}

// The page --------------------------------------------------------------------------------------------------------------

/** Build the viewer in an element and return {say(language), go(week), state}. */
export async function mount(root, data, { language = "en" } = {}) {
  const runs = await Promise.all(data.runs.map(unpack)), weeks = runs[0].weeks, villages = runs[0].villages;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { week: weeks - 1, playing: null, speed: calm ? 2 : 10, sides: [0, Math.min(1, runs.length - 1)], village: villages.length > 1 ? -1 : 0,
    outcome: 0, household: -1, language };
  const curves = [...(await Promise.all(data.curves.map(unpackCurves))), ...Object.keys(runs[0].flows).map((name) => flow(name))];
  const parts = { maps: [], sides: [] };

  const word = (key, values) => filled(data.words[key][state.language], values);
  const name = (group, key) => data.names[group][key]?.[state.language] ?? key.replaceAll("_", " ");
  const title = (k) => data.scenarios[k].title[state.language];
  const lettered = (k) => `${data.letters[k]}: ${title(k)}`;
  const scenarioOf = (side) => data.scenarios.findIndex((one) => one.run === state.sides[side]);
  const sideTitle = (side) => lettered(scenarioOf(side)), letterOf = (side) => data.letters[scenarioOf(side)];

  function flow(outcome) {
    return { name: outcome, unit: outcome, pair: true, of: data.scenarios.map((one) => one.run === null ? null : { mean: runs[one.run].flows[outcome] }) };
  }

  function build() {
    root.replaceChildren();
    root.classList.add("viewer");
    const option = (value, text, chosen) => el("option", { value, selected: chosen }, text);
    const choose = (id, key, options, change) => el("label", {}, word(key), " ", el("select", { id, change: (event) => { change(Number(event.target.value)); draw(); } }, ...options));
    const scenarios = (side) => data.scenarios.flatMap((one, k) => one.run === null ? [] : [option(one.run, lettered(k), state.sides[side] === one.run)]);
    parts.play = el("button", { type: "button", id: "play", class: "main", click: () => play(!state.playing) });
    parts.slider = el("input", { type: "range", id: "week", min: 1, max: weeks, "aria-label": word("week"), input: (event) => go(Number(event.target.value) - 1) });
    parts.said = el("output", { id: "said", for: "week" });
    const step = (key, text, id) => el("button", { type: "button", id, "aria-label": word(key), title: word(key), click: () => go(moved(state.week, id === "back" ? "ArrowLeft" : "ArrowRight", weeks)) }, text);
    const speeds = [1, 2, 5, 10, 20, 40].map((each) => option(each, each, each === state.speed));
    root.append(
      el("div", { class: "bar", role: "group", "aria-label": word("replay") }, step("back", "‹", "back"), parts.play, step("forward", "›", "forward"),
        parts.slider, parts.said, choose("speed", "speed", speeds, (value) => { state.speed = value; if (state.playing) play(true); })),
      el("div", { class: "choices" },
        ...(runs.length > 1 ? [choose("left", "left", scenarios(0), (value) => { state.sides[0] = value; }), choose("right", "right", scenarios(1), (value) => { state.sides[1] = value; })] : []),
        ...(villages.length > 1 ? [choose("village", "village", [option(-1, word("all_villages"), state.village < 0), ...villages.map((one, k) => option(k, one.name, state.village === k))], visit)] : []),
        el("label", {}, word("household_number"), " ", parts.number = el("input", { type: "number", id: "household", min: 1, max: runs[0].households, change: (event) => pick(Number(event.target.value) - 1) }))),
      parts.status = el("p", { class: "status", role: "status" }),
      el("div", { class: "two maps", tabindex: 0, role: "group", "aria-label": word("keys") }, ...sides().map(figure)),
      el("p", { class: "hint" }, word("keys")), legend(),
      parts.panel = el("div", { class: "panel", id: "panel", "aria-live": "polite", hidden: true }),
      el("div", { class: "below" },
        el("div", {}, el("h3", {}, word("curves")), choose("outcome", "outcome_shown", curves.map((one, k) => option(k, name("outcomes", one.name), k === state.outcome)), (value) => { state.outcome = value; }),
          parts.chart = el("div", { class: "chart" }), parts.letters = el("p", { class: "letters" }), el("p", { class: "hint" }, word("curves_note")),
          parts.table = el("details", { toggle: drawTable }, el("summary", {}, word("table")))),
        el("div", {}, parts.ladderHead = el("h3", {}, word("ladder")), parts.ladder = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": word("ladder") }))),
      printed());
    draw();
  }

  const sides = () => (runs.length > 1 ? [0, 1] : [0]);

  function figure(side) {
    const canvas = el("canvas", { role: "img", id: `map${side}`, click: (event) => {
      const box = canvas.getBoundingClientRect(), spot = at(runs[state.sides[side]], parts.maps[side], event.clientX - box.left, event.clientY - box.top);
      if (spot && state.village < 0) choosePlace(spot.village);
      else if (spot && spot.household >= 0) pick(spot.household);
    } });
    parts.sides[side] = { canvas, caption: el("figcaption") };
    return el("figure", {}, parts.sides[side].caption, canvas);
  }

  function legend() {
    const sample = (paint) => { const canvas = el("canvas", { "aria-hidden": "true" }); paint(sized(canvas, 17, 17)); return canvas; };
    const yard = (frame, visit, round) => sample((context) => drawYard(context, 0.5, 0.5, 17, frame, visit, round, data.colours));
    const item = (drawing, text) => el("li", {}, drawing, " ", text);
    return el("ul", { class: "legend", "aria-label": word("key_title") },
      ...data.rungs.map((rung, k) => item(yard(k, 0, false), name("rungs", rung))),
      item(yard(3, 0, false), word("key.local")), item(yard(3, 0, true), word("key.newcomer")),
      item(yard(CLEAN, 0, false), word("key.clean")), item(yard(0, BY_MEMBER, false), word("key.visit")),
      ...PUBLIC.map((kind, k) => item(sample((context) => drawPublic(context, 0.5, 0.5, 17, k, k ? 12 : 1)), word(`key.${kind}`))),
      el("li", {}, word("key.level")));
  }

  /** Return the maps that only print shows: both sides after each quarter of the run. */
  function printed() {
    parts.print = el("div", { class: "printed" });
    return parts.print;
  }

  function drawPrinted() {
    const quarters = [1, 2, 3, 4].map((k) => Math.max(0, Math.round((weeks * k) / 4) - 1)), width = 170;
    parts.print.replaceChildren(...sides().map((side) => el("figure", {}, el("figcaption", {}, sideTitle(side)), ...quarters.map((week) => {
      const canvas = el("canvas", { role: "img", "aria-label": mapText(side, week) }), plan = layout(villages, width, state.village);
      drawMaps(sized(canvas, width, plan.height, 3), runs[state.sides[side]], week, plan, data.colours);
      return el("span", {}, canvas, word("week"), ` ${week + 1}`);
    }))));
  }

  function mapText(side, week) {
    const counts = countsOf(runs[state.sides[side]], week, state.village);
    const village = state.village < 0 ? word("all_villages") : villages[state.village].name;
    return word("map", { village, title: sideTitle(side), week: week + 1, share: shown(counts.adopted / counts.households, "share") });
  }

  function drawChart() {
    const { unit, of, name: outcome } = curves[state.outcome];
    parts.series = of.flatMap((one, k) => one === null ? [] : [{ letter: data.letters[k], number: k, ...one }]);
    const label = word("curve", { outcome: name("outcomes", outcome), scenarios: parts.series.map((one) => title(one.number)).join("; ") });
    parts.chart.replaceChildren(chart(parts.series, state.week, unit, Math.max(280, parts.chart.clientWidth || 560), label));
    parts.letters.replaceChildren(...parts.series.map((one) => el("span", { style: `--line:${LINES[one.number % LINES.length][0]}` }, lettered(one.number))));
    if (curves[state.outcome].pair) parts.letters.append(el("span", { class: "hint" }, `(${word("this_pair")})`));
    drawTable();
  }

  function drawTable() {
    if (!parts.table.open) return;
    const unit = curves[state.outcome].unit, every = Math.max(1, Math.round(weeks / 8));
    const rows = Array.from({ length: weeks }, (_, w) => w).filter((w) => (w + 1) % every === 0 || w === weeks - 1);
    const cell = (one, w) => shown(one.mean[w], unit) + (one.low ? ` (${shown(one.low[w], unit)}–${shown(one.high[w], unit)})` : "");
    const caption = name("outcomes", curves[state.outcome].name);
    const table = el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, word("week")), ...parts.series.map((one) => el("th", { scope: "col" }, lettered(one.number))))),
      el("tbody", {}, ...rows.map((w) => el("tr", {}, el("th", { scope: "row" }, `${w + 1}`), ...parts.series.map((one) => el("td", {}, cell(one, w)))))));
    parts.table.querySelector(".scroll")?.remove();
    parts.table.append(el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption }, table));
  }

  function drawLadder() {
    const counted = sides().map((side) => countsOf(runs[state.sides[side]], state.week, state.village));
    const bar = (share, k) => el("td", {}, el("span", { class: "track" }, el("span", { class: "fill", style: `width:${(100 * share).toFixed(2)}%;--rung:${k}` })), el("b", {}, shown(share, "share")));
    const row = (label, cells) => el("tr", {}, el("th", { scope: "row" }, label), ...cells);
    const rungs = data.rungs.map((rung, k) => row(name("rungs", rung), counted.map((one) => bar(one.rungs[k] / one.households, data.colours[k])))).reverse();
    const flows = Object.keys(runs[0].flows).map((key) => row(name("outcomes", key), sides().map((side) => el("td", { "data-flow": key }, el("b", {}, `${shown(runs[state.sides[side]].flows[key][state.week], key)} ${name("units", key)}`)))));
    parts.ladder.replaceChildren(el("table", { class: "ladder" },
      el("thead", {}, el("tr", {}, el("td", {}), ...sides().map((side) => el("th", { scope: "col" }, sideTitle(side))))),
      el("tbody", {}, ...rungs, row(name("outcomes", "adopted"), counted.map((one) => bar(one.adopted / one.households, "#333"))), row(name("outcomes", "clean"), counted.map((one) => bar(one.clean / one.households, "#555"))), ...flows)));
  }

  function drawPanel() {
    parts.panel.hidden = state.household < 0;
    parts.number.value = state.household < 0 ? "" : state.household + 1;
    if (state.household < 0) return;
    const h = state.household, role = runs[0].roles[h];
    const traits = [word(role & NEWCOMER ? "newcomer" : "local"), ...(role & MEMBER ? [word("member", { years: runs[0].years[h] })] : []), ...(role & WORTHY ? [word("worthy")] : []), ...(role & VOLUNTEER ? [word("volunteer")] : [])];
    parts.panel.replaceChildren(
      el("div", { class: "panel-head" }, el("h3", {}, word("household", { number: h + 1 }), ` – ${traits.join(", ")}`), el("button", { type: "button", click: () => pick(-1) }, word("close"))),
      el("div", { class: "two" }, ...sides().map((side) => why(side, h))));
  }

  /** Return what a household does in a side's run, which term tipped its last climb, and the parts of its score. */
  function why(side, h) {
    const run = runs[state.sides[side]], frame = run.frames[h * weeks + state.week], climb = lastClimb(run, h, state.week), score = scoreOf(run, h, state.week);
    const lines = [
      el("p", {}, el("b", {}, word("on_rung", { rung: name("rungs", data.rungs[frame & 3]), yard: word(frame & CLEAN ? "yard_clean" : "yard_cluttered") }))),
      el("p", {}, climb ? word("last_climb", { week: climb.week + 1, term: name("parts", climb.term) }) : word("no_climb")),
    ];
    if (score) {
      const most = Math.max(...score.parts.map((part) => Math.abs(part.value)));
      const row = (part) => el("tr", {}, el("th", { scope: "row" }, name("parts", part.name)), el("td", {}, el("span", { class: `push ${part.value < 0 ? "back" : ""}`, style: `--size:${Math.abs(part.value) / most}` })), el("td", {}, `${part.value < 0 ? "−" : "+"}${Math.abs(part.value).toFixed(1)}`));
      lines.push(el("p", {}, word("score", { week: score.week + 1, sum: score.sum.toFixed(1).replace("-", "−") })), el("table", { class: "score" }, el("tbody", {}, ...score.parts.map(row))));
    }
    if (run.parts.weeks.length) lines.push(el("p", { class: "hint" }, word("score_weeks", { weeks: run.parts.weeks.map((week) => week + 1).join(", ") })));
    return el("div", {}, el("h4", {}, sideTitle(side)), ...lines);
  }

  /** Draw all that depends on the choices. */
  function draw() {
    drawWeek();
    drawPrinted();
  }

  function drawWeek() {
    const { week } = state, shares = sides().map((side) => { const one = countsOf(runs[state.sides[side]], week, state.village); return one.adopted / one.households; });
    for (const side of sides()) {
      const { canvas, caption } = parts.sides[side], run = runs[state.sides[side]];
      parts.maps[side] = layout(run.villages, Math.max(200, canvas.parentElement.clientWidth || 500), state.village);
      drawMaps(sized(canvas, Math.max(200, canvas.parentElement.clientWidth || 500), parts.maps[side].height), run, week, parts.maps[side], data.colours, state.household);
      canvas.setAttribute("aria-label", mapText(side, week));
      caption.replaceChildren(el("span", {}, sideTitle(side)), el("b", { id: `share${side}` }, shown(shares[side], "share")));
    }
    parts.slider.value = week + 1;
    parts.slider.setAttribute("aria-valuetext", word("week_of", { week: week + 1, weeks }));
    parts.said.textContent = word("week_of", { week: week + 1, weeks });
    parts.play.textContent = `${state.playing ? "❚❚" : "▶"} ${word(state.playing ? "pause" : "play")}`;
    const difference = 100 * (shares.at(-1) - shares[0]);
    if (!state.playing && shares.length > 1) {
      parts.status.textContent = word("status", { week: week + 1, left: letterOf(0), right: letterOf(1), leftShare: shown(shares[0], "share"), rightShare: shown(shares[1], "share"), difference: `${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(1)}` });
    }
    drawChart();
    drawLadder();
    drawPanel();
  }

  function go(week) {
    state.week = week;
    drawWeek();
  }

  function play(on) {
    clearInterval(state.playing);
    if (on && state.week === weeks - 1) state.week = 0;
    state.playing = on ? setInterval(() => { if (state.week === weeks - 1) play(false); else go(state.week + 1); }, 1000 / state.speed) : null;
    drawWeek();
  }

  function pick(household) {
    state.household = household >= 0 && household < runs[0].households ? household : -1;
    drawWeek();
  }

  /** Show a village's own page, or all villages (-1). */
  function visit(village) {
    state.village = village;
    state.household = -1;
  }

  function choosePlace(village) {
    visit(village);
    root.querySelector("#village").value = village;
    draw();
  }

  root.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT", "SUMMARY"].includes(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " " && event.target.tagName !== "BUTTON") play(!state.playing);
    else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) go(moved(state.week, event.key, weeks));
    else return;
    event.preventDefault();
  });
  let width = root.clientWidth;
  new ResizeObserver(() => { if (root.clientWidth !== width) { width = root.clientWidth; draw(); } }).observe(root);
  build();
  root.dataset.ready = "true";
  return { state, runs, go, play, pick, say: (next) => { state.language = next; build(); } };
}
