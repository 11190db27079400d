/** The coast lines come as data; their type is that of all topologies. */
declare module 'world-atlas/land-50m.json' {
  import type { Topology } from 'topojson-specification';

  const topology: Topology;
  export default topology;
}
