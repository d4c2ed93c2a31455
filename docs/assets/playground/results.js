// Verdicts of one version, with proofs and why-nots that are worked out when they are opened.
import { h } from "./dom.js";
import { Sentences } from "./sentences.js";
import { keyOf } from "./program.js";
import { nearest, whyNot } from "./whynot.js";
import { argumentsOf } from "./rows.js";

const MAIN = ["class", "unclassified", "conflicting_classes", "basis_missing"];
/** Of these verdicts the page offers "why not" for each value. */
const ASKED = "class";
const OPEN_LEVELS = 2;

export class Column {
  /**
   * @param {import("./program.js").Evaluation} evaluation
   * @param {{words: any, one: any, texts: () => Promise<any>, questions: () => Promise<any>, linkTo: (id: string) => string | null,
   *   opened: Set<string>, failed: (error: Error) => string}} page
   */
  constructor(evaluation, page) {
    Object.assign(this, page);
    this.evaluation = evaluation;
    this.vocabulary = evaluation.vocabulary;
    this.sentences = new Sentences(this.vocabulary, this.words.lang, this.one.labels, evaluation.facts.anonymous);
  }

  say(key, filled) {
    return this.words.say(key, filled);
  }

  /** The verdicts about the head: those that name the unit, and those about an item or the province that name none. */
  shown() {
    const about = (atom) => {
      const place = argumentsOf(this.vocabulary, atom.name).findIndex((argument) => argument.typeName === "unit");
      return place < 0 || atom.values[place] === this.one.unit;
    };
    const { certain, possible } = this.evaluation;
    return [...[...certain].map(([key, atom]) => ({ key, atom, status: "certain" })),
      ...[...possible].map(([key, atom]) => ({ key, atom, status: "possible" }))].filter(({ atom }) => about(atom));
  }

  /** @param {Set<string> | null} others keys of the verdicts of the version beside it */
  render(others) {
    const found = this.shown();
    const { predicates } = this.vocabulary;
    const parts = [];
    const order = [...MAIN, ...Object.keys(predicates).filter((name) => predicates[name].kind === "verdict" && !MAIN.includes(name))];
    const details = [];
    for (const name of order) {
      const verdicts = found.filter(({ atom }) => atom.name === name).sort((a, b) => (a.key < b.key ? -1 : 1));
      if (!verdicts.length) continue;
      const list = verdicts.map((verdict) => this.verdict(verdict, MAIN.includes(name), others));
      const section = h("section", { class: MAIN.includes(name) ? "pg-main" : "" },
        h("h3", {}, predicates[name].title?.[this.words.lang] ?? name), list);
      (predicates[name].detail ? details : parts).push(section);
    }
    if (!found.length) parts.push(h("p", {}, this.say("nothing")));
    return [...parts, this.whyNots(), ...details];
  }

  verdict({ key, atom, status }, main, others) {
    const body = h("div", { class: "pg-proof" });
    const badges = [h("span", { class: `pg-badge pg-${status}` }, this.say(status))];
    if (this.one.source?.provenance === "illustrative") badges.push(h("span", { class: "pg-badge pg-made-up" }, this.say("illustrative")));
    if (others && !others.has(`${status} ${key}`)) badges.push(h("span", { class: "pg-badge pg-apart" }, this.say("only-here")));
    return this.lazy(`proof ${key}`, h("summary", {}, h("span", { class: main ? "pg-verdict" : "" }, this.sentences.of(atom)), " ", ...badges),
      body, async () => this.proof(atom, status), "pg-item");
  }

  /** Details whose body is made when it is first opened; open ones stay open when a change is solved. */
  lazy(key, summary, body, make, kind) {
    let made = false;
    const details = h("details", { class: kind, "data-key": key, ontoggle: async () => {
      if (!details.open) {
        this.opened.delete(key);
        return;
      }
      this.opened.add(key);
      if (made) return;
      made = true;
      body.replaceChildren(this.say("working"));
      try {
        body.replaceChildren(...(await make()));
      } catch (error) {
        body.replaceChildren(h("p", { role: "alert" }, this.failed(error)));
      }
    } }, summary, body);
    if (this.opened.has(key)) details.open = true;
    return details;
  }

  // ---- Proofs

