// The page's side of the worker: questions, answers, and an end to what takes too long.
import { readOutput } from "./program.js";

const MOST = 15000; // milliseconds for one question
const KEPT = 60;

export class TooLong extends Error {}
export class NotLoaded extends Error {}

export class Engine {
  constructor() {
    this.waiting = new Map();
    this.next = 0;
    /** @type {Map<string, Promise<any>>} answers by question: a step back costs nothing */
    this.kept = new Map();
    this.load();
  }

  /** The worker that the page itself started while it was still being read (see playground.md), or a new one. */
  start() {
    const early = globalThis.earlyWorker;
    globalThis.earlyWorker = undefined;
    this.worker = early && !early.failed ? early : new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
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
    this.loaded = undefined;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  /** Loading may take as long as the line needs; what fails is tried again by the next question. */
  load() {
    this.loaded ??= this.ask({});
    this.loaded.catch(() => {
      this.loaded = undefined;
    });
    return this.loaded;
  }

  ask(question) {
    if (!this.worker) this.start();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...question });
    });
  }

  async answer(program, options) {
    const loaded = this.load();
    const asked = this.ask({ program, options });
    asked.catch(() => {}); // told below, after a failure to load
    await loaded;
    const end = setTimeout(() => this.stop(new TooLong()), MOST);
    return readOutput(await asked.finally(() => clearTimeout(end)));
  }

  /** What clingo answers to a program. */
  solve(program, options) {
    const key = `${options}\n${program}`;
    let answer = this.kept.get(key);
    if (answer === undefined) {
      answer = this.answer(program, options);
      answer.catch(() => this.kept.delete(key));
      this.kept.set(key, answer);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    }
    return answer;
  }
}
