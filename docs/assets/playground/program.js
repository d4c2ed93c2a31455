// One case under one version: the program for clingo, what it answers, and the proofs read off its traces.
import { Facts, factText } from "./facts.js";
import { argumentsOf, isTable } from "./rows.js";

/** @typedef {import("./rows.js").Value} Value */
/** @typedef {{name: string, values: Value[]}} Atom */
/** @typedef {{kind: string, atom: Atom, cites: string[], origin?: object, children: Proof[]}} Proof */
/** @typedef {(program: string, options: string) => Promise<{models: Atom[][], more: boolean, found: boolean}>} Solve */

const MOST_ANSWERS = 100;
const TOKEN = /"[^"]*"|-?\w+/g;

/** @param {string} text @returns {Atom} */
export function readAtom(text) {
  const [name, ...values] = text.match(TOKEN);
  return { name, values: values.map((token) => (token[0] === '"' ? token.slice(1, -1) : /^-?[0-9]/.test(token) ? Number(token) : token)) };
}

/** What clingo says with --outf=2: its models as atoms. Throws where it objects to the program. */
export function readOutput({ status, output, errors }) {
  if (errors.trim()) throw new Error(errors.trim());
  if (![10, 20, 30].includes(status)) throw new Error(`clingo ${status}`);
  const result = JSON.parse(output);
  const witnesses = result.Call.at(-1)?.Witnesses ?? [];
  const models = witnesses.map((witness) => witness.Value.map(readAtom));
  return { models, more: result.Models.More === "yes", found: result.Result === "SATISFIABLE" };
}

/** An atom as one text, to look it up by. @param {Atom} atom */
export function keyOf(atom) {
  return `${atom.name}(${atom.values.map((value) => (typeof value === "number" ? value : JSON.stringify(value))).join(",")})`;
}

/** Puts an atom together from the arguments of a trace (see cchc.playground). @param {any[]} template */
export function instance([name, ...terms], values, open = null) {
  return { name, values: terms.map((term) => (Array.isArray(term) ? plus(values[term[0]], term[1]) : term === null ? open : term)) };
}

function plus(value, number) {
  return number ? value + number : value;
}

export class Evaluation {
  /**
   * @param {object} vocabulary
   * @param {object} version
   * @param {{rows: Record<string, Value[][]>, incomplete: Record<string, string[]>, year: number}} data
   * @param {Record<string, string>} readings
   * @param {Solve} solve
   */
  constructor(vocabulary, version, data, readings, solve) {
    this.vocabulary = vocabulary;
    this.version = version;
    this.readings = readings;
    this.solve = solve;
    this.facts = new Facts(vocabulary, version, data.rows, data.incomplete, [data.year]);
    this.rules = this.able();
    /** @type {Map<string, Atom>} */
    this.certain = new Map();
    /** @type {Map<string, Atom>} */
    this.possible = new Map();
  }

  verdicts() {
    return Object.keys(this.vocabulary.predicates).filter((name) => this.vocabulary.predicates[name].kind === "verdict");
  }

  /** The rules that the readings leave, and that something could be given for: questions why not go through these. */
  possibleRules() {
    const known = new Set();
    for (const [name, { kind, on_request: onRequest }] of Object.entries(this.vocabulary.predicates)) {
      if ((kind === "input" || kind === "policy") && !onRequest) known.add(name);
    }
    return this.firing((need) => known.has(need[0]), (rule) => known.add(rule.head));
  }

  /** The rules that can fire with the facts at hand: fewer to read and ground. */
  able() {
    /** @type {Map<string, (Value | null)[][]>} what there is of each predicate; null is any value */
    const known = new Map();
    const add = (name, values) => {
      if (!known.has(name)) known.set(name, []);
      known.get(name).push(values);
    };
    for (const [name, predicate] of Object.entries(this.vocabulary.predicates)) {
      const figures = argumentsOf(this.vocabulary, name).some((argument) => argument.type.base === "position");
      if (isTable(predicate) && (predicate.open || (figures && this.facts.rows[name]))) add(name, argumentsOf(this.vocabulary, name).map(() => null));
    }
    for (const { name, values } of this.facts.atoms) add(name, values);
    const fits = ([name, ...terms]) => name === "reading" || (known.get(name) ?? []).some((values) =>
      terms.every((one, index) => one === null || values[index] === null || values[index] === undefined || values[index] === one));
    return this.firing(fits, (rule) => add(rule.head, rule.gives.slice(1)));
  }

