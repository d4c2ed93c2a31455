// The form: every field edits rows of the case; what has no field stays as it is.
import { h, freshId } from "./dom.js";
import { dropRows, rename, rowsOf, setRow } from "./case.js";
import { columnsOf } from "./rows.js";

const YEARS_SHOWN = 4; // three falls take four figures
const FIRST_YEAR = 2021;

export class Form {
  /** @param {HTMLElement} root @param {(one: any, rebuild?: boolean) => void} changed */
  constructor(root, words, vocabulary, changed) {
    Object.assign(this, { root, words, vocabulary, changed });
    this.lang = words.lang;
    /** @type {Map<string, HTMLElement>} fields by table, key and column */
    this.fields = new Map();
    this.openItems = new Set();
  }

  build(one) {
    this.one = one;
    this.fields.clear();
    this.covered = new Set();
    const say = (key, filled) => this.words.say(key, filled);
    const head = h("fieldset", {}, h("legend", {}, say("head")), ...this.head());
    const items = h("fieldset", {}, h("legend", {}, say("items")), ...this.items());
    const more = h("details", { class: "pg-more" }, h("summary", {}, say("more")), ...this.more());
    this.root.replaceChildren(head, items, more, ...this.others());
    this.mark([]);
  }

  edited(rebuild = false) {
    if (this.one.source) this.one.source.edited = true;
    if (rebuild) this.build(this.one);
    this.changed(this.one);
  }

  year() {
    return Number(this.one.year);
  }

  years() {
    const year = this.year();
    return Array.from({ length: YEARS_SHOWN }, (_, index) => String(year - YEARS_SHOWN + 1 + index));
  }

  // ---- Fields

  labelled(label, control, key, hint) {
    const id = control.id || freshId();
    control.id = id;
    if (key) this.fields.set(key, control);
    const parts = [h("label", { for: id }, label), control];
    if (hint) {
      const hintId = freshId();
      control.setAttribute("aria-describedby", hintId);
      parts.push(h("small", { id: hintId, class: "pg-hint" }, hint));
    }
    return h("div", { class: "pg-field" }, ...parts);
  }

  input(value, put, attributes = {}) {
    return h("input", { type: "text", value, autocomplete: "off", spellcheck: "false", oninput: (event) => put(event.target.value.trim()), ...attributes });
  }

