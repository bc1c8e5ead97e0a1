import type { IOpenNotebook } from './apply';
import type { DraftPoster } from './draftPoster';
import type { IPostHogModel } from './drive';
import type { Revisions } from './revisions';

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
  /** Tell Lab's status bar that a save is over which Lab itself passes over in silence. */
  endSave(outcome: 'completed' | 'failed'): void;
  /** Leave changes out that happen meanwhile: they are not a person's. */
  ignoring<T>(action: () => T): T;
}

/** What the edits ask of the drive. */
export interface IEditedDrive {
  baseVersion(path: string): number | null;
  fetchStored(path: string): Promise<IPostHogModel>;
  moveBase(path: string, version: number | null): void;
}

/** What the edits of one open notebook are made of. */
export interface IEditsOptions {
  source: IEditedSource;
  drive: IEditedDrive;
  drafts: DraftPoster;
  revisions: Revisions;
  pageId: string;
  /** Whether Lab's autosave goes to PostHog; else it keeps the draft alone. */
  isAutosaveToPostHog: () => boolean;
}