  /** @param {(need: any[]) => boolean} given @param {(rule: any) => void} add */
  firing(given, add) {
    let left = this.version.rules.filter((rule) => rule.asks.every(([name, value]) => (this.readings[name] ?? value) === value));
    const fit = new Set();
    for (;;) {
      const now = left.filter((rule) => rule.needs.every(given));
      if (!now.length) break;
      for (const rule of now) {
        add(rule);
        fit.add(rule.n);
      }
      left = left.filter((rule) => !fit.has(rule.n));
    }
    return this.version.rules.filter((rule) => fit.has(rule.n));
  }

  /** The program: verdicts are shown, and if it is traced what fired and what a completion chooses. */
  text(more, traced) {
    const shows = ["#show."];
    const show = (name, more = "") => {
      const signature = `${name}/${argumentsOf(this.vocabulary, name).length}`;
      shows.push(`#defined ${signature}. #show ${signature}. ${more && `#project ${signature}.`}`);
    };
    for (const name of this.verdicts()) show(name, "project");
    for (const [name, predicate] of this.facts.tables()) if (traced && predicate.open) show(name);
    const rules = this.rules.map((rule) => (traced && rule.program) || rule.plain);
    return [this.defined, this.factText, ...shows, ...rules, ...more].join("\n");
  }

  /** Certain and possible verdicts. Throws what clingo objects to; false if nothing could complete unknown figures. */
  async run() {
    const slots = this.facts.openSlotProgram(this.readings);
    const opened = await this.solve(slots.text, "--enum-mode=brave 0");
    const open = (opened.models.at(-1) ?? []).map(({ values }) => values);
    this.factText = this.facts.text(this.readings, open);
    if (this.factText === null) return false;
    const read = new Set(this.rules.flatMap((rule) => rule.reads));
    this.defined = [...this.facts.defined(read)].join("\n");
    const text = this.text([], false);
    // What all answers have in common and what any of them holds; where these are too many, clingo finds it out.
    const all = await this.solve(text, `--project=project ${MOST_ANSWERS}`);
    const sets = all.models.map((atoms) => this.shown(atoms));
    if (all.more) {
      this.possible = this.shown((await this.solve(text, "--enum-mode=brave 0")).models.at(-1) ?? []);
      this.certain = this.shown((await this.solve(text, "--enum-mode=cautious 0")).models.at(-1) ?? []);
    } else {
      this.possible = new Map(sets.flatMap((set) => [...set]));
      this.certain = new Map([...(sets[0] ?? [])].filter(([key]) => sets.every((set) => set.has(key))));
    }
    for (const key of this.certain.keys()) this.possible.delete(key);
    return true;
  }

  /** The verdicts among some atoms, none about items that merely stand for unknown assignments. */
  shown(atoms) {
    const verdicts = new Set(this.verdicts());
    const kept = atoms.filter(({ name, values }) => verdicts.has(name) && !values.some((value) => this.facts.anonymous.has(value)));
    return new Map(kept.map((atom) => [keyOf(atom), atom]));
  }

  /**
   * A completion in which a verdict holds, or in which it does not (of a verdict that never holds: any), with the traces
   * of what fired in it.
   * @returns {Promise<World | null>}
   */
  async world(atom, holds, more = []) {
    const written = this.written(atom);
    const open = this.possible.has(keyOf(atom));
    const limit = open ? [`:- ${holds ? "not " : ""}${written}.`] : [];
    const answer = await this.solve(this.text([...limit, ...more], true), "1");
    return answer.models.length ? new World(this, answer.models[0]) : null;
  }

  written(atom) {
    return factText(this.vocabulary, atom.name, atom.values);
  }
}

/** One completion of the data, and the rule instances that fired in it. */
export class World {
  /** @param {Evaluation} evaluation @param {Atom[]} atoms */
  constructor(evaluation, atoms) {
    this.evaluation = evaluation;
    const { vocabulary, rules } = evaluation;
    const byTrace = new Map(rules.filter((rule) => rule.trace).map((rule) => [rule.trace, rule]));
    const byCheck = new Map(rules.flatMap((rule) => (rule.checks ?? []).map((check) => [check.trace, { rule, check }])));
    /** @type {Map<string, {rule: any, values: Value[]}[]>} */
    this.fired = new Map();
    /** @type {Map<string, {part: number, atom: Atom}[]>} */
    this.checked = new Map();
    /** @type {Atom[]} what the completion chooses for unknown data */
    this.chosen = [];
    this.atoms = atoms;
    for (const { name, values } of atoms) {
      const rule = byTrace.get(name);
      if (rule) push(this.fired, keyOf(instance(rule.instance, values)), { rule, values });
      const found = byCheck.get(name);
      if (found) {
        const key = `${found.rule.trace}${JSON.stringify(values.slice(0, found.rule.arity))}`;
        push(this.checked, key, { part: found.check.part, atom: instance(found.check.atom, values) });
      }
      if (vocabulary.predicates[name]?.open && this.origin({ name, values })?.kind !== "row") this.chosen.push({ name, values });
    }
  }

