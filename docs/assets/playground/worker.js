// Runs clingo off the page's own thread. One program at a time, in the order of arrival.
import { load } from "./clingo.js";

const FIRST = "{a}. b :- not a. #show b/0."; // what is run once is compiled: the first question finds it ready

const start = async () => {
  const run = await load(new URL("./clingo/", import.meta.url));
  run(FIRST, "0");
  return run;
};
let ready = start();
ready.catch(() => {}); // told by the first question

onmessage = async ({ data: { id, program, options } }) => {
  try {
    const run = await ready;
    postMessage({ id, ...(program === undefined ? {} : run(program, options)) });
  } catch (error) {
    ready = start();
    ready.catch(() => {});
    postMessage({ id, failure: String(error) });
  }
};
