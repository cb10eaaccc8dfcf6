/** Failures as GitHub Actions shows them: at the line of the scenario that says what was expected. */
import type { Place } from '../../base/errors.js';

export interface Annotation {
  title: string;
  message: string;
  place?: Place;
}

/** A workflow command. [GitHub, Workflow commands for GitHub Actions, Setting an error message] */
export function annotationText({ title, message, place }: Annotation): string {
  const properties = Object.entries({ file: place?.file, line: place?.line, col: place?.column, title })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${property(String(value))}`);
  return `::error ${properties.join(',')}::${data(message)}`;
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
