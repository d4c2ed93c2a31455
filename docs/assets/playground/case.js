// A case: tables of rows as in a case file, the year, the readings; and the two ways it leaves the page.
import { columnsOf, isSupported } from "./rows.js";

export const LINK_VERSION = 1;

/**
 * @typedef {{year: string, unit: string, profile: string, readings: Record<string, string>, given: import("./rows.js").Given,
 *   incomplete: Record<string, string[]>, source?: any, labels?: Record<string, Record<string, string>>}} Case
 */

/** @returns {Case} */
export function emptyCase(unit, year) {
  return { year, unit, profile: "default", readings: {}, given: { unit: [{ unit, type: "department" }] }, incomplete: {} };
}

/** Rows of a table; those that match some columns. */
export function rowsOf(one, table, where = {}) {
  const rows = one.given[table] ?? [];
  return rows.filter((row) => Object.entries(where).every(([column, value]) => row[column] === value));
}

/** Sets columns of the row that matches `where`; makes it if there is none. */
export function setRow(one, table, where, values) {
  let [row] = rowsOf(one, table, where);
  if (!row) {
    row = { ...where };
    (one.given[table] ??= []).push(row);
  }
  Object.assign(row, values);
  for (const [column, value] of Object.entries(row)) if (value === "" && !(column in where)) delete row[column];
  return row;
}

export function dropRows(one, table, where) {
  if (!one.given[table]) return;
  const gone = new Set(rowsOf(one, table, where));
  one.given[table] = one.given[table].filter((row) => !gone.has(row));
  if (!one.given[table].length) delete one.given[table];
}

/** Renames a unit or item wherever a column has that type. */
export function rename(vocabulary, one, type, before, after) {
  for (const [table, rows] of Object.entries(one.given)) {
    for (const column of columnsOf(vocabulary, table)) {
      if (column.typeName !== type) continue;
      for (const row of rows) if (row[column.name] === before) row[column.name] = after;
    }
  }
  for (const units of Object.values(one.incomplete)) {
    units.forEach((unit, index) => {
      if (type === "unit" && unit === before) units[index] = after;
    });
  }
  if (type === "unit" && one.unit === before) one.unit = after;
}

// ---- The link: the whole case in the fragment, which no browser sends anywhere

/** @param {Case} one */
export function toFragment(vocabulary, one) {
  const tables = Object.fromEntries(Object.entries(one.given).map(([table, rows]) => {
    const columns = columnsOf(vocabulary, table).map((column) => column.name);
    return [table, rows.map((row) => {
      const cells = columns.map((column) => row[column] ?? "");
      while (cells.length && cells.at(-1) === "") cells.pop();
      return cells;
    })];
  }));
  const about = one.source ? { ...one.source } : undefined;
  const whole = [LINK_VERSION, one.year, one.unit, one.profile, one.readings, tables, one.incomplete, one.labels ?? {}, about];
  const bytes = new TextEncoder().encode(JSON.stringify(whole));
  return `c=${base64(bytes)}`;
}

/** @returns {Case | null} null if the link is damaged, or made by a later page */
export function fromFragment(vocabulary, fragment) {
  const match = /^#?c=([A-Za-z0-9_-]*)$/.exec(fragment);
  if (!match) return null;
  try {
    const whole = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(match[1])));
    const [version, year, unit, profile, readings, tables, incomplete, labels, source] = whole;
    if (version !== LINK_VERSION || typeof unit !== "string" || !/^[0-9]{4}$/.test(year)) return null;
    const given = {};
    for (const [table, rows] of Object.entries(tables)) {
      if (!isSupported(vocabulary, table)) return null;
      const columns = columnsOf(vocabulary, table).map((column) => column.name);
      given[table] = rows.map((cells) => Object.fromEntries(cells.map((cell, index) => {
        if (typeof cell !== "string" || index >= columns.length) throw new Error("cell");
        return [columns[index], cell];
      }).filter(([, cell]) => cell !== "")));
    }
    const texts = (object) => Object.values(object).every((value) => typeof value === "string");
    const lists = Object.values(incomplete).every((units) => Array.isArray(units) && units.every((one) => typeof one === "string"));
    if (typeof profile !== "string" || !texts(readings) || !lists || typeof labels !== "object") return null;
    return { year, unit, profile, readings, given, incomplete, labels, ...(source ? { source } : {}) };
  } catch {
    return null;
  }
}

function base64(bytes) {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function bytesOf(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

// ---- The case file: YAML as `cchc test` reads it

/**
 * @param {Case} one
 * @param {{under: Record<string, any>, certain: Record<string, any[]>, possible: Record<string, any[]>}[]} blocks
 * @param {string} title
 */
export function toYaml(vocabulary, one, blocks, title) {
  const lines = [`- case: ${quoted("P1")}`, `  title: ${quoted(title)}`, `  year: ${one.year}`, `  about: [${quoted(one.unit)}]`];
  const incomplete = Object.entries(one.incomplete).filter(([, units]) => units.length);
  if (incomplete.length) {
    lines.push(`  incomplete: {${incomplete.map(([table, units]) => `${table}: [${units.map(quoted).join(", ")}]`).join(", ")}}`);
  }
  lines.push("  given:");
  for (const [table, rows] of Object.entries(one.given)) {
    if (!rows.length) continue;
    lines.push(`    ${table}:`);
    const columns = columnsOf(vocabulary, table).map((column) => column.name);
    for (const row of rows) lines.push(`      - ${flow(columns.filter((column) => row[column]).map((column) => [column, row[column]]))}`);
  }
  lines.push("  expect:");
  for (const { under, certain, possible } of blocks) {
    const readings = under.readings && Object.keys(under.readings).length ? [["readings", under.readings]] : [];
    const parts = [...Object.entries(under).filter(([key]) => key !== "readings"), ...readings];
    const written = parts.map(([key, value]) => `${key}: ${typeof value === "string" ? quoted(value) : flow(Object.entries(value))}`);
    lines.push(`    - under: {${written.join(", ")}}`);
    lines.push(...listed(certain, "      "));
    if (Object.values(possible).some((rows) => rows.length)) {
      lines.push("      possible:");
      lines.push(...listed(Object.fromEntries(Object.entries(possible).filter(([, rows]) => rows.length)), "        "));
    }
  }
  return `${lines.join("\n")}\n`;
}

function* listed(verdicts, indent) {
  for (const [predicate, rows] of Object.entries(verdicts)) {
    yield `${indent}${predicate}:${rows.length ? "" : " []"}`;
    for (const row of rows) yield `${indent}  - ${flow(Object.entries(row))}`;
  }
}

function flow(pairs) {
  return `{${pairs.map(([key, value]) => `${key}: ${quoted(value)}`).join(", ")}}`;
}

/** A scalar; quoted unless it is plainly safe. */
function quoted(value) {
  const text = String(value);
  const plain = /^[a-z][a-z_]*$/.test(text) && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].includes(text);
  return plain || /^(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?$/.test(text) ? text : JSON.stringify(text);
}
