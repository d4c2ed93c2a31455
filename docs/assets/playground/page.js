// The playground page: form on one side, verdicts of several versions on the other, all worked out in this browser.
import { fromFragment, rowsOf, toFragment, toYaml, emptyCase } from "./case.js";
import { h, freshId } from "./dom.js";
import { Engine, NotLoaded, TooLong } from "./engine.js";
import { Form, exampleCase } from "./form.js";
import { Evaluation, keyOf } from "./program.js";
import { Column } from "./results.js";
import { Reader, argumentsOf, parseValue, printed } from "./rows.js";
import { Sentences } from "./sentences.js";
import { Words } from "./words.js";

class Page {
  constructor(root) {
    this.root = root;
    this.lang = root.dataset.lang === "en" ? "en" : "vi";
    this.words = new Words(this.lang);
    this.base = new URL(root.dataset.assets ?? "./", document.baseURI);
    /** @type {Map<string, Promise<any>>} */
    this.files = new Map();
    /** @type {Map<string, Set<string>>} what is open, by version */
    this.opened = new Map();
    this.turn = 0;
  }

  say(key, filled) {
    return this.words.say(key, filled);
  }

  /** The page of a provision; the address pattern is the site's. */
  linkTo(id, known) {
    const pattern = this.root.dataset.provision;
    return pattern && known.has(id) ? pattern.replace("{id}", encodeURIComponent(id)) : null;
  }

  file(name) {
    if (!this.files.has(name)) {
      const loaded = fetch(new URL(`data/${name}`, this.base)).then((answer) => {
        if (!answer.ok) throw new NotLoaded(`${name}: ${answer.status}`);
        return answer.json();
      }, (error) => {
        throw new NotLoaded(`${name}: ${error.message}`);
      });
      loaded.catch(() => this.files.delete(name));
      this.files.set(name, loaded);
    }
    return this.files.get(name);
  }

  failed(error) {
    if (error instanceof TooLong) return this.say("too-long");
    if (error instanceof NotLoaded) return this.say("not-loaded", { found: error.message });
    return this.say("went-wrong", { found: error.message });
  }

  async start() {
    if (typeof WebAssembly !== "object") {
      this.root.replaceChildren(h("p", { class: "pg-alert", role: "alert" }, this.say("no-wasm")));
      return;
    }
    try {
      this.engine = new Engine();
      this.vocabulary = await this.file("vocabulary.json");
      this.words = new Words(this.lang, this.vocabulary);
      this.newest = await this.file(`${this.vocabulary.versions[0].id}.json`);
    } catch (error) {
      this.root.replaceChildren(h("p", { class: "pg-alert", role: "alert" }, this.failed(error)));
      return;
    }
    this.versions = this.vocabulary.versions;
    this.chosen = new Set(this.versions.map((version) => version.id));
    this.fromLocation();
    await this.layout();
    addEventListener("hashchange", () => {
      if (this.fromLocation()) this.show();
    });
  }

  /** The case of the link, or an example. */
  fromLocation() {
    const linked = this.hasLink();
    const read = linked ? fromFragment(this.vocabulary, location.hash) : null;
    const found = read && this.isReadable(read) ? read : null;
    this.linkNote = !linked ? null : this.say(found ? "from-link" : "broken-link");
    this.isBroken = linked && !found;
    this.isLinked = Boolean(found);
    if (found || linked || !this.one) this.one = found ?? exampleCase(this.words);
    return linked;
  }

  hasLink() {
    return /^#c=/.test(location.hash);
  }

  /** The address that holds the case. */
  link() {
    const address = new URL(location.href);
    address.hash = toFragment(this.vocabulary, this.one);
    history.replaceState(null, "", address);
    return address.href;
  }

  /** Whether the profile and the readings of a case are those of the text. */
  isReadable({ profile, readings }) {
    const known = (name, value) => Object.hasOwn(this.newest.readings, name) && Object.hasOwn(this.newest.readings[name].values, value);
    return Object.hasOwn(this.newest.profiles, profile) && Object.entries(readings).every(([name, value]) => known(name, value));
  }

  async layout() {
    this.message = h("div", { class: "pg-message", "aria-live": "polite" });
    this.status = h("p", { class: "pg-status", role: "status" });
    this.formRoot = h("form", { class: "pg-form", onsubmit: (event) => event.preventDefault(), "aria-label": this.say("head") });
    this.readingsRoot = h("fieldset", { class: "pg-readings" });
    this.columns = h("div", { class: "pg-columns" });
    this.output = h("div", { class: "pg-output" });
    this.form = new Form(this.formRoot, this.words, this.vocabulary, () => this.changed());
    this.loader = h("div", { class: "pg-load" });
    this.about = h("div", {});
    this.root.replaceChildren(
      this.tools(), this.message,
      h("div", { class: "pg-panes" },
        h("div", { class: "pg-pane" }, this.about, this.formRoot, this.readingsRoot),
        h("div", { class: "pg-pane" }, h("h2", {}, this.say("results")), this.choice(), this.status, this.columns)),
      this.output);
    await this.show();
    await this.loadUnits();
  }