  select(options, value, put) {
    const control = h("select", { onchange: (event) => put(event.target.value) },
      options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
    return control;
  }

  checkbox(label, checked, put) {
    const id = freshId();
    return h("div", { class: "pg-check" },
      h("input", { type: "checkbox", id, checked, onchange: (event) => put(event.target.checked) }), h("label", { for: id }, label));
  }

  /** The values of a type as options. */
  values(type, none) {
    const known = Object.entries(this.vocabulary.types[type].values).map(([value, named]) => [value, named[this.lang]]);
    return none === undefined ? known : [["", none], ...known];
  }

  take(table, where) {
    const [row] = rowsOf(this.one, table, where);
    if (row) this.covered.add(row);
    return row ?? {};
  }

  // ---- The head

  *head() {
    const { one } = this;
    const say = (key, filled) => this.words.say(key, filled);
    const unit = this.take("unit", { unit: one.unit });
    const change = (where, column) => (value) => {
      setRow(one, "unit", where, { [column]: value });
      this.edited(column === "type");
    };
    const where = { unit: one.unit };
    const name = this.input(one.unit, () => {}, { onchange: (event) => this.renamed("unit", one.unit, event.target) });
    yield this.labelled(say("unit"), name, "name");
    const kinds = this.select(this.values("unit_type"), unit.type, change(where, "type"));
    yield this.labelled(say("type"), kinds, `unit|${one.unit}|type`);
    const posts = this.select(this.values("office", say("none")), unit.office ?? "", change(where, "office"));
    yield this.labelled(say("office"), posts, `unit|${one.unit}|office`);
    const year = h("input", { type: "text", inputmode: "numeric", maxlength: 4, value: one.year, onchange: (event) => {
      one.year = event.target.value.trim();
      this.edited(/^[0-9]{4}$/.test(one.year));
    } });
    yield this.labelled(say("year"), year, "year");
    yield this.index(one.year);
    if (unit.type === "commune") {
      for (const before of [String(this.year() - 1), one.year]) yield this.rating(before);
    }
  }

  index(year) {
    const { one } = this;
    const where = { unit: one.unit, year };
    const row = this.take("unit_index", where);
    const tokens = ["unknown", "not_announced"];
    const label = this.words.say("index", { year });
    const known = row.points !== undefined && !tokens.includes(row.points);
    const figure = this.input(known ? row.points : "", (value) => {
      if (value) setRow(one, "unit_index", where, { points: value });
      else dropRows(one, "unit_index", where);
      state.value = value ? "known" : "not_announced";
      this.edited();
    }, { inputmode: "decimal" });
    const put = (value) => {
      figure.disabled = value !== "known";
      if (value !== "known") setRow(one, "unit_index", where, { points: value });
      else if (figure.value.trim()) setRow(one, "unit_index", where, { points: figure.value.trim() });
      else dropRows(one, "unit_index", where);
      this.edited();
    };
    const states = ["known", ...tokens].map((value) => [value, this.words.say(value)]);
    const state = this.select(states, known ? "known" : row.points ?? "known", put);
    state.setAttribute("aria-label", this.words.say("state-of", { label }));
    figure.disabled = state.value !== "known";
    const field = this.labelled(label, figure, `unit_index|${one.unit}|${year}|points`, this.words.say("index-hint"));
    field.insertBefore(state, field.lastChild);
    return field;
  }

  rating(year) {
    const { one } = this;
    const where = { unit: one.unit, year };
    const row = this.take("commune_rating", where);
    const options = [...this.values("class", this.words.say("no-row")), ["unknown", this.words.say("unknown")]];
    const control = this.select(options, row.class ?? "", (value) => {
      if (value) setRow(one, "commune_rating", where, { class: value });
      else dropRows(one, "commune_rating", where);
      this.edited();
    });
    return this.labelled(this.words.say("rating", { year }), control, `commune_rating|${one.unit}|${year}|class`);
  }

  *more() {
    const { one } = this;
    const year = one.year;
    const where = { unit: one.unit, year };
    const conduct = this.take("conduct_matter", where);
    yield this.checkbox(this.words.say("conduct", { year }), "unit" in conduct, (checked) => {
      if (checked) setRow(one, "conduct_matter", where, {});
      else dropRows(one, "conduct_matter", where);
      this.edited();
    });
    const heads = rowsOf(one, "head", { unit: one.unit });
    if (heads.some((row) => row.holder && !row.holder.startsWith("pg-"))) return; // told among the other facts
    heads.forEach((row) => this.covered.add(row));
    const now = heads.find((row) => row.year === year);
    yield this.labelled(this.words.say("capacity", { year }), this.select(this.values("capacity", this.words.say("no-row")),
      now?.capacity ?? "", (value) => {
        const holder = now?.holder;
        dropRows(one, "head", where);
        if (value || holder) (one.given.head ??= []).push({ ...where, capacity: value || "appointed", ...(holder ? { holder } : {}) });
        this.edited(true);
      }), `head|${one.unit}|${year}|capacity`);
    yield this.checkbox(this.words.say("changed", { year, before: this.year() - 1 }), Boolean(now?.holder), (checked) => {
      dropRows(one, "head", { unit: one.unit });
      if (checked) {
        one.given.head ??= [];
        for (const each of this.years()) {
          const capacity = each === year ? now?.capacity ?? "appointed" : "appointed";
          one.given.head.push({ unit: one.unit, year: each, capacity, holder: each === year ? "pg-2" : "pg-1" });
        }
      } else if (now) setRow(one, "head", where, { capacity: now.capacity });
      this.edited(true);
    });
  }

  renamed(type, before, control) {
    const after = control.value.trim();
    if (after === before) return;
    const taken = rowsOf(this.one, type, { [type]: after }).length > 0;
    const wrong = !after ? `empty-${type}` : taken ? "same-name" : null;
    if (wrong) {
      control.value = before;
      this.note(control, this.words.say(wrong, { found: after }));
      return;
    }
    rename(this.vocabulary, this.one, type, before, after);
    this.edited(true);
  }

  // ---- Items: one card each

  *items() {
    const { one } = this;
    const scored = new Set(rowsOf(one, "item_score").map((row) => row.item));
    const assigned = new Set(rowsOf(one, "assignment", { unit: one.unit }).map((row) => row.item));
    const shown = rowsOf(one, "item").filter(({ item }) => assigned.has(item) || scored.has(item));
    const list = h("div", { class: "pg-cards" }, shown.map((row) => this.card(row, shown.length <= 3)));
    yield list;
    yield h("button", { type: "button", class: "md-button", onclick: () => this.add() }, this.words.say("add-item"));
  }

  add() {
    const { one } = this;
    let number = rowsOf(one, "item").length + 1;
    const name = () => `${this.words.say("item")} ${number}`;
    while (rowsOf(one, "item", { item: name() }).length) number += 1;
    addItem(one, name(), this.years());
    this.openItems.add(name());
    this.edited(true);
    this.fields.get(`item|${name()}|name`)?.focus();
  }

  card(row, open) {
    const { one } = this;
    const { item } = row;
    this.covered.add(row);
    const say = (key, filled) => this.words.say(key, filled);
    const label = one.labels?.[item]?.[this.lang];
    const name = this.input(item, () => {}, { onchange: (event) => {
      this.openItems.add(event.target.value.trim());
      this.renamed("item", item, event.target);
    } });
    const first = this.input(row.first_year ?? "", (value) => {
      setRow(one, "item", { item }, { first_year: value });
      this.edited();
    }, { inputmode: "numeric", maxlength: 4 });
    const drop = h("button", { type: "button", class: "pg-drop", onclick: () => {
      for (const [table, rows] of Object.entries(one.given)) {
        const columns = columnsOf(this.vocabulary, table).filter((column) => column.typeName === "item").map((column) => column.name);
        one.given[table] = rows.filter((other) => !columns.some((column) => other[column] === item));
        if (!one.given[table].length) delete one.given[table];
      }
      this.edited(true);
    } }, say("drop-item", { item }));
    return h("details", { class: "pg-card", open: open || this.openItems.has(item), ontoggle: (event) => {
      if (event.target.open) this.openItems.add(item);
      else this.openItems.delete(item);
    } },
      h("summary", {}, `${say("item")}: ${item}${label ? ` ${label}` : ""}`),
      this.labelled(say("item-code"), name, `item|${item}|name`),
      h("div", { class: "pg-years" }, this.years().map((year) => this.itemYear(item, year))),
      this.labelled(say("first-year"), first, `item|${item}|first_year`),
      this.checkbox(say("encouragement"), row.encouragement === "true", (checked) => {
        setRow(one, "item", { item }, { encouragement: checked ? "true" : "" });
        this.edited();
      }), drop);
  }

  itemYear(item, year) {
    const { one } = this;
    const say = (key, filled) => this.words.say(key, filled);
    const where = { item, year };
    const score = this.take("item_score", where);
    const isToken = ["unknown", "not_announced"].includes(score.points);
    const put = () => {
      const text = points.value.trim();
      const most = max.value.trim();
      if (!text && !most) dropRows(one, "item_score", where);
      else setRow(one, "item_score", where, { points: open.checked || !text ? (isToken && score.points) || "unknown" : text, max: most });
      this.edited();
    };
    const points = this.input(isToken ? "" : score.points ?? "", put, { inputmode: "decimal", disabled: isToken && score.max !== undefined });
    const max = this.input(score.max ?? "", put, { inputmode: "decimal" });
    const unknown = this.checkbox(say("unknown"), isToken, (checked) => {
      points.disabled = checked;
      put();
    });
    const open = unknown.firstChild;
    open.setAttribute("aria-label", `${say("points")} ${year}: ${say("unknown")}`);
    const isOurs = (row) => row.item === item && row.year === year && (row.source ?? "determination") === "determination";
    const cause = (one.given.cause ?? []).find(isOurs);
    if (cause) this.covered.add(cause);
    const causes = this.select(this.values("cause", say("cause-none")), cause?.cause ?? "", (value) => {
      one.given.cause = (one.given.cause ?? []).filter((row) => !isOurs(row));
      if (value) one.given.cause.push({ ...where, cause: value });
      if (!one.given.cause.length) delete one.given.cause;
      this.edited();
    });
    const mine = { item, unit: one.unit, year };
    const assigned = this.take("assignment", mine);
    const roles = this.select(this.values("role", say("none")), assigned.role ?? "", (value) => {
      if (value) setRow(one, "assignment", mine, { role: value });
      else dropRows(one, "assignment", mine);
      this.edited();
    });
    return h("div", { class: "pg-year", role: "group", "aria-label": `${item}, ${year}` }, h("strong", {}, year),
      this.labelled(say("points"), points, `item_score|${item}|${year}|points`), unknown,
      this.labelled(say("max"), max, `item_score|${item}|${year}|max`),
      this.labelled(say("cause"), causes, `cause|${item}|${year}|cause`),
      this.labelled(say("role"), roles, `assignment|${item}|${one.unit}|${year}|role`));
  }

  // ---- What has no field

  *others() {
    const { one } = this;
    const rows = Object.entries(one.given).flatMap(([table, list]) => list.filter((row) => !this.covered.has(row)).map((row) => [table, row]));
    for (const [table, units] of Object.entries(one.incomplete)) {
      if (units.includes(one.unit)) yield h("p", { class: "pg-note" }, this.words.say("incomplete", { table }));
    }
    if (!rows.length) return;
    const told = rows.map(([table, row]) => h("li", {}, h("code", {}, table), " ", Object.values(row).join(", ")));
    yield h("details", { class: "pg-more" }, h("summary", {}, this.words.say("other-rows", { n: rows.length })), h("ul", {}, told));
  }

  // ---- What is wrong

  note(control, text) {
    this.mark([{ control, text }]);
    control.focus();
  }

  /** Marks fields, each with its sentence. @param {{control?: HTMLElement, text: string}[]} wrong */
  mark(wrong) {
    for (const old of this.root.querySelectorAll(".pg-wrong")) old.remove();
    for (const control of this.root.querySelectorAll("[aria-invalid]")) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-errormessage");
    }
    for (const { control, text } of wrong) {
      if (!control) continue;
      const id = freshId();
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-errormessage", id);
      control.closest(".pg-field")?.append(h("small", { id, class: "pg-wrong", role: "alert" }, text));
      const card = control.closest("details");
      if (card) card.open = true;
    }
  }

