// Runs clingo off the page's own thread. One program at a time, in the order of arrival.
import { load } from "./clingo.js";

let ready;

onmessage = async ({ data: { id, address, program, options } }) => {
  try {
    ready ??= load(address);
    const run = await ready;
    postMessage({ id, ...(program === undefined ? {} : run(program, options)) });
  } catch (error) {
    ready = undefined;
    postMessage({ id, failure: String(error) });
  }
};
