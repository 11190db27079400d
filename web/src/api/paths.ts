/** The addresses of the API, from its generated description: a call to one that is not there does not compile. */
import type { paths } from './generated/schema';

export type ApiMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** `/records/{type}/{id}` → any text of that form. */
type Filled<Template extends string> = Template extends `${infer Head}{${string}}${infer Tail}`
  ? `${Head}${string | number}${Filled<Tail>}`
  : Template;

type PathsWith<Method extends ApiMethod> = {
  [Path in keyof paths]: paths[Path] extends Record<Method, unknown> ? (Path extends `/api/v1${infer Rest}` ? Filled<Rest> : never) : never;
}[keyof paths];

/** The paths below `/api/v1` that know a method; for several methods, those that know one of them. */
export type ApiPath<Method extends ApiMethod> = Method extends ApiMethod ? PathsWith<Method> : never;