  /** Draws the form anew and solves. */
  async show() {
    this.message.replaceChildren(...(this.linkNote ? [h("p", { class: this.isBroken ? "pg-alert" : "pg-note" }, this.linkNote)] : []));
    this.output.replaceChildren();
    this.drawAbout();
    this.form.build(this.one);
    await Promise.all([this.drawReadings(), this.solve()]);
  }

  tools() {
    const button = (key, click, more = {}) => h("button", { type: "button", class: "md-button", onclick: click, ...more }, this.say(key));
    return h("div", { class: "pg-tools" }, this.loader,
      button("example", () => this.take(exampleCase(this.words))),
      button("clear", () => this.take(emptyCase(this.words.lang === "vi" ? "Sở A" : "Department A", this.one.year))),
      button("share", () => this.share(), { class: "md-button pg-share" }),
      button("case-file", () => this.caseFile(), { class: "md-button pg-case" }));
  }

  take(one) {
    if (this.hasLink()) history.replaceState(null, "", location.pathname + location.search);
    this.one = one;
    this.linkNote = null;
    this.isLinked = false;
    this.opened.clear();
    return this.show();
  }

  // ---- Units of the datasets

  async loadUnits() {
    let units;
    try {
      units = await this.file("units.json");
    } catch {
      return; // a site without datasets
    }
    const groups = new Map();
    for (const unit of units) {
      const title = unit.dataset[this.lang];
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(unit);
    }
    const id = freshId();
    const select = h("select", { id }, [...groups].map(([title, list]) => h("optgroup", { label: title },
      list.map((unit) => h("option", { value: unit.file }, `${unit.name[this.lang]}${unit.provenance === "illustrative" ? ` (${this.say("illustrative")})` : ""}`)))));
    const load = h("button", { type: "button", class: "md-button", onclick: async () => {
      try {
        const { about, ...one } = structuredClone(await this.file(`units/${select.value}.json`));
        await this.take({ ...one, profile: "default", readings: {}, source: { title: about.dataset, provenance: about.provenance, notice: about.notice, sources: about.sources } });
        this.root.dataset.loaded = select.value;
      } catch (error) {
        this.message.replaceChildren(h("p", { class: "pg-alert", role: "alert" }, this.failed(error)));
      }
    } }, this.say("load-go"));
    this.loader.replaceChildren(h("label", { for: id }, this.say("load")), select, load);
  }

  drawAbout() {
    const { source, unit, labels } = this.one;
    if (!source) {
      this.about.replaceChildren(h("p", { class: "pg-note" }, this.say("typed")));
      return;
    }
    const name = labels?.[unit]?.[this.lang] ?? unit;
    const parts = [h("p", {}, this.say("from-data", { unit: name, title: source.title?.[this.lang] ?? "" }))];
    // Figures that were changed, or that a link brings, are not for this page to vouch for.
    const isVouched = source.provenance === "illustrative" || !(source.edited || this.isLinked);
    if (source.provenance && isVouched) parts.unshift(h("p", { class: `pg-provenance pg-${source.provenance}` }, this.say(`provenance-${source.provenance}`)));
    if (source.notice?.[this.lang]) parts.push(h("p", {}, source.notice[this.lang]));
    if (source.edited) parts.push(h("p", { class: "pg-note" }, this.say("edited")));
    const documents = Object.values(source.sources ?? {});
    if (documents.length) {
      const told = (one) => [one.document, one.issuer, one.date].filter(Boolean).join(", ");
      const safe = (address) => /^https?:\/\//.test(address ?? "");
      parts.push(h("details", { class: "pg-more" }, h("summary", {}, this.say("sources")), h("ul", {}, documents.map((one) =>
        h("li", {}, safe(one.address) ? h("a", { href: one.address, rel: "noopener" }, told(one)) : told(one))))));
    }
    this.about.replaceChildren(...parts);
  }

  // ---- Readings and versions

