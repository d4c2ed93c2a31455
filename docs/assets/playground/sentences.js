// Atoms read aloud, by the readings of the vocabulary.
import { argumentsOf, dateText, decimalText } from "./rows.js";
import { fill } from "./words.js";

export class Sentences {
  /** @param {Record<string, Record<string, string>>} labels names of units and items */
  constructor(vocabulary, lang, labels, anonymous = new Map()) {
    this.vocabulary = vocabulary;
    this.lang = lang;
    this.labels = labels ?? {};
    this.anonymous = anonymous;
  }

  /** @param {{name: string, values: any[]}} atom */
  of(atom) {
    const words = Object.fromEntries(argumentsOf(this.vocabulary, atom.name).map((argument, index) =>
      [argument.name, this.shown(argument.type, argument.typeName, atom.values[index])]));
    return fill(this.vocabulary.predicates[atom.name][this.lang], words);
  }

  /** @returns {string} a value as it is read aloud */
  shown(type, typeName, value) {
    if (type.base === "decimal" && typeof value === "number") return this.number(value);
    if (type.base === "date" && typeof value === "number") {
      const text = dateText(value);
      return this.lang === "vi" ? text.split("-").reverse().join("/") : text;
    }
    for (const named of [type.values, type.except]) {
      if (named && String(value) in named) return named[String(value)][this.lang];
    }
    return this.label(typeName, String(value));
  }

  number(value) {
    const text = decimalText(value, this.vocabulary.scale);
    return this.lang === "vi" ? text.replace(".", ",") : text;
  }

  label(typeName, value) {
    if (this.anonymous.has(value)) {
      const unit = this.label("unit", this.anonymous.get(value));
      return this.lang === "vi" ? `nội dung chưa biết của ${unit}` : `an unknown item of ${unit}`;
    }
    const entry = typeName === "unit" || typeName === "item" ? this.labels[value] : undefined;
    if (!entry) return value;
    return typeName === "item" ? `${value} ${entry[this.lang]}` : entry[this.lang];
  }
}
