import { asRefusal, PosthogRequestError } from '../common/request';
import { StateModel } from '../common/stateModel';
import type { IConnectionDesk } from './desk';
import type { IConnectionStatus, IReport } from './report';

/** What the doctor knows. */
export interface IDoctorState {
  /** Null before the first answer. */
  report: IReport | null;
  isAsking: boolean;
  /** Names of the connections that are being tested. */
  testing: string[];
  error: PosthogRequestError | null;
}

const NOTHING: IDoctorState = { report: null, isAsking: false, testing: [], error: null };

/** Keeps the report about every connection and this machine. */
export class DoctorModel extends StateModel<IDoctorState> {
  constructor(desk: IConnectionDesk) {
    super(NOTHING);
    this._desk = desk;
  }

  /** Ask about everything; what was known stays until the answer comes. */
  async refresh(): Promise<void> {
    this.set({ isAsking: true });
    try {
      this.set({ isAsking: false, error: null, report: await this._desk.examine() });
    } catch (error) {
      this.set({ isAsking: false, error: asRefusal(error) });
    }
  }

  /** Ask about one connection. */
  async test(name: string): Promise<void> {
    this.set({ testing: [...this.state.testing, name] });
    try {
      this._replace(await this._desk.test(name));
    } catch (error) {
      this.set({ error: asRefusal(error) });
    } finally {
      this.set({ testing: this.state.testing.filter(other => other !== name) });
    }
  }

  /** Forget one connection. */
  async remove(name: string): Promise<void> {
    try {
      await this._desk.remove(name);
    } catch (error) {
      this.set({ error: asRefusal(error) });
      return;
    }
    await this.refresh();
  }

  private _replace(status: IConnectionStatus): void {
    const { report } = this.state;
    if (report) {
      const connections = report.connections.map(other =>
        other.name === status.name ? status : other
      );
      this.set({ error: null, report: { ...report, connections } });
    }
  }

  private readonly _desk: IConnectionDesk;
}