  /** The field of a problem. @param {import("./rows.js").Problem} problem */
  fieldOf({ table, index, column }) {
    const row = this.one.given[table]?.[index];
    const key = this.vocabulary.predicates[table]?.key ?? [];
    if (!row) return undefined;
    const parts = key.filter((name) => row[name] !== undefined && name !== "source" && name !== column).map((name) => row[name]);
    return this.fields.get([table, ...parts, column].join("|"));
  }
}

/** A new item, led by the unit in all years shown. */
export function addItem(one, item, years, points = {}) {
  (one.given.item ??= []).push({ item, level: "criterion" });
  for (const year of years) {
    (one.given.assignment ??= []).push({ item, unit: one.unit, year, role: "lead" });
    if (points[year]) (one.given.item_score ??= []).push({ item, year, points: points[year], max: points.max });
  }
}

/** What the page starts with: made up. */
export function exampleCase(words) {
  const unit = words.lang === "vi" ? "Sở A" : "Department A";
  const one = { year: "2024", unit, profile: "default", readings: {}, given: { unit: [{ unit, type: "department" }] }, incomplete: {} };
  one.given.unit_index = [{ unit, year: "2024", points: "85.5" }];
  const years = ["2021", "2022", "2023", "2024"];
  addItem(one, `${words.say("item")} 1`, years, { 2021: "3", 2022: "3.25", 2023: "3.5", 2024: "3.75", max: "4" });
  addItem(one, `${words.say("item")} 2`, years, { 2021: "2", 2022: "1.75", 2023: "1.5", 2024: "1.5", max: "2" });
  one.given.cause = [{ item: `${words.say("item")} 2`, year: "2022", cause: "subjective" }, { item: `${words.say("item")} 2`, year: "2023", cause: "subjective" }];
  return one;
}

export { FIRST_YEAR };
