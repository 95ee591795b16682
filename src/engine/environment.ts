/**
 * The environment of an engine's process. On Linux its memory comes in huge pages, as numpy asks for them: a similarity matrix is
 * hundreds of megabytes that are touched once, and a fault of each 4 KB costs more than what is computed (docs/performance.md).
 * Certificates stay outside: Node reads them at every start, and the host does all that goes over the network.
 * @param env of the host; what the user set for glibc stays
 */
export function engineEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1", ...env, ELECTRON_RUN_AS_NODE: "1" };
  delete own["NODE_EXTRA_CA_CERTS"];
  return own;
}
