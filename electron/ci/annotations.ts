/**
 * Messages that a pipeline shows beside a job. Source: GitHub's "Workflow commands for GitHub Actions" (`::error`, with
 * `%`, CR, LF escaped, and `:` and `,` in properties). Pure.
 */

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** Where a message is shown. */
export type Pipeline = 'github' | 'gitlab' | 'other';

/** The pipeline that runs this command, by the variables that it sets. */
export function pipelineOf(env: Readonly<Record<string, string | undefined>>): Pipeline {
  if (env.GITHUB_ACTIONS === 'true') return 'github';
  return env.GITLAB_CI === 'true' ? 'gitlab' : 'other';
}

/** One line that GitHub's runner turns into an annotation, anywhere in a step's output. */
export function githubAnnotation(level: AnnotationLevel, title: string, message: string): string {
  return `::${level} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
