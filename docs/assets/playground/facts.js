// From rows to the facts of a logic program: the counterpart of solver/cchc/facts.py, driven by the vocabulary.
// tests/browser/test_loader.py compares both on hundreds of random cases. Nothing here knows the law.
import { ascending, fineness, lcm, orderPositions, placed, ranks } from "./candidates.js";
import { ABSENT, argumentsOf, columnsOf, isTable } from "./rows.js";

/** @typedef {import("./rows.js").Value} Value */
/** @typedef {{kind: string, table?: string, row?: Value[], below?: number | null, above?: number | null, share?: number}} Origin */

/** How a value is written in a logic program. */
export function term(type, value) {
  if (typeof value === "number" || value === ABSENT) return String(value);
  return type.base === "identifier" ? `"${value}"` : value;
}

/** An atom as text of a logic program. @param {Value[]} values */
export function factText(vocabulary, name, values) {
  const written = argumentsOf(vocabulary, name).map((argument, index) => term(argument.type, values[index]));
  return written.length ? `${name}(${written.join(",")})` : name;
}

/** The facts of one case. `years` are those asked about. */
export class Facts {
  constructor(vocabulary, version, rows, incomplete, years) {
    this.vocabulary = vocabulary;
    this.version = version;
    this.rows = rows;
    this.incomplete = incomplete;
    this.years = years;
    /** @type {Map<string, string[]>} text by predicate */
    this.lines = new Map();
    /** @type {{name: string, values: Value[]}[]} facts that are not about figures */
    this.atoms = [];
    /** @type {Map<string, Origin>} by text of the atom */
    this.origins = new Map();
    /** @type {Map<string, string>} the unit of each id that stands for unknown items */
    this.anonymous = new Map();
    this.read = new Set(version.rules.flatMap((rule) => [rule.head, ...rule.reads]));
    this.build();
  }

  tables() {
    return Object.entries(this.vocabulary.predicates).filter(([, predicate]) => isTable(predicate));
  }

  /** Inputs that the loader supplies, by the option that describes them. */
  supplied(option) {
    return Object.entries(this.vocabulary.predicates).filter(([, predicate]) => predicate[option]);
  }

  add(name, values, origin) {
    const text = factText(this.vocabulary, name, values);
    this.line(name, `${text}.`);
    this.atoms.push({ name, values });
    if (origin) this.origins.set(text, origin);
  }

  line(name, text) {
    if (!this.lines.has(name)) this.lines.set(name, []);
    this.lines.get(name).push(text);
  }

  build() {
    for (const { atom, provision, words } of this.version.facts) {
      this.add(atom[0], atom.slice(1), { kind: "stated", provision, words });
    }
    for (const [name] of this.supplied("asked")) for (const year of this.years) this.add(name, [year]);
    this.anonymousItems();
    this.lifetimes();
    this.companions();
    for (const [name, predicate] of this.tables()) {
      if (!this.read.has(name)) continue;
      const columns = columnsOf(this.vocabulary, name);
      if (!holdsFigures(columns) && !columns.some((column) => column.corrects)) {
        for (const row of this.rows[name] ?? []) {
          if (!tokens(columns, row).length) this.add(name, row, { kind: "row", table: name, row });
        }
      }
      this.choice(name, predicate);
    }
  }

  // ---- Items: who exists when, and what stands for the unknown items of a unit

  anonymousItems() {
    for (const [table, units] of Object.entries(this.incomplete)) {
      const rule = this.vocabulary.predicates[table].incomplete;
      if (typeof rule !== "object") continue;
      const columns = columnsOf(this.vocabulary, table);
      const target = columns.find((column) => column.name === rule.anonymous).type.table;
      for (const unit of [...units].sort()) {
        const anonymous = `?${unit}`;
        this.anonymous.set(anonymous, unit);
        const rest = columnsOf(this.vocabulary, target).slice(1);
        this.add(target, [anonymous, ...rest.map((column) => rule.declares[column.name] ?? ABSENT)]);
        for (const [marker] of this.supplied("stands_in")) this.add(marker, [anonymous]);
        for (const year of this.window()) {
          const given = { [rule.anonymous]: anonymous, unit, year, ...rule.rows };
          this.add(table, columns.map((column) => given[column.name]));
        }
      }
    }
  }

