/** @type {import("next").NextConfig} */
export default {
  // Only because this example lies inside the package that it uses.
  turbopack: { root: new URL("../..", import.meta.url).pathname },
};
