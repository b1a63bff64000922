// The pure functions of the viewer, on a small run written by hand; `node --test tests/page/viewer.test.mjs`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import {
  apart, at, climbsOf, countsOf, filled, inflate, lastClimb, layout, moved, path, scoreOf, shown, signed, summed, ticks, unpack, unpackCurve,
} from "../../sim/page/viewer.js";

const packed = (values, Kind = Uint8Array) => deflateSync(Buffer.from(Kind.from(values).buffer)).toString("base64");
const changes = (rows) => rows.flatMap((row) => row.map((value, k) => (value - (k ? row[k - 1] : 0)) & 255));

// Two villages: one with two households side by side and a public plot, one with a single household.
const FRAMES = [[0, 1, 2 + 4, 3 + 4], [1, 0, 1, 1], [0, 0, 0, 4]];
const RUN = {
  weeks: 4, terms: ["predisposition", "kin", "persuasion"],
  villages: [{ name: "east", households: 2, rows: 1, columns: 3, plots: 1 }, { name: "west", households: 1, rows: 2, columns: 1, plots: 0 }],
  plan: packed([0, -2, 3, 1, -3], Int32Array), // the places 0 -2 1 2 -1
  roles: packed([0, 3, 1]), party_years: packed([0, 34, 0]), frames: packed(changes(FRAMES)),
  visits: packed(changes([[1, 0, 0, 1], [0, 2, 3, 0], [0, 0, 0, 0]])), public: packed(changes([[5, 16 + 9, 33, 33]])),
  tips: packed([0, 2, 1, 1, 2]),
  parts: { names: ["kin", "effort"], weeks: [1, 3], step: 0.1, data: packed(changes([[12, 14], [0, 0], [3, 2], [-20, -16], [-5, -5], [-1, -1]])) },
  flows: { yuan: [0, 10, 20, 30] },
};

test("a packed run unpacks to what it was", async () => {
  const run = await unpack(RUN);
  assert.deepEqual([...run.frames], FRAMES.flat());
  assert.deepEqual([...run.plan], [0, -2, 1, 2, -1]);
  assert.deepEqual([...run.public], [5, 25, 33, 33]);
  assert.equal(run.households, 3);
  assert.deepEqual(run.villages.map(({ first, stop, plan }) => [first, stop, plan]), [[0, 2, 0], [2, 3, 3]]);
});

test("damaged data are refused", async () => {
  await assert.rejects(inflate(Buffer.from("nothing packed").toString("base64")));
});

test("changes add up modulo 256, item by item", () => {
  assert.deepEqual([...summed(Uint8Array.from([250, 10, 1, 2]), 2)], [250, 4, 1, 3]);
});

test("a curve keeps falling values", async () => {
  assert.deepEqual(await unpackCurve(packed([5000, -2500, 0], Int16Array), 10000), [0.5, 0.25, 0.25]);
});

test("climbs, and the term that tipped the last one", async () => {
  const run = await unpack(RUN);
  assert.deepEqual(climbsOf(run, 0, 3), [1, 2, 3]);
  assert.deepEqual(climbsOf(run, 1, 3), [0, 2]);
  assert.deepEqual(lastClimb(run, 0, 2), { week: 2, term: "persuasion" });
  assert.deepEqual(lastClimb(run, 1, 1), { week: 0, term: "kin" });
  assert.deepEqual(lastClimb(run, 1, 3), { week: 2, term: "persuasion" });
  assert.equal(lastClimb(run, 2, 3), null);
});

test("the parts of a score are those of the last kept week, the largest first", async () => {
  const run = await unpack(RUN);
  assert.equal(scoreOf(run, 0, 0), null);
  const score = scoreOf(run, 0, 2);
  assert.equal(score.week, 1);
  assert.deepEqual(score.parts.map(({ name, value }) => [name, Number(value.toFixed(3))]), [["effort", -2], ["kin", 1.2]]);
  assert.ok(Math.abs(score.sum + 0.8) < 1e-9);
  assert.deepEqual(scoreOf(run, 1, 3).parts.map(({ name }) => name), ["effort"]);
});

test("counts of a village and of all", async () => {
  const run = await unpack(RUN);
  assert.deepEqual(countsOf(run, 3), { rungs: [1, 1, 0, 1], clean: 2, adopted: 1, households: 3 });
  assert.deepEqual(countsOf(run, 3, 1), { rungs: [1, 0, 0, 0], clean: 1, adopted: 0, households: 1 });
});

test("a point of the drawing is a household, a public plot or nothing", async () => {
  const run = await unpack(RUN), plan = layout(run.villages, 66, 0), { cell } = plan.maps[0];
  assert.equal(cell, 22);
  assert.deepEqual(at(run, plan, 1, 1), { village: 0, household: 0 });
  assert.deepEqual(at(run, plan, cell * 1.5, 1), { village: 0, household: -1 });
  assert.deepEqual(at(run, plan, cell * 2.5, 1), { village: 0, household: 1 });
  assert.equal(at(run, plan, 1, cell + 1), null);
});

test("several villages lie side by side and don't overlap", async () => {
  const run = await unpack(RUN), { maps, height } = layout(run.villages, 200);
  assert.equal(maps.length, 2);
  assert.ok(maps[0].x + maps[0].village.columns * maps[0].cell <= maps[1].x);
  assert.ok(maps.every((map) => map.y + map.village.rows * map.cell <= height));
  assert.deepEqual(at(run, { maps }, maps[1].x + 1, maps[1].y + 1), { village: 1, household: 2 });
  assert.equal(at(run, layout(run.villages, 200, 1), 1, 1).village, 1);
});

test("ticks are round and reach the greatest value", () => {
  assert.deepEqual(ticks(0.31), [0, 0.1, 0.2, 0.3, 0.4]);
  assert.deepEqual(ticks(480000), [0, 100000, 200000, 300000, 400000, 500000]);
  assert.deepEqual(ticks(0), [0, 1]);
  for (const most of [0.004, 1, 7, 99, 101, 123456]) {
    const marks = ticks(most);
    assert.ok(marks.at(-1) >= most && marks.length <= 8, `${most}: ${marks}`);
  }
});

test("paths, and labels that keep apart", () => {
  assert.equal(path([[0, 1], [2.25, 3]]), "M0.0,1.0L2.3,3.0");
  const places = apart([10, 12, 40], 15);
  assert.deepEqual(places, [10, 25, 40]);
});

test("words and numbers", () => {
  assert.equal(filled("Week {week} of {weeks}, {other}", { week: 1, weeks: 4 }), "Week 1 of 4, {other}");
  assert.equal(shown(0.1256, "share"), "12.6 %");
  assert.equal(shown(456283.4, "yuan"), "456,283");
  assert.equal(shown(0.1234, "hours"), "0.123");
  assert.deepEqual([signed(-1.25), signed(0.04)], ["−1.3", "+0.0"]);
});

test("keys move the week within the run", () => {
  assert.equal(moved(3, "ArrowRight", 5), 4);
  assert.equal(moved(4, "ArrowRight", 5), 4);
  assert.equal(moved(0, "ArrowLeft", 5), 0);
  assert.equal(moved(2, "Home", 5), 0);
  assert.equal(moved(2, "End", 5), 4);
  assert.equal(moved(2, "a", 5), 2);
});