  window() {
    const history = Math.max(0, ...this.supplied("lifetime").map(([, entry]) => entry.lifetime.history));
    const first = Math.min(...this.years) - history;
    return Array.from({ length: Math.max(...this.years) - first + 1 }, (_, index) => first + index);
  }

  lifetimes() {
    for (const [name, predicate] of this.supplied("lifetime")) {
      const span = predicate.lifetime;
      const columns = columnsOf(this.vocabulary, span.table);
      const [first, last] = [span.from, span.to].map((end) => columns.findIndex((column) => column.name === end));
      const starts = new Map();
      const ends = new Map();
      for (const [item, predecessor, year] of this.rows[span.succession] ?? []) {
        starts.set(item, year);
        ends.set(predecessor, year - 1);
      }
      const lives = (this.rows[span.table] ?? []).map((row) => [row[0], row[first], row[last]]);
      for (const anonymous of this.anonymous.keys()) lives.push([anonymous, ABSENT, ABSENT]);
      for (const [item, begin, end] of lives) {
        const from = typeof begin === "number" ? begin : starts.get(item);
        const to = typeof end === "number" ? end : ends.get(item);
        for (const year of this.window()) {
          if ((from === undefined || year >= from) && (to === undefined || year <= to)) this.add(name, [item, year]);
        }
      }
    }
  }

  // ---- Unknown values

  companions() {
    for (const [name, predicate] of this.supplied("recorded")) {
      const columns = columnsOf(this.vocabulary, predicate.recorded);
      const places = argumentsOf(this.vocabulary, name).map((one) => columns.findIndex((column) => column.name === one.name));
      for (const row of this.rows[predicate.recorded] ?? []) {
        if (!tokens(columns, row).length) this.add(name, places.map((place) => row[place]));
      }
    }
    for (const [name, predicate] of this.supplied("unknown")) {
      const table = predicate.unknown;
      const columns = columnsOf(this.vocabulary, table);
      const key = this.vocabulary.predicates[table].key.map((part) => columns.findIndex((column) => column.name === part));
      const known = new Set();
      for (const row of this.rows[table] ?? []) {
        const values = key.map((place) => row[place]);
        known.add(JSON.stringify(values));
        if (tokens(columns, row).includes("unknown")) this.add(name, values, { kind: "row", table, row });
      }
      for (const unit of [...(this.incomplete[table] ?? [])].sort()) {
        for (const year of this.years) {
          if (!known.has(JSON.stringify([unit, year]))) this.add(name, [unit, year]);
        }
      }
    }
  }

  /** What an open slot of the table may become, as one choice rule over candidate facts. */
  choice(name, predicate) {
    if (!predicate.open) return;
    if (predicate.carried_back) {
      // Only years that a dataset does not cover are open here; a case has none.
      this.line(name, `#defined ${predicate.open}/${argumentsOf(this.vocabulary, predicate.open).length}.`);
      return;
    }
    const all = argumentsOf(this.vocabulary, name);
    const completed = all.find((column) => column.completes);
    const variables = Object.fromEntries(all.map((argument, index) => [argument.name, `X${index}`]));
    const key = predicate.key.map((part) => variables[part]);
    const others = all.filter((argument) => !predicate.key.includes(argument.name)).map((argument) => variables[argument.name]);
    const free = completed.completes === "order" ? [...key, ...others] : others;
    const atom = `${name}(${Object.values(variables).join(",")})`;
    this.line(name, `#defined ${name}_candidate/${free.length}. #defined ${predicate.open}/${key.length}.`);
    this.line(name, `1 { ${atom} : ${name}_candidate(${free.join(",")}) } 1 :- ${predicate.open}(${key.join(",")}).`);
    if (completed.completes === "thresholds") {
      const scale = this.vocabulary.scale;
      const bounds = [completed.from ?? 0, completed.to ?? 0].map((bound) => bound * scale);
      const values = ascending([...this.thresholds(completed), ...bounds].map(BigInt));
      const between = values.slice(1).map((high, index) => (values[index] + high) / 2n);
      for (const value of ascending([...values, ...between])) this.line(name, `${name}_candidate(${value}).`);
    } else if (Array.isArray(completed.completes)) {
      for (const value of completed.completes) this.line(name, `${name}_candidate(${value}).`);
    }
  }

