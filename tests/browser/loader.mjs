// Reads cases, one as JSON a line, and answers with the facts that the page writes and the verdicts that clingo gives.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [assets, data] = process.argv.slice(2).map((folder) => pathToFileURL(`${folder}/`));
const load = (name) => import(new URL(name, assets));
const json = (name) => JSON.parse(readFileSync(new URL(name, data), "utf8"));
const { load: clingo } = await load("clingo.js");
const { Reader } = await load("rows.js");
const { Evaluation, readOutput } = await load("program.js");
const { whyNot } = await load("whynot.js");
const { orderPositions, fineness, placed } = await load("candidates.js");
const vocabulary = json("vocabulary.json");
const run = await clingo(new URL("clingo/", assets));
const solve = async (program, options) => readOutput(run(program, options));
const versions = new Map();

async function evaluated(one) {
  if (!versions.has(one.version)) versions.set(one.version, { ...json(`${one.version}.json`), questions: json(`${one.version}.why.json`) });
  const version = versions.get(one.version);
  const reader = new Reader(vocabulary).read(one.given);
  if (reader.problems.length) return { problems: reader.problems };
  const data_ = { rows: reader.rows, incomplete: one.incomplete, year: Number(one.year) };
  const evaluation = new Evaluation(vocabulary, version, data_, one.readings, solve);
  await evaluation.run();
  const answer = { facts: evaluation.factText.split("\n") };
  if (one.whyNot) {
    const why = await whyNot(evaluation, version.questions, one.whyNot);
    answer.why = why && flat(why);
  }
  if (one.prove) {
    const world = await evaluation.world(one.prove, true);
    answer.cites = [...new Set(world.prove(one.prove).flatMap(citesOf))];
  }
  return answer;
}

function flat(why) {
  return why.ways.map((way) => [way.n, way.unmet.map((one) => [one.kind, one.atom.name, ...one.atom.values, one.below ? flat(one.below) : null])]);
}

function citesOf(proof) {
  return [...proof.cites, ...proof.children.flatMap(citesOf)];
}

function positions({ known, maxima, anchors }) {
  const figures = known.map((pair) => pair.map(BigInt));
  const open = maxima.map(BigInt);
  const parts = fineness(figures.map(([, max]) => max), open);
  const found = orderPositions(figures, open, parts);
  const places = placed([...found.values()].flat(), anchors.map(BigInt), parts);
  const text = (pairs) => Object.fromEntries([...pairs].map(([key, value]) => [String(key), Array.isArray(value) ? value.map(String) : String(value)]));
  return { parts: String(parts), positions: text(found), places: places && text(places) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  let answer;
  try {
    answer = one.maxima ? positions(one) : await evaluated(one);
  } catch (error) {
    answer = { error: String(error.stack) };
  }
  console.log(JSON.stringify(answer));
}
