// clingo compiled to WebAssembly, run as one call after another.

/**
 * @param {string} address of the vendored clingo.js, clingo.wasm beside it
 * @returns {Promise<(program: string, options: string) => {status: number, output: string, errors: string}>}
 */
export async function load(address) {
  const { default: factory } = await import(address);
  let output = [];
  let errors = [];
  const module = await factory({ print: (line) => output.push(line), printErr: (line) => errors.push(line) });
  return (program, options) => {
    output = [];
    errors = [];
    const status = module.ccall("run", "number", ["string", "string"], [program, `--outf=2 ${options}`]);
    return { status, output: output.join(""), errors: errors.join("\n") };
  };
}