  /** Every value of the same type that the text states or a table sets as a threshold, within the bounds. */
  thresholds(completed) {
    const scale = this.vocabulary.scale;
    const found = [];
    for (const [table] of this.tables()) {
      columnsOf(this.vocabulary, table).forEach((column, place) => {
        if (column.threshold && column.typeName === completed.typeName) {
          for (const row of this.rows[table] ?? []) found.push(row[place]);
        }
      });
    }
    for (const { atom } of this.version.facts) {
      argumentsOf(this.vocabulary, atom[0]).forEach((argument, place) => {
        if (argument.typeName === completed.typeName) found.push(atom[place + 1]);
      });
    }
    const [low, high] = [completed.from ?? 0, completed.to ?? 0].map((bound) => bound * scale);
    return found.filter((value) => typeof value === "number" && low <= value && value <= high);
  }

  // ---- Figures: points, maximum, and the rank of the share among all that occur in the item's family

  /** The program that tells which figures rules ask for and the data lack, and the predicates that say so. */
  openSlotProgram(readings) {
    const opens = this.tables().filter(([name]) => holdsFigures(columnsOf(this.vocabulary, name)));
    const opened = opens.map(([, predicate]) => predicate.open).filter(Boolean);
    const needed = new Set();
    const waiting = [...opened];
    const rules = [];
    while (waiting.length) {
      const name = waiting.pop();
      if (needed.has(name)) continue;
      needed.add(name);
      for (const rule of this.version.rules) {
        if (rule.head === name) {
          rules.push(rule);
          waiting.push(...rule.reads);
        }
      }
    }
    const lines = [...needed].flatMap((name) => this.lines.get(name) ?? []);
    const shown = opened.map((name) => `#show ${name}/2.`);
    const text = [...this.defined(needed), ...lines, ...rules.map((rule) => rule.plain), readingFacts(readings), "#show.", ...shown];
    return { opened, text: `${text.join("\n")}\n` };
  }

  /** @param {Iterable<string>} names */
  *defined(names) {
    for (const name of names) {
      if (this.vocabulary.predicates[name]) yield `#defined ${name}/${argumentsOf(this.vocabulary, name).length}.`;
    }
  }

  /**
   * All facts as text, the open figures completed. Null if nothing could complete them.
   * @param {[string, number][]} slots items and years
   */
  text(readings, slots) {
    const lines = [...this.lines.values()].flat();
    for (const [name] of this.tables()) {
      const columns = columnsOf(this.vocabulary, name);
      if (this.read.has(name) && holdsFigures(columns) && !this.figures(name, columns, slots, lines)) return null;
    }
    return `${lines.join("\n")}\n${readingFacts(readings)}\n`;
  }

  figures(table, columns, slots, lines) {
    const corrections = this.tables().find(([name]) => columnsOf(this.vocabulary, name).some((one) => one.corrects === table))?.[0];
    const first = this.families();
    /** @type {Map<string, {rows: Value[][], corrected: Value[][], slots: [string, number][]}>} */
    const families = new Map();
    const family = (item) => {
      const name = first.get(item) ?? item;
      if (!families.has(name)) families.set(name, { rows: [], corrected: [], slots: [] });
      return families.get(name);
    };
    for (const row of this.rows[table] ?? []) family(row[0]).rows.push(row);
    for (const slot of slots) family(slot[0]).slots.push(slot);
    const known = new Set(families.keys());
    for (const row of (corrections && this.rows[corrections]) || []) {
      if (known.has(first.get(row[0]) ?? row[0])) family(row[0]).corrected.push(row);
    }
    for (const one of families.values()) if (!this.family(table, corrections, one, lines)) return false;
    return true;
  }

  /** For each item that succeeds another, the first of its line. */
  families() {
    const before = new Map();
    for (const [, predicate] of this.supplied("lifetime")) {
      for (const row of this.rows[predicate.lifetime.succession] ?? []) before.set(row[0], row[1]);
    }
    const first = new Map();
    for (const item of before.keys()) {
      let root = item;
      for (let steps = before.size; before.has(root) && steps > 0; steps--) root = before.get(root);
      first.set(item, root);
    }
    return first;
  }