  async proof(atom, status) {
    const texts = await this.texts();
    const world = await this.evaluation.world(atom, true);
    if (!world) return [];
    const proofs = world.prove(atom);
    const quoted = new Set();
    const assumed = this.assumedBy(world, proofs);
    const parts = [];
    if (assumed.length) parts.push(h("p", {}, this.say(status === "certain" ? "certain-cases" : "in-one")), this.assumptions(assumed));
    for (const proof of proofs) parts.push(this.step(proof, texts, quoted, 0));
    return parts;
  }

  /** What proofs assume about unknown data; where one says `not`, what is chosen for whatever it names. */
  assumedBy(world, proofs) {
    const steps = [];
    const waiting = [...proofs];
    while (waiting.length) {
      steps.push(waiting.pop());
      waiting.push(...steps.at(-1).children);
    }
    const used = new Set(steps.filter((step) => step.kind === "assumed").map((step) => keyOf(step.atom)));
    const named = new Set(steps.some((step) => step.kind === "absent")
      ? steps.filter((step) => step.kind !== "row").flatMap((step) => step.atom.values) : []);
    return world.chosen.filter((atom) => used.has(keyOf(atom)) || named.has(atom.values[0]));
  }

  assumptions(atoms) {
    return h("ul", { class: "pg-assumed" }, atoms.map((atom) => h("li", {}, this.assumption(atom))));
  }

  assumption(atom) {
    const origin = this.evaluation.facts.origins.get(this.evaluation.written(atom));
    if (origin?.kind !== "assumed") return this.sentences.of(atom);
    const { below: low, above: high } = origin;
    const number = (value) => this.sentences.number(value);
    let range = this.say("share", { a: `${origin.share}%` });
    if (low !== null && high !== null) range = low === high ? this.say("equals", { a: number(low) }) : this.say("between", { a: number(low), b: number(high) });
    else if (low !== null) range = this.say("over", { a: number(low) });
    else if (high !== null) range = this.say("under", { a: number(high) });
    return this.say("assume-between", { item: this.sentences.label("item", atom.values[0]), year: atom.values[1], range });
  }

  step(proof, texts, quoted, level) {
    const line = this.line(proof);
    const quotes = proof.kind === "rule" ? proof.cites.filter((id) => !quoted.has(id)).map((id) => {
      quoted.add(id);
      return this.quote(id, texts);
    }) : [];
    if (!proof.children.length && !quotes.length) return h("p", { class: `pg-leaf pg-${proof.kind}` }, ...line);
    // A summary is a control itself: links stand below it.
    return h("details", { class: `pg-step pg-${proof.kind}`, open: level < OPEN_LEVELS }, h("summary", {}, ...line), quotes,
      proof.children.map((child) => this.step(child, texts, quoted, level + 1)));
  }

  line(proof) {
    const said = this.sentences.of(proof.atom);
    switch (proof.kind) {
      case "rule": return [`${said} [${proof.cites.join(", ")}]`];
      case "reading": {
        const [name, value] = proof.atom.values;
        const meaning = this.evaluation.version.readings[name]?.values[value]?.[this.words.lang] ?? "";
        return [`${this.say("reading")} ${name} = ${value}: ${meaning}`];
      }
      case "stated": return [said, ` — ${this.say("words")}: “${proof.origin.words}” `, ...this.cites(proof.cites)];
      case "row": return [said, h("span", { class: "pg-origin" }, ` ← ${this.say("your-row")}`)];
      case "assumed": return [`${this.say("assume")}: ${this.assumption(proof.atom)}`];
      case "absent": return [`${this.say("not")}: ${said}`];
      case "all": return [`${this.say("every", { n: proof.children.length })}:`];
      case "none": return [this.say("nothing-to-check")];
      default: return [said];
    }
  }

  cites(ids) {
    return ids.flatMap((id) => [this.linked(id, `[${id}]`), " "]);
  }

  linked(id, text) {
    const address = this.linkTo(id);
    return address ? h("a", { href: address, class: "pg-cite" }, text) : h("span", { class: "pg-cite" }, text);
  }

  quote(id, texts) {
    const text = texts.provisions[id]?.[this.words.lang];
    return text ? h("blockquote", {}, this.linked(id, `${text.name} [${id}]`), `: “${text.text}”`) : null;
  }

  // ---- Why not

