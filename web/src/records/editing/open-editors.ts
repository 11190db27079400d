/** The editors that stand open on one card, and how they are left: nothing that was typed goes away unasked. */
export interface OpenEditor {
  /** Something was typed that the server has not taken. */
  isDirty: () => boolean;
  /** Saves what was typed; true if the editor may go, false if the server refused. */
  commit: () => Promise<boolean>;
  focus: () => void;
  /** Closes without saving: the question was decided elsewhere. */
  close: () => void;
}

type Listener = () => void;

export class OpenEditors {
  private readonly editors = new Map<string, OpenEditor>();
  private readonly listeners = new Set<Listener>();

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly isAnyOpen = (): boolean => this.editors.size > 0;

  /** Adds the editor of a field until the returned function is called. */
  add(fieldName: string, editor: OpenEditor): () => void {
    this.editors.set(fieldName, editor);
    this.tell();
    return () => {
      if (this.editors.get(fieldName) === editor) this.editors.delete(fieldName);
      this.tell();
    };
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }

  isDirty(): boolean {
    return [...this.editors.values()].some((editor) => editor.isDirty());
  }

  /** Saves all editors but one; answers the names of those that the server refused. */
  async commitAll(exceptName?: string): Promise<string[]> {
    const left = [...this.editors].filter(([name]) => name !== exceptName);
    const taken = await Promise.all(left.map(async ([name, editor]) => ((await editor.commit()) ? null : name)));
    return taken.filter((name) => name !== null);
  }

  focus(fieldName: string): void {
    this.editors.get(fieldName)?.focus();
  }

  close(fieldName: string): void {
    this.editors.get(fieldName)?.close();
  }
}