  async drawReadings() {
    const version = await this.file(`${this.versions[0].id}.json`);
    const { one } = this;
    const changed = () => {
      this.drawReadings();
      this.changed();
    };
    const id = freshId();
    const profiles = h("select", { id, onchange: (event) => {
      one.profile = event.target.value;
      changed();
    } }, Object.entries(version.profiles).map(([name, { title }]) => h("option", { value: name, selected: name === one.profile }, title[this.lang] ?? name)));
    const values = version.profiles[one.profile]?.values ?? {};
    const rows = () => Object.entries(version.readings).map(([name, reading]) => {
      const own = freshId();
      const now = one.readings[name] ?? values[name];
      const select = h("select", { id: own, onchange: (event) => {
        if (event.target.value === values[name]) delete one.readings[name];
        else one.readings[name] = event.target.value;
        this.changed();
      } }, Object.entries(reading.values).map(([value, meaning]) => h("option", { value, selected: value === now }, `${value}: ${meaning[this.lang]}`)));
      return h("div", { class: "pg-field" }, h("label", { for: own }, h("code", {}, name), ` ${reading.question[this.lang] ?? ""}`), select);
    });
    const open = this.readingsRoot.querySelector("details")?.open ?? false;
    const details = h("details", { class: "pg-more", open }, h("summary", {}, this.say("readings-open", { n: Object.keys(one.readings).length })), open ? rows() : []);
    if (!open) details.addEventListener("toggle", () => details.append(...rows()), { once: true }); // dozens of fields that few open
    this.readingsRoot.replaceChildren(h("legend", {}, this.say("how")),
      h("div", { class: "pg-field" }, h("label", { for: id }, this.say("profile")), profiles),
      details);
  }

  choice() {
    const boxes = this.versions.map((version) => {
      const id = freshId();
      const box = h("input", { type: "checkbox", id, checked: true, onchange: () => {
        if (box.checked) this.chosen.add(version.id);
        else this.chosen.delete(version.id);
        this.solve();
      } });
      return h("div", { class: "pg-check" }, box, h("label", { for: id }, this.called(version)));
    });
    return h("fieldset", { class: "pg-choice" }, h("legend", {}, this.say("versions")), boxes);
  }

  called(version) {
    return `${version.number} (${this.say(version.drafts.length ? "draft" : "in-force")})`;
  }

  /** The readings of a version: those that its text has decided stay decided. */
  readingsOf(version) {
    const profile = version.profiles[this.one.profile] ?? version.profiles.default;
    return { ...profile.values, ...this.changesFor(version) };
  }

  changesFor(version) {
    return Object.fromEntries(Object.entries(this.one.readings).filter(([name, value]) => value in (version.readings[name]?.values ?? {})));
  }

  // ---- Solving

  changed() {
    performance.mark("playground-changed");
    if (this.hasLink()) this.link(); // what is copied from the address bar is what is on the page
    this.drawAbout();
    this.solve();
  }

  /** Solves what the form says; a change while this goes on is solved next, what lies between is skipped. */
  solve() {
    this.turn += 1;
    this.output.replaceChildren(); // a link or a case file of what was there before
    this.status.textContent = this.say("working");
    this.running ??= this.keepUp();
    return this.running;
  }

  async keepUp() {
    let turn;
    do {
      turn = this.turn;
      await this.solveOnce(turn);
    } while (turn !== this.turn);
    this.running = null;
  }

  /** The rows of the case, or null with every wrong place told. */
  read() {
    const wrong = [];
    const reader = new Reader(this.vocabulary).read(this.one.given);
    for (const problem of reader.problems) {
      const control = this.form.fieldOf(problem);
      wrong.push({ control, text: this.sentence(problem), place: this.placeOf(problem) });
    }
    const year = parseValue(this.vocabulary.types.year, this.one.year, this.vocabulary.scale);
    const isYear = /^[0-9]{4}$/.test(this.one.year);
    if (!isYear || year.code) {
      const text = isYear ? this.words.message(year.code, { found: this.one.year, ...year.details }) : this.say("empty-year", { found: this.one.year });
      wrong.unshift({ control: this.form.fields.get("year"), text, place: this.say("year") });
    }
    this.form.mark(wrong);
    if (!wrong.length) return reader.rows;
    const line = ({ control, text, place }) => h("li", {}, control ? h("a", { href: `#${control.id}`, onclick: (event) => {
      event.preventDefault();
      const card = control.closest("details");
      if (card) card.open = true;
      control.focus();
    } }, `${place}: ${text}`) : `${place}: ${text}`);
    this.columns.replaceChildren();
    this.status.replaceChildren();
    this.message.replaceChildren(h("div", { class: "pg-alert" }, h("p", {}, this.say("to-fix", { n: wrong.length })), h("ul", {}, wrong.map(line))));
    this.isTold = true;
    return null;
  }