  origin(atom) {
    return this.evaluation.facts.origins.get(this.evaluation.written(atom));
  }

  /** The proofs of an atom, one for each rule instance that gives it. @param {Atom} atom @returns {Proof[]} */
  prove(atom) {
    const steps = this.fired.get(keyOf(atom)) ?? [];
    return [...steps].sort((a, b) => a.rule.n - b.rule.n || (JSON.stringify(a.values) < JSON.stringify(b.values) ? -1 : 1))
      .map((step) => this.step(step));
  }

  step({ rule, values }) {
    const head = instance(rule.instance, values);
    /** @type {Map<string, Proof>} */
    const children = new Map();
    rule.parts.forEach((part, index) => {
      if (part.role === "check") {
        const found = this.checked.get(`${rule.trace}${JSON.stringify(values)}`) ?? [];
        const below = found.filter((check) => check.part === index).flatMap((check) => this.support(check.atom));
        const kind = below.length ? "all" : "none";
        children.set(`${kind}${index}`, { kind, atom: head, cites: [], children: unique(below) });
        return;
      }
      const atom = instance(part.atom, values);
      if (part.role === "negative") {
        children.set(`not ${keyOf(atom)}`, { kind: "absent", atom, cites: [], children: [] });
      } else if (!this.evaluation.vocabulary.predicates[atom.name].silent) {
        for (const child of this.support(atom)) children.set(JSON.stringify(child), child);
      }
    });
    return { kind: "rule", atom: head, cites: rule.cites, children: [...children.values()] };
  }

  /** The proofs of a body atom; technical predicates give way to what they rest on. */
  support(atom) {
    const proofs = this.prove(atom);
    if (!proofs.length) return [this.leaf(atom)];
    if (this.evaluation.vocabulary.predicates[atom.name].kind !== "internal") return proofs;
    return unique(proofs.flatMap((proof) => proof.children));
  }

  leaf(atom) {
    const origin = this.origin(atom);
    if (origin?.kind === "stated") return { kind: "stated", atom, cites: [origin.provision], origin, children: [] };
    if (atom.name === "reading") return { kind: "reading", atom, cites: [], children: [] };
    if (origin?.kind === "row") return { kind: "row", atom, cites: [], origin, children: [] };
    const table = isTable(this.evaluation.vocabulary.predicates[atom.name]);
    return { kind: table ? "assumed" : "given", atom, cites: [], origin, children: [] };
  }
}

function push(map, key, value) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(value);
}

/** @param {Proof[]} proofs */
function unique(proofs) {
  return [...new Map(proofs.map((proof) => [JSON.stringify(proof), proof])).values()];
}
