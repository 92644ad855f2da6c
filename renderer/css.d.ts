/** Style sheets are imported for their effect; the bundler gathers them. */
declare module '*.css';

/** A style sheet as text (Vite). */
declare module '*.css?raw' {
  const text: string;
  export default text;
}
