/** Metadata as JSON. */
export type IMetadataMap = Record<string, unknown>;

/** A cell as nbformat writes it, as far as it is read here. */
export interface ICell {
  id: string;
  cell_type: string;
  source: string | string[];
  metadata: IMetadataMap;
  outputs?: unknown[];
  execution_count?: number | null;
}
