import { describe, expect, it } from 'vitest';
import { ICellWithMetadata, markCleared, unmarkCleared } from './clearedOutputs';

class CellModel implements ICellWithMetadata {
  constructor(posthog?: unknown) {
    this.values = { posthog };
  }
  values: Record<string, unknown>;
  getMetadata(key: string): unknown {
    return this.values[key];
  }
  setMetadata(key: string, value: unknown): void {
    this.values[key] = value;
  }
}

describe('clearing the output of a cell', () => {
  it('is remembered beside what identifies the cell', () => {
    const cell = new CellModel({ node_id: 'n1' });

    markCleared(cell);

    expect(cell.values.posthog).toEqual({ node_id: 'n1', cleared: true });
  });

  it('is forgotten when the cell runs again', () => {
    const cell = new CellModel({ node_id: 'n1', cleared: true });

    unmarkCleared(cell);

    expect(cell.values.posthog).toEqual({ node_id: 'n1' });
  });

  it('means nothing for a cell that PostHog does not have', () => {
    const cell = new CellModel();

    markCleared(cell);
    unmarkCleared(cell);

    expect(cell.values.posthog).toBeUndefined();
  });
});