  placeOf({ table, index, column }) {
    const row = this.one.given[table]?.[index] ?? {};
    const key = (this.vocabulary.predicates[table]?.key ?? []).filter((name) => name !== column).map((name) => row[name]).filter(Boolean);
    return [table, ...key, column].filter(Boolean).join(" · ");
  }

  sentence({ table, index, column, code, details }) {
    const row = this.one.given[table]?.[index] ?? {};
    if (code === "not-decimal" && details.comma) return this.say("comma", { ...details, fixed: String(details.found).replace(",", ".") });
    if (code === "empty-value" && table === "item_score" && column === "max") return this.say("max-missing", { item: row.item, year: row.year });
    return this.words.message(code, details);
  }

  isEmpty() {
    const { given } = this.one;
    return Object.keys(given).every((table) => table === "unit" || !given[table].length);
  }

  async solveOnce(turn) {
    this.found = null;
    const rows = this.read();
    if (!rows) return;
    if (this.isTold) {
      this.message.replaceChildren();
      this.isTold = false;
    }
    if (this.isEmpty()) {
      this.message.replaceChildren(h("p", { class: "pg-note" }, this.say("empty-form")));
      this.isTold = true;
    }
    this.status.textContent = this.say("working");
    const started = performance.now();
    const data = { rows, incomplete: this.one.incomplete, year: Number(this.one.year) };
    try {
      const found = [];
      for (const listed of this.versions.filter(({ id }) => this.chosen.has(id))) {
        const version = await this.file(`${listed.id}.json`);
        const evaluation = new Evaluation(this.vocabulary, version, data, this.readingsOf(version), (program, options) => this.engine.solve(program, options));
        const done = await evaluation.run();
        if (turn !== this.turn) return; // a later change is being solved
        found.push({ listed, version, evaluation, done });
        if (found.length === 1 && !this.columns.children.length) { // the first verdict as soon as it is there
          this.draw(found);
          performance.mark("playground-first");
        }
      }
      this.found = found;
      this.draw(found);
      const ms = Math.round(performance.now() - started);
      this.status.textContent = [...found.map((one) => this.summary(one)), this.say("took", { ms })].join(" · ");
      this.root.dataset.solved = String(turn);
      performance.mark("playground-solved");
      await new Promise((resolve) => setTimeout(resolve)); // the page is drawn before what is only beside it
      await this.literal(turn, data, found);
    } catch (error) {
      if (turn !== this.turn) return;
      this.columns.replaceChildren();
      this.status.replaceChildren();
      this.message.replaceChildren(h("p", { class: "pg-alert", role: "alert" }, this.failed(error)));
      this.isTold = true;
      console.warn(error);
    }
  }

  summary({ listed, evaluation }) {
    const types = this.vocabulary.types.class.values;
    const classes = [...evaluation.certain.values(), ...evaluation.possible.values()].filter((atom) => atom.name === "class" && atom.values[0] === this.one.unit);
    const told = classes.map((atom) => `${types[atom.values[2]][this.lang]} (${this.say(evaluation.certain.has(keyOf(atom)) ? "certain" : "possible")})`);
    return this.say("summary", { version: listed.number, verdicts: told.join(", ") || this.say("no-class") });
  }

  draw(found) {
    const keys = found.map(({ evaluation }) => new Set([...[...evaluation.certain.keys()].map((key) => `certain ${key}`), ...[...evaluation.possible.keys()].map((key) => `possible ${key}`)]));
    this.columns.replaceChildren(...found.map(({ listed, version, evaluation, done }, index) => {
      const id = freshId();
      if (!this.opened.has(listed.id)) this.opened.set(listed.id, new Set());
      const texts = () => this.file(`${listed.id}.text.json`);
      const inForce = () => this.file(`${this.versions[0].id}.text.json`);
      let known = new Set();
      const column = new Column(evaluation, {
        words: this.words, one: this.one, opened: this.opened.get(listed.id),
        texts: async () => {
          known = new Set((await inForce()).order);
          return texts();
        },
        questions: () => this.file(`${listed.id}.why.json`), linkTo: (one) => this.linkTo(one, known), failed: (error) => this.failed(error),
      });
      const others = found.length > 1 ? keys[index === 0 ? 1 : 0] : null;
      const notices = version.notices.map((notice) => h("p", { class: "pg-note" }, `${this.say("notice")}: ${notice[this.lang]}`));
      const advisory = this.one.profile === "cascade" ? [h("p", { class: "pg-note" }, this.say("advisory"))] : [];
      const body = done ? column.render(others) : [h("p", { role: "alert" }, this.say("too-long"))];
      return h("section", { class: "pg-column", "aria-labelledby": id, "data-version": listed.id }, h("h2", { id }, this.called(listed)), notices, advisory, body, h("div", { class: "pg-literal" }));
    }));
  }