  family(table, corrections, { rows, corrected, slots }, lines) {
    const key = (row) => JSON.stringify(row.slice(0, 2));
    const maximum = new Map(rows.map((row) => [key(row), row[3]]));
    /** @type {{name: string, row: Value[], points: bigint, max: bigint}[]} */
    const known = [];
    for (const row of rows) {
      if (typeof row[2] === "number") known.push({ name: table, row, points: BigInt(row[2]), max: BigInt(row[3]) });
    }
    for (const row of corrected) {
      known.push({ name: corrections, row, points: BigInt(row[2]), max: BigInt(maximum.get(key(row))) });
    }
    const near = new Map(slots.map((slot) => [slot, BigInt(nearestMaximum(slot, rows, this.vocabulary.scale))]));
    const chains = chainsOf(slots);
    const maxima = rows.map((row) => BigInt(row[3]));
    const parts = lcm(chains.map((chain) => fineness(maxima, chain.map((slot) => near.get(slot)))));
    const positions = new Map();
    for (const chain of chains) {
      const years = new Set(chain.flatMap(([, year]) => [year - 1, year, year + 1]));
      const beside = known.filter(({ row }) => years.has(row[1])).map(({ points, max }) => [points, max]);
      const values = orderPositions(beside, chain.map((slot) => near.get(slot)), parts);
      for (const slot of chain) positions.set(slot, values.get(near.get(slot)));
    }
    const pairs = known.map(({ points, max }) => [points * parts, max]);
    for (const [slot, m] of near) for (const value of positions.get(slot)) pairs.push([value, m]);
    const whole = lcm(pairs.map(([, m]) => m));
    const share = ranks(pairs.map(([points, m]) => points * (whole / m)));
    const anchors = new Set([...near.values(), ...known.flatMap(({ points, max }) => [points, max])]);
    const place = placed(pairs.map(([value]) => value), anchors, parts);
    if (place === null) return false;
    for (const { name, row, points, max } of known) {
      const values = [...row, share.get(points * parts * (whole / max))];
      const text = factText(this.vocabulary, name, values);
      this.origins.set(text, { kind: "row", table: name, row });
      lines.push(`${text}.`);
    }
    const bounds = ascending(known.map(({ points }) => points));
    for (const [slot, m] of near) {
      for (const value of positions.get(slot)) {
        const values = [...slot, Number(place.get(value)), Number(m), share.get(value * (whole / m))];
        const text = factText(this.vocabulary, table, values);
        lines.push(`${text.replace(table, `${table}_candidate`)}.`);
        const below = bounds.filter((bound) => bound * parts <= value).at(-1);
        const above = bounds.find((bound) => bound * parts >= value);
        this.origins.set(text, {
          kind: "assumed", share: Number((value * 100n) / (m * parts)),
          below: below === undefined ? null : Number(below), above: above === undefined ? null : Number(above),
        });
      }
    }
    return true;
  }
}

export function readingFacts(readings) {
  return Object.keys(readings).sort().map((name) => `reading(${name},${readings[name]}).`).join("\n");
}

/** Unknown figures in neighbouring years are completed together, each such chain by itself. */
function chainsOf(slots) {
  const chains = [];
  const ordered = [...slots].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  for (const slot of ordered) {
    const last = chains.at(-1);
    if (last && slot[1] - last.at(-1)[1] <= 1) last.push(slot);
    else chains.push([slot]);
  }
  return chains;
}

/** Whether a table holds figures that are compared with each other. */
function holdsFigures(columns) {
  return columns.some((column) => column.completes === "order");
}

/** The tokens (`unknown`, …) that stand in place of a value in a row. */
function tokens(columns, row) {
  return columns.flatMap((column, index) => ((column.tokens ?? []).includes(row[index]) ? [row[index]] : []));
}

/** The maximum of the row itself, else of the nearest year with a row: the item's own before its family's. */
function nearestMaximum([item, year], rows, scale) {
  const own = rows.filter((row) => row[0] === item);
  let found = null;
  for (const row of own.length ? own : rows) {
    const distance = Math.abs(row[1] - year);
    if (!found || distance < found.distance || (distance === found.distance && row[1] < found.row[1])) found = { row, distance };
  }
  return found ? found.row[3] : scale;
}
