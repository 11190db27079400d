import path from 'node:path';

/** Lower layers first; a file may import its own layer and those before it. */
const LAYERS = ['util', 'api', 'ui', 'fields', 'records', 'modules', 'app'];
/** Neighbours that must not know one another although the order would allow it. */
const FORBIDDEN = { ui: ['api'] };

function layerOf(file, root) {
  const [layer] = path.relative(root, file).split(path.sep);
  return LAYERS.includes(layer) ? layer : undefined;
}

/** Two modules meet only through records: a module may not import another. */
function moduleOf(file, root) {
  const [layer, name] = path.relative(root, file).split(path.sep);
  return layer === 'modules' ? name : undefined;
}

/** ESLint rule that keeps the borders app → modules → records → fields → api, ui → util. */
export const layers = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      upward: '`{{from}}` must not import `{{to}}`: the order is app → modules → records → fields → api, ui → util.',
      sideways: 'The module `{{from}}` must not import the module `{{to}}`.',
    },
  },
  create(context) {
    const file = context.filename;
    const root = path.join(context.cwd, 'src');
    const from = layerOf(file, root);
    if (from === undefined) return {};

    function check(node, source) {
      if (typeof source !== 'string') return;
      const target = source.startsWith('@/')
        ? path.join(root, source.slice(2))
        : source.startsWith('.')
          ? path.resolve(path.dirname(file), source)
          : undefined;
      if (target === undefined) return;
      const to = layerOf(target, root);
      if (to === undefined) return;
      if (LAYERS.indexOf(to) > LAYERS.indexOf(from) || FORBIDDEN[from]?.includes(to)) {
        context.report({ node, messageId: 'upward', data: { from, to } });
      }
      const ownModule = moduleOf(file, root);
      const otherModule = moduleOf(target, root);
      if (ownModule !== undefined && otherModule !== undefined && ownModule !== otherModule) {
        context.report({ node, messageId: 'sideways', data: { from: ownModule, to: otherModule } });
      }
    }

    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => check(node, node.source?.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ImportExpression: (node) => check(node, node.source.value),
    };
  },
};
