// Rows of tables, read as solver/cchc/rows.py reads them: every value typed by the vocabulary, decimals without floats.

export const ABSENT = "none";
const LARGEST = 2147483647;
const DECIMAL = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;
const CONSTANT = /^([a-z][a-z0-9_]*|0|[1-9][0-9]*)$/;
// eslint-disable-next-line no-control-regex
const UNUSABLE = /["\\\u0000-\u001f\u007f]|\p{Cf}/u;

/** @typedef {string | number} Value */
/** @typedef {{table: string, index: number, column: string, code: string, details: Record<string, unknown>}} Problem */
/** @typedef {Record<string, Record<string, string>[]>} Given */

/** The arguments of a predicate, for a table its columns and what the loader adds (positions). */
export function argumentsOf(vocabulary, predicate) {
  return Object.entries(vocabulary.predicates[predicate].args ?? {}).map(([name, described]) => {
    const entry = typeof described === "string" ? { type: described } : described;
    return { name, ...entry, typeName: entry.type, type: vocabulary.types[entry.type] };
  });
}

/** The columns of a table: the arguments users supply. */
export function columnsOf(vocabulary, table) {
  return argumentsOf(vocabulary, table).filter((column) => column.type.base !== "position");
}

export function isTable(predicate) {
  return Boolean(predicate.key);
}

/** Whether rows of a table are about a unit or an item; others (announcements, holidays) are not for this page. */
export function isSupported(vocabulary, table) {
  const predicate = vocabulary.predicates[table];
  return Boolean(predicate?.key) && columnsOf(vocabulary, table).some((column) => ["unit", "item"].includes(column.type.table));
}

/** Reads one case; what is wrong is told, not thrown. */
export class Reader {
  constructor(vocabulary) {
    this.vocabulary = vocabulary;
    /** @type {Problem[]} */
    this.problems = [];
    /** @type {Record<string, Value[][]>} */
    this.rows = {};
  }

  /** @param {Given} given */
  read(given) {
    for (const [table, entries] of Object.entries(given)) {
      if (!isSupported(this.vocabulary, table)) {
        const allowed = Object.keys(this.vocabulary.predicates).filter((name) => isSupported(this.vocabulary, name)).join(", ");
        this.problem(table, 0, "", "unknown-table", { found: table, allowed });
        continue;
      }
      entries.forEach((entry, index) => this.row(table, index, entry));
    }
    this.references(given);
    return this;
  }

  problem(table, index, column, code, details) {
    this.problems.push({ table, index, column, code, details });
  }

  row(table, index, entry) {
    const columns = columnsOf(this.vocabulary, table);
    const before = this.problems.length;
    for (const name of Object.keys(entry)) {
      if (!columns.some((column) => column.name === name)) {
        const allowed = columns.map((column) => column.name).join(", ");
        this.problem(table, index, name, "unknown-column", { found: name, allowed });
      }
    }
    const values = columns.map((column) => this.value(table, index, column, entry[column.name] ?? ""));
    if (this.problems.length > before) return;
    for (const [place, column] of columns.entries()) {
      const value = values[place];
      const at = { found: entry[column.name] ?? "" };
      if (column.positive && value === 0) this.problem(table, index, column.name, "not-positive", at);
      else if (column.at_most !== undefined && typeof value === "number") {
        const maximum = values[columns.findIndex((other) => other.name === column.at_most)];
        if (typeof maximum === "number" && maximum > 0 && value > maximum) {
          const details = { found: decimalText(value, this.vocabulary.scale), allowed: decimalText(maximum, this.vocabulary.scale) };
          this.problem(table, index, column.name, "over-maximum", details);
        }
      }
    }
    const key = this.vocabulary.predicates[table].key;
    const keyOf = (row) => key.map((name) => row[columns.findIndex((column) => column.name === name)]).join("\u0000");
    if ((this.rows[table] ?? []).some((row) => keyOf(row) === keyOf(values))) {
      this.problem(table, index, key[0], "repeated-row", { found: keyOf(values).replaceAll("\u0000", ", "), first: table });
    }
    if (this.problems.length === before) (this.rows[table] ??= []).push(values);
  }

  value(table, index, column, text) {
    const wrong = (code, details = {}) => {
      this.problem(table, index, column.name, code, { found: text, ...details });
      return ABSENT;
    };
    if ((column.tokens ?? []).includes(text)) return text;
    if (text === "" || (column.optional && text === ABSENT)) {
      if (column.optional) return ABSENT;
      if (column.default !== undefined) return column.default;
      return wrong("empty-value", { found: column.name, allowed: Object.keys(column.type.values ?? {}).join(", ") || "…" });
    }
    const result = parseValue(column.type, text, this.vocabulary.scale);
    if (result.code) return wrong(result.code, result.details);
    const declares = column.type.table === table && column.name === columnsOf(this.vocabulary, table)[0].name;
    const reserved = text === ABSENT || text.startsWith("?") || (declares && text in (column.type.except ?? {}));
    if (column.type.base === "identifier" && reserved) return wrong("reserved-identifier");
    return result.value;
  }

  /** Codes must be declared, in circles nothing can be computed, and figures need an item that existed. */
  references(given) {
    const declared = (table) => new Set((given[table] ?? []).map((row) => row[columnsOf(this.vocabulary, table)[0].name]));
    for (const [table, rows] of Object.entries(this.rows)) {
      const columns = columnsOf(this.vocabulary, table);
      columns.forEach((column, place) => {
        const target = column.type.table;
        if (target === undefined || (target === table && place === 0)) return;
        const known = declared(target);
        rows.forEach((row, index) => {
          const value = row[place];
          if (value === ABSENT || known.has(value) || value in (column.type.except ?? {})) return;
          this.problem(table, index, column.name, "undeclared", { found: value, table: target });
        });
        if (place > 0 && column.typeName === columns[0].typeName) {
          const above = new Map(rows.map((row) => [row[0], row[place]]));
          rows.forEach((row, index) => {
            const seen = new Set();
            let current = above.get(row[0]);
            while (current !== undefined && !seen.has(current) && current !== row[0]) {
              seen.add(current);
              current = above.get(current);
            }
            if (current === row[0]) this.problem(table, index, column.name, "own-ancestor", { found: row[0] });
          });
        }
      });
    }
  }
}

/**
 * A value as a rule argument: text, or a whole number (a decimal in millionths).
 * @returns {{value?: Value, code?: string, details?: Record<string, unknown>}}
 */
export function parseValue(type, text, scale) {
  if (type.values && !(text in type.values)) {
    return { code: "not-allowed", details: { allowed: Object.keys(type.values).join(", ") } };
  }
  switch (type.base) {
    case "identifier":
      return UNUSABLE.test(text) ? { code: "bad-identifier" } : { value: text };
    case "constant":
      if (!CONSTANT.test(text)) return { code: "wrong-shape", details: { allowed: "a-z, 0-9, _" } };
      return { value: /^[0-9]+$/.test(text) ? Number(text) : text };
    case "decimal": {
      const parsed = parseDecimal(text, scale);
      return parsed.code ? parsed : inRange(type, parsed.value, scale);
    }
    case "date": {
      const days = ordinal(text);
      return days === null ? { code: "not-date" } : { value: days };
    }
    default:
      return /^[0-9]{1,9}$/.test(text) ? inRange(type, Number(text), 1) : { code: "not-integer" };
  }
}

function inRange(type, value, unit) {
  const low = type.from ?? 0;
  const high = type.to ?? Math.floor(LARGEST / unit);
  return low * unit <= value && value <= high * unit ? { value } : { code: "out-of-range", details: { low, high } };
}

/** A decimal of at most four places as a whole number of millionths, from its digits. */
export function parseDecimal(text, scale) {
  if (!DECIMAL.test(text)) return { code: "not-decimal", details: { comma: /^[0-9]+,[0-9]+$/.test(text) } };
  const [whole, fraction = ""] = text.split(".");
  if (fraction.length > 4) return { code: "too-many-decimals" };
  const digits = String(scale).length - 1;
  return whole.length > 9 ? { value: Number.MAX_SAFE_INTEGER } : { value: Number(whole + fraction.padEnd(digits, "0")) };
}

/** Millionths as a plain decimal, without trailing zeros. @param {number} value @param {number} scale */
export function decimalText(value, scale) {
  const digits = String(scale).length - 1;
  const text = String(value).padStart(digits + 1, "0");
  const fraction = text.slice(-digits).replace(/0+$/, "");
  return text.slice(0, -digits) + (fraction ? `.${fraction}` : "");
}

const DAY = 86400000;
const EPOCH = 719163; // 1 January 1970, counted from 1 January of the year 1 as day 1

/** @param {string} text @returns {number | null} */
export function ordinal(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text) return null;
  return time / DAY + EPOCH;
}

/** @param {number} days */
export function dateText(days) {
  return new Date((days - EPOCH) * DAY).toISOString().slice(0, 10);
}

/** A value as users write it in tables and cases. */
export function printed(type, value, scale) {
  if (typeof value !== "number") return value;
  if (type.base === "decimal") return decimalText(value, scale);
  return type.base === "date" ? dateText(value) : String(value);
}
