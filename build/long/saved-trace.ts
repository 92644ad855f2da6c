/** A saved trace, read at once. */
import { stamped, type Trace, TraceReader } from '../../electron/trace/trace.ts';

/** Reads the text of a saved trace: lines, each with its time before it or without. */
export function readTrace(text: string): Trace {
  const reader = new TraceReader();
  for (const line of text.split('\n')) reader.add(stamped(line));
  return reader.end();
}
