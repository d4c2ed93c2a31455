// Why not: the questions of solver/cchc/whynot.py, asked in the browser. The rules of the questions are in *.why.json.
import { instance, keyOf } from "./program.js";
import { argumentsOf, isTable } from "./rows.js";

const OPEN = "?";

/**
 * @typedef {{kind: string, atom?: any, given: any[], below: WhyNot | null, compared?: any, foreign: boolean}} Unmet
 * @typedef {{goal: any, ways: {cites: string[], n: number, unmet: Unmet[]}[], foreign: boolean, assumed: any[]}} WhyNot
 */

/**
 * Why a verdict does not hold in some completion of the data.
 * @param {import("./program.js").Evaluation} evaluation
 * @param {any[]} questions of the version
 * @param {{name: string, values: any[]}} goal
 * @returns {Promise<WhyNot | null>}
 */
export async function whyNot(evaluation, questions, goal) {
  const possible = evaluation.possibleRules();
  const able = new Set(possible.map((rule) => rule.n));
  const heads = new Set(possible.map((rule) => rule.head));
  const asked = new Map();
  const first = questions.find((one) => one.name === goal.name && one.bound.every(Boolean));
  const waiting = [first.goal];
  const byName = new Map(questions.map((one) => [one.goal, one]));
  const lines = [`${evaluation.written({ name: goal.name, values: goal.values }).replace(goal.name, first.goal)}.`];
  while (waiting.length) {
    const name = waiting.pop();
    if (asked.has(name)) continue;
    const question = byName.get(name);
    lines.push(`#defined ${name}/${question.bound.filter(Boolean).length}.`);
    const rules = question.rules.filter((rule) => able.has(rule.n));
    asked.set(name, rules);
    for (const condition of rules.flatMap((rule) => rule.conditions)) {
      lines.push(condition.lines);
      for (const atom of condition.given) lines.push(`#defined ${atom[0]}/${atom.length - 1}.`);
      if (condition.atom) lines.push(`#defined ${condition.atom[0]}/${condition.atom.length - 1}.`);
      if (condition.goal && heads.has(byName.get(condition.goal).name)) waiting.push(condition.goal);
    }
  }
  const world = await evaluation.world(goal, false, lines);
  if (!world) return null;
  const found = new Map();
  for (const { name, values } of world.atoms) {
    if (name.startsWith("__w")) found.set(name, [...(found.get(name) ?? []), values]);
  }
  const why = new Reading(evaluation, asked, found).why(first.goal, goal, new Set());
  const named = new Set(atomsOf(why).flatMap((atom) => atom.values));
  return { ...why, assumed: world.chosen.filter((atom) => named.has(atom.values[0])) };
}

/** Every atom that the answer speaks of. */
function atomsOf(why) {
  const conditions = why.ways.flatMap((way) => way.unmet);
  return [why.goal, ...conditions.flatMap((one) => [...(one.atom ? [one.atom] : []), ...one.given, ...(one.below ? atomsOf(one.below) : [])])];
}

class Reading {
  constructor(evaluation, asked, found) {
    this.predicates = evaluation.vocabulary.predicates;
    this.vocabulary = evaluation.vocabulary;
    this.cites = new Map(evaluation.version.rules.map((rule) => [rule.n, rule.cites]));
    this.asked = asked;
    this.found = found;
  }

  why(question, atom, above) {
    let ways = [];
    for (const { n, conditions } of this.asked.get(question)) {
      const inner = new Set([...above, keyOf(atom)]);
      const unmet = conditions.flatMap((condition) => [...this.unmet(condition, atom, inner)]);
      const once = [...new Map(unmet.map((one) => [JSON.stringify(one), one])).values()];
      if (once.length) ways.push({ n, cites: this.cites.get(n), unmet: once });
    }
    // A way that lacks all that another one lacks, and more, is not worth saying.
    const lacks = (way) => new Set(way.unmet.map((one) => JSON.stringify([one.kind, one.atom, one.compared])));
    const lacking = ways.map(lacks);
    const fewer = (a, b) => a.size < b.size && [...a].every((one) => b.has(one));
    ways = ways.filter((_, index) => !lacking.some((other) => fewer(other, lacking[index])));
    const own = ways.filter((way) => !way.unmet.some((one) => one.foreign));
    return { goal: atom, ways: own.length ? own : ways, foreign: ways.length > 0 && !own.length, assumed: [] };
  }

  *unmet(condition, goal, above) {
    for (const values of this.found.get(condition.name) ?? []) {
      const head = instance(condition.head, values, OPEN);
      if (!goal.values.every((value, index) => value === OPEN || head.values[index] === OPEN || value === head.values[index])) continue;
      const given = condition.given.map((atom) => instance(atom, values, OPEN));
      if (condition.kind === "compared") {
        const [left, right] = condition.sides.map((side) => (Array.isArray(side) ? values[side[0]] : side));
        const compared = { left, operator: condition.operator, right, type: condition.type };
        yield { kind: "compared", atom: goal, given, below: null, compared, foreign: false };
        continue;
      }
      const atom = instance(condition.atom, values, OPEN);
      const goOn = condition.goal && this.asked.has(condition.goal) && !above.has(keyOf(atom));
      const below = goOn ? this.why(condition.goal, atom, above) : null;
      const predicate = this.predicates[atom.name];
      const declares = isTable(predicate) && argumentsOf(this.vocabulary, atom.name)[0].type.table === atom.name;
      const foreign = condition.kind === "missing" && (declares || Boolean(below?.foreign));
      yield { kind: condition.kind, atom, given, below, foreign };
    }
  }
}

/** Of ways that only differ in the bound that one figure misses, the one it misses least. */
export function nearest(ways) {
  const kept = new Map();
  const missed = (way) => {
    const only = way.unmet[0].compared;
    return only && typeof only.left === "number" && typeof only.right === "number" ? Math.abs(only.left - only.right) : 0;
  };
  for (const way of ways) {
    const only = way.unmet.length === 1 ? way.unmet[0].compared : undefined;
    const key = only ? JSON.stringify([only.left, only.type]) : way.n;
    if (!kept.has(key) || missed(way) < missed(kept.get(key))) kept.set(key, way);
  }
  return [...kept.values()];
}
