/** What each part of the configuration form is given. `group` is handed in, because a value may be drawn as a group, which draws values. */
import type { FunctionComponent } from 'preact';
import type { ConfigView } from '../../page/api/api-setup.ts';
import type { ConfigDraft } from './draft.ts';
import type { Schema, SchemaPath } from './schema.ts';

export interface FormProps {
  readonly view: ConfigView;
  readonly draft: ConfigDraft;
}

export interface NodeProps extends FormProps {
  readonly schema: Schema;
  readonly path: SchemaPath;
  readonly value: unknown;
  /** Draws a part that folds away. */
  readonly group: FunctionComponent<GroupProps>;
}

export interface GroupProps extends NodeProps {
  readonly name: string;
  /** Of an item of a list. */
  readonly onRemove?: () => void;
  readonly title?: string;
}
