import type { IOpenNotebook } from './apply';
import type { IPostHogModel } from './drive';

/** The open notebook, as far as its edits need it. */
export interface IEditedSource {
  readonly path: string;
  readonly isWritable: boolean;
  readonly ready: Promise<void>;
  dirty: boolean;
  content(): unknown;
  cells(): IOpenNotebook;
  save(): Promise<void>;
  revert(): Promise<void>;
  /** Leave changes out that happen meanwhile: they are not a person's. */
  ignoring<T>(action: () => T): T;
}

/** What the edits ask of the drive. */
export interface IEditedDrive {
  baseVersion(path: string): number | null;
  fetchStored(path: string): Promise<IPostHogModel>;
  moveBase(path: string, version: number | null): void;
}
