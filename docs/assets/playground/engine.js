// The page's side of the worker: questions, answers, and an end to what takes too long.
import { readOutput } from "./program.js";

const MOST = 15000; // milliseconds for one question
const KEPT = 60;

export class TooLong extends Error {}
export class NotLoaded extends Error {}

export class Engine {
  /** @param {string} address of the vendored clingo.js */
  constructor(address) {
    this.address = address;
    this.waiting = new Map();
    this.next = 0;
    /** @type {Map<string, Promise<any>>} answers by question: a step back costs nothing */
    this.kept = new Map();
    this.ask({}).catch(() => {}); // loads clingo; a failure is told by the first question
  }

  start() {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      const { resolve, reject } = this.waiting.get(data.id) ?? {};
      this.waiting.delete(data.id);
      if (data.failure !== undefined) reject?.(new NotLoaded(data.failure));
      else resolve?.(data);
    };
    this.worker.onerror = (event) => this.stop(new NotLoaded(event.message ?? "worker"));
  }

  stop(error) {
    this.worker?.terminate();
    this.worker = undefined;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  ask(question) {
    if (!this.worker) this.start();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const end = question.program === undefined ? undefined : setTimeout(() => this.stop(new TooLong()), MOST);
      const done = (then) => (value) => {
        clearTimeout(end);
        then(value);
      };
      this.waiting.set(id, { resolve: done(resolve), reject: done(reject) });
      this.worker.postMessage({ id, address: this.address, ...question });
    });
  }

  /** What clingo answers to a program. */
  solve(program, options) {
    const key = `${options}\n${program}`;
    let answer = this.kept.get(key);
    if (answer === undefined) {
      answer = this.ask({ program, options }).then(readOutput);
      answer.catch(() => this.kept.delete(key));
      this.kept.set(key, answer);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    }
    return answer;
  }
}