  /** Where the words taken literally give something else, both are shown. */
  async literal(turn, data, found) {
    if (this.one.profile !== "default" || Object.keys(this.one.readings).length) return;
    for (const { listed, version, evaluation } of found) {
      const other = new Evaluation(this.vocabulary, version, data, version.profiles.literal?.values ?? this.readingsOf(version), (program, options) => this.engine.solve(program, options));
      const place = this.columns.querySelector(`[data-version="${CSS.escape(listed.id)}"] .pg-literal`);
      try {
        await other.run();
      } catch (error) {
        if (!(error instanceof TooLong) || turn !== this.turn) throw error;
        place?.replaceChildren(h("p", { class: "pg-note" }, this.say("literal-too-long"))); // the verdicts above stay
        continue;
      }
      if (turn !== this.turn) return;
      const sentences = new Sentences(this.vocabulary, this.lang, this.one.labels, evaluation.facts.anonymous);
      const lines = [];
      const differing = (ours, theirs, side) => {
        for (const status of ["certain", "possible"]) {
          for (const [key, atom] of ours[status]) {
            if (!theirs[status].has(key) && this.isAbout(atom)) lines.push(`${sentences.of(atom)} (${this.say(status)}; ${this.say(side)})`);
          }
        }
      };
      differing(evaluation, other, "here");
      differing(other, evaluation, "there");
      if (lines.length && place) place.replaceChildren(h("h3", {}, this.say("literal")), h("ul", {}, lines.map((line) => h("li", {}, line))));
    }
    this.root.dataset.literal = String(turn);
  }

  isAbout(atom) {
    const place = argumentsOf(this.vocabulary, atom.name).findIndex((argument) => argument.typeName === "unit");
    return place < 0 || atom.values[place] === this.one.unit;
  }

  // ---- Ways out

  async copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  async share() {
    const address = this.link();
    const done = await this.copied(address);
    const id = freshId();
    const field = h("input", { id, type: "text", readonly: true, value: address, class: "pg-link" });
    this.output.replaceChildren(h("label", { for: id }, this.say(done ? "share-done" : "share-copy")), field);
    field.focus();
    field.select();
  }

  async caseFile() {
    await this.solve(); // so that verdicts and rows are of one case
    if (this.read() === null || !this.found) return;
    const missing = this.found.length ? this.found.some(({ done }) => !done) && "too-long" : "no-version";
    if (missing) {
      this.output.replaceChildren(h("p", { class: "pg-alert", role: "alert" }, this.say(missing)));
      return;
    }
    const { vocabulary } = this;
    const blocks = this.found.map(({ version, evaluation, listed }) => {
      const under = { profile: this.one.profile, readings: this.changesFor(version), ...(listed.drafts.length ? { with: listed.drafts[0] } : {}) };
      const rows = (atoms) => {
        const tables = {};
        for (const name of evaluation.verdicts()) if (!vocabulary.predicates[name].detail) tables[name] = [];
        for (const atom of atoms) {
          if (!tables[atom.name] || !this.isAbout(atom)) continue;
          const types = argumentsOf(vocabulary, atom.name);
          const row = Object.fromEntries(types.map((argument, index) => [argument.name, printed(argument.type, atom.values[index], vocabulary.scale)]).filter(([name]) => name !== "year"));
          tables[atom.name].push(row);
        }
        return tables;
      };
      const certain = rows(evaluation.certain.values());
      const possible = rows(evaluation.possible.values());
      for (const name of Object.keys(certain)) if (!certain[name].length && !possible[name].length && !["class", "unclassified"].includes(name)) delete certain[name];
      return { under, certain, possible };
    });
    const text = toYaml(vocabulary, this.one, blocks, this.say("case-title", { unit: this.one.unit, year: this.one.year }));
    const done = await this.copied(text);
    const id = freshId();
    const field = h("textarea", { id, readonly: true, rows: 16, class: "pg-yaml", spellcheck: "false" });
    field.value = text;
    this.output.replaceChildren(h("label", { for: id }, this.say(done ? "case-done" : "case-copy")), field);
    field.focus();
    field.select();
  }
}

/** Starts the page that the document holds, also when the site changes pages without loading. */
export function start() {
  const root = document.getElementById("playground");
  if (root && !root.dataset.started) {
    root.dataset.started = "true";
    globalThis.playground = new Page(root);
    globalThis.playground.start();
  }
}

start();