  whyNots() {
    const argument = argumentsOf(this.vocabulary, ASKED).find((one) => one.type.values);
    const { certain } = this.evaluation;
    const goals = Object.keys(argument.type.values).map((value) => ({ value, atom: { name: ASKED, values: [this.one.unit, Number(this.one.year), value] } }));
    const open = goals.filter(({ atom }) => !certain.has(keyOf(atom)));
    return h("section", { class: "pg-why" }, h("h3", {}, this.say("why-nots")), open.map(({ value, atom }) => {
      const named = argument.type.values[value][this.words.lang];
      return this.lazy(`why ${value}`, h("summary", {}, this.say("why-not-of", { value: named })), h("div", { class: "pg-proof" }),
        async () => this.whyNot(atom), "pg-item");
    }));
  }

  async whyNot(goal) {
    const [texts, questions] = [await this.texts(), await this.questions()];
    const why = await whyNot(this.evaluation, questions, goal);
    if (!why) return [h("p", {}, this.say("no-completion"))];
    const figures = why.assumed.filter((atom) => argumentsOf(this.vocabulary, atom.name).some((one) => one.type.base === "decimal"));
    this.assumedSlots = figures.map((atom) => atom.values.slice(0, 2));
    const parts = why.assumed.length ? [h("p", {}, `${this.say("example-gap")}:`), this.assumptions(why.assumed)] : [];
    if (!why.ways.length) return [...parts, h("p", {}, this.say("nothing-unmet"))];
    return [...parts, ...this.ways(why.ways, texts, new Set())];
  }

  ways(all, texts, quoted) {
    const ways = nearest(all);
    const quotes = (way) => way.cites.filter((id) => !quoted.has(id)).map((id) => {
      quoted.add(id);
      return this.quote(id, texts);
    });
    const unmet = (way) => way.unmet.map((one) => this.unmet(one, texts, quoted));
    if (ways.length === 1) return [...quotes(ways[0]), ...unmet(ways[0])];
    return ways.map((way, index) => h("details", { class: "pg-step", open: true },
      h("summary", {}, `${this.say("way-out", { n: index + 1, all: ways.length })} [${way.cites.join(", ")}], ${this.say("unmet")}:`), quotes(way), unmet(way)));
  }

  unmet(one, texts, quoted) {
    const below = one.below?.ways.length ? one.below : null;
    if (one.kind === "compared") {
      const given = one.given.filter((atom) => !this.vocabulary.predicates[atom.name].silent);
      return h("div", { class: "pg-unmet" }, h("p", {}, `✗ ${this.gap(one.compared)}${this.mark(one.given)}`),
        h("ul", {}, given.map((atom) => h("li", {}, this.sentences.of(atom) + this.mark([atom])))));
    }
    const technical = this.vocabulary.predicates[one.atom.name].kind === "internal";
    if (below && technical && below.ways.length === 1) return below.ways[0].unmet.map((each) => this.unmet(each, texts, quoted));
    const words = one.kind === "holds" ? "holds" : below ? "unmet" : "lacks";
    const line = `✗ ${this.say(words)}: ${this.sentences.of(one.atom)}`;
    if (!below) return h("p", { class: "pg-leaf" }, line);
    return h("details", { class: "pg-step", open: true }, h("summary", {}, line), this.ways(below.ways, texts, quoted));
  }

  /** No assumed figure may be read as a real one. */
  mark(atoms) {
    const assumed = atoms.some((atom) => this.assumedSlots.some((slot) => slot.every((value) => atom.values.includes(value))));
    return assumed ? ` (${this.say("assume")})` : "";
  }

  /** A false comparison in words: what was found, what is asked for, and the difference. */
  gap({ left, operator, right, type }) {
    const described = this.vocabulary.types[type];
    if (described?.base === "position") return this.say({ ">": "share-more", ">=": "share-below" }[operator] ?? "share-less");
    if (described?.base === "decimal" && typeof left === "number" && typeof right === "number") {
      const [found, needed, difference] = [left, right, Math.abs(right - left)].map((value) => this.sentences.number(value));
      if (left === right) return this.say(operator === ">" ? "not-more" : "not-less", { found, needed });
      if (left < right) return this.say(operator === ">" ? "short-more" : "short", { found, needed, difference });
      return this.say("over-by", { found, needed, difference });
    }
    const shown = (value) => (described ? this.sentences.shown(described, type, value) : String(value));
    return this.say("false", { left: shown(left), operator, right: shown(right) });
  }
}
