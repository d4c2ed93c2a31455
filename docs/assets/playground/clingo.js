// clingo compiled to WebAssembly, run as one call after another.

/**
 * @param {URL} folder of the vendored clingo.js and clingo.wasm
 * @returns {Promise<(program: string, options: string) => {status: number, output: string, errors: string}>}
 */
export async function load(folder) {
  // Compiled while the script around it is still on its way; servers that name no type of the file get the other way.
  const compiled = folder.protocol === "file:" ? null : WebAssembly.compileStreaming(fetch(new URL("clingo.wasm", folder))).catch(() => null);
  const { default: factory } = await import(new URL("clingo.js", folder).href);
  const program = await compiled;
  const instantiateWasm = program && ((imports, done) => {
    WebAssembly.instantiate(program, imports).then((instance) => done(instance, program));
    return {};
  });
  let output = [];
  let errors = [];
  const module = await factory({ print: (line) => output.push(line), printErr: (line) => errors.push(line), ...(program && { instantiateWasm }) });
  return (program, options) => {
    output = [];
    errors = [];
    const status = module.ccall("run", "number", ["string", "string"], [program, `--outf=2 ${options}`]);
    return { status, output: output.join(""), errors: errors.join("\n") };
  };
}
